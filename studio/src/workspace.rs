//! The folder of definitions as it is now.
//!
//! The whole folder is kept in memory as a [`Snapshot`]; a watcher and every page request bring
//! it up to date. A path is only ever looked up among the files found by walking the folder, so
//! no request can name a file outside it.

mod compiled;
mod disk;
mod wording;

pub(crate) use compiled::{
    Application, CaseReport, Cases, Catalogue, Compiled, Day, Facts, Judging, Kind, Question,
    Summary, catalogue, compilations, compile, count, impact, preview, today, without_branch,
};
pub(crate) use disk::{Entry, NotSaved, digest, read_folder};

use crate::accounts::lock;
use crate::error::StudioError;
use kohyo_compiler::{Files, ProofCache, SyntaxCache};
use notify::{RecursiveMode, Watcher};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// Editors write a file in several steps; wait until they are done.
const SETTLE: Duration = Duration::from_millis(150);

/// The folder of definitions.
pub(crate) struct Workspace {
    folder: Arc<Folder>,
    /// Dropping it ends the thread that follows it. Nothing when the system cannot watch.
    watcher: Option<notify::RecommendedWatcher>,
}

struct Folder {
    root: PathBuf,
    snapshot: RwLock<Arc<Snapshot>>,
    /// One refresh at a time.
    refreshing: Mutex<()>,
    /// One save at a time.
    saving: Mutex<()>,
    /// What is known about each definition, with the fingerprint of everything it depends on.
    summaries: Mutex<BTreeMap<String, (String, Summary)>>,
    /// Syntax of the texts last compiled: an edit parses one file again.
    syntax: Mutex<SyntaxCache>,
    /// What their proofs answered: an edit of words asks nothing again.
    proofs: ProofCache,
}

/// What is known about the definitions.
pub(crate) struct Summaries {
    /// By path; the last known state where the present one is not worked out yet.
    pub(crate) known: BTreeMap<String, Summary>,
    /// How many are not up to date.
    pub(crate) pending: usize,
}

/// All files at one moment.
pub(crate) struct Snapshot {
    /// Grows with every change.
    pub(crate) revision: u64,
    /// Files by path relative to the folder, with `/`.
    pub(crate) entries: BTreeMap<String, Entry>,
    /// Files that could not be read, with the reason.
    pub(crate) unreadable: BTreeMap<String, String>,
    /// The modules, ready for the compiler.
    modules: Files,
    /// Hash over all modules.
    modules_hash: String,
}

impl Workspace {
    /// Reads the folder and begins to watch it.
    pub(crate) fn open(root: &Path) -> Result<Self, StudioError> {
        let unreadable = |source| StudioError::Forms {
            path: root.to_owned(),
            source,
        };
        let root = root.canonicalize().map_err(unreadable)?;
        let folder = Arc::new(Folder {
            snapshot: RwLock::new(Arc::new(Snapshot::read(&root, None).map_err(unreadable)?)),
            root,
            refreshing: Mutex::default(),
            saving: Mutex::default(),
            summaries: Mutex::default(),
            syntax: Mutex::default(),
            proofs: ProofCache::default(),
        });
        let watcher = watch(&folder)
            .inspect_err(
                |error| tracing::warn!(%error, "folder is not watched; it is read at each request"),
            )
            .ok();
        Ok(Self { folder, watcher })
    }

