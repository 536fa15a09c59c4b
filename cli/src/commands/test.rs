//! `kohyo test`: cases of definitions.

use crate::disk::{Failure, Workspace, read_text};
use crate::output;
use kohyo_compiler::cases::{self, CaseFile, CaseReport};
use kohyo_compiler::{SyntaxCache, compile_with, previous};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

pub fn run(
    workspace: &Workspace,
    targets: &[String],
    files: &[PathBuf],
    json: bool,
) -> Result<ExitCode, Failure> {
    let mut runs = Vec::new();
    if files.is_empty() {
        for disease in workspace.select(targets)? {
            let beside = cases::beside(&disease.path);
            if let Some(yaml) = workspace.files.get(&beside) {
                let parsed =
                    cases::parse(yaml).map_err(|e| Failure::Other(format!("{beside}: {e}")))?;
                runs.push((disease.path, parsed));
            }
        }
    } else {
        for file in files {
            let text = read_text(file)?;
            let parsed = cases::parse(&text)
                .map_err(|e| Failure::Other(format!("{}: {e}", file.display())))?;
            runs.extend(by_definition(workspace, targets, file, parsed)?);
        }
    }
    let mut cache = SyntaxCache::default();
    let mut reports = Vec::new();
    let mut broken = Vec::new();
    for (path, parsed) in &runs {
        match compile_with(&workspace.files, &mut cache, path).program {
            Some(program) => {
                let form = Arc::new(super::form(program)?);
                let older = previous(&workspace.files, &mut cache, path, &form);
                reports.push(cases::run_with(&form, older.as_ref(), parsed));
            }
            None => broken.push(path.clone()),
        }
    }
    if json {
        output::line(&as_json(&reports, &broken).to_string());
    } else {
        print(&reports, &broken);
    }
    let failed = !broken.is_empty() || reports.iter().any(|r| r.failed > 0);
    Ok(super::found(failed || reports.is_empty()))
}

/// The cases of a file that lies elsewhere, by the definition that judges them: the one named in it
/// or on the command line, of the edition it names or else the one in force on the day of each case.
fn by_definition(
    workspace: &Workspace,
    targets: &[String],
    file: &std::path::Path,
    parsed: CaseFile,
) -> Result<Vec<(String, CaseFile)>, Failure> {
    let named = parsed.disease.clone().or_else(|| targets.first().cloned()).ok_or_else(|| {
        let place = file.display();
        Failure::Other(format!("{place}: どの疾病のケースか分かりません\n  ファイルに `disease: shitei-006` と書いてください"))
    })?;
    let newest = workspace.select_one(&named)?;
    if let Some(edition) = &parsed.edition {
        return match workspace.select_one(&format!("{named}@{edition}")) {
            Ok(disease) => Ok(vec![(disease.path, parsed)]),
            Err(_) => Err(Failure::Other(format!(
                "{named} に版「{edition}」はありません"
            ))),
        };
    }
    let mut editions = workspace.select(&[named])?;
    editions.retain(|e| e.key == newest.key);
    Ok(cases::by_edition(parsed, &editions))
}

fn as_json(reports: &[CaseReport], broken: &[String]) -> serde_json::Value {
    let differences: Vec<_> = reports
        .iter()
        .flat_map(|r| r.cases.iter().filter(|c| !c.passed).map(move |c| (r, c)))
        .map(|(r, c)| json!({ "disease": r.disease, "case": c.name, "differences": c.differences }))
        .collect();
    json!({
        "passed": reports.iter().map(|r| r.passed).sum::<usize>(),
        "failed": reports.iter().map(|r| r.failed).sum::<usize>(),
        "not_compiled": broken,
        "differences": differences,
        "diseases": reports,
    })
}

fn print(reports: &[CaseReport], broken: &[String]) {
    for report in reports {
        output::line(&format!(
            "{}（{}年版）: {} 件合格、{} 件不合格",
            report.disease, report.edition, report.passed, report.failed
        ));
        for case in report.cases.iter().filter(|c| !c.passed) {
            output::line(&format!("  × {}", case.name));
            for difference in &case.differences {
                output::line(&format!("      {}", difference.what));
                output::line(&format!("        期待: {}", difference.expected));
                output::line(&format!("        実際: {}", difference.actual));
            }
        }
    }
    for path in broken {
        output::line(&format!(
            "{path}: 定義に誤りがあるため実行できません。`kohyo check {path}` で確認してください"
        ));
    }
    let (passed, failed) = reports
        .iter()
        .fold((0, 0), |(p, f), r| (p + r.passed, f + r.failed));
    if reports.is_empty() && broken.is_empty() {
        output::line(
            "ケースがありません。定義の隣に cases.yaml（form.kohyo 以外は NAME.cases.yaml）を置いてください",
        );
    } else {
        output::line(&format!("合計: {passed} 件合格、{failed} 件不合格"));
    }
}
