//! Conditions.

use super::{At, Ctx, Place, application, index};
use crate::arena::Id;
use crate::diagnostics as d;
use crate::facts::{facts_of, hidable_fields};
use crate::places::Chosen;
use crate::reading;
use crate::world::{CodeTable, Entity, Field, Judgement, Rule, RuleKind, categories, option_names};
use kohyo_dsl::Diagnostic;
use kohyo_dsl::ast::{self, Expr, ExprKind, Quantifier, TypeKind};
use kohyo_engine::program as p;
use kohyo_engine::program::{Cond, CondKind, CountOp};
use std::rc::Rc;

impl<'a> Ctx<'_, 'a> {
    /// Lowers `expr` as a condition; nothing if it was reported.
    pub(super) fn cond(&mut self, at: &At<'a>, expr: &'a Expr) -> Option<Cond> {
        if at.counts {
            let counts = false;
            let at = &At {
                counts,
                ..at.clone()
            };
            return self.cond(at, expr);
        }
        match &expr.kind {
            ExprKind::Bool(value) => Some(new(
                CondKind::Const(*value),
                if *value { "常に" } else { "該当なし" },
            )),
            ExprKind::Application(only) => {
                let text = match only {
                    ast::Only::New => "新規申請",
                    ast::Only::Renewal => "更新申請",
                };
                Some(new(CondKind::Application(application(*only)), text))
            }
            ExprKind::Not(inner) => {
                let inner = self.cond(at, inner)?;
                let text = match inner.kind {
                    CondKind::Criterion(_) => reading::not_met(&inner.text),
                    _ => reading::not(&inner.text),
                };
                Some(new(CondKind::Not(Box::new(inner)), text))
            }
            ExprKind::And(parts) => {
                if let Some(found) = self.constant_joined(at, "and", parts) {
                    return self.report(found);
                }
                self.all(at, parts).map(|all| said(all, reading::both))
            }
            ExprKind::Or(parts) => {
                let constant = self.constant_joined(at, "or", parts);
                if let Some(found) = constant.or_else(|| self.code_alone(at, parts)) {
                    return self.report(found);
                }
                let any = self.block(&at.beside(), Quantifier::Any, parts, expr)?;
                Some(said(any, reading::or))
            }
            ExprKind::Unless(holds, except) => {
                let (a, b) = (self.cond(at, holds), self.cond(at, except));
                let (a, b) = (a?, b?);
                let text = reading::unless(&a.text, &b.text);
                let proviso = reading::proviso(&b.text);
                let not = new(CondKind::Not(Box::new(b)), proviso);
                Some(new(CondKind::All(vec![a, not]), text))
            }
            ExprKind::Block {
                quantifier: Quantifier::All,
                members,
            } => self.all(at, members),
            ExprKind::Block {
                quantifier,
                members,
            } => self.block(at, *quantifier, members, expr),
            ExprKind::Each { .. } => self.each_cond(at, expr),
            ExprKind::Labelled(label, inner) => {
                let inner = self.cond(at, inner)?;
                let text = reading::called(&label.text, &inner.text);
                Some(Cond { text, ..inner })
            }
            ExprKind::Compare { left, op, right } => self.compare(at, left, *op, right),
            ExprKind::InRange {
                subject,
                low,
                high,
                ends,
            } => self.in_range(at, subject, low, high, *ends),
            ExprKind::Is {
                subject,
                negated,
                options,
            } => match self.world.compared_question(at.site, expr) {
                Some((path, other)) => self.same_answer(at, subject, *negated, (&path, other)),
                None => self.is(at, subject, *negated, options),
            },
            ExprKind::Includes {
                quantifier: Quantifier::Count,
                ..
            } => self.report(d::condition_expected(self.file(at), expr.span)),
            ExprKind::Includes {
                subject,
                quantifier,
                options,
            } => self.includes(at, subject, *quantifier, options, expr),
            ExprKind::Answered { subject, negated } => self.answered(at, subject, *negated, expr),
            ExprKind::Differs { ticked, judgement } => self.differs(at, ticked, judgement),
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => {
                let found = self.cond_if(at, condition, then, otherwise)?;
                self.choice(at, expr, || Chosen::Condition(found.kind.clone()));
                Some(found)
            }
            ExprKind::FirstMatch { arms, otherwise } => {
                let found = self.first_match_cond(at, arms, otherwise.as_deref(), expr)?;
                self.choice(at, expr, || Chosen::Condition(found.kind.clone()));
                Some(found)
            }
            ExprKind::TreatUnknown { condition, as_yes } => {
                let condition = self.cond(at, condition)?;
                let text = reading::treated(&condition.text, *as_yes);
                Some(new(
                    CondKind::TreatUnknown {
                        condition: Box::new(condition),
                        as_yes: *as_yes,
                    },
                    text,
                ))
            }
            ExprKind::IfShown {
                expr: inner,
                otherwise,
            } => {
                let ExprKind::Bool(otherwise) = otherwise.kind else {
                    return self.report(d::shown_else_yes_no(self.file(at), otherwise.span));
                };
                let fields = self.hidable(at, inner);
                let condition = self.cond(&at.guarded(), inner)?;
                let text = reading::if_shown(&condition.text, otherwise);
                Some(new(
                    CondKind::IfShown {
                        fields,
                        condition: Box::new(condition),
                        otherwise,
                    },
                    text,
                ))
            }
            ExprKind::Within {
                subject,
                length,
                side,
                of,
            } => self.within(at, subject, *length, *side, of),
            ExprKind::Ref(path) => self.cond_ref(at, path),
            ExprKind::Number(_)
            | ExprKind::Length(_)
            | ExprKind::Cells { .. }
            | ExprKind::Date(_)
            | ExprKind::Text(_)
            | ExprKind::Today
            | ExprKind::Points { .. }
            | ExprKind::BetterSide { .. }
            | ExprKind::Bands { .. }
            | ExprKind::Domains(_)
            | ExprKind::Arithmetic { .. }
            | ExprKind::Negative(_)
            | ExprKind::Call { .. }
            | ExprKind::Age { .. }
            | ExprKind::Calendar { .. }
            | ExprKind::Elapsed { .. } => {
                self.report(d::condition_expected(self.file(at), expr.span))
            }
        }
    }

    pub(super) fn hidable(&self, at: &At<'a>, expr: &'a Expr) -> Vec<p::FieldId> {
        let fields = hidable_fields(self.world, at.site, expr);
        fields
            .into_iter()
            .map(|f| p::FieldId(self.world.fields[f].position))
            .collect()
    }

    /// Members of a conjunction; each may rely on what the others say.
    fn all(&mut self, at: &At<'a>, members: &'a [Expr]) -> Option<Cond> {
        let facts = members.iter().map(|m| facts_of(self.world, at.site, m));
        let facts: Rc<[_]> = facts.collect();
        let mut lowered = Vec::with_capacity(members.len());
        let mut complete = true;
        for (i, member) in members.iter().enumerate() {
            let inside = at.with_parts(Rc::clone(&facts), Some(i));
            match self.cond(&inside, member) {
                Some(cond) => lowered.push(cond),
                None => complete = false,
            }
        }
        complete.then(|| new(CondKind::All(lowered), reading::ALL))
    }

    fn block(
        &mut self,
        at: &At<'a>,
        quantifier: Quantifier,
        members: &'a [Expr],
        expr: &Expr,
    ) -> Option<Cond> {
        let (op, n) = match quantifier {
            Quantifier::AtLeast(n) => (CountOp::AtLeast, n),
            Quantifier::AtMost(n) => (CountOp::AtMost, n),
            Quantifier::Exactly(n) => (CountOp::Exactly, n),
            Quantifier::Any => (CountOp::AtLeast, 1),
            Quantifier::None => (CountOp::AtMost, 0),
            Quantifier::All
            | Quantifier::Count
            | Quantifier::Sum
            | Quantifier::Max
            | Quantifier::Min
            | Quantifier::Earliest
            | Quantifier::Latest => {
                return self.report(d::condition_expected(self.file(at), expr.span));
            }
        };
        if n as usize > members.len() {
            self.diagnostics.push(d::count_too_large(
                self.file(at),
                expr.span,
                n,
                members.len(),
            ));
        }
        let conds = self.conds(at, members)?;
        // Of one that is enough it does not matter whether another holds as well.
        if !matches!((op, n), (CountOp::AtLeast, 0 | 1) | (_, 0)) {
            let lines: Vec<&Expr> = members.iter().collect();
            self.counted(at, &conds, &lines, false);
        }
        Some(match quantifier {
            Quantifier::Any => new(CondKind::Any(conds), reading::ANY),
            Quantifier::None => {
                let any = new(CondKind::Any(conds), reading::ANY);
                new(CondKind::Not(Box::new(any)), reading::NONE)
            }
            _ => new(CondKind::Count { of: conds, op, n }, reading::count(op, n)),
        })
    }

    /// All members as conditions, or nothing if one was reported (after all were looked at).
    pub(super) fn conds(&mut self, at: &At<'a>, members: &'a [Expr]) -> Option<Vec<Cond>> {
        let lowered: Vec<Option<Cond>> = members.iter().map(|m| self.cond(at, m)).collect();
        lowered.into_iter().collect()
    }

    fn cond_ref(&mut self, at: &At<'a>, path: &'a ast::Path) -> Option<Cond> {
        let file = self.file(at);
        match self.resolve(at, path)? {
            Entity::Rule(rule) => match self.world.rules[rule].kind {
                RuleKind::Criterion(_) => {
                    let id = self.ids.get(&rule).copied()?;
                    Some(new(
                        CondKind::Criterion(id),
                        self.world.rules[rule].kind.label(),
                    ))
                }
                kind => self.report(d::rule_is_no_condition(file, path, kind)),
            },
            Entity::Field(field) => {
                let field = &self.world.fields[field];
                let codes = field.table.map(|t| self.world.tables[t].codes);
                self.report(d::field_is_no_condition(file, path, field.ast, codes))
            }
            Entity::Judgement(judgement) => {
                let judgement = &self.world.judgements[judgement];
                self.report(d::judgement_is_no_condition(
                    file,
                    path,
                    judgement.names().next(),
                ))
            }
            Entity::Repeat(id) => {
                let repeat = self.world.repeats[id].ast;
                self.report(d::repeat_is_no_value(file, path, repeat))
            }
            Entity::Table(_) => self.report(d::not_a_value(file, path)),
        }
    }

    fn is(
        &mut self,
        at: &At<'a>,
        subject: &'a Expr,
        negated: bool,
        options: &'a [ast::Name],
    ) -> Option<Cond> {
        let file = self.file(at);
        let ExprKind::Ref(path) = &subject.kind else {
            return self.report(match self.each_is(at, subject, negated, options) {
                Some(meant) => d::is_of_several(file, subject.span, &meant),
                None => d::is_needs_name(file, subject.span),
            });
        };
        let compared = d::Compared {
            option: options.first(),
            negated,
        };
        let cond = match self.resolve(at, path)? {
            Entity::Field(field) => self.is_code(at, subject, (path, field), options, &compared)?,
            Entity::Rule(rule) => self.is_outcome(at, path, rule, options, &compared)?,
            Entity::Judgement(id) => self.is_category(at, path, id, options)?,
            Entity::Repeat(id) => {
                let repeat = self.world.repeats[id].ast;
                return self.report(d::repeat_is_no_value(file, path, repeat));
            }
            Entity::Table(_) => return self.report(d::not_a_value(file, path)),
        };
        if !negated {
            return Some(cond);
        }
        let text = reading::not(&cond.text);
        Some(new(CondKind::Not(Box::new(cond)), text))
    }

    /// `tremor is present`: a question with one answer has one of these codes.
    fn is_code(
        &mut self,
        at: &At<'a>,
        subject: &'a Expr,
        (path, field): (&'a ast::Path, Id<Field<'a>>),
        options: &'a [ast::Name],
        compared: &d::Compared<'_>,
    ) -> Option<Cond> {
        let declared = &self.world.fields[field];
        let ty = &declared.ast.ty.kind;
        let single = matches!(ty, TypeKind::Choice(_) | TypeKind::Named(_));
        let (true, Some(table)) = (single, declared.table) else {
            // A table that could not be resolved has been reported at the field.
            let named = matches!(ty, TypeKind::Named(_) | TypeKind::ChoicesOf(_));
            if !named || declared.table.is_some() {
                let file = self.file(at);
                let found = d::is_needs_choice(file, path, declared.ast, compared);
                return self.report(found);
            }
            return None;
        };
        let table = &self.world.tables[table];
        let codes = self.codes(at, table, options)?;
        let labels: Vec<&str> = codes
            .iter()
            .filter_map(|c| table.codes.get(usize::from(*c)))
            .map(|c| c.label.text.as_str())
            .collect();
        let text = reading::is_one_of(&self.label(at, field), &labels);
        let field = self.read(at, field, subject);
        Some(new(CondKind::Code { field, codes }, text))
    }

    /// `stage is severe`: a grade, a table or the judgement of another disease came to one of these
    /// outcomes.
    fn is_outcome(
        &mut self,
        at: &At<'a>,
        path: &'a ast::Path,
        rule: Id<Rule<'a>>,
        options: &'a [ast::Name],
        compared: &d::Compared<'_>,
    ) -> Option<Cond> {
        let kind = self.world.rules[rule].kind;
        let Some(known) = kind.outcomes() else {
            return self.report(d::is_on_rule(self.file(at), path, kind, compared));
        };
        let mut outcomes = Vec::new();
        for option in options {
            match kind {
                RuleKind::Lent(lent) => {
                    outcomes.extend(self.categories_named(at, &lent.judgement, option)?);
                }
                _ => outcomes.push(self.outcome_named(at, known, option)?),
            }
        }
        let labels: Vec<&str> = outcomes
            .iter()
            .filter_map(|i| known.get(usize::from(*i)))
            .map(|o| o.label.as_ref().map_or(&*o.name.text, |l| &*l.text))
            .collect();
        let text = reading::is_one_of(&reading::subject(kind.label()), &labels);
        let definition = self.ids.get(&rule).copied()?;
        let kind = CondKind::Grade {
            definition,
            outcomes,
        };
        Some(new(kind, text))
    }

    /// `diagnosis is definite`: a judgement that may be read here came to one of these categories.
    fn is_category(
        &mut self,
        at: &At<'a>,
        path: &'a ast::Path,
        id: Id<Judgement<'a>>,
        options: &'a [ast::Name],
    ) -> Option<Cond> {
        let readable = match at.place {
            Place::Check => true,
            Place::Judgement(own) => id.index() < own,
            Place::Definition | Place::Form => false,
        };
        if !readable {
            return self.report(d::judgement_not_readable(self.file(at), path));
        }
        let judgement = &self.world.judgements[id];
        let mut categories = Vec::new();
        for option in options {
            categories.extend(self.categories_named(at, judgement.ast, option)?);
        }
        let labels: Vec<&str> = categories.iter().map(|c| judgement.label(*c)).collect();
        let text = reading::is_one_of(&reading::subject(&judgement.ast.label.text), &labels);
        let kind = CondKind::Category {
            judgement: p::JudgementId(index(id.index())),
            categories,
        };
        Some(new(kind, text))
    }

    /// `x is yes or no`: the constant was meant as a code, or nothing was meant by it.
    fn constant_joined(&self, at: &At<'a>, joiner: &str, parts: &'a [Expr]) -> Option<Diagnostic> {
        let constant = |part: &Expr| match part.kind {
            ExprKind::Bool(value) => Some(value),
            _ => None,
        };
        let (before, part) = parts.windows(2).find_map(|pair| match pair {
            [before, part] if constant(part).is_some() => Some((before, part)),
            _ => None,
        })?;
        let value = constant(part)?;
        let meant = self.code_too(at, before, if value { "yes" } else { "no" });
        let meant = meant.map(|meant| (before.span.to(part.span), meant));
        let joined = (joiner, value);
        Some(d::constant_joined(self.file(at), part.span, joined, meant))
    }

    /// `x in { a; b }` for `x is a` and another code `b` of the same question.
    fn code_too(&self, at: &At<'a>, before: &'a Expr, code: &str) -> Option<String> {
        let ExprKind::Is {
            subject,
            negated,
            options,
        } = &before.kind
        else {
            return None;
        };
        let known = self.options_of(self.entity(at, subject)?);
        let mut names: Vec<&str> = options.iter().map(|name| name.text.as_str()).collect();
        if names.contains(&code) || !known.iter().any(|(_, known)| known == code) {
            return None;
        }
        names.push(code);
        let not = if *negated { "not " } else { "" };
        let subject = self.written(at, subject);
        Some(format!("{subject} {not}in {{ {} }}", names.join("; ")))
    }

    /// `x is a or b`: the code stands without what it is a code of.
    fn code_alone(&self, at: &At<'a>, parts: &'a [Expr]) -> Option<Diagnostic> {
        let (first, rest) = parts.split_first()?;
        let ExprKind::Is {
            subject,
            negated,
            options,
        } = &first.kind
        else {
            let (_, rest) = parts.split_first()?;
            return self.code_alone(at, rest);
        };
        let known = self.options_of(self.entity(at, subject)?);
        let alone = |part: &&Expr| {
            let name = bare_name(part).filter(|_| self.entity(at, part).is_none());
            name.is_some_and(|name| known.iter().any(|(_, known)| *known == name.text))
        };
        let more: Vec<&Expr> = rest.iter().take_while(alone).collect();
        let Some(last) = more.last() else {
            return self.code_alone(at, rest);
        };
        let names = options
            .iter()
            .chain(more.iter().filter_map(|e| bare_name(e)));
        let names: Vec<&str> = names.map(|name| name.text.as_str()).collect();
        let not = if *negated { "not " } else { "" };
        let subject = self.written(at, subject);
        let meant = format!("{subject} {not}in {{ {} }}", names.join("; "));
        let written = bare_name(more.first()?)?;
        let span = first.span.to(last.span);
        Some(d::code_alone(self.file(at), written, span, meant))
    }

    /// The names that can stand after `is` of something, with the values that codes have.
    pub(super) fn options_of(&self, entity: Entity<'a>) -> Vec<(&'a str, String)> {
        let judged = |judgement| {
            let names = option_names(judgement).into_iter();
            names.map(|(name, _)| ("", name)).collect()
        };
        match entity {
            Entity::Field(field) => {
                let table = self.world.fields[field].table;
                let codes = table.map_or(&[][..], |table| self.world.tables[table].codes);
                let codes = codes.iter();
                codes
                    .map(|code| (code.value.text.as_str(), code.name.text.clone()))
                    .collect()
            }
            Entity::Rule(rule) => match self.world.rules[rule].kind {
                RuleKind::Lent(lent) => judged(&lent.judgement),
                kind => {
                    let outcomes = kind.outcomes().unwrap_or_default().iter();
                    outcomes.map(|o| ("", o.name.text.clone())).collect()
                }
            },
            Entity::Judgement(judgement) => judged(self.world.judgements[judgement].ast),
            Entity::Table(_) | Entity::Repeat(_) => Vec::new(),
        }
    }

    /// The categories of a judgement that `option` means.
    fn categories_named(
        &mut self,
        at: &At<'a>,
        judgement: &ast::Judgement,
        option: &ast::Name,
    ) -> Option<Vec<u16>> {
        let found = categories(judgement, &option.text);
        if !found.is_empty() {
            return Some(found);
        }
        let known = option_names(judgement);
        let known = known.iter().map(|(name, label)| (name.as_str(), *label));
        self.report(d::unknown_option(self.file(at), option, "区分", known))
    }

    pub(super) fn codes(
        &mut self,
        at: &At<'a>,
        table: &CodeTable<'a>,
        options: &[ast::Name],
    ) -> Option<Vec<u16>> {
        let mut found = Vec::with_capacity(options.len());
        let mut complete = true;
        for option in options {
            match table.codes.iter().position(|c| c.name.text == option.text) {
                Some(position) => found.push(index(position)),
                None => {
                    let names = table.codes.iter();
                    // `is 1` means the code with this value.
                    let numbered = option.text.starts_with(|c: char| c.is_ascii_digit());
                    let names = names.map(|c| match numbered {
                        true => (c.name.text.as_str(), c.value.text.as_str()),
                        false => (c.name.text.as_str(), c.label.text.as_str()),
                    });
                    self.diagnostics.push(d::unknown_option(
                        self.file(at),
                        option,
                        "コード",
                        names,
                    ));
                    complete = false;
                }
            }
        }
        complete.then_some(found)
    }

    /// `(a or b) is present`, `any of { a; b } is present` with the code beside every name.
    fn each_is(
        &self,
        at: &At<'a>,
        subject: &Expr,
        negated: bool,
        options: &[ast::Name],
    ) -> Option<String> {
        let ([option], false) = (options, negated) else {
            return None;
        };
        let (parts, quantifier) = match &subject.kind {
            ExprKind::Or(parts) => (parts, " or "),
            ExprKind::And(parts) => (parts, " and "),
            ExprKind::Block {
                quantifier: Quantifier::Any,
                members,
            } => (members, " or "),
            ExprKind::Block {
                quantifier: Quantifier::All,
                members,
            } => (members, " and "),
            _ => return None,
        };
        let named = |part: &Expr| {
            let name = matches!(part.kind, ExprKind::Ref(_)).then(|| self.written(at, part));
            name.map(|name| format!("{name} is {}", option.text))
        };
        let parts: Option<Vec<String>> = parts.iter().map(named).collect();
        Some(parts?.join(quantifier))
    }

    fn answered(
        &mut self,
        at: &At<'a>,
        subject: &'a Expr,
        negated: bool,
        expr: &Expr,
    ) -> Option<Cond> {
        let file = self.file(at);
        if !matches!(at.place, Place::Check | Place::Form) {
            return self.report(d::answered_in_rule(file, expr.span));
        }
        let Some(Entity::Field(field)) = self.entity(at, subject) else {
            return self.report(d::is_needs_name(file, subject.span));
        };
        let id = self.read(at, field, subject);
        let label = self.label(at, field);
        let cond = new(CondKind::Answered(id), format!("{label}が記入されている"));
        if !negated {
            return Some(cond);
        }
        Some(new(
            CondKind::Not(Box::new(cond)),
            format!("{label}が未記入"),
        ))
    }

    /// `ticked differs from diagnosis`: some code is ticked while its category does not hold.
    fn differs(
        &mut self,
        at: &At<'a>,
        ticked: &'a ast::Path,
        judgement: &'a ast::Path,
    ) -> Option<Cond> {
        let file = self.file(at);
        let (Entity::Field(field), Entity::Judgement(id)) =
            (self.resolve(at, ticked)?, self.resolve(at, judgement)?)
        else {
            return self.report(d::differs_needs(file, ticked.span.to(judgement.span)));
        };
        if at.place != Place::Check {
            return self.report(d::judgement_not_readable(file, judgement));
        }
        let declared = &self.world.fields[field];
        let judged = &self.world.judgements[id];
        let Some(table) = declared.table.map(|t| &self.world.tables[t]) else {
            return self.report(d::is_needs_choice(
                file,
                ticked,
                declared.ast,
                &d::Compared::default(),
            ));
        };
        let expr = Expr {
            kind: ExprKind::Ref(ticked.clone()),
            span: ticked.span,
        };
        let field_id = self.read(at, field, &expr);
        let mut arms = Vec::new();
        for (position, code) in table.codes.iter().enumerate().filter(|(_, c)| !c.unknown) {
            let Some(category) = judged.category(&code.name.text) else {
                return self.report(d::differs_code(
                    file,
                    ticked,
                    &code.name.text,
                    judged.names(),
                ));
            };
            let judgement = p::JudgementId(index(id.index()));
            let label = judged.label(category);
            let is = new(
                CondKind::Category {
                    judgement,
                    categories: vec![category],
                },
                format!("機械判定が「{label}」"),
            );
            let not = new(
                CondKind::Not(Box::new(is)),
                format!("機械判定が「{label}」ではない"),
            );
            let ticked = CondKind::Code {
                field: field_id,
                codes: vec![index(position)],
            };
            let ticked = new(
                ticked,
                reading::is_one_of(&self.label(at, field), &[&code.label.text]),
            );
            arms.push(new(CondKind::All(vec![ticked, not]), reading::ALL));
        }
        let text = format!("記入された{}と機械判定が異なる", self.label(at, field));
        Some(new(CondKind::Any(arms), text))
    }

    fn cond_if(
        &mut self,
        at: &At<'a>,
        condition: &'a Expr,
        then: &'a Expr,
        otherwise: &'a Expr,
    ) -> Option<Cond> {
        let inside = at.with(facts_of(self.world, at.site, condition));
        let condition = self.cond(at, condition);
        let then = self.cond(&inside, then);
        let otherwise = match &otherwise.kind {
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => self.cond_if(at, condition, then, otherwise),
            _ => self.cond(at, otherwise),
        };
        let (condition, then, otherwise) = (condition?, then?, otherwise?);
        let text = reading::if_else(&condition.text, &then.text, &otherwise.text);
        Some(new(
            CondKind::If(Box::new(condition), Box::new(then), Box::new(otherwise)),
            text,
        ))
    }

    fn first_match_cond(
        &mut self,
        at: &At<'a>,
        arms: &'a [(Expr, Expr)],
        otherwise: Option<&'a Expr>,
        expr: &Expr,
    ) -> Option<Cond> {
        let Some(otherwise) = otherwise else {
            return self.report(d::no_last_condition(self.file(at), expr.span));
        };
        let mut result = self.cond(at, otherwise);
        let mut told = reading::otherwise(result.as_ref().map_or("", |r| r.text.as_str()));
        for (then, when) in arms.iter().rev() {
            let inside = at.with(facts_of(self.world, at.site, when));
            let (when, then) = (self.cond(at, when), self.cond(&inside, then));
            result = match (when, then, result) {
                (Some(when), Some(then), Some(rest)) => {
                    told = reading::first_match(&when.text, &then.text, &told);
                    Some(new(
                        CondKind::If(Box::new(when), Box::new(then), Box::new(rest)),
                        told.as_str(),
                    ))
                }
                _ => None,
            };
        }
        result
    }
}

/// The name that an expression consists of.
pub(super) fn bare_name(expr: &Expr) -> Option<&ast::Name> {
    match &expr.kind {
        ExprKind::Ref(path) => match path.names.as_slice() {
            [name] => Some(name),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn new(kind: CondKind, text: impl Into<String>) -> Cond {
    Cond {
        kind,
        text: text.into(),
    }
}

/// A condition joined by words, read in one sentence if it is short.
fn said(mut cond: Cond, joined: fn(&[&str]) -> String) -> Cond {
    if let CondKind::All(parts) | CondKind::Any(parts) = &cond.kind {
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        cond.text = joined(&texts);
    }
    cond
}
