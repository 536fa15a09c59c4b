//! `kohyo check-records`: records in bulk.

use crate::args::CheckRecordsArgs;
use crate::commands::judging::Judging;
use crate::commands::key::keys_folder;
use crate::disk::Failure;
use crate::interrupt;
use crate::output;
use indicatif::{ProgressBar, ProgressStyle};
use kohyo_engine::Date;
use kohyo_exchange::{ChangeList, ErrorList, Judged, Options, Summary, check_records, head};
use kohyo_tool::{KeyFolder, NewFile, Outputs, WrittenLists};
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

pub use crate::parallel::cores;

pub fn run(forms: Option<&Path>, options: &CheckRecordsArgs) -> Result<ExitCode, Failure> {
    let today = match &options.on {
        Some(day) => parse_day(day)?,
        None => today()?,
    };
    let judging = Judging::for_checks(forms, &options.release, options.keys.clone(), today)?;
    let threads = options
        .threads
        .and_then(NonZeroUsize::new)
        .unwrap_or_else(cores);
    interrupt::watch("一覧は書いていません");
    let mut lists = Lists::open(options, judging.forms.release())?;
    let mut judged = Judged::default();
    let written = written(options);
    let bar = progress_bar();
    let summary = check_records(
        &options.paths,
        &judging.forms,
        Options {
            today,
            threads,
            normalise: options.normalise,
            keep_records: false,
            except: &written,
        },
        |progress| {
            bar.set_length(progress.all_bytes);
            bar.set_position(progress.bytes);
            bar.set_message(format!(
                "{}/{} ファイル、{} 件",
                progress.files, progress.all_files, progress.records
            ));
        },
        |file, report| {
            judged.add(&report);
            lists.add(file, &report)
        },
    );
    bar.finish_and_clear();
    let summary = summary.map_err(|source| {
        let path = lists.lists.first().map(|(path, _)| path.clone());
        write_failure(&path.unwrap_or_default(), source)
    })?;
    judging.troubles()?;
    lists.finish(&summary, &written_lists(options.keys.clone()))?;
    print(&summary);
    judging.tell(&judged);
    Ok(super::found(summary.errors > 0 || summary.files == 0))
}

/// The lists that are being written, which may lie in a folder that is checked.
fn written(options: &CheckRecordsArgs) -> Vec<PathBuf> {
    let lists = [
        &options.csv,
        &options.json,
        &options.xlsx,
        &options.html,
        &options.changes,
    ];
    lists.into_iter().flatten().cloned().collect()
}

/// The error lists being written; the CSV goes to standard output if no file is named. They take
/// their places when all of them are whole.
struct Lists {
    lists: Vec<(PathBuf, ErrorList<NewFile>)>,
    changes: Option<(PathBuf, ChangeList<NewFile>)>,
    /// When what has been found so far was last handed on.
    flushed: Option<Instant>,
}

/// Named instead of a file, as elsewhere.
const STANDARD_OUTPUT: &str = "-";

pub fn is_output(path: &Path) -> bool {
    path.as_os_str() == STANDARD_OUTPUT
}

/// What goes to standard output can be read after so long, while the check goes on; files appear
/// when they are whole.
const FLUSH_AFTER: Duration = Duration::from_millis(250);

impl Lists {
    fn open(options: &CheckRecordsArgs, release: Option<&str>) -> Result<Self, Failure> {
        let lists = [&options.csv, &options.json, &options.xlsx, &options.html];
        // Without a named list the errors go there.
        let unnamed = usize::from(lists.iter().all(|path| path.is_none()));
        let named = written(options);
        if named.iter().filter(|path| is_output(path)).count() + unnamed > 1 {
            return Err(Failure::Other(
                "標準出力（-）に書ける一覧は一つだけです\n  ほかの一覧にはファイルを指定してください"
                    .to_owned(),
            ));
        }
        type Begin = fn(NewFile) -> io::Result<ErrorList<NewFile>>;
        let wanted: [(&Option<PathBuf>, &str, Begin); 4] = [
            (&options.csv, head::CSV, ErrorList::csv),
            (&options.json, head::JSON, ErrorList::json),
            (&options.xlsx, head::XLSX, ErrorList::xlsx),
            (&options.html, head::HTML, |out| Ok(ErrorList::html(out))),
        ];
        let mut outputs = Outputs::of(&options.paths);
        for (path, head, _) in wanted {
            if let Some(path) = path.as_deref().filter(|path| !is_output(path)) {
                outputs.list(path, head.as_bytes())?;
            }
        }
        let changes = options.changes.as_deref();
        if let Some(path) = changes.filter(|path| !is_output(path)) {
            outputs.list(path, head::CSV.as_bytes())?;
        }
        let mut lists = Vec::new();
        for (path, _, begin) in wanted {
            let Some(path) = path else { continue };
            let list = create(path)
                .and_then(begin)
                .map_err(|source| write_failure(path, source))?;
            lists.push((path.clone(), list.of_release(release)));
        }
        if lists.is_empty() {
            let path = PathBuf::from("標準出力");
            let list = ErrorList::csv(NewFile::standard_output());
            let list = list.map_err(|source| write_failure(&path, source))?;
            lists.push((path, list));
        }
        let changes = match &options.changes {
            Some(path) => {
                let list = create(path).and_then(ChangeList::new);
                let list = list.map_err(|source| write_failure(path, source))?;
                Some((path.clone(), list))
            }
            None => None,
        };
        Ok(Self {
            lists,
            changes,
            flushed: None,
        })
    }

