//! What can be folded away: blocks, runs of comments, runs of `use`.

use super::text::Lines;
use crate::files::Files;
use kohyo_dsl::{TokenKind, Word, words};
use serde::Serialize;

/// Lines that can be folded into the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FoldingRange {
    /// The line that stays, from 0.
    pub start_line: u32,
    /// The last line that is hidden.
    pub end_line: u32,
    /// What is folded.
    pub kind: FoldingKind,
}

/// What is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum FoldingKind {
    /// `{ … }`.
    Block,
    /// Comments below each other.
    Comment,
    /// `use` lines below each other.
    Uses,
}

/// What can be folded in a file, by its first line.
pub fn folding(files: &Files, path: &str) -> Vec<FoldingRange> {
    let Some(text) = files.get(path) else {
        return Vec::new();
    };
    let tokens = words(text);
    let lines = Lines::new(text);
    let line = |token: &Word| lines.position(token.span.start as usize).line;
    let mut found = Vec::new();
    let mut open = Vec::new();
    for token in &tokens {
        match (token.kind, token.span.of(text)) {
            (TokenKind::Sign, "{") => open.push(line(token)),
            (TokenKind::Sign, "}") => {
                if let Some(start) = open.pop() {
                    // The closing brace stays in sight.
                    push(
                        &mut found,
                        start,
                        line(token).saturating_sub(1),
                        FoldingKind::Block,
                    );
                }
            }
            _ => {}
        }
    }
    let first = |token: &&Word| token.first;
    let is_comment = |token: &Word| token.kind == TokenKind::Comment;
    let is_use = |token: &Word| token.span.of(text) == "use";
    let begins: Vec<&Word> = tokens.iter().filter(first).collect();
    runs(&begins, &line, is_comment, FoldingKind::Comment, &mut found);
    runs(&begins, &line, is_use, FoldingKind::Uses, &mut found);
    found.sort_by_key(|f| (f.start_line, std::cmp::Reverse(f.end_line)));
    found.dedup_by_key(|f| f.start_line);
    found
}

/// Lines below each other that begin with what `is` says.
fn runs(
    begins: &[&Word],
    line: &impl Fn(&Word) -> u32,
    is: impl Fn(&Word) -> bool,
    kind: FoldingKind,
    found: &mut Vec<FoldingRange>,
) {
    let mut run: Option<(u32, u32)> = None;
    for token in begins {
        let at = line(token);
        run = match run {
            Some((start, end)) if is(token) && at == end + 1 => Some((start, at)),
            before => {
                if let Some((start, end)) = before {
                    push(found, start, end, kind);
                }
                is(token).then_some((at, at))
            }
        };
    }
    if let Some((start, end)) = run {
        push(found, start, end, kind);
    }
}

fn push(found: &mut Vec<FoldingRange>, start_line: u32, end_line: u32, kind: FoldingKind) {
    if end_line > start_line {
        found.push(FoldingRange {
            start_line,
            end_line,
            kind,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_comments_and_uses() {
        let mut files = Files::new();
        files.insert(
            "m.kohyo",
            "module m \"も\" {\n}\n# 一\n# 二\nuse a\nuse b\n\nsection s \"せ\" {\n  group g \"ぐ\" {\n    note \"の\"\n  }\n}\n",
        );
        let found: Vec<String> = folding(&files, "m.kohyo")
            .iter()
            .map(|f| format!("{}-{} {:?}", f.start_line, f.end_line, f.kind))
            .collect();
        insta::assert_snapshot!(found.join("\n"), @r"
        2-3 Comment
        4-5 Uses
        7-10 Block
        8-9 Block
        ");
    }
}
