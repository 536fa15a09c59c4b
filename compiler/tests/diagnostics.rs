//! What an author sees: a definition in, the findings out, as text.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is the report of a test"
)]

use kohyo_compiler::{Files, compile};
use kohyo_dsl::LineIndex;

/// A module with what most rules need.
const SHARED: &str = r#"
module shared "共通" { prefix sh }
code finding "所見" { 1 present "あり"; 2 absent "なし"; 3 unclear "不明" unknown }
section shared "共通の項目" {
  field grade "程度" : choice { 1 mild "軽い" points 1; 2 heavy "重い" points 3; 3 unclear "不明" unknown }
}
private criterion hidden_rule "内部" = grade is mild
criterion heavy "重い" = grade is heavy
"#;

/// Compiles `rules` inside a small disease and prints every finding: place, code, message,
/// underlined characters, help.
fn check(rules: &str) -> String {
    let text = format!(
        r#"disease shitei 006 "試験病" {{
  edition "2020" from 2017-04-01
  source notice "試験"
}}
use shared as sh
code finding "所見" {{ 1 present "あり"; 2 absent "なし"; 3 unclear "不明" unknown }}
section patient "患者" {{
  field birth_date "生年月日" : date
  field tremor "振戦" : finding
  field rigidity "筋強剛" : finding
  field alb "アルブミン" : decimal 3.1 "g/dL" 0..20
  field used "使用" : choice {{ 1 yes "あり"; 2 no "なし" }}
  field kind "種類" : choice {{ 1 a "甲"; 2 b "乙" }} shown when used is yes
  field kin "続柄" : choices {{ 1 father "父"; 2 mother "母" }}
  field onset "発症年月" : month
}}
{rules}
"#
    );
    let text = if rules.contains("judgement diagnosis") {
        text
    } else {
        format!(
            "{text}judgement diagnosis \"診断\" {{ category a \"A\" when tremor is present; otherwise none \"なし\"; eligible a }}\n"
        )
    };
    let mut files = Files::new();
    files.insert("shared.kohyo", SHARED);
    files.insert("form.kohyo", text.as_str());
    let compiled = compile(&files, "form.kohyo");
    assert_eq!(
        compiled.program.is_none(),
        compiled.has_errors(),
        "a program is given if and only if there is no error"
    );
    let index = LineIndex::new(&text);
    let first_rule = index
        .line_column(&text, u32::try_from(text.find(rules).unwrap()).unwrap())
        .line;
    let mut printed = String::new();
    for found in &compiled.diagnostics {
        let place = index.line_column(&text, found.span.start);
        let words = found.span.of(&text).lines().next().unwrap_or("");
        printed += &format!(
            "{}:{} {} {}\n  「{words}」\n",
            i64::from(place.line) - i64::from(first_rule) + 1,
            place.column,
            found.code,
            found.message
        );
        if let Some(help) = &found.help {
            printed += &format!("  → {help}\n");
        }
    }
    if printed.is_empty() {
        "誤りなし\n".to_owned()
    } else {
        printed
    }
}

macro_rules! finds {
    ($name:ident, $rules:expr, @$wanted:literal) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(check($rules), @$wanted);
        }
    };
}

