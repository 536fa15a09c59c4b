//! The error list as an Excel workbook: a sheet of counts, then the findings. Every cell is text or
//! a number, never a formula.

use super::COLUMNS;
use super::counts::{Counts, totals};
use crate::bulk::Summary;
use crate::finding::RecordFinding;
use crate::judged::UNSIGNED;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};
use std::io;
use std::sync::LazyLock;

/// A sheet holds a little more; the rest goes to further sheets.
const ROWS: u32 = 1_000_000;

/// Widths of the columns of findings, in half-width characters.
const WIDTHS: [u16; COLUMNS.len()] = [22, 8, 24, 7, 26, 18, 18, 38, 38, 6, 8];

/// A workbook being filled.
pub(super) struct Book {
    workbook: Workbook,
    /// Sheets of findings so far.
    lists: usize,
    row: u32,
}

impl Book {
    pub(super) fn new() -> io::Result<Self> {
        let mut workbook = Workbook::new();
        // The same findings give the same bytes.
        let day = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&day));
        workbook
            .add_worksheet()
            .set_name("まとめ")
            .map_err(failed)?;
        let mut book = Self {
            workbook,
            lists: 0,
            row: 0,
        };
        book.begin_list().map_err(failed)?;
        Ok(book)
    }

    fn begin_list(&mut self) -> Result<(), XlsxError> {
        self.lists += 1;
        let name = match self.lists {
            1 => "エラーリスト".to_owned(),
            more => format!("エラーリスト{more}"),
        };
        let bold = Format::new().set_bold();
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        printed(sheet);
        sheet.set_repeat_rows(0, 0)?;
        for ((column, head), width) in (0..).zip(COLUMNS).zip(WIDTHS) {
            sheet.set_column_width(column, width)?;
            sheet.write_string_with_format(0, column, head, &bold)?;
        }
        self.row = 1;
        Ok(())
    }

    pub(super) fn add(
        &mut self,
        file: &str,
        number: u64,
        finding: &RecordFinding,
    ) -> io::Result<()> {
        self.write(file, number, finding).map_err(failed)
    }

    fn write(&mut self, file: &str, number: u64, finding: &RecordFinding) -> Result<(), XlsxError> {
        if self.row == ROWS {
            self.begin_list()?;
        }
        let row = self.row;
        self.row += 1;
        let sheet = self.workbook.worksheet_from_index(self.lists)?;
        let texts = [
            (0, file),
            (2, &finding.check),
            (3, finding.level.label()),
            (4, &finding.place.path),
            (5, &finding.item),
            (6, finding.value.as_deref().unwrap_or_default()),
            (7, &finding.message),
            (8, finding.help.as_deref().unwrap_or_default()),
        ];
        let numbers = [
            (1, (number > 0).then_some(number)),
            (9, finding.place.line),
            (10, finding.place.column),
        ];
        // A row is written from left to right.
        for column in 0..11 {
            if let Some((_, text)) = texts.iter().find(|(at, _)| *at == column) {
                string(sheet, row, column, text)?;
            }
            if let Some((_, Some(number))) = numbers.iter().find(|(at, _)| *at == column) {
                count(sheet, row, column, *number)?;
            }
        }
        Ok(())
    }

    /// Fills in the counts; gives the bytes of the file.
    pub(super) fn finish(mut self, counts: &Counts, summary: &Summary) -> io::Result<Vec<u8>> {
        self.summarise(counts, summary).map_err(failed)?;
        self.workbook.save_to_buffer().map_err(failed)
    }

    fn summarise(&mut self, counts: &Counts, summary: &Summary) -> Result<(), XlsxError> {
        let bold = Format::new().set_bold();
        let sheet = self.workbook.worksheet_from_index(0)?;
        printed(sheet);
        for (column, width) in [(0, 30), (1, 24), (2, 8), (3, 48), (4, 48), (5, 30)] {
            sheet.set_column_width(column, width)?;
        }
        let mut row = 0;
        for (what, number) in totals(summary) {
            sheet.write_string_with_format(row, 0, what, &bold)?;
            count(sheet, row, 1, number)?;
            row += 1;
        }
        if counts.release.is_some() || !counts.judged.forms().is_empty() {
            row += 1;
            sheet.write_string_with_format(row, 0, "判定に使ったリリース", &bold)?;
            string(sheet, row, 1, counts.release.as_deref().unwrap_or(UNSIGNED))?;
            row += 1;
        }
        for form in counts.judged.forms() {
            row += 1;
            sheet.write_string_with_format(row, 0, "判定に使った様式の版", &bold)?;
            string(
                sheet,
                row,
                1,
                &format!("{} {}年版", form.form, form.edition),
            )?;
            count(sheet, row, 2, form.records)?;
            string(sheet, row, 3, &form.title)?;
        }
        row += 2;
        for (column, head) in
            (0..).zip(["レベル", "チェックID", "件数", "最初の指摘", "対処", "場所"])
        {
            sheet.write_string_with_format(row, column, head, &bold)?;
        }
        for check in counts.iter() {
            row += 1;
            string(sheet, row, 0, check.level.label())?;
            string(sheet, row, 1, &check.check)?;
            count(sheet, row, 2, check.count)?;
            string(sheet, row, 3, &check.message)?;
            string(sheet, row, 4, check.help.as_deref().unwrap_or_default())?;
            string(sheet, row, 5, &check.file)?;
        }
        for name in &summary.unread {
            row += 1;
            sheet.write_string_with_format(row, 0, "読まなかったファイル", &bold)?;
            string(sheet, row, 5, name)?;
        }
        Ok(())
    }
}

/// Long messages show all their words: Excel makes such rows as high as they need. (A height written
/// down would be kept in memory for each row, and the crate writes the last of them twice.)
static WRAPPED: LazyLock<Format> =
    LazyLock::new(|| Format::new().set_text_wrap().set_align(FormatAlign::Top));

/// On paper: wide, all columns on one page.
fn printed(sheet: &mut Worksheet) {
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C&P / &N");
}

fn string(sheet: &mut Worksheet, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
    // A cell holds at most 32,767 characters.
    let end = text.char_indices().nth(32_000).map(|(at, _)| at);
    let text = end.and_then(|end| text.get(..end)).unwrap_or(text);
    sheet
        .write_string_with_format(row, column, text, &WRAPPED)
        .map(|_| ())
}

/// Counts are far below 2^53, where numbers of a workbook stop being exact; a larger one is text.
fn count(sheet: &mut Worksheet, row: u32, column: u16, number: u64) -> Result<(), XlsxError> {
    match u32::try_from(number) {
        Ok(number) => sheet.write_number(row, column, number).map(|_| ()),
        Err(_) => string(sheet, row, column, &number.to_string()),
    }
}

fn failed(error: XlsxError) -> io::Error {
    io::Error::other(error)
}
