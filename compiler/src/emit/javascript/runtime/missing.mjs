// ---- 何が分かれば判定できるか ---------------------------------------------------------------------
//
// The smallest sets of items whose answers could settle an undetermined result: some answers to these
// items alone, all of which the form then shows, make the result the same for every completion of all
// the others. Sets of one, two and three items are tried in full while there are few enough of them;
// for a result that none of these leads to, the way on which the search reached it shows a larger one. Answers
// tried, order and effort are those of the judging engine.

const MISSING_BUDGET = 12_000;
const MISSING_BUDGET_EACH = 400;
const MORE_BUDGET = 3_000;
const WITNESS_BUDGET = 2_000;
const MOST_TRIALS = 4_000;
const MOST_TRIALS_OF_ONE = 512;
const MOST_KNOWN = 24;
const MOST_SETS = 12;
const FULL_SIZE = 3;
/** From the best to the least certain. */
const RESULT_ORDER = ["eligible", "mild", "not_met", "undetermined"];
/** Months before the day of judgement that forms ask about. */
const DISTANCES = [0, 1, 2, 3, 6, 9, 12, 18, 24, 36, 60, 72, 84, 120, 180, 216, 240, 480, 720, 960];

/** The sets; nothing unless the result is undetermined, `null` where a function that is left out is asked. */
function missingOf(form, answers, context) {
  form.asked.outside = false;
  const trial = new Map(answers);
  const now = new Patient(form, trial, context);
  const sets = settledResult(now.completions()).result === "undetermined" ? new Finder(now).sets() : [];
  return form.asked.outside ? null : sets;
}

class Finder {
  constructor(now) {
    this.now = now;
    this.trial = now.answers;
    this.completions = now.completions();
    this.budget = MISSING_BUDGET;
    /** Decisions that lead to some result: two with different results show that nothing is settled. */
    this.known = [];
    /** Positions in the items, and the results they lead to. */
    this.found = [];
    this.items = this.openItems();
  }

  sets() {
    const { witnesses } = search(this.completions, RESULT, WITNESS_BUDGET, false);
    this.known = witnesses.map(([, decisions]) => decisions);
    for (let size = 1; size <= Math.min(FULL_SIZE, this.items.length); size += 1) {
      if (trialsOf(this.items, size) > MOST_TRIALS) break;
      this.trySets(size);
    }
    const none = this.found.length === 0;
    this.budget = none ? MISSING_BUDGET : MORE_BUDGET;
    for (const [result, decisions] of witnesses) {
      const known = this.found.some(([, results]) => results.has(result));
      if (none || !known) this.tryWitness(result, decisions, !none);
    }
    const order = ([a], [b]) => a.length - b.length || compareLists(a, b);
    return this.found.sort(order).slice(0, MOST_SETS).map(([set, results]) => ({
      items: set.map((position) => {
        const { field, unknown } = this.items[position];
        return { name: field.name, label: field.label, unknown };
      }),
      leadsTo: RESULT_ORDER.filter((result) => results.has(result)),
    }));
  }

  /** Items that are not known, with answers to try. */
  openItems() {
    const items = [];
    for (const field of this.now.form.fields.values()) {
      if (!field.decides || this.completions.shown(field.name) === false) continue;
      const candidates = candidatesFor(this.completions, field);
      const unknown = this.trial.has(field.name);
      if (candidates.length > 0) items.push({ field, candidates, unknown });
    }
    return items;
  }

  put(name, answer) {
    if (answer === undefined) this.trial.delete(name);
    else this.trial.set(name, answer);
    this.now.forget();
    this.completions.forget();
  }

  trySets(size) {
    const set = Array.from({ length: size }, (_, position) => position);
    for (;;) {
      if (!this.found.some(([known]) => known.every((item) => set.includes(item)))) {
        const results = this.resultsOf(set);
        if (results.size > 0) this.found.push([[...set], results]);
      }
      if (this.budget === 0 || !nextSet(set, this.items.length)) return;
    }
  }

  /** The results that answers to these items settle. */
  resultsOf(set) {
    const items = set.map((position) => this.items[position]);
    const names = items.map(({ field }) => field.name);
    const before = names.map((name) => this.trial.get(name));
    const results = new Set();
    this.tryAnswers(items, names, results);
    names.forEach((name, at) => this.put(name, before[at]));
    return results;
  }

  tryAnswers(items, names, results) {
    if (items.length === 0) {
      const result = this.settled(names);
      if (result !== null) results.add(result);
      return;
    }
    const [{ field, candidates }, ...rest] = items;
    for (const candidate of candidates) {
      if (this.budget === 0) return;
      this.put(field.name, candidate);
      this.tryAnswers(rest, names, results);
    }
  }

