// ---- 回答の見方 ---------------------------------------------------------------------------------
//
// Rules ask a `Patient`. There are two ways of looking at the answers: as the form stands now, and
// as a set of completions, in which an unanswered item may still come to be answered. In the second
// a search may have decided some items already.

/** 規則が尋ねる相手: 項目の回答と、ほかの規則の結果 */
export class Patient {
  constructor(form, answers, context) {
    this.form = form;
    this.answers = answers;
    this.context = context;
    this.now = this;
    this.decisions = null;
    this.assumed = new Map();
    this.known = { shown: new Memory(), definitions: new Memory(), judgements: new Memory() };
  }

  /** The same answers as a set of completions. */
  completions() {
    const other = new Patient(this.form, this.answers, this.context);
    other.now = this;
    return other;
  }

  get standsNow() {
    return this.now === this;
  }

  forget() {
    for (const memory of Object.values(this.known)) memory.forget();
  }

  /** Decides about an item; what was worked out before is forgotten. */
  decide(name, decision) {
    this.decisions.set(name, decision);
    this.forget();
  }

  /** Takes a rule for something from now on. */
  assume(name, value) {
    this.assumed.set(name, value);
    this.forget();
  }

  /** Takes that back. */
  retract(name) {
    this.assumed.delete(name);
    this.forget();
  }

  /** What is answered, as its item takes it. */
  answer(name) {
    const answer = this.answers.get(name);
    return answer === SOMETHING ? undefined : answer;
  }

  decision(name) {
    return this.decisions?.get(name) ?? UNDECIDED;
  }

  // Items.

  /** 表示されるか */
  shown(name) {
    const field = this.form.fields.get(name);
    if (field.only !== undefined && field.only !== this.context.application) return false;
    if (field.shown === undefined) return true;
    return this.known.shown.of(name, () => field.shown(this));
  }

  allShown(names) {
    return all(...names.map((name) => this.shown(name)));
  }

  /** What is written and what is true of a choice: a code that says unknown, and the known code. */
  chosen(name) {
    if (this.shown(name) !== true) return NOT_CHOSEN;
    const decided = this.decision(name).value;
    if (decided !== null) return decided;
    const code = this.answer(name);
    if (code === undefined) return NOT_CHOSEN;
    return this.form.fields.get(name).codeOf.get(code).unknown
      ? { written: code, truth: null }
      : { written: null, truth: code };
  }

  /** What a choice whose value is not known waits for. */
  choiceOpen(name) {
    const shown = this.shown(name);
    if (shown !== true) return firstOpen(shown);
    const isOpen = this.decision(name).value === null && this.chosen(name).truth === null;
    return isOpen ? { field: name, about: "value" } : null;
  }

  /** 選んだ番号がこのいずれかか */
  is(name, ...codes) {
    const { written, truth } = this.chosen(name);
    if (written !== null && codes.includes(written)) return true;
    if (truth !== null) return codes.includes(truth);
    const { codeOf } = this.form.fields.get(name);
    if (written !== null && codes.every((code) => codeOf.get(code).unknown)) return false;
    return new Unknown(this.choiceOpen(name));
  }

  /** 選んだ番号に含まれるか */
  includes(name, code) {
    const shown = this.shown(name);
    if (shown !== true) return unknown(shown);
    const decided = this.decision(name).value;
    if (decided?.included.includes(code)) return true;
    if (decided?.excluded.includes(code)) return false;
    const field = this.form.fields.get(name);
    const chosen = this.answer(name);
    if (chosen !== undefined) {
      if (chosen.includes(code)) return true;
      const isUnknown = (code) => field.codeOf.get(code).unknown;
      if (isUnknown(code) || !chosen.some(isUnknown)) return false;
    }
    // A code beyond the named ones cannot be decided by itself.
    const named = field.named?.includes(code);
    return new Unknown(named ? { field: name, about: "code", code } : null);
  }

  /** 記入があるか */
  answered(name) {
    const shown = this.shown(name);
    const isAnswered = this.answers.has(name);
    if (this.standsNow) return shown === true && isAnswered;
    const answered =
      isAnswered || (this.decision(name).answered ?? new Unknown({ field: name, about: "answered" }));
    const both = all(shown, answered);
    // Before it is asked whether it is answered, it must be certain that it is shown.
    return both instanceof Unknown && shown !== true ? unknown(shown) : both;
  }

