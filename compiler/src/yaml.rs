//! Reading YAML as people write it: case files, the catalogue.

use serde::Deserialize;

/// Reads a text; `yes` stays a word, `007` stays text.
///
/// # Errors
/// Where it cannot be read and why: `3行5文字目が読めません（…）`. What is no mistake about names
/// and types is said in the library's words, in English.
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
        format!("{place}読めません（{}）", reason(detail))
    })
}

/// The library's reason in our words, without the place, which has been said.
fn reason(detail: &str) -> String {
    let detail = detail.split(" at line ").next().unwrap_or(detail);
    let quoted = |from: &str| {
        let rest = detail.strip_prefix(from)?.strip_prefix('`')?;
        let (name, rest) = rest.split_once('`')?;
        Some((name, rest.strip_prefix(", expected ").unwrap_or(rest)))
    };
    let names = |expected: &str| {
        let list = expected.trim_start_matches("one of ");
        list.replace('`', "")
            .replace(", ", "、")
            .replace(" or ", "、")
    };
    if let Some((name, expected)) = quoted("unknown field ") {
        return format!(
            "「{name}」は書けません。ここに書けるのは {} です",
            names(expected)
        );
    }
    if let Some((name, expected)) = quoted("unknown variant ") {
        return format!(
            "「{name}」という値はありません。{} のどれかです",
            names(expected)
        );
    }
    if let Some((name, _)) = quoted("missing field ") {
        return format!("「{name}」がありません");
    }
    if let Some((name, _)) = quoted("duplicate field ") {
        return format!("「{name}」が二度あります");
    }
    if let Some(rest) = detail.strip_prefix("duplicate mapping key: ") {
        return format!(
            "「{}」が二度あります",
            rest.split(',').next().unwrap_or(rest)
        );
    }
    detail.to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

    use serde::Deserialize;

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Case {
        #[expect(dead_code, reason = "only read")]
        name: String,
        #[expect(dead_code, reason = "only read")]
        kind: Kind,
    }

    #[derive(Deserialize, Debug)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        New,
        Renewal,
    }

    #[test]
    fn mistakes_about_names_are_said_in_japanese() {
        let said = |text: &str| super::read::<Case>(text).unwrap_err();
        let all: Vec<String> = [
            "name: a\nkind: new\nwhen: today\n",
            "name: a\n",
            "name: a\nkind: newer\n",
            "name: a\nname: b\nkind: new\n",
        ]
        .map(said)
        .to_vec();
        insta::assert_snapshot!(all.join("\n"), @r"
        3行1文字目が読めません（「when」は書けません。ここに書けるのは name、kind です）
        1行1文字目が読めません（「kind」がありません）
        2行7文字目が読めません（「newer」という値はありません。new、renewal のどれかです）
        2行1文字目が読めません（「name」が二度あります）
        ");
    }
}
