//! Several editions and branches of a disease in one folder: what is checked between them, and
//! what a record of one says to another.
//!
//! The folder is `tests/editions/forms` of the repository: a disease that does not exist, with
//! three editions and a branch.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is the report of a test"
)]

use insta::assert_snapshot;
use kohyo_compiler::{Files, SyntaxCache, cases, compile, diseases, previous};
use kohyo_dsl::LineIndex;
use kohyo_engine::program::{Application, Carry};
use kohyo_engine::{Context, Form, Lineage, RawAnswers, Source, read_lenient, written};
use std::path::Path;
use std::sync::Arc;

const FOLDER: &str = "shitei/999_test";

fn files() -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/editions/forms")
        .join(FOLDER);
    let mut files = Files::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        files.insert(
            format!("{FOLDER}/{name}"),
            std::fs::read_to_string(&path).unwrap(),
        );
    }
    files
}

fn form(files: &Files, name: &str) -> Arc<Form> {
    let compiled = compile(files, &format!("{FOLDER}/{name}.kohyo"));
    assert_eq!(compiled.diagnostics, []);
    Arc::new(Form::new(compiled.program.unwrap()).unwrap())
}

#[test]
fn every_edition_and_branch_of_the_folder_is_a_disease() {
    let listed: String = diseases(&files())
        .iter()
        .map(|d| {
            format!(
                "{} {} {} {}\n",
                d.key,
                d.edition,
                d.path,
                cases::beside(&d.path)
            )
        })
        .collect();
    assert_snapshot!(listed, @r"
    shitei-999 2015 shitei/999_test/edition_2015.kohyo shitei/999_test/edition_2015.cases.yaml
    shitei-999 2020 shitei/999_test/edition_2020.kohyo shitei/999_test/edition_2020.cases.yaml
    shitei-999 2024 shitei/999_test/form.kohyo shitei/999_test/cases.yaml
    shitei-999-b02 2020 shitei/999_test/branch_02.kohyo shitei/999_test/branch_02.cases.yaml
    ");
}

#[test]
fn the_folder_has_the_one_layout() {
    for (path, text) in files().definitions() {
        assert_eq!(kohyo_dsl::format(text).as_deref(), Ok(text), "{path}");
    }
}

#[test]
fn the_cases_of_every_edition_pass() {
    let files = files();
    let mut report = String::new();
    for disease in diseases(&files) {
        let Some(yaml) = files.get(&cases::beside(&disease.path)) else {
            continue;
        };
        let form = Arc::new(Form::new(compile(&files, &disease.path).program.unwrap()).unwrap());
        let older = previous(&files, &mut SyntaxCache::default(), &disease.path, &form);
        let ran = cases::run_with(&form, older.as_ref(), &cases::parse(yaml).unwrap());
        for case in &ran.cases {
            assert_eq!(case.differences, [], "{}", case.name);
        }
        report += &format!("{}@{} {}\n", disease.key, disease.edition, ran.passed);
    }
    assert_snapshot!(report, @r"
    shitei-999@2020 1
    shitei-999@2024 5
    shitei-999-b02@2020 1
    ");
}

#[test]
fn a_wrong_expectation_about_the_previous_edition_is_reported() {
    let files = files();
    let form = form(&files, "form");
    let path = format!("{FOLDER}/form.kohyo");
    let older = previous(&files, &mut SyntaxCache::default(), &path, &form).unwrap();
    let yaml = r"
cases:
  - name: 更新
    on: 2025-06-01
    application: renewal
    answers: { tremor: present }
    expect: { previous: { edition: '2015', result: eligible, judgements: { diagnosis: none }, unread: [] } }
  - name: 新規
    on: 2025-06-01
    expect: { previous: { result: eligible } }
";
    let ran = cases::run_with(&form, Some(&older), &cases::parse(yaml).unwrap());
    let told: String = ran
        .cases
        .iter()
        .flat_map(|c| &c.differences)
        .map(|d| format!("{}: {} / {}\n", d.what, d.expected, d.actual))
        .collect();
    assert_snapshot!(told, @r"
    previous.edition: 2015 / 2020
    previous.result: eligible / undetermined
    previous.judgements.diagnosis: none / undetermined
    previous.unread: [] / [skin]
    previous: 前の版の判定 / 新規の申請は今の版だけで判定します
    ");
    let alone = cases::run(&form, &cases::parse(yaml).unwrap());
    assert_eq!(
        alone.cases[0].differences[0].actual,
        "この様式には更新で使う前の版がありません"
    );
}

/// Nobody is judged by an edition before its first day.
#[test]
fn a_case_before_the_first_day_of_the_edition_fails_and_names_both_days() {
    let form = form(&files(), "form");
    let yaml = r"
cases:
  - { name: 前の日, on: 2024-03-31, expect: { result: undetermined } }
  - { name: 初日, on: 2024-04-01, expect: { result: undetermined } }
";
    let ran = cases::run(&form, &cases::parse(yaml).unwrap());
    assert_eq!((ran.passed, ran.failed), (1, 1));
    let early = &ran.cases[0];
    assert_eq!(early.result, None);
    let told = early.differences.iter();
    let told: String = told
        .map(|d| format!("{}: {} / {}\n", d.what, d.expected, d.actual))
        .collect();
    assert_snapshot!(told, @"on: 2024年版が適用される 2024-04-01 以後の日付 / 2024-03-31");
}

fn raw(pairs: &[(&str, &str)]) -> RawAnswers {
    pairs
        .iter()
        .map(|(name, value)| {
            let values = value.split(' ').map(str::to_owned).collect();
            ((*name).to_owned(), values)
        })
        .collect()
}

/// Carries a record of the edition in `from` into a draft of `form.kohyo` and prints it.
fn carried(from: &str, today: &str, answers: &[(&str, &str)]) -> String {
    let files = files();
    let forms: Vec<_> = ["edition_2015", "edition_2020", "form"]
        .map(|name| form(&files, name))
        .into();
    let newest = forms.last().unwrap();
    let lineage = Lineage::between(&forms, from, newest).unwrap().unwrap();
    let (answers, findings) = read_lenient(lineage.oldest(), &raw(answers));
    assert_eq!(findings, []);
    let source = Source {
        answers: &answers,
        written: "2024-04-10".parse().unwrap(),
    };
    let context = Context {
        today: today.parse().unwrap(),
        application: Application::Renewal,
    };
    let carryover = lineage.carry(&source, &context);
    let draft = written(newest, &carryover.answers);
    let mut out = String::new();
    for mark in &carryover.marks {
        let name = &newest.field(mark.field).unwrap().name;
        out += &format!(
            "{name} = {} ← {} {:?}\n",
            draft[name].join(" "),
            mark.from,
            mark.policy
        );
    }
    for left in &carryover.left {
        out += &format!("× {} {}\n", left.name, left.why.label());
    }
    let unconfirmed = carryover.marks.iter().any(|m| m.policy == Carry::Confirm);
    assert_eq!(unconfirmed, carryover.settled() != carryover.answers);
    out
}

#[test]
fn last_years_answers_stand_in_the_new_draft_with_their_policy() {
    let answers = [
        ("birth_date", "1950-04-01"),
        ("tremor", "present"),
        ("rigidity", "unclear"),
        ("marker", "120.5"),
        ("skin", "present"),
        ("yahr", "y4"),
        ("onset_date", "2019-05-20"),
        ("aid", "walker"),
        ("remarks", "短い備考"),
    ];
    assert_snapshot!(carried("2020", "2025-04-10", &answers), @r"
    birth_date = 1950-04-01 ← birth_date Copy
    tremor = 1 ← tremor Confirm
    rigidity = 3 ← rigidity Copy
    marker = 120.5 ← marker Expires(12)
    stage = 3 ← yahr Confirm
    onset = 2019-05 ← onset_date Copy
    aid = 2 ← aid Copy
    × skin 今の版では尋ねません
    × remarks 今回は表示されない項目です
    ");
    // A year and a day later the marker is too old.
    assert_snapshot!(carried("2020", "2025-04-11", &answers), @r"
    birth_date = 1950-04-01 ← birth_date Copy
    tremor = 1 ← tremor Confirm
    rigidity = 3 ← rigidity Copy
    stage = 3 ← yahr Confirm
    onset = 2019-05 ← onset_date Copy
    aid = 2 ← aid Copy
    × marker 古い答えのため、新しく記入します
    × skin 今の版では尋ねません
    × remarks 今回は表示されない項目です
    ");
}

#[test]
fn answers_that_do_not_fit_are_asked_anew() {
    let answers = [("marker", "1200"), ("yahr", "unclear"), ("skin", "absent")];
    assert_snapshot!(carried("2020", "2025-04-01", &answers), @r"
    stage = 9 ← yahr Confirm
    × marker 今の版では尋ね直します
    × skin 今の版では尋ねません
    ");
}

#[test]
fn editions_are_chained() {
    let answers = [
        ("stiffness", "present"),
        ("yahr", "y1"),
        ("skin", "present"),
    ];
    assert_snapshot!(carried("2015", "2025-04-01", &answers), @r"
    rigidity = 1 ← stiffness Copy
    stage = 1 ← yahr Confirm
    × skin 今の版では尋ねません
    ");
}

#[test]
fn a_record_is_read_back_through_two_editions() {
    let files = files();
    let forms: Vec<_> = ["edition_2015", "edition_2020", "form"]
        .map(|name| form(&files, name))
        .into();
    let newest = &forms[2];
    let lineage = Lineage::between(&forms, "2015", newest).unwrap().unwrap();
    let answers = raw(&[
        ("tremor", "unclear"),
        ("rigidity", "present"),
        ("stage", "ii"),
        ("onset", "2019-05"),
        ("marker", "80"),
    ]);
    let (answers, _) = read_lenient(newest, &answers);
    let (older, unread) = lineage.read_back(&answers);
    let mut out = String::new();
    for (name, values) in written(lineage.oldest(), &older) {
        out += &format!("{name} = {}\n", values.join(" "));
    }
    for unread in unread {
        out += &format!("× {} {}\n", unread.name, unread.why.label());
    }
    assert_snapshot!(out, @r"
    marker = 80
    onset_date = 2019-05
    stiffness = 1
    tremor = 3
    yahr = 3
    × skin 今の版では尋ねていない項目です
    ");
    assert!(
        Lineage::between(&forms[..1], "2020", newest)
            .unwrap()
            .is_none()
    );
}

/// Compiles `new` beside `old`, an older edition, and prints every finding of `new`.
fn check(old: &str, new: &str) -> String {
    let mut files = files();
    let head = |edition: &str, from: &str, more: &str| {
        format!(
            "disease shitei 998 \"試験病\" {{\n  edition \"{edition}\" from {from}\n  source notice \"試験\"\n{more}}}\n\
             code finding \"所見\" {{ 1 present \"あり\"; 2 absent \"なし\"; 3 unclear \"不明\" unknown }}\n"
        )
    };
    let judged = "judgement diagnosis \"診断\" { category a \"A\" when seen is present; otherwise none \"なし\"; eligible a }\n";
    let section = |fields: &str| {
        format!("section s \"項目\" {{\n  field seen \"所見\" : finding\n{fields}\n}}\n{judged}")
    };
    let (fields, rest) = new.split_once("---\n").unwrap_or((new, ""));
    let (entries, rest) = rest.split_once("---\n").unwrap_or(("", rest));
    let older = head("2020", "2020-04-01", "") + section(old).as_str();
    let newer = head("2024", "2024-04-01", entries) + section(fields).as_str() + rest;
    files.insert("shitei/998/edition_2020.kohyo", older.as_str());
    files.insert("shitei/998/form.kohyo", newer.as_str());
    let compiled = compile(&files, "shitei/998/form.kohyo");
    assert_eq!(compiled.program.is_none(), compiled.has_errors());
    let mut printed = String::new();
    let index = LineIndex::new(&newer);
    for found in &compiled.diagnostics {
        let at = index.line_column(&newer, found.span.start);
        let words = found.span.of(&newer).lines().next().unwrap_or("");
        printed += &format!(
            "{} {}行 「{words}」 {}\n",
            found.code, at.line, found.message
        );
        for help in found.help.iter().flat_map(|h| h.lines()) {
            printed += &format!("  → {help}\n");
        }
    }
    printed
}

#[test]
fn a_sound_migration_has_no_finding() {
    let old = "field n \"数\" : integer 0..10\nfield gone \"廃止\" : text 10";
    let new = "field m \"数\" : decimal 4.1 0..100 was n\nfield fresh \"追加\" : date\n---\nrenewal may use edition \"2020\"\n---\n\
               migrate from edition \"2020\" { drop gone because \"廃止\"; ask fresh because \"追加\" }";
    assert_snapshot!(check(old, new), @"");
}

#[test]
fn what_goes_nowhere_and_comes_from_nowhere_is_reported_with_the_lines_to_write() {
    let old = "field stage \"重症度\" : integer 0..5\nfield gone \"廃止\" : text 10\nfield gone2 \"廃止2\" : text 10";
    let new = "field hy_stage \"重症度\" : integer 0..5\nfield fresh \"追加\" : date\n---\n---\nmigrate from edition \"2020\" { }";
    assert_snapshot!(check(old, new), @r#"
    E0651 13行 「"2020"」 2020年版の項目「重症度」「廃止」「廃止2」（3項目）の行き先がありません
      → 次の行を足します
      →     hy_stage from stage
      →     drop gone because "…"
      →     drop gone2 because "…"
    E0652 13行 「"2020"」 2020年版のどの項目から移すか決まっていません: 項目「追加」
      → 新しく尋ねるときは次の行を足します
      →     ask fresh because "…"
    "#);
}

#[test]
fn types_that_do_not_suit_are_reported() {
    let old = "field a \"甲\" : integer \"mg\" 0..10\nfield b \"乙\" : text 40\nfield c \"丙\" : decimal 4.2 0..9\nfield d \"丁\" : integer 0..100\nfield e \"戊\" : text 10\nfield f \"己\" : choices { 1 x \"X\" }";
    let new = "field a \"甲\" : integer \"g\" 0..10\nfield b \"乙\" : text 20\nfield c \"丙\" : decimal 4.1 0..9\nfield d \"丁\" : integer 0..10\nfield e \"戊\" : date\nfield f \"己\" : choice { 1 x \"X\" }\n---\n---\nmigrate from edition \"2020\" { }";
    assert_snapshot!(check(old, new), @r#"
    E0653 17行 「"2020"」 「甲」を「甲」に移せません: 単位が違います（mg と g）
      → 移さないときは次の行を書きます
      →     drop a because "…"
      →     ask a because "…"
    E0653 17行 「"2020"」 「戊」を「戊」に移せません: 文字の答えは年月日の答えになりません
      → 移さないときは次の行を書きます
      →     drop e because "…"
      →     ask e because "…"
    E0654 17行 「"2020"」 「乙」に移せない答えがあります: 文字数が40から20に変わります
      → 移せない答えだけを尋ね直すなら、次の行を書きます
      →     b from b where it fits
    E0654 17行 「"2020"」 「丙」に移せない答えがあります: 小数点以下が2桁から1桁に減ります
      → 移せない答えだけを尋ね直すなら、次の行を書きます
      →     c from c where it fits
    E0654 17行 「"2020"」 「丁」に移せない答えがあります: 書ける範囲が狭くなります
      → 移せない答えだけを尋ね直すなら、次の行を書きます
      →     d from d where it fits
    E0654 17行 「"2020"」 「己」に移せない答えがあります: 複数の選択が一つの選択になります
      → 移せない答えだけを尋ね直すなら、次の行を書きます
      →     f from f where it fits
    "#);
    let fits = new.replace(
        "{ }",
        "{ b from b where it fits; c from c where it fits; d from d where it fits; f from f where it fits; drop a, e because \"…\"; ask a, e because \"…\" }",
    );
    assert_snapshot!(check(old, &fits), @"");
}

#[test]
fn codes_without_a_destination_are_reported() {
    let old = "field stage \"重症度\" : choice { 1 i \"1\"; 2 ii \"2\"; 3 iii \"3\"; 9 unknown \"不明\" unknown }";
    let new = "field stage \"重症度\" : choice { 1 i \"1\"; 2 two \"2\"; 9 unclear \"不明\" unknown }\n---\n---\nmigrate from edition \"2020\" { }";
    assert_snapshot!(check(old, new), @r#"
    E0655 12行 「"2020"」 前の版の「重症度」の選択肢「2」「3」「不明」の行き先がありません
      → 行き先を書きます（尋ね直すときは `ask`）
      →     stage from stage map { ii -> two; iii -> ask; unknown -> unclear }
      → 今の版の選択肢は `i`、`two`、`unclear` です
    "#);
    let map =
        |lines: &str| new.replace("{ }", &format!("{{ stage from stage map {{ {lines} }} }}"));
    assert_snapshot!(check(old, &map("2 -> two; iii -> two; unknown -> unclear")), @"");
    assert_snapshot!(check(old, &map("2 -> two; iii -> ask; unknown -> two")), @r"
    E0656 12行 「unknown」 不明を表す選択肢「不明」が、不明でない「2」になります
      → 不明を表す選択肢 `unclear` に移すか、`unknown -> ask` と書いて尋ね直します
    ");
    assert_snapshot!(check(old, &map("2 -> tow; iiii -> two; unknown -> ask; 2 -> i; 2 -> two")), @r"
    E0659 12行 「tow」 「重症度」に「tow」という選択肢はありません
      → `two` ではありませんか
    E0659 12行 「iiii」 「重症度」に「iiii」という選択肢はありません
      → `iii` ではありませんか
    E0657 12行 「2」 「2」について二つの行があります
      → どちらか一つを消します
    E0657 12行 「2」 「2」について二つの行があります
      → どちらか一つを消します
    ");
}

#[test]
fn slips_in_the_lines_are_reported() {
    let old = "field stage \"重症度\" : integer 0..5\nfield gone \"廃止\" : text 10";
    let new = "field stage \"重症度\" : integer 0..5\n---\n---\n";
    let check = |lines: &str| check(old, &format!("{new}{lines}"));
    assert_snapshot!(check("migrate from edition \"2020\" { stage from stag; drop gone because \"…\" }"), @r"
    E0658 12行 「stag」 2020年版に「stag」という項目はありません
      → `stage` ではありませんか
    ");
    assert_snapshot!(check("migrate from edition \"2020\" { stagee from stage; drop gone because \"…\" }"), @r"
    E0658 12行 「stagee」 今の版に「stagee」という項目はありません
      → `stage` ではありませんか
    ");
    assert_snapshot!(check("migrate from edition \"2020\" { stage from stage; ask stage because \"…\"; drop gone, gone because \"…\" }"), @r"
    E0657 12行 「stage」 「stage」について二つの行があります
      → どちらか一つを消します
    E0657 12行 「gone」 「gone」について二つの行があります
      → どちらか一つを消します
    ");
    assert_snapshot!(check("migrate from edition \"2020\" { stage from gone; drop gone because \"…\" }"), @r#"
    E0651 12行 「"2020"」 2020年版の項目「重症度」の行き先がありません
      → 次の行を足します
      →     drop stage because "…"
    E0653 12行 「stage from gone」 「廃止」を「重症度」に移せません: 文字の答えは数値の答えになりません
      → 移さないときは次の行を書きます
      →     drop gone because "…"
      →     ask stage because "…"
    E0657 12行 「gone」 「gone」について二つの行があります
      → どちらか一つを消します
    "#);
    assert_snapshot!(check("migrate from edition \"2020\" { stage from stage map { 1 -> 2 }; drop gone because \"…\" }"), @r"
    E0659 12行 「1」 `map` は選択肢のある項目にだけ書けます
      → `map { … }` を消します
    ");
}

#[test]
fn editions_that_are_not_there_or_not_older() {
    let check = |rest: &str| check("", &format!("\n---\n{rest}"));
    assert_snapshot!(check("---\nmigrate from edition \"2019\" { }"), @r#"
    E0650 12行 「"2019"」 同じフォルダーに版「2019」の定義がありません
      → 隣にある版は "2020" です
    "#);
    assert_snapshot!(check("---\nmigrate from edition \"2024\" { }"), @r#"
    E0667 12行 「"2024"」 版「2024」は2024年版より前に始まった版ではありません
      → `edition … from …` の日付を確かめてください
    "#);
    assert_snapshot!(check("---\nmigrate from edition \"2020\" { }\nmigrate from edition \"2020\" { }"), @r#"
    E0668 13行 「"2020"」 版「2020」からの `migrate` が二つあります
      → 一つにまとめます
    "#);
    assert_snapshot!(check("renewal may use edition \"2020\"\n---\n"), @r#"
    E0661 4行 「"2020"」 版「2020」の項目から今の版の項目への移し方がありません
      → `migrate from edition "2020" { … }` を書きます。間の版を通ってもかまいません
    "#);
    assert_snapshot!(check(""), @r#"
    E0663 2行 「"2024"」 2020年版の記録からの移し方がありません
      → `migrate from edition "2020" { }` を書くと、足りない行を示します
    "#);
}

#[test]
fn an_older_edition_with_mistakes_stops_the_newer_one() {
    let old = "field stage \"重症度\" : intger 0..5";
    let new = "field stage \"重症度\" : integer 0..5\n---\n---\nmigrate from edition \"2020\" { }";
    assert_snapshot!(check(old, new), @r#"
    E0660 12行 「"2020"」 版「2020」の定義に誤りがあるため、移し方を確かめられません
      → 先に `kohyo check shitei/998/edition_2020.kohyo` で直してください
    "#);
}

/// The findings of one file of the folder after `change`.
fn findings(name: &str, change: impl FnOnce(&mut Files)) -> String {
    let mut files = files();
    change(&mut files);
    let compiled = compile(&files, &format!("{FOLDER}/{name}.kohyo"));
    let text = |d: &kohyo_dsl::Diagnostic| {
        let help = d.help.clone().unwrap_or_default();
        format!("{} {}\n  → {help}\n", d.code, d.message)
    };
    compiled.diagnostics.iter().map(text).collect()
}

#[test]
fn the_same_edition_twice_and_a_newer_one_beside_the_main_form() {
    let copy = |name: &'static str, from: &'static str, to: &'static str| {
        move |files: &mut Files| {
            let text = files.get(&format!("{FOLDER}/edition_2015.kohyo")).unwrap();
            let text = text.replace(from, to);
            files.insert(format!("{FOLDER}/{name}.kohyo"), text.as_str());
        }
    };
    assert_snapshot!(findings("form", copy("again", "\"2015\"", "\"2024\"")), @r"
    E0662 版「2024」の定義が二つあります
      → 版の名前を変えるか、枝番の様式なら `branch` を書くか、一方を取り除きます
    ");
    assert_snapshot!(findings("form", copy("edition_2030", "\"2015\" from 2015-01-01 to 2020-03-31", "\"2030\" from 2030-01-01")), @r"
    E0664 form.kohyo が最も新しい版ではありません（2030年版があります）
      → 新しい版を form.kohyo に置き、この版を `edition_2024.kohyo` とします
    ");
}

#[test]
fn a_branch_has_two_digits() {
    let short = |files: &mut Files| {
        let path = format!("{FOLDER}/branch_02.kohyo");
        let text = files.get(&path).unwrap().replace("branch 02", "branch 2");
        files.insert(path, text.as_str());
    };
    assert_snapshot!(findings("branch_02", short), @r"
    E0406 枝番「2」の形が違います
      → 枝番は `02` のように2桁で書きます
    ");
}

#[test]
fn modules_of_the_folder() {
    let user = |used: &'static str| {
        move |files: &mut Files| {
            let path = format!("{FOLDER}/branch_02.kohyo");
            let text = files.get(&path).unwrap().replace("here.shared", used);
            files.insert(path, text.as_str());
        }
    };
    assert_snapshot!(findings("branch_02", user("here.form")), @r#"
    E0666 「here.form」は疾病の定義なので、モジュールとして使えません
      → 判定だけなら `use shitei 090 only severity as rp`、ほかは共通の部分を `module here.shared "…" { }` として別のファイルに分けてください
    E0204 「finding」という名前はありません
      → 型は `text`、`kana`、`digits`、`postal_code`、`phone`、`integer`、`decimal`、`date`、`month`、`year`、`choice`、`choices` か、コード表の名前です
    "#);
    assert_snapshot!(findings("branch_02", user("here.shred")).lines().take(2).collect::<Vec<_>>().join("\n"), @r"
    E0202 モジュール「here.shred」がありません
      → `use here.shared` ではありませんか
    ");
    let module = |files: &mut Files| {
        let text = files.get(&format!("{FOLDER}/shared.kohyo")).unwrap();
        let text = text.replace("{ }", "{\n  renewal may use edition \"2020\"\n}")
            + "migrate from edition \"2020\" { }\n";
        files.insert(format!("{FOLDER}/shared.kohyo"), text.as_str());
    };
    assert_snapshot!(findings("shared", module), @r"
    E0665 モジュールには `renewal may use` を書けません
      → 疾病の定義（`disease …`）に書きます
    E0665 モジュールには `migrate` を書けません
      → 疾病の定義（`disease …`）に書きます
    ");
}

#[test]
fn the_card_tells_what_becomes_of_older_answers() {
    let form = form(&files(), "form");
    let card = kohyo_compiler::card(form.program());
    let migrated = card.split_once("■ 2020年版").unwrap().1;
    assert!(card.contains("更新は2020年版の基準でも判定し、両方の結果を示す"));
    assert_snapshot!(migrated, @r"
    の記録から移すもの
      marker　血清マーカー ← marker　移せない答えは尋ね直す
      stage　重症度分類 ← yahr　2→1 / 3→2 / 4→3 / 5→3
      onset　発症年月 ← onset_date
      aid_reason　補助具の理由 ← remarks　移せない答えは尋ね直す
      同じ名前のまま移す項目 4
      廃止 skin　皮膚所見　2024年の改正で廃止
      追加 new_marker　新しい検査　2024年の改正で追加
    ");
}
