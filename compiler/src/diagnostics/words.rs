//! Words that several findings need.

use kohyo_dsl::ast::Path;

/// A path as it is written.
pub(super) fn path_text(path: &Path) -> String {
    path.names
        .iter()
        .map(|n| n.text.as_str())
        .collect::<Vec<_>>()
        .join(".")
}

/// Names to choose from.
pub(super) fn code_list(names: &[&str]) -> String {
    names
        .iter()
        .map(|n| format!("`{n}`"))
        .collect::<Vec<_>>()
        .join("、")
}

/// A unit as it must be written after a number.
pub(super) fn unit_code(unit: &str) -> String {
    if unit.starts_with(|c: char| c.is_alphabetic() || c == '%' || c == '℃') {
        unit.to_owned()
    } else {
        format!("\"{unit}\"")
    }
}
