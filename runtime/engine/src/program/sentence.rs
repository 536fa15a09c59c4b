//! Conditions that say in one sentence what their parts say of one or two answers: whoever tells a
//! rule need not tell the parts again.

use super::{Cond, CondKind, FieldId, Number, NumberKind};
use crate::outline::announces;

impl Cond {
    /// The questions that the sentence is about: of `symptoms includes any of { … }` the one, of
    /// `organism is first.organism` both. Nothing of every other condition.
    pub fn said_of_answers(&self) -> Vec<FieldId> {
        match &self.kind {
            CondKind::All(parts) | CondKind::Any(parts) | CondKind::Count { of: parts, .. } => {
                let listed = parts.first().is_some_and(|p| self.text.contains(&p.text));
                match codes_of(parts).filter(|_| !listed && !announces(&self.text)) {
                    Some(field) => vec![field],
                    None => self.compared_answers().into_iter().flatten().collect(),
                }
            }
            _ => Vec::new(),
        }
    }

    /// The two questions of which this says that they are answered with the same code.
    pub fn compared_answers(&self) -> Option<[FieldId; 2]> {
        let CondKind::Any(codes) = &self.kind else {
            return None;
        };
        let pair = codes.first().and_then(same_code)?;
        let same = codes.iter().all(|code| same_code(code) == Some(pair));
        (same && !announces(&self.text)).then_some(pair)
    }
}

impl Number {
    /// The question of which codes are counted in one sentence.
    pub fn said_of_answer(&self) -> Option<FieldId> {
        let NumberKind::Count(parts) = &self.kind else {
            return None;
        };
        codes_of(parts).filter(|_| !announces(&self.text))
    }
}

/// The one question whose codes the conditions ask for.
fn codes_of(conditions: &[Cond]) -> Option<FieldId> {
    let asked = |condition: &Cond| match condition.kind {
        CondKind::Includes { field, .. } => Some(field),
        _ => None,
    };
    let first = conditions.first().and_then(asked)?;
    let same = conditions.iter().all(|part| asked(part) == Some(first));
    same.then_some(first)
}

/// The questions that are both answered with one and the same code.
fn same_code(condition: &Cond) -> Option<[FieldId; 2]> {
    let CondKind::All(parts) = &condition.kind else {
        return None;
    };
    let [one, two] = parts.as_slice() else {
        return None;
    };
    match (&one.kind, &two.kind) {
        (
            CondKind::Code { field, codes },
            CondKind::Code {
                field: other,
                codes: same,
            },
        ) if codes == same && codes.len() == 1 => Some([*field, *other]),
        _ => None,
    }
}
