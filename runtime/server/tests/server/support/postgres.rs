//! A PostgreSQL of our own for the tests: `TEST_DATABASE_URL`, or one started from
//! `/usr/lib/postgresql/*/bin` that ends with the test process.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The address of a new empty database; nothing (loudly) if there is no PostgreSQL.
///
/// # Panics
/// Where `CI` is set a missing PostgreSQL is a failure.
pub async fn fresh_database() -> Option<String> {
    static SERVER: OnceLock<Option<String>> = OnceLock::new();
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let Some(template) = SERVER.get_or_init(server) else {
        assert!(
            std::env::var_os("CI").is_none(),
            "no PostgreSQL, and CI is set"
        );
        eprintln!("SKIPPED: no PostgreSQL (set TEST_DATABASE_URL or install postgresql)");
        return None;
    };
    let name = format!(
        "kohyo_{}_{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::SeqCst)
    );
    let admin = sqlx::PgPool::connect(&template.replace("{db}", "postgres"))
        .await
        .unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("create database {name}")))
        .execute(&admin)
        .await
        .unwrap();
    admin.close().await;
    Some(template.replace("{db}", &name))
}

/// An address with `{db}` where the name of the database stands.
fn server() -> Option<String> {
    if let Ok(address) = std::env::var("TEST_DATABASE_URL") {
        let (base, query) = address
            .split_once('?')
            .map_or((address.as_str(), ""), |(a, b)| (a, b));
        let (server, _) = base.rsplit_once('/')?;
        let query = if query.is_empty() {
            String::new()
        } else {
            format!("?{query}")
        };
        return Some(format!("{server}/{{db}}{query}"));
    }
    let bin = newest_bin()?;
    let folder = tempfile::Builder::new()
        .prefix("kohyo-pg")
        .tempdir()
        .ok()?
        .keep();
    let root = Command::new("id")
        .arg("-u")
        .output()
        .ok()?
        .stdout
        .trim_ascii()
        == b"0";
    if root {
        // PostgreSQL refuses to run as root.
        run(Command::new("chown").arg("postgres").arg(&folder))?;
    }
    let data = folder.join("data");
    run(as_postgres(root, &bin.join("initdb"))
        .args([
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C",
            "-D",
        ])
        .arg(&data))?;
    // The shell ends the server when this process ends and its standard input closes.
    let script = format!(
        "'{}' -D '{}' -k '{}' -c listen_addresses='' -c fsync=off -c max_connections=200 >'{}' 2>&1 & pid=$!; read _; kill -INT $pid; wait $pid; rm -rf '{}'",
        bin.join("postgres").display(),
        data.display(),
        folder.display(),
        folder.join("log").display(),
        folder.display(),
    );
    let child = as_postgres(root, Path::new("/bin/sh"))
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .spawn()
        .ok()?;
    // Keeps the pipe open as long as the process lives.
    std::mem::forget(child);
    for _ in 0..200 {
        if folder.join(".s.PGSQL.5432").exists()
            && run(Command::new(bin.join("psql"))
                .args(["-U", "postgres", "-h"])
                .arg(&folder)
                .args(["-c", "select 1"]))
            .is_some()
        {
            return Some(format!(
                "postgres://postgres@localhost/{{db}}?host={}",
                folder.display()
            ));
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    None
}

fn newest_bin() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    found.sort();
    found.pop()
}

fn as_postgres(root: bool, program: &Path) -> Command {
    if root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn run(command: &mut Command) -> Option<()> {
    let output = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    output.success().then_some(())
}
