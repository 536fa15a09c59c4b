//! Mutants in words: where, and what was changed.

use super::Owner;
use super::changes::{Change, Planned, lengthen};
use super::sites::{Site, table_of, visit};
use crate::reading;
use kohyo_engine::Decimal;
use kohyo_engine::program::{
    ArithmeticOp, CodeTable, Cond, CondKind, ElapsedUnit, Index, Level, Moment, Number, NumberKind,
    Program, Rule,
};

/// The part in words: 規則「…」（name）.
pub(super) fn place(program: &Program, owner: Owner) -> String {
    let nothing = String::new;
    match owner {
        Owner::Definition(index) => program
            .definitions
            .get(index)
            .map_or_else(nothing, |d| named("規則", &d.label, &d.name)),
        Owner::Judgement(index) => program
            .judgements
            .get(index)
            .map_or_else(nothing, |j| named("判定", &j.label, &j.name)),
        Owner::Check(index) => program.checks.get(index).map_or_else(nothing, |check| {
            let level = match check.level {
                Level::Error => "エラー",
                Level::Warning => "警告",
                Level::Information => "情報",
            };
            format!("チェック {}（{level}）「{}」", check.id, check.message)
        }),
        Owner::Field(index) => program.fields.get(index).map_or_else(nothing, |field| {
            named("項目", &field.label, &field.name) + "の表示・必須の条件"
        }),
        Owner::Points { table, .. } => program
            .code_tables
            .get(table)
            .map_or_else(nothing, |table| named("点数", &table.label, &table.name)),
    }
}

fn named(kind: &str, label: &str, name: &str) -> String {
    if label == name {
        format!("{kind}「{label}」")
    } else {
        format!("{kind}「{label}」（{name}）")
    }
}

/// The change in words: 「…が3.0g/dL以下」を「…が3.0g/dL未満」に変える.
pub(super) fn change(program: &Program, owner: Owner, planned: &Planned) -> String {
    let mut copy = program.clone();
    let mut site = 0;
    let mut words = String::new();
    visit(&mut copy, owner, &mut |found| {
        if site == planned.site {
            words = match found {
                Site::Condition { cond, .. } => of_condition(program, cond, &planned.change),
                Site::Number(number) => of_number(number, &planned.change),
                Site::Grade { arms, .. } => of_grade(program, owner, arms, &planned.change),
                Site::Categories(_) => of_judgement(program, owner, &planned.change),
                Site::Points(table) => of_points(table, &planned.change),
            };
        }
        site += 1;
    });
    words
}

fn becomes(before: &str, after: &str) -> String {
    format!(
        "{}を{}に変える",
        reading::quoted(before),
        reading::quoted(after)
    )
}

fn left_out(text: &str) -> String {
    format!("{}を外す", reading::quoted(text))
}

