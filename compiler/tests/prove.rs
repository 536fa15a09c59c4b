//! What the proofs find: definitions in `tests/prove/`, each beside the report on it.
//!
//! To add a case, add `NAME.kohyo` and run with `INSTA_UPDATE=always`; then read the snapshot.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is the report of a test"
)]

use kohyo_compiler::{Compilation, Difference, Files, ProofReport, compile, difference, prove};
use kohyo_dsl::LineIndex;
use std::path::Path;

#[test]
fn every_definition_is_reported_as_its_snapshot_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/prove");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| Some(name.strip_suffix(".kohyo")?.to_owned()))
        .collect();
    names.sort();
    assert!(names.len() >= 10, "the definitions are missing");
    insta::with_settings!({ snapshot_path => "prove", prepend_module_to_snapshot => false, omit_expression => true }, {
        for name in names {
            let text = std::fs::read_to_string(folder.join(format!("{name}.kohyo"))).unwrap();
            insta::assert_snapshot!(name.clone(), report(&text));
        }
    });
}

/// What compiling finds and what the proofs find, with place, underlined words, example and help; then what was proven and what not.
fn report(text: &str) -> String {
    let mut files = Files::new();
    files.insert("form.kohyo", text);
    let compiled = compile(&files, "form.kohyo");
    assert!(compiled.program.is_some(), "{:#?}", compiled.diagnostics);
    let ProofReport {
        findings,
        notes,
        proven,
        not_proven,
        superseded,
    } = prove(&compiled);
    let index = LineIndex::new(text);
    let mut printed = String::new();
    let standing = compiled.diagnostics.iter();
    let standing = standing.filter(|found| !superseded.contains(found));
    for found in standing.chain(&findings).chain(&notes) {
        let place = index.line_column(text, found.span.start);
        let words = found.span.of(text);
        printed += &format!(
            "{}:{} {} {}\n",
            place.line, place.column, found.code, found.message
        );
        printed += &format!("  「{words}」 {}\n", found.note);
        for label in &found.labels {
            printed += &format!("  「{}」 {}\n", label.span.of(text), label.text);
        }
    }
    for statement in proven {
        printed += &format!("証明: {}\n", statement.text);
    }
    for statement in not_proven {
        printed += &format!("未証明: {}\n", statement.text);
    }
    printed
}

/// Where nobody is meant or nothing comes out, the remedy names what to look at.
#[test]
fn what_cannot_be_reached_and_what_came_before_birth_have_a_remedy() {
    let text = include_str!("prove/out_of_reach.kohyo");
    let mut files = Files::new();
    files.insert("form.kohyo", text);
    let report = prove(&compile(&files, "form.kohyo"));
    let helps = report.findings.into_iter();
    let helps: Vec<String> = helps.filter_map(|found| found.help).collect();
    assert_eq!(
        helps,
        [
            "「皮膚」は0〜6点なので、「皮膚が6を超える」は成り立ちません。比べる値か、点数や計算の決め方を確かめてください",
            "「皮膚」は0〜6点なので、「皮膚が8以上」は成り立ちません。比べる値か、点数や計算の決め方を確かめてください",
            "例は、診断日が生年月日より前の記録です。そのような記録を受け付けないなら、`check 番号 error \"診断日が生年月日より前です\" at diagnosed violated when diagnosed < birth_date` を書きます",
            "「皮膚」は0〜6点なので、「皮膚が7以上」は成り立ちません。比べる値か、点数や計算の決め方を確かめてください",
        ]
    );
}

/// The library is what an author copies from: what the proofs say of it is mended, or declared to be
/// so in the official text.
#[test]
fn nothing_is_found_in_the_library() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../forms");
    let mut files = Files::new();
    read(&root, "", &mut files);
    let mut found = Vec::new();
    let mut cache = kohyo_compiler::SyntaxCache::default();
    for disease in kohyo_compiler::diseases(&files) {
        let compiled = kohyo_compiler::compile_with(&files, &mut cache, &disease.path);
        let report = prove(&compiled);
        found.extend(
            report
                .findings
                .iter()
                .map(|d| format!("{}: {} {} {}", d.file, d.code, d.message, d.note)),
        );
        found.extend(
            report
                .not_proven
                .iter()
                .map(|s| format!("{}: not proven: {}", s.file, s.text)),
        );
        assert!(!report.proven.is_empty(), "{}", disease.path);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn read(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            read(&path, &format!("{prefix}{name}/"), files);
        } else if name.ends_with(".kohyo") {
            files.insert(
                format!("{prefix}{name}"),
                std::fs::read_to_string(&path).unwrap(),
            );
        }
    }
}

