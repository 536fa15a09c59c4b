//! Numbers: decimals, empty where they are not known.

use super::logic::{Truth, text};
use super::{XPath, sequence};
use crate::emit::certain::{Applied, Arithmetic, Naming, Range, Translated, literal};
use kohyo_engine::Decimal;
use kohyo_engine::program::Function;
use std::collections::BTreeMap;

impl Arithmetic for XPath {
    const LANGUAGE: &'static str = "XPath";

    fn number(values: &str, otherwise: Option<Decimal>) -> String {
        match otherwise.map(literal) {
            None => format!("for $v in {values} return xs:decimal($v)"),
            Some(bound) => format!("if (exists({values})) then xs:decimal({values}) else {bound}"),
        }
    }

    fn points(values: &str, codes: &BTreeMap<Decimal, Vec<String>>, otherwise: &str) -> String {
        let cases = codes.iter().map(|(points, codes)| {
            let (codes, points) = (sequence(codes), literal(*points));
            format!("if ({values} = {codes}) then {points} else ")
        });
        cases.collect::<String>() + otherwise
    }

    fn weighed(when: &Truth, amount: Decimal) -> Range {
        let number = literal(amount);
        let when_holds = format!("(if ({}) then {number} else 0)", text(&when.yes));
        let unless_fails = format!("(if ({}) then 0 else {number})", text(&when.no));
        Range::of_amount(amount, when_holds, unless_fails)
    }

    fn choose(when: &Truth, then: &Range, otherwise: &Range) -> Range {
        let either = |function: &str, a: &str, b: &str| {
            format!(
                "if ({}) then {a} else if ({}) then {b} else for $a in {a}, $b in {b} return {function}(($a, $b))",
                text(&when.yes),
                text(&when.no)
            )
        };
        Range {
            low: either("min", &then.low, &otherwise.low),
            high: either("max", &then.high, &otherwise.high),
        }
    }

    fn count(parts: &[Truth]) -> Range {
        let count = |parts: Vec<&str>| format!("count(({})[.])", parts.join(", "));
        let hold = count(parts.iter().map(|part| text(&part.yes)).collect());
        let fail = count(parts.iter().map(|part| text(&part.no)).collect());
        Range {
            low: hold,
            high: format!("{} - {fail}", parts.len()),
        }
    }

    fn smallest(parts: &[Range]) -> Range {
        extreme("min", parts)
    }

    fn largest(parts: &[Range]) -> Range {
        extreme("max", parts)
    }

    fn product(left: &Range, right: &Range) -> Range {
        Range {
            low: corner("min", left, "*", right),
            high: corner("max", left, "*", right),
        }
    }

    fn quotient(left: &Range, right: &Range) -> Range {
        let (c, d) = (&right.low, &right.high);
        let guarded = |corner: String| format!("if ({c} le 0 and {d} ge 0) then () else {corner}");
        Range {
            low: guarded(corner("min", left, "div", right)),
            high: guarded(corner("max", left, "div", right)),
        }
    }

    /// By hand: XPath's own rounding takes -2.5 to -2.
    fn rounded(number: &str, digits: u32) -> String {
        if number == Self::NOTHING {
            return Self::NOTHING.to_owned();
        }
        let scale = format!("1{}", "0".repeat(usize::try_from(digits).unwrap_or(0)));
        format!(
            "for $r in {number} return (if ($r lt 0) then -1 else 1) * (floor(abs($r) * {scale} + 0.5) div {scale})"
        )
    }

    fn function(function: Function, constant: Option<Decimal>) -> Translated<Applied> {
        let without = |name: &str| {
            Err(format!(
                "{name} の計算はXPath 2.0にない（記録の点検で確かめる）"
            ))
        };
        let digits = constant.and_then(|digits| u32::try_from(digits).ok());
        Ok(match (function, digits) {
            (Function::Abs, _) => Box::new(abs),
            (Function::Floor, _) => Box::new(|of| of.map(|end| format!("floor({end})"))),
            (Function::Ceiling, _) => Box::new(|of| of.map(|end| format!("ceiling({end})"))),
            (Function::Round, Some(digits)) => {
                Box::new(move |of| of.map(|end| Self::rounded(end, digits)))
            }
            (Function::Round, None) => return without("桁数を計算する四捨五入"),
            (Function::Sqrt, _) => return without("平方根"),
            (Function::Ln, _) => return without("対数"),
            (Function::Exp, _) => return without("指数関数"),
            (Function::Power, _) => return without("べき乗"),
        })
    }
}

fn abs(of: &Range) -> Range {
    let (a, b) = (&of.low, &of.high);
    Range {
        low: format!("if ({a} lt 0 and {b} gt 0) then 0 else min((abs({a}), abs({b})))"),
        high: format!("max((abs({a}), abs({b})))"),
    }
}

/// The extreme one of the values that the ends give with each other.
fn corner(function: &str, left: &Range, op: &str, right: &Range) -> String {
    let (a, b, c, d) = (&left.low, &left.high, &right.low, &right.high);
    if left.is_point() && right.is_point() {
        format!("{a} {op} {c}")
    } else {
        format!("{function}(({a} {op} {c}, {a} {op} {d}, {b} {op} {c}, {b} {op} {d}))")
    }
}

/// The extreme one of several, nothing if one of them is not known.
fn extreme(function: &str, parts: &[Range]) -> Range {
    let all = |end: fn(&Range) -> &str| {
        let all = parts.iter().map(end).collect::<Vec<_>>().join(", ");
        let count = parts.len();
        format!("if (count(({all})) = {count}) then {function}(({all})) else ()")
    };
    Range {
        low: all(|part| &part.low),
        high: all(|part| &part.high),
    }
}
