//! Categories of judgements: each can be reached, none overlap unless they are meant to be read in
//! order, and every complete set of answers gets one.

use super::Claim;
use super::ask::{Found, Prover};
use super::boundary::{Arm, shared_values};
use super::exceptions::{Declared, declared, gaps_are_there, outside, overlaps_are_there};
use super::narrow::{fallen, received};
use super::patient::Wish;
use super::reach::out_of_reach;
use super::reads::Cone;
use super::solver::Lit;
use crate::diagnostics as d;
use crate::places::{JudgementPlace, Place};
use kohyo_dsl::Diagnostic;
use kohyo_engine::program::{
    Category, DefinitionId, Excepted, ExceptionKind, Index, Judgement, JudgementId,
};
use kohyo_engine::{Program, Question};

pub(super) fn prove(prover: &mut Prover<'_>) {
    let program: &Program = prover.program;
    for (id, judgement) in (0..=u16::MAX).map(JudgementId).zip(&program.judgements) {
        let mut cone = Cone::of(
            program,
            judgement.categories.iter().filter_map(|c| c.when.as_ref()),
        );
        let of = Excepted::Judgement(id);
        let gaps = declared(prover, of, ExceptionKind::Gap, &mut cone);
        let overlaps = declared(prover, of, ExceptionKind::Overlap, &mut cone);
        let place = prover
            .places()
            .judgements
            .get(usize::from(id.0))
            .cloned()
            .unwrap_or_default();
        let about = About {
            id,
            judgement,
            place,
            cone,
            gaps,
            overlaps,
        };
        if about.place.ordered {
            prover.topic(|prover| boundaries(prover, &about));
            prover.topic(|prover| taken(prover, &about));
        } else {
            prover.topic(|prover| exclusive(prover, &about));
        }
        if !about.overlaps.is_empty() {
            prover.topic(|prover| {
                overlaps_are_there(
                    prover,
                    &judgement.label,
                    &about.overlaps,
                    &about.pairs(),
                    &about.alone(),
                    &about.cone,
                );
            });
        }
        prover.topic(|prover| between(prover, &about));
        prover.topic(|prover| reachable(prover, &about));
        prover.topic(|prover| exhaustive(prover, &about));
    }
}

struct About<'p> {
    id: JudgementId,
    judgement: &'p Judgement,
    place: JudgementPlace,
    cone: Cone,
    /// Declared to be in the official text.
    gaps: Vec<Declared>,
    overlaps: Vec<Declared>,
}

impl About<'_> {
    fn category(&self, index: usize) -> Option<&Category> {
        self.judgement.categories.get(index)
    }

    fn label(&self, index: usize) -> &str {
        self.category(index).map_or("", |c| c.label.as_str())
    }

    fn place_of(&self, index: usize) -> Place {
        let places = &self.place.categories;
        let known = places.len() == self.judgement.categories.len();
        match places.get(index) {
            Some(place) if known => *place,
            _ => self.place.name,
        }
    }

    fn holds(&self, index: usize, wanted: bool) -> Wish {
        let index = Index::try_from(index).unwrap_or(Index::MAX);
        Wish::Is(Question::Category(self.id, index), wanted)
    }

    /// Every two categories with a condition.
    fn pairs(&self) -> Vec<(Wish, Wish)> {
        (0..self.conditions())
            .flat_map(|b| (0..b).map(move |a| (a, b)))
            .map(|(a, b)| (self.holds(a, true), self.holds(b, true)))
            .collect()
    }

    /// For each category that no other one has its condition met.
    fn alone(&self) -> Vec<Vec<Wish>> {
        let others = |own: usize| {
            let others = (0..self.conditions()).filter(move |other| *other != own);
            others.map(|other| self.holds(other, false)).collect()
        };
        (0..self.conditions()).map(others).collect()
    }

    /// All categories but the last have a condition.
    fn conditions(&self) -> usize {
        self.judgement.categories.len().saturating_sub(1)
    }
}

