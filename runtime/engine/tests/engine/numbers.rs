//! Numbers for every state of what they read: exact when known, a range when not.

use crate::build::*;
use kohyo_engine::Tri::{self, False, True, Unknown};
use kohyo_engine::program::{ArithmeticOp, CompareOp, FieldId, Function, Number, NumberKind};

#[track_caller]
fn check_score(number: impl Fn(FieldId, FieldId) -> Number, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let mut build = Build::new();
        let (a, b) = (build.item("a"), build.item("b"));
        assert_eq!(
            calculated(build, number(a, b), None, text),
            *expected,
            "{text}"
        );
    }
}

#[test]
fn points_of_an_unknown_answer_range_over_the_known_codes() {
    check_score(
        |a, _| points(a),
        &[("a=1", "0"), ("a=3", "10"), ("a=4", "0〜10"), ("", "0〜10")],
    );
}

#[test]
fn sums_keep_a_range() {
    let cases = [
        ("a=3 b=2", "15"),
        ("a=3", "10〜20"),
        ("a=4 b=1", "0〜10"),
        ("", "0〜20"),
    ];
    check_score(|a, b| sum([points(a), points(b)]), &cases);
    // The same sum where the parts are not points alone.
    check_score(|a, b| sum([points(a), sum([points(b)])]), &cases);
    check_score(
        |_, _| sum([when("8", not(cond_false())), when("4", cond_false())]),
        &[("", "8")],
    );
}

fn cond_false() -> kohyo_engine::program::Cond {
    cond(kohyo_engine::program::CondKind::Const(false))
}

#[test]
fn largest_smallest_and_counts() {
    check_score(
        |a, b| num(NumberKind::Max(vec![points(a), points(b)])),
        &[("a=2", "5〜10"), ("a=3", "10"), ("a=2 b=1", "5")],
    );
    check_score(
        |a, b| num(NumberKind::Min(vec![points(a), points(b)])),
        &[("a=2", "0〜5"), ("a=1", "0"), ("a=2 b=3", "5")],
    );
    let full = |a, b| num(NumberKind::Count(vec![is(a, 2), is(b, 2)]));
    check_score(
        full,
        &[
            ("a=3 b=3", "2"),
            ("a=3", "1〜2"),
            ("", "0〜2"),
            ("a=1 b=1", "0"),
        ],
    );
}

#[test]
fn amounts_under_a_condition_count_or_do_not() {
    check_score(
        |a, _| when("8", is(a, 2)),
        &[("a=3", "8"), ("a=1", "0"), ("", "0〜8")],
    );
    check_score(
        |a, _| sum([when("-2", is(a, 2)), when("0.5", is(a, 2))]),
        &[("a=3", "-1.5"), ("", "-2〜0.5")],
    );
    let conditional = |a, b| {
        num(NumberKind::If(
            Box::new(is(a, 2)),
            Box::new(points(b)),
            Box::new(constant("3")),
        ))
    };
    check_score(
        conditional,
        &[
            ("a=3 b=2", "5"),
            ("a=1", "3"),
            ("b=2", "3〜5"),
            ("a=3", "0〜10"),
        ],
    );
}

#[test]
fn a_code_marked_unknown_counts_no_points_even_if_some_are_written() {
    let codes = [
        ("no", Some("1"), false),
        ("yes", Some("2"), false),
        ("unclear", Some("0"), true),
    ];
    for part in [points, |field| sum([points(field)])] {
        let mut build = Build::new();
        let a = build.choice("a", &codes);
        assert_eq!(calculated(build, part(a), None, "a=3"), "1〜2");
    }
}

#[track_caller]
fn check_compare(op: CompareOp, threshold: &str, cases: &[(&str, Tri)]) {
    for (text, expected) in cases {
        let mut build = Build::new();
        let a = build.number("a", 4, 1, "0", "99.9");
        assert_eq!(
            truth(build, compare(value(a), op, constant(threshold)), text),
            *expected,
            "{text} {op:?}"
        );
    }
}

#[test]
fn comparisons_use_the_range_of_the_type() {
    use CompareOp::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
    check_compare(
        GreaterEqual,
        "3.5",
        &[("a=3.5", True), ("a=3.4", False), ("", Unknown)],
    );
    check_compare(Greater, "3.5", &[("a=3.5", False), ("a=3.6", True)]);
    check_compare(Less, "3.5", &[("a=3.5", False), ("a=3.4", True)]);
    check_compare(LessEqual, "3.50", &[("a=3.5", True)]);
    check_compare(
        Equal,
        "3.50",
        &[("a=3.5", True), ("a=3.6", False), ("", Unknown)],
    );
    check_compare(
        NotEqual,
        "3.5",
        &[("a=3.5", False), ("a=0", True), ("", Unknown)],
    );
    check_compare(GreaterEqual, "0", &[("", True)]);
    check_compare(Greater, "99.9", &[("", False)]);
    check_compare(Equal, "100", &[("", False)]);
}

