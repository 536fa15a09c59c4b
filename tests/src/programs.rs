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
