// @ts-check
/**
 * One definition in the studio: what is typed goes to the compiler, what it says comes back as
 * diagnostics, preview, verdict and cases. Saving is always explicit and never overwrites what
 * somebody else wrote.
 *
 * The editor is the one of editor.js (CodeMirror) when it was built in, else a plain text area;
 * both have the same surface (web/src/surface.ts). Filling in the preview is form.js's work.
 *
 * @typedef {{line: number, column: number}} Place
 * @typedef {{from: Place, to: Place, severity: string, code: string, message: string, note: string,
 *   help: string|null, apply: (() => void)|null}} Mark
 * @typedef {{kind: string, getText(): string, setText(text: string): void,
 *   replace(from: Place, to: Place, text: string): void, goTo(from: Place, to: Place): void,
 *   setMarks(marks: Mark[]): void, focus(): void}} Surface
 * @typedef {{textarea: HTMLTextAreaElement, nonce: string, readOnly: boolean,
 *   onChange: () => void, onSave: () => void, asking: Asking,
 *   onGoTo: (path: string, from: Place, to: Place) => void}} Setup
 * @typedef {{hover(at: Place): Promise<any>, completion(at: Place): Promise<any>,
 *   definition(at: Place): Promise<any>}} Asking
 * @typedef {{file: string, here: boolean, from: Place, to: Place, text: string}} Label
 * @typedef {{code: string, severity: string, message: string, note: string, help: string|null,
 *   explanation: string|null, file: string, here: boolean, from: Place, to: Place, labels: Label[],
 *   fix: {from: Place, to: Place, text: string}|null}} Diagnostic
 * @typedef {{form_html: string, verdict_html: string, result: string, result_label: string,
 *   date: string, application: string}} Preview
 * @typedef {{revision: number, diagnostics: Diagnostic[], errors: number, warnings: number,
 *   stale: boolean, preview: Preview|null, no_preview: string|null,
 *   cases: {names: string[], passed: number, failed: number, html: string}}} Compiled
 * @typedef {{text: string, file: string, here: boolean, from: Place, to: Place}} Statement
 * @typedef {{possible: boolean, diagnostics: Diagnostic[], errors: number, warnings: number,
 *   proven: Statement[], not_proven: Statement[], unread: Diagnostic[]}} Proved
 */

const QUIET_MS = 250;
const POLL_MS = 3_000;
const RETRY_MS = 5_000;
/** So long do the findings of the former text stay, lest they flicker while the new one is proven. */
const PATIENCE_MS = 500;
const NARROW = window.matchMedia("(max-width: 60rem)");

const page = element("main", HTMLElement);
const path = page.dataset.path ?? "";
const form = element("preview-form", HTMLFormElement);
const preview = element("preview", HTMLElement);
const verdict = element("verdict", HTMLElement);
const goodText = element("good-text", HTMLTextAreaElement);
const caseChoice = element("case", HTMLSelectElement);
const through = document.getElementById("through");
const notices = element("notices", HTMLElement);

/** The text on disk as far as this page knows, as the editor counts lines. */
let saved = "";
/** Hash of the text this page's edits began with. */
let base = page.dataset.hash ?? "";
let revision = Number(page.dataset.revision);
/** The disk's hash the author has already been told about. */
let toldHash = base;

const editor = openEditor();
saved = editor.getText();
Object.assign(window, {
  kohyoEditor: { kind: editor.kind, getText: editor.getText, setText: editor.setText, focus: editor.focus },
});

// ---------------------------------------------------------------- the editor

/** @returns {Surface} */
function openEditor() {
  const textarea = element("text", HTMLTextAreaElement);
  /** @type {Setup} */
  const setup = {
    textarea,
    nonce: page.dataset.nonce ?? "",
    readOnly: false,
    onChange: changed,
    onSave: () => void save(),
    asking: {
      hover: (at) => question("hover", at),
      completion: (at) => question("completion", at),
      definition: (at) => question("definition", at),
    },
    onGoTo(file, from, to) {
      if (file === path) editor.goTo(from, to);
      else window.open(pageOf(file, from), "_blank", "noopener");
    },
  };
  const rich = /** @type {{kohyoRichEditor?: (setup: Setup) => Surface}} */ (/** @type {unknown} */ (window)).kohyoRichEditor;
  return rich ? rich(setup) : plainEditor(setup);
}

/**
 * Asks about a place; null when nobody answers. A question while reading is no reason for a notice.
 *
 * @param {string} feature
 * @param {Place} at
 * @returns {Promise<any>}
 */
