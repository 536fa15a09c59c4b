//! Ids that were published once and must not return: `withdrawn.yaml` of a forms folder.
//!
//! ```yaml
//! withdrawn:
//!   - { form: shitei-006, kind: check, id: R012, from: 2026-12-01, reason: R015に統合 }
//! ```
//!
//! Ids follow from names (decision 0002), so nothing needs to be allocated; what must be kept is
//! what has gone (decision 0017). An id is withdrawn from a day on: editions that began before it
//! keep theirs.

use crate::Compilation;
use crate::changes::Subject;
use crate::diagnostics as d;
use crate::emit::codes;
use crate::files::Files;
use crate::places::Place;
use kohyo_dsl::Diagnostic;
use kohyo_engine::Date;
use serde::Deserialize;

/// Where the list lies in a forms folder.
pub const FILE: &str = "withdrawn.yaml";

/// Why the list cannot be read; the text names the place and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{FILE}: {0}")]
pub struct WithdrawnError(String);

/// An id that must not return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// Key of the form.
    pub form: String,
    /// What the id was: [`Subject::Check`], [`Subject::Item`] or [`Subject::Code`].
    pub kind: Subject,
    /// The id: `R012`, `tremor`, `finding=3`.
    pub id: String,
    /// The day from which it is gone.
    pub from: Date,
    /// Why.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    withdrawn: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    form: String,
    kind: String,
    id: String,
    from: String,
    reason: String,
}

/// The ids withdrawn from a forms folder; none if it has no list.
///
/// # Errors
/// A list that cannot be read.
pub fn read(files: &Files) -> Result<Vec<Withdrawn>, WithdrawnError> {
    let Some(text) = files.get(FILE) else {
        return Ok(Vec::new());
    };
    let file: File = crate::yaml::read(text).map_err(WithdrawnError)?;
    file.withdrawn.into_iter().map(entry).collect()
}

fn entry(entry: Entry) -> Result<Withdrawn, WithdrawnError> {
    let Entry {
        form,
        kind,
        id,
        from,
        reason,
    } = entry;
    let kind = match kind.as_str() {
        "check" => Subject::Check,
        "item" => Subject::Item,
        "code" => Subject::Code,
        other => {
            return Err(WithdrawnError(format!(
                "{id} の kind「{other}」は check、item、code のどれでもありません"
            )));
        }
    };
    let day = from.parse::<Date>().ok();
    let from = day
        .filter(|day| day.day_of_month().is_some())
        .ok_or_else(|| {
            WithdrawnError(format!(
                "{id} の from「{from}」は日付ではありません。YYYY-MM-DD と書いてください"
            ))
        })?;
    Ok(Withdrawn {
        form,
        kind,
        id,
        from,
        reason,
    })
}

/// The word for a kind in `withdrawn.yaml`.
pub fn word(kind: Subject) -> &'static str {
    match kind {
        Subject::Item => "item",
        Subject::Code => "code",
        Subject::Check | Subject::Form | Subject::Rule | Subject::Judgement => "check",
    }
}

/// Withdrawn ids that a definition uses again.
///
/// # Errors
/// A list that cannot be read.
pub fn check(files: &Files, compiled: &[Compilation]) -> Result<Vec<Diagnostic>, WithdrawnError> {
    let list = read(files)?;
    let mut found = Vec::new();
    for compilation in compiled {
        let Some(program) = &compilation.program else {
            continue;
        };
        let begins = program.valid_from.first_day();
        let own = list
            .iter()
            .filter(|gone| gone.form == program.key && gone.from.first_day() <= begins);
        for gone in own {
            let place = match gone.kind {
                Subject::Item => {
                    let at = program.fields.iter().position(|f| f.name == gone.id);
                    at.and_then(|at| compilation.places.fields.get(at))
                }
                Subject::Code => code_place(compilation, &gone.id),
                Subject::Check | Subject::Form | Subject::Rule | Subject::Judgement => {
                    let at = program.checks.iter().position(|c| c.id == gone.id);
                    at.and_then(|at| compilation.places.checks.get(at))
                }
            };
            if let Some(Place { file, span }) = place {
                let file = compilation.files.get(*file).map_or("", String::as_str);
                let (kind, from) = (gone.kind.label(), gone.from.japanese());
                found.push(d::withdrawn_id(
                    file,
                    *span,
                    kind,
                    &gone.id,
                    &from,
                    &gone.reason,
                ));
            }
        }
    }
    Ok(found)
}

