//! The codes of everything this crate reports, each declared in a file of its own.
//!
//! The messages stand where the mistakes are found, because they depend on the place in the text.
//!
//! To add a code: a file beside the others, with its constant and its [`Declaration`], and its two
//! lines here. A code is never used again for something else.

use crate::Declaration;

mod e0001_too_large;
mod e0002_full_width;
mod e0003_unclosed_text;
mod e0004_unusable;
mod e0005_number_form;
mod e0006_date;
mod e0007_lookalike;
mod e0008_sign;
mod e0009_quotes;
mod e0010_escape;
mod e0011_comment;
mod e0020_unclosed_brace;
mod e0021_stray_brace;
mod e0022_too_deep;
mod e0023_header;
mod e0030_unknown_word;
mod e0031_reserved_name;
mod e0032_missing;
mod e0033_unexpected;
mod e0034_chained;
mod e0035_separator;
mod e0036_twice;
mod e0037_cells;
mod e0038_table_head;
mod e0099_too_many;

/// Makes the constants visible and lists the declarations.
macro_rules! declared {
    ($($file:ident: $code:ident;)*) => {
        $(pub(crate) use $file::$code;)*
        const ALL: &[Declaration] = &[$($file::DECLARATION),*];
    };
}

declared! {
    e0001_too_large: TOO_LARGE;
    e0002_full_width: FULL_WIDTH;
    e0003_unclosed_text: UNCLOSED_TEXT;
    e0004_unusable: UNUSABLE;
    e0005_number_form: NUMBER_FORM;
    e0006_date: DATE;
    e0007_lookalike: LOOKALIKE;
    e0008_sign: SIGN;
    e0009_quotes: QUOTES;
    e0010_escape: ESCAPE;
    e0011_comment: COMMENT;
    e0020_unclosed_brace: UNCLOSED_BRACE;
    e0021_stray_brace: STRAY_BRACE;
    e0022_too_deep: TOO_DEEP;
    e0023_header: HEADER;
    e0030_unknown_word: UNKNOWN_WORD;
    e0031_reserved_name: RESERVED_NAME;
    e0032_missing: MISSING;
    e0033_unexpected: UNEXPECTED;
    e0034_chained: CHAINED;
    e0035_separator: SEPARATOR;
    e0036_twice: TWICE;
    e0037_cells: CELLS;
    e0038_table_head: TABLE_HEAD;
    e0099_too_many: TOO_MANY;
}

/// Everything this crate can report, by code.
pub fn declarations() -> &'static [Declaration] {
    ALL
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Example, parse};
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_declared_once_and_in_order() {
        let codes: Vec<_> = declarations().iter().map(|d| d.code).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    }

    #[test]
    fn every_wrong_example_reports_its_code_and_every_right_one_nothing() {
        for declared in declarations() {
            let only = BTreeSet::from([declared.code]);
            match declared.code {
                // What is cut short is also a list of other findings.
                TOO_MANY => assert!(codes(&declared.wrong).contains(TOO_MANY)),
                code => assert_eq!(codes(&declared.wrong), only, "{code}"),
            }
            assert_eq!(codes(&declared.right), BTreeSet::new(), "{}", declared.code);
        }
    }

    fn codes(example: &Example) -> BTreeSet<&'static str> {
        let files = example.files();
        let found = files
            .iter()
            .flat_map(|(file, text)| parse(file, text).diagnostics);
        found.map(|d| d.code).collect()
    }
}
