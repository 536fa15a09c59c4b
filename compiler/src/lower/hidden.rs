//! When a field that may be hidden is shown, in the words of the form: what its reader has to say first.

use super::Ctx;
use crate::diagnostics as d;
use crate::world::{Field, UnitIndex};
use kohyo_dsl::ast::{Expr, ExprKind, ModifierKind, Only, RepeatKind};

/// A longer condition is not repeated.
const LONGEST: usize = 60;

impl<'a> Ctx<'_, 'a> {
    /// When `field` is shown, as a rule of the file `reader` can say it.
    pub(super) fn shown_when(&self, field: &Field<'a>, reader: UnitIndex) -> d::Shown {
        let row = field.turn.and_then(|turn| {
            let repeat = &self.world.repeats[turn.repeat];
            let rows = matches!(repeat.ast.kind, RepeatKind::Rows { .. });
            let named = rows.then(|| repeat.ast.name.text.clone());
            named.map(|rows| (rows, turn.index + 1))
        });
        d::Shown {
            condition: self
                .shown_words(field)
                .filter(|_| field.unit == reader && field.turn.is_none()),
            row,
        }
    }

    /// The conditions of a field and of the groups around it.
    fn shown_words(&self, field: &Field<'a>) -> Option<String> {
        let mut said: Vec<String> = Vec::new();
        for (site, modifier) in field.modifiers() {
            let text = self.world.units.get(site.unit)?.text;
            match &modifier.kind {
                ModifierKind::ShownWhen(condition) => said.push(words(condition, text)),
                ModifierKind::NewOnly => said.push(application(Only::New)),
                ModifierKind::RenewalOnly => said.push(application(Only::Renewal)),
                _ => {}
            }
        }
        let words = said.join(" and ");
        (!words.is_empty() && words.len() <= LONGEST).then_some(words)
    }
}

fn application(only: Only) -> String {
    match only {
        Only::New => "new application",
        Only::Renewal => "renewal application",
    }
    .to_owned()
}

/// A condition as it is written, so that it can stand beside `and`.
fn words(condition: &Expr, text: &str) -> String {
    let (inner, negated) = match &condition.kind {
        // `shown unless` is kept as the opposite of what is written.
        ExprKind::Not(inner) if inner.span == condition.span => (&**inner, true),
        _ => (condition, false),
    };
    let written: Vec<&str> = inner.span.of(text).split_whitespace().collect();
    let written = written.join(" ");
    let loose = matches!(
        inner.kind,
        ExprKind::Or(_) | ExprKind::Unless(..) | ExprKind::TreatUnknown { .. }
    );
    match (negated, &inner.kind) {
        (true, ExprKind::Ref(_)) => format!("not {written}"),
        (true, _) => format!("not ({written})"),
        (false, _) if loose => format!("({written})"),
        (false, _) => written,
    }
}
