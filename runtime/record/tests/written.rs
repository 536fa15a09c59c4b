//! What a record looks like on the wire: in XML, in CSV, and when it is to be refused.

#![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

use insta::assert_snapshot;
use kohyo_compiler::{Files, compile};
use kohyo_engine::program::Application;
use kohyo_engine::{Context, Form, RawAnswers};
use kohyo_record::{CsvWriter, Heading, RecordWriter, write_record};

const FORM: &str = r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
section patient "基本情報" {
  field name "氏名" : text 40 required
}
section symptoms "臨床所見" {
  group blood "血液検査" {
    field albumin "血清アルブミン, 初診時" : decimal 2.1 "g/dL" 0.0..9.9
  }
  field signs "徴候" : choices { 1 tremor "振戦"; 2 rigidity "筋強剛" }
}
section patient "基本情報（続き）" {
  field remarks "備考" : text 40 lines 2
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when albumin <= 3.0 g/dL
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#;

fn form() -> Form {
    let mut files = Files::new();
    files.insert("form.kohyo", FORM);
    let compiled = compile(&files, "form.kohyo");
    Form::new(compiled.program.unwrap()).unwrap()
}

fn heading() -> Heading {
    Heading::from(Context {
        today: "2026-06-01".parse().unwrap(),
        application: Application::Renewal,
    })
}

fn raw(values: &[(&str, &[&str])]) -> RawAnswers {
    let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    let values = values.iter();
    values
        .map(|(name, values)| ((*name).to_owned(), owned(values)))
        .collect()
}

fn filled() -> RawAnswers {
    raw(&[
        ("remarks", &["<一行目>\r\n& \"二行目\""]),
        ("signs", &["1", "2"]),
        ("albumin", &["2.9"]),
        ("name", &["山田 太郎"]),
    ])
}

#[test]
fn sections_of_one_name_are_one_element_and_groups_are_none() {
    assert_snapshot!(RecordWriter::new(&form()).text(heading(), &filled()), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <record xmlns="urn:kohyo:form:shitei-999:2024" application="renewal" written="2026-06-01">
      <patient>
        <name>山田 太郎</name>
        <remarks>&lt;一行目&gt;&#13;
    &amp; &quot;二行目&quot;</remarks>
      </patient>
      <symptoms>
        <albumin unit="g/dL">2.9</albumin>
        <signs>1</signs>
        <signs>2</signs>
      </symptoms>
    </record>
    "#);
}

#[test]
fn blank_values_are_left_out_unless_the_record_is_to_be_refused() {
    let raw = raw(&[("name", &[" "]), ("albumin", &["2.9"]), ("signs", &[""])]);
    let form = form();
    let sound = RecordWriter::new(&form).text(heading(), &raw);
    let other = RecordWriter::new(&form)
        .with_blanks()
        .with_unit("albumin", Some("mg/dL"))
        .text(heading(), &raw);
    let bare = RecordWriter::new(&form)
        .with_unit("albumin", None)
        .text(heading(), &raw);
    assert_snapshot!([sound, other, bare].join("\n"), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <record xmlns="urn:kohyo:form:shitei-999:2024" application="renewal" written="2026-06-01">
      <symptoms>
        <albumin unit="g/dL">2.9</albumin>
      </symptoms>
    </record>

    <?xml version="1.0" encoding="UTF-8"?>
    <record xmlns="urn:kohyo:form:shitei-999:2024" application="renewal" written="2026-06-01">
      <patient>
        <name> </name>
      </patient>
      <symptoms>
        <albumin unit="mg/dL">2.9</albumin>
        <signs></signs>
      </symptoms>
    </record>

    <?xml version="1.0" encoding="UTF-8"?>
    <record xmlns="urn:kohyo:form:shitei-999:2024" application="renewal" written="2026-06-01">
      <symptoms>
        <albumin>2.9</albumin>
      </symptoms>
    </record>
    "#);
}

#[test]
fn what_xml_or_the_form_cannot_hold_is_refused_before_anything_is_written() {
    let form = form();
    for (name, value, reason) in [
        ("name", "山\u{1}田", "文字（U+0001）"),
        ("weight", "60", "「weight」という項目がない"),
    ] {
        let mut out = Vec::new();
        let error = write_record(&form, heading(), &raw(&[(name, &[value])]), &mut out);
        let told = error.unwrap_err().to_string();
        assert!(told.contains(reason), "{told}");
        assert!(out.is_empty());
    }
}

#[test]
fn a_row_of_csv_has_the_columns_of_the_form_and_labels_for_people() {
    let form = form();
    let mut writer = CsvWriter::with_labels(form.program(), Vec::new()).unwrap();
    writer.write(heading(), &filled()).unwrap();
    let text = String::from_utf8(writer.finish().unwrap()).unwrap();
    assert_snapshot!(text.replace('\r', "␍").replace('\u{feff}', "<BOM>"), @r#"
    <BOM>form,edition,application,written,name,remarks,albumin,signs␍
    #様式,版,申請の種類,記載年月日,氏名,備考,"血清アルブミン, 初診時",徴候␍
    shitei-999,2024,renewal,2026-06-01,山田 太郎,"<一行目>␍
    & ""二行目""",2.9,1;2␍
    "#);
}
