//! Everything a form says about a set of answers.

use crate::answers::Answers;
use crate::evaluate::Context;
use crate::findings::add_findings;
use crate::form::Form;
use crate::machine::Scratch;
use crate::missing::missing_sets_of;
use crate::program::{FieldId, FieldType, Judgement, JudgementId, Level, Program, Programme};
use crate::tri::Tri;
use crate::what_if::what_if;
use serde::Serialize;

/// Everything a form says about a set of answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// The result of the machine judgement; the municipality decides.
    pub result: ResultKind,
    /// False only if the search for completions ran out of its budget: the result is then
    /// [`ResultKind::Undetermined`] although a longer search might have settled it.
    pub exact: bool,
    /// Each judgement with its category and explanation, in the order of the form.
    pub judgements: Vec<JudgementOutcome>,
    /// Criteria, scores, values and grades, in the order of the program.
    pub values: Vec<ValueOutcome>,
    /// Whether each field is shown, by [`FieldId`].
    pub shown: Vec<bool>,
    /// Whether each field is required (and shown), by [`FieldId`].
    pub required: Vec<bool>,
    /// What the checks found, in the order of the form.
    pub findings: Vec<Finding>,
    /// If undetermined: the smallest sets of items whose answers could settle the result.
    pub missing: Vec<MissingSet>,
    /// If undetermined only because some answers fall into a gap, where a rule has no value: the
    /// result of all others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub but_for_gaps: Option<ResultKind>,
    /// If undetermined and nothing that can be filled in would settle it: the dates asked without
    /// their day, in whose month or year the result changes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coarse: Vec<MissingItem>,
    /// If settled and asked for ([`Outcome::with_what_if`]): the smallest changes of answers that
    /// would give another result.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub what_if: Vec<WhatIf>,
}

impl Outcome {
    /// Adds findings made elsewhere, above all those of reading the written values, in the order
    /// of the form.
    ///
    /// A field whose written value cannot be read is not also called unanswered: `required.X`
    /// goes when one of the added findings is mainly about X.
    #[must_use]
    pub fn with_findings(mut self, findings: Vec<Finding>) -> Self {
        add_findings(&mut self.findings, findings);
        self
    }

    /// Adds what would change the result, and what would settle a judgement that is open beside it,
    /// which costs far more than the verdict itself.
    #[must_use]
    pub fn with_what_if(mut self, form: &Form, answers: &Answers, context: &Context) -> Self {
        let program = form.program();
        let settled = self.result != ResultKind::Undetermined;
        let mut scratch = Scratch::default();
        for (own, (id, judgement)) in self
            .judgements
            .iter_mut()
            .zip((0..=u16::MAX).map(JudgementId).zip(&program.judgements))
        {
            if own.category.is_none() && (settled || !program.decides(judgement)) {
                own.missing = missing_sets_of(&mut scratch, form, answers, context, id);
            }
        }
        self.what_if = what_if(form, answers, context);
        self
    }
}

/// The result of the machine judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultKind {
    /// 認定基準を満たす: every deciding judgement is in an eligible category.
    Eligible,
    /// 診断は満たすが重症度は満たさない (軽症高額の確認へ); 指定難病 only.
    Mild,
    /// 基準を満たさない.
    NotMet,
    /// 判定不能: unknown answers matter.
    Undetermined,
}

impl ResultKind {
    /// All of them, as they are shown beside each other.
    pub const ALL: [Self; 4] = [Self::Eligible, Self::Mild, Self::NotMet, Self::Undetermined];

    /// The words shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Eligible => "認定基準を満たす",
            Self::Mild => "診断基準は満たすが重症度基準を満たさない（軽症）",
            Self::NotMet => "認定基準を満たさない",
            Self::Undetermined => "判定不能（要確認）",
        }
    }

    /// The same in a form of this programme: whoever fills in a form of the programme itself asks
    /// whether it applies.
    pub fn label_in(self, programme: Programme) -> &'static str {
        match (programme, self) {
            (Programme::Shitei | Programme::Shoman, _) => self.label(),
            (Programme::Itself, Self::Eligible) => "該当",
            (Programme::Itself, Self::Mild | Self::NotMet) => "非該当",
            (Programme::Itself, Self::Undetermined) => "判定不能（要確認）",
        }
    }

    /// The word used on wires: `eligible`, `mild`, `not_met`, `undetermined`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::Mild => "mild",
            Self::NotMet => "not_met",
            Self::Undetermined => "undetermined",
        }
    }

    /// The result that this word of the wires means; nothing if it means none.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_found_by_the_word_it_has_on_wires() {
        for kind in ResultKind::ALL {
            assert_eq!(ResultKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(ResultKind::from_name("Eligible"), None);
    }
}

