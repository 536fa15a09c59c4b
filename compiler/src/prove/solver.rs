//! Boolean circuits, and questions about them.
//!
//! Gates are hashed and folded, so that equal circuits are one literal and constants cost nothing.
//! Before the search comes only what a question reads, see [`Window`]: a form has thousands of
//! circuits, a rule reads a few hundred of them. Effort is counted in steps of the search, never by
//! a clock: the same question gives the same answer on every machine.

mod window;
mod crowd;

use crowd::Crowd;
use std::collections::HashMap;
use std::ops::Not;
use window::{Outcome, Window};

/// A literal: a variable, or its negation. The first variable is the constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Lit(u32);

impl Lit {
    pub(super) const TRUE: Self = Self(0);
    pub(super) const FALSE: Self = Self(1);
}

impl Lit {
    /// The literal that says that a variable is on.
    fn on(variable: usize) -> Self {
        Self(u32::try_from(variable * 2).unwrap_or(u32::MAX - 1))
    }

    fn variable(self) -> usize {
        (self.0 / 2) as usize
    }

    fn is_negative(self) -> bool {
        !self.0.is_multiple_of(2)
    }

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

/// Circuits, what is demanded of them, and the patients found so far.
pub(super) struct Solver {
    /// And-gates by their two inputs, the smaller first.
    gates: HashMap<(Lit, Lit), Lit>,
    /// For each variable what it is.
    nodes: Vec<Node>,
    /// What must hold, as alternatives.
    clauses: Vec<Clause>,
    /// What was before the search lately, the last one at the end. They take much room, and few
    /// compilations search.
    windows: Vec<Window>,
    /// How often it was asked what a question reads.
    round: u32,
    /// One value per variable of the last patient found.
    model: Vec<bool>,
    /// Patients found so far: many a question is answered by one of them.
    known: Vec<Vec<bool>>,
    /// More patients, of whom it is only asked whether one of them shows something.
    crowd: Crowd,
}

/// A variable.
#[derive(Debug, Default)]
struct Node {
    /// What it is the conjunction of, if it is a gate.
    inputs: Option<(Lit, Lit)>,
    /// Clauses that are its business.
    clauses: Vec<usize>,
    /// Lemmas that begin with it.
    lemmas: Vec<usize>,
    /// The last question that reads it.
    round: u32,
}

/// Alternatives of which one must hold.
#[derive(Debug)]
struct Clause {
    lits: Vec<Lit>,
    /// Somebody can break it; a lemma holds anyway.
    demanded: bool,
    /// The last question it matters for.
    round: u32,
}

/// What a question reads: variables in the order in which they were made, and clauses.
#[derive(Debug, Default)]
struct Reach {
    variables: Vec<usize>,
    clauses: Vec<usize>,
}

/// So many patients are kept.
const KNOWN: usize = 16;

/// So many windows are kept: questions about one rule alternate with those about all.
const WINDOWS: usize = 2;

impl Solver {
    pub(super) fn new() -> Self {
        let mut solver = Self {
            gates: HashMap::new(),
            nodes: Vec::new(),
            clauses: Vec::new(),
            windows: Vec::new(),
            round: 0,
            model: Vec::new(),
            known: Vec::new(),
            crowd: Crowd::default(),
        };
        let truth = solver.variable();
        solver.clause(&[truth]);
        solver
    }

    /// Variables and gates so far.
    pub(super) fn size(&self) -> usize {
        self.nodes.len()
    }

    /// A new variable.
    pub(super) fn variable(&mut self) -> Lit {
        self.new_variable(None)
    }

    fn new_variable(&mut self, inputs: Option<(Lit, Lit)>) -> Lit {
        let lit = Lit::on(self.nodes.len());
        self.nodes.push(Node {
            inputs,
            ..Node::default()
        });
        lit
    }

    /// At least one of these holds.
    ///
    /// A clause is the business of the variables whose being off settles it; what nothing else
    /// speaks of is off, so that nobody else need look at it. Without such a variable it is the
    /// business of all variables in it; every demand speaks of one.
    pub(super) fn clause(&mut self, lits: &[Lit]) {
        if lits.contains(&Lit::TRUE) && lits.len() > 1 {
            return;
        }
        let is_gate = |lit: &Lit| self.node(*lit).is_some_and(|node| node.inputs.is_some());
        let lits: Vec<Lit> = lits.iter().copied().filter(|l| *l != Lit::FALSE).collect();
        let variables = || lits.iter().filter(|lit| !is_gate(lit));
        let premises: Vec<Lit> = variables().filter(|l| l.is_negative()).copied().collect();
        let owners = match premises.as_slice() {
            [] => variables().copied().collect(),
            _ => premises,
        };
        let demanded = !owners.is_empty();
        for owner in owners {
            if let Some(node) = self.nodes.get_mut(owner.variable()) {
                node.clauses.push(self.clauses.len());
            }
        }
        self.clauses.push(Clause {
            lits,
            demanded,
            round: 0,
        });
    }

