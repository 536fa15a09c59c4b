//! The words of pseudo-code: every word that checks, conditions and rules are written in.
//!
//! The same table stands in `docs/targets/documents.md`; a test holds both against what is emitted.

use super::sheet::{Column, Sheet, column};
use serde::Serialize;

/// A way to write something, and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WordRow {
    /// What it is about.
    pub about: &'static str,
    /// How it is written: `SHOWN(x)、SHOWN(a, b)`.
    pub writing: &'static str,
    /// The words in it.
    pub words: &'static [&'static str],
    /// What it means.
    pub meaning: &'static str,
}

/// All of them.
pub fn rows() -> &'static [WordRow] {
    WORDS
}

/// The rows as a table.
pub fn sheet() -> Sheet {
    const COLUMNS: &[Column] = &[
        column("種類", 12),
        column("書き方", 50),
        column("意味", 100),
    ];
    let cells = |row: &WordRow| {
        let cells = [row.about, row.writing, row.meaning];
        cells.map(str::to_owned).to_vec()
    };
    Sheet {
        name: "疑似コードの読み方",
        columns: COLUMNS,
        rows: WORDS.iter().map(cells).collect(),
    }
}

#[rustfmt::skip]
const WORDS: &[WordRow] = &[
    WordRow { about: "回答", writing: "x = \"1\"",
        words: &[],
        meaning: "一つ選択の項目が、そのコード。「不明」のコードを選んだときは、そのコードを名指しした条件だけが成り立ち、ほかのコードだけを名指しした条件は不明。SHOWN(x) が成り立たないか不明のとき、未記入、読めない値のときは不明" },
    WordRow { about: "回答", writing: "x IN (\"1\", \"2\")",
        words: &["IN"],
        meaning: "並べたコードのどれか。読み方は x = \"1\" と同じ" },
    WordRow { about: "回答", writing: "x INCLUDES \"1\"",
        words: &["INCLUDES"],
        meaning: "複数選択の項目が、そのコードを含む。「不明」のコードも選んであれば、含まないほかのコードは不明。一つも選んでいなければ不明" },
    WordRow { about: "回答", writing: "WRITTEN(x)",
        words: &["WRITTEN"],
        meaning: "空白でない値が書いてある。読めない値も、記入できない項目の値も含む。不明にならない" },
    WordRow { about: "回答", writing: "VALID(x)",
        words: &["VALID"],
        meaning: "WRITTEN(x) で、その値に書き方・桁・範囲・単位・コードの指摘がない（値として読めた）。記入できるかどうかは問わない。不明にならない" },
    WordRow { about: "回答", writing: "ANSWERED(x)",
        words: &["ANSWERED"],
        meaning: "SHOWN(x) が成り立ち、VALID(x)。点検では不明にならない（SHOWN(x) が不明なら成り立たない）" },
    WordRow { about: "回答", writing: "SHOWN(x)、SHOWN(a, b)",
        words: &["SHOWN"],
        meaning: "その項目（並べた項目のすべて）に記入できる。条件は、ファイルレコード定義の「記入できる条件（疑似コード）」。三値のまま使う" },
    WordRow { about: "回答", writing: "POINTS(x)",
        words: &["POINTS"],
        meaning: "選んだコードの点数（コード表の「点数」）。未記入、「不明」のコード、SHOWN(x) が成り立たないか不明のときは、不明でないコードの点数の最小から最大まで" },
    WordRow { about: "回答", writing: "NEW、RENEWAL",
        words: &["NEW", "RENEWAL"],
        meaning: "申請の種類（record/@application）が新規、更新" },
    WordRow { about: "回答", writing: "TODAY",
        words: &["TODAY"],
        meaning: "記載年月日（record/@written）。書いていないか読めなければ、点検した日" },
    WordRow { about: "論理", writing: "a AND b、a OR b、NOT a",
        words: &["AND", "OR", "NOT"],
        meaning: "一つでも成り立たないものがあれば AND は成り立たない。一つでも成り立てば OR は成り立つ。それ以外で不明を含めば不明。NOT は成り立つ・成り立たないを入れ替え、不明は不明のまま" },
    WordRow { about: "論理", writing: "COUNT(a, b, c) >= 2",
        words: &["COUNT"],
        meaning: "条件のうち成り立つものの数。不明のものがどちらになっても結果が同じときだけ、成り立つ・成り立たないが決まる" },
    WordRow { about: "論理", writing: "IF a THEN b ELSE c",
        words: &["IF", "THEN", "ELSE"],
        meaning: "a が成り立てば b、成り立たなければ c。a が不明なら、b と c が同じ結果のときだけその結果で、ほかは不明。数では b と c を合わせた範囲。ELSE の後は最後まで" },
    WordRow { about: "論理", writing: "UNKNOWN_AS_FALSE(a)、UNKNOWN_AS_TRUE(a)",
        words: &["UNKNOWN_AS_FALSE", "UNKNOWN_AS_TRUE"],
        meaning: "a が不明なら、成り立たない・成り立つに読み替える。読み替えるのはこの二つだけ。判定でも、いまの回答での a を使う（未記入に答えを入れてみない）" },
    WordRow { about: "論理", writing: "TRUE、FALSE、UNKNOWN",
        words: &["TRUE", "FALSE", "UNKNOWN"],
        meaning: "いつも成り立つ、いつも成り立たない、いつも不明" },
    WordRow { about: "論理", writing: "WHEN a THEN \"p\" … ELSE \"q\"",
        words: &["WHEN"],
        meaning: "区分・判定・結果。上から見て、最初に成り立つものの区分。不明のものがあれば、その区分も、その下の区分もあり得る。あり得る区分が一つのときだけ決まる。ELSE がなければ、読む数に値がある限り、必ずどれかの WHEN が成り立つ" },
    WordRow { about: "論理", writing: "d = \"p\"、d IN (\"p\", \"q\")",
        words: &[],
        meaning: "区分・判定 d が、その区分（のどれか）。d のあり得る区分がすべて並べたものなら成り立ち、一つも並んでいなければ成り立たず、ほかは不明" },
    WordRow { about: "数と日付", writing: "x < 3.5",
        words: &[],
        meaning: "数・日付の比較（=、<>、<、<=、>、>=）。未記入の数は、その項目の範囲（なければ制限なし）のどこか。範囲のどこでも同じ結果のときだけ決まる" },
    WordRow { about: "数と日付", writing: "+、-、*、/",
        words: &[],
        meaning: "小数は誤差なく計算する。0で割り得るときは不明" },
    WordRow { about: "数と日付", writing: "SUM(a, b)、MAX(a, b)、MIN(a, b)",
        words: &["SUM", "MAX", "MIN"],
        meaning: "合計、いちばん大きいもの、いちばん小さいもの" },
    WordRow { about: "数と日付", writing: "ROUND(a)、ROUND(a, 1)、ABS、FLOOR、CEILING",
        words: &["ROUND", "ABS", "FLOOR", "CEILING"],
        meaning: "四捨五入（二つめは小数点以下の桁数。なければ0。0から遠い方へ）、絶対値、切り捨て、切り上げ" },
    WordRow { about: "数と日付", writing: "SQRT(a)、LN(a)、EXP(a)、POWER(a, b)",
        words: &["SQRT", "LN", "EXP", "POWER"],
        meaning: "平方根、自然対数、指数、べき乗。値がないとき（負の数の平方根など）は不明" },
    WordRow { about: "数と日付", writing: "DATE(2025-04-01)",
        words: &["DATE"],
        meaning: "その日" },
    WordRow { about: "数と日付", writing: "YEARS_BETWEEN(a, b)、MONTHS_BETWEEN、DAYS_BETWEEN",
        words: &["YEARS_BETWEEN", "MONTHS_BETWEEN", "DAYS_BETWEEN"],
        meaning: "a から b までの満年数・満月数・日数。2月29日生まれは平年の3月1日に1歳増える" },
    WordRow { about: "数と日付", writing: "ADD_YEARS(a, 1)、ADD_MONTHS(a, 6)、ADD_DAYS(a, 7)",
        words: &["ADD_YEARS", "ADD_MONTHS", "ADD_DAYS"],
        meaning: "日付の加算（負の数なら前へ）。同じ日がない月は末日（8月31日の6か月後は2月28日か29日）" },
    WordRow { about: "数と日付", writing: "CODES(表)",
        words: &["CODES"],
        meaning: "コード表のコードのすべて" },
    WordRow { about: "値の書き方", writing: "x MATCHES \"…\"、x NOT MATCHES \"…\"",
        words: &["MATCHES"],
        meaning: "値の全体が正規表現（日付では YYYY[-MM[-DD]] の形。数字は半角）に合う、合わない。一部が合うだけでは合わない" },
    WordRow { about: "値の書き方", writing: "TRIM(x)",
        words: &["TRIM"],
        meaning: "前後の空白（Unicode の White_Space。全角の空白 U+3000、改行しない空白 U+00A0 を含む）を除いた値。選択・数値・日付・番号・郵便番号・電話番号の条件は、いつもこれを見る。文字列とかなは空白を除かずに見る" },
    WordRow { about: "値の書き方", writing: "NFKC(x)",
        words: &["NFKC"],
        meaning: "Unicode の NFKC にし、「−」「‐」「―」「ー」を「-」にした値" },
    WordRow { about: "値の書き方", writing: "WITHOUT_GROUPING(x)",
        words: &["WITHOUT_GROUPING"],
        meaning: "整数部分の3桁ごとの「,」を取り除いた値。「,」がないか、3桁ごとでなければ、どの形にも合わない" },
    WordRow { about: "値の書き方", writing: "FRACTION_DIGITS(x)、INTEGER_DIGITS(x)",
        words: &["FRACTION_DIGITS", "INTEGER_DIGITS"],
        meaning: "小数点以下の桁数（末尾の0を除く）、整数部分の桁数（先頭の0を除く。0.5 では0桁）" },
    WordRow { about: "値の書き方", writing: "LENGTH(x)、LINES(x)",
        words: &["LENGTH", "LINES"],
        meaning: "Unicode の NFC にし、改行（CRLF、CR、LF）を1文字の LF にした後の、符号位置の数と、行数（LF の数に1を加えたもの）" },
    WordRow { about: "値の書き方", writing: "CONTAINS_CONTROL(x)",
        words: &["CONTAINS_CONTROL"],
        meaning: "改行とタブのほかの制御文字（Unicode の Cc）か、U+FFFE・U+FFFF がある" },
    WordRow { about: "値の書き方", writing: "COUNT_VALUES(x)",
        words: &["COUNT_VALUES"],
        meaning: "画面から送られた値の数（記録では使わない）" },
    WordRow { about: "値の書き方", writing: "PRECISION(x) > MONTH",
        words: &["PRECISION", "MONTH", "YEAR", "YYYY", "MM", "DD"],
        meaning: "日付が、年月（YEAR では年）より細かく書いてある" },
    WordRow { about: "値の書き方", writing: "GUESSED(x)",
        words: &["GUESSED"],
        meaning: "和暦、「/」区切りなど、別の書き方の日付として一通りに読める（docs/exchange/csv.md の「書き方の読み替え」）" },
    WordRow { about: "値の書き方", writing: "OUTSIDE_ERA(x)",
        words: &["OUTSIDE_ERA"],
        meaning: "和暦として読めるが、その元号の期間の外の日付" },
    WordRow { about: "値の書き方", writing: "IN_CALENDAR(x)",
        words: &["IN_CALENDAR"],
        meaning: "暦にある日付（13月、2月30日はない）" },
    WordRow { about: "値の書き方", writing: "x/@unit",
        words: &[],
        meaning: "数値の要素の属性 unit。書いていなければ比べない" },
    WordRow { about: "ファイル", writing: "SIZE(…)、RATIO(…)、LIMIT、KB、MB",
        words: &["SIZE", "RATIO", "LIMIT", "KB", "MB"],
        meaning: "大きさ（バイト）、展開後と展開前の大きさの比、点検ツールの上限、1,024バイト、その1,024倍" },
    WordRow { about: "ファイル", writing: "READABLE、VALID_UTF8、VALID_ZIP、WELL_FORMED、JSON、FHIR、OPENS、CLOSED、DECLARED",
        words: &["READABLE", "VALID_UTF8", "VALID_ZIP", "WELL_FORMED", "JSON", "FHIR", "OPENS", "CLOSED", "DECLARED"],
        meaning: "読める、正しいUTF-8、正しいZIP、整形式のXML、JSON、FHIRの構造、開ける、閉じている、宣言されている" },
    WordRow { about: "ファイル", writing: "SIGNATURE、IS_SEALED、IS_ZIP、IS_LINK、ENCRYPTED、METHOD、NAME",
        words: &["SIGNATURE", "IS_SEALED", "IS_ZIP", "IS_LINK", "ENCRYPTED", "METHOD", "NAME"],
        meaning: "先頭のバイトで見分けた種類、封緘ファイル、ZIP、リンク、パスワード付き、圧縮方式、名前" },
    WordRow { about: "ファイル", writing: "EXISTS、CONTAINS、IS EMPTY、INSIDE、OUTSIDE、FROM、DIFFERS、LIKE",
        words: &["EXISTS", "CONTAINS", "IS", "EMPTY", "INSIDE", "OUTSIDE", "FROM", "DIFFERS", "LIKE"],
        meaning: "ある、含む、書いていない、中にある、外にある、…と、違う、…の形" },
    WordRow { about: "ファイル", writing: "NAMESPACE、PREFIX、KEY、EDITION、DEPTH、POSITION、TEXT、TYPE、QUOTE、NUL、END_OF_FILE",
        words: &["NAMESPACE", "PREFIX", "KEY", "EDITION", "DEPTH", "POSITION", "TEXT", "TYPE", "QUOTE", "NUL", "END_OF_FILE"],
        meaning: "名前空間、接頭辞、様式キー、版、入れ子の段数（ルートが1段）、並び順、要素の中の文字、値の種類、引用符、文字U+0000、ファイルの終わり" },
    WordRow { about: "ファイル", writing: "CURRENT_DATE",
        words: &["CURRENT_DATE"],
        meaning: "点検する日。TODAY ではない" },
    WordRow { about: "ファイル", writing: "RESULT、RESULT(版)",
        words: &["RESULT"],
        meaning: "その版による判定の結果（計算・判定の規則の RESULT）" },
];
