// What every walk through a browser shares: the browser, pages at two widths, signing in, saving a
// file, and what is looked at on each page. Called by tests/tests/browser.rs with the path of a JSON
// file that says where everything is.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { chromium } from "playwright-core";

export const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));

const VIEWPORTS = [{ width: 1280, height: 900 }, { width: 400, height: 800 }];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser;
let step = "start";

// Walks a path at each width; `path` gets the viewport and how many rounds were walked before.
export async function walk(path) {
  browser = await chromium.launch({
    executablePath: plan.browser,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...plan.browserArgs],
  });
  try {
    for (const [round, viewport] of VIEWPORTS.entries()) await path(viewport, round);
    console.log("passed");
  } catch (error) {
    console.error(`failed at: ${step}\n${error.stack ?? error}`);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

// A new window for somebody. `close` fails if the page complained: scripts that break or break the
// policy always count, answers of refusal only unless they are `refusals` that the path is about.
export async function open(viewport, who, { refusals = false } = {}) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    if (refusals && message.text().startsWith("Failed to load resource")) return;
    troubles.push(message.text());
  });
  const at = (words) => { step = `${who} at ${viewport.width}px: ${words}`; };
  const close = async () => {
    await context.close();
    if (troubles.length) throw new Error(`the page complains:\n${troubles.join("\n")}`);
  };
  return { page, at, close };
}

// Signs in to the server as `person` and goes to where she is led.
export async function signIn({ page, at }, person) {
  at("sign in");
  await page.goto(`${plan.server}/login`);
  await page.fill("#login", person.login);
  await page.fill("#password", person.password);
  await page.getByTestId("login-submit").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
}

// What the browser saves when `act` is done.
export async function saved(page, act) {
  const download = page.waitForEvent("download");
  await act();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

// Nothing sticks out sideways, and axe finds no serious barrier (WCAG 2 A and AA).
export async function look(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) throw new Error(`the page is ${wide}px too wide: ${page.url()}`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa"], resultTypes: ["violations"] }));
  const serious = violations.filter((v) => ["serious", "critical"].includes(v.impact));
  if (serious.length) {
    const list = serious.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join("\n    ")}`);
    throw new Error(`barriers on ${page.url()}:\n  ${list.join("\n  ")}`);
  }
  if (plan.pictures) {
    const script = basename(process.argv[1], ".mjs");
    const name = `${script} ${step}`.replace(/[^a-z0-9]+/gi, "_");
    await page.screenshot({ path: `${plan.pictures}/${name}.png`, fullPage: true });
  }
}
