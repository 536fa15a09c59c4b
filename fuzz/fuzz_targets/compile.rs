//! A program is given if and only if there is no error, and the engine loads it.
#![no_main]

use kohyo_compiler::{Files, compile, prove};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut files = Files::new();
    files.insert("form.kohyo", text);
    let compiled = compile(&files, "form.kohyo");
    if compiled.has_errors() {
        assert!(compiled.program.is_none());
        return;
    }
    let _ = prove(&compiled);
    if let Some(program) = compiled.program {
        kohyo_engine::Form::new(program).expect("the engine loads what the compiler gives");
    }
});
