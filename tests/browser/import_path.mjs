// 一括登録 in a real browser: the 責任者 issues a key and a token, a clerk sends a file, the results are read,
// a physician confirms the drafts together.

import { look, open, plan, saved, signIn, walk } from "./walk.mjs";

await walk(async (viewport, round) => {
  await manager(viewport);
  await clerk(viewport, plan.files[round]);
  await physician(viewport);
});

async function manager(viewport) {
  const visit = await open(viewport, "manager", { refusals: true });
  const { page, at, close } = visit;
  await signIn(visit, plan.physician);
  at("keys");
  await page.goto(`${plan.server}/keys`);
  await look(page);

  at("two passphrases");
  await page.fill("#passphrase", "二月の梅、三月の桃、四月の桜");
  await page.fill("#again", "二月の梅、三月の桃、四月の桃");
  await page.getByTestId("issue-key").click();
  await page.getByTestId("keys-error").waitFor();
  await look(page);

  at("key file");
  await page.fill("#passphrase", "二月の梅、三月の桃、四月の桜");
  await page.fill("#again", "二月の梅、三月の桃、四月の桜");
  const { name, bytes } = await saved(page, () => page.getByTestId("issue-key").click());
  const key = bytes.toString("utf8");
  if (!key.startsWith("kohyo-hospital-key 1\n") || !name.endsWith(".kohyo-key")) throw new Error(`no key file: ${name}\n${key}`);

  at("token");
  await page.fill("#label", "電子カルテ");
  await page.getByTestId("new-token-button").click();
  await page.getByTestId("token").waitFor();
  await page.getByTestId("key-line").first().waitFor();
  await page.getByText("漏えいを届け出る").first().click();
  await look(page);
  await close();
}

async function clerk(viewport, file) {
  const visit = await open(viewport, "clerk");
  const { page, at, close } = visit;
  await signIn(visit, plan.clerk);
  at("imports");
  await page.goto(`${plan.server}/imports`);
  await look(page);

  at("sending");
  await page.setInputFiles("#file", file);
  await page.getByTestId("send-file").click();
  await page.waitForURL(/\/imports\/[0-9a-f]{32}/);
  await page.getByTestId("import-done").waitFor({ timeout: 60000 });
  const rows = await page.getByTestId("import-record").count();
  if (rows !== 3) throw new Error(`${rows} records are listed`);
  await look(page);

  at("error list");
  const link = page.getByRole("link", { name: "エラーリスト（CSV）" });
  const list = (await saved(page, () => link.click())).bytes.toString("utf8");
  if (!list.startsWith("\ufeff") || !list.includes("required.")) throw new Error(`the saved list:\n${list}`);

  at("list of imports");
  await page.goto(`${plan.server}/imports`);
  await look(page);
  await close();
}

async function physician(viewport) {
  const visit = await open(viewport, "physician", { refusals: true });
  const { page, at, close } = visit;
  await signIn(visit, plan.physician);
  at("drafts together");
  await page.goto(`${plan.server}/imports`);
  await page.getByTestId("import-line").first().getByRole("link").click();
  await page.getByTestId("to-confirm-together").click();
  const lines = await page.getByTestId("clean-line").count();
  if (lines !== 2) throw new Error(`${lines} drafts are offered`);
  await look(page);

  at("nothing chosen");
  await page.getByTestId("confirm-chosen").click();
  await page.getByTestId("nothing-chosen").waitFor();
  await look(page);

  at("one of two");
  await tick(page.getByTestId("clean-line").first());
  if (!(await page.getByTestId("confirm-chosen").innerText()).includes("1件")) throw new Error("the button counts wrong");
  await page.getByTestId("confirm-chosen").click();
  await page.getByTestId("confirmed-together").waitFor();
  if ((await page.getByTestId("together-key").count()) !== 1) throw new Error("not one access key");
  await look(page);

  at("the rest");
  await page.getByRole("link", { name: "残りの下書きへ" }).click();
  await tick(page.getByTestId("clean-line").first());
  await page.getByTestId("confirm-chosen").click();
  await page.getByTestId("confirmed-together").waitFor();
  await page.getByRole("link", { name: "残りの下書きへ" }).click();
  await page.getByTestId("nothing-clean").waitFor();
  await look(page);
  await close();
}

// Ticks everything that is asked about one patient.
async function tick(line) {
  for (const box of await line.getByRole("checkbox").all()) await box.check();
}
