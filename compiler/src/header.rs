//! What a file says about itself: key, edition, status.

use crate::diagnostics as d;
use crate::files::Files;
use crate::load::SyntaxCache;
use kohyo_dsl::Diagnostic;
use kohyo_dsl::ast::{self, Programme, Subject};
use kohyo_engine::Date;
use kohyo_engine::program as p;

/// A definition found in a folder: of a disease, or of a form of the programme itself.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DiseaseEntry {
    /// Path of its file.
    pub path: String,
    /// `shitei-006`, `programme-high_cost`.
    pub key: String,
    /// Japanese name.
    pub title: String,
    /// Name of the edition; empty if none is written.
    pub edition: String,
    /// Its first day; nothing if no edition is written.
    pub valid_from: Option<Date>,
    /// How far it has come.
    pub status: p::Status,
}

impl DiseaseEntry {
    /// Whether it is a form of the programme itself, not of a disease.
    pub fn is_of_programme(&self) -> bool {
        self.key.starts_with(p::PROGRAMME_KEY)
    }

    /// The edition that began last among those of the same form.
    pub fn newest<'d>(entries: impl IntoIterator<Item = &'d Self>) -> Option<&'d Self> {
        entries
            .into_iter()
            .max_by_key(|d| (d.valid_from.map(Date::first_day), d.edition.as_str()))
    }

    /// The edition in force on a day: the newest that has begun, or the first one before any has.
    pub fn in_force(editions: &[Self], day: Date) -> Option<&Self> {
        let began = |d: &&Self| {
            d.valid_from
                .is_none_or(|from| from.first_day() <= day.first_day())
        };
        Self::newest(editions.iter().filter(began)).or_else(|| {
            let first = |d: &&Self| d.valid_from.map(Date::first_day);
            editions.iter().min_by_key(first)
        })
    }
}

/// The diseases defined in `files`, sorted by key, older editions first; files whose header cannot
/// be read are left out. What physicians, hospitals and vendors see is about these.
pub fn diseases(files: &Files) -> Vec<DiseaseEntry> {
    let mut found = forms(files);
    found.retain(|entry| !entry.is_of_programme());
    found
}

/// The diseases, and after them the forms of the programme itself: everything that judges.
pub fn forms(files: &Files) -> Vec<DiseaseEntry> {
    let mut found: Vec<DiseaseEntry> = files
        .definitions()
        .filter_map(|(path, text)| entry(path, &kohyo_dsl::header(path, text)?))
        .collect();
    let place = |d: &DiseaseEntry| {
        let began = d.valid_from.map(Date::first_day);
        (d.is_of_programme(), d.key.clone(), began, d.path.clone())
    };
    found.sort_by_key(place);
    found
}

/// The file of the newest edition of a disease; nothing if the folder has none.
pub(crate) fn newest(files: &Files, cache: &mut SyntaxCache, disease: &Subject) -> Option<String> {
    let wanted = key(disease)?;
    let Subject::Disease { number, .. } = disease else {
        return None;
    };
    let editions: Vec<DiseaseEntry> = files
        .definitions()
        // Only what has the number in it is worth parsing.
        .filter(|(_, text)| text.contains(&number.text))
        .filter_map(|(path, _)| entry(path, cache.parse(files, path)?.file.header.as_ref()?))
        .filter(|entry| entry.key == wanted)
        .collect();
    DiseaseEntry::newest(&editions).map(|entry| entry.path.clone())
}

fn entry(path: &str, header: &ast::Header) -> Option<DiseaseEntry> {
    Some(DiseaseEntry {
        path: path.to_owned(),
        key: key(&header.subject)?,
        title: header.title.text.clone(),
        edition: header
            .edition
            .as_ref()
            .map(|e| e.name.text.clone())
            .unwrap_or_default(),
        valid_from: header.edition.as_ref().and_then(|e| date(e.from)),
        status: status(header),
    })
}

