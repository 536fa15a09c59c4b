//! A bundle gives out what was signed, or nothing.

use crate::*;
use kohyo_engine::look_up::OtherNames;
use kohyo_engine::program::{FORMAT as PROGRAM_FORMAT, Program, Programme, Status};
use proptest::prelude::*;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Names and contents.
type Files = Vec<(String, Vec<u8>)>;

fn program(key: &str, edition: &str) -> Program {
    Program {
        format: PROGRAM_FORMAT,
        key: key.to_owned(),
        edition: edition.to_owned(),
        valid_from: "2020-04-01".parse().unwrap(),
        valid_to: None,
        title: "架空病".to_owned(),
        programme: Programme::Shitei,
        status: Status::Draft,
        source: "架空の通知".to_owned(),
        notes: Vec::new(),
        fallback: None,
        migrations: Vec::new(),
        code_tables: Vec::new(),
        functions: Vec::new(),
        fields: Vec::new(),
        sections: Vec::new(),
        definitions: Vec::new(),
        judgements: Vec::new(),
        checks: Vec::new(),
        exceptions: Vec::new(),
    }
}

fn release() -> Release {
    Release {
        id: "2026-12".to_owned(),
        platform: "架空基盤".to_owned(),
        published: "2026-11-20".parse().unwrap(),
        valid_from: "2026-12-01".parse().unwrap(),
        valid_until: "2027-03-31".parse().unwrap(),
        previous: Some(Previous {
            release: "2026-06".to_owned(),
            manifest: Hash::of(b"before"),
        }),
        made_with: "kohyo 0.1.0".to_owned(),
    }
}

fn key() -> ReleaseKey {
    ReleaseKey::from_seed("架空基盤", &[7; 32]).unwrap()
}

fn trusted() -> TrustedKeys {
    TrustedKeys::new([key().public()])
}

fn kana() -> OtherNames {
    OtherNames {
        kana: Some("かくうびょう".to_owned()),
        ..OtherNames::default()
    }
}

/// Files of every kind.
fn builder() -> Builder {
    let mut builder = Builder::new(release());
    let form = builder
        .form(&program("shitei-999", "2020"), kana())
        .unwrap();
    for (path, form, content) in [
        (
            "artefacts/xsd/shitei-999-2020.xsd",
            Some(&form),
            "<schema/>",
        ),
        ("artefacts/xsd/types.xsd", None, "<types/>"),
        ("cards/shitei-999-2020.md", Some(&form), "# 架空病"),
        ("kit/shitei-999-2020/R001.xml", Some(&form), "<record/>"),
        ("changes.json", None, "{}"),
        ("docs/README.md", None, "お読みください"),
    ] {
        let packed = Packed::new(path, form.cloned(), content.as_bytes()).unwrap();
        builder.add(packed).unwrap();
    }
    builder
}

fn bundle() -> Vec<u8> {
    let mut bytes = Vec::new();
    builder().write(&key(), &mut bytes).unwrap();
    bytes
}

fn day(text: &str) -> Use {
    Use::On(text.parse().unwrap())
}

fn open(bytes: Vec<u8>) -> Result<Bundle, Error> {
    Bundle::open(Cursor::new(bytes), &trusted(), day("2026-12-24"))
}

/// Why these bytes are not believed: at once, or when everything in them is read.
fn refused(bytes: Vec<u8>) -> &'static str {
    match open(bytes) {
        Err(error) => error.check(),
        Ok(bundle) => match bundle.verify_all(|_| {}) {
            Err(errors) => errors.first().unwrap().check(),
            Ok(()) => "accepted",
        },
    }
}

/// Unpacks, changes the files, and packs again as anybody's ZIP program would.
fn repacked(bytes: &[u8], change: impl FnOnce(&mut Files)) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        let name = file.name().unwrap().into_owned();
        files.push((name, content));
    }
    change(&mut files);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(&content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The content of a file in a list of files.
fn content<'f>(files: &'f mut [(String, Vec<u8>)], path: &str) -> &'f mut Vec<u8> {
    &mut files.iter_mut().find(|(name, _)| name == path).unwrap().1
}

