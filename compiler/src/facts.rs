//! What is known to hold where a field is read, so that a hidden field is never read by mistake.
//!
//! A field with `shown when` may be read only where the condition around it implies that it is
//! shown. Here the words of the conditions are compared: conjunctions are taken apart, criteria
//! opened, and `x is a` implies `x in { a; b }`. Of what is not said so plainly the solver is asked
//! once the program is made (`prove/hidden.rs`).

use crate::arena::Id;
use crate::visit;
use crate::world::{Entity, Field, Repeat, Rule, RuleKind, Site, Turn, World};
use kohyo_dsl::ast::{
    Code, CompareOp, Expr, ExprKind, ModifierKind, Only, Path, Quantifier, RowName,
};
use kohyo_engine::Decimal;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Something known to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fact<'a> {
    /// A choice, grade or judgement is (or is not) one of these.
    Is {
        entity: Entity<'a>,
        options: BTreeSet<&'a str>,
        negated: bool,
    },
    /// A number is at least this.
    AtLeast(Entity<'a>, Decimal),
    /// The application is of this kind.
    Application(Only),
    /// A condition, word by word, with where its names are looked up.
    Source(Site<'a>, String),
}

/// What is known to hold at a place, from the innermost condition outwards. Cheap to copy.
#[derive(Clone, Default)]
pub(crate) struct Known<'a>(Option<Rc<Layer<'a>>>);

/// What one condition around a place says.
struct Layer<'a> {
    /// The facts of each of its parts.
    parts: Rc<[Vec<Fact<'a>>]>,
    /// The part in which the place itself lies: it is not known yet.
    except: Option<usize>,
    outer: Known<'a>,
}

impl<'a> Known<'a> {
    /// More is known: everything that `parts` say, without the part `except`.
    pub(crate) fn with(&self, parts: Rc<[Vec<Fact<'a>>]>, except: Option<usize>) -> Self {
        Self(Some(Rc::new(Layer {
            parts,
            except,
            outer: self.clone(),
        })))
    }

    /// Whether no condition is around.
    pub(crate) fn are_none(&self) -> bool {
        self.0.is_none()
    }

    /// Whether something known implies the needed fact.
    pub(crate) fn implies(&self, needed: &Fact<'_>) -> bool {
        let mut at = self;
        while let Some(layer) = &at.0 {
            let mut parts = layer.parts.iter().enumerate();
            if parts.any(|(i, part)| layer.except != Some(i) && implies(part, needed)) {
                return true;
            }
            at = &layer.outer;
        }
        false
    }
}

/// So many criteria are opened; a condition that opens more must say itself what it relies on.
const MOST_OPENED: usize = 64;

/// Everything that holds when `expr` does.
pub(crate) fn facts_of<'a>(world: &World<'a>, site: Site<'a>, expr: &'a Expr) -> Vec<Fact<'a>> {
    let mut search = Search::new(world);
    search.open(site, expr);
    search.facts
}

/// What holds when a comparison of a question with codes does not, though the answer is known: it is
/// one of the other codes. Nothing of other conditions.
pub(crate) fn opposite<'a>(world: &World<'a>, site: Site<'a>, expr: &Expr) -> Option<Fact<'a>> {
    let ExprKind::Is {
        subject,
        negated,
        options,
    } = &expr.kind
    else {
        return None;
    };
    let entity = entity_of(world, site, subject)?;
    let Entity::Field(field) = entity else {
        return None;
    };
    let named = |code: &&Code| options.iter().any(|option| option.text == code.name.text);
    let codes = world.tables[world.fields[field].table?].codes.iter();
    let left = codes.filter(|code| !code.unknown && named(code) == *negated);
    Some(Fact::Is {
        entity,
        options: left.map(|code| code.name.text.as_str()).collect(),
        negated: false,
    })
}

/// Whether two facts cannot both hold.
pub(crate) fn contradict(one: &Fact<'_>, other: &Fact<'_>) -> bool {
    match (one, other) {
        (
            Fact::Is {
                entity: a,
                options: one,
                negated: not_one,
            },
            Fact::Is {
                entity: b,
                options: other,
                negated: not_other,
            },
        ) if a == b => match (not_one, not_other) {
            (false, false) => one.is_disjoint(other),
            (false, true) => one.is_subset(other),
            (true, false) => other.is_subset(one),
            (true, true) => false,
        },
        _ => false,
    }
}

/// What must hold for a field to be shown.
pub(crate) fn shown_facts<'a>(world: &World<'a>, field: Id<Field<'a>>) -> Vec<Fact<'a>> {
    let field = &world.fields[field];
    let mut search = Search::new(world);
    search
        .facts
        .extend(field.turn.and_then(|turn| exists(world, turn)));
    for (site, modifier) in field.modifiers() {
        match &modifier.kind {
            ModifierKind::ShownWhen(condition) => search.open(site, condition),
            ModifierKind::NewOnly => search.facts.push(Fact::Application(Only::New)),
            ModifierKind::RenewalOnly => search.facts.push(Fact::Application(Only::Renewal)),
            _ => {}
        }
    }
    search.facts
}