/// One small disease with these rules.
fn form(rules: &str) -> Compilation {
    let text = format!(
        r#"disease shitei 999 "試験" {{
  edition "2024" from 2024-04-01
  source notice "試験"
}}
code finding "所見" {{ 1 present "あり"; 2 absent "なし"; 3 unclear "不明" unknown }}
section s "項目" {{
  field tremor "振戦" : finding
  field rigidity "筋強剛" : finding
  field albumin "アルブミン" : decimal 3.1 "g/dL" 0.0..20.0
  field height "身長" : decimal 3.2 "m" 0.30..2.50
  field weight "体重" : decimal 4.1 "kg" 1.0..300.0
  field birth_date "生年月日" : date
  field onset "発症年月" : month
}}
value bmi "BMI" : decimal 4.1 "kg/m2" = weight / (height * height)
{rules}"#
    );
    let mut files = Files::new();
    files.insert("form.kohyo", text.as_str());
    let compiled = compile(&files, "form.kohyo");
    assert!(compiled.program.is_some(), "{:#?}", compiled.diagnostics);
    compiled
}

/// The differences of the small disease with these rules and with those, as people read them.
fn differences(old: &str, new: &str) -> String {
    let mut told = String::new();
    for found in difference(&form(old), &form(new), None) {
        told += &told_of(&found);
    }
    told
}

fn told_of(found: &Difference) -> String {
    if let Some(edition) = found.only_in {
        return format!("{} only in {edition:?}\n", found.label);
    }
    let mut told = format!(
        "{} proven: {:?}, same: {}\n",
        found.label,
        found.proven,
        found.is_same()
    );
    for region in &found.regions {
        told += &format!(
            "  {:?} → {:?}\n    {}\n",
            region.old, region.new, region.example
        );
    }
    for (words, items) in [
        ("only old", &found.only_old),
        ("only new", &found.only_new),
        ("not compared", &found.not_compared),
        ("meant otherwise", &found.meant_otherwise),
        ("unresolved", &found.unresolved),
    ] {
        if !items.is_empty() {
            told += &format!("  {words}: {}\n", items.join("、"));
        }
    }
    told += &found
        .stopped
        .iter()
        .map(|why| format!("  {why}\n"))
        .collect::<String>();
    told
}

const RULE: &str = r#"judgement diagnosis "診断" {
  category a "該当" when RULE
  otherwise none "非該当"
  eligible a
}
"#;

fn rule(condition: &str) -> String {
    RULE.replace("RULE", condition)
}

#[test]
fn the_same_rule_in_other_words_is_proven_the_same() {
    let old = rule(
        "at least 1 of { tremor is present; rigidity is present } and not (albumin > 3.0 g/dL)",
    );
    let new = rule(
        "(rigidity is present and albumin <= 3.0 g/dL) or (tremor is present and albumin <= 3.0 g/dL)",
    );
    insta::assert_snapshot!(differences(&old, &new), @"診断 proven: Everybody, same: true");
    let old = rule("bmi < 18.5 kg/m2 and years from birth_date to onset >= 18 years");
    let new = rule("not (bmi >= 18.5 kg/m2 or years from birth_date to onset < 18 years)");
    insta::assert_snapshot!(differences(&old, &new), @"診断 proven: Everybody, same: true");
}

#[test]
fn what_is_written_alike_is_the_same_however_hard_to_calculate() {
    let one = rule("exp(albumin / 1 g/dL) + ln(albumin / 1 g/dL) * bmi / 1 kg/m2 >= 40");
    insta::assert_snapshot!(differences(&one, &one), @"診断 proven: Everybody, same: true");
}

