//! Every disease form, compiled.

use kohyo_compiler::{DiseaseEntry, compile, forms};
use kohyo_engine::Program;

/// The programs of all diseases in `forms/`, in the order of their files.
///
/// # Panics
/// If one of them does not compile.
pub fn all() -> Vec<Program> {
    with_paths()
        .into_iter()
        .map(|(_, program)| program)
        .collect()
}

/// The same, each with the file of its definition.
///
/// # Panics
/// If one of them does not compile.
pub fn with_paths() -> Vec<(String, Program)> {
    let programs = compiled(|form| !form.is_of_programme());
    assert!(programs.len() >= 7, "only {} diseases", programs.len());
    programs
}

/// The programs of these diseases in `forms/`, with all their editions and branches.
///
/// # Panics
/// If one of them does not compile.
pub fn of(keys: &[&str]) -> Vec<Program> {
    let programs = wanted(|key| keys.contains(&key));
    programs.into_iter().map(|(_, program)| program).collect()
}

/// The program of one disease or form of the programme in `forms/`, in its newest edition.
///
/// # Panics
/// If there is no such disease, or it does not compile.
pub fn one(key: &str) -> Program {
    of(&[key])
        .pop()
        .unwrap_or_else(|| panic!("no disease {key}"))
}

/// The programs of the diseases whose key is wanted, each with the file of its definition.
///
/// # Panics
/// If one of them does not compile.
pub fn wanted(key: impl Fn(&str) -> bool) -> Vec<(String, Program)> {
    compiled(|disease| key(&disease.key))
}

/// What the chosen files compile to, each with its name.
fn compiled(chosen: impl Fn(&DiseaseEntry) -> bool) -> Vec<(String, Program)> {
    let files = crate::forms();
    forms(&files)
        .into_iter()
        .filter(chosen)
        .map(|DiseaseEntry { path, .. }| {
            let compilation = compile(&files, &path);
            let problems = compilation.diagnostics;
            let program = compilation
                .program
                .unwrap_or_else(|| panic!("{path} does not compile: {problems:#?}"));
            (path, program)
        })
        .collect()
}
