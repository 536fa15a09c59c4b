//! A name that nothing declares.

use super::words::code_list;
use crate::suggest::Meant;
use kohyo_dsl::ast::{Name, Repeat};
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0204",
    severity: Severity::Error,
    title: "その名前はない",
    explanation: "書かれた名前が、このファイルにも `use` したモジュールにもありません。
モジュールに別名を付けたとき（`use scale.hoehn_yahr as hy`）は `hy.stage` のように書きます。",
    wrong: Example::Items(r#"criterion shaking "振戦がある" = tremer is present"#),
    right: Example::Items(r#"criterion shaking "振戦がある" = tremor is present"#),
};

/// Code of [`unknown_name`].
pub(crate) const UNKNOWN_NAME: &str = DECLARATION.code;

pub(crate) fn unknown_name(file: &str, name: &Name, found: Option<Meant>) -> Diagnostic {
    let diagnostic = DECLARATION.found(
        file,
        name.span,
        format!("「{}」という名前はありません", name.text),
    );
    match found {
        Some(found) => found.tell(diagnostic, name),
        None if name.text == "age" => {
            diagnostic.help("年齢は、いつの年齢かを書きます。例: `age at onset >= 16 years`")
        }
        None => diagnostic.help("項目・基準の名前か、`use` の書き忘れを確認してください"),
    }
}

/// The name of a code where a condition belongs: `x is a or b`. `meant` takes the place of all of it.
pub(crate) fn code_alone(file: &str, name: &Name, span: Span, meant: String) -> Diagnostic {
    let message = format!("「{}」という名前はありません", name.text);
    DECLARATION
        .found(file, name.span, message)
        .help(format!("いくつかの値は `{meant}` と並べます"))
        .fix(span, meant)
}

/// The name of a row where the answer of one of its questions belongs.
pub(crate) fn row_alone(file: &str, row: &Name, question: &str) -> Diagnostic {
    let message = format!("「{}」は行の名前です。行のどの項目か決まりません", row.text);
    let meant = format!("{}.{question}", row.text);
    DECLARATION
        .found(file, row.span, message)
        .help(format!("`{meant}` のように、項目の名前を続けます"))
}

/// The answer of a row behind the last.
pub(crate) fn row_beyond(file: &str, name: &Name, rows: &Repeat, most: u32) -> Diagnostic {
    let message = format!("「{}」という名前はありません", name.text);
    DECLARATION.found(file, name.span, message).help(format!(
        "「{}」は {most} 行までです。行を増やすなら `rows {}` の範囲を直します",
        rows.label.text, rows.name.text
    ))
}

/// The unknown name stands where a type belongs.
pub(crate) fn unknown_type(mut diagnostic: Diagnostic, word: &str) -> Diagnostic {
    const TYPES: [&str; 12] = [
        "text",
        "kana",
        "digits",
        "postal_code",
        "phone",
        "integer",
        "decimal",
        "date",
        "month",
        "year",
        "choice",
        "choices",
    ];
    let meant = match word {
        "float" | "double" | "real" | "number" => {
            Some("小数は `decimal 4.1`、整数は `integer` と書きます")
        }
        "int" => Some("整数は `integer` と書きます"),
        "string" => Some("文は `text 40` のように、最大の文字数を付けて書きます"),
        "datetime" | "time" => Some("時刻は扱えません。日付は `date` と書きます"),
        "boolean" | "bool" => {
            Some("`choice { 1 present \"あり\"; 2 absent \"なし\" }` か、コード表の名前を書きます")
        }
        _ => None,
    };
    if let Some(meant) = meant {
        diagnostic.help = Some(meant.to_owned());
        diagnostic.fix = None;
    } else if diagnostic.fix.is_none() {
        diagnostic.help = Some(format!("型は {} か、コード表の名前です", code_list(&TYPES)));
    }
    diagnostic
}
