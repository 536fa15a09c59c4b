//! Record XML of the real forms, from file to error list: nothing is lost and nothing stops the
//! rest. What it costs in memory: `bulk_memory.rs`.

use insta::assert_snapshot;
use kohyo_engine::program::Application;
use kohyo_engine::{Context, Date, Form, RawAnswers, evaluate, read};
use kohyo_exchange::generate::{generate, generate_for, heading};
use kohyo_exchange::{
    ErrorList, Heading, Library, Options, RecordReport, RecordWriter, check_document,
    check_records, namespace,
};
use serde_json::Value;
use std::fs;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;
use tempfile::TempDir;

fn forms() -> Vec<Arc<Form>> {
    let programs = tests::programs::all();
    programs
        .into_iter()
        .map(|program| Arc::new(Form::new(program).unwrap()))
        .collect()
}

fn form(key: &str) -> Arc<Form> {
    Arc::new(Form::new(tests::programs::one(key)).unwrap())
}

fn today() -> Date {
    "2026-07-01".parse().unwrap()
}

fn options() -> Options<'static> {
    Options {
        today: today(),
        threads: NonZeroUsize::new(2).unwrap(),
        normalise: false,
        keep_records: false,
        except: &[],
    }
}

#[test]
fn a_record_says_the_same_as_xml_and_as_written_values() {
    let forms = forms();
    let library = Library::new(forms.clone()).unwrap();
    let kept = kept_for_checks(&forms);
    for form in forms {
        let writer = RecordWriter::new(&form);
        for seed in 0..10 {
            let application = if seed % 3 == 0 {
                Application::Renewal
            } else {
                Application::New
            };
            // An edition that has ended is filled in on its last day.
            let heading = Heading {
                application,
                written: form.program().valid_to.or(heading().written),
            };
            let context = Context {
                today: heading.written.unwrap(),
                application,
            };
            let mut raw = generate_for(&form, &context, seed);
            // Every other record lacks an answer.
            if seed % 2 == 0 {
                raw.pop_last();
            }
            let mut xml = Vec::new();
            writer.write(heading, &raw, &mut xml).unwrap();
            let reports = check_document(&xml, &library, today());
            assert_eq!(
                said(&check_document(&xml, &kept, today())),
                said(&reports),
                "{} without reasons",
                form.program().key
            );
            let (answers, refused) = read(&form, &raw);
            let outcome = evaluate(&form, &answers, &context);
            assert_eq!(reports.len(), 1);
            assert_eq!(reports[0].result, Some(outcome.result));
            let direct: Vec<&str> = refused
                .iter()
                .chain(&outcome.findings)
                .map(|finding| finding.check.as_str())
                .collect();
            let checked: Vec<&str> = reports[0]
                .findings
                .iter()
                .map(|finding| finding.check.as_ref())
                // What the edition before says is no part of the form's own outcome.
                .filter(|check| *check != "record.previous_edition")
                .collect();
            assert_eq!(checked, direct, "{}", form.program().key);
        }
    }
}

/// The same forms as a bulk check keeps them: without reasons, and only the last of them.
fn kept_for_checks(forms: &[Arc<Form>]) -> Library {
    let forms = forms.to_vec();
    let is = |form: &Form, key: &str, edition: &str| {
        let program = form.program();
        program.key == key && program.edition == edition
    };
    let places: Vec<(String, String)> = forms
        .iter()
        .map(|form| (form.program().key.clone(), form.program().edition.clone()))
        .collect();
    let load = move |key: &str, edition: &str| {
        let form = forms.iter().find(|form| is(form, key, edition));
        form.cloned().ok_or_else(String::new)
    };
    Library::for_checks(places, load).unwrap()
}

