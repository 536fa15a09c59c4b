// The main job in a real browser: a physician fills and confirms a record, a municipal officer
// reads it by access key, an author changes a threshold and sees the verdict change.
// Called by tests/tests/browser.rs with the path of a JSON file that says where everything is.

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
  const key = await physician(viewport);
  await officer(viewport, key);
  await author(viewport);
}

async function physician(viewport) {
  const { page, close } = await open(viewport, "physician");
  await signIn(page, plan.server, plan.physician);

  await at(page, "choose a disease");
  await page.goto(`${plan.server}/records/new`);
  await page.fill("#q", plan.disease.title);
  await page.keyboard.press("Enter");
  await page.waitForURL(/[?]q=/);
  const offer = page.locator(`[data-key="${plan.disease.key}"]`);
  await look(page);
  await offer.getByTestId("start-new").click();
  await page.waitForURL(/\/records\/[^/]+$/);

  await at(page, "the verdict of an empty form is undetermined");
  await expectResult(page, "undetermined");
  await look(page);

  await at(page, "a mistake is shown while typing, and goes when it is mended");
  await answer(page, "postal_code", ["12"]);
  const finding = page.locator('[data-testid="field-postal_code"] [data-testid="finding"]');
  await finding.waitFor();
  await answer(page, "postal_code", plan.answers.postal_code ?? ["100-0001"]);
  await finding.waitFor({ state: "detached" });

  await at(page, "the verdict settles while she types");
  await fill(page);
  await expectResult(page, plan.result);

  await at(page, "a changed answer changes the verdict, and back");
  await answer(page, plan.pivot.name, [plan.pivot.other]);
  await expectResult(page, plan.pivot.result);
  await answer(page, plan.pivot.name, plan.answers[plan.pivot.name]);
  await expectResult(page, plan.result);

  await at(page, "a draft is kept");
  await page.getByTestId("save").click();
  await page.getByTestId("note").waitFor();
  const address = page.url();
  await page.goto(`${plan.server}/records`);
  await page.goto(address);
  await expectResult(page, plan.result);

  await at(page, "confirm");
  await page.getByTestId("to-confirm").click();
  await page.waitForURL(/\/confirm/);
  if (await page.getByTestId("errors").count()) {
    throw new Error(await page.getByTestId("errors").innerText());
  }
  await look(page);
  if (await page.getByTestId("ack").count()) await page.getByTestId("ack").check();
  await page.getByTestId("confirm").click();

  await at(page, "the access key is shown and printed");
  const key = (await page.getByTestId("access-key").innerText()).replace(/\s/g, "");
  if (!/^([0-9A-Z]+-)+[0-9A-Z]+$/.test(key)) throw new Error(`no access key: ${key}`);
  await look(page);
  await page.getByTestId("to-print").click();
  await page.waitForURL(/\/print/);
  const printed = (await page.locator("body").innerText()).replace(/\s/g, "");
  if (!printed.includes(key.replace(/\s/g, ""))) throw new Error("the printed page lacks the access key");
  await look(page);
  await close();
  return key;
}

