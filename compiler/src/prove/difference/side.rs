//! A judgement of one edition as circuits, and two of them in one solver.

use super::link::{Shared, link};
use super::{Asked, Of, StandIns, lend};
use crate::prove::encode::{Encoder, Pair};
use crate::prove::patient::{Wish, trial_form};
use crate::prove::reads::Cone;
use crate::prove::solver::{Lit, Solver};
use kohyo_engine::program::{
    Category, Field, FieldId, Index, Judgement, JudgementId, Level, Part, Rule,
};
use kohyo_engine::{Form, Program, Question};
use std::collections::BTreeSet;

/// A judgement of one edition.
pub(super) struct Side<'a> {
    pub(super) program: &'a Program,
    pub(super) id: JudgementId,
    pub(super) judgement: &'a Judgement,
    pub(super) encoder: Encoder<'a>,
    pub(super) cone: Cone,
    /// The error checks that the items of the judgement settle.
    pub(super) kept: Vec<Index>,
}

impl<'a> Side<'a> {
    fn new((program, id, judgement): Of<'a>, stand_ins: StandIns) -> Self {
        let conditions = judgement.categories.iter().filter_map(|c| c.when.as_ref());
        let cone = Cone::of(program, conditions);
        let checks = (0..).zip(&program.checks);
        let kept = checks
            .filter(|(_, check)| check.level == Level::Error)
            .filter(|(_, check)| {
                let reads = Cone::of(program, [&check.violated]);
                reads.fields.is_subset(&cone.fields)
            })
            .map(|(index, _)| index)
            .collect();
        let mut encoder = Encoder::new(program);
        encoder.stand_ins = stand_ins;
        Self {
            program,
            id,
            judgement,
            encoder,
            cone,
            kept,
        }
    }

    /// What tells categories apart; nothing beyond the last, where none is settled.
    pub(super) fn key(&self, index: usize) -> Option<(&str, bool)> {
        let category = self.judgement.categories.get(index)?;
        Some((category.name.as_str(), category.eligible))
    }

    pub(super) fn category(&self, index: usize) -> Option<&Category> {
        self.judgement.categories.get(index)
    }

    /// Position of the outcome that none is settled.
    pub(super) fn open(&self) -> usize {
        self.judgement.categories.len()
    }

    pub(super) fn field(&self, id: FieldId) -> Option<&'a Field> {
        self.program.fields.get(usize::from(id.0))
    }

    /// For each category: it comes out for certain. The last: none does.
    fn outcomes(&mut self) -> Vec<Lit> {
        let conditions: Vec<Pair> = self.encoder.categories(self.id);
        let mut outcomes: Vec<Lit> = (0..self.judgement.categories.len())
            .map(|index| self.encoder.first(&conditions, index))
            .collect();
        let settled = self.encoder.solver.any(outcomes.clone());
        outcomes.push(!settled);
        outcomes
    }

    fn leaves(&mut self, leaves: &mut Vec<Lit>) {
        let judgement = self.judgement;
        let conditions = judgement.categories.iter();
        for when in conditions.filter_map(|category| category.when.as_ref()) {
            self.encoder.leaves(when, leaves);
        }
    }

    /// Everything that is read is known.
    fn complete(&mut self) -> Vec<Lit> {
        let fields = self.cone.fields.iter();
        fields.map(|field| self.encoder.complete(*field)).collect()
    }

    /// Everything that is asked is answered, were it with 「不明」.
    fn filled(&mut self) -> Vec<Lit> {
        let mut filled = Vec::new();
        for field in &self.cone.fields {
            let (answered, shown) = (self.encoder.answered(*field), self.encoder.shown(*field));
            filled.push(self.encoder.solver.or(answered, shown.no));
        }
        filled
    }

    /// No error check finds anything.
    fn acceptable(&mut self) -> Vec<Lit> {
        let kept = self.kept.iter();
        kept.map(|check| !self.encoder.violated(*check)).collect()
    }

    /// What leads to a category; beyond the last: none is settled.
    pub(super) fn wishes(&self, index: usize) -> Vec<Wish> {
        let question = |index: usize| {
            let index = Index::try_from(index).unwrap_or(Index::MAX);
            Question::Category(self.id, index)
        };
        if index >= self.open() {
            return vec![Wish::Open(self.id)];
        }
        let mut wishes: Vec<Wish> = (0..index)
            .map(|before| Wish::Is(question(before), false))
            .collect();
        if index + 1 < self.open() {
            wishes.push(Wish::Is(question(index), true));
        }
        wishes
    }

    /// The names of what is calculated in ways that circuits do not follow.
    pub(super) fn calculated(&self) -> BTreeSet<String> {
        let found = self.encoder.virtuals.iter();
        let found = found.filter(|found| found.inputs.fields.is_subset(&self.cone.fields));
        let names = found.filter(|found| !found.is_elapsed()).map(|found| {
            let definitions = self.program.definitions.iter();
            let rule = definitions.rev().find(|definition| {
                let mut reads = false;
                if let Rule::Number { number, .. } = &definition.rule {
                    reads = number.kind == found.number.kind;
                    number.each_part(|part| {
                        if let Part::Number(inner) = part {
                            reads |= inner.kind == found.number.kind;
                        }
                    });
                }
                reads
            });
            rule.map_or_else(|| found.number.text.clone(), |rule| rule.label.clone())
        });
        names.filter(|name| !name.is_empty()).collect()
    }
}