/// The manifest changed and signed again by the same key.
fn resigned(change: impl FnOnce(&mut serde_json::Value)) -> Vec<u8> {
    repacked(&bundle(), |files| {
        let json = content(files, MANIFEST);
        let mut value = serde_json::from_slice(json).unwrap();
        change(&mut value);
        *json = serde_json::to_vec_pretty(&value).unwrap();
        let signature = keys::signature_text(key().public().id(), &key().sign(json));
        *content(files, SIGNATURE) = signature.into_bytes();
    })
}

#[test]
fn everything_comes_back_as_it_went_in() {
    let bundle = open(bundle()).unwrap();
    let manifest = String::from_utf8(bundle.manifest_json().to_vec()).unwrap();
    insta::assert_snapshot!("manifest", manifest);
    let signature = String::from_utf8(bundle.signature().to_vec()).unwrap();
    insta::assert_snapshot!("signature", signature);
    assert_eq!(
        bundle.read("cards/shitei-999-2020.md").unwrap(),
        "# 架空病".as_bytes()
    );
    let form = bundle.form("shitei-999", "2020").unwrap();
    assert_eq!(form.program().title, "架空病");
    assert_eq!(bundle.hash(), Hash::of(bundle.manifest_json()));
    assert_eq!(bundle.signed_by(), &key().public());
    let mut read = Vec::new();
    bundle
        .verify_all(|file| read.push(file.path.clone()))
        .unwrap();
    assert_eq!(read.len(), 7);
}

