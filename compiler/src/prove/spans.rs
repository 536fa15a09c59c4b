//! Spans of time and orders of dates hang together: `a within 7 days after b` and
//! `days from b to a > 10` speak of the same two dates.
//!
//! Every comparison of two dates, shifted or not, and every threshold of the time between them says
//! that one date lies at least so long after the other. What follows from one for another is told in
//! days, of which a month has 28 to 31; months from the same date are compared with each other as
//! they are. Dates so close to the first or last day of the calendar that adding stops there are left
//! aside.

use super::encode::{Encoder, Pair};
use super::number::{Premise, Ways};
use super::solver::Lit;
use super::timeline::shifted;
use kohyo_engine::program::{ElapsedUnit, Moment, Number, NumberKind};
use kohyo_engine::{Date, Decimal};
use std::collections::BTreeMap;

/// What follows from two of three dates is written down so often.
const MOST_LINKS: usize = 20_000;

/// Up to so many months their days are counted, of more they are estimated.
const COUNTED: i32 = 60;

/// One date lies at least so long after another.
struct Threshold {
    from: usize,
    to: usize,
    said: Pair,
    /// In which ways it is said, and in which that it is not: clauses are told to those who begin
    /// with a variable.
    ways: [Vec<Premise>; 2],
    days: Days,
    /// Its place among those in months from the same date.
    rank: Option<(i32, Turn)>,
    /// Only an order.
    plain: bool,
}

/// From when on a month is over: where there is no such day in it, a date moved by months is the
/// last of the month, and a month of age is complete on the day after.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Reached,
    Complete,
    Passed,
}

/// The fewest and the most days of a span.
#[derive(Clone, Copy)]
struct Days {
    least: i32,
    most: i32,
}

/// What is said of how long one date lies after another.
#[derive(Default)]
struct Edge {
    /// Whoever shows this lies at least so many days after.
    facts: Vec<Said<Premise>>,
    /// Whoever lies at least so many days after shows this.
    needs: Vec<Said<Lit>>,
}

#[derive(Clone, Copy)]
struct Said<T> {
    what: T,
    days: i32,
    plain: bool,
    /// The threshold it belongs to.
    of: usize,
}

