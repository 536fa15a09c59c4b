//! Every disease form, compiled.

use kohyo_compiler::{compile, diseases};
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
    let files = crate::forms();
    let programs: Vec<(String, Program)> = diseases(&files)
        .into_iter()
        .map(|disease| {
            let compilation = compile(&files, &disease.path);
            let problems = compilation.diagnostics;
            let path = disease.path;
            let program = compilation
                .program
                .unwrap_or_else(|| panic!("{path} does not compile: {problems:#?}"));
            (path, program)
        })
        .collect();
    assert!(programs.len() >= 7, "only {} diseases", programs.len());
    programs
}

/// The program of one disease in `forms/`, in its newest edition.
///
/// # Panics
/// If there is no such disease, or it does not compile.
pub fn one(key: &str) -> Program {
    let files = crate::forms();
    let disease = diseases(&files)
        .into_iter()
        .rfind(|disease| disease.key == key)
        .unwrap_or_else(|| panic!("no disease {key}"));
    let compilation = compile(&files, &disease.path);
    let problems = compilation.diagnostics;
    compilation
        .program
        .unwrap_or_else(|| panic!("{key} does not compile: {problems:#?}"))
}
