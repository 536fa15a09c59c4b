//! From the tree of the wire form to the flat rows of the arena.

use super::total::totals;
use super::{
    Arena, CodeSet, CondNode, CondRef, Deciding, DefinitionRule, Domain, FieldRule, Instant,
    JudgementRule, List, NumberNode, NumberRef, Quick, Score, ScoreItem, Steps, Table,
};
use crate::days::Days;
use crate::form::relevance::Relevance;
use crate::program::{
    CodeTable, Cond, CondKind, Definition, Field, FieldType, Index, Judgement, Moment, Number,
    NumberKind, Program, Programme, Rule, ScriptFunction,
};
use crate::range::Range;
use crate::script::Script;
use crate::value::Decimal;
use std::marker::PhantomData;

/// Lays out the rules of a checked program.
pub(crate) fn lower(program: &Program) -> Arena {
    let relevance = Relevance::of(program);
    let tables = program.code_tables.iter().map(|it| table(it)).collect();
    let mut lower = Lower {
        program,
        arena: Arena {
            tables,
            scripts: scripts(&program.functions),
            ..Arena::default()
        },
        relevant: false,
    };
    lower.arena.fields = program.fields.iter().map(unruled_field).collect();
    for (index, field) in (0..=u16::MAX).zip(&program.fields) {
        lower.relevant = relevance.field(index);
        lower.field_rule(index, field);
    }
    for (index, definition) in (0..=u16::MAX).zip(&program.definitions) {
        lower.relevant = relevance.definition(index);
        let rule = lower.definition(definition);
        lower.arena.definitions.push(rule);
    }
    lower.relevant = true;
    for judgement in &program.judgements {
        let rule = lower.judgement(judgement);
        lower.arena.judgements.push(rule);
    }
    lower.relevant = false;
    for check in &program.checks {
        let violated = lower.condition(&check.violated);
        lower.arena.checks.push(violated);
    }
    let named = |name: &str| {
        (0..=u16::MAX)
            .zip(&program.judgements)
            .find(|(_, judgement)| judgement.name == name)
            .map(|(index, _)| index)
    };
    let alone = (program.is_of_programme() && !program.judgements.is_empty()).then_some(0);
    lower.arena.deciding = Deciding {
        diagnosis: alone.or_else(|| named("diagnosis")),
        severity: named("severity").filter(|_| alone.is_none()),
        mild: program.programme == Programme::Shitei,
    };
    lower.arena.deciding_fields = relevance.deciding_fields();
    lower.arena.total = totals(&lower.arena);
    lower.arena.shrink();
    lower.arena
}

/// The functions of a checked program: none of them cannot be read.
pub(crate) fn scripts(functions: &[ScriptFunction]) -> Vec<Script> {
    let read = functions.iter().map(Script::new);
    read.filter_map(Result::ok).collect()
}

/// The lowest and highest value of a number field and the step between values; nothing if its
/// range holds no value with these digits.
pub fn number_domain(
    digits: u8,
    fraction: u8,
    min: Option<Decimal>,
    max: Option<Decimal>,
) -> Option<(Decimal, Decimal, Decimal)> {
    let scale = u32::from(fraction);
    let most = 10_i128.checked_pow(u32::from(digits))?.checked_sub(1)?;
    let limit = Decimal::try_from_i128_with_scale(most, scale).ok()?;
    let step = Decimal::try_new(1, scale).ok()?;
    let low = min
        .map_or(-limit, |min| min.max(-limit))
        .round_dp_with_strategy(scale, UP);
    let high = max
        .map_or(limit, |max| max.min(limit))
        .round_dp_with_strategy(scale, DOWN);
    (low <= high).then_some((low, high, step))
}

const UP: rust_decimal::RoundingStrategy = rust_decimal::RoundingStrategy::ToPositiveInfinity;
const DOWN: rust_decimal::RoundingStrategy = rust_decimal::RoundingStrategy::ToNegativeInfinity;

fn table(table: &CodeTable) -> Table {
    let known: Vec<Index> = (0..=u16::MAX)
        .zip(&table.codes)
        .filter(|(_, code)| !code.unknown)
        .map(|(index, _)| index)
        .collect();
    let points: Vec<Option<Decimal>> = table
        .codes
        .iter()
        .map(|code| if code.unknown { None } else { code.points })
        .collect();
    let points_range = points
        .iter()
        .flatten()
        .map(|points| Range::point(*points))
        .reduce(Range::hull);
    Table {
        unknown: table.codes.iter().map(|code| code.unknown).collect(),
        known,
        points,
        points_range: points_range.unwrap_or(Range::Any),
    }
}

