// Puts documents to JSON Schemas, by ajv.
//
// In (stdin): a JSON list of { "schema": TEXT, "documents": [...] }.
// Out (stdout): a JSON list, for each of them a list with null for each document that is accepted,
// or else what ajv says first.
import Ajv2020 from "ajv/dist/2020.js";
import { readFileSync } from "node:fs";

const jobs = JSON.parse(readFileSync(0, "utf8"));
const out = jobs.map(({ schema, documents }) => {
  const accepts = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: false, validateSchema: true })
    .compile(JSON.parse(schema));
  return documents.map((document) => {
    if (accepts(document)) return null;
    const [first] = accepts.errors;
    return `${first.instancePath} ${first.message} ${first.schemaPath}`;
  });
});
process.stdout.write(JSON.stringify(out));