    /// The folder in memory, as the watcher last left it.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        if self.watcher.is_none() {
            self.folder.refresh();
        }
        self.folder.snapshot()
    }

    /// The folder after looking at the disk.
    pub(crate) fn refreshed(&self) -> Arc<Snapshot> {
        self.folder.refresh();
        self.folder.snapshot()
    }

    /// The state of every definition, worked out for as long as `patience` lasts; a thread in the
    /// background goes on with the rest.
    pub(crate) fn summaries(&self, patience: Duration) -> Summaries {
        let start = Instant::now();
        let snapshot = self.snapshot();
        self.folder
            .work_out(&snapshot, || start.elapsed() > patience);
        let known = lock(&self.folder.summaries);
        let mut found = Summaries {
            known: BTreeMap::new(),
            pending: 0,
        };
        for (path, _) in snapshot.definitions() {
            let (fingerprint, summary) = match known.get(path) {
                Some((fingerprint, summary)) => (fingerprint.as_str(), Some(summary)),
                None => ("", None),
            };
            found.pending += usize::from(fingerprint != snapshot.fingerprint(path));
            if let Some(summary) = summary {
                found.known.insert(path.to_owned(), summary.clone());
            }
        }
        found
    }

    /// Syntax of the texts last compiled.
    pub(crate) fn syntax(&self) -> MutexGuard<'_, SyntaxCache> {
        lock(&self.folder.syntax)
    }

    /// What the proofs of these texts answered.
    pub(crate) fn proofs(&self) -> &ProofCache {
        &self.folder.proofs
    }

    /// Writes a definition if it still is what `base` says, and gives its new hash.
    ///
    /// # Errors
    /// It was changed meanwhile, or cannot be written; the file is then as before.
    pub(crate) fn save(&self, path: &str, text: &str, base: &str) -> Result<String, NotSaved> {
        let saved = {
            let _one_at_a_time = lock(&self.folder.saving);
            disk::save(&self.folder.root.join(path), text, base)
        };
        self.folder.refresh();
        saved
    }

    /// Why a definition cannot be written, if that is known beforehand.
    pub(crate) fn read_only(&self, path: &str) -> Option<String> {
        disk::read_only(&self.folder.root.join(path))
    }
}

impl Folder {
    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Works out the state of every definition that is not known, until `enough` says so.
    fn work_out(&self, snapshot: &Snapshot, mut enough: impl FnMut() -> bool) {
        let mut cache = SyntaxCache::default();
        for (path, _) in snapshot.definitions() {
            let fingerprint = snapshot.fingerprint(path);
            let known = lock(&self.summaries)
                .get(path)
                .is_some_and(|(known, _)| *known == fingerprint);
            if known {
                continue;
            }
            if enough() {
                return;
            }
            let summary = compiled::summary(snapshot, &mut cache, path);
            lock(&self.summaries).insert(path.to_owned(), (fingerprint, summary));
        }
    }

    fn refresh(&self) {
        let _one_at_a_time = lock(&self.refreshing);
        let before = self.snapshot();
        match Snapshot::read(&self.root, Some(&before)) {
            Ok(now) if now.revision != before.revision => {
                *self
                    .snapshot
                    .write()
                    .unwrap_or_else(PoisonError::into_inner) = Arc::new(now);
            }
            Ok(_) => {}
            // The folder may be away for a moment (a remount, a checkout): keep what is known.
            Err(error) => tracing::warn!(%error, "folder of definitions could not be read again"),
        }
    }
}

impl Snapshot {
    fn read(root: &Path, before: Option<&Snapshot>) -> std::io::Result<Self> {
        let found = disk::read_folder(root, before.map(|b| &b.entries))?;
        if let Some(before) = before
            && !found.changed
            && before.unreadable == found.unreadable
        {
            return Ok(Self {
                revision: before.revision,
                entries: found.entries,
                unreadable: found.unreadable,
                modules: before.modules.clone(),
                modules_hash: before.modules_hash.clone(),
            });
        }
        let mut modules = Files::new();
        let mut hashes = String::new();
        for (path, entry) in &found.entries {
            if entry.is_module() {
                modules.insert(path.as_str(), Arc::clone(&entry.text));
                hashes.push_str(path);
                hashes.push_str(&entry.hash);
            }
        }
        Ok(Self {
            revision: before.map_or(0, |b| b.revision) + 1,
            entries: found.entries,
            unreadable: found.unreadable,
            modules,
            modules_hash: digest(hashes.as_bytes()),
        })
    }

