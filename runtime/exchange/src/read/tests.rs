//! What is read, what is found, and what ends a file.

use super::*;
use crate::samples;
use crate::{Heading, RecordWriter, RecordsWriter, write_record};
use insta::assert_snapshot;
use kohyo_engine::program::Level;
use kohyo_engine::{Answer, RawAnswers, read as read_raw};
use proptest::prelude::*;

fn library() -> Library {
    Library::new([samples::form()]).unwrap()
}

/// Everything that comes out of a document, once in memory and once through the window.
fn outcome(xml: &[u8]) -> String {
    let slow = Trickle { bytes: xml, at: 0 };
    let library = library();
    let mut in_memory = String::new();
    let result = Reader::new().read_slice(xml, &library, &mut |record| {
        describe(record, &mut in_memory)
    });
    end(result, &mut in_memory);
    let mut streamed = String::new();
    let result = Reader::new().read(slow, &library, &mut |record| {
        describe(record, &mut streamed)
    });
    end(result, &mut streamed);
    assert_eq!(in_memory, streamed);
    in_memory
}

fn describe(record: ReadRecord<'_>, out: &mut String) -> ControlFlow<()> {
    let form = record.form.map_or("?", |form| &form.program().edition);
    let answered = record
        .answers
        .iter()
        .filter(|(_, answer)| !answer.is_missing())
        .count();
    *out += &match record.form {
        Some(_) => format!("個票{} 版{form} 回答{answered}\n", record.number),
        None => format!("個票{}\n", record.number),
    };
    for finding in record.findings {
        line(&finding, out);
    }
    ControlFlow::Continue(())
}

fn line(finding: &RecordFinding, out: &mut String) {
    let level = match finding.level {
        Level::Error => "",
        Level::Warning => "（警告）",
        Level::Information => "（情報）",
    };
    *out += &format!("  {}{level} {finding}\n", finding.check);
}

fn end(result: Result<u64, Box<Broken>>, out: &mut String) {
    match result {
        Ok(count) => *out += &format!("{count}件"),
        Err(broken) => {
            for finding in &broken.before {
                line(finding, out);
            }
            *out += &match broken.record {
                Some(number) => format!("個票{number}で中断\n"),
                None => "中断\n".to_owned(),
            };
            line(&broken.reason, out);
        }
    }
}

/// Gives a few bytes at a time.
struct Trickle<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl io::Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = &self.bytes[self.at..];
        let count = rest.len().min(buffer.len()).min(4097);
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

/// A record of the small form around this.
fn record(inner: &str) -> String {
    format!(
        "<record xmlns=\"urn:kohyo:form:shitei-006:2020\" application=\"new\">\n{inner}\n</record>"
    )
}

fn found(inner: &str) -> String {
    outcome(record(inner).as_bytes())
}

fn heading() -> Heading {
    Heading {
        application: Application::New,
        written: Date::day(2026, 6, 1),
    }
}

#[test]
fn a_record_is_written_in_form_order_with_units() {
    let mut xml = Vec::new();
    write_record(&samples::form(), heading(), &samples::full(), &mut xml).unwrap();
    assert_snapshot!(String::from_utf8(xml).unwrap());
}

#[test]
fn what_is_written_is_read_back() {
    let form = samples::form();
    let mut xml = Vec::new();
    write_record(&form, heading(), &samples::full(), &mut xml).unwrap();
    let (record, findings) = read_record(&xml, &library()).unwrap();
    assert_eq!(findings, []);
    assert_eq!(
        (record.key.as_str(), record.edition.as_str()),
        ("shitei-006", "2020")
    );
    assert_eq!(
        (record.application, record.written),
        (Application::New, Date::day(2026, 6, 1))
    );
    assert_eq!(record.answers, read_raw(&form, &samples::full()).0);
}

