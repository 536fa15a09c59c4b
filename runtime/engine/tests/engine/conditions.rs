//! Every kind of condition for every state of what it reads.

use crate::build::*;
use kohyo_engine::Tri::{self, False, True, Unknown};
use kohyo_engine::program::{Application, Cond, CondKind, CountOp, FieldId};
use kohyo_engine::{Context, ResultKind};

#[track_caller]
fn check(condition: impl Fn(FieldId, FieldId) -> Cond, cases: &[(&str, Tri)]) {
    for (text, expected) in cases {
        let mut build = Build::new();
        let [a, b] = build.findings(["a", "b"]);
        assert_eq!(truth(build, condition(a, b), text), *expected, "{text}");
    }
}

#[test]
fn a_code_among_known_codes() {
    check(
        |a, _| present(a),
        &[
            ("a=1", True),
            ("a=2", False),
            ("a=3", Unknown),
            ("", Unknown),
        ],
    );
    check(
        |a, _| not(present(a)),
        &[
            ("a=1", False),
            ("a=2", True),
            ("a=3", Unknown),
            ("", Unknown),
        ],
    );
}

#[test]
fn a_code_marked_unknown_holds_when_it_is_named() {
    check(
        |a, _| is(a, UNCLEAR),
        &[("a=1", False), ("a=3", True), ("", Unknown)],
    );
    let both = |a, _| {
        cond(CondKind::Code {
            field: a,
            codes: vec![ABSENT, UNCLEAR],
        })
    };
    check(
        both,
        &[("a=1", False), ("a=2", True), ("a=3", True), ("", Unknown)],
    );
}

#[test]
fn another_code_marked_unknown_is_false_unless_a_known_code_is_named_too() {
    let codes = [
        ("yes", None, false),
        ("untested", None, true),
        ("unclear", None, true),
    ];
    for (named, expected) in [
        (vec![1], False),
        (vec![0], Unknown),
        (vec![0, 1], Unknown),
        (vec![2], True),
    ] {
        let mut build = Build::new();
        let field = build.choice("a", &codes);
        assert_eq!(
            truth(
                build,
                cond(CondKind::Code {
                    field,
                    codes: named
                }),
                "a=3"
            ),
            expected
        );
    }
}

#[test]
fn several_codes() {
    let codes = [
        ("mother", None, false),
        ("father", None, false),
        ("unclear", None, true),
    ];
    for (text, mother, unclear) in [
        ("a=1", True, False),
        ("a=2", False, False),
        ("a=1 a=2", True, False),
        ("", Unknown, Unknown),
        // Someone is not known: it may be the mother as well.
        ("a=2 a=3", Unknown, True),
        ("a=1 a=3", True, True),
    ] {
        for (code, expected) in [(0, mother), (2, unclear)] {
            let mut build = Build::new();
            let field = build.choices("a", &codes);
            assert_eq!(
                truth(build, cond(CondKind::Includes { field, code }), text),
                expected,
                "{text}"
            );
        }
    }
}

#[test]
fn logic_is_strong_kleene() {
    check(
        |a, b| all_of([present(a), present(b)]),
        &[
            ("a=1 b=1", True),
            ("a=1", Unknown),
            ("a=2", False),
            ("b=2", False),
            ("a=3 b=2", False),
            ("", Unknown),
        ],
    );
    check(
        |a, b| any_of([present(a), present(b)]),
        &[
            ("a=1", True),
            ("b=1", True),
            ("a=2", Unknown),
            ("a=2 b=2", False),
            ("a=3 b=1", True),
        ],
    );
    check(|_, _| all_of([]), &[("", True)]);
    check(|_, _| any_of([]), &[("", False)]);
    check(|_, _| cond(CondKind::Const(true)), &[("", True)]);
}

