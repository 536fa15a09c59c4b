//! What a vendor would run who has no checker: libxml2 with our XML Schema, Saxon with our Schematron.
//!
//! A child process (`peer.py`) holds both compiled; it and our checker take turns over the same
//! slices of records. Both count processor time: a slice takes the peer far longer than a machine
//! in use leaves it alone.

use super::Subject;
use super::inputs::Scratch;
use super::records::TestRecord;
use super::sampler::{median, processor_time};
use crate::disk::{Failure, Workspace};
use kohyo_compiler::emit::{schematron, xsd};
use kohyo_exchange::{Checker, Library, Reader};
use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// Records that both sides check.
pub const RECORDS: usize = 1_000;
/// The marks of か゛ and は゜, when they stand as characters of their own behind the letter.
const MARKS: [char; 2] = ['\u{3099}', '\u{309a}'];
/// Slices they are cut into.
const SLICES: usize = 4;
/// Times that a slice is put to both sides; the first does not count.
const PASSES: usize = 4;
/// Times that ours checks a slice in a pass, since it is over so soon.
const OFTEN: u32 = 10;

/// Processor time a record takes, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// XML to error list and verdict.
    pub ours: f64,
    /// Parsing and validating by the XML Schema (libxml2).
    pub xsd: f64,
    /// Parsing and running the Schematron (Saxon).
    pub schematron: f64,
}

impl Times {
    /// How many times as long the peer takes.
    pub fn ratio(self) -> f64 {
        (self.xsd + self.schematron) / self.ours
    }
}

/// Times both sides; nothing if the peer is not on this machine.
///
/// # Errors
/// The peer breaks off, or the sides disagree about what is in the records.
pub fn measure(
    workspace: &Workspace,
    subject: &Subject,
    records: &[TestRecord],
) -> Result<Option<Times>, Failure> {
    let Some(python) = python(workspace) else {
        return Ok(None);
    };
    // Kana written as a letter and a mark is one letter for the reader, and refused by the schema.
    let whole = |record: &&TestRecord| !String::from_utf8_lossy(&record.xml).contains(MARKS);
    let records: Vec<TestRecord> = records
        .iter()
        .filter(whole)
        .take(RECORDS)
        .cloned()
        .collect();
    let records = records.as_slice();
    let scratch = Scratch::new("peer")?;
    let mut peer = Peer::start(&python, &scratch.folder, subject, records)
        .map_err(|error| failed(&error.to_string()))?;
    let mut sides = Sides {
        library: subject.library.clone(),
        reader: Reader::new(),
        checker: Checker::new(subject.library.clone(), subject.today),
        left_out: left_out(subject),
    };
    let length = records.len().div_ceil(SLICES).max(1);
    let mut sums = [Duration::ZERO; 3];
    for (number, slice) in records.chunks(length).enumerate() {
        let from = number * length;
        let mut times = [const { Vec::new() }; 3];
        for pass in 0..PASSES {
            let theirs = peer
                .check(from, from + slice.len())
                .map_err(|error| failed(&error.to_string()))?;
            sides.agree(slice, &theirs)?;
            let ours = sides.time(slice);
            if pass > 0 {
                for (times, time) in times.iter_mut().zip([ours, theirs.xsd, theirs.schematron]) {
                    times.push(time);
                }
            }
        }
        for (sum, times) in sums.iter_mut().zip(times) {
            *sum += median(times);
        }
    }
    let count = records.len().max(1) as f64;
    let [ours, xsd, schematron] = sums.map(|sum| sum.as_secs_f64() / count);
    Ok(Some(Times {
        ours,
        xsd,
        schematron,
    }))
}

fn failed(why: &str) -> Failure {
    Failure::Other(format!(
        "XMLスキーマとSchematronの計測が失敗しました: {why}\n  tests/python/requirements.txt のとおり入れ直してください"
    ))
}

