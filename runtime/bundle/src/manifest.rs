//! `manifest.json`: what a release is and which files belong to it.

use crate::hash::Hash;
use crate::names::{is_line, is_path, is_release_id};
use crate::open::MAX_FILE;
use kohyo_engine::look_up::OtherNames;
use kohyo_engine::program::{DatePrecision, Programme, Status};
use kohyo_engine::{Date, Program};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The version of the bundle's format that this crate writes and reads.
pub const FORMAT: u16 = 1;

/// What is signed: the release, its forms and its files.
///
/// Members that a reader does not know are ignored, so that later writers of the same format may
/// add some.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u16,
    /// Name of the release: `2026-12`.
    pub release: String,
    /// Who publishes it.
    pub platform: String,
    /// Day of publication.
    pub published: Date,
    /// First day on which records may be judged with it.
    pub valid_from: Date,
    /// Last day on which records may be judged with it.
    pub valid_until: Date,
    /// The release it replaces.
    pub previous: Option<Previous>,
    /// The program that made it: `kohyo 0.1.0`.
    pub made_with: String,
    /// Every form, by key and edition.
    pub forms: Vec<FormEntry>,
    /// Every file except manifest and signature, by path.
    pub files: Vec<FileEntry>,
}

/// The release before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    /// Its name.
    pub release: String,
    /// SHA-256 of its `manifest.json`.
    pub manifest: Hash,
}

/// A form of the release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormEntry {
    /// `shitei-006`.
    pub key: String,
    /// `2020`.
    pub edition: String,
    /// Japanese name of the disease.
    pub title: String,
    /// How the name is read, and what else the disease is called; for searching.
    #[serde(flatten)]
    pub names: OtherNames,
    /// `shitei`, `shoman` or `itself`.
    pub programme: Programme,
    /// How far the definition has come.
    pub status: Status,
    /// The notice its criteria come from.
    pub source: String,
    /// First day of the edition.
    pub valid_from: Date,
    /// Last day of the edition, if it has ended.
    pub valid_until: Option<Date>,
}

/// Names a form and its edition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FormRef {
    /// `shitei-006`.
    pub key: String,
    /// `2020`.
    pub edition: String,
}

/// What a file is. The kind decides the folder it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// `programs/…`: a program in its wire form; each form has exactly one.
    Program,
    /// `artefacts/<target>/…`: what a target made.
    Artefact,
    /// `cards/…`: a disease on a page.
    Card,
    /// `kit/…`: the conformance kit.
    Kit,
    /// `changes.…`: what changed since the release before.
    Changes,
    /// `docs/…`: something to read.
    Document,
}

/// A file of the release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its path in the ZIP.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// The target that made it: `xsd`; of artefacts only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The form it belongs to; none if it is for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormRef>,
    /// Its length in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: Hash,
}

impl FormEntry {
    /// The entry of a program.
    pub fn of(program: &Program, names: OtherNames) -> Self {
        Self {
            key: program.key.clone(),
            edition: program.edition.clone(),
            title: program.title.clone(),
            names,
            programme: program.programme,
            status: program.status,
            source: program.source.clone(),
            valid_from: program.valid_from,
            valid_until: program.valid_to,
        }
    }

    /// Key and edition.
    pub fn form(&self) -> FormRef {
        FormRef {
            key: self.key.clone(),
            edition: self.edition.clone(),
        }
    }
}

impl FormRef {
    /// Key and edition of a program.
    pub fn of(program: &Program) -> Self {
        Self {
            key: program.key.clone(),
            edition: program.edition.clone(),
        }
    }
}

impl FileEntry {
    /// The last part of its path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

impl Kind {
    /// The kind and the target of a path; nothing if nothing lies there.
    pub(crate) fn of_path(path: &str) -> Option<(Self, Option<&str>)> {
        let Some((folder, rest)) = path.split_once('/') else {
            return path
                .starts_with("changes.")
                .then_some((Self::Changes, None));
        };
        Some(match folder {
            "programs" => (Self::Program, None),
            "artefacts" => (Self::Artefact, Some(rest.split_once('/')?.0)),
            "cards" => (Self::Card, None),
            "kit" => (Self::Kit, None),
            "docs" => (Self::Document, None),
            _ => return None,
        })
    }
}

impl Manifest {
    /// The bytes that are signed.
    pub fn to_json(&self) -> Vec<u8> {
        // Serialising cannot fail: every map key is a string and nothing here is fallible.
        let mut json = serde_json::to_vec_pretty(self).unwrap_or_default();
        json.push(b'\n');
        json
    }

    /// The file with this path.
    pub fn file(&self, path: &str) -> Option<&FileEntry> {
        let found = self
            .files
            .binary_search_by(|file| file.path.as_str().cmp(path));
        self.files.get(found.ok()?)
    }

