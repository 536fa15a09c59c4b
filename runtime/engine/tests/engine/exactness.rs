//! A verdict is given exactly when every completion agrees on it.

use crate::build::*;
use kohyo_engine::Form;
use kohyo_engine::ResultKind::{self, Eligible, Mild, NotMet, Undetermined};
use kohyo_engine::program::{ArithmeticOp, CompareOp, Cond, CondKind, FieldId, Number, NumberKind};

#[track_caller]
fn check(form: &Form, cases: &[(&str, ResultKind)]) {
    for (text, expected) in cases {
        let verdict = verdict(form, text);
        assert_eq!((verdict.result, verdict.exact), (*expected, true), "{text}");
    }
}

fn two(condition: impl Fn(FieldId, FieldId) -> Cond) -> Form {
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    build.diagnosis(condition(a, b));
    build.form()
}

#[test]
fn the_excluded_middle_holds_for_unknown_answers() {
    let form = two(|a, _| any_of([present(a), not(present(a))]));
    check(
        &form,
        &[("", Eligible), ("a=3", Eligible), ("a=1", Eligible)],
    );
    let form = two(|a, b| {
        all_of([
            any_of([present(a), present(b)]),
            not(present(a)),
            not(present(b)),
        ])
    });
    check(&form, &[("", NotMet)]);
    // 「あり」 and 「なし」 are all there is.
    let form = two(|a, _| any_of([present(a), is(a, ABSENT)]));
    check(&form, &[("", Eligible), ("a=3", Eligible)]);
}

#[test]
fn an_unanswered_choice_may_come_to_say_unknown_where_a_rule_names_that() {
    let form = two(|a, _| any_of([present(a), is(a, ABSENT), is(a, UNCLEAR)]));
    check(&form, &[("", Eligible), ("a=3", Eligible)]);
    let form = two(|a, _| not(is(a, UNCLEAR)));
    check(
        &form,
        &[("", Undetermined), ("a=3", NotMet), ("a=1", Eligible)],
    );
    // Answered so, it stays so, while the truth behind it stays open.
    let form = two(|a, b| all_of([is(a, UNCLEAR), any_of([present(a), present(b)])]));
    check(
        &form,
        &[
            ("a=3 b=1", Eligible),
            ("a=3", Undetermined),
            ("a=3 b=2", Undetermined),
        ],
    );
}

#[test]
fn sums_that_can_no_longer_cross() {
    let mut build = Build::new();
    let items: Vec<FieldId> = (0..4).map(|n| build.item(&format!("i{n}"))).collect();
    build.diagnosis(reaches(
        sum(items.into_iter().map(points).collect::<Vec<_>>()),
        "25",
    ));
    check(
        &build.form(),
        &[
            ("i0=3 i1=3 i2=2", Eligible),
            ("i0=1 i1=1", NotMet),
            ("i0=3 i1=2", Undetermined),
            ("i0=4 i1=3 i2=3 i3=2", Eligible),
            ("i0=4 i1=3 i2=2 i3=2", Undetermined),
        ],
    );
}

#[test]
fn three_unknown_items_of_k() {
    let mut build = Build::new();
    let items: Vec<FieldId> = (0..5).map(|n| build.finding(&format!("i{n}"))).collect();
    build.diagnosis(at_least(
        3,
        items.iter().map(|item| present(*item)).collect::<Vec<_>>(),
    ));
    check(
        &build.form(),
        &[
            ("i0=1 i1=1", Undetermined),
            ("i0=1 i1=1 i2=1", Eligible),
            ("i0=2 i1=2 i2=2", NotMet),
            ("i0=1 i1=2 i2=3 i3=3 i4=3", Undetermined),
        ],
    );
}

#[test]
fn tables_whose_reachable_cells_agree() {
    let form = |agree: bool| {
        let mut build = Build::new();
        let gfr = build.number("gfr", 3, 0, "0", "200");
        let upcr = build.number("upcr", 4, 2, "0", "30");
        let low = compare(value(gfr), CompareOp::Less, constant("30"));
        let high = reaches(value(gfr), "60");
        let much = reaches(value(upcr), "0.50");
        let cells = vec![
            (all_of([low.clone(), much.clone()]), 1),
            (all_of([low.clone(), not(much.clone())]), u16::from(agree)),
            (all_of([high.clone(), not(much.clone())]), 0),
            (all_of([high, much]), 1),
            (all_of([not(low), reaches(value(gfr), "30")]), 1),
        ];
        let definition = build.grade("ckd", &["green", "red"], cells, None);
        build.diagnosis(cond(CondKind::Grade {
            definition,
            outcomes: vec![1],
        }));
        build.form()
    };
    check(
        &form(true),
        &[
            ("gfr=20", Eligible),
            ("gfr=45", Eligible),
            ("gfr=90", Undetermined),
            ("upcr=0.5", Eligible),
            ("", Undetermined),
        ],
    );
    check(
        &form(false),
        &[
            ("gfr=20", Undetermined),
            ("gfr=20 upcr=0.49", NotMet),
            ("upcr=1", Eligible),
        ],
    );
}

