//! Files and folders → reports, on all cores, in the order of the names, in bounded memory.

mod targets;
mod cutter;
mod pieces;
mod lanes;

use crate::archive::Archive;
use crate::check::{Checker, RecordReport};
use crate::finding::{Place, RecordFinding};
use crate::foreign::Foreign;
use crate::library::Library;
use crate::stretch::Reached;
use kohyo_engine::program::Level;
use kohyo_engine::{Date, ResultKind};
use lanes::{Batch, Ending, HandOver, StopOnDrop, Turn, take_piece};
use pieces::{Members, Pieces, Work};
use serde::Serialize;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use targets::{Found, Target, targets};

pub use targets::{is_clutter, is_read, is_record_file};

/// How a bulk check runs.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The day of judgement for records that do not say when they were written.
    pub today: Date,
    /// How many threads read.
    pub threads: NonZeroUsize,
    /// Whether values are read otherwise than written where there is no doubt, and listed.
    pub normalise: bool,
    /// Whether each report carries its record.
    pub keep_records: bool,
    /// Files that are not read when they are met in a folder: the lists that are being written.
    pub except: &'a [PathBuf],
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
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
    /// Files in the folders and archives of which nothing was read: workbooks, texts, whatever holds
    /// no records. In the order of their names.
    pub unread: Vec<String>,
    /// Files that could not be read as a whole, in the order of their names. Their other records must
    /// not be passed on as if they were all.
    pub broken: Vec<BrokenFile>,
}

/// A file that could not be read as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BrokenFile {
    /// Its name.
    pub file: String,
    /// Whether reading stopped: nobody knows what follows.
    pub stopped: bool,
    /// Why.
    pub finding: RecordFinding,
}

impl fmt::Display for BrokenFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stopped = match self.stopped {
            true => "このファイルは途中までしか読めていません: ",
            false => "",
        };
        write!(f, "{}: {stopped}{}", self.file, self.finding)
    }
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
    /// Counts a report of this file, and names the file if it could not be read as a whole.
    pub fn add_of(&mut self, file: &Path, report: &RecordReport) {
        self.add(report);
        if let Some(finding) = report.of_broken_file() {
            self.add_broken(file, report.stopped, finding);
        }
    }

    /// Keeps one reason for each file, the one for which reading stopped rather than another.
    fn add_broken(&mut self, file: &Path, stopped: bool, finding: &RecordFinding) {
        let file = file.to_string_lossy();
        let known = self.broken.pop_if(|last| last.file == file);
        self.broken.push(match known {
            Some(known) if !stopped => known,
            _ => BrokenFile {
                file: file.into_owned(),
                stopped,
                finding: finding.clone(),
            },
        });
    }

    /// Counts a report of a file without a name.
    pub(crate) fn add(&mut self, report: &RecordReport) {
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

/// Checks every record of these files, and of the XML, CSV, JSON (FHIR) and ZIP files in these folders
/// and the folders in them; the summary names the other files there. Several threads share the files, and the records of a large XML or CSV file, and the files of an archive. A file in an archive is named as if the archive were a folder.
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
    let Found { targets, unread } = targets(paths, options.except);
    let unread = unread
        .iter()
        .map(|path| path.to_string_lossy().into_owned());
    let threads = options.threads.get();
    let ahead = threads * 4;
    let (senders, receivers): (Vec<_>, Vec<_>) = (0..ahead).map(|_| sync_channel(2)).unzip();
    let queue = Queue {
        pieces: Mutex::new(Pieces::new(&targets, threads > 1)),
        turn: Turn::default(),
        ahead,
    };
    let mut taker = Taker {
        summary: Summary {
            files: targets.len() as u64,
            unread: unread.collect(),
            ..Summary::default()
        },
        progress: Progress {
            all_files: targets.len() as u64,
            all_bytes: targets.iter().map(|target| target.bytes).sum(),
            ..Progress::default()
        },
        delivered: 0,
        bytes_before: 0,
        on_progress: &mut on_progress,
        sink: &mut sink,
    };
    thread::scope(|scope| {
        // Both go when this closure ends, so that no reader waits for us any more.
        let _stop = StopOnDrop(&queue.turn);
        let receivers: Vec<Receiver<Batch>> = receivers;
        for _ in 0..threads {
            scope.spawn(|| work(&queue, &senders, library, options));
        }
        // The last file of which nothing more is wanted.
        let mut settled = None;
        for lane in receivers.iter().cycle() {
            let last = take_piece(lane, |batch| match targets.get(batch.target) {
                Some(target) if settled != Some(batch.target) => taker.deliver(target, batch),
                _ => Ok(()),
            })?;
            queue.turn.advance();
            let Some((at, ending)) = last else { break };
            let Some(target) = targets.get(at) else { break };
            if settled == Some(at) || ending == Ending::GoesOn {
                continue;
            }
            queue.lock().abandon(at);
            if ending == Ending::Lost {
                taker.deliver_the_rest(target, &mut checker(library, options))?;
            }
            taker.file_done(target);
            settled = Some(at);
        }
        taker.summary.unread.sort();
        Ok(taker.summary)
    })
}

