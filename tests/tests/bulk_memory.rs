//! Checking records in bulk keeps its memory small, whatever the number of records.
//!
//! Memory is that of the whole process, so this promise has a process of its own, and only the form
//! at hand is compiled in it.

use kohyo_engine::{Date, Form, RawAnswers};
use kohyo_exchange::generate::{generate, heading};
use kohyo_exchange::{ErrorList, Library, Options, RecordWriter, RecordsWriter, check_records};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

fn options() -> Options<'static> {
    Options {
        today: "2026-07-01".parse::<Date>().unwrap(),
        threads: NonZeroUsize::new(2).unwrap(),
        normalise: false,
        keep_records: false,
        except: &[],
    }
}

#[test]
fn ten_thousand_records_stay_below_64_megabytes() {
    let form = Arc::new(Form::new(tests::programs::one("shitei-006")).unwrap());
    let library = Library::new([form.clone()]).unwrap();
    let folder = TempDir::new().unwrap();
    let samples: Vec<_> = (0..100).map(|seed| generate(&form, seed)).collect();
    // Every value with a letter too many.
    let mut wrong = samples.clone();
    wrong
        .iter_mut()
        .flat_map(|raw| raw.values_mut())
        .flatten()
        .for_each(|value| value.push('x'));
    let write = |name: &str, samples: &[RawAnswers], count| {
        write_many(&folder.path().join(name), &form, samples, count);
    };
    write("all.xml", &samples, 10_000);
    fs::create_dir(folder.path().join("parts")).unwrap();
    for part in 0..20 {
        write(&format!("parts/{part:02}.xml"), &samples, 500);
    }
    write("wrong.xml", &wrong, 1_000);
    for (what, path, records) in [
        ("one file", "all.xml", 10_000),
        ("twenty files", "parts", 10_000),
        ("every value wrong", "wrong.xml", 1_000),
    ] {
        let paths = [folder.path().join(path)];
        let list = BufWriter::new(File::create(folder.path().join("list.json")).unwrap());
        let before = memory::forget_peak();
        let mut list = ErrorList::json(list).unwrap();
        let summary = check_records(
            &paths,
            &library,
            options(),
            |_| {},
            |file, report| list.add(file, &report),
        )
        .unwrap();
        list.finish(&summary).unwrap();
        let peak = memory::peak();
        assert_eq!(summary.records, records, "{what}: {summary:?}");
        if let (Some(before), Some(peak)) = (before, peak) {
            eprintln!(
                "{what}: {} records, {} findings, peak {} KiB (before {} KiB)",
                summary.records,
                summary.errors + summary.warnings,
                peak,
                before
            );
            assert!(peak < 64 * 1024, "{what}: peak memory {peak} KiB");
        }
    }
}

fn write_many(path: &Path, form: &Form, samples: &[RawAnswers], count: usize) {
    let writer = RecordWriter::new(form);
    let mut records = RecordsWriter::new(BufWriter::new(File::create(path).unwrap())).unwrap();
    for number in 0..count {
        records
            .write(&writer, heading(), &samples[number % samples.len()])
            .unwrap();
    }
    records.finish().unwrap().flush().unwrap();
}

/// Peak memory of this process as Linux counts it, in KiB; nothing elsewhere.
mod memory {
    use std::fs;

    pub fn peak() -> Option<u64> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// Begins to count anew; gives what is in use.
    pub fn forget_peak() -> Option<u64> {
        fs::write("/proc/self/clear_refs", "5").ok()?;
        peak()
    }
}
