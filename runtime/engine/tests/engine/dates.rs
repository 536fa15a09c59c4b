//! Dates: partial ones are ranges of days, ages and durations are counted by calendar.

use crate::build::*;
use kohyo_engine::Tri::{self, False, True, Unknown};
use kohyo_engine::program::{CompareOp, Cond, ElapsedUnit, FieldId, Moment, Number, NumberKind};

fn elapsed(unit: ElapsedUnit, from: Moment, to: Moment) -> Number {
    num(NumberKind::Elapsed { unit, from, to })
}

fn age_at_today(birth: FieldId) -> Number {
    elapsed(ElapsedUnit::Years, Moment::Field(birth), Moment::Today)
}

#[track_caller]
fn check(condition: impl Fn(FieldId, FieldId) -> Cond, cases: &[(&str, Tri)]) {
    for (text, expected) in cases {
        let mut build = Build::new();
        let (a, b) = (build.date("a"), build.date("b"));
        assert_eq!(truth(build, condition(a, b), text), *expected, "{text}");
    }
}

#[test]
fn an_adult_on_the_birthday() {
    // The day of judgement is 2026-06-01.
    check(
        |a, _| reaches(age_at_today(a), "18"),
        &[
            ("a=2008-06-01", True),
            ("a=2008-06-02", False),
            ("a=2008-06", Unknown),
            ("a=2008-05", True),
            ("a=2008-07", False),
            ("a=2008", Unknown),
            ("a=2007", True),
            ("a=2009", False),
            ("", Unknown),
        ],
    );
}

#[test]
fn months_between_two_answers() {
    let half_a_year = |a, b| {
        reaches(
            elapsed(ElapsedUnit::Months, Moment::Field(a), Moment::Field(b)),
            "6",
        )
    };
    check(
        half_a_year,
        &[
            ("a=2024-01-15 b=2024-07-15", True),
            ("a=2024-01-15 b=2024-07-14", False),
            ("a=2024-01 b=2024-08", True),
            ("a=2024-01 b=2024-07", Unknown),
            ("a=2024-01 b=2024-06", False),
            ("a=2024-01-15", Unknown),
        ],
    );
}

#[test]
fn dates_compare_as_the_days_they_cover() {
    let order = |op| move |a, b| dates(Moment::Field(a), op, Moment::Field(b));
    check(
        order(CompareOp::Less),
        &[
            ("a=1990-05 b=1990-06", True),
            ("a=1990-05 b=1990-05-01", False),
            ("a=1990-05 b=1990-05-02", Unknown),
            ("a=1990-05", Unknown),
        ],
    );
    check(
        order(CompareOp::Equal),
        &[
            ("a=1990-05-20 b=1990-05-20", True),
            ("a=1990-05 b=1990-05", Unknown),
            ("a=1990-05 b=1991", False),
        ],
    );
    check(
        order(CompareOp::NotEqual),
        &[
            ("a=1990-05 b=1991", True),
            ("a=1990-05-20 b=1990-05-20", False),
        ],
    );
    check(
        order(CompareOp::GreaterEqual),
        &[
            ("a=1990-06 b=1990-05", True),
            ("a=1990-05-31 b=1990-05", True),
            ("a=1990-05-30 b=1990-05", Unknown),
        ],
    );
    check(
        |a, _| dates(Moment::Field(a), CompareOp::LessEqual, Moment::Today),
        &[("a=2026-06-01", True), ("a=2026-06-02", False)],
    );
    check(
        |a, _| {
            dates(
                Moment::Field(a),
                CompareOp::Greater,
                Moment::Const(date("2024-04-01")),
            )
        },
        &[("a=2024-04-02", True), ("a=2024-04", Unknown)],
    );
}

#[test]
fn a_verdict_on_a_partial_date_needs_every_day_to_agree() {
    let mut build = Build::new();
    let a = build.date("a");
    build.diagnosis(reaches(age_at_today(a), "18"));
    let form = build.form();
    use kohyo_engine::ResultKind::{Eligible, NotMet, Undetermined};
    for (text, expected) in [
        ("a=2007", Eligible),
        ("a=2009", NotMet),
        ("a=2008", Undetermined),
        ("", Undetermined),
    ] {
        let verdict = verdict(&form, text);
        assert_eq!((verdict.result, verdict.exact), (expected, true), "{text}");
    }
    // A year is all there is; a more exact date would settle it.
    let missing = outcome(&form, "a=2008").missing;
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].leads_to, [Eligible, NotMet]);
    assert!(missing[0].items[0].unknown);
}

#[test]
fn every_day_is_looked_at() {
    // Before or from today on: one of the two holds for every day, known or not.
    let mut build = Build::new();
    let a = build.date("a");
    build.diagnosis(any_of([
        dates(Moment::Field(a), CompareOp::Less, Moment::Today),
        reaches(
            elapsed(ElapsedUnit::Days, Moment::Today, Moment::Field(a)),
            "0",
        ),
    ]));
    assert_eq!(
        verdict(&build.form(), "").result,
        kohyo_engine::ResultKind::Eligible
    );
}
