//! What an author reads about a mistake.
//!
//! Every file of `mistakes/` has a snapshot of its report; adding a test is adding a file.

use crate::PARKINSON;
use kohyo_dsl::{Diagnostic, Palette, parse, render};
use std::path::{Path, PathBuf};

/// The files with mistakes and their names.
fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/mistakes");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let name = |p: &Path| p.file_stem().unwrap().to_str().unwrap().to_owned();
    paths
        .iter()
        .map(|p| (name(p), std::fs::read_to_string(p).unwrap()))
        .collect()
}

fn report(name: &str, text: &str, diagnostics: &[Diagnostic]) -> String {
    render(
        diagnostics,
        |file| (file == name).then_some(text),
        Palette::Plain,
    )
}

#[test]
fn every_mistake_is_explained() {
    for (name, text) in files() {
        let diagnostics = parse(&name, &text).diagnostics;
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(name.as_str(), report(&name, &text, &diagnostics));
        });
    }
}

#[test]
fn a_file_with_five_mistakes_reports_five() {
    let (name, text) = files()
        .into_iter()
        .find(|(name, _)| name == "five_mistakes")
        .unwrap();
    assert_eq!(parse(&name, &text).diagnostics.len(), 5);
}

#[test]
fn reports_do_not_speak_of_the_parser() {
    for (name, text) in files() {
        let diagnostics = parse(&name, &text).diagnostics;
        for d in &diagnostics {
            let words = format!(
                "{} {} {}",
                d.message,
                d.note,
                d.help.as_deref().unwrap_or("")
            );
            for jargon in [
                "kw_", "EOI", "expr", "Rule", "token", "None", "Some(", "_type",
            ] {
                assert!(!words.contains(jargon), "{name}: {words}");
            }
            assert!(d.help.is_some(), "{name}: {words}");
            assert!(!d.message.ends_with('。'), "{name}: {words}");
        }
    }
}

#[test]
fn a_fix_repairs_its_mistake() {
    for (name, text) in files() {
        let diagnostics = parse(&name, &text).diagnostics;
        for d in &diagnostics {
            let Some(fix) = &d.fix else { continue };
            let mut fixed = text.clone();
            fixed.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.text);
            let left = parse(&name, &fixed).diagnostics;
            let same = |l: &&Diagnostic| {
                (l.code, &l.message, l.span.start) == (d.code, &d.message, d.span.start)
            };
            assert!(
                left.len() <= diagnostics.len() && !left.iter().any(|l| same(&l)),
                "{}\nafter the fix:\n{}",
                report(&name, &text, std::slice::from_ref(d)),
                report(&name, &fixed, &left)
            );
        }
    }
}

#[test]
fn one_slip_is_one_finding() {
    for word in words(PARKINSON) {
        let written = &PARKINSON[word.clone()];
        let mut slips = vec![
            ("without", String::new()),
            ("twice", format!("{written} {written}")),
        ];
        if let Some(open) = written.strip_suffix('"').filter(|w| w.starts_with('"')) {
            slips.push(("not closed", open.to_owned()));
        }
        if written.len() > 3 && written.is_ascii() && !written.contains('"') {
            slips.push(("misspelt", format!("{}x{}", &written[..2], &written[2..])));
        }
        for (what, slip) in slips {
            let mut text = PARKINSON.to_owned();
            text.replace_range(word.clone(), &slip);
            let found = parse("x", &text).diagnostics;
            assert!(
                found.len() <= 1,
                "{what}: {written}\n{}",
                report("x", &text, &found)
            );
        }
    }
}

/// The places of the words, texts and signs of a definition.
fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            _ if c.is_whitespace() => c.len_utf8(),
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            _ if c.is_alphanumeric() => rest
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(rest.len()),
            _ => c.len_utf8(),
        };
        let start = text.len() - rest.len();
        if !c.is_whitespace() && c != '#' {
            words.push(start..start + length);
        }
        rest = &rest[length..];
    }
    words
}

#[test]
fn right_lines_of_a_broken_section_are_kept() {
    let (name, text) = files()
        .into_iter()
        .find(|(name, _)| name == "one_section")
        .unwrap();
    let parsed = parse(&name, &text);
    let tree = crate::tree::file(&parsed.file);
    assert!(
        tree.contains("field good \"正しい\" : finding +Required"),
        "{tree}"
    );
    let lost: Vec<&str> = parsed.lost.iter().map(|n| n.text.as_str()).collect();
    assert!(
        lost.contains(&"tremor") && !lost.contains(&"good"),
        "{lost:?}"
    );
}

#[test]
fn colours_only_on_request() {
    let diagnostics = parse("a", "criterion").diagnostics;
    assert!(!render(&diagnostics, |_| Some("criterion"), Palette::Plain).contains('\u{1b}'));
    assert!(render(&diagnostics, |_| Some("criterion"), Palette::Colour).contains('\u{1b}'));
}

#[test]
fn a_file_that_is_not_at_hand_is_named() {
    let drawn = render(
        &parse("missing.kohyo", "").diagnostics,
        |_| None,
        Palette::Plain,
    );
    assert!(drawn.contains("missing.kohyo"), "{drawn}");
}

#[test]
fn places_in_two_files_are_both_shown() {
    let found = Diagnostic::warning("W0001", "a", kohyo_dsl::Span::new(0, 6), "二つの定義").label(
        "b",
        kohyo_dsl::Span::new(4, 7),
        "もう一つ",
    );
    let text = |file: &str| Some(if file == "a" { "重症" } else { "abc\n軽症" });
    insta::assert_snapshot!(render(&[found], text, Palette::Plain), @r"
    警告[W0001]: 二つの定義
     --> a:1:1
      |
    1 | 重症
      | ^^^^
      |
     ::: b:2:1
      |
    2 | 軽症
      | -- もう一つ
    ");
}
