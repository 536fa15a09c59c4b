//! Expressions: from a flat row of operands and operators to a tree.

use super::leaves::{child, children, has, only};
use super::read::{Arm, Build, Fill};
use super::table::{fill, open_subject, unit_of};
use super::{Node, Rule};
use crate::ast::{
    ArithmeticOp, Band, CompareOp, Domain, ElapsedUnit, Expr, ExprKind, Length, Name,
    NumberLiteral, Path, Quantifier, RangeEnds, RowName, TimeUnit, WindowSide,
};
use crate::diagnostic::Diagnostic;
use crate::split::DEEPEST;
use crate::{Span, codes};
use std::iter::Peekable;

/// How tightly an operator holds its operands, from loosest to tightest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    Unless,
    Or,
    And,
    Not,
    /// `treat unknown as no`, `if shown else no`.
    Suffix,
    Comparison,
    Sum,
    Product,
    Sign,
}

impl Strength {
    /// The strength that the right operand of a left-associative operator needs.
    pub(super) fn tighter(self) -> Self {
        match self {
            Self::Unless => Self::Or,
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Suffix,
            Self::Suffix => Self::Comparison,
            Self::Comparison => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product | Self::Sign => Self::Sign,
        }
    }
}

/// An operator between two operands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    Unless,
    Or,
    And,
    Compare(CompareOp),
    Arithmetic(ArithmeticOp),
}

impl Joint {
    pub(super) fn strength(self) -> Strength {
        match self {
            Self::Unless => Strength::Unless,
            Self::Or => Strength::Or,
            Self::And => Strength::And,
            Self::Compare(_) => Strength::Comparison,
            Self::Arithmetic(ArithmeticOp::Add | ArithmeticOp::Subtract) => Strength::Sum,
            Self::Arithmetic(ArithmeticOp::Multiply | ArithmeticOp::Divide) => Strength::Product,
        }
    }
}

