//! What constructs mean: a definition and answers in, readings and values out, as text.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a panic is the report of a test"
)]

use kohyo_compiler::{Files, card, cases, compile};
use kohyo_engine::{ExplainNode, Form, Tri, evaluate, read_lenient};

/// Fields that most rules need.
const FIELDS: &str = r#"
code finding "所見" { 1 present "あり"; 2 absent "なし"; 3 unclear "不明" unknown }
section patient "患者" {
  field birth_date "生年月日" : date
  field a "所見A" : finding
  field b "所見B" : finding
  field c "所見C" : finding
  field count "回数" : integer "回" 0..20
  field alb "アルブミン" : decimal 3.1 "g/dL" 0..20
  field igg4 "IgG4" : decimal 5.1 "mg/dL" 0..9999.9
  field onset "発症日" : date
  field visit "受診日" : date
  field anca "ANCA" : choice { 1 mpo "MPO"; 2 pr3 "PR3"; 3 untested "未検査" unknown }
}
"#;

const DIAGNOSIS: &str = r#"
judgement diagnosis "診断" { category yes "該当" when a is present; otherwise no "非該当"; eligible yes }
"#;

fn form(rules: &str) -> Form {
    let diagnosis = if rules.contains("judgement diagnosis") {
        ""
    } else {
        DIAGNOSIS
    };
    let text = format!(
        "disease shitei 006 \"試験病\" {{ edition \"2020\" from 2017-04-01\nsource notice \"試験\" }}\n{FIELDS}{rules}{diagnosis}"
    );
    let mut files = Files::new();
    files.insert("form.kohyo", text.as_str());
    let compiled = compile(&files, "form.kohyo");
    let found: Vec<String> = compiled
        .diagnostics
        .iter()
        .map(|d| format!("{} {}", d.code, d.message))
        .collect();
    Form::new(
        compiled
            .program
            .unwrap_or_else(|| panic!("{}", found.join("\n"))),
    )
    .unwrap()
}

/// The part of the card that speaks of rules and judgements other than the diagnosis.
fn readings(rules: &str) -> String {
    let form = form(rules);
    let card = card(form.program());
    let rules = card.split("■ 規則").nth(1).unwrap();
    rules.split("\n■ 点検").next().unwrap().trim().to_owned()
}

/// Values and judgements for each set of answers, judged on 2026-06-01 unless `on` says otherwise.
fn outcomes(rules: &str, answers: &[&str]) -> String {
    let form = form(rules);
    let mut out = String::new();
    for answers in answers {
        let on = answers
            .split("on: ")
            .nth(1)
            .map_or("2026-06-01", |day| &day[..10]);
        let written: String = answers
            .split(", ")
            .filter(|part| !part.starts_with("on: ") && !part.is_empty())
            .map(|part| format!("      {part}\n"))
            .collect();
        let written = if written.is_empty() {
            String::new()
        } else {
            format!("    answers:\n{written}")
        };
        let file = cases::parse(&format!("cases:\n  - name: x\n    on: {on}\n{written}")).unwrap();
        let case = &file.cases[0];
        let context = cases::context(case).unwrap();
        let (read, _) = read_lenient(&form, &cases::answers(&form, &file, case));
        let outcome = evaluate(&form, &read, &context);
        let values = outcome
            .values
            .iter()
            .map(|v| format!("{}={}", v.name, v.text));
        let judged = outcome.judgements.iter().map(|j| {
            let category = j.category.as_ref().map_or("判定不能", |c| c.name.as_str());
            format!("{}={category}", j.name)
        });
        let all: Vec<String> = values.chain(judged).collect();
        out += &format!("{answers}\n  → {}\n", all.join("　"));
    }
    out
}

/// A definition, its readings, and what follows from some answers.
fn shown(rules: &str, answers: &[&str]) -> String {
    format!(
        "{}\n\n読み\n{}\n\n値\n{}",
        rules.trim(),
        readings(rules),
        outcomes(rules, answers)
    )
}

