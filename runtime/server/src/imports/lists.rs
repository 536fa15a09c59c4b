//! What came of the records, as lists: the error list is the one the check tool writes.

use super::outcome::{findings_place, name_of};
use crate::error::Error;
use crate::handlers::records::unseal;
use crate::start::App;
use crate::store::imports::{self, Entry, Import};
use kohyo_engine::ResultKind;
use kohyo_exchange::{ErrorList, RecordFinding, RecordReport, Summary};
use serde::Serialize;
use std::path::Path;

/// Entries read at a time.
const PAGE: i64 = 500;

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    Json,
}

impl Format {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    pub(crate) fn mime(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// The findings of an entry.
pub(crate) fn findings(
    app: &App,
    import: &Import,
    entry: &Entry,
) -> Result<Vec<RecordFinding>, Error> {
    match &entry.sealed_findings {
        None => Ok(Vec::new()),
        Some(sealed) => unseal(
            app,
            findings_place(&import.hospital, &import.id, entry.seq),
            sealed,
        ),
    }
}

/// The report that an entry was made from.
pub(crate) fn report(app: &App, import: &Import, entry: &Entry) -> Result<RecordReport, Error> {
    let kind = |name: &Option<String>| name.as_deref().and_then(result);
    let library = app.library();
    Ok(RecordReport::kept(
        u64::try_from(entry.number).unwrap_or(0),
        kind(&entry.result),
        kind(&entry.previous),
        entry.stopped != 0,
        findings(app, import, entry)?,
        library.get(&entry.form_key, &entry.form_edition),
    ))
}

fn result(name: &str) -> Option<ResultKind> {
    use ResultKind::{Eligible, Mild, NotMet, Undetermined};
    [Eligible, Mild, NotMet, Undetermined]
        .into_iter()
        .find(|kind| kind.name() == name)
}

/// The error list of an import, byte for byte that of `kohyo check-records` on the same file.
pub(crate) async fn errors(app: &App, import: &Import, format: Format) -> Result<Vec<u8>, Error> {
    let name = name_of(app, import)?;
    let failed = |error: std::io::Error| Error::Internal(error.to_string());
    let mut list = match format {
        Format::Csv => ErrorList::csv(Vec::new()),
        Format::Json => ErrorList::json(Vec::new()),
    }
    .map_err(failed)?;
    let mut summary = Summary {
        files: 1,
        ..Summary::default()
    };
    each(app, import, |entry| {
        let report = report(app, import, &entry)?;
        summary.add_of(Path::new(&name), &report);
        list.add(Path::new(&name), &report).map_err(failed)
    })
    .await?;
    list.finish(&summary).map_err(failed)
}

/// What came of one record, as lists have it.
#[derive(Serialize)]
struct Line {
    number: i64,
    outcome: String,
    record: Option<String>,
    form: String,
    edition: String,
    result: Option<String>,
    previous: Option<String>,
    errors: usize,
    warnings: usize,
}

/// What came of each record of an import, in the order of the file.
pub(crate) async fn records(app: &App, import: &Import, format: Format) -> Result<Vec<u8>, Error> {
    let mut lines = Vec::new();
    each(app, import, |entry| {
        if entry.number == 0 {
            return Ok(());
        }
        let findings = findings(app, import, &entry)?;
        let count = |level| findings.iter().filter(|f| f.level == level).count();
        lines.push(Line {
            errors: count(kohyo_engine::program::Level::Error),
            warnings: count(kohyo_engine::program::Level::Warning),
            number: entry.number,
            outcome: entry.outcome,
            record: entry.record,
            form: entry.form_key,
            edition: entry.form_edition,
            result: entry.result,
            previous: entry.previous,
        });
        Ok(())
    })
    .await?;
    let failed = |error: String| Error::Internal(error);
    match format {
        Format::Json => serde_json::to_vec(&lines).map_err(|e| failed(e.to_string())),
        Format::Csv => table(&lines).map_err(|e| failed(e.to_string())),
    }
}

const COLUMNS: [&str; 9] = [
    "レコード番号",
    "結果",
    "個票の番号",
    "様式",
    "版",
    "機械判定",
    "前の版の機械判定",
    "エラー",
    "警告",
];

fn table(lines: &[Line]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(COLUMNS)?;
    for line in lines {
        let word = |name: &Option<String>| {
            name.as_deref()
                .and_then(result)
                .map_or("", ResultKind::label)
                .to_owned()
        };
        let cells = [
            line.number.to_string(),
            outcome_label(&line.outcome).to_owned(),
            line.record.clone().unwrap_or_default(),
            line.form.clone(),
            line.edition.clone(),
            word(&line.result),
            word(&line.previous),
            line.errors.to_string(),
            line.warnings.to_string(),
        ];
        writer.write_record(
            cells
                .iter()
                .map(|cell| kohyo_exchange::harmless(cell).into_owned()),
        )?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

/// What came of a record, in words.
pub(crate) fn outcome_label(name: &str) -> &'static str {
    match name {
        "registered" => "登録",
        "duplicate" => "重複（同じ内容の個票が登録されています）",
        "held" => "エラーなし（登録していません）",
        "refused" => "エラー（登録していません）",
        "staged" => "登録中",
        _ => "",
    }
}

/// Calls a function with each entry, in the order of the file.
async fn each(
    app: &App,
    import: &Import,
    mut on_entry: impl FnMut(Entry) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let entries = imports::entries(&app.db, &import.id, after, PAGE).await?;
        let Some(last) = entries.last() else {
            return Ok(());
        };
        after = last.seq;
        for entry in entries {
            on_entry(entry)?;
        }
    }
}
