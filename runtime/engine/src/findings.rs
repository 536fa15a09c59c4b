//! What the checks find: those written by authors, and those that follow from the form.
//!
//! Checks look at the form as it stands now. Findings stand in the order of their main field.

use crate::answers::Answers;
use crate::arena::FieldRule;
use crate::evaluate::Context;
use crate::form::Form;
use crate::machine::{Machine, Scratch, View};
use crate::outcome::Finding;
use crate::program::{Application, Code, Field, FieldId, Level};
use crate::tri::Tri;
use crate::written::values;

/// Whether each field is shown and required, and what the checks find.
pub(crate) struct State {
    pub shown: Vec<bool>,
    pub required: Vec<bool>,
    pub findings: Vec<Finding>,
}

/// Adds what reading the written values found; a field whose value cannot be read is not called
/// unanswered as well.
pub(crate) fn add_findings(own: &mut Vec<Finding>, added: Vec<Finding>) {
    own.retain(|own| {
        let unanswered = own.check.starts_with("required.");
        let mut added = added.iter();
        !unanswered || !added.any(|added| added.main_field() == own.main_field())
    });
    own.extend(added);
    in_form_order(own);
}

/// What the form shows, asks and finds. No verdict: that may cost far more.
pub(crate) fn state_of(form: &Form, answers: &Answers, context: &Context) -> State {
    let mut scratch = Scratch::default();
    let mut machine = Machine::new(form.arena(), answers, context, &mut scratch);
    state(form, &mut machine, context.application)
}

/// Looks at every field and every check.
pub(crate) fn state(form: &Form, machine: &mut Machine<'_>, application: Application) -> State {
    machine.in_view(View::Now, |machine| {
        let mut state = State {
            shown: Vec::new(),
            required: Vec::new(),
            findings: Vec::new(),
        };
        let fields = (0..=u16::MAX)
            .zip(&form.program().fields)
            .zip(&machine.arena.fields);
        for ((index, field), rule) in fields {
            let shown = machine.shown(index);
            let required = shown == Tri::True && is_required(machine, rule);
            let answered = !machine.answer(index).is_missing();
            // What is shown for certain is not hidden: the written answers only settle what is open.
            if answered && shown != Tri::True && machine.hidden(index) == Tri::True {
                state
                    .findings
                    .push(hidden(form, machine, index, field, application));
            }
            if required && !answered {
                state.findings.push(unanswered(form, index, field));
            }
            state.shown.push(shown == Tri::True);
            state.required.push(required);
        }
        for (check, violated) in form.program().checks.iter().zip(&machine.arena.checks) {
            let applies = check.only.is_none_or(|only| only == application);
            if applies && machine.condition(*violated) == Tri::True {
                state.findings.push(Finding {
                    check: check.id.clone(),
                    level: check.level,
                    fields: check.at.clone(),
                    message: check.message.clone(),
                    help: check.help.clone(),
                    value: None,
                });
            }
        }
        state.findings.extend(failures(form, machine));
        in_form_order(&mut state.findings);
        state
    })
}

/// The functions that made nothing of known answers.
fn failures(form: &Form, machine: &mut Machine<'_>) -> Vec<Finding> {
    if form.program().functions.is_empty() {
        return Vec::new();
    }
    // Whatever was asked before, all rules are worked out, so that the same is always found.
    let arena = machine.arena;
    for (index, _) in (0..=u16::MAX).zip(&arena.definitions) {
        machine.definition(index);
    }
    for (index, _) in (0..=u16::MAX).zip(&arena.judgements) {
        machine.judgement(index);
    }
    (0..=u16::MAX)
        .zip(&form.program().functions)
        .filter_map(|(index, function)| {
            let reason = machine.failures().get(&index)?;
            Some(Finding {
                check: format!("function.{}", function.name),
                level: Level::Information,
                fields: Vec::new(),
                message: format!(
                    "「{}」はこの回答から計算できず、不明として扱いました",
                    function.label
                ),
                help: Some(reason.clone()),
                value: None,
            })
        })
        .collect()
}

/// Sorts findings by their main field; those about none come last. Equal ones keep their order.
pub(crate) fn in_form_order(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| {
        finding
            .main_field()
            .map_or(u32::MAX, |field| u32::from(field.0))
    });
}

/// Whether a shown field is required.
pub(crate) fn is_required(machine: &mut Machine<'_>, rule: &FieldRule) -> bool {
    rule.required
        || rule
            .required_when
            .is_some_and(|when| machine.condition(when) == Tri::True)
}

fn hidden(
    form: &Form,
    machine: &Machine<'_>,
    index: u16,
    field: &Field,
    application: Application,
) -> Finding {
    let label = &field.label;
    let (message, help) = match (
        field.only.is_some_and(|only| only != application),
        application,
    ) {
        (true, Application::New) => (
            format!("「{label}」は更新申請だけの項目ですが、記入があります"),
            "記入を消すか、申請の種類を確かめてください",
        ),
        (true, Application::Renewal) => (
            format!("「{label}」は新規申請だけの項目ですが、記入があります"),
            "記入を消すか、申請の種類を確かめてください",
        ),
        (false, _) => (
            format!("「{label}」は、ほかの回答により記入しない項目ですが、記入があります"),
            "記入を消すか、この項目の条件となる回答を確かめてください",
        ),
    };
    let mut written = values(form, FieldId(index), machine.answer(index));
    let value = if written.len() == 1 {
        written.pop()
    } else {
        None
    };
    Finding {
        check: format!("hidden.{}", field.name),
        level: Level::Error,
        fields: vec![FieldId(index)],
        message,
        help: Some(help.to_owned()),
        value,
    }
}

fn unanswered(form: &Form, index: u16, field: &Field) -> Finding {
    Finding {
        check: format!("required.{}", field.name),
        level: Level::Error,
        fields: vec![FieldId(index)],
        message: format!("「{}」が未記入です", field.label),
        help: Some(Code::how_to_answer(form.codes(FieldId(index)))),
        value: None,
    }
}
