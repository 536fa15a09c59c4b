//! Narrow gaps between the ranges of two arms, 1.5 to 1.9 and then 2.0 to 2.9, where `otherwise`
//! takes whoever falls between, or nothing does.
//!
//! A wide space between two ranges is the normal range, and `otherwise` is meant for it. A gap of a
//! single value, or narrower than the digits in which its ends are written, is a slip of the
//! published table or of whoever copied it: a ratio of 1.95 is no milder than one of 1.9. Two items
//! that are compared with each other, `left > right` and `left < right`, leave out that they are
//! equal. Where there is no `otherwise` every gap is looked for; these are looked at one by one because among calculated
//! numbers a search for any gap may give up.

use super::ask::{Found, Prover};
use super::exceptions::{Declared, outside};
use super::lengths::Length;
use super::patient::Wish;
use super::reads::Cone;
use super::solver::Lit;
use crate::diagnostics as d;
use crate::lower;
use crate::places::Places;
use kohyo_dsl::{Diagnostic, Span};
use kohyo_engine::program::{
    CompareOp, Cond, CondKind, CountOp, Definition, DefinitionId, Excepted, FieldId, FieldType,
    JudgementId, Moment, Number, NumberKind, Part, Rule,
};
use kohyo_engine::{Decimal, Program, Question};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Every two arms are compared, so of a rule with more none are.
const MOST_ARMS: usize = 128;

/// Of two arms so many gaps are looked at: rows compared with rows have hundreds, one like the other.
const MOST_GAPS: usize = 16;

/// A limit of more values is not gone through.
const MOST_LIMITS: usize = 16;

/// Criteria for whoever falls in a gap, so that patients can be asked for them.
#[derive(Clone, Default)]
pub(super) struct NarrowGaps {
    /// To be added to the program.
    pub(super) criteria: Vec<Definition>,
    known: Vec<NarrowGap>,
}

/// A place where a gap may be.
#[derive(Clone)]
struct NarrowGap {
    of: Excepted,
    /// The arm below it, and the one above.
    below: usize,
    above: usize,
    /// Two things that are equal.
    tie: bool,
    criterion: DefinitionId,
    /// Arms after both that say nothing of the number.
    receivers: Vec<usize>,
}

/// A gap in which a patient was found.
pub(super) struct Fallen {
    pub(super) below: usize,
    pub(super) above: usize,
    /// Two things are equal there.
    pub(super) tie: bool,
    pub(super) example: String,
}

impl Fallen {
    /// With the places of the arm above and of the one below.
    pub(super) fn finding(
        self,
        (file, span): (&str, Span),
        (other, first): (&str, Span),
        label: &str,
        arms: (&str, &str),
        otherwise: &str,
    ) -> Diagnostic {
        let (finding, beside) = if self.tie {
            let finding = d::tie_of_arms(file, span, label, arms, otherwise);
            (finding, "こちらにも当てはまりません")
        } else {
            let finding = d::between_arms(file, span, label, arms, otherwise);
            (finding, "こちらの範囲との間です")
        };
        finding.note(self.example).label(other, first, beside)
    }

    /// Of somebody who gets a later arm: with the places of the arm above and of the one below.
    pub(super) fn taken(
        self,
        (file, span): (&str, Span),
        (other, first): (&str, Span),
        label: &str,
        arms: (&str, &str),
        receiver: &str,
    ) -> Diagnostic {
        d::taken_between(file, span, label, arms, receiver)
            .note(self.example)
            .label(other, first, "こちらの範囲との間です")
    }
}

