//! Rules as pseudo-code for whoever writes them in another language.
//!
//! ```text
//! parkinsonism AND hoehn_yahr_stage = "0"
//! COUNT(rigidity = "1", bradykinesia = "1", postural = "1") >= 2
//! IF SHOWN(imaging_date) THEN imaging_date > TODAY ELSE FALSE
//! ```
//!
//! Fields are called by their wire name, codes by their value on the wire, definitions and
//! judgements by their name. What every word means for unknown answers stands in `words.rs`.

use kohyo_engine::Date;
use kohyo_engine::program::{
    Application, ArithmeticOp, CompareOp, Cond, CondKind, CountOp, ElapsedUnit, FieldId, FieldType,
    Function, Judgement, Moment, Number, NumberKind, Program, Programme, Rule,
};

/// A condition.
pub(super) fn condition(program: &Program, condition: &Cond) -> String {
    Writer { program }.condition(condition).lines(0)
}

/// `NEW`, `RENEWAL`.
pub(super) fn application(application: Application) -> &'static str {
    match application {
        Application::New => "NEW",
        Application::Renewal => "RENEWAL",
    }
}

/// A definition: what it comes to.
pub(super) fn rule(program: &Program, rule: &Rule) -> String {
    let writer = Writer { program };
    match rule {
        Rule::Criterion(condition) => writer.condition(condition).lines(0),
        Rule::Number {
            number, fraction, ..
        } => {
            let number = writer.number(number);
            match fraction {
                None => number,
                Some(digits) => call("ROUND", vec![number, Doc::atom(digits.to_string())]),
            }
            .lines(0)
        }
        Rule::Grade {
            outcomes,
            arms,
            otherwise,
            covered,
        } => {
            let name = |index: u16| {
                let outcome = outcomes.get(usize::from(index));
                quoted(outcome.map_or("", |outcome| outcome.name.as_str()))
            };
            let arms = arms.iter().map(|(when, to)| (Some(when), name(*to)));
            // Where the arms cover everything, there is nothing else.
            let last = match otherwise {
                None if *covered => None,
                last => Some((None, last.map_or("UNKNOWN".to_owned(), name))),
            };
            writer.cases(arms.chain(last))
        }
    }
}

/// The result: what the deciding judgements come to together.
pub(super) fn result(program: &Program) -> String {
    let deciding = |judgement: &&Judgement| program.decides(judgement);
    let of_programme = program.is_of_programme();
    let named = |name: &str| {
        let mut deciding = program.judgements.iter().filter(deciding);
        deciding.find(|judgement| of_programme || judgement.name == name)
    };
    let below = match program.programme {
        Programme::Shitei => "mild",
        Programme::Shoman | Programme::Itself => "not_met",
    };
    let diagnosis = named("diagnosis").map(|judgement| (judgement, "not_met"));
    // A form of the programme itself has one judgement, which decides alone.
    let severity = named("severity").filter(|_| !of_programme);
    let severity = severity.map(|judgement| (judgement, below));
    let lines: Vec<String> = diagnosis
        .into_iter()
        .chain(severity)
        .map(|(judgement, otherwise)| {
            let eligible = judgement.categories.iter().filter(|it| it.eligible);
            let eligible: Vec<String> = eligible.map(|it| quoted(&it.name)).collect();
            let inside = match eligible.as_slice() {
                [] => Doc::atom("FALSE"),
                some => one_of(judgement.name.clone(), some),
            };
            let outside = Doc::Not(Box::new(inside)).flat();
            format!("WHEN {outside} THEN {}", quoted(otherwise))
        })
        .collect();
    match lines.as_slice() {
        [] => quoted("undetermined"),
        lines => format!("{}\nELSE {}", lines.join("\n"), quoted("eligible")),
    }
}

/// The categories of a judgement, in order.
pub(super) fn judgement(program: &Program, judgement: &Judgement) -> String {
    let categories = judgement.categories.iter();
    let cases = categories.map(|category| (category.when.as_ref(), quoted(&category.name)));
    Writer { program }.cases(cases)
}

struct Writer<'p> {
    program: &'p Program,
}

