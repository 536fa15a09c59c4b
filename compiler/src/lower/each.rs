//! Rows and sides in rules: the condition or number once for each.
//!
//! A row that does not exist contributes nothing: it is no row for which a condition holds, no row
//! for which it fails, and it adds nothing to a sum. The engine knows nothing of rows; what it
//! gets are conditions and numbers about fields.

use super::cond::new;
use super::dates::Day;
use super::number::{Typed, typed};
use super::{At, Ctx};
use crate::arena::Id;
use crate::diagnostics as d;
use crate::facts;
use crate::reading;
use crate::suggest::{Meant, nearest};
use crate::world::{Entity, Field, Repeat, Turn};
use kohyo_dsl::ast::{self, Expr, ExprKind, ModifierKind, Quantifier, TypeKind};
use kohyo_dsl::{Diagnostic, Span};
use kohyo_engine::Decimal;
use kohyo_engine::program as p;
use kohyo_engine::program::{Cond, CondKind, CountOp, Number, NumberKind};

/// What is read once for each row or side.
#[derive(Clone, Copy)]
struct Block<'a> {
    repeat: Id<Repeat<'a>>,
    /// What the one at hand is called inside.
    named: Option<&'a ast::RowName>,
    body: &'a Expr,
}

impl<'a> Block<'a> {
    /// What the row or side at hand is called in the reading.
    fn called(&self) -> Option<&'a str> {
        self.named.map(|named| named.label.text.as_str())
    }
}

/// Of `any of drugs as first { … }`: how it joins them, the rows or sides, what the one at hand is
/// called, and the block.
fn parts_of(expr: &Expr) -> Option<(Quantifier, &ast::Path, Option<&ast::RowName>, &Expr)> {
    let ExprKind::Each {
        quantifier,
        of,
        named,
        body,
    } = &expr.kind
    else {
        return None;
    };
    Some((*quantifier, of, named.as_ref(), body))
}