async function question(feature, at) {
  const body = { path, text: editor.getText(), at: { line: at.line - 1, character: at.column } };
  try {
    const response = await fetch(`/api/${feature}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      credentials: "same-origin",
    });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/**
 * The page of a definition, at a line.
 *
 * @param {string} file
 * @param {Place} at
 */
function pageOf(file, at) {
  return `/definitions/${file.split("/").map(encodeURIComponent).join("/")}#L${at.line}`;
}

/**
 * @param {Setup} setup
 * @returns {Surface}
 */
function plainEditor({ textarea, onChange }) {
  textarea.addEventListener("input", onChange);
  /** @param {Place} place */
  const offset = ({ line, column }) => {
    let start = 0;
    for (let n = 1; n < line; n += 1) {
      const end = textarea.value.indexOf("\n", start);
      if (end < 0) return textarea.value.length;
      start = end + 1;
    }
    const end = textarea.value.indexOf("\n", start);
    return Math.min(start + column, end < 0 ? textarea.value.length : end);
  };
  /** @type {(from: number, to: number, text: string) => void} */
  const put = (from, to, text) => {
    const before = document.activeElement;
    textarea.focus({ preventScroll: true });
    textarea.setSelectionRange(from, to);
    // The one way that keeps the browser's undo; elsewhere the text is replaced without it.
    const done = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
    if (!done) {
      textarea.setRangeText(text, from, to, "end");
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (before instanceof HTMLElement && before !== textarea) before.focus({ preventScroll: true });
  };
  return {
    kind: "plain",
    getText: () => textarea.value,
    setText(text) {
      if (text !== textarea.value) put(0, textarea.value.length, text);
    },
    replace: (from, to, text) => put(offset(from), offset(to), text),
    goTo(from, to) {
      textarea.focus();
      textarea.setSelectionRange(offset(from), offset(to));
      const lines = textarea.value.split("\n").length;
      textarea.scrollTop = Math.max(0, ((from.line - 4) / lines) * textarea.scrollHeight);
    },
    setMarks() {},
    focus: () => textarea.focus(),
  };
}

let typing = 0;
let keeping = 0;

function changed() {
  showSaveState();
  clearTimeout(typing);
  typing = window.setTimeout(compile, QUIET_MS);
  clearTimeout(keeping);
  keeping = window.setTimeout(keepDraft, 1_000);
}

// ---------------------------------------------------------------- asking the compiler

/** Number of the newest question; older answers are dropped. */
let asked = 0;
/** @type {AbortController|null} */
let asking = null;
/** The last text without errors. @type {string|null} */
let good = null;

async function compile() {
  const number = ++asked;
  clearTimeout(typing);
  asking?.abort();
  asking = new AbortController();
  const text = editor.getText();
  const answers = collect();
  const request = {
    path,
    text,
    good: good === text ? null : good,
    through: through instanceof HTMLSelectElement ? through.value : null,
    case: caseChoice.value === "" ? null : Number(caseChoice.value),
    answers,
    date: element("date", HTMLInputElement).value,
    application: element("application", HTMLSelectElement).value,
  };
  page.setAttribute("aria-busy", "true");
  const told = /** @type {Compiled|null} */ (await ask("POST", "/api/compile", request, asking.signal));
  if (number !== asked) return;
  page.removeAttribute("aria-busy");
  if (told === null) return;
  revision = told.revision;
  if (told.errors === 0) {
    good = text;
    goodText.value = text;
  }
  void prove(told, text, number);
  showCases(told);
  // Something was filled in meanwhile: what was asked is no longer what stands there.
  if (JSON.stringify(collect()) !== JSON.stringify(answers)) return void compile();
  showPreview(told);
}

/**
 * Proves a text without errors; its findings are shown with those of compiling.
 *
 * @param {Compiled} told
 * @param {string} proving the text
 * @param {number} number of the question
 */
async function prove(told, proving, number) {
  if (told.errors > 0) {
    showDiagnostics(told);
    showProofs(null, "エラーを直すと、すべての患者について確かめます。");
    return;
  }
  const waiting = window.setTimeout(() => {
    showDiagnostics(told);
    showProofs(null, "確かめています…");
  }, PATIENCE_MS);
  const request = { path, text: proving, through: through instanceof HTMLSelectElement ? through.value : null };
  const proved = /** @type {Proved|null} */ (await ask("POST", "/api/prove", request, asking?.signal));
  clearTimeout(waiting);
  if (number !== asked) return;
  showDiagnostics(proved ?? told);
  if (proved === null) showProofs(null, "確かめることができませんでした。");
  else if (!proved.possible) showProofs(null, "このモジュールを使う疾病がないため、確かめることができません。");
  else showProofs(proved);
}

/** Written values by field name. */
function collect() {
  /** @type {Record<string, string[]>} */
  const answers = {};
  for (const [name, value] of new FormData(form)) {
    if (name.startsWith("_") || typeof value !== "string" || value === "") continue;
    (answers[name] ??= []).push(value);
  }
  return answers;
}

/**
 * Sends a question; tells the author what went wrong and gives null.
 *
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 * @param {AbortSignal} [signal]
 * @param {number[]} [expected] statuses the caller deals with
 * @returns {Promise<any>}
 */
async function ask(method, url, body, signal, expected = []) {
  try {
    const response = await fetch(url, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      credentials: "same-origin",
    });
    const answer = await response.json().catch(() => ({}));
    notice("offline", null);
    if (response.status !== 401) notice("signed-out", null);
    if (response.ok || expected.includes(response.status)) return answer;
    if (response.status === 401) {
      notice("signed-out", answer.message, "warning", [["ログインする", () => window.open("/sign-in", "_blank")]]);
    } else {
      notice("problem", answer.message ?? `要求に失敗しました（${response.status}）`, "error");
    }
    return null;
  } catch {
    if (signal?.aborted) return null;
    notice("offline", "サーバーに接続できません。編集内容はこの画面に残っています。接続が戻ると自動で再開します。", "error");
    typing = window.setTimeout(compile, RETRY_MS);
    return null;
  }
}

// ---------------------------------------------------------------- preview and verdict

/** @param {Compiled} told */
function showPreview(told) {
  const stale = element("stale", HTMLElement);
  stale.hidden = !told.stale;
  if (told.stale) {
    stale.textContent = told.preview
      ? "エラーがあるため直前の版を表示しています"
      : "エラーがあるため、プレビューを表示できません。「問題」を確認してください。";
  }
  page.toggleAttribute("data-stale", told.stale);
  notice("problem", null);
  if (!told.preview) {
    if (told.no_preview) preview.replaceChildren(text("p", "empty", told.no_preview));
    else if (!told.stale || good === null) preview.replaceChildren();
    if (good === null || told.no_preview) verdict.replaceChildren();
    return;
  }
  if (caseChoice.value !== "") {
    element("date", HTMLInputElement).value = told.preview.date;
    element("application", HTMLSelectElement).value = told.preview.application;
  }
  replaceForm(told.preview.form_html);
  replaceVerdict(told.preview.verdict_html);
  const strip = element("result-strip", HTMLElement);
  strip.textContent = told.preview.result_label;
  strip.dataset.resultBadge = told.preview.result;
  strip.hidden = false;
  startFormScript();
  // form.js may still wait for an answer about the former text; let it ask again.
  if (form.getAttribute("aria-busy") === "true") form.dispatchEvent(new Event("input"));
}

/** @param {string} html */
function replaceForm(html) {
  if (preview.dataset.drawn === html && preview.dataset.touched !== "true") return;
  const focused = document.activeElement;
  const name = focused instanceof HTMLElement && preview.contains(focused) ? focused.getAttribute("name") : null;
  const value = focused instanceof HTMLInputElement ? focused.value : "";
  const caret = focused instanceof HTMLInputElement && focused.type === "text" ? focused.selectionStart : null;
  const index = preview.querySelector(".section-index details");
  const open = index instanceof HTMLDetailsElement && index.open;
  const scroll = preview.scrollTop;
  preview.dataset.drawn = html;
  preview.dataset.touched = "false";
  // Drawn and escaped by the server.
  preview.innerHTML = html;
  preview.querySelector(".section-index details")?.toggleAttribute("open", open);
  preview.scrollTop = scroll;
  if (name) {
    const again = [...preview.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    const same = again.find((input) => input instanceof HTMLInputElement && input.value === value) ?? again[0];
    if (same instanceof HTMLElement) same.focus({ preventScroll: true });
    if (same instanceof HTMLInputElement && caret !== null) same.setSelectionRange(caret, caret);
  }
}

/**
 * Redraws the verdict without folding what the reader has unfolded.
 *
 * @param {string} html
 */
function replaceVerdict(html) {
  if (verdict.dataset.drawn === html) return;
  /** @type {Map<string, boolean>} */
  const open = new Map();
  for (const details of verdict.querySelectorAll("details[data-key]")) {
    if (details instanceof HTMLDetailsElement) open.set(details.dataset.key ?? "", details.open);
  }
  verdict.dataset.drawn = html;
  verdict.innerHTML = html;
  if (verdict.dataset.touched !== "true") return;
  for (const details of verdict.querySelectorAll("details[data-key]")) {
    if (!(details instanceof HTMLDetailsElement)) continue;
    const was = open.get(details.dataset.key ?? "");
    if (was !== undefined) details.open = was;
  }
}

/** form.js begins by asking about the form, so it has to wait until there is one. */
function startFormScript() {
  if (document.querySelector("script[data-form]")) return;
  const script = document.createElement("script");
  script.type = "module";
  script.src = page.dataset.formJs ?? "";
  script.dataset.form = "";
  document.head.append(script);
}

form.addEventListener("submit", (event) => event.preventDefault());
element("result-strip", HTMLElement).addEventListener("click", () => verdict.scrollIntoView({ block: "center" }));
preview.addEventListener("input", byHand);
for (const id of ["date", "application"]) element(id, HTMLElement).addEventListener("input", byHand);
verdict.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("summary")) verdict.dataset.touched = "true";
});

