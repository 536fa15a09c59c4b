// ---- 様式 ---------------------------------------------------------------------------------------

/** 様式を作る。様式ごとのモジュールが使う */
export function defineForm({ about, fields, definitions, judgements, checks }) {
  const form = {
    programme: about.programme,
    fields: new Map(Object.entries(fields).map(([name, field]) => [name, prepared(name, field)])),
    definitions,
    judgements,
    checks,
    asked: { outside: false },
  };
  return {
    evaluate: (answers, context) => evaluate(form, answers, context),
    visibility: (answers, context) => visibilityOf(begin(form, answers, context).now),
    calculations: (answers, context) => calculationsOf(begin(form, answers, context).completions),
    findings: (answers, context) => {
      const { now, unread } = begin(form, answers, context);
      return findingsOf(now, unread);
    },
    judge: (answers, context) => judgementOf(begin(form, answers, context).completions),
    missing: (answers, context) => {
      const { now } = begin(form, answers, context);
      return missingOf(form, now.answers, now.context);
    },
  };
}

/** A field with what is worked out of it once. */
function prepared(name, field) {
  const ready = { ...field, name };
  if (field.codes) {
    ready.codeOf = new Map(field.codes.map((code) => [code.value, code]));
    const points = field.codes.flatMap(({ unknown, points }) =>
      unknown || points === undefined ? [] : [decimal(points)],
    );
    ready.pointsRange =
      points.length === 0 ? [null, null] : [points.reduce(smaller), points.reduce(larger)];
  }
  if (field.type === "number") {
    const { digits, fraction, min, max } = field;
    const limit = new Decimal(power10(digits) - 1n, fraction);
    ready.step = new Decimal(1n, fraction);
    ready.low = roundUp(min === undefined ? negated(limit) : larger(decimal(min), negated(limit)), fraction);
    ready.high = roundDown(max === undefined ? limit : smaller(decimal(max), limit), fraction);
    ready.cuts = (field.cuts ?? []).map(decimal);
  }
  return ready;
}

function begin(form, answers, { today, application }) {
  const date = parseDate(String(today));
  if (date === null || date.precision !== 2) {
    throw new RangeError(`判定の日は 2026-04-01 のように書いてください（${today}）`);
  }
  if (application !== "new" && application !== "renewal") {
    throw new RangeError(`申請の種類は "new"（新規）か "renewal"（更新）です（${application}）`);
  }
  const { answers: known, findings: unread } = read(form, answers);
  const now = new Patient(form, known, { today: date, application });
  return { now, completions: now.completions(), unread };
}

function evaluate(form, answers, context) {
  const { now, completions, unread } = begin(form, answers, context);
  return {
    ...judgementOf(completions),
    calculations: calculationsOf(completions),
    visibility: visibilityOf(now),
    findings: findingsOf(now, unread),
  };
}

// 表示と必須

function isRequired(now, field) {
  return field.required === true || (field.requiredWhen?.(now) ?? false) === true;
}

/** Whether an answer is one too many. */
function isHidden(now, field) {
  const asked = field.only === undefined || field.only === now.context.application;
  return asked && field.hidden !== undefined ? field.hidden(now) === true : now.shown(field.name) === false;
}

function visibilityOf(now) {
  const states = [...now.form.fields.values()].map((field) => {
    const shown = now.shown(field.name) === true;
    return [field.name, { shown, required: shown && isRequired(now, field) }];
  });
  return Object.fromEntries(states);
}

// 点検

function findingsOf(now, unread) {
  const { fields, checks } = now.form;
  const findings = [];
  const unreadFields = new Set(unread.map((finding) => finding.fields[0]));
  for (const field of fields.values()) {
    const shown = now.shown(field.name);
    const answered = now.answers.has(field.name);
    if (answered && isHidden(now, field)) findings.push(hiddenFinding(now, field));
    const missing = shown === true && !answered && isRequired(now, field);
    // What was written but could not be read is not missing as well.
    if (missing && !unreadFields.has(field.name)) findings.push(missingFinding(field));
  }
  for (const { id, level, at, only, message, help, violated } of checks) {
    const applies = only === undefined || only === now.context.application;
    if (applies && violated(now) === true) {
      findings.push({ check: id, level, fields: at, message, help: help ?? null, value: null });
    }
  }
  const order = new Map([...fields.keys()].map((name, index) => [name, index]));
  const place = (finding) => order.get(finding.fields[0]) ?? Infinity;
  return [...findings, ...unread]
    .map((finding) => [place(finding), finding])
    .sort(([a], [b]) => (a === b ? 0 : a - b))
    .map(([, finding]) => finding);
}

