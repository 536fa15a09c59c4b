//! Choices inside of other rules: a `first match` or `if` that is counted in a sum, stands in a row
//! block, or decides a criterion. Their rows are looked at as those of a rule of their own: no narrow
//! gap that `otherwise` takes, no value in two rows.
//!
//! A choice counts only for those for whom it is come to, `2 when A` or the arms around it say so:
//! whoever is named is one of them.

use super::ask::Prover;
use super::boundary::{Arm, Side, shared_values};
use super::choices::{ordered, position_of};
use super::doubts;
use super::exceptions::{
    Case, Declared, borders_are_there, declared, gaps_are_there, overlaps_are_there,
};
use super::narrow::{End, ends, fallen, is_narrow, received, unnamed};
use super::patient::Wish;
use super::reads::Cone;
use super::weights::Weights;
use crate::diagnostics as d;
use crate::lower::Doubt;
use crate::places::{Choice, Chosen, DefinitionPlace, Place, Places, Reading};
use crate::prove::hidden::Reader;
use kohyo_engine::program::{
    Cond, CondKind, Definition, DefinitionId, Excepted, ExceptionKind, FieldId, Index, JudgementId,
    Number, NumberKind, Part, Rule,
};
use kohyo_engine::{Program, Question};
use std::rc::Rc;

/// The choices in which rows meet or leave something out.
#[derive(Clone, Default)]
pub(super) struct Inner {
    /// To be added to the program: the choices as grades.
    pub(super) grades: Vec<Definition>,
    /// To be added as well: for whom they are come to.
    pub(super) criteria: Vec<Definition>,
    groups: Vec<Group>,
}

/// A choice as it is written; of rows and sides there are several.
#[derive(Clone)]
struct Group {
    of: Excepted,
    label: String,
    name: Place,
    arms: Vec<Place>,
    members: Vec<Member>,
}

#[derive(Clone)]
struct Member {
    grade: DefinitionId,
    /// For whom it is come to, unless for everybody.
    reached: Option<DefinitionId>,
}

impl Inner {
    /// Of the program; the grades will begin at `first`, the criteria behind them.
    pub(super) fn of(program: &Program, places: &Places, first: usize) -> Self {
        let mut found = Self::default();
        let mut reached: Vec<(usize, usize, Cond)> = Vec::new();
        for (of, label, name, choices) in all(program, places) {
            for (choice, around) in choices {
                let Some(rule) = as_grade(choice) else {
                    continue;
                };
                if !has_borders(program, &rule) {
                    continue;
                }
                let at = match found
                    .groups
                    .iter()
                    .position(|group| group.of == of && group.arms == choice.arms)
                {
                    Some(at) => at,
                    None => {
                        found.groups.push(Group {
                            of,
                            label: label.to_owned(),
                            name,
                            arms: choice.arms.clone(),
                            members: Vec::new(),
                        });
                        found.groups.len() - 1
                    }
                };
                let Some(group) = found.groups.get_mut(at) else {
                    continue;
                };
                if let Some(around) = around {
                    reached.push((at, group.members.len(), around));
                }
                let position = first + found.grades.len();
                group.members.push(Member {
                    grade: id(position),
                    reached: None,
                });
                found.grades.push(Definition {
                    name: format!("%{position}"),
                    label: label.to_owned(),
                    cites: None,
                    rule,
                });
            }
        }
        found.reach(reached, first);
        found
    }

    /// Those inside of a rule.
    fn members(&self, of: Excepted) -> impl Iterator<Item = &Member> {
        let groups = self.groups.iter().filter(move |group| group.of == of);
        groups.flat_map(|group| &group.members)
    }

    /// Adds for whom the choices are come to.
    fn reach(&mut self, reached: Vec<(usize, usize, Cond)>, first: usize) {
        for (group, member, around) in reached {
            let position = first + self.grades.len() + self.criteria.len();
            let members = self.groups.get_mut(group).map(|group| &mut group.members);
            if let Some(member) = members.and_then(|members| members.get_mut(member)) {
                member.reached = Some(id(position));
            }
            self.criteria.push(Definition {
                name: format!("&{position}"),
                label: String::new(),
                cites: None,
                rule: Rule::Criterion(around),
            });
        }
    }
}