#[test]
fn bands_that_cover_everything() {
    let rules =
        "score s \"点数\" = bands of count { < 5 回 gives 0; 5 ..< 10 gives 1; >= 10 gives 2 }";
    insta::assert_snapshot!(shown(
        rules,
        &["", "count: 4", "count: 5", "count: 9", "count: 10"]
    ));
}

#[test]
fn a_value_in_no_band_has_no_result() {
    // The published text leaves out 10; an answer there settles nothing.
    let rules = r#"
score s "点数" = bands of count { < 10 回 gives 0; > 10 gives 2 }
judgement diagnosis "診断" { category yes "該当" when s >= 1; otherwise no "非該当"; eligible yes }
"#;
    insta::assert_snapshot!(shown(rules, &["", "count: 9", "count: 10", "count: 11"]));
}

#[test]
fn bands_as_a_grade() {
    let rules = "grade g \"程度\" : low \"軽度\" | high \"高度\" = bands of alb / 2 { < 1.5 g/dL gives high; >= 1.5 gives low }\ncriterion x \"高度\" = g is high";
    insta::assert_snapshot!(shown(rules, &["", "alb: 2.9", "alb: 3.0"]));
}

#[test]
fn the_highest_weight_of_a_domain_counts() {
    let rules = r#"
score s "点数" = sum of domain {
  domain "皮膚" { 2 when a is present; 4 when b is present }
  domain "関節" { 6 when c is present }
}
"#;
    insta::assert_snapshot!(shown(
        rules,
        &[
            "",
            "a: present, b: present, c: absent",
            "a: present, b: absent, c: present",
            "a: present, b: unclear, c: absent",
            "a: absent, b: present, c: unclear",
        ]
    ));
}

#[test]
fn a_threshold_depends_on_the_day() {
    let rules = r#"
threshold limit "IgG4の基準値" "mg/dL" { 135 from 2017-04-01 to 2024-03-31; 110 from 2024-04-01 }
criterion high "IgG4高値" = igg4 >= limit
judgement diagnosis "診断" { category yes "該当" when high; otherwise no "非該当"; eligible yes }
"#;
    insta::assert_snapshot!(shown(
        rules,
        &[
            "igg4: 120.0, on: 2024-03-31",
            "igg4: 120.0, on: 2024-04-01",
            "igg4: 120.0, on: 2017-03-31",
            "on: 2024-04-01",
        ]
    ));
}

#[test]
fn windows_between_dates() {
    let rules = r#"
criterion near "前後" = visit within 6 months of onset
criterion earlier "以前" = visit within 2 weeks before onset
criterion later "以後" = visit within 1 year after onset
criterion half_year "半年以上" = visit >= onset + 6 months
"#;
    insta::assert_snapshot!(shown(
        rules,
        &[
            "onset: 2024-01-15, visit: 2024-07-15",
            "onset: 2024-01-15, visit: 2024-07-16",
            "onset: 2024-01-15, visit: 2023-07-15",
            "onset: 2024-01-15, visit: 2023-07-14",
            "onset: 2024-01-15, visit: 2024-01-01",
            "onset: 2024-08-31, visit: 2025-02-28",
            "onset: 2024-01, visit: 2024-07-15",
            "onset: 2024-01, visit: 2024-03",
            "onset: 2024, visit: 2026-01-01",
            "visit: 2024-07-15",
        ]
    ));
}

#[test]
fn ages_of_infants() {
    let rules = r#"
criterion infant "乳児" = age in months at onset < 12 months
criterion newborn "新生児" = age in days at onset < 28 days
"#;
    insta::assert_snapshot!(shown(
        rules,
        &[
            "birth_date: 2024-01-15, onset: 2025-01-14",
            "birth_date: 2024-01-15, onset: 2025-01-15",
            "birth_date: 2024-01, onset: 2025-01",
            "birth_date: 2024-01-15, onset: 2024-02-11",
        ]
    ));
}

