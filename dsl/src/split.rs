//! Cuts the tokens of a file into its header and top-level items, so that one broken item never
//! hides another.
//!
//! An item begins where a line begins with the keyword of an item outside all braces. A keyword at
//! the very beginning of a line begins an item even inside braces: then a brace was forgotten
//! before it. Which one is read off the layout.

mod braces;
mod depth;
mod lines;

use crate::diagnostic::Diagnostic;
use crate::lex::{self, Kind, Lexed, Token};
use crate::words::{self, begins_item, continues_item, is_reserved};
use crate::{Span, codes};
use braces::Slip;
use depth::too_deep;
use std::ops::Range;

pub(crate) use lines::{BandBlocks, begins_band, breaks_member, line_words};

/// Braces and parentheses inside each other that are still read.
pub(crate) const DEEPEST: usize = 64;

/// The tokens of one item, with as many `{` as `}`.
#[derive(Debug, Default)]
pub(crate) struct Piece {
    /// Its tokens, without comments. Closing braces that are missing at its end stand there without
    /// width.
    pub tokens: Vec<Token>,
}

impl Piece {
    /// The first word, after `private`.
    pub(crate) fn keyword<'c>(&self, clean: &'c str) -> &'c str {
        let mut words = self.tokens.iter().map(|t| t.word(clean));
        match words.next() {
            Some("private") => words.next().unwrap_or(""),
            Some(word) => word,
            None => "",
        }
    }
}

/// A file, cut.
#[derive(Debug)]
pub(crate) struct Cut {
    /// The copy for the parser, stray braces blanked and forgotten ones written.
    pub clean: String,
    /// Its items in order, the header among them.
    pub pieces: Vec<Piece>,
    /// What is wrong with the braces.
    pub diagnostics: Vec<Diagnostic>,
    /// Lines whose braces are only a guess; what follows from them is not reported.
    pub guessed: Vec<Span>,
}

/// Cuts the file that `tokens` and their clean copy were read from.
pub(crate) fn cut(file: &str, tokens: &[Token], clean: String) -> Cut {
    let tokens: Vec<Token> = tokens
        .iter()
        .filter(|t| t.kind != Kind::Comment)
        .copied()
        .collect();
    let mut cutter = Cutter {
        file,
        view: View {
            tokens: &tokens,
            clean: &clean,
        },
        patches: Vec::new(),
        pieces: Vec::new(),
        diagnostics: Vec::new(),
        guessed: Vec::new(),
    };
    let mut start = 0;
    let view = cutter.view;
    for end in (1..=tokens.len()).filter(|i| *i == tokens.len() || view.surely_begins(*i)) {
        cutter.region(start..end);
        start = end;
    }
    let Cutter {
        patches,
        pieces,
        diagnostics,
        guessed,
        ..
    } = cutter;
    Cut {
        clean: patched(clean, &patches),
        pieces,
        diagnostics,
        guessed,
    }
}

/// Whether an item begins with the sound `line`, whatever closed before it.
pub(crate) fn is_item_line(file: &str, line: &str) -> bool {
    let Lexed {
        clean,
        mut tokens,
        diagnostics,
        ..
    } = lex::read(file, &format!("}}\n{line}"));
    tokens.retain(|t| t.kind != Kind::Comment);
    let view = View {
        tokens: &tokens,
        clean: &clean,
    };
    diagnostics.is_empty() && view.surely_begins(1)
}

