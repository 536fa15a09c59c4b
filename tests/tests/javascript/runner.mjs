// Asks the modules: one request a line in the file named first, one answer a line on standard output.
// A request is { module, answers, context }; the answer is what the module says, in the words of
// tests/src/node.rs. With `missing: true` it is asked what is missing to a verdict, and nothing else.

import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const modules = new Map();

async function load(name) {
  if (!modules.has(name)) modules.set(name, await import(pathToFileURL(resolve(name)).href));
  return modules.get(name);
}

const outcome = (said) => ({
  result: said.result,
  exact: said.exact,
  judgements: said.judgements,
  calculations: said.calculations,
  visibility: said.visibility,
  findings: said.findings,
});

for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) {
  const { module, answers, context, missing } = JSON.parse(line);
  let said;
  try {
    const form = await load(module);
    said = missing ? { missing: form.missing(answers, context) } : outcome(form.evaluate(answers, context));
  } catch (trouble) {
    said = { error: String(trouble?.stack ?? trouble) };
  }
  console.log(JSON.stringify(said));
}