#[test]
fn subtypes_of_a_disease() {
    let rules = r#"
judgement diagnosis "診断" first match {
  subtype mpa "顕微鏡的多発血管炎" cites "本文" when anca is mpo {
    category definite "Definite" when a is present
    category probable "Probable" when b is present
  }
  subtype gpa "多発血管炎性肉芽腫症" when anca is pr3 {
    category definite "Definite" when a is present
  }
  otherwise no "非該当"
  eligible mpa, gpa.definite
}
judgement severity "重症度" {
  category meets "対象" when diagnosis is mpa and diagnosis in { mpa.definite; gpa }
  otherwise below "対象外"
  eligible meets
}
"#;
    insta::assert_snapshot!(shown(
        rules,
        &[
            "anca: mpo, a: present",
            "anca: mpo, a: absent, b: present",
            "anca: pr3, a: present",
            "anca: pr3, a: absent, b: present",
            "anca: untested, a: present",
            "anca: untested, a: absent, b: absent",
        ]
    ));
}

#[test]
fn a_check_without_a_remedy_names_the_items_to_look_at() {
    let form = form(
        r#"
        section treatment "治療" { rows drugs "薬" 0..9 of { field dose "量" : integer "mg" 0..99 } }
        criterion met "該当する" = a is present
        check C001 error "発症日が生年月日より前です" at onset violated when onset < birth_date
        check C002 error "受診日が判定日より後です" at visit violated when visit > today
        check C003 warning "女性だけの所見です" at b violated when a is present and b is present
        check C004 warning "発症が早すぎます" at a violated when a is present and onset < birth_date
        check C005 warning "18歳未満です" at onset violated when age at onset < 18 years
        check C006 warning "所見がすべてあります" at a, b violated when a is present and b is present and c is present and count = 1 回 and alb = 1 g/dL
        check C007 warning "量が多すぎます" at drugs violated when any of drugs { dose > 90 mg }
        check C008 warning "基準に当たります" at c violated when met
        check C009 warning "書いた対処" at c help "所見Cを消してください" violated when c is present
        "#,
    );
    let checks = &form.program().checks;
    let lines: Vec<String> = checks
        .iter()
        .map(|check| format!("{}: {}", check.id, check.help.as_deref().unwrap_or("-")))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    C001: 「発症日」と「生年月日」の日付を確かめてください
    C002: 「受診日」の日付を確かめてください
    C003: 「所見B」と「所見A」の記入を確かめてください
    C004: 「所見A」、「発症日」と「生年月日」の記入を確かめてください
    C005: 「発症日」と「生年月日」の記入を確かめてください
    C006: 「所見A」と「所見B」の記入を確かめてください
    C007: 「薬の数」の記入を確かめてください
    C008: 「所見C」の記入を確かめてください
    C009: 所見Cを消してください
    ");
}

#[test]
fn shown_unless_says_when_a_question_is_not_asked() {
    let form = form(
        r#"
        section more "追加" {
          field one "一つ" : date shown unless anca is untested
          field two "二つ" : date shown unless anca is untested and a is unclear
        }
        "#,
    );
    let fields = form.program().fields.iter();
    let lines: Vec<String> = fields
        .filter_map(|field| Some((&field.label, field.shown_when.as_ref()?)))
        .map(|(label, shown)| format!("{label}: {}", shown.text))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    一つ: ANCAが「未検査」ではない
    二つ: 「ANCAが『未検査』、かつ所見Aが『不明』」ではない
    ");
}

