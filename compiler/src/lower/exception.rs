//! Gaps and double answers that the official text itself has.

use super::interval::Interval;
use super::{At, Ctx, Doubt, Place, index};
use crate::arena::Id;
use crate::diagnostics as d;
use crate::prove::hidden::Reader;
use crate::visit::{parts, rule_expressions};
use crate::world::{Entity, Rule, RuleKind, UnitIndex};
use kohyo_dsl::ast::{self, ExceptionKind, Expr, ExprKind, Quantifier};
use kohyo_dsl::{Diagnostic, Span};
use kohyo_engine::program as p;
use kohyo_engine::program::CondKind;

impl<'a> Ctx<'_, 'a> {
    pub(super) fn exception(
        &mut self,
        unit: UnitIndex,
        ast: &'a ast::Exception,
    ) -> Option<p::Exception> {
        let at = At::new(unit, Place::Definition);
        let file = self.file(&at);
        let (of, place) = match self.resolve(&at, &ast.of)? {
            Entity::Rule(rule) if self.has_cases(unit, rule, ast.kind) => {
                let id = self.ids.get(&rule).copied()?;
                if !self.concerns_bands(&at, rule, ast) {
                    return None;
                }
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
        let when = self.concerned(&At::new(unit, place), of, &ast.when)?;
        let in_lines = self.concerns_lines(&at, of, &ast.when);
        self.exceptions_of_lines.push(in_lines);
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

    /// Whom an exception is about: nobody to whom what it compares is not shown.
    fn concerned(&mut self, at: &At<'a>, of: p::Excepted, when: &'a Expr) -> Option<p::Cond> {
        let before = self.hidden.len();
        let reader = match of {
            p::Excepted::Definition(id) => Reader::Definition(id),
            p::Excepted::Judgement(id) => Reader::Judgement(id),
        };
        let outer = self.reader.replace(reader);
        let when = self.cond(at, when);
        self.reader = outer;
        let hidden = self.hidden.split_off(before);
        let hidden: Vec<p::FieldId> = hidden.into_iter().map(|read| read.field).collect();
        Some(where_shown(when?, &hidden))
    }

    /// Whether a rule of this file can have such an exception: one of several results comes out, or
    /// is counted in it.
    fn has_cases(&self, unit: UnitIndex, rule: Id<Rule<'a>>, kind: ExceptionKind) -> bool {
        let rule = &self.world.rules[rule];
        let several = match rule.kind {
            RuleKind::Grade(..) | RuleKind::Table(_) => true,
            RuleKind::Score(x) | RuleKind::Value(x, _) => {
                matches!(x.rule.kind, ExprKind::Cells { .. })
                    || !bands_in(&x.rule).is_empty()
                    || chooses(&x.rule, kind)
                    || counts(&x.rule, kind)
            }
            RuleKind::Criterion(x) => chooses(&x.rule, kind) || counts(&x.rule, kind),
            RuleKind::Threshold(_) | RuleKind::Lent(_) => false,
        };
        several && rule.unit == unit
    }

    /// What is declared of a number with bands inside is about one of them.
    fn concerns_bands(&mut self, at: &At<'a>, rule: Id<Rule<'a>>, ast: &'a ast::Exception) -> bool {
        let (RuleKind::Score(x) | RuleKind::Value(x, _)) = self.world.rules[rule].kind else {
            return true;
        };
        if matches!(
            x.rule.kind,
            ExprKind::FirstMatch { .. } | ExprKind::Bands { .. } | ExprKind::Cells { .. }
        ) {
            return true;
        }
        let subjects = bands_in(&x.rule);
        let about = |subject: &&Expr| self.is_about(at, &ast.when, subject);
        let of_lines = subjects.is_empty() || compares(&ast.when);
        if subjects.iter().any(about)
            || chooses(&x.rule, ast.kind)
            || (of_lines && counts(&x.rule, ast.kind))
        {
            return true;
        }
        if let Some(subject) = subjects.first() {
            let subject = self.written(at, subject);
            let file = self.file(at);
            let finding = d::exception_of_bands(file, ast.when.span, &subject, ast.kind);
            self.diagnostics.push(finding);
        }
        false
    }

    /// Whether what is declared of a rule is about no bands in it, but about lines or rows.
    fn concerns_lines(&self, at: &At<'a>, of: p::Excepted, when: &Expr) -> bool {
        let p::Excepted::Definition(id) = of else {
            return false;
        };
        let found = self.ids.iter().find(|(_, own)| **own == id);
        let rules = found.map(|(rule, _)| rule_expressions(self.world.rules[*rule].kind));
        let rules = rules.into_iter().flatten();
        let mut bands = rules.flat_map(bands_in);
        !bands.any(|subject| self.is_about(at, when, subject))
    }

    /// What is declared to be so in the official text is no finding about the lines of a rule.
    pub(super) fn leave_out_declared(&mut self, exceptions: &[p::Exception]) {
        let declared = |doubt: &Doubt| exceptions.iter().any(|e| is_declared(doubt, e));
        let (gone, stands): (Vec<&Doubt>, Vec<&Doubt>) =
            self.doubts.iter().partition(|d| declared(d));
        // A rule over rows says the same of every row.
        let gone = gone.into_iter().map(|doubt| &doubt.finding);
        let gone: Vec<&Diagnostic> = gone
            .filter(|finding| stands.iter().all(|doubt| doubt.finding != **finding))
            .collect();
        self.diagnostics.retain(|found| !gone.contains(&found));
    }

    /// Whether `expr` is all of a rule, or bands counted in one, so that an exception can name it.
    pub(super) fn is_named(&self, expr: &Expr) -> bool {
        let mut rules = self.world.rules.iter();
        rules.any(|(_, rule)| is_of(rule.kind, expr))
    }

    /// The conditions of the gaps or overlaps that are declared for the rule with this expression.
    pub(super) fn declared(&self, at: &At<'a>, rule: &Expr, kind: ExceptionKind) -> Vec<&'a Expr> {
        let of = |path: &ast::Path| match self.world.resolve(at.site, path) {
            Ok(Entity::Rule(found)) => is_of(self.world.rules[found].kind, rule),
            _ => false,
        };
        let own = |(unit, e): &&(UnitIndex, &'a ast::Exception)| {
            *unit == at.site.unit && e.kind == kind && of(&e.of)
        };
        let found = self.world.exceptions.iter().filter(own);
        found.map(|(_, exception)| &exception.when).collect()
    }

    /// The rule with this expression, or with bands counted in it.
    pub(super) fn rule_of(&self, expr: &Expr) -> Option<&'a Expr> {
        let mut rules = self.world.rules.iter();
        rules.find_map(|(_, rule)| match rule.kind {
            RuleKind::Grade(x, _) | RuleKind::Score(x) | RuleKind::Value(x, _) => {
                is_of(rule.kind, expr).then_some(&x.rule)
            }
            _ => None,
        })
    }

    /// Whether `expr` is only a part of a rule.
    pub(super) fn is_part(&self, expr: &Expr) -> bool {
        !self.world.rules.iter().any(|(_, rule)| match rule.kind {
            RuleKind::Grade(x, _) | RuleKind::Score(x) | RuleKind::Value(x, _) => {
                std::ptr::eq(&x.rule, expr)
            }
            _ => false,
        })
    }
}

/// The condition, where a part that reads one of these fields does not hold unless it is shown.
fn where_shown(condition: p::Cond, hidden: &[p::FieldId]) -> p::Cond {
    let each = |parts: Vec<p::Cond>| {
        let parts = parts.into_iter().map(|part| where_shown(part, hidden));
        parts.collect()
    };
    let kind = match condition.kind {
        CondKind::All(parts) => CondKind::All(each(parts)),
        CondKind::Any(parts) => CondKind::Any(each(parts)),
        kind => {
            let mut fields = Vec::new();
            let part = p::Cond {
                kind,
                text: condition.text.clone(),
            };
            part.each_part(|part| fields_in(part, hidden, &mut fields));
            if fields.is_empty() {
                return part;
            }
            CondKind::IfShown {
                fields,
                condition: Box::new(part),
                otherwise: false,
            }
        }
    };
    p::Cond { kind, ..condition }
}

/// Adds those of the `hidden` fields that this reads itself.
fn fields_in(part: p::Part<'_>, hidden: &[p::FieldId], found: &mut Vec<p::FieldId>) {
    match part {
        p::Part::Field(field) if hidden.contains(&field) && !found.contains(&field) => {
            found.push(field);
        }
        p::Part::Cond(inner) => inner.each_part(|part| fields_in(part, hidden, found)),
        p::Part::Number(inner) => inner.each_part(|part| fields_in(part, hidden, found)),
        p::Part::Moment(inner) => inner.each_part(|part| fields_in(part, hidden, found)),
        p::Part::Field(_) | p::Part::Definition(_) | p::Part::Judgement(_) => {}
    }
}

/// Whether an exception says that everybody with a doubtful value is meant.
fn is_declared(doubt: &Doubt, exception: &p::Exception) -> bool {
    let of = doubt.rule.map(p::Excepted::Definition);
    doubt.what.declared_as() == Some(exception.kind)
        && of == Some(exception.of)
        && covers(&exception.when, &doubt.when)
}

/// Whether one condition about a number allows every value that the other allows.
fn covers(whole: &p::Cond, part: &p::Cond) -> bool {
    let read = |condition| Interval::all_of(condition, Span::default());
    let (Some((number, wide)), Some((other, narrow))) = (read(whole), read(part)) else {
        return false;
    };
    let mut narrow = narrow.iter();
    number.kind == other.kind && narrow.all(|part| wide.iter().any(|whole| whole.contains(*part)))
}

/// Whether `expr` is the rule, or bands counted in it.
fn is_of(rule: RuleKind<'_>, expr: &Expr) -> bool {
    match rule {
        RuleKind::Grade(x, _) => std::ptr::eq(&x.rule, expr),
        RuleKind::Score(x) | RuleKind::Value(x, _) => {
            let mut bands = bands_in(&x.rule).into_iter();
            std::ptr::eq(&x.rule, expr) || bands.any(|subject| is_subject(expr, subject))
        }
        _ => false,
    }
}

/// Whether these are the bands of this number.
fn is_subject(expr: &Expr, subject: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Bands { subject: own, .. } if std::ptr::eq(&**own, subject))
}

/// The numbers of the bands in a rule.
fn bands_in(expr: &Expr) -> Vec<&Expr> {
    let bands = inside(expr)
        .into_iter()
        .filter_map(|expr| match &expr.kind {
            ExprKind::Bands { subject, .. } => Some(&**subject),
            _ => None,
        });
    bands.collect()
}

/// Whether something in a rule is chosen row by row, of which this may be declared; of lines of which
/// the highest counts two may hold.
fn chooses(expr: &Expr, kind: ExceptionKind) -> bool {
    inside(expr).into_iter().any(|expr| match &expr.kind {
        ExprKind::FirstMatch { .. } => true,
        ExprKind::If { otherwise, .. } => matches!(otherwise.kind, ExprKind::If { .. }),
        ExprKind::Domains(_)
        | ExprKind::Block {
            quantifier: Quantifier::Max,
            ..
        } => kind == ExceptionKind::Overlap,
        _ => false,
    })
}

/// Whether lines are counted in a rule, of which this may be declared: of a number that must be
/// reached none is missing, but two may hold.
fn counts(expr: &Expr, kind: ExceptionKind) -> bool {
    inside(expr).into_iter().any(|expr| match &expr.kind {
        ExprKind::Domains(_) => true,
        ExprKind::Block { quantifier, .. } => match quantifier {
            Quantifier::Sum | Quantifier::Max | Quantifier::Count => true,
            Quantifier::AtLeast(_) | Quantifier::AtMost(_) | Quantifier::Exactly(_) => {
                kind == ExceptionKind::Overlap
            }
            _ => false,
        },
        ExprKind::Each { quantifier, .. } => *quantifier == Quantifier::Count,
        _ => false,
    })
}

/// Whether something is compared in a condition, so that it can be a border.
fn compares(when: &Expr) -> bool {
    inside(when).into_iter().any(|expr| {
        matches!(
            expr.kind,
            ExprKind::Compare { .. } | ExprKind::InRange { .. } | ExprKind::Within { .. }
        )
    })
}

/// An expression and everything in it.
fn inside(expr: &Expr) -> Vec<&Expr> {
    let mut found = Vec::new();
    let mut waiting = vec![expr];
    while let Some(expr) = waiting.pop() {
        found.push(expr);
        waiting.extend(parts(expr));
    }
    found
}
