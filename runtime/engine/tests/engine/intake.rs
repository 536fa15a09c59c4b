//! Written values to answers, and what is said about those that cannot be read.

use crate::build::*;
use kohyo_engine::program::{DatePrecision, FieldId, FieldType};
use kohyo_engine::{Answer, Form, read, read_lenient, read_one, read_text};

/// One field of this type, called `x`.
fn one(ty: FieldType) -> Form {
    let mut build = Build::new();
    build.field("x", ty);
    build.form()
}

const X: FieldId = FieldId(0);

#[track_caller]
fn accepts(form: &Form, written: &str, expected: Answer) {
    assert_eq!(read_text(form, X, written).unwrap(), expected, "{written}");
    assert_eq!(read_one(form, X, &[written]).unwrap(), expected);
}

#[track_caller]
fn refuses(form: &Form, written: &str, check: &str, message: &str, help: &str) {
    let finding = read_text(form, X, written).expect_err(written);
    assert_eq!(
        (finding.check.as_str(), finding.message.as_str()),
        (check, message),
        "{written}"
    );
    assert_eq!(finding.help.as_deref(), Some(help), "{written}");
    assert_eq!(finding.value.as_deref(), Some(written));
    assert_eq!(finding.fields, [X]);
}

fn text(text: &str) -> Answer {
    Answer::Text(text.into())
}

fn number(text: &str) -> Answer {
    Answer::Number(dec(text))
}

#[test]
fn blank_is_unanswered() {
    for ty in [
        FieldType::PostalCode,
        FieldType::Text { chars: 5, lines: 1 },
        FieldType::Date {
            precision: DatePrecision::Day,
        },
    ] {
        let form = one(ty);
        accepts(&form, "", Answer::Missing);
        accepts(&form, " \u{3000}\n", Answer::Missing);
        assert_eq!(read_one(&form, X, &[]).unwrap(), Answer::Missing);
        assert_eq!(read_one(&form, X, &["", " "]).unwrap(), Answer::Missing);
    }
}

#[test]
fn numbers() {
    let form = one(FieldType::Number {
        digits: 4,
        fraction: 1,
        unit: Some("g/gCr".to_owned()),
        min: Some(dec("-5")),
        max: Some(dec("200")),
    });
    for (written, value) in [
        ("3.5", "3.5"),
        ("0", "0"),
        ("-0.5", "-0.5"),
        ("007", "7"),
        ("3.50", "3.5"),
        (" 12\n", "12"),
        ("200", "200"),
    ] {
        accepts(&form, written, number(value));
    }
    let range = "「X」は-5〜200の範囲で書きます";
    let check_unit = "値と単位（g/gCr）を確かめてください";
    refuses(&form, "200.1", "range.x", range, check_unit);
    refuses(&form, "-5.1", "range.x", range, check_unit);
    refuses(
        &form,
        "3.55",
        "digits.x",
        "「X」の小数点以下は1桁までです",
        "小数点以下1桁までで書いてください",
    );
    refuses(
        &form,
        "1000",
        "digits.x",
        "「X」の整数部分は3桁までです",
        "桁数と単位を確かめてください",
    );
    refuses(
        &form,
        &"9".repeat(60),
        "digits.x",
        "「X」の整数部分は3桁までです",
        "桁数と単位を確かめてください",
    );
    refuses(
        &form,
        "３．５",
        "type.x",
        "「X」は半角の数字で書きます",
        "3.5 と書いてください",
    );
    refuses(
        &form,
        "−３",
        "type.x",
        "「X」は半角の数字で書きます",
        "-3 と書いてください",
    );
    refuses(
        &form,
        "1,200",
        "type.x",
        "「X」は桁区切りを付けずに書きます",
        "1200 と読めますが、この項目の整数部分は3桁までです。桁数と単位を確かめてください",
    );
    refuses(
        &form,
        "２５０",
        "type.x",
        "「X」は半角の数字で書きます",
        "250 と読めますが、この項目は-5〜200の範囲で書きます。値と単位（g/gCr）を確かめてください",
    );
    refuses(
        &form,
        "3.55 g/gCr",
        "unit.x",
        "「X」は単位を付けずに数値だけを書きます",
        "3.55 と読めますが、この項目の小数点以下は1桁までです。小数点以下1桁までで書いてください",
    );
    let unit = "単位 g/gCr の値として 3.5 と書いてください（単位が異なるときは換算してください）";
    refuses(
        &form,
        "3.5 g/gCr",
        "unit.x",
        "「X」は単位を付けずに数値だけを書きます",
        unit,
    );
    refuses(
        &form,
        "3.5mg",
        "unit.x",
        "「X」は単位を付けずに数値だけを書きます",
        unit,
    );
    for written in [
        "1e2", "1E-2", ".5", "5.", "+5", "--5", "1.2.3", "5-", "NaN", "inf", "0x10", "一", "1,5",
        "1,23",
    ] {
        let help = "半角の数字だけで 3.5 のように書いてください";
        refuses(
            &form,
            written,
            "type.x",
            "「X」を数値として読み取れません",
            help,
        );
    }
}

