//! The smallest sets of items whose answers could settle the result.

use crate::build::*;
use kohyo_engine::Form;
use kohyo_engine::ResultKind::{self, Eligible, Mild, NotMet, Undetermined};
use kohyo_engine::program::{CompareOp, CondKind, DatePrecision, FieldId, FieldType, Moment};

#[track_caller]
fn check(form: &Form, text: &str, expected: &[(&[&str], &[ResultKind])]) {
    let outcome = outcome(form, text);
    assert_eq!(outcome.result, Undetermined);
    let sets: Vec<(Vec<&str>, &[ResultKind])> = outcome
        .missing
        .iter()
        .map(|set| {
            (
                set.items.iter().map(|item| item.name.as_str()).collect(),
                set.leads_to.as_slice(),
            )
        })
        .collect();
    let expected: Vec<(Vec<&str>, &[ResultKind])> = expected
        .iter()
        .map(|(items, results)| (items.to_vec(), *results))
        .collect();
    assert_eq!(sets, expected, "{text}");
}

#[test]
fn alternatives_are_given_in_the_order_of_the_form() {
    let mut build = Build::new();
    let [a, b, c] = build.findings(["a", "b", "c"]);
    build.diagnosis(all_of([any_of([present(a), present(b)]), present(c)]));
    let form = build.form();
    check(
        &form,
        "c=1",
        &[(&["a"], &[Eligible]), (&["b"], &[Eligible])],
    );
    check(&form, "", &[(&["c"], &[NotMet]), (&["a", "b"], &[NotMet])]);
    check(
        &form,
        "a=2 b=3",
        &[(&["b"], &[NotMet]), (&["c"], &[NotMet])],
    );
}

#[test]
fn items_answered_as_unknown_are_marked() {
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    build.diagnosis(all_of([present(a), present(b)]));
    let missing = outcome(&build.form(), "a=3").missing;
    let unknown: Vec<(&str, bool)> = missing
        .iter()
        .map(|set| (set.items[0].name.as_str(), set.items[0].unknown))
        .collect();
    assert_eq!(unknown, [("a", true), ("b", false)]);
    assert_eq!(missing[0].items[0].label, "A");
}

#[test]
fn nothing_is_missing_from_a_settled_result() {
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    build.diagnosis(all_of([present(a), present(b)]));
    assert!(outcome(&build.form(), "a=2").missing.is_empty());
}

#[test]
fn a_code_marked_unknown_can_be_what_is_missing() {
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    build.diagnosis(all_of([is(a, UNCLEAR), present(b)]));
    check(&build.form(), "b=1", &[(&["a"], &[Eligible, NotMet])]);
}

#[test]
fn numbers_and_dates() {
    let mut build = Build::new();
    let (n, d) = (build.number("n", 4, 1, "0", "999.9"), build.date("d"));
    build.diagnosis(reaches(value(n), "135"));
    build.severity(dates(Moment::Field(d), CompareOp::Less, Moment::Today));
    let form = build.form();
    check(&form, "d=2026-01-01", &[(&["n"], &[Eligible, NotMet])]);
    check(&form, "n=200", &[(&["d"], &[Eligible, Mild])]);
    check(&form, "", &[(&["n"], &[NotMet])]);
    check(&form, "n=200 d=2026", &[(&["d"], &[Eligible, Mild])]);
}

#[test]
fn hidden_items_are_not_missing_but_may_become_so() {
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    build.edit(b).shown_when = Some(Box::new(present(a)));
    build.diagnosis(if_shown([b], present(b), false));
    let form = build.form();
    check(&form, "", &[(&["a"], &[NotMet])]);
    check(&form, "a=1", &[(&["b"], &[Eligible, NotMet])]);
}

#[test]
fn several_codes() {
    let mut build = Build::new();
    let field = build.choices(
        "a",
        &[
            ("mother", None, false),
            ("father", None, false),
            ("other", None, false),
        ],
    );
    let includes = |code| cond(CondKind::Includes { field, code });
    build.diagnosis(all_of([includes(0), includes(1)]));
    check(&build.form(), "", &[(&["a"], &[Eligible, NotMet])]);
}

