//! Hostile and oversized definitions: an answer, never a crash, at a cost that grows with the length.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports by panicking"
)]

use kohyo_compiler::{Files, compile, prove};
use kohyo_engine::{Answers, Context, Date, Form, evaluate};
use std::collections::BTreeSet;
use std::time::Duration;

const FORM: &str = "shitei/999_sample/form.kohyo";

/// A disease with `items` before its judgement, which reads the criterion or field `reads`.
fn disease(items: &str) -> String {
    format!(
        "disease shitei 999 \"見本\" {{ edition \"1\" from 2024-04-01; source notice \"見本\" }}\n\
         section s \"項目\" {{ field a \"甲\" : choice {{ 1 yes \"はい\"; 2 no \"いいえ\" }} }}\n\
         {items}\n\
         judgement diagnosis \"診断\" {{ category sure \"確実\" when a is yes; otherwise none \"なし\"; eligible sure }}\n"
    )
}

fn numbered(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(|i| line(i) + "\n").collect()
}

/// What compiling and proving came to, with the small stack of a server's worker: the codes found, and what it
/// cost the thread. What compiles is loaded and judged, too.
fn compiled(files: Files) -> (BTreeSet<&'static str>, Duration) {
    let work = move || {
        let start = spent();
        let done = compile(&files, FORM);
        // Proofs count their steps; whatever they cannot settle they say.
        prove(&done);
        let cost = spent() - start;
        assert_eq!(done.program.is_none(), done.has_errors());
        if let Some(program) = done.program {
            let form = Form::new(program).unwrap();
            let context = Context {
                today: Date::day(2026, 4, 1).unwrap(),
                application: kohyo_engine::program::Application::New,
            };
            let outcome = evaluate(&form, &Answers::new(&form), &context);
            assert!(!outcome.judgements.is_empty());
        }
        (done.diagnostics.iter().map(|d| d.code).collect(), cost)
    };
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(work)
        .unwrap()
        .join()
        .unwrap()
}

/// Processor time of this thread, which other work on the machine does not disturb.
fn spent() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let first = told.split(' ').next().and_then(|n| n.parse().ok());
    Duration::from_nanos(first.unwrap_or(0))
}

fn one(text: String) -> Files {
    let mut files = Files::new();
    files.insert(FORM, text);
    files
}

/// Four times as much takes nowhere near sixteen times as long. Gives the codes of the longer one.
fn grows_evenly(what: &str, size: usize, files: impl Fn(usize) -> Files) -> BTreeSet<&'static str> {
    let (_, short) = compiled(files(size));
    let (codes, long) = compiled(files(4 * size));
    assert!(
        long < short * 9 + Duration::from_millis(300),
        "{what}: {short:?} for {size}, then {long:?}"
    );
    codes
}

fn check(what: &str, size: usize, items: impl Fn(usize) -> String, expected: &[&str]) {
    let codes = grows_evenly(what, size, |n| one(disease(&items(n))));
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), expected, "{what}");
}

#[test]
fn rules_that_read_each_other_twice_do_not_double_the_work() {
    let doubling = |line: &'static str| {
        move |n: usize| {
            "criterion c0 = a is yes\nscore s0 = 1\n".to_owned()
                + numbered(n, |i| {
                    line.replace("NEXT", &(i + 1).to_string())
                        .replace("THIS", &i.to_string())
                })
                .as_str()
        }
    };
    for line in [
        "criterion cNEXT = all of { cTHIS; cTHIS }",
        "criterion cNEXT = any of { cTHIS; not cTHIS }",
        "criterion cNEXT = cTHIS and cTHIS and cTHIS",
        "criterion cNEXT = if cTHIS then cTHIS else cTHIS",
        "score sNEXT = max of { sTHIS; sTHIS }",
        "score sNEXT = sum of { sTHIS; sTHIS }\ncriterion cNEXT = sNEXT > 3",
        "score sNEXT = sum of { 1 when sTHIS > 0; 2 when sTHIS > 1 }",
    ] {
        check(line, 12, doubling(line), &[]);
    }
}

