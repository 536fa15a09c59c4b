//! The language server, over standard input and output.

use crate::disk::Failure;
use std::io::{self, BufReader};
use std::path::PathBuf;
use std::process::ExitCode;

/// Serves one editor. The folder of definitions is looked for where the editor has been opened,
/// unless `forms` names it.
pub fn run(forms: Option<PathBuf>) -> Result<ExitCode, Failure> {
    let input = BufReader::new(io::stdin());
    let agreed = kohyo_studio::language_server(forms, input, io::stdout())
        .map_err(|error| Failure::Other(format!("エディターとの接続が切れました（{error}）")))?;
    Ok(if agreed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
