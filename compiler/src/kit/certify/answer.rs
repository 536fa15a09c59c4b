//! What a vendor's program prints about one file.

use crate::kit::index::not_json;
use kohyo_engine::ResultKind;
use kohyo_engine::program::Level;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What was said of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What was found.
    pub findings: Vec<Found>,
    /// What was judged.
    pub verdict: Option<Judged>,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The check.
    pub check: String,
    /// Wire name of the item, if it was said.
    pub item: Option<String>,
    /// How bad it is, if it was said.
    pub level: Option<Level>,
}

/// What was judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// The result.
    pub result: Option<ResultKind>,
    /// The category of each judgement.
    pub judgements: BTreeMap<String, Option<String>>,
    /// The result by the previous edition.
    pub previous: Option<ResultKind>,
}

/// Why there is no answer, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble(pub String);

#[derive(Deserialize)]
struct Printed {
    findings: Vec<Finding>,
    #[serde(default)]
    verdicts: Vec<Verdict>,
}

#[derive(Deserialize)]
struct Finding {
    check: String,
    #[serde(default)]
    level: Option<Level>,
    /// `/record/diagnosis/tremor`.
    #[serde(default)]
    path: Option<String>,
    /// Label of the item; empty if it is about no item.
    #[serde(default)]
    item: Option<String>,
}

#[derive(Deserialize)]
struct Verdict {
    #[serde(default)]
    result: Option<ResultKind>,
    #[serde(default)]
    judgements: BTreeMap<String, Option<String>>,
    #[serde(default)]
    previous: Option<ResultKind>,
}

impl Answer {
    /// Reads what a program printed about a file with one record; what stands around the JSON
    /// (a byte order mark, blanks) does not matter, nor members that are not asked for.
    ///
    /// # Errors
    /// What is wrong with it, in Japanese.
    pub fn parse(printed: &[u8]) -> Result<Self, Trouble> {
        let trouble = |what: String| {
            Trouble(format!(
                "{what}（docs/targets/kit.md の形で出力してください）"
            ))
        };
        let text = std::str::from_utf8(printed)
            .map_err(|_| trouble("出力がUTF-8ではありません".to_owned()))?;
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Err(trouble("何も出力しませんでした".to_owned()));
        }
        let printed: Printed = serde_json::from_str(text)
            .map_err(|error| trouble(format!("出力を読めません: {}", not_json(&error))))?;
        let findings = printed.findings.into_iter().map(|finding| Found {
            item: item(&finding),
            check: finding.check,
            level: finding.level,
        });
        let mut verdicts = printed.verdicts.into_iter();
        let verdict = verdicts.next().map(|verdict| Judged {
            result: verdict.result,
            judgements: verdict.judgements,
            previous: verdict.previous,
        });
        if verdicts.next().is_some() {
            return Err(trouble("1件の記録に判定が二つ以上あります".to_owned()));
        }
        Ok(Self {
            findings: findings.collect(),
            verdict,
        })
    }
}

/// The element of the item; nothing if the finding is about no item, or does not say.
fn item(finding: &Finding) -> Option<String> {
    let path = finding.path.as_deref()?;
    let element = path.split("/@").next()?;
    // `/record/diagnosis/tremor`: what is shorter names no item.
    let depth = element.matches('/').count();
    let about_none = finding.item.as_deref() == Some("");
    if depth < 3 || about_none {
        return None;
    }
    element.rsplit('/').next().map(str::to_owned)
}
