//! Boolean circuits over a SAT solver: the only file that knows which solver it is.
//!
//! Gates are hashed and folded, so that equal circuits are one literal and constants cost nothing.
//! Effort is counted in steps of the search, never by a clock: the same question gives the same
//! answer on every machine.

use batsat::{Callbacks, Solver as Sat, SolverInterface, SolverOpts, lbool};
use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Not;

/// A literal: a variable, or its negation. The first variable is the constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Lit(u32);

impl Lit {
    pub(super) const TRUE: Self = Self(0);
    pub(super) const FALSE: Self = Self(1);
}

impl Lit {
    /// [`Not`] for constants.
    pub(super) const fn not(self) -> Self {
        Self(self.0 ^ 1)
    }
}

impl Not for Lit {
    type Output = Self;

    fn not(self) -> Self {
        Self::not(self)
    }
}

impl From<bool> for Lit {
    fn from(value: bool) -> Self {
        if value { Self::TRUE } else { Self::FALSE }
    }
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// There is such a patient; [`Solver::value`] tells about it.
    Yes,
    /// There is none, and these assumptions alone see to that.
    No(Vec<Lit>),
    /// The budget is spent.
    Unsettled,
}

/// Counts steps of the search.
struct Steps {
    left: Cell<u64>,
}

impl Callbacks for Steps {
    fn stop(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left == 0
    }
}

/// Circuits and their solver.
pub(super) struct Solver {
    sat: Sat<Steps>,
    /// And-gates by their two inputs, the smaller first.
    gates: HashMap<(Lit, Lit), Lit>,
    /// For each variable the inputs of its gate, if it is one.
    inputs: Vec<Option<(Lit, Lit)>>,
    /// One value per variable of the last patient found.
    model: Vec<bool>,
    /// Patients found so far: many a question is answered by one of them.
    known: Vec<Vec<bool>>,
    /// Something was demanded since the last patient was found, so that the known ones may be
    /// none any more. New gates alone demand nothing.
    stale: bool,
}

/// So many patients are kept.
const KNOWN: usize = 16;

impl Solver {
    pub(super) fn new() -> Self {
        let steps = Steps { left: Cell::new(0) };
        let mut solver = Self {
            sat: Sat::new(SolverOpts::default(), steps),
            gates: HashMap::new(),
            inputs: Vec::new(),
            model: Vec::new(),
            known: Vec::new(),
            stale: false,
        };
        let truth = solver.variable();
        solver.add(&[truth]);
        solver
    }

    /// A new variable.
    pub(super) fn variable(&mut self) -> Lit {
        self.stale = true;
        self.new_variable(None)
    }

    fn new_variable(&mut self, inputs: Option<(Lit, Lit)>) -> Lit {
        let position = self.sat.num_vars();
        // Off is tried first: examples stay small.
        self.sat.new_var(lbool::FALSE, true);
        self.inputs.push(inputs);
        Lit(position * 2)
    }

    /// At least one of these holds.
    pub(super) fn clause(&mut self, lits: &[Lit]) {
        if lits.contains(&Lit::TRUE) {
            return;
        }
        self.stale = true;
        self.add(lits);
    }

    fn add(&mut self, lits: &[Lit]) {
        let mut clause: Vec<batsat::Lit> = lits.iter().map(|lit| outside(*lit)).collect();
        self.sat.add_clause_reuse(&mut clause);
    }

    /// At most one of these holds: pair by pair while they are few, else each shuts out the later
    /// ones, which takes three clauses for each however many there are.
    pub(super) fn at_most_one(&mut self, lits: &[Lit]) {
        const FEW: usize = 32;
        if lits.len() <= FEW {
            for (i, a) in lits.iter().enumerate() {
                for b in lits.iter().skip(i + 1) {
                    self.clause(&[!*a, !*b]);
                }
            }
            return;
        }
        let mut one_before = Lit::FALSE;
        for lit in lits {
            let one_by_now = self.variable();
            self.clause(&[!*lit, !one_before]);
            self.implies(*lit, one_by_now);
            self.implies(one_before, one_by_now);
            one_before = one_by_now;
        }
    }

