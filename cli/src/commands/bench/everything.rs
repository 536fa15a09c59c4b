//! Every form of the library at once: the memory of a check that meets them all, and the time of one
//! command that writes everything that vendors download.

use super::child::{self, has_proc, watch};
use super::inputs::Scratch;
use super::memory;
use crate::disk::{Failure, Workspace};
use kohyo_exchange::generate::{generate, heading};
use kohyo_exchange::{RecordWriter, RecordsWriter};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

/// Records of each form in the folder that is checked.
const RECORDS: u64 = 3;

/// What all forms cost.
#[derive(Clone, Copy, Debug)]
pub struct Everything {
    /// How many they are.
    pub forms: usize,
    /// The most memory that `kohyo check-records` holds over a folder with records of every form
    /// (resident set, MiB); nothing on a system without `/proc`.
    pub peak: Option<f64>,
    /// `kohyo emit all` of every form, on all cores.
    pub emit: Duration,
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
    let mut written = 0;
    for (form, number) in forms.iter().zip(0_u32..) {
        if form.program().is_of_programme() {
            continue;
        }
        let path = folder.join(format!("{number:03}.xml"));
        records(form, &path).map_err(|source| Failure::Write { path, source })?;
        written += 1;
    }
    let peak = match has_proc() {
        true => memory::peak(workspace, &folder, &scratch.folder.join("errors.csv"))?,
        false => None,
    };
    Ok(Everything {
        forms: written,
        peak,
        emit: emit(workspace, &scratch.folder.join("out"))?,
    })
}

fn records(form: &kohyo_engine::Form, path: &Path) -> io::Result<()> {
    let layout = RecordWriter::new(form);
    let out = BufWriter::new(File::create(path)?);
    let mut out = RecordsWriter::new(out).map_err(io::Error::other)?;
    for seed in 0..RECORDS {
        out.write(&layout, heading(), &generate(form, seed))
            .map_err(io::Error::other)?;
    }
    out.finish().map_err(io::Error::other)?.flush()
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