#[test]
fn a_code_that_says_untested_hides_what_only_the_test_could_tell() {
    let form = form(
        r#"
        criterion tested "検査をした" = anca in { mpo; pr3 }
        criterion much "多い" = tested and count >= 3 回
        section gates "入口" {
          field family "続柄" : choices { 1 father "父"; 2 other "その他"; 3 unclear "不明" unknown }
          field used "使用" : choice { 1 yes "あり"; 2 no "なし" }
        }
        section more "追加" {
          field one "一つ" : date shown when anca is mpo
          field list "並べて" : date shown when anca in { pr3; mpo } and a is present
          field either "又は" : date shown when a is present or b is present
          field except "ただし" : date shown when a is present unless anca is mpo
          field named "基準" : date shown when tested
          field further "数も読む基準" : date shown when much
          field number "数も" : date shown when a is present and count >= 3 回
          field counted "個数" : date shown when at least 1 of { a is present; b is present }
          field among "含む" : date shown when family includes other
          field plain "不明のない選択肢" : date shown when used is yes
          field definite "名前がある" : date shown when a is unclear
          field all "すべて" : date shown when a in { present; absent; unclear }
          field negated "でない" : date shown when a is not absent
          group g "まとまり" shown when a is present {
            field inner "中" : date shown when used is yes
          }
          rows drugs "薬" 0..2 of {
            field effect "効果" : finding
            field since "いつから" : date shown when effect is present
          }
          each side h "左右" shown when a is present of right "右", left "左" {
            field side "側" : finding
          }
        }
        "#,
    );
    let fields = form.program().fields.iter();
    let lines: Vec<String> = fields
        .filter(|field| field.shown_when.is_some())
        .map(|field| match &field.hidden_when {
            Some(hidden) => format!(
                "{}: {}",
                field.label,
                kohyo_engine::outline::condition(hidden).trim()
            ),
            None => format!("{}: -", field.label),
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    一つ: ANCAが「PR3」又は「未検査」
    並べて: ANCAが「未検査」、又は所見Aが「なし」又は「不明」
    又は: 所見Aが「なし」又は「不明」、かつ所見Bが「なし」又は「不明」
    ただし: 所見Aが「なし」又は「不明」、又はANCAが「MPO」
    基準: ANCAが「未検査」
    数も読む基準: -
    数も: 所見Aが「なし」又は「不明」、又は回数が3回以上ではない
    個数: -
    含む: 続柄に「その他」を含まない
      １．続柄が記入されている
      ２．続柄に「その他」を含まない
    不明のない選択肢: -
    名前がある: -
    すべて: -
    でない: -
    中: 所見Aが「なし」又は「不明」、又は使用が「なし」
    薬1 効果: -
    薬1 いつから: 効果が「なし」又は「不明」、又は薬の数が1以上ではない
    薬2 効果: -
    薬2 いつから: 効果が「なし」又は「不明」、又は薬の数が2以上ではない
    右左右 側: 所見Aが「なし」又は「不明」
    左左右 側: 所見Aが「なし」又は「不明」
    ");
}

/// Outcomes may be called what is a value elsewhere.
#[test]
fn outcomes_may_be_called_yes_no_and_today() {
    let rules = r#"
grade often "頻回" : yes "はい" | no "いいえ" = first match { yes when count >= 3 回; otherwise no }
grade level "程度" : no "なし" | today "当日" = bands of count { < 3 回 gives no; >= 3 回 gives today }
"#;
    insta::assert_snapshot!(outcomes(rules, &["count: 2", "count: 3"]), @r"
    count: 2
      → often=いいえ　level=なし　diagnosis=判定不能
    count: 3
      → often=はい　level=当日　diagnosis=判定不能
    ");
}

/// A question with several codes.
const SYMPTOMS: &str = r#"section symptoms "症状" {
  field symptoms "症状" : choices { 1 fever "発熱"; 2 rash "発疹"; 3 cough "咳"; 9 unclear "不明" unknown }
}
"#;

#[test]
fn several_codes_are_one_condition() {
    let rules = format!(
        "{SYMPTOMS}\
criterion any_of \"どれか\" = symptoms includes any of {{ fever; rash }}
criterion every \"すべて\" = symptoms includes all of {{ fever; rash }}
criterion none_of \"どれもない\" = symptoms includes none of {{ fever; rash }}
criterion two \"二つ以上\" = symptoms includes at least 2 of {{ fever; rash; cough }}
criterion one \"一つだけ\" = not symptoms includes exactly 1 of {{ fever; rash; fever }}
criterion alone \"一つ\" = symptoms includes any of {{ fever }}
criterion turned \"どれかではない\" = not symptoms includes any of {{ fever; rash }}
score how_many \"数\" = count of symptoms in {{ fever; rash; cough }}"
    );
    insta::assert_snapshot!(shown(
        &rules,
        &[
            "symptoms: [fever,cough]",
            "symptoms: [rash,unclear]",
            "symptoms: [unclear]",
            ""
        ]
    ));
}

#[test]
fn two_answers_are_compared() {
    insta::assert_snapshot!(shown(
        "criterion same \"同じ\" = a is b\ncriterion other \"違う\" = not b is c or a is not c",
        &[
            "a: present, b: present, c: absent",
            "a: present, b: unclear",
            "a: unclear, b: unclear, c: present"
        ]
    ));
}

#[test]
fn lengths_of_two_units() {
    insta::assert_snapshot!(shown(
        "criterion old \"7歳6か月以上\" = age at onset >= 7 years 6 months\n\
         criterion between \"間\" = age at onset in 6 months ..< 1 year 6 months\n\
         criterion long \"長い\" = months from onset to visit > 1 year 6 months\n\
         criterion weeks \"週と日\" = days from onset to visit < 2 weeks 3 days\n\
         criterion near \"近い\" = visit within 1 year 6 months after onset\n\
         criterion late \"遅い\" = visit > onset + 1 year 1 month",
        &[
            "birth_date: 2016-03-10, onset: 2023-09-09, visit: 2025-03-09",
            "birth_date: 2016-03-10, onset: 2023-09-10, visit: 2025-04-11",
            "birth_date: 2023-03-10, onset: 2024-09-09, visit: 2024-09-25",
            "birth_date: 2023-03-10, onset: 2024-09-10, visit: 2024-09-27",
            "birth_date: 2016-03-10, onset: 2023-09",
        ]
    ));
}

/// Tests with their dates.
const TESTS: &str = r#"section tests "検査" {
  rows tests "検査" 0..3 of { field taken "検査日" : date }
}
"#;

#[test]
fn the_first_and_last_of_dates() {
    let rules = format!(
        "{TESTS}\
criterion early \"早い\" = earliest of {{ onset; visit }} < 2024-01-01
criterion late \"遅い\" = latest of {{ onset; visit; birth_date }} <= 2024-12-31
criterion on_it \"その日\" = earliest of {{ onset; visit }} = 2024-04-01
criterion other \"ほかの日\" = latest of {{ onset; visit }} != 2024-04-01
criterion adult \"成人\" = age at earliest of {{ onset; visit }} >= 18 years
criterion near \"近い\" = latest of {{ onset; visit }} within 1 month of 2024-05-01
criterion twice \"順\" = earliest of {{ onset; visit }} + 1 month < latest of {{ onset; visit }}
criterion tested \"検査が新しい\" = tests.count >= 1 and latest of tests {{ taken }} >= 2024-06-01
value since \"検査から\" = months from latest of tests {{ taken }} to today if shown else 99 months"
    );
    insta::assert_snapshot!(shown(
        &rules,
        &[
            "birth_date: 2000-01-01, onset: 2023-12-31, visit: 2024-04-01, tests: []",
            "birth_date: 2006-04-01, onset: 2024-04-01, visit: 2024-04-10, tests: [{taken: 2024-05-01}]",
            "onset: 2023-12, tests: [{taken: 2024-01-01},{taken: 2025-06-01}]",
            "visit: 2025-01-01, tests: [{taken: 2024-07-01},{}]",
            ""
        ]
    ));
}

#[test]
fn rows_of_numbers_are_a_list() {
    let rules = "score listed \"一覧\" = first match {\n\
        2 when all of { a is present; at least 2 of { b is present; c is present; alb < 3.0 g/dL } }\n\
        1 when a is present\n\
        0 when a is absent\n}\n\
        value limit \"限度\" : decimal 3.1 \"g/dL\" = if a is present then 1.0 g/dL else if b is present then 2.0 g/dL else 3.0 g/dL\n\
        value nested \"入れ子\" = if a is present then (if b is present then 1 else 2) else if c is present then (if b is present then 3 else if alb < 3.0 g/dL then 4 else 5) else 6\n\
        score gap \"隙間\" = first match { 1 when a is present and b is present; 0 when c is present }";
    insta::assert_snapshot!(shown(rules, &["a: present, b: absent, c: absent"]));
}

#[test]
fn a_table_of_numbers() {
    let table = "table points \"点数\" : score {\n\
        | alb < 3.0 g/dL | >= 3.0\n\
        count >= 5 回 | 3 | 2\n\
        < 5 | 2 | 0\n}\n\
        table open \"隙間のある点数\" : score {\n\
        | a is present | is absent\n\
        count >= 5 回 | -1.5 | 2\n}\n\
        criterion many \"多い\" = points + 1 >= 3";
    insta::assert_snapshot!(shown(
        table,
        &[
            "alb: 2.9, count: 5, a: present",
            "count: 5, a: unclear",
            "alb: 2.0, a: absent",
            "count: 4, alb: 3.0, a: present"
        ]
    ));
}

/// The reasons for the diagnosis, one line for each step, judged on 2026-06-01.
fn reasons(rules: &str, answers: &str) -> String {
    let form = form(rules);
    let written: String = answers
        .split(", ")
        .map(|part| format!("      {part}\n"))
        .collect();
    let text = format!("cases:\n  - name: x\n    on: 2026-06-01\n    answers:\n{written}");
    let file = cases::parse(&text).unwrap();
    let case = &file.cases[0];
    let (read, _) = read_lenient(&form, &cases::answers(&form, &file, case));
    let outcome = evaluate(&form, &read, &cases::context(case).unwrap());
    let mut lines = String::new();
    steps(&outcome.judgements[0].explanation, 0, &mut lines);
    lines
}

fn steps(nodes: &[ExplainNode], depth: usize, lines: &mut String) {
    for node in nodes {
        let mark = match node.holds {
            Tri::True => "○",
            Tri::False => "×",
            Tri::Unknown => "？",
        };
        let answer = node.answer.as_ref().map_or("", |answer| answer);
        *lines += &format!("{}{mark} {}　{answer}\n", "  ".repeat(depth), node.text);
        steps(&node.children, depth + 1, lines);
    }
}

#[test]
fn one_sentence_is_one_step_of_the_reasons() {
    let rules = format!(
        "{SYMPTOMS}\
table points \"点数\" : score {{
  | alb < 3.0 g/dL | >= 3.0
  count >= 5 回 | 3 | 2
  < 5 | 2 | 0
}}
judgement diagnosis \"診断\" {{
  category yes \"該当\" when all of {{
    symptoms includes at least 2 of {{ fever; rash; cough }}
    count of symptoms in {{ fever; rash }} >= 1
    a is b
    b is not c
    points >= 2
    earliest of {{ onset; visit }} < 2024-01-01
  }}
  otherwise no \"非該当\"
  eligible yes
}}"
    );
    insta::assert_snapshot!(reasons(
        &rules,
        "symptoms: [fever,cough], a: present, b: present, c: unclear, alb: 2.9, count: 4, onset: 2023-12-31"
    ));
}

