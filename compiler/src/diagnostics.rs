//! Everything the compiler reports, once each: code, Japanese message and help.
//!
//! E02xx files and names, E03xx types and units, E04xx structure of the form, E05xx rules.
//! The codes E00xx belong to the syntax (`kohyo-dsl`). [`explain`] tells more about some of them.

use crate::suggest::nearest;
use crate::world::RuleKind;
use kohyo_dsl::ast::{self, Name, Path};
use kohyo_dsl::{Diagnostic, Span};

type D = Diagnostic;

// E02xx: files and names.

pub(crate) fn missing_file(file: &str) -> D {
    D::error(
        "E0201",
        file,
        Span::default(),
        format!("ファイル「{file}」がありません"),
    )
    .help("`kohyo list` で定義の一覧を確認してください")
}

pub(crate) fn unknown_module(file: &str, module: &Path, known: Vec<String>) -> D {
    let name = path_text(module);
    let found = nearest(&name, known.iter().map(String::as_str));
    let diagnostic = D::error(
        "E0202",
        file,
        module.span,
        format!("モジュール「{name}」がありません"),
    );
    match found {
        Some(found) => diagnostic
            .help(format!("`use {found}` ではありませんか"))
            .fix(module.span, found),
        None => diagnostic.help(format!(
            "`forms/{}.kohyo` に置いてください",
            name.replace('.', "/")
        )),
    }
}

pub(crate) fn module_cycle(file: &str, span: Span) -> D {
    D::error(
        "E0203",
        file,
        span,
        "モジュールが互いに使い合い、循環しています",
    )
    .help("共通部分を別のモジュールに分けてください")
}

/// Code of [`unknown_name`].
pub(crate) const UNKNOWN_NAME: &str = "E0204";

pub(crate) fn unknown_name(file: &str, name: &Name, found: Option<String>) -> D {
    let diagnostic = D::error(
        "E0204",
        file,
        name.span,
        format!("「{}」という名前はありません", name.text),
    );
    match found {
        Some(found) => diagnostic
            .help(format!("`{found}` ではありませんか"))
            .fix(name.span, found),
        None => diagnostic.help("項目・基準の名前か、`use` の書き忘れを確認してください"),
    }
}

pub(crate) fn unknown_alias(file: &str, alias: &Name, found: Option<String>) -> D {
    let message = format!("「{}」という別名のモジュールはありません", alias.text);
    let diagnostic = D::error("E0205", file, alias.span, message);
    match found {
        Some(found) => diagnostic
            .help(format!("`{found}` ではありませんか"))
            .fix(alias.span, found),
        None => diagnostic.help(format!("`use scale.… as {}` を書いてください", alias.text)),
    }
}

pub(crate) fn ambiguous_name(file: &str, name: &Name, a: &str, b: &str) -> D {
    let message = format!(
        "「{}」は {a} と {b} の両方にあり、どちらか決まりません",
        name.text
    );
    D::error("E0206", file, name.span, message).help("片方の `use` に `as` で別名を付けてください")
}

pub(crate) fn private_name(file: &str, name: &Name, other: &str, span: Span) -> D {
    D::error(
        "E0207",
        file,
        name.span,
        format!("「{}」はモジュール内だけの名前です", name.text),
    )
    .label(other, span, "ここで private と宣言されています")
}

pub(crate) fn long_path(file: &str, span: Span) -> D {
    D::error("E0208", file, span, "名前は `別名.名前` までです")
        .help("`use … as 別名` で別名を付けてください")
}

pub(crate) fn duplicate_name(file: &str, name: &Name, first: Span) -> D {
    D::error(
        "E0209",
        file,
        name.span,
        format!("「{}」はすでにあります", name.text),
    )
    .label(file, first, "最初の宣言")
    .help("別の名前を付けてください")
}

pub(crate) fn duplicate_wire_name(
    file: &str,
    name: &Name,
    wire: &str,
    other: &str,
    span: Span,
) -> D {
    D::error(
        "E0210",
        file,
        name.span,
        format!("項目名「{wire}」は別のファイルの項目と重なります"),
    )
    .label(other, span, "もう一つの項目")
    .help("モジュールの見出しに `prefix` を書くと項目名の前に付きます")
}

