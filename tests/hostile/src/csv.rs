//! CSV that swallows records, runs formulas or is none.

use super::{Case, HEAD, ROW, case};

pub fn cases() -> Vec<Case> {
    let good = format!("{HEAD}{ROW}");
    let row = |from: &str, to: &str| {
        assert!(ROW.contains(from), "{from}");
        format!("{HEAD}{}", ROW.replacen(from, to, 1))
    };
    let head = |from: &str, to: &str| {
        assert!(HEAD.contains(from), "{from}");
        format!("{}{ROW}", HEAD.replacen(from, to, 1))
    };
    let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode(ROW);
    let (euc, _, _) = encoding_rs::EUC_JP.encode(&good);
    let sixteen: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bytes = |parts: &[&[u8]]| parts.concat();
    vec![
        // Bytes.
        case("c_empty.csv", "", "file.empty"),
        case("c_blank.csv", "\n\n \n", "file.empty"),
        case("c_head_only.csv", HEAD, "csv.no_record"),
        case(
            "c_comments_only.csv",
            format!("{HEAD}#a\n#b\n"),
            "csv.no_record",
        ),
        case(
            "c_utf16_marked.csv",
            bytes(&[b"\xff\xfe", &sixteen]),
            "file.encoding",
        ),
        case("c_utf16.csv", sixteen, "file.encoding"),
        case(
            "c_jis.csv",
            format!("{HEAD}\u{1b}$B;3ED\u{1b}(B\n"),
            "file.encoding",
        ),
        case(
            "c_mixed.csv",
            bytes(&[good.as_bytes(), &sjis]),
            "file.encoding",
        ),
        case("c_euc.csv", euc.into_owned(), "file.encoding"),
        case(
            "c_bad_sjis.csv",
            bytes(&[HEAD.as_bytes(), b"\x81\xff\n"]),
            "file.encoding",
        ),
        case(
            "c_lead_byte_at_end.csv",
            bytes(&[HEAD.as_bytes(), b"\x81"]),
            "file.encoding",
        ),
        case("c_zeros.csv", vec![0; 10_000], "csv.control"),
        case("c_nul.csv", row("歩行", "\0"), "csv.control"),
        case(
            "c_png.csv",
            &b"\x89PNG\r\n\x1a\n\0\0\0\r"[..],
            "file.foreign",
        ),
        case("c_xml.csv", super::GOOD, "csv.quote"),
        // Quotation marks.
        case("c_quote_inside.csv", row("歩行", "歩\"行"), "csv.quote"),
        case(
            "c_quote_then_text.csv",
            row("歩行のため", "\"歩行\"のため"),
            "csv.quote",
        ),
        case(
            "c_quote_open.csv",
            row("歩行", "\"歩行"),
            "csv.unclosed_quote",
        ),
        case(
            "c_quote_swallows.csv",
            format!(
                "{HEAD}{}{}",
                ROW.replacen("1950", "\"1950", 1),
                ROW.repeat(1_000)
            ),
            "csv.unclosed_quote",
        ),
        case(
            "c_quote_huge.csv",
            format!("{HEAD}\"{}", "x".repeat(5_000_000)),
            "file.too_large",
        ),
        case(
            "c_line_huge.csv",
            format!("{HEAD}{}", "x".repeat(5_000_000)),
            "file.too_large",
        ),
        // Columns.
        case(
            "c_million_columns.csv",
            ",".repeat(1_000_000),
            "csv.too_many_columns",
        ),
        case(
            "c_million_cells.csv",
            format!("{HEAD}{}\n", ",".repeat(1_000_000)),
            "csv.too_many_columns",
        ),
        case(
            "c_column_unknown.csv",
            head("tremor", "tremer"),
            "csv.unknown_column required.tremor",
        ),
        case(
            "c_column_nameless.csv",
            head("tremor", ""),
            "csv.unknown_column required.tremor",
        ),
        case(
            "c_column_twice.csv",
            head("rigidity", "tremor"),
            "csv.duplicate_column",
        ),
        case(
            "c_column_form.csv",
            head("form,", "type,"),
            "csv.missing_column",
        ),
        case(
            "c_column_edition.csv",
            head("edition", "version"),
            "csv.missing_column",
        ),
        case(
            "c_column_application.csv",
            head("application", "kind"),
            "csv.missing_column",
        ),
        case("c_tabs.csv", good.replace(',', "\t"), "csv.missing_column"),
        case(
            "c_semicolons.csv",
            good.replace(',', ";"),
            "csv.missing_column",
        ),
        case("c_cells_fewer.csv", row(",1;3", ""), "csv.cells"),
        case("c_cells_more.csv", row("10.5", "10,5"), "csv.cells"),
        // Contents.
        case(
            "c_form_unknown.csv",
            row("shitei-999", "shitei-998"),
            "csv.unknown_form",
        ),
        case(
            "c_form_formula.csv",
            row("shitei-999", "=cmd|' /C calc'!A0"),
            "csv.unknown_form",
        ),
        case(
            "c_edition_unknown.csv",
            row("2024", "1999"),
            "csv.unknown_edition",
        ),
        case(
            "c_two_forms.csv",
            format!("{good}{}", ROW.replacen("2024", "2020", 1)),
            "code.aid csv.unknown_column required.skin required.yahr",
        ),
        case("c_application.csv", row("new", "新規"), "csv.application"),
        case(
            "c_written.csv",
            row("2026-06-01", "2026/6/1"),
            "csv.written",
        ),
        case(
            "c_code_formula.csv",
            row("1950-04-01,1", "1950-04-01,=1+1"),
            "code.tremor",
        ),
        case(
            "c_code_at.csv",
            row("1950-04-01,1", "1950-04-01,@SUM(A1)"),
            "code.tremor",
        ),
        case("c_codes_commas.csv", row("1;3", "\"1,3\""), "code.aid"),
        case(
            "c_date_excel.csv",
            row("1950-04-01", "18354"),
            "date.birth_date",
        ),
        case("c_number_excel.csv", row("10.5", "1.05E+01"), "type.marker"),
    ]
}
