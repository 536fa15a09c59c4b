//! Whether a change makes a difference to anybody, asked of the engine's exactness search: a form
//! with one judgement, 「they differ」, and no answer at all. If every completion agrees that they
//! do not, the change is none.
//!
//! Completions are fully answered, so what `treat unknown as` and `is answered` say about a form
//! that is not is outside the proof: a part that reads them is not proved.

use super::Owner;
use super::watch::Ready;
use kohyo_engine::program::{
    Category, CompareOp, Cond, CondKind, DefinitionId, Index, Judgement, JudgementId, Number,
    NumberKind, Program, Rule,
};
use kohyo_engine::{Answers, Context, Form, ResultKind, Scratch, result_within};

/// What the search says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Every completion agrees.
    Same,
    /// Some completion differs.
    Differs,
    /// The search did not get that far.
    Open,
    /// Nor could it, with the evaluations that were left.
    Cut,
}

/// Whether a part is the same in form and mutant for every patient who has answered everything,
/// on the days and for the applications of the cases. It ends at so many evaluations.
pub(super) fn same(
    form: &Form,
    mutant: &Form,
    owner: Owner,
    ready: &[Ready],
    scratch: &mut Scratch,
    until: u64,
) -> Answer {
    let program = form.program();
    let Some(question) = question(program, mutant.program(), owner) else {
        return Answer::Open;
    };
    let Ok(question) = Form::new(question) else {
        return Answer::Open;
    };
    let mut contexts: Vec<Context> = Vec::new();
    for case in ready {
        if !contexts.contains(&case.context) {
            contexts.push(case.context);
        }
    }
    if contexts.is_empty() || contexts.len() > 8 {
        return Answer::Open;
    }
    let empty = Answers::new(&question);
    let mut answer = Answer::Same;
    for context in contexts {
        let left = until.saturating_sub(scratch.evaluations());
        match result_within(scratch, &question, &empty, &context, left) {
            (ResultKind::NotMet, true) => {}
            (ResultKind::Eligible, _) => return Answer::Differs,
            _ if scratch.evaluations() >= until => return Answer::Cut,
            _ => answer = Answer::Open,
        }
    }
    answer
}

/// The form with one judgement: they differ.
fn question(program: &Program, mutant: &Program, owner: Owner) -> Option<Program> {
    let mut asked = program.clone();
    asked.checks.clear();
    for (number, judgement) in asked.judgements.iter_mut().enumerate() {
        judgement.name = format!("before_{number}");
    }
    let differs = match owner {
        Owner::Definition(index) => {
            let (before, after) = (
                program.definitions.get(index)?,
                mutant.definitions.get(index)?,
            );
            match (&before.rule, &after.rule) {
                (Rule::Criterion(before), Rule::Criterion(after)) => either(before, after),
                (Rule::Number { .. }, Rule::Number { .. }) => {
                    let id = added(&mut asked, after)?;
                    unequal(DefinitionId(u16::try_from(index).ok()?), id)
                }
                (Rule::Grade { outcomes, .. }, Rule::Grade { .. }) => {
                    let id = added(&mut asked, after)?;
                    let own = DefinitionId(u16::try_from(index).ok()?);
                    any((0..).zip(outcomes).map(|(outcome, _)| {
                        either(&is_outcome(own, outcome), &is_outcome(id, outcome))
                    }))
                }
                _ => return None,
            }
        }
        Owner::Judgement(index) => {
            let mut copy = mutant.judgements.get(index)?.clone();
            copy.name = "after".to_owned();
            let categories = 0..u16::try_from(copy.categories.len()).ok()?;
            let own = JudgementId(u16::try_from(index).ok()?);
            let id = JudgementId(u16::try_from(asked.judgements.len()).ok()?);
            asked.judgements.push(copy);
            any(categories
                .map(|category| either(&is_category(own, category), &is_category(id, category))))
        }
        Owner::Check(index) => either(
            &program.checks.get(index)?.violated,
            &mutant.checks.get(index)?.violated,
        ),
        Owner::Field(_) | Owner::Points { .. } => return None,
    };
    if looks_at_now(&asked, &differs) {
        return None;
    }
    asked.judgements.push(Judgement {
        name: "diagnosis".to_owned(),
        label: String::new(),
        cites: None,
        ordered: true,
        categories: vec![
            category("differs", Some(differs), true),
            category("same", None, false),
        ],
        eligible_cites: None,
    });
    Some(asked)
}

