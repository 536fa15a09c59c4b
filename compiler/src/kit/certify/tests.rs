//! What is counted as which difference, and what a signature covers.

use super::*;
use crate::kit::{Expected, ExpectedFinding, Format, Purpose, Side};
fn record() -> IndexRecord {
    IndexRecord {
        file: "0001-required-tremor.xml".into(),
        sha256: "00".into(),
        purposes: vec![Purpose {
            check: "required.tremor".into(),
            side: Side::Fail,
            purpose: "「振戦」が必須のとき、記入しない".into(),
        }],
        expected: Expected {
            findings: vec![
                ExpectedFinding {
                    check: "required.tremor".into(),
                    item: Some("tremor".into()),
                    level: Level::Error,
                },
                ExpectedFinding {
                    check: "R001".into(),
                    item: Some("stage".into()),
                    level: Level::Warning,
                },
            ],
            verdict: Some(ExpectedVerdict {
                result: ResultKind::Undetermined,
                judgements: BTreeMap::from([("diagnosis".into(), None)]),
                previous: None,
            }),
        },
    }
}

fn certified(printed: &[&str]) -> Report {
    let product = Product {
        product: Some("個票 <くん>".into()),
        product_version: Some("3.2".into()),
        command: "vendor {file}".into(),
    };
    let mut certification = Certification::new("kohyo 0", product, "2026-06-01T00:00:00Z");
    certification.release(UsedRelease {
        release: "2026-12".into(),
        manifest_sha256: "ab".into(),
    });
    certification.kit(KitUsed {
        form: "shitei-006".into(),
        edition: "2020".into(),
        title: "パーキンソン病".into(),
        seed: None,
        format: Format::Xml,
        records: printed.len(),
        index_sha256: "00".into(),
        tested: vec!["R001".into(), "required.tremor".into()],
        not_tested: vec![crate::kit::Gap {
            check: "csv.quote".into(),
            reason: "CSVの点検のため、この形式のキットには含めません".into(),
        }],
        left_out: 0,
        words: BTreeMap::from(
            [
                ("required.tremor", "「振戦」が未記入です"),
                ("R001", "重症度 <と> 診断が食い違っています"),
                ("judgement.diagnosis", "診断のカテゴリー"),
                ("judgement.diagnosis=definite", "確実"),
                ("code.tremor", "使っていない"),
            ]
            .map(|(id, word)| (id.to_owned(), word.to_owned())),
        ),
    });
    for printed in printed {
        certification.record(&record(), DOCUMENT, &Answer::parse(printed.as_bytes()));
    }
    certification.finish()
}

const DOCUMENT: &[u8] = b"<record>\n<diagnosis>\n<rigidity>1</rigidity>\n</diagnosis>\n<severity>\n<stage>3</stage>\n</severity>\n</record>\n";

const RIGHT: &str = r#"{"findings":[
    {"check":"R001","level":"warning","path":"/record/severity/stage","item":"Yahr"},
    {"check":"required.tremor","level":"error","path":"/record/diagnosis/tremor","item":"振戦"}],
    "verdicts":[{"record":1,"result":"undetermined","judgements":{"diagnosis":null}}]}"#;

#[test]
fn the_order_of_findings_does_not_matter() {
    let report = certified(&[RIGHT, &format!("\u{feff}{RIGHT}\n")]);
    assert_eq!(report.summary.differences(), 0, "{report:#?}");
    assert_eq!(report.summary.agreed, 2);
    assert!(report.text().contains("相違はありません"));
}

