//! Numbers: empty where they are not known.

use super::FhirPath;
use super::logic::{Truth, not, text};
use super::record::one_of;
use crate::emit::certain::{
    Applied, Arithmetic, Naming, Range, Translated, is_literal, literal, unsayable,
};
use kohyo_engine::Decimal;
use kohyo_engine::program::Function;
use std::collections::BTreeMap;

impl Arithmetic for FhirPath {
    const LANGUAGE: &'static str = "FHIRPath";

    fn number(value: &str, otherwise: Option<Decimal>) -> String {
        match (value, otherwise) {
            (value, None) => value.to_owned(),
            (Self::NOTHING, Some(bound)) => literal(bound),
            (value, Some(bound)) => format!("iif({value}.exists(), {value}, {})", literal(bound)),
        }
    }

    fn points(value: &str, codes: &BTreeMap<Decimal, Vec<String>>, otherwise: &str) -> String {
        let mut chosen = otherwise.to_owned();
        if value == Self::NOTHING {
            return chosen;
        }
        for (points, codes) in codes.iter().rev() {
            let is = one_of(value, codes);
            chosen = format!("iif({is}, {}, {chosen})", literal(*points));
        }
        chosen
    }

    fn weighed(when: &Truth, amount: Decimal) -> Range {
        match when {
            Truth::Known(true) => return Range::point(amount),
            Truth::Known(false) => return Range::point(Decimal::ZERO),
            Truth::Test(_) => {}
        }
        let number = literal(amount);
        let when_holds = format!("iif({}, {number}, 0)", text(when));
        let unless_fails = format!("iif({}, 0, {number})", text(&not(when)));
        Range::of_amount(amount, when_holds, unless_fails)
    }

    fn choose(when: &Truth, then: &Range, otherwise: &Range) -> Range {
        match when {
            Truth::Known(true) => return then.clone(),
            Truth::Known(false) => return otherwise.clone(),
            Truth::Test(_) => {}
        }
        let either = |a: &str, b: &str, op: &str| {
            if a == b {
                return a.to_owned();
            }
            format!(
                "iif({}, {a}, iif({}, {b}, {}))",
                text(when),
                text(&not(when)),
                one_of_two(a, op, b)
            )
        };
        Range {
            low: either(&then.low, &otherwise.low, "<"),
            high: either(&then.high, &otherwise.high, ">"),
        }
    }

    fn count(parts: &[Truth]) -> Range {
        let sure = parts.iter().filter(|part| **part == Truth::TRUE).count();
        let open: Vec<&Truth> = parts
            .iter()
            .filter(|part| matches!(part, Truth::Test(_)))
            .collect();
        let sum = |mut parts: Vec<String>| {
            if sure > 0 || parts.is_empty() {
                parts.push(sure.to_string());
            }
            parts.join(" + ")
        };
        let holds = open.iter().map(|part| format!("iif({}, 1, 0)", text(part)));
        let may_hold = open
            .iter()
            .map(|part| format!("iif({}, 0, 1)", text(&not(part))));
        Range {
            low: sum(holds.collect()),
            high: sum(may_hold.collect()),
        }
    }

    fn smallest(parts: &[Range]) -> Range {
        extreme(least, parts)
    }

    fn largest(parts: &[Range]) -> Range {
        extreme(greatest, parts)
    }

    fn product(left: &Range, right: &Range) -> Range {
        Range {
            low: corner(least, &left.low, left, "*", right),
            high: corner(greatest, &left.high, left, "*", right),
        }
    }

    fn quotient(left: &Range, right: &Range) -> Range {
        let (c, d) = (&right.low, &right.high);
        let guarded = |corner: String| {
            if right.is_point() {
                // Division by zero is empty by itself.
                corner
            } else {
                format!("iif({c} <= 0 and {d} >= 0, {{}}, {corner})")
            }
        };
        Range {
            low: guarded(corner(least, &left.low, left, "/", right)),
            high: guarded(corner(greatest, &left.high, left, "/", right)),
        }
    }

    /// By hand: processors differ in what they make of -2.5.
    fn rounded(number: &str, digits: u32) -> String {
        if number == Self::NOTHING {
            return Self::NOTHING.to_owned();
        }
        let n = term(number);
        if digits == 0 {
            return format!("iif({n} < 0, -1, 1) * ({n}.abs() + 0.5).floor()");
        }
        let scale = format!("1{}", "0".repeat(usize::try_from(digits).unwrap_or(0)));
        format!("iif({n} < 0, -1, 1) * ({n}.abs() * {scale} + 0.5).floor() / {scale}")
    }