/// The first item that offers a code.
fn code_place<'c>(compilation: &'c Compilation, id: &str) -> Option<&'c Place> {
    let program = compilation.program.as_ref()?;
    let (table, value) = id.split_once('=')?;
    let rows = codes::rows(program);
    let row = rows
        .iter()
        .find(|row| row.table == table && row.value == value)?;
    let item = row.used_by.first()?;
    let at = program.fields.iter().position(|f| f.name == *item)?;
    compilation.places.fields.get(at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

    use super::*;

    fn listed(text: &str) -> Result<Vec<Withdrawn>, WithdrawnError> {
        let mut files = Files::new();
        files.insert(FILE, text);
        read(&files)
    }

    #[test]
    fn a_broken_list_names_the_place() {
        let refused = |text: &str| listed(text).unwrap_err().to_string();
        insta::assert_snapshot!(refused("withdrawn:\n  - { form: shitei-006, kind: rule, id: x, from: 2026-01-01, reason: r }\n"), @"withdrawn.yaml: x の kind「rule」は check、item、code のどれでもありません");
        insta::assert_snapshot!(refused("withdrawn:\n  - { form: shitei-006, kind: item, id: x, from: 2026-01, reason: r }\n"), @"withdrawn.yaml: x の from「2026-01」は日付ではありません。YYYY-MM-DD と書いてください");
        assert_eq!(read(&Files::new()).unwrap(), []);
        assert_eq!(listed("withdrawn: []\n").unwrap(), []);
    }

    #[test]
    fn an_older_edition_keeps_its_ids() {
        let form = |edition: &str, from: &str| {
            format!(
                "disease shitei 006 \"見本の病\" {{\n  edition \"{edition}\" from {from}\n  source notice \"見本\"\n}}\n\
                 code finding \"所見\" {{ 1 yes \"あり\"; 2 no \"なし\" }}\n\
                 section s \"項目\" {{ field fever \"発熱\" : finding }}\n\
                 check R001 error \"確かめてください\" at fever violated when fever is no\n\
                 judgement diagnosis \"診断\" {{ category a \"A\" when fever is yes; otherwise none \"なし\"; eligible a }}\n"
            )
        };
        let mut files = Files::new();
        files.insert("old.kohyo", form("2020", "2020-04-01"));
        files.insert("new.kohyo", form("2026", "2026-12-01"));
        files.insert(
            FILE,
            "withdrawn:\n  - { form: shitei-006, kind: check, id: R001, from: 2026-12-01, reason: 見直し }\n  \
             - { form: shitei-006, kind: item, id: fever, from: 2026-12-01, reason: 見直し }\n  \
             - { form: shitei-006, kind: code, id: finding=2, from: 2026-12-01, reason: 見直し }\n  \
             - { form: shitei-007, kind: check, id: R001, from: 2026-12-01, reason: 別の様式 }\n",
        );
        let compiled = ["old.kohyo", "new.kohyo"].map(|path| crate::compile(&files, path));
        let found = check(&files, &compiled).unwrap();
        let told: Vec<String> = found
            .iter()
            .map(|d| format!("{} {} {}", d.file, d.code, d.message))
            .collect();
        insta::assert_snapshot!(told.join("\n"), @"
        new.kohyo E0410 チェック「R001」は2026年12月1日に廃止されています（見直し）
        new.kohyo E0410 項目「fever」は2026年12月1日に廃止されています（見直し）
        new.kohyo E0410 コード「finding=2」は2026年12月1日に廃止されています（見直し）
        ");
    }
}