#[test]
fn counts_know_how_many_can_still_hold() {
    let three =
        |op, n| move |a, b| count([present(a), present(b), cond(CondKind::Const(true))], op, n);
    check(
        three(CountOp::AtLeast, 2),
        &[
            ("a=1", True),
            ("", Unknown),
            ("a=2 b=2", False),
            ("a=2", Unknown),
        ],
    );
    check(three(CountOp::AtLeast, 1), &[("", True)]);
    check(
        three(CountOp::AtMost, 1),
        &[("a=1", False), ("", Unknown), ("a=2 b=2", True)],
    );
    check(three(CountOp::AtMost, 3), &[("", True)]);
    check(
        three(CountOp::Exactly, 2),
        &[
            ("a=1 b=1", False),
            ("a=1 b=2", True),
            ("a=1", Unknown),
            ("a=2 b=2", False),
        ],
    );
    check(three(CountOp::Exactly, 4), &[("", False)]);
}

#[test]
fn a_conditional_needs_its_condition_only_if_the_branches_differ() {
    let conditional = |a, b| {
        cond(CondKind::If(
            Box::new(present(a)),
            Box::new(present(b)),
            Box::new(not(is(b, ABSENT))),
        ))
    };
    check(
        conditional,
        &[
            ("a=1 b=1", True),
            ("b=1", True),
            ("b=2", False),
            ("a=1", Unknown),
            ("", Unknown),
        ],
    );
}

#[test]
fn answered_is_never_unknown() {
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    build.edit(b).shown_when = Some(Box::new(answered(a)));
    build.check("R1", a, not(answered(a)));
    build.check("R2", a, answered(a));
    let form = build.form();
    let ids = |text| {
        outcome(&form, text)
            .findings
            .into_iter()
            .map(|finding| finding.check)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(""), ["R1"]);
    assert_eq!(ids("a=3"), ["R2"]);
    assert_eq!(outcome(&form, "").shown, [true, false]);
    assert_eq!(outcome(&form, "a=2").shown, [true, true]);
}

#[test]
fn unknown_collapses_only_where_it_is_written() {
    check(
        |a, _| treat(present(a), false),
        &[("a=1", True), ("a=3", False), ("", False)],
    );
    check(
        |a, _| treat(present(a), true),
        &[("a=2", False), ("a=3", True), ("", True)],
    );
}

#[test]
fn the_kind_of_application_is_known() {
    for (application, expected) in [(Application::New, True), (Application::Renewal, False)] {
        let context = Context {
            application,
            ..context()
        };
        let is_new = cond(CondKind::Application(Application::New));
        assert_eq!(truth_in(Build::new(), is_new, "", &context), expected);
    }
}

/// `b` is shown when `a` is present.
#[track_caller]
fn check_hidden(condition: impl Fn(FieldId) -> Cond, cases: &[(&str, Tri)]) {
    for (text, expected) in cases {
        let mut build = Build::new();
        let [a, b] = build.findings(["a", "b"]);
        build.edit(b).shown_when = Some(Box::new(present(a)));
        assert_eq!(truth(build, condition(b), text), *expected, "{text}");
    }
}

#[test]
fn a_hidden_field_is_unknown_unless_the_rule_says_otherwise() {
    check_hidden(
        present,
        &[
            ("a=1 b=1", True),
            ("a=2", Unknown),
            ("a=2 b=1", Unknown),
            ("b=1", Unknown),
        ],
    );
    check_hidden(
        |b| if_shown([b], present(b), false),
        &[
            ("a=1 b=1", True),
            ("a=1", Unknown),
            ("a=2", False),
            ("a=2 b=1", False),
            ("", Unknown),
            ("b=2", Unknown),
        ],
    );
    check_hidden(
        |b| if_shown([b], present(b), true),
        &[("a=2", True), ("a=1 b=2", False), ("", Unknown)],
    );
}

