//! Pass 3: names become positions, rules become typed, readings are attached.
//!
//! A rule that cannot be typed costs its own diagnostics and nothing else; the program is given
//! only when there are none.

mod answers;
mod bands;
mod cells;
mod chosen;
mod cond;
mod convert;
mod dates;
mod declared;
mod default;
mod each;
mod exception;
mod extent;
mod fields;
mod function;
mod hidden;
mod interval;
pub(crate) use interval::is_narrow;
mod number;
mod order;
mod periods;
mod recount;
mod remedy;
mod scale;
mod unit;
use unit::Unit;
pub(crate) use unit::unit_reading;
mod unmarked;
mod weights;

use crate::arena::Id;
use crate::calculated::Declared;
use crate::diagnostics as d;
use crate::facts::{Fact, Known};
use crate::load::Lent;
use crate::places::{self, Choice, Chosen, Counted, Places, places};
use crate::prove::hidden::Reader;
use crate::world::{Entity, Field, Judgement, Member, Rule, RuleKind, Site, UnitIndex, World};
use kohyo_dsl::ast::{self, Expr, ExprKind};
use kohyo_dsl::{Diagnostic, Span};
use kohyo_engine::program as p;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Everything of a program that comes from items; the header is the caller's.
pub(crate) struct Body {
    pub(crate) code_tables: Vec<Arc<p::CodeTable>>,
    pub(crate) functions: Vec<p::ScriptFunction>,
    pub(crate) fields: Vec<p::Field>,
    pub(crate) sections: Vec<p::Section>,
    pub(crate) definitions: Vec<p::Definition>,
    pub(crate) judgements: Vec<p::Judgement>,
    pub(crate) checks: Vec<p::Check>,
    pub(crate) exceptions: Vec<p::Exception>,
    pub(crate) origins: Origins,
    pub(crate) places: Places,
    pub(crate) former: Vec<FormerName>,
    /// Reads that are mistakes unless the program proves that the field is shown there.
    pub(crate) hidden: Vec<HiddenRead>,
    /// The types of calculated values.
    pub(crate) declared: Vec<Declared>,
    /// Findings about values that perhaps nobody has.
    pub(crate) doubts: Vec<Doubt>,
}

/// A rule reads a field, and the conditions around do not say plainly that it is shown.
pub(crate) struct HiddenRead {
    pub(crate) reader: Reader,
    pub(crate) field: p::FieldId,
    /// No condition stands around or beside it that could show the field.
    pub(crate) plain: bool,
    /// What is wrong, if it may be hidden.
    pub(crate) mistake: Diagnostic,
}

/// A value is said to be wrong, as far as the ranges and steps of items tell; the proofs look for
/// somebody who has it.
#[derive(Clone, Debug)]
pub(crate) struct Doubt {
    /// As it was reported.
    pub(crate) finding: Diagnostic,
    pub(crate) what: Doubted,
    /// The rule, if it is a definition.
    pub(crate) rule: Option<p::DefinitionId>,
    /// Whoever has the value.
    pub(crate) when: p::Cond,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Doubted {
    /// It lies in none of the bands.
    Gap,
    /// It lies in two bands.
    Overlap,
    /// So many points, and so many, count for it.
    TwoWeights(String, String),
    /// No points count for it.
    NoWeight,
}

impl Doubted {
    /// How it is declared of the lines of a rule. What is wrong with bands is asked of them.
    pub(crate) fn declared_as(&self) -> Option<p::ExceptionKind> {
        match self {
            Self::TwoWeights(..) => Some(p::ExceptionKind::Overlap),
            Self::NoWeight => Some(p::ExceptionKind::Gap),
            Self::Gap | Self::Overlap => None,
        }
    }
}

/// Which file each part of a program comes from, by position in [`crate::Compilation::files`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// For each field.
    pub fields: Vec<usize>,
    /// For each definition.
    pub definitions: Vec<usize>,
    /// For each judgement.
    pub judgements: Vec<usize>,
    /// For each check.
    pub checks: Vec<usize>,
}

/// `was old_name`: what a field was called in an older edition.
pub(crate) struct FormerName {
    /// Position in the form.
    pub(crate) field: usize,
    /// The file in which it stands.
    pub(crate) file: String,
    /// As written.
    pub(crate) written: ast::Name,
    /// On the wire: as written, and with the prefix of its module.
    pub(crate) names: Vec<String>,
}