#[test]
fn a_moved_threshold_is_told_by_the_patients_between() {
    let old = rule("albumin <= 3.0 g/dL");
    let new = rule("albumin < 2.5 g/dL and tremor is present");
    insta::assert_snapshot!(differences(&old, &new), @r#"
    診断 proven: Everybody, same: false
      Some("該当") → Some("非該当")
        例: アルブミン 2.5g/dL
      Some("該当") → None
        例: 振戦「不明」、アルブミン 2.4g/dL
      None → Some("非該当")
        例: 振戦「なし」
      only new: 振戦
    "#);
    let old = rule("bmi < 18.5 kg/m2");
    let new = rule("bmi < 18.6 kg/m2");
    insta::assert_snapshot!(differences(&old, &new), @r#"
    診断 proven: Complete, same: false
      Some("非該当") → Some("該当")
        例: 身長 2.50m、体重 115.4kg（BMI 18.5kg/m2）
      Some("非該当") → None
        例: 体重 115.4kg
    "#);
    let old = rule("years from birth_date to onset >= 18 years");
    let new = rule("years from birth_date to onset >= 20 years");
    insta::assert_snapshot!(differences(&old, &new), @r#"
    診断 proven: Everybody, same: false
      Some("該当") → Some("非該当")
        例: 生年月日 2025年4月2日、発症年月 2044年4月
      Some("該当") → None
        例: 生年月日 2024年4月2日、発症年月 2044年4月
      None → Some("非該当")
        例: 生年月日 2026年4月2日、発症年月 2044年4月
    "#);
}

#[test]
fn a_code_or_an_item_of_one_edition_only_is_told() {
    let old = rule("tremor is present");
    let new = rule("tremor is present and severe is yes")
        + r#"section more "追加" { field severe "重い" : choice { 1 yes "はい"; 2 no "いいえ" } }"#;
    insta::assert_snapshot!(differences(&old, &new), @r#"
    診断 proven: Everybody, same: false
      Some("該当") → Some("非該当")
        例: 振戦「あり」、重い「いいえ」
      Some("該当") → None
        例: 振戦「あり」
      None → Some("非該当")
        例: 振戦「不明」、重い「いいえ」
      only new: 重い
    "#);
    insta::assert_snapshot!(differences(&new, &old), @r#"
    診断 proven: Everybody, same: false
      Some("非該当") → Some("該当")
        例: 振戦「あり」、旧版だけの項目: 重い「いいえ」
      Some("非該当") → None
        例: 振戦「不明」、旧版だけの項目: 重い「いいえ」
      None → Some("該当")
        例: 振戦「あり」
      only old: 重い
    "#);
}

const FINDINGS: &str = r#"
section more "追加" {
  field device "装具" : choice { 1 yes "あり"; 2 no "なし" }
  field kind "種類" : choice { 1 a "Ａ"; 2 b "Ｂ" } shown when device is yes
}
"#;

#[test]
fn what_becomes_of_an_open_record_is_a_change_too() {
    let old = rule("tremor is present");
    let new = rule("tremor is present treat unknown as no");
    insta::assert_snapshot!(differences(&old, &new), @r#"
    診断 proven: Complete, same: false
      None → Some("非該当")
        例: 振戦「不明」
    "#);
    // The same of what is unknown is said in both, and nothing else differs.
    let old = rule("(tremor is present treat unknown as no) and rigidity is present");
    let new = rule("rigidity is present and (tremor is present treat unknown as no)");
    insta::assert_snapshot!(differences(&old, &new), @"診断 proven: Everybody, same: true");
}

#[test]
fn a_condition_that_shows_an_item_tells_patients_apart() {
    let old = rule("(kind is a) if shown else yes") + FINDINGS;
    let new = rule("not ((kind is a) if shown else yes)") + FINDINGS;
    insta::assert_snapshot!(differences(&old, &new), @r#"
    診断 proven: Complete, same: false
      Some("該当") → Some("非該当")
        例: 装具「なし」
      Some("非該当") → Some("該当")
        例: 装具「あり」、種類「Ｂ」
    "#);
    let new = rule("(kind is a) if shown else yes")
        + FINDINGS
            .replace("shown when device is yes", "shown when device is no")
            .as_str();
    insta::assert_snapshot!(differences(&old, &new), @r#"
    診断 proven: Complete, same: false
      Some("該当") → Some("非該当")
        例: 装具「なし」、種類「Ｂ」
      Some("非該当") → Some("該当")
        例: 装具「あり」、旧版だけの項目: 種類「Ｂ」
      Some("該当") → None
        例: 装具「なし」
      None → Some("該当")
        例: 装具「あり」
    "#);
}

#[test]
fn a_judgement_of_one_edition_only_is_told() {
    let severity = r#"judgement severity "重症度" {
  category heavy "重い" when rigidity is present
  otherwise light "軽い"
  eligible heavy
}
"#;
    let short = rule("tremor is present");
    let long = short.clone() + severity;
    insta::assert_snapshot!(differences(&long, &short), @r#"
    診断 proven: Everybody, same: true
    重症度 only in Old
    "#);
    insta::assert_snapshot!(differences(&short, &long), @r#"
    診断 proven: Everybody, same: true
    重症度 only in New
    "#);
}

#[test]
fn records_of_one_edition_only_are_told() {
    let item = |ty: &str| {
        rule("count > 3")
            + format!("section more \"追加\" {{ field count \"数\" : integer {ty} }}").as_str()
    };
    insta::assert_snapshot!(differences(&item("0..10"), &item("0..20")), @r#"
    診断 proven: Complete, same: false
      not compared: 「数」が 10 より大きい値（新版だけ）
    "#);
    let unit = |unit: &str, at: &str| {
        rule(&format!("iron > {at} {unit}"))
            + format!(
                "section more \"追加\" {{ field iron \"鉄\" : decimal 4.1 \"{unit}\" 0.0..200.0 }}"
            )
            .as_str()
    };
    insta::assert_snapshot!(differences(&unit("g/dL", "3.0"), &unit("g/L", "30.0")), @r#"
    診断 proven: Complete, same: false
      Some("該当") → Some("非該当")
        例: 鉄 30.0g/L、旧版だけの項目: 鉄 3.1g/dL
      Some("非該当") → Some("該当")
        例: 鉄 30.1g/L、旧版だけの項目: 鉄 3.0g/dL
      Some("該当") → None
        例: 旧版だけの項目: 鉄 3.1g/dL
      Some("非該当") → None
        例: 旧版だけの項目: 鉄 3.0g/dL
      None → Some("該当")
        例: 鉄 30.1g/L
      None → Some("非該当")
        例: 鉄 30.0g/L
      meant otherwise: 「鉄」は単位が変わったため（g/dL → g/L）、別の項目として比べています
    "#);
    let code = |more: &str| {
        rule("colour is red")
            + format!(
                "section more \"追加\" {{ field colour \"色\" : choice {{ 1 red \"赤\"; 2 blue \"青\"; {more} }} }}"
            ).as_str()
    };
    insta::assert_snapshot!(differences(&code("3 none \"不明\" unknown"), &code("3 none \"不明\"")), @r#"
    診断 proven: Complete, same: false
      None → Some("非該当")
        例: 色「不明」
      meant otherwise: 「色」の「不明」は、旧版では分からない答え、新版ではふつうの答えです
    "#);
}

#[test]
fn whoever_only_becomes_eligible_is_told_so() {
    let old = rule("tremor is present");
    let new = old.replace("eligible a", "eligible a, none");
    insta::assert_snapshot!(differences(&old, &new), @r#"
    診断 proven: Complete, same: false
      Some("非該当（対象外）") → Some("非該当（対象）")
        例: 振戦「なし」
    "#);
}

#[test]
fn what_decides_stands_in_the_example() {
    let old = rule("tremor is present and new application");
    let new = rule("tremor is present");
    insta::assert_snapshot!(differences(&old, &new), @r#"
    診断 proven: Complete, same: false
      Some("非該当") → Some("該当")
        例: 更新申請、振戦「あり」
      Some("非該当") → None
        例: 更新申請、振戦「不明」
    "#);
}

#[test]
fn the_example_as_data_is_judged_as_told() {
    let old = rule("albumin <= 3.0 g/dL and tremor is present");
    let new = rule("albumin <= 2.9 g/dL and tremor is present");
    let told = difference(&form(&old), &form(&new), None);
    let patient = &told[0].regions[0].patient;
    assert_eq!(patient.old, patient.new);
    assert_eq!(patient.old["albumin"], ["3.0"]);
    assert_eq!(patient.old["tremor"], ["1"]);
    assert!(patient.is_acceptable);
}