#[test]
fn grouped_numbers() {
    let form = one(FieldType::Number {
        digits: 7,
        fraction: 1,
        unit: None,
        min: None,
        max: None,
    });
    for (written, help) in [
        ("1,200", "1200 と書いてください"),
        ("12,345.6", "12345.6 と書いてください"),
        ("-１,２００", "-1200 と書いてください"),
    ] {
        let problem = "「X」は桁区切りを付けずに書きます";
        refuses(&form, written, "type.x", problem, help);
    }
    // A decimal comma, or a mistake.
    for written in ["1,5", "1,23", "1234,567", "1,234,5"] {
        let problem = "「X」を数値として読み取れません";
        let help = "半角の数字だけで 3.5 のように書いてください";
        refuses(&form, written, "type.x", problem, help);
    }
}

#[test]
fn integers() {
    let form = one(FieldType::Number {
        digits: 3,
        fraction: 0,
        unit: None,
        min: Some(dec("0")),
        max: None,
    });
    accepts(&form, "12.0", number("12"));
    refuses(
        &form,
        "3.5",
        "digits.x",
        "「X」は整数で書きます",
        "小数点以下を四捨五入せずに、整数で確かめて書いてください",
    );
    refuses(
        &form,
        "-1",
        "range.x",
        "「X」は0以上の範囲で書きます",
        "値を確かめてください",
    );
    refuses(
        &form,
        "x",
        "type.x",
        "「X」を数値として読み取れません",
        "半角の数字だけで 12 のように書いてください",
    );
}

#[test]
fn days() {
    let form = one(FieldType::Date {
        precision: DatePrecision::Day,
    });
    for written in ["1990", "1990-05", "1990-05-20"] {
        accepts(&form, written, Answer::Date(date(written)));
    }
    let shape = "「X」の書き方が違います";
    for (written, help) in [
        ("1990/5/20", "1990-05-20"),
        ("1990年5月20日", "1990-05-20"),
        ("１９９０－０５－２０", "1990-05-20"),
        ("平成2年5月20日", "1990-05-20"),
        ("H2.5.20", "1990-05-20"),
        ("令和元年5月", "2019-05"),
        ("S60", "1985"),
        ("昭和60", "1985"),
        ("平2.5.20", "1990-05-20"),
        ("西暦1990年5月20日", "1990-05-20"),
        ("1990−5−20", "1990-05-20"),
        ("19900520", "1990-05-20"),
        ("平成31年4月30日", "2019-04-30"),
        ("令和元年5月1日", "2019-05-01"),
        ("明治6年1月1日", "1873-01-01"),
    ] {
        refuses(
            &form,
            written,
            "date.x",
            shape,
            &format!("{help} と書いてください"),
        );
    }
    refuses(
        &form,
        "1990-02-30",
        "date.x",
        "「X」は暦にない日付です",
        "年月日を確かめてください",
    );
    for written in ["1990年2月30日", "平成2年2月30日"] {
        refuses(
            &form,
            written,
            "date.x",
            "「X」は暦にない日付です",
            "年月日を確かめてください",
        );
    }
    // No date is handed over as the answer where the era has none.
    for (written, help) in [
        ("平成31年5月1日", "平成は31年4月30日までです"),
        ("昭和65年1月1日", "昭和は64年1月7日までです"),
        ("昭和65年", "昭和は64年1月7日までです"),
        ("平成元年1月7日", "平成は元年1月8日からです"),
        ("令和元年4月", "令和は元年5月1日からです"),
        (
            "明治5年12月2日",
            "明治6年1月1日より前は暦が違い、西暦の日付に直せません",
        ),
    ] {
        refuses(
            &form,
            written,
            "date.x",
            "「X」は元号の期間の外の日付です",
            &format!("{help}。原本を確かめてください"),
        );
    }
    let help = "西暦で 1990-05-20 のように書いてください。日が分からなければ 1990-05、月も分からなければ 1990 と書けます";
    for written in [
        "昨年",
        "90-05-20",
        "1990-05-20T00:00",
        "1990-05-20-01",
        "H200.1.1",
        "平成0年1月1日",
        "1990-05/20",
    ] {
        refuses(
            &form,
            written,
            "date.x",
            "「X」を日付として読み取れません",
            help,
        );
    }
}

