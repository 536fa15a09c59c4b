//! ファイルレコード定義書: every item of a form's record, in the order of the record.

use super::pseudo;
use super::sheet::{Column, Sheet, column};
use super::wire::{self, WireField, WireSection};
use kohyo_engine::Program;
use kohyo_engine::outline;
use kohyo_engine::program::{
    Application, Carry, Cond, DatePrecision, Field, FieldType, FirstAnswer, Privacy,
};

/// An item of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutRow {
    /// Its number in the record, from 1.
    pub number: usize,
    /// Its wire name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The headings it stands under: section, then groups.
    pub place: Vec<String>,
    /// Where it stands in the record XML.
    pub path: String,
    /// 一つ選択, 小数, 年月日, …
    pub kind: &'static str,
    /// 半角, 全角, 混在.
    pub characters: &'static str,
    /// How long a value may be: `3.1` digits before and after the point, `40文字`, `250文字・7行`.
    pub size: String,
    /// Smallest and largest value of a number: `0〜300`.
    pub range: String,
    /// Unit of a number.
    pub unit: String,
    /// How often the element may stand: `0..1`, `0..n`.
    pub occurs: &'static str,
    /// Whether a new application must have it.
    pub new: Need,
    /// Whether a renewal must have it.
    pub renewal: Need,
    /// When it is required, if that depends.
    pub required_when: String,
    /// When it may be filled in, if that depends.
    pub shown_when: String,
    /// The same as pseudo-code, with the kind of application; `TRUE` if it always may.
    pub shown_pseudo: String,
    /// When it must be filled in where it may, as pseudo-code; `FALSE` if it never must.
    pub required_pseudo: String,
    /// Id of its code table.
    pub codes: Option<String>,
    /// What a new form says before it is filled in.
    pub first: String,
    /// What happens to last year's answer.
    pub carry: String,
    /// How closely it points at a person.
    pub privacy: &'static str,
    /// Edition of the form and its first and last day.
    pub edition: String,
    /// The official words that ask for it.
    pub cites: String,
    /// Help text of the form.
    pub help: String,
}

/// Whether an item must be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// 必須.
    Always,
    /// 必須 where the item may be filled in at all, or under a condition.
    Depends,
    /// 任意.
    Never,
    /// The item is not asked in this kind of application.
    Absent,
}

impl Need {
    /// As the document says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Always => "必須",
            Self::Depends => "条件付き",
            Self::Never => "任意",
            Self::Absent => "記入不可",
        }
    }
}

/// The items of a form.
pub fn rows(program: &Program) -> Vec<LayoutRow> {
    let tables = wire::table_ids(program);
    let mut rows = Vec::new();
    for WireSection { section, fields } in wire::sections(program) {
        for WireField { field, groups, .. } in fields {
            let place = std::iter::once(section.label.as_str()).chain(groups);
            rows.push(LayoutRow {
                number: rows.len() + 1,
                place: place.map(str::to_owned).collect(),
                path: format!("/record/{}/{}", section.name, field.name),
                codes: wire::table_of(field).and_then(|table| tables.get(table).cloned()),
                ..row(program, field)
            });
        }
    }
    rows
}

/// The rows as a table.
pub fn sheet(rows: &[LayoutRow]) -> Sheet {
    const COLUMNS: &[Column] = &[
        column("No", 5),
        column("項目ID", 26),
        column("項目名", 34),
        column("階層", 30),
        column("XMLパス", 40),
        column("型", 10),
        column("文字種", 8),
        column("桁数・文字数", 13),
        column("範囲", 12),
        column("単位", 10),
        column("出現回数", 9),
        column("必須（新規）", 12),
        column("必須（更新）", 12),
        column("必須となる条件", 34),
        column("記入できる条件", 34),
        column("記入できる条件（疑似コード）", 40),
        column("必須条件（疑似コード）", 40),
        column("コード表ID", 20),
        column("初期値", 12),
        column("前回値の踏襲", 22),
        column("個人情報区分", 14),
        column("版", 26),
        column("原文", 34),
        column("備考", 40),
    ];
    let cells = |row: &LayoutRow| {
        vec![
            row.number.to_string(),
            row.name.clone(),
            row.label.clone(),
            row.place.join(" ＞ "),
            row.path.clone(),
            row.kind.to_owned(),
            row.characters.to_owned(),
            row.size.clone(),
            row.range.clone(),
            row.unit.clone(),
            row.occurs.to_owned(),
            row.new.label().to_owned(),
            row.renewal.label().to_owned(),
            row.required_when.clone(),
            row.shown_when.clone(),
            row.shown_pseudo.clone(),
            row.required_pseudo.clone(),
            row.codes.clone().unwrap_or_default(),
            row.first.clone(),
            row.carry.clone(),
            row.privacy.to_owned(),
            row.edition.clone(),
            row.cites.clone(),
            row.help.clone(),
        ]
    };
    Sheet {
        name: "ファイルレコード定義",
        columns: COLUMNS,
        rows: rows.iter().map(cells).collect(),
    }
}

/// The edition with its first and last day: `2020（2017-04-01〜）`.
pub(super) fn edition(program: &Program) -> String {
    let end = program
        .valid_to
        .map_or_else(String::new, |end| end.to_string());
    format!("{}（{}〜{end}）", program.edition, program.valid_from)
}

