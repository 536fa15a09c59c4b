//! What the proofs find: definitions in `tests/prove/`, each beside the report on it.
//!
//! To add a case, add `NAME.kohyo` and run with `INSTA_UPDATE=always`; then read the snapshot.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is the report of a test"
)]

use kohyo_compiler::{Files, ProofReport, compile, prove};
use kohyo_dsl::LineIndex;
use std::path::Path;

#[test]
fn every_definition_is_reported_as_its_snapshot_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/prove");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| Some(name.strip_suffix(".kohyo")?.to_owned()))
        .collect();
    names.sort();
    assert!(names.len() >= 10, "the definitions are missing");
    insta::with_settings!({ snapshot_path => "prove", prepend_module_to_snapshot => false, omit_expression => true }, {
        for name in names {
            let text = std::fs::read_to_string(folder.join(format!("{name}.kohyo"))).unwrap();
            insta::assert_snapshot!(name.clone(), report(&text));
        }
    });
}

/// Findings with place, underlined words, example and help; then what was proven and what not.
fn report(text: &str) -> String {
    let mut files = Files::new();
    files.insert("form.kohyo", text);
    let compiled = compile(&files, "form.kohyo");
    assert!(compiled.program.is_some(), "{:#?}", compiled.diagnostics);
    let ProofReport {
        findings,
        notes,
        proven,
        not_proven,
    } = prove(&compiled);
    let index = LineIndex::new(text);
    let mut printed = String::new();
    for found in findings.iter().chain(&notes) {
        let place = index.line_column(text, found.span.start);
        let words = found.span.of(text);
        printed += &format!(
            "{}:{} {} {}\n",
            place.line, place.column, found.code, found.message
        );
        printed += &format!("  「{words}」 {}\n", found.note);
        for label in &found.labels {
            printed += &format!("  「{}」 {}\n", label.span.of(text), label.text);
        }
    }
    for statement in proven {
        printed += &format!("証明: {}\n", statement.text);
    }
    for statement in not_proven {
        printed += &format!("未証明: {}\n", statement.text);
    }
    printed
}

/// Gaps of the official text itself, encoded as they are and explained in a note of the definition.
const OF_THE_TEXT: [(&str, &str); 1] = [
    // Prothrombin below 60 % alone is in no row of the notice's severity table.
    ("shitei/095_autoimmune_hepatitis/form.kohyo", "E0701"),
];

/// The library is what an author copies from: what the proofs say of it is mended or explained.
#[test]
fn nothing_is_found_in_the_library() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../forms");
    let mut files = Files::new();
    read(&root, "", &mut files);
    let mut found = Vec::new();
    let mut cache = kohyo_compiler::SyntaxCache::default();
    for disease in kohyo_compiler::diseases(&files) {
        let compiled = kohyo_compiler::compile_with(&files, &mut cache, &disease.path);
        let report = prove(&compiled);
        let explained: Vec<&str> = OF_THE_TEXT
            .iter()
            .filter(|(path, _)| *path == disease.path)
            .map(|(_, code)| *code)
            .collect();
        for code in &explained {
            assert!(
                report.findings.iter().any(|d| d.code == *code),
                "{}: {code} is explained but not found",
                disease.path
            );
        }
        found.extend(
            report
                .findings
                .iter()
                .filter(|d| !explained.contains(&d.code))
                .map(|d| format!("{}: {} {} {}", d.file, d.code, d.message, d.note)),
        );
        found.extend(
            report
                .not_proven
                .iter()
                .map(|s| format!("{}: not proven: {}", s.file, s.text)),
        );
        assert!(!report.proven.is_empty(), "{}", disease.path);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn read(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            read(&path, &format!("{prefix}{name}/"), files);
        } else if name.ends_with(".kohyo") {
            files.insert(
                format!("{prefix}{name}"),
                std::fs::read_to_string(&path).unwrap(),
            );
        }
    }
}
