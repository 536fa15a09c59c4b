//! Lines that are added up, `2 when x >= 40; 1 when x <= 40`, of which a patient at a boundary is
//! counted in two or in none.
//!
//! Of plain ranges of one number compiling says so by itself. Here conditions are looked into as those
//! of arms are ([`boundary`](super::boundary), [`narrow`](super::narrow)): named criteria, ranges beside
//! other conditions, dates, and what `count of` and `at least 2 of` count. Of lines of which the highest
//! counts two are in conflict as well, where they give different points. Two counts that a rule reads
//! together, major and minor criteria, are looked into for who is counted in both.

use super::ask::{Found, Prover};
use super::boundary::{Side, meet};
use super::exceptions::{Case, Declared, declared, outside};
use super::hidden::Reader;
use super::narrow::{End, Measure, between, ends, is_narrow};
use super::patient::Wish;
use super::reads::Cone;
use crate::diagnostics as d;
use crate::places::{Counted, Place, Places};
use kohyo_engine::program::{
    Cond, Definition, DefinitionId, Excepted, ExceptionKind, FieldId, Moment, Number, NumberKind,
    Rule,
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
    counts: (Reader, Reader),
    one: Line,
    two: Line,
}

/// Lines that are added up, or of which the highest counts.
#[derive(Clone)]
struct Group {
    of: Reader,
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
    /// Two numbers that are equal.
    tie: bool,
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
                found.add(
                    program,
                    Reader::Definition(of),
                    (adds, true),
                    &parts,
                    places,
                    first,
                );
            }
        }
        let lent = |reader: Reader| match reader {
            Reader::Definition(id) => places
                .definitions
                .get(usize::from(id.0))
                .is_some_and(|place| place.lent),
            Reader::Judgement(_) => false,
        };
        let counts = places.counts.iter().filter(|count| !lent(count.reader));
        let counts: Vec<&Counted> = counts.collect();
        for count in &counts {
            let lines = count.conditions.iter().map(|when| Part::Line(when, None));
            let lines: Vec<Part<'_>> = lines.collect();
            // What a condition leaves out is told where it is read.
            found.add(
                program,
                count.reader,
                (true, count.number),
                &lines,
                &count.lines,
                first,
            );
        }
        found.add_across(program, &counts, first);
        found
    }

    /// Whoever is in two lines of a rule at the one value that both have.
    pub(super) fn overlaps(&self, prover: &mut Prover<'_>, of: Reader) -> Vec<Case> {
        let program: &Program = prover.program;
        let own = self.groups.iter().filter(|group| group.of == of);
        let pairs = own.flat_map(|group| {
            let lines = group.lines.iter().enumerate();
            lines.flat_map(|(position, two)| {
                let before = group.lines.iter().take(position);
                before.map(move |one| (one, two))
            })
        });
        let across = self.across.iter();
        let across = across.filter(|across| [across.counts.0, across.counts.1].contains(&of));
        let pairs = pairs.chain(across.map(|across| (&across.one, &across.two)));
        let met = pairs.filter(|(one, two)| {
            let (first, second) = (&one.condition, &two.condition);
            meet(
                prover,
                &Side::of(program, first),
                &Side::of(program, second),
            )
        });
        met.map(|(one, two)| vec![is(one.criterion, true), is(two.criterion, true)])
            .collect()
    }

    /// Whoever is between two lines of a rule, and in no line about the same.
    pub(super) fn gaps(&self, of: Reader) -> Vec<Case> {
        let own = self.groups.iter().filter(|group| group.of == of);
        let gaps = own.flat_map(|group| {
            group.gaps.iter().map(|gap| {
                let about = gap.about.iter().filter_map(|line| group.lines.get(*line));
                let lines = about.map(|line| is(line.criterion, false));
                lines.chain([is(gap.criterion, true)]).collect()
            })
        });
        gaps.collect()
    }

    /// Of every two counts that some rule reads together the lines that compare the same.
    fn add_across(&mut self, program: &Program, counts: &[&Counted], first: usize) {
        let fits = |count: &&&Counted| count.number && count.conditions.len() <= MOST_LINES;
        let counts: Vec<(&Counted, Vec<Side<'_>>)> = counts
            .iter()
            .filter(fits)
            .map(|count| {
                let sides = count.conditions.iter();
                let sides = sides.map(|condition| Side::of(program, condition));
                (*count, sides.collect())
            })
            .collect();
        if counts.len() < 2 {
            return;
        }
        let together = read_together(program);
        for (position, (two, seconds)) in counts.iter().enumerate() {
            for (one, firsts) in counts.iter().take(position) {
                let mut read = together.iter();
                let both = (one.reader == two.reader && is_one(program, one.reader))
                    || read
                        .any(|read| is_count(program, one, read) && is_count(program, two, read));
                if !both || one.lines == two.lines {
                    continue;
                }
                for (a, first_side) in firsts.iter().enumerate() {
                    for (b, second_side) in seconds.iter().enumerate() {
                        if first_side.common(second_side).is_empty() {
                            continue;
                        }
                        let lines = self.line(one, a, first).zip(self.line(two, b, first));
                        let across = lines.map(|(line, other)| Across {
                            counts: (one.reader, two.reader),
                            one: line,
                            two: other,
                        });
                        self.across.extend(across);
                    }
                }
            }
        }
    }

    /// A line of a count, so that patients can be asked for it.
    fn line(&mut self, count: &Counted, at: usize, first: usize) -> Option<Line> {
        let condition = count.conditions.get(at)?;
        Some(Line {
            place: *count.lines.get(at).or(count.lines.first())?,
            condition: condition.clone(),
            points: None,
            criterion: self.asked(condition, first),
        })
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
        of: Reader,
        (adds, leaves_out): (bool, bool),
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
                        || !leaves_out
                        || !is_narrow(program, end, beginning)
                        || !is_told(program, &end.measure)
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
                        tie: matches!(end.measure, Measure::Numbers(..)),
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
        let mut exceptions = program.exceptions.iter();
        let declared = exceptions.any(|e| e.kind == ExceptionKind::Overlap && e.of == excepted(of));
        let needed: BTreeSet<usize> = gaps
            .iter()
            .flat_map(|gap| gap.about.iter().copied())
            .chain((0..lines.len()).filter(|line| declared || compared(*line)))
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

/// Whether one thing comes out of a rule, not one of several.
fn is_one(program: &Program, rule: Reader) -> bool {
    let Reader::Definition(id) = rule else {
        return false;
    };
    let found = program.definitions.get(usize::from(id.0));
    found.is_some_and(|found| !matches!(found.rule, Rule::Grade { .. }))
}

/// Whether a count is all of a number that is among these.
fn is_count(program: &Program, count: &Counted, among: &BTreeSet<DefinitionId>) -> bool {
    let Reader::Definition(id) = count.reader else {
        return false;
    };
    let found = program.definitions.get(usize::from(id.0));
    let all = found.is_some_and(|found| match &found.rule {
        Rule::Number { number, .. } => matches!(number.kind, NumberKind::Count(_)),
        Rule::Criterion(_) | Rule::Grade { .. } => false,
    });
    all && among.contains(&id)
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

/// Two items that are alike are often meant to count nothing; an item at its limit, or at what is
/// calculated, is not, nor are two dates a period apart.
fn is_told(program: &Program, measure: &Measure<'_>) -> bool {
    let shifted = |moment: &Moment| matches!(moment, Moment::Shifted { .. });
    match measure {
        Measure::Number(_) => true,
        Measure::Numbers(one, two) => origin(program, one) != origin(program, two),
        Measure::Dates(one, two) => shifted(one) || shifted(two),
    }
}

/// Where a number comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// From an answer, as it is.
    Answer,
    /// From several, or changed.
    Calculated,
    /// The author wrote it: a limit, chosen by something else.
    Written,
}

fn origin(program: &Program, number: &Number) -> Origin {
    let together = |parts: &mut dyn Iterator<Item = &Number>| {
        let mut found = parts.map(|part| origin(program, part));
        found.find(|origin| *origin != Origin::Written)
    };
    match &number.kind {
        NumberKind::Const(_) | NumberKind::Nothing => Origin::Written,
        NumberKind::Field(_)
        | NumberKind::Points(_)
        | NumberKind::Count(_)
        | NumberKind::Elapsed { .. } => Origin::Answer,
        NumberKind::Definition(id) => {
            let found = program.definitions.get(usize::from(id.0));
            match found.map(|found| &found.rule) {
                Some(Rule::Number { number, .. }) => origin(program, number),
                Some(Rule::Criterion(_) | Rule::Grade { .. }) | None => Origin::Answer,
            }
        }
        NumberKind::If(_, then, otherwise) => {
            together(&mut [&**then, otherwise].into_iter()).unwrap_or(Origin::Written)
        }
        NumberKind::Max(parts) | NumberKind::Min(parts) => {
            together(&mut parts.iter()).unwrap_or(Origin::Written)
        }
        NumberKind::IfShown { number, .. } => origin(program, number),
        NumberKind::Arithmetic { left, right, .. } => {
            let calculated = together(&mut [&**left, right].into_iter());
            calculated.map_or(Origin::Written, |_| Origin::Calculated)
        }
        NumberKind::Sum(_)
        | NumberKind::When { .. }
        | NumberKind::Call { .. }
        | NumberKind::Script { .. } => Origin::Calculated,
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
    let once = counted_twice(prover, group);
    let all = counted_not(prover, group);
    if !(once && all) {
        let conditions = group.lines.iter().map(|line| &line.condition);
        let cone = Cone::of(prover.program, conditions);
        let label = label(prover.program, group.of);
        let name = match group.of {
            Reader::Definition(id) => {
                let place = prover.places().definitions.get(usize::from(id.0));
                place.map(|place| place.name)
            }
            Reader::Judgement(id) => {
                let place = prover.places().judgements.get(usize::from(id.0));
                place.map(|place| place.name)
            }
        };
        prover.borders_not_proven(name.unwrap_or_default(), label, &cone);
    }
}

fn is(criterion: DefinitionId, wanted: bool) -> Wish {
    Wish::Is(Question::Criterion(criterion), wanted)
}

/// Whether that is all: of two lines nobody may be found nor excluded.
fn counted_twice(prover: &mut Prover<'_>, group: &Group) -> bool {
    let program: &Program = prover.program;
    let label = label(program, group.of);
    let of = excepted(group.of);
    let mut cone = Cone::default();
    let overlaps = declared(prover, of, ExceptionKind::Overlap, &mut cone);
    let overlaps = (overlaps.as_slice(), &cone);
    let (mut told, mut certain) = (0, true);
    for (position, two) in group.lines.iter().enumerate() {
        for one in group.lines.iter().take(position) {
            let nothing = |line: &Line| line.points.as_deref() == Some("0");
            let same = !group.adds && one.points == two.points;
            if told == TOLD || nothing(one) || nothing(two) || same {
                continue;
            }
            let example = match in_both(prover, one, two, overlaps) {
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
            let finding = if group.adds {
                d::both_counted(file, second, label, &example, points)
            } else {
                d::highest_of_both(file, second, label, &example, points)
            };
            prover.finding(finding.label(other, first, "この行にも当てはまります"));
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

/// Apart from who is declared to be, with what that reads.
fn in_both(
    prover: &mut Prover<'_>,
    one: &Line,
    two: &Line,
    (overlaps, read): (&[Declared], &Cone),
) -> Both {
    let program: &Program = prover.program;
    let (first, second) = (
        Side::of(program, &one.condition),
        Side::of(program, &two.condition),
    );
    if prover.is_reported_as("E0630", &[two.place]) || !meet(prover, &first, &second) {
        return Both::Nobody;
    }
    let mut cone = Cone::of(program, [&one.condition, &two.condition]);
    cone.join(read);
    let mut wishes = vec![is(one.criterion, true), is(two.criterion, true)];
    wishes.extend(outside(overlaps));
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
    let mut read = Cone::default();
    let (first, second) = (excepted(across.counts.0), excepted(across.counts.1));
    let mut overlaps = declared(prover, first, ExceptionKind::Overlap, &mut read);
    if first != second {
        overlaps.extend(declared(prover, second, ExceptionKind::Overlap, &mut read));
    }
    match in_both(prover, &across.one, &across.two, (&overlaps, &read)) {
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
    let mut read = Cone::default();
    let declared = declared(prover, excepted(group.of), ExceptionKind::Gap, &mut read);
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
        wishes.extend(outside(&declared));
        let conditions = group.lines.iter().map(|line| &line.condition);
        let mut cone = Cone::of(program, conditions);
        cone.join(&read);
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
        let finding = if gap.tie {
            d::tie_not_counted(file, above, label, &example, points)
        } else {
            d::neither_counted(file, above, label, &example, points)
        };
        prover.finding(finding.label(other, below, "この行にも入りません"));
        told.push((gap.below, gap.above));
    }
    certain
}

fn label(program: &Program, of: Reader) -> &str {
    match of {
        Reader::Definition(id) => {
            let found = program.definitions.get(usize::from(id.0));
            found.map_or("", |definition| definition.label.as_str())
        }
        Reader::Judgement(id) => {
            let found = program.judgements.get(usize::from(id.0));
            found.map_or("", |judgement| judgement.label.as_str())
        }
    }
}

/// As exceptions name a rule.
fn excepted(of: Reader) -> Excepted {
    match of {
        Reader::Definition(id) => Excepted::Definition(id),
        Reader::Judgement(id) => Excepted::Judgement(id),
    }
}
