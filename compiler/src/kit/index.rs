//! The index of a kit: what each record is for and what must be said of it. JSON for programs, CSV
//! for people.

use super::expect::{Expected, ExpectedFinding};
use super::{Format, Gap, Kit, LeftOut, Side};
use crate::emit::check_spec::level;
use crate::emit::{Column, Sheet, column};
use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Why a text is not the JSON that was wanted, for people.
pub(super) fn not_json(error: &serde_json::Error) -> String {
    let place = format!("{}行{}桁め", error.line(), error.column());
    match error.classify() {
        Category::Eof => format!("途中で終わっています（{place}）"),
        Category::Syntax => format!("JSONの書き方と違います（{place}）"),
        Category::Io => "読み取れません".to_owned(),
        // Which member it is stands in the words of the library.
        Category::Data => format!("要る項目がないか、値の種類が違います（{error}）"),
    }
}

/// SHA-256 in hexadecimal digits: of the index, and of each record in it.
pub fn sha256(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The version of the index.
const VERSION: u16 = 1;

/// What a record shows about a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// The check, or `judgement.diagnosis`.
    pub check: String,
    /// Which side of it.
    pub side: Side,
    /// In words.
    pub purpose: String,
}

/// The index of a kit or deck.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Version of this form of index.
    pub kohyo_kit: u16,
    /// Key of the form.
    pub form: String,
    /// Its edition.
    pub edition: String,
    /// Its title.
    pub title: String,
    /// What the deck was thrown with; nothing for a kit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// How the records are written.
    #[serde(default, skip_serializing_if = "Format::is_xml")]
    pub format: Format,
    /// The records.
    pub records: Vec<IndexRecord>,
    /// Checks and conditions without a record.
    pub gaps: Vec<Gap>,
    /// Records of the kit as XML that cannot be had in this format.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// What the ids mean: the message of a check, the label of a judgement (`judgement.NAME`) and of
    /// its categories (`judgement.NAME=CATEGORY`).
    #[serde(default)]
    pub words: BTreeMap<String, String>,
}

/// A record in the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexRecord {
    /// Name of the file, in the folder of the index.
    pub file: String,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    /// What it is for.
    pub purposes: Vec<Purpose>,
    /// What must be said of it.
    pub expected: Expected,
}

impl Index {
    /// The index of a kit.
    pub fn of(kit: &Kit) -> Self {
        let records = kit.records.iter().map(|record| IndexRecord {
            file: record.file.clone(),
            sha256: sha256(&record.document),
            purposes: record.purposes.clone(),
            expected: record.expected.clone(),
        });
        Self {
            kohyo_kit: VERSION,
            form: kit.key.clone(),
            edition: kit.edition.clone(),
            title: kit.title.clone(),
            seed: kit.seed,
            format: kit.format,
            records: records.collect(),
            gaps: kit.gaps.clone(),
            left_out: kit.left_out.clone(),
            words: kit.words.clone(),
        }
    }

    /// Reads an index.
    ///
    /// # Errors
    /// What is wrong with the text, in Japanese.
    pub fn parse(text: &str) -> Result<Self, String> {
        let index: Self = serde_json::from_str(text).map_err(|error| {
            format!(
                "キットの索引（index.json）を読めません: {}",
                not_json(&error)
            )
        })?;
        if index.kohyo_kit != VERSION {
            return Err(format!(
                "キットの索引の版が {} です（この版の kohyo が読めるのは {VERSION}）",
                index.kohyo_kit
            ));
        }
        Ok(index)
    }

    /// As JSON, a record per line.
    pub fn json(&self) -> String {
        let mut out = format!(
            "{{\"kohyo_kit\":{},\"form\":{},\"edition\":{},\"title\":{},",
            self.kohyo_kit,
            line(&self.form),
            line(&self.edition),
            line(&self.title)
        );
        if let Some(seed) = self.seed {
            out.push_str(&format!("\"seed\":{seed},"));
        }
        if !self.format.is_xml() {
            out.push_str(&format!("\"format\":{},", line(&self.format)));
        }
        let list = |items: Vec<String>| {
            if items.is_empty() {
                "[]".to_owned()
            } else {
                format!("[\n{}\n]", items.join(",\n"))
            }
        };
        let records = self.records.iter().map(line).collect();
        let gaps = self.gaps.iter().map(line).collect();
        let left_out = match self.left_out.as_slice() {
            [] => String::new(),
            left_out => format!(
                "\"left_out\":{},",
                list(left_out.iter().map(line).collect())
            ),
        };
        let words = self.words.iter();
        let words = words.map(|(id, word)| format!("{}:{}", line(id), line(word)));
        let words: Vec<String> = words.collect();
        out.push_str(&format!(
            "\"records\":{},\"gaps\":{},{left_out}\"words\":{{{}}}}}\n",
            list(records),
            list(gaps),
            words.join(",\n")
        ));
        out
    }

    /// As CSV for people: a line per purpose, then a line per gap and per record left out.
    pub fn csv(&self) -> String {
        const COLUMNS: &[Column] = &[
            column("ファイル", 40),
            column("チェックID", 26),
            column("種別", 14),
            column("目的", 60),
            column("期待する指摘", 60),
            column("期待する判定", 40),
        ];
        let mut rows = Vec::new();
        for record in &self.records {
            let findings: Vec<String> = record.expected.findings.iter().map(finding).collect();
            for purpose in &record.purposes {
                rows.push(vec![
                    record.file.clone(),
                    purpose.check.clone(),
                    purpose.side.label().to_owned(),
                    purpose.purpose.clone(),
                    if findings.is_empty() {
                        "なし".to_owned()
                    } else {
                        findings.join("\n")
                    },
                    verdict(&record.expected),
                ]);
            }
        }
        for gap in &self.gaps {
            rows.push(vec![
                String::new(),
                gap.check.clone(),
                "記録なし".to_owned(),
                gap.reason.clone(),
                String::new(),
                String::new(),
            ]);
        }
        for LeftOut { file, reason } in &self.left_out {
            rows.push(vec![
                file.clone(),
                String::new(),
                "この形式にはない".to_owned(),
                reason.clone(),
                String::new(),
                String::new(),
            ]);
        }
        Sheet {
            name: "キット",
            columns: COLUMNS,
            rows,
        }
        .csv()
    }
}

/// `R012 警告 hoehn_yahr_stage`.
fn finding(finding: &ExpectedFinding) -> String {
    let item = finding.item.as_deref().unwrap_or_default();
    format!("{} {} {item}", finding.check, level(finding.level))
        .trim_end()
        .to_owned()
}

/// `認定基準を満たす（diagnosis=definite、severity=meets）`.
fn verdict(expected: &Expected) -> String {
    let Some(verdict) = &expected.verdict else {
        return "判定しない".to_owned();
    };
    let judgements: Vec<String> = verdict
        .judgements
        .iter()
        .map(|(name, category)| format!("{name}={}", category.as_deref().unwrap_or("undetermined")))
        .collect();
    let mut words = format!("{}（{}）", verdict.result.label(), judgements.join("、"));
    if let Some(previous) = verdict.previous {
        words.push_str(&format!("、前の版では{}", previous.label()));
    }
    words
}

/// A value as JSON on a line; plain structures of strings and numbers cannot fail.
fn line<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
