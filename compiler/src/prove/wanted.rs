//! Patients for samples: somebody who is eligible, somebody whom a check finds.

use super::ask::{Found, Prover};
use super::patient::Wish;
use super::reads::Cone;
use crate::Compilation;
use kohyo_engine::program::{Application, Index, Judgement, JudgementId};
use kohyo_engine::{Answers, Context, Program, Question};

/// Steps of the search that the samples of one form may cost.
const BUDGET: u64 = 2_000_000;

/// So many combinations of eligible categories are tried.
const COMBINATIONS: usize = 8;

/// A definition without texts: nothing is reported, so no place is needed.
pub(crate) fn nowhere() -> Compilation {
    Compilation {
        path: String::new(),
        program: None,
        files: Vec::new(),
        origins: crate::Origins::default(),
        diagnostics: Vec::new(),
        places: crate::places::Places::default(),
        doubts: Vec::new(),
        tried: Vec::new(),
    }
}

/// Looks for patients of one program.
pub(crate) struct Wanted<'a> {
    prover: Prover<'a>,
}

impl<'a> Wanted<'a> {
    /// Of this program; `nowhere` is what [`nowhere`] gives.
    pub(crate) fn new(program: &'a Program, nowhere: &'a Compilation) -> Self {
        Self {
            prover: Prover::new(program, nowhere, BUDGET).thorough(),
        }
    }

    /// Somebody whom every deciding judgement puts in an eligible category; nothing if nobody was
    /// found.
    pub(crate) fn eligible(&mut self, application: Application) -> Option<(Answers, Context)> {
        let program: &Program = self.prover.program;
        let deciding: Vec<(JudgementId, &Judgement)> = (0..=u16::MAX)
            .map(JudgementId)
            .zip(&program.judgements)
            .filter(|(_, judgement)| program.decides(judgement))
            .collect();
        let conditions = deciding
            .iter()
            .flat_map(|(_, judgement)| &judgement.categories)
            .filter_map(|category| category.when.as_ref());
        let mut cone = Cone::of(program, conditions);
        cone.application = true;
        for wishes in combinations(&deciding) {
            if let Some(found) = self.look(&wishes, &cone, application) {
                return Some(found);
            }
        }
        None
    }

    /// Somebody whom this check finds.
    pub(crate) fn violating(
        &mut self,
        check: Index,
        application: Application,
    ) -> Option<(Answers, Context)> {
        let program: &Program = self.prover.program;
        let condition = &program.checks.get(usize::from(check))?.violated;
        let mut cone = Cone::of(program, [condition]);
        cone.application = true;
        let wishes = [Wish::Is(Question::Check(check), true)];
        self.look(&wishes, &cone, application)
    }

    fn look(
        &mut self,
        wishes: &[Wish],
        cone: &Cone,
        application: Application,
    ) -> Option<(Answers, Context)> {
        let applies = self.prover.encoder.application(application);
        match self.prover.find_outside(wishes, cone, false, &[!applies]) {
            Found::Example(patient) if patient.context.application == application => {
                Some((patient.answers, patient.context))
            }
            Found::Example(_) | Found::Nobody | Found::Unsettled => None,
        }
    }
}

/// The ways to be eligible: one eligible category of each judgement, the first ones first.
fn combinations(judgements: &[(JudgementId, &Judgement)]) -> Vec<Vec<Wish>> {
    let mut all: Vec<Vec<Wish>> = vec![Vec::new()];
    for (id, judgement) in judgements {
        let eligible = (0..Index::MAX)
            .zip(&judgement.categories)
            .filter(|(_, category)| category.eligible)
            .map(|(index, _)| index);
        let ways: Vec<Vec<Wish>> = eligible
            .map(|index| category(*id, judgement, index))
            .collect();
        all = all
            .iter()
            .flat_map(|so_far| {
                ways.iter()
                    .map(|way| [so_far.as_slice(), way.as_slice()].concat())
            })
            .take(COMBINATIONS)
            .collect();
    }
    all
}

/// The first category that holds is this one.
fn category(id: JudgementId, judgement: &Judgement, index: Index) -> Vec<Wish> {
    let question = |index| Question::Category(id, index);
    let mut wishes: Vec<Wish> = (0..index)
        .map(|before| Wish::Is(question(before), false))
        .collect();
    if usize::from(index) + 1 < judgement.categories.len() {
        wishes.push(Wish::Is(question(index), true));
    }
    wishes
}
