//! Places as the page counts them.

use kohyo_compiler::ide::{Lines, Position};
use kohyo_dsl::Span;
use serde::Serialize;

/// A place in a text: line from 1, column in UTF-16 units from 0.
///
/// Line breaks count as the editor sees them, so a text with CRLF has the same places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Place {
    line: u32,
    column: u32,
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        Self {
            line: position.line.saturating_add(1),
            column: position.character,
        }
    }
}

/// Finds places in one text.
pub(crate) struct Places<'a> {
    lines: Lines<'a>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            lines: Lines::new(text),
        }
    }

    /// First and last place of a span.
    pub(crate) fn range(&self, span: Span) -> (Place, Place) {
        let range = self.lines.range(span);
        (range.start.into(), range.end.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one_and_columns_in_utf16_units() {
        let text = "𠮷野家\r\nab体重\n";
        let places = Places::new(text);
        let at = text.find("体重").unwrap();
        assert_eq!(
            places.range(Span::new(at, at + 6)),
            (Place { line: 2, column: 2 }, Place { line: 2, column: 4 })
        );
        let after = "𠮷".len();
        assert_eq!(
            places.range(Span::new(0, after)),
            (Place { line: 1, column: 0 }, Place { line: 1, column: 2 })
        );
    }
}
