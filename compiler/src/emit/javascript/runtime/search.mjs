// ---- どの答えでも同じ結論か -----------------------------------------------------------------------
//
// A verdict is given exactly if every completion of the unknown items agrees on it. Three-valued
// logic comes first. Where it says unknown, rules that always have a value are taken for everything
// they can come to; then one item after the other is decided: its legal values
// are divided into parts (codes; for numbers the points and gaps between the constants they are
// compared with, then halves; for dates halves) and the rules are asked again, until each part is
// settled. Order and effort are those of the judging engine.

const RESULT_BUDGET = 50_000;
const CATEGORY_BUDGET = 20_000;
const GRADE_BUDGET = 300;
const AGREEMENT_BUDGET = 64;
/** Stands for a completion that leaves a judgement without a category. */
const STUCK = Symbol("stuck");

/** What the result depends on: each result that is still possible. */
function possibleResults(patient) {
  return resultsOf(patient, (name) => patient.judgement(name).possible);
}

/** The same where something else tells the categories that are possible of a judgement. */
function resultsOf(patient, possible) {
  const { judgements, programme } = patient.form;
  if (!judgements.diagnosis && !judgements.severity) return new Set(["undetermined"]);
  const results = new Set();
  const diagnosis = chance(patient, "diagnosis", possible);
  if (diagnosis.no) results.add("not_met");
  if (diagnosis.yes) {
    const severity = chance(patient, "severity", possible);
    if (severity.yes) results.add("eligible");
    if (severity.no) results.add(programme === "shitei" ? "mild" : "not_met");
  }
  return results;
}

/** Whether a judgement may be in an eligible category, and whether it may be in another. */
function chance(patient, name, possible) {
  const judgement = patient.form.judgements[name];
  if (!judgement) return { yes: true, no: false };
  const categories = [...possible(name)];
  const eligible = judgement.categories.filter((category) => category.eligible).map(({ name }) => name);
  const yes = categories.some((name) => eligible.includes(name));
  const no = categories.some((name) => !eligible.includes(name));
  return { yes, no };
}

const RESULT = {
  possible: possibleResults,
  open(patient) {
    for (const name of ["diagnosis", "severity"]) {
      if (!patient.form.judgements[name]) continue;
      const { possible, open } = patient.judgement(name);
      const { yes, no } = chance(patient, name, () => possible);
      if (yes && no && open) return open;
    }
    return null;
  },
  stuck: () => ["undetermined"],
};

const judgementTarget = (name) => ({
  possible: (patient) => patient.judgement(name).possible,
  open: (patient) => patient.judgement(name).open,
  stuck: (possible) => [...possible, STUCK],
});

/** `null` stands for no outcome, also of a completion that leaves a grade without one. */
const gradeTarget = (name) => ({
  possible: (patient) => patient.ruled(name).possible,
  open: (patient) => patient.ruled(name).open,
  stuck: (possible) => [...possible, null],
});

/**
 * The values that a target has in the completions; `complete` if all of them were looked at.
 * `witnesses` are the decisions on the way to each value, `used` is the effort.
 */
function search(patient, target, budget, untilUnsettled) {
  patient.decisions = new Map();
  patient.forget();
  const tried = triedRules(patient, target, budget, untilUnsettled);
  if (tried.values?.size === 1) {
    patient.decisions = null;
    patient.forget();
    const [value] = tried.values;
    return { seen: tried.values, complete: true, witnesses: [[value, []]], used: tried.used };
  }
  const seen = new Set();
  const witnesses = [];
  const path = [];
  let complete = false;
  let { used } = tried;
  while (used < budget) {
    used += 1;
    const step = look(patient, target, seen, path, witnesses);
    if (step) path.push(step);
    if (untilUnsettled && seen.size >= 2) break;
    if (!advance(patient, path)) {
      complete = true;
      break;
    }
  }
  patient.decisions = null;
  patient.forget();
  return { seen, complete, bound: tried.values, witnesses, used };
}

/**
 * The values that completions can have, where that shows as soon as each rule that always has a value
 * is taken for everything it can come to; some of them may not be had.
 */
function triedRules(patient, target, budget, untilUnsettled) {
  const tried = { left: Math.min(AGREEMENT_BUDGET, budget), values: new Set(), untilUnsettled };
  const before = tried.left;
  const all = comesToOne(patient, target, tried);
  return { values: all ? tried.values : null, used: before - tried.left };
}

/** Whether one value is come to whatever the rules in question come to. */
function comesToOne(patient, target, tried) {
  if (tried.left === 0) return false;
  tried.left -= 1;
  const possible = target.possible(patient);
  if (possible.size === 1) {
    const [value] = possible;
    tried.values.add(value);
    const several = tried.untilUnsettled && tried.values.size > 1;
    return !several && !target.stuck([]).includes(value);
  }
  const rule = target.open(patient)?.rule;
  if (rule === undefined) return false;
  return valuesOf(patient.definition(rule)).every((value) => {
    patient.assume(rule, value);
    const all = comesToOne(patient, target, tried);
    patient.retract(rule);
    return all;
  });
}

/** Everything that a rule can come to. */
function valuesOf(value) {
  if (value instanceof Unknown) return [true, false];
  return [...value.possible].map((outcome) => new Outcomes(new Set([outcome]), null));
}