#[test]
fn points_and_gaps_of_a_number() {
    let mut build = Build::new();
    let a = build.number("a", 2, 1, "0", "5");
    // Below 2.05 and from 2.1 on: no value with one digit after the point lies between.
    build.diagnosis(any_of([
        compare(value(a), CompareOp::Less, constant("2.05")),
        reaches(value(a), "2.1"),
    ]));
    check(&build.form(), &[("", Eligible)]);
    let mut build = Build::new();
    let a = build.number("a", 3, 2, "0", "5");
    build.diagnosis(any_of([
        compare(value(a), CompareOp::Less, constant("2.05")),
        reaches(value(a), "2.1"),
    ]));
    check(&build.form(), &[("", Undetermined), ("a=2.07", NotMet)]);
}

#[test]
fn numbers_that_rules_calculate_with() {
    let mut build = Build::new();
    let a = build.number("a", 2, 0, "0", "20");
    let square = calculate(value(a), ArithmeticOp::Multiply, value(a));
    // a² - 10a is never below -25.
    let curve = calculate(
        square,
        ArithmeticOp::Subtract,
        calculate(constant("10"), ArithmeticOp::Multiply, value(a)),
    );
    build.diagnosis(reaches(curve.clone(), "-25"));
    build.severity(compare(curve, CompareOp::Less, constant("-24")));
    check(
        &build.form(),
        &[("", Undetermined), ("a=5", Eligible), ("a=4", Mild)],
    );
    let outcome = outcome(&build_curve(), "");
    assert_eq!(outcome.result, Eligible);
}

fn build_curve() -> Form {
    let mut build = Build::new();
    let a = build.number("a", 2, 0, "0", "20");
    let difference = calculate(value(a), ArithmeticOp::Subtract, value(a));
    build.diagnosis(compare(difference, CompareOp::Equal, constant("0")));
    build.form()
}

#[test]
fn what_cannot_be_calculated_is_never_settled() {
    let mut build = Build::new();
    let [a, b] = ["a", "b"].map(|name| build.number(name, 1, 0, "0", "9"));
    let ratio = calculate(value(a), ArithmeticOp::Divide, value(b));
    build.diagnosis(any_of([
        reaches(ratio.clone(), "1"),
        not(reaches(ratio, "1")),
    ]));
    // Every completion with b = 0 leaves it open; without, one of the two holds.
    check(
        &build.form(),
        &[
            ("", Undetermined),
            ("a=1 b=0", Undetermined),
            ("a=1 b=2", Eligible),
            ("b=3", Eligible),
        ],
    );
}

#[test]
fn hidden_rules_are_respected() {
    let form = |otherwise: bool| {
        let mut build = Build::new();
        let [a, b] = build.findings(["a", "b"]);
        build.edit(b).shown_when = Some(Box::new(present(a)));
        build.diagnosis(if_shown(
            [b],
            any_of([present(b), not(present(b))]),
            otherwise,
        ));
        build.form()
    };
    check(
        &form(true),
        &[("", Eligible), ("a=1", Eligible), ("a=2", Eligible)],
    );
    check(
        &form(false),
        &[("", Undetermined), ("a=1", Eligible), ("a=2", NotMet)],
    );
    // What is written there counts once the field is shown, and never while it is not.
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    build.edit(b).shown_when = Some(Box::new(present(a)));
    build.diagnosis(if_shown([b], present(b), true));
    check(
        &build.form(),
        &[
            ("b=1", Eligible),
            ("b=2", Undetermined),
            ("a=2 b=2", Eligible),
        ],
    );
}

#[test]
fn whether_something_will_be_answered_is_open() {
    let mut build = Build::new();
    let a = build.text("a");
    let b = build.finding("b");
    build.edit(b).shown_when = Some(Box::new(answered(a)));
    build.diagnosis(if_shown([b], present(b), false));
    let form = build.form();
    check(
        &form,
        &[
            ("", Undetermined),
            ("b=1", Undetermined),
            ("b=2", NotMet),
            ("a=x b=1", Eligible),
            ("a=x", Undetermined),
        ],
    );
}