/// Everything that reports say, but for the form itself.
fn said(reports: &[RecordReport]) -> String {
    let each = reports.iter().map(|report| {
        format!(
            "{:?} {:?} {:?} {:?}",
            report.result, report.previous, report.categories, report.findings
        )
    });
    each.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_kind_of_bad_input_has_a_line_of_its_own() {
    let form = form("shitei-222");
    let folder = TempDir::new().unwrap();
    let good = (0..)
        .map(|seed| generate(&form, seed))
        .find(|raw| raw.contains_key("serum_albumin"))
        .unwrap();
    let mut xml = Vec::new();
    RecordWriter::new(&form)
        .write(heading(), &good, &mut xml)
        .unwrap();
    let xml = String::from_utf8(xml).unwrap();
    let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let begin = format!(
        "<record xmlns=\"{}\" application=\"new\">",
        namespace(form.program())
    );
    let utf16: Vec<u8> = xml.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (before_patient_ends, _) = xml.split_once("</patient>").unwrap();
    put("00_good.xml", xml.as_bytes());
    put(
        "01_unknown_disease.xml",
        xml.replace("shitei-222:", "shitei-22:").as_bytes(),
    );
    put(
        "02_unknown_edition.xml",
        xml.replace("shitei-222:2020", "shitei-222:1999").as_bytes(),
    );
    put("03_truncated.xml", before_patient_ends.as_bytes());
    put(
        "04_wrong_unit.xml",
        xml.replace("albumin unit=\"g/dL\"", "albumin unit=\"g/L\"")
            .as_bytes(),
    );
    put("05_hidden_answered.xml", hidden(&form, &good).as_bytes());
    put(
        "06_shift_jis.xml",
        b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><record>\x8e\x52</record>",
    );
    put(
        "07_shift_jis_as_utf8.xml",
        &[begin.as_bytes(), b"\n<patient><family_name>\x8e\x52"].concat(),
    );
    put("08_utf16.xml", &utf16);
    put(
        "09_nested.xml",
        format!("{begin}{}", "<a>".repeat(17_000_000)).as_bytes(),
    );
    put("10_two_roots.xml", format!("{xml}<record/>").as_bytes());
    put("11_dtd.xml", format!("<!DOCTYPE record>\n{xml}").as_bytes());
    put("12_billion_laughs.xml", billion_laughs().as_bytes());
    put(
        "13_entity.xml",
        xml.replace("</patient>", "&file;</patient>").as_bytes(),
    );
    put("14_empty.xml", b"");
    put("15_not_xml.xml", b"\x89PNG\r\n\x1a\n");
    put("16_zero_bytes.xml", &[0; 4096]);
    put(
        "17_name_twice.xml",
        xml.replace("</patient>", "<family_name>A</family_name></patient>")
            .as_bytes(),
    );
    let paths = [
        folder.path().to_owned(),
        folder.path().join("18_missing.xml"),
    ];
    let library = Library::new(forms()).unwrap();
    let begun = Instant::now();
    let mut list = ErrorList::json(Vec::new()).unwrap();
    let summary = check_records(
        &paths,
        &library,
        options(),
        |_| {},
        |file, report| list.add(file.strip_prefix(folder.path()).unwrap(), &report),
    )
    .unwrap();
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    assert_eq!((summary.files, summary.results.not_judged), (19, 6));
    let list: Value = serde_json::from_slice(&list.finish(&summary).unwrap()).unwrap();
    let lines: Vec<String> = list["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(line)
        .collect();
    assert_snapshot!(lines.join("\n"), @r#"
    01_unknown_disease.xml 個票1 xml.unknown_form: 様式「shitei-22」はありません（「shitei-022」の書き間違いではありませんか）
    02_unknown_edition.xml 個票1 xml.unknown_edition: 様式 shitei-222 に版「1999」はありません（使える版は 2020 です）
    03_truncated.xml 個票1 xml.truncated: ファイルが要素 <patient> の途中で終わっています（ファイルが最後まで書き出され、転送されているか確認してください）
    04_wrong_unit.xml 個票1 unit.serum_albumin: 「血清アルブミン値」の単位が「g/L」になっています（単位を g/dL に換算した値を書いてください）
    05_hidden_answered.xml 個票1 hidden.recipient_number: 「受給者番号」は更新申請だけの項目ですが、記入があります（記入を消すか、申請の種類を確かめてください）
    06_shift_jis.xml file.encoding: 文字コードがShift_JISになっています（UTF-8で書き出し直してください（XML宣言は encoding="UTF-8"））
    07_shift_jis_as_utf8.xml 個票1 file.encoding: UTF-8として正しくないバイト（0x8E）が先頭から89バイト目にあります（Shift_JISなどで保存されていないか確認し、UTF-8で書き出し直してください）
    08_utf16.xml file.encoding: 文字コードがUTF-16になっています（UTF-8で書き出し直してください（XML宣言は encoding="UTF-8"））
    09_nested.xml 個票1 xml.unknown_element: 要素 <a> はここに書けません（様式のXMLスキーマにある区分の要素名を確認してください）
    09_nested.xml 個票1 xml.too_deep: 要素の入れ子が64段を超えています（終了タグの書き忘れがないか確認してください）
    10_two_roots.xml xml.not_well_formed: ルート要素の後に別の要素があります（ルート要素を一つにしてください。複数の個票は <records> の中に並べます）
    11_dtd.xml xml.dtd: 文書型宣言（<!DOCTYPE>）は使えません（<!DOCTYPE …> を取り除いてください。実体参照は &lt; &gt; &amp; &apos; &quot; と文字参照だけが使えます）
    12_billion_laughs.xml xml.dtd: 文書型宣言（<!DOCTYPE>）は使えません（<!DOCTYPE …> を取り除いてください。実体参照は &lt; &gt; &amp; &apos; &quot; と文字参照だけが使えます）
    13_entity.xml 個票1 xml.entity: 実体参照「&file;」は使えません（使えるのは &lt; &gt; &amp; &apos; &quot; と文字参照（&#…;）だけです）
    14_empty.xml file.empty: ファイルが空です（個票を書き出し直してください）
    15_not_xml.xml file.foreign: 画像のファイルです。個票として読むことはできません（印刷やスキャンではなく、個票を作成したソフトからXML、CSV又はFHIRで書き出したファイルを指定してください）
    16_zero_bytes.xml xml.not_well_formed: XMLに書けない文字（U+0000）があります（制御文字などの見えない文字を取り除いてください）
    17_name_twice.xml 個票1 xml.duplicate_element: 要素 <family_name> が二つ以上あります（一つだけ残してください。最初のものを読みました）
    18_missing.xml file.unreadable: ファイルを読めません: 見つかりません（OSエラー 2）（パスとファイル名を確認してください）
    "#);
}

/// File, record, check, message and help.
fn line(finding: &Value) -> String {
    let text = |name: &str| finding[name].as_str().unwrap_or_default();
    let record = finding["record"]
        .as_u64()
        .map_or(String::new(), |number| format!(" 個票{number}"));
    let (file, check, message, help) = (text("file"), text("check"), text("message"), text("help"));
    format!("{file}{record} {check}: {message}（{help}）")
}

/// The record with an answer to a question that it hides.
fn hidden(form: &Form, raw: &RawAnswers) -> String {
    let mut raw = raw.clone();
    raw.insert("recipient_number".into(), vec!["1234567".into()]);
    let mut xml = Vec::new();
    RecordWriter::new(form)
        .write(heading(), &raw, &mut xml)
        .unwrap();
    String::from_utf8(xml).unwrap()
}

fn billion_laughs() -> String {
    let entities: String = (1..12)
        .map(|n| format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10)))
        .collect();
    format!("<!DOCTYPE r [<!ENTITY a0 \"lol\">{entities}]><r>&a11;</r>")
}
