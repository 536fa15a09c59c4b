//! The part of the circuits that is before the search: the only file that knows which solver it is.

use super::{Clause, Lit, Node, Reach};
use batsat::{Callbacks, Solver as Sat, SolverInterface, SolverOpts, lbool};
use std::cell::Cell;

/// What came of a search.
pub(super) enum Outcome {
    Found,
    /// These assumptions exclude each other.
    Impossible(Vec<Lit>),
    Unsettled,
}

/// Variables and clauses that a search deals with.
///
/// Every variable before a search has to be given a value, so that a search costs as much as there
/// is in the window. It stays as it is, with all that was learned in it, for questions about much
/// the same; a question about something else begins a new one.
pub(super) struct Window {
    sat: Sat<Steps>,
    /// For each variable its place in the search.
    places: Vec<Option<batsat::Var>>,
    /// For each clause whether it is in.
    clauses: Vec<bool>,
    /// How many variables are in.
    size: usize,
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

/// A window of so many times what a question reads is not worth its burden.
const BURDEN: usize = 8;

/// A window this small is no burden.
const SMALL: usize = 256;

impl Default for Window {
    fn default() -> Self {
        let steps = Steps { left: Cell::new(0) };
        Self {
            sat: Sat::new(SolverOpts::default(), steps),
            places: Vec::new(),
            clauses: Vec::new(),
            size: 0,
        }
    }
}

impl Window {
    /// How many variables are in once what a question reads is taken in; nothing if that is a burden.
    pub(super) fn size_with(&self, reach: &Reach) -> Option<usize> {
        let inside = reach.variables.iter().filter(|v| self.holds(**v)).count();
        let size = self.size + reach.variables.len() - inside;
        (size <= BURDEN * reach.variables.len() + SMALL).then_some(size)
    }

    /// Takes in what a question reads.
    pub(super) fn show(&mut self, nodes: &[Node], clauses: &[Clause], reach: &Reach) {
        self.places.resize(nodes.len(), None);
        self.clauses.resize(clauses.len(), false);
        for variable in &reach.variables {
            self.take(*variable, nodes);
        }
        for position in &reach.clauses {
            if let (Some(taken), Some(clause)) =
                (self.clauses.get_mut(*position), clauses.get(*position))
                && !std::mem::replace(taken, true)
            {
                self.add(&clause.lits);
            }
        }
    }

    fn holds(&self, variable: usize) -> bool {
        self.places.get(variable).is_some_and(Option::is_some)
    }

    /// Takes in a variable; what a gate is made of is in already.
    fn take(&mut self, variable: usize, nodes: &[Node]) {
        let Some(place) = self
            .places
            .get_mut(variable)
            .filter(|place| place.is_none())
        else {
            return;
        };
        // Off is tried first: examples stay small.
        *place = Some(self.sat.new_var(lbool::FALSE, true));
        self.size += 1;
        if let Some((a, b)) = nodes.get(variable).and_then(|node| node.inputs) {
            let gate = Lit::on(variable);
            self.add(&[!gate, a]);
            self.add(&[!gate, b]);
            self.add(&[gate, !a, !b]);
        }
    }

    fn add(&mut self, lits: &[Lit]) {
        let mut clause = self.placed(lits);
        self.sat.add_clause_reuse(&mut clause);
    }

    /// As the search knows them.
    fn placed(&self, lits: &[Lit]) -> Vec<batsat::Lit> {
        lits.iter()
            .filter_map(|lit| {
                let place = (*self.places.get(lit.variable())?)?;
                Some(batsat::Lit::new(place, !lit.is_negative()))
            })
            .collect()
    }

    /// Looks for values with which all assumptions hold; spends from the budget.
    pub(super) fn search(&mut self, assumptions: &[Lit], budget: &mut u64) -> Outcome {
        let wanted = self.placed(assumptions);
        self.sat.cb_mut().left.set(*budget);
        let found = self.sat.solve_limited(&wanted);
        *budget = self.sat.cb().left.get();
        if found == lbool::TRUE {
            Outcome::Found
        } else if found == lbool::FALSE {
            let core = self.sat.unsat_core();
            let of_core = |lit: &batsat::Lit| core.contains(lit) || core.contains(&!*lit);
            let both = assumptions.iter().zip(&wanted);
            Outcome::Impossible(
                both.filter(|(_, placed)| of_core(placed))
                    .map(|(lit, _)| *lit)
                    .collect(),
            )
        } else {
            Outcome::Unsettled
        }
    }

    /// The value of a variable in what was found last, if it was before the search.
    pub(super) fn value(&self, variable: usize) -> Option<bool> {
        let place = (*self.places.get(variable)?)?;
        let value = self.sat.get_model().get(place.idx() as usize)?;
        Some(*value == lbool::TRUE)
    }
}