finds!(a_sound_rule_has_no_findings, "criterion x \"x\" = tremor is present and alb <= 3.0 g/dL", @"誤りなし");
finds!(an_unknown_name_is_suggested, "criterion x = tremer is present", @r#"
    1:15 E0204 「tremer」という名前はありません
      「tremer」
      → `tremor` ではありませんか
"#);
finds!(an_unknown_code_is_suggested, "criterion x = tremor is presnt", @r#"
    1:25 E0215 「presnt」というコードはありません
      「presnt」
      → `present` ではありませんか
"#);
finds!(a_choice_is_not_a_condition, "criterion x = all of { tremor; rigidity is present }", @r#"
    1:24 E0311 「振戦」はそのままでは条件になりません
      「tremor」
      → `tremor is present` のように値を書いてください
"#);
finds!(a_unit_is_missing, "criterion x = alb <= 3.0", @r#"
    1:22 E0305 単位がありません
      「3.0」
      → `3.0 g/dL` と書いてください
"#);
finds!(a_unit_is_wrong, "criterion x = alb <= 30 g/L", @r#"
    1:22 E0306 単位が合いません（「g/dL」 と 「g/L」）
      「30 g/L」
      → 同じ単位の値どうしを比べてください
"#);
finds!(a_threshold_lies_outside_the_range, "criterion x = alb <= 30 g/dL", @r#"
    1:22 E0326 この条件は常に成り立ちます
      「30 g/dL」
      → しきい値か項目の範囲を確認してください
"#);
finds!(a_hidden_field_is_read, "criterion x = kind is a", @r#"
    1:15 E0502 「種類」は表示されないことがあり、このままでは読めません
      「kind」
      → 同じ `all of { … }` に表示条件を書くか、`… if shown else no` を付けてください
"#);
finds!(a_hidden_field_is_read_where_it_is_shown, "criterion x = all of { used is yes; kind is a }", @"誤りなし");
finds!(a_hidden_field_is_read_after_if, "criterion x = if used is yes then kind is a else no", @"誤りなし");
finds!(a_hidden_field_has_a_written_default, "criterion x = kind is a if shown else no", @"誤りなし");
finds!(a_hidden_field_is_opened_through_a_criterion, "criterion on = used is yes\ncriterion x = on and kind is a", @"誤りなし");
finds!(the_state_of_the_form_is_no_criterion, "criterion x = tremor is answered", @r#"
    1:15 E0503 `is answered` は判定や基準には使えません
      「tremor is answered」
      → 値で比べてください。`is answered` は表示条件・必須条件・チェックだけに使えます
"#);
finds!(rules_in_a_circle, "criterion x = y\ncriterion y = x", @r#"
    1:11 E0501 「x」の定義が循環しています
      「x」
      → 自分自身を参照しないように分けてください
"#);
finds!(a_name_is_declared_twice, "criterion tremor = rigidity is present", @r#"
    1:11 E0209 「tremor」はすでにあります
      「tremor」
      → 別の名前を付けてください
"#);
finds!(a_private_name_of_a_module, "criterion x = sh.hidden_rule", @r#"
    1:18 E0207 「hidden_rule」はモジュール内だけの名前です
      「hidden_rule」
"#);
finds!(a_choice_with_points_is_a_number, "criterion x = sh.grade >= 2", @"誤りなし");
finds!(a_choice_without_points_is_no_number, "criterion x = used >= 2", @r#"
    1:15 E0316 「使用」の選択肢「あり」に点数がありません
      「used」
      → `1 yes "あり" points …` と点数を付けるか、`is` で比べてください
"#);
finds!(several_codes_need_includes, "criterion x = kin is mother", @r#"
    1:15 E0321 「続柄」は一つを選ぶ項目ではありません
      「kin」
      → 複数選択は `kin includes …` と書きます
"#);
finds!(a_category_is_missing, "judgement diagnosis \"診断\" { category a \"A\" when tremor is present; eligible b }", @r#"
    1:11 E0505 どの区分にも当てはまらない場合がありません
      「diagnosis」
      → 最後に `otherwise none "いずれにも該当しない"` を書いてください
    1:76 E0215 「b」という区分はありません
      「b」
      → 使えるのは `a` です
"#);
finds!(a_judgement_is_read_too_early, "criterion x = diagnosis is a", @r#"
    1:15 E0504 判定「diagnosis」はここでは読めません
      「diagnosis」
      → 判定は、後の判定とチェックの中だけで読めます
"#);
finds!(dates_and_numbers_do_not_mix, "criterion x = onset < 3", @r#"
    1:23 E0310 ここには日付の項目が必要です
      「3」
      → 日付の項目、`today`、`2024-04-01` のいずれかを書きます
"#);
finds!(a_field_name_must_fit_every_wire, "section s \"s\" { field 体重 \"体重\" : integer }", @r#"
    1:23 E0211 項目名「体重」は英小文字・数字・_ で書きます
      「体重」
      → 例: `tremor`、`onset_date`
"#);
finds!(an_unknown_type_is_suggested, "section s \"s\" { field w \"体重\" : findng }", @r#"
    1:32 E0204 「findng」という名前はありません
      「findng」
      → `finding` ではありませんか
"#);
finds!(a_range_must_fit_the_digits, "section s \"s\" { field w \"体重\" : decimal 3.1 \"kg\" 0..1000 }", @r#"
    1:49 E0303 範囲が桁数に合わないか、下限が上限より大きくなっています
      「0..1000」
      → 整数部2桁・小数部1桁に収まる範囲を書いてください
"#);
finds!(an_unknown_module_is_suggested, "use sharde", @r#"
    1:5 E0202 モジュール「sharde」がありません
      「sharde」
      → `use shared` ではありませんか
"#);
finds!(more_is_asked_than_there_is, "criterion x = at least 3 of { tremor is present; rigidity is present }", @r#"
    1:15 E0510 3項目以上とありますが、項目は2個です
      「at least 3 of { tremor is present; rigidity is present }」
      → 数か項目を確認してください
"#);
finds!(a_score_is_not_a_condition, "score s = count of { tremor is present }\ncriterion x = s", @r#"
    2:15 E0313 「s」は条件ではありません
      「s」
      → `s >= …` のように比べてください
"#);
finds!(a_check_id_is_used_twice, "check R1 error \"x\" at tremor violated when tremor is present\ncheck R1 error \"y\" at tremor violated when tremor is absent", @r#"
    2:7 E0213 チェック「R1」の番号はすでに使われています
      「R1」
      → チェックの番号は公開されるため、重ならない番号を付けてください
"#);
finds!(a_grade_needs_its_outcomes, "grade g \"g\" : low \"低\" | high \"高\" = first match { lowe when tremor is present; otherwise high }", @r#"
    1:50 E0215 「lowe」という区分はありません
      「lowe」
      → `low` ではありませんか
"#);
finds!(several_mistakes_are_all_reported, "criterion x = tremer is present\ncriterion y = alb <= 3.0\ncriterion z = kind is a\ncriterion w = rigidity\nscore v = sum of { 1 when tremor is presnt }", @r#"
    1:15 E0204 「tremer」という名前はありません
      「tremer」
      → `tremor` ではありませんか
    2:22 E0305 単位がありません
      「3.0」
      → `3.0 g/dL` と書いてください
    3:15 E0502 「種類」は表示されないことがあり、このままでは読めません
      「kind」
      → 同じ `all of { … }` に表示条件を書くか、`… if shown else no` を付けてください
    4:15 E0311 「筋強剛」はそのままでは条件になりません
      「rigidity」
      → `rigidity is present` のように値を書いてください
    5:37 E0215 「presnt」というコードはありません
      「presnt」
      → `present` ではありませんか
"#);
