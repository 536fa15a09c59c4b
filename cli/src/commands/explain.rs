//! `kohyo explain`: more about a diagnostic.

use crate::disk::Failure;
use crate::output;
use std::process::ExitCode;

pub fn run(code: Option<&str>) -> Result<ExitCode, Failure> {
    let Some(code) = code else {
        output::line("説明のあるコード:");
        kohyo_dsl::explained()
            .chain(kohyo_compiler::explained())
            .for_each(|code| output::line(&format!("  {code}")));
        return Ok(ExitCode::SUCCESS);
    };
    match kohyo_dsl::explain(code).or_else(|| kohyo_compiler::explain(code)) {
        Some(text) => {
            output::line(&format!("{code}\n\n{text}"));
            Ok(ExitCode::SUCCESS)
        }
        None => Err(Failure::Other(format!(
            "コード「{code}」の説明はありません\n  `kohyo explain` で一覧を確認してください"
        ))),
    }
}
