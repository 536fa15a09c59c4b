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

/// The Python of `KOHYO_PYTHON`, of `target/python` or of the machine that has these modules, with
/// commas between them; if there is none, that is said aloud with what follows from it.
pub fn python_with(modules: &str, consequence: &str) -> Option<PathBuf> {
    let chosen = std::env::var_os("KOHYO_PYTHON").map(PathBuf::from);
    let own = crate::root().join("target/python/bin/python");
    let import = format!("import {modules}");
    let found = chosen
        .into_iter()
        .chain([own, PathBuf::from("python3")])
        .find(|python| succeeds(Command::new(python).args(["-c", &import])));
    if found.is_none() {
        let missing = format!(
            "no Python has `{modules}` (python3 -m venv target/python; \
             target/python/bin/pip install -r tests/python/requirements.txt)"
        );
        skip(&missing, consequence);
    }
    found
}

/// Whether the machine has Node, with this package in `node_modules` of a folder of the project
/// (`tests/fhir/node_modules/fhirpath`); if not, that is said aloud with what follows from it.
pub fn node_with(package: Option<&str>, consequence: &str) -> bool {
    let missing = if !succeeds(Command::new("node").arg("--version")) {
        "node is missing".to_owned()
    } else if let Some(package) = package.filter(|package| !crate::root().join(package).exists()) {
        let folder = package.split("/node_modules").next().unwrap_or_default();
        format!("{package} is missing (npm ci --prefix {folder})")
    } else {
        return true;
    };
    skip(&missing, consequence);
    false
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