pub(crate) fn field_name(file: &str, name: &Name) -> D {
    D::error(
        "E0211",
        file,
        name.span,
        format!("項目名「{}」は英小文字・数字・_ で書きます", name.text),
    )
    .note("XMLやCSVでもこの名前を使います")
    .help("例: `tremor`、`onset_date`")
}

pub(crate) fn section_name(file: &str, name: &Name) -> D {
    D::error(
        "E0212",
        file,
        name.span,
        format!("区分名「{}」は英小文字・数字・_ で書きます", name.text),
    )
    .note("XMLの要素名になります")
    .help("例: `diagnosis`、`severity`")
}

pub(crate) fn duplicate_check(file: &str, id: &Name, other: &str, span: Span) -> D {
    D::error(
        "E0213",
        file,
        id.span,
        format!("チェック「{}」の番号はすでに使われています", id.text),
    )
    .label(other, span, "最初のチェック")
    .help("チェックの番号は公開されるため、重ならない番号を付けてください")
}

pub(crate) fn duplicate_code(file: &str, name: &Name) -> D {
    D::error(
        "E0214",
        file,
        name.span,
        format!("コード「{}」が同じ表に二度あります", name.text),
    )
}

pub(crate) fn unknown_option<'n>(
    file: &str,
    name: &Name,
    what: &str,
    known: impl IntoIterator<Item = &'n str>,
) -> D {
    let known: Vec<&str> = known.into_iter().collect();
    let found = nearest(&name.text, known.iter().copied());
    let message = format!("「{}」という{what}はありません", name.text);
    let diagnostic = D::error("E0215", file, name.span, message);
    match found {
        Some(found) => diagnostic
            .help(format!("`{found}` ではありませんか"))
            .fix(name.span, found),
        None => diagnostic.help(format!("使えるのは {} です", code_list(&known))),
    }
}

// E03xx: types and units.

pub(crate) fn not_a_type(file: &str, path: &Path) -> D {
    D::error(
        "E0301",
        file,
        path.span,
        format!("「{}」は項目の型ではありません", path_text(path)),
    )
    .help("`text 40`、`integer 0..100`、`date`、`choice { … }`、コード表の名前などを書きます")
}

/// The unknown name stands where a type belongs.
pub(crate) fn unknown_type(mut diagnostic: D) -> D {
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
    if diagnostic.fix.is_none() {
        diagnostic.help = Some(format!("型は {} か、コード表の名前です", code_list(&TYPES)));
    }
    diagnostic
}

pub(crate) fn decimal_digits(file: &str, span: Span) -> D {
    D::error("E0302", file, span, "小数の桁数が合いません")
        .help("`decimal 4.1` は全体で4桁、うち小数1桁（999.9まで）という意味です")
}

pub(crate) fn bad_range(file: &str, span: Span, fraction: u8, digits: u8) -> D {
    let message = "範囲が桁数に合わないか、下限が上限より大きくなっています";
    D::error("E0303", file, span, message).help(format!(
        "整数部{}桁・小数部{fraction}桁に収まる範囲を書いてください",
        digits.saturating_sub(fraction)
    ))
}

pub(crate) fn long_number(file: &str, span: Span) -> D {
    D::error("E0304", file, span, "数値の桁が多すぎます").help("28桁までの数値を書いてください")
}

pub(crate) fn unit_missing(file: &str, span: Span, unit: &str, digits: &str) -> D {
    let written = unit_code(unit);
    D::error("E0305", file, span, "単位がありません")
        .note(format!("この項目の単位は {unit} です"))
        .help(format!("`{digits} {written}` と書いてください"))
        .fix(span, format!("{digits} {written}"))
}

pub(crate) fn unit_mismatch(
    file: &str,
    span: Span,
    left: Option<String>,
    right: Option<String>,
) -> D {
    let name =
        |unit: Option<String>| unit.map_or_else(|| "単位なし".to_owned(), |u| format!("「{u}」"));
    let message = format!("単位が合いません（{} と {}）", name(left), name(right));
    D::error("E0306", file, span, message).help("同じ単位の値どうしを比べてください")
}

