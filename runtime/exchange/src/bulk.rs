//! Files and folders → reports, on all cores, in the order of the names, in bounded memory.

use crate::check::{Checker, RecordReport};
use crate::finding::{Place, RecordFinding};
use crate::library::Library;
use kohyo_engine::program::Level;
use kohyo_engine::{Date, ResultKind};
use serde::Serialize;
use std::fs::{self, File};
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How a bulk check runs.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The day of judgement for records that do not say when they were written.
    pub today: Date,
    /// How many files are read at a time.
    pub threads: NonZeroUsize,
}

/// How far a bulk check has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files done.
    pub files: u64,
    /// Files in all.
    pub all_files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Bytes in all.
    pub all_bytes: u64,
    /// Records read.
    pub records: u64,
}

/// What came out of a bulk check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Files looked at.
    pub files: u64,
    /// Records in them.
    pub records: u64,
    /// Records with at least one error.
    pub records_with_errors: u64,
    /// Errors.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Findings for information.
    pub information: u64,
    /// Records by result.
    pub results: Results,
    /// Renewals that meet only the rules of the previous edition.
    pub eligible_by_previous: u64,
}

/// Records by result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Results {
    /// 認定基準を満たす.
    pub eligible: u64,
    /// 軽症.
    pub mild: u64,
    /// 満たさない.
    pub not_met: u64,
    /// 判定不能.
    pub undetermined: u64,
    /// Not judged: unreadable, or of an unknown form.
    pub not_judged: u64,
}

impl Summary {
    /// Counts a report.
    pub fn add(&mut self, report: &RecordReport) {
        let mut errors = 0;
        for finding in &report.findings {
            match finding.level {
                Level::Error => errors += 1,
                Level::Warning => self.warnings += 1,
                Level::Information => self.information += 1,
            }
        }
        self.errors += errors;
        if report.number == 0 {
            return;
        }
        self.records += 1;
        self.records_with_errors += u64::from(errors > 0);
        let only_previous = report.previous == Some(ResultKind::Eligible)
            && report.result != Some(ResultKind::Eligible);
        self.eligible_by_previous += u64::from(only_previous);
        let results = &mut self.results;
        *match report.result {
            Some(ResultKind::Eligible) => &mut results.eligible,
            Some(ResultKind::Mild) => &mut results.mild,
            Some(ResultKind::NotMet) => &mut results.not_met,
            Some(ResultKind::Undetermined) => &mut results.undetermined,
            None => &mut results.not_judged,
        } += 1;
    }
}

/// Checks every record of these files, and of the `*.xml` files in these folders and the folders
/// in them.
///
/// `sink` is called with every record, clean ones too, in the order of the file names and of the
/// records in each file, whatever thread read them; `on_progress` now and then.
/// What is wrong with a file is a finding of its report and never keeps the others from being
/// read. Memory does not grow with the size of a file or the number of findings.
///
/// # Errors
/// Only what `sink` returns; the check stops there.
pub fn check_records(
    paths: &[PathBuf],
    library: &Library,
    options: Options,
    mut on_progress: impl FnMut(Progress),
    mut sink: impl FnMut(&Path, RecordReport) -> io::Result<()>,
) -> io::Result<Summary> {
    let targets = targets(paths);
    let mut progress = Progress {
        all_files: targets.len() as u64,
        all_bytes: targets.iter().map(|target| target.bytes).sum(),
        ..Progress::default()
    };
    let mut summary = Summary {
        files: progress.all_files,
        ..Summary::default()
    };
    let threads = options.threads.get();
    let ahead = threads * 4;
    let (senders, receivers): (Vec<_>, Vec<_>) = (0..ahead).map(|_| sync_channel(2)).unzip();
    let queue = Queue {
        next: AtomicUsize::new(0),
        turn: Turn::default(),
        ahead,
    };
    thread::scope(|scope| {
        // Both go when this closure ends, so that no reader waits for us any more.
        let _stop = StopOnDrop(&queue.turn);
        let receivers: Vec<Receiver<Batch>> = receivers;
        for _ in 0..threads {
            scope.spawn(|| work(&queue, &targets, &senders, library, options.today));
        }
        for (position, target) in targets.iter().enumerate() {
            let Some(lane) = receivers.get(position % ahead) else {
                break;
            };
            take_file(lane, |batch| {
                progress.bytes += batch.bytes;
                for report in batch.reports {
                    summary.add(&report);
                    sink(&target.path, report)?;
                }
                progress.records = summary.records;
                on_progress(progress);
                Ok(())
            })?;
            progress.files += 1;
            on_progress(progress);
            queue.turn.advance();
        }
        Ok(summary)
    })
}