/// That a row exists; nothing for what always does.
pub(crate) fn exists<'a>(world: &World<'a>, turn: Turn<'a>) -> Option<Fact<'a>> {
    let (count, needed) = world.repeats[turn.repeat].needs(turn.index)?;
    Some(Fact::AtLeast(Entity::Field(count), needed.into()))
}

/// Whether the known facts imply the needed one.
pub(crate) fn implies(known: &[Fact<'_>], needed: &Fact<'_>) -> bool {
    known.iter().any(|fact| match (fact, needed) {
        (
            Fact::Is {
                entity: a,
                options: has,
                negated: not_has,
            },
            Fact::Is {
                entity: b,
                options: wants,
                negated: not_wants,
            },
        ) => {
            a == b
                && match (not_has, not_wants) {
                    (false, false) => has.is_subset(wants),
                    (false, true) => has.is_disjoint(wants),
                    (true, true) => wants.is_subset(has),
                    (true, false) => false,
                }
        }
        (Fact::AtLeast(a, known), Fact::AtLeast(b, needed)) => a == b && known >= needed,
        _ => fact == needed,
    })
}

/// Facts, and the criteria from which more may follow.
struct Search<'w, 'a> {
    world: &'w World<'a>,
    facts: Vec<Fact<'a>>,
    /// Criteria opened already: each is opened once, however many others read it.
    opened: BTreeSet<Id<Rule<'a>>>,
    waiting: Vec<(Site<'a>, &'a Expr)>,
}

impl<'w, 'a> Search<'w, 'a> {
    fn new(world: &'w World<'a>) -> Self {
        Self {
            world,
            facts: Vec::new(),
            opened: BTreeSet::new(),
            waiting: Vec::new(),
        }
    }

    /// Adds what `expr` says, and what the criteria it names say.
    fn open(&mut self, site: Site<'a>, expr: &'a Expr) {
        self.collect(site, expr);
        while let Some((site, expr)) = self.waiting.pop() {
            self.collect(site, expr);
        }
    }

    fn collect(&mut self, site: Site<'a>, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::And(parts)
            | ExprKind::Block {
                quantifier: Quantifier::All,
                members: parts,
            } => {
                for part in parts {
                    self.collect(site, part);
                }
            }
            ExprKind::Unless(holds, _) => self.collect(site, holds),
            ExprKind::Labelled(_, inner) => self.collect(site, inner),
            ExprKind::TreatUnknown {
                condition,
                as_yes: false,
            } => self.collect(site, condition),
            ExprKind::Application(only) => self.facts.push(Fact::Application(*only)),
            ExprKind::Is { .. } if self.world.compared_question(site, expr).is_some() => {
                self.facts.push(source(self.world, site, expr));
            }
            ExprKind::Is {
                subject,
                negated,
                options,
            } => {
                if let Some(entity) = entity_of(self.world, site, subject) {
                    let options = options.iter().map(|o| o.text.as_str()).collect();
                    self.facts.push(Fact::Is {
                        entity,
                        options,
                        negated: *negated,
                    });
                }
            }
            ExprKind::Ref(_) => {
                if let Some(Entity::Rule(rule)) = entity_of(self.world, site, expr)
                    && let RuleKind::Criterion(definition) = self.world.rules[rule].kind
                    && self.opened.len() < MOST_OPENED
                    && self.opened.insert(rule)
                {
                    self.waiting
                        .push((self.world.rules[rule].unit.into(), &definition.rule));
                }
                self.facts.push(source(self.world, site, expr));
            }
            ExprKind::Compare { left, op, right } => {
                self.facts
                    .extend(at_least(self.world, site, left, *op, right));
                self.facts.push(source(self.world, site, expr));
            }
            ExprKind::InRange { subject, low, .. } => {
                let entity = entity_of(self.world, site, subject);
                let low = Decimal::from_str_exact(&low.digits).ok();
                self.facts
                    .extend(entity.zip(low).map(|(e, low)| Fact::AtLeast(e, low)));
                self.facts.push(source(self.world, site, expr));
            }
            ExprKind::Each { quantifier, of, .. } => {
                self.facts
                    .extend(rows_exist(self.world, site, *quantifier, of));
                self.facts.push(source(self.world, site, expr));
            }
            _ => self.facts.push(source(self.world, site, expr)),
        }
    }
}

/// `x >= 3`, `x > 3`, `x = 3`, and the same with the sides exchanged.
fn at_least<'a>(
    world: &World<'a>,
    site: Site<'a>,
    left: &Expr,
    op: CompareOp,
    right: &Expr,
) -> Option<Fact<'a>> {
    let (subject, number) = match (&left.kind, op, &right.kind) {
        (
            ExprKind::Ref(_),
            CompareOp::GreaterEqual | CompareOp::Greater | CompareOp::Equal,
            ExprKind::Number(number),
        ) => (left, number),
        (
            ExprKind::Number(number),
            CompareOp::LessEqual | CompareOp::Less | CompareOp::Equal,
            ExprKind::Ref(_),
        ) => (right, number),
        _ => return None,
    };
    let least = Decimal::from_str_exact(&number.digits).ok()?;
    // Rows are counted in whole numbers.
    let more = match op {
        CompareOp::Greater | CompareOp::Less => Decimal::ONE,
        _ => Decimal::ZERO,
    };
    let entity = entity_of(world, site, subject)?;
    let whole = matches!(entity, Entity::Field(f) if is_integer(world, f));
    let more = if whole { more } else { Decimal::ZERO };
    Some(Fact::AtLeast(entity, least.checked_add(more)?))
}

