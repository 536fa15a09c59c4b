// 軽症高額の確認 in a real browser: an officer fetches a mild record, writes the cost of twelve months,
// and reads what came of it.

import { look, open, plan, signIn, walk } from "./walk.mjs";

await walk(async (viewport, round) => {
  const visit = await open(viewport, "officer", { refusals: true });
  const { page, at, close } = visit;
  await signIn(visit, plan.officer);
  const text = (id) => page.getByTestId(id).first().innerText();
  const expect = async (id, words) => {
    const found = await text(id);
    if (!found.includes(words)) throw new Error(`${id} says:\n${found}`);
  };

  at("not filled in");
  await page.goto(`${plan.server}/municipal`);
  await page.fill("#access_key", plan.keys[round]);
  await page.getByTestId("redeem").click();
  await page.waitForURL(/\/municipal\/records\//);
  const record = page.url().replace(/[?#].*/, "");
  await expect("high-cost-line", "未記入");
  await look(page);

  at("a wrong number");
  await page.fill("#f-month_0", "33331");
  await page.fill("#f-month_1", "三万円");
  await page.getByTestId("high-cost-save").click();
  await page.getByTestId("high-cost-error").waitFor();
  await expect("field-month_1", "エラー");
  if ((await page.inputValue("#f-month_0")) !== "33331") throw new Error("what was typed is gone");
  await look(page);

  at("not decided yet");
  await page.fill("#f-month_1", "40000");
  await page.selectOption("#f-onset_month", "12");
  await page.getByTestId("high-cost-save").click();
  await page.waitForURL(/judged=1/);
  await expect("programme-verdict-result", "判定不能");
  await expect("programme-missing", "の医療費");
  await look(page);

  at("enough months");
  await page.fill("#f-month_11", "120000");
  await page.getByTestId("high-cost-save").click();
  await page.getByText("該当", { exact: true }).first().waitFor();
  await expect("programme-verdict-result", "該当");
  await look(page);

  at("on paper");
  await page.goto(`${record}/print-masked`);
  await expect("programme-verdict-result", "該当");
  await look(page);
  await close();
});
