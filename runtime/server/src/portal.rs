//! The bundles of the releases folder, as the portal serves them.
//!
//! The folder is looked at when the server starts and whenever it changes. A bundle is served once
//! its manifest is verified; its files are verified when they are read, and all of them once in the
//! background. What does not verify is not served, and the log says why.

mod changes;
mod explain;
mod programs;
mod shelf;

pub(crate) use changes::{ChangedForm, Changes};
pub(crate) use explain::{Group, group_of, what_of};
pub(crate) use shelf::{Release, Shelf, Validity};

use crate::clock::Clock;
use crate::config::Releases;
use crate::forms::{Forms, Names};
use kohyo_engine::look_up::without_branch;
use kohyo_exchange::Library;
use notify::{RecursiveMode, Watcher};
use programs::Programs;
use shelf::Stamp;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, Weak};
use std::time::{Duration, Instant};

/// A folder that is being written to is looked at when it has been quiet for so long.
const SETTLE: Duration = Duration::from_millis(400);
/// How long the follower sleeps before it looks whether the portal is still there.
const MOMENT: Duration = Duration::from_secs(1);
/// Folders on a network tell nobody of changes, and a release becomes valid at midnight: everything
/// is looked at every so often.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// What is served now.
#[derive(Clone)]
pub(crate) struct Portal(Arc<Inner>);

struct Inner {
    source: Releases,
    clock: Clock,
    shelf: RwLock<Arc<Shelf>>,
    /// The forms the installation was started with, and what their diseases are called besides.
    given: Library,
    names: Names,
    /// The forms that records are judged with, if they come from the releases.
    forms: RwLock<Option<Arc<Forms>>>,
    programs: Mutex<Programs>,
    /// Bundles in which a file turned out to be wrong, with the reason.
    wrong: Mutex<BTreeMap<Stamp, String>>,
}

impl Portal {
    /// Looks at the folder and keeps watching it. `given` are the forms to judge with as far as no
    /// release has them.
    pub(crate) async fn open(source: Releases, given: Library, names: Names, clock: Clock) -> Self {
        let inner = Arc::new(Inner {
            source,
            clock,
            shelf: RwLock::default(),
            forms: RwLock::default(),
            given,
            names,
            programs: Mutex::default(),
            wrong: Mutex::default(),
        });
        // Watched before it is looked at, so that no change falls between.
        let watch = Watch::of(&inner.source.folder);
        let first = Arc::clone(&inner);
        // Should that fail, nothing is served until the folder is looked at again.
        if let Err(error) = tokio::task::spawn_blocking(move || first.refresh()).await {
            tracing::error!(%error, "releases folder could not be looked at");
        }
        let follower = Arc::downgrade(&inner);
        std::thread::spawn(move || follow(&follower, watch.as_ref()));
        Self(inner)
    }

    /// What is served now; it does not change under the feet of whoever holds it.
    pub(crate) fn shelf(&self) -> Arc<Shelf> {
        Arc::clone(&read(&self.0.shelf))
    }

    /// The forms that records are judged with now, if they come from the releases.
    pub(crate) fn forms(&self) -> Option<Arc<Forms>> {
        read(&self.0.forms).clone()
    }
}

/// What a thread that panicked left behind is whole: every value is replaced, never changed.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inner {
    fn refresh(&self) {
        let before = Arc::clone(&read(&self.shelf));
        let after = Shelf::look(&self.source, &before, &lock(&self.wrong));
        after.log(&before);
        let after = Arc::new(after);
        *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&after);
        if self.source.judge {
            self.choose_programs(&after);
        }
    }

    /// Takes the programs to judge with from the releases; what cannot be used changes nothing.
    fn choose_programs(&self, shelf: &Shelf) {
        let Some(today) = self.clock.today() else {
            return;
        };
        if shelf.current(today).is_none() {
            tracing::warn!("no release is valid today; judging with the programs at hand");
        }
        match lock(&self.programs).library(shelf, today, &self.given) {
            Ok(None) => {}
            Ok(Some(library)) => {
                tracing::info!(
                    forms = library.len(),
                    "judging with the programs of the releases"
                );
                let forms = Some(Arc::new(Forms::new(library, self.names_with(shelf))));
                *self.forms.write().unwrap_or_else(PoisonError::into_inner) = forms;
            }
            Err(reason) => {
                tracing::error!(
                    reason,
                    "programs of the releases NOT used; those before stay"
                );
            }
        }
    }

    /// What diseases are called besides their titles: as the newest release says, else as at hand.
    fn names_with(&self, shelf: &Shelf) -> Names {
        let mut names = Names::new();
        for release in shelf.releases() {
            for form in &release.manifest().forms {
                let key = without_branch(&form.key);
                names
                    .entry(key.to_owned())
                    .or_insert_with(|| form.names.clone());
            }
        }
        for (key, given) in &self.names {
            names.entry(key.clone()).or_insert_with(|| given.clone());
        }
        names
    }

    /// Reads every file of the bundles that nobody has read whole yet.
    fn verify(&self) {
        let shelf = Arc::clone(&read(&self.shelf));
        let mut found = false;
        for release in shelf.unverified() {
            if let Some(reason) = release.verify() {
                lock(&self.wrong).insert(release.stamp().clone(), reason);
                found = true;
            }
        }
        if found {
            self.refresh();
        }
    }
}

/// Tells of changes in the folder, as long as it lives.
struct Watch {
    _watcher: notify::RecommendedWatcher,
    changes: Receiver<()>,
}

impl Watch {
    /// Nothing if the system does not tell of changes there.
    fn of(folder: &Path) -> Option<Self> {
        let (sender, changes) = channel();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| !event.kind.is_access()) {
                // The receiver is gone only when the server is closing.
                let _ = sender.send(());
            }
        })
        .and_then(|mut watcher| {
            watcher.watch(folder, RecursiveMode::NonRecursive)?;
            Ok(watcher)
        });
        match watcher {
            Ok(watcher) => Some(Self {
                _watcher: watcher,
                changes,
            }),
            Err(error) => {
                let folder = folder.display();
                tracing::warn!(%folder, %error, "releases folder cannot be watched; looking at it every minute");
                None
            }
        }
    }

    /// Waits for a moment; whether something changed, and is quiet again.
    fn wait(&self) -> bool {
        let changed = self.changes.recv_timeout(MOMENT).is_ok();
        if changed {
            while self.changes.recv_timeout(SETTLE).is_ok() {}
        }
        changed
    }
}

/// Looks at the folder whenever it changed, until nobody holds the portal any more.
fn follow(portal: &Weak<Inner>, changes: Option<&Watch>) {
    let mut looked = Instant::now();
    loop {
        let changed = match changes {
            Some(changes) => changes.wait(),
            None => {
                std::thread::sleep(MOMENT);
                false
            }
        };
        let Some(portal) = portal.upgrade() else {
            return;
        };
        if changed || looked.elapsed() >= LOOK_AGAIN {
            looked = Instant::now();
            portal.refresh();
        }
        portal.verify();
    }
}

/// A file of the releases folder that is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The file.
    pub file: PathBuf,
    /// Why, and what to do about it.
    pub reason: String,
}

/// Which files of the releases folder are not served, for whoever starts the server.
pub fn refused_releases(source: &Releases) -> Vec<Refused> {
    Shelf::look(source, &Shelf::default(), &BTreeMap::new())
        .refused()
        .iter()
        .map(|(file, reason)| Refused {
            file: file.clone(),
            reason: reason.clone(),
        })
        .collect()
}
