//! Words that are right at another place of the language: `required if`, `section … shown when`,
//! `judgement … = first match`, `2 otherwise`, `x is >= 5`.

use super::Place;
use crate::ast::TimeUnit;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::lex::Kind;
use crate::parse::Rule;
use crate::words;

/// Signs that compare.
const COMPARISONS: &[&str] = &["<", "<=", "=", "!=", ">", ">="];

/// Words of an author who goes on with a field in Japanese.
const MODIFIERS: &[(&str, &str)] = &[
    ("必須", "required"),
    ("必要", "required"),
    ("表示", "shown"),
    ("新規", "new only"),
    ("更新", "renewal only"),
    ("引継ぎ", "carry copy"),
    ("説明", "help"),
    ("根拠", "cites"),
    ("初期値", "default"),
];

impl Place<'_> {
    /// A word of another place.
    pub(super) fn borrowed(&self) -> Option<Diagnostic> {
        self.if_after_modifier()
            .or_else(|| self.category_without_when())
            .or_else(|| self.shown_section())
            .or_else(|| self.judgement_with_equals())
            .or_else(|| self.when_of_a_check())
            .or_else(|| self.otherwise_last())
            .or_else(|| self.else_as_otherwise())
            .or_else(|| self.colon_after_word())
            .or_else(|| self.colon_in_code())
            .or_else(|| self.label_without_code())
            .or_else(|| self.modifier_in_japanese())
            .or_else(|| self.not_judged_inside())
            .or_else(|| self.bare_label())
            .or_else(|| self.colon_of_a_band())
            .or_else(|| self.decimal_comma())
            .or_else(|| self.compared_range())
            .or_else(|| self.is_compared())
            .or_else(|| self.order_of_dates())
            .or_else(|| self.percent_of())
    }

    // ------------------------------------------------------------------ declarations

    /// `required if b is yes`, `shown if b is yes`.
    fn if_after_modifier(&self) -> Option<Diagnostic> {
        let modifier = self.last_word();
        let conditional = self.word() == "if" && matches!(modifier, "required" | "shown");
        if !conditional || !matches!(self.rule, Rule::read_member | Rule::read_item) {
            return None;
        }
        let words = self.found.checked_sub(1)?..self.found + 1;
        let found = self.meant_by(&words, &format!("{modifier} when"));
        Some(found.help(format!("「{modifier} when 条件」と書きます")))
    }

    /// `category a "A" if b is yes`, `category a "A" = b is yes`.
    fn category_without_when(&self) -> Option<Diagnostic> {
        let line = matches!(
            self.rule,
            Rule::read_judgement_line | Rule::read_subtype_line
        );
        let begins = self.reader.word(self.range.start);
        let judged = matches!(begins, "category" | "subtype") && self.wants(Rule::kw_when);
        let sign = matches!(self.word(), "if" | "=" | ":");
        if !(line && judged && sign) {
            return None;
        }
        let named = self.text(self.range.start..self.found);
        let found = self.meant_by(&(self.found..self.found + 1), "when");
        Some(found.help(format!("「{named} when …」と書きます")))
    }

    /// `section t "追加" shown when a is yes {`.
    fn shown_section(&self) -> Option<Diagnostic> {
        let start = self.range.start;
        let modifier = words::MODIFIERS.contains(&self.word()) && self.word() != "help";
        let section = self.reader.word(start) == "section" && self.rule == Rule::read_item;
        if !(section && modifier && self.wants(Rule::open)) {
            return None;
        }
        let (modifier, named) = (self.word(), self.text(start + 1..self.found));
        let open = (self.found..self.range.end).find(|i| self.reader.word(*i) == "{")?;
        let condition = self.text(self.found..open);
        let message = format!("区画（section）に「{modifier}」は書けません");
        Some(self.error(codes::UNEXPECTED, message).help(format!(
            "中の項目をまとめる group に書きます。例: section {named} {{ group {named} {condition} {{ … }} }}"
        )))
    }

    /// `judgement diagnosis "診断" = first match {`.
    fn judgement_with_equals(&self) -> Option<Diagnostic> {
        let start = self.range.start;
        let judgement = self.reader.word(start) == "judgement" && self.rule == Rule::read_item;
        if !judgement || self.word() != "=" {
            return None;
        }
        let named = self.text(start..self.found);
        let found = self.error(codes::UNEXPECTED, "判定に「=」は書けません");
        Some(if self.reader.word(self.found + 1) == "first" {
            found
                .help(format!("「{named} first match {{ … }}」と書きます"))
                .fix(self.span(), "")
        } else {
            found.help(format!(
                "「{named} {{ category a \"A\" when …; otherwise none \"なし\"; eligible a }}」と書きます"
            ))
        })
    }

    /// `check C1 error "…" at a when a is yes`.
    fn when_of_a_check(&self) -> Option<Diagnostic> {
        let check = self.reader.word(self.range.start) == "check";
        let when = matches!(self.word(), "when" | "if") && self.last_word() != "violated";
        if !(check && when && self.rule == Rule::read_item) {
            return None;
        }
        let found = self.meant_by(&(self.found..self.found + 1), "violated when");
        Some(found.help("誤りになる条件は「violated when 条件」と書きます"))
    }

    /// `2 otherwise`.
    fn otherwise_last(&self) -> Option<Diagnostic> {
        let all = self.range.clone();
        let last = self.word() == "otherwise" && self.found + 1 == all.end;
        if self.rule != Rule::read_arm || !last || self.found == all.start {
            return None;
        }
        let value = self.text(all.start..self.found);
        Some(self.meant_by(&all, &format!("otherwise {value}")))
    }

    /// `else none "非該当"` in a judgement, `else 0` in `first match`.
    fn else_as_otherwise(&self) -> Option<Diagnostic> {
        let first = self.token.is_some_and(|t| t.first);
        let begins = first || self.found == self.range.start;
        let line = match self.rule {
            Rule::read_judgement_line => begins,
            // `1 when a else 0` has its condition already.
            Rule::read_arm => begins || self.find("when").is_some(),
            _ => false,
        };
        if self.word() != "else" || !line {
            return None;
        }
        let rest = self.text(self.found + 1..self.range.end);
        let rest = rest.lines().next().unwrap_or("").trim();
        let meant = if begins { "otherwise" } else { "; otherwise" };
        let found = self.meant_by(&(self.found..self.found + 1), meant);
        Some(found.help(format!("「{meant} {rest}」と書きます")))
    }

    /// `eligible: met`, `edition: "2024"`.
    fn colon_after_word(&self) -> Option<Diagnostic> {
        let begins = match self.rule {
            Rule::read_judgement_line => words::JUDGEMENT_LINES,
            Rule::read_header_entry => words::HEADER_LINES,
            _ => return None,
        };
        let colon = match (self.word(), self.reader.word(self.found + 1)) {
            (":", _) => self.found,
            (_, ":") => self.found + 1,
            _ => return None,
        };
        let word = colon.checked_sub(1)?;
        let first = self.reader.token(word).is_some_and(|t| t.first) || word == self.range.start;
        let named = self.reader.word(word);
        if !first || !begins.contains(&named) {
            return None;
        }
        let found = self.meant_by(&(word..colon + 1), named);
        let rest = self.reader.word(colon + 1);
        Some(found.help(format!(
            "「{named} {rest}」のように、「:」を付けずに書きます"
        )))
    }

    /// `1: yes "あり"` among codes.
    fn colon_in_code(&self) -> Option<Diagnostic> {
        let colon = matches!(self.word(), ":" | "." | "=" | "-") && self.rule == Rule::read_code;
        if !colon || self.found != self.range.start + 1 {
            return None;
        }
        let (value, rest) = (self.last_word(), self.text(self.found + 1..self.range.end));
        let message = format!("番号の後に「{}」は書けません", self.word());
        Some(
            self.error(codes::UNEXPECTED, message)
                .help(format!("「{value} {rest}」と書きます"))
                .fix(self.span(), " "),
        )
    }

    /// `choice { あり; なし }`: labels without the number and the name of their codes.
    fn label_without_code(&self) -> Option<Diagnostic> {
        let start = self.range.start;
        let first = self.reader.token(start)?;
        let written = self.reader.word(start);
        let text = first.kind == Kind::Text;
        let label = text || first.kind == Kind::Word && !written.is_ascii();
        if self.rule != Rule::read_code || !label || self.range.end != start + 1 {
            return None;
        }
        let before = (0..start).rev();
        let lines = before.take_while(|i| self.reader.word(*i) != "{");
        let signs = |i: &usize| matches!(self.reader.word(*i), ";" | ",");
        let value = (lines.filter(signs).count() + 1).to_string();
        let label = format!("\"{}\"", written.trim_matches('"'));
        let name = super::missing::usual_code(&value, &label);
        let meant = format!("{value} {name} {label}");
        let message = format!("選択肢「{written}」に番号と名前がありません");
        Some(
            Diagnostic::error(codes::MISSING, self.reader.file, first.span, message)
                .help(format!("番号、名前、見出しの順に書きます。例: {meant}"))
                .fix(first.span, meant),
        )
    }

    /// `date 必須`.
    fn modifier_in_japanese(&self) -> Option<Diagnostic> {
        if self.rule != Rule::read_member || !self.wants(Rule::modifier) && !self.wants_modifier() {
            return None;
        }
        if self.word() == "任意" {
            return Some(
                self.error(codes::UNEXPECTED, "「任意」とは書けません")
                    .help("「required」を書かなければ、任意の項目です")
                    .fix(self.span(), ""),
            );
        }
        let mut known = MODIFIERS.iter();
        let (_, meant) = known.find(|(word, _)| *word == self.word())?;
        Some(self.meant(meant))
    }

    /// Whether a field can go on here.
    fn wants_modifier(&self) -> bool {
        self.wants(Rule::required) || self.wants(Rule::shown)
    }

    /// `not judged "…" because "…"` inside a judgement.
    fn not_judged_inside(&self) -> Option<Diagnostic> {
        let at = match (self.word(), self.last_word()) {
            ("not", _) => self.found,
            ("judged", "not") => self.found - 1,
            _ => return None,
        };
        let judged = self.reader.word(at) == "not" && self.reader.word(at + 1) == "judged";
        if self.rule != Rule::read_judgement_line || !judged {
            return None;
        }
        let span = self.span_of(&(at..at + 2));
        let message = "「not judged」は判定の中には書けません";
        Some(
            Diagnostic::error(codes::UNEXPECTED, self.reader.file, span, message).help(
                "判定の「}」の後に、一つの定義として書きます。例: not judged \"…\" because \"…\"",
            ),
        )
    }

    /// `criterion ok x = a is present`: the label has no quotation marks.
    fn bare_label(&self) -> Option<Diagnostic> {
        let named = matches!(
            self.reader.word(self.found.checked_sub(2)?),
            "criterion" | "score" | "value" | "grade"
        );
        let next = matches!(self.reader.word(self.found + 1), "=" | ":");
        let label = self.is_word() && named && next && self.wants(Rule::equals);
        if !label || self.rule != Rule::read_item || self.words_in_japanese().is_some() {
            return None;
        }
        let label = self.word();
        let message = format!("見出し「{label}」は「\"」で囲まれていません");
        Some(
            self.error(codes::MISSING, message)
                .help(format!("\"{label}\" と書きます。名前は一つだけです"))
                .fix(self.span(), format!("\"{label}\"")),
        )
    }

    // ------------------------------------------------------------------ conditions and numbers

    /// `< 1 mg/dL: 0` among bands.
    fn colon_of_a_band(&self) -> Option<Diagnostic> {
        let sign = matches!(self.word(), ":" | "->" | "=>" | "then");
        if self.rule != Rule::read_band || !sign || !self.wants(Rule::kw_gives) {
            return None;
        }
        let (when, value) = (
            self.text(self.range.start..self.found),
            self.text(self.found + 1..self.range.end),
        );
        let found = self.meant_by(&(self.found..self.found + 1), " gives");
        Some(found.help(format!("「{when} gives {value}」と書きます")))
    }

    /// `x >= 5,0`.
    fn decimal_comma(&self) -> Option<Diagnostic> {
        let next = self.reader.token(self.found + 1)?;
        let (last, comma) = (self.last?, self.token?);
        let numbers = last.kind == Kind::Number && next.kind == Kind::Number;
        let glued = last.span.end == comma.span.start && comma.span.end == next.span.start;
        if self.word() != "," || !numbers || !glued || self.last_word().contains('.') {
            return None;
        }
        let meant = format!("{}.{}", self.last_word(), self.reader.word(self.found + 1));
        let number = self.found - 1..self.found + 2;
        let found = self.meant_by(&number, &meant);
        Some(found.help(format!("小数点は「.」です。「{meant}」と書きます")))
    }

    /// `x >= 5.0..10.0`.
    fn compared_range(&self) -> Option<Diagnostic> {
        if !matches!(self.word(), ".." | "..<" | "<.." | "<..<") {
            return None;
        }
        let back = (2..4).find(|back| COMPARISONS.contains(&self.word_before(*back)))?;
        let sign = self.found.checked_sub(back)?;
        let low = self.text(sign + 1..self.found);
        let high = self.reader.token(self.found + 1)?;
        if high.kind != Kind::Number || self.reader.token(sign + 1)?.kind != Kind::Number {
            return None;
        }
        let high = self.reader.word(self.found + 1);
        let range = format!("{low}{}{high}", self.word());
        let whole = sign..self.found + 2;
        if sign == self.range.start {
            // A band or the head of a table has no subject of its own.
            return Some(self.meant_by(&whole, &range));
        }
        let meant = format!("in {range}");
        let found = self.meant_by(&whole, &meant);
        let subject = self.name_before(sign).unwrap_or("x");
        Some(found.help(format!("範囲は「{subject} {meant}」と書きます")))
    }

    /// `x is >= 5`.
    fn is_compared(&self) -> Option<Diagnostic> {
        let sign = self.word();
        if self.last_word() != "is" || !COMPARISONS.contains(&sign) {
            return None;
        }
        let words = self.found.checked_sub(1)?..self.found + 1;
        let name = self.name_before(words.start).unwrap_or("x");
        let number = self.reader.word(self.found + 1);
        let found = self.meant_by(&words, sign);
        Some(found.help(format!("「{name} {sign} {number}」と書きます")))
    }

    /// `onset before visit`, `visit after onset`.
    fn order_of_dates(&self) -> Option<Diagnostic> {
        let sign = match self.word() {
            "before" => "<",
            "after" => ">",
            _ => return None,
        };
        let name = self.name_before(self.found)?;
        let length = TimeUnit::named(name).is_some();
        let next = self.reader.token(self.found + 1)?;
        let day = matches!(next.kind, Kind::Word | Kind::Date);
        if length || !day || next.first || !self.wants(Rule::joint) {
            return None;
        }
        let found = self.meant_by(&(self.found..self.found + 1), sign);
        let other = self.reader.word(self.found + 1);
        Some(found.help(format!(
            "日付の前後は「{name} {sign} {other}」、期間は「{name} within 6 months {} {other}」と書きます",
            self.word()
        )))
    }

    /// `150 % of y`.
    fn percent_of(&self) -> Option<Diagnostic> {
        let number = self.found.checked_sub(2)?;
        let amount = self.reader.token(number)?;
        let percent = self.word() == "of" && matches!(self.last_word(), "%" | "percent" | "\"%\"");
        let counted = matches!(self.word_before(3), "least" | "most" | "exactly");
        if !percent || counted || amount.kind != Kind::Number {
            return None;
        }
        let factor = hundredth(self.reader.word(number))?;
        let meant = format!("{factor} *");
        let found = self.meant_by(&(number..self.found + 1), &meant);
        let name = self.reader.word(self.found + 1);
        Some(found.help(format!("割合は掛け算で「{meant} {name}」と書きます")))
    }
}

/// 1.5 of `150`.
fn hundredth(digits: &str) -> Option<String> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let padded = format!("{whole:0>3}");
    let (ones, parts) = padded.split_at_checked(padded.len().checked_sub(2)?)?;
    let ones = ones.trim_start_matches('0');
    let parts = format!("{parts}{fraction}");
    let parts = parts.trim_end_matches('0');
    let ones = if ones.is_empty() { "0" } else { ones };
    Some(match parts {
        "" => ones.to_owned(),
        _ => format!("{ones}.{parts}"),
    })
}
