//! Tables of numbers: `table points "点数" : score { … }`.

use super::number::{Typed, typed};
use super::unit::Unit;
use super::{At, Ctx};
use crate::diagnostics as d;
use crate::reading;
use kohyo_dsl::ast::Expr;
use kohyo_engine::program::{Cond, Number, NumberKind};

impl<'a> Ctx<'_, 'a> {
    /// The number in the cell whose row and column hold; none if no cell does.
    pub(super) fn cells(
        &mut self,
        at: &At<'a>,
        columns: &'a [Expr],
        rows: &'a [(Expr, Vec<Expr>)],
    ) -> Option<Typed> {
        let heads: Vec<Option<Cond>> = columns.iter().map(|head| self.cond(at, head)).collect();
        let heads: Option<Vec<Cond>> = heads.into_iter().collect();
        // Where some column holds whatever is answered, the last one is all that remains.
        let covered = self.covers(at, &columns.iter().collect::<Vec<_>>());
        let mut unit = None;
        let mut lowered = Vec::with_capacity(rows.len());
        let mut complete = heads.is_some();
        for (head, numbers) in rows {
            let row = self.cond(at, head);
            match (row, self.row_of_cells(at, numbers, &mut unit)) {
                (Some(row), Some(numbers)) => {
                    let heads = heads.iter().flatten().cloned();
                    lowered.push((row, choice(heads.zip(numbers).collect(), covered)));
                }
                _ => complete = false,
            }
        }
        let unit = unit.filter(|_| complete)?;
        let covered = self.covers(at, &rows.iter().map(|(head, _)| head).collect::<Vec<_>>());
        let number = choice(lowered, covered);
        Some(typed(number.kind, number.text, unit))
    }

    /// The numbers of a row, all in one unit.
    fn row_of_cells(
        &mut self,
        at: &At<'a>,
        numbers: &'a [Expr],
        unit: &mut Option<Unit>,
    ) -> Option<Vec<Number>> {
        let mut cells = Vec::with_capacity(numbers.len());
        for written in numbers {
            let cell = self.number(at, written)?;
            let first = unit.get_or_insert_with(|| cell.unit.clone());
            if !cell.unit.fits(first) {
                let (unit, other) = (first.name(), cell.unit.name());
                let file = self.file(at);
                self.diagnostics
                    .push(d::unit_mismatch(file, written.span, unit, other));
            }
            cells.push(cell.number);
        }
        Some(cells)
    }
}

/// The number whose condition holds; the last one if one of them surely does.
fn choice(cases: Vec<(Cond, Number)>, covered: bool) -> Number {
    let last = cases.last().filter(|_| covered);
    let mut rest = last.map_or_else(super::dates::nothing, |(_, last)| last.clone());
    for (when, number) in cases.into_iter().rev() {
        rest = Number {
            kind: NumberKind::If(Box::new(when), Box::new(number), Box::new(rest)),
            text: reading::TABLE.to_owned(),
        };
    }
    rest
}
