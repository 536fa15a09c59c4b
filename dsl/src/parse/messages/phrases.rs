//! Conditions and numbers in the words of English: `r is in { a }`, `d is after 2020-01-01`, `ln n`.

use super::Place;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::lex::Kind;
use crate::parse::Rule;
use crate::words::is_reserved;

/// Functions of one number.
const FUNCTIONS: &[&str] = &["ln", "exp", "sqrt", "abs", "floor", "ceiling"];

impl Place<'_> {
    /// What reads well and is written otherwise here.
    pub(super) fn phrase(&self) -> Option<Diagnostic> {
        self.is_in()
            .or_else(|| self.not_a_code())
            .or_else(|| self.between_names())
            .or_else(|| self.open_range_apart())
            .or_else(|| self.is_after())
            .or_else(|| self.time_between())
            .or_else(|| self.count_of_rows())
            .or_else(|| self.function_without_parentheses())
            .or_else(|| self.comma_before_modifier())
            .or_else(|| self.optional())
    }

    /// `r is in { a }`, `f is not in { a }`.
    fn is_in(&self) -> Option<Diagnostic> {
        let negated = self.last_word() == "not" && self.word_before(2) == "is";
        if self.word() != "in" || !(negated || self.last_word() == "is") {
            return None;
        }
        let is = self.found.checked_sub(if negated { 2 } else { 1 })?;
        let meant = if negated { "not in" } else { "in" };
        let mut found = self.meant_by(&(is..self.found + 1), meant);
        if let Some(name) = self.name_before(is) {
            found = found.help(format!("「{name} {meant} {{ … }}」と書きます"));
        }
        Some(found)
    }

    /// `r not high`.
    fn not_a_code(&self) -> Option<Diagnostic> {
        let named = self.is_word() && !is_reserved(self.word());
        if !named || self.last_word() != "not" || !self.wants(Rule::kw_in) {
            return None;
        }
        let not = self.found.checked_sub(1)?;
        let name = self.name_before(not)?;
        let meant = format!("is not {}", self.word());
        let found = self.meant_by(&(not..self.found + 1), &meant);
        Some(found.help(format!("「{name} {meant}」と書きます")))
    }

    /// `x in low..high` with a name at the lower end.
    fn between_names(&self) -> Option<Diagnostic> {
        let into = self.found.checked_sub(1)?;
        if self.last_word() != "in" || !self.is_word() {
            return None;
        }
        let signs = ["..", "..<", "<..", "<..<"];
        let mut after = self.found + 1..self.found + 4;
        let sign = after.find(|i| signs.contains(&self.reader.word(*i)))?;
        let subject = self.name_before(into)?;
        let (above, below) = match self.reader.word(sign) {
            "..<" => (">=", "<"),
            "<.." => (">", "<="),
            "<..<" => (">", "<"),
            _ => (">=", "<="),
        };
        let (low, high) = (self.text(self.found..sign), self.reader.word(sign + 1));
        let meant = format!("{subject} {above} {low} and {subject} {below} {high}");
        let all = into.checked_sub(1)?..sign + 2;
        let span = self.span_of(&all);
        let message = "「in」の範囲の端には数を書きます";
        Some(
            Diagnostic::error(codes::UNEXPECTED, self.reader.file, span, message)
                .help(format!("「{meant}」と書きます")),
        )
    }

    /// `n in 3 .. < 5`.
    fn open_range_apart(&self) -> Option<Diagnostic> {
        (self.word() == "<" && self.last_word() == "..").then(|| {
            let sign = self.found - 1..self.found + 1;
            self.meant_by(&sign, "..<")
        })
    }

    /// `d is after 2020-01-01`.
    fn is_after(&self) -> Option<Diagnostic> {
        let sign = match self.last_word() {
            "after" => ">",
            "before" => "<",
            _ => return None,
        };
        let is = self.found.checked_sub(2)?;
        if self.word_before(2) != "is" {
            return None;
        }
        let found = self.meant_by(&(is..self.found), sign);
        let name = self.name_before(is).unwrap_or("d");
        Some(found.help(format!("「{name} {sign} {}」と書きます", self.word())))
    }

    /// `months between d and today`.
    fn time_between(&self) -> Option<Diagnostic> {
        let unit = matches!(self.last_word(), "years" | "months" | "days" | "weeks");
        if self.word() != "between" || !unit {
            return None;
        }
        let unit = match self.last_word() {
            "weeks" => "days",
            unit => unit,
        };
        let name = |after: usize| self.reader.word(self.found + after);
        let (from, to) = match name(2) {
            "and" => (name(1), name(3)),
            _ => ("A", "B"),
        };
        let words = self.found - 1..self.found + 1;
        let found = self.meant_by(&words, &format!("{unit} from"));
        Some(
            found
                .help(format!("「{unit} from {from} to {to}」と書きます"))
                .without_fix(),
        )
    }

    /// `count of labs >= 2`.
    fn count_of_rows(&self) -> Option<Diagnostic> {
        let counted = self.word_before(3) == "count" && self.word_before(2) == "of";
        let compared = matches!(self.word(), "<" | "<=" | "=" | "!=" | ">" | ">=");
        if !counted || !compared || !self.wants(Rule::open) {
            return None;
        }
        let name = self.last_word();
        let count = self.found.checked_sub(3)?..self.found;
        let found = self.meant_by(&count, &format!("{name}.count"));
        Some(found.help(format!(
            "行の数は「{name}.count」、当てはまる行の数は「count of {name} {{ … }}」と書きます"
        )))
    }

    /// `ln n`.
    fn function_without_parentheses(&self) -> Option<Diagnostic> {
        let function = self.last_word();
        let operand = matches!(self.kind(), Some(Kind::Number | Kind::Word));
        let known = FUNCTIONS.contains(&function) && !is_reserved(self.word());
        if !operand || !known || self.token?.first {
            return None;
        }
        let call = self.found - 1..self.found + 1;
        Some(self.meant_by(&call, &format!("{function}({})", self.word())))
    }

    /// `integer 0..10, required`.
    fn comma_before_modifier(&self) -> Option<Diagnostic> {
        let comma = self.last.filter(|_| self.last_word() == ",")?;
        let modifier = crate::words::MODIFIERS.contains(&self.word());
        (self.rule == Rule::read_member && modifier).then(|| {
            let message = format!("「{}」の前に「,」は要りません", self.word());
            Diagnostic::error(codes::SEPARATOR, self.reader.file, comma.span, message)
                .help("「,」を消します")
                .fix(comma.span, "")
        })
    }

    /// `integer 0..10 optional`.
    fn optional(&self) -> Option<Diagnostic> {
        (self.rule == Rule::read_member && self.word() == "optional").then(|| {
            self.error(codes::UNEXPECTED, "「optional」とは書けません")
                .help("「required」を書かなければ、任意の項目です")
                .fix(self.span(), "")
        })
    }

    /// The name that ends just before token `at`.
    pub(super) fn name_before(&self, at: usize) -> Option<&str> {
        let last = at.checked_sub(1).filter(|i| *i >= self.range.start)?;
        let token = self.reader.token(last)?;
        let word = self.reader.word(last);
        (token.kind == Kind::Word && !is_reserved(word)).then_some(word)
    }
}

impl Diagnostic {
    /// The same, which nothing repairs by itself.
    fn without_fix(self) -> Self {
        Self { fix: None, ..self }
    }
}
