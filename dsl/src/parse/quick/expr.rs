//! Expressions, by the strength of their operators ([`Strength`]).

use super::Quick;
use crate::Span;
use crate::ast::{
    ArithmeticOp, CompareOp, ElapsedUnit, Expr, ExprKind, Length, NumberLiteral, Only, Quantifier,
    RangeEnds, TimeUnit, WindowSide,
};
use crate::lex::Kind;
use crate::parse::expr::{HIGHEST, Joint, Strength, as_length, between, height, joined};
use crate::parse::is_name_start;
use crate::parse::table::{Head, open_subject};
use crate::split::DEEPEST;
use crate::words::is_reserved;

/// What may join operands, from least to most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// What bands and windows are about, and what bands give: arithmetic.
    Amount,
    /// After `if shown else` and in heads of tables: no `and`, `or`, `unless` without parentheses.
    Tight,
    /// Every operator.
    Full,
}

/// What stands after an operand.
enum Next {
    Joint(Joint),
    Suffix(Strength),
}

/// One end of a range.
enum End {
    Number(NumberLiteral),
    Length(Length, Span),
}

impl End {
    fn expr(self) -> Expr {
        match self {
            Self::Number(number) => as_length(number),
            Self::Length(length, span) => Expr {
                kind: ExprKind::Length(length),
                span,
            },
        }
    }
}