impl NarrowGaps {
    /// Of the program with these grades behind its definitions; the criteria will begin at `first`.
    pub(super) fn of(
        program: &Program,
        grades: &[Definition],
        places: &Places,
        first: usize,
    ) -> Self {
        let mut found = Self::default();
        let definitions = program.definitions.iter().chain(grades);
        for (position, (id, definition)) in (0..=u16::MAX)
            .map(DefinitionId)
            .zip(definitions)
            .enumerate()
        {
            let lent = places.definitions.get(position).is_some_and(|p| p.lent);
            if let Rule::Grade { arms, .. } = &definition.rule
                && !lent
            {
                let arms: Vec<&Cond> = arms.iter().map(|(when, _)| when).collect();
                found.add(program, Excepted::Definition(id), &arms, first);
            }
        }
        for (id, judgement) in (0..=u16::MAX).map(JudgementId).zip(&program.judgements) {
            let conditions = judgement.categories.iter().filter_map(|c| c.when.as_ref());
            let arms: Vec<&Cond> = conditions.collect();
            found.add(program, Excepted::Judgement(id), &arms, first);
        }
        found
    }

    fn add(&mut self, program: &Program, of: Excepted, arms: &[&Cond], first: usize) {
        if arms.len() > MOST_ARMS {
            return;
        }
        let ends: Vec<Vec<End<'_>>> = arms.iter().map(|arm| ends(program, arm)).collect();
        for (below, lower) in ends.iter().enumerate() {
            for (above, upper) in ends.iter().enumerate() {
                let (Some(one), Some(two)) = (arms.get(below), arms.get(above)) else {
                    continue;
                };
                let ending = lower.iter().filter(|end| end.is_upper());
                let gaps = ending.flat_map(|end| {
                    let beginning = upper.iter().filter(|end| !end.is_upper());
                    // Two items have no order: what leaves out a tie is found once.
                    let narrow = move |beginning: &&End<'_>| {
                        let once = below < above || !end.is_tie(beginning);
                        once && is_narrow(program, end, beginning)
                    };
                    beginning
                        .filter(narrow)
                        .map(move |beginning| (end, beginning))
                });
                for (end, beginning) in gaps.take(MOST_GAPS) {
                    let position = first + self.criteria.len();
                    let silent = |arm: &usize| {
                        let mut said = ends.get(*arm).into_iter().flatten();
                        !said.any(|other| other.is_of(end))
                    };
                    let after = below.max(above) + 1..arms.len();
                    self.known.push(NarrowGap {
                        receivers: after.filter(silent).collect(),
                        of,
                        below,
                        above,
                        tie: end.is_tie(beginning),
                        criterion: DefinitionId(u16::try_from(position).unwrap_or(u16::MAX)),
                    });
                    self.criteria
                        .push(between(program, one, two, end, beginning, position));
                }
            }
        }
    }
}

/// Where somebody falls between two arms, outside of what is declared and of these regions; each pair
/// of arms once, and whether that is all. `no_arm` says that none of the arms holds.
pub(super) fn fallen(
    prover: &mut Prover<'_>,
    of: Excepted,
    no_arm: &[Wish],
    cone: &Cone,
    declared: &[Declared],
    regions: &[Lit],
) -> (Vec<Fallen>, bool) {
    let known = prover.narrow_gaps.known.clone();
    let (mut found, mut certain): (Vec<Fallen>, bool) = (Vec::new(), true);
    for gap in known.into_iter().filter(|gap| gap.of == of) {
        if found
            .iter()
            .any(|other| (other.below, other.above) == (gap.below, gap.above))
        {
            continue;
        }
        let mut wishes = no_arm.to_vec();
        wishes.push(Wish::Is(Question::Criterion(gap.criterion), true));
        wishes.extend(outside(declared));
        match prover.find_outside(&wishes, cone, false, regions) {
            Found::Example(patient) => found.push(Fallen {
                below: gap.below,
                above: gap.above,
                tie: gap.tie,
                example: prover.example(&patient, cone),
            }),
            Found::Unsettled => certain = false,
            Found::Nobody => {}
        }
    }
    (found, certain)
}

