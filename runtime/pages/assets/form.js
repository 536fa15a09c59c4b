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
  let dirty = form.hasAttribute("data-unsaved");
  let sending = false;
  /** The draft that is on its way. @type {Promise<void>|null} */
  let saving = null;
  /** Counts changes, so that one made while a save is under way stays unsaved. */
  let changes = 0;

  form.addEventListener("input", () => {
    dirty = true;
    changes += 1;
    tell(form, "未保存の変更があります", "unsaved");
    clearTimeout(timer);
    timer = window.setTimeout(check, QUIET_MS);
    if (form.dataset.autosave) {
      clearTimeout(saveTimer);
      saveTimer = window.setTimeout(autosave, AUTOSAVE_MS);
    }
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
    try {
      const response = await send(form, form.dataset.live ?? "");
      if (number !== asked) return;
      if (!response.ok) throw new Error(String(response.status));
      apply(form, /** @type {Live} */ (await response.json()));
      offline(form, null);
    } catch (error) {
      if (number !== asked) return;
      const expired = error instanceof Error && error.message === "401";
      offline(form, expired
        ? "ログインの有効時間が過ぎました。「下書き保存」を押すと、入力した内容を保ったままログインし直せます。"
        : "サーバーに接続できません。入力した内容はこの画面に残っています。接続が戻ると自動で再計算します。");
      if (!expired) timer = window.setTimeout(check, 5_000);
    } finally {
      if (number === asked) form.removeAttribute("aria-busy");
    }
  }

  function autosave() {
    if (!dirty || sending || saving) return;
    const before = changes;
    saving = keep(before).finally(() => {
      saving = null;
      clearTimeout(saveTimer);
      if (changes !== before && !sending) saveTimer = window.setTimeout(autosave, AUTOSAVE_MS);
    });
  }

  /** @param {number} before the changes that are kept */
  async function keep(before) {
    try {
      const response = await send(form, form.dataset.autosave ?? "");
      if (response.status === 409) {
        tell(form, "ほかの画面で先に保存されています。「下書き保存」を押すと、違いを確かめて選べます。", "unsaved");
        return;
      }
      if (!response.ok) return;
      /** @type {{version: number, at: string}} */
      const saved = await response.json();
      for (const place of elements(document, 'input[name="_version"]')) {
        if (place instanceof HTMLInputElement) place.value = String(saved.version);
      }
      if (changes !== before) return;
      dirty = false;
      tell(form, `${saved.at} に自動保存しました`, "saved");
    } catch {
      // The next change tries again; until then the indicator says unsaved.
    }
  }

  check();
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
if (aimed && !aimed.hidden) goTo(aimed);

/** @param {HTMLElement} row */
function goTo(row) {
  row.scrollIntoView({ block: "center" });
  const input = row.querySelector("input, select, textarea");
  if (input instanceof HTMLElement) input.focus({ preventScroll: true });
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