#[test]
fn a_written_collapse_keeps_its_value() {
    let form = two(|a, b| any_of([treat(present(a), false), present(b)]));
    check(
        &form,
        &[
            ("b=2", NotMet),
            ("a=3 b=2", NotMet),
            ("a=1", Eligible),
            ("", Undetermined),
        ],
    );
    // The same item read elsewhere stays open.
    let form = two(|a, _| all_of([not(treat(present(a), false)), present(a)]));
    check(&form, &[("", Undetermined), ("a=1", NotMet)]);
}

#[test]
fn several_codes_are_open_one_by_one() {
    let mut build = Build::new();
    let field = build.choices("a", &[("mother", None, false), ("father", None, false)]);
    let includes = |code| cond(CondKind::Includes { field, code });
    // Someone is chosen, so it is the mother or the father.
    build.diagnosis(any_of([includes(0), includes(1)]));
    build.severity(all_of([includes(0), not(includes(0))]));
    check(&build.form(), &[("", Mild), ("a=1", Mild)]);
}

#[test]
fn categories_settle_apart_from_the_result() {
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    build.judgement(
        "diagnosis",
        vec![
            ("definite", all_of([present(a), present(b)]), true),
            ("probable", all_of([present(a), not(present(b))]), true),
            ("possible", present(b), false),
        ],
    );
    let form = build.form();
    let outcome = outcome(&form, "a=1");
    assert_eq!(outcome.result, Eligible);
    assert_eq!(outcome.judgements[0].category, None);
    assert_eq!(outcome.judgements[0].possible, ["definite", "probable"]);
    assert_eq!(verdict(&form, "a=1").categories.as_slice(), [None]);
    assert_eq!(verdict(&form, "a=1 b=1").categories.as_slice(), [Some(0)]);
    // 「none」 is still possible for a=2, 「definite」 is not.
    let outcome = outcome_of(&form, "a=2");
    assert_eq!(outcome.judgements[0].possible, ["possible", "none"]);
    assert_eq!((outcome.result, outcome.missing.len()), (NotMet, 0));
}

fn outcome_of(form: &Form, text: &str) -> kohyo_engine::Outcome {
    outcome(form, text)
}

#[test]
fn the_chosen_category_holds_even_if_only_the_search_knows() {
    let form = two(|a, _| any_of([present(a), not(present(a))]));
    let outcome = outcome(&form, "");
    let judgement = &outcome.judgements[0];
    assert_eq!(judgement.category.as_ref().unwrap().name, "definite");
    assert_eq!(judgement.explanation[0].holds, kohyo_engine::Tri::True);
    let [whatever, reason] = judgement.explanation[0].children.as_slice() else {
        panic!("it is said why the category holds although its reasons are open");
    };
    assert_eq!(
        whatever.text,
        "分からない答えがどれであっても、これに当たります"
    );
    assert_eq!(reason.holds, kohyo_engine::Tri::Unknown);
    assert_eq!(judgement.possible, ["definite"]);
}

#[test]
fn a_search_without_end_gives_up_honestly() {
    // No two of many numbers are ever both larger than each other, but only trying all values
    // would show it.
    let mut build = Build::new();
    let fields: Vec<FieldId> = (0..6)
        .map(|n| build.number(&format!("n{n}"), 9, 0, "0", ""))
        .collect();
    let contradiction = |pair: &[FieldId]| {
        all_of([
            compare(value(pair[0]), CompareOp::Greater, value(pair[1])),
            compare(value(pair[1]), CompareOp::Greater, value(pair[0])),
        ])
    };
    build.diagnosis(any_of(
        fields.windows(2).map(contradiction).collect::<Vec<_>>(),
    ));
    let form = build.form();
    let verdict = verdict(&form, "");
    assert_eq!((verdict.result, verdict.exact), (Undetermined, false));
    assert_eq!(verdict.categories.as_slice(), [None]);
}

/// A rule over numbers that only trying all values would tell, and what is done with them.
fn long_rule(build: &mut Build, of: impl Fn(FieldId) -> Number) -> Cond {
    let fields: Vec<FieldId> = (0..6)
        .map(|n| build.number(&format!("n{n}"), 9, 0, "0", ""))
        .collect();
    let larger = |pair: &[FieldId]| compare(of(pair[0]), CompareOp::Greater, value(pair[1]));
    let pairs: Vec<Cond> = fields.windows(2).map(larger).collect();
    criterion(build.criterion("long", any_of(pairs)))
}

