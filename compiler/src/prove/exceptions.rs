//! Gaps and double answers that a definition declares to be those of the official text: they are
//! really there, and what is outside of them is proven as ever.

use super::ask::{Found, Prover};
use super::inner;
use super::patient::Wish;
use super::reads::Cone;
use crate::diagnostics as d;
use crate::places::Place;
use kohyo_dsl::{Diagnostic, Span};
use kohyo_engine::program::{Definition, DefinitionId, Excepted, ExceptionKind, Rule};
use kohyo_engine::{Program, Question};
use std::borrow::Cow;
use std::rc::Rc;

/// A gap or double answer that is declared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declared {
    /// Holds for whom it is declared; see [`extended`].
    criterion: DefinitionId,
    /// Of this rule.
    of: Excepted,
    place: Place,
    /// It is about no bands, of which compiling says whether it is there.
    pub(super) of_lines: bool,
}

/// Somebody between two lines that are counted, or at a value of both.
pub(super) type Case = Vec<Wish>;

/// Of what is declared of lines it is asked in so many ways whether somebody is in none of the cases.
const MOST_WAYS: usize = 64;

impl Declared {
    fn concerns(self, wanted: bool) -> Wish {
        Wish::Is(Question::Criterion(self.criterion), wanted)
    }
}

/// The program with more definitions after its own, and at its end with a criterion for each
/// exception, so that patients can be asked for it.
pub(super) fn extended(program: &Program, more: Vec<Definition>) -> Cow<'_, Program> {
    if program.exceptions.is_empty() && more.is_empty() {
        return Cow::Borrowed(program);
    }
    let mut extended = program.clone();
    extended.definitions.extend(more);
    for (number, exception) in program.exceptions.iter().enumerate() {
        extended.definitions.push(Definition {
            name: format!("!{number}"),
            label: exception.reason.clone(),
            cites: None,
            rule: Rule::Criterion(exception.when.clone()),
        });
    }
    Cow::Owned(extended)
}

/// What is declared of a rule; the cone is widened by what the declarations read.
pub(super) fn declared(
    prover: &Prover<'_>,
    of: Excepted,
    kind: ExceptionKind,
    cone: &mut Cone,
) -> Vec<Declared> {
    let program: &Program = prover.program;
    let first = program.definitions.len() - program.exceptions.len();
    let places = &prover.places().exceptions;
    let of_lines = prover.places().exceptions_of_lines.iter();
    let own = program.exceptions.iter().zip(first..);
    let own = own.zip(places.iter().zip(of_lines));
    own.filter(|((exception, _), _)| exception.of == of && exception.kind == kind)
        .filter_map(|((exception, position), (place, of_lines))| {
            cone.join(&Cone::of(program, [&exception.when]));
            Some(Declared {
                criterion: DefinitionId(u16::try_from(position).ok()?),
                of,
                place: *place,
                of_lines: *of_lines,
            })
        })
        .collect()
}

/// Nobody for whom something is declared.
pub(super) fn outside(declared: &[Declared]) -> impl Iterator<Item = Wish> {
    declared.iter().map(|declared| declared.concerns(false))
}

/// A number in whose rows stand bands that leave values out, with everything it reads.
pub(super) struct RowBands {
    pub(super) number: DefinitionId,
    pub(super) cone: Cone,
}

/// Where gaps that are declared were found.
#[derive(Clone, Copy, Default)]
pub(super) struct Gaps {
    /// Somebody falls in none of the arms.
    pub(super) among_arms: bool,
    /// Somebody falls in an arm, and there in none of the bands.
    pub(super) inside: bool,
}

/// Of those for whom a gap is declared, somebody falls in none of the arms of one of these choices,
/// or of one inside the rule, or gets no value in an arm. Where a gap is there.
pub(super) fn gaps_are_there(
    prover: &mut Prover<'_>,
    label: &str,
    declared: &[Declared],
    no_arms: &[Vec<Wish>],
    bands: Option<&RowBands>,
    cone: &Cone,
) -> Gaps {
    let (program, inner): (&Program, _) = (prover.program, Rc::clone(&prover.inner));
    let mut found = Gaps::default();
    for gap in declared {
        let concerned = gap.concerns(true);
        let mut fallen = |no_arm: &Vec<Wish>| {
            let mut wishes = no_arm.clone();
            wishes.push(concerned);
            !prover.is_excluded(&wishes, cone)
        };
        let among_arms = no_arms.iter().any(&mut fallen);
        let in_choices = inner::no_arms(program, &inner, gap.of)
            .iter()
            .any(&mut fallen);
        let inside = bands
            .is_some_and(|bands| prover.may_lack_value(&[concerned], bands.number, &bands.cone));
        found.among_arms |= among_arms;
        found.inside |= inside;
        if !(among_arms || in_choices || inside) {
            let (file, span) = prover.located(gap.place);
            not_there(prover, gap, d::no_such_gap(file, span, label), cone);
            continue;
        }
        // Of bands that stand in one row it is read which row is meant, of a choice inside the rule
        // who comes to it.
        if bands.is_none() && !in_choices {
            let arms = no_arms.iter().flatten();
            let outcomes = arms.map(|arm| vec![arm.turned()]);
            let (file, span) = prover.located(gap.place);
            too_wide(prover, gap, outcomes, d::wide_gap(file, span, label), cone);
        }
    }
    found
}

