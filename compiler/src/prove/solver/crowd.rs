//! Many patients at once, a bit for each: most questions are whether anybody shows something, and
//! somebody drawn at random often does.
//!
//! Answers are drawn (the same ones everywhere), then changed until hardly anybody breaks a demand;
//! whoever still does never counts. So whoever is found here is as good a patient as one that the
//! search finds. Relatives of those that the search finds join, because questions about one rule
//! resemble each other.

use super::{Clause, Lit, Node};
use kohyo_engine::Dice;

/// Groups of patients.
const GROUPS: usize = 8;

/// So many of them stay as they are drawn; relatives take the others in turn.
const DRAWN: usize = 4;

/// So often answers are changed to meet the demands.
const ROUNDS: usize = 6;

/// Where patients go wrong about two answers, these change the first, those the last; everybody
/// else the one or the other.
const FIRST: u64 = 0x0000_0000_0000_ffff;
const LAST: u64 = 0x0000_0000_ffff_0000;

/// Patients about whom it is only asked whether one of them shows something.
pub(super) struct Crowd {
    groups: Vec<Group>,
    /// The group whose place the next relatives take.
    next: usize,
    dice: Dice,
}

/// 64 patients.
#[derive(Default)]
struct Group {
    /// For each variable for whom it is on.
    on: Vec<u64>,
    /// Who meets the demands.
    sound: u64,
    /// So many demands are looked at.
    clauses: usize,
    /// How much is answered.
    density: Density,
}

/// How many of the answers are on.
#[derive(Clone, Copy, Default)]
enum Density {
    #[default]
    Half,
    Quarter,
    ThreeQuarters,
    Eighth,
}

impl Density {
    const ALL: [Self; 4] = [Self::Half, Self::Quarter, Self::ThreeQuarters, Self::Eighth];
}

impl Default for Crowd {
    fn default() -> Self {
        let group = |density| Group {
            sound: u64::MAX,
            density,
            ..Group::default()
        };
        Self {
            groups: (Density::ALL.into_iter().cycle())
                .take(GROUPS)
                .map(group)
                .collect(),
            next: DRAWN,
            dice: Dice::new(0),
        }
    }
}

impl Crowd {
    /// Whether all of this holds for somebody.
    pub(super) fn shows(&mut self, lits: &[Lit], nodes: &[Node], clauses: &[Clause]) -> bool {
        self.find(lits, nodes, clauses).is_some()
    }

    /// Somebody for whom all of this holds: one value per variable.
    pub(super) fn one(
        &mut self,
        lits: &[Lit],
        nodes: &[Node],
        clauses: &[Clause],
    ) -> Option<Vec<bool>> {
        let (group, patient) = self.find(lits, nodes, clauses)?;
        let on = self.groups.get(group)?.on.iter();
        Some(on.map(|on| on >> patient & 1 == 1).collect())
    }

    /// The group and place of the first for whom all of this holds.
    fn find(&mut self, lits: &[Lit], nodes: &[Node], clauses: &[Clause]) -> Option<(usize, u32)> {
        let dice = &mut self.dice;
        let mut groups = self.groups.iter_mut().enumerate();
        groups.find_map(|(position, group)| {
            group.answer(nodes, clauses, dice);
            let all = lits
                .iter()
                .fold(group.sound, |all, lit| all & group.of(*lit));
            (all != 0).then(|| (position, all.trailing_zeros()))
        })
    }

    /// Relatives of a patient join: they answer a little differently.
    pub(super) fn join(&mut self, model: &[bool], nodes: &[Node], clauses: &[Clause]) {
        let dice = &mut self.dice;
        if let Some(group) = self.groups.get_mut(self.next) {
            group.on = relatives(model, dice);
            group.sound = u64::MAX;
            group.clauses = 0;
            group.meet(0, nodes, clauses, dice);
        }
        self.next = if self.next + 1 < GROUPS {
            self.next + 1
        } else {
            DRAWN
        };
    }
}

