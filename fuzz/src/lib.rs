//! What must hold for every input, whoever made it.
//!
//! Each function takes what a fuzz target was given and panics if a promise is broken. They hold no
//! state, so an input that was found can be replayed anywhere.

use kohyo_compiler::Files;
use kohyo_dsl::{Palette, Severity, Span, TokenKind};
use kohyo_engine::program::Application;
use kohyo_engine::{
    Answers, Context, Date, Form, RawAnswers, evaluate, from_json, page_view, to_json,
};
use std::path::Path;
use std::sync::LazyLock;

/// Any text is read without a crash, both ways the same, and every place lies in the text.
pub fn parse(text: &str) {
    let parsed = kohyo_dsl::parse("x.kohyo", text);
    assert!(
        parsed == kohyo_dsl::parse_by_grammar("x.kohyo", text),
        "read otherwise by the grammar"
    );
    let inside = |span: Span| {
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(start <= end && text.is_char_boundary(start) && text.is_char_boundary(end));
    };
    for found in &parsed.diagnostics {
        inside(found.span);
        found.labels.iter().for_each(|label| inside(label.span));
        found.fix.iter().for_each(|fix| inside(fix.span));
    }
    parsed.file.items.iter().for_each(|item| inside(item.span));
    kohyo_dsl::render(&parsed.diagnostics, |_| Some(text), Palette::Plain);
}

/// What has no mistake is laid out; laid out again it stays the same, means the same and has kept
/// its comments.
pub fn format(text: &str) {
    let Ok(once) = kohyo_dsl::format(text) else {
        let found = kohyo_dsl::parse("x.kohyo", text).diagnostics;
        assert!(found.iter().any(|d| d.severity == Severity::Error));
        return;
    };
    assert_eq!(kohyo_dsl::format(&once).as_ref(), Ok(&once));
    assert_eq!(meaning(text), meaning(&once));
    assert_eq!(comments(text), comments(&once));
}

/// The syntax without places.
fn meaning(text: &str) -> String {
    let tree = format!("{:?}", kohyo_dsl::parse("x.kohyo", text).file);
    let mut parts = tree.split("Span { start: ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    out
}

fn comments(text: &str) -> Vec<&str> {
    let words = kohyo_dsl::words(text).into_iter();
    words
        .filter(|word| word.kind == TokenKind::Comment)
        .map(|word| word.span.of(text).trim())
        .collect()
}

/// The definition that is fuzzed; it may use the modules of the library.
const DEFINITION: &str = "shitei/999_fuzz/form.kohyo";

/// A definition compiles or has an error, never both; what compiles is a form that can be judged.
pub fn compile(text: &str) {
    let mut files = LIBRARY.clone();
    files.insert(DEFINITION, text);
    let compiled = kohyo_compiler::compile(&files, DEFINITION);
    let is_disease = kohyo_compiler::diseases(&files)
        .iter()
        .any(|disease| disease.path == DEFINITION);
    assert_eq!(
        compiled.program.is_some(),
        is_disease && !compiled.has_errors(),
        "{:?}",
        compiled.diagnostics
    );
    let found = &compiled.diagnostics;
    kohyo_dsl::render(found, |file| files.get(file), Palette::Plain);
    // Effort is counted, but a large one is dear all the same.
    if text.len() < 2_000 {
        kohyo_compiler::prove(&compiled);
    }
    if let Some(program) = compiled.program {
        let form = Form::new(program).expect("what has no error is accepted");
        judged(&form);
        let json = to_json(form.program());
        let again = from_json(json.as_bytes()).expect("a program can be read again");
        assert_eq!(again.program(), form.program());
    }
}

/// Modules and code tables, without the diseases.
static LIBRARY: LazyLock<Files> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../forms");
    let mut files = Files::new();
    let mut folders = ["codes", "common", "scale"].map(|f| root.join(f)).to_vec();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "kohyo")
                && let (Ok(name), Ok(text)) =
                    (path.strip_prefix(&root), std::fs::read_to_string(&path))
            {
                files.insert(name.to_string_lossy(), text);
            }
        }
    }
    files
});

/// Any bytes are a program that can be judged, or refused.
pub fn program(json: &[u8]) {
    if let Ok(form) = from_json(json) {
        judged(&form);
    }
}

/// The empty form, judged and drawn.
fn judged(form: &Form) {
    let context = Context {
        today: Date::day(2026, 4, 1).expect("a day of the calendar"),
        application: Application::New,
    };
    let answers = Answers::new(form);
    let outcome = evaluate(form, &answers, &context);
    assert_eq!(outcome.shown.len(), form.program().fields.len());
    page_view(form, &RawAnswers::default(), &context, &outcome);
}
