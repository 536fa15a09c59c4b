//! What archives (PDF/A-2a) and screen readers (PDF/UA-1) need, looked for by others than the writer
//! of the PDF: qpdf by pikepdf, and the checks of the package pdfua (`tests/python/archive.py`).
//!
//! Needs Python with `tests/python/requirements.txt`, in `target/python` or at `KOHYO_PYTHON`.

use super::{Answered, Fonts, fonts, library, patient, pdf, read_apart, sample, skipped};
use kohyo_engine::{Form, evaluate, written};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[test]
fn nothing_is_missing_for_archives_and_screen_readers() {
    let Some(fonts) = fonts() else { return };
    let Some(python) = python() else {
        return skipped("python with pikepdf and pdfua is missing, no PDF has been validated");
    };
    let form = Form::new(sample()).unwrap();
    let mut pdfs = vec![
        ("blank", pdf(&form, None, &fonts).unwrap()),
        ("filled in", filled(&form, &fonts)),
    ];
    for program in library(|key| key == "shitei-006") {
        let form = Form::new(program).unwrap();
        pdfs.push(("shitei-006", pdf(&form, None, &fonts).unwrap()));
    }
    for (name, bytes) in pdfs {
        assert_eq!(lacking(&python, &bytes), "", "{name}");
    }
}

fn filled(form: &Form, fonts: &Fonts) -> Vec<u8> {
    let (raw, context) = patient();
    let (answers, findings, unread) = read_apart(form, raw);
    let outcome = evaluate(form, &answers, &context).with_findings(findings);
    let answered = Answered {
        raw: &written(form, &answers),
        unread: &unread,
        context: &context,
        outcome: &outcome,
        masked: false,
    };
    pdf(form, Some(&answered), fonts).unwrap()
}

/// What the PDF lacks, one line each.
fn lacking(python: &Path, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("form.pdf");
    std::fs::write(&file, bytes).unwrap();
    let output = Command::new(python)
        .arg(root().join("tests/python/archive.py"))
        .arg(&file)
        .output()
        .unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaints}");
    String::from_utf8(output.stdout).unwrap()
}

fn python() -> Option<PathBuf> {
    let own = std::env::var_os("KOHYO_PYTHON").map(PathBuf::from);
    let usual = root().join("target/python/bin/python");
    own.into_iter()
        .chain([usual, PathBuf::from("python3")])
        .find(|python| {
            let asked = Command::new(python)
                .args(["-c", "import pikepdf, pdfua"])
                .stderr(Stdio::null())
                .status();
            asked.is_ok_and(|status| status.success())
        })
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
