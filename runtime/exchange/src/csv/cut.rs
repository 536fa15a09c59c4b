//! Bytes → where rows end, without reading the cells.
//!
//! Outside of quotation marks a line end ends a row, and up to the first mistake in a file one
//! stands outside of them exactly if their number so far is even. Neither they nor line ends are
//! ever part of another character, in UTF-8 or in CP932.

use kohyo_record::csv::COMMENT;
use memchr::memchr3_iter;

/// Whole rows at the beginning of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Where they end.
    pub(crate) end: usize,
    /// How many of them are no comments and not empty.
    pub(crate) rows: u64,
    /// Lines in them.
    pub(crate) lines: u64,
}

/// All the rows that end in `bytes` with a line feed; nothing if none does. A row begins at the
/// first byte.
pub(crate) fn tally(bytes: &[u8]) -> Option<Tally> {
    row_ends(bytes)
        .filter(|tally| ends_with_feed(bytes, tally))
        .last()
}

/// The beginning of a file up to the end of its second row: the names of the columns and the first
/// record.
pub(crate) fn head_of_table(bytes: &[u8]) -> Option<usize> {
    let second = row_ends(bytes).find(|tally| tally.rows == 2)?;
    ends_with_feed(bytes, &second).then_some(second.end)
}

/// A lone carriage return may be the first half of a line end.
fn ends_with_feed(bytes: &[u8], tally: &Tally) -> bool {
    bytes
        .get(..tally.end)
        .is_some_and(|rows| rows.ends_with(b"\n"))
}

/// What lies before each end of a row.
fn row_ends(bytes: &[u8]) -> impl Iterator<Item = Tally> {
    let mut so_far = Tally {
        end: 0,
        rows: 0,
        lines: 0,
    };
    let mut quoted = false;
    memchr3_iter(b'"', b'\n', b'\r', bytes).filter_map(move |at| {
        match bytes.get(at..)? {
            [b'"', ..] => quoted = !quoted,
            [b'\n', ..] if quoted => so_far.lines += 1,
            [b'\r', ..] if quoted => {}
            [b'\r', b'\n', ..] => {}
            _ => {
                so_far.rows += u64::from(is_row(bytes.get(so_far.end..at)));
                so_far.lines += 1;
                so_far.end = at + 1;
                return Some(so_far);
            }
        }
        None
    })
}

/// Neither empty nor for people, as far as the first byte tells; whoever reads the rows knows.
fn is_row(row: Option<&[u8]>) -> bool {
    row.and_then(<[u8]>::first)
        .is_some_and(|first| *first != b'\r' && char::from(*first) != COMMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Option<(&str, u64, u64)> {
        let tally = tally(text.as_bytes())?;
        Some((&text[tally.end..], tally.rows, tally.lines))
    }

    #[test]
    fn rows_end_outside_of_quotation_marks() {
        assert_eq!(rows("a,b\n1,2\n3"), Some(("3", 2, 2)));
        assert_eq!(rows("a,\"b\n\"\n1,\"2\n"), Some(("1,\"2\n", 1, 2)));
        assert_eq!(rows("\"a\"\"\nb\"\nc"), Some(("c", 1, 2)));
        assert_eq!(rows("\"a\nb"), None);
        assert_eq!(rows(""), None);
    }

    #[test]
    fn every_line_end_counts_once_and_only_a_feed_ends_what_is_cut() {
        assert_eq!(rows("a\r\nb\r\nc\r"), Some(("c\r", 2, 2)));
        assert_eq!(rows("a\rb\rc\n\r"), Some(("\r", 3, 3)));
        assert_eq!(rows("\"a\r\nb\rc\"\n"), Some(("", 1, 2)));
        assert_eq!(rows("a\rb\r"), None);
    }

    #[test]
    fn empty_lines_and_comments_are_no_rows() {
        assert_eq!(rows("\n#a,b\n\r\nc\n"), Some(("", 1, 4)));
    }

    #[test]
    fn the_head_ends_with_the_first_record() {
        let head = |text: &str| head_of_table(text.as_bytes());
        assert_eq!(head("a,b\n#x\n1,2\n3,4\n"), Some(11));
        assert_eq!(head("a,b\n1,2"), None);
        assert_eq!(head("a,b\r1,2\r3,4"), None);
    }
}
