//! What a response says, and what is told about one that is not right.

use super::*;
use crate::generate::{generate, heading};
use crate::samples::{self, essence};
use insta::assert_snapshot;
use kohyo_engine::RawAnswers;

/// Each record with its result and findings.
fn check(bytes: &[u8]) -> String {
    samples::told(&samples::reports(|checker, to| {
        checker.check_responses(bytes, to);
    }))
}

fn written(raw: &RawAnswers) -> String {
    let mut text = Vec::new();
    write_response(&samples::form(), heading(), raw, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// The full record with one text in it replaced.
fn changed(from: &str, to: &str) -> String {
    let text = written(&samples::full());
    let other = text.replacen(from, to, 1);
    assert_ne!(text, other, "{from}");
    check(other.as_bytes())
}

#[test]
fn a_record_is_written_as_a_response() {
    assert_snapshot!(written(&samples::full()));
    assert_snapshot!(check(written(&samples::full()).as_bytes()), @"個票1: eligible");
}

#[test]
fn xml_and_fhir_say_the_same() {
    let form = samples::form();
    for seed in 0..40 {
        let raw = generate(&form, seed);
        let mut xml = Vec::new();
        crate::write_record(&form, heading(), &raw, &mut xml).unwrap();
        let mut json = Vec::new();
        write_response(&form, heading(), &raw, &mut json).unwrap();
        let of_xml = samples::reports(|checker, to| checker.check_slice(&xml, to));
        let of_json = samples::reports(|checker, to| checker.check_responses(&*json, to));
        assert_eq!(essence(of_xml), essence(of_json), "{seed}");
    }
}

#[test]
fn numbers_keep_their_digits() {
    let mut raw = samples::full();
    raw.insert("igg4".into(), vec!["0.1".into()]);
    let text = written(&raw);
    assert!(text.contains("\"valueDecimal\": 0.1\n"), "{text}");
    let (record, findings) = read_response(text.as_bytes(), &samples::library()).unwrap();
    assert_eq!(findings, []);
    let form = samples::form();
    assert_eq!(kohyo_engine::written(&form, &record.answers), raw);
}

#[test]
fn what_cannot_be_read_goes_through_as_it_is() {
    let mut raw = samples::full();
    raw.insert("stage".into(), vec!["３".into()]);
    raw.insert("tremor".into(), vec!["9".into()]);
    let of_json = check(written(&raw).as_bytes());
    let mut csv = crate::CsvWriter::new(&samples::form(), Vec::new()).unwrap();
    csv.write(heading(), &raw).unwrap();
    let csv = csv.finish().unwrap();
    let of_csv = samples::reports(|checker, to| checker.check_csv(|| Ok(csv.as_slice()), to));
    let of_csv: Vec<_> = of_csv
        .into_iter()
        .flat_map(|report| report.findings)
        .map(|found| found.check)
        .collect();
    assert!(of_csv.len() >= 2, "{of_csv:?}");
    for check in of_csv {
        assert!(of_json.contains(&*check), "{check}: {of_json}");
    }
}

#[test]
fn several_responses_stand_behind_each_other_or_in_a_bundle() {
    let form = samples::form();
    let writer = ResponseWriter::new(&form);
    let mut lines = Vec::new();
    for _ in 0..3 {
        writer
            .write_line(heading(), &samples::full(), &mut lines)
            .unwrap();
    }
    assert_eq!(
        check(&lines),
        "個票1: eligible\n個票2: eligible\n個票3: eligible\n"
    );
    let one = written(&samples::full());
    let bundle = format!(
        r#"{{ "resourceType": "Bundle", "type": "collection", "entry": [
            {{ "resource": {{ "resourceType": "Patient" }} }}, {{ "resource": {one} }}, {{}} ] }}"#
    );
    assert_eq!(check(bundle.as_bytes()), "個票1: eligible\n");
    assert_eq!(
        check(format!("\u{feff}{one}").as_bytes()),
        "個票1: eligible\n"
    );
}

