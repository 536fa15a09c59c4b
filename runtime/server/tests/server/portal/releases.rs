//! Releases in a folder, as an operator puts them there.

use crate::sample;
use kohyo_bundle::{
    Builder, Bundle, Manifest, Packed, Previous, Release, ReleaseKey, TrustedKeys, Use,
};
use kohyo_engine::Program;
use kohyo_engine::look_up::OtherNames;
use kohyo_engine::program::Programme;
use std::path::{Path, PathBuf};

pub(super) fn key() -> ReleaseKey {
    ReleaseKey::from_seed("架空基盤", &[3; 32]).unwrap()
}

pub(super) fn program(key: &str, edition: &str, title: &str) -> Program {
    let mut program = sample::form().program().clone();
    program.key = key.to_owned();
    program.edition = edition.to_owned();
    program.title = title.to_owned();
    if key.starts_with("shoman") {
        program.programme = Programme::Shoman;
    }
    program
}

pub(super) const PAGE: &str =
    "<!doctype html><title>チェック仕様書</title><script>document.title = 'x'</script>";

pub(super) const GUIDE: &str = "# 成果物の説明\n\n## 1. 一覧\n\n| 成果物 | 内容 |\n|---|---|\n| [読み取り](reader.py) | `<b>` |\n\n<script>document.title = 'x'</script>\n";

/// What Parkinson's disease is called besides its title.
pub(crate) fn parkinson() -> OtherNames {
    OtherNames {
        kana: Some("ぱーきんそんびょう".to_owned()),
        english: Some("Parkinson's disease".to_owned()),
        short: vec!["PD".to_owned()],
        earlier: Vec::new(),
    }
}

/// A release with these forms, each with some files.
pub(super) fn release(
    id: &str,
    days: [&str; 3],
    previous: Option<Previous>,
    forms: &[Program],
) -> Builder {
    let [published, valid_from, valid_until] = days.map(|day| day.parse().unwrap());
    let mut builder = Builder::new(Release {
        id: id.to_owned(),
        platform: "架空基盤".to_owned(),
        published,
        valid_from,
        valid_until,
        previous,
        made_with: "kohyo 0.1.0".to_owned(),
    });
    for program in forms {
        let names = match program.key.as_str() {
            "shitei-006" => parkinson(),
            _ => OtherNames::default(),
        };
        let form = builder.form(program, names).unwrap();
        let stem = format!("{}-{}", program.key, program.edition);
        let card = format!("```text\n{} {}\n■ 項目\n```\n", program.key, program.title);
        for (path, content) in [
            (format!("artefacts/xsd/{stem}.xsd"), "<schema/>"),
            (format!("artefacts/documents/{stem}.html"), PAGE),
            (format!("artefacts/documents/{stem}.csv"), "a,b\n"),
            (format!("cards/{stem}.md"), card.as_str()),
            (format!("kit/{stem}/R001-pass.xml"), "<record/>"),
            (format!("kit/{stem}/R001-fail.xml"), "<record><x/></record>"),
        ] {
            let packed = Packed::new(path, Some(form.clone()), content.as_bytes()).unwrap();
            builder.add(packed).unwrap();
        }
    }
    for (path, content) in [
        ("artefacts/xsd/types.xsd", "<types/>"),
        ("docs/targets/README.md", GUIDE),
        ("docs/targets/reader.py", "print('<b>')\n"),
        ("changes.html", PAGE),
        ("changes.json", "{}"),
    ] {
        builder
            .add(Packed::new(path, None, content.as_bytes()).unwrap())
            .unwrap();
    }
    builder
}

pub(super) fn write(folder: &Path, builder: Builder) -> (PathBuf, Manifest) {
    let mut bytes = Vec::new();
    let manifest = builder.write(&key(), &mut bytes).unwrap();
    let path = folder.join(format!("{}.kohyo-release", manifest.release));
    put(&path, &bytes);
    (path, manifest)
}

/// As a careful operator would: whole, or not at all.
pub(super) fn put(path: &Path, bytes: &[u8]) {
    let beside = path.with_extension("new");
    std::fs::write(&beside, bytes).unwrap();
    std::fs::rename(&beside, path).unwrap();
}

/// Two releases: the second has a new disease, a new edition, a changed rule, and one form less.
pub(super) fn two_releases(folder: &Path) {
    let old = [
        program("shitei-006", "2020", "パーキンソン病"),
        program("shitei-011", "2020", "重症筋無力症"),
        program("shoman-11-080", "2020", "てんかん"),
    ];
    let days = ["2026-05-20", "2026-06-01", "2026-11-20"];
    let (path, _) = write(folder, release("2026-06", days, None, &old));
    let before = Bundle::open_file(&path, &trusted(), Use::Archive).unwrap();
    let previous = Previous {
        release: "2026-06".to_owned(),
        manifest: before.hash(),
    };
    let mut changed = program("shitei-006", "2020", "パーキンソン病");
    changed.notes.push("新しい読み方".to_owned());
    let mut edition = program("shitei-006", "2026", "パーキンソン病");
    edition.valid_from = "2026-10-01".parse().unwrap();
    let new = [
        changed,
        edition,
        program("shitei-049", "2020", "全身性エリテマトーデス"),
        program("shoman-11-080", "2020", "てんかん"),
    ];
    let days = ["2026-11-20", "2026-11-21", "2027-03-31"];
    write(folder, release("2026-12", days, Some(previous), &new));
}

pub(super) fn trusted() -> TrustedKeys {
    TrustedKeys::new([key().public()])
}
