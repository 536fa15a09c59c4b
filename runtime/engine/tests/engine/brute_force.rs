//! The reference interpreter: the search for completions against a plain enumeration of all of them.
//!
//! Random small forms: choices with a code marked unknown, choices with points, small numbers,
//! fields shown under a condition, `is answered`, `treat unknown as`. The enumeration knows
//! nothing of the engine's rules in rows, masks, budgets or partial evaluation: it writes down every
//! completion and evaluates the tree of the program. Verdict, exactness, possible categories and
//! missing sets must agree on 2,000 forms; `KOHYO_REFERENCE_CASES=100000` tries more.

use crate::build::*;
use kohyo_engine::program::{
    CompareOp, Cond, CondKind, CountOp, FieldId, FieldType, Index, Number, NumberKind, Program,
    Rule,
};
use kohyo_engine::{Answer, Answers, Form, ResultKind, Tri, evaluate, judge};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// What is the case about a field in one completion, or in the form as it stands.
#[derive(Clone, Copy, Debug)]
struct Fact {
    answered: bool,
    /// The code marked unknown that is written, if one is.
    written: Option<Index>,
    /// The code or number; nothing while unknown.
    truth: Option<i64>,
}

/// Evaluates the tree: three-valued, because a hidden field is unknown in every completion.
struct World<'a> {
    program: &'a Program,
    facts: &'a [Fact],
    /// The form as it stands, for `treat unknown as`.
    now: &'a [Fact],
    /// Whether this is the form as it stands.
    stands: bool,
}

