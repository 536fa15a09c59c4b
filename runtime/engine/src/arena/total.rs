//! Which rules have a value in every completion: whatever is answered, a criterion is met or it is
//! not, and a grade has an outcome.
//!
//! Said only where it is plain. A division, a root, a function or a question that may not be asked
//! leaves it open.

use super::{
    Arena, CodeSet, CondNode, CondRef, DefinitionRule, Domain, Instant, List, NumberNode, NumberRef,
};
use crate::program::{ArithmeticOp, CompareOp, Function};

/// For each criterion and grade, whether it always has a value; numbers are not told.
pub(super) fn totals(arena: &Arena) -> Vec<bool> {
    let mut totals = Totals {
        arena,
        known: vec![None; arena.definitions.len()],
        judgements: vec![None; arena.judgements.len()],
        asked: Vec::new(),
    };
    (0..=u16::MAX)
        .zip(&arena.definitions)
        .map(|(definition, rule)| {
            !matches!(rule, DefinitionRule::Number { .. }) && totals.definition(definition)
        })
        .collect()
}

struct Totals<'a> {
    arena: &'a Arena,
    /// Nothing while it is being worked out: a rule that reads itself has no value.
    known: Vec<Option<bool>>,
    judgements: Vec<Option<bool>>,
    /// Questions that are asked for certain at this place, though not always.
    asked: Vec<u16>,
}

