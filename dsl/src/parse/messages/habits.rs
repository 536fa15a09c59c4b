//! What is written in other languages and other tables: `2 if a`, `0 when < 48`, `float`, `x ** 2`.

use super::Place;
use crate::diagnostic::Diagnostic;
use crate::lex::Kind;
use crate::parse::Rule;
use crate::words::{self, is_reserved};
use crate::{Span, codes};
use std::ops::Range;

/// Signs that compare.
const COMPARISONS: &[&str] = &["<", "<=", ">", ">="];

/// Types of other languages, and what stands for them here.
const TYPES: &[(&str, &str)] = &[
    ("float", "decimal 4.1"),
    ("double", "decimal 4.1"),
    ("real", "decimal 4.1"),
    ("number", "decimal 4.1"),
    ("int", "integer"),
    ("string", "text 40"),
    ("datetime", "date"),
];

impl Place<'_> {
    /// What is written in other languages.
    pub(super) fn habit(&self) -> Option<Diagnostic> {
        self.missing_then()
            .or_else(|| self.if_for_when())
            .or_else(|| self.if_as_arm())
            .or_else(|| self.band_with_when())
            .or_else(|| self.band_with_and())
            .or_else(|| self.band_goes_on())
            .or_else(|| self.hours_within())
            .or_else(|| self.list_of_numbers())
            .or_else(|| self.dash_in_name())
            .or_else(|| self.range_for_digits())
            .or_else(|| self.unit_after_range())
            .or_else(|| self.unquoted_unit())
            .or_else(|| self.type_of_others())
            .or_else(|| self.outcomes())
            .or_else(|| self.average())
            .or_else(|| self.power_sign())
            .or_else(|| self.closing_semicolon())
            .or_else(|| self.rest_of_a_table())
            .or_else(|| self.head_goes_on())
            .or_else(|| self.subject_left_out())
    }

    /// The text of the tokens `range`.
    pub(super) fn text(&self, range: Range<usize>) -> &str {
        let reader = self.reader;
        let place = Span {
            start: reader.start_of(&range),
            end: reader.end_of(&range),
        };
        place.of(reader.clean).trim()
    }

    pub(super) fn span_of(&self, range: &Range<usize>) -> Span {
        Span {
            start: self.reader.start_of(range),
            end: self.reader.end_of(range),
        }
    }

    /// `「…」とは書けません` about the tokens `range`, which `meant` replaces.
    pub(super) fn meant_by(&self, range: &Range<usize>, meant: &str) -> Diagnostic {
        let message = format!("「{}」とは書けません", self.text(range.clone()));
        let span = self.span_of(range);
        Diagnostic::error(codes::UNEXPECTED, self.reader.file, span, message)
            .help(format!("「{meant}」と書きます"))
            .fix(span, meant)
    }

    /// The first token of the line that reads `word`, outside of braces and parentheses.
    pub(super) fn find(&self, word: &str) -> Option<usize> {
        let mut depth = 0_usize;
        self.range.clone().find(|i| {
            match self.reader.word(*i) {
                "{" | "(" => depth += 1,
                "}" | ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && self.reader.word(*i) == word
        })
    }

    // ------------------------------------------------------------------ conditions

    /// `2 if fever is present`.
    fn if_for_when(&self) -> Option<Diagnostic> {
        let last = self.last?;
        let number = self
            .found
            .checked_sub(2)
            .and_then(|i| self.reader.token(i))?;
        let weight = self.last_word() == "if" && number.kind == Kind::Number;
        (weight && self.wants(Rule::kw_shown)).then(|| {
            let message = "ここに「if」は書けません";
            Diagnostic::error(codes::UNEXPECTED, self.reader.file, last.span, message)
                .help(format!(
                    "点数の条件は「{} when …」と書きます",
                    self.word_before(2)
                ))
                .fix(last.span, "when")
        })
    }

    /// `if motor 1 else 0`.
    fn missing_then(&self) -> Option<Diagnostic> {
        let begins = match self.kind()? {
            Kind::Number => true,
            Kind::Word => !is_reserved(self.word()),
            _ => false,
        };
        let follows = [Rule::joint, Rule::after, Rule::tight_joint, Rule::kw_then];
        let misspelt = words::nearest(self.last_word(), ["then"]).is_some();
        if !begins || misspelt || !follows.into_iter().any(|rule| self.wants(rule)) {
            return None;
        }
        let mut before = (self.range.start..self.found).rev();
        let open = before.find(|i| matches!(self.reader.word(*i), "if" | "then"))?;
        let after = (self.found..self.range.end).any(|i| self.reader.word(i) == "else");
        let shown = self.reader.word(open + 1) == "shown";
        if self.reader.word(open) != "if" || shown || open + 1 == self.found || !after {
            return None;
        }
        let message = "「if」の条件の後に「then」がありません";
        let found = self.missing("「then」", Some("then"), message.to_owned());
        Some(found.help("「if 条件 then 値 else 値」と書きます"))
    }

    /// `if a then b else c` in `first match`.
    fn if_as_arm(&self) -> Option<Diagnostic> {
        let all = self.range.clone();
        if self.rule != Rule::read_arm || self.reader.word(all.start) != "if" {
            return None;
        }
        let then = self.find("then")?;
        let otherwise = self.find("else").unwrap_or(all.end);
        let condition = self.text(all.start + 1..then);
        let mut meant = format!("{} when {condition}", self.text(then + 1..otherwise));
        if otherwise < all.end {
            meant += &format!("; otherwise {}", self.text(otherwise + 1..all.end));
        }
        let message = "「first match」の中に「if」の行は書けません";
        let span = self.span_of(&(all.start..all.start + 1));
        Some(
            Diagnostic::error(codes::UNEXPECTED, self.reader.file, span, message)
                .help(format!("「{meant}」と書きます"))
                .fix(self.span_of(&all), meant),
        )
    }

    /// `x >= 2 or >= 5`.
    fn subject_left_out(&self) -> Option<Diagnostic> {
        let joined = matches!(self.last_word(), "and" | "or");
        let sign = self.word();
        if !joined || !(COMPARISONS.contains(&sign) || matches!(sign, "=" | "!=")) {
            return None;
        }
        let before = self.range.start..self.found;
        let compares = |i: &usize| {
            let sign = self.reader.word(*i);
            COMPARISONS.contains(&sign) || sign == "="
        };
        let name = before.rev().find(compares)?.checked_sub(1)?;
        let name = self.reader.word(name);
        let meant = format!("{name} {sign} …");
        let message = format!("「{}」の後に項目の名前がありません", self.last_word());
        let at = self.token?.span;
        let before = Span {
            start: at.start,
            end: at.start,
        };
        Some(
            self.error(codes::MISSING, message)
                .help(format!("比べるものを毎回書きます。例: {meant}"))
                .fix(before, format!("{name} ")),
        )
    }

    /// `criterion low = vc >= 80 %;`
    fn closing_semicolon(&self) -> Option<Diagnostic> {
        let item = self.rule == Rule::read_item && self.found + 1 == self.range.end;
        (item && self.word() == ";").then(|| {
            self.error(codes::SEPARATOR, "行の終わりに「;」は要りません")
                .help("「;」を消します")
                .fix(self.span(), "")
        })
    }

    /// `otherwise | 2 | 3` in a table.
    fn rest_of_a_table(&self) -> Option<Diagnostic> {
        let rest = matches!(self.word(), "otherwise" | "else");
        if self.rule != Rule::read_head || !rest || self.found != self.range.start {
            return None;
        }
        let message = format!("表に「{}」の行や列はありません", self.word());
        Some(
            self.error(codes::UNEXPECTED, message)
                .help("残りの値も条件で書きます。例: n1 = 2"),
        )
    }

    /// `= 1 and historical` at the head of a table.
    fn head_goes_on(&self) -> Option<Diagnostic> {
        let joined = matches!(self.word(), "and" | "or" | "unless");
        let first = self.reader.token(self.range.start)?;
        let begins = self.reader.word(self.range.start);
        let bare = first.kind == Kind::Number
            || COMPARISONS.contains(&begins)
            || matches!(begins, "=" | "!=" | "is" | "in" | "not");
        if self.rule != Rule::read_head || !joined || !bare {
            return None;
        }
        let message = format!(
            "「{}」を使う見出しでは、項目の名前を省けません",
            self.word()
        );
        let head = self.text(self.range.start..self.found);
        Some(self.error(codes::UNEXPECTED, message).help(format!(
            "見出しを項目の名前から書きます。例: lesions {head} {} …",
            self.word()
        )))
    }

    /// `points in { 3; 4; 5 }`.
    fn list_of_numbers(&self) -> Option<Diagnostic> {
        let listed = self.last_word() == "{" && self.word_before(2) == "in";
        if !listed || self.kind() != Some(Kind::Number) {
            return None;
        }
        let close = (self.found..self.range.end).find(|i| self.reader.word(*i) == "}")?;
        let numbers: Option<Vec<u32>> = (self.found..close)
            .map(|i| self.reader.word(i))
            .filter(|word| !matches!(*word, ";" | "," | "|"))
            .map(|word| word.parse().ok())
            .collect();
        let message = "数は「{ }」に並べられません";
        let list = self.found - 1..close + 1;
        let span = self.span_of(&list);
        let diagnostic = Diagnostic::error(codes::UNEXPECTED, self.reader.file, span, message);
        let numbers = numbers.unwrap_or_default();
        let follow = numbers.windows(2).all(|pair| match pair {
            [a, b] => a.checked_add(1) == Some(*b),
            _ => true,
        });
        Some(match (numbers.first(), numbers.last()) {
            (Some(low), Some(high)) if follow => {
                let range = format!("{low}..{high}");
                diagnostic
                    .help(format!("範囲は「in {range}」と書きます"))
                    .fix(span, range)
            }
            _ => diagnostic.help("範囲は「in 3..5」、離れた値は「x = 3 or x = 5」と書きます"),
        })
    }

    /// `average of { a; b }`.
    fn average(&self) -> Option<Diagnostic> {
        let last = self.last?;
        let averages = matches!(self.last_word(), "average" | "mean" | "avg");
        (averages && self.word() == "of").then(|| {
            let message = format!("「{} of」とは書けません", self.last_word());
            Diagnostic::error(codes::UNEXPECTED, self.reader.file, last.span, message)
                .help("平均は、合計を個数で割ります。例: sum of { a; b } / 2")
        })
    }

    /// `x ** 2`.
    fn power_sign(&self) -> Option<Diagnostic> {
        (self.word() == "*" && self.last_word() == "*").then(|| {
            self.error(codes::UNEXPECTED, "「**」とは書けません")
                .help("累乗は「power(x, 2)」のように書きます")
        })
    }

    /// `visit within 48 hours of onset`: there is no time of day.
    fn hours_within(&self) -> Option<Diagnostic> {
        let hours = matches!(self.word(), "hours" | "hour" | "時間");
        if self.wanted != [Rule::time_unit] || !hours {
            return None;
        }
        let days = self.last_word().parse::<u32>().ok().filter(|n| n % 24 == 0);
        let days = days.map_or(2, |hours| hours / 24);
        let message = format!("「{} {}」とは書けません", self.last_word(), self.word());
        Some(self.error(codes::UNEXPECTED, message).help(format!(
            "時刻は扱えません。「within {days} days of …」と日で書くか、時間数を数値の項目で尋ねて比べます"
        )))
    }

    // ------------------------------------------------------------------ bands

    /// `0 when < 48` among bands.
    fn band_with_when(&self) -> Option<Diagnostic> {
        let all = self.range.clone();
        if self.rule != Rule::read_band || self.word() != "when" {
            return None;
        }
        let (value, when) = (
            self.text(all.start..self.found),
            self.text(self.found + 1..all.end),
        );
        (!when.is_empty()).then(|| self.meant_by(&all, &format!("{when} gives {value}")))
    }

    /// `> 2.8 and <= 10 gives 1` among bands.
    fn band_with_and(&self) -> Option<Diagnostic> {
        let gives = self.find("gives")?;
        let start = self.range.start;
        if self.rule != Rule::read_band || self.word() != "and" {
            return None;
        }
        let (low, high) = (self.reader.word(start), self.reader.word(self.found + 1));
        let sign = match (low, high) {
            (">", "<") => "<..<",
            (">", "<=") => "<..",
            (">=", "<") => "..<",
            (">=", "<=") => "..",
            _ => return None,
        };
        let (low, high) = (
            self.text(start + 1..self.found),
            self.text(self.found + 2..gives),
        );
        Some(self.meant_by(&(start..gives), &format!("{low} {sign} {high}")))
    }

    /// A line that begins with `>=` after `gives if a then b else c`.
    fn band_goes_on(&self) -> Option<Diagnostic> {
        let back = (1..4).find(|back| COMPARISONS.contains(&self.word_before(*back)))?;
        let sign = self.found.checked_sub(back)?;
        let token = self.reader.token(sign)?;
        let last = self.reader.token(sign.checked_sub(1)?)?;
        if self.word() != "gives" || !token.first || sign <= self.range.start {
            return None;
        }
        let end = Span {
            start: last.span.end,
            end: last.span.end,
        };
        let message = format!(
            "「{}」で始まる行が、前の行の続きとして読まれます",
            self.reader.word(sign)
        );
        Some(
            Diagnostic::error(codes::SEPARATOR, self.reader.file, token.span, message)
                .help("前の行の終わりに「;」を書きます")
                .fix(end, ";"),
        )
    }

    // ------------------------------------------------------------------ declarations

    /// `grade g "…" = bands of x { … }` without its outcomes, or with `,` between them.
    fn outcomes(&self) -> Option<Diagnostic> {
        let private = usize::from(self.reader.word(self.range.start) == "private");
        let grade = matches!(
            self.reader.word(self.range.start + private),
            "grade" | "table"
        );
        if !grade || self.rule != Rule::read_item {
            return None;
        }
        if self.word() == "," && self.wants(Rule::bar) {
            return Some(
                self.error(codes::UNEXPECTED, "ここは「,」ではなく「|」です")
                    .help("区分は「|」で並べます。例: low \"低\" | high \"高\"")
                    .fix(self.span(), "|"),
            );
        }
        let unnamed = self.wants(Rule::colon) && self.word() == "=";
        let rule_for_names = self.wants(Rule::equals)
            && matches!(self.last_word(), "bands" | "first")
            && matches!(self.word(), "of" | "match");
        (unnamed || rule_for_names).then(|| {
            self.error(codes::MISSING, "区分の名前がありません").help(
                "「=」の前に区分を並べます。例: grade level \"程度\" : low \"低\" | high \"高\" = …",
            )
        })
    }

    /// `score A-DROP "…"`.
    fn dash_in_name(&self) -> Option<Diagnostic> {
        let introduced = words::ITEMS.contains(&self.word_before(2))
            || matches!(
                self.word_before(2),
                "field" | "group" | "category" | "subtype" | "otherwise" | "side" | "rows"
            );
        let last = self.last.filter(|t| t.kind == Kind::Word)?;
        let numbered = self.wants(Rule::notice_number);
        if !introduced || numbered || self.word() != "-" || self.token?.span.start != last.span.end
        {
            return None;
        }
        let glued = |i: &usize| {
            let before = i.checked_sub(1).and_then(|i| self.reader.token(i));
            let token = self.reader.token(*i);
            token
                .zip(before)
                .is_some_and(|(t, before)| t.span.start == before.span.end)
        };
        let end = (self.found..self.range.end).take_while(glued).last()? + 1;
        let name = self.text(self.found - 1..end).replace('-', "_");
        let name = match self.word_before(2) {
            "field" => name.to_lowercase(),
            _ => name,
        };
        let span = last.span.to(self.span_of(&(self.found..end)));
        let message = "名前に「-」は使えません";
        Some(
            Diagnostic::error(codes::UNEXPECTED, self.reader.file, span, message)
                .help(format!("「{name}」と書きます"))
                .fix(span, name),
        )
    }

    /// `decimal 0.00..20.00` without the digits before the range.
    fn range_for_digits(&self) -> Option<Diagnostic> {
        let last = self.last?;
        if self.word_before(2) != "decimal" || !matches!(self.word(), ".." | "-") {
            return None;
        }
        let (low, high) = (self.last_word(), self.reader.word(self.found + 1));
        let parts = |number: &str| {
            let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
            (whole.len(), fraction.len())
        };
        let ((a, c), (b, d)) = (parts(low), parts(high));
        let fraction = c.max(d).max(1);
        let digits = format!("{}.{fraction}", a.max(b) + fraction);
        let before = Span {
            start: last.span.start,
            end: last.span.start,
        };
        let message = "「decimal」の後に桁数がありません";
        Some(
            Diagnostic::error(codes::MISSING, self.reader.file, last.span, message)
                .note("この前に桁数が要ります")
                .help(format!(
                    "範囲の前に「{digits}」を書きます（全部で {} 桁、そのうち小数点の後は {fraction} 桁）",
                    a.max(b) + fraction
                ))
                .fix(before, format!("{digits} ")),
        )
    }

    /// `integer 0..200 "%"`.
    fn unit_after_range(&self) -> Option<Diagnostic> {
        let ranged = self.word_before(2) == ".." && self.rule == Rule::read_member;
        let number = self.last.is_some_and(|last| last.kind == Kind::Number);
        let low = self.found.checked_sub(3)?;
        let low = match self.word_before(4) {
            "-" => low.checked_sub(1)?,
            _ => low,
        };
        let types = low.checked_sub(1)?..low;
        let typed = self.reader.word(types.start) == "integer"
            || low
                .checked_sub(2)
                .is_some_and(|i| self.reader.word(i) == "decimal");
        if self.kind() != Some(Kind::Text) || !(ranged && number && typed) {
            return None;
        }
        let range = self.text(low..self.found);
        let meant = format!("{} {range}", self.word());
        let span = self.span_of(&(low..self.found + 1));
        let message = "単位は範囲の前に書きます";
        Some(
            Diagnostic::error(codes::UNEXPECTED, self.reader.file, self.span(), message)
                .help(format!("「{meant}」と書きます"))
                .fix(span, meant),
        )
    }

    /// `decimal 4.2 mg/dL`, `integer /µL`.
    fn unquoted_unit(&self) -> Option<Diagnostic> {
        let token = self.token?;
        let after_type = self.last_word() == "integer"
            || self.word_before(2) == "decimal"
                && self.last.is_some_and(|last| last.kind == Kind::Number);
        let unit = match token.kind {
            Kind::Unit => true,
            Kind::Word => !words::is_keyword(self.word()),
            _ => self.word() == "/",
        };
        if !(after_type && unit && self.rule == Rule::read_member) || token.first {
            return None;
        }
        let rest = self.reader.clean.get(token.span.start as usize..)?;
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let written = rest.get(..length)?;
        let start = token.span.start as usize;
        // A character of full width takes more room than what is read for it.
        let end = (start + length).max(token.span.end as usize);
        let span = Span::new(start, end);
        let message = format!("単位「{written}」は「\"」で囲みます");
        Some(
            Diagnostic::error(codes::UNEXPECTED, self.reader.file, span, message)
                .help(format!("「\"{written}\"」と書きます"))
                .fix(span, format!("\"{written}\"")),
        )
    }

    /// `float "℃" 30.0..43.0`.
    fn type_of_others(&self) -> Option<Diagnostic> {
        let last = self.last.filter(|_| self.word_before(2) == ":")?;
        let word = self.last_word();
        let (_, meant) = TYPES.iter().find(|(name, _)| *name == word)?;
        let message = format!("「{word}」という型はありません");
        let diagnostic =
            Diagnostic::error(codes::UNKNOWN_WORD, self.reader.file, last.span, message);
        Some(if meant.starts_with("decimal") {
            diagnostic.help(
                "小数は「decimal 4.1」（全部で 4 桁、小数点の後は 1 桁）、整数は「integer」と書きます",
            )
        } else {
            diagnostic
                .help(format!("「{meant}」と書きます"))
                .fix(last.span, *meant)
        })
    }
}
