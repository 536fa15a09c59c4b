//! Text to syntax: the only module that knows the parser generator.
//!
//! Each item of a file is read alone ([`crate::split`]), at first without the grammar ([`quick`]). What
//! is not plainly right is read by the grammar; if it cannot be read as a whole, its blocks
//! are read line by line ([`read`]) and the failures explained in the words of the language
//! ([`messages`]).

mod expr;
mod fields;
mod items;
mod leaves;
mod messages;
mod quick;
mod read;
mod table;

use crate::ast::{File, Header, Name};
use crate::diagnostic::Diagnostic;
use crate::lex::Lexed;
use crate::split::{Cut, Piece};
use crate::words::{HEADERS, begins_item};
use crate::{Severity, Span, codes, lex, split};
use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;
use read::Reader;

/// The grammar.
mod grammar {
    #![allow(missing_docs, reason = "the rules are explained in the grammar")]

    #[derive(pest_derive::Parser)]
    #[grammar = "grammar.pest"]
    pub(crate) struct Grammar;
}

use grammar::Grammar;
pub(crate) use grammar::Rule;
pub(crate) use messages::unknown_word;

/// A piece of text that follows a rule of the grammar.
type Node<'i> = Pair<'i, Rule>;

/// The largest file that is read.
const LARGEST_FILE: usize = 2 * 1024 * 1024;

/// So many findings of one file are reported.
const MOST_DIAGNOSTICS: usize = 200;

/// After so many findings a file is not read on: it is no definition.
pub(crate) const FUTILE: usize = 5 * MOST_DIAGNOSTICS;

/// What could be understood of a file, and what is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The syntax.
    pub file: File,
    /// Everything that is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Names that items and fields which could not be read were to define; that they are missing
    /// from [`Parsed::file`] needs no further report.
    pub lost: Vec<Name>,
}

/// Reads the definition `text`; `file` names it in diagnostics.
pub fn parse(file: &str, text: &str) -> Parsed {
    parse_with(file, text, false)
}

/// The header of a definition, without reading what follows it where the header ends plainly: at the
/// first `}` that is a line of its own, before the line of an item or the end. The same as that of
/// [`parse`].
pub fn header(file: &str, text: &str) -> Option<Header> {
    let head = text
        .find("\n}")
        .filter(|_| text.len() <= LARGEST_FILE)
        .and_then(|end| text.split_at_checked(end + "\n}".len()))
        .filter(|(_, rest)| ends_plainly(file, rest))
        .map(|(head, _)| head);
    let read = |text: &str| parse(file, text);
    match head.map(read) {
        Some(Parsed {
            file: File { header, .. },
            diagnostics,
            ..
        }) if header.is_some() && diagnostics.is_empty() => header,
        _ => read(text).file.header,
    }
}

/// Whether `rest` cannot belong to the header whose `}` stands before it.
fn ends_plainly(file: &str, rest: &str) -> bool {
    let own_line = rest.is_empty() || rest.starts_with(['\n', '\r']);
    let next = rest
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with('#'));
    own_line && next.is_none_or(|line| split::is_item_line(file, line))
}

/// Reads like [`parse`], but everything by the grammar: the same result, ten times as slow. For
/// tests that compare the two.
#[doc(hidden)]
pub fn parse_by_grammar(file: &str, text: &str) -> Parsed {
    parse_with(file, text, true)
}

fn parse_with(file: &str, text: &str, by_grammar: bool) -> Parsed {
    if text.len() > LARGEST_FILE {
        return Parsed {
            file: File {
                header: None,
                items: Vec::new(),
            },
            diagnostics: vec![
                Diagnostic::error(
                    codes::TOO_LARGE,
                    file,
                    Span::default(),
                    "ファイルが大きすぎます(2 MiB まで)",
                )
                .help("一部を module として別のファイルに分け、use で使います"),
            ],
            lost: Vec::new(),
        };
    }
    let Lexed {
        clean,
        tokens,
        mut diagnostics,
        mut guessed,
    } = lex::read(file, text);
    let Cut {
        clean,
        pieces,
        diagnostics: slips,
        guessed: lines,
    } = split::cut(file, &tokens, clean);
    diagnostics.extend(slips);
    guessed.extend(lines);
    let guessed = merged(guessed);

    let mut parsed = Pieces {
        header: None,
        items: Vec::new(),
        lost: Vec::new(),
        diagnostics,
    };
    for piece in &pieces {
        if parsed.diagnostics.len() > FUTILE {
            break;
        }
        let reader = Reader::new(file, &clean, piece, &guessed, by_grammar);
        parsed.read(reader);
    }
    if parsed.header.is_none() {
        parsed.report_no_header(file, &pieces, &clean);
    }
    let Pieces {
        header,
        items,
        lost,
        diagnostics,
    } = parsed;
    Parsed {
        file: File { header, items },
        diagnostics: in_order(diagnostics),
        lost,
    }
}

