//! Reading YAML as people write it: case files, the catalogue.

use serde::Deserialize;

/// Reads a text; `yes` stays a word, `007` stays text.
///
/// # Errors
/// Where it cannot be read and why: `3行5文字目が読めません（…）`.
pub(crate) fn read<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, String> {
    let mut options = serde_yaml::Options::default();
    options.strict_booleans = true; // `yes` is the name of a code
    options.leading_zero_numbers_as_strings = true; // `0012345` is not a number
    serde_yaml::from_str_with_options(text, options).map_err(|error| {
        let place = error.location().map_or_else(String::new, |at| {
            format!("{}行{}文字目が", at.line(), at.column())
        });
        let line = error.location().map_or(u64::MAX, |at| at.line());
        if let Some(tab) = tab_in_front(text).filter(|tab| *tab <= line) {
            return format!("{tab}行1文字目が読めません（{TAB}）");
        }
        let detail = error.without_snippet().to_string();
        let detail = detail.lines().next().unwrap_or_default().trim();
        format!("{place}読めません（{}）", reason(detail))
    })
}

const TAB: &str = "タブがあります。字下げと区切りには空白を使います";

/// The first line that is indented with a tab.
fn tab_in_front(text: &str) -> Option<u64> {
    let blank = |c: char| matches!(c, ' ' | '\t');
    let indented = |line: &str| {
        line.split(|c| !blank(c))
            .next()
            .is_some_and(|i| i.contains('\t'))
    };
    let mut lines = (1..).zip(text.lines());
    lines
        .find(|(_, line)| indented(line))
        .map(|(number, _)| number)
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
        let rule = ["judgements", "values"]
            .iter()
            .all(|word| expected.contains(word));
        let rule = if rule {
            format!(
                "。基準・点数・区分は `values: {{ {name}: … }}` の中に、判定は `judgements: {{ {name}: … }}` の中に書きます"
            )
        } else {
            String::new()
        };
        return format!(
            "「{name}」は書けません。ここに書けるのは {} です{rule}",
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
    let known = WORDS.iter().find(|(part, _)| detail.contains(part));
    known
        .map_or("YAMLの書き方になっていません", |(_, words)| {
            words
        })
        .to_owned()
}

/// Parts of what the library says of a text that is no YAML, or of another kind than is wanted.
const WORDS: [(&str, &str); 18] = [
    (
        "expected sequence",
        "並び（`[a, b]` か、行頭の `- `）を書く所です",
    ),
    (
        "expected mapping",
        "名前と値の組（`{ name: 値 }` か、字下げした `name: 値`）を書く所です",
    ),
    ("expected string", "一つの値を書く所です"),
    ("expected scalar", "一つの値を書く所です"),
    ("found a tab", TAB),
    (
        "',' or '}'",
        "`{` が `}` で閉じられていないか、`,` が抜けています",
    ),
    (
        "',' or ']'",
        "`[` が `]` で閉じられていないか、`,` が抜けています",
    ),
    ("unclosed bracket '{'", "`{` が `}` で閉じられていません"),
    ("unclosed bracket '['", "`[` が `]` で閉じられていません"),
    ("unclosed quote", "引用符が閉じられていません"),
    ("quoted scalar", "引用符が閉じられていません"),
    (
        "mapping values are not allowed",
        "`: ` が二つあります。値に `: ` を書くときは引用符で囲みます",
    ),
    (
        "block mapping",
        "字下げがそろっていないか、`:` が抜けています",
    ),
    ("simple key", "字下げがそろっていないか、`:` が抜けています"),
    (
        "block collection",
        "字下げがそろっていないか、`- ` が抜けています",
    ),
    ("indentation", "字下げがそろっていません"),
    ("invalid type", "値の種類が違います"),
    (
        "end of input",
        "途中で終わっています。空のファイルか、書きかけです",
    ),
];

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
            "name: [a]\nkind: new\n",
            "- name\n",
            "",
            "{name: a",
            "name: \"a\nkind: new\n",
            "name:\ta\n\tkind: new\n",
            "name: a: b\n",
            "name: a\n  kind: new\n kind: b\n",
        ]
        .map(said)
        .to_vec();
        insta::assert_snapshot!(all.join("\n"), @r"
        3行1文字目が読めません（「when」は書けません。ここに書けるのは name、kind です）
        1行1文字目が読めません（「kind」がありません）
        2行7文字目が読めません（「newer」という値はありません。new、renewal のどれかです）
        2行1文字目が読めません（「name」が二度あります）
        1行7文字目が読めません（一つの値を書く所です）
        1行1文字目が読めません（名前と値の組（`{ name: 値 }` か、字下げした `name: 値`）を書く所です）
        1行1文字目が読めません（途中で終わっています。空のファイルか、書きかけです）
        1行1文字目が読めません（`{` が `}` で閉じられていません）
        1行7文字目が読めません（引用符が閉じられていません）
        1行7文字目が読めません（タブがあります。字下げと区切りには空白を使います）
        1行8文字目が読めません（`: ` が二つあります。値に `: ` を書くときは引用符で囲みます）
        2行7文字目が読めません（`: ` が二つあります。値に `: ` を書くときは引用符で囲みます）
        ");
        assert_eq!(super::tab_in_front("cases:\n\t- name: a\n"), Some(2));
    }

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Expected {
        #[expect(dead_code, reason = "only read")]
        judgements: String,
        #[expect(dead_code, reason = "only read")]
        values: String,
        #[expect(dead_code, reason = "only read")]
        result: String,
    }

    #[test]
    fn a_rule_beside_values_is_told_where_it_belongs() {
        let said = super::read::<Expected>("low: true\n").unwrap_err();
        insta::assert_snapshot!(said, @"1行1文字目が読めません（「low」は書けません。ここに書けるのは judgements、values、result です。基準・点数・区分は `values: { low: … }` の中に、判定は `judgements: { low: … }` の中に書きます）");
    }
}