impl Writer<'_> {
    /// `CASE WHEN … THEN … ELSE …`, one line or more for each.
    fn cases<'c>(&self, cases: impl Iterator<Item = (Option<&'c Cond>, String)>) -> String {
        let lines: Vec<String> = cases
            .map(|(when, then)| match when {
                None => format!("ELSE {then}"),
                Some(when) => {
                    let when = self.condition(when).lines(STEP);
                    let space = if when.contains('\n') { "\n" } else { " " };
                    format!("WHEN {when}{space}THEN {then}")
                }
            })
            .collect();
        lines.join("\n")
    }

    fn field(&self, id: FieldId) -> String {
        let field = self.program.fields.get(usize::from(id.0));
        field.map_or_else(String::new, |field| field.name.clone())
    }

    fn code(&self, id: FieldId, index: u16) -> String {
        let field = self.program.fields.get(usize::from(id.0));
        let table = match field.map(|field| &field.ty) {
            Some(FieldType::Choice { table } | FieldType::Choices { table }) => {
                self.program.code_tables.get(usize::from(*table))
            }
            _ => None,
        };
        let code = table.and_then(|table| table.codes.get(usize::from(index)));
        quoted(code.map_or("", |code| code.value.as_str()))
    }

    fn definition(&self, position: u16) -> Option<&kohyo_engine::program::Definition> {
        self.program.definitions.get(usize::from(position))
    }

    fn shown(&self, fields: &[FieldId]) -> Doc {
        let fields = fields.iter().map(|field| Doc::atom(self.field(*field)));
        call("SHOWN", fields.collect())
    }

    fn condition(&self, condition: &Cond) -> Doc {
        let all = |parts: &[Cond]| parts.iter().map(|part| self.condition(part)).collect();
        match &condition.kind {
            CondKind::Const(holds) => Doc::atom(if *holds { "TRUE" } else { "FALSE" }),
            CondKind::Code { field, codes } => {
                let codes: Vec<String> = codes.iter().map(|c| self.code(*field, *c)).collect();
                one_of(self.field(*field), &codes)
            }
            CondKind::Includes { field, code } => Doc::compare(
                Doc::atom(self.field(*field)),
                "INCLUDES",
                Doc::atom(self.code(*field, *code)),
            ),
            CondKind::Answered(field) => call("ANSWERED", vec![Doc::atom(self.field(*field))]),
            CondKind::Criterion(id) => {
                let definition = self.definition(id.0);
                Doc::atom(definition.map_or("", |definition| definition.name.as_str()))
            }
            CondKind::Grade {
                definition,
                outcomes,
            } => {
                let Some(definition) = self.definition(definition.0) else {
                    return Doc::atom("UNKNOWN");
                };
                let names: Vec<String> = match &definition.rule {
                    Rule::Grade { outcomes: all, .. } => outcomes
                        .iter()
                        .filter_map(|index| all.get(usize::from(*index)))
                        .map(|outcome| quoted(&outcome.name))
                        .collect(),
                    Rule::Criterion(_) | Rule::Number { .. } => Vec::new(),
                };
                one_of(definition.name.clone(), &names)
            }
            CondKind::Category {
                judgement,
                categories,
            } => {
                let judgement = self.program.judgements.get(usize::from(judgement.0));
                let Some(judgement) = judgement else {
                    return Doc::atom("UNKNOWN");
                };
                let names: Vec<String> = categories
                    .iter()
                    .filter_map(|index| judgement.categories.get(usize::from(*index)))
                    .map(|category| quoted(&category.name))
                    .collect();
                one_of(judgement.name.clone(), &names)
            }
            CondKind::Application(kind) => Doc::atom(application(*kind)),
            CondKind::Not(inner) => Doc::Not(Box::new(self.condition(inner))),
            CondKind::All(parts) => Doc::join(AND, all(parts), "TRUE"),
            CondKind::Any(parts) => Doc::join(OR, all(parts), "FALSE"),
            CondKind::Count { of, op, n } => {
                let op = match op {
                    CountOp::AtLeast => ">=",
                    CountOp::AtMost => "<=",
                    CountOp::Exactly => "=",
                };
                Doc::compare(call("COUNT", all(of)), op, Doc::atom(n.to_string()))
            }
            CondKind::Compare { left, op, right } => {
                Doc::compare(self.number(left), compare_op(*op), self.number(right))
            }
            CondKind::CompareDates { left, op, right } => {
                Doc::compare(self.moment(left), compare_op(*op), self.moment(right))
            }
            CondKind::If(condition, then, otherwise) => Doc::choice(
                self.condition(condition),
                self.condition(then),
                self.condition(otherwise),
            ),
            CondKind::TreatUnknown { condition, as_yes } => call(
                if *as_yes {
                    "UNKNOWN_AS_TRUE"
                } else {
                    "UNKNOWN_AS_FALSE"
                },
                vec![self.condition(condition)],
            ),
            CondKind::IfShown {
                fields,
                condition,
                otherwise,
            } => Doc::choice(
                self.shown(fields),
                self.condition(condition),
                Doc::atom(if *otherwise { "TRUE" } else { "FALSE" }),
            ),
        }
    }

    fn number(&self, number: &Number) -> Doc {
        let all = |parts: &[Number]| parts.iter().map(|part| self.number(part)).collect();
        match &number.kind {
            NumberKind::Const(number) => Doc::atom(number.normalize().to_string()),
            NumberKind::Nothing => Doc::atom("UNKNOWN"),
            NumberKind::Field(field) => Doc::atom(self.field(*field)),
            NumberKind::Points(field) => call("POINTS", vec![Doc::atom(self.field(*field))]),
            NumberKind::Definition(id) => {
                let definition = self.definition(id.0);
                Doc::atom(definition.map_or("", |definition| definition.name.as_str()))
            }
            NumberKind::Sum(parts) => call("SUM", all(parts)),
            NumberKind::Max(parts) => call("MAX", all(parts)),
            NumberKind::Min(parts) => call("MIN", all(parts)),
            NumberKind::Count(parts) => call(
                "COUNT",
                parts.iter().map(|part| self.condition(part)).collect(),
            ),
            NumberKind::When { amount, condition } => Doc::choice(
                self.condition(condition),
                self.number(amount),
                Doc::atom("0"),
            ),
            NumberKind::If(condition, then, otherwise) => Doc::choice(
                self.condition(condition),
                self.number(then),
                self.number(otherwise),
            ),
            NumberKind::Arithmetic { left, op, right } => {
                let join = match op {
                    ArithmeticOp::Add => Join { op: "+", level: 4 },
                    ArithmeticOp::Subtract => Join { op: "-", level: 4 },
                    ArithmeticOp::Multiply => Join { op: "*", level: 5 },
                    ArithmeticOp::Divide => Join { op: "/", level: 5 },
                };
                Doc::join(join, vec![self.number(left), self.number(right)], "0")
            }
            NumberKind::Call {
                function,
                arguments,
            } => call(function_name(*function), all(arguments)),
            NumberKind::Script {
                function,
                arguments,
            } => {
                let function = self.program.functions.get(usize::from(*function));
                let name = function.map_or("", |function| function.name.as_str());
                call(name, all(arguments))
            }
            NumberKind::Elapsed {
                unit: unit @ (ElapsedUnit::Years | ElapsedUnit::Months),
                from: Moment::Const(Date::FIRST),
                to,
            } => {
                let name = match unit {
                    ElapsedUnit::Years => "YEAR_OF",
                    ElapsedUnit::Months | ElapsedUnit::Days => "MONTH_OF",
                };
                call(name, vec![self.moment(to)])
            }
            NumberKind::Elapsed { unit, from, to } => {
                let name = match unit {
                    ElapsedUnit::Years => "YEARS_BETWEEN",
                    ElapsedUnit::Months => "MONTHS_BETWEEN",
                    ElapsedUnit::Days => "DAYS_BETWEEN",
                };
                call(name, vec![self.moment(from), self.moment(to)])
            }
            NumberKind::IfShown {
                fields,
                number,
                otherwise,
            } => Doc::choice(
                self.shown(fields),
                self.number(number),
                Doc::atom(otherwise.normalize().to_string()),
            ),
        }
    }

    fn moment(&self, moment: &Moment) -> Doc {
        match moment {
            Moment::Const(date) => Doc::atom(format!("DATE({date})")),
            Moment::Field(field) => Doc::atom(self.field(*field)),
            Moment::Today => Doc::atom("TODAY"),
            Moment::Shifted { moment, by, unit } => {
                let name = match unit {
                    ElapsedUnit::Years => "ADD_YEARS",
                    ElapsedUnit::Months => "ADD_MONTHS",
                    ElapsedUnit::Days => "ADD_DAYS",
                };
                call(name, vec![self.moment(moment), Doc::atom(by.to_string())])
            }
        }
    }
}

