//! Conditions, numbers and moments as JavaScript.

use super::text::{Code, Noted, string, strings};
use kohyo_engine::program::{
    ArithmeticOp, Cond, CondKind, CountOp, DefinitionId, ElapsedUnit, FieldId, Function, Index,
    JudgementId, Moment, Number, NumberKind, Program, Rule,
};
use kohyo_engine::{Decimal, program::FieldType};
use kohyo_record::application_word;

/// Prints the rules of a program.
#[derive(Clone, Copy)]
pub(super) struct Expressions<'p> {
    pub program: &'p Program,
}

impl<'p> Expressions<'p> {
    pub(super) fn field_name(self, id: FieldId) -> &'p str {
        let field = self.program.fields.get(usize::from(id.0));
        field.map_or("", |field| field.name.as_str())
    }

    fn definition_name(self, id: DefinitionId) -> &'p str {
        let definition = self.program.definitions.get(usize::from(id.0));
        definition.map_or("", |definition| definition.name.as_str())
    }

    fn field(self, id: FieldId) -> String {
        string(self.field_name(id))
    }

    fn fields(self, ids: &[FieldId]) -> String {
        strings(ids.iter().map(|id| self.field_name(*id)))
    }

    /// The wire values of codes of a field.
    fn codes(self, field: FieldId, codes: &[Index]) -> String {
        let table = match self.program.fields.get(usize::from(field.0)).map(|f| &f.ty) {
            Some(FieldType::Choice { table } | FieldType::Choices { table }) => {
                self.program.code_tables.get(usize::from(*table))
            }
            _ => None,
        };
        let code = |index: &Index| table?.codes.get(usize::from(*index));
        let values = codes.iter().filter_map(code);
        strings(values.map(|code| code.value.as_str()))
    }

    fn outcomes(self, id: DefinitionId, outcomes: &[Index]) -> String {
        let all = match self
            .program
            .definitions
            .get(usize::from(id.0))
            .map(|d| &d.rule)
        {
            Some(Rule::Grade { outcomes, .. }) => outcomes.as_slice(),
            _ => &[],
        };
        let named = outcomes.iter().filter_map(|i| all.get(usize::from(*i)));
        strings(named.map(|outcome| outcome.name.as_str()))
    }

    fn categories(self, id: JudgementId, categories: &[Index]) -> (String, String) {
        let Some(judgement) = self.program.judgements.get(usize::from(id.0)) else {
            return Default::default();
        };
        let all = &judgement.categories;
        let named = categories.iter().filter_map(|i| all.get(usize::from(*i)));
        let names = strings(named.map(|category| category.name.as_str()));
        (string(&judgement.name), names)
    }

    /// A condition with its reading.
    pub(super) fn condition(self, condition: &Cond) -> Noted {
        Noted {
            code: self.condition_code(&condition.kind),
            note: condition.text.clone(),
        }
    }

    fn conditions(self, conditions: &[Cond]) -> Vec<Noted> {
        conditions.iter().map(|part| self.condition(part)).collect()
    }

    fn condition_code(self, kind: &CondKind) -> Code {
        let line = Code::Line;
        match kind {
            CondKind::Const(holds) => line(holds.to_string()),
            CondKind::Code { field, codes } => {
                let codes = self.codes(*field, codes);
                line(listed("p.is", &self.field(*field), &codes))
            }
            CondKind::Includes { field, code } => {
                let code = self.codes(*field, &[*code]);
                line(listed("p.includes", &self.field(*field), &code))
            }
            CondKind::Answered(field) => line(format!("p.answered({})", self.field(*field))),
            CondKind::Criterion(id) => line(format!(
                "p.criterion({})",
                string(self.definition_name(*id))
            )),
            CondKind::Grade {
                definition,
                outcomes,
            } => {
                let outcomes = self.outcomes(*definition, outcomes);
                let name = string(self.definition_name(*definition));
                line(listed("p.grade", &name, &outcomes))
            }
            CondKind::Category {
                judgement,
                categories,
            } => {
                let (name, categories) = self.categories(*judgement, categories);
                line(listed("p.category", &name, &categories))
            }
            CondKind::Application(application) => {
                let kind = application_word(*application);
                line(format!("p.application({})", string(kind)))
            }
            CondKind::Not(inner) => self.condition_code(&inner.kind).within("not(", ")"),
            CondKind::All(parts) => Code::block("all", self.conditions(parts)),
            CondKind::Any(parts) => Code::block("any", self.conditions(parts)),
            CondKind::Count { of, op, n } => {
                let name = match op {
                    CountOp::AtLeast => "atLeast",
                    CountOp::AtMost => "atMost",
                    CountOp::Exactly => "exactly",
                };
                Code::Block {
                    open: format!("{name}({n},"),
                    parts: self.conditions(of),
                    close: ")".to_owned(),
                }
            }
            CondKind::Compare { left, op, right } => Code::call(
                "compare",
                vec![
                    self.number(left),
                    bare(string(op.sign())),
                    self.number(right),
                ],
            ),
            CondKind::CompareDates { left, op, right } => Code::call(
                "compareDates",
                vec![
                    bare(self.moment(left)),
                    bare(string(op.sign())),
                    bare(self.moment(right)),
                ],
            ),
            CondKind::If(condition, then, otherwise) => Code::call(
                "ifThen",
                [condition, then, otherwise]
                    .map(|part| self.condition(part))
                    .into(),
            ),
            CondKind::TreatUnknown { condition, as_yes } => self
                .condition_code(&condition.kind)
                .within("p.treatUnknown((p) => ", &format!(", {as_yes})")),
            CondKind::IfShown {
                fields,
                condition,
                otherwise,
            } => self.condition_code(&condition.kind).within(
                &format!("p.ifShown([{}], ", self.fields(fields)),
                &format!(", {otherwise})"),
            ),
        }
    }

    /// A number with its reading.
    pub(super) fn number(self, number: &Number) -> Noted {
        let note = match number.kind {
            // Constants read themselves.
            NumberKind::Const(_) => String::new(),
            _ => number.text.clone(),
        };
        Noted {
            code: self.number_code(number),
            note,
        }
    }

    fn numbers(self, numbers: &[Number]) -> Vec<Noted> {
        numbers.iter().map(|part| self.number(part)).collect()
    }

    fn number_code(self, number: &Number) -> Code {
        let line = Code::Line;
        match &number.kind {
            NumberKind::Const(value) => line(constant(*value)),
            NumberKind::Nothing => line("nothing()".to_owned()),
            NumberKind::Field(field) => line(format!("p.number({})", self.field(*field))),
            NumberKind::Points(field) => {
                line(format!("{}({})", self.points(*field), self.field(*field)))
            }
            NumberKind::Definition(id) => {
                line(format!("p.value({})", string(self.definition_name(*id))))
            }
            NumberKind::Sum(parts) => Code::block("sum", self.numbers(parts)),
            NumberKind::Max(parts) => Code::block("max", self.numbers(parts)),
            NumberKind::Min(parts) => Code::block("min", self.numbers(parts)),
            NumberKind::Count(conditions) => Code::block("count", self.conditions(conditions)),
            NumberKind::When { amount, condition } => {
                Code::call("when", vec![self.number(amount), self.condition(condition)])
            }
            NumberKind::If(condition, then, otherwise) => Code::call(
                "choose",
                vec![
                    self.condition(condition),
                    self.number(then),
                    self.number(otherwise),
                ],
            ),
            NumberKind::Arithmetic { left, op, right } => {
                let name = match op {
                    ArithmeticOp::Add => "add",
                    ArithmeticOp::Subtract => "subtract",
                    ArithmeticOp::Multiply => "multiply",
                    ArithmeticOp::Divide => "divide",
                };
                Code::call(name, vec![self.number(left), self.number(right)])
            }
            NumberKind::Call { arguments, .. } if arguments.is_empty() => line("max()".to_owned()),
            NumberKind::Call {
                function,
                arguments,
            } => Code::call(function_name(*function), self.numbers(arguments)),
            NumberKind::Script {
                function,
                arguments,
            } => {
                let function = self.program.functions.get(usize::from(*function));
                let name = function.map_or("", |function| function.name.as_str());
                let mut parts = vec![bare(string(name))];
                parts.extend(self.numbers(arguments));
                Code::call("p.outside", parts)
            }
            NumberKind::Elapsed { unit, from, to } => Code::call(
                "elapsed",
                vec![
                    bare(string(unit_name(*unit))),
                    bare(self.moment(from)),
                    bare(self.moment(to)),
                ],
            ),
            NumberKind::IfShown {
                fields,
                number,
                otherwise,
            } => self.number_code(number).within(
                &format!("p.numberIfShown([{}], ", self.fields(fields)),
                &format!(", {})", constant(*otherwise)),
            ),
        }
    }

    /// A number chosen row by row, of whose rows one holds.
    pub(super) fn rows(self, number: &Number) -> Noted {
        let (rows, last) = number.rows();
        if rows.is_empty() || last.kind != NumberKind::Nothing {
            return self.number(number);
        }
        let row = |(condition, number): (&Cond, &Number)| {
            let parts = vec![self.condition(condition), self.number(number)];
            bare_code(Code::list(parts))
        };
        Noted {
            code: Code::block("firstRow", rows.into_iter().map(row).collect()),
            note: number.text.clone(),
        }
    }

    /// Points are those of a choice; any other field is a number by itself.
    fn points(self, field: FieldId) -> &'static str {
        match self.program.fields.get(usize::from(field.0)).map(|f| &f.ty) {
            Some(FieldType::Choice { .. }) => "p.points",
            _ => "p.number",
        }
    }

    fn moment(self, moment: &Moment) -> String {
        match moment {
            Moment::Const(date) => format!("day({})", string(&date.to_string())),
            Moment::Field(field) => format!("p.date({})", self.field(*field)),
            Moment::Today => "p.today()".to_owned(),
            Moment::Shifted { moment, by, unit } => format!(
                "shift({}, {by}, {})",
                self.moment(moment),
                string(unit_name(*unit))
            ),
        }
    }

    /// The arms of a grade, as one expression. One of them holds, if that is `covered`, whenever
    /// these numbers have values.
    pub(super) fn first_match<'o>(
        self,
        arms: &[(Cond, Index)],
        otherwise: Option<Index>,
        covered: Option<Vec<&Number>>,
        outcome: impl Fn(Index) -> &'o str,
    ) -> Code {
        let parts = arms.iter().map(|(condition, index)| {
            let Noted { code, note } = self.condition(condition);
            let before = format!("[{}, ", string(outcome(*index)));
            Noted {
                code: code.within(&before, "]"),
                note,
            }
        });
        let parts: Vec<Noted> = parts.collect();
        if let (None, Some(numbers @ [_, ..])) = (otherwise, covered.as_deref()) {
            let arms = Code::Block {
                open: "[".to_owned(),
                parts,
                close: "]".to_owned(),
            };
            let arms = Noted {
                code: arms,
                note: String::new(),
            };
            let numbers = numbers.iter().map(|number| self.number(number));
            return Code::call("tableMatch", std::iter::once(arms).chain(numbers).collect());
        }
        Code::Block {
            open: match otherwise {
                None if covered.is_some() => "tableMatch([".to_owned(),
                _ => "firstMatch([".to_owned(),
            },
            parts,
            close: match otherwise {
                Some(index) => format!("], {})", string(outcome(index))),
                None => "])".to_owned(),
            },
        }
    }
}

/// `p.is("f", "1", "2")`.
fn listed(name: &str, first: &str, rest: &str) -> String {
    let comma = if rest.is_empty() { "" } else { ", " };
    format!("{name}({first}{comma}{rest})")
}

fn bare(code: impl Into<String>) -> Noted {
    bare_code(Code::Line(code.into()))
}

fn bare_code(code: Code) -> Noted {
    Noted {
        code,
        note: String::new(),
    }
}

fn constant(value: Decimal) -> String {
    format!("num({})", string(&value.normalize().to_string()))
}

fn unit_name(unit: ElapsedUnit) -> &'static str {
    match unit {
        ElapsedUnit::Years => "years",
        ElapsedUnit::Months => "months",
        ElapsedUnit::Days => "days",
    }
}

fn function_name(function: Function) -> &'static str {
    match function {
        Function::Abs => "abs",
        Function::Round => "round",
        Function::Floor => "floor",
        Function::Ceiling => "ceiling",
        Function::Sqrt => "sqrt",
        Function::Ln => "ln",
        Function::Exp => "exp",
        Function::Power => "power",
    }
}
