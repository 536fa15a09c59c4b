//! How much memory a bulk check takes, measured in a process of its own.

use super::{Subject, records};
use crate::disk::{Failure, Workspace};
use kohyo_exchange::{RecordWriter, RecordsWriter};
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Records in the file that is checked.
pub const RECORDS: u64 = 10_000;

/// The most memory that `kohyo check-records` holds at a time (resident set, MiB) while it checks
/// [`RECORDS`] records in one file; nothing on a system without `/proc`.
pub fn peak(workspace: &Workspace, subject: &Subject) -> Result<Option<f64>, Failure> {
    if !Path::new("/proc/self/status").exists() {
        return Ok(None);
    }
    let scratch = Scratch::new()?;
    let input = scratch.folder.join("records.xml");
    write(subject, &input).map_err(|source| Failure::Write {
        path: input.clone(),
        source,
    })?;
    let failed = |why: &str| Failure::Other(format!("記憶量の計測で check-records が{why}"));
    let mut child = start(workspace, &input, &scratch.folder.join("errors.csv"))
        .map_err(|source| failed(&format!("始まりません: {source}")))?;
    let watched = watch(&mut child);
    if watched.is_err() {
        // It must not outlive the measurement; that it has already ended is as good.
        let _ = child.kill();
    }
    let (peak, code) = watched.map_err(|source| failed(&format!("途絶えました: {source}")))?;
    match code {
        // 1 says that some record has an error.
        Some(0 | 1) => Ok(peak),
        _ => Err(failed("失敗しました")),
    }
}

fn write(subject: &Subject, path: &Path) -> io::Result<()> {
    let layout = RecordWriter::new(&subject.form);
    let mut file =
        RecordsWriter::new(BufWriter::new(File::create(path)?)).map_err(io::Error::other)?;
    for seed in 0..RECORDS {
        let raw = records::raw(subject, seed);
        file.write(&layout, records::heading(subject), &raw)
            .map_err(io::Error::other)?;
    }
    file.finish().map_err(io::Error::other)?.into_inner()?;
    Ok(())
}

fn start(workspace: &Workspace, input: &Path, errors: &Path) -> io::Result<Child> {
    Command::new(std::env::current_exe()?)
        .arg("--forms")
        .arg(&workspace.root)
        .arg("check-records")
        .arg(input)
        .arg("--csv")
        .arg(errors)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

/// Looks at the child until it ends; its exit code, if it was not ended by a signal.
fn watch(child: &mut Child) -> io::Result<(Option<f64>, Option<i32>)> {
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak: Option<f64> = None;
    loop {
        // The high-water mark only rises, so what is read last before the end is the peak.
        if let Some(now) = std::fs::read_to_string(&status)
            .ok()
            .as_deref()
            .and_then(high_water)
        {
            peak = Some(peak.map_or(now, |peak| peak.max(now)));
        }
        if let Some(ended) = child.try_wait()? {
            return Ok((peak, ended.code()));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// `VmHWM` of a status file of Linux, in MiB.
fn high_water(status: &str) -> Option<f64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

/// A folder that is removed in the end.
struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    fn new() -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("kohyo-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|source| Failure::Write {
            path: folder.clone(),
            source,
        })?;
        Ok(Self { folder })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A leftover in the folder for temporary files harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_water_mark_is_read_in_mib() {
        assert_eq!(
            high_water("Name:\tkohyo\nVmHWM:\t   10240 kB\nVmRSS:\t 512 kB\n"),
            Some(10.0)
        );
        assert_eq!(high_water("Name:\tkohyo\n"), None);
    }
}
