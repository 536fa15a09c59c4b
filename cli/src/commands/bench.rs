//! `kohyo bench`: how fast and how small, against what a programmer would write by hand.
//!
//! ```text
//! records ─► agreement (same verdict, same checks?) ─► speed ─► table or JSON
//!                                  forms ─► compile ─►│
//!            350 copies ─► compile, prove, edit ─────►│
//!                     10,000 records ─► memory ──────►│
//! ```
//!
//! `docs/performance.md` says what each figure means and what limits it.

mod agreement;
mod bare;
mod by_hand;
mod dice;
mod library;
mod memory;
mod records;
mod report;
mod sampler;
mod speed;
mod spoil;

use crate::disk::{Failure, Workspace};
use kohyo_engine::{Date, Form};
use kohyo_exchange::Library;
use std::process::ExitCode;
use std::sync::Arc;

/// The disease that has been written by hand, too.
const KEY: &str = "shitei-049";
/// Its edition that was written a second time by hand.
const EDITION: &str = "2020";

/// Measures everything and prints the figures. The exit code does not depend on them.
pub fn run(workspace: &Workspace, json: bool) -> Result<ExitCode, Failure> {
    let subject = Subject::load(workspace)?;
    let records = records::mixed(&subject, records::TIMED)?;
    agreement::check(&subject, &records)?;
    agreement::check(&subject, &records::spoiled(&subject, records::SPOILED)?)?;
    let figures = report::Figures {
        judge: speed::judge(&subject, &records)?,
        xml: speed::xml(&subject, &records),
        compile: speed::compile(workspace)?,
        library: library::measure(workspace)?,
        peak_mib: memory::peak(workspace, &subject)?,
        records: records.len(),
    };
    if json {
        report::json(&figures)
    } else {
        report::table(&figures)
    }
    Ok(ExitCode::SUCCESS)
}

/// What is measured: the form, and the days on which its records are written and checked.
struct Subject {
    form: Arc<Form>,
    library: Library,
    written: Date,
    today: Date,
}

impl Subject {
    fn load(workspace: &Workspace) -> Result<Self, Failure> {
        let unusable = |why: &str| {
            Failure::Other(format!(
                "計測に使う {KEY}（全身性エリテマトーデス、{EDITION}年版）{why}\n  `kohyo check {KEY}` で確認してください"
            ))
        };
        let diseases = kohyo_compiler::diseases(&workspace.files);
        let disease = diseases
            .iter()
            .find(|d| d.key == KEY && d.edition == EDITION);
        let disease = disease.ok_or_else(|| unusable("の定義がありません"))?;
        let program = kohyo_compiler::compile(&workspace.files, &disease.path).program;
        let program = program.ok_or_else(|| unusable("の定義に誤りがあります"))?;
        let form = Arc::new(super::form(program)?);
        let library = Library::new([form.clone()]).map_err(|e| Failure::Other(e.to_string()))?;
        let day = |month, day| {
            Date::day(2023, month, day).ok_or_else(|| Failure::Other("暦にない日付です".to_owned()))
        };
        Ok(Self {
            form,
            library,
            written: day(6, 1)?,
            today: day(7, 1)?,
        })
    }
}
