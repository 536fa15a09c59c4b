//! Definitions to programs and artefacts.
//!
//! ```text
//! Files ─ load ─► units ─ world ─► names with places ─ lower ─► Program ─ emit ─► XSD, …
//!           └───────────── diagnostics of every pass, all in one run ─────────────┘
//! ```
//!
//! In go the texts of a `forms/` folder ([`Files`]); out come a [`kohyo_engine::Program`] and every
//! diagnostic ([`compile`]), the artefacts made from it ([`emit`]) and the results of its cases
//! ([`cases`]). No file is read or written here, no clock, no network; broken input is ordinary.

mod files;
mod load;
mod header;
pub mod catalogue;
pub mod withdrawn;
mod world;
mod facts;
mod lower;
mod reading;
mod unasked;
mod editions;
mod places;
mod quoted;
mod calculated;
mod prove;
mod alone;
pub mod cases;
pub mod skeleton;
pub mod coverage;
pub mod quality;
pub mod emit;
pub mod kit;
pub mod changes;
mod card;
mod index;
pub mod ide;

mod diagnostics;
mod explain;
mod arena;
mod suggest;
mod visit;
mod yaml;

pub use alone::{ModuleEntry, compile_module, modules};
pub use card::{card, card_file, card_path};
pub use diagnostics::{declarations, declared};
pub use editions::previous;
pub use explain::explain;
pub use files::Files;
pub use header::{DiseaseEntry, diseases, forms};
pub use index::index_file;
pub use load::SyntaxCache;
pub use lower::Origins;
pub use prove::{
    Beside, Claim, Difference, Edition, ProofCache, ProofReport, Proven, Region, Statement,
    Written, difference, difference_beside, difference_of, prove, prove_again,
};

use kohyo_dsl::{Diagnostic, Severity};
use kohyo_engine::{Form, Program};
use std::collections::BTreeSet;

/// What became of a definition.
#[derive(Clone, Debug)]
pub struct Compilation {
    /// Its file.
    pub path: String,
    /// The program; nothing for a module, or if there are errors.
    pub program: Option<Program>,
    /// Every file it is made of, itself first.
    pub files: Vec<String>,
    /// Which of these files each part of the program comes from.
    pub origins: Origins,
    /// What was found, by file and place. Findings of modules are among them.
    pub diagnostics: Vec<Diagnostic>,
    /// Where the parts of the program stand.
    places: places::Places,
    /// Findings about values that perhaps nobody has.
    doubts: Vec<lower::Doubt>,
    /// Which of the files have cases beside them.
    tried: Vec<bool>,
}

impl Compilation {
    /// Whether the cases of this definition answer for what stands in a file: those of a disease for
    /// its own folder, those of a module for that module.
    pub(crate) fn answers_for(&self, unit: usize) -> bool {
        let folder = |path: &str| editions::split(path).0.to_owned();
        let file = self.files.get(unit).map_or("", String::as_str);
        match self.files.first() {
            Some(first) if *first == self.path => folder(file) == folder(&self.path),
            _ => file == self.path,
        }
    }

    /// Whether a file has cases of its own.
    pub(crate) fn has_cases(&self, unit: usize) -> bool {
        self.tried.get(unit).copied().unwrap_or(false)
    }

    /// Whether a definition came with a judgement of another disease.
    pub(crate) fn is_lent(&self, definition: usize) -> bool {
        let place = self.places.definitions.get(definition);
        place.is_some_and(|place| place.lent)
    }

    /// Whether anything found is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|d| d.severity == Severity::Error)
    }
}

/// Compiles the definition at `path`.
pub fn compile(files: &Files, path: &str) -> Compilation {
    compile_with(files, &mut SyntaxCache::default(), path)
}