    /// One of these holds for everybody as it is. Saying so spares the search a long way round; it
    /// counts where the first is read, and every answer that the others hang on.
    pub(super) fn lemma(&mut self, lits: &[Lit]) {
        if lits.contains(&Lit::TRUE) {
            return;
        }
        let lits: Vec<Lit> = lits.iter().copied().filter(|l| *l != Lit::FALSE).collect();
        let first = lits.first().map(|lit| lit.variable());
        if let Some(node) = first.and_then(|first| self.nodes.get_mut(first)) {
            node.lemmas.push(self.clauses.len());
            self.clauses.push(Clause {
                lits,
                demanded: false,
                round: 0,
            });
        }
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
        if let Some(folded) = self.folded(a, b).or_else(|| self.folded(b, a)) {
            return folded;
        }
        if let Some(gate) = self.gates.get(&(a, b)) {
            return *gate;
        }
        let gate = self.new_variable(Some((a, b)));
        self.gates.insert((a, b), gate);
        gate
    }

    /// What `gate and other` is already: `(x and y) and x`, `(x and y) and not x`, or
    /// `not (x and y) and not x`.
    fn folded(&self, gate: Lit, other: Lit) -> Option<Lit> {
        let (x, y) = self.node(gate)?.inputs?;
        let one_of = |lit: Lit| x == lit || y == lit;
        match gate.is_negative() {
            false if one_of(other) => Some(gate),
            false if one_of(!other) => Some(Lit::FALSE),
            true if one_of(!other) => Some(other),
            _ => None,
        }
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

    /// As [`Solver::ask`], where it does not matter who the patient is: [`Solver::value`] tells
    /// nothing about it.
    pub(super) fn exists(&mut self, assumptions: &[Lit], budget: &mut u64) -> Answer {
        if self.crowd.shows(assumptions, &self.nodes, &self.clauses) {
            return Answer::Yes;
        }
        let answer = self.ask(assumptions, budget);
        if answer == Answer::Yes {
            self.crowd.join(&self.model, &self.nodes, &self.clauses);
        }
        answer
    }

    /// Whether somebody of the crowd shows all of this; [`Solver::value`] tells about it.
    pub(super) fn met(&mut self, assumptions: &[Lit]) -> bool {
        match self.crowd.one(assumptions, &self.nodes, &self.clauses) {
            Some(model) => {
                self.model = model;
                true
            }
            None => false,
        }
    }

    /// Whether a patient exists of whom all of this holds; spends from the budget.
    pub(super) fn ask(&mut self, assumptions: &[Lit], budget: &mut u64) -> Answer {
        let reach = self.reach(assumptions);
        if let Some(known) = self.remembered(assumptions, &reach) {
            self.model = known;
            return Answer::Yes;
        }
        let mut window = self.window_for(&reach);
        window.show(&self.nodes, &self.clauses, &reach);
        let answer = match window.search(assumptions, budget) {
            Outcome::Found => {
                self.model = self.completed(|variable| window.value(variable));
                if self.known.len() == KNOWN {
                    self.known.remove(0);
                }
                self.known.push(self.model.clone());
                Answer::Yes
            }
            Outcome::Impossible(core) => Answer::No(core),
            Outcome::Unsettled => Answer::Unsettled,
        };
        self.windows.push(window);
        answer
    }

    /// The window that a question is looked at in: one for which it is not too much else, or a new one
    /// in the place of the one that was not used for longest.
    fn window_for(&mut self, reach: &Reach) -> Window {
        let suited = self.windows.iter().enumerate();
        let suited = suited.filter_map(|(at, window)| Some((window.size_with(reach)?, at)));
        match suited.min() {
            Some((_, at)) => self.windows.remove(at),
            None => {
                if self.windows.len() == WINDOWS {
                    self.windows.remove(0);
                }
                Window::default()
            }
        }
    }

    /// Whether a literal holds for the patient found last.
    pub(super) fn value(&self, lit: Lit) -> bool {
        holds(&self.model, lit)
    }

    /// What holds for the patient found last: each of these, or that it does not.
    pub(super) fn shown(&self, lits: &[Lit]) -> Vec<Lit> {
        lits.iter()
            .map(|lit| if self.value(*lit) { *lit } else { !*lit })
            .collect()
    }

    /// Holds for everybody who agrees in all of this with the patient found last.
    pub(super) fn region(&mut self, lits: &[Lit]) -> Lit {
        let agreed = self.shown(lits);
        self.all(agreed)
    }

    fn node(&self, lit: Lit) -> Option<&Node> {
        self.nodes.get(lit.variable())
    }

    /// Everything that these literals hang on.
    fn reach(&mut self, assumptions: &[Lit]) -> Reach {
        self.round += 1;
        let mut reach = Reach::default();
        let mut open: Vec<Lit> = assumptions.to_vec();
        while let Some(lit) = open.pop() {
            let Some(node) = self.nodes.get_mut(lit.variable()) else {
                continue;
            };
            if std::mem::replace(&mut node.round, self.round) == self.round {
                continue;
            }
            reach.variables.push(lit.variable());
            if let Some((a, b)) = node.inputs {
                open.extend([a, b]);
            }
            for position in &node.clauses {
                if let Some(clause) = self.clauses.get_mut(*position)
                    && std::mem::replace(&mut clause.round, self.round) != self.round
                {
                    reach.clauses.push(*position);
                    open.extend(&clause.lits);
                }
            }
        }
        self.add_lemmas(&mut reach);
        reach.variables.sort_unstable();
        reach.clauses.sort_unstable();
        reach
    }

    /// The lemmas about what is read anyway, and the gates that only they speak of.
    fn add_lemmas(&mut self, reach: &mut Reach) {
        let read = reach.variables.iter();
        let lemmas: Vec<usize> = read
            .filter_map(|variable| self.nodes.get(*variable))
            .flat_map(|node| node.lemmas.iter().copied())
            .collect();
        for position in lemmas {
            if let Some(gates) = self.gates_of_lemma(position) {
                reach.variables.extend(gates);
                reach.clauses.push(position);
            }
        }
    }

    /// The gates of a lemma that are not read yet; nothing if it hangs on an answer that is not.
    fn gates_of_lemma(&mut self, position: usize) -> Option<Vec<usize>> {
        let mut open = self.clauses.get(position)?.lits.clone();
        let mut gates = Vec::new();
        while let Some(lit) = open.pop() {
            let node = self.node(lit)?;
            if node.round == self.round || gates.contains(&lit.variable()) {
                continue;
            }
            let (a, b) = node.inputs?;
            gates.push(lit.variable());
            open.extend([a, b]);
        }
        for gate in &gates {
            if let Some(node) = self.nodes.get_mut(*gate) {
                node.round = self.round;
            }
        }
        Some(gates)
    }

    /// One value per variable: as told, of a gate what its inputs make, of the constant on,
    /// otherwise off.
    fn completed(&self, told: impl Fn(usize) -> Option<bool>) -> Vec<bool> {
        let mut model = Vec::with_capacity(self.nodes.len());
        for (variable, node) in self.nodes.iter().enumerate() {
            let constant = variable == Lit::TRUE.variable();
            let on = told(variable).unwrap_or_else(|| constant || node.made(&model));
            model.push(on);
        }
        model
    }

    /// A known patient of whom all of this holds, and all that is demanded of what it reads.
    fn remembered(&mut self, assumptions: &[Lit], reach: &Reach) -> Option<Vec<bool>> {
        for model in &mut self.known {
            for node in self.nodes.iter().skip(model.len()) {
                let on = node.made(model);
                model.push(on);
            }
        }
        let demanded = |model: &[bool]| {
            reach
                .clauses
                .iter()
                .filter_map(|position| self.clauses.get(*position))
                .all(|clause| clause.lits.iter().any(|lit| holds(model, *lit)))
        };
        self.known
            .iter()
            .rev()
            .find(|model| assumptions.iter().all(|lit| holds(model, *lit)) && demanded(model))
            .cloned()
    }
}

impl Node {
    /// What it is if nothing is said of it.
    fn made(&self, model: &[bool]) -> bool {
        self.inputs
            .is_some_and(|(a, b)| holds(model, a) && holds(model, b))
    }
}

fn holds(model: &[bool], lit: Lit) -> bool {
    let value = model.get(lit.variable()).copied().unwrap_or(false);
    value != lit.is_negative()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kohyo_engine::Dice;

    /// So many answers a patient of the test may give, each on or off.
    const ANSWERS: usize = 7;

    /// Rules over the answers, some demands on them, and lemmas that follow.
    fn draw(dice: &mut Dice) -> (Solver, Vec<Lit>, Vec<Vec<Lit>>) {
        let mut solver = Solver::new();
        let answers: Vec<Lit> = (0..ANSWERS).map(|_| solver.variable()).collect();
        let mut rules = answers.clone();
        let pick = |dice: &mut Dice, from: &[Lit]| {
            let lit = *dice.pick(from).unwrap();
            if dice.chance(40) { !lit } else { lit }
        };
        for _ in 0..24 {
            let (a, b) = (pick(dice, &rules), pick(dice, &rules));
            let rule = if dice.chance(50) {
                solver.and(a, b)
            } else {
                solver.or(a, b)
            };
            rules.push(rule);
            let both = solver.and(a, b);
            solver.lemma(&[!both, a]);
        }
        // Whoever answers one question has answered another, or falls under a rule.
        let mut demands = Vec::new();
        for _ in 0..3 {
            let demand = vec![!*dice.pick(&answers).unwrap(), pick(dice, &rules)];
            solver.clause(&demand);
            demands.push(demand);
        }
        solver.at_most_one(&answers[..3]);
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            demands.push(vec![!answers[a], !answers[b]]);
        }
        (solver, rules, demands)
    }

