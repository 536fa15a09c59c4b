// ---- 十進数 -----------------------------------------------------------------------------------
//
// Exact decimals: a whole number of at most 96 bits and at most 28 digits after the point, rounded
// half to even where a result needs more. The same digits as the judging engine everywhere: binary
// floats never hold a number here.

/** A number: `mantissa` × 10^-`scale`. */
export class Decimal {
  constructor(mantissa, scale) {
    this.mantissa = mantissa;
    this.scale = scale;
  }

  /** Without zeros at the end. */
  toString() {
    let { mantissa, scale } = this;
    while (scale > 0 && mantissa % 10n === 0n) {
      mantissa /= 10n;
      scale -= 1;
    }
    return digits(mantissa, scale);
  }

  /** With just so many digits after the point. */
  toFixed(fraction) {
    const { mantissa, scale } = roundHalfUp(this, fraction);
    return digits(mantissa * power10(fraction - scale), fraction);
  }
}

function digits(mantissa, scale) {
  const sign = mantissa < 0n ? "-" : "";
  const all = magnitude(mantissa).toString().padStart(scale + 1, "0");
  const point = all.length - scale;
  return sign + all.slice(0, point) + (scale > 0 ? `.${all.slice(point)}` : "");
}

const LARGEST = (1n << 96n) - 1n;
const MOST_DIGITS = 28;
const POWERS = [1n];

function power10(exponent) {
  while (POWERS.length <= exponent) POWERS.push(POWERS[POWERS.length - 1] * 10n);
  return POWERS[exponent];
}

const magnitude = (number) => (number < 0n ? -number : number);

/** The number of a text such as `-3.50`. */
export function decimal(text) {
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const mantissa = BigInt(whole + fraction);
  return new Decimal(sign ? -mantissa : mantissa, fraction.length);
}

const ZERO = decimal("0");
const ONE = decimal("1");
const TWO = decimal("2");
const TEN = decimal("10");

/** The two numbers in units of the finer one. */
function aligned(a, b) {
  if (a.scale === b.scale) return [a.mantissa, b.mantissa, a.scale];
  return a.scale < b.scale
    ? [a.mantissa * power10(b.scale - a.scale), b.mantissa, b.scale]
    : [a.mantissa, b.mantissa * power10(a.scale - b.scale), a.scale];
}

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`. */
export function compareDecimals(a, b) {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

const less = (a, b) => compareDecimals(a, b) < 0;
const same = (a, b) => compareDecimals(a, b) === 0;
const smaller = (a, b) => (less(b, a) ? b : a);
const larger = (a, b) => (less(a, b) ? b : a);
const negated = (a) => new Decimal(-a.mantissa, a.scale);
const absolute = (a) => new Decimal(magnitude(a.mantissa), a.scale);
const isZero = (a) => a.mantissa === 0n;
const isWhole = (a) => a.mantissa % power10(a.scale) === 0n;

/**
 * As many digits as there is room for, rounded half to even; nothing if it is too large.
 * `more` says that further digits, not all zero, would follow.
 */
function fit(mantissa, scale, more = false) {
  let whole = magnitude(mantissa);
  let excess = Math.max(scale - MOST_DIGITS, 0);
  while (whole / power10(excess) > LARGEST) excess += 1;
  if (excess === 0) return new Decimal(mantissa, scale);
  if (excess > scale) return null;
  const power = power10(excess);
  const twice = (whole % power) * 2n;
  whole /= power;
  if (twice > power || (twice === power && (more || whole % 2n === 1n))) whole += 1n;
  const rounded = mantissa < 0n ? -whole : whole;
  // Rounding up may have made it one digit longer.
  return whole > LARGEST ? fit(rounded, scale - excess) : new Decimal(rounded, scale - excess);
}

function plus(a, b) {
  const [x, y, scale] = aligned(a, b);
  return fit(x + y, scale);
}

const minus = (a, b) => plus(a, negated(b));

const times = (a, b) => fit(a.mantissa * b.mantissa, a.scale + b.scale);

function dividedBy(a, b) {
  if (isZero(b)) return null;
  const negative = a.mantissa < 0n !== b.mantissa < 0n;
  const divisor = magnitude(b.mantissa);
  const scaled = magnitude(a.mantissa) * power10(MOST_DIGITS - a.scale + b.scale);
  let quotient = scaled / divisor;
  const rest = scaled % divisor;
  if (quotient <= LARGEST) {
    const twice = rest * 2n;
    if (twice > divisor || (twice === divisor && quotient % 2n === 1n)) quotient += 1n;
    return fit(negative ? -quotient : quotient, MOST_DIGITS);
  }
  return fit(negative ? -quotient : quotient, MOST_DIGITS, rest !== 0n);
}

/** Rounded half up, away from zero: 2.5 to 3, -2.5 to -3. */
export function roundHalfUp(a, fraction) {
  if (a.scale <= fraction) return a;
  const power = power10(a.scale - fraction);
  const whole = magnitude(a.mantissa);
  const rounded = whole / power + (2n * (whole % power) >= power ? 1n : 0n);
  return new Decimal(a.mantissa < 0n ? -rounded : rounded, fraction);
}

/** Rounded half to even. */
function roundHalfEven(a, fraction) {
  if (a.scale <= fraction) return a;
  const power = power10(a.scale - fraction);
  const whole = magnitude(a.mantissa);
  let rounded = whole / power;
  const twice = 2n * (whole % power);
  if (twice > power || (twice === power && rounded % 2n === 1n)) rounded += 1n;
  return new Decimal(a.mantissa < 0n ? -rounded : rounded, fraction);
}

/** The largest number with so many digits after the point that is not above it. */
function roundDown(a, fraction) {
  if (a.scale <= fraction) return a;
  const power = power10(a.scale - fraction);
  const down = a.mantissa / power - (a.mantissa < 0n && a.mantissa % power !== 0n ? 1n : 0n);
  return new Decimal(down, fraction);
}

const roundUp = (a, fraction) => negated(roundDown(negated(a), fraction));

/** Newton's method from above; exact for squares of numbers with up to 14 digits after the point. */
function squareRoot(a) {
  if (a.mantissa < 0n) return null;
  if (isZero(a)) return ZERO;
  let root = plus(dividedBy(a, TWO), ONE);
  if (root === null) return null;
  for (;;) {
    const quotient = dividedBy(a, root);
    const sum = quotient && plus(root, quotient);
    const next = sum && dividedBy(sum, TWO);
    if (next === null) return null;
    if (!less(next, root)) break;
    root = next;
  }
  const short = roundHalfEven(root, 14);
  const square = times(short, short);
  return square !== null && same(square, a) ? short : root;
}

function exponential(a) {
  const result = exponentialOf(a);
  return result === null && a.mantissa < 0n ? ZERO : result;
}

function raised(base, exponent) {
  if (isZero(base) && exponent.mantissa < 0n) return null;
  if (isWhole(exponent)) {
    const whole = exponent.mantissa / power10(exponent.scale);
    if (whole < -(1n << 63n) || whole >= 1n << 63n) return null;
    const power = wholePower(base, magnitude(whole));
    return whole < 0n ? power && dividedBy(ONE, power) : power;
  }
  if (base.mantissa < 0n) return null;
  if (isZero(base)) return ZERO;
  const product = times(naturalLogarithm(base), exponent);
  return product && exponential(product);
}
