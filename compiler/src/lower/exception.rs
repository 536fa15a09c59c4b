//! Gaps and double answers that the official text itself has.

use super::{At, Ctx, Place, index};
use crate::arena::Id;
use crate::diagnostics as d;
use crate::world::{Entity, Rule, RuleKind, UnitIndex};
use kohyo_dsl::ast::{self, ExceptionKind, Expr, ExprKind};
use kohyo_engine::program as p;

impl<'a> Ctx<'_, 'a> {
    pub(super) fn exception(
        &mut self,
        unit: UnitIndex,
        ast: &'a ast::Exception,
    ) -> Option<p::Exception> {
        let at = At::new(unit, Place::Definition);
        let file = self.file(&at);
        let (of, place) = match self.resolve(&at, &ast.of)? {
            Entity::Rule(rule) if self.has_cases(unit, rule) => {
                let id = self.ids.get(&rule).copied()?;
                (p::Excepted::Definition(id), Place::Definition)
            }
            Entity::Judgement(id) if self.world.judgements[id].unit == unit => {
                let judgement = p::JudgementId(index(id.index()));
                (
                    p::Excepted::Judgement(judgement),
                    Place::Judgement(id.index()),
                )
            }
            _ => return self.report(d::not_excepted(file, &ast.of, ast.kind)),
        };
        let when = self.cond(&At::new(unit, place), &ast.when)?;
        Some(p::Exception {
            kind: match ast.kind {
                ExceptionKind::Gap => p::ExceptionKind::Gap,
                ExceptionKind::Overlap => p::ExceptionKind::Overlap,
            },
            of,
            when,
            reason: ast.reason.text.clone(),
        })
    }

    /// Whether a rule of this file can have such an exception: one of several results comes out.
    fn has_cases(&self, unit: UnitIndex, rule: Id<Rule<'a>>) -> bool {
        let rule = &self.world.rules[rule];
        let several = match rule.kind {
            RuleKind::Grade(..) | RuleKind::Table(_) => true,
            RuleKind::Score(x) | RuleKind::Value(x, _) => matches!(
                x.rule.kind,
                ExprKind::Bands { .. } | ExprKind::FirstMatch { .. } | ExprKind::Cells { .. }
            ),
            RuleKind::Criterion(_) | RuleKind::Threshold(_) | RuleKind::Lent(_) => false,
        };
        several && rule.unit == unit
    }

    /// Whether `expr` is all of a rule, so that an exception can name it.
    pub(super) fn is_rule(&self, expr: &Expr) -> bool {
        self.world.rules.iter().any(|(_, rule)| match rule.kind {
            RuleKind::Grade(x, _) | RuleKind::Score(x) | RuleKind::Value(x, _) => {
                std::ptr::eq(&x.rule, expr)
            }
            _ => false,
        })
    }

    /// The conditions of the gaps or overlaps that are declared for the rule with this expression.
    pub(super) fn declared(&self, at: &At<'a>, rule: &Expr, kind: ExceptionKind) -> Vec<&'a Expr> {
        let of = |path: &ast::Path| match self.world.resolve(at.site, path) {
            Ok(Entity::Rule(found)) => match self.world.rules[found].kind {
                RuleKind::Grade(x, _) | RuleKind::Score(x) | RuleKind::Value(x, _) => {
                    std::ptr::eq(&x.rule, rule)
                }
                _ => false,
            },
            _ => false,
        };
        let own = |(unit, e): &&(UnitIndex, &'a ast::Exception)| {
            *unit == at.site.unit && e.kind == kind && of(&e.of)
        };
        let found = self.world.exceptions.iter().filter(own);
        found.map(|(_, exception)| &exception.when).collect()
    }
}
