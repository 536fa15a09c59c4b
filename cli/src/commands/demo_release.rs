//! The portal of the demonstration: two releases of a few diseases, made while the servers start.

use super::key::VERSION;
use super::release::contents::{self, Contents};
use crate::disk::{self, Failure, Workspace};
use kohyo_bundle::{EXTENSION, Hash, Previous, Release, ReleaseKey, TrustedKeys};
use kohyo_compiler::catalogue::{Catalogue, without_branch};
use kohyo_engine::{Date, Form};
use kohyo_server::{Clock, Library, Releases};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the releases hold: enough to look around in, and made in a few seconds.
const DISEASES: [&str; 7] = [
    "shitei-006",
    "shitei-011",
    "shitei-046",
    "shitei-049",
    "shitei-097",
    "shitei-300",
    "shoman-11-073",
];
/// What the older release did not have yet: a disease, and the newest edition of another.
const NEW: [(&str, Option<&str>); 2] = [("shitei-300", None), ("shitei-049", Some("2024"))];

/// What a thread takes along to make the releases.
struct Work {
    forms: Vec<Arc<Form>>,
    catalogue: Catalogue,
    folder: PathBuf,
    key: ReleaseKey,
    today: Date,
}

/// Begins to make the releases, and says where they will be and whose signature they bear.
pub fn publish(workspace: &Workspace, library: &Library, data: &Path) -> Result<Releases, Failure> {
    let folder = data.join("releases");
    disk::make_folder(&folder)?;
    forget_old(&folder)?;
    // Nobody keeps this key: the next start makes new releases.
    let key = ReleaseKey::from_seed("デモ（架空の配布元）", &rand::random())
        .map_err(|e| Failure::Other(e.to_string()))?;
    let catalogue = workspace.catalogue()?.unwrap_or_default();
    let chosen = |form: &Arc<Form>| DISEASES.contains(&without_branch(&form.program().key));
    let forms: Vec<Arc<Form>> = library.iter().filter(chosen).collect();
    let releases = Releases {
        folder: folder.clone(),
        keys: TrustedKeys::new([key.public()]),
        // The demonstration judges with every definition, not only with those of its releases.
        judge: false,
    };
    let today = Clock::System
        .today()
        .ok_or_else(|| Failure::Other("端末の日付を確認してください".to_owned()))?;
    let work = Work {
        forms,
        catalogue,
        folder,
        key,
        today,
    };
    std::thread::spawn(move || {
        if let Err(failure) = work.run() {
            crate::output::note(&format!("デモのリリースを作れませんでした: {failure}"));
        }
    });
    Ok(releases)
}

/// Releases of an earlier start bear a signature that nobody knows any more.
fn forget_old(folder: &Path) -> Result<(), Failure> {
    for path in disk::listed(folder)? {
        if path.extension().is_some_and(|e| e == EXTENSION) {
            std::fs::remove_file(&path).map_err(|source| Failure::Write { path, source })?;
        }
    }
    Ok(())
}

impl Work {
    fn run(self) -> Result<(), Failure> {
        let day = |months_ago: u16, day: u8| {
            let month = u16::from(self.today.month_number().unwrap_or(1));
            let months = self.today.year_number() * 12 + month - 1;
            let months = months.saturating_sub(months_ago);
            let month = u8::try_from(months % 12).unwrap_or(0) + 1;
            Date::day(months / 12, month, day)
                .ok_or_else(|| Failure::Other("端末の日付を確認してください".to_owned()))
        };
        let (before, now) = (day(6, 1)?, day(0, 1)?);
        let day_before = Date::from_day_number(now.first_day() - 1).unwrap_or(now);
        let was_there = |form: &&Arc<Form>| {
            let program = form.program();
            !NEW.iter().any(|(key, edition)| {
                *key == without_branch(&program.key) && edition.is_none_or(|e| e == program.edition)
            })
        };
        let old: Vec<Arc<Form>> = self.forms.iter().filter(was_there).cloned().collect();
        let hash = self.make(&old, before, day_before, None)?;
        let previous = Previous {
            release: id(before),
            manifest: hash,
        };
        let end = Date::from_day_number(now.first_day() + 364).unwrap_or(now);
        self.make(&self.forms, now, end, Some(previous))?;
        Ok(())
    }

    /// Puts a release into the folder; gives the hash of its manifest.
    fn make(
        &self,
        forms: &[Arc<Form>],
        from: Date,
        until: Date,
        previous: Option<Previous>,
    ) -> Result<Hash, Failure> {
        // Kits and paper would take minutes.
        let contents = Contents {
            kit: false,
            paper: None,
        };
        let release = Release {
            id: id(from),
            platform: self.key.public().name().to_owned(),
            published: from,
            valid_from: from,
            valid_until: until,
            previous,
            made_with: format!("kohyo {VERSION}"),
        };
        let path = self.folder.join(format!("{}.{EXTENSION}", release.id));
        let made = contents::make(forms, &contents, |_| ())?;
        let builder = contents::gathered(release, made, &contents, None, &self.catalogue)?;
        let manifest = contents::publish(builder, &self.key, &path)?;
        Ok(Hash::of(&manifest.to_json()))
    }
}

/// `2026-12`.
fn id(day: Date) -> String {
    let text = day.to_string();
    text.get(..7).unwrap_or(&text).to_owned()
}