#[test]
fn what_is_not_there_is_named() {
    let bundle = open(bundle()).unwrap();
    let says = |error: Error| format!("{error}\n  {}", error.help());
    insta::assert_snapshot!(says(bundle.read("cards/x.md").unwrap_err()), @r"
    リリース 2026-12 に cards/x.md はありません
      リリースの名前と、様式の番号・版を確認してください
    ");
    insta::assert_snapshot!(says(bundle.form("shitei-999", "2019").unwrap_err()), @r"
    リリース 2026-12 に様式 shitei-999 の2019年版はありません
      リリースの名前と、様式の番号・版を確認してください
    ");
}

#[test]
fn some_files_travel_with_the_manifest_that_vouches_for_them() {
    let bundle = open(bundle()).unwrap();
    let files = bundle.manifest().files_of("shitei-999", "2020");
    let zip = bundle
        .excerpt(files.filter(|file| file.kind == Kind::Card))
        .unwrap();
    let mut archive = ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut content = |name: &str| {
        let mut bytes = Vec::new();
        let mut file = archive.by_name(name).unwrap();
        file.read_to_end(&mut bytes).unwrap();
        bytes
    };
    assert_eq!(content(MANIFEST), bundle.manifest_json());
    assert_eq!(content(SIGNATURE), bundle.signature());
    assert_eq!(content("cards/shitei-999-2020.md"), "# 架空病".as_bytes());
    assert_eq!(archive.len(), 3);
}

#[test]
fn the_same_files_give_the_same_bytes_in_whatever_order() {
    let mut other = Builder::new(release());
    let form = program("shitei-999", "2020");
    let packed = Packed::new("docs/README.md", None, "お読みください".as_bytes()).unwrap();
    other.add(packed).unwrap();
    other.form(&form, kana()).unwrap();
    let mut one = Vec::new();
    other.write(&key(), &mut one).unwrap();
    let mut other = Builder::new(release());
    other.form(&form, kana()).unwrap();
    let packed = Packed::new("docs/README.md", None, "お読みください".as_bytes()).unwrap();
    other.add(packed).unwrap();
    let mut two = Vec::new();
    other.write(&key(), &mut two).unwrap();
    assert_eq!(one, two);
    // Nothing of this moment: the first time a ZIP knows.
    let mut archive = ZipArchive::new(Cursor::new(one)).unwrap();
    let file = archive.by_index(0).unwrap();
    assert_eq!(file.last_modified().unwrap().year(), 1980);
}

#[test]
fn days_outside_of_its_validity_are_refused() {
    let on = |text: &str| {
        Bundle::open(Cursor::new(bundle()), &trusted(), day(text))
            .map(|_| "accepted")
            .unwrap_or_else(|e| e.check())
    };
    assert_eq!(on("2026-11-30"), "release.not_yet_valid");
    assert_eq!(on("2026-12-01"), "accepted");
    assert_eq!(on("2027-03-31"), "accepted");
    assert_eq!(on("2027-04-01"), "release.expired");
    let old = Bundle::open(Cursor::new(bundle()), &trusted(), Use::Archive).unwrap();
    let error = old.in_force("2030-01-01".parse().unwrap()).unwrap_err();
    insta::assert_snapshot!(error, @"リリース 2026-12 の有効期間は 2027年3月31日 までです（2030年1月1日 には使えません）");
}

#[test]
fn other_keys_are_refused() {
    let other = ReleaseKey::from_seed("別の人", &[8; 32]).unwrap();
    let keys = TrustedKeys::new([other.public()]);
    let error = Bundle::open(Cursor::new(bundle()), &keys, Use::Archive).unwrap_err();
    assert_eq!(error.check(), "release.unknown_key");
    // Signed by another, under the number of the trusted one.
    let forged = repacked(&bundle(), |files| {
        let signature = other.sign(content(files, MANIFEST));
        let text = keys::signature_text(key().public().id(), &signature);
        *content(files, SIGNATURE) = text.into_bytes();
    });
    assert_eq!(refused(forged), "release.signature");
    let without_prefix = repacked(&bundle(), |files| {
        use ed25519_dalek::Signer;
        let plain = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
        let signature = plain.sign(content(files, MANIFEST));
        let text = keys::signature_text(key().public().id(), &signature);
        *content(files, SIGNATURE) = text.into_bytes();
    });
    assert_eq!(refused(without_prefix), "release.signature");
}

#[test]
fn every_changed_part_is_noticed() {
    let bytes = bundle();
    let change = |change: &dyn Fn(&mut Files)| refused(repacked(&bytes, change));
    assert_eq!(change(&|_| {}), "accepted");
    // The order of a ZIP says nothing; what belongs to the release is in the manifest.
    assert_eq!(change(&|files| files.reverse()), "accepted");
    assert_eq!(
        change(&|files| files.retain(|(name, _)| name != SIGNATURE)),
        "release.unsigned"
    );
    assert_eq!(
        change(&|files| files.retain(|(name, _)| name != MANIFEST)),
        "release.not_a_release"
    );
    assert_eq!(
        change(&|files| files.retain(|(name, _)| name != "changes.json")),
        "release.missing"
    );
    assert_eq!(
        change(&|files| files.push(("docs/more.md".to_owned(), b"more".to_vec()))),
        "release.unlisted"
    );
    assert_eq!(
        change(&|files| files.push(("../evil.sh".to_owned(), b"evil".to_vec()))),
        "release.name"
    );
    assert_eq!(
        change(&|files| files.push(("DOCS/readme.md".to_owned(), b"more".to_vec()))),
        "release.duplicate"
    );
    assert_eq!(
        change(&|files| content(files, "changes.json").push(b' ')),
        "release.size"
    );
    assert_eq!(
        change(&|files| *content(files, "changes.json") = b"[]".to_vec()),
        "release.content"
    );
    let program = "programs/shitei-999-2020.json";
    assert_eq!(
        change(&|files| {
            let json = content(files, program);
            let at = json.len() / 2;
            json[at] ^= 1;
        }),
        "release.content"
    );
    assert_eq!(
        change(&|files| content(files, MANIFEST).push(b'\n')),
        "release.signature"
    );
    assert_eq!(
        change(&|files| content(files, SIGNATURE).push(b'\n')),
        "release.signature_form"
    );
    assert_eq!(
        change(&|files| *content(files, SIGNATURE) = vec![b'x'; 5000]),
        "release.signature_form"
    );
    assert_eq!(
        change(&|files| {
            let text = String::from_utf8(content(files, SIGNATURE).clone()).unwrap();
            let later = text.replace("signature 1\n", "signature 2\n");
            *content(files, SIGNATURE) = later.into_bytes();
        }),
        "release.version"
    );
    // The files of two releases swapped: both are signed, but not in these places.
    assert_eq!(
        change(&|files| {
            let one = content(files, "artefacts/xsd/types.xsd").clone();
            let two = std::mem::replace(content(files, "kit/shitei-999-2020/R001.xml"), one);
            *content(files, "artefacts/xsd/types.xsd") = two;
        }),
        "release.size"
    );
}

#[test]
fn what_no_zip_program_would_make_is_refused() {
    // Two entries of one name: readers differ about which of them counts.
    let mut twice = repacked(&bundle(), |files| {
        files.push(("changes.jsoN".to_owned(), b"[]".to_vec()));
    });
    let (from, to) = (b"changes.jsoN", b"changes.json");
    for at in 0..twice.len() - from.len() {
        if twice[at..].starts_with(from) {
            twice[at..at + to.len()].copy_from_slice(to);
        }
    }
    assert_eq!(refused(twice), "release.duplicate");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("docs/link", "/etc/passwd", SimpleFileOptions::default())
        .unwrap();
    assert_eq!(refused(zip.finish().unwrap().into_inner()), "release.entry");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("a", SimpleFileOptions::default()).unwrap();
    zip.set_comment("a comment").unwrap();
    let commented = zip.finish().unwrap().into_inner();
    assert_eq!(refused(commented), "release.not_a_release");
    for not_a_zip in [&b""[..], b"PK", b"<record/>", &[0; 4096]] {
        assert_eq!(refused(not_a_zip.to_vec()), "release.not_a_release");
    }
}

#[test]
fn a_manifest_that_does_not_fit_itself_is_refused_though_signed() {
    let says = |change: &dyn Fn(&mut serde_json::Value)| match open(resigned(change)) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => format!("{}: {error}", error.check()),
    };
    assert_eq!(says(&|_| {}), "accepted");
    assert_eq!(says(&|m| m["later"] = 1.into()), "accepted");
    let all = [
        says(&|m| m["format"] = 2.into()),
        says(&|m| m["format"] = "1".into()),
        says(&|m| m["release"] = "2026/12".into()),
        says(&|m| m["valid_until"] = "2026-01-01".into()),
        says(&|m| m["valid_from"] = "2026".into()),
        says(&|m| m["previous"]["release"] = "2026-12".into()),
        says(&|m| m["platform"] = "".into()),
        says(&|m| m["forms"] = serde_json::json!([])),
        says(&|m| m["forms"][0]["title"] = "\n".into()),
        says(&|m| {
            let twice = m["forms"][0].clone();
            m["forms"].as_array_mut().unwrap().push(twice);
        }),
        says(&|m| m["files"].as_array_mut().unwrap().reverse()),
        says(&|m| m["files"][0]["kind"] = "card".into()),
        says(&|m| m["files"][0]["kind"] = "unheard".into()),
        says(&|m| m["files"][0]["target"] = "js".into()),
        says(&|m| m["files"][0]["path"] = "../a".into()),
        says(&|m| m["files"][0]["size"] = u64::MAX.into()),
        says(&|m| m["files"][0]["form"]["edition"] = "1999".into()),
        says(&|m| m["files"][0]["sha256"] = "00".into()),
        says(&|m| {
            m["files"]
                .as_array_mut()
                .unwrap()
                .retain(|f| f["kind"] != "program")
        }),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_program_of_another_form_is_not_given_out() {
    let mut builder = Builder::new(release());
    let form = builder
        .form(&program("shitei-999", "2020"), OtherNames::default())
        .unwrap();
    builder
        .form(&program("shitei-998", "2020"), OtherNames::default())
        .unwrap();
    let mut bytes = Vec::new();
    builder.write(&key(), &mut bytes).unwrap();
    // Whoever signs can be mistaken too.
    let swapped = repacked(&bytes, |files| {
        let json = content(files, MANIFEST);
        let mut value: serde_json::Value = serde_json::from_slice(json).unwrap();
        let (a, b) = (value["files"][0].clone(), value["files"][1].clone());
        for (at, from) in [(0, b), (1, a)] {
            value["files"][at]["form"] = from["form"].clone();
        }
        *json = serde_json::to_vec_pretty(&value).unwrap();
        let text = keys::signature_text(key().public().id(), &key().sign(json));
        *content(files, SIGNATURE) = text.into_bytes();
    });
    let bundle = open(swapped.clone()).unwrap();
    let error = bundle.form(&form.key, &form.edition).unwrap_err();
    assert_eq!(error.check(), "release.other_program");
    assert_eq!(refused(swapped), "release.other_program");
}

#[test]
fn no_beginning_of_a_bundle_is_a_bundle() {
    let bytes = bundle();
    for length in 0..bytes.len() {
        assert_ne!(refused(bytes[..length].to_vec()), "accepted", "{length}");
    }
    let mut longer = bytes;
    longer.push(0);
    assert_eq!(refused(longer), "release.not_a_release");
}

/// Whichever byte changes (every third is tried): the release is refused, or every file of it is still what was signed.
#[test]
fn a_changed_byte_changes_nothing_that_is_given_out() {
    let bytes = bundle();
    let original = open(bytes.clone()).unwrap();
    let files = &original.manifest().files;
    let all: Vec<Vec<u8>> = files
        .iter()
        .map(|f| original.read(&f.path).unwrap())
        .collect();
    let mut refusals = 0;
    for at in (0..bytes.len()).step_by(3) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x04;
        let Ok(bundle) = open(changed) else {
            refusals += 1;
            continue;
        };
        assert_eq!(bundle.manifest(), original.manifest(), "byte {at}");
        for (file, expected) in files.iter().zip(&all) {
            match bundle.read(&file.path) {
                Ok(content) => assert_eq!(&content, expected, "byte {at}"),
                Err(_) => refusals += 1,
            }
        }
    }
    assert!(refusals > bytes.len() / 6, "{refusals} of {}", bytes.len());
}

#[test]
fn errors_name_the_file_and_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("2026-12.kohyo-release");
    let missing = Bundle::open_file(&path, &trusted(), Use::Archive).unwrap_err();
    assert_eq!(missing.check(), "release.unreadable");
    std::fs::write(&path, bundle()).unwrap();
    let opened = Bundle::open_file(&path, &trusted(), Use::Archive).unwrap();
    assert_eq!(opened.path(), Some(path.as_path()));
    let error = opened.read("no").unwrap_err();
    assert_eq!(error.bundle(), Some(path.as_path()));
    let untrusting = Bundle::open_file(&path, &TrustedKeys::default(), Use::Archive).unwrap_err();
    let said = untrusting.to_string();
    assert!(said.contains("2026-12.kohyo-release: "), "{said}");
    assert!(untrusting.help().contains("公開鍵ファイル"));
}

#[test]
fn nothing_is_built_that_would_be_refused() {
    let packed = |path: &str| {
        Packed::new(path, None, b"x")
            .map(|_| ())
            .map_err(|e| e.to_string())
    };
    assert!(packed("docs/a.md").is_ok());
    for path in [
        "../a",
        "a",
        "other/a",
        "artefacts/a",
        "docs/個票.md",
        "manifest.json",
    ] {
        let error = packed(path).unwrap_err();
        assert!(error.contains(path), "{error}");
    }
    let mut builder = builder();
    let again = Packed::new("docs/README.md", None, b"x").unwrap();
    assert!(builder.add(again).is_err());
    let case = Packed::new("docs/readme.md", None, b"x").unwrap();
    assert!(matches!(builder.add(case), Err(BuildError::Twice(_))));
    let unknown = FormRef {
        key: "shitei-001".into(),
        edition: "2020".into(),
    };
    let mut stray = Builder::new(release());
    stray
        .add(Packed::new("cards/a.md", Some(unknown), b"x").unwrap())
        .unwrap();
    assert!(matches!(stray.manifest(), Err(BuildError::Manifest(_))));
}

#[test]
fn key_files_round_trip_and_nothing_else_is_one() {
    let key = key();
    let public = key.public();
    insta::assert_snapshot!(public.to_text(), @r"
    kohyo-release-key 1
    name: 架空基盤
    verify_with: ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c
    ");
    assert_eq!(PublicKey::parse(&public.to_text()).unwrap(), public);
    assert_eq!(
        PublicKey::parse(&public.to_text().replace('\n', "\r\n")).unwrap(),
        public
    );
    assert_eq!(ReleaseKey::parse(&key.to_text()).unwrap().public(), public);
    assert!(!format!("{key:?}").contains("07"), "{key:?}");
    for text in [
        "",
        "kohyo-release-key 1\n",
        &public.to_text().replace("key 1", "key 2"),
        &format!("{}\n", public.to_text()),
        &public.to_text().replace("架空基盤", ""),
        // The neutral element: a signature of it fits everything.
        "kohyo-release-key 1\nname: a\nverify_with: 0100000000000000000000000000000000000000000000000000000000000000\n",
    ] {
        assert!(PublicKey::parse(text).is_err(), "{text}");
    }
    assert!(ReleaseKey::from_seed("a\nb", &[1; 32]).is_err());
}

proptest! {
    #[test]
    fn whatever_is_put_in_comes_out(
        files in proptest::collection::btree_map(
            "(docs|kit|cards|artefacts/[a-z]{1,4})/[a-z0-9]{1,6}(/[a-z0-9_-]{1,6})?",
            proptest::collection::vec(any::<u8>(), 0..400),
            0..12,
        ),
        editions in proptest::collection::btree_set("20[0-9]{2}", 0..4),
    ) {
        let build = |reverse: bool| {
            let mut builder = Builder::new(release());
            for edition in &editions {
                builder.form(&program("shitei-999", edition), OtherNames::default()).unwrap();
            }
            let mut list: Vec<_> = files.iter().collect();
            if reverse {
                list.reverse();
            }
            for (path, content) in list {
                builder.add(Packed::new(path.as_str(), None, content).unwrap()).unwrap();
            }
            let mut bytes = Vec::new();
            let manifest = builder.write(&key(), &mut bytes).unwrap();
            (manifest, bytes)
        };
        let (manifest, bytes) = build(false);
        prop_assert_eq!(&bytes, &build(true).1);
        let bundle = open(bytes).unwrap();
        prop_assert_eq!(bundle.manifest(), &manifest);
        for (path, content) in &files {
            prop_assert_eq!(&bundle.read(path).unwrap(), content);
        }
        prop_assert_eq!(manifest.files.len(), files.len() + editions.len());
        let verified = bundle.verify_all(|_| {});
        prop_assert!(verified.is_ok());
        for edition in &editions {
            let form = bundle.form("shitei-999", edition).unwrap();
            prop_assert_eq!(&form.program().edition, edition);
        }
    }
}
