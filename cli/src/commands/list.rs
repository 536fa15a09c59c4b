//! `kohyo list`: the definitions at hand.

use crate::disk::{Failure, Workspace};
use crate::output;
use kohyo_compiler::cases;
use kohyo_engine::program::Status;
use serde_json::json;
use std::collections::BTreeSet;
use std::process::ExitCode;

pub fn run(workspace: &Workspace, json: bool) -> Result<ExitCode, Failure> {
    let diseases = kohyo_compiler::diseases(&workspace.files);
    let rows = diseases.iter().map(|disease| {
        let yaml = workspace.files.get(&cases::beside(&disease.path));
        let count = yaml
            .and_then(|y| cases::parse(y).ok())
            .map_or(0, |file| file.cases.len());
        (disease, count)
    });
    if json {
        let list: Vec<_> = rows
            .map(|(d, cases)| {
                json!({ "key": d.key, "name": d.title, "status": d.status, "edition": d.edition, "cases": cases, "path": d.path })
            })
            .collect();
        output::line(&serde_json::Value::from(list).to_string());
        return Ok(ExitCode::SUCCESS);
    }
    for (disease, cases) in rows {
        let status = match disease.status {
            Status::Draft => "下書き",
            Status::Reviewed => "査読済",
            Status::Published => "公開　",
        };
        output::line(&format!(
            "{:<14} {status} {:>6}年版 {cases:>3}件のケース  {}",
            disease.key, disease.edition, disease.title
        ));
    }
    let keys: BTreeSet<&str> = diseases.iter().map(|d| d.key.as_str()).collect();
    let editions = if keys.len() == diseases.len() {
        String::new()
    } else {
        format!("（{} 版）", diseases.len())
    };
    output::line(&format!("{} 疾病{editions}", keys.len()));
    Ok(ExitCode::SUCCESS)
}
