// ---- 日付 ---------------------------------------------------------------------------------------
//
// A date is known from which day to which it lies, counted from 1970-01-01: `1990-05` is some day
// of that month. Time is counted by calendar, in whole units.

const FIRST_DAY = -719162; // 0001-01-01
const LAST_DAY = 2932896; // 9999-12-31

/** From which day to which a date lies. */
export class Days {
  constructor(first, last, open = null) {
    this.first = first;
    this.last = last;
    this.open = first === last ? null : open;
  }

  isAny() {
    return this.first === FIRST_DAY && this.last === LAST_DAY;
  }
}

const anyDay = (open) => new Days(FIRST_DAY, LAST_DAY, open);

const isLeap = (year) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

function daysInMonth(year, month) {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Years begin in March here, so that the leap day is the last of its year. */
function dayNumber(year, month, day) {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const fromMarch = month > 2 ? month - 3 : month + 9;
  const ofYear = Math.floor((153 * fromMarch + 2) / 5) + day - 1;
  const ofEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + ofYear;
  return era * 146097 + ofEra - 719468;
}

/** Year, month and day of a day number. */
function civil(number) {
  const days = number + 719468;
  const era = Math.floor(days / 146097);
  const ofEra = days - era * 146097;
  const parts = ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524) - Math.floor(ofEra / 146096);
  const yearOfEra = Math.floor(parts / 365);
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

const pad = (number, length) => String(number).padStart(length, "0");

/** A date as it was written: as exact as it is known. */
class WrittenDate {
  constructor(year, month = null, day = null) {
    this.year = year;
    this.month = month;
    this.day = day;
  }

  /** 0 for a year, 1 for a month, 2 for a day. */
  get precision() {
    return (this.month === null ? 0 : 1) + (this.day === null ? 0 : 1);
  }

  get days() {
    const { year, month, day } = this;
    const last = month ?? 12;
    return new Days(
      dayNumber(year, month ?? 1, day ?? 1),
      dayNumber(year, last, day ?? daysInMonth(year, last)),
    );
  }

  toString() {
    const parts = [pad(this.year, 4)];
    if (this.month !== null) parts.push(pad(this.month, 2));
    if (this.day !== null) parts.push(pad(this.day, 2));
    return parts.join("-");
  }
}

/** The date of these numbers, if the calendar has it. */
function dateOf(year, month = null, day = null) {
  if (year < 1 || year > 9999) return null;
  if (month !== null && (month < 1 || month > 12)) return null;
  if (day !== null && (day < 1 || day > daysInMonth(year, month))) return null;
  return new WrittenDate(year, month, day);
}

/** The date of `1990`, `1990-05` or `1990-05-20`, if it is one. */
function parseDate(text) {
  const match = /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?$/.exec(text);
  return match && dateOf(...match.slice(1).map((part) => (part === undefined ? null : Number(part))));
}

const DATES = new Map();

/** 日付の定数 */
export function day(text) {
  let constant = DATES.get(text);
  if (constant === undefined) DATES.set(text, (constant = parseDate(text).days));
  return constant;
}

/** ｎ日・か月・年後（負なら前）。その月に同じ日がなければ月の末日 */
export function shift(days, by, unit) {
  if (days.isAny()) return days;
  const shifted = new Days(shiftedDay(days.first, by, unit), shiftedDay(days.last, by, unit));
  // Several days may become the same last day of a month: the date itself is still open.
  shifted.open = days.open;
  return shifted;
}

function shiftedDay(number, by, unit) {
  if (unit === "days") return Math.min(Math.max(number + by, FIRST_DAY), LAST_DAY);
  const months = unit === "months" ? by : by * 12;
  const { year, month, day } = civil(number);
  const target = year * 12 + month - 1 + months;
  const [toYear, toMonth] = [Math.floor(target / 12), target - Math.floor(target / 12) * 12 + 1];
  if (toYear < 1 || toYear > 9999) return months < 0 ? FIRST_DAY : LAST_DAY;
  return dayNumber(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth)));
}

/** 日付の比較 */
export function compareDates(left, operator, right) {
  const decide = (yes, no) => decided(yes, no, left, right);
  switch (operator) {
    case "<":
      return decide(left.last < right.first, left.first >= right.last);
    case "<=":
      return decide(left.last <= right.first, left.first > right.last);
    case ">=":
      return decide(right.last <= left.first, right.first > left.last);
    case ">":
      return decide(right.last < left.first, right.first >= left.last);
    default: {
      const oneDay = left.first === left.last && left.first === right.first && left.last === right.last;
      const apart = left.last < right.first || right.last < left.first;
      return operator === "=" ? decide(oneDay, apart) : decide(apart, oneDay);
    }
  }
}

/** from から to までに満ちた年・月・日の数（to が前なら負） */
export function elapsed(unit, from, to) {
  if (from.isAny() || to.isAny()) return anything(from, to);
  const [least, most] = [unitsBetween(unit, from.last, to.first), unitsBetween(unit, from.first, to.last)];
  return new Range(new Decimal(BigInt(least), 0), new Decimal(BigInt(most), 0), from, to);
}

function unitsBetween(unit, from, to) {
  if (unit === "days") return to - from;
  const [start, end] = [civil(from), civil(to)];
  const months =
    (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day ? 1 : 0);
  return unit === "months" ? months : Math.floor(months / 12);
}