#[test]
fn grades_and_categories_are_known_when_every_possible_outcome_agrees() {
    let build = || {
        let mut build = Build::new();
        let [a, b] = build.findings(["a", "b"]);
        let arms = vec![(present(a), 0), (present(b), 1)];
        let grade = build.grade("g", &["red", "orange", "green"], arms, Some(2));
        let judgement = build.judgement(
            "ticked",
            vec![("x", present(a), true), ("y", present(b), true)],
        );
        (build, grade, judgement)
    };
    for (text, warm, red) in [
        ("a=1", True, True),
        ("b=1", True, Unknown),
        ("a=2", Unknown, False),
        ("a=2 b=1", True, False),
        ("a=2 b=2", False, False),
        ("b=2", Unknown, Unknown),
    ] {
        for (outcomes, expected) in [(vec![0, 1], warm), (vec![0], red)] {
            let (build_one, definition, _) = build();
            let grade = cond(CondKind::Grade {
                definition,
                outcomes: outcomes.clone(),
            });
            assert_eq!(truth(build_one, grade, text), expected, "{text}");
            let (build_two, _, judgement) = build();
            let category = cond(CondKind::Category {
                judgement,
                categories: outcomes,
            });
            assert_eq!(truth(build_two, category, text), expected, "{text}");
        }
    }
}

#[test]
fn a_grade_without_last_resort_is_unknown_when_no_arm_holds() {
    for (outcome, text, expected) in [
        (0, "a=1", True),
        (0, "a=2", Unknown),
        (0, "", Unknown),
        (1, "a=1", False),
    ] {
        let mut build = Build::new();
        let a = build.finding("a");
        let definition = build.grade("g", &["red", "never"], vec![(present(a), 0)], None);
        assert_eq!(
            truth(
                build,
                cond(CondKind::Grade {
                    definition,
                    outcomes: vec![outcome]
                }),
                text
            ),
            expected
        );
    }
}

#[test]
fn results_follow_from_diagnosis_and_severity() {
    use ResultKind::{Eligible, Mild, NotMet, Undetermined};
    let form = |diagnosis: bool, severity: bool, programme| {
        let mut build = Build::new();
        build.program.programme = programme;
        let [a, b] = build.findings(["a", "b"]);
        if diagnosis {
            build.diagnosis(present(a));
        }
        if severity {
            build.severity(present(b));
        }
        build.form()
    };
    use kohyo_engine::program::Programme::{Shitei, Shoman};
    for (form, cases) in [
        (
            form(true, true, Shitei),
            [
                ("a=1 b=1", Eligible),
                ("a=1 b=2", Mild),
                ("a=2", NotMet),
                ("a=1", Undetermined),
                ("b=2", Undetermined),
                ("b=1", Undetermined),
            ],
        ),
        (
            form(true, true, Shoman),
            [
                ("a=1 b=1", Eligible),
                ("a=1 b=2", NotMet),
                ("a=2", NotMet),
                ("a=1", Undetermined),
                ("b=2", NotMet),
                ("b=1", Undetermined),
            ],
        ),
        (
            form(true, false, Shitei),
            [
                ("a=1", Eligible),
                ("a=2", NotMet),
                ("a=3", Undetermined),
                ("", Undetermined),
                ("a=1 b=2", Eligible),
                ("b=1", Undetermined),
            ],
        ),
        (
            form(false, true, Shitei),
            [
                ("b=1", Eligible),
                ("b=2", Mild),
                ("b=3", Undetermined),
                ("", Undetermined),
                ("a=2 b=1", Eligible),
                ("a=1", Undetermined),
            ],
        ),
        (
            form(false, false, Shitei),
            [
                ("", Undetermined),
                ("a=1", Undetermined),
                ("a=2", Undetermined),
                ("b=1", Undetermined),
                ("b=2", Undetermined),
                ("a=1 b=1", Undetermined),
            ],
        ),
    ] {
        for (text, expected) in cases {
            let verdict = verdict(&form, text);
            assert_eq!((verdict.result, verdict.exact), (expected, true), "{text}");
            assert_eq!(outcome(&form, text).result, expected);
        }
    }
}
