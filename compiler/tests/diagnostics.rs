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
finds!(choices_and_grades_are_compared_in_words, "criterion a = tremor = present\ncriterion b = tremor != present and used = yes and tremor = 1\ngrade g \"程度\" : mild \"軽\" | severe \"重\" = first match { severe when a; otherwise mild }\ncriterion c = g = severe or g >= severe or b = no", @r#"
    1:15 E0330 「振戦」は記号では比べられません
      「tremor = present」
      → `tremor is present` と書きます
    2:15 E0330 「振戦」は記号では比べられません
      「tremor != present」
      → `tremor is not present` と書きます
    2:37 E0330 「使用」は記号では比べられません
      「used = yes」
      → `used is yes` と書きます
    2:52 E0330 「振戦」は記号では比べられません
      「tremor = 1」
      → `tremor is present` と書きます
    4:15 E0330 「程度」は記号では比べられません
      「g = severe」
      → `g is severe` と書きます
    4:29 E0330 「程度」は記号では比べられません
      「g >= severe」
      → 選択肢や区分に大小はありません。`g in { severe; … }` のように、当てはまるものを並べます
    4:44 E0330 「b」は記号では比べられません
      「b = no」
      → `not b` と書きます
"#);
finds!(equality_of_other_languages_is_told_once, "criterion a = tremor == present", @r#"
    1:22 E0008 「==」という記号はありません
      「==」
      → 選択肢は「is present」と書きます
"#);
finds!(numbers_after_is_are_explained, "score s = count of { tremor is present }\ncriterion a = s is 3\ncriterion b = tremor is 1\ncriterion c = alb is not 3", @r#"
    2:15 E0322 「s」に `is` は使えません
      「s」
      → `s = 3` と書きます
    3:25 E0215 「1」というコードはありません
      「1」
      → 「1」は `present` です
    4:15 E0321 「アルブミン」は一つを選ぶ項目ではありません
      「alb」
      → `alb != 3` と書きます
"#);
finds!(codes_without_their_question_are_listed, "grade g \"程度\" : i \"Ⅰ\" | ii \"Ⅱ\" | iii \"Ⅲ\" = first match { i when tremor is present; otherwise ii }\ncriterion a = tremor is present or absent\ncriterion b = g is not i or iii or rigidity is present", @r#"
    2:36 E0204 「absent」という名前はありません
      「absent」
      → いくつかの値は `tremor in { present; absent }` と並べます
    3:29 E0204 「iii」という名前はありません
      「iii」
      → いくつかの値は `g not in { i; iii }` と並べます
"#);
finds!(is_may_be_forgotten_before_a_code, "criterion a = any of {\n  tremor present\n  rigidity not present\n}", @r#"
    2:3 E0032 「tremor」と「present」の間に「is」がありません
      「tremor present」
      → 「tremor is present」と書きます
    3:3 E0032 「rigidity」と「not present」の間に「is」がありません
      「rigidity not present」
      → 「rigidity is not present」と書きます
"#);
finds!(words_of_prose_are_told_once, "criterion a = tremor is present または rigidity is present\ncriterion b = alb 以上 3.0 g/dL\ncriterion c = alb 3.0 g/dL 以上", @r#"
    1:33 E0030 「または」という語は使えません
      「または」
      → 「or」と書きます
    2:19 E0033 「以上」とは書けません
      「以上」
      → 「>=」と書きます
    3:19 E0033 「3.0 g/dL 以上」とは書けません
      「3.0 g/dL 以上」
      → 「>= 3.0 g/dL」と書きます
"#);
finds!(a_code_without_points_is_told_once, "score s = sum of { tremor; rigidity }\nscore t = sum of { rigidity; tremor }", @r#"
    1:20 E0316 「振戦」の選択肢「あり」に点数がありません
      「tremor」
      → `1 present "あり" points …` と点数を付けるか、`is` で比べてください
"#);
finds!(units_that_are_surely_meant_are_told, "section more \"追加\" { field temp \"体温\" : decimal 3.1 \"℃\" 30..45; field plt \"血小板\" : integer \"/µL\" 0..2000000 }\ncriterion a = temp >= 38.0 °C or temp >= 38.0 度 or plt < 100000 or plt < 100000 /µL\ncriterion b = age in months at onset < 8 years and days from birth_date to onset <= 48 hours\nscore s = count of { a; b }\ncriterion c = s >= 2点", @r#"
    2:23 E0306 単位が合いません（「℃」 と 「°C」）
      「38.0 °C」
      → `38.0 ℃` と書きます
    2:42 E0306 単位が合いません（「℃」 と 「度」）
      「38.0 度」
      → `38.0 ℃` と書きます
    2:58 E0305 単位がありません
      「100000」
      → `100000 "/μL"` と書いてください
    2:74 E0305 単位「/μL」は「"」で囲みます
      「100000 /µL」
      → `100000 "/μL"` と書いてください
    3:40 E0306 単位が合いません（「months」 と 「years」）
      「8 years」
      → `96 months` と書くか、`age at …` や `years from A to B` で年を数えます
    3:85 E0306 単位が合いません（「days」 と 「hours」）
      「48 hours」
      → 時刻は扱えません。日で比べるか、時間数を数値の項目で尋ねて比べます
    5:20 E0306 単位が合いません（単位なし と 「点」）
      「2点」
      → 点数に単位は付けません。`2` と書きます
"#);
finds!(a_score_keeps_its_unit, "score a = sum of { alb; alb }\nscore n = count of { tremor is present }\nscore m = months from birth_date to onset\ncriterion c = a >= 3.0\ncriterion e = a >= 3.0 g/dL\ncriterion f = n >= 3 mg\nvalue v : decimal 5.1 \"g/dL\" = a + n\ncriterion g = m >= age at onset", @r#"
    4:20 E0305 単位がありません
      「3.0」
      → `3.0 g/dL` と書いてください
    6:20 E0306 単位が合いません（単位なし と 「mg」）
      「3 mg」
      → 比べるものに単位はありません。`3` と書くか、比べるものの計算で単位を付けます
    7:32 E0306 単位が合いません（「g/dL」 と 単位なし）
      「a + n」
      → 数に単位を付けるか、点数の計算なら `/ 1 g/dL` で割って単位を外してください
    8:20 E0306 単位が合いません（「months」 と 「years」）
      「age at onset」
      → 期間は `years from A to B` のように、比べる数と同じ単位で数えます（1 週は 7 日として比べられます）
"#);
finds!(a_value_is_declared_in_the_unit_of_its_rule, "value a : decimal 5.1 \"mg\" = alb\nvalue b : decimal 5.1 = alb + alb\nvalue c : integer \"years\" = days from birth_date to onset\nvalue d : integer \"人\" = count of { tremor is present }\nvalue e : integer \"歳\" = age at onset", @r#"
    1:11 E0306 単位が合いません（計算は「g/dL」、型は「mg」）
      「decimal 5.1 "mg"」
      → 型の単位を `"g/dL"` にするか、`alb / 1 g/dL * 1 mg` のように、単位を外して 1 g/dL あたりの数を掛けます
    2:11 E0306 計算の単位は「g/dL」ですが、型に単位がありません
      「decimal 5.1」
      → 型に `"g/dL"` を書くか、`(alb + alb) / 1 g/dL` で割って単位を外します
    3:11 E0306 単位が合いません（計算は「days」、型は「years」）
      「integer "years"」
      → 型の単位を `"days"` にするか、計算を `years from A to B` のようにします
"#);
finds!(a_unit_of_bands_is_told_once, "score a = bands of alb { < 3 gives 0; >= 3 gives 1 }\nscore b = bands of alb { < 3 mg/L gives 0; >= 3 gives 1 }\ngrade g \"g\" : low \"低\" | high \"高\" = bands of alb { < 3 gives low; >= 3 gives high }", @r#"
    1:28 E0305 単位がありません
      「3」
      → `3 g/dL` と書いてください
    2:28 E0306 単位が合いません（「g/dL」 と 「mg/L」）
      「3 mg/L」
      → 同じ単位の値どうしを比べるか、`convert` で換算を宣言してください
    3:53 E0305 単位がありません
      「3」
      → `3 g/dL` と書いてください
"#);
finds!(labels_and_several_names_are_told, "grade g \"g\" : low \"低\" | high \"高\" = bands of alb { < 3 g/dL gives \"低\"; >= 3 gives \"他\" }\ncriterion c = (tremor or rigidity) is present and all of { tremor; rigidity } is absent\ncriterion d = any of { tremor; rigidity } is not present", @r#"
    1:66 E0509 ここには区分の名前を、引用符なしで書きます
      「"低"」
      → `low` と書きます
    1:82 E0509 ここには区分の名前が必要です
      「"他"」
      → `severe when …` のように、宣言した区分を書きます
    2:15 E0320 `is` の左に書ける名前は一つです
      「(tremor or rigidity)」
      → `tremor is present or rigidity is present` と書きます
    2:51 E0320 `is` の左に書ける名前は一つです
      「all of { tremor; rigidity }」
      → `tremor is absent and rigidity is absent` と書きます
    3:15 E0320 `is` の左には項目か区分の名前が必要です
      「any of { tremor; rigidity }」
      → 例: `tremor is present`
"#);
finds!(a_criterion_with_a_mistake_inside_is_not_missed, "criterion c = at least 2 of kin { father; mother }\ncriterion d = c", @r#"
    1:43 E0033 行や側ごとの条件や値は 1 つだけ書けます
      「mother」
      → すべてなら「all of { a; b }」、いずれかなら「any of { a; b }」を中に書きます
"#);
finds!(weights_have_no_unit, "score s = sum of { 2点 when tremor is present; bands of alb { < 3.0 g/dL gives 0; >= 3.0 gives 1 } }", @r#"
    1:20 E0306 点数に単位「点」は付けません
      「2点」
      → `2 when …` と書きます
"#);
finds!(functions_of_other_languages, "value a = log10(alb)\nvalue b = min(alb, alb)", @r#"
    1:11 E0324 「log10」という関数はありません
      「log10」
      → 常用対数は `ln(x) / ln(10)` と書きます
    2:11 E0324 「min」という関数はありません
      「min」
      → 最小値は `min of { a; b }` と書きます
"#);
finds!(types_of_other_languages, "section more \"追加\" { field temp \"体温\" : number required; field seen \"日時\" : datetime; field ill \"病\" : boolean }", @r#"
    1:39 E0204 「number」という名前はありません
      「number」
      → 小数は `decimal 4.1`、整数は `integer` と書きます
    1:74 E0204 「datetime」という名前はありません
      「datetime」
      → 時刻は扱えません。日付は `date` と書きます
    1:100 E0204 「boolean」という名前はありません
      「boolean」
      → `choice { 1 present "あり"; 2 absent "なし" }` か、コード表の名前を書きます
"#);
finds!(questions_of_rows_and_sides_with_a_point, "section more \"追加\" {\n  rows scans \"検査\" 0..3 of { field gd \"造影\" : finding; field taken \"検査日\" : date }\n  each side time \"時期\" of before \"前\", now \"今\" { field tjc \"関節\" : integer 0..28 }\n}\ncriterion a = scans.gd is present\ncriterion b = tjc.before >= 3 or now.tjc >= 3\ncriterion c = any of scans as first \"先の検査\" { any of scans { taken within 30 days of first } }\ncriterion d = age >= 16 years", @r#"
    5:21 E0603 「gd」は「検査」の行ごとの項目です。どの行か決まりません
      「gd」
      → `any of scans { gd … }`、`sum of scans { gd }` のように書きます
    6:15 E0603 「tjc.before」とは書けません
      「tjc.before」
      → 一方の側の項目は `tjc_before` と書きます
    6:34 E0603 「now.tjc」とは書けません
      「now.tjc」
      → 一方の側の項目は `tjc_now` と書きます
    7:85 E0204 「first」は行の名前です。行のどの項目か決まりません
      「first」
      → `first.taken` のように、項目の名前を続けます
    8:15 E0204 「age」という名前はありません
      「age」
      → 年齢は、いつの年齢かを書きます。例: `age at onset >= 16 years`
"#);
finds!(other_rows_are_one_more, "section more \"追加\" { rows labs \"採血\" 1..3 of { field cr \"値\" : decimal 4.2 \"mg/dL\" 0.10..30.00 } }\ncriterion a = max of labs as before \"先の値\" { max of labs { cr / before.cr } } >= 1.5\ncriterion b = labs.count >= 2 and max of labs as before \"先の値\" { max of labs { cr / before.cr } } >= 1.5", @r#"
    2:45 E0606 「採血」がほかに 1 行もないときの値が決まりません
      「max of labs { cr / before.cr }」
      → `labs.count >= 2 and …` と行のある場合に限るか、`… if shown else 0` と値を書きます
"#);
finds!(a_row_by_its_number, "section more \"追加\" { rows labs \"採血\" 0..3 of { field cr \"値\" : decimal 4.2 \"mg/dL\" 0.10..30.00 } }\ncriterion a = labs.count >= 1 and labs[1].cr >= 2.0 mg/dL", @r#"
    2:35 E0033 「labs[1].cr」とは書けません
      「labs[1].cr」
      → 1 行目の答えは「labs_1_cr」と書きます。どの行でもよければ「any of labs { cr … }」、すべての行なら「all of labs { cr … }」です
"#);
finds!(the_latest_of_no_rows, "section more \"追加\" { rows labs \"採血\" 0..3 of { field taken \"採血日\" : date } }\ncriterion a = latest of labs { taken } >= 2024-01-01", @r#"
    2:15 E0606 「採血」が 1 行もないときの値が決まりません
      「latest of labs { taken }」
      → `labs.count >= 1 and …` と行のある場合に限ります。期間には `months from … to … if shown else 0 months` とも書けます
"#);
finds!(a_name_for_an_age_is_compared_in_years_and_months, "section more \"追加\" { field begun \"開始日\" : date }\nvalue years \"年齢\" = age at begun\ncriterion older = years >= 7 years 6 months", @"誤りなし");
finds!(a_hidden_number_of_bands_counts_as_a_number, "grade g \"程度\" : low \"低\" | high \"高\" = bands of (dose + dose) { < 30 mg gives low; >= 30 gives high }\nsection more \"追加\" { field dose \"量\" : decimal 4.1 \"mg\" 0..200 shown when used is yes }", @r#"
    1:47 E0502 「量」は表示されないことがあり、このままでは読めません
      「dose」
      → `if used is yes then … else …` のように、表示条件を先に書きます。else には、公式の文がそのほかの患者に定めている値を書きます
    1:54 E0502 「量」は表示されないことがあり、このままでは読めません
      「dose」
      → `if used is yes then … else …` のように、表示条件を先に書きます。else には、公式の文がそのほかの患者に定めている値を書きます
"#);
finds!(a_gap_of_bands_inside_a_sum_can_be_declared, "score s = sum of { bands of alb { < 3.0 g/dL gives 0; > 3.0 gives 1 } }", @r#"
    1:55 E0621 アルブミンの区分に隙間があります（3未満と3を超えるの間）
      「> 3.0 gives 1」
      → 隣の行とつなげて書きます。本文にない値なら、このままでは「不明」になります。公式の文のとおりなら `gap in` で宣言します
"#);
finds!(the_score_names_the_bands_inside, "score s = sum of { bands of alb { < 3.0 g/dL gives 0; > 3.0 gives 1 }; 1 when tremor is present }\ngap in s when alb = 3.0 g/dL because \"公式の表に行がない\"", @"誤りなし");
finds!(a_gap_of_a_sum_is_one_of_its_bands, "score s = sum of { bands of alb { <= 3.0 g/dL gives 0; > 3.0 gives 1 }; 1 when tremor is present }\ngap in s when tremor is present because \"公式の表に行がない\"\ngap in s when alb = 3.0 g/dL because \"公式の表に行がない\"", @r#"
    2:15 E0629 帯の隙間は、帯の数の範囲で書きます
      「tremor is present」
      → `alb = …`、`alb in … ..< …`、`alb > … and alb < …` のように書いてください。添えられるのは、帯のある行の条件だけです
    3:15 E0722 「アルブミン」に、ここで宣言した隙間はありません
      「alb = 3.0 g/dL」
      → 宣言を消すか、条件を、どれにも当てはまらない患者だけに直してください
"#);
finds!(bands_of_a_condition_have_no_name, "criterion c = sum of { bands of alb { < 3.0 g/dL gives 0; > 3.0 gives 1 } } >= 1", @r#"
    1:59 E0621 アルブミンの区分に隙間があります（3未満と3を超えるの間）
      「> 3.0 gives 1」
      → 隣の行とつなげて書きます。本文にない値なら、このままでは「不明」になります。公式の文のとおりなら、この bands を別の score に分けて名前を付け、`gap in` で宣言します
"#);
finds!(a_hole_between_weights_is_told_with_its_ends, "section more \"追加\" { field a \"A\" : decimal 3.1 0.0..40.0; field b \"B\" : decimal 4.2 0.00..40.00 }\nvalue sdai \"SDAI\" = a + b\nscore p = sum of { 1 when sdai in 3.4..11.0; 2 when sdai >= 11.1 }", @r#"
    3:53 E0631 SDAI 11と11.1の間には、どの行の点数も付きません
      「sdai >= 11.1」
      → 境目の値がどちらに入るかを決めて範囲をつなげます。本当に 0 点なら、その値の行を `0 when … = …` と書きます。公式の文のとおりなら `gap in` で宣言します
"#);
finds!(a_broken_judgement_lacks_nothing, "judgement diagnosis \"診断\" {\n  category definite when tremor is present\n  otherwise none\n  eligible definite\n}", @r#"
    2:21 E0032 「definite」の後に見出しがありません
      「when」
      → 例: category definite "Definite"
    3:13 E0032 「none」の後に見出しがありません
      「none」
      → 例: otherwise none "いずれにも該当しない"
"#);
finds!(a_broken_code_is_not_missed, "code scale \"程度\" { mild \"軽\"; 2 heavy \"重\" }\nsection more \"追加\" { field x \"程度\" : scale }\ncriterion a = x is mild", @r#"
    1:19 E0032 「mild」の前に番号がありません
      「mild」
      → 例: 1 mild "軽"
"#);
finds!(a_name_with_a_dash_is_not_missed, "score A-DROP \"A-DROP\" = count of { tremor is present }\ncriterion a = adrop >= 3 and a_drop >= 4", @r#"
    1:7 E0033 名前に「-」は使えません
      「A-DROP」
      → 「A_DROP」と書きます
"#);

finds!(weeks_are_compared_with_days, "criterion x = days from birth_date to onset >= 6 weeks and age in days at onset in 6 weeks ..< 12 weeks", @"誤りなし");
finds!(the_ends_of_a_range_have_one_unit, "criterion x = days from birth_date to onset in 1 weeks ..< 13 days", @r#"
    1:48 E0306 単位が合いません（「days」 と 「weeks」）
      「1 weeks」
      → 期間は `days from A to B` のように、比べる数と同じ単位で数えます（1 週は 7 日として比べられます）
"#);
finds!(bands_in_weeks_have_no_gap_where_days_have_none, "score x = bands of days from birth_date to onset { < 6 weeks gives 0; >= 42 days gives 1 }", @"誤りなし");
finds!(bands_in_weeks_have_gaps, "score x = bands of days from birth_date to onset { < 6 weeks gives 0; >= 43 days gives 1 }", @r#"
    1:71 E0621 生年月日から発症年月までの期間の区分に隙間があります（42未満と43以上の間）
      「>= 43 days gives 1」
      → 隣の行とつなげて書きます。本文にない値なら、このままでは「不明」になります。公式の文のとおりなら `gap in` で宣言します
"#);
finds!(a_band_in_another_unit_is_compared_with_one_of_this, "convert 1 \"g/dL\" = 10 \"g/L\"\nscore x = bands of alb { <= 30 g/L gives 0; >= 4.0 g/dL gives 1 }", @r#"
    2:45 E0621 アルブミン（g/L）の区分に隙間があります（30以下と40以上の間）
      「>= 4.0 g/dL gives 1」
      → 隣の行とつなげて書きます。本文にない値なら、このままでは「不明」になります。公式の文のとおりなら `gap in` で宣言します
"#);
finds!(months_are_not_weeks, "criterion x = days from birth_date to onset >= 2 months and months from birth_date to onset >= 6 weeks", @r#"
    1:48 E0306 単位が合いません（「days」 と 「months」）
      「2 months」
      → `months from birth_date to onset >= 2 months` と、比べる数と同じ単位で数えます
    1:96 E0306 単位が合いません（「months」 と 「weeks」）
      「6 weeks」
      → 期間は `days from A to B` のように、比べる数と同じ単位で数えます（1 週は 7 日として比べられます）
"#);
finds!(weeks_are_counted_in_days, "criterion x = weeks from birth_date to onset >= 6 weeks", @r#"
    1:15 E0033 「weeks from」とは書けません
      「weeks」
      → 「days from birth_date to onset」と書きます。「6 weeks」とも比べられます
"#);
finds!(dates_are_not_subtracted, "criterion x = onset - birth_date >= 42 days\nvalue y = onset - birth_date", @r#"
    1:15 E0625 日付から日付は引けません
      「onset - birth_date」
      → 間の日数は `days from birth_date to onset` と書きます（`months from …`、`years from …` もあります）
    2:11 E0625 日付から日付は引けません
      「onset - birth_date」
      → 間の日数は `days from birth_date to onset` と書きます（`months from …`、`years from …` もあります）
"#);
finds!(a_single_value_is_a_comparison, "score x = bands of alb { 0 g/dL gives 0; > 0 gives 1 }", @r#"
    1:33 E0033 ここに「gives」は書けません
      「gives」
      → 「= 0 g/dL gives …」と書きます
"#);
finds!(counting_is_written_in_one_way, "criterion a = at least 2 of 3 { tremor is present; rigidity is present; used is yes }\ncriterion b = 2 or more of { tremor is present; rigidity is present }\ncriterion c = two of { tremor is present; rigidity is present }\ncriterion d = any 2 of { tremor is present; rigidity is present }", @r#"
    1:26 E0033 「of 3」とは書けません
      「of 3」
      → 「at least 2 of { … }」のように書きます。いくつのうちかは、中に並べた条件の数です
    2:15 E0033 「2 or more of」とは書けません
      「2 or more of」
      → 「at least 2 of { … }」と書きます
    3:15 E0033 「two of」とは書けません
      「two of」
      → 「at least 2 of { … }」と書きます
    4:15 E0033 「any 2」とは書けません
      「any 2」
      → 「at least 2 of { … }」と書きます
"#);
finds!(a_hidden_number_counts_as_a_number, "score x = sum of { dose / 1 mg; 3 }\nsection more \"追加\" { field dose \"量\" : decimal 4.1 \"mg\" 0..200 shown when used is yes }", @r#"
    1:20 E0502 「量」は表示されないことがあり、このままでは読めません
      「dose」
      → `if used is yes then … else …` のように、表示条件を先に書きます。else には、公式の文がそのほかの患者に定めている値を書きます
"#);
finds!(a_hidden_number_does_not_count_as_no, "value x = dose if shown else no\nvalue y = dose if shown else 0 g\nsection more \"追加\" { field dose \"量\" : decimal 4.1 \"mg\" 0..200 shown when used is yes }", @r#"
    1:30 E0513 数値の `if shown else` の後には数を書きます
      「no」
      → 例: `… if shown else 0 mg`
    2:30 E0306 単位が合いません（「mg」 と 「g」）
      「0 g」
      → 同じ単位の値どうしを比べるか、`convert` で換算を宣言してください
"#);
finds!(what_could_not_be_read_is_not_missed, "score x = bands of alb { 0..1 g/dL: 0; 1..3: 1 }\nscore y = bands of alb { 0 g/dL gives 0; 1 - 3 gives 1; > 3 g/dL gives 2 }\ncriterion z = at least 2 of { tremor present; rigidity is present }", @r#"
    1:35 E0033 「:」とは書けません
      「:」
      → 「0..1 g/dL gives 0」と書きます
    1:44 E0033 「:」とは書けません
      「:」
      → 「1..3 gives 1」と書きます
    2:33 E0033 ここに「gives」は書けません
      「gives」
      → 「= 0 g/dL gives …」と書きます
    2:44 E0033 ここは「-」ではなく「..」です
      「-」
      → 範囲は「0..100」のように書きます
    3:31 E0032 「tremor」と「present」の間に「is」がありません
      「tremor present」
      → 「tremor is present」と書きます
"#);
finds!(a_threshold_between_two_values, "criterion x = alb > 3.25 g/dL\ncriterion y = alb in 2.55 ..< 3.0 g/dL\ncriterion z = 3.30 g/dL > alb", @r#"
    1:21 E0328 アルブミンは小数 1 桁なので、この値にはなりません
      「3.25 g/dL」
      → しきい値の桁か、項目の桁を確認してください
    2:22 E0328 アルブミンは小数 1 桁なので、この値にはなりません
      「2.55」
      → しきい値の桁か、項目の桁を確認してください
"#);
finds!(a_value_that_leaves_its_type, "value x \"差\" : decimal 3.1 \"g/dL\" 0.0..5.0 = 5.0 g/dL - alb\nvalue y \"積\" : integer 0..400 = (alb / 1 g/dL) * (alb / 1 g/dL)\nvalue z \"割\" : integer 0..9 = 10 * (alb / 1 g/dL) / (alb / 1 g/dL)", @r#"
    1:15 E0329 「差」は −15.0g/dL になり得ます
      「decimal 3.1 "g/dL" 0.0..5.0」
      → 例: アルブミン 20.0g/dL のとき −15.0g/dL。型を広げるか、計算式と入力項目の範囲を確認してください
    3:15 E0329 「割」は 10 になり得ます
      「integer 0..9」
      → 例: アルブミン 0.1g/dL のとき 10。型を広げるか、計算式と入力項目の範囲を確認してください
"#);
finds!(a_value_that_some_answers_reach, "value x : decimal 2.1 = bands of age at onset { < 6 years gives 1; >= 6 gives 2 } * (if tremor is present then 9 else 1)\nvalue y : integer \"years\" -5..5 = years from birth_date to onset - 3 years", @r#"
    1:11 E0329 「x」は 18.0 になり得ます
      「decimal 2.1」
      → 例: 生年月日 1927年4月24日、振戦「あり」、発症年月 1997年4月 のとき 18.0。型を広げるか、計算式と入力項目の範囲を確認してください
    2:11 E0329 「y」は 86年 になり得ます
      「integer "years" -5..5」
      → 例: 生年月日 1927年4月24日、発症年月 2017年3月 のとき 86年。型を広げるか、計算式と入力項目の範囲を確認してください
"#);
finds!(a_value_that_no_one_reaches_is_not_reported, "value x \"差\" : decimal 3.1 \"g/dL\" 0.0..20.0 = alb\ncheck R1 error \"高い\" at alb violated when alb > 10 g/dL\nvalue y \"積\" : decimal 3.1 \"g/dL\" 0.0..10.0 = alb", @"誤りなし");
finds!(the_type_of_a_value_is_checked_like_that_of_a_field, "value x : decimal 3.1 \"g/dL\" 0..1000 = alb", @r#"
    1:30 E0303 範囲が桁数に合いません
      「0..1000」
      → 整数部2桁・小数部1桁に収まる範囲を書いてください
"#);
finds!(a_name_in_other_letters_is_suggested, "criterion x = ALB <= 3.0 g/dL", @r#"
    1:15 E0204 「ALB」という名前はありません
      「ALB」
      → `alb` ではありませんか
"#);
finds!(a_label_names_what_it_belongs_to, "criterion x = アルブミン <= 3.0 g/dL and sh.程度 is heavy", @r#"
    1:15 E0204 「アルブミン」という名前はありません
      「アルブミン」
      → 「アルブミン」は `alb` です
    1:40 E0204 「程度」という名前はありません
      「程度」
      → 「程度」は `grade` です
"#);
finds!(a_label_names_its_code, "criterion x = tremor is あり", @r#"
    1:25 E0215 「あり」というコードはありません
      「あり」
      → 「あり」は `present` です
"#);
finds!(a_label_in_quotes_names_its_code, "criterion x = any of { tremor is \"あり\"; rigidity is not \"なし\" }", @r#"
    1:34 E0032 「is」の後に名前がありません
      「"あり"」
      → 「あり」は `present` です
    1:56 E0032 「not」の後に名前がありません
      「"なし"」
      → 「なし」は `absent` です
"#);
finds!(a_label_names_its_category, "check R1 error \"誤り\" at tremor violated when diagnosis is \"Ａ\"\njudgement diagnosis \"診断\" { category a \"Ａ\" when tremor is present; otherwise none \"なし\"; eligible a }", @r#"
    1:58 E0032 「is」の後に名前がありません
      「"Ａ"」
      → 「Ａ」は `a` です
"#);
finds!(a_unit_in_other_letters_is_spelt, "criterion x = alb <= 3.0 g/dl and 2.0 g/dl < alb", @r#"
    1:22 E0306 単位が合いません（「g/dL」 と 「g/dl」）
      「3.0 g/dl」
      → `3.0 g/dL` と書きます
    1:35 E0306 単位が合いません（「g/dL」 と 「g/dl」）
      「2.0 g/dl」
      → `2.0 g/dL` と書きます
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
      → 同じ単位の値どうしを比べるか、`convert` で換算を宣言してください
"#);
finds!(a_threshold_lies_outside_the_range, "criterion x = alb <= 30 g/dL", @r#"
    1:22 E0326 この条件は常に成り立ちます
      「30 g/dL」
      → しきい値か項目の範囲を確認してください
"#);
finds!(a_hidden_field_is_read, "criterion x = kind is a", @r#"
    1:15 E0502 「種類」は表示されないことがあり、このままでは読めません
      「kind」
      → `used is yes and …` のように、表示条件を先に書きます。表示されない患者を「該当しない」とするなら、`… if shown else no` を付けます
"#);
finds!(a_hidden_field_is_read_where_it_is_shown, "criterion x = all of { used is yes; kind is a }", @"誤りなし");
finds!(a_hidden_field_is_read_after_if, "criterion x = if used is yes then kind is a else no", @"誤りなし");
finds!(a_hidden_field_matters_only_beside_another_condition, "criterion x = used is no or kind is a", @"誤りなし");
finds!(a_hidden_field_is_read_after_a_row_that_holds_elsewhere, "score x = first match { 0 when used is no; 1 when kind is a; otherwise 2 }", @"誤りなし");
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
    1:49 E0303 範囲が桁数に合いません
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
      → `used is yes and …` のように、表示条件を先に書きます。表示されない患者を「該当しない」とするなら、`… if shown else no` を付けます
    4:15 E0311 「筋強剛」はそのままでは条件になりません
      「rigidity」
      → `rigidity is present` のように値を書いてください
    5:37 E0215 「presnt」というコードはありません
      「presnt」
      → `present` ではありませんか
"#);
finds!(bands_without_gaps, "score s = bands of alb { < 3.0 g/dL gives 2; 3.0 ..< 3.5 gives 1; >= 3.5 gives 0 }", @"誤りなし");
finds!(bands_leave_a_gap, "score s = bands of alb { < 3.0 g/dL gives 2; 3.1 .. 3.4 gives 1; > 3.5 gives 0 }", @r#"
1:46 E0621 アルブミンの区分に隙間があります（3未満と3.1以上の間）
  「3.1 .. 3.4 gives 1」
  → 隣の行とつなげて書きます。本文にない値なら、このままでは「不明」になります。公式の文のとおりなら `gap in` で宣言します
1:66 E0621 アルブミンの区分に隙間があります（3.4以下と3.5を超えるの間）
  「> 3.5 gives 0」
  → 隣の行とつなげて書きます。本文にない値なら、このままでは「不明」になります。公式の文のとおりなら `gap in` で宣言します
"#);
finds!(bands_overlap_at_a_boundary, "score s = bands of alb { <= 3.0 g/dL gives 2; 3.0 .. 3.5 gives 1; >= 3.5 gives 0 }", @r#"
1:47 E0622 アルブミンの区分が重なっています
  「3.0 .. 3.5 gives 1」
  → どちらの行に含めるかを決め、`40 ..< 60` のように境目を書き分けます。公式の文のとおりなら `overlap in` で宣言します
1:67 E0622 アルブミンの区分が重なっています
  「>= 3.5 gives 0」
  → どちらの行に含めるかを決め、`40 ..< 60` のように境目を書き分けます。公式の文のとおりなら `overlap in` で宣言します
"#);
finds!(bands_end_inside_the_range, "score s = bands of alb { 1 ..< 3.5 g/dL gives 1; 3.5 .. 10 gives 0 }", @r#"
1:26 E0621 アルブミンの区分に隙間があります（1未満）
  「1 ..< 3.5 g/dL gives 1」
  → 隣の行とつなげて書きます。本文にない値なら、このままでは「不明」になります。公式の文のとおりなら `gap in` で宣言します
1:50 E0621 アルブミンの区分に隙間があります（10を超える）
  「3.5 .. 10 gives 0」
  → 隣の行とつなげて書きます。本文にない値なら、このままでは「不明」になります。公式の文のとおりなら `gap in` で宣言します
"#);
finds!(whole_numbers_have_no_gap_between, "score p = count of { tremor is present; rigidity is present; onset < today }\nscore s = bands of p { 0 .. 1 gives 0; 2 .. 3 gives 1 }", @"誤りなし");
finds!(a_calculated_number_has_a_gap_between, "score s = bands of alb / 3 { <= 1 g/dL gives 0; 2 .. 3 gives 1; > 3 gives 2 }", @r#"
1:49 E0621 アルブミン÷3の区分に隙間があります（1以下と2以上の間）
  「2 .. 3 gives 1」
  → 隣の行とつなげて書きます。本文にない値なら、このままでは「不明」になります。公式の文のとおりなら `gap in` で宣言します
"#);
finds!(a_band_lacks_its_unit, "score s = bands of alb { < 3.0 gives 2; >= 3.0 gives 1 }", @r#"
    1:28 E0305 単位がありません
      「3.0」
      → `3.0 g/dL` と書いてください
"#);
finds!(a_band_of_a_choice, "score s = bands of tremor { < 3 gives 2; >= 3 gives 1 }", @r#"
    1:20 E0316 「振戦」の選択肢「あり」に点数がありません
      「tremor」
      → `1 present "あり" points …` と点数を付けるか、`is` で比べてください
"#);
finds!(a_grade_of_bands_names_its_outcomes, "grade g \"g\" : low \"低\" | high \"高\" = bands of alb { < 3.0 g/dL gives lo; >= 3.0 gives high }", @r#"
    1:68 E0215 「lo」という区分はありません
      「lo」
      → 使えるのは `low`、`high` です
"#);
finds!(a_domain_counts_no_negative_weight, "score s = sum of domain { domain \"一\" { -1 when tremor is present } domain \"二\" { } }", @r#"
    1:40 E0628 領域の点数は 0 以上で書きます
      「-1」
      → 引く点数は `sum of domain { … } + sum of { -1 when … }` のように領域の外に書きます
    1:68 E0511 中に項目がありません
      「domain "二" { }」
"#);
finds!(a_domain_is_no_condition, "criterion x = sum of domain { domain \"一\" { 1 when tremor is present } }", @r#"
    1:15 E0308 ここには条件（はい・いいえ）が必要です
      「sum of domain { domain "一" { 1 when tremor is present } }」
      → `… >= 3`、`… is present` のように書きます
"#);
finds!(a_threshold_has_its_unit, "threshold t \"基準\" \"g/dL\" { 3.0 from 2017-04-01 }\ncriterion x = alb <= t", @"誤りなし");
finds!(a_threshold_of_another_unit, "threshold t \"基準\" \"g/L\" { 30 from 2017-04-01 }\ncriterion x = alb <= t", @r#"
2:22 E0306 単位が合いません（「g/dL」 と 「g/L」）
  「t」
  → 同じ単位の値どうしを比べるか、`convert` で換算を宣言してください
"#);
finds!(periods_of_a_threshold_overlap, "threshold t \"基準\" { 3 from 2017-04-01 to 2020-12-31; 4 from 2020-12-31; 5 from 2021-02-01 }", @r#"
    1:53 E0623 基準値の期間が重なっています
      「4 from 2020-12-31」
      → 前の期間の終わりの翌日から次の期間を始めます。例: `135 from 2017-04-01 to 2024-03-31; 110 from 2024-04-01`
    1:72 E0623 基準値の期間が重なっています（前の期間に終わりがありません）
      「5 from 2021-02-01」
      → 前の期間の終わりの翌日から次の期間を始めます。例: `135 from 2017-04-01 to 2024-03-31; 110 from 2024-04-01`
"#);
finds!(periods_of_a_threshold_leave_days_out, "threshold t \"基準\" { 3 from 2017-04-01 to 2020-12-31; 4 from 2021-01-02 to 2021-01-01 }", @r#"
    1:11 E0624 「t」は2021年1月1日までで、その後の値がありません
      「t」
      → 続きの期間を書くか、終わりのない期間にします
    1:53 E0623 基準値の期間の終わりが初めより前です
      「4 from 2021-01-02 to 2021-01-01」
      → 前の期間の終わりの翌日から次の期間を始めます。例: `135 from 2017-04-01 to 2024-03-31; 110 from 2024-04-01`
    1:53 E0623 基準値の期間の間に抜けた日があります
      「4 from 2021-01-02 to 2021-01-01」
      → 前の期間の終わりの翌日から次の期間を始めます。例: `135 from 2017-04-01 to 2024-03-31; 110 from 2024-04-01`
"#);
finds!(a_threshold_expires, "threshold t \"基準\" { 3 from 2017-04-01 to 2020-12-31 }", @r#"
    1:11 E0624 「t」は2020年12月31日までで、その後の値がありません
      「t」
      → 続きの期間を書くか、終わりのない期間にします
"#);
finds!(a_threshold_that_begins_after_the_edition, "threshold t \"基準\" { 3 from 2017-04-02 }\nthreshold u \"基準\" { 3 from 2017-04-01 }", @r#"
    1:11 E0632 「t」は2017年4月2日からで、それまでの値がありません
      「t」
      → 前の期間を書くか、最初の期間を版の適用の初日から始めます
"#);
finds!(points_with_too_many_digits, "section more \"追加\" { field g \"程度\" : choice { 1 a \"甲\" points 0.00000000000000000000000000001; 2 b \"乙\" points 1 } }", @r#"
    1:60 E0304 数値の桁が多すぎます
      「0.00000000000000000000000000001」
      → 28桁までの数値を書いてください
"#);
finds!(a_window_needs_dates, "criterion x = tremor within 6 months of onset", @r#"
    1:15 E0310 ここには日付の項目が必要です
      「tremor」
      → 日付の項目、`today`、`2024-04-01` のいずれかを書きます
"#);
finds!(a_shift_needs_a_time, "criterion x = onset + 6 < today\ncriterion y = onset * 2 < today\ncriterion z = onset + 1 years + 2 months < today", @r#"
    1:23 E0625 日付には「+ 期間」か「- 期間」を一度だけ付けられます
      「6」
      → 例: `visit >= onset + 6 months`（days、weeks、months、years）
    2:15 E0625 日付には「+ 期間」か「- 期間」を一度だけ付けられます
      「onset * 2」
      → 例: `visit >= onset + 6 months`（days、weeks、months、years）
    3:33 E0625 日付には「+ 期間」か「- 期間」を一度だけ付けられます
      「2 months」
      → 例: `visit >= onset + 6 months`（days、weeks、months、years）
"#);
finds!(a_subtype_without_categories, "judgement diagnosis \"診断\" { subtype s \"型\" when tremor is present { } category a \"A\" when tremor is present; otherwise none \"なし\"; eligible a, s }", @r#"
    1:36 E0627 病型「s」に区分がありません
      「s」
      → `subtype … when … { category definite "…" when … }` と、病型の中に区分を書きます
"#);
finds!(a_category_is_declared_twice, "judgement diagnosis \"診断\" { category a \"A\" when tremor is present; category a \"B\" when rigidity is present; otherwise none \"なし\"; eligible a }", @r#"
    1:76 E0626 区分「B」（a）が同じ判定に二度あります
      「a」
      → 別の名前を付けてください
"#);
finds!(a_subtype_opens_hidden_fields, "judgement diagnosis \"診断\" { subtype s \"型\" when used is yes { category a \"A\" when kind is a } otherwise none \"なし\"; eligible s.a }", @"誤りなし");
finds!(a_category_of_a_subtype_is_misspelt, "judgement diagnosis \"診断\" { subtype s \"型\" when used is yes { category sure \"A\" when kind is a } otherwise none \"なし\"; eligible s.sur, s.sure }", @r#"
    1:126 E0215 「s.sur」という区分はありません
      「s.sur」
      → `s.sure` ではありませんか
"#);

finds!(answers_of_other_codes_are_not_compared, "criterion a = tremor is used\ncriterion b = tremor is alb\ncriterion c = tremor = rigidity", @r#"
    1:15 E0331 「振戦」と「使用」は選択肢が違うので、比べられません
      「tremor is used」
      → 同じ選択肢なら「code 名前 "…" { … }」で一つの表にし、両方の項目で使います
    2:25 E0321 「アルブミン」は一つを選ぶ項目ではありません
      「alb」
      → 数値や日付は `alb >= …` のように比べます
    3:15 E0330 「振戦」は記号では比べられません
      「tremor = rigidity」
      → `tremor is rigidity` と書きます
"#);

finds!(lengths_and_days_that_do_not_fit, "value old \"年齢\" : integer \"years\" = age at onset\ncriterion a = old >= 7 years 6 months\ncriterion b = alb >= 1 year 6 months\ncriterion c = onset + 1 year 6 days < today\ncriterion d = earliest of { onset; latest of { today; birth_date } } < today\ncriterion e = earliest of { onset; alb } < today\ncriterion f = earliest of { onset } and onset is father", @r#"
    2:22 E0306 単位が合いません（「years」 と 「months」）
      「7 years 6 months」
      → 期間は `months from A to B` のように、比べる数と同じ単位で数えます（1 週は 7 日として比べられます）
    3:22 E0306 単位が合いません（「g/dL」 と 「months」）
      「1 year 6 months」
      → 同じ単位の値どうしを比べるか、`convert` で換算を宣言してください
    4:30 E0033 「year」の後に「6」は書けません
      「6」
      → 二つの単位で書ける期間は、年と月（1 year 6 months）、週と日（2 weeks 3 days）です
    5:15 E0633 いちばん早い日の中にいちばん遅い日（またはその逆）は書けません
      「earliest of { onset; latest of { today; birth_date } }」
      → 条件を分けて、それぞれの日付と比べます
    6:36 E0310 ここには日付の項目が必要です
      「alb」
      → 日付の項目、`today`、`2024-04-01` のいずれかを書きます
    7:15 E0308 ここには条件（はい・いいえ）が必要です
      「earliest of { onset }」
      → `… >= 3`、`… is present` のように書きます
    7:41 E0321 「発症年月」は一つを選ぶ項目ではありません
      「onset」
      → 数値や日付は `onset >= …` のように比べます
"#);
finds!(calendar_months_beside_something_else, "section more \"追\" { field began \"始\" : month; field seen \"受診\" : date; field y \"年\" : year }\ncriterion a = month of began >= 2020-04-01\ncriterion b = month of began >= 3\ncriterion c = month of began > year of onset\ncriterion d = month of began > month of onset + 3 days\ncriterion e = max of { month of began; 3 } > 4\ncriterion f = seen < month of began\ncriterion g = year of began = year of onset + 6 months\ncriterion h = month of (began + 1 month) = month of onset + 1 month\ncriterion i = month of (began + 1 month) + 1 month = month of onset\ncriterion j = month of began and month of alb > month of began", @r#"
    2:33 E0334 「month of …」は、暦の月とだけ比べられます
      「2020-04-01」
      → 決まった日付とは、`began >= 2020-04-01` のようにそのまま比べます
    3:33 E0334 「month of …」は、暦の月とだけ比べられます
      「3」
      → 例: `month of visit >= month of onset`
    4:32 E0334 「month of …」は、暦の月とだけ比べられます
      「year of onset」
      → 両側を `month of …` か、両側を `year of …` にします
    5:49 E0334 暦の月は、この期間ではずらせません
      「3 days」
      → 一度だけ、月か年（`+ 6 months`、`+ 1 year`）でずらせます
    6:24 E0334 「month of …」は数ではなく、暦の月です
      「month of began」
      → `month of visit >= month of onset` のように比べるか、間の数を `months from onset to visit` と書きます
    7:15 E0334 「month of …」は、暦の月とだけ比べられます
      「seen」
      → `month of seen` と書きます
    8:47 E0334 暦の年は、この期間ではずらせません
      「6 months」
      → 一度だけ、年（`+ 1 year`）でずらせます
    10:44 E0334 暦の月は、この期間ではずらせません
      「1 month」
      → 一度だけ、月か年（`+ 6 months`、`+ 1 year`）でずらせます
    11:15 E0308 ここには条件（はい・いいえ）が必要です
      「month of began」
      → `… >= 3`、`… is present` のように書きます
    11:43 E0310 ここには日付の項目が必要です
      「alb」
      → 日付の項目、`today`、`2024-04-01` のいずれかを書きます
"#);
finds!(dates_asked_to_the_month_stay_open, "section more \"追\" { field began \"始\" : month; field seen \"受診\" : date; field y \"年\" : year }\ncriterion a = began > onset\ncriterion b = seen <= began\ncriterion c = began = y\ncriterion d = began > 2020-04-01\ncriterion e = began >= 2020-04-01 and began <= 2020-04-30 and began > 2020-04-30 and began < 2020-04-01 and y < 2020-01-01\ncriterion f = 2020-04-30 < began or y <= 2020-12-30\ncriterion g = seen > today and began <= today\ncheck R1 error \"順\" at onset violated when began < onset", @r#"
    2:15 E0335 「始」は年月までの項目なので、同じ月のときは、すべて記入しても決まりません
      「began > onset」
      → 暦で比べてよければ `month of began > month of onset` と書きます。日まで要るなら、項目の型を `date` にします
    3:15 E0335 「始」は年月までの項目なので、同じ月のときは、すべて記入しても決まりません
      「seen <= began」
      → 暦で比べてよければ `month of seen <= month of began` と書きます。日まで要るなら、項目の型を `date` にします
    4:15 E0335 「始」は年だけの項目なので、同じ年のときは、すべて記入しても決まりません
      「began = y」
      → 暦で比べてよければ `year of began = year of y` と書きます。日まで要るなら、項目の型を `date` にします
    5:15 E0335 「始」は年月までの項目なので、この日付の月では、すべて記入しても決まりません
      「began > 2020-04-01」
      → 月の初日を境に `>=`、`<` か、末日を境に `<=`、`>` と書きます
    7:37 E0335 「年」は年だけの項目なので、この日付の年では、すべて記入しても決まりません
      「y <= 2020-12-30」
      → 年の初日を境に `>=`、`<` か、末日を境に `<=`、`>` と書きます
"#);
finds!(cells_of_numbers, "table t \"表\" : score {\n  | tremor is present | is absent\n  alb < 3 g/dL | 1 mg | 2\n  >= 3 | x | 0\n}\ncriterion a = t is low", @r#"
    3:25 E0306 単位が合いません（「mg」 と 単位なし）
      「2」
      → 数に単位を付けるか、点数の計算なら `/ 1 mg` で割って単位を外してください
    4:10 E0037 点数の表のます目には数を書きます
      「x」
      → 区分の表なら「: score」の代わりに「: low "低" | high "高"」のように並べます
    6:15 E0322 「表」に `is` は使えません
      「t」
      → 数値や日付は `t >= …` のように比べます
"#);
finds!(whole_years_are_not_within, "criterion a = years from onset to today <= 5 years\ncriterion b = months from onset to today > 1 year 6 months\ncriterion c = 3 years >= years from onset to today\nvalue since \"経過年数\" = years from onset to today\ncriterion d = since in 1 ..< 3 years or since in 1..5 years or since > 2 years\ncriterion e = years from onset to today <= 5 年 or since in 1..5 年", @r#"
    1:15 E0332 端数を切り捨てた満年数なので、5 years を少し超えても成り立ちます
      「years from onset to today <= 5 years」
      → 日まで見るなら `onset within 5 years before today`、満年数で区切るなら `years from onset to today < 6 years` と書きます
    2:15 E0332 端数を切り捨てた満月数なので、1 year 6 months を少し超えても成り立ちません
      「months from onset to today > 1 year 6 months」
      → 日まで見るなら `today > onset + 1 year 6 months`、満月数で区切るなら `months from onset to today >= 19 months` と書きます
    3:15 E0332 端数を切り捨てた満年数なので、3 years を少し超えても成り立ちます
      「3 years >= years from onset to today」
      → 日まで見るなら `onset within 3 years before today`、満年数で区切るなら `years from onset to today < 4 years` と書きます
    5:50 E0332 端数を切り捨てた満年数なので、5 years を少し超えても成り立ちます
      「1..5 years」
      → 日まで見るなら `today >= onset + 1 year and today <= onset + 5 years`、満年数で区切るなら `since in 1 ..< 6 years` と書きます
    5:64 E0332 端数を切り捨てた満年数なので、2 years を少し超えても成り立ちません
      「since > 2 years」
      → 日まで見るなら `today > onset + 2 years`、満年数で区切るなら `since >= 3 years` と書きます
    6:15 E0332 端数を切り捨てた満年数なので、5 years を少し超えても成り立ちます
      「years from onset to today <= 5 年」
      → 日まで見るなら `onset within 5 years before today`、満年数で区切るなら `years from onset to today < 6 years` と書きます
    6:60 E0332 端数を切り捨てた満年数なので、5 years を少し超えても成り立ちます
      「1..5 年」
      → 日まで見るなら `today >= onset + 1 year and today <= onset + 5 years`、満年数で区切るなら `since in 1 ..< 6 years` と書きます
"#);
finds!(ages_and_other_comparisons_of_whole_years_are_meant, "criterion a = age at onset <= 5 years\ncriterion b = years from birth_date to onset > 5 years\ncriterion c = years from onset to today < 5 years or months from onset to today >= 6 months\ncriterion d = days from onset to today <= 6 weeks\nscore s = bands of years from onset to today { < 1 year gives 0; 1..4 gives 1; >= 5 gives 2 }", @"誤りなし");
finds!(what_nobody_knows_is_marked, "section more \"追加\" {\n  field a \"甲\" : choice { 1 yes \"あり\"; 2 no \"なし\"; 3 unclear \"不明（検査していない）\" }\n  field b \"乙\" : choice { 1 high \"高値\"; 2 normal \"正常\"; 3 untested \"未検査\" }\n}\ncriterion x = a is not yes and b is high", @r#"
    2:49 E0614 「甲」の「不明（検査していない）」に `unknown` がないので、分かっている答えとして数えられます
      「3 unclear "不明（検査していない）"」
      → 分からない答えなら `3 unclear "不明（検査していない）" unknown` と書きます。公式の文に「不明（検査していない）」の扱いがあるなら、規則に `a is unclear` と書きます
    3:54 E0614 「乙」の「未検査」に `unknown` がないので、分かっている答えとして数えられます
      「3 untested "未検査"」
      → 分からない答えなら `3 untested "未検査" unknown` と書きます。公式の文に「未検査」の扱いがあるなら、規則に `b is untested` と書きます
"#);
finds!(what_nobody_knows_is_named_or_not_read, "section more \"追加\" {\n  field a \"甲\" : choice { 1 yes \"あり\"; 2 no \"なし\"; 3 unclear \"不明\" }\n  field b \"乙\" : choice { 1 done \"実施\"; 2 untested \"未実施\"; 3 unclear \"不明\" unknown }\n  field c \"丙\" : choice { 1 high \"高値\"; 2 normal \"正常\"; 3 untested \"未検査\" }\n}\ncriterion x = a is not yes and b is done\ncriterion y = a in { no; unclear }", @"誤りなし");
finds!(gaps_of_bands_in_arms, "score s = if used is yes then bands of alb { < 3.0 g/dL gives 1; > 3.0 gives 0 } else bands of alb { < 2.0 g/dL gives 1; > 2.0 gives 0 }\ngap in s when used is yes and alb = 3.0 g/dL because \"表\"\ngap in s when alb = 2.0 g/dL because \"表\"\nscore t = bands of alb { < 3.0 g/dL gives 1; 3.0 <..< 4.0 gives 0; > 4.0 gives 2 }\ngap in t when alb = 3.0 g/dL or alb = 4.0 g/dL because \"表\"", @"誤りなし");
finds!(an_overlap_of_bands_that_is_too_wide, "score s = bands of alb { <= 3.0 g/dL gives 1; >= 3.0 gives 0 }\noverlap in s when alb in 2.5..3.5 g/dL because \"表\"\nscore t = bands of alb { <= 3.0 g/dL gives 1; 2.5..3.5 gives 2; >= 3.0 gives 0 }\noverlap in t when alb in 2.5..3.5 g/dL because \"表\"", @r#"
    2:19 E0722 「アルブミン」に、ここで宣言した重なりのうち、答えが一つだけの患者がいます
      「alb in 2.5..3.5 g/dL」
      → 条件を、二つの答えのある患者だけに狭めてください
"#);
finds!(an_exception_of_an_item_that_may_be_hidden, "section more \"追加\" { field ratio \"比\" : decimal 4.1 \"%\" 0.0..100.0 shown when used is yes }\nscore s = if used is yes then bands of ratio { <= 40 % gives 0; >= 41 gives 2 } else 0\ngap in s when ratio in 40 <..< 41 % because \"表\"\nscore t = if used is yes then bands of ratio { <= 40 % gives 0; >= 41 gives 2 } else 0\ngap in t when (ratio in 40 <..< 41 %) if shown else no because \"表\"", @"誤りなし");
finds!(gaps_of_bands_in_arms_that_are_not_there, "score s = if used is yes then bands of alb { < 3.0 g/dL gives 1; > 3.0 gives 0 } else bands of alb { < 2.0 g/dL gives 1; > 2.0 gives 0 }\ngap in s when used is no and alb = 2.0 g/dL or used is yes and alb = 3.0 g/dL because \"表\"\ngap in s when used is no and alb = 3.0 g/dL because \"表\"\ngap in s when alb = 2.5 g/dL because \"表\"\ngap in s when tremor is present and alb = 3.0 g/dL because \"表\"", @r#"
    3:15 E0722 「アルブミン」に、ここで宣言した隙間はありません
      「used is no and alb = 3.0 g/dL」
      → 宣言を消すか、条件を、どれにも当てはまらない患者だけに直してください
    4:15 E0722 「アルブミン」に、ここで宣言した隙間はありません
      「alb = 2.5 g/dL」
      → 宣言を消すか、条件を、どれにも当てはまらない患者だけに直してください
    5:15 E0629 帯の隙間は、帯の数の範囲で書きます
      「tremor is present and alb = 3.0 g/dL」
      → `alb = …`、`alb in … ..< …`、`alb > … and alb < …` のように書いてください。添えられるのは、帯のある行の条件だけです
"#);
finds!(a_misnamed_declaration_is_not_missed_elsewhere, "section more \"追加\" {\n  field tremor \"歩行\" : choice { 1 free \"自立\"; 2 aided \"介助\" }\n  field 聴力 \"聴力\" : finding\n}\ncriterion x = walk is aided or not walk is free\ncriterion y = hearing is present and tremer is present", @r#"
    2:9 E0209 「tremor」はすでにあります
      「tremor」
      → 別の名前を付けてください
    3:9 E0211 項目名「聴力」は英小文字・数字・_ で書きます
      「聴力」
      → 例: `tremor`、`onset_date`
    6:38 E0204 「tremer」という名前はありません
      「tremer」
      → `tremor` ではありませんか
"#);
finds!(a_range_the_wrong_way_round_is_told_once, "section more \"追加\" { field vc \"肺活量\" : decimal 4.1 \"%\" 200.0..0.0 }\ncriterion x = vc >= 80 % and vc < 90 %", @r#"
    1:54 E0303 範囲の下限が上限より大きくなっています
      「200.0..0.0」
      → `0.0..200.0` と書いてください
"#);
finds!(points_are_no_product_with_a_criterion, "criterion low = alb <= 3.0 g/dL\nscore s = sum of { low * 3; 2 * low }", @r#"
    2:20 E0314 「low」は数値ではありません
      「low * 3」
      → 満たせば付く点数は `3 when low` と書きます
    2:29 E0314 「low」は数値ではありません
      「2 * low」
      → 満たせば付く点数は `2 when low` と書きます
"#);
finds!(dates_of_rows_are_not_chosen, "section labs \"検査\" { rows labs \"検査\" 1..3 of { field taken \"日\" : date; field result \"結果\" : finding } }\ncriterion x = earliest of labs { taken when result is present } < today", @r#"
    2:34 E0310 日付を条件で選ぶことはできません
      「taken when result is present」
      → 行のうち条件に当たるものの日付は、行どうしを比べて書きます。例: any of cultures as first "先の培養" { organism is not none and first.taken < today }
"#);

finds!(a_constant_is_no_part_of_and_or_or, r#"criterion a = used is yes or no
criterion b = used is not no and yes
criterion c = alb >= 3.0 g/dL or no
criterion d = tremor is present and rigidity is present and no
criterion e = if tremor is present then yes else no
criterion f = (tremor is present treat unknown as no) or rigidity is present
criterion g = any of { yes; tremor is present }
criterion h = first match { yes when a; otherwise no }
criterion i = tremor is present or yes"#, @r#"
    1:30 E0517 「or」の後の「no」だけでは、何と比べるのか決まりません
      「no」
      → いくつかの答えのどれかなら `used in { yes; no }` と書きます
    2:34 E0517 「and」の後の「yes」だけでは、何と比べるのか決まりません
      「yes」
      → いくつかの答えのどれかなら `used not in { no; yes }` と書きます
    3:34 E0517 「or」の後の「no」だけでは、何と比べるのか決まりません
      「no」
      → 比べるものから書きます（`or x is no`）。条件でないなら「or no」を消します
    4:61 E0517 「and」の後の「no」だけでは、何と比べるのか決まりません
      「no」
      → 比べるものから書きます（`and x is no`）。条件でないなら「and no」を消します
    9:36 E0517 「or」の後の「yes」だけでは、何と比べるのか決まりません
      「yes」
      → 比べるものから書きます（`or x is yes`）。条件でないなら「or yes」を消します
"#);
finds!(a_number_that_may_be_hidden_has_its_condition_first, r#"section more "追加" {
  field dose "量" : integer "mg" 0..9 shown when used is yes
  field late "後" : integer "mg" 0..9 shown unless used is no or tremor is present
  field fresh "新規" : integer "mg" 0..9 new only
  rows labs "検査" 0..3 of { field value "値" : integer "mg" 0..9 }
}
criterion a = dose >= 5 mg
score b = bands of dose { < 5 mg gives 0; >= 5 gives 1 }
score c = bands of late { < 5 mg gives 0; >= 5 gives 1 }
criterion d = fresh >= 5 mg
criterion e = labs_2_value >= 5 mg
criterion f = labs_4_value >= 5 mg
criterion g = any of labs { value > first.value }
score h = if used is yes then bands of dose { < 5 mg gives 0; >= 5 gives 1 } else 0"#, @r#"
    7:15 E0502 「量」は表示されないことがあり、このままでは読めません
      「dose」
      → `used is yes and …` のように、表示条件を先に書きます。表示されない患者を「該当しない」とするなら、`… if shown else no` を付けます
    8:20 E0502 「量」は表示されないことがあり、このままでは読めません
      「dose」
      → `if used is yes then … else …` のように、表示条件を先に書きます。else には、公式の文がそのほかの患者に定めている値を書きます
    9:20 E0502 「後」は表示されないことがあり、このままでは読めません
      「late」
      → `if not (used is no or tremor is present) then … else …` のように、表示条件を先に書きます。else には、公式の文がそのほかの患者に定めている値を書きます
    10:15 E0502 「新規」は表示されないことがあり、このままでは読めません
      「fresh」
      → `new application and …` のように、表示条件を先に書きます。表示されない患者を「該当しない」とするなら、`… if shown else no` を付けます
    11:15 E0502 「値」は、その行がないことがあり、このままでは読めません
      「labs_2_value」
      → どの行でもよければ `any of labs { value … }`、2 行目だけなら `labs.count >= 2 and …` と、行があることを先に書きます
    12:15 E0204 「labs_4_value」という名前はありません
      「labs_4_value」
      → 「検査」は 3 行までです。行を増やすなら `rows labs` の範囲を直します
    13:37 E0205 「first」という行の名前はありません
      「first」
      → 行に名前を付けてから読みます。例: `any of labs as first "先の検査" { any of labs { … first.value … } }`
"#);
finds!(ages_are_counted_in_the_unit_of_the_number, r#"section more "追加" { field visit "受診日" : date }
criterion a = age at visit <= 12 months
criterion b = age at visit < 24 months
criterion c = 18 months >= age at visit
criterion d = age in days at visit < 1 month
criterion e = years from onset to visit >= 12 months
criterion f = age in months at visit <= 2 years
value years_old "年齢" = age at visit
criterion g = years_old <= 12 months"#, @r#"
    2:31 E0306 単位が合いません（「years」 と 「months」）
      「12 months」
      → `age in months at visit <= 12 months` と、比べる数と同じ単位で数えます
    3:30 E0306 単位が合いません（「years」 と 「months」）
      「24 months」
      → `age in months at visit < 24 months` か `age at visit < 2 years` と書きます
    4:15 E0306 単位が合いません（「years」 と 「months」）
      「18 months」
      → `age in months at visit <= 18 months` と、比べる数と同じ単位で数えます
    5:38 E0306 単位が合いません（「days」 と 「months」）
      「1 month」
      → `age in months at visit < 1 month` と、比べる数と同じ単位で数えます
    6:44 E0306 単位が合いません（「years」 と 「months」）
      「12 months」
      → `months from onset to visit >= 12 months` か `years from onset to visit >= 1 year` と書きます
    7:41 E0306 単位が合いません（「months」 と 「years」）
      「2 years」
      → `24 months` と書くか、`age at …` や `years from A to B` で年を数えます
    9:28 E0306 単位が合いません（「years」 と 「months」）
      「12 months」
      → 期間は `months from A to B` のように、比べる数と同じ単位で数えます（1 週は 7 日として比べられます）
"#);
finds!(points_count_where_one_code_is_chosen, r#"section more "追加" {
  field organs "臓器" : choices { 1 skin "皮膚" points 1; 2 kidney "腎" points 2 }
}
score s = sum of { organs; 1 when tremor is present }"#, @r#"
    2:33 E0615 「臓器」はいくつも選べる項目（choices）なので、`points` は数えられません
      「1 skin "皮膚" points 1」
      → `points` を消し、点数は `sum of { 1 when organs includes skin; … }` と書きます。一つだけ選ぶ項目なら `choice` と書きます
    4:20 E0315 「臓器」はいくつも選べる項目なので、そのままでは数になりません
      「organs」
      → 選ばれたコードの点数は `sum of { 1 when organs includes skin; … }`、選ばれた数は `count of organs in { … }` と書きます
"#);
finds!(units_of_other_letters_are_the_same, r#"section more "追加" {
  field dose "量" : decimal 4.1 "mg/dL" 0..999
  field cells "数" : integer "/µL" 0..999999
  field plain "数" : integer 0..999999
}
criterion a = dose >= 5.0 ㎎/dL
criterion b = cells >= 5万
criterion c = plain >= 5万
score s = sum of { 1 点 when tremor is present }
value v = max of { dose; alb }"#, @r#"
    6:23 E0306 単位が合いません（「mg/dL」 と 「㎎/dL」）
      「5.0 ㎎/dL」
      → `5.0 mg/dL` と書きます
    7:24 E0306 単位が合いません（「/μL」 と 「万」）
      「5万」
      → `50000 "/μL"` と書きます
    8:24 E0306 単位が合いません（単位なし と 「万」）
      「5万」
      → `50000` と書きます
    9:20 E0306 点数に単位「点」は付けません
      「1 点」
      → `1 when …` と書きます
    10:26 E0306 単位が合いません（「mg/dL」 と 「g/dL」）
      「alb」
      → 計算の中では、どれも同じ単位にそろえます。`convert` の換算が働くのは、数との比較だけです（`crp >= 5 mg/L` など）
"#);
finds!(a_wide_gap_is_no_missing_one, r#"score p = bands of alb { < 5.0 g/dL gives 0; > 5.0 gives 1 }
gap in p when alb in 4.9..5.1 g/dL because "公式の表に行がない"
score q = bands of alb { < 5.0 g/dL gives 0; > 6.0 gives 1 }
gap in q when alb in 4.9..5.5 g/dL because "公式の表に行がない""#, @r#"
    2:15 E0722 「アルブミン」の、ここで宣言した隙間は広すぎます。帯のある値が入っています
      「alb in 4.9..5.1 g/dL」
      → 隙間は 5.0 だけです。`= 5.0` と、その値だけを宣言します
    3:46 E0621 アルブミンの区分に隙間があります（5.5以下と6を超えるの間）
      「> 6.0 gives 1」
      → 隣の行とつなげて書きます。本文にない値なら、このままでは「不明」になります。公式の文のとおりなら `gap in` で宣言します
    4:15 E0722 「アルブミン」の、ここで宣言した隙間は広すぎます。帯のある値が入っています
      「alb in 4.9..5.5 g/dL」
      → 隙間は5未満と6を超えるの間だけです。その値だけを宣言します
"#);
finds!(the_last_category_may_be_meant_for_the_rest, r#"judgement diagnosis "診断" {
  category met "該当" when alb < 3.0 g/dL
  category none "非該当" when alb >= 3.0 g/dL
  eligible met
}
criterion a = first match { yes when tremor is present; no when rigidity is present }"#, @r#"
    1:11 E0505 どの区分にも当てはまらない場合がありません
      「diagnosis」
      → 最後の区分がほかのすべての患者なら、`when` を付けずに `otherwise none "非該当"` と書きます。そうでなければ、最後に `otherwise none "いずれにも該当しない"` を加えます
    6:15 E0507 どの場合にも当てはまらないときの答えがありません
      「first match { yes when tremor is present; no when rigidity is present }」
      → 最後に `otherwise no` か `otherwise yes` を書いてください
"#);
finds!(grades_of_bands_stand_alone, r#"grade a "程度" : low "低" | high "高" = if tremor is present then low else high
grade b "程度" : low "低" | high "高" = first match { bands of alb { < 3.0 g/dL gives low; >= 3.0 gives high } when tremor is present; otherwise low }"#, @r#"
    1:37 E0508 区分は `first match { 区分 when 条件; … }` で決めます
      「if tremor is present then low else high」
      → `if A then a else b` は `first match { a when A; otherwise b }` と書きます。一つの数の範囲なら `bands of x { < 40 gives a; >= 40 gives b }` だけでも書けます
    2:51 E0509 ここには区分の名前が必要です
      「bands of alb { < 3.0 g/dL gives low; >= 3.0 gives high }」
      → 区分の名前を先に書き、範囲は条件にします。例: `severe when x < 40 and …`。`bands of` だけで決まる区分は `= bands of x { … }` と書けます
"#);
finds!(a_comma_among_weights_is_told_once, r#"score p = sum of {
  2 when tremor is present
  1 when alb >= 3.0 g/dL, rigidity is present
}
grade g "程度" : low "低" | high "高" = bands of p { 0..1 gives low; >= 2 gives high }"#, @r#"
    3:25 E0035 「{ }」の中は「,」では区切れません
      「,」
      → 条件を続けるなら「and」でつなぎ、次の行なら「;」か改行で区切ります
"#);
