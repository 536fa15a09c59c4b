//! A change in the words of the form.

use super::side::{Both, Side};
use super::twin::{Kind, Trial, Twin};
use super::{Edition, Region, Written};
use crate::prove::patient::Patient;
use crate::prove::words::{example, item};
use kohyo_engine::program::{Application, Category, FieldId};
use kohyo_engine::{Answer, written};

/// What is told of a verdict that is not settled.
pub(super) const OPEN: &str = "判定不能";

impl Both<'_> {
    /// A kind of change with its patient.
    pub(super) fn region(&self, twin: &Twin, kind: Kind) -> Region {
        let [old, new] = self.categories(kind);
        Region {
            example: self.example(twin),
            old,
            new,
            patient: Written {
                on: twin.context.today.to_string(),
                application: match twin.context.application {
                    Application::New => "new",
                    Application::Renewal => "renewal",
                },
                old: written(&self.forms.0, &twin.old),
                new: written(&self.forms.1, &twin.new),
                is_acceptable: Trial::new(self).is_acceptable(twin),
            },
        }
    }

    /// 「該当 → 非該当」.
    pub(super) fn arrow(&self, kind: Kind) -> String {
        let [old, new] = self.categories(kind);
        let word = |found: Option<String>| found.unwrap_or_else(|| OPEN.to_owned());
        format!("{} → {}", word(old), word(new))
    }

    /// What both categories are called, with what tells them apart if that is the same.
    fn categories(&self, (old, new): Kind) -> [Option<String>; 2] {
        let label = |category: Option<&Category>| category.map(|category| category.label.clone());
        let (Some(before), Some(after)) = (self.old.category(old), self.new.category(new)) else {
            return [label(self.old.category(old)), label(self.new.category(new))];
        };
        if before.label != after.label {
            return [label(Some(before)), label(Some(after))];
        }
        let apart = |category: &Category| match before.eligible == after.eligible {
            true => category.name.clone(),
            false if category.eligible => "対象".to_owned(),
            false => "対象外".to_owned(),
        };
        [before, after].map(|category| Some(format!("{}（{}）", category.label, apart(category))))
    }

    /// The patient with everything that decides, also what only the old edition asks.
    fn example(&self, twin: &Twin) -> String {
        let mut cone = self.new.cone.clone();
        cone.application |= self.old.cone.application;
        cone.today |= self.old.cone.today;
        let patient = Patient {
            answers: twin.new.clone(),
            context: twin.context,
        };
        let only_old = self.only_old(twin);
        let mut told = example(self.new.program, &self.forms.1, &patient, &cone);
        if !only_old.is_empty() {
            told.push_str(&format!("、旧版だけの項目: {only_old}"));
            told = told.replace("何も記入しない場合、", "");
        }
        if !Trial::new(self).is_acceptable(twin) {
            told.push_str("（エラーのチェックに該当する記録）");
        }
        told
    }

    /// The answers that only the old edition has.
    fn only_old(&self, twin: &Twin) -> String {
        let old: &Side<'_> = &self.old;
        let is_told = |id: FieldId, answer: &Answer| {
            let programs = (old.program, self.new.program);
            let shared = self.shared.carried(programs, Edition::New, id, answer);
            shared.is_some_and(|(other, answer)| *twin.new.get(other) == answer)
        };
        let answered = twin.old.iter().filter(|(_, answer)| !answer.is_missing());
        let only = answered.filter(|(id, answer)| !is_told(*id, answer));
        let told: Vec<String> = only
            .filter_map(|(id, answer)| Some(item(&self.forms.0, id, old.field(id)?, answer)))
            .collect();
        told.join("、")
    }
}
