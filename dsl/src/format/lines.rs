//! Tokens to lines, and how far each line is indented.

use crate::lex::{Kind, Token};
use crate::split::{BandBlocks, Piece, begins_band, breaks_member, line_words};
use crate::words::DOMAIN_LINES;
use std::collections::BTreeMap;

/// Blanks per level.
const STEP: usize = 2;

/// What the lines of a block are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// Conditions or numbers after `of`, arms after `match`.
    Members,
    /// Bands after `bands of E`, periods of a threshold.
    Bands,
    /// Codes, options.
    Codes,
    /// Rows of a table.
    Rows,
    /// Lines of a migration.
    Migration,
    /// Lines of a header, section, group or judgement that begin with one of these words.
    Keywords(&'static [&'static str]),
}

/// A line of the text to come.
#[derive(Debug)]
pub(super) struct Line<'t> {
    /// Its tokens, a comment perhaps the last.
    pub tokens: &'t [Token],
    /// Blanks before it.
    pub indent: usize,
    /// Whether the author left a line empty before it.
    pub blank_before: bool,
    /// The keyword of the item that begins here.
    pub item: Option<&'t str>,
    /// The block around its first token.
    pub block: Option<Block>,
    /// Whether it begins a new line of that block, rather than going on with one.
    pub begins: bool,
    /// Whether its last token before a comment is `{`.
    opens: bool,
    /// Whether its first token is `}`.
    closes: bool,
}

impl Line<'_> {
    /// Whether it is only a comment.
    pub(super) fn is_comment(&self) -> bool {
        self.tokens.first().is_none_or(|t| t.kind == Kind::Comment)
    }

    /// Whether a block begins at its end.
    pub(super) fn opens(&self) -> bool {
        self.opens
    }

    /// Whether it begins with the end of a block.
    pub(super) fn closes(&self) -> bool {
        self.closes
    }
}

/// Cuts the tokens into lines: where the author did, and before every item.
pub(super) fn lines<'t>(text: &'t str, tokens: &'t [Token], pieces: &[Piece]) -> Vec<Line<'t>> {
    let items: BTreeMap<u32, &str> = pieces
        .iter()
        .filter_map(|p| Some((p.tokens.first()?.span.start, p.keyword(text))))
        .collect();
    let mut layout = Layout {
        text,
        open: Vec::new(),
        last: None,
        over: false,
        first: "",
        before_last: None,
        keyword: "",
        bands: BandBlocks::default(),
    };
    let mut lines = Vec::new();
    let mut start = 0;
    for end in 1..=tokens.len() {
        let breaks = tokens
            .get(end)
            .is_none_or(|t| t.first || items.contains_key(&t.span.start));
        if breaks {
            let line = tokens.get(start..end).unwrap_or_default();
            lines.push(layout.line(line, &items));
            start = end;
        }
    }
    indent_comments(&mut lines);
    lines
}

/// A comment stands as deep as the line it is written above.
fn indent_comments(lines: &mut [Line<'_>]) {
    let mut below = 0;
    for line in lines.iter_mut().rev() {
        if line.is_comment() {
            line.indent = below;
        } else {
            below = if line.closes {
                line.indent + STEP
            } else {
                line.indent
            };
        }
    }
}

struct Layout<'t> {
    text: &'t str,
    /// Open braces: the indentation of their lines and what they enclose.
    open: Vec<(usize, Block)>,
    /// The last token that is no comment.
    last: Option<Token>,
    /// Whether the last tokens read `of drugs` or `of alias.drugs`.
    over: bool,
    /// The first word of the last line that began in a block.
    first: &'t str,
    /// The token before [`Layout::last`] that is no comment.
    before_last: Option<Token>,
    /// The keyword of the item at hand.
    keyword: &'t str,
    bands: BandBlocks<'t>,
}