#[test]
fn chosen_numbers_and_heads_that_always_hold_are_read_plainly() {
    let rules = r#"
criterion old "高齢" = age at visit >= if a is present then 70 years else 75 years
score nested "点" = if a is present then if b is present then 1 else 2 else if c is present then 3 else 4
score banded "帯の点" = if a is present then 5 else bands of alb { < 3.0 g/dL gives 1; >= 3.0 gives 0 }
table shown "表" : low "低" | high "高" {
        | alb < 3.0 g/dL | alb >= 3.0 g/dL
    yes | low            | high
}
"#;
    insta::assert_snapshot!(readings(rules));
}

/// A row whose cells are alike needs no column, though the columns are outcomes of a grade.
#[test]
fn a_table_headed_by_a_grade_is_decided_by_cells_that_are_alike() {
    let rules = r#"
grade g "段階" : g1 "一" | g2 "二" = bands of count { < 5 回 gives g1; >= 5 gives g2 }
grade h "段階２" : h1 "一" | h2 "二" = first match { h1 when count < 5 回 and b is present; otherwise h2 }
table t "表" : low "低" | high "高" {
               | g is g1 | is g2
  a is present | high    | high
  is absent    | low     | high
}
table u "表２" : low "低" | high "高" {
               | h is h1 | is h2
  a is present | high    | high
  is absent    | low     | high
}
"#;
    insta::assert_snapshot!(
        outcomes(rules, &["a: present", "a: absent", "count: 7", "a: absent, count: 7"]),
        @r"
    a: present
      → g=不明（一・二のいずれか）　h=不明（一・二のいずれか）　t=高　u=高　diagnosis=yes
    a: absent
      → g=不明（一・二のいずれか）　h=不明（一・二のいずれか）　t=不明（低・高のいずれか）　u=不明（低・高のいずれか）　diagnosis=no
    count: 7
      → g=二　h=二　t=高　u=高　diagnosis=判定不能
    a: absent, count: 7
      → g=二　h=二　t=高　u=高　diagnosis=no
    "
    );
}

