//! Which codes are chosen at a question with several: `relatives includes mother`, `symptoms includes
//! at least 2 of { … }`, `count of symptoms in { … }`.

use super::cond::new;
use super::number::{Typed, whole};
use super::unit::Unit;
use super::{At, Ctx};
use crate::diagnostics as d;
use crate::reading;
use crate::world::Entity;
use kohyo_dsl::ast::{self, Expr, Quantifier, TypeKind};
use kohyo_engine::Decimal;
use kohyo_engine::program::{Cond, CondKind, CountOp, NumberKind};

/// Codes of one question.
struct Chosen<'a> {
    /// What the question is called.
    subject: String,
    /// What the codes are called.
    labels: Vec<&'a str>,
    /// For each code that it is chosen.
    conds: Vec<Cond>,
}

impl<'a> Ctx<'_, 'a> {
    /// `relatives includes mother`, `symptoms includes any of { fever; rash }`.
    pub(super) fn includes(
        &mut self,
        at: &At<'a>,
        subject: &'a Expr,
        quantifier: Quantifier,
        options: &'a [ast::Name],
        expr: &Expr,
    ) -> Option<Cond> {
        if options.is_empty() {
            return self.report(d::empty_block(self.file(at), expr.span));
        }
        let mut chosen = self.chosen(at, subject, options)?;
        if let (Quantifier::Any | Quantifier::All, [_]) = (quantifier, &*chosen.conds) {
            return chosen.conds.pop();
        }
        let text = reading::includes_of(&chosen.subject, quantifier, &chosen.labels);
        let (op, n) = match quantifier {
            Quantifier::All => return Some(new(CondKind::All(chosen.conds), text)),
            Quantifier::AtLeast(n) => (CountOp::AtLeast, n),
            Quantifier::AtMost(n) => (CountOp::AtMost, n),
            Quantifier::Exactly(n) => (CountOp::Exactly, n),
            Quantifier::None => {
                let holds = reading::includes_of(&chosen.subject, Quantifier::Any, &chosen.labels);
                let any = new(CondKind::Any(chosen.conds), holds);
                return Some(new(CondKind::Not(Box::new(any)), text));
            }
            _ => return Some(new(CondKind::Any(chosen.conds), text)),
        };
        let codes = chosen.conds.len();
        if n as usize > codes {
            let file = self.file(at);
            self.diagnostics
                .push(d::count_too_large(file, expr.span, n, codes));
        }
        let of = chosen.conds;
        Some(new(CondKind::Count { of, op, n }, text))
    }

    /// `count of symptoms in { fever; rash }`: how many of these codes are chosen.
    pub(super) fn codes_counted(
        &mut self,
        at: &At<'a>,
        subject: &'a Expr,
        options: &'a [ast::Name],
    ) -> Option<Typed> {
        if options.is_empty() {
            return self.report(d::empty_block(self.file(at), subject.span));
        }
        let chosen = self.chosen(at, subject, options)?;
        let text = reading::includes_of(&chosen.subject, Quantifier::Count, &chosen.labels);
        let most = Decimal::from(chosen.conds.len());
        Some(Typed {
            range: Some((Decimal::ZERO, most)),
            ..whole(NumberKind::Count(chosen.conds), text, Unit::None)
        })
    }

    /// That `subject` includes each of the codes; a code that is named twice counts once.
    fn chosen(
        &mut self,
        at: &At<'a>,
        subject: &'a Expr,
        options: &'a [ast::Name],
    ) -> Option<Chosen<'a>> {
        let file = self.file(at);
        let Some(Entity::Field(field)) = self.entity(at, subject) else {
            return self.report(d::is_needs_name(file, subject.span));
        };
        let declared = &self.world.fields[field];
        let (TypeKind::Choices(_) | TypeKind::ChoicesOf(_), Some(table)) =
            (&declared.ast.ty.kind, declared.table)
        else {
            return self.report(d::includes_needs_choices(file, subject.span, declared.ast));
        };
        let table = &self.world.tables[table];
        let mut codes = self.codes(at, table, options)?;
        let mut seen = std::collections::BTreeSet::new();
        codes.retain(|code| seen.insert(*code));
        let id = self.read(at, field, subject);
        let label = self.label(at, field);
        let labels: Vec<&'a str> = codes
            .iter()
            .filter_map(|code| table.codes.get(usize::from(*code)))
            .map(|code| code.label.text.as_str())
            .collect();
        let chosen = |(code, text): (&u16, &&str)| {
            let (field, code) = (id, *code);
            new(
                CondKind::Includes { field, code },
                reading::includes(&label, text),
            )
        };
        Some(Chosen {
            conds: codes.iter().zip(&labels).map(chosen).collect(),
            subject: label,
            labels,
        })
    }
}
