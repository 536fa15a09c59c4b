//! Which rules and fields matter to a judgement, and which to the result.

use super::reads::{Read, reads_of_condition, reads_of_rule};
use crate::program::{Cond, JudgementId, Program};
use std::collections::BTreeSet;

/// Which rules and fields matter.
pub(crate) struct Relevance {
    any: BTreeSet<Read>,
    deciding: BTreeSet<Read>,
}

impl Relevance {
    /// Follows what the judgements read, through definitions and the conditions that show fields.
    pub(crate) fn of(program: &Program) -> Self {
        let judgements = || (0..=u16::MAX).map(JudgementId).zip(&program.judgements);
        let deciding = judgements().filter(|(_, judgement)| program.decides(judgement));
        Self {
            any: closure(
                program,
                judgements().map(|(id, _)| Read::Judgement(id)).collect(),
            ),
            deciding: closure(
                program,
                deciding.map(|(id, _)| Read::Judgement(id)).collect(),
            ),
        }
    }

    /// Whether a field matters to any judgement.
    pub(crate) fn field(&self, index: u16) -> bool {
        self.any
            .contains(&Read::Field(crate::program::FieldId(index)))
    }

    /// Whether a definition matters to any judgement.
    pub(crate) fn definition(&self, index: u16) -> bool {
        self.any
            .contains(&Read::Definition(crate::program::DefinitionId(index)))
    }

    /// The fields that matter to the result, ascending.
    pub(crate) fn deciding_fields(&self) -> Vec<u16> {
        fields(&self.deciding)
    }
}

/// The fields that matter to a judgement, ascending.
pub(crate) fn fields_of_judgement(program: &Program, id: JudgementId) -> Vec<u16> {
    fields(&closure(program, vec![Read::Judgement(id)]))
}

fn fields(reads: &BTreeSet<Read>) -> Vec<u16> {
    let field = |read: &Read| match read {
        Read::Field(id) => Some(id.0),
        _ => None,
    };
    reads.iter().filter_map(field).collect()
}

/// Everything that evaluating a condition reads, through definitions, judgements and the
/// conditions that show fields.
pub fn reads_through(program: &Program, condition: &Cond) -> BTreeSet<Read> {
    let direct = reads_of_condition(condition);
    closure(program, direct.into_iter().map(|(read, _)| read).collect())
}

fn closure(program: &Program, mut open: Vec<Read>) -> BTreeSet<Read> {
    let mut seen = BTreeSet::new();
    while let Some(read) = open.pop() {
        if seen.insert(read) {
            open.extend(
                direct_reads(program, read)
                    .into_iter()
                    .map(|(read, _)| read),
            );
        }
    }
    seen
}

/// What evaluating this reads next, with the depth at which it stands.
pub(super) fn direct_reads(program: &Program, read: Read) -> Vec<(Read, usize)> {
    match read {
        Read::Definition(id) => program
            .definitions
            .get(usize::from(id.0))
            .map(|definition| reads_of_rule(&definition.rule))
            .unwrap_or_default(),
        Read::Judgement(id) => program
            .judgements
            .get(usize::from(id.0))
            .into_iter()
            .flat_map(|judgement| &judgement.categories)
            .filter_map(|category| category.when.as_ref())
            .flat_map(reads_of_condition)
            .collect(),
        Read::Field(id) => program
            .fields
            .get(usize::from(id.0))
            .and_then(|field| field.shown_when.as_deref())
            .map(reads_of_condition)
            .unwrap_or_default(),
    }
}