/// Lowers everything in `world`.
pub(crate) fn lower<'a>(world: &World<'a>, diagnostics: &mut Vec<Diagnostic>) -> Body {
    let order = order::order(world, diagnostics);
    let ids = order
        .iter()
        .enumerate()
        .map(|(i, rule)| (*rule, p::DefinitionId(index(i))))
        .collect();
    let mut ctx = Ctx {
        world,
        ids,
        units: BTreeMap::new(),
        formula: Formula::default(),
        conversions: Vec::new(),
        reader: None,
        hidden: Vec::new(),
        declared: Vec::new(),
        doubts: Vec::new(),
        choices: Vec::new(),
        counts: Vec::new(),
        exceptions_of_lines: Vec::new(),
        diagnostics,
    };
    ctx.read_conversions();
    let code_tables = ctx.code_tables();
    let functions = ctx.functions();
    let mut fields = ctx.fields();
    let definitions: Vec<p::Definition> = order
        .iter()
        .filter_map(|rule| ctx.definition(*rule))
        .collect();
    ctx.formula = Formula::default();
    crate::unasked::complete(&mut fields, &code_tables, &definitions);
    let judgements: Vec<p::Judgement> = world
        .judgements
        .ids()
        .filter_map(|id| ctx.judgement(id))
        .collect();
    ctx.reader = None;
    let mut checks: Vec<p::Check> = world
        .checks
        .iter()
        .filter_map(|(unit, check)| ctx.check(*unit, check))
        .collect();
    remedy::complete(&mut checks, &fields);
    let exceptions: Vec<p::Exception> = world
        .exceptions
        .iter()
        .filter_map(|(unit, exception)| ctx.exception(*unit, exception))
        .collect();
    ctx.leave_out_declared(&exceptions);
    let sections = world
        .sections
        .iter()
        .map(|section| p::Section {
            name: section.name.text.clone(),
            label: section.label.to_owned(),
            members: ctx.members(&section.members),
        })
        .collect();
    ctx.check_ids();
    ctx.check_unmarked(&unmarked::Rules {
        fields: &fields,
        definitions: &definitions,
        judgements: &judgements,
        checks: &checks,
    });
    let hidden = std::mem::take(&mut ctx.hidden);
    let declared = std::mem::take(&mut ctx.declared);
    let doubts = std::mem::take(&mut ctx.doubts);
    let origins = ctx.origins(&order);
    let places = Places {
        choices: std::mem::take(&mut ctx.choices),
        counts: std::mem::take(&mut ctx.counts),
        exceptions_of_lines: std::mem::take(&mut ctx.exceptions_of_lines),
        ..places(world, &order)
    };
    let former = former_names(world);
    Body {
        code_tables,
        functions,
        fields,
        sections,
        definitions,
        judgements,
        checks,
        exceptions,
        origins,
        places,
        former,
        hidden,
        declared,
        doubts,
    }
}

fn former_names(world: &World<'_>) -> Vec<FormerName> {
    let was = |field: &Field<'_>| {
        field.ast.modifiers.iter().find_map(|m| match &m.kind {
            ast::ModifierKind::Was(name) => Some(name.clone()),
            _ => None,
        })
    };
    world
        .fields
        .iter()
        .filter_map(|(_, field)| {
            let written = was(field)?;
            let prefix = field
                .wire
                .strip_suffix(&field.ast.name.text)
                .unwrap_or_default();
            Some(FormerName {
                field: usize::from(field.position),
                file: world.file(field.unit).to_owned(),
                names: vec![written.text.clone(), format!("{prefix}{}", written.text)],
                written,
            })
        })
        .collect()
}

/// A position as the program writes it; programs are far smaller than 65,536 of anything.
fn index(position: usize) -> u16 {
    u16::try_from(position).unwrap_or(u16::MAX)
}

/// What is known of the formula of the rule being lowered.
#[derive(Clone, Copy, Default)]
struct Formula {
    /// Its type says its unit.
    declared: bool,
    /// It multiplies or divides by a number without unit, which may stand for a conversion.
    scaled: bool,
}

impl Formula {
    /// Whether the units of its products and quotients are whatever its author says.
    fn is_free(self) -> bool {
        self.declared && self.scaled
    }
}

