//! No rule reads itself: through definitions, judgements or the conditions that show a field.

use super::MAX_DEPTH;
use crate::form::reads::{Read, reads_of_condition};
use crate::form::relevance::direct_reads;
use crate::program::{DefinitionId, FieldId, JudgementId, Program};
use crate::wire::WireError;

/// Checks that rules read only what stands before them, and that evaluation always comes to an
/// end within [`MAX_DEPTH`] nested steps.
pub(super) fn check(program: &Program) -> Result<(), WireError> {
    for (id, definition) in (0..=u16::MAX).zip(&program.definitions) {
        let reads = direct_reads(program, Read::Definition(DefinitionId(id)));
        if reads
            .iter()
            .any(|(read, _)| matches!(read, Read::Definition(read) if read.0 >= id))
        {
            return Err(WireError::Order {
                at: definition.name.clone(),
            });
        }
    }
    for (id, judgement) in (0..=u16::MAX).zip(&program.judgements) {
        let reads = direct_reads(program, Read::Judgement(JudgementId(id)));
        if reads
            .iter()
            .any(|(read, _)| matches!(read, Read::Judgement(read) if read.0 >= id))
        {
            return Err(WireError::Order {
                at: judgement.name.clone(),
            });
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
        .map(|id| Read::Field(FieldId(id)));
    let definitions = (0..=u16::MAX)
        .take(program.definitions.len())
        .map(|id| Read::Definition(DefinitionId(id)));
    let judgements = (0..=u16::MAX)
        .take(program.judgements.len())
        .map(|id| Read::Judgement(JudgementId(id)));
    for read in fields.chain(definitions).chain(judgements) {
        walk.depth(read, 0)?;
    }
    for check in &program.checks {
        walk.depth_of(&check.id, reads_of_condition(&check.violated), 0)?;
    }
    for field in &program.fields {
        for condition in field.required_when.iter().chain(&field.hidden_when) {
            walk.depth_of(&field.name, reads_of_condition(condition), 0)?;
        }
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
        let depth = self.depth_of(at, direct_reads(self.program, read), level + 1)?;
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
