//! `kohyo check`: the mistakes of definitions.

use crate::disk::{Failure, Workspace};
use crate::output;
use crate::parallel::{cores, each};
use kohyo_compiler::{
    Claim, Compilation, ProofReport, Statement, SyntaxCache, catalogue, compile_with, prove,
    withdrawn,
};
use kohyo_dsl::{Diagnostic, LineIndex, Severity, Span};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
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
    let proven = once_per_place(proofs.iter().map(|p| &p.findings));
    let mut diagnostics = once(standing(&compiled, &proofs).into_iter());
    diagnostics.retain(|found| !proven.iter().any(|p| place(p) == place(found)));
    diagnostics.extend(proven);
    let listed = catalogue::check(&workspace.files, &mut cache)
        .map_err(|e| Failure::Other(e.to_string()))?;
    diagnostics.extend(listed.into_iter().filter(|d| paths.contains(&d.file)));
    let returned =
        withdrawn::check(&workspace.files, &compiled).map_err(|e| Failure::Other(e.to_string()))?;
    diagnostics.extend(once(returned.iter()));
    if options.unused {
        diagnostics.extend(once_per_place(proofs.iter().map(|p| &p.notes)));
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

/// The proofs of every definition, in their order, shared among the cores.
fn prove_all(compiled: &[Compilation]) -> Vec<ProofReport> {
    each(compiled, cores(), || (), |(), one| prove(one), |_| {})
}

/// What compiling found and no proof took back or told in better words. What is found in a module
/// by itself is left to the diseases that use it.
fn standing<'a>(compiled: &'a [Compilation], proofs: &[ProofReport]) -> Vec<&'a Diagnostic> {
    let superseded = |found: &Diagnostic, by: &[ProofReport]| {
        let mut all = by.iter().flat_map(|proof| &proof.superseded);
        all.any(|other| other == found)
    };
    let mut standing = Vec::new();
    for (index, compilation) in compiled.iter().enumerate() {
        let by = match (&compilation.program, proofs.get(index)) {
            (Some(_), Some(own)) => std::slice::from_ref(own),
            _ => proofs,
        };
        let found = compilation.diagnostics.iter();
        standing.extend(found.filter(|found| !superseded(found, by)));
    }
    standing
}

/// A finding of a module, which every disease that uses it reports, is told once.
fn once<'a>(found: impl Iterator<Item = &'a Diagnostic>) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    for diagnostic in found {
        if !all.contains(diagnostic) {
            all.push(diagnostic.clone());
        }
    }
    all
}

/// The same of what is proven: the example patients of two diseases may differ, so that the first
/// report that says something of a place is the one that is told.
fn once_per_place<'a>(reports: impl Iterator<Item = &'a Vec<Diagnostic>>) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    for report in reports {
        let told: BTreeSet<_> = all.iter().map(place).collect();
        let new: Vec<Diagnostic> = report
            .iter()
            .filter(|found| !told.contains(&place(found)))
            .cloned()
            .collect();
        all.extend(new);
    }
    all
}

fn place(found: &Diagnostic) -> (&'static str, &str, Span) {
    (found.code, &found.file, found.span)
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
