//! The words of the language in Japanese: what each says, and how its line goes on.

use kohyo_engine::program::Status;

/// A word with its explanation.
struct Keyword {
    word: &'static str,
    /// What it says, for hover and completion.
    explanation: &'static str,
    /// The line it begins, with places to fill in (`${1:…}`); empty if the word stands alone.
    snippet: &'static str,
}

/// What a word says.
pub(super) fn explanation(word: &str) -> Option<&'static str> {
    find(word).map(|k| k.explanation)
}

/// How the line of a word goes on; the places to fill in are written `${1:…}`.
pub(super) fn snippet(word: &str) -> Option<&'static str> {
    find(word).map(|k| k.snippet).filter(|s| !s.is_empty())
}

fn find(word: &str) -> Option<&'static Keyword> {
    KEYWORDS.iter().find(|k| k.word == word)
}

/// A function with its arguments and explanation.
pub(super) const FUNCTIONS: &[(&str, &str, &str)] = &[
    (
        "round",
        "round(${1:x}, ${2:1})",
        "四捨五入する（2つ目は小数点以下の桁数）",
    ),
    ("floor", "floor(${1:x})", "切り捨てて整数にする"),
    ("ceiling", "ceiling(${1:x})", "切り上げて整数にする"),
    ("abs", "abs(${1:x})", "絶対値"),
    ("sqrt", "sqrt(${1:x})", "平方根"),
    ("ln", "ln(${1:x})", "自然対数"),
    ("exp", "exp(${1:x})", "指数関数"),
    ("power", "power(${1:x}, ${2:y})", "xのy乗"),
];

const fn keyword(word: &'static str, explanation: &'static str, snippet: &'static str) -> Keyword {
    Keyword {
        word,
        explanation,
        snippet,
    }
}

