//! `docs/language/values.md` as data: what every operator gives for every state of the answers.
//!
//! Every engine and every target reads its rows from here: [`rows`] are the rows, and
//! [`Row::files`] is the definition that holds the row's rule under the name [`RULE`].

use kohyo_compiler::Files;

/// Name of the rule, judgement or check of a row.
pub const RULE: &str = "row";

/// The definition of a row lies here.
pub const PATH: &str = "shitei/999_values/form.kohyo";

/// The day of judgement of every row.
pub const TODAY: &str = "2026-04-01";

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Line in the page.
    pub line: usize,
    /// As what the expression is written.
    pub kind: Kind,
    /// The expression; the name of a field if the answer is only read.
    pub expression: String,
    /// Answers by name, as written.
    pub answers: Vec<(String, Vec<String>)>,
    /// What it gives: the words are those of case files.
    pub result: String,
}

/// As what an expression is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A criterion: `true`, `false` or `unknown`.
    Condition,
    /// A value: a number or `unknown`.
    Number,
    /// A grade with the outcomes `low`, `mid` and `high`: one of them or `unknown`.
    Grade,
    /// A table with the outcomes `low`, `mid` and `high`: one of them or `unknown`.
    Table,
    /// A table of numbers: a number or `unknown`.
    Cells,
    /// A judgement: `yes`, `no` or `undetermined`.
    Judgement,
    /// A check: `found` or `silent`.
    Check,
    /// Reading what is written: the answer, or `rejected`.
    Read,
}

/// The rows of the page, in order.
///
/// # Panics
/// If the page is not of the form that it describes itself.
pub fn rows() -> Vec<Row> {
    let page = page();
    let lines = page.lines().enumerate();
    lines
        .filter(|(_, line)| line.starts_with("| ") && !line.starts_with("| 種類"))
        .map(|(number, line)| row(number + 1, line))
        .collect()
}

impl Row {
    /// The definition: the fields of the page and the row's rule.
    pub fn files(&self) -> Files {
        let expression = &self.expression;
        let rule = match self.kind {
            Kind::Condition => format!("criterion {RULE} \"行\" = {expression}"),
            Kind::Number if expression.starts_with(':') => {
                format!("value {RULE} \"行\" {expression}")
            }
            Kind::Number => format!("value {RULE} \"行\" = {expression}"),
            Kind::Grade => format!(
                "grade {RULE} \"行\" : low \"低\" | mid \"中\" | high \"高\" = {expression}"
            ),
            Kind::Table => {
                let lines = expression.replace('¦', "|").replace("; ", "\n");
                format!(
                    "table {RULE} \"行\" : low \"低\" | mid \"中\" | high \"高\" {{\n{lines}\n}}"
                )
            }
            Kind::Cells => {
                let lines = expression.replace('¦', "|").replace("; ", "\n");
                format!("table {RULE} \"行\" : score {{\n{lines}\n}}")
            }
            Kind::Judgement => format!(
                "judgement {RULE} \"行\" {{ category yes \"はい\" when {expression}; otherwise no \"いいえ\" }}"
            ),
            Kind::Check => {
                format!("check {RULE} information \"行\" at f violated when {expression}")
            }
            Kind::Read => String::new(),
        };
        let mut files = Files::new();
        files.insert(PATH, format!("{}\n{rule}\n", definition()));
        files
    }
}

/// The definition of the page, without a row.
fn definition() -> String {
    let page = page();
    let fence = format!("```kohyo file={PATH}\n");
    let (_, rest) = page.split_once(&fence).expect("the page holds the fields");
    let (definition, _) = rest.split_once("```").expect("the block is closed");
    definition.to_owned()
}

fn page() -> String {
    let path = crate::root().join("docs/language/values.md");
    std::fs::read_to_string(path).expect("the page of values")
}

fn row(line: usize, text: &str) -> Row {
    let cells: Vec<&str> = text
        .trim()
        .trim_matches('|')
        .split('|')
        .map(str::trim)
        .collect();
    let [kind, expression, answers, result] = cells.as_slice() else {
        panic!("line {line}: a row has four cells: {text}");
    };
    Row {
        line,
        kind: match *kind {
            "条件" => Kind::Condition,
            "数" => Kind::Number,
            "区分" => Kind::Grade,
            "表" => Kind::Table,
            "点数表" => Kind::Cells,
            "判定" => Kind::Judgement,
            "点検" => Kind::Check,
            "読取" => Kind::Read,
            other => panic!("line {line}: `{other}` is no kind"),
        },
        expression: expression.trim_matches('`').to_owned(),
        answers: answers
            .split_whitespace()
            .map(|a| answer(line, a))
            .collect(),
        result: (*result).to_owned(),
    }
}

/// `f=present`, `m=[a,b]`; `␣` is a blank.
fn answer(line: usize, text: &str) -> (String, Vec<String>) {
    let (name, value) = text
        .split_once('=')
        .unwrap_or_else(|| panic!("line {line}: {text}"));
    let values = match value.strip_prefix('[').and_then(|v| v.strip_suffix(']')) {
        Some("") => Vec::new(),
        Some(several) => several.split(',').map(str::to_owned).collect(),
        None => vec![value.replace('␣', " ")],
    };
    (name.to_owned(), values)
}
