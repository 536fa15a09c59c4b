//! The command's help and its words about mistaken arguments: Japanese at every level.

#![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

#[path = "support/call.rs"]
mod call;

use std::path::Path;

fn kohyo(args: &[&str]) -> String {
    call::kohyo(Path::new("."), args)
}

fn all(calls: &[&[&str]]) -> String {
    calls
        .iter()
        .map(|args| kohyo(args))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn help_is_japanese_at_every_level() {
    insta::assert_snapshot!(all(&[
        &["check", "--help"],
        &["emit", "-h"],
        &["new", "--help"],
        &["key", "--help"],
        &["key", "issue", "--help"],
    ]));
}

#[test]
fn commands_about_records_say_how_they_end() {
    for command in ["check-records", "seal", "convert", "open"] {
        let help = kohyo(&[command, "--help"]);
        assert!(help.contains("終了コード: 0 "), "{help}");
    }
}

#[test]
fn no_english_word_of_the_parser_is_left() {
    let first = kohyo(&["--help"]);
    let commands = first
        .lines()
        .skip_while(|line| *line != "コマンド:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next());
    let mut seen = 0;
    for command in commands {
        let help = kohyo(&[command, "--help"]);
        for word in [
            "Usage",
            "Options",
            "Arguments",
            "[default",
            "[env",
            "[possible",
            "OPTIONS",
        ] {
            assert!(!help.contains(word), "{word}:\n{help}");
        }
        seen += 1;
    }
    assert!(seen > 20, "{first}");
}

#[test]
fn mistaken_arguments_are_named_with_a_remedy() {
    insta::assert_snapshot!(all(&[
        &["emit", "--lsit"],
        &["seal"],
        &["new", "--shape", "foo"],
        &["chekc"],
        &["test", "--quality", "--cases", "x", "006"],
        &["generate-records", "006", "--count", "many", "--out", "x"],
        &["check", "--json", "--json"],
        &["explain", "E0001", "E0002"],
    ]));
}
