//! Patients to try: those of the cases with one or two answers changed, chosen where rules change
//! their mind (every code, the values at and beside each threshold, days at and beside each limit).

use kohyo_engine::program::{
    CompareOp, Cond, CondKind, DatePrecision, DefinitionId, ElapsedUnit, FieldId, FieldType, Index,
    Number, NumberKind, Program, Rule,
};
use kohyo_engine::{Answer, Answers, Context, Date, Decimal, Read, reads_through};
use std::collections::{BTreeMap, BTreeSet};

/// The most values tried for one number.
const MOST_VALUES: usize = 48;

/// Days beside which something may change, by the constants that rules compare spans of time with.
type Spans = BTreeSet<(i64, u8)>;

/// The values at which rules change their mind.
pub(crate) struct Values<'p> {
    program: &'p Program,
    numbers: BTreeMap<FieldId, BTreeSet<Decimal>>,
    spans: Spans,
    dates: Vec<FieldId>,
}

impl<'p> Values<'p> {
    /// Collects the thresholds of a program.
    pub(crate) fn of(program: &'p Program) -> Self {
        let mut values = Self {
            program,
            numbers: BTreeMap::new(),
            spans: Spans::new(),
            dates: Vec::new(),
        };
        values.dates = (0..=u16::MAX)
            .map(FieldId)
            .zip(&program.fields)
            .filter(|(_, field)| matches!(field.ty, FieldType::Date { .. }))
            .map(|(id, _)| id)
            .collect();
        for_each_condition(program, &mut |cond| values.learn(cond));
        values
    }

    fn learn(&mut self, cond: &Cond) {
        let CondKind::Compare { left, op, right } = &cond.kind else {
            return;
        };
        for (side, beside) in [(left, right), (right, left)] {
            if let NumberKind::Const(threshold) = beside.kind {
                if let NumberKind::Elapsed { unit, .. } = side.kind {
                    self.spans
                        .insert((i64::try_from(threshold).unwrap_or(0), span(unit)));
                }
                self.learn_threshold(side, threshold);
            }
        }
        // Two measured values: each is tried at what the other may be.
        if let (NumberKind::Field(a), NumberKind::Field(b)) = (&left.kind, &right.kind)
            && *op != CompareOp::Equal
        {
            for field in [a, b] {
                self.numbers.entry(*field).or_default().insert(Decimal::ONE);
            }
        }
    }

    fn learn_threshold(&mut self, number: &Number, threshold: Decimal) {
        let fields = reads_through(
            self.program,
            &Cond {
                kind: CondKind::compare(number.clone(), CompareOp::Equal, number.clone()),
                text: String::new(),
            },
        );
        for read in fields {
            if let Read::Field(field) = read {
                self.numbers.entry(field).or_default().insert(threshold);
            }
        }
    }

    /// Answers to try for a field, nothing filled in among them.
    pub(crate) fn of_field(
        &self,
        field: FieldId,
        answers: &Answers,
        context: &Context,
    ) -> Vec<Answer> {
        let Some(found) = self.program.fields.get(usize::from(field.0)) else {
            return Vec::new();
        };
        let codes = |table: u16| -> Vec<Index> {
            let table = self.program.code_tables.get(usize::from(table));
            (0..)
                .zip(table.map_or(&[][..], |table| &table.codes))
                .map(|(code, _)| code)
                .collect()
        };
        let mut tried = match &found.ty {
            FieldType::Choice { table } => codes(*table).into_iter().map(Answer::Code).collect(),
            FieldType::Choices { table } => codes(*table)
                .into_iter()
                .map(|code| Answer::Codes(vec![code]))
                .collect(),
            FieldType::Number {
                fraction, min, max, ..
            } => self.of_number(field, *fraction, *min, *max),
            FieldType::Date { precision } => self.of_date(field, *precision, answers, context),
            FieldType::Text { .. } | FieldType::Kana { .. } => vec![Answer::Text("あ".into())],
            FieldType::Digits { .. } | FieldType::PostalCode | FieldType::Phone => Vec::new(),
        };
        tried.push(Answer::Missing);
        tried.retain(|answer| answer != answers.get(field));
        tried
    }

    fn of_number(
        &self,
        field: FieldId,
        fraction: u8,
        min: Option<Decimal>,
        max: Option<Decimal>,
    ) -> Vec<Answer> {
        let step = Decimal::new(1, u32::from(fraction));
        let inside = |value: &Decimal| {
            min.is_none_or(|min| min <= *value) && max.is_none_or(|max| *value <= max)
        };
        let mut values: Vec<Decimal> = Vec::new();
        let thresholds = self.numbers.get(&field).into_iter().flatten();
        for threshold in thresholds.map(|value| value.round_dp(u32::from(fraction))) {
            values.extend([threshold, threshold - step, threshold + step]);
        }
        values.extend([min, max].into_iter().flatten());
        if values.is_empty() {
            values.push(Decimal::ONE);
        }
        values.retain(inside);
        let mut seen = BTreeSet::new();
        values.retain(|value| seen.insert(*value));
        values.truncate(MOST_VALUES);
        values.into_iter().map(Answer::Number).collect()
    }