    /// The files of a form and edition, by path.
    pub fn files_of(&self, key: &str, edition: &str) -> impl Iterator<Item = &FileEntry> {
        self.files.iter().filter(move |file| {
            file.form
                .as_ref()
                .is_some_and(|form| form.key == key && form.edition == edition)
        })
    }

    /// The form with this key and edition.
    pub fn form(&self, key: &str, edition: &str) -> Option<&FormEntry> {
        let found = self
            .forms
            .binary_search_by(|form| place(form).cmp(&(key, edition)));
        self.forms.get(found.ok()?)
    }

    /// The program of a form.
    pub fn program_of(&self, key: &str, edition: &str) -> Option<&FileEntry> {
        self.files_of(key, edition)
            .find(|file| file.kind == Kind::Program)
    }

    /// What is wrong with it, if something is: the place and what should stand there.
    pub(crate) fn mistake(&self) -> Option<String> {
        self.mistake_of_release()
            .or_else(|| self.mistake_of_forms())
            .or_else(|| self.mistake_of_files())
    }

    fn mistake_of_release(&self) -> Option<String> {
        if !is_release_id(&self.release) {
            return Some(format!(
                "release「{}」は英数字と . - _ で32文字までにします",
                self.release
            ));
        }
        for (name, text) in [("platform", &self.platform), ("made_with", &self.made_with)] {
            if !is_line(text) {
                return Some(format!("{name} は改行のない200バイト以内の文字にします"));
            }
        }
        for (name, day) in [
            ("published", self.published),
            ("valid_from", self.valid_from),
            ("valid_until", self.valid_until),
        ] {
            if day.precision() != DatePrecision::Day {
                return Some(format!("{name}「{day}」は日まで書きます"));
            }
        }
        if self.valid_until.first_day() < self.valid_from.first_day() {
            return Some("valid_until が valid_from より前です".to_owned());
        }
        match &self.previous {
            Some(previous) if !is_release_id(&previous.release) => Some(format!(
                "previous.release「{}」は英数字と . - _ で32文字までにします",
                previous.release
            )),
            Some(previous) if previous.release == self.release => {
                Some("previous.release がこのリリース自身です".to_owned())
            }
            _ => None,
        }
    }

    fn mistake_of_forms(&self) -> Option<String> {
        for form in &self.forms {
            let at = format!("forms {} {}年版", form.key, form.edition);
            if !is_release_id(&form.key) || !is_release_id(&form.edition) {
                return Some(format!(
                    "{at}: key と edition は英数字と . - _ で32文字までにします"
                ));
            }
            let fine = is_line(&form.title) && form.names.iter().all(is_line);
            if !fine {
                return Some(format!(
                    "{at}: title、kana などの名前は改行のない200バイト以内の文字にします"
                ));
            }
        }
        self.forms.windows(2).find_map(|pair| match pair {
            [a, b] if place(a) >= place(b) => Some(format!(
                "forms {} {}年版: key と edition の順に並んでいないか、二つあります",
                b.key, b.edition
            )),
            _ => None,
        })
    }

    fn mistake_of_files(&self) -> Option<String> {
        let mut folded = BTreeSet::new();
        let mut programs = BTreeSet::new();
        for file in &self.files {
            let at = format!("files「{}」", file.path);
            if !is_path(&file.path) {
                return Some(format!(
                    "{at}: path は英数字と . - _ をつないだものだけが使えます"
                ));
            }
            if Kind::of_path(&file.path) != Some((file.kind, file.target.as_deref())) {
                return Some(format!("{at}: kind か target が path と合いません"));
            }
            if !folded.insert(file.path.to_ascii_lowercase()) {
                return Some(format!(
                    "{at}: 同じ名前（大文字・小文字を区別しない）のファイルが二つあります"
                ));
            }
            if file.size > MAX_FILE {
                return Some(format!("{at}: size が大きすぎます（{MAX_FILE}バイトまで）"));
            }
            match &file.form {
                Some(form) if self.form(&form.key, &form.edition).is_none() => {
                    return Some(format!(
                        "{at}: 様式 {} の{}年版が forms にありません",
                        form.key, form.edition
                    ));
                }
                Some(form) if file.kind == Kind::Program && !programs.insert(form.clone()) => {
                    return Some(format!(
                        "{at}: 様式 {} の{}年版のプログラムが二つあります",
                        form.key, form.edition
                    ));
                }
                None if file.kind == Kind::Program => {
                    return Some(format!("{at}: プログラムに form がありません"));
                }
                _ => {}
            }
        }
        if let Some([_, b]) = self
            .files
            .windows(2)
            .find(|pair| matches!(pair, [a, b] if a.path >= b.path))
        {
            return Some(format!("files「{}」: path の順に並んでいません", b.path));
        }
        self.forms
            .iter()
            .find(|form| !programs.contains(&form.form()))
            .map(|form| {
                format!(
                    "forms {} {}年版: プログラムが files にありません",
                    form.key, form.edition
                )
            })
    }
}

fn place(form: &FormEntry) -> (&str, &str) {
    (&form.key, &form.edition)
}