/** From now on the answers are the author's, no longer those of the chosen case. */
function byHand() {
  caseChoice.value = "";
  preview.dataset.touched = "true";
}

for (const choice of [caseChoice, through]) {
  // These redraw the whole form; form.js need not ask about the old one.
  choice?.addEventListener("input", (event) => event.stopPropagation());
  choice?.addEventListener("change", (event) => {
    event.stopPropagation();
    if (choice === through) {
      good = null;
      caseChoice.value = "";
    }
    void compile();
  });
}

element("clear", HTMLElement).addEventListener("click", () => {
  caseChoice.value = "";
  element("date", HTMLInputElement).value = page.dataset.today ?? "";
  element("application", HTMLSelectElement).value = "new";
  preview.replaceChildren();
  preview.dataset.drawn = "";
  void compile();
});

// ---------------------------------------------------------------- diagnostics

const SEVERITY = { error: "エラー", warning: "警告", information: "情報" };

/** @param {Pick<Compiled, "diagnostics"|"errors"|"warnings">} told */
function showDiagnostics(told) {
  const place = element("diagnostics", HTMLElement);
  const count = element("count-diagnostics", HTMLElement);
  const found = told.errors + told.warnings;
  count.hidden = found === 0;
  count.textContent = String(told.errors || told.warnings);
  count.className = `tab-count ${told.errors ? "tab-count-bad" : "tab-count-warn"}`;
  count.setAttribute("aria-label", told.errors ? `エラー${told.errors}件` : `警告${told.warnings}件`);
  editor.setMarks(told.diagnostics.filter((d) => d.here).map((d) => ({ ...d, apply: fixOf(d) })));
  if (told.diagnostics.length === 0) {
    place.replaceChildren(text("p", "empty", "エラーも警告もありません。"));
    return;
  }
  const lead = document.createElement("p");
  lead.className = "tab-lead";
  lead.dataset.testid = "diagnostics-summary";
  if (told.errors) lead.append(text("span", "tally tally-bad", `エラー${told.errors}`));
  if (told.warnings) lead.append(text("span", "tally tally-warn", `警告${told.warnings}`));
  const list = document.createElement("ol");
  list.className = "diagnostics";
  list.append(...told.diagnostics.map(drawDiagnostic));
  place.replaceChildren(lead, list);
}

