//! From written values to answers.
//!
//! A draft keeps what was typed; an answer is what it means. Reading never loses anything: what
//! cannot be read leaves the answer missing and gives a finding that says what to write instead.

mod date;
mod number;
mod text;

pub(crate) use number::range;
pub use number::without_grouping;

use crate::answers::{Answer, Answers};
use crate::form::Form;
use crate::outcome::Finding;
use crate::program::{Code, Field, FieldId, FieldType, Index, Level};
use std::collections::BTreeMap;

/// Written values by wire name; several for a field with several codes.
pub type RawAnswers = BTreeMap<String, Vec<String>>;

/// Reads all written values.
///
/// Names that the form does not have give a finding `field.NAME`. Findings stand in the order of
/// the form, unknown names last.
pub fn read(form: &Form, raw: &RawAnswers) -> (Answers, Vec<Finding>) {
    read_all(form, raw, Codes::ByValue)
}

/// Reads written values as case files write them: a code by its name, value or label.
pub fn read_lenient(form: &Form, raw: &RawAnswers) -> (Answers, Vec<Finding>) {
    read_all(form, raw, Codes::ByAnything)
}

fn read_all(form: &Form, raw: &RawAnswers, codes: Codes) -> (Answers, Vec<Finding>) {
    let mut answers = Answers::new(form);
    let mut findings = Vec::new();
    let mut strangers = Vec::new();
    for (name, written) in raw {
        let Some(id) = form.field_id(name) else {
            strangers.push(unknown_field(form, name, written));
            continue;
        };
        let values: Vec<&str> = written.iter().map(String::as_str).collect();
        match read_values(form, id, &values, codes) {
            Ok(answer) => answers.set(id, answer),
            Err(finding) => findings.push(*finding),
        }
    }
    findings.sort_by_key(|finding| finding.fields.first().copied());
    findings.append(&mut strangers);
    (answers, findings)
}

/// Reads the written values of one field; blank values count as not written.
///
/// # Errors
/// What is wrong with the values, and what to write instead.
#[expect(
    clippy::result_large_err,
    reason = "callers keep the finding; read_text is the fast way"
)]
pub fn read_one(form: &Form, field: FieldId, raw: &[&str]) -> Result<Answer, Finding> {
    read_values(form, field, raw, Codes::ByValue).map_err(|finding| *finding)
}

/// Reads the one written value of a field. Nothing is allocated for codes, numbers and dates.
///
/// # Errors
/// What is wrong with the value, and what to write instead.
pub fn read_text(form: &Form, field: FieldId, written: &str) -> Result<Answer, Box<Finding>> {
    read_value(form, field, written, Codes::ByValue)
}

/// How codes are recognised.
#[derive(Clone, Copy)]
enum Codes {
    /// By the value on the wire.
    ByValue,
    /// By name, value or label, in this order.
    ByAnything,
}

fn read_values(
    form: &Form,
    id: FieldId,
    raw: &[&str],
    codes: Codes,
) -> Result<Answer, Box<Finding>> {
    let several = matches!(
        form.field(id).map(|field| &field.ty),
        Some(FieldType::Choices { .. })
    );
    let mut written = raw.iter().filter(|value| !is_blank(value));
    let Some(first) = written.next() else {
        return Ok(Answer::Missing);
    };
    let mut answer = read_value(form, id, first, codes)?;
    for value in written {
        let Answer::Codes(all) = &mut answer else {
            break;
        };
        if let Answer::Codes(more) = read_value(form, id, value, codes)? {
            all.extend(more);
        }
    }
    if let Answer::Codes(all) = &mut answer {
        all.sort_unstable();
        all.dedup();
    }
    let count = raw.iter().filter(|value| !is_blank(value)).count();
    if !several
        && count > 1
        && let Some(field) = form.field(id)
    {
        return Err(Box::new(Finding {
            value: None,
            ..finding(
                id,
                field,
                "type",
                "",
                format!("「{}」に値が{count}個あります", field.label),
                "値を一つだけ書いてください",
            )
        }));
    }
    Ok(answer)
}

