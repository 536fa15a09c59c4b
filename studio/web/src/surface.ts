// What the page script (assets/studio.js) asks of an editor.
// Two editors answer it: the one in editor.ts, and the plain textarea in studio.js.

/** A place as editors count it: line from 1, column in UTF-16 units from 0. */
export interface Place {
  line: number;
  column: number;
}

/** A finding to underline. */
export interface Mark {
  from: Place;
  to: Place;
  severity: "error" | "warning" | "information";
  code: string;
  message: string;
  note: string;
  help: string | null;
  /** Repairs the text, if there is just one way to. */
  apply: (() => void) | null;
}

/** An editor on the page. */
export interface Surface {
  kind: "rich" | "plain";
  getText(): string;
  /** Replaces everything; can be undone. */
  setText(text: string): void;
  /** Replaces one range; can be undone. */
  replace(from: Place, to: Place, text: string): void;
  /** Selects a range, scrolls to it and takes the focus. */
  goTo(from: Place, to: Place): void;
  setMarks(marks: Mark[]): void;
  focus(): void;
}

/** From one place up to another, as the language server protocol counts: lines from 0. */
export interface Range {
  start: { line: number; character: number };
  end: { line: number; character: number };
}

/** Something that can be written at a place. */
export interface Offer {
  label: string;
  detail: string;
  kind: "option" | "unit" | "field" | "rule" | "judgement" | "codeTable" | "module" | "keyword" | "function";
  range: Range;
  /** What is written; places to fill in are `${1:…}`. */
  snippet: string;
}

/** What the compiler knows about a place of the text in the editor; null while it cannot be asked. */
export interface Asking {
  hover(at: Place): Promise<{ range: Range; markdown: string } | null>;
  completion(at: Place): Promise<Offer[] | null>;
  definition(at: Place): Promise<{ path: string; range: Range } | null>;
}

/** What an editor needs to begin. */
export interface Setup {
  /** The element it replaces; its value is the text. */
  textarea: HTMLTextAreaElement;
  /** Nonce for the styles it adds. */
  nonce: string;
  readOnly: boolean;
  onChange: () => void;
  onSave: () => void;
  asking: Asking;
  /** Shows a place of this or another definition. */
  onGoTo: (path: string, from: Place, to: Place) => void;
}

declare global {
  interface Window {
    kohyoRichEditor?: (setup: Setup) => Surface;
  }
}