/// Somebody who falls between two arms and gets a later one that says nothing of the number, as if
/// it were `otherwise`; each pair of arms once, and whether that is all. `reached` says for whom the
/// arms count, `arm` that one holds or does not, `outcome` what comes out of it.
pub(super) fn received(
    prover: &mut Prover<'_>,
    of: Excepted,
    reached: &[Wish],
    arm: impl Fn(usize, bool) -> Wish,
    outcome: impl Fn(usize) -> usize,
    cone: &Cone,
) -> (Vec<(Fallen, usize)>, bool) {
    let known = prover.narrow_gaps.known.clone();
    let (mut found, mut certain): (Vec<(Fallen, usize)>, bool) = (Vec::new(), true);
    for gap in known.into_iter().filter(|gap| gap.of == of) {
        let (below, above) = (gap.below, gap.above);
        if found
            .iter()
            .any(|(other, _)| (other.below, other.above) == (below, above))
        {
            continue;
        }
        let others = [outcome(below), outcome(above)];
        for receiver in gap.receivers {
            if others.contains(&outcome(receiver)) {
                continue;
            }
            let mut wishes = reached.to_vec();
            wishes.extend((0..receiver).map(|before| arm(before, false)));
            wishes.push(arm(receiver, true));
            wishes.push(Wish::Is(Question::Criterion(gap.criterion), true));
            match prover.find(&wishes, cone, false) {
                Found::Example(patient) => {
                    let example = prover.example(&patient, cone);
                    let fallen = Fallen {
                        below,
                        above,
                        tie: gap.tie,
                        example,
                    };
                    found.push((fallen, receiver));
                    break;
                }
                Found::Unsettled => certain = false,
                Found::Nobody => {}
            }
        }
    }
    (found, certain)
}

/// What is compared.
#[derive(Clone, Copy)]
pub(super) enum Measure<'p> {
    /// A number with a value.
    Number(&'p Number),
    /// A number with another.
    Numbers(&'p Number, &'p Number),
    /// A date with another.
    Dates(&'p Moment, &'p Moment),
}

impl Measure<'_> {
    pub(super) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(one), Self::Number(two)) => one.kind == two.kind,
            (Self::Numbers(a, b), Self::Numbers(c, d)) => a.kind == c.kind && b.kind == d.kind,
            (Self::Dates(a, b), Self::Dates(c, d)) => (a, b) == (c, d),
            _ => false,
        }
    }

    /// How it lies to a value; of two things, the first to the second.
    pub(super) fn compared(&self, op: CompareOp, at: Decimal) -> Cond {
        let number = |number: &Number| Box::new(number.clone());
        unnamed(match *self {
            Self::Number(left) => {
                let at = Number {
                    kind: NumberKind::Const(at),
                    text: at.to_string(),
                };
                CondKind::compare(left.clone(), op, at)
            }
            Self::Numbers(left, right) => CondKind::Compare {
                left: number(left),
                op,
                right: number(right),
            },
            Self::Dates(left, right) => CondKind::CompareDates {
                left: left.clone(),
                op,
                right: right.clone(),
            },
        })
    }
}

/// The dates between which time is compared, if both are asked for.
pub(super) fn time_between(measure: Measure<'_>) -> Option<(FieldId, FieldId)> {
    let Measure::Number(number) = measure else {
        return None;
    };
    match &number.kind {
        NumberKind::Elapsed {
            from: Moment::Field(from),
            to: Moment::Field(to),
            ..
        } => Some((*from, *to)),
        _ => None,
    }
}

/// Where a range ends.
#[derive(Clone, Copy)]
pub(super) struct End<'p> {
    pub(super) measure: Measure<'p>,
    /// The way it is written with the number, or the first of two things, on the left.
    op: CompareOp,
    /// The value; nothing lies between two things that are equal.
    at: Decimal,
}

impl<'p> End<'p> {
    /// What a comparison says; of two things it says something of either.
    fn all(condition: &'p Cond) -> Vec<Self> {
        let end = |measure, op, at| Self { measure, op, at };
        let none = Decimal::ZERO;
        match &condition.kind {
            CondKind::Compare { left, op, right } => match (&left.kind, &right.kind) {
                (NumberKind::Const(_), NumberKind::Const(_)) => Vec::new(),
                (_, NumberKind::Const(at)) => vec![end(Measure::Number(left), *op, *at)],
                (NumberKind::Const(at), _) => vec![end(Measure::Number(right), op.turned(), *at)],
                _ => vec![
                    end(Measure::Numbers(left, right), *op, none),
                    end(Measure::Numbers(right, left), op.turned(), none),
                ],
            },
            CondKind::CompareDates { left, op, right } => vec![
                end(Measure::Dates(left, right), *op, none),
                end(Measure::Dates(right, left), op.turned(), none),
            ],
            _ => Vec::new(),
        }
    }

