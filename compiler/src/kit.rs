//! Conformance kit: records with which a vendor proves that a system agrees with the form.
//!
//! ```text
//! Form ─ solver, engine ─► records (XML) ─┐
//!        seed ─► random deck (XML) ───────┴─► index: purpose, expected findings, expected verdict
//!                                                   │
//! what a vendor's checker prints ─ certify ─────────┴─► report by check id
//! ```
//!
//! The same records can be had as CSV and FHIR, as far as they can be written there and the checker
//! of records says the same of them ([`Kit::rewritten`]), with records for the checks of how CSV and
//! FHIR are written.
//!
//! In goes a form; out come records for every check of its check specification ([`kit`]) or a deck
//! by chance ([`deck`]), each with what must be found and judged. No expectation is written by
//! hand: the solver finds the answers, the engine says what follows from them, and a record that
//! does not show what it was made for is not handed out. A check without a record is listed with
//! the reason ([`Gap`]). Nothing here reads a file or a clock; the same form gives the same bytes.

mod atoms;
pub mod certify;

mod checks;
mod deck;
mod decisions;
mod expect;
mod fields;
mod formats;
mod index;
mod schema;
mod spoilt;
mod trials;
mod workshop;
mod written;

pub use deck::{Plausible, deck};
pub use expect::{Expected, ExpectedFinding, ExpectedVerdict};
pub use formats::{Exchange, Format};
pub use index::{Index, IndexRecord, Purpose, sha256};

use crate::emit::{Artefact, check_spec};
use kohyo_engine::{Form, Lineage, Program, RawAnswers};
use kohyo_record::Heading;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use workshop::Workshop;

/// Steps of the solver that the kit of one form may cost.
const BUDGET: u64 = 40_000_000;

/// Records of one form with what must be said of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kit {
    /// Key of the form.
    pub key: String,
    /// Its edition.
    pub edition: String,
    /// Its title.
    pub title: String,
    /// What the deck was thrown with; nothing for a kit.
    pub seed: Option<u64>,
    /// How its records are written.
    pub format: Format,
    /// The records, in the order of the check specification.
    pub records: Vec<Record>,
    /// Checks and conditions without a record.
    pub gaps: Vec<Gap>,
    /// Records of the kit as XML that this format does not have.
    pub left_out: Vec<LeftOut>,
    /// What the ids in it mean ([`words`]).
    pub words: BTreeMap<String, String>,
}

/// A record as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Name of the file, without folders.
    pub file: String,
    /// Its bytes.
    pub document: Vec<u8>,
    /// What is written in it; nothing if the document says more than its values do.
    pub values: Option<Values>,
    /// What it is for: one or more purposes.
    pub purposes: Vec<Purpose>,
    /// What must be said of it.
    pub expected: Expected,
}

/// What is written in a record, whatever the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    /// The kind of application, and the day on which it was written.
    pub heading: Heading,
    /// The values, perhaps wrong ones.
    pub raw: RawAnswers,
}

/// A record that cannot be had in a format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its file in the kit as XML.
    pub file: String,
    /// Why, for people.
    pub reason: String,
}

/// A check or condition for which no record was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The check: `required.tremor`, `R012`, `judgement.diagnosis`.
    pub check: String,
    /// What is missing, and why; for people.
    pub reason: String,
}

/// What a record shows about a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The check has nothing to find.
    Pass,
    /// The check finds something.
    Fail,
    /// At a boundary, on the side that is accepted.
    Inside,
    /// At a boundary, on the side that is not.
    Outside,
    /// At or beside a threshold of a rule.
    Threshold,
    /// Something is unknown or less exact.
    Unknown,
    /// A condition holds and decides alone.
    Holds,
    /// The same record but for that condition.
    Fails,
    /// By chance.
    Random,
}

impl Side {
    /// In words: `境界の内側`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pass => "適合",
            Self::Fail => "不適合",
            Self::Inside => "境界の内側",
            Self::Outside => "境界の外側",
            Self::Threshold => "しきい値",
            Self::Unknown => "不明",
            Self::Holds => "条件が成り立つ",
            Self::Fails => "条件が成り立たない",
            Self::Random => "乱数",
        }
    }
}