/** @param {Diagnostic} d */
function drawDiagnostic(d) {
  const item = document.createElement("li");
  item.className = `diagnostic diagnostic-${d.severity}`;
  item.dataset.testid = "diagnostic";
  item.dataset.code = d.code;
  item.dataset.severity = d.severity;
  const head = document.createElement("p");
  head.className = "diagnostic-head";
  head.append(
    text("span", `badge level-${d.severity}`, SEVERITY[/** @type {keyof typeof SEVERITY} */ (d.severity)] ?? d.severity),
    jump(d.here, d.file, d.from, d.to),
    text("code", "muted", d.code),
  );
  item.append(head, text("p", "diagnostic-message", d.message));
  if (d.note) item.append(text("p", "diagnostic-note", d.note));
  for (const label of d.labels) {
    const line = text("p", "diagnostic-note", `${label.text} `);
    line.append(jump(label.here, label.file, label.from, label.to));
    item.append(line);
  }
  if (d.help) {
    const help = text("p", "diagnostic-help", "");
    help.append(text("strong", "", "ヒント "), ...withCode(d.help));
    item.append(help);
  }
  const apply = d.here ? fixOf(d) : null;
  if (apply && d.fix) {
    const line = document.createElement("p");
    line.className = "diagnostic-fix";
    const button = text("button", "button-small", "修正を適用");
    button.setAttribute("type", "button");
    button.dataset.testid = "apply-fix";
    button.addEventListener("click", apply);
    line.append(button);
    if (d.fix.text.length <= 60 && !d.fix.text.includes("\n")) {
      line.append(d.fix.text ? text("code", "", d.fix.text) : text("span", "muted", "（削除）"));
    }
    item.append(line);
  }
  if (d.explanation) {
    const details = document.createElement("details");
    details.append(text("summary", "", "くわしい説明"), text("div", "explanation-text", d.explanation));
    item.append(details);
  }
  return item;
}