    fn function(function: Function, constant: Option<Decimal>) -> Translated<Applied> {
        let digits = constant.and_then(|digits| u32::try_from(digits).ok());
        let without = |what: &str| Err(unsayable(what, Self::LANGUAGE));
        Ok(match function {
            Function::Abs => Box::new(abs),
            Function::Floor => Box::new(|of| each_end(of, "floor()")),
            Function::Ceiling => Box::new(|of| each_end(of, "ceiling()")),
            Function::Round => match digits {
                Some(digits) => Box::new(move |of| of.map(|end| Self::rounded(end, digits))),
                None => return without("桁数を計算する四捨五入"),
            },
            Function::Sqrt => Box::new(|of| where_low(of, ">= 0", each_end(of, "sqrt()"))),
            Function::Ln => Box::new(|of| where_low(of, "> 0", each_end(of, "ln()"))),
            Function::Exp => Box::new(|of| each_end(of, "exp()")),
            Function::Power => match constant {
                Some(exponent) => Box::new(move |of| power(of, exponent)),
                None => return without("指数を計算するべき乗"),
            },
        })
    }
}

/// The function of either end.
fn each_end(of: &Range, function: &str) -> Range {
    of.map(|end| format!("{}.{function}", term(end)))
}

/// Both ends or none: where a part of the range has no value nothing is concluded.
fn where_low(of: &Range, condition: &str, value: Range) -> Range {
    value.map(|end| format!("iif({} {condition}, {end}, {{}})", of.low))
}

fn abs(of: &Range) -> Range {
    let ends = each_end(of, "abs()");
    if of.is_point() {
        return ends;
    }
    let both = format!("{} | {}", ends.low, ends.high);
    let (a, b) = (&of.low, &of.high);
    Range {
        low: format!("iif({a} < 0 and {b} > 0, 0, {})", least(&both)),
        high: greatest(&both),
    }
}

fn power(of: &Range, exponent: Decimal) -> Range {
    let whole = exponent.fract().is_zero();
    let ends = each_end(of, &format!("power({})", literal(exponent)));
    if of.is_point() && whole {
        return if exponent >= Decimal::ZERO {
            ends
        } else {
            where_low(of, "!= 0", ends)
        };
    }
    // For a positive base the power rises or falls all along.
    let both = format!("{} | {}", ends.low, ends.high);
    let extremes = Range {
        low: least(&both),
        high: greatest(&both),
    };
    let positive = if exponent > Decimal::ZERO {
        ">= 0"
    } else {
        "> 0"
    };
    where_low(of, positive, extremes)
}

/// The extreme one of the values that the ends give with each other; `end` is it where all is positive.
fn corner(of: fn(&str) -> String, end: &str, left: &Range, op: &str, right: &Range) -> String {
    let (a, b, c, d) = (&left.low, &left.high, &right.low, &right.high);
    // Times or divided by something positive, the ends stay the ends.
    let positive = right.is_point() && is_literal(c) && !c.starts_with('(') && c != "0";
    match (left.is_point(), right.is_point()) {
        _ if positive => format!("{end} {op} {c}"),
        (true, true) => format!("{end} {op} {c}"),
        (false, true) => of(&format!("{a} {op} {c} | {b} {op} {c}")),
        (true, false) => of(&format!("{a} {op} {c} | {a} {op} {d}")),
        (false, false) => of(&format!(
            "{a} {op} {c} | {a} {op} {d} | {b} {op} {c} | {b} {op} {d}"
        )),
    }
}

/// The extreme one of several, nothing if one of them is not known.
fn extreme(of: fn(&str) -> String, parts: &[Range]) -> Range {
    let all = |end: fn(&Range) -> &String| {
        let ends: Vec<&str> = parts.iter().map(|part| end(part).as_str()).collect();
        let known: Vec<String> = ends
            .iter()
            .filter(|end| FhirPath::is_reference(end))
            .map(|end| format!("{end}.exists()"))
            .collect();
        let extreme = of(&ends.join(" | "));
        if known.is_empty() {
            extreme
        } else {
            format!("iif({}, {extreme}, {{}})", known.join(" and "))
        }
    };
    Range {
        low: all(|part| &part.low),
        high: all(|part| &part.high),
    }
}

/// The smaller (`<`) or larger (`>`) of two, nothing if one of them is not known.
fn one_of_two(a: &str, op: &str, b: &str) -> String {
    if a == FhirPath::NOTHING || b == FhirPath::NOTHING {
        return FhirPath::NOTHING.to_owned();
    }
    format!("iif({a} {op} {b}, {a}, iif({a}.exists() and {b}.exists(), {b}, {{}}))")
}

/// The smallest of these that are known.
fn least(of: &str) -> String {
    format!("({of}).aggregate(iif($total.empty() or $this < $total, $this, $total))")
}

/// The largest of these that are known.
fn greatest(of: &str) -> String {
    format!("({of}).aggregate(iif($total.empty() or $this > $total, $this, $total))")
}

/// With something a function can be called on.
fn term(text: &str) -> String {
    if FhirPath::is_reference(text) || text.starts_with('(') || text.starts_with('\'') {
        text.to_owned()
    } else {
        format!("({text})")
    }
}