#[test]
fn blank_values_are_left_out() {
    let raw = samples::raw(&[("tremor", &[" "]), ("signs", &[]), ("stage", &["", "2"])]);
    let mut xml = Vec::new();
    write_record(
        &samples::form(),
        Heading {
            written: None,
            ..heading()
        },
        &raw,
        &mut xml,
    )
    .unwrap();
    assert_snapshot!(String::from_utf8(xml).unwrap(), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <record xmlns="urn:kohyo:form:shitei-006:2020" application="new">
      <severity>
        <stage>2</stage>
      </severity>
    </record>
    "#);
}

#[test]
fn what_xml_cannot_hold_is_not_written() {
    let write = |raw: &RawAnswers| {
        let mut xml = Vec::new();
        let error = write_record(&samples::form(), heading(), raw, &mut xml).unwrap_err();
        assert!(xml.is_empty());
        error.to_string()
    };
    assert_snapshot!(write(&samples::raw(&[("tremer", &["1"])])), @"様式に「tremer」という項目がないため、XMLに書けません。項目名を確かめてください");
    assert_snapshot!(write(&samples::raw(&[("remarks", &["a\u{b}b"])])), @"「remarks」の値にXMLに書けない文字（U+000B）があります。その文字を消してください");
}

#[test]
fn prefixes_comments_cdata_references_and_line_ends_are_understood() {
    let xml = "\u{feff}<?xml version='1.0' encoding='utf-8' standalone=\"yes\" ?>\r\n<!-- 個票 -->\r\n<?style a?>\
        <k:record xmlns:k='urn:kohyo:form:shitei-006:2020' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'\r\n \
        xsi:schemaLocation='a b' application=' renewal ' written='2026-06-01'>\
        <k:patient><k:name ><![CDATA[山田]]>&#x20;太<!-- -->郎</k:name ></k:patient>\
        <k:diagnosis/><k:severity><k:stage> 3 </k:stage></k:severity>\
        <course xmlns='urn:kohyo:form:shitei-006:2020'><remarks>A&amp;B\r\n&#13;C</remarks></course></k:record>\n<!---->";
    let (record, findings) = read_record(xml.as_bytes(), &library()).unwrap();
    assert_eq!(findings, []);
    assert_eq!(record.application, Application::Renewal);
    let answers: Vec<Answer> = record
        .answers
        .iter()
        .map(|(_, answer)| answer.clone())
        .filter(|a| !a.is_missing())
        .collect();
    assert_eq!(
        answers,
        [
            Answer::Text("山田 太郎".into()),
            Answer::Number(3.into()),
            Answer::Text("A&B\n\nC".into())
        ]
    );
}

#[test]
fn unknown_elements_are_found_and_the_rest_is_read() {
    assert_snapshot!(found(
        "<diagnosis>\n <tremer>1</tremer><tremor>1</tremor>\n <x><y>2</y></x></diagnosis>\n\
         <diagnose/><stage>2</stage><severity><stage>3<b>4</b></stage></severity>"
    ));
}

#[test]
fn misplaced_and_repeated_elements_are_found_and_the_first_counts() {
    assert_snapshot!(found(
        "<severity><stage>1</stage></severity>\n\
         <diagnosis><igg4>5</igg4>\n<tremor>1</tremor>\n<tremor>2</tremor>\n<birth_date>1950</birth_date></diagnosis>\n\
         <severity><stage>4</stage></severity>"
    ));
}

#[test]
fn several_codes_are_repeated_where_they_stand() {
    assert_snapshot!(found("<diagnosis><signs>1</signs><signs>2</signs><igg4>1</igg4><signs>3</signs></diagnosis>"), @r"
    個票1 版2020 回答2
      xml.out_of_place /record/diagnosis/signs 2行58文字目: 要素 <signs> の位置が違います（要素をXMLスキーマに定めた区分の中に、定めた順に並べてください）
    1件
    ");
}

#[test]
fn values_are_checked_where_they_stand() {
    assert_snapshot!(found(
        "<patient><name></name>\n<name_kana>ヤマダ</name_kana><postal_code>100-8916</postal_code></patient>\n\
         <diagnosis><tremor>9</tremor><igg4 unit=\"mg/dL\">12.34</igg4></diagnosis>"
    ));
}

#[test]
fn a_number_in_another_unit_does_not_count() {
    assert_snapshot!(found("<diagnosis><igg4 unit='g/L'>1.3</igg4></diagnosis>\n<severity><stage unit='度'>3</stage></severity>"), @r"
    個票1 版2020 回答1
      unit.igg4 /record/diagnosis/igg4/@unit 2行18文字目: 「IgG4」の単位が「g/L」になっています（単位を mg/dL に換算した値を書いてください）
      xml.unknown_attribute /record/severity/stage/@unit 3行18文字目: 属性「unit」はここに書けません（属性を取り除いてください）
    1件
    ");
}

#[test]
fn text_between_elements_and_strange_attributes_are_found() {
    assert_snapshot!(found("うえ<diagnosis a='1' xml:lang='ja'>した&#32;<tremor b='&lt;'>1</tremor>&#32;</diagnosis>"), @r"
    個票1 版2020 回答1
      xml.unexpected_text /record 2行1文字目: 要素の外に文字があります（値は項目の要素の中に書いてください）
      xml.unknown_attribute /record/diagnosis/@a 2行14文字目: 属性「a」はここに書けません（属性を取り除いてください）
      xml.unknown_attribute /record/diagnosis/@lang 2行20文字目: 属性「xml:lang」はここに書けません（属性を取り除いてください）
      xml.unexpected_text /record/diagnosis 2行34文字目: 要素の外に文字があります（値は項目の要素の中に書いてください）
      xml.unknown_attribute /record/diagnosis/tremor/@b 2行49文字目: 属性「b」はここに書けません（属性を取り除いてください）
    1件
    ");
}

#[test]
fn the_heading_is_checked() {
    let record = |attributes: &str| {
        outcome(format!("<record xmlns='urn:kohyo:form:shitei-006:2020' {attributes}/>").as_bytes())
    };
    assert_snapshot!(record(""), @r#"
    個票1 版2020 回答0
      xml.missing_attribute /record 1行1文字目: 新規・更新の別（application）が書かれていません（<record> に application="new"（新規）か application="renewal"（更新）を書いてください）
    1件
    "#);
    assert_snapshot!(record("application='old' written='2026-06' x='1'"), @r"
    個票1 版2020 回答0
      xml.bad_attribute /record/@application 1行48文字目: 新規・更新の別（application）が正しくありません（new（新規）か renewal（更新）と書いてください）
      xml.bad_attribute /record/@written 1行66文字目: 記載年月日（written）が正しくありません（西暦で 2026-06-01 のように書いてください）
      xml.unknown_attribute /record/@x 1行84文字目: 属性「x」はここに書けません（属性を取り除いてください）
    1件
    ");
}

#[test]
fn a_form_that_is_not_at_hand_is_named() {
    let record = |namespace: &str| {
        outcome(format!("<record{namespace} application='new'><a/></record>").as_bytes())
    };
    assert_snapshot!(record(""), @r#"
    個票1
      xml.unknown_namespace /record 1行1文字目: 個票の名前空間（xmlns）が書かれていません（<record xmlns="urn:kohyo:form:様式キー:版"> と書いてください）
    1件
    "#);
    assert_snapshot!(record(" xmlns='urn:kohyo:form:shitei-06:2020'"), @r"
    個票1
      xml.unknown_form /record 1行1文字目: 様式「shitei-06」はありません（「shitei-006」の書き間違いではありませんか）
    1件
    ");
    assert_snapshot!(record(" xmlns='urn:kohyo:form:shitei-006:2021'"), @r"
    個票1
      xml.unknown_edition /record 1行1文字目: 様式 shitei-006 に版「2021」はありません（使える版は 2020 です）
    1件
    ");
    assert_snapshot!(record(" xmlns='urn:example'"), @r#"
    個票1
      xml.unknown_namespace /record 1行1文字目: 名前空間「urn:example」は個票のものではありません（<record xmlns="urn:kohyo:form:様式キー:版"> と書いてください）
    1件
    "#);
    assert_snapshot!(outcome(b"<k:record/>"), @r#"
    個票1
      xml.undeclared_prefix /record 1行1文字目: 接頭辞「k」が宣言されていません（<record xmlns="urn:kohyo:form:様式キー:版"> と書いてください）
    1件
    "#);
}

#[test]
fn only_records_are_accepted_as_root() {
    assert_snapshot!(outcome(b"<html><body/></html>"), @r"
    中断
      xml.unknown_root /html 1行1文字目: 個票のXMLではありません（ルート要素が <html> です）（ルート要素を <record> か <records> にしてください）
    ");
    assert_snapshot!(outcome(b"<records/>"), @r#"
    中断
      xml.unknown_root /records 1行1文字目: 個票のXMLではありません（ルート要素が <records> です）（<records xmlns="urn:kohyo:records"> と書いてください）
    "#);
    assert_snapshot!(outcome(b"<a xmlns='urn:kohyo:records'/>"), @r"
    中断
      xml.unknown_root /a 1行1文字目: 個票のXMLではありません（ルート要素が <a> です）（ルート要素は <records> と書いてください）
    ");
}

#[test]
fn many_records_are_read_one_by_one() {
    let form = samples::form();
    let writer = RecordWriter::new(&form);
    let mut records = RecordsWriter::new(Vec::new()).unwrap();
    records.write(&writer, heading(), &samples::full()).unwrap();
    records
        .write(&writer, heading(), &samples::raw(&[("tremor", &["8"])]))
        .unwrap();
    let xml = String::from_utf8(records.finish().unwrap()).unwrap();
    let strange = xml.replace(
        "</records>",
        "なし<record xmlns='urn:x'><b/></record><other/></records>",
    );
    assert_snapshot!(outcome(strange.as_bytes()));
    let error = read_record(xml.as_bytes(), &library()).unwrap_err();
    assert_snapshot!(error, @"個票が2件以上あります（1件だけを含むファイルにしてください）");
    assert_eq!(outcome(b"<records xmlns='urn:kohyo:records'/>"), "0件");
}

#[test]
fn what_is_not_well_formed_ends_the_file_at_its_place() {
    let documents: &[&[u8]] = &[
        b"",
        b"  \n",
        "\u{feff}".as_bytes(),
        b"abc",
        b"<record",
        b"<record>",
        b"<record xmlns='urn:kohyo:form:shitei-006:2020' application='new'><patient><name>a",
        b"<record></recor>",
        b"</record>",
        b"<record/><record/>",
        b"<record/>text",
        b"<record/><![CDATA[x]]>",
        b"<record/><!-- ",
        b"<record a=1/>",
        b"<record a='1' a='2'/>",
        b"<record a='<'/>",
        b"<record a='1'b='2'/>",
        b"<record a/>",
        b"<1/>",
        b"<a:b:c/>",
        b"< record/>",
        b"<record>a & b</record>",
        b"<record>&nbsp;</record>",
        b"<record>&#0;</record>",
        b"<record>]]></record>",
        b"<record>\x01</record>",
        b"<record><!-- a -- b --></record>",
        b"<record><!ELEMENT a></record>",
        b"<!DOCTYPE record [<!ENTITY a \"b\">]><record>&a;</record>",
        b" <?xml version='1.0'?><record/>",
        b"<?xml version='2.0'?><record/>",
        b"<?xml encoding='UTF-8'?><record/>",
        b"<?XML version='1.0'?><record/>",
        b"<?xml version='1.0' encoding='Shift_JIS'?><record>\x8e\x52</record>",
        b"<record>\x8e\x52\x93\x63</record>",
        b"<record>\xe3\x81",
        b"\xff\xfe<\0r\0",
        b"<\0r\0/\0>\0",
        "<record>\u{ffff}</record>".as_bytes(),
    ];
    let all: Vec<String> = documents
        .iter()
        .map(|xml| {
            format!(
                "{}\n{}",
                String::from_utf8_lossy(xml).escape_debug(),
                outcome(xml)
            )
        })
        .collect();
    assert_snapshot!(all.join("\n"));
}

#[test]
fn limits_hold() {
    let mut deep = "<record xmlns='urn:kohyo:form:shitei-006:2020' application='new'>".to_owned();
    deep += &"<a>".repeat(100);
    assert_snapshot!(outcome(deep.as_bytes()), @r"
      xml.unknown_element /record/a 1行66文字目: 要素 <a> はここに書けません（様式のXMLスキーマにある区分の要素名を確認してください）
    個票1で中断
      xml.too_deep /record/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a 1行255文字目: 要素の入れ子が64段を超えています（終了タグの書き忘れがないか確認してください）
    ");
    let attributes: String = (0..300).map(|n| format!(" a{n}=''")).collect();
    assert_snapshot!(outcome(format!("<record{attributes}/>").as_bytes()), @r"
    中断
      xml.too_many_attributes 1行1947文字目: 属性が256個を超えています（個票の要素が持つ属性は application・written・unit だけです）
    ");
    let long = "あ".repeat(30_000);
    assert_snapshot!(found(&format!("<patient><name>{long}</name></patient>")), @r"
    個票1で中断
      file.too_large /record/patient/name 2行16文字目: 1つの値・タグ・コメントが64KBを超えています（タグの閉じ忘れや引用符の閉じ忘れがないか確認してください）
    ");
    assert_snapshot!(found(&format!("<!--{long}-->")), @r"
    個票1で中断
      file.too_large /record 2行1文字目: 1つの値・タグ・コメントが64KBを超えています（タグの閉じ忘れや引用符の閉じ忘れがないか確認してください）
    ");
    let pieces = format!("<![CDATA[{}]]>", "あ".repeat(10_000)).repeat(3);
    assert_snapshot!(found(&format!("<patient><name>{pieces}</name></patient>")), @r"
    個票1で中断
      file.too_large /record/patient/name 2行20040文字目: 1つの値が64KBを超えています（終了タグの書き忘れがないか確認してください）
    ");
    let padding = " ".repeat(60_000) + "<!-- -->";
    assert_snapshot!(found(&padding.repeat(80)), @r"
    個票1で中断
      file.too_large /record 3行1文字目: 1件の個票が4MBを超えています（終了タグ </record> の書き忘れがないか確認してください）
    ");
    let many = "<x/>".repeat(1_000);
    let findings = found(&many);
    assert_eq!(findings.lines().count(), MAX_FINDINGS + 3);
    assert_snapshot!(findings.lines().rev().nth(1).unwrap(), @"  xml.too_many_findings /record 1行: このほかに800件の指摘があります（上の指摘を直してから、もう一度点検してください）");
}

#[test]
fn places_survive_the_window() {
    // Every record begins at another offset of the window, and values lie across its end.
    let text = "あ".repeat(200);
    let one = format!(
        "<record xmlns='urn:kohyo:form:shitei-006:2020' application='new'>\n<patient><name>{text}</name>\n</patient></record>\n"
    );
    let count = 2_000;
    let xml = format!(
        "<records xmlns='urn:kohyo:records'>\n{}</records>",
        one.repeat(count)
    );
    assert!(xml.len() > 4 * WINDOW);
    let mut number = 0;
    Reader::new()
        .read(xml.as_bytes(), &library(), &mut |record| {
            number += 1;
            assert_eq!(record.number, number);
            let place = &record.findings[0].place;
            assert_eq!(
                place.path,
                format!("/records/record[{number}]/patient/name")
            );
            assert_eq!((place.line, place.column), (Some(number * 3), Some(10)));
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(number, count as u64);
}

#[test]
fn text_behind_blanks_across_the_window_has_one_place() {
    // The blanks end the first window, the text begins the second.
    let comments = "<!-- -->".repeat(WINDOW / 8 - 1);
    let xml = format!("{comments}        text");
    let nothing = &mut |_: ReadRecord<'_>| ControlFlow::Continue(());
    let mut reader = Reader::new();
    let pieces = reader.read(xml.as_bytes(), &library(), nothing);
    let broken = pieces.unwrap_err();
    assert_eq!(broken.reason.place.column, Some(WINDOW as u64 + 1));
    let whole = reader.read_slice(xml.as_bytes(), &library(), nothing);
    assert_eq!(whole.unwrap_err(), broken);
}

#[test]
fn fifty_megabytes_of_nested_tags_end_at_once() {
    /// Opens tags for ever.
    struct Nested(usize);
    impl io::Read for Nested {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = buffer.len().min(self.0);
            for (at, byte) in buffer[..count].iter_mut().enumerate() {
                *byte = b"<a>"[at % 3];
            }
            self.0 -= count;
            Ok(count)
        }
    }
    let mut nested = Nested(50_000_000);
    let broken = Reader::new()
        .read(&mut nested, &library(), &mut |_| ControlFlow::Continue(()))
        .unwrap_err();
    assert_eq!(broken.reason.check, "xml.unknown_root");
    assert!(nested.0 > 49_000_000, "only the first window is read");
}

#[test]
fn shapes_that_take_long_are_read_in_linear_time() {
    // As slow as can be, in a build without optimisation: a file of 4 MB must not take minutes.
    let attributes: String = (0..250).map(|n| format!(" a{n}='v'")).collect();
    let shapes = [
        format!("<x{attributes}/>"),
        "<diagnosis_with_a_long_name_that_is_compared_with_every_other/>".to_owned(),
        "<diagnosis><tremor>9</tremor><tremorr/></diagnosis>".to_owned(),
        "a&amp;".to_owned(),
        "<k:a xmlns:k='urn:k'>".to_owned()
            + "<k:b xmlns:k='urn:c'/>".repeat(40).as_str()
            + "</k:a>",
    ];
    for shape in shapes {
        let xml = record(&shape.repeat(4_000_000 / shape.len()));
        let begun = std::time::Instant::now();
        let mut count = 0;
        let result = Reader::new().read_slice(xml.as_bytes(), &library(), &mut |record| {
            count = record.findings.len();
            ControlFlow::Continue(())
        });
        assert!(
            begun.elapsed().as_secs() < 30,
            "{shape}: {:?}",
            begun.elapsed()
        );
        assert!(result.is_err() || count <= MAX_FINDINGS + 1);
    }
}

#[test]
fn a_failing_disk_is_told() {
    struct Failing(u8);
    impl io::Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0 {
                0 => Err(io::Error::from(io::ErrorKind::PermissionDenied)),
                _ => {
                    self.0 -= 1;
                    buffer[0] = b'<';
                    Ok(1)
                }
            }
        }
    }
    let broken = Reader::new()
        .read(Failing(1), &library(), &mut |_| ControlFlow::Continue(()))
        .unwrap_err();
    assert_snapshot!(broken, @"1行1文字目: ファイルを読めません: 読み取りが許可されていません（ファイルとフォルダーのアクセス権を確認してください）");
}

#[test]
fn reading_stops_when_told() {
    let one = record("");
    let xml = format!("<records xmlns='urn:kohyo:records'>{}", one.repeat(3));
    let count = Reader::new()
        .read_slice(xml.as_bytes(), &library(), &mut |_| ControlFlow::Break(()))
        .unwrap();
    assert_eq!(count, 1);
}

proptest! {
    #[test]
    fn any_text_survives_writing_and_reading(
        remarks in "[\\PC\n\r\t&<>'\"\\]]{0,300}",
        name in "\\PC{0,25}",
        stage in "-?[0-9.]{0,4}",
        signs in proptest::collection::vec("[1-4]", 0..4),
    ) {
        let raw: RawAnswers = [
            ("remarks", vec![remarks]),
            ("name", vec![name]),
            ("stage", vec![stage]),
            ("signs", signs.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect()),
        ]
        .map(|(name, values)| (name.to_owned(), values))
        .into();
        let form = samples::form();
        let mut xml = Vec::new();
        if write_record(&form, heading(), &raw, &mut xml).is_ok() {
            let (record, findings) = read_record(&xml, &library()).unwrap();
            let (answers, refused) = read_raw(&form, &raw);
            let ids = |checks: Vec<String>| checks.into_iter().collect::<std::collections::BTreeSet<_>>();
            prop_assert_eq!(
                ids(findings.into_iter().map(|finding| finding.check.into_owned()).collect()),
                ids(refused.iter().map(|finding| finding.check.clone()).collect())
            );
            if refused.is_empty() {
                prop_assert_eq!(record.answers, answers);
            }
        }
    }

    #[test]
    fn mutated_documents_are_read_alike_in_memory_and_streamed(
        changes in proptest::collection::vec((0..10_000_usize, 0..4_u8, any::<u8>()), 1..6),
    ) {
        let mut xml = Vec::new();
        write_record(&samples::form(), heading(), &samples::full(), &mut xml).unwrap();
        let marks = b"<>/&;'\"=! ?-[]:\n\r\0\xff";
        for (at, kind, byte) in changes {
            let Some(at) = at.checked_rem(xml.len()) else { break };
            match kind {
                0 => { xml.remove(at); }
                1 => xml.insert(at, marks[usize::from(byte) % marks.len()]),
                2 => xml[at] = byte,
                _ => xml.truncate(at),
            }
        }
        outcome(&xml); // compares the two ways of reading; must not panic
    }
}
