//! A record of 049 全身性エリテマトーデス from XML to error list and verdict, by hand with quick-xml.
//!
//! The elements, values, order, units and attributes are checked as ours are; three things are
//! simpler, all in favour of this reader: prefixed names are refused rather than resolved, what is
//! not well-formed is reported as quick-xml says it, and combining marks are counted with their
//! letters instead of being composed.

use super::errors::{Error, Fault, Level};
use super::sle::{Item, NAMESPACE, Section, Sle, VALID_FROM, Verdict};
use super::sle_checks::{self, Context};
use super::values::{Days, days};
use quick_xml::Reader;
use quick_xml::errors::IllFormedError;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// What comes out of a record.
#[derive(Debug)]
pub struct Checked {
    /// Nothing if the record cannot be read to its end or does not say what kind it is.
    pub verdict: Option<Verdict>,
    pub errors: Vec<Error>,
}

/// Reads a document with one record, checks and judges it as of the day it was written or else as
/// of `today`.
pub fn check(xml: &[u8], today: Days) -> Checked {
    let read = read(xml);
    let mut errors = read.errors;
    let (Some(sle), Some(renewal)) = (read.sle, read.renewal) else {
        return Checked {
            verdict: None,
            errors,
        };
    };
    if let Some(written) = read.written {
        let of_record = |check: &'static str, level, message: &'static str| Error {
            check: check.into(),
            level,
            path: "/record/@written".to_owned(),
            place: None,
            item: "",
            value: None,
            message: message.into(),
            help: "記載年月日（written）を確かめてください",
        };
        if written.first > today.last {
            let message = "記載年月日が今日より後です";
            errors.push(of_record("record.written_in_future", Level::Error, message));
        }
        if written.last < VALID_FROM.first {
            let message = "記載年月日が版の適用期間の外にあります";
            errors.push(of_record(
                "record.edition_not_in_force",
                Level::Warning,
                message,
            ));
        }
    }
    let verdict = sle.judge();
    let context = Context {
        today: read.written.unwrap_or(today),
        renewal,
    };
    sle_checks::check(&sle, verdict, context, &read.unread, &mut errors);
    Checked {
        verdict: Some(verdict),
        errors,
    }
}

/// A record as read.
pub struct Read {
    /// Nothing if it could not be read to its end.
    pub sle: Option<Sle>,
    pub renewal: Option<bool>,
    pub written: Option<Days>,
    errors: Vec<Error>,
    unread: Vec<Item>,
}

/// Reads a document with one record.
pub fn read(xml: &[u8]) -> Read {
    let mut walk = Walk::new(xml);
    let outcome = walk.document();
    let mut read = walk.read;
    match outcome {
        Ok(()) => {}
        Err(Stop::Refused(check, message)) => read.errors.push(broken(check, message)),
        Err(Stop::Malformed(quick_xml::Error::Encoding(error))) => {
            let in_a_character = std::str::from_utf8(xml)
                .err()
                .map(|error| error.error_len());
            let check = match in_a_character {
                Some(None) => "xml.truncated",
                _ => "file.encoding",
            };
            read.errors.push(broken(check, error.to_string()));
        }
        // A tag that does not end, or an element.
        Err(Stop::Malformed(
            error @ (quick_xml::Error::Syntax(_)
            | quick_xml::Error::IllFormed(IllFormedError::MissingEndTag(_))),
        )) => read.errors.push(broken("xml.truncated", error.to_string())),
        Err(Stop::Malformed(error)) => {
            read.errors
                .push(broken("xml.not_well_formed", error.to_string()));
        }
    }
    read
}

#[cold]
fn broken(check: &'static str, message: impl Into<Cow<'static, str>>) -> Error {
    Error {
        check: check.into(),
        level: Level::Error,
        path: "/record".to_owned(),
        place: None,
        item: "",
        value: None,
        message: message.into(),
        help: "ファイルを書き出し直してください",
    }
}

