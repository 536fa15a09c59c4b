//! Words that are none of the language, or none that can be a name.

use super::wanted::words_of;
use super::{Place, unknown_word};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::lex::Kind;
use crate::parse::Rule;
use crate::words::{self, is_reserved, nearest};

impl Place<'_> {
    /// The first word of an item or line is none of the language.
    pub(super) fn unknown_line(&self) -> Option<Diagnostic> {
        if self.found != self.range.start || !self.is_word() {
            return None;
        }
        let (words, what): (&[&str], _) = match self.rule {
            Rule::read_item => (words::ITEMS, "定義"),
            Rule::read_member => (words::MEMBERS, "行"),
            Rule::read_judgement_line => (words::JUDGEMENT_LINES, "行"),
            Rule::read_subtype_line => (words::SUBTYPE_LINES, "行"),
            Rule::read_domain => (words::DOMAIN_LINES, "行"),
            Rule::read_header_entry => (words::HEADER_LINES, "行"),
            _ => return None,
        };
        let word = self.word();
        let translations = words::IN_JAPANESE.iter().filter(|(name, _)| *name == word);
        let translated = translations
            .map(|(_, meant)| *meant)
            .find(|meant| words.contains(meant));
        if let Some(meant) = translated.or_else(|| nearest(word, words.iter().copied())) {
            return Some(self.meant(meant));
        }
        if self.rule == Rule::read_item
            && let Some(home) = home_of(word)
        {
            return Some(
                self.error(
                    codes::UNEXPECTED,
                    format!("「{word}」は{home}の中に書きます"),
                )
                .note("ここは「{ }」の外です")
                .help("前の「}」が 1 つ多くないか確かめます"),
            );
        }
        let list: Vec<&str> = words.iter().copied().filter(|w| *w != "not").collect();
        Some(
            self.error(
                codes::UNKNOWN_WORD,
                format!("「{word}」で始まる{what}はありません"),
            )
            .help(format!("使えるのは {} です", list.join("、"))),
        )
    }

    /// A word that differs by few letters from one that could stand here.
    pub(super) fn misspelt(&self) -> Option<Diagnostic> {
        if self.is_word() && !is_reserved(self.word()) {
            let wanted: Vec<&str> = self.wanted.iter().flat_map(|r| words_of(*r)).collect();
            if let Some(meant) = nearest(self.word(), wanted) {
                return Some(self.meant(meant));
            }
        }
        self.misspelt_before()
    }

    /// The word before was taken for a name, but what follows shows what it should have been.
    pub(super) fn misspelt_before(&self) -> Option<Diagnostic> {
        let last = self.last.filter(|t| t.kind == Kind::Word)?;
        let word = self.last_word();
        let candidates: Vec<&str> = match self.word_before(2) {
            ":" => words::TYPES.to_vec(),
            _ if matches!(self.word(), "of" | "least" | "most") => words::QUANTIFIERS.to_vec(),
            _ if self.is_after_number() => words::RESERVED.to_vec(),
            _ => return None,
        };
        if candidates.contains(&word) {
            return None;
        }
        let meant = nearest(word, candidates)?;
        Some(unknown_word(self.reader.file, last.span, word, meant))
    }

    pub(super) fn meant(&self, meant: &str) -> Diagnostic {
        unknown_word(self.reader.file, self.span(), self.word(), meant)
    }

    /// Whether the word before was taken for the unit of a number.
    pub(super) fn is_after_number(&self) -> bool {
        let before = self.found.checked_sub(2).and_then(|i| self.reader.token(i));
        before.is_some_and(|t| t.kind == Kind::Number) && !self.last.is_some_and(|t| t.first)
    }

    pub(super) fn reserved_name(&self) -> Option<Diagnostic> {
        let word = self.word();
        if !(self.wants_name() && self.is_word()) {
            return None;
        }
        let diagnostic = self.error(
            codes::RESERVED_NAME,
            format!("「{word}」は規則を書くための語なので、名前にできません"),
        );
        Some(
            if self.introduces_name()
                || self.wants(Rule::code_name)
                || self.wants(Rule::category_name)
            {
                diagnostic.help(format!("別の名前にします。例: {word}_1"))
            } else {
                diagnostic.help("ここには項目や定義の名前を書きます")
            },
        )
    }

    /// Whether nothing but a name can stand here.
    pub(super) fn wants_name(&self) -> bool {
        !self.wanted.is_empty()
            && self.wanted.iter().all(|r| {
                matches!(
                    r,
                    Rule::name
                        | Rule::code_name
                        | Rule::category_name
                        | Rule::code_number
                        | Rule::path
                        | Rule::kw_answered
                        | Rule::kw_not
                )
            })
    }

    /// Whether the last word is followed by a new name.
    pub(super) fn introduces_name(&self) -> bool {
        words::ITEMS.contains(&self.last_word())
            || matches!(
                self.last_word(),
                "field" | "group" | "category" | "subtype" | "as" | "prefix"
            )
    }
}

/// Where a line that begins with `word` belongs.
fn home_of(word: &str) -> Option<&'static str> {
    if words::MEMBERS.contains(&word) {
        Some("「section … { }」")
    } else if words::JUDGEMENT_LINES.contains(&word) {
        Some("「judgement … { }」")
    } else if words::HEADER_LINES.contains(&word) {
        Some("「disease … { }」")
    } else {
        None
    }
}
