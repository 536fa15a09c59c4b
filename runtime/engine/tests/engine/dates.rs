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

fn later(field: FieldId, by: i32, unit: ElapsedUnit) -> Moment {
    Moment::Shifted {
        moment: Box::new(Moment::Field(field)),
        by,
        unit,
    }
}

fn not_after(left: Moment, right: Moment) -> Cond {
    dates(left, CompareOp::LessEqual, right)
}

/// `b within 6 months after a`.
fn half_a_year_after(a: FieldId, b: FieldId) -> Cond {
    all_of([
        not_after(Moment::Field(a), Moment::Field(b)),
        not_after(Moment::Field(b), later(a, 6, ElapsedUnit::Months)),
    ])
}

#[test]
fn a_window_after_a_date_includes_both_ends() {
    check(
        half_a_year_after,
        &[
            ("a=2024-01-15 b=2024-01-15", True),
            ("a=2024-01-15 b=2024-07-15", True),
            ("a=2024-01-15 b=2024-07-16", False),
            ("a=2024-01-15 b=2024-01-14", False),
            ("a=2024-08-31 b=2025-02-28", True),
            ("a=2024-08-31 b=2025-03-01", False),
            ("a=2024-01 b=2024-07", Unknown),
            ("a=2024-01 b=2024-03", True),
            ("a=2024-01 b=2024-09", False),
            ("b=2024-01-14", Unknown),
        ],
    );
}

#[test]
fn shifted_dates_agree_with_every_day_of_a_partial_date() {
    let day = |month: u32, day: u32| format!("2024-{month:02}-{day:02}");
    for b in [
        "2024-06-30",
        "2024-07-01",
        "2024-07-15",
        "2024-07-31",
        "2024-08-01",
    ] {
        let verdict = |a: &str| {
            let mut build = Build::new();
            let (x, y) = (build.date("a"), build.date("b"));
            let condition = half_a_year_after(x, y);
            truth(build, condition, &format!("a={a} b={b}"))
        };
        let days: Vec<Tri> = (1..=31).map(|n| verdict(&day(1, n))).collect();
        let agreed = if days.iter().all(|holds| *holds == True) {
            True
        } else if days.iter().all(|holds| *holds == False) {
            False
        } else {
            Unknown
        };
        assert_eq!(verdict("2024-01"), agreed, "{b}");
    }
}

#[test]
fn the_search_divides_a_partial_date_that_is_shifted() {
    // Whatever the day in January, either window holds.
    let mut build = Build::new();
    let (a, b) = (build.date("a"), build.date("b"));
    let early = not_after(later(a, 1, ElapsedUnit::Months), Moment::Field(b));
    let late = not(not_after(
        later(a, 1, ElapsedUnit::Months),
        Moment::Field(b),
    ));
    build.diagnosis(any_of([early, late]));
    let verdict = verdict(&build.form(), "a=2024-01 b=2024-02-15");
    assert_eq!(verdict.result, kohyo_engine::ResultKind::Eligible);
    assert!(verdict.exact);
}
