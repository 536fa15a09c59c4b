//! A check run from the page: every list at once, into a folder of its own.

use crate::keys::ToolError;
use kohyo_exchange::{
    ChangeList, ErrorList, Judged, JudgedForm, Library, Options, Progress, RecordReport, Summary,
    check_records,
};
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A list that can be saved.
pub(crate) struct ListKind {
    pub(crate) name: &'static str,
    pub(crate) mime: &'static str,
}

pub(crate) const LISTS: [ListKind; 5] = [
    ListKind {
        name: "errors.csv",
        mime: "text/csv; charset=utf-8",
    },
    ListKind {
        name: "errors.xlsx",
        mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    },
    ListKind {
        name: "errors.json",
        mime: "application/json",
    },
    ListKind {
        name: "summary.html",
        mime: "text/html; charset=utf-8",
    },
    ListKind {
        name: "changes.csv",
        mime: "text/csv; charset=utf-8",
    },
];

/// So many findings and changes are shown on the page; the lists have all of them.
pub(crate) const SHOWN: usize = 200;

/// So many files that were passed over are named on the page.
const NAMED: usize = 20;

/// A finding as the page shows it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    file: String,
    record: Option<u64>,
    place: String,
    level: &'static str,
    item: String,
    value: Option<String>,
    message: String,
    help: Option<String>,
}

/// A change as the page shows it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ChangeLine {
    file: String,
    record: u64,
    item: String,
    old: String,
    new: String,
    what: &'static str,
}

/// What came out of a check.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Outcome {
    pub(crate) summary: Summary,
    /// The first of the files that were passed over, and how many there are.
    pub(crate) unread: Vec<String>,
    pub(crate) all_unread: usize,
    pub(crate) more_unread: usize,
    /// By which editions how many records were judged.
    pub(crate) judged: Vec<JudgedForm>,
    pub(crate) lines: Vec<Line>,
    pub(crate) more_lines: u64,
    pub(crate) changes: Vec<ChangeLine>,
    pub(crate) all_changes: u64,
}

/// The lists being written and what the page shows of them.
pub(crate) struct Collected {
    lists: Vec<ErrorList<BufWriter<File>>>,
    changes: ChangeList<BufWriter<File>>,
    folder: PathBuf,
    lines: Vec<Line>,
    findings: u64,
    shown_changes: Vec<ChangeLine>,
    judged: Judged,
}

impl Collected {
    /// Begins the lists in `folder`; they say which release judged.
    pub(crate) fn new(folder: &Path, release: Option<&str>) -> Result<Self, ToolError> {
        let fail = |e: io::Error| ToolError::write(folder, e);
        let create = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
        let lists = || {
            Ok(vec![
                ErrorList::csv(create("errors.csv")?)?,
                ErrorList::xlsx(create("errors.xlsx")?)?.of_release(release),
                ErrorList::json(create("errors.json")?)?.of_release(release),
                ErrorList::html(create("summary.html")?).of_release(release),
            ])
        };
        Ok(Self {
            lists: lists().map_err(fail)?,
            changes: create("changes.csv")
                .and_then(ChangeList::new)
                .map_err(fail)?,
            folder: folder.to_owned(),
            lines: Vec::new(),
            findings: 0,
            shown_changes: Vec::new(),
            judged: Judged::default(),
        })
    }

    pub(crate) fn add(&mut self, file: &Path, report: &RecordReport) -> io::Result<()> {
        self.judged.add(report);
        for list in &mut self.lists {
            list.add(file, report)?;
        }
        self.changes.add(file, report)?;
        let name = || file.to_string_lossy().into_owned();
        for finding in &report.findings {
            self.findings += 1;
            if self.lines.len() < SHOWN {
                self.lines.push(Line {
                    file: name(),
                    record: (report.number > 0).then_some(report.number),
                    place: finding.place.to_string(),
                    level: finding.level.label(),
                    item: finding.item.clone(),
                    value: finding.value.clone(),
                    message: finding.message.clone(),
                    help: finding.help.clone(),
                });
            }
        }
        for change in &report.changes {
            if self.shown_changes.len() < SHOWN {
                self.shown_changes.push(ChangeLine {
                    file: name(),
                    record: report.number,
                    item: change.item.clone(),
                    old: change.old.clone(),
                    new: change.new.clone(),
                    what: change.what,
                });
            }
        }
        Ok(())
    }

    pub(crate) fn finish(self, summary: Summary) -> Result<Outcome, ToolError> {
        let fail = |e: io::Error| ToolError::write(&self.folder, e);
        for list in self.lists {
            list.finish(&summary)
                .and_then(|mut out| out.flush())
                .map_err(fail)?;
        }
        let (_, all_changes) = self.changes.finish().map_err(fail)?;
        let all_unread = summary.unread.len();
        let unread: Vec<String> = summary.unread.iter().take(NAMED).cloned().collect();
        Ok(Outcome {
            more_unread: all_unread - unread.len(),
            unread,
            all_unread,
            summary,
            judged: self.judged.forms().into_iter().cloned().collect(),
            more_lines: self.findings.saturating_sub(self.lines.len() as u64),
            lines: self.lines,
            changes: self.shown_changes,
            all_changes,
        })
    }
}

/// Checks the records; the lists lie in `folder` afterwards.
pub(crate) fn check(
    paths: &[PathBuf],
    library: &Library,
    options: Options,
    folder: &Path,
    on_progress: impl FnMut(Progress),
) -> Result<Outcome, ToolError> {
    let mut collected = Collected::new(folder, library.release())?;
    let summary = check_records(paths, library, options, on_progress, |file, report| {
        collected.add(file, &report)
    })
    .map_err(|e| ToolError::write(folder, e))?;
    collected.finish(summary)
}
