//! What a vendor reads: the module and the types of a small form, as text.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is the report of a test"
)]

use kohyo_compiler::emit::Target;
use kohyo_compiler::{Files, compile};
use kohyo_engine::Form;

/// One form with every kind of question and rule.
fn emitted() -> Vec<(String, String)> {
    let mut files = Files::new();
    files.insert("form.kohyo", include_str!("javascript/form.kohyo"));
    let compiled = compile(&files, "form.kohyo");
    let found = &compiled.diagnostics;
    let program = compiled
        .program
        .unwrap_or_else(|| panic!("it compiles: {found:#?}"));
    let form = Form::new(program).unwrap();
    Target::JavaScript
        .form(&form)
        .artefacts
        .into_iter()
        .map(|artefact| (artefact.path, String::from_utf8(artefact.content).unwrap()))
        .collect()
}

#[test]
fn the_module_reads_like_the_rules() {
    let [(name, text), _] = emitted().try_into().unwrap();
    assert_eq!(name, "shitei-999-2024.mjs");
    insta::assert_snapshot!("javascript_module", text);
}

#[test]
fn the_types_name_fields_codes_and_categories() {
    let [_, (name, text)] = emitted().try_into().unwrap();
    assert_eq!(name, "shitei-999-2024.d.mts");
    insta::assert_snapshot!("javascript_types", text);
}