/// Says so if somebody is found for whom something is declared though just one outcome fits: each of
/// `outcomes` says that one does and no other.
fn too_wide(
    prover: &mut Prover<'_>,
    declared: &Declared,
    outcomes: impl Iterator<Item = Vec<Wish>>,
    finding: Diagnostic,
    cone: &Cone,
) {
    for mut wishes in outcomes {
        wishes.push(declared.concerns(true));
        if let Found::Example(patient) = prover.find(&wishes, cone, false) {
            let example = prover.example(&patient, cone);
            let fits = wishes
                .iter()
                .find_map(|wish| fitting(prover.program, *wish));
            let note = match fits {
                Some(fits) => format!("{example}。「{fits}」に当てはまります"),
                None => example,
            };
            return prover.finding(finding.note(note));
        }
    }
}

/// What comes out of an arm or a category that somebody is wished to be in.
fn fitting(program: &Program, wish: Wish) -> Option<&str> {
    match wish {
        Wish::Is(Question::Arm(id, arm), true) => {
            let found = program.definitions.get(usize::from(id.0))?;
            let Rule::Grade { outcomes, arms, .. } = &found.rule else {
                return None;
            };
            let (_, outcome) = arms.get(usize::from(arm))?;
            Some(&outcomes.get(usize::from(*outcome))?.label)
        }
        Wish::Is(Question::Category(id, category), true) => {
            let found = program.judgements.get(usize::from(id.0))?;
            Some(&found.categories.get(usize::from(category))?.label)
        }
        _ => None,
    }
}

/// Of those for whom a double answer is declared, somebody shows both of some pair, or of one inside
/// the rule, and nobody just one outcome.
pub(super) fn overlaps_are_there(
    prover: &mut Prover<'_>,
    label: &str,
    declared: &[Declared],
    pairs: &[(Wish, Wish)],
    alone: &[Vec<Wish>],
    cone: &Cone,
) {
    let (program, inner): (&Program, _) = (prover.program, Rc::clone(&prover.inner));
    for overlap in declared {
        let (file, span) = prover.located(overlap.place);
        let mut both = |(one, two): &(Wish, Wish)| {
            !prover.is_excluded(&[*one, *two, overlap.concerns(true)], cone)
        };
        let in_choices = inner::pairs(program, &inner, overlap.of)
            .iter()
            .any(&mut both);
        if in_choices {
            continue;
        }
        if !pairs.iter().any(&mut both) {
            not_there(prover, overlap, d::no_such_overlap(file, span, label), cone);
            continue;
        }
        let finding = d::wide_overlap(file, span, label);
        too_wide(prover, overlap, alone.iter().cloned(), finding, cone);
    }
}

/// Of those for whom a gap or double answer of counted lines is declared, somebody is in one of these
/// cases, and nobody in none of them. What is declared of something else is left.
pub(super) fn borders_are_there(
    prover: &mut Prover<'_>,
    declared: Vec<Declared>,
    cases: &[Case],
    wide: impl Fn(&str, Span) -> Diagnostic,
    cone: &Cone,
) -> Vec<Declared> {
    let mut others = Vec::new();
    for exception in declared {
        let mut is_here = |case: &&Case| {
            let mut wishes = (*case).clone();
            wishes.push(exception.concerns(true));
            !prover.is_excluded(&wishes, cone)
        };
        let here: Vec<&Case> = cases.iter().filter(&mut is_here).collect();
        if here.is_empty() {
            others.push(exception);
            continue;
        }
        let (file, span) = prover.located(exception.place);
        let finding = wide(file, span);
        too_wide(
            prover,
            &exception,
            in_none(&here).into_iter(),
            finding,
            cone,
        );
    }
    others
}

/// Every way of being in none of the cases; none if there are too many.
fn in_none(cases: &[&Case]) -> Vec<Vec<Wish>> {
    let mut many = cases.iter().map(|case| case.len());
    let many = many.try_fold(1_usize, |ways, wishes| ways.checked_mul(wishes));
    if many.is_none_or(|many| many > MOST_WAYS) {
        return Vec::new();
    }
    let mut ways: Vec<Vec<Wish>> = vec![Vec::new()];
    for case in cases {
        let longer = ways.iter().flat_map(|way| {
            case.iter().map(|wish| {
                let mut way = way.clone();
                way.push(wish.turned());
                way
            })
        });
        ways = longer.collect();
    }
    ways
}

/// Says so, with somebody for whom it is declared.
fn not_there(prover: &mut Prover<'_>, declared: &Declared, finding: Diagnostic, cone: &Cone) {
    let finding = match prover.find(&[declared.concerns(true)], cone, false) {
        Found::Example(patient) => finding.note(prover.example(&patient, cone)),
        Found::Nobody | Found::Unsettled => finding,
    };
    prover.finding(finding);
}