struct Walk<'x> {
    xml: &'x [u8],
    reader: Reader<&'x [u8]>,
    sle: Sle,
    seen: [bool; Item::COUNT],
    sections: Vec<Section>,
    read: Read,
    /// The last place asked for, its line and where that line begins.
    mark: usize,
    line: usize,
    line_at: usize,
}

/// Why a document cannot be read any further.
enum Stop {
    Refused(&'static str, &'static str),
    Malformed(quick_xml::Error),
}

impl From<quick_xml::Error> for Stop {
    fn from(error: quick_xml::Error) -> Self {
        Self::Malformed(error)
    }
}

impl From<quick_xml::events::attributes::AttrError> for Stop {
    fn from(error: quick_xml::events::attributes::AttrError) -> Self {
        Self::Malformed(error.into())
    }
}

const TRUNCATED: Stop = Stop::Refused("xml.truncated", "ファイルが途中で終わっています");

impl<'x> Walk<'x> {
    fn new(xml: &'x [u8]) -> Self {
        let mut reader = Reader::from_reader(xml);
        reader.config_mut().expand_empty_elements = true;
        Self {
            xml,
            reader,
            sle: Sle::default(),
            seen: [false; Item::COUNT],
            sections: Vec::new(),
            read: Read {
                sle: None,
                renewal: None,
                written: None,
                errors: Vec::new(),
                unread: Vec::new(),
            },
            mark: 0,
            line: 1,
            line_at: 0,
        }
    }

