//! `kohyo csv-template`: the head of a form's CSV.

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
    output::line(kohyo_exchange::csv_template(&program).trim_end());
    Ok(ExitCode::SUCCESS)
}
