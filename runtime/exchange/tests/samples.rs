//! Sample records: the check tool finds in each of them exactly what is promised, in XML and in
//! CSV.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is the report of a test"
)]

use kohyo_compiler::emit::samples;
use kohyo_compiler::{Files, SyntaxCache, compile_with, diseases};
use kohyo_engine::{Form, ResultKind};
use kohyo_exchange::{Checker, Library, RecordReport, RecordWriter, check_document};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

/// Every form, and every eighth of them (all with `KOHYO_AGREEMENT_ALL`).
fn forms() -> (Library, Vec<Arc<Form>>) {
    let step = match std::env::var_os("KOHYO_AGREEMENT_ALL") {
        Some(_) => 1,
        None => 8,
    };
    let mut files = Files::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms");
    read(&folder, &folder, &mut files);
    let mut cache = SyntaxCache::default();
    let all: Vec<Arc<Form>> = diseases(&files)
        .iter()
        .map(|disease| {
            let program = compile_with(&files, &mut cache, &disease.path).program;
            Arc::new(Form::new(program.unwrap()).unwrap())
        })
        .collect();
    let some: Vec<_> = all.iter().step_by(step).cloned().collect();
    assert!(!some.is_empty());
    (Library::new(all).unwrap(), some)
}

fn read(root: &Path, folder: &Path, files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, files);
        } else if path.extension().is_some_and(|e| e == "kohyo") {
            let inside = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            files.insert(inside, std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// Id and message of every finding.
fn found(report: &RecordReport) -> BTreeSet<(String, String)> {
    let findings = report.findings.iter();
    findings
        .map(|f| (f.check.clone().into_owned(), f.message.clone()))
        .collect()
}

fn promised(sample: &samples::Sample) -> BTreeSet<(String, String)> {
    let findings = sample.outcome.findings.iter();
    findings
        .map(|f| (f.check.clone(), f.message.clone()))
        .collect()
}

#[test]
fn the_check_tool_finds_what_the_samples_promise() {
    let mut missing = Vec::new();
    let mut wrong = Vec::new();
    let mut eligible = 0;
    let (library, forms) = forms();
    for form in forms {
        let program = form.program();
        let name = format!("{} {}", program.key, program.edition);
        let (made, residue) = samples::samples(&form);
        missing.extend(residue.into_iter().map(|r| format!("{name} {}", r.rule)));
        let last = made
            .iter()
            .map(|s| s.context.today)
            .max_by_key(|d| d.first_day());
        let Some(today) = last else { continue };
        let csv = samples::csv(program, &made);
        let writer = RecordWriter::new(&form);
        let mut by_csv = Vec::new();
        Checker::new(library.clone(), today).check_csv(|| Ok(csv.as_bytes()), &mut |report| {
            by_csv.push(report);
            ControlFlow::Continue(())
        });
        assert_eq!(by_csv.len(), made.len(), "{name}");
        let of = |name: &str| made.iter().find(|sample| sample.name == name);
        if let (Some(new), Some(unknown)) = (of("new"), of("unknown")) {
            let open = new.raw.keys().any(|item| !unknown.raw.contains_key(item));
            assert!(open, "{name}: unknown leaves nothing out");
        }
        for (sample, by_csv) in made.iter().zip(&by_csv) {
            let xml = writer.text(sample.context.into(), &sample.raw);
            let reports = check_document(xml.as_bytes(), &library, today);
            for (how, report) in [("XML", &reports[0]), ("CSV", by_csv)] {
                if found(report) != promised(sample) || report.result != Some(sample.outcome.result)
                {
                    wrong.push(format!(
                        "{name} {}.{how}: promised {:#?}, found {:#?}",
                        sample.name,
                        promised(sample),
                        found(report)
                    ));
                }
            }
            let errors = reports[0].has_errors();
            assert_eq!(errors, sample.name == "errors", "{name} {}", sample.name);
            eligible += usize::from(sample.outcome.result == ResultKind::Eligible);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(eligible > 0);
    let missing: Vec<_> = missing.iter().filter(|m| !m.ends_with("unknown")).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}
