//! `tremor is "あり"`: the syntax wants a name there; the name of the code with that label is said.
//!
//! In go the names of the world and the findings; the finding at such a label gets its repair.

use crate::suggest::{Meant, labelled};
use crate::world::{Entity, UnitIndex, World, option_names};
use kohyo_dsl::Diagnostic;
use kohyo_dsl::ast::{Name, Path};

/// Names the codes, outcomes and categories whose labels were written instead.
pub(crate) fn name_codes(world: &World<'_>, diagnostics: &mut [Diagnostic]) {
    for found in diagnostics {
        let Some(unit) = world.units.iter().position(|u| u.file == found.file) else {
            continue;
        };
        let text = world.units.get(unit).map_or("", |u| u.text);
        let label = found.span.of(text);
        let label = label.strip_prefix('"').and_then(|l| l.strip_suffix('"'));
        let before = text.get(..found.span.start as usize);
        let (Some(label), Some(before)) = (label, before) else {
            continue;
        };
        let known = subject(before).map(|path| options(world, unit, &path));
        let known = known.iter().flatten().map(|(name, l)| (name.as_str(), *l));
        if let Some(name) = labelled(label, &known.collect::<Vec<_>>()) {
            let word = Name {
                text: label.to_owned(),
                span: found.span,
            };
            *found = Meant::Labelled(name).tell(found.clone(), &word);
        }
    }
}

/// What stands before `is` or `is not` at the end of `before`.
fn subject(before: &str) -> Option<Path> {
    let before = before.trim_end();
    let before = before.strip_suffix(" not").unwrap_or(before).trim_end();
    let path = before.strip_suffix(" is")?.split_whitespace().next_back()?;
    let path = path.rsplit(['(', '{', ';', ',']).next()?;
    let span = kohyo_dsl::Span::default();
    let name = |text: &str| Name {
        text: text.to_owned(),
        span,
    };
    Some(Path {
        names: path.split('.').map(name).collect(),
        span,
    })
}

/// Names and labels of what `path` can be.
fn options<'w>(world: &'w World<'_>, unit: UnitIndex, path: &Path) -> Vec<(String, &'w str)> {
    let codes = |field| {
        let table = world.fields[field].table;
        let codes = table.map_or(&[][..], |table| world.tables[table].codes);
        let codes = codes.iter();
        codes
            .map(|c| (c.name.text.clone(), c.label.text.as_str()))
            .collect()
    };
    match world.resolve(unit, path) {
        Ok(Entity::Field(field)) => codes(field),
        Ok(Entity::Rule(rule)) => {
            let outcomes = world.rules[rule].kind.outcomes().unwrap_or_default();
            let named = outcomes.iter().filter_map(|o| {
                let label = o.label.as_ref()?;
                Some((o.name.text.clone(), label.text.as_str()))
            });
            named.collect()
        }
        Ok(Entity::Judgement(id)) => option_names(world.judgements[id].ast),
        Ok(Entity::Table(_) | Entity::Repeat(_)) => Vec::new(),
        Err(_) => {
            let question = world.question(unit, path);
            let first = question.and_then(|(_, fields)| fields.first().copied());
            first.map_or_else(Vec::new, codes)
        }
    }
}