impl Totals<'_> {
    fn definition(&mut self, definition: u16) -> bool {
        let index = usize::from(definition);
        match self.known.get(index) {
            Some(Some(known)) => return *known,
            Some(None) => {}
            None => return false,
        }
        self.note(index, false);
        // What is asked where a rule is read says nothing about the rule itself.
        let asked = std::mem::take(&mut self.asked);
        let arena = self.arena;
        let total = match arena.definitions.get(index) {
            Some(DefinitionRule::Criterion(condition)) => self.condition(*condition),
            Some(DefinitionRule::Number {
                number, covered, ..
            }) => !covered && self.number(*number),
            Some(DefinitionRule::Grade {
                arms, otherwise, ..
            }) => otherwise.is_some() && arms.iter().all(|(arm, _)| self.condition(*arm)),
            None => false,
        };
        self.asked = asked;
        self.note(index, total);
        total
    }

    fn note(&mut self, index: usize, total: bool) {
        if let Some(known) = self.known.get_mut(index) {
            *known = Some(total);
        }
    }

    fn judgement(&mut self, judgement: u16) -> bool {
        let index = usize::from(judgement);
        if let Some(known) = self.judgements.get(index).copied().flatten() {
            return known;
        }
        let asked = std::mem::take(&mut self.asked);
        let arena = self.arena;
        let total = arena
            .judgements
            .get(index)
            .is_some_and(|rule| rule.conditions.iter().all(|when| self.condition(*when)));
        self.asked = asked;
        if let Some(known) = self.judgements.get_mut(index) {
            *known = Some(total);
        }
        total
    }

    fn condition(&mut self, at: CondRef) -> bool {
        let arena = self.arena;
        let Some(node) = arena.condition(at) else {
            return false;
        };
        match *node {
            CondNode::Const(_) | CondNode::Application(_) | CondNode::TreatUnknown { .. } => true,
            CondNode::Code { field, .. } => {
                let codes = arena.table_of(field);
                self.is_asked(field) && codes.is_some_and(|table| !table.known.is_empty())
            }
            CondNode::Includes { field, bit, .. } => bit < 64 && self.is_asked(field),
            CondNode::Answered(field) => self.is_asked(field) || self.asking(field),
            CondNode::Criterion(definition) | CondNode::Grade { definition, .. } => {
                self.definition(definition)
            }
            CondNode::Category { judgement, .. } => self.judgement(judgement),
            CondNode::Not(condition) => self.condition(condition),
            CondNode::All(list) => self.all(list),
            CondNode::Any(list) | CondNode::Count { of: list, .. } => {
                let conditions = arena.conditions_of(list);
                conditions
                    .iter()
                    .all(|condition| self.condition(*condition))
            }
            CondNode::Compare { left, right, .. } => self.number(left) && self.number(right),
            CondNode::CompareDates { left, right, .. } => self.instant(left) && self.instant(right),
            CondNode::If(condition, then, otherwise) => {
                self.condition(condition)
                    && self.condition(otherwise)
                    && self.beside(&[condition], |totals| totals.condition(then))
            }
            CondNode::IfShown {
                fields, condition, ..
            } => self.if_asked(fields, |totals| totals.condition(condition)),
        }
    }

    /// Where all of these hold, a question that one of them brings up is asked in the others; where
    /// that one does not hold, they all do not.
    fn all(&mut self, list: List<CondRef>) -> bool {
        let conditions = self.arena.conditions_of(list);
        (0..conditions.len()).all(|place| {
            let (before, rest) = conditions.split_at(place);
            let Some((condition, after)) = rest.split_first() else {
                return false;
            };
            let others: Vec<CondRef> = before.iter().chain(after).copied().collect();
            self.beside(&others, |totals| totals.condition(*condition))
        })
    }

    /// With the questions asked that come up where these hold.
    fn beside(&mut self, holding: &[CondRef], f: impl FnOnce(&mut Self) -> bool) -> bool {
        let arena = self.arena;
        let length = self.asked.len();
        for (field, rule) in (0..=u16::MAX).zip(&arena.fields) {
            let Some(shown_when) = rule.shown_when.filter(|_| rule.only.is_none()) else {
                continue;
            };
            if holding.iter().any(|holds| self.implies(*holds, shown_when)) {
                self.asked.push(field);
            }
        }
        let total = f(self);
        self.asked.truncate(length);
        total
    }

    /// Whether one condition holds only where the other does, as far as that is plain.
    fn implies(&self, one: CondRef, other: CondRef) -> bool {
        let arena = self.arena;
        let (Some(one), Some(other_node)) = (arena.condition(one), arena.condition(other)) else {
            return false;
        };
        match (*one, *other_node) {
            (CondNode::All(parts), _) => {
                let parts = arena.conditions_of(parts);
                parts.iter().any(|part| self.implies(*part, other))
            }
            (
                CondNode::Code { field, codes, .. },
                CondNode::Code {
                    field: same,
                    codes: more,
                    ..
                },
            ) => field == same && self.within(codes, more),
            (CondNode::Criterion(one), CondNode::Criterion(other)) => one == other,
            (
                CondNode::Grade {
                    definition,
                    outcomes,
                },
                CondNode::Grade {
                    definition: same,
                    outcomes: more,
                },
            ) => definition == same && outcomes & !more == 0,
            (
                CondNode::Compare { left, op, right },
                CondNode::Compare {
                    left: same,
                    op: other,
                    right: lower,
                },
            ) => {
                let least = |number| match arena.number(number) {
                    Some(NumberNode::Const(least)) => Some(*least),
                    _ => None,
                };
                let above = least(right).zip(least(lower)).is_some_and(|(a, b)| a >= b);
                (op, other) == (CompareOp::GreaterEqual, CompareOp::GreaterEqual)
                    && above
                    && self.is_same_field(left, same)
            }
            _ => false,
        }
    }

    fn is_same_field(&self, one: NumberRef, other: NumberRef) -> bool {
        match (self.arena.number(one), self.arena.number(other)) {
            (Some(NumberNode::Field(one)), Some(NumberNode::Field(other))) => one == other,
            _ => false,
        }
    }

    fn within(&self, codes: CodeSet, more: CodeSet) -> bool {
        let (codes, more) = (codes.of(&self.arena.words), more.of(&self.arena.words));
        let mut pairs = codes.iter().enumerate();
        pairs.all(|(place, word)| word & !more.get(place).copied().unwrap_or(0) == 0)
    }

    fn if_asked(&mut self, fields: List<u16>, f: impl FnOnce(&mut Self) -> bool) -> bool {
        let fields = self.arena.fields_of(fields);
        if !fields.iter().all(|field| self.asking(*field)) {
            return false;
        }
        let length = self.asked.len();
        self.asked.extend(fields);
        let total = f(self);
        self.asked.truncate(length);
        total
    }

    /// Whether it is certain in every completion whether a question is asked.
    fn asking(&mut self, field: u16) -> bool {
        let arena = self.arena;
        let Some(rule) = arena.field(field) else {
            return false;
        };
        match rule.shown_when {
            None => true,
            Some(condition) => {
                let asked = std::mem::take(&mut self.asked);
                let total = self.condition(condition);
                self.asked = asked;
                total
            }
        }
    }

    fn is_asked(&self, field: u16) -> bool {
        let always = self
            .arena
            .field(field)
            .is_some_and(|rule| rule.always_shown);
        always || self.asked.contains(&field)
    }

    fn number(&mut self, at: NumberRef) -> bool {
        let arena = self.arena;
        let Some(node) = arena.number(at) else {
            return false;
        };
        match *node {
            NumberNode::Const(_) => true,
            NumberNode::Nothing | NumberNode::Script { .. } => false,
            NumberNode::Field(field) => {
                let domain = arena.field(field).map(|rule| &rule.domain);
                self.is_asked(field) && matches!(domain, Some(Domain::Number(_)))
            }
            NumberNode::Points { field, table } => {
                let points = arena.table(table).is_some_and(|table| {
                    let counts =
                        |code: &u16| matches!(table.points.get(usize::from(*code)), Some(Some(_)));
                    !table.known.is_empty() && table.known.iter().all(counts)
                });
                points && self.is_asked(field)
            }
            NumberNode::Definition(definition) => self.definition(definition),
            NumberNode::Sum { parts, .. } => self.numbers(parts),
            NumberNode::Max(parts) | NumberNode::Min(parts) => {
                !arena.numbers_of(parts).is_empty() && self.numbers(parts)
            }
            NumberNode::Count(list) => {
                let conditions = arena.conditions_of(list);
                conditions
                    .iter()
                    .all(|condition| self.condition(*condition))
            }
            NumberNode::When { amount, condition } => {
                self.condition(condition)
                    && self.beside(&[condition], |totals| totals.number(amount))
            }
            NumberNode::If(condition, then, otherwise) => {
                self.condition(condition)
                    && self.number(otherwise)
                    && self.beside(&[condition], |totals| totals.number(then))
            }
            NumberNode::Arithmetic { left, op, right } => {
                let simple = match op {
                    ArithmeticOp::Add | ArithmeticOp::Subtract => true,
                    ArithmeticOp::Multiply | ArithmeticOp::Divide => self.is_factor(right),
                };
                simple && self.number(left) && self.number(right)
            }
            NumberNode::Call {
                function,
                first,
                second,
            } => {
                let plain = match function {
                    Function::Abs | Function::Round | Function::Floor | Function::Ceiling => true,
                    Function::Sqrt | Function::Ln | Function::Exp | Function::Power => false,
                };
                plain && self.number(first) && second.is_none_or(|second| self.number(second))
            }
            NumberNode::Elapsed { from, to, .. } => self.instant(from) && self.instant(to),
            NumberNode::IfShown { fields, number, .. } => {
                self.if_asked(fields, |totals| totals.number(number))
            }
        }
    }

    fn numbers(&mut self, parts: List<NumberRef>) -> bool {
        let parts = self.arena.numbers_of(parts);
        parts.iter().all(|part| self.number(*part))
    }

    /// A constant that neither is zero nor makes a number too large to be told.
    fn is_factor(&self, at: NumberRef) -> bool {
        match self.arena.number(at) {
            Some(NumberNode::Const(factor)) => {
                let size = factor.abs();
                size >= crate::Decimal::new(1, 3) && size <= crate::Decimal::from(1_000)
            }
            _ => false,
        }
    }

    fn instant(&self, instant: Instant) -> bool {
        instant.field().is_none_or(|field| {
            let domain = self.arena.field(field).map(|rule| &rule.domain);
            self.is_asked(field) && matches!(domain, Some(Domain::Date))
        })
    }
}
