//! Units: products of powers of named units (`mg/kg/day`, `mL/min/1.73m²`), and what becomes of them
//! when numbers are multiplied, divided, raised or drawn the root of.

use crate::diagnostics as d;
use kohyo_dsl::ast;
use std::fmt::Write;

/// What a number is counted in.
#[derive(Clone, Debug)]
pub(super) enum Unit {
    /// A pure number, or a constant written without a unit.
    None,
    /// `mg/dL`, as it is written; elapsed time is `years`, `months` or `days`.
    Named(String),
    /// What came out of a product or quotient of numbers with units.
    Derived(Product),
    /// The result of a logarithm or a power that is not whole: whatever its author says.
    Any,
}

impl PartialEq for Unit {
    /// Two spellings of one unit are equal: `mg/kg/day` and `mg/日/kg`.
    fn eq(&self, other: &Self) -> bool {
        match (self.product(), other.product()) {
            (Some(own), Some(other)) => own.is(&other),
            (own, other) => own.is_none() && other.is_none(),
        }
    }
}

impl Eq for Unit {}

impl Unit {
    /// The unit to print, if there is one.
    pub(super) fn name(&self) -> Option<String> {
        match self {
            Self::Named(name) => Some(name.clone()),
            Self::Derived(product) => product.name(),
            Self::None | Self::Any => None,
        }
    }

    pub(super) fn of(text: Option<&ast::Text>) -> Self {
        text.map_or(Self::None, |t| Self::named(&t.text))
    }

    pub(super) fn named(unit: &str) -> Self {
        Self::Named(normal_unit(unit))
    }

    /// The unit of a score of this: one that does not say its unit has none, and points are none.
    pub(super) fn of_score(&self) -> Self {
        match self {
            Self::Named(name) if !d::is_points(name) => self.clone(),
            Self::Derived(product) if product.name().is_some() => self.clone(),
            Self::Named(_) | Self::Derived(_) | Self::None | Self::Any => Self::None,
        }
    }

    /// Whether a number in this unit may stand beside one in the other. Of what was calculated the
    /// words that only say what is counted may be left out: 5 mg × 3 回/日 are 15 mg/日.
    pub(super) fn fits(&self, other: &Unit) -> bool {
        let (Some(own), Some(others)) = (self.product(), other.product()) else {
            return true;
        };
        let calculated = self.is_derived() || other.is_derived();
        own.is(&others) || (calculated && own.uncounted().is(&others.uncounted()))
    }

    /// Whether it came out of a calculation.
    pub(super) fn is_derived(&self) -> bool {
        matches!(self, Self::Derived(_))
    }

    /// Its factors; nothing if it is whatever its author says.
    pub(super) fn product(&self) -> Option<Product> {
        match self {
            Self::None => Some(Product::default()),
            Self::Named(name) => Some(Product::of(name)),
            Self::Derived(product) => Some(product.clone()),
            Self::Any => None,
        }
    }

    /// The unit of a product. A pure number leaves the other unit as it is.
    pub(super) fn times(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::None, unit) | (unit, Self::None) => unit.clone(),
            _ => self.combined(other, 1),
        }
    }

    /// The unit of a quotient: of equal units none.
    pub(super) fn divided_by(&self, other: &Self) -> Self {
        match other {
            Self::None => self.clone(),
            _ => self.combined(other, -1),
        }
    }

    fn combined(&self, other: &Self, power: i32) -> Self {
        match (self.product(), other.product()) {
            (Some(own), Some(other)) => Self::derived(own.times(&other, power)),
            _ => Self::Any,
        }
    }

    /// The unit of a whole power. What a pure number stands for its author says.
    pub(super) fn raised(&self, power: i32) -> Self {
        match self.product() {
            Some(own) if !own.is_empty() => Self::derived(Product::default().times(&own, power)),
            _ => Self::Any,
        }
    }

    /// The unit of a square root; only an even power has one.
    pub(super) fn root(&self) -> Self {
        let own = self.product().filter(|own| !own.is_empty());
        own.and_then(|own| own.root())
            .map_or(Self::Any, Self::derived)
    }

    /// Its name, if it is no more than one unit.
    pub(super) fn factor(&self) -> Option<String> {
        match self.product()?.factors.as_slice() {
            [only] if only.power == 1 => Some(only.text()),
            _ => None,
        }
    }

    fn derived(product: Product) -> Self {
        if product.is_empty() {
            return Self::None;
        }
        Self::Derived(product)
    }
}

/// A product of powers of units, in the order in which they were met.
#[derive(Clone, Debug, Default)]
pub(super) struct Product {
    factors: Vec<Factor>,
}

