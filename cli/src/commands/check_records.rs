//! `kohyo check-records`: record XML in bulk.

use crate::disk::{Failure, Workspace};
use crate::output;
use indicatif::{ProgressBar, ProgressStyle};
use kohyo_engine::Date;
use kohyo_exchange::{ErrorList, Library, Options as BulkOptions, Summary, check_records};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where the error lists go and how the records are judged.
pub struct Options {
    pub csv: Option<PathBuf>,
    pub json: Option<PathBuf>,
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
        BulkOptions { today, threads },
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
    let summary = summary.map_err(|source| lists.failure(source))?;
    lists.finish(&summary)?;
    print(&summary);
    Ok(super::found(summary.errors > 0 || summary.files == 0))
}

/// The error lists being written; the CSV goes to standard output if no file is named.
struct Lists {
    csv: Option<ErrorList<Box<dyn Write>>>,
    json: Option<ErrorList<Box<dyn Write>>>,
    path: PathBuf,
}

impl Lists {
    fn open(options: &Options) -> Result<Self, Failure> {
        let path = options
            .csv
            .clone()
            .or_else(|| options.json.clone())
            .unwrap_or_else(|| PathBuf::from("標準出力"));
        let fail = |source| Failure::Write {
            path: path.clone(),
            source,
        };
        let csv: Option<Box<dyn Write>> = match (&options.csv, &options.json) {
            (Some(path), _) => Some(create(path)?),
            (None, None) => Some(Box::new(BufWriter::new(std::io::stdout().lock()))),
            (None, Some(_)) => None,
        };
        let json = options.json.as_deref().map(create).transpose()?;
        let csv = csv.map(ErrorList::csv).transpose().map_err(fail)?;
        let json = json.map(ErrorList::json).transpose().map_err(fail)?;
        Ok(Self { csv, json, path })
    }

    fn add(&mut self, file: &Path, report: &kohyo_exchange::RecordReport) -> std::io::Result<()> {
        for list in self.csv.iter_mut().chain(&mut self.json) {
            list.add(file, report)?;
        }
        Ok(())
    }

    fn finish(self, summary: &Summary) -> Result<(), Failure> {
        let path = self.path;
        for list in self.csv.into_iter().chain(self.json) {
            list.finish(summary).map_err(|source| Failure::Write {
                path: path.clone(),
                source,
            })?;
        }
        Ok(())
    }

    fn failure(&self, source: std::io::Error) -> Failure {
        Failure::Write {
            path: self.path.clone(),
            source,
        }
    }
}

fn create(path: &Path) -> Result<Box<dyn Write>, Failure> {
    let file = File::create(path).map_err(|source| Failure::Write {
        path: path.to_owned(),
        source,
    })?;
    Ok(Box::new(BufWriter::new(file)))
}

fn progress_bar() -> ProgressBar {
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

fn cores() -> NonZeroUsize {
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
