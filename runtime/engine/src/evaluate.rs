//! The verdict on a set of answers, and everything else a form says about it.

use crate::answers::Answers;
use crate::coarse::coarse_dates;
use crate::exact::{CATEGORY_BUDGET, RESULT_BUDGET, STUCK, Target, Until, search};
use crate::explain::{explain, possible_value};
use crate::findings::state;
use crate::form::Form;
use crate::machine::{Machine, Scratch};
use crate::missing::missing_sets;
use crate::outcome::{
    CategoryOutcome, Finding, JudgementOutcome, MissingSet, Outcome, ResultKind, ValueOutcome,
};
use crate::program::{Application, Index, Judgement};
use crate::reading::{named, value_on_wire, value_text};
use crate::result::Results;
use crate::value::Date;

/// What a verdict depends on besides the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The day of judgement.
    pub today: Date,
    /// New application or renewal.
    pub application: Application,
}

/// The verdict without its reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The result.
    pub result: ResultKind,
    /// False only if the search for completions ran out of its budget; the result is then
    /// [`ResultKind::Undetermined`].
    pub exact: bool,
    /// The category of each judgement, if settled.
    pub categories: Categories,
}

/// The category of each judgement in the order of the form; nothing where it is not settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Categories(Row);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Row {
    /// Nearly every form has two judgements: no allocation for up to four.
    Few {
        length: u8,
        categories: [Option<Index>; 4],
    },
    Many(Vec<Option<Index>>),
}

impl Categories {
    /// As a slice, one entry per judgement.
    pub fn as_slice(&self) -> &[Option<Index>] {
        match &self.0 {
            Row::Few { length, categories } => {
                categories.get(..usize::from(*length)).unwrap_or(&[])
            }
            Row::Many(categories) => categories,
        }
    }
}

impl FromIterator<Option<Index>> for Categories {
    fn from_iter<I: IntoIterator<Item = Option<Index>>>(all: I) -> Self {
        let mut all = all.into_iter();
        let mut few = [None; 4];
        let mut length = 0_u8;
        for slot in &mut few {
            let Some(category) = all.next() else { break };
            *slot = category;
            length += 1;
        }
        match all.next() {
            None => Self(Row::Few {
                length,
                categories: few,
            }),
            Some(next) => Self(Row::Many(
                few.into_iter().chain([next]).chain(all).collect(),
            )),
        }
    }
}

/// The verdict on these answers.
///
/// Allocates its working memory; use [`judge_with`] to judge many records.
pub fn judge(form: &Form, answers: &Answers, context: &Context) -> Verdict {
    judge_with(&mut Scratch::default(), form, answers, context)
}

/// The verdict on these answers, with memory from the last one; nothing is allocated for a record
/// that three-valued logic settles.
pub fn judge_with(
    scratch: &mut Scratch,
    form: &Form,
    answers: &Answers,
    context: &Context,
) -> Verdict {
    verdict(
        &mut Machine::new(form.arena(), answers, context, scratch),
        form,
    )
}

/// What is missing, as in an [`Outcome`], without the rest of it. Memory as in [`judge_with`].
pub fn missing_with(
    scratch: &mut Scratch,
    form: &Form,
    answers: &Answers,
    context: &Context,
) -> Vec<MissingSet> {
    let mut machine = Machine::new(form.arena(), answers, context, scratch);
    match settle_result(&mut machine, RESULT_BUDGET).0 {
        ResultKind::Undetermined => missing_sets(scratch, form, answers, context),
        ResultKind::Eligible | ResultKind::Mild | ResultKind::NotMet => Vec::new(),
    }
}

/// The result and whether it is certain, as in [`Verdict`], of a search that looks at so many
/// completions at most (and at no more than one for a verdict). Memory as in [`judge_with`].
pub fn result_within(
    scratch: &mut Scratch,
    form: &Form,
    answers: &Answers,
    context: &Context,
    completions: u64,
) -> (ResultKind, bool) {
    let most = u32::try_from(completions).unwrap_or(u32::MAX);
    let mut machine = Machine::new(form.arena(), answers, context, scratch);
    settle_result(&mut machine, most.min(RESULT_BUDGET))
}

