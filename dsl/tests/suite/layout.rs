//! The one accepted layout.

use crate::{EVERYTHING, PARKINSON};
use kohyo_dsl::{format, parse};
use std::path::{Path, PathBuf};

/// The layout of a text without mistakes; laid out again it does not change, and it means the same.
pub fn laid_out(text: &str) -> String {
    let once = format(text).unwrap_or_else(|found| panic!("{found:#?}\n{text}"));
    let twice = format(&once).unwrap_or_else(|found| panic!("{found:#?}\n{once}"));
    assert_eq!(once, twice, "laid out again:\n{text}");
    assert_eq!(
        without_spans(text),
        without_spans(&once),
        "laid out:\n{once}"
    );
    once
}

/// The syntax of a text, without places.
fn without_spans(text: &str) -> String {
    let tree = format!("{:?}", parse("", text).file);
    let mut parts = tree.split("Span { start: ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    out
}

fn check(text: &str, expected: &str) {
    assert_eq!(laid_out(text), expected);
}

#[test]
fn a_whole_disease() {
    insta::assert_snapshot!(laid_out(PARKINSON));
}

#[test]
fn every_construct() {
    insta::assert_snapshot!(laid_out(EVERYTHING));
}

#[test]
fn every_committed_definition_keeps_its_meaning() {
    for path in definitions(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../forms")) {
        let text = std::fs::read_to_string(&path).unwrap();
        if parse("", &text).diagnostics.is_empty() {
            laid_out(&text);
        }
    }
}

fn definitions(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    let nested = paths
        .iter()
        .filter(|p| p.is_dir())
        .flat_map(|p| definitions(p));
    let files = paths
        .iter()
        .filter(|p| p.extension().is_some_and(|e| e == "kohyo"))
        .cloned();
    nested.chain(files).collect()
}

#[test]
fn blanks_and_indentation() {
    check(
        "module a \"a\"{status   draft\n\n\n\nnote \"x\"}\ncriterion   x=any of{a is present;b>=3mg/dL}\n\
         criterion y\n\"題\"\n=\nall of {\n(a or  b)\nand c\n\n\n d }",
        "module a \"a\" { status draft

  note \"x\" }

criterion x = any of { a is present; b >= 3 mg/dL }

criterion y
  \"題\"
  =
  all of {
    (a or b)
      and c

    d }
",
    );
}

#[test]
fn signs_and_blanks() {
    check(
        "module a \"a\" { }\ncriterion x = - a+-b*( c )<round( x ,1 ) and y in 3 .. 4 and z in -3..<4 and hy . stage>=3\n\
         criterion l = all of { \"題\" : a; \"題\":b }\ncode c \"c\" { 1a x \"題\"; 2  y \"題\" }\n",
        "module a \"a\" { }

criterion x = -a + -b * (c) < round(x, 1) and y in 3..4 and z in -3 ..< 4 and hy.stage >= 3

criterion l = all of { \"題\": a; \"題\": b }

code c \"c\" { 1a x \"題\"; 2 y \"題\" }
",
    );
}

#[test]
fn columns_of_fields_and_codes() {
    check(
        "module a \"a\" { }
section s \"節\" {
field a \"短い\" : finding required
field longer_name \"とても長い見出し\" : date # 注釈
field wide \"六十桁を超えるとても長い見出しは、ほかの行の型を右に押しやることがないようになっている\" : date

field apart \"別\" : choice {
1 one \"一\" points 1
10 ten_ten \"十\" points 10
2 none \"なし\" unknown
} required
}",
        "module a \"a\" { }

section s \"節\" {
  field a           \"短い\"             : finding required
  field longer_name \"とても長い見出し\" : date  # 注釈
  field wide        \"六十桁を超えるとても長い見出しは、ほかの行の型を右に押しやることがないようになっている\" : date

  field apart \"別\" : choice {
    1  one     \"一\"   points 1
    10 ten_ten \"十\"   points 10
    2  none    \"なし\" unknown
  } required
}
",
    );
}

#[test]
fn columns_of_tables() {
    check(
        "module a \"a\" { }
table t : p | q { | upcr < 0.15 g/gCr | >= 0.50
egfr >= 90|p|q
any of { 長い条件 is present } | p | q # 注釈
  -3 ..< -2 | p | q
}",
        "module a \"a\" { }

table t : p | q { | upcr < 0.15 g/gCr | >= 0.50
  egfr >= 90                     | p | q
  any of { 長い条件 is present } | p | q  # 注釈
  -3 ..< -2                      | p | q
}
",
    );
}

#[test]
fn blank_lines_between_items() {
    check(
        "# 初めの注釈
module a \"a\" { }
use x
use y


use z # 三つ目
criterion a = b # a の注釈
# b の注釈
criterion b = c



# 離れた注釈

criterion c = d criterion d = e
check R1 error \"x\" violated when a
check R2 error \"y\" violated when a
not judged \"x\" because \"y\"
not judged \"z\" because \"y\"
# 終わり",
        "# 初めの注釈
module a \"a\" { }

use x
use y

use z  # 三つ目

criterion a = b  # a の注釈

# b の注釈
criterion b = c

# 離れた注釈

criterion c = d

criterion d = e

check R1 error \"x\" violated when a
check R2 error \"y\" violated when a

not judged \"x\" because \"y\"
not judged \"z\" because \"y\"
# 終わり
",
    );
}

#[test]
fn comments_stay_where_they_are() {
    check(
        "module a \"a\" {
# 一
status draft # 二
# 三
}
criterion x = # 四
# 五
any of { # 六
# 七

# 八
a # 九
# 十
}
",
        "module a \"a\" {
  # 一
  status draft  # 二
  # 三
}

criterion x =  # 四
  # 五
  any of {  # 六
    # 七

    # 八
    a  # 九
    # 十
  }
",
    );
}

#[test]
fn a_text_with_mistakes_is_not_touched() {
    assert!(format("module a \"a\" { }\ncriterion x = ").is_err());
}