/** Code between backquotes reads as code. @param {string} help */
function withCode(help) {
  return help.split("`").map((part, index) => (index % 2 ? text("code", "", part) : document.createTextNode(part)));
}

/**
 * @param {boolean} here
 * @param {string} file
 * @param {Place} from
 * @param {Place} to
 */
function jump(here, file, from, to) {
  if (!here) {
    const link = document.createElement("a");
    link.href = pageOf(file, from);
    link.textContent = `${file} ${from.line}行`;
    return link;
  }
  const button = text("button", "jump", `${from.line}行 ${from.column + 1}列`);
  button.setAttribute("type", "button");
  button.dataset.testid = "jump";
  button.addEventListener("click", () => {
    if (NARROW.matches) show("editor");
    editor.goTo(from, to);
  });
  return button;
}

/** @param {Diagnostic} d @returns {(() => void)|null} */
function fixOf(d) {
  const fix = d.fix;
  if (!fix) return null;
  const drawnFor = editor.getText();
  return () => {
    // Places are only good for the text they were found in.
    if (editor.getText() !== drawnFor) return void compile();
    editor.replace(fix.from, fix.to, fix.text);
    void compile();
  };
}

// ---------------------------------------------------------------- proofs

/**
 * @param {Proved|null} proved
 * @param {string} [instead] what is said while there are no proofs
 */
function showProofs(proved, instead = "") {
  const place = element("proofs", HTMLElement);
  const count = element("count-proofs", HTMLElement);
  const [sound, open] = [proved?.proven.length ?? 0, proved?.not_proven.length ?? 0];
  count.hidden = sound + open === 0;
  count.textContent = String(open || sound);
  count.className = `tab-count ${open ? "tab-count-warn" : "tab-count-good"}`;
  count.setAttribute("aria-label", open ? `証明できないこと${open}件` : `証明できたこと${sound}件`);
  if (proved === null) {
    place.replaceChildren(text("p", "empty", instead));
    return;
  }
  const parts = [text("p", "tab-lead", "未記入や不明も含め、ありうるすべての患者について確かめた結果です。反例のある規則は「問題」にあります。")];
  if (open) parts.push(text("h2", "proofs-head", "証明できなかったこと"), drawStatements(proved.not_proven, "open", "未確認"));
  if (sound) parts.push(text("h2", "proofs-head", "成り立つこと"), drawStatements(proved.proven, "proven", "証明済"));
  else parts.push(text("p", "empty", "証明できたことはありません。"));
  if (proved.unread.length > 0) {
    const details = document.createElement("details");
    details.className = "unread";
    const list = document.createElement("ul");
    for (const d of proved.unread) {
      const item = text("li", "", `${d.message} `);
      item.append(jump(d.here, d.file, d.from, d.to));
      list.append(item);
    }
    details.append(text("summary", "", `判定にもチェックにも使われない項目（${proved.unread.length}件）`), list);
    parts.push(details);
  }
  place.replaceChildren(...parts);
}

/**
 * @param {Statement[]} statements
 * @param {string} kind
 * @param {string} word
 */
function drawStatements(statements, kind, word) {
  const list = document.createElement("ul");
  list.className = "statements";
  for (const said of statements) {
    const item = document.createElement("li");
    item.className = `statement statement-${kind}`;
    item.dataset.testid = "statement";
    item.append(text("span", "badge", word), text("span", "statement-text", said.text), jump(said.here, said.file, said.from, said.to));
    list.append(item);
  }
  return list;
}

// ---------------------------------------------------------------- cases and impact

