//! From the categories of the judgements to the result.

use crate::blame::Open;
use crate::machine::Machine;
use crate::outcome::ResultKind;

/// Some of the four results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Results(u64);

impl Results {
    /// Just this one.
    pub(crate) fn only(result: ResultKind) -> Self {
        let place = ResultKind::ALL.iter().position(|other| *other == result);
        Self(place.map_or(0, |place| 1 << place))
    }

    pub(crate) fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    pub(crate) fn contains(self, result: ResultKind) -> bool {
        self.0 & Self::only(result).0 != 0
    }

    pub(crate) fn add(&mut self, result: ResultKind) {
        self.0 |= Self::only(result).0;
    }

    /// The result, if there is just one.
    pub(crate) fn single(self) -> Option<ResultKind> {
        if self.0.count_ones() == 1 {
            self.iter().next()
        } else {
            None
        }
    }

    /// From the best to the least certain.
    pub(crate) fn iter(self) -> impl Iterator<Item = ResultKind> {
        ResultKind::ALL
            .into_iter()
            .filter(move |result| self.contains(*result))
    }
}

/// Whether a judgement may be in an eligible category, and whether it may be in another.
#[derive(Clone, Copy)]
struct Chance {
    yes: bool,
    no: bool,
}

impl Machine<'_> {
    /// The results still possible as far as three-valued logic can tell.
    ///
    /// Without a judgement on diagnosis or severity nothing can be said: undetermined. If only
    /// one of them exists, it decides alone.
    pub(crate) fn possible_results(&mut self) -> Results {
        self.results_of(Self::judgement)
    }

    /// The same where something else tells the categories that are possible of a judgement.
    pub(crate) fn results_of(
        &mut self,
        mut possible: impl FnMut(&mut Self, u16) -> u64,
    ) -> Results {
        let deciding = self.arena.deciding;
        if deciding.diagnosis.is_none() && deciding.severity.is_none() {
            return Results::only(ResultKind::Undetermined);
        }
        let mut chance = |judgement: Option<u16>| {
            let possible = judgement.map(|judgement| (judgement, possible(self, judgement)));
            self.chance(possible)
        };
        let diagnosis = chance(deciding.diagnosis);
        let mut results = Results::default();
        if diagnosis.no {
            results.add(ResultKind::NotMet);
        }
        if diagnosis.yes {
            let severity = chance(deciding.severity);
            if severity.yes {
                results.add(ResultKind::Eligible);
            }
            if severity.no {
                results.add(if deciding.mild {
                    ResultKind::Mild
                } else {
                    ResultKind::NotMet
                });
            }
        }
        results
    }

    /// What keeps the result open.
    pub(crate) fn blame_result(&mut self) -> Option<Open> {
        let deciding = self.arena.deciding;
        [deciding.diagnosis, deciding.severity]
            .into_iter()
            .flatten()
            .find_map(|judgement| {
                let possible = self.judgement(judgement);
                let chance = self.chance(Some((judgement, possible)));
                if chance.yes && chance.no {
                    self.blame_judgement(judgement)
                } else {
                    None
                }
            })
    }

    /// Of a judgement and its possible categories; of none, as if all of it were met.
    fn chance(&self, judgement: Option<(u16, u64)>) -> Chance {
        let Some((judgement, possible)) = judgement else {
            return Chance {
                yes: true,
                no: false,
            };
        };
        let rule = self.arena.judgements.get(usize::from(judgement));
        let eligible = rule.map_or(0, |rule| rule.eligible);
        Chance {
            yes: possible & eligible != 0,
            no: possible & !eligible != 0,
        }
    }
}
