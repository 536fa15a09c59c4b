//! What the cases never see.

use super::Owner;
use super::watch::Ready;
use super::words::place;
use kohyo_engine::program::{Index, Program, Rule};
use kohyo_engine::{Known, Tri};
use serde::Serialize;

/// Something that no case shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unseen {
    /// The part: 規則「…」.
    pub place: String,
    /// What never comes out: 満たす, 満たさない, 不明, a category, 検出.
    pub never: Vec<String>,
}

/// What the cases never see of these parts.
pub(super) fn unseen(program: &Program, owners: &[Owner], ready: &[Ready]) -> Vec<Unseen> {
    owners
        .iter()
        .filter_map(|owner| {
            let never = never(program, *owner, ready);
            (!never.is_empty()).then(|| Unseen {
                place: place(program, *owner),
                never,
            })
        })
        .collect()
}

fn never(program: &Program, owner: Owner, ready: &[Ready]) -> Vec<String> {
    match owner {
        Owner::Definition(index) => {
            let saw = |wanted: Known| {
                let mut values = ready.iter().filter_map(|case| case.seen.values.get(index));
                values.any(|value| *value == wanted)
            };
            match program.definitions.get(index).map(|found| &found.rule) {
                Some(Rule::Criterion(_)) => missing(&[
                    ("満たす", saw(Known::Truth(true))),
                    ("満たさない", saw(Known::Truth(false))),
                    ("不明", saw(Known::Unknown)),
                ]),
                Some(Rule::Grade { outcomes, .. }) => {
                    let labels = (0..)
                        .zip(outcomes)
                        .map(|(index, o)| (o.label.as_str(), saw(Known::Outcome(index))));
                    missing(&labels.collect::<Vec<_>>())
                }
                Some(Rule::Number { .. }) | None => Vec::new(),
            }
        }
        Owner::Judgement(index) => {
            let saw = |wanted: Option<Index>| {
                let mut all = ready.iter();
                all.any(|case| case.seen.categories.as_slice().get(index) == Some(&wanted))
            };
            let categories = program
                .judgements
                .get(index)
                .map_or(&[][..], |judgement| &judgement.categories);
            let mut labels: Vec<(&str, bool)> = (0..)
                .zip(categories)
                .map(|(index, category)| (category.label.as_str(), saw(Some(index))))
                .collect();
            labels.push(("判定不能", saw(None)));
            missing(&labels)
        }
        Owner::Check(index) => {
            let saw = |wanted: Tri| {
                let mut all = ready.iter();
                all.any(|case| case.seen.violated.get(index) == Some(&wanted))
            };
            missing(&[("検出", saw(Tri::True)), ("検出なし", saw(Tri::False))])
        }
        Owner::Field(_) | Owner::Points { .. } => Vec::new(),
    }
}

/// The labels of what was not seen.
fn missing(seen: &[(&str, bool)]) -> Vec<String> {
    seen.iter()
        .filter(|(_, seen)| !seen)
        .map(|(label, _)| (*label).to_owned())
        .collect()
}
