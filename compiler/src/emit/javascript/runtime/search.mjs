// ---- どの答えでも同じ結論か -----------------------------------------------------------------------
//
// A verdict is given exactly if every completion of the unknown items agrees on it. Three-valued
// logic comes first. Where it says unknown, one item after the other is decided: its legal values
// are divided into parts (codes; for numbers the points and gaps between the constants they are
// compared with, then halves; for dates halves) and the rules are asked again, until each part is
// settled. Order and effort are those of the judging engine.

const RESULT_BUDGET = 50_000;
const CATEGORY_BUDGET = 20_000;
const GRADE_BUDGET = 300;
/** Stands for a completion that leaves a judgement without a category. */
const STUCK = Symbol("stuck");

/** What the result depends on: each result that is still possible. */
function possibleResults(patient) {
  const { judgements, programme } = patient.form;
  if (!judgements.diagnosis && !judgements.severity) return new Set(["undetermined"]);
  const results = new Set();
  const diagnosis = chance(patient, "diagnosis");
  if (diagnosis.no) results.add("not_met");
  if (diagnosis.yes) {
    const severity = chance(patient, "severity");
    if (severity.yes) results.add("eligible");
    if (severity.no) results.add(programme === "shitei" ? "mild" : "not_met");
  }
  return results;
}

/** Whether a judgement may be in an eligible category, and whether it may be in another. */
function chance(patient, name) {
  const judgement = patient.form.judgements[name];
  if (!judgement) return { yes: true, no: false };
  const { possible, open } = patient.judgement(name);
  const eligible = judgement.categories.filter((category) => category.eligible).map(({ name }) => name);
  const yes = [...possible].some((name) => eligible.includes(name));
  const no = [...possible].some((name) => !eligible.includes(name));
  return { yes, no, open };
}

const RESULT = {
  possible: possibleResults,
  open(patient) {
    for (const name of ["diagnosis", "severity"]) {
      const { yes, no, open } = chance(patient, name);
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
  possible: (patient) => patient.definition(name).possible,
  open: (patient) => patient.definition(name).open,
  stuck: (possible) => [...possible, null],
});

/**
 * The values that a target has in the completions; `complete` if all of them were looked at.
 * `witnesses` are the decisions on the way to each value, `used` is the effort.
 */
function search(patient, target, budget, untilUnsettled) {
  patient.decisions = new Map();
  patient.forget();
  const seen = new Set();
  const witnesses = [];
  const path = [];
  let complete = false;
  let used = 0;
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
  return { seen, complete, witnesses, used };
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
  if (seen.size !== 1) return { result: "undetermined", exact: seen.size > 0 };
  return complete ? { result, exact: true } : { result: "undetermined", exact: false };
}

/** The categories that some completion has; with `STUCK` if one has none. */
function possibleCategories(patient, name) {
  const { possible } = patient.judgement(name);
  if (possible.size === 1) return possible;
  const { seen, complete } = search(patient, judgementTarget(name), CATEGORY_BUDGET, false);
  return complete ? seen : possible;
}

/** The outcomes of a grade that some completion has; `null` if one has none. */
function possibleOutcomes(patient, name) {
  const { possible } = patient.definition(name);
  if (!namesSeveral(possible)) return possible;
  const { seen, complete } = search(patient, gradeTarget(name), GRADE_BUDGET, false);
  return complete ? seen : possible;
}
