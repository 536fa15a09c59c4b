//! Programs that are not sound in themselves are refused; those that are accepted never make the
//! engine panic, whatever the answers.

use crate::build::*;
use kohyo_engine::program::{
    CompareOp, Cond, CondKind, DefinitionId, ElapsedUnit, FieldId, FieldType, Function,
    JudgementId, Member, Moment, NumberKind, Program,
};
use kohyo_engine::{Answer, Answers, Form, WireError, evaluate, from_json, judge, to_json};
use proptest::prelude::*;
use std::sync::Arc;

#[track_caller]
fn refused(edit: impl FnOnce(&mut Build), message: &str) {
    let mut build = Build::new();
    build.findings(["a", "b"]);
    build.number("n", 2, 0, "0", "20");
    build.choices("m", &[("mother", None, false)]);
    build.text("t");
    build.criterion("k0", present(FieldId(0)));
    build.diagnosis(present(FieldId(0)));
    edit(&mut build);
    let error = Form::new(build.program).expect_err(message);
    assert_eq!(error.to_string(), message);
}

#[track_caller]
fn refused_condition(condition: Cond, message: &str) {
    refused(
        |build| {
            build.criterion("k", condition);
        },
        message,
    );
}

#[test]
fn positions_that_point_at_nothing() {
    let a = FieldId(0);
    refused_condition(present(FieldId(9)), "k: 項目の番号 9 がありません");
    refused_condition(is(a, 3), "k: 符号の番号 3 がありません");
    refused_condition(criterion(DefinitionId(7)), "k: 規則の番号 7 がありません");
    refused_condition(
        cond(CondKind::Category {
            judgement: JudgementId(3),
            categories: vec![],
        }),
        "k: 判定の番号 3 がありません",
    );
    refused_condition(
        cond(CondKind::Category {
            judgement: JudgementId(0),
            categories: vec![2],
        }),
        "k: 区分の番号 2 がありません",
    );
    refused_condition(answered(FieldId(9)), "k: 項目の番号 9 がありません");
    refused_condition(
        if_shown([FieldId(9)], present(a), true),
        "k: 項目の番号 9 がありません",
    );
    refused(
        |build| {
            build.program.sections[0]
                .members
                .push(Member::Field(FieldId(9)))
        },
        "all: 項目の番号 9 がありません",
    );
    refused(
        |build| {
            build.program.sections[0]
                .members
                .push(Member::Display(DefinitionId(9)))
        },
        "all: 規則の番号 9 がありません",
    );
    refused(
        |build| build.edit(FieldId(0)).ty = FieldType::Choice { table: 9 },
        "a: 符号表の番号 9 がありません",
    );
    refused(
        |build| {
            build.grade("g", &["x"], vec![(present(a), 1)], None);
        },
        "g: 結果の番号 1 がありません",
    );
    refused(
        |build| build.check("R1", a, present(a)).at = vec![FieldId(9)],
        "R1: 項目の番号 9 がありません",
    );
}

#[test]
fn fields_and_rules_of_the_wrong_kind() {
    let [a, n, m, t] = [0, 2, 3, 4].map(FieldId);
    refused_condition(present(n), "k: 「n」は一つを選ぶ項目ではありません");
    refused_condition(
        cond(CondKind::Includes { field: a, code: 0 }),
        "k: 「a」は複数を選ぶ項目ではありません",
    );
    refused_condition(reaches(value(m), "1"), "k: 「m」は数値の項目ではありません");
    refused_condition(
        reaches(points(a), "1"),
        "k: 「a」はすべての選択肢に点数がある項目ではありません",
    );
    refused_condition(
        dates(Moment::Field(t), CompareOp::Less, Moment::Today),
        "k: 「t」は日付の項目ではありません",
    );
    refused_condition(
        reaches(num(NumberKind::Definition(DefinitionId(0))), "1"),
        "k: 数値でない規則を数値として参照しています",
    );
    refused_condition(
        cond(CondKind::Grade {
            definition: DefinitionId(0),
            outcomes: vec![],
        }),
        "k: 評価でない規則を評価として参照しています",
    );
    refused(
        |build| {
            let value = build.value("v", constant("1"), None);
            build.criterion("k", criterion(value));
        },
        "k: 条件でない規則を条件として参照しています",
    );
    refused_condition(
        reaches(call(Function::Power, [constant("1")]), "1"),
        "k: 関数の引数の数が合いません",
    );
    refused_condition(
        reaches(num(NumberKind::Max(vec![])), "1"),
        "k: 最大・最小を取る対象がありません",
    );
}