#[test]
fn what_is_no_response_is_told() {
    assert_snapshot!(check(b""), @"
    個票0: 判定なし
      file.empty [] ファイルが空です（個票を書き出し直してください）
    ");
    assert_snapshot!(check(b"{ \"a\": 1,, }"), @"
    個票0: 判定なし
      fhir.not_json [] 1行10文字目: JSONとして読めません（この位置の近くの記号（引用符、コンマ、かっこ）と、文字コードがUTF-8であることを確かめてください）
    ");
    assert_snapshot!(check(b"{ \"resourceType\": \"Patient\" }\n[1, 2]\n{ \"form\": \"shitei-999\", \"answers\": {} }"), @"
    個票1: 判定なし
      fhir.resource [] /records/record[1] 1行: QuestionnaireResponse ではなく Patient です（個票を QuestionnaireResponse として書き出してください）
    個票2: 判定なし
      fhir.resource [] /records/record[2] 2行: FHIRのリソースではありません（resourceType がありません）（個票を記録XML、CSV、FHIRの QuestionnaireResponse のどれかで書き出してください（JSONで読むのは QuestionnaireResponse だけです））
    個票3: 判定なし
      fhir.resource [] /records/record[3] 3行: JSON Schema の形の回答（form、answers）です。個票としては読みません（個票を記録XML、CSV、FHIRの QuestionnaireResponse のどれかで書き出してください（JSONで読むのは QuestionnaireResponse だけです））
    ");
    let half = written(&samples::full());
    assert!(check(&half.as_bytes()[..half.len() / 2]).contains("JSONが途中で終わっています"));
    let deep = "[".repeat(100_000);
    let deep = format!(
        "{{\"resourceType\":\"QuestionnaireResponse\",\"questionnaire\":\"urn:kohyo:form:shitei-006|2020\",\"item\":{deep}"
    );
    assert!(check(deep.as_bytes()).contains("fhir.not_json"));
}

#[test]
fn the_head_of_a_response_is_checked() {
    let told = [
        changed(
            "urn:kohyo:form:shitei-006|2020",
            "urn:kohyo:form:shitei-006|2019",
        ),
        changed(
            "urn:kohyo:form:shitei-006|2020",
            "urn:kohyo:form:shitei-06|2020",
        ),
        changed("urn:kohyo:form:shitei-006|2020", "http://example.org/q"),
        changed("\"questionnaire\"", "\"other\""),
        changed("\"new\"", "\"old\""),
        changed("2026-06-01", "2026-06"),
        changed("\"completed\"", "\"entered-in-error\""),
        changed("\"status\"", "\"modifierExtension\": [{}], \"status\""),
    ];
    assert_snapshot!(told.concat());
    let going_on = changed("\"completed\"", "\"in-progress\"");
    assert!(
        going_on.starts_with("個票1: eligible\n  fhir.status [] "),
        "{going_on}"
    );
    assert_eq!(changed("\"completed\"", "\"amended\""), "個票1: eligible\n");
    let with_time = changed("\"2026-06-01\"", "\"2026-06-01T10:30:00+09:00\"");
    assert_eq!(with_time, "個票1: eligible\n");
}

#[test]
fn a_point_in_time_is_the_day_that_it_is_in_japan() {
    let days = [
        ("2026-06-01T20:00:00Z", Some("2026-06-02")),
        ("2026-06-01T14:59:59.999Z", Some("2026-06-01")),
        ("2026-06-02T00:30:00+10:00", Some("2026-06-01")),
        ("2026-06-01T23:30:00+09:00", Some("2026-06-01")),
        ("2026-06-01T23:30:00", Some("2026-06-01")),
        ("2026-06-01", Some("2026-06-01")),
        ("2026-06-01T20:00:00+99:00", None),
        ("2026-06-01Tあ", None),
    ];
    for (authored, day) in days {
        let text = written(&samples::full()).replacen("2026-06-01", authored, 1);
        let reports = samples::reports(|checker, to| checker.check_responses(text.as_bytes(), to));
        let written = reports[0].written.map(|day| day.to_string());
        assert_eq!(written.as_deref(), day, "{authored}");
    }
}

/// However the resources are laid out in the file.
#[test]
fn findings_stand_at_their_items_or_else_at_their_records() {
    let form = samples::form();
    let mut raw = samples::full();
    raw.extend(samples::raw(&[
        ("stage", &["9"]),
        ("birth_date", &["2025-01-01"]),
    ]));
    raw.remove("name");
    let pretty = written(&raw).replace("\"igg4\"", "\"igg5\"");
    let mut line = Vec::new();
    ResponseWriter::new(&form)
        .write_line(heading(), &raw, &mut line)
        .unwrap();
    let line = String::from_utf8(line).unwrap();
    let line = line.replace("\"igg4\"", "\"igg5\"");
    let bundle = format!(
        "{{ \"resourceType\": \"Bundle\", \"id\": \"束\", \"entry\": [\n {{ \"resource\": {pretty} }}, {{ \"resource\": {} }} ] }}",
        line.trim_end()
    );
    let text = format!("{pretty}{line}{line}\n  {bundle} {pretty}");
    let reports = samples::reports(|checker, to| checker.check_responses(text.as_bytes(), to));
    let lines: Vec<&str> = text.split('\n').collect();
    assert_eq!(reports.len(), 6);
    let mut records = Vec::new();
    for report in &reports {
        let (mut items, mut missing) = (0, 0);
        for found in &report.findings {
            let line = found.place.line.unwrap();
            let Some(column) = found.place.column else {
                records.push((report.number, line));
                missing += 1;
                continue;
            };
            let name = match &*found.check {
                "fhir.unknown_item" => "igg5",
                _ => found.place.path.rsplit('/').next().unwrap(),
            };
            let rest: String = lines[line as usize - 1]
                .chars()
                .skip(column as usize - 1)
                .collect();
            assert!(rest.starts_with(&format!("\"{name}\"")), "{found} {rest}");
            items += 1;
        }
        assert!(items >= 3 && missing >= 1, "{:?}", report.findings);
    }
    records.dedup();
    let begin = |nth: usize| {
        let (at, _) = text
            .match_indices("\"QuestionnaireResponse\"")
            .nth(nth)
            .unwrap();
        let begin = text[..at].rfind('{').unwrap();
        text[..begin].matches('\n').count() as u64 + 1
    };
    let begins: Vec<_> = (0..6).map(|nth| (nth as u64 + 1, begin(nth))).collect();
    assert_eq!(records, begins);
}

#[test]
fn a_mistake_of_structure_stands_where_it_is_in_the_file() {
    let one = written(&samples::full());
    let wrong = one.replacen("\"status\": ", "\"status\": [\"あ\"], \"item\": ", 1);
    let told = check(format!("{one}{{}}\n {wrong}").as_bytes());
    assert_snapshot!(told, @"
    個票1: eligible
    個票2: 判定なし
      fhir.resource [] /records/record[2] 146行: FHIRのリソースではありません（resourceType がありません）（個票を記録XML、CSV、FHIRの QuestionnaireResponse のどれかで書き出してください（JSONで読むのは QuestionnaireResponse だけです））
    個票3: 判定なし
      fhir.structure [] /records/record[3] 150行12文字目: FHIRの構造として読めません（この位置の値の種類か、同じ名前の重複）（item と answer は配列、値は FHIR R4 の型で書いてください）
    ");
}

#[test]
fn what_is_wrong_with_an_item_stands_at_its_place() {
    let told = [
        changed("\"linkId\": \"tremor\"", "\"linkId\": \"tremer\""),
        changed("\"linkId\": \"igg4\"", "\"linkId\": \"stage\""),
        changed(
            "codes:shitei-006:2020:finding",
            "codes:shitei-007:2020:finding",
        ),
        changed("\"valueDecimal\": 135.5", "\"valueDecimal\": \"135.5\""),
        changed("\"valueDecimal\": 135.5", "\"valueDecimal\": 1355e-1"),
        changed(
            "\"valueDecimal\": 135.5",
            "\"valueQuantity\": { \"value\": 135.5, \"unit\": \"g/L\" }",
        ),
        changed(
            "\"valueDecimal\": 135.5",
            "\"valueQuantity\": { \"value\": 135.5, \"comparator\": \">\" }",
        ),
        changed("\"valueDate\": \"2019\"", "\"valueDateTime\": \"2019\""),
        changed("\"valueInteger\": 3", "\"valueInteger\": 9"),
    ];
    assert_snapshot!(told.concat());
    let quantity = changed(
        "\"valueDecimal\": 135.5",
        "\"valueQuantity\": { \"value\": 135.5, \"unit\": \"mg/dL\" }",
    );
    assert_eq!(quantity, "個票1: eligible\n");
}

#[test]
fn what_a_form_calculates_is_passed_over() {
    let with_value = changed(
        "\"linkId\": \"section.severity\",",
        "\"linkId\": \"value.score\", \"answer\": [{ \"valueInteger\": 3 }] }, { \"linkId\": \"section.severity\",",
    );
    assert_eq!(with_value, "個票1: eligible\n");
}
