//! The accepted layout of a whole file, as edits.

use super::text::{Lines, TextEdit};
use crate::files::Files;

/// The edits that bring a file into the accepted layout, none if it already is; nothing if there is
/// no such file or it has syntax errors.
///
/// Only the lines that change are replaced, so that the cursor and the marks of the others stay.
pub fn formatting(files: &Files, path: &str) -> Option<Vec<TextEdit>> {
    let before = files.get(path)?;
    let after = kohyo_dsl::format(before).ok()?;
    let (start, end, new_text) = difference(before, &after);
    if start == end && new_text.is_empty() {
        return Some(Vec::new());
    }
    let lines = Lines::new(before);
    Some(vec![TextEdit {
        range: super::Range {
            start: lines.position(start),
            end: lines.position(end),
        },
        new_text: new_text.to_owned(),
    }])
}

/// The bytes of `before` that must become a part of `after`: whole lines.
fn difference<'t>(before: &str, after: &'t str) -> (usize, usize, &'t str) {
    let same = |a: &mut dyn Iterator<Item = &str>, b: &mut dyn Iterator<Item = &str>| -> usize {
        a.zip(b)
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len())
            .sum()
    };
    let head = same(
        &mut before.split_inclusive('\n'),
        &mut after.split_inclusive('\n'),
    );
    let (old, new) = (
        before.get(head..).unwrap_or(""),
        after.get(head..).unwrap_or(""),
    );
    let tail = same(
        &mut old.split_inclusive('\n').rev(),
        &mut new.split_inclusive('\n').rev(),
    );
    (
        head,
        before.len() - tail,
        new.get(..new.len() - tail).unwrap_or(""),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "module m \"も\" {\n}\n\n";

    fn check(body: &str) -> String {
        let mut files = Files::new();
        files.insert("m.kohyo", format!("{HEAD}{body}"));
        match formatting(&files, "m.kohyo") {
            Some(edits) => edits
                .iter()
                .map(|e| {
                    let (s, e_) = (e.range.start, e.range.end);
                    format!(
                        "{}:{}-{}:{} {:?}",
                        s.line, s.character, e_.line, e_.character, e.new_text
                    )
                })
                .collect(),
            None => "誤りがあるため整えられない".to_owned(),
        }
    }

    #[test]
    fn only_the_lines_that_change_are_replaced() {
        insta::assert_snapshot!(
            check("criterion a = yes\n\ncriterion b   =   no\n\ncriterion c = yes\n"),
            @r#"5:0-6:0 "criterion b = no\n""#
        );
    }

    #[test]
    fn a_file_in_the_accepted_layout_needs_no_edit() {
        insta::assert_snapshot!(check("criterion a = yes\n"), @"");
    }

    #[test]
    fn a_file_with_a_mistake_is_not_touched() {
        insta::assert_snapshot!(check("criterion a =\n"), @"誤りがあるため整えられない");
    }
}