/// Writes single bytes over blanks and signs.
fn patched(clean: String, patches: &[(usize, u8)]) -> String {
    if patches.is_empty() {
        return clean;
    }
    let mut bytes = clean.into_bytes();
    for (at, byte) in patches {
        if let Some(slot) = bytes.get_mut(*at).filter(|slot| slot.is_ascii()) {
            *slot = *byte;
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// Tokens with the text they were read from.
#[derive(Clone, Copy)]
struct View<'a> {
    tokens: &'a [Token],
    clean: &'a str,
}

impl<'a> View<'a> {
    fn get(self, i: usize) -> Option<Token> {
        self.tokens.get(i).copied()
    }

    fn word(self, i: usize) -> &'a str {
        self.get(i).map_or("", |t| t.word(self.clean))
    }

    fn is_kind(self, i: usize, kind: Kind) -> bool {
        self.get(i).is_some_and(|t| t.kind == kind)
    }

    fn is_name(self, i: usize) -> bool {
        self.is_kind(i, Kind::Word) && !is_reserved(self.word(i))
    }

    /// Whether token `i` is the keyword of an item and is followed by what follows such a keyword.
    fn reads_like_item(self, i: usize) -> bool {
        let word = self.word(i);
        match word {
            "not" => self.word(i + 1) == "judged" && !self.word(i + 2).starts_with('.'),
            "gap" | "overlap" => self.word(i + 1) == "in" && self.is_name(i + 2),
            "private" => begins_item(self.word(i + 1)),
            _ => {
                begins_item(word)
                    && self.is_kind(i, Kind::Word)
                    && (self.is_name(i + 1)
                        || self.is_kind(i + 1, Kind::Text)
                        || self.is_kind(i + 1, Kind::Number)
                        || self.word(i + 1) == "{")
            }
        }
    }

    /// Whether token `i` is the keyword of an item whose name is missing or a reserved word.
    fn reads_like_unnamed_item(self, i: usize) -> bool {
        let defines = |word: &str| matches!(word, "=" | ":" | "{");
        let reserved = self.is_kind(i + 1, Kind::Word) && is_reserved(self.word(i + 1));
        begins_item(self.word(i))
            && (defines(self.word(i + 1))
                || reserved && (defines(self.word(i + 2)) || self.is_kind(i + 2, Kind::Text)))
    }

    /// Whether an item begins at token `i` whatever stands before it: inside braces two names never
    /// stand next to each other on a line, unless the first ends a condition.
    fn surely_begins(self, i: usize) -> bool {
        let Some(before) = i.checked_sub(1) else {
            return false;
        };
        self.get(i).is_some_and(|t| t.first && t.indent == 0)
            && self.get(i + 1).is_some_and(|t| !t.first)
            && self.reads_like_item(i)
            && (!self.awaits_operand(before) || self.is_headed(i))
    }

    /// Whether a name and then a label or `=` follow the keyword at token `i`.
    fn is_headed(self, i: usize) -> bool {
        self.is_name(i + 1)
            && !continues_item(self.word(i + 1))
            && !words::begins_modifier(self.word(i + 1))
            && (self.is_kind(i + 2, Kind::Text) || matches!(self.word(i + 2), "=" | ":" | "{"))
    }

    /// Whether an item begins at token `i`, which stands outside all braces.
    fn begins(self, i: usize) -> bool {
        let Some(token) = self.get(i) else {
            return false;
        };
        let Some(before) = i.checked_sub(1) else {
            return true;
        };
        let never = matches!(
            token.kind,
            Kind::Sign | Kind::Text | Kind::Number | Kind::Date
        );
        if never || begins_item(self.word(before)) || self.awaits_operand(before) {
            return false;
        }
        // `at value violated when …` goes on with a check.
        let goes_on = !token.first && continues_item(self.word(i + 1));
        self.reads_like_item(i) && !goes_on
            || token.first && token.indent == 0 && self.reads_like_unnamed_item(i)
            || token.first
                && token.indent == 0
                && self.is_name(i)
                && !words::goes_on(self.word(i), words::ITEMS)
                && (self.is_name(i + 1) || self.is_kind(i + 1, Kind::Text))
    }

    /// Whether something must follow token `i`.
    fn awaits_operand(self, i: usize) -> bool {
        let word = self.word(i);
        match self.get(i).map(|t| t.kind) {
            Some(Kind::Sign) => !matches!(word, "}" | ")" | ";"),
            Some(Kind::Word) => {
                is_reserved(word) && !matches!(word, "yes" | "no" | "today")
                    || matches!(word, "as" | "at")
            }
            _ => false,
        }
    }
}

struct Cutter<'a> {
    file: &'a str,
    view: View<'a>,
    patches: Vec<(usize, u8)>,
    pieces: Vec<Piece>,
    diagnostics: Vec<Diagnostic>,
    guessed: Vec<Span>,
}

