//! What a rule reads.

use crate::program::{Cond, DefinitionId, FieldId, JudgementId, Part, Rule};

/// Something a rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Read {
    /// A field, or only whether it is shown or answered.
    Field(FieldId),
    /// A definition.
    Definition(DefinitionId),
    /// A judgement.
    Judgement(JudgementId),
}

/// Everything a rule reads directly, with the depth at which it stands.
pub(crate) fn reads_of_rule(rule: &Rule) -> Vec<(Read, usize)> {
    let mut found = Vec::new();
    rule.each_part(|part| read(part, 0, &mut found));
    found
}

/// Everything a condition reads directly, with the depth at which it stands.
pub(crate) fn reads_of_condition(condition: &Cond) -> Vec<(Read, usize)> {
    let mut found = Vec::new();
    read(Part::Cond(condition), 0, &mut found);
    found
}

/// Adds what stands in a part at this depth: a condition or number is one deeper than what holds it.
fn read(part: Part<'_>, depth: usize, found: &mut Vec<(Read, usize)>) {
    let inside = |part: Part<'_>| match part {
        Part::Cond(_) | Part::Number(_) => read(part, depth + 1, found),
        Part::Field(_) | Part::Definition(_) | Part::Judgement(_) | Part::Moment(_) => {
            read(part, depth, found);
        }
    };
    match part {
        Part::Field(id) => found.push((Read::Field(id), depth)),
        Part::Definition(id) => found.push((Read::Definition(id), depth)),
        Part::Judgement(id) => found.push((Read::Judgement(id), depth)),
        Part::Cond(condition) => condition.each_part(inside),
        Part::Number(number) => number.each_part(inside),
        Part::Moment(moment) => moment.each_part(inside),
    }
}
