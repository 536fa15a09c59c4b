//! Other programs that are asked about the same records.

use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Says aloud that a test does nothing, for want of a program.
///
/// # Panics
/// With `CI` set: there nothing may be missing.
pub fn skip(missing: &str, consequence: &str) {
    assert!(std::env::var_os("CI").is_none(), "{missing}");
    eprintln!("SKIPPED: {missing}, {consequence}");
}

/// Whether a program can be run and ends well; what it says is of no interest.
pub fn succeeds(program: &mut Command) -> bool {
    let silent = program.stdout(Stdio::null()).stderr(Stdio::null());
    silent.status().is_ok_and(|status| status.success())
}

/// The Python of `target/python` or of the machine that has this module; if there is none, that is
/// said aloud with what follows from it.
pub fn python_with(module: &str, consequence: &str) -> Option<PathBuf> {
    let own = crate::root().join("target/python/bin/python");
    let import = format!("import {module}");
    let found = [own, PathBuf::from("python3")]
        .into_iter()
        .find(|python| succeeds(Command::new(python).args(["-c", &import])));
    if found.is_none() {
        let missing = format!(
            "no Python has `{module}` (python3 -m venv target/python; \
             target/python/bin/pip install -r tests/python/requirements.txt)"
        );
        skip(&missing, consequence);
    }
    found
}

/// What a program prints when it is given this on its standard input.
///
/// # Panics
/// If it cannot be started, or does not end well: with its complaints.
pub fn answer(program: &mut Command, input: &str) -> String {
    let mut child = program
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        let feeding = scope.spawn(move || pipe.write_all(input.as_bytes()));
        let output = child.wait_with_output().unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{complaints}");
        feeding.join().unwrap().unwrap();
        output
    });
    String::from_utf8(output.stdout).unwrap()
}

/// The same in JSON.
///
/// # Panics
/// As [`answer`], and if the answer is no JSON.
pub fn answer_json(program: &mut Command, input: &Value) -> Value {
    let answer = answer(program, &input.to_string());
    serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}"))
}
