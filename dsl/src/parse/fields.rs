//! Sections: groups, fields, types and modifiers.

use super::leaves::{child, children, has};
use super::read::{Build, Fill};
use super::{Node, Rule};
use crate::Span;
use crate::ast::{
    Carry, Code, DefaultAnswer, Field, Member, Modifier, ModifierKind, Name, NumberLiteral, Only,
    Privacy, Repeat, RepeatKind, Side, Text, TypeExpr, TypeKind,
};
use std::mem::discriminant;

impl Build<'_> {
    pub(super) fn read_member(&mut self, node: Node<'_>) -> Option<Member> {
        self.member(&child(&node, Rule::member)?)
    }

    pub(super) fn member_lines(&mut self, node: &Node<'_>) -> Vec<Member> {
        if let Some(Fill::Members(members)) = self.filled(node) {
            return members;
        }
        self.check_separators(node, Rule::member);
        children(node, Rule::member)
            .filter_map(|n| self.member(&n))
            .collect()
    }

    fn member(&mut self, node: &Node<'_>) -> Option<Member> {
        let node = node.clone().into_inner().next()?;
        Some(match node.as_rule() {
            Rule::group => Member::Group {
                name: self.name_in(&node, Rule::name)?,
                label: self.text_in(&node)?,
                modifiers: self.modifiers(&node),
                members: self.member_lines(&child(&node, Rule::member_lines)?),
                span: self.span(&node),
            },
            Rule::field => Member::Field(Field {
                name: self.name_in(&node, Rule::name)?,
                label: self.text_in(&node)?,
                ty: self.type_expr(&child(&node, Rule::type_expr)?)?,
                modifiers: self.modifiers(&node),
                span: self.span(&node),
            }),
            Rule::display => Member::Display(self.path_in(&node)?),
            Rule::rows => Member::Repeat(self.rows(&node)?),
            Rule::sides => Member::Repeat(self.sides(&node)?),
            _ => Member::Note(self.text_in(&node)?),
        })
    }

    // ------------------------------------------------------------------ rows and sides

    fn rows(&mut self, node: &Node<'_>) -> Option<Repeat> {
        let (name, label) = (self.name_in(node, Rule::name)?, self.text_in(node)?);
        let range = child(node, Rule::row_range)?;
        let span = self.span(&range);
        let mut ends = children(&range, Rule::whole).map(|n| self.count(&n));
        let (low, high) = (ends.next()?, ends.next()?);
        let count = Box::new(row_count(&name, &label, low, high, span));
        self.repeat(node, name, label, RepeatKind::Rows { low, high, count })
    }

    fn sides(&mut self, node: &Node<'_>) -> Option<Repeat> {
        let (name, label) = (self.name_in(node, Rule::name)?, self.text_in(node)?);
        let sides = children(node, Rule::side)
            .filter_map(|n| {
                Some(Side {
                    name: self.name_in(&n, Rule::name)?,
                    label: self.text_in(&n)?,
                })
            })
            .collect();
        self.repeat(node, name, label, RepeatKind::Sides(sides))
    }

    fn repeat(
        &mut self,
        node: &Node<'_>,
        name: Name,
        label: Text,
        kind: RepeatKind,
    ) -> Option<Repeat> {
        Some(Repeat {
            name,
            label,
            kind,
            modifiers: self.modifiers(node),
            members: self.member_lines(&child(node, Rule::member_lines)?),
            span: self.span(node),
        })
    }

    // ------------------------------------------------------------------ modifiers

    fn modifiers(&mut self, node: &Node<'_>) -> Vec<Modifier> {
        let mut modifiers: Vec<Modifier> = Vec::new();
        for node in children(node, Rule::modifier) {
            let span = self.span(&node);
            let Some(kind) = self.modifier(&node) else {
                continue;
            };
            // A question may stand for several sentences of the official text.
            if !matches!(kind, ModifierKind::Cites(_)) {
                let same = |m: &Modifier| discriminant(&m.kind) == discriminant(&kind);
                let keyword = node.as_str().split_whitespace().next().unwrap_or("");
                self.check_twice(keyword, modifiers.iter().any(same), span);
            }
            modifiers.push(Modifier { kind, span });
        }
        modifiers
    }

    fn modifier(&mut self, node: &Node<'_>) -> Option<ModifierKind> {
        let node = node.clone().into_inner().next()?;
        Some(match node.as_rule() {
            Rule::required => match child(&node, Rule::expr) {
                Some(condition) => ModifierKind::RequiredWhen(self.expr(&condition)?),
                None => ModifierKind::Required,
            },
            Rule::shown => {
                let condition = self.expr(&child(&node, Rule::expr)?)?;
                ModifierKind::ShownWhen(if has(&node, Rule::kw_unless) {
                    condition.negated()
                } else {
                    condition
                })
            }
            Rule::application_only => match self.application(&node) {
                Only::New => ModifierKind::NewOnly,
                Only::Renewal => ModifierKind::RenewalOnly,
            },
            Rule::carry => ModifierKind::Carry(self.carry(&node)?),
            Rule::personal => ModifierKind::Personal(if has(&node, Rule::kw_identifying) {
                Privacy::Identifying
            } else if has(&node, Rule::kw_quasi) {
                Privacy::Quasi
            } else {
                Privacy::Sensitive
            }),
            Rule::help => ModifierKind::Help(self.text_in(&node)?),
            Rule::cites => ModifierKind::Cites(self.texts(&node)),
            Rule::default => ModifierKind::Default(self.default_answer(&node)?),
            Rule::better => ModifierKind::Better {
                higher: has(&node, Rule::kw_higher),
            },
            _ => ModifierKind::Was(self.name_in(&node, Rule::name)?),
        })
    }

    fn default_answer(&mut self, node: &Node<'_>) -> Option<DefaultAnswer> {
        let node = node
            .clone()
            .into_inner()
            .find(|n| n.as_rule() != Rule::kw_default)?;
        Some(match node.as_rule() {
            Rule::default_codes => DefaultAnswer::Codes(
                children(&node, Rule::code_name)
                    .map(|n| self.name(&n))
                    .collect(),
            ),
            Rule::kw_today => DefaultAnswer::Today,
            Rule::date => DefaultAnswer::Date(self.date(&node)?),
            Rule::bound => DefaultAnswer::Number(self.number(&node)?),
            Rule::text => DefaultAnswer::Text(self.text(&node)),
            _ => DefaultAnswer::Codes(vec![self.name(&node)]),
        })
    }

    fn carry(&mut self, node: &Node<'_>) -> Option<Carry> {
        Some(if has(node, Rule::kw_copy) {
            Carry::Copy
        } else if has(node, Rule::kw_confirm) {
            Carry::Confirm
        } else if has(node, Rule::kw_never) {
            Carry::Never
        } else {
            Carry::Expires {
                months: self.count_in(&child(node, Rule::expires)?)?,
            }
        })
    }

    // ------------------------------------------------------------------ types

    pub(super) fn type_expr(&mut self, node: &Node<'_>) -> Option<TypeExpr> {
        let span = self.span(node);
        Some(TypeExpr {
            kind: self.type_kind(node)?,
            span,
        })
    }

    fn type_kind(&mut self, node: &Node<'_>) -> Option<TypeKind> {
        let node = node.clone().into_inner().next()?;
        Some(match node.as_rule() {
            Rule::text_type => {
                let mut counts = children(&node, Rule::whole).map(|n| self.count(&n));
                TypeKind::Text {
                    chars: counts.next()?,
                    lines: counts.next(),
                }
            }
            Rule::kana_type => TypeKind::Kana {
                chars: self.count_in(&node)?,
            },
            Rule::digits_type => TypeKind::Digits {
                count: self.count_in(&node)?,
            },
            Rule::kw_postal_code => TypeKind::PostalCode,
            Rule::kw_phone => TypeKind::Phone,
            Rule::integer_type => {
                let (unit, range) = self.unit_and_range(&node);
                TypeKind::Integer { unit, range }
            }
            Rule::decimal_type => {
                let (digits, fraction) = self.precision(&child(&node, Rule::precision)?);
                let (unit, range) = self.unit_and_range(&node);
                TypeKind::Decimal {
                    digits,
                    fraction,
                    unit,
                    range,
                }
            }
            Rule::kw_date => TypeKind::Date,
            Rule::kw_month => TypeKind::Month,
            Rule::kw_year => TypeKind::Year,
            Rule::choice_type => {
                TypeKind::Choice(self.code_lines(&child(&node, Rule::code_lines)?))
            }
            Rule::choices_type => {
                TypeKind::Choices(self.code_lines(&child(&node, Rule::code_lines)?))
            }
            Rule::choices_of => TypeKind::ChoicesOf(self.path_in(&node)?),
            _ => TypeKind::Named(self.path_in(&node)?),
        })
    }

    fn unit_and_range(
        &mut self,
        node: &Node<'_>,
    ) -> (Option<Text>, Option<(NumberLiteral, NumberLiteral)>) {
        let range = child(node, Rule::type_range).and_then(|range| {
            let mut ends = children(&range, Rule::signed).map(|n| self.number(&n));
            Some((ends.next()??, ends.next()??))
        });
        (self.text_in(node), range)
    }

    /// `4.1`: digits in all and digits after the point.
    fn precision(&mut self, node: &Node<'_>) -> (u8, u8) {
        let written = node.as_str().trim();
        let parsed = written
            .split_once('.')
            .and_then(|(digits, fraction)| Some((digits.parse().ok()?, fraction.parse().ok()?)));
        parsed.unwrap_or_else(|| {
            self.report_too_large(node);
            (1, 0)
        })
    }

    // ------------------------------------------------------------------ codes

    pub(super) fn code_lines(&mut self, node: &Node<'_>) -> Vec<Code> {
        if let Some(Fill::Codes(codes)) = self.filled(node) {
            return codes;
        }
        self.check_separators(node, Rule::code_line);
        children(node, Rule::code_line)
            .filter_map(|n| self.code_line(&n))
            .collect()
    }

    pub(super) fn read_code(&mut self, node: Node<'_>) -> Option<Code> {
        self.code_line(&child(&node, Rule::code_line)?)
    }

    fn code_line(&mut self, node: &Node<'_>) -> Option<Code> {
        let points = child(node, Rule::points).and_then(|n| child(&n, Rule::signed));
        Some(Code {
            value: self.name_in(node, Rule::code_value)?,
            name: self.name_in(node, Rule::code_name)?,
            label: self.text_in(node)?,
            points: points.and_then(|n| self.number(&n)),
            unknown: has(node, Rule::kw_unknown),
            span: self.span(node),
        })
    }
}

/// The question how many rows there are.
pub(super) fn row_count(name: &Name, label: &Text, low: u32, high: u32, span: Span) -> Field {
    let end = |n: u32| NumberLiteral {
        digits: n.to_string(),
        unit: None,
        span,
    };
    let ty = TypeKind::Integer {
        unit: None,
        range: Some((end(low), end(high))),
    };
    Field {
        name: Name {
            text: format!("{}_count", name.text),
            span: name.span,
        },
        label: Text {
            text: format!("{}の数", label.text),
            span: label.span,
        },
        ty: TypeExpr { kind: ty, span },
        modifiers: vec![Modifier {
            kind: ModifierKind::Required,
            span,
        }],
        span,
    }
}