/// Compiles the definition at `path`, keeping syntax for the next one that uses the same modules
/// and for the next edit.
pub fn compile_with(files: &Files, cache: &mut SyntaxCache, path: &str) -> Compilation {
    let Bare {
        units,
        mut program,
        origins,
        places,
        former,
        doubts,
        mut diagnostics,
    } = bare(files, cache, path);
    // INVARIANT: the units come first, origins are positions among them.
    let mut used: Vec<String> = units.iter().map(|u| u.file.clone()).collect();
    match (&mut program, units.first()) {
        (Some(program), _) => {
            let older = editions::attach(files, cache, &units, &former, program, &mut diagnostics);
            used.extend(
                older
                    .into_iter()
                    .filter(|f| !units.iter().any(|u| u.file == *f)),
            );
        }
        (None, Some(unit)) => editions::check_module(unit, &mut diagnostics),
        (None, None) => {}
    }
    diagnostics.sort_by(|a, b| (&a.file, a.span, a.code).cmp(&(&b.file, b.span, b.code)));
    diagnostics.dedup();
    let failed = diagnostics.iter().any(|d| d.severity == Severity::Error);
    let diagnostics = kohyo_dsl::cut_short(diagnostics);
    let has_cases = |file: &String| files.get(&cases::beside(file)).is_some();
    Compilation {
        tried: used.iter().map(has_cases).collect(),
        path: path.to_owned(),
        program: program.filter(|_| !failed),
        files: used,
        origins,
        diagnostics,
        places,
        doubts,
    }
}

/// A definition by itself: what it says about other editions is not looked at.
struct Bare<'f> {
    units: Vec<load::Unit<'f>>,
    /// Nothing for a module or a broken header; perhaps incomplete if there are errors.
    program: Option<Program>,
    origins: Origins,
    places: places::Places,
    former: Vec<lower::FormerName>,
    doubts: Vec<lower::Doubt>,
    diagnostics: Vec<Diagnostic>,
}

fn bare<'f>(files: &'f Files, cache: &mut SyntaxCache, path: &str) -> Bare<'f> {
    let (units, mut diagnostics) = load::load(files, cache, path);
    let mut origins = Origins::default();
    let mut places = places::Places::default();
    let mut former = Vec::new();
    let mut doubts = Vec::new();
    let program = match units.first().map(|u| (u, &u.parsed.file.header)) {
        Some((unit, Some(header))) => {
            let head = header::lower(&unit.file, header, &mut diagnostics);
            let mut body = body(&units, &mut diagnostics);
            let hidden = std::mem::take(&mut body.hidden);
            origins = body.origins;
            places = body.places;
            former = body.former;
            doubts = body.doubts;
            let program = head.map(|head| Program {
                code_tables: body.code_tables,
                functions: body.functions,
                fields: body.fields,
                sections: body.sections,
                definitions: body.definitions,
                judgements: body.judgements,
                checks: body.checks,
                exceptions: body.exceptions,
                ..head
            });
            settle(hidden, program.as_ref(), &mut diagnostics);
            program.map(|mut program| {
                check_program(&unit.file, header, &program, &mut diagnostics);
                if !diagnostics.iter().any(|d| d.severity == Severity::Error) {
                    calculated::check(&program, &body.declared, &mut diagnostics);
                    prove::covered::mark(&mut program);
                }
                program
            })
        }
        Some((unit, None)) => {
            debug_assert!(!unit.parsed.diagnostics.is_empty(), "the syntax reports it");
            None
        }
        None => None,
    };
    drop_consequences(&units, &mut diagnostics);
    Bare {
        units,
        program,
        origins,
        places,
        former,
        doubts,
        diagnostics,
    }
}

