// ---- 三値の論理 ---------------------------------------------------------------------------------
//
// A condition is `true`, `false` or an `Unknown`. Unknown never becomes no by itself. An unknown
// value remembers an item that keeps it open: the search in `verdict` asks there next.

/**
 * Not known: `open` is what it waits for, if anything, with the outermost rule it stands in of those
 * that always have a value.
 */
export class Unknown {
  constructor(open = null) {
    this.open = open;
  }

  within(rule) {
    return new Unknown({ ...this.open, rule });
  }
}

/** Of these, the first that waits for an item. */
function firstOpen(...values) {
  for (const value of values) {
    const open = value?.open;
    if (open) return open;
  }
  return null;
}

const unknown = (...values) => new Unknown(firstOpen(...values));

/** すべて満たす */
export function all(...conditions) {
  if (conditions.includes(false)) return false;
  return conditions.every((holds) => holds === true) || unknown(...conditions);
}

/** いずれかを満たす */
export function any(...conditions) {
  if (conditions.includes(true)) return true;
  return !conditions.every((holds) => holds === false) && unknown(...conditions);
}

/** 満たさない */
export const not = (holds) => (holds instanceof Unknown ? holds : !holds);

/** How many hold for certain, and how many may. */
function counted(conditions) {
  let sure = 0;
  let possible = 0;
  for (const holds of conditions) {
    if (holds === true) sure += 1;
    if (holds !== false) possible += 1;
  }
  return { sure, possible };
}

function decided(yes, no, ...values) {
  if (yes) return true;
  return no ? false : unknown(...values);
}

/** ｎ項目以上を満たす */
export function atLeast(n, ...conditions) {
  const { sure, possible } = counted(conditions);
  return decided(sure >= n, possible < n, ...conditions);
}

/** 満たすのはｎ項目以下 */
export function atMost(n, ...conditions) {
  const { sure, possible } = counted(conditions);
  return decided(possible <= n, sure > n, ...conditions);
}

/** ちょうどｎ項目を満たす */
export function exactly(n, ...conditions) {
  const { sure, possible } = counted(conditions);
  return decided(sure === n && possible === n, sure > n || possible < n, ...conditions);
}

/** What both agree on. */
function agreed(a, b, ...waiting) {
  return a === b && !(a instanceof Unknown) ? a : unknown(...waiting, a, b);
}

/** 条件を満たせば then、満たさなければ otherwise */
export function ifThen(condition, then, otherwise) {
  if (condition instanceof Unknown) return agreed(then, otherwise, condition);
  return condition ? then : otherwise;
}

/** 上から順に、最初に満たすもの。分からないうちは、なり得るものすべて */
export function firstMatch(arms, otherwise = null) {
  const possible = new Set();
  const waiting = [];
  for (const [outcome, holds] of arms) {
    if (holds === false) continue;
    possible.add(outcome);
    if (holds === true) return new Outcomes(possible, firstOpen(...waiting));
    waiting.push(holds);
  }
  // `null` stands for no outcome at all.
  return new Outcomes(possible.add(otherwise), firstOpen(...waiting));
}

/** 見出しに隙間のない表や区分: 数に値があるかぎり、必ずどれかに当てはまる */
export function tableMatch(arms, ...numbers) {
  const outcomes = firstMatch(arms);
  const valued = numbers.every((number) => number.low !== null);
  if (valued && outcomes.possible.size > 1) outcomes.possible.delete(null);
  return outcomes;
}

/** What is still possible of a grade or a judgement. */
class Outcomes {
  constructor(possible, open) {
    this.possible = possible;
    this.open = open;
  }

  within(rule) {
    return new Outcomes(this.possible, { ...this.open, rule });
  }

  /** Whether it is one of these. */
  isAmong(names) {
    const possible = [...this.possible];
    const among = possible.filter((name) => names.includes(name)).length;
    const none = this.possible.has(null);
    return decided(among === possible.length && among > 0, among === 0 && !none, this);
  }
}

// ---- 数の範囲 -----------------------------------------------------------------------------------
//
// A number is known from where to where it lies, or not at all (`low` and `high` are `null`): then
// it may have no value, as after a division by zero, and nothing is concluded from it.