/// A patient, 31 who differ in about one answer of 32, and 32 who do in one of 8.
fn relatives(model: &[bool], dice: &mut Dice) -> Vec<u64> {
    let mut on = Vec::with_capacity(model.len());
    for value in model {
        let often = dice.roll() & dice.roll() & dice.roll();
        let seldom = often & dice.roll() & dice.roll();
        let differs = often & 0xffff_ffff_0000_0000 | seldom & 0x0000_0000_ffff_fffe;
        on.push(if *value { !differs } else { differs });
    }
    on
}

impl Group {
    /// For whom a literal holds.
    fn of(&self, lit: Lit) -> u64 {
        let on = self.on.get(lit.variable()).copied().unwrap_or(0);
        if lit.is_negative() { !on } else { on }
    }

    /// Answers what was not asked before.
    fn answer(&mut self, nodes: &[Node], clauses: &[Clause], dice: &mut Dice) {
        let from = self.on.len();
        for node in nodes.iter().skip(from) {
            let on = match node.inputs {
                Some((a, b)) => self.of(a) & self.of(b),
                None => self.draw(dice),
            };
            self.on.push(on);
        }
        self.meet(from, nodes, clauses, dice);
    }

    /// Who answers this.
    fn draw(&self, dice: &mut Dice) -> u64 {
        let (one, other) = (dice.roll(), dice.roll());
        match self.density {
            Density::Half => one,
            Density::Quarter => one & other,
            Density::ThreeQuarters => one | other,
            Density::Eighth => one & other & dice.roll(),
        }
    }

    /// Changes answers from this variable on until nobody breaks a new demand, as far as that is
    /// soon done.
    fn meet(&mut self, from: usize, nodes: &[Node], clauses: &[Clause], dice: &mut Dice) {
        let new = clauses.get(self.clauses..).unwrap_or_default();
        self.clauses = clauses.len();
        for _ in 0..ROUNDS {
            self.evaluate(from, nodes);
            let mut met = true;
            for clause in new.iter().filter(|clause| clause.demanded) {
                let broken = self.broken(clause);
                if broken != 0 {
                    met = false;
                    self.change(from, nodes, clause, broken, dice);
                }
            }
            if met {
                return;
            }
        }
        self.evaluate(from, nodes);
        for clause in new.iter().filter(|clause| clause.demanded) {
            self.sound &= !self.broken(clause);
        }
    }

    /// What the rules make of the answers; the constant is on.
    fn evaluate(&mut self, from: usize, nodes: &[Node]) {
        for (position, node) in nodes.iter().enumerate().skip(from) {
            let made = match node.inputs {
                Some((a, b)) => self.of(a) & self.of(b),
                None if position == Lit::TRUE.variable() => u64::MAX,
                None => continue,
            };
            if let Some(on) = self.on.get_mut(position) {
                *on = made;
            }
        }
    }

    /// Who breaks a demand.
    fn broken(&self, clause: &Clause) -> u64 {
        !clause.lits.iter().fold(0, |met, lit| met | self.of(*lit))
    }

    /// Whoever breaks a demand changes one of the answers it speaks of.
    fn change(
        &mut self,
        from: usize,
        nodes: &[Node],
        clause: &Clause,
        mut broken: u64,
        dice: &mut Dice,
    ) {
        let is_new = |lit: &&Lit| {
            let node = nodes.get(lit.variable());
            lit.variable() >= from && node.is_some_and(|node| node.inputs.is_none())
        };
        let mut answers = clause.lits.iter().filter(is_new).peekable();
        while let Some(lit) = answers.next() {
            let changing = match answers.peek() {
                Some(_) => broken & (dice.roll() & !LAST | FIRST),
                None => broken,
            };
            if let Some(on) = self.on.get_mut(lit.variable()) {
                *on ^= changing;
            }
            broken &= !changing;
        }
    }
}