/// No patient satisfies the conditions of two categories.
fn exclusive(prover: &mut Prover<'_>, about: &About<'_>) {
    let name = &about.judgement.label;
    let (mut clean, mut certain) = (true, true);
    for a in 0..about.conditions() {
        for b in a + 1..about.conditions() {
            let mut wishes = vec![about.holds(a, true), about.holds(b, true)];
            wishes.extend(outside(&about.overlaps));
            match prover.find(&wishes, &about.cone, false) {
                Found::Nobody => {}
                Found::Unsettled => certain = false,
                Found::Example(patient) => {
                    clean = false;
                    let example = prover.example(&patient, &about.cone);
                    let (file, span) = prover.located(about.place_of(b));
                    let (other, first) = prover.located(about.place_of(a));
                    let finding = d::categories_overlap(file, span, about.label(a), about.label(b))
                        .note(example)
                        .label(other, first, "こちらの条件も満たします");
                    prover.finding(finding);
                }
            }
        }
    }
    if about.conditions() > 1 {
        let text =
            format!("「{name}」の区分は排他的（二つの区分の条件を同時に満たす患者はいない）");
        let text = match about.overlaps.as_slice() {
            [] => text,
            _ => format!("{text}。宣言した重なりを除く"),
        };
        match (clean, certain) {
            (true, true) => prover.proven(about.place.name, Claim::Exclusive, text),
            (true, false) => {
                prover.not_proven(about.place.name, Claim::Exclusive, text, &about.cone)
            }
            (false, _) => {}
        }
    }
}

/// No two categories meet at a value that both have.
fn boundaries(prover: &mut Prover<'_>, about: &About<'_>) {
    let arms: Vec<Arm<'_>> = (0..)
        .zip(&about.judgement.categories)
        .filter_map(|(outcome, category)| {
            let condition = category.when.as_ref()?;
            Some(Arm { condition, outcome })
        })
        .collect();
    let of = Excepted::Judgement(about.id);
    let wish = |category: usize, holds: bool| about.holds(category, holds);
    let (found, certain) =
        shared_values(prover, of, &arms, &about.cone, (&[], &about.overlaps), wish);
    if !certain {
        prover.borders_not_proven(about.place.name, &about.judgement.label, &about.cone);
    }
    for shared in found {
        let second = prover.located(about.place_of(shared.second));
        let first = prover.located(about.place_of(shared.first));
        let categories = (about.label(shared.first), about.label(shared.second));
        prover.finding(shared.finding(first, second, &about.judgement.label, categories));
    }
}

/// Nobody falls into a narrow gap between two categories and gets the last one.
fn between(prover: &mut Prover<'_>, about: &About<'_>) {
    let none: Vec<Wish> = (0..about.conditions())
        .map(|category| about.holds(category, false))
        .collect();
    let label = &about.judgement.label;
    gaps_are_there(
        prover,
        label,
        &about.gaps,
        std::slice::from_ref(&none),
        None,
        &about.cone,
    );
    let of = Excepted::Judgement(about.id);
    let (found, certain) = fallen(prover, of, &none, &about.cone, &about.gaps, &[]);
    if !certain {
        prover.borders_not_proven(about.place.name, label, &about.cone);
    }
    for gap in found {
        let above = prover.located(about.place_of(gap.above));
        let below = prover.located(about.place_of(gap.below));
        let categories = (about.label(gap.below), about.label(gap.above));
        let last = about.label(about.conditions());
        prover.finding(gap.finding(above, below, label, categories, last));
    }
}

/// Nobody falls into a narrow gap between two categories and gets a later one that does not mean them.
fn taken(prover: &mut Prover<'_>, about: &About<'_>) {
    let of = Excepted::Judgement(about.id);
    let wish = |category: usize, holds: bool| about.holds(category, holds);
    let (found, certain) = received(prover, of, &[], wish, |category| category, &about.cone);
    if !certain {
        prover.borders_not_proven(about.place.name, &about.judgement.label, &about.cone);
    }
    for (gap, receiver) in found {
        let above = prover.located(about.place_of(gap.above));
        let below = prover.located(about.place_of(gap.below));
        let categories = (about.label(gap.below), about.label(gap.above));
        let label = &about.judgement.label;
        prover.finding(gap.taken(above, below, label, categories, about.label(receiver)));
    }
}

