//! The catalogue: every disease and paediatric entry that a notice names, whether a form is written for it or not.
//!
//! In go `catalogue/shitei.yaml` and `catalogue/shoman.yaml` of a forms folder; out come names with
//! the days from which they hold. Names change, numbers do not: everything is found by its key.

mod yaml;

use crate::diagnostics as d;
use crate::files::Files;
use crate::header;
use crate::load::SyntaxCache;
use kohyo_dsl::Diagnostic;
use kohyo_engine::Date;
use kohyo_engine::look_up::OtherNames;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

pub use kohyo_engine::look_up::without_branch;
pub use yaml::CatalogueError;

/// Every entry of the notices, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    entries: BTreeMap<String, Listed>,
}

/// One entry of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// `shitei-006`, `shoman-11-080`; never with a branch.
    pub key: String,
    /// Its names, the newest first. INVARIANT: never empty.
    names: Vec<Named>,
    /// How the newest name is read, in hiragana.
    pub kana: Option<String>,
    /// English name.
    pub english: Option<String>,
    /// Abbreviations by which it is looked for: `SLE`.
    pub short: Vec<String>,
    /// Groups of diseases (疾患群) it belongs to.
    pub groups: Vec<String>,
    /// The class within the group (大分類).
    pub class: Option<String>,
    /// The day on which it was designated.
    pub designated: Option<Date>,
    /// How many official forms there are: its branches, or one. As listed by NANDO of 2025-08-26; the
    /// head of the file names the diseases that had another number in 2017.
    pub forms: u16,
}

/// A name and the day from which it holds; nothing for the first.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    name: String,
    since: Option<Date>,
}

impl Catalogue {
    /// The catalogue of a forms folder; nothing if it has none.
    ///
    /// # Errors
    /// A file that cannot be read, or says something twice.
    pub fn read(files: &Files) -> Result<Option<Self>, CatalogueError> {
        let mut catalogue = Self::default();
        for (path, read) in [
            (yaml::SHITEI, yaml::shitei as yaml::Read),
            (yaml::SHOMAN, yaml::shoman),
        ] {
            let Some(text) = files.get(path) else {
                continue;
            };
            for listed in read(text)? {
                match catalogue.entries.entry(listed.key.clone()) {
                    Entry::Vacant(place) => drop(place.insert(listed)),
                    Entry::Occupied(place) => return Err(CatalogueError::twice(path, place.key())),
                }
            }
        }
        Ok((!catalogue.entries.is_empty()).then_some(catalogue))
    }

    /// The entry of a key; that of the disease for the key of a branch.
    pub fn get(&self, key: &str) -> Option<&Listed> {
        self.entries.get(without_branch(key))
    }

    /// All entries, 指定難病 first, by number.
    pub fn iter(&self) -> impl Iterator<Item = &Listed> {
        self.entries.values()
    }
}

impl Listed {
    /// Its name today.
    pub fn name(&self) -> &str {
        self.names.first().map_or("", |n| n.name.as_str())
    }

    /// Its name on a day.
    pub fn name_on(&self, day: Date) -> &str {
        let began = |n: &&Named| {
            n.since
                .is_none_or(|since| since.first_day() <= day.first_day())
        };
        let named = self.names.iter().find(began).or(self.names.last());
        named.map_or("", |n| n.name.as_str())
    }

    /// What it is called besides its name today, for searching.
    pub fn other_names(&self) -> OtherNames {
        OtherNames {
            kana: self.kana.clone(),
            english: self.english.clone(),
            short: self.short.clone(),
            earlier: self.earlier_names().map(str::to_owned).collect(),
        }
    }

    /// The names before today's, the newest first.
    pub fn earlier_names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().skip(1).map(|n| n.name.as_str())
    }
}

