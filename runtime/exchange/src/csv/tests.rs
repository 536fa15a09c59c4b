//! What a CSV says, and what is told about one that is not right.

use crate::check::Checker;
use crate::generate::{generate, heading};
use crate::library::Library;
use crate::samples::{self, essence};
use crate::{CsvWriter, csv_template};
use encoding_rs::SHIFT_JIS;
use insta::assert_snapshot;
use kohyo_engine::ResultKind;
use kohyo_engine::program::FieldType;
use std::ops::ControlFlow;

/// Each record with its result and findings.
fn check(bytes: &[u8]) -> String {
    samples::told(&samples::reports(|checker, to| {
        checker.check_csv(|| Ok(bytes), to);
    }))
}

fn sample() -> String {
    let mut writer = CsvWriter::new(&samples::form(), Vec::new()).unwrap();
    writer.write(heading(), &samples::full()).unwrap();
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

const HEAD: &str = "form,edition,application,written,name,birth_date,tremor,stage,signs\n";
const ROW: &str = "shitei-006,2020,new,2026-06-01,山田 太郎,1950-04-01,2,3,1;3\n";

#[test]
fn a_record_is_written_as_a_row() {
    assert_snapshot!(sample().replace('\r', "␍"), @r#"
    ﻿form,edition,application,written,name,name_kana,postal_code,birth_date,tremor,tremor_from,signs,igg4,stage,remarks␍
    shitei-006,2020,new,2026-06-01,山田 太郎,やまだ たろう,1008916,1950-04-01,1,2019,1;3,135.5,3,"一行目
    二行目 <&>"␍
    "#);
    assert_snapshot!(csv_template(samples::form().program()).replace('\r', "␍"), @r"
    ﻿form,edition,application,written,name,name_kana,postal_code,birth_date,tremor,tremor_from,signs,igg4,stage,remarks␍
    #様式,版,申請の種類,記載年月日,氏名,氏名（かな）,郵便番号,生年月日,安静時振戦,振戦の始まり,その他の徴候,IgG4,重症度分類,経過␍
    ");
    assert_snapshot!(check(sample().as_bytes()), @"個票1: eligible");
}

#[test]
fn xml_and_csv_say_the_same() {
    let form = samples::form();
    for seed in 0..40 {
        let raw = generate(&form, seed);
        let mut xml = Vec::new();
        crate::write_record(&form, heading(), &raw, &mut xml).unwrap();
        let mut csv = CsvWriter::new(&form, Vec::new()).unwrap();
        csv.write(heading(), &raw).unwrap();
        let csv = csv.finish().unwrap();
        let of_xml = samples::reports(|checker, to| checker.check_slice(&xml, to));
        let of_csv = samples::reports(|checker, to| checker.check_csv(|| Ok(csv.as_slice()), to));
        assert_eq!(essence(of_xml), essence(of_csv), "{seed}");
    }
}

#[test]
fn shift_jis_and_every_kind_of_line_end_are_read() {
    let text = format!("{HEAD}{}", ROW.replace("太郎", "髙①"));
    let plain = check(text.as_bytes());
    assert_snapshot!(plain, @"個票1: not_met");
    let (sjis, _, lossy) = SHIFT_JIS.encode(&text);
    assert!(!lossy);
    assert_eq!(check(&sjis), plain);
    assert_eq!(check(format!("\u{feff}{text}").as_bytes()), plain);
    assert_eq!(check(text.replace('\n', "\r\n").as_bytes()), plain);
    assert_eq!(check(text.replace('\n', "\r").as_bytes()), plain);
    assert_eq!(check(text.trim_end().as_bytes()), plain);
    // Lines for people, blank rows and the order of columns do not matter.
    let commented = text.replace("shitei-006", "#様式,版\n,,,,,,,,\n\nshitei-006");
    assert_eq!(check(commented.as_bytes()), plain.replace("3行", "6行"));
}

#[test]
fn shift_jis_behind_the_mark_of_utf_8_is_said_to_be_two_things() {
    let text = format!("{HEAD}{ROW}");
    let (sjis, _, _) = SHIFT_JIS.encode(&text);
    let marked = [&b"\xef\xbb\xbf"[..], &sjis[..]].concat();
    assert_snapshot!(check(&marked), @r"
    個票0: 判定なし
      file.encoding [] 先頭にUTF-8の印（BOM）がありますが、先頭から103バイト目からはUTF-8ではありません（印を除いてShift_JISにするか、全体をUTF-8で保存し直してください）
    ");
    let both = format!("{}{ROW}", text.replace("山田 太郎", "A"));
    let (sjis, _, _) = SHIFT_JIS.encode(&both);
    let late = [&b"\xef\xbb\xbf"[..], &sjis[..]].concat();
    assert_snapshot!(check(&late), @r"
    個票0: 判定なし
      file.encoding [] 先頭にUTF-8の印（BOM）がありますが、先頭から155バイト目からはUTF-8ではありません（印を除いてShift_JISにするか、全体をUTF-8で保存し直してください）
    ");
}

#[test]
fn a_block_may_end_anywhere() {
    // Characters of two bytes and line ends around the end of a block of 64 KiB.
    for length in 65_300..65_340 {
        let filler = format!("#{}\r\n", "x".repeat(length));
        let text = format!("{HEAD}{filler}{ROW}").replace("山田 太郎", &"あ".repeat(20));
        let (sjis, _, _) = SHIFT_JIS.encode(&text);
        assert_eq!(check(&sjis), check(text.as_bytes()), "{length}");
        assert!(check(&sjis).starts_with("個票1: "), "{length}");
    }
}

#[test]
fn what_is_wrong_with_a_cell_stands_at_its_line_and_column() {
    let two = ROW
        .replace("1950-04-01", "1950/04/01")
        .replace("1;3", "1;9");
    let text = format!("{HEAD}{ROW}{two}{}", ROW.replace(",2,3,", ",2,"));
    assert_snapshot!(check(text.as_bytes()), @r#"
    個票1: not_met
    個票2: not_met
      date.birth_date [生年月日] /records/record[2]/patient/birth_date 3行38文字目: 「生年月日」の書き方が違います（1950-04-01 と書いてください）
      code.signs [その他の徴候] /records/record[2]/diagnosis/signs 3行53文字目: 「その他の徴候」の選択肢にない値です（次のいずれかを書いてください: 1（筋強剛）、2（姿勢反射障害）、3（その他 <&>））
    個票3: 判定なし
      csv.cells [] /records/record[3] 4行: セルが8個あり、見出しの9個と違います（列がずれていないか確認してください。値の中のコンマは、セルを " で囲みます）
    "#);
}

#[test]
fn a_cell_is_found_behind_marks_and_line_ends() {
    let head = "form,edition,application,written,name,birth_date,tremor,stage,signs,remarks\n";
    let row =
        "shitei-006,2020,new,2026-06-01,\"あ,\"\"い\"\"\",\"1950/04/01\",9,x,\"1;3\",\"一\n二\"\n";
    let moved = "remarks,form,edition,application,written,name,tremor,stage\n\
                 \"一\n二\"\"三\",shitei-006,2020,new,2026-06-01,あ,9,\n\
                 ,shitei-006,2020,new,2026-06-01,あ,,3\n";
    let places = |text: &str| {
        let reports = samples::reports(|checker, to| checker.check_csv(|| Ok(text.as_bytes()), to));
        let findings = reports.iter().flat_map(|report| &report.findings);
        let told = findings.map(|found| {
            format!(
                "{} {:?} {:?}",
                found.check, found.place.line, found.place.column
            )
        });
        told.collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(places(&format!("{head}{row}")), @r"
    date.birth_date Some(2) Some(43)
    code.tremor Some(2) Some(55)
    type.stage Some(2) Some(57)
    ");
    assert_snapshot!(places(moved), @r"
    code.tremor Some(3) Some(40)
    required.birth_date Some(2) None
    required.birth_date Some(4) None
    required.tremor Some(4) Some(35)
    ");
}

#[test]
fn what_is_wrong_with_the_head_is_told_once() {
    let misspelt = HEAD.replace("tremor", "tremer").replace("stage", "");
    assert_snapshot!(check(format!("{misspelt}{ROW}{ROW}").as_bytes()), @r"
    個票0: 判定なし
      csv.unknown_column [] /records/record[1]/@tremer 2行49文字目: 様式 shitei-006 に「tremer」という項目はありませんが、値があります（見出しは「tremor」の書き間違いではありませんか）
      csv.unknown_column [] /records/record[1]/@ 2行51文字目: 見出しの8列目に項目名がありませんが、値があります（この列を取り除くか、様式の項目名を確認してください）
    個票1: undetermined
      required.tremor [安静時振戦] /records/record[1]/diagnosis/tremor 2行: 「安静時振戦」が未記入です（記入してください。分からないときは「不明」を選べます）
    個票2: undetermined
      required.tremor [安静時振戦] /records/record[2]/diagnosis/tremor 3行: 「安静時振戦」が未記入です（記入してください。分からないときは「不明」を選べます）
    ");
    // Empty columns are warned of, until there is a value in one of them.
    let empty = ROW.replace(",2,3,", ",,,");
    assert_snapshot!(check(format!("{misspelt}{empty}{empty}{ROW}").as_bytes()), @r"
    個票0: 判定なし
      csv.unknown_column [] 1行: 様式 shitei-006 にない列があります（tremer）。空欄である限り読みません（「tremer」は「tremor」の書き間違いではありませんか）
    個票1: undetermined
      required.tremor [安静時振戦] /records/record[1]/diagnosis/tremor 2行: 「安静時振戦」が未記入です（記入してください。分からないときは「不明」を選べます）
    個票2: undetermined
      required.tremor [安静時振戦] /records/record[2]/diagnosis/tremor 3行: 「安静時振戦」が未記入です（記入してください。分からないときは「不明」を選べます）
    個票0: 判定なし
      csv.unknown_column [] /records/record[3]/@tremer 4行49文字目: 様式 shitei-006 に「tremer」という項目はありませんが、値があります（見出しは「tremor」の書き間違いではありませんか）
      csv.unknown_column [] /records/record[3]/@ 4行51文字目: 見出しの8列目に項目名がありませんが、値があります（この列を取り除くか、様式の項目名を確認してください）
    個票3: undetermined
      required.tremor [安静時振戦] /records/record[3]/diagnosis/tremor 4行: 「安静時振戦」が未記入です（記入してください。分からないときは「不明」を選べます）
    ");
    let check_head =
        |from: &str, to: &str| check(format!("{}{ROW}", HEAD.replace(from, to)).as_bytes());
    assert_snapshot!(check_head("form", "from"), @r"
    個票0: 判定なし
      csv.missing_column [] 1行: 見出しに「form」の列がありません（1行目に項目名（form、edition、applicationと様式の項目）をコンマで区切って並べてください）
    ");
    assert_snapshot!(check_head("signs", "stage"), @r"
    個票0: 判定なし
      csv.duplicate_column [] 1行: 見出しに「stage」の列が二つ以上あります（一つだけ残してください）
    ");
    assert_snapshot!(check(b""), @r"
    個票0: 判定なし
      file.empty [] ファイルに見出しの行がありません（1行目に項目名を並べてください）
    ");
    assert_snapshot!(check(HEAD.as_bytes()), @r"
    個票0: 判定なし
      csv.no_record [] 見出しの行の下に個票がありません（個票を1行に1件ずつ書いてください）
    ");
}

#[test]
fn why_there_is_no_head_is_told() {
    let told = |text: String| check(text.as_bytes());
    let good = format!("{HEAD}{ROW}");
    let labels = "様式,版,申請の種類,記載年月日,氏名,生年月日,安静時振戦,重症度分類,その他の徴候\n";
    let all: String = [
        good.replace(',', "\t"),
        good.replace(',', ";"),
        format!("{}{ROW}", HEAD.to_uppercase()),
        format!("月次出力,,\n出力日 2026/6/1,,\n{good}"),
        ROW.to_owned(),
        format!("{labels}{ROW}"),
    ]
    .map(told)
    .concat();
    assert_snapshot!(all, @r"
    個票0: 判定なし
      csv.missing_column [] 1行: 見出しに「form」の列がありません（区切りがタブです。コンマ区切りのCSVで書き出し直してください）
    個票0: 判定なし
      csv.missing_column [] 1行: 見出しに「form」の列がありません（区切りがセミコロン（;）です。コンマ区切りのCSVで書き出し直してください）
    個票0: 判定なし
      csv.missing_column [] 1行: 見出しに「form」の列がありません（項目名は小文字です。大文字の項目名を小文字に直してください）
    個票0: 判定なし
      csv.missing_column [] 1行: 見出しの行が3行目にあり、その上にほかの行があります（見出しより上の行（表題や出力日）を消してください）
    個票0: 判定なし
      csv.missing_column [] 1行: 見出しに「form」の列がありません（この行は見出しではなく個票のようです。項目名（form、edition、…）の行をその上に加えてください（`kohyo csv-template 様式` で作れます））
    個票0: 判定なし
      csv.missing_column [] 1行: 見出しに「form」の列がありません（この行は日本語名です。項目名（form、edition、…）の行をその上に加え、日本語名の行は # で始めてください（`kohyo csv-template 様式` で作れます））
    ");
}

#[test]
fn what_spreadsheets_leave_behind_is_passed_over() {
    let plain = check(format!("{HEAD}{ROW}").as_bytes());
    let end = |text: &str, with: &str| text.replace('\n', &format!("{with}\n"));
    for text in [
        format!("{}{}", end(HEAD, ",,"), end(ROW, ",,")),
        format!("{}{}", end(HEAD, ",,"), ROW),
        format!("{}{}", HEAD, end(ROW, ", ,")),
        format!("{HEAD}{ROW}\u{1a}"),
    ] {
        assert_eq!(check(text.as_bytes()), plain, "{text}");
    }
    assert_eq!(
        check(format!("sep=,\n{HEAD}{ROW}").as_bytes()),
        plain.replace("2行", "3行")
    );
}

#[test]
fn values_that_a_spreadsheet_has_changed_are_warned_of() {
    let names = [
        "#N/A",
        "1.23E+09",
        "NULL",
        "空欄",
        "髙?",
        "〓田",
        "山田 E+太郎",
        "山田 太郎",
    ];
    let rows: String = names
        .iter()
        .map(|name| ROW.replace("山田 太郎", name))
        .collect();
    assert_snapshot!(check(format!("{HEAD}{rows}").as_bytes()), @r"
    個票1: not_met
      csv.spreadsheet [氏名] /records/record[1]/patient/name 2行32文字目: 表計算ソフトのエラーの値です（元の値を書くか、空欄にしてください）
    個票2: not_met
      csv.spreadsheet [氏名] /records/record[2]/patient/name 3行32文字目: 表計算ソフトが数字を指数で表した疑いがあります（下の桁が失われています）（原本の番号を書いてください。表計算ソフトでは、列の書式を「文字列」にしてから開きます）
    個票3: not_met
      csv.spreadsheet [氏名] /records/record[3]/patient/name 4行32文字目: 名前ではなく、値のないことを表す文字のようです（名前を書くか、空欄にしてください）
    個票4: not_met
      csv.spreadsheet [氏名] /records/record[4]/patient/name 5行32文字目: 名前ではなく、値のないことを表す文字のようです（名前を書くか、空欄にしてください）
    個票5: not_met
      csv.spreadsheet [氏名] /records/record[5]/patient/name 6行32文字目: 文字コードの変換で失われた文字がある疑いがあります（原本の文字を書き、UTF-8で書き出してください）
    個票6: not_met
      csv.spreadsheet [氏名] /records/record[6]/patient/name 7行32文字目: 文字コードの変換で失われた文字がある疑いがあります（原本の文字を書き、UTF-8で書き出してください）
    個票7: not_met
    個票8: not_met
    ");
}

#[test]
fn what_was_read_is_doubted_not_how_it_was_written() {
    let form = samples::form_with(|program| {
        let phone = program
            .fields
            .iter_mut()
            .find(|it| it.name == "postal_code");
        phone.unwrap().ty = FieldType::Phone;
    });
    let head = HEAD.replace("name,", "name,postal_code,");
    let row = |phone: &str| ROW.replace("太郎,", &format!("太郎,{phone},"));
    let rows: String = ["０９０-1234-5678", "(03)1234-5678", "90-1234-5678"]
        .map(row)
        .concat();
    let text = format!("{head}{rows}");
    let library = Library::new([form]).unwrap();
    let mut checker = Checker::new(library, "2026-07-01".parse().unwrap()).normalising();
    let mut doubted = Vec::new();
    checker.check_csv(|| Ok(text.as_bytes()), &mut |report| {
        let mut found = report.findings.iter().map(|it| it.check.as_ref());
        doubted.push((
            report.changes.len(),
            found.any(|it| it == "csv.spreadsheet"),
        ));
        ControlFlow::Continue(())
    });
    assert_eq!(doubted, [(1, false), (1, false), (0, true)]);
}

#[test]
fn forms_and_applications_are_checked() {
    let check_row =
        |from: &str, to: &str| check(format!("{HEAD}{}", ROW.replace(from, to)).as_bytes());
    assert_snapshot!(check_row("shitei-006", "shitei-06"), @r"
    個票1: 判定なし
      csv.unknown_form [] /records/record[1]/@form 2行1文字目: 様式「shitei-06」はありません（「shitei-006」の書き間違いではありませんか）
    ");
    assert_snapshot!(check_row("2020", "1999"), @r"
    個票1: 判定なし
      csv.unknown_edition [] /records/record[1]/@form 2行1文字目: 様式 shitei-006 に版「1999」はありません（使える版は 2020 です）
    ");
    assert_snapshot!(check_row("new", "新規"), @r"
    個票1: 判定なし
      csv.application [] /records/record[1]/@application 2行17文字目: 新規・更新の別（application）が new でも renewal でもありません（「new」と書くか、書き方を読み替えて（`--normalise`）点検してください）
    ");
    assert_snapshot!(check_row("2026-06-01", "令和8年"), @r"
    個票1: not_met
      csv.written [] /records/record[1]/@written 2行21文字目: 記載年月日（written）を日付として読み取れません（西暦で 2026-06-01 のように書いてください）
    ");
}

#[test]
fn the_heading_of_a_record_is_read_otherwise_only_if_asked_for() {
    let heads = [
        ("SHITEI-006", "２０２０年版", "新規", "令和8年6月1日"),
        ("006", "2020年", "更新", "R8.6.1"),
        ("６", "2020", "ＮＥＷ", "2026/6/1"),
        ("007", "2020", "変更", "8.6.1"),
    ];
    let rows: String = heads
        .iter()
        .map(|(form, edition, kind, day)| {
            ROW.replace(
                "shitei-006,2020,new,2026-06-01",
                &[*form, *edition, *kind, *day].join(","),
            )
        })
        .collect();
    let text = format!("{HEAD}{rows}");
    let told = |normalising: bool| {
        let mut checker = Checker::new(
            Library::new([samples::form()]).unwrap(),
            "2026-07-01".parse().unwrap(),
        );
        if normalising {
            checker = checker.normalising();
        }
        let mut out = String::new();
        checker.check_csv(|| Ok(text.as_bytes()), &mut |report| {
            for change in &report.changes {
                out += &format!("{} {} → {}\n", change.item, change.old, change.new);
            }
            out += &samples::told(&[report]);
            out.push('\n');
            ControlFlow::Continue(())
        });
        out
    };
    assert_snapshot!(told(true), @r"
    様式 SHITEI-006 → shitei-006
    版 ２０２０年版 → 2020
    申請の種類 新規 → new
    記載年月日 令和8年6月1日 → 2026-06-01
    個票1: not_met

    様式 006 → shitei-006
    版 2020年 → 2020
    申請の種類 更新 → renewal
    記載年月日 R8.6.1 → 2026-06-01
    個票2: not_met

    様式 ６ → shitei-006
    申請の種類 ＮＥＷ → new
    記載年月日 2026/6/1 → 2026-06-01
    個票3: not_met

    個票4: 判定なし
      csv.unknown_form [] /records/record[4]/@form 5行1文字目: 様式「007」はありません（様式キーを確認してください。新しい様式であれば、定義を更新してください）
    ");
    assert_snapshot!(told(false), @r"
    個票1: 判定なし
      csv.unknown_form [] /records/record[1]/@form 2行1文字目: 様式「SHITEI-006」はありません（「shitei-006、2020」と書くか、書き方を読み替えて（`--normalise`）点検してください）

    個票2: 判定なし
      csv.unknown_form [] /records/record[2]/@form 3行1文字目: 様式「006」はありません（「shitei-006、2020」と書くか、書き方を読み替えて（`--normalise`）点検してください）

    個票3: 判定なし
      csv.unknown_form [] /records/record[3]/@form 4行1文字目: 様式「６」はありません（「shitei-006、2020」と書くか、書き方を読み替えて（`--normalise`）点検してください）

    個票4: 判定なし
      csv.unknown_form [] /records/record[4]/@form 5行1文字目: 様式「007」はありません（様式キーを確認してください。新しい様式であれば、定義を更新してください）
    ");
}

#[test]
fn a_row_that_is_read_otherwise_than_written_loads_its_own_form_alone() {
    let forms = samples::Editions::new(3);
    let library = Library::on_demand(forms.places.clone(), forms.load()).unwrap();
    let mut checker = Checker::new(library, "2026-07-01".parse().unwrap()).normalising();
    let text = format!("{HEAD}{}", ROW.replace(",2020,", ",0001年版,"));
    let mut results = Vec::new();
    checker.check_csv(|| Ok(text.as_bytes()), &mut |report| {
        results.push(report.result);
        ControlFlow::Continue(())
    });
    assert_eq!(results, [Some(ResultKind::NotMet)]);
    assert_eq!(forms.loads(), 1);
}

#[test]
fn rows_of_several_forms_stand_in_one_file() {
    let forms = [
        samples::form(),
        samples::form_with(|program| {
            program.key = "shitei-007".into();
            program.fields.iter_mut().for_each(|field| {
                if field.name == "stage" {
                    field.name = "grade".into();
                }
            });
        }),
    ];
    let check = |text: &str| {
        let mut checker = Checker::new(
            Library::new(forms.clone()).unwrap(),
            "2026-07-01".parse().unwrap(),
        );
        let mut reports = Vec::new();
        checker.check_csv(|| Ok(text.as_bytes()), &mut |report| {
            reports.push(report);
            ControlFlow::Continue(())
        });
        samples::told(&reports)
    };
    // The union of the columns.
    let head = HEAD.replace('\n', ",grade\n");
    let of_six = ROW.replace('\n', ",\n");
    let of_seven = ROW
        .replace("006", "007")
        .replace(",2,3,1;3\n", ",2,,1;3,3\n");
    let turns = format!("{head}{of_six}{of_seven}{of_six}");
    assert_snapshot!(check(&turns), @r"
    個票0: 判定なし
      csv.unknown_column [] 1行: 様式 shitei-006 にない列があります（grade）。空欄である限り読みません（ほかの様式の列でなければ、取り除けます）
    個票1: not_met
    個票2: not_met
    個票3: not_met
    ");
    let stray = of_seven.replace(",2,,", ",2,4,");
    assert_snapshot!(check(&format!("{head}{of_seven}{of_six}{stray}")), @r"
    個票0: 判定なし
      csv.unknown_column [] 1行: 様式 shitei-007 にない列があります（stage）。空欄である限り読みません（ほかの様式の列でなければ、取り除けます）
    個票1: not_met
    個票2: not_met
    個票0: 判定なし
      csv.unknown_column [] /records/record[3]/@stage 4行51文字目: 様式 shitei-007 に「stage」という項目はありませんが、値があります（この列を取り除くか、様式の項目名を確認してください）
    個票3: not_met
    ");
    // One file behind the other.
    let seven = format!("{}{}", HEAD, ROW).replace("stage", "grade");
    let seven = seven.replace("shitei-006", "shitei-007");
    assert_snapshot!(check(&format!("\u{feff}{HEAD}{ROW}\u{feff}{seven}{HEAD}{ROW}")), @r"
    個票1: not_met
    個票2: not_met
    個票3: not_met
    ");
    let unknown = format!("{HEAD}{ROW}{}", ROW.replace("2020", "2017"));
    assert_snapshot!(check(&unknown), @r"
    個票1: not_met
    個票2: 判定なし
      csv.unknown_edition [] /records/record[2]/@form 3行1文字目: 様式 shitei-006 に版「2017」はありません（使える版は 2020 です）
    ");
}

#[test]
fn what_is_no_csv_ends_at_its_place() {
    let text = format!("{HEAD}{ROW}");
    assert_snapshot!(check(text.replace("山田", "山\"田").as_bytes()), @r#"
    個票0: 判定なし
      csv.quote [] 2行: セルの途中に引用符（"）があります（セル全体を " で囲み、中の " は "" と二つ書いてください）
    "#);
    assert_snapshot!(check(text.replace("山田 太郎", "\"山田\" 太郎").as_bytes()), @r#"
    個票0: 判定なし
      csv.quote [] 2行: セルの途中に引用符（"）があります（セル全体を " で囲み、中の " は "" と二つ書いてください）
    "#);
    assert_snapshot!(check(text.replace("山田", "\"山田").as_bytes()), @r#"
    個票0: 判定なし
      csv.unclosed_quote [] 2行: 引用符（"）で始まったセルが閉じられないまま、ファイルが終わっています（セルの終わりに " を書いてください。ファイルが途中で切れていないかも確認してください）
    "#);
    assert_snapshot!(check(text.replace("山田", "山\0田").as_bytes()), @r"
    個票0: 判定なし
      csv.control [] 2行: 文字でないもの（NUL）があります（CSVのファイルかどうか、壊れていないかを確認してください）
    ");
    assert_snapshot!(check(b"\xff\xfea\0,\0"), @r"
    個票0: 判定なし
      file.encoding [] 文字コードがUTF-16になっています（UTF-8かShift_JISで保存し直してください（ExcelではCSV UTF-8））
    ");
    assert_snapshot!(check(format!("{HEAD}\x1b$B;3ED\x1b(B\n").as_bytes()), @r"
    個票0: 判定なし
      file.encoding [] 文字コードがISO-2022-JP（JISコード）になっています（UTF-8かShift_JISで保存し直してください（ExcelではCSV UTF-8））
    ");
    let mixed = [text.as_bytes(), &SHIFT_JIS.encode(ROW).0].concat();
    assert_snapshot!(check(&mixed), @r"
    個票0: 判定なし
      file.encoding [] UTF-8として正しくないバイト（0x8E）が先頭から164バイト目にあります（一つのファイルに二つの文字コードが混ざっていないか確認し、UTF-8で保存し直してください）
    ");
    assert_snapshot!(check(&[HEAD.as_bytes(), b"\x81\xff\n"].concat()), @r"
    個票0: 判定なし
      file.encoding [] 2行: Shift_JISとして正しくないバイト（0x81）が先頭から69バイト目にあります（ファイルが壊れていないか確認し、UTF-8かShift_JISで保存し直してください）
    ");
    let wide = ",".repeat(1_000_000);
    assert_snapshot!(check(wide.as_bytes()), @r"
    個票0: 判定なし
      csv.too_many_columns [] 1行: 1行に20000を超えるセルがあります（区切り文字と、見出しの行を確認してください）
    ");
    let long = format!("{HEAD}\"{}", "x".repeat(5_000_000));
    assert_snapshot!(check(long.as_bytes()), @r#"
    個票0: 判定なし
      file.too_large [] 2行: 1行が4MBを超えています（引用符（"）の書き忘れがないか確認してください）
    "#);
}
