// The studio's editor: CodeMirror behind the interface of surface.ts.

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Text } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { asking } from "./asking";
import { colours, kohyo } from "./language";
import type { Mark, Place, Setup, Surface } from "./surface";

const JAPANESE = {
  "Find": "検索",
  "Replace": "置換後",
  "next": "次へ",
  "previous": "前へ",
  "all": "すべて選択",
  "match case": "大文字・小文字を区別",
  "regexp": "正規表現",
  "by word": "単語単位",
  "replace": "置換",
  "replace all": "すべて置換",
  "close": "閉じる",
  "current match": "現在の一致",
  "on line": "行",
  "replaced $ matches": "$件を置換しました",
  "replaced match on line $": "$行目を置換しました",
  "Go to line": "行へ移動",
  "go": "移動",
  "Completions": "候補",
  "Diagnostics": "問題",
  "No diagnostics": "問題はありません",
  "Fold line": "折りたたむ",
  "Unfold line": "展開する",
  "folded code": "折りたたまれた部分",
  "unfold": "展開",
  "to": "から",
  "Selection deleted": "選択範囲を削除しました",
};

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "14px", backgroundColor: "#fff" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: '"BIZ UDGothic", "Noto Sans Mono CJK JP", "MS Gothic", "Osaka-Mono", ui-monospace, monospace',
    lineHeight: "1.7",
  },
  ".cm-content": { padding: "8px 0 40vh" },
  ".cm-gutters": { backgroundColor: "#f5f7fa", color: "#55606e", borderRight: "1px solid #d8dde5" },
  ".cm-activeLine": { backgroundColor: "rgb(0 49 216 / 6%)" },
  ".cm-activeLineGutter": { backgroundColor: "#e1eaff", color: "#111827" },
  ".cm-tooltip": { border: "1px solid #8a94a3", borderRadius: "6px", maxWidth: "min(480px, 92vw)" },
  ".cm-tooltip-autocomplete .cm-completionDetail": { fontStyle: "normal", color: "#55606e" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected] .cm-completionDetail": { color: "#fff" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "#0a3f9c", color: "#fff" },
  ".cm-diagnostic": { whiteSpace: "pre-wrap", padding: "6px 10px" },
  ".cm-diagnosticAction": { backgroundColor: "#0a3f9c", fontSize: "13px", padding: "4px 10px", borderRadius: "4px" },
  ".cm-panels": { backgroundColor: "#f5f7fa", color: "#111827" },
  ".cm-panel.cm-search": { padding: "8px 32px 8px 10px" },
  ".cm-panel.cm-search [name=close]": { fontSize: "20px", padding: "0 8px" },
});

function offset(doc: Text, place: Place): number {
  const line = doc.line(Math.min(Math.max(1, place.line), doc.lines));
  return Math.min(line.from + Math.max(0, place.column), line.to);
}

function diagnostic(doc: Text, mark: Mark): Diagnostic {
  const from = offset(doc, mark.from);
  const apply = mark.apply;
  return {
    from,
    to: Math.max(from, offset(doc, mark.to)),
    severity: mark.severity === "information" ? "info" : mark.severity,
    source: mark.code,
    message: [mark.message, mark.note, mark.help && `ヒント: ${mark.help}`].filter(Boolean).join("\n"),
    actions: apply ? [{ name: "修正を適用", apply: () => apply() }] : [],
  };
}

window.kohyoRichEditor = (setup: Setup): Surface => {
  const parent = document.createElement("div");
  parent.className = "rich-editor";
  const view = new EditorView({
    state: EditorState.create({
      doc: setup.textarea.value,
      extensions: [
        EditorView.cspNonce.of(setup.nonce),
        EditorState.phrases.of(JAPANESE),
        EditorState.readOnly.of(setup.readOnly),
        lineNumbers(),
        foldGutter(),
        lintGutter(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        drawSelection(),
        history(),
        indentOnInput(),
        indentUnit.of("  "),
        bracketMatching(),
        closeBrackets(),
        asking(setup),
        highlightSelectionMatches(),
        search({ top: true }),
        kohyo,
        colours,
        look,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          "aria-label": setup.textarea.getAttribute("aria-label") ?? "定義の本文",
          "data-testid": "editor-text",
          tabindex: "0",
        }),
        keymap.of([
          { key: "Mod-s", preventDefault: true, run: () => (setup.onSave(), true) },
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...completionKeymap,
          ...lintKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) setup.onChange();
        }),
      ],
    }),
    parent,
  });
  setup.textarea.hidden = true;
  setup.textarea.after(parent);

  return {
    kind: "rich",
    getText: () => view.state.doc.toString(),
    setText(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, userEvent: "input.replace" });
    },
    replace(from, to, text) {
      const doc = view.state.doc;
      view.dispatch({
        changes: { from: offset(doc, from), to: offset(doc, to), insert: text },
        userEvent: "input.fix",
      });
    },
    goTo(from, to) {
      const anchor = offset(view.state.doc, from);
      const head = offset(view.state.doc, to);
      view.dispatch({
        selection: { anchor, head },
        effects: EditorView.scrollIntoView(anchor, { y: "center" }),
      });
      view.focus();
    },
    setMarks(marks) {
      view.dispatch(setDiagnostics(view.state, marks.map((mark) => diagnostic(view.state.doc, mark))));
    },
    focus: () => view.focus(),
  };
};