impl Quick<'_> {
    pub(super) fn expr(&mut self) -> Option<Expr> {
        self.low(Reach::Full)
    }

    fn tight_expr(&mut self) -> Option<Expr> {
        self.low(Reach::Tight)
    }

    pub(super) fn amount(&mut self) -> Option<Expr> {
        self.low(Reach::Amount)
    }

    /// An expression that is not too high.
    fn low(&mut self, reach: Reach) -> Option<Expr> {
        let expr = self.climb(Strength::Unless, reach)?;
        (height(&expr) <= HIGHEST).then_some(expr)
    }

    /// Reads operands and operators as long as they hold at least as tightly as `least`.
    fn climb(&mut self, least: Strength, reach: Reach) -> Option<Expr> {
        let mut left = self.operand_with_sign(reach)?;
        let mut made_with: Option<Joint> = None;
        let mut compared = false;
        let mut steps = 0_usize;
        while let Some(next) = self.next(reach) {
            let strength = match &next {
                Next::Joint(joint) => joint.strength(),
                Next::Suffix(strength) => *strength,
            };
            if strength < least {
                break;
            }
            let compares = strength == Strength::Comparison;
            if compares && compared {
                return None;
            }
            compared = compares;
            steps += 1;
            match next {
                Next::Suffix(_) => {
                    left = self.suffixed(left)?;
                    made_with = None;
                }
                Next::Joint(joint) => {
                    let minus = joint == Joint::Arithmetic(ArithmeticOp::Subtract);
                    if minus && self.token()?.first {
                        return None;
                    }
                    self.step();
                    let right = self.climb(strength.tighter(), reach)?;
                    left = joined(left, joint, right, made_with == Some(joint));
                    made_with = Some(joint);
                }
            }
            if steps > DEEPEST && !matches!(made_with, Some(Joint::And | Joint::Or)) {
                return None;
            }
        }
        Some(left)
    }

    fn next(&self, reach: Reach) -> Option<Next> {
        let (least, next) = match self.word {
            "and" => (Reach::Full, Next::Joint(Joint::And)),
            "or" => (Reach::Full, Next::Joint(Joint::Or)),
            "unless" => (Reach::Full, Next::Joint(Joint::Unless)),
            "treat" => (Reach::Full, Next::Suffix(Strength::Suffix)),
            "if" if self.next_word() == "shown" => (Reach::Full, Next::Suffix(Strength::Suffix)),
            "within" => (Reach::Full, Next::Suffix(Strength::Comparison)),
            "is" | "in" | "includes" | "differs" => {
                (Reach::Tight, Next::Suffix(Strength::Comparison))
            }
            "not" if self.next_word() == "in" => (Reach::Tight, Next::Suffix(Strength::Comparison)),
            word => match compared_by(word) {
                Some(op) => (Reach::Tight, Next::Joint(Joint::Compare(op))),
                None => (
                    Reach::Amount,
                    Next::Joint(Joint::Arithmetic(calculated_by(word)?)),
                ),
            },
        };
        (reach >= least).then_some(next)
    }

    fn operand_with_sign(&mut self, reach: Reach) -> Option<Expr> {
        let start = self.at;
        let strength = match self.word {
            "not" => Strength::Not,
            "-" => Strength::Sign,
            _ => return self.operand(),
        };
        self.step();
        let inner = Box::new(self.climb(strength, reach)?);
        let kind = if strength == Strength::Not {
            ExprKind::Not(inner)
        } else {
            ExprKind::Negative(inner)
        };
        let span = self.span_from(start);
        Some(Expr { kind, span })
    }

    // ------------------------------------------------------------------ after an operand

    fn suffixed(&mut self, subject: Expr) -> Option<Expr> {
        let before = subject.span;
        let start = self.at;
        let kind = self.suffix(subject)?;
        let span = before.to(self.span_from(start));
        Some(Expr { kind, span })
    }

    fn suffix(&mut self, subject: Expr) -> Option<ExprKind> {
        let start = self.at;
        let word = self.word;
        self.step();
        let before = subject.span;
        Some(match word {
            "is" => {
                let negated = self.takes("not");
                if self.takes("answered") {
                    ExprKind::Answered {
                        subject: Box::new(subject),
                        negated,
                    }
                } else {
                    ExprKind::Is {
                        subject: Box::new(subject),
                        negated,
                        options: vec![self.category_name()?],
                    }
                }
            }
            "in" | "not" => {
                let negated = word == "not";
                if negated {
                    self.take("in")?;
                }
                if self.word == "{" {
                    return Some(ExprKind::Is {
                        subject: Box::new(subject),
                        negated,
                        options: self.options()?,
                    });
                }
                let kind = self.range(subject)?;
                let span = before.to(self.span_from(start));
                if negated {
                    ExprKind::Not(Box::new(Expr { kind, span }))
                } else {
                    kind
                }
            }
            "includes" => self.includes(subject)?,
            "differs" => {
                self.take("from")?;
                match subject.kind {
                    ExprKind::Ref(ticked) => ExprKind::Differs {
                        ticked,
                        judgement: self.path()?,
                    },
                    _ => return None,
                }
            }
            "within" => self.within(subject)?,
            "treat" => {
                self.take("unknown")?;
                self.take("as")?;
                let as_yes = self.takes("yes");
                if !as_yes {
                    self.take("no")?;
                }
                ExprKind::TreatUnknown {
                    condition: Box::new(subject),
                    as_yes,
                }
            }
            _ => {
                self.take("shown")?;
                self.take("else")?;
                ExprKind::IfShown {
                    expr: Box::new(subject),
                    otherwise: Box::new(self.tight_expr()?),
                }
            }
        })
    }

    /// `6 months of onset` as a window around a date, in which `subject` lies.
    fn within(&mut self, subject: Expr) -> Option<ExprKind> {
        let length = match self.length() {
            Some(length) => length,
            None => Length {
                count: self.count()?,
                unit: self.time_unit()?,
                rest: None,
            },
        };
        let side = match self.word {
            "of" => WindowSide::Both,
            "before" => WindowSide::Before,
            "after" => WindowSide::After,
            _ => return None,
        };
        self.step();
        Some(ExprKind::Within {
            subject: Box::new(subject),
            length,
            side,
            of: Box::new(self.amount()?),
        })
    }

    /// A unit of a window of time.
    fn time_unit(&mut self) -> Option<TimeUnit> {
        let unit = TimeUnit::named(self.word).filter(|_| self.word.is_ascii())?;
        self.step();
        Some(unit)
    }

    /// `7 years 6 months`, if two units stand here.
    fn length(&mut self) -> Option<Length> {
        let unit = TimeUnit::named(self.next_word())?;
        let (smaller, _) = unit.parts()?;
        let on_line = (1..4).all(|i| self.tokens.get(self.at + i).is_some_and(|t| !t.first));
        let counts = [self.word, self.word_at(self.at + 2)];
        let whole = |count: &str| count.parse::<u32>().is_ok();
        let rest = TimeUnit::named(self.word_at(self.at + 3)) == Some(smaller);
        if !on_line || !counts.into_iter().all(whole) || !rest {
            return None;
        }
        let count = self.count()?;
        self.step();
        let rest = Some(self.count()?);
        self.step();
        Some(Length { count, unit, rest })
    }

    /// `mother`, `any of { mother; father }` after `includes`.
    fn includes(&mut self, subject: Expr) -> Option<ExprKind> {
        let (quantifier, options) = if self.is_at_number_of() {
            let word = self.word;
            self.step();
            (self.quantifier(word)?, self.options()?)
        } else {
            (Quantifier::Any, vec![self.code_name()?])
        };
        Some(ExprKind::Includes {
            subject: Box::new(subject),
            quantifier,
            options,
        })
    }

    /// Whether `any of`, `at least 2 of` or their like begins here.
    fn is_at_number_of(&self) -> bool {
        let next = self.next_word();
        match self.word {
            "all" | "any" | "none" => next == "of",
            "at" => matches!(next, "least" | "most"),
            "exactly" => next.starts_with(|c: char| c.is_ascii_digit()),
            _ => false,
        }
    }

    /// `{ i; iia }`.
    pub(super) fn options(&mut self) -> Option<Vec<crate::ast::Name>> {
        self.take("{")?;
        let mut names = Vec::new();
        while !self.takes("}") {
            if matches!(self.word, ";" | "," | "|") {
                self.step();
            } else {
                names.push(self.category_name()?);
            }
        }
        Some(names)
    }

    /// `30 ..< 45` as a condition on `subject`.
    pub(super) fn range(&mut self, subject: Expr) -> Option<ExprKind> {
        if self.kind() == Some(Kind::Date) {
            return self.date_range(subject);
        }
        let low = self.end()?;
        let ends = self.range_sign()?;
        let high = self.end()?;
        Some(match (low, high) {
            (End::Number(low), End::Number(high)) => ExprKind::InRange {
                subject: Box::new(subject),
                low,
                high,
                ends,
            },
            (low, high) => between(subject, low.expr(), high.expr(), ends),
        })
    }

    /// One end of a range.
    fn end(&mut self) -> Option<End> {
        let start = self.at;
        match self.length() {
            Some(length) => Some(End::Length(length, self.span_from(start))),
            None => self.bound().map(End::Number),
        }
    }

    fn range_sign(&mut self) -> Option<RangeEnds> {
        let ends = RangeEnds::of(self.word)?;
        self.step();
        Some(ends)
    }

    /// `2010-04-01..2017-03-31` as two conditions on `subject`.
    fn date_range(&mut self, subject: Expr) -> Option<ExprKind> {
        let start = self.at;
        let low = ExprKind::Date(self.date()?);
        let low = Expr {
            kind: low,
            span: self.span_from(start),
        };
        let ends = self.range_sign()?;
        let start = self.at;
        let high = ExprKind::Date(self.date()?);
        let high = Expr {
            kind: high,
            span: self.span_from(start),
        };
        Some(between(subject, low, high, ends))
    }

    // ------------------------------------------------------------------ operands

    fn operand(&mut self) -> Option<Expr> {
        let start = self.at;
        let kind = match self.kind()? {
            Kind::Word => self.word_operand()?,
            Kind::Number => match self.length() {
                Some(length) => ExprKind::Length(length),
                None => {
                    let mut number = self.signed()?;
                    number.unit = self.unit()?;
                    number.span = self.span_from(start);
                    ExprKind::Number(number)
                }
            },
            Kind::Date => ExprKind::Date(self.date()?),
            Kind::Text => ExprKind::Text(self.text()?),
            Kind::Sign if self.takes("(") => {
                let inner = self.expr()?;
                self.take(")")?;
                inner.kind
            }
            _ => return None,
        };
        let span = self.span_from(start);
        Some(Expr { kind, span })
    }

    fn word_operand(&mut self) -> Option<ExprKind> {
        let glued_call = self.next_word() == "(" && {
            let ends = |i: usize| self.tokens.get(i).map(|t| (t.span.start, t.span.end));
            ends(self.at).map(|e| e.1) == ends(self.at + 1).map(|e| e.0)
        };
        if glued_call {
            return self.call();
        }
        if !self.is_at_keyword() {
            return self.path().map(ExprKind::Ref);
        }
        let word = self.word;
        self.step();
        match word {
            "yes" => Some(ExprKind::Bool(true)),
            "no" => Some(ExprKind::Bool(false)),
            "today" => Some(ExprKind::Today),
            "if" => {
                let condition = Box::new(self.expr()?);
                self.take("then")?;
                let then = Box::new(self.expr()?);
                self.take("else")?;
                Some(ExprKind::If {
                    condition,
                    then,
                    otherwise: Box::new(self.expr()?),
                })
            }
            "new" | "renewal" => {
                self.take("application")?;
                Some(ExprKind::Application(if word == "new" {
                    Only::New
                } else {
                    Only::Renewal
                }))
            }
            "age" => {
                let unit = self.age_unit()?;
                self.take("at")?;
                Some(ExprKind::Age {
                    unit,
                    at: Box::new(self.operand()?),
                })
            }
            "month" => self.calendar(ElapsedUnit::Months),
            "year" => self.calendar(ElapsedUnit::Years),
            "years" => self.elapsed(ElapsedUnit::Years),
            "months" => self.elapsed(ElapsedUnit::Months),
            "days" => self.elapsed(ElapsedUnit::Days),
            "better" | "worse" => Some(ExprKind::BetterSide {
                better: word == "better",
                field: self.path()?,
            }),
            "first" => self.first_match(),
            "bands" => self.bands(),
            quantifier => self.block(quantifier),
        }
    }

    /// Whether the word at this place is a keyword and not a name, as the words after it tell.
    fn is_at_keyword(&self) -> bool {
        let next = self.next_word();
        match self.word {
            "yes" | "no" | "today" | "if" => true,
            "count" | "sum" | "max" | "min" | "earliest" | "latest" | "bands" | "month"
            | "year" => next == "of",
            "first" => next == "match",
            "new" | "renewal" => next == "application",
            "age" if next == "in" => matches!(self.word_at(self.at + 2), "months" | "days"),
            "age" => next == "at",
            "years" | "months" | "days" => next == "from",
            "better" | "worse" => next.starts_with(is_name_start) && !is_reserved(next),
            _ => self.is_at_number_of(),
        }
    }

    fn call(&mut self) -> Option<ExprKind> {
        let function = self.name()?;
        self.take("(")?;
        let mut arguments = Vec::new();
        if self.word != ")" {
            arguments.push(self.expr()?);
            while self.takes(",") {
                arguments.push(self.expr()?);
            }
        }
        self.take(")")?;
        Some(ExprKind::Call {
            function,
            arguments,
        })
    }

    /// `in months` after `age`.
    fn age_unit(&mut self) -> Option<ElapsedUnit> {
        if !self.takes("in") {
            return Some(ElapsedUnit::Years);
        }
        if self.takes("months") {
            return Some(ElapsedUnit::Months);
        }
        self.take("days")?;
        Some(ElapsedUnit::Days)
    }

    fn elapsed(&mut self, unit: ElapsedUnit) -> Option<ExprKind> {
        self.take("from")?;
        let from = Box::new(self.operand()?);
        self.take("to")?;
        Some(ExprKind::Elapsed {
            unit,
            from,
            to: Box::new(self.operand()?),
        })
    }

    fn calendar(&mut self, unit: ElapsedUnit) -> Option<ExprKind> {
        self.take("of")?;
        Some(ExprKind::Calendar {
            unit,
            of: Box::new(self.operand()?),
        })
    }

    // ------------------------------------------------------------------ heads of tables

    pub(in crate::parse) fn head(&mut self) -> Option<Head> {
        let comparison = compared_by(self.word);
        let suffix = matches!(self.word, "is" | "in" | "includes")
            || self.word == "not" && self.next_word() == "in";
        let range = self.kind() == Some(Kind::Number) || self.word == "-";
        if comparison.is_none() && !suffix && !range {
            return Some(Head {
                condition: self.expr()?,
                bare: false,
            });
        }
        let span = self.span_to_end();
        let open = open_subject(span);
        let kind = if let Some(op) = comparison {
            self.step();
            ExprKind::Compare {
                left: Box::new(open),
                op,
                right: Box::new(self.tight_expr()?),
            }
        } else if suffix {
            self.suffix(open)?
        } else {
            self.range(open)?
        };
        Some(Head {
            condition: Expr { kind, span },
            bare: true,
        })
    }
}

/// The comparison that `sign` stands for.
pub(super) fn compared_by(sign: &str) -> Option<CompareOp> {
    Some(match sign {
        "<" => CompareOp::Less,
        "<=" => CompareOp::LessEqual,
        "=" => CompareOp::Equal,
        "!=" => CompareOp::NotEqual,
        ">=" => CompareOp::GreaterEqual,
        ">" => CompareOp::Greater,
        _ => return None,
    })
}

/// The operation that `sign` stands for.
fn calculated_by(sign: &str) -> Option<ArithmeticOp> {
    Some(match sign {
        "+" => ArithmeticOp::Add,
        "-" => ArithmeticOp::Subtract,
        "*" => ArithmeticOp::Multiply,
        "/" => ArithmeticOp::Divide,
        _ => return None,
    })
}