fn id(position: usize) -> DefinitionId {
    DefinitionId(u16::try_from(position).unwrap_or(u16::MAX))
}

/// A choice, and the condition for which it is come to, if there is one.
type Reached<'p> = (&'p Choice, Option<Cond>);

/// For each rule with choices inside what it is called, where, and these.
fn all<'p>(
    program: &'p Program,
    places: &'p Places,
) -> Vec<(Excepted, &'p str, Place, Vec<Reached<'p>>)> {
    let mut found = Vec::new();
    if places.choices.is_empty() {
        return found;
    }
    let definitions = program.definitions.iter().zip(&places.definitions);
    for (id, (definition, place)) in (0..=u16::MAX).map(DefinitionId).zip(definitions) {
        let mut walk = Walk::of(places, Reader::Definition(id));
        if walk.choices.is_empty() || place.lent {
            continue;
        }
        walk.rule(&definition.rule, place);
        let of = Excepted::Definition(id);
        found.push((of, definition.label.as_str(), place.name, walk.found));
    }
    let judgements = program.judgements.iter().zip(&places.judgements);
    for (id, (judgement, place)) in (0..=u16::MAX).map(JudgementId).zip(judgements) {
        let mut walk = Walk::of(places, Reader::Judgement(id));
        if walk.choices.is_empty() {
            continue;
        }
        let conditions = judgement.categories.iter().filter_map(|c| c.when.as_ref());
        walk.in_order(conditions);
        let of = Excepted::Judgement(id);
        found.push((of, judgement.label.as_str(), place.name, walk.found));
    }
    found
}

/// What has to be so for a part of a rule to count.
#[derive(Clone, Copy)]
enum Step<'p> {
    Holds(&'p Cond),
    Fails(&'p Cond),
    Shown(&'p [FieldId]),
}

impl Step<'_> {
    fn cond(&self) -> Cond {
        match self {
            Self::Holds(condition) => (*condition).clone(),
            Self::Fails(condition) => unnamed(CondKind::Not(Box::new((*condition).clone()))),
            Self::Shown(fields) => unnamed(CondKind::IfShown {
                fields: fields.to_vec(),
                condition: Box::new(unnamed(CondKind::Const(true))),
                otherwise: false,
            }),
        }
    }
}

/// Looks for the choices in a rule.
struct Walk<'p> {
    choices: Vec<&'p Choice>,
    path: Vec<Step<'p>>,
    found: Vec<Reached<'p>>,
}

impl<'p> Walk<'p> {
    fn of(places: &'p Places, reader: Reader) -> Self {
        let own = |choice: &&Choice| choice.reader == reader;
        Self {
            choices: places.choices.iter().filter(own).collect(),
            path: Vec::new(),
            found: Vec::new(),
        }
    }

    fn rule(&mut self, rule: &'p Rule, place: &DefinitionPlace) {
        match rule {
            Rule::Criterion(condition) => self.cond(condition),
            Rule::Grade { arms, .. } => self.in_order(arms.iter().map(|(when, _)| when)),
            // The rows of the number itself are a grade already.
            Rule::Number { number, .. } => match (&number.kind, place.reading) {
                (NumberKind::If(..), Reading::Ordered) if !place.arms.is_empty() => {
                    self.rows(number, place.arms.len());
                }
                _ => self.number(number),
            },
        }
    }

    /// Conditions of which one counts only where those before it do not hold.
    fn in_order(&mut self, conditions: impl Iterator<Item = &'p Cond>) {
        let before = self.path.len();
        for condition in conditions {
            self.cond(condition);
            self.path.push(Step::Fails(condition));
        }
        self.path.truncate(before);
    }

    fn within(&mut self, step: Step<'p>, look: impl FnOnce(&mut Self)) {
        self.path.push(step);
        look(self);
        self.path.pop();
    }

