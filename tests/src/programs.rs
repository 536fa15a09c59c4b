//! Every disease form, compiled.

use kohyo_compiler::{compile, diseases};
use kohyo_engine::Program;

/// The programs of all diseases in `forms/`, in the order of their files.
///
/// # Panics
/// If one of them does not compile.
pub fn all() -> Vec<Program> {
    let files = crate::forms();
    let programs: Vec<Program> = diseases(&files)
        .iter()
        .map(|disease| {
            let compilation = compile(&files, &disease.path);
            let problems = compilation.diagnostics;
            let path = &disease.path;
            compilation
                .program
                .unwrap_or_else(|| panic!("{path} does not compile: {problems:#?}"))
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