impl World<'_> {
    fn shown(&self, field: FieldId) -> Tri {
        let shown_when = &self.program.fields[usize::from(field.0)].shown_when;
        shown_when
            .as_ref()
            .map_or(Tri::True, |condition| self.holds(condition))
    }

    fn fact(&self, field: FieldId) -> Option<Fact> {
        (self.shown(field) == Tri::True).then(|| self.facts[usize::from(field.0)])
    }

    fn unknown_codes(&self, field: FieldId) -> Vec<Index> {
        let codes = codes(self.program, field);
        (0..)
            .zip(&codes)
            .filter(|(_, unknown)| **unknown)
            .map(|(index, _)| index)
            .collect()
    }

    fn holds(&self, condition: &Cond) -> Tri {
        match &condition.kind {
            CondKind::Const(holds) => (*holds).into(),
            CondKind::Code { field, codes } => match self.fact(*field) {
                Some(Fact {
                    written: Some(written),
                    ..
                }) if codes.contains(&written) => Tri::True,
                Some(Fact {
                    truth: Some(truth), ..
                }) => codes.iter().any(|code| i64::from(*code) == truth).into(),
                Some(Fact {
                    written: Some(_), ..
                }) => {
                    let unknown = self.unknown_codes(*field);
                    if codes.iter().all(|code| unknown.contains(code)) {
                        Tri::False
                    } else {
                        Tri::Unknown
                    }
                }
                _ => Tri::Unknown,
            },
            CondKind::Answered(field) if self.stands => {
                self.fact(*field).is_some_and(|fact| fact.answered).into()
            }
            CondKind::Answered(field) => self
                .shown(*field)
                .and(self.facts[usize::from(field.0)].answered.into()),
            CondKind::Criterion(id) => match &self.program.definitions[usize::from(id.0)].rule {
                Rule::Criterion(condition) => self.holds(condition),
                _ => unreachable!(),
            },
            CondKind::Not(inner) => !self.holds(inner),
            CondKind::All(all) => all
                .iter()
                .fold(Tri::True, |sum, part| sum.and(self.holds(part))),
            CondKind::Any(any) => any
                .iter()
                .fold(Tri::False, |sum, part| sum.or(self.holds(part))),
            CondKind::Count { of, op, n } => {
                let holds: Vec<Tri> = of.iter().map(|part| self.holds(part)).collect();
                let sure = holds.iter().filter(|holds| **holds == Tri::True).count();
                let possible = holds.iter().filter(|holds| **holds != Tri::False).count();
                let n = usize::try_from(*n).unwrap();
                let op = match op {
                    CountOp::AtLeast => CompareOp::GreaterEqual,
                    CountOp::AtMost => CompareOp::LessEqual,
                    CountOp::Exactly => CompareOp::Equal,
                };
                for_all(sure..=possible, |count| compares(count, op, n))
            }
            CondKind::If(condition, then, otherwise) => match self.holds(condition) {
                Tri::True => self.holds(then),
                Tri::False => self.holds(otherwise),
                Tri::Unknown => self.holds(then).agree(self.holds(otherwise)),
            },
            CondKind::TreatUnknown { condition, as_yes } => {
                let now = World {
                    facts: self.now,
                    stands: true,
                    ..*self
                };
                now.holds(condition).or_unknown_as(*as_yes).into()
            }
            CondKind::IfShown {
                fields,
                condition,
                otherwise,
            } => {
                match fields
                    .iter()
                    .fold(Tri::True, |all, field| all.and(self.shown(*field)))
                {
                    Tri::True => self.holds(condition),
                    Tri::False => (*otherwise).into(),
                    Tri::Unknown => self.holds(condition).agree((*otherwise).into()),
                }
            }
            CondKind::Compare { left, op, right } => {
                let ((low, high), (threshold, _)) = (self.range(left), self.range(right));
                compare_range((low, high), *op, threshold)
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn range(&self, number: &Number) -> (i64, i64) {
        match &number.kind {
            NumberKind::Const(number) => {
                let number = i64::try_from(*number).unwrap();
                (number, number)
            }
            NumberKind::Field(field) => match self.fact(*field).and_then(|fact| fact.truth) {
                Some(truth) => (truth, truth),
                None => (0, HIGHEST),
            },
            NumberKind::Points(field) => match self.fact(*field).and_then(|fact| fact.truth) {
                Some(truth) => (truth * 5, truth * 5),
                None => (0, 10),
            },
            // Nothing is ever concluded from a number without a value.
            NumberKind::Nothing => (-NOTHING, NOTHING),
            NumberKind::If(condition, then, otherwise) => {
                let (then, otherwise) = (self.range(then), self.range(otherwise));
                match self.holds(condition) {
                    Tri::True => then,
                    Tri::False => otherwise,
                    Tri::Unknown => (then.0.min(otherwise.0), then.1.max(otherwise.1)),
                }
            }
            NumberKind::Sum(numbers) => numbers
                .iter()
                .map(|part| self.range(part))
                .fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1)),
            other => unreachable!("{other:?}"),
        }
    }

    /// The categories of the first judgement that three-valued logic leaves open here.
    fn categories(&self, judgement: usize) -> BTreeSet<Index> {
        let mut possible = BTreeSet::new();
        for (index, category) in (0..).zip(&self.program.judgements[judgement].categories) {
            match category
                .when
                .as_ref()
                .map_or(Tri::True, |when| self.holds(when))
            {
                Tri::True => {
                    possible.insert(index);
                    break;
                }
                Tri::Unknown => {
                    possible.insert(index);
                }
                Tri::False => {}
            }
        }
        possible
    }

    fn result(&self) -> ResultKind {
        let chance = |judgement: usize| {
            let categories = &self.program.judgements[judgement].categories;
            let eligible = |index: &Index| categories[usize::from(*index)].eligible;
            let possible = self.categories(judgement);
            (
                possible.iter().any(eligible),
                possible.iter().any(|index| !eligible(index)),
            )
        };
        match (chance(0), chance(1)) {
            ((false, _), _) => ResultKind::NotMet,
            ((true, false), (true, false)) => ResultKind::Eligible,
            ((true, false), (false, _)) => ResultKind::Mild,
            _ => ResultKind::Undetermined,
        }
    }
}

const HIGHEST: i64 = 3;

/// Whether something holds for all of the values, for none, or for some only.
fn for_all<T>(values: impl Iterator<Item = T>, holds: impl Fn(T) -> bool) -> Tri {
    let found: BTreeSet<bool> = values.map(holds).collect();
    match (found.contains(&true), found.contains(&false)) {
        (true, false) => Tri::True,
        (false, true) => Tri::False,
        _ => Tri::Unknown,
    }
}

