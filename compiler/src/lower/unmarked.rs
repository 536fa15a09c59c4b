//! Codes that say that nobody knows, but are not marked `unknown`: then they count as plain answers,
//! and `finding is not present` holds.
//!
//! A rule that names the code says what it means; then nothing is said, nor of codes with points.

use super::Ctx;
use crate::diagnostics as d;
use crate::world::CodeTable;
use kohyo_dsl::ast;
use kohyo_dsl::{Severity, Span};
use kohyo_engine::program as p;
use kohyo_engine::program::{Cond, CondKind, FieldId, Index, Part};
use std::collections::{BTreeMap, BTreeSet};

/// Labels of an answer that nobody knows, alone or with a bracket after them.
const NOT_KNOWN: [&str; 4] = ["不明", "分からない", "わからない", "不詳"];

/// Labels of an examination that was not made; beside its results they say that nobody knows them.
const NOT_DONE: [&str; 4] = ["未実施", "未検査", "未検討", "未測定"];

/// The rules of a form.
pub(super) struct Rules<'p> {
    pub(super) fields: &'p [p::Field],
    pub(super) definitions: &'p [p::Definition],
    pub(super) judgements: &'p [p::Judgement],
    pub(super) checks: &'p [p::Check],
}

impl Ctx<'_, '_> {
    /// Reports such codes of questions that rules read without naming them. After a mistake nothing
    /// is said: what the rule would have named is not known.
    pub(super) fn check_unmarked(&mut self, rules: &Rules<'_>) {
        if self
            .diagnostics
            .iter()
            .any(|d| d.severity == Severity::Error)
        {
            return;
        }
        let named = Named::of(rules);
        // A question of rows stands in the form once for each row.
        let mut questions: BTreeMap<(usize, Span), BTreeSet<Index>> = BTreeMap::new();
        for (_, field) in self.world.fields.iter() {
            if let Some(codes) = named.codes.get(&FieldId(field.position)) {
                let question = (field.unit, field.ast.span);
                questions.entry(question).or_default().extend(codes);
            }
        }
        let mut told = BTreeSet::new();
        for (_, field) in self.world.fields.iter() {
            let Some(codes) = questions.get(&(field.unit, field.ast.span)) else {
                continue;
            };
            let Some(table) = field.table.map(|table| &self.world.tables[table]) else {
                continue;
            };
            if self.world.is_lent(table.unit) || self.world.is_lent(field.unit) {
                continue;
            }
            let file = self.world.file(table.unit);
            for (position, code) in table.codes.iter().enumerate() {
                let unnamed = !codes.contains(&super::index(position));
                if unnamed && says_unknown(table, code) && told.insert((file, code.span)) {
                    let (name, label) = (&field.ast.name.text, &field.ast.label.text);
                    let found = d::unmarked_unknown(file, code, (name, label));
                    self.diagnostics.push(found);
                }
            }
        }
    }
}

/// Whether a code that is a plain answer says that the answer is not known.
fn says_unknown(table: &CodeTable<'_>, code: &ast::Code) -> bool {
    if code.unknown || code.points.is_some() {
        return false;
    }
    let label = code.label.text.trim();
    let mut after = NOT_KNOWN.iter().filter_map(|word| label.strip_prefix(word));
    if after.any(|rest| rest.is_empty() || rest.trim_start().starts_with(['（', '('])) {
        return true;
    }
    // 「実施」 and 「未実施」 are both known.
    let is_result = |other: &&ast::Code| {
        let label = other.label.text.trim();
        !other.unknown && !NOT_DONE.contains(&label) && !NOT_KNOWN.contains(&label)
    };
    NOT_DONE.contains(&label) && table.codes.iter().filter(is_result).count() >= 2
}

/// For each question that is compared with codes, with which.
#[derive(Default)]
struct Named {
    codes: BTreeMap<FieldId, BTreeSet<Index>>,
}

impl Named {
    fn of(rules: &Rules<'_>) -> Self {
        let mut named = Self::default();
        for definition in rules.definitions {
            definition.rule.each_part(|part| named.part(part));
        }
        for judgement in rules.judgements {
            let conditions = judgement.categories.iter().filter_map(|c| c.when.as_ref());
            conditions.for_each(|condition| named.cond(condition));
        }
        for check in rules.checks {
            named.cond(&check.violated);
        }
        for field in rules.fields {
            let conditions = field.shown_when.iter().chain(&field.required_when);
            conditions.for_each(|condition| named.cond(condition));
        }
        named
    }

    fn cond(&mut self, condition: &Cond) {
        match &condition.kind {
            CondKind::Code { field, codes } => {
                self.codes.entry(*field).or_default().extend(codes);
            }
            CondKind::Includes { field, code } => {
                self.codes.entry(*field).or_default().insert(*code);
            }
            _ => {}
        }
        condition.each_part(|part| self.part(part));
    }

    fn part(&mut self, part: Part<'_>) {
        match part {
            Part::Cond(condition) => self.cond(condition),
            Part::Number(number) => number.each_part(|part| self.part(part)),
            Part::Field(_) | Part::Definition(_) | Part::Judgement(_) | Part::Moment(_) => {}
        }
    }
}