    fn add(&mut self, file: &Path, report: &kohyo_exchange::RecordReport) -> std::io::Result<()> {
        for (_, list) in &mut self.lists {
            list.add(file, report)?;
        }
        if let Some((_, changes)) = &mut self.changes {
            changes.add(file, report)?;
        }
        let late = |flushed: Instant| flushed.elapsed() >= FLUSH_AFTER;
        if !report.findings.is_empty() && self.flushed.is_none_or(late) {
            for (_, list) in &mut self.lists {
                list.flush()?;
            }
            self.flushed = Some(Instant::now());
        }
        Ok(())
    }

    fn finish(self, summary: &Summary, older: &WrittenLists) -> Result<(), Failure> {
        let mut whole = Vec::new();
        for (path, list) in self.lists {
            match list.finish(summary) {
                Ok(file) => whole.push((path, file)),
                Err(source) => return Err(write_failure(&path, source)),
            }
        }
        if let Some((path, changes)) = self.changes {
            let (file, count) = changes
                .finish()
                .map_err(|source| write_failure(&path, source))?;
            output::note(&format!("読み替えた値 {count} 件"));
            whole.push((path, file));
        }
        put(whole, older)
    }
}

/// Lists that are whole take their places; older ones that somebody has changed are kept.
pub fn put(lists: Vec<(PathBuf, NewFile)>, older: &WrittenLists) -> Result<(), Failure> {
    for (path, mut file) in lists {
        let kept = file
            .sync()
            .and_then(|()| older.replace(&path, || file.finish()))
            .map_err(|source| write_failure(&path, source))?;
        if let Some(kept) = kept {
            output::note(&format!(
                "{} にあったものは、この道具が書いたままではないため、{} に残しました",
                path.display(),
                kept.display()
            ));
        }
    }
    Ok(())
}

/// The lists that were written before; they are remembered beside the keys.
pub fn written_lists(keys: Option<PathBuf>) -> WrittenLists {
    let folder = keys_folder(keys).ok();
    WrittenLists::new(folder.as_ref().map(KeyFolder::path))
}

fn write_failure(path: &Path, source: io::Error) -> Failure {
    Failure::Write {
        path: path.to_owned(),
        source,
    }
}

/// The file, or for `-` standard output.
fn create(path: &Path) -> io::Result<NewFile> {
    if is_output(path) {
        return Ok(NewFile::standard_output());
    }
    NewFile::public(path)
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
        "{} ファイル、{} 件: エラーのある個票 {} 件（エラー {}、警告 {}、情報 {}）",
        summary.files,
        summary.records,
        summary.records_with_errors,
        summary.errors,
        summary.warnings,
        summary.information
    ));
    output::note(&format!(
        "判定: 認定基準を満たす {}、軽症 {}、満たさない {}、判定不能 {}、判定できない個票 {}",
        results.eligible, results.mild, results.not_met, results.undetermined, results.not_judged
    ));
    if summary.eligible_by_previous > 0 {
        output::note(&format!(
            "このうち更新で、前の版の基準だけを満たすもの {}",
            summary.eligible_by_previous
        ));
    }
    tell_broken(summary);
    tell_unread(summary);
}

/// So many files are named.
const NAMED: usize = 5;

/// Names the first of the files that could not be read as a whole, with the reason.
pub fn tell_broken(summary: &Summary) {
    let broken = &summary.broken;
    if broken.is_empty() {
        return;
    }
    let named: Vec<String> = broken.iter().take(NAMED).map(ToString::to_string).collect();
    let more = match broken.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("\n  ほか {more} 件"),
    };
    output::note(&format!(
        "読み切れなかったファイル {} 件:\n  {}{more}\n  直すか、指定から外して、もう一度実行してください",
        broken.len(),
        named.join("\n  ")
    ));
}

/// Names the first of the files that were passed over.
pub fn tell_unread(summary: &Summary) {
    let unread = &summary.unread;
    if unread.is_empty() {
        return;
    }
    let named: Vec<&str> = unread.iter().map(String::as_str).take(NAMED).collect();
    let more = match unread.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("、ほか {more} 件"),
    };
    output::note(&format!(
        "読まなかったファイル {} 件: {}{more}\n  XML、CSV、FHIRのJSON、ZIPのどれでもありません。個票が入っていないか確かめてください",
        unread.len(),
        named.join("、")
    ));
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
