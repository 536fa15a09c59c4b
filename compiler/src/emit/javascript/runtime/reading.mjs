// ---- 書かれた値を読む -----------------------------------------------------------------------------
//
// From written values to answers. What cannot be read leaves the item unanswered and gives a
// finding that says what to write instead.

const WHITE = "\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const LEADING = new RegExp(`^[${WHITE}]+`, "u");
const TRAILING = new RegExp(`[${WHITE}]+$`, "u");
const ALL_WHITE = new RegExp(`[${WHITE}]`, "gu");
const BLANK = new RegExp(`^[${WHITE}]*$`, "u");

const trim = (text) => text.replace(LEADING, "").replace(TRAILING, "");
const isBlank = (text) => BLANK.test(text);
const characters = (text) => [...text];

/** Stops the reading of a value. */
class Unreadable {
  constructor(finding) {
    this.finding = finding;
  }
}

function refuse(field, kind, written, problem, help) {
  throw new Unreadable({
    check: `${kind}.${field.name}`,
    level: "error",
    fields: [field.name],
    message: `「${field.label}」${problem}`,
    help,
    value: written,
  });
}

/** The answers of a form and what is wrong with the others, in the order of the form. */
function read(form, written) {
  const answers = new Map();
  const findings = [];
  const names = Object.keys(written).filter((name) => (written[name] ?? null) !== null);
  const present = new Set(names);
  for (const field of form.fields.values()) {
    if (!present.has(field.name)) continue;
    try {
      const answer = readField(field, asTexts(written[field.name]));
      if (answer !== null) answers.set(field.name, answer);
    } catch (trouble) {
      if (!(trouble instanceof Unreadable)) throw trouble;
      findings.push(trouble.finding);
    }
  }
  const strangers = names.filter((name) => !form.fields.has(name));
  for (const name of strangers.sort(byCodePoint)) {
    findings.push(unknownField(form, name, asTexts(written[name])));
  }
  return { answers, findings };
}

const asTexts = (raw) => (Array.isArray(raw) ? raw.map(String) : [String(raw)]);

function byCodePoint(a, b) {
  const [x, y] = [a, b].map((text) => characters(text).map((c) => c.codePointAt(0)));
  const at = x.findIndex((code, index) => code !== y[index]);
  if (at < 0) return x.length - y.length;
  return at < y.length ? x[at] - y[at] : 1;
}

function unknownField(form, name, written) {
  const known = similarField(form, name);
  return {
    check: `field.${name}`,
    level: "error",
    fields: [],
    message: `この様式に「${name}」という項目はありません`,
    help:
      known === null
        ? "この様式の項目名を確かめてください"
        : `「${known}」のことであれば、その名前で書いてください`,
    value: written.length === 1 ? written[0] : null,
  };
}

/** The name most like this one, if any is close. */
function similarField(form, name) {
  let best = null;
  let fewest = 3;
  for (const known of form.fields.keys()) {
    const differing = distance(known, name);
    if (differing < fewest) [best, fewest] = [known, differing];
  }
  return best;
}

/** How many letters differ (Levenshtein). */
function distance(a, b) {
  const [from, to] = [characters(a), characters(b)];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  from.forEach((x, i) => {
    const next = [i + 1];
    to.forEach((y, j) => {
      next.push(Math.min(row[j] + (x === y ? 0 : 1), row[j + 1] + 1, next[j] + 1));
    });
    row = next;
  });
  return row[to.length];
}

function readField(field, raw) {
  const written = raw.filter((text) => !isBlank(text));
  if (written.length === 0) return null;
  const read = READERS[field.type];
  if (field.type === "choices") {
    const chosen = new Set(written.map((text) => readCode(field, trim(text))));
    return field.codes.filter((code) => chosen.has(code.value)).map((code) => code.value);
  }
  const answer = read(field, field.type === "text" || field.type === "kana" ? written[0] : trim(written[0]));
  if (written.length > 1) {
    const message = `に値が${written.length}個あります`;
    refuse(field, "type", null, message, "値を一つだけ書いてください");
  }
  return answer;
}