impl Build<'_> {
    /// `expr`, `tight_expr` or `amount`.
    pub(super) fn expr(&mut self, node: &Node<'_>) -> Option<Expr> {
        let mut nodes = node.clone().into_inner().peekable();
        let expr = self.climb(&mut nodes, Strength::Unless)?;
        if height(&expr) > HIGHEST {
            self.report_too_high(expr.span);
            return None;
        }
        Some(expr)
    }

    /// Reads operands and operators as long as they hold at least as tightly as `least`.
    fn climb<'i>(
        &mut self,
        nodes: &mut Peekable<impl Iterator<Item = Node<'i>>>,
        least: Strength,
    ) -> Option<Expr> {
        let mut left = self.operand_with_sign(nodes)?;
        // The operator that `left` was made with in this loop; parentheses make it none.
        let mut made_with: Option<Joint> = None;
        let mut compared = false;
        let mut steps = 0_usize;
        while let Some(node) = nodes.peek() {
            let next = match node.as_rule() {
                Rule::after | Rule::tight_after => None,
                _ => Some(joint(node)?),
            };
            let strength = next.map_or_else(|| suffix_strength(node), Joint::strength);
            if strength < least {
                break;
            }
            let node = nodes.next()?;
            steps += 1;
            if steps > DEEPEST && !matches!(next, Some(Joint::And | Joint::Or)) {
                self.report_too_long(&node);
                return None;
            }
            let chained = compared && strength == Strength::Comparison;
            if chained {
                self.report_chain(&node);
            }
            compared = strength == Strength::Comparison;
            left = match next {
                None => self.suffixed(left, &node)?,
                Some(next) => {
                    self.check_line_break_before_minus(&node);
                    let right = self.climb(nodes, strength.tighter())?;
                    // What is compared a second time is reported, not read.
                    if chained {
                        left
                    } else {
                        joined(left, next, right, made_with == Some(next))
                    }
                }
            };
            made_with = next;
        }
        Some(left)
    }

    /// An operand with `not` and `-` before it.
    fn operand_with_sign<'i>(
        &mut self,
        nodes: &mut Peekable<impl Iterator<Item = Node<'i>>>,
    ) -> Option<Expr> {
        let node = nodes.next()?;
        if node.as_rule() != Rule::before {
            return self.operand(&node);
        }
        let span = self.span(&node);
        let negates = only(node)?.as_rule() == Rule::kw_not;
        let inner = self.climb(
            nodes,
            if negates {
                Strength::Not
            } else {
                Strength::Sign
            },
        )?;
        let span = span.to(inner.span);
        let inner = Box::new(inner);
        let kind = if negates {
            ExprKind::Not(inner)
        } else {
            ExprKind::Negative(inner)
        };
        Some(Expr { kind, span })
    }

    // ------------------------------------------------------------------ after an operand

    fn suffixed(&mut self, subject: Expr, node: &Node<'_>) -> Option<Expr> {
        let span = subject.span.to(self.span(node));
        let kind = self.suffix(subject, &only(node.clone())?)?;
        Some(Expr { kind, span })
    }

    /// `is …`, `in …`, `includes …`, … applied to `subject`.
    pub(super) fn suffix(&mut self, subject: Expr, node: &Node<'_>) -> Option<ExprKind> {
        let negated = has(node, Rule::kw_not);
        Some(match node.as_rule() {
            Rule::is_code if has(node, Rule::kw_answered) => ExprKind::Answered {
                subject: Box::new(subject),
                negated,
            },
            Rule::is_code => ExprKind::Is {
                subject: Box::new(subject),
                negated,
                options: vec![
                    self.name_in(node, Rule::category_name)
                        .or_else(|| self.name_in(node, Rule::code_number))?,
                ],
            },
            Rule::within => self.within(subject, node)?,
            Rule::in_set => self.in_set(subject, node, negated)?,
            Rule::includes => self.includes(subject, node)?,
            Rule::differs => match subject.kind {
                ExprKind::Ref(ticked) => ExprKind::Differs {
                    ticked,
                    judgement: self.path_in(node)?,
                },
                _ => {
                    self.report_differs(subject.span);
                    return None;
                }
            },
            Rule::treat_unknown => ExprKind::TreatUnknown {
                condition: Box::new(subject),
                as_yes: has(node, Rule::kw_yes),
            },
            _ => ExprKind::IfShown {
                expr: Box::new(subject),
                otherwise: Box::new(self.expr(&child(node, Rule::tight_expr)?)?),
            },
        })
    }

    /// `includes mother`, `includes any of { mother; father }`.
    fn includes(&mut self, subject: Expr, node: &Node<'_>) -> Option<ExprKind> {
        let (quantifier, options) = match child(node, Rule::includes_of) {
            Some(several) => (
                self.quantifier(&several.clone().into_inner().next()?),
                self.options_in(&several)?,
            ),
            None => (Quantifier::Any, vec![self.name_in(node, Rule::code_name)?]),
        };
        Some(ExprKind::Includes {
            subject: Box::new(subject),
            quantifier,
            options,
        })
    }

    /// `count of symptoms in { fever; rash }`.
    fn codes_counted(&mut self, node: &Node<'_>) -> Option<ExprKind> {
        let path = self.path_in(node)?;
        let span = path.span;
        let kind = ExprKind::Ref(path);
        Some(ExprKind::Includes {
            subject: Box::new(Expr { kind, span }),
            quantifier: Quantifier::Count,
            options: self.options_in(node)?,
        })
    }

    /// The names of `{ i; iia }`.
    fn options_in(&self, node: &Node<'_>) -> Option<Vec<Name>> {
        let options = child(node, Rule::options)?;
        let names = children(&options, Rule::category_name);
        Some(names.map(|n| self.name(&n)).collect())
    }

    fn in_set(&mut self, subject: Expr, node: &Node<'_>, negated: bool) -> Option<ExprKind> {
        if let Some(options) = self.options_in(node) {
            return Some(ExprKind::Is {
                subject: Box::new(subject),
                negated,
                options,
            });
        }
        let span = subject.span.to(self.span(node));
        let kind = self.range(subject, &child(node, Rule::range)?)?;
        Some(if negated {
            ExprKind::Not(Box::new(Expr { kind, span }))
        } else {
            kind
        })
    }

    /// `30 ..< 45` as a condition on `subject`.
    pub(super) fn range(&mut self, subject: Expr, node: &Node<'_>) -> Option<ExprKind> {
        if let Some(range) = child(node, Rule::date_range) {
            let mut dates = children(&range, Rule::date).map(|n| {
                let kind = ExprKind::Date(self.date(&n)?);
                let span = self.span(&n);
                Some(Expr { kind, span })
            });
            let (low, high) = (dates.next()??, dates.next()??);
            return Some(between(subject, low, high, range_ends(&range)));
        }
        if let Some(range) = child(node, Rule::length_range) {
            let ends = range.clone().into_inner();
            let mut ends =
                ends.filter(|n| n.as_rule() != Rule::range_sign)
                    .map(|n| match n.as_rule() {
                        Rule::length => Some(Expr {
                            kind: ExprKind::Length(self.length(&n)?),
                            span: self.span(&n),
                        }),
                        _ => Some(as_length(self.number(&n)?)),
                    });
            let (low, high) = (ends.next()??, ends.next()??);
            return Some(between(subject, low, high, range_ends(&range)));
        }
        let mut bounds = children(node, Rule::bound).map(|n| self.number(&n));
        Some(ExprKind::InRange {
            subject: Box::new(subject),
            low: bounds.next()??,
            high: bounds.next()??,
            ends: range_ends(node),
        })
    }

    // ------------------------------------------------------------------ operands

    fn operand(&mut self, node: &Node<'_>) -> Option<Expr> {
        let span = self.span(node);
        let node = only(node.clone())?;
        let kind = match node.as_rule() {
            Rule::parenthesis => self.expr(&child(&node, Rule::expr)?)?.kind,
            Rule::codes_counted => self.codes_counted(&node)?,
            Rule::block => self.block(&node)?,
            Rule::domains => self.domains(&node),
            Rule::bands => self.bands(&node)?,
            Rule::first_match => self.first_match(&node),
            Rule::if_else => {
                let mut parts = children(&node, Rule::expr);
                ExprKind::If {
                    condition: Box::new(self.expr(&parts.next()?)?),
                    then: Box::new(self.expr(&parts.next()?)?),
                    otherwise: Box::new(self.expr(&parts.next()?)?),
                }
            }
            Rule::age => ExprKind::Age {
                unit: match child(&node, Rule::age_unit) {
                    None => ElapsedUnit::Years,
                    Some(unit) if has(&unit, Rule::kw_months) => ElapsedUnit::Months,
                    Some(_) => ElapsedUnit::Days,
                },
                at: Box::new(self.operand(&child(&node, Rule::operand)?)?),
            },
            Rule::calendar => ExprKind::Calendar {
                unit: if has(&node, Rule::kw_month) {
                    ElapsedUnit::Months
                } else {
                    ElapsedUnit::Years
                },
                of: Box::new(self.operand(&child(&node, Rule::operand)?)?),
            },
            Rule::elapsed => self.elapsed(&node)?,
            Rule::better_side => ExprKind::BetterSide {
                better: has(&node, Rule::kw_better),
                field: self.path_in(&node)?,
            },
            Rule::application => ExprKind::Application(self.application(&node)),
            Rule::kw_today => ExprKind::Today,
            Rule::kw_yes => ExprKind::Bool(true),
            Rule::kw_no => ExprKind::Bool(false),
            Rule::date => ExprKind::Date(self.date(&node)?),
            Rule::quantity => ExprKind::Number(self.number(&node)?),
            Rule::length => ExprKind::Length(self.length(&node)?),
            Rule::text => ExprKind::Text(self.text(&node)),
            Rule::call => self.call(&node)?,
            _ => ExprKind::Ref(self.path(&node)),
        };
        Some(Expr { kind, span })
    }

    fn elapsed(&mut self, node: &Node<'_>) -> Option<ExprKind> {
        let unit = if has(node, Rule::kw_years) {
            ElapsedUnit::Years
        } else if has(node, Rule::kw_months) {
            ElapsedUnit::Months
        } else {
            ElapsedUnit::Days
        };
        let mut days = children(node, Rule::operand);
        Some(ExprKind::Elapsed {
            unit,
            from: Box::new(self.operand(&days.next()?)?),
            to: Box::new(self.operand(&days.next()?)?),
        })
    }

    fn call(&mut self, node: &Node<'_>) -> Option<ExprKind> {
        let head = child(node, Rule::call_head)?;
        let arguments = children(node, Rule::expr)
            .filter_map(|n| self.expr(&n))
            .collect();
        Some(ExprKind::Call {
            function: self.name_in(&head, Rule::name)?,
            arguments,
        })
    }

    // ------------------------------------------------------------------ blocks

    fn block(&mut self, node: &Node<'_>) -> Option<ExprKind> {
        let quantifier = self.quantifier(&only(child(node, Rule::quantifier)?)?);
        let members: Vec<Expr> = match self.filled(node) {
            // What was wrong with its lines has been said.
            Some(Fill::Conditions(members)) if members.is_empty() => return None,
            Some(Fill::Conditions(members)) => members,
            _ => {
                self.check_separators(node, Rule::block_member);
                children(node, Rule::block_member)
                    .filter_map(|n| self.block_member(&n))
                    .collect()
            }
        };
        match self.path_in(node) {
            Some(of) => {
                let named = child(node, Rule::row_name).and_then(|node| {
                    Some(RowName {
                        name: self.name_in(&node, Rule::name)?,
                        label: self.text_in(&node)?,
                    })
                });
                self.each(quantifier, of, named, members)
            }
            None => Some(ExprKind::Block {
                quantifier,
                members,
            }),
        }
    }

    /// `any of drugs { … }`: one condition or number, read once for each row or side.
    fn each(
        &mut self,
        quantifier: Quantifier,
        of: Path,
        named: Option<RowName>,
        members: Vec<Expr>,
    ) -> Option<ExprKind> {
        let mut members = members.into_iter();
        match (members.next(), members.next()) {
            (Some(body), None) => Some(ExprKind::Each {
                quantifier,
                of,
                named,
                body: Box::new(body),
            }),
            (None, _) if of.names.first().is_some_and(|name| name.text == "domain") => {
                self.diagnostics.push(
                    Diagnostic::error(
                        codes::UNEXPECTED,
                        self.file,
                        of.span,
                        "「domain」は「sum of」とだけ書けます",
                    )
                    .help("領域ごとの最高点の合計は「sum of domain { … }」、いちばん大きい数は「max of { … }」と書きます"),
                );
                None
            }
            (None, _) => {
                self.diagnostics.push(
                    Diagnostic::error(
                        codes::MISSING,
                        self.file,
                        of.span,
                        "「{ }」の中に行や側ごとの条件や値がありません",
                    )
                    .help("例: any of drugs { kind is steroid }、max of eye { acuity }"),
                );
                None
            }
            (_, Some(second)) => {
                self.diagnostics.push(
                    Diagnostic::error(
                        codes::UNEXPECTED,
                        self.file,
                        second.span,
                        "行や側ごとの条件や値は 1 つだけ書けます",
                    )
                    .label(self.file, of.span, "この行や側ごとに 1 つ")
                    .help("すべてなら「all of { a; b }」、いずれかなら「any of { a; b }」を中に書きます"),
                );
                None
            }
        }
    }

    fn quantifier(&mut self, node: &Node<'_>) -> Quantifier {
        let count = self.count_in(node).unwrap_or(0);
        match node.as_rule() {
            Rule::any_of => Quantifier::Any,
            Rule::none_of => Quantifier::None,
            Rule::at_least => Quantifier::AtLeast(count),
            Rule::at_most => Quantifier::AtMost(count),
            Rule::exactly => Quantifier::Exactly(count),
            Rule::count_of => Quantifier::Count,
            Rule::sum_of => Quantifier::Sum,
            Rule::max_of => Quantifier::Max,
            Rule::min_of => Quantifier::Min,
            Rule::earliest_of => Quantifier::Earliest,
            Rule::latest_of => Quantifier::Latest,
            _ => Quantifier::All,
        }
    }

    pub(super) fn read_condition(&mut self, node: Node<'_>) -> Option<Expr> {
        self.block_member(&child(&node, Rule::block_member)?)
    }

    /// `E`, `8 when E`, `"視力障害": E`.
    fn block_member(&mut self, node: &Node<'_>) -> Option<Expr> {
        let span = self.span(node);
        let mut parts = children(node, Rule::expr);
        let first = self.expr(&parts.next()?)?;
        let inner = match parts.next() {
            None => first,
            Some(when) => {
                let when = self.expr(&when)?;
                let span = first.span.to(when.span);
                let kind = ExprKind::Points {
                    amount: Box::new(first),
                    when: Box::new(when),
                };
                Expr { kind, span }
            }
        };
        Some(match self.text_in(node) {
            None => inner,
            Some(label) => Expr {
                kind: ExprKind::Labelled(label, Box::new(inner)),
                span,
            },
        })
    }

    fn domains(&mut self, node: &Node<'_>) -> ExprKind {
        if let Some(Fill::Domains(domains)) = self.filled(node) {
            return ExprKind::Domains(domains);
        }
        self.check_separators(node, Rule::domain);
        ExprKind::Domains(
            children(node, Rule::domain)
                .filter_map(|n| self.domain(&n))
                .collect(),
        )
    }

    pub(super) fn read_domain(&mut self, node: Node<'_>) -> Option<Domain> {
        self.domain(&child(&node, Rule::domain)?)
    }

    fn domain(&mut self, node: &Node<'_>) -> Option<Domain> {
        let members = match self.filled(node) {
            Some(Fill::Conditions(members)) => members,
            _ => {
                self.check_separators(node, Rule::block_member);
                children(node, Rule::block_member)
                    .filter_map(|n| self.block_member(&n))
                    .collect()
            }
        };
        Some(Domain {
            label: self.text_in(node)?,
            members,
            span: self.span(node),
        })
    }

    fn bands(&mut self, node: &Node<'_>) -> Option<ExprKind> {
        let bands = match self.filled(node) {
            Some(Fill::Bands(bands)) => bands,
            _ => {
                self.check_separators(node, Rule::band);
                children(node, Rule::band)
                    .filter_map(|n| self.band(&n))
                    .collect()
            }
        };
        let subject = self.expr(&child(node, Rule::amount)?)?;
        Some(in_bands(subject, bands))
    }

    pub(super) fn read_band(&mut self, node: Node<'_>) -> Option<Band> {
        self.band(&child(&node, Rule::band)?)
    }

    fn band(&mut self, node: &Node<'_>) -> Option<Band> {
        let span = self.span(node);
        let said = only(node.clone())?;
        let at = self.span(&said);
        let open = open_subject(at);
        let kind = match said.as_rule() {
            Rule::range => self.range(open, &said)?,
            _ => self.band_comparison(open, &said)?,
        };
        Some(Band {
            when: Expr { kind, span: at },
            gives: self.expr(&child(node, Rule::amount)?)?,
            span,
        })
    }

    fn band_comparison(&self, open: Expr, node: &Node<'_>) -> Option<ExprKind> {
        let number = self.number(&child(node, Rule::bound)?)?;
        let op = comparison(child(node, Rule::band_sign)?.as_str().trim());
        Some(compared_with(open, op, number))
    }

    /// `7 years 6 months`: the grammar has seen what it is made of.
    fn length(&mut self, node: &Node<'_>) -> Option<Length> {
        let written = node.as_str();
        let mut counts = written.split(|c: char| !c.is_ascii_digit());
        let mut count = || counts.find(|part| !part.is_empty())?.parse().ok();
        let (Some(count), Some(rest)) = (count(), count()) else {
            self.report_too_large(node);
            return None;
        };
        let words = written.split(|c: char| c.is_ascii_digit() || c.is_whitespace());
        Some(Length {
            count,
            unit: words.filter_map(TimeUnit::named).next()?,
            rest: Some(rest),
        })
    }

    fn within(&mut self, subject: Expr, node: &Node<'_>) -> Option<ExprKind> {
        let length = match child(node, Rule::length) {
            Some(length) => self.length(&length)?,
            None => Length {
                count: self.count_in(node)?,
                unit: TimeUnit::named(child(node, Rule::time_unit)?.as_str().trim())?,
                rest: None,
            },
        };
        Some(ExprKind::Within {
            subject: Box::new(subject),
            length,
            side: if has(node, Rule::kw_before) {
                WindowSide::Before
            } else if has(node, Rule::kw_after) {
                WindowSide::After
            } else {
                WindowSide::Both
            },
            of: Box::new(self.expr(&child(node, Rule::amount)?)?),
        })
    }

    fn first_match(&mut self, node: &Node<'_>) -> ExprKind {
        let read = match self.filled(node) {
            Some(Fill::Arms(arms)) => arms,
            _ => {
                self.check_separators(node, Rule::arm);
                children(node, Rule::arm)
                    .filter_map(|n| self.arm(&n))
                    .collect()
            }
        };
        let mut arms = Vec::new();
        let mut otherwise: Option<Box<Expr>> = None;
        for arm in read {
            match arm {
                Arm::When(result, condition) => {
                    self.check_after_otherwise(&otherwise, result.span);
                    arms.push((result, condition));
                }
                Arm::Otherwise(result) => {
                    self.check_after_otherwise(&otherwise, result.span);
                    otherwise = Some(Box::new(result));
                }
            }
        }
        ExprKind::FirstMatch { arms, otherwise }
    }

    pub(super) fn read_arm(&mut self, node: Node<'_>) -> Option<Arm> {
        self.arm(&child(&node, Rule::arm)?)
    }

    fn arm(&mut self, node: &Node<'_>) -> Option<Arm> {
        let mut parts = children(node, Rule::expr);
        let first = self.expr(&parts.next()?)?;
        Some(match parts.next() {
            Some(when) => Arm::When(first, self.expr(&when)?),
            None => Arm::Otherwise(first),
        })
    }

    // ------------------------------------------------------------------ findings

    fn check_after_otherwise(&mut self, otherwise: &Option<Box<Expr>>, span: Span) {
        let Some(otherwise) = otherwise else { return };
        self.diagnostics.push(
            Diagnostic::error(
                codes::UNEXPECTED,
                self.file,
                span,
                "「otherwise」の後の行は読まれません",
            )
            .label(self.file, otherwise.span, "ここで残りのすべてが決まります")
            .help("「otherwise」は最後に 1 度だけ書きます"),
        );
    }

    fn report_chain(&mut self, node: &Node<'_>) {
        let span = self.span(node);
        self.diagnostics.push(
            Diagnostic::error(codes::CHAINED, self.file, span, "比較は続けて書けません")
                .note("2 つ目の比較")
                .help("範囲は「x in 30 ..< 45」、2 つの比較は「a < b and b < c」と書きます"),
        );
    }

    fn report_too_long(&mut self, node: &Node<'_>) {
        let span = self.span(node);
        self.diagnostics.push(
            Diagnostic::error(
                codes::TOO_DEEP,
                self.file,
                span,
                format!("式が長すぎます(演算は {DEEPEST} 個まで)"),
            )
            .help("合計は「sum of { …; … }」、一部は value や criterion として別に定義します"),
        );
    }

    fn report_too_high(&mut self, span: Span) {
        self.diagnostics.push(
            Diagnostic::error(
                codes::TOO_DEEP,
                self.file,
                span,
                format!("式が入り組みすぎています(演算と括弧を合わせて {HIGHEST} 段まで)"),
            )
            .help("一部を value や criterion として別に定義し、その名前を使います"),
        );
    }

    fn report_differs(&mut self, span: Span) {
        self.diagnostics.push(
            Diagnostic::error(
                codes::UNEXPECTED,
                self.file,
                span,
                "「differs from」の前には項目の名前だけを書きます",
            )
            .help("例: ticked differs from diagnosis"),
        );
    }

    /// A `-` at the beginning of a line looks like a sign, but would subtract from the line before.
    fn check_line_break_before_minus(&mut self, node: &Node<'_>) {
        let start = node.as_span().start();
        let before = self.text.get(..start).unwrap_or("");
        let begins_line = before.trim_end_matches([' ', '\t']).ends_with('\n');
        let after = self.text.get(start..).unwrap_or("").strip_prefix('-');
        let glued = after.is_some_and(|rest| !rest.starts_with(char::is_whitespace));
        if begins_line && glued {
            let span = self.span(node);
            self.diagnostics.push(
                Diagnostic::error(
                    codes::SEPARATOR,
                    self.file,
                    span,
                    "行の初めの「-」が引き算か負の数か分かりません",
                )
                .help("引き算なら「- x」と空白を置き、負の数なら前の行の終わりに「;」を書きます"),
            );
        }
    }
}

