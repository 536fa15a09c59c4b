//! When a question is to be answered, in the words and numbers that stand on the paper.

use super::words;
use kohyo_engine::outline;
use kohyo_engine::program::{Cond, CondKind, FieldId, Program};

/// The conditions that must all hold for `condition` to hold.
pub(super) fn parts(condition: Option<&Cond>) -> Vec<&Cond> {
    match condition {
        None => Vec::new(),
        Some(Cond {
            kind: CondKind::All(parts),
            ..
        }) => parts
            .iter()
            .flat_map(|part| self::parts(Some(part)))
            .collect(),
        Some(condition) => vec![condition],
    }
}

/// 「手術」が「1.あり」の場合; nothing if there is no condition. `above` is the question before:
/// 上の「1.あり」の場合.
pub(super) fn words(program: &Program, parts: &[&Cond], above: Option<FieldId>) -> Option<String> {
    if parts.is_empty() {
        return None;
    }
    let said: Vec<(String, String)> = parts.iter().map(|part| one(program, part, above)).collect();
    let heads: Vec<&str> = said.iter().map(|(head, _)| head.as_str()).collect();
    let details: String = said.iter().map(|(_, detail)| detail.as_str()).collect();
    let head = outline::when(&heads.join("、かつ"));
    if details.is_empty() {
        return Some(head);
    }
    Some(format!("{head}（{}）", details.trim()))
}

/// What a condition says; in the second place the parts that it only announces.
fn one(program: &Program, condition: &Cond, above: Option<FieldId>) -> (String, String) {
    let head = match &condition.kind {
        CondKind::Code { field, codes } => ticked(program, *field, codes, above, "が"),
        CondKind::Includes { field, code } => ticked(program, *field, &[*code], above, "に"),
        _ => words::on_paper(&condition.text),
    };
    let mut detail = String::new();
    if outline::announces(&head) {
        let outline = outline::condition(condition);
        for line in outline.lines().skip(1) {
            detail.push('　');
            detail.push_str(&words::on_paper(line.trim()));
        }
    }
    (head, detail)
}

/// 「手術」が「1.あり」「2.なし」.
fn ticked(
    program: &Program,
    field: FieldId,
    codes: &[u16],
    above: Option<FieldId>,
    particle: &str,
) -> String {
    let Some(asked) = program.fields.get(usize::from(field.0)) else {
        return String::new();
    };
    let table = super::answer::table_of(&asked.ty).and_then(|t| program.code_tables.get(t));
    let chosen: String = codes
        .iter()
        .filter_map(|code| table?.codes.get(usize::from(*code)))
        .map(|code| format!("「{}.{}」", code.value, words::label(code)))
        .collect();
    if above == Some(field) {
        return format!("上の{chosen}");
    }
    format!("「{}」{particle}{chosen}", asked.label)
}