#[test]
fn rules_that_read_themselves() {
    let message = "k: 規則が自分自身または後の規則を参照しています";
    refused_condition(criterion(DefinitionId(1)), message);
    refused(
        |build| {
            build.criterion("k", criterion(DefinitionId(2)));
            build.criterion("later", present(FieldId(0)));
        },
        message,
    );
    refused(
        |build| build.edit(FieldId(1)).shown_when = Some(Box::new(present(FieldId(1)))),
        "b: 規則が自分自身または後の規則を参照しています",
    );
    refused(
        |build| {
            build.edit(FieldId(0)).shown_when = Some(Box::new(present(FieldId(1))));
            build.edit(FieldId(1)).shown_when = Some(Box::new(criterion(DefinitionId(0))));
        },
        "a: 規則が自分自身または後の規則を参照しています",
    );
    let own = || {
        cond(CondKind::Category {
            judgement: JudgementId(0),
            categories: vec![0],
        })
    };
    refused(
        |build| build.program.judgements[0].categories[0].when = Some(own()),
        "diagnosis: 規則が自分自身または後の規則を参照しています",
    );
    refused(
        |build| {
            build.program.definitions.clear();
            let id = build.criterion("k", own());
            build.program.judgements[0].categories[0].when = Some(criterion(id));
        },
        "k: 規則が自分自身または後の規則を参照しています",
    );
}

#[test]
fn a_date_is_shifted_once() {
    let later = |moment| Moment::Shifted {
        moment: Box::new(moment),
        by: 1,
        unit: ElapsedUnit::Months,
    };
    let before = |moment| dates(moment, CompareOp::Less, Moment::Today);
    refused_condition(
        before(later(later(Moment::Today))),
        "k: 日付を二度ずらしています",
    );
    refused_condition(
        before(later(Moment::Field(FieldId(0)))),
        "k: 「a」は日付の項目ではありません",
    );
}

#[test]
fn shapes_that_mean_nothing() {
    refused(
        |build| build.program.judgements[0].categories.clear(),
        "diagnosis: 判定に区分がありません",
    );
    refused(
        |build| build.program.judgements[0].categories[1].when = Some(present(FieldId(0))),
        "diagnosis: 条件のない区分は最後に一つだけ置きます",
    );
    refused(
        |build| build.program.judgements[0].categories[0].when = None,
        "diagnosis: 条件のない区分は最後に一つだけ置きます",
    );
    refused(
        |build| build.edit(FieldId(1)).name = "a".to_owned(),
        "項目: 同じ名前「a」が二つあります",
    );
    refused(
        |build| {
            let table = Arc::make_mut(&mut build.program.code_tables[0]);
            table.codes[1].value = "1".to_owned();
        },
        "a: 同じ名前「1」が二つあります",
    );
    refused(
        |build| {
            build.number("z", 2, 0, "5", "4");
        },
        "z: 最小値が最大値より大きくなっています",
    );
    refused(
        |build| {
            build.number("z", 0, 0, "", "");
        },
        "z: 桁数の指定が正しくありません",
    );
    refused(
        |build| {
            build.number("z", 1, 2, "", "");
        },
        "z: 桁数の指定が正しくありません",
    );
    refused(
        |build| {
            build.number("z", 29, 0, "", "");
        },
        "z: 桁数の指定が正しくありません",
    );
    refused(
        |build| {
            build.number("z", 1, 0, "0.2", "0.8");
        },
        "z: 範囲の中に、この桁数で書ける値がありません",
    );
    refused(
        |build| {
            build
                .check("R1", FieldId(0), present(FieldId(0)))
                .at
                .clear()
        },
        "R1: チェックを表示する項目がありません",
    );
    refused(
        |build| {
            let outcomes: Vec<String> = (0..64).map(|n| format!("o{n}")).collect();
            let outcomes: Vec<&str> = outcomes.iter().map(String::as_str).collect();
            build.grade("g", &outcomes, vec![], Some(0));
        },
        "g: 結果の種類が多すぎます（上限 63）",
    );
}

#[test]
fn rules_too_deep_for_the_stack() {
    let deep = |depth: usize| (0..depth).fold(present(FieldId(0)), |inner, _| not(inner));
    refused_condition(deep(400), "k: 条件の入れ子が多すぎます（上限 300）");
    refused(
        |build| {
            for n in 0..200_u16 {
                build.criterion(&format!("chain{n}"), not(criterion(DefinitionId(n))));
            }
        },
        "chain149: 規則の連鎖が多すぎます（上限 300）",
    );
    // What is accepted can be evaluated and explained.
    let mut build = Build::new();
    build.finding("a");
    build.criterion("k0", deep(100));
    for n in 0..60_u16 {
        build.criterion(
            &format!("chain{n}"),
            all_of([not(criterion(DefinitionId(n)))]),
        );
    }
    build.diagnosis(criterion(DefinitionId(60)));
    let form = build.form();
    assert_eq!(
        outcome(&form, "a=1").result,
        kohyo_engine::ResultKind::Eligible
    );
    outcome(&form, "");
}