/// The operator of a `joint` or `tight_joint` node.
fn joint(node: &Node<'_>) -> Option<Joint> {
    let inner = only(node.clone())?;
    let sign = inner.as_str().trim();
    Some(match inner.as_rule() {
        Rule::kw_unless => Joint::Unless,
        Rule::kw_or | Rule::or_sign => Joint::Or,
        Rule::kw_and | Rule::and_sign => Joint::And,
        Rule::comparison => Joint::Compare(comparison(sign)),
        _ => Joint::Arithmetic(match sign {
            "-" => ArithmeticOp::Subtract,
            "*" => ArithmeticOp::Multiply,
            "/" => ArithmeticOp::Divide,
            _ => ArithmeticOp::Add,
        }),
    })
}

/// The comparison that `sign` stands for.
pub(super) fn comparison(sign: &str) -> CompareOp {
    match sign {
        "<" => CompareOp::Less,
        "<=" => CompareOp::LessEqual,
        "!=" => CompareOp::NotEqual,
        ">=" => CompareOp::GreaterEqual,
        ">" => CompareOp::Greater,
        _ => CompareOp::Equal,
    }
}

fn suffix_strength(node: &Node<'_>) -> Strength {
    match only(node.clone()).map(|n| n.as_rule()) {
        Some(Rule::treat_unknown | Rule::if_shown) => Strength::Suffix,
        _ => Strength::Comparison,
    }
}