/// A file to check.
struct Target {
    path: PathBuf,
    bytes: u64,
    /// Why it cannot be read, if that is known already.
    trouble: Option<RecordFinding>,
}

/// The files in the order of their names, each once.
fn targets(paths: &[PathBuf]) -> Vec<Target> {
    let mut targets = Vec::new();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let before = targets.len();
                walk_folder(path, &mut targets);
                if targets.len() == before {
                    targets.push(troubled(
                        path,
                        RecordFinding::error(
                            "file.no_xml",
                            Place::default(),
                            "フォルダーの中にXMLファイル（*.xml）がありません",
                            "フォルダーの指定を確認してください",
                        ),
                    ));
                }
            }
            Ok(metadata) => targets.push(target(path.clone(), &metadata)),
            Err(error) => targets.push(unreadable(path, &error)),
        }
    }
    targets.sort_by(|a, b| a.path.cmp(&b.path));
    targets.dedup_by(|a, b| a.path == b.path);
    targets
}

/// Adds the `*.xml` files in a folder and its folders. Links to folders are not followed, so that
/// no file is met twice and no circle is walked.
fn walk_folder(folder: &Path, targets: &mut Vec<Target>) {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                targets.push(unreadable(&folder, &error));
                continue;
            }
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    targets.push(unreadable(&folder, &error));
                    break;
                }
            };
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("xml"))
            {
                match fs::metadata(&path) {
                    Ok(metadata) if metadata.is_dir() => {}
                    Ok(metadata) => targets.push(target(path, &metadata)),
                    Err(error) => targets.push(unreadable(&path, &error)),
                }
            }
        }
    }
}

fn target(path: PathBuf, metadata: &fs::Metadata) -> Target {
    if metadata.is_file() {
        return Target {
            path,
            bytes: metadata.len(),
            trouble: None,
        };
    }
    // Opening a pipe would wait for someone to write into it.
    let trouble = RecordFinding::error(
        "file.unreadable",
        Place::default(),
        "通常のファイルではありません",
        "XMLのファイルかフォルダーを指定してください",
    );
    troubled(&path, trouble)
}

fn unreadable(path: &Path, error: &io::Error) -> Target {
    troubled(path, RecordFinding::unreadable(Place::default(), error))
}

fn troubled(path: &Path, trouble: RecordFinding) -> Target {
    Target {
        path: path.to_owned(),
        bytes: 0,
        trouble: Some(trouble),
    }
}

/// Some of the reports of a file, and the bytes read for them.
#[derive(Default)]
struct Batch {
    reports: Vec<RecordReport>,
    findings: usize,
    bytes: u64,
    /// Nothing of this file follows.
    last: bool,
}

/// A batch is handed over when it has so many reports or findings.
const BATCH_REPORTS: usize = 256;
const BATCH_FINDINGS: usize = 256;

/// Who reads which file when.
///
/// Files are taken in order. File `n` reports through lane `n % ahead`, and nobody begins a file
/// whose lane is still in use; so the file whose turn it is always has a reader, a full lane only
/// stops readers of later files, and at most `ahead` files are in memory.
struct Queue {
    next: AtomicUsize,
    turn: Turn,
    ahead: usize,
}

