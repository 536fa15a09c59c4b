//! Fields and code tables.

use super::{At, Ctx, Place, application, index};
use crate::arena::Id;
use crate::diagnostics as d;
use crate::world::{CodeTable, Field};
use kohyo_dsl::Diagnostic;
use kohyo_dsl::ast::{self, ModifierKind, TypeKind};
use kohyo_engine::Decimal;
use kohyo_engine::program as p;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Digits of an integer whose range is not written.
const INTEGER_DIGITS: u8 = 9;

impl<'a> Ctx<'_, 'a> {
    pub(super) fn code_tables(&mut self) -> Vec<Arc<p::CodeTable>> {
        let world = self.world;
        let mut tables = Vec::with_capacity(world.tables.len());
        for (_, table) in world.tables.iter() {
            self.check_codes(table);
            let at = At::new(table.unit, Place::Form);
            let codes = table.codes.iter().map(|c| self.code(&at, c)).collect();
            tables.push(Arc::new(p::CodeTable {
                name: table.name.clone(),
                label: table.label.to_owned(),
                codes,
            }));
        }
        tables
    }

    fn code(&mut self, at: &At<'a>, code: &'a ast::Code) -> p::Code {
        p::Code {
            value: code.value.text.clone(),
            name: code.name.text.clone(),
            label: code.label.text.clone(),
            points: code.points.as_ref().and_then(|n| self.literal(at, n)),
            unknown: code.unknown,
        }
    }

    fn check_codes(&mut self, table: &CodeTable<'a>) {
        let (mut names, mut values) = (BTreeSet::new(), BTreeSet::new());
        let file = self.world.file(table.unit);
        for code in table.codes {
            if !names.insert(&code.name.text) {
                self.diagnostics.push(d::duplicate_code(file, &code.name));
            }
            if !values.insert(&code.value.text) {
                self.diagnostics.push(d::duplicate_code(file, &code.value));
            }
        }
        if let (true, Some(first)) = (table.codes.iter().all(|c| c.unknown), table.codes.first()) {
            self.diagnostics
                .push(d::only_unknown_codes(file, first.span));
        }
    }

    /// All fields, in the order of the form.
    pub(super) fn fields(&mut self) -> Vec<p::Field> {
        let mut order = Vec::with_capacity(self.world.fields.len());
        for section in &self.world.sections {
            crate::world::collect_fields(&section.members, &mut order);
        }
        // Fields are large and a form is kept for long: no room for more of them than there are.
        let mut fields = Vec::with_capacity(order.len());
        fields.extend(order.into_iter().filter_map(|id| self.field(id)));
        fields
    }

    fn field(&mut self, id: Id<Field<'a>>) -> Option<p::Field> {
        let world = self.world;
        let field = &world.fields[id];
        let at = At::new(field.site(), Place::Form);
        let ty = self.field_type(&at, field);
        let mut lowered = p::Field {
            name: field.wire.clone(),
            label: field.label.clone(),
            ty: p::FieldType::Phone,
            required: false,
            required_when: None,
            shown_when: None,
            hidden_when: None,
            only: None,
            carry: p::Carry::Confirm,
            privacy: None,
            help: None,
            cites: None,
            first_answer: None,
        };
        let mut shown = Vec::new();
        let row = field.turn.and_then(|turn| self.row_exists(&at, turn));
        for (site, modifier) in field.modifiers() {
            let at = At::new(site, Place::Form);
            self.modifier(&at, modifier, &mut lowered, &mut shown);
        }
        shown.extend(row);
        self.check_better(&at, field);
        // The help of a group is shown at the group.
        if !field
            .ast
            .modifiers
            .iter()
            .any(|m| matches!(m.kind, ModifierKind::Help(_)))
        {
            lowered.help = None;
        }
        lowered.shown_when = match shown.len() {
            0 | 1 => shown.pop().map(Box::new),
            _ => Some(Box::new(p::Cond {
                kind: p::CondKind::All(shown),
                text: crate::reading::ALL.to_owned(),
            })),
        };
        lowered.ty = ty?;
        let first = field.ast.modifiers.iter().find_map(|m| match &m.kind {
            ModifierKind::Default(answer) => Some((answer, m.span)),
            _ => None,
        });
        if let Some((answer, span)) = first {
            lowered.first_answer = self.first_answer(&at, field, &lowered.ty, answer, span);
        }
        Some(lowered)
    }

    fn modifier(
        &mut self,
        at: &At<'a>,
        modifier: &'a ast::Modifier,
        field: &mut p::Field,
        shown: &mut Vec<p::Cond>,
    ) {
        match &modifier.kind {
            ModifierKind::Required => field.required = true,
            ModifierKind::RequiredWhen(condition) => {
                field.required_when = self.cond(at, condition).map(Box::new);
            }
            ModifierKind::ShownWhen(condition) => shown.extend(self.cond(at, condition)),
            ModifierKind::NewOnly => field.only = Some(application(ast::Only::New)),
            ModifierKind::RenewalOnly => field.only = Some(application(ast::Only::Renewal)),
            ModifierKind::Carry(carry) => {
                field.carry = match carry {
                    ast::Carry::Copy => p::Carry::Copy,
                    ast::Carry::Confirm => p::Carry::Confirm,
                    ast::Carry::Never => p::Carry::Never,
                    ast::Carry::Expires { months } => p::Carry::Expires(*months),
                }
            }
            ModifierKind::Personal(privacy) => {
                field.privacy = Some(match privacy {
                    ast::Privacy::Identifying => p::Privacy::Identifying,
                    ast::Privacy::Quasi => p::Privacy::Quasi,
                    ast::Privacy::Sensitive => p::Privacy::Sensitive,
                })
            }
            ModifierKind::Help(text) => field.help = Some(text.text.clone()),
            ModifierKind::Cites(texts) => field.cites = super::cited(texts),
            ModifierKind::Was(_) | ModifierKind::Better { .. } | ModifierKind::Default(_) => {}
        }
    }

    fn field_type(&mut self, at: &At<'a>, field: &Field<'a>) -> Option<p::FieldType> {
        let ty = &field.ast.ty;
        let table = || field.table.map(|t| index(t.index()));
        Some(match &ty.kind {
            TypeKind::Text { chars, lines } => p::FieldType::Text {
                chars: *chars,
                lines: lines.unwrap_or(1),
            },
            TypeKind::Kana { chars } => p::FieldType::Kana { chars: *chars },
            TypeKind::Digits { count } => p::FieldType::Digits { count: *count },
            TypeKind::PostalCode => p::FieldType::PostalCode,
            TypeKind::Phone => p::FieldType::Phone,
            TypeKind::Integer { .. } | TypeKind::Decimal { .. } => self.number_type(at, ty)??,
            TypeKind::Date => p::FieldType::Date {
                precision: p::DatePrecision::Day,
            },
            TypeKind::Month => p::FieldType::Date {
                precision: p::DatePrecision::Month,
            },
            TypeKind::Year => p::FieldType::Date {
                precision: p::DatePrecision::Year,
            },
            TypeKind::Choice(_) | TypeKind::Named(_) => p::FieldType::Choice { table: table()? },
            TypeKind::Choices(codes) => {
                self.check_points(at, field.ast, codes);
                p::FieldType::Choices { table: table()? }
            }
            TypeKind::ChoicesOf(_) => p::FieldType::Choices { table: table()? },
        })
    }

    /// Points at the codes of a question with several answers count nowhere.
    fn check_points(&mut self, at: &At<'a>, field: &ast::Field, codes: &[ast::Code]) {
        if let Some(code) = codes.iter().find(|code| code.points.is_some()) {
            let found = d::points_of_several(self.file(at), field, code);
            let same = |told: &Diagnostic| (told.code, told.span) == (found.code, found.span);
            // In rows the question is there many times.
            if !self.diagnostics.iter().any(same) {
                self.diagnostics.push(found);
            }
        }
    }

    /// The type of a number; nothing inside if it is none.
    pub(super) fn number_type(
        &mut self,
        at: &At<'a>,
        ty: &ast::TypeExpr,
    ) -> Option<Option<p::FieldType>> {
        let (digits, fraction, unit, range) = match &ty.kind {
            TypeKind::Integer { unit, range } => (INTEGER_DIGITS, 0, unit, range),
            TypeKind::Decimal {
                digits,
                fraction,
                unit,
                range,
            } => (*digits, *fraction, unit, range),
            _ => return Some(None),
        };
        if fraction >= digits {
            return self.report(d::decimal_digits(self.file(at), ty.span));
        }
        let (min, max) = self.range(at, range.as_ref(), fraction, digits)?;
        let digits = match &ty.kind {
            TypeKind::Integer { .. } => {
                let ends = [min, max].into_iter().flatten().map(integer_digits);
                max.and(ends.max()).unwrap_or(digits)
            }
            _ => digits,
        };
        Some(Some(p::FieldType::Number {
            digits,
            fraction,
            unit: unit.as_ref().map(|u| u.text.clone()),
            min,
            max,
        }))
    }

    /// The ends of a range that fits the digits; nothing if it was reported.
    pub(super) fn range(
        &mut self,
        at: &At<'a>,
        range: Option<&(ast::NumberLiteral, ast::NumberLiteral)>,
        fraction: u8,
        digits: u8,
    ) -> Option<(Option<Decimal>, Option<Decimal>)> {
        let Some((low, high)) = range else {
            return Some((None, None));
        };
        let (min, max) = (self.literal(at, low)?, self.literal(at, high)?);
        if min > max {
            let span = low.span.to(high.span);
            let meant = format!("{}..{}", high.digits, low.digits);
            return self.report(d::reversed_range(self.file(at), span, &meant));
        }
        let before = |n: Decimal| n.trunc().is_zero() || integer_digits(n) <= digits - fraction;
        let fits = |n: Decimal| n.scale() <= u32::from(fraction) && before(n);
        if !fits(min) || !fits(max) {
            return self.report(d::bad_range(
                self.file(at),
                low.span.to(high.span),
                fraction,
                digits,
            ));
        }
        Some((Some(min), Some(max)))
    }

    /// The value of a number as written.
    pub(super) fn literal(&mut self, at: &At<'a>, literal: &ast::NumberLiteral) -> Option<Decimal> {
        match Decimal::from_str_exact(&literal.digits) {
            Ok(value) => Some(value),
            Err(_) => self.report(d::long_number(self.file(at), literal.span)),
        }
    }
}

/// Digits before the point.
fn integer_digits(n: Decimal) -> u8 {
    u8::try_from(n.trunc().abs().normalize().to_string().len()).unwrap_or(u8::MAX)
}
