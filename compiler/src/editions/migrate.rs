//! One `migrate from edition "…" { … }`, checked against both editions.
//!
//! Total on both sides: every question of the older edition goes somewhere or is dropped with a
//! reason, every question of this edition comes from somewhere or is asked with a reason. A
//! question of the same name needs no line, nor does one that says `was old_name`.

use crate::diagnostics as d;
use crate::lower::FormerName;
use crate::suggest::nearest;
use kohyo_dsl::ast::{self, MappedCode, MigrationLineKind, Name};
use kohyo_dsl::{Diagnostic, Span};
use kohyo_engine::program::{self as p, FieldId, FieldType, Program};
use kohyo_engine::{Fit, fit};

/// The two editions.
pub(super) struct Sides<'s> {
    pub(super) file: &'s str,
    pub(super) older: &'s Program,
    pub(super) newer: &'s Program,
    /// What fields of this edition were called before.
    pub(super) former: &'s [FormerName],
    /// Whether both editions were read without a mistake; otherwise nothing is called forgotten.
    pub(super) complete: bool,
}

/// Where the answer to a question of this edition comes from.
#[derive(Clone)]
enum Origin<'m> {
    /// Not said yet.
    Open,
    /// A question of the older edition.
    From {
        old: usize,
        map: &'m [MappedCode],
        where_it_fits: bool,
        span: Span,
    },
    /// Nowhere.
    Asked { reason: &'m str, span: Span },
}

impl Origin<'_> {
    fn span(&self) -> Option<Span> {
        match self {
            Origin::Open => None,
            Origin::From { span, .. } | Origin::Asked { span, .. } => Some(*span),
        }
    }
}

struct Work<'s, 'm> {
    sides: &'s Sides<'s>,
    edition: &'m ast::Text,
    /// By position in this edition.
    origins: Vec<Origin<'m>>,
    /// By position in the older edition: reason and place.
    dropped: Vec<Option<(&'m str, Span)>>,
    diagnostics: &'s mut Vec<Diagnostic>,
    /// A line that could not be followed may be about anything.
    complete: bool,
}

pub(super) fn lower(
    sides: &Sides<'_>,
    migration: &ast::Migration,
    diagnostics: &mut Vec<Diagnostic>,
) -> p::Migration {
    let mut work = Work {
        sides,
        edition: &migration.edition,
        origins: vec![Origin::Open; sides.newer.fields.len()],
        dropped: vec![None; sides.older.fields.len()],
        diagnostics,
        complete: sides.complete,
    };
    for line in &migration.lines {
        work.line(line);
    }
    work.same_names();
    work.report_forgotten();
    work.finish(&migration.edition.text)
}

impl<'m> Work<'_, 'm> {
    fn line(&mut self, line: &'m ast::MigrationLine) {
        match &line.kind {
            MigrationLineKind::Carried {
                new,
                old,
                map,
                where_it_fits,
            } => {
                let (new_id, old_id) = (self.new_field(new), self.old_field(old));
                let (Some(new_id), Some(old)) = (new_id, old_id) else {
                    return;
                };
                if let Some(map) = map
                    && !has_codes(&self.sides.older.fields, old)
                {
                    let span = map.first().map_or(line.span, |code| code.old.span);
                    self.diagnostics
                        .push(d::map_without_codes(self.sides.file, span));
                }
                let origin = Origin::From {
                    old,
                    map: map.as_deref().unwrap_or_default(),
                    where_it_fits: *where_it_fits,
                    span: line.span,
                };
                self.put(new_id, new, origin);
            }
            MigrationLineKind::Asked { names, reason } => {
                for name in names {
                    if let Some(new) = self.new_field(name) {
                        let origin = Origin::Asked {
                            reason: &reason.text,
                            span: name.span,
                        };
                        self.put(new, name, origin);
                    }
                }
            }
            MigrationLineKind::Dropped { names, reason } => {
                for name in names {
                    let Some(old) = self.old_field(name) else {
                        continue;
                    };
                    let first = self.dropped.get(old).copied().flatten();
                    if let Some((_, first)) = first {
                        self.diagnostics
                            .push(d::said_twice(self.sides.file, name, first));
                    } else if let Some(slot) = self.dropped.get_mut(old) {
                        *slot = Some((&reason.text, name.span));
                    }
                }
            }
        }
    }

