//! Cuts the tokens of a file into its header and top-level items, so that one broken item never
//! hides another.
//!
//! An item begins where a line begins with the keyword of an item outside all braces. A keyword at
//! the very beginning of a line begins an item even inside braces: then a brace was forgotten
//! before it. Which one is read off the layout.

use crate::diagnostic::Diagnostic;
use crate::lex::{Kind, Token};
use crate::words::{self, begins_item, continues_item, is_reserved};
use crate::{Span, codes};
use std::ops::Range;

/// Braces and parentheses inside each other that are still read.
pub(crate) const DEEPEST: usize = 64;

/// The tokens of one item, with as many `{` as `}`.
#[derive(Debug)]
pub(crate) struct Piece {
    /// Its tokens, without comments. Forgotten closing braces stand among them, without width.
    pub tokens: Vec<Token>,
    /// How many closing braces are missing at its end.
    pub missing: usize,
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
        ..
    } = cutter;
    Cut {
        clean: patched(clean, &patches),
        pieces,
        diagnostics,
    }
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

    /// Whether an item begins at token `i` whatever stands before it.
    fn surely_begins(self, i: usize) -> bool {
        // Two names never stand next to each other on a line of a rule.
        self.get(i).is_some_and(|t| t.first && t.indent == 0)
            && self.get(i + 1).is_some_and(|t| !t.first)
            && self.reads_like_item(i)
    }

    /// Whether an item begins at token `i`, which stands outside all braces.
    fn begins(self, i: usize) -> bool {
        let Some(token) = self.get(i) else {
            return false;
        };
        let Some(before) = i.checked_sub(1) else {
            return true;
        };
        if begins_item(self.word(before)) || self.awaits_operand(before) {
            return false;
        }
        // `at value violated when …` goes on with a check.
        let goes_on = !token.first && continues_item(self.word(i + 1));
        self.reads_like_item(i) && !goes_on
            || token.first && token.indent == 0 && self.reads_like_unnamed_item(i)
            || token.first
                && token.indent == 0
                && self.is_name(i)
                && !continues_item(self.word(i))
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
}

/// A brace that the author forgot or wrote once too often.
#[derive(Clone, Copy)]
enum Slip {
    /// Before this token a `}` is missing for the `{` at token `open`.
    Missing { before: usize, open: usize },
    /// This token is a `}` too many.
    Stray(usize),
}

