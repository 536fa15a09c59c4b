//! Everything the engine relies on in a program, checked once.

mod migrations;
mod order;
mod rules;

use crate::arena::number_domain;
use crate::program::{
    Code, CodeTable, Definition, Excepted, FORMAT, Field, FieldType, Judgement, Member, Program,
    Rule, ScriptFunction,
};
use crate::wire::WireError;

/// How deep pages, conditions and numbers may be nested, and how long a chain of references may
/// be: deep enough for every form, shallow enough for every stack.
pub(super) const MAX_DEPTH: usize = 300;

/// How many outcomes a grade and how many categories a judgement may have.
pub(super) const MAX_OUTCOMES: usize = 63;

/// Most digits an exact decimal holds for certain.
const MAX_DIGITS: u8 = 28;

/// Checks a program.
pub(super) fn check(program: &Program) -> Result<(), WireError> {
    if program.format != FORMAT {
        return Err(WireError::Format {
            found: u64::from(program.format),
        });
    }
    for (what, count) in [
        ("項目", program.fields.len()),
        ("符号表", program.code_tables.len()),
        ("規則", program.definitions.len()),
        ("判定", program.judgements.len()),
        ("関数", program.functions.len()),
    ] {
        let limit = usize::from(u16::MAX);
        if count > limit {
            return Err(WireError::Limit {
                at: program.key.clone(),
                what,
                limit,
            });
        }
    }
    unique(
        "関数",
        program
            .functions
            .iter()
            .map(|function| function.name.as_str()),
    )?;
    for function in &program.functions {
        check_function(function)?;
    }
    for table in &program.code_tables {
        check_table(table)?;
    }
    unique(
        "項目",
        program.fields.iter().map(|field| field.name.as_str()),
    )?;
    unique(
        "規則",
        program
            .definitions
            .iter()
            .map(|definition| definition.name.as_str()),
    )?;
    unique(
        "判定",
        program
            .judgements
            .iter()
            .map(|judgement| judgement.name.as_str()),
    )?;
    unique(
        "チェック",
        program.checks.iter().map(|check| check.id.as_str()),
    )?;
    for field in &program.fields {
        check_field(program, field)?;
    }
    for section in &program.sections {
        check_members(program, &section.members, &section.name, 0)?;
    }
    let rules = rules::Rules { program };
    for definition in &program.definitions {
        check_definition(&rules, definition)?;
    }
    for judgement in &program.judgements {
        check_judgement(&rules, judgement)?;
    }
    for check in &program.checks {
        if check.at.is_empty() {
            return Err(kind(&check.id, "チェックを表示する項目がありません"));
        }
        for field in &check.at {
            rules.field(&check.id, *field)?;
        }
        rules.condition(&check.id, &check.violated, 0)?;
    }
    for exception in &program.exceptions {
        let name = match exception.of {
            Excepted::Definition(id) => {
                let found = program.definitions.get(usize::from(id.0));
                found.map(|definition| definition.name.as_str())
            }
            Excepted::Judgement(id) => {
                let found = program.judgements.get(usize::from(id.0));
                found.map(|judgement| judgement.name.as_str())
            }
        };
        let name = name.ok_or_else(|| kind("例外", "規則がありません"))?;
        rules.condition(name, &exception.when, 0)?;
    }
    for field in &program.fields {
        let conditions = [&field.shown_when, &field.hidden_when, &field.required_when];
        for condition in conditions.into_iter().flatten() {
            rules.condition(&field.name, condition, 0)?;
        }
    }
    migrations::check(program)?;
    order::check(program)
}

fn kind(at: &str, reason: &str) -> WireError {
    WireError::Kind {
        at: at.to_owned(),
        reason: reason.to_owned(),
    }
}

fn unique<'a>(at: &str, names: impl Iterator<Item = &'a str>) -> Result<(), WireError> {
    let mut sorted: Vec<&str> = names.collect();
    sorted.sort_unstable();
    let twice = sorted.windows(2).find_map(|pair| match pair {
        [first, second] if first == second => Some(*first),
        _ => None,
    });
    twice.map_or(Ok(()), |name| {
        Err(WireError::Duplicate {
            at: at.to_owned(),
            name: name.to_owned(),
        })
    })
}

/// So many functions a form may have, and so many parameters a function.
const MAX_FUNCTIONS: usize = 255;

fn check_function(function: &ScriptFunction) -> Result<(), WireError> {
    let names = function.parameters.iter().map(|p| p.name.as_str());
    unique(&function.name, names)?;
    if function.parameters.len() > MAX_FUNCTIONS {
        return Err(WireError::Limit {
            at: function.name.clone(),
            what: "引数",
            limit: MAX_FUNCTIONS,
        });
    }
    if function.digits > MAX_DIGITS || function.fraction > function.digits {
        return Err(kind(&function.name, "関数の結果の桁数が正しくありません"));
    }
    crate::script::check_script(function).map_err(|error| WireError::Kind {
        at: function.name.clone(),
        reason: format!("関数の式を読めません: {}", error.reason),
    })
}