#[test]
fn months_and_years() {
    let form = one(FieldType::Date {
        precision: DatePrecision::Month,
    });
    accepts(&form, "1990", Answer::Date(date("1990")));
    accepts(&form, "1990-05", Answer::Date(date("1990-05")));
    refuses(
        &form,
        "1990-05-20",
        "date.x",
        "「X」は西暦の年月までを書きます",
        "1990-05 と書いてください",
    );
    let form = one(FieldType::Date {
        precision: DatePrecision::Year,
    });
    refuses(
        &form,
        "1990-05",
        "date.x",
        "「X」は西暦の年だけを書きます",
        "1990 と書いてください",
    );
    refuses(
        &form,
        "x",
        "date.x",
        "「X」を日付として読み取れません",
        "西暦で 1990 のように書いてください",
    );
}

#[test]
fn free_text() {
    let form = one(FieldType::Text { chars: 6, lines: 2 });
    accepts(&form, "か\u{3099}く", text("がく"));
    accepts(&form, "あ\r\nい", text("あ\nい"));
    accepts(&form, "あ\rい", text("あ\nい"));
    accepts(&form, "あいうえおか", text("あいうえおか"));
    refuses(
        &form,
        "あいうえおかき",
        "width.x",
        "「X」は6文字までです（7文字あります）",
        "1文字減らしてください",
    );
    refuses(
        &form,
        "あ\nい\nう",
        "width.x",
        "「X」は2行までです（3行あります）",
        "2行以内にまとめてください",
    );
    for control in ['\u{0}', '\u{1b}', '\u{7f}', '\u{85}', '\u{fffe}'] {
        let message = format!(
            "「X」に使えない制御文字（U+{:04X}）があります",
            u32::from(control)
        );
        refuses(
            &form,
            &format!("あ{control}"),
            "type.x",
            &message,
            "その文字を消して書き直してください",
        );
    }
    let form = one(FieldType::Text { chars: 6, lines: 1 });
    refuses(
        &form,
        "あ\nい",
        "width.x",
        "「X」には改行を書けません",
        "1行にまとめてください",
    );
}

#[test]
fn kana() {
    let form = one(FieldType::Kana { chars: 5 });
    accepts(&form, "やまだ　ー", text("やまだ　ー"));
    refuses(
        &form,
        "ヤマダ",
        "kana.x",
        "「X」はひらがなで書きます",
        "やまだ と書いてください",
    );
    refuses(
        &form,
        "ﾔﾏﾀﾞ",
        "kana.x",
        "「X」はひらがなで書きます",
        "やまだ と書いてください",
    );
    refuses(
        &form,
        "山田",
        "kana.x",
        "「X」はひらがなで書きます",
        "ひらがなと長音（ー）、空白だけで書いてください",
    );
    refuses(
        &form,
        "やまだたろう",
        "width.x",
        "「X」は5文字までです（6文字あります）",
        "1文字減らしてください",
    );
}

#[test]
fn digits_postal_codes_and_telephone_numbers() {
    let form = one(FieldType::Digits { count: 4 });
    accepts(&form, "0042", text("0042"));
    refuses(
        &form,
        "42",
        "digits.x",
        "「X」は4桁です（2桁あります）",
        "半角の数字4桁を書いてください",
    );
    refuses(
        &form,
        "００４２",
        "type.x",
        "「X」は半角の数字だけで書きます",
        "0042 と書いてください",
    );
    refuses(
        &form,
        "4x",
        "type.x",
        "「X」は半角の数字だけで書きます",
        "半角の数字4桁だけを書いてください",
    );
    let form = one(FieldType::PostalCode);
    accepts(&form, "1000001", text("1000001"));
    refuses(
        &form,
        "100-0001",
        "type.x",
        "「X」は半角の数字だけで書きます",
        "1000001 と書いてください",
    );
    refuses(
        &form,
        "10000",
        "digits.x",
        "「X」は7桁です（5桁あります）",
        "半角の数字7桁を書いてください",
    );
    let form = one(FieldType::Phone);
    accepts(&form, "03-1234-5678", text("03-1234-5678"));
    refuses(
        &form,
        "０３（１２３４）５６７８",
        "type.x",
        "「X」は半角の数字とハイフンで書きます",
        "03-1234-5678 と書いてください",
    );
    let example = "半角の数字とハイフンだけで 03-1234-5678 のように書いてください";
    refuses(
        &form,
        "自宅",
        "type.x",
        "「X」は半角の数字とハイフンで書きます",
        example,
    );
    refuses(
        &form,
        "--",
        "type.x",
        "「X」は半角の数字とハイフンで書きます",
        example,
    );
}

