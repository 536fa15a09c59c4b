// @ts-check
/**
 * Keeps a form in step with the server while it is filled in: what is shown and required,
 * calculated values, findings, the verdict, the section index and whether it is saved.
 *
 * Progressive: without this file the same form is sent by its own buttons. The server's answer
 * is the authority; nothing is judged here, and nothing typed is ever removed or rewritten.
 *
 * @typedef {{field: string, check: string, level: string, level_label: string, message: string, help: string|null}} Finding
 * @typedef {{
 *   shown: Record<string, boolean>, required: Record<string, boolean>, open: Record<string, boolean>, groups: Record<string, boolean>,
 *   values: Record<string, string>, readings: Record<string, string>, findings: Finding[],
 *   sections: Record<string, {open: number, done: boolean}>, result: string, result_label: string, verdict_html: string
 * }} Live
 */

const QUIET_MS = 250;
const AUTOSAVE_MS = 10_000;
const RETRY_MS = 30_000;
const STALE_MS = 400;
const SAVE_FAILED = "自動保存できませんでした。30秒後に再試行します";

document.documentElement.classList.add("scripted");
for (const form of document.querySelectorAll("form[data-live]")) {
  if (form instanceof HTMLFormElement) start(form);
}
narrowIndexes();

/** @param {HTMLFormElement} form */
function start(form) {
  /** Number of the newest question asked; older answers are dropped. */
  let asked = 0;
  let timer = 0;
  let saveTimer = 0;
  /** Runs while the newest question waits for its answer. */
  let staleTimer = 0;
  let dirty = form.hasAttribute("data-unsaved");
  let sending = false;
  /** The last draft could not be kept by itself. */
  let failed = false;
  /** The draft that is on its way. @type {Promise<void>|null} */
  let saving = null;
  /** Counts changes, so that one made while a save is under way stays unsaved. */
  let changes = 0;

  form.addEventListener("input", () => {
    compareWithEarlier(form);
    dirty = true;
    changes += 1;
    tell(form, failed ? SAVE_FAILED : "未保存の変更があります", "unsaved");
    clearTimeout(timer);
    timer = window.setTimeout(check, QUIET_MS);
    // Who types without a pause is saved all the same: a timer that runs is left alone.
    if (!saveTimer) saveLater(AUTOSAVE_MS);
  });

  /** @param {number} wait */
  function saveLater(wait) {
    clearTimeout(saveTimer);
    saveTimer = form.dataset.autosave ? window.setTimeout(autosave, wait) : 0;
  }

  // Delete empties a choice, so that its button need not be a stop of the Tab key.
  for (const button of elements(form, "[data-clear]")) {
    button.tabIndex = -1;
    button.title = "Deleteキーでも取り消せます";
  }
  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!["Delete", "Backspace"].includes(event.key) || !(input instanceof HTMLInputElement) || input.type !== "radio") return;
    const clear = input.closest("[data-field]")?.querySelector("[data-clear]");
    if (clear instanceof HTMLElement) clear.click();
  });

  form.addEventListener("click", (event) => {
    const take = event.target instanceof Element ? event.target.closest("[data-take]") : null;
    if (!(take instanceof HTMLElement)) return;
    event.preventDefault();
    takeOver(form, take.dataset.take ?? "");
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });

  form.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-clear]") : null;
    if (!(target instanceof HTMLElement)) return;
    event.preventDefault();
    const name = target.dataset.clear ?? "";
    for (const input of inputs(form, name)) {
      if (input instanceof HTMLInputElement) input.checked = false;
    }
    const first = inputs(form, name)[0];
    if (first) first.focus();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button instanceof HTMLButtonElement && button.value === "check" && button.name === "_action") {
      event.preventDefault();
      check();
      return;
    }
    if (sending) {
      event.preventDefault();
      return;
    }
    clearTimeout(saveTimer);
    saveTimer = 0;
    if (saving) {
      // What is sent carries the version that the draft under way is about to get.
      event.preventDefault();
      void saving.then(() => form.requestSubmit(button));
      return;
    }
    sending = true;
    dirty = false;
    tell(form, "送信しています…", "busy");
  });

  // A page taken back from the browser's cache may be sent again; whether it arrived is not known.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && sending) {
      dirty = true;
      tell(form, "未保存の変更があるかもしれません", "unsaved");
    }
    sending = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });

  async function check() {
    const number = ++asked;
    form.setAttribute("aria-busy", "true");
    if (!staleTimer) staleTimer = window.setTimeout(() => stale("再計算中…"), STALE_MS);
    try {
      const response = await send(form, form.dataset.live ?? "");
      if (number !== asked) return;
      if (!response.ok) throw new Error(String(response.status));
      const live = /** @type {Live} */ (await response.json());
      if (number !== asked) return;
      apply(form, live);
      fresh();
      offline(form, null);
    } catch (error) {
      if (number !== asked) return;
      clearTimeout(staleTimer);
      const expired = error instanceof Error && error.message === "401";
      stale(`${expired ? "" : "接続なし："}この判定は最新の入力を反映していません`);
      offline(form, expired
        ? "ログインの有効時間が過ぎました。「下書き保存」を押すと、入力した内容を保ったままログインし直せます。"
        : "サーバーに接続できません。入力した内容はこの画面に残っています。接続が戻ると自動で再計算します。");
      if (!expired) timer = window.setTimeout(check, 5_000);
    } finally {
      if (number === asked) form.removeAttribute("aria-busy");
    }
  }

  /** The verdict on the page is that of what is written now. */
  function fresh() {
    clearTimeout(staleTimer);
    staleTimer = 0;
    for (const place of elements(document, "[data-stale]")) delete place.dataset.stale;
    for (const place of elements(document, "[data-stale-note]")) setHidden(place, true);
  }

  function autosave() {
    saveTimer = 0;
    if (!dirty || sending || saving) return;
    const before = changes;
    saving = keep(before).then((wait) => {
      saving = null;
      if (sending) return;
      if (wait) saveLater(wait);
      else if (changes !== before) saveLater(AUTOSAVE_MS);
    });
  }

  /**
   * @param {number} before the changes that are kept
   * @returns {Promise<number>} after how long to try again; 0 if there is no need, or no use
   */
  async function keep(before) {
    try {
      const response = await send(form, form.dataset.autosave ?? "");
      if (response.status === 409) {
        tell(form, "ほかの画面で先に保存されています。「下書き保存」を押すと、違いを確かめて選べます。", "unsaved");
        return 0;
      }
      if (!response.ok) throw new Error(String(response.status));
      failed = false;
      /** @type {{version: number, at: string}} */
      const saved = await response.json();
      for (const place of elements(document, 'input[name="_version"]')) {
        if (place instanceof HTMLInputElement) place.value = String(saved.version);
      }
      if (changes !== before) return 0;
      dirty = false;
      tell(form, `${saved.at} に自動保存しました`, "saved");
      return 0;
    } catch {
      failed = true;
      if (!sending) tell(form, SAVE_FAILED, "unsaved");
      return RETRY_MS;
    }
  }

  check();
}

