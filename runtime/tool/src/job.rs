//! The one thing the tool is doing, or did last.

use crate::check::Outcome;
use crate::sealing::Sealed;
use kohyo_exchange::Progress;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is being done, to what.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) path: PathBuf,
    pub(crate) normalise: bool,
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

    /// Begins, unless something is under way.
    pub(crate) fn begin(&self) -> bool {
        let mut state = self.lock();
        let free = !matches!(*state, State::Running(..));
        if free {
            *state = State::Running(Progress::default());
        }
        free
    }

    pub(crate) fn progress(&self, now: Progress) {
        if let State::Running(progress) = &mut *self.lock() {
            *progress = now;
        }
    }

    pub(crate) fn end(&self, state: State) {
        *self.lock() = state;
    }
}
