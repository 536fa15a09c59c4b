//! Migrations between editions: which are refused, and that reading back never says otherwise than
//! what was carried.

use crate::build::*;
use kohyo_engine::program::{
    Application, Asked, Carried, Dropped, FieldId, FieldType, Index, MappedCode, Migration, Program,
};
use kohyo_engine::{
    Answer, Answers, Context, Form, Lineage, RawAnswers, ResultKind, Source, evaluate_previous,
    fill_in, from_json, to_json,
};
use proptest::prelude::*;
use std::sync::Arc;

/// The older edition: a finding, a number and a choice.
fn older() -> Program {
    let mut build = Build::new();
    build.program.edition = "2020".to_owned();
    build.program.valid_from = date("2020-04-01");
    let a = build.finding("a");
    build.number("n", 3, 0, "0", "200");
    build.choice(
        "c",
        &[("x", None, false), ("y", None, false), ("u", None, true)],
    );
    build.diagnosis(present(a));
    build.program
}

/// The newer edition with the same fields, one more, and the migration.
fn newer() -> Program {
    let mut build = Build::new();
    build.program = older();
    build.program.edition = "2024".to_owned();
    build.program.valid_from = date("2024-04-01");
    build.text("t");
    build.program.fallback = Some("2020".to_owned());
    build.program.migrations = vec![Migration {
        edition: "2020".to_owned(),
        carried: vec![
            carried("a", 0, &[Some(0), Some(1), Some(2)]),
            carried("n", 1, &[]),
            carried("c", 2, &[Some(0), Some(1), Some(2)]),
        ],
        dropped: Vec::new(),
        asked: vec![Asked {
            new: FieldId(3),
            reason: "追加".to_owned(),
        }],
    }];
    build.program
}

fn carried(old: &str, new: u16, codes: &[Option<Index>]) -> Carried {
    Carried {
        old: old.to_owned(),
        new: FieldId(new),
        codes: codes
            .iter()
            .enumerate()
            .map(|(position, new)| MappedCode {
                old: (position + 1).to_string(),
                new: *new,
            })
            .collect(),
        where_it_fits: false,
    }
}

fn linked(older: Program, newer: Program) -> Result<Lineage, String> {
    let told = |error: kohyo_engine::WireError| error.to_string();
    let older = Arc::new(Form::new(older).map_err(told)?);
    let newer = Arc::new(Form::new(newer).map_err(told)?);
    Lineage::fallback([&older, &newer], &newer)
        .map_err(told)?
        .ok_or_else(|| "no fall-back".to_owned())
}

/// The newer edition changed by `edit` is refused with `message`.
#[track_caller]
fn refused(edit: impl FnOnce(&mut Program), message: &str) {
    let mut newer = newer();
    edit(&mut newer);
    assert_eq!(linked(older(), newer).unwrap_err(), message);
}

#[test]
fn a_sound_migration_is_linked_and_written_as_it_was_read() {
    let json = to_json(&newer());
    let read = from_json(json.as_bytes()).unwrap();
    assert_eq!(to_json(read.program()), json);
    assert!(linked(older(), read.program().clone()).is_ok());
}

#[test]
fn a_program_without_editions_is_still_read() {
    let json = to_json(&older());
    let old = json
        .replace("  \"fallback\": null,\n", "")
        .replace("  \"migrations\": [],\n", "");
    assert!(!old.contains("migrations"));
    assert!(from_json(old.as_bytes()).is_ok());
}

#[test]
fn migrations_that_are_not_sound_are_refused() {
    let migration = |p: &mut Program, edit: fn(&mut Migration)| edit(&mut p.migrations[0]);
    refused(
        |p| p.fallback = Some("2024".to_owned()),
        "2024: 更新で使う前の版が自分自身です",
    );
    refused(
        |p| p.fallback = Some("2015".to_owned()),
        "shitei-999 の2024年版は2015年版の記録を読めません。2015年版があり、`migrate from edition \"2015\"` で移せることを確かめてください",
    );
    refused(
        |p| p.migrations.push(p.migrations[0].clone()),
        "migrate: 同じ名前「2020」が二つあります",
    );
    refused(
        |p| migration(p, |m| m.carried[0].new = FieldId(9)),
        "2020: 項目の番号 9 がありません",
    );
    refused(
        |p| migration(p, |m| m.carried[0].new = FieldId(1)),
        "2020: 一つの項目に二つの行があります",
    );
    refused(
        |p| migration(p, |m| m.asked.clear()),
        "t: 前の版から移すか、新しく尋ねるかが決まっていません",
    );
    refused(
        |p| migration(p, |m| m.carried[0].codes[0].new = Some(3)),
        "a: 符号の番号 3 がありません",
    );
    refused(
        |p| migration(p, |m| m.carried[1] = carried("n", 1, &[None])),
        "n: 選択肢でない項目に符号の対応があります",
    );
    refused(
        |p| {
            migration(p, |m| {
                m.dropped.push(Dropped {
                    old: "a".to_owned(),
                    label: "A".to_owned(),
                    reason: String::new(),
                })
            })
        },
        "a: 移す項目が廃止もされています",
    );
}

