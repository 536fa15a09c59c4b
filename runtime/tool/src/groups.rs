//! Findings by file and by check, counted, as the page shows them.

use kohyo_engine::program::Level;
use kohyo_exchange::{RecordFinding, RecordReport};
use serde::Serialize;
use std::collections::BTreeMap;

/// So many findings are shown with their words; the lists have all of them.
const SHOWN: usize = 200;
/// So many files with findings are named.
const FILES: usize = 200;
/// So many checks are counted …
const COUNTED: usize = 1_000;
/// … and so many shown.
const CHECKS: usize = 50;

/// What was found, in groups.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Groups {
    /// In the order of their names.
    files: Vec<OfFile>,
    /// Files with findings that are not among them.
    more_files: u64,
    /// The worst first, then the most frequent.
    checks: Vec<OfCheck>,
    /// Checks with findings that are not among them.
    more_checks: usize,
    /// Findings that are not shown with their words.
    more_lines: u64,
}

/// The findings in a file.
#[derive(Clone, Debug, Default, Serialize)]
struct OfFile {
    name: String,
    errors: u64,
    warnings: u64,
    information: u64,
    /// `エラー 5件、警告 1件`.
    counts: String,
    lines: Vec<Line>,
    /// Findings that are not shown.
    more: u64,
}

impl OfFile {
    fn counted(&self) -> String {
        let counts = [
            (Level::Error, self.errors),
            (Level::Warning, self.warnings),
            (Level::Information, self.information),
        ];
        let counts = counts.into_iter().filter(|(_, count)| *count > 0);
        let words = counts.map(|(level, count)| format!("{} {count}件", level.label()));
        words.collect::<Vec<_>>().join("、")
    }
}

/// The findings of a check.
#[derive(Clone, Debug, Serialize)]
struct OfCheck {
    check: String,
    level: &'static str,
    /// What it said first.
    message: String,
    count: u64,
    files: u64,
    /// The last of these files, by its number.
    #[serde(skip)]
    last_file: u64,
    #[serde(skip)]
    rank: Level,
}

/// A finding as the page shows it.
#[derive(Clone, Debug, Serialize)]
struct Line {
    record: Option<u64>,
    place: String,
    level: &'static str,
    item: String,
    value: Option<String>,
    message: String,
    help: Option<String>,
}

impl Line {
    fn of(record: u64, finding: &RecordFinding) -> Self {
        Self {
            record: (record > 0).then_some(record),
            place: finding.place.to_string(),
            level: finding.level.label(),
            item: finding.item.clone(),
            value: finding.value.clone(),
            message: finding.message.clone(),
            help: finding.help.clone(),
        }
    }
}

/// Groups findings as the reports come, file by file; it holds no more than the page shows.
#[derive(Debug, Default)]
pub(crate) struct Grouping {
    groups: Groups,
    checks: BTreeMap<String, OfCheck>,
    /// The file at hand and its number among those with findings.
    file: String,
    number: u64,
    shown: usize,
}

impl Grouping {
    /// Adds what was found in a record of this file.
    pub(crate) fn add(&mut self, file: &str, report: &RecordReport) {
        if report.findings.is_empty() {
            return;
        }
        if self.number == 0 || self.file != file {
            self.begin(file);
        }
        for finding in &report.findings {
            self.count(finding);
            let line = self.shown < SHOWN;
            let listed = usize::try_from(self.number).is_ok_and(|number| number <= FILES);
            let group = self.groups.files.last_mut().filter(|_| listed);
            if let Some(group) = group {
                match finding.level {
                    Level::Error => group.errors += 1,
                    Level::Warning => group.warnings += 1,
                    Level::Information => group.information += 1,
                }
                if line {
                    self.shown += 1;
                    group.lines.push(Line::of(report.number, finding));
                    continue;
                }
                group.more += 1;
            }
            self.groups.more_lines += 1;
        }
    }

    fn begin(&mut self, file: &str) {
        file.clone_into(&mut self.file);
        self.number += 1;
        if self.groups.files.len() == FILES {
            self.groups.more_files += 1;
            return;
        }
        self.groups.files.push(OfFile {
            name: file.to_owned(),
            ..OfFile::default()
        });
    }

    fn count(&mut self, finding: &RecordFinding) {
        let known = self.checks.contains_key(finding.check.as_ref());
        if !known && self.checks.len() == COUNTED {
            return;
        }
        let check = finding.check.clone().into_owned();
        let counted = self
            .checks
            .entry(check)
            .or_insert_with_key(|check| OfCheck {
                check: check.clone(),
                level: finding.level.label(),
                message: finding.message.clone(),
                count: 0,
                files: 0,
                last_file: 0,
                rank: finding.level,
            });
        counted.count += 1;
        if counted.last_file != self.number {
            counted.last_file = self.number;
            counted.files += 1;
        }
    }

    /// The groups.
    pub(crate) fn finish(self) -> Groups {
        let mut checks: Vec<OfCheck> = self.checks.into_values().collect();
        checks.sort_by_key(|check| {
            (
                std::cmp::Reverse((check.rank, check.count)),
                check.check.clone(),
            )
        });
        let more_checks = checks.len().saturating_sub(CHECKS);
        checks.truncate(CHECKS);
        let mut groups = self.groups;
        for file in &mut groups.files {
            file.counts = file.counted();
        }
        Groups {
            checks,
            more_checks,
            ..groups
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kohyo_exchange::{Library, check_document};

    /// A report with a finding about the file: it is empty.
    fn empty_file() -> RecordReport {
        let today = "2026-06-01".parse().unwrap();
        let mut reports = check_document(b"", &Library::default(), today);
        reports.remove(0)
    }

    #[test]
    fn findings_are_counted_by_file_and_by_check() {
        let mut grouping = Grouping::default();
        for file in ["a.xml", "a.xml", "b.xml"] {
            grouping.add(file, &empty_file());
        }
        let groups = grouping.finish();
        let files: Vec<(&str, u64, usize)> = (groups.files.iter())
            .map(|file| (file.name.as_str(), file.errors, file.lines.len()))
            .collect();
        assert_eq!(files, [("a.xml", 2, 2), ("b.xml", 1, 1)]);
        let [check] = groups.checks.as_slice() else {
            panic!("{:?}", groups.checks);
        };
        assert_eq!(
            (check.check.as_str(), check.count, check.files),
            ("file.empty", 3, 2)
        );
    }

    #[test]
    fn no_more_is_held_than_is_shown() {
        let mut grouping = Grouping::default();
        let report = empty_file();
        for number in 0..FILES + 3 {
            grouping.add(&format!("{number:04}.xml"), &report);
        }
        grouping.add("last.xml", &report);
        grouping.add("last.xml", &report);
        let groups = grouping.finish();
        assert_eq!((groups.files.len(), groups.more_files), (FILES, 4));
        assert_eq!((groups.more_lines, groups.checks[0].count), (5, 205));
    }
}
