//! The changes of a site, one at a time: what a slip of the author's pen would do.

use super::Owner;
use super::sites::{Site, is_constant, table_of, visit};
use kohyo_engine::program::{
    ArithmeticOp, Category, CodeTable, CompareOp, Cond, CondKind, CountOp, DatePrecision, FieldId,
    FieldType, Index, Moment, Number, NumberKind, Program, Rule,
};
use kohyo_engine::{Date, Decimal};

/// One change of one site.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    /// The condition is turned into its opposite.
    Opposite,
    /// All become any, or any becomes all.
    AllAny,
    /// A member of a list is left out.
    Left { member: usize },
    /// Another number of items is needed.
    Needed(u32),
    /// The count is compared in another way.
    Counted(CountOp),
    /// Other codes, outcomes or categories.
    Options(Vec<Index>),
    /// Another comparison.
    Compared(CompareOp),
    /// Another threshold, on the left or right of a comparison.
    Threshold { left: bool, to: Decimal },
    /// Another day, on the left or right of a comparison.
    Day { left: bool, to: Date },
    /// A window of another length, on the left or right of a comparison.
    Length { left: bool, to: i32 },
    /// Another constant.
    Amount(Decimal),
    /// What unknown becomes, or what holds when hidden, is turned round.
    Collapse,
    /// The largest becomes the smallest or the other way round.
    MaxMin,
    /// Another operation.
    Operation(ArithmeticOp),
    /// Another outcome of an arm; arms beyond the last mean the last resort.
    Outcome { arm: usize, to: Index },
    /// A category becomes eligible or ceases to be.
    Eligible(usize),
    /// Other points of a code.
    Points { code: usize, to: Decimal },
}

/// A change with its place: the site's position in its part.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Planned {
    pub site: usize,
    pub change: Change,
}

/// Every change of a part.
pub(super) fn plan(program: &Program, owner: Owner) -> Vec<Planned> {
    let mut copy = program.clone();
    let mut planned = Vec::new();
    let mut site = 0;
    visit(&mut copy, owner, &mut |found| {
        let changes = changes(program, owner, &found);
        planned.extend(changes.into_iter().map(|change| Planned { site, change }));
        site += 1;
    });
    planned
}

/// Makes a planned change.
pub(super) fn apply(program: &mut Program, owner: Owner, planned: &Planned) {
    let mut site = 0;
    visit(program, owner, &mut |found| {
        if site == planned.site {
            make(found, &planned.change);
        }
        site += 1;
    });
}

fn changes(program: &Program, owner: Owner, site: &Site<'_>) -> Vec<Change> {
    match site {
        Site::Condition { cond, negated } => of_condition(program, cond, *negated),
        Site::Number(number) => of_number(number),
        Site::Grade { arms, otherwise } => {
            let count = match owner {
                Owner::Definition(index) => outcomes(program, index),
                _ => 0,
            };
            let last = otherwise.iter().map(|outcome| (arms.len(), *outcome));
            let all = arms.iter().map(|(_, outcome)| *outcome).enumerate();
            let mut found: Vec<Change> = all
                .chain(last)
                .filter_map(|(arm, now)| Some((arm, other(now, count)?)))
                .map(|(arm, to)| Change::Outcome { arm, to })
                .collect();
            if arms.len() > 1 || otherwise.is_some() {
                found.extend((0..arms.len()).map(|member| Change::Left { member }));
            }
            found
        }
        Site::Categories(categories) => {
            let eligible = (0..categories.len()).map(Change::Eligible);
            let left =
                (0..categories.len().saturating_sub(1)).map(|member| Change::Left { member });
            eligible.chain(left).collect()
        }
        Site::Points(table) => (0..)
            .zip(&table.codes)
            .filter_map(|(code, found)| Some((code, found.points?)))
            .flat_map(|(code, points)| {
                around(points, points.scale()).map(|to| Change::Points { code, to })
            })
            .collect(),
    }
}

