// @ts-check
/** Small help for pages: printing, forms that must not be sent twice, forms answered by a file. */

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// The server takes a second sending for the first; this only spares the wait.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("data-sent")) event.preventDefault();
    form.setAttribute("data-sent", "");
  });
}
// A file is saved and the page stays as it was before: `data-saved` names the page that shows what
// there is now. Whatever goes wrong is shown by sending the form as without this script.
for (const form of document.querySelectorAll("form[data-saved]")) {
  form.addEventListener("submit", async (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => undefined);
    const name = /filename="([^"]+)"/.exec(answer?.headers.get("content-disposition") ?? "")?.[1];
    if (!answer || !name) return form.submit();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = name;
    link.click();
    setTimeout(() => location.assign(form.dataset.saved), 500);
  });
}
// A button that says how many are ticked.
for (const button of document.querySelectorAll("[data-count-chosen]")) {
  const form = button.closest("form");
  const words = button.getAttribute("data-count-chosen") ?? "";
  const count = () => {
    const chosen = form?.querySelectorAll("[data-chosen]:checked").length ?? 0;
    button.textContent = words.replace("{n}", String(chosen));
  };
  form?.addEventListener("change", count);
  window.addEventListener("pageshow", count);
}
// What has to be compared letter by letter is copied, not typed.
for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.getAttribute("data-copy") ?? "");
  const told = button.parentElement?.querySelector("[data-copied]");
  if (!source || !navigator.clipboard) continue;
  button.removeAttribute("hidden");
  button.addEventListener("click", async () => {
    const done = await navigator.clipboard.writeText(source.textContent ?? "").then(() => true, () => false);
    if (told) told.textContent = done ? "コピーしました" : "コピーできませんでした。一覧を選択してコピーしてください";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
});
