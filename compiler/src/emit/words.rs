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

const fn row(about: &'static str, writing: &'static str, meaning: &'static str) -> WordRow {
    WordRow {
        about,
        writing,
        meaning,
    }
}

#[rustfmt::skip]
const WORDS: &[WordRow] = &[
    row("回答", "x = \"1\"",
        "一つ選択の項目が、そのコード。「不明」のコードを選んだときは、そのコードを名指しした条件だけが成り立ち、ほかのコードだけを名指しした条件は不明。SHOWN(x) が成り立たないか不明のとき、未記入、読めない値のときは不明"),
    row("回答", "x IN (\"1\", \"2\")",
        "並べたコードのどれか。読み方は x = \"1\" と同じ"),
    row("回答", "x INCLUDES \"1\"",
        "複数選択の項目が、そのコードを含む。「不明」のコードも選んであれば、含まないほかのコードは不明。一つも選んでいなければ不明"),
    row("回答", "WRITTEN(x)",
        "空白でない値が書いてある。読めない値も、記入できない項目の値も含む。不明にならない"),
    row("回答", "VALID(x)",
        "WRITTEN(x) で、その値に書き方・桁・範囲・単位・コードの指摘がない（値として読めた）。記入できるかどうかは問わない。不明にならない"),
    row("回答", "ANSWERED(x)",
        "SHOWN(x) が成り立ち、VALID(x)。点検では不明にならない（SHOWN(x) が不明なら成り立たない）"),
    row("回答", "SHOWN(x)、SHOWN(a, b)",
        "その項目（並べた項目のすべて）に記入できる。条件は、ファイルレコード定義の「記入できる条件（疑似コード）」。三値のまま使う"),
    row("回答", "POINTS(x)",
        "選んだコードの点数（コード表の「点数」）。未記入、「不明」のコード、SHOWN(x) が成り立たないか不明のときは、不明でないコードの点数の最小から最大まで"),
    row("回答", "NEW、RENEWAL",
        "申請の種類（record/@application）が新規、更新"),
    row("回答", "TODAY",
        "記載年月日（record/@written）。書いていないか読めなければ、点検した日"),
    row("論理", "a AND b、a OR b、NOT a",
        "一つでも成り立たないものがあれば AND は成り立たない。一つでも成り立てば OR は成り立つ。それ以外で不明を含めば不明。NOT は成り立つ・成り立たないを入れ替え、不明は不明のまま"),
    row("論理", "COUNT(a, b, c) >= 2",
        "条件のうち成り立つものの数。不明のものがどちらになっても結果が同じときだけ、成り立つ・成り立たないが決まる"),
    row("論理", "IF a THEN b ELSE c",
        "a が成り立てば b、成り立たなければ c。a が不明なら、b と c が同じ結果のときだけその結果で、ほかは不明。数では b と c を合わせた範囲。ELSE の後は最後まで"),
    row("論理", "UNKNOWN_AS_FALSE(a)、UNKNOWN_AS_TRUE(a)",
        "a が不明なら、成り立たない・成り立つに読み替える。読み替えるのはこの二つだけ。判定でも、いまの回答での a を使う（未記入に答えを入れてみない）"),
    row("論理", "TRUE、FALSE、UNKNOWN",
        "いつも成り立つ、いつも成り立たない、いつも不明"),
    row("論理", "WHEN a THEN \"p\" … ELSE \"q\"",
        "区分・判定・結果。上から見て、最初に成り立つものの区分。不明のものがあれば、その区分も、その下の区分もあり得る。あり得る区分が一つのときだけ決まる。ELSE がなければ、読む数に値がある限り、必ずどれかの WHEN が成り立つ"),
    row("論理", "d = \"p\"、d IN (\"p\", \"q\")",
        "区分・判定 d が、その区分（のどれか）。d のあり得る区分がすべて並べたものなら成り立ち、一つも並んでいなければ成り立たず、ほかは不明"),
    row("数と日付", "x < 3.5",
        "数・日付の比較（=、<>、<、<=、>、>=）。未記入の数は、その項目の範囲（なければ制限なし）のどこか。範囲のどこでも同じ結果のときだけ決まる"),
    row("数と日付", "+、-、*、/",
        "小数は誤差なく計算する。0で割り得るときは不明"),
    row("数と日付", "SUM(a, b)、MAX(a, b)、MIN(a, b)",
        "合計、いちばん大きいもの、いちばん小さいもの"),
    row("数と日付", "ROUND(a)、ROUND(a, 1)、ABS、FLOOR、CEILING",
        "四捨五入（二つめは小数点以下の桁数。なければ0。0から遠い方へ）、絶対値、切り捨て、切り上げ"),
    row("数と日付", "SQRT(a)、LN(a)、EXP(a)、POWER(a, b)",
        "平方根、自然対数、指数、べき乗。値がないとき（負の数の平方根など）は不明"),
    row("数と日付", "DATE(2025-04-01)",
        "その日"),
    row("数と日付", "YEARS_BETWEEN(a, b)、MONTHS_BETWEEN、DAYS_BETWEEN",
        "a から b までの満年数・満月数・日数。2月29日生まれは平年の3月1日に1歳増える"),
    row("数と日付", "MONTH_OF(a)、YEAR_OF(a)",
        "a の属する暦の月と年。月は年も合わせて比べる（2024年12月は2025年1月より前）"),
    row("数と日付", "ADD_YEARS(a, 1)、ADD_MONTHS(a, 6)、ADD_DAYS(a, 7)",
        "日付の加算（負の数なら前へ）。同じ日がない月は末日（8月31日の6か月後は2月28日か29日）"),
    row("数と日付", "CODES(表)",
        "コード表のコードのすべて"),
    row("値の書き方", "x MATCHES \"…\"、x NOT MATCHES \"…\"、x MATCHES YYYY[-MM[-DD]]",
        "値の全体が正規表現（日付では YYYY[-MM[-DD]] の形。数字は半角）に合う、合わない。一部が合うだけでは合わない"),
    row("値の書き方", "TRIM(x)",
        "前後の空白（Unicode の White_Space。全角の空白 U+3000、改行しない空白 U+00A0 を含む）を除いた値。選択・数値・日付・番号・郵便番号・電話番号の条件は、いつもこれを見る。文字列とかなは空白を除かずに見る"),
    row("値の書き方", "NFKC(x)",
        "Unicode の NFKC にし、「−」「‐」「―」「ー」を「-」にした値"),
    row("値の書き方", "WITHOUT_GROUPING(x)",
        "整数部分の3桁ごとの「,」を取り除いた値。「,」がないか、3桁ごとでなければ、どの形にも合わない"),
    row("値の書き方", "FRACTION_DIGITS(x)、INTEGER_DIGITS(x)",
        "小数点以下の桁数（末尾の0を除く）、整数部分の桁数（先頭の0を除く。0.5 では0桁）"),
    row("値の書き方", "LENGTH(x)、LINES(x)",
        "Unicode の NFC にし、改行（CRLF、CR、LF）を1文字の LF にした後の、符号位置の数と、行数（LF の数に1を加えたもの）"),
    row("値の書き方", "CONTAINS_CONTROL(x)",
        "改行とタブのほかの制御文字（Unicode の Cc）か、U+FFFE・U+FFFF がある"),
    row("値の書き方", "COUNT_VALUES(x)",
        "画面から送られた値の数（記録では使わない）"),
    row("値の書き方", "PRECISION(x) > MONTH、PRECISION(x) > YEAR",
        "日付が、年月（YEAR では年）より細かく書いてある"),
    row("値の書き方", "GUESSED(x)",
        "和暦、「/」区切りなど、別の書き方の日付として一通りに読める（docs/exchange/csv.md の「書き方の読み替え」）"),
    row("値の書き方", "OUTSIDE_ERA(x)",
        "和暦として読めるが、その元号の期間の外の日付"),
    row("値の書き方", "IN_CALENDAR(x)",
        "暦にある日付（13月、2月30日はない）"),
    row("値の書き方", "x/@unit",
        "数値の要素の属性 unit。書いていなければ比べない"),
    row("ファイル", "SIZE(…)、RATIO(…)、LIMIT、KB、MB",
        "大きさ（バイト）、展開後と展開前の大きさの比、点検ツールの上限、1,024バイト、その1,024倍"),
    row("ファイル", "READABLE、VALID_UTF8、VALID_ZIP、WELL_FORMED、JSON、FHIR、OPENS、CLOSED、DECLARED",
        "読める、正しいUTF-8、正しいZIP、整形式のXML、JSON、FHIRの構造、開ける、閉じている、宣言されている"),
    row("ファイル", "SIGNATURE、IS_SEALED、IS_ZIP、IS_LINK、ENCRYPTED、METHOD、NAME",
        "先頭のバイトで見分けた種類、封緘ファイル、ZIP、リンク、パスワード付き、圧縮方式、名前"),
    row("ファイル", "EXISTS、CONTAINS、IS EMPTY、INSIDE、OUTSIDE、FROM、DIFFERS、LIKE",
        "ある、含む、書いていない、中にある、外にある、…と、違う、…の形"),
    row("ファイル", "NAMESPACE、PREFIX、KEY、EDITION、DEPTH、POSITION、TEXT、TYPE、QUOTE、NUL、END_OF_FILE",
        "名前空間、接頭辞、様式キー、版、入れ子の段数（ルートが1段）、並び順、要素の中の文字、値の種類、引用符、文字U+0000、ファイルの終わり"),
    row("ファイル", "CURRENT_DATE",
        "点検する日。TODAY ではない"),
    row("ファイル", "RESULT、RESULT(版)",
        "その版による判定の結果（計算・判定の規則の RESULT）"),
];
