//! Lines that are added up, `2 when x >= 40; 1 when x <= 40`, of which a patient at a boundary is
//! counted in two or in none.
//!
//! Of plain ranges of one number compiling says so by itself. Here conditions are looked into as those
//! of arms are ([`boundary`](super::boundary), [`narrow`](super::narrow)): named criteria, ranges beside
//! other conditions, dates, and what `count of` and `at least 2 of` count. Of lines of which the highest
//! counts two are in conflict as well, where they give different points. Two counts that a rule reads
//! together, major and minor criteria, are looked into for who is counted in both.

use super::ask::{Found, Prover};
use super::boundary::{MOST_ALTERNATIVES, Ranges, Side, alternatives, meetings, shared};
use super::exceptions::{Case, Declared, declared, outside};
use super::hidden::Reader;
use super::narrow::{End, Measure, between, ends, is_narrow, unnamed};
use super::patient::Wish;
use super::reads::Cone;
use crate::diagnostics as d;
use crate::places::{Counted, Place, Places};
use kohyo_engine::program::{
    CompareOp, Cond, CondKind, Definition, DefinitionId, Excepted, ExceptionKind, FieldId, Moment,
    Number, NumberKind, Rule,
};
use kohyo_engine::{Decimal, Program, Question};
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
    /// Other parts of the sum.
    others: Vec<Beside>,
    /// Places between two lines.
    gaps: Vec<Gap>,
}

/// A part of a sum that is no line, `if A then 3 else 0`.
#[derive(Clone)]
struct Beside {
    /// When it counts something, if that can be told.
    counts: Option<Cond>,
    reads: BTreeSet<FieldId>,
    criterion: DefinitionId,
}

#[derive(Clone)]
struct Line {
    place: Place,
    condition: Cond,
    /// What it counts; nothing where only the lines are counted.
    points: Option<String>,
    criterion: DefinitionId,
    /// Its alternatives, `A or B`, where it has several.
    alternatives: Vec<DefinitionId>,
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
    /// The other parts that read the same.
    beside: Vec<usize>,
    /// Of both, what says something of just this gap.
    thought_of: Vec<Member>,
}

