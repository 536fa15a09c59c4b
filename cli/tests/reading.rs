//! What a reviewer reads at a terminal: card, coverage of the official text, quality of the cases,
//! and why a patient is judged so; each as it is printed for one small disease.

#![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

#[path = "support/call.rs"]
mod call;

use call::kohyo;

const FORM: &str = r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知" text "999.txt"
  status draft
}
section patient "基本情報" {
  field written_on "記載日" : date required personal quasi
}
section symptoms "臨床所見" {
  field tremor   "振戦" : choice { 1 present "あり"; 2 absent "なし" } required
  field rigidity "筋強剛" : choice { 1 present "あり"; 2 absent "なし" } required
  field albumin  "血清アルブミン" : decimal 2.1 "g/dL" 0.0..9.9 required
}
criterion findings "主要所見" cites "振戦、筋強剛のうち１項目以上を認める。" =
  any of { tremor is present; rigidity is present }
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" cites "主要所見を認め、血清アルブミン3.0g/dL以下のものをDefiniteとする。"
    when findings and albumin <= 3.0 g/dL
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#;

/// Made up; the second sentence of the criteria is covered by nothing.
const TEXT: &str = "＜診断基準＞
１．主要所見
振戦、筋強剛のうち１項目以上を認める。
他の疾患を除外する。
２．診断のカテゴリー
主要所見を認め、血清アルブミン3.0g/dL以下のものをDefiniteとする。
";

/// The boundary of the albumin is tried on one side only, the rigidity never.
const CASES: &str = "disease: shitei-999
base:
  written_on: 2024-06-01
  tremor: present
  rigidity: absent
  albumin: \"3.0\"
cases:
  - name: 振戦とアルブミン3.0（境界）
    on: 2024-06-02
    expect: { judgements: { diagnosis: definite } }
  - name: 振戦が未記入、筋強剛なし → 判定不能
    answers: { tremor: ~ }
    on: 2024-06-02
    expect: { judgements: { diagnosis: undetermined } }
";

fn library() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("forms/shitei/999_sample/form.kohyo", FORM);
    write("forms/shitei/999_sample/cases.yaml", CASES);
    write("texts/999.txt", TEXT);
    folder
}

#[test]
fn coverage_numbers_the_sentences_and_names_what_is_open() {
    let folder = library();
    let with = kohyo(folder.path(), &["coverage", "999", "--texts", "texts"]);
    let without = kohyo(folder.path(), &["coverage", "999", "--texts", "forms"]);
    let nowhere = kohyo(folder.path(), &["coverage", "999", "--texts", "nowhere"]);
    insta::assert_snapshot!(format!("{with}\n{without}\n{nowhere}"));
}

#[test]
fn the_quality_of_cases_names_what_they_would_not_notice() {
    let folder = library();
    insta::assert_snapshot!(kohyo(folder.path(), &["test", "999", "--quality"]));
}

#[test]
fn why_says_the_reasons_and_what_is_missing() {
    let folder = library();
    let why = |case: &str| kohyo(folder.path(), &["why", "999", "--case", case]);
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}",
        why("振戦とアルブミン3.0（境界）"),
        why("振戦が未記入、筋強剛なし → 判定不能"),
        why("そんなケースはない"),
    ));
}

/// Ages, factors, what a division leaves, bands and a first match that two categories ask for.
const DOSE: &str = r#"disease shitei 998 "用量の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
section basics "基本" {
  field birth_date "生年月日" : date required
  field measured "採血日" : date required
  field sex "性別" : choice { 1 male "男"; 2 female "女" } required
  field weight "体重" : decimal 4.1 "kg" 1.0..300.0 required
  field creatinine "血清クレアチニン" : decimal 4.2 "mg/dL" 0.10..20.00 required
  field fdp "FDP" : decimal 5.1 "µg/mL" 0.0..2000.0 required
}
value years "採血日の年齢" = age at measured
value clearance "クリアランス" : decimal 5.1 "mL/min" =
  (140 years - years) / 1 years * (weight / 1 kg) / (72 * (creatinine / 1 mg/dL)) * (if sex is female then 0.85 else 1)
value ratio "体重比" = weight / 3 kg
score points "点" = sum of {
  bands of fdp { < 10.0 µg/mL gives 0; 10.0 ..< 25.0 gives 1; >= 25.0 gives 3 }
  first match { 3 when clearance < 15 mL/min; 1 when clearance < 50 mL/min or ratio < 20; otherwise 0 }
}
judgement diagnosis "診断" {
  category heavy "重い" when points >= 4
  category light "軽い" when points >= 1
  otherwise none "いずれでもない"
  eligible heavy, light
}
"#;

