//! Rules written out with names instead of positions, so that the same rule of two programs is the
//! same text.

use kohyo_engine::Program;
use kohyo_engine::program::{
    Cond, CondKind, DefinitionId, FieldId, FieldType, Index, JudgementId, Moment, Number,
    NumberKind, Rule,
};
use std::fmt::Write;

/// A number, with every rule it reads written out.
pub(super) fn number(program: &Program, number: &Number) -> String {
    let mut canon = Canon {
        program,
        text: String::new(),
    };
    canon.number(number);
    canon.text
}

/// A date.
pub(super) fn moment(program: &Program, moment: &Moment) -> String {
    let mut canon = Canon {
        program,
        text: String::new(),
    };
    canon.moment(moment);
    canon.text
}

/// A condition.
pub(super) fn cond(program: &Program, condition: &Cond) -> String {
    let mut canon = Canon {
        program,
        text: String::new(),
    };
    canon.cond(condition);
    canon.text
}

/// When a field is asked.
pub(super) fn asked(program: &Program, field: FieldId) -> String {
    let mut canon = Canon {
        program,
        text: String::new(),
    };
    canon.field(field);
    canon.text
}

struct Canon<'p> {
    program: &'p Program,
    text: String,
}

impl<'p> Canon<'p> {
    fn push(&mut self, text: impl std::fmt::Debug) {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{text:?} ");
    }

    fn field(&mut self, id: FieldId) {
        let program: &'p Program = self.program;
        if let Some(field) = program.fields.get(usize::from(id.0)) {
            self.push((&field.name, field.only));
            if let Some(shown) = &field.shown_when {
                self.cond(shown);
            }
        }
    }

    fn codes(&mut self, field: FieldId, codes: &[Index]) {
        let program: &'p Program = self.program;
        let table = match program
            .fields
            .get(usize::from(field.0))
            .map(|field| &field.ty)
        {
            Some(FieldType::Choice { table } | FieldType::Choices { table }) => {
                program.code_tables.get(usize::from(*table))
            }
            _ => None,
        };
        let mut names: Vec<&str> = codes
            .iter()
            .filter_map(|code| Some(table?.codes.get(usize::from(*code))?.name.as_str()))
            .collect();
        names.sort_unstable();
        self.push(names);
    }

    fn points(&mut self, field: FieldId) {
        let program: &'p Program = self.program;
        if let Some(FieldType::Choice { table }) = program
            .fields
            .get(usize::from(field.0))
            .map(|field| &field.ty)
            && let Some(table) = program.code_tables.get(usize::from(*table))
        {
            for code in &table.codes {
                self.push((&code.name, code.points, code.unknown));
            }
        }
    }

    fn definition(&mut self, id: DefinitionId) {
        let program: &'p Program = self.program;
        match program.definitions.get(usize::from(id.0)).map(|d| &d.rule) {
            Some(Rule::Criterion(condition)) => self.cond(condition),
            Some(Rule::Number {
                number, fraction, ..
            }) => {
                self.push(fraction);
                self.number(number);
            }
            Some(Rule::Grade {
                outcomes,
                arms,
                otherwise,
                ..
            }) => {
                let name = |index: &Index| outcomes.get(usize::from(*index)).map(|o| &o.name);
                for (condition, outcome) in arms {
                    self.cond(condition);
                    self.push(name(outcome));
                }
                self.push(otherwise.as_ref().and_then(name));
            }
            None => {}
        }
    }

    fn judgement(&mut self, id: JudgementId) {
        let program: &'p Program = self.program;
        for category in program
            .judgements
            .get(usize::from(id.0))
            .into_iter()
            .flat_map(|judgement| &judgement.categories)
        {
            self.push(&category.name);
            category.when.iter().for_each(|when| self.cond(when));
        }
    }

