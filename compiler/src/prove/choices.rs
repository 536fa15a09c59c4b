//! Numbers that are chosen row by row, as grades: what is proven of a grade (no gap, no row that
//! never counts, no value in two rows) is then proven of a score as well.

use crate::places::{DefinitionPlace, Reading};
use kohyo_engine::program::{
    Cond, CondKind, Definition, DefinitionId, Index, Number, NumberKind, Outcome, Rule,
};
use kohyo_engine::{Program, outline};

/// The numbers chosen by `first match` or in a table, each as a grade with the same rows or cells.
pub(super) fn chosen(
    program: &Program,
    places: &[DefinitionPlace],
) -> Vec<(DefinitionId, Definition)> {
    let numbers = (0..=u16::MAX).map(DefinitionId).zip(&program.definitions);
    numbers
        .zip(places)
        .filter(|(_, place)| !place.arms.is_empty())
        .filter_map(|((id, definition), place)| match &definition.rule {
            Rule::Number {
                number, covered, ..
            } => {
                let rule = grade(number, place.arms.len(), place.reading, *covered)?;
                let name = format!("={}", definition.name);
                let label = definition.label.clone();
                let grade = Definition {
                    name,
                    label,
                    cites: None,
                    rule,
                };
                Some((id, grade))
            }
            Rule::Criterion(_) | Rule::Grade { .. } => None,
        })
        .collect()
}

/// The grade with the rows or cells of a number that is chosen in so many of them.
fn grade(number: &Number, arms: usize, reading: Reading, covered: bool) -> Option<Rule> {
    match reading {
        Reading::Ordered => ordered(&number.kind, arms, covered),
        Reading::Cells => table(number, arms),
    }
}

/// The grade with so many rows of a number.
pub(super) fn ordered(number: &NumberKind, rows: usize, covered: bool) -> Option<Rule> {
    let mut outcomes: Vec<&Number> = Vec::new();
    let mut arms: Vec<(Cond, Index)> = Vec::with_capacity(rows);
    let (mut rest, mut last): (&NumberKind, Option<&Number>) = (number, None);
    for _ in 0..rows {
        let NumberKind::If(condition, then, otherwise) = rest else {
            return None;
        };
        arms.push(((**condition).clone(), position(&mut outcomes, then)?));
        (rest, last) = (&otherwise.kind, Some(&**otherwise));
    }
    let otherwise = match last {
        Some(last) if last.kind != NumberKind::Nothing => Some(position(&mut outcomes, last)?),
        _ => None,
    };
    Some(Rule::Grade {
        outcomes: named(outcomes),
        arms,
        otherwise,
        covered,
    })
}

/// The grade with the cells of a table of numbers.
fn table(number: &Number, cells: usize) -> Option<Rule> {
    let mut outcomes: Vec<&Number> = Vec::new();
    let mut arms: Vec<(Cond, Index)> = Vec::with_capacity(cells);
    for (row, columns) in outline::cases(number) {
        for (column, cell) in outline::cases(columns) {
            let text = format!("{}、かつ{}", row.text, column.text);
            let kind = CondKind::All(vec![row.clone(), column.clone()]);
            arms.push((Cond { kind, text }, position(&mut outcomes, cell)?));
        }
    }
    (arms.len() == cells).then(|| Rule::Grade {
        outcomes: named(outcomes),
        arms,
        otherwise: None,
        covered: is_covered(number),
    })
}

/// Whether compiling knows that the rows and columns of a table hold every value there is.
fn is_covered(number: &Number) -> bool {
    match &number.kind {
        NumberKind::Nothing => false,
        NumberKind::If(_, then, otherwise) => is_covered(then) && is_covered(otherwise),
        _ => true,
    }
}

fn named(outcomes: Vec<&Number>) -> Vec<Outcome> {
    outcomes
        .into_iter()
        .map(|number| Outcome {
            name: number.text.clone(),
            label: number.text.clone(),
        })
        .collect()
}

fn position<'n>(outcomes: &mut Vec<&'n Number>, number: &'n Number) -> Option<Index> {
    position_of(outcomes, number, |one, two| one.kind == two.kind)
}

/// Where a result stands among the outcomes; it is added if none is the same.
pub(super) fn position_of<'n, T>(
    outcomes: &mut Vec<&'n T>,
    result: &'n T,
    same: impl Fn(&T, &T) -> bool,
) -> Option<Index> {
    let known = outcomes.iter().position(|known| same(known, result));
    let position = known.unwrap_or_else(|| {
        outcomes.push(result);
        outcomes.len() - 1
    });
    Index::try_from(position).ok()
}