/// The verdict and what the checks find, without reasons and missing sets: what checking many
/// records needs. Memory as in [`judge_with`].
pub fn check_with(
    scratch: &mut Scratch,
    form: &Form,
    answers: &Answers,
    context: &Context,
) -> (Verdict, Vec<Finding>) {
    let mut machine = Machine::new(form.arena(), answers, context, scratch);
    let verdict = verdict(&mut machine, form);
    let findings = state(form, &mut machine, context.application).findings;
    (verdict, findings)
}

/// What the checks find, without a verdict. Memory as in [`judge_with`].
pub fn findings_with(
    scratch: &mut Scratch,
    form: &Form,
    answers: &Answers,
    context: &Context,
) -> Vec<Finding> {
    let mut machine = Machine::new(form.arena(), answers, context, scratch);
    state(form, &mut machine, context.application).findings
}

/// The verdict as the machine stands.
pub(crate) fn verdict(machine: &mut Machine<'_>, form: &Form) -> Verdict {
    let (result, exact) = settle_result(machine, RESULT_BUDGET);
    let count = u16::try_from(form.program().judgements.len()).unwrap_or(u16::MAX);
    let categories = (0..count)
        .map(|judgement| settle_category(machine, judgement))
        .collect();
    Verdict {
        result,
        exact,
        categories,
    }
}

/// The result and whether it is certain; see [`Verdict`].
fn settle_result(machine: &mut Machine<'_>, budget: u32) -> (ResultKind, bool) {
    let (result, exact, _) = seen_results(machine, budget);
    (result, exact)
}

/// The same with the results that were seen before it was certain.
fn seen_results(machine: &mut Machine<'_>, mut budget: u32) -> (ResultKind, bool, Results) {
    let possible = machine.possible_results();
    if let Some(result) = possible.single() {
        return (result, true, possible);
    }
    let found = search(machine, Target::Result, Until::Unsettled, &mut budget);
    let seen = found.results();
    let apart = if found.complete || seen.single().is_none() && found.seen != 0 {
        None
    } else {
        results_apart(machine).single()
    };
    match (seen.single(), apart) {
        (_, Some(result)) => (result, true, Results::only(result)),
        (Some(result), None) if found.complete => (result, true, seen),
        (Some(_), None) => (ResultKind::Undetermined, false, seen),
        (None, None) => (ResultKind::Undetermined, found.seen != 0, seen),
    }
}

/// The results possible where each judgement is looked at by itself: a severity that is settled to
/// be too low settles the result, however long it takes to go through the diagnosis.
fn results_apart(machine: &mut Machine<'_>) -> Results {
    machine.results_of(|machine, judgement| {
        let mut budget = CATEGORY_BUDGET;
        let target = Target::Judgement(judgement);
        let found = search(machine, target, Until::Complete, &mut budget);
        let possible = machine.judgement(judgement);
        match found.of(possible) & !STUCK {
            0 => possible,
            some => some,
        }
    })
}

/// The result of all completions but those in which a rule has no value, if `seen` leaves that open.
fn but_for_gaps(machine: &mut Machine<'_>, seen: Results) -> Option<ResultKind> {
    let other = |results: Results| {
        let gaps = results.contains(ResultKind::Undetermined);
        let mut others = results.iter().filter(|r| *r != ResultKind::Undetermined);
        others.next().filter(|_| gaps && others.next().is_none())
    };
    other(seen)?;
    let mut budget = CATEGORY_BUDGET;
    let found = search(machine, Target::Result, Until::Complete, &mut budget);
    other(found.results()).filter(|_| found.complete)
}

