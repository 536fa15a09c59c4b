//! What a patient may have answered, as literals: the finite partition of every item.
//!
//! | item | literals |
//! |---|---|
//! | one code | one per code, known or unknown; none: not filled in |
//! | several codes | one per code |
//! | number | filled in; for every threshold `c`: at least `c` (neighbouring ones imply each other) |
//! | date | filled in; to the day |
//! | text | filled in |
//!
//! Only records that the form accepts as they stand are considered: nothing hidden is filled in.

use super::encode::Encoder;
use super::solver::{Lit, Solver};
use kohyo_engine::program::{Field, FieldId, FieldType};
use kohyo_engine::{Decimal, Program};
use std::collections::BTreeMap;

/// What may be answered to one field.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// At most one of these holds.
    Choice(Vec<Lit>),
    Choices(Vec<Lit>),
    Number(Grid),
    Date {
        answered: Lit,
        /// Known to the day, even if only the month or year is asked for.
        precise: Lit,
    },
    Text(Lit),
}

/// A number on a grid, divided at thresholds.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    pub(super) answered: Lit,
    pub(super) low: Decimal,
    pub(super) high: Decimal,
    pub(super) step: Decimal,
    /// For each threshold above `low`: the answer is at least that.
    pub(super) cuts: BTreeMap<Decimal, Lit>,
}

impl State {
    /// A fresh state for a field.
    pub(super) fn new(solver: &mut Solver, program: &Program, field: &Field) -> Self {
        let codes = |table: u16| {
            program
                .code_tables
                .get(usize::from(table))
                .map_or(0, |table| table.codes.len())
        };
        match &field.ty {
            FieldType::Choice { table } => {
                let lits: Vec<Lit> = (0..codes(*table)).map(|_| solver.variable()).collect();
                solver.at_most_one(&lits);
                Self::Choice(lits)
            }
            FieldType::Choices { table } => {
                Self::Choices((0..codes(*table)).map(|_| solver.variable()).collect())
            }
            FieldType::Number { .. } => match field.ty.numbers() {
                Some((low, high, step)) => Self::Number(Grid {
                    answered: solver.variable(),
                    low,
                    high,
                    step,
                    cuts: BTreeMap::new(),
                }),
                None => Self::Text(solver.variable()),
            },
            FieldType::Date { .. } => {
                let (answered, precise) = (solver.variable(), solver.variable());
                solver.implies(precise, answered);
                Self::Date { answered, precise }
            }
            FieldType::Text { .. }
            | FieldType::Kana { .. }
            | FieldType::Digits { .. }
            | FieldType::PostalCode
            | FieldType::Phone => Self::Text(solver.variable()),
        }
    }
}

impl Grid {
    /// The answer is at least `number` (more than `number` if strict), whether filled in or not.
    pub(super) fn at_least(&mut self, solver: &mut Solver, number: Decimal, strict: bool) -> Lit {
        let at = on_grid(number, self.step, strict);
        if at <= self.low {
            return Lit::TRUE;
        }
        if at > self.high {
            return Lit::FALSE;
        }
        cut(solver, &mut self.cuts, at)
    }

    /// The answer is just this.
    pub(super) fn is(&mut self, solver: &mut Solver, number: Decimal) -> Lit {
        let from = self.at_least(solver, number, false);
        let beyond = self.at_least(solver, number, true);
        let inside = solver.and(from, !beyond);
        solver.and(inside, self.answered)
    }

    /// How many values it has, if not more than `most`.
    pub(super) fn values(&self, most: usize) -> Option<Vec<Decimal>> {
        let mut values = Vec::new();
        let mut value = self.low;
        while value <= self.high {
            if values.len() == most {
                return None;
            }
            values.push(value);
            value += self.step;
        }
        Some(values)
    }
}

/// The smallest multiple of `step` that is at least `number`; more than `number` if strict.
pub(super) fn on_grid(number: Decimal, step: Decimal, strict: bool) -> Decimal {
    let up = (number / step).ceil() * step;
    if strict && up == number {
        up + step
    } else {
        up
    }
}

/// The literal of a threshold; a new one is put in its place between its neighbours.
pub(super) fn cut<K: Ord + Copy>(solver: &mut Solver, cuts: &mut BTreeMap<K, Lit>, at: K) -> Lit {
    if let Some(lit) = cuts.get(&at) {
        return *lit;
    }
    let lit = solver.variable();
    if let Some((_, below)) = cuts.range(..at).next_back() {
        solver.implies(lit, *below);
    }
    if let Some((_, above)) = cuts.range(at..).next() {
        solver.implies(*above, lit);
    }
    cuts.insert(at, lit);
    lit
}

impl Encoder<'_> {
    /// The state of a field; made when it is first read.
    pub(super) fn state(&mut self, id: FieldId) -> Option<State> {
        let position = usize::from(id.0);
        if let Some(Some(state)) = self.states.get(position) {
            return Some(state.clone());
        }
        let program = self.program;
        let field = program.fields.get(position)?;
        let state = State::new(&mut self.solver, program, field);
        if let Some(slot) = self.states.get_mut(position) {
            *slot = Some(state.clone());
        }
        let answered = self.answered(id);
        let shown = self.shown(id);
        self.solver.implies(answered, shown.yes);
        Some(state)
    }

    /// Something is filled in.
    pub(super) fn answered(&mut self, id: FieldId) -> Lit {
        match self.state(id) {
            Some(State::Choice(codes) | State::Choices(codes)) => self.solver.any(codes),
            Some(State::Number(grid)) => grid.answered,
            Some(State::Date { answered, .. } | State::Text(answered)) => answered,
            None => Lit::FALSE,
        }
    }

    /// Something known is filled in; a date to the day.
    pub(super) fn known(&mut self, id: FieldId) -> Lit {
        match self.state(id) {
            Some(State::Choice(codes)) => {
                let known = self.known_codes(id, &codes, false);
                self.solver.any(known)
            }
            Some(State::Choices(codes)) => {
                let unknown = self.known_codes(id, &codes, true);
                let (some, doubt) = (self.solver.any(codes), self.solver.any(unknown));
                self.solver.and(some, !doubt)
            }
            Some(State::Number(grid)) => grid.answered,
            Some(State::Date { precise, .. }) => precise,
            Some(State::Text(answered)) => answered,
            None => Lit::FALSE,
        }
    }

    /// If the field is shown, something known is filled in.
    pub(super) fn complete(&mut self, id: FieldId) -> Lit {
        let (known, shown) = (self.known(id), self.shown(id));
        self.solver.or(known, shown.no)
    }

    /// The literals of the codes that are (or are not) marked unknown.
    pub(super) fn known_codes(&self, id: FieldId, codes: &[Lit], unknown: bool) -> Vec<Lit> {
        self.codes(id)
            .iter()
            .zip(codes)
            .filter(|(code, _)| code.unknown == unknown)
            .map(|(_, lit)| *lit)
            .collect()
    }
}
