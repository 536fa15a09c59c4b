//! Which bundles lie in the folder, and which of them are served.

use crate::config::Releases;
use kohyo_bundle::{Bundle, EXTENSION, Kind, Use};
use kohyo_engine::Date;
use std::collections::BTreeMap;
use std::fs::{DirEntry, Metadata};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

/// The bundles that are served, and why the others are not.
#[derive(Default)]
pub(crate) struct Shelf {
    /// The one published last first.
    releases: Vec<Arc<Release>>,
    /// Files that are not served, with the reason.
    refused: BTreeMap<PathBuf, String>,
}

/// A bundle that is served.
pub(crate) struct Release {
    bundle: Bundle,
    stamp: Stamp,
    verified: AtomicBool,
    titles: OnceLock<Arc<BTreeMap<String, String>>>,
}

/// A file in a state: where, how long, changed when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stamp {
    path: PathBuf,
    length: u64,
    changed: Option<SystemTime>,
}

/// When a release may be used, seen from a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validity {
    /// Not yet.
    Later,
    /// Now.
    Now,
    /// No longer.
    Ended,
}

impl std::ops::Deref for Release {
    type Target = Bundle;

    fn deref(&self) -> &Bundle {
        &self.bundle
    }
}

impl Release {
    /// Its name.
    pub(crate) fn id(&self) -> &str {
        &self.bundle.manifest().release
    }

    pub(crate) fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// Length of its file in bytes.
    pub(crate) fn length(&self) -> u64 {
        self.stamp.length
    }

    /// Whether a file that lies in its place, as the disk describes it, is the one whose manifest was
    /// verified.
    pub(crate) fn is_described_by(&self, data: &Metadata) -> bool {
        Stamp::new(&self.stamp.path, data) == self.stamp
    }

    /// Whether records may be judged with it on this day.
    pub(crate) fn validity(&self, on: Date) -> Validity {
        let manifest = self.bundle.manifest();
        if on.last_day() < manifest.valid_from.first_day() {
            Validity::Later
        } else if manifest.valid_until.last_day() < on.first_day() {
            Validity::Ended
        } else {
            Validity::Now
        }
    }

    /// What `title` says of each document in Markdown, by its path; they are read once.
    pub(crate) fn titles(
        &self,
        title: fn(&str) -> Option<String>,
    ) -> Result<Arc<BTreeMap<String, String>>, kohyo_bundle::Error> {
        if let Some(known) = self.titles.get() {
            return Ok(Arc::clone(known));
        }
        let mut titles = BTreeMap::new();
        for file in &self.bundle.manifest().files {
            if file.kind == Kind::Document && file.path.ends_with(".md") {
                let text = self.bundle.read(&file.path)?;
                if let Some(title) = title(&String::from_utf8_lossy(&text)) {
                    titles.insert(file.path.clone(), title);
                }
            }
        }
        Ok(Arc::clone(self.titles.get_or_init(|| Arc::new(titles))))
    }

    /// Reads everything; the reason if something is wrong.
    pub(crate) fn verify(&self) -> Option<String> {
        let outcome = self.bundle.verify_all(|_| {});
        self.verified.store(true, Ordering::SeqCst);
        let errors = outcome.err()?;
        let more = errors.len().saturating_sub(1);
        let first = errors.first().map(in_words)?;
        Some(match more {
            0 => first,
            more => format!("{first}（ほか{more}件）"),
        })
    }
}

fn in_words(error: &kohyo_bundle::Error) -> String {
    format!("{}。{}", error.reason(), error.help())
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let data = std::fs::metadata(path).ok()?;
        data.is_file().then(|| Self::new(path, &data))
    }

    fn new(path: &Path, data: &Metadata) -> Self {
        Self {
            path: path.to_owned(),
            length: data.len(),
            changed: data.modified().ok(),
        }
    }
}