impl<'a> Ctx<'_, 'a> {
    /// `any of drugs { … }`: what it reads, and how.
    fn each(&mut self, at: &At<'a>, expr: &'a Expr) -> Option<(Quantifier, Block<'a>)> {
        let (quantifier, of, named, body) = parts_of(expr)?;
        let repeat = self.repeat(at, of)?;
        let Some(first) = self.world.turns(at.site, repeat).next() else {
            return self.report(d::no_other_row(self.file(at), of));
        };
        if at.site.inside(first, None).is_none() {
            return self.report(d::repeats_too_deep(self.file(at), of));
        }
        let block = Block {
            repeat,
            named,
            body,
        };
        Some((quantifier, block))
    }

    /// `any of drugs { … }` as a condition.
    pub(super) fn each_cond(&mut self, at: &At<'a>, expr: &'a Expr) -> Option<Cond> {
        let (quantifier, block) = self.each(at, expr)?;
        let (op, n) = match quantifier {
            Quantifier::AtLeast(n) => (CountOp::AtLeast, n),
            Quantifier::AtMost(n) => (CountOp::AtMost, n),
            Quantifier::Exactly(n) => (CountOp::Exactly, n),
            Quantifier::All => return self.every(at, block),
            Quantifier::Any => (CountOp::AtLeast, 1),
            Quantifier::None => (CountOp::AtMost, 0),
            Quantifier::Count
            | Quantifier::Sum
            | Quantifier::Max
            | Quantifier::Min
            | Quantifier::Earliest
            | Quantifier::Latest => {
                return self.report(d::condition_expected(self.file(at), expr.span));
            }
        };
        let turns = self.world.turns(at.site, block.repeat).count();
        if n as usize > turns {
            let file = self.file(at);
            self.diagnostics
                .push(d::count_too_large(file, expr.span, n, turns));
        }
        let (conds, what) = self.turns_that_hold(at, block)?;
        let names = self.names(at, block.repeat);
        let text = reading::each(&names, block.called(), quantifier, &what);
        Some(match quantifier {
            Quantifier::Any => new(CondKind::Any(conds), text),
            Quantifier::None => {
                let holds = reading::each(&names, block.called(), Quantifier::Any, &what);
                let any = new(CondKind::Any(conds), holds);
                new(CondKind::Not(Box::new(any)), text)
            }
            _ => new(CondKind::Count { of: conds, op, n }, text),
        })
    }

    /// `all of drugs { … }`: no row exists that lacks it.
    fn every(&mut self, at: &At<'a>, block: Block<'a>) -> Option<Cond> {
        let mut conds = Vec::new();
        let mut what = None;
        let mut complete = true;
        for turn in self.world.turns(at.site, block.repeat) {
            let inside = self.inside(at, turn, block.named)?;
            let exists = self.read_row(at, turn, block.body);
            let Some(holds) = self.cond(&inside, block.body) else {
                complete = false;
                continue;
            };
            what.get_or_insert_with(|| holds.text.clone());
            let text = reading::in_turn(&self.turn_label(turn), &holds.text);
            conds.push(match exists {
                None => Cond { text, ..holds },
                Some(exists) => {
                    let none = new(CondKind::Const(true), "行がない");
                    let kind = CondKind::If(Box::new(exists), Box::new(holds), Box::new(none));
                    new(kind, text)
                }
            });
        }
        let names = self.names(at, block.repeat);
        let text = reading::each(&names, block.called(), Quantifier::All, &what?);
        complete.then(|| new(CondKind::All(conds), text))
    }

    /// For each row or side that it exists and `body` holds there; and what `body` says.
    fn turns_that_hold(&mut self, at: &At<'a>, block: Block<'a>) -> Option<(Vec<Cond>, String)> {
        let mut conds = Vec::new();
        let mut what = None;
        let mut complete = true;
        for turn in self.world.turns(at.site, block.repeat) {
            let inside = self.inside(at, turn, block.named)?;
            let exists = self.read_row(at, turn, block.body);
            let Some(holds) = self.cond(&inside, block.body) else {
                complete = false;
                continue;
            };
            what.get_or_insert_with(|| holds.text.clone());
            let text = reading::in_turn(&self.turn_label(turn), &holds.text);
            conds.push(match exists {
                None => Cond { text, ..holds },
                Some(exists) => new(CondKind::All(both(exists, holds)), text),
            });
        }
        complete.then_some((conds, what?))
    }

    /// `sum of drugs { … }` and its like as a number.
    pub(super) fn each_number(&mut self, at: &At<'a>, expr: &'a Expr) -> Option<Typed> {
        let (quantifier, block) = self.each(at, expr)?;
        match quantifier {
            Quantifier::Count => {
                let (conds, what) = self.turns_that_hold(at, block)?;
                self.counted(at, &conds, &[block.body], true);
                let names = self.names(at, block.repeat);
                let text = reading::each(&names, block.called(), quantifier, &what);
                Some(super::number::whole(
                    NumberKind::Count(conds),
                    text,
                    super::unit::Unit::None,
                ))
            }
            Quantifier::Sum | Quantifier::Max | Quantifier::Min => {
                self.turns_counted(at, quantifier, block, expr)
            }
            _ => self.report(d::number_expected(self.file(at), expr.span)),
        }
    }

    fn turns_counted(
        &mut self,
        at: &At<'a>,
        quantifier: Quantifier,
        block: Block<'a>,
        expr: &Expr,
    ) -> Option<Typed> {
        let Block {
            repeat,
            named,
            body,
        } = block;
        let first = self.world.turns(at.site, repeat).next()?;
        let largest = matches!(quantifier, Quantifier::Max | Quantifier::Min);
        if largest {
            self.some_row(at, first, expr, d::largest_of_no_rows)?;
        }
        let mut numbers: Vec<Number> = Vec::new();
        let mut unit = None;
        let mut what = String::new();
        for turn in self.world.turns(at.site, repeat) {
            let inside = self.inside(at, turn, named)?;
            let exists = self.read_row(at, turn, body);
            let number = self.number(&inside, body)?;
            if turn == first {
                what.clone_from(&number.number.text);
                unit = Some(number.unit.clone());
            }
            // What stands for a row that does not exist.
            let instead = match numbers.first() {
                Some(first) if largest => Some(first.clone()),
                None if largest => None,
                _ => Some(Number {
                    kind: NumberKind::Const(Decimal::ZERO),
                    text: "0".to_owned(),
                }),
            };
            let text = reading::of_turn(&self.turn_label(turn), &number.number.text);
            let number = Number {
                text,
                ..number.number
            };
            numbers.push(match (exists, instead) {
                (Some(exists), Some(instead)) => Number {
                    text: number.text.clone(),
                    kind: NumberKind::If(Box::new(exists), Box::new(number), Box::new(instead)),
                },
                _ => number,
            });
        }
        let kind = match quantifier {
            Quantifier::Max => NumberKind::Max(numbers),
            Quantifier::Min => NumberKind::Min(numbers),
            _ => NumberKind::Sum(numbers),
        };
        let names = self.names(at, repeat);
        let text = reading::each(&names, block.called(), quantifier, &what);
        Some(typed(kind, text, unit?))
    }

    /// That there is a row where the largest or earliest of all is read: of no rows it is nothing.
    fn some_row(
        &mut self,
        at: &At<'a>,
        first: Turn<'a>,
        expr: &Expr,
        without: fn(&str, Span, &ast::Repeat, &str) -> Diagnostic,
    ) -> Option<()> {
        match facts::exists(self.world, first) {
            Some(needed) if !at.guarded && !at.facts.implies(&needed) => {
                let set = &self.world.repeats[first.repeat];
                let rows = set.needs(first.index);
                let rows = rows.map_or_else(String::new, |(_, rows)| rows.to_string());
                let file = self.file(at);
                self.report(without(file, expr.span, set.ast, &rows))
            }
            _ => Some(()),
        }
    }

    /// `latest of tests { taken }`: the date of each row where there is such a row; what they are
    /// called together.
    pub(super) fn each_day(&mut self, at: &At<'a>, expr: &'a Expr) -> Option<(Vec<Day>, String)> {
        let (quantifier, block) = self.each(at, expr)?;
        let first = self.world.turns(at.site, block.repeat).next()?;
        self.some_row(at, first, expr, d::latest_of_no_rows)?;
        let mut days = Vec::new();
        let mut what = String::new();
        for turn in self.world.turns(at.site, block.repeat) {
            let inside = self.inside(at, turn, block.named)?;
            let exists = self.read_row(at, turn, block.body);
            let mut day = self.day(&inside, block.body)?;
            if turn == first {
                what.clone_from(&day.text);
            }
            day.called(|text| reading::of_turn(&self.turn_label(turn), text));
            days.push(day.in_row(exists.filter(|_| turn != first).as_ref()));
        }
        let names = self.names(at, block.repeat);
        let text = reading::each(&names, block.called(), quantifier, &what);
        Some((days, text))
    }

    /// `better acuity`, `worse acuity`: the largest or smallest answer of the sides.
    pub(super) fn better_side(
        &mut self,
        at: &At<'a>,
        better: bool,
        path: &'a ast::Path,
        expr: &'a Expr,
    ) -> Option<Typed> {
        let file = self.file(at);
        let world = self.world;
        let found = world.question(at.site.unit, path);
        let Some((repeat, fields)) = found else {
            return self.report(
                match (world.resolve(at.site, path), path.names.as_slice()) {
                    (Err(_), [name]) => {
                        let sides = world.repeats.iter().filter(|(_, r)| r.count.is_none());
                        let known = sides.flat_map(|(_, r)| r.names.keys().copied());
                        d::unknown_name(file, name, nearest(&name.text, known).map(Meant::Name))
                    }
                    (Err(diagnostic), _) => *diagnostic,
                    (Ok(_), _) => d::no_sides(file, path),
                },
            );
        };
        let first = fields.first().map(|f| world.fields[*f].ast)?;
        if world.repeats[repeat].count.is_some() {
            return self.report(d::no_sides(file, path));
        }
        let Some(higher) = better_of(first) else {
            let other = world.file(world.repeats[repeat].unit);
            return self.report(d::better_unsaid(file, path, other, first));
        };
        let sides: Vec<Option<Typed>> = fields
            .iter()
            .map(|field| self.number_of_field(at, *field, path, expr))
            .collect();
        let mut sides: Vec<Typed> = sides.into_iter().collect::<Option<_>>()?;
        let numbers = sides.iter().map(|s| s.number.clone()).collect();
        let kind = if better == higher {
            NumberKind::Max(numbers)
        } else {
            NumberKind::Min(numbers)
        };
        let label = &world.repeats[repeat].ast.label.text;
        let text = reading::side(better, label, &first.label.text);
        let number = Number { kind, text };
        Some(Typed {
            number,
            ..sides.swap_remove(0)
        })
    }

    /// `better higher` only where it means something.
    pub(super) fn check_better(&mut self, at: &At<'a>, field: &Field<'a>) {
        let world = self.world;
        let modifier = field
            .ast
            .modifiers
            .iter()
            .find(|m| matches!(m.kind, ModifierKind::Better { .. }));
        let Some(modifier) = modifier else { return };
        let sided = field
            .turn
            .is_some_and(|turn| world.repeats[turn.repeat].count.is_none());
        let points = field.table.is_some_and(|table| {
            let codes = world.tables[table].codes;
            codes.iter().all(|c| c.unknown || c.points.is_some())
        });
        let counted = match field.ast.ty.kind {
            TypeKind::Integer { .. } | TypeKind::Decimal { .. } => true,
            TypeKind::Choice(_) | TypeKind::Named(_) => points,
            _ => false,
        };
        if !sided || !counted {
            let file = self.file(at);
            self.diagnostics
                .push(d::better_misplaced(file, modifier.span, sided));
        }
    }

    /// That a row exists; nothing for a side, or for a row that always does.
    pub(super) fn row_exists(&self, at: &At<'a>, turn: Turn<'a>) -> Option<Cond> {
        let (count, row) = self.world.repeats[turn.repeat].needs(turn.index)?;
        let label = self.label(at, count);
        let field = p::FieldId(self.world.fields[count].position);
        let op = p::CompareOp::GreaterEqual;
        let text = reading::compare(&label, op, &row.to_string());
        let kind = CondKind::compare(
            Number {
                kind: NumberKind::Field(field),
                text: label,
            },
            op,
            Number {
                kind: NumberKind::Const(row.into()),
                text: row.to_string(),
            },
        );
        Some(new(kind, text))
    }

    /// The same in a rule, where the question how many rows there are must be shown.
    fn read_row(&mut self, at: &At<'a>, turn: Turn<'a>, expr: &Expr) -> Option<Cond> {
        let (count, _) = self.world.repeats[turn.repeat].needs(turn.index)?;
        self.read(at, count, expr);
        self.row_exists(at, turn)
    }

    fn repeat(&mut self, at: &At<'a>, of: &'a ast::Path) -> Option<Id<Repeat<'a>>> {
        match self.resolve(at, of)? {
            Entity::Repeat(repeat) => Some(repeat),
            _ => {
                let known = self.world.repeats.iter().map(|(_, r)| &r.ast.name.text);
                let known: Vec<&str> = known.map(String::as_str).collect();
                self.report(d::not_repeated(self.file(at), of, &known))
            }
        }
    }

    /// The place inside a row, where it is known to exist.
    fn inside(
        &self,
        at: &At<'a>,
        turn: Turn<'a>,
        named: Option<&'a ast::RowName>,
    ) -> Option<At<'a>> {
        let mut inside = at.with(facts::exists(self.world, turn).into_iter().collect());
        inside.site = at.site.inside(turn, named)?;
        Some(inside)
    }

    /// Of `sum of drugs { dose }`: how the rows are joined, how many there can be, and the block with
    /// where it stands in the first of them. Nothing if a name is wrong.
    pub(super) fn rows_of(
        &self,
        at: &At<'a>,
        expr: &'a Expr,
    ) -> Option<(Quantifier, usize, (At<'a>, &'a Expr))> {
        let (quantifier, of, named, body) = parts_of(expr)?;
        let Ok(Entity::Repeat(repeat)) = self.world.resolve(at.site, of) else {
            return None;
        };
        let first = self.world.turns(at.site, repeat).next()?;
        let inside = self.inside(at, first, named)?;
        let rows = self.world.turns(at.site, repeat).count();
        Some((quantifier, rows, (inside, body)))
    }

    /// When the largest or smallest of rows is nothing: 「行がない」, 「ほかの行がない」. Nothing for
    /// every other number.
    pub(super) fn without_rows(&mut self, at: &At<'a>, expr: &'a Expr) -> Option<&'static str> {
        let ExprKind::Each {
            quantifier: Quantifier::Max | Quantifier::Min,
            of,
            ..
        } = &expr.kind
        else {
            return None;
        };
        let Ok(Entity::Repeat(of)) = self.world.resolve(at.site, of) else {
            return None;
        };
        let repeat = &self.world.repeats[of];
        let others = self.world.turns(at.site, of).count() < repeat.turns();
        repeat.count.map(|_| {
            if others {
                "ほかの行がない"
            } else {
                "行がない"
            }
        })
    }

    fn turn_label(&self, turn: Turn<'a>) -> String {
        self.world.repeats[turn.repeat].turn_label(turn.index)
    }

    /// How rows or sides are called together: 「使用薬剤」, 「ほかの使用薬剤」, 「右眼」「左眼」.
    fn names(&self, at: &At<'a>, of: Id<Repeat<'a>>) -> reading::Names {
        let repeat = &self.world.repeats[of];
        if self.world.turns(at.site, of).count() < repeat.turns() {
            return reading::Names::Rows(reading::others(&repeat.ast.label.text));
        }
        match repeat.count {
            Some(_) => reading::Names::Rows(repeat.ast.label.text.clone()),
            None => {
                let sides = (0..repeat.turns()).map(|i| repeat.turn_label(i));
                reading::Names::Sides(sides.collect())
            }
        }
    }
}

/// Two conditions that must hold; the parts of a plain conjunction stand beside the first.
fn both(first: Cond, second: Cond) -> Vec<Cond> {
    let mut all = vec![first];
    match second {
        Cond {
            kind: CondKind::All(parts),
            text,
        } if text == reading::ALL => all.extend(parts),
        second => all.push(second),
    }
    all
}

/// Whether the higher answer is the better one, if the author says which.
fn better_of(field: &ast::Field) -> Option<bool> {
    field.modifiers.iter().find_map(|m| match m.kind {
        ModifierKind::Better { higher } => Some(higher),
        _ => None,
    })
}
