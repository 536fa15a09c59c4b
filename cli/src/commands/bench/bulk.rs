//! What checking a file takes for a record, reading the file included, and what a second thread
//! gains.

use super::Subject;
use super::inputs::{Inputs, RECORDS};
use crate::disk::Failure;
use kohyo_exchange::{Options, check_records};
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::{Duration, Instant};

/// Each number of threads is tried so often, in turn; the quickest time counts, since waiting for a
/// processor on a machine in use is not the check's fault.
const PASSES: usize = 10;

/// How fast a file is checked.
#[derive(Clone, Copy, Debug)]
pub struct Bulk {
    /// How its records are written: `xml`, `csv` or `zip`.
    pub written: &'static str,
    /// The same for people.
    pub label: &'static str,
    /// What one thread takes for a record.
    pub each: Duration,
    /// How many times as fast two threads are; nothing on a machine that has only one.
    pub gain: Option<f64>,
}

/// Measures an XML file, a CSV file, and a ZIP with a file for each record.
///
/// # Errors
/// The files cannot be written or read.
pub fn measure(subject: &Subject, inputs: &Inputs<'_>) -> Result<Vec<Bulk>, Failure> {
    let files = [
        ("xml", "XML", inputs.xml(RECORDS)?),
        ("csv", "CSV", inputs.csv(RECORDS)?),
        ("zip", "1件1ファイルのZIP", inputs.zip_of_many(RECORDS)?),
    ];
    let measured = files.iter().map(|(written, label, path)| {
        let (each, gain) = timed(subject, path)?;
        Ok(Bulk {
            written,
            label,
            each,
            gain,
        })
    });
    measured.collect()
}

fn timed(subject: &Subject, path: &Path) -> Result<(Duration, Option<f64>), Failure> {
    let (one, two) = (NonZeroUsize::MIN, NonZeroUsize::MIN.saturating_add(1));
    let shared = std::thread::available_parallelism().is_ok_and(|threads| threads >= two);
    let (mut alone, mut both) = (Duration::MAX, Duration::MAX);
    for _ in 0..PASSES {
        alone = alone.min(time(subject, path, one)?);
        if shared {
            both = both.min(time(subject, path, two)?);
        }
    }
    let gain = shared.then(|| alone.as_secs_f64() / both.as_secs_f64());
    Ok((alone.div_f64(RECORDS as f64), gain))
}

fn time(subject: &Subject, path: &Path, threads: NonZeroUsize) -> Result<Duration, Failure> {
    let options = Options {
        today: subject.today,
        threads,
        normalise: false,
        keep_records: false,
        except: &[],
    };
    let begun = Instant::now();
    let checked = check_records(
        &[path.to_owned()],
        &subject.library,
        options,
        |_| {},
        |_, _| Ok(()),
    );
    let time = begun.elapsed();
    match checked {
        Ok(summary) if summary.records == RECORDS as u64 => Ok(time),
        Ok(_) => Err(Failure::Other("計測用の個票を読み取れません".to_owned())),
        Err(source) => Err(Failure::Read {
            path: path.to_owned(),
            source,
        }),
    }
}