    fn put(&mut self, new: usize, name: &Name, origin: Origin<'m>) {
        let Some(slot) = self.origins.get_mut(new) else {
            return;
        };
        match slot.span() {
            Some(first) => {
                self.diagnostics
                    .push(d::said_twice(self.sides.file, name, first));
            }
            None => *slot = origin,
        }
    }

    fn new_field(&mut self, name: &Name) -> Option<usize> {
        let found = position(&self.sides.newer.fields, &name.text);
        if found.is_none() {
            self.complete = false;
            if self.sides.complete {
                let known = nearest(&name.text, names(&self.sides.newer.fields));
                self.diagnostics.push(d::unknown_migrated_field(
                    self.sides.file,
                    name,
                    "今の版",
                    known,
                ));
            }
        }
        found
    }

    fn old_field(&mut self, name: &Name) -> Option<usize> {
        let found = position(&self.sides.older.fields, &name.text);
        if found.is_none() {
            self.complete = false;
            let edition = format!("{}年版", self.edition.text);
            let known = nearest(&name.text, names(&self.sides.older.fields));
            self.diagnostics.push(d::unknown_migrated_field(
                self.sides.file,
                name,
                &edition,
                known,
            ));
        }
        found
    }

    /// Fields that no line is about come from the field they were called, or the one of their
    /// name.
    fn same_names(&mut self) {
        for (new, field) in self.sides.newer.fields.iter().enumerate() {
            if !matches!(self.origins.get(new), Some(Origin::Open)) {
                continue;
            }
            let former = self.sides.former.iter().find(|f| f.field == new);
            let by_former = former.and_then(|f| {
                f.names
                    .iter()
                    .find_map(|name| position(&self.sides.older.fields, name))
            });
            let found = by_former.or_else(|| position(&self.sides.older.fields, &field.name));
            if let (None, Some(former)) = (found, former.filter(|f| f.file == self.sides.file)) {
                self.complete = false;
                let edition = format!("{}年版", self.edition.text);
                let known = nearest(&former.written.text, names(&self.sides.older.fields));
                self.diagnostics.push(d::unknown_migrated_field(
                    self.sides.file,
                    &former.written,
                    &edition,
                    known,
                ));
            }
            let kept = |old: &usize| self.dropped.get(*old).copied().flatten().is_none();
            if let (Some(old), Some(slot)) = (found.filter(kept), self.origins.get_mut(new)) {
                *slot = Origin::From {
                    old,
                    map: &[],
                    where_it_fits: false,
                    span: self.edition.span,
                };
            }
        }
        for (old, dropped) in self.dropped.iter().enumerate() {
            let used = self.origins.iter().find_map(|origin| match origin {
                Origin::From {
                    old: used, span, ..
                } if *used == old => Some(*span),
                _ => None,
            });
            if let (Some((_, span)), Some(used), Some(field)) =
                (dropped, used, self.sides.older.fields.get(old))
            {
                let name = Name {
                    text: field.name.clone(),
                    span: *span,
                };
                self.diagnostics
                    .push(d::said_twice(self.sides.file, &name, used));
            }
        }
    }

