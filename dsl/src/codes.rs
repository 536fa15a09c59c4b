//! The codes of everything this crate reports. A code is never used again for something else.

/// The file is too large.
pub(crate) const TOO_LARGE: &str = "E0001";
/// Full-width signs, digits or blanks.
pub(crate) const FULL_WIDTH: &str = "E0002";
/// A text is not closed.
pub(crate) const UNCLOSED_TEXT: &str = "E0003";
/// A character that belongs to no token.
pub(crate) const UNUSABLE: &str = "E0004";
/// A number with separators between thousands, or too large.
pub(crate) const NUMBER_FORM: &str = "E0005";
/// A date that does not exist or is written differently.
pub(crate) const DATE: &str = "E0006";
/// A name with characters that look like others.
pub(crate) const LOOKALIKE: &str = "E0007";
/// A sign of another language.
pub(crate) const SIGN: &str = "E0008";
/// A text between other quotation marks.
pub(crate) const QUOTES: &str = "E0009";
/// A backslash before something else than `"` or `\`.
pub(crate) const ESCAPE: &str = "E0010";
/// A comment of another language.
pub(crate) const COMMENT: &str = "E0011";

/// An opening brace without a closing one.
pub(crate) const UNCLOSED_BRACE: &str = "E0020";
/// A closing brace without an opening one.
pub(crate) const STRAY_BRACE: &str = "E0021";
/// Too many braces, parentheses or operators inside each other.
pub(crate) const TOO_DEEP: &str = "E0022";
/// No header, or more than one.
pub(crate) const HEADER: &str = "E0023";

/// A word that is not part of the language here.
pub(crate) const UNKNOWN_WORD: &str = "E0030";
/// A reserved word where a name should be.
pub(crate) const RESERVED_NAME: &str = "E0031";
/// Something is missing.
pub(crate) const MISSING: &str = "E0032";
/// Something stands where it cannot.
pub(crate) const UNEXPECTED: &str = "E0033";
/// `a < b < c`.
pub(crate) const CHAINED: &str = "E0034";
/// Two members of a block on one line without `;`.
pub(crate) const SEPARATOR: &str = "E0035";
/// A line of a header or judgement is written twice.
pub(crate) const TWICE: &str = "E0036";
/// A row of a table has too many or too few cells.
pub(crate) const CELLS: &str = "E0037";
/// A head of a table without anything it is about.
pub(crate) const TABLE_HEAD: &str = "E0038";
/// There are more findings than are listed.
pub(crate) const TOO_MANY: &str = "E0099";

/// What a code of this crate means at more length, in Japanese; nothing for an unknown code.
pub fn explain(code: &str) -> Option<&'static str> {
    EXPLANATIONS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(code))
        .map(|(_, text)| *text)
}

/// The codes that have an explanation.
pub fn explained() -> impl Iterator<Item = &'static str> {
    EXPLANATIONS.iter().map(|(code, _)| *code)
}

