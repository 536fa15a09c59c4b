//! What to do about a finding whose check has no `help`: look again at the items it is about.
//!
//! In go the checks and the fields they read, out come the sentences, once for every target:
//! 「発症年月」と「生年月日」の日付を確かめてください.

use crate::reading;
use kohyo_engine::program::{Check, Cond, CondKind, Field, FieldId, FieldType, Part};

/// More items than these are not read; the places of the finding are named alone.
const MANY: usize = 4;

/// Gives every check without a remedy one.
pub(super) fn complete(checks: &mut [Check], fields: &[Field]) {
    for check in checks {
        if check.help.is_none() {
            check.help = remedy(check, fields);
        }
    }
}

fn remedy(check: &Check, fields: &[Field]) -> Option<String> {
    let mut read = Reads::default();
    read.cond(&check.violated);
    let field = |id: &FieldId| fields.get(usize::from(id.0));
    let at: Vec<&Field> = check.at.iter().filter_map(field).collect();
    let mut about = at.clone();
    about.extend(read.fields.iter().filter_map(field));
    let dates = read.order && at.iter().all(|field| is_date(field));
    let what = if dates {
        about.retain(|field| is_date(field));
        "日付"
    } else {
        "記入"
    };
    let mut named = labels(&about);
    if named.len() > MANY {
        named = labels(&at);
    }
    Some(format!("{}の{what}を確かめてください", list(&named)?))
}

fn is_date(field: &Field) -> bool {
    matches!(field.ty, FieldType::Date { .. })
}

/// Each once.
fn labels<'f>(fields: &[&'f Field]) -> Vec<&'f str> {
    let mut labels = Vec::new();
    for field in fields {
        if !labels.contains(&field.label.as_str()) {
            labels.push(field.label.as_str());
        }
    }
    labels
}

/// 「A」、「B」と「C」; of many the first few.
fn list(labels: &[&str]) -> Option<String> {
    let quoted = |labels: &[&str]| {
        let quoted: Vec<String> = labels.iter().map(|label| reading::quoted(label)).collect();
        quoted.join("、")
    };
    Some(match labels {
        [] => return None,
        [_] => quoted(labels),
        [first @ .., last] if labels.len() <= MANY => {
            format!("{}と{}", quoted(first), reading::quoted(last))
        }
        [first @ .., _] => {
            format!("{}など", quoted(first.get(..MANY - 1).unwrap_or(first)))
        }
    })
}

/// What a condition itself reads; the rules it names answer for theirs.
#[derive(Default)]
struct Reads {
    fields: Vec<FieldId>,
    /// Dates are compared.
    order: bool,
}

impl Reads {
    fn cond(&mut self, condition: &Cond) {
        self.order |= matches!(condition.kind, CondKind::CompareDates { .. });
        condition.each_part(|part| self.part(part));
    }

    fn part(&mut self, part: Part<'_>) {
        match part {
            Part::Field(field) => self.fields.push(field),
            Part::Cond(condition) => self.cond(condition),
            Part::Number(number) => number.each_part(|part| self.part(part)),
            Part::Moment(moment) => moment.each_part(|part| self.part(part)),
            Part::Definition(_) | Part::Judgement(_) => {}
        }
    }
}