pub(crate) fn value_type(file: &str, span: Span) -> D {
    D::error("E0307", file, span, "計算値の型は integer か decimal です")
        .help("例: `value bmi \"BMI\" : decimal 4.1 \"kg/m2\" = …`")
}

pub(crate) fn condition_expected(file: &str, span: Span) -> D {
    D::error(
        "E0308",
        file,
        span,
        "ここには条件（はい・いいえ）が必要です",
    )
    .help("`… >= 3`、`… is present` のように書きます")
}

pub(crate) fn number_expected(file: &str, span: Span) -> D {
    D::error("E0309", file, span, "ここには数値が必要です")
        .help("条件を数えるときは `count of { … }`、点数は `2 when …` と書きます")
}

pub(crate) fn date_expected(file: &str, span: Span) -> D {
    D::error("E0310", file, span, "ここには日付の項目が必要です")
        .help("日付の項目、`today`、`2024-04-01` のいずれかを書きます")
}

pub(crate) fn field_is_no_condition(
    file: &str,
    path: &Path,
    field: &ast::Field,
    codes: Option<&[ast::Code]>,
) -> D {
    let name = path_text(path);
    let message = format!("「{}」はそのままでは条件になりません", field.label.text);
    let diagnostic = D::error("E0311", file, path.span, message);
    match codes.and_then(|c| c.first()) {
        Some(code) => diagnostic
            .help(format!(
                "`{name} is {}` のように値を書いてください",
                code.name.text
            ))
            .fix(path.span, format!("{name} is {}", code.name.text)),
        None => diagnostic.help(format!("`{name} >= …` のように比べてください")),
    }
}

pub(crate) fn judgement_is_no_condition(file: &str, path: &Path, category: Option<&str>) -> D {
    let name = path_text(path);
    D::error(
        "E0312",
        file,
        path.span,
        format!("判定「{name}」はそのままでは条件になりません"),
    )
    .help(format!(
        "`{name} is {}` のように区分を書いてください",
        category.unwrap_or("…")
    ))
}

pub(crate) fn rule_is_no_condition(file: &str, path: &Path, kind: RuleKind<'_>) -> D {
    let name = path_text(path);
    let diagnostic = D::error(
        "E0313",
        file,
        path.span,
        format!("「{}」は条件ではありません", kind.label()),
    );
    match kind.outcomes().and_then(|o| o.first()) {
        Some(outcome) => diagnostic.help(format!(
            "`{name} is {}` のように区分を書いてください",
            outcome.name.text
        )),
        None => diagnostic.help(format!("`{name} >= …` のように比べてください")),
    }
}

pub(crate) fn rule_is_no_number(file: &str, path: &Path, kind: RuleKind<'_>) -> D {
    D::error(
        "E0314",
        file,
        path.span,
        format!("「{}」は数値ではありません", kind.label()),
    )
    .help(match kind {
        RuleKind::Criterion(_) => format!(
            "数えるときは `count of {{ {} }}` と書きます",
            path_text(path)
        ),
        _ => format!("`{} is …` と区分で比べてください", path_text(path)),
    })
}

pub(crate) fn field_is_no_number(file: &str, path: &Path, field: &ast::Field) -> D {
    D::error(
        "E0315",
        file,
        path.span,
        format!("「{}」は数値の項目ではありません", field.label.text),
    )
    .help("数値の項目（integer、decimal）か、点数（points）付きの選択肢が必要です")
}

pub(crate) fn code_without_points(
    file: &str,
    path: &Path,
    field: &ast::Field,
    code: &ast::Code,
) -> D {
    let message = format!(
        "「{}」の選択肢「{}」に点数がありません",
        field.label.text, code.label.text
    );
    D::error("E0316", file, path.span, message).help(format!(
        "`{} {} \"{}\" points …` と点数を付けるか、`is` で比べてください",
        code.value.text, code.name.text, code.label.text
    ))
}

