//! What can be wrong with a CSV.

use super::{Damage, Says, exchanged, names};
use kohyo_engine::Program;
use kohyo_engine::program::FieldType;

/// More cells than a row may have.
const TOO_MANY: usize = 20_001;

pub(super) fn damages(program: &Program) -> Vec<Damage> {
    use Says::{AsBefore, Nothing};
    let (key, edition) = (program.key.clone(), program.edition.clone());
    let texts = names(program, |field| matches!(field.ty, FieldType::Text { .. }));
    let of_form = format!("\n{key},{edition},");
    let row = move |by: String| {
        let of_form = of_form.clone();
        move |text: &str| exchanged(text, &of_form, &by)
    };
    vec![
        Damage::new("file.empty", Nothing, "空のファイル", |_| {
            Some(Vec::new())
        }),
        Damage::new(
            "file.encoding",
            Nothing,
            "UTF-8としてもCP932としても読めないバイトがある",
            |text| {
                let mut bytes = text.trim_end().as_bytes().to_vec();
                bytes.push(0xff);
                Some(bytes)
            },
        ),
        Damage::new(
            "csv.control",
            Nothing,
            "様式キーの後ろに文字でないもの（NUL）がある",
            row(format!("\n{key}\0,{edition},")),
        ),
        Damage::new(
            "csv.quote",
            Nothing,
            "セルの途中に引用符がある",
            row(format!("\n{key}\",{edition},")),
        ),
        Damage::new(
            "csv.unclosed_quote",
            Nothing,
            "引用符が閉じていない",
            row(format!("\n{key},\"{edition},")),
        ),
        Damage::new(
            "csv.too_many_columns",
            Nothing,
            "1行に2万を超えるセルがある",
            |text| {
                Some(
                    [text.trim_end(), &",".repeat(TOO_MANY), "\r\n"]
                        .concat()
                        .into_bytes(),
                )
            },
        ),
        Damage::new(
            "csv.missing_column",
            Nothing,
            "見出しに新規・更新の別（application）の列がない",
            |text| exchanged(text, ",application,", ",kit_unknown,"),
        ),
        Damage::new(
            "csv.duplicate_column",
            Nothing,
            "見出しに記載年月日（written）の列が2つある",
            |text| column(text, "written", ""),
        ),
        Damage::new(
            "csv.unknown_column",
            AsBefore,
            "様式にない列に値がある",
            |text| column(text, "kit_unknown", "1"),
        ),
        Damage::new(
            "csv.unknown_column",
            AsBefore,
            "様式にない列があり、空欄である",
            |text| column(text, "kit_unknown", ""),
        )
        .warning(),
        Damage::new(
            "csv.cells",
            Nothing,
            "セルが見出しより1つ少ない",
            |text| {
                let (before, _) = text.trim_end().rsplit_once(',')?;
                Some([before, "\r\n"].concat().into_bytes())
            },
        ),
        Damage::new(
            "csv.no_record",
            Nothing,
            "見出しの下に行がない",
            |text| Some(text.lines().next()?.as_bytes().to_vec()),
        ),
        Damage::new(
            "csv.unknown_form",
            Nothing,
            "様式がない",
            row(format!("\nkit-unknown,{edition},")),
        ),
        Damage::new(
            "csv.unknown_edition",
            Nothing,
            "版がない",
            row(format!("\n{key},0000,")),
        ),
        Damage::new(
            "csv.application",
            Nothing,
            "新規・更新の別（application）が new でも renewal でもない",
            |text| cell(text, "application", "first"),
        ),
        Damage::new(
            "csv.written",
            AsBefore,
            "記載年月日（written）が暦にない日である",
            |text| cell(text, "written", "2026-06-31"),
        ),
        Damage::new(
            "csv.spreadsheet",
            AsBefore,
            "文字の項目が、表計算ソフトのエラーの値である",
            move |text| texts.iter().find_map(|name| cell(text, name, "#N/A")),
        )
        .warning(),
    ]
}

/// The table of one record with another column at its end.
fn column(text: &str, name: &str, value: &str) -> Option<Vec<u8>> {
    let mut lines = text.lines();
    let (head, row) = (lines.next()?, lines.next()?);
    Some(format!("{head},{name}\r\n{row},{value}\r\n").into_bytes())
}

/// The table of one record with another value in this column, where it has one. No cell of it is
/// quoted.
fn cell(text: &str, name: &str, value: &str) -> Option<Vec<u8>> {
    let mut lines = text.lines();
    let (head, row) = (lines.next()?, lines.next()?);
    if row.contains('"') {
        return None;
    }
    let at = head.split(',').position(|column| column == name)?;
    let mut cells: Vec<&str> = row.split(',').collect();
    let cell = cells.get_mut(at).filter(|cell| !cell.is_empty())?;
    *cell = value;
    Some(format!("{head}\r\n{}\r\n", cells.join(",")).into_bytes())
}
