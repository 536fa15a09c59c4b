//! Two answers compared: `organism is first.organism`.

use super::{Entity, Field, Site, World};
use crate::arena::Id;
use kohyo_dsl::Span;
use kohyo_dsl::ast::{Expr, ExprKind, Name, Path};

impl<'a> World<'a> {
    /// The question with whose answer `x is y` compares that of `x`: `y` is no code of `x`.
    pub(crate) fn compared_question(
        &self,
        site: Site<'a>,
        expr: &Expr,
    ) -> Option<(Path, Id<Field<'a>>)> {
        let ExprKind::Is {
            subject, options, ..
        } = &expr.kind
        else {
            return None;
        };
        let (ExprKind::Ref(path), [option]) = (&subject.kind, options.as_slice()) else {
            return None;
        };
        let Entity::Field(field) = self.resolve(site, path).ok()? else {
            return None;
        };
        let table = &self.tables[self.fields[field].table?];
        if table.codes.iter().any(|code| code.name.text == option.text) {
            return None;
        }
        let other = path_of(option);
        if !self.is_known(site, &other) {
            return None;
        }
        match self.resolve(site, &other) {
            Ok(Entity::Field(field)) => Some((other, field)),
            _ => None,
        }
    }
}

/// `first.organism` as a path.
pub(crate) fn path_of(option: &Name) -> Path {
    let mut start = option.span.start;
    let mut names = Vec::new();
    for part in option.text.split('.') {
        let end = start + u32::try_from(part.len()).unwrap_or_default();
        names.push(Name {
            text: part.to_owned(),
            span: Span { start, end },
        });
        start = end + 1;
    }
    Path {
        names,
        span: option.span,
    }
}
