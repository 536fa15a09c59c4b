//! What an author sees of the official text: an invented text and a definition in, the sentences
//! with what covers them out.

#![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

use kohyo_compiler::Files;
use kohyo_compiler::coverage::{By, coverage, text_name};
use std::fmt::Write;

/// A text in the manner of the notices, about nothing that exists.
const TEXT: &str = "９９９　見本病
○　概要
５．診断基準
　　あり
＜診断基準＞
「Definite」を対象とする。
Ａ．症状
１．手のひらが青くなる。※１
２．歩くと音がする
(ア)高い音　　
Ｂ．次の数値を満たす。（測り方は問わない。）ただし夜間を除く。
＜重症度分類＞
青さの段階
<table>
| 段階 | 様子 |
| ０ | うすい / ほとんど見えない |
| １ | 濃い
紺色 |
</table>
長い文は、読みやすいように途中で行を折り返すことがあり、そのときは次の行が
続きになる。
※診断基準及び重症度分類の適応における留意事項
１．いつの所見でもよい。
[images: x.png]
";

const FORM: &str = r#"
disease shitei 999 "見本病" {
  edition "2020" from 2017-04-01
  source notice "見本" text "texts/999.txt"
}
use notes
code stage "段階" { 0 pale "うすい　ほとんど見えない"; 1 deep "濃い" }
section main "項目" {
  field blue "手のひらが青くなる"  : choice { 1 yes "あり"; 2 no "なし" }
  field noise "音" : choice { 1 yes "あり"; 2 no "なし" } cites "歩くと音がする…高い音"
  field grade "段階" : stage
}
criterion ink "数値" cites "次の数値を満たす" = blue is yes
judgement diagnosis "診断" {
  category definite "Definite" cites "「Ｄｅｆｉｎｉｔｅ」を対象" when ink
  otherwise none "非該当"
  eligible definite cites "対象とするのはDefiniteに限る"
}
not judged "長い文は…続きになる" because "見本の説明"
"#;

const NOTES: &str = r#"
module notes "留意事項" { }
not judged "いつの所見でもよい" because "時期は問わない"
not judged "別の病の文" because "この病にはない"
"#;

/// Every sentence with its number and what covers it.
fn drawn(form: &str, text: &str) -> String {
    let mut files = Files::new();
    files.insert("form.kohyo", form);
    files.insert("notes.kohyo", NOTES);
    let report = coverage(&files, "form.kohyo", text).unwrap();
    let mut out = String::new();
    for sentence in &report.list {
        let status = match sentence.status {
            Some(By::Rule) => "rule",
            Some(By::Field) => "field",
            Some(By::Excused) => "excused",
            None => "open",
        };
        let by = sentence.by.join(" + ");
        let _ = writeln!(
            out,
            "{:>2} {status:<7} {} < {by}",
            sentence.number, sentence.begins
        );
    }
    for cite in &report.unmatched {
        let _ = writeln!(
            out,
            "{}:{} {} ~ {:?}",
            cite.file, cite.line, cite.cites, cite.nearest
        );
    }
    let _ = write!(
        out,
        "{} = {} + {} + {} + {}",
        report.sentences, report.by_rule, report.by_field, report.excused, report.uncovered
    );
    out
}

#[test]
fn every_sentence_has_a_number_and_what_covers_it() {
    insta::assert_snapshot!(drawn(FORM, TEXT));
}

#[test]
fn who_cites_the_caption_of_a_table_covers_its_rows() {
    let form = FORM.replace(
        "field grade \"段階\" : stage",
        "field grade \"段階\" : stage cites \"青さの段階\"",
    );
    insta::assert_snapshot!(drawn(&form, TEXT));
}

#[test]
fn a_rule_with_several_citations_covers_each_of_them() {
    let cited = |words: &str| {
        let form = FORM.replace("cites \"次の数値を満たす\"", words);
        let drawn = drawn(&form, TEXT);
        let by_ink = |line: &&str| line.contains("規則 ink") && line.contains(" rule ");
        drawn.lines().filter(by_ink).count()
    };
    assert_eq!(cited("cites \"次の数値を満たす\""), 1);
    assert_eq!(
        cited("cites \"次の数値を満たす\", \"手のひらが青くなる\""),
        2
    );
}

#[test]
fn a_text_without_criteria_is_not_read_as_covered() {
    let mut files = Files::new();
    files.insert("form.kohyo", FORM);
    assert!(coverage(&files, "form.kohyo", "概要だけの文。\n").is_none());
}

#[test]
fn the_text_is_named_by_the_definition() {
    let mut files = Files::new();
    files.insert("form.kohyo", FORM);
    assert_eq!(text_name(&files, "form.kohyo").unwrap(), "999.txt");
}

#[test]
fn the_json_holds_no_words_of_the_text() {
    let mut files = Files::new();
    files.insert(
        "form.kohyo",
        FORM.replace("cites \"歩くと音がする…高い音\"", ""),
    );
    files.insert("notes.kohyo", NOTES);
    let report = coverage(&files, "form.kohyo", TEXT).unwrap();
    let json = format!("{report:?}");
    assert!(
        json.contains("歩くと音がする"),
        "the terminal shows how it begins"
    );
    let json = serde_json::to_string(&report).unwrap();
    assert!(!json.contains("歩くと音がする"), "{json}");
}
