//! What the compiler says of values, from the ranges and steps of items alone: a gap between bands,
//! a value in two of them, points that count twice or not at all. Whoever has the value is looked
//! for: where nobody is found to exist the finding is taken back, otherwise it names the patient.

use super::ask::{Found, Prover};
use super::patient::Wish;
use super::reads::Cone;
use crate::lower::{Doubt, Doubted};
use kohyo_engine::Question;
use kohyo_engine::program::{Definition, DefinitionId, Rule};

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
        let cone = Cone::of(prover.program, [&other.when]);
        let wish = Wish::Is(Question::Criterion(id), true);
        match prover.find(&[wish], &cone, false) {
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

/// What becomes of whoever has the value.
fn consequence(what: &Doubted) -> String {
    match what {
        Doubted::Gap => "値がありません".to_owned(),
        Doubted::Overlap => "二つの行に当てはまり、上の行の値になります".to_owned(),
        Doubted::TwoWeights(one, two) => format!("{one}点と{two}点の両方が数えられます"),
        Doubted::NoWeight => "どの行にも当てはまらず、0点と数えられます".to_owned(),
    }
}
