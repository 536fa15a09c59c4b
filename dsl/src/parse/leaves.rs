//! Names, texts, numbers and dates; and how to walk through nodes.

use super::messages::unknown_word;
use super::read::{Build, joined};
use super::{Node, Rule};
use crate::ast::{DateLiteral, Name, NumberLiteral, Path, Text};
use crate::diagnostic::Diagnostic;
use crate::lex::repairs::days_in_month;
use crate::words::{RESERVED, nearest};
use crate::{Span, codes};
use unicode_normalization::UnicodeNormalization;

/// The first child that follows `rule`.
pub(super) fn child<'i>(node: &Node<'i>, rule: Rule) -> Option<Node<'i>> {
    node.clone().into_inner().find(|n| n.as_rule() == rule)
}

/// All children that follow `rule`.
pub(super) fn children<'i>(node: &Node<'i>, rule: Rule) -> impl Iterator<Item = Node<'i>> {
    node.clone()
        .into_inner()
        .filter(move |n| n.as_rule() == rule)
}

/// Whether one of the children is `rule`.
pub(super) fn has(node: &Node<'_>, rule: Rule) -> bool {
    child(node, rule).is_some()
}

/// The only child.
pub(super) fn only<'i>(node: Node<'i>) -> Option<Node<'i>> {
    node.into_inner().next()
}

/// What stands between the quotation marks of `written`, `\"` and `\\` undone.
pub(super) fn unquoted(written: &str) -> String {
    let inner = written.strip_prefix('"').unwrap_or(written);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    if !inner.contains('\\') {
        return inner.to_owned();
    }
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        match (c, characters.as_str().chars().next()) {
            ('\\', Some(escaped @ ('"' | '\\'))) => {
                text.push(escaped);
                characters.next();
            }
            _ => text.push(c),
        }
    }
    text
}

/// A date as written; one that does not exist (reported before) becomes one that does.
pub(super) fn date_of(written: &str, span: Span) -> Option<DateLiteral> {
    let mut parts = written.split(['-', '/']);
    let year = parts.next()?.parse::<u16>().ok()?.max(1);
    let month = parts.next()?.parse::<u8>().ok()?.clamp(1, 12);
    let day = parts.next()?.parse::<u8>().ok()?;
    Some(DateLiteral {
        year,
        month,
        day: day.clamp(1, days_in_month(year, month)),
        span,
    })
}