#[test]
fn larger_sets_are_found_along_the_way_to_a_result() {
    let mut build = Build::new();
    let items: Vec<FieldId> = (0..9).map(|n| build.finding(&format!("i{n}"))).collect();
    build.diagnosis(at_least(
        5,
        items.into_iter().map(present).collect::<Vec<_>>(),
    ));
    let outcome = outcome(&build.form(), "");
    let sets: Vec<(usize, &[ResultKind])> = outcome
        .missing
        .iter()
        .map(|set| (set.items.len(), set.leads_to.as_slice()))
        .collect();
    // Five present or five absent, whichever of the nine.
    let both = [Eligible, NotMet].as_slice();
    assert_eq!(sets, [(5, both), (5, both)]);
}

#[test]
fn a_sum_over_many_items() {
    let mut build = Build::new();
    let items: Vec<FieldId> = (0..30).map(|n| build.item(&format!("i{n}"))).collect();
    build.diagnosis(reaches(
        sum(items.into_iter().map(points).collect::<Vec<_>>()),
        "100",
    ));
    let outcome = outcome(&build.form(), "");
    assert!(outcome.exact);
    let sizes: Vec<usize> = outcome.missing.iter().map(|set| set.items.len()).collect();
    // Ten full ones reach it; from 21 at nothing it cannot be reached.
    assert!(sizes.contains(&10), "{sizes:?}");
}

/// Nothing that can be filled in settles it; the day that is not asked would.
#[test]
fn a_date_asked_without_its_day_is_named_when_the_day_decides() {
    let mut build = Build::new();
    let (d, e) = (build.date("d"), build.date("e"));
    let month = FieldType::Date {
        precision: DatePrecision::Month,
    };
    for field in [d, e] {
        build.edit(field).ty = month.clone();
    }
    build.diagnosis(all_of([
        dates(Moment::Field(d), CompareOp::LessEqual, Moment::Today),
        dates(Moment::Field(e), CompareOp::LessEqual, Moment::Today),
    ]));
    let form = build.form();
    let coarse = |text: &str| -> Vec<String> {
        let outcome = outcome(&form, text);
        outcome.coarse.into_iter().map(|item| item.name).collect()
    };
    // The day of judgement lies in this month.
    let now = "2026-06";
    assert_eq!(coarse(&format!("d={now} e=2020-01")), ["d"]);
    assert_eq!(coarse(&format!("d={now} e={now}")), ["d", "e"]);
    // What can be filled in is said instead.
    assert_eq!(coarse("d=2020-01"), Vec::<String>::new());
    assert_eq!(coarse("d=2020-01 e=2020-01"), Vec::<String>::new());
}

#[test]
fn a_judgement_left_open_beside_a_settled_result_has_sets_of_its_own() {
    let mut build = Build::new();
    let [a, b, c] = build.findings(["a", "b", "c"]);
    build.judgement(
        "diagnosis",
        vec![
            ("severe", all_of([present(a), present(b)]), true),
            ("moderate", present(a), true),
        ],
    );
    build.judgement(
        "other",
        vec![("yes", any_of([present(b), present(c)]), true)],
    );
    let form = build.form();
    let told = |text: &str| {
        let (answers, context) = (answers(&form, text), context());
        let plain = outcome(&form, text);
        assert!(plain.judgements.iter().all(|j| j.missing.is_empty()));
        let sets = |judgement: kohyo_engine::JudgementOutcome| {
            let sets = judgement.missing.into_iter().map(|set| {
                let items = set.items.into_iter().map(|item| item.name);
                let categories = set.leads_to.into_iter().map(|category| category.name);
                let (items, categories): (Vec<_>, Vec<_>) = (items.collect(), categories.collect());
                format!("{} → {}", items.join(" "), categories.join(" "))
            });
            sets.collect::<Vec<_>>()
        };
        let outcome = plain.with_what_if(&form, &answers, &context);
        outcome.judgements.into_iter().map(sets).collect::<Vec<_>>()
    };
    assert_eq!(
        told("a=1"),
        [vec!["b → severe moderate"], vec!["b → yes", "c → yes"]]
    );
    // Where the result is open, its own sets say what is missing to it.
    assert_eq!(told("c=2"), [vec![], vec!["b → yes none"]]);
    assert!(told("a=1 b=1").iter().all(Vec::is_empty));
}
