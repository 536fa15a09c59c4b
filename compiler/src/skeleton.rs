//! The beginning of a definition: a form that compiles, with its cases, to be filled in.
//!
//! Every line that stands for something of the notice is marked with `# 書き換える`.

use crate::Files;
use std::fmt::Write;

/// What a new definition is to be.
#[derive(Clone, Debug)]
pub struct Plan {
    /// `006` or `11-080`.
    pub number: Number,
    /// Name of the disease.
    pub name: String,
    /// A short ASCII name for the folder: `parkinson`.
    pub slug: String,
    /// Name of the edition: `2024`.
    pub edition: String,
    /// First day of the edition: `2024-04-01`.
    pub from: String,
    /// The notice it is made from.
    pub source: String,
    /// Shared modules by path, in the order of the form: `common.patient`.
    pub uses: Vec<String>,
    /// The shape of the criteria.
    pub shape: Shape,
}

/// A number that a notice gives a disease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Number {
    /// 指定難病: three digits.
    Shitei(String),
    /// 小児慢性特定疾病: group and number.
    Shoman(String, String),
}

/// The shapes that criteria often have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// All of several findings.
    All,
    /// One finding and at least two of three others.
    Count,
    /// Definite, probable and possible.
    Categories,
    /// Points with a threshold.
    Score,
}

impl Number {
    /// Reads `6`, `006` or `11-080`; nothing if it has another form.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |text: &str, most: usize| {
            let fits = !text.is_empty() && text.len() <= most;
            let number = text.bytes().all(|b| b.is_ascii_digit()) && text.parse() != Ok(0_u16);
            (fits && number).then(|| format!("{text:0>most$}"))
        };
        match text.split_once('-') {
            Some((group, number)) => Some(Self::Shoman(digits(group, 2)?, digits(number, 3)?)),
            None => Some(Self::Shitei(digits(text, 3)?)),
        }
    }

    /// The key of the disease: `shitei-006`.
    pub fn key(&self) -> String {
        match self {
            Self::Shitei(number) => format!("shitei-{number}"),
            Self::Shoman(group, number) => format!("shoman-{group}-{number}"),
        }
    }

    /// As it is written in the header: `shitei 006`.
    fn written(&self) -> String {
        self.key().replacen('-', " ", 1)
    }

    /// The folder in which its folder lies, and how that begins: `shitei/`, `006_`.
    fn place(&self) -> (String, String) {
        match self {
            Self::Shitei(number) => ("shitei/".to_owned(), format!("{number}_")),
            Self::Shoman(group, number) => (format!("shoman/{group}/"), format!("{number}_")),
        }
    }

    /// A definition of this number, if there is one.
    pub fn taken<'f>(&self, files: &'f Files) -> Option<&'f str> {
        let (folder, begin) = self.place();
        let mut known = files.iter().map(|(path, _)| path);
        known.find(|path| path.starts_with(&format!("{folder}{begin}")))
    }

    /// The modules that a form of its programme uses, as far as `files` has them.
    pub fn usual(&self, files: &Files) -> Vec<String> {
        let usual: &[&str] = match self {
            Self::Shitei(_) => &[
                "common.patient",
                "common.basics",
                "common.course",
                "common.severity",
                "common.ventilator",
                "common.physician",
                "common.designation",
                "common.dates",
            ],
            Self::Shoman(..) => &["common.child", "common.physician"],
        };
        let known = usual.iter().filter(|module| has(files, module));
        known.map(|module| (*module).to_owned()).collect()
    }
}

/// Whether `files` has the module.
pub fn has(files: &Files, module: &str) -> bool {
    files
        .get(&format!("{}.kohyo", module.replace('.', "/")))
        .is_some()
}

