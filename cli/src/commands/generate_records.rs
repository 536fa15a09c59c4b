//! `kohyo generate-records`: plausible records for tests and measurements.

use crate::disk::{Failure, Workspace};
use crate::output;
use kohyo_engine::program::Application;
use kohyo_exchange::generate::generate;
use kohyo_exchange::{Heading, RecordWriter, RecordsWriter};
use kohyo_tool::{NewFile, Outputs};
use std::path::Path;
use std::process::ExitCode;

pub fn run(
    workspace: &Workspace,
    disease: &str,
    count: u64,
    seed: u64,
    out: &Path,
) -> Result<ExitCode, Failure> {
    Outputs::of(&[]).fresh(out)?;
    let chosen = workspace.select_disease(disease)?;
    let Some(program) = kohyo_compiler::compile(&workspace.files, &chosen.path).program else {
        return Err(Failure::Other(format!(
            "{disease} の定義に誤りがあります\n  `kohyo check {disease}` で確認してください"
        )));
    };
    let form = super::form(program)?;
    let heading = Heading {
        application: Application::New,
        written: Some(super::check_records::today()?),
    };
    let write = || -> Result<(), Box<dyn std::error::Error>> {
        let layout = RecordWriter::new(&form);
        let mut records = RecordsWriter::new(NewFile::public(out)?.replacing_nothing())?;
        for number in 0..count {
            records.write(
                &layout,
                heading,
                &generate(&form, seed.wrapping_add(number)),
            )?;
        }
        records.finish()?.finish()?;
        Ok(())
    };
    write().map_err(|e| {
        Failure::Other(format!(
            "{} に書けません: {e}\n  権限と空き容量を確認してください",
            out.display()
        ))
    })?;
    output::line(&format!(
        "{} に {count} 件の個票を書きました",
        out.display()
    ));
    Ok(ExitCode::SUCCESS)
}
