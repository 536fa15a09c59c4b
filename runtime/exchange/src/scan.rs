//! XML text → tokens, for XML 1.0 with namespaces and without a DTD.
//!
//! The scanner works on a window of text and borrows every token from it; nothing is copied and
//! nothing is expanded. It answers [`Step::More`] when the window ends inside a token, so that a
//! file of any size is read through a window of fixed size. What it accepts is well-formed as far
//! as one token can be; matching tags and the one root are the business of `read.rs`.
//!
//! It is our own because the limits are its point: a document type declaration, an entity, a long
//! token and a control character are refused at the byte where they stand, and agreement with
//! libxml2 about everything else is tested (`tests/tests/xsd.rs`).

use memchr::{memchr, memchr_iter, memmem, memrchr};

/// A tag, text, comment or processing instruction is at most so many bytes long.
pub(crate) const MAX_TOKEN: usize = 64 * 1024;
/// A tag has at most so many attributes.
pub(crate) const MAX_ATTRIBUTES: usize = 256;

/// A piece of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'w> {
    /// `<?xml version="1.0" encoding="…"?>`, with the encoding it names.
    Declaration { encoding: Option<&'w str> },
    /// `<name attributes>` or, if closed, `<name attributes/>`.
    Start {
        name: &'w str,
        attributes: Attributes<'w>,
        closed: bool,
    },
    /// `</name>`.
    End { name: &'w str },
    /// Characters between tags; if not plain it contains references or carriage returns.
    Text { raw: &'w str, plain: bool },
    /// The characters of `<![CDATA[…]]>`.
    CData(&'w str),
}

/// Where the start tag of the root ends, if the document begins with `<records …>` of any prefix.
pub(crate) fn head_of_many(bytes: &[u8]) -> Option<usize> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(bytes.get(..error.valid_up_to())?).ok()?,
    };
    let mut scanner = Scanner::first(text, false);
    loop {
        match scanner.next(false).ok()? {
            Step::Token(Token::Declaration { .. }) => {}
            Step::Token(Token::Start {
                name,
                closed: false,
                ..
            }) if name == "records" || name.ends_with(":records") => return Some(scanner.at()),
            Step::Token(_) | Step::More => return None,
        }
    }
}

/// What the scanner found next.
pub(crate) enum Step<'w> {
    /// A token.
    Token(Token<'w>),
    /// The window ends here or inside a token.
    More,
}

/// Why the text is not acceptable, at a byte of the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Byte in the window.
    pub(crate) at: usize,
    /// Check id.
    pub(crate) check: &'static str,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) help: &'static str,
}

impl Fault {
    fn malformed(at: usize, message: impl Into<String>, help: &'static str) -> Self {
        Self {
            at,
            check: "xml.not_well_formed",
            message: message.into(),
            help,
        }
    }
}

/// A position in a window of text.
pub(crate) struct Scanner<'w> {
    text: &'w str,
    at: usize,
    token: usize,
    /// Nothing follows the window.
    last: bool,
    /// Where an XML declaration may stand.
    declaration_at: Option<usize>,
}

