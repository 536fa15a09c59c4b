//! Units of products and quotients: what is calculated of numbers with units has a unit of its own,
//! and is compared only with the same.

#![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

use kohyo_compiler::{Compilation, Files, cases, compile};
use kohyo_engine::Form;
use kohyo_engine::program::Rule;

/// A form with measured values, and these items behind it.
fn form(items: &str) -> String {
    format!(
        r#"disease shitei 999 "単位" {{
  edition "2024" from 2024-04-01
  source notice "試験"
}}
section a "あ" {{
  field birth_date "生年月日" : date
  field begun      "開始日"   : date
  field dose       "量"       : decimal 5.1 "mg" 0..9999
  field grams      "量（g）"  : decimal 5.2 "g" 0..999
  field per_time   "１回量"   : decimal 5.1 "mg" 0..9999
  field times      "回数"     : integer "回/日" 0..9
  field often      "頻度"     : integer 0..9
  field weight     "体重"     : decimal 4.1 "kg" 1..300
  field height     "身長"     : decimal 4.1 "cm" 30..250
  field metres     "身長（m）" : decimal 3.2 "m" 0.3..2.5
  field creatinine "血清クレアチニン" : decimal 4.2 "mg/dL" 0.01..50
  field urinary    "尿クレアチニン"   : decimal 5.1 "mg/dL" 0.1..999
  field volume     "尿量"     : decimal 5.0 "mL/日" 0..9999
  field clearance  "クリアランス" : decimal 4.1 "mL/分/1.73㎡" 0..300
  field platelet   "血小板"   : decimal 4.1 "×10⁴/µL" 0.1..200
  field stools     "便"       : integer "回" 0..99
  field swollen    "腫脹"     : integer "関節" 0..66
  field tender     "圧痛"     : integer "か所" 1..68
}}
judgement diagnosis "診断" {{ category a "A" when dose >= 1 mg; otherwise none "なし"; eligible a }}
{items}
"#
    )
}

fn compiled(items: &str) -> (String, Compilation) {
    let text = form(items);
    let mut files = Files::new();
    files.insert("form.kohyo", text.as_str());
    let compiled = compile(&files, "form.kohyo");
    (text, compiled)
}

/// The findings as an author sees them, with what to write.
fn findings(items: &str) -> String {
    let (text, compiled) = compiled(items);
    let told = compiled.diagnostics.iter().map(|d| {
        let note = match d.note.as_str() {
            "" => String::new(),
            note => format!("（{note}）"),
        };
        let (code, message, place) = (&d.code, &d.message, d.span.of(&text));
        let help = d.help.as_deref().unwrap_or_default();
        format!("{code} {message}「{place}」{note}→ {help}\n")
    });
    told.collect()
}

#[track_caller]
fn fits(items: &[&str]) {
    for item in items {
        assert_eq!(findings(item), "", "{item}");
    }
}

#[test]
fn what_is_calculated_is_compared_in_its_own_unit() {
    fits(&[
        "criterion c \"c\" = dose / weight >= 0.5 mg/kg",
        "criterion c \"c\" = dose * times / weight >= 0.5 mg/kg/日",
        "criterion c \"c\" = per_time * times / weight >= 0.5 \"mg/(kg·day)\"",
        "criterion c \"c\" = dose / weight / 1 日 in 0.5 ..< 1.0 mg/day/kg",
        "criterion c \"c\" = weight / (metres * metres) < 18.5 kg/m2",
        "criterion c \"c\" = weight / power(metres, 2) < 18.5 kg/m²",
        "criterion c \"c\" = sqrt(metres * metres) >= 1.5 m",
        "criterion c \"c\" = creatinine * volume / urinary >= 3 mL/日",
        "criterion c \"c\" = dose / (days from begun to today) >= 3 mg/日",
        "criterion c \"c\" = 1000 / platelet >= 3 \"µL/10⁴\"",
        "criterion c \"c\" = clearance >= 60 mL/min/1.73m²",
        "criterion c \"c\" = platelet < 10 \"10^4/µL\"",
        "criterion c \"c\" = swollen / tender >= 0.5",
        "criterion c \"c\" = urinary / creatinine >= 20",
        "criterion c \"c\" = max of { dose / weight; 1 mg/kg } >= 2 mg/kg",
        "value v \"v\" = dose / weight\ncriterion c \"c\" = v >= 0.5 mg/kg",
        "score s \"s\" = dose / weight\ncriterion c \"c\" = s >= 0.5 mg/kg",
        "score s \"s\" = swollen / tender\ncriterion c \"c\" = s >= 0.5",
        "threshold t \"t\" \"mg/kg\" { 2 from 2020-01-01 }\ncriterion c \"c\" = dose / weight >= t",
        "score s \"s\" = bands of dose / weight { < 1 mg/kg gives 0; >= 1 gives 1 }",
    ]);
}

