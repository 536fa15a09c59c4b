//! Conversions of units: a comparison in another unit than the field's is made exactly, by
//! multiplying, and only where the author has declared how.

use super::number::{Typed, Unit, normal_unit};
use super::{At, Ctx};
use crate::diagnostics as d;
use crate::world::{Entity, UnitIndex};
use kohyo_dsl::Span;
use kohyo_dsl::ast;
use kohyo_engine::Decimal;
use kohyo_engine::program as p;
use kohyo_engine::program::{Number, NumberKind};

/// A conversion that was found sound.
pub(super) struct Conversion {
    unit: UnitIndex,
    span: Span,
    left: (Decimal, String),
    right: (Decimal, String),
    /// The fields for which it holds; all if nothing is said.
    fields: Option<Vec<p::FieldId>>,
    /// `1 mg/dL＝88.4 µmol/L`
    text: String,
}

/// `times` in one unit are `gives` in the other: what is multiplied by `gives` must be compared
/// with what is multiplied by `times`.
pub(super) struct Rate {
    pub(super) times: Decimal,
    pub(super) gives: Decimal,
    /// What was declared; nothing where no one needs to be told.
    text: String,
}

impl Rate {
    /// A week is seven days.
    fn of_time(from: &str, to: &str) -> Option<Self> {
        let (times, gives) = match (from, to) {
            ("days", "weeks") => (Decimal::from(7), Decimal::ONE),
            ("weeks", "days") => (Decimal::ONE, Decimal::from(7)),
            _ => return None,
        };
        Some(Self {
            times,
            gives,
            text: String::new(),
        })
    }

    /// Whether an author declared it, and readers are told.
    pub(super) fn is_declared(&self) -> bool {
        !self.text.is_empty()
    }

    /// `number` in the other unit, `times` as much.
    pub(super) fn multiplied(&self, number: &Number) -> Number {
        scaled(number, self.gives)
    }

    /// A constant of the other unit in this one, if it has an exact decimal.
    pub(super) fn exact(&self, constant: Decimal) -> Option<Decimal> {
        let product = constant.checked_mul(self.times)?;
        let quotient = product.checked_div(self.gives)?;
        (quotient.checked_mul(self.gives)? == product).then(|| quotient.normalize())
    }

    /// What `number` of the other unit is compared as.
    pub(super) fn opposite(&self, number: &Number) -> Number {
        scaled(number, self.times)
    }

    /// The reading of a comparison that was converted.
    pub(super) fn told(&self, text: &str) -> String {
        if !self.is_declared() {
            return text.to_owned();
        }
        format!("{text}（{}で換算）", self.text)
    }
}

fn scaled(number: &Number, factor: Decimal) -> Number {
    if factor == Decimal::ONE {
        return number.clone();
    }
    if let NumberKind::Const(value) = number.kind
        && let Some(product) = value.checked_mul(factor)
    {
        return Number {
            kind: NumberKind::Const(product),
            text: number.text.clone(),
        };
    }
    let factor = Number {
        kind: NumberKind::Const(factor),
        text: factor.to_string(),
    };
    Number {
        text: number.text.clone(),
        kind: NumberKind::Arithmetic {
            left: Box::new(number.clone()),
            op: p::ArithmeticOp::Multiply,
            right: Box::new(factor),
        },
    }
}

