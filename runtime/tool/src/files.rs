//! Files that take their place in one step: written beside it under a name of their own, put there
//! when they are whole. A full disk, a broken input or a crash leaves what was there before.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, BufWriter, Stdout, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tempfile::{Builder, NamedTempFile, TempDir};

/// Replaces a file in one step by what is written, on the disk for good; only its owner may read it,
/// where the system knows that.
///
/// # Errors
/// A failing disk; the old file is unchanged then.
pub fn replace_with(
    path: &Path,
    write: impl FnOnce(&mut NewFile) -> io::Result<()>,
) -> io::Result<()> {
    finish(NewFile::private(path)?, write)
}

/// The same for what is given away: whoever the system lets read new files may read it, such as the
/// server that hands a release on.
///
/// # Errors
/// A failing disk; the old file is unchanged then.
pub fn publish_with(
    path: &Path,
    write: impl FnOnce(&mut NewFile) -> io::Result<()>,
) -> io::Result<()> {
    finish(NewFile::public(path)?, write)
}

/// The same as [`replace_with`], and nothing is ever replaced.
///
/// # Errors
/// A failing disk, or a file that is there already.
pub fn add_with(path: &Path, write: impl FnOnce(&mut NewFile) -> io::Result<()>) -> io::Result<()> {
    finish(NewFile::private(path)?.replacing_nothing(), write)
}

fn finish(mut file: NewFile, write: impl FnOnce(&mut NewFile) -> io::Result<()>) -> io::Result<()> {
    write(&mut file)?;
    file.sync()?;
    file.finish()
}

/// A file being written. Dropped before it is finished, it leaves no trace.
#[derive(Debug)]
pub struct NewFile {
    out: BufWriter<Out>,
    path: PathBuf,
    /// Whether it may replace another one.
    replaces: bool,
}

#[derive(Debug)]
enum Out {
    Beside(NamedTempFile),
    /// A device or a pipe, which no file can replace.
    Straight(File),
    Standard(Stdout),
}

impl NewFile {
    /// A file that whoever the system lets read new files may read.
    ///
    /// # Errors
    /// A folder that is not there, or in which nothing may be written.
    pub fn public(path: &Path) -> io::Result<Self> {
        Self::begin(path, true)
    }

    /// A file for its owner alone, where the system knows that.
    ///
    /// # Errors
    /// As [`NewFile::public`].
    pub fn private(path: &Path) -> io::Result<Self> {
        Self::begin(path, false)
    }

    /// Standard output, which has no place to take.
    pub fn standard_output() -> Self {
        Self {
            out: BufWriter::new(Out::Standard(io::stdout())),
            path: PathBuf::new(),
            replaces: false,
        }
    }

    /// The same, and it takes its place only if nothing is there.
    #[must_use]
    pub fn replacing_nothing(self) -> Self {
        Self {
            replaces: false,
            ..self
        }
    }

    fn begin(path: &Path, public: bool) -> io::Result<Self> {
        // What a link leads to is replaced, not the link.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let out = match std::fs::metadata(&path) {
            Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(there) if !there.is_file() => {
                Out::Straight(OpenOptions::new().write(true).open(&path)?)
            }
            _ => Out::Beside(beside(&path, public)?),
        };
        Ok(Self {
            out: BufWriter::new(out),
            path,
            replaces: true,
        })
    }

    /// Everything written so far is on the disk for good.
    ///
    /// # Errors
    /// A failing disk.
    pub fn sync(&mut self) -> io::Result<()> {
        self.out.flush()?;
        match self.out.get_ref() {
            Out::Beside(file) => file.as_file().sync_all(),
            Out::Straight(_) | Out::Standard(_) => Ok(()),
        }
    }

    /// Puts the file in its place, where it is on the disk for good.
    ///
    /// # Errors
    /// A failing disk, or a file that is there and may not be replaced.
    pub fn finish(self) -> io::Result<()> {
        let file = match self.out.into_inner()? {
            Out::Straight(_) => return Ok(()),
            Out::Standard(mut out) => return out.flush(),
            Out::Beside(file) => file,
        };
        let beside = file.path().to_owned();
        let put = match self.replaces {
            true => file.persist(&self.path),
            false => file.persist_noclobber(&self.path),
        };
        no_longer_unfinished(&beside);
        put.map_err(|error| error.error)?;
        keep_name(&self.path)
    }
}