    /// The values of everything for whoever answers like this.
    fn patient(solver: &Solver, answers: usize) -> Vec<bool> {
        let told = |variable: usize| match variable {
            1..=ANSWERS => Some(answers >> (variable - 1) & 1 == 1),
            _ => None,
        };
        solver.completed(told)
    }

    #[test]
    fn a_question_is_answered_as_by_trying_everybody() {
        let mut counts = [0, 0];
        for seed in 0..400 {
            let mut dice = Dice::new(seed);
            let (mut solver, rules, demands) = draw(&mut dice);
            for _ in 0..12 {
                let asked: Vec<Lit> = (0..3)
                    .map(|_| {
                        let lit = *dice.pick(&rules).unwrap();
                        if dice.chance(50) { !lit } else { lit }
                    })
                    .collect();
                let fits = |model: &[bool], all: &[Vec<Lit>]| {
                    all.iter()
                        .all(|one| one.iter().any(|lit| holds(model, *lit)))
                };
                let each: Vec<Vec<Lit>> = asked.iter().map(|lit| vec![*lit]).collect();
                let somebody = (0..1 << ANSWERS)
                    .map(|answers| patient(&solver, answers))
                    .any(|model| fits(&model, &demands) && fits(&model, &each));
                let whoever = dice.chance(50);
                let answer = match whoever {
                    true => solver.exists(&asked, &mut 100_000),
                    false => solver.ask(&asked, &mut 100_000),
                };
                counts[usize::from(somebody)] += 1;
                match answer {
                    Answer::Yes if whoever => assert!(somebody, "{seed}"),
                    Answer::Yes => {
                        assert!(somebody && fits(&solver.model, &each), "{seed}");
                        assert!(solver.value(Lit::TRUE), "{seed}");
                        assert!(fits(&solver.model, &demands), "{seed}");
                    }
                    Answer::No(core) => {
                        assert!(!somebody, "{seed}: {asked:?}");
                        assert!(core.iter().all(|lit| asked.contains(lit)), "{seed}");
                    }
                    Answer::Unsettled => panic!("the budget is ample"),
                }
            }
        }
        assert!(counts.iter().all(|count| *count > 500), "{counts:?}");
    }

    #[test]
    fn gates_that_say_nothing_new_are_not_made() {
        let mut solver = Solver::new();
        let (a, b) = (solver.variable(), solver.variable());
        let both = solver.and(a, b);
        let either = solver.or(a, b);
        let size = solver.size();
        assert_eq!(solver.and(both, a), both);
        assert_eq!(solver.and(!b, both), Lit::FALSE);
        assert_eq!(solver.or(either, b), either);
        assert_eq!(solver.and(either, a), a);
        assert_eq!(solver.size(), size);
    }
}
