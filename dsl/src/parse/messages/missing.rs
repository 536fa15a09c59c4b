//! Names, labels, numbers, signs and words that are missing.

use super::Place;
use super::wanted::{is_keyword, words_of};
use crate::diagnostic::Diagnostic;
use crate::lex::{Kind, Token};
use crate::parse::Rule;
use crate::words::{self, is_reserved, nearest};
use crate::{Span, codes};

impl Place<'_> {
    pub(super) fn missing_of(&self) -> Option<Diagnostic> {
        let counted = matches!(self.word_before(2), "least" | "most" | "exactly");
        let quantified = words::QUANTIFIERS.contains(&self.last_word());
        let next = self.reader.word(self.found + 1);
        let begins = self.word() == "{" || self.is_word() && next == "{";
        let bands = self.last_word() == "bands" && self.wants(Rule::kw_of);
        let meant = begins && (counted || quantified) || bands || self.wanted == [Rule::kw_of];
        if !meant || nearest(self.word(), ["of"]).is_some() {
            return None;
        }
        let before = match (counted, self.word_before(3)) {
            (true, "at") => format!("at {} {}", self.word_before(2), self.last_word()),
            (true, _) => format!("{} {}", self.word_before(2), self.last_word()),
            _ => self.last_word().to_owned(),
        };
        let subject = if bands { "egfr " } else { "" };
        Some(
            self.missing(
                "「of」",
                Some("of"),
                format!("「{before}」の後に「of」がありません"),
            )
            .help(format!("「{before} of {subject}{{ … }}」と書きます")),
        )
    }

    /// `rows drugs "…" 0..10 {` and `each side eye "…" {` without `of`, or without what stands
    /// around it.
    pub(super) fn rows_or_sides(&self) -> Option<Diagnostic> {
        const ROWS: &str = "例: rows drugs \"使用薬剤\" 0..10 of { … }";
        const SIDES: &str = "例: each side eye \"眼\" of right \"右\", left \"左\" { … }";
        let example = match self.reader.word(self.range.start) {
            "rows" => ROWS,
            "each" => SIDES,
            _ => return None,
        };
        let ranged = self.wants(Rule::row_range) || self.wants(Rule::whole);
        let (what, insert) = if ranged && self.last.is_some_and(|l| l.kind == Kind::Text) {
            ("行の数", None)
        } else if self.wants(Rule::kw_of) && self.word() == "{" {
            ("「of」", Some("of").filter(|_| example == ROWS))
        } else if self.wants(Rule::comma) && self.is_word() {
            ("「,」", Some(","))
        } else {
            return None;
        };
        let message = format!("{what}がありません");
        Some(self.missing(what, insert, message).help(example))
    }

    pub(super) fn missing_count(&self) -> Option<Diagnostic> {
        let last = self.last_word();
        if !(self.wants(Rule::whole) && matches!(last, "least" | "most" | "exactly")) {
            return None;
        }
        let words = if last == "exactly" {
            last.to_owned()
        } else {
            format!("at {last}")
        };
        Some(
            self.missing("数", None, format!("「{words}」の後に数がありません"))
                .help(format!("「{words} 2 of {{ … }}」のように書きます")),
        )
    }

    /// `age in years at onset`, `age in hours at onset`.
    pub(super) fn unit_of_age(&self) -> Option<Diagnostic> {
        if !(self.word_before(2) == "age" && self.wants(Rule::kw_months)) {
            return None;
        }
        let message = format!("「age in {}」とは書けません", self.word());
        Some(
            self.error(codes::UNEXPECTED, message)
                .help("年齢は「age at onset」、月齢は「age in months at onset」、日齢は「age in days at onset」と書きます"),
        )
    }

    /// `visit within 6 of onset`.
    pub(super) fn missing_time_unit(&self) -> Option<Diagnostic> {
        if self.wanted != [Rule::time_unit] {
            return None;
        }
        let message = format!("「{}」の後に期間の単位がありません", self.last_word());
        Some(
            self.missing("単位", None, message)
                .help("例: visit within 6 months of onset（days、weeks、months、years）"),
        )
    }

    /// `present "あり"` where `1 present "あり"` was meant.
    pub(super) fn code_without_value(&self) -> Option<Diagnostic> {
        let first = self.reader.token(self.range.start)?;
        let label = self.kind() == Some(Kind::Text) && self.found == self.range.start + 1;
        if self.rule != Rule::read_code || !label {
            return None;
        }
        let name = self.last_word();
        if first.kind == Kind::Number {
            let message = format!("「{name}」の後に名前がありません");
            return Some(self.missing("名前", None, message).help(format!(
                "番号と見出しの間に名前を書きます。例: {name} {} {}",
                usual_code(name, self.word()),
                self.word()
            )));
        }
        Some(
            Diagnostic::error(
                codes::MISSING,
                self.reader.file,
                first.span,
                format!("「{name}」の前に番号がありません"),
            )
            .help(format!("例: 1 {name} {}", self.word())),
        )
    }

    /// `check error "…"` where `check R012 error "…"` was meant.
    pub(super) fn check_without_id(&self) -> Option<Diagnostic> {
        let level = matches!(self.last_word(), "error" | "warning" | "information");
        let last = self.last.filter(|_| level && self.wants(Rule::level))?;
        Some(
            Diagnostic::error(
                codes::MISSING,
                self.reader.file,
                last.span,
                "「check」の後に番号がありません",
            )
            .note("この前に番号が要ります")
            .help(format!(
                "例: check R012 {} {}",
                self.last_word(),
                self.word()
            )),
        )
    }

    pub(super) fn missing_name(&self) -> Option<Diagnostic> {
        if !self.wants_name() {
            return None;
        }
        let last = self.last_word();
        if self.kind() == Some(Kind::Number) {
            return Some(
                self.error(
                    codes::UNEXPECTED,
                    format!("「{}」は名前になりません", self.word()),
                )
                .help("名前は数字で始めることができません"),
            );
        }
        let message = if last.is_empty() {
            "名前がありません".to_owned()
        } else {
            format!("「{last}」の後に名前がありません")
        };
        let diagnostic = self.missing("名前", None, message);
        Some(match last {
            "field" => diagnostic.help("例: field tremor \"安静時振戦\" : finding"),
            "criterion" => diagnostic.help("例: criterion parkinsonism \"…\" = any of { … }"),
            "is" | "not" => diagnostic.help("例: tremor is present"),
            _ => diagnostic.help("名前は英字や漢字・かなで始めます"),
        })
    }

    pub(super) fn missing_text(&self) -> Option<Diagnostic> {
        if !self.wants(Rule::text) || self.kind() == Some(Kind::Text) {
            return None;
        }
        if let Some(span) = self.words_in_japanese() {
            let written = span.of(self.reader.clean).trim();
            return Some(
                Diagnostic::error(
                    codes::MISSING,
                    self.reader.file,
                    span,
                    format!("「{written}」は「\"」で囲まれていません"),
                )
                .help(format!("\"{written}\" と書きます"))
                .fix(span, format!("\"{written}\"")),
            );
        }
        if self.wanted.len() > 1 {
            return None;
        }
        let (what, example) = match self.last_word() {
            "cites" => ("引用する文", "cites \"主要所見のうち2項目以上\""),
            "help" => ("説明の文", "help \"…\""),
            "note" => ("文", "note \"…\""),
            "because" => ("理由", "because \"…\""),
            "notice" => ("通知の名前", "source notice \"健発1112第1号 別紙 006\""),
            "edition" => ("版の名前", "edition \"2020\" from 2017-04-01"),
            "judged" => ("文", "not judged \"…\" because \"…\""),
            word => match self.word_before(2) {
                "otherwise" => return Some(self.missing_label(word, "いずれにも該当しない")),
                "category" => return Some(self.missing_label(word, "Definite")),
                "as" => return Some(self.missing_label(word, "先の行")),
                _ => ("見出し", "\"安静時振戦\""),
            },
        };
        Some(
            self.missing(
                &format!("「\"」で囲んだ{what}"),
                None,
                format!("{what}がありません"),
            )
            .help(format!("例: {example}")),
        )
    }

    /// `otherwise below` without the words that a physician reads.
    fn missing_label(&self, name: &str, example: &str) -> Diagnostic {
        let message = format!("「{name}」の後に見出しがありません");
        self.missing("「\"」で囲んだ見出し", None, message)
            .help(format!("例: {} {name} \"{example}\"", self.word_before(2)))
    }

    /// `drop old_item` where `drop old_item because "…"` was meant.
    pub(super) fn missing_reason(&self) -> Option<Diagnostic> {
        let ends = self.token.is_none_or(|t| t.first || t.kind == Kind::Text);
        if !(self.wants(Rule::kw_because) && self.wants(Rule::comma) && ends) {
            return None;
        }
        let insert = self.token.filter(|t| t.kind == Kind::Text);
        let diagnostic = self.missing(
            "「because」と理由",
            insert.map(|_| "because"),
            format!("「{}」の後に理由がありません", self.last_word()),
        );
        Some(diagnostic.help("例: drop old_item because \"廃止されたため\""))
    }

    /// Japanese words without quotes, up to the end of the line or a sign.
    pub(super) fn words_in_japanese(&self) -> Option<Span> {
        let japanese = |t: &Token| t.kind == Kind::Word && !t.word(self.reader.clean).is_ascii();
        let first = self.token.filter(japanese)?;
        let mut span = first.span;
        for i in self.found + 1..self.range.end {
            match self.reader.token(i) {
                Some(next) if japanese(&next) && !next.first => span = span.to(next.span),
                _ => break,
            }
        }
        Some(span)
    }

    /// A field without a type.
    pub(super) fn missing_type(&self) -> Option<Diagnostic> {
        if self.wanted != [Rule::type_expr] {
            return None;
        }
        Some(
            self.missing(
                "型",
                None,
                format!("「{}」の後に型がありません", self.last_word()),
            )
            .help("例: finding、text 40、integer \"回/日\" 0..100、date、choice { 1 a \"…\" }"),
        )
    }

    pub(super) fn missing_number(&self) -> Option<Diagnostic> {
        let last = self.last_word();
        if self.wants(Rule::precision) && self.kind() == Some(Kind::Number) {
            return Some(
                self.error(
                    codes::UNEXPECTED,
                    format!("「{}」は桁数として読めません", self.word()),
                )
                .help("例: decimal 4.1(全部で 4 桁、そのうち小数点の後は 1 桁)"),
            );
        }
        if self.wants(Rule::notice_number) && self.token.is_some() {
            return Some(
                self.error(
                    codes::UNEXPECTED,
                    format!("「{}」は告示番号として読めません", self.word()),
                )
                .help("例: disease shitei 006 \"…\"、disease shoman 11-080 \"…\""),
            );
        }
        let (example, what) = if self.wants(Rule::precision) {
            (
                "decimal 4.1(全部で 4 桁、そのうち小数点の後は 1 桁)",
                "桁数",
            )
        } else if self.wants(Rule::whole) && last == "within" {
            ("visit within 6 months of onset", "数")
        } else if self.wants(Rule::whole) && last == "text" {
            ("text 40", "文字数")
        } else if self.wants(Rule::whole) && last == "lines" {
            ("text 250 lines 7", "行数")
        } else if self.wants(Rule::whole) {
            ("kana 40、digits 7、expires 12 months", "数")
        } else if self.wants(Rule::date) && self.wanted.len() == 1 {
            ("edition \"2020\" from 2017-04-01", "日付")
        } else if self.wants(Rule::signed) || self.wants(Rule::bound) {
            ("0..100", "数")
        } else {
            return None;
        };
        if self.wanted.len() > 2 {
            return None;
        }
        let message = if last.is_empty() {
            format!("{what}がありません")
        } else {
            format!("「{last}」の後に{what}がありません")
        };
        Some(
            self.missing(what, None, message)
                .help(format!("例: {example}")),
        )
    }

    pub(super) fn missing_sign(&self) -> Option<Diagnostic> {
        if (self.wants(Rule::range_closed) || self.wants(Rule::range_sign))
            && matches!(self.word(), "-" | ":" | ",")
        {
            let message = format!("ここは「{}」ではなく「..」です", self.word());
            return Some(
                self.error(codes::UNEXPECTED, message)
                    .help("範囲は「0..100」のように書きます")
                    .fix(self.span(), ".."),
            );
        }
        if self.wants(Rule::arrow) && matches!(self.word(), "-" | ">" | "=" | ":") {
            let message = format!("ここは「{}」ではなく「->」です", self.word());
            return Some(
                self.error(codes::UNEXPECTED, message)
                    .help("前の版の選択肢、「->」、今の版の選択肢の順に書きます。例: 6 -> 5")
                    .fix(self.span(), "->"),
            );
        }
        let type_word = words::TYPES.contains(&self.word());
        let (sign, help) = if self.wants(Rule::equals) && !(self.wants(Rule::colon) && type_word) {
            (
                "=",
                "規則の前に「=」を書きます。例: criterion a \"…\" = tremor is present",
            )
        } else if self.wants(Rule::colon) {
            match self.rule {
                Rule::read_member => (
                    ":",
                    "型の前に「:」を書きます。例: field tremor \"安静時振戦\" : finding",
                ),
                _ => (":", "「:」を書きます"),
            }
        } else if self.wants(Rule::arrow) {
            (
                "->",
                "前の版の選択肢と今の版の選択肢の間に「->」を書きます。例: 6 -> 5",
            )
        } else if self.wants(Rule::open) {
            ("{", "「{ … }」で囲みます")
        } else if self.wants(Rule::close_round) && !self.continues() {
            (")", "「(」に対応する「)」を書きます")
        } else {
            return None;
        };
        if self.word() == sign {
            return None;
        }
        if matches!((sign, self.word()), ("=", ":") | (":", "=")) {
            let message = format!("ここは「{}」ではなく「{sign}」です", self.word());
            return Some(
                self.error(codes::UNEXPECTED, message)
                    .help(help)
                    .fix(self.span(), sign),
            );
        }
        let insert = (sign != "{").then_some(sign);
        Some(
            self.missing(
                &format!("「{sign}」"),
                insert,
                format!("「{sign}」がありません"),
            )
            .help(help),
        )
    }

    /// Whether the token could belong to a longer expression, so that a missing `)` is unlikely.
    pub(super) fn continues(&self) -> bool {
        matches!(
            self.kind(),
            Some(Kind::Text | Kind::Number | Kind::Unit | Kind::Date)
        ) || self.is_word() && !is_reserved(self.word())
    }

    pub(super) fn missing_word(&self) -> Option<Diagnostic> {
        let word = match self.wanted {
            [one] => words_of(*one)
                .into_iter()
                .next()
                .filter(|_| is_keyword(*one))?,
            // `shown when`, `shown unless`.
            [Rule::kw_unless, Rule::kw_when] | [Rule::kw_when, Rule::kw_unless] => "when",
            _ => [Rule::kw_then, Rule::kw_else, Rule::kw_when, Rule::kw_gives]
                .into_iter()
                .find(|r| self.wants(*r))
                .filter(|r| *r == Rule::kw_gives || !self.continues())
                .and_then(|r| words_of(r).into_iter().next())?,
        };
        let help = match word {
            "then" | "else" => "「if 条件 then 値 else 値」と書きます".to_owned(),
            "gives" => "例: 40 ..< 60 gives 1".to_owned(),
            "when" => "条件の前に「when」を書きます".to_owned(),
            "because" if self.rule == Rule::read_migration_line => {
                "例: drop old_item because \"廃止されたため\"".to_owned()
            }
            "because" => "例: not judged \"…\" because \"診断に影響しないため\"".to_owned(),
            "violated" => "「violated when 条件」を書きます".to_owned(),
            "from" if self.rule == Rule::read_header_entry => {
                "例: edition \"2020\" from 2017-04-01".to_owned()
            }
            "from" if self.rule == Rule::read_migration_line => {
                "例: stage from hy_stage、drop old_item because \"…\"".to_owned()
            }
            "from" if self.reader.word(self.range.start) == "migrate" => {
                "例: migrate from edition \"2020\" { … }".to_owned()
            }
            "from" => "例: months from onset to today".to_owned(),
            "notice" => "例: source notice \"健発1112第1号 別紙 006\" text \"006.txt\"".to_owned(),
            "as" => "例: a treat unknown as no".to_owned(),
            _ => format!("「{word}」を書きます"),
        };
        // At the end more than this word is missing.
        let insert = self.token.filter(|_| self.word() != "}").map(|_| word);
        let message = format!("「{word}」がありません");
        Some(
            self.missing(&format!("「{word}」"), insert, message)
                .help(help),
        )
    }
}

/// The name that a code with this number and label usually has.
pub(super) fn usual_code(number: &str, label: &str) -> String {
    let usual = match label.trim_matches('"') {
        "あり" | "有" | "有り" | "認める" => "present",
        "なし" | "無" | "無し" | "認めない" => "absent",
        "陽性" => "positive",
        "陰性" => "negative",
        "はい" => "yes",
        "いいえ" => "no",
        "男" | "男性" => "male",
        "女" | "女性" => "female",
        "不明" => "unclear",
        "その他" => "other",
        _ => return format!("option_{number}"),
    };
    usual.to_owned()
}
