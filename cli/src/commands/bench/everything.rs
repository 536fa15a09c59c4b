//! Every form of the library at once: what a check takes that meets them all, one after the other or
//! in turns, and the time of one command that writes everything that vendors download.

use super::child::{self, Watched, has_proc, watch};
use super::inputs::Scratch;
use super::memory;
use crate::disk::{Failure, Workspace};
use kohyo_engine::Form;
use kohyo_exchange::generate::{generate, heading};
use kohyo_exchange::{RecordWriter, RecordsWriter};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Records of each form in the folder that is checked.
const RECORDS: u64 = 3;
/// Records of all forms in a file where they take turns.
const MIXED: usize = 10_000;

/// What all forms cost.
#[derive(Clone, Copy, Debug)]
pub struct Everything {
    /// How many they are.
    pub forms: usize,
    /// The most memory that `kohyo check-records` holds over a folder with records of every form
    /// (resident set, MiB); nothing on a system without `/proc`.
    pub peak: Option<f64>,
    /// A file in which the forms take turns; nothing on a system without `/proc`.
    pub mixed: Option<Mixed>,
    /// `kohyo emit all` of every form, on all cores.
    pub emit: Duration,
}

/// What `kohyo check-records` takes for a file in which all forms take turns.
#[derive(Clone, Copy, Debug)]
pub struct Mixed {
    /// The most memory it holds (resident set, MiB).
    pub peak: f64,
    /// Its processor time for a record.
    pub each: Duration,
    /// The same for the same records, form by form.
    pub sorted: Duration,
}

impl Mixed {
    /// How many times as much a record costs where forms take turns.
    pub fn ratio(&self) -> f64 {
        self.each.as_secs_f64() / self.sorted.as_secs_f64()
    }
}

impl Everything {
    /// The time for fifty forms.
    pub fn emit_fifty(&self) -> Duration {
        self.emit.mul_f64(50.0 / self.forms.max(1) as f64)
    }
}

/// Measures both.
///
/// # Errors
/// A definition with mistakes, no room for temporary files, or a command that fails.
pub fn measure(workspace: &Workspace) -> Result<Everything, Failure> {
    let scratch = Scratch::new("everything")?;
    let forms = crate::commands::forms(workspace)?;
    let folder = scratch.folder.join("records");
    crate::disk::make_folder(&folder)?;
    let forms = forms.iter().map(AsRef::as_ref);
    let forms: Vec<&Form> = forms
        .filter(|form: &&Form| !form.program().is_of_programme())
        .collect();
    for (form, number) in forms.iter().zip(0_u32..) {
        let path = folder.join(format!("{number:03}.xml"));
        let seeds = (0..RECORDS).map(|seed| (*form, seed));
        records(seeds, &path).map_err(|source| Failure::Write { path, source })?;
    }
    let peak = match has_proc() {
        true => memory::peak(workspace, &folder, &scratch.folder.join("errors.csv"))?,
        false => None,
    };
    Ok(Everything {
        forms: forms.len(),
        peak,
        mixed: mixed(workspace, &forms, &scratch)?,
        emit: emit(workspace, &scratch.folder.join("out"))?,
    })
}

/// Writes a record of each form and seed.
fn records<'f>(of: impl Iterator<Item = (&'f Form, u64)>, path: &Path) -> io::Result<()> {
    let out = BufWriter::new(File::create(path)?);
    let mut out = RecordsWriter::new(out).map_err(io::Error::other)?;
    for (form, seed) in of {
        out.write(&RecordWriter::new(form), heading(), &generate(form, seed))
            .map_err(io::Error::other)?;
    }
    out.finish().map_err(io::Error::other)?.flush()
}

/// Measures a file in which the forms take turns, and the same records form by form.
fn mixed(
    workspace: &Workspace,
    forms: &[&Form],
    scratch: &Scratch,
) -> Result<Option<Mixed>, Failure> {
    let rounds = (MIXED / forms.len().max(1)) as u64;
    let turns = (0..rounds).flat_map(|seed| forms.iter().map(move |form| (*form, seed)));
    let one_by_one = forms
        .iter()
        .flat_map(|form| (0..rounds).map(move |seed| (*form, seed)));
    let (mixed, sorted) = (
        scratch.folder.join("mixed.xml"),
        scratch.folder.join("sorted.xml"),
    );
    let failed = |path: &PathBuf, source| Failure::Write {
        path: path.clone(),
        source,
    };
    records(turns, &mixed).map_err(|source| failed(&mixed, source))?;
    records(one_by_one, &sorted).map_err(|source| failed(&sorted, source))?;
    let errors = scratch.folder.join("errors.csv");
    let watched = |path| memory::watched(workspace, path, &errors);
    let (mixed, sorted) = (watched(&mixed)?, watched(&sorted)?);
    let each = |watched: Watched| {
        let records = u32::try_from(rounds as usize * forms.len()).ok()?;
        watched.processor?.checked_div(records)
    };
    Ok(mixed.peak_mib.and_then(|peak| {
        Some(Mixed {
            peak,
            each: each(mixed)?,
            sorted: each(sorted)?,
        })
    }))
}

fn emit(workspace: &Workspace, out: &Path) -> Result<Duration, Failure> {
    let failed = |why: &str| Failure::Other(format!("成果物の計測で emit all が{why}"));
    let watched = child::emit_all(workspace, out)
        .and_then(|mut command| watch(&mut command, Duration::from_millis(20)))
        .map_err(|source| failed(&format!("途絶えました: {source}")))?;
    match watched.code {
        Some(0) => Ok(watched.time),
        _ => Err(failed("失敗しました")),
    }
}
