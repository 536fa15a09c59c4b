//! Bundles the editor (`web/`) when Node.js is at hand; otherwise the studio falls back to a plain
//! text area and says so. Nothing outside `OUT_DIR` is written.
//!
//! `KOHYO_NO_WEB=1` keeps the build off the network.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

/// Longer than any working download of the editor's packages.
const PATIENCE: Duration = Duration::from_secs(240);

fn main() -> io::Result<()> {
    for path in [
        "build.rs",
        "web/package.json",
        "web/package-lock.json",
        "web/src",
    ] {
        println!("cargo:rerun-if-changed={path}");
    }
    println!("cargo:rerun-if-env-changed=KOHYO_NO_WEB");
    let Some(out) = env::var_os("OUT_DIR").map(PathBuf::from) else {
        return Err(io::Error::other("OUT_DIR is not set"));
    };
    let bundle = match bundle(&out) {
        Ok(script) => script,
        Err(reason) => {
            println!(
                "cargo:warning=the studio is built with a plain text area ({reason}); with Node.js at hand, \
                 touch studio/build.rs and build again for the full editor"
            );
            Vec::new()
        }
    };
    // An empty bundle means the plain editor; see src/assets.rs.
    write_if_changed(&out.join("editor.js"), &bundle)
}

/// The bundled script, or why there is none.
fn bundle(out: &Path) -> Result<Vec<u8>, String> {
    if env::var_os("KOHYO_NO_WEB").is_some_and(|value| !value.is_empty() && value != "0") {
        return Err("KOHYO_NO_WEB is set".to_owned());
    }
    let work = out.join("web");
    let copied = copy(Path::new("web"), &work).map_err(|error| format!("copying web/: {error}"))?;
    if copied || !work.join("node_modules/.installed").exists() {
        let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
        npm.args([
            "ci",
            "--ignore-scripts",
            "--omit=dev",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ]);
        npm.args(["--fetch-retries=1", "--fetch-timeout=60000"]);
        run(npm.current_dir(&work), "npm ci")?;
        fs::write(work.join("node_modules/.installed"), "").map_err(|error| error.to_string())?;
    }
    let mut esbuild = Command::new("node");
    esbuild.args([
        "node_modules/esbuild/bin/esbuild",
        "src/editor.ts",
        "--bundle",
        "--minify",
        "--format=iife",
        "--target=es2022",
        "--charset=utf8",
        "--legal-comments=inline",
        "--log-level=error",
        "--outfile=editor.js",
    ]);
    run(esbuild.current_dir(&work), "esbuild")?;
    fs::read(work.join("editor.js")).map_err(|error| format!("reading the bundle: {error}"))
}

/// Copies package files and sources; tells whether the package files changed.
fn copy(from: &Path, to: &Path) -> io::Result<bool> {
    fs::create_dir_all(to.join("src"))?;
    let mut changed = false;
    for name in ["package.json", "package-lock.json"] {
        let bytes = fs::read(from.join(name))?;
        changed |= fs::read(to.join(name)).ok().as_deref() != Some(bytes.as_slice());
        write_if_changed(&to.join(name), &bytes)?;
    }
    for entry in fs::read_dir(from.join("src"))? {
        let entry = entry?;
        write_if_changed(
            &to.join("src").join(entry.file_name()),
            &fs::read(entry.path())?,
        )?;
    }
    Ok(changed)
}

fn write_if_changed(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(path).ok().as_deref() == Some(bytes) {
        return Ok(());
    }
    fs::write(path, bytes)
}

/// Runs a command to its end, but not for ever.
fn run(command: &mut Command, name: &str) -> Result<(), String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(|error| format!("{name} could not be started: {error}"))?;
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("{name} ended with {status}")),
            Ok(None) if start.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(100)),
            Ok(None) => {
                let _ = child.kill();
                return Err(format!("{name} took longer than {} s", PATIENCE.as_secs()));
            }
            Err(error) => return Err(format!("{name}: {error}")),
        }
    }
}
