//! How long the answer to a hostile file takes, and how much memory: each file of the corpus
//! (`tests/hostile`) is given to a process of its own.

use super::child::{self, Watched, watch};
use super::inputs::Scratch;
use crate::disk::{self, Failure};
use crate::output;
use kohyo_hostile::{Case, DEFINITIONS, TODAY, boxes};
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

/// Starts for each file; the quickest counts, since what it waits for on a machine in use is not
/// the answer's fault.
const STARTS: usize = 3;

/// The worst of all files.
#[derive(Clone, Debug, Default)]
pub struct Worst {
    /// Files given.
    pub files: usize,
    /// The longest answer, and to what.
    pub time: (Duration, String),
    /// The most processor time for an answer, and for what; nothing on a system without `/proc`.
    pub processor: Option<(Duration, String)>,
    /// The most memory (MiB), and for what; nothing on a system without `/proc`.
    pub peak: Option<(f64, String)>,
}

/// Gives every file of the corpus to a process.
///
/// # Errors
/// A file gets another answer than is written beside it, or none.
pub fn measure() -> Result<Worst, Failure> {
    let place = Place::new()?;
    let mut worst = Worst::default();
    for case in kohyo_hostile::records() {
        let watched = place.checked(&case)?;
        worst.take(&case, watched);
    }
    for case in boxes::cases() {
        let watched = place.opened(&case)?;
        worst.take(&case, watched);
    }
    Ok(worst)
}

impl Worst {
    fn take(&mut self, case: &Case, watched: Watched) {
        self.files += 1;
        if watched.time > self.time.0 {
            self.time = (watched.time, case.name.clone());
        }
        let longer = |time: &Duration| self.processor.as_ref().is_none_or(|(most, _)| most < time);
        if let Some(time) = watched.processor.filter(longer) {
            self.processor = Some((time, case.name.clone()));
        }
        let higher = |peak: &f64| self.peak.as_ref().is_none_or(|(most, _)| most < peak);
        if let Some(peak) = watched.peak_mib.filter(higher) {
            self.peak = Some((peak, case.name.clone()));
        }
    }
}

/// Where the files lie.
struct Place {
    scratch: Scratch,
    forms: PathBuf,
    register: PathBuf,
}

impl Place {
    fn new() -> Result<Self, Failure> {
        let scratch = Scratch::new("hostile")?;
        let place = Self {
            forms: scratch.folder.join("forms"),
            register: scratch.folder.join("register"),
            scratch,
        };
        let folder = place.forms.join("shitei/999_test");
        for folder in [&folder, &place.register] {
            disk::make_folder(folder)?;
        }
        for (path, text) in DEFINITIONS {
            disk::write_text(&place.forms.join(path), text)?;
        }
        for (number, text) in boxes::certificates().iter().enumerate() {
            disk::write_text(&place.register.join(number.to_string()), text)?;
        }
        Ok(place)
    }

    /// What the check tool does with a file of records.
    fn checked(&self, case: &Case) -> Result<Watched, Failure> {
        let file = self.given(case)?;
        let errors = self.scratch.folder.join("errors.csv");
        let watched = self.watched(case, || {
            let mut command = child::kohyo(&self.forms)?;
            command.arg("check-records").arg(&file);
            command.args(["--on", TODAY, "--csv"]).arg(&errors);
            Ok(command)
        })?;
        let found = ids(&errors).map_err(|source| Failure::Read {
            path: errors,
            source,
        })?;
        self.remove(&file);
        self.as_expected(case, &found, watched)
    }

    /// What the platform does with a container.
    fn opened(&self, case: &Case) -> Result<Watched, Failure> {
        let file = self.given(case)?;
        let said = self.scratch.folder.join("said.txt");
        let watched = self.watched(case, || {
            let mut command = child::kohyo(&self.forms)?;
            command.arg("bench").arg("--container").arg(&file);
            command.arg("--register").arg(&self.register);
            command.stdout(std::fs::File::create(&said)?);
            Ok(command)
        })?;
        let found = disk::read_text(&said)?;
        self.remove(&file);
        self.as_expected(case, found.trim(), watched)
    }

    fn given(&self, case: &Case) -> Result<PathBuf, Failure> {
        let path = self.scratch.folder.join(&case.name);
        match std::fs::write(&path, &case.bytes) {
            Ok(()) => Ok(path),
            Err(source) => Err(Failure::Write { path, source }),
        }
    }

    /// Removes a file that has been answered; the whole folder goes in the end anyway.
    fn remove(&self, file: &Path) {
        let _ = std::fs::remove_file(file);
    }

    fn watched(
        &self,
        case: &Case,
        command: impl Fn() -> io::Result<Command>,
    ) -> Result<Watched, Failure> {
        let once = || command().and_then(|mut it| watch(&mut it, Duration::from_micros(200)));
        let mut best: Option<Watched> = None;
        for _ in 0..STARTS {
            let now = once().map_err(|error| {
                Failure::Other(format!("{} の計測が途絶えました: {error}", case.name))
            })?;
            best = Some(match best {
                None => now,
                Some(best) => Watched {
                    peak_mib: best
                        .peak_mib
                        .into_iter()
                        .chain(now.peak_mib)
                        .reduce(f64::max),
                    time: best.time.min(now.time),
                    processor: best.processor.into_iter().chain(now.processor).min(),
                    code: now.code,
                },
            });
        }
        best.ok_or_else(|| Failure::Other("計測の回数が0です".to_owned()))
    }

    fn as_expected(&self, case: &Case, found: &str, watched: Watched) -> Result<Watched, Failure> {
        // Something was found, and that is all; among the broken files stands one that is sound.
        let code = i32::from(!case.expected.is_empty());
        if watched.code == Some(code) && found == case.expected {
            return Ok(watched);
        }
        Err(Failure::Other(format!(
            "{} への答えが違うため、計測をやめました\n  期待: {}　実際: {found}（終了コード {:?}）",
            case.name, case.expected, watched.code
        )))
    }
}

/// The ids of the errors in a list, sorted, each once.
fn ids(list: &Path) -> io::Result<String> {
    let mut ids = BTreeSet::new();
    let mut reader = csv::Reader::from_path(list)?;
    for row in reader.records() {
        let row = row?;
        if row.get(3) == Some("エラー") {
            ids.extend(row.get(2).map(str::to_owned));
        }
    }
    Ok(ids.into_iter().collect::<Vec<_>>().join(" "))
}

/// `kohyo bench --container`: what the platform says to a container of the corpus, for one process
/// of [`measure`]. Without a passphrase, whose hashing costs what it shall cost.
///
/// # Errors
/// The files cannot be read.
pub fn open(container: &Path, register: &Path) -> Result<ExitCode, Failure> {
    let platform = boxes::platform();
    let texts = disk::listed(register)?
        .iter()
        .map(|path| disk::read_text(path))
        .collect::<Result<Vec<String>, Failure>>()?;
    let register = boxes::register(&platform, texts.iter().map(String::as_str));
    let file = std::fs::File::open(container).map_err(|source| Failure::Read {
        path: container.to_owned(),
        source,
    })?;
    match boxes::open(file, &platform, &register, boxes::OPENED) {
        Ok(_) => {
            output::line("opened");
            Ok(ExitCode::SUCCESS)
        }
        Err(check) => {
            output::line(check);
            Ok(ExitCode::FAILURE)
        }
    }
}