fn outcomes(program: &Program, definition: usize) -> u16 {
    match program.definitions.get(definition).map(|found| &found.rule) {
        Some(Rule::Grade { outcomes, .. }) => u16::try_from(outcomes.len()).unwrap_or(0),
        _ => 0,
    }
}

/// The next of so many, the first after the last; none if there is just one.
fn other(now: Index, count: u16) -> Option<Index> {
    (count > 1).then(|| (now + 1) % count)
}

/// One step up and one step down.
fn around(number: Decimal, scale: u32) -> [Decimal; 2] {
    let step = Decimal::new(1, scale.min(MOST_DIGITS));
    [number + step, number - step]
}

/// Digits after the point beyond which nobody measures.
const MOST_DIGITS: u32 = 4;

fn of_condition(program: &Program, cond: &Cond, negated: bool) -> Vec<Change> {
    let mut found = match &cond.kind {
        CondKind::Code { field, codes } => {
            let count = table_of(program, *field)
                .and_then(|table| program.code_tables.get(table))
                .map_or(0, |table| table.codes.len());
            options(codes, count)
        }
        CondKind::Includes { field, code } => {
            let count = table_of(program, *field)
                .and_then(|table| program.code_tables.get(table))
                .map_or(0, |table| table.codes.len());
            options(&[*code], count)
        }
        CondKind::Grade {
            definition,
            outcomes: now,
        } => options(now, outcomes(program, usize::from(definition.0)).into()),
        CondKind::Category {
            judgement,
            categories,
        } => {
            let count = program
                .judgements
                .get(usize::from(judgement.0))
                .map_or(0, |found| found.categories.len());
            options(categories, count)
        }
        CondKind::Any(_) if cond.compared_answers().is_some() => Vec::new(),
        CondKind::All(members) | CondKind::Any(members) if members.len() > 1 => {
            let left = (0..members.len()).map(|member| Change::Left { member });
            [Change::AllAny].into_iter().chain(left).collect()
        }
        CondKind::Count { of, op, n } => of_count(of.len(), *op, *n),
        CondKind::Compare { left, op, right } => of_comparison(program, left, *op, right),
        CondKind::CompareDates { left, op, right } => {
            let days = [(true, left), (false, right)];
            let days = days.into_iter().flat_map(|(left, moment)| {
                days_around(moment)
                    .into_iter()
                    .map(move |to| Change::Day { left, to })
            });
            let windows = [(true, left), (false, right)];
            let windows = windows.into_iter().flat_map(|(left, moment)| {
                let lengths = lengths_around(moment).into_iter();
                lengths.map(move |to| Change::Length { left, to })
            });
            ops(*op).into_iter().chain(days).chain(windows).collect()
        }
        CondKind::TreatUnknown { .. } | CondKind::IfShown { .. } => vec![Change::Collapse],
        CondKind::Const(_)
        | CondKind::Answered(_)
        | CondKind::Criterion(_)
        | CondKind::Application(_)
        | CondKind::Not(_)
        | CondKind::All(_)
        | CondKind::Any(_)
        | CondKind::If(..) => Vec::new(),
    };
    // Where a comparison is turned round, or a code of two replaced, the opposite is there already;
    // what stands under `not` is turned round there.
    let has_opposite = matches!(
        cond.kind,
        CondKind::Compare { .. } | CondKind::CompareDates { .. } | CondKind::Const(_)
    );
    if !negated && !has_opposite {
        found.push(Change::Opposite);
    }
    found
}