/// Whether the text can be the name of a folder: `parkinson`, `crohn_disease`.
pub fn is_slug(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Path and text of the files of a new definition.
pub fn skeleton(plan: &Plan, files: &Files) -> Vec<(String, String)> {
    let (folder, begin) = plan.number.place();
    let folder = format!("{folder}{begin}{}", plan.slug);
    let form = form(plan, files);
    // What cannot be laid out is reported when the definition is compiled.
    let form = kohyo_dsl::format(&form).unwrap_or(form);
    vec![
        (format!("{folder}/form.kohyo"), form),
        (format!("{folder}/cases.yaml"), cases(plan)),
    ]
}

fn form(plan: &Plan, files: &Files) -> String {
    let mut out = String::new();
    let text = match &plan.number {
        Number::Shitei(number) => format!("{number}.txt"),
        Number::Shoman(group, number) => format!("{group}-{number}.txt"),
    };
    // Writing to a text cannot fail.
    let _ = write!(
        out,
        "disease {} {} {{\n  edition {} from {}\n  source notice {} text {}\n  status draft\n}}\n\n",
        plan.number.written(),
        quoted(&plan.name),
        quoted(&plan.edition),
        plan.from,
        quoted(&plan.source),
        quoted(&text),
    );
    if has(files, "codes.common") {
        out.push_str("use codes.common\n");
    }
    // What belongs to the patient stands before the diagnosis, the rest after it.
    let before = |module: &&String| {
        let first = ["common.patient", "common.basics", "common.child"];
        first.contains(&module.as_str())
    };
    for module in plan.uses.iter().filter(before) {
        let _ = writeln!(out, "use {module}");
    }
    if !has(files, "codes.common") {
        out.push_str(
            "\ncode finding \"所見\" {\n  1 present \"あり\"\n  2 absent \"なし\"\n  3 unclear \"不明\" unknown\n}\n",
        );
    }
    out.push('\n');
    out.push_str(section(plan.shape));
    for module in plan.uses.iter().filter(|module| !before(module)) {
        let _ = writeln!(out, "use {module}");
    }
    out.push('\n');
    out.push_str(rules(plan.shape));
    out
}

/// A text of the language.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn section(shape: Shape) -> &'static str {
    match shape {
        Shape::All | Shape::Count | Shape::Categories => {
            r#"section diagnosis "診断基準に関する事項" {
  # 書き換える: 通知の所見を、一つずつ項目にする。
  field finding_a "所見Ａ" : finding required
  field finding_b "所見Ｂ" : finding required
  field finding_c "所見Ｃ" : finding required
  field finding_d "所見Ｄ" : finding required
}

"#
        }
        Shape::Score => {
            r#"section diagnosis "診断基準に関する事項" {
  # 書き換える: 点数の付く所見と検査値を、一つずつ項目にする。
  field finding_a "所見Ａ" : finding required
  field finding_b "所見Ｂ" : finding required
  field laboratory "検査値" : decimal 4.1 "mg/dL" 0.0..100.0 required
  display points
}

"#
        }
    }
}

