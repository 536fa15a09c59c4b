//! `kohyo bench`: how fast and how small, against what a programmer would write by hand and what a
//! vendor could run instead.
//!
//! ```text
//! records ─► agreement (same verdict, same checks?) ─► speed ─► table or JSON
//!        └─► XML Schema and Schematron in a child ─► peer ─►│
//!                                  forms ─► compile ───────►│
//!            350 copies ─► compile, prove, edit ───────────►│
//!     files of 10,000 records ─► time for each, two threads ─►│
//!     files of 10,000 and 100,000 records ─► memory, first result ─►│
//!     records of every form ─► memory; every target of every form ─► time ─►│
//!                    hostile files ─► the worst answer ────►│
//! ```
//!
//! `docs/performance.md` says what each figure means and what limits it.

mod agreement;
mod bare;
mod bulk;
mod by_hand;
mod child;
mod everything;
mod hostile;
mod inputs;
mod library;
mod memory;
mod peer;
mod records;
mod report;
mod sampler;
mod speed;
mod spoil;

pub use hostile::open as open_hostile;

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
    let judged = records.get(..records::JUDGED).unwrap_or(&records);
    let inputs = inputs::Inputs::new(&subject)?;
    let figures = report::Figures {
        judge: speed::judge(&subject, judged)?,
        xml: speed::xml(&subject, &records),
        peer: peer::measure(workspace, &subject, &records)?,
        bulk: bulk::measure(&subject, &inputs)?,
        compile: speed::compile(workspace)?,
        large: library::measure(workspace)?,
        peaks: memory::peaks(workspace, &inputs)?,
        first_result: memory::first_result(workspace, &inputs)?,
        everything: everything::measure(workspace)?,
        hostile: hostile::measure()?,
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