    /// The definitions (diseases and modules), sorted by path.
    pub(crate) fn definitions(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries
            .iter()
            .filter(|(_, entry)| entry.facts.is_some())
            .map(|(path, entry)| (path.as_str(), entry))
    }

    /// A definition.
    pub(crate) fn definition(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path).filter(|entry| entry.facts.is_some())
    }

    /// Whether a definition is a disease.
    pub(crate) fn is_disease(&self, path: &str) -> bool {
        self.definition(path)
            .and_then(|entry| entry.facts.as_ref())
            .is_some_and(|facts| facts.kind == Kind::Disease)
    }

    /// The folder as it would be if one definition read otherwise.
    fn with(&self, path: &str, text: &str) -> Self {
        let mut entries = self.entries.clone();
        if let Some(entry) = entries.get_mut(path) {
            entry.text = text.into();
        }
        let mut modules = self.modules.clone();
        if self.entries.get(path).is_some_and(Entry::is_module) {
            modules.insert(path, text);
        }
        Self {
            revision: self.revision,
            entries,
            unreadable: BTreeMap::new(),
            modules,
            modules_hash: String::new(),
        }
    }

    /// The case file beside a definition.
    pub(crate) fn cases(&self, path: &str) -> Option<&Entry> {
        self.entries.get(&kohyo_compiler::cases::beside(path))
    }

    /// The other diseases of the same folder: editions and branches.
    fn beside(&self, path: &str) -> impl Iterator<Item = (&str, &Entry)> {
        let folder = path.rfind('/').and_then(|slash| path.get(..=slash));
        let folder = folder.unwrap_or_default().to_owned();
        let own = path.to_owned();
        self.entries
            .range(folder.clone()..)
            .map(|(path, entry)| (path.as_str(), entry))
            .take_while(move |(path, _)| path.starts_with(&folder))
            .filter(move |(path, entry)| *path != own && entry.is_disease())
    }

    /// The files the compiler needs for one definition, with its text replaced.
    fn files(&self, path: &str, text: &str) -> Files {
        let mut files = self.modules.clone();
        for (beside, entry) in self.beside(path) {
            files.insert(beside, &*entry.text);
        }
        files.insert(path, text);
        files
    }

    /// Every file of the folder, with the text of one replaced.
    pub(crate) fn all_files(&self, path: &str, text: &str) -> Files {
        let mut files = Files::new();
        for (path, entry) in &self.entries {
            files.insert(path.as_str(), Arc::clone(&entry.text));
        }
        files.insert(path, text);
        files
    }

    /// Changes whenever anything changes that the state of this definition depends on.
    fn fingerprint(&self, path: &str) -> String {
        let hash = |entry: Option<&Entry>| entry.map_or("", |e| e.hash.as_str()).to_owned();
        let (own, cases) = (hash(self.entries.get(path)), hash(self.cases(path)));
        let beside: String = self.beside(path).map(|(_, e)| e.hash.as_str()).collect();
        format!("{own} {cases} {beside} {}", self.modules_hash)
    }
}

fn watch(folder: &Arc<Folder>) -> notify::Result<notify::RecommendedWatcher> {
    let (sender, receiver) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            // The receiver is gone only when the studio is closing.
            let _ = sender.send(());
        }
    })?;
    watcher.watch(&folder.root, RecursiveMode::Recursive)?;
    let folder = Arc::clone(folder);
    std::thread::spawn(move || follow(&folder, &receiver));
    Ok(watcher)
}

fn follow(folder: &Folder, changes: &Receiver<()>) {
    loop {
        let mut changed = false;
        folder.work_out(&folder.snapshot(), || {
            changed = changes.try_recv() != Err(TryRecvError::Empty);
            changed
        });
        if !changed && changes.recv().is_err() {
            return;
        }
        loop {
            match changes.recv_timeout(SETTLE) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        folder.refresh();
    }
}