/// `x = "1"`, `x IN ("1", "2")`.
fn one_of(subject: String, values: &[String]) -> Doc {
    match values {
        [one] => Doc::compare(Doc::atom(subject), "=", Doc::atom(one)),
        several => Doc::compare(
            Doc::atom(subject),
            "IN",
            Doc::atom(format!("({})", several.join(", "))),
        ),
    }
}

fn quoted(value: &str) -> String {
    format!("\"{value}\"")
}

fn compare_op(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Less => "<",
        CompareOp::LessEqual => "<=",
        CompareOp::Equal => "=",
        CompareOp::NotEqual => "<>",
        CompareOp::GreaterEqual => ">=",
        CompareOp::Greater => ">",
    }
}

fn function_name(function: Function) -> &'static str {
    match function {
        Function::Abs => "ABS",
        Function::Round => "ROUND",
        Function::Floor => "FLOOR",
        Function::Ceiling => "CEILING",
        Function::Sqrt => "SQRT",
        Function::Ln => "LN",
        Function::Exp => "EXP",
        Function::Power => "POWER",
    }
}

// ---- layout

/// A line is broken when it would be longer.
const LONGEST: usize = 88;
/// How far a continued line stands in.
const STEP: usize = 2;

const AND: Join = Join {
    op: "AND",
    level: 2,
};
const OR: Join = Join { op: "OR", level: 1 };