pub(crate) fn not_a_value(file: &str, path: &Path) -> D {
    D::error(
        "E0317",
        file,
        path.span,
        format!("「{}」はここでは使えません", path_text(path)),
    )
    .help("項目、基準、点数、計算値の名前を書きます")
}

pub(crate) fn not_a_field(file: &str, path: &Path) -> D {
    D::error(
        "E0318",
        file,
        path.span,
        format!("「{}」は項目ではありません", path_text(path)),
    )
    .help("チェックを表示する項目を `at` の後に書きます")
}

pub(crate) fn not_a_rule(file: &str, path: &Path) -> D {
    D::error(
        "E0319",
        file,
        path.span,
        format!("「{}」は点数・計算値・区分ではありません", path_text(path)),
    )
    .help("`display` には score、value、grade、table の名前を書きます")
}

pub(crate) fn is_needs_name(file: &str, span: Span) -> D {
    D::error(
        "E0320",
        file,
        span,
        "`is` の左には項目か区分の名前が必要です",
    )
    .help("例: `tremor is present`")
}

pub(crate) fn is_needs_choice(file: &str, path: &Path, field: &ast::Field) -> D {
    let name = path_text(path);
    let help = match field.ty.kind {
        ast::TypeKind::Choices(_) | ast::TypeKind::ChoicesOf(_) => {
            format!("複数選択は `{name} includes …` と書きます")
        }
        _ => format!("数値や日付は `{name} >= …` のように比べます"),
    };
    D::error(
        "E0321",
        file,
        path.span,
        format!("「{}」は一つを選ぶ項目ではありません", field.label.text),
    )
    .help(help)
}

pub(crate) fn is_on_rule(file: &str, path: &Path, kind: RuleKind<'_>) -> D {
    let name = path_text(path);
    let help = match kind {
        RuleKind::Criterion(_) => format!("基準は `{name}` または `not {name}` と書きます"),
        _ => format!("数値は `{name} >= …` のように比べます"),
    };
    D::error(
        "E0322",
        file,
        path.span,
        format!("「{}」に `is` は使えません", kind.label()),
    )
    .help(help)
}

pub(crate) fn includes_needs_choices(file: &str, span: Span, field: &ast::Field) -> D {
    D::error(
        "E0323",
        file,
        span,
        format!("「{}」は複数選択の項目ではありません", field.label.text),
    )
    .help("一つを選ぶ項目は `is` で比べます")
}

pub(crate) fn unknown_function(file: &str, name: &Name) -> D {
    const KNOWN: [&str; 8] = [
        "abs", "round", "floor", "ceiling", "sqrt", "ln", "exp", "power",
    ];
    D::error(
        "E0324",
        file,
        name.span,
        format!("「{}」という関数はありません", name.text),
    )
    .help(format!("使える関数は {} です", code_list(&KNOWN)))
}

pub(crate) fn wrong_arity(file: &str, name: &Name, wanted: usize, found: usize) -> D {
    let message = format!(
        "「{}」には値が{wanted}個必要ですが、{found}個あります",
        name.text
    );
    D::error("E0325", file, name.span, message)
}

pub(crate) fn threshold_outside(
    file: &str,
    span: Span,
    field: &str,
    range: &str,
    always: bool,
) -> D {
    let word = if always {
        "常に成り立ちます"
    } else {
        "決して成り立ちません"
    };
    D::warning("E0326", file, span, format!("この条件は{word}"))
        .note(format!("{field}の範囲は {range} です"))
        .help("しきい値か項目の範囲を確認してください")
}

pub(crate) fn empty_range(file: &str, span: Span) -> D {
    D::error("E0327", file, span, "下限が上限以上になっています")
        .help("`30 ..< 45` のように小さい方を先に書きます")
}

// E04xx: structure of the form.

pub(crate) fn only_unknown_codes(file: &str, span: Span) -> D {
    D::error(
        "E0401",
        file,
        span,
        "すべてのコードが「不明」扱いになっています",
    )
    .help("分かっている場合のコードを少なくとも一つ、`unknown` なしで書いてください")
}

