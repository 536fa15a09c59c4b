//! Rows and sides: what they mean, what they read like, and what an author sees of mistakes.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is the report of a test"
)]

use kohyo_compiler::{Files, cases, compile};
use kohyo_dsl::LineIndex;
use kohyo_engine::{Answers, Context, Form, RawAnswers, ResultKind, judge, read_lenient};

const FORM: &str = include_str!("rows_and_sides/form.kohyo");
const CASES: &str = include_str!("rows_and_sides/cases.yaml");

fn form(text: &str) -> Form {
    let mut files = Files::new();
    files.insert("form.kohyo", text);
    let compiled = compile(&files, "form.kohyo");
    assert_eq!(compiled.diagnostics, []);
    Form::new(compiled.program.unwrap()).unwrap()
}

#[test]
fn its_cases_hold() {
    let report = cases::run(&form(FORM), &cases::parse(CASES).unwrap());
    let failed: Vec<_> = report.cases.iter().filter(|c| !c.passed).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(report.passed, 14);
}

/// A case that writes rows or sides anew replaces those of the base, and nothing that only begins
/// with the same word.
#[test]
fn rows_of_a_case_replace_those_of_the_base_and_nothing_else() {
    let form = form(
        r#"disease shitei 999 "行と側" {
  edition "2024" from 2024-04-01
  source notice "試験"
}
section a "あ" {
  field tests_done "検査の有無" : choice { 1 yes "はい"; 2 no "いいえ" }
  field acuity_day "視力の検査日" : date
  rows tests "検査" 0..3 of { field kind "種類" : integer 0..9 }
  each side eye "眼" of right "右", left "左" {
    field acuity      "視力"   : integer 0..9
    field acuity_best "矯正後" : integer 0..9
  }
}
judgement diagnosis "診断" { category x "X" when tests_done is yes; otherwise none "なし"; eligible x }
"#,
    );
    let file = cases::parse(
        "
base:
  tests_done: yes
  acuity_day: 2024-04-01
  tests: [{ kind: 1 }, { kind: 2 }]
  acuity: { right: 1, left: 2 }
  acuity_best: { right: 3, left: 4 }
cases:
  - { name: 別の行, on: 2026-06-01, answers: { tests: [{ kind: 3 }] } }
  - { name: 行なし, on: 2026-06-01, answers: { tests: [] } }
  - { name: 行が未記入, on: 2026-06-01, answers: { tests: null } }
  - { name: 側が未記入, on: 2026-06-01, answers: { acuity: null } }
",
    )
    .unwrap();
    let told = file.cases.iter().map(|case| {
        let answers = cases::answers(&form, &file, case).into_iter();
        let answers = answers.map(|(name, values)| format!("{name}={}", values.join(" ")));
        format!("{}: {}\n", case.name, answers.collect::<Vec<_>>().join(" "))
    });
    insta::assert_snapshot!(told.collect::<String>(), @"
    別の行: acuity_best_left=4 acuity_best_right=3 acuity_day=2024-04-01 acuity_left=2 acuity_right=1 tests_1_kind=3 tests_count=1 tests_done=yes
    行なし: acuity_best_left=4 acuity_best_right=3 acuity_day=2024-04-01 acuity_left=2 acuity_right=1 tests_count=0 tests_done=yes
    行が未記入: acuity_best_left=4 acuity_best_right=3 acuity_day=2024-04-01 acuity_left=2 acuity_right=1 tests_done=yes
    側が未記入: acuity_best_left=4 acuity_best_right=3 acuity_day=2024-04-01 tests_1_kind=1 tests_2_kind=2 tests_count=2 tests_done=yes
    ");
}