/// Two sides with one solver, which stands with the new one between calls.
pub(super) struct Both<'a> {
    pub(super) old: Side<'a>,
    pub(super) new: Side<'a>,
    pub(super) shared: Shared,
    pub(super) forms: (Form, Form),
    /// For each outcome of the old side, and of the new one.
    pub(super) outcomes: (Vec<Lit>, Vec<Lit>),
    /// Everything is known that is read.
    pub(super) complete: Vec<Lit>,
    /// Everything is answered that is asked.
    pub(super) filled: Vec<Lit>,
    /// No error check finds anything.
    pub(super) acceptable: Vec<Lit>,
    /// When the parts of the conditions hold.
    pub(super) leaves: Vec<Lit>,
}

impl<'a> Both<'a> {
    pub(super) fn new(asked: Asked<'a>, stand_ins: StandIns) -> Option<Self> {
        let mut old = Side::new(asked.old, stand_ins);
        let mut new = Side::new(asked.new, None);
        let [mut leaves, mut complete] = [Vec::new(), Vec::new()];
        let [mut filled, mut acceptable] = [Vec::new(), Vec::new()];
        let mut build = |side: &mut Side<'a>| {
            let outcomes = side.outcomes();
            side.leaves(&mut leaves);
            complete.extend(side.complete());
            filled.extend(side.filled());
            acceptable.extend(side.acceptable());
            outcomes
        };
        let before = build(&mut old);
        // From here on one solver serves both.
        let solver = std::mem::replace(&mut old.encoder.solver, Solver::new());
        let stand_ins = old.encoder.stand_ins.take();
        new.encoder = Encoder::with_solver(new.program, solver, old.encoder.renewal);
        new.encoder.stand_ins = stand_ins;
        let after = build(&mut new);
        let shared = Shared::of(old.program, new.program);
        link(&mut old, &mut new, &shared);
        let forms = (
            trial_form(old.program, &old.encoder.virtuals)?,
            trial_form(new.program, &new.encoder.virtuals)?,
        );
        Some(Self {
            old,
            new,
            shared,
            forms,
            outcomes: (before, after),
            complete,
            filled,
            acceptable,
            leaves,
        })
    }

    /// Lends the solver to the old side, or takes it back.
    pub(super) fn swap(&mut self) {
        lend(&mut self.old.encoder, &mut self.new.encoder);
    }

    pub(super) fn solver(&mut self) -> &mut Solver {
        &mut self.new.encoder.solver
    }

    /// Everything that is calculated has a value.
    pub(super) fn calculated(&self) -> Vec<Lit> {
        let mut known = self.new.encoder.calculated(&self.new.cone);
        known.extend(self.old.encoder.calculated(&self.old.cone));
        known
    }

    /// Whether one of the judgements reads how a record stands.
    pub(super) fn reads_state(&self) -> bool {
        self.old.cone.as_written || self.new.cone.as_written
    }

    /// Labels of the items that only the old side reads, and of those that only the new one does.
    pub(super) fn only(&self) -> [Vec<String>; 2] {
        let only = |side: &Side<'_>, other: &Side<'_>| -> Vec<String> {
            let names = |side: &Side<'_>| -> BTreeSet<String> {
                let fields = side.cone.fields.iter();
                let fields = fields.filter_map(|id| side.program.fields.get(usize::from(id.0)));
                fields.map(|field| field.name.clone()).collect()
            };
            let others = names(other);
            let fields = side.cone.fields.iter();
            let fields = fields.filter_map(|id| side.field(*id));
            let only = fields.filter(|field| !others.contains(&field.name));
            only.map(|field| field.label.clone()).collect()
        };
        [only(&self.old, &self.new), only(&self.new, &self.old)]
    }
}
