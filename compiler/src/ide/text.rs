//! Places as editors count them: lines from 0, columns in UTF-16 units from 0.
//!
//! The only module that knows UTF-16; everything else counts bytes.

use kohyo_dsl::Span;
use serde::{Deserialize, Serialize};

/// A place in a text.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Position {
    /// Line, from 0.
    pub line: u32,
    /// UTF-16 units before it on its line: 𠮷 counts 2.
    pub character: u32,
}

/// From one place up to another.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Range {
    /// The first place.
    pub start: Position,
    /// The place after the last character.
    pub end: Position,
}

/// A range of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Location {
    /// Path in the folder of definitions.
    pub path: String,
    /// Where in it.
    pub range: Range,
}

/// A replacement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextEdit {
    /// What to replace.
    pub range: Range,
    /// By what.
    pub new_text: String,
}

/// Finds places in one text.
pub struct Lines<'a> {
    text: &'a str,
    /// Byte offsets of the line starts.
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Looks for the lines of `text`.
    pub fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self { text, starts }
    }

    /// First and last place of a span.
    pub fn range(&self, span: Span) -> Range {
        Range {
            start: self.position(span.start as usize),
            end: self.position(span.end as usize),
        }
    }

    /// The place of a byte; a byte inside a character or behind the text gives the nearest before.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset);
        let line = line.saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or("");
        let before = before.trim_end_matches('\r');
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            character: u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX),
        }
    }

    /// The byte of a place; one behind its line or behind the text gives the end of it.
    pub fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line).copied() else {
            return self.text.len();
        };
        let end = self.starts.get(line + 1).copied();
        let rest = self.text.get(start..end.unwrap_or(self.text.len()));
        let rest = rest.unwrap_or("").trim_end_matches(['\n', '\r']);
        let mut left = position.character as usize;
        let mut offset = start;
        for c in rest.chars() {
            if left < c.len_utf16() {
                break;
            }
            left -= c.len_utf16();
            offset += c.len_utf8();
        }
        offset
    }

    /// From the first to the last place of the text.
    pub fn whole(&self) -> Range {
        Range {
            start: Position::default(),
            end: self.position(self.text.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn columns_are_utf16_units() {
        let text = "𠮷野家\r\nab体重\n";
        let lines = Lines::new(text);
        let weight = text.find("体重").unwrap();
        assert_eq!(lines.position("𠮷".len()), at(0, 2));
        assert_eq!(lines.position(weight), at(1, 2));
        assert_eq!(lines.offset(at(1, 2)), weight);
        assert_eq!(lines.offset(at(0, 2)), "𠮷".len());
        assert_eq!(lines.offset(at(0, 4)), "𠮷野家".len());
    }

    #[test]
    fn a_place_inside_a_character_is_the_one_before() {
        let lines = Lines::new("𠮷a");
        assert_eq!(lines.offset(at(0, 1)), 0);
        assert_eq!(lines.position(2), at(0, 0));
    }

    #[test]
    fn places_outside_the_text_are_its_end() {
        let lines = Lines::new("a\r\nb\n");
        assert_eq!(lines.offset(at(0, 99)), 1);
        assert_eq!(lines.offset(at(9, 0)), 5);
        assert_eq!(lines.position(99), at(2, 0));
        assert_eq!(lines.whole().end, at(2, 0));
    }

    #[test]
    fn every_character_keeps_its_place() {
        let text = "disease 𠮷 \"葛󠄀\"\r\n# 个票\n\tx";
        let lines = Lines::new(text);
        for (offset, c) in text
            .char_indices()
            .filter(|(_, c)| *c != '\n' && *c != '\r')
        {
            assert_eq!(lines.offset(lines.position(offset)), offset, "{c:?}");
        }
    }
}