/// `shitei-006`, `shoman-11-080`, `shitei-019-b02`, `programme-high_cost`; nothing for a module, a
/// malformed number or branch or a name that cannot stand in a key.
pub(crate) fn key(subject: &Subject) -> Option<String> {
    let (programme, number, branch) = match subject {
        Subject::Disease {
            programme,
            number,
            branch,
        } => (programme, number, branch),
        Subject::Programme(name) => {
            return is_wire_name(&name.text).then(|| format!("{}{}", p::PROGRAMME_KEY, name.text));
        }
        Subject::Module(_) => return None,
    };
    let number = number.text.as_str();
    let base = match programme {
        Programme::Shitei if digits(number, 3) => format!("shitei-{number}"),
        Programme::Shoman => {
            let (group, within) = number.split_once('-')?;
            (digits(group, 2) && digits(within, 3)).then(|| format!("shoman-{number}"))?
        }
        Programme::Shitei => return None,
    };
    match branch {
        Some(branch) => is_branch(branch).then(|| format!("{base}-b{}", branch.text)),
        None => Some(base),
    }
}

/// Whether a branch has its two digits: `2` and `02` would be two forms.
fn is_branch(branch: &ast::Name) -> bool {
    digits(&branch.text, 2)
}

/// Whether a text is so many digits.
fn digits(text: &str, n: usize) -> bool {
    text.len() == n && text.bytes().all(|b| b.is_ascii_digit())
}

/// The name of a form of the programme: lower-case letters, digits and `_`, a letter first.
fn is_wire_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(plain)
}

fn status(header: &ast::Header) -> p::Status {
    match header.status.map(|(status, _)| status) {
        None | Some(ast::Status::Draft) => p::Status::Draft,
        Some(ast::Status::Reviewed) => p::Status::Reviewed,
        Some(ast::Status::Published) => p::Status::Published,
    }
}

/// The head of a program: everything but its body. Nothing for a module or if it was reported.
pub(crate) fn lower(
    file: &str,
    header: &ast::Header,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<p::Program> {
    let (programme, name) = match &header.subject {
        Subject::Disease {
            programme: Programme::Shitei,
            number,
            ..
        } => (p::Programme::Shitei, number),
        Subject::Disease {
            programme: Programme::Shoman,
            number,
            ..
        } => (p::Programme::Shoman, number),
        Subject::Programme(name) => (p::Programme::Itself, name),
        Subject::Module(_) => return None,
    };
    if header.sources.is_empty() {
        diagnostics.push(d::no_source(file, header.span));
    }
    if let (p::Programme::Itself, Some(edition)) = (programme, &header.fallback) {
        diagnostics.push(d::programme_renewal(file, edition.span));
    }
    let key = key(&header.subject);
    if key.is_none() {
        diagnostics.push(match &header.subject {
            Subject::Disease {
                branch: Some(branch),
                ..
            } if !is_branch(branch) => d::bad_branch(file, branch),
            Subject::Disease { .. } => d::bad_number(file, name),
            Subject::Programme(_) | Subject::Module(_) => d::programme_name(file, name),
        });
    }
    let Some(edition) = &header.edition else {
        diagnostics.push(d::no_edition(file, header.title.span));
        return None;
    };
    Some(p::Program {
        format: p::FORMAT,
        key: key?,
        edition: edition.name.text.clone(),
        valid_from: date(edition.from)?,
        valid_to: edition.to.and_then(date),
        title: header.title.text.clone(),
        programme,
        status: status(header),
        source: header
            .sources
            .iter()
            .map(|s| s.notice.text.as_str())
            .collect::<Vec<_>>()
            .join("、"),
        notes: header.notes.iter().map(|n| n.text.clone()).collect(),
        fallback: None,
        migrations: Vec::new(),
        functions: Vec::new(),
        code_tables: Vec::new(),
        fields: Vec::new(),
        sections: Vec::new(),
        definitions: Vec::new(),
        judgements: Vec::new(),
        checks: Vec::new(),
        exceptions: Vec::new(),
    })
}

pub(crate) fn date(literal: ast::DateLiteral) -> Option<Date> {
    Date::day(literal.year, literal.month, literal.day)
}