impl<'a> Ctx<'_, 'a> {
    /// Looks at every `convert`; what is wrong with one is reported.
    pub(super) fn read_conversions(&mut self) {
        let world = self.world;
        for (unit, ast) in &world.conversions {
            if let Some(conversion) = self.conversion(*unit, ast) {
                let same = self.conversions.iter().find(|c| c.contradicts(&conversion));
                if let Some(first) = same {
                    let other = world.file(first.unit);
                    let diagnostic =
                        d::conversion_twice(world.file(*unit), ast.span, other, first.span);
                    self.diagnostics.push(diagnostic);
                }
                self.conversions.push(conversion);
            }
        }
    }

    fn conversion(&mut self, unit: UnitIndex, ast: &'a ast::Conversion) -> Option<Conversion> {
        let at = At::new(unit, super::Place::Definition);
        let file = self.file(&at);
        let (Some(left), Some(right)) = (&ast.left.unit, &ast.right.unit) else {
            return self.report(d::conversion_units(file, ast.span));
        };
        let (from, to) = (normal_unit(&left.text), normal_unit(&right.text));
        if from == to {
            return self.report(d::conversion_units(file, ast.span));
        }
        let (one, other) = (
            self.literal(&at, &ast.left)?,
            self.literal(&at, &ast.right)?,
        );
        if one <= Decimal::ZERO || other <= Decimal::ZERO {
            return self.report(d::conversion_of_nothing(file, ast.span));
        }
        let mut fields = Vec::new();
        for path in &ast.fields {
            fields.extend(self.converted_fields(&at, path, [&from, &to])?);
        }
        let amount = |n: &ast::NumberLiteral, unit: &ast::Text| {
            crate::reading::quantity(&n.digits, Some(&unit.text))
        };
        Some(Conversion {
            unit,
            span: ast.span,
            text: format!("{}＝{}", amount(&ast.left, left), amount(&ast.right, right)),
            left: (one, from),
            right: (other, to),
            fields: (!ast.fields.is_empty()).then_some(fields),
        })
    }

    /// The fields that `path` names, which must have one of these units.
    fn converted_fields(
        &mut self,
        at: &At<'a>,
        path: &'a ast::Path,
        units: [&str; 2],
    ) -> Option<Vec<p::FieldId>> {
        let world = self.world;
        if world.is_lent(at.site.unit) && world.resolve(at.site, path).is_err() {
            // The question stayed with the other disease.
            return Some(Vec::new());
        }
        let fields = match (
            world.resolve(at.site, path),
            world.question(at.site.unit, path),
        ) {
            (Ok(Entity::Field(field)), _) => vec![field],
            (Err(_), Some((_, every))) => every.to_vec(),
            (Ok(_), _) => Vec::new(),
            (Err(diagnostic), None) => return self.report(*diagnostic),
        };
        let fits = |kind: &ast::TypeKind| {
            let (ast::TypeKind::Integer { unit, .. } | ast::TypeKind::Decimal { unit, .. }) = kind
            else {
                return false;
            };
            let unit = unit.as_ref().map(|u| normal_unit(&u.text));
            unit.is_some_and(|u| units.contains(&u.as_str()))
        };
        let all = fields.iter().all(|f| fits(&world.fields[*f].ast.ty.kind));
        if fields.is_empty() || !all {
            return self.report(d::conversion_field(self.file(at), path, units));
        }
        let place = |f: &crate::arena::Id<_>| p::FieldId(world.fields[*f].position);
        Some(fields.iter().map(place).collect())
    }

    /// How `a` is compared with something in the unit of `b`, if that is declared.
    pub(super) fn rate(&self, at: &At<'a>, a: &Typed, b: &Typed) -> Option<Rate> {
        let (Unit::Named(from), Unit::Named(to)) = (&a.unit, &b.unit) else {
            return None;
        };
        if let Some(rate) = Rate::of_time(from, to) {
            return Some(rate);
        }
        let uses = self
            .world
            .units
            .get(at.site.unit)
            .map(|u| u.uses.as_slice());
        let seen = |unit: UnitIndex| {
            let used = |u: &crate::load::Use| u.unit == unit && u.is_module();
            unit == at.site.unit || uses.unwrap_or_default().iter().any(used)
        };
        let read = fields_of(&a.number).or_else(|| fields_of(&b.number));
        let fits = |c: &&Conversion| match &c.fields {
            Some(fields) => read
                .as_ref()
                .is_some_and(|read| read.iter().all(|f| fields.contains(f))),
            None => seen(c.unit),
        };
        // What is declared for the field itself comes first.
        let (own, general): (Vec<&Conversion>, Vec<&Conversion>) = self
            .conversions
            .iter()
            .filter(fits)
            .partition(|c| c.fields.is_some());
        own.into_iter().chain(general).find_map(|c| {
            let (left, right) = (&c.left, &c.right);
            let (times, gives) = if (&left.1, &right.1) == (from, to) {
                (left.0, right.0)
            } else if (&right.1, &left.1) == (from, to) {
                (right.0, left.0)
            } else {
                return None;
            };
            let text = c.text.clone();
            Some(Rate { times, gives, text })
        })
    }
}

impl Ctx<'_, '_> {
    /// Whether something in this unit may be compared with something in another.
    pub(super) fn is_converted(&self, unit: &str) -> bool {
        let declared = self.conversions.iter();
        let mut units = declared.flat_map(|c| [c.left.1.as_str(), c.right.1.as_str()]);
        matches!(unit, "days" | "weeks") || units.any(|other| other == unit)
    }
}

impl Conversion {
    /// Whether both say how the same units of the same field are converted.
    fn contradicts(&self, other: &Self) -> bool {
        let units = |c: &Self| {
            let mut units = [c.left.1.clone(), c.right.1.clone()];
            units.sort();
            units
        };
        let same = match (&self.fields, &other.fields) {
            (None, None) => self.unit == other.unit,
            (Some(a), Some(b)) => a.iter().any(|f| b.contains(f)),
            _ => false,
        };
        same && units(self) == units(other)
    }
}

/// The fields that a number is plainly an answer of: one, or one side of several.
fn fields_of(number: &Number) -> Option<Vec<p::FieldId>> {
    match &number.kind {
        NumberKind::Field(field) => Some(vec![*field]),
        NumberKind::Max(parts) | NumberKind::Min(parts) => {
            let all: Option<Vec<Vec<p::FieldId>>> = parts.iter().map(fields_of).collect();
            all.map(|all| all.concat())
        }
        NumberKind::If(_, then, otherwise) => {
            let mut all = fields_of(then)?;
            all.extend(fields_of(otherwise)?);
            Some(all)
        }
        NumberKind::IfShown { number, .. } => fields_of(number),
        _ => None,
    }
}
