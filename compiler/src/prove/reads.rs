//! The cone of influence: every field that a rule reads, directly or through other rules and the
//! conditions that show fields.

use kohyo_engine::Program;
use kohyo_engine::program::{
    Cond, CondKind, DefinitionId, FieldId, FieldType, Index, JudgementId, Moment, Number,
    NumberKind, Part,
};
use std::collections::BTreeSet;

/// What a rule depends on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cone {
    /// Fields, in the order of the form.
    pub(crate) fields: BTreeSet<FieldId>,
    pub(super) definitions: BTreeSet<DefinitionId>,
    judgements: BTreeSet<JudgementId>,
    /// Dates that are compared with each other, or between which time is counted.
    dates: Vec<(Moment, Moment)>,
    /// It asks whether the application is new.
    pub(super) application: bool,
    /// It asks what is answered or unknown, so that an answer more may change what is settled.
    pub(super) state: bool,
    /// It asks how a record stands: what is answered, unknown, or written as unknown.
    pub(super) as_written: bool,
    /// It reads the day of judgement.
    pub(super) today: bool,
}

impl Cone {
    /// Everything these conditions depend on.
    pub(crate) fn of<'c>(
        program: &Program,
        conditions: impl IntoIterator<Item = &'c Cond>,
    ) -> Self {
        let mut reader = Reader {
            program,
            cone: Self::default(),
        };
        for condition in conditions {
            reader.cond(condition);
        }
        reader.cone
    }

    /// Everything a number depends on.
    pub(super) fn of_number(program: &Program, number: &Number) -> Self {
        let mut reader = Reader {
            program,
            cone: Self::default(),
        };
        reader.part(Part::Number(number));
        reader.cone
    }

    /// How these two dates lie to each other matters.
    pub(super) fn compares(&self, a: &Moment, b: &Moment) -> bool {
        let pair = |(from, to): &(Moment, Moment)| (from, to) == (a, b) || (to, from) == (a, b);
        self.dates.iter().any(pair)
    }

    /// Adds everything another one has.
    pub(crate) fn join(&mut self, other: &Self) {
        self.fields.extend(&other.fields);
        self.definitions.extend(&other.definitions);
        self.judgements.extend(&other.judgements);
        self.dates.extend_from_slice(&other.dates);
        self.application |= other.application;
        self.state |= other.state;
        self.as_written |= other.as_written;
        self.today |= other.today;
    }
}

struct Reader<'a> {
    program: &'a Program,
    cone: Cone,
}

impl<'a> Reader<'a> {
    fn field(&mut self, id: FieldId) {
        if !self.cone.fields.insert(id) {
            return;
        }
        let program: &'a Program = self.program;
        if let Some(field) = program.fields.get(usize::from(id.0)) {
            self.cone.application |= field.only.is_some();
            if let Some(shown) = &field.shown_when {
                self.cond(shown);
            }
        }
    }

    fn definition(&mut self, id: DefinitionId) {
        if !self.cone.definitions.insert(id) {
            return;
        }
        let program: &'a Program = self.program;
        if let Some(definition) = program.definitions.get(usize::from(id.0)) {
            definition.rule.each_part(|part| self.part(part));
        }
    }

    fn judgement(&mut self, id: JudgementId) {
        if !self.cone.judgements.insert(id) {
            return;
        }
        let program: &'a Program = self.program;
        for category in program
            .judgements
            .get(usize::from(id.0))
            .into_iter()
            .flat_map(|judgement| &judgement.categories)
        {
            category.when.iter().for_each(|when| self.cond(when));
        }
    }

    fn part(&mut self, part: Part<'_>) {
        match part {
            Part::Field(id) => self.field(id),
            Part::Definition(id) => self.definition(id),
            Part::Judgement(id) => self.judgement(id),
            Part::Cond(condition) => self.cond(condition),
            Part::Number(number) => self.number(number),
            Part::Moment(moment) => {
                self.cone.today |= matches!(moment, Moment::Today);
                moment.each_part(|part| self.part(part));
            }
        }
    }

    fn cond(&mut self, condition: &Cond) {
        self.cone.application |= matches!(condition.kind, CondKind::Application(_));
        self.cone.state |= matches!(
            condition.kind,
            CondKind::Answered(_) | CondKind::TreatUnknown { .. }
        );
        self.cone.as_written |= reads_state(self.program, condition);
        if let CondKind::CompareDates { left, right, .. } = &condition.kind {
            self.cone.dates.push((left.clone(), right.clone()));
        }
        condition.each_part(|part| self.part(part));
    }

    fn number(&mut self, number: &Number) {
        if let NumberKind::Elapsed { from, to, .. } = &number.kind {
            self.cone.dates.push((from.clone(), to.clone()));
        }
        number.each_part(|part| self.part(part));
    }
}

/// Whether a condition by itself asks how a record stands, so that it says the same however what is
/// unknown turns out.
pub(super) fn reads_state(program: &Program, condition: &Cond) -> bool {
    let names_unknown = |field: &FieldId, wanted: &[Index]| {
        let table = match program.fields.get(usize::from(field.0)).map(|f| &f.ty) {
            Some(FieldType::Choice { table } | FieldType::Choices { table }) => {
                program.code_tables.get(usize::from(*table))
            }
            _ => None,
        };
        let codes = wanted
            .iter()
            .filter_map(|index| table?.codes.get(usize::from(*index)));
        codes.into_iter().any(|code| code.unknown)
    };
    match &condition.kind {
        CondKind::Answered(_) | CondKind::TreatUnknown { .. } => true,
        CondKind::Code { field, codes } => names_unknown(field, codes),
        CondKind::Includes { field, code } => names_unknown(field, &[*code]),
        _ => false,
    }
}
