//! What is read at first sight is what the grammar would have read.

use kohyo_dsl::{expected, header, parse, parse_by_grammar};
use std::path::{Path, PathBuf};

/// Every definition of the library.
fn definitions(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            definitions(&path, found);
        } else if path.extension().is_some_and(|e| e == "kohyo") {
            found.push(path);
        }
    }
}

#[test]
fn the_library_reads_the_same_both_ways() {
    let mut found = Vec::new();
    definitions(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../forms"),
        &mut found,
    );
    assert!(found.len() > 30, "{found:?}");
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.display().to_string();
        assert!(
            parse(&name, &text) == parse_by_grammar(&name, &text),
            "{name}"
        );
        assert_eq!(header(&name, &text), parse(&name, &text).file.header);
    }
}

/// Texts on the border of what is plainly right.
#[test]
fn doubtful_texts_read_the_same_both_ways() {
    const RULES: &[&str] = &[
        "a\n- b",
        "a - b",
        "a -b",
        "1 -2 < a",
        "2024-4-1 < a",
        "1234-5-6 < a",
        "a < 3 mg/dL and b",
        "a < 3 to",
        "a < 3 mg..5",
        "a in 3 mg..5 mg",
        "a in 3 .. 5",
        "a in - 3 .. 5",
        "a < 3\n\"mg\"",
        "a < 3 \"mg\"",
        "a < 3 _x",
        "age at b < 3 age",
        "age(b)",
        "max (b)",
        "max(b) < 3",
        "if(a) then b else c",
        "count.a is b",
        "a.b . c",
        "a is not answered",
        "a is answered",
        "a is yes",
        "a not in { b | c, d; e }",
        "a not in 3 ..< 4",
        "a in 3 <.. 4",
        "a in 3 < .. 4",
        "a in 3<..<4 mg or b",
        "d in 2010-04-01 <.. 2017-03-31",
        "a < b < c",
        "(a < b) < c",
        "(a and b) and c",
        "a treat unknown as no and b",
        "a < 3 if shown else 2 + 1 and b",
        "not a is b",
        "- a + b",
        "not not a",
        "any of { a; b }",
        "any of { a b }",
        "any of { a, b }",
        "any of {\na\n(b)\n}",
        "any of {\na\nnot in { b } }",
        "any of { ;; a ;; }",
        "any of { \"x\": a; 3 when b }",
        "first match { a when b; otherwise c }",
        "first match { otherwise c; a when b }",
        "at least 2 of { a; b }",
        "at least 2.0 of { a; b }",
        "exactly 99999999999 of { a }",
        "ticked differs from b",
        "(ticked) differs from b",
        "relatives includes mother",
        "relatives includes any of { mother; father }",
        "relatives includes at least 2 of { mother, father\n aunt } and a",
        "age at a >= 7 years 6 months",
        "age at a >= 7 years\n 6 months",
        "age at a in 6 months ..< 7 years 6 months and b",
        "age at a in 1 year 6 months..3 years",
        "days from a to b in 2 weeks 3 days <.. 4 weeks 1 day",
        "a within 1 year 6 months of b",
        "a within 1 year 6 days of b",
        "a + 1 year 6 months < b",
        "1.5 years 6 months",
        "1 year 6.5 months",
        "1 歳 6 か月 = a",
        "1 year 6 monthsx",
        "age at earliest of { a; b } >= 3",
        "months from latest of tests { taken } to today >= 6",
        "earliest of a.tests as first \"先\" { taken }",
        "month of a > month of b + 6 months",
        "month of (a + 1 month) = month of today",
        "year of earliest of { a; b } >= year of c",
        "month of",
        "month in { a }",
        "relatives includes none",
        "relatives includes none of { }",
        "relatives includes exactly 1.5 of { mother }",
        "relatives includes exactly 1 of { mother }",
        "count of relatives in { mother; father } >= 2",
        "count of a.relatives in { mother }",
        "count of relatives in 1..2",
        "sum of relatives in { mother }",
        "months from a to today >= 6 months",
        "round(a, 1) = 2",
        "round(a,) = 2",
        "a is b.c",
        "a is b . c",
        "a is b .c",
        "a is b.1",
        "a is answered.c",
        "a in { b.c; d }",
        "a in { b. c }",
        "grade >= 2 and points.class in { a; b }",
        "none or count and at < first",
        "months >= 3 months",
        "months from a to months >= 3",
        "age in { a; b } or age in months at age > 3",
        "exactly or exactly 2 of { all; any of { none } }",
        "new application and new is a",
        "if if then then",
        "if a then none else first",
        "today.a",
        "max of a { max }",
        "first match { none when all; otherwise any }",
        "better better < worse",
        "better a < worse b.c",
        "better.a < 3",
        "better(a) < 3",
        "worse and a",
        "age in months at a < 3 months",
        "age in years at a < 3",
        "a within 3 days of b",
        "a within 3days of b + 1 day and c",
        "a within 3 mg of b",
        "a within 1.5 months of b",
        "a within 3 years after b < c",
        "a if shown else b within 3 days of c",
        "any of a { b }",
        "any of a as b \"x\" { b.c is d and any of a { e > b.e } }",
        "any of a as b { c }",
        "any of a as { c }",
        "any of a.b { c } and d",
        "any of a { b; c }",
        "any of a { }",
        "at least 1 of in { b }",
        "sum of domain { domain \"x\" { a } }",
        "sum of domain { domain \"x\" { a } domain \"y\" { 2 when b; c } }",
        "sum of domain { domain \"x\" { a }, domain \"y\" { b } }",
        "sum of domain { }",
        "sum of domain { a }",
        "sum of domain { domain }",
        "sum of domain.a { b }",
        "max of domain { domain }",
        "bands of a { < 3 mg gives 0; 3 ..< 4 gives 1\n>= 4 gives b }",
        "bands of a + 1 { <-3 gives -1; = - 3 gives 2 }",
        "bands of a { < 3 gives 0 >= 3 gives 1 }",
        "bands of a { < 3 gives 0, >= 3 gives 1 }",
        "bands of a { < 3 gives 0\n-3 ..< -2 gives 1 }",
        "bands of a { != 3 gives 0 }",
        "bands of a { 2020-04-01..2024-03-31 gives 0 }",
        "bands of a is b { < 3 gives 0 }",
        "bands of a { < 3 gives b is c }",
        "bands of { < 3 gives b }",
        "bands of a { }",
        "bands of not a { > b gives c }",
        "\"\\x\" = a",
        "\"a\\\"b\" = a",
    ];
    for rule in RULES {
        for text in [
            format!("module m \"m\" {{ }}\ncriterion x = {rule}\n"),
            format!(
                "module m \"m\" {{ }}\nsection s \"s\" {{ field f \"f\" : date shown when {rule}\nrequired }}\n"
            ),
            format!(
                "module m \"m\" {{ }}\ntable t : a | b {{\n| {rule} | in 3..4\n{rule} | a | b\n}}\n"
            ),
        ] {
            assert_eq!(parse("x", &text), parse_by_grammar("x", &text), "{text}");
        }
    }
}

