//! Lines that are added up, `2 when x >= 40; 1 when x <= 40`, of which a patient at a boundary is
//! counted in two or in none.
//!
//! Of plain ranges of one number compiling says so by itself. Here conditions are looked into as those
//! of arms are ([`boundary`](super::boundary), [`narrow`](super::narrow)): named criteria, ranges beside
//! other conditions, dates, and what `count of` counts. Two counts that a rule reads together, major
//! and minor criteria, are looked into for who is counted in both.

use super::ask::{Found, Prover};
use super::boundary::{Side, meet};
use super::narrow::{End, Measure, between, ends, is_narrow};
use super::patient::Wish;
use super::reads::Cone;
use crate::diagnostics as d;
use crate::places::{Place, Places};
use kohyo_engine::program::{
    Cond, Definition, DefinitionId, FieldId, Moment, Number, NumberKind, Rule,
};
use kohyo_engine::{Program, Question};
use std::collections::BTreeSet;

/// Every two lines are compared, so of a sum with more none are.
const MOST_LINES: usize = 64;

/// Of one sum so many boundaries are told.
const TOLD: usize = 4;

/// What is counted, line by line.
#[derive(Clone, Default)]
pub(super) struct Weights {
    /// To be added to the program, so that patients can be asked for them.
    pub(super) criteria: Vec<Definition>,
    groups: Vec<Group>,
    across: Vec<Across>,
}

/// Two lines of counts that are read together, about the same value.
#[derive(Clone)]
struct Across {
    counts: (DefinitionId, DefinitionId),
    one: Line,
    two: Line,
}

/// Lines that are added up, or of which the highest counts.
#[derive(Clone)]
struct Group {
    of: DefinitionId,
    adds: bool,
    lines: Vec<Line>,
    /// Places between two lines.
    gaps: Vec<Gap>,
}

#[derive(Clone)]
struct Line {
    place: Place,
    condition: Cond,
    /// What it counts; nothing where only the lines are counted.
    points: Option<String>,
    criterion: DefinitionId,
}

#[derive(Clone)]
struct Gap {
    below: usize,
    above: usize,
    /// Who falls in it.
    criterion: DefinitionId,
    /// The lines that say something of the same.
    about: Vec<usize>,
}

impl Weights {
    /// Of the scores and values of a program; the criteria will begin at `first`.
    pub(super) fn of(program: &Program, places: &Places, first: usize) -> Self {
        let mut found = Self::default();
        let ids = (0..=u16::MAX).map(DefinitionId);
        let definitions = program.definitions.iter().zip(&places.definitions);
        for (of, (definition, place)) in ids.zip(definitions) {
            let Rule::Number { number, .. } = &definition.rule else {
                continue;
            };
            if place.lent {
                continue;
            }
            for (adds, parts, places) in groups(number, &place.lines) {
                found.add(program, of, adds, &parts, places, first);
            }
        }
        found.add_across(program, places, first);
        found
    }

    /// Of every two counts that some rule reads together the lines that compare the same.
    fn add_across(&mut self, program: &Program, places: &Places, first: usize) {
        let ids = (0..=u16::MAX).map(DefinitionId);
        let definitions = program.definitions.iter().zip(&places.definitions);
        let counts = ids
            .zip(definitions)
            .filter_map(|(id, (definition, place))| {
                let Rule::Number { number, .. } = &definition.rule else {
                    return None;
                };
                let (NumberKind::Count(of), [lines]) = (&number.kind, place.lines.as_slice())
                else {
                    return None;
                };
                let fits = !place.lent && of.len() == lines.len() && of.len() <= MOST_LINES;
                let sides = of.iter().map(|condition| Side::of(program, condition));
                fits.then(|| (id, sides.zip(of.iter().zip(lines)).collect::<Vec<_>>()))
            });
        let counts: Vec<_> = counts.collect();
        if counts.len() < 2 {
            return;
        }
        let together = read_together(program);
        for (position, (two, seconds)) in counts.iter().enumerate() {
            for (one, firsts) in counts.iter().take(position) {
                if !together
                    .iter()
                    .any(|read| read.contains(one) && read.contains(two))
                {
                    continue;
                }
                let pairs = firsts
                    .iter()
                    .flat_map(|a| seconds.iter().map(move |b| (a, b)));
                for ((_, a), (_, b)) in pairs.filter(|((a, _), (b, _))| !a.common(b).is_empty()) {
                    let across = Across {
                        counts: (*one, *two),
                        one: self.line(*a, first),
                        two: self.line(*b, first),
                    };
                    self.across.push(across);
                }
            }
        }
    }