async function officer(viewport, key) {
  const { page, close } = await open(viewport, "officer");
  await signIn(page, plan.server, plan.officer);

  await at(page, "a wrong key is refused");
  await page.goto(`${plan.server}/municipal`);
  await page.fill("#access_key", "00000-00000-00000-00000-00000");
  await page.getByTestId("redeem").click();
  await page.getByTestId("key-error").waitFor();

  await at(page, "the key opens the record, however it is typed");
  await page.fill("#access_key", key.toLowerCase().replaceAll("-", " "));
  await page.getByTestId("redeem").click();
  await page.waitForURL(/\/municipal\/records\//);
  await expectText(page, "body", plan.patient);
  await page.locator(`[data-testid="verdict-result"]`).first().waitFor();
  await expectText(page, `[data-testid="verdict"]`, plan.resultLabel);
  if (!(await page.getByTestId("explanation").count())) throw new Error("no explanation");
  await look(page);

  await at(page, "the review board sees no name");
  const address = page.url();
  await page.goto(`${address}/print-masked`);
  const masked = await page.locator("body").innerText();
  if (masked.includes(plan.patient)) throw new Error("the masked print names the patient");
  await look(page);
  await close();
}

async function author(viewport) {
  const { page, close } = await open(viewport, "author");
  await at(page, "sign in");
  await page.goto(`${plan.studio}/`);
  await page.fill("#name", plan.author.login);
  await page.fill("#password", plan.author.password);
  await page.getByTestId("sign-in").click();
  await page.locator(`a[href="/definitions/${plan.disease.path}"]`).first().waitFor();
  await look(page);

  await at(page, "a case shows its verdict");
  await page.goto(`${plan.studio}/definitions/${plan.disease.path}`);
  await show(page, "preview");
  const cases = page.getByTestId("case-select");
  await page.waitForFunction(() => document.querySelector("#case")?.options.length > 1);
  const option = await cases.locator("option", { hasText: plan.edit.case }).getAttribute("value");
  await cases.selectOption(option);
  await expectText(page, `[data-testid="verdict-panel"]`, plan.edit.before);
  await look(page);

  await at(page, "a mistake is diagnosed, the last good preview stays");
  const text = await page.evaluate(() => window.kohyoEditor.getText());
  await page.evaluate((t) => window.kohyoEditor.setText(t), text.replace(plan.edit.find, plan.edit.mistake));
  await page.getByTestId("stale").waitFor({ state: "attached" });
  await show(page, "diagnostics");
  await expectText(page, `[data-testid="diagnostics"]`, plan.edit.finding);
  await look(page);

  await at(page, "another threshold gives another verdict");
  await page.evaluate((t) => window.kohyoEditor.setText(t), text.replace(plan.edit.find, plan.edit.replace));
  await show(page, "preview");
  await expectText(page, `[data-testid="verdict-panel"]`, plan.edit.after);
  await page.evaluate((t) => window.kohyoEditor.setText(t), text);
  await expectText(page, `[data-testid="verdict-panel"]`, plan.edit.before);
  await close();
}

// What every step shares.

async function open(viewport, who) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    // Refused answers are part of the path; scripts that break or break the policy are not.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) troubles.push(message.text());
  });
  page.kohyo = { who, width: viewport.width };
  const close = async () => {
    await context.close();
    if (troubles.length) throw new Error(`trouble in the page: ${troubles.join("\n")}`);
  };
  return { page, close };
}

async function at(page, words) {
  step = `${page.kohyo.who} at ${page.kohyo.width}px: ${words}`;
}

async function signIn(page, base, person) {
  await at(page, "sign in");
  await page.goto(`${base}/login`);
  await page.fill("input[name=login]", person.login);
  await page.fill("input[name=password]", person.password);
  await page.getByTestId("login-submit").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
}

// Nothing sticks out sideways, and axe finds no serious barrier (WCAG 2 A and AA).
async function look(page) {
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
    const name = step.replace(/[^a-z0-9]+/gi, "_");
    await page.screenshot({ path: `${plan.pictures}/${name}.png` });
  }
}

async function show(page, tab) {
  await page.locator(`[data-tab="${tab}"]`).click();
}

async function expectText(page, selector, words) {
  await page.waitForFunction(
    ([selector, words]) => document.querySelector(selector)?.innerText.includes(words),
    [selector, words],
    { timeout: 15000 },
  ).catch(async () => {
    const seen = await page.locator(selector).first().innerText().catch(() => "nothing");
    throw new Error(`expected 「${words}」 in ${selector}, saw: ${seen.slice(0, 600)}`);
  });
}

async function expectResult(page, result) {
  await page.locator(`[data-result-badge="${result}"]`).first().waitFor({ timeout: 15000 }).catch(async () => {
    const seen = await page.locator("[data-result-badge]").first().getAttribute("data-result-badge");
    throw new Error(`expected the result ${result}, saw ${seen}`);
  });
}

// Answers what is shown; answers may show or require more, so again until nothing is left.
async function fill(page) {
  const done = new Set();
  for (let round = 0; round < 8; round += 1) {
    let any = false;
    for (const [name, values] of Object.entries(plan.answers)) {
      if (done.has(name)) continue;
      const first = page.locator(`[name="${name}"]`).first();
      if (!(await first.count()) || !(await page.getByTestId(`field-${name}`).isVisible())) continue;
      await answer(page, name, values);
      done.add(name);
      any = true;
    }
    if (!any) return;
    await page.waitForTimeout(700);
  }
}

async function answer(page, name, values) {
  const inputs = page.locator(`[name="${name}"]`);
  const first = inputs.first();
  const kind = await first.evaluate((e) => (e.tagName === "INPUT" ? e.type : e.tagName.toLowerCase()));
  if (kind === "radio" || kind === "checkbox") {
    for (const value of values) await page.locator(`[name="${name}"][value="${value}"]`).check({ force: true });
  } else if (kind === "select") {
    await first.selectOption(values[0]);
  } else {
    await first.fill(values[0]);
  }
}
