//! Words, numbers, texts, signs and comments of a file, with everything that is wrong with them.
//!
//! [`read`] also writes a *clean* copy of the file for the parser: comments become blanks, full-width
//! signs half-width, unclosed texts closed, words of prose operators ([`prose`]). The copy has the
//! same length byte for byte, so that a place in it is a place in the file, and one slip of the pen
//! does not hide the mistakes after it.

mod characters;
mod prose;
pub(crate) mod repairs;

pub(crate) use characters::{continues_name, continues_unit, starts_name};

use crate::diagnostic::Diagnostic;
use crate::parse::FUTILE;
use crate::words::begins_item;
use crate::{Span, codes};
use characters::{begins_unit, half_width, lookalike};
use repairs::{closing_quotes, guess_end_of_text, misspelt_sign};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword or a name.
    Word,
    /// `135`, `0.15`, `11-080`.
    Number,
    /// `2017-04-01`.
    Date,
    /// `mg/dL` after a number; a unit of letters only is a [`Kind::Word`].
    Unit,
    /// `"…"`.
    Text,
    /// `{`, `>=`, `|`, …
    Sign,
    /// `# …` up to the end of the line.
    Comment,
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
    /// Its line, from 0.
    pub line: u32,
    /// How many line breaks stand between the token before and this one.
    pub line_breaks: u32,
    /// Blanks at the beginning of its line.
    pub indent: u32,
    /// Whether it is the first token of its line.
    pub first: bool,
}

impl Token {
    /// The token as the parser sees it. One without width is a closing brace that is missing.
    #[inline]
    pub(crate) fn word(self, clean: &str) -> &str {
        if self.span.start == self.span.end {
            "}"
        } else {
            let word = self.span.of(clean);
            // Only a token that was written anew has blanks at its end.
            match word.as_bytes().last() {
                Some(last) if last.is_ascii_graphic() => word,
                _ => word.trim(),
            }
        }
    }
}

/// A file, read into tokens.
#[derive(Debug)]
pub(crate) struct Lexed {
    /// The copy for the parser, as long as the file.
    pub clean: String,
    /// All tokens, comments included.
    pub tokens: Vec<Token>,
    /// What is wrong with single tokens.
    pub diagnostics: Vec<Diagnostic>,
    /// Places where the clean copy is only a guess; what follows from them is not reported.
    pub guessed: Vec<Span>,
}

/// Reads the tokens of `text`; `file` names it in diagnostics. What stands behind very many mistakes
/// is not read: it is blank in the clean copy.
pub(crate) fn read(file: &str, text: &str) -> Lexed {
    let mut lexer = Lexer {
        file,
        text,
        position: 0,
        out: Lexed {
            clean: String::with_capacity(text.len()),
            tokens: Vec::with_capacity(text.len() / BYTES_A_TOKEN),
            diagnostics: Vec::new(),
            guessed: Vec::new(),
        },
        line: 0,
        line_breaks: 0,
        indent: 0,
        first: true,
        endless: 0,
    };
    while let Some(c) = lexer.peek(0) {
        if lexer.out.diagnostics.len() > FUTILE {
            // Each mistake may look far ahead.
            lexer.write("", text.len());
            break;
        }
        lexer.token(c);
    }
    let mut lexed = lexer.out;
    prose::reword(file, &mut lexed);
    lexed
}

/// About so many bytes of a text are a token with the blanks before it.
const BYTES_A_TOKEN: usize = 8;

/// Bytes in which the quotation mark that closes a doubtful text is looked for.
const FARTHEST_QUOTE: usize = 1024;

/// Begins and ends a text in another language.
const SCRIPT_MARK: &str = "\"\"\"";

/// How much of `text` stands before the first line that begins an item.
fn before_next_item(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let word = line.split(|c| !continues_name(c)).next().unwrap_or("");
        if at > 0 && begins_item(word) {
            return text.get(..at).unwrap_or("").trim_end().len();
        }
        at += line.len();
    }
    text.trim_end().len()
}

