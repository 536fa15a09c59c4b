//! Two answers compared: `organism is first.organism`, `right_kind is not left_kind`.

use super::cond::new;
use super::{At, Ctx, index};
use crate::arena::Id;
use crate::diagnostics as d;
use crate::reading;
use crate::world::{Entity, Field};
use kohyo_dsl::ast::{self, Expr, ExprKind, TypeKind};
use kohyo_engine::program::{Cond, CondKind};

impl<'a> Ctx<'_, 'a> {
    /// That two questions are answered with the same code, or with different ones. A code marked
    /// `unknown` is no such answer: it leaves this open, as no answer does.
    pub(super) fn same_answer(
        &mut self,
        at: &At<'a>,
        subject: &'a Expr,
        negated: bool,
        (path, other): (&ast::Path, Id<Field<'a>>),
    ) -> Option<Cond> {
        let (ExprKind::Ref(own), Some(Entity::Field(field))) =
            (&subject.kind, self.entity(at, subject))
        else {
            return None;
        };
        let file = self.file(at);
        let (one, two) = (&self.world.fields[field], &self.world.fields[other]);
        for (path, field) in [(own, one), (path, two)] {
            if !matches!(field.ast.ty.kind, TypeKind::Choice(_) | TypeKind::Named(_)) {
                let compared = d::Compared::default();
                return self.report(d::is_needs_choice(file, path, field.ast, &compared));
            }
        }
        if one.table != two.table {
            let span = subject.span.to(path.span);
            return self.report(d::other_codes(file, span, one.ast, two.ast));
        }
        let table = &self.world.tables[one.table?];
        let (label, other_label) = (self.label(at, field), self.label(at, other));
        let read = Expr {
            kind: ExprKind::Ref(path.clone()),
            span: path.span,
        };
        let (field, other) = (self.read(at, field, subject), self.read(at, other, &read));
        let answers = table.codes.iter().enumerate();
        let answers = answers.filter(|(_, code)| !code.unknown);
        let both = answers.map(|(position, code)| {
            let is = |field, label: &str| {
                let codes = vec![index(position)];
                let text = reading::is_one_of(label, &[&code.label.text]);
                new(CondKind::Code { field, codes }, text)
            };
            let both = vec![is(field, &label), is(other, &other_label)];
            new(CondKind::All(both), reading::ALL)
        });
        let text = reading::same(&label, &other_label);
        let same = new(CondKind::Any(both.collect()), text);
        if !negated {
            return Some(same);
        }
        let text = reading::not(&same.text);
        Some(new(CondKind::Not(Box::new(same)), text))
    }
}
