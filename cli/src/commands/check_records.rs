//! `kohyo check-records`: records in bulk.

use crate::disk::{Failure, Workspace};
use crate::output;
use indicatif::{ProgressBar, ProgressStyle};
use kohyo_engine::Date;
use kohyo_exchange::{
    ChangeList, ErrorList, Library, Options as BulkOptions, Summary, check_records,
};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where the error lists go and how the records are judged.
pub struct Options {
    pub csv: Option<PathBuf>,
    pub json: Option<PathBuf>,
    pub xlsx: Option<PathBuf>,
    pub html: Option<PathBuf>,
    pub normalise: bool,
    pub changes: Option<PathBuf>,
    pub on: Option<String>,
    pub threads: Option<usize>,
}

pub fn run(
    workspace: &Workspace,
    paths: &[PathBuf],
    options: Options,
) -> Result<ExitCode, Failure> {
    let library =
        Library::new(super::forms(workspace)?).map_err(|e| Failure::Other(e.to_string()))?;
    let today = match &options.on {
        Some(day) => parse_day(day)?,
        None => today()?,
    };
    let threads = options
        .threads
        .and_then(NonZeroUsize::new)
        .unwrap_or_else(cores);
    let mut lists = Lists::open(&options)?;
    let bar = progress_bar();
    let summary = check_records(
        paths,
        &library,
        BulkOptions {
            today,
            threads,
            normalise: options.normalise,
            keep_records: false,
        },
        |progress| {
            bar.set_length(progress.all_bytes);
            bar.set_position(progress.bytes);
            bar.set_message(format!(
                "{}/{} ファイル、{} 件",
                progress.files, progress.all_files, progress.records
            ));
        },
        |file, report| lists.add(file, &report),
    );
    bar.finish_and_clear();
    let summary = summary.map_err(|source| {
        let path = lists.lists.first().map(|(path, _)| path.clone());
        write_failure(&path.unwrap_or_default(), source)
    })?;
    lists.finish(&summary)?;
    print(&summary);
    Ok(super::found(summary.errors > 0 || summary.files == 0))
}

/// The error lists being written; the CSV goes to standard output if no file is named.
struct Lists {
    lists: Vec<(PathBuf, ErrorList<Box<dyn Write>>)>,
    changes: Option<(PathBuf, ChangeList<Box<dyn Write>>)>,
}

impl Lists {
    fn open(options: &Options) -> Result<Self, Failure> {
        type Begin = fn(Box<dyn Write>) -> std::io::Result<ErrorList<Box<dyn Write>>>;
        let wanted: [(&Option<PathBuf>, Begin); 4] = [
            (&options.csv, ErrorList::csv),
            (&options.json, ErrorList::json),
            (&options.xlsx, ErrorList::xlsx),
            (&options.html, |out| Ok(ErrorList::html(out))),
        ];
        let mut lists = Vec::new();
        for (path, begin) in wanted {
            let Some(path) = path else { continue };
            let list = begin(create(path)?).map_err(|source| write_failure(path, source))?;
            lists.push((path.clone(), list));
        }
        if lists.is_empty() {
            let path = PathBuf::from("標準出力");
            let out = Box::new(BufWriter::new(std::io::stdout().lock()));
            let list = ErrorList::csv(out as Box<dyn Write>);
            let list = list.map_err(|source| write_failure(&path, source))?;
            lists.push((path, list));
        }
        let changes = match &options.changes {
            Some(path) => {
                let list = ChangeList::new(create(path)?);
                let list = list.map_err(|source| write_failure(path, source))?;
                Some((path.clone(), list))
            }
            None => None,
        };
        Ok(Self { lists, changes })
    }

    fn add(&mut self, file: &Path, report: &kohyo_exchange::RecordReport) -> std::io::Result<()> {
        for (_, list) in &mut self.lists {
            list.add(file, report)?;
        }
        if let Some((_, changes)) = &mut self.changes {
            changes.add(file, report)?;
        }
        Ok(())
    }

    fn finish(self, summary: &Summary) -> Result<(), Failure> {
        for (path, list) in self.lists {
            list.finish(summary)
                .map_err(|source| write_failure(&path, source))?;
        }
        if let Some((path, changes)) = self.changes {
            let (_, count) = changes
                .finish()
                .map_err(|source| write_failure(&path, source))?;
            output::note(&format!("読み替えた値 {count} 件"));
        }
        Ok(())
    }
}

fn write_failure(path: &Path, source: std::io::Error) -> Failure {
    Failure::Write {
        path: path.to_owned(),
        source,
    }
}

fn create(path: &Path) -> Result<Box<dyn Write>, Failure> {
    let file = File::create(path).map_err(|source| Failure::Write {
        path: path.to_owned(),
        source,
    })?;
    Ok(Box::new(BufWriter::new(file)))
}

pub fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    // A wrong template would be a mistake of ours; the plain bar is good enough then.
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {percent:>3}%  {msg}  残り {eta}") {
        bar.set_style(style);
    }
    bar
}

fn print(summary: &Summary) {
    let results = &summary.results;
    output::note(&format!(
        "{} ファイル、{} 件: エラーのある記録 {} 件（エラー {}、警告 {}、情報 {}）",
        summary.files,
        summary.records,
        summary.records_with_errors,
        summary.errors,
        summary.warnings,
        summary.information
    ));
    output::note(&format!(
        "判定: 認定基準を満たす {}、軽症 {}、満たさない {}、判定不能 {}、判定できない記録 {}",
        results.eligible, results.mild, results.not_met, results.undetermined, results.not_judged
    ));
    if summary.eligible_by_previous > 0 {
        output::note(&format!(
            "このうち更新で、前の版の基準だけを満たすもの {}",
            summary.eligible_by_previous
        ));
    }
}

pub fn cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

pub fn parse_day(day: &str) -> Result<Date, Failure> {
    day.parse().map_err(|_| {
        Failure::Other(format!(
            "「{day}」は日付ではありません\n  2026-06-01 のように書いてください"
        ))
    })
}

/// The day by the clock of this machine.
pub fn today() -> Result<Date, Failure> {
    parse_day(&jiff::Zoned::now().date().to_string())
}
