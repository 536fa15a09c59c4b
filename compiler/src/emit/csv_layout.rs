//! CSVレイアウト: the columns of a form's CSV for hospitals that export CSV, and an empty file with
//! their heads.

use super::layout::{self, LayoutRow};
use super::sheet::{Column, Sheet, column};
use super::wire::{self, WireField, WireSection};
use super::{Artefact, Emitted};
use kohyo_engine::program::{DatePrecision, Field, FieldType};
use kohyo_engine::{Program, example_text};
use kohyo_record::csv::{HEADING, SEPARATOR, csv_template};

/// A column of the CSV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvColumn {
    /// Its number, from 1. Columns may stand in any order; this is the order of the empty file.
    pub number: usize,
    /// Its letters in a spreadsheet: `A`, `AB`.
    pub letters: String,
    /// Its head: the wire name of the item.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The headings it stands under.
    pub place: String,
    /// 一つ選択, 小数, 年月日, …
    pub kind: String,
    /// How long a value may be.
    pub size: String,
    /// Smallest and largest value.
    pub range: String,
    /// Unit, which the cell does not say.
    pub unit: String,
    /// How a value is written.
    pub spelling: String,
    /// The codes: `1=あり`, a line for each.
    pub codes: String,
    /// Whether a new application must have it.
    pub new: String,
    /// Whether a renewal must have it.
    pub renewal: String,
    /// An example.
    pub example: String,
}

/// The columns of a form's CSV.
pub fn rows(program: &Program) -> Vec<CsvColumn> {
    let mut rows: Vec<CsvColumn> = HEADING
        .iter()
        .map(|(name, label)| head(program, name, label))
        .collect();
    let fields = wire::sections(program)
        .into_iter()
        .flat_map(|WireSection { fields, .. }| fields);
    let layout = layout::rows(program);
    rows.extend(
        fields
            .zip(&layout)
            .map(|(WireField { field, .. }, row)| item(program, field, row)),
    );
    for (number, row) in (1..).zip(&mut rows) {
        row.number = number;
        row.letters = letters(number);
    }
    rows
}

/// The rows as a table.
pub fn sheet(rows: &[CsvColumn]) -> Sheet {
    const COLUMNS: &[Column] = &[
        column("列番号", 7),
        column("列", 6),
        column("列名", 26),
        column("項目名", 34),
        column("階層", 30),
        column("型", 10),
        column("桁数・文字数", 13),
        column("範囲", 12),
        column("単位", 10),
        column("値の書き方", 40),
        column("コード", 34),
        column("必須（新規）", 12),
        column("必須（更新）", 12),
        column("例", 16),
    ];
    let cells = |row: &CsvColumn| {
        vec![
            row.number.to_string(),
            row.letters.clone(),
            row.name.clone(),
            row.label.clone(),
            row.place.clone(),
            row.kind.clone(),
            row.size.clone(),
            row.range.clone(),
            row.unit.clone(),
            row.spelling.clone(),
            row.codes.clone(),
            row.new.clone(),
            row.renewal.clone(),
            row.example.clone(),
        ]
    };
    Sheet {
        name: "CSVレイアウト",
        columns: COLUMNS,
        rows: rows.iter().map(cells).collect(),
    }
}

/// The list of columns and the empty file.
pub(super) fn form(program: &Program) -> Emitted {
    let stem = wire::stem(program);
    Emitted {
        artefacts: vec![
            Artefact::text(format!("{stem}.columns.csv"), sheet(&rows(program)).csv()),
            Artefact::text(format!("{stem}.template.csv"), csv_template(program)),
        ],
        residue: Vec::new(),
    }
}

