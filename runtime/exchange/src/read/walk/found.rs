//! What the walk finds wrong: in words, with a place, or as the end of the file.

use super::{Begins, End, Inside, MAX_FINDINGS, Walk};
use crate::finding::{Place, RecordFinding, shortened};
use crate::library::nearest;
use crate::read::Broken;
use crate::read::elements::{Meaning, split_name};
use crate::scan::{Attribute, Attributes, Fault, attribute_value};
use kohyo_record::RECORDS_NAMESPACE;
use kohyo_record::wire::FORM_NAMESPACE;
use std::collections::BTreeSet;
use std::io;

impl Walk<'_, '_> {
    pub(super) fn refuse_doubles(
        &mut self,
        text: &str,
        attributes: Attributes<'_>,
    ) -> Result<(), End> {
        let mut rest = attributes;
        if rest.by_ref().nth(1).is_none() {
            return Ok(());
        }
        let mut names = BTreeSet::new();
        let mut rest = attributes;
        let Some(double) = rest.find(|attribute| !names.insert(attribute.name)) else {
            return Ok(());
        };
        Err(self.broken(
            "xml.not_well_formed",
            text,
            double.at,
            format!("属性「{}」が二つあります", shortened(double.name)),
            "属性を一つにしてください",
        ))
    }

    /// Whether findings of this record are only counted by now.
    pub(super) fn is_full(&self) -> bool {
        self.scratch.findings.len() >= MAX_FINDINGS
    }

    pub(super) fn found(&mut self, finding: RecordFinding) {
        if !self.is_full() {
            self.scratch.findings.push(finding);
        } else {
            self.dropped += 1;
        }
    }

    /// An element where a section should stand.
    pub(super) fn unknown_section(&mut self, text: &str, at: usize, name: &str, ours: bool) {
        let (_, local) = split_name(name);
        let entry = self
            .record
            .form
            .and_then(|form| self.scratch.namespaces.form(form));
        let help = match entry {
            // Comparing names takes time, and nobody will read it.
            _ if self.is_full() => String::new(),
            Some(entry) if ours => {
                let layout = &entry.layout;
                let home = layout
                    .slot_of(local)
                    .and_then(|slot| layout.sections.get(slot.section));
                let sections = layout.sections.iter().map(|section| &*section.name);
                match (home, nearest(local, sections)) {
                    (Some(home), _) => {
                        format!("項目「{local}」は <{}> の中に書いてください", home.name)
                    }
                    (None, Some(near)) => format!("「{near}」の書き間違いではありませんか"),
                    (None, None) => {
                        "様式のXMLスキーマにある区分の要素名を確認してください".to_owned()
                    }
                }
            }
            _ => self.foreign_help(name),
        };
        self.unknown_element(text, at, name, help);
    }

    /// An element where a field should stand.
    pub(super) fn unknown_field(&mut self, text: &str, at: usize, name: &str, ours: bool) {
        let (_, local) = split_name(name);
        let entry = self
            .record
            .form
            .and_then(|form| self.scratch.namespaces.form(form));
        let help = match entry {
            _ if self.is_full() => String::new(),
            Some(entry) if ours => match nearest(local, entry.layout.field_names()) {
                Some(near) => format!("「{near}」の書き間違いではありませんか"),
                None => "様式のXMLスキーマにある項目の要素名を確認してください".to_owned(),
            },
            _ => self.foreign_help(name),
        };
        self.unknown_element(text, at, name, help);
    }

    fn foreign_help(&self, name: &str) -> String {
        let (prefix, _) = split_name(name);
        if self.scratch.namespaces.resolve(prefix) == Meaning::Undeclared {
            return format!("接頭辞「{prefix}」を xmlns:{prefix}=\"…\" で宣言してください");
        }
        "<record> と同じ名前空間の要素だけを書いてください".to_owned()
    }

    pub(super) fn unknown_element(&mut self, text: &str, at: usize, name: &str, help: String) {
        let place = self.place(text, at);
        let message = format!("要素 <{}> はここに書けません", shortened(name));
        self.found(RecordFinding::error(
            "xml.unknown_element",
            place,
            message,
            help,
        ));
    }

    /// An element that stands after one it should stand before, or a second time.
    pub(super) fn misplaced(&mut self, text: &str, at: usize, name: &str, again: bool) {
        let place = self.place(text, at);
        let (check, message, help) = if again {
            (
                "xml.duplicate_element",
                format!("要素 <{name}> が二つ以上あります"),
                "一つだけ残してください。最初のものを読みました",
            )
        } else {
            (
                "xml.out_of_place",
                format!("要素 <{name}> の位置が違います"),
                "要素をXMLスキーマに定めた区分の中に、定めた順に並べてください",
            )
        };
        self.found(RecordFinding::error(check, place, message, help));
    }

    pub(super) fn unknown_attribute(
        &mut self,
        text: &str,
        attribute: Attribute<'_>,
    ) -> RecordFinding {
        let place = self.attribute_place(text, attribute);
        let message = format!("属性「{}」はここに書けません", shortened(attribute.name));
        RecordFinding::error(
            "xml.unknown_attribute",
            place,
            message,
            "属性を取り除いてください",
        )
        .with_value(&attribute_value(attribute.value))
    }