impl<'t> Layout<'t> {
    fn line(&mut self, tokens: &'t [Token], items: &BTreeMap<u32, &'t str>) -> Line<'t> {
        let first = tokens.first();
        let item = first.and_then(|t| items.get(&t.span.start).copied());
        if let Some(keyword) = item {
            self.keyword = keyword;
            self.bands = BandBlocks::default();
        }
        let word = first.map_or("", |t| t.span.of(self.text));
        let closes = word == "}";
        let block = self.open.last().map(|(_, block)| *block);
        let begins = item.is_some() || self.begins(tokens);
        let outside = self.open.last().map(|(indent, _)| *indent);
        let base = outside.map_or(0, |indent| if closes { indent } else { indent + STEP });
        let indent = if begins || closes { base } else { base + STEP };
        if begins {
            self.first = word;
        }
        self.follow(tokens, indent);
        let mut code = tokens.iter().filter(|t| t.kind != Kind::Comment);
        Line {
            tokens,
            indent,
            blank_before: first.is_some_and(|t| t.line_breaks > 1),
            item,
            block,
            begins,
            opens: code
                .next_back()
                .is_some_and(|t| t.span.of(self.text) == "{"),
            closes,
        }
    }

    /// Whether the line begins a new line of the block it stands in.
    fn begins(&self, tokens: &[Token]) -> bool {
        let (Some(first), Some(last)) = (tokens.first(), self.last) else {
            return true;
        };
        let word = first.span.of(self.text);
        let Some((_, block)) = self.open.last() else {
            return false;
        };
        if matches!(last.span.of(self.text), "{" | ";") {
            return true;
        }
        match block {
            Block::Members => breaks_member(last, *first, tokens.get(1), self.text),
            Block::Bands => begins_band(last, *first, self.text),
            Block::Codes => !matches!(word, "points" | "unknown"),
            Block::Rows => true,
            Block::Migration => {
                !crate::words::MIGRATION_WORDS.contains(&word)
                    && !matches!(last.span.of(self.text), "from" | "because" | ",")
            }
            Block::Keywords(words) => {
                let named = tokens.get(1).is_some_and(|t| match t.kind {
                    Kind::Word => !crate::words::is_reserved(t.span.of(self.text)),
                    kind => matches!(kind, Kind::Text | Kind::Number),
                });
                words.contains(&word) && named
            }
        }
    }

    /// Keeps count of braces over the tokens of a line.
    fn follow(&mut self, tokens: &'t [Token], indent: usize) {
        for token in tokens.iter().filter(|t| t.kind != Kind::Comment) {
            let word = token.span.of(self.text);
            let bands = self.bands.opens(word);
            match word {
                "{" if bands => self.open.push((indent, Block::Bands)),
                "{" => self.open.push((indent, self.block_after(self.last))),
                "}" => {
                    self.open.pop();
                }
                _ => {}
            }
            let before = self.last.map_or("", |t| t.span.of(self.text));
            self.over = match token.kind {
                Kind::Word => before == "of" || before == "." && self.over,
                _ => self.over && token.span.of(self.text) == ".",
            };
            self.before_last = self.last.replace(*token);
        }
    }

    /// What a `{` encloses that follows `last`.
    fn block_after(&self, last: Option<Token>) -> Block {
        let word = |t: Option<Token>| t.map_or("", |t| t.span.of(self.text));
        match word(last) {
            // `judgement x "…" first match {` holds categories.
            "match" if self.keyword == "judgement" && self.open.is_empty() => {
                Block::Keywords(line_words(self.keyword))
            }
            "of" if self.first == "rows" => Block::Keywords(line_words("rows")),
            "of" | "match" => Block::Members,
            "domain" => Block::Keywords(DOMAIN_LINES),
            text if text.starts_with('"') && word(self.before_last) == "domain" => Block::Members,
            "in" | "choice" | "choices" | "default" | "map" => Block::Codes,
            _ if self.over => Block::Members,
            _ => match self.keyword {
                "table" => Block::Rows,
                "threshold" => Block::Bands,
                "code" => Block::Codes,
                "migrate" => Block::Migration,
                keyword => Block::Keywords(line_words(keyword)),
            },
        }
    }
}
