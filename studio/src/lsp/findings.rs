//! Which definitions have to be compiled again, and what the editor has been told about them.

use super::convert;
use super::folder::Folder;
use kohyo_compiler::ide::{self, Problem, Proofs};
use kohyo_dsl::Severity;
use lsp_server::{Message, Notification};
use lsp_types::PublishDiagnosticsParams;
use std::collections::{BTreeMap, BTreeSet};

type ByFile = BTreeMap<String, Vec<Problem>>;

/// The findings of every definition and what is still to be done.
#[derive(Default)]
pub(super) struct Findings {
    /// To be compiled again.
    stale: BTreeSet<String>,
    /// Open documents without errors, to be proven again once nothing else is to be done.
    unproven: BTreeSet<String>,
    /// By the definition that was compiled, then by file.
    known: BTreeMap<String, ByFile>,
    /// What the proofs said; stays until they have run again, so that nothing flickers.
    proofs: BTreeMap<String, Proofs>,
    /// What the editor shows, by file.
    shown: BTreeMap<String, Vec<Problem>>,
}

impl Findings {
    /// A text has changed: itself and everything that uses it are to be compiled again.
    pub(super) fn changed(&mut self, folder: &mut Folder, path: &str) {
        if !path.ends_with(".kohyo") {
            return;
        }
        self.stale.insert(path.to_owned());
        self.stale
            .extend(ide::users(&folder.files, &mut folder.cache, path));
    }

    /// Everything is to be compiled again.
    pub(super) fn all(&mut self, folder: &Folder) {
        let paths = folder.files.definitions().map(|(path, _)| path.to_owned());
        self.stale.extend(paths);
    }

    /// Whether something is to be compiled.
    pub(super) fn waiting(&self) -> bool {
        !self.stale.is_empty() || !self.unproven.is_empty()
    }

    /// Whether this definition is to be compiled.
    pub(super) fn has(&self, path: &str) -> bool {
        self.stale.contains(path)
    }

    /// Compiles or proves one definition: open ones are compiled first, then proven, then the others
    /// compiled; what the editor is to show then.
    pub(super) fn work(&mut self, folder: &mut Folder) -> Vec<Message> {
        let open = self.stale.iter().find(|path| folder.is_open(path));
        if let Some(path) = open.cloned() {
            return self.work_on(folder, &path);
        }
        if let Some(path) = self.unproven.pop_first() {
            return self.prove(folder, &path);
        }
        match self.stale.first().cloned() {
            Some(path) => self.work_on(folder, &path),
            None => Vec::new(),
        }
    }

    /// Compiles this definition; what the editor is to show then.
    pub(super) fn work_on(&mut self, folder: &mut Folder, path: &str) -> Vec<Message> {
        self.stale.remove(path);
        let now = match folder.files.get(path) {
            Some(_) => ide::problems(&folder.files, &mut folder.cache, path),
            None => BTreeMap::new(),
        };
        let mut changed: BTreeSet<String> = now.keys().cloned().collect();
        let is_error = |p: &Problem| p.severity == Severity::Error;
        let sound = !now.values().flatten().any(is_error);
        if sound && folder.is_open(path) {
            self.unproven.insert(path.to_owned());
        } else {
            // Its places are those of a text that is no more.
            self.unproven.remove(path);
            changed.extend(files(self.proofs.remove(path)));
        }
        let before = self.known.insert(path.to_owned(), now);
        changed.extend(before.into_iter().flatten().map(|(file, _)| file));
        self.publish_all(folder, changed)
    }

    /// Proves this definition; what the editor is to show then.
    fn prove(&mut self, folder: &mut Folder, path: &str) -> Vec<Message> {
        let mut now = ide::proofs(&folder.files, &mut folder.cache, &folder.proofs, path);
        now.refuted.retain(|_, found| !found.is_empty());
        now.superseded.retain(|_, found| !found.is_empty());
        let mut changed = files(Some(now.clone()));
        let before = self.proofs.insert(path.to_owned(), now);
        changed.extend(files(before));
        self.publish_all(folder, changed)
    }

    fn publish_all(&mut self, folder: &Folder, files: BTreeSet<String>) -> Vec<Message> {
        files
            .into_iter()
            .filter_map(|file| self.publish(folder, file))
            .collect()
    }

    /// The findings that the editor shows in a file.
    pub(super) fn shown(&self, path: &str) -> &[Problem] {
        self.shown.get(path).map_or(&[], Vec::as_slice)
    }

    /// Whether a proof took back what compiling this definition found, or tells it in better words.
    /// What is found in a module by itself is left to the definitions that use it.
    fn is_superseded(&self, path: &str, file: &str, problem: &Problem) -> bool {
        let says = |proofs: &Proofs| {
            let own = proofs.superseded.get(file);
            own.is_some_and(|own| own.contains(problem))
        };
        match self.proofs.get(path) {
            Some(own) => says(own),
            None => path == file && self.proofs.values().any(says),
        }
    }

    /// Tells the editor what is found in a file, if that differs from what it shows.
    fn publish(&mut self, folder: &Folder, file: String) -> Option<Message> {
        let mut found: Vec<Problem> = Vec::new();
        let compiled = self.known.iter().flat_map(|(path, by)| {
            let found = by.get(&file).into_iter().flatten();
            found.filter(|problem| !self.is_superseded(path, &file, problem))
        });
        let refuted = self.proofs.values();
        let refuted = refuted.filter_map(|by| by.refuted.get(&file)).flatten();
        for problem in compiled.chain(refuted) {
            // A mistake in a module is found from every disease that uses it.
            if !found.contains(problem) {
                found.push(problem.clone());
            }
        }
        found.sort_by_key(|p| (p.range, p.code));
        let shown = self.shown.get(&file);
        // An open document is told that it is sound, too: the editor waits for it.
        let news = shown != Some(&found) && !(shown.is_none() && found.is_empty())
            || folder.is_open(&file);
        if !news {
            return None;
        }
        let params = PublishDiagnosticsParams {
            uri: folder.uri(&file)?,
            diagnostics: found
                .iter()
                .map(|p| convert::diagnostic(folder, p))
                .collect(),
            version: folder.version(&file),
        };
        self.shown.insert(file, found);
        let method = "textDocument/publishDiagnostics".to_owned();
        Some(Message::Notification(Notification::new(method, params)))
    }
}

/// The files that proofs say something of.
fn files(proofs: Option<Proofs>) -> BTreeSet<String> {
    let proofs = proofs.unwrap_or_default();
    proofs
        .refuted
        .into_keys()
        .chain(proofs.superseded.into_keys())
        .collect()
}