  /** 数の回答 */
  number(name) {
    const field = this.form.fields.get(name);
    const shown = this.shown(name);
    if (field.type !== "number") return anything(shown);
    const open = shown === true ? { open: { field: name, about: "value" } } : shown;
    if (shown === true) {
      const decided = this.decision(name).value;
      if (decided !== null) return new Range(decided.low, decided.high, open);
      const answer = this.answer(name);
      if (answer !== undefined) return point(answer);
    }
    return new Range(field.low, field.high, open);
  }

  /** 選んだ番号の点数 */
  points(name) {
    const field = this.form.fields.get(name);
    const { truth } = this.chosen(name);
    const points = truth === null ? undefined : field.codeOf.get(truth).points;
    if (points !== undefined) return num(points);
    return between(...field.pointsRange, { open: this.choiceOpen(name) });
  }

  /** 日付の回答 */
  date(name) {
    const shown = this.shown(name);
    if (shown !== true) return anyDay(firstOpen(shown));
    const open = { field: name, about: "value" };
    const decided = this.decision(name).value;
    if (decided !== null) return new Days(decided.first, decided.last, open);
    const answer = this.answer(name);
    if (answer === undefined) return anyDay(open);
    const { first, last } = answer.days;
    return new Days(first, last, open);
  }

  /** 判定の日 */
  today() {
    return this.context.today.days;
  }

  /** 申請の種類（"new" 新規、"renewal" 更新） */
  application(kind) {
    return this.context.application === kind;
  }

  // Other rules.

  definition(name) {
    return this.known.definitions.of(name, () => {
      if (this.assumed.has(name)) return this.assumed.get(name);
      const value = this.ruled(name);
      const { total } = this.form.definitions[name];
      return total && value.open ? value.within(name) : value;
    });
  }

  /** What a rule says by itself. */
  ruled(name) {
    const { rule, fraction } = this.form.definitions[name];
    const value = rule(this);
    if (fraction === undefined || value.low === null) return value;
    return new Range(roundHalfUp(value.low, fraction), roundHalfUp(value.high, fraction), value);
  }

  /** 基準を満たすか */
  criterion(name) {
    return this.definition(name);
  }

  /** スコアや値 */
  value(name) {
    return this.definition(name);
  }

  /** 区分がこのいずれかか */
  grade(name, ...outcomes) {
    return this.definition(name).isAmong(outcomes);
  }

  /** 判定がこのいずれかか */
  category(name, ...categories) {
    return this.judgement(name).isAmong(categories);
  }

  /** The categories of a judgement that are still possible. */
  judgement(name) {
    return this.known.judgements.of(name, () => {
      const { categories } = this.form.judgements[name];
      const arms = [];
      for (const category of categories.slice(0, -1)) {
        const holds = category.when(this);
        arms.push([category.name, holds]);
        if (holds === true) break;
      }
      return firstMatch(arms, categories[categories.length - 1].name);
    });
  }

  /** 分からないとき yes とみなすか。今の記入だけを見る */
  treatUnknown(condition, yes) {
    const holds = condition(this.now);
    return holds instanceof Unknown ? yes : holds;
  }

  /** これらの項目が表示されるときの条件。表示されなければ otherwise */
  ifShown(names, condition, otherwise) {
    return ifThen(this.allShown(names), condition, otherwise);
  }

  /** これらの項目が表示されるときの数。表示されなければ otherwise */
  numberIfShown(names, number, otherwise) {
    return choose(this.allShown(names), number, otherwise);
  }

  /** この成果物に含まれない関数の結果: 分からない */
  outside() {
    this.form.asked.outside = true;
    return anything();
  }
}

/** Stands for some answer of which nothing is known but that it is there. */
const SOMETHING = Symbol("something");
const UNDECIDED = { answered: null, value: null };
const NOT_CHOSEN = { written: null, truth: null };

/** What has been worked out since the last change; older entries are kept to be used again. */
class Memory {
  constructor() {
    this.round = 0;
    this.entries = new Map();
  }

  forget() {
    this.round += 1;
  }

  of(name, make) {
    const entry = this.entries.get(name);
    if (entry?.round === this.round) return entry.value;
    const value = make();
    if (entry) [entry.round, entry.value] = [this.round, value];
    else this.entries.set(name, { round: this.round, value });
    return value;
  }
}