/// Expressions inside each other, one for each operator and bracket: nothing that walks over a tree
/// must exhaust the stack of a thread.
pub(super) const HIGHEST: usize = 100;

/// How many expressions are inside each other at the highest place of `expr`. Whatever stands in it
/// is no higher than [`HIGHEST`], so this does not go deep either.
pub(super) fn height(expr: &Expr) -> usize {
    let highest = |parts: &[Expr]| parts.iter().map(height).max().unwrap_or(0);
    1 + match &expr.kind {
        ExprKind::Not(x)
        | ExprKind::Negative(x)
        | ExprKind::Labelled(_, x)
        | ExprKind::Age { at: x, .. }
        | ExprKind::Calendar { of: x, .. }
        | ExprKind::Each { body: x, .. }
        | ExprKind::TreatUnknown { condition: x, .. }
        | ExprKind::InRange { subject: x, .. }
        | ExprKind::Is { subject: x, .. }
        | ExprKind::Answered { subject: x, .. }
        | ExprKind::Includes { subject: x, .. } => height(x),
        ExprKind::And(xs) | ExprKind::Or(xs) | ExprKind::Block { members: xs, .. } => highest(xs),
        ExprKind::Call { arguments, .. } => highest(arguments),
        ExprKind::Unless(a, b)
        | ExprKind::Points { amount: a, when: b }
        | ExprKind::Compare {
            left: a, right: b, ..
        }
        | ExprKind::Arithmetic {
            left: a, right: b, ..
        }
        | ExprKind::Elapsed { from: a, to: b, .. }
        | ExprKind::Within {
            subject: a, of: b, ..
        }
        | ExprKind::IfShown {
            expr: a,
            otherwise: b,
        } => height(a).max(height(b)),
        ExprKind::If {
            condition,
            then,
            otherwise,
        } => height(condition).max(height(then)).max(height(otherwise)),
        ExprKind::FirstMatch { arms, otherwise } => {
            let arms = arms.iter().map(|(a, b)| height(a).max(height(b)));
            let last = otherwise.as_deref().map(height);
            arms.chain(last).max().unwrap_or(0)
        }
        ExprKind::Bands { subject, bands } => {
            let gives = bands.iter().map(|band| height(&band.gives));
            gives.fold(height(subject), usize::max)
        }
        ExprKind::Cells { columns, rows } => {
            let rows = rows
                .iter()
                .map(|(head, cells)| height(head).max(highest(cells)));
            rows.fold(highest(columns), usize::max)
        }
        ExprKind::Domains(domains) => {
            let domains = domains.iter().map(|domain| highest(&domain.members));
            domains.max().unwrap_or(0)
        }
        ExprKind::Ref(_)
        | ExprKind::Number(_)
        | ExprKind::Length(_)
        | ExprKind::Date(_)
        | ExprKind::Text(_)
        | ExprKind::Bool(_)
        | ExprKind::Today
        | ExprKind::Application(_)
        | ExprKind::BetterSide { .. }
        | ExprKind::Differs { .. } => 0,
    }
}

