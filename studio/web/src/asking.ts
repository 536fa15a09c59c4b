// Completion, meanings and definitions: asked of the compiler, which alone knows the language.

import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  snippetCompletion,
} from "@codemirror/autocomplete";
import type { Extension, Text } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, type Tooltip } from "@codemirror/view";
import { complete } from "./language";
import type { Offer, Place, Range, Setup } from "./surface";

function place(doc: Text, offset: number): Place {
  const line = doc.lineAt(offset);
  return { line: line.number, column: offset - line.from };
}

function offset(doc: Text, at: { line: number; character: number }): number {
  const line = doc.line(Math.min(Math.max(1, at.line + 1), doc.lines));
  return Math.min(line.from + at.character, line.to);
}

const toPlace = (at: { line: number; character: number }): Place => ({ line: at.line + 1, column: at.character });

/** In the order in which the compiler offers them. */
const TYPES: Record<Offer["kind"], string> = {
  option: "enum",
  unit: "constant",
  field: "property",
  rule: "function",
  judgement: "class",
  codeTable: "type",
  module: "namespace",
  keyword: "keyword",
  function: "function",
};

function option(offer: Offer, rank: number): Completion {
  // CodeMirror writes places to fill in as `${1:…}` too, but knows neither choices nor `$0`.
  const template = offer.snippet
    .replace(/\$\{(\d+)\|([^,|}]*)[^}]*\}/g, "${$1:$2}")
    .replace(/\$0/g, "${}");
  const shown = { label: offer.label, detail: offer.detail, type: TYPES[offer.kind], boost: Math.max(-99, 50 - rank) };
  return template.includes("${") ? snippetCompletion(template, shown) : { ...shown, apply: offer.snippet };
}

/** Whether something is sure to be meant after the word before the cursor. */
const ASKS = /(?:\b(?:is|is not|includes|use|carry|personal|display|eligible|status)|[.{:]|\d)[ \t]*$/;

function completion(setup: Setup) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const word = context.matchBefore(/[\p{XID_Start}_][\p{XID_Continue}]*/u);
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    if (!word && !context.explicit && !ASKS.test(before)) return null;
    const offers = await setup.asking.completion(place(context.state.doc, context.pos));
    if (context.aborted) return null;
    if (!offers) return complete(context);
    const first = offers[0];
    if (!first) return null;
    return {
      from: offset(context.state.doc, first.range.start),
      options: offers.map(option),
      validFor: /^[\p{XID_Continue}]*$/u,
    };
  };
}

/** Paragraphs, lists, bold and code; everything else is shown as it is. */
function markdown(text: string): HTMLElement {
  const box = document.createElement("div");
  box.className = "meaning";
  for (const block of text.split(/\n{2,}/)) {
    const lines = block.split("\n").filter((line) => line.trim() !== "");
    if (lines.length > 0 && lines.every((line) => /^\s*- /.test(line))) {
      const list = document.createElement("ul");
      for (const line of lines) {
        const item = document.createElement("li");
        item.style.marginInlineStart = `${(line.length - line.trimStart().length) / 2}em`;
        item.append(...inline(line.trimStart().slice(2)));
        list.append(item);
      }
      box.append(list);
    } else if (lines.length > 0) {
      const paragraph = document.createElement("p");
      paragraph.append(...inline(lines.join(" ")));
      box.append(paragraph);
    }
  }
  return box;
}

function inline(text: string): (Node | string)[] {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part) => {
    const tag = part.startsWith("**") ? "strong" : part.startsWith("`") ? "code" : null;
    if (!tag || part.length < 3) return part;
    const element = document.createElement(tag);
    element.textContent = part.replace(/^[*`]+|[*`]+$/g, "");
    return element;
  });
}

function meaning(setup: Setup) {
  return hoverTooltip(async (view, pos): Promise<Tooltip | null> => {
    const doc = view.state.doc;
    const found = await setup.asking.hover(place(doc, pos));
    // The text may have changed while the answer was on its way.
    if (!found || view.state.doc !== doc) return null;
    return {
      pos: offset(doc, found.range.start),
      end: offset(doc, found.range.end),
      above: true,
      create: () => ({ dom: markdown(found.markdown) }),
    };
  });
}

async function goToDefinition(setup: Setup, view: EditorView, pos: number): Promise<void> {
  const found = await setup.asking.definition(place(view.state.doc, pos));
  if (found) setup.onGoTo(found.path, toPlace(found.range.start), toPlace(found.range.end));
}

const look = EditorView.theme({
  ".meaning": { padding: "6px 12px", maxHeight: "24em", overflow: "auto", lineHeight: "1.6" },
  ".meaning p": { margin: "4px 0" },
  ".meaning ul": { margin: "4px 0", paddingInlineStart: "1.4em" },
  ".meaning code": { backgroundColor: "#eef1f6", padding: "0 4px", borderRadius: "3px", fontFamily: "inherit" },
});

export function asking(setup: Setup): Extension {
  return [
    autocompletion({ override: [completion(setup)], icons: false }),
    meaning(setup),
    look,
    keymap.of([
      {
        key: "F12",
        run: (view) => {
          void goToDefinition(setup, view, view.state.selection.main.head);
          return true;
        },
      },
    ]),
    EditorView.domEventHandlers({
      mousedown(event, view) {
        if (!(event.ctrlKey || event.metaKey) || event.button !== 0) return false;
        const pos = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (pos === null) return false;
        event.preventDefault();
        void goToDefinition(setup, view, pos);
        return true;
      },
    }),
  ];
}