fn head(program: &Program, name: &str, label: &str) -> CsvColumn {
    let (kind, spelling, example, codes, need) = match name {
        "form" => (
            "文字",
            "様式キー。どの行も同じ",
            program.key.as_str(),
            "",
            "必須",
        ),
        "edition" => (
            "文字",
            "様式の版。どの行も同じ",
            program.edition.as_str(),
            "",
            "必須",
        ),
        "application" => (
            "一つ選択",
            "新規・更新の別",
            "new",
            "new=新規\nrenewal=更新",
            "必須",
        ),
        _ => (
            "年月日",
            "西暦で YYYY-MM-DD。空欄なら点検した日で判定する",
            "2026-06-01",
            "",
            "任意",
        ),
    };
    CsvColumn {
        number: 0,
        letters: String::new(),
        name: name.to_owned(),
        label: label.to_owned(),
        place: "見出し".to_owned(),
        kind: kind.to_owned(),
        size: String::new(),
        range: String::new(),
        unit: String::new(),
        spelling: spelling.to_owned(),
        codes: codes.to_owned(),
        new: need.to_owned(),
        renewal: need.to_owned(),
        example: example.to_owned(),
    }
}

fn item(program: &Program, field: &Field, row: &LayoutRow) -> CsvColumn {
    let table = wire::table_of(field).and_then(|table| program.code_tables.get(table));
    let codes = table.map_or(&[][..], |table| &table.codes);
    let told: Vec<String> = codes
        .iter()
        .map(|code| format!("{}={}", code.value, code.label))
        .collect();
    let (spelling, example) = spelling(field, codes.iter().map(|code| code.value.as_str()));
    CsvColumn {
        number: 0,
        letters: String::new(),
        name: row.name.clone(),
        label: row.label.clone(),
        place: row.place.join(" ＞ "),
        kind: row.kind.to_owned(),
        size: row.size.clone(),
        range: row.range.clone(),
        unit: row.unit.clone(),
        spelling: spelling.to_owned(),
        codes: told.join("\n"),
        new: row.new.label().to_owned(),
        renewal: row.renewal.label().to_owned(),
        example,
    }
}

/// How a value is written in a cell, with an example.
fn spelling<'c>(field: &Field, mut codes: impl Iterator<Item = &'c str>) -> (&'static str, String) {
    let first = codes.next().unwrap_or_default();
    match &field.ty {
        FieldType::Choice { .. } => ("コードの値を一つ", first.to_owned()),
        FieldType::Choices { .. } => {
            let second = codes.next().map(|code| format!("{SEPARATOR}{code}"));
            (
                "コードの値を ; で区切る",
                format!("{first}{}", second.unwrap_or_default()),
            )
        }
        FieldType::Number {
            fraction: 0, min, ..
        } => (
            "半角の整数。単位と桁区切りは付けない",
            min.map_or_else(|| "1".to_owned(), |min| min.ceil().to_string()),
        ),
        FieldType::Number { min, .. } => (
            "半角の数字。小数点は「.」。単位と桁区切りは付けない",
            min.map_or_else(|| "1.5".to_owned(), |min| min.normalize().to_string()),
        ),
        FieldType::Date { precision } => match precision {
            DatePrecision::Day => (
                "西暦で YYYY-MM-DD（日や月が不明なら YYYY-MM、YYYY）",
                "2019-04-20".to_owned(),
            ),
            DatePrecision::Month => ("西暦で YYYY-MM（月が不明なら YYYY）", "2019-04".to_owned()),
            DatePrecision::Year => ("西暦で YYYY", "2019".to_owned()),
        },
        FieldType::PostalCode => ("半角数字7桁。ハイフンは付けない", "1008916".to_owned()),
        FieldType::Phone => ("半角の数字とハイフン", "03-1234-5678".to_owned()),
        FieldType::Digits { count } => (
            "半角数字",
            "0123456789"
                .chars()
                .cycle()
                .take(usize::try_from(*count).unwrap_or(0))
                .collect(),
        ),
        FieldType::Kana { .. } => ("ひらがな", example_text(field)),
        FieldType::Text { lines: 1, .. } => (
            "そのまま。コンマを含むときはセルを \" で囲む",
            example_text(field),
        ),
        FieldType::Text { .. } => (
            "そのまま。改行やコンマを含むときはセルを \" で囲む",
            example_text(field),
        ),
    }
}

/// `A`, …, `Z`, `AA`, … as spreadsheets call their columns.
fn letters(mut number: usize) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        number -= 1;
        let letter = u8::try_from(number % 26).unwrap_or(0);
        letters.push(char::from(b'A' + letter));
        number /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        let all: Vec<String> = [1, 26, 27, 52, 53, 702, 703].map(letters).to_vec();
        assert_eq!(all, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