#[test]
fn reasons_are_said_once_in_the_words_of_a_physician() {
    let folder = library();
    let path = folder.path().join("forms/shitei/998_dose");
    std::fs::create_dir_all(&path).unwrap();
    std::fs::write(path.join("form.kohyo"), DOSE).unwrap();
    let cases = "base: { birth_date: 1950-04-01, measured: 2026-04-01, sex: female, weight: \"50.0\", creatinine: \"1.10\" }
cases:
  - name: FDP 12
    answers: { fdp: \"12.0\" }
    on: 2026-04-02
  - name: FDPなし
    on: 2026-04-02
";
    std::fs::write(path.join("cases.yaml"), cases).unwrap();
    let why = |case: &str| kohyo(folder.path(), &["why", "998", "--case", case]);
    insta::assert_snapshot!(format!("{}\n{}", why("FDP 12"), why("FDPなし")));
}

#[test]
fn cards_are_written_beside_the_definitions() {
    let folder = library();
    let said = kohyo(folder.path(), &["card", "--write"]);
    let again = kohyo(folder.path(), &["card", "--write"]);
    let card = std::fs::read_to_string(folder.path().join("forms/shitei/999_sample/card.md"));
    let index = std::fs::read_to_string(folder.path().join("forms/INDEX.md"));
    insta::assert_snapshot!(format!(
        "{said}\n{again}\n— card.md\n{}\n— INDEX.md\n{}",
        card.unwrap(),
        index.unwrap()
    ));
}

/// A file that lies where one works is named as it is, with and without a folder of definitions.
#[test]
fn cases_and_definitions_are_named_by_their_files() {
    let library = library();
    let alone = tempfile::tempdir().unwrap();
    for (name, text) in [("sample.kohyo", FORM), ("sample.cases.yaml", CASES)] {
        std::fs::write(alone.path().join(name), text).unwrap();
        std::fs::write(library.path().join(name), text).unwrap();
    }
    let stray = CASES.replace(
        "name: 振戦が未記入、筋強剛なし → 判定不能",
        "name: 振戦とアルブミン3.0（境界）",
    );
    std::fs::write(library.path().join("stray.yaml"), stray).unwrap();
    std::fs::write(alone.path().join("broken.kohyo"), "diseas shitei 999\n").unwrap();
    let said: Vec<String> = [
        (&alone, &["test", "sample.kohyo"][..]),
        (&alone, &["test", "sample.cases.yaml"]),
        (&library, &["test", "sample.cases.yaml"]),
        (&library, &["test", "forms/shitei/999_sample/cases.yaml"]),
        (&library, &["test", "stray.yaml"]),
        (&alone, &["test", "nosuch.kohyo"]),
        (&library, &["test", "nosuch.yaml"]),
        (&library, &["check", "nosuch.kohyo"]),
        (&alone, &["test", "broken.kohyo"]),
    ]
    .into_iter()
    .map(|(folder, args)| kohyo(folder.path(), args))
    .collect();
    insta::assert_snapshot!(said.join("\n"));
    let card = kohyo(alone.path(), &["card", "sample.kohyo"]);
    assert!(card.contains("見本の病"), "{card}");
    let case = "振戦とアルブミン3.0（境界）";
    let why = kohyo(alone.path(), &["why", "sample.kohyo", "--case", case]);
    assert!(why.contains("Definite"), "{why}");
    let cases = kohyo(alone.path(), &["why", "sample.kohyo"]);
    assert!(cases.contains(case), "{cases}");
    let module = kohyo(
        alone.path(),
        &["emit", "js", "sample.kohyo", "--out", "out"],
    );
    assert!(
        alone.path().join("out/shitei-999-2024.mjs").is_file(),
        "{module}"
    );
}

/// Rows compared with rows, a table with a gap of its own, a date known to the month, constants.
const ROWS: &str = r#"disease shitei 997 "行の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
section tests "検査" {
  rows tests "検査" 0..5 of {
    field day    "検査日" : date required
    field result "結果"   : choice { 1 positive "陽性"; 2 negative "陰性" } required
  }
  field onset "発症日" : date required
  field dlco  "%DLCO"  : decimal 4.1 "%" 0.0..200.0 required
}
criterion twice "２回陽性" = any of tests as first "先の検査" {
  result is positive and any of tests { result is positive and day >= first.day + 12 weeks }
}
criterion positive "すべて陽性" = tests.count >= 1 and all of tests { result is positive }
score dlco_points "DLCOの点" = bands of dlco { > 55 % gives 0; 36..55 gives 1; <= 35 gives 2 }
gap in dlco_points when dlco > 35 % and dlco < 36 % because "原表は整数で書かれています"
score total "合計" = sum of { dlco_points; 6 }
judgement diagnosis "診断" {
  category x "対象" when any of { twice; positive and onset <= 2026-01-10 and total >= 7; total >= 8 }
  otherwise none "いずれでもない"
  eligible x
}
"#;

#[test]
fn rows_that_do_not_exist_and_values_that_no_table_has_are_told_in_one_line() {
    let folder = library();
    let path = folder.path().join("forms/shitei/997_rows");
    std::fs::create_dir_all(&path).unwrap();
    std::fs::write(path.join("form.kohyo"), ROWS).unwrap();
    let cases = "cases:
  - name: 表の隙間
    answers: { onset: 2026-01-10, dlco: \"35.5\", tests: [{ day: 2026-01-01, result: positive }, { day: 2026-02-01, result: positive }] }
    on: 2026-04-02
  - name: 月まで
    answers: { onset: 2026-01, dlco: \"40.0\", tests: [{ day: 2026-01-01, result: positive }] }
    on: 2026-04-02
  - name: 行なし
    answers: { onset: 2026-01-10, dlco: \"40.0\", tests: [] }
    on: 2026-04-02
";
    std::fs::write(path.join("cases.yaml"), cases).unwrap();
    let why = |case: &str| kohyo(folder.path(), &["why", "997", "--case", case]);
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}",
        why("表の隙間"),
        why("月まで"),
        why("行なし")
    ));
}

/// Whoever has the sign is eligible, unless the number falls between two rows of the table.
const GAP: &str = r#"disease shitei 996 "隙間の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
section tests "検査" {
  field sign "徴候" : choice { 1 present "あり"; 2 absent "なし" } required
  field dlco "%DLCO" : decimal 4.1 "%" 0.0..200.0 required
}
score points "DLCOの点" = bands of dlco { > 55 % gives 0; 36..55 gives 1; <= 35 gives 2 }
gap in points when dlco > 35 % and dlco < 36 % because "原表は整数で書かれています"
judgement diagnosis "診断" {
  category x "対象" when sign is present and points >= 0
  otherwise none "いずれでもない"
  eligible x
}
"#;

#[test]
fn a_result_that_only_a_gap_keeps_open_is_told_to_readers_and_programs() {
    let folder = library();
    let path = folder.path().join("forms/shitei/996_gap");
    std::fs::create_dir_all(&path).unwrap();
    std::fs::write(path.join("form.kohyo"), GAP).unwrap();
    let cases = "cases:
  - name: 未測定
    answers: { sign: present }
    on: 2026-04-02
  - name: 何もなし
    answers: {}
    on: 2026-04-02
";
    std::fs::write(path.join("cases.yaml"), cases).unwrap();
    let why = |case: &str, more: &[&str]| {
        kohyo(
            folder.path(),
            &[&["why", "996", "--case", case], more].concat(),
        )
    };
    let told = why("未測定", &[]);
    assert!(
        told.contains("隙間）でなければ、どう答えても「認定基準を満たす」です"),
        "{told}"
    );
    let told = why("未測定", &["--json"]);
    assert!(told.contains("\"but_for_gaps\":\"eligible\""), "{told}");
    let told = why("何もなし", &["--json"]);
    assert!(told.contains("\"but_for_gaps\":null"), "{told}");
}

/// A record with a value that is written in another way than its form asks for, and one too many.
const UNREAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<record xmlns="urn:kohyo:form:shitei-999:2024" application="new" written="2024-06-02">
  <patient><written_on>2024-06-01</written_on></patient>
  <symptoms><tremor>1</tremor><rigidity>2</rigidity><rigidity>1</rigidity><albumin>2.85</albumin></symptoms>
</record>
"#;

/// What a record says is told as `check-records` tells it, and printed though it does not count.
#[test]
fn values_of_records_that_cannot_be_read_are_told_and_printed() {
    let folder = library();
    std::fs::write(folder.path().join("record.xml"), UNREAD).unwrap();
    let told = kohyo(folder.path(), &["why", "record.xml"]);
    assert!(told.contains("\n  digits.albumin "), "{told}");
    assert!(!told.contains("required.albumin"), "{told}");
    let checked = kohyo(folder.path(), &["check-records", "record.xml"]);
    assert!(checked.contains("digits.albumin"), "{checked}");
    assert!(!checked.contains("required.albumin"), "{checked}");
    let printed = kohyo(
        folder.path(),
        &["print", "record.xml", "--out", "print.pdf"],
    );
    if !printed.contains("に書きました") {
        assert!(printed.contains("KOHYO_FONTS"), "{printed}");
        return;
    }
    if let Some(text) = words_of(&folder.path().join("print.pdf")) {
        assert!(text.contains("▲2.85"), "{text}");
        assert!(text.contains("✓2.なし▲1"), "{text}");
        assert!(text.contains("digits.albumin"), "{text}");
        assert!(!text.contains("required.albumin"), "{text}");
    }
}

/// The text of a PDF without blanks, if `pdftotext` is at hand.
fn words_of(pdf: &std::path::Path) -> Option<String> {
    let output = std::process::Command::new("pdftotext")
        .args(["-raw", "-enc", "UTF-8", "-q"])
        .arg(pdf)
        .arg("-")
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.chars().filter(|c| !c.is_whitespace()).collect())
}
