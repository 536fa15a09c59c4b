//! The list of what changed between two small libraries, as people read it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is the report of a test"
)]

use kohyo_compiler::changes::{ChangeList, Kind, Subject, changes};
use kohyo_compiler::{Files, compile, diseases};
use kohyo_engine::Program;

/// A form of one page; `body` is what differs.
fn form(number: &str, title: &str, edition: (&str, &str), body: &str) -> String {
    let (edition, from) = edition;
    format!(
        r#"disease shitei {number} "{title}" {{
  edition "{edition}" from {from}
  source notice "見本の通知"
}}
{body}
"#
    )
}

const OLD: &str = r#"
code finding "所見" { 1 present "あり"; 2 absent "なし"; 3 unclear "不明" unknown }
section s "臨床所見" {
  field fever "発熱" : finding required
  field degree "最高体温" : decimal 3.1 "℃" 30..45
  field rash "発疹" : finding
  field old_scale "旧尺度" : integer 0..20
}
check R001 error "最高体温が高すぎます" at degree
  violated when degree >= 43.0 ℃
check R002 warning "旧尺度を確かめてください" at old_scale
  violated when old_scale >= 19
criterion hot "高熱" = degree >= 38.0 ℃
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is present and hot
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#;

const NEW: &str = r#"
code finding "所見" { 1 present "あり"; 2 absent "なし"; 3 unclear "不明" unknown; 4 slight "軽度" }
section s "臨床所見" {
  field fever "発熱" : finding required
  field degree "最高体温" : decimal 3.1 "℃" 32..45 required when fever is present
  field rash "皮疹" : finding
  field grade "重症度の段階" : choice { 1 mild "軽い"; 2 heavy "重い" }
}
check R001 error "最高体温が高すぎます" at degree
  help "体温計の値を確かめてください"
  violated when degree >= 42.0 ℃
criterion hot "高熱" = degree >= 37.5 ℃
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is present and hot
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#;

/// Rules that say the same in other words.
const SAME: &str = r#"
section s "所見" { field a "所見甲" : choice { 1 yes "あり"; 2 no "なし" }; field b "所見乙" : choice { 1 yes "あり"; 2 no "なし" } }
judgement diagnosis "診断" { category x "該当" when a is yes and b is yes; otherwise none "非該当"; eligible x }
"#;
const OTHER_WORDS: &str = r#"
section s "所見" { field a "所見甲" : choice { 1 yes "あり"; 2 no "なし" }; field b "所見乙" : choice { 1 yes "あり"; 2 no "なし" } }
judgement diagnosis "診断" { category x "該当" when not (a is no or b is no); otherwise none "非該当"; eligible x }
"#;

fn programs(texts: &[String]) -> Vec<Program> {
    let mut files = Files::new();
    for (number, text) in (1..).zip(texts) {
        files.insert(format!("shitei/{number}/form.kohyo"), text.as_str());
    }
    diseases(&files)
        .iter()
        .map(|disease| {
            let compiled = compile(&files, &disease.path);
            compiled
                .program
                .unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics))
        })
        .collect()
}

fn list() -> ChangeList {
    let old = programs(&[
        form("001", "熱の病", ("2020", "2020-04-01"), OLD),
        form("002", "見本の病", ("2020", "2020-04-01"), SAME),
        form("003", "なくなる病", ("2020", "2020-04-01"), SAME),
        form("005", "変わらない病", ("2020", "2020-04-01"), SAME),
        form("006", "版を重ねる病", ("2020", "2020-04-01"), OLD),
    ]);
    let new = programs(&[
        form("001", "熱の病", ("2020", "2020-04-01"), NEW),
        form("002", "見本の病", ("2020", "2020-04-01"), OTHER_WORDS),
        form("004", "新しい病", ("2026", "2026-12-01"), SAME),
        form("005", "変わらない病", ("2020", "2020-04-01"), SAME),
        form("006", "版を重ねる病", ("2020", "2020-04-01"), OLD),
        form(
            "006",
            "版を重ねる病",
            ("2026", "2026-12-01"),
            &OLD.replace("38.0", "38.5"),
        ),
    ]);
    let (old, new): (Vec<_>, Vec<_>) = (old.iter().collect(), new.iter().collect());
    changes(("2026-06", &old), ("2026-12", &new), |_, _| ())
}

#[test]
fn the_list_says_what_was_added_changed_and_withdrawn() {
    insta::assert_snapshot!(list().text());
}

#[test]
fn the_table_has_a_row_for_everything_that_changed() {
    let csv = list().sheet().csv();
    insta::assert_snapshot!(csv.trim_start_matches('\u{feff}').replace("\r\n", "\n"));
}

#[test]
fn people_read_the_same_on_a_page() {
    let page = list().page().unwrap();
    let (_, body) = page.split_once("<body>").unwrap();
    insta::assert_snapshot!(body);
}

#[test]
fn machines_read_the_same() {
    let list = list();
    let json: serde_json::Value = serde_json::from_str(&list.json()).unwrap();
    let first = json.pointer("/forms/0").unwrap();
    insta::assert_snapshot!(
        serde_json::to_string_pretty(first.pointer("/changes/0").unwrap()).unwrap()
    );
    assert_eq!(json.pointer("/unchanged").unwrap(), 2);
}

#[test]
fn the_page_escapes_what_definitions_say() {
    let old = programs(&[form("001", "病", ("2020", "2020-04-01"), SAME)]);
    let new = programs(&[form(
        "001",
        "<script>病",
        ("2020", "2020-04-01"),
        &SAME.replace("所見甲", "所見<b>"),
    )]);
    let (old, new): (Vec<_>, Vec<_>) = (old.iter().collect(), new.iter().collect());
    let page = changes(("a", &old), ("b", &new), |_, _| ()).page().unwrap();
    assert!(page.contains("&lt;script&gt;病") && !page.contains("<script>"));
    assert!(page.contains("所見&lt;b&gt;") && !page.contains("所見<b>"));
}

#[test]
fn nothing_is_listed_where_nothing_changed() {
    let same = programs(&[form("001", "熱の病", ("2020", "2020-04-01"), OLD)]);
    let same: Vec<_> = same.iter().collect();
    let list = changes(("a", &same), ("b", &same), |_, _| ());
    assert!(list.is_empty());
    insta::assert_snapshot!(list.text(), @"
    a から b への変更
    変更はありません
    ");
}

#[test]
fn what_is_gone_has_to_be_kept_in_the_list_of_withdrawn_ids() {
    let list = list();
    insta::assert_debug_snapshot!(list.withdrawn(), @r#"
    [
        (
            "shitei-001",
            Item,
            "old_scale",
        ),
        (
            "shitei-001",
            Check,
            "R002",
        ),
    ]
    "#);
    assert_eq!(list.count(Subject::Form, Kind::Withdrawn), 1);
    assert_eq!(list.count(Subject::Item, Kind::Added), 1);
}