fn compares<T: Ord>(left: T, op: CompareOp, right: T) -> bool {
    match op {
        CompareOp::Less => left < right,
        CompareOp::LessEqual => left <= right,
        CompareOp::Equal => left == right,
        CompareOp::NotEqual => left != right,
        CompareOp::GreaterEqual => left >= right,
        CompareOp::Greater => left > right,
    }
}

/// A range of which only the ends are known, compared with a number.
fn compare_range((low, high): (i64, i64), op: CompareOp, threshold: i64) -> Tri {
    let inside = if threshold < low || threshold > high {
        None
    } else {
        Some(threshold)
    };
    let ends = [Some(low), Some(high), inside];
    for_all(ends.into_iter().flatten(), |value| {
        compares(value, op, threshold)
    })
}

/// Farther than any threshold.
const NOTHING: i64 = 1_000_000;

/// Whether each code of a field says unknown.
fn codes(program: &Program, field: FieldId) -> Vec<bool> {
    match program.fields[usize::from(field.0)].ty {
        FieldType::Choice { table } => program.code_tables[usize::from(table)]
            .codes
            .iter()
            .map(|code| code.unknown)
            .collect(),
        _ => Vec::new(),
    }
}

/// Every fact that a completion may state about a field.
fn completions(program: &Program, field: FieldId, answer: &Answer) -> Vec<Fact> {
    let codes = codes(program, field);
    let known = |unknown: bool| {
        let codes = codes.clone();
        (0..)
            .zip(codes)
            .filter(move |(_, code)| *code == unknown)
            .map(|(index, _): (Index, bool)| index)
    };
    let truths: Vec<i64> = match program.fields[usize::from(field.0)].ty {
        FieldType::Choice { .. } => known(false).map(i64::from).collect(),
        _ => (0..=HIGHEST).collect(),
    };
    let fact = |answered, written, truth| Fact {
        answered,
        written,
        truth: Some(truth),
    };
    match answer {
        Answer::Code(code) if codes[usize::from(*code)] => truths
            .iter()
            .map(|truth| fact(true, Some(*code), *truth))
            .collect(),
        Answer::Code(code) => vec![fact(true, None, i64::from(*code))],
        Answer::Number(number) => vec![fact(true, None, i64::try_from(*number).unwrap())],
        _ => truths
            .iter()
            .flat_map(|truth| {
                let unknown: Vec<Fact> = known(true)
                    .map(|code| fact(true, Some(code), *truth))
                    .collect();
                [fact(true, None, *truth), fact(false, None, *truth)]
                    .into_iter()
                    .chain(unknown)
            })
            .collect(),
    }
}

fn as_it_stands(program: &Program, field: FieldId, answer: &Answer) -> Fact {
    let codes = codes(program, field);
    match answer {
        Answer::Code(code) if codes[usize::from(*code)] => Fact {
            answered: true,
            written: Some(*code),
            truth: None,
        },
        Answer::Code(code) => Fact {
            answered: true,
            written: None,
            truth: Some(i64::from(*code)),
        },
        Answer::Number(number) => Fact {
            answered: true,
            written: None,
            truth: Some(i64::try_from(*number).unwrap()),
        },
        _ => Fact {
            answered: false,
            written: None,
            truth: None,
        },
    }
}

/// Four fields: two findings, an item with points, a small number.
const FIELDS: u16 = 4;

fn comparison() -> impl Strategy<Value = CompareOp> {
    prop::sample::select(vec![
        CompareOp::Less,
        CompareOp::LessEqual,
        CompareOp::Equal,
        CompareOp::NotEqual,
        CompareOp::GreaterEqual,
        CompareOp::Greater,
    ])
}

fn counting() -> impl Strategy<Value = CountOp> {
    prop::sample::select(vec![CountOp::AtLeast, CountOp::AtMost, CountOp::Exactly])
}