/// An operator between parts, and how tightly it binds.
#[derive(Clone, Copy)]
struct Join {
    op: &'static str,
    level: u8,
}

/// Pseudo-code before it is broken into lines.
enum Doc {
    Atom(String),
    Call(String, Vec<Doc>),
    Joined(Join, Vec<Doc>),
    Not(Box<Doc>),
    Choice(Box<[Doc; 3]>),
}

fn call(name: &str, arguments: Vec<Doc>) -> Doc {
    Doc::Call(name.to_owned(), arguments)
}

impl Doc {
    fn atom(text: impl Into<String>) -> Self {
        Self::Atom(text.into())
    }

    fn join(join: Join, mut parts: Vec<Self>, empty: &str) -> Self {
        match (parts.pop(), parts.is_empty()) {
            (None, _) => Self::atom(empty),
            (Some(only), true) => only,
            (Some(last), false) => {
                parts.push(last);
                Self::Joined(join, parts)
            }
        }
    }

    fn compare(left: Self, op: &'static str, right: Self) -> Self {
        Self::Joined(Join { op, level: 3 }, vec![left, right])
    }

    fn choice(condition: Self, then: Self, otherwise: Self) -> Self {
        Self::Choice(Box::new([condition, then, otherwise]))
    }

    /// How tightly it binds; 9 for what stands by itself.
    fn level(&self) -> u8 {
        match self {
            Self::Atom(_) | Self::Call(..) => 9,
            Self::Joined(join, _) => join.level,
            Self::Not(_) => 3,
            Self::Choice(_) => 0,
        }
    }

    fn flat(&self) -> String {
        match self {
            Self::Atom(text) => text.clone(),
            Self::Call(name, arguments) => {
                let arguments: Vec<String> = arguments.iter().map(Self::flat).collect();
                format!("{name}({})", arguments.join(", "))
            }
            Self::Joined(join, parts) => {
                let parts = parts.iter().enumerate();
                let parts = parts.map(|(at, part)| part.flat_inside(join.level, at > 0));
                let op = format!(" {} ", join.op);
                parts.collect::<Vec<_>>().join(&op)
            }
            Self::Not(inner) => format!("NOT {}", inner.flat_inside(3, true)),
            Self::Choice(parts) => {
                let [condition, then, otherwise] = &**parts;
                format!(
                    "IF {} THEN {} ELSE {}",
                    condition.flat(),
                    then.flat(),
                    otherwise.flat()
                )
            }
        }
    }

    /// In brackets where it binds less tightly; `right` says that it stands after an operator.
    fn flat_inside(&self, level: u8, right: bool) -> String {
        if self.needs_brackets(level, right) {
            format!("({})", self.flat())
        } else {
            self.flat()
        }
    }

