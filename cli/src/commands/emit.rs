//! `kohyo emit`: artefacts made from definitions.

use crate::args::Target;
use crate::disk::{Failure, Workspace, write_text};
use crate::output;
use kohyo_compiler::emit::xsd;
use kohyo_compiler::{SyntaxCache, compile_with};
use std::path::Path;
use std::process::ExitCode;

pub fn run(
    workspace: &Workspace,
    target: Target,
    targets: &[String],
    out: &Path,
) -> Result<ExitCode, Failure> {
    std::fs::create_dir_all(out).map_err(|source| Failure::Write {
        path: out.to_owned(),
        source,
    })?;
    let mut cache = SyntaxCache::default();
    let mut broken = 0;
    let mut written = 0;
    if target == Target::Xsd {
        write_text(&out.join(xsd::SHARED_TYPES_FILE), &xsd::shared_types())?;
        written += 1;
    }
    for disease in workspace.select(targets)? {
        let Some(program) = compile_with(&workspace.files, &mut cache, &disease.path).program
        else {
            broken += 1;
            output::note(&format!(
                "{}: 定義に誤りがあるため作りません。`kohyo check {}` で確認してください",
                disease.key, disease.key
            ));
            continue;
        };
        let name = format!("{}-{}", disease.key, disease.edition);
        match target {
            Target::Xsd => write_text(&out.join(format!("{name}.xsd")), &xsd::schema(&program))?,
            Target::Program => write_text(
                &out.join(format!("{name}.json")),
                &kohyo_engine::to_json(&program),
            )?,
        }
        written += 1;
    }
    output::line(&format!(
        "{} に {written} ファイルを書きました",
        out.display()
    ));
    Ok(super::found(broken > 0))
}