/** @param {Compiled} told */
function showCases(told) {
  const count = element("count-cases", HTMLElement);
  const { names, passed, failed, html } = told.cases;
  count.hidden = passed + failed === 0;
  count.textContent = failed ? String(failed) : String(passed);
  count.className = `tab-count ${failed ? "tab-count-bad" : "tab-count-good"}`;
  count.setAttribute("aria-label", failed ? `不合格${failed}件` : `合格${passed}件`);
  const place = element("cases", HTMLElement);
  if (place.dataset.drawn !== html) {
    place.dataset.drawn = html;
    place.innerHTML = html;
  }
  const drawn = JSON.stringify(names);
  if (caseChoice.dataset.drawn !== drawn) {
    caseChoice.dataset.drawn = drawn;
    const chosen = caseChoice.value;
    caseChoice.replaceChildren(
      new Option("手で入力", ""),
      ...names.map((name, index) => new Option(`${index + 1}. ${name}`, String(index))),
    );
    caseChoice.value = Number(chosen) < names.length ? chosen : "";
  }
}

element("cases", HTMLElement).addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-case]") : null;
  if (!(button instanceof HTMLElement)) return;
  caseChoice.value = button.dataset.case ?? "";
  show("preview");
  void compile();
});

document.getElementById("check-impact")?.addEventListener("click", async (event) => {
  const button = event.currentTarget;
  if (!(button instanceof HTMLButtonElement)) return;
  button.disabled = true;
  const told = await ask("POST", "/api/impact", { path, text: editor.getText() });
  button.disabled = false;
  if (told) element("impact", HTMLElement).innerHTML = told.html;
});

/**
 * Whether a module is to be saved: what changes in the diseases that use it is shown before.
 *
 * @param {string} text
 * @returns {Promise<boolean>}
 */
async function reaches(text) {
  const told = await ask("POST", "/api/impact", { path, text });
  // What cannot be found out does not keep the author from saving.
  if (told === null) return true;
  element("impact", HTMLElement).innerHTML = told.html;
  if (told.changed === 0) return true;
  const worse = told.worse ? `うち${told.worse}件は、エラー又は不合格のケースが増えます。` : "悪くなる疾病はありません。";
  element("reach-lead", HTMLElement).textContent =
    `このモジュールを使う疾病${told.users}件のうち、${told.changed}件で結果が変わります。${worse}`;
  element("reach-list", HTMLElement).innerHTML = told.html;
  const dialog = element("reach", HTMLDialogElement);
  return new Promise((decide) => {
    dialog.returnValue = "";
    dialog.onclose = () => decide(dialog.returnValue === "save");
    element("save-all-the-same", HTMLButtonElement).onclick = () => dialog.close("save");
    element("save-later", HTMLButtonElement).onclick = () => dialog.close();
    dialog.showModal();
  });
}

// ---------------------------------------------------------------- saving

const dirty = () => editor.getText() !== saved;

function showSaveState() {
  const place = element("save-state", HTMLElement);
  const state = dirty() ? "unsaved" : "saved";
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  place.textContent = state === "unsaved" ? "未保存の変更があります" : "保存済み";
}

let saving = false;

async function save() {
  if (saving || page.hasAttribute("data-read-only")) return;
  const place = element("save-state", HTMLElement);
  const text = editor.getText();
  saving = true;
  place.dataset.state = "busy";
  if (page.dataset.module === "true" && dirty()) {
    place.textContent = "使う疾病への影響を確かめています…";
    if (!await reaches(text)) {
      saving = false;
      place.dataset.state = "";
      return showSaveState();
    }
  }
  place.textContent = "保存しています…";
  const told = await ask("PUT", address(), { text, base }, undefined, [409, 403, 507, 500]);
  saving = false;
  place.dataset.state = "";
  showSaveState();
  if (told === null) return;
  if (told.error === "conflict") return conflict(told.text, told.hash);
  if (told.error) {
    notice("save", `${told.message}。編集内容はこの画面に残っています。`, "error");
    return;
  }
  notice("save", null);
  notice("changed", null);
  base = told.hash;
  toldHash = told.hash;
  saved = text;
  place.dataset.state = "";
  showSaveState();
  if (!dirty()) {
    place.textContent = `${told.at} に保存しました${told.errors ? `（エラー${told.errors}件）` : ""}`;
    if (told.errors) place.dataset.state = "errors";
  }
  if (told.errors) {
    const what = page.dataset.module === "true" ? "このモジュールを使う疾病" : "この定義";
    notice("save", `エラーが${told.errors}件あるまま保存しました。エラーを直すまで、${what}は公開できません。`, "warning",
      [["エラーを見る", () => show("diagnostics")]]);
  }
  keepDraft();
}

const address = () => `/api/definitions/${path.split("/").map(encodeURIComponent).join("/")}`;

element("save", HTMLButtonElement).addEventListener("click", () => void save());
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s" && !event.defaultPrevented) {
    event.preventDefault();
    void save();
  }
});