    fn cond(&mut self, condition: &Cond) {
        self.push(std::mem::discriminant(&condition.kind));
        match &condition.kind {
            CondKind::Const(holds) => self.push(holds),
            CondKind::Application(application) => self.push(application),
            CondKind::Code { field, codes } => {
                self.field(*field);
                self.codes(*field, codes);
            }
            CondKind::Includes { field, code } => {
                self.field(*field);
                self.codes(*field, &[*code]);
            }
            CondKind::Answered(field) => self.field(*field),
            CondKind::Criterion(id) => self.definition(*id),
            CondKind::Grade {
                definition,
                outcomes,
            } => {
                self.definition(*definition);
                let program: &'p Program = self.program;
                if let Some(Rule::Grade { outcomes: all, .. }) = program
                    .definitions
                    .get(usize::from(definition.0))
                    .map(|d| &d.rule)
                {
                    let names: Vec<_> = outcomes
                        .iter()
                        .map(|index| all.get(usize::from(*index)).map(|o| &o.name))
                        .collect();
                    self.push(names);
                }
            }
            CondKind::Category {
                judgement,
                categories,
            } => {
                self.judgement(*judgement);
                self.push(categories);
            }
            CondKind::Not(inner) => self.cond(inner),
            CondKind::TreatUnknown { condition, as_yes } => {
                self.push(as_yes);
                self.cond(condition);
            }
            CondKind::All(parts) | CondKind::Any(parts) => {
                self.push(parts.len());
                parts.iter().for_each(|part| self.cond(part));
            }
            CondKind::Count { of, op, n } => {
                self.push((op, n, of.len()));
                of.iter().for_each(|part| self.cond(part));
            }
            CondKind::Compare { left, op, right } => {
                self.push(op);
                self.number(left);
                self.number(right);
            }
            CondKind::CompareDates { left, op, right } => {
                self.push(op);
                self.moment(left);
                self.moment(right);
            }
            CondKind::If(condition, then, otherwise) => {
                [condition, then, otherwise]
                    .into_iter()
                    .for_each(|part| self.cond(part));
            }
            CondKind::IfShown {
                fields,
                condition,
                otherwise,
            } => {
                self.push(otherwise);
                fields.iter().for_each(|field| self.field(*field));
                self.cond(condition);
            }
        }
    }

    fn number(&mut self, number: &Number) {
        // A named number is the number it names.
        if let NumberKind::Definition(id) = &number.kind {
            return self.definition(*id);
        }
        self.push(std::mem::discriminant(&number.kind));
        match &number.kind {
            NumberKind::Const(value) => self.push(value.normalize()),
            NumberKind::Nothing => {}
            NumberKind::Field(field) => self.field(*field),
            NumberKind::Points(field) => {
                self.field(*field);
                self.points(*field);
            }
            NumberKind::Definition(id) => self.definition(*id),
            NumberKind::Sum(parts) | NumberKind::Max(parts) | NumberKind::Min(parts) => {
                self.push(parts.len());
                parts.iter().for_each(|part| self.number(part));
            }
            NumberKind::Count(conditions) => {
                self.push(conditions.len());
                conditions.iter().for_each(|part| self.cond(part));
            }
            NumberKind::When { amount, condition } => {
                self.number(amount);
                self.cond(condition);
            }
            NumberKind::If(condition, then, otherwise) => {
                self.cond(condition);
                self.number(then);
                self.number(otherwise);
            }
            NumberKind::Arithmetic { left, op, right } => {
                self.push(op);
                self.number(left);
                self.number(right);
            }
            NumberKind::Call {
                function,
                arguments,
            } => {
                self.push((function, arguments.len()));
                arguments.iter().for_each(|part| self.number(part));
            }
            NumberKind::Script {
                function,
                arguments,
            } => {
                if let Some(function) = self.program.functions.get(usize::from(*function)) {
                    self.push((&function.script, function.digits, function.fraction));
                    self.push((function.min, function.max));
                    for parameter in &function.parameters {
                        self.push((&parameter.name, parameter.whole));
                    }
                }
                arguments.iter().for_each(|part| self.number(part));
            }
            NumberKind::Elapsed { unit, from, to } => {
                self.push(unit);
                self.moment(from);
                self.moment(to);
            }
            NumberKind::IfShown {
                fields,
                number,
                otherwise,
            } => {
                self.push(otherwise.normalize());
                fields.iter().for_each(|field| self.field(*field));
                self.number(number);
            }
        }
    }

    fn moment(&mut self, moment: &Moment) {
        match moment {
            Moment::Const(date) => self.push(date),
            Moment::Field(field) => self.field(*field),
            Moment::Today => self.push("today"),
            Moment::Shifted { moment, by, unit } => {
                self.push(("shifted", by, unit));
                self.moment(moment);
            }
        }
    }
}
