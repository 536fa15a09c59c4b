//! `kohyo diff`: two editions of a judgement, proved the same or told apart by patients.

mod sources;
mod told;

use crate::disk::{Failure, Workspace};
use crate::output;
use kohyo_compiler::{Beside, Difference, difference_beside};
use kohyo_engine::Program;
use serde_json::json;
use sources::Source;
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// What to compare.
pub struct Wanted {
    pub old: String,
    pub new: String,
    /// Only this judgement.
    pub judgement: Option<String>,
    pub json: bool,
}

/// After so many seconds it is told what is being compared.
const QUIET: Duration = Duration::from_secs(3);

/// Compares; the exit code is 0 only if every judgement of both is proved the same.
pub fn run(
    definitions: impl Fn() -> Result<Workspace, Failure>,
    wanted: &Wanted,
) -> Result<ExitCode, Failure> {
    let old = Source::read(&definitions, &wanted.old)?;
    let new = Source::read(&definitions, &wanted.new)?;
    for note in sources::notes(&old, &new) {
        output::note(&note);
    }
    let judgements = judgements(old.program(), new.program(), wanted)?;
    let mut found = Vec::new();
    for (name, label) in &judgements {
        let compared = compared(&old, &new, name, label);
        if !wanted.json {
            for difference in &compared {
                output::line(&told::text(difference));
            }
        }
        found.extend(compared);
    }
    if wanted.json {
        let all: Vec<_> = found.iter().map(told::data).collect();
        output::line(&json!({ "judgements": all }).to_string());
    }
    Ok(super::found(!found.iter().all(Difference::is_same)))
}

/// The judgements to compare, by name with their labels: of the new edition, then those that only
/// the old one has.
fn judgements(
    old: &Program,
    new: &Program,
    wanted: &Wanted,
) -> Result<Vec<(String, String)>, Failure> {
    let mut all: Vec<(String, String)> = Vec::new();
    for judgement in new.judgements.iter().chain(&old.judgements) {
        if !all.iter().any(|(name, _)| *name == judgement.name) {
            all.push((judgement.name.clone(), judgement.label.clone()));
        }
    }
    let Some(name) = &wanted.judgement else {
        return Ok(all);
    };
    let chosen: Vec<_> = all.iter().filter(|(own, _)| own == name).cloned().collect();
    if chosen.is_empty() {
        let names = all
            .iter()
            .map(|(name, label)| format!("{name}（{label}）"))
            .collect::<Vec<_>>();
        return Err(Failure::Other(format!(
            "{} にも {} にも、「{name}」という判定はありません\n  --judgement には次のどれかを書いてください: {}",
            wanted.old,
            wanted.new,
            names.join("、")
        )));
    }
    Ok(chosen)
}

/// Compares one judgement; says that it does if that takes long.
fn compared(old: &Source, new: &Source, name: &str, label: &str) -> Vec<Difference> {
    let beside = Beside {
        old: old.cases.as_ref(),
        new: new.cases.as_ref(),
    };
    let (done, wait) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if wait.recv_timeout(QUIET) == Err(RecvTimeoutError::Timeout) {
                output::note(&format!(
                    "「{label}」を比べています。計算の多い判定では、数十秒かかることがあります"
                ));
            }
        });
        let found = difference_beside(old.program(), new.program(), Some(name), beside);
        drop(done);
        found
    })
}