fn rules(shape: Shape) -> &'static str {
    match shape {
        Shape::All => {
            r#"# 書き換える: 通知のとおりの基準にし、cites に文の一部を写す。
criterion all_findings "すべての所見を満たす" = all of {
  finding_a is present
  finding_b is present
  finding_c is present
  finding_d is present
}

judgement diagnosis "診断のカテゴリー" {
  category definite "対象疾病" when all_findings
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#
        }
        Shape::Count => {
            r#"# 書き換える: 通知のとおりの基準にし、cites に文の一部を写す。
criterion enough "所見Ａがあり、ほかに２項目以上" = all of {
  finding_a is present
  at least 2 of { finding_b is present; finding_c is present; finding_d is present }
}

judgement diagnosis "診断のカテゴリー" {
  category definite "対象疾病" when enough
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#
        }
        Shape::Categories => {
            r#"# 書き換える: 通知のとおりの基準にし、cites に文の一部を写す。
criterion typical "主な所見を満たす" = all of { finding_a is present; finding_b is present }

judgement diagnosis "診断のカテゴリー" first match {
  category definite "Definite" when all of { typical; finding_c is present; finding_d is absent }
  category probable "Probable" when all of { typical; finding_d is absent }
  category possible "Possible" when finding_a is present and finding_d is absent
  otherwise none "いずれにも該当しない"
  eligible definite, probable
}
"#
        }
        Shape::Score => {
            r#"# 書き換える: 通知のとおりの点数としきい値にし、cites に文の一部を写す。
score points "合計点" = sum of {
  2 when finding_a is present
  1 when finding_b is present
  bands of laboratory { < 5.0 mg/dL gives 0; 5.0 ..< 10.0 mg/dL gives 1; >= 10.0 mg/dL gives 3 }
}

judgement diagnosis "診断のカテゴリー" {
  category definite "対象疾病" when points >= 4
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#
        }
    }
}

fn cases(plan: &Plan) -> String {
    let (eligible, not_met, undetermined, missing) = match plan.shape {
        Shape::All => (
            "{ finding_a: present, finding_b: present, finding_c: present, finding_d: present }",
            "{ finding_a: present, finding_b: present, finding_c: present, finding_d: absent }",
            "{ finding_a: present, finding_b: present, finding_c: present, finding_d: unclear }",
            "finding_d",
        ),
        Shape::Count => (
            "{ finding_a: present, finding_b: present, finding_c: present, finding_d: absent }",
            "{ finding_a: absent, finding_b: present, finding_c: present, finding_d: present }",
            "{ finding_a: present, finding_b: present, finding_c: unclear, finding_d: absent }",
            "finding_c",
        ),
        Shape::Categories => (
            "{ finding_a: present, finding_b: present, finding_c: present, finding_d: absent }",
            "{ finding_a: present, finding_b: absent, finding_c: present, finding_d: absent }",
            "{ finding_a: present, finding_b: unclear, finding_c: present, finding_d: absent }",
            "finding_b",
        ),
        Shape::Score => (
            "{ finding_a: present, finding_b: present, laboratory: \"5.0\" }",
            "{ finding_a: present, finding_b: present, laboratory: \"4.9\" }",
            "{ finding_a: unclear, finding_b: present, laboratory: \"9.9\" }",
            "finding_a",
        ),
    };
    format!(
        "disease: {}
# 書き換える: 境の値、「不明」、それぞれの区分のケースを加える。
cases:
  - name: 基準を満たす
    on: {on}
    answers: {eligible}
    expect: {{ result: eligible }}

  - name: 一つ足りない
    on: {on}
    answers: {not_met}
    expect: {{ result: not_met }}

  - name: 不明の項目で決まる
    on: {on}
    answers: {undetermined}
    expect: {{ result: undetermined, missing: [[{missing}]] }}
",
        plan.number.key(),
        on = plan.from,
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

    use super::*;
    use crate::{cases, compile};
    use kohyo_engine::Form;

    #[test]
    fn every_shape_compiles_without_findings_and_its_cases_pass() {
        for shape in [Shape::All, Shape::Count, Shape::Categories, Shape::Score] {
            let plan = Plan {
                number: Number::parse("998").unwrap(),
                name: "「新しい」病 \\ \"別名\"".to_owned(),
                slug: "new".to_owned(),
                edition: "2026".to_owned(),
                from: "2026-04-01".to_owned(),
                source: "見本の通知".to_owned(),
                uses: Vec::new(),
                shape,
            };
            let mut files = Files::new();
            let written = skeleton(&plan, &files);
            for (path, text) in &written {
                files.insert(path.as_str(), text.as_str());
            }
            let compiled = compile(&files, "shitei/998_new/form.kohyo");
            assert!(
                compiled.diagnostics.is_empty(),
                "{:#?}",
                compiled.diagnostics
            );
            let proofs = crate::prove(&compiled);
            assert!(proofs.findings.is_empty(), "{:#?}", proofs.findings);
            assert!(proofs.not_proven.is_empty(), "{:#?}", proofs.not_proven);
            let form = Form::new(compiled.program.unwrap()).unwrap();
            let yaml = files.get("shitei/998_new/cases.yaml").unwrap();
            let report = cases::run(&form, &cases::parse(yaml).unwrap());
            assert_eq!((report.passed, report.failed), (3, 0), "{report:#?}");
            assert_eq!(plan.number.taken(&files), Some("shitei/998_new/cases.yaml"));
        }
    }

    #[test]
    fn numbers_are_read_as_the_notices_write_them() {
        assert_eq!(Number::parse("6").unwrap().key(), "shitei-006");
        assert_eq!(Number::parse("11-80").unwrap().key(), "shoman-11-080");
        for wrong in ["", "0", "1234", "11-", "-80", "６", "a1", "1-2-3"] {
            assert_eq!(Number::parse(wrong), None, "{wrong}");
        }
    }
}