/// Definitions whose number or name is not that of the catalogue.
///
/// An edition bears the name that holds on its first day, a branch the same name with an addition:
/// 「神経線維腫症（Ⅰ型）」.
///
/// # Errors
/// A catalogue that cannot be read. Without a catalogue nothing is found.
pub fn check(files: &Files, cache: &mut SyntaxCache) -> Result<Vec<Diagnostic>, CatalogueError> {
    let mut found = Vec::new();
    let Some(catalogue) = Catalogue::read(files)? else {
        return Ok(found);
    };
    for disease in header::diseases(files) {
        // A file that lies elsewhere may be about an invented disease.
        if !["shitei/", "shoman/"]
            .iter()
            .any(|folder| disease.path.starts_with(folder))
        {
            continue;
        }
        let Some(parsed) = cache.parse(files, &disease.path) else {
            continue;
        };
        let Some(header) = &parsed.file.header else {
            continue;
        };
        let span = header.title.span;
        let Some(listed) = catalogue.get(&disease.key) else {
            found.push(d::not_in_catalogue(&disease.path, span, &disease.key));
            continue;
        };
        let name = disease
            .valid_from
            .map_or(listed.name(), |from| listed.name_on(from));
        let branch = without_branch(&disease.key) != disease.key;
        let agrees = disease.title == name || branch && disease.title.starts_with(name);
        if !agrees {
            found.push(d::other_name(&disease.path, span, &disease.title, name));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

    use super::*;

    fn catalogue(shitei: &str) -> Result<Option<Catalogue>, CatalogueError> {
        let mut files = Files::new();
        files.insert(yaml::SHITEI, shitei);
        Catalogue::read(&files)
    }

    #[test]
    fn a_name_holds_from_its_day() {
        let read = catalogue(
            r#"
entries:
  - { number: "054", name: 新しい名, since: 2024-04-01, earlier: [{ name: 中の名, since: 2018-04-01 }, { name: 初めの名 }], groups: [免疫系], designated: 2015-01-01, forms: 2 }
"#,
        );
        let read = read.unwrap().unwrap();
        let listed = read.get("shitei-054-b02").unwrap();
        let on = |day: &str| listed.name_on(day.parse().unwrap()).to_owned();
        assert_eq!(on("2017-04-01"), "初めの名");
        assert_eq!(on("2018-04-01"), "中の名");
        assert_eq!(on("2024-03-31"), "中の名");
        assert_eq!(on("2024-04-01"), "新しい名");
        assert_eq!(listed.name(), "新しい名");
        assert_eq!(listed.forms, 2);
    }

    #[test]
    fn a_broken_catalogue_names_the_place() {
        let refused = |text: &str| catalogue(text).unwrap_err().to_string();
        let entry = r#"{ number: "054", name: 病, groups: [免疫系], designated: 2015-01-01 }"#;
        insta::assert_snapshot!(refused(&format!("entries:\n  - {entry}\n  - {entry}\n")), @r#"catalogue/shitei.yaml: shitei-054 が二度書かれています"#);
        insta::assert_snapshot!(refused("entries:\n  - { number: \"54\", name: 病, groups: [] }\n"), @r#"catalogue/shitei.yaml: 告示番号「54」の形が違います。指定難病は "006"、小児慢性特定疾病は群 "11" と番号 "080" を書きます"#);
        insta::assert_snapshot!(refused("entries:\n  - { number: \"054\", name: 病, groups: [], designated: 2015-13-01 }\n"), @r#"catalogue/shitei.yaml: 054 の「2015-13-01」は日付ではありません。YYYY-MM-DD と書いてください"#);
        insta::assert_snapshot!(refused("entries:\n  - { number: \"054\", naem: 病 }\n"), @"catalogue/shitei.yaml: 2行22文字目が読めません（「naem」は書けません。ここに書けるのは number、name、since、earlier、kana、english、short、groups、designated、forms です）");
        insta::assert_snapshot!(refused("entries:\n  - { number: \"054\", name: 今, earlier: [{ name: 昔 }], groups: [] }\n"), @r#"catalogue/shitei.yaml: 054 の名称の始まり（since）が新しい順に並んでいません。前の名称（earlier）があるときは、今の名称に since を書いてください"#);
        assert_eq!(Catalogue::read(&Files::new()).unwrap(), None);
    }
}