/// What lowering needs everywhere.
struct Ctx<'w, 'a> {
    world: &'w World<'a>,
    ids: BTreeMap<Id<Rule<'a>>, p::DefinitionId>,
    /// Of the scores and values that were lowered, what they are counted in.
    units: BTreeMap<Id<Rule<'a>>, Unit>,
    formula: Formula,
    /// Conversions of units that are sound.
    conversions: Vec<convert::Conversion>,
    /// The rule being lowered, if it is one of which can be asked what it reads.
    reader: Option<Reader>,
    hidden: Vec<HiddenRead>,
    declared: Vec<Declared>,
    doubts: Vec<Doubt>,
    /// What the proofs look into beside the rules as wholes.
    choices: Vec<Choice>,
    counts: Vec<Counted>,
    /// Of each exception whether it is about no bands.
    exceptions_of_lines: Vec<bool>,
    diagnostics: &'w mut Vec<Diagnostic>,
}

/// Where an expression stands.
#[derive(Clone)]
struct At<'a> {
    /// Where names are looked up.
    site: Site<'a>,
    place: Place,
    /// What is known to hold here.
    facts: Known<'a>,
    /// Inside `… if shown else …`: hidden fields may be read.
    guarded: bool,
    /// Part of a number, not of a condition: what is hidden counts as a number.
    counts: bool,
}

/// The kinds of places, with what may be read there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A criterion, score, value, grade or table.
    Definition,
    /// A judgement; earlier judgements may be read.
    Judgement(usize),
    /// A check: all judgements and the state of the form may be read.
    Check,
    /// `shown when`, `required when`: the state of the form may be read.
    Form,
}

impl<'a> At<'a> {
    fn new(site: impl Into<Site<'a>>, place: Place) -> Self {
        Self {
            site: site.into(),
            place,
            facts: Known::default(),
            guarded: false,
            counts: false,
        }
    }

    fn with(&self, facts: Vec<Fact<'a>>) -> Self {
        self.with_parts(Rc::from([facts]), None)
    }

    /// Beside a condition that says nothing plainly: an alternative, or what else there is.
    fn beside(&self) -> Self {
        self.with(Vec::new())
    }