impl<'w> Scanner<'w> {
    /// Begins with the first window of a document; `last` says that nothing follows it.
    pub(crate) fn first(text: &'w str, last: bool) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self {
            at,
            token: at,
            declaration_at: Some(at),
            ..Self::following(text, last)
        }
    }

    /// Begins with a later window.
    pub(crate) fn following(text: &'w str, last: bool) -> Self {
        Self {
            text,
            at: 0,
            token: 0,
            last,
            declaration_at: None,
        }
    }

    /// The first byte not yet cut into tokens.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// The first byte of the token given last (or of the one that does not end in the window).
    pub(crate) fn token(&self) -> usize {
        self.token
    }

    /// The next token. Comments, processing instructions and, unless `keep_blank`, blanks between
    /// tags are passed over.
    pub(crate) fn next(&mut self, keep_blank: bool) -> Result<Step<'w>, Fault> {
        loop {
            if !keep_blank {
                self.skip_blank();
            }
            self.token = self.at;
            match self.peek(0) {
                None => return Ok(Step::More),
                Some(b'<') => {}
                Some(_) => return self.text(),
            }
            let step = match self.peek(1) {
                None => return self.more(),
                Some(b'/') => self.end(),
                Some(b'!') => self.declaration(),
                Some(b'?') => self.instruction(),
                Some(_) => self.start(),
            }?;
            if self.at - self.token > MAX_TOKEN {
                return Err(self.too_long());
            }
            match step {
                Piece::Token(token) => return Ok(Step::Token(token)),
                Piece::Passed => {}
                Piece::More => return self.more(),
            }
        }
    }

    /// Right after the start tag of `name`: the text of the element, if it is nothing but text
    /// without references and its end tag is in the window. Otherwise nothing is consumed.
    pub(crate) fn plain_value(&mut self, name: &str) -> Option<&'w str> {
        let from = self.at;
        let length = self.rest(from).iter().position(|byte| is_special(*byte))?;
        let to = from + length;
        // `</name>`; if something else is special here, the long way finds out what.
        let end = self
            .rest(to)
            .strip_prefix(b"</")?
            .strip_prefix(name.as_bytes())?;
        if end.first() != Some(&b'>') || length > MAX_TOKEN {
            return None;
        }
        let value = self.slice(from, to);
        if value.bytes().any(|byte| byte == 0xef) {
            check_characters(value, from).ok()?;
        }
        self.at = to + name.len() + 3;
        Some(value)
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn slice(&self, from: usize, to: usize) -> &'w str {
        self.text.get(from..to).unwrap_or_default()
    }

    fn rest(&self, from: usize) -> &'w [u8] {
        self.text.as_bytes().get(from..).unwrap_or_default()
    }

    fn skip_blank(&mut self) {
        while self.peek(0).is_some_and(is_blank) {
            self.at += 1;
        }
    }

    /// The token that begins at `self.token` does not end in the window.
    fn more(&mut self) -> Result<Step<'w>, Fault> {
        self.at = self.token;
        if self.text.len() - self.token > MAX_TOKEN {
            return Err(self.too_long());
        }
        Ok(Step::More)
    }

    fn too_long(&self) -> Fault {
        Fault {
            at: self.token,
            check: "file.too_large",
            message: format!(
                "1つの値・タグ・コメントが{}KBを超えています",
                MAX_TOKEN / 1024
            ),
            help: "タグの閉じ忘れや引用符の閉じ忘れがないか確認してください",
        }
    }

    fn text(&mut self) -> Result<Step<'w>, Fault> {
        let from = self.token;
        let to = match memchr(b'<', self.rest(self.at)) {
            Some(length) => self.at + length,
            None if self.last => self.text.len(),
            None => return self.more(),
        };
        if to - from > MAX_TOKEN {
            return Err(self.too_long());
        }
        let raw = self.slice(from, to);
        let plain = check_text(raw, from)?;
        self.at = to;
        Ok(Step::Token(Token::Text { raw, plain }))
    }

    fn start(&mut self) -> Result<Piece<'w>, Fault> {
        let name_at = self.at + 1;
        let name_end = self.name_end(name_at, "要素名")?;
        let name = self.slice(name_at, name_end);
        if name.is_empty() {
            return Err(Fault::malformed(
                self.at,
                "「<」の後に要素名がありません",
                "文字としての「<」は「&lt;」と書いてください",
            ));
        }
        let mut at = name_end;
        let bytes = self.text.as_bytes();
        let mut count = 0_usize;
        let attributes_at = at;
        let closed = loop {
            let blank_at = at;
            while bytes.get(at).copied().is_some_and(is_blank) {
                at += 1;
            }
            match bytes.get(at).copied() {
                None => return Ok(Piece::More),
                Some(b'>') => break false,
                Some(b'/') => match bytes.get(at + 1).copied() {
                    None => return Ok(Piece::More),
                    Some(b'>') => break true,
                    Some(_) => return Err(bad_tag(at)),
                },
                Some(_) if blank_at == at => return Err(bad_tag(at)),
                Some(_) => {
                    count += 1;
                    if count > MAX_ATTRIBUTES {
                        return Err(Fault {
                            at,
                            check: "xml.too_many_attributes",
                            message: format!("属性が{MAX_ATTRIBUTES}個を超えています"),
                            help: "個票の要素が持つ属性は application・written・unit だけです",
                        });
                    }
                    match self.attribute_end(at)? {
                        Some(end) => at = end,
                        None => return Ok(Piece::More),
                    }
                }
            }
        };
        let attributes = Attributes {
            raw: self.slice(attributes_at, at),
            at: attributes_at,
        };
        self.at = at + if closed { 2 } else { 1 };
        Ok(Piece::Token(Token::Start {
            name,
            attributes,
            closed,
        }))
    }

    /// The end of the attribute that begins at `at`, if it is in the window.
    fn attribute_end(&self, at: usize) -> Result<Option<usize>, Fault> {
        let bytes = self.text.as_bytes();
        let skip = |mut at: usize| {
            while bytes.get(at).copied().is_some_and(is_blank) {
                at += 1;
            }
            at
        };
        let name_end = self.name_end(at, "属性名")?;
        let equals = skip(name_end);
        match bytes.get(equals) {
            None => return Ok(None),
            Some(b'=') if name_end > at => {}
            Some(_) => return Err(bad_tag(at)),
        }
        let quote_at = skip(equals + 1);
        let quote = match bytes.get(quote_at).copied() {
            None => return Ok(None),
            Some(quote @ (b'"' | b'\'')) => quote,
            Some(_) => {
                return Err(Fault::malformed(
                    quote_at,
                    "属性の値が引用符で囲まれていません",
                    "属性は 名前=\"値\" の形で書いてください",
                ));
            }
        };
        let value_at = quote_at + 1;
        let Some(length) = memchr(quote, self.rest(value_at)) else {
            return Ok(None);
        };
        let value = self.slice(value_at, value_at + length);
        if let Some(less) = memchr(b'<', value.as_bytes()) {
            return Err(Fault::malformed(
                value_at + less,
                "属性の値に「<」があります",
                "引用符の閉じ忘れがないか確認してください。文字としての「<」は「&lt;」と書きます",
            ));
        }
        check_attribute_text(value, value_at)?;
        Ok(Some(value_at + length + 1))
    }

    fn end(&mut self) -> Result<Piece<'w>, Fault> {
        let name_at = self.at + 2;
        let name_end = self.name_end(name_at, "要素名")?;
        let mut at = name_end;
        while self.text.as_bytes().get(at).copied().is_some_and(is_blank) {
            at += 1;
        }
        match self.text.as_bytes().get(at) {
            None => Ok(Piece::More),
            Some(b'>') => {
                let name = self.slice(name_at, name_end);
                if name.is_empty() {
                    return Err(bad_tag(self.at));
                }
                self.at = at + 1;
                Ok(Piece::Token(Token::End { name }))
            }
            Some(_) => Err(bad_tag(at)),
        }
    }

    /// `<!`: a comment, a CDATA section, or something refused.
    fn declaration(&mut self) -> Result<Piece<'w>, Fault> {
        let rest = self.rest(self.at);
        if rest.starts_with(b"<!--") {
            let from = self.at + 4;
            let Some(length) = memmem::find(self.rest(from), b"--") else {
                return Ok(Piece::More);
            };
            return match self.text.as_bytes().get(from + length + 2) {
                None => Ok(Piece::More),
                Some(b'>') => {
                    check_characters(self.slice(from, from + length), from)?;
                    self.at = from + length + 3;
                    Ok(Piece::Passed)
                }
                Some(_) => Err(Fault::malformed(
                    from + length,
                    "コメントの中に「--」があります",
                    "コメントの中の「--」を取り除いてください",
                )),
            };
        }
        if rest.starts_with(b"<![CDATA[") {
            let from = self.at + 9;
            let Some(length) = memmem::find(self.rest(from), b"]]>") else {
                return Ok(Piece::More);
            };
            let raw = self.slice(from, from + length);
            check_characters(raw, from)?;
            self.at = from + length + 3;
            return Ok(Piece::Token(Token::CData(raw)));
        }
        if rest.starts_with(b"<!DOCTYPE") {
            return Err(Fault {
                at: self.at,
                check: "xml.dtd",
                message: "文書型宣言（<!DOCTYPE>）は使えません".to_owned(),
                help: "<!DOCTYPE …> を取り除いてください。実体参照は &lt; &gt; &amp; &apos; &quot; と文字参照だけが使えます",
            });
        }
        let begun = [&b"<!--"[..], b"<![CDATA[", b"<!DOCTYPE"];
        if begun.iter().any(|all| all.starts_with(rest)) {
            return Ok(Piece::More);
        }
        Err(bad_tag(self.at))
    }

    /// `<?`: the XML declaration or a processing instruction.
    fn instruction(&mut self) -> Result<Piece<'w>, Fault> {
        let from = self.at + 2;
        let Some(length) = memmem::find(self.rest(from), b"?>") else {
            return Ok(Piece::More);
        };
        let raw = self.slice(from, from + length);
        check_characters(raw, from)?;
        let name_end = self.name_end(from, "処理命令の名前")?;
        let target = self.slice(from, name_end);
        let data = self.slice(name_end, from + length);
        let divided = data.bytes().next().is_none_or(is_blank);
        if target.is_empty() || !divided {
            return Err(bad_tag(name_end));
        }
        self.at = from + length + 2;
        if target == "xml" && self.declaration_at == Some(self.token) {
            let encoding = declared_encoding(data, name_end)?;
            return Ok(Piece::Token(Token::Declaration { encoding }));
        }
        if target.eq_ignore_ascii_case("xml") {
            return Err(Fault::malformed(
                self.token,
                "XML宣言（<?xml …?>）がファイルの先頭にありません",
                "XML宣言は小文字で、ファイルの最初の文字から書いてください",
            ));
        }
        Ok(Piece::Passed)
    }

    /// The end of the name that begins at `from`, checked for its form.
    ///
    /// Nearly every name is plain ASCII and passed in one go. An empty name is left to the caller.
    #[inline]
    fn name_end(&self, from: usize, what: &str) -> Result<usize, Fault> {
        let rest = self.rest(from);
        let plain = rest
            .iter()
            .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')));
        let begins_well = rest
            .first()
            .is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
        match plain {
            Some(length)
                if begins_well && rest.get(length).is_some_and(|byte| ends_name(*byte)) =>
            {
                Ok(from + length)
            }
            _ => self.rare_name_end(from, what),
        }
    }

    #[cold]
    fn rare_name_end(&self, from: usize, what: &str) -> Result<usize, Fault> {
        let rest = self.rest(from);
        let Some(length) = rest.iter().position(|byte| ends_name(*byte)) else {
            // It goes on in the next window, and is checked when it is whole.
            return Ok(self.text.len());
        };
        if length > 0 {
            check_name(self.slice(from, from + length), from, what)?;
        }
        Ok(from + length)
    }
}

