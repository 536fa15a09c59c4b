//! No rule reads itself: through definitions, judgements or the conditions that show a field.

use super::MAX_DEPTH;
use crate::form::reads::{Read, reads_of_condition, reads_of_rule};
use crate::program::{Cond, Program};
use crate::wire::WireError;

/// Checks that rules read only what stands before them, and that evaluation always comes to an
/// end within [`MAX_DEPTH`] nested steps.
pub(super) fn check(program: &Program) -> Result<(), WireError> {
    for (position, definition) in program.definitions.iter().enumerate() {
        for (read, _) in reads_of_rule(&definition.rule) {
            if matches!(read, Read::Definition(id) if usize::from(id.0) >= position) {
                return Err(WireError::Order {
                    at: definition.name.clone(),
                });
            }
        }
    }
    for (position, judgement) in program.judgements.iter().enumerate() {
        for (read, _) in judgement
            .categories
            .iter()
            .filter_map(|c| c.when.as_ref())
            .flat_map(reads_of_condition)
        {
            if matches!(read, Read::Judgement(id) if usize::from(id.0) >= position) {
                return Err(WireError::Order {
                    at: judgement.name.clone(),
                });
            }
        }
    }
    let mut walk = Walk {
        program,
        definitions: vec![Visit::NotYet; program.definitions.len()],
        judgements: vec![Visit::NotYet; program.judgements.len()],
        fields: vec![Visit::NotYet; program.fields.len()],
    };
    let fields = (0..=u16::MAX)
        .take(program.fields.len())
        .map(|id| Read::Field(crate::program::FieldId(id)));
    let definitions = (0..=u16::MAX)
        .take(program.definitions.len())
        .map(|id| Read::Definition(crate::program::DefinitionId(id)));
    let judgements = (0..=u16::MAX)
        .take(program.judgements.len())
        .map(|id| Read::Judgement(crate::program::JudgementId(id)));
    for read in fields.chain(definitions).chain(judgements) {
        walk.depth(read, 0)?;
    }
    for check in &program.checks {
        walk.depth_of(&check.id, reads_of_condition(&check.violated), 0)?;
    }
    for (field, condition) in program
        .fields
        .iter()
        .filter_map(|f| f.required_when.as_ref().map(|c| (f, c)))
    {
        walk.depth_of(&field.name, reads_of_condition(condition), 0)?;
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Visit {
    NotYet,
    /// Its reads are being followed: to meet it again is a cycle.
    Open,
    /// So many nested steps at most.
    Done(usize),
}

struct Walk<'a> {
    program: &'a Program,
    definitions: Vec<Visit>,
    judgements: Vec<Visit>,
    fields: Vec<Visit>,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, read: Read) -> Option<&mut Visit> {
        match read {
            Read::Definition(id) => self.definitions.get_mut(usize::from(id.0)),
            Read::Judgement(id) => self.judgements.get_mut(usize::from(id.0)),
            Read::Field(id) => self.fields.get_mut(usize::from(id.0)),
        }
    }

    /// The most nested steps that evaluating this takes.
    fn depth(&mut self, read: Read, level: usize) -> Result<usize, WireError> {
        let at = self.name(read);
        match self.visit(read) {
            None => return Ok(0),
            Some(Visit::Done(depth)) => return Ok(*depth),
            Some(Visit::Open) => return Err(WireError::Order { at: at.to_owned() }),
            Some(visit) => *visit = Visit::Open,
        }
        let depth = self.depth_of(at, self.reads(read), level + 1)?;
        if let Some(visit) = self.visit(read) {
            *visit = Visit::Done(depth);
        }
        Ok(depth)
    }

    fn depth_of(
        &mut self,
        at: &str,
        reads: Vec<(Read, usize)>,
        level: usize,
    ) -> Result<usize, WireError> {
        let mut deepest = 1;
        for (read, nested) in reads {
            let depth = if level > MAX_DEPTH {
                MAX_DEPTH
            } else {
                self.depth(read, level)?
            };
            deepest = deepest.max(nested + 1 + depth);
        }
        if deepest > MAX_DEPTH {
            return Err(WireError::Limit {
                at: at.to_owned(),
                what: "規則の連鎖",
                limit: MAX_DEPTH,
            });
        }
        Ok(deepest)
    }

    fn reads(&self, read: Read) -> Vec<(Read, usize)> {
        let shown =
            |condition: Option<&Cond>| condition.map(reads_of_condition).unwrap_or_default();
        match read {
            Read::Definition(id) => self
                .program
                .definitions
                .get(usize::from(id.0))
                .map(|d| reads_of_rule(&d.rule))
                .unwrap_or_default(),
            Read::Judgement(id) => self
                .program
                .judgements
                .get(usize::from(id.0))
                .map(|judgement| {
                    judgement
                        .categories
                        .iter()
                        .filter_map(|c| c.when.as_ref())
                        .flat_map(reads_of_condition)
                        .collect()
                })
                .unwrap_or_default(),
            Read::Field(id) => shown(
                self.program
                    .fields
                    .get(usize::from(id.0))
                    .and_then(|field| field.shown_when.as_ref()),
            ),
        }
    }

    fn name(&self, read: Read) -> &'a str {
        match read {
            Read::Definition(id) => self
                .program
                .definitions
                .get(usize::from(id.0))
                .map_or("", |d| &d.name),
            Read::Judgement(id) => self
                .program
                .judgements
                .get(usize::from(id.0))
                .map_or("", |j| &j.name),
            Read::Field(id) => self
                .program
                .fields
                .get(usize::from(id.0))
                .map_or("", |f| &f.name),
        }
    }
}