    fn number(&mut self, number: &'p Number) {
        match &number.kind {
            NumberKind::If(..) => {
                let is = |choice: &&&Choice| matches!(&choice.of, Chosen::Number(kind) if *kind == number.kind);
                let choice = self.choices.iter().find(is).copied();
                let rows = choice.map_or(1, |choice| self.take(choice));
                self.rows(number, rows);
            }
            NumberKind::When { amount, condition } => {
                self.cond(condition);
                self.within(Step::Holds(condition), |walk| walk.number(amount));
            }
            NumberKind::IfShown { fields, number, .. } => {
                self.within(Step::Shown(fields), |walk| walk.number(number));
            }
            _ => number.each_part(|part| self.part(part)),
        }
    }

    /// What stands in so many rows, and behind them.
    fn rows(&mut self, number: &'p Number, rows: usize) {
        let (mut rest, before) = (number, self.path.len());
        for _ in 0..rows {
            let NumberKind::If(condition, then, otherwise) = &rest.kind else {
                break;
            };
            self.cond(condition);
            self.within(Step::Holds(condition), |walk| walk.number(then));
            self.path.push(Step::Fails(condition));
            rest = otherwise;
        }
        self.number(rest);
        self.path.truncate(before);
    }

    fn cond(&mut self, condition: &'p Cond) {
        match &condition.kind {
            CondKind::If(..) => {
                let is = |choice: &&&Choice| matches!(&choice.of, Chosen::Condition(kind) if *kind == condition.kind);
                let choice = self.choices.iter().find(is).copied();
                let rows = choice.map_or(1, |choice| self.take(choice));
                self.condition_rows(condition, rows);
            }
            CondKind::All(parts) => self.beside(parts, Step::Holds),
            CondKind::Any(parts) => self.beside(parts, Step::Fails),
            CondKind::IfShown {
                fields, condition, ..
            } => self.within(Step::Shown(fields), |walk| walk.cond(condition)),
            _ => condition.each_part(|part| self.part(part)),
        }
    }

    fn condition_rows(&mut self, condition: &'p Cond, rows: usize) {
        let (mut rest, before) = (condition, self.path.len());
        for _ in 0..rows {
            let CondKind::If(when, then, otherwise) = &rest.kind else {
                break;
            };
            self.cond(when);
            self.within(Step::Holds(when), |walk| walk.cond(then));
            self.path.push(Step::Fails(when));
            rest = otherwise;
        }
        self.cond(rest);
        self.path.truncate(before);
    }

    /// Parts each of which decides where this is so of the others.
    fn beside(&mut self, parts: &'p [Cond], step: fn(&'p Cond) -> Step<'p>) {
        for (position, part) in parts.iter().enumerate() {
            let before = self.path.len();
            let others = parts
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != position);
            self.path.extend(others.map(|(_, other)| step(other)));
            self.cond(part);
            self.path.truncate(before);
        }
    }

    fn part(&mut self, part: Part<'p>) {
        match part {
            Part::Number(number) => self.number(number),
            Part::Cond(condition) => self.cond(condition),
            Part::Field(_) | Part::Definition(_) | Part::Judgement(_) | Part::Moment(_) => {}
        }
    }

    /// Notes a choice; so many rows it has.
    fn take(&mut self, choice: &'p Choice) -> usize {
        let around = match self.path.as_slice() {
            [] => None,
            path => Some(unnamed(CondKind::All(
                path.iter().map(Step::cond).collect(),
            ))),
        };
        self.found.push((choice, around));
        choice.arms.len()
    }
}

/// The choice as a grade, if something comes out of it whatever is answered: where nothing does, that
/// is told of its bands.
fn as_grade(choice: &Choice) -> Option<Rule> {
    let rows = choice.arms.len();
    let rule = match &choice.of {
        Chosen::Number(number) => ordered(number, rows, false),
        Chosen::Condition(condition) => decided(condition, rows),
    };
    let complete = |rule: &Rule| {
        matches!(
            rule,
            Rule::Grade {
                otherwise: Some(_),
                ..
            }
        )
    };
    rule.filter(complete)
}

