//! What is read at first sight is what the grammar would have read.

use kohyo_dsl::{header, parse, parse_by_grammar};
use std::path::{Path, PathBuf};

/// Every definition of the library.
fn definitions(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            definitions(&path, found);
        } else if path.extension().is_some_and(|e| e == "kohyo") {
            found.push(path);
        }
    }
}

#[test]
fn the_library_reads_the_same_both_ways() {
    let mut found = Vec::new();
    definitions(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../forms"),
        &mut found,
    );
    assert!(found.len() > 30, "{found:?}");
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.display().to_string();
        assert!(
            parse(&name, &text) == parse_by_grammar(&name, &text),
            "{name}"
        );
        assert_eq!(header(&name, &text), parse(&name, &text).file.header);
    }
}

/// Texts on the border of what is plainly right.
#[test]
fn doubtful_texts_read_the_same_both_ways() {
    const RULES: &[&str] = &[
        "a\n- b",
        "a - b",
        "a -b",
        "1 -2 < a",
        "2024-4-1 < a",
        "1234-5-6 < a",
        "a < 3 mg/dL and b",
        "a < 3 to",
        "a < 3 mg..5",
        "a in 3 mg..5 mg",
        "a in 3 .. 5",
        "a in - 3 .. 5",
        "a < 3\n\"mg\"",
        "a < 3 \"mg\"",
        "a < 3 _x",
        "age at b < 3 age",
        "age(b)",
        "max (b)",
        "max(b) < 3",
        "if(a) then b else c",
        "count.a is b",
        "a.b . c",
        "a is not answered",
        "a is answered",
        "a is yes",
        "a not in { b | c, d; e }",
        "a not in 3 ..< 4",
        "a < b < c",
        "(a < b) < c",
        "(a and b) and c",
        "a treat unknown as no and b",
        "a < 3 if shown else 2 + 1 and b",
        "not a is b",
        "- a + b",
        "not not a",
        "any of { a; b }",
        "any of { a b }",
        "any of { a, b }",
        "any of {\na\n(b)\n}",
        "any of {\na\nnot in { b } }",
        "any of { ;; a ;; }",
        "any of { \"x\": a; 3 when b }",
        "first match { a when b; otherwise c }",
        "first match { otherwise c; a when b }",
        "at least 2 of { a; b }",
        "at least 2.0 of { a; b }",
        "exactly 99999999999 of { a }",
        "ticked differs from b",
        "(ticked) differs from b",
        "relatives includes mother",
        "months from a to today >= 6 months",
        "round(a, 1) = 2",
        "round(a,) = 2",
        "\"\\x\" = a",
        "\"a\\\"b\" = a",
    ];
    for rule in RULES {
        for text in [
            format!("module m \"m\" {{ }}\ncriterion x = {rule}\n"),
            format!(
                "module m \"m\" {{ }}\nsection s \"s\" {{ field f \"f\" : date shown when {rule}\nrequired }}\n"
            ),
            format!(
                "module m \"m\" {{ }}\ntable t : a | b {{\n| {rule} | in 3..4\n{rule} | a | b\n}}\n"
            ),
        ] {
            assert_eq!(parse("x", &text), parse_by_grammar("x", &text), "{text}");
        }
    }
}