/// A Python with lxml and saxonche: that of `KOHYO_PYTHON`, of the tests, or of the system.
fn python(workspace: &Workspace) -> Option<PathBuf> {
    let own = std::env::var_os("KOHYO_PYTHON").map(PathBuf::from);
    let of_tests = workspace.root.join("../target/python/bin/python");
    let works = |python: &PathBuf| {
        Command::new(python)
            .args(["-c", "import lxml.isoschematron, saxonche"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    [own, Some(of_tests), Some(PathBuf::from("python3"))]
        .into_iter()
        .flatten()
        .find(works)
}

/// The rules that the Schematron leaves to others.
fn left_out(subject: &Subject) -> BTreeSet<String> {
    let made = schematron::schematron(subject.form.program());
    made.residue.into_iter().map(|rest| rest.rule).collect()
}

/// The child process.
struct Peer {
    child: Child,
    asks: ChildStdin,
    says: BufReader<ChildStdout>,
}

/// What the child says about a slice.
struct Said {
    xsd: Duration,
    schematron: Duration,
    accepted: u64,
    reports: u64,
}

impl Peer {
    fn start(
        python: &Path,
        folder: &Path,
        subject: &Subject,
        records: &[TestRecord],
    ) -> io::Result<Self> {
        let program = subject.form.program();
        std::fs::write(folder.join("form.xsd"), xsd::schema(program))?;
        std::fs::write(folder.join(xsd::SHARED_TYPES_FILE), xsd::shared_types())?;
        let made = schematron::schematron(program);
        std::fs::write(folder.join("form.sch"), made.text)?;
        for (number, record) in records.iter().enumerate() {
            std::fs::write(folder.join(format!("{number}.xml")), &record.xml)?;
        }
        let mut child = Command::new(python)
            .args(["-c", include_str!("peer.py")])
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(asks), Some(says)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let mut peer = Self {
            child,
            asks,
            says: BufReader::new(says),
        };
        match peer.line()?.as_str() {
            "ready" => Ok(peer),
            other => Err(io::Error::other(other.to_owned())),
        }
    }

    fn check(&mut self, from: usize, to: usize) -> io::Result<Said> {
        writeln!(self.asks, "{from} {to}")?;
        let line = self.line()?;
        let said = || {
            let mut words = line.split(' ');
            let mut seconds = || Duration::try_from_secs_f64(words.next()?.parse().ok()?).ok();
            let (xsd, schematron) = (seconds()?, seconds()?);
            let mut count = || words.next()?.parse().ok();
            Some(Said {
                xsd,
                schematron,
                accepted: count()?,
                reports: count()?,
            })
        };
        said().ok_or_else(|| io::Error::other(line.clone()))
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.says.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It has nothing to keep; whether it has already ended is no matter.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Our side.
struct Sides {
    library: Library,
    reader: Reader,
    checker: Checker,
    left_out: BTreeSet<String>,
}

impl Sides {
    /// Both accept the same number of records as XML, and find the same number of things in those.
    fn agree(&mut self, slice: &[TestRecord], theirs: &Said) -> Result<(), Failure> {
        let (mut accepted, mut found) = (0, 0);
        for record in slice {
            // A schema accepts a record exactly if the reader finds nothing in it.
            let mut valid = true;
            let read = self
                .reader
                .read_slice(&record.xml, &self.library, &mut |record| {
                    valid &= record.findings.is_empty();
                    ControlFlow::Continue(())
                });
            if read.is_err() || !valid {
                continue;
            }
            accepted += 1;
            self.checker.check_slice(&record.xml, &mut |report| {
                let findings = report.findings.iter();
                found += findings
                    .filter(|finding| !self.left_out.contains(&*finding.check))
                    .count() as u64;
                ControlFlow::Continue(())
            });
        }
        if (accepted, found) == (theirs.accepted, theirs.reports) {
            return Ok(());
        }
        Err(Failure::Other(format!(
            "XMLスキーマとSchematronの結果が本システムと異なるため、比は出しません\n  \
             本システム: 適合 {accepted} 件、指摘 {found} 件。相手: 適合 {} 件、指摘 {} 件",
            theirs.accepted, theirs.reports
        )))
    }

    /// Processor time of one pass; by the clock where the system does not tell.
    fn time(&mut self, slice: &[TestRecord]) -> Duration {
        let (begun, before) = (Instant::now(), processor_time());
        let mut reports = Vec::new();
        for _ in 0..OFTEN {
            for record in slice {
                reports.clear();
                self.checker.check_slice(&record.xml, &mut |report| {
                    reports.push(report);
                    ControlFlow::Continue(())
                });
                std::hint::black_box(&reports);
            }
        }
        let spent = before
            .zip(processor_time())
            .and_then(|(before, after)| after.checked_sub(before));
        spent.unwrap_or_else(|| begun.elapsed()) / OFTEN
    }
}
