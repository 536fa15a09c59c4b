//! `kohyo list`: the definitions at hand.

use crate::commands::coverage::Report;
use crate::disk::{Failure, Workspace};
use crate::output;
use kohyo_compiler::catalogue::{Catalogue, Listed, without_branch};
use kohyo_compiler::{DiseaseEntry, SyntaxCache, cases, compile_with};
use kohyo_engine::Program;
use kohyo_engine::look_up::{OtherNames, means};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

/// Lists the definitions, or those that `sought` means with the diseases of the notices that it means
/// and for which nothing is written yet.
pub fn run(
    workspace: &Workspace,
    sought: &str,
    json: bool,
    quality: bool,
    texts: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let catalogue = workspace.catalogue()?.unwrap_or_default();
    let mut diseases = kohyo_compiler::forms(&workspace.files);
    diseases.retain(|disease| {
        let other = catalogue
            .get(&disease.key)
            .map_or_else(OtherNames::default, Listed::other_names);
        means(sought, &disease.key, &disease.title, &other)
    });
    let rows = diseases.iter().map(|disease| {
        let yaml = workspace.files.get(&cases::beside(&disease.path));
        let count = yaml
            .and_then(|y| cases::parse(y).ok())
            .map_or(0, |file| file.cases.len());
        (disease, count)
    });
    if json {
        let scores = if quality {
            super::quality::measure_all(workspace, &[])?.0
        } else {
            Vec::new()
        };
        let mut cache = SyntaxCache::default();
        let mut list = Vec::new();
        for (disease, cases) in rows {
            let compiled = compile_with(&workspace.files, &mut cache, &disease.path);
            let mut value = described(disease, compiled.program.as_ref(), cases);
            let report = super::coverage::report(workspace, disease, texts)?;
            if let (Some(object), Report::Sentences { coverage, .. }) =
                (value.as_object_mut(), report)
            {
                object.insert("uncovered_sentences".to_owned(), json!(coverage.uncovered));
            }
            let score = scores
                .iter()
                .find(|s| s.disease == disease.key && s.edition == disease.edition);
            if let (Some(object), Some(score)) = (value.as_object_mut(), score) {
                object.insert("mutation_score".to_owned(), json!(score.mutation_score));
            }
            list.push(value);
        }
        output::line(&Value::from(list).to_string());
        return Ok(ExitCode::SUCCESS);
    }
    for (disease, cases) in rows {
        // Every letter of it is as wide as the blank that fills it up.
        let status = disease.status.label();
        output::line(&format!(
            "{:<14} {status:　<8} {:>6}年版 {cases:>3}件のケース  {}{}",
            disease.key,
            disease.edition,
            disease.title,
            if disease.is_of_programme() {
                "（制度の様式）"
            } else {
                ""
            }
        ));
    }
    if !sought.is_empty() {
        return Ok(unwritten(&catalogue, sought, &diseases));
    }
    let (own, diseases): (Vec<_>, Vec<_>) = diseases.iter().partition(|d| d.is_of_programme());
    let keys: BTreeSet<&str> = diseases.iter().map(|d| d.key.as_str()).collect();
    let editions = if keys.len() == diseases.len() {
        String::new()
    } else {
        format!("（{} 版）", diseases.len())
    };
    let own = match own.len() {
        0 => String::new(),
        count => format!("、制度の様式 {count} 件"),
    };
    let listed = match catalogue.iter().count() {
        0 => String::new(),
        all => format!("（告示の一覧は {all} 疾病。未着手を含む一覧は forms/INDEX.md）"),
    };
    output::line(&format!("{} 疾病{editions}{own}{listed}", keys.len()));
    Ok(ExitCode::SUCCESS)
}

/// Lists what a search means in the notices beside the definitions that it found; failure if that is
/// nothing at all.
fn unwritten(catalogue: &Catalogue, sought: &str, found: &[DiseaseEntry]) -> ExitCode {
    let written: BTreeSet<&str> = found.iter().map(|d| without_branch(&d.key)).collect();
    let meant = |l: &&Listed| means(sought, &l.key, l.name(), &l.other_names());
    let only_listed = catalogue
        .iter()
        .filter(|l| !written.contains(l.key.as_str()));
    let mut any = !found.is_empty();
    for listed in only_listed.filter(meant) {
        output::line(&format!(
            "{:<14} 未着手　　　　　 {}",
            listed.key,
            listed.name()
        ));
        any = true;
    }
    if any {
        return ExitCode::SUCCESS;
    }
    output::note(&format!(
        "「{sought}」に当たる疾病はありません\n  告示番号、名称・読み・英語名の一部、略称のいずれかで探してください"
    ));
    ExitCode::FAILURE
}

/// What is known of every definition; `null` where it does not compile.
fn described(disease: &DiseaseEntry, program: Option<&Program>, cases: usize) -> Value {
    json!({
        "key": disease.key,
        "name": disease.title,
        "title": disease.title,
        "status": disease.status,
        "edition": disease.edition,
        "fields": program.map(|program| program.fields.len()),
        "checks": program.map(|program| program.checks.len()),
        "rhai_functions": program.map(|program| program.functions.len()),
        "cases": cases,
        "path": disease.path,
    })
}