/// The grade of what is decided in so many rows.
fn decided(condition: &CondKind, rows: usize) -> Option<Rule> {
    let mut outcomes: Vec<&Cond> = Vec::new();
    let mut arms: Vec<(Cond, Index)> = Vec::with_capacity(rows);
    let (mut rest, mut last) = (condition, None);
    for _ in 0..rows {
        let CondKind::If(when, then, otherwise) = rest else {
            return None;
        };
        let outcome = position_of(&mut outcomes, &**then, |one, two| one.kind == two.kind)?;
        arms.push(((**when).clone(), outcome));
        (rest, last) = (&otherwise.kind, Some(&**otherwise));
    }
    let otherwise = position_of(&mut outcomes, last?, |one, two| one.kind == two.kind)?;
    let outcome = |condition: &Cond| {
        let label = match condition.kind {
            CondKind::Const(true) => "当てはまる".to_owned(),
            CondKind::Const(false) => "当てはまらない".to_owned(),
            _ => condition.text.replace('「', "『").replace('」', "』"),
        };
        kohyo_engine::program::Outcome {
            name: label.clone(),
            label,
        }
    };
    Some(Rule::Grade {
        outcomes: outcomes.into_iter().map(outcome).collect(),
        arms,
        otherwise: Some(otherwise),
        covered: false,
    })
}

/// Whether two rows may meet at a value or leave one out between them.
fn has_borders(program: &Program, rule: &Rule) -> bool {
    let Rule::Grade { arms, .. } = rule else {
        return false;
    };
    let sides: Vec<Side<'_>> = arms
        .iter()
        .map(|(when, _)| Side::of(program, when))
        .collect();
    let ends: Vec<Vec<End<'_>>> = arms.iter().map(|(when, _)| ends(program, when)).collect();
    let meets = |one: usize, two: usize| match (sides.get(one), sides.get(two)) {
        (Some(one), Some(two)) => !one.common(two).is_empty(),
        _ => false,
    };
    let leaves_out = |one: usize, two: usize| {
        let of = |arm: usize| ends.get(arm).into_iter().flatten();
        of(one).filter(|end| end.is_upper()).any(|end| {
            let mut beginnings = of(two).filter(|end| !end.is_upper());
            beginnings.any(|beginning| is_narrow(program, end, beginning))
        })
    };
    (0..arms.len()).any(|two| {
        (0..two).any(|one| meets(one, two) || leaves_out(one, two) || leaves_out(two, one))
            || leaves_out(two, two)
    })
}

/// Looks for whoever falls between two rows of a choice, or is in both. `counted` says who is in two
/// lines of a rule at once.
pub(super) fn prove(prover: &mut Prover<'_>, numbers: &[DefinitionId], borders: &Borders<'_>) {
    let inner = Rc::clone(&prover.inner);
    for group in &inner.groups {
        prover.topic(|prover| looked_into(prover, group));
    }
    for id in (0..=u16::MAX)
        .map(DefinitionId)
        .take(prover.places().definitions.len())
    {
        if !numbers.contains(&id) && is_excepted(prover.program, id) {
            prover.topic(|prover| exceptions_are_there(prover, id, borders));
        }
    }
}

fn is_excepted(program: &Program, id: DefinitionId) -> bool {
    let mut exceptions = program.exceptions.iter();
    exceptions.any(|exception| exception.of == Excepted::Definition(id))
}

/// One choice of a group, with what the proofs ask of it.
struct About<'p> {
    id: DefinitionId,
    arms: &'p [(Cond, Index)],
    labels: Vec<&'p str>,
    otherwise: usize,
    /// For whom it is come to.
    reached: Vec<Wish>,
    cone: Cone,
}

impl<'p> About<'p> {
    fn of(program: &'p Program, member: &Member) -> Option<Self> {
        let definition = program.definitions.get(usize::from(member.grade.0))?;
        let Rule::Grade {
            outcomes,
            arms,
            otherwise: Some(otherwise),
            ..
        } = &definition.rule
        else {
            return None;
        };
        let mut cone = Cone::of(program, arms.iter().map(|(when, _)| when));
        let reached = member.reached.and_then(|id| {
            let found = program.definitions.get(usize::from(id.0))?;
            let Rule::Criterion(condition) = &found.rule else {
                return None;
            };
            cone.join(&Cone::of(program, [condition]));
            Some(Wish::Is(Question::Criterion(id), true))
        });
        Some(Self {
            id: member.grade,
            arms,
            labels: outcomes
                .iter()
                .map(|outcome| outcome.label.as_str())
                .collect(),
            otherwise: usize::from(*otherwise),
            reached: reached.into_iter().collect(),
            cone,
        })
    }