/// A name that is unknown only because its declaration has a mistake of its own is not reported,
/// nor an alias of something that was not found, nor that a block lacks what could not be read.
fn drop_consequences(units: &[load::Unit<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let lost: Vec<&str> = units
        .iter()
        .flat_map(|u| &u.parsed.lost)
        .map(|name| name.text.as_str())
        .collect();
    let unit_of = |file: &str| units.iter().find(|u| u.file == file);
    let unread = units.iter().any(|unit| !unit.parsed.diagnostics.is_empty());
    let misnamed = are_misnamed(diagnostics);
    let names = diagnostics
        .iter()
        .filter(|d| d.code == diagnostics::FIELD_NAME);
    let in_capitals: BTreeSet<String> = names
        .filter_map(|d| Some(d.span.of(unit_of(&d.file)?.text).to_lowercase()))
        .collect();
    diagnostics.retain(|found| {
        let word = unit_of(&found.file).map_or("", |u| found.span.of(u.text));
        match found.code {
            diagnostics::UNKNOWN_NAME if misnamed && found.fix.is_none() => false,
            diagnostics::UNKNOWN_NAME if in_capitals.contains(word) => false,
            diagnostics::UNKNOWN_NAME => !lost.iter().any(|lost| is_lost(lost, word)),
            diagnostics::UNKNOWN_OPTION
                if unread && found.help.as_deref() == Some(diagnostics::UNREAD) =>
            {
                false
            }
            diagnostics::UNKNOWN_OPTION => {
                !lost.contains(&word)
                    && !unit_of(&found.file).is_some_and(|unit| unit.is_in_broken(found.span))
            }
            diagnostics::NO_EDITION | diagnostics::NO_OTHERWISE | diagnostics::NO_ELIGIBLE => {
                !unit_of(&found.file).is_some_and(|unit| unit.is_in_broken(found.span))
            }
            diagnostics::UNIT_MISSING => {
                !unit_of(&found.file).is_some_and(|unit| unit.is_in_broken_item(found.span))
            }
            diagnostics::UNKNOWN_ALIAS => {
                !unit_of(&found.file).is_some_and(|unit| unit.misses(word))
            }
            diagnostics::NO_LAST_ARM | diagnostics::COUNT_TOO_LARGE | diagnostics::EMPTY_BLOCK => {
                !unit_of(&found.file).is_some_and(|unit| unit.is_broken(found.span))
            }
            _ => true,
        }
    });
}

/// Whether the unknown names are no more than the declarations whose own name is a mistake, such as
/// that of another field: they are probably what was to be declared there.
fn are_misnamed(diagnostics: &[Diagnostic]) -> bool {
    let named = [diagnostics::DUPLICATE_NAME, diagnostics::FIELD_NAME];
    let declared = diagnostics.iter().filter(|d| named.contains(&d.code));
    let unknown = diagnostics
        .iter()
        .filter(|d| d.code == diagnostics::UNKNOWN_NAME && d.fix.is_none());
    let unknown: BTreeSet<(&str, &str)> = unknown
        .map(|d| (d.file.as_str(), d.message.as_str()))
        .collect();
    unknown.len() <= declared.count()
}

/// Whether `word` was to be declared as `lost`, which may have signs that no name has: `A-DROP`.
fn is_lost(lost: &str, word: &str) -> bool {
    let letters = |name: &str| name.replace(['-', '_'], "").to_lowercase();
    lost == word || lost.contains('-') && letters(lost) == letters(word)
}

fn body(units: &[load::Unit<'_>], diagnostics: &mut Vec<Diagnostic>) -> lower::Body {
    let world = world::declare(units, diagnostics);
    let body = lower::lower(&world, diagnostics);
    quoted::name_codes(&world, diagnostics);
    body
}

/// Reads of questions that may be hidden are mistakes unless the program proves that they are shown.
/// While something else is wrong there is no program to prove it: what stands beside a condition is
/// told once that is mended.
fn settle(
    hidden: Vec<lower::HiddenRead>,
    program: Option<&Program>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let broken = diagnostics.iter().any(|d| d.severity == Severity::Error);
    let proven = |read: &lower::HiddenRead| {
        program.is_some_and(|program| {
            prove::hidden::reads_only_where_shown(program, read.reader, read.field)
        })
    };
    let mistakes = hidden
        .into_iter()
        .filter(|read| if broken { read.plain } else { !proven(read) });
    diagnostics.extend(mistakes.map(|read| read.mistake));
}

fn check_program(
    file: &str,
    header: &kohyo_dsl::ast::Header,
    program: &Program,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let broken = diagnostics.iter().any(|d| d.severity == Severity::Error);
    let judges = match program.is_of_programme() {
        true => program.judgements.len() == 1,
        false => program.judgements.iter().any(|j| j.name == "diagnosis"),
    };
    if !broken && !judges {
        let span = header.title.span;
        diagnostics.push(match program.is_of_programme() {
            true => diagnostics::not_one_judgement(file, span, program.judgements.len()),
            false => diagnostics::no_judgement(file, span),
        });
    }
    let limit = usize::from(u16::MAX);
    if program.fields.len() > limit {
        diagnostics.push(diagnostics::too_many(file, "項目"));
    }
    if program.definitions.len() > limit {
        diagnostics.push(diagnostics::too_many(file, "規則"));
    }
    let broken = diagnostics.iter().any(|d| d.severity == Severity::Error);
    if !broken && let Err(reason) = Form::check(program) {
        let span = header.title.span;
        diagnostics.push(diagnostics::beyond_engine(file, span, &reason));
    }
}