    /// `a` implies `b`.
    pub(super) fn implies(&mut self, a: Lit, b: Lit) {
        self.clause(&[!a, b]);
    }

    pub(super) fn and(&mut self, a: Lit, b: Lit) -> Lit {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        if a == Lit::TRUE || a == b {
            return b;
        }
        if a == Lit::FALSE || a == !b {
            return Lit::FALSE;
        }
        if let Some(gate) = self.gates.get(&(a, b)) {
            return *gate;
        }
        let gate = self.new_variable(Some((a, b)));
        self.add(&[!gate, a]);
        self.add(&[!gate, b]);
        self.add(&[gate, !a, !b]);
        self.gates.insert((a, b), gate);
        gate
    }

    pub(super) fn or(&mut self, a: Lit, b: Lit) -> Lit {
        !self.and(!a, !b)
    }

    pub(super) fn all(&mut self, lits: impl IntoIterator<Item = Lit>) -> Lit {
        lits.into_iter()
            .fold(Lit::TRUE, |all, lit| self.and(all, lit))
    }

    pub(super) fn any(&mut self, lits: impl IntoIterator<Item = Lit>) -> Lit {
        lits.into_iter()
            .fold(Lit::FALSE, |any, lit| self.or(any, lit))
    }

    /// Whether a patient exists of whom all of this holds; spends from the budget.
    pub(super) fn ask(&mut self, assumptions: &[Lit], budget: &mut u64) -> Answer {
        if let Some(known) = self.remembered(assumptions) {
            self.model = known;
            return Answer::Yes;
        }
        let wanted: Vec<batsat::Lit> = assumptions.iter().map(|lit| outside(*lit)).collect();
        self.sat.cb_mut().left.set(*budget);
        let answer = self.sat.solve_limited(&wanted);
        *budget = self.sat.cb().left.get();
        if answer == lbool::TRUE {
            self.model = self
                .sat
                .get_model()
                .iter()
                .map(|value| *value == lbool::TRUE)
                .collect();
            if self.stale {
                self.known.clear();
                self.stale = false;
            }
            if self.known.len() == KNOWN {
                self.known.remove(0);
            }
            self.known.push(self.model.clone());
            Answer::Yes
        } else if answer == lbool::FALSE {
            let core = self.sat.unsat_core();
            let core = assumptions
                .iter()
                .copied()
                .filter(|lit| core.contains(&!outside(*lit)) || core.contains(&outside(*lit)))
                .collect();
            Answer::No(core)
        } else {
            Answer::Unsettled
        }
    }

    /// Whether a literal holds for the patient found last.
    pub(super) fn value(&self, lit: Lit) -> bool {
        holds(&self.model, lit)
    }

    /// A known patient of whom all of this holds.
    fn remembered(&mut self, assumptions: &[Lit]) -> Option<Vec<bool>> {
        if self.stale {
            return None;
        }
        for model in &mut self.known {
            for inputs in self.inputs.iter().skip(model.len()) {
                // INVARIANT: while nothing is stale, every new variable is a gate.
                let on = inputs.is_some_and(|(a, b)| holds(model, a) && holds(model, b));
                model.push(on);
            }
        }
        self.known
            .iter()
            .rev()
            .find(|model| assumptions.iter().all(|lit| holds(model, *lit)))
            .cloned()
    }
}

fn holds(model: &[bool], lit: Lit) -> bool {
    let value = model.get((lit.0 / 2) as usize).copied().unwrap_or(false);
    value == lit.0.is_multiple_of(2)
}

fn outside(lit: Lit) -> batsat::Lit {
    batsat::Lit::new(
        batsat::Var::unsafe_from_idx(lit.0 / 2),
        lit.0.is_multiple_of(2),
    )
}