#[test]
fn each_kind_of_difference_is_named_with_its_check() {
    let text = mistaken().text();
    for line in [
        "記録 5件のうち一致 1件。見逃し 3、誤検出 2、レベル違い 1、判定違い 2件、答えなし 2件",
        "  R001（重症度 <と> 診断が食い違っています）: 期待 5、検出 2、見逃し 1、誤検出 0、レベル違い 1、判定違い 0",
        "  R099: 期待 0、検出 0、見逃し 0、誤検出 1、レベル違い 0、判定違い 0",
        "  required.tremor（「振戦」が未記入です）: 期待 5、検出 1、見逃し 2、誤検出 1、レベル違い 0、判定違い 0",
        "  judgement.diagnosis（診断のカテゴリー）: 期待 0、検出 0、見逃し 0、誤検出 0、レベル違い 0、判定違い 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}

/// A verdict that says more than there is to be judged is another verdict.
#[test]
fn judgements_that_the_form_does_not_have_are_differences() {
    let verdict = |more: &str| RIGHT.replace("\"judgements\":{", more);
    let report = certified(&[
        &verdict("\"previous\":\"eligible\",\"judgements\":{"),
        &verdict("\"judgements\":{\"other\":\"severe\",\"open\":null,"),
    ]);
    assert_eq!(report.summary.wrong_verdicts, 2);
    let told = report.differences.iter().map(|difference| {
        let (check, kind) = (&difference.check, difference.kind);
        format!(
            "{kind:?} {check}: {}、{}\n",
            difference.expected, difference.actual
        )
    });
    insta::assert_snapshot!(told.collect::<String>(), @"
    WrongVerdict previous: 判定なし、eligible
    WrongVerdict judgement.open: 判定なし、未定
    WrongVerdict judgement.other: 判定なし、severe
    ");
}

#[test]
fn a_signed_report_comes_apart_again_and_a_changed_one_does_not() {
    let report = certified(&[RIGHT, ""]);
    let text = report.with_signature(Some(("試験受付", "abcd")));
    let verified = Report::parse(&text).unwrap();
    assert_eq!(verified.report, report);
    assert_eq!(verified.signed, report.unsigned().into_bytes());
    assert_eq!(verified.signature.as_deref(), Some("abcd"));
    let unsigned = report.with_signature(None);
    assert_eq!(Report::parse(&unsigned).unwrap().signature, None);
    // What stands behind the signed part cannot say anything else.
    let smuggled = text.replace(
        "\n,\"signature\"",
        "\n,\"command\":\"other\"\n,\"signature\"",
    );
    let parsed = Report::parse(&smuggled);
    assert!(parsed.is_err() || parsed.unwrap().signed != verified.signed);
}

/// A program with every kind of mistake, and one right answer.
fn mistaken() -> Report {
    certified(&[
        // One is missing, one of another item, one of another level.
        r#"{"findings":[
            {"check":"R001","level":"error","path":"/record/severity/stage"},
            {"check":"required.tremor","level":"error","path":"/record/diagnosis/rigidity"},
            {"check":"R099"}],
            "verdicts":[{"result":"eligible","judgements":{"diagnosis":"definite"}}]}"#,
        r#"{"findings":[]}"#,
        "",
        "Segmentation <fault>",
        RIGHT,
    ])
}

#[test]
fn the_report_names_each_difference_with_its_check_and_the_purpose_of_the_record() {
    insta::assert_snapshot!(mistaken().text());
}

#[test]
fn the_page_says_the_same() {
    let page = mistaken().html(Beside {
        documents: "../documents/",
        signed: Some(Signed {
            signer: "試験 <受付>",
            fingerprint: "0123 4567",
            report: "report.json",
        }),
    });
    let (_, body) = page.split_once("<body>").unwrap();
    let lines = ["<h2>", "<tr>", "<dt>", "<p"];
    let body = lines.iter().fold(body.to_owned(), |body, tag| {
        body.replace(tag, &format!("\n{tag}"))
    });
    insta::assert_snapshot!(body);
}

#[test]
fn what_cannot_be_read_is_told_in_japanese() {
    let trouble = |printed: &str| Answer::parse(printed.as_bytes()).unwrap_err().0;
    insta::assert_snapshot!(
        ["Segmentation fault", "{\"findings\":[", "{}"].map(trouble).join("\n"), @"
    出力を読めません: JSONの書き方と違います（1行1桁め）（docs/targets/kit.md の形で出力してください）
    出力を読めません: 途中で終わっています（1行13桁め）（docs/targets/kit.md の形で出力してください）
    出力を読めません: 要る項目がないか、値の種類が違います（missing field `findings` at line 1 column 2）（docs/targets/kit.md の形で出力してください）
    ");
}

#[test]
fn a_report_without_differences_says_so() {
    let report = certified(&[RIGHT]);
    insta::assert_snapshot!(report.text());
    let verdict = "<p class=\"verdict good\">相違はありません</p>";
    let plain = Beside {
        documents: "",
        signed: None,
    };
    assert!(report.html(plain).contains(verdict));
}
