//! A command in a process of its own, watched until it ends.

use crate::disk::Workspace;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What was seen of a process.
#[derive(Clone, Copy, Debug)]
pub struct Watched {
    /// The most memory it held (resident set, MiB); nothing on a system without `/proc`.
    pub peak_mib: Option<f64>,
    /// From its start to its end.
    pub time: Duration,
    /// What it had of the processors, to a hundredth of a second; nothing where the system does not
    /// tell.
    pub processor: Option<Duration>,
    /// Its exit code; nothing if a signal ended it.
    pub code: Option<i32>,
}

/// Whether memory can be measured here.
pub fn has_proc() -> bool {
    Path::new("/proc/self/status").exists()
}

/// This binary, without input, and silent.
///
/// # Errors
/// The binary cannot be found.
pub fn kohyo(forms: &Path) -> io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg("--forms")
        .arg(forms)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Ok(command)
}

/// `kohyo check-records` with an error list.
///
/// # Errors
/// The binary cannot be found.
pub fn check_records(workspace: &Workspace, input: &Path, errors: &Path) -> io::Result<Command> {
    let mut command = kohyo(&workspace.root)?;
    command
        .arg("check-records")
        .arg(input)
        .arg("--csv")
        .arg(errors);
    Ok(command)
}

/// `kohyo emit all`, every form.
///
/// # Errors
/// The binary cannot be found.
pub fn emit_all(workspace: &Workspace, out: &Path) -> io::Result<Command> {
    let mut command = kohyo(&workspace.root)?;
    command.args(["emit", "all", "--out"]).arg(out);
    Ok(command)
}

/// Runs a command and looks at it as often as `every` says.
///
/// # Errors
/// It cannot be started or waited for.
pub fn watch(command: &mut Command, every: Duration) -> io::Result<Watched> {
    let (begun, before) = (Instant::now(), of_children());
    let mut child = command.spawn()?;
    let watched = until_its_end(&mut child, begun, every);
    if watched.is_err() {
        // It must not outlive the measurement; that it has already ended is as good.
        let _ = child.kill();
    }
    let watched = watched?;
    let spent = before.zip(of_children());
    Ok(Watched {
        processor: spent.and_then(|(before, after)| after.checked_sub(before)),
        ..watched
    })
}

/// Processor time of all child processes that have ended, as Linux tells: user and system, the 16th
/// and 17th number, in hundredths of a second.
fn of_children() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second one is the name, in parentheses, and may hold blanks.
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut numbers = rest.split(' ').skip(13);
    let mut next = || numbers.next()?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (next()? + next()?)))
}

fn until_its_end(child: &mut Child, begun: Instant, every: Duration) -> io::Result<Watched> {
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak_mib: Option<f64> = None;
    loop {
        // The high-water mark only rises, so what is read last before the end is the peak.
        let now = std::fs::read_to_string(&status).ok();
        if let Some(now) = now.as_deref().and_then(high_water) {
            peak_mib = Some(peak_mib.map_or(now, |peak| peak.max(now)));
        }
        if let Some(ended) = child.try_wait()? {
            return Ok(Watched {
                peak_mib,
                time: begun.elapsed(),
                processor: None,
                code: ended.code(),
            });
        }
        std::thread::sleep(every);
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