#[test]
fn editions_that_migrate_from_every_older_one_are_walked_once() {
    const NEWEST: usize = 40;
    let mut files = Files::new();
    for edition in 0..=NEWEST {
        let older = |from: usize| format!("migrate from edition \"{from}\" {{ }}");
        // Nothing leads from the oldest.
        let text = disease(&numbered(edition.saturating_sub(1), |i| older(i + 1)));
        let may = if edition == NEWEST {
            "; renewal may use edition \"0\""
        } else {
            ""
        };
        let head = format!(
            "edition \"{edition}\" from {}-04-01; source notice \"見本\"{may} ",
            1990 + edition
        );
        let text = text.replace(
            "edition \"1\" from 2024-04-01; source notice \"見本\" ",
            &head,
        );
        let path = match edition {
            NEWEST => FORM.to_owned(),
            older => format!("shitei/999_sample/edition_{older}.kohyo"),
        };
        files.insert(path, text);
    }
    let (codes, cost) = compiled(files);
    assert!(codes.contains("E0661"), "{codes:?}");
    assert!(cost < Duration::from_secs(5), "{cost:?}");
}

#[test]
fn a_long_chain_of_rules_is_one_finding() {
    check(
        "forwards",
        500,
        |n| {
            "criterion c0 = a is yes\n".to_owned()
                + numbered(n, |i| format!("criterion c{} = c{i}", i + 1)).as_str()
        },
        &["E0760"],
    );
    check(
        "backwards",
        500,
        |n| {
            numbered(n, |i| format!("criterion c{i} = c{}", i + 1))
                + format!("criterion c{n} = a is yes").as_str()
        },
        &["E0760"],
    );
    check(
        "in a circle",
        500,
        |n| numbered(n, |i| format!("criterion c{i} = c{}", (i + 1) % n)),
        &["E0501"],
    );
}

#[test]
fn many_rules_and_fields() {
    check(
        "rules",
        500,
        |n| numbered(n, |i| format!("criterion c{i} = a is yes")),
        &[],
    );
    check(
        "rules of one name",
        500,
        |n| numbered(n, |_| "criterion c = a is yes".to_owned()),
        &["E0099", "E0209"],
    );
    check(
        "fields",
        500,
        |n| {
            format!(
                "section t \"項目\" {{\n{}}}",
                numbered(n, |i| format!("field f{i} \"項目\" : date"))
            )
        },
        &[],
    );
    check(
        "sections",
        300,
        |n| numbered(n, |i| format!("section t{i} \"項目\" {{ note \"注\" }}")),
        &[],
    );
    check(
        "codes",
        500,
        |n| {
            format!(
                "code k \"符号\" {{\n{}}}\nsection t \"項目\" {{ field f \"項目\" : k }}\ncriterion c = f is c1",
                numbered(n, |i| format!("{i} c{i} \"符号\""))
            )
        },
        &[],
    );
    check(
        "one field after the other",
        100,
        |n| {
            let line = |i: usize| {
                format!(
                    "field f{} \"項目\" : choice {{ 1 yes \"はい\" }} shown when f{i} is yes",
                    i + 1
                )
            };
            format!(
                "section t \"項目\" {{\nfield f0 \"項目\" : choice {{ 1 yes \"はい\" }}\n{}}}",
                numbered(n, line)
            )
        },
        &["E0760"],
    );
}

