//! `kohyo emit`: artefacts made from definitions.

use crate::disk::{Failure, Workspace, write};
use crate::output;
use indicatif::{ProgressBar, ProgressStyle};
use kohyo_compiler::emit::{Artefact, Target};
use kohyo_compiler::{SyntaxCache, compile_with};
use std::path::Path;
use std::process::ExitCode;

/// What can be made.
pub fn list() -> Result<ExitCode, Failure> {
    output::line("作れるもの（例: kohyo emit js 006 --out out）");
    for target in Target::ALL {
        output::line(&format!("  {:<10} {}", target.name(), target.summary()));
    }
    Ok(ExitCode::SUCCESS)
}

/// The target of this name.
pub fn target(name: &str) -> Result<Target, Failure> {
    Target::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = Target::ALL.into_iter().map(Target::name).collect();
        Failure::Other(format!(
            "「{name}」というものは作れません\n  作れるのは {} です。`kohyo emit --list` で説明を確認してください",
            names.join("、")
        ))
    })
}

/// Makes `target` from the chosen diseases; with `residue`, says every rule that it does not hold.
pub fn run(
    workspace: &Workspace,
    target: Target,
    targets: &[String],
    out: &Path,
    residue: bool,
) -> Result<ExitCode, Failure> {
    let diseases = workspace.select(targets)?;
    let bar = progress_bar(diseases.len());
    let mut cache = SyntaxCache::default();
    let mut programs = Vec::new();
    let mut left_out = Vec::new();
    let mut broken = 0;
    let mut written = 0;
    for disease in &diseases {
        bar.set_message(format!("{} {}", disease.key, disease.title));
        let compiled = compile_with(&workspace.files, &mut cache, &disease.path);
        if let Some(program) = compiled.program {
            let form = super::form(program)?;
            let emitted = target.form(&form);
            written += save(out, &emitted.artefacts)?;
            let name = format!("{}（{}年版）", disease.key, disease.edition);
            left_out.extend(emitted.residue.into_iter().map(|rest| (name.clone(), rest)));
            programs.push(form.into_program());
        } else {
            broken += 1;
            bar.suspend(|| {
                output::note(&format!(
                    "{}: 定義に誤りがあるため作りません。`kohyo check {}` で確認してください",
                    disease.key, disease.key
                ));
            });
        }
        bar.inc(1);
    }
    written += save(out, &target.shared(&programs.iter().collect::<Vec<_>>()))?;
    bar.finish_and_clear();
    if residue {
        for (form, rest) in &left_out {
            output::line(&format!("{form}\t{}\t{}", rest.rule, rest.reason));
        }
    }
    output::note(&format!(
        "{} に {written} ファイルを書きました（{} 様式）",
        out.display(),
        programs.len()
    ));
    if !left_out.is_empty() && !residue {
        output::note(&format!(
            "この成果物に含まれない規則が {} 件あります。`--residue` で一覧を示します",
            left_out.len()
        ));
    }
    Ok(super::found(broken > 0))
}

/// Writes the files; gives their number.
fn save(out: &Path, artefacts: &[Artefact]) -> Result<usize, Failure> {
    for artefact in artefacts {
        let path = out.join(&artefact.path);
        let folder = path.parent().unwrap_or(out);
        std::fs::create_dir_all(folder).map_err(|source| Failure::Write {
            path: folder.to_owned(),
            source,
        })?;
        write(&path, &artefact.content)?;
    }
    Ok(artefacts.len())
}

fn progress_bar(forms: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(forms).unwrap_or(0));
    // A wrong template would be a mistake of ours; the plain bar is good enough then.
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len}  {msg}") {
        bar.set_style(style);
    }
    bar
}
