// Whether resources have the shape of FHIR R4 and keep the invariants of the Questionnaire.
//
// In (stdin): a JSON list of resources as texts.
// Out (stdout): a JSON list, for each of them a list of complaints.
import { Fhir } from "fhir";
import fhirpath from "fhirpath";
import r4 from "fhirpath/fhir-context/r4/index.js";
import { readFileSync } from "node:fs";

// The invariants of Questionnaire in R4 (hl7.org/fhir/R4/questionnaire.html), each on every item.
const INVARIANTS = {
  "que-1": "(type = 'group' implies item.exists()) and (type = 'display' implies item.empty())",
  "que-3": "type != 'display' or code.empty()",
  "que-4": "answerOption.empty() or answerValueSet.empty()",
  "que-5": "(type in ('choice' | 'open-choice' | 'decimal' | 'integer' | 'date' | 'dateTime' | 'time' | 'string' | 'quantity')) or (answerOption.empty() and answerValueSet.empty())",
  "que-6": "type != 'display' or (required.empty() and repeats.empty())",
  "que-7": "enableWhen.all(operator = 'exists' implies answer is Boolean)",
  "que-8": "(type in ('group' | 'display')).not() or initial.empty()",
  "que-9": "type != 'display' or readOnly.empty()",
  "que-10": "(type in ('boolean' | 'decimal' | 'integer' | 'string' | 'text' | 'url' | 'open-choice')) or maxLength.empty()",
  "que-11": "answerOption.empty() or initial.empty()",
  "que-12": "enableWhen.count() > 1 implies enableBehavior.exists()",
  "que-13": "repeats = true or initial.count() <= 1",
};
const invariants = Object.entries(INVARIANTS).map(([id, text]) => [id, fhirpath.compile({ base: "Questionnaire.item", expression: text }, r4)]);
const fhir = new Fhir();

const walk = (items, complain, links) => {
  for (const item of items) {
    if (links.has(item.linkId)) complain(`que-2: ${item.linkId} stands twice`);
    links.add(item.linkId);
    for (const [id, holds] of invariants) {
      if (holds(item)[0] !== true) complain(`${id}: ${item.linkId}`);
    }
    walk(item.item ?? [], complain, links);
  }
};

// Every primitive value has the characters that its type allows; ids are what breaks most easily.
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const ids = (value, at, complain) => {
  if (Array.isArray(value)) value.forEach((inner, n) => ids(inner, `${at}[${n}]`, complain));
  else if (value && typeof value === "object") {
    for (const [name, inner] of Object.entries(value)) {
      if ((name === "id" || name === "valueId" || (name === "name" && /valueExpression$/.test(at))) && !ID.test(inner)) {
        complain(`${at}.${name}: ${inner} is no id`);
      }
      if (inner === null || inner === "" || (Array.isArray(inner) && inner.length === 0)) complain(`${at}.${name} is empty`);
      ids(inner, `${at}.${name}`, complain);
    }
  }
};

const out = JSON.parse(readFileSync(0, "utf8")).map((text) => {
  const resource = JSON.parse(text);
  const complaints = [];
  const complain = (what) => complaints.push(what);
  // This validator takes the values false and 0 for missing ones.
  const filled = JSON.parse(text, (_, value) => (value === false ? true : value === 0 ? 1 : value));
  for (const { severity, location, message } of fhir.validate(filled, { errorOnUnexpected: true }).messages) {
    if (severity === "error" || severity === "fatal") complain(`${location}: ${message}`);
  }
  ids(resource, resource.resourceType, complain);
  if (resource.resourceType === "Questionnaire") {
    walk(resource.item, complain, new Set());
    const mentioned = new Set(text.match(/"#[^"]+"/g) ?? []);
    for (const { id } of resource.contained ?? []) {
      if (!mentioned.has(`"#${id}"`)) complain(`dom-3: nothing refers to ${id}`);
    }
  }
  return complaints;
});
process.stdout.write(JSON.stringify(out));
