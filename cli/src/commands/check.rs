//! `kohyo check`: the mistakes of definitions.

use crate::disk::{Failure, Workspace};
use crate::output;
use kohyo_compiler::{
    Claim, Compilation, ProofReport, Statement, SyntaxCache, catalogue, compile_with, prove,
};
use kohyo_dsl::{Diagnostic, LineIndex, Severity};
use serde_json::json;
use std::collections::BTreeMap;
use std::process::ExitCode;

/// What to look for, and how to say it.
pub struct Options {
    /// Whether to prove what can be proven.
    pub proofs: bool,
    /// Whether to name the questions that influence nothing.
    pub unused: bool,
    /// JSON instead of text.
    pub json: bool,
}

pub fn run(
    mut workspace: Workspace,
    targets: &[String],
    options: Options,
) -> Result<ExitCode, Failure> {
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
    let proofs = if options.proofs {
        prove_all(&compiled)
    } else {
        Vec::new()
    };
    let mut diagnostics = together(compiled.iter().flat_map(|c| &c.diagnostics), Same::Entirely);
    diagnostics.extend(together(
        proofs.iter().flat_map(|p| &p.findings),
        Same::Place,
    ));
    let listed = catalogue::check(&workspace.files, &mut cache)
        .map_err(|e| Failure::Other(e.to_string()))?;
    diagnostics.extend(listed.into_iter().filter(|d| paths.contains(&d.file)));
    if options.unused {
        diagnostics.extend(together(proofs.iter().flat_map(|p| &p.notes), Same::Place));
    }
    diagnostics.sort_by(|a, b| (&a.file, a.span, a.code).cmp(&(&b.file, b.span, b.code)));
    if options.json {
        output::line(&as_json(&workspace, &diagnostics, &proofs).to_string());
    } else {
        let text = |file: &str| workspace.files.get(file);
        if !diagnostics.is_empty() {
            output::line(&kohyo_dsl::render(&diagnostics, text, output::palette()));
        }
        output::line(&summary(paths.len(), &diagnostics));
        if let Some(line) = proof_summary(&proofs) {
            output::line(&line);
        }
        for open in proofs.iter().flat_map(|p| &p.not_proven) {
            let (file, line) = at(&workspace, open);
            output::line(&format!(
                "証明できませんでした: {}（{file}:{line}）",
                open.text
            ));
        }
    }
    let errors = diagnostics.iter().any(|d| d.severity == Severity::Error);
    Ok(super::found(errors || !workspace.unreadable.is_empty()))
}

/// The proofs of every definition, shared among the cores.
fn prove_all(compiled: &[Compilation]) -> Vec<ProofReport> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = compiled.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = compiled
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(prove).collect::<Vec<_>>()))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_default())
            .collect()
    })
}

/// When a finding of a module, which every disease that uses it reports, is the same.
#[derive(Clone, Copy)]
enum Same {
    Entirely,
    /// Same code at the same place: the example patients of two diseases may differ.
    Place,
}

fn together<'a>(found: impl Iterator<Item = &'a Diagnostic>, same: Same) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    for diagnostic in found {
        let known = all.iter().any(|other| match same {
            Same::Entirely => other == diagnostic,
            Same::Place => {
                (other.code, &other.file, other.span)
                    == (diagnostic.code, &diagnostic.file, diagnostic.span)
                    && (other.note == diagnostic.note || other.message != diagnostic.message)
            }
        });
        if !known {
            all.push(diagnostic.clone());
        }
    }
    all.sort_by(|a, b| (&a.file, a.span, a.code).cmp(&(&b.file, b.span, b.code)));
    all
}

/// How much was proven: 証明: 区分は網羅的 14件、隙間がない 5件.
fn proof_summary(proofs: &[ProofReport]) -> Option<String> {
    let mut counts: BTreeMap<Claim, usize> = BTreeMap::new();
    for statement in proofs.iter().flat_map(|p| &p.proven) {
        *counts.entry(statement.kind).or_default() += 1;
    }
    let counted: Vec<String> = counts
        .iter()
        .map(|(claim, count)| format!("{}（{count}件）", claim.words()))
        .collect();
    (!counted.is_empty()).then(|| format!("証明: {}", counted.join("、")))
}

fn at<'a>(workspace: &Workspace, statement: &'a Statement) -> (&'a str, u32) {
    let text = workspace.files.get(&statement.file).unwrap_or_default();
    let place = LineIndex::new(text).line_column(text, statement.span.start);
    (&statement.file, place.line)
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

fn as_json(
    workspace: &Workspace,
    diagnostics: &[Diagnostic],
    proofs: &[ProofReport],
) -> serde_json::Value {
    let placed = diagnostics.iter().map(|d| {
        let text = workspace.files.get(&d.file).unwrap_or_default();
        let index = LineIndex::new(text);
        json!({
            "file": d.file, "code": d.code, "severity": d.severity, "message": d.message, "note": d.note,
            "help": d.help, "start": index.line_column(text, d.span.start), "end": index.line_column(text, d.span.end),
        })
    });
    let said = |statement: &Statement| {
        let (file, line) = at(workspace, statement);
        json!({ "text": statement.text, "file": file, "line": line })
    };
    let proven = proofs.iter().flat_map(|p| &p.proven).map(said);
    let not_proven = proofs.iter().flat_map(|p| &p.not_proven).map(said);
    json!({
        "diagnostics": placed.collect::<Vec<_>>(),
        "proven": proven.collect::<Vec<_>>(),
        "not_proven": not_proven.collect::<Vec<_>>(),
    })
}