fn checker(library: &Library, options: Options) -> Checker {
    let mut checker = Checker::new(library.clone(), options.today);
    if options.normalise {
        checker = checker.normalising();
    }
    if options.keep_records {
        checker = checker.keeping_records();
    }
    checker
}

/// What is called with every report.
type Sink<'s> = dyn FnMut(&Path, RecordReport) -> io::Result<()> + 's;

/// Hands the reports over and counts them.
struct Taker<'s> {
    summary: Summary,
    progress: Progress,
    /// Reports of the file at hand so far.
    delivered: u64,
    /// Bytes of the files before it.
    bytes_before: u64,
    on_progress: &'s mut dyn FnMut(Progress),
    sink: &'s mut Sink<'s>,
}

impl Taker<'_> {
    fn deliver(&mut self, target: &Target, batch: Batch) -> io::Result<()> {
        self.progress.bytes += batch.bytes;
        let unread = batch.unread.iter();
        let unread = unread.map(|name| inside(&target.path, name).to_string_lossy().into_owned());
        self.summary.unread.extend(unread);
        for (name, report) in batch.reports {
            self.add(target, name.as_deref(), report)?;
        }
        (self.on_progress)(self.progress);
        Ok(())
    }

    fn add(&mut self, target: &Target, name: Option<&str>, report: RecordReport) -> io::Result<()> {
        self.delivered += 1;
        let file = match name {
            Some(name) => &inside(&target.path, name),
            None => &target.path,
        };
        self.summary.add_of(file, &report);
        self.progress.records = self.summary.records;
        (self.sink)(file, report)
    }

    /// Reads a file from its beginning and delivers what has not been delivered: until now it was
    /// read as if by one reader.
    fn deliver_the_rest(&mut self, target: &Target, checker: &mut Checker) -> io::Result<()> {
        let mut known = self.delivered;
        let mut outcome = Ok(());
        check_file(target, checker, &mut |name, report, _| {
            if known > 0 {
                known -= 1;
                return ControlFlow::Continue(());
            }
            outcome = self.add(target, name, report);
            match outcome {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        });
        outcome
    }

    fn file_done(&mut self, target: &Target) {
        self.delivered = 0;
        self.bytes_before += target.bytes;
        self.progress.bytes = self.bytes_before;
        self.progress.files += 1;
        (self.on_progress)(self.progress);
    }
}

/// The name of a file in an archive, as if the archive were a folder. Joined as text: an absolute
/// name in an archive must not replace the name of the archive.
fn inside(archive: &Path, name: &str) -> PathBuf {
    let mut path = archive.as_os_str().to_owned();
    path.push("/");
    path.push(name);
    path.into()
}

/// Who reads which piece when.
///
/// Pieces are taken in order. Piece `n` reports through lane `n % ahead`, and nobody begins a piece
/// whose lane is still in use; so the piece whose turn it is always has a reader, a full lane only
/// stops readers of later pieces, and at most `ahead` pieces are in memory.
struct Queue<'t> {
    pieces: Mutex<Pieces<'t>>,
    turn: Turn,
    ahead: usize,
}

