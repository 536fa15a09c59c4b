//! `kohyo convert`: records in another format, whatever they come in.

use super::check_records::{
    cores, progress_bar, put, tell_broken, tell_unread, today, written_lists,
};
use super::judging::Judging;
use crate::args::{ConvertArgs, RecordFormat};
use crate::disk::{Failure, make_folder};
use crate::interrupt;
use crate::output;
use kohyo_engine::{Form, written};
use kohyo_exchange::{
    ChangeList, CsvWriter, Heading, Options, RecordReport, RecordWriter, RecordsWriter,
    ResponseWriter, check_records, head,
};
use kohyo_tool::{NewFile, Outputs, ToolError};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Writes every record that can be read to its end; the others are named and left out. Nothing is
/// written if a file could not be read as a whole.
pub fn run(forms: Option<&Path>, args: &ConvertArgs) -> Result<ExitCode, Failure> {
    let (paths, out, keys) = (&args.paths, args.out.as_path(), &args.judged.keys);
    let on = today()?;
    let judging = Judging::open(forms, &args.judged.release, keys.clone(), on)?;
    make_folder(out)?;
    let mut outputs = Outputs::of(paths);
    let mut changes = match &args.changes {
        Some(path) => {
            outputs.list(path, head::CSV.as_bytes())?;
            let list = NewFile::public(path).and_then(ChangeList::new);
            Some(list.map_err(|source| Failure::Write {
                path: path.clone(),
                source,
            })?)
        }
        None => None,
    };
    let mut writers = Writers {
        to: args.to,
        out,
        outputs,
        refused: None,
        open: BTreeMap::new(),
        written: 0,
    };
    interrupt::watch("ファイルは書いていません");
    let mut left = 0;
    let bar = progress_bar();
    let outcome = check_records(
        paths,
        &judging.forms,
        Options {
            today: on,
            threads: cores(),
            normalise: args.normalise,
            keep_records: true,
            except: args.changes.as_slice(),
        },
        |progress| {
            bar.set_length(progress.all_bytes);
            bar.set_position(progress.bytes);
            bar.set_message(format!("{} 件", progress.records));
        },
        |file, report| {
            if let Some(changes) = &mut changes {
                changes.add(file, &report)?;
            }
            if report.whole && report.record.is_some() {
                return writers.add(&report);
            }
            left += u64::from(report.number > 0);
            bar.suspend(|| output::note(&told(file, &report)));
            Ok(())
        },
    );
    bar.finish_and_clear();
    judging.troubles()?;
    let count = writers.written;
    if let Some(refused) = writers.refused {
        return Err(refused.into());
    }
    let failed = |source| Failure::Write {
        path: out.to_owned(),
        source,
    };
    let summary = outcome.map_err(failed)?;
    if !summary.broken.is_empty() {
        tell_broken(&summary);
        output::note("書いていません: 読み切れなかったファイルがあります");
        return Ok(super::found(true));
    }
    let mut whole = writers.finish().map_err(failed)?;
    if let (Some(changes), Some(path)) = (changes, &args.changes) {
        let (file, count) = changes.finish().map_err(failed)?;
        output::note(&format!("読み替えた値 {count} 件"));
        whole.push((path.clone(), file));
    }
    put(whole, &written_lists(keys.clone()))?;
    output::note(&format!(
        "{} に {count} 件の個票を書きました",
        out.display()
    ));
    tell_unread(&summary);
    if left > 0 {
        output::note(&format!(
            "読み取れないところのある個票など {left} 件は書いていません。`kohyo check-records` で確かめてください"
        ));
    }
    Ok(super::found(left > 0 || count == 0))
}

/// What is wrong with a record that is left out, or with a file.
fn told(file: &Path, report: &RecordReport) -> String {
    let found = report.findings.first().map(ToString::to_string);
    let found = found.unwrap_or_default();
    match report.number {
        0 => format!("{}: {found}", file.display()),
        number => format!("{} の {number} 件目は書きません: {found}", file.display()),
    }
}

/// One open file for each form, or one for all.
struct Writers<'a> {
    to: RecordFormat,
    out: &'a Path,
    outputs: Outputs,
    /// Why one of the files may not be written.
    refused: Option<ToolError>,
    open: BTreeMap<String, Writer>,
    written: u64,
}

enum Writer {
    Xml(Box<RecordsWriter<NewFile>>, BTreeMap<String, RecordWriter>),
    Csv(Box<CsvWriter<NewFile>>),
    Fhir(NewFile),
}

impl Writers<'_> {
    fn add(&mut self, report: &RecordReport) -> io::Result<()> {
        let (Some(form), Some(record)) = (&report.form, &report.record) else {
            return Ok(());
        };
        let program = form.program();
        let stem = format!("{}-{}", program.key, program.edition);
        let name = match self.to {
            RecordFormat::Xml => "records.xml".to_owned(),
            RecordFormat::Csv => format!("{stem}.csv"),
            RecordFormat::Fhir => format!("{stem}.ndjson"),
        };
        if !self.open.contains_key(&name) {
            let writer = self.begin(&name, form)?;
            self.open.insert(name.clone(), writer);
        }
        let heading = Heading {
            application: record.application,
            written: record.written,
        };
        let values = written(form, &record.answers);
        match self.open.get_mut(&name) {
            Some(Writer::Xml(writer, layouts)) => {
                let layout = layouts
                    .entry(stem)
                    .or_insert_with(|| RecordWriter::new(form));
                writer
                    .write(layout, heading, &values)
                    .map_err(io::Error::other)?;
            }
            Some(Writer::Csv(writer)) => writer.write(heading, &values)?,
            Some(Writer::Fhir(out)) => ResponseWriter::new(form)
                .write_line(heading, &values, out)
                .map_err(io::Error::other)?,
            None => {}
        }
        self.written += 1;
        Ok(())
    }

    fn begin(&mut self, name: &str, form: &Arc<Form>) -> io::Result<Writer> {
        let path = self.out.join(name);
        if let Err(refused) = self.outputs.file(&path) {
            self.refused = Some(refused);
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let out = NewFile::public(&path)?;
        Ok(match self.to {
            RecordFormat::Xml => {
                let writer = RecordsWriter::new(out).map_err(io::Error::other)?;
                Writer::Xml(Box::new(writer), BTreeMap::new())
            }
            RecordFormat::Csv => Writer::Csv(Box::new(CsvWriter::new(form, out)?)),
            RecordFormat::Fhir => Writer::Fhir(out),
        })
    }

    /// The files, when all of them are whole.
    fn finish(self) -> io::Result<Vec<(PathBuf, NewFile)>> {
        let mut whole = Vec::new();
        for (name, writer) in self.open {
            let mut file = match writer {
                Writer::Xml(writer, _) => writer.finish().map_err(io::Error::other)?,
                Writer::Csv(writer) => writer.finish()?,
                Writer::Fhir(out) => out,
            };
            file.sync()?;
            whole.push((self.out.join(name), file));
        }
        Ok(whole)
    }
}