const KEYWORDS: &[Keyword] = &[
    // items
    keyword(
        "disease",
        "疾病の定義を始める",
        "disease ${1|shitei,shoman|} ${2:006} \"${3:疾病名}\" {\n  edition \"${4:2024}\" from ${5:2024-04-01}\n  source notice \"${6:通知}\"\n  status draft\n}\n",
    ),
    keyword(
        "module",
        "ほかの定義から使うモジュールを始める",
        "module ${1:scale.name} \"${2:名前}\" {\n}\n",
    ),
    keyword(
        "programme",
        "自治体が記入する、制度の様式の定義を始める",
        "programme ${1:name} \"${2:名前}\" {\n  edition \"${3:2026}\" from ${4:2026-04-01}\n  source notice \"${5:法令}\"\n  status draft\n}\n",
    ),
    keyword(
        "rows",
        "行ごとに尋ねる項目（薬剤、血縁者など）",
        "rows ${1:drugs} \"${2:使用薬剤}\" 0..${3:10} of {\n  $0\n}",
    ),
    keyword(
        "each",
        "左右などの側ごとに尋ねる項目",
        "each side ${1:eye} \"${2:眼}\" of right \"右\", left \"左\" {\n  $0\n}",
    ),
    keyword(
        "convert",
        "単位の換算。書かれたところでだけ、別の単位で比べられる",
        "convert 1 \"${1:mg/dL}\" = ${2:88.4} \"${3:µmol/L}\" for ${4:creatinine}",
    ),
    keyword("for", "換算する項目を並べる", ""),
    keyword(
        "default",
        "新しい様式の初期値（コードの名前、数、日付、today）",
        "default ${1:none}",
    ),
    keyword("side", "左右などの側", ""),
    keyword(
        "better",
        "良い方の側の値。項目に書くときは、どちらが良い値か",
        "",
    ),
    keyword("worse", "悪い方の側の値", ""),
    keyword("higher", "大きい方が良い", ""),
    keyword("lower", "小さい方が良い", ""),
    keyword(
        "use",
        "モジュールを使う。その様式はこの位置に入る。use shitei 090 only severity as rp は別の疾病の判定を使う",
        "use ${1:common.patient}",
    ),
    keyword(
        "code",
        "コード表（選択肢の一覧）",
        "code ${1:name} \"${2:名前}\" {\n  1 ${3:present} \"${4:あり}\"\n}",
    ),
    keyword(
        "section",
        "様式の大きな区分",
        "section ${1:name} \"${2:見出し}\" {\n  $0\n}",
    ),
    keyword(
        "criterion",
        "基準: 満たす・満たさない・不明",
        "criterion ${1:name} \"${2:名前}\" cites \"${3:原文}\" =\n  $0",
    ),
    keyword(
        "score",
        "点数",
        "score ${1:name} \"${2:名前}\" = sum of {\n  $0\n}",
    ),
    keyword(
        "value",
        "計算値。様式に表示できる",
        "value ${1:name} \"${2:名前}\" : ${3:decimal 4.1} = $0",
    ),
    keyword(
        "grade",
        "段階: いくつかの結果のうち一つ",
        "grade ${1:name} \"${2:名前}\" : ${3:severe} \"${4:重症}\" | ${5:mild} \"${6:軽症}\" = first match {\n  ${3:severe} when $0\n  otherwise ${5:mild}\n}",
    ),
    keyword(
        "table",
        "判定表: 行と列の条件から結果が決まる",
        "table ${1:name} \"${2:名前}\" : ${3:a} | ${4:b} {\n  | ${5:x < 1} | ${6:>= 1}\n  ${7:y < 1} | ${3:a} | ${4:b}\n}",
    ),
    keyword(
        "judgement",
        "判定。diagnosis と severity が結果を決める",
        "judgement ${1:diagnosis} \"${2:診断のカテゴリー}\" {\n  category ${3:definite} \"${4:Definite}\" cites \"${5:原文}\"\n    when $0\n  otherwise none \"いずれにも該当しない\"\n  eligible ${3:definite}\n}",
    ),
    keyword(
        "check",
        "チェック: 記入の矛盾を知らせる",
        "check ${1:R001} ${2|error,warning,information|} \"${3:文}\" at ${4:field}\n  violated when $0",
    ),
    keyword(
        "migrate",
        "前の版の記録の答えを、この版の項目に移す",
        "migrate from edition \"${1:2020}\" {\n  ${2:stage} from ${3:hy_stage}\n  drop ${4:old_item} because \"${5:廃止}\"\n  ask ${6:new_item} because \"${7:追加}\"\n}\n",
    ),
    keyword(
        "drop",
        "前の版の項目を廃止する（理由を書く）",
        "drop ${1:old_item} because \"${2:廃止}\"",
    ),
    keyword(
        "ask",
        "前の版では分からない項目を新しく尋ねる（理由を書く）",
        "ask ${1:new_item} because \"${2:追加}\"",
    ),
    keyword(
        "map",
        "前の版の選択肢が、この版のどの選択肢になるか",
        "map { ${1:6} -> ${2:5} }",
    ),
    keyword(
        "where",
        "`where it fits`: 書ける答えだけを移し、ほかは尋ね直す",
        "where it fits",
    ),
    keyword("it", "`where it fits` の一部", ""),
    keyword("fits", "`where it fits` の一部", ""),
    keyword(
        "may",
        "`renewal may use edition`: 更新は前の版の基準でも判定する",
        "",
    ),
    keyword("private", "モジュールの中だけで使う名前にする", ""),
    // members
    keyword(
        "group",
        "区分の中のまとまり",
        "group ${1:name} \"${2:見出し}\" {\n  $0\n}",
    ),
    keyword(
        "field",
        "項目。名前はXML・CSVでもそのまま使われる",
        "field ${1:name} \"${2:項目名}\" : ${3:finding} required",
    ),
    keyword("note", "様式や定義に添える文", "note \"${1:文}\""),
    keyword(
        "display",
        "点数・計算値・段階をこの位置に表示する",
        "display ${1:name}",
    ),
    // judgement
    keyword(
        "category",
        "判定の区分。上から順に見て最初に当てはまるもの",
        "category ${1:name} \"${2:名前}\" cites \"${3:原文}\"\n  when $0",
    ),
    keyword("otherwise", "上のいずれにも当てはまらないとき", ""),
    keyword(
        "eligible",
        "対象となる区分",
        "eligible ${1:definite} cites \"${2:原文}\"",
    ),
    // header
    keyword(
        "edition",
        "版とその施行日",
        "edition \"${1:2024}\" from ${2:2024-04-01}",
    ),
    keyword(
        "source",
        "出典の通知とその本文のファイル",
        "source notice \"${1:通知}\" text \"${2:006.txt}\"",
    ),
    keyword("notice", "出典の通知", ""),
    keyword(
        "status",
        "作業の状態: draft（下書き）・reviewed（査読済み）・published（公開）",
        "",
    ),
    keyword("draft", Status::Draft.label(), ""),
    keyword("reviewed", Status::Reviewed.label(), ""),
    keyword("published", Status::Published.label(), ""),
    keyword(
        "prefix",
        "モジュールの項目名の前に付く名前",
        "prefix ${1:name}",
    ),
    keyword("branch", "枝番", ""),
    keyword("shitei", "指定難病", ""),
    keyword("shoman", "小児慢性特定疾病", ""),
    keyword(
        "as",
        "別名を付ける（use … as 別名）。unknown の後では扱いを示す",
        "",
    ),
    keyword("from", "始まり（版の施行日、期間の起点）", ""),
    keyword("to", "終わり（版の最終日、期間の終点）", ""),
    keyword(
        "judged",
        "判定しない原文の文（not judged \"…\" because \"…\"）",
        "",
    ),
    keyword("because", "理由", ""),
    keyword(
        "gap",
        "公式の文そのものに、答えのない患者がいると宣言する",
        "gap in ${1:区分} when ${2:条件} because \"${3:公式の表に行がない}\"",
    ),
    keyword(
        "overlap",
        "公式の文そのものに、二つの答えのある患者がいると宣言する",
        "overlap in ${1:区分} when ${2:条件} because \"${3:公式の表で両方に入る}\"",
    ),
    // types
    keyword("text", "文字の項目（最大の字数）", "text ${1:40}"),
    keyword("kana", "ひらがなの項目（最大の字数）", "kana ${1:40}"),
    keyword("digits", "数字だけの項目（桁数）", "digits ${1:7}"),
    keyword("postal_code", "郵便番号", ""),
    keyword("phone", "電話番号", ""),
    keyword(
        "integer",
        "整数の項目（単位と範囲）",
        "integer \"${1:回/日}\" ${2:0}..${3:100}",
    ),
    keyword(
        "decimal",
        "小数の項目（全体の桁数.小数点以下の桁数、単位、範囲）",
        "decimal ${1:4.1} \"${2:mg/dL}\" ${3:0}..${4:999.9}",
    ),
    keyword("date", "年月日", ""),
    keyword(
        "month",
        "年月（項目の型）、暦の月（month of A > month of B）",
        "",
    ),
    keyword(
        "year",
        "年（項目の型）、暦の年（year of A = year of B）",
        "",
    ),
    keyword(
        "choice",
        "一つ選ぶ選択肢",
        "choice {\n  1 ${1:present} \"${2:あり}\"\n}",
    ),
    keyword(
        "choices",
        "いくつでも選べる選択肢。choices of でコード表を使う",
        "choices {\n  1 ${1:name} \"${2:名前}\"\n}",
    ),
    keyword("lines", "行数", ""),
    keyword("points", "選択肢の点数", ""),
    keyword(
        "unknown",
        "この選択肢は「分からない」を表す。treat の後では不明のとき",
        "",
    ),
    // modifiers
    keyword("required", "必須。required when で条件を付ける", ""),
    keyword(
        "shown",
        "条件を満たすときだけ表示する（shown when …）、満たすときは表示しない（shown unless …）。if shown else は表示されないときの値",
        "shown when ${1:condition}",
    ),
    keyword("new", "新規申請（new only は新規のみの項目）", ""),
    keyword("renewal", "更新申請（renewal only は更新のみの項目）", ""),
    keyword("only", "だけ", ""),
    keyword("application", "申請の種類", ""),
    keyword(
        "carry",
        "前回の答えの扱い: copy・confirm・never・expires",
        "carry ${1|copy,confirm,never|}",
    ),
    keyword("copy", "前回の答えを写す", ""),
    keyword("confirm", "前回の答えを写し、医師が確かめてから数える", ""),
    keyword("never", "前回の答えを写さない", ""),
    keyword(
        "expires",
        "期限内なら前回の答えを写す（expires 12 months）",
        "expires ${1:12} months",
    ),
    keyword(
        "personal",
        "個人情報の種類: identifying・quasi・sensitive",
        "personal ${1|identifying,quasi,sensitive|}",
    ),
    keyword("identifying", "個人を特定する", ""),
    keyword("quasi", "組み合わせると特定につながる", ""),
    keyword("sensitive", "要配慮", ""),
    keyword("help", "記入者への説明", "help \"${1:説明}\""),
    keyword("cites", "対応する原文の書き出し", "cites \"${1:原文}\""),
    keyword("was", "前の版での項目名", ""),
    // checks
    keyword("error", "受け付けない", ""),
    keyword("warning", "確かめれば受け付ける", ""),
    keyword("information", "知らせるだけ", ""),
    keyword("at", "示す項目（check）、年齢を数える日（age at）", ""),
    keyword(
        "violated",
        "この条件が満たされるときに出る（violated when …）",
        "violated when ${1:condition}",
    ),
    keyword("when", "とき", ""),
    // conditions
    keyword("and", "かつ", ""),
    keyword("or", "または", ""),
    keyword("not", "でない", ""),
    keyword(
        "unless",
        "ただし…の場合を除く。shown unless は、そのときは表示しない",
        "",
    ),
    keyword("is", "選択肢・結果・区分がこれである（x is present）", ""),
    keyword(
        "in",
        "いずれかである（x in { a; b }）、範囲にある（x in 30 ..< 45）",
        "",
    ),
    keyword(
        "includes",
        "複数選択にこれが含まれる。いくつかなら includes any of { a; b }",
        "",
    ),
    keyword(
        "differs",
        "チェックした区分が機械の判定と違う（differs from）",
        "differs from ${1:diagnosis}",
    ),
    keyword(
        "treat",
        "不明の扱いを決める（treat unknown as yes / no）",
        "treat unknown as ${1|no,yes|}",
    ),
    keyword("answered", "記入されている", ""),
    keyword(
        "if",
        "if A then B else C。if shown else は表示されないときの値",
        "",
    ),
    keyword("then", "満たすとき", ""),
    keyword("else", "満たさないとき", ""),
    keyword("yes", "常に満たす", ""),
    keyword("no", "常に満たさない", ""),
    keyword("today", "判定日", ""),
    keyword("age", "ある日の満年齢（age at D）", "age at ${1:today}"),
    keyword(
        "years",
        "満の年数（years from A to B）",
        "years from ${1:a} to ${2:b}",
    ),
    keyword(
        "months",
        "満の月数（months from A to B）",
        "months from ${1:a} to ${2:b}",
    ),
    keyword(
        "days",
        "日数（days from A to B）",
        "days from ${1:a} to ${2:b}",
    ),
    keyword("all", "次のすべてを満たす", "all of { $0 }"),
    keyword("any", "次のいずれかを満たす", "any of { $0 }"),
    keyword("none", "次のいずれも満たさない", "none of { $0 }"),
    keyword("least", "以上（at least 2 of { … }）", ""),
    keyword("most", "以下（at most 1 of { … }）", ""),
    keyword(
        "exactly",
        "ちょうど…項目（exactly 2 of { … }）",
        "exactly ${1:2} of { $0 }",
    ),
    keyword("count", "満たす数", "count of { $0 }"),
    keyword("sum", "合計", "sum of { $0 }"),
    keyword("max", "最大", "max of { $0 }"),
    keyword(
        "earliest",
        "いちばん早い日付",
        "earliest of { ${1:onset}; ${2:visit} }",
    ),
    keyword(
        "latest",
        "いちばん遅い日付",
        "latest of { ${1:onset}; ${2:visit} }",
    ),
    keyword("min", "最小", "min of { $0 }"),
    keyword("after", "その後（within 2 weeks after D）", ""),
    keyword("before", "その前（within 2 weeks before D）", ""),
    keyword(
        "within",
        "期間の中にある（両端を含む）",
        "within ${1:6} ${2|months,weeks,days,years|} ${3|of,before,after|} $0",
    ),
    keyword(
        "bands",
        "数の範囲ごとの点数か区分（bands of E { … }）",
        "bands of ${1:x} {\n  < ${2:40} gives ${3:0}\n  >= ${2:40} gives ${4:1}\n}",
    ),
    keyword("gives", "その範囲で出る値", ""),
    keyword(
        "domain",
        "点数の領域（領域の中では最も高い点だけを数える）",
        "domain \"${1:領域}\" {\n  ${2:2} when $0\n}",
    ),
    keyword(
        "subtype",
        "病型とその区分",
        "subtype ${1:名前} \"${2:病型}\" when ${3:条件} {\n  category ${4:definite} \"${5:Definite}\" when $0\n}",
    ),
    keyword(
        "threshold",
        "判定の日によって変わる基準値を定める",
        "threshold ${1:名前} \"${2:呼び名}\" \"${3:mg/dL}\" {\n  ${4:135} from ${5:2017-04-01}\n}\n",
    ),
    keyword(
        "function",
        "別の言語（Rhai）で書いた計算を定める",
        "function ${1:名前} \"${2:呼び名}\" (${3:x}: ${4|decimal,integer|}) : decimal ${5:4.2} = rhai \"\"\"\n  $0\n\"\"\"\n",
    ),
    keyword("rhai", "続く \"\"\" の間を Rhai という言語で書く", ""),
    keyword(
        "first",
        "上から順に見て最初に当てはまるもの（first match { … }）",
        "first match {\n  ${1:a} when $0\n  otherwise ${2:b}\n}",
    ),
    keyword("match", "上から順に見る", ""),
    keyword("of", "…のうち", ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_language_is_explained() {
        let text = kohyo_dsl::keywords().join(" ");
        let missing: Vec<&str> = text
            .split(' ')
            .filter(|w| explanation(w).is_none())
            .collect();
        assert!(
            missing.is_empty(),
            "ide/keywords.rs に説明のない語: {missing:?}"
        );
    }

    #[test]
    fn no_word_is_explained_twice_or_unknown() {
        let mut seen = std::collections::BTreeSet::new();
        for k in KEYWORDS {
            assert!(seen.insert(k.word), "{}", k.word);
            assert!(kohyo_dsl::keywords().contains(&k.word), "{}", k.word);
        }
    }
}
