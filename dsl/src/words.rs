//! The words of the language: which are reserved, which begin an item, which was probably meant.

/// A list of words, and whether a word is one of them: a match is quicker than a search.
macro_rules! words {
    ($(#[$list_doc:meta])* $list:ident; $(#[$is_doc:meta])* $is:ident; $($word:literal),+ $(,)?) => {
        $(#[$list_doc])*
        pub(crate) const $list: &[&str] = &[$($word),+];

        $(#[$is_doc])*
        pub(crate) fn $is(word: &str) -> bool {
            matches!(word, $($word)|+)
        }
    };
}

words! {
    /// Words that cannot be names, because an expression would no longer be readable.
    RESERVED;
    /// Whether `word` cannot be a name.
    is_reserved;
    "and", "or", "not", "unless", "is", "in", "includes", "differs", "treat", "within", "when",
    "gives", "otherwise", "if", "then", "else", "of", "yes", "no", "today",
}

words! {
    /// Words that begin a top-level item (`not` only in `not judged`).
    ITEMS;
    /// Whether `word` may begin a top-level item.
    begins_item;
    "disease", "module", "programme", "use", "code", "section", "criterion", "score", "value", "threshold",
    "grade", "table", "judgement", "check", "convert", "function", "not", "gap", "overlap",
    "private", "migrate",
}

/// Words of an author who begins a line in Japanese, and how it begins here; of several for one word
/// the first that can begin the line is meant.
pub(crate) const IN_JAPANESE: &[(&str, &str)] = &[
    ("疾病", "disease"),
    ("モジュール", "module"),
    ("コード", "code"),
    ("コード表", "code"),
    ("選択肢", "code"),
    ("節", "section"),
    ("区画", "section"),
    ("項目", "field"),
    ("グループ", "group"),
    ("行", "rows"),
    ("注", "note"),
    ("基準", "criterion"),
    ("条件", "criterion"),
    ("点数", "score"),
    ("スコア", "score"),
    ("値", "value"),
    ("計算値", "value"),
    ("基準値", "threshold"),
    ("しきい値", "threshold"),
    ("段階", "grade"),
    ("区分", "grade"),
    ("表", "table"),
    ("判定", "judgement"),
    ("区分", "category"),
    ("カテゴリー", "category"),
    ("病型", "subtype"),
    ("それ以外", "otherwise"),
    ("その他", "otherwise"),
    ("対象", "eligible"),
    ("点検", "check"),
    ("チェック", "check"),
    ("換算", "convert"),
    ("関数", "function"),
    ("隙間", "gap"),
    ("重なり", "overlap"),
    ("版", "edition"),
    ("出典", "source"),
];

/// Words that begin a line of a section or group.
pub(crate) const MEMBERS: &[&str] = &["group", "field", "note", "display", "rows", "each"];

/// Words that begin a line of a judgement.
pub(crate) const JUDGEMENT_LINES: &[&str] = &["category", "subtype", "otherwise", "eligible"];

/// Words that begin a line of a subtype.
pub(crate) const SUBTYPE_LINES: &[&str] = &["category"];

/// Words that begin a line of `sum of domain { … }`.
pub(crate) const DOMAIN_LINES: &[&str] = &["domain"];

/// Words that begin the header of a file.
pub(crate) const HEADERS: &[&str] = &["disease", "module", "programme"];

/// Words that begin a line of a header.
pub(crate) const HEADER_LINES: &[&str] =
    &["edition", "source", "status", "prefix", "note", "renewal"];

/// Words that begin a line of a migration; the other lines begin with the name of a field.
pub(crate) const MIGRATION_LINES: &[&str] = &["drop", "ask"];

/// Words that go on with a line of a migration.
pub(crate) const MIGRATION_WORDS: &[&str] = &["from", "map", "where", "it", "fits", "because"];

words! {
    /// Words that begin a modifier of a field or group.
    MODIFIERS;
    /// Whether `word` begins a modifier.
    begins_modifier;
    "required", "shown", "new", "renewal", "carry", "personal", "help", "cites", "was",
    "better", "default",
}

/// Words that name a type of answers.
pub(crate) const TYPES: &[&str] = &[
    "text",
    "kana",
    "digits",
    "postal_code",
    "phone",
    "integer",
    "decimal",
    "date",
    "month",
    "year",
    "choice",
    "choices",
];

/// Words before `of {`.
pub(crate) const QUANTIFIERS: &[&str] = &[
    "all", "any", "none", "at", "exactly", "count", "sum", "max", "min", "earliest", "latest",
];

/// Every keyword of the grammar, sorted; the reserved words are among them.
pub(crate) const KEYWORDS: &[&str] = &[
    "after",
    "age",
    "all",
    "and",
    "answered",
    "any",
    "application",
    "as",
    "ask",
    "at",
    "bands",
    "because",
    "before",
    "better",
    "branch",
    "carry",
    "category",
    "check",
    "choice",
    "choices",
    "cites",
    "code",
    "confirm",
    "convert",
    "copy",
    "count",
    "criterion",
    "date",
    "days",
    "decimal",
    "default",
    "differs",
    "digits",
    "disease",
    "display",
    "domain",
    "draft",
    "drop",
    "each",
    "earliest",
    "edition",
    "eligible",
    "else",
    "error",
    "exactly",
    "expires",
    "field",
    "first",
    "fits",
    "for",
    "from",
    "function",
    "gap",
    "gives",
    "grade",
    "group",
    "help",
    "higher",
    "identifying",
    "if",
    "in",
    "includes",
    "information",
    "integer",
    "is",
    "it",
    "judged",
    "judgement",
    "kana",
    "latest",
    "least",
    "lines",
    "lower",
    "map",
    "match",
    "max",
    "may",
    "migrate",
    "min",
    "module",
    "month",
    "months",
    "most",
    "never",
    "new",
    "no",
    "none",
    "not",
    "note",
    "notice",
    "of",
    "only",
    "or",
    "otherwise",
    "overlap",
    "personal",
    "phone",
    "points",
    "postal_code",
    "prefix",
    "private",
    "programme",
    "published",
    "quasi",
    "renewal",
    "required",
    "reviewed",
    "rhai",
    "rows",
    "score",
    "section",
    "sensitive",
    "shitei",
    "shoman",
    "shown",
    "side",
    "source",
    "status",
    "subtype",
    "sum",
    "table",
    "text",
    "then",
    "threshold",
    "to",
    "today",
    "treat",
    "unknown",
    "unless",
    "use",
    "value",
    "violated",
    "warning",
    "was",
    "when",
    "where",
    "within",
    "worse",
    "year",
    "years",
    "yes",
];

words! {
    /// Words that go on with an item on a line of their own.
    CONTINUATIONS;
    /// Whether a line that begins with `word` goes on with the item before it.
    continues_item;
    "at", "help", "cites", "violated", "because", "new", "renewal", "as", "from", "to", "for",
}

/// Words besides the reserved ones that can follow a number on the same line.
const NO_UNITS: &[&str] = &[
    "required", "shown", "new", "renewal", "carry", "personal", "help", "cites", "was", "field",
    "group", "note", "display", "category", "eligible", "violated", "because", "to",
];

/// Whether the grammar knows `word` as a keyword; most of them can be names all the same.
pub(crate) fn is_keyword(word: &str) -> bool {
    is_plain(word) && KEYWORDS.binary_search(&word).is_ok()
}

/// Whether `word` has nothing but what the words of the language have.
fn is_plain(word: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b == b'_';
    word.len() <= LONGEST_WORD && word.bytes().all(plain)
}

/// Whether `word` after a number on the same line is surely no unit.
pub(crate) fn is_no_unit(word: &str) -> bool {
    NO_UNITS.contains(&word)
}

/// Whether an unknown `word` at the beginning of a line rather goes on with the line before than
/// begins one that should begin with one of `beginnings`.
pub(crate) fn goes_on(word: &str, beginnings: &[&'static str]) -> bool {
    const INSIDE: &[&str] = &["lines", "points", "unknown", "when", "of", "from"];
    let following = || CONTINUATIONS.iter().chain(MODIFIERS).chain(INSIDE).copied();
    following().any(|known| known == word)
        || nearest(word, beginnings.iter().copied()).is_none()
            && nearest(word, following()).is_some()
}

/// The candidate that was probably meant by `word`: few letters differ.
pub(crate) fn nearest<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let letters: Vec<char> = word.chars().take(LONGEST_WORD + 1).collect();
    if letters.len() > LONGEST_WORD {
        return None;
    }
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let other: Vec<char> = candidate.chars().collect();
            let allowed = match other.len() {
                0..=2 => usize::from(other.len() == 2 && letters.len() == 2),
                3..=5 => 1,
                _ => 2,
            };
            let distance = distance(&letters, &other);
            (distance <= allowed && distance > 0).then_some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// 2, two.
pub(crate) fn number_word(word: &str) -> Option<u32> {
    const WORDS: [&str; 10] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    let written = (1..).zip(WORDS).find(|(_, name)| *name == word);
    written.map(|(n, _)| n).or_else(|| word.parse().ok())
}

const LONGEST_WORD: usize = 24;

/// Insertions, deletions, replacements and swaps of neighbours between two words. It takes the
/// product of their lengths: callers bound them.
pub fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous_letter: Option<char> = None;
    for (i, &x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, &y) in b.iter().enumerate() {
            let at = |row: &[usize], k: usize| row.get(k).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&last, j) + usize::from(x != y))
                .min(at(&last, j + 1) + 1)
                .min(at(&row, j) + 1);
            let swapped = j > 0 && b.get(j - 1) == Some(&x) && previous_letter == Some(y);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
        previous_letter = Some(x);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRAMMAR: &str = include_str!("grammar.pest");

    #[test]
    fn keywords_are_those_of_the_grammar() {
        let declared: Vec<&str> = GRAMMAR
            .lines()
            .filter_map(|line| line.strip_prefix("kw_")?.split_once(char::is_whitespace))
            .map(|(word, _)| word)
            .collect();
        assert_eq!(declared, KEYWORDS);
        assert!(KEYWORDS.is_sorted());
        assert!(KEYWORDS.iter().chain(RESERVED).all(|word| is_keyword(word)));
    }

    #[test]
    fn reserved_words_are_those_of_the_grammar() {
        let rule = GRAMMAR.split("\nreserved = @{").nth(1).unwrap();
        let rule = rule.split('}').next().unwrap();
        let declared: Vec<&str> = rule.split('"').skip(1).step_by(2).collect();
        assert_eq!(declared, RESERVED);
    }

    #[test]
    fn a_slip_of_the_pen_finds_the_word() {
        assert_eq!(
            nearest("requird", MODIFIERS.iter().copied()),
            Some("required")
        );
        assert_eq!(nearest("feild", MEMBERS.iter().copied()), Some("field"));
        assert_eq!(nearest("si", ["is", "in"]), Some("is"));
        assert_eq!(nearest("tremor", MEMBERS.iter().copied()), None);
    }
}
