//! The one thing the tool is doing, or did last.

use crate::check::Outcome;
use crate::keys::ToolError;
use crate::sealing::Sealed;
use kohyo_exchange::Progress;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;

/// What is being done, to what.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) paths: Vec<PathBuf>,
    /// The folder of files that were chosen in the browser; it goes with the task.
    pub(crate) sent: Option<Arc<TempDir>>,
    pub(crate) normalise: bool,
}

impl Task {
    /// The folder whose name is nobody's affair.
    pub(crate) fn untold(&self) -> Option<&Path> {
        self.sent.as_ref().map(|folder| folder.path())
    }

    /// What is checked, for people.
    pub(crate) fn told(&self) -> String {
        match (&self.sent, self.paths.as_slice()) {
            (None, [path, ..]) => path.to_string_lossy().into_owned(),
            (Some(_), [path]) => {
                let name = path.file_name().unwrap_or_default();
                format!("選んだファイル: {}", name.to_string_lossy())
            }
            (_, paths) => format!("選んだファイル {} 個", paths.len()),
        }
    }
}

/// How far it is.
#[derive(Clone, Debug, Default)]
pub(crate) enum State {
    /// Nothing has been asked for yet.
    #[default]
    Idle,
    /// Under way.
    Running(Progress),
    /// Done, with the container if it was to be sealed.
    Done(Task, Box<Outcome>, Option<(PathBuf, Sealed)>),
    /// Not done, and why.
    Failed(String),
}

/// The state, shared between the page and the work.
#[derive(Default)]
pub(crate) struct Job {
    last: Mutex<Last>,
}

/// The last thing that was begun.
#[derive(Default)]
struct Last {
    /// Counted from 1. A window that shows another one shows what is no longer so.
    number: u64,
    state: State,
}

impl Job {
    fn lock(&self) -> MutexGuard<'_, Last> {
        // A thread that panicked has left a whole state behind: it is only ever replaced.
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state with its number.
    pub(crate) fn state(&self) -> (u64, State) {
        let last = self.lock();
        (last.number, last.state.clone())
    }

    /// The state of the job with this number.
    ///
    /// # Errors
    /// Another one has been begun since.
    pub(crate) fn state_of(&self, number: u64) -> Result<State, ToolError> {
        let (last, state) = self.state();
        match last == number {
            true => Ok(state),
            false => Err(ToolError::Other(OLD.to_owned())),
        }
    }

    pub(crate) fn progress(&self, now: Progress) {
        if let State::Running(progress) = &mut self.lock().state {
            *progress = now;
        }
    }
}

/// Work under way. Dropped before it has ended, it leaves a job that failed: work that panics must
/// not look as if it went on for ever.
pub(crate) struct UnderWay(Option<Arc<Job>>);

impl UnderWay {
    /// Begins; gives the number. What follows a job is begun only if that was the last one.
    ///
    /// # Errors
    /// Something is under way, or was begun since.
    pub(crate) fn begin(job: &Arc<Job>, follows: Option<u64>) -> Result<(Self, u64), ToolError> {
        let mut last = job.lock();
        if matches!(last.state, State::Running(..)) {
            return Err(ToolError::Other(BUSY.to_owned()));
        }
        if follows.is_some_and(|number| number != last.number) {
            return Err(ToolError::Other(OLD.to_owned()));
        }
        last.number += 1;
        last.state = State::Running(Progress::default());
        Ok((Self(Some(Arc::clone(job))), last.number))
    }

    pub(crate) fn end(mut self, state: State) {
        if let Some(job) = self.0.take() {
            job.lock().state = state;
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(job) = self.0.take() {
            job.lock().state = State::Failed(BROKEN.to_owned());
        }
    }
}

const BUSY: &str = "ほかの点検か封緘の途中です\n  終わってから、もう一度始めてください（ほかの画面で始めたものも含みます）";
const OLD: &str = "この結果は古くなりました。点検し直してください\n  この結果の後に、ほかの点検か封緘を始めました（ほかの画面で始めたものも含みます）";
const BROKEN: &str = "点検ツールの不具合により、途中で止まりました\n  もう一度点検してください。同じことが起きるときは、ファイルを分けて点検し、どのファイルで止まるかを点検ツールの配布元に知らせてください";