/// A random condition over fields below a bound.
fn condition(fields: u16, criteria: u16) -> BoxedStrategy<Cond> {
    let field = move || (0..fields.max(1)).prop_map(FieldId);
    let leaf = prop_oneof![
        1 => any::<bool>().prop_map(|holds| cond(CondKind::Const(holds))),
        8 => (field(), prop::collection::btree_set(0_u16..3, 1..3)).prop_map(|(field, codes)| leaf_on(field, codes.into_iter().collect())),
        2 => field().prop_map(answered),
        // Bands with a gap: a number that only some answers give a value.
        2 => (field(), prop::collection::btree_set(0_u16..3, 1..3), 0_i64..3, 1_i64..3).prop_map(
            |(field, codes, points, n)| {
                let gives = constant(&points.to_string());
                let when = leaf_on(field, codes.into_iter().collect());
                reaches(num(NumberKind::If(
                    Box::new(when),
                    Box::new(gives),
                    Box::new(num(NumberKind::Nothing)),
                )), &n.to_string())
            },
        ),
        2 => (prop::collection::vec(field(), 1..3), comparison(), 0_i64..16).prop_map(|(fields, op, n)| {
            let numbers: Vec<Number> = fields.into_iter().map(number_on).collect();
            compare(sum(numbers), op, constant(&n.to_string()))
        }),
    ]
    .boxed();
    let leaf = if criteria == 0 {
        leaf
    } else {
        let reference = (0..criteria)
            .prop_map(|id| crate::build::criterion(kohyo_engine::program::DefinitionId(id)));
        prop_oneof![4 => leaf, 1 => reference].boxed()
    };
    leaf.prop_recursive(4, 24, 3, move |inner| {
        let several = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            inner.clone().prop_map(not),
            several.clone().prop_map(all_of),
            several.clone().prop_map(any_of),
            (several, counting(), 0_u32..4).prop_map(|(parts, op, n)| count(parts, op, n)),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| cond(CondKind::If(
                Box::new(a),
                Box::new(b),
                Box::new(c)
            ))),
            (inner.clone(), any::<bool>()).prop_map(|(part, as_yes)| treat(part, as_yes)),
            (
                prop::collection::vec((0..fields.max(1)).prop_map(FieldId), 1..3),
                inner,
                any::<bool>()
            )
                .prop_map(|(fields, part, otherwise)| if_shown(fields, part, otherwise)),
        ]
    })
    .boxed()
}

/// A condition on the value of a field: codes of a choice, a bound of a number.
fn leaf_on(field: FieldId, codes: Vec<Index>) -> Cond {
    match field.0 {
        0 | 1 => cond(CondKind::Code { field, codes }),
        2 => cond(CondKind::Code {
            field,
            codes: codes.into_iter().map(|code| code + 1).collect(),
        }),
        _ => reaches(value(field), &(codes[0] + 1).to_string()),
    }
}

fn number_on(field: FieldId) -> Number {
    match field.0 {
        0 | 1 => when_present(field),
        2 => points(field),
        _ => value(field),
    }
}

/// Something numeric about a finding that the enumeration need not know: nothing.
fn when_present(_: FieldId) -> Number {
    constant("0")
}

#[derive(Clone)]
struct Case {
    program: Program,
    answers: Answers,
}

/// Only what differs from case to case.
impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (field, (_, answer)) in self.program.fields.iter().zip(self.answers.iter()) {
            writeln!(
                f,
                "{} = {answer:?}, shown when {:?}",
                field.name, field.shown_when
            )?;
        }
        writeln!(
            f,
            "{:?}",
            self.program
                .definitions
                .first()
                .map(|definition| &definition.rule)
        )?;
        for judgement in &self.program.judgements {
            for category in &judgement.categories {
                writeln!(
                    f,
                    "{} {} when {:?}",
                    judgement.name, category.name, category.when
                )?;
            }
        }
        Ok(())
    }
}