impl Cutter<'_> {
    /// Cuts the tokens between two sure beginnings of items.
    fn region(&mut self, range: Range<usize>) {
        let slips = self.slips(range.clone());
        let mut slips = slips.into_iter().peekable();
        let mut piece = Piece {
            tokens: Vec::new(),
            missing: 0,
        };
        let mut open: Vec<usize> = Vec::new();
        for i in range.clone() {
            while let Some(Slip::Missing {
                open: forgotten, ..
            }) = slips.next_if(|s| matches!(s, Slip::Missing { before, .. } if *before == i))
            {
                open.pop();
                self.close_before(i, forgotten, &mut piece);
            }
            if slips
                .next_if(|s| matches!(s, Slip::Stray(at) if *at == i))
                .is_some()
            {
                self.drop_stray(i);
                continue;
            }
            if open.is_empty() && i > range.start && self.view.begins(i) {
                self.finish(&mut piece);
            }
            match self.view.word(i) {
                "{" => open.push(i),
                "}" => {
                    open.pop();
                }
                _ => {}
            }
            piece.tokens.extend(self.view.get(i));
        }
        for forgotten in open {
            self.report_unclosed(forgotten, None);
            piece.missing += 1;
        }
        self.finish(&mut piece);
    }

    /// The braces of a region that do not pair, in the order of the text.
    fn slips(&self, range: Range<usize>) -> Vec<Slip> {
        let mut opened = 0_usize;
        let mut closed = 0_usize;
        let mut stray = 0_usize;
        for i in range.clone() {
            match self.view.word(i) {
                "{" => opened += 1,
                "}" if opened == closed => stray += 1,
                "}" => closed += 1,
                _ => {}
            }
        }
        if opened == closed && stray == 0 {
            return Vec::new();
        }
        self.slips_by_layout(range, opened - closed, stray)
    }

    /// Finds at most `missing` forgotten and `stray` superfluous braces by the indentation of lines.
    fn slips_by_layout(&self, range: Range<usize>, missing: usize, stray: usize) -> Vec<Slip> {
        let mut slips = Vec::new();
        let (mut missing, mut stray) = (missing, stray);
        let mut open: Vec<usize> = Vec::new();
        let indent = |i: usize| self.view.get(i).map_or(0, |t| t.indent);
        for i in range {
            let Some(token) = self.view.get(i) else {
                continue;
            };
            let word = self.view.word(i);
            let closes = word == "}";
            while let Some(top) = open.last().copied().filter(|_| token.first && missing > 0) {
                let left = if closes {
                    token.indent < indent(top)
                } else {
                    token.indent <= indent(top)
                };
                if !left || i == top + 1 && token.indent == indent(top) {
                    break;
                }
                open.pop();
                slips.push(Slip::Missing {
                    before: i,
                    open: top,
                });
                missing -= 1;
            }
            match word {
                "{" => open.push(i),
                "}" => {
                    let too_deep = open.last().is_some_and(|top| token.indent > indent(*top));
                    if open.is_empty() || stray > 0 && token.first && too_deep {
                        slips.push(Slip::Stray(i));
                        stray = stray.saturating_sub(1);
                    } else {
                        open.pop();
                    }
                }
                _ => {}
            }
        }
        slips
    }

    /// Writes a forgotten `}` into the blank before token `i`.
    fn close_before(&mut self, i: usize, forgotten: usize, piece: &mut Piece) {
        self.report_unclosed(forgotten, self.view.get(i));
        let (Some(token), Some(last)) = (self.view.get(i), piece.tokens.last().copied()) else {
            return;
        };
        let at = last.span.end as usize;
        if at >= token.span.start as usize {
            piece.missing += 1;
            return;
        }
        self.patches.push((at, b'}'));
        // The line break that stood there still separates.
        if at + 1 < token.span.start as usize {
            self.patches.push((at + 1, b'\n'));
        }
        piece.tokens.push(Token {
            kind: Kind::Sign,
            span: Span::new(at, at + 1),
            line_breaks: 0,
            indent: 0,
            first: false,
        });
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
        while first > 0 && !self.view.get(first).is_none_or(|t| t.first) && open - first < 8 {
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
        self.diagnostics.push(
            Diagnostic::error(
                codes::STRAY_BRACE,
                self.file,
                token.span,
                "対応する「{」のない「}」があります",
            )
            .help("この「}」を消すか、前の「{」を確かめます"),
        );
    }

    /// Ends a piece, unless it is nested too deeply to be read.
    fn finish(&mut self, piece: &mut Piece) {
        let done = std::mem::replace(
            piece,
            Piece {
                tokens: Vec::new(),
                missing: 0,
            },
        );
        if done.tokens.is_empty() {
            return;
        }
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

/// Where an item becomes too deep: brackets, `not` and `-` before each other, `if` inside `if`.
fn too_deep(tokens: &[Token], clean: &str) -> Option<Span> {
    let mut outer: Vec<usize> = Vec::new();
    let mut depth_outside = 0_usize;
    let (mut signs, mut choices) = (0_usize, 0_usize);
    let mut last = None;
    let mut words = tokens.iter().peekable();
    while let Some(token) = words.next() {
        let word = token.word(clean);
        match word {
            "{" | "(" => {
                outer.push(depth_outside);
                outer.push(choices);
                depth_outside += 1 + signs + choices;
                choices = 0;
            }
            "}" | ")" => {
                choices = outer.pop().unwrap_or(0);
                depth_outside = outer.pop().unwrap_or(0);
            }
            "if" if words.peek().is_some_and(|next| next.word(clean) == "shown") => {}
            "if" if last.is_some_and(|l| goes_on_after(l, clean)) => choices += 1,
            "if" => choices = 1,
            ";" => choices = 0,
            _ => {}
        }
        signs = if matches!(word, "not" | "-") {
            signs + 1
        } else {
            0
        };
        if depth_outside + signs + choices > DEEPEST {
            return Some(token.span);
        }
        last = Some(*token);
    }
    None
}

/// Whether an expression is not complete after `token`.
fn goes_on_after(token: Token, clean: &str) -> bool {
    let word = token.word(clean);
    match token.kind {
        Kind::Sign => !matches!(word, "{" | "(" | "}" | ")" | ";" | ":"),
        Kind::Word => is_reserved(word) && !matches!(word, "yes" | "no" | "today"),
        _ => false,
    }
}

/// Whether a new member of a block begins at `next`, when a line break stands between the two.
pub(crate) fn breaks_member(
    last: Token,
    next: Token,
    after_next: Option<&Token>,
    clean: &str,
) -> bool {
    let word = next.word(clean);
    let begins = match next.kind {
        Kind::Word => match word {
            "not" => after_next.is_none_or(|t| t.word(clean) != "in"),
            "if" => after_next.is_none_or(|t| t.word(clean) != "shown"),
            "otherwise" | "yes" | "no" | "today" => true,
            _ => !is_reserved(word),
        },
        Kind::Sign => word == "(",
        _ => true,
    };
    let word = last.word(clean);
    let ended = match last.kind {
        Kind::Word => matches!(word, "yes" | "no" | "today") || !is_reserved(word),
        Kind::Sign => matches!(word, "}" | ")" | ";"),
        _ => true,
    };
    begins && ended && next.first
}

/// Whether `word` begins a line of a block that belongs to an item of kind `keyword`.
pub(crate) fn line_words(keyword: &str) -> &'static [&'static str] {
    match keyword {
        "section" | "group" => words::MEMBERS,
        "judgement" => words::JUDGEMENT_LINES,
        "disease" | "module" => words::HEADER_LINES,
        _ => &[],
    }
}