fn range_ends(node: &Node<'_>) -> RangeEnds {
    let sign = child(node, Rule::range_sign);
    sign.and_then(|sign| RangeEnds::of(sign.as_str().trim()))
        .unwrap_or_default()
}

/// From `low` to `high`: two comparisons of `subject`.
pub(super) fn between(subject: Expr, low: Expr, high: Expr, ends: RangeEnds) -> ExprKind {
    let compared = |subject: Expr, op: CompareOp, bound: Expr| Expr {
        span: subject.span.to(bound.span),
        kind: ExprKind::Compare {
            left: Box::new(subject),
            op,
            right: Box::new(bound),
        },
    };
    let from = if ends.low {
        CompareOp::GreaterEqual
    } else {
        CompareOp::Greater
    };
    let up_to = if ends.high {
        CompareOp::LessEqual
    } else {
        CompareOp::Less
    };
    ExprKind::And(vec![
        compared(subject.clone(), from, low),
        compared(subject, up_to, high),
    ])
}

/// `6 months` beside a length of two units.
pub(super) fn as_length(number: NumberLiteral) -> Expr {
    let unit = number.unit.as_ref();
    let unit = unit.and_then(|unit| TimeUnit::named(&unit.text));
    let (Some(unit), Ok(count)) = (unit, number.digits.parse()) else {
        return with_sign(number);
    };
    let rest = None;
    Expr {
        kind: ExprKind::Length(Length { count, unit, rest }),
        span: number.span,
    }
}