/// A program that uses every kind of rule.
fn everything() -> Program {
    let mut build = Build::new();
    let [a, b] = build.findings(["a", "b"]);
    let (i, n, d) = (
        build.item("i"),
        build.number("n", 3, 1, "0", "50"),
        build.date("d"),
    );
    let m = build.choices("m", &[("mother", None, false), ("unclear", None, true)]);
    build.edit(b).shown_when = Some(Box::new(answered(a)));
    let total = build.value(
        "total",
        sum([points(i), when("2", present(a)), value(n)]),
        Some(0),
    );
    let grade = build.grade(
        "g",
        &["x", "y"],
        vec![(reaches(num(NumberKind::Definition(total)), "9"), 0)],
        Some(1),
    );
    let age = num(NumberKind::Elapsed {
        unit: kohyo_engine::program::ElapsedUnit::Years,
        from: Moment::Field(d),
        to: Moment::Today,
    });
    let power = call(Function::Power, [value(n), constant("-0.5")]);
    build.diagnosis(any_of([
        cond(CondKind::Grade {
            definition: grade,
            outcomes: vec![0],
        }),
        at_least(
            2,
            [
                present(a),
                if_shown([b], present(b), false),
                cond(CondKind::Includes { field: m, code: 0 }),
            ],
        ),
    ]));
    build.severity(all_of([
        reaches(age, "18"),
        not(reaches(power, "1")),
        treat(present(b), true),
    ]));
    build.check(
        "R1",
        a,
        dates(Moment::Field(d), CompareOp::Greater, Moment::Today),
    );
    build.program
}

fn any_answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        Just(Answer::Missing),
        (0_u16..6).prop_map(Answer::Code),
        prop::collection::vec(0_u16..4, 0..4).prop_map(Answer::Codes),
        any::<i64>().prop_map(|number| Answer::Number(kohyo_engine::Decimal::new(number, 3))),
        Just(Answer::Number(kohyo_engine::Decimal::MAX)),
        (kohyo_engine::Date::FIRST_DAY..=kohyo_engine::Date::LAST_DAY)
            .prop_map(|day| Answer::Date(kohyo_engine::Date::from_day_number(day).unwrap())),
        ".*".prop_map(|text| Answer::Text(text.into())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Even answers of the wrong type or out of range.
    #[test]
    fn no_answer_makes_the_engine_panic(given in prop::collection::vec(any_answer(), 0..8)) {
        let form = Form::new(everything()).unwrap();
        let mut answers = Answers::with_len(0);
        for (field, answer) in (0..).zip(given) {
            answers.set(FieldId(field), answer);
        }
        let outcome = evaluate(&form, &answers, &context());
        prop_assert_eq!(judge(&form, &answers, &context()).result, outcome.result);
        kohyo_engine::page_view(&form, &raw(""), &context(), &outcome);
    }

    /// Any text in any field.
    #[test]
    fn no_written_value_makes_the_engine_panic(written in "\\PC*|[0-9.eE+-]{0,40}|[0-9年月日/-]{0,12}") {
        let form = Form::new(everything()).unwrap();
        for (field, _) in Answers::new(&form).iter() {
            let _ = kohyo_engine::read_text(&form, field, &written);
        }
    }

    /// Any number in the wire form changed: refused, or sound.
    #[test]
    fn no_changed_position_makes_the_engine_panic(place in any::<prop::sample::Index>(), number in 0_u32..70_000) {
        let json = to_json(&everything());
        let digits: Vec<(usize, &str)> = json.match_indices(|c: char| c.is_ascii_digit()).collect();
        let (at, _) = digits[place.index(digits.len())];
        let changed = format!("{}{number}{}", &json[..at], &json[at + 1..]);
        match from_json(changed.as_bytes()) {
            Ok(form) => {
                evaluate(&form, &Answers::new(&form), &context());
            }
            Err(WireError::Json(_) | WireError::Format { .. } | WireError::Index { .. } | WireError::Kind { .. } | WireError::Order { .. } | WireError::NoEdition { .. } | WireError::Duplicate { .. } | WireError::Limit { .. }) => {}
        }
    }
}
