//! Why a line could not be read, in the words of the language.

use super::read::Reader;
use super::{Failure, Rule};
use crate::diagnostic::Diagnostic;
use crate::lex::{Kind, Token};
use crate::words::{self, is_reserved, nearest};
use crate::{Span, codes};
use std::ops::Range;

/// Explains a failure to read the tokens of `range` by `rule`.
pub(super) fn explain(
    reader: &Reader<'_>,
    failure: &Failure,
    range: &Range<usize>,
    rule: Rule,
) -> Diagnostic {
    let at = reader.start_of(range) as usize + failure.at;
    let found = reader
        .piece
        .tokens
        .partition_point(|t| t.span.end as usize <= at);
    let found = found.clamp(range.start, range.end);
    let place = Place {
        reader,
        range,
        rule,
        wanted: &failure.wanted,
        found,
        token: reader.token(found).filter(|_| found < range.end),
        last: found
            .checked_sub(1)
            .filter(|l| *l >= range.start)
            .and_then(|l| reader.token(l)),
    };
    place
        .unknown_line()
        .or_else(|| place.reserved_name())
        .or_else(|| place.missing_of())
        .or_else(|| place.missing_count())
        .or_else(|| place.misspelt())
        .or_else(|| place.code_without_value())
        .or_else(|| place.check_without_id())
        .or_else(|| place.missing_name())
        .or_else(|| place.missing_text())
        .or_else(|| place.missing_number())
        .or_else(|| place.missing_sign())
        .or_else(|| place.missing_word())
        .or_else(|| place.unfinished())
        .or_else(|| place.two_conditions())
        .or_else(|| place.two_names())
        .unwrap_or_else(|| place.unexpected())
}

/// Where reading failed.
struct Place<'a> {
    reader: &'a Reader<'a>,
    range: &'a Range<usize>,
    rule: Rule,
    wanted: &'a [Rule],
    /// Index of the token that was not understood.
    found: usize,
    /// That token; nothing at the end.
    token: Option<Token>,
    /// The token before.
    last: Option<Token>,
}