struct Lexer<'a> {
    file: &'a str,
    text: &'a str,
    position: usize,
    out: Lexed,
    line: u32,
    line_breaks: u32,
    indent: u32,
    first: bool,
    /// Where a line ends on which a text did not: no text that begins before it ends there.
    endless: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or("")
    }

    /// What follows on this line, as far as one looks for a closing quotation mark.
    fn near(&self) -> &'a str {
        let rest = self.rest();
        let near = rest
            .get(..rest.floor_char_boundary(FARTHEST_QUOTE))
            .unwrap_or("");
        near.split('\n').next().unwrap_or("")
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest().chars().nth(ahead)
    }

    fn token(&mut self, c: char) {
        match half_width(c) {
            '\n' => self.line_break(),
            ' ' | '\t' | '\r' if c.is_ascii() => self.blank(c),
            '\u{feff}' if self.position == 0 => self.write("", 3),
            c if c.is_whitespace() => self.odd_blank(),
            '#' => self.comment(),
            '/' if self.peek(1) == Some('/') => self.comment(),
            '"' | '“' | '”' | '「' | '『' | '\'' | '‘' => self.quoted(c),
            '0'..='9' => self.number(),
            'a'..='z' | 'A'..='Z' | '_' => self.name(),
            _ if starts_name(c) => self.name(),
            half => self.sign(half),
        }
    }

    // ------------------------------------------------------------------ writing

    /// Moves over `length` bytes of the file and writes `clean` for them, filled up with blanks.
    fn write(&mut self, clean: &str, length: usize) {
        let end = self.position.saturating_add(length).min(self.text.len());
        let room = end - self.position;
        let clean = if clean.len() <= room { clean } else { "" };
        self.out.clean.push_str(clean);
        if clean.len() < room {
            let blanks = std::iter::repeat_n(' ', room - clean.len());
            self.out.clean.extend(blanks);
        }
        self.position = end;
    }

    /// Takes `length` bytes as a token that reads `clean`.
    fn push(&mut self, kind: Kind, length: usize, clean: &str) {
        let start = self.position;
        self.write(clean, length);
        self.out.tokens.push(Token {
            kind,
            span: Span::new(start, self.position),
            line: self.line,
            line_breaks: self.line_breaks,
            indent: self.indent,
            first: self.first,
        });
        self.line_breaks = 0;
        self.first = false;
    }

    /// Takes `length` bytes as a token that reads as it is written.
    fn push_as_written(&mut self, kind: Kind, length: usize) {
        self.push(kind, length, self.written(length));
    }

    /// The next `length` bytes as they are written.
    fn written(&self, length: usize) -> &'a str {
        self.ahead(length).of(self.text)
    }

    fn ahead(&self, length: usize) -> Span {
        Span::new(self.position, self.position + length)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.out.diagnostics.push(diagnostic);
    }

    // ------------------------------------------------------------------ blanks and comments

    fn line_break(&mut self) {
        self.out.clean.push('\n');
        self.position += 1;
        self.line = self.line.saturating_add(1);
        self.line_breaks = self.line_breaks.saturating_add(1);
        self.indent = 0;
        self.first = true;
    }

    /// A run of blanks, or the `\r` of a line break.
    fn blank(&mut self, c: char) {
        if c == '\r' {
            return self.write("", 1);
        }
        let run = self.rest().bytes().take_while(|b| char::from(*b) == c);
        let length = run.count();
        self.write(self.written(length), length);
        if self.first {
            let more = u32::try_from(length).unwrap_or(u32::MAX);
            self.indent = self.indent.saturating_add(more);
        }
    }

    fn odd_blank(&mut self) {
        let odd = |c: &char| c.is_whitespace() && !matches!(c, ' ' | '\t' | '\r' | '\n');
        let count = self.rest().chars().take_while(odd).count();
        let length = self.rest().chars().take(count).map(char::len_utf8).sum();
        let span = self.ahead(length);
        let wide = self.peek(0) == Some('\u{3000}');
        let blanks = if wide {
            " ".repeat(count * 2)
        } else {
            " ".repeat(count)
        };
        let message = if wide {
            "全角の空白は使えません"
        } else {
            "特殊な空白は使えません"
        };
        self.report(
            Diagnostic::error(codes::FULL_WIDTH, self.file, span, message)
                .note("ここ")
                .help("半角の空白にします")
                .fix(span, blanks),
        );
        if self.first {
            self.indent = self
                .indent
                .saturating_add(u32::try_from(count * 2).unwrap_or(u32::MAX));
        }
        self.write("", length);
    }

    fn comment(&mut self) {
        let length = self.rest().find('\n').unwrap_or(self.rest().len());
        let length = self.rest().get(..length).unwrap_or("").trim_end().len();
        let mark = match self.peek(0) {
            Some('#') => None,
            Some('/') => Some("//"),
            _ => Some("＃"),
        };
        if let Some(mark) = mark {
            let span = self.ahead(mark.len());
            self.report(
                Diagnostic::error(
                    codes::COMMENT,
                    self.file,
                    span,
                    format!("注釈を「{mark}」で始めることはできません"),
                )
                .help("注釈は半角の「#」で始めます")
                .fix(span, "#"),
            );
        }
        self.push(Kind::Comment, length, "");
    }

    // ------------------------------------------------------------------ texts

    fn quoted(&mut self, open: char) {
        if self.rest().starts_with(SCRIPT_MARK) && self.follows_a_language() {
            self.script();
        } else if open == '"' {
            self.text_token()
        } else {
            self.odd_text(open)
        }
    }

    /// Whether the last token says that a text in another language follows.
    fn follows_a_language(&self) -> bool {
        let last = self.out.tokens.last();
        last.is_some_and(|t| t.kind == Kind::Word && t.word(&self.out.clean) == "rhai")
    }

    /// A text in another language between three quotation marks: one token, however many lines.
    fn script(&mut self) {
        let inside = self.rest().get(SCRIPT_MARK.len()..).unwrap_or("");
        let closed = inside.find(SCRIPT_MARK);
        // Without an end it is read up to where the next item begins.
        let length = SCRIPT_MARK.len()
            + closed.map_or_else(|| before_next_item(inside), |end| end + SCRIPT_MARK.len());
        let written = self.written(length);
        if closed.is_some() {
            self.push_as_written(Kind::Text, length);
        } else {
            let mark = self.ahead(SCRIPT_MARK.len());
            self.report(
                Diagnostic::error(
                    codes::UNCLOSED_TEXT,
                    self.file,
                    mark,
                    "関数の式が閉じられていません",
                )
                .note("ここで始まる式")
                .help("式の終わりに「\"\"\"」を書きます"),
            );
            self.out.guessed.push(self.ahead(length));
            let body = written.get(SCRIPT_MARK.len()..).unwrap_or("");
            let kept = body
                .get(..body.floor_char_boundary(body.len().saturating_sub(SCRIPT_MARK.len())))
                .unwrap_or("");
            let clean = format!("{SCRIPT_MARK}{kept}{SCRIPT_MARK}");
            self.push(Kind::Text, length, &clean);
        }
        let lines = u32::try_from(written.matches('\n').count()).unwrap_or(u32::MAX);
        self.line = self.line.saturating_add(lines);
    }

    /// Whether the text here is the unit of a number or of a type: `5.0 "％"`, `integer "％"`.
    fn stands_for_a_unit(&self) -> bool {
        let clean = &self.out.clean;
        let mut before = self.out.tokens.iter().rev().filter(|_| !self.first);
        let (last, before) = (before.next(), before.next());
        // A text after another number is a label: `disease shitei 013 "…"`.
        let measured = before.is_some_and(|t| {
            let sign =
                t.kind == Kind::Sign && !matches!(t.word(clean), "{" | "}" | ";" | "," | "|");
            sign || t.word(clean) == "decimal"
        });
        last.is_some_and(|t| match t.kind {
            Kind::Number => measured && !t.first,
            Kind::Word => t.word(clean) == "integer",
            _ => false,
        })
    }

    /// Reports letters of full width in a unit of `length` bytes, and gives it without them.
    fn unit_in_full_width(&mut self, length: usize) -> Option<String> {
        let written = self.written(length);
        let plain: String = written.chars().map(characters::unit_letter).collect();
        if written == plain || !self.stands_for_a_unit() {
            return None;
        }
        let span = self.ahead(length);
        let message = format!("単位 {written} に全角の文字があります");
        self.report(
            Diagnostic::error(codes::FULL_WIDTH, self.file, span, message)
                .help(format!("半角で「{plain}」と書きます"))
                .fix(span, plain.as_str()),
        );
        Some(plain)
    }

    fn text_token(&mut self) {
        // A text before it has met this `"` as an escaped one, and everything after it as it would be
        // met again.
        if self.position < self.endless {
            return self.unclosed_text(self.near().trim_end());
        }
        let mut escaped = false;
        let mut odd_escape = None;
        let mut end = None;
        let line = self.rest().bytes().enumerate().skip(1);
        for (i, byte) in line.take_while(|(_, byte)| *byte != b'\n') {
            match byte {
                _ if escaped => {
                    if byte != b'"' && byte != b'\\' {
                        odd_escape = odd_escape.or(Some(i));
                    }
                    escaped = false;
                }
                b'\\' => escaped = true,
                b'"' => {
                    end = Some(i + 1);
                    break;
                }
                _ => {}
            }
        }
        let Some(length) = end else {
            let line = self.rest().find('\n').unwrap_or(self.rest().len());
            self.endless = self.position + line;
            return self.unclosed_text(self.near().trim_end());
        };
        if self.opens_the_next_text(length) {
            return self.unclosed_text(self.written(length - 1).trim_end());
        }
        if let Some(after) = odd_escape {
            let escaped = self.rest().get(after..).and_then(|r| r.chars().next());
            let to = after + escaped.map_or(0, char::len_utf8);
            let span = Span::new(self.position + after - 1, self.position + to);
            self.report(
                Diagnostic::error(codes::ESCAPE, self.file, span, "「\\」の使い方が違います")
                    .help("文字列の中の「\"」は「\\\"」、「\\」は「\\\\」と書きます"),
            );
        }
        match self.unit_in_full_width(length) {
            Some(plain) => self.push(Kind::Text, length, &plain),
            None => self.push_as_written(Kind::Text, length),
        }
    }

    /// Whether the `"` that ends `length` bytes ahead rather begins a text: a word is glued to it and
    /// the marks of the line do not pair.
    fn opens_the_next_text(&self, length: usize) -> bool {
        let glued = self
            .rest()
            .get(length..)
            .and_then(|after| after.chars().next())
            .is_some_and(|c| continues_name(c) || characters::is_unusable(c));
        glued && {
            let near = self.near();
            length < near.len() && near.matches('"').count() % 2 == 1
        }
    }

    /// A text that does not end on `line`: closed where the author probably meant it.
    fn unclosed_text(&mut self, line: &str) {
        if let Some((at, quote)) = line
            .char_indices()
            .skip(1)
            .find(|(_, c)| matches!(c, '”' | '“' | '＂'))
        {
            let span = Span::new(self.position + at, self.position + at + quote.len_utf8());
            self.report(
                Diagnostic::error(
                    codes::QUOTES,
                    self.file,
                    span,
                    format!("文字列を全角の「{quote}」で閉じることはできません"),
                )
                .help("半角の「\"」で閉じます")
                .fix(span, "\""),
            );
            let mut clean = line.get(..at).unwrap_or("").to_owned();
            clean.push('"');
            return self.push(Kind::Text, at + quote.len_utf8(), &clean);
        }
        let end = guess_end_of_text(line);
        self.report_unclosed_text(self.ahead(line.get(..end).unwrap_or("").trim_end().len()));
        // Room for the closing quote: over the last blank or character.
        let mut clean = line.get(..end).unwrap_or("").to_owned();
        if end > 1 {
            clean.pop();
            clean.extend(std::iter::repeat_n(' ', end - clean.len() - 1));
            clean.push('"');
        }
        self.push(Kind::Text, end, &clean);
    }

    fn report_unclosed_text(&mut self, span: Span) {
        let mut diagnostic = Diagnostic::error(
            codes::UNCLOSED_TEXT,
            self.file,
            span,
            "文字列が閉じられていません",
        )
        .note("ここで始まる文字列")
        .help("文字列は同じ行の中で「\"」で閉じます");
        // With three quotation marks on a line the one in the middle may close nothing.
        let before = self.out.tokens.iter().rev();
        let before = before
            .take_while(|t| !t.first)
            .find(|t| t.kind == Kind::Text);
        if let Some(before) = before.filter(|_| !self.first) {
            diagnostic = diagnostic.label(
                self.file,
                before.span,
                "この文字列の終わりも確かめてください",
            );
        }
        self.report(diagnostic);
        self.out.guessed.push(span);
    }

    /// A text between other quotation marks.
    fn odd_text(&mut self, open: char) {
        let line = self.near();
        let close = line
            .char_indices()
            .skip(1)
            .find(|(_, c)| closing_quotes(open).contains(c))
            .map(|(i, c)| (i, i + c.len_utf8()));
        let Some((inner_end, end)) = close else {
            return self.unusable(open);
        };
        let close = line.get(inner_end..end).unwrap_or("").to_owned();
        let inner = line.get(open.len_utf8()..inner_end).unwrap_or("");
        let inner = inner.replace('"', "'").replace('\\', "/");
        let span = self.ahead(end);
        self.report(
            Diagnostic::error(
                codes::QUOTES,
                self.file,
                span,
                format!("文字列を {open} と {close} で囲むことはできません"),
            )
            .help("文字列は半角の「\"」で囲みます")
            .fix(span, format!("\"{inner}\"")),
        );
        self.push(Kind::Text, end, &format!("\"{inner}\""));
    }

    // ------------------------------------------------------------------ numbers and dates

    fn number(&mut self) {
        if self.notice_number() || self.date() {
            return;
        }
        let mut clean = String::new();
        let mut length = 0;
        let mut dotted = false;
        let mut grouped = false;
        while let Some(c) = self
            .text
            .get(self.position + length..)
            .and_then(|r| r.chars().next())
        {
            let digits_after = self.digits_after(length + c.len_utf8());
            match half_width(c) {
                half @ '0'..='9' => clean.push(half),
                '.' if !dotted && digits_after > 0 => {
                    dotted = true;
                    clean.push('.');
                }
                ',' if !dotted && digits_after == 3 => grouped = true,
                _ => break,
            }
            length += c.len_utf8();
        }
        let span = self.ahead(length);
        let written = span.of(self.text).to_owned();
        if grouped {
            self.report(
                Diagnostic::error(
                    codes::NUMBER_FORM,
                    self.file,
                    span,
                    format!("数「{written}」に桁区切りの「,」は書けません"),
                )
                .help(format!("「{clean}」と書きます"))
                .fix(span, clean.as_str()),
            );
        } else if written != clean {
            self.report(
                Diagnostic::error(
                    codes::FULL_WIDTH,
                    self.file,
                    span,
                    format!("全角の数字「{written}」は使えません"),
                )
                .help(format!("半角で「{clean}」と書きます"))
                .fix(span, clean.as_str()),
            );
        }
        self.push(Kind::Number, length, &clean);
        self.unit();
    }

    /// How many digits stand `offset` bytes ahead; more than three count as four.
    fn digits_after(&self, offset: usize) -> usize {
        let rest = self.text.get(self.position + offset..).unwrap_or("");
        rest.chars()
            .take(4)
            .take_while(|c| half_width(*c).is_ascii_digit())
            .count()
    }

    /// `11-080` after `disease shoman` or `use shoman`.
    fn notice_number(&mut self) -> bool {
        let before = self.out.tokens.iter().rev().nth(1);
        let word = before.map(|t| t.word(&self.out.clean));
        if !matches!(word, Some("disease" | "use")) {
            return false;
        }
        let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
        let rest = self.rest();
        let first = digits(rest);
        let Some(second) = rest
            .get(first..)
            .and_then(|r| r.strip_prefix('-'))
            .map(digits)
        else {
            return false;
        };
        if first == 0 || second == 0 {
            return false;
        }
        self.push_as_written(Kind::Number, first + 1 + second);
        true
    }

    /// `2017-04-01`, and what was meant as a date.
    fn date(&mut self) -> bool {
        let Some(found) = repairs::date_ahead(self.rest()) else {
            return false;
        };
        let span = self.ahead(found.length);
        let written = span.of(self.text).to_owned();
        let right = found.iso();
        if !found.exists() {
            self.report(
                Diagnostic::error(
                    codes::DATE,
                    self.file,
                    span,
                    format!("「{written}」という日付はありません"),
                )
                .note(found.why_not())
                .help("日付は「2017-04-01」のように、年-月-日 で書きます"),
            );
        } else if written != right {
            self.report(
                Diagnostic::error(
                    codes::DATE,
                    self.file,
                    span,
                    format!("「{written}」は日付の書き方が違います"),
                )
                .help(format!("「{right}」と書きます"))
                .fix(span, right.as_str()),
            );
        }
        let clean = if right.len() <= found.length {
            right
        } else {
            written
        };
        self.push(Kind::Date, found.length, &clean);
        true
    }

    /// A unit after a number, if it is more than a word or has full-width characters.
    fn unit(&mut self) {
        let blanks = self
            .rest()
            .bytes()
            .take_while(|b| matches!(b, b' ' | b'\t'))
            .count();
        let rest = self.text.get(self.position + blanks..).unwrap_or("");
        if !rest
            .chars()
            .next()
            .is_some_and(|c| begins_unit(half_width(c)))
        {
            return;
        }
        let mut clean = String::new();
        let mut length = 0;
        let mut ahead = rest.chars().peekable();
        while let Some(c) = ahead.next() {
            let half = half_width(c);
            let dot_inside = half == '.'
                && ahead
                    .peek()
                    .is_some_and(|next| continues_name(half_width(*next)));
            if !(continues_unit(half) || dot_inside) {
                break;
            }
            clean.push(half);
            length += c.len_utf8();
        }
        let written = rest.get(..length).unwrap_or("");
        if written == clean && clean.chars().all(continues_name) {
            return;
        }
        self.write("", blanks);
        let span = self.ahead(length);
        if written != clean {
            self.report(
                Diagnostic::error(
                    codes::FULL_WIDTH,
                    self.file,
                    span,
                    format!("単位「{written}」に全角の文字があります"),
                )
                .help(format!("半角で「{clean}」と書きます"))
                .fix(span, clean.as_str()),
            );
        }
        self.push(Kind::Unit, length, &clean);
    }

    // ------------------------------------------------------------------ names and signs

    fn name(&mut self) {
        let rest = self.rest();
        let plain = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let ascii = rest.bytes().take_while(plain).count();
        let more = rest.get(ascii..).unwrap_or("").chars();
        let more = more.take_while(|c| continues_name(*c));
        let length = ascii + more.map(char::len_utf8).sum::<usize>();
        let length = length.max(self.peek(0).map_or(1, char::len_utf8));
        let span = self.ahead(length);
        let written = self.written(length);
        if written.is_ascii() {
            return self.push(Kind::Word, length, written);
        }
        let Some(found) = lookalike(written) else {
            return self.push(Kind::Word, length, written);
        };
        let mut diagnostic = Diagnostic::error(
            codes::LOOKALIKE,
            self.file,
            span,
            format!("「{written}」に{}があります", found.what),
        )
        .note(found.note);
        let clean = match found.plain {
            Some(plain) => {
                diagnostic = diagnostic
                    .help(format!("「{plain}」と書きます"))
                    .fix(span, plain.as_str());
                plain
            }
            None => written.to_owned(),
        };
        self.report(diagnostic);
        self.push(Kind::Word, length, &clean);
    }

    fn sign(&mut self, half: char) {
        // These begin no longer sign, or the longer one is known at sight.
        let length = match self.rest().as_bytes() {
            [b'{' | b'}' | b'(' | b')' | b':' | b';' | b',', ..] => 1,
            [
                b'=' | b'<' | b'>' | b'|' | b'.' | b'-' | b'+' | b'*',
                b' ' | b'\n',
                ..,
            ] => 1,
            [b'<' | b'>' | b'!', b'=', b' ', ..] | [b'.', b'.', b'0'..=b'9', ..] => 2,
            _ => 0,
        };
        if length > 0 {
            return self.push_as_written(Kind::Sign, length);
        }
        let ahead: Vec<char> = self.rest().chars().take(4).collect();
        let plain: String = ahead.iter().map(|c| half_width(*c)).collect();
        let length = |count: usize| {
            ahead
                .iter()
                .take(count)
                .map(|c| c.len_utf8())
                .sum::<usize>()
        };
        if self.unit_with_power() {
            return;
        }
        if let Some((wrong, right)) = misspelt_sign(&plain) {
            let length = length(wrong.chars().count());
            let span = self.ahead(length);
            self.report(
                Diagnostic::error(
                    codes::SIGN,
                    self.file,
                    span,
                    format!("「{}」という記号はありません", span.of(self.text)),
                )
                .help(format!("「{right}」と書きます"))
                .fix(span, right),
            );
            let clean = if right.len() <= length && !right.starts_with(char::is_alphabetic) {
                right
            } else {
                wrong
            };
            return self.push(Kind::Sign, length, clean);
        }
        let Some((sign, count)) = repairs::sign_ahead(&plain) else {
            return self.unusable(half);
        };
        let length = length(count);
        let span = self.ahead(length);
        let written = span.of(self.text).to_owned();
        if written != sign {
            self.report(
                Diagnostic::error(
                    codes::FULL_WIDTH,
                    self.file,
                    span,
                    format!("全角の「{written}」は使えません"),
                )
                .help(format!("半角で「{sign}」と書きます"))
                .fix(span, sign),
            );
        }
        self.push(Kind::Sign, length, sign);
    }

    /// `5.0 ×10^9/L`: a unit that begins with a sign is quoted.
    fn unit_with_power(&mut self) -> bool {
        let number = self.out.tokens.last().copied();
        let number = number.filter(|t| t.kind == Kind::Number && !self.first);
        let unit = self
            .near()
            .split([' ', '\t', ';', ',', ')', '}', '|'])
            .next();
        let (Some(number), Some(unit)) = (number, unit) else {
            return false;
        };
        let power = |rest: &str| rest.starts_with("10^") || rest.starts_with("10⁹");
        if !unit.strip_prefix('×').is_some_and(power) {
            return false;
        }
        let span = self.ahead(unit.len());
        let message = format!("単位「{unit}」は「\"」で囲みます");
        self.report(
            Diagnostic::error(codes::UNEXPECTED, self.file, span, message)
                .help(format!(
                    "「{} \"{unit}\"」と書きます",
                    number.word(&self.out.clean)
                ))
                .fix(span, format!("\"{unit}\"")),
        );
        self.out.guessed.push(number.span.to(span));
        self.write("", unit.len());
        true
    }

    /// `10^3`, `x^2`.
    fn power(&self, diagnostic: Diagnostic) -> Diagnostic {
        let base = self.out.tokens.last();
        let base = base.filter(|t| t.span.end as usize == self.position);
        let digits = self.rest().get(1..).unwrap_or("");
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        let exponent = digits.get(..length).unwrap_or("");
        let written_out = base
            .filter(|t| t.word(&self.out.clean) == "10")
            .zip(exponent.parse().ok())
            .and_then(|(base, zeros)| Some((base, prose::without_power("1", zeros)?)));
        match written_out {
            Some((base, number)) => {
                let span = base.span.to(self.ahead(1 + length));
                diagnostic
                    .help(format!("「{number}」と書きます"))
                    .fix(span, number)
            }
            None => diagnostic.help("累乗は「power(x, 2)」のように書きます"),
        }
    }

    /// A run of characters that mean nothing here.
    fn unusable(&mut self, first: char) {
        let first_length = self.peek(0).map_or(1, char::len_utf8);
        let length: usize = self
            .rest()
            .chars()
            .take_while(|c| characters::is_unusable(*c))
            .map(char::len_utf8)
            .sum::<usize>()
            .max(first_length);
        let span = self.ahead(length);
        let written = characters::visible(span.of(self.text));
        let diagnostic = Diagnostic::error(
            codes::UNUSABLE,
            self.file,
            span,
            format!("「{written}」はここでは使えない文字です"),
        );
        self.report(match first {
            '!' => diagnostic.help("打ち消しは「not」と書きます"),
            '&' => diagnostic.help("「かつ」は「and」と書きます"),
            '^' => self.power(diagnostic),
            '%' => diagnostic
                .help("単位は「\"」で囲みます。例: integer \"%\" 0..100")
                .fix(span, "\"%\""),
            '「' | '『' | '\'' | '‘' => diagnostic.help("文字列は半角の「\"」で囲みます"),
            _ => diagnostic.help("文字列として書くときは「\"」で囲みます"),
        });
        self.out.guessed.push(span);
        self.write("", length);
    }
}
