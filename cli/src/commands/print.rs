//! `kohyo print`: a filled-in form on paper, with its verdict and the reasons.

use super::why::Patient;
use crate::args::PatientArgs;
use crate::disk::{Failure, Workspace, write};
use crate::output;
use kohyo_engine::written;
use kohyo_paper::{Answered, Fonts};
use kohyo_tool::Outputs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Prints to this file; with `masked` nothing that names the person is filled in.
pub fn run(
    workspace: &Workspace,
    wanted: &PatientArgs,
    masked: bool,
    out: &Path,
) -> Result<ExitCode, Failure> {
    Outputs::of(&[PathBuf::from(&wanted.target)]).file(out)?;
    let fonts = Fonts::find().map_err(|none| Failure::Other(none.to_string()))?;
    let patient = Patient::find(workspace, wanted)?;
    let form = &patient.form;
    let outcome = patient.outcome();
    let answered = Answered {
        raw: &written(form, &patient.answers),
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
