//! Arms read in order that meet at one value and both have it: `x >= 30`, then `x <= 30`.
//!
//! The order decides, so that nobody gets two answers; but a published table whose ranges meet at a
//! value says two things of it, and the author should know which one was chosen. Where the later
//! arm goes on beyond the value, as in `>= 90`, `>= 60`, the order is what the author meant.

use super::ask::{Found, Prover};
use super::encode::{Encoder, Pair};
use super::exceptions::{Declared, outside};
use super::lengths::Length;
use super::patient::Wish;
use super::reads::Cone;
use crate::diagnostics as d;
use crate::places::{Places, Reading};
use kohyo_dsl::{Diagnostic, Span};
use kohyo_engine::program::{
    CompareOp, Cond, CondKind, CountOp, Definition, DefinitionId, Excepted, Index, JudgementId,
    Moment, Number, NumberKind, Part, Rule,
};
use kohyo_engine::{Decimal, Program, Question};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Arms of more alternatives are compared as wholes only; rows compared with rows are hundreds, one
/// like the other.
pub(super) const MOST_ALTERNATIVES: usize = 12;

/// Two conditions that compare the same at more values are looked at there for so many.
const MOST_CUTS: usize = 16;

/// One of the arms.
pub(super) struct Arm<'p> {
    pub(super) condition: &'p Cond,
    /// What comes out; arms with the same outcome do not contradict each other.
    pub(super) outcome: usize,
}

impl<'p> Arm<'p> {
    /// The arms of a grade.
    pub(super) fn all(arms: &'p [(Cond, Index)]) -> Vec<Self> {
        let arms = arms.iter().map(|(condition, outcome)| Self {
            condition,
            outcome: usize::from(*outcome),
        });
        arms.collect()
    }
}

/// Two arms that share just one value, with a patient there.
pub(super) struct Shared {
    pub(super) first: usize,
    pub(super) second: usize,
    pub(super) example: String,
}

impl Shared {
    /// With the places of both arms and what comes out of them.
    pub(super) fn finding(
        self,
        (other, first): (&str, Span),
        (file, second): (&str, Span),
        label: &str,
        (one, two): (&str, &str),
    ) -> Diagnostic {
        d::boundary_twice(file, second, label, one, two)
            .note(self.example)
            .label(other, first, format!("先に読むので「{one}」になります"))
    }
}

