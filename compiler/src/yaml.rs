//! Reading YAML as people write it: case files, the catalogue.

use serde::Deserialize;

/// Reads a text; `yes` stays a word, `007` stays text.
///
/// # Errors
/// Where it cannot be read and why: `3行5文字目が読めません（…）`. The reason in brackets is the
/// library's, in English.
pub(crate) fn read<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, String> {
    let mut options = serde_yaml::Options::default();
    options.strict_booleans = true; // `yes` is the name of a code
    options.leading_zero_numbers_as_strings = true; // `0012345` is not a number
    serde_yaml::from_str_with_options(text, options).map_err(|error| {
        let place = error.location().map_or_else(String::new, |at| {
            format!("{}行{}文字目が", at.line(), at.column())
        });
        let detail = error.without_snippet().to_string();
        let detail = detail.lines().next().unwrap_or_default().trim();
        format!("{place}読めません（{detail}）")
    })
}
