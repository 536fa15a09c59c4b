//! A judgement of another disease: what comes with it, what stays there, and who knows of it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is the report of a test"
)]

use insta::assert_snapshot;
use kohyo_compiler::ide::{self, Lines, Position};
use kohyo_compiler::quality::count;
use kohyo_compiler::{Compilation, Files, SyntaxCache, card, compile, coverage, prove};
use kohyo_dsl::LineIndex;
use kohyo_engine::{Context, Form, RawAnswers, evaluate, read_lenient};

const OTHER: &str = "shitei/090_retina/form.kohyo";
const FORM: &str = "shitei/303_usher/form.kohyo";

/// A disease with an older edition, branches of rules, hidden questions, sides, and a module that
/// both diseases use.
const RETINA: &str = r#"disease shitei 090 "網膜の病" {
  edition "2020" from 2020-04-01
  source notice "通知 別紙 090"
}
use codes.finding
use scale.field as vf
section severity "重症度に関する事項" {
  group eyes "視力" {
    note "良好な方の眼の値を用いる。"
    each side eye "眼" of right "右", left "左" {
      field acuity "矯正視力" : decimal 3.2 0.00..2.00 required better higher
      field note "備考" : text 20
    }
  }
  field night_blindness "夜盲" : finding required
  field treated "治療" : choice { 1 yes "あり"; 2 no "なし" }
}
criterion blind "視力0.2未満" cites "0.2未満" = better acuity < 0.20
criterion unused "使わない基準" = treated is yes
judgement diagnosis "診断" {
  category rp "網膜の病" when night_blindness is present
  otherwise none "該当しない"
  eligible rp
}
judgement severity "重症度" cites "＜重症度分類＞" first match {
  subtype late "進行期" when diagnosis is rp {
    category iv "IV度" when blind
    category iii "III度" when vf.narrow
  }
  otherwise i "I度"
  eligible late
}
check R001 error "矛盾です" at night_blindness violated when treated is yes and night_blindness is absent
"#;

const FIELD: &str = r#"module scale.field "視野" { prefix vf }
section severity "重症度に関する事項" {
  field tested "視野検査" : choice { 1 done "実施"; 2 not_done "未実施" unknown } required
  field residual "残存視野" : integer "度" 0..180 required shown when tested is done
}
criterion narrow "視野狭窄" cites "視野狭窄" = tested is done and residual <= 20 度
"#;

const USHER: &str = r#"disease shitei 303 "アッシャーの病" {
  edition "2024" from 2024-04-01
  source notice "通知 別紙 303" text "303.txt"
}
use codes.finding
use shitei 090 only severity as rp
section diagnosis "診断に関する事項" {
  field night_blindness "夜盲（ここで尋ねる）" : finding required
  field hearing "聴力" : integer "dB" 0..130 required
}
criterion blind "視覚障害" cites "網膜の病の重症度分類" = rp.severity is late
judgement diagnosis "診断" {
  category definite "確実" when hearing >= 25 dB
  otherwise none "該当しない"
  eligible definite
}
judgement severity "重症度" {
  category meets "対象" when any of { blind; rp.severity is late.iii; hearing >= 70 dB }
  otherwise below "対象外"
  eligible meets
}
"#;

const FINDING: &str = r#"module codes.finding "所見" { }
code finding "所見" { 1 present "あり"; 2 absent "なし"; 3 unclear "不明" unknown }
"#;

fn files() -> Files {
    let mut files = Files::new();
    files.insert(OTHER, RETINA);
    let older = RETINA
        .replace("\"2020\" from 2020", "\"2015\" from 2015")
        .replace("IV度", "古いIV度");
    files.insert("shitei/090_retina/edition_2015.kohyo", older);
    files.insert("scale/field.kohyo", FIELD);
    files.insert("codes/finding.kohyo", FINDING);
    files.insert(FORM, USHER);
    files
}

fn compiled(files: &Files) -> Compilation {
    let compiled = compile(files, FORM);
    assert!(compiled.program.is_some(), "{}", found(files, &compiled));
    compiled
}

fn found(files: &Files, compiled: &Compilation) -> String {
    let mut out = String::new();
    for d in &compiled.diagnostics {
        let text = files.get(&d.file).unwrap_or_default();
        let at = LineIndex::new(text).line_column(text, d.span.start);
        out += &format!("{}:{} {} {}\n", d.file, at.line, d.code, d.message);
        for label in &d.labels {
            let text = files.get(&label.file).unwrap_or_default();
            let at = LineIndex::new(text).line_column(text, label.span.start);
            out += &format!("  {}:{} {}\n", label.file, at.line, label.text);
        }
    }
    out
}

#[test]
fn the_card_shows_what_came_and_where_from() {
    let program = compiled(&files()).program.unwrap();
    assert_snapshot!(card(&program));
}

#[test]
fn the_explanation_says_whose_judgement_it_is() {
    let form = Form::new(compiled(&files()).program.unwrap()).unwrap();
    let raw: RawAnswers = [
        ("night_blindness", "1"),
        ("hearing", "30"),
        ("acuity_right", "0.10"),
        ("acuity_left", "0.15"),
    ]
    .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
    .into();
    let (answers, refused) = read_lenient(&form, &raw);
    assert_eq!(refused, []);
    let context = Context {
        today: "2026-04-01".parse().unwrap(),
        application: kohyo_engine::program::Application::New,
    };
    let outcome = evaluate(&form, &answers, &context);
    let severity = outcome.judgements.iter().find(|j| j.name == "severity");
    assert_snapshot!(serde_json::to_string_pretty(&severity.unwrap().explanation).unwrap());
}

