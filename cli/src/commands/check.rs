//! `kohyo check`: the mistakes of definitions.

use crate::disk::{Failure, Workspace};
use crate::output;
use kohyo_compiler::{Compilation, SyntaxCache, compile_with};
use kohyo_dsl::{Diagnostic, LineIndex, Severity};
use serde_json::json;
use std::process::ExitCode;

pub fn run(mut workspace: Workspace, targets: &[String], json: bool) -> Result<ExitCode, Failure> {
    let mut paths = Vec::new();
    for target in targets {
        paths.extend(workspace.file(target)?);
    }
    if targets.is_empty() {
        paths = workspace
            .files
            .definitions()
            .map(|(path, _)| path.to_owned())
            .collect();
    }
    let mut cache = SyntaxCache::default();
    let compiled: Vec<Compilation> = paths
        .iter()
        .map(|p| compile_with(&workspace.files, &mut cache, p))
        .collect();
    let diagnostics = together(&compiled);
    if json {
        output::line(&as_json(&workspace, &diagnostics).to_string());
    } else {
        let text = |file: &str| workspace.files.get(file);
        if !diagnostics.is_empty() {
            output::line(&kohyo_dsl::render(&diagnostics, text, output::palette()));
        }
        output::line(&summary(paths.len(), &diagnostics));
    }
    let errors = diagnostics.iter().any(|d| d.severity == Severity::Error);
    Ok(super::found(errors || !workspace.unreadable.is_empty()))
}

/// Findings of modules once, although every disease that uses them reports them.
fn together(compiled: &[Compilation]) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    for diagnostic in compiled.iter().flat_map(|c| &c.diagnostics) {
        if !all.contains(diagnostic) {
            all.push(diagnostic.clone());
        }
    }
    all.sort_by(|a, b| (&a.file, a.span, a.code).cmp(&(&b.file, b.span, b.code)));
    all
}

fn summary(files: usize, diagnostics: &[Diagnostic]) -> String {
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|d| d.severity == severity)
            .count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match (errors, warnings) {
        (0, 0) => format!("{files} ファイル: 誤りはありません"),
        _ => format!("{files} ファイル: エラー {errors} 件、警告 {warnings} 件"),
    }
}

fn as_json(workspace: &Workspace, diagnostics: &[Diagnostic]) -> serde_json::Value {
    let placed = diagnostics.iter().map(|d| {
        let text = workspace.files.get(&d.file).unwrap_or_default();
        let index = LineIndex::new(text);
        json!({
            "file": d.file, "code": d.code, "severity": d.severity, "message": d.message, "note": d.note,
            "help": d.help, "start": index.line_column(text, d.span.start), "end": index.line_column(text, d.span.end),
        })
    });
    json!({ "diagnostics": placed.collect::<Vec<_>>() })
}
