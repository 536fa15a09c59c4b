//! コード表: every code that a form's record may hold.

use super::sheet::{Column, Sheet, column};
use super::wire;
use kohyo_engine::Program;

/// A code of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRow {
    /// Id of the table: `finding`, `finding_2`.
    pub table: String,
    /// Label of the table.
    pub table_label: String,
    /// Its number in the table, from 1.
    pub number: usize,
    /// What is written on the wire.
    pub value: String,
    /// How people call it.
    pub label: String,
    /// How rules call it.
    pub name: String,
    /// What it counts in a score.
    pub points: Option<String>,
    /// An answer that says the physician does not know.
    pub unknown: bool,
    /// Wire names of the items that use the table.
    pub used_by: Vec<String>,
}

/// The codes of all tables that an item of the form uses.
pub fn rows(program: &Program) -> Vec<CodeRow> {
    let ids = wire::table_ids(program);
    let sections = wire::sections(program);
    let mut rows = Vec::new();
    for (position, (table, id)) in program.code_tables.iter().zip(ids).enumerate() {
        let placed = sections.iter().flat_map(|section| &section.fields);
        let used_by: Vec<String> = placed
            .filter(|placed| wire::table_of(placed.field) == Some(position))
            .map(|placed| placed.field.name.clone())
            .collect();
        if used_by.is_empty() {
            continue;
        }
        rows.extend(table.codes.iter().zip(1..).map(|(code, number)| CodeRow {
            table: id.clone(),
            table_label: table.label.clone(),
            number,
            value: code.value.clone(),
            label: code.label.clone(),
            name: code.name.clone(),
            points: code.points.map(|points| points.normalize().to_string()),
            unknown: code.unknown,
            used_by: used_by.clone(),
        }));
    }
    rows
}

/// The rows as a table.
pub fn sheet(rows: &[CodeRow]) -> Sheet {
    const COLUMNS: &[Column] = &[
        column("コード表ID", 24),
        column("コード表名", 30),
        column("順", 5),
        column("コード", 8),
        column("名称", 40),
        column("規則での呼び名", 24),
        column("点数", 8),
        column("扱い", 20),
        column("使用項目", 50),
    ];
    let cells = |row: &CodeRow| {
        let unknown = if row.unknown {
            "不明（判定では未知）"
        } else {
            ""
        };
        vec![
            row.table.clone(),
            row.table_label.clone(),
            row.number.to_string(),
            row.value.clone(),
            row.label.clone(),
            row.name.clone(),
            row.points.clone().unwrap_or_default(),
            unknown.to_owned(),
            row.used_by.join(" "),
        ]
    };
    Sheet {
        name: "コード表",
        columns: COLUMNS,
        rows: rows.iter().map(cells).collect(),
    }
}