/// Every two arms with different outcomes that share just one value, of those for whom the arms count
/// (`reached`) and apart from what is declared.
///
/// Two arms are compared as wholes, then, where one is made of alternatives (`x <= 50 or drug is
/// yes`), alternative by alternative: of a patient who shows no other one. Whether that is all is
/// told as well: a pair may be neither excluded nor found.
pub(super) fn shared_values(
    prover: &mut Prover<'_>,
    of: Excepted,
    arms: &[Arm<'_>],
    cone: &Cone,
    (reached, declared): (&[Wish], &[Declared]),
    wish: impl Fn(usize, bool) -> Wish,
) -> (Vec<Shared>, bool) {
    let program: &Program = prover.program;
    let ranges: Vec<Ranges<'_>> = (0..)
        .zip(arms)
        .map(|(position, arm)| {
            let parts = prover.alternatives.get(of, position);
            Ranges::of(program, arm.condition, wish(position, true), parts)
        })
        .collect();
    let (mut found, mut certain) = (Vec::new(), true);
    for (second, two) in ranges.iter().enumerate() {
        for (first, one) in ranges.iter().enumerate().take(second) {
            let outcome = |arm: usize| arms.get(arm).map(|arm| arm.outcome);
            if outcome(first) == outcome(second) {
                continue;
            }
            let mut around = reached.to_vec();
            around.extend((0..first).map(|before| wish(before, false)));
            around.extend(outside(declared));
            match shared(prover, one, two, &around, cone) {
                Found::Example(patient) => {
                    let example = prover.example(&patient, cone);
                    found.push(Shared {
                        first,
                        second,
                        example,
                    });
                }
                Found::Unsettled => certain = false,
                Found::Nobody => {}
            }
        }
    }
    (found, certain)
}

/// Somebody in two conditions at the one value that both have, among those who fulfil the wishes:
/// first of the conditions as they are, then alternative by alternative, without any other.
pub(super) fn shared(
    prover: &mut Prover<'_>,
    one: &Ranges<'_>,
    two: &Ranges<'_>,
    around: &[Wish],
    cone: &Cone,
) -> Found {
    let mut certain = true;
    for (first, second) in pairs(one, two) {
        if !meet(prover, &first.side, &second.side) {
            continue;
        }
        let mut wishes = around.to_vec();
        wishes.extend([first.wish, second.wish]);
        if first.other.is_some() || second.other.is_some() {
            let others = one.alternatives().iter().chain(two.alternatives());
            let others = others.filter(|part| ![first.wish, second.wish].contains(&part.wish));
            wishes.extend(others.filter_map(|part| part.other));
        }
        match prover.find(&wishes, cone, false) {
            Found::Nobody => {}
            Found::Unsettled => certain = false,
            found => return found,
        }
    }
    if certain {
        Found::Nobody
    } else {
        Found::Unsettled
    }
}

/// Every two conditions or alternatives that share just one value: whoever is in both.
pub(super) fn meetings(
    prover: &mut Prover<'_>,
    one: &Ranges<'_>,
    two: &Ranges<'_>,
) -> Vec<Vec<Wish>> {
    let mut pairs = pairs(one, two);
    pairs.retain(|(first, second)| meet(prover, &first.side, &second.side));
    let both = pairs
        .iter()
        .map(|(first, second)| vec![first.wish, second.wish]);
    both.collect()
}

/// The conditions as they are, then every alternative of one beside every one of the other.
fn pairs<'r, 'p>(
    one: &'r Ranges<'p>,
    two: &'r Ranges<'p>,
) -> Vec<(&'r Alternative<'p>, &'r Alternative<'p>)> {
    if !one.compares_as(two) {
        return Vec::new();
    }
    let (ones, twos) = (one.alternatives(), two.alternatives());
    let mut pairs = vec![(&one.whole, &two.whole)];
    if ones.len() + twos.len() > 2 {
        pairs.extend(ones.iter().flat_map(|a| twos.iter().map(move |b| (a, b))));
    }
    pairs
}

/// What a condition says of numbers and dates, as a whole and by its alternatives.
pub(super) struct Ranges<'p> {
    whole: Alternative<'p>,
    parts: Vec<Alternative<'p>>,
}

impl<'p> Ranges<'p> {
    /// Of a condition that holds where this is so, with the criteria for its alternatives.
    pub(super) fn of(
        program: &'p Program,
        condition: &'p Cond,
        wish: Wish,
        parts: &[DefinitionId],
    ) -> Self {
        let parts = parts.iter().filter_map(|id| {
            let found = program.definitions.get(usize::from(id.0))?;
            let Rule::Criterion(condition) = &found.rule else {
                return None;
            };
            Some(Alternative {
                wish: Wish::Is(Question::Criterion(*id), true),
                other: Some(Wish::Is(Question::Criterion(*id), false)),
                side: Side::of(program, condition),
            })
        });
        Self {
            whole: Alternative {
                wish,
                other: None,
                side: Side::of(program, condition),
            },
            parts: parts.collect(),
        }
    }

    /// Whether both compare something at the same value, one from there on, the other up to there.
    pub(super) fn compares_as(&self, other: &Self) -> bool {
        !self.whole.side.common(&other.whole.side).is_empty()
    }

    fn alternatives(&self) -> &[Alternative<'p>] {
        match self.parts.as_slice() {
            [] => std::slice::from_ref(&self.whole),
            parts => parts,
        }
    }
}

/// What is asked of a condition, or of one of its alternatives.
struct Alternative<'p> {
    /// It holds.
    wish: Wish,
    /// It does not, for one of several.
    other: Option<Wish>,
    side: Side<'p>,
}

/// A condition with everything it compares, and in which ways.
pub(super) struct Side<'p> {
    condition: &'p Cond,
    cuts: Vec<(Cut<'p>, Ways)>,
}

impl<'p> Side<'p> {
    pub(super) fn of(program: &'p Program, condition: &'p Cond) -> Self {
        Self {
            condition,
            cuts: cuts(program, condition),
        }
    }

