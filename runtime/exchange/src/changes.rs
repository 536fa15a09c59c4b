//! What was read otherwise than it was written → a list for people.

use crate::check::RecordReport;
use crate::errorlist::harmless;
use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

/// The heads of the columns.
const COLUMNS: [&str; 9] = [
    "ファイル名",
    "レコード番号",
    "XMLパス",
    "項目",
    "元の値",
    "読み取った値",
    "内容",
    "行",
    "文字位置",
];

/// A list of changes being written: CSV, UTF-8 with a byte order mark, for spreadsheets.
pub struct ChangeList<W: Write> {
    writer: csv::Writer<W>,
    count: u64,
}

impl<W: Write> ChangeList<W> {
    /// Begins the list.
    ///
    /// # Errors
    /// A failing output.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        writer.write_record(COLUMNS)?;
        Ok(Self { writer, count: 0 })
    }

    /// Adds the changes of a record.
    ///
    /// # Errors
    /// A failing output.
    pub fn add(&mut self, file: &Path, report: &RecordReport) -> io::Result<()> {
        let number = |number: Option<u64>| number.map(|n| n.to_string()).unwrap_or_default();
        for change in &report.changes {
            let place = &change.place;
            let cells: [Cow<'_, str>; COLUMNS.len()] = [
                harmless(&file.to_string_lossy()).into_owned().into(),
                report.number.to_string().into(),
                harmless(&place.path),
                harmless(&change.item),
                harmless(&change.old),
                harmless(&change.new),
                change.what.into(),
                number(place.line).into(),
                number(place.column).into(),
            ];
            self.writer
                .write_record(cells.iter().map(|cell| cell.as_bytes()))?;
            self.count += 1;
        }
        Ok(())
    }

    /// Ends the list; gives the output back, and how many changes there are.
    ///
    /// # Errors
    /// A failing output.
    pub fn finish(self) -> io::Result<(W, u64)> {
        let mut out = self
            .writer
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)?;
        out.flush()?;
        Ok((out, self.count))
    }
}