pub(crate) fn no_header(file: &str) -> D {
    D::error("E0402", file, Span::default(), "見出しがありません")
        .help("`disease shitei 006 \"…\" { … }` か `module … \"…\" { … }` を最初に書いてください")
}

pub(crate) fn no_edition(file: &str, span: Span) -> D {
    D::error("E0403", file, span, "版がありません")
        .help("`edition \"2020\" from 2017-04-01` を見出しに書いてください")
}

pub(crate) fn no_source(file: &str, span: Span) -> D {
    D::warning("E0404", file, span, "出典がありません")
        .help("`source notice \"…\" text \"006.txt\"` を見出しに書いてください")
}

pub(crate) fn no_judgement(file: &str, span: Span) -> D {
    D::error("E0405", file, span, "診断の判定がありません")
        .help("`judgement diagnosis \"診断のカテゴリー\" { … }` を書いてください")
}

pub(crate) fn bad_number(file: &str, name: &Name) -> D {
    D::error(
        "E0406",
        file,
        name.span,
        format!("告示番号「{}」の形が違います", name.text),
    )
    .help("指定難病は `006`、小児慢性特定疾病は `11-080`（疾患群-番号）と書きます")
}

pub(crate) fn too_many(file: &str, what: &str) -> D {
    D::error(
        "E0407",
        file,
        Span::default(),
        format!("{what}が多すぎます"),
    )
    .help("枝番で様式を分けてください")
}

// E05xx: rules.

pub(crate) fn rule_cycle(file: &str, name: &Name) -> D {
    D::error(
        "E0501",
        file,
        name.span,
        format!("「{}」の定義が循環しています", name.text),
    )
    .help("自分自身を参照しないように分けてください")
}

pub(crate) fn hidden_read(file: &str, span: Span, field: &ast::Field, other: &str) -> D {
    let message = format!(
        "「{}」は表示されないことがあり、このままでは読めません",
        field.label.text
    );
    D::error("E0502", file, span, message)
        .label(other, field.span, "表示条件のある項目")
        .help("同じ `all of { … }` に表示条件を書くか、`… if shown else no` を付けてください")
}

pub(crate) fn answered_in_rule(file: &str, span: Span) -> D {
    D::error(
        "E0503",
        file,
        span,
        "`is answered` は判定や基準には使えません",
    )
    .note("記入の有無で判定が変わってしまいます")
    .help("値で比べてください。`is answered` は表示条件・必須条件・チェックだけに使えます")
}

pub(crate) fn judgement_not_readable(file: &str, path: &Path) -> D {
    D::error(
        "E0504",
        file,
        path.span,
        format!("判定「{}」はここでは読めません", path_text(path)),
    )
    .help("判定は、後の判定とチェックの中だけで読めます")
}

pub(crate) fn no_otherwise(file: &str, span: Span) -> D {
    D::error(
        "E0505",
        file,
        span,
        "どの区分にも当てはまらない場合がありません",
    )
    .help("最後に `otherwise none \"いずれにも該当しない\"` を書いてください")
}

pub(crate) fn no_eligible(file: &str, span: Span) -> D {
    D::error("E0506", file, span, "対象となる区分がありません")
        .help("`eligible definite cites \"…\"` を書いてください")
}

pub(crate) fn no_last_arm(file: &str, span: Span) -> D {
    D::error(
        "E0507",
        file,
        span,
        "どの場合にも当てはまらないときの値がありません",
    )
    .help("最後に `otherwise …` を書いてください")
}

pub(crate) fn grade_rule(file: &str, span: Span) -> D {
    D::error(
        "E0508",
        file,
        span,
        "区分は `first match { 区分 when 条件; … }` で決めます",
    )
}

pub(crate) fn outcome_expected(file: &str, span: Span) -> D {
    D::error("E0509", file, span, "ここには区分の名前が必要です")
        .help("`severe when …` のように、宣言した区分を書きます")
}

pub(crate) fn count_too_large(file: &str, span: Span, n: u32, members: usize) -> D {
    D::warning(
        "E0510",
        file,
        span,
        format!("{n}項目以上とありますが、項目は{members}個です"),
    )
    .help("数か項目を確認してください")
}