/// Whoever proofreads a rule must be able to tell it from its neighbour: of each two, the brackets
/// of the language stand elsewhere.
#[test]
fn rules_that_differ_read_differently() {
    let pairs = [
        [
            "(a is present or b is present) treat unknown as no",
            "a is present or (b is present treat unknown as no)",
        ],
        [
            "(a is present and b is present) treat unknown as yes",
            "a is present and (b is present treat unknown as yes)",
        ],
        [
            "(if a is present then b is present else c is present) and count >= 2 回",
            "if a is present then b is present else (c is present and count >= 2 回)",
        ],
        [
            "(if a is present then b is present else c is present) or count >= 2 回",
            "if a is present then b is present else (c is present or count >= 2 回)",
        ],
        [
            "(if a is present then b is present else c is present) unless count >= 2 回",
            "if a is present then b is present else (c is present unless count >= 2 回)",
        ],
        [
            "(if a is present then b is present else c is present) treat unknown as no",
            "if a is present then b is present else (c is present treat unknown as no)",
        ],
        [
            "not (a is present unless b is present)",
            "(not a is present) unless b is present",
        ],
        [
            "not (if a is present then b is present else c is present)",
            "if a is present then b is present else (not c is present)",
        ],
        [
            "a is present or (b is present unless c is present)",
            "(a is present or b is present) unless c is present",
        ],
        [
            "any of labs { v > 5 g/dL } and a is present",
            "any of labs { v > 5 g/dL and a is present }",
        ],
        [
            "any of labs { v > 5 g/dL } unless a is present",
            "any of labs { v > 5 g/dL unless a is present }",
        ],
        [
            "all of labs { v > 5 g/dL } treat unknown as no",
            "all of labs { v > 5 g/dL treat unknown as no }",
        ],
        [
            "not any of labs { v > 5 g/dL }",
            "any of labs { not v > 5 g/dL }",
        ],
        ["-(count + 1 回) < 0 回", "-count + 1 回 < 0 回"],
        [
            "count - ((count + 2 回) if shown else 0) > 3 回",
            "(count - count + 2 回 if shown else 0) > 3 回",
        ],
        [
            "alb * ((count + 2 回) if shown else 0) > 3 g/dL",
            "(alb * count if shown else 0) > 3 g/dL",
        ],
    ];
    let rows = "section labs \"検査\" { rows labs \"検査\" 0..3 of { field v \"値\" : decimal 3.1 \"g/dL\" 0..20 required } }\n";
    let mut told = String::new();
    for [one, other] in pairs {
        let read = |rule: &str| {
            let card = readings(&format!("{rows}criterion x \"甲\" = {rule}\n"));
            let (own, _) = card.split_once("\n\n").unwrap();
            own.replace("甲（x）\n    ", "")
        };
        let (one, other) = (read(one), read(other));
        assert_ne!(one, other);
        told.push_str(&format!("{one}\n{other}\n\n"));
    }
    insta::assert_snapshot!(told);
}