    /// What both compare at the same value, one from there on, the other up to there.
    pub(super) fn common(&self, other: &Side<'p>) -> Vec<Meeting<'p>> {
        let both = self.cuts.iter().flat_map(|(cut, own)| {
            let theirs = other.cuts.iter().filter(|(theirs, _)| theirs.is_as(cut));
            theirs.flat_map(|(theirs, ways)| {
                let turned = theirs.is_turned(cut);
                let ways = if turned { ways.turned() } else { *ways };
                let meeting = Meeting {
                    cut: *cut,
                    own_from: own.up && ways.down,
                    own_up_to: own.down && ways.up,
                };
                // Years and months do not begin alike: both are looked at.
                let other = (!theirs.is(cut)).then(|| meeting.at(*theirs, turned));
                let meets = meeting.own_from || meeting.own_up_to;
                std::iter::once(meeting).chain(other).filter(move |_| meets)
            })
        });
        both.take(MOST_CUTS).collect()
    }
}

/// Where two conditions may meet.
pub(super) struct Meeting<'p> {
    cut: Cut<'p>,
    /// The first may hold from the value on, the second up to it.
    own_from: bool,
    /// The first may hold up to the value, the second from it on.
    own_up_to: bool,
}

impl<'p> Meeting<'p> {
    /// The same at another cut, which may be named in the other order.
    fn at(&self, cut: Cut<'p>, turned: bool) -> Self {
        let (own_from, own_up_to) = (self.own_from, self.own_up_to);
        Self {
            cut,
            own_from: if turned { own_up_to } else { own_from },
            own_up_to: if turned { own_from } else { own_up_to },
        }
    }
}

/// Whether two conditions share just one value.
fn meet(prover: &mut Prover<'_>, one: &Side<'_>, two: &Side<'_>) -> bool {
    let common = one.common(two);
    if common.is_empty() {
        return false;
    }
    let first = prover.encoder.cond(one.condition);
    let second = prover.encoder.cond(two.condition);
    common.into_iter().any(|at| {
        (at.own_from && meet_at(prover, first, second, at.cut))
            || (at.own_up_to && meet_at(prover, second, first, at.cut))
    })
}

/// The alternatives of a condition, `A or B`, those of the criteria it names among them; of
/// `(A or B) and C` they are `A and C`, `B and C`. If they are too many, it is taken as a whole.
pub(super) fn alternatives(program: &Program, condition: &Cond) -> Vec<Cond> {
    let found = match &condition.kind {
        CondKind::Any(parts) => {
            let parts = parts.iter();
            return parts.flat_map(|part| alternatives(program, part)).collect();
        }
        CondKind::All(parts) => together(program, parts),
        // By the one way or by the other: 男性なら13以下、女性なら12以下.
        CondKind::If(when, then, otherwise) => {
            let not = Cond {
                text: when.text.clone(),
                kind: CondKind::Not(when.clone()),
            };
            let ways = [
                together(program, &[(**when).clone(), (**then).clone()]),
                together(program, &[not, (**otherwise).clone()]),
            ];
            let ways: Option<Vec<Vec<Cond>>> = ways.into_iter().collect();
            ways.map(|ways| ways.concat())
        }
        CondKind::Criterion(id) => {
            let found = program.definitions.get(usize::from(id.0));
            match found.map(|found| &found.rule) {
                Some(Rule::Criterion(inner)) => Some(alternatives(program, inner)),
                _ => None,
            }
        }
        _ => None,
    };
    let several = found.filter(|found| found.len() > 1);
    several.unwrap_or_else(|| vec![condition.clone()])
}

/// Every choice of one alternative each.
fn together(program: &Program, parts: &[Cond]) -> Option<Vec<Cond>> {
    let mut choices: Vec<Vec<Cond>> = vec![Vec::new()];
    for part in parts {
        let alternatives = alternatives(program, part);
        if choices.len() * alternatives.len() > MOST_ALTERNATIVES {
            return None;
        }
        let longer = choices.iter().flat_map(|choice| {
            alternatives.iter().map(|alternative| {
                let more = std::iter::once(alternative);
                choice.iter().chain(more).cloned().collect()
            })
        });
        choices = longer.collect();
    }
    let choices = choices.into_iter().map(|parts| Cond {
        text: parts.iter().map(|part| part.text.as_str()).collect(),
        kind: CondKind::All(parts),
    });
    Some(choices.collect())
}