fn of_condition(program: &Program, cond: &Cond, change: &Change) -> String {
    let (text, shown) = (&cond.text, reading::quoted(&cond.text));
    match (&cond.kind, change) {
        (_, Change::Opposite) => format!("{shown}を逆にする"),
        (CondKind::All(_), Change::AllAny) => {
            format!("{shown}を、いずれか１つでよいことにする")
        }
        (CondKind::Any(_), Change::AllAny) => format!("{shown}を、すべて必要とする"),
        (
            CondKind::All(members) | CondKind::Any(members) | CondKind::Count { of: members, .. },
            Change::Left { member },
        ) => {
            let member = members.get(*member).map_or("", |member| &member.text);
            format!("{shown}から{}", left_out(member))
        }
        (CondKind::Count { op, .. }, Change::Needed(to)) => {
            becomes(text, &reading::count(*op, *to))
        }
        (CondKind::Count { n, .. }, Change::Counted(to)) => becomes(text, &reading::count(*to, *n)),
        (CondKind::Code { field, .. } | CondKind::Includes { field, .. }, Change::Options(to)) => {
            let codes = table_of(program, *field)
                .and_then(|table| program.code_tables.get(table))
                .map_or(&[][..], |table| &table.codes);
            let labels = labels(to, |code| codes.get(code).map(|code| code.label.as_str()));
            format!("{shown}の選択肢を{labels}に変える")
        }
        (CondKind::Grade { definition, .. }, Change::Options(to)) => {
            let outcomes = match program.definitions.get(usize::from(definition.0)) {
                Some(found) => match &found.rule {
                    Rule::Grade { outcomes, .. } => outcomes.as_slice(),
                    Rule::Criterion(_) | Rule::Number { .. } => &[],
                },
                None => &[],
            };
            let labels = labels(to, |index| outcomes.get(index).map(|o| o.label.as_str()));
            format!("{shown}の区分を{labels}に変える")
        }
        (CondKind::Category { judgement, .. }, Change::Options(to)) => {
            let categories = program
                .judgements
                .get(usize::from(judgement.0))
                .map_or(&[][..], |judgement| &judgement.categories);
            let labels = labels(to, |index| categories.get(index).map(|c| c.label.as_str()));
            format!("{shown}の区分を{labels}に変える")
        }
        (CondKind::Compare { left, right, .. }, Change::Compared(to)) => {
            becomes(text, &reading::compare(&left.text, *to, &right.text))
        }
        (CondKind::CompareDates { left, right, .. }, Change::Compared(to)) => {
            let (left, right) = (moment(program, left), moment(program, right));
            becomes(text, &reading::compare_dates(&left, *to, &right))
        }
        (CondKind::Compare { left, right, op }, Change::Threshold { left: is_left, to }) => {
            let side = if *is_left { left } else { right };
            let moved = |words: &str| match side.kind {
                NumberKind::Const(now) => words.replacen(&digits(now), &digits(*to), 1),
                _ => words.to_owned(),
            };
            let after = match (side.kind.clone(), *is_left) {
                (NumberKind::Const(now), _) if text.matches(&digits(now)).count() == 1 => {
                    moved(text)
                }
                (_, true) => reading::compare(&moved(&side.text), *op, &right.text),
                (_, false) => reading::compare(&left.text, *op, &moved(&side.text)),
            };
            becomes(text, &after)
        }
        (CondKind::CompareDates { left, right, .. }, Change::Day { left: is_left, to }) => {
            let side = if *is_left { left } else { right };
            match side {
                Moment::Const(now) => becomes(
                    text,
                    &text.replacen(&reading::date(*now), &reading::date(*to), 1),
                ),
                Moment::Field(_) | Moment::Today | Moment::Shifted { .. } => String::new(),
            }
        }
        (CondKind::CompareDates { left, right, .. }, Change::Length { left: is_left, to }) => {
            let side = if *is_left { left } else { right };
            let mut changed = side.clone();
            lengthen(&mut changed, *to);
            let (before, after) = (moment(program, side), moment(program, &changed));
            format!("{shown}で、{}", becomes(&before, &after))
        }
        (CondKind::TreatUnknown { as_yes, .. }, _) => {
            let now = if *as_yes {
                "満たさない"
            } else {
                "満たす"
            };
            format!("{shown}で、不明を「{now}」とみなす")
        }
        (CondKind::IfShown { otherwise, .. }, _) => {
            let now = if *otherwise {
                "満たさない"
            } else {
                "満たす"
            };
            format!("{shown}で、項目が表示されないときを「{now}」とする")
        }
        _ => String::new(),
    }
}

/// A number as readings write it.
fn digits(number: Decimal) -> String {
    reading::grouped(&number.to_string())
}

fn moment(program: &Program, at: &Moment) -> String {
    match at {
        Moment::Const(day) => reading::date(*day),
        Moment::Field(field) => program
            .fields
            .get(usize::from(field.0))
            .map_or_else(String::new, |field| reading::subject(&field.label)),
        Moment::Today => "判定日".to_owned(),
        Moment::Shifted {
            moment: inner,
            by,
            unit,
        } => {
            let unit = match unit {
                ElapsedUnit::Years => "年",
                ElapsedUnit::Months => "か月",
                ElapsedUnit::Days => "日",
            };
            let side = if *by < 0 { "前" } else { "後" };
            format!(
                "{}の{}{unit}{side}の日",
                moment(program, inner),
                by.unsigned_abs()
            )
        }
    }
}

