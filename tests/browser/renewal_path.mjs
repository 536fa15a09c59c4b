// A renewal in a real browser: a physician looks for the record of the year before, takes over what
// still holds, and finds the same draft at a second click.

import { look, open, plan, signIn, walk } from "./walk.mjs";

await walk(async (viewport, round) => {
  const visit = await open(viewport, "physician");
  const { page, at, close } = visit;
  await signIn(visit, plan.physician);
  const count = (selector) => page.locator(selector).count();

  at("the records of the year before");
  await page.goto(`${plan.server}/records/new`);
  await page.locator(`[data-testid="offer"][data-key="${plan.disease}"] [data-testid="start-renewal"]`).click();
  await page.getByTestId("earlier-record").first().waitFor();
  await look(page);

  at("the draft");
  await page.getByTestId("renew").nth(round).click();
  await page.getByTestId("renewed").waitFor();
  const draft = page.url();
  await look(page);
  if ((await count("[data-earlier][data-same]")) === 0) throw new Error("nothing was copied");
  const open_ = page.locator("[data-earlier]:not([data-same]):visible");
  const before = await open_.count();
  if (before === 0) throw new Error("nothing waits to be confirmed");

  at("what still holds is taken over with the keyboard");
  const name = await open_.first().getAttribute("data-earlier");
  const take = page.locator(`[data-take="${name}"]`);
  await take.focus();
  await page.keyboard.press("Enter");
  await page.locator(`[data-earlier="${name}"][data-same]`).waitFor();
  if (await take.isVisible()) throw new Error("what was taken over is still offered");
  await page.getByTestId("save").click();
  await page.waitForURL(/saved=1/);
  await page.locator(`[data-earlier="${name}"][data-same]`).waitFor();
  await look(page);

  at("a second click opens the same draft");
  await page.goto(`${plan.server}/records/renewals?form_key=${plan.disease}`);
  await page.getByTestId("renew").nth(round).click();
  await page.getByTestId("renewed").waitFor();
  if (page.url() !== draft) throw new Error(`${page.url()} is not ${draft}`);
  await close();
});
