//! Whether both sides say the same; without that no ratio means anything.

use super::records::TestRecord;
use super::{Subject, by_hand, speed};
use crate::disk::Failure;
use kohyo_engine::{ResultKind, Scratch, judge_with};
use kohyo_exchange::Checker;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// How many differences are told.
const TOLD: usize = 5;

/// Checks and judges every record on both sides.
///
/// # Errors
/// The records about which they disagree.
pub fn check(subject: &Subject, records: &[TestRecord]) -> Result<(), Failure> {
    let mut sides = Sides {
        subject,
        checker: Checker::new(subject.library.clone(), subject.today),
        scratch: Scratch::default(),
    };
    let differences: Vec<String> = records
        .iter()
        .filter_map(|record| sides.difference(record))
        .collect();
    if differences.is_empty() {
        return Ok(());
    }
    let told: Vec<&str> = differences.iter().map(String::as_str).take(TOLD).collect();
    Err(Failure::Other(format!(
        "手書きの基準と本システムの結果が {} 件中 {} 件で異なるため、比は出しません\n  \
         定義が変わったときは cli/src/commands/bench/by_hand を合わせてください\n  {}",
        records.len(),
        differences.len(),
        told.join("\n  ")
    )))
}

struct Sides<'a> {
    subject: &'a Subject,
    checker: Checker,
    scratch: Scratch,
}

/// What a side says about a record.
#[derive(PartialEq)]
struct Said {
    result: Option<by_hand::Outcome>,
    checks: BTreeSet<String>,
}

impl Sides<'_> {
    fn difference(&mut self, record: &TestRecord) -> Option<String> {
        let by_hand = by_hand::check(&record.xml, by_hand::day(self.subject.today));
        let ours = self.ours(record);
        let theirs = Said {
            result: by_hand.verdict.map(|verdict| verdict.outcome),
            checks: by_hand
                .errors
                .iter()
                .map(|error| error.check.to_string())
                .collect(),
        };
        if ours == theirs {
            return self.judgement(record);
        }
        let ours_only: Vec<&str> = ours
            .checks
            .difference(&theirs.checks)
            .map(String::as_str)
            .collect();
        let theirs_only: Vec<String> = (by_hand.errors.iter())
            .filter(|error| !ours.checks.contains(&*error.check))
            .map(ToString::to_string)
            .collect();
        Some(format!(
            "{}: 本システムだけ {:?} {} / 手書きだけ {:?} {}",
            record.what,
            ours.result,
            ours_only.join("、"),
            theirs.result,
            theirs_only.join("、")
        ))
    }

    fn ours(&mut self, record: &TestRecord) -> Said {
        let mut said = Said {
            result: None,
            checks: BTreeSet::new(),
        };
        self.checker.check_slice(&record.xml, &mut |report| {
            // What stands after the record has a report of its own.
            said.result = said.result.or(report.result.map(outcome));
            said.checks.extend(
                report
                    .findings
                    .into_iter()
                    .map(|found| found.check.into_owned()),
            );
            ControlFlow::Continue(())
        });
        said
    }

    /// The judgement alone, with its categories.
    fn judgement(&mut self, record: &TestRecord) -> Option<String> {
        let ((answers, context), sle) = speed::parsed(self.subject, record)?;
        let ours = judge_with(&mut self.scratch, &self.subject.form, &answers, &context);
        let theirs = sle.judge();
        let category = |holds: by_hand::Tri| match holds {
            by_hand::Tri::Yes => Some(0),
            by_hand::Tri::No => Some(1),
            by_hand::Tri::Unknown => None,
        };
        let categories = [category(theirs.diagnosis), category(theirs.severity)];
        let same =
            ours.categories.as_slice() == categories && outcome(ours.result) == theirs.outcome;
        (!same).then(|| format!("{}: 本システム {ours:?} / 手書き {theirs:?}", record.what))
    }
}

fn outcome(result: ResultKind) -> by_hand::Outcome {
    match result {
        ResultKind::Eligible => by_hand::Outcome::Eligible,
        ResultKind::Mild => by_hand::Outcome::Mild,
        ResultKind::NotMet => by_hand::Outcome::NotMet,
        ResultKind::Undetermined => by_hand::Outcome::Undetermined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::bench::records;

    fn subject() -> Subject {
        let forms = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../forms");
        Subject::load(
            &crate::disk::workspace(Some(&forms), crate::disk::Texts::Definitions).unwrap(),
        )
        .unwrap()
    }

    #[track_caller]
    fn assert_agreed(subject: &Subject, records: &[TestRecord]) {
        if let Err(failure) = check(subject, records) {
            panic!("{failure}");
        }
    }

    #[test]
    fn sound_records_and_those_with_answers_missing_come_out_the_same() {
        let subject = subject();
        assert_agreed(&subject, &records::mixed(&subject, 200).unwrap());
    }

    #[test]
    fn faults_are_found_by_both_sides() {
        let subject = subject();
        assert_agreed(
            &subject,
            &records::spoiled(&subject, records::SPOILED).unwrap(),
        );
    }

    #[test]
    fn every_check_of_the_form_is_met_by_some_record() {
        let subject = subject();
        let records = records::spoiled(&subject, records::SPOILED).unwrap();
        let today = by_hand::day(subject.today);
        let met: BTreeSet<String> = records
            .iter()
            .flat_map(|record| by_hand::check(&record.xml, today).errors)
            .map(|error| error.check.into_owned())
            .collect();
        let checks = &subject.form.program().checks;
        let never: Vec<&str> = checks
            .iter()
            .map(|check| check.id.as_str())
            .filter(|id| !met.contains(*id))
            .collect();
        assert!(never.is_empty(), "{never:?}");
    }

    #[test]
    fn a_disagreement_is_told_and_ends_the_measurement() {
        let mut subject = subject();
        let records = records::mixed(&subject, 20).unwrap();
        subject.library = kohyo_exchange::Library::default();
        let failure = check(&subject, &records).unwrap_err().to_string();
        assert!(failure.contains("異なるため、比は出しません"), "{failure}");
    }
}