    /// Where the range ends of which it is said that it does not hold.
    fn denied(self) -> Self {
        Self {
            op: self.op.denied(),
            ..self
        }
    }

    pub(super) fn is_upper(&self) -> bool {
        matches!(self.op, CompareOp::Less | CompareOp::LessEqual)
    }

    /// The last value of the range, or the place just before the value that ends it; of a range that
    /// begins, the first one.
    fn inside(&self) -> Spot {
        let beside = match self.op {
            CompareOp::Less => Ordering::Less,
            CompareOp::Greater => Ordering::Greater,
            _ => Ordering::Equal,
        };
        Spot {
            at: self.at,
            beside,
        }
    }

    /// Whether this is about the gap between two ranges: it does not say the same of both and of what
    /// lies between.
    pub(super) fn tells_apart(&self, end: &End<'_>, beginning: &End<'_>) -> bool {
        let says = |end: &End<'_>| end.inside().fulfils(self.op, self.at);
        let between = end.at <= self.at && self.at <= beginning.at;
        if self.measure.is(&end.measure) && self.measure.is(&beginning.measure) {
            return match self.op {
                CompareOp::Equal | CompareOp::NotEqual => between,
                _ => says(end) != says(beginning),
            };
        }
        let lengths = end.length().zip(beginning.length());
        self.is_of(end)
            && self
                .length()
                .zip(lengths)
                .is_none_or(|(own, (last, next))| {
                    let same = own.says_the_same(self.op, (&last, end.op), (&next, beginning.op));
                    same != Some(true)
                })
    }

    /// The time between two dates that is compared, if the greater is the longer.
    fn length(&self) -> Option<Length<'p>> {
        match self.measure {
            Measure::Number(number) => Length::of_number(number, self.at),
            Measure::Dates(left, right) => {
                let length = Length::of_dates(left, right);
                length.and_then(|(length, turned)| (!turned).then_some(length))
            }
            Measure::Numbers(..) => None,
        }
    }

    /// Whether both are about the same, in whichever words.
    pub(super) fn is_of(&self, other: &End<'_>) -> bool {
        let lengths = || self.length().zip(other.length());
        self.measure.is(&other.measure) || lengths().is_some_and(|(one, two)| one.is_of(&two))
    }

    /// Two things are compared with each other, in the same words, so that they are equal between.
    fn is_tie(&self, beginning: &End<'_>) -> bool {
        !matches!(self.measure, Measure::Number(_)) && self.measure.is(&beginning.measure)
    }

    /// What is compared has left the range here.
    fn beyond(&self) -> Cond {
        let op = match self.op {
            CompareOp::Equal | CompareOp::NotEqual => CompareOp::Less,
            op => op.denied(),
        };
        self.measure.compared(op, self.at)
    }
}

/// A value, or a place just below or above it.
#[derive(Clone, Copy)]
struct Spot {
    at: Decimal,
    beside: Ordering,
}

impl Spot {
    fn fulfils(self, op: CompareOp, value: Decimal) -> bool {
        let side = self.at.cmp(&value).then(self.beside);
        match op {
            CompareOp::Equal => side == Ordering::Equal,
            CompareOp::NotEqual => side != Ordering::Equal,
            CompareOp::Less => side == Ordering::Less,
            CompareOp::LessEqual => side != Ordering::Greater,
            CompareOp::Greater => side == Ordering::Greater,
            CompareOp::GreaterEqual => side != Ordering::Less,
        }
    }
}