/// What a field says by itself, wherever it stands.
fn row(program: &Program, field: &Field) -> LayoutRow {
    let need = |application| match (field.only, field.required, &field.required_when) {
        (Some(only), ..) if only != application => Need::Absent,
        (_, true, _) if field.shown_when.is_none() => Need::Always,
        (_, true, _) | (_, false, Some(_)) => Need::Depends,
        (_, false, None) => Need::Never,
    };
    let required_when = match (&field.required_when, field.required, &field.shown_when) {
        (_, true, Some(_)) => "記入できる条件を満たすとき".to_owned(),
        (Some(when), false, _) => reading(when),
        _ => String::new(),
    };
    let (kind, characters) = kind(&field.ty);
    LayoutRow {
        number: 0,
        name: field.name.clone(),
        label: field.label.clone(),
        place: Vec::new(),
        path: String::new(),
        kind,
        characters,
        size: size(program, field),
        range: match &field.ty {
            FieldType::Number { min, max, .. } => range(*min, *max),
            _ => String::new(),
        },
        unit: match &field.ty {
            FieldType::Number { unit, .. } => unit.clone().unwrap_or_default(),
            _ => String::new(),
        },
        occurs: match field.ty {
            FieldType::Choices { .. } => "0..n",
            _ => "0..1",
        },
        new: need(Application::New),
        renewal: need(Application::Renewal),
        required_when,
        shown_when: field.shown_when.as_deref().map(reading).unwrap_or_default(),
        shown_pseudo: shown_pseudo(program, field),
        required_pseudo: match (field.required, &field.required_when) {
            (true, _) => "TRUE".to_owned(),
            (false, Some(when)) => pseudo::condition(program, when),
            (false, None) => "FALSE".to_owned(),
        },
        codes: None,
        first: match &field.first_answer {
            None => String::new(),
            Some(FirstAnswer::Today) => "書き始めた日".to_owned(),
            Some(FirstAnswer::Written(values)) => values.join(" "),
        },
        carry: match field.carry {
            Carry::Copy => "踏襲する".to_owned(),
            Carry::Confirm => "踏襲し、医師が確認する".to_owned(),
            Carry::Never => "踏襲しない".to_owned(),
            Carry::Expires(months) => format!("{months}か月以内なら踏襲する"),
        },
        privacy: match field.privacy {
            Some(Privacy::Identifying) => "個人を特定（マスク対象）",
            Some(Privacy::Quasi) => "準識別",
            Some(Privacy::Sensitive) => "要配慮",
            None => "",
        },
        edition: edition(program),
        cites: field.cites.clone().unwrap_or_default(),
        help: field.help.clone().unwrap_or_default(),
    }
}

/// What `SHOWN` of an item stands for.
fn shown_pseudo(program: &Program, field: &Field) -> String {
    let only = field.only.map(pseudo::application);
    let when = field.shown_when.as_ref();
    let when = when.map(|when| pseudo::condition(program, when));
    match (only, when) {
        (None, None) => "TRUE".to_owned(),
        (Some(only), None) => only.to_owned(),
        (None, Some(when)) => when,
        (Some(only), Some(when)) => format!("{only}\nAND ({when})"),
    }
}

/// A condition in Japanese, with its parts.
pub(super) fn reading(condition: &Cond) -> String {
    outline::condition(condition).trim_end().to_owned()
}

/// `0〜300`, `0以上`.
pub(super) fn range(
    min: Option<kohyo_engine::Decimal>,
    max: Option<kohyo_engine::Decimal>,
) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("{}〜{}", min.normalize(), max.normalize()),
        (Some(min), None) => format!("{}以上", min.normalize()),
        (None, Some(max)) => format!("{}以下", max.normalize()),
        (None, None) => String::new(),
    }
}

fn kind(ty: &FieldType) -> (&'static str, &'static str) {
    match ty {
        FieldType::Text { .. } => ("文字列", "混在"),
        FieldType::Kana { .. } => ("かな", "全角"),
        FieldType::Digits { .. } => ("数字列", "半角"),
        FieldType::PostalCode => ("郵便番号", "半角"),
        FieldType::Phone => ("電話番号", "半角"),
        FieldType::Number { fraction: 0, .. } => ("整数", "半角"),
        FieldType::Number { .. } => ("小数", "半角"),
        FieldType::Date {
            precision: DatePrecision::Day,
        } => ("年月日", "半角"),
        FieldType::Date {
            precision: DatePrecision::Month,
        } => ("年月", "半角"),
        FieldType::Date {
            precision: DatePrecision::Year,
        } => ("年", "半角"),
        FieldType::Choice { .. } => ("一つ選択", "半角"),
        FieldType::Choices { .. } => ("複数選択", "半角"),
    }
}

fn size(program: &Program, field: &Field) -> String {
    match &field.ty {
        FieldType::Text {
            chars,
            lines: 0 | 1,
        }
        | FieldType::Kana { chars } => format!("{chars}文字"),
        FieldType::Text { chars, lines } => format!("{chars}文字・{lines}行"),
        FieldType::Digits { count } => format!("{count}桁"),
        FieldType::PostalCode => "7桁".to_owned(),
        FieldType::Phone => String::new(),
        FieldType::Number {
            digits,
            fraction: 0,
            ..
        } => format!("{digits}桁"),
        FieldType::Number {
            digits, fraction, ..
        } => format!("{}.{fraction}", digits.saturating_sub(*fraction)),
        FieldType::Date { precision } => match precision {
            DatePrecision::Year => "YYYY",
            DatePrecision::Month => "YYYY-MM",
            DatePrecision::Day => "YYYY-MM-DD",
        }
        .to_owned(),
        FieldType::Choice { table } | FieldType::Choices { table } => {
            let table = program.code_tables.get(usize::from(*table));
            let codes = table.map_or(&[][..], |table| table.codes.as_slice());
            let longest = codes.iter().map(|code| code.value.chars().count()).max();
            format!("{}桁まで", longest.unwrap_or(0))
        }
    }
}