impl Encoder<'_> {
    /// How many thresholds there are; more may come with every question.
    pub(super) fn spans(&self) -> usize {
        let elapsed = self.virtuals.iter().filter(|found| found.is_elapsed());
        self.dates.len() + elapsed.map(|found| found.cuts.len()).sum::<usize>()
    }

    /// Writes down what follows from spans and orders for each other.
    pub(super) fn link_spans(&mut self) {
        let mut bases: Vec<Moment> = Vec::new();
        let thresholds = self.date_thresholds(&mut bases);
        if thresholds.iter().all(|threshold| threshold.plain) {
            return;
        }
        self.link_months(&thresholds);
        let mut edges: BTreeMap<(usize, usize), Edge> = BTreeMap::new();
        for (of, threshold) in thresholds.iter().enumerate() {
            threshold.enter(of, &mut edges);
        }
        for (a, one) in bases.iter().enumerate() {
            for (b, two) in bases.iter().enumerate() {
                if let (Moment::Const(one), Moment::Const(two), true) = (one, two, a != b) {
                    edges.entry((a, b)).or_default().facts.push(Said {
                        what: [Lit::TRUE, Lit::TRUE],
                        days: two.first_day() - one.last_day(),
                        plain: true,
                        of: usize::MAX,
                    });
                }
            }
        }
        for ((from, to), edge) in &edges {
            let same = bases.get(*from).filter(|_| from == to);
            let same = same.map(|base| self.precise(base));
            self.link_edge(edge, same);
        }
        self.link_three(&edges);
    }

    fn date_thresholds(&mut self, bases: &mut Vec<Moment>) -> Vec<Threshold> {
        let mut base = |moment: &Moment| {
            let known = bases.iter().position(|known| known == moment);
            known.unwrap_or_else(|| {
                bases.push(moment.clone());
                bases.len() - 1
            })
        };
        let mut found = Vec::new();
        for (left, right, pair) in &self.dates {
            let ((to, later), (from, shift)) = (parted(left), parted(right));
            let (reached, passed) = (
                Pair {
                    yes: pair.greater_equal,
                    no: pair.less,
                },
                Pair {
                    yes: pair.greater,
                    no: pair.less_equal,
                },
            );
            // What is moved stands on the side from which time is counted.
            let turned = shift == Span::NONE && later != Span::NONE;
            let sides = if turned {
                ((to, later), (from, shift), (passed.not(), reached.not()))
            } else {
                ((from, shift), (to, later), (reached, passed))
            };
            let ((from, shift), (to, later), (reached, passed)) = sides;
            let (from, to) = (base(from), base(to));
            let days = shift.days().less(later.days());
            let months = shift.months().filter(|_| later == Span::NONE);
            for (said, turn, more) in [(reached, Turn::Reached, 0), (passed, Turn::Passed, 1)] {
                found.push(Threshold {
                    from,
                    to,
                    said,
                    ways: [said.yes, said.no].map(|lit| vec![[lit, Lit::TRUE]]),
                    days: days.longer(more),
                    rank: months.map(|months| (months, turn)),
                    plain: shift == Span::NONE && later == Span::NONE,
                });
            }
        }
        let elapsed = self.virtuals.iter().filter(|found| found.is_elapsed());
        let elapsed: Vec<(Number, Vec<(Decimal, Ways)>)> = elapsed
            .map(|found| {
                let cuts = found.cuts.keys();
                let ways = cuts.filter_map(|at| Some((at.0, found.ways(*at)?)));
                (found.number.clone(), ways.collect())
            })
            .collect();
        for (number, cuts) in elapsed {
            let NumberKind::Elapsed { unit, from, to } = &number.kind else {
                continue;
            };
            let ((from, shift), (to, later)) = (parted(from), parted(to));
            let (from, to) = (base(from), base(to));
            for (cut, ways) in cuts {
                let Ok(by) = i32::try_from(cut) else { continue };
                let span = Span { by, unit: *unit };
                // A month that has no such day is complete a day later.
                let late = i32::from(*unit != ElapsedUnit::Days && by != 0);
                let Days { least, most } = span.days();
                let days = Days {
                    least,
                    most: most.saturating_add(late),
                };
                let plain = shift == Span::NONE && later == Span::NONE;
                found.push(Threshold {
                    from,
                    to,
                    said: self.virtual_at_least(&number, cut, false),
                    ways: ways.map(|ways| ways.to_vec()),
                    days: days.more(shift.days()).less(later.days()),
                    rank: span
                        .months()
                        .filter(|_| plain)
                        .map(|months| (months, Turn::Complete)),
                    plain: false,
                });
            }
        }
        found
    }

    /// Of those in months from the same date, whoever reaches a later one reaches an earlier one.
    fn link_months(&mut self, thresholds: &[Threshold]) {
        let mut ranked: BTreeMap<(usize, usize), Vec<&Threshold>> = BTreeMap::new();
        for threshold in thresholds.iter().filter(|t| t.rank.is_some()) {
            let same = ranked.entry((threshold.from, threshold.to)).or_default();
            same.push(threshold);
        }
        for same in ranked.values_mut() {
            same.sort_by_key(|threshold| threshold.rank);
            for pair in same.windows(2) {
                let [lower, higher] = pair else { continue };
                self.follows(higher, lower);
                if lower.rank == higher.rank {
                    self.follows(lower, higher);
                }
            }
        }
    }

    /// Whoever reaches the higher reaches the lower.
    fn follows(&mut self, higher: &Threshold, lower: &Threshold) {
        let [reaches, _] = &higher.ways;
        let [_, misses] = &lower.ways;
        for [one, other] in reaches {
            self.solver.clause(&[!*one, !*other, lower.said.yes]);
        }
        for [one, other] in misses {
            self.solver.clause(&[!*one, !*other, higher.said.no]);
        }
    }

    /// What follows for two dates, or for one and itself where it is known to the day.
    fn link_edge(&mut self, edge: &Edge, same: Option<Lit>) {
        for fact in &edge.facts {
            let [one, other] = fact.what;
            for need in edge.needs.iter().filter(|need| need.of != fact.of) {
                if fact.days >= need.days && !(fact.plain && need.plain) {
                    self.solver.clause(&[!one, !other, need.what]);
                }
            }
            if same.is_some() && fact.days > 0 {
                self.solver.clause(&[!one, !other]);
            }
        }
        for need in edge.needs.iter().filter(|need| need.days <= 0) {
            if let Some(precise) = same {
                self.solver.implies(precise, need.what);
            }
        }
    }

    /// From the first to the second and on to the third.
    fn link_three(&mut self, edges: &BTreeMap<(usize, usize), Edge>) {
        let mut links = 0;
        for ((a, b), first) in edges {
            let after = edges.range((*b, 0)..(*b + 1, 0));
            for ((_, c), second) in after.filter(|((_, c), _)| c != a && c != b && a != b) {
                let Some(whole) = edges.get(&(*a, *c)) else {
                    continue;
                };
                for one in &first.facts {
                    for two in &second.facts {
                        let days = one.days.saturating_add(two.days);
                        let plain = one.plain && two.plain;
                        let mut needs = whole.needs.iter();
                        while let Some(need) = needs.find(|need| need.days <= days) {
                            if plain && need.plain {
                                continue;
                            }
                            if links == MOST_LINKS {
                                return;
                            }
                            links += 1;
                            let ([a, b], [c, d]) = (one.what, two.what);
                            self.solver.clause(&[!a, !b, !c, !d, need.what]);
                        }
                    }
                }
            }
        }
    }
}

