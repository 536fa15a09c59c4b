//! What an author sees of the cases' quality: a definition and its cases in, the gaps out.

#![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

use kohyo_compiler::quality::{MOST_EFFORT, Quality, count, measure};
use kohyo_compiler::{Files, cases, compile};
use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

const FORM: &str = r#"
disease shitei 006 "試験病" {
  edition "2020" from 2017-04-01
  source notice "試験"
}
code finding "所見" { 1 present "あり"; 2 absent "なし"; 3 unclear "不明" unknown }
section main "項目" {
  field tremor   "振戦"       : finding
  field rigidity "強剛"       : finding
  field albumin  "アルブミン" : decimal 3.1 "g/dL" 0..10
  field onset    "発症日"     : date
  field birth    "生年月日"   : date
  field detail   "詳細"       : text 20 shown when tremor is present
}
criterion signs "所見がある" = any of { tremor is present; rigidity is present }
criterion low "低アルブミン" = albumin <= 3.0 g/dL
judgement diagnosis "診断" {
  category definite "確実" when all of { signs; low }
  otherwise none "非該当"
  eligible definite
}
check T001 error "発症が出生より前です" at onset violated when onset < birth
"#;

/// Measures these cases.
fn quality(rules: &str, yaml: &str) -> Quality {
    quality_within(rules, yaml, MOST_EFFORT)
}

/// With so much effort.
fn quality_within(rules: &str, yaml: &str, effort: u64) -> Quality {
    let mut files = Files::new();
    files.insert("form.kohyo", rules);
    let compiled = compile(&files, "form.kohyo");
    assert!(compiled.program.is_some(), "{:#?}", compiled.diagnostics);
    let tried = AtomicUsize::new(0);
    let progress = |more| {
        tried.fetch_add(more, Ordering::Relaxed);
    };
    let quality = measure(
        &compiled,
        &cases::parse(yaml).unwrap(),
        2,
        effort,
        &progress,
    )
    .unwrap();
    assert_eq!(tried.into_inner(), count(&compiled), "progress is complete");
    quality
}

/// The report as text.
fn drawn(quality: &Quality) -> String {
    let mut out = format!(
        "{} of {} noticed, {} %; left out: {} proved, {} tried\n",
        quality.killed,
        quality.mutants,
        quality.mutation_score,
        quality.equal_proved,
        quality.equal_tried
    );
    for survivor in &quality.survivors {
        let _ = writeln!(out, "{}: {}", survivor.place, survivor.change);
        for difference in &survivor.differs {
            let _ = writeln!(out, "  ({difference})");
        }
        out.push_str(survivor.case.as_deref().unwrap_or("  no patient\n"));
    }
    for unseen in &quality.unseen {
        let _ = writeln!(out, "never: {} {}", unseen.place, unseen.never.join(" "));
    }
    out
}

#[test]
fn a_threshold_that_no_case_stands_at_survives_with_a_patient_to_add() {
    let report = quality(
        FORM,
        r#"
base: { tremor: absent, rigidity: absent, albumin: 2, birth: 2000-01-01, onset: 2020-01-01 }
cases:
  - { name: 振戦, on: 2026-01-01, answers: { tremor: present }, expect: { result: eligible } }
  - { name: 強剛, on: 2026-01-01, answers: { rigidity: present }, expect: { result: eligible } }
  - { name: なし, on: 2026-01-01, expect: { result: not_met, hidden: [detail] } }
  - { name: 高値, on: 2026-01-01, answers: { tremor: present, albumin: 3.1 }, expect: { result: not_met, shown: [detail] } }
  - { name: 逆転, on: 2026-01-01, answers: { onset: 1999-01-01 }, expect: { findings: [T001] } }
  - { name: 順当, on: 2026-01-01, expect: { no_findings: [T001] } }
"#,
    );
    insta::assert_snapshot!(drawn(&report));
}

