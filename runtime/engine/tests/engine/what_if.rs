//! What would change the verdict.

use crate::build::*;
use kohyo_engine::program::{CompareOp, CondKind, ElapsedUnit, Level, Moment, NumberKind};
use kohyo_engine::{Form, what_if};

/// Each change as 「label: now → then | then ⇒ result」.
fn changes(form: &Form, text: &str) -> Vec<String> {
    what_if(form, &answers(form, text), &context())
        .iter()
        .map(|change| {
            let items: Vec<String> = change
                .items
                .iter()
                .map(|item| format!("{} {} → {}", item.name, item.now, item.then.join("|")))
                .collect();
            format!("{} ⇒ {}", items.join(" + "), change.result.name())
        })
        .collect()
}

#[test]
fn one_answer_is_enough_where_it_is() {
    let mut build = Build::new();
    let [a, b, c] = build.findings(["a", "b", "c"]);
    build.diagnosis(all_of([any_of([present(a), present(b)]), present(c)]));
    build.severity(present(c));
    let form = build.form();
    assert_eq!(
        changes(&form, "a=1 b=2 c=1"),
        [
            "a 〔present〕 → 〔absent〕 ⇒ not_met",
            "c 〔present〕 → 〔absent〕 ⇒ not_met"
        ]
    );
}

#[test]
fn two_answers_are_given_where_one_does_not_do() {
    let mut build = Build::new();
    let [a, b, c] = build.findings(["a", "b", "c"]);
    build.diagnosis(at_least(2, [present(a), present(b), present(c)]));
    let form = build.form();
    assert_eq!(
        changes(&form, "a=2 b=2 c=2"),
        [
            "a 〔absent〕 → 〔present〕 + b 〔absent〕 → 〔present〕 ⇒ eligible",
            "a 〔absent〕 → 〔present〕 + c 〔absent〕 → 〔present〕 ⇒ eligible",
            "b 〔absent〕 → 〔present〕 + c 〔absent〕 → 〔present〕 ⇒ eligible",
        ]
    );
    assert_eq!(
        changes(&form, "a=1 b=1 c=1"),
        [
            "a 〔present〕 → 〔absent〕 + b 〔present〕 → 〔absent〕 ⇒ not_met",
            "a 〔present〕 → 〔absent〕 + c 〔present〕 → 〔absent〕 ⇒ not_met",
            "b 〔present〕 → 〔absent〕 + c 〔present〕 → 〔absent〕 ⇒ not_met",
        ]
    );
}

#[test]
fn numbers_move_to_the_values_that_count() {
    let mut build = Build::new();
    let albumin = build.number("albumin", 3, 1, "0", "9.9");
    build.diagnosis(compare(
        value(albumin),
        CompareOp::LessEqual,
        constant("3.0"),
    ));
    let form = build.form();
    assert_eq!(
        changes(&form, "albumin=2.4"),
        ["albumin 2.4 → 3.0を超える ⇒ not_met"]
    );
    assert_eq!(
        changes(&form, "albumin=5.0"),
        ["albumin 5.0 → 3.0以下 ⇒ eligible"]
    );
}

#[test]
fn values_side_by_side_are_one_span() {
    let mut build = Build::new();
    let lesions = build.number("lesions", 2, 0, "0", "20");
    let is = |op, at| compare(value(lesions), op, constant(at));
    build.diagnosis(any_of([
        all_of([is(CompareOp::GreaterEqual, "2"), is(CompareOp::Less, "9")]),
        is(CompareOp::Equal, "12"),
        is(CompareOp::GreaterEqual, "15"),
        is(CompareOp::GreaterEqual, "17"),
    ]));
    let form = build.form();
    assert_eq!(
        changes(&form, "lesions=1"),
        ["lesions 1 → 2以上9未満|12|15以上 ⇒ eligible"]
    );
    assert_eq!(
        changes(&form, "lesions=18"),
        ["lesions 18 → 12を超え15未満|9以上12未満|2未満 ⇒ not_met"]
    );
}

#[test]
fn calculated_numbers_have_their_real_ends() {
    let mut build = Build::new();
    let (right, left) = (
        build.number("right", 3, 1, "0", "40"),
        build.number("left", 3, 1, "0", "40"),
    );
    let total = num(NumberKind::Sum(vec![value(right), value(left)]));
    build.diagnosis(compare(total, CompareOp::GreaterEqual, constant("30.5")));
    let form = build.form();
    assert_eq!(
        changes(&form, "right=7.3 left=10"),
        [
            "right 7.3 → 20.5以上 ⇒ eligible",
            "left 10.0 → 23.2以上 ⇒ eligible"
        ]
    );
    assert_eq!(
        changes(&form, "right=30 left=10"),
        [
            "right 30.0 → 20.4以下 ⇒ not_met",
            "left 10.0 → 0.4以下 ⇒ not_met"
        ]
    );
}

#[test]
fn dates_have_their_real_ends() {
    let mut build = Build::new();
    let (birth, onset) = (build.date("birth"), build.date("onset"));
    let elapsed = |from, to| {
        num(NumberKind::Elapsed {
            unit: ElapsedUnit::Months,
            from,
            to,
        })
    };
    let age = elapsed(Moment::Field(birth), Moment::Field(onset));
    build.diagnosis(compare(age, CompareOp::Less, constant("216")));
    for (id, date) in [("R1", birth), ("R2", onset)] {
        let late = cond(CondKind::CompareDates {
            left: Moment::Field(date),
            op: CompareOp::Greater,
            right: Moment::Today,
        });
        build.check(id, date, late).level = Level::Error;
    }
    let form = build.form();
    // A day before eighteen years are over.
    assert_eq!(
        changes(&form, "birth=2001-03-02 onset=2020-04-10"),
        [
            "birth 2001年3月2日 → 2002年4月11日以後 ⇒ eligible",
            "onset 2020年4月10日 → 2019年3月1日以前 ⇒ eligible"
        ]
    );
}

