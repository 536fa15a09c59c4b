//! What is written in a record.

use super::logic::{Truth, not, text};
use super::{XPath, sequence};
use crate::emit::certain::{Codes, End, Formula, Naming, Record, Subject};
use kohyo_engine::program::{Application, Field, FieldId};
use kohyo_record::application_word;

impl Record for XPath {
    fn quoted(text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

    fn application(&mut self, only: Application) -> Truth {
        let word = application_word(only);
        Truth::of(Formula::Test(format!("@application = '{word}'")))
    }

    fn written(&self, id: FieldId) -> Truth {
        let exists = |path| Formula::Test(format!("exists({path}[normalize-space(.)])"));
        Truth::of(self.paths.get(&id.0).map_or(Formula::FALSE, exists))
    }

    fn is_answered(shown: &Truth, written: &Truth) -> Truth {
        Truth::of(shown.yes.and(&written.yes))
    }

    fn will_be_answered(shown: &Truth, written: &Truth) -> Truth {
        Truth {
            yes: shown.yes.and(&written.yes),
            no: shown.no.clone(),
        }
    }

    /// As texts.
    fn values(&mut self, id: FieldId, field: &Field, shown: &Truth) -> String {
        let Some(path) = self.paths.get(&id.0) else {
            return Self::NOTHING.to_owned();
        };
        let values = format!("{path}/normalize-space(.)[. ne '']");
        let values = match &shown.yes {
            Formula::Known(true) => values,
            Formula::Known(false) => return Self::NOTHING.to_owned(),
            Formula::Test(shown) => format!("if ({shown}) then {values} else ()"),
        };
        self.declare(Subject::Value(field), End::Only, values)
    }

    fn is_one_of(values: &str, codes: &Codes) -> Truth {
        Truth {
            yes: one_of(values, &codes.yes),
            no: one_of(values, &codes.no),
        }
    }

    fn includes(values: &str, asked: &str, clouding: &[String]) -> Truth {
        let yes = one_of(values, &[asked.to_owned()]);
        let mut no = Formula::Test(format!("exists({values})")).and(&not(&yes));
        if !clouding.is_empty() {
            no = no.and(&not(&one_of(values, clouding)));
        }
        Truth { yes, no }
    }

    fn possible(&mut self, subject: Subject<'_>, arms: &[(Truth, String)], last: &str) -> String {
        // Arms that lead to the same outcome leave one possibility.
        let mut said = String::from("distinct-values(");
        for (when, outcome) in arms {
            said.push_str(&format!(
                "(if ({}) then {outcome} else (if ({}) then () else {outcome}, ",
                text(&when.yes),
                text(&when.no)
            ));
        }
        said.push_str(last);
        said.push_str(&"))".repeat(arms.len()));
        said.push(')');
        self.declare(subject, End::Only, said)
    }

    fn among(possible: &str, outcomes: &[String]) -> Truth {
        let mut with_none = outcomes.to_vec();
        with_none.push(Self::quoted(""));
        let (all, with_none) = (sequence(outcomes), sequence(&with_none));
        Truth {
            yes: Formula::Test(format!("empty({possible}[not(. = {all})])")),
            no: Formula::Test(format!("not({possible} = {with_none})")),
        }
    }
}

fn one_of(values: &str, codes: &[String]) -> Formula {
    if codes.is_empty() || values == XPath::NOTHING {
        Formula::FALSE
    } else {
        Formula::Test(format!("{values} = {}", sequence(codes)))
    }
}