/// What a rule about two rows or sides says in Japanese.
#[test]
fn rows_that_are_compared_are_told_apart() {
    let form = form(
        r#"disease shitei 999 "行と側" {
  edition "2024" from 2024-04-01
  source notice "試験"
}
section a "あ" {
  rows tests "検査" 0..3 of {
    field date "検査日" : date
    field positive "陽性" : choice { 1 yes "はい"; 2 no "いいえ" }
  }
  each side eye "眼" of right "右", left "左" {
    field acuity "視力" : decimal 3.2 0..2.00
  }
}
criterion twice "２回" = any of tests as first "先の検査" { positive is yes and any of tests { positive is yes and date >= first.date + 12 weeks } }
criterion only "一回だけ" = any of tests as this "ある検査" { this.positive is yes and none of tests { positive is yes } }
criterion uneven "左右差" = any of eye as good "良い眼" { all of eye { acuity <= good.acuity - 0.5 } }
judgement diagnosis "診断" { category x "X" when twice or only or uneven; otherwise none "なし"; eligible x }
"#,
    );
    let card = kohyo_compiler::card(form.program());
    let rules = card.split("■ 規則").nth(1).unwrap();
    insta::assert_snapshot!(rules.split("\n■ 判定").next().unwrap().trim(), @r"
    ２回（twice）
        検査のいずれか（先の検査）で、次のすべてを満たす
          １．先の検査の陽性が「はい」
          ２．ほかの検査のいずれかで、陽性が「はい」、かつ検査日が先の検査の検査日の12週間後の日以後
      一回だけ（only）
        検査のいずれか（ある検査）で、ある検査の陽性が「はい」、かつほかの検査のいずれにおいても、陽性が「はい」ではない
      左右差（uneven）
        右眼・左眼のいずれか（良い眼）で、ほかの眼のすべてで、視力が良い眼の視力−0.5以下
          １．右眼で、ほかの眼のすべてで、視力が良い眼の視力−0.5以下
            （１）左眼で、視力が良い眼の視力−0.5以下
          ２．左眼で、ほかの眼のすべてで、視力が良い眼の視力−0.5以下
            （１）右眼で、視力が良い眼の視力−0.5以下
    ");
}

#[test]
fn the_accepted_layout_is_kept() {
    assert_eq!(kohyo_dsl::format(FORM).unwrap(), FORM);
}

#[test]
fn the_card_shows_each_row_once() {
    insta::assert_snapshot!(kohyo_compiler::card(form(FORM).program()));
}

/// Every way to fill in a small form with rows, some answers missing: the verdict is given exactly
/// when every completion of the missing answers agrees.
#[test]
fn a_verdict_on_rows_is_given_exactly_when_every_completion_agrees() {
    let form = form(
        r#"disease shitei 999 "行" {
  edition "2024" from 2024-04-01
  source notice "試験"
}

section a "あ" {
  rows drugs "薬剤" 0..2 of {
    field kind "種類" : choice { 1 steroid "ステロイド"; 2 other "その他" }
    field dose "量"   : integer "mg" 0..2 shown when kind is steroid
  }
  each side eye "眼" of right "右", left "左" {
    field acuity "視力" : integer 0..1 better higher
  }
}

judgement diagnosis "診断" {
  category high "多い" when sum of drugs { dose if shown else 0 mg } >= 3 mg
  category single "一剤" when exactly 1 of drugs { kind is steroid }
  category sure "すべて" when drugs.count >= 1 and all of drugs { kind is steroid and dose >= 1 mg }
  category blind "失明" when better acuity <= 0 unless worse acuity >= 1
  otherwise none "なし"
  eligible high, single, sure, blind
}
"#,
    );
    let fields = [
        "drugs_count",
        "drugs_1_kind",
        "drugs_1_dose",
        "drugs_2_kind",
        "drugs_2_dose",
        "acuity_right",
        "acuity_left",
    ];
    let values: [&[&str]; 7] = [
        &["0", "1", "2"],
        &["steroid", "other"],
        &["0", "1", "2"],
        &["steroid", "other"],
        &["0", "1", "2"],
        &["0", "1"],
        &["0", "1"],
    ];
    let context = Context {
        today: "2026-06-01".parse().unwrap(),
        application: kohyo_engine::program::Application::New,
    };
    let answers = |choice: &[Option<usize>]| -> Answers {
        let raw: RawAnswers = fields
            .iter()
            .zip(choice)
            .zip(values)
            .filter_map(|((name, at), values)| {
                Some(((*name).to_owned(), vec![values[(*at)?].to_owned()]))
            })
            .collect();
        read_lenient(&form, &raw).0
    };
    let mut known = std::collections::BTreeMap::new();
    for complete in choices(&values, false) {
        let category = judge(&form, &answers(&complete), &context)
            .categories
            .as_slice()[0];
        assert_eq!(category, Some(by_hand(&complete)), "{complete:?}");
        known.insert(complete, category);
    }
    let (mut settled, mut open) = (0, 0);
    // Every third of the incomplete ones is plenty.
    for partial in choices(&values, true).into_iter().step_by(3) {
        let agrees = |full: &[Option<usize>]| {
            let fits = |(p, f): (&Option<usize>, &Option<usize>)| p.is_none() || p == f;
            partial.iter().zip(full).all(fits)
        };
        let mut all = known.iter().filter(|(full, _)| agrees(full));
        let first = all.next().unwrap().1;
        let expected = if all.all(|(_, category)| category == first) {
            settled += 1;
            *first
        } else {
            open += 1;
            None
        };
        let verdict = judge(&form, &answers(&partial), &context);
        assert_eq!(verdict.categories.as_slice()[0], expected, "{partial:?}");
        assert!(expected.is_none() || verdict.result != ResultKind::Undetermined);
    }
    assert!(
        settled > 500 && open > 500,
        "{settled} settled, {open} open"
    );
}