/// Each code left out, and replaced by its neighbours in the table.
fn options(now: &[Index], count: usize) -> Vec<Change> {
    let mut found = Vec::new();
    for (place, code) in now.iter().enumerate() {
        let without = || {
            let mut rest = now.to_vec();
            rest.remove(place);
            rest
        };
        if now.len() > 1 {
            found.push(Change::Options(without()));
        }
        for neighbour in [code.checked_sub(1), code.checked_add(1)] {
            let inside = neighbour.filter(|code| usize::from(*code) < count && !now.contains(code));
            if let Some(neighbour) = inside {
                let mut replaced = without();
                replaced.push(neighbour);
                replaced.sort_unstable();
                found.push(Change::Options(replaced));
            }
        }
    }
    found
}

fn of_count(members: usize, op: CountOp, n: u32) -> Vec<Change> {
    let mut found: Vec<Change> = [n.checked_sub(1), n.checked_add(1)]
        .into_iter()
        .flatten()
        .map(Change::Needed)
        .collect();
    let others = [CountOp::AtLeast, CountOp::AtMost, CountOp::Exactly];
    found.extend(
        others
            .into_iter()
            .filter(|other| *other != op)
            .map(Change::Counted),
    );
    if members > 1 {
        found.extend((0..members).map(|member| Change::Left { member }));
    }
    found
}

fn of_comparison(program: &Program, left: &Number, op: CompareOp, right: &Number) -> Vec<Change> {
    let mut found = ops(op);
    for (is_left, side, beside) in [(true, left, right), (false, right, left)] {
        if let NumberKind::Const(threshold) = side.kind
            && !is_constant(beside)
        {
            let scale = threshold.scale().max(digits(program, beside));
            let steps = around(threshold, scale);
            found.extend(steps.map(|to| Change::Threshold { left: is_left, to }));
        }
    }
    found
}

/// The boundary moved to the other side, and the comparison turned round.
fn ops(op: CompareOp) -> Vec<Change> {
    let boundary = match op {
        CompareOp::Less => Some(CompareOp::LessEqual),
        CompareOp::LessEqual => Some(CompareOp::Less),
        CompareOp::Greater => Some(CompareOp::GreaterEqual),
        CompareOp::GreaterEqual => Some(CompareOp::Greater),
        CompareOp::Equal | CompareOp::NotEqual => None,
    };
    boundary
        .into_iter()
        .chain([op.denied()])
        .map(Change::Compared)
        .collect()
}

/// The day before and the day after a written day.
fn days_around(moment: &Moment) -> Vec<Date> {
    match moment {
        Moment::Const(day) if day.precision() == DatePrecision::Day => [-1, 1]
            .into_iter()
            .filter_map(|step| Date::from_day_number(day.first_day() + step))
            .collect(),
        Moment::Const(_) | Moment::Field(_) | Moment::Today | Moment::Shifted { .. } => Vec::new(),
    }
}

/// A window that is one unit longer and one that is one shorter.
fn lengths_around(moment: &Moment) -> Vec<i32> {
    match moment {
        Moment::Shifted { by, .. } => vec![by.saturating_add(1), by.saturating_sub(1)],
        Moment::Const(_) | Moment::Field(_) | Moment::Today => Vec::new(),
    }
}

/// Digits after the point that a number has.
pub(super) fn digits(program: &Program, number: &Number) -> u32 {
    let of_all = |parts: &[Number]| {
        let digits = parts.iter().map(|part| digits(program, part));
        digits.max().unwrap_or(0)
    };
    let found = match &number.kind {
        NumberKind::Const(number) => number.scale(),
        NumberKind::Field(field) => field_digits(program, *field),
        NumberKind::Points(field) => table_of(program, *field)
            .and_then(|table| program.code_tables.get(table))
            .map_or(0, |table| points_digits(table)),
        NumberKind::Definition(id) => match program.definitions.get(usize::from(id.0)) {
            Some(found) => match &found.rule {
                Rule::Number {
                    number, fraction, ..
                } => fraction.map_or_else(|| digits(program, number), u32::from),
                Rule::Criterion(_) | Rule::Grade { .. } => 0,
            },
            None => 0,
        },
        NumberKind::Sum(parts) | NumberKind::Max(parts) | NumberKind::Min(parts) => of_all(parts),
        NumberKind::Call { arguments, .. } => of_all(arguments),
        NumberKind::Script { function, .. } => program
            .functions
            .get(usize::from(*function))
            .map_or(0, |found| u32::from(found.fraction)),
        NumberKind::Count(_) | NumberKind::Elapsed { .. } | NumberKind::Nothing => 0,
        NumberKind::When { amount, .. } => digits(program, amount),
        NumberKind::If(_, left, right) | NumberKind::Arithmetic { left, right, .. } => {
            digits(program, left).max(digits(program, right))
        }
        NumberKind::IfShown { number, .. } => digits(program, number),
    };
    found.min(MOST_DIGITS)
}