/// The kit of a form; `previous` is the edition by whose rules its renewals are judged as well.
pub fn kit(form: &Form, previous: Option<&Lineage>) -> Kit {
    let program = form.program();
    let mut workshop = Workshop::new(form, previous, BUDGET);
    schema::make(&mut workshop);
    fields::make(&mut workshop);
    checks::make(&mut workshop);
    decisions::judgements(&mut workshop);
    let spent = workshop.is_spent();
    let (records, mut gaps) = workshop.finish();
    if spent {
        gaps.push(Gap {
            check: "kit".to_owned(),
            reason: "探索の上限に達したため、後の方のチェック・条件の記録の一部を省きました"
                .to_owned(),
        });
    }
    account(program, &records, &mut gaps, spent);
    Kit {
        words: words(program),
        key: program.key.clone(),
        edition: program.edition.clone(),
        title: program.title.clone(),
        seed: None,
        format: Format::Xml,
        records,
        gaps,
        left_out: Vec::new(),
    }
}

impl Kit {
    /// The files: the index as JSON and CSV, and the records, in the folder `kit/KEY-EDITION/`
    /// (`deck/KEY-EDITION-SEED/` for a deck; with `-csv` or `-fhir` behind it in these formats).
    pub fn artefacts(&self) -> Vec<Artefact> {
        let mut folder = match self.seed {
            None => format!("kit/{}-{}", self.key, self.edition),
            Some(seed) => format!("deck/{}-{}-{seed}", self.key, self.edition),
        };
        if !self.format.is_xml() {
            folder.push_str(&format!("-{}", self.format.name()));
        }
        let index = Index::of(self);
        let mut made = vec![
            Artefact::text(format!("{folder}/index.json"), index.json()),
            Artefact::text(format!("{folder}/index.csv"), index.csv()),
        ];
        made.extend(self.records.iter().map(|record| Artefact {
            path: format!("{folder}/{}", record.file),
            content: record.document.clone(),
        }));
        made
    }
}

/// What people call the ids that are expected, or found without being expected: the message of a
/// check, the label of a judgement (`judgement.diagnosis`) and of its categories
/// (`judgement.diagnosis=definite`).
fn words(program: &Program) -> BTreeMap<String, String> {
    let checks = check_spec::rows(program).into_iter().map(|row| {
        let messages: Vec<String> = row.ways.into_iter().map(|way| way.message).collect();
        (row.id, messages.join("／"))
    });
    let judgements = program.judgements.iter().flat_map(|judgement| {
        let id = format!("judgement.{}", judgement.name);
        let categories = judgement.categories.iter();
        let categories =
            categories.map(|category| (format!("{id}={}", category.name), category.label.clone()));
        let categories: Vec<(String, String)> = categories.collect();
        std::iter::once((id, judgement.label.clone())).chain(categories)
    });
    checks.chain(judgements).collect()
}

/// Every check of the check specification has a record that fails it, or a reason why not.
fn account(program: &Program, records: &[Record], gaps: &mut Vec<Gap>, spent: bool) {
    let found: BTreeSet<&str> = records
        .iter()
        .flat_map(|record| &record.expected.findings)
        .map(|finding| finding.check.as_str())
        .collect();
    let mut known: BTreeSet<String> = gaps.iter().map(|gap| gap.check.clone()).collect();
    for row in check_spec::rows(program) {
        if found.contains(row.id.as_str()) || !known.insert(row.id.clone()) {
            continue;
        }
        let reason = if let Some(reason) = schema::outside(&row, Format::Xml) {
            reason
        } else if spent {
            "探索の上限に達したため、不適合の記録を作れませんでした"
        } else {
            "不適合の記録が見つかりませんでした"
        };
        gaps.push(Gap {
            check: row.id,
            reason: reason.to_owned(),
        });
    }
}
