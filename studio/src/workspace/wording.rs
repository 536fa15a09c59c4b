//! Differences of cases in the words of the form instead of the names that case files use.

use kohyo_compiler::cases::Difference;
use kohyo_engine::program::Rule;
use kohyo_engine::{Form, Lineage, ResultKind};

/// Replaces names by labels wherever the form has one.
///
/// What is about the previous edition is told in the words of that one.
pub(super) fn in_words(form: &Form, previous: Option<&Lineage>, difference: &mut Difference) {
    if let (Some(what), Some(lineage)) = (difference.what.strip_prefix("previous."), previous) {
        difference.what = what.to_owned();
        in_words(lineage.oldest(), None, difference);
        difference.what = format!("前の版の{}", difference.what);
        return;
    }
    let (part, name) = difference
        .what
        .split_once('.')
        .unwrap_or((&difference.what, ""));
    let expected = value(form, part, name, &difference.expected);
    let actual = value(form, part, name, &difference.actual);
    let what = heading(form, part, name);
    difference.what = what.unwrap_or_else(|| difference.what.clone());
    difference.expected = expected.unwrap_or_else(|| difference.expected.clone());
    difference.actual = actual.unwrap_or_else(|| difference.actual.clone());
}

/// What is compared.
fn heading(form: &Form, part: &str, name: &str) -> Option<String> {
    let program = form.program();
    let fixed = match part {
        "judgements" => {
            return program
                .judgements
                .iter()
                .find(|j| j.name == name)
                .map(|j| j.label.clone());
        }
        "values" => {
            return program
                .definitions
                .iter()
                .find(|d| d.name == name)
                .map(|d| d.label.clone());
        }
        "result" => "判定結果",
        "shown" => "表示される項目",
        "hidden" => "表示されない項目",
        "findings" => "検出されるチェック",
        "no_findings" => "検出されないチェック",
        "missing" => "判定に必要な項目の組",
        "answers" => "回答の読み取り",
        "on" => "基準日",
        "expect" => "期待",
        "previous" => "前の版の判定",
        "edition" => "版",
        "unread" => "分からない項目",
        _ => return None,
    };
    Some(fixed.to_owned())
}

/// One side of a comparison.
fn value(form: &Form, part: &str, name: &str, word: &str) -> Option<String> {
    let program = form.program();
    let fixed = match (part, word) {
        ("judgements", "undetermined") => "未確定",
        ("values", "true") => "満たす",
        ("values", "false") => "満たさない",
        ("values", "unknown") => "不明",
        ("result", _) => ResultKind::from_name(word)?.label_in(program.programme),
        ("judgements", _) => {
            let judgement = program.judgements.iter().find(|j| j.name == name)?;
            &judgement.categories.iter().find(|c| c.name == word)?.label
        }
        ("values", _) => match &program.definitions.iter().find(|d| d.name == name)?.rule {
            Rule::Grade { outcomes, .. } => &outcomes.iter().find(|o| o.name == word)?.label,
            Rule::Criterion(_) | Rule::Number { .. } => return None,
        },
        ("shown" | "hidden", _) => &form.field(form.field_id(word)?)?.label,
        _ => return None,
    };
    Some(fixed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kohyo_compiler::{Files, compile};

    #[test]
    fn a_result_is_told_in_the_words_of_the_programme() {
        let mut files = Files::new();
        let (path, text) = (
            "programme/high_cost.kohyo",
            include_str!("../../../forms/programme/high_cost.kohyo"),
        );
        files.insert(path, text);
        let form = Form::new(compile(&files, path).program.unwrap()).unwrap();
        let mut difference = Difference {
            what: "result".to_owned(),
            line: 1,
            expected: "eligible".to_owned(),
            actual: "not_met".to_owned(),
        };
        in_words(&form, None, &mut difference);
        assert_eq!(difference.expected, "該当");
        assert_eq!(difference.actual, "非該当");
    }
}
