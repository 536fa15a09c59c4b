//! Fetches Noto Sans JP (`fonts/`) when Node.js is at hand, to be built in; otherwise the fonts of
//! the machine are used when a PDF is made. Nothing outside `OUT_DIR` is written.
//!
//! `KOHYO_NO_WEB=1` keeps the build off the network.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

/// Longer than any working download of 20 MB.
const PATIENCE: Duration = Duration::from_secs(240);

/// Where the package keeps its files.
const PACKAGE: &str = "node_modules/@expo-google-fonts/noto-sans-jp";

/// File in the package, file for the crate.
const FILES: [(&str, &str); 3] = [
    ("400Regular/NotoSansJP_400Regular.ttf", "regular.ttf"),
    ("700Bold/NotoSansJP_700Bold.ttf", "bold.ttf"),
    ("LICENSE_FONT", "licence.txt"),
];

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=fonts");
    println!("cargo:rerun-if-env-changed=KOHYO_NO_WEB");
    let Some(out) = env::var_os("OUT_DIR").map(PathBuf::from) else {
        return Err(io::Error::other("OUT_DIR is not set"));
    };
    if let Err(reason) = fonts(&out) {
        println!(
            "cargo:warning=no font is built in for the PDF forms ({reason}); they will use the machine's Noto Sans CJK. \
             With Node.js at hand, touch runtime/paper/build.rs and build again"
        );
        // Empty files mean: no font; see src/fonts.rs.
        for (_, name) in FILES {
            fs::write(out.join(name), "")?;
        }
    }
    Ok(())
}

/// Puts the fonts into `out`: from `fonts/node_modules` if they are there, else from the registry.
fn fonts(out: &Path) -> Result<(), String> {
    let fetched = Path::new("fonts").join(PACKAGE);
    if fetched.exists() {
        return copy(&fetched, out);
    }
    if env::var_os("KOHYO_NO_WEB").is_some_and(|value| !value.is_empty() && value != "0") {
        return Err("KOHYO_NO_WEB is set".to_owned());
    }
    let work = out.join("fetch");
    fs::create_dir_all(&work).map_err(|error| error.to_string())?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(Path::new("fonts").join(name), work.join(name))
            .map_err(|error| format!("copying {name}: {error}"))?;
    }
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        "--fetch-retries=1",
        "--fetch-timeout=60000",
    ]);
    run(npm.current_dir(&work), "npm ci")?;
    copy(&work.join(PACKAGE), out)?;
    // The other weights are 40 MB.
    let _ = fs::remove_dir_all(work);
    Ok(())
}

fn copy(package: &Path, out: &Path) -> Result<(), String> {
    for (from, to) in FILES {
        fs::copy(package.join(from), out.join(to)).map_err(|error| format!("{from}: {error}"))?;
    }
    Ok(())
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