/// Bytes that cannot be in a name and are said something about elsewhere.
fn ends_name(byte: u8) -> bool {
    is_blank(byte) || matches!(byte, b'/' | b'>' | b'<' | b'=' | b'?' | b'"' | b'\'')
}

enum Piece<'w> {
    Token(Token<'w>),
    Passed,
    More,
}

/// The attributes of a tag, already checked for their form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attributes<'w> {
    raw: &'w str,
    /// Byte in the window where they begin.
    at: usize,
}

/// `name="value"`, the value as written between the quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attribute<'w> {
    pub(crate) name: &'w str,
    pub(crate) value: &'w str,
    /// Byte in the window where it begins.
    pub(crate) at: usize,
}

impl<'w> Attributes<'w> {
    /// True if there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }
}

impl<'w> Iterator for Attributes<'w> {
    type Item = Attribute<'w>;

    fn next(&mut self) -> Option<Attribute<'w>> {
        let trimmed = self.raw.trim_start_matches(is_blank_char);
        let at = self.at + (self.raw.len() - trimmed.len());
        let (name, rest) = trimmed.split_once('=')?;
        let name = name.trim_end_matches(is_blank_char);
        let rest = rest.trim_start_matches(is_blank_char);
        let quote = rest.chars().next()?;
        let (value, after) = rest.get(1..)?.split_once(quote)?;
        self.at = at + (trimmed.len() - after.len());
        self.raw = after;
        Some(Attribute { name, value, at })
    }
}

