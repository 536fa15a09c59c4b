//! A program that has been checked and indexed: nothing in it points at nothing.

mod check;
mod reads;
mod packed;
pub(crate) mod relevance;

pub use packed::PackedForm;
pub use reads::Read;
pub(crate) use relevance::fields_of_judgement;
pub use relevance::reads_through;

use crate::arena::{Arena, Domain, lower};
use crate::program::{Code, CodeTable, DefinitionId, Field, FieldId, FieldType, Index, Program};
use crate::value::Decimal;
use crate::wire::WireError;

/// A program that has been checked and indexed.
#[derive(Clone, Debug)]
pub struct Form {
    program: Program,
    arena: Arena,
    /// The fields, ascending by name.
    by_name: Box<[FieldId]>,
    /// For each table, its codes, ascending by wire value.
    by_value: Box<[Box<[Index]>]>,
}

impl Form {
    /// Everything for which [`Form::new`] would refuse `program`, without loading it.
    ///
    /// # Errors
    ///
    /// Those of [`Form::new`].
    pub fn check(program: &Program) -> Result<(), WireError> {
        check::check(program)
    }

    /// Checks a program and prepares it for evaluation.
    ///
    /// # Errors
    /// A program that is not sound in itself: another format version, a position that points at
    /// nothing, a rule that reads a field of another kind or itself.
    pub fn new(program: Program) -> Result<Self, WireError> {
        check::check(&program)?;
        let by_name = fields_by_name(&program);
        let by_value = program.code_tables.iter();
        let by_value = by_value.map(|table| codes_by_value(table)).collect();
        let arena = lower(&program);
        Ok(Self {
            program,
            arena,
            by_name,
            by_value,
        })
    }

    /// The program.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The program again, to be changed and loaded anew.
    pub fn into_program(self) -> Program {
        self.program
    }

    /// Its rules as the evaluator reads them.
    pub(crate) fn arena(&self) -> &Arena {
        &self.arena
    }

    /// The field with this wire name.
    pub fn field_id(&self, name: &str) -> Option<FieldId> {
        let name_of = |id: &FieldId| self.field(*id).map(|field| field.name.as_str());
        let place = (self.by_name).binary_search_by(|id| name_of(id).cmp(&Some(name)));
        self.by_name.get(place.ok()?).copied()
    }

    /// A field.
    pub fn field(&self, id: FieldId) -> Option<&Field> {
        self.program.fields.get(usize::from(id.0))
    }

    /// The codes of a field; none if it has no table.
    pub fn codes(&self, id: FieldId) -> &[Code] {
        self.table_of(id)
            .and_then(|table| self.program.code_tables.get(table))
            .map_or(&[], |table| table.codes.as_slice())
    }

    /// The codes of a field that the rules of judgements name and a search has to tell apart: of a
    /// choice those marked unknown, of several codes each. In the order of the search.
    pub fn named_codes(&self, id: FieldId) -> &[Index] {
        match self.arena.field(id.0).map(|rule| &rule.domain) {
            Some(Domain::Choice { named, .. } | Domain::Choices { named, .. }) => named,
            _ => &[],
        }
    }

    /// The constants with which the rules of judgements compare a number field, ascending.
    pub fn thresholds(&self, id: FieldId) -> &[Decimal] {
        match self.arena.field(id.0).map(|rule| &rule.domain) {
            Some(Domain::Number(steps)) => &steps.cuts,
            _ => &[],
        }
    }

    /// Whether a criterion or grade has a value whatever is answered, as far as that is plain.
    pub fn always_has_value(&self, id: DefinitionId) -> bool {
        self.arena.total.get(usize::from(id.0)) == Some(&true)
    }

    /// Whether the result can depend on a field.
    pub fn decides(&self, id: FieldId) -> bool {
        self.arena.deciding_fields.binary_search(&id.0).is_ok()
    }

    /// Whether a rule of a judgement asks if a field is answered.
    pub fn is_watched(&self, id: FieldId) -> bool {
        self.arena.field(id.0).is_some_and(|rule| rule.watched)
    }

    /// Whether rules of judgements do anything with a number besides comparing it with constants.
    pub fn is_calculated_with(&self, id: FieldId) -> bool {
        let domain = self.arena.field(id.0).map(|rule| &rule.domain);
        matches!(domain, Some(Domain::Number(steps)) if steps.calculated)
    }

    /// The code of a field with this wire value.
    pub fn code_by_value(&self, id: FieldId, value: &str) -> Option<Index> {
        let table = self.table_of(id)?;
        let (codes, by_value) = (
            self.program.code_tables.get(table)?,
            self.by_value.get(table)?,
        );
        let value_of = |index: &Index| {
            codes
                .codes
                .get(usize::from(*index))
                .map(|code| code.value.as_str())
        };
        let place = by_value.binary_search_by(|index| value_of(index).cmp(&Some(value)));
        by_value.get(place.ok()?).copied()
    }

    /// The wire name most like this one, if any is close: for a hint after a slip of the pen.
    pub(crate) fn similar_field(&self, name: &str) -> Option<&str> {
        self.program
            .fields
            .iter()
            .map(|field| (distance(&field.name, name), field.name.as_str()))
            .filter(|(distance, _)| *distance <= 2)
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, name)| name)
    }

    fn table_of(&self, id: FieldId) -> Option<usize> {
        match self.field(id)?.ty {
            FieldType::Choice { table } | FieldType::Choices { table } => Some(usize::from(table)),
            _ => None,
        }
    }
}

fn fields_by_name(program: &Program) -> Box<[FieldId]> {
    let ids = (0..=u16::MAX).zip(&program.fields);
    let mut named: Vec<(&str, FieldId)> = ids
        .map(|(id, field)| (field.name.as_str(), FieldId(id)))
        .collect();
    named.sort_unstable();
    named.into_iter().map(|(_, id)| id).collect()
}

fn codes_by_value(table: &CodeTable) -> Box<[Index]> {
    let values = table.codes.iter().map(|code| code.value.as_str());
    let mut codes: Vec<(&str, Index)> = values.zip(0..=u16::MAX).collect();
    codes.sort_unstable();
    codes.into_iter().map(|(_, index)| index).collect()
}

/// How many letters differ (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (slot, y) in row.iter_mut().skip(1).zip(b.chars()) {
            let substituted = corner + usize::from(x != y);
            corner = *slot;
            left = substituted.min(corner + 1).min(left + 1);
            *slot = left;
        }
    }
    row.last().copied().unwrap_or(0)
}
