//! Rules and judgements in words, as far as they do not stand at their place in the form.

use super::filled::Line;
use super::words;
use super::{Judged, JudgedCategory, Ruled};
use kohyo_engine::outline;
use kohyo_engine::program::{DefinitionId, Program, Rule};

/// A rule longer than this does not stand at its value, but among the rules.
const SHORT: usize = 12;

/// The lines of a rule, if they fit at its value.
pub(super) fn short(rule: &Rule) -> Option<Vec<Line>> {
    let lines = lines(&outline::rule(rule), 0);
    (lines.len() <= SHORT).then_some(lines)
}

/// Every judgement with its categories.
pub(super) fn judgements(program: &Program) -> Vec<Judged> {
    let category = |category: &kohyo_engine::program::Category| JudgedCategory {
        label: category.label.clone(),
        eligible: category.eligible,
        lines: match &category.when {
            Some(when) => lines(&outline::condition(when), 0),
            None => lines("上のいずれにも当たらない", 0),
        },
    };
    program
        .judgements
        .iter()
        .map(|judgement| Judged {
            label: judgement.label.clone(),
            categories: judgement.categories.iter().map(category).collect(),
        })
        .collect()
}

/// Every rule that does not stand at its value.
pub(super) fn rules(program: &Program, displayed: &[DefinitionId]) -> Vec<Ruled> {
    let definitions = program.definitions.iter().zip(0_u16..);
    definitions
        .filter(|(definition, index)| {
            !displayed.contains(&DefinitionId(*index)) || short(&definition.rule).is_none()
        })
        .map(|(definition, _)| Ruled {
            kind: match definition.rule {
                Rule::Criterion(_) => "基準",
                Rule::Number { .. } => "値",
                Rule::Grade { .. } => "区分",
            },
            label: definition.label.clone(),
            lines: lines(&outline::rule(&definition.rule), 0),
        })
        .collect()
}

/// The lines of an outline, each with its depth.
pub(super) fn lines(outline: &str, base: usize) -> Vec<Line> {
    outline
        .lines()
        .map(|line| {
            let text = line.trim_start_matches(' ');
            Line {
                depth: base + (line.len() - text.len()) / 2,
                mark: "",
                text: words::on_paper(text),
            }
        })
        .collect()
}
