//! Records for the checks that authors wrote: found, not found after the smallest change, not
//! found because something is unknown; then each of its conditions by itself.

use super::Side;
use super::decisions::{Decision, decide};
use super::fields::unreadable;
use super::workshop::{Claim, Workshop};
use crate::prove::{Demand, Patient};
use kohyo_engine::program::{Application, Check, FieldId, Index};
use kohyo_engine::{Program, Question, Tri};

/// For every check, in the order of the form.
pub(super) fn make(workshop: &mut Workshop<'_>) {
    let program: &Program = workshop.program();
    for (index, check) in (0..Index::MAX).zip(&program.checks) {
        one(workshop, index, check);
    }
    for function in &program.functions {
        workshop.gap(
            &format!("function.{}", function.name),
            "関数の中はソルバーが追わないため、値を返さない記録は作っていません",
        );
    }
}

fn one(workshop: &mut Workshop<'_>, index: Index, check: &Check) {
    let id = check.id.as_str();
    let message = &check.message;
    let is = |wanted: Tri| Demand::Is(Question::Check(index), wanted);
    let near: Vec<_> = workshop
        .bases()
        .into_iter()
        .filter(|base| {
            let only = check.only;
            only.is_none_or(|only| only == base.context.application)
        })
        .collect();
    let alone = workshop.find(&near, &[is(Tri::True)], &[id]);
    let (fails, words) = match alone {
        Ok(fails) => (fails, "指摘する"),
        Err(_) => match workshop.find_among_others(&near, &[is(Tri::True)], &[id]) {
            Ok(fails) => (fails, "指摘する（ほかの点検の指摘を伴う）"),
            Err(why) => {
                workshop.gap_why(id, "指摘する記録", why);
                return;
            }
        },
    };
    workshop.add_patient(
        &fails,
        id,
        Side::Fail,
        format!("{words}: {message}"),
        Claim::Finds(id),
    );
    unreadable_instead(workshop, check, &fails);
    let from = [fails.clone()];
    let mut both = vec![fails.clone()];
    match workshop.find(&from, &[is(Tri::False)], &[]) {
        Ok(passes) => {
            workshop.add_patient(
                &passes,
                id,
                Side::Pass,
                format!("指摘しない（不適合の記録から答えを最小限に変えた）: {message}"),
                Claim::Clean(id),
            );
            both.push(passes);
        }
        Err(why) => workshop.gap_why(id, "指摘しないことが確かな、誤りのない記録", why),
    }
    if let Ok(unknown) = workshop.find(&from, &[is(Tri::Unknown)], &[]) {
        workshop.add_patient(
            &unknown,
            id,
            Side::Unknown,
            format!("条件が不明なので指摘しない: {message}"),
            Claim::Clean(id),
        );
    }
    if let Some(only) = check.only {
        let (other, word) = match only {
            Application::New => (Application::Renewal, "更新申請"),
            Application::Renewal => (Application::New, "新規申請"),
        };
        let base: Vec<_> = workshop.base(other).cloned().into_iter().collect();
        if let Ok(patient) = workshop.find(&base, &[is(Tri::True)], &[]) {
            workshop.add_patient(
                &patient,
                id,
                Side::Pass,
                format!("{word}には適用しない: {message}"),
                Claim::Clean(id),
            );
        }
    }
    let allowed = workshop.found(&fails);
    decide(workshop, &Decision::check(check, both, allowed));
}

/// The check is found because an item is not answered: a value that cannot be read is no answer.
fn unreadable_instead(workshop: &mut Workshop<'_>, check: &Check, fails: &Patient) {
    let missing = |id: &&FieldId| fails.answers.get(**id).is_missing();
    for id in check.at.iter().filter(missing) {
        let field = workshop.program().fields.get(usize::from(id.0));
        let (Some(field), Some(value)) = (field, unreadable(workshop.form, *id)) else {
            continue;
        };
        let mut record = workshop.written(fails);
        record
            .raw
            .insert(field.name.clone(), vec![value.to_owned()]);
        workshop.add(
            &record,
            &check.id,
            Side::Fail,
            format!(
                "「{}」に読めない値がある（答えたことにならない）: {}",
                field.label, check.message
            ),
            Claim::Finds(&check.id),
        );
    }
}
