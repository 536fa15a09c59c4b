//! `kohyo seal`: records that have no error → a sealed container.

use crate::args::SealArgs;
use crate::commands::check_records::{cores, parse_day, progress_bar, today};
use crate::commands::key::{VERSION, keys_folder, now};
use crate::commands::passphrase;
use crate::disk::{Failure, Workspace};
use crate::output;
use kohyo_exchange::{ChangeList, ErrorList, Library, Options};
use kohyo_tool::{SealRequest, Sealed, seal_records};
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;
use std::process::ExitCode;

pub fn run(workspace: &Workspace, args: &SealArgs) -> Result<ExitCode, Failure> {
    // The key first: an hour of checking is lost if there is none.
    let key_file = keys_folder(args.keys.keys.clone())?.usable(now(), VERSION)?;
    let key = key_file
        .unlock(&passphrase::existing(&args.passphrase, "鍵ファイル")?)
        .map_err(|e| passphrase::failure(&e))?;
    let library =
        Library::new(super::forms(workspace)?).map_err(|e| Failure::Other(e.to_string()))?;
    let today = match &args.on {
        Some(day) => parse_day(day)?,
        None => today()?,
    };
    let request = SealRequest {
        paths: &args.paths,
        out: &args.out,
        options: Options {
            today,
            threads: cores(),
            normalise: args.normalise,
            keep_records: true,
        },
        skip_errors: args.skip_errors,
        now: now(),
        tool: format!("kohyo {VERSION}"),
    };
    let mut list = Listed::open(args)?;
    let bar = progress_bar();
    let sealed = seal_records(
        &request,
        &library,
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
    let (sealed, summary) = sealed?;
    list.finish(&summary, args)?;
    if summary.errors > 0 {
        output::note(&format!(
            "エラー {} 件（エラーのある個票 {} 件）",
            summary.errors, summary.records_with_errors
        ));
    }
    match sealed {
        Sealed::Records(records) => output::note(&format!(
            "個票 {records} 件を {} に封緘しました（医療機関 {}、鍵 {}）",
            args.out.display(),
            key.certificate().name(),
            key.certificate().kid()
        )),
        Sealed::Errors => output::note(
            "封緘していません: エラーのある個票があります\n  直すか、`--skip-errors` で除いてください",
        ),
        Sealed::Nothing => output::note("封緘していません: エラーのない個票がありません"),
    }
    Ok(super::found(!matches!(sealed, Sealed::Records(_))))
}

/// The lists that stay in the hospital: what was found, and which file became which record.
struct Listed {
    errors: Option<ErrorList<BufWriter<File>>>,
    records: Option<csv::Writer<BufWriter<File>>>,
    changes: Option<ChangeList<BufWriter<File>>>,
}

impl Listed {
    fn open(args: &SealArgs) -> Result<Self, Failure> {
        let create = |path: &Path| {
            File::create(path)
                .map(BufWriter::new)
                .map_err(|source| write_failure(path, source))
        };
        let errors = args.csv.as_deref().map(|path| {
            ErrorList::csv(create(path)?).map_err(|source| write_failure(path, source))
        });
        let records = args.list.as_deref().map(|path| {
            let mut out = create(path)?;
            let begin =
                |out: &mut BufWriter<File>| io::Write::write_all(out, "\u{feff}".as_bytes());
            begin(&mut out).map_err(|source| write_failure(path, source))?;
            let mut writer = csv::Writer::from_writer(out);
            writer
                .write_record(["封緘ファイルの番号", "元のファイル", "ファイルの中の番号"])
                .map_err(|error| write_failure(path, error.into()))?;
            Ok::<_, Failure>(writer)
        });
        let changes = args.changes.as_deref().map(|path| {
            ChangeList::new(create(path)?).map_err(|source| write_failure(path, source))
        });
        Ok(Self {
            changes: changes.transpose()?,
            errors: errors.transpose()?,
            records: records.transpose()?,
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
        if let (Some(list), Some(path)) = (self.errors, &args.csv) {
            list.finish(summary)
                .map_err(|source| write_failure(path, source))?;
        }
        if let (Some(mut writer), Some(path)) = (self.records, &args.list) {
            writer
                .flush()
                .map_err(|source| write_failure(path, source))?;
        }
        if let (Some(changes), Some(path)) = (self.changes, &args.changes) {
            let (_, count) = changes
                .finish()
                .map_err(|source| write_failure(path, source))?;
            output::note(&format!("読み替えた値 {count} 件"));
        }
        Ok(())
    }
}

fn write_failure(path: &Path, source: io::Error) -> Failure {
    Failure::Write {
        path: path.to_owned(),
        source,
    }
}
