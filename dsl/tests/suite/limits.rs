//! Hostile and oversized texts: an answer, never a crash, in time that grows with the length.

use kohyo_dsl::{Diagnostic, parse};
use std::time::{Duration, Instant};

/// The codes reported for `text`, read with the small stack of a server's worker.
fn codes(text: String) -> Vec<&'static str> {
    let read = move || {
        let found: Vec<Diagnostic> = parse("test.kohyo", &text).diagnostics;
        found.into_iter().map(|d| d.code).collect()
    };
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(read)
        .unwrap()
        .join()
        .unwrap()
}

fn with_header(items: &str) -> String {
    format!("module a \"a\" {{ }}\n{items}")
}

#[test]
fn sixty_levels_are_read() {
    for (open, close) in [
        ("(", ")"),
        ("any of { ", " }"),
        ("not (", ")"),
        ("round(", ")"),
        ("first match { otherwise ", " }"),
        ("if a then b else ", ""),
        ("-(", ")"),
        ("1 + max of { 3 when (", ") }"),
    ] {
        let levels = 60
            / open.matches(['{', '(', '-']).count().max(1)
            / (1 + usize::from(open.contains("not")));
        let text = format!(
            "criterion x = {}a{}",
            open.repeat(levels),
            close.repeat(levels)
        );
        assert_eq!(codes(with_header(&text)), [""; 0], "{open}");
    }
}

#[test]
fn too_many_levels_are_one_finding() {
    for (open, close) in [
        ("(", ")"),
        ("any of { ", " }"),
        ("not ", ""),
        ("- ", ""),
        ("round(", ")"),
        ("if a then b else ", ""),
        ("if a then b else c + ", ""),
        ("any of { if a then b else ", "}"),
        ("not (not ", ")"),
    ] {
        for levels in [200, 50_000] {
            let text = format!(
                "criterion x = {}a{}",
                open.repeat(levels),
                close.repeat(levels)
            );
            assert_eq!(codes(with_header(&text)), ["E0022"], "{open}");
        }
    }
}

#[test]
fn groups_too_deep_are_one_finding() {
    let text = format!(
        "section s \"s\" {{ {}{} }}",
        "group a \"a\" { ".repeat(5000),
        "}".repeat(5000)
    );
    assert_eq!(codes(with_header(&text)), ["E0022"]);
}

#[test]
fn unclosed_braces_without_end() {
    let found = codes(with_header(&format!(
        "criterion x = {}",
        "any of { ".repeat(20_000)
    )));
    assert!(
        found.contains(&"E0022") && found.contains(&"E0020"),
        "{found:?}"
    );
    let found = codes(with_header(&format!(
        "criterion x = {}",
        "(".repeat(20_000)
    )));
    assert_eq!(found, ["E0022"]);
}

#[test]
fn long_chains_do_not_nest() {
    assert_eq!(
        codes(with_header(&format!(
            "criterion x = a{}",
            " and a".repeat(5000)
        ))),
        [""; 0]
    );
    assert_eq!(
        codes(with_header(&format!(
            "criterion x = a{}",
            " or a".repeat(5000)
        ))),
        [""; 0]
    );
    assert_eq!(
        codes(with_header(&format!("score x = a{}", " + a".repeat(5000)))),
        ["E0022"]
    );
    assert_eq!(
        codes(with_header(&format!(
            "criterion x = a{}",
            " unless a".repeat(5000)
        ))),
        ["E0022"]
    );
    let many = "if a then b else c\n".repeat(500);
    assert_eq!(
        codes(with_header(&format!("score x = sum of {{\n{many}}}"))),
        [""; 0]
    );
}

#[test]
fn a_file_over_two_mebibytes_is_not_read() {
    assert_eq!(codes("#".repeat(2 * 1024 * 1024 + 1)), ["E0001"]);
}

#[test]
fn time_grows_with_the_length() {
    let much = |unit: &str, size: usize| with_header(&unit.repeat(size / unit.len()));
    let lines = |unit: &str, size: usize| {
        with_header(&format!(
            "section s \"s\" {{\n{}}}",
            unit.repeat(size / unit.len())
        ))
    };
    let rows = |unit: &str, size: usize| {
        let rows = unit.repeat(size / unit.len());
        with_header(&format!("table t : a | b {{\n| x < 3 | >= 3\n{rows}}}"))
    };
    let anywhere = [
        "\"",
        "\\\"a {",
        "「",
        "'a ",
        "1",
        "１",
        "2024-",
        "{",
        "}",
        "{\n",
        "}\n",
        "(",
        "\u{3000}",
        "　a",
        "@",
        "@ ",
        "# あ\n",
        "a ",
        "a\n",
        "not ",
        "3 mg ",
        "criterion a = b\n",
        "criterion a = \n",
        "criterion a = any of {\n",
        "section a \"b\" {\n",
    ];
    let in_sections = [
        "field a \"a\" : finding\n",
        "field a \"a\" finding\n",
        "field a \"a : finding\n",
        "group a \"a\" {\nfield a \"a\" : finding }\n",
        "group a \"a\" {\n",
        "feild a \"a\" : finding required when any of { a is b; }\n",
    ];
    anywhere
        .iter()
        .for_each(|unit| check_growth(unit, |size| much(unit, size)));
    in_sections
        .iter()
        .for_each(|unit| check_growth(unit, |size| lines(unit, size)));
    ["x < 3 | a | b\n", "|"]
        .iter()
        .for_each(|unit| check_growth(unit, |size| rows(unit, size)));
}

/// Every escaped quotation mark outside of a text begins one, and none of them ends.
#[test]
fn texts_without_end_on_one_line_are_read_at_once() {
    let start = Instant::now();
    let found = codes(with_header(&"\\\"a {".repeat(400_000)));
    assert!(found.contains(&"E0003"), "{found:?}");
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}

/// Four times the text takes nowhere near sixteen times the time.
fn check_growth(unit: &str, text: impl Fn(usize) -> String) {
    let time = |size: usize| {
        let text = text(size);
        let start = Instant::now();
        codes(text);
        start.elapsed()
    };
    let (short, long) = (time(1 << 14), time(1 << 16));
    assert!(
        long < short * 8 + Duration::from_secs(1),
        "{unit:?}: {short:?}, then {long:?}"
    );
}