/// Places in order, overlapping ones as one.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    spans.dedup_by(|next, last| {
        let overlaps = next.start <= last.end;
        if overlaps {
            *last = last.to(*next);
        }
        overlaps
    });
    spans
}

/// What has been read so far.
struct Pieces {
    header: Option<Header>,
    items: Vec<crate::ast::Item>,
    lost: Vec<Name>,
    diagnostics: Vec<Diagnostic>,
}

impl Pieces {
    fn read(&mut self, mut reader: Reader<'_>) {
        if HEADERS.contains(&reader.piece.keyword(reader.clean)) {
            let header = reader.header();
            self.take_header(reader.file, header, reader.piece);
        } else {
            self.items.extend(reader.item());
        }
        self.diagnostics.append(&mut reader.diagnostics);
        self.lost.append(&mut reader.lost);
    }

    fn take_header(&mut self, file: &str, header: Option<Header>, piece: &Piece) {
        let Some(header) = header else { return };
        let start = piece.tokens.first().map_or(header.span, |t| t.span);
        if let Some(first) = &self.header {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::HEADER,
                    file,
                    start,
                    "1 つのファイルに disease、module、programme は 1 つだけ書けます",
                )
                .label(file, first.title.span, "1 つ目はこれです")
                .help("別のファイルに分けます"),
            );
            return;
        }
        if !self.items.is_empty() {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::HEADER,
                    file,
                    start,
                    "disease、module、programme はファイルの初めに書きます",
                )
                .help("ほかの定義より前に移します"),
            );
        }
        self.header = Some(header);
    }

    /// Reports a missing header, unless there is one that could not be read, perhaps misspelt.
    fn report_no_header(&mut self, file: &str, pieces: &[Piece], clean: &str) {
        let reported = |p: &Piece| HEADERS.contains(&p.keyword(clean));
        let misspelt = pieces
            .first()
            .is_some_and(|p| !begins_item(p.keyword(clean)));
        if misspelt || pieces.iter().any(reported) {
            return;
        }
        let start = pieces.first().and_then(|p| p.tokens.first());
        self.diagnostics.push(
            Diagnostic::error(
                codes::HEADER,
                file,
                start.map_or(Span::default(), |t| t.span),
                "ファイルの初めに disease、module、programme のどれもありません",
            )
            .help("例: disease shitei 006 \"パーキンソン病\" { edition \"2020\" from 2017-04-01 }"),
        );
    }
}

/// Diagnostics in the order of the text; very many are cut short.
fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|d| (d.span, d.code));
    diagnostics.dedup();
    cut_short(diagnostics)
}

/// The first 200 findings and how many more there are; errors are kept before others.
pub fn cut_short(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let more = diagnostics.len().saturating_sub(MOST_DIAGNOSTICS);
    if more == 0 {
        return diagnostics;
    }
    let is_error = |d: &Diagnostic| d.severity == Severity::Error;
    let errors = diagnostics.iter().filter(|d| is_error(d)).count();
    let mut others = MOST_DIAGNOSTICS.saturating_sub(errors);
    diagnostics.retain(|d| {
        let kept = is_error(d) || others > 0;
        others -= usize::from(kept && !is_error(d));
        kept
    });
    diagnostics.truncate(MOST_DIAGNOSTICS);
    if let Some(last) = diagnostics.last() {
        let message = format!("ほかに {more} 件あります");
        let (file, span) = (&last.file, last.span);
        let more = Diagnostic::new(Severity::Information, codes::TOO_MANY, file, span, message);
        diagnostics.push(more);
    }
    diagnostics
}

/// Where reading failed and what could have stood there.
pub(crate) struct Failure {
    /// Bytes from the beginning of the text that was read.
    pub(crate) at: usize,
    /// The rules that were tried.
    pub(crate) wanted: Vec<Rule>,
}

/// Reads all of `text` by `rule`.
pub(crate) fn follow(rule: Rule, text: &str) -> Result<Node<'_>, Failure> {
    match Grammar::parse(rule, text) {
        Ok(mut pairs) => pairs.next().ok_or(Failure {
            at: 0,
            wanted: Vec::new(),
        }),
        Err(error) => {
            let at = match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            };
            let wanted = match error.variant {
                ErrorVariant::ParsingError { positives, .. } => positives,
                ErrorVariant::CustomError { .. } => Vec::new(),
            };
            Err(Failure { at, wanted })
        }
    }
}

/// Whether a name can begin with `c`.
#[inline]
pub(crate) fn is_name_start(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic() || c == '_';
    }
    pest::unicode::XID_START(c)
}

/// Whether a name can go on with `c`.
#[inline]
pub(crate) fn is_name_continue(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    pest::unicode::XID_CONTINUE(c)
}
