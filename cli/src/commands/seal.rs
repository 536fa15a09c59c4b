//! `kohyo seal`: records that have no error → a sealed container.

use crate::args::SealArgs;
use crate::commands::check_records::{cores, parse_day, progress_bar, today};
use crate::commands::key::{VERSION, keys_folder, now, usable};
use crate::commands::passphrase;
use crate::disk::{Failure, Workspace, replace_with};
use crate::output;
use kohyo_exchange::seal::{BoxError, Contents};
use kohyo_exchange::{ChangeList, ErrorList, Library, Options, Pack, check_records};
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;
use std::process::ExitCode;

pub fn run(workspace: &Workspace, args: &SealArgs) -> Result<ExitCode, Failure> {
    // The key first: an hour of checking is lost if there is none.
    let key_file = usable(&keys_folder(args.keys.keys.clone())?)?;
    let key = key_file
        .unlock(&passphrase::existing(&args.passphrase, "鍵ファイル")?)
        .map_err(|e| passphrase::failure(&e))?;
    let library =
        Library::new(super::forms(workspace)?).map_err(|e| Failure::Other(e.to_string()))?;
    let release = format!("forms-{}", library.fingerprint());

    let packed = match pack(&library, args)? {
        Packed::Records { payload, records } => (payload, records),
        Packed::Errors => {
            output::note(
                "封緘していません: エラーのある個票があります\n  直すか、`--skip-errors` で除いてください",
            );
            return Ok(super::found(true));
        }
        Packed::Nothing => {
            output::note("封緘していません: エラーのない個票がありません");
            return Ok(super::found(true));
        }
    };
    let (payload, records) = packed;
    let contents = Contents {
        payload: &payload,
        records,
        created: now(),
        tool: &format!("kohyo {VERSION}"),
        release: &release,
    };
    let mut refused = None;
    let written = replace_with(&args.out, |out| {
        let mut out = BufWriter::new(out);
        match kohyo_exchange::seal::seal(&contents, &key, &mut rand::rng(), &mut out) {
            Ok(_) => Ok(()),
            Err(BoxError::Io(error)) => Err(error),
            Err(other) => {
                refused = Some(other);
                Err(io::Error::other("not sealed"))
            }
        }
    });
    if let Some(error) = refused {
        return Err(Failure::Other(format!("{error}\n  {}", error.help())));
    }
    written.map_err(|source| write_failure(&args.out, source))?;
    output::note(&format!(
        "個票 {records} 件を {} に封緘しました（医療機関 {}、鍵 {}）",
        args.out.display(),
        key.certificate().name(),
        key.certificate().kid()
    ));
    Ok(ExitCode::SUCCESS)
}

enum Packed {
    Records { payload: Vec<u8>, records: u32 },
    Errors,
    Nothing,
}

/// Checks the records and packs those without errors.
fn pack(library: &Library, args: &SealArgs) -> Result<Packed, Failure> {
    let today = match &args.on {
        Some(day) => parse_day(day)?,
        None => today()?,
    };
    let options = Options {
        today,
        threads: cores(),
        normalise: args.normalise,
        keep_records: true,
    };
    let too_many = |error: kohyo_exchange::PackError| {
        Failure::Other(format!("{error}\n  いくつかに分けて封緘してください"))
    };
    let mut pack = Pack::new().map_err(too_many)?;
    let mut list = Listed::open(args)?;
    let mut full = None;
    let bar = progress_bar();
    let summary = check_records(
        &args.paths,
        library,
        options,
        |progress| {
            bar.set_length(progress.all_bytes);
            bar.set_position(progress.bytes);
            bar.set_message(format!("{} 件", progress.records));
        },
        |file, report| {
            list.found(file, &report)?;
            if let (Some(form), Some(record), false) =
                (&report.form, &report.record, report.has_errors())
            {
                if let Err(error) = pack.add(form, record) {
                    full = Some(error);
                    return Err(io::ErrorKind::StorageFull.into());
                }
                list.packed(file, &report)?;
            }
            Ok(())
        },
    );
    bar.finish_and_clear();
    if let Some(error) = full {
        return Err(too_many(error));
    }
    let summary = summary.map_err(|source| write_failure(&args.out, source))?;
    list.finish(&summary, args)?;
    if summary.errors > 0 {
        output::note(&format!(
            "エラー {} 件（エラーのある個票 {} 件）",
            summary.errors, summary.records_with_errors
        ));
        if !args.skip_errors {
            return Ok(Packed::Errors);
        }
    }
    let (payload, records) = pack.finish().map_err(too_many)?;
    Ok(match records {
        0 => Packed::Nothing,
        records => Packed::Records { payload, records },
    })
}

/// The lists that stay in the hospital: what was found, and which file became which record.
struct Listed {
    errors: Option<ErrorList<BufWriter<File>>>,
    records: Option<csv::Writer<BufWriter<File>>>,
    changes: Option<ChangeList<BufWriter<File>>>,
    next: u64,
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
            next: 0,
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

    fn packed(&mut self, file: &Path, report: &kohyo_exchange::RecordReport) -> io::Result<()> {
        self.next += 1;
        let Some(writer) = &mut self.records else {
            return Ok(());
        };
        let row = [
            self.next.to_string(),
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