impl Build<'_> {
    /// Where a node stands in the file: from the beginning of its first token to the end of its
    /// last, which in the text for the parser can be shorter ([`crate::lex`]).
    pub(super) fn span(&self, node: &Node<'_>) -> Span {
        let start = node.as_span().start();
        let read = Span::new(start, start + node.as_str().trim_end().len()).shifted(self.base);
        let first = self.tokens.partition_point(|t| t.span.end <= read.start);
        let last = self.tokens.partition_point(|t| t.span.end < read.end);
        let end_of_item = self.tokens.last().map_or(read.start, |t| t.span.end);
        let start = self
            .tokens
            .get(first)
            .map_or(end_of_item, |t| t.span.start.min(read.start));
        let end = self.tokens.get(last).map_or(end_of_item, |t| t.span.end);
        Span {
            start,
            end: end.max(start),
        }
    }

    pub(super) fn name(&self, node: &Node<'_>) -> Name {
        Name {
            text: node.as_str().trim().nfc().collect(),
            span: self.span(node),
        }
    }

    /// The child of kind `rule` as a name.
    pub(super) fn name_in(&self, node: &Node<'_>, rule: Rule) -> Option<Name> {
        child(node, rule).map(|n| self.name(&n))
    }

    pub(super) fn path(&self, node: &Node<'_>) -> Path {
        Path {
            names: children(node, Rule::name).map(|n| self.name(&n)).collect(),
            span: self.span(node),
        }
    }

    pub(super) fn path_in(&self, node: &Node<'_>) -> Option<Path> {
        child(node, Rule::path).map(|n| self.path(&n))
    }

    pub(super) fn text(&self, node: &Node<'_>) -> Text {
        Text {
            text: unquoted(node.as_str().trim()),
            span: self.span(node),
        }
    }

    pub(super) fn text_in(&self, node: &Node<'_>) -> Option<Text> {
        child(node, Rule::text).map(|n| self.text(&n))
    }

    /// The texts after `cites` among the children.
    pub(super) fn cited(&self, node: &Node<'_>) -> Vec<Text> {
        children(node, Rule::cites)
            .flat_map(|cites| self.texts(&cites))
            .collect()
    }

    pub(super) fn texts(&self, node: &Node<'_>) -> Vec<Text> {
        children(node, Rule::text).map(|n| self.text(&n)).collect()
    }

    /// The text after `help` or `note` among the children.
    pub(super) fn text_after(&self, node: &Node<'_>, rule: Rule) -> Option<Text> {
        child(node, rule).and_then(|n| self.text_in(&n))
    }

    /// `quantity`, `bound` or `signed`.
    pub(super) fn number(&self, node: &Node<'_>) -> Option<NumberLiteral> {
        let number = child(node, Rule::number)?;
        let sign = if has(node, Rule::sign) { "-" } else { "" };
        let unit = child(node, Rule::unit)
            .and_then(only)
            .map(|unit| match unit.as_rule() {
                Rule::text => self.text(&unit),
                _ => Text {
                    text: unit.as_str().nfc().collect(),
                    span: self.span(&unit),
                },
            });
        Some(NumberLiteral {
            digits: format!("{sign}{}", number.as_str()),
            unit,
            span: self.span(node),
        })
    }

    /// A count, as a number of the machine.
    pub(super) fn count<N: std::str::FromStr + Default>(&mut self, node: &Node<'_>) -> N {
        node.as_str().trim().parse().unwrap_or_else(|_| {
            self.report_too_large(node);
            N::default()
        })
    }

    pub(super) fn report_too_large(&mut self, node: &Node<'_>) {
        let span = self.span(node);
        self.diagnostics.push(
            Diagnostic::error(
                codes::NUMBER_FORM,
                self.file,
                span,
                format!("「{}」は大きすぎます", node.as_str().trim()),
            )
            .help("小さい数にします"),
        );
    }

    /// The first count among the children.
    pub(super) fn count_in(&mut self, node: &Node<'_>) -> Option<u32> {
        child(node, Rule::whole).map(|n| self.count(&n))
    }

    /// A date; one that does not exist (reported before) becomes one that does.
    pub(super) fn date(&self, node: &Node<'_>) -> Option<DateLiteral> {
        date_of(node.as_str().trim(), self.span(node))
    }

    /// Reports `,` between members of a block, and members on one line without anything between.
    pub(super) fn check_separators(&mut self, block: &Node<'_>, line: Rule) {
        let mut last: Option<Span> = None;
        // The `}` of a domain or subtype separates it from what follows.
        let mut braced = false;
        let nodes: Vec<Node<'_>> = block.clone().into_inner().collect();
        let weighed = |node: Option<&Node<'_>>| {
            node.filter(|node| node.as_rule() == Rule::block_member)
                .map(|node| has(node, Rule::kw_when))
        };
        for (i, node) in nodes.iter().enumerate() {
            if node.as_rule() == Rule::separator {
                let before = i.checked_sub(1).and_then(|last| nodes.get(last));
                let goes_on = (weighed(before), weighed(nodes.get(i + 1)));
                self.check_separator(node, goes_on == (Some(true), Some(false)));
                last = None;
            } else if node.as_rule() == line {
                let span = self.span(node);
                if let Some(last) = last
                    && !std::mem::take(&mut braced)
                    && !self.begins_line(span)
                {
                    let slip = self.misspelt_unit(last);
                    self.diagnostics
                        .push(slip.unwrap_or_else(|| joined(self.file, span)));
                }
                last = Some(span);
                braced = line == Rule::domain || has(node, Rule::subtype);
                for inner in children(node, Rule::separator) {
                    self.check_separator(&inner, false);
                    last = None;
                }
            }
        }
    }

    /// `goes_on` if a weight stands before it and a mere condition after it, which probably belongs
    /// to the weight: `1 when a, b`.
    fn check_separator(&mut self, node: &Node<'_>, goes_on: bool) {
        if node.as_str().trim() == "," {
            let span = self.span(node);
            let found = Diagnostic::error(
                codes::SEPARATOR,
                self.file,
                span,
                "「{ }」の中は「,」では区切れません",
            );
            self.diagnostics.push(if goes_on {
                found
                    .help("条件を続けるなら「and」でつなぎ、次の行なら「;」か改行で区切ります")
                    .fix(span, " and")
            } else {
                found.help("「;」か改行で区切ります").fix(span, ";")
            });
        }
    }

    /// `8 whn a`: a keyword with a slip of the pen was taken for the unit of a number.
    fn misspelt_unit(&self, member: Span) -> Option<Diagnostic> {
        let end = member.end.saturating_sub(self.base) as usize;
        let before = self.text.get(..end)?;
        let (number, word) = before.rsplit_once([' ', '\t'])?;
        let meant = nearest(word, RESERVED.iter().copied())?;
        number
            .trim_end()
            .ends_with(|c: char| c.is_ascii_digit())
            .then(|| {
                let span = Span::new(end - word.len(), end).shifted(self.base);
                unknown_word(self.file, span, word, meant)
            })
    }

    /// Whether a line of the file begins with `member`; the break before it may have given way to a
    /// forgotten `}`.
    fn begins_line(&self, member: Span) -> bool {
        let token = self.tokens.partition_point(|t| t.span.start < member.start);
        self.tokens.get(token).is_none_or(|t| t.first)
    }
}
