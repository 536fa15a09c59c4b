//! Migrations: what one edition alone can tell about them.

use super::{kind, unique};
use crate::program::{Carried, FieldType, Migration, Program};
use crate::wire::WireError;

/// Checks the fall-back and every migration of a program.
pub(super) fn check(program: &Program) -> Result<(), WireError> {
    if program.fallback.as_ref() == Some(&program.edition) {
        return Err(kind(&program.edition, "更新で使う前の版が自分自身です"));
    }
    unique(
        "migrate",
        program.migrations.iter().map(|m| m.edition.as_str()),
    )?;
    program
        .migrations
        .iter()
        .try_for_each(|migration| check_migration(program, migration))
}

fn check_migration(program: &Program, migration: &Migration) -> Result<(), WireError> {
    let at = &migration.edition;
    if *at == program.edition {
        return Err(kind(at, "自分自身からは移せません"));
    }
    unique(at, migration.dropped.iter().map(|d| d.old.as_str()))?;
    let mut answered = vec![false; program.fields.len()];
    let carried = migration.carried.iter().map(|c| c.new);
    for id in carried.chain(migration.asked.iter().map(|a| a.new)) {
        let index = usize::from(id.0);
        match answered.get_mut(index) {
            Some(slot) if !*slot => *slot = true,
            Some(_) => return Err(kind(at, "一つの項目に二つの行があります")),
            None => {
                return Err(WireError::Index {
                    at: at.clone(),
                    what: "項目",
                    index,
                });
            }
        }
    }
    let forgotten = answered.iter().zip(&program.fields).find(|(a, _)| !**a);
    if let Some((_, field)) = forgotten {
        return Err(kind(
            &field.name,
            "前の版から移すか、新しく尋ねるかが決まっていません",
        ));
    }
    for carried in &migration.carried {
        if migration.dropped.iter().any(|d| d.old == carried.old) {
            return Err(kind(&carried.old, "移す項目が廃止もされています"));
        }
        check_codes(program, carried)?;
    }
    Ok(())
}

fn check_codes(program: &Program, carried: &Carried) -> Result<(), WireError> {
    unique(&carried.old, carried.codes.iter().map(|c| c.old.as_str()))?;
    let field = program.fields.get(usize::from(carried.new.0));
    let table = match field.map(|f| &f.ty) {
        Some(FieldType::Choice { table } | FieldType::Choices { table }) => {
            program.code_tables.get(usize::from(*table))
        }
        _ => None,
    };
    let count = table.map_or(0, |t| t.codes.len());
    for index in carried.codes.iter().filter_map(|c| c.new) {
        super::rules::within(&carried.old, "符号", index, count)?;
    }
    if table.is_none() && !carried.codes.is_empty() {
        return Err(kind(&carried.old, "選択肢でない項目に符号の対応があります"));
    }
    Ok(())
}
