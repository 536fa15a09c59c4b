//! The one thing the tool is doing, or did last.

use crate::check::Outcome;
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
    state: Mutex<State>,
}

impl Job {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A thread that panicked has left a whole state behind: it is only ever replaced.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn state(&self) -> State {
        self.lock().clone()
    }

    pub(crate) fn progress(&self, now: Progress) {
        if let State::Running(progress) = &mut *self.lock() {
            *progress = now;
        }
    }
}

/// Work under way. Dropped before it has ended, it leaves a job that failed: work that panics must
/// not look as if it went on for ever.
pub(crate) struct UnderWay(Option<Arc<Job>>);

impl UnderWay {
    /// Begins, unless something is under way.
    pub(crate) fn begin(job: &Arc<Job>) -> Option<Self> {
        let mut state = job.lock();
        if matches!(*state, State::Running(..)) {
            return None;
        }
        *state = State::Running(Progress::default());
        Some(Self(Some(Arc::clone(job))))
    }

    pub(crate) fn end(mut self, state: State) {
        if let Some(job) = self.0.take() {
            *job.lock() = state;
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(job) = self.0.take() {
            *job.lock() = State::Failed(BROKEN.to_owned());
        }
    }
}

const BROKEN: &str = "点検ツールの不具合により、途中で止まりました\n  もう一度点検してください。同じことが起きるときは、ファイルを分けて点検し、どのファイルで止まるかを点検ツールの配布元に知らせてください";