/// Appends text as it is meant: references replaced, line ends as `\n`.
pub(crate) fn unescape_into(raw: &str, out: &mut String) {
    let mut rest = raw;
    while let Some(at) = memchr::memchr2(b'&', b'\r', rest.as_bytes()) {
        out.push_str(rest.get(..at).unwrap_or_default());
        let special = rest.get(at..).unwrap_or_default();
        if let Some(after) = special.strip_prefix('\r') {
            out.push('\n');
            rest = after.strip_prefix('\n').unwrap_or(after);
            continue;
        }
        let end = memchr(b';', special.as_bytes()).unwrap_or(0);
        // INVARIANT: the scanner has passed every reference of the text.
        out.extend(reference(special.get(1..end).unwrap_or_default()).ok());
        rest = special.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// An attribute's value as it is meant.
pub(crate) fn attribute_value(raw: &str) -> std::borrow::Cow<'_, str> {
    if raw
        .bytes()
        .all(|byte| !matches!(byte, b'&' | b'\t' | b'\n' | b'\r'))
    {
        return raw.into();
    }
    let mut out = String::with_capacity(raw.len());
    let blanks = raw.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ");
    unescape_into(&blanks, &mut out);
    out.into()
}

/// The last byte position in `window` before which everything counts as consumed keeps its place
/// in the file: a line and a column, both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    at: usize,
    line: u64,
    column: u64,
}