    fn arm(&self, index: usize, wanted: bool) -> Wish {
        let index = Index::try_from(index).unwrap_or(Index::MAX);
        Wish::Is(Question::Arm(self.id, index), wanted)
    }

    fn no_arm(&self) -> Vec<Wish> {
        let arms = (0..self.arms.len()).map(|arm| self.arm(arm, false));
        self.reached.iter().copied().chain(arms).collect()
    }

    fn outcome(&self, arm: usize) -> usize {
        self.arms
            .get(arm)
            .map_or(0, |(_, outcome)| usize::from(*outcome))
    }

    fn label(&self, arm: usize) -> &'p str {
        self.labels.get(self.outcome(arm)).copied().unwrap_or("")
    }

    /// Every two arms with different outcomes.
    fn pairs(&self) -> Vec<(Wish, Wish)> {
        (0..self.arms.len())
            .flat_map(|b| (0..b).map(move |a| (a, b)))
            .filter(|(a, b)| self.outcome(*a) != self.outcome(*b))
            .map(|(a, b)| (self.arm(a, true), self.arm(b, true)))
            .collect()
    }
}

/// The rows of a choice that something is told of, once for all rows and sides.
type Told = Vec<(&'static str, usize, usize)>;

fn looked_into(prover: &mut Prover<'_>, group: &Group) {
    let mut told = Told::new();
    for member in &group.members {
        let program: &Program = prover.program;
        let Some(mut about) = About::of(program, member) else {
            continue;
        };
        let gaps = declared(prover, group.of, ExceptionKind::Gap, &mut about.cone);
        let overlaps = declared(prover, group.of, ExceptionKind::Overlap, &mut about.cone);
        let certain = between(prover, group, &about, &gaps, &mut told)
            & taken(prover, group, &about, &mut told)
            & shared(prover, group, &about, &overlaps, &mut told);
        if !certain {
            prover.borders_not_proven(group.name, &group.label, &about.cone);
        }
    }
}

/// Whether this is to be told of these arms: once.
fn is_new(told: &mut Told, what: &'static str, one: usize, two: usize) -> bool {
    let known = told.contains(&(what, one, two));
    if !known {
        told.push((what, one, two));
    }
    !known
}

fn place_of(group: &Group, arm: usize) -> Place {
    group.arms.get(arm).copied().unwrap_or(group.name)
}

/// Nobody falls into a narrow gap and gets `otherwise`. Whether that is all.
fn between(
    prover: &mut Prover<'_>,
    group: &Group,
    about: &About<'_>,
    gaps: &[Declared],
    told: &mut Told,
) -> bool {
    let of = Excepted::Definition(about.id);
    let (found, certain) = fallen(prover, of, &about.no_arm(), &about.cone, gaps, &[]);
    for gap in found {
        if !is_new(told, "gap", gap.below, gap.above) {
            continue;
        }
        let above = prover.located(place_of(group, gap.above));
        let below = prover.located(place_of(group, gap.below));
        let arms = (about.label(gap.below), about.label(gap.above));
        let otherwise = about.labels.get(about.otherwise).copied().unwrap_or("");
        prover.finding(gap.finding(above, below, &group.label, arms, otherwise));
    }
    certain
}

/// Nobody falls into a narrow gap and gets a later row that does not mean them.
fn taken(prover: &mut Prover<'_>, group: &Group, about: &About<'_>, told: &mut Told) -> bool {
    let of = Excepted::Definition(about.id);
    let wish = |arm: usize, holds: bool| about.arm(arm, holds);
    let outcome = |arm: usize| about.outcome(arm);
    let (found, certain) = received(prover, of, &about.reached, wish, outcome, &about.cone);
    for (gap, receiver) in found {
        if !is_new(told, "gap", gap.below, gap.above) {
            continue;
        }
        let above = prover.located(place_of(group, gap.above));
        let below = prover.located(place_of(group, gap.below));
        let arms = (about.label(gap.below), about.label(gap.above));
        prover.finding(gap.taken(above, below, &group.label, arms, about.label(receiver)));
    }
    certain
}

/// No two rows meet at a value that both have. Whether that is all.
fn shared(
    prover: &mut Prover<'_>,
    group: &Group,
    about: &About<'_>,
    overlaps: &[Declared],
    told: &mut Told,
) -> bool {
    let arms = Arm::all(about.arms);
    let of = Excepted::Definition(about.id);
    let wish = |arm: usize, holds: bool| about.arm(arm, holds);
    let around = (about.reached.as_slice(), overlaps);
    let (found, certain) = shared_values(prover, of, &arms, &about.cone, around, wish);
    for shared in found {
        if !is_new(told, "overlap", shared.first, shared.second) {
            continue;
        }
        let second = prover.located(place_of(group, shared.second));
        let first = prover.located(place_of(group, shared.first));
        let outcomes = (about.label(shared.first), about.label(shared.second));
        prover.finding(shared.finding(first, second, &group.label, outcomes));
    }
    certain
}

/// For each choice inside of a rule that none of its rows holds for somebody who comes to it.
pub(super) fn no_arms(program: &Program, inner: &Inner, of: Excepted) -> Vec<Vec<Wish>> {
    let members = inner.members(of);
    let abouts = members.filter_map(|member| About::of(program, member));
    abouts.map(|about| about.no_arm()).collect()
}

/// Every two rows with different outcomes of a choice inside of a rule.
pub(super) fn pairs(program: &Program, inner: &Inner, of: Excepted) -> Vec<(Wish, Wish)> {
    let members = inner.members(of);
    let abouts = members.filter_map(|member| About::of(program, member));
    abouts.flat_map(|about| about.pairs()).collect()
}

/// Where lines that are counted meet or leave something out.
pub(super) struct Borders<'b> {
    pub(super) weights: &'b Weights,
    pub(super) doubts: &'b [Doubt],
    /// The position of the first criterion of a doubt.
    pub(super) first: usize,
}

