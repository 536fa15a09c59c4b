//! `kohyo card`: a disease on one plain page.

use crate::disk::{Failure, Workspace};
use crate::output;
use kohyo_compiler::{SyntaxCache, card, compile_with};
use std::process::ExitCode;

pub fn run(workspace: &Workspace, targets: &[String]) -> Result<ExitCode, Failure> {
    let mut cache = SyntaxCache::default();
    for disease in workspace.select(targets)? {
        let Some(program) = compile_with(&workspace.files, &mut cache, &disease.path).program
        else {
            return Err(Failure::Other(format!(
                "{} の定義に誤りがあります\n  `kohyo check {}` で確認してください",
                disease.key, disease.key
            )));
        };
        output::line(card(&program).trim_end());
    }
    Ok(ExitCode::SUCCESS)
}
