//! Places as editors count them.

use kohyo_dsl::Span;
use serde::Serialize;

/// A place in a text: line from 1, column in UTF-16 units from 0.
///
/// Line breaks count as the editor sees them, so a text with CRLF has the same places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Place {
    line: usize,
    column: usize,
}

/// Finds places in one text.
pub(crate) struct Places<'a> {
    text: &'a str,
    /// Byte offsets of the line starts.
    starts: Vec<usize>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self { text, starts }
    }

    /// First and last place of a span.
    pub(crate) fn range(&self, span: Span) -> (Place, Place) {
        (self.place(span.start), self.place(span.end))
    }

    fn place(&self, offset: u32) -> Place {
        let offset = (offset as usize).min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or("");
        Place {
            line,
            column: before.trim_end_matches('\r').encode_utf16().count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_utf16_units_from_zero() {
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

    #[test]
    fn the_end_of_the_text_is_a_place() {
        let places = Places::new("a\n");
        assert_eq!(places.place(2), Place { line: 2, column: 0 });
        assert_eq!(places.place(99), Place { line: 2, column: 0 });
    }
}
