//! Conditions, numbers and moments: every position exists, every kind and arity fits.

use super::{MAX_DEPTH, kind};
use crate::program::{
    Cond, CondKind, DefinitionId, Field, FieldId, FieldType, Function, Index, Moment, Number,
    NumberKind, Program, Rule,
};
use crate::wire::WireError;

/// Checks rules against the program they stand in.
pub(super) struct Rules<'a> {
    pub program: &'a Program,
}

impl Rules<'_> {
    pub(super) fn field(&self, at: &str, id: FieldId) -> Result<&Field, WireError> {
        let index = usize::from(id.0);
        self.program
            .fields
            .get(index)
            .ok_or_else(|| WireError::Index {
                at: at.to_owned(),
                what: "項目",
                index,
            })
    }

    fn fields(&self, at: &str, ids: &[FieldId]) -> Result<(), WireError> {
        ids.iter().try_for_each(|id| self.field(at, *id).map(drop))
    }

    fn rule(&self, at: &str, id: DefinitionId) -> Result<&Rule, WireError> {
        let index = usize::from(id.0);
        match self.program.definitions.get(index) {
            Some(definition) => Ok(&definition.rule),
            None => Err(WireError::Index {
                at: at.to_owned(),
                what: "規則",
                index,
            }),
        }
    }

    fn codes(&self, table: u16) -> &[crate::program::Code] {
        self.program
            .code_tables
            .get(usize::from(table))
            .map_or(&[], |table| table.codes.as_slice())
    }

    pub(super) fn condition(
        &self,
        at: &str,
        condition: &Cond,
        depth: usize,
    ) -> Result<(), WireError> {
        deep_enough(at, depth)?;
        let inside = |condition: &Cond| self.condition(at, condition, depth + 1);
        match &condition.kind {
            CondKind::Const(_) | CondKind::Application(_) => Ok(()),
            CondKind::Code { field, codes } => match &self.field(at, *field)?.ty {
                FieldType::Choice { table } => {
                    let count = self.codes(*table).len();
                    codes
                        .iter()
                        .try_for_each(|code| within(at, "符号", *code, count))
                }
                _ => Err(wrong_field(at, self.field(at, *field)?, "一つを選ぶ項目")),
            },
            CondKind::Includes { field, code } => match &self.field(at, *field)?.ty {
                FieldType::Choices { table } => within(at, "符号", *code, self.codes(*table).len()),
                _ => Err(wrong_field(at, self.field(at, *field)?, "複数を選ぶ項目")),
            },
            CondKind::Answered(field) => self.field(at, *field).map(drop),
            CondKind::Criterion(id) => match self.rule(at, *id)? {
                Rule::Criterion(_) => Ok(()),
                _ => Err(kind(at, "条件でない規則を条件として参照しています")),
            },
            CondKind::Grade {
                definition,
                outcomes: named,
            } => match self.rule(at, *definition)? {
                Rule::Grade { outcomes, .. } => named
                    .iter()
                    .try_for_each(|outcome| within(at, "結果", *outcome, outcomes.len())),
                _ => Err(kind(at, "評価でない規則を評価として参照しています")),
            },
            CondKind::Category {
                judgement,
                categories,
            } => {
                let index = usize::from(judgement.0);
                let Some(judgement) = self.program.judgements.get(index) else {
                    return Err(WireError::Index {
                        at: at.to_owned(),
                        what: "判定",
                        index,
                    });
                };
                let count = judgement.categories.len();
                categories
                    .iter()
                    .try_for_each(|category| within(at, "区分", *category, count))
            }
            CondKind::Not(condition) | CondKind::TreatUnknown { condition, .. } => {
                inside(condition)
            }
            CondKind::All(conditions)
            | CondKind::Any(conditions)
            | CondKind::Count { of: conditions, .. } => conditions.iter().try_for_each(inside),
            CondKind::Compare { left, right, .. } => {
                self.number(at, left, depth + 1)?;
                self.number(at, right, depth + 1)
            }
            CondKind::CompareDates { left, right, .. } => {
                self.moment(at, left)?;
                self.moment(at, right)
            }
            CondKind::If(condition, then, otherwise) => {
                inside(condition)?;
                inside(then)?;
                inside(otherwise)
            }
            CondKind::IfShown {
                fields, condition, ..
            } => {
                self.fields(at, fields)?;
                inside(condition)
            }
        }
    }

    pub(super) fn number(&self, at: &str, number: &Number, depth: usize) -> Result<(), WireError> {
        deep_enough(at, depth)?;
        let inside = |number: &Number| self.number(at, number, depth + 1);
        match &number.kind {
            NumberKind::Const(_) | NumberKind::Nothing => Ok(()),
            NumberKind::Field(field) => match &self.field(at, *field)?.ty {
                FieldType::Number { .. } => Ok(()),
                _ => Err(wrong_field(at, self.field(at, *field)?, "数値の項目")),
            },
            NumberKind::Points(field) => match &self.field(at, *field)?.ty {
                FieldType::Choice { table }
                    if self
                        .codes(*table)
                        .iter()
                        .all(|code| code.unknown || code.points.is_some()) =>
                {
                    Ok(())
                }
                _ => Err(wrong_field(
                    at,
                    self.field(at, *field)?,
                    "すべての選択肢に点数がある項目",
                )),
            },
            NumberKind::Definition(id) => match self.rule(at, *id)? {
                Rule::Number { .. } => Ok(()),
                _ => Err(kind(at, "数値でない規則を数値として参照しています")),
            },
            NumberKind::Sum(numbers) => numbers.iter().try_for_each(inside),
            NumberKind::Max(numbers) | NumberKind::Min(numbers) => {
                if numbers.is_empty() {
                    return Err(kind(at, "最大・最小を取る対象がありません"));
                }
                numbers.iter().try_for_each(inside)
            }
            NumberKind::Count(conditions) => conditions
                .iter()
                .try_for_each(|condition| self.condition(at, condition, depth + 1)),
            NumberKind::When { amount, condition } => {
                inside(amount)?;
                self.condition(at, condition, depth + 1)
            }
            NumberKind::If(condition, then, otherwise) => {
                self.condition(at, condition, depth + 1)?;
                inside(then)?;
                inside(otherwise)
            }
            NumberKind::Arithmetic { left, right, .. } => {
                inside(left)?;
                inside(right)
            }
            NumberKind::Call {
                function,
                arguments,
            } => {
                let arity = match function {
                    Function::Round | Function::Power => 2,
                    Function::Abs
                    | Function::Floor
                    | Function::Ceiling
                    | Function::Sqrt
                    | Function::Ln
                    | Function::Exp => 1,
                };
                if arguments.len() != arity {
                    return Err(kind(at, "関数の引数の数が合いません"));
                }
                arguments.iter().try_for_each(inside)
            }
            NumberKind::Script {
                function,
                arguments,
            } => {
                let functions = &self.program.functions;
                within(at, "関数", *function, functions.len())?;
                let arity = functions
                    .get(usize::from(*function))
                    .map_or(0, |function| function.parameters.len());
                if arguments.len() != arity {
                    return Err(kind(at, "関数の引数の数が合いません"));
                }
                arguments.iter().try_for_each(inside)
            }
            NumberKind::Elapsed { from, to, .. } => {
                self.moment(at, from)?;
                self.moment(at, to)
            }
            NumberKind::IfShown { fields, number, .. } => {
                self.fields(at, fields)?;
                inside(number)
            }
        }
    }

    fn moment(&self, at: &str, moment: &Moment) -> Result<(), WireError> {
        match moment {
            Moment::Const(_) | Moment::Today => Ok(()),
            Moment::Shifted { moment, .. } => match moment.as_ref() {
                Moment::Shifted { .. } => Err(kind(at, "日付を二度ずらしています")),
                moment => self.moment(at, moment),
            },
            Moment::Field(field) => match &self.field(at, *field)?.ty {
                FieldType::Date { .. } => Ok(()),
                _ => Err(wrong_field(at, self.field(at, *field)?, "日付の項目")),
            },
        }
    }
}

pub(super) fn within(
    at: &str,
    what: &'static str,
    index: Index,
    count: usize,
) -> Result<(), WireError> {
    let index = usize::from(index);
    if index < count {
        Ok(())
    } else {
        Err(WireError::Index {
            at: at.to_owned(),
            what,
            index,
        })
    }
}

fn wrong_field(at: &str, field: &Field, wanted: &str) -> WireError {
    WireError::Kind {
        at: at.to_owned(),
        reason: format!("「{}」は{wanted}ではありません", field.name),
    }
}

fn deep_enough(at: &str, depth: usize) -> Result<(), WireError> {
    if depth > MAX_DEPTH {
        return Err(WireError::Limit {
            at: at.to_owned(),
            what: "条件の入れ子",
            limit: MAX_DEPTH,
        });
    }
    Ok(())
}
