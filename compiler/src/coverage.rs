//! Which sentences of the official text a definition accounts for.
//!
//! In go a definition and the text of its criteria, which is the caller's: it is never part of the
//! library. Out comes, sentence by sentence, what covers it: a rule or field that cites it, one
//! whose label has its words, or `not judged "…" because "…"`. A citation that no sentence has is
//! found, too, with the sentence it most resembles.
//!
//! A citation is a few words of a sentence, `…` standing for words left out; blanks, punctuation
//! and width do not count. It covers every sentence that it touches. Short words (under eight
//! letters) that do not begin a sentence or make up half of it are taken to mean only the first
//! place where they stand.

mod citations;
mod normal;
mod text;

use crate::files::Files;
use crate::load::{SyntaxCache, load};
use citations::{Citation, citations};
use kohyo_dsl::LineIndex;
use normal::{likeness, normal};
use serde::Serialize;
use text::{Sentence, sentences};

pub use citations::By;

/// A citation shorter than this covers the first place where it stands only.
const SHORT: usize = 8;

/// A label shorter than this is nobody's sentence.
const SHORTEST_LABEL: usize = 3;

/// So many hundredths of a sentence must be the words of a label.
const LABEL_SHARE: usize = 60;

/// What a definition accounts for.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// How many sentences the criteria have.
    pub sentences: usize,
    /// Sentences covered by a rule.
    pub by_rule: usize,
    /// Sentences covered by a field, but by no rule.
    pub by_field: usize,
    /// Sentences that are excused with a reason.
    pub excused: usize,
    /// Sentences that nothing covers.
    pub uncovered: usize,
    /// Each sentence.
    pub list: Vec<Covered>,
    /// Citations that no sentence has.
    pub unmatched: Vec<Unmatched>,
}

/// One sentence and what covers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Covered {
    /// Its number in the criteria, from 1.
    pub number: usize,
    /// The strongest thing that covers it.
    pub status: Option<By>,
    /// All that cover it, in the order of the definition.
    pub by: Vec<String>,
    /// Its first letters, for a person who has the text at hand; never written anywhere.
    #[serde(skip)]
    pub begins: String,
}

/// A citation that no sentence has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unmatched {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The words cited.
    pub cites: String,
    /// The number of the sentence that it most resembles.
    pub nearest: Option<usize>,
}

/// The file name of the official text that a definition names: `006.txt`.
pub fn text_name(files: &Files, path: &str) -> Option<String> {
    let parsed = kohyo_dsl::parse(path, files.get(path)?);
    let sources = parsed.file.header?.sources;
    sources
        .into_iter()
        .find_map(|source| source.text)
        .and_then(|text| text.text.rsplit('/').next().map(str::to_owned))
}

/// What the definition at `path` accounts for of this text; nothing if the text has no criteria.
pub fn coverage(files: &Files, path: &str, text: &str) -> Option<Coverage> {
    let sentences = sentences(text)?;
    let (mut units, _) = load(files, &mut SyntaxCache::default(), path);
    // What comes with a judgement of another disease cites the text of that disease.
    units.retain(|unit| unit.lent.is_none());
    let stream = Stream::of(&sentences);
    let mut covered: Vec<Vec<(By, String)>> = vec![Vec::new(); sentences.len()];
    let mut unmatched = Vec::new();
    for citation in citations(&units) {
        let touched = if citation.meant {
            stream.cited(&citation)
        } else {
            stream.labelled(&citation)
        };
        // A module cites the text it was written for.
        if touched.is_empty() && citation.meant && citation.unit == 0 {
            let unit = units.get(citation.unit);
            unmatched.push(Unmatched {
                file: unit.map_or_else(String::new, |unit| unit.file.clone()),
                line: unit.map_or(0, |unit| line_of(unit.text, citation.span)),
                cites: citation.text.to_owned(),
                nearest: nearest(&sentences, citation.text),
            });
        }
        for position in touched {
            if let Some(by) = covered.get_mut(position)
                && !by.iter().any(|(_, what)| *what == citation.what)
            {
                by.push((citation.by, citation.what.clone()));
            }
        }
    }
    Some(counted(&sentences, &covered, unmatched))
}

fn line_of(text: &str, span: kohyo_dsl::Span) -> usize {
    usize::try_from(LineIndex::new(text).line_column(text, span.start).line).unwrap_or(0)
}

