//! Pass 4: the other editions in the folder of a disease.
//!
//! `form.kohyo` is the newest edition of the main form; beside it lie older editions and branches,
//! each a definition of its own. Which edition a file is, its header says. A definition that takes
//! over the answers of an older one is checked against that one here, so that a change to either
//! is noticed.

mod migrate;

use crate::diagnostics as d;
use crate::files::Files;
use crate::header;
use crate::load::{SyntaxCache, Unit};
use crate::lower::FormerName;
use kohyo_dsl::ast::{self, Header, ItemKind};
use kohyo_dsl::{Diagnostic, Parsed, Severity};
use kohyo_engine::{Date, Form, Lineage, Program};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The file name of a disease's main form.
pub(crate) const MAIN: &str = "form.kohyo";

/// The folder of a path, with its last `/`, and the file's name.
pub(crate) fn split(path: &str) -> (&str, &str) {
    path.split_at(path.rfind('/').map_or(0, |slash| slash + 1))
}

/// Another disease definition in the same folder.
struct Sibling {
    path: String,
    parsed: Arc<Parsed>,
}

impl Sibling {
    fn header(&self) -> Option<&Header> {
        self.parsed.file.header.as_ref()
    }

    fn edition(&self) -> Option<&ast::Edition> {
        self.header()?.edition.as_ref()
    }

    fn migrations(&self) -> impl Iterator<Item = &ast::Migration> {
        migrations(&self.parsed.file)
    }
}

/// The editions of the same form as `header` that lie in the folder of `path`, oldest first.
fn siblings(files: &Files, cache: &mut SyntaxCache, path: &str, header: &Header) -> Vec<Sibling> {
    let key = header::key(&header.subject);
    let (folder, _) = split(path);
    let mut found: Vec<Sibling> = files
        .beside(folder)
        .filter(|other| *other != path && other.ends_with(".kohyo"))
        .filter_map(|other| {
            let parsed = cache.parse(files, other)?;
            let same = header::key(&parsed.file.header.as_ref()?.subject) == key;
            (same && key.is_some()).then(|| Sibling {
                path: other.to_owned(),
                parsed,
            })
        })
        .collect();
    found.sort_by_key(|s| (s.edition().map(began), s.path.clone()));
    found
}

/// The first day of an edition, for comparing.
fn began(edition: &ast::Edition) -> Option<i32> {
    header::date(edition.from).map(Date::first_day)
}

fn migrations(file: &ast::File) -> impl Iterator<Item = &ast::Migration> {
    file.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Migration(migration) => Some(migration),
        _ => None,
    })
}

