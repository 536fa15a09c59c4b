//! Points at the codes of a question with several answers, which nothing counts.

use kohyo_dsl::ast::{Code, Field};
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0615",
    severity: Severity::Warning,
    title: "いくつも選べる項目の選択肢に points がある",
    explanation: "`points` を数えるのは、一つだけ選ぶ `choice` の項目です。いくつも選べる `choices` の項目は点数になりません。
選ばれたコードの点数を合計するときは、`sum of { … }` に `2 when relatives includes father` のような行を並べます。",
    wrong: Example::Items(
        r#"section more "追加" {
  field organs "臓器" : choices { 1 skin "皮膚" points 1; 2 kidney "腎" points 2 }
}"#,
    ),
    right: Example::Items(
        r#"section more "追加" {
  field organs "臓器" : choices { 1 skin "皮膚"; 2 kidney "腎" }
}

score involved "臓器の点" = sum of { 1 when organs includes skin; 2 when organs includes kidney }"#,
    ),
};

/// `code` is the first with points.
pub(crate) fn points_of_several(file: &str, field: &Field, code: &Code) -> Diagnostic {
    let message = format!(
        "「{}」はいくつも選べる項目（choices）なので、`points` は数えられません",
        field.label.text
    );
    DECLARATION.found(file, code.span, message).help(format!(
        "`points` を消し、点数は `{}` と書きます。一つだけ選ぶ項目なら `choice` と書きます",
        sum_of_codes(field).unwrap_or_else(|| "sum of { … }".to_owned())
    ))
}

/// `sum of { 2 when x includes a; … }` for a question with several answers.
pub(crate) fn sum_of_codes(field: &Field) -> Option<String> {
    use kohyo_dsl::ast::TypeKind;
    let several = matches!(field.ty.kind, TypeKind::Choices(_) | TypeKind::ChoicesOf(_));
    let first = match &field.ty.kind {
        TypeKind::Choices(codes) => codes.iter().find(|code| !code.unknown),
        _ => None,
    };
    let points = first.and_then(|code| Some(code.points.as_ref()?.digits.as_str()));
    let (points, code) = (
        points.unwrap_or("1"),
        first.map_or("…", |code| code.name.text.as_str()),
    );
    let name = &field.name.text;
    several.then(|| format!("sum of {{ {points} when {name} includes {code}; … }}"))
}
