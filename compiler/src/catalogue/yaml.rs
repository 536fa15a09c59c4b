//! How the catalogue is written.

use super::{Listed, Named};
use crate::skeleton::Number;
use kohyo_engine::Date;
use serde::Deserialize;

pub(super) const SHITEI: &str = "catalogue/shitei.yaml";
pub(super) const SHOMAN: &str = "catalogue/shoman.yaml";

/// Reads one of the files.
pub(super) type Read = fn(&str) -> Result<Vec<Listed>, CatalogueError>;

/// Why a catalogue cannot be read; the text names the place and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct CatalogueError {
    /// The file.
    pub path: String,
    /// What is wrong, in Japanese.
    pub problem: String,
}

impl CatalogueError {
    pub(super) fn twice(path: &str, key: &str) -> Self {
        Self::new(path, format!("{key} が二度書かれています"))
    }

    fn new(path: &str, problem: String) -> Self {
        Self {
            path: path.to_owned(),
            problem,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShiteiFile {
    entries: Vec<ShiteiEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShiteiEntry {
    number: String,
    name: String,
    #[serde(default)]
    since: Option<String>,
    #[serde(default)]
    earlier: Vec<EarlierName>,
    #[serde(default)]
    kana: Option<String>,
    #[serde(default)]
    english: Option<String>,
    #[serde(default)]
    short: Vec<String>,
    groups: Vec<String>,
    #[serde(default)]
    designated: Option<String>,
    #[serde(default = "one")]
    forms: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EarlierName {
    name: String,
    #[serde(default)]
    since: Option<String>,
}

fn one() -> u16 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShomanFile {
    groups: Vec<ShomanGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShomanGroup {
    number: String,
    name: String,
    entries: Vec<ShomanEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShomanEntry {
    number: String,
    name: String,
    class: String,
}

/// The entries of 指定難病.
pub(super) fn shitei(text: &str) -> Result<Vec<Listed>, CatalogueError> {
    let file: ShiteiFile = parse(SHITEI, text)?;
    file.entries.into_iter().map(shitei_entry).collect()
}

fn shitei_entry(entry: ShiteiEntry) -> Result<Listed, CatalogueError> {
    let number = &entry.number;
    let key = key(SHITEI, number)?;
    let date = |text: &Option<String>| {
        let read = text.as_deref().map(|text| (text, text.parse::<Date>()));
        match read {
            None => Ok(None),
            Some((_, Ok(date))) if date.day_of_month().is_some() => Ok(Some(date)),
            Some((text, _)) => Err(CatalogueError::new(
                SHITEI,
                format!("{number} の「{text}」は日付ではありません。YYYY-MM-DD と書いてください"),
            )),
        }
    };
    let mut names = vec![Named {
        name: entry.name.clone(),
        since: date(&entry.since)?,
    }];
    for earlier in &entry.earlier {
        names.push(Named {
            name: earlier.name.clone(),
            since: date(&earlier.since)?,
        });
    }
    let starts: Vec<_> = names.iter().map(|n| n.since.map(Date::first_day)).collect();
    let falls = starts
        .windows(2)
        .all(|pair| matches!(pair, [later, sooner] if sooner < later));
    if !falls {
        return Err(CatalogueError::new(
            SHITEI,
            format!(
                "{number} の名称の始まり（since）が新しい順に並んでいません。前の名称（earlier）があるときは、今の名称に since を書いてください"
            ),
        ));
    }
    Ok(Listed {
        key,
        names,
        kana: entry.kana,
        english: entry.english,
        short: entry.short,
        groups: entry.groups,
        class: None,
        designated: date(&entry.designated)?,
        forms: entry.forms,
    })
}

/// The entries of 小児慢性特定疾病.
pub(super) fn shoman(text: &str) -> Result<Vec<Listed>, CatalogueError> {
    let file: ShomanFile = parse(SHOMAN, text)?;
    let mut listed = Vec::new();
    for group in &file.groups {
        for entry in &group.entries {
            listed.push(Listed {
                key: key(SHOMAN, &format!("{}-{}", group.number, entry.number))?,
                names: vec![Named {
                    name: entry.name.clone(),
                    since: None,
                }],
                kana: None,
                english: None,
                short: Vec::new(),
                groups: vec![group.name.clone()],
                class: Some(entry.class.clone()),
                designated: None,
                forms: 1,
            });
        }
    }
    Ok(listed)
}

fn parse<'t, T: Deserialize<'t>>(path: &str, text: &'t str) -> Result<T, CatalogueError> {
    crate::yaml::read(text).map_err(|problem| CatalogueError::new(path, problem))
}

/// The key of a number that is written in full: `006`, `11-080`.
fn key(path: &str, number: &str) -> Result<String, CatalogueError> {
    let read = Number::parse(number).map(|n| n.key());
    read.filter(|key| key.split_once('-').is_some_and(|(_, n)| n == number))
        .ok_or_else(|| {
            CatalogueError::new(
                path,
                format!("告示番号「{number}」の形が違います。指定難病は \"006\"、小児慢性特定疾病は群 \"11\" と番号 \"080\" を書きます"),
            )
        })
}
