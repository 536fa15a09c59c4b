//! Conversions of units: a comparison in another unit than the field's is made exactly, by
//! multiplying, and only where the author has declared how.

use super::number::Typed;
use super::unit::{Product, Unit, normal_unit};
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
    left: (Decimal, Product),
    right: (Decimal, Product),
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
    fn of_time(from: &Unit, to: &Unit) -> Option<Self> {
        let (from, to) = (from.name()?, to.name()?);
        let (times, gives) = match (from.as_str(), to.as_str()) {
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

    /// Both, one after the other.
    fn after(self, other: Self) -> Option<Self> {
        let texts = [self.text, other.text];
        let texts: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
        Some(Self {
            times: self.times.checked_mul(other.times)?,
            gives: self.gives.checked_mul(other.gives)?,
            text: texts.join("、"),
        })
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
        let (from, to) = (Product::of(&left.text), Product::of(&right.text));
        if from.is(&to) {
            return self.report(d::conversion_units(file, ast.span));
        }
        let (one, other) = (
            self.literal(&at, &ast.left)?,
            self.literal(&at, &ast.right)?,
        );
        if one <= Decimal::ZERO || other <= Decimal::ZERO {
            return self.report(d::conversion_of_nothing(file, ast.span));
        }
        let (one_name, other_name) = (normal_unit(&left.text), normal_unit(&right.text));
        let mut fields = Vec::new();
        for path in &ast.fields {
            fields.extend(self.converted_fields(&at, path, [&one_name, &other_name])?);
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
            let unit = Unit::of(unit.as_ref());
            units.iter().any(|other| Unit::named(other) == unit)
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
        if let Some(rate) = Rate::of_time(&a.unit, &b.unit) {
            return Some(rate);
        }
        let (from, to) = (a.unit.product()?, b.unit.product()?);
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
        let whole = own.iter().chain(&general).find_map(|c| {
            let (left, right) = (&c.left, &c.right);
            let (times, gives) = if left.1.is(&from) && right.1.is(&to) {
                (left.0, right.0)
            } else if right.1.is(&from) && left.1.is(&to) {
                (right.0, left.0)
            } else {
                return None;
            };
            let text = c.text.clone();
            Some(Rate { times, gives, text })
        });
        whole.or_else(|| {
            let calculated = a.unit.is_derived() || b.unit.is_derived();
            let between = from.times(&to, -1);
            let between = if calculated {
                between.uncounted()
            } else {
                between
            };
            rate_of_factors(&between, &general, MOST_CONVERSIONS)
        })
    }
}

/// Of one unit so many factors are converted.
const MOST_CONVERSIONS: usize = 2;

/// The highest power in which a factor is converted: cm³ are m³.
const HIGHEST_POWER: i32 = 3;

/// How a unit that is `between` times another one is converted to it, factor by factor, by what
/// always holds: mg/kg is g/kg by 1 g = 1000 mg. The order in which the conversions are declared
/// does not matter; only a factor that vanishes is converted.
fn rate_of_factors(between: &Product, known: &[&Conversion], most: usize) -> Option<Rate> {
    if between.is_empty() {
        return Some(Rate {
            times: Decimal::ONE,
            gives: Decimal::ONE,
            text: String::new(),
        });
    }
    let most = most.checked_sub(1)?;
    known.iter().find_map(|conversion| {
        let own = conversion.left.1.times(&conversion.right.1, -1);
        let mut powers = (1..=HIGHEST_POWER).flat_map(|power| [power, -power]);
        powers.find_map(|power| {
            let rest = between.times(&own, -power);
            if rest.len() >= between.len() {
                return None;
            }
            let rest = rate_of_factors(&rest, known, most)?;
            conversion.raised(power)?.after(rest)
        })
    })
}

impl Ctx<'_, '_> {
    /// Whether something in this unit may be compared with something in another.
    pub(super) fn is_converted(&self, unit: &str) -> bool {
        let own = Product::of(unit);
        let declared = self.conversions.iter();
        let mut units = declared.flat_map(|c| [&c.left.1, &c.right.1]);
        matches!(unit, "days" | "weeks") || units.any(|other| other.shares(&own))
    }
}

impl Conversion {
    /// Whether both say how the same units of the same field are converted.
    fn contradicts(&self, other: &Self) -> bool {
        let (one, two) = (
            (&self.left.1, &self.right.1),
            (&other.left.1, &other.right.1),
        );
        let units = one.0.is(two.0) && one.1.is(two.1) || one.0.is(two.1) && one.1.is(two.0);
        let same = match (&self.fields, &other.fields) {
            (None, None) => self.unit == other.unit,
            (Some(a), Some(b)) => a.iter().any(|f| b.contains(f)),
            _ => false,
        };
        same && units
    }

    /// The rate of so many factors that are converted so, below the line of a negative power.
    fn raised(&self, power: i32) -> Option<Rate> {
        let amounts = (self.left.0, self.right.0);
        let (times, gives) = match power > 0 {
            true => amounts,
            false => (amounts.1, amounts.0),
        };
        let mut raised = (Decimal::ONE, Decimal::ONE);
        for _ in 0..power.unsigned_abs() {
            raised.0 = raised.0.checked_mul(times)?;
            raised.1 = raised.1.checked_mul(gives)?;
        }
        Some(Rate {
            times: raised.0,
            gives: raised.1,
            text: self.text.clone(),
        })
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
