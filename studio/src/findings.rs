//! What the compiler and the proofs say, placed in the texts they say it of.

use crate::places::{Place, Places};
use crate::workspace::Snapshot;
use kohyo_compiler::Statement;
use kohyo_dsl::{Diagnostic, Severity, Span};
use serde::Serialize;
use std::collections::BTreeMap;

/// A diagnostic as the page shows it.
#[derive(Serialize)]
pub(crate) struct DiagnosticItem {
    code: &'static str,
    severity: Severity,
    message: String,
    note: String,
    help: Option<String>,
    /// More about this kind of finding.
    explanation: Option<&'static str>,
    /// The file it is in.
    file: String,
    /// Whether that is the file in the editor.
    here: bool,
    from: Place,
    to: Place,
    labels: Vec<LabelItem>,
    fix: Option<FixItem>,
}

#[derive(Serialize)]
struct LabelItem {
    file: String,
    here: bool,
    from: Place,
    to: Place,
    text: String,
}

#[derive(Serialize)]
struct FixItem {
    from: Place,
    to: Place,
    text: String,
}

/// A statement of the proofs as the page shows it.
#[derive(Serialize)]
pub(crate) struct StatementItem {
    text: String,
    /// The file it is about.
    file: String,
    /// Whether that is the file in the editor.
    here: bool,
    from: Place,
    to: Place,
}

/// The texts that something is said of, the one in the editor as it stands there.
struct Texts<'a> {
    by_file: BTreeMap<&'a str, Places<'a>>,
}

impl<'a> Texts<'a> {
    fn of(
        snapshot: &'a Snapshot,
        path: &'a str,
        text: &'a str,
        files: impl Iterator<Item = &'a str>,
    ) -> Self {
        let mut by_file = BTreeMap::from([(path, Places::new(text))]);
        for file in files {
            by_file.entry(file).or_insert_with(|| {
                Places::new(snapshot.entries.get(file).map_or("", |entry| &*entry.text))
            });
        }
        Self { by_file }
    }

    fn range(&self, file: &str, span: Span) -> (Place, Place) {
        let places = self.by_file.get(file);
        places.map(|places| places.range(span)).unwrap_or_default()
    }
}

/// Diagnostics about the text in the editor (at `path`) and the files it uses.
pub(crate) fn items(
    snapshot: &Snapshot,
    path: &str,
    text: &str,
    found: &[Diagnostic],
) -> Vec<DiagnosticItem> {
    let files = found
        .iter()
        .flat_map(|d| std::iter::once(&d.file).chain(d.labels.iter().map(|l| &l.file)));
    let texts = Texts::of(snapshot, path, text, files.map(String::as_str));
    let mut items: Vec<DiagnosticItem> = found
        .iter()
        .map(|d| {
            let (from, to) = texts.range(&d.file, d.span);
            DiagnosticItem {
                code: d.code,
                severity: d.severity,
                message: d.message.clone(),
                note: d.note.clone(),
                help: d.help.clone(),
                explanation: kohyo_compiler::declared(d.code).map(|d| d.explanation),
                here: d.file == path,
                file: d.file.clone(),
                from,
                to,
                labels: d
                    .labels
                    .iter()
                    .map(|label| {
                        let (from, to) = texts.range(&label.file, label.span);
                        let here = label.file == path;
                        LabelItem {
                            file: label.file.clone(),
                            here,
                            from,
                            to,
                            text: label.text.clone(),
                        }
                    })
                    .collect(),
                fix: d.fix.as_ref().map(|fix| {
                    let (from, to) = texts.range(&d.file, fix.span);
                    FixItem {
                        from,
                        to,
                        text: fix.text.clone(),
                    }
                }),
            }
        })
        .collect();
    // The author's own file first, errors before the rest, then as in the text.
    items.sort_by_key(|item| (!item.here, std::cmp::Reverse(item.severity)));
    items
}

/// Statements about the text in the editor (at `path`) and the files it uses.
pub(crate) fn statements(
    snapshot: &Snapshot,
    path: &str,
    text: &str,
    said: &[Statement],
) -> Vec<StatementItem> {
    let texts = Texts::of(snapshot, path, text, said.iter().map(|s| s.file.as_str()));
    let item = |said: &Statement| {
        let (from, to) = texts.range(&said.file, said.span);
        StatementItem {
            text: said.text.clone(),
            here: said.file == path,
            file: said.file.clone(),
            from,
            to,
        }
    };
    let mut items: Vec<StatementItem> = said.iter().map(item).collect();
    items.sort_by_key(|item| !item.here);
    items
}