    /// A line of a count, so that patients can be asked for it.
    fn line(&mut self, (condition, place): (&Cond, &Place), first: usize) -> Line {
        Line {
            place: *place,
            condition: condition.clone(),
            points: None,
            criterion: self.asked(condition, first),
        }
    }

    /// The criterion that a line holds.
    fn asked(&mut self, condition: &Cond, first: usize) -> DefinitionId {
        let criterion = Definition {
            name: format!("+{}", first + self.criteria.len()),
            label: condition.text.clone(),
            cites: None,
            rule: Rule::Criterion(condition.clone()),
        };
        self.push(criterion, first)
    }

    fn add(
        &mut self,
        program: &Program,
        of: DefinitionId,
        adds: bool,
        parts: &[Part<'_>],
        places: &[Place],
        first: usize,
    ) {
        if parts.len() != places.len() || parts.len() > MOST_LINES {
            return;
        }
        let mut others: BTreeSet<FieldId> = BTreeSet::new();
        let mut sides: Vec<(Side<'_>, Vec<End<'_>>, Line)> = Vec::new();
        for (part, place) in parts.iter().zip(places) {
            let (condition, points) = match part {
                Part::Line(condition, points) => (*condition, points.clone()),
                Part::Other(number) => {
                    others.extend(Cone::of_number(program, number).fields);
                    continue;
                }
            };
            let line = Line {
                place: *place,
                condition: condition.clone(),
                points,
                criterion: DefinitionId(0),
            };
            sides.push((Side::of(program, condition), ends(program, condition), line));
        }
        let mut lines: Vec<Line> = sides.iter().map(|(.., line)| line.clone()).collect();
        let mut gaps = Vec::new();
        for (below, (_, lower, one)) in sides.iter().enumerate() {
            for (above, (_, upper, two)) in sides.iter().enumerate() {
                let ending = lower.iter().filter(|end| end.is_upper());
                let pairs = ending.flat_map(|end| {
                    let beginning = upper.iter().filter(|end| !end.is_upper());
                    beginning.map(move |beginning| (end, beginning))
                });
                for (end, beginning) in pairs {
                    if below == above
                        || !is_narrow(program, end, beginning)
                        || !is_told(&end.measure)
                        || fields(program, &end.measure).any(|field| others.contains(&field))
                    {
                        continue;
                    }
                    let says = |(_, (_, ends, _)): &(usize, &(_, Vec<End<'_>>, _))| {
                        ends.iter().any(|other| other.measure.is(&end.measure))
                    };
                    let about = sides.iter().enumerate().filter(says);
                    let about = about.map(|(line, _)| line).collect();
                    let position = first + self.criteria.len();
                    let (one, two) = (&one.condition, &two.condition);
                    let criterion = between(program, one, two, end, beginning, position);
                    gaps.push(Gap {
                        below,
                        above,
                        criterion: self.push(criterion, first),
                        about,
                    });
                }
            }
        }
        let compared = |line: usize| {
            let others = sides.iter().enumerate().filter(|(other, _)| *other != line);
            let own = sides.get(line);
            own.is_some_and(|(own, ..)| {
                let mut others = others;
                others.any(|(_, (other, ..))| !own.common(other).is_empty())
            })
        };
        let needed: BTreeSet<usize> = gaps
            .iter()
            .flat_map(|gap| gap.about.iter().copied())
            .chain((0..lines.len()).filter(|line| adds && compared(*line)))
            .collect();
        if needed.is_empty() {
            return;
        }
        for (position, line) in lines.iter_mut().enumerate() {
            if needed.contains(&position) {
                line.criterion = self.asked(&line.condition, first);
            }
        }
        self.groups.push(Group {
            of,
            adds,
            lines,
            gaps,
        });
    }

    fn push(&mut self, criterion: Definition, first: usize) -> DefinitionId {
        let position = first + self.criteria.len();
        self.criteria.push(criterion);
        DefinitionId(u16::try_from(position).unwrap_or(u16::MAX))
    }
}

/// A member of a sum.
enum Part<'p> {
    /// So many points when this holds.
    Line(&'p Cond, Option<String>),
    Other(&'p Number),
}

/// The lines of a number as they are written: whether all of them count, or the highest.
fn groups<'p, 'l>(
    number: &'p Number,
    places: &'l [Vec<Place>],
) -> Vec<(bool, Vec<Part<'p>>, &'l [Place])> {
    let part = |number: &'p Number| match &number.kind {
        NumberKind::When { amount, condition } => Part::Line(condition, Some(amount.text.clone())),
        _ => Part::Other(number),
    };
    let parts = |numbers: &'p [Number]| numbers.iter().map(part).collect();
    match (&number.kind, places) {
        (NumberKind::Count(conditions), [places]) => {
            let lines = conditions.iter().map(|when| Part::Line(when, None));
            vec![(true, lines.collect(), places)]
        }
        (NumberKind::Max(numbers), [places]) => vec![(false, parts(numbers), places)],
        (NumberKind::Sum(domains), many)
            if domains.len() == many.len()
                && domains
                    .iter()
                    .zip(many)
                    .all(|(domain, places)| matches!(&domain.kind, NumberKind::Max(of) if of.len() == places.len())) =>
        {
            let domains = domains.iter().zip(many);
            let groups = domains.filter_map(|(domain, places)| match &domain.kind {
                NumberKind::Max(numbers) => Some((false, parts(numbers), places.as_slice())),
                _ => None,
            });
            groups.collect()
        }
        (NumberKind::Sum(numbers), [places]) => vec![(true, parts(numbers), places)],
        _ => Vec::new(),
    }
}

/// For each criterion, grade and judgement the definitions that it reads.
fn read_together(program: &Program) -> Vec<BTreeSet<DefinitionId>> {
    let mut read = Vec::new();
    for definition in &program.definitions {
        let cone = match &definition.rule {
            Rule::Criterion(condition) => Cone::of(program, [condition]),
            Rule::Grade { arms, .. } => Cone::of(program, arms.iter().map(|(when, _)| when)),
            Rule::Number { .. } => continue,
        };
        read.push(cone.definitions);
    }
    for judgement in &program.judgements {
        let conditions = judgement.categories.iter().filter_map(|c| c.when.as_ref());
        read.push(Cone::of(program, conditions).definitions);
    }
    read
}

/// Two items that are alike are often meant to count nothing; two dates a period apart are not.
fn is_told(measure: &Measure<'_>) -> bool {
    let shifted = |moment: &Moment| matches!(moment, Moment::Shifted { .. });
    match measure {
        Measure::Number(_) => true,
        Measure::Numbers(..) => false,
        Measure::Dates(one, two) => shifted(one) || shifted(two),
    }
}

/// What is asked for what is compared.
fn fields<'p>(
    program: &'p Program,
    measure: &Measure<'p>,
) -> impl Iterator<Item = FieldId> + use<'p> {
    let numbers = match measure {
        Measure::Number(one) => vec![*one],
        Measure::Numbers(one, two) => vec![*one, *two],
        Measure::Dates(..) => Vec::new(),
    };
    let cones = numbers
        .into_iter()
        .map(move |number| Cone::of_number(program, number));
    cones.flat_map(|cone| cone.fields)
}

