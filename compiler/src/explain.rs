//! What a code means, for the reader of a finding: title, explanation, example, mended example.

use crate::diagnostics::{declared, findings};
use kohyo_dsl::{Declaration, Palette, render};

/// The declaration of `code` as a page of text; nothing for an unknown code.
/// The finding in the example is drawn as the author would see it.
pub fn explain(code: &str, palette: Palette) -> Option<String> {
    let Declaration {
        code,
        title,
        explanation,
        wrong,
        right,
        ..
    } = declared(code)?;
    let found = findings(code, wrong);
    let first = found.iter().find(|d| d.code == *code).cloned();
    let files = wrong.files();
    let source = |file: &str| {
        let known = files.iter().find(|(path, _)| *path == file);
        known.map(|(_, text)| text.as_str())
    };
    let drawn = render(first.as_slice(), source, palette);
    Some(format!(
        "{code} {title}\n\n{explanation}\n\n誤りの例\n\n{}\n\n{drawn}\n\n直した例\n\n{}",
        indented(&wrong.shown()),
        indented(&right.shown())
    ))
}

fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| match line {
        "" => String::new(),
        line => format!("  {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}