    /// Why the namespace of a record names no form at hand.
    pub(super) fn unknown_form(
        &mut self,
        text: &str,
        at: usize,
        prefix: &str,
        meaning: Meaning,
    ) -> RecordFinding {
        let place = self.place(text, at);
        let example = format!("<record xmlns=\"{FORM_NAMESPACE}様式キー:版\"> と書いてください");
        let name = match meaning {
            Meaning::Foreign(position) => self.scratch.namespaces.foreign(position),
            Meaning::Records => RECORDS_NAMESPACE,
            Meaning::Undeclared => {
                return RecordFinding::error(
                    "xml.undeclared_prefix",
                    place,
                    format!("接頭辞「{prefix}」が宣言されていません"),
                    example,
                );
            }
            Meaning::Nothing | Meaning::Schema | Meaning::Form(_) => "",
        };
        let Some((key, edition)) = name
            .strip_prefix(FORM_NAMESPACE)
            .and_then(|rest| rest.split_once(':'))
        else {
            let message = match name {
                "" => "個票の名前空間（xmlns）が書かれていません".to_owned(),
                other => format!("名前空間「{}」は個票のものではありません", shortened(other)),
            };
            return RecordFinding::error("xml.unknown_namespace", place, message, example)
                .with_value(name);
        };
        let refused = self
            .library
            .refused("xml.unknown_form", place.clone(), key, edition);
        if let Some(refused) = refused {
            return refused.with_value(name);
        }
        let editions: Vec<String> = self
            .library
            .editions(key)
            .map(|form| form.program().edition.clone())
            .collect();
        if editions.is_empty() {
            let help = self.library.help_for_key(key);
            return RecordFinding::error(
                "xml.unknown_form",
                place,
                format!("様式「{}」はありません", shortened(key)),
                help,
            )
            .with_value(name);
        }
        RecordFinding::error(
            "xml.unknown_edition",
            place,
            format!("様式 {key} に版「{}」はありません", shortened(edition)),
            format!("使える版は {} です", editions.join("、")),
        )
        .with_value(name)
    }

    // ---- places

    pub(super) fn place(&mut self, text: &str, at: usize) -> Place {
        self.keep_field_place(text);
        let (line, column) = self.mark.place(text, at);
        Place {
            path: self.path(),
            line: Some(line),
            column: Some(column),
        }
    }

    pub(super) fn attribute_place(&mut self, text: &str, attribute: Attribute<'_>) -> Place {
        let mut place = self.place(text, attribute.at);
        let (_, local) = split_name(attribute.name);
        place.path.extend(["/@", &shortened(local)]);
        place
    }

    /// The place of the field at hand is asked for later, when the mark has moved on.
    pub(super) fn keep_field_place(&mut self, text: &str) {
        if let Some(at_field) = &mut self.at_field
            && let Begins::At(at) = at_field.begins
        {
            let (line, column) = self.mark.place(text, at);
            at_field.begins = Begins::Known(line, column);
        }
    }

    /// The path of the element opened last.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for (depth, name) in self.scratch.open.iter().enumerate() {
            let (_, local) = split_name(name);
            path.push('/');
            path.push_str(local);
            if self.many && depth == 1 {
                path.push_str(&format!("[{}]", self.number));
            }
        }
        path
    }

    // ---- ends

    pub(super) fn fault(&mut self, text: &str, fault: Fault) -> End {
        self.broken(fault.check, text, fault.at, fault.message, fault.help)
    }

    pub(super) fn broken(
        &mut self,
        check: &'static str,
        text: &str,
        at: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> End {
        let place = self.place(text, at);
        End::Broken(Box::new(
            self.broken_at(RecordFinding::error(check, place, message, help)),
        ))
    }

    pub(super) fn broken_at(&mut self, reason: RecordFinding) -> Broken {
        let outside = matches!(
            self.inside,
            Inside::Prolog | Inside::Records | Inside::Epilog
        );
        Broken {
            record: (!outside).then_some(self.number),
            before: if outside {
                Vec::new()
            } else {
                std::mem::take(&mut self.scratch.findings)
            },
            reason,
        }
    }

    pub(super) fn wrong_end(&mut self, text: &str, at: usize, name: &str) -> End {
        let name = shortened(name);
        let (message, help) = match self.scratch.open.last() {
            Some(open) => (
                format!(
                    "要素 <{}> の中に終了タグ </{name}> があります",
                    shortened(open)
                ),
                format!(
                    "</{}> の書き忘れか、タグ名の書き間違いがないか確認してください",
                    shortened(open)
                ),
            ),
            None => (
                format!("開始タグのない終了タグ </{name}> があります"),
                "余分な終了タグを取り除いてください".to_owned(),
            ),
        };
        self.broken("xml.not_well_formed", text, at, message, help)
    }

    pub(super) fn encoding(&mut self, name: &str, text: &str, at: usize) -> End {
        self.broken(
            "file.encoding",
            text,
            at,
            format!("文字コードが{}になっています", shortened(name)),
            "UTF-8で書き出し直してください（XML宣言は encoding=\"UTF-8\"）",
        )
    }

    /// The text is followed by bytes that are no UTF-8.
    pub(in crate::read) fn bad_encoding(&mut self, text: &str, rest: &[u8]) -> End {
        if self.base == 0 && text.is_empty() && matches!(rest, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
        {
            return self.encoding("UTF-16", text, 0);
        }
        let byte = self.base + text.len() as u64 + 1;
        let value = rest.first().copied().unwrap_or_default();
        self.broken(
            "file.encoding",
            text,
            text.len(),
            format!(
                "UTF-8として正しくないバイト（0x{value:02X}）が先頭から{byte}バイト目にあります"
            ),
            "Shift_JISなどで保存されていないか確認し、UTF-8で書き出し直してください",
        )
    }

    /// The input gave no more bytes.
    pub(in crate::read) fn unreadable(&mut self, error: &io::Error) -> Box<Broken> {
        let place = self.place("", 0);
        Box::new(self.broken_at(RecordFinding::unreadable(place, error)))
    }
}