/// Looks for whoever is counted twice, or not at all, at a boundary.
pub(super) fn prove(prover: &mut Prover<'_>, weights: &Weights) {
    for group in &weights.groups {
        prover.topic(|prover| counted_once(prover, group));
    }
    for across in &weights.across {
        prover.topic(|prover| counted_in_both(prover, across));
    }
}

/// Nobody is counted twice, or not at all.
fn counted_once(prover: &mut Prover<'_>, group: &Group) {
    let once = !group.adds || counted_twice(prover, group);
    let all = counted_not(prover, group);
    let place = prover.places().definitions.get(usize::from(group.of.0));
    if let (false, Some(place)) = (once && all, place) {
        let conditions = group.lines.iter().map(|line| &line.condition);
        let cone = Cone::of(prover.program, conditions);
        let label = label(prover.program, group.of);
        prover.borders_not_proven(place.name, label, &cone);
    }
}

fn is(criterion: DefinitionId, wanted: bool) -> Wish {
    Wish::Is(Question::Criterion(criterion), wanted)
}

/// Whether that is all: of two lines nobody may be found nor excluded.
fn counted_twice(prover: &mut Prover<'_>, group: &Group) -> bool {
    let program: &Program = prover.program;
    let label = label(program, group.of);
    let (mut told, mut certain) = (0, true);
    for (position, two) in group.lines.iter().enumerate() {
        for one in group.lines.iter().take(position) {
            let nothing = |line: &Line| line.points.as_deref() == Some("0");
            if told == TOLD || nothing(one) || nothing(two) {
                continue;
            }
            let example = match in_both(prover, one, two) {
                Both::Shown(example) => example,
                Both::Unsettled => {
                    certain = false;
                    continue;
                }
                Both::Nobody => continue,
            };
            let (file, second) = prover.located(two.place);
            let (other, first) = prover.located(one.place);
            let points = one.points.as_deref().zip(two.points.as_deref());
            let finding = d::both_counted(file, second, label, &example, points).label(
                other,
                first,
                "この行にも当てはまります",
            );
            prover.finding(finding);
            told += 1;
        }
    }
    certain
}

