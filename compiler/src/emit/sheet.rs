//! Rows as vendors receive them: a CSV file, or a sheet of a workbook.

/// A table with its heads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Name of the sheet.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// Its rows, each with a cell per column.
    pub rows: Vec<Vec<String>>,
}

/// A column of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Head.
    pub head: &'static str,
    /// Width in a workbook, in half-width characters.
    pub width: u8,
}

/// A column.
pub(crate) const fn column(head: &'static str, width: u8) -> Column {
    Column { head, width }
}

impl Sheet {
    /// As CSV (RFC 4180): UTF-8 with a byte order mark, lines end with CR LF, cells as they are.
    ///
    /// The CSV is for programs; a spreadsheet might take the label `＋` for a formula. People open
    /// the workbook.
    pub fn csv(&self) -> String {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        // Writing to memory cannot fail.
        let _ = writer.write_record(self.columns.iter().map(|column| column.head));
        for row in &self.rows {
            let _ = writer.write_record(row);
        }
        let bytes = writer.into_inner().unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_commas_quotes_and_breaks_are_quoted() {
        const COLUMNS: &[Column] = &[column("項目", 10), column("条件", 20)];
        let sheet = Sheet {
            name: "表",
            columns: COLUMNS,
            rows: vec![
                vec!["a".into(), "1, 2".into()],
                vec!["「b」".into(), "\"c\"\nd".into()],
                vec![String::new(), "+".into()],
            ],
        };
        assert_eq!(
            sheet.csv(),
            "\u{feff}項目,条件\r\na,\"1, 2\"\r\n「b」,\"\"\"c\"\"\nd\"\r\n,+\r\n"
        );
    }
}