#[test]
fn a_change_that_makes_no_difference_does_not_count() {
    let rules = FORM.replace(
        "all of { signs; low }",
        "all of { signs; low; any of { signs; tremor is present } }",
    );
    let report = quality(
        &rules,
        r#"
base: { tremor: absent, rigidity: absent, albumin: 2, birth: 2000-01-01, onset: 2000-01-01 }
cases:
  - { name: 振戦, on: 2026-01-01, answers: { tremor: present, albumin: 3.0 }, expect: { result: eligible } }
  - { name: 強剛, on: 2026-01-01, answers: { rigidity: present }, expect: { result: eligible } }
  - { name: なし, on: 2026-01-01, expect: { result: not_met, hidden: [detail], no_findings: [T001] } }
  - { name: 高値, on: 2026-01-01, answers: { tremor: present, albumin: 3.1 }, expect: { result: not_met, shown: [detail] } }
  - { name: 逆転, on: 2026-01-01, answers: { onset: 1999-01-01 }, expect: { findings: [T001] } }
  - { name: 不明, on: 2026-01-01, answers: { tremor: unclear }, expect: { result: undetermined, missing: [[tremor]] } }
"#,
    );
    insta::assert_snapshot!(drawn(&report));
}

#[test]
fn a_case_that_fails_guards_nothing() {
    let report = quality(
        FORM,
        "cases: [{ name: 誤り, on: 2026-01-01, expect: { result: eligible } }]",
    );
    assert_eq!((report.cases, report.killed), (0, 0));
    assert!(report.mutants > 10 && report.mutation_score == 0.0);
}

/// What the report proposes can be pasted: it passes, and the change it was proposed for is noticed.
#[test]
fn every_proposed_case_passes_when_it_is_pasted() {
    let form = FORM.replace(
        "  field onset ",
        "  each side eye \"眼\" of right \"右\", left \"左\" { field acuity \"視力\" : decimal 3.2 0..2 better higher }\n  field used \"使用\" : choice { 1 yes \"あり\"; 2 no \"なし\" }\n  field dose \"量\" : integer 0..100 required when used is yes\n  field onset ",
    );
    let form = form.replace(
        "criterion low ",
        "criterion sees \"視力が0.3以上\" = better acuity >= 0.3\ncriterion low ",
    );
    let mut yaml = String::from(
        "base: { tremor: present, albumin: 3.0, acuity: { right: 1.0, left: 0.1 }, used: yes, dose: 10, onset: 2020-01-01, birth: 1990-01-01 }\ncases:\n  - { name: 一つ目, on: 2026-06-01, expect: { result: eligible } }\n",
    );
    let first = quality(&form, &yaml);
    assert!(first.survivors.len() > 10, "{}", first.survivors.len());
    for survivor in &first.survivors {
        if let Some(case) = &survivor.case {
            yaml += case;
        }
    }
    let again = quality(&form, &yaml);
    assert_eq!(
        again.cases,
        first.survivors.len() + 1,
        "every case holds:\n{yaml}"
    );
    let left: Vec<String> = again
        .survivors
        .iter()
        .map(|s| format!("{}: {}", s.place, s.change))
        .collect();
    assert_eq!(left, Vec::<String>::new(), "{yaml}");
}

#[test]
fn a_window_is_made_longer_and_shorter() {
    let form = FORM.replace("when onset < birth", "when onset + 6 months < birth");
    let cases = |last_before: &str, first_after: &str| {
        let yaml = format!(
            r#"
base: {{ tremor: absent, rigidity: absent, albumin: 2, onset: 2020-01-01 }}
cases:
  - {{ name: 中, on: 2026-01-01, answers: {{ birth: {last_before} }}, expect: {{ no_findings: [T001] }} }}
  - {{ name: 外, on: 2026-01-01, answers: {{ birth: {first_after} }}, expect: {{ findings: [T001] }} }}
"#
        );
        quality(&form, &yaml).killed
    };
    let far = cases("2000-01-01", "2025-01-01");
    let near = cases("2020-07-01", "2020-07-02");
    // Longer, shorter, and the boundary included.
    assert_eq!(near, far + 3);
}

