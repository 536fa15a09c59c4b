// The main job in a real browser: a physician fills and confirms a record, a municipal officer
// reads it by access key, an author changes a threshold and sees the verdict change.

import { look, open, plan, signIn, walk } from "./walk.mjs";

await walk(async (viewport) => {
  const key = await physician(viewport);
  await officer(viewport, key);
  await author(viewport);
});

async function physician(viewport) {
  const visit = await open(viewport, "physician", { refusals: true });
  const { page, at, close } = visit;
  await signIn(visit, plan.physician);

  at("choose a disease");
  await page.goto(`${plan.server}/records/new`);
  await page.locator("#q:focus").waitFor();
  await page.keyboard.type(plan.disease.short);
  await page.keyboard.press("Enter");
  await page.waitForURL(/[?]q=/);
  const offer = page.locator(`[data-key="${plan.disease.key}"]`);
  await look(page);
  await offer.getByTestId("start-new").click();
  await page.waitForURL(/\/records\/[^/]+$/);

  at("a form that was only looked at is no draft");
  const address = page.url();
  await page.goto(`${plan.server}/records`);
  if (await page.locator(`a[href="${new URL(address).pathname}"]`).count()) throw new Error("an empty draft is listed");
  await page.goto(address);

  at("the verdict of an empty form is undetermined");
  await expectResult(page, "undetermined");
  await look(page);

  at("a mistake is shown while typing, and goes when it is mended");
  await answer(page, "postal_code", ["12"]);
  const finding = page.locator('[data-testid="field-postal_code"] [data-testid="finding"]');
  await finding.waitFor();
  await answer(page, "postal_code", plan.answers.postal_code ?? ["100-0001"]);
  await finding.waitFor({ state: "detached" });

  at("the verdict settles while she types");
  await fill(page);
  await expectResult(page, plan.result);

  at("a changed answer changes the verdict, and back");
  await answer(page, plan.pivot.name, [plan.pivot.other]);
  await expectResult(page, plan.pivot.result);
  await answer(page, plan.pivot.name, plan.answers[plan.pivot.name]);
  await expectResult(page, plan.result);

  at("an old verdict is not shown as that of what is written");
  await page.route("**/live", async (route) => {
    await new Promise((done) => setTimeout(done, 1500));
    await route.continue();
  });
  await answer(page, plan.pivot.name, [plan.pivot.other]);
  await page.locator("[data-verdict][data-stale]").waitFor();
  await expectText(page, "[data-stale-note]", "再計算中");
  await expectResult(page, plan.pivot.result);
  await page.unrouteAll({ behavior: "wait" });
  await page.locator("[data-verdict][data-stale]").waitFor({ state: "detached" });
  await page.route("**/live", (route) => route.abort());
  await answer(page, plan.pivot.name, plan.answers[plan.pivot.name]);
  await expectText(page, "[data-stale-note]", "接続なし");
  await page.unrouteAll({ behavior: "wait" });
  await expectResult(page, plan.result);
  await page.locator("[data-verdict][data-stale]").waitFor({ state: "detached" });

  at("the reasons are one press away, the next open question too");
  await page.getByTestId("reasons").click();
  const narrow = viewport.width < 1200;
  if (narrow !== (await page.locator("#reasons[data-sheet]").count()) > 0) throw new Error("the reasons do not open");
  if (narrow) await look(page);
  at("the reasons keep most of the width for their words");
  const squeezed = await page.evaluate(() => {
    const reasons = document.querySelector(".explanation");
    for (const details of reasons.querySelectorAll("details")) details.open = true;
    const { right, width } = reasons.getBoundingClientRect();
    const rooms = [...reasons.querySelectorAll(".step-text")].map((step) => right - step.getBoundingClientRect().left);
    return Math.min(...rooms) / width;
  });
  if (viewport.width < 480 && squeezed < 0.7) throw new Error(`a reason has ${Math.round(squeezed * 100)} % of the width`);
  await page.keyboard.press("Escape");
  await page.locator(`[name="${plan.pivot.name}"]:checked`).press("Delete");
  await page.getByTestId("next-open").click();
  const reached = await page.evaluate(() => document.activeElement?.getAttribute("name"));
  if (reached !== plan.pivot.name) throw new Error(`the next open question is ${plan.pivot.name}, reached ${reached}`);
  await answer(page, plan.pivot.name, plan.answers[plan.pivot.name]);
  await page.getByTestId("next-open").waitFor({ state: "hidden" });

  at("whoever types without a pause is saved all the same");
  const kept = page.waitForResponse((response) => response.url().endsWith("/autosave"), { timeout: 20000 });
  let waiting = true;
  void kept.finally(() => { waiting = false; });
  while (waiting) {
    await answer(page, plan.pivot.name, plan.answers[plan.pivot.name]);
    await page.locator(`[name="${plan.pivot.name}"]`).first().dispatchEvent("input");
    await page.waitForTimeout(500);
  }
  if (!(await kept).ok()) throw new Error("the draft was not kept");

  at("a draft is kept");
  await page.getByTestId("save").click();
  await page.getByTestId("note").waitFor();
  await page.goto(`${plan.server}/records/new`);
  await page.getByTestId("recent").locator(`[data-key="${plan.disease.key}"]`).waitFor();
  await look(page);
  await page.goto(address);
  await expectResult(page, plan.result);

  at("confirm");
  await page.getByTestId("to-confirm").click();
  await page.waitForURL(/\/confirm/);
  if (await page.getByTestId("errors").count()) {
    throw new Error(await page.getByTestId("errors").innerText());
  }
  await look(page);
  if (await page.getByTestId("ack").count()) await page.getByTestId("ack").check();
  await page.getByTestId("confirm").click();

  at("the access key is shown and printed");
  const key = (await page.getByTestId("access-key").innerText()).replace(/\s/g, "");
  if (!/^([0-9A-Z]+-)+[0-9A-Z]+$/.test(key)) throw new Error(`no access key: ${key}`);
  await look(page);
  await page.getByTestId("to-print").click();
  await page.waitForURL(/\/print/);
  const printed = (await page.locator("body").innerText()).replace(/\s/g, "");
  if (!printed.includes(key.replace(/\s/g, ""))) throw new Error("the printed page lacks the access key");
  const place = page.locator('#field-physician_name [data-testid="sign-place"]');
  if (!(await place.isVisible())) throw new Error("the physician has nowhere to sign");
  await look(page);
  await close();
  return key;
}

