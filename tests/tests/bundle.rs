//! The page about the release bundle is enough to write another reader: the sample in Python, made
//! from the page with other libraries, and `kohyo` say the same about every bundle.

use kohyo_bundle::{Builder, Bundle, Packed, PublicKey, Release, ReleaseKey, TrustedKeys, Use};
use std::io::{Cursor, Read, Write};
use std::process::Command;
use tests::process::python_with;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const DAY: &str = "2026-12-24";

/// Names and contents.
type Files = Vec<(String, Vec<u8>)>;

fn key() -> ReleaseKey {
    ReleaseKey::from_seed("試験の配布元", &[9; 32]).unwrap()
}

fn bundle(days: [&str; 2], key: &ReleaseKey) -> Vec<u8> {
    let mut builder = Builder::new(Release {
        id: "2026-12".to_owned(),
        platform: "試験の配布元".to_owned(),
        published: "2026-11-20".parse().unwrap(),
        valid_from: days[0].parse().unwrap(),
        valid_until: days[1].parse().unwrap(),
        previous: None,
        made_with: "kohyo 0.1.0".to_owned(),
    });
    let program = tests::programs::one("shitei-006");
    let form = builder
        .form(&program, kohyo_engine::look_up::OtherNames::default())
        .unwrap();
    for (path, form, content) in [
        ("artefacts/xsd/types.xsd", None, "<types/>"),
        ("cards/shitei-006-2020.md", Some(form.clone()), "# カード"),
        ("kit/shitei-006-2020/R001.xml", Some(form), "<record/>"),
        ("changes.json", None, "{}"),
        ("docs/README.md", None, "お読みください"),
    ] {
        let packed = Packed::new(path, form, content.as_bytes()).unwrap();
        builder.add(packed).unwrap();
    }
    let mut bytes = Vec::new();
    builder.write(key, &mut bytes).unwrap();
    bytes
}

/// Unpacks, changes, and packs again.
fn repacked(bytes: &[u8], change: impl FnOnce(&mut Files)) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        files.push((file.name().unwrap().into_owned(), content));
    }
    change(&mut files);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(&content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn content<'f>(files: &'f mut Files, path: &str) -> &'f mut Vec<u8> {
    &mut files.iter_mut().find(|(name, _)| name == path).unwrap().1
}

/// What `kohyo` says.
fn ours(bytes: &[u8], key: &PublicKey) -> String {
    let keys = TrustedKeys::new([key.clone()]);
    let opened = Bundle::open(
        Cursor::new(bytes.to_vec()),
        &keys,
        Use::On(DAY.parse().unwrap()),
    );
    let bundle = match opened {
        Ok(bundle) => bundle,
        Err(error) => return error.check().to_owned(),
    };
    if let Err(errors) = bundle.verify_all(|_| {}) {
        return errors[0].check().to_owned();
    }
    let manifest = bundle.manifest();
    format!(
        "ok {} {} {}",
        manifest.release,
        manifest.forms.len(),
        manifest.files.len()
    )
}

#[test]
fn another_reader_says_the_same_about_every_bundle() {
    let good = bundle(["2026-12-01", "2027-03-31"], &key());
    let mut twice = repacked(&good, |files| {
        files.push(("changes.jsoN".to_owned(), b"[]".to_vec()));
    });
    for at in 0..twice.len() - 12 {
        if twice[at..].starts_with(b"changes.jsoN") {
            twice[at + 11] = b'n';
        }
    }
    let mut longer = good.clone();
    longer.push(0);
    let middle = good.len() / 2;
    let changed = |change: &dyn Fn(&mut Files)| repacked(&good, change);
    let bundles = [
        ("as it was made", good.clone()),
        (
            "packed again in another order",
            changed(&|files| files.reverse()),
        ),
        ("cut", good[..good.len() - 1].to_vec()),
        ("cut in the middle", good[..middle].to_vec()),
        ("appended to", longer),
        (
            "not valid any more",
            bundle(["2026-01-01", "2026-12-23"], &key()),
        ),
        (
            "not valid yet",
            bundle(["2026-12-25", "2027-03-31"], &key()),
        ),
        (
            "signed by somebody else",
            bundle(
                ["2026-12-01", "2027-03-31"],
                &ReleaseKey::from_seed("別", &[1; 32]).unwrap(),
            ),
        ),
        ("a name twice", twice),
        (
            "unsigned",
            changed(&|files| files.retain(|(name, _)| name != "manifest.sig")),
        ),
        (
            "without manifest",
            changed(&|files| files.retain(|(name, _)| name != "manifest.json")),
        ),
        (
            "without a file",
            changed(&|files| files.retain(|(name, _)| name != "changes.json")),
        ),
        (
            "with a file more",
            changed(&|files| files.push(("docs/x.md".into(), vec![1]))),
        ),
        (
            "with a way out",
            changed(&|files| files.push(("../x".into(), vec![1]))),
        ),
        (
            "with another case",
            changed(&|files| files.push(("DOCS/readme.md".into(), vec![1]))),
        ),
        (
            "a file longer",
            changed(&|files| content(files, "changes.json").push(b' ')),
        ),
        (
            "a file changed",
            changed(&|files| content(files, "changes.json")[0] = b'['),
        ),
        (
            "the manifest changed",
            changed(&|files| content(files, "manifest.json").push(b' ')),
        ),
        (
            "the signature changed",
            changed(&|files| {
                let signature = content(files, "manifest.sig");
                let at = signature.len() - 9;
                signature[at] = if signature[at] == b'0' { b'1' } else { b'0' };
            }),
        ),
        (
            "the signature in another form",
            changed(&|files| content(files, "manifest.sig").push(b'\n')),
        ),
        (
            "a later version",
            changed(&|files| {
                let signature = content(files, "manifest.sig");
                let at = signature.iter().position(|byte| *byte == b'1').unwrap();
                signature[at] = b'2';
            }),
        ),
    ];
    let python = python_with(
        "cryptography.hazmat.primitives.asymmetric.ed25519",
        "the sample reader of bundles did not run",
    );
    let folder = tempfile::tempdir().unwrap();
    let key_file = folder.path().join("key");
    std::fs::write(&key_file, key().public().to_text()).unwrap();
    let mut said = Vec::new();
    for (name, bytes) in &bundles {
        let ours = ours(bytes, &key().public());
        if let Some(python) = &python {
            let path = folder.path().join("bundle");
            std::fs::write(&path, bytes).unwrap();
            let output = Command::new(python)
                .arg("kohyo_release.py")
                .args([&key_file, &path])
                .arg(DAY)
                .current_dir(tests::root().join("docs/targets"))
                .env("PYTHONDONTWRITEBYTECODE", "1")
                .output()
                .unwrap();
            let theirs = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            assert_eq!(theirs, ours, "{name}: {output:?}");
        }
        said.push(format!("{name}: {ours}"));
    }
    insta::assert_snapshot!(said.join("\n"));
}