/**
 * Writes what was answered a year ago.
 *
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function takeOver(form, name) {
  const place = form.querySelector(`[data-earlier="${CSS.escape(name)}"]`);
  if (!(place instanceof HTMLElement)) return;
  const values = earlierValues(place);
  const fields = inputs(form, name);
  for (const input of fields) {
    if (input instanceof HTMLInputElement && (input.type === "radio" || input.type === "checkbox")) {
      input.checked = values.includes(input.value);
    } else if (input instanceof HTMLInputElement || input instanceof HTMLSelectElement || input instanceof HTMLTextAreaElement) {
      input.value = values[0] ?? "";
    }
  }
  const chosen = fields.find((input) => input instanceof HTMLInputElement && input.checked) ?? fields[0];
  chosen?.focus();
}

/** @param {HTMLElement} place @returns {string[]} */
function earlierValues(place) {
  try {
    const values = JSON.parse(place.dataset.values ?? "[]");
    return Array.isArray(values) ? values.map(String) : [];
  } catch {
    return [];
  }
}

/**
 * Tells at each question whether the answer is that of the year before.
 *
 * @param {HTMLFormElement} form
 */
function compareWithEarlier(form) {
  const now = new FormData(form);
  for (const place of elements(form, "[data-earlier]")) {
    const values = now.getAll(place.dataset.earlier ?? "").filter((value) => value !== "");
    place.toggleAttribute("data-same", JSON.stringify(values) === JSON.stringify(earlierValues(place)));
  }
}

/**
 * Says that the verdict on the page is not that of what is written now.
 *
 * @param {string} text
 */
function stale(text) {
  for (const place of elements(document, "[data-verdict], [data-result-badge]")) place.dataset.stale = text;
  for (const place of elements(document, "[data-stale-note]")) {
    setText(place, text);
    setHidden(place, false);
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} url
 */
function send(form, url) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") body.append(name, value);
  }
  return fetch(url, { method: "POST", body, headers: { accept: "application/json" }, credentials: "same-origin" });
}