/// Criteria for the alternatives of arms, so that patients can be asked for them.
#[derive(Clone, Default)]
pub(super) struct Alternatives {
    /// To be added to the program.
    pub(super) criteria: Vec<Definition>,
    /// Of which arm each list is.
    known: Vec<(Excepted, usize, Vec<DefinitionId>)>,
}

impl Alternatives {
    /// Of the program with these grades behind its definitions; the criteria will begin at `first`.
    pub(super) fn of(
        program: &Program,
        grades: &[Definition],
        places: &Places,
        first: usize,
    ) -> Self {
        let mut found = Self::default();
        let ids = (0..=u16::MAX).map(DefinitionId);
        for (position, (id, definition)) in ids
            .zip(program.definitions.iter().chain(grades))
            .enumerate()
        {
            let ordered = places
                .definitions
                .get(position)
                .is_none_or(|place| place.reading == Reading::Ordered && !place.lent);
            if let (true, Rule::Grade { arms, .. }) = (ordered, &definition.rule) {
                let arms = arms.iter().map(|(when, outcome)| (when, *outcome));
                found.add(program, Excepted::Definition(id), arms.collect(), first);
            }
        }
        for (id, (judgement, place)) in (0..=u16::MAX)
            .map(JudgementId)
            .zip(program.judgements.iter().zip(&places.judgements))
        {
            if place.ordered {
                let conditions = judgement.categories.iter().map(|c| c.when.as_ref());
                let arms = conditions
                    .zip(0..)
                    .filter_map(|(when, at)| Some((when?, at)));
                found.add(program, Excepted::Judgement(id), arms.collect(), first);
            }
        }
        found
    }

    /// Of the arm at this position.
    pub(super) fn get(&self, of: Excepted, arm: usize) -> &[DefinitionId] {
        let own = |(other, position, _): &&(Excepted, usize, _)| (*other, *position) == (of, arm);
        let found = self.known.iter().find(own);
        found.map_or(&[][..], |(.., ids)| ids.as_slice())
    }

    /// Adds the alternatives of every arm that has several, where an arm with another outcome
    /// compares the same.
    fn add(&mut self, program: &Program, of: Excepted, arms: Vec<(&Cond, Index)>, first: usize) {
        let split: Vec<(Vec<Cond>, Index)> = arms
            .into_iter()
            .map(|(condition, outcome)| (alternatives(program, condition), outcome))
            .collect();
        let split: Vec<(Vec<Side<'_>>, Index)> = split
            .iter()
            .map(|(parts, outcome)| {
                let parts = parts.iter().map(|part| Side::of(program, part));
                (parts.collect(), *outcome)
            })
            .collect();
        for (arm, (parts, outcome)) in split.iter().enumerate() {
            let others = split.iter().filter(|(_, other)| other != outcome);
            let others: Vec<&Side<'_>> = others.flat_map(|(parts, _)| parts).collect();
            let compared = |part: &Side<'_>| others.iter().any(|o| !part.common(o).is_empty());
            let several = (2..=MOST_ALTERNATIVES).contains(&parts.len());
            if !several || !parts.iter().any(compared) {
                continue;
            }
            let mut ids = Vec::with_capacity(parts.len());
            for part in parts {
                let position = first + self.criteria.len();
                ids.push(DefinitionId(u16::try_from(position).unwrap_or(u16::MAX)));
                self.criteria.push(Definition {
                    name: format!("|{position}"),
                    label: part.condition.text.clone(),
                    cites: None,
                    rule: Rule::Criterion(part.condition.clone()),
                });
            }
            self.known.push((of, arm, ids));
        }
    }
}

/// Where something is compared.
#[derive(Clone, Copy)]
pub(super) enum Cut<'p> {
    /// A number with a value.
    Number(&'p Number, Decimal),
    /// A number with another.
    Numbers(&'p Number, &'p Number),
    /// A date with another.
    Dates(&'p Moment, &'p Moment),
}

/// The upper one holds only from the value on, the lower one only up to it; both hold at it, and
/// each goes on without the other.
fn meet_at(prover: &mut Prover<'_>, upper: Pair, lower: Pair, cut: Cut<'_>) -> bool {
    let encoder = &mut prover.encoder;
    let (from, beyond) = (cut.reached(encoder, false), cut.reached(encoder, true));
    let solver = &mut encoder.solver;
    let both = solver.and(upper.yes, lower.yes);
    let upper_elsewhere = solver.and(upper.yes, !from.yes);
    let lower_elsewhere = solver.and(lower.yes, !beyond.no);
    let upper_goes_on = solver.and(upper.yes, beyond.yes);
    let lower_goes_on = solver.and(lower.yes, from.no);
    prover.exists(both) == Some(true)
        && prover.exists(upper_elsewhere) == Some(false)
        && prover.exists(lower_elsewhere) == Some(false)
        && prover.exists(upper_goes_on) == Some(true)
        && prover.exists(lower_goes_on) == Some(true)
}

/// How a condition comes to hold while what it compares grows.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Ways {
    /// From some value on.
    up: bool,
    /// Up to some value.
    down: bool,
    /// At one value, or at all others. That alone begins nothing; beside others it may, as 30 does in
    /// `x = 30 or x = 31`.
    alone: bool,
}

