//! How often each check found something, with its first finding as an example.

use crate::check::RecordReport;
use crate::judged::Judged;
use kohyo_engine::program::Level;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The checks that found something, errors first, then by id.
#[derive(Debug, Default)]
pub(super) struct Counts {
    checks: BTreeMap<(u8, String), CheckCount>,
    /// By which editions.
    pub(super) judged: Judged,
    /// What they came from, if it is known.
    pub(super) release: Option<String>,
}

/// One check.
#[derive(Debug, Serialize)]
pub(super) struct CheckCount {
    pub(super) check: String,
    pub(super) level: Level,
    pub(super) count: u64,
    /// The first finding.
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// Where it was.
    pub(super) file: String,
    pub(super) record: Option<u64>,
}

impl Counts {
    pub(super) fn add(&mut self, file: &Path, report: &RecordReport) {
        for finding in &report.findings {
            let rank = match finding.level {
                Level::Error => 0,
                Level::Warning => 1,
                Level::Information => 2,
            };
            self.checks
                .entry((rank, finding.check.clone().into_owned()))
                .or_insert_with(|| CheckCount {
                    check: finding.check.clone().into_owned(),
                    level: finding.level,
                    count: 0,
                    message: finding.message.clone(),
                    help: finding.help.clone(),
                    file: file.to_string_lossy().into_owned(),
                    record: (report.number > 0).then_some(report.number),
                })
                .count += 1;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &CheckCount> {
        self.checks.values()
    }
}

/// What the summary counts, in words.
pub(super) fn totals(summary: &crate::Summary) -> Vec<(&'static str, u64)> {
    let results = &summary.results;
    vec![
        ("ファイル", summary.files),
        ("個票", summary.records),
        ("エラーのある個票", summary.records_with_errors),
        ("エラー", summary.errors),
        ("警告", summary.warnings),
        ("情報", summary.information),
        ("判定: 認定基準を満たす", results.eligible),
        ("判定: 軽症", results.mild),
        ("判定: 満たさない", results.not_met),
        ("判定: 判定不能", results.undetermined),
        ("判定できない個票", results.not_judged),
        ("前の版の基準だけを満たす更新", summary.eligible_by_previous),
        ("読まなかったファイル", summary.unread.len() as u64),
        ("読み切れなかったファイル", summary.broken.len() as u64),
    ]
}
