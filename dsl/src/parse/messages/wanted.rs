//! Rules of the grammar in the words of the language.

use crate::parse::Rule;
use crate::words;

/// Whether `rule` is a single keyword.
pub(super) fn is_keyword(rule: Rule) -> bool {
    format!("{rule:?}").starts_with("kw_")
}

/// The keywords that can begin what follows `rule`.
pub(super) fn words_of(rule: Rule) -> Vec<&'static str> {
    let words: &[&'static str] = match rule {
        Rule::modifier => words::MODIFIERS,
        Rule::required => &["required"],
        Rule::shown => &["shown"],
        Rule::carry => &["carry"],
        Rule::personal => &["personal"],
        Rule::was => &["was"],
        Rule::better => &["better"],
        Rule::default => &["default"],
        Rule::rows => &["rows"],
        Rule::sides => &["each"],
        Rule::better_side => &["better", "worse"],
        Rule::cites => &["cites"],
        Rule::help => &["help"],
        Rule::note => &["note"],
        Rule::application_only => &["new", "renewal"],
        Rule::member | Rule::group | Rule::field | Rule::display => words::MEMBERS,
        Rule::judgement_line => words::JUDGEMENT_LINES,
        Rule::header_entry => words::HEADER_LINES,
        Rule::type_expr => words::TYPES,
        Rule::joint => &["and", "or", "unless"],
        Rule::subtype_line => words::SUBTYPE_LINES,
        Rule::ordered => &["first"],
        Rule::domain => words::DOMAIN_LINES,
        Rule::time_unit => &["days", "weeks", "months", "years"],
        Rule::within => &["within"],
        Rule::after => &[
            "is", "in", "not", "includes", "differs", "within", "treat", "if",
        ],
        Rule::tight_after => &["is", "in", "not", "includes", "differs"],
        Rule::treat_unknown => &["treat"],
        Rule::if_shown => &["if"],
        Rule::is_code => &["is"],
        Rule::includes => &["includes"],
        Rule::of_numbers => &["score"],
        Rule::includes_of => &["any", "all", "none", "at", "exactly"],
        Rule::codes_counted => &["count"],
        Rule::differs => &["differs"],
        Rule::level => &["error", "warning", "information"],
        Rule::status => &["draft", "reviewed", "published"],
        Rule::fallback => &["renewal"],
        Rule::migration_line => words::MIGRATION_LINES,
        Rule::dropped => &["drop"],
        Rule::asked => &["ask"],
        Rule::code_map => &["map"],
        Rule::where_it_fits => &["where"],
        Rule::programme => &["shitei", "shoman"],
        Rule::check_at => &["at"],
        Rule::violated => &["violated"],
        Rule::points => &["points"],
        Rule::expires => &["expires"],
        Rule::application => &["new", "renewal"],
        _ => return keyword(rule).into_iter().collect(),
    };
    words.to_vec()
}

/// The word of a keyword rule: `kw_when` is `when`.
fn keyword(rule: Rule) -> Option<&'static str> {
    let name = format!("{rule:?}");
    let word = name.strip_prefix("kw_")?;
    words::KEYWORDS.iter().copied().find(|k| *k == word)
}

/// What `rule` looks like, for a list of what can stand here.
pub(super) fn describe(rule: Rule) -> Vec<String> {
    let sign = |s: &str| vec![format!("「{s}」")];
    match rule {
        Rule::name | Rule::code_name | Rule::category_name | Rule::path => vec!["名前".to_owned()],
        Rule::text => vec!["「\"」で囲んだ文".to_owned()],
        Rule::whole | Rule::number | Rule::signed | Rule::bound | Rule::quantity => {
            vec!["数".to_owned()]
        }
        Rule::precision => vec!["桁数(4.1 など)".to_owned()],
        Rule::script => vec!["「\"\"\"」で囲んだ式".to_owned()],
        Rule::parameter => vec!["「height: decimal」のような引数".to_owned()],
        Rule::parameter_type => vec!["decimal か integer".to_owned()],
        Rule::date => vec!["日付(2017-04-01 など)".to_owned()],
        Rule::notice_number => vec!["告示番号".to_owned()],
        Rule::code_value => vec!["番号".to_owned()],
        Rule::unit => vec!["単位".to_owned()],
        Rule::length => vec!["「1 year 6 months」のような期間".to_owned()],
        Rule::expr
        | Rule::operand
        | Rule::before
        | Rule::tight_expr
        | Rule::block_member
        | Rule::amount
        | Rule::arm
        | Rule::table_head => vec!["条件や値".to_owned()],
        Rule::joint => ["and", "or", "unless", "比較や計算の記号"]
            .map(str::to_owned)
            .to_vec(),
        Rule::band => vec!["「< 40 gives 0」のような行".to_owned()],
        Rule::period => vec!["「135 from 2017-04-01」のような行".to_owned()],
        Rule::band_comparison | Rule::band_sign => vec!["比較の記号".to_owned()],
        Rule::amount_joint => vec!["計算の記号".to_owned()],
        Rule::tight_joint | Rule::comparison | Rule::arithmetic => {
            vec!["比較や計算の記号".to_owned()]
        }
        Rule::after | Rule::tight_after => ["is", "in"].map(str::to_owned).to_vec(),
        Rule::type_expr => vec!["型(finding、integer、date など)".to_owned()],
        Rule::code_line => vec!["「1 present \"あり\"」のような行".to_owned()],
        Rule::outcomes | Rule::outcome => vec!["結果の名前".to_owned()],
        Rule::range_closed | Rule::range_sign => sign(".."),
        Rule::row_range => vec!["行の数(0..10 など)".to_owned()],
        Rule::side => vec!["「right \"右\"」のような側".to_owned()],
        Rule::mapped_code => vec!["「6 -> 5」のような行".to_owned()],
        Rule::carried => vec!["項目の名前".to_owned()],
        Rule::arrow => sign("->"),
        Rule::separator => sign(";"),
        Rule::open | Rule::code_lines | Rule::member_lines => sign("{"),
        Rule::close => sign("}"),
        Rule::open_round => sign("("),
        Rule::close_round => sign(")"),
        Rule::colon => sign(":"),
        Rule::equals => sign("="),
        Rule::comma => sign(","),
        Rule::bar => sign("|"),
        Rule::dot => sign("."),
        _ => words_of(rule).into_iter().map(str::to_owned).collect(),
    }
}
