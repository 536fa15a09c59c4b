//! Letters for comparison: what two hands write differently is made alike.

use unicode_normalization::UnicodeNormalization;

/// NFKC, without blanks and punctuation, signs of one meaning alike.
pub(crate) fn normal(text: &str) -> String {
    text.nfkc()
        .filter_map(|c| match c {
            '≧' | '≥' | '⩾' => Some('≥'),
            '≦' | '≤' | '⩽' => Some('≤'),
            '~' | '〜' | '∼' => Some('~'),
            c if c.is_whitespace() || is_punctuation(c) => None,
            c => Some(c.to_ascii_lowercase()),
        })
        .collect()
}

fn is_punctuation(c: char) -> bool {
    matches!(
        c,
        '、' | '。'
            | ','
            | '.'
            | '・'
            | ':'
            | ';'
            | '('
            | ')'
            | '['
            | ']'
            | '「'
            | '」'
            | '『'
            | '』'
            | '“'
            | '”'
            | '"'
            | '\''
            | '’'
            | '‘'
            | '-'
            | '‐'
            | '–'
            | '—'
            | '−'
            | '―'
            | '|'
            | '/'
            | '<'
            | '>'
            | '〈'
            | '〉'
            | '《'
            | '》'
            | '【'
            | '】'
            | '〔'
            | '〕'
            | '{'
            | '}'
    )
}

/// How much two texts have in common: pairs of letters of the shorter one found in the other, in
/// thousandths.
pub(crate) fn likeness(a: &str, b: &str) -> usize {
    let pairs =
        |text: &str| -> Vec<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let (a, b) = (pairs(a), pairs(b));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let common = short.iter().filter(|pair| long.contains(pair)).count();
    (common * 1000).checked_div(short.len()).unwrap_or(0)
}