/// Whether the range that ends and the one that begins leave out a single value, or less than the
/// last digit in which the ends are written. A change that is neither above nor below nothing is
/// none, which is what `otherwise` says of it.
pub(super) fn is_narrow(program: &Program, end: &End<'_>, beginning: &End<'_>) -> bool {
    if !end.measure.is(&beginning.measure) {
        let lengths = end.length().zip(beginning.length());
        return lengths
            .is_some_and(|(last, next)| last.is_just_before(end.op, &next, beginning.op));
    }
    let both_outside = end.op == CompareOp::Less && beginning.op == CompareOp::Greater;
    let Measure::Number(number) = end.measure else {
        return both_outside;
    };
    if end.at == beginning.at {
        return both_outside && !end.at.is_zero();
    }
    lower::is_narrow(end.at, beginning.at)
        || step_of(program, number).is_some_and(|step| {
            let last = end.at
                - if end.op == CompareOp::Less {
                    step
                } else {
                    Decimal::ZERO
                };
            let next = beginning.at
                + if beginning.op == CompareOp::Greater {
                    step
                } else {
                    Decimal::ZERO
                };
            next - last == step + step
        })
}

/// The digits in which a number moves, where that is plain: a question, a value with its digits, a
/// count of years, days or conditions.
pub(super) fn step_of(program: &Program, number: &Number) -> Option<Decimal> {
    let fraction = match &number.kind {
        NumberKind::Field(id) => match program.fields.get(usize::from(id.0))?.ty {
            FieldType::Number { fraction, .. } => fraction,
            _ => return None,
        },
        NumberKind::Definition(id) => match program.definitions.get(usize::from(id.0))?.rule {
            Rule::Number { fraction, .. } => fraction?,
            _ => return None,
        },
        NumberKind::Count(_) | NumberKind::Elapsed { .. } => 0,
        _ => return None,
    };
    Decimal::try_new(1, u32::from(fraction)).ok()
}

/// Whoever would show the one arm at its end and the other at its beginning, and is between.
pub(super) fn between(
    program: &Program,
    below: &Cond,
    above: &Cond,
    end: &End<'_>,
    beginning: &End<'_>,
    position: usize,
) -> Definition {
    let at = |condition, end: &End<'_>| {
        Placing {
            program,
            measure: end.measure,
            spot: end.inside(),
        }
        .cond(condition)
    };
    let mut parts = vec![
        at(below, end),
        at(above, beginning),
        end.beyond(),
        beginning.beyond(),
    ];
    parts.extend(tied(program, &end.measure));
    Definition {
        name: format!("><{position}"),
        label: String::new(),
        cites: None,
        rule: Rule::Criterion(unnamed(CondKind::All(parts))),
    }
}

/// What follows of two numbers that are equal, one being a limit of a few values: the other is one of
/// these. Said, somebody is found sooner.
fn tied(program: &Program, measure: &Measure<'_>) -> Option<Cond> {
    let Measure::Numbers(one, two) = *measure else {
        return None;
    };
    let limits = |limit, number| Some((limits(program, limit)?, number));
    let (values, number): (Vec<Decimal>, &Number) =
        limits(two, one).or_else(|| limits(one, two))?;
    let is = |at| Measure::Number(number).compared(CompareOp::Equal, at);
    let values = values.into_iter().map(is).collect();
    Some(unnamed(CondKind::Any(values)))
}

/// The values of a number that the author wrote down, if they are few.
fn limits(program: &Program, number: &Number) -> Option<Vec<Decimal>> {
    let mut values = match &number.kind {
        NumberKind::Const(value) => vec![*value],
        NumberKind::Nothing => Vec::new(),
        NumberKind::If(_, then, otherwise) => {
            let mut values = limits(program, then)?;
            values.extend(limits(program, otherwise)?);
            values
        }
        NumberKind::Definition(id) => match &program.definitions.get(usize::from(id.0))?.rule {
            Rule::Number {
                number, fraction, ..
            } => {
                let values = limits(program, number)?;
                let digits = fraction.map_or(u32::MAX, u32::from);
                let kept = values
                    .iter()
                    .all(|value| value.normalize().scale() <= digits);
                kept.then_some(values)?
            }
            Rule::Criterion(_) | Rule::Grade { .. } => return None,
        },
        _ => return None,
    };
    values.sort();
    values.dedup();
    (values.len() <= MOST_LIMITS).then_some(values)
}

