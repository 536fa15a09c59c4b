// Shows how far a check has come, and the result when it is done. Without scripts, the page has a
// link to look again.
"use strict";
const bar = document.querySelector("[data-progress]");
if (bar) {
  const said = document.querySelector("[data-said]");
  const ask = async () => {
    let now;
    try {
      const answer = await fetch("progress" + location.search, { cache: "no-store" });
      now = await answer.json();
    } catch {
      said.textContent =
        "点検ツールが終了しています。もう一度起動し（kohyo tool）、表示された新しいアドレスを開いて、点検し直してください。";
      return;
    }
    bar.value = now.percent;
    said.textContent = now.text;
    if (now.running) setTimeout(ask, 500);
    else location.replace("job" + location.search);
  };
  setTimeout(ask, 300);
}