impl<'t> Queue<'t> {
    fn lock(&self) -> MutexGuard<'_, Pieces<'t>> {
        // A thread that panicked while cutting has at worst lost a piece of its file.
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn work(queue: &Queue<'_>, lanes: &[SyncSender<Batch>], library: &Library, options: Options) {
    let mut checker = checker(library, options);
    loop {
        let piece = queue.lock().next();
        let Some(piece) = piece else { return };
        let Some(lane) = lanes.get(piece.position % queue.ahead) else {
            return;
        };
        if !queue.turn.wait_until_within(piece.position, queue.ahead) {
            return;
        }
        let mut hand_over = HandOver::new(lane, piece.target);
        match piece.work {
            Work::Whole(target) => check_file(target, &mut checker, &mut |name, report, bytes| {
                hand_over.add(name, report, bytes)
            }),
            Work::Stretch(stretch) => {
                let reached =
                    checker.check_stretch(&stretch, &mut |report| hand_over.add(None, report, 0));
                hand_over.ends(stretch.bytes.len() as u64, reached.into());
            }
            Work::Rows(stretch, charset) => {
                let reached = checker.check_rows(&stretch, charset, &mut |report| {
                    hand_over.add(None, report, 0)
                });
                hand_over.ends(stretch.bytes.len() as u64, reached.into());
            }
            Work::Members(members) => {
                let Members {
                    mut archive,
                    places,
                    last,
                    bytes,
                } = *members;
                if places.start == 0 {
                    hand_over.passes_over(archive.unread());
                }
                archive.check(places, &mut checker, &mut |name, report| {
                    hand_over.add(name, report, 0)
                });
                hand_over.ends(bytes, if last { Ending::Done } else { Ending::GoesOn });
            }
            Work::Lost => hand_over.ends(0, Ending::Lost),
            Work::End => {}
        }
    }
}

impl From<Reached> for Ending {
    fn from(reached: Reached) -> Self {
        match reached {
            Reached::Next => Self::GoesOn,
            Reached::End => Self::Done,
            Reached::Elsewhere => Self::Lost,
        }
    }
}

/// What takes the reports of a file: the name of the file in an archive, the report, and the bytes
/// read since the last one.
type OnReport<'a> = dyn FnMut(Option<&str>, RecordReport, u64) -> ControlFlow<()> + 'a;

fn check_file(target: &Target, checker: &mut Checker, to: &mut OnReport<'_>) {
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
            let _ = to(None, RecordReport::of_file(trouble), 0);
            return;
        }
    };
    let counted = Counted {
        input: file,
        bytes: std::cell::Cell::new(0),
    };
    match kind {
        Kind::Xml => checker.check(&counted, &mut |report| {
            to(None, report, counted.bytes.take())
        }),
        Kind::Responses => checker.check_responses(&counted, &mut |report| {
            to(None, report, counted.bytes.take())
        }),
        Kind::Csv => {
            let open = || {
                (&counted.input).seek(SeekFrom::Start(0))?;
                counted.bytes.set(0); // only the second reading counts
                Ok(&counted)
            };
            checker.check_csv(open, &mut |report| to(None, report, counted.bytes.take()));
        }
        Kind::Archive => {
            let Counted { input, .. } = counted;
            match Archive::open(input) {
                Ok(mut archive) => {
                    archive.check(0..archive.len(), checker, &mut |name, report| {
                        to(name, report, 0)
                    });
                }
                // It is the only report.
                Err(finding) => drop(to(None, RecordReport::of_file(*finding), 0)),
            }
        }
        Kind::Foreign(foreign) => {
            let _ = to(None, RecordReport::of_file(foreign.finding()), 0);
        }
        Kind::Sealed => {
            let finding = RecordFinding::error(
                "file.sealed",
                Place::default(),
                "封緘ファイルは点検できません",
                "封緘する前の個票のファイルを指定してください",
            );
            let _ = to(None, RecordReport::of_file(finding), 0);
        }
    }
}

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Xml,
    Csv,
    /// FHIR.
    Responses,
    Archive,
    Sealed,
    /// Nothing that holds records.
    Foreign(Foreign),
}

/// By the first bytes where they leave no doubt, else by the name.
fn kind_of(path: &Path, file: &mut File) -> io::Result<Kind> {
    let mut start = [0; Foreign::START];
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
    let start = start.get(..got).unwrap_or_default();
    if let Some(foreign) = Foreign::of(start) {
        return Ok(Kind::Foreign(foreign));
    }
    let named = |wanted: &str| {
        path.extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
    };
    Ok(match start {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Kind::Archive,
        [b'K', b'O', b'H', b'Y', b'O', b'B', b'O', b'X', ..] => Kind::Sealed,
        _ if named("zip") => Kind::Archive,
        _ if named("csv") => Kind::Csv,
        _ if named("json") || named("ndjson") => Kind::Responses,
        [b'{', ..] if !named("xml") => Kind::Responses,
        _ => Kind::Xml,
    })
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

#[cfg(test)]
mod tests;