element("format", HTMLButtonElement).addEventListener("click", async () => {
  const before = editor.getText();
  const told = await ask("POST", "/api/format", { text: before });
  if (told === null || editor.getText() !== before) return;
  if (told.text === before) notice("format", "すでに整っています。", "info", [], 3_000);
  else editor.setText(told.text);
});

/**
 * Shows both versions and lets the author choose.
 *
 * @param {string|null} theirs
 * @param {string|null} hash
 */
function conflict(theirs, hash) {
  if (theirs === null || hash === null) {
    notice("save", "ファイルが削除されたか、読めない文字コードに変わっています。控えを保存してから、ファイルの状態を確認してください。", "error",
      [["控えを保存", () => download(editor.getText())]]);
    return;
  }
  const dialog = element("conflict", HTMLDialogElement);
  const mine = editor.getText();
  const shown = theirs.replaceAll("\r\n", "\n");
  compareInto(mine, shown);
  offer("download-mine", mine, "この画面の版");
  offer("download-theirs", shown, "ファイルの版");
  element("keep-mine", HTMLButtonElement).onclick = () => {
    dialog.close();
    // A third version that came meanwhile is a conflict again.
    base = hash;
    toldHash = hash;
    void save();
  };
  element("take-theirs", HTMLButtonElement).onclick = () => {
    dialog.close();
    editor.setText(shown);
    base = hash;
    toldHash = hash;
    saved = shown;
    showSaveState();
    notice("changed", "ファイルの内容を読み込みました。「元に戻す」（Ctrl+Z）で、読み込む前の編集内容に戻せます。", "info", [], 12_000);
  };
  element("decide-later", HTMLButtonElement).onclick = () => dialog.close();
  dialog.showModal();
}

/**
 * Both texts with the lines that differ marked.
 *
 * @param {string} mine
 * @param {string} theirs
 */
function compareInto(mine, theirs) {
  const [a, b] = [mine.split("\n"), theirs.split("\n")];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  /** @type {(id: string, lines: string[], other: string[], end: number) => void} */
  const put = (id, lines, other, end) => {
    const known = new Set(other.slice(start, id === "version-mine" ? endB : endA));
    const place = element(id, HTMLElement);
    place.replaceChildren(...lines.map((line, n) => {
      const differs = n >= start && n < end && !known.has(line);
      return text("span", differs ? "line differs" : "line", `${line}\n`);
    }));
    // Once the dialog is open; only this box scrolls, not the dialog around it.
    queueMicrotask(() => {
      const first = place.querySelector(".differs");
      const down = first ? first.getBoundingClientRect().top - place.getBoundingClientRect().top : 0;
      place.scrollTop += down - place.clientHeight / 3;
    });
  };
  put("version-mine", a, b, endA);
  put("version-theirs", b, a, endB);
}

/**
 * @param {string} id
 * @param {string} content
 * @param {string} suffix
 */
function offer(id, content, suffix) {
  const link = element(id, HTMLAnchorElement);
  if (link.href.startsWith("blob:")) URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([content], { type: "text/plain" }));
  link.download = `${path.replaceAll("/", "_")}.${suffix}.txt`;
}

/** @param {string} content */
function download(content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "text/plain" }));
  link.download = `${path.replaceAll("/", "_")}.txt`;
  link.click();
  URL.revokeObjectURL(link.href);
}

// Registered before form.js is loaded, so that filling in the preview alone never asks to stay.
window.addEventListener("beforeunload", (event) => {
  event.stopImmediatePropagation();
  keepDraft();
  if (dirty()) event.preventDefault();
});

// ---------------------------------------------------------------- drafts and other people's changes

const draftKey = `kohyo-studio:${path}`;

/** A draft of a former page is offered and not yet decided about. */
let offered = false;
/** The draft that is kept is this page's, not that of a page that crashed or of another tab. */
let ownDraft = false;

/** Unsaved text outlives a crash of the browser. */
function keepDraft() {
  if (offered) return;
  try {
    if (dirty()) {
      localStorage.setItem(draftKey, JSON.stringify({ text: editor.getText(), base }));
      ownDraft = true;
    } else if (ownDraft) {
      localStorage.removeItem(draftKey);
      ownDraft = false;
    }
  } catch {
    // No room or not allowed: the text is still in the editor.
  }
}