fn check_table(table: &CodeTable) -> Result<(), WireError> {
    let limit = usize::from(u16::MAX);
    if table.codes.len() > limit {
        return Err(WireError::Limit {
            at: table.name.clone(),
            what: "符号",
            limit,
        });
    }
    unique(
        &table.name,
        table.codes.iter().map(|code: &Code| code.value.as_str()),
    )?;
    unique(
        &table.name,
        table.codes.iter().map(|code: &Code| code.name.as_str()),
    )
}

fn check_field(program: &Program, field: &Field) -> Result<(), WireError> {
    match &field.ty {
        FieldType::Number {
            digits,
            fraction,
            min,
            max,
            ..
        } => {
            if *digits == 0 || *digits > MAX_DIGITS || fraction > digits {
                return Err(kind(&field.name, "桁数の指定が正しくありません"));
            }
            if let (Some(min), Some(max)) = (min, max)
                && min > max
            {
                return Err(kind(&field.name, "最小値が最大値より大きくなっています"));
            }
            if number_domain(*digits, *fraction, *min, *max).is_none() {
                return Err(kind(
                    &field.name,
                    "範囲の中に、この桁数で書ける値がありません",
                ));
            }
            Ok(())
        }
        FieldType::Choice { table } | FieldType::Choices { table } => {
            let index = usize::from(*table);
            match program.code_tables.get(index) {
                Some(_) => Ok(()),
                None => Err(WireError::Index {
                    at: field.name.clone(),
                    what: "符号表",
                    index,
                }),
            }
        }
        FieldType::Text { .. }
        | FieldType::Kana { .. }
        | FieldType::Digits { .. }
        | FieldType::PostalCode
        | FieldType::Phone
        | FieldType::Date { .. } => Ok(()),
    }
}

fn check_members(
    program: &Program,
    members: &[Member],
    at: &str,
    depth: usize,
) -> Result<(), WireError> {
    if depth > MAX_DEPTH {
        return Err(WireError::Limit {
            at: at.to_owned(),
            what: "グループの入れ子",
            limit: MAX_DEPTH,
        });
    }
    for member in members {
        let (what, index, count) = match member {
            Member::Group { members, .. } => {
                check_members(program, members, at, depth + 1)?;
                continue;
            }
            Member::Note(_) => continue,
            Member::Field(id) => ("項目", usize::from(id.0), program.fields.len()),
            Member::Display(id) => ("規則", usize::from(id.0), program.definitions.len()),
        };
        if index >= count {
            return Err(WireError::Index {
                at: at.to_owned(),
                what,
                index,
            });
        }
    }
    Ok(())
}

fn check_definition(rules: &rules::Rules<'_>, definition: &Definition) -> Result<(), WireError> {
    let at = &definition.name;
    match &definition.rule {
        Rule::Criterion(condition) => rules.condition(at, condition, 0),
        Rule::Number {
            number, fraction, ..
        } => {
            if fraction.is_some_and(|fraction| fraction > MAX_DIGITS) {
                return Err(kind(at, "桁数の指定が正しくありません"));
            }
            rules.number(at, number, 0)
        }
        Rule::Grade {
            outcomes,
            arms,
            otherwise,
            ..
        } => {
            if outcomes.len() > MAX_OUTCOMES {
                return Err(WireError::Limit {
                    at: at.clone(),
                    what: "結果の種類",
                    limit: MAX_OUTCOMES,
                });
            }
            for index in arms.iter().map(|(_, index)| *index).chain(*otherwise) {
                rules::within(at, "結果", index, outcomes.len())?;
            }
            arms.iter()
                .try_for_each(|(condition, _)| rules.condition(at, condition, 0))
        }
    }
}

fn check_judgement(rules: &rules::Rules<'_>, judgement: &Judgement) -> Result<(), WireError> {
    let at = &judgement.name;
    if judgement.categories.len() > MAX_OUTCOMES {
        return Err(WireError::Limit {
            at: at.clone(),
            what: "区分",
            limit: MAX_OUTCOMES,
        });
    }
    unique(
        at,
        judgement
            .categories
            .iter()
            .map(|category| category.name.as_str()),
    )?;
    let Some((last, earlier)) = judgement.categories.split_last() else {
        return Err(kind(at, "判定に区分がありません"));
    };
    if last.when.is_some() || earlier.iter().any(|category| category.when.is_none()) {
        return Err(kind(at, "条件のない区分は最後に一つだけ置きます"));
    }
    earlier
        .iter()
        .filter_map(|category| category.when.as_ref())
        .try_for_each(|when| rules.condition(at, when, 0))
}
