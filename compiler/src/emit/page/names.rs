//! Pseudo-code cut at the names in it, so that each leads to the item or rule it names.

use super::{LayoutRow, RuleRow};
use serde::Serialize;
use std::collections::BTreeMap;

/// A stretch of pseudo-code.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Piece<'a> {
    text: &'a str,
    /// Anchor on the page of what the text names.
    to: Option<String>,
}

/// What stands behind a name.
enum Named {
    Item,
    Rule,
}

/// The names that pseudo-code of one form uses.
pub(super) struct Names<'a>(BTreeMap<&'a str, Named>);

impl<'a> Names<'a> {
    pub(super) fn of(items: &'a [LayoutRow], rules: &'a [RuleRow]) -> Self {
        let rules = rules.iter().map(|row| (row.name.as_str(), Named::Rule));
        let items = items.iter().map(|row| (row.name.as_str(), Named::Item));
        Self(rules.chain(items).collect())
    }

    /// All of the pseudo-code, piece by piece.
    pub(super) fn cut(&self, code: &'a str) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        let mut done = 0;
        let plain = |from, to| {
            let text = code.get(from..to).filter(|text| !text.is_empty());
            text.map(|text| Piece { text, to: None })
        };
        for (at, text) in words(code) {
            let Some(named) = self.0.get(text) else {
                continue;
            };
            let to = match named {
                Named::Item => format!("item-{text}"),
                Named::Rule => format!("rule-{text}"),
            };
            pieces.extend(plain(done, at));
            pieces.push(Piece { text, to: Some(to) });
            done = at + text.len();
        }
        pieces.extend(plain(done, code.len()));
        pieces
    }
}

/// The words of pseudo-code and where they begin. What is quoted is a code, not a name.
fn words(code: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut begun = None;
    let mut quoted = false;
    for (at, c) in code.char_indices().chain([(code.len(), ' ')]) {
        let inside = !quoted && (c.is_ascii_alphanumeric() || c == '_');
        if inside {
            begun = begun.or(Some(at));
        } else if let Some(from) = begun.take() {
            words.extend(code.get(from..at).map(|word| (from, word)));
        }
        quoted ^= c == '"';
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_what_they_name_and_codes_do_not() {
        let names = Names(BTreeMap::from([
            ("tremor", Named::Item),
            ("stage", Named::Rule),
        ]));
        let code = "stage >= 2\nAND tremor IN (\"tremor\", \"1\") AND tremors";
        let pieces = names.cut(code);
        let whole: String = pieces.iter().map(|piece| piece.text).collect();
        assert_eq!(whole, code);
        let links: Vec<_> = pieces.iter().filter_map(|p| p.to.as_deref()).collect();
        assert_eq!(links, ["rule-stage", "item-tremor"]);
    }
}