/// Items on the border of what is plainly right.
#[test]
fn doubtful_items_read_the_same_both_ways() {
    const ITEMS: &[&str] = &[
        "judgement j \"j\" { subtype a \"a\" when b { category c \"c\" when d } eligible a.c }",
        "judgement j \"j\" { subtype a \"a\" when b { category c \"c\" when d }\neligible a. c }",
        "judgement j \"j\" { subtype a \"a\" when b { }; otherwise c \"c\" }",
        "judgement j \"j\" { subtype a \"a\" { category c \"c\" when d } }",
        "judgement j \"j\" { subtype a \"a\" when b { otherwise c \"c\" } }",
        "judgement j \"j\" first match { subtype a \"a\" when any of { b } { category c \"c\" when d\ncategory e \"e\" when f; } }",
        "gap in a when b < 3 because \"c\"",
        "overlap in a.b when c because d",
        "private gap in a when b because \"c\"",
        "migrate from edition \"a\" { }",
        "migrate from edition \"a\" { b from c\nmap from d\nwhere from e }",
        "migrate from edition \"a\" { b from c map { 1->2; 3 -> 4;5 -> ask } }",
        "migrate from edition \"a\" { b from c map { 1 -> 2mg } }",
        "migrate from edition \"a\" { b from c map { 1 -> 2, 3 -> 4 } where it fits }",
        "migrate from edition \"a\" { b from c map {\n1 -> 2 3 -> 4 } }",
        "migrate from edition \"a\" { b from c map }",
        "migrate from edition \"a\" { b from c where it }",
        "migrate from edition \"a\" { drop because because \"b\"; ask from because \"c\" }",
        "migrate from edition \"a\" { drop from because \"b\"\ndrop from c }",
        "migrate from edition \"a\" { drop b, c\nbecause \"d\" ask e because \"f\" }",
        "section s \"s\" { rows a \"a\" 0..3 of { field b \"b\" : date } }",
        "section s \"s\" { rows a \"a\" 0..3 required when b of { } }",
        "section s \"s\" { rows a \"a\" 0 .. 99999999999 of { } }",
        "section s \"s\" { rows a \"a\" 0 ..< 3 of { } }",
        "section s \"s\" { rows a \"a\" 0..3.5 of { } }",
        "section s \"s\" { rows a \"a\" 0..3of { } }",
        "section s \"s\" { rows a \"a\" of { } }",
        "section s \"s\" { each side a \"a\" of right \"r\", left \"l\" { field b \"b\" : date better higher } }",
        "section s \"s\" { each side a \"a\" shown when b is c of right \"r\" { note \"n\" } field d \"d\" : date }",
        "section s \"s\" { each side a \"a\" better lower better higher of right \"r\" { } }",
        "section s \"s\" { each side a \"a\" of { } }",
        "section s \"s\" { each a \"a\" of right \"r\" { } }",
        "section s \"s\" { field a \"a\" : integer better }",
        "code c \"c\" { 1a \"a\"; 2mg b \"b\" }",
    ];
    for item in ITEMS {
        let text = format!("module m \"m\" {{ }}\n{item}\n");
        assert_eq!(parse("x", &text), parse_by_grammar("x", &text), "{text}");
    }
}

/// A keyword that begins an operand must not be read as a name: the quick reader tells the two apart
/// by the word after it, and has to know each of them.
#[test]
fn keywords_that_begin_an_operand_are_known() {
    const KNOWN: &[&str] = &[
        "age", "all", "any", "at", "bands", "better", "count", "days", "earliest", "exactly",
        "first", "if", "latest", "max", "min", "month", "months", "new", "no", "none", "not",
        "renewal", "sum", "today", "worse", "year", "years", "yes",
    ];
    let text = "module m \"m\" { }\ncriterion x = ";
    let keywords: Vec<&str> = expected(text, text.len()).keywords.into_iter().collect();
    assert_eq!(
        keywords, KNOWN,
        "a new one belongs in `Quick::is_at_keyword`"
    );
}
