//! Plausible records, the same for the same seed: for benchmarks, demonstrations and tests.
//!
//! The values come from [`kohyo_engine::generate_for`]; here they get the heading of a record.

use kohyo_engine::program::Application;
use kohyo_engine::{Context, Date, Form, RawAnswers};
use kohyo_record::Heading;

pub use kohyo_engine::generate_for;

/// The heading of generated records that have no other: a new application on a fixed day.
pub fn heading() -> Heading {
    Heading {
        application: Application::New,
        written: Date::day(2026, 6, 1),
    }
}

/// A filled form: every required question answered, most of the others, none that is hidden, and
/// few contradictions. New application, written on the day of [`heading`].
pub fn generate(form: &Form, seed: u64) -> RawAnswers {
    let heading = heading();
    let today = heading.written.unwrap_or(form.program().valid_from);
    let application = heading.application;
    generate_for(form, &Context { today, application }, seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use kohyo_engine::program::Level;
    use kohyo_engine::{completed, evaluate, read};

    #[test]
    fn the_same_seed_gives_the_same_record() {
        let form = samples::form();
        assert_eq!(generate(&form, 7), generate(&form, 7));
        assert_ne!(generate(&form, 7), generate(&form, 8));
    }

    #[test]
    fn generated_records_are_legal_complete_and_have_every_answer() {
        let form = samples::form();
        let context = Context {
            today: "2026-06-01".parse().unwrap(),
            application: Application::New,
        };
        let mut names = std::collections::BTreeSet::new();
        for seed in 0..200 {
            let raw = generate(&form, seed);
            let (answers, findings) = read(&form, &raw);
            assert_eq!(findings, [], "{raw:?}");
            let outcome = evaluate(&form, &answers, &context);
            let stray = outcome
                .findings
                .iter()
                .find(|f| f.check.starts_with("required") || f.check.starts_with("hidden"));
            assert_eq!(stray, None, "{raw:?}");
            names.extend(raw.into_keys());
        }
        assert_eq!(names.len(), form.program().fields.len());
    }

    #[test]
    fn renewals_have_no_question_of_new_applications() {
        let form = samples::form();
        let context = Context {
            today: "2026-06-01".parse().unwrap(),
            application: Application::Renewal,
        };
        assert!((0..50).all(|seed| !generate_for(&form, &context, seed).contains_key("remarks")));
    }

    #[test]
    fn a_completed_form_keeps_the_fixed_answers_and_has_no_error() {
        let form = samples::form();
        let heading = heading();
        let context = Context {
            today: heading.written.unwrap(),
            application: heading.application,
        };
        let first = form.program().fields.iter().find(|f| f.required).unwrap();
        let value = generate_for(&form, &context, 3)
            .get(&first.name)
            .unwrap()
            .clone();
        let fixed = RawAnswers::from([(first.name.clone(), value)]);
        let whole = completed(&form, &context, &fixed, 1).unwrap();
        assert_eq!(whole.get(&first.name), fixed.get(&first.name));
        let (answers, intake) = read(&form, &whole);
        let outcome = evaluate(&form, &answers, &context).with_findings(intake);
        assert!(outcome.findings.iter().all(|f| f.level != Level::Error));
    }
}