    /// Questions of either side that nothing is said about.
    fn report_forgotten(&mut self) {
        if !self.complete {
            return;
        }
        let used = |old: usize| {
            self.dropped.get(old).copied().flatten().is_some()
                || self
                    .origins
                    .iter()
                    .any(|o| matches!(o, Origin::From { old: used, .. } if *used == old))
        };
        let older = &self.sides.older.fields;
        let without: Vec<&p::Field> = older
            .iter()
            .enumerate()
            .filter(|(old, _)| !used(*old))
            .map(|(_, field)| field)
            .collect();
        let open: Vec<&p::Field> = self
            .origins
            .iter()
            .zip(&self.sides.newer.fields)
            .filter(|(origin, _)| matches!(origin, Origin::Open))
            .map(|(_, field)| field)
            .collect();
        // A question that was probably renamed is suggested as such on the older side only.
        let renamed = |old: &p::Field| {
            open.iter()
                .find(|new| alike(old, new))
                .map(|new| new.name.as_str())
        };
        if !without.is_empty() {
            let lines: Vec<String> = without
                .iter()
                .map(|old| match renamed(old) {
                    Some(new) => format!("{new} from {}", old.name),
                    None => format!("drop {} because \"…\"", old.name),
                })
                .collect();
            self.diagnostics.push(d::without_destination(
                self.sides.file,
                self.edition,
                &labels(&without),
                &lines,
            ));
        }
        let new_ones: Vec<&p::Field> = open
            .iter()
            .filter(|new| !without.iter().any(|old| renamed(old) == Some(&new.name)))
            .copied()
            .collect();
        if !new_ones.is_empty() {
            let names: Vec<&str> = new_ones.iter().map(|f| f.name.as_str()).collect();
            self.diagnostics.push(d::without_origin(
                self.sides.file,
                self.edition,
                &labels(&new_ones),
                &names,
            ));
        }
    }

    fn finish(mut self, edition: &str) -> p::Migration {
        let mut carried = Vec::new();
        let mut asked = Vec::new();
        let origins = std::mem::take(&mut self.origins);
        for (id, origin) in (0..=u16::MAX).zip(origins) {
            let new = FieldId(id);
            match origin {
                Origin::Open => {}
                Origin::Asked { reason, .. } => asked.push(p::Asked {
                    new,
                    reason: reason.to_owned(),
                }),
                Origin::From {
                    old,
                    map,
                    where_it_fits,
                    span,
                } => carried.extend(self.carried(new, old, map, where_it_fits, span)),
            }
        }
        let dropped = self.dropped.iter().zip(&self.sides.older.fields);
        p::Migration {
            edition: edition.to_owned(),
            carried,
            dropped: dropped
                .filter_map(|(dropped, field)| {
                    Some(p::Dropped {
                        old: field.name.clone(),
                        label: field.label.clone(),
                        reason: dropped.as_ref()?.0.to_owned(),
                    })
                })
                .collect(),
            asked,
        }
    }

    /// The answer to one question, types and codes compared.
    fn carried(
        &mut self,
        new: FieldId,
        old: usize,
        map: &[MappedCode],
        where_it_fits: bool,
        span: Span,
    ) -> Option<p::Carried> {
        let from = self.sides.older.fields.get(old)?;
        let to = self.sides.newer.fields.get(usize::from(new.0))?;
        let file = self.sides.file;
        let line = format!("{} from {}", to.name, from.name);
        match fit(from, to) {
            Fit::Always => {}
            Fit::Sometimes(_) if where_it_fits => {}
            Fit::Sometimes(why) => {
                self.diagnostics
                    .push(d::fits_sometimes(file, span, &to.label, &why, &line));
            }
            Fit::Never(why) => {
                self.diagnostics
                    .push(d::fits_never(file, span, (from, to), &why));
                return None;
            }
        }
        Some(p::Carried {
            old: from.name.clone(),
            new,
            codes: self.codes(from, to, map, span),
            where_it_fits,
        })
    }