impl Mark {
    /// The first character of a file.
    pub(crate) fn start() -> Self {
        Self::at(1, 1)
    }

    /// The first character of a line.
    pub(crate) fn at_line(line: u64) -> Self {
        Self::at(line, 1)
    }

    /// The beginning of a window that stands at this line and column.
    pub(crate) fn at(line: u64, column: u64) -> Self {
        Self {
            at: 0,
            line,
            column,
        }
    }

    /// The byte that was last asked for.
    pub(crate) fn byte(&self) -> usize {
        self.at
    }

    /// The line that was last asked for.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Line and column that were last asked for.
    pub(crate) fn reached(&self) -> (u64, u64) {
        (self.line, self.column)
    }

    /// Line and column of a byte of the window, at or after the last one asked for.
    pub(crate) fn place(&mut self, window: &str, at: usize) -> (u64, u64) {
        let passed = window.get(self.at..at).unwrap_or_default();
        match memrchr(b'\n', passed.as_bytes()) {
            Some(newline) => {
                self.line += memchr_iter(b'\n', passed.as_bytes()).count() as u64;
                let tail = passed.get(newline + 1..).unwrap_or_default();
                self.column = tail.chars().count() as u64 + 1;
            }
            None => self.column += passed.chars().count() as u64,
        }
        self.at = self.at.max(at);
        (self.line, self.column)
    }

    /// The first `consumed` bytes leave the window.
    pub(crate) fn shift(&mut self, window: &str, consumed: usize) {
        self.place(window, consumed);
        self.at -= consumed;
    }
}

fn bad_tag(at: usize) -> Fault {
    Fault::malformed(
        at,
        "タグの書き方に誤りがあります",
        "「<」「>」「/」と引用符の組を確認してください",
    )
}

/// Bytes that a plain text cannot hold, or that need a closer look.
#[inline]
fn is_special(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0b..=0x1f | b'&' | b'<' | b']')
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn is_blank_char(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// True if the text holds nothing to unescape.
fn check_text(raw: &str, at: usize) -> Result<bool, Fault> {
    let bytes = raw.as_bytes();
    let mut plain = true;
    for (offset, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\r' => plain = false,
            b'&' => {
                plain = false;
                check_reference(raw.get(offset..).unwrap_or_default(), at + offset)?;
            }
            b']' if bytes.get(offset..).unwrap_or_default().starts_with(b"]]>") => {
                return Err(Fault::malformed(
                    at + offset,
                    "文字の中に「]]>」があります",
                    "「]]&gt;」と書いてください",
                ));
            }
            0..=0x1f | 0xef => check_character(bytes, offset, at)?,
            _ => {}
        }
    }
    Ok(plain)
}

fn check_attribute_text(raw: &str, at: usize) -> Result<(), Fault> {
    for offset in memchr_iter(b'&', raw.as_bytes()) {
        check_reference(raw.get(offset..).unwrap_or_default(), at + offset)?;
    }
    check_characters(raw, at)
}

fn check_characters(raw: &str, at: usize) -> Result<(), Fault> {
    let bytes = raw.as_bytes();
    for (offset, &byte) in bytes.iter().enumerate() {
        if matches!(byte, 0..=0x1f | 0xef) {
            check_character(bytes, offset, at)?;
        }
    }
    Ok(())
}

/// Refuses what XML 1.0 calls no character: controls, U+FFFE and U+FFFF.
#[inline]
fn check_character(bytes: &[u8], offset: usize, at: usize) -> Result<(), Fault> {
    let code = match bytes.get(offset..).unwrap_or_default() {
        [b'\t' | b'\n' | b'\r', ..] => return Ok(()),
        [byte @ 0..=0x1f, ..] => u32::from(*byte),
        [0xef, 0xbf, last @ (0xbe | 0xbf), ..] => 0xffc0 + u32::from(last - 0x80),
        _ => return Ok(()),
    };
    Err(Fault::malformed(
        at + offset,
        format!("XMLに書けない文字（U+{code:04X}）があります"),
        "制御文字などの見えない文字を取り除いてください",
    ))
}