fn field_digits(program: &Program, field: FieldId) -> u32 {
    match program
        .fields
        .get(usize::from(field.0))
        .map(|found| &found.ty)
    {
        Some(FieldType::Number { fraction, .. }) => u32::from(*fraction),
        _ => 0,
    }
}

fn points_digits(table: &CodeTable) -> u32 {
    let digits = table.codes.iter().filter_map(|code| code.points);
    digits.map(|points| points.scale()).max().unwrap_or(0)
}

fn of_number(number: &Number) -> Vec<Change> {
    match &number.kind {
        NumberKind::Const(amount) => around(*amount, amount.scale()).map(Change::Amount).into(),
        NumberKind::Sum(parts) if parts.len() > 1 => (0..parts.len())
            .map(|member| Change::Left { member })
            .collect(),
        NumberKind::Max(parts) | NumberKind::Min(parts) if parts.len() > 1 => {
            let left = (0..parts.len()).map(|member| Change::Left { member });
            [Change::MaxMin].into_iter().chain(left).collect()
        }
        NumberKind::Arithmetic { op, .. } => {
            let other = match op {
                ArithmeticOp::Add => ArithmeticOp::Subtract,
                ArithmeticOp::Subtract => ArithmeticOp::Add,
                ArithmeticOp::Multiply => ArithmeticOp::Divide,
                ArithmeticOp::Divide => ArithmeticOp::Multiply,
            };
            vec![Change::Operation(other)]
        }
        NumberKind::IfShown { otherwise, .. } => around(*otherwise, otherwise.scale())
            .map(Change::Amount)
            .into(),
        NumberKind::Nothing
        | NumberKind::Field(_)
        | NumberKind::Points(_)
        | NumberKind::Definition(_)
        | NumberKind::Sum(_)
        | NumberKind::Max(_)
        | NumberKind::Min(_)
        | NumberKind::Count(_)
        | NumberKind::When { .. }
        | NumberKind::If(..)
        | NumberKind::Call { .. }
        | NumberKind::Script { .. }
        | NumberKind::Elapsed { .. } => Vec::new(),
    }
}

/// Makes a change at its site; a change that does not fit the site changes nothing.
fn make(site: Site<'_>, change: &Change) {
    match site {
        Site::Condition { cond, .. } => make_condition(cond, change),
        Site::Number(number) => make_number(number, change),
        Site::Grade { arms, otherwise } => match change {
            Change::Left { member } if *member < arms.len() => {
                arms.remove(*member);
            }
            Change::Outcome { arm, to } => match arms.get_mut(*arm) {
                Some((_, outcome)) => *outcome = *to,
                None => *otherwise = Some(*to),
            },
            _ => {}
        },
        Site::Categories(categories) => make_categories(categories, change),
        Site::Points(table) => {
            if let Change::Points { code, to } = change
                && let Some(found) = table.codes.get_mut(*code)
            {
                found.points = Some(*to);
            }
        }
    }
}