/// One judgement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JudgementOutcome {
    /// Name: `diagnosis`.
    pub name: String,
    /// Label.
    pub label: String,
    /// The category, if settled.
    pub category: Option<CategoryOutcome>,
    /// The categories still possible (names); just one if settled.
    pub possible: Vec<String>,
    /// Why: one node per category, in order.
    pub explanation: Vec<ExplainNode>,
    /// If it is open while the result does not depend on it, and asked for
    /// ([`Outcome::with_what_if`]): the smallest sets of items whose answers could settle it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<CategorySet>,
}

/// The category of a judgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CategoryOutcome {
    /// Position in the judgement.
    pub index: u16,
    /// Name: `definite`.
    pub name: String,
    /// Label.
    pub label: String,
    /// Whether it satisfies the judgement.
    pub eligible: bool,
}

impl CategoryOutcome {
    /// The category of this judgement at this position.
    pub(crate) fn of(judgement: &Judgement, index: u16) -> Option<Self> {
        let category = judgement.categories.get(usize::from(index))?;
        Some(Self {
            index,
            name: category.name.clone(),
            label: category.label.clone(),
            eligible: category.eligible,
        })
    }
}

/// One step of an explanation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExplainNode {
    /// What the rule says, in Japanese.
    pub text: String,
    /// Whether it holds.
    pub holds: Tri,
    /// The official sentence, if cited.
    pub cites: Option<String>,
    /// The answer used by a leaf, as people read it: `あり`, `3.5 g/gCr`, `未記入`.
    pub answer: Option<String>,
    /// The field a leaf reads, for a link to it.
    pub field: Option<String>,
    /// Its parts.
    pub children: Vec<ExplainNode>,
}

/// A calculated value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ValueOutcome {
    /// Name of the definition.
    pub name: String,
    /// Its label.
    pub label: String,
    /// For machines: `true`, `8.5`, `red`; nothing when unknown.
    pub value: Option<String>,
    /// For people: `満たす`, `8.5 kg/m2`, `赤`, `不明`; a score with a known range says `4〜12`.
    pub text: String,
}

/// Something a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable id: an author's `R012`, or `required.tremor`, `type.gfr`, `range.gfr`, `digits.gfr`,
    /// `code.sex`, `width.name`, `kana.name_kana`, `hidden.vent_start`, `unit.gfr`, `date.onset`.
    pub check: String,
    /// How bad it is.
    pub level: Level,
    /// The fields it is about, the first is the main one.
    pub fields: Vec<FieldId>,
    /// What is wrong, for the physician.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The offending value as written, if there is just one.
    pub value: Option<String>,
}

impl Finding {
    /// The field it is mainly about.
    pub fn main_field(&self) -> Option<FieldId> {
        self.fields.first().copied()
    }
}

/// A smallest set of items whose answers could settle the result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MissingSet {
    /// The items, in the order of the form.
    pub items: Vec<MissingItem>,
    /// The results that some answers to these items alone lead to.
    pub leads_to: Vec<ResultKind>,
}

/// A smallest set of items whose answers could settle the category of a judgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CategorySet {
    /// The items, in the order of the form.
    pub items: Vec<MissingItem>,
    /// The categories that some answers to these items alone lead to.
    pub leads_to: Vec<CategoryOutcome>,
}

/// An item that is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MissingItem {
    /// The field.
    pub field: FieldId,
    /// Its wire name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// True: answered as unknown (ask or test); false: not filled in.
    pub unknown: bool,
}

impl MissingItem {
    /// Why it is not known, for people: 未記入, 不明・未実施 or 日まで分かっていない日付.
    pub fn why(&self, program: &Program) -> &'static str {
        let field = program.fields.get(usize::from(self.field.0));
        match field.map(|field| &field.ty) {
            _ if !self.unknown => "未記入",
            Some(FieldType::Date { .. }) => "日まで分かっていない日付",
            _ => "不明・未実施",
        }
    }
}

/// A smallest change of answers that would give another result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WhatIf {
    /// The answers to change, one or two, in the order of the form.
    pub items: Vec<WhatIfItem>,
    /// The result that would follow.
    pub result: ResultKind,
}

/// An answer that would be another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WhatIfItem {
    /// The field.
    pub field: FieldId,
    /// Its wire name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The answer as it is: `あり`, `3.1 g/dL`, `未記入`.
    pub now: String,
    /// The answers each of which would do: `なし`, or those side by side as `3.0 g/dL以下`,
    /// `2021年3月2日以後`.
    pub then: Vec<String>,
}