    fn of_date(
        &self,
        field: FieldId,
        precision: DatePrecision,
        answers: &Answers,
        context: &Context,
    ) -> Vec<Answer> {
        let mut anchors = vec![context.today.first_day()];
        for other in self.dates.iter().filter(|other| **other != field) {
            if let Answer::Date(date) = answers.get(*other) {
                anchors.extend([date.first_day(), date.last_day()]);
            }
        }
        let mut days = BTreeSet::new();
        for anchor in anchors {
            days.extend([anchor - 1, anchor, anchor + 1]);
            for (count, unit) in &self.spans {
                for moved in [
                    shifted(anchor, *count, *unit),
                    shifted(anchor, -*count, *unit),
                ]
                .into_iter()
                .flatten()
                {
                    days.extend([moved - 1, moved, moved + 1]);
                }
            }
        }
        let mut dates: Vec<Answer> = days
            .into_iter()
            .filter_map(Date::from_day_number)
            .filter_map(|day| match precision {
                DatePrecision::Day => Some(day),
                DatePrecision::Month => Date::month(day.year_number(), day.month_number()?),
                DatePrecision::Year => Date::year(day.year_number()),
            })
            .map(Answer::Date)
            .collect();
        dates.dedup();
        dates
    }
}

fn span(unit: ElapsedUnit) -> u8 {
    match unit {
        ElapsedUnit::Years => 0,
        ElapsedUnit::Months => 1,
        ElapsedUnit::Days => 2,
    }
}

/// A day moved by so many years, months or days; the day of the month is kept where it exists.
fn shifted(day: i32, count: i64, unit: u8) -> Option<i32> {
    let count = i32::try_from(count).ok()?;
    let months = match unit {
        0 => count.checked_mul(12)?,
        1 => count,
        _ => return day.checked_add(count),
    };
    let date = Date::from_day_number(day)?;
    let month = i32::from(date.year_number())
        .checked_mul(12)?
        .checked_add(i32::from(date.month_number()?) - 1)?
        .checked_add(months)?;
    let year = u16::try_from(month.div_euclid(12)).ok()?;
    let month = u8::try_from(month.rem_euclid(12) + 1).ok()?;
    let of_month = date.day_of_month()?;
    (0..4)
        .filter_map(|less| Date::day(year, month, of_month.checked_sub(less)?))
        .next()
        .map(Date::first_day)
}

/// Shows every condition of a program, outermost first.
pub(super) fn for_each_condition(program: &Program, each: &mut dyn FnMut(&Cond)) {
    use super::sites::{Site, visit};
    let mut copy = program.clone();
    for owner in super::owners(program) {
        visit(&mut copy, owner, &mut |site| {
            if let Site::Condition { cond, .. } = site {
                each(cond);
            }
        });
    }
}

/// The fields that decide about a condition: those it names itself, then those behind them.
pub(super) fn fields_behind(program: &Program, cond: &Cond) -> Vec<FieldId> {
    let fields = reads_through(program, cond).into_iter();
    fields
        .filter_map(|read| match read {
            Read::Field(field) => Some(field),
            Read::Definition(_) | Read::Judgement(_) => None,
        })
        .collect()
}

/// A condition that reads what a definition reads.
pub(super) fn reading(program: &Program, definition: DefinitionId) -> Cond {
    let rule = program.definitions.get(usize::from(definition.0));
    let kind = match rule.map(|definition| &definition.rule) {
        Some(Rule::Number { .. }) => {
            let number = Number {
                kind: NumberKind::Definition(definition),
                text: String::new(),
            };
            CondKind::compare(number.clone(), CompareOp::Equal, number)
        }
        Some(Rule::Grade { .. }) => CondKind::Grade {
            definition,
            outcomes: Vec::new(),
        },
        Some(Rule::Criterion(_)) | None => CondKind::Criterion(definition),
    };
    Cond {
        kind,
        text: String::new(),
    }
}

/// A small generator of numbers that are the same everywhere (xorshift).
pub(super) struct Dice(u64);

impl Dice {
    /// A generator that starts from a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `count`; 0 if there is none.
    pub(super) fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let count = u64::try_from(count).unwrap_or(1).max(1);
        usize::try_from(self.0 % count).unwrap_or(0)
    }
}