impl Ways {
    const UP: Self = Self {
        up: true,
        down: false,
        alone: false,
    };
    const BOTH: Self = Self {
        up: true,
        down: true,
        alone: false,
    };
    const ALONE: Self = Self {
        up: false,
        down: false,
        alone: true,
    };

    fn of(op: CompareOp) -> Self {
        match op {
            CompareOp::GreaterEqual | CompareOp::Greater => Self::UP,
            CompareOp::LessEqual | CompareOp::Less => Self::UP.turned(),
            CompareOp::Equal | CompareOp::NotEqual => Self::ALONE,
        }
    }

    fn turned(self) -> Self {
        Self {
            up: self.down,
            down: self.up,
            ..self
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            up: self.up || other.up,
            down: self.down || other.down,
            alone: self.alone || other.alone,
        }
    }

    /// Of a part that the whole follows in these ways.
    fn within(self, whole: Self) -> Self {
        Self {
            up: (whole.up && self.up) || (whole.down && self.down),
            down: (whole.up && self.down) || (whole.down && self.up),
            ..self
        }
    }
}

/// Where numbers and dates are compared in a condition and in the criteria it names.
fn cuts<'p>(program: &'p Program, condition: &'p Cond) -> Vec<(Cut<'p>, Ways)> {
    let mut search = Search {
        program,
        opened: BTreeSet::new(),
        found: Vec::new(),
    };
    search.cond(condition, Ways::UP);
    let all = search.found;
    let beside = |cut: &Cut<'p>| {
        let others = all.iter().map(|(other, _)| cut.order(other));
        others.fold(Ways::default(), |ways, order| match order {
            Some(Ordering::Less) => ways.or(Ways::UP),
            Some(Ordering::Greater) => ways.or(Ways::UP.turned()),
            Some(Ordering::Equal) | None => ways,
        })
    };
    let known = all.iter().map(|(cut, ways)| {
        let more = match (ways.alone, cut) {
            (false, _) => Ways::default(),
            (true, Cut::Number(..)) => beside(cut),
            (true, Cut::Numbers(..) | Cut::Dates(..)) => Ways::BOTH,
        };
        (*cut, ways.or(more))
    });
    known.collect()
}

struct Search<'p> {
    program: &'p Program,
    opened: BTreeSet<(DefinitionId, Ways)>,
    found: Vec<(Cut<'p>, Ways)>,
}

impl<'p> Search<'p> {
    /// The whole follows this condition in these ways.
    fn cond(&mut self, condition: &'p Cond, whole: Ways) {
        match &condition.kind {
            CondKind::Compare { left, op, right } => {
                let ways = Ways::of(*op).within(whole);
                match (&left.kind, &right.kind) {
                    (_, NumberKind::Const(at)) => self.add(Cut::Number(left, *at), ways),
                    (NumberKind::Const(at), _) => self.add(Cut::Number(right, *at), ways.turned()),
                    _ => self.add(Cut::Numbers(left, right), ways),
                }
            }
            CondKind::CompareDates { left, op, right } => {
                self.add(Cut::Dates(left, right), Ways::of(*op).within(whole));
            }
            CondKind::Not(inner) => self.cond(inner, whole.turned()),
            CondKind::Count {
                op: CountOp::AtMost,
                of,
                ..
            } => self.all(of, whole.turned()),
            CondKind::Count {
                op: CountOp::Exactly,
                of,
                ..
            } => self.all(of, Ways::BOTH),
            CondKind::If(when, then, otherwise) => {
                self.cond(when, Ways::BOTH);
                self.cond(then, whole);
                self.cond(otherwise, whole);
            }
            // All others hold the sooner, the sooner their parts do.
            _ => condition.each_part(|part| match part {
                Part::Cond(inner) => self.cond(inner, whole),
                Part::Definition(id) => self.criterion(id, whole),
                Part::Field(_) | Part::Judgement(_) | Part::Number(_) | Part::Moment(_) => {}
            }),
        }
    }