pub(super) fn unnamed(kind: CondKind) -> Cond {
    Cond {
        kind,
        text: String::new(),
    }
}

/// Where ranges end in a condition and in the criteria it names.
pub(super) fn ends<'p>(program: &'p Program, condition: &'p Cond) -> Vec<End<'p>> {
    let (mut found, mut opened) = (Vec::new(), BTreeSet::new());
    let mut waiting = vec![(condition, false)];
    while let Some((condition, denied)) = waiting.pop() {
        for end in End::all(condition) {
            let end = if denied { end.denied() } else { end };
            let known = |other: &End<'_>| {
                (other.op, other.at) == (end.op, end.at) && other.measure.is(&end.measure)
            };
            if !found.iter().any(known) {
                found.push(end);
            }
        }
        let turned = match &condition.kind {
            CondKind::Not(_)
            | CondKind::Count {
                op: CountOp::AtMost,
                ..
            } => !denied,
            _ => denied,
        };
        condition.each_part(|part| match part {
            Part::Cond(inner) => waiting.push((inner, turned)),
            Part::Definition(id) => {
                if let Some(inner) = criterion(program, id)
                    && opened.insert((id, turned))
                {
                    waiting.push((inner, turned));
                }
            }
            Part::Field(_) | Part::Judgement(_) | Part::Number(_) | Part::Moment(_) => {}
        });
    }
    found
}

fn criterion(program: &Program, id: DefinitionId) -> Option<&Cond> {
    match &program.definitions.get(usize::from(id.0))?.rule {
        Rule::Criterion(inner) => Some(inner),
        Rule::Number { .. } | Rule::Grade { .. } => None,
    }
}

/// Says of a condition what it would be if what is compared stood somewhere else.
struct Placing<'p> {
    program: &'p Program,
    measure: Measure<'p>,
    spot: Spot,
}

impl Placing<'_> {
    fn cond(&self, condition: &Cond) -> Cond {
        rebuilt(self.program, condition, &|condition| {
            let ends = End::all(condition);
            let end = ends.iter().find(|end| end.measure.is(&self.measure))?;
            Some(unnamed(CondKind::Const(self.spot.fulfils(end.op, end.at))))
        })
    }
}

/// A condition and the criteria it names, with other parts where there are some.
fn rebuilt(program: &Program, condition: &Cond, other: &dyn Fn(&Cond) -> Option<Cond>) -> Cond {
    if let Some(other) = other(condition) {
        return other;
    }
    let inner = |part: &Cond| rebuilt(program, part, other);
    let all = |parts: &[Cond]| parts.iter().map(inner).collect();
    let one = |part: &Cond| Box::new(inner(part));
    unnamed(match &condition.kind {
        CondKind::Criterion(id) => match criterion(program, *id) {
            Some(found) => return inner(found),
            None => condition.kind.clone(),
        },
        CondKind::Not(part) => CondKind::Not(one(part)),
        CondKind::All(parts) => CondKind::All(all(parts)),
        CondKind::Any(parts) => CondKind::Any(all(parts)),
        CondKind::Count { of, op, n } => CondKind::Count {
            of: all(of),
            op: *op,
            n: *n,
        },
        CondKind::If(condition, then, otherwise) => {
            CondKind::If(one(condition), one(then), one(otherwise))
        }
        CondKind::TreatUnknown { condition, as_yes } => CondKind::TreatUnknown {
            condition: one(condition),
            as_yes: *as_yes,
        },
        CondKind::IfShown {
            fields,
            condition,
            otherwise,
        } => CondKind::IfShown {
            fields: fields.clone(),
            condition: one(condition),
            otherwise: *otherwise,
        },
        CondKind::Const(_)
        | CondKind::Code { .. }
        | CondKind::Includes { .. }
        | CondKind::Answered(_)
        | CondKind::Grade { .. }
        | CondKind::Category { .. }
        | CondKind::Application(_)
        | CondKind::Compare { .. }
        | CondKind::CompareDates { .. } => condition.kind.clone(),
    })
}