fn labels<'a>(chosen: &[Index], label: impl Fn(usize) -> Option<&'a str>) -> String {
    chosen
        .iter()
        .filter_map(|index| label(usize::from(*index)))
        .map(reading::quoted)
        .collect()
}

fn of_number(number: &Number, change: &Change) -> String {
    let shown = reading::quoted(&number.text);
    match (&number.kind, change) {
        (NumberKind::Const(now), Change::Amount(to)) => format!("値 {now} を {to} に変える"),
        (NumberKind::IfShown { .. }, Change::Amount(to)) => {
            format!("{shown}で、項目が表示されないときの値を {to} に変える")
        }
        (
            NumberKind::Sum(parts) | NumberKind::Max(parts) | NumberKind::Min(parts),
            Change::Left { member },
        ) => {
            let member = parts.get(*member).map_or("", |part| &part.text);
            format!("{shown}から{}", left_out(member))
        }
        (NumberKind::Max(_), Change::MaxMin) => format!("{shown}を最小にする"),
        (NumberKind::Min(_), Change::MaxMin) => format!("{shown}を最大にする"),
        (NumberKind::Arithmetic { .. }, Change::Operation(to)) => {
            let sign = match to {
                ArithmeticOp::Add => "＋",
                ArithmeticOp::Subtract => "−",
                ArithmeticOp::Multiply => "×",
                ArithmeticOp::Divide => "÷",
            };
            format!("{shown}の計算を{sign}に変える")
        }
        _ => String::new(),
    }
}

fn of_grade(program: &Program, owner: Owner, arms: &[(Cond, Index)], change: &Change) -> String {
    let outcomes = match owner {
        Owner::Definition(index) => match program.definitions.get(index).map(|d| &d.rule) {
            Some(Rule::Grade { outcomes, .. }) => outcomes.as_slice(),
            _ => &[],
        },
        _ => &[],
    };
    let label = |index: Index| outcomes.get(usize::from(index)).map_or("", |o| &o.label);
    match change {
        Change::Left { member } => {
            let arm = arms.get(*member).map_or("", |(when, _)| &when.text);
            format!("{}の行を外す", reading::quoted(arm))
        }
        Change::Outcome { arm, to } => match arms.get(*arm) {
            Some((when, now)) => format!(
                "{}のときの「{}」を「{}」に変える",
                reading::quoted(&when.text),
                label(*now),
                label(*to)
            ),
            None => format!("いずれにも当てはまらないときを「{}」に変える", label(*to)),
        },
        _ => String::new(),
    }
}

fn of_judgement(program: &Program, owner: Owner, change: &Change) -> String {
    let categories = match owner {
        Owner::Judgement(index) => program
            .judgements
            .get(index)
            .map_or(&[][..], |judgement| &judgement.categories),
        _ => &[],
    };
    match change {
        Change::Eligible(index) => categories.get(*index).map_or_else(String::new, |category| {
            let now = if category.eligible {
                "対象外"
            } else {
                "対象"
            };
            format!("区分「{}」を{now}にする", category.label)
        }),
        Change::Left { member } => categories
            .get(*member)
            .map_or_else(String::new, |category| {
                format!("区分「{}」を外す", category.label)
            }),
        _ => String::new(),
    }
}

fn of_points(table: &CodeTable, change: &Change) -> String {
    match change {
        Change::Points { code, to } => table.codes.get(*code).map_or_else(String::new, |code| {
            let now = code.points.unwrap_or_default();
            format!("「{}」の {now}点 を {to}点 に変える", code.label)
        }),
        _ => String::new(),
    }
}