fn case() -> impl Strategy<Value = Case> {
    let rules = (
        condition(FIELDS, 0),
        prop::collection::vec(prop::option::weighted(0.3, condition(3, 0)), 4),
        condition(FIELDS, 1),
        condition(FIELDS, 1),
        condition(FIELDS, 1),
    );
    let written = (
        prop::option::weighted(0.5, 0_u16..3),
        prop::option::weighted(0.5, 0_u16..3),
        prop::option::weighted(0.5, 0_u16..4),
        prop::option::weighted(0.5, 0..=HIGHEST),
    );
    (rules, written).prop_map(
        |((criterion, shown, first, second, severity), (a, b, c, d))| {
            let mut build = Build::new();
            build.findings(["a", "b"]);
            build.item("c");
            build.number("d", 1, 0, "0", &HIGHEST.to_string());
            for (index, shown) in (0..).zip(shown) {
                // Only earlier fields, so that nothing shows itself.
                build.edit(FieldId(index)).shown_when = shown
                    .filter(|shown| reads_below(shown, index))
                    .map(Box::new);
            }
            build.criterion("k", criterion);
            build.judgement(
                "diagnosis",
                vec![("first", first, true), ("second", second, false)],
            );
            build.severity(severity);
            let mut answers = Answers::with_len(usize::from(FIELDS));
            for (field, code) in [(0, a), (1, b), (2, c)] {
                answers.set(FieldId(field), code.map_or(Answer::Missing, Answer::Code));
            }
            answers.set(
                FieldId(3),
                d.map_or(Answer::Missing, |number| Answer::Number(number.into())),
            );
            Case {
                program: build.program,
                answers,
            }
        },
    )
}

fn reads_below(condition: &Cond, bound: u16) -> bool {
    let below = |field: &FieldId| field.0 < bound;
    let inside = |condition: &Cond| reads_below(condition, bound);
    match &condition.kind {
        CondKind::Code { field, .. } | CondKind::Answered(field) => below(field),
        CondKind::Not(part)
        | CondKind::TreatUnknown {
            condition: part, ..
        } => inside(part),
        CondKind::All(parts) | CondKind::Any(parts) | CondKind::Count { of: parts, .. } => {
            parts.iter().all(inside)
        }
        CondKind::If(a, b, c) => [a, b, c].into_iter().all(|part| inside(part)),
        CondKind::IfShown {
            fields, condition, ..
        } => fields.iter().all(below) && inside(condition),
        CondKind::Compare { left, right, .. } => {
            number_reads_below(left, bound) && number_reads_below(right, bound)
        }
        _ => true,
    }
}

fn number_reads_below(number: &Number, bound: u16) -> bool {
    match &number.kind {
        NumberKind::Field(field) | NumberKind::Points(field) => field.0 < bound,
        NumberKind::Sum(numbers) => numbers.iter().all(|part| number_reads_below(part, bound)),
        NumberKind::If(condition, then, otherwise) => {
            reads_below(condition, bound)
                && number_reads_below(then, bound)
                && number_reads_below(otherwise, bound)
        }
        _ => true,
    }
}

/// What all completions of some answers say.
struct Truth {
    /// The result, if all agree on it.
    result: ResultKind,
    /// The categories of each judgement that come out of some completion.
    categories: [BTreeSet<Index>; 2],
    /// Whether some completion leaves a judgement open: a hidden field stays unknown in all of them.
    stuck: [bool; 2],
    /// Which fields the form shows as it stands.
    shown: Vec<bool>,
}

impl Truth {
    fn of(program: &Program, answers: &Answers) -> Self {
        let fields: Vec<FieldId> = (0..FIELDS).map(FieldId).collect();
        let now: Vec<Fact> = fields
            .iter()
            .map(|id| as_it_stands(program, *id, answers.get(*id)))
            .collect();
        let mut all: Vec<Vec<Fact>> = vec![Vec::new()];
        for field in &fields {
            let facts = completions(program, *field, answers.get(*field));
            all = all
                .iter()
                .flat_map(|before| {
                    facts
                        .iter()
                        .map(|fact| [before.as_slice(), &[*fact]].concat())
                })
                .collect();
        }
        let mut results = BTreeSet::new();
        let mut categories = [BTreeSet::new(), BTreeSet::new()];
        let mut stuck = [false, false];
        for facts in &all {
            let world = World {
                program,
                facts,
                now: &now,
                stands: false,
            };
            results.insert(world.result() as u8);
            for judgement in 0..2 {
                let here = world.categories(judgement);
                stuck[judgement] |= here.len() > 1;
                categories[judgement].extend(here);
            }
        }
        let agreed = [ResultKind::Eligible, ResultKind::Mild, ResultKind::NotMet]
            .into_iter()
            .find(|result| results == BTreeSet::from([*result as u8]));
        let stands = World {
            program,
            facts: &now,
            now: &now,
            stands: true,
        };
        Self {
            result: agreed.unwrap_or(ResultKind::Undetermined),
            categories,
            stuck,
            shown: fields
                .iter()
                .map(|field| stands.shown(*field) == Tri::True)
                .collect(),
        }
    }
}

