//! What the checks find.

use crate::build::*;
use kohyo_engine::program::{Application, Code, Level};
use kohyo_engine::{Context, Finding, Form, ResultKind, evaluate, read};

fn ids(form: &Form, text: &str) -> Vec<String> {
    outcome(form, text)
        .findings
        .into_iter()
        .map(|finding| finding.check)
        .collect()
}

#[test]
fn required_items_that_are_shown_and_unanswered() {
    let mut build = Build::new();
    let [a, b, c] = build.findings(["a", "b", "c"]);
    build.edit(a).required = true;
    build.edit(b).required = true;
    build.edit(b).shown_when = Some(Box::new(present(a)));
    build.edit(c).required_when = Some(Box::new(present(a)));
    let form = build.form();
    assert_eq!(ids(&form, ""), ["required.a"]);
    assert_eq!(ids(&form, "a=1"), ["required.b", "required.c"]);
    assert_eq!(ids(&form, "a=2"), [""; 0]);
    assert_eq!(ids(&form, "a=1 b=3 c=2"), [""; 0]);
    let outcome = outcome(&form, "a=1");
    assert_eq!(outcome.required, [true, true, true]);
    assert_eq!(outcome.findings[0].level, Level::Error);
    assert_eq!(outcome.findings[0].message, "「B」が未記入です");
    assert_eq!(
        outcome.findings[0].help.as_deref(),
        Some("記入してください")
    );
}

#[test]
fn what_was_not_done_is_not_offered_to_whoever_does_not_know() {
    let help = |labels: &[&str]| {
        let codes: Vec<Code> = labels.iter().map(|label| code(label)).collect();
        Code::how_to_answer(&codes)
    };
    assert_eq!(
        help(&["不明"]),
        "記入してください。分からないときは「不明」を選べます"
    );
    assert_eq!(
        help(&["未実施"]),
        "記入してください。行っていないときは「未実施」を選べます"
    );
    assert_eq!(
        help(&["未実施", "未検査・不明"]),
        "記入してください。分からないときは「未検査・不明」を選べます。行っていないときは「未実施」を選べます"
    );
    assert_eq!(
        help(&["未検討"]),
        "記入してください。行っていないときは「未検討」を選べます"
    );
    assert_eq!(help(&["1回だけ測定"]), "記入してください");
}

fn code(label: &str) -> Code {
    Code {
        value: "9".to_owned(),
        name: "open".to_owned(),
        label: label.to_owned(),
        points: None,
        unknown: true,
    }
}

#[test]
fn answers_to_hidden_fields() {
    let mut build = Build::new();
    let [a, b, c] = build.findings(["a", "b", "c"]);
    build.edit(b).shown_when = Some(Box::new(present(a)));
    build.edit(c).only = Some(Application::Renewal);
    let form = build.form();
    assert_eq!(ids(&form, "a=2 b=1"), ["hidden.b"]);
    // Not while it is open whether the field is shown.
    assert_eq!(ids(&form, "b=1"), [""; 0]);
    assert_eq!(ids(&form, "a=3 b=1"), [""; 0]);
    assert_eq!(ids(&form, "c=1"), ["hidden.c"]);
    let hidden = outcome(&form, "a=2 b=1").findings.remove(0);
    assert_eq!(
        (hidden.level, hidden.value.as_deref()),
        (Level::Error, Some("1"))
    );
    let renewal = Context {
        application: Application::Renewal,
        ..context()
    };
    let outcome = evaluate(&form, &answers(&form, "c=1"), &renewal);
    assert!(outcome.findings.is_empty());
    assert_eq!(outcome.shown, [true, false, true]);
}

#[test]
fn a_program_may_say_by_itself_when_an_answer_is_one_too_many() {
    let mut build = Build::new();
    let [a, b, c] = build.findings(["a", "b", "c"]);
    for field in [b, c] {
        build.edit(field).shown_when = Some(Box::new(present(a)));
        build.edit(field).hidden_when = Some(Box::new(any_of([is(a, 1), is(a, 2)])));
    }
    build.edit(c).only = Some(Application::New);
    build.diagnosis(all_of([present(a), present(b)]));
    let form = build.form();
    assert_eq!(ids(&form, "a=3 b=1 c=1"), ["hidden.b", "hidden.c"]);
    assert_eq!(ids(&form, "a=2 b=1"), ["hidden.b"]);
    // Not while nothing is written, and never where the question is asked.
    assert_eq!(ids(&form, "b=1"), [""; 0]);
    assert_eq!(ids(&form, "a=1 b=1 c=1"), [""; 0]);
    // What is shown and judged is as before: the code says that nobody knows.
    let unclear = outcome(&form, "a=3 b=1");
    assert_eq!(unclear.shown, [true, false, false]);
    assert_eq!(unclear.result, ResultKind::Undetermined);
    let renewal = Context {
        application: Application::Renewal,
        ..context()
    };
    let found = evaluate(&form, &answers(&form, "b=1 c=1"), &renewal).findings;
    let ids: Vec<&str> = found.iter().map(|finding| finding.check.as_str()).collect();
    assert_eq!(ids, ["hidden.c"]);
}

#[test]
fn what_a_hidden_field_would_show_stays_hidden() {
    let mut build = Build::new();
    let [a, b, c] = build.findings(["a", "b", "c"]);
    build.edit(b).shown_when = Some(Box::new(present(a)));
    build.edit(c).shown_when = Some(Box::new(present(b)));
    let form = build.form();
    assert_eq!(outcome(&form, "a=2 b=1 c=1").shown, [true, false, false]);
    assert_eq!(ids(&form, "a=2 b=1 c=1"), ["hidden.b"]);
    assert_eq!(outcome(&form, "a=1 b=1").shown, [true, true, true]);
}

#[test]
fn checks_fire_when_they_are_violated_for_certain() {
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    build.check("R2", b, all_of([present(a), present(b)]));
    let renewal_only = build.check("R1", a, present(a));
    renewal_only.only = Some(Application::Renewal);
    renewal_only.help = Some("確かめてください".to_owned());
    let form = build.form();
    assert_eq!(ids(&form, "a=1 b=1"), ["R2"]);
    assert_eq!(ids(&form, "a=1"), [""; 0]);
    let renewal = Context {
        application: Application::Renewal,
        ..context()
    };
    let found = evaluate(&form, &answers(&form, "a=1 b=1"), &renewal).findings;
    let ids: Vec<&str> = found.iter().map(|finding| finding.check.as_str()).collect();
    assert_eq!(ids, ["R1", "R2"]);
    assert_eq!(found[0].help.as_deref(), Some("確かめてください"));
}

#[test]
fn findings_of_reading_are_merged_in() {
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    let n = build.number("n", 2, 0, "0", "20");
    for field in [a, b, n] {
        build.edit(field).required = true;
    }
    let form = build.form();
    let (answers, found) = read(&form, &raw("a=9 n=99 x=1"));
    let outcome = evaluate(&form, &answers, &context()).with_findings(found);
    let ids: Vec<&str> = outcome
        .findings
        .iter()
        .map(|finding: &Finding| finding.check.as_str())
        .collect();
    assert_eq!(ids, ["code.a", "required.b", "range.n", "field.x"]);
}