#[test]
fn another_unit_is_refused_with_the_one_to_write() {
    let items = [
        "criterion c \"c\" = dose / weight >= 0.5",
        "criterion c \"c\" = dose / weight >= 0.5 g/kg",
        "criterion c \"c\" = dose / weight in 0.5 ..< 1.0 g/kg",
        "criterion c \"c\" = dose / weight in 0.5 ..< 1.0",
        "criterion c \"c\" = 0.5 < dose / weight",
        "criterion c \"c\" = dose * times / weight >= 0.5 mg/kg",
        "criterion c \"c\" = dose / weight >= grams / weight",
        "criterion c \"c\" = dose / weight + grams / weight >= 1 mg/kg",
        "criterion c \"c\" = dose / weight + 1 >= 1 mg/kg",
        "criterion c \"c\" = dose < 70 mg + 2 mg * age at today",
        "value v \"v\" = 0.5 * dose * weight / creatinine - 5",
        "score s \"s\" = sum of { 2 when dose >= 1 mg; dose / weight }",
        "criterion c \"c\" = weight / (height * height) < 18.5 kg/m2",
        "criterion c \"c\" = clearance * weight >= 60 \"mL·kg/min\"",
        "criterion c \"c\" = creatinine * urinary >= 60 \"mg²/dL\"",
        "criterion c \"c\" = platelet >= 10 \"/µL\"",
        "score s \"s\" = dose / weight\ncriterion c \"c\" = s >= 0.5",
        "score s \"s\" = bands of dose / weight { < 1 g/kg gives 0; >= 1 gives 1 }",
        "value v \"v\" : decimal 5.2 \"g/kg\" = dose / weight",
        "value v \"v\" : decimal 5.2 = dose / weight",
        "value v \"v\" : decimal 5.2 \"mL/日\" = creatinine * urinary / volume",
    ];
    let all: Vec<String> = items
        .iter()
        .map(|item| format!("{item}\n{}", findings(item)))
        .collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_formula_with_coefficients_takes_the_unit_that_is_declared() {
    fits(&[
        // Cockcroft and Gault: 72 carries mg/dL, years and minutes.
        "value ccr \"CCr\" : decimal 9.1 \"mL/min\" = (140 years - age at today) * weight / (72 * creatinine)\ncriterion c \"c\" = ccr < 30 mL/min",
        "value bmi \"BMI\" : decimal 9.1 \"kg/m2\" = weight / ((height / 100) * (height / 100))",
        "value ccr \"CCr\" : decimal 15.1 \"mL/分\" = urinary * volume / creatinine / 1440",
        "value daily \"１日量\" : decimal 9.1 \"mg/日\" = dose * times * often / 2",
        "value egfr \"eGFR\" : decimal 12.1 \"mL/min/1.73m2\" = 194 * power(creatinine, -1.094) * power(age at today, -0.287)",
        "value meld \"MELD\" : integer = 9.57 * ln(max of { creatinine; 1.0 mg/dL }) + 6.43",
        "value product \"積\" : decimal 8.2 = creatinine * urinary / 405\ncriterion c \"c\" = product >= 2.5",
        "value rate \"速度\" : decimal 15.1 \"%/年\" = if often >= 1 then (dose - per_time) / dose * 36525 / days from begun to today else 0",
        "value either \"量\" : decimal 9.2 \"mg/kg\" = if often >= 1 then dose / weight else 0",
        "value sum \"和\" : decimal 15.2 \"mL/min\" = 0.5 * dose * weight / creatinine - 5",
        "value root \"根\" : decimal 8.2 \"mg\" = sqrt(dose * weight / 3600)",
    ]);
}

#[test]
fn a_declared_conversion_applies_to_a_factor_of_a_quotient() {
    let rules = "convert 1 g = 1000 mg
convert 1 m = 100 cm
convert 1 L = 10 dL
criterion per_kg \"体重当たり\" = dose / weight >= 0.5 g/kg
criterion between \"間\" = dose / weight in 0.5 ..< 1 g/kg
criterion bmi \"BMI\" = weight / (height * height) >= 25 kg/m²
criterion twice \"濃度\" = creatinine >= 0.1 g/L
criterion both \"二つの計算\" = dose / weight < grams / weight
score banded \"帯\" = bands of dose / weight { < 0.5 g/kg gives 0; >= 0.5 gives 1 }
";
    let (_, compiled) = compiled(rules);
    assert_eq!(compiled.diagnostics, []);
    let form = Form::new(compiled.program.unwrap()).unwrap();
    let told = form.program().definitions.iter();
    let told: Vec<String> = told
        .map(|definition| match &definition.rule {
            Rule::Criterion(condition) => condition.text.clone(),
            Rule::Number { number, .. } => number.text.clone(),
            Rule::Grade { .. } => String::new(),
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
    let cases = cases::parse(
        r#"
cases:
  - name: ちょうど境目
    on: 2026-06-01
    answers: { dose: "5000.0", grams: "5.01", weight: "10.0", height: "200.0", creatinine: "10.00" }
    expect: { values: { per_kg: "true", between: "true", bmi: "false", twice: "true", both: "true", banded: 1 } }
  - name: 境目の下
    on: 2026-06-01
    answers: { dose: "4999.9", grams: "4.99", weight: "100.0", height: "200.0", creatinine: "9.99" }
    expect: { values: { per_kg: "false", between: "false", bmi: "true", twice: "false", both: "false", banded: 0 } }
"#,
    )
    .unwrap();
    let report = cases::run(&form, &cases);
    let failed: Vec<_> = report.cases.iter().filter(|c| !c.passed).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn the_unit_of_a_calculation_is_part_of_what_is_read() {
    let (_, compiled) = compiled(
        "value v \"体重当たり\" = per_time * times / weight\ncriterion c \"c\" = v >= 0.5 mg/kg/日",
    );
    assert_eq!(compiled.diagnostics, []);
    let program = compiled.program.unwrap();
    let told = program.definitions.iter().map(|d| match &d.rule {
        Rule::Criterion(condition) => condition.text.clone(),
        Rule::Number { number, unit, .. } => format!("{}（{unit:?}）", number.text),
        Rule::Grade { .. } => String::new(),
    });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"));
}
