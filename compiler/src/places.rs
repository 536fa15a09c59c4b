//! Where in the text the parts of a program stand, so that what is said of the program can
//! underline the author's words; and what is chosen or counted inside of rules, which the program
//! itself does not tell from its surroundings.

use crate::arena::Id;
use crate::prove::hidden::Reader;
use crate::visit::{parts, rule_expressions};
use crate::world::{Rule, RuleKind, UnitIndex, World};
use kohyo_dsl::Span;
use kohyo_dsl::ast::{Expr, ExprKind, Name, Quantifier};
use kohyo_engine::program::{Cond, CondKind, NumberKind};

/// A place in one of the files of a compilation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Position in [`crate::Compilation::files`].
    pub(crate) file: usize,
    pub(crate) span: Span,
}

/// The places of one program; every list is in the order of the program.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// The names of the fields.
    pub(crate) fields: Vec<Place>,
    pub(crate) definitions: Vec<DefinitionPlace>,
    pub(crate) judgements: Vec<JudgementPlace>,
    /// The ids of the checks.
    pub(crate) checks: Vec<Place>,
    /// What the exceptions are about.
    pub(crate) exceptions: Vec<Place>,
    /// Whether each of them is about no bands, but about lines or rows.
    pub(crate) exceptions_of_lines: Vec<bool>,
    /// Every `first match` and `if` with several rows, wherever it stands in a rule.
    pub(crate) choices: Vec<Choice>,
    /// Every list of conditions that are counted, wherever it stands in a rule.
    pub(crate) counts: Vec<Counted>,
}

/// A `first match` or `if` with several rows; of rows and sides there is one for each.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Choice {
    /// The rule in which it stands.
    pub(crate) reader: Reader,
    pub(crate) of: Chosen,
    /// The conditions of the rows.
    pub(crate) arms: Vec<Place>,
}

/// What is chosen, as it stands in the program.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Chosen {
    Number(NumberKind),
    Condition(CondKind),
}

/// Conditions that are counted: `at least 2 of { … }`, `count of { … }`, `count of labs { … }`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Counted {
    /// The rule in which they stand.
    pub(crate) reader: Reader,
    pub(crate) conditions: Vec<Cond>,
    /// Of each condition, or the one of all rows or sides.
    pub(crate) lines: Vec<Place>,
    /// A number comes out, not a condition.
    pub(crate) number: bool,
}

/// The places of a definition.
#[derive(Clone, Debug, Default)]
pub(crate) struct DefinitionPlace {
    /// Its name.
    pub(crate) name: Place,
    pub(crate) reading: Reading,
    /// For each arm of a grade or of a number its condition, for each cell of a table the cell.
    pub(crate) arms: Vec<Place>,
    /// For each group of lines that are added up (or of which the highest counts) the condition of
    /// each line: the members of a sum or count, of each domain.
    pub(crate) lines: Vec<Vec<Place>>,
    /// It came with a judgement of another disease, where it is proven and tried.
    pub(crate) lent: bool,
    /// Bands stand in it: what is declared of those is looked into where they are read.
    pub(crate) bands: bool,
    /// A `threshold`: on days before its first period it has no value, as everybody can read.
    pub(crate) dated: bool,
}

/// How the arms of a grade are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Reading {
    /// From top to bottom: the first that holds counts.
    #[default]
    Ordered,
    /// Cells of a table: just one of them should hold.
    Cells,
}

/// The places of a judgement.
#[derive(Clone, Debug, Default)]
pub(crate) struct JudgementPlace {
    /// Its name.
    pub(crate) name: Place,
    /// For each category its name.
    pub(crate) categories: Vec<Place>,
    /// `first match`: the categories are meant to be read from top to bottom and may overlap.
    pub(crate) ordered: bool,
}

/// Finds the places of everything in `world`; rules stand in this order in the program.
pub(crate) fn places<'a>(world: &World<'a>, order: &[Id<Rule<'a>>]) -> Places {
    let mut fields = vec![Place::default(); world.fields.len()];
    for id in world.fields.ids() {
        let field = &world.fields[id];
        if let Some(slot) = fields.get_mut(usize::from(field.position)) {
            *slot = at(field.unit, &field.ast.name);
        }
    }
    let judgements = world.judgements.ids().map(|id| {
        let judgement = &world.judgements[id];
        let names = judgement.ast.categories.iter().map(|c| &c.name);
        let last = judgement.ast.otherwise.as_ref().map(|(name, _)| name);
        JudgementPlace {
            name: at(judgement.unit, &judgement.ast.name),
            categories: names
                .chain(last)
                .map(|name| at(judgement.unit, name))
                .collect(),
            ordered: judgement.ast.ordered,
        }
    });
    Places {
        fields,
        definitions: order
            .iter()
            .map(|id| definition(world, &world.rules[*id]))
            .collect(),
        judgements: judgements.collect(),
        checks: world
            .checks
            .iter()
            .map(|(unit, check)| at(*unit, &check.id))
            .collect(),
        exceptions: world
            .exceptions
            .iter()
            .map(|(file, exception)| Place {
                file: *file,
                span: exception.when.span,
            })
            .collect(),
        exceptions_of_lines: Vec::new(),
        choices: Vec::new(),
        counts: Vec::new(),
    }
}

