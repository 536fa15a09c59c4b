//! What is changed, and what is left to people.

use super::*;
use crate::check::Checker;
use crate::library::Library;
use crate::samples;
use insta::assert_snapshot;
use std::ops::ControlFlow;

fn changed(field: &str, written: &str) -> String {
    changed_in(&samples::form(), field, written)
}

fn changed_in(form: &Form, field: &str, written: &str) -> String {
    let mut line = format!("{field} {written}");
    let mut steps = normalised(form, form.field_id(field).unwrap(), written).peekable();
    if steps.peek().is_none() {
        line += " そのまま";
    }
    for (new, what) in steps {
        line += &format!(" → {new}（{what}）");
    }
    line + "\n"
}

#[test]
fn dates_are_read_where_there_is_no_doubt() {
    let list: String = [
        "1950/4/1",
        "1950.04.01",
        "１９５０－０４－０１",
        "1950年4月1日",
        "19500401",
        "昭和25年4月1日",
        "S25.4.1",
        "ｓ２５．４．１",
        "㍼25年4月1日",
        "平成元年1月8日",
        "H1.1.8",
        "昭和64年1月7日",
        "令和元年5月1日",
        "1950年4月",
        "昭和25年",
        "大正15年12月24日",
        "明治6年1月1日",
        "平2.5.20",
        "昭25年4月",
        "西暦1990年5月20日",
        "昭和25",
        "1950−4−1",
        // Not of their era, not of the calendar, or of two meanings.
        "昭和64年1月8日",
        "平成31年5月1日",
        "平成元年1月7日",
        "明治5年12月2日",
        "昭和65年",
        "平31.5.1",
        "平",
        "西暦2年5月20日",
        "1950/2/30",
        "50/4/1",
        "4/1/1950",
        "1950/4/1/2",
        "平成",
        "H",
        "平成0年1月1日",
        "19501301",
        "1950-04/01",
        "来年",
    ]
    .iter()
    .map(|written| changed("birth_date", written))
    .collect();
    assert_snapshot!(list, @r"
    birth_date 1950/4/1 → 1950-04-01（日付の書き方を改めました）
    birth_date 1950.04.01 → 1950-04-01（日付の書き方を改めました）
    birth_date １９５０－０４－０１ → 1950-04-01（日付の書き方を改めました）
    birth_date 1950年4月1日 → 1950-04-01（日付の書き方を改めました）
    birth_date 19500401 → 1950-04-01（日付の書き方を改めました）
    birth_date 昭和25年4月1日 → 1950-04-01（和暦を西暦にしました）
    birth_date S25.4.1 → 1950-04-01（和暦を西暦にしました）
    birth_date ｓ２５．４．１ → 1950-04-01（和暦を西暦にしました）
    birth_date ㍼25年4月1日 → 1950-04-01（和暦を西暦にしました）
    birth_date 平成元年1月8日 → 1989-01-08（和暦を西暦にしました）
    birth_date H1.1.8 → 1989-01-08（和暦を西暦にしました）
    birth_date 昭和64年1月7日 → 1989-01-07（和暦を西暦にしました）
    birth_date 令和元年5月1日 → 2019-05-01（和暦を西暦にしました）
    birth_date 1950年4月 → 1950-04（日付の書き方を改めました）
    birth_date 昭和25年 → 1950（和暦を西暦にしました）
    birth_date 大正15年12月24日 → 1926-12-24（和暦を西暦にしました）
    birth_date 明治6年1月1日 → 1873-01-01（和暦を西暦にしました）
    birth_date 平2.5.20 → 1990-05-20（和暦を西暦にしました）
    birth_date 昭25年4月 → 1950-04（和暦を西暦にしました）
    birth_date 西暦1990年5月20日 → 1990-05-20（日付の書き方を改めました）
    birth_date 昭和25 → 1950（和暦を西暦にしました）
    birth_date 1950−4−1 → 1950-04-01（日付の書き方を改めました）
    birth_date 昭和64年1月8日 そのまま
    birth_date 平成31年5月1日 そのまま
    birth_date 平成元年1月7日 そのまま
    birth_date 明治5年12月2日 そのまま
    birth_date 昭和65年 そのまま
    birth_date 平31.5.1 そのまま
    birth_date 平 そのまま
    birth_date 西暦2年5月20日 そのまま
    birth_date 1950/2/30 そのまま
    birth_date 50/4/1 そのまま
    birth_date 4/1/1950 そのまま
    birth_date 1950/4/1/2 そのまま
    birth_date 平成 そのまま
    birth_date H そのまま
    birth_date 平成0年1月1日 そのまま
    birth_date 19501301 そのまま
    birth_date 1950-04/01 そのまま
    birth_date 来年 そのまま
    ");
}

#[test]
fn widths_kana_and_signs_are_made_those_of_the_wire() {
    let list: String = [
        ("name_kana", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("name_kana", "ヤマダ　タロウ"),
        ("name_kana", "やまだ たろう"),
        ("name_kana", "山田"),
        ("name", "山田　太郎"),
        ("name", "ﾔﾏﾀﾞ太郎ｶﾞ"),
        ("name", "ＹＡＭＡＤＡ"),
        ("name", " か\u{3099}ﾄｳ\t"),
        ("name_kana", "か\u{3099}とう"),
        ("name", "　"),
        ("postal_code", " 1008916"),
        ("igg4", "135.5 "),
        ("postal_code", "１００－８９１６"),
        ("postal_code", "〒100-8916"),
        ("postal_code", "10-08916"),
        ("postal_code", "100-89"),
        ("tremor", "１"),
        ("tremor", "①"),
        ("tremor", "９"),
        ("signs", "３"),
        ("igg4", "１３５．５"),
        ("igg4", "1,234.5"),
        ("igg4", "1,23"),
        ("igg4", "135,5"),
        ("igg4", "135.5mg/dL"),
        ("igg4", "−5"),
        ("igg4", "1e3"),
    ]
    .iter()
    .map(|(field, written)| changed(field, written))
    .collect();
    assert_snapshot!(list, @r"
    name_kana ﾔﾏﾀﾞ ﾀﾛｳ → やまだ たろう（カナをひらがなにしました）
    name_kana ヤマダ　タロウ → やまだ たろう（カナをひらがなにしました）
    name_kana やまだ たろう そのまま
    name_kana 山田 そのまま
    name 山田　太郎 そのまま
    name ﾔﾏﾀﾞ太郎ｶﾞ → ヤマダ太郎ガ（半角カナを全角にしました）
    name ＹＡＭＡＤＡ そのまま
    name  がﾄｳ	 → がﾄｳ（前後の空白を除きました） → がﾄｳ（濁点などを一つの文字にまとめました） → がトウ（半角カナを全角にしました）
    name_kana がとう → がとう（濁点などを一つの文字にまとめました）
    name 　 そのまま
    postal_code  1008916 → 1008916（前後の空白を除きました）
    igg4 135.5  → 135.5（前後の空白を除きました）
    postal_code １００－８９１６ → 1008916（郵便番号の書き方を改めました）
    postal_code 〒100-8916 → 1008916（郵便番号の書き方を改めました）
    postal_code 10-08916 そのまま
    postal_code 100-89 そのまま
    tremor １ → 1（全角を半角にしました）
    tremor ① → 1（全角を半角にしました）
    tremor ９ そのまま
    signs ３ → 3（全角を半角にしました）
    igg4 １３５．５ → 135.5（全角を半角にしました）
    igg4 1,234.5 → 1234.5（桁区切りを除きました）
    igg4 1,23 そのまま
    igg4 135,5 そのまま
    igg4 135.5mg/dL そのまま
    igg4 −5 そのまま
    igg4 1e3 そのまま
    ");
}

#[test]
fn a_choice_is_read_by_its_label_where_no_other_code_is_called_so() {
    let form = samples::form_with(|program| {
        let table = std::sync::Arc::make_mut(program.code_tables.first_mut().unwrap());
        let code = table.codes.first().unwrap().clone();
        let called = |value: &str, label: &str| kohyo_engine::program::Code {
            name: format!("c{value}"),
            value: value.into(),
            label: label.into(),
            ..code.clone()
        };
        table.codes = vec![
            called("1", "１度 一側性"),
            called("2", "2度 両側性"),
            called("3", "Ⅲ度"),
            called("4", "4"),
            called("5", "6"),
            called("6", "軽快"),
            called("7", "重い"),
            called("8", "重い"),
            called("12", "2度目"),
        ];
    });
    let list: String = [
        "1度",
        "２度",
        "2度 両側性",
        "Ⅲ度",
        "III度",
        "軽快",
        "６",
        // Of nothing, of several, or of a part of a label.
        "3度",
        "重い",
        "両側性",
        "9度",
        "軽",
        "1",
        "12度",
    ]
    .iter()
    .map(|written| changed_in(&form, "tremor", written))
    .collect();
    assert_snapshot!(list, @r"
    tremor 1度 → 1（選択肢の名称をコードにしました）
    tremor ２度 → 2（選択肢の名称をコードにしました）
    tremor 2度 両側性 → 2（選択肢の名称をコードにしました）
    tremor Ⅲ度 → 3（選択肢の名称をコードにしました）
    tremor III度 → 3（選択肢の名称をコードにしました）
    tremor 軽快 → 6（選択肢の名称をコードにしました）
    tremor ６ → 6（全角を半角にしました）
    tremor 3度 そのまま
    tremor 重い そのまま
    tremor 両側性 そのまま
    tremor 9度 そのまま
    tremor 軽 そのまま
    tremor 1 そのまま
    tremor 12度 そのまま
    ");
}

#[test]
fn changes_are_listed_with_their_places_in_xml_and_csv() {
    let form = samples::form();
    let mut raw = samples::full();
    raw.extend(samples::raw(&[
        ("birth_date", &["S25.4.1"]),
        ("tremor", &["９"]),
        ("signs", &["１", " 3", "3"]),
    ]));
    let mut xml = Vec::new();
    crate::write_record(&form, crate::generate::heading(), &raw, &mut xml).unwrap();
    let mut csv = crate::CsvWriter::new(&form, Vec::new()).unwrap();
    csv.write(crate::generate::heading(), &raw).unwrap();
    let csv = csv.finish().unwrap();
    let mut out = String::new();
    let mut list = |report: crate::RecordReport| {
        out += &format!("{:?}\n", report.result);
        for change in &report.changes {
            out += &format!(
                "  {} [{}] {} → {}\n",
                change.place, change.item, change.old, change.new
            );
        }
        for finding in &report.findings {
            out += &format!("  {finding}\n");
        }
        ControlFlow::Continue(())
    };
    let library = Library::new([form]).unwrap();
    let mut checker = Checker::new(library, "2026-07-01".parse().unwrap()).normalising();
    checker.check_slice(&xml, &mut list);
    checker.check_csv(|| Ok(csv.as_slice()), &mut list);
    assert_snapshot!(out, @r"
    Some(Undetermined)
      /record/patient/birth_date 7行5文字目 [生年月日] S25.4.1 → 1950-04-01
      /record/diagnosis/signs 12行5文字目 [その他の徴候] １ → 1
      /record/diagnosis/signs 13行5文字目 [その他の徴候]  3 → 3
      /record/diagnosis/signs 14行5文字目 [その他の徴候] 3 → 
      /record/diagnosis/tremor 10行5文字目: 「安静時振戦」の選択肢にない値です（次のいずれかを書いてください: 1（あり）、2（なし）、3（不明））
    Some(Undetermined)
      /records/record[1]/patient/birth_date 2行54文字目 [生年月日] S25.4.1 → 1950-04-01
      /records/record[1]/diagnosis/signs 2行69文字目 [その他の徴候] １ → 1
      /records/record[1]/diagnosis/signs 2行69文字目 [その他の徴候]  3 → 3
      /records/record[1]/diagnosis/signs 2行69文字目 [その他の徴候] 1;3;3 → 1;3
      /records/record[1]/diagnosis/tremor 2行62文字目: 「安静時振戦」の選択肢にない値です（次のいずれかを書いてください: 1（あり）、2（なし）、3（不明））
    ");
}