#[test]
fn migrations_that_do_not_fit_the_older_edition_are_refused() {
    let migration = |p: &mut Program, edit: fn(&mut Migration)| edit(&mut p.migrations[0]);
    refused(
        |p| migration(p, |m| m.carried[0].old = "z".to_owned()),
        "z: 前の版にない項目です",
    );
    refused(
        |p| migration(p, |m| m.carried[0].old = "c".to_owned()),
        "a: 移しも廃止もされていない項目です",
    );
    refused(
        |p| {
            migration(p, |m| {
                m.carried[0].codes.pop();
            })
        },
        "a: 行き先のない選択肢があります",
    );
    refused(
        |p| migration(p, |m| m.carried[0].codes[2].new = Some(0)),
        "a: 不明を表す選択肢が、ほかの選択肢になります",
    );
    refused(
        |p| migration(p, |m| m.carried[1].old = "c".to_owned()),
        "c: 一つ選ぶ項目の答えは数値の答えになりません",
    );
    refused(
        |p| {
            let FieldType::Number { max, .. } = &mut p.fields[1].ty else {
                panic!("a number");
            };
            *max = Some(dec("100"));
        },
        "n: 書ける範囲が狭くなります",
    );
}

#[test]
fn only_renewals_are_judged_by_the_previous_edition() {
    let lineage = linked(older(), newer()).unwrap();
    let mut answers = Answers::new(lineage.newest());
    answers.set(FieldId(0), Answer::Code(PRESENT));
    assert_eq!(evaluate_previous(&lineage, &answers, &context()), None);
    let renewal = Context {
        application: Application::Renewal,
        ..context()
    };
    let previous = evaluate_previous(&lineage, &answers, &renewal).unwrap();
    assert_eq!(previous.edition, "2020");
    assert_eq!(previous.outcome.result, ResultKind::Eligible);
    assert_eq!(previous.unread, []);
}

#[test]
fn what_is_filled_in_is_judged_by_both_editions_and_drawn() {
    let lineage = linked(older(), newer()).unwrap();
    let written = [("a", "1"), ("n", "many")];
    let raw: RawAnswers = written
        .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
        .into();
    let renewal = Context {
        application: Application::Renewal,
        ..context()
    };
    let filled = fill_in(lineage.newest(), Some(&lineage), &raw, &renewal);
    assert_eq!(filled.outcome.result, ResultKind::Eligible);
    assert!(!filled.outcome.what_if.is_empty());
    let checks: Vec<&str> = filled
        .outcome
        .findings
        .iter()
        .map(|f| f.check.as_str())
        .collect();
    assert_eq!(checks, ["type.n"]);
    assert_eq!(filled.previous.unwrap().edition, "2020");
    assert_eq!(filled.view.edition, "2024");
    let alone = fill_in(lineage.newest(), None, &raw, &renewal);
    assert_eq!(alone.previous, None);
}

#[test]
fn a_known_code_that_is_asked_anew_makes_every_code_uncertain() {
    let mut newer = newer();
    newer.migrations[0].carried[2] = carried("c", 2, &[Some(0), None, Some(2)]);
    let lineage = linked(older(), newer).unwrap();
    let mut answers = Answers::new(lineage.newest());
    answers.set(FieldId(2), Answer::Code(0));
    let (read, unread) = lineage.read_back(&answers);
    assert!(read.get(FieldId(2)).is_missing());
    assert_eq!(unread.len(), 1);
}

proptest! {
    /// Whatever the codes become: what was carried and read back is what it was, or unanswered.
    #[test]
    fn reading_back_never_says_otherwise(
        codes in prop::collection::vec(prop::option::of(0_u16..3), 3),
        given in 0_u16..3,
        number in 0_i64..300,
    ) {
        let mut newer = newer();
        // The code for unknown stays unknown, as every migration has it.
        let codes: Vec<_> = codes.iter().copied().take(2).chain([Some(2)]).collect();
        newer.migrations[0].carried[2] = carried("c", 2, &codes);
        let lineage = linked(older(), newer).unwrap();
        let mut answers = Answers::new(lineage.oldest());
        answers.set(FieldId(2), Answer::Code(given));
        if number <= 200 {
            answers.set(FieldId(1), Answer::Number(number.into()));
        }
        let source = Source { answers: &answers, written: date("2026-05-01") };
        let renewal = Context { application: Application::Renewal, ..context() };
        let draft = lineage.carry(&source, &renewal);
        let (back, _) = lineage.read_back(&draft.answers);
        for (field, answer) in back.iter() {
            prop_assert!(answer.is_missing() || answer == answers.get(field), "{field:?}");
        }
        prop_assert_eq!(back.get(FieldId(1)), answers.get(FieldId(1)));
    }
}