/// How many forms are tried: more with `KOHYO_REFERENCE_CASES=100000`.
fn cases() -> u32 {
    let wanted = std::env::var("KOHYO_REFERENCE_CASES").ok();
    wanted.and_then(|n| n.parse().ok()).unwrap_or(2_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_search_agrees_with_every_completion(case in case()) {
        let Case { program, answers } = case;
        let form = Form::new(program.clone()).unwrap();
        let Truth { result: expected, categories, stuck, .. } = Truth::of(&program, &answers);
        let verdict = judge(&form, &answers, &context());
        prop_assert!(verdict.exact);
        prop_assert_eq!(verdict.result, expected);
        let outcome = evaluate(&form, &answers, &context());
        prop_assert_eq!(outcome.result, expected);
        for judgement in 0..2 {
            let possible: Vec<&str> = categories[judgement]
                .iter()
                .map(|index| program.judgements[judgement].categories[usize::from(*index)].name.as_str())
                .collect();
            prop_assert_eq!(&outcome.judgements[judgement].possible, &possible);
            let settled = match (stuck[judgement], categories[judgement].len()) {
                (false, 1) => categories[judgement].first().copied(),
                _ => None,
            };
            prop_assert_eq!(verdict.categories.as_slice()[judgement], settled);
            prop_assert_eq!(outcome.judgements[judgement].category.as_ref().map(|category| category.index), settled);
        }
    }

    #[test]
    fn a_missing_set_settles_the_result_and_no_part_of_it_does(case in case()) {
        let Case { program, answers } = case;
        let form = Form::new(program.clone()).unwrap();
        let outcome = evaluate(&form, &answers, &context());
        let candidates = |field: FieldId| -> Vec<Answer> {
            match program.fields[usize::from(field.0)].ty {
                FieldType::Choice { .. } => {
                    let codes = codes(&program, field);
                    // Who has answered that it is not known is asked for what is.
                    let known_only = !answers.get(field).is_missing();
                    (0..).zip(codes).filter(|(_, unknown)| !(known_only && *unknown)).map(|(code, _)| Answer::Code(code)).collect()
                }
                _ => (0..=HIGHEST).map(|number| Answer::Number(number.into())).collect(),
            }
        };
        let leads_to = |fields: &[FieldId]| -> Vec<ResultKind> {
            let mut trials = vec![answers.clone()];
            for field in fields {
                trials = trials.iter().flat_map(|trial| {
                    candidates(*field).into_iter().map(|answer| {
                        let mut next = trial.clone();
                        next.set(*field, answer);
                        next
                    }).collect::<Vec<_>>()
                }).collect();
            }
            let truths = trials.iter().map(|trial| Truth::of(&program, trial));
            // Only what the form shows can be filled in.
            let reached: Vec<ResultKind> = truths
                .filter(|truth| fields.iter().all(|field| truth.shown[usize::from(field.0)]))
                .map(|truth| truth.result)
                .collect();
            [ResultKind::Eligible, ResultKind::Mild, ResultKind::NotMet]
                .into_iter()
                .filter(|result| reached.contains(result))
                .collect()
        };
        for set in &outcome.missing {
            prop_assert_eq!(outcome.result, ResultKind::Undetermined);
            let fields: Vec<FieldId> = set.items.iter().map(|item| item.field).collect();
            prop_assert_eq!(&leads_to(&fields), &set.leads_to);
            for left_out in 0..fields.len() {
                let mut part = fields.clone();
                part.remove(left_out);
                prop_assert_eq!(leads_to(&part), Vec::new());
            }
        }
        // Every single open item that settles the result is given.
        if outcome.result == ResultKind::Undetermined {
            for field in (0..FIELDS).map(FieldId) {
                let open = match answers.get(field) {
                    Answer::Missing => true,
                    Answer::Code(code) => codes(&program, field)[usize::from(*code)],
                    _ => false,
                };
                let given = outcome.missing.iter().any(|set| set.items.len() == 1 && set.items[0].field == field);
                prop_assert_eq!(given, open && !leads_to(&[field]).is_empty(), "{:?}", field);
            }
        }
    }
}
