//! A check run from the page: every list at once, into a folder of its own.

use crate::groups::{Grouping, Groups};
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

/// So many changes are shown on the page; the list has all of them.
const SHOWN: usize = 200;

/// So many files that were passed over are named on the page.
const NAMED: usize = 20;

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
    /// The same of the files that could not be read as a whole, with the reasons.
    pub(crate) broken: Vec<String>,
    pub(crate) all_broken: usize,
    pub(crate) more_broken: usize,
    /// By which editions how many records were judged.
    pub(crate) judged: Vec<JudgedForm>,
    pub(crate) found: Groups,
    pub(crate) changes: Vec<ChangeLine>,
    pub(crate) all_changes: u64,
}

/// The lists being written and what the page shows of them.
pub(crate) struct Collected {
    lists: Vec<ErrorList<BufWriter<File>>>,
    changes: ChangeList<BufWriter<File>>,
    folder: PathBuf,
    /// What stands before the names of files and is not told.
    untold: Option<PathBuf>,
    grouping: Grouping,
    shown_changes: Vec<ChangeLine>,
    judged: Judged,
}

impl Collected {
    /// Begins the lists in `folder`; they say which release judged.
    ///
    /// `untold` is a folder in which files lie whose places are nobody's affair.
    pub(crate) fn new(
        folder: &Path,
        release: Option<&str>,
        untold: Option<&Path>,
    ) -> Result<Self, ToolError> {
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
            untold: untold.map(Path::to_owned),
            grouping: Grouping::default(),
            shown_changes: Vec::new(),
            judged: Judged::default(),
        })
    }

    pub(crate) fn add(&mut self, file: &Path, report: &RecordReport) -> io::Result<()> {
        self.judged.add(report);
        let file = match &self.untold {
            Some(folder) => file.strip_prefix(folder).unwrap_or(file),
            None => file,
        };
        for list in &mut self.lists {
            list.add(file, report)?;
        }
        self.changes.add(file, report)?;
        let name = file.to_string_lossy();
        self.grouping.add(&name, report);
        for change in &report.changes {
            if self.shown_changes.len() < SHOWN {
                self.shown_changes.push(ChangeLine {
                    file: name.clone().into_owned(),
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

    pub(crate) fn finish(self, mut summary: Summary) -> Result<Outcome, ToolError> {
        if let Some(folder) = &self.untold {
            summary
                .unread
                .iter_mut()
                .for_each(|name| untold(folder, name));
            let broken = summary.broken.iter_mut();
            broken.for_each(|broken| untold(folder, &mut broken.file));
        }
        let fail = |e: io::Error| ToolError::write(&self.folder, e);
        for list in self.lists {
            list.finish(&summary)
                .and_then(|mut out| out.flush())
                .map_err(fail)?;
        }
        let (_, all_changes) = self.changes.finish().map_err(fail)?;
        let all_unread = summary.unread.len();
        let unread: Vec<String> = summary.unread.iter().take(NAMED).cloned().collect();
        let all_broken = summary.broken.len();
        let broken = summary.broken.iter().take(NAMED);
        let broken: Vec<String> = broken.map(ToString::to_string).collect();
        Ok(Outcome {
            more_unread: all_unread - unread.len(),
            unread,
            all_unread,
            more_broken: all_broken - broken.len(),
            broken,
            all_broken,
            summary,
            judged: self.judged.forms().into_iter().cloned().collect(),
            found: self.grouping.finish(),
            changes: self.shown_changes,
            all_changes,
        })
    }
}

/// Takes the folder off the name of a file in it.
fn untold(folder: &Path, name: &mut String) {
    let inside = Path::new(name.as_str()).strip_prefix(folder);
    if let Ok(inside) = inside.map(|path| path.to_string_lossy().into_owned()) {
        *name = inside;
    }
}

/// Checks the records; the lists lie in `folder` afterwards.
pub(crate) fn check(
    paths: &[PathBuf],
    library: &Library,
    options: Options,
    folder: &Path,
    untold: Option<&Path>,
    on_progress: impl FnMut(Progress),
) -> Result<Outcome, ToolError> {
    let mut collected = Collected::new(folder, library.release(), untold)?;
    let summary = check_records(paths, library, options, on_progress, |file, report| {
        collected.add(file, &report)
    })
    .map_err(|e| ToolError::write(folder, e))?;
    collected.finish(summary)
}
