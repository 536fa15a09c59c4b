//! What would change the verdict.

use crate::build::*;
use kohyo_engine::program::{CompareOp, Level};
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
fn numbers_move_to_the_nearest_value_that_counts() {
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
        ["albumin 2.4 → 3.1 ⇒ not_met"]
    );
    assert_eq!(
        changes(&form, "albumin=5.0"),
        ["albumin 5.0 → 3.0|2.9 ⇒ eligible"]
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
    build.edit(b).shown_when = Some(present(a));
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