/// Whether somebody is in two lines at the one value that both have.
enum Both {
    Shown(String),
    Nobody,
    Unsettled,
}

fn in_both(prover: &mut Prover<'_>, one: &Line, two: &Line) -> Both {
    let program: &Program = prover.program;
    let (first, second) = (
        Side::of(program, &one.condition),
        Side::of(program, &two.condition),
    );
    if prover.is_reported_as("E0630", &[two.place]) || !meet(prover, &first, &second) {
        return Both::Nobody;
    }
    let cone = Cone::of(program, [&one.condition, &two.condition]);
    let wishes = [is(one.criterion, true), is(two.criterion, true)];
    match prover.find(&wishes, &cone, false) {
        Found::Example(patient) => Both::Shown(prover.example(&patient, &cone)),
        Found::Unsettled => Both::Unsettled,
        Found::Nobody => Both::Nobody,
    }
}

/// Whoever is counted in two counts that are read together.
fn counted_in_both(prover: &mut Prover<'_>, across: &Across) {
    let program: &Program = prover.program;
    let (one, two) = (
        label(program, across.counts.0),
        label(program, across.counts.1),
    );
    match in_both(prover, &across.one, &across.two) {
        Both::Shown(example) => {
            let (file, second) = prover.located(across.two.place);
            let (other, first) = prover.located(across.one.place);
            let finding = d::counted_in_both(file, second, (one, two), &example).label(
                other,
                first,
                "この行にも当てはまります",
            );
            prover.finding(finding);
        }
        Both::Unsettled => {
            let cone = Cone::of(program, [&across.one.condition, &across.two.condition]);
            prover.borders_not_proven(across.two.place, two, &cone);
        }
        Both::Nobody => {}
    }
}

/// Whether that is all.
fn counted_not(prover: &mut Prover<'_>, group: &Group) -> bool {
    let program: &Program = prover.program;
    let label = label(program, group.of);
    let (mut told, mut certain): (Vec<(usize, usize)>, bool) = (Vec::new(), true);
    for gap in &group.gaps {
        let (Some(one), Some(two)) = (group.lines.get(gap.below), group.lines.get(gap.above))
        else {
            continue;
        };
        if told.len() == TOLD
            || told.contains(&(gap.below, gap.above))
            || prover.is_reported_as("E0631", &[one.place, two.place])
        {
            continue;
        }
        let about = gap.about.iter();
        let about = about.filter_map(|line| Some((*line, group.lines.get(*line)?)));
        let mut wishes: Vec<Wish> = about
            .clone()
            .map(|(_, line)| is(line.criterion, false))
            .collect();
        wishes.push(is(gap.criterion, true));
        let conditions = group.lines.iter().map(|line| &line.condition);
        let cone = Cone::of(program, conditions);
        // Another line is about the value as well, if beside something else; perhaps, if nobody is
        // found nor excluded.
        let (mut thought_of, mut perhaps) = (false, false);
        for (_, line) in about.filter(|(line, _)| ![gap.below, gap.above].contains(line)) {
            let wishes = [is(line.criterion, true), is(gap.criterion, true)];
            match prover.find(&wishes, &cone, false) {
                Found::Example(_) => {
                    thought_of = true;
                    break;
                }
                Found::Unsettled => perhaps = true,
                Found::Nobody => {}
            }
        }
        if thought_of {
            continue;
        }
        let patient = match prover.find(&wishes, &cone, false) {
            Found::Example(patient) if !perhaps => patient,
            Found::Example(_) | Found::Unsettled => {
                certain = false;
                continue;
            }
            Found::Nobody => continue,
        };
        let example = prover.example(&patient, &cone);
        let (file, above) = prover.located(two.place);
        let (other, below) = prover.located(one.place);
        let points = two.points.is_some();
        let finding = d::neither_counted(file, above, label, &example, points).label(
            other,
            below,
            "この行にも入りません",
        );
        prover.finding(finding);
        told.push((gap.below, gap.above));
    }
    certain
}

fn label(program: &Program, id: DefinitionId) -> &str {
    let found = program.definitions.get(usize::from(id.0));
    found.map_or("", |definition| definition.label.as_str())
}
