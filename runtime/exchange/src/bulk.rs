//! Files and folders → reports, on all cores, in the order of the names, in bounded memory.

mod targets;

use crate::archive::check_archive;
use crate::check::{Checker, RecordReport};
use crate::finding::{Place, RecordFinding};
use crate::library::Library;
use kohyo_engine::program::Level;
use kohyo_engine::{Date, ResultKind};
use serde::Serialize;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use targets::{Target, targets};

/// How a bulk check runs.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The day of judgement for records that do not say when they were written.
    pub today: Date,
    /// How many files are read at a time.
    pub threads: NonZeroUsize,
    /// Whether values are read otherwise than written where there is no doubt, and listed.
    pub normalise: bool,
    /// Whether each report carries its record.
    pub keep_records: bool,
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

/// Checks every record of these files, and of the XML, CSV and ZIP files in these folders and the
/// folders in them. A file in an archive is named as if the archive were a folder.
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
            scope.spawn(|| work(&queue, &targets, &senders, library, options));
        }
        for (position, target) in targets.iter().enumerate() {
            let Some(lane) = receivers.get(position % ahead) else {
                break;
            };
            take_file(lane, |batch| {
                progress.bytes += batch.bytes;
                for (name, report) in batch.reports {
                    summary.add(&report);
                    match name {
                        Some(name) => sink(&inside(&target.path, &name), report)?,
                        None => sink(&target.path, report)?,
                    }
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

/// The name of a file in an archive, as if the archive were a folder. Joined as text: an absolute
/// name in an archive must not replace the name of the archive.
fn inside(archive: &Path, name: &str) -> PathBuf {
    let mut path = archive.as_os_str().to_owned();
    path.push("/");
    path.push(name);
    path.into()
}

/// Some of the reports of a file, and the bytes read for them.
#[derive(Default)]
struct Batch {
    /// With the name of the file in an archive.
    reports: Vec<(Option<Arc<str>>, RecordReport)>,
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
    options: Options,
) {
    let mut checker = Checker::new(library.clone(), options.today);
    if options.normalise {
        checker = checker.normalising();
    }
    if options.keep_records {
        checker = checker.keeping_records();
    }
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
            inside: None,
        };
        check_file(target, &mut checker, &mut hand_over);
    }
}

fn check_file(target: &Target, checker: &mut Checker, to: &mut HandOver<'_>) {
    let opened = match &target.trouble {
        Some(trouble) => Err(trouble.clone()),
        None => File::open(&target.path)
            .and_then(|mut file| Ok((kind_of(&target.path, &mut file)?, file)))
            .map_err(|error| RecordFinding::unreadable(Place::default(), &error)),
    };
    let (kind, file) = match opened {
        Ok(opened) => opened,
        Err(trouble) => {
            // Whether anybody listens makes no difference: nothing follows.
            let _ = to.add(None, RecordReport::of_file(trouble), 0);
            return;
        }
    };
    let counted = Counted {
        input: file,
        bytes: std::cell::Cell::new(0),
    };
    match kind {
        Kind::Xml => checker.check(&counted, &mut |report| {
            to.add(None, report, counted.bytes.take())
        }),
        Kind::Csv => {
            let open = || {
                (&counted.input).seek(SeekFrom::Start(0))?;
                counted.bytes.set(0); // only the second reading counts
                Ok(&counted)
            };
            checker.check_csv(open, &mut |report| {
                to.add(None, report, counted.bytes.take())
            });
        }
        Kind::Archive => {
            let Counted { input, .. } = counted;
            check_archive(input, checker, &mut |name, report| to.add(name, report, 0));
            to.batch.bytes += target.bytes;
            return;
        }
        Kind::Sealed => {
            let finding = RecordFinding::error(
                "file.sealed",
                Place::default(),
                "封緘ファイルは点検できません",
                "封緘する前の個票のファイルを指定してください",
            );
            let _ = to.add(None, RecordReport::of_file(finding), target.bytes);
        }
    }
    to.batch.bytes += counted.bytes.take();
}

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Xml,
    Csv,
    Archive,
    Sealed,
}

/// By the first bytes where they leave no doubt, else by the name.
fn kind_of(path: &Path, file: &mut File) -> io::Result<Kind> {
    let mut start = [0; 8];
    let mut got = 0;
    while let Some(room) = start.get_mut(got..).filter(|room| !room.is_empty()) {
        match file.read(room) {
            Ok(0) => break,
            Ok(more) => got += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    file.seek(SeekFrom::Start(0))?;
    let named = |wanted: &str| {
        path.extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
    };
    Ok(match start {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Kind::Archive,
        _ if &start == b"KOHYOBOX" => Kind::Sealed,
        _ if named("zip") => Kind::Archive,
        _ if named("csv") => Kind::Csv,
        _ => Kind::Xml,
    })
}

/// Collects the reports of one file into batches; the last one follows when it is dropped, even
/// if reading panics.
struct HandOver<'a> {
    lane: &'a SyncSender<Batch>,
    batch: Batch,
    /// The file of the archive at hand.
    inside: Option<Arc<str>>,
}

impl HandOver<'_> {
    /// Stops if nobody listens any more.
    fn add(&mut self, inside: Option<&str>, report: RecordReport, bytes: u64) -> ControlFlow<()> {
        if self.inside.as_deref() != inside {
            self.inside = inside.map(Arc::from);
        }
        let batch = &mut self.batch;
        batch.findings += report.findings.len();
        batch.bytes += bytes;
        batch.reports.push((self.inside.clone(), report));
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