    fn codes(
        &mut self,
        from: &p::Field,
        to: &p::Field,
        map: &[MappedCode],
        span: Span,
    ) -> Vec<p::MappedCode> {
        let file = self.sides.file;
        let old = codes_of(self.sides.older, from);
        if old.is_empty() {
            return Vec::new();
        }
        let new = codes_of(self.sides.newer, to);
        let mut said: Vec<Option<(Span, Option<usize>)>> = vec![None; old.len()];
        for line in map {
            let Some(code) = find_code(old, &line.old.text) else {
                let known = nearest(&line.old.text, old.iter().map(|c| c.name.as_str()));
                self.diagnostics.push(d::unknown_mapped_code(
                    file,
                    &line.old,
                    &from.label,
                    old,
                    known,
                ));
                continue;
            };
            let target = match find_code(new, &line.new.text) {
                Some(target) => Some(target),
                None if line.new.text == "ask" => None,
                None => {
                    // It is said where the code goes, only not rightly.
                    let known = nearest(&line.new.text, new.iter().map(|c| c.name.as_str()));
                    self.diagnostics.push(d::unknown_mapped_code(
                        file, &line.new, &to.label, new, known,
                    ));
                    None
                }
            };
            match said.get_mut(code) {
                Some(Some((first, _))) => {
                    self.diagnostics
                        .push(d::said_twice(file, &line.old, *first));
                }
                Some(slot) => *slot = Some((line.old.span, target)),
                None => {}
            }
        }
        let mut homeless: Vec<&p::Code> = Vec::new();
        let mut mapped = Vec::with_capacity(old.len());
        for (code, said) in old.iter().zip(&said) {
            let (place, target) = match said {
                Some((place, target)) => (*place, *target),
                None => match new.iter().position(|c| c.name == code.name) {
                    Some(same) => (span, Some(same)),
                    None => {
                        homeless.push(code);
                        continue;
                    }
                },
            };
            let becomes = target.and_then(|t| new.get(t));
            if let Some(becomes) = becomes.filter(|b| code.unknown && !b.unknown) {
                self.diagnostics
                    .push(d::unknown_becomes_known(file, place, code, becomes, new));
            }
            mapped.push(p::MappedCode {
                old: code.value.clone(),
                new: target.and_then(|t| u16::try_from(t).ok()),
            });
        }
        // A misspelt code was reported already.
        let misspelt = map
            .iter()
            .any(|line| find_code(old, &line.old.text).is_none());
        if !homeless.is_empty() && !misspelt {
            let others: Vec<String> = homeless
                .iter()
                .map(|code| match new.iter().find(|n| n.label == code.label) {
                    Some(same) => format!("{} -> {}", code.name, same.name),
                    None => format!("{} -> ask", code.name),
                })
                .collect();
            self.diagnostics.push(d::homeless_codes(
                file,
                span,
                (from, to),
                &homeless,
                (!map.is_empty(), &others),
                new,
            ));
        }
        mapped
    }
}

fn position(fields: &[p::Field], name: &str) -> Option<usize> {
    fields.iter().position(|f| f.name == name)
}

fn names(fields: &[p::Field]) -> impl Iterator<Item = &str> {
    fields.iter().map(|f| f.name.as_str())
}

fn labels<'f>(fields: &[&'f p::Field]) -> Vec<&'f str> {
    fields.iter().map(|f| f.label.as_str()).collect()
}

/// Whether two questions are probably the same under another name.
fn alike(old: &p::Field, new: &p::Field) -> bool {
    let similar =
        old.label == new.label || nearest(&old.name, std::iter::once(new.name.as_str())).is_some();
    similar && !matches!(fit(old, new), Fit::Never(_))
}

fn has_codes(fields: &[p::Field], position: usize) -> bool {
    fields
        .get(position)
        .is_some_and(|f| matches!(f.ty, FieldType::Choice { .. } | FieldType::Choices { .. }))
}

fn codes_of<'p>(program: &'p Program, field: &p::Field) -> &'p [p::Code] {
    match field.ty {
        FieldType::Choice { table } | FieldType::Choices { table } => program
            .code_tables
            .get(usize::from(table))
            .map_or(&[], |t| t.codes.as_slice()),
        _ => &[],
    }
}

/// A code by its name, or else by its value.
fn find_code(codes: &[p::Code], written: &str) -> Option<usize> {
    let by_name = codes.iter().position(|c| c.name == written);
    by_name.or_else(|| codes.iter().position(|c| c.value == written))
}