fn work(
    queue: &Queue,
    targets: &[Target],
    lanes: &[SyncSender<Batch>],
    library: &Library,
    today: Date,
) {
    let mut checker = Checker::new(library.clone(), today);
    loop {
        let position = queue.next.fetch_add(1, Ordering::Relaxed);
        let Some(target) = targets.get(position) else {
            return;
        };
        let Some(lane) = lanes.get(position % queue.ahead) else {
            return;
        };
        if !queue.turn.wait_until_within(position, queue.ahead) {
            return;
        }
        let mut hand_over = HandOver {
            lane,
            batch: Batch::default(),
        };
        check_file(target, &mut checker, &mut hand_over);
    }
}

fn check_file(target: &Target, checker: &mut Checker, to: &mut HandOver<'_>) {
    let opened = match &target.trouble {
        Some(trouble) => Err(trouble.clone()),
        None => File::open(&target.path)
            .map_err(|error| RecordFinding::unreadable(Place::default(), &error)),
    };
    let file = match opened {
        Ok(file) => file,
        Err(trouble) => {
            // Whether anybody listens makes no difference: nothing follows.
            let _ = to.add(RecordReport::of_file(trouble), 0);
            return;
        }
    };
    let counted = Counted {
        input: file,
        bytes: std::cell::Cell::new(0),
    };
    checker.check(&counted, &mut |report| to.add(report, counted.bytes.take()));
    to.batch.bytes += counted.bytes.take();
}

/// Collects the reports of one file into batches; the last one follows when it is dropped, even
/// if reading panics.
struct HandOver<'a> {
    lane: &'a SyncSender<Batch>,
    batch: Batch,
}

impl HandOver<'_> {
    /// Stops if nobody listens any more.
    fn add(&mut self, report: RecordReport, bytes: u64) -> ControlFlow<()> {
        let batch = &mut self.batch;
        batch.findings += report.findings.len();
        batch.bytes += bytes;
        batch.reports.push(report);
        if batch.reports.len() < BATCH_REPORTS && batch.findings < BATCH_FINDINGS {
            return ControlFlow::Continue(());
        }
        match self.lane.send(std::mem::take(batch)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

impl Drop for HandOver<'_> {
    fn drop(&mut self) {
        let batch = Batch {
            last: true,
            ..std::mem::take(&mut self.batch)
        };
        // Nobody listens only when the check has been given up.
        let _ = self.lane.send(batch);
    }
}

/// Takes the batches of one file.
fn take_file(
    lane: &Receiver<Batch>,
    mut take: impl FnMut(Batch) -> io::Result<()>,
) -> io::Result<()> {
    // INVARIANT: the senders outlive the receivers, and every file ends with a last batch.
    while let Ok(batch) = lane.recv() {
        let last = batch.last;
        take(batch)?;
        if last {
            break;
        }
    }
    Ok(())
}

/// Counts the bytes read.
struct Counted {
    input: File,
    bytes: std::cell::Cell<u64>,
}

impl Read for &Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = (&self.input).read(buffer)?;
        self.bytes.set(self.bytes.get() + count as u64);
        Ok(count)
    }
}

/// Whose turn it is to be handed to the sink.
#[derive(Default)]
struct Turn {
    state: Mutex<TurnState>,
    changed: Condvar,
}

#[derive(Clone, Copy, Default)]
struct TurnState {
    position: usize,
    stopped: bool,
}

impl Turn {
    fn lock(&self) -> MutexGuard<'_, TurnState> {
        // A thread that panicked has left two plain values, not a broken state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn advance(&self) {
        self.lock().position += 1;
        self.changed.notify_all();
    }

    fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// Waits until `position` is less than `ahead` away; false if the check is given up.
    fn wait_until_within(&self, position: usize, ahead: usize) -> bool {
        let far = |state: &mut TurnState| !state.stopped && position >= state.position + ahead;
        let state = self.changed.wait_while(self.lock(), far);
        !state.unwrap_or_else(PoisonError::into_inner).stopped
    }
}

/// Lets the readers go home when the taking side ends, for whatever reason.
struct StopOnDrop<'a>(&'a Turn);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

#[cfg(test)]
mod tests;