#[test]
fn long_lines() {
    for (what, joint) in [("and", " and "), ("or", " or ")] {
        check(
            what,
            500,
            |n| format!("criterion c = {}", vec!["a is yes"; n].join(joint)),
            &[],
        );
    }
    check(
        "hidden fields in one condition",
        100,
        |n| {
            let field =
                |i: usize| format!("field f{i} \"項目\" : integer 0..9 shown when a is yes");
            format!(
                "section t \"項目\" {{\n{}}}\ncriterion c = all of {{\na is yes\n{}}}",
                numbered(n, field),
                numbered(n, |i| format!("f{i} > 3"))
            )
        },
        &[],
    );
    check(
        "sum",
        500,
        |n| {
            format!(
                "score x = sum of {{\n{}}}",
                numbered(n, |i| format!("{i} when a is yes"))
            )
        },
        &[],
    );
}

#[test]
fn a_long_judgement_is_one_finding() {
    check(
        "categories",
        100,
        |n| {
            let line = |i: usize| format!("category k{i} \"甲\" when a is yes");
            format!(
                "judgement other \"別の判定\" {{\n{}otherwise none \"なし\"\neligible k0 }}",
                numbered(n, line)
            )
        },
        &["E0760"],
    );
}

#[test]
fn a_huge_table() {
    check(
        "table",
        10,
        |n| {
            let heads: Vec<String> = (0..n).map(|i| format!("{i} ..< {}", i + 1)).collect();
            let cells = vec!["low"; n].join(" | ");
            format!(
                "section t \"項目\" {{ field x \"甲\" : integer 0..999; field y \"乙\" : integer 0..999 }}\n\
                 table m \"表\" : low \"低\" | high \"高\" {{\n| x in {}\ny in 0 ..< 1 | {cells}\n{}}}",
                heads.join(" | "),
                numbered(n - 1, |i| format!("{} ..< {} | {cells}", i + 1, i + 2))
            )
        },
        &[],
    );
}

#[test]
fn many_mistakes() {
    check(
        "unknown names",
        300,
        |n| numbered(n, |i| format!("criterion known_{i} = unknown_{i}")),
        &["E0099", "E0204"],
    );
    check(
        "wrong kinds",
        300,
        |n| numbered(n, |i| format!("criterion c{i} = a")),
        &["E0099", "E0311"],
    );
}

#[test]
fn expressions_as_deep_as_they_can_be_written() {
    let sum = |levels: usize| {
        let mut text = "1".to_owned();
        for _ in 0..levels {
            text = format!("({text}{})", " + 1".repeat(60));
        }
        format!("score x = {text}")
    };
    let (codes, _) = compiled(one(disease(&sum(60))));
    assert_eq!(codes, BTreeSet::from(["E0022"]));
    let (codes, _) = compiled(one(disease(&sum(1))));
    assert_eq!(codes, BTreeSet::new());
    let unless = |levels: usize| {
        let mut text = "a is yes".to_owned();
        for _ in 0..levels {
            text = format!("({text}{})", " unless a is no".repeat(60));
        }
        format!("criterion x = {text}")
    };
    let (codes, _) = compiled(one(disease(&unless(60))));
    assert_eq!(codes, BTreeSet::from(["E0022"]));
}

#[test]
fn modules_that_use_modules() {
    let chain = |n: usize| {
        let mut files = one(disease("use common.m0"));
        for i in 0..n {
            files.insert(
                format!("common/m{i}.kohyo"),
                format!("module common.m{i} \"部品\" {{ }}\nuse common.m{}\n", i + 1),
            );
        }
        files.insert(
            format!("common/m{n}.kohyo"),
            format!("module common.m{n} \"部品\" {{ }}\n"),
        );
        files
    };
    assert_eq!(compiled(chain(20)).0, BTreeSet::new());
    assert_eq!(grows_evenly("chain", 500, chain), BTreeSet::from(["E0761"]));
    let many = |n: usize| {
        let mut files = one(disease(&numbered(n, |i| format!("use common.m{i}"))));
        for i in 0..n {
            files.insert(
                format!("common/m{i}.kohyo"),
                format!("module common.m{i} \"部品\" {{ }}\n"),
            );
        }
        files
    };
    assert_eq!(grows_evenly("many", 200, many), BTreeSet::new());
}
