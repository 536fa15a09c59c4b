//! `kohyo csv-template`: the head of a form's CSV.

use super::check_records::today;
use super::judging::Judging;
use crate::args::JudgedBy;
use crate::disk::{Failure, Workspace};
use crate::output;
use kohyo_compiler::{SyntaxCache, compile_with};
use std::process::ExitCode;

pub fn run(workspace: &Workspace, target: &str) -> Result<ExitCode, Failure> {
    let disease = workspace.select_disease(target)?;
    let compiled = compile_with(&workspace.files, &mut SyntaxCache::default(), &disease.path);
    let program = compiled.program.ok_or_else(|| {
        Failure::Other(format!(
            "{} には誤りがあります\n  `kohyo check {}` で確認してください",
            disease.title, disease.key
        ))
    })?;
    Ok(tell(&program))
}

/// The same of a form of a release.
pub fn of_release(target: &str, judged: JudgedBy) -> Result<ExitCode, Failure> {
    let on = today()?;
    let judging = Judging::open(None, &judged.release, judged.keys, on)?;
    let (key, edition) = match target.split_once('@') {
        Some((key, edition)) => (key, Some(edition)),
        None => (target, None),
    };
    // A number stands for a key: 006 of the one list of diseases, 04-008 of the other.
    let keys = ["", "shitei-", "shoman-"].map(|list| format!("{list}{key}"));
    let form = keys.iter().find_map(|key| match edition {
        Some(edition) => judging.forms.get(key, edition),
        None => judging.forms.newest(key, on),
    });
    judging.troubles()?;
    let form = form.ok_or_else(|| {
        Failure::Other(format!(
            "リリースに「{target}」の様式がありません\n  006、04-008、shitei-006、006@2020 のように指定してください"
        ))
    })?;
    Ok(tell(form.program()))
}

fn tell(program: &kohyo_engine::Program) -> ExitCode {
    output::line(kohyo_exchange::csv_template(program).trim_end());
    ExitCode::SUCCESS
}