fn is_blank(written: &str) -> bool {
    written.chars().all(char::is_whitespace)
}

fn read_value(
    form: &Form,
    id: FieldId,
    written: &str,
    codes: Codes,
) -> Result<Answer, Box<Finding>> {
    if is_blank(written) {
        return Ok(Answer::Missing);
    }
    let Some(field) = form.field(id) else {
        return Err(Box::new(unknown_field(
            form,
            &format!("#{}", id.0),
            &[written.to_owned()],
        )));
    };
    let at = Site { id, field };
    match &field.ty {
        FieldType::Text { chars, lines } => text::free(at, written, *chars, *lines),
        FieldType::Kana { chars } => text::kana(at, written, *chars),
        FieldType::Digits { count } => text::digits(at, written.trim(), *count),
        FieldType::PostalCode => text::postal_code(at, written.trim()),
        FieldType::Phone => text::phone(at, written.trim()),
        FieldType::Number {
            digits,
            fraction,
            unit,
            min,
            max,
        } => {
            let limits = number::Limits {
                digits: *digits,
                fraction: *fraction,
                min: *min,
                max: *max,
            };
            number::number(at, written.trim(), &limits, unit.as_deref())
        }
        FieldType::Date { precision } => date::date(at, written.trim(), *precision),
        FieldType::Choice { .. } => code(form, at, written.trim(), codes).map(Answer::Code),
        FieldType::Choices { .. } => {
            code(form, at, written.trim(), codes).map(|code| Answer::Codes(vec![code]))
        }
    }
}

/// The field a value was written for.
#[derive(Clone, Copy)]
struct Site<'a> {
    id: FieldId,
    field: &'a Field,
}

impl Site<'_> {
    /// An error of this kind at the field.
    #[cold]
    fn error(
        self,
        kind: &str,
        written: &str,
        problem: &str,
        help: impl Into<String>,
    ) -> Box<Finding> {
        let message = format!("「{}」{problem}", self.field.label);
        Box::new(finding(self.id, self.field, kind, written, message, help))
    }
}

fn finding(
    id: FieldId,
    field: &Field,
    kind: &str,
    written: &str,
    message: String,
    help: impl Into<String>,
) -> Finding {
    Finding {
        check: format!("{kind}.{}", field.name),
        level: Level::Error,
        fields: vec![id],
        message,
        help: Some(help.into()),
        value: Some(written.to_owned()),
    }
}

fn unknown_field(form: &Form, name: &str, written: &[String]) -> Finding {
    let help = match form.similar_field(name) {
        Some(known) => format!("「{known}」のことであれば、その名前で書いてください"),
        None => "この様式の項目名を確かめてください".to_owned(),
    };
    Finding {
        check: format!("field.{name}"),
        level: Level::Error,
        fields: Vec::new(),
        message: format!("この様式に「{name}」という項目はありません"),
        help: Some(help),
        value: match written {
            [one] => Some(one.clone()),
            _ => None,
        },
    }
}

fn code(form: &Form, at: Site<'_>, written: &str, codes: Codes) -> Result<Index, Box<Finding>> {
    let found = match codes {
        Codes::ByValue => form.code_by_value(at.id, written),
        Codes::ByAnything => {
            let table = form.codes(at.id);
            let by = |part: fn(&Code) -> &str| {
                (0..)
                    .zip(table)
                    .find(|(_, code)| part(code) == written)
                    .map(|(index, _)| index)
            };
            by(|code| &code.name)
                .or_else(|| by(|code| &code.value))
                .or_else(|| by(|code| &code.label))
        }
    };
    found.ok_or_else(|| {
        let table = form.codes(at.id);
        let mut allowed: Vec<String> = table
            .iter()
            .take(12)
            .map(|code| format!("{}（{}）", code.value, code.label))
            .collect();
        if table.len() > allowed.len() {
            allowed.push(format!("…ほか{}件", table.len() - allowed.len()));
        }
        let help = format!("次のいずれかを書いてください: {}", allowed.join("、"));
        at.error("code", written, "の選択肢にない値です", help)
    })
}
