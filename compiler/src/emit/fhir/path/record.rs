//! What is written in a QuestionnaireResponse.

use super::FhirPath;
use super::logic::{Truth, decided, not, text, unknown_as};
use crate::emit::certain::{Codes, End, Logic, Naming, Record, Subject};
use crate::emit::fhir::tree::{APPLICATION, RECORD};
use kohyo_engine::program::{Application, Field, FieldId, FieldType};
use kohyo_record::application_word;

impl Record for FhirPath {
    fn quoted(text: &str) -> String {
        quoted(text)
    }

    /// Never unknown in a record that says it.
    fn application(&mut self, only: Application) -> Truth {
        let path = format!(
            "%resource.item.where(linkId = {}).item.where(linkId = {}).answer.value.code",
            quoted(RECORD),
            quoted(APPLICATION)
        );
        let kind =
            self.in_both_views(|words| words.declare_own("application", path, Some("申請の種類")));
        Truth::Test(format!("({kind} = '{}')", application_word(only)))
    }

    fn written(&self, id: FieldId) -> Truth {
        let exists = |path| Truth::Test(format!("{path}.exists()"));
        self.paths.get(&id.0).map_or(Truth::FALSE, exists)
    }

    fn is_answered(shown: &Truth, written: &Truth) -> Truth {
        match unknown_as(shown, false) {
            Truth::Test(shown) => Truth::Test(format!("iif({shown}, {}, false)", text(written))),
            known => known.and(written),
        }
    }

    fn will_be_answered(shown: &Truth, written: &Truth) -> Truth {
        let answered = Self::is_answered(shown, written);
        Truth::Test(decided(text(&answered), text(&not(shown))))
    }

    fn values(&mut self, id: FieldId, field: &Field, shown: &Truth) -> String {
        let Some(path) = self.paths.get(&id.0) else {
            return Self::NOTHING.to_owned();
        };
        let value = match &field.ty {
            FieldType::Choice { .. } | FieldType::Choices { .. } => format!("{path}.value.code"),
            FieldType::Date { .. } => format!("{path}.value.toString()"),
            _ => format!("{path}.value"),
        };
        let subject = Subject::Value(field);
        match shown {
            Truth::Known(true) => {
                self.in_both_views(|words| words.declare(subject, End::Only, value))
            }
            Truth::Known(false) => Self::NOTHING.to_owned(),
            Truth::Test(shown) => {
                let value = format!("iif({shown}, {value}, {{}})");
                self.declare(subject, End::Only, value)
            }
        }
    }

    fn is_one_of(value: &str, codes: &Codes) -> Truth {
        if value == Self::NOTHING {
            return Self::unknown();
        }
        if codes.yes.is_empty() {
            return Truth::Test(format!("iif({value}.exists(), false, {{}})"));
        }
        let is = one_of(value, &codes.yes);
        if codes.open.is_empty() {
            return Truth::Test(format!("({is})"));
        }
        let open = one_of(value, &codes.open);
        Truth::Test(format!("iif(({open}), {{}}, ({is}))"))
    }

    fn includes(values: &str, asked: &str, clouding: &[String]) -> Truth {
        if values == Self::NOTHING {
            return Self::unknown();
        }
        let yes = format!("{asked} in {values}");
        if clouding.is_empty() {
            return Truth::Test(format!("iif({values}.exists(), {yes}, {{}})"));
        }
        let clear = format!("{values}.intersect({}).empty()", union(clouding));
        Self::decided(&[yes], &[format!("{values}.exists() and {clear}")])
    }

    fn possible(&mut self, subject: Subject<'_>, arms: &[(Truth, String)], last: &str) -> String {
        let mut possible = first_that_holds(arms, last);
        if let (Subject::Grade(grade), Self::NOTHING) = (subject, last) {
            // A grade that wrongly says that its arms cover everything.
            let raw = self.declare_own(&format!("{} arms", grade.name), possible, None);
            possible = format!("iif({raw}.exists(), {raw}, '')");
        }
        self.declare(subject, End::Only, possible)
    }

    fn among(possible: &str, outcomes: &[String]) -> Truth {
        if possible == Self::NOTHING {
            return Self::unknown();
        }
        let mut with_none = outcomes.to_vec();
        with_none.push(quoted(""));
        let yes = if outcomes.is_empty() {
            vec!["false".to_owned()]
        } else {
            let subset = format!("{possible}.subsetOf({})", union(outcomes));
            vec![format!("{possible}.exists()"), subset]
        };
        let no = format!("{possible}.intersect({}).empty()", union(&with_none));
        Self::decided(&yes, &[no])
    }
}

/// The outcomes that are possible when the first condition that holds decides.
fn first_that_holds(arms: &[(Truth, String)], last: &str) -> String {
    let mut said = last.to_owned();
    for (when, outcome) in arms.iter().rev() {
        said = match when {
            Truth::Known(true) => outcome.clone(),
            Truth::Known(false) => said,
            Truth::Test(test) => format!(
                "iif({test}, {outcome}, (iif({}, {{}}, {outcome}) | {said}))",
                text(&not(when))
            ),
        };
    }
    said
}

/// The text is one of these, at least one; nothing if there is none.
pub(super) fn one_of(value: &str, codes: &[String]) -> String {
    match codes {
        [one] => format!("{value} = {one}"),
        several => format!("{value} in {}", union(several)),
    }
}

/// Several values as one collection.
fn union(items: &[String]) -> String {
    match items {
        [one] => one.clone(),
        several => format!("({})", several.join(" | ")),
    }
}

/// A text in quotes.
pub(in crate::emit::fhir) fn quoted(text: &str) -> String {
    let mut quoted = String::from("'");
    for c in text.chars() {
        match c {
            '\'' => quoted.push_str("\\'"),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_so_that_they_can_be_read_again() {
        assert_eq!(quoted("a'b\\c"), r"'a\'b\\c'");
    }
}