/** From where to where a number lies. */
export class Range {
  constructor(low, high, ...waiting) {
    this.low = low;
    this.high = high;
    this.open = this.isKnown() ? null : firstOpen(...waiting);
  }

  isKnown() {
    return this.low !== null && (this.low === this.high || same(this.low, this.high));
  }

  /** The number, if it is known. */
  get known() {
    return this.isKnown() ? this.low : null;
  }
}

const point = (number) => new Range(number, number);
const anything = (...waiting) => new Range(null, null, ...waiting);
const NOUGHT = point(ZERO);

/** The range with these ends, or anything if one of them has no value. */
function between(low, high, ...waiting) {
  return low === null || high === null ? anything(...waiting) : new Range(low, high, ...waiting);
}

/** The range of `f(ends of a, ends of b)`. */
function both(a, b, f) {
  if (a.low === null || b.low === null) return anything(a, b);
  const ends = f(a.low, a.high, b.low, b.high);
  return ends === null ? anything(a, b) : between(...ends, a, b);
}

function corners(results) {
  if (results.includes(null)) return null;
  return [results.reduce(smaller), results.reduce(larger)];
}

const CONSTANTS = new Map();

/** 定数 */
export function num(text) {
  let constant = CONSTANTS.get(text);
  if (constant === undefined) CONSTANTS.set(text, (constant = point(decimal(text))));
  return constant;
}

/** 値なし（どの区分にも入らない数など） */
export const nothing = () => anything();

/** 上から順に、最初に満たす行の数。値のない患者がいないことは証明されている */
export function firstRow(...rows) {
  const waiting = [];
  let range = null;
  for (const [holds, number] of rows) {
    if (holds === false) continue;
    range = range === null ? number : hull(range, number);
    waiting.push(holds, number);
    if (holds === true) break;
  }
  if (range === null) return anything();
  return new Range(range.low, range.high, ...waiting);
}

/** The smallest range that holds both. */
const hull = (a, b) => both(a, b, (a, b, c, d) => [smaller(a, c), larger(b, d)]);

export const add = (a, b) => both(a, b, (a, b, c, d) => [plus(a, c), plus(b, d)]);
export const subtract = (a, b) => both(a, b, (a, b, c, d) => [minus(a, d), minus(b, c)]);
export const multiply = (a, b) =>
  both(a, b, (a, b, c, d) => corners([times(a, c), times(a, d), times(b, c), times(b, d)]));

/** 0 では割れない: 値なし */
export const divide = (a, b) =>
  both(a, b, (a, b, c, d) => {
    if (c.mantissa <= 0n && d.mantissa >= 0n) return null;
    return corners([dividedBy(a, c), dividedBy(a, d), dividedBy(b, c), dividedBy(b, d)]);
  });

/** The ends of all of them together; it waits for the first that is open. */
function folded(numbers, f) {
  const { low, high } = numbers.reduce((a, b) => both(a, b, f));
  return new Range(low, high, ...numbers);
}

/** 合計 */
export const sum = (...numbers) =>
  numbers.length === 0 ? NOUGHT : folded(numbers, (a, b, c, d) => [plus(a, c), plus(b, d)]);

const largerEnds = (a, b, c, d) => [larger(a, c), larger(b, d)];
const smallerEnds = (a, b, c, d) => [smaller(a, c), smaller(b, d)];

/** 最大 */
export const max = (...numbers) => (numbers.length === 0 ? anything() : folded(numbers, largerEnds));
/** 最小 */
export const min = (...numbers) => (numbers.length === 0 ? anything() : folded(numbers, smallerEnds));

/** 満たす数 */
export function count(...conditions) {
  const { sure, possible } = counted(conditions);
  return new Range(new Decimal(BigInt(sure), 0), new Decimal(BigInt(possible), 0), ...conditions);
}

/** 条件を満たせばその数、満たさなければ 0 */
export const when = (amount, condition) => choose(condition, amount, NOUGHT);

/** 条件を満たせば then、満たさなければ otherwise */
export function choose(condition, then, otherwise) {
  if (!(condition instanceof Unknown)) return condition ? then : otherwise;
  const { low, high } = hull(then, otherwise);
  return new Range(low, high, condition, then, otherwise);
}