/// A member of a sum, by its place among the lines or among the other parts.
#[derive(Clone, Copy)]
enum Member {
    Line(usize),
    Beside(usize),
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
        pairs
            .flat_map(|(one, two)| meetings(prover, &one.ranges(program), &two.ranges(program)))
            .collect()
    }

    /// Whoever is between two lines of a rule, and in no line about the same.
    pub(super) fn gaps(&self, of: Reader) -> Vec<Case> {
        let own = self.groups.iter().filter(|group| group.of == of);
        own.flat_map(|group| group.gaps.iter().map(|gap| group.counted_nowhere(gap)))
            .collect()
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
                        let line = self.line(program, one, a, first);
                        let lines = line.zip(self.line(program, two, b, first));
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
    fn line(
        &mut self,
        program: &Program,
        count: &Counted,
        at: usize,
        first: usize,
    ) -> Option<Line> {
        let condition = count.conditions.get(at)?;
        Some(Line {
            place: *count.lines.get(at).or(count.lines.first())?,
            condition: condition.clone(),
            points: None,
            criterion: self.asked(condition, first),
            alternatives: self.alternatives(program, condition, first),
        })
    }

    /// The criteria that the alternatives of a line hold, if there are several and not too many.
    fn alternatives(
        &mut self,
        program: &Program,
        condition: &Cond,
        first: usize,
    ) -> Vec<DefinitionId> {
        let parts = alternatives(program, condition);
        if !(2..=MOST_ALTERNATIVES).contains(&parts.len()) {
            return Vec::new();
        }
        parts.iter().map(|part| self.asked(part, first)).collect()
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
        let mut others: Vec<Beside> = Vec::new();
        let mut written: Vec<Written<'_>> = Vec::new();
        for (part, place) in parts.iter().zip(places) {
            match part {
                Part::Line(condition, points) => {
                    written.push(Written::of(program, condition, points.clone(), *place));
                }
                Part::Other(number) => others.push(Beside::of(program, number)),
            }
        }
        let mut lines: Vec<Line> = written.iter().map(|written| written.line.clone()).collect();
        let gaps = if leaves_out {
            self.gaps_between(program, &written, &others, first)
        } else {
            Vec::new()
        };
        let compared = |line: usize| {
            let mut others = written.iter().enumerate();
            let own = written.get(line);
            own.is_some_and(|own| {
                others.any(|(at, other)| at != line && !own.side.common(&other.side).is_empty())
            })
        };
        let mut exceptions = program.exceptions.iter();
        let declared = exceptions.any(|e| e.kind == ExceptionKind::Overlap && e.of == excepted(of));
        let compared: BTreeSet<usize> = (0..lines.len()).filter(|line| compared(*line)).collect();
        let needed: BTreeSet<usize> = gaps
            .iter()
            .flat_map(|gap| gap.about.iter().copied())
            .chain((0..lines.len()).filter(|line| declared || compared.contains(line)))
            .collect();
        if needed.is_empty() {
            return;
        }
        for (position, line) in lines.iter_mut().enumerate() {
            if needed.contains(&position) {
                line.criterion = self.asked(&line.condition, first);
            }
            if compared.contains(&position) {
                line.alternatives = self.alternatives(program, &line.condition, first);
            }
        }
        for (position, other) in others.iter_mut().enumerate() {
            if let Some(counts) = &other.counts
                && gaps.iter().any(|gap| gap.beside.contains(&position))
            {
                other.criterion = self.asked(counts, first);
            }
        }
        self.groups.push(Group {
            of,
            adds,
            lines,
            others,
            gaps,
        });
    }

    /// Every narrow gap between two lines, unless another part of the sum may count there in a way
    /// that cannot be told.
    fn gaps_between(
        &mut self,
        program: &Program,
        written: &[Written<'_>],
        others: &[Beside],
        first: usize,
    ) -> Vec<Gap> {
        let said: Vec<Vec<End<'_>>> = others.iter().map(|other| other.ends(program)).collect();
        let mut gaps = Vec::new();
        for (below, one) in written.iter().enumerate() {
            for (above, two) in written.iter().enumerate().filter(|(two, _)| *two != below) {
                for (end, beginning) in one.narrow_gaps(program, two) {
                    let reads = fields(program, &end.measure);
                    let beside = others.iter().enumerate();
                    let beside = beside.filter(|(_, other)| !other.reads.is_disjoint(&reads));
                    let beside: Vec<usize> = beside.map(|(other, _)| other).collect();
                    let is_open = |other: &&usize| {
                        let other = others.get(**other);
                        other.is_some_and(|other| other.counts.is_none())
                    };
                    if beside.iter().any(|other| is_open(&other)) {
                        continue;
                    }
                    let lines = written.iter().enumerate();
                    let about: Vec<usize> = lines
                        .filter(|(_, line)| line.ends.iter().any(|said| said.is_of(end)))
                        .map(|(line, _)| line)
                        .collect();
                    let own = about.iter().filter(|line| ![below, above].contains(line));
                    let own = own.filter(|line| {
                        let line = written.get(**line);
                        line.is_some_and(|line| tells_apart(&line.ends, end, beginning))
                    });
                    let own = own.map(|line| Member::Line(*line));
                    let more = beside.iter().filter(|other| {
                        let said = said.get(**other);
                        said.is_some_and(|said| tells_apart(said, end, beginning))
                    });
                    let more = more.map(|other| Member::Beside(*other));
                    let position = first + self.criteria.len();
                    let (one, two) = (&one.line.condition, &two.line.condition);
                    let criterion = between(program, one, two, end, beginning, position);
                    gaps.push(Gap {
                        below,
                        above,
                        criterion: self.push(criterion, first),
                        tie: matches!(end.measure, Measure::Numbers(..)),
                        thought_of: own.chain(more).collect(),
                        about,
                        beside,
                    });
                }
            }
        }
        gaps
    }

    fn push(&mut self, criterion: Definition, first: usize) -> DefinitionId {
        let position = first + self.criteria.len();
        self.criteria.push(criterion);
        DefinitionId(u16::try_from(position).unwrap_or(u16::MAX))
    }
}

impl Group {
    /// Somebody is in a gap, and nothing about the same counts there.
    fn counted_nowhere(&self, gap: &Gap) -> Vec<Wish> {
        let members = gap.about.iter().map(|line| Member::Line(*line));
        let members = members.chain(gap.beside.iter().map(|other| Member::Beside(*other)));
        let criteria = members.filter_map(|member| self.criterion(member));
        let none = criteria.map(|criterion| is(criterion, false));
        none.chain([is(gap.criterion, true)]).collect()
    }

    fn criterion(&self, member: Member) -> Option<DefinitionId> {
        match member {
            Member::Line(line) => self.lines.get(line).map(|line| line.criterion),
            Member::Beside(other) => self.others.get(other).map(|other| other.criterion),
        }
    }
}

impl Line {
    fn ranges<'p>(&'p self, program: &'p Program) -> Ranges<'p> {
        let holds = is(self.criterion, true);
        Ranges::of(program, &self.condition, holds, &self.alternatives)
    }
}

/// A line with what it says of numbers and dates.
struct Written<'p> {
    side: Side<'p>,
    ends: Vec<End<'p>>,
    line: Line,
}

impl<'p> Written<'p> {
    fn of(program: &'p Program, condition: &'p Cond, points: Option<String>, place: Place) -> Self {
        Self {
            side: Side::of(program, condition),
            ends: ends(program, condition),
            line: Line {
                place,
                condition: condition.clone(),
                points,
                criterion: DefinitionId(0),
                alternatives: Vec::new(),
            },
        }
    }

    /// Where this line ends and the other begins a little later.
    fn narrow_gaps<'w>(
        &'w self,
        program: &'w Program,
        above: &'w Self,
    ) -> impl Iterator<Item = (&'w End<'p>, &'w End<'p>)> {
        let ending = self.ends.iter().filter(|end| end.is_upper());
        let pairs = ending.flat_map(|end| {
            let beginning = above.ends.iter().filter(|end| !end.is_upper());
            beginning.map(move |beginning| (end, beginning))
        });
        pairs.filter(|(end, beginning)| {
            is_narrow(program, end, beginning) && is_told(program, &end.measure)
        })
    }
}

