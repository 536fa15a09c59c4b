//! `kohyo seal`: records that have no error → a sealed container.

use crate::args::SealArgs;
use crate::commands::check_records::{
    cores, is_output, parse_day, progress_bar, put, tell_broken, tell_unread, today, written_lists,
};
use crate::commands::judging::Judging;
use crate::commands::key::{VERSION, keys_folder, now, parse_kid};
use crate::commands::passphrase;
use crate::disk::Failure;
use crate::interrupt;
use crate::output;
use kohyo_exchange::{ChangeList, ErrorList, Options, head};
use kohyo_tool::{NewFile, Outputs, SealRequest, Sealed, seal_records};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub fn run(forms: Option<&Path>, args: &SealArgs) -> Result<ExitCode, Failure> {
    outputs(args)?;
    // The key first: an hour of checking is lost if there is none.
    let kid = args.kid.as_deref().map(parse_kid).transpose()?;
    let key_file = keys_folder(args.keys.keys.clone())?.usable(now(), VERSION, kid)?;
    let key = key_file
        .unlock(&passphrase::existing(&args.passphrase, "鍵ファイル")?)
        .map_err(|e| passphrase::failure(&e))?;
    let today = match &args.on {
        Some(day) => parse_day(day)?,
        None => today()?,
    };
    let judging = Judging::open(forms, &args.release, args.keys.keys.clone(), today)?;
    let lists = [&args.csv, &args.changes, &args.list];
    let written: Vec<PathBuf> = lists.into_iter().flatten().cloned().collect();
    let request = SealRequest {
        paths: &args.paths,
        out: &args.out,
        options: Options {
            today,
            threads: cores(),
            normalise: args.normalise,
            keep_records: true,
            except: &written,
        },
        skip_errors: args.skip_errors,
        now: now(),
        tool: format!("kohyo {VERSION}"),
    };
    interrupt::watch("封緘しておらず、一覧も書いていません");
    let mut list = Listed::open(args)?;
    let bar = progress_bar();
    let sealed = seal_records(
        &request,
        &judging.forms,
        &key,
        |progress| {
            bar.set_length(progress.all_bytes);
            bar.set_position(progress.bytes);
            bar.set_message(format!("{} 件", progress.records));
        },
        |file, report, number| {
            list.found(file, report)?;
            match number {
                Some(number) => list.packed(file, report, number),
                None => Ok(()),
            }
        },
    );
    bar.finish_and_clear();
    judging.troubles()?;
    let (sealed, summary) = sealed?;
    list.finish(&summary, args)?;
    if summary.errors > 0 {
        output::note(&format!(
            "エラー {} 件（エラーのある個票 {} 件）",
            summary.errors, summary.records_with_errors
        ));
    }
    tell_broken(&summary);
    tell_unread(&summary);
    judging.tell_source();
    match sealed {
        Sealed::Records(records) => output::note(&format!(
            "個票 {records} 件を {} に封緘しました（医療機関 {}、鍵 {}）",
            args.out.display(),
            key.certificate().name(),
            key.certificate().kid()
        )),
        Sealed::Broken => output::note(
            "封緘していません: 読み切れなかったファイルがあります\n  `--skip-errors` で除けるのはエラーのある個票だけで、ファイルの一部だけを封緘することはありません",
        ),
        Sealed::Errors => output::note(
            "封緘していません: エラーのある個票があります\n  直すか、`--skip-errors` で除いてください",
        ),
        Sealed::Nothing => output::note("封緘していません: エラーのない個票がありません"),
    }
    Ok(super::found(!matches!(sealed, Sealed::Records(_))))
}

/// How the list of the records begins.
const RECORDS: [&str; 3] = ["封緘ファイルの番号", "元のファイル", "ファイルの中の番号"];
const BOM: &str = "\u{feff}";

/// Refuses what would destroy something, before an hour of checking.
fn outputs(args: &SealArgs) -> Result<(), Failure> {
    let mut outputs = Outputs::of(&args.paths);
    outputs.fresh(&args.out)?;
    let records = format!("{BOM}{}", RECORDS.join(","));
    let lists = [
        (&args.csv, head::CSV),
        (&args.changes, head::CSV),
        (&args.list, &records),
    ];
    for (path, head) in lists {
        if let Some(path) = path {
            if is_output(path) {
                return Err(Failure::Other(
                    "`seal` の一覧は標準出力に書けません\n  ファイルの名前を指定してください"
                        .to_owned(),
                ));
            }
            outputs.list(path, head.as_bytes())?;
        }
    }
    Ok(())
}

/// The lists that stay in the hospital: what was found, and which file became which record.
struct Listed {
    errors: Option<ErrorList<NewFile>>,
    records: Option<csv::Writer<NewFile>>,
    changes: Option<ChangeList<NewFile>>,
}

impl Listed {
    fn open(args: &SealArgs) -> Result<Self, Failure> {
        let records = |mut out: NewFile| {
            out.write_all(BOM.as_bytes())?;
            let mut writer = csv::Writer::from_writer(out);
            writer.write_record(RECORDS)?;
            Ok(writer)
        };
        Ok(Self {
            errors: begin(&args.csv, ErrorList::csv)?,
            records: begin(&args.list, records)?,
            changes: begin(&args.changes, ChangeList::new)?,
        })
    }

    fn found(&mut self, file: &Path, report: &kohyo_exchange::RecordReport) -> io::Result<()> {
        if let Some(changes) = &mut self.changes {
            changes.add(file, report)?;
        }
        match &mut self.errors {
            Some(list) => list.add(file, report),
            None => Ok(()),
        }
    }

    fn packed(
        &mut self,
        file: &Path,
        report: &kohyo_exchange::RecordReport,
        number: u64,
    ) -> io::Result<()> {
        let Some(writer) = &mut self.records else {
            return Ok(());
        };
        let row = [
            number.to_string(),
            kohyo_exchange::harmless(&file.to_string_lossy()).into_owned(),
            report.number.to_string(),
        ];
        Ok(writer.write_record(row)?)
    }

    fn finish(self, summary: &kohyo_exchange::Summary, args: &SealArgs) -> Result<(), Failure> {
        let mut whole = Vec::new();
        if let (Some(list), Some(path)) = (self.errors, &args.csv) {
            let file = list.finish(summary);
            whole.push((
                path.clone(),
                file.map_err(|source| write_failure(path, source))?,
            ));
        }
        if let (Some(writer), Some(path)) = (self.records, &args.list) {
            let file = writer.into_inner().map_err(csv::IntoInnerError::into_error);
            whole.push((
                path.clone(),
                file.map_err(|source| write_failure(path, source))?,
            ));
        }
        if let (Some(changes), Some(path)) = (self.changes, &args.changes) {
            let finished = changes.finish();
            let (file, count) = finished.map_err(|source| write_failure(path, source))?;
            output::note(&format!("読み替えた値 {count} 件"));
            whole.push((path.clone(), file));
        }
        put(whole, &written_lists(args.keys.keys.clone()))
    }
}

/// A list that is wanted.
fn begin<L>(
    path: &Option<PathBuf>,
    list: impl FnOnce(NewFile) -> io::Result<L>,
) -> Result<Option<L>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let begun = NewFile::public(path).and_then(list);
    begun
        .map(Some)
        .map_err(|source| write_failure(path, source))
}

fn write_failure(path: &Path, source: io::Error) -> Failure {
    Failure::Write {
        path: path.to_owned(),
        source,
    }
}
