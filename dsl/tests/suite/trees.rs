//! What texts mean: trees.

use crate::{EVERYTHING, PARKINSON, tree};
use kohyo_dsl::ast::{Expr, ItemKind};
use kohyo_dsl::parse;

/// The tree of a whole file without mistakes.
fn tree_of(text: &str) -> String {
    let parsed = parse("test.kohyo", text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    tree::file(&parsed.file)
}

/// The rule of a criterion.
fn rule(text: &str) -> Expr {
    let parsed = parse(
        "test.kohyo",
        &format!("module a \"a\" {{ }}\ncriterion x = {text}\n"),
    );
    assert_eq!(parsed.diagnostics, [], "{text}");
    match parsed.file.items.into_iter().next().unwrap().kind {
        ItemKind::Criterion(definition) => definition.rule,
        other => panic!("{other:?}"),
    }
}

/// `text` reads as `expected`.
fn check(text: &str, expected: &str) {
    assert_eq!(tree::expr(&rule(text)), expected, "{text}");
}

#[test]
fn a_whole_disease() {
    insta::assert_snapshot!(tree_of(PARKINSON));
}

#[test]
fn a_form_of_the_programme() {
    let text = "programme high_cost \"軽症高額の確認\" {\n  edition \"2015\" from 2015-01-01\n  source notice \"政令第1条\"\n  status draft\n  note \"33,330円ちょうどは数えない\"\n}\n";
    insta::assert_snapshot!(tree_of(text), @r#"
    programme high_cost "軽症高額の確認"
      edition "2015" from 2015-01-01
      source "政令第1条"
      status Draft
      note "33,330円ちょうどは数えない"
    "#);
    assert!(parse("t", text) == kohyo_dsl::parse_by_grammar("t", text));
    assert_eq!(kohyo_dsl::format(text).as_deref(), Ok(text));
}

#[test]
fn every_construct() {
    insta::assert_snapshot!(tree_of(EVERYTHING));
}

#[test]
fn operators_from_loosest_to_tightest() {
    check("a or b and c", "(or a (and b c))");
    check("a and b or c and d", "(or (and a b) (and c d))");
    check("a or b unless c or d", "(unless (or a b) (or c d))");
    check("a unless b unless c", "(unless (unless a b) c)");
    check("not a and b", "(and (not a) b)");
    check("not a is present", "(not (is a present))");
    check("not not a", "(not (not a))");
    check("not a < 3 and b", "(and (not (Less a 3)) b)");
    check(
        "a + b * c - d / e",
        "(Subtract (Add a (Multiply b c)) (Divide d e))",
    );
    check("-a * b", "(Multiply (- a) b)");
    check("a - -b", "(Subtract a (- b))");
    check("-3 < a + 1", "(Less (- 3) (Add a 1))");
    check("(a or b) and c", "(and (or a b) c)");
    check("a and (b and c)", "(and a (and b c))");
    check("a and b and c", "(and a b c)");
}

#[test]
fn suffixes_hold_what_is_tighter() {
    check("not a treat unknown as no", "(not (unknown=false a))");
    check(
        "a and b is present treat unknown as yes",
        "(and a (unknown=true (is b present)))",
    );
    check(
        "a + b >= 3 treat unknown as no",
        "(unknown=false (GreaterEqual (Add a b) 3))",
    );
    check("a if shown else no and b", "(and (shown a no) b)");
    check("(a if shown else 0) >= 3", "(GreaterEqual (shown a 0) 3)");
    check(
        "a >= 3 if shown else b >= 2",
        "(shown (GreaterEqual a 3) (GreaterEqual b 2))",
    );
    check(
        "a if shown else no treat unknown as no",
        "(unknown=false (shown a no))",
    );
    check("a + b in 3 ..< 5", "(in (Add a b) 3..<5)");
    check("a in 3 <.. 5", "(in a 3<..5)");
    check("a in 3<..<5 mg", "(in a 3<..<5[mg])");
}

#[test]
fn units_stand_on_the_line_of_their_number() {
    check("a >= 135 mg/dL", "(GreaterEqual a 135[mg/dL])");
    check("a >= 135mg/dL", "(GreaterEqual a 135[mg/dL])");
    check("a >= 5 %", "(GreaterEqual a 5[%])");
    check("a >= 38.5 ℃", "(GreaterEqual a 38.5[℃])");
    check("a >= 4000 \"/mm3\"", "(GreaterEqual a 4000[/mm3])");
    check("a >= 18 歳 and b", "(and (GreaterEqual a 18[歳]) b)");
    check(
        "a in 30 ..< 45 mL/min/1.73m2",
        "(in a 30..<45[mL/min/1.73m2])",
    );
    check("a in 30 mg..45 mg", "(in a 30[mg]..45[mg])");
}

#[test]
fn words_after_a_number_that_are_no_units() {
    check("if a then 1 else 2", "(if a 1 2)");
    check("sum of { 8 when a; 2 }", "(Sum (points 8 a) 2)");
    check("a >= 3 and b", "(and (GreaterEqual a 3) b)");
    check("a >= 3 unless b", "(unless (GreaterEqual a 3) b)");
    check("any of {\n a >= 3\n mg\n}", "(Any (GreaterEqual a 3) mg)");
    check("a in 3..4", "(in a 3..4)");
}

#[test]
fn members_of_a_block_are_separated_by_line_breaks() {
    check(
        "any of {\n a\n b is present\n not c\n (d or e)\n}",
        "(Any a (is b present) (not c) (or d e))",
    );
    check(
        "any of {\n a\n or b\n and c\n d }",
        "(Any (or a (and b c)) d)",
    );
    check(
        "all of {\n if a then b else c\n d if shown else no\n}",
        "(All (if a b c) (shown d no))",
    );
    check(
        "sum of {\n 8 when a\n 4 when b\n}",
        "(Sum (points 8 a) (points 4 b))",
    );
    check("sum of { -2 when a; -b }", "(Sum (points (- 2) a) (- b))");
    check(
        "sum of {\n 1 when a;\n -2 when b\n}",
        "(Sum (points 1 a) (points (- 2) b))",
    );
    check("max of {\n a\n - b }", "(Max (Subtract a b))");
}

#[test]
fn words_that_are_keywords_elsewhere_can_be_names() {
    check(
        "hy.stage >= 3 and df.grade >= 2",
        "(and (GreaterEqual hy.stage 3) (GreaterEqual df.grade 2))",
    );
    check("value > score", "(Greater value score)");
    check(
        "first and age and max and count",
        "(and first age max count)",
    );
    check("category is none", "(is category none)");
    check(
        "x in { none; new, other | unknown }",
        "(is x none,new,other,unknown)",
    );
    check(
        "first match { none when new is unknown; otherwise none }",
        "(first [none (is new unknown)] none)",
    );
    check("none of { none }", "(None none)");
    check(
        "new is new and new application",
        "(and (is new new) (application New))",
    );
    check("x is yes or x is not no", "(or (is x yes) (is-not x no))");
    check("minimum or android or isx", "(or minimum android isx)");
}

#[test]
fn names_are_normalised() {
    check("が", "が");
    check("か\u{3099}", "が");
    check("体重kg and 髙橋分類", "(and 体重kg 髙橋分類)");
}

#[test]
fn table_heads_become_full_conditions() {
    let table = |body: &str| {
        tree_of(&format!(
            "module a \"a\" {{ }}\ntable t : p | q {{\n{body}\n}}\n"
        ))
    };
    insta::assert_snapshot!(table(
        "             | upcr < 0.15 g/gCr | 0.15 ..< 0.50 | >= 0.50 g/gCr
         gfr >= 90    | p                 | p             | q
         60 ..< 90    | p                 | p             | q
         30..59       | p                 | q             | q
         not in 1..2  | q                 | q             | q"
    ), @r#"
    module a "a"
    table t : p | q
      column (Less upcr 0.15[g/gCr])
      column (in upcr 0.15[g/gCr]..<0.50[g/gCr])
      column (GreaterEqual upcr 0.50[g/gCr])
      row (GreaterEqual gfr 90) -> p,p,q
      row (in gfr 60..<90) -> p,p,q
      row (in gfr 30..59) -> p,q,q
      row (not (in gfr 1..2)) -> q,q,q
    "#);
    insta::assert_snapshot!(table(
        "| response is improved | is not improved | is answered | any of { a; b } and not c
         x in { a; b } | p | q | p | q
         in { c | d }  | p | q | p | q
         a and
           b           | p | q | p | q"
    ), @r#"
    module a "a"
    table t : p | q
      column (is response improved)
      column (is-not response improved)
      column (answered response)
      column (and (Any a b) (not c))
      row (is x a,b) -> p,q,p,q
      row (is x c,d) -> p,q,p,q
      row (and a b) -> p,q,p,q
    "#);
    insta::assert_snapshot!(table("| sd < -2.0 SD | -2.0 ..< 2.0 | >= 2.0\n a | p | p | q"), @r#"
    module a "a"
    table t : p | q
      column (Less sd (- 2.0[SD]))
      column (in sd -2.0[SD]..<2.0[SD])
      column (GreaterEqual sd 2.0[SD])
      row a -> p,p,q
    "#);
}

#[test]
fn between_two_dates_are_two_comparisons() {
    check(
        "d in 2010-04-01..2017-03-31",
        "(and (GreaterEqual d 2010-04-01) (LessEqual d 2017-03-31))",
    );
    check(
        "d not in 2010-04-01 ..< 2017-04-01 or a",
        "(or (not (and (GreaterEqual d 2010-04-01) (Less d 2017-04-01))) a)",
    );
}

#[test]
fn texts_and_dates() {
    check(r#"x = "a \"b\" \\ # c""#, r#"(Equal x "a \"b\" \\ # c")"#);
    check("x >= 2024-02-29", "(GreaterEqual x 2024-02-29)");
    check(
        "age at onset >= 18 years",
        "(GreaterEqual (age onset) 18[years])",
    );
    check(
        "months from (a) to today >= 6 months",
        "(GreaterEqual (Months a today) 6[months])",
    );
}

#[test]
fn spans_are_places_in_the_file() {
    let text = "module a \"a\" { }\n# 注釈\ncriterion 条件 = any of { 安静時振戦 is present; x >= 3 mg/dL }\n";
    let parsed = parse("test.kohyo", text);
    let ItemKind::Criterion(definition) = &parsed.file.items[0].kind else {
        panic!()
    };
    assert_eq!(definition.name.span.of(text), "条件");
    assert_eq!(
        definition.rule.span.of(text),
        "any of { 安静時振戦 is present; x >= 3 mg/dL }"
    );
    let kohyo_dsl::ast::ExprKind::Block { members, .. } = &definition.rule.kind else {
        panic!()
    };
    assert_eq!(members[0].span.of(text), "安静時振戦 is present");
    assert_eq!(members[1].span.of(text), "x >= 3 mg/dL");
    assert_eq!(
        parsed.file.header.unwrap().span.of(text),
        "module a \"a\" { }"
    );
    assert!(
        parsed.file.items[0]
            .span
            .of(text)
            .starts_with("criterion 条件")
    );
}
