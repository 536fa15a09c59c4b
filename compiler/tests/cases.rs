//! What an author is told of mistakes in a case file.

#![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

use kohyo_compiler::{Files, cases, compile};
use kohyo_engine::Form;
use std::fmt::Write;

const FORM: &str = r#"disease shitei 999 "ケースの病" {
  edition "2024" from 2024-04-01
  source notice "試験"
}
section a "あ" {
  field tremor "振戦" : choice { 1 present "あり"; 2 absent "なし" } required
  field month "月" : choice { 1 jan "1"; 2 feb "2"; 3 mar "3"; 4 apr "4"; 5 may "5"; 6 jun "6"; 7 jul "7"; 8 aug "8"; 9 sep "9" }
  field onset "発症年月" : month
  rows drugs "薬" 0..2 of { field kind "種類" : choice { 1 steroid "ステロイド"; 2 other "その他" } }
}
criterion typical "典型的な所見" = tremor is present
grade severity "重さ" : heavy "重い" | light "軽い" = first match {
  heavy when tremor is present
  otherwise light
}
judgement diagnosis "診断" { category definite "Definite" when typical; otherwise none "なし"; eligible definite }
check C001 warning "発症年月が判定日より後です" at onset violated when onset > today
"#;

fn told(yaml: &str) -> String {
    let mut files = Files::new();
    files.insert("form.kohyo", FORM);
    let compiled = compile(&files, "form.kohyo");
    assert_eq!(compiled.diagnostics, []);
    let form = Form::new(compiled.program.unwrap()).unwrap();
    let file = cases::parse(yaml).unwrap();
    let mut told = String::new();
    for warning in cases::warnings(&file) {
        writeln!(told, "警告: {warning}").unwrap();
    }
    for case in cases::run(&form, &file).cases {
        let verdict = if case.passed { "○" } else { "×" };
        writeln!(told, "{verdict} {}行 {}", case.line, case.name).unwrap();
        for found in case.differences {
            let (what, line) = (found.what, found.line);
            writeln!(
                told,
                "{line}行 {what}: {} → {}",
                found.expected, found.actual
            )
            .unwrap();
        }
    }
    told
}

#[test]
fn a_case_that_expects_nothing_does_not_pass() {
    let yaml = "cases:
  - name: 期待なし
    on: 2026-06-01
    answers: { tremor: present }
  - { name: 空, on: 2026-06-01, expect: {} }
  - name: 空の並び
    on: 2026-06-01
    expect:
      findings: []
";
    insta::assert_snapshot!(told(yaml), @"
    × 2行 期待なし
    2行 expect: result、judgements、values などの期待 → 期待（expect）がありません
    × 5行 空
    5行 expect: result、judgements、values などの期待 → 期待（expect）がありません
    × 6行 空の並び
    8行 expect: result、judgements、values などの期待 → 期待（expect）がありません
    ");
}

#[test]
fn every_case_that_cannot_be_read_is_told() {
    let yaml = "cases:
  - name: 一つの組
    on: 2026-06-01
    expect: { missing: [tremor] }
  - name: 読める
    on: 2026-06-01
    expect: { shown: [tremor] }
  - name: ない語
    on: 2026-06-01
    expects: { shown: [tremor] }
";
    let told = cases::parse(yaml).unwrap_err().message;
    insta::assert_snapshot!(told, @"
    ケースファイルの4行25文字目が読めません（並び（`[a, b]` か、行頭の `- `）を書く所です）
      `missing` は組の並びです。一つの項目の組も `missing: [[tremor]]` と書きます
    ケースファイルの10行5文字目が読めません（「expects」は書けません。ここに書けるのは name、on、application、answers、expect です）
      書き方は docs/language/cases.md にあります
    ");
}

#[test]
fn two_cases_of_one_name_are_named_with_their_lines() {
    let yaml = "cases:
  - { name: 振戦, on: 2026-06-01, expect: { shown: [tremor] } }
  - name: ほか
    on: 2026-06-01
    expect: { shown: [tremor] }
  - { name: 振戦, on: 2026-06-01, expect: { shown: [tremor] } }
";
    insta::assert_snapshot!(told(yaml), @"
    警告: 「振戦」という名前のケースが2件あります（2行、6行）
    ○ 2行 振戦
    ○ 3行 ほか
    ○ 6行 振戦
    ");
}

#[test]
fn words_that_the_form_does_not_have_are_told_with_their_line_and_a_near_one() {
    let yaml = "base:
  onst: 2020-04
cases:
  - name: 答え
    on: 2026-06-01
    answers:
      tremr: present
      month: augst
      drugs:
        - { kind: steroids }
        - { knd: other }
    expect: { shown: [tremor] }
  - name: 期待
    on: 2026-06-01
    answers: { onset: 2020-04, tremor: present }
    expect:
      judgements: { diagnosis: definit, diagosis: definite }
      values: { typicl: true, typical: yes, severity: c }
      findings: [C01]
      no_findings: [C002, required.tremr, requird.tremor,
        C001, required.tremor, hidden.drugs_1_kind, field.nothing]
      hidden: [onst]
      missing:
        - [tremor, mont]
  - name: 違う結果
    on: 2026-06-01
    answers: { onset: 2020-04, tremor: absent }
    expect:
      result: eligible
      values: { severity: heavy }
      missing: [[tremor]]
";
    insta::assert_snapshot!(told(yaml), @"
    × 4行 答え
    8行 answers: 読み取れる値 → code.month: 「月」の選択肢にない値です。jan、feb、mar、apr、may、jun、jul、aug、ほか1件 のどれかです
    10行 answers: 読み取れる値 → code.drugs_1_kind: 「薬1 種類」の選択肢にない値です（`steroid` ではありませんか）。steroid、other のどれかです
    11行 answers: 読み取れる値 → field.drugs_2_knd: この様式に「drugs_2_knd」という項目はありません（`drugs_2_kind` ではありませんか）
    2行 answers: 読み取れる値 → field.onst: この様式に「onst」という項目はありません（`onset` ではありませんか）
    7行 answers: 読み取れる値 → field.tremr: この様式に「tremr」という項目はありません（`tremor` ではありませんか）
    × 13行 期待
    2行 answers: 読み取れる値 → field.onst: この様式に「onst」という項目はありません（`onset` ではありませんか）
    17行 judgements.diagnosis: definit → この区分はありません（`definite` ではありませんか）。definite、none、undetermined のどれかです
    17行 judgements.diagosis: definite → この判定はありません（`diagnosis` ではありませんか）
    18行 values.severity: c → この値にはなりません。heavy、light、unknown のどれかです
    18行 values.typical: yes → この値にはなりません。true、false、unknown のどれかです
    18行 values.typicl: true → この値はありません（`typical` ではありませんか）
    19行 findings: C01 → このチェックはありません（`C001` ではありませんか）
    20行 no_findings: C002 は検出されない → このチェックはありません（`C001` ではありませんか）
    20行 no_findings: required.tremr は検出されない → このチェックはありません（`required.tremor` ではありませんか）
    20行 no_findings: requird.tremor は検出されない → このチェックはありません（`required.tremor` ではありませんか）
    22行 hidden: onst → この項目はありません（`onset` ではありませんか）
    24行 missing: mont → この項目はありません（`month` ではありませんか）
    × 25行 違う結果
    2行 answers: 読み取れる値 → field.onst: この様式に「onst」という項目はありません（`onset` ではありませんか）
    29行 result: eligible → not_met
    30行 values.severity: heavy → light
    31行 missing: [tremor] → なし
    ");
}
