//! Named rules: criteria, scores, grades and judgements, each with variables of its own.

use super::memory::Part;
use super::{Range, Subject, Translated, Walk, Words};
use kohyo_engine::program::{Cond, Definition, DefinitionId, Index, JudgementId, Outcome, Rule};

impl<'p, W: Words> Walk<'p, W> {
    /// A criterion.
    pub(crate) fn criterion(&mut self, id: DefinitionId) -> Translated<W::Truth> {
        let say = |walk: &mut Self| walk.find_criterion(id);
        self.once(Part::Definition(id.0), |memory| &mut memory.truths, say)
    }

    fn find_criterion(&mut self, id: DefinitionId) -> Translated<W::Truth> {
        let Some(
            definition @ Definition {
                rule: Rule::Criterion(condition),
                ..
            },
        ) = self.definition(id)
        else {
            return Ok(W::unknown());
        };
        let truth = self.condition(condition)?;
        Ok(self.words.keep_truth(Subject::Criterion(definition), truth))
    }

    /// A score or value.
    pub(crate) fn score(&mut self, id: DefinitionId) -> Translated<Range> {
        let say = |walk: &mut Self| walk.find_score(id);
        self.once(Part::Definition(id.0), |memory| &mut memory.ranges, say)
    }

    fn find_score(&mut self, id: DefinitionId) -> Translated<Range> {
        let Some(
            definition @ Definition {
                rule: Rule::Number {
                    number, fraction, ..
                },
                ..
            },
        ) = self.definition(id)
        else {
            return Ok(W::anything());
        };
        let range = self.number(number)?;
        let range = match fraction {
            None => range,
            Some(digits) => range.map(|end| W::rounded(end, u32::from(*digits))),
        };
        Ok(self.words.keep_range(Subject::Score(definition), range))
    }

    /// The outcomes of a grade that are still possible, as texts; the empty text for none at all.
    pub(crate) fn grade(&mut self, id: DefinitionId) -> Translated<String> {
        let say = |walk: &mut Self| walk.find_grade(id);
        self.once(Part::Definition(id.0), |memory| &mut memory.texts, say)
    }

    fn find_grade(&mut self, id: DefinitionId) -> Translated<String> {
        let Some(
            definition @ Definition {
                rule:
                    Rule::Grade {
                        outcomes,
                        arms,
                        otherwise,
                        covered,
                    },
                ..
            },
        ) = self.definition(id)
        else {
            return Ok(W::NOTHING.to_owned());
        };
        let name_of = |index: Index| {
            let outcome = outcomes.get(usize::from(index));
            W::quoted(outcome.map_or("", |outcome| outcome.name.as_str()))
        };
        let mut said = Vec::new();
        for (when, outcome) in arms {
            said.push((self.kept_condition(when)?, name_of(*outcome)));
        }
        let last = match otherwise {
            None if *covered => W::NOTHING.to_owned(),
            None => W::quoted(""),
            Some(last) => name_of(*last),
        };
        let subject = Subject::Grade(definition);
        Ok(self.words.possible(subject, &said, &last))
    }

    /// The categories of a judgement that are still possible, as texts; the empty text for none.
    fn judgement(&mut self, id: JudgementId) -> Translated<String> {
        let say = |walk: &mut Self| walk.find_judgement(id);
        self.once(Part::Judgement(id.0), |memory| &mut memory.texts, say)
    }

    fn find_judgement(&mut self, id: JudgementId) -> Translated<String> {
        let Some(judgement) = self.program.judgements.get(usize::from(id.0)) else {
            return Ok(W::NOTHING.to_owned());
        };
        let mut said = Vec::new();
        let mut last = W::quoted("");
        for category in &judgement.categories {
            let name = W::quoted(&category.name);
            match &category.when {
                Some(when) => said.push((self.kept_condition(when)?, name)),
                None => last = name,
            }
        }
        let subject = Subject::Judgement(judgement);
        Ok(self.words.possible(subject, &said, &last))
    }

    // ---- conditions on them

    /// A grade is one of these outcomes.
    pub(super) fn is_outcome(
        &mut self,
        id: DefinitionId,
        outcomes: &[Index],
    ) -> Translated<W::Truth> {
        let possible = self.grade(id)?;
        let all: &[Outcome] = match self.definition(id).map(|found| &found.rule) {
            Some(Rule::Grade { outcomes, .. }) => outcomes,
            _ => &[],
        };
        let named = outcomes
            .iter()
            .filter_map(|index| all.get(usize::from(*index)));
        let names: Vec<String> = named.map(|outcome| W::quoted(&outcome.name)).collect();
        Ok(W::among(&possible, &names))
    }

    /// A judgement is one of these categories.
    pub(super) fn is_category(
        &mut self,
        id: JudgementId,
        categories: &[Index],
    ) -> Translated<W::Truth> {
        let possible = self.judgement(id)?;
        let judgement = self.program.judgements.get(usize::from(id.0));
        let all = judgement.map_or(&[][..], |found| found.categories.as_slice());
        let named = categories
            .iter()
            .filter_map(|index| all.get(usize::from(*index)));
        let names: Vec<String> = named.map(|category| W::quoted(&category.name)).collect();
        Ok(W::among(&possible, &names))
    }

    fn definition(&self, id: DefinitionId) -> Option<&'p Definition> {
        self.program.definitions.get(usize::from(id.0))
    }

    /// A condition that is used more than once.
    pub(super) fn kept_condition(&mut self, condition: &Cond) -> Translated<W::Truth> {
        let truth = self.condition(condition)?;
        Ok(self.words.keep(truth))
    }
}