impl Shelf {
    /// What lies in the folder now. What has not changed since `before` is not opened again, and
    /// nothing that arrives takes its place; it stays while the folder cannot be read.
    pub(super) fn look(source: &Releases, before: &Self, wrong: &BTreeMap<Stamp, String>) -> Self {
        let mut files = match files(&source.folder) {
            Ok(files) => files,
            Err(error) => return before.unread(&source.folder, &error, wrong),
        };
        files.sort_by_key(|stamp| before.of(stamp).is_none());
        let mut shelf = Self::default();
        for stamp in files {
            let release = match (wrong.get(&stamp), before.of(&stamp)) {
                (Some(reason), _) => Err(reason.clone()),
                (None, Some(known)) => Ok(Arc::clone(known)),
                (None, None) => Bundle::open_file(&stamp.path, &source.keys, Use::Archive)
                    .map(|bundle| {
                        Arc::new(Release {
                            bundle,
                            stamp: stamp.clone(),
                            verified: AtomicBool::new(false),
                            titles: OnceLock::new(),
                        })
                    })
                    .map_err(|error| in_words(&error)),
            };
            let release = release.and_then(|release| match shelf.get(release.id()) {
                Some(other) if other.hash() != release.hash() => Err(format!(
                    "リリース {} は {} にもあり、内容が違います。リリースは後から変えられません。一方を取り除いてください",
                    release.id(),
                    other.stamp.path.display()
                )),
                Some(_) => Ok(None),
                None => Ok(Some(release)),
            });
            match release {
                Ok(Some(release)) => shelf.releases.push(release),
                // The same bundle under two names.
                Ok(None) => {}
                Err(reason) => {
                    shelf.refused.insert(stamp.path, reason);
                }
            }
        }
        shelf.releases.sort_by(|a, b| {
            let order = |release: &Release| {
                let manifest = release.bundle.manifest();
                (
                    manifest.published.first_day(),
                    manifest.valid_from.first_day(),
                )
            };
            order(b).cmp(&order(a)).then_with(|| b.id().cmp(a.id()))
        });
        shelf
    }

    /// The same shelf when its folder cannot be read: what is sound stays.
    fn unread(
        &self,
        folder: &Path,
        error: &std::io::Error,
        wrong: &BTreeMap<Stamp, String>,
    ) -> Self {
        let reason = format!("フォルダーを読めません: {error}。場所と権限を確認してください");
        let mut shelf = Self {
            releases: self.releases.clone(),
            refused: self.refused.clone(),
        };
        shelf
            .releases
            .retain(|release| !wrong.contains_key(&release.stamp));
        shelf.refused.insert(folder.to_owned(), reason);
        shelf
    }

    /// The release of a file in this state.
    fn of(&self, stamp: &Stamp) -> Option<&Arc<Release>> {
        self.releases.iter().find(|release| release.stamp == *stamp)
    }

    /// Tells the operator what is new since `before`.
    pub(super) fn log(&self, before: &Self) {
        for release in &self.releases {
            if !before.releases.iter().any(|b| Arc::ptr_eq(b, release)) {
                tracing::info!(
                    release = release.id(),
                    file = %release.stamp.path.display(),
                    manifest = %release.hash(),
                    signed_by = release.signed_by().name(),
                    "release served"
                );
            }
        }
        for (path, reason) in &self.refused {
            if before.refused.get(path) != Some(reason) {
                tracing::warn!(file = %path.display(), reason, "release NOT served");
            }
        }
    }

    /// Every release, the one published last first.
    pub(crate) fn releases(&self) -> &[Arc<Release>] {
        &self.releases
    }

    /// The files that are not served, with the reason.
    pub(crate) fn refused(&self) -> &BTreeMap<PathBuf, String> {
        &self.refused
    }

    /// The release of this name.
    pub(crate) fn get(&self, id: &str) -> Option<&Arc<Release>> {
        self.releases.iter().find(|release| release.id() == id)
    }

    /// The release to use on this day: of those that are valid, the one published last.
    pub(crate) fn current(&self, on: Date) -> Option<&Arc<Release>> {
        self.releases
            .iter()
            .find(|release| release.validity(on) == Validity::Now)
    }