/// The categories of the form above, written down a second time.
fn by_hand(choice: &[Option<usize>]) -> u16 {
    let at = |i: usize| choice[i].unwrap();
    let rows: Vec<(bool, usize)> = [(1, 2), (3, 4)][..at(0)]
        .iter()
        .map(|(kind, dose)| (at(*kind) == 0, at(*dose)))
        .collect();
    let steroids = rows.iter().filter(|(steroid, _)| *steroid).count();
    let doses: usize = rows.iter().filter(|r| r.0).map(|r| r.1).sum();
    if doses >= 3 {
        0
    } else if steroids == 1 {
        1
    } else if !rows.is_empty() && rows.iter().all(|(steroid, dose)| *steroid && *dose >= 1) {
        2
    } else if at(5).max(at(6)) == 0 {
        3
    } else {
        4
    }
}

/// Every choice of one value per field, or none where `missing` allows it.
fn choices(values: &[&[&str]], missing: bool) -> Vec<Vec<Option<usize>>> {
    values.iter().fold(vec![Vec::new()], |before, values| {
        let own = (0..values.len()).map(Some).chain(missing.then_some(None));
        let own: Vec<Option<usize>> = own.collect();
        before
            .iter()
            .flat_map(|start| {
                own.iter().map(move |one| {
                    let mut next = start.clone();
                    next.push(*one);
                    next
                })
            })
            .collect()
    })
}

/// The findings in `rules` behind a form with rows and sides: line of the rules, code, message,
/// underlined words, help.
fn check(rules: &str) -> String {
    let before = r#"disease shitei 999 "行と側" {
  edition "2024" from 2024-04-01
  source notice "試験"
}
section a "あ" {
  field plain "普通" : integer 0..9
  rows drugs "使用薬剤" 0..3 of {
    field kind "種類" : choice { 1 steroid "ステロイド"; 2 other "その他" }
    field dose "一日量" : decimal 5.1 "mg" 0..9999.9
  }
  rows visits "受診" 0..3 of { field kind "種類" : choice { 1 first "初診"; 2 again "再診" } }
  each side eye "眼" of right "右", left "左" {
    field acuity "視力" : decimal 3.2 0..2.0 better higher
    field pain "痛み" : choice { 1 yes "あり"; 2 no "なし" }
  }
}
judgement diagnosis "診断" { category x "X" when plain >= 3; otherwise none "なし"; eligible x }
"#;
    let text = format!("{before}{rules}\n");
    let mut files = Files::new();
    files.insert("form.kohyo", text.as_str());
    let compiled = compile(&files, "form.kohyo");
    let index = LineIndex::new(&text);
    let first = before.lines().count();
    let mut printed = String::new();
    for found in &compiled.diagnostics {
        let line = index.line_column(&text, found.span.start).line as usize;
        let words = found.span.of(&text).lines().next().unwrap_or("");
        printed += &format!(
            "{} {} {}\n  「{words}」\n",
            line - first,
            found.code,
            found.message
        );
        if let Some(help) = &found.help {
            printed += &format!("  → {help}\n");
        }
    }
    if printed.is_empty() {
        "誤りなし\n".to_owned()
    } else {
        printed
    }
}

macro_rules! finds {
    ($name:ident, $rules:expr, @$wanted:literal) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(check($rules), @$wanted);
        }
    };
}

