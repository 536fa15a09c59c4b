//! A vendor's checker against kits and decks: what it prints, compared with what must be said.
//!
//! ```text
//! index ─┬─► the vendor's program, record by record ─► Answer ─┐
//!        └─────────────── expected ────────────────────────────┴─ Certification ─► Report
//! ```
//!
//! Running the program is the caller's affair; what it printed comes in as bytes ([`Answer::parse`]),
//! or as the reason why there is nothing ([`Trouble`]). The shape is that of the error list in JSON
//! that the checker of records writes, with verdicts (`docs/targets/kit.md`).

mod answer;
mod place;
mod report;

pub use answer::{Answer, Found, Judged, Trouble};
pub use report::{
    Beside, CheckLine, Difference, KitUsed, Product, Report, Signed, Summary, UsedRelease, Verified,
};

use super::{ExpectedVerdict, IndexRecord};
use kohyo_engine::ResultKind;
use kohyo_engine::program::Level;
use report::Kind;
use std::collections::BTreeMap;

/// So many differences are listed; the others are only counted.
const MOST: usize = 5_000;

/// A record and its file.
#[derive(Clone, Copy)]
struct Looked<'r> {
    record: &'r IndexRecord,
    document: &'r [u8],
}

/// A comparison as it goes on.
#[derive(Debug)]
pub struct Certification {
    report: Report,
    checks: BTreeMap<String, CheckLine>,
}

impl Certification {
    /// Begins with what is compared: the version of this tool, what is looked at and the time.
    pub fn new(tool: &str, product: Product, at: &str) -> Self {
        Self {
            report: Report {
                kohyo_certify: report::VERSION,
                tool: tool.to_owned(),
                product,
                at: at.to_owned(),
                release: None,
                kits: Vec::new(),
                summary: Summary::default(),
                checks: Vec::new(),
                differences: Vec::new(),
            },
            checks: BTreeMap::new(),
        }
    }

    /// The kits are those of this release.
    pub fn release(&mut self, release: UsedRelease) {
        self.report.release = Some(release);
    }

    /// Records of this kit follow.
    pub fn kit(&mut self, kit: KitUsed) {
        self.report.kits.push(kit);
    }

    /// What the vendor's program said of a record of the kit named last; `document` is its file.
    pub fn record(
        &mut self,
        record: &IndexRecord,
        document: &[u8],
        said: &Result<Answer, Trouble>,
    ) {
        let record = Looked { record, document };
        self.report.summary.records += 1;
        let before = self.report.summary.differences();
        match said {
            Err(trouble) => {
                for finding in &record.record.expected.findings {
                    self.line(&finding.check).expected += 1;
                }
                self.report.summary.troubles += 1;
                self.differ(record, "program", None, Kind::Trouble, "答え", &trouble.0);
            }
            Ok(answer) => {
                self.findings(record, answer);
                self.verdict(record, answer);
            }
        }
        if self.report.summary.differences() == before {
            self.report.summary.agreed += 1;
        }
    }

    /// The report.
    pub fn finish(mut self) -> Report {
        let mut checks: Vec<CheckLine> = self.checks.into_values().collect();
        checks.sort_by_key(|line| (!line.differs(), line.check.clone()));
        for kit in &mut self.report.kits {
            // Of all that a kit speaks of, what the report does.
            kit.words.retain(|id, _| {
                let id = id.split('=').next().unwrap_or_default();
                let not_tested = &kit.not_tested;
                checks.iter().any(|line| line.check == id)
                    || not_tested.iter().any(|gap| gap.check == id)
            });
        }
        self.report.checks = checks;
        self.report
    }

    fn line(&mut self, check: &str) -> &mut CheckLine {
        self.checks
            .entry(check.to_owned())
            .or_insert_with(|| CheckLine {
                check: check.to_owned(),
                ..CheckLine::default()
            })
    }

    fn differ(
        &mut self,
        record: Looked<'_>,
        check: &str,
        item: Option<&str>,
        kind: Kind,
        expected: &str,
        actual: &str,
    ) {
        if self.report.differences.len() == MOST {
            self.report.summary.not_listed += 1;
            return;
        }
        // The purpose that is about this check says the most.
        let purposes = &record.record.purposes;
        let purpose = purposes.iter().find(|purpose| purpose.check == check);
        let purpose = purpose.or_else(|| purposes.first());
        let kit = self.report.kits.last();
        let message = kit.and_then(|kit| kit.words.get(check)).cloned();
        let kit = kit.map(KitUsed::name);
        let place = item.map(|item| place::place(record.document, item));
        let place = place.unwrap_or_default();
        self.report.differences.push(Difference {
            kit: kit.unwrap_or_default(),
            file: record.record.file.clone(),
            purpose: purpose.map_or_else(String::new, |purpose| purpose.purpose.clone()),
            check: check.to_owned(),
            message,
            item: item.map(str::to_owned),
            line: place.line,
            value: place.value,
            kind,
            expected: expected.to_owned(),
            actual: actual.to_owned(),
        });
    }

