//! Whether a rule reads a field only where it is shown, asked of the solver: where the conditions
//! around a read say so in other words than the field's own `shown when`.

use super::encode::{Encoder, Pair};
use super::solver::{Answer, Lit};
use kohyo_engine::Program;
use kohyo_engine::program::{
    Cond, CondKind, DefinitionId, FieldId, JudgementId, Number, NumberKind, Part, Rule,
};

/// A rule that reads fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    Definition(DefinitionId),
    Judgement(JudgementId),
}

/// Steps that one read may cost.
const BUDGET: u64 = 100_000;

/// Whether everything around each read of a field in this rule makes sure that it is shown.
pub(crate) fn reads_only_where_shown(program: &Program, reader: Reader, field: FieldId) -> bool {
    let mut walk = Walk {
        encoder: Encoder::new(program),
        field,
        safe: true,
    };
    match reader {
        Reader::Definition(id) => match program.definitions.get(usize::from(id.0)) {
            Some(definition) => walk.rule(&definition.rule),
            None => return false,
        },
        Reader::Judgement(id) => match program.judgements.get(usize::from(id.0)) {
            Some(judgement) => {
                let conditions = judgement.categories.iter();
                walk.in_order(conditions.filter_map(|category| category.when.as_ref()));
            }
            None => return false,
        },
    }
    walk.safe
}

struct Walk<'p> {
    encoder: Encoder<'p>,
    field: FieldId,
    safe: bool,
}

impl Walk<'_> {
    fn rule(&mut self, rule: &Rule) {
        match rule {
            Rule::Criterion(condition) => self.cond(condition, Lit::TRUE),
            Rule::Number { number, .. } => self.number(number, Lit::TRUE),
            Rule::Grade { arms, .. } => self.in_order(arms.iter().map(|(condition, _)| condition)),
        }
    }

    /// Each condition matters only where none before it holds.
    fn in_order<'c>(&mut self, conditions: impl Iterator<Item = &'c Cond>) {
        let mut known = Lit::TRUE;
        for condition in conditions {
            self.cond(condition, known);
            let pair = self.encoder.cond(condition);
            known = self.encoder.solver.and(known, pair.no);
        }
    }

    /// A condition that matters where `known` holds.
    fn cond(&mut self, condition: &Cond, known: Lit) {
        match &condition.kind {
            CondKind::All(parts) => self.beside(parts, known, |pair| pair.yes),
            CondKind::Any(parts) => self.beside(parts, known, |pair| pair.no),
            CondKind::If(condition, then, otherwise) => {
                let pair = self.encoder.cond(condition);
                self.cond(condition, known);
                let (yes, no) = self.branches(pair, known);
                self.cond(then, yes);
                self.cond(otherwise, no);
            }
            CondKind::IfShown { fields, .. } if fields.contains(&self.field) => {}
            _ => condition.each_part(|part| self.part(part, known)),
        }
    }

    /// A part matters only where the others do not settle the matter.
    fn beside(&mut self, parts: &[Cond], known: Lit, open: fn(Pair) -> Lit) {
        for (own, part) in parts.iter().enumerate() {
            let mut here = known;
            for (other, condition) in parts.iter().enumerate() {
                if other != own {
                    let pair = self.encoder.cond(condition);
                    here = self.encoder.solver.and(here, open(pair));
                }
            }
            self.cond(part, here);
        }
    }

    fn branches(&mut self, condition: Pair, known: Lit) -> (Lit, Lit) {
        let solver = &mut self.encoder.solver;
        (
            solver.and(known, condition.yes),
            solver.and(known, condition.no),
        )
    }

    fn number(&mut self, number: &Number, known: Lit) {
        match &number.kind {
            NumberKind::If(condition, then, otherwise) => {
                self.cond(condition, known);
                let pair = self.encoder.cond(condition);
                let (yes, no) = self.branches(pair, known);
                self.number(then, yes);
                self.number(otherwise, no);
            }
            NumberKind::When { amount, condition } => {
                self.cond(condition, known);
                let pair = self.encoder.cond(condition);
                let (yes, _) = self.branches(pair, known);
                self.number(amount, yes);
            }
            NumberKind::IfShown { fields, .. } if fields.contains(&self.field) => {}
            _ => number.each_part(|part| self.part(part, known)),
        }
    }

    fn part(&mut self, part: Part<'_>, known: Lit) {
        match part {
            Part::Field(field) => self.read(field, known),
            Part::Cond(condition) => self.cond(condition, known),
            Part::Number(number) => self.number(number, known),
            Part::Moment(moment) => moment.each_part(|part| self.part(part, known)),
            // Each rule answers for its own reads.
            Part::Definition(_) | Part::Judgement(_) => {}
        }
    }

    fn read(&mut self, field: FieldId, known: Lit) {
        if field != self.field || !self.safe {
            return;
        }
        let shown = self.encoder.shown(field).yes;
        self.encoder.link();
        let mut budget = BUDGET;
        let hidden = self.encoder.solver.ask(&[known, !shown], &mut budget);
        self.safe = matches!(hidden, Answer::No(_));
    }
}
