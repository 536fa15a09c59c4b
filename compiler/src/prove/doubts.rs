//! What the compiler says of values, from the ranges and steps of items alone: a gap between bands,
//! a value in two of them, points that count twice or not at all. Whoever has the value is looked
//! for: where nobody is found to exist the finding is taken back, otherwise it names the patient.

use super::ask::{Found, Prover};
use super::exceptions::{Case, declared, outside};
use super::patient::Wish;
use super::reads::Cone;
use crate::lower::{Doubt, Doubted};
use kohyo_engine::Question;
use kohyo_engine::program::{Definition, DefinitionId, Excepted, ExceptionKind, Rule};

/// For each doubt a criterion that holds for whoever has the value.
pub(super) fn criteria(doubts: &[Doubt]) -> impl Iterator<Item = Definition> {
    let numbered = doubts.iter().enumerate();
    numbered.map(|(number, doubt)| Definition {
        name: format!("~{number}"),
        label: doubt.finding.message.clone(),
        cites: None,
        rule: Rule::Criterion(doubt.when.clone()),
    })
}

/// Settles the doubts, whose criteria begin at this position of the program.
pub(super) fn settle(prover: &mut Prover<'_>, doubts: &[Doubt], first: usize) {
    let mut done: Vec<&Doubt> = Vec::new();
    for doubt in doubts {
        // A rule over rows says the same of every row.
        if done.iter().any(|known| known.finding == doubt.finding) {
            continue;
        }
        done.push(doubt);
        prover.topic(|prover| settled(prover, doubts, first, doubt));
    }
}

fn settled(prover: &mut Prover<'_>, doubts: &[Doubt], first: usize, doubt: &Doubt) {
    let same = (first..).zip(doubts);
    let same = same.filter(|(_, other)| other.finding == doubt.finding);
    let mut nobody = true;
    let mut example = None;
    for (position, other) in same {
        let Ok(id) = u16::try_from(position).map(DefinitionId) else {
            nobody = false;
            continue;
        };
        let mut cone = Cone::of(prover.program, [&other.when]);
        let mut wishes = vec![Wish::Is(Question::Criterion(id), true)];
        if let (Some(kind), Some(rule)) = (other.what.declared_as(), other.rule) {
            let of = Excepted::Definition(rule);
            let declared = declared(prover, of, kind, &mut cone);
            wishes.extend(outside(&declared));
        }
        match prover.find(&wishes, &cone, false) {
            Found::Nobody => {}
            Found::Unsettled => nobody = false,
            Found::Example(patient) => {
                nobody = false;
                example = Some(prover.example(&patient, &cone));
                break;
            }
        }
    }
    if doubt.what == Doubted::Gap && !nobody {
        prover.gaps.extend(doubt.rule);
    }
    if let Some(example) = &example {
        let note = format!("{example}。{}", consequence(&doubt.what));
        prover.finding(doubt.finding.clone().note(note));
    }
    if nobody || example.is_some() {
        prover.supersede(doubt.finding.clone());
    }
}

/// Whoever has a value of this rule of which this can be declared.
pub(super) fn cases(
    doubts: &[Doubt],
    first: usize,
    rule: DefinitionId,
    kind: ExceptionKind,
) -> Vec<Case> {
    let own = (first..).zip(doubts);
    let own =
        own.filter(|(_, doubt)| doubt.rule == Some(rule) && doubt.what.declared_as() == Some(kind));
    let ids = own.filter_map(|(position, _)| u16::try_from(position).ok());
    ids.map(|id| vec![Wish::Is(Question::Criterion(DefinitionId(id)), true)])
        .collect()
}

/// What becomes of whoever has the value.
fn consequence(what: &Doubted) -> String {
    match what {
        Doubted::Gap => "値がありません".to_owned(),
        Doubted::Overlap => "二つの行に当てはまり、上の行の値になります".to_owned(),
        Doubted::TwoWeights(one, two) => format!("{one}点と{two}点の両方が数えられます"),
        Doubted::NoWeight => "どの行にも当てはまらず、0点と数えられます".to_owned(),
    }
}