#[test]
fn spans_end_where_a_check_refuses() {
    let mut build = Build::new();
    let albumin = build.number("albumin", 3, 1, "0", "20");
    let is = |op, at| compare(value(albumin), op, constant(at));
    build.diagnosis(is(CompareOp::GreaterEqual, "3.0"));
    // No rule of a judgement knows these constants.
    for (id, refused) in [
        ("R1", is(CompareOp::Greater, "8")),
        ("R2", is(CompareOp::Less, "0.5")),
    ] {
        build.check(id, albumin, refused).level = Level::Error;
    }
    let form = build.form();
    assert_eq!(
        changes(&form, "albumin=1.0"),
        ["albumin 1.0 → 3.0以上8.0以下 ⇒ eligible"]
    );
    assert_eq!(
        changes(&form, "albumin=7"),
        ["albumin 7.0 → 0.5以上3.0未満 ⇒ not_met"]
    );
}

#[test]
fn spans_end_where_another_answer_refuses() {
    let mut build = Build::new();
    let (high, low) = (
        build.number("systolic", 3, 0, "0", "300"),
        build.number("diastolic", 3, 0, "0", "300"),
    );
    build.diagnosis(compare(
        value(high),
        CompareOp::GreaterEqual,
        constant("100"),
    ));
    let refused = compare(value(low), CompareOp::GreaterEqual, value(high));
    build.check("R1", high, refused).level = Level::Error;
    let form = build.form();
    assert_eq!(
        changes(&form, "systolic=130 diastolic=80"),
        ["systolic 130 → 81以上100未満 ⇒ not_met"]
    );
    assert_eq!(
        changes(&form, "systolic=90 diastolic=120"),
        ["systolic 90 → 100以上 ⇒ eligible"]
    );
}

#[test]
fn what_is_true_of_no_later_date_has_an_end() {
    let mut build = Build::new();
    let onset = build.date("onset");
    let elapsed = num(NumberKind::Elapsed {
        unit: ElapsedUnit::Months,
        from: Moment::Today,
        to: Moment::Field(onset),
    });
    let later = compare(elapsed.clone(), CompareOp::Less, constant("6"));
    let since = compare(elapsed, CompareOp::GreaterEqual, constant("-6"));
    build.diagnosis(all_of([since, later]));
    // No check refuses the days from tomorrow on, of which only the first is tried.
    assert_eq!(
        changes(&build.form(), "onset=2020-04-10"),
        ["onset 2020年4月10日 → 2025年12月1日から2026年6月2日まで ⇒ eligible"]
    );
}

#[test]
fn two_numbers_are_told_with_what_does_as_well() {
    let mut build = Build::new();
    let (a, b) = (
        build.number("a", 3, 1, "0", "9.9"),
        build.number("b", 3, 1, "0", "9.9"),
    );
    let is = |field| compare(value(field), CompareOp::GreaterEqual, constant("3.0"));
    build.diagnosis(all_of([is(a), is(b)]));
    assert_eq!(
        changes(&build.form(), "a=1 b=2"),
        ["a 1.0 → 3.0以上 + b 2.0 → 3.0以上 ⇒ eligible"]
    );
}

#[test]
fn what_does_not_matter_is_not_offered() {
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    build.diagnosis(present(a));
    let form = build.form();
    let _ = b;
    assert_eq!(
        changes(&form, "a=2 b=1"),
        ["a 〔absent〕 → 〔present〕 ⇒ eligible"]
    );
}

#[test]
fn an_item_that_the_change_would_hide_is_not_offered() {
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    build.edit(b).shown_when = Some(Box::new(present(a)));
    build.diagnosis(all_of([present(a), if_shown([b], present(b), false)]));
    let form = build.form();
    // With a absent nobody asks for b; with a present an answer to b must follow.
    assert_eq!(
        changes(&form, "a=2"),
        ["a 〔absent〕 → 〔present〕 + b 未記入 → 〔present〕 ⇒ eligible"]
    );
}

#[test]
fn an_open_result_has_no_changes() {
    let mut build = Build::new();
    let [a] = build.findings(["a"]);
    build.diagnosis(present(a));
    assert!(changes(&build.form(), "").is_empty());
}

#[test]
fn nobody_is_told_to_enter_what_a_check_refuses() {
    let mut build = Build::new();
    let [a, b, c] = build.findings(["a", "b", "c"]);
    build.diagnosis(any_of([present(a), present(b)]));
    build.check("R1", b, all_of([present(b), present(c)])).level = Level::Error;
    let form = build.form();
    // `b` beside `c` is an error; where it is there already, it is no reason.
    assert_eq!(
        changes(&form, "a=2 b=2 c=1"),
        ["a 〔absent〕 → 〔present〕 ⇒ eligible"]
    );
    assert_eq!(
        changes(&form, "a=2 b=2 c=2"),
        [
            "a 〔absent〕 → 〔present〕 ⇒ eligible",
            "b 〔absent〕 → 〔present〕 ⇒ eligible"
        ]
    );
    assert_eq!(
        changes(&form, "a=2 b=1 c=1"),
        ["b 〔present〕 → 〔absent〕 ⇒ not_met"]
    );
}