impl Threshold {
    fn enter(&self, of: usize, edges: &mut BTreeMap<(usize, usize), Edge>) {
        let Days { least, most } = self.days;
        let back = |days: i32| 1_i32.saturating_sub(days);
        let [yes, no] = &self.ways;
        let there = edges.entry((self.from, self.to)).or_default();
        there
            .facts
            .extend(yes.iter().map(|way| self.said(of, *way, least)));
        there.needs.push(self.said(of, self.said.yes, most));
        let opposite = edges.entry((self.to, self.from)).or_default();
        let facts = no.iter().map(|way| self.said(of, *way, back(most)));
        opposite.facts.extend(facts);
        opposite
            .needs
            .push(self.said(of, self.said.no, back(least)));
    }

    fn said<T>(&self, of: usize, what: T, days: i32) -> Said<T> {
        Said {
            what,
            days,
            plain: self.plain,
            of,
        }
    }
}

/// By how much a date is moved.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Span {
    by: i32,
    unit: ElapsedUnit,
}

impl Span {
    const NONE: Self = Self {
        by: 0,
        unit: ElapsedUnit::Days,
    };

    fn months(self) -> Option<i32> {
        match self.unit {
            ElapsedUnit::Days => None,
            ElapsedUnit::Months => Some(self.by),
            ElapsedUnit::Years => self.by.checked_mul(12),
        }
    }

    fn days(self) -> Days {
        match self.unit {
            ElapsedUnit::Days => Days {
                least: self.by,
                most: self.by,
            },
            ElapsedUnit::Months | ElapsedUnit::Years => {
                days_of(self.by.saturating_mul(match self.unit {
                    ElapsedUnit::Years => 12,
                    _ => 1,
                }))
            }
        }
    }
}

impl Days {
    fn more(self, other: Self) -> Self {
        Self {
            least: self.least.saturating_add(other.least),
            most: self.most.saturating_add(other.most),
        }
    }

    fn less(self, other: Self) -> Self {
        Self {
            least: self.least.saturating_sub(other.most),
            most: self.most.saturating_sub(other.least),
        }
    }

    fn longer(self, days: i32) -> Self {
        self.more(Self {
            least: days,
            most: days,
        })
    }
}

/// A moment without its shift, and the shift.
fn parted(moment: &Moment) -> (&Moment, Span) {
    match moment {
        Moment::Shifted { moment, by, unit } => (
            moment,
            Span {
                by: *by,
                unit: *unit,
            },
        ),
        moment => (moment, Span::NONE),
    }
}

/// How many days so many months are.
fn days_of(months: i32) -> Days {
    if months.abs() > COUNTED {
        // 400 years have 146,097 days; more than a few off no span is.
        let whole = i64::from(months) * 146_097 / 4_800;
        let off = 6 + i64::from(months.abs()) / 1_200;
        let day = |days: i64| i32::try_from(days).unwrap_or(i32::MAX);
        return Days {
            least: day(whole - off),
            most: day(whole + off),
        };
    }
    // Leap years in every order, and one that is left out.
    let starts = [1_892, 2_000].map(|year| Date::year(year).map_or(0, Date::first_day));
    let days = starts.into_iter().flat_map(|first| first..first + 4_749);
    let spans = days.filter_map(|day| Some(shifted(day, ElapsedUnit::Months, months)? - day));
    let (least, most) = spans.fold((i32::MAX, i32::MIN), |(least, most), span| {
        (least.min(span), most.max(span))
    });
    Days { least, most }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_from_so_many_to_so_many_days() {
        let days = |months| {
            let Days { least, most } = days_of(months);
            (least, most)
        };
        assert_eq!(days(0), (0, 0));
        assert_eq!(days(1), (28, 31));
        assert_eq!(days(-1), (-31, -28));
        assert_eq!(days(12), (365, 366));
        assert_eq!(days(48), (1_460, 1_461));
        let (least, most) = days(216);
        assert!(least < 6_574 && 6_575 < most);
    }
}