/// A category that is left out keeps its place, so that the others keep theirs: it never holds.
fn make_categories(categories: &mut [Category], change: &Change) {
    match change {
        Change::Eligible(index) => {
            if let Some(category) = categories.get_mut(*index) {
                category.eligible = !category.eligible;
            }
        }
        Change::Left { member } => {
            if let Some(category) = categories.get_mut(*member) {
                category.when = Some(Cond {
                    kind: CondKind::Const(false),
                    text: String::new(),
                });
            }
        }
        _ => {}
    }
}

fn make_condition(cond: &mut Cond, change: &Change) {
    match (&mut cond.kind, change) {
        (_, Change::Opposite) => {
            let inner = std::mem::replace(&mut cond.kind, CondKind::Const(true));
            cond.kind = match inner {
                CondKind::Not(inner) => inner.kind,
                other => CondKind::Not(Box::new(Cond {
                    kind: other,
                    text: String::new(),
                })),
            };
        }
        (CondKind::All(members), Change::AllAny) => {
            let members = std::mem::take(members);
            cond.kind = CondKind::Any(members);
        }
        (CondKind::Any(members), Change::AllAny) => {
            let members = std::mem::take(members);
            cond.kind = CondKind::All(members);
        }
        (
            CondKind::All(members) | CondKind::Any(members) | CondKind::Count { of: members, .. },
            Change::Left { member },
        ) if *member < members.len() => {
            members.remove(*member);
        }
        (CondKind::Count { n, .. }, Change::Needed(to)) => *n = *to,
        (CondKind::Count { op, .. }, Change::Counted(to)) => *op = *to,
        (CondKind::Includes { code, .. }, Change::Options(to)) => {
            *code = to.first().copied().unwrap_or(*code);
        }
        (
            CondKind::Code { codes: now, .. }
            | CondKind::Grade { outcomes: now, .. }
            | CondKind::Category {
                categories: now, ..
            },
            Change::Options(to),
        ) => now.clone_from(to),
        (
            CondKind::Compare { op, .. } | CondKind::CompareDates { op, .. },
            Change::Compared(to),
        ) => *op = *to,
        (CondKind::Compare { left, right, .. }, Change::Threshold { left: is_left, to }) => {
            let side = if *is_left { left } else { right };
            side.kind = NumberKind::Const(*to);
        }
        (CondKind::CompareDates { left, right, .. }, Change::Day { left: is_left, to }) => {
            let side = if *is_left { left } else { right };
            *side = Moment::Const(*to);
        }
        (CondKind::CompareDates { left, right, .. }, Change::Length { left: is_left, to }) => {
            let side = if *is_left { left } else { right };
            lengthen(side, *to);
        }
        (CondKind::TreatUnknown { as_yes, .. }, Change::Collapse) => *as_yes = !*as_yes,
        (CondKind::IfShown { otherwise, .. }, Change::Collapse) => *otherwise = !*otherwise,
        _ => {}
    }
}

/// Gives a window another length.
pub(super) fn lengthen(moment: &mut Moment, to: i32) {
    if let Moment::Shifted { by, .. } = moment {
        *by = to;
    }
}

fn make_number(number: &mut Number, change: &Change) {
    match (&mut number.kind, change) {
        (
            NumberKind::Const(amount)
            | NumberKind::IfShown {
                otherwise: amount, ..
            },
            Change::Amount(to),
        ) => *amount = *to,
        (
            NumberKind::Sum(parts) | NumberKind::Max(parts) | NumberKind::Min(parts),
            Change::Left { member },
        ) if *member < parts.len() => {
            parts.remove(*member);
        }
        (NumberKind::Max(parts), Change::MaxMin) => {
            let parts = std::mem::take(parts);
            number.kind = NumberKind::Min(parts);
        }
        (NumberKind::Min(parts), Change::MaxMin) => {
            let parts = std::mem::take(parts);
            number.kind = NumberKind::Max(parts);
        }
        (NumberKind::Arithmetic { op, .. }, Change::Operation(to)) => *op = *to,
        _ => {}
    }
}