fn is_integer<'a>(world: &World<'a>, field: Id<Field<'a>>) -> bool {
    matches!(
        world.fields[field].ast.ty.kind,
        kohyo_dsl::ast::TypeKind::Integer { .. }
    )
}

/// `any of drugs { … }` says that there is a row, `at least 2 of drugs { … }` that there are two.
fn rows_exist<'a>(
    world: &World<'a>,
    site: Site<'a>,
    quantifier: Quantifier,
    of: &Path,
) -> Option<Fact<'a>> {
    let rows = match quantifier {
        Quantifier::Any => 1,
        Quantifier::AtLeast(n) | Quantifier::Exactly(n) => n,
        _ => return None,
    };
    let Ok(Entity::Repeat(repeat)) = world.resolve(site, of) else {
        return None;
    };
    let count = world.repeats[repeat].count?;
    Some(Fact::AtLeast(Entity::Field(count), rows.into()))
}

fn entity_of<'a>(world: &World<'a>, site: Site<'a>, expr: &Expr) -> Option<Entity<'a>> {
    match &expr.kind {
        ExprKind::Ref(path) => world.resolve(site, path).ok(),
        _ => None,
    }
}

fn source<'a>(world: &World<'a>, site: Site<'a>, expr: &Expr) -> Fact<'a> {
    let text = world
        .units
        .get(site.unit)
        .map_or("", |u| expr.span.of(u.text));
    Fact::Source(site, text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The fields of `expr` that are not always shown. A row that is read only where it exists does
/// not count as hidden.
pub(crate) fn hidable_fields<'a>(
    world: &World<'a>,
    site: Site<'a>,
    expr: &'a Expr,
) -> Vec<Id<Field<'a>>> {
    let mut search = Hidable {
        world,
        rows: Vec::new(),
        found: Vec::new(),
    };
    search.expr(site, expr);
    search.found
}

struct Hidable<'w, 'a> {
    world: &'w World<'a>,
    /// What is known of the rows around.
    rows: Vec<Fact<'a>>,
    found: Vec<Id<Field<'a>>>,
}

impl<'a> Hidable<'_, 'a> {
    fn expr(&mut self, site: Site<'a>, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Each {
                quantifier,
                of,
                named,
                body,
            } => self.each(site, *quantifier, of, named.as_ref(), body),
            ExprKind::BetterSide { field, .. } => {
                if let Some((_, fields)) = self.world.question(site.unit, field) {
                    fields.iter().for_each(|field| self.field(*field));
                }
            }
            // What is hidden inside has its own way out.
            ExprKind::IfShown { .. } => {}
            _ => {
                if let Some(Entity::Field(field)) = entity_of(self.world, site, expr) {
                    self.field(field);
                }
                if let Some((_, other)) = self.world.compared_question(site, expr) {
                    self.field(other);
                }
                for part in visit::parts(expr) {
                    self.expr(site, part);
                }
            }
        }
    }

    fn each(
        &mut self,
        site: Site<'a>,
        quantifier: Quantifier,
        of: &Path,
        named: Option<&'a RowName>,
        body: &'a Expr,
    ) {
        let Ok(Entity::Repeat(repeat)) = self.world.resolve(site, of) else {
            return;
        };
        let declared: &Repeat<'a> = &self.world.repeats[repeat];
        if let Some(count) = declared.count {
            self.field(count);
        }
        // Where the rows are not asked for, the question how many there are is hidden, too.
        let around = self.rows.len();
        let shown = declared.count.map(|count| shown_facts(self.world, count));
        self.rows.extend(shown.into_iter().flatten());
        // The largest of no rows is nothing: the first row is read whether it exists or not.
        let needed = matches!(
            quantifier,
            Quantifier::Max | Quantifier::Min | Quantifier::Earliest | Quantifier::Latest
        );
        for (place, turn) in self.world.turns(site, repeat).enumerate() {
            let Some(inside) = site.inside(turn, named) else {
                continue;
            };
            let known = self.rows.len();
            if !(needed && place == 0) {
                self.rows.extend(exists(self.world, turn));
            }
            self.expr(inside, body);
            self.rows.truncate(known);
        }
        self.rows.truncate(around);
    }

    fn field(&mut self, field: Id<Field<'a>>) {
        let needed = shown_facts(self.world, field);
        let hidable = needed.iter().any(|fact| !implies(&self.rows, fact));
        if hidable && !self.found.contains(&field) {
            self.found.push(field);
        }
    }
}