#[test]
fn proofs_citations_and_changes_stay_with_the_other_disease() {
    let files = files();
    let compiled = compiled(&files);
    let report = prove(&compiled);
    assert_eq!(report.findings, []);
    let about: Vec<&str> = report.proven.iter().map(|s| s.text.as_str()).collect();
    assert!(
        about.iter().all(|text| !text.contains("網膜の病")),
        "{about:?}"
    );

    let text =
        "＜診断基準＞\n0.2未満のもの。\n視野狭窄を認める。\n網膜の病の重症度分類を用いる。\n";
    let covered = coverage::coverage(&files, FORM, text).unwrap();
    let drawn: Vec<String> = covered
        .list
        .iter()
        .map(|s| format!("{} {:?} {:?}", s.number, s.status, s.by))
        .collect();
    assert_snapshot!(drawn.join("\n"));

    // Nothing of the other disease is changed: two judgements, one criterion, nothing else.
    assert_eq!(count(&compiled), count(&alone()));
}

/// The same rules over a plain field: as many changes as without the other disease's.
fn alone() -> Compilation {
    let mut files = files();
    let own = USHER
        .replace("use shitei 090 only severity as rp\n", "")
        .replace("rp.severity is late.iii", "rp is iii")
        .replace("rp.severity is late", "rp in { iv; iii }")
        .replace(
            "  field hearing",
            "  field rp \"網膜\" : choice { 1 iv \"IV\"; 2 iii \"III\"; 3 i \"I\" }\n  field hearing",
        );
    files.insert(FORM, own);
    compiled(&files)
}

#[test]
fn mistakes_name_both_places() {
    let mut files = files();
    let mut check = |text: String| {
        files.insert(FORM, text);
        found(&files, &compile(&files, FORM))
    };
    let mut out = String::new();
    // Another type; hidden where the judgement reads it; a rule that is not lent; no such judgement,
    // no such disease, no such category.
    for (from, to) in [
        (
            "夜盲（ここで尋ねる）\" : finding required",
            "夜盲\" : choice { 1 present \"あり\"; 2 absent \"なし\" } required",
        ),
        (
            "夜盲（ここで尋ねる）\" : finding required",
            "夜盲\" : finding required shown when hearing is answered",
        ),
        ("rp.severity is late\n", "rp.blind\n"),
        ("only severity as", "only severty as"),
        ("shitei 090 only", "shitei 091 only"),
        ("rp.severity is late.iii", "rp.severity is late.ii"),
        ("rp.severity is late.iii", "rp.severity"),
    ] {
        let text = USHER.replace(from, to);
        if text != USHER {
            out += &format!("— {to}\n{}", check(text));
        }
    }
    assert_snapshot!(out);
}

#[test]
fn diseases_that_read_each_other_are_a_circle() {
    let mut files = files();
    files.insert(
        OTHER,
        RETINA.replace(
            "use codes.finding\n",
            "use codes.finding\nuse shitei 303 only diagnosis as usher\n",
        ),
    );
    assert_snapshot!(found(&files, &compile(&files, FORM)), @"shitei/090_retina/form.kohyo:6 E0203 モジュールが互いに使い合い、循環しています");
}

/// Where the `nth` of these words stands in a file.
fn at(text: &str, words: &str, nth: usize) -> Position {
    let (offset, _) = text.match_indices(words).nth(nth).unwrap();
    Lines::new(text).position(offset + words.len() - 1)
}

#[test]
fn the_editor_follows_the_judgement_to_its_disease() {
    let files = files();
    let mut cache = SyntaxCache::default();
    let place = |l: &ide::Location| {
        let text = files
            .get(&l.path)
            .unwrap()
            .lines()
            .nth(l.range.start.line as usize);
        format!("{}: {}\n", l.path, text.unwrap().trim())
    };
    let mut out = String::new();
    for (words, nth) in [
        ("090", 0),
        ("only severity", 0),
        ("rp.severity", 0),
        ("rp", 2),
        ("late", 0),
    ] {
        let position = at(USHER, words, nth);
        let found = ide::definition(&files, &mut cache, FORM, position);
        out += &format!(
            "{words} → {}",
            found.as_ref().map_or("—\n".to_owned(), place)
        );
    }
    let position = at(RETINA, "judgement severity", 0);
    out += "references of severity\n";
    for found in ide::references(&files, &mut cache, OTHER, position, true) {
        out += &place(&found);
    }
    let position = at(USHER, "rp.severity", 0);
    let hover = ide::hover(&files, &mut cache, FORM, position).unwrap();
    out += &hover.markdown;
    out += &format!("users {:?}\n", ide::users(&files, &mut cache, OTHER));
    let typed = format!("{USHER}criterion x = rp.\n");
    let mut broken = files.clone();
    broken.insert(FORM, typed.clone());
    let end = Lines::new(&typed).position(typed.len() - 1);
    let offered = ide::completion(&broken, &mut cache, FORM, end);
    let labels: Vec<&str> = offered.iter().map(|c| c.label.as_str()).collect();
    out += &format!("rp. {labels:?}\n");
    assert_snapshot!(out);
}