#[derive(Clone, Debug)]
struct Factor {
    /// One name for each unit, whatever it is called.
    name: String,
    /// As it was written.
    shown: String,
    power: i32,
}

impl Product {
    /// The factors of a unit as it is written. What cannot be read for certain is one factor as it is.
    pub(super) fn of(unit: &str) -> Self {
        parsed(unit).unwrap_or_else(|| Self {
            factors: vec![Factor {
                name: one_name(unit),
                shown: unit.to_owned(),
                power: 1,
            }],
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.factors.is_empty()
    }

    /// How many different factors there are.
    pub(super) fn len(&self) -> usize {
        self.factors.len()
    }

    /// Whether both have the same factors, in whatever order and spelling.
    pub(super) fn is(&self, other: &Self) -> bool {
        let has = |factor: &Factor| {
            let mut others = other.factors.iter();
            others.any(|o| o.name == factor.name && o.power == factor.power)
        };
        self.factors.len() == other.factors.len() && self.factors.iter().all(has)
    }

    /// Whether both have some factor.
    pub(super) fn shares(&self, other: &Self) -> bool {
        let has = |factor: &Factor| other.factors.iter().any(|o| o.name == factor.name);
        self.factors.iter().any(has)
    }

    /// This times the other to a power.
    pub(super) fn times(&self, other: &Self, power: i32) -> Self {
        let mut product = self.clone();
        for factor in &other.factors {
            product.add(Factor {
                power: factor.power.saturating_mul(power),
                ..factor.clone()
            });
        }
        product
    }

    /// Without the words that only say what is counted.
    pub(super) fn uncounted(&self) -> Self {
        let factors = self.factors.iter().filter(|factor| !factor.is_counting());
        Self {
            factors: factors.cloned().collect(),
        }
    }

    fn root(&self) -> Option<Self> {
        let half = |factor: &Factor| {
            (factor.power % 2 == 0).then(|| Factor {
                power: factor.power / 2,
                ..factor.clone()
            })
        };
        let factors: Option<Vec<Factor>> = self.factors.iter().map(half).collect();
        Some(Self { factors: factors? })
    }

    fn add(&mut self, factor: Factor) {
        let own = self.factors.iter_mut().find(|own| own.name == factor.name);
        match own {
            Some(own) => own.power = own.power.saturating_add(factor.power),
            None => self.factors.push(factor),
        }
        self.factors.retain(|factor| factor.power != 0);
    }

    /// As it is to be written: `mg/kg/日`, `mg²/dL²`. Nothing if it only says what is counted.
    fn name(&self) -> Option<String> {
        if self.factors.iter().all(Factor::is_counting) {
            return None;
        }
        if let [only] = self.factors.as_slice()
            && only.power == 1
        {
            return Some(normal_unit(&only.shown));
        }
        let above = self.factors.iter().filter(|factor| factor.power > 0);
        // 5 mg × 3 回/日 is read as mg/日.
        let said = above.clone().any(|factor| !factor.is_counting());
        let above = above.filter(|factor| !(said && factor.is_counting()));
        let above: Vec<String> = above.map(|factor| factor.text()).collect();
        let mut name = above.join("·");
        let below = self.factors.iter().filter(|factor| factor.power < 0);
        let mut below: Vec<&Factor> = below.collect();
        below.sort_by_key(|factor| factor.rank());
        for factor in below {
            let _ = write!(name, "/{}", factor.text());
        }
        Some(name)
    }
}

impl Factor {
    /// Whether it only says what is counted, and may be left out where numbers are multiplied.
    fn is_counting(&self) -> bool {
        d::is_points(&self.name) || COUNTING.contains(&self.name.as_str())
    }

    /// Below the line the time comes after what is measured, and a surface after it:
    /// `mg/kg/日`, `mL/分/1.73m²`.
    fn rank(&self) -> u8 {
        match self.name.as_str() {
            "years" | "months" | "weeks" | "days" | "hours" | "minutes" | "seconds" => 1,
            name if name.starts_with(|c: char| c.is_ascii_digit()) => 2,
            _ => 0,
        }
    }

    /// With its power, be it above or below the line.
    fn text(&self) -> String {
        let shown = match self.shown.as_str() {
            "years" => "年",
            "months" => "月",
            "weeks" => "週",
            "days" => "日",
            other => other,
        };
        match self.power.unsigned_abs() {
            1 => shown.to_owned(),
            power if shown.starts_with(|c: char| c.is_ascii_digit()) => {
                format!("({shown}){}", raised(power))
            }
            power => format!("{shown}{}", raised(power)),
        }
    }
}

/// Words after a number that only say what is counted.
const COUNTING: [&str; 18] = [
    "回", "個", "か所", "カ所", "ヶ所", "箇所", "関節", "臓器", "組", "本", "枚", "錠", "人", "名",
    "例", "件", "種類", "倍",
];

/// Units whose square or cube is also written with a plain digit: `m2`, `mm3`.
const LENGTHS: [&str; 8] = ["m", "dm", "cm", "mm", "\u{3bc}m", "nm", "km", "s"];

/// Signs that stand for a product of units.
const TIMES: [char; 6] = ['·', '・', '･', '⋅', '*', '×'];

const SUPERSCRIPTS: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/// One character for a unit, and what it stands for.
const SQUARED: [(char, &str); 7] = [
    ('㎡', "m²"),
    ('㎥', "m³"),
    ('㎠', "cm²"),
    ('㎤', "cm³"),
    ('㎟', "mm²"),
    ('㎣', "mm³"),
    ('\u{b5}', "\u{3bc}"),
];

/// `2` as it stands above the line.
fn raised(power: u32) -> String {
    let digit = |c: char| {
        let at = usize::try_from(c.to_digit(10)?).ok()?;
        SUPERSCRIPTS.chars().nth(at)
    };
    power.to_string().chars().filter_map(digit).collect()
}

/// The factors of `mg/(kg·day)`. Nothing if it is not certain what is meant: below a line a product
/// needs parentheses, and what would cancel was not meant to.
fn parsed(unit: &str) -> Option<Product> {
    let plain = plain(unit);
    let plain = plain.strip_prefix('×').unwrap_or(&plain);
    let mut pieces = pieces(plain)?.into_iter();
    let mut product = Product::default();
    let above = pieces.next()?;
    let mut written = 0;
    let mut add = |text: &str, sign: i32| -> Option<()> {
        let factor = factor(text)?;
        written += 1;
        product.add(Factor {
            power: factor.power * sign,
            ..factor
        });
        Some(())
    };
    if !above.is_empty() {
        for text in above.split(TIMES) {
            add(text, 1)?;
        }
    }
    for below in pieces {
        match below.strip_prefix('(').and_then(|b| b.strip_suffix(')')) {
            Some(inner) => {
                for text in inner.split(TIMES) {
                    add(text, -1)?;
                }
            }
            None => add(below, -1)?,
        }
    }
    (written == product.len()).then_some(product)
}

/// Without blanks, in the characters of which a unit is usually made.
fn plain(unit: &str) -> String {
    let mut plain = String::new();
    for c in unit.chars().filter(|c| !c.is_whitespace()) {
        match SQUARED.iter().find(|(one, _)| *one == c) {
            Some((_, stands_for)) => plain.push_str(stands_for),
            None => plain.push(c),
        }
    }
    plain
}

/// What stands between the lines of a quotient; a line in parentheses is not one of it.
fn pieces(unit: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    let (mut begin, mut inside) = (0, false);
    for (at, c) in unit.char_indices() {
        match (c, inside) {
            ('(', false) => inside = true,
            (')', true) => inside = false,
            ('(' | ')', _) | ('/', true) => return None,
            ('/', false) => {
                found.push(unit.get(begin..at)?);
                begin = at + 1;
            }
            _ => {}
        }
    }
    found.push(unit.get(begin..)?);
    let complete = found.iter().skip(1).all(|piece| !piece.is_empty());
    (!inside && complete).then_some(found)
}

/// One unit with its power, `m²`. What begins with a number (`1.73m²`, `10⁴`) is a unit as it is.
fn factor(text: &str) -> Option<Factor> {
    if text.is_empty() || text.contains(['(', ')']) || text.contains(TIMES) {
        return None;
    }
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let rest = text.trim_start_matches(digits);
    let (base, power) = powered(rest);
    if rest.len() < text.len() {
        let number = text.strip_suffix(rest)?;
        let power = if power == 1 {
            String::new()
        } else {
            format!("^{power}")
        };
        return Some(Factor {
            name: format!("{number}{}{power}", one_name(base)),
            shown: text.to_owned(),
            power: 1,
        });
    }
    (!base.is_empty() && power != 0).then(|| Factor {
        name: one_name(base),
        shown: base.to_owned(),
        power,
    })
}

/// A unit without its power, and the power: `m²`, `m^2`, `m2`, `m⁻²`.
fn powered(text: &str) -> (&str, i32) {
    if let Some((base, power)) = text.split_once('^')
        && let Ok(power) = power.parse()
    {
        return (base, power);
    }
    let raised = |c: char| SUPERSCRIPTS.contains(c) || c == '⁻';
    let base = text.trim_end_matches(raised);
    if base.len() < text.len() {
        let above = text.strip_prefix(base).unwrap_or_default();
        let plain = above.chars().map(|c| {
            let digit = SUPERSCRIPTS.chars().zip('0'..='9').find(|(s, _)| *s == c);
            digit.map_or('-', |(_, digit)| digit)
        });
        if let Ok(power) = plain.collect::<String>().parse() {
            return (base, power);
        }
    }
    for (digit, power) in [('2', 2), ('3', 3)] {
        let base = text.strip_suffix(digit);
        if let Some(base) = base.filter(|base| LENGTHS.contains(base)) {
            return (base, power);
        }
    }
    (text, 1)
}

/// One name for a unit that has several.
fn one_name(unit: &str) -> String {
    match unit {
        "hours" | "hour" | "hr" | "h" | "時間" | "時" => "hours".to_owned(),
        "minutes" | "minute" | "min" | "分" => "minutes".to_owned(),
        "seconds" | "second" | "sec" | "s" | "秒" => "seconds".to_owned(),
        other => normal_unit(other),
    }
}

/// One spelling for each unit: the two micro signs are one, and times have English names.
pub(super) fn normal_unit(unit: &str) -> String {
    match unit {
        "years" | "year" | "歳" | "年" => "years".to_owned(),
        "months" | "month" | "か月" | "月" => "months".to_owned(),
        "weeks" | "week" | "週" => "weeks".to_owned(),
        "days" | "day" | "日" => "days".to_owned(),
        other => other.replace('\u{b5}', "\u{3bc}"),
    }
}

/// How a unit is read after a number.
pub(crate) fn unit_reading(unit: &str, age: bool) -> &str {
    match unit {
        "years" if age => "歳",
        "years" => "年",
        "months" => "か月",
        "weeks" => "週",
        "days" => "日",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(text: &str) -> Unit {
        Unit::named(text)
    }

    #[test]
    fn the_order_and_the_spelling_of_factors_do_not_matter() {
        for (one, other) in [
            ("mg/kg/day", "mg/日/kg"),
            ("mg/(kg·day)", "mg/kg/日"),
            ("kg/m2", "kg/m²"),
            ("kg/㎡", "kg·m⁻²"),
            ("mL/min/1.73m²", "mL/分/1.73㎡"),
            ("×10⁴/µL", "10^4/μL"),
            ("mg/dL", "mg / dL"),
        ] {
            assert_eq!(unit(one), unit(other));
        }
    }

    #[test]
    fn what_is_not_certain_is_kept_as_it_is() {
        for (one, other) in [
            ("mg/kg·day", "mg/kg/day"),
            ("mg/mg", "g/g"),
            ("g/gCr", "g/g"),
            ("10⁴/µL", "/µL"),
            ("mL/min/1.73m²", "mL/min/m²"),
            ("g/24時間", "g/日"),
            ("mg//kg", "mg/kg"),
        ] {
            assert_ne!(unit(one), unit(other));
        }
        assert_ne!(unit("mg/mg"), Unit::None);
    }

    #[test]
    fn factors_multiply_and_cancel() {
        let told = |unit: Unit| unit.name().unwrap_or_default();
        let (mg, kg, day) = (unit("mg"), unit("kg"), unit("日"));
        assert_eq!(told(mg.divided_by(&kg).divided_by(&day)), "mg/kg/日");
        assert_eq!(mg.divided_by(&mg), Unit::None);
        assert_eq!(told(unit("mg/dL").times(&unit("mg/dL"))), "mg²/dL²");
        assert_eq!(told(unit("mg/dL").times(&unit("dL"))), "mg");
        assert_eq!(told(Unit::None.divided_by(&unit("µL"))), "/μL");
        assert_eq!(told(day.times(&mg).divided_by(&mg)), "days");
        assert_eq!(unit("m").raised(2), unit("m²"));
        assert_eq!(unit("m⁴").root(), unit("m²"));
        assert!(matches!(unit("m³").root(), Unit::Any));
        assert!(matches!(Unit::None.raised(2), Unit::Any));
        assert_eq!(
            unit("mL/1.73m²")
                .times(&unit("m²"))
                .product()
                .map(|p| p.len()),
            Some(3)
        );
    }

    #[test]
    fn words_that_say_what_is_counted_may_be_left_out_of_a_calculation() {
        let daily = unit("mg").times(&unit("回/日"));
        assert_eq!(daily.name().as_deref(), Some("mg/日"));
        assert!(daily.fits(&unit("mg/日")));
        assert!(!daily.fits(&unit("mg")));
        assert!(unit("か所").divided_by(&unit("関節")).fits(&Unit::None));
        assert!(!unit("回/日").fits(&unit("/日")));
    }
}