/// The points of a table are watched wherever they count, not only in the first rule that reads
/// them.
#[test]
fn points_that_only_a_check_tells_apart_are_noticed_by_a_case_of_the_check() {
    let report = quality(
        r#"
disease shitei 006 "試験病" {
  edition "2020" from 2017-04-01
  source notice "試験"
}
code grade "グレード" { 0 grade0 "なし" points 0; 1 grade1 "軽い" points 1; 3 grade3 "重い" points 3 }
section main "項目" { field skin "皮膚" : grade }
criterion severe "重い" = skin >= 3
judgement diagnosis "診断" {
  category definite "確実" when severe
  otherwise none "非該当"
  eligible definite
}
check T001 warning "皮膚の症状があります" at skin violated when skin >= 1
"#,
        r#"
cases:
  - { name: なし, on: 2026-01-01, answers: { skin: grade0 }, expect: { no_findings: [T001] } }
  - { name: 軽い, on: 2026-01-01, answers: { skin: grade1 }, expect: { findings: [T001] } }
"#,
    );
    let places = report.survivors.iter();
    let points: Vec<&str> = places
        .filter(|survivor| survivor.place.starts_with("点数"))
        .map(|survivor| survivor.change.as_str())
        .collect();
    let of = |label: &str| {
        points
            .iter()
            .filter(|change| change.contains(label))
            .count()
    };
    assert_eq!((of("なし"), of("軽い")), (0, 0), "{}", drawn(&report));
    assert!(of("重い") > 0, "{}", drawn(&report));
}

/// What the case nearby answers although it is hidden is not asked of the new case.
#[test]
fn a_proposed_case_answers_no_hidden_item() {
    let rules = r#"
disease shitei 006 "試験病" {
  edition "2020" from 2017-04-01
  source notice "試験"
}
section main "項目" {
  field treated "治療" : choice { 1 yes "あり"; 2 no "なし" } required
  field drug    "薬剤" : choice { 1 x "甲"; 2 y "乙" } required shown when treated is yes
  field joints  "関節" : integer 0..9 required
}
judgement diagnosis "診断" {
  category definite "確実" when joints >= 5
  otherwise none "非該当"
  eligible definite
}
"#;
    let report = quality(
        rules,
        "
base: { drug: x, joints: 7, treated: no }
cases:
  - { name: 多い, on: 2026-01-01, expect: { result: eligible } }
  - { name: 少ない, on: 2026-01-01, answers: { joints: 0 }, expect: { result: not_met } }
",
    );
    let cases: Vec<&String> = report
        .survivors
        .iter()
        .filter_map(|s| s.case.as_ref())
        .collect();
    let at_the_limit = |case: &&&String| case.contains("joints: \"5\"");
    assert!(cases.iter().any(|case| at_the_limit(&case)), "{cases:#?}");
    for case in cases.iter().filter(at_the_limit) {
        assert!(case.contains("drug: null"), "{case}");
    }
}

/// What the effort does not reach is counted by itself and named; it neither lowers nor raises the
/// score.
#[test]
fn a_bound_on_the_effort_is_reported() {
    let cases = "
base: { rigidity: absent, onset: 2020-01-01, birth: 1950-01-01 }
cases:
  - { name: あり, on: 2026-01-01, answers: { tremor: present, albumin: \"3.0\" }, expect: { result: eligible } }
  - { name: なし, on: 2026-01-01, answers: { tremor: absent, albumin: \"3.0\" }, expect: { result: not_met } }
";
    let whole = quality(FORM, cases);
    assert_eq!(
        (whole.cut, whole.untried.len()),
        (0, 0),
        "{}",
        drawn(&whole)
    );
    let all =
        |report: &Quality| report.mutants + report.equal_proved + report.equal_tried + report.cut;
    let none = quality_within(FORM, cases, 1);
    assert_eq!((none.mutants, none.cut), (0, all(&whole)));
    let named: usize = none.untried.iter().map(|part| part.changes).sum();
    assert_eq!(named, none.cut);
    assert!(
        none.untried
            .iter()
            .any(|part| part.place == "規則「低アルブミン」（low）"),
        "{:?}",
        none.untried
    );
    // With more effort some are settled, and then more.
    let mut more = (10..40).map(|power| quality_within(FORM, cases, 1 << power));
    let some = more.find(|report| report.cut < none.cut).unwrap();
    assert!(some.cut > 0, "{}", drawn(&some));
    assert_eq!(all(&some), all(&whole));
}