    /// Inside part `except` of a condition of which all `parts` hold.
    fn with_parts(&self, parts: Rc<[Vec<Fact<'a>>]>, except: Option<usize>) -> Self {
        Self {
            facts: self.facts.with(parts, except),
            ..self.clone()
        }
    }

    fn guarded(&self) -> Self {
        Self {
            guarded: true,
            ..self.clone()
        }
    }
}

impl<'a> Ctx<'_, 'a> {
    fn report<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.diagnostics.push(diagnostic);
        None
    }

    /// Reports what is wrong with the declaration at `about`, which is a label, at its first use alone.
    fn report_once<T>(&mut self, diagnostic: Diagnostic, about: Span) -> Option<T> {
        let same = |told: &Diagnostic| {
            told.code == diagnostic.code && told.labels.iter().any(|label| label.span == about)
        };
        if !self.diagnostics.iter().any(same) {
            self.diagnostics.push(diagnostic);
        }
        None
    }

    /// Reports a value, of which the proofs have the last word.
    fn doubt(&mut self, finding: Diagnostic, what: Doubted, when: p::Cond) {
        let rule = match self.reader {
            Some(Reader::Definition(id)) => Some(id),
            Some(Reader::Judgement(_)) | None => None,
        };
        self.diagnostics.push(finding.clone());
        self.doubts.push(Doubt {
            finding,
            what,
            rule,
            when,
        });
    }

    /// A choice of several rows, for the proofs.
    fn choice(&mut self, at: &At<'a>, expr: &Expr, of: impl FnOnce() -> Chosen) {
        let arms = places::rows(at.site.unit, expr);
        if let (Some(reader), true) = (self.reader, arms.len() > 1) {
            let of = of();
            self.choices.push(Choice { reader, of, arms });
        }
    }

    /// Conditions that are counted, for the proofs: those of these expressions, or all of one body.
    fn counted(&mut self, at: &At<'a>, conditions: &[p::Cond], lines: &[&Expr], number: bool) {
        let Some(reader) = self.reader.filter(|_| conditions.len() > 1) else {
            return;
        };
        let place = |line: &&Expr| places::Place {
            file: at.site.unit,
            span: places::condition(line).span,
        };
        let found = Counted {
            reader,
            conditions: conditions.to_vec(),
            lines: lines.iter().map(place).collect(),
            number,
        };
        if !self.counts.contains(&found) {
            self.counts.push(found);
        }
    }

    /// The file of everything lowered; complete only where every part could be.
    fn origins(&self, order: &[Id<Rule<'a>>]) -> Origins {
        let mut fields = Vec::with_capacity(self.world.fields.len());
        for section in &self.world.sections {
            crate::world::collect_fields(&section.members, &mut fields);
        }
        let judgements = self.world.judgements.ids();
        Origins {
            fields: fields
                .iter()
                .map(|id| self.world.fields[*id].unit)
                .collect(),
            definitions: order.iter().map(|id| self.world.rules[*id].unit).collect(),
            judgements: judgements
                .map(|id| self.world.judgements[id].unit)
                .collect(),
            checks: self.world.checks.iter().map(|(unit, _)| *unit).collect(),
        }
    }

    fn file(&self, at: &At<'a>) -> &'a str {
        self.world.file(at.site.unit)
    }

    /// An expression as it is written, on one line.
    fn written(&self, at: &At<'a>, expr: &Expr) -> String {
        self.words_at(at, expr.span)
    }

    /// What is written there, on one line.
    fn words_at(&self, at: &At<'a>, span: Span) -> String {
        let text = self.world.units.get(at.site.unit).map_or("", |u| u.text);
        let words = span.of(text).split_whitespace();
        words.collect::<Vec<_>>().join(" ")
    }

    /// Whether a part of an expression could not be read: what is left of it says little.
    fn is_broken(&self, at: &At<'a>, expr: &Expr) -> bool {
        let unit = self.world.units.get(at.site.unit);
        unit.is_some_and(|unit| unit.is_broken(expr.span))
    }

    /// Whether `expr` names a score or value whose rule has a mistake.
    fn is_of_mistake(&self, at: &At<'a>, expr: &Expr) -> bool {
        let Some(Entity::Rule(rule)) = self.entity(at, expr) else {
            return false;
        };
        let counted = matches!(
            self.world.rules[rule].kind,
            RuleKind::Score(_) | RuleKind::Value(_, None)
        );
        counted && !self.units.contains_key(&rule)
    }

    /// Whether `expr` stands after a `,` that cannot separate: it may belong to what is before.
    fn follows_comma(&self, at: &At<'a>, expr: &Expr) -> bool {
        let unit = self.world.units.get(at.site.unit);
        unit.is_some_and(|unit| unit.follows_comma(expr.span))
    }

    fn resolve(&mut self, at: &At<'a>, path: &ast::Path) -> Option<Entity<'a>> {
        match self.world.resolve(at.site, path) {
            Ok(entity) => Some(entity),
            Err(_) if self.world.is_through_mistaken_use(at.site.unit, path) => None,
            Err(diagnostic) => self.report(*diagnostic),
        }
    }

    /// What `expr` stands for, if it is a plain name.
    fn entity(&self, at: &At<'a>, expr: &Expr) -> Option<Entity<'a>> {
        match &expr.kind {
            ExprKind::Ref(path) => self.world.resolve(at.site, path).ok(),
            _ => None,
        }
    }

    /// Position of a field that may be read here.
    fn read(&mut self, at: &At<'a>, field: Id<Field<'a>>, expr: &Expr) -> p::FieldId {
        let needed = crate::facts::shown_facts(self.world, field);
        let safe = at.guarded
            || matches!(at.place, Place::Check | Place::Form)
            || needed.iter().all(|fact| at.facts.implies(fact));
        if !safe {
            let declared = &self.world.fields[field];
            let file = self.file(at);
            if self.world.is_lent(at.site.unit) && !self.world.is_lent(declared.unit) {
                self.diagnostics.push(d::shown_otherwise(
                    self.world.file(declared.unit),
                    declared.ast,
                    &declared.wire,
                    self.world.title(at.site.unit),
                    (file, expr.span),
                ));
                return p::FieldId(declared.position);
            }
            let other = self.world.file(declared.unit);
            let instead = at.counts.then(|| self.written(at, expr));
            let shown = self.shown_when(declared, at.site.unit);
            let read = (declared.ast, other);
            let mistake = d::hidden_read(file, expr.span, read, instead, &shown);
            // The subject of bands is read once more by each band.
            let id = p::FieldId(declared.position);
            let told = |read: &HiddenRead| {
                read.field == id
                    && read.mistake.span == mistake.span
                    && read.mistake.file == mistake.file
            };
            match self.reader {
                Some(_) if self.hidden.iter().any(told) => {}
                Some(reader) => self.hidden.push(HiddenRead {
                    reader,
                    field: id,
                    plain: at.facts.are_none(),
                    mistake,
                }),
                None => self.diagnostics.push(mistake),
            }
        }
        p::FieldId(self.world.fields[field].position)
    }

    /// 「使用薬剤1 種類」, inside a condition on that very row just 「種類」.
    fn label(&self, at: &At<'a>, field: Id<Field<'a>>) -> String {
        let field = &self.world.fields[field];
        let own = crate::reading::subject(&field.ast.label.text);
        match field.turn.and_then(|turn| at.site.around(turn)) {
            Some(Some(named)) => crate::reading::of_turn(&named.label.text, &own),
            Some(None) => own,
            None => crate::reading::subject(&field.label),
        }
    }

    fn definition(&mut self, id: Id<Rule<'a>>) -> Option<p::Definition> {
        self.reader = self.ids.get(&id).copied().map(Reader::Definition);
        self.formula = Formula::default();
        let rule = &self.world.rules[id];
        let at = At::new(rule.unit, Place::Definition);
        let kind = rule.kind;
        let lowered = match kind {
            RuleKind::Criterion(x) => p::Rule::Criterion(self.cond(&at, &x.rule)?),
            RuleKind::Score(x) => {
                let typed = self.number_rule(&at, &x.rule)?;
                self.units.insert(id, typed.unit.of_score());
                p::Rule::Number {
                    number: typed.number,
                    unit: typed.unit.name(),
                    fraction: None,
                    covered: false,
                }
            }
            RuleKind::Value(x, ty) => self.value(&at, id, x, ty)?,
            RuleKind::Threshold(x) => self.threshold(&at, x)?,
            RuleKind::Grade(x, outcomes) => self.grade(&at, &x.rule, outcomes)?,
            RuleKind::Table(table) => self.table(&at, table)?,
            RuleKind::Lent(lent) => self.lent(&at, lent)?,
        };
        Some(p::Definition {
            name: rule.full_name.clone(),
            label: kind.label().to_owned(),
            cites: cited(kind.cites()),
            rule: lowered,
        })
    }

    fn value(
        &mut self,
        at: &At<'a>,
        id: Id<Rule<'a>>,
        x: &'a ast::Definition,
        ty: Option<&ast::TypeExpr>,
    ) -> Option<p::Rule> {
        self.formula.declared = ty.is_some();
        let typed = self.number_rule(at, &x.rule);
        let Some(ty) = ty else {
            let typed = typed?;
            self.units.insert(id, typed.unit.clone());
            return Some(p::Rule::Number {
                unit: typed.unit.name(),
                number: typed.number,
                fraction: None,
                covered: false,
            });
        };
        let Some(p::FieldType::Number {
            digits,
            fraction,
            unit,
            min,
            max,
        }) = self.number_type(at, ty)?
        else {
            return self.report(d::value_type(self.file(at), ty.span));
        };
        if let Some(typed) = &typed {
            self.declared_unit(at, &x.rule, &typed.unit, ty);
        }
        let definition = self.ids.get(&id).copied();
        if let Some(definition) = definition.filter(|_| !self.world.is_lent(at.site.unit)) {
            self.declared.push(Declared {
                definition,
                file: self.file(at).to_owned(),
                span: ty.span,
                digits,
                fraction,
                min,
                max,
            });
        }
        Some(p::Rule::Number {
            number: typed?.number,
            unit,
            fraction: Some(fraction),
            covered: false,
        })
    }

    /// What is counted in a unit is declared in the same one; a pure number takes the declared one,
    /// and so does a product or quotient with a coefficient, which may stand for a conversion.
    fn declared_unit(&mut self, at: &At<'a>, rule: &Expr, unit: &Unit, ty: &ast::TypeExpr) {
        let Some(counted) = unit
            .name()
            .filter(|_| !(unit.is_derived() && self.formula.is_free()))
        else {
            return;
        };
        let declared = ty.kind.unit();
        if !Unit::of(declared).fits(unit) {
            let file = self.file(at);
            let rule = self.written(at, rule);
            self.diagnostics
                .push(d::declared_unit(file, ty.span, declared, &counted, &rule));
        }
    }

    fn grade(&mut self, at: &At<'a>, rule: &'a Expr, outcomes: &[ast::Outcome]) -> Option<p::Rule> {
        if let ExprKind::Bands { subject, bands } = &rule.kind {
            return self.grade_bands(at, rule, subject, bands, outcomes);
        }
        let ExprKind::FirstMatch { arms, otherwise } = &rule.kind else {
            return self.report(d::grade_rule(self.file(at), rule.span));
        };
        let mut lowered = Vec::new();
        let mut complete = true;
        for (result, when) in arms {
            let outcome = self.outcome(at, outcomes, result);
            match (outcome, self.cond(at, when)) {
                (Some(outcome), Some(when)) => lowered.push((when, outcome)),
                _ => complete = false,
            }
        }
        let otherwise = match otherwise {
            Some(result) => Some(self.outcome(at, outcomes, result)?),
            None => None,
        };
        let outcomes = outcomes.iter().map(lower_outcome).collect();
        complete.then_some(p::Rule::Grade {
            outcomes,
            arms: lowered,
            otherwise,
            covered: false,
        })
    }

    fn outcome(&mut self, at: &At<'a>, outcomes: &[ast::Outcome], result: &Expr) -> Option<u16> {
        let word = match &result.kind {
            ExprKind::Ref(path) => {
                return match path.names.as_slice() {
                    [name] => self.outcome_named(at, outcomes, name),
                    _ => self.report(d::outcome_expected(self.file(at), result.span, false)),
                };
            }
            // Outcomes may be called what is a value elsewhere.
            ExprKind::Bool(true) => "yes",
            ExprKind::Bool(false) => "no",
            ExprKind::Today => "today",
            ExprKind::Text(written) => {
                let labelled = |o: &&ast::Outcome| {
                    let label = o.label.as_ref();
                    label.is_some_and(|label| label.text == written.text)
                        || o.name.text == written.text
                };
                return match outcomes.iter().find(labelled) {
                    Some(o) => {
                        self.report(d::outcome_label(self.file(at), result.span, &o.name.text))
                    }
                    None => self.report(d::outcome_expected(self.file(at), result.span, false)),
                };
            }
            kind => {
                let bands = matches!(kind, ExprKind::Bands { .. } | ExprKind::If { .. });
                return self.report(d::outcome_expected(self.file(at), result.span, bands));
            }
        };
        let name = ast::Name {
            text: word.to_owned(),
            span: result.span,
        };
        self.outcome_named(at, outcomes, &name)
    }

    fn outcome_named(
        &mut self,
        at: &At<'a>,
        outcomes: &[ast::Outcome],
        name: &ast::Name,
    ) -> Option<u16> {
        match outcomes.iter().position(|o| o.name.text == name.text) {
            Some(position) => Some(index(position)),
            None => {
                let names = outcomes.iter().map(|o| {
                    let label = o.label.as_ref();
                    (o.name.text.as_str(), label.map_or("", |l| l.text.as_str()))
                });
                self.report(d::unknown_option(self.file(at), name, "区分", names))
            }
        }
    }

    /// A table is a grade whose arms are its cells, row by row.
    fn table(&mut self, at: &At<'a>, table: &'a ast::Table) -> Option<p::Rule> {
        let columns: Vec<Option<p::Cond>> =
            table.columns.iter().map(|c| self.cond(at, c)).collect();
        let mut arms = Vec::new();
        let mut complete = columns.iter().all(Option::is_some);
        for (head, cells) in &table.rows {
            let Some(row) = self.cond(at, head) else {
                complete = false;
                continue;
            };
            for (column, cell) in columns.iter().zip(cells) {
                match (column, self.outcome_named(at, &table.outcomes, cell)) {
                    (Some(column), Some(outcome)) => {
                        arms.push((within_table(&row, column), outcome));
                    }
                    _ => complete = false,
                }
            }
        }
        let outcomes = table.outcomes.iter().map(lower_outcome).collect();
        let rows: Vec<&Expr> = table.rows.iter().map(|(head, _)| head).collect();
        let columns: Vec<&Expr> = table.columns.iter().collect();
        complete.then(|| p::Rule::Grade {
            outcomes,
            arms,
            otherwise: None,
            covered: self.covers(at, &rows) && self.covers(at, &columns),
        })
    }

    /// A judgement of another disease is a grade whose outcomes are its categories.
    fn lent(&mut self, at: &At<'a>, lent: &'a Lent) -> Option<p::Rule> {
        let judgement = &lent.judgement;
        let mut arms = Vec::with_capacity(judgement.categories.len());
        let mut complete = true;
        for (position, category) in judgement.categories.iter().enumerate() {
            match self.cond(at, &category.when) {
                Some(when) => arms.push((when, index(position))),
                None => complete = false,
            }
        }
        if judgement.otherwise.is_none() {
            let last = last_category(judgement);
            return self.report(d::no_otherwise(self.file(at), judgement.name.span, last));
        }
        complete.then(|| p::Rule::Grade {
            outcomes: lent.outcomes.iter().map(lower_outcome).collect(),
            otherwise: Some(index(arms.len())),
            covered: false,
            arms,
        })
    }

    fn judgement(&mut self, id: Id<Judgement<'a>>) -> Option<p::Judgement> {
        self.reader = Some(Reader::Judgement(p::JudgementId(index(id.index()))));
        let judgement = &self.world.judgements[id];
        let ast = judgement.ast;
        let at = At::new(judgement.unit, Place::Judgement(id.index()));
        let file = self.file(&at);
        let mut eligible = Vec::new();
        for name in &ast.eligible {
            let named = judgement.categories(&name.text);
            if named.is_empty() {
                // A subtype without categories is reported as such.
                if !ast.subtypes.iter().any(|s| s.name.text == name.text) {
                    let known = judgement.option_names();
                    let known = known.iter().map(|(name, label)| (name.as_str(), *label));
                    self.diagnostics
                        .push(d::unknown_option(file, name, "区分", known));
                }
            }
            eligible.extend(named);
        }
        self.category_names(file, ast);
        if ast.eligible.is_empty() && matches!(ast.name.text.as_str(), "diagnosis" | "severity") {
            self.diagnostics.push(d::no_eligible(file, ast.name.span));
        }
        let eligible = |position: usize| eligible.contains(&index(position));
        let mut categories = Vec::new();
        for (position, category) in ast.categories.iter().enumerate() {
            let when = self.cond(&at, &category.when);
            categories.push(p::Category {
                name: category.name.text.clone(),
                label: category.label.text.clone(),
                cites: cited(&category.cites),
                when: Some(when?),
                eligible: eligible(position),
            });
        }
        let Some((name, label)) = &ast.otherwise else {
            let last = last_category(ast);
            return self.report(d::no_otherwise(file, ast.name.span, last));
        };
        categories.push(p::Category {
            name: name.text.clone(),
            label: label.text.clone(),
            cites: None,
            when: None,
            eligible: eligible(ast.categories.len()),
        });
        Some(p::Judgement {
            name: ast.name.text.clone(),
            label: ast.label.text.clone(),
            cites: cited(&ast.cites),
            ordered: ast.ordered,
            categories,
            eligible_cites: cited(&ast.eligible_cites),
        })
    }

    /// Every category has a name of its own, every subtype a category.
    fn category_names(&mut self, file: &str, ast: &'a ast::Judgement) {
        let mut first: BTreeMap<&str, kohyo_dsl::Span> = BTreeMap::new();
        let own = ast.categories.iter().map(|c| (&c.name, &c.label));
        let last = ast.otherwise.iter().map(|(name, label)| (name, label));
        for (name, label) in own.chain(last) {
            match first.get(name.text.as_str()) {
                Some(span) => {
                    self.diagnostics
                        .push(d::duplicate_category(file, name, &label.text, *span))
                }
                None => {
                    first.insert(&name.text, name.span);
                }
            }
        }
        for subtype in &ast.subtypes {
            let of = |c: &ast::Category| c.subtype.as_ref().is_some_and(|s| *s == subtype.name);
            if !ast.categories.iter().any(of) {
                self.diagnostics.push(d::empty_subtype(file, &subtype.name));
            }
        }
    }

    fn check(&mut self, unit: UnitIndex, check: &'a ast::Check) -> Option<p::Check> {
        let at = At::new(unit, Place::Check);
        let mut fields = Vec::new();
        for path in &check.at {
            let place = |f: &Id<Field<'a>>| p::FieldId(self.world.fields[*f].position);
            if let Some((_, sides)) = self.world.question(unit, path)
                && !self.world.is_known(at.site, path)
            {
                fields.extend(sides.iter().map(place));
                continue;
            }
            match self.resolve(&at, path) {
                Some(Entity::Field(field)) => {
                    fields.push(p::FieldId(self.world.fields[field].position))
                }
                Some(Entity::Repeat(repeat)) => {
                    let repeat = &self.world.repeats[repeat];
                    let sides = repeat.names.values().flatten();
                    let shown = repeat
                        .count
                        .iter()
                        .chain(sides.filter(|_| repeat.count.is_none()));
                    fields.extend(shown.map(|f| p::FieldId(self.world.fields[*f].position)));
                }
                Some(_) => self.diagnostics.push(d::not_a_field(self.file(&at), path)),
                None => {}
            }
        }
        let violated = self.cond(&at, &check.violated)?;
        (!fields.is_empty()).then(|| p::Check {
            id: check.id.text.clone(),
            level: match check.level {
                ast::Level::Error => p::Level::Error,
                ast::Level::Warning => p::Level::Warning,
                ast::Level::Information => p::Level::Information,
            },
            message: check.message.text.clone(),
            help: check.help.as_ref().map(|h| h.text.clone()),
            at: fields,
            only: check.only.map(application),
            violated,
        })
    }

    fn check_ids(&mut self) {
        let mut first: BTreeMap<&str, (UnitIndex, kohyo_dsl::Span)> = BTreeMap::new();
        for (unit, check) in &self.world.checks {
            match first.get(check.id.text.as_str()) {
                Some((known, span)) => self.diagnostics.push(d::duplicate_check(
                    self.world.file(*unit),
                    &check.id,
                    self.world.file(*known),
                    *span,
                )),
                None => {
                    first.insert(&check.id.text, (*unit, check.id.span));
                }
            }
        }
    }

    fn members(&mut self, members: &[Member<'a>]) -> Vec<p::Member> {
        members
            .iter()
            .filter_map(|member| self.member(member))
            .collect()
    }

    fn member(&mut self, member: &Member<'a>) -> Option<p::Member> {
        Some(match member {
            Member::Note(text) => p::Member::Note((*text).to_owned()),
            Member::Field(id) => p::Member::Field(p::FieldId(self.world.fields[*id].position)),
            Member::Group {
                label,
                help,
                layout,
                members,
            } => p::Member::Group {
                label: label.to_string(),
                help: help.map(str::to_owned),
                layout: *layout,
                members: self.members(members),
            },
            Member::Display(unit, path) => {
                let at = At::new(*unit, Place::Form);
                match self.resolve(&at, path)? {
                    Entity::Rule(rule) => p::Member::Display(self.ids.get(&rule).copied()?),
                    _ => return self.report(d::not_a_rule(self.file(&at), path)),
                }
            }
        })
    }
}

/// Head and column of a cell; a head that always holds says nothing.
fn within_table(row: &p::Cond, column: &p::Cond) -> p::Cond {
    let always = |cond: &p::Cond| matches!(cond.kind, p::CondKind::Const(true));
    match (always(row), always(column)) {
        (_, true) => row.clone(),
        (true, _) => column.clone(),
        _ => p::Cond {
            kind: p::CondKind::All(vec![row.clone(), column.clone()]),
            text: format!("{}、かつ{}", row.text, column.text),
        },
    }
}

/// The official sentences as one text.
fn cited(texts: &[ast::Text]) -> Option<String> {
    let texts: Vec<&str> = texts.iter().map(|text| text.text.as_str()).collect();
    (!texts.is_empty()).then(|| texts.join("／"))
}

fn lower_outcome(outcome: &ast::Outcome) -> p::Outcome {
    let label = outcome
        .label
        .as_ref()
        .map_or(&outcome.name.text, |l| &l.text);
    p::Outcome {
        name: outcome.name.text.clone(),
        label: label.clone(),
    }
}

fn application(only: ast::Only) -> p::Application {
    match only {
        ast::Only::New => p::Application::New,
        ast::Only::Renewal => p::Application::Renewal,
    }
}

/// The name and the label of the last of several categories.
fn last_category(judgement: &ast::Judgement) -> Option<(&str, &str)> {
    match judgement.categories.as_slice() {
        [_, .., last] => Some((&last.name.text, &last.label.text)),
        _ => None,
    }
}