    fn all(&mut self, conditions: &'p [Cond], whole: Ways) {
        for condition in conditions {
            self.cond(condition, whole);
        }
    }

    fn criterion(&mut self, id: DefinitionId, whole: Ways) {
        let found = self.program.definitions.get(usize::from(id.0));
        if self.opened.insert((id, whole))
            && let Some(Rule::Criterion(inner)) = found.map(|found| &found.rule)
        {
            self.cond(inner, whole);
        }
    }

    fn add(&mut self, cut: Cut<'p>, ways: Ways) {
        let Some((known, before)) = self.found.iter_mut().find(|(known, _)| known.is(&cut)) else {
            return self.found.push((cut, ways));
        };
        let ways = if known.is_turned(&cut) {
            ways.turned()
        } else {
            ways
        };
        *before = before.or(ways);
    }
}

impl<'p> Cut<'p> {
    /// The time between two dates that is compared, and whether the greater is the shorter.
    fn length(&self) -> Option<(Length<'p>, bool)> {
        match *self {
            Cut::Number(number, at) => Some((Length::of_number(number, at)?, false)),
            Cut::Dates(left, right) => Length::of_dates(left, right),
            Cut::Numbers(..) => None,
        }
    }

    /// It lies at the value or beyond; surely beyond if strict.
    fn reached(self, encoder: &mut Encoder<'_>, strict: bool) -> Pair {
        match self {
            Cut::Number(number, at) => encoder.at_least(number, at, strict),
            Cut::Numbers(left, right) if strict => encoder.compare(left, CompareOp::Greater, right),
            Cut::Numbers(left, right) => encoder.compare(left, CompareOp::GreaterEqual, right),
            Cut::Dates(left, right) if strict => {
                encoder.compare_dates(left, CompareOp::Greater, right)
            }
            Cut::Dates(left, right) => encoder.compare_dates(left, CompareOp::GreaterEqual, right),
        }
    }

    /// How the values lie to each other with which the same number is compared.
    fn order(&self, other: &Cut<'_>) -> Option<Ordering> {
        match (self, other) {
            (Cut::Number(one, at), Cut::Number(two, other)) if one.kind == two.kind => {
                Some(at.cmp(other))
            }
            _ => None,
        }
    }

    /// Of two numbers or dates, these are named in the other order.
    fn is_turned(&self, other: &Cut<'_>) -> bool {
        match (self, other) {
            (Cut::Numbers(one, _), Cut::Numbers(two, _)) => one.kind != two.kind,
            (Cut::Dates(one, _), Cut::Dates(two, _)) if self.is(other) => one != two,
            (Cut::Dates(..), _) | (_, Cut::Dates(..)) => {
                let turned = |cut: &Cut<'_>| cut.length().is_some_and(|(_, turned)| turned);
                turned(self) != turned(other)
            }
            _ => false,
        }
    }

    /// The same two things meet at the same value, or dates are so far apart, in other words.
    fn is_as(&self, other: &Self) -> bool {
        let lengths = || self.length().zip(other.length());
        self.is(other) || lengths().is_some_and(|((one, _), (two, _))| one.is(&two))
    }

    /// The same two things meet at the same value.
    fn is(&self, other: &Cut<'_>) -> bool {
        match (self, other) {
            (Cut::Number(one, at), Cut::Number(two, other)) => at == other && one.kind == two.kind,
            (Cut::Numbers(a, b), Cut::Numbers(c, d)) => {
                let (a, b, c, d) = (&a.kind, &b.kind, &c.kind, &d.kind);
                (a, b) == (c, d) || (a, b) == (d, c)
            }
            (Cut::Dates(a, b), Cut::Dates(c, d)) => (a, b) == (c, d) || (a, b) == (d, c),
            _ => false,
        }
    }
}
