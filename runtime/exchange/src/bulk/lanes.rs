//! How reports come from the readers to the one who takes them: a lane for each piece of work, batches
//! in each, and whose turn it is.

use crate::check::RecordReport;
use std::io;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Some of the reports of a piece, and the bytes read for them.
#[derive(Default)]
pub(super) struct Batch {
    /// The file, by position.
    pub(super) target: usize,
    /// With the name of the file in an archive.
    pub(super) reports: Vec<(Option<Arc<str>>, RecordReport)>,
    pub(super) bytes: u64,
    /// Files of the archive of which nothing is read.
    pub(super) unread: Vec<String>,
    findings: usize,
    /// Nothing of this piece follows.
    last: Option<Ending>,
}

/// How a piece ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The file has been read, as far as it can be.
    Done,
    /// The next piece is of the same file.
    GoesOn,
    /// The file must be read as a whole.
    Lost,
}

/// A batch is handed over when it has so many reports or findings.
const BATCH_REPORTS: usize = 256;
const BATCH_FINDINGS: usize = 256;

/// Collects the reports of one piece into batches; the last one follows when it is dropped, even
/// if reading panics.
pub(super) struct HandOver<'a> {
    lane: &'a SyncSender<Batch>,
    batch: Batch,
    ending: Ending,
    /// The file of the archive at hand.
    inside: Option<Arc<str>>,
}

impl<'a> HandOver<'a> {
    pub(super) fn new(lane: &'a SyncSender<Batch>, target: usize) -> Self {
        Self {
            lane,
            batch: Batch {
                target,
                ..Batch::default()
            },
            ending: Ending::Done,
            inside: None,
        }
    }

    /// Stops if nobody listens any more.
    pub(super) fn add(
        &mut self,
        inside: Option<&str>,
        report: RecordReport,
        bytes: u64,
    ) -> ControlFlow<()> {
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
        let next = Batch {
            target: batch.target,
            ..Batch::default()
        };
        match self.lane.send(std::mem::replace(batch, next)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    /// The files of the archive of which nothing is read.
    pub(super) fn passes_over(&mut self, unread: &[String]) {
        self.batch.unread.extend_from_slice(unread);
    }

    /// How it ends, if not with the end of the file, and the bytes that were not counted.
    pub(super) fn ends(&mut self, bytes: u64, ending: Ending) {
        self.batch.bytes += bytes;
        self.ending = ending;
    }
}

impl Drop for HandOver<'_> {
    fn drop(&mut self) {
        let batch = Batch {
            last: Some(self.ending),
            ..std::mem::take(&mut self.batch)
        };
        // Nobody listens only when the check has been given up.
        let _ = self.lane.send(batch);
    }
}

/// Takes the batches of one piece; gives its file and how it ended.
pub(super) fn take_piece(
    lane: &Receiver<Batch>,
    mut take: impl FnMut(Batch) -> io::Result<()>,
) -> io::Result<Option<(usize, Ending)>> {
    // INVARIANT: the senders outlive the receivers, and every piece ends with a last batch.
    while let Ok(batch) = lane.recv() {
        let last = batch.last.map(|ending| (batch.target, ending));
        take(batch)?;
        if last.is_some() {
            return Ok(last);
        }
    }
    Ok(None)
}

/// Whose turn it is to be handed to the sink.
#[derive(Default)]
pub(super) struct Turn {
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

    pub(super) fn advance(&self) {
        self.lock().position += 1;
        self.changed.notify_all();
    }

    fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// Waits until `position` is less than `ahead` away; false if the check is given up.
    pub(super) fn wait_until_within(&self, position: usize, ahead: usize) -> bool {
        let far = |state: &mut TurnState| !state.stopped && position >= state.position + ahead;
        let state = self.changed.wait_while(self.lock(), far);
        !state.unwrap_or_else(PoisonError::into_inner).stopped
    }
}

/// Lets the readers go home when the taking side ends, for whatever reason.
pub(super) struct StopOnDrop<'a>(pub(super) &'a Turn);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}