/**
 * @param {HTMLFormElement} form
 * @param {Live} live
 */
function apply(form, live) {
  for (const row of elements(form, "[data-field]")) {
    const name = row.dataset.field ?? "";
    if (name in live.shown) setHidden(row, !live.shown[name]);
    const badge = row.querySelector("[data-required]");
    if (badge instanceof HTMLElement) setHidden(badge, !live.required[name]);
    if (name in live.open) row.toggleAttribute("data-unanswered", live.open[name]);
    const clear = row.querySelector("[data-clear]");
    if (clear instanceof HTMLElement) {
      const answered = inputs(form, name).some((input) => input instanceof HTMLInputElement && input.checked);
      clear.toggleAttribute("data-idle", !answered);
    }
  }
  for (const group of elements(form, "[data-group]")) {
    const name = group.dataset.group ?? "";
    if (name in live.groups) setHidden(group, !live.groups[name]);
  }
  for (const place of elements(form, "[data-value]")) setText(place, live.values[place.dataset.value ?? ""] ?? "");
  for (const place of elements(form, "[data-reading]")) setText(place, live.readings[place.dataset.reading ?? ""] ?? "");
  findings(form, live.findings);
  for (const place of elements(form, "[data-open]")) {
    const state = live.sections[place.dataset.open ?? ""];
    if (state === undefined) continue;
    setText(place, state.done ? "完了" : state.open ? `残り${state.open}` : "未記入");
    place.toggleAttribute("data-none", state.done);
    place.toggleAttribute("data-untouched", !state.done && state.open === 0);
  }
  countOpen();
  for (const place of elements(document, "[data-result-badge]")) {
    setText(place, live.result_label);
    place.dataset.resultBadge = live.result;
  }
  const verdict = document.querySelector("[data-verdict]");
  if (verdict instanceof HTMLElement) replaceVerdict(verdict, live.verdict_html);
  const untouched = document.querySelector("[data-verdict] .verdict-untouched") !== null;
  for (const place of elements(document, "[data-result-badge]")) place.toggleAttribute("data-untouched", untouched);
}

/**
 * @param {HTMLFormElement} form
 * @param {Finding[]} found
 */
function findings(form, found) {
  /** @type {Map<string, Finding[]>} */
  const byField = new Map();
  for (const finding of found) {
    byField.set(finding.field, [...(byField.get(finding.field) ?? []), finding]);
  }
  for (const place of elements(form, "[data-findings]")) {
    const name = place.dataset.findings ?? "";
    const here = byField.get(name) ?? [];
    const key = JSON.stringify(here);
    if (place.dataset.drawn === key) continue;
    place.dataset.drawn = key;
    place.replaceChildren(...here.map(draw));
    const worst = ["error", "warning", "information"].find((level) => here.some((finding) => finding.level === level));
    const row = place.closest("[data-field]");
    if (row instanceof HTMLElement) {
      if (worst) row.dataset.worst = worst;
      else delete row.dataset.worst;
    }
    for (const input of inputs(form, name)) {
      if (worst === "error") input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }
  announce(form, found);
}

/** @param {Finding} finding */
function draw(finding) {
  const line = document.createElement("p");
  line.className = `finding finding-${finding.level}`;
  line.dataset.testid = "finding";
  line.dataset.check = finding.check;
  const level = document.createElement("strong");
  level.textContent = finding.level_label;
  line.append(level, ` ${finding.message}`);
  if (finding.help) {
    const help = document.createElement("span");
    help.className = "finding-help";
    help.textContent = finding.help;
    line.append(help);
  }
  return line;
}

/**
 * Says aloud what is new at the question in hand, not the whole list at each key.
 *
 * @param {HTMLFormElement} form
 * @param {Finding[]} found
 */
function announce(form, found) {
  const place = document.querySelector("[data-announce]");
  const row = document.activeElement instanceof Element ? document.activeElement.closest("[data-field]") : null;
  if (!(place instanceof HTMLElement) || !(row instanceof HTMLElement) || !form.contains(row)) return;
  const here = found.filter((finding) => finding.field === row.dataset.field);
  setText(place, here.map((finding) => `${finding.level_label}：${finding.message}`).join(" "));
}

/**
 * Redraws the verdict without folding what the reader has unfolded.
 *
 * @param {HTMLElement} place
 * @param {string} html
 */
function replaceVerdict(place, html) {
  if (place.dataset.drawn === html) return;
  /** @type {Map<string, boolean>} */
  const open = new Map();
  for (const details of place.querySelectorAll("details[data-key]")) {
    if (details instanceof HTMLDetailsElement) open.set(details.dataset.key ?? "", details.open);
  }
  const focused = document.activeElement;
  const key = focused instanceof HTMLElement && place.contains(focused)
    ? focused.closest("details[data-key]")?.getAttribute("data-key") : null;
  const touched = place.dataset.touched === "true";
  place.dataset.drawn = html;
  // The server drew and escaped it; it is the same piece as in the page itself.
  place.innerHTML = html;
  for (const details of place.querySelectorAll("details[data-key]")) {
    if (!(details instanceof HTMLDetailsElement)) continue;
    const was = open.get(details.dataset.key ?? "");
    if (touched && was !== undefined) details.open = was;
    if (key && details.dataset.key === key) details.querySelector("summary")?.focus();
  }
  if (!place.dataset.listening) {
    place.dataset.listening = "true";
    place.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("summary")) place.dataset.touched = "true";
    });
  }
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-goto]") : null;
  if (!(link instanceof HTMLElement)) return;
  const row = document.getElementById(`field-${link.dataset.goto}`);
  if (!row || row.hidden) return;
  event.preventDefault();
  goTo(row);
});
const aimed = location.hash.startsWith("#field-") ? document.getElementById(location.hash.slice(1)) : null;
if (aimed && !aimed.hidden) {
  // The browser jumps to the fragment itself, and takes the focus away, when the page is loaded.
  const aim = () => requestAnimationFrame(() => goTo(aimed));
  if (document.readyState === "complete") aim();
  else window.addEventListener("load", aim);
}

