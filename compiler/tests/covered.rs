//! Of which scores and grades the program says that one of their rows always holds.

#![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

use kohyo_compiler::{Files, compile};
use kohyo_engine::program::Rule;

/// The names of the marked rules among these items.
fn covered(items: &str) -> Vec<String> {
    let text = format!(
        r#"disease shitei 999 "行の病" {{
  edition "2024" from 2024-04-01
  source notice "試験"
}}
code finding "所見" {{ 1 present "あり"; 2 absent "なし"; 3 unclear "不明" unknown }}
section a "あ" {{
  field f "所見" : finding
  field g "別の所見" : finding shown when f is present
  field n "数" : integer 0..10
  field m "別の数" : integer 0..10
}}
{items}
judgement diagnosis "診断" {{ category definite "Definite" when f is present; otherwise none "なし"; eligible definite }}
"#
    );
    let mut files = Files::new();
    files.insert("form.kohyo", text);
    let compiled = compile(&files, "form.kohyo");
    let program = compiled.program.ok_or(compiled.diagnostics).unwrap();
    let definitions = program.definitions.into_iter();
    let marked = definitions.filter(|definition| {
        matches!(
            definition.rule,
            Rule::Grade { covered: true, .. } | Rule::Number { covered: true, .. }
        )
    });
    marked.map(|definition| definition.name).collect()
}

#[test]
fn rows_that_leave_nobody_out_are_marked() {
    let marked = covered(
        r#"
score codes = first match { 3 when f is absent; 1 when f is present }
score numbers = first match { 2 when n < 3; 1 when m >= 4; 0 when n >= 3 and m < 4 }
score shown = first match { 0 when f is absent; 1 when f is present and g is present; 2 when f is present and g is absent }
score steps = sum of { 1 when n > m; 0.5 when f is present }
grade of_steps : low "低" | mid "中" | high "高" = bands of steps { = 0 gives low; 0.5..1 gives mid; = 1.5 gives high }
grade rows : low "低" | high "高" = first match { high when codes + n >= 3; low when codes + n < 3 }
value ratio : decimal 4.2 = first match { n / (m + 1) when n > m; 1 when n <= m }
"#,
    );
    assert_eq!(
        marked,
        ["codes", "numbers", "shown", "of_steps", "rows", "ratio"]
    );
}

#[test]
fn rows_that_leave_somebody_out_are_not() {
    let marked = covered(
        r#"
score gap = first match { 2 when n < 3; 1 when n > 3 }
score divided = first match { 2 when n / m > 1; 1 when n / m <= 1 }
score lenient = first match { 2 when (f is present) treat unknown as no; 1 when (f is not present) treat unknown as no }
score declared = first match { 2 when n < 3; 1 when n > 3 }
gap in declared when n = 3 because "公式の表に、３の行がない"
"#,
    );
    assert!(marked.is_empty(), "{marked:?}");
}

/// A declared gap inside of the rows takes nothing from the others.
#[test]
fn a_declaration_changes_nothing() {
    let rows = r#"
score s = first match {
  bands of n { < 2 gives 6; 2..3 gives 2; > 3 gives 0 } when m < 2
  bands of n { < 3 gives 6; > 3 gives 0 } when m >= 2
}
"#;
    let declared = "gap in s when n = 3 because \"公式の表に、３の行がない\"";
    assert_eq!(covered(rows), ["s"]);
    assert_eq!(covered(&format!("{rows}{declared}")), ["s"]);
    let shared = r#"grade level : a "A" | b "B" = bands of n { <= 3 gives a; >= 3 gives b }"#;
    let declared = "overlap in level when n = 3 because \"公式の表に、３が二度ある\"";
    assert_eq!(covered(shared), ["level"]);
    assert_eq!(covered(&format!("{shared}\n{declared}")), ["level"]);
}

/// Whoever has written 不明 is completed by each known answer, and has still written it.
#[test]
fn a_row_against_not_knowing_is_held_against_it() {
    let rows = |first: &str, second: &str| {
        covered(&format!(
            "score s = first match {{ 2 when {first}; 1 when {second} }}"
        ))
    };
    assert!(rows("f is present and f is not unclear", "f is absent").is_empty());
    assert_eq!(rows("f is present", "f is absent or f is unclear"), ["s"]);
}
