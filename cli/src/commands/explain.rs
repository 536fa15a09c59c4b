//! `kohyo explain`: more about a diagnostic.

use crate::disk::Failure;
use crate::output;
use std::process::ExitCode;

pub fn run(code: Option<&str>) -> Result<ExitCode, Failure> {
    let Some(code) = code else {
        for declared in kohyo_compiler::declarations() {
            output::line(&format!("{}  {}", declared.code, declared.title));
        }
        return Ok(ExitCode::SUCCESS);
    };
    match kohyo_compiler::explain(code, output::palette()) {
        Some(page) => {
            output::line(&page);
            Ok(ExitCode::SUCCESS)
        }
        None => Err(Failure::Other(format!(
            "コード「{code}」はありません\n  `kohyo explain` で一覧を確認してください"
        ))),
    }
}