#[test]
fn codes() {
    let mut build = Build::new();
    build.finding("x");
    let form = build.form();
    accepts(&form, "1", Answer::Code(0));
    accepts(&form, " 3 ", Answer::Code(2));
    let help = "次のいずれかを書いてください: 1（〔present〕）、2（〔absent〕）、3（〔unclear〕）";
    for written in ["4", "01", "present", "１"] {
        refuses(&form, written, "code.x", "「X」の選択肢にない値です", help);
    }
    let several = read_one(&form, X, &["1", "2"]).unwrap_err();
    assert_eq!(
        (several.check.as_str(), several.message.as_str()),
        ("type.x", "「X」に値が2個あります")
    );
    assert_eq!(several.value, None);
}

#[test]
fn several_codes_are_sorted_and_kept_once() {
    let mut build = Build::new();
    build.choices(
        "x",
        &[
            ("mother", None, false),
            ("father", None, false),
            ("sister", None, false),
        ],
    );
    let form = build.form();
    assert_eq!(
        read_one(&form, X, &["3", "1", "", "3"]).unwrap(),
        Answer::Codes(vec![0, 2])
    );
    assert_eq!(
        read_one(&form, X, &["3", "9"])
            .unwrap_err()
            .value
            .as_deref(),
        Some("9")
    );
}

#[test]
fn case_files_may_name_a_code_by_name_value_or_label() {
    let mut build = Build::new();
    // The name of one code is the value of another: names come first.
    build.choice("x", &[("2", None, false), ("absent", None, false)]);
    let form = build.form();
    for (written, code) in [("2", 0), ("absent", 1), ("1", 0), ("〔absent〕", 1)] {
        let (answers, findings) = read_lenient(&form, &raw(&format!("x={written}")));
        assert!(findings.is_empty());
        assert_eq!(answers.get(X), &Answer::Code(code), "{written}");
    }
    let (answers, findings) = read_lenient(&form, &raw("x=present"));
    assert_eq!(
        (answers.get(X), findings[0].check.as_str()),
        (&Answer::Missing, "code.x")
    );
}

#[test]
fn unknown_names_are_reported_with_the_name_most_like_them() {
    let mut build = Build::new();
    build.findings(["tremor", "rigidity"]);
    let form = build.form();
    let (answers, findings) = read(&form, &raw("tremo=1 rigidity=2 zzzz=1 zzzz=2"));
    assert_eq!(answers.get(FieldId(1)), &Answer::Code(ABSENT));
    let told: Vec<(&str, &str, Option<&str>)> = findings
        .iter()
        .map(|finding| {
            (
                finding.check.as_str(),
                finding.help.as_deref().unwrap(),
                finding.value.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                "field.tremo",
                "「tremor」のことであれば、その名前で書いてください",
                Some("1")
            ),
            ("field.zzzz", "この様式の項目名を確かめてください", None),
        ]
    );
}

#[test]
fn a_sheet_keeps_its_memory_when_it_is_cleared() {
    let mut build = Build::new();
    build.findings(["a", "b"]);
    let form = build.form();
    let mut sheet = answers(&form, "a=1 b=2");
    sheet.clear();
    assert!(sheet.iter().all(|(_, answer)| answer.is_missing()));
    assert_eq!(sheet, kohyo_engine::Answers::new(&form));
    sheet.set(FieldId(5), Answer::Code(0));
    assert_eq!(sheet.get(FieldId(5)), &Answer::Code(0));
    assert_eq!(sheet.get(FieldId(99)), &Answer::Missing);
}

#[test]
fn answers_can_be_written_down_again() {
    let mut build = Build::new();
    build.findings(["a", "b"]);
    build.choices("m", &[("mother", None, false), ("father", None, false)]);
    build.number("n", 4, 1, "0", "99.9");
    build.date("d");
    build.text("t");
    let form = build.form();
    let written = "a=3 m=1 m=2 n=3.5 d=2024-03 t=経過";
    let sheet = answers(&form, written);
    assert_eq!(kohyo_engine::written(&form, &sheet), raw(written));
}
