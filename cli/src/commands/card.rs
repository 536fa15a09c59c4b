//! `kohyo card`: a disease on one plain page.

use crate::disk::{Failure, Workspace, write_text};
use crate::output;
use kohyo_compiler::{SyntaxCache, card, card_file, card_path, compile_with, index_file};
use std::process::ExitCode;

pub fn run(workspace: &Workspace, targets: &[String], write: bool) -> Result<ExitCode, Failure> {
    let mut written = 0_usize;
    let mut cache = SyntaxCache::default();
    for disease in workspace.select(targets)? {
        let Some(program) = compile_with(&workspace.files, &mut cache, &disease.path).program
        else {
            return Err(Failure::Other(format!(
                "{} の定義に誤りがあります\n  `kohyo check {}` で確認してください",
                disease.key, disease.path
            )));
        };
        if write {
            let path = workspace.root.join(card_path(&disease.path));
            write_text(&path, &card_file(&program))?;
            written += 1;
        } else {
            output::line(card(&program).trim_end());
        }
    }
    if write {
        let catalogue = workspace.catalogue()?.unwrap_or_default();
        let index = index_file(&kohyo_compiler::diseases(&workspace.files), &catalogue);
        write_text(&workspace.root.join("INDEX.md"), &index)?;
        output::line(&format!("{written} 件の要約と INDEX.md を書きました"));
    }
    Ok(ExitCode::SUCCESS)
}
