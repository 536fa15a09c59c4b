// The check tool in a real browser: a folder is opened, its records are checked, the findings are read.

import { look, open, plan, saved, walk } from "./walk.mjs";

await walk(async (viewport) => {
  const { page, at, close } = await open(viewport, "hospital");
  at("home");
  await page.goto(plan.tool);
  await look(page);

  at("checking");
  await page.getByRole("button", { name: "この場所の個票を点検する" }).click();
  await page.getByTestId("summary").waitFor();
  await look(page);
  const findings = await page.getByTestId("findings").innerText();
  if (!findings.includes("broken.xml")) throw new Error(`the broken file is not listed:\n${findings}`);

  at("error list");
  const link = page.getByRole("link", { name: "エラーリスト（CSV）" });
  const list = (await saved(page, () => link.click())).bytes.toString("utf8");
  if (!list.startsWith("\ufeff") || !list.includes("broken.xml")) throw new Error(`the saved list:\n${list}`);

  at("files chosen");
  await page.goto(plan.tool);
  await page.getByLabel("個票のファイル").setInputFiles(plan.files);
  await page.getByRole("button", { name: "選んだファイルを点検する" }).click();
  await page.getByTestId("summary").waitFor();
  await look(page);
  await page.getByText(`選んだファイル ${plan.files.length} 個`).waitFor();
  const grouped = await page.getByTestId("by-check").innerText();
  if (!grouped.includes("file.empty")) throw new Error(`the checks are not counted:\n${grouped}`);

  at("keys");
  await page.getByRole("link", { name: "鍵", exact: true }).click();
  await look(page);
  await close();
});