/// What a definition says about older editions is checked and added to its program; the files
/// looked at are given back.
pub(crate) fn attach(
    files: &Files,
    cache: &mut SyntaxCache,
    units: &[Unit<'_>],
    former: &[FormerName],
    program: &mut Program,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<String> {
    for unit in units.iter().skip(1).filter(|u| u.lent.is_none()) {
        report_in_module(unit, diagnostics);
    }
    let Some(unit) = units.first() else {
        return Vec::new();
    };
    let Some(header) = &unit.parsed.file.header else {
        return Vec::new();
    };
    let siblings = siblings(files, cache, &unit.file, header);
    let mut context = Context {
        unit,
        header,
        siblings: &siblings,
        // A field or rule with a mistake may be missing from the program.
        complete: !diagnostics.iter().any(|d| d.severity == Severity::Error)
            && units.iter().all(|u| u.parsed.lost.is_empty()),
        looked_at: BTreeSet::new(),
    };
    context.report_twice(diagnostics);
    context.report_newer(diagnostics);
    context.migrate(files, cache, former, program, diagnostics);
    context.fall_back(program, diagnostics);
    context.looked_at.into_iter().collect()
}

fn report_in_module(unit: &Unit<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for item in &unit.parsed.file.items {
        if matches!(item.kind, ItemKind::Migration(_)) {
            diagnostics.push(d::in_module(&unit.file, item.span, "migrate"));
        }
    }
    let header = unit.parsed.file.header.as_ref();
    if let Some(edition) = header.and_then(|h| h.fallback.as_ref()) {
        diagnostics.push(d::in_module(&unit.file, edition.span, "renewal may use"));
    }
}

/// A module that is compiled by itself may say nothing about editions either.
pub(crate) fn check_module(unit: &Unit<'_>, diagnostics: &mut Vec<Diagnostic>) {
    report_in_module(unit, diagnostics);
}

struct Context<'c> {
    unit: &'c Unit<'c>,
    header: &'c Header,
    siblings: &'c [Sibling],
    complete: bool,
    looked_at: BTreeSet<String>,
}

impl Context<'_> {
    fn file(&self) -> &str {
        &self.unit.file
    }

    /// The sibling with this edition.
    fn sibling(&self, name: &str) -> Option<&Sibling> {
        self.siblings
            .iter()
            .find(|s| s.edition().is_some_and(|e| e.name.text == name))
    }

    /// Two files cannot be the same edition of the same form.
    fn report_twice(&self, diagnostics: &mut Vec<Diagnostic>) {
        let Some(own) = &self.header.edition else {
            return;
        };
        if let Some(other) = self.sibling(&own.name.text)
            && let Some(edition) = other.edition()
        {
            diagnostics.push(d::same_edition(
                self.file(),
                &own.name,
                &other.path,
                edition.name.span,
            ));
        }
    }

    /// `form.kohyo` is the newest edition.
    fn report_newer(&self, diagnostics: &mut Vec<Diagnostic>) {
        let Some(own) = &self.header.edition else {
            return;
        };
        let newer = self.siblings.last().and_then(|s| Some((s, s.edition()?)));
        if let Some((other, edition)) = newer
            && split(self.file()).1 == MAIN
            && began(edition) > began(own)
        {
            diagnostics.push(d::not_newest(
                self.file(),
                &own.name,
                &other.path,
                &edition.name,
            ));
        }
    }

    fn migrate(
        &mut self,
        files: &Files,
        cache: &mut SyntaxCache,
        former: &[FormerName],
        program: &mut Program,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let unit = self.unit;
        let mut seen: Vec<&ast::Text> = Vec::new();
        for migration in migrations(&unit.parsed.file) {
            let edition = &migration.edition;
            if let Some(first) = seen.iter().find(|e| e.text == edition.text) {
                diagnostics.push(d::migrated_twice(self.file(), edition, first.span));
                continue;
            }
            seen.push(edition);
            let Some(path) = self.older(edition, diagnostics) else {
                continue;
            };
            let (older, used) = shape(files, cache, &path);
            self.looked_at.extend(used);
            let Some(older) = older else {
                diagnostics.push(d::older_has_errors(self.file(), edition, &path));
                continue;
            };
            let lowered = migrate::lower(
                &migrate::Sides {
                    file: &unit.file,
                    older: &older,
                    newer: program,
                    former,
                    complete: self.complete,
                },
                migration,
                diagnostics,
            );
            program.migrations.push(lowered);
        }
        if seen.is_empty() && self.header.fallback.is_none() {
            self.report_not_migrated(diagnostics);
        }
    }

    /// The path of the older edition that `edition` names, or a diagnostic.
    fn older(&self, edition: &ast::Text, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
        let own = self.header.edition.as_ref()?;
        if own.name.text == edition.text {
            diagnostics.push(d::not_older(self.file(), edition, &own.name.text));
            return None;
        }
        let Some(found) = self.sibling(&edition.text) else {
            let known: Vec<&str> = self
                .siblings
                .iter()
                .filter_map(|s| Some(s.edition()?.name.text.as_str()))
                .collect();
            diagnostics.push(d::no_such_edition(self.file(), edition, &known));
            return None;
        };
        if found.edition().and_then(began) >= began(own) {
            diagnostics.push(d::not_older(self.file(), edition, &own.name.text));
            return None;
        }
        Some(found.path.clone())
    }

    /// An older edition whose answers go nowhere.
    fn report_not_migrated(&self, diagnostics: &mut Vec<Diagnostic>) {
        let Some(own) = &self.header.edition else {
            return;
        };
        let before = self
            .siblings
            .iter()
            .rev()
            .filter_map(Sibling::edition)
            .find(|e| began(e) < began(own));
        if let Some(before) = before {
            diagnostics.push(d::not_migrated(self.file(), &own.name, &before.name.text));
        }
    }

    /// `renewal may use edition "2020"`: there is a way from there to here.
    fn fall_back(&self, program: &mut Program, diagnostics: &mut Vec<Diagnostic>) {
        let Some(edition) = &self.header.fallback else {
            return;
        };
        // Of a form of the programme the header itself is wrong, and that is reported.
        if program.is_of_programme() {
            return;
        }
        if self.older(edition, diagnostics).is_none() {
            return;
        }
        if !self.leads_from(&self.unit.parsed.file, &edition.text, &mut BTreeSet::new()) {
            diagnostics.push(d::no_way(self.file(), edition));
            return;
        }
        program.fallback = Some(edition.text.clone());
    }

    /// Whether migrations lead from the edition `from` to `file`, over editions not yet `seen`.
    fn leads_from<'s>(
        &'s self,
        file: &'s ast::File,
        from: &str,
        seen: &mut BTreeSet<&'s str>,
    ) -> bool {
        migrations(file).any(|m| {
            let older = m.edition.text.as_str();
            older == from
                || seen.insert(older)
                    && self
                        .sibling(older)
                        .is_some_and(|s| self.leads_from(&s.parsed.file, from, seen))
        })
    }
}

/// The program of an older edition without what it says about still older ones, and the files it
/// is made of; no program if there are errors.
fn shape(files: &Files, cache: &mut SyntaxCache, path: &str) -> (Option<Program>, Vec<String>) {
    let bare = crate::bare(files, cache, path);
    let used = bare.units.iter().map(|u| u.file.clone()).collect();
    let failed = bare
        .diagnostics
        .iter()
        .any(|d| d.severity == Severity::Error);
    (bare.program.filter(|_| !failed), used)
}

/// The edition by whose rules a renewal on `newest`, compiled from `path`, is also judged; nothing
/// if it names none or the older editions do not compile.
pub fn previous(
    files: &Files,
    cache: &mut SyntaxCache,
    path: &str,
    newest: &Arc<Form>,
) -> Option<Lineage> {
    newest.program().fallback.as_ref()?;
    let header = cache.parse(files, path)?.file.header.clone()?;
    let mut wanted: Vec<String> = newest
        .program()
        .migrations
        .iter()
        .map(|m| m.edition.clone())
        .collect();
    let siblings = siblings(files, cache, path, &header);
    let mut forms: Vec<Arc<Form>> = Vec::new();
    // Newest first, so that the migrations of one edition are known before the older ones.
    for sibling in siblings.iter().rev() {
        let name = sibling.edition().map(|e| e.name.text.as_str());
        if name.is_none_or(|name| !wanted.iter().any(|w| w == name)) {
            continue;
        }
        wanted.extend(sibling.migrations().map(|m| m.edition.text.clone()));
        let compiled = crate::compile_with(files, cache, &sibling.path);
        let form = compiled.program.and_then(|p| Form::new(p).ok());
        forms.extend(form.map(Arc::new));
    }
    Lineage::fallback(&forms, newest).ok().flatten()
}
