"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const query = document.getElementById("q");
  const result = document.getElementById("result");
  const none = document.getElementById("none");
  const boxes = all(".chip input");
  const filters = document.querySelector(".filters");
  // What can be hit: checks, and the articles that hold something else. Checks of an item stand in it.
  const checks = all(".check").map((element) => ({
    element, text: plain(element.textContent), holder: element.closest(".item"),
    level: element.dataset.level, layer: element.dataset.layer,
  }));
  const articles = all(".item, .rule, article.table").map((element) => {
    const own = element.cloneNode(true);
    all(".check", own).forEach((check) => check.remove());
    return { element, text: plain(own.textContent), isItem: element.classList.contains("item") };
  });
  const groups = all(".group");
  const parts = all(".part");

  const chosen = (name) => new Set(boxes.filter((box) => box.name === name && box.checked).map((box) => box.value));

  function apply() {
    const terms = plain(query.value).split(/\s+/).filter(Boolean);
    const has = (text) => terms.every((term) => text.includes(term));
    const levels = chosen("level");
    const layers = chosen("layer");
    const filtered = boxes.some((box) => !box.checked);
    const searching = terms.length > 0 || filtered;
    let found = 0;
    const shownIn = new Set();
    const itemHit = new Map(articles.map((article) => [article.element, has(article.text)]));
    for (const check of checks) {
      const allowed = levels.has(check.level) && layers.has(check.layer);
      const hit = allowed && (has(check.text) || (check.holder && itemHit.get(check.holder)));
      check.element.hidden = !hit;
      if (hit) {
        found += 1;
        if (check.holder && (filtered || has(check.text))) shownIn.add(check.holder);
      }
    }
    let others = 0;
    for (const article of articles) {
      const own = itemHit.get(article.element) && !(filtered && !article.isItem) && !(filtered && !shownIn.has(article.element));
      const hit = own || shownIn.has(article.element);
      article.element.hidden = !hit;
      others += hit ? 1 : 0;
      if (article.isItem) {
        const details = article.element.querySelector("details.own");
        if (details) {
          details.open = searching && terms.length > 0 ? shownIn.has(article.element) && !itemHit.get(article.element) : false;
          details.hidden = !article.element.querySelector(".check:not([hidden])");
        }
      }
    }
    for (const group of groups) group.hidden = !group.querySelector("article:not([hidden])");
    let any = false;
    for (const part of parts) {
      const empty = !part.querySelector("article:not([hidden])");
      part.hidden = searching && empty;
      any = any || !empty;
    }
    none.hidden = any;
    result.textContent = searching ? `チェック ${found}件、項目・表・規則 ${others}件` : `チェック ${checks.length}件`;
    filters.classList.toggle("active", filtered);
    mark(terms);
  }

  // Marks what was searched for, where the browser can.
  function mark(terms) {
    if (!window.CSS || !CSS.highlights) return;
    CSS.highlights.delete("found");
    if (terms.length === 0) return;
    const ranges = [];
    const walker = document.createTreeWalker(document.getElementById("main"), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node && ranges.length < 2000; node = walker.nextNode()) {
      const text = node.data.toLowerCase();
      for (const term of terms) {
        for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + term.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + term.length);
          ranges.push(range);
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }

  // A link to something that is filtered away or closed shows it.
  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) {
      query.value = "";
      boxes.forEach((box) => { box.checked = true; });
      apply();
    }
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  }

  // What sticks to the top must not cover what a link leads to.
  const tools = document.querySelector(".tools");
  new ResizeObserver(() => root.style.setProperty("--tools", `${tools.offsetHeight}px`)).observe(tools);

  let waiting = 0;
  query.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 80);
  });
  boxes.forEach((box) => box.addEventListener("change", apply));
  addEventListener("hashchange", reveal);
  addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      query.focus();
    } else if (event.key === "Escape" && event.target === query) {
      query.value = "";
      apply();
    }
  });
  if (matchMedia("(max-width: 60rem)").matches) all(".toc details").forEach((details) => { details.open = false; });
  apply();
  if (location.hash) reveal();
})();