function offerDraft() {
  /** @type {{text?: unknown, base?: unknown}} */
  let draft = {};
  try {
    draft = JSON.parse(localStorage.getItem(draftKey) ?? "{}");
  } catch {
    return;
  }
  const kept = draft.text;
  const from = draft.base;
  if (typeof kept !== "string" || typeof from !== "string" || kept === saved) return;
  offered = true;
  notice("draft", from === base
    ? "前回、保存せずに閉じた編集内容が残っています。"
    : "前回、保存せずに閉じた編集内容が残っています。その後、ファイルも変更されています。", "info", [
    ["復元する", () => {
      // Saving then compares with what the draft began with, so nothing is overwritten unseen.
      base = from;
      editor.setText(kept);
      decided();
    }],
    ["破棄する", () => {
      localStorage.removeItem(draftKey);
      decided();
    }],
  ]);
}

function decided() {
  offered = false;
  ownDraft = true;
  notice("draft", null);
  keepDraft();
}

async function poll() {
  if (document.hidden) return;
  try {
    const response = await fetch(`/api/state/${path.split("/").map(encodeURIComponent).join("/")}`);
    if (!response.ok) return;
    const state = await response.json();
    if (state.hash !== toldHash && !saving) {
      toldHash = state.hash;
      if (state.hash === base) notice("changed", null);
      else if (state.hash === null) notice("changed", "ファイルが外部で削除されました。編集内容はこの画面に残っています。", "warning",
        [["控えを保存", () => download(editor.getText())]]);
      else notice("changed", "ファイルが外部で変更されました", "info", [["内容を確認する", look]]);
    }
    if (state.revision !== revision) {
      revision = state.revision;
      void compile();
    }
  } catch {
    // The next question to the compiler tells the author that the server is away.
  }
}

/** Takes the text of the file when nothing is unsaved, else shows both. */
async function look() {
  const told = await ask("GET", address());
  if (told === null) return;
  notice("changed", null);
  if (dirty()) return conflict(told.text, told.hash);
  const shown = told.text.replaceAll("\r\n", "\n");
  base = told.hash;
  toldHash = told.hash;
  saved = shown;
  editor.setText(shown);
  showSaveState();
}

window.setInterval(() => void poll(), POLL_MS);
document.addEventListener("visibilitychange", () => void poll());

// ---------------------------------------------------------------- tabs

const tabs = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("[data-tab]")]);

/** @param {string} view */
function show(view) {
  page.dataset.view = view;
  const active = !NARROW.matches && view === "editor" ? "preview" : view;
  for (const tab of tabs) {
    const chosen = tab.dataset.tab === active;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    if (chosen) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

for (const tab of tabs) {
  tab.addEventListener("click", () => show(tab.dataset.tab ?? "preview"));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const visible = tabs.filter((t) => t.offsetParent !== null);
    const next = visible[(visible.indexOf(tab) + step + visible.length) % visible.length];
    if (!next) return;
    event.preventDefault();
    show(next.dataset.tab ?? "preview");
    next.focus();
  });
}
NARROW.addEventListener("change", () => show(page.dataset.view ?? "preview"));

// ---------------------------------------------------------------- small things

/**
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
function element(id, type) {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`#${id} is missing`);
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} content
 */
function text(tag, className, content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = content;
  return made;
}

/**
 * Shows, replaces or (with null) removes one message.
 *
 * @param {string} id
 * @param {string|null} message
 * @param {string} [kind]
 * @param {[string, () => void][]} [actions]
 * @param {number} [fades] removes it after so many milliseconds
 */
function notice(id, message, kind = "info", actions = [], fades = 0) {
  const old = notices.querySelector(`[data-notice="${id}"]`);
  if (message === null) return void old?.remove();
  if (old?.getAttribute("data-message") === message) return;
  const bar = document.createElement("div");
  bar.className = `bar bar-${kind}`;
  bar.dataset.notice = id;
  bar.dataset.testid = `notice-${id}`;
  bar.dataset.message = message;
  bar.append(text("span", "", message));
  for (const [label, act] of actions) {
    const button = text("button", "button-small", label);
    button.setAttribute("type", "button");
    button.addEventListener("click", act);
    bar.append(button);
  }
  const close = text("button", "bar-close", "×");
  close.setAttribute("type", "button");
  close.setAttribute("aria-label", "この知らせを閉じる");
  close.addEventListener("click", () => bar.remove());
  bar.append(close);
  if (old) old.replaceWith(bar);
  else notices.append(bar);
  if (fades) window.setTimeout(() => bar.remove(), fades);
}

function goToHash() {
  const line = Number(/^#L(\d+)$/.exec(location.hash)?.[1] ?? 0);
  if (!line) return;
  if (NARROW.matches) show("editor");
  editor.goTo({ line, column: 0 }, { line, column: 0 });
}

show(NARROW.matches ? "editor" : "preview");
window.addEventListener("hashchange", goToHash);
goToHash();
offerDraft();
void compile();