/// A name that was given to a file is on the disk for good as well.
#[cfg(unix)]
fn keep_name(path: &Path) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    match File::open(folder(path)).and_then(|folder| folder.sync_all()) {
        // Some file systems keep no folders so, and some folders may not be read: that is all
        // that can be done there.
        Err(error) if matches!(error.kind(), InvalidInput | PermissionDenied | Unsupported) => {
            Ok(())
        }
        kept => kept,
    }
}

#[cfg(not(unix))]
fn keep_name(_: &Path) -> io::Result<()> {
    Ok(())
}

fn folder(path: &Path) -> &Path {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// What must not stay when the program is stopped: files beside their places, folders.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished(path: &Path) {
    let mut all = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    all.push(path.to_owned());
}

fn no_longer_unfinished(path: &Path) {
    let mut all = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    all.retain(|other| other != path);
}

/// Removes what has been begun, because the program is about to end.
pub fn remove_unfinished() {
    let all = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    for path in all.iter() {
        // What is not there needs not be removed; more cannot be done.
        let _ = match path.is_dir() {
            true => std::fs::remove_dir_all(path),
            false => std::fs::remove_file(path),
        };
    }
}

const SCRATCH: &str = "kohyo-";
const LOCK: &str = ".kohyo-tool";

/// A folder of its own for files that nobody is to see, with the lock that says that somebody uses
/// it. Those that programs have left behind that were killed are removed.
pub(crate) fn scratch() -> io::Result<(TempDir, File)> {
    for entry in std::fs::read_dir(std::env::temp_dir())?.flatten() {
        let name = entry.file_name();
        if !name.to_string_lossy().starts_with(SCRATCH) {
            continue;
        }
        let lock = File::open(entry.path().join(LOCK));
        if lock.is_ok_and(|lock| lock.try_lock().is_ok()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
    let folder = Builder::new().prefix(SCRATCH).tempdir()?;
    unfinished(folder.path());
    // The lock has its name when it is held: until then nobody takes the folder for left behind.
    let lock = File::create_new(folder.path().join("new"))?;
    lock.try_lock().map_err(io::Error::from)?;
    std::fs::rename(folder.path().join("new"), folder.path().join(LOCK))?;
    Ok((folder, lock))
}

/// By folder, the names that may have been left behind there when it was first written to.
static LEFT_OVER: Mutex<BTreeMap<PathBuf, Vec<String>>> = Mutex::new(BTreeMap::new());

/// Removes what was written beside this path by programs that were killed. A folder is looked through
/// once, however many files are put there.
fn remove_left_over(folder: &Path, name: &str) {
    let mut all = LEFT_OVER.lock().unwrap_or_else(PoisonError::into_inner);
    let left = all.entry(folder.to_owned()).or_insert_with(|| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let beside = |name: &String| name.starts_with('.') && name.ends_with(NEW);
        names.filter(beside).collect()
    });
    left.retain(|other| !(other.starts_with(name) && is_removed(&folder.join(other))));
}

/// Whether nobody writes this file any more, and it is removed.
fn is_removed(path: &Path) -> bool {
    const OLD: Duration = Duration::from_secs(60);
    let age = std::fs::symlink_metadata(path).and_then(|there| there.modified());
    let old = age.is_ok_and(|time| time.elapsed().is_ok_and(|age| age > OLD));
    // Whoever still writes it holds its lock.
    let nobodys = |file: File| file.try_lock().is_ok();
    old && OpenOptions::new().write(true).open(path).is_ok_and(nobodys)
        && std::fs::remove_file(path).is_ok()
}

const NEW: &str = ".new";

/// A file of a name that nobody has, hidden where the system hides names with a dot.
fn beside(path: &Path, public: bool) -> io::Result<NamedTempFile> {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".");
    remove_left_over(folder(path), &name.to_string_lossy());
    let mut builder = Builder::new();
    builder.prefix(&name).suffix(NEW);
    if let Some(permissions) = public.then(everybody).flatten() {
        builder.permissions(permissions);
    }
    let file = builder.tempfile_in(folder(path))?;
    unfinished(file.path());
    // Some file systems know no locks; there, what is left behind stays.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// What the system takes away from as it does for every new file.
#[cfg(unix)]
fn everybody() -> Option<Permissions> {
    Some(std::os::unix::fs::PermissionsExt::from_mode(0o666))
}

#[cfg(not(unix))]
fn everybody() -> Option<Permissions> {
    None
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Beside(file) => file.write(bytes),
            Self::Straight(file) => file.write(bytes),
            Self::Standard(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Beside(file) => file.flush(),
            Self::Straight(file) => file.flush(),
            Self::Standard(out) => out.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use tempfile::TempDir;

    fn names(folder: &TempDir) -> Vec<String> {
        let entries = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_not_finished_leaves_the_old_file_and_no_trace() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("list.csv");
        fs::write(&path, "old").unwrap();
        let failed = publish_with(&path, |file| {
            file.write_all(&[b'x'; 100_000])?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert!(failed.is_err());
        let mut dropped = NewFile::public(&path).unwrap();
        dropped.write_all(b"half").unwrap();
        dropped.flush().unwrap();
        drop(dropped);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(names(&folder), ["list.csv"]);
        publish_with(&path, |file| file.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[test]
    fn a_file_in_its_place_is_not_remembered_as_unfinished() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("list.csv");
        let unfinished = || {
            let all = UNFINISHED.lock().unwrap();
            all.iter().filter(|it| it.starts_with(&folder)).count()
        };
        let being_written = NewFile::public(&path).unwrap();
        assert_eq!(unfinished(), 1);
        being_written.finish().unwrap();
        assert_eq!(unfinished(), 0);
    }

    #[test]
    fn nothing_is_replaced_where_nothing_may_be() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.kohyo-box");
        add_with(&path, |file| file.write_all(b"first")).unwrap();
        let second = add_with(&path, |file| file.write_all(b"second")).unwrap_err();
        assert_eq!(second.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        assert_eq!(names(&folder), ["a.kohyo-box"]);
    }

    #[test]
    fn what_a_killed_program_left_is_removed_and_what_is_being_written_is_not() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("list.csv");
        let hour_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3_600);
        let left = File::create(folder.path().join(".list.csv.AbCdEf.new")).unwrap();
        left.set_modified(hour_ago).unwrap();
        drop(left);
        let being_written = NewFile::public(&path).unwrap();
        let Out::Beside(file) = being_written.out.get_ref() else {
            panic!("a file beside its place");
        };
        file.as_file().set_modified(hour_ago).unwrap();
        assert!(!is_removed(file.path()));
        publish_with(&path, |file| file.write_all(b"new")).unwrap();
        assert_eq!(names(&folder).len(), 2, "{:?}", names(&folder));
        being_written.finish().unwrap();
        assert_eq!(names(&folder), ["list.csv"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_and_devices_are_written_to() {
        let folder = TempDir::new().unwrap();
        let (path, link) = (folder.path().join("list.csv"), folder.path().join("link"));
        fs::write(&path, "old").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        publish_with(&link, |file| file.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        publish_with(Path::new("/dev/null"), |file| file.write_all(b"new")).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[cfg(unix)]
    #[test]
    fn secrets_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = TempDir::new().unwrap();
        let mode = |name: &str| {
            let path = folder.path().join(name);
            fs::metadata(path).unwrap().permissions().mode() & 0o777
        };
        replace_with(&folder.path().join("key"), |file| file.write_all(b"k")).unwrap();
        publish_with(&folder.path().join("list"), |file| file.write_all(b"l")).unwrap();
        fs::write(folder.path().join("any"), "a").unwrap();
        assert_eq!(mode("key"), 0o600);
        assert_eq!(mode("list"), mode("any"));
    }
}