/// Whether something that the condition reads is about the form as it stands now.
fn looks_at_now(program: &Program, condition: &Cond) -> bool {
    let mut asked = program.clone();
    // The condition and everything behind it, as the parts of one small program.
    let reads = kohyo_engine::reads_through(program, condition);
    asked.checks = vec![kohyo_engine::program::Check {
        id: String::new(),
        level: kohyo_engine::program::Level::Information,
        message: String::new(),
        help: None,
        at: Vec::new(),
        only: None,
        violated: condition.clone(),
    }];
    let behind = |owner: &Owner| match owner {
        Owner::Definition(index) => u16::try_from(*index)
            .is_ok_and(|id| reads.contains(&kohyo_engine::Read::Definition(DefinitionId(id)))),
        Owner::Judgement(index) => u16::try_from(*index)
            .is_ok_and(|id| reads.contains(&kohyo_engine::Read::Judgement(JudgementId(id)))),
        Owner::Field(index) => u16::try_from(*index).is_ok_and(|id| {
            reads.contains(&kohyo_engine::Read::Field(kohyo_engine::program::FieldId(
                id,
            )))
        }),
        Owner::Check(_) => true,
        Owner::Points { .. } => false,
    };
    let owners: Vec<Owner> = super::owners(&asked).into_iter().filter(behind).collect();
    let mut found = false;
    for owner in owners {
        super::sites::visit(&mut asked, owner, &mut |site| {
            if let super::sites::Site::Condition { cond, .. } = site {
                found |= matches!(
                    cond.kind,
                    CondKind::Answered(_) | CondKind::TreatUnknown { .. }
                );
            }
        });
    }
    found
}

fn added(
    program: &mut Program,
    definition: &kohyo_engine::program::Definition,
) -> Option<DefinitionId> {
    let id = DefinitionId(u16::try_from(program.definitions.len()).ok()?);
    let mut copy = definition.clone();
    copy.name = format!("{}_after", copy.name);
    program.definitions.push(copy);
    Some(id)
}

fn cond(kind: CondKind) -> Cond {
    Cond {
        kind,
        text: String::new(),
    }
}

fn any(members: impl Iterator<Item = Cond>) -> Cond {
    cond(CondKind::Any(members.collect()))
}

/// One of them holds and the other does not.
fn either(a: &Cond, b: &Cond) -> Cond {
    let only = |a: &Cond, b: &Cond| {
        let not = cond(CondKind::Not(Box::new(b.clone())));
        cond(CondKind::All(vec![a.clone(), not]))
    };
    cond(CondKind::Any(vec![only(a, b), only(b, a)]))
}

fn unequal(a: DefinitionId, b: DefinitionId) -> Cond {
    let number = |id| Number {
        kind: NumberKind::Definition(id),
        text: String::new(),
    };
    cond(CondKind::compare(number(a), CompareOp::NotEqual, number(b)))
}

fn is_outcome(definition: DefinitionId, outcome: Index) -> Cond {
    cond(CondKind::Grade {
        definition,
        outcomes: vec![outcome],
    })
}

fn is_category(judgement: JudgementId, category: Index) -> Cond {
    cond(CondKind::Category {
        judgement,
        categories: vec![category],
    })
}

fn category(name: &str, when: Option<Cond>, eligible: bool) -> Category {
    Category {
        name: name.to_owned(),
        label: name.to_owned(),
        cites: None,
        when,
        eligible,
    }
}