    /// The release before this one, if it is the one that its manifest names.
    pub(crate) fn before(&self, release: &Release) -> Option<&Arc<Release>> {
        let previous = release.manifest().previous.as_ref()?;
        self.get(&previous.release)
            .filter(|found| found.hash() == previous.manifest)
    }

    pub(super) fn unverified(&self) -> impl Iterator<Item = &Arc<Release>> {
        self.releases
            .iter()
            .filter(|release| !release.verified.load(Ordering::SeqCst))
    }
}

/// The bundles of a folder by name.
fn files(folder: &Path) -> std::io::Result<Vec<Stamp>> {
    let entries: Vec<DirEntry> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    let mut files: Vec<Stamp> = entries
        .iter()
        .map(DirEntry::path)
        .filter(|path| path.extension().is_some_and(|e| e == EXTENSION))
        .filter_map(|path| Stamp::of(&path))
        .collect();
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kohyo_bundle::{Builder, Packed, ReleaseKey, TrustedKeys};

    fn key() -> ReleaseKey {
        ReleaseKey::from_seed("架空基盤", &[3; 32]).unwrap()
    }

    fn source(folder: &Path) -> Releases {
        Releases {
            folder: folder.to_owned(),
            keys: TrustedKeys::new([key().public()]),
            judge: false,
        }
    }

    /// A release named 2026-12 with one file.
    fn put(folder: &Path, name: &str, content: &str) {
        let mut builder = Builder::new(kohyo_bundle::Release {
            id: "2026-12".to_owned(),
            platform: "架空基盤".to_owned(),
            published: "2026-11-20".parse().unwrap(),
            valid_from: "2026-12-01".parse().unwrap(),
            valid_until: "2027-03-31".parse().unwrap(),
            previous: None,
            made_with: "kohyo 0.1.0".to_owned(),
        });
        let packed = Packed::new("changes.json", None, content.as_bytes()).unwrap();
        builder.add(packed).unwrap();
        let mut bytes = Vec::new();
        builder.write(&key(), &mut bytes).unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
    }

    fn changes(shelf: &Shelf) -> Vec<u8> {
        let release = shelf.get("2026-12").unwrap();
        release.read("changes.json").unwrap()
    }

    #[test]
    fn a_folder_that_cannot_be_read_takes_nothing_off_the_shelf() {
        let folder = tempfile::tempdir().unwrap();
        let (here, gone) = (source(folder.path()), source(&folder.path().join("none")));
        put(folder.path(), "b.kohyo-release", "{}");
        let before = Shelf::look(&here, &Shelf::default(), &BTreeMap::new());
        let unread = Shelf::look(&gone, &before, &BTreeMap::new());
        assert_eq!(changes(&unread), b"{}");
        let reason = unread.refused().get(&gone.folder).unwrap();
        assert!(reason.contains("フォルダーを読めません"), "{reason}");
        let again = Shelf::look(&here, &unread, &BTreeMap::new());
        assert!(again.refused().is_empty());
        // What turned out to be wrong meanwhile goes all the same.
        let stamp = before.releases()[0].stamp().clone();
        let wrong = BTreeMap::from([(stamp, "壊れています".to_owned())]);
        assert!(Shelf::look(&gone, &before, &wrong).releases().is_empty());
    }

    #[test]
    fn the_release_that_is_served_is_not_replaced_by_another_of_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let source = source(folder.path());
        put(folder.path(), "b.kohyo-release", "{}");
        let before = Shelf::look(&source, &Shelf::default(), &BTreeMap::new());
        put(folder.path(), "a.kohyo-release", "{ }");
        let after = Shelf::look(&source, &before, &BTreeMap::new());
        assert_eq!(changes(&after), b"{}");
        let refused = after.refused().get(&folder.path().join("a.kohyo-release"));
        assert!(refused.unwrap().contains("b.kohyo-release"), "{refused:?}");
    }
}
