//! `kohyo test`: cases of definitions and modules.

use crate::disk::{Failure, Tried, Workspace, read_text};
use crate::output;
use kohyo_compiler::cases::{self, CaseFile, CaseReport};
use kohyo_compiler::{SyntaxCache, previous};
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
    let mut warnings = Vec::new();
    let mut parse = |place: &str, yaml: &str| {
        let parsed = cases::parse(yaml).map_err(|e| Failure::Other(format!("{place}: {e}")))?;
        let told = cases::warnings(&parsed).into_iter();
        warnings.extend(told.map(|warning| format!("{place}: {warning}")));
        Ok::<CaseFile, Failure>(parsed)
    };
    if files.is_empty() {
        for tried in workspace.tried(targets)? {
            let beside = cases::beside(tried.path());
            if let Some(yaml) = workspace.files.get(&beside) {
                let parsed = parse(&beside, yaml)?;
                runs.push((tried, parsed));
            }
        }
    } else {
        for file in files {
            let parsed = parse(&file.display().to_string(), &read_text(file)?)?;
            runs.extend(by_definition(workspace, targets, file, parsed)?);
        }
    }
    let mut cache = SyntaxCache::default();
    let mut reports = Vec::new();
    let mut broken = Vec::new();
    for (tried, parsed) in &runs {
        match tried.compile(&workspace.files, &mut cache).program {
            Some(program) => {
                let form = Arc::new(super::form(program)?);
                let older = previous(&workspace.files, &mut cache, tried.path(), &form);
                reports.push(cases::run_with(&form, older.as_ref(), parsed));
            }
            None => broken.push(tried.path().to_owned()),
        }
    }
    if json {
        output::line(&as_json(&reports, &broken, &warnings).to_string());
    } else {
        for warning in &warnings {
            output::note(&format!("警告: {warning}"));
        }
        print(&reports, &broken);
    }
    let failed = !broken.is_empty() || reports.iter().any(|r| r.failed > 0);
    Ok(super::found(failed || reports.is_empty()))
}

/// The cases of a file that lies elsewhere, by the definition that judges them: the one named in it
/// or on the command line, of the edition it names or else the one in force on the day of each case.
/// Where both name one, the command line may only narrow what the file is about.
fn by_definition(
    workspace: &Workspace,
    targets: &[String],
    file: &std::path::Path,
    parsed: CaseFile,
) -> Result<Vec<(Tried, CaseFile)>, Failure> {
    let place = file.display();
    let named = parsed.disease.clone().or_else(|| targets.first().cloned()).ok_or_else(|| {
        Failure::Other(format!("{place}: どの疾病のケースか分かりません\n  ファイルに `disease: shitei-006` と書いてください"))
    })?;
    let asked = workspace.tried(targets)?;
    let is_asked =
        |path: &str| targets.is_empty() || asked.iter().any(|tried| tried.path() == path);
    let elsewhere = |about: &str| {
        let targets = targets.join(" ");
        Failure::Other(format!(
            "{place}: {about} のケースですが、{targets} が指定されています\n  {targets} で判定するにはファイルの `disease:` と `edition:` を直し、{about} で判定するには指定を消してください"
        ))
    };
    if let Some(module @ Tried::Module(_)) = workspace
        .tried(std::slice::from_ref(&named))
        .ok()
        .and_then(|mut found| found.pop())
    {
        return match is_asked(module.path()) {
            true => Ok(vec![(module, parsed)]),
            false => Err(elsewhere(&named)),
        };
    }
    let newest = workspace.select_one(&named)?;
    if let Some(edition) = &parsed.edition {
        let about = format!("{named}@{edition}");
        return match workspace.select_one(&about) {
            Ok(disease) if is_asked(&disease.path) => Ok(vec![(Tried::Disease(disease), parsed)]),
            Ok(_) => Err(elsewhere(&about)),
            Err(_) => Err(Failure::Other(format!(
                "{named} に版「{edition}」はありません"
            ))),
        };
    }
    let mut editions = workspace.select(std::slice::from_ref(&named))?;
    editions.retain(|e| e.key == newest.key && is_asked(&e.path));
    if editions.is_empty() {
        return Err(elsewhere(&named));
    }
    let shares = cases::by_edition(parsed, &editions).into_iter();
    let edition = |path: &str| editions.iter().find(|e| e.path == path).cloned();
    Ok(shares
        .filter_map(|(path, share)| Some((Tried::Disease(edition(&path)?), share)))
        .collect())
}

fn as_json(reports: &[CaseReport], broken: &[String], warnings: &[String]) -> serde_json::Value {
    let differences: Vec<_> = reports
        .iter()
        .flat_map(|r| r.cases.iter().filter(|c| !c.passed).map(move |c| (r, c)))
        .map(|(r, c)| json!({ "disease": r.disease, "case": c.name, "line": c.line, "differences": c.differences }))
        .collect();
    json!({
        "passed": reports.iter().map(|r| r.passed).sum::<usize>(),
        "failed": reports.iter().map(|r| r.failed).sum::<usize>(),
        "not_compiled": broken,
        "warnings": warnings,
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
            output::line(&format!("  × {}（{}行）", case.name, case.line));
            for difference in &case.differences {
                output::line(&format!(
                    "      {}（{}行）",
                    difference.what, difference.line
                ));
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
