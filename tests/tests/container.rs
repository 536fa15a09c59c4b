//! The page about the sealed container is enough to write another implementation: the sample in
//! Python, made from the page with other libraries, and `kohyo` open each other's containers.

use kohyo_exchange::seal::{
    Contents, KeyFile, NewKey, Passphrase, PlatformKeys, Register, SealedBox, State, seal,
};
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

const PASSPHRASE: &str = "二月の梅、三月の桃、四月の桜";
const CREATED: u64 = 1_780_272_000;

#[test]
fn the_sample_of_the_page_agrees_with_the_published_vectors() {
    let Some(python) = python() else { return };
    let output = Command::new(python)
        .args(["kohyo_box.py", "vectors", "vectors.txt"])
        .current_dir(page_folder())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(said.trim(), "ok: 7 values");
}

#[test]
fn containers_of_the_sample_and_of_kohyo_open_each_other() {
    let Some(python) = python() else { return };
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let rng = &mut rand::rng();
    let passphrase = Passphrase::new(PASSPHRASE);
    let platform = PlatformKeys::generate("試験の受付", rng).unwrap();
    let new = NewKey {
        hospital: "1310000001".into(),
        name: "東病院".into(),
        not_before: CREATED - 1,
        not_after: CREATED + 1_000_000,
        tool_min_version: "0.1.0".into(),
    };
    let key_file = platform.issue(&new, &passphrase, rng).unwrap();
    let secret = platform.to_file(&passphrase, rng).unwrap();
    fs::write(path("key"), key_file.to_text()).unwrap();
    fs::write(path("pub"), platform.public().to_text()).unwrap();
    fs::write(path("secret"), secret.to_text()).unwrap();
    fs::write(path("cert"), key_file.certificate().to_text()).unwrap();
    let key = KeyFile::parse(&key_file.to_text(), platform.public())
        .unwrap()
        .unlock(&passphrase)
        .unwrap();
    let mut register = Register::default();
    register.set(key.certificate().clone(), State::Active);

    for length in [1, 16_383, 16_384, 16_385, 50_000] {
        let payload: Vec<u8> = (0..length).map(|n: u32| (n % 251) as u8).collect();
        fs::write(path("payload"), &payload).unwrap();

        let created = CREATED.to_string();
        run(
            &python,
            folder.path(),
            &["seal", "key", "pub", "payload", "3", &created, "theirs"],
        );
        let theirs = fs::read(path("theirs")).unwrap();
        let mut verified = SealedBox::begin(Cursor::new(&theirs))
            .unwrap()
            .verify(&platform, &register, CREATED)
            .unwrap_or_else(|error| panic!("{length}: {error}"));
        assert_eq!(verified.header().records, 3);
        let mut opened = Vec::new();
        verified
            .payload()
            .unwrap()
            .read_to_end(&mut opened)
            .unwrap();
        assert!(opened == payload, "{length}");

        let contents = Contents {
            payload: &payload,
            records: 3,
            created: CREATED,
            tool: "kohyo",
            release: "test",
        };
        let mut ours = Vec::new();
        seal(&contents, &key, rng, &mut ours).unwrap();
        fs::write(path("ours"), &ours).unwrap();
        run(
            &python,
            folder.path(),
            &["open", "secret", "pub", "cert", "ours", "opened"],
        );
        assert!(fs::read(path("opened")).unwrap() == payload, "{length}");
    }
}

fn run(python: &Path, folder: &Path, arguments: &[&str]) {
    let mut child = Command::new(python)
        .arg(page_folder().join("kohyo_box.py"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{PASSPHRASE}").unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
}

fn page_folder() -> PathBuf {
    tests::root().join("docs/exchange")
}

/// A Python with the libraries of the sample.
fn python() -> Option<PathBuf> {
    let own = tests::root().join("target/python/bin/python");
    let found = [own, PathBuf::from("python3")].into_iter().find(|python| {
        let check = "import cryptography.hazmat.primitives.kdf.argon2";
        Command::new(python)
            .args(["-c", check])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    });
    if found.is_none() {
        let reason = "no Python with `cryptography` 44 or newer (python3 -m venv target/python; target/python/bin/pip install -r tests/python/requirements.txt)";
        assert!(
            std::env::var_os("CI").is_none(),
            "the test of the container sample cannot run: {reason}"
        );
        eprintln!(
            "\n########## SKIPPED: the test of the container sample did not run: {reason} ##########\n"
        );
    }
    found
}
