// The vendors' portal in a real browser: releases, search, a disease, its documents and downloads,
// what changed, the feed.

import { createHash } from "node:crypto";
import { look, open, plan, saved, walk } from "./walk.mjs";

await walk(async (viewport) => {
  const { page, at, close } = await open(viewport, "vendor");
  at("from the log-in");
  await page.goto(`${plan.server}/login`);
  await page.getByRole("link", { name: "様式・点検規則の配布" }).click();

  at("list");
  await page.getByTestId("current").waitFor();
  await look(page);

  at("guide");
  await page.getByRole("link", { name: "成果物の説明" }).click();
  await page.getByTestId("document").waitFor();
  await look(page);
  await page.getByRole("link", { name: "適合性確認キット" }).click();
  await page.getByRole("heading", { level: 1, name: "適合性確認キット" }).waitFor();
  await look(page);
  await page.getByRole("link", { name: "リリースの一覧" }).click();

  at("search");
  await page.getByLabel("疾病を探す").fill(plan.search);
  await page.getByTestId("search").click();
  await page.getByTestId("disease").first().waitFor();
  const found = await page.getByTestId("disease").count();
  if (found !== 1) throw new Error(`${found} diseases for ${plan.search}`);
  await look(page);

  at("disease");
  await page.getByRole("link", { name: plan.disease.title }).click();
  await page.getByRole("heading", { level: 1, name: plan.disease.title }).waitFor();
  await look(page);
  const disease = page.url();

  at("download");
  const file = page.locator(`[data-path="${plan.file}"]`);
  await page.getByTestId("sums").locator("summary").first().click();
  const sums = await page.getByTestId("sums").locator("pre").first().innerText();
  const shown = sums.split("\n").map((line) => line.split("  ")).find(([, path]) => path === plan.file)?.[0];
  await look(page);
  const { bytes } = await saved(page, () => file.getByRole("link").first().click());
  const hash = createHash("sha256").update(bytes).digest("hex");
  if (hash !== shown) throw new Error(`the page says ${shown}, the file is ${hash}`);
  const zip = await saved(page, () => page.getByTestId("zip").first().click());
  if (zip.bytes.subarray(0, 4).toString("latin1") !== "PK\u0003\u0004") throw new Error("no ZIP");

  at("card");
  await page.getByText("カードをここで読む").first().click();
  await page.getByText(plan.onCard).first().waitFor();
  await look(page);

  at("document");
  await page.getByRole("link", { name: /開いて見る/ }).first().click();
  await page.locator("#q").waitFor();
  const before = await page.locator(".check:visible").count();
  await page.locator("#q").fill("ＲＥＱＵＩＲＥＤ");
  await page.waitForFunction((n) => document.querySelectorAll(".check:not([hidden])").length !== n, before);
  const cookie = await page.evaluate(() => { try { return document.cookie; } catch (error) { return error.name; } });
  if (cookie !== "SecurityError") throw new Error(`a document reads cookies: ${cookie}`);
  await look(page);

  at("verifying");
  await page.goto(disease);
  await page.getByRole("link", { name: "確かめる方法" }).click();
  const manifest = JSON.parse((await saved(page, () => page.getByTestId("manifest").click())).bytes.toString("utf8"));
  const listed = manifest.files.find((entry) => entry.path === plan.file);
  if (listed?.sha256 !== hash) throw new Error(`the manifest says ${JSON.stringify(listed)}`);
  const signature = (await saved(page, () => page.getByTestId("signature").click())).bytes.toString("utf8");
  if (!signature.startsWith("kohyo-bundle-signature 1\n")) throw new Error(signature);

  at("changes");
  await page.getByTestId("changes").click();
  await page.getByText("追加された様式").waitFor();
  await look(page);

  at("history");
  await page.getByRole("link", { name: "変更履歴" }).click();
  if (await page.getByTestId("changes-of").count() !== 2) throw new Error("not every release has its changes");
  await look(page);

  at("feed");
  const address = await page.locator('link[type="application/atom+xml"]').getAttribute("href");
  const feed = await page.evaluate(async (address) => {
    const answer = await fetch(address);
    const read = new DOMParser().parseFromString(await answer.text(), "application/xml");
    const text = (name) => [...read.getElementsByTagNameNS("http://www.w3.org/2005/Atom", name)].map((e) => e.textContent);
    return { type: answer.headers.get("content-type"), titles: text("title"), wrong: read.querySelector("parsererror")?.textContent };
  }, address);
  if (feed.wrong || !feed.type.startsWith("application/atom+xml") || feed.titles.length !== 3) throw new Error(JSON.stringify(feed));

  await close();
});