fn unruled_field(field: &Field) -> FieldRule {
    let domain = match &field.ty {
        FieldType::Choice { table } => Domain::Choice {
            table: *table,
            named: Vec::new(),
        },
        FieldType::Choices { table } => Domain::Choices {
            table: *table,
            named: Vec::new(),
        },
        FieldType::Number { .. } => match field.ty.numbers() {
            Some((low, high, step)) => Domain::Number(Steps {
                low,
                high,
                step,
                cuts: Vec::new(),
                calculated: false,
            }),
            None => Domain::Text,
        },
        FieldType::Date { .. } => Domain::Date,
        FieldType::Text { .. }
        | FieldType::Kana { .. }
        | FieldType::Digits { .. }
        | FieldType::PostalCode
        | FieldType::Phone => Domain::Text,
    };
    FieldRule {
        always_shown: field.only.is_none() && field.shown_when.is_none(),
        only: field.only,
        shown_when: None,
        hidden_when: None,
        required: field.required,
        required_when: None,
        domain,
        watched: false,
    }
}

struct Lower<'p> {
    program: &'p Program,
    arena: Arena,
    /// Whether the rule at hand matters to a judgement.
    relevant: bool,
}

impl Lower<'_> {
    fn field_rule(&mut self, index: u16, field: &Field) {
        let shown_when = field
            .shown_when
            .as_ref()
            .map(|condition| self.condition(condition));
        let relevant = std::mem::replace(&mut self.relevant, false);
        let mut of_findings = |condition: Option<&Cond>| condition.map(|when| self.condition(when));
        let hidden_when = of_findings(field.hidden_when.as_deref());
        let required_when = of_findings(field.required_when.as_deref());
        self.relevant = relevant;
        if let Some(rule) = self.arena.fields.get_mut(usize::from(index)) {
            rule.shown_when = shown_when;
            rule.hidden_when = hidden_when;
            rule.required_when = required_when;
        }
    }

    fn definition(&mut self, definition: &Definition) -> DefinitionRule {
        match &definition.rule {
            Rule::Criterion(condition) => DefinitionRule::Criterion(self.condition(condition)),
            Rule::Number {
                number,
                fraction,
                covered,
                ..
            } => DefinitionRule::Number {
                number: self.number(number),
                fraction: fraction.map(u32::from),
                covered: *covered,
            },
            Rule::Grade {
                arms,
                otherwise,
                covered,
                ..
            } => DefinitionRule::Grade {
                arms: arms
                    .iter()
                    .map(|(condition, index)| (self.condition(condition), *index))
                    .collect(),
                otherwise: *otherwise,
                covered: covered.then(|| {
                    let numbers = definition.rule.calculated();
                    let numbers: Vec<NumberRef> = numbers
                        .into_iter()
                        .map(|number| self.number(number))
                        .collect();
                    append(&mut self.arena.number_lists, numbers)
                }),
            },
        }
    }

    fn judgement(&mut self, judgement: &Judgement) -> JudgementRule {
        let conditions = judgement
            .categories
            .iter()
            .filter_map(|c| c.when.as_ref())
            .map(|when| self.condition(when))
            .collect();
        let eligible = (0..=u16::MAX)
            .zip(&judgement.categories)
            .filter(|(_, c)| c.eligible)
            .map(|(index, _)| index);
        JudgementRule {
            conditions,
            eligible: bits(eligible),
        }
    }

    fn condition(&mut self, condition: &Cond) -> CondRef {
        let node = match &condition.kind {
            CondKind::Const(holds) => CondNode::Const(*holds),
            CondKind::Code { field, codes } => self.code(field.0, codes),
            CondKind::Includes { field, code } => CondNode::Includes {
                field: field.0,
                code: *code,
                bit: self.name_code(field.0, *code),
            },
            CondKind::Answered(field) => {
                if self.relevant
                    && let Some(rule) = self.arena.fields.get_mut(usize::from(field.0))
                {
                    rule.watched = true;
                }
                CondNode::Answered(field.0)
            }
            CondKind::Criterion(definition) => CondNode::Criterion(definition.0),
            CondKind::Grade {
                definition,
                outcomes,
            } => CondNode::Grade {
                definition: definition.0,
                outcomes: bits(outcomes.iter().copied()),
            },
            CondKind::Category {
                judgement,
                categories,
            } => CondNode::Category {
                judgement: judgement.0,
                categories: bits(categories.iter().copied()),
            },
            CondKind::Application(application) => CondNode::Application(*application),
            CondKind::Not(condition) => CondNode::Not(self.condition(condition)),
            CondKind::All(conditions) => CondNode::All(self.conditions(conditions)),
            CondKind::Any(conditions) => CondNode::Any(self.conditions(conditions)),
            CondKind::Count { of, op, n } => CondNode::Count {
                of: self.conditions(of),
                op: *op,
                n: *n,
            },
            CondKind::Compare { left, op, right } => CondNode::Compare {
                left: self.side(left, right),
                op: *op,
                right: self.side(right, left),
            },
            CondKind::CompareDates { left, op, right } => CondNode::CompareDates {
                left: instant(left),
                op: *op,
                right: instant(right),
            },
            CondKind::If(condition, then, otherwise) => CondNode::If(
                self.condition(condition),
                self.condition(then),
                self.condition(otherwise),
            ),
            CondKind::TreatUnknown { condition, as_yes } => CondNode::TreatUnknown {
                condition: self.condition(condition),
                as_yes: *as_yes,
            },
            CondKind::IfShown {
                fields,
                condition,
                otherwise,
            } => CondNode::IfShown {
                fields: append(
                    &mut self.arena.field_lists,
                    fields.iter().map(|field| field.0),
                ),
                condition: self.condition(condition),
                otherwise: *otherwise,
            },
        };
        let at = CondRef(position(&self.arena.conditions));
        self.arena.conditions.push(node);
        at
    }

    fn conditions(&mut self, conditions: &[Cond]) -> List<CondRef> {
        let lowered: Vec<CondRef> = conditions
            .iter()
            .map(|condition| self.condition(condition))
            .collect();
        append(&mut self.arena.condition_lists, lowered)
    }

    /// A choice among codes.
    fn code(&mut self, field: u16, codes: &[Index]) -> CondNode {
        let says: Vec<bool> = self
            .arena
            .table_of(field)
            .map_or_else(Vec::new, |table| table.unknown.clone());
        let length = says.len();
        let says_unknown = |code: Index| says.get(usize::from(code)) == Some(&true);
        let some_known = codes.iter().any(|code| !says_unknown(*code));
        let named: Vec<Index> = codes
            .iter()
            .copied()
            .filter(|code| says_unknown(*code))
            .collect();
        for code in named {
            self.name_code(field, code);
        }
        let always_shown = self
            .arena
            .field(field)
            .is_some_and(|rule| rule.always_shown);
        let quick = (always_shown && length <= 64).then(|| quick(&says, codes, some_known));
        let mut words = vec![0_u64; length.div_ceil(64)];
        for code in codes {
            if let Some(word) = words.get_mut(usize::from(code / 64)) {
                *word |= 1 << (code % 64);
            }
        }
        let codes: CodeSet = append(&mut self.arena.words, words);
        CondNode::Code {
            field,
            codes,
            some_known,
            quick,
        }
    }

    /// Notes that a rule names this code, and says where it stands among the named ones.
    fn name_code(&mut self, field: u16, code: Index) -> u8 {
        const NOWHERE: u8 = u8::MAX;
        let relevant = self.relevant;
        let Some(rule) = self.arena.fields.get_mut(usize::from(field)) else {
            return NOWHERE;
        };
        let (named, limit) = match &mut rule.domain {
            Domain::Choice { named, .. } => (named, usize::MAX),
            Domain::Choices { named, .. } => (named, 64),
            Domain::Number(_) | Domain::Date | Domain::Text => return NOWHERE,
        };
        let place = named
            .iter()
            .position(|known| *known == code)
            .unwrap_or(named.len());
        if place == named.len() {
            if !relevant || place >= limit {
                return NOWHERE;
            }
            named.push(code);
        }
        u8::try_from(place).unwrap_or(NOWHERE)
    }

    /// One side of a comparison; notes where the constants that the other side can be cut the
    /// range of a field.
    fn side(&mut self, side: &Number, other: &Number) -> NumberRef {
        let mut constants = Vec::new();
        let NumberKind::Field(field) = side.kind else {
            return self.number(side);
        };
        if !self.constants(other, CONSTANTS_DEPTH, &mut constants) {
            return self.number(side);
        }
        if self.relevant
            && let Some(rule) = self.arena.fields.get_mut(usize::from(field.0))
            && let Domain::Number(Steps { cuts, .. }) = &mut rule.domain
        {
            cuts.extend(constants);
            cuts.sort_unstable();
            cuts.dedup();
        }
        self.add_number(NumberNode::Field(field.0))
    }

    /// Gathers what a number can be, if it is one of some constants: a constant itself, a threshold
    /// that depends on the day.
    fn constants(&self, number: &Number, depth: u32, found: &mut Vec<Decimal>) -> bool {
        match &number.kind {
            NumberKind::Const(value) => {
                found.push(*value);
                true
            }
            NumberKind::Nothing => true,
            NumberKind::If(_, then, otherwise) if depth > 0 => {
                self.constants(then, depth - 1, found)
                    && self.constants(otherwise, depth - 1, found)
            }
            NumberKind::Definition(id) if depth > 0 => {
                match self
                    .program
                    .definitions
                    .get(usize::from(id.0))
                    .map(|d| &d.rule)
                {
                    Some(Rule::Number {
                        number,
                        fraction: None,
                        ..
                    }) => self.constants(number, depth - 1, found),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Notes that a rule calculates with a field.
    fn calculate(&mut self, field: u16) {
        if self.relevant
            && let Some(rule) = self.arena.fields.get_mut(usize::from(field))
            && let Domain::Number(steps) = &mut rule.domain
        {
            steps.calculated = true;
        }
    }

    fn add_number(&mut self, node: NumberNode) -> NumberRef {
        let at = NumberRef(position(&self.arena.numbers));
        self.arena.numbers.push(node);
        at
    }

    fn number(&mut self, number: &Number) -> NumberRef {
        let node = match &number.kind {
            NumberKind::Const(value) => NumberNode::Const(*value),
            NumberKind::Nothing => NumberNode::Nothing,
            NumberKind::Field(field) => {
                self.calculate(field.0);
                NumberNode::Field(field.0)
            }
            NumberKind::Points(field) => match self.arena.field(field.0).map(|rule| &rule.domain) {
                Some(Domain::Choice { table, .. }) => NumberNode::Points {
                    field: field.0,
                    table: *table,
                },
                _ => NumberNode::Field(field.0),
            },
            NumberKind::Definition(definition) => NumberNode::Definition(definition.0),
            NumberKind::Sum(numbers) => {
                let parts = self.numbers(numbers);
                NumberNode::Sum {
                    parts,
                    score: self.score(parts),
                }
            }
            NumberKind::Max(numbers) => NumberNode::Max(self.numbers(numbers)),
            NumberKind::Min(numbers) => NumberNode::Min(self.numbers(numbers)),
            NumberKind::Count(conditions) => NumberNode::Count(self.conditions(conditions)),
            NumberKind::When { amount, condition } => NumberNode::When {
                amount: self.number(amount),
                condition: self.condition(condition),
            },
            NumberKind::If(condition, then, otherwise) => NumberNode::If(
                self.condition(condition),
                self.number(then),
                self.number(otherwise),
            ),
            NumberKind::Arithmetic { left, op, right } => NumberNode::Arithmetic {
                left: self.number(left),
                op: *op,
                right: self.number(right),
            },
            NumberKind::Call {
                function,
                arguments,
            } => match arguments.as_slice() {
                [] => NumberNode::Max(self.numbers(&[])),
                [first, rest @ ..] => NumberNode::Call {
                    function: *function,
                    first: self.number(first),
                    second: rest.first().map(|second| self.number(second)),
                },
            },
            NumberKind::Script {
                function,
                arguments,
            } => NumberNode::Script {
                function: *function,
                arguments: self.numbers(arguments),
            },
            NumberKind::Elapsed { unit, from, to } => NumberNode::Elapsed {
                unit: *unit,
                from: instant(from),
                to: instant(to),
            },
            NumberKind::IfShown {
                fields,
                number,
                otherwise,
            } => NumberNode::IfShown {
                fields: append(
                    &mut self.arena.field_lists,
                    fields.iter().map(|field| field.0),
                ),
                number: self.number(number),
                otherwise: *otherwise,
            },
        };
        self.add_number(node)
    }

    fn numbers(&mut self, numbers: &[Number]) -> List<NumberRef> {
        let lowered: Vec<NumberRef> = numbers.iter().map(|number| self.number(number)).collect();
        append(&mut self.arena.number_lists, lowered)
    }

    /// The same sum in whole numbers, if all parts allow it and no total can overflow.
    fn score(&mut self, parts: List<NumberRef>) -> Option<Score> {
        let parts: Vec<NumberNode> = self
            .arena
            .numbers_of(parts)
            .iter()
            .map(|part| self.arena.number(*part).copied())
            .collect::<Option<_>>()?;
        let mut scale = 0;
        for part in &parts {
            let finest = match part {
                NumberNode::Points { table, .. } => self
                    .arena
                    .table(*table)?
                    .points
                    .iter()
                    .flatten()
                    .map(|points| points.normalize().scale())
                    .max(),
                NumberNode::When { amount, .. } => Some(self.amount(*amount)?.normalize().scale()),
                _ => return None,
            };
            scale = scale.max(finest?);
        }
        let mut reach = 0_i64;
        let mut items = Vec::new();
        for part in parts {
            let item = self.score_item(part, scale)?;
            let largest = match item {
                ScoreItem::Points { least, most, .. } => {
                    least.checked_abs()?.max(most.checked_abs()?)
                }
                ScoreItem::When { amount, .. } => amount.checked_abs()?,
            };
            reach = reach.checked_add(largest)?;
            items.push(item);
        }
        Some(Score {
            items: append(&mut self.arena.scores, items),
            scale,
        })
    }

    fn score_item(&mut self, part: NumberNode, scale: u32) -> Option<ScoreItem> {
        match part {
            NumberNode::Points { field, table } => {
                let points = &self.arena.table(table)?.points;
                let scaled: Vec<Option<i64>> = points
                    .iter()
                    .map(|points| {
                        points
                            .map(|points| whole(points, scale))
                            .map_or(Some(None), |p| p.map(Some))
                    })
                    .collect::<Option<_>>()?;
                let least = scaled.iter().flatten().min().copied()?;
                let most = scaled.iter().flatten().max().copied()?;
                Some(ScoreItem::Points {
                    field,
                    by_code: append(&mut self.arena.points, scaled),
                    least,
                    most,
                })
            }
            NumberNode::When { amount, condition } => Some(ScoreItem::When {
                amount: whole(self.amount(amount)?, scale)?,
                condition,
            }),
            _ => None,
        }
    }

    fn amount(&self, at: NumberRef) -> Option<Decimal> {
        match *self.arena.number(at)? {
            NumberNode::Const(amount) => Some(amount),
            _ => None,
        }
    }
}

/// Constants are looked for so deep.
const CONSTANTS_DEPTH: u32 = 32;

/// A number in whole units of 10^-scale.
fn whole(number: Decimal, scale: u32) -> Option<i64> {
    let number = number.normalize();
    let factor = 10_i128.checked_pow(scale.checked_sub(number.scale())?)?;
    i64::try_from(number.mantissa().checked_mul(factor)?).ok()
}

fn instant(moment: &Moment) -> Instant {
    match moment {
        Moment::Const(date) => Instant::Const(Days::of(*date)),
        Moment::Field(field) => Instant::Field(field.0),
        Moment::Today => Instant::Today,
        Moment::Shifted { moment, by, unit } => match instant(moment) {
            Instant::Const(days) => Instant::Const(days.shifted(*by, *unit)),
            Instant::Field(field) => Instant::ShiftedField(field, *by, *unit),
            Instant::Today => Instant::ShiftedToday(*by, *unit),
            // A checked program shifts nothing twice.
            twice @ (Instant::ShiftedField(..) | Instant::ShiftedToday(..)) => twice,
        },
    }
}

fn bits(positions: impl IntoIterator<Item = Index>) -> u64 {
    positions.into_iter().fold(0, |bits, position| {
        bits | 1_u64.checked_shl(u32::from(position)).unwrap_or(0)
    })
}

fn position<T>(row: &[T]) -> u32 {
    // A program in memory is far smaller than this many nodes; a position beyond the row is
    // read as nothing known.
    u32::try_from(row.len()).unwrap_or(u32::MAX)
}

fn append<T, L>(row: &mut Vec<T>, entries: impl IntoIterator<Item = T>) -> List<L> {
    let start = position(row);
    row.extend(entries);
    List {
        start,
        length: position(row) - start,
        of: PhantomData,
    }
}

/// What a condition that asks for `codes` says of each code; `unknown` tells which of the table's
/// codes say that the physician does not know.
fn quick(unknown: &[bool], codes: &[Index], some_known: bool) -> Quick {
    let mut quick = Quick { yes: 0, open: 0 };
    for (code, says_unknown) in
        (0..64_u16).zip(unknown.iter().map(Some).chain(std::iter::repeat(None)))
    {
        let bit = 1_u64 << code;
        if codes.contains(&code) {
            quick.yes |= bit;
        } else if says_unknown.is_none_or(|says_unknown| *says_unknown && some_known) {
            quick.open |= bit;
        }
    }
    quick
}