finds!(sound_rules_have_no_findings, "criterion a = any of drugs { kind is steroid } and better acuity < 0.1 and drugs.count >= 1 and max of drugs { dose } >= 10 mg", @"誤りなし");
finds!(a_question_of_a_row_needs_its_row, "criterion a = dose >= 10 mg", @r#"
    1 E0603 「dose」は「使用薬剤」の行ごとの項目です。どの行か決まりません
      「dose」
      → `any of drugs { dose … }`、`sum of drugs { dose }` のように書きます
"#);
finds!(a_question_of_a_side_needs_its_side, "criterion a = acuity <= 0.1", @r#"
    1 E0603 「acuity」は「眼」の側ごとの項目です。どの側か決まりません
      「acuity」
      → `better acuity`、`worse acuity`、`any of eye { acuity … }`、一方だけなら `acuity_right` と書きます
"#);
finds!(rows_are_no_condition, "criterion a = drugs\ncriterion b = drugs >= 3\ncriterion c = eye is right", @r#"
    1 E0605 「使用薬剤」はそのままでは条件や値になりません
      「drugs」
      → `any of drugs { … }`、`drugs.count >= 1` のように書きます
    2 E0605 「使用薬剤」はそのままでは条件や値になりません
      「drugs」
      → `any of drugs { … }`、`drugs.count >= 1` のように書きます
    3 E0605 「眼」はそのままでは条件や値になりません
      「eye」
      → `any of eye { … }`、`all of eye { … }` のように書きます
"#);
finds!(what_is_not_repeated_has_no_rows, "criterion a = any of plain { dose >= 10 mg }\ncriterion b = any of durgs { dose >= 10 mg }", @r#"
    1 E0604 「plain」は rows でも each side でもありません
      「plain」
      → 使えるのは `drugs`、`visits`、`eye` です
    2 E0204 「durgs」という名前はありません
      「durgs」
      → `drugs` ではありませんか
"#);
finds!(mistakes_inside_a_block_are_said_once, "criterion a = any of drugs { kind is steriod or dose >= 10 }", @r#"
    1 E0215 「steriod」というコードはありません
      「steriod」
      → `steroid` ではありませんか
    1 E0305 単位がありません
      「10」
      → `10 mg` と書いてください
"#);
finds!(the_largest_of_no_rows_is_nothing, "criterion a = max of drugs { dose } >= 10 mg\ncriterion b = any of drugs { kind is steroid } and min of drugs { dose } >= 10 mg", @r#"
    1 E0606 「使用薬剤」が 1 行もないときの値が決まりません
      「max of drugs { dose }」
      → `drugs.count >= 1 and …` と行のある場合に限るか、`… if shown else 0` と値を書きます
"#);
finds!(a_misspelt_question_is_suggested, "criterion a = any of drugs { kin is steroid }", @r#"
    1 E0204 「kin」という名前はありません
      「kin」
      → `kind` ではありませんか
"#);
finds!(better_of_what, "criterion a = better plain >= 3\ncriterion b = better pain >= 3\ncriterion c = worse dose >= 3 mg\ncriterion d = better acuty < 0.1", @r#"
    1 E0607 「plain」は側ごとの項目ではありません
      「plain」
      → `better`、`worse` は `each side` の中の項目に使います
    2 E0608 「痛み」はどちらが良い値か書かれていません
      「pain」
      → 項目に `better higher`（大きい方が良い）か `better lower` を書きます
    3 E0607 「dose」は側ごとの項目ではありません
      「dose」
      → `better`、`worse` は `each side` の中の項目に使います
    4 E0204 「acuty」という名前はありません
      「acuty」
      → `acuity` ではありませんか
"#);
finds!(better_only_where_it_means_something, "section b \"い\" { field x \"x\" : integer better higher\n each side ear \"耳\" of right \"右\", left \"左\" { field y \"y\" : text 3 better lower } }", @r#"
    1 E0609 `better` は each side の中の項目にだけ書けます
      「better higher」
      → 左右に分けて尋ねるなら `each side eye "眼" of right "右", left "左" { … }` の中に移します
    2 E0609 `better` は数値か、すべてのコードに points のある項目にだけ書けます
      「better lower」
      → コードごとに points を書くか、`better` を消してください
"#);
finds!(more_rows_than_there_can_be, "criterion a = at least 4 of drugs { kind is steroid }\ncriterion b = at least 3 of eye { pain is yes }", @r#"
    1 E0510 4項目以上とありますが、項目は3個です
      「at least 4 of drugs { kind is steroid }」
      → 数か項目を確認してください
    2 E0510 3項目以上とありますが、項目は2個です
      「at least 3 of eye { pain is yes }」
      → 数か項目を確認してください
"#);
finds!(one_row_beside_another, "criterion a = any of drugs as one \"ある薬剤\" { one.dos > 3 mg }\ncriterion b = any of drugs as one \"ある薬剤\" { two.dose > 3 mg }\ncriterion c = any of drugs as one \"ある薬剤\" { at least 3 of drugs { kind is steroid and dose > one.dose } }\ncriterion d = any of drugs { one.dose > 3 mg }", @r#"
    1 E0204 「dos」という名前はありません
      「dos」
      → `dose` ではありませんか
    2 E0205 「two」という行の名前はありません
      「two」
      → 行に名前を付けてから読みます。例: `any of drugs as two "先の使用薬剤" { any of drugs { … two.dose … } }`
    3 E0510 3項目以上とありますが、項目は2個です
      「at least 3 of drugs { kind is steroid and dose > one.dose }」
      → 数か項目を確認してください
    4 E0205 「one」という行の名前はありません
      「one」
      → 行に名前を付けてから読みます。例: `any of drugs as one "先の使用薬剤" { any of drugs { … one.dose … } }`
"#);
finds!(rows_deeper_than_two, "criterion a = any of drugs as one \"ある薬剤\" { any of drugs as two \"別の薬剤\" { any of drugs { dose > one.dose and dose > two.dose } } }", @r#"
    1 E0602 「drugs」までの入れ子が深すぎます
      「drugs」
      → 行や側ごとの条件は 2 段までです
"#);
finds!(rows_in_rows, "section b \"い\" { rows x \"x\" 0..3 of { rows y \"y\" 0..2 of { field z \"z\" : date }\n display plain } }", @r#"
    1 E0602 `rows` は rows や each side の中には書けません
      「y」
      → 外に移すか、項目を並べて書いてください
    2 E0319 「plain」は点数・計算値・区分ではありません
      「plain」
      → `display` には score、value、grade、table の名前を書きます
    2 E0602 `display` は rows や each side の中には書けません
      「plain」
      → 外に移すか、項目を並べて書いてください
"#);
finds!(how_many_rows, "section b \"い\" { rows x \"x\" 3..2 of { field z \"z\" : date }\n rows y \"y\" 0..500 of { field w \"w\" : date } }", @r#"
    1 E0303 範囲の下限が上限より大きくなっています
      「3..2」
      → `2..3` と書いてください
    1 E0600 行の数の範囲が正しくありません
      「3..2」
      → 1 行以上 50 行まで、小さい方から書きます。例: 0..10
    2 E0600 行の数の範囲が正しくありません
      「0..500」
      → 1 行以上 50 行まで、小さい方から書きます。例: 0..10
"#);
finds!(which_sides, "section b \"い\" { each side x \"x\" of one \"一\" { field z \"z\" : date }\n each side y \"y\" of a \"あ\", a \"い\" { field w \"w\" : date } }", @r#"
    1 E0601 側が 1 つしかありません
      「one」
      → 2 つ以上書きます。例: of right "右", left "左"。1 つだけなら field で書きます
    2 E0601 「a」という側が二度あります
      「a」
      → 側ごとに別の名前を付けてください
    2 E0209 「w_a」はすでにあります
      「w」
      → 別の名前を付けてください
"#);
finds!(names_made_of_rows_are_taken, "section b \"い\" { field drugs_count \"数\" : integer\n field drugs_2_kind \"種類\" : integer\n field acuity_left \"左\" : integer }", @r#"
    1 E0209 「drugs_count」はすでにあります
      「drugs_count」
      → 別の名前を付けてください
    2 E0209 「drugs_2_kind」はすでにあります
      「drugs_2_kind」
      → 別の名前を付けてください
    3 E0209 「acuity_left」はすでにあります
      「acuity_left」
      → 別の名前を付けてください
"#);
finds!(a_question_twice_in_a_row, "section b \"い\" { rows x \"x\" 0..3 of { field z \"z\" : date\n field z \"z\" : date } }", @r#"
    2 E0209 「z」はすでにあります
      「z」
      → 別の名前を付けてください
"#);
finds!(the_row_at_hand_comes_first, "section b \"い\" { field dose \"別の量\" : integer \"mL\" 0..9 }\ncriterion a = any of drugs { dose >= 1 mg } and dose >= 1 mL", @"誤りなし");
finds!(sides_of_rows, "criterion a = any of drugs { dose >= 5 mg and any of eye { acuity <= 0.1 } }", @"誤りなし");