fn settle_category(machine: &mut Machine<'_>, judgement: u16) -> Option<Index> {
    let possible = machine.judgement(judgement);
    if possible.count_ones() == 1 {
        return Index::try_from(possible.trailing_zeros()).ok();
    }
    let mut budget = CATEGORY_BUDGET;
    let found = search(
        machine,
        Target::Judgement(judgement),
        Until::Unsettled,
        &mut budget,
    );
    let settled = found.complete && found.seen.count_ones() == 1;
    if settled {
        Index::try_from(found.seen.trailing_zeros()).ok()
    } else {
        None
    }
}

/// Everything the form says about these answers.
///
/// The findings are those of the checks; what reading found wrong with the written values is
/// added with [`Outcome::with_findings`].
pub fn evaluate(form: &Form, answers: &Answers, context: &Context) -> Outcome {
    let mut scratch = Scratch::default();
    let mut machine = Machine::new(form.arena(), answers, context, &mut scratch);
    let (result, exact, seen) = seen_results(&mut machine, RESULT_BUDGET);
    let but_for_gaps = match result {
        ResultKind::Undetermined => but_for_gaps(&mut machine, seen),
        ResultKind::Eligible | ResultKind::Mild | ResultKind::NotMet => None,
    };
    let judgements = (0..=u16::MAX)
        .zip(&form.program().judgements)
        .map(|(index, judgement)| judgement_outcome(form, &mut machine, index, judgement))
        .collect();
    let values = (0..=u16::MAX)
        .zip(&form.program().definitions)
        .map(|(index, definition)| {
            let value = machine.definition(index);
            ValueOutcome {
                name: definition.name.clone(),
                label: definition.label.clone(),
                value: value_on_wire(&definition.rule, value),
                text: {
                    let value = possible_value(&mut machine, index, value);
                    value_text(form.program(), definition, value)
                },
            }
        })
        .collect();
    let state = state(form, &mut machine, context.application);
    let missing = match result {
        ResultKind::Undetermined => missing_sets(&mut Scratch::default(), form, answers, context),
        ResultKind::Eligible | ResultKind::Mild | ResultKind::NotMet => Vec::new(),
    };
    let coarse = if result == ResultKind::Undetermined && missing.is_empty() {
        coarse_dates(form, answers, context)
    } else {
        Vec::new()
    };
    Outcome {
        result,
        exact,
        judgements,
        values,
        shown: state.shown,
        required: state.required,
        findings: state.findings,
        missing,
        but_for_gaps,
        coarse,
        what_if: Vec::new(),
    }
}

fn judgement_outcome(
    form: &Form,
    machine: &mut Machine<'_>,
    index: u16,
    judgement: &Judgement,
) -> JudgementOutcome {
    let possible = possible_categories(machine, index);
    let settled = (possible.count_ones() == 1).then_some(possible.trailing_zeros());
    let settled = settled.and_then(|position| Index::try_from(position).ok());
    let category = settled.and_then(|index| CategoryOutcome::of(judgement, index));
    JudgementOutcome {
        name: judgement.name.clone(),
        label: judgement.label.clone(),
        category,
        possible: named(possible, judgement.categories.len())
            .into_iter()
            .filter_map(|position| judgement.categories.get(position))
            .map(|category| category.name.clone())
            .collect(),
        explanation: explain(form, machine, index, settled),
        missing: Vec::new(),
    }
}

/// A bit for each category that some completion has, and the bit
/// [`STUCK`](crate::exact::STUCK); if the search runs out of its
/// budget, for each that three-valued logic cannot exclude.
fn possible_categories(machine: &mut Machine<'_>, judgement: u16) -> u64 {
    let possible = machine.judgement(judgement);
    if possible.count_ones() == 1 {
        return possible;
    }
    let mut budget = CATEGORY_BUDGET;
    let found = search(
        machine,
        Target::Judgement(judgement),
        Until::Complete,
        &mut budget,
    );
    found.of(possible)
}