impl Place<'_> {
    fn word(&self) -> &str {
        self.token.map_or("", |t| t.word(self.reader.clean))
    }

    fn last_word(&self) -> &str {
        self.last.map_or("", |t| t.word(self.reader.clean))
    }

    /// The token `back` places before the one that was not understood.
    fn word_before(&self, back: usize) -> &str {
        self.found
            .checked_sub(back)
            .filter(|i| *i >= self.range.start)
            .map_or("", |i| self.reader.word(i))
    }

    fn wants(&self, rule: Rule) -> bool {
        self.wanted.contains(&rule)
    }

    fn is_word(&self) -> bool {
        self.token.is_some_and(|t| t.kind == Kind::Word)
    }

    fn kind(&self) -> Option<Kind> {
        self.token.map(|t| t.kind)
    }

    /// The place to underline: the token, or the one before at the end of a line.
    fn span(&self) -> Span {
        self.token.or(self.last).map_or(Span::default(), |t| t.span)
    }

    fn error(&self, code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, self.reader.file, self.span(), message)
    }

    /// Something is missing between the last token and this one.
    fn missing(&self, what: &str, insert: Option<&str>, message: String) -> Diagnostic {
        let same_line = self.token.is_some_and(|t| !t.first) || self.last.is_none();
        let (span, note) = match (self.token, self.last) {
            (Some(token), _) if same_line => (token.span, format!("この前に{what}が要ります")),
            (_, Some(last)) => (last.span, format!("この後に{what}が要ります")),
            _ => (self.span(), String::new()),
        };
        let diagnostic =
            Diagnostic::error(codes::MISSING, self.reader.file, span, message).note(note);
        match (insert, self.last) {
            (Some(insert), Some(last)) => {
                let after = Span {
                    start: last.span.end,
                    end: last.span.end,
                };
                let blank = if insert == "," { "" } else { " " };
                diagnostic.fix(after, format!("{blank}{insert}"))
            }
            _ => diagnostic,
        }
    }

    // ------------------------------------------------------------------ the beginning of a line

    /// The first word of an item or line is none of the language.
    fn unknown_line(&self) -> Option<Diagnostic> {
        if self.found != self.range.start || !self.is_word() {
            return None;
        }
        let (words, what): (&[&str], _) = match self.rule {
            Rule::read_item => (words::ITEMS, "定義"),
            Rule::read_member => (words::MEMBERS, "行"),
            Rule::read_judgement_line => (words::JUDGEMENT_LINES, "行"),
            Rule::read_header_entry => (words::HEADER_LINES, "行"),
            _ => return None,
        };
        let word = self.word();
        if let Some(meant) = nearest(word, words.iter().copied()) {
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

    fn meant(&self, meant: &str) -> Diagnostic {
        unknown_word(self.reader.file, self.span(), self.word(), meant)
    }

    // ------------------------------------------------------------------ words

    fn reserved_name(&self) -> Option<Diagnostic> {
        let word = self.word();
        if !(self.wants_name() && self.is_word()) {
            return None;
        }
        let diagnostic = self.error(
            codes::RESERVED_NAME,
            format!("「{word}」は規則を書くための語なので、名前にできません"),
        );
        Some(if self.introduces_name() || self.wants(Rule::code_name) {
            diagnostic.help(format!("別の名前にします。例: {word}_1"))
        } else {
            diagnostic.help("ここには項目や定義の名前を書きます")
        })
    }

    /// Whether nothing but a name can stand here.
    fn wants_name(&self) -> bool {
        !self.wanted.is_empty()
            && self.wanted.iter().all(|r| {
                matches!(
                    r,
                    Rule::name | Rule::code_name | Rule::path | Rule::kw_answered | Rule::kw_not
                )
            })
    }

    /// Whether the last word is followed by a new name.
    fn introduces_name(&self) -> bool {
        words::ITEMS.contains(&self.last_word())
            || matches!(
                self.last_word(),
                "field" | "group" | "category" | "as" | "prefix"
            )
    }

    fn missing_of(&self) -> Option<Diagnostic> {
        let counted = matches!(self.word_before(2), "least" | "most" | "exactly");
        let quantified = words::QUANTIFIERS.contains(&self.last_word());
        let meant = self.word() == "{" && (counted || quantified) || self.wanted == [Rule::kw_of];
        if !meant || nearest(self.word(), ["of"]).is_some() {
            return None;
        }
        let before = match (counted, self.word_before(3)) {
            (true, "at") => format!("at {} {}", self.word_before(2), self.last_word()),
            (true, _) => format!("{} {}", self.word_before(2), self.last_word()),
            _ => self.last_word().to_owned(),
        };
        Some(
            self.missing(
                "「of」",
                Some("of"),
                format!("「{before}」の後に「of」がありません"),
            )
            .help(format!("「{before} of {{ … }}」と書きます")),
        )
    }

    fn missing_count(&self) -> Option<Diagnostic> {
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

    /// A word that differs by few letters from one that could stand here.
    fn misspelt(&self) -> Option<Diagnostic> {
        if self.is_word() && !is_reserved(self.word()) {
            let wanted: Vec<&str> = self.wanted.iter().flat_map(|r| words_of(*r)).collect();
            if let Some(meant) = nearest(self.word(), wanted) {
                return Some(self.meant(meant));
            }
        }
        self.misspelt_before()
    }

    /// The word before was taken for a name, but what follows shows what it should have been.
    fn misspelt_before(&self) -> Option<Diagnostic> {
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

    /// Whether the word before was taken for the unit of a number.
    fn is_after_number(&self) -> bool {
        let before = self.found.checked_sub(2).and_then(|i| self.reader.token(i));
        before.is_some_and(|t| t.kind == Kind::Number) && !self.last.is_some_and(|t| t.first)
    }

    // ------------------------------------------------------------------ missing parts

    /// `present "あり"` where `1 present "あり"` was meant.
    fn code_without_value(&self) -> Option<Diagnostic> {
        let first = self.reader.token(self.range.start)?;
        let label = self.kind() == Some(Kind::Text) && self.found == self.range.start + 1;
        if self.rule != Rule::read_code || !label {
            return None;
        }
        let name = self.last_word();
        if first.kind == Kind::Number {
            let message = format!("「{name}」の後に名前がありません");
            return Some(
                self.missing("名前", None, message)
                    .help(format!("例: {name} present {}", self.word())),
            );
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
    fn check_without_id(&self) -> Option<Diagnostic> {
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

    fn missing_name(&self) -> Option<Diagnostic> {
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

    fn missing_text(&self) -> Option<Diagnostic> {
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
            _ => ("見出し", "\"安静時振戦\""),
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

    /// Japanese words without quotes, up to the end of the line or a sign.
    fn words_in_japanese(&self) -> Option<Span> {
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

    fn missing_number(&self) -> Option<Diagnostic> {
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

    fn missing_sign(&self) -> Option<Diagnostic> {
        if self.wants(Rule::range_closed) && matches!(self.word(), "-" | ":" | ",") {
            let message = format!("ここは「{}」ではなく「..」です", self.word());
            return Some(
                self.error(codes::UNEXPECTED, message)
                    .help("範囲は「0..100」のように書きます")
                    .fix(self.span(), ".."),
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
    fn continues(&self) -> bool {
        matches!(
            self.kind(),
            Some(Kind::Text | Kind::Number | Kind::Unit | Kind::Date)
        ) || self.is_word() && !is_reserved(self.word())
    }

    fn missing_word(&self) -> Option<Diagnostic> {
        let word = match self.wanted {
            [one] => words_of(*one).next().filter(|_| is_keyword(*one))?,
            _ => [Rule::kw_then, Rule::kw_else, Rule::kw_when]
                .into_iter()
                .find(|r| self.wants(*r))
                .filter(|_| !self.continues())
                .and_then(|r| words_of(r).next())?,
        };
        let help = match word {
            "then" | "else" => "「if 条件 then 値 else 値」と書きます".to_owned(),
            "when" => "条件の前に「when」を書きます".to_owned(),
            "because" => "例: not judged \"…\" because \"診断に影響しないため\"".to_owned(),
            "violated" => "「violated when 条件」を書きます".to_owned(),
            "from" if self.rule == Rule::read_header_entry => {
                "例: edition \"2020\" from 2017-04-01".to_owned()
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

    // ------------------------------------------------------------------ expressions

    /// An operand was expected.
    fn unfinished(&self) -> Option<Diagnostic> {
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

    fn wants_operand(&self) -> bool {
        [
            Rule::expr,
            Rule::operand,
            Rule::before,
            Rule::tight_expr,
            Rule::block_member,
            Rule::arm,
        ]
        .into_iter()
        .any(|r| self.wants(r))
            && !self.wants(Rule::after)
            && !self.wants(Rule::joint)
    }

    /// A complete condition is followed by another on the same line.
    fn two_conditions(&self) -> Option<Diagnostic> {
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
    fn two_names(&self) -> Option<Diagnostic> {
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

    fn unexpected(&self) -> Diagnostic {
        let mut wanted: Vec<String> = Vec::new();
        for rule in self.wanted {
            for description in describe(*rule) {
                if !wanted.contains(&description) {
                    wanted.push(description);
                }
            }
        }
        let word: String = self.word().chars().take(30).collect();
        let diagnostic = match self.token {
            None => self.missing("続き", None, "途中で終わっています".to_owned()),
            Some(_) => self.error(codes::UNEXPECTED, format!("ここに「{word}」は書けません")),
        };
        if wanted.is_empty() {
            return diagnostic;
        }
        diagnostic.help(format!("ここに書けるもの: {}", wanted.join("、")))
    }
}

/// A word that is none of the language, and the one that was probably meant.
pub(super) fn unknown_word(file: &str, span: Span, word: &str, meant: &str) -> Diagnostic {
    let message = format!("「{word}」という語は使えません");
    Diagnostic::error(codes::UNKNOWN_WORD, file, span, message)
        .help(format!("「{meant}」と書きます"))
        .fix(span, meant)
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

fn is_keyword(rule: Rule) -> bool {
    format!("{rule:?}").starts_with("kw_")
}

/// The keywords that can begin what follows `rule`.
fn words_of(rule: Rule) -> impl Iterator<Item = &'static str> {
    let words: &'static [&'static str] = match rule {
        Rule::modifier => words::MODIFIERS,
        Rule::required => &["required"],
        Rule::shown => &["shown"],
        Rule::carry => &["carry"],
        Rule::personal => &["personal"],
        Rule::was => &["was"],
        Rule::cites => &["cites"],
        Rule::help => &["help"],
        Rule::note => &["note"],
        Rule::application_only => &["new", "renewal"],
        Rule::member | Rule::group | Rule::field | Rule::display => words::MEMBERS,
        Rule::judgement_line => words::JUDGEMENT_LINES,
        Rule::header_entry => words::HEADER_LINES,
        Rule::type_expr => words::TYPES,
        Rule::joint => &["and", "or", "unless"],
        Rule::after => &["is", "in", "not", "includes", "differs", "treat", "if"],
        Rule::tight_after => &["is", "in", "not", "includes", "differs"],
        Rule::treat_unknown => &["treat"],
        Rule::if_shown => &["if"],
        Rule::is_code => &["is"],
        Rule::includes => &["includes"],
        Rule::differs => &["differs"],
        Rule::level => &["error", "warning", "information"],
        Rule::status => &["draft", "reviewed", "published"],
        Rule::programme => &["shitei", "shoman"],
        Rule::check_at => &["at"],
        Rule::violated => &["violated"],
        Rule::points => &["points"],
        Rule::expires => &["expires"],
        Rule::application => &["new", "renewal"],
        _ => return keyword(rule).into_iter().chain([].iter().copied()),
    };
    None.into_iter().chain(words.iter().copied())
}

/// The word of a keyword rule: `kw_when` is `when`.
fn keyword(rule: Rule) -> Option<&'static str> {
    let name = format!("{rule:?}");
    let word = name.strip_prefix("kw_")?;
    words::KEYWORDS.iter().copied().find(|k| *k == word)
}

/// What `rule` looks like, for a list of what can stand here.
fn describe(rule: Rule) -> Vec<String> {
    let sign = |s: &str| vec![format!("「{s}」")];
    match rule {
        Rule::name | Rule::code_name | Rule::path => vec!["名前".to_owned()],
        Rule::text => vec!["「\"」で囲んだ文".to_owned()],
        Rule::whole | Rule::number | Rule::signed | Rule::bound | Rule::quantity => {
            vec!["数".to_owned()]
        }
        Rule::precision => vec!["桁数(4.1 など)".to_owned()],
        Rule::date => vec!["日付(2017-04-01 など)".to_owned()],
        Rule::notice_number => vec!["告示番号".to_owned()],
        Rule::code_value => vec!["番号".to_owned()],
        Rule::unit => vec!["単位".to_owned()],
        Rule::expr
        | Rule::operand
        | Rule::before
        | Rule::tight_expr
        | Rule::block_member
        | Rule::arm
        | Rule::table_head => vec!["条件や値".to_owned()],
        Rule::joint => ["and", "or", "unless", "比較や計算の記号"]
            .map(str::to_owned)
            .to_vec(),
        Rule::tight_joint | Rule::comparison | Rule::arithmetic => {
            vec!["比較や計算の記号".to_owned()]
        }
        Rule::after | Rule::tight_after => ["is", "in"].map(str::to_owned).to_vec(),
        Rule::type_expr => vec!["型(finding、integer、date など)".to_owned()],
        Rule::code_line => vec!["「1 present \"あり\"」のような行".to_owned()],
        Rule::outcomes | Rule::outcome => vec!["結果の名前".to_owned()],
        Rule::range_closed | Rule::range_half_open => sign(".."),
        Rule::separator => sign(";"),
        Rule::open | Rule::code_lines | Rule::member_lines => sign("{"),
        Rule::close => sign("}"),
        Rule::open_round => sign("("),
        Rule::close_round => sign(")"),
        Rule::colon => sign(":"),
        Rule::equals => sign("="),
        Rule::comma => sign(","),
        Rule::bar => sign("|"),
        Rule::dot => sign("."),
        _ => words_of(rule).map(str::to_owned).collect(),
    }
}