fn nearest(sentences: &[Sentence], cites: &str) -> Option<usize> {
    let cites = normal(cites);
    sentences
        .iter()
        .filter_map(|sentence| Some((likeness(&cites, &sentence.normal), sentence.number?)))
        .filter(|(likeness, _)| *likeness >= 300)
        .max_by_key(|(likeness, number)| (*likeness, std::cmp::Reverse(*number)))
        .map(|(_, number)| number)
}

fn counted(
    sentences: &[Sentence],
    covered: &[Vec<(By, String)>],
    unmatched: Vec<Unmatched>,
) -> Coverage {
    let list: Vec<Covered> = sentences
        .iter()
        .zip(covered)
        .filter_map(|(sentence, own)| {
            // Who covers the caption of a table or the heading of a scale covers what is under it.
            let above =
                std::iter::successors(sentence.caption, |caption| sentences.get(*caption)?.caption);
            let above = above.filter_map(|caption| covered.get(caption)).flatten();
            let by: Vec<&(By, String)> = own.iter().chain(above).collect();
            Some(Covered {
                number: sentence.number?,
                status: by.iter().map(|(by, _)| *by).min(),
                by: by.iter().map(|(_, what)| what.clone()).collect(),
                begins: begins(&sentence.text),
            })
        })
        .collect();
    let count = |wanted: Option<By>| list.iter().filter(|one| one.status == wanted).count();
    Coverage {
        sentences: list.len(),
        by_rule: count(Some(By::Rule)),
        by_field: count(Some(By::Field)),
        excused: count(Some(By::Excused)),
        uncovered: count(None),
        list,
        unmatched,
    }
}

/// The first letters of a sentence.
fn begins(text: &str) -> String {
    const LETTERS: usize = 12;
    let mut begins: String = text.chars().take(LETTERS).collect();
    if text.chars().count() > LETTERS {
        begins.push('…');
    }
    begins
}

/// All sentences in one row of letters.
struct Stream {
    letters: String,
    /// Where each sentence begins and ends.
    bounds: Vec<(usize, usize)>,
}

impl Stream {
    fn of(sentences: &[Sentence]) -> Self {
        let mut stream = Self {
            letters: String::new(),
            bounds: Vec::new(),
        };
        for sentence in sentences {
            let start = stream.letters.len();
            stream.letters.push_str(&sentence.normal);
            stream.bounds.push((start, stream.letters.len()));
        }
        stream
    }

    /// The sentences that a citation touches.
    fn cited(&self, citation: &Citation<'_>) -> Vec<usize> {
        let mut touched = Vec::new();
        for part in citation.text.split('…') {
            let part = normal(part);
            if part.is_empty() {
                continue;
            }
            let found = self.cited_part(&part);
            if found.is_empty() {
                return Vec::new();
            }
            touched.extend(found);
        }
        touched
    }

    fn cited_part(&self, part: &str) -> Vec<usize> {
        let is_short = part.chars().count() < SHORT;
        let mut touched: Vec<usize> = Vec::new();
        let mut is_first = true;
        for (start, _) in self.letters.match_indices(part) {
            let end = start + part.len();
            for (position, overlap) in self.overlaps(start, end) {
                let begins = self
                    .bounds
                    .get(position)
                    .is_some_and(|bounds| bounds.0 == start);
                let half = self.share(position, overlap) >= 50;
                if is_first || !is_short || begins || half {
                    touched.push(position);
                }
            }
            is_first = false;
        }
        touched
    }

    /// The sentences that are mostly the words of a label.
    fn labelled(&self, citation: &Citation<'_>) -> Vec<usize> {
        let label = normal(citation.text);
        if label.chars().count() < SHORTEST_LABEL {
            return Vec::new();
        }
        let found = self.letters.match_indices(&label);
        found
            .flat_map(|(start, _)| self.overlaps(start, start + label.len()))
            .filter(|(position, overlap)| self.share(*position, *overlap) >= LABEL_SHARE)
            .map(|(position, _)| position)
            .collect()
    }

    /// The sentences between two places, with how much of each.
    fn overlaps(&self, start: usize, end: usize) -> Vec<(usize, usize)> {
        let first = self.bounds.partition_point(|(_, ends)| *ends <= start);
        let rest = self.bounds.iter().enumerate().skip(first);
        rest.take_while(|(_, (begins, _))| *begins < end)
            .map(|(position, (begins, ends))| (position, (*ends).min(end) - (*begins).max(start)))
            .collect()
    }

    /// Hundredths of a sentence.
    fn share(&self, position: usize, overlap: usize) -> usize {
        let bounds = self.bounds.get(position).copied().unwrap_or_default();
        (overlap * 100)
            .checked_div(bounds.1 - bounds.0)
            .unwrap_or(0)
    }
}