  spend(amount) {
    this.budget = Math.max(0, this.budget - amount);
  }

  /** The result of the answers under trial, if every completion agrees and the form shows these items. */
  settled(names) {
    this.spend(1);
    if (!names.every((name) => this.now.shown(name) === true)) return null;
    const result = this.agreed(names);
    return result === "undetermined" ? null : result;
  }

  agreed(names) {
    const possible = possibleResults(this.completions);
    if (possible.size === 1) return [...possible][0];
    if (this.refuted(names)) return null;
    const budget = Math.min(MISSING_BUDGET_EACH, this.budget);
    const { seen, complete, used, witnesses } = search(this.completions, RESULT, budget, true);
    this.spend(used);
    if (complete && seen.size === 1) return [...seen][0];
    this.known = [...witnesses.map(([, decisions]) => decisions), ...this.known].slice(0, MOST_KNOWN);
    return null;
  }

  /** Whether known decisions lead to two results here; those about the items under trial do not count. */
  refuted(names) {
    const { completions } = this;
    const seen = new Set();
    for (const decisions of this.known) {
      completions.decisions = new Map(decisions.filter(([name]) => !names.includes(name)));
      completions.forget();
      this.spend(1);
      const possible = possibleResults(completions);
      if (possible.size === 1) seen.add([...possible][0]);
      if (seen.size >= 2) break;
    }
    completions.decisions = null;
    completions.forget();
    return seen.size >= 2;
  }

  /**
   * Adds the set that a way to a result shows, unless a part of it is found already; `beside` sets
   * that lead to other results.
   */
  tryWitness(result, decisions, beside) {
    const before = new Map(this.trial);
    const needed = this.needed(result, decisions);
    this.trial.clear();
    for (const [name, answer] of before) this.trial.set(name, answer);
    this.now.forget();
    this.completions.forget();
    if (needed === null) return;
    const within = (a, b) => a.every((item) => b.includes(item));
    // A part of it settles the result, if otherwise.
    if (beside && this.found.some(([other]) => within(other, needed))) return;
    const [set, results] = this.refined(needed, result);
    if (results.size === 0) return;
    const same = this.found.find(([other]) => compareLists(other, set) === 0);
    if (same) {
      for (const other of results) same[1].add(other);
    } else if (!this.found.some(([other]) => within(other, set))) {
      this.found = this.found.filter(([other]) => !within(set, other));
      this.found.push([set, results]);
    }
  }

  /** The items decided on the way to a result, without those that these answers do not need. */
  needed(result, decisions) {
    const last = new Map(decisions);
    const set = [];
    this.items.forEach(({ field }, position) => {
      const decision = last.get(field.name);
      const answer = decision && answerWithin(field, decision);
      if (answer === undefined || answer === null) return;
      set.push({ position, name: field.name, before: this.trial.get(field.name) });
      this.put(field.name, answer);
    });
    const names = () => set.map(({ name }) => name);
    if (this.settled(names()) !== result) return null;
    for (let place = set.length - 1; place >= 0; place -= 1) {
      const [item] = set.splice(place, 1);
      const answer = this.trial.get(item.name);
      this.put(item.name, item.before);
      if (this.settled(names()) !== result) {
        this.put(item.name, answer);
        set.splice(place, 0, item);
      }
    }
    return set.map(({ position }) => position);
  }

  /** The set without items that other answers do not need, and all results it leads to. */
  refined(set, result) {
    const trials = set.reduce((all, position) => all * this.items[position].candidates.length, 1);
    const results = new Set([result]);
    if (trials > MOST_TRIALS_OF_ONE) return [set, results];
    const left = [...set];
    for (let place = left.length - 1; place >= 0; place -= 1) {
      const [item] = left.splice(place, 1);
      if (this.resultsOf(left).size === 0) left.splice(place, 0, item);
      else results.clear(); // what is left may lead elsewhere
    }
    for (const other of this.resultsOf(left)) results.add(other);
    return [left, results];
  }
}

/** How many answers all sets of this size have together: a symmetric sum of their numbers. */
function trialsOf(items, size) {
  const sums = [1, ...Array(size).fill(0)];
  for (const { candidates } of items) {
    for (let at = size; at >= 1; at -= 1) sums[at] += candidates.length * sums[at - 1];
  }
  return sums[size];
}

/** The next set of positions below `length` in ascending order. */
function nextSet(set, length) {
  const size = set.length;
  for (let turn = size - 1; turn >= 0; turn -= 1) {
    if (set[turn] + size >= length + turn) continue;
    const start = set[turn] + 1;
    for (let at = turn; at < size; at += 1) set[at] = start + at - turn;
    return true;
  }
  return false;
}