impl Borders<'_> {
    fn cases(&self, prover: &mut Prover<'_>, id: DefinitionId, kind: ExceptionKind) -> Vec<Case> {
        let of = Reader::Definition(id);
        let mut cases = match kind {
            ExceptionKind::Gap => self.weights.gaps(of),
            ExceptionKind::Overlap => self.weights.overlaps(prover, of),
        };
        cases.extend(doubts::cases(self.doubts, self.first, id, kind));
        cases
    }
}

/// What is declared of a rule is there in one of the choices inside it, or in lines it counts. Of
/// bands compiling says so.
fn exceptions_are_there(prover: &mut Prover<'_>, id: DefinitionId, borders: &Borders<'_>) {
    let program: &Program = prover.program;
    let Some(definition) = program.definitions.get(usize::from(id.0)) else {
        return;
    };
    let (Rule::Number { .. } | Rule::Criterion(_)) = &definition.rule else {
        return;
    };
    let of = Excepted::Definition(id);
    let label = definition.label.as_str();
    let mut cone = Cone::default();
    definition.rule.each_part(|part| match part {
        Part::Number(number) => cone.join(&Cone::of_number(program, number)),
        Part::Cond(condition) => cone.join(&Cone::of(program, [condition])),
        Part::Field(_) | Part::Definition(_) | Part::Judgement(_) | Part::Moment(_) => {}
    });
    let mut of_lines = |kind| {
        let mut declared = declared(prover, of, kind, &mut cone);
        declared.retain(|exception| exception.of_lines);
        declared
    };
    let (gaps, overlaps) = (
        of_lines(ExceptionKind::Gap),
        of_lines(ExceptionKind::Overlap),
    );
    if !gaps.is_empty() {
        let cases = borders.cases(prover, id, ExceptionKind::Gap);
        let wide = |file: &str, span| d::wide_gap_of_lines(file, span, label);
        let rest = borders_are_there(prover, gaps, &cases, wide, &cone);
        gaps_are_there(prover, label, &rest, &[], None, &cone);
    }
    if !overlaps.is_empty() {
        let cases = borders.cases(prover, id, ExceptionKind::Overlap);
        let wide = |file: &str, span| d::wide_overlap(file, span, label);
        let rest = borders_are_there(prover, overlaps, &cases, wide, &cone);
        overlaps_are_there(prover, label, &rest, &[], &[], &cone);
    }
}
