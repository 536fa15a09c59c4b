// @ts-check
/** While definitions are being checked, the list is fetched anew; what is being typed stays. */

const MILLISECONDS = 3000;

async function again() {
  const answer = await fetch(location.href).catch(() => undefined);
  const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
  const found = page.getElementById("found");
  if (found) document.getElementById("found")?.replaceWith(found);
  if (document.querySelector("#found[data-pending]")) setTimeout(again, MILLISECONDS);
}

setTimeout(again, MILLISECONDS);