/// Eligible with the rule, or without it by another way.
fn with_or_without(of: impl Fn(FieldId) -> Number) -> Form {
    let mut build = Build::new();
    let [other] = build.findings(["other"]);
    let long = long_rule(&mut build, of);
    build.judgement(
        "diagnosis",
        vec![
            ("by_rule", long.clone(), true),
            ("otherwise", all_of([not(long), present(other)]), true),
        ],
    );
    build.form()
}

#[test]
fn a_rule_is_met_or_it_is_not_however_many_values_there_are() {
    let form = with_or_without(value);
    check(&form, &[("other=1", Eligible)]);
    let outcome = outcome(&form, "other=1");
    assert_eq!(outcome.judgements[0].possible, ["by_rule", "otherwise"]);
    // The other way alone settles it: no pair of it with a number does.
    let alone = crate::build::outcome(&form, "").missing;
    let first: Vec<&str> = alone[0]
        .items
        .iter()
        .map(|item| item.name.as_str())
        .collect();
    assert_eq!(first, ["other"]);
    assert_eq!(alone[0].leads_to, [Eligible]);
}

#[test]
fn a_rule_that_may_have_no_value_settles_nothing() {
    let form =
        with_or_without(|field| calculate(constant("1"), ArithmeticOp::Divide, value(field)));
    let verdict = verdict(&form, "other=1");
    assert_eq!((verdict.result, verdict.exact), (Undetermined, false));
}

#[test]
fn a_rule_over_a_question_that_may_not_be_asked_settles_nothing() {
    let mut build = Build::new();
    let [shows, other] = build.findings(["shows", "other"]);
    let long = long_rule(&mut build, value);
    let hidden = build.finding("hidden");
    build.edit(hidden).shown_when = Some(Box::new(all_of([present(shows), long])));
    let rule = criterion(build.criterion("rule", present(hidden)));
    build.judgement(
        "diagnosis",
        vec![
            ("by_rule", rule.clone(), true),
            ("otherwise", all_of([not(rule), present(other)]), true),
        ],
    );
    // Who is not asked has neither the finding nor the lack of it.
    check(&build.form(), &[("other=1", Undetermined)]);
}

#[test]
fn a_severity_that_is_too_low_settles_what_the_diagnosis_leaves_open() {
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    let long = long_rule(&mut build, |field| {
        calculate(constant("1"), ArithmeticOp::Divide, value(field))
    });
    build.diagnosis(long);
    build.severity(all_of([
        any_of([present(a), present(b)]),
        not(present(a)),
        not(present(b)),
    ]));
    build.shoman();
    check(&build.form(), &[("", NotMet)]);
}

#[test]
fn the_same_answers_give_the_same_outcome() {
    let mut build = Build::new();
    let items: Vec<FieldId> = (0..6).map(|n| build.item(&format!("i{n}"))).collect();
    let total = build.value(
        "total",
        sum(items.iter().copied().map(points).collect::<Vec<_>>()),
        None,
    );
    build.diagnosis(reaches(num(NumberKind::Definition(total)), "35"));
    let form = build.form();
    let first = serde_json::to_string(&outcome(&form, "i0=3 i1=2")).unwrap();
    for _ in 0..3 {
        assert_eq!(
            serde_json::to_string(&outcome(&form, "i0=3 i1=2")).unwrap(),
            first
        );
    }
}

/// `first match { 2 when a is present; 1 when b is present }`, of which one row is said to hold.
fn rows(covered: bool) -> Form {
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    let row = |field, points, rest| {
        let condition = Box::new(present(field));
        num(NumberKind::If(
            condition,
            Box::new(constant(points)),
            Box::new(rest),
        ))
    };
    let rows = row(a, "2", row(b, "1", num(NumberKind::Nothing)));
    let score = build.value("score", rows, None);
    if covered {
        build.cover(score);
    }
    let score = || num(NumberKind::Definition(score));
    build.criterion("some", reaches(score(), "1"));
    build.diagnosis(reaches(score(), "2"));
    build.form()
}

#[test]
fn of_rows_of_which_one_holds_the_points_are_known_while_it_is_open_which() {
    let some = |form: &Form, text: &str| outcome(form, text).values.swap_remove(1).value;
    let form = rows(true);
    assert_eq!(some(&form, ""), Some("true".to_owned()));
    check(&form, &[("a=2", NotMet), ("a=1", Eligible)]);
    // Said wrongly: whoever falls in none has no value all the same.
    assert_eq!(some(&form, "a=2 b=2"), None);
    let form = rows(false);
    assert_eq!(some(&form, ""), None);
    check(&form, &[("a=2", Undetermined), ("a=1", Eligible)]);
}
