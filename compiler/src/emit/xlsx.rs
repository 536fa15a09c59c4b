//! Sheets as one workbook that spreadsheets open. The only module that knows the crate.

use super::sheet::Sheet;
use kohyo_engine::{Date, outline};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

/// What the first sheet says: heads and texts, one below the other.
pub(super) type Cover = Vec<(&'static str, String)>;

/// A workbook: the cover, then the sheets.
///
/// The same input gives the same bytes: the workbook says that it was made on `made`, the first day
/// of the edition, whenever it is made.
///
/// # Errors
/// A sheet that is too large for the format: more than 1,048,575 rows or a cell of more than 32,767
/// characters.
pub(super) fn workbook(
    title: &str,
    made: Date,
    cover: &Cover,
    sheets: &[Sheet],
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let day = ExcelDateTime::from_ymd(
        made.year_number().max(1900),
        made.month_number().unwrap_or(1),
        made.day_of_month().unwrap_or(1),
    )?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(title)
            .set_author("Kohyo")
            .set_creation_datetime(&day),
    );
    cover_sheet(workbook.add_worksheet(), title, cover, sheets)?;
    for sheet in sheets {
        table(workbook.add_worksheet(), title, sheet)?;
    }
    workbook.save_to_buffer()
}

const FONT: &str = "Yu Gothic";

fn plain() -> Format {
    Format::new()
        .set_font_name(FONT)
        .set_font_size(9)
        .set_align(FormatAlign::Top)
        .set_text_wrap()
}

fn cell() -> Format {
    plain()
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(0x00B8_BCC4))
}

fn head() -> Format {
    cell()
        .set_bold()
        .set_background_color(Color::RGB(0x00E8_F1FE))
        .set_align(FormatAlign::VerticalCenter)
}

/// Width of the cover's texts in half-width characters.
const COVER: u16 = 90;

fn cover_sheet(
    page: &mut Worksheet,
    title: &str,
    cover: &Cover,
    sheets: &[Sheet],
) -> Result<(), XlsxError> {
    page.set_name("表紙")?;
    page.set_column_width(0, 18)?;
    page.set_column_width(1, COVER)?;
    let heading = plain().set_bold().set_font_size(16);
    page.write_with_format(0, 0, title, &heading.set_text_wrap())?;
    page.merge_range(0, 0, 0, 1, title, &plain().set_bold().set_font_size(16))?;
    page.set_row_height(0, 36)?;
    let mut row = 2;
    for (name, text) in cover {
        page.write_with_format(row, 0, *name, &head())?;
        page.write_with_format(row, 1, text, &cell())?;
        page.set_row_height(row, height(lines_of(text, usize::from(COVER))))?;
        row += 1;
    }
    row += 1;
    for sheet in sheets {
        let link = format!("internal:'{}'!A1", sheet.name);
        let count = format!("{}行", sheet.rows.len());
        page.write_url_with_options(row, 0, link.as_str(), sheet.name, "", Some(&link_format()))?;
        page.write_with_format(row, 1, count, &cell())?;
        row += 1;
    }
    print(page, title);
    Ok(())
}

fn link_format() -> Format {
    cell()
        .set_font_color(Color::RGB(0x0000_31D8))
        .set_underline(rust_xlsxwriter::FormatUnderline::Single)
}

fn table(page: &mut Worksheet, title: &str, sheet: &Sheet) -> Result<(), XlsxError> {
    page.set_name(sheet.name)?;
    let (head, cell) = (head(), cell());
    for (at, column) in (0_u16..).zip(sheet.columns) {
        page.set_column_width(at, column.width)?;
        page.write_with_format(0, at, column.head, &head)?;
    }
    for (at, row) in (1_u32..).zip(&sheet.rows) {
        let mut lines = 1;
        for ((column, text), width) in (0_u16..).zip(row).zip(sheet.columns) {
            // Everything is text: `01` stays `01`.
            page.write_string_with_format(at, column, text, &cell)?;
            lines = lines.max(lines_of(text, usize::from(width.width)));
        }
        page.set_row_height(at, height(lines))?;
    }
    let last_row = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
    let last_column = u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    page.autofilter(0, 0, last_row, last_column)?;
    page.set_freeze_panes(1, 2)?;
    page.set_repeat_rows(0, 0)?;
    print(page, title);
    Ok(())
}

/// How a sheet is printed: A3, wide, all columns on one page.
fn print(page: &mut Worksheet, title: &str) {
    page.set_landscape();
    page.set_paper_size(8);
    page.set_print_fit_to_pages(1, 0);
    // `&` begins a code in headers and footers.
    let title = title.replace('&', "&&");
    page.set_header(format!("&L{title}&R&A"));
    page.set_footer("&C&P / &N");
}

/// The height of a row of so many lines.
fn height(lines: u16) -> f64 {
    f64::from(lines.min(25)) * 13.5 + 3.0
}

/// How many lines a text takes in a column of so many half-width characters.
fn lines_of(text: &str, width: usize) -> u16 {
    let lines = text
        .split('\n')
        .map(|line| outline::width(line).div_ceil(width.max(1)).max(1));
    u16::try_from(lines.sum::<usize>()).unwrap_or(u16::MAX)
}