pub(crate) fn empty_block(file: &str, span: Span) -> D {
    D::error("E0511", file, span, "中に項目がありません")
}

pub(crate) fn shown_else_yes_no(file: &str, span: Span) -> D {
    D::error(
        "E0512",
        file,
        span,
        "条件の `if shown else` の後には yes か no を書きます",
    )
}

pub(crate) fn shown_else_number(file: &str, span: Span) -> D {
    D::error(
        "E0513",
        file,
        span,
        "数値の `if shown else` の後には数を書きます",
    )
}

pub(crate) fn no_birth_date(file: &str, span: Span) -> D {
    D::error(
        "E0514",
        file,
        span,
        "年齢を数えるための生年月日（birth_date）の項目がありません",
    )
    .help("`use common.patient` を書いてください")
}

pub(crate) fn differs_needs(file: &str, span: Span) -> D {
    D::error(
        "E0515",
        file,
        span,
        "`differs from` の左には項目、右には判定が必要です",
    )
    .help("例: `ticked differs from diagnosis`")
}

pub(crate) fn differs_code<'n>(
    file: &str,
    path: &Path,
    code: &str,
    known: impl IntoIterator<Item = &'n str>,
) -> D {
    let known: Vec<&str> = known.into_iter().collect();
    let message = format!("選択肢「{code}」と同じ名前の判定区分がありません");
    D::error("E0516", file, path.span, message)
        .help(format!("判定の区分は {} です", code_list(&known)))
}

/// What a code means at more length, in Japanese; nothing for an unknown code.
pub fn explain(code: &str) -> Option<&'static str> {
    EXPLANATIONS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(code))
        .map(|(_, text)| *text)
}

/// The codes that have an explanation.
pub fn explained() -> impl Iterator<Item = &'static str> {
    EXPLANATIONS.iter().map(|(code, _)| *code)
}

const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "E0204",
        "書かれた名前が、このファイルにも `use` したモジュールにもありません。\n\
         モジュールに別名を付けたとき（`use scale.hoehn_yahr as hy`）は `hy.stage` のように書きます。",
    ),
    (
        "E0305",
        "単位のある項目を、単位のない数と比べています。\n\
         mg/dL と g/L の取り違えを防ぐため、単位は必ず書きます。\n\n\
         誤: `albumin <= 3.0`\n正: `albumin <= 3.0 g/dL`",
    ),
    (
        "E0306",
        "異なる単位の値を比べたり、足したりしています。換算は宣言された場合だけ行われます。",
    ),
    (
        "E0311",
        "選択肢の項目は「はい・いいえ」ではありません。「不明」「未実施」もあり得るため、\n\
         どの値のときに成り立つかを `is` で書きます。\n\n誤: `all of { tremor }`\n正: `all of { tremor is present }`",
    ),
    (
        "E0502",
        "`shown when` の付いた項目は表示されないことがあります。表示されない項目を読むと、\n\
         未記入なのか対象外なのか区別できません。表示条件を同じ `all of` に書くか、\n\
         `if shown else` で表示されないときの値を決めてください。\n\n\
         例: `all of { used is yes; type is tracheostomy }`",
    ),
    (
        "E0503",
        "基準や判定は、記入の有無ではなく値で決まらなければなりません。未記入は「不明」として扱われ、\n\
         「いいえ」にはなりません。",
    ),
];

fn path_text(path: &Path) -> String {
    path.names
        .iter()
        .map(|n| n.text.as_str())
        .collect::<Vec<_>>()
        .join(".")
}

fn code_list(names: &[&str]) -> String {
    names
        .iter()
        .map(|n| format!("`{n}`"))
        .collect::<Vec<_>>()
        .join("、")
}

/// A unit as it must be written after a number.
fn unit_code(unit: &str) -> String {
    if unit.starts_with(|c: char| c.is_alphabetic() || c == '%' || c == '℃') {
        unit.to_owned()
    } else {
        format!("\"{unit}\"")
    }
}
