//! What a new form says before it is filled in.

use super::unit::Unit;
use super::{At, Ctx};
use crate::diagnostics as d;
use crate::world::Field;
use kohyo_dsl::Span;
use kohyo_dsl::ast::{DefaultAnswer, NumberLiteral, TypeKind};
use kohyo_engine::program::{DatePrecision, FieldType, FirstAnswer};
use kohyo_engine::{Decimal, number_domain};

impl<'a> Ctx<'_, 'a> {
    /// The first answer of a field of type `ty`; nothing if it was reported.
    pub(super) fn first_answer(
        &mut self,
        at: &At<'a>,
        field: &Field<'a>,
        ty: &FieldType,
        answer: &'a DefaultAnswer,
        span: Span,
    ) -> Option<FirstAnswer> {
        let file = self.file(at);
        let written = |text: String| Some(FirstAnswer::Written(vec![text]));
        match (answer, ty) {
            (DefaultAnswer::Codes(names), FieldType::Choice { .. } | FieldType::Choices { .. }) => {
                let table = &self.world.tables[field.table?];
                let codes = self.codes(at, table, names)?;
                if matches!(ty, FieldType::Choice { .. }) && codes.len() != 1 {
                    return self.report(d::default_type(file, span, "コードの名前 1 つ"));
                }
                let value = |c: &u16| {
                    let code = table.codes.get(usize::from(*c))?;
                    Some(code.value.text.clone())
                };
                let values: Option<Vec<String>> = codes.iter().map(value).collect();
                Some(FirstAnswer::Written(values?))
            }
            (DefaultAnswer::Number(number), FieldType::Number { .. }) => {
                let value = self.first_number(at, number, ty)?;
                written(value.to_string())
            }
            (DefaultAnswer::Today, FieldType::Date { .. }) => Some(FirstAnswer::Today),
            (DefaultAnswer::Date(date), FieldType::Date { precision }) => {
                let (year, month, day) = (date.year, date.month, date.day);
                written(match precision {
                    DatePrecision::Year => format!("{year:04}"),
                    DatePrecision::Month => format!("{year:04}-{month:02}"),
                    DatePrecision::Day => format!("{year:04}-{month:02}-{day:02}"),
                })
            }
            (DefaultAnswer::Text(text), FieldType::Text { chars, .. })
                if text.text.chars().count() <= *chars as usize =>
            {
                written(text.text.clone())
            }
            _ => self.report(match wanted(&field.ast.ty.kind) {
                Some(wanted) => d::default_type(file, span, wanted),
                None => d::no_default(file, span),
            }),
        }
    }

    fn first_number(
        &mut self,
        at: &At<'a>,
        number: &NumberLiteral,
        ty: &FieldType,
    ) -> Option<Decimal> {
        let FieldType::Number {
            digits,
            fraction,
            unit,
            min,
            max,
        } = ty
        else {
            return None;
        };
        let value = self.literal(at, number)?;
        let own = unit.as_deref().map_or(Unit::None, Unit::named);
        let same_unit = number.unit.is_none() || Unit::of(number.unit.as_ref()) == own;
        let domain = number_domain(*digits, *fraction, *min, *max);
        let inside = domain.is_some_and(|(low, high, _)| low <= value && value <= high);
        if same_unit && inside && value.scale() <= u32::from(*fraction) {
            return Some(value);
        }
        let wanted = "範囲と桁に収まる、項目の単位の数";
        self.report(d::default_type(self.file(at), number.span, wanted))
    }
}

/// What can be the first answer of a field; nothing where the answer differs from one to another.
fn wanted(kind: &TypeKind) -> Option<&'static str> {
    Some(match kind {
        TypeKind::Choice(_) | TypeKind::Named(_) => "コードの名前 1 つ",
        TypeKind::Choices(_) | TypeKind::ChoicesOf(_) => "コードの名前",
        TypeKind::Integer { .. } | TypeKind::Decimal { .. } => "数",
        TypeKind::Date | TypeKind::Month | TypeKind::Year => "日付か `today`",
        TypeKind::Text { .. } => "字数に収まる「\"」で囲んだ文",
        TypeKind::Kana { .. }
        | TypeKind::Digits { .. }
        | TypeKind::PostalCode
        | TypeKind::Phone => return None,
    })
}
