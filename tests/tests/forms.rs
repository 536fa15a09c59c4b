//! Every definition of the library compiles, is formatted, and its cases hold.

use kohyo_compiler::{SyntaxCache, cases, compile, diseases};
use kohyo_engine::Form;
use std::sync::Arc;

/// Diseases of the first street, each with its own kind of logic.
const EXPECTED: [&str; 6] = [
    "shitei-006",
    "shitei-011",
    "shitei-049",
    "shitei-097",
    "shitei-222",
    "shitei-240",
];

/// Cases each disease has at least.
const CASES: usize = 10;

#[test]
fn every_definition_compiles_without_a_finding() {
    let files = tests::forms();
    for (path, _) in files.definitions() {
        let compiled = compile(&files, path);
        let text = |file: &str| files.get(file);
        let drawn = kohyo_dsl::render(&compiled.diagnostics, text, kohyo_dsl::Palette::Plain);
        assert!(compiled.diagnostics.is_empty(), "{path}:\n{drawn}");
    }
    let keys: Vec<String> = diseases(&files).into_iter().map(|d| d.key).collect();
    for key in EXPECTED {
        assert!(keys.iter().any(|k| k == key), "{key} is missing");
    }
    assert!(
        keys.iter().any(|k| k.starts_with("shoman-")),
        "no paediatric entry"
    );
}

#[test]
fn every_definition_has_the_one_layout() {
    let files = tests::forms();
    for (path, text) in files.definitions() {
        let formatted = kohyo_dsl::format(text).unwrap_or_default();
        assert_eq!(formatted, text, "{path}: run `kohyo fmt`");
    }
}

#[test]
fn the_cases_of_every_disease_hold() {
    let files = tests::forms();
    for disease in diseases(&files) {
        let beside = kohyo_compiler::cases::beside(&disease.path);
        let yaml = files
            .get(&beside)
            .unwrap_or_else(|| panic!("{beside} is missing"));
        let file = cases::parse(yaml).unwrap_or_else(|e| panic!("{beside}: {e}"));
        assert!(
            file.cases.len() >= CASES,
            "{beside}: {} cases",
            file.cases.len()
        );
        let program = compile(&files, &disease.path).program.expect("it compiles");
        let form = Arc::new(Form::new(program).unwrap());
        let cache = &mut SyntaxCache::default();
        let older = kohyo_compiler::previous(&files, cache, &disease.path, &form);
        let report = cases::run_with(&form, older.as_ref(), &file);
        let failed: Vec<_> = report.cases.iter().filter(|c| !c.passed).collect();
        assert!(failed.is_empty(), "{beside}: {failed:#?}");
    }
}

#[test]
fn the_cards_beside_the_definitions_are_fresh() {
    let files = tests::forms();
    let forms = tests::root().join("forms");
    let on_disk = |path: &str| std::fs::read_to_string(forms.join(path)).unwrap_or_default();
    let diseases = diseases(&files);
    let mut stale = Vec::new();
    for disease in &diseases {
        let path = kohyo_compiler::card_path(&disease.path);
        let program = compile(&files, &disease.path).program.expect("it compiles");
        if on_disk(&path) != kohyo_compiler::card_file(&program) {
            stale.push(path);
        }
    }
    if on_disk("INDEX.md") != kohyo_compiler::index_file(&diseases) {
        stale.push("INDEX.md".to_owned());
    }
    assert!(stale.is_empty(), "run `kohyo card --write`: {stale:?}");
}
