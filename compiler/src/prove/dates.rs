//! Comparisons of dates: for every two dates that are compared, how they lie to each other.

use super::encode::{DatePair, Encoder, Pair};
use super::solver::Lit;
use super::state::State;
use kohyo_engine::program::{CompareOp, Moment};

impl Encoder<'_> {
    /// `left op right`.
    pub(super) fn compare_dates(&mut self, left: &Moment, op: CompareOp, right: &Moment) -> Pair {
        let pair = self.date_pair(left, right);
        match op {
            CompareOp::Less => Pair {
                yes: pair.less,
                no: pair.greater_equal,
            },
            CompareOp::LessEqual => Pair {
                yes: pair.less_equal,
                no: pair.greater,
            },
            CompareOp::GreaterEqual => Pair {
                yes: pair.greater_equal,
                no: pair.less,
            },
            CompareOp::Greater => Pair {
                yes: pair.greater,
                no: pair.less_equal,
            },
            CompareOp::Equal | CompareOp::NotEqual => {
                let precise = [left, right].map(|moment| self.precise(moment));
                let precise = self.solver.and(precise[0], precise[1]);
                let same = self.solver.and(pair.less_equal, pair.greater_equal);
                let equal = Pair {
                    yes: self.solver.and(same, precise),
                    no: self.solver.or(pair.less, pair.greater),
                };
                if op == CompareOp::Equal {
                    equal
                } else {
                    equal.not()
                }
            }
        }
    }

    fn date_pair(&mut self, left: &Moment, right: &Moment) -> DatePair {
        if let Some((_, _, pair)) = self.dates.iter().find(|(a, b, _)| a == left && b == right) {
            return *pair;
        }
        if let Some((_, _, pair)) = self.dates.iter().find(|(a, b, _)| a == right && b == left) {
            return mirrored(*pair);
        }
        let pair = match (left, right) {
            (Moment::Const(a), Moment::Const(b)) => DatePair {
                less: (a.last_day() < b.first_day()).into(),
                less_equal: (a.last_day() <= b.first_day()).into(),
                greater: (a.first_day() > b.last_day()).into(),
                greater_equal: (a.first_day() >= b.last_day()).into(),
            },
            (a, b) if a == b => {
                // The same day, once it is known to the day.
                let precise = self.precise(a);
                DatePair {
                    less: Lit::FALSE,
                    less_equal: precise,
                    greater: Lit::FALSE,
                    greater_equal: precise,
                }
            }
            _ => self.new_pair(left, right),
        };
        self.dates.push((left.clone(), right.clone(), pair));
        pair
    }

    fn new_pair(&mut self, left: &Moment, right: &Moment) -> DatePair {
        let pair = DatePair {
            less: self.solver.variable(),
            less_equal: self.solver.variable(),
            greater: self.solver.variable(),
            greater_equal: self.solver.variable(),
        };
        let DatePair {
            less,
            less_equal,
            greater,
            greater_equal,
        } = pair;
        self.solver.implies(less, less_equal);
        self.solver.implies(greater, greater_equal);
        self.solver.clause(&[!less, !greater_equal]);
        self.solver.clause(&[!greater, !less_equal]);
        let answered = [left, right].map(|moment| self.given(moment));
        let answered = self.solver.and(answered[0], answered[1]);
        self.solver.implies(less_equal, answered);
        self.solver.implies(greater_equal, answered);
        let precise = [left, right].map(|moment| self.precise(moment));
        let precise = self.solver.and(precise[0], precise[1]);
        self.solver.clause(&[!precise, less, greater_equal]);
        self.solver.clause(&[!precise, greater, less_equal]);
        pair
    }

    /// Something is filled in.
    fn given(&mut self, moment: &Moment) -> Lit {
        match moment {
            Moment::Const(_) | Moment::Today => Lit::TRUE,
            Moment::Field(field) => self.answered(*field),
            // How far it lies from the other moment is for the engine to say.
            Moment::Shifted { moment, .. } => self.given(moment),
        }
    }

    /// Known to the day.
    pub(super) fn precise(&mut self, moment: &Moment) -> Lit {
        match moment {
            Moment::Const(_) | Moment::Today => Lit::TRUE,
            Moment::Shifted { moment, .. } => self.precise(moment),
            Moment::Field(field) => match self.state(*field) {
                Some(State::Date { precise, .. }) => precise,
                _ => Lit::FALSE,
            },
        }
    }

    /// What lies before something lies before everything after it.
    pub(super) fn link_dates(&mut self) {
        let both: Vec<(Moment, Moment, DatePair)> = self
            .dates
            .iter()
            .flat_map(|(a, b, pair)| {
                [
                    (a.clone(), b.clone(), *pair),
                    (b.clone(), a.clone(), mirrored(*pair)),
                ]
            })
            .collect();
        for (a, b, ab) in &both {
            for (_, c, bc) in both.iter().filter(|(from, ..)| from == b) {
                if a == c {
                    continue;
                }
                let ac = match (a, c) {
                    (Moment::Const(_), Moment::Const(_)) => Some(self.date_pair(a, c)),
                    _ => both
                        .iter()
                        .find(|(from, to, _)| from == a && to == c)
                        .map(|(.., pair)| *pair),
                };
                let Some(ac) = ac else { continue };
                self.solver.clause(&[!ab.less, !bc.less_equal, ac.less]);
                self.solver.clause(&[!ab.less_equal, !bc.less, ac.less]);
                self.solver
                    .clause(&[!ab.less_equal, !bc.less_equal, ac.less_equal]);
            }
        }
    }
}

fn mirrored(pair: DatePair) -> DatePair {
    DatePair {
        less: pair.greater,
        less_equal: pair.greater_equal,
        greater: pair.less,
        greater_equal: pair.less_equal,
    }
}
