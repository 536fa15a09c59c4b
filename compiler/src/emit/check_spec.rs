//! チェック仕様書: every check a record of the form can fail, with the id that findings carry.
//!
//! The checks that authors write, those that follow from the type of each item ([`types`],
//! decision 0002) and those of every form's files ([`files`]), as typed rows.

mod files;
mod types;

use super::layout;
use super::sheet::{Column, Sheet, column};
use super::wire::{self, WireSection};
use super::{layout::reading, pseudo};
use kohyo_engine::program::{Application, Check, Cond, FieldId, Level};
use kohyo_engine::{Program, Read};

/// Stands in a message for what depends on the record: 「氏名」は40文字までです（○文字あります）.
pub const PLACEHOLDER: char = '○';

/// A check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRow {
    /// The id that findings carry. `field.*` stands for `field.` and any name.
    pub id: String,
    /// What it looks at.
    pub layer: Layer,
    /// How bad it is.
    pub level: Level,
    /// The items it is about, the main one first.
    pub items: Vec<CheckedItem>,
    /// When it is found and what it says then: one or more ways to fail.
    pub ways: Vec<Way>,
    /// Applies to new applications or renewals only.
    pub only: Option<Application>,
    /// Where it is applied.
    pub places: Places,
    /// Edition of the form; empty for checks of all forms.
    pub edition: String,
}

/// One way to fail a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// When it fails, in Japanese.
    pub condition: String,
    /// The same as pseudo-code.
    pub pseudo: String,
    /// What is said, [`PLACEHOLDER`] for what depends on the record.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// An item that a check is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedItem {
    /// Wire name.
    pub name: String,
    /// Label.
    pub label: String,
}

/// What a check looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The file as bytes.
    File,
    /// The record as XML.
    Schema,
    /// Type, digits, width, range of a value.
    Type,
    /// Codes.
    Code,
    /// What must and must not be filled in.
    Required,
    /// Several items, or one and the day or kind of application.
    Items,
    /// Items and the judgement.
    Judgement,
    /// For information.
    Notice,
}

impl Layer {
    /// All of them, in the order in which a record meets them.
    pub const ALL: [Self; 8] = [
        Self::File,
        Self::Schema,
        Self::Type,
        Self::Code,
        Self::Required,
        Self::Items,
        Self::Judgement,
        Self::Notice,
    ];

    /// One letter: `F`.
    pub fn letter(self) -> &'static str {
        match self {
            Self::File => "F",
            Self::Schema => "X",
            Self::Type => "T",
            Self::Code => "C",
            Self::Required => "R",
            Self::Items => "L",
            Self::Judgement => "J",
            Self::Notice => "W",
        }
    }

    /// In words: `ファイル`.
    pub fn label(self) -> &'static str {
        match self {
            Self::File => "ファイル",
            Self::Schema => "スキーマ",
            Self::Type => "型・桁",
            Self::Code => "コード",
            Self::Required => "必須・記入条件",
            Self::Items => "項目間",
            Self::Judgement => "判定との整合",
            Self::Notice => "注意",
        }
    }
}

/// Where a check is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// On the page, while it is filled in.
    pub screen: bool,
    /// By the check tool.
    pub tool: bool,
    /// When a file is taken in.
    pub intake: bool,
}

impl Places {
    const EVERYWHERE: Self = Self {
        screen: true,
        tool: true,
        intake: true,
    };
    const FILES: Self = Self {
        screen: false,
        tool: true,
        intake: true,
    };
    const SCREEN: Self = Self {
        screen: true,
        tool: false,
        intake: false,
    };
}

/// Every check of the form's records: of files, of XML, of each item in the order of the record,
/// then those that authors wrote.
pub fn rows(program: &Program) -> Vec<CheckRow> {
    let mut rows = files::rows();
    for WireSection { fields, .. } in wire::sections(program) {
        for placed in fields {
            rows.extend(types::rows(program, placed.field));
        }
    }
    rows.extend(
        program
            .functions
            .iter()
            .map(|f| types::function(program, f)),
    );
    rows.extend(program.checks.iter().map(|check| authored(program, check)));
    rows
}

/// The rows as a table.
pub fn sheet(rows: &[CheckRow]) -> Sheet {
    const COLUMNS: &[Column] = &[
        column("チェックID", 26),
        column("層", 18),
        column("レベル", 8),
        column("対象項目ID", 26),
        column("対象項目", 30),
        column("条件（成立すると指摘）", 50),
        column("疑似コード", 50),
        column("メッセージ", 44),
        column("対処", 40),
        column("適用", 8),
        column("画面", 6),
        column("ツール", 6),
        column("取込", 6),
        column("版", 26),
    ];
    let mark = |applied: bool| if applied { "○" } else { "−" }.to_owned();
    let cells = |row: &CheckRow| {
        let items = |part: fn(&CheckedItem) -> &str| {
            let items: Vec<&str> = row.items.iter().map(part).collect();
            items.join("\n")
        };
        vec![
            row.id.clone(),
            format!("{} {}", row.layer.letter(), row.layer.label()),
            level(row.level).to_owned(),
            items(|item| &item.name),
            items(|item| &item.label),
            numbered(&row.ways, |way| &way.condition),
            numbered(&row.ways, |way| &way.pseudo),
            numbered(&row.ways, |way| &way.message),
            numbered(&row.ways, |way| &way.remedy),
            only(row.only).to_owned(),
            mark(row.places.screen),
            mark(row.places.tool),
            mark(row.places.intake),
            row.edition.clone(),
        ]
    };
    Sheet {
        name: "チェック仕様",
        columns: COLUMNS,
        rows: rows.iter().map(cells).collect(),
    }
}

/// エラー, 警告, 情報.
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "エラー",
        Level::Warning => "警告",
        Level::Information => "情報",
    }
}

/// 新規, 更新, 両方.
pub fn only(only: Option<Application>) -> &'static str {
    match only {
        None => "両方",
        Some(Application::New) => "新規",
        Some(Application::Renewal) => "更新",
    }
}

/// One way as it is, several with their numbers: ①…②….
fn numbered(ways: &[Way], part: fn(&Way) -> &str) -> String {
    match ways {
        [only] => part(only).to_owned(),
        several => {
            let lines = several.iter().zip('①'..);
            let lines = lines.map(|(way, number)| format!("{number}{}", part(way)));
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

// ---- checks that authors write

fn authored(program: &Program, check: &Check) -> CheckRow {
    CheckRow {
        id: check.id.clone(),
        layer: match check.level {
            _ if reads_judgement(program, &check.violated) => Layer::Judgement,
            Level::Information => Layer::Notice,
            Level::Error | Level::Warning => Layer::Items,
        },
        level: check.level,
        items: check
            .at
            .iter()
            .filter_map(|field| item(program, *field))
            .collect(),
        ways: vec![Way {
            condition: reading(&check.violated),
            pseudo: pseudo::condition(program, &check.violated),
            message: check.message.clone(),
            remedy: check.help.clone().unwrap_or_default(),
        }],
        only: check.only,
        places: Places::EVERYWHERE,
        edition: layout::edition(program),
    }
}

fn item(program: &Program, field: FieldId) -> Option<CheckedItem> {
    let field = program.fields.get(usize::from(field.0))?;
    Some(CheckedItem {
        name: field.name.clone(),
        label: field.label.clone(),
    })
}

/// Whether the condition asks for a category of a judgement, itself or through what it reads.
fn reads_judgement(program: &Program, condition: &Cond) -> bool {
    let reads = kohyo_engine::reads_through(program, condition);
    reads.iter().any(|read| matches!(read, Read::Judgement(_)))
}
