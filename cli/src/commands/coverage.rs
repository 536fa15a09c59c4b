//! `kohyo coverage`: the official text, sentence by sentence.
//!
//! The text itself is nobody's to copy: it is read from a folder the caller names, and only
//! sentence numbers are printed (on the terminal with the first letters of what is uncovered).

use crate::disk::{Failure, Workspace, read_text};
use crate::output;
use kohyo_compiler::DiseaseEntry;
use kohyo_compiler::coverage::{By, Coverage, Covered, coverage, text_name};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

/// What could be said about one disease.
pub enum Report {
    /// The definition names no text, or the text is not in the folder.
    NoText { name: Option<String> },
    /// The text has no heading 診断基準.
    NoCriteria { name: String },
    /// The sentences.
    Sentences { name: String, coverage: Coverage },
}

pub fn run(
    workspace: &Workspace,
    targets: &[String],
    texts: Option<&Path>,
    json: bool,
) -> Result<ExitCode, Failure> {
    let mut reports = Vec::new();
    for disease in workspace.select(targets)? {
        let report = report(workspace, &disease, texts)?;
        reports.push((disease, report));
    }
    if json {
        let list: Vec<_> = reports
            .iter()
            .map(|(d, report)| as_json(d, report))
            .collect();
        let sum = |of: fn(&Coverage) -> usize| -> usize {
            let all = reports.iter().map(|(_, report)| match report {
                Report::Sentences { coverage, .. } => of(coverage),
                Report::NoText { .. } | Report::NoCriteria { .. } => 0,
            });
            all.sum()
        };
        let value = json!({
            "sentences": sum(|c| c.sentences),
            "uncovered": sum(|c| c.uncovered),
            "excused": sum(|c| c.excused),
            "unmatched": sum(|c| c.unmatched.len()),
            "diseases": list,
        });
        output::line(&value.to_string());
    } else {
        let in_detail = !targets.is_empty();
        for (disease, report) in &reports {
            print(disease, report, in_detail);
        }
    }
    let open = reports.iter().any(|(_, report)| match report {
        Report::Sentences { coverage, .. } => {
            coverage.uncovered > 0 || !coverage.unmatched.is_empty()
        }
        Report::NoCriteria { .. } => true,
        Report::NoText { .. } => false,
    });
    Ok(super::found(open))
}

/// The coverage of one disease, as far as its text is at hand.
pub fn report(
    workspace: &Workspace,
    disease: &DiseaseEntry,
    texts: Option<&Path>,
) -> Result<Report, Failure> {
    if let Some(folder) = texts {
        crate::disk::listed(folder)?;
    }
    let name = text_name(&workspace.files, &disease.path);
    let path = texts
        .zip(name.as_ref())
        .map(|(folder, name)| folder.join(name));
    let (Some(name), Some(path)) = (name.clone(), path.filter(|path| path.is_file())) else {
        return Ok(Report::NoText { name });
    };
    let text = read_text(&path)?;
    Ok(match coverage(&workspace.files, &disease.path, &text) {
        Some(coverage) => Report::Sentences { name, coverage },
        None => Report::NoCriteria { name },
    })
}

fn as_json(disease: &DiseaseEntry, report: &Report) -> serde_json::Value {
    let mut value = json!({ "key": disease.key, "title": disease.title });
    let (text, at_hand, coverage) = match report {
        Report::NoText { name } => (name.as_ref(), false, None),
        Report::NoCriteria { name } => (Some(name), true, None),
        Report::Sentences { name, coverage } => (Some(name), true, Some(coverage)),
    };
    if let Some(object) = value.as_object_mut() {
        object.insert("text".to_owned(), json!(text));
        object.insert("text_at_hand".to_owned(), json!(at_hand));
        object.insert("coverage".to_owned(), json!(coverage));
    }
    value
}

fn print(disease: &DiseaseEntry, report: &Report, in_detail: bool) {
    let head = format!("{} {}", disease.key, disease.title);
    let coverage = match report {
        Report::NoText { name: None } => {
            return output::line(&format!(
                "{head}: 基準の文の名前が定義にありません。source に text \"NNN.txt\" と書いてください"
            ));
        }
        Report::NoText { name: Some(name) } => {
            return output::line(&format!(
                "{head}: 基準の文 {name} が手元にありません。`--texts DIR` か KOHYO_TEXTS で場所を示してください"
            ));
        }
        Report::NoCriteria { name } => {
            return output::line(&format!("{head}: {name} に見出し「診断基準」がありません"));
        }
        Report::Sentences { name, coverage } => {
            output::line(&format!(
                "{head}（{name}）: {} 文 — 規則 {}、項目 {}、判定しない {}、未対応 {}",
                coverage.sentences,
                coverage.by_rule,
                coverage.by_field,
                coverage.excused,
                coverage.uncovered
            ));
            coverage
        }
    };
    for sentence in &coverage.list {
        if in_detail || sentence.status.is_none() {
            output::line(&line(sentence));
        }
    }
    for cite in &coverage.unmatched {
        let near = cite.nearest.map_or_else(String::new, |number| {
            format!("（近いのは {number} 番の文）")
        });
        output::line(&format!(
            "  {}:{} の引用「{}」は、基準の文にありません{near}",
            cite.file, cite.line, cite.cites
        ));
    }
}

fn line(sentence: &Covered) -> String {
    let status = match sentence.status {
        Some(By::Rule) => "規則　　　",
        Some(By::Field) => "項目　　　",
        Some(By::Excused) => "判定しない",
        None => "未対応　　",
    };
    let by = if sentence.status.is_none() {
        format!("「{}」", sentence.begins)
    } else {
        sentence.by.join("、")
    };
    format!("  {:>3} {status} {by}", sentence.number)
}