    fn needs_brackets(&self, level: u8, right: bool) -> bool {
        let own = self.level();
        own < level || own == level && right && level >= 3
    }

    /// On one line if it fits, or else one part per line; `indent` is for the lines after the first.
    fn lines(&self, indent: usize) -> String {
        let flat = self.flat();
        if flat.chars().count() + indent <= LONGEST {
            return flat;
        }
        let space = |depth: usize| format!("\n{}", " ".repeat(depth));
        match self {
            Self::Atom(text) => text.clone(),
            Self::Call(name, arguments) => {
                let inside = space(indent + STEP);
                let arguments: Vec<String> =
                    arguments.iter().map(|a| a.lines(indent + STEP)).collect();
                let between = format!(",{inside}");
                format!(
                    "{name}({inside}{}{})",
                    arguments.join(&between),
                    space(indent)
                )
            }
            Self::Joined(join, parts) => {
                let parts = parts.iter().enumerate();
                let parts = parts.map(|(at, part)| {
                    if part.needs_brackets(join.level, at > 0) {
                        format!("({})", part.lines(indent + STEP + 1))
                    } else {
                        part.lines(indent + STEP)
                    }
                });
                let op = format!("{}{} ", space(indent), join.op);
                parts.collect::<Vec<_>>().join(&op)
            }
            Self::Not(inner) if inner.needs_brackets(3, true) => {
                format!("NOT ({})", inner.lines(indent + STEP))
            }
            Self::Not(inner) => format!("NOT {}", inner.lines(indent)),
            Self::Choice(parts) => {
                let [condition, then, otherwise] = &**parts;
                let line = space(indent);
                format!(
                    "IF {}{line}THEN {}{line}ELSE {}",
                    condition.lines(indent + STEP),
                    then.lines(indent + STEP),
                    otherwise.lines(indent + STEP)
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Files, compile};

    const DEFINITION: &str = r#"
disease shitei 999 "試験病" {
  edition "2026" from 2026-04-01
  source notice "試験用" text "999.txt"
  status draft
}

code finding "所見" { 1 present "あり"; 2 absent "なし"; 3 unclear "不明" unknown }

section a "所見" {
  field tremor "振戦" : finding required
  field rigid  "筋強剛" : finding required
  field slow   "動作緩慢" : finding required
  field since  "始まり" : date shown when tremor is present
  field birth  "生年月日" : date required
  field signs  "徴候" : choices { 1 x "い"; 2 y "ろ" }
  field height "身長" : decimal 4.1 "cm" 0..250
  field weight "体重" : decimal 4.1 "kg" 0..300
}

value bmi "BMI" : decimal 4.1 "kg/m2" = weight / ((height / 100) * (height / 100))
grade size "大きさ" : small "小" | large "大" = first match {
  small when bmi < 18.5 "kg/m2"
  large when bmi >= 18.5 "kg/m2"
}

judgement diagnosis "診断" {
  category yes "満たす" when any of {
    all of { tremor is present; rigid is present }
    at least 2 of { rigid is present; slow is present; signs includes x; not (tremor in { present; unclear }) }
  }
  otherwise no "満たさない"
  eligible yes
}

check R001 error "始まりが生年月日より前です" at since violated when (since < birth) if shown else no
check R002 warning "確かめる" at since violated when months from birth to today < 216 months and diagnosis is yes
check R003 error "未来" at birth violated when birth > today + 6 months or size is large
"#;

    fn program() -> Program {
        let mut files = Files::new();
        files.insert("shitei/999/form.kohyo", DEFINITION);
        let compilation = compile(&files, "shitei/999/form.kohyo");
        let problems = compilation.diagnostics;
        compilation
            .program
            .unwrap_or_else(|| panic!("{problems:#?}"))
    }

    #[test]
    fn rules_read_as_code() {
        let program = program();
        let mut out = String::new();
        for definition in &program.definitions {
            out += &format!(
                "{} :=\n{}\n",
                definition.name,
                rule(&program, &definition.rule)
            );
        }
        for one in &program.judgements {
            out += &format!("{} :=\n{}\n", one.name, judgement(&program, one));
        }
        for check in &program.checks {
            out += &format!("{}: {}\n", check.id, condition(&program, &check.violated));
        }
        insta::assert_snapshot!(out);
    }
}
