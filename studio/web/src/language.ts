// Colours, indentation and completion of the Kohyo language.
// The truth about the language is the compiler; this only has to look right while typing.

import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";

const words = (text: string) => new Set(text.trim().split(/\s+/));

/** Words after which a name is declared. */
const DECLARE = words(
  "field group section code criterion score value grade table judgement category otherwise check prefix",
);
const STRUCTURE = words(
  "disease module programme use as edition from to source notice text status draft reviewed published note display private not judged because shitei shoman branch eligible",
);
const MODIFIERS = words(
  "required when shown new renewal only carry copy confirm never expires personal identifying quasi sensitive help cites was points unknown violated error warning information lines",
);
const OPERATORS = words(
  "and or not unless at is in includes differs from treat as if then else any all none of least most exactly count sum max min earliest latest first match otherwise age years months days today yes no answered application round floor ceiling abs sqrt ln exp power",
);
const TYPES = words(
  "text kana digits postal_code phone integer decimal date month year choice choices",
);

const NUMBER = /^\d+(?:\.\d+)?/;
const DATE = /^\d{4}[-/]\d{1,2}[-/]\d{1,2}/;
const UNIT = /^[ \t]*[\p{L}%‰°℃℉µ㌀-㏿][\p{L}\p{N}/%‰°·^²³*㌀-㏿]*/u;
const WORD = /^[\p{XID_Start}_]\p{XID_Continue}*/u;

interface State {
  depth: number;
  /** What the next word is: a declared name, a type, or an ordinary word. */
  next: "name" | "type" | "word";
  afterDot: boolean;
}

export const kohyo = StreamLanguage.define<State>({
  name: "kohyo",
  startState: () => ({ depth: 0, next: "word", afterDot: false }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (stream.eatSpace()) return null;
    const afterDot = state.afterDot;
    state.afterDot = false;
    const next = stream.peek();
    if (next === "#" || next === "＃") {
      stream.skipToEnd();
      return "comment";
    }
    if (next === '"') {
      stream.next();
      for (let c = stream.next(); c != null && c !== '"'; c = stream.next()) {
        if (c === "\\") stream.next();
      }
      if (state.next === "name") state.next = "word";
      return "string";
    }
    if (stream.match(DATE)) return "literal";
    if (stream.match(NUMBER)) {
      const rest = stream.string.slice(stream.pos).match(UNIT);
      const unit = rest?.[0].trim() ?? "";
      if (rest && !OPERATORS.has(unit) && !MODIFIERS.has(unit) && !STRUCTURE.has(unit) && state.next !== "name") {
        // The code `1 present "あり"` is a number and a name; only a unit follows a comparison.
        if (/[<>=.+\-*/]\s*\d[\d.]*$/.test(stream.string.slice(0, stream.pos))) stream.pos += rest[0].length;
      }
      return "number";
    }
    const word = stream.match(WORD) as RegExpMatchArray | null;
    if (word) {
      const text = word[0];
      if (afterDot) return "propertyName";
      const expected = state.next;
      state.next = "word";
      if (expected === "name" && text !== "when") return "definition";
      if (expected === "type") return TYPES.has(text) ? "type" : "typeName";
      if (DECLARE.has(text)) {
        state.next = "name";
        return "keyword";
      }
      if (STRUCTURE.has(text)) return "keyword";
      if (MODIFIERS.has(text)) return "modifier";
      if (OPERATORS.has(text)) return "operatorKeyword";
      if (TYPES.has(text)) return "type";
      return "variableName";
    }
    const sign = stream.next();
    if (sign === "{" || sign === "(") state.depth += 1;
    if (sign === "}" || sign === ")") state.depth = Math.max(0, state.depth - 1);
    if (sign === "{" || sign === "}" || sign === "(" || sign === ")") return "bracket";
    if (sign === ".") state.afterDot = true;
    if (sign === ":" && state.depth > 0) state.next = "type";
    return "operator";
  },
  indent(state, textAfter, context) {
    const closes = /^\s*[})]/.test(textAfter) ? 1 : 0;
    return Math.max(0, state.depth - closes) * context.unit;
  },
  languageData: {
    commentTokens: { line: "#" },
    indentOnInput: /^\s*[})]$/,
    closeBrackets: { brackets: ["{", "(", '"'] },
  },
  tokenTable: {
    definition: tags.definition(tags.variableName),
    type: tags.typeName,
    literal: tags.literal,
    modifier: tags.modifier,
    operatorKeyword: tags.operatorKeyword,
  },
});

// Every colour reads at 4.5:1 or better on white and on the selected line.
export const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.comment, color: "#55606e", fontStyle: "italic" },
    { tag: tags.string, color: "#7a3b00" },
    { tag: [tags.number, tags.literal], color: "#8a0f5c" },
    { tag: tags.keyword, color: "#0a3f9c", fontWeight: "600" },
    { tag: tags.modifier, color: "#5a3aa6" },
    { tag: tags.operatorKeyword, color: "#0a3f9c" },
    { tag: tags.typeName, color: "#00605a" },
    { tag: tags.definition(tags.variableName), color: "#111827", fontWeight: "700" },
    { tag: [tags.variableName, tags.propertyName], color: "#1f2937" },
    { tag: [tags.operator, tags.bracket], color: "#374151" },
  ]),
);

const KEYWORDS = [...new Set([...DECLARE, ...STRUCTURE, ...MODIFIERS, ...OPERATORS, ...TYPES])].sort();
const DECLARED =
  /\b(field|criterion|score|value|grade|table|judgement|category|code)\s+([\p{XID_Start}_]\p{XID_Continue}*)\s*(?:"((?:[^"\\\n]|\\.)*)")?/gu;
const CODES = /\b\w+\s+([\p{XID_Start}_]\p{XID_Continue}*)\s+"((?:[^"\\\n]|\\.)*)"/gu;

/** Names declared in this text with their Japanese labels, then keywords. */
export function complete(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/[\p{XID_Start}_]\p{XID_Continue}*/u);
  if (!word && !context.explicit) return null;
  const text = context.state.doc.toString();
  const options = new Map<string, { label: string; detail?: string; type: string; boost?: number }>();
  for (const [, kind, name, label] of text.matchAll(DECLARED)) {
    if (name) options.set(name, { label: name, detail: label, type: kind ?? "variable", boost: 2 });
  }
  for (const [, name, label] of text.matchAll(CODES)) {
    if (name && !options.has(name)) options.set(name, { label: name, detail: label, type: "constant", boost: 1 });
  }
  for (const keyword of KEYWORDS) {
    if (!options.has(keyword)) options.set(keyword, { label: keyword, type: "keyword" });
  }
  return {
    from: word?.from ?? context.pos,
    options: [...options.values()],
    validFor: /^[\p{XID_Continue}]*$/u,
  };
}
