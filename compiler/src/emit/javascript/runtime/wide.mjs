// ---- 指数・対数・べき乗 -------------------------------------------------------------------------
//
// Series are added up in numbers of 192 bits with at most 57 digits after the point. Every step
// rounds just as the engine's arithmetic (rust_decimal) does, so that the last digits agree, too.

const WIDE_BITS = 192;
const WIDE_DIGITS = 57;
const E = decimal("2.7182818284590452353602874714");
const ONE_BY_E = decimal("0.3678794411714423215955237702");
const LN_10 = decimal("2.302585092994045684017991454");

const bitLength = (whole) => (whole === 0n ? 0 : whole.toString(2).length);

/** A wide number: sign, magnitude and digits after the point. */
const wide = (a) => ({ negative: a.mantissa < 0n, whole: magnitude(a.mantissa), scale: a.scale });

/** Room is made for `bits` bits and `most` digits after the point; nothing if there is none. */
function narrowed({ negative, whole, scale }, bits, most) {
  const room = 1n << BigInt(bits);
  if (whole < room && scale <= most) return { negative, whole, scale };
  let target = whole < room ? 0 : ((bitLength(whole) - bits) * 77 >> 8) + 1;
  if (scale - target > most) target = scale - most;
  if (target > scale) return null;
  let rest = 0n;
  while (target > 0 || whole >= room) {
    const step = Math.min(Math.max(target, 1), 9);
    rest = whole % power10(step);
    whole /= power10(step);
    scale -= step;
    target -= step;
    if (whole >= room && target <= 0) {
      if (scale <= 0) return null;
      target = 1;
    }
  }
  if (rest > 0n && (whole % 2n === 1n || rest > 1n)) {
    whole += 1n;
    if (whole >= room) {
      if (scale <= 0) return null;
      whole /= 10n;
      scale -= 1;
    }
  }
  return scale < 0 ? null : { negative, whole, scale };
}

function unwide(a) {
  const fitting = narrowed(a, 96, MOST_DIGITS);
  return fitting && new Decimal(fitting.negative ? -fitting.whole : fitting.whole, fitting.scale);
}

function wideTimes(a, b) {
  let whole = a.whole * b.whole;
  if (whole === 0n) return { negative: false, whole, scale: 0 };
  let scale = a.scale + b.scale;
  const negative = a.negative !== b.negative;
  if (whole >= 1n << BigInt(WIDE_BITS)) {
    return narrowed({ negative, whole, scale }, WIDE_BITS, WIDE_DIGITS);
  }
  while (scale > WIDE_DIGITS) {
    const step = Math.min(scale - WIDE_DIGITS, 9);
    const power = power10(step);
    const rest = whole % power;
    whole /= power;
    if (rest > power / 2n || (rest === power / 2n && whole % 2n === 1n)) whole += 1n;
    scale -= step;
  }
  return { negative, whole, scale };
}

function widePlus(a, b) {
  if (a.whole === 0n) return b;
  if (b.whole === 0n) return a;
  let scale = Math.max(a.scale, b.scale);
  const [x, y] = [a, b].map((n) => n.whole * power10(scale - n.scale));
  const room = 1n << BigInt(WIDE_BITS);
  if (x >= room || y >= room) return null;
  if (a.negative !== b.negative) {
    return x >= y
      ? { negative: a.negative, whole: x - y, scale }
      : { negative: b.negative, whole: y - x, scale };
  }
  let whole = x + y;
  if (whole >= room) {
    const rest = whole % 10n;
    whole = whole / 10n + (rest >= 5n ? 1n : 0n);
    scale -= 1;
    if (scale < 0) return null;
  }
  return { negative: a.negative, whole, scale };
}