/** `left` と `right` の比較 */
export function compare(left, operator, right) {
  switch (operator) {
    case "<":
      return isLess(left, right);
    case "<=":
      return isLessOrEqual(left, right);
    case "=":
      return isEqual(left, right);
    case "!=":
      return not(isEqual(left, right));
    case ">=":
      return swapped(isLessOrEqual(right, left), left, right);
    default:
      return swapped(isLess(right, left), left, right);
  }
}

/** The same, waiting for the left side first. */
const swapped = (holds, left, right) => (holds instanceof Unknown ? unknown(left, right) : holds);

const noValue = (a, b) => a.low === null || b.low === null;

function isLess(a, b) {
  if (noValue(a, b)) return unknown(a, b);
  return decided(less(a.high, b.low), !less(a.low, b.high), a, b);
}

function isLessOrEqual(a, b) {
  if (noValue(a, b)) return unknown(a, b);
  return decided(!less(b.low, a.high), less(b.high, a.low), a, b);
}

function isEqual(a, b) {
  if (noValue(a, b)) return unknown(a, b);
  const equal = a.isKnown() && b.isKnown() && same(a.low, b.low);
  return decided(equal, less(a.high, b.low) || less(b.high, a.low), a, b);
}

/** An increasing function; a domain, if it has one, has no holes. */
function increasing(a, f) {
  if (a.low === null) return a;
  const low = f(a.low);
  return between(low, a.isKnown() ? low : f(a.high), a);
}

const TOLERANCE = decimal("0.000000000000000001");

/** Room for the last digits of an approximated function, unless its operands are known exactly. */
function widened(a, ...operands) {
  if (a.low === null || operands.every((operand) => operand.isKnown())) return a;
  const room = (number) => times(larger(absolute(number), ONE), TOLERANCE);
  const [below, above] = [room(a.low), room(a.high)];
  return between(below && minus(a.low, below), above && plus(a.high, above), ...operands);
}

export function abs(a) {
  if (a.low === null) return a;
  const [x, y] = [absolute(a.low), absolute(a.high)];
  const crosses = a.low.mantissa < 0n && a.high.mantissa > 0n;
  return new Range(crosses ? ZERO : smaller(x, y), larger(x, y), a);
}

/** 四捨五入（負の数は 0 から遠い方へ） */
export function round(a, digits) {
  const fraction = digits.known;
  const whole = fraction !== null && isWhole(fraction) ? Number(roundDown(fraction, 0).mantissa) : -1;
  if (whole < 0 || whole > MOST_DIGITS) return anything(a, digits);
  const rounded = increasing(a, (number) => roundHalfUp(number, whole));
  return new Range(rounded.low, rounded.high, a, digits);
}

/** 切捨て（小さい方へ） */
export const floor = (a) => increasing(a, (number) => roundDown(number, 0));
/** 切上げ（大きい方へ） */
export const ceiling = (a) => increasing(a, (number) => roundUp(number, 0));

const notBelowNought = (a) => both(a, NOUGHT, largerEnds);

/** 平方根 */
export const sqrt = (a) => notBelowNought(widened(increasing(a, squareRoot), a));
/** 自然対数 */
export const ln = (a) => widened(increasing(a, naturalLogarithm), a);
/** e のべき乗 */
export const exp = (a) => notBelowNought(widened(increasing(a, exponential), a));
/** べき乗 */
export const power = (base, exponent) => widened(both(base, exponent, powerEnds), base, exponent);

function powerEnds(low, high, from, to) {
  const [isPoint, fixed] = [same(low, high), same(from, to)];
  if (isPoint && fixed) {
    const result = raised(low, from);
    return [result, result];
  }
  if (low.mantissa > 0n || (low.mantissa === 0n && from.mantissa > 0n)) {
    // For a positive base the power is monotone in each operand.
    return corners([raised(low, from), raised(low, to), raised(high, from), raised(high, to)]);
  }
  if (fixed && from.mantissa > 0n && isWhole(from)) {
    // A whole power: odd ones are monotone, even ones are smallest at zero.
    const ends = corners([raised(low, from), raised(high, from)]);
    const turns = high.mantissa > 0n && isEven(from);
    return ends && [turns ? ZERO : ends[0], ends[1]];
  }
  return null;
}

const isEven = (whole) => roundDown(whole, 0).mantissa % 2n === 0n;
