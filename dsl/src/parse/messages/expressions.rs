//! Conditions that are not finished, or followed by what cannot follow.

use super::Place;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::lex::Kind;
use crate::parse::Rule;
use crate::words::{self, is_reserved};

impl Place<'_> {
    /// An operand was expected.
    pub(super) fn unfinished(&self) -> Option<Diagnostic> {
        if !self.wants_operand() {
            return None;
        }
        let word = self.word();
        let last = self.last_word();
        if self.is_word() && is_reserved(word) {
            let message = format!("「{word}」の前に条件や値がありません");
            return Some(
                self.error(codes::MISSING, message)
                    .help("例: tremor is present"),
            );
        }
        if matches!(self.kind(), Some(Kind::Sign)) && !matches!(word, "}" | ")" | ";") {
            return Some(
                self.error(codes::UNEXPECTED, format!("ここに「{word}」は書けません"))
                    .help("ここには条件や値を書きます"),
            );
        }
        let message = if last.is_empty() || last.starts_with('"') {
            "条件や値がありません".to_owned()
        } else {
            format!("「{last}」の後に条件や値がありません")
        };
        Some(
            self.missing("条件か値", None, message)
                .help("例: tremor is present、igg4 >= 135 mg/dL"),
        )
    }

    pub(super) fn wants_operand(&self) -> bool {
        [
            Rule::expr,
            Rule::operand,
            Rule::before,
            Rule::tight_expr,
            Rule::block_member,
            Rule::amount,
            Rule::arm,
        ]
        .into_iter()
        .any(|r| self.wants(r))
            && !self.wants(Rule::after)
            && !self.wants(Rule::joint)
            && !self.wants(Rule::amount_joint)
    }

    /// A complete condition is followed by another on the same line.
    pub(super) fn two_conditions(&self) -> Option<Diagnostic> {
        let token = self.token?;
        if !(self.wants(Rule::joint) || self.wants(Rule::after) || self.wants(Rule::tight_joint)) {
            return None;
        }
        let word = self.word();
        match token.kind {
            Kind::Sign if word == "|" => Some(
                self.error(codes::UNEXPECTED, "ここに「|」は書けません")
                    .help("「または」は「or」と書きます"),
            ),
            Kind::Sign if word == "," => Some(
                self.error(codes::UNEXPECTED, "ここに「,」は書けません")
                    .help("「かつ」は「and」、「または」は「or」、並べるときは「any of { a; b }」と書きます"),
            ),
            Kind::Sign if word == "{" => Some(
                self.error(codes::UNEXPECTED, "ここに「{」は書けません")
                    .help("条件を並べるときは「any of { … }」「all of { … }」「at least 2 of { … }」と書きます"),
            ),
            Kind::Sign => None,
            _ if word == "cites" => Some(
                self.error(codes::UNEXPECTED, "「cites」は条件の前に書きます")
                    .help("例: category a \"一\" cites \"…\" when …、criterion b \"二\" cites \"…\" = …"),
            ),
            _ if is_reserved(word) && self.is_word() => None,
            _ if self.last.is_some_and(|l| l.kind == Kind::Number)
                && self.is_word()
                && !token.first
                && !words::KEYWORDS.contains(&word) =>
            Some(
                self.error(codes::UNEXPECTED, format!("「{word}」は単位として読めません"))
                    .help(format!("単位は「\"」で囲むこともできます。例: \"{word}\"")),
            ),
            _ => Some(
                self.error(codes::UNEXPECTED, format!("「{}」の後に「{word}」は書けません", self.last_word()))
                    .note("この前で条件が終わっています")
                    .help("「and」か「or」でつなぐか、「any of { a; b }」の中に並べます"),
            ),
        }
    }

    /// A list of names without commas, or two names in one cell of a table.
    pub(super) fn two_names(&self) -> Option<Diagnostic> {
        let (word, last) = (self.word(), self.last_word());
        if !self.is_word() || self.last.is_none() {
            return None;
        }
        if self.rule == Rule::read_cell {
            return Some(
                self.error(
                    codes::UNEXPECTED,
                    format!("「{last}」の後に「{word}」は書けません"),
                )
                .help("表のます目には結果の名前を 1 つだけ書き、「|」で区切ります"),
            );
        }
        self.wants(Rule::comma).then(|| {
            self.missing(
                "「,」",
                Some(","),
                format!("「{last}」と「{word}」の間に「,」がありません"),
            )
            .help(format!("「{last}, {word}」と書きます"))
        })
    }
}
