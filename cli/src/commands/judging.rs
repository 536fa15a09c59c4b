//! What judges records: a release, or else the definitions at hand.

use crate::args::ReleaseFile;
use crate::commands::release;
use crate::disk::{Failure, Texts};
use crate::output;
use kohyo_engine::Date;
use kohyo_exchange::{Judged, Library, UNSIGNED};
use kohyo_tool::{ReleaseInUse, all_usable};
use std::path::{Path, PathBuf};

/// The forms that judge, and the release they came from.
pub struct Judging {
    pub forms: Library,
    pub release: Option<ReleaseInUse>,
    /// The folder of definitions that judges where there is no release.
    folder: PathBuf,
}

/// How much of the forms is kept.
enum Kept {
    Whole,
    /// What checks need.
    ForChecks,
}

impl Judging {
    /// The release that is named, valid on this day; without one the definitions in `forms`.
    pub fn open(
        forms: Option<&Path>,
        named: &ReleaseFile,
        keys: Option<PathBuf>,
        on: Date,
    ) -> Result<Self, Failure> {
        Self::keeping(&Kept::Whole, forms, named, keys, on)
    }

    /// The same for checks of many records: its forms tell no reasons and take less memory.
    pub fn for_checks(
        forms: Option<&Path>,
        named: &ReleaseFile,
        keys: Option<PathBuf>,
        on: Date,
    ) -> Result<Self, Failure> {
        Self::keeping(&Kept::ForChecks, forms, named, keys, on)
    }

    fn keeping(
        kept: &Kept,
        forms: Option<&Path>,
        named: &ReleaseFile,
        keys: Option<PathBuf>,
        on: Date,
    ) -> Result<Self, Failure> {
        let Some(path) = &named.release else {
            let workspace = match super::definitions(forms, Texts::Definitions) {
                Err(Failure::NoForms) => return Err(Failure::NoRelease),
                other => other?,
            };
            return Ok(Self {
                forms: match kept {
                    Kept::Whole => super::library(&workspace)?,
                    Kept::ForChecks => super::library_for_checks(&workspace)?,
                },
                release: None,
                folder: workspace.root,
            });
        };
        let keys = release::keys(&named.release_key, keys)?;
        let release = ReleaseInUse::open(path, &keys, on)?;
        Ok(Self {
            forms: match kept {
                Kept::Whole => release.library()?,
                Kept::ForChecks => release.library_for_checks()?,
            },
            release: Some(release),
            folder: PathBuf::new(),
        })
    }

    /// What judged; that it was no signed release, if it was none.
    pub fn tell_source(&self) {
        output::note(&format!(
            "判定に使ったもの: {}",
            match &self.release {
                Some(release) => release.described(),
                None => format!("{UNSIGNED}（{}）", self.folder.display()),
            }
        ));
    }

    /// What judged, and which editions judged how many records.
    pub fn tell(&self, judged: &Judged) {
        self.tell_source();
        for form in judged.forms() {
            output::note(&format!(
                "  {}（{}、{}年版） {}件",
                form.title, form.form, form.edition, form.records
            ));
        }
    }

    /// Forms that records asked for and that cannot be used. Of the definitions at hand they are
    /// named; a release with such a form is damaged, and nothing it judged counts.
    pub fn troubles(&self) -> Result<(), Failure> {
        if self.release.is_none() {
            super::told(&self.forms);
            return Ok(());
        }
        Ok(all_usable(&self.forms)?)
    }
}