impl Cutter<'_> {
    /// Cuts the tokens between two sure beginnings of items.
    fn region(&mut self, range: Range<usize>) {
        let mut slips = braces::slips(self.view, range.clone())
            .into_iter()
            .peekable();
        let mut piece = Piece::default();
        let mut missing = 0_usize;
        let mut open: Vec<usize> = Vec::new();
        for i in range.clone() {
            while let Some(slip) =
                slips.next_if(|s| matches!(s, Slip::Unclosed { before, .. } if *before == i))
            {
                if let Slip::Unclosed {
                    open: forgotten, ..
                } = slip
                {
                    open.pop();
                    missing += usize::from(!self.close_before(i, forgotten, &mut piece));
                }
            }
            if slips
                .next_if(|s| matches!(s, Slip::Stray(at) if *at == i))
                .is_some()
            {
                self.drop_stray(i);
                continue;
            }
            if open.is_empty() && i > range.start && self.view.begins(i) {
                self.finish(std::mem::take(&mut piece), std::mem::take(&mut missing));
            }
            if self.view.is_kind(i, Kind::Sign) {
                match self.view.word(i) {
                    "{" => open.push(i),
                    "}" => {
                        open.pop();
                    }
                    _ => {}
                }
            }
            piece.tokens.extend(self.view.get(i));
            if slips
                .next_if(|s| matches!(s, Slip::Unopened { after } if *after == i))
                .is_some()
            {
                open.push(i);
                self.open_after(i, &mut piece);
            }
        }
        for forgotten in open {
            self.report_unclosed(forgotten, None);
            self.guess_line(forgotten, range.end);
            missing += 1;
        }
        self.finish(piece, missing);
    }

    /// What was read of a line is a guess if a brace of the line itself was not closed.
    fn guess_line(&mut self, open: usize, before: usize) {
        let last = before.checked_sub(1).and_then(|last| self.view.get(last));
        if let (Some(open), Some(last)) = (self.view.get(open), last)
            && open.line == last.line
        {
            self.guessed.push(open.span.to(last.span));
        }
    }

    /// Writes a forgotten `}` into the blank before token `i`, if there is one.
    fn close_before(&mut self, i: usize, forgotten: usize, piece: &mut Piece) -> bool {
        self.report_unclosed(forgotten, self.view.get(i));
        self.guess_line(forgotten, i);
        let (Some(token), Some(last)) = (self.view.get(i), piece.tokens.last().copied()) else {
            return false;
        };
        let (at, end) = (last.span.end as usize, token.span.start as usize);
        if at >= end {
            return false;
        }
        self.patches.push((at, b'}'));
        // The line break that stood there still separates.
        if at + 1 < end {
            self.patches.push((at + 1, b'\n'));
        }
        piece.tokens.push(sign(at, at + 1));
        true
    }

    /// Writes a forgotten `{` into the blank after token `i`.
    fn open_after(&mut self, i: usize, piece: &mut Piece) {
        let Some(token) = self.view.get(i) else {
            return;
        };
        let at = token.span.end as usize;
        let after = Span {
            start: token.span.end,
            end: token.span.end,
        };
        self.diagnostics.push(
            Diagnostic::error(
                codes::MISSING,
                self.file,
                token.span,
                format!("{}「{{」がありません", self.heading_of(i)),
            )
            .note("この後に「{」が要ります")
            .help("「{ … }」で囲みます")
            .fix(after, " {"),
        );
        if self
            .view
            .clean
            .as_bytes()
            .get(at)
            .is_some_and(u8::is_ascii_whitespace)
        {
            self.patches.push((at, b'{'));
            piece.tokens.push(sign(at, at + 1));
        } else {
            self.guessed.push(token.span);
        }
    }

    fn report_unclosed(&mut self, open: usize, before: Option<Token>) {
        let Some(token) = self.view.get(open) else {
            return;
        };
        let mut diagnostic = Diagnostic::error(
            codes::UNCLOSED_BRACE,
            self.file,
            token.span,
            format!("{}「{{」が閉じられていません", self.heading_of(open)),
        )
        .note("ここで始まる「{」")
        .help("終わりに「}」を書きます");
        if let Some(before) = before {
            diagnostic = diagnostic.label(self.file, before.span, "この前に「}」が要るようです");
        }
        self.diagnostics.push(diagnostic);
    }

    /// Words such as `group B の`, for the line that the brace `open` stands on.
    fn heading_of(&self, open: usize) -> String {
        let mut first = open;
        while first > 0 && !self.view.get(first).is_none_or(|t| t.first) && open - first < 40 {
            first -= 1;
        }
        match (self.view.word(first), self.view.word(first + 1)) {
            (_, name) if first + 1 >= open || name.starts_with('"') => String::new(),
            (keyword, name) if self.view.is_kind(first, Kind::Word) => {
                format!("「{keyword} {name}」の")
            }
            _ => String::new(),
        }
    }

    fn drop_stray(&mut self, i: usize) {
        let Some(token) = self.view.get(i) else {
            return;
        };
        self.patches.push((token.span.start as usize, b' '));
        let diagnostic = if self.view.word(i) == "{" {
            let message = "「{」が 2 つ続いています";
            Diagnostic::error(codes::STRAY_BRACE, self.file, token.span, message)
                .help("この「{」を消します")
                .fix(token.span, "")
        } else {
            let message = "対応する「{」のない「}」があります";
            Diagnostic::error(codes::STRAY_BRACE, self.file, token.span, message)
                .help("この「}」を消すか、前の「{」を確かめます")
        };
        self.diagnostics.push(diagnostic);
    }

    /// Ends a piece that lacks `missing` closing braces, unless it is nested too deeply to be read.
    fn finish(&mut self, mut done: Piece, missing: usize) {
        let Some(last) = done.tokens.last() else {
            return;
        };
        let end = last.span.end as usize;
        done.tokens
            .extend(std::iter::repeat_n(sign(end, end), missing));
        match too_deep(&done.tokens, self.view.clean) {
            None => self.pieces.push(done),
            Some(span) => self.diagnostics.push(
                Diagnostic::error(
                    codes::TOO_DEEP,
                    self.file,
                    span,
                    format!("入れ子が深すぎます({DEEPEST} 段まで)"),
                )
                .help("一部を criterion や value として別に定義し、その名前を使います"),
            ),
        }
    }
}

/// A brace that is not in the file.
fn sign(start: usize, end: usize) -> Token {
    Token {
        kind: Kind::Sign,
        span: Span::new(start, end),
        line: 0,
        line_breaks: 0,
        indent: 0,
        first: false,
    }
}