    fn findings(&mut self, record: Looked<'_>, answer: &Answer) {
        let mut left: Vec<&Found> = answer.findings.iter().collect();
        for wanted in &record.record.expected.findings {
            self.line(&wanted.check).expected += 1;
            // The same item first: two findings of one check may be about two items.
            let same_item = |found: &Found| match (&wanted.item, &found.item) {
                (Some(wanted), Some(found)) => wanted == found,
                _ => true,
            };
            let fits = |found: &&Found| found.check == wanted.check && same_item(found);
            let exact = left
                .iter()
                .position(|found| fits(found) && found.level == Some(wanted.level))
                .or_else(|| left.iter().position(fits));
            let Some(position) = exact else {
                self.line(&wanted.check).missed += 1;
                self.report.summary.missed += 1;
                let item = wanted.item.as_deref().unwrap_or_default();
                self.differ(
                    record,
                    &wanted.check,
                    wanted.item.as_deref(),
                    Kind::Missed,
                    &told(item, Some(wanted.level)),
                    "指摘なし",
                );
                continue;
            };
            let found = left.remove(position);
            self.line(&wanted.check).found += 1;
            if let Some(level) = found.level.filter(|level| *level != wanted.level) {
                self.line(&wanted.check).wrong_level += 1;
                self.report.summary.wrong_levels += 1;
                self.differ(
                    record,
                    &wanted.check,
                    wanted.item.as_deref(),
                    Kind::WrongLevel,
                    level_word(wanted.level),
                    level_word(level),
                );
            }
        }
        for found in left {
            self.line(&found.check).false_alarms += 1;
            self.report.summary.false_alarms += 1;
            let item = found.item.as_deref().unwrap_or_default();
            self.differ(
                record,
                &found.check,
                found.item.as_deref(),
                Kind::FalseAlarm,
                "指摘なし",
                &told(item, found.level),
            );
        }
    }

    fn verdict(&mut self, record: Looked<'_>, answer: &Answer) {
        let wrong = match (&record.record.expected.verdict, &answer.verdict) {
            (None, None) => Vec::new(),
            (None, Some(judged)) => match judged.result {
                None => Vec::new(),
                Some(result) => vec![(
                    "result".to_owned(),
                    "判定しない".to_owned(),
                    result.name().to_owned(),
                )],
            },
            (Some(wanted), judged) => verdicts(wanted, judged.as_ref()),
        };
        if wrong.is_empty() {
            return;
        }
        self.report.summary.wrong_verdicts += 1;
        for (what, expected, actual) in wrong {
            let line = self.line(&what);
            line.wrong_verdicts += 1;
            self.differ(record, &what, None, Kind::WrongVerdict, &expected, &actual);
        }
    }
}

/// What is wrong with a verdict: `result`, `judgement.NAME` or `previous`, what must be said, what
/// was said.
fn verdicts(wanted: &ExpectedVerdict, judged: Option<&Judged>) -> Vec<(String, String, String)> {
    let silent = Judged::default();
    let judged = judged.unwrap_or(&silent);
    let mut wrong = Vec::new();
    let mut compare = |what: String, nothing: &str, wanted: Option<&str>, said: Option<&str>| {
        if wanted != said {
            let word = |text: Option<&str>| text.unwrap_or(nothing).to_owned();
            wrong.push((what, word(wanted), word(said)));
        }
    };
    let result = judged.result.map(ResultKind::name);
    compare(
        "result".to_owned(),
        OPEN,
        Some(wanted.result.name()),
        result,
    );
    for (name, category) in &wanted.judgements {
        let said = judged.judgements.get(name).and_then(Option::as_deref);
        compare(format!("judgement.{name}"), OPEN, category.as_deref(), said);
    }
    let previous = |result: Option<ResultKind>| result.map(ResultKind::name);
    let (must, said) = (previous(wanted.previous), previous(judged.previous));
    compare("previous".to_owned(), NOT_JUDGED, must, said);
    for (name, category) in &judged.judgements {
        if !wanted.judgements.contains_key(name) {
            let said = category.as_deref().unwrap_or(OPEN);
            compare(format!("judgement.{name}"), NOT_JUDGED, None, Some(said));
        }
    }
    wrong
}

/// Judged, but undetermined.
const OPEN: &str = "未定";

/// There is nothing of this name to be judged.
const NOT_JUDGED: &str = "判定なし";

fn told(item: &str, level: Option<Level>) -> String {
    let level = level.map_or("指摘", level_word);
    if item.is_empty() {
        level.to_owned()
    } else {
        format!("{level}（{item}）")
    }
}

fn level_word(level: Level) -> &'static str {
    crate::emit::check_spec::level(level)
}

#[cfg(test)]
mod tests;