    fn at(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn document(&mut self) -> Result<(), Stop> {
        loop {
            match self.reader.read_event()? {
                Event::Start(tag) if tag.name().as_ref() == "record" => break self.record(&tag)?,
                Event::Start(_) => {
                    return Err(Stop::Refused("xml.unknown_root", "個票のXMLではありません"));
                }
                Event::DocType(_) => {
                    return Err(Stop::Refused("xml.dtd", "文書型宣言は使えません"));
                }
                Event::Eof => {
                    return Err(Stop::Refused("xml.no_record", "ファイルに個票がありません"));
                }
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                _ => {
                    let message = "XMLのファイルではありません";
                    return Err(Stop::Refused("xml.not_well_formed", message));
                }
            }
        }
        self.read.sle = Some(self.sle);
        loop {
            match self.reader.read_event()? {
                Event::Eof => return Ok(()),
                Event::Text(text) if text.trim().is_empty() => {}
                Event::PI(_) | Event::Comment(_) => {}
                _ => {
                    let message = "ルート要素の後に何かがあります";
                    return Err(Stop::Refused("xml.not_well_formed", message));
                }
            }
        }
    }

    fn record(&mut self, tag: &BytesStart<'x>) -> Result<(), Stop> {
        let at = self.at();
        let mut namespace = false;
        let mut application = false;
        for attribute in tag.attributes() {
            let attribute = attribute?;
            let value = attribute.value.trim();
            match attribute.key.as_ref() {
                "xmlns" => namespace = value == NAMESPACE,
                "application" => {
                    application = true;
                    self.read.renewal = match value {
                        "new" => Some(false),
                        "renewal" => Some(true),
                        _ => None,
                    };
                    if self.read.renewal.is_none() {
                        self.bad_attribute(at, "新規・更新の別が正しくありません");
                    }
                }
                "written" => {
                    self.read.written = days(value).filter(|_| value.len() == 10);
                    if self.read.written.is_none() {
                        self.bad_attribute(at, "記載年月日が正しくありません");
                    }
                }
                key => self.other_attribute(at, "", key),
            }
        }
        if !namespace {
            return Err(Stop::Refused(
                "xml.unknown_form",
                "この様式の個票ではありません",
            ));
        }
        if !application {
            let message = "新規・更新の別が書かれていません";
            self.found(at, "xml.missing_attribute", Level::Error, "", message);
        }
        let mut next = None;
        loop {
            match self.reader.read_event()? {
                Event::Start(tag) => {
                    let name = tag.name();
                    let Some(section) = Section::named(name.as_ref().as_bytes()) else {
                        self.unknown(&tag, "")?;
                        continue;
                    };
                    let again = self.sections.contains(&section);
                    if next.is_some_and(|next| section <= next) {
                        self.misplaced(self.at(), section.name(), again);
                    }
                    self.sections.push(section);
                    next = next.max(Some(section));
                    self.section(section, &tag)?;
                }
                Event::End(_) => return Ok(()),
                Event::Eof => return Err(TRUNCATED),
                other => self.stray(&other, "")?,
            }
        }
    }

    fn section(&mut self, section: Section, tag: &BytesStart<'x>) -> Result<(), Stop> {
        for attribute in tag.attributes() {
            self.other_attribute(self.at(), section.name(), attribute?.key.as_ref());
        }
        let mut last = None;
        loop {
            self.reader.config_mut().trim_text_start = true;
            match self.reader.read_event()? {
                Event::Start(tag) => match Item::named(tag.name().as_ref().as_bytes()) {
                    Some((home, item)) => {
                        let here = home == section;
                        self.item(item, here, last, &tag)?;
                        if here {
                            last = last.max(Some(item));
                        }
                    }
                    None => self.unknown(&tag, section.name())?,
                },
                Event::End(_) => return Ok(()),
                Event::Eof => return Err(TRUNCATED),
                other => self.stray(&other, section.name())?,
            }
        }
    }

    /// Elements stand in the order of the form and once, unless they may be repeated: whether this
    /// one is a second one that may not.
    fn order(&mut self, item: Item, here: bool, last: Option<Item>) -> bool {
        let several = item.is_several();
        let seen = self.seen.get_mut(item as usize);
        let again = seen.is_some_and(|seen| std::mem::replace(seen, true)) && !several;
        let repeated = several && last == Some(item);
        if again || !here || last >= Some(item) && !repeated {
            self.misplaced(self.at(), item.name(), again);
        }
        again
    }

    /// `here` says whether the item belongs to the section at hand, `last` is the last that did.
    fn item(
        &mut self,
        item: Item,
        here: bool,
        last: Option<Item>,
        tag: &BytesStart<'x>,
    ) -> Result<(), Stop> {
        let before = self.read.errors.len();
        let at = self.at();
        let again = self.order(item, here, last);
        let mut counts = !again;
        for attribute in tag.attributes() {
            let attribute = attribute?;
            match (attribute.key.as_ref(), item.unit()) {
                ("unit", Some(unit)) if attribute.value == unit => {}
                ("unit", Some(_)) => {
                    counts = false;
                    let fault =
                        Fault::new("unit", "の単位が違います", "換算した値を書いてください");
                    self.of_item(at, item, &attribute.value, fault);
                }
                (key, _) => self.other_attribute(at, item.name(), key),
            }
        }
        let text = self.item_text(item)?;
        if text.chars().all(char::is_whitespace) {
            let message = "要素に値がありません（未記入として扱います）";
            self.found(
                at,
                "xml.empty_element",
                Level::Warning,
                item.name(),
                message,
            );
        } else {
            let mut aside = Sle::default();
            let answers = if counts { &mut self.sle } else { &mut aside };
            if let Err(fault) = answers.read(item, &text) {
                self.of_item(at, item, &text, fault);
            }
        }
        if self
            .read
            .errors
            .iter()
            .skip(before)
            .any(|error| error.level == Level::Error)
        {
            self.read.unread.push(item);
        }
        Ok(())
    }

    /// The text of an item's element, references replaced.
    fn item_text(&mut self, item: Item) -> Result<Cow<'x, str>, Stop> {
        self.reader.config_mut().trim_text_start = false;
        let mut all: Cow<'x, str> = Cow::Borrowed("");
        let mut add = |more: Cow<'x, str>| match all.is_empty() {
            true => all = more,
            false => all.to_mut().push_str(&more),
        };
        loop {
            match self.reader.read_event()? {
                Event::Text(text) => add(text.xml10_content()),
                Event::CData(text) => add(text.xml10_content()),
                Event::GeneralRef(reference) => match reference.resolve_char_ref()? {
                    Some(character) => add(String::from(character).into()),
                    None => match resolve_predefined_entity(&reference) {
                        Some(text) => add(text.into()),
                        None => return Err(Stop::Refused("xml.entity", "実体参照は使えません")),
                    },
                },
                Event::End(_) => return Ok(all),
                Event::Start(tag) => self.unknown(&tag, item.name())?,
                Event::Eof => return Err(TRUNCATED),
                Event::Comment(_) | Event::PI(_) | Event::Empty(_) | Event::Decl(_) => {}
                Event::DocType(_) => {
                    return Err(Stop::Refused("xml.dtd", "文書型宣言は使えません"));
                }
            }
        }
    }

    /// Anything but tags where only elements may stand.
    fn stray(&mut self, event: &Event<'x>, inside: &str) -> Result<(), Stop> {
        match event {
            Event::Text(text) if text.trim().is_empty() => {}
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                let message = "要素の外に文字があります";
                self.found(
                    self.at(),
                    "xml.unexpected_text",
                    Level::Error,
                    inside,
                    message,
                );
            }
            Event::DocType(_) => return Err(Stop::Refused("xml.dtd", "文書型宣言は使えません")),
            _ => {}
        }
        Ok(())
    }

    #[cold]
    fn unknown(&mut self, tag: &BytesStart<'x>, inside: &str) -> Result<(), Stop> {
        let message = "ここに書けない要素です";
        self.found(
            self.at(),
            "xml.unknown_element",
            Level::Error,
            inside,
            message,
        );
        self.reader.read_to_end(tag.name())?;
        Ok(())
    }

    #[cold]
    fn misplaced(&mut self, at: usize, name: &str, again: bool) {
        match again {
            true => {
                let message = "要素が二つ以上あります";
                self.found(at, "xml.duplicate_element", Level::Error, name, message);
            }
            false => {
                let message = "要素の位置が違います";
                self.found(at, "xml.out_of_place", Level::Error, name, message);
            }
        }
    }

    /// Namespace declarations and hints for schema validators stand anywhere.
    fn other_attribute(&mut self, at: usize, inside: &str, key: &str) {
        if !key.starts_with("xmlns") && !key.starts_with("xsi:") {
            let message = "ここに書けない属性です";
            self.found(at, "xml.unknown_attribute", Level::Error, inside, message);
        }
    }

    #[cold]
    fn bad_attribute(&mut self, at: usize, message: &'static str) {
        self.found(at, "xml.bad_attribute", Level::Error, "", message);
    }

    #[cold]
    fn of_item(&mut self, at: usize, item: Item, value: &str, fault: Fault) {
        let place = Some(self.place(at));
        self.read.errors.push(Error {
            check: format!("{}.{}", fault.kind, item.name()).into(),
            level: Level::Error,
            path: format!("/record/{}/{}", item.section().name(), item.name()),
            place,
            item: item.label(),
            value: Some(value.to_owned()),
            message: format!("「{}」{}", item.label(), fault.problem).into(),
            help: fault.help,
        });
    }

    #[cold]
    fn found(
        &mut self,
        at: usize,
        check: &'static str,
        level: Level,
        inside: &str,
        message: &'static str,
    ) {
        let place = Some(self.place(at));
        self.read.errors.push(Error {
            check: check.into(),
            level,
            path: format!("/record/{inside}"),
            place,
            item: "",
            value: None,
            message: message.into(),
            help: "XMLスキーマを確かめてください",
        });
    }

    /// Line and column, from 1.
    fn place(&mut self, at: usize) -> (usize, usize) {
        let passed = self.xml.get(self.mark..at).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        if let Some(end) = passed.iter().rposition(|byte| *byte == b'\n') {
            self.line_at = self.mark + end + 1;
        }
        self.mark = at;
        let line = self.xml.get(self.line_at..at).unwrap_or_default();
        // Bytes 80 to BF go on with a character.
        let column = line.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        (self.line, column + 1)
    }
}