const EXPLANATIONS: &[(&str, &str)] = &[
    (
        TOO_LARGE,
        "定義ファイルは 2 MiB までです。\n共通する部分を module として別のファイルに分け、`use` で使います。",
    ),
    (
        FULL_WIDTH,
        "記号・数字・空白は半角で書きます。全角のままでよいのは、\"…\" の中、注釈、日本語の名前だけです。\n\n\
         誤: `igg4 ＞＝ １３５ mg/dL`\n正: `igg4 >= 135 mg/dL`",
    ),
    (
        UNCLOSED_TEXT,
        "文字列は `\"` で始めて、同じ行の中で `\"` で閉じます。\n\
         閉じる位置が分からないため、その行のほかの誤りは報告しないことがあります。",
    ),
    (
        UNUSABLE,
        "定義の中で意味を持たない文字です。文として書くなら \"…\" の中に、覚え書きなら `#` の後に書きます。",
    ),
    (
        NUMBER_FORM,
        "数は半角の数字と、多くても 1 つの小数点で書きます。桁区切りは書きません。\n\n\
         誤: `1,500`\n正: `1500`",
    ),
    (
        DATE,
        "日付は西暦で、年-月-日 を 4 桁・2 桁・2 桁で書きます。暦にない日は書けません。\n\n\
         誤: `2023/4/1`、`2023-02-30`\n正: `2023-04-01`",
    ),
    (
        LOOKALIKE,
        "名前に、見た目では区別できない文字が混ざっています。\n\
         全角の英数字、半角のカタカナ、異体字の指定、英字に似たギリシャ文字・キリル文字は使えません。\n\
         同じに見える名前が別のものを指すことを防ぐためです。",
    ),
    (
        SIGN,
        "ほかの言語や数式の記号です。この言語では次のように書きます。\n\n\
         等しい `=`、等しくない `!=`、以上 `>=`、以下 `<=`、かつ `and`、または `or`、打ち消し `not`、範囲 `30 ..< 45`、`30..45`",
    ),
    (
        QUOTES,
        "文字列は半角の `\"` で囲みます。かぎ括弧や全角の引用符は、文字列の中でだけ使えます。",
    ),
    (
        ESCAPE,
        "文字列の中で `\\` が使えるのは、`\\\"`(引用符)と `\\\\`(逆斜線)だけです。",
    ),
    (COMMENT, "注釈は半角の `#` で始め、行の終わりまで続きます。"),
    (
        UNCLOSED_BRACE,
        "`{` に対応する `}` がありません。\n\
         どこで閉じ忘れたかは字下げから推し量るので、示された場所の少し前も確かめてください。",
    ),
    (
        STRAY_BRACE,
        "`}` に対応する `{` がありません。\n\
         その前のどこかで早く閉じたか、`{` を書き忘れています。",
    ),
    (
        TOO_DEEP,
        "括弧や `if`、`not` の入れ子は 64 段まで、計算は 1 つの式で 64 回までです。\n\
         一部を `criterion` や `value` として別に定義し、名前で使います。",
    ),
    (
        HEADER,
        "どのファイルも、初めに `disease … { … }` か `module … { … }` を 1 つだけ書きます。",
    ),
    (
        UNKNOWN_WORD,
        "この場所で使える語ではありません。綴りを確かめてください。",
    ),
    (
        RESERVED_NAME,
        "規則を読みやすくするための語は名前にできません。\n\n\
         and or not unless is in includes differs treat when otherwise if then else of yes no today",
    ),
    (
        MISSING,
        "書くべき語や記号が足りません。示された場所に補います。",
    ),
    (
        UNEXPECTED,
        "この場所には書けないものがあります。前の行が終わっているか、区切りが抜けていないかも確かめてください。",
    ),
    (
        CHAINED,
        "比較は 2 つのものの間だけで行います。\n\n\
         誤: `30 <= egfr < 45`\n正: `egfr in 30 ..< 45`",
    ),
    (
        SEPARATOR,
        "`{ }` の中に並べるものは、`;` か改行で区切ります。\n\n\
         誤: `any of { a is present, b is present }`\n正: `any of { a is present; b is present }`",
    ),
    (
        TWICE,
        "1 度だけ書く行が 2 度書かれています。どちらが正しいか決めて、1 つにします。",
    ),
    (
        CELLS,
        "表のどの行にも、列と同じ数の結果を `|` で区切って書きます。空のます目は書けません。",
    ),
    (
        TABLE_HEAD,
        "表の最初の行は `|` で始め、列の見出しを並べます。\n\
         最初の見出しに書いた項目と単位は、続く見出し(`0.15 ..< 0.50`、`>= 0.50`)にも使われます。\n\
         見出しに 2 つ以上の項目があるときは、どの見出しにも項目の名前を書きます。",
    ),
    (
        TOO_MANY,
        "誤りが多いため、一部だけを示しています。上から順に直してください。",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_once() {
        let mut codes: Vec<_> = explained().collect();
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
        let declared = include_str!("codes.rs")
            .matches("pub(crate) const ")
            .count()
            - 1;
        assert_eq!(count, declared);
        assert!(explain("e0030").is_some() && explain("E9999").is_none());
    }
}