fn definition(world: &World<'_>, rule: &Rule<'_>) -> DefinitionPlace {
    let (reading, arms) = match rule.kind {
        RuleKind::Table(table) => {
            let cells = table.rows.iter().flat_map(|(_, cells)| cells);
            (
                Reading::Cells,
                cells.map(|cell| at(rule.unit, cell)).collect(),
            )
        }
        RuleKind::Grade(definition, _) => (Reading::Ordered, arms(rule.unit, &definition.rule)),
        RuleKind::Lent(lent) => {
            let names = lent.judgement.categories.iter().map(|c| &c.name);
            let arms = names.map(|name| at(rule.unit, name)).collect();
            (Reading::Ordered, arms)
        }
        RuleKind::Score(definition) | RuleKind::Value(definition, _)
            if matches!(definition.rule.kind, ExprKind::FirstMatch { .. }) =>
        {
            (Reading::Ordered, arms(rule.unit, &definition.rule))
        }
        RuleKind::Score(definition) if matches!(definition.rule.kind, ExprKind::Cells { .. }) => {
            (Reading::Cells, arms(rule.unit, &definition.rule))
        }
        RuleKind::Score(definition) | RuleKind::Value(definition, _)
            if matches!(definition.rule.kind, ExprKind::If { .. }) =>
        {
            let chain = chain(rule.unit, &definition.rule);
            // One condition leaves nothing to order.
            let several = chain.len() > 1;
            (Reading::Ordered, if several { chain } else { Vec::new() })
        }
        RuleKind::Criterion(_)
        | RuleKind::Score(_)
        | RuleKind::Value(..)
        | RuleKind::Threshold(_) => (Reading::Ordered, Vec::new()),
    };
    DefinitionPlace {
        name: at(rule.unit, rule.kind.name()),
        reading,
        arms,
        lines: lines(rule),
        lent: world.is_lent(rule.unit),
        bands: rule_expressions(rule.kind).into_iter().any(has_bands),
        dated: matches!(rule.kind, RuleKind::Threshold(_)),
    }
}

/// Whether there are bands in an expression.
fn has_bands(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Bands { .. }) || parts(expr).into_iter().any(has_bands)
}

/// What is counted in a score or value.
fn lines(rule: &Rule<'_>) -> Vec<Vec<Place>> {
    let (RuleKind::Score(definition) | RuleKind::Value(definition, _)) = rule.kind else {
        return Vec::new();
    };
    let lines = |members: &[Expr]| {
        let members = members.iter().map(|member| Place {
            file: rule.unit,
            span: condition(member).span,
        });
        members.collect()
    };
    match &definition.rule.kind {
        ExprKind::Block {
            quantifier: Quantifier::Sum | Quantifier::Max | Quantifier::Count,
            members,
        } => vec![lines(members)],
        ExprKind::Domains(domains) => domains.iter().map(|d| lines(&d.members)).collect(),
        _ => Vec::new(),
    }
}

/// The condition of `8 when …`, every other expression itself.
pub(crate) fn condition(member: &Expr) -> &Expr {
    match &member.kind {
        ExprKind::Labelled(_, inner) => condition(inner),
        ExprKind::Points { when, .. } => when,
        _ => member,
    }
}

/// The conditions of the rows of `first match` or `if … then … else if …`.
pub(crate) fn rows(file: UnitIndex, expr: &Expr) -> Vec<Place> {
    match &expr.kind {
        ExprKind::FirstMatch { .. } => arms(file, expr),
        _ => chain(file, expr),
    }
}

/// The conditions of `if … then … else if …`.
fn chain(file: UnitIndex, rule: &Expr) -> Vec<Place> {
    let mut found = Vec::new();
    let mut rest = rule;
    while let ExprKind::If {
        condition,
        otherwise,
        ..
    } = &rest.kind
    {
        found.push(Place {
            file,
            span: condition.span,
        });
        rest = otherwise;
    }
    found
}

fn arms(file: UnitIndex, rule: &Expr) -> Vec<Place> {
    match &rule.kind {
        ExprKind::FirstMatch { arms, .. } => arms
            .iter()
            .map(|(_, when)| Place {
                file,
                span: when.span,
            })
            .collect(),
        ExprKind::Cells { rows, .. } => rows
            .iter()
            .flat_map(|(_, cells)| cells)
            .map(|cell| Place {
                file,
                span: cell.span,
            })
            .collect(),
        ExprKind::Bands { bands, .. } => bands
            .iter()
            .map(|band| Place {
                file,
                span: band.when.span,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn at(file: UnitIndex, name: &Name) -> Place {
    Place {
        file,
        span: name.span,
    }
}
