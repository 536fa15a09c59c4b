//! Words that several findings need.

use kohyo_dsl::ast::{Name, Path};
use kohyo_dsl::{Diagnostic, Span};

/// A path as it is written.
pub(super) fn path_text(path: &Path) -> String {
    path.names
        .iter()
        .map(|n| n.text.as_str())
        .collect::<Vec<_>>()
        .join(".")
}

/// What stands after `is` or, `negated`, after `is not`, of which the first is `option`.
#[derive(Default)]
pub(crate) struct Compared<'n> {
    pub(crate) option: Option<&'n Name>,
    pub(crate) negated: bool,
}

/// Says that a number is compared by a sign: `points is 3`.
pub(super) fn compared_number(
    found: Diagnostic,
    path: &Path,
    compared: &Compared<'_>,
) -> Diagnostic {
    let is_number = |option: &&Name| option.text.starts_with(|c: char| c.is_ascii_digit());
    let name = path_text(path);
    let Some(number) = compared.option.filter(is_number) else {
        return found.help(format!("数値や日付は `{name} >= …` のように比べます"));
    };
    let sign = if compared.negated { "!=" } else { "=" };
    let after = Span {
        start: path.span.end,
        end: number.span.end,
    };
    let meant = format!(" {sign} {}", number.text);
    found
        .help(format!("`{name}{meant}` と書きます"))
        .fix(after, meant)
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
    let begins = unit.starts_with(|c: char| c.is_alphabetic() || c == '%' || c == '℃');
    if begins && !unit.contains(['(', ')', ' ', '×', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹', '⁻'])
    {
        unit.to_owned()
    } else {
        format!("\"{unit}\"")
    }
}

/// How bands that follow the official text are declared: only those of a rule of their own have a name.
pub(super) fn declared(word: &str, named: bool) -> String {
    if named {
        format!("公式の文のとおりなら `{word}` で宣言します")
    } else {
        format!(
            "公式の文のとおりなら、この bands を別の score に分けて名前を付け、`{word}` で宣言します"
        )
    }
}

/// Of a long list so many are shown.
const SHOWN: usize = 12;

/// 「甲」「乙」など 2 項目.
pub(super) fn items(labels: &[&str]) -> String {
    match labels {
        [one] => format!("項目「{one}」"),
        many => format!("項目{}（{}項目）", corners(many), many.len()),
    }
}

/// 「甲」「乙」; a long list is cut short.
pub(super) fn corners(labels: &[&str]) -> String {
    let shown: String = labels
        .iter()
        .take(SHOWN)
        .map(|l| format!("「{l}」"))
        .collect();
    match labels.len() {
        many if many > SHOWN => format!("{shown}など"),
        _ => shown,
    }
}

/// "2020"、"2024".
pub(super) fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|n| format!("\"{n}\"")).collect();
    quoted.join("、")
}

/// Every line that is missing, indented: a list cut short could not be copied.
pub(super) fn some_lines(lines: &[String]) -> String {
    let indented: Vec<String> = lines.iter().map(|l| format!("    {l}")).collect();
    indented.join("\n")
}