/** Asks the rules under the decisions made; gives the next item to decide, if there is one. */
function look(patient, target, seen, path, witnesses) {
  const possible = target.possible(patient);
  if ([...possible].every((value) => seen.has(value))) return null;
  if (possible.size === 1) {
    const [value] = possible;
    seen.add(value);
    witnesses.push([value, path.map((step) => [step.field, step.now])]);
    return null;
  }
  const open = target.open(patient);
  if (open) {
    const before = patient.decision(open.field);
    const parts = partsOf(patient, open, before);
    if (parts.length > 0) return { field: open.field, before, parts, next: 0, now: before };
  }
  for (const value of target.stuck(possible)) seen.add(value);
  return null;
}

/** Takes the next part of the last item that has one; false if none is left. */
function advance(patient, path) {
  while (path.length > 0) {
    const step = path[path.length - 1];
    if (step.next < step.parts.length) {
      step.now = step.parts[step.next];
      step.next += 1;
      patient.decide(step.field, step.now);
      return true;
    }
    patient.decide(step.field, step.before);
    path.pop();
  }
  return false;
}

/** Divides what is still possible for an item. */
function partsOf(patient, open, before) {
  const field = patient.form.fields.get(open.field);
  if (open.about === "answered") return [true, false].map((answered) => ({ ...before, answered }));
  if (open.about === "code") return partsOfCode(patient, field, open.code, before);
  const withValue = (value) => ({ ...before, value });
  switch (field.type) {
    case "choice":
      return partsOfChoice(patient, field, before);
    case "number": {
      const { low, high } = patient.number(field.name);
      return intervals(low, high, field).map(([low, high]) => withValue({ low, high }));
    }
    case "date": {
      const { first, last } = patient.date(field.name);
      const middle = first + Math.floor((last - first) / 2);
      return [
        withValue({ first, last: middle }),
        withValue({ first: middle + 1, last }),
      ];
    }
    default:
      return [];
  }
}

function partsOfChoice(patient, field, before) {
  const known = field.codes.filter((code) => !code.unknown).map((code) => code.value);
  const truths = known.length === 0 ? [null] : known;
  const unknownCode = (written, answered) =>
    truths.map((truth) => ({ answered, value: { written, truth } }));
  const written = patient.answer(field.name);
  if (written !== undefined) return unknownCode(written, before.answered);
  const parts = truths.map((truth) => ({ ...before, value: { written: null, truth } }));
  if (before.answered === false) return parts;
  return parts.concat((field.named ?? []).flatMap((code) => unknownCode(code, true)));
}

function partsOfCode(patient, field, code, before) {
  const { included, excluded } = before.value ?? { included: [], excluded: [] };
  const part = (included, excluded) => ({ ...before, value: { included, excluded } });
  const parts = [part([...included, code], excluded)];
  // Something must be chosen: not every code of the table can be left out.
  const codes = field.codes.length;
  const without = [...excluded, code];
  if (patient.answers.has(field.name) || field.named.length < codes || without.length < codes) {
    parts.push(part(included, without));
  }
  return parts;
}

/** Cuts a range at the constants it is compared with; a range without any is halved. */
function intervals(low, high, { step, fraction, cuts }) {
  const parts = [];
  let from = low;
  for (const cut of cuts) {
    if (less(cut, low) || less(high, cut)) continue;
    const at = roundUp(cut, fraction);
    if (less(from, at)) parts.push([from, minus(at, step)]);
    from = at;
    if (same(at, cut)) {
      parts.push([at, at]);
      from = plus(at, step);
    }
  }
  if (!less(high, from)) parts.push([from, high]);
  if (parts.length > 1) return parts;
  const halves = roundDown(dividedBy(dividedBy(minus(high, low), step), TWO), 0);
  const middle = plus(low, times(halves, step));
  return [
    [low, middle],
    [plus(middle, step), high],
  ];
}

/** The result, and whether that is certain: false only if the search came to no end. */
function settledResult(patient) {
  const possible = possibleResults(patient);
  if (possible.size === 1) return { result: [...possible][0], exact: true };
  const { seen, complete } = search(patient, RESULT, RESULT_BUDGET, true);
  const [result] = seen;
  if (seen.size > 1) return { result: "undetermined", exact: true };
  if (complete) return { result: result ?? "undetermined", exact: seen.size > 0 };
  const apart = resultsApart(patient);
  return apart.size === 1
    ? { result: [...apart][0], exact: true }
    : { result: "undetermined", exact: false };
}

/**
 * The results possible where each judgement is looked at by itself: a severity that is settled to be
 * too low settles the result, however long it takes to go through the diagnosis.
 */
function resultsApart(patient) {
  return resultsOf(patient, (name) => {
    const categories = new Set(possibleCategories(patient, name));
    categories.delete(STUCK);
    return categories.size > 0 ? categories : patient.judgement(name).possible;
  });
}

/** The categories that some completion has; with `STUCK` if one has none. */
function possibleCategories(patient, name) {
  const { possible } = patient.judgement(name);
  if (possible.size === 1) return possible;
  return valuesSeen(search(patient, judgementTarget(name), CATEGORY_BUDGET, false), possible);
}

/** The outcomes of a grade that some completion has; `null` if one has none. */
function possibleOutcomes(patient, name) {
  const { possible } = patient.definition(name);
  if (!namesSeveral(possible)) return possible;
  return valuesSeen(search(patient, gradeTarget(name), GRADE_BUDGET, false), possible);
}

/** The values that completions have; where the search was too long, those that are not excluded. */
function valuesSeen({ seen, complete, bound }, possible) {
  if (complete) return seen;
  return bound ? new Set([...possible].filter((value) => bound.has(value))) : possible;
}