fn check_reference(from: &str, at: usize) -> Result<(), Fault> {
    let end = from.bytes().take(64).position(|byte| byte == b';');
    let name = end.and_then(|end| from.get(1..end));
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return Err(Fault::malformed(
            at,
            "「&」が文字参照になっていません",
            "文字としての「&」は「&amp;」と書いてください",
        ));
    };
    match reference(name) {
        Ok(_) => Ok(()),
        Err(()) if name.starts_with('#') => Err(Fault::malformed(
            at,
            format!("文字参照「&{name};」はXMLに書ける文字を指していません"),
            "文字そのものを書いてください",
        )),
        Err(()) if check_name(name, at, "").is_ok() => Err(Fault {
            at,
            check: "xml.entity",
            message: format!("実体参照「&{name};」は使えません"),
            help: "使えるのは &lt; &gt; &amp; &apos; &quot; と文字参照（&#…;）だけです",
        }),
        Err(()) => Err(Fault::malformed(
            at,
            "「&」が文字参照になっていません",
            "文字としての「&」は「&amp;」と書いてください",
        )),
    }
}

/// The character that `&name;` stands for.
fn reference(name: &str) -> Result<char, ()> {
    let code = match name {
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "amp" => return Ok('&'),
        "apos" => return Ok('\''),
        "quot" => return Ok('"'),
        _ => name.strip_prefix('#').ok_or(())?,
    };
    let (digits, radix) = match code.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (code, 10),
    };
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(());
    }
    let character = u32::from_str_radix(digits, radix)
        .ok()
        .and_then(char::from_u32)
        .ok_or(())?;
    match character {
        '\t' | '\n' | '\r' => Ok(character),
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => Err(()),
        _ => Ok(character),
    }
}

/// Refuses what is no name of XML 1.0 (fifth edition) with namespaces: at most one colon, inside.
fn check_name(name: &str, at: usize, what: &str) -> Result<(), Fault> {
    let bytes = name.as_bytes();
    let simple = bytes
        .first()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_')
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    if simple {
        return Ok(());
    }
    let parts = name.split(':').count();
    let well_formed = parts <= 2
        && name.split(':').all(|part| {
            let mut characters = part.chars();
            characters.next().is_some_and(is_name_start) && characters.all(is_name_character)
        });
    if well_formed {
        return Ok(());
    }
    Err(Fault::malformed(
        at,
        format!(
            "「{}」は{what}になりません",
            name.chars().take(40).collect::<String>()
        ),
        "名前は英字で始め、英数字と「_」「-」「.」で書いてください",
    ))
}

fn is_name_start(character: char) -> bool {
    matches!(character,
        'A'..='Z' | '_' | 'a'..='z'
        | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}'
        | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}'
        | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

fn is_name_character(character: char) -> bool {
    is_name_start(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// The encoding named by the pseudo-attributes of an XML declaration.
fn declared_encoding(data: &str, at: usize) -> Result<Option<&str>, Fault> {
    let fault = || {
        Fault::malformed(
            at,
            "XML宣言の書き方に誤りがあります",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?> と書いてください",
        )
    };
    let mut rest = data;
    let mut take = |name: &str| -> Result<Option<&str>, Fault> {
        let trimmed = rest.trim_start_matches(is_blank_char);
        let Some(after) = trimmed.strip_prefix(name) else {
            return Ok(None);
        };
        if trimmed.len() == rest.len() {
            return Err(fault());
        }
        let after = after
            .trim_start_matches(is_blank_char)
            .strip_prefix('=')
            .ok_or_else(fault)?;
        let after = after.trim_start_matches(is_blank_char);
        let quote = after
            .chars()
            .next()
            .filter(|c| matches!(c, '"' | '\''))
            .ok_or_else(fault)?;
        let (value, after) = after
            .get(1..)
            .and_then(|v| v.split_once(quote))
            .ok_or_else(fault)?;
        rest = after;
        Ok(Some(value))
    };
    let version = take("version")?;
    let encoding = take("encoding")?;
    let standalone = take("standalone")?;
    let version_ok = version
        .and_then(|version| version.strip_prefix("1."))
        .is_some_and(|minor| !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit()));
    let standalone_ok = standalone.is_none_or(|value| matches!(value, "yes" | "no"));
    if version_ok && standalone_ok && rest.trim_start_matches(is_blank_char).is_empty() {
        Ok(encoding)
    } else {
        Err(fault())
    }
}