/// Whether something is said of just the gap between two ranges: not the same as of both.
fn tells_apart(said: &[End<'_>], end: &End<'_>, beginning: &End<'_>) -> bool {
    said.iter().any(|said| said.tells_apart(end, beginning))
}

impl Beside {
    fn of(program: &Program, number: &Number) -> Self {
        Self {
            counts: counts(number),
            reads: Cone::of_number(program, number).fields,
            criterion: DefinitionId(0),
        }
    }

    fn ends<'p>(&'p self, program: &'p Program) -> Vec<End<'p>> {
        let counts = self.counts.as_ref();
        counts.map_or_else(Vec::new, |counts| ends(program, counts))
    }
}

/// When a number that is chosen among points is not 0, or is not known; nothing of a number that is
/// calculated.
fn counts(number: &Number) -> Option<Cond> {
    let any = |parts: &[Number]| {
        let parts: Option<Vec<Cond>> = parts.iter().map(counts).collect();
        parts.map(CondKind::Any)
    };
    Some(unnamed(match &number.kind {
        NumberKind::Const(amount) => CondKind::Const(!amount.is_zero()),
        NumberKind::Nothing => CondKind::Const(true),
        NumberKind::When { amount, condition } => {
            CondKind::All(vec![(**condition).clone(), counts(amount)?])
        }
        NumberKind::If(condition, then, otherwise) => CondKind::If(
            condition.clone(),
            Box::new(counts(then)?),
            Box::new(counts(otherwise)?),
        ),
        NumberKind::Sum(parts) | NumberKind::Max(parts) | NumberKind::Min(parts) => any(parts)?,
        _ => return None,
    }))
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
/// calculated, is not, nor is a date beside a written one or one a period apart.
fn is_told(program: &Program, measure: &Measure<'_>) -> bool {
    let is_limit = |moment: &Moment| matches!(moment, Moment::Shifted { .. } | Moment::Const(_));
    match measure {
        Measure::Number(_) => true,
        Measure::Numbers(one, two) => origin(program, one) != origin(program, two),
        Measure::Dates(one, two) => [one, two].into_iter().any(|moment| is_limit(moment)),
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
fn fields(program: &Program, measure: &Measure<'_>) -> BTreeSet<FieldId> {
    let compared = measure.compared(CompareOp::Less, Decimal::ZERO);
    Cone::of(program, [&compared]).fields
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
    let lines = group.lines.iter();
    let lines: Vec<(&Line, Ranges<'_>)> = lines.map(|line| (line, line.ranges(program))).collect();
    let (mut told, mut certain) = (0, true);
    for (position, (two, second)) in lines.iter().enumerate() {
        for (one, first) in lines.iter().take(position) {
            let nothing = |line: &Line| line.points.as_deref() == Some("0");
            let same = !group.adds && one.points == two.points;
            if told == TOLD || nothing(one) || nothing(two) || same {
                continue;
            }
            let example = match in_both(prover, (one, first), (two, second), overlaps) {
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
    (one, first): (&Line, &Ranges<'_>),
    (two, second): (&Line, &Ranges<'_>),
    (overlaps, read): (&[Declared], &Cone),
) -> Both {
    if !first.compares_as(second) || prover.is_reported_as("E0630", &[two.place]) {
        return Both::Nobody;
    }
    let mut cone = Cone::of(prover.program, [&one.condition, &two.condition]);
    cone.join(read);
    let around: Vec<Wish> = outside(overlaps).collect();
    match shared(prover, first, second, &around, &cone) {
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
    let readers = (excepted(across.counts.0), excepted(across.counts.1));
    let mut overlaps = declared(prover, readers.0, ExceptionKind::Overlap, &mut read);
    if readers.0 != readers.1 {
        overlaps.extend(declared(
            prover,
            readers.1,
            ExceptionKind::Overlap,
            &mut read,
        ));
    }
    let (first, second) = (across.one.ranges(program), across.two.ranges(program));
    let lines = ((&across.one, &first), (&across.two, &second));
    match in_both(prover, lines.0, lines.1, (&overlaps, &read)) {
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
        let mut wishes = group.counted_nowhere(gap);
        wishes.extend(outside(&declared));
        let conditions = group.lines.iter().map(|line| &line.condition);
        let beside = gap.beside.iter();
        let beside = beside.filter_map(|other| group.others.get(*other)?.counts.as_ref());
        let mut cone = Cone::of(program, conditions.chain(beside));
        cone.join(&read);
        // The value was thought of, if beside something else; perhaps, if nobody is found nor excluded.
        let (mut thought_of, mut perhaps) = (false, false);
        for member in &gap.thought_of {
            let Some(criterion) = group.criterion(*member) else {
                continue;
            };
            let wishes = [is(criterion, true), is(gap.criterion, true)];
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