#[test]
fn digits_bound_a_number_without_limits() {
    let mut build = Build::new();
    let a = build.number("a", 3, 0, "", "");
    assert_eq!(
        truth(
            build,
            compare(value(a), CompareOp::Less, constant("1000")),
            ""
        ),
        True
    );
}

#[test]
fn body_mass_index() {
    let bmi = |weight, height| {
        let squared = calculate(value(height), ArithmeticOp::Multiply, value(height));
        calculate(value(weight), ArithmeticOp::Divide, squared)
    };
    let build = || {
        let mut build = Build::new();
        let (weight, height) = (
            build.number("w", 4, 1, "1", "300"),
            build.number("h", 3, 2, "0.3", "2.5"),
        );
        (build, bmi(weight, height))
    };
    let (build_one, number) = build();
    assert_eq!(
        calculated(build_one, number, Some(1), "w=60 h=1.60"),
        "23.4"
    );
    let (build_two, number) = build();
    assert_eq!(
        calculated(build_two, number, Some(2), "w=64 h=1.60"),
        "25.00"
    );
    let (build_three, number) = build();
    assert_eq!(calculated(build_three, number, Some(1), "w=60"), "不明");
    // Whatever the height within its range, 1 kg is never obese at 2 m and more.
    let (build_four, number) = build();
    assert_eq!(truth(build_four, reaches(number, "3333.4"), ""), False);
}

#[test]
fn what_cannot_be_calculated_is_unknown() {
    let ratio = |a, b| calculate(value(a), ArithmeticOp::Divide, value(b));
    for (text, expected) in [("a=1 b=0", Unknown), ("a=1 b=2", False), ("a=1", Unknown)] {
        let mut build = Build::new();
        let (a, b) = (
            build.number("a", 2, 0, "0", "9"),
            build.number("b", 2, 0, "0", "9"),
        );
        assert_eq!(
            truth(build, reaches(ratio(a, b), "1"), text),
            expected,
            "{text}"
        );
    }
    let huge = call(Function::Power, [constant("10"), constant("40")]);
    assert_eq!(truth(Build::new(), reaches(huge, "0"), ""), Unknown);
    let root = call(Function::Sqrt, [constant("-1")]);
    assert_eq!(truth(Build::new(), reaches(root, "0"), ""), Unknown);
}

#[test]
fn rounding_is_written_and_half_up() {
    let build = |text: &str, fraction| calculated(Build::new(), constant(text), fraction, "");
    assert_eq!(build("2.25", Some(1)), "2.3");
    assert_eq!(build("-2.25", Some(1)), "-2.3");
    assert_eq!(build("2.5", Some(0)), "3");
    assert_eq!(build("2.25", None), "2.25");
    let round = |digits| call(Function::Round, [constant("2.25"), constant(digits)]);
    assert_eq!(calculated(Build::new(), round("1"), None, ""), "2.3");
    assert_eq!(calculated(Build::new(), round("-1"), None, ""), "不明");
}

#[test]
fn functions_take_ranges() {
    for (function, expected) in [
        (Function::Abs, True),
        (Function::Floor, True),
        (Function::Ceiling, True),
        (Function::Sqrt, True),
        (Function::Exp, True),
        (Function::Ln, Unknown),
    ] {
        let mut build = Build::new();
        let a = build.number("a", 2, 0, "0", "9");
        let condition = reaches(call(function, [value(a)]), "0");
        assert_eq!(truth(build, condition, ""), expected, "{function:?}");
    }
}

#[test]
fn a_hidden_number_gives_what_the_rule_says() {
    for (text, expected) in [
        ("a=1 n=7", "7"),
        ("a=2", "3"),
        ("a=2 n=7", "3"),
        ("", "不明"),
    ] {
        let mut build = Build::new();
        let a = build.finding("a");
        let n = build.number("n", 2, 0, "0", "20");
        build.edit(n).shown_when = Some(Box::new(present(a)));
        let number = num(NumberKind::IfShown {
            fields: vec![n],
            number: Box::new(value(n)),
            otherwise: dec("3"),
        });
        assert_eq!(calculated(build, number, None, text), expected, "{text}");
    }
}

#[test]
fn values_read_other_values() {
    let mut build = Build::new();
    let (a, b) = (build.item("a"), build.item("b"));
    let total = build.value("total", sum([points(a), points(b)]), None);
    let double = calculate(
        num(NumberKind::Definition(total)),
        ArithmeticOp::Multiply,
        constant("2"),
    );
    build.criterion("high", reaches(num(NumberKind::Definition(total)), "15"));
    build.value("double", double, None);
    let form = build.form();
    let values = |text| {
        outcome(&form, text)
            .values
            .into_iter()
            .map(|v| (v.value, v.text))
            .collect::<Vec<_>>()
    };
    let known = |value: &str, text: &str| (Some(value.to_owned()), text.to_owned());
    assert_eq!(
        values("a=3 b=2"),
        [
            known("15", "15"),
            known("true", "満たす"),
            known("30", "30")
        ]
    );
    assert_eq!(
        values("a=1"),
        [
            (None, "0〜10".to_owned()),
            known("false", "満たさない"),
            (None, "不明".to_owned()),
        ]
    );
}
