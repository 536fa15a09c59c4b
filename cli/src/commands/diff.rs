//! `kohyo diff`: two editions of a judgement, proved the same or told apart by patients.

use crate::disk::{Failure, Workspace};
use crate::output;
use kohyo_compiler::{Compilation, Difference, SyntaxCache, compile_with, difference};
use serde_json::json;
use std::process::ExitCode;

/// Compares; the exit code is 0 only if every judgement compared is proved the same.
pub fn run(
    mut workspace: Workspace,
    old: &str,
    new: &str,
    judgement: Option<&str>,
    json: bool,
) -> Result<ExitCode, Failure> {
    let (before, after) = (
        compiled(&mut workspace, old)?,
        compiled(&mut workspace, new)?,
    );
    let found = difference(&before, &after, judgement);
    if found.is_empty() {
        let name = judgement.unwrap_or("diagnosis");
        return Err(Failure::Other(format!(
            "{old} と {new} の両方にある判定「{name}」がありません"
        )));
    }
    if json {
        output::line(&as_json(&found).to_string());
    } else {
        for difference in &found {
            output::line(&told(difference));
        }
    }
    Ok(super::found(!found.iter().all(is_same)))
}

fn is_same(difference: &Difference) -> bool {
    difference.proven && difference.regions.is_empty()
}

/// The definition meant; of several editions the newest.
fn compiled(workspace: &mut Workspace, target: &str) -> Result<Compilation, Failure> {
    let path = workspace
        .file(target)?
        .pop()
        .ok_or_else(|| Failure::Other(format!("{target} の定義がありません")))?;
    let compiled = compile_with(&workspace.files, &mut SyntaxCache::default(), &path);
    if compiled.has_errors() || compiled.program.is_none() {
        return Err(Failure::Other(format!(
            "{path} には誤りがあります。`kohyo check {path}` で確認してください"
        )));
    }
    Ok(compiled)
}

fn told(difference: &Difference) -> String {
    let Difference {
        label,
        regions,
        proven,
        ..
    } = difference;
    let mut lines = vec![match (regions.len(), proven) {
        (0, true) => format!("「{label}」: 同じ（証明済み）"),
        (0, false) => format!("「{label}」: 違いは見つかりませんが、同じとは証明できませんでした"),
        (n, true) => format!("「{label}」: {n} か所で異なり、ほかは同じ（証明済み）"),
        (n, false) => format!("「{label}」: {n} か所以上で異なります"),
    }];
    let open = "判定不能";
    for region in regions {
        let (old, new) = (region.old.as_deref(), region.new.as_deref());
        lines.push(format!(
            "  {} → {}",
            old.unwrap_or(open),
            new.unwrap_or(open)
        ));
        lines.push(format!("    {}", region.example));
    }
    for (words, labels) in [
        ("旧版だけが読む項目", &difference.only_old),
        ("新版だけが読む項目", &difference.only_new),
    ] {
        if !labels.is_empty() {
            lines.push(format!("  {words}: {}", labels.join("、")));
        }
    }
    lines.join("\n")
}

fn as_json(found: &[Difference]) -> serde_json::Value {
    let judgements = found.iter().map(|difference| {
        let regions = difference.regions.iter().map(
            |region| json!({ "old": region.old, "new": region.new, "example": region.example }),
        );
        json!({
            "judgement": difference.name,
            "label": difference.label,
            "same": is_same(difference),
            "proven": difference.proven,
            "regions": regions.collect::<Vec<_>>(),
            "only_old": difference.only_old,
            "only_new": difference.only_new,
        })
    });
    json!({ "judgements": judgements.collect::<Vec<_>>() })
}