function compareLists(a, b) {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    if (a[at] !== b[at]) return a[at] - b[at];
  }
  return a.length - b.length;
}

/** Answers to try for an open item; none if it is known. */
function candidatesFor(patient, field) {
  const answer = patient.answer(field.name);
  switch (field.type) {
    case "choice":
      return choicesToTry(field, answer);
    case "choices":
      return setsToTry(field, answer);
    case "number":
      return answer === undefined ? numbersToTry(patient, field) : [];
    case "date":
      return daysToTry(patient, field, answer);
    default:
      return answer === undefined && field.watched ? ["…"] : [];
  }
}

function choicesToTry(field, answer) {
  const known = field.codes.filter((code) => !code.unknown).map((code) => code.value);
  if (answer !== undefined) return field.codeOf.get(answer).unknown ? known : [];
  const named = field.named ?? [];
  // A code marked unknown that no rule names is still an answer where rules ask for one.
  const other = field.codes.find((code) => code.unknown && !named.includes(code.value));
  return [...known, ...named, ...(other && field.watched ? [other.value] : [])];
}

function setsToTry(field, answer) {
  const chosen = answer ?? [];
  const isUnknown = (code) => field.codeOf.get(code).unknown === true;
  if (chosen.length > 0 && !chosen.some(isUnknown)) return [];
  const sure = chosen.filter((code) => !isUnknown(code));
  const named = field.named ?? [];
  const other = field.codes.find((code) => !code.unknown && !named.includes(code.value));
  const alone = other ? [...named, other.value] : named;
  const place = new Map(field.codes.map((code, index) => [code.value, index]));
  const sets = [[], ...alone.map((code) => [code]), named.filter((code) => !isUnknown(code))]
    .map((set) => [...new Set([...set, ...sure].map((code) => place.get(code)))].sort((a, b) => a - b))
    .filter((set) => set.length > 0)
    .sort(compareLists);
  return sets
    .filter((set, at) => at === 0 || compareLists(set, sets[at - 1]) !== 0)
    .map((set) => set.map((index) => field.codes[index].value));
}

function numbersToTry(patient, field) {
  const { low, high, step } = field;
  const steps = (from, to, parts) => dividedBy(dividedBy(minus(to, from), step), parts);
  const floorOf = (number) => roundDown(number, 0);
  const values = partsOf(patient, { field: field.name, about: "value" }, UNDECIDED).map(({ value }) =>
    plus(value.low, times(floorOf(steps(value.low, value.high, TWO)), step)),
  );
  if (field.calculated) {
    // Where the parts are not all alike, some values from the whole range.
    const eighth = steps(low, high, decimal("8"));
    for (let n = 0; n < 8; n += 1) {
      values.push(plus(low, times(floorOf(times(eighth, decimal(String(n)))), step)));
    }
    values.push(high);
  }
  values.sort((a, b) => (less(a, b) ? -1 : less(b, a) ? 1 : 0));
  return values.filter((value, at) => at === 0 || !same(value, values[at - 1]));
}

/** Days at common distances from the day of judgement, or within a partial date. */
function daysToTry(patient, field, answer) {
  const asked = PRECISIONS.indexOf(field.precision);
  let days;
  if (answer === undefined) {
    const today = patient.today().first;
    // A month has 30.44 days.
    days = DISTANCES.map((months) => today - Math.floor((months * 3044) / 100));
    days.push(today + 1);
  } else {
    if (answer.precision >= asked) return [];
    const { first, last } = answer.days;
    days = [first, first + Math.floor((last - first) / 2), last];
  }
  const dates = days.map((number) => asExactlyAs(number, asked)).filter((date) => date !== null);
  return dates.filter((date, at) => at === 0 || String(date) !== String(dates[at - 1]));
}

/** A day as exactly as it is asked for. */
function asExactlyAs(number, asked) {
  if (number < FIRST_DAY || number > LAST_DAY) return null;
  const { year, month, day } = civil(number);
  return dateOf(year, asked >= 1 ? month : null, asked >= 2 ? day : null);
}

/** An answer within what a search has decided about an item. */
function answerWithin(field, { answered, value }) {
  if (value === null) return answered === true ? SOMETHING : null;
  switch (field.type) {
    case "choice": {
      const { written, truth } = value;
      return truth !== null && (written === null || answered === null) ? truth : written;
    }
    case "choices": {
      const chosen = field.codes.map((code) => code.value).filter((code) => value.included.includes(code));
      return chosen.length > 0 ? chosen : null;
    }
    case "number":
      return value.low;
    case "date":
      return asExactlyAs(value.first, PRECISIONS.indexOf(field.precision));
    default:
      return null;
  }
}