/// Some patient gets each category.
fn reachable(prover: &mut Prover<'_>, about: &About<'_>) {
    let conditions = prover.encoder.categories(about.id);
    for index in 0..about.judgement.categories.len() {
        let lit = prover.encoder.first(&conditions, index);
        let label = about.label(index);
        let before = (0..index).map(|before| about.holds(before, false));
        let own = (index < about.conditions()).then(|| about.holds(index, true));
        let wishes: Vec<Wish> = before.chain(own).collect();
        match prover.somebody(lit, &wishes, &about.cone) {
            Some(true) => continue,
            Some(false) => {}
            None => {
                let place = about.place_of(index);
                prover.reach_not_proven(place, &about.judgement.label, label, &about.cone);
                continue;
            }
        }
        let (file, span) = prover.located(about.place_of(index));
        if index == about.conditions() {
            let read = &about.cone.definitions;
            let without = [&prover.gaps, &prover.declared_gaps, &prover.dated];
            let gaps = without.iter().any(|without| !without.is_disjoint(read));
            prover.finding(d::otherwise_unreachable(file, span, label, gaps));
            continue;
        }
        // Who satisfies the condition and gets another category?
        let finding = match prover.find(&[about.holds(index, true)], &about.cone, false) {
            Found::Example(patient) => {
                let example = prover.example(&patient, &about.cone);
                d::category_covered(file, span, label).note(example)
            }
            Found::Nobody | Found::Unsettled => {
                let when = about.judgement.categories.get(index);
                let when = when.and_then(|category| category.when.as_ref());
                let beyond = when.and_then(|when| out_of_reach(prover, when));
                let finding = d::category_never(file, span, label);
                beyond.into_iter().fold(finding, Diagnostic::help)
            }
        };
        prover.finding(finding);
    }
}

/// Whoever has answered everything that matters gets a category. A gap in a grade that matters has
/// been reported where it is; whoever is in one that is declared gets none.
fn exhaustive(prover: &mut Prover<'_>, about: &About<'_>) {
    if !prover.gaps.is_disjoint(&about.cone.definitions) {
        return;
    }
    let mut cone = about.cone.clone();
    let read = prover.declared_gaps.intersection(&about.cone.definitions);
    let gaps: Vec<Declared> = read
        .flat_map(|id| {
            let of = Excepted::Definition(*id);
            declared(prover, of, ExceptionKind::Gap, &mut cone)
        })
        .collect();
    let text = format!(
        "「{}」の区分は網羅的（必要な項目がすべて分かれば、必ず一つの区分に決まる）",
        about.judgement.label
    );
    let text = match gaps.as_slice() {
        [] => text,
        _ => format!("{text}。宣言した隙間を除く"),
    };
    // Before and after its periods a number has no value; that is told where they are.
    let dated: Vec<DefinitionId> = prover
        .dated
        .intersection(&cone.definitions)
        .copied()
        .collect();
    let text = match dated.as_slice() {
        [] => text,
        _ => format!("{text}。基準値のない日を除く"),
    };
    let without: Vec<Lit> = dated
        .into_iter()
        .map(|id| !prover.encoder.definition_valued(id))
        .collect();
    let mut wishes = vec![Wish::Open(about.id)];
    wishes.extend(outside(&gaps));
    match prover.find_outside(&wishes, &cone, true, &without) {
        Found::Nobody => prover.proven(about.place.name, Claim::Exhaustive, text),
        Found::Unsettled => prover.not_proven(about.place.name, Claim::Exhaustive, text, &cone),
        Found::Example(patient) => {
            let example = prover.example(&patient, &cone);
            let (file, span) = prover.located(about.place.name);
            prover.finding(d::judgement_open(file, span, &about.judgement.label).note(example));
        }
    }
}
