// The check tool in a real browser: a folder is opened, its records are checked, the findings are
// read. Called by tests/tests/browser.rs with the path of a JSON file that says where everything is.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: plan.browser,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...plan.browserArgs],
});

let step = "start";
try {
  for (const viewport of [{ width: 1280, height: 900 }, { width: 400, height: 800 }]) {
    await walk(viewport);
  }
  console.log("passed");
} catch (error) {
  console.error(`failed at: ${step}\n${error.stack ?? error}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}

async function walk(viewport) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();

  step = `home at ${viewport.width}px`;
  await page.goto(plan.tool);
  await look(page);

  step = `checking at ${viewport.width}px`;
  await page.getByRole("button", { name: "この場所の個票を点検する" }).click();
  await page.getByTestId("summary").waitFor();
  await look(page);
  const findings = await page.getByTestId("findings").innerText();
  if (!findings.includes("broken.xml")) throw new Error(`the broken file is not listed:\n${findings}`);

  step = `error list at ${viewport.width}px`;
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "エラーリスト（CSV）" }).click();
  const list = readFileSync(await (await download).path(), "utf8");
  if (!list.startsWith("\ufeff") || !list.includes("broken.xml")) throw new Error(`the saved list:\n${list}`);

  step = `keys at ${viewport.width}px`;
  await page.getByRole("link", { name: "鍵", exact: true }).click();
  await look(page);
  await context.close();
}

// Nothing sticks out sideways, and axe finds no serious barrier (WCAG 2 A and AA).
async function look(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) throw new Error(`the page is ${wide}px too wide: ${page.url()}`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa"], resultTypes: ["violations"] }));
  const serious = violations.filter((v) => ["serious", "critical"].includes(v.impact));
  if (serious.length) throw new Error(`barriers: ${serious.map((v) => `${v.id}: ${v.nodes[0].target.join(" ")}`).join("\n")}`);
  if (plan.pictures) await page.screenshot({ path: `${plan.pictures}/tool_${step.replace(/[^a-z0-9]+/gi, "_")}.png`, fullPage: true });
}
