//! How much memory a bulk check takes, and when its first result is there, each in a process of its
//! own.

use super::child::{self, Watched, has_proc, watch};
use super::inputs::{Inputs, MANY, RECORDS};
use crate::disk::{Failure, Workspace};
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// The most memory that `kohyo check-records` holds at a time (resident set, MiB), by input.
#[derive(Clone, Debug, Default)]
pub struct Peaks {
    /// What was read, and the peak.
    pub by_input: Vec<(&'static str, f64)>,
}

impl Peaks {
    /// With 10,000 records in one XML file.
    pub fn one_file(&self) -> Option<f64> {
        self.by_input.first().map(|(_, peak)| *peak)
    }

    /// The highest of all.
    pub fn highest(&self) -> Option<f64> {
        self.by_input.iter().map(|(_, peak)| *peak).reduce(f64::max)
    }
}

/// Measures the peaks; none on a system without `/proc`.
///
/// # Errors
/// A file cannot be written, or the check fails.
pub fn peaks(workspace: &Workspace, inputs: &Inputs<'_>) -> Result<Peaks, Failure> {
    if !has_proc() {
        return Ok(Peaks::default());
    }
    let files = [
        ("xml_10000", inputs.xml(RECORDS)?),
        ("xml_100000", inputs.xml(MANY)?),
        ("zip_10000", inputs.zip(RECORDS)?),
        ("csv_10000", inputs.csv(RECORDS)?),
        ("csv_100000", inputs.csv(MANY)?),
    ];
    let mut peaks = Peaks::default();
    for (name, input) in files {
        if let Some(peak) = peak(workspace, &input, &inputs.out("errors.csv"))? {
            peaks.by_input.push((name, peak));
        }
    }
    Ok(peaks)
}

/// The most memory that `kohyo check-records` holds over an input.
///
/// # Errors
/// The check fails.
pub fn peak(workspace: &Workspace, input: &Path, errors: &Path) -> Result<Option<f64>, Failure> {
    watched(workspace, input, errors).map(|watched| watched.peak_mib)
}

/// What is seen of `kohyo check-records` over an input.
///
/// # Errors
/// The check fails.
pub fn watched(workspace: &Workspace, input: &Path, errors: &Path) -> Result<Watched, Failure> {
    let failed = |why: &str| Failure::Other(format!("記憶量の計測で check-records が{why}"));
    let watched = child::check_records(workspace, input, errors)
        .and_then(|mut command| watch(&mut command, Duration::from_millis(1)))
        .map_err(|source| failed(&format!("途絶えました: {source}")))?;
    match watched.code {
        // 1 says that some record has an error.
        Some(0 | 1) => Ok(watched),
        _ => Err(failed("失敗しました")),
    }
}

/// Starts that are measured.
const STARTS: usize = 9;

/// From the start of `kohyo check-records` to the first finding in its output, while it goes on
/// checking 10,000 records; the quickest of several starts, since waiting for a processor on a
/// machine in use is not the command's fault.
///
/// # Errors
/// The check does not begin.
pub fn first_result(workspace: &Workspace, inputs: &Inputs<'_>) -> Result<Duration, Failure> {
    let input = inputs.xml(RECORDS)?;
    let times: io::Result<Vec<Duration>> = (0..STARTS).map(|_| start(workspace, &input)).collect();
    let times = times
        .map_err(|source| Failure::Other(format!("check-records が結果を出しません: {source}")))?;
    Ok(times.into_iter().min().unwrap_or_default())
}

fn start(workspace: &Workspace, input: &Path) -> io::Result<Duration> {
    let mut command = child::kohyo(&workspace.root)?;
    command
        .arg("check-records")
        .arg(input)
        .stdout(Stdio::piped());
    let begun = Instant::now();
    let mut child = command.spawn()?;
    let says = child.stdout.take().map(BufReader::new);
    // The head of the list, then the first finding.
    let second = says.and_then(|says| says.lines().nth(1));
    let time = begun.elapsed();
    // It need not check the rest.
    let _ = child.kill();
    child.wait()?;
    match second {
        Some(line) => line.map(|_| time),
        None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