const READERS = {
  text: readText,
  kana: readKana,
  digits: (field, written) => readDigits(field, written, field.count),
  postal_code: (field, written) => readDigits(field, written, 7),
  phone: readPhone,
  number: readNumber,
  date: readDate,
  choice: readCode,
};

function readCode(field, written) {
  if (field.codeOf.has(written)) return written;
  const allowed = field.codes.slice(0, 12).map((code) => `${code.value}（${code.label}）`);
  if (field.codes.length > 12) allowed.push(`…ほか${field.codes.length - 12}件`);
  const help = `次のいずれかを書いてください: ${allowed.join("、")}`;
  return refuse(field, "code", written, "の選択肢にない値です", help);
}

// Text.

const normalised = (written) => written.normalize("NFC").replace(/\r\n?/g, "\n");
const FORBIDDEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/u;

function readText(field, written) {
  const text = normalised(written);
  const control = FORBIDDEN.exec(text);
  if (control) {
    const code = control[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    const problem = `に使えない制御文字（U+${code}）があります`;
    refuse(field, "type", written, problem, "その文字を消して書き直してください");
  }
  const lines = text.split("\n").length;
  if (lines > field.lines) {
    if (field.lines <= 1) {
      refuse(field, "width", written, "には改行を書けません", "1行にまとめてください");
    }
    const problem = `は${field.lines}行までです（${lines}行あります）`;
    refuse(field, "width", written, problem, `${field.lines}行以内にまとめてください`);
  }
  return within(field, written, text);
}

function within(field, written, text) {
  const length = characters(text).length;
  if (length > field.chars) {
    const problem = `は${field.chars}文字までです（${length}文字あります）`;
    refuse(field, "width", written, problem, `${length - field.chars}文字減らしてください`);
  }
  return text;
}

const KANA = /^[ぁ-ゖゝゞー \u3000]*$/;

const toHiragana = (text) =>
  text
    .replace(/[ァ-ヶ]/g, (c) => String.fromCodePoint(c.codePointAt(0) - 0x60))
    .replaceAll("ヽ", "ゝ")
    .replaceAll("ヾ", "ゞ");

function readKana(field, written) {
  const text = normalised(written);
  if (!KANA.test(text)) {
    const hiragana = toHiragana(text.normalize("NFKC"));
    const help = KANA.test(hiragana)
      ? `${hiragana} と書いてください`
      : "ひらがなと長音（ー）、空白だけで書いてください";
    refuse(field, "kana", written, "はひらがなで書きます", help);
  }
  return within(field, written, text);
}

function readDigits(field, written, count) {
  if (!/^[0-9]*$/.test(written)) {
    const half = written.normalize("NFKC").replace(/[^0-9]/g, "");
    const help =
      half.length === count ? `${half} と書いてください` : `半角の数字${count}桁だけを書いてください`;
    refuse(field, "type", written, "は半角の数字だけで書きます", help);
  }
  if (written.length !== count) {
    const problem = `は${count}桁です（${written.length}桁あります）`;
    refuse(field, "digits", written, problem, `半角の数字${count}桁を書いてください`);
  }
  return written;
}

const PHONE = /^[0-9-]*$/;

function readPhone(field, written) {
  if (PHONE.test(written) && /[0-9]/.test(written)) return written;
  const half = written
    .normalize("NFKC")
    .replace(/[−‐―ー()]/g, "-")
    .replace(ALL_WHITE, "")
    .replace(/^-+|-+$/g, "")
    .replaceAll("--", "-");
  const help =
    PHONE.test(half) && half !== ""
      ? `${half} と書いてください`
      : "半角の数字とハイフンだけで 03-1234-5678 のように書いてください";
  return refuse(field, "type", written, "は半角の数字とハイフンで書きます", help);
}

// Numbers: `12`, `-3.5`; never `1e3`, `.5`, `1,000` or `１２`.

function plainNumber(text) {
  const match = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(text);
  if (match === null) return null;
  const whole = match[2].replace(/^0+/, "");
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  const mantissa = BigInt(`0${whole}${fraction}`);
  return { whole, fraction, mantissa: match[1] ? -mantissa : mantissa };
}

function readNumber(field, written) {
  const plain = plainNumber(written);
  if (plain === null) return unreadableNumber(field, written);
  const { value, trouble } = fitting(field, plain);
  if (trouble) refuse(field, trouble[0], written, trouble[1], trouble[2]);
  return value;
}

/** The number, or what is wrong with it: kind, problem, help. */
function fitting(field, plain) {
  if (plain.fraction.length > field.fraction) {
    const trouble =
      field.fraction === 0
        ? ["digits", "は整数で書きます", "小数点以下を四捨五入せずに、整数で確かめて書いてください"]
        : ["digits", `の小数点以下は${field.fraction}桁までです`, `小数点以下${field.fraction}桁までで書いてください`];
    return { trouble };
  }
  const room = field.digits - field.fraction;
  if (plain.whole.length > room || magnitude(plain.mantissa) > LARGEST) {
    return { trouble: ["digits", `の整数部分は${room}桁までです`, "桁数と単位を確かめてください"] };
  }
  const value = new Decimal(plain.mantissa, plain.fraction.length);
  const low = field.min !== undefined && less(value, decimal(field.min));
  const high = field.max !== undefined && less(decimal(field.max), value);
  if (low || high) {
    const unit = field.unit === undefined ? "" : `と単位（${field.unit}）`;
    return { trouble: ["range", `は${limits(field)}の範囲で書きます`, `値${unit}を確かめてください`] };
  }
  return { value };
}

function limits({ min, max }) {
  if (min !== undefined && max !== undefined) return `${min}〜${max}`;
  return min !== undefined ? `${min}以上` : `${max}以下`;
}

function unreadableNumber(field, written) {
  const half = written.normalize("NFKC").replace(/[−‐―ー]/g, "-");
  if (half !== written && plainNumber(trim(half))) {
    refuse(field, "type", written, "は半角の数字で書きます", writeInstead(field, trim(half)));
  }
  const bare = withoutUnit(half, field.unit);
  if (bare !== null) {
    const usual =
      field.unit === undefined
        ? undefined
        : `単位 ${field.unit} の値として ${bare} と書いてください（単位が異なるときは換算してください）`;
    refuse(field, "unit", written, "は単位を付けずに数値だけを書きます", writeInstead(field, bare, usual));
  }
  if (/^-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$/.test(trim(half))) {
    const joined = trim(half).replaceAll(",", "");
    refuse(field, "type", written, "は桁区切りを付けずに書きます", writeInstead(field, joined));
  }
  const help = `半角の数字だけで ${field.fraction === 0 ? "12" : "3.5"} のように書いてください`;
  return refuse(field, "type", written, "を数値として読み取れません", help);
}

/** A number that would be refused in its turn is not handed over as the answer. */
function writeInstead(field, number, usual = `${number} と書いてください`) {
  const { trouble } = fitting(field, plainNumber(number));
  return trouble ? `${number} と読めますが、この項目${trouble[1]}。${trouble[2]}` : usual;
}

/** `3.5` of `3.5 g/gCr`: of a number followed by the unit of the field or by any letters. */
function withoutUnit(written, unit) {
  const end = written.search(/[^0-9.-]/);
  if (end < 0) return null;
  const number = written.slice(0, end);
  const rest = trim(written.slice(end));
  const isUnit = rest === unit || (!/[0-9]/.test(rest) && /^(?:\p{Alphabetic}|[%/°µ])/u.test(rest));
  return isUnit && plainNumber(number) ? number : null;
}

// Dates: `1990`, `1990-05`, `1990-05-20`.

const PRECISIONS = ["year", "month", "day"];

function readDate(field, written) {
  const asked = PRECISIONS.indexOf(field.precision);
  const date = parseDate(written);
  if (date !== null && date.precision <= asked) return date;
  if (date !== null) {
    const coarser = asked === 0 ? dateOf(date.year) : dateOf(date.year, date.month);
    const problem = asked === 0 ? "は西暦の年だけを書きます" : "は西暦の年月までを書きます";
    refuse(field, "date", written, problem, `${coarser} と書いてください`);
  }
  const meant = writtenDate(written);
  if (meant?.date && meant.date.precision <= asked) {
    refuse(field, "date", written, "の書き方が違います", `${meant.date} と書いてください`);
  }
  if (meant?.outside) {
    refuse(field, "date", written, "は元号の期間の外の日付です", `${meant.outside}。原本を確かめてください`);
  }
  if (meant?.none || /^[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?$/.test(written)) {
    refuse(field, "date", written, "は暦にない日付です", "年月日を確かめてください");
  }
  return refuse(field, "date", written, "を日付として読み取れません", DATE_FORMS[asked]);
}

const DATE_FORMS = [
  "西暦で 1990 のように書いてください",
  "西暦で 1990-05 のように書いてください。月が分からなければ 1990 と書けます",
  "西暦で 1990-05-20 のように書いてください。日が分からなければ 1990-05、月も分からなければ 1990 と書けます",
];

/** Letter, name, the year before year one, first and last day of each era. */
const ERAS = [
  ["M", "明治", 1867, [1873, 1, 1], [1912, 7, 29]],
  ["T", "大正", 1911, [1912, 7, 30], [1926, 12, 24]],
  ["S", "昭和", 1925, [1926, 12, 25], [1989, 1, 7]],
  ["H", "平成", 1988, [1989, 1, 8], [2019, 4, 30]],
  ["R", "令和", 2018, [2019, 5, 1], [9999, 12, 31]],
];

/**
 * What `1990/5/20`, `１９９０－０５－２０`, `西暦1990年5月20日`, `平成2年5月20日` and `平2.5.20` mean:
 * a date, none of the calendar, or one outside of its era; null where there is doubt.
 */
function writtenDate(written) {
  const plain = written
    .normalize("NFKC")
    .replace(ALL_WHITE, "")
    .replace(/[−‐‑–—―ー]/g, "-");
  const [era, rest] = eraOf(plain);
  const [year, ...others] = dateParts(rest, era !== null) ?? [];
  if (year === undefined || (era ? year < 1 || year > 99 : year < 1000)) return null;
  if (era === null) return called(dateOf(year, ...others));
  const [, name, before, first, last] = era;
  const date = dateOf(before + year, ...others);
  if (date === null) return called(null);
  if (date.days.last < dateOf(...first).days.first) {
    const from = dayOf(before, first);
    return first[0] === before + 1
      ? { outside: `${name}は${from}からです` }
      : { outside: `${name}${from}より前は暦が違い、西暦の日付に直せません` };
  }
  if (date.days.first > dateOf(...last).days.last) return { outside: `${name}は${dayOf(before, last)}までです` };
  return called(date);
}

const called = (date) => (date === null ? { none: true } : { date });

function dayOf(before, [year, month, day]) {
  return `${year - before === 1 ? "元" : year - before}年${month}月${day}日`;
}

/** The era a text begins with, and the rest of the text. */
function eraOf(text) {
  for (const era of ERAS) {
    const [letter, name] = era;
    const begin = new RegExp(`^(?:${name}|${name[0]}|${letter}|${letter.toLowerCase()})(?=[0-9元])`);
    if (begin.test(text)) return [era, text.replace(begin, "").replace(/^元/, "1")];
  }
  return [null, text.replace(/^西暦/, "")];
}

/** Year, month and day with one kind of sign between them; of an era also the year alone. */
function dateParts(text, ofEra) {
  const shapes = [
    /^([0-9]{1,4})年(?:([0-9]{1,2})月(?:([0-9]{1,2})日)?)?$/,
    /^([0-9]{1,4})([/.-])([0-9]{1,2})(?:\2([0-9]{1,2}))?$/,
    ofEra ? /^([0-9]{1,2})$/ : /^([0-9]{4})([0-9]{2})([0-9]{2})$/,
  ];
  for (const shape of shapes) {
    const found = shape.exec(text);
    if (found) return found.slice(1).filter((part) => part && !/[/.-]/.test(part)).map(Number);
  }
  return null;
}