// The next required question that is not answered, seen from where one is.
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element && event.target.closest("[data-next-open]"))) return;
  const open = elements(document, "[data-unanswered]").filter((row) => row.offsetParent);
  const here = reached && document.contains(reached) ? reached : document.body;
  const after = open.find((row) => row !== here && here.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING && !here.contains(row));
  const next = after ?? (here === document.body ? open[0] : open.find((row) => row !== here)) ?? open[0];
  if (next) goTo(next);
});
/** The question that had the focus last. @type {HTMLElement|null} */
let reached = null;
document.addEventListener("focusin", (event) => {
  const row = event.target instanceof Element ? event.target.closest("[data-field]") : null;
  if (row instanceof HTMLElement) reached = row;
});

// Where the reasons stand below the form, their link lays them over it instead of leading away.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-reasons]") : null;
  if (!link || !window.matchMedia("(max-width: 75rem)").matches) return;
  event.preventDefault();
  showReasons(!document.querySelector("[data-sheet]"));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !document.querySelector("[data-sheet]")) return;
  showReasons(false);
  elements(document, "a[data-reasons]")[0]?.focus();
});

/** @param {boolean} open */
function showReasons(open) {
  const reasons = document.getElementById("reasons");
  if (!reasons) return;
  reasons.toggleAttribute("data-sheet", open);
  for (const link of elements(document, "a[data-reasons]")) link.setAttribute("aria-expanded", String(open));
  if (open) reasons.focus();
}

/** @param {HTMLElement} row */
function goTo(row) {
  showReasons(false);
  row.scrollIntoView({ block: "center" });
  const input = row.querySelector("input, select, textarea");
  if (input instanceof HTMLElement) input.focus({ preventScroll: true });
}

/** How many required questions are open, on the button that leads to the next one. */
function countOpen() {
  const open = elements(document, "[data-unanswered]").filter((row) => row.offsetParent).length;
  for (const button of elements(document, "[data-next-open]")) {
    setText(button, `次の未記入（${open}）`);
    setHidden(button, open === 0);
  }
}

/** The section index starts folded where there is no room for it. */
function narrowIndexes() {
  if (!window.matchMedia("(max-width: 60rem)").matches) return;
  for (const details of document.querySelectorAll(".section-index details")) details.removeAttribute("open");
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {HTMLElement[]}
 */
function inputs(form, name) {
  return elements(form, `[name="${CSS.escape(name)}"]`);
}

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
function elements(root, selector) {
  return [...root.querySelectorAll(selector)].filter((element) => element instanceof HTMLElement);
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * A hidden question keeps its answer; it only leaves the page.
 *
 * @param {HTMLElement} element
 * @param {boolean} hidden
 */
function setHidden(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} text
 * @param {string} state
 */
function tell(form, text, state) {
  for (const place of elements(form, "[data-save-state]")) {
    setText(place, text);
    place.dataset.saveState = state;
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string|null} text
 */
function offline(form, text) {
  for (const place of elements(form, "[data-offline]")) {
    setText(place, text ?? "");
    setHidden(place, text === null);
  }
}
