//! `kohyo print`: a filled-in form on paper, with its verdict and the reasons.

use super::check_records::today;
use super::judging::Judging;
use super::why::Patient;
use crate::args::{JudgedBy, PatientArgs};
use crate::disk::{Failure, Workspace, write};
use crate::output;
use kohyo_engine::written;
use kohyo_paper::{Answered, Fonts};
use kohyo_tool::Outputs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Prints to this file; with `masked` nothing that points at the person is shown.
pub fn run(
    workspace: &Workspace,
    wanted: &PatientArgs,
    masked: bool,
    out: &Path,
) -> Result<ExitCode, Failure> {
    Outputs::of(&[PathBuf::from(&wanted.target)]).file(out)?;
    print(&Patient::find(workspace, wanted)?, masked, out)
}

/// The same of a record, by the forms of a release.
pub fn of_release(
    judged: JudgedBy,
    wanted: &PatientArgs,
    masked: bool,
    out: &Path,
) -> Result<ExitCode, Failure> {
    Outputs::of(&[PathBuf::from(&wanted.target)]).file(out)?;
    if wanted.case.is_some() {
        return Err(Failure::Other(
            "リリースにはケースがありません\n  記録XMLを指定するか、`--release`（環境変数 `KOHYO_RELEASE`）を外してください"
                .to_owned(),
        ));
    }
    let judging = Judging::open(None, &judged.release, judged.keys, today()?)?;
    let patient = Patient::of_record(
        &judging.forms,
        Path::new(&wanted.target),
        wanted.on.as_deref(),
    )?;
    judging.troubles()?;
    print(&patient, masked, out)
}

fn print(patient: &Patient, masked: bool, out: &Path) -> Result<ExitCode, Failure> {
    let fonts = Fonts::find().map_err(|none| Failure::Other(none.to_string()))?;
    let form = &patient.form;
    let outcome = patient.outcome();
    let answered = Answered {
        raw: &written(form, &patient.answers),
        unread: &patient.unread,
        context: &patient.context,
        outcome: &outcome,
        masked,
    };
    let pdf = kohyo_paper::pdf(form, Some(&answered), &fonts)
        .map_err(|problem| Failure::Other(problem.to_string()))?;
    write(out, &pdf)?;
    output::note(&format!(
        "{} に書きました（{}、結果: {}）",
        out.display(),
        form.program().title,
        outcome.result.label_in(form.program().programme)
    ));
    Ok(ExitCode::SUCCESS)
}
