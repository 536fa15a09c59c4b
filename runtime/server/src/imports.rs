//! Files that hospitals send: received in pieces, checked as a whole, registered at one stroke.
//!
//! ```text
//! begin ─► receiving ─ finish ─► queued ─ run ─► done
//!             ▲                     │      └────► refused ─┐
//!             └──── sent again ─────┴───────────────────────┘
//! ```
//!
//! The state in the database is all that outlives the process: whatever was going on when it
//! ended begins again where the database says. Records that are written before the end are
//! *staged*: nobody sees them until one transaction makes all of them visible together with the
//! receipt (decision 0024).

pub(crate) mod job;
pub(crate) mod lists;
pub(crate) mod outcome;
pub(crate) mod spool;

use crate::config::ImportLimits;
use spool::Spool;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedMutexGuard, Semaphore};

/// What becomes of the good records when others of the file are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// They are registered.
    Each,
    /// Nothing is registered.
    All,
}

impl Mode {
    /// The word in the database and on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Each => "each",
            Self::All => "all",
        }
    }

    /// The words people read.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Each => "エラーのない個票を登録する",
            Self::All => "すべての個票にエラーがないときだけ登録する",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Each, Self::All]
            .into_iter()
            .find(|mode| mode.name() == name)
    }
}

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Bytes are missing.
    Receiving,
    /// All bytes are there; checking and registering go on.
    Queued,
    /// At least one record is registered, or was before.
    Done,
    /// Nothing of it was registered.
    Refused,
    /// It was never finished.
    Expired,
}

impl State {
    /// The word in the database and on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::Queued => "queued",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Expired => "expired",
        }
    }

    /// The word people read.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Receiving => "受信中",
            Self::Queued => "点検・登録中",
            Self::Done => "完了",
            Self::Refused => "登録なし",
            Self::Expired => "期限切れ",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [
            Self::Receiving,
            Self::Queued,
            Self::Done,
            Self::Refused,
            Self::Expired,
        ]
        .into_iter()
        .find(|state| state.name() == name)
    }
}

/// What a run is doing, for people who wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// `waiting`, `verifying`, `checking`, `registering`.
    pub(crate) phase: &'static str,
    /// Records dealt with in this phase.
    pub(crate) records: u64,
    /// Records in all, once that is known.
    pub(crate) of: u64,
}

impl Progress {
    /// The phase as people read it.
    pub(crate) fn label(self) -> &'static str {
        match self.phase {
            "verifying" => "封緘を確かめています",
            "checking" => "点検しています",
            "registering" => "登録しています",
            _ => "順番を待っています",
        }
    }
}

/// What this process is doing with imports.
pub(crate) struct Imports {
    pub(crate) spool: Spool,
    pub(crate) limits: ImportLimits,
    /// Runs that go on at a time.
    pub(crate) slots: Semaphore,
    running: Mutex<HashMap<String, Progress>>,
    receiving: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

impl Imports {
    pub(crate) fn new(data_dir: &Path, limits: ImportLimits) -> Self {
        Self {
            spool: Spool::new(data_dir),
            limits,
            slots: Semaphore::new(limits.at_a_time.get()),
            running: Mutex::default(),
            receiving: Mutex::default(),
        }
    }

    /// Begins a run, unless there is one.
    fn start(&self, import: &str) -> bool {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        match running.entry(import.to_owned()) {
            std::collections::hash_map::Entry::Occupied(_) => false,
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(Progress {
                    phase: "waiting",
                    ..Progress::default()
                });
                true
            }
        }
    }

    fn end(&self, import: &str) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(import);
    }

    fn note(&self, import: &str, progress: Progress) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(noted) = running.get_mut(import) {
            *noted = progress;
        }
    }

    /// What the run of an import is doing, if this process runs it.
    pub(crate) fn progress(&self, import: &str) -> Option<Progress> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.get(import).copied()
    }

    /// Who holds this writes the file of an import.
    fn pen(&self, import: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut receiving = self
            .receiving
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        receiving.retain(|_, pen| Arc::strong_count(pen) > 1);
        Arc::clone(receiving.entry(import.to_owned()).or_default())
    }

    /// The pen, if nobody else is writing.
    pub(crate) fn try_pen(&self, import: &str) -> Option<OwnedMutexGuard<()>> {
        self.pen(import).try_lock_owned().ok()
    }

    /// The pen, as soon as nobody else is writing.
    pub(crate) async fn take_pen(&self, import: &str) -> OwnedMutexGuard<()> {
        self.pen(import).lock_owned().await
    }
}