async function officer(viewport, key) {
  const visit = await open(viewport, "officer", { refusals: true });
  const { page, at, close } = visit;
  await signIn(visit, plan.officer);

  at("a wrong key is refused");
  await page.goto(`${plan.server}/municipal`);
  await page.fill("#access_key", "00000-00000-00000-00000-00000");
  await page.getByTestId("redeem").click();
  await page.getByTestId("key-error").waitFor();

  at("the key opens the record, however it is typed");
  await page.fill("#access_key", key.toLowerCase().replaceAll("-", " "));
  await page.getByTestId("redeem").click();
  await page.waitForURL(/\/municipal\/records\//);
  await expectText(page, "body", plan.patient);
  await page.locator(`[data-testid="verdict-result"]`).first().waitFor();
  await expectText(page, `[data-testid="verdict"]`, plan.resultLabel);
  if (!(await page.getByTestId("explanation").count())) throw new Error("no explanation");
  await look(page);

  at("the review board sees no name");
  const address = page.url();
  await page.goto(`${address}/print-masked`);
  const masked = await page.locator("body").innerText();
  if (masked.includes(plan.patient)) throw new Error("the masked print names the patient");
  await look(page);
  await close();
}

async function author(viewport) {
  const { page, at, close } = await open(viewport, "author", { refusals: true });
  at("sign in");
  await page.goto(`${plan.studio}/`);
  await page.fill("#name", plan.author.login);
  await page.fill("#password", plan.author.password);
  await page.getByTestId("sign-in").click();
  await page.locator(`a[href="/definitions/${plan.disease.path}"]`).first().waitFor();
  await look(page);

  at("a case shows its verdict");
  await page.goto(`${plan.studio}/definitions/${plan.disease.path}`);
  await show(page, "preview");
  const cases = page.getByTestId("case-select");
  await page.waitForFunction(() => document.querySelector("#case")?.options.length > 1);
  const option = await cases.locator("option", { hasText: plan.edit.case }).getAttribute("value");
  await cases.selectOption(option);
  await expectText(page, `[data-testid="verdict-panel"]`, plan.edit.before);
  await look(page);

  at("a mistake is diagnosed, the last good preview stays");
  const text = await page.evaluate(() => window.kohyoEditor.getText());
  await page.evaluate((t) => window.kohyoEditor.setText(t), text.replace(plan.edit.find, plan.edit.mistake));
  await page.getByTestId("stale").waitFor({ state: "attached" });
  await show(page, "diagnostics");
  await expectText(page, `[data-testid="diagnostics"]`, plan.edit.finding);
  await look(page);

  at("what has errors is saved, and not called good");
  await page.getByTestId("save").click();
  await expectText(page, '[data-testid="notice-save"]', "公開できません");
  await expectText(page, '[data-testid="save-state"]', "エラー");
  await look(page);

  at("another threshold gives another verdict");
  await page.evaluate((t) => window.kohyoEditor.setText(t), text.replace(plan.edit.find, plan.edit.replace));
  await show(page, "preview");
  await expectText(page, `[data-testid="verdict-panel"]`, plan.edit.after);
  await page.evaluate((t) => window.kohyoEditor.setText(t), text);
  await expectText(page, `[data-testid="verdict-panel"]`, plan.edit.before);

  at("what holds for every patient is proven");
  await show(page, "proofs");
  await expectText(page, `[data-testid="proofs"]`, "成り立つこと");
  await look(page);
  await page.getByTestId("save").click();
  await expectText(page, '[data-testid="save-state"]', "に保存しました");
  if (await page.getByTestId("notice-save").count()) throw new Error("a good text is called bad");

  at("a module shows the diseases that it changes before it is saved");
  await page.goto(`${plan.studio}/definitions/${plan.edit.module}`);
  const module = await page.evaluate(() => window.kohyoEditor.getText());
  await page.evaluate((t) => window.kohyoEditor.setText(t), `${module}\nnot a definition\n`);
  await page.getByTestId("save").click();
  const reach = page.getByTestId("reach");
  await reach.locator(`tr[data-key="${plan.disease.key}"]`).waitFor({ timeout: 60000 });
  await look(page);
  await page.getByTestId("save-later").click();
  await expectText(page, '[data-testid="save-state"]', "未保存");
  await page.evaluate((t) => window.kohyoEditor.setText(t), module);
  await expectText(page, '[data-testid="save-state"]', "保存済み");
  await close();
}

// What the steps share.

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
    for (const value of values) {
      const input = page.locator(`[name="${name}"][value="${value}"]`);
      // What is said about the answer before may have moved the page under the pointer.
      await input.check({ force: true }).catch(() => input.check({ force: true }));
    }
  } else if (kind === "select") {
    await first.selectOption(values[0]);
  } else {
    await first.fill(values[0]);
  }
}
