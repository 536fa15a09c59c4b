// What a Questionnaire says about responses, by the FHIRPath engine of the NLM (npm fhirpath).
//
// In (stdin): a JSON list of { "questionnaire": TEXT, "responses": [TEXT, ...] }.
// Out (stdout): a JSON list, for each of them a list with, for each response,
//   enabled   the linkIds of the questions that are asked,
//   missing   the linkIds of those that are asked, required and not answered,
//   failed    the ids of the constraints that do not hold,
//   values    what is calculated, by linkId.
import fhirpath from "fhirpath";
import r4 from "fhirpath/fhir-context/r4/index.js";
import { readFileSync } from "node:fs";

const SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/";
const FHIR = "http://hl7.org/fhir/StructureDefinition/";
// Decimals of FHIRPath are exact; without this they would be binary floats.
const options = { preciseMath: true, resolveInternalTypes: false };

const compile = (expression) => {
  const { language, expression: text } = expression;
  if (language !== "text/fhirpath") throw new Error(`no FHIRPath: ${language}`);
  try {
    return fhirpath.compile(text, r4, options);
  } catch (error) {
    throw new Error(`${text}: ${error.message}`);
  }
};

const extensions = (element, url) => (element.extension ?? []).filter((extension) => extension.url === url);

/** A questionnaire made ready. */
class Form {
  constructor(questionnaire) {
    this.questionnaire = questionnaire;
    this.variables = extensions(questionnaire, `${FHIR}variable`).map(({ valueExpression }) => ({
      name: valueExpression.name,
      value: compile(valueExpression),
    }));
    this.constraints = extensions(questionnaire, `${FHIR}targetConstraint`).map(({ extension }) => {
      const part = (url) => extension.find((part) => part.url === url);
      const id = part("requirements")?.valueMarkdown?.replace("チェックID: ", "") ?? part("key").valueId;
      return { id, holds: compile(part("expression").valueExpression) };
    });
    this.questions = [];
    this.calculated = [];
    this.walk(questionnaire.item);
  }

  walk(items) {
    for (const item of items) {
      const [when] = extensions(item, `${SDC}sdc-questionnaire-enableWhenExpression`);
      const [value] = extensions(item, `${SDC}sdc-questionnaire-calculatedExpression`);
      if (value) this.calculated.push({ linkId: item.linkId, value: compile(value.valueExpression) });
      if (!["group", "display"].includes(item.type) && !item.readOnly) {
        this.questions.push({ item, when: when && compile(when.valueExpression) });
      }
      this.walk(item.item ?? []);
    }
  }

  said(response) {
    const environment = { resource: response, questionnaire: this.questionnaire };
    // Variables are handed on as plain values, as renderers of forms do.
    for (const { name, value } of this.variables) environment[name] = value(response, environment).map(plain);
    const answers = new Map();
    collect(response.item ?? [], answers);
    const said = { enabled: [], missing: [], failed: [], values: {} };
    for (const { item, when } of this.questions) {
      const asked = when
        ? single(when(response, environment)) === true
        : !item.enableWhen || enabled(item, answers);
      if (!asked) continue;
      said.enabled.push(item.linkId);
      if (item.required && !answers.has(item.linkId)) said.missing.push(item.linkId);
    }
    for (const { id, holds } of this.constraints) {
      const holding = single(holds(response, environment));
      if (typeof holding !== "boolean") throw new Error(`${id} gives ${holding}`);
      if (!holding) said.failed.push(id);
    }
    for (const { linkId, value } of this.calculated) {
      const found = single(value(response, environment).map(plain));
      if (found !== undefined) said.values[linkId] = String(found);
    }
    return said;
  }
}

/** A value without the place it was found at; decimals stay exact. */
const plain = (value) => (typeof value?.convertData === "function" ? value.convertData() : value);

const single = (collection) => {
  if (collection.length > 1) throw new Error(`more than one value: ${JSON.stringify(collection)}`);
  return collection[0];
};

const collect = (items, answers) => {
  for (const item of items) {
    if (item.answer) answers.set(item.linkId, item.answer);
    collect(item.item ?? [], answers);
  }
};

/** enableWhen as FHIR R4 has it. */
const enabled = (item, answers) => {
  const holds = ({ question, operator, answerCoding, answerBoolean }) => {
    const given = answers.get(question) ?? [];
    if (operator === "exists") return (given.length > 0) === answerBoolean;
    if (operator !== "=") throw new Error(`operator ${operator}`);
    return given.some(
      ({ valueCoding }) => valueCoding?.system === answerCoding.system && valueCoding?.code === answerCoding.code,
    );
  };
  if (item.enableWhen.length > 1 && !item.enableBehavior) throw new Error(`${item.linkId}: all or any?`);
  return item.enableBehavior === "any" ? item.enableWhen.some(holds) : item.enableWhen.every(holds);
};

const jobs = JSON.parse(readFileSync(0, "utf8"));
const out = jobs.map(({ questionnaire, responses }) => {
  const form = new Form(JSON.parse(questionnaire));
  return responses.map((response) => form.said(JSON.parse(response)));
});
process.stdout.write(JSON.stringify(out));
