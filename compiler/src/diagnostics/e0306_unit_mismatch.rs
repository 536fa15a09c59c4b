//! Values in different units are compared or added.

use super::words::unit_code;
use crate::suggest::same_letters;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0306",
    severity: Severity::Error,
    title: "単位が合わない",
    explanation:
        "異なる単位の値を比べたり、足したりしています。換算は宣言された場合だけ行われます。
同じ単位の値どうしを比べるか、`convert` で換算を宣言してください。
単位のある項目に係数を掛けて点数にするときは、`2 * (stools / 1 回)` のように、先にその単位の 1 で割ります。",
    wrong: Example::Items(r#"criterion low "低アルブミン血症" = albumin <= 15 g/L"#),
    right: Example::Items(r#"criterion low "低アルブミン血症" = albumin <= 1.5 g/dL"#),
};

fn is_time(unit: &str) -> bool {
    matches!(unit, "years" | "months" | "weeks" | "days")
}

pub(crate) fn unit_mismatch(
    file: &str,
    span: Span,
    left: Option<String>,
    right: Option<String>,
) -> Diagnostic {
    let name =
        |unit: Option<String>| unit.map_or_else(|| "単位なし".to_owned(), |u| format!("「{u}」"));
    let help = match (&left, &right) {
        (Some(a), Some(b)) if is_time(a) && is_time(b) => format!(
            "期間は `{}` のように、比べる数と同じ単位で数えます（1 週は 7 日として比べられます）",
            if b == "weeks" {
                "days from A to B".to_owned()
            } else {
                format!("{b} from A to B")
            }
        ),
        (Some(unit), None) | (None, Some(unit)) => {
            format!("数に単位を付けるか、点数の計算なら `/ 1 {unit}` で割って単位を外してください")
        }
        (Some(wanted), Some(found)) if same_letters(wanted, found) => {
            format!("`{}` と書きます", unit_code(wanted))
        }
        _ => "同じ単位の値どうしを比べるか、`convert` で換算を宣言してください".to_owned(),
    };
    let message = format!("単位が合いません（{} と {}）", name(left), name(right));
    DECLARATION.found(file, span, message).help(help)
}