function hiddenFinding(now, field) {
  const ofOther = field.only !== undefined && field.only !== now.context.application;
  const kind = now.context.application === "new" ? "更新申請" : "新規申請";
  const why = ofOther ? `${kind}だけの項目ですが` : "ほかの回答により記入しない項目ですが";
  const answer = now.answers.get(field.name);
  const written = Array.isArray(answer) ? answer : [answer];
  return {
    check: `hidden.${field.name}`,
    level: "error",
    fields: [field.name],
    message: ofOther
      ? `「${field.label}」は${why}、記入があります`
      : `「${field.label}」は、${why}、記入があります`,
    help: `記入を消すか、${ofOther ? "申請の種類" : "この項目の条件となる回答"}を確かめてください`,
    value: written.length === 1 ? String(written[0]) : null,
  };
}

function missingFinding(field) {
  return {
    check: `required.${field.name}`,
    level: "error",
    fields: [field.name],
    message: `「${field.label}」が未記入です`,
    help: howToAnswer(field.codes ?? []),
    value: null,
  };
}

// Not knowing is not the same as not having done.
function howToAnswer(codes) {
  const open = codes.filter((code) => code.unknown).map((code) => code.label);
  const saysUnknown = (label) => label.includes("不明");
  const saysNotDone = (label) => /未実施|未検査|未検討|未撮影/.test(label);
  const offered = (when, labels) =>
    labels.length === 0 ? "" : `。${when}ときは${labels.map((label) => `「${label}」`).join("")}を選べます`;
  const unknown = open.filter(saysUnknown);
  const notDone = open.filter((label) => !saysUnknown(label) && saysNotDone(label));
  return `記入してください${offered("分からない", unknown)}${offered("行っていない", notDone)}`;
}

// 計算

function calculationsOf(completions) {
  const values = Object.entries(completions.form.definitions).map(([name, definition]) => [
    name,
    { label: definition.label, ...valueOf(completions, name, definition) },
  ]);
  return Object.fromEntries(values);
}

const UNKNOWN_TEXT = "不明";

function valueOf(completions, name, definition) {
  const value = completions.definition(name);
  switch (definition.kind) {
    case "criterion":
      if (value instanceof Unknown) return { value: null, text: UNKNOWN_TEXT };
      return { value: String(value), text: value ? "満たす" : "満たさない" };
    case "number":
      return { value: value.known?.toString() ?? null, text: numberText(definition, value) };
    default: {
      const [only] = value.possible.size === 1 ? value.possible : [null];
      return { value: only, text: outcomesText(definition, possibleOutcomes(completions, name)) };
    }
  }
}

/** In the order of the form. */
function outcomesText(definition, possible) {
  const labels = definition.outcomes.filter(({ name }) => possible.has(name)).map(({ label }) => label);
  if (possible.size === 1 && labels.length === 1) return labels[0];
  return namesSeveral(possible) ? `${UNKNOWN_TEXT}（${labels.join("・")}のいずれか）` : UNKNOWN_TEXT;
}

/** Whether these outcomes are named, `null` standing for none at all. */
const namesSeveral = (possible) => !possible.has(null) && (possible.size === 2 || possible.size === 3);

function numberText({ unit = "", fraction, points }, range) {
  const { known, low, high } = range;
  if (known !== null) {
    return withUnit(fraction === undefined ? readable(known) : known.toFixed(fraction), unit);
  }
  if (!points || low === null) return UNKNOWN_TEXT;
  return withUnit(`${readable(low)}〜${readable(high)}`, unit);
}

const SHOWN_DIGITS = 6;

/** As people read it: what a division leaves is cut to a few digits and says so. */
function readable(number) {
  const exact = number.toString();
  const [whole, after = ""] = exact.split(".");
  if (after.length <= SHOWN_DIGITS) return exact;
  const digits = `${whole}${after}`.replace(/^-?0*/, "").length;
  const rounded = roundHalfUp(number, Math.max(0, after.length + SHOWN_DIGITS - digits)).toString();
  return rounded === exact ? exact : `約${rounded}`;
}

/** Japanese units and signs follow the number at once, others after a blank. */
const withUnit = (number, unit) => (/^[A-Za-z0-9µ/]/.test(unit) ? `${number} ${unit}` : number + unit);

// 判定

const RESULTS = {
  eligible: "認定基準を満たす",
  mild: "診断基準は満たすが重症度基準を満たさない（軽症）",
  not_met: "認定基準を満たさない",
  undetermined: "判定不能（要確認）",
};

function judgementOf(completions) {
  const { form } = completions;
  form.asked.outside = false;
  const { result, exact } = settledResult(completions);
  const judgements = Object.entries(form.judgements).map(([name, { label, categories }]) => {
    const possible = possibleCategories(completions, name);
    const inOrder = categories.filter((category) => possible.has(category.name));
    const only = possible.size === 1 ? inOrder[0] : null;
    return [
      name,
      {
        label,
        category: only?.name ?? null,
        categoryLabel: only?.label ?? null,
        eligible: only ? only.eligible === true : null,
        possible: inOrder.map((category) => category.name),
      },
    ];
  });
  return {
    result,
    label: RESULTS[result],
    exact: exact && !(result === "undetermined" && form.asked.outside),
    judgements: Object.fromEntries(judgements),
  };
}