/// `< -5` as a condition on `subject`.
pub(super) fn compared_with(subject: Expr, op: CompareOp, number: NumberLiteral) -> ExprKind {
    ExprKind::Compare {
        left: Box::new(subject),
        op,
        right: Box::new(with_sign(number)),
    }
}

/// `-5` as an expression.
pub(super) fn with_sign(mut number: NumberLiteral) -> Expr {
    let span = number.span;
    let negative = number.digits.starts_with('-');
    number.digits = number.digits.trim_start_matches('-').to_owned();
    let positive = ExprKind::Number(number);
    let kind = if negative {
        let kind = positive;
        ExprKind::Negative(Box::new(Expr { kind, span }))
    } else {
        positive
    };
    Expr { kind, span }
}

/// The subject and the unit of the first band are written into all of them.
pub(super) fn in_bands(subject: Expr, mut bands: Vec<Band>) -> ExprKind {
    let unit = bands.first().and_then(|b| unit_of(&b.when)).cloned();
    for band in &mut bands {
        fill(&mut band.when, &subject, unit.as_ref());
    }
    ExprKind::Bands {
        subject: Box::new(subject),
        bands,
    }
}

/// Two operands with an operator between; `a and b and c` becomes one list.
pub(super) fn joined(left: Expr, joint: Joint, right: Expr, same_as_left: bool) -> Expr {
    let span = left.span.to(right.span);
    let list = |left: Expr, right: Expr| match left.kind {
        ExprKind::And(mut all) | ExprKind::Or(mut all) if same_as_left => {
            all.push(right);
            all
        }
        _ => vec![left, right],
    };
    let kind = match joint {
        Joint::Unless => ExprKind::Unless(Box::new(left), Box::new(right)),
        Joint::And => ExprKind::And(list(left, right)),
        Joint::Or => ExprKind::Or(list(left, right)),
        Joint::Compare(op) => ExprKind::Compare {
            left: Box::new(left),
            op,
            right: Box::new(right),
        },
        Joint::Arithmetic(op) => ExprKind::Arithmetic {
            left: Box::new(left),
            op,
            right: Box::new(right),
        },
    };
    Expr { kind, span }
}