function wideDividedBy(a, divisor) {
  if (a.whole === 0n || divisor === 1n) return a;
  let { whole, scale } = a;
  let rest = whole % divisor;
  whole /= divisor;
  while (rest > 0n) {
    const step = Math.min(Math.max((WIDE_BITS - bitLength(whole)) * 77 >> 8, 0), 9);
    if (step === 0 || scale + step > WIDE_DIGITS) break;
    const power = power10(step);
    whole = whole * power + (rest * power) / divisor;
    rest = (rest * power) % divisor;
    scale += step;
  }
  const half = divisor / 2n;
  if (rest > half || (rest > 0n && rest === half && whole % 2n === 1n)) whole += 1n;
  return { negative: a.negative, whole, scale };
}

/** Whether it is certainly not above 10^-28. */
function isTiny({ whole, scale }) {
  if (whole === 0n) return true;
  const words = Math.ceil(bitLength(whole) / 32);
  return words <= 3 && scale >= [38, 48, 57][words - 1];
}

/** The power of a wide number by squaring. */
function wideWholePower(base, exponent) {
  let product = wide(ONE);
  let power = base;
  for (let rest = exponent; ; ) {
    if (rest & 1n) product = product && power && wideTimes(product, power);
    rest >>= 1n;
    if (rest === 0n || product === null) return product;
    power = wideTimes(power, power);
    if (power === null) return null;
  }
}

function wholePower(base, exponent) {
  if (exponent === 0n) return ONE;
  if (isZero(base)) return ZERO;
  if (same(base, ONE)) return ONE;
  if (exponent >= 1024n) {
    const power = wideWholePower(wide(base), exponent);
    return power && unwide(power);
  }
  let product = ONE;
  let power = base;
  for (let rest = exponent; ; ) {
    if (rest & 1n) product = times(product, power);
    rest >>= 1n;
    if (rest === 0n || product === null) return product;
    power = times(power, power);
    if (power === null) return null;
  }
}

function exponentialOf(a) {
  if (isZero(a)) return ONE;
  if (a.mantissa < 0n) {
    const result = exponentialOf(negated(a));
    return result && dividedBy(ONE, result);
  }
  const whole = roundDown(a, 0);
  const rest = wide(minus(a, whole));
  let series = wide(ONE);
  if (rest.whole !== 0n) {
    series = widePlus(series, rest);
    let term = rest;
    for (let i = 2n; i < 100n && series; i += 1n) {
      term = wideTimes(rest, wideDividedBy(term, i));
      series = term && widePlus(series, term);
      if (term === null || isTiny(term)) break;
    }
    if (series === null) return null;
  }
  if (whole.mantissa === 0n) return unwide(series);
  if (whole.mantissa >= 1n << 64n) return null;
  const power = wideWholePower(wide(E), whole.mantissa);
  const product = power && wideTimes(power, series);
  return product && unwide(product);
}

function naturalLogarithm(a) {
  if (a.mantissa <= 0n) return null;
  if (same(a, ONE)) return ZERO;
  let x = a;
  let tens = 0;
  for (; less(x, ONE); tens -= 1) x = times(x, TEN);
  for (; !less(x, TEN); tens += 1) x = dividedBy(x, TEN);
  const ofTens = times(new Decimal(BigInt(tens), 0), LN_10);
  if (same(x, ONE)) return ofTens;
  let es = 0;
  for (; !less(x, ONE); es += 1) x = times(x, ONE_BY_E);
  for (; !less(ONE_BY_E, x); es -= 1) x = times(x, E);
  const [below, above] = [widePlus(wide(x), wide(negated(ONE))), widePlus(wide(x), wide(ONE))];
  if (below.whole === 0n) return new Decimal(BigInt(es), 0);
  // ln x = 2 artanh z with z = (x - 1) / (x + 1).
  const z = wide(dividedBy(unwide(below), unwide(above)));
  const square = wideTimes(z, z);
  let series = z;
  let term = z;
  for (let n = 1n; n < 100n; n += 1n) {
    term = wideTimes(term, square);
    const part = wideDividedBy(term, 2n * n + 1n);
    series = widePlus(series, part);
    if (isTiny(part)) break;
  }
  const ofRest = unwide(wideTimes(wide(TWO), series));
  return plus(plus(ofTens, new Decimal(BigInt(es), 0)), ofRest);
}
