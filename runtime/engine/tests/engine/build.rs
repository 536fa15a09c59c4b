//! Small programs and answers, written shortly.

use kohyo_engine::program::{
    Application, ArithmeticOp, Carry, Category, Check, Code, CodeTable, CompareOp, Cond, CondKind,
    CountOp, DatePrecision, Definition, DefinitionId, FORMAT, Field, FieldId, FieldType, Function,
    Index, Judgement, JudgementId, Level, Member, Moment, Number, NumberKind, Outcome, Program,
    Programme, Rule, Section, Status,
};
use kohyo_engine::{
    Answers, Context, Date, Decimal, Form, RawAnswers, Tri, Verdict, evaluate, judge, read,
};

/// The codes of [`Build::finding`].
pub const PRESENT: Index = 0;
pub const ABSENT: Index = 1;
pub const UNCLEAR: Index = 2;

pub fn context() -> Context {
    Context {
        today: date("2026-06-01"),
        application: Application::New,
    }
}

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A program under construction.
pub struct Build {
    pub program: Program,
}

impl Build {
    pub fn new() -> Self {
        Self {
            program: Program {
                format: FORMAT,
                key: "shitei-999".to_owned(),
                edition: "2024".to_owned(),
                valid_from: date("2024-04-01"),
                valid_to: None,
                title: "試験病".to_owned(),
                programme: Programme::Shitei,
                status: Status::Draft,
                source: "試験".to_owned(),
                notes: Vec::new(),
                fallback: None,
                migrations: Vec::new(),
                exceptions: Vec::new(),
                functions: Vec::new(),
                code_tables: Vec::new(),
                fields: Vec::new(),
                sections: vec![Section {
                    name: "all".to_owned(),
                    label: "全項目".to_owned(),
                    members: Vec::new(),
                }],
                definitions: Vec::new(),
                judgements: Vec::new(),
                checks: Vec::new(),
            },
        }
    }

    pub fn field(&mut self, name: &str, ty: FieldType) -> FieldId {
        let id = FieldId(self.program.fields.len().try_into().unwrap());
        self.program.fields.push(Field {
            name: name.to_owned(),
            label: name.to_uppercase(),
            ty,
            required: false,
            required_when: None,
            shown_when: None,
            hidden_when: None,
            only: None,
            carry: Carry::Copy,
            privacy: None,
            help: None,
            cites: None,
            first_answer: None,
        });
        self.program.sections[0].members.push(Member::Field(id));
        id
    }

    pub fn edit(&mut self, id: FieldId) -> &mut Field {
        &mut self.program.fields[usize::from(id.0)]
    }

    fn table(&mut self, name: &str, codes: &[(&str, Option<&str>, bool)]) -> u16 {
        let codes = codes
            .iter()
            .enumerate()
            .map(|(position, (name, points, unknown))| Code {
                value: (position + 1).to_string(),
                name: (*name).to_owned(),
                label: format!("〔{name}〕"),
                points: points.map(dec),
                unknown: *unknown,
            });
        let codes = codes.collect();
        let table = CodeTable {
            name: name.to_owned(),
            label: name.to_owned(),
            codes,
        };
        self.program.code_tables.push(table.into());
        (self.program.code_tables.len() - 1).try_into().unwrap()
    }

    /// `1` present, `2` absent, `3` unclear (the physician does not know).
    pub fn finding(&mut self, name: &str) -> FieldId {
        self.choice(
            name,
            &[
                ("present", None, false),
                ("absent", None, false),
                ("unclear", None, true),
            ],
        )
    }

    pub fn findings<const N: usize>(&mut self, names: [&str; N]) -> [FieldId; N] {
        names.map(|name| self.finding(name))
    }

    /// Codes with name, points and whether they say unknown; wire values count from 1.
    pub fn choice(&mut self, name: &str, codes: &[(&str, Option<&str>, bool)]) -> FieldId {
        let table = self.table(name, codes);
        self.field(name, FieldType::Choice { table })
    }

    pub fn choices(&mut self, name: &str, codes: &[(&str, Option<&str>, bool)]) -> FieldId {
        let table = self.table(name, codes);
        self.field(name, FieldType::Choices { table })
    }

    /// `1` none 0 points, `2` some 5 points, `3` full 10 points, `4` unclear.
    pub fn item(&mut self, name: &str) -> FieldId {
        self.choice(
            name,
            &[
                ("none", Some("0"), false),
                ("some", Some("5"), false),
                ("full", Some("10"), false),
                ("unclear", None, true),
            ],
        )
    }

    pub fn number(
        &mut self,
        name: &str,
        digits: u8,
        fraction: u8,
        min: &str,
        max: &str,
    ) -> FieldId {
        let bound = |text: &str| (!text.is_empty()).then(|| dec(text));
        let unit = None;
        self.field(
            name,
            FieldType::Number {
                digits,
                fraction,
                unit,
                min: bound(min),
                max: bound(max),
            },
        )
    }

    pub fn date(&mut self, name: &str) -> FieldId {
        self.field(
            name,
            FieldType::Date {
                precision: DatePrecision::Day,
            },
        )
    }

    pub fn text(&mut self, name: &str) -> FieldId {
        self.field(
            name,
            FieldType::Text {
                chars: 20,
                lines: 1,
            },
        )
    }

    fn define(&mut self, name: &str, rule: Rule) -> DefinitionId {
        let id = DefinitionId(self.program.definitions.len().try_into().unwrap());
        self.program.definitions.push(Definition {
            name: name.to_owned(),
            label: format!("〈{name}〉"),
            cites: Some(format!("引用 {name}")),
            rule,
        });
        id
    }

    pub fn criterion(&mut self, name: &str, condition: Cond) -> DefinitionId {
        self.define(name, Rule::Criterion(condition))
    }

    pub fn value(&mut self, name: &str, number: Number, fraction: Option<u8>) -> DefinitionId {
        self.define(
            name,
            Rule::Number {
                number,
                unit: None,
                fraction,
                covered: false,
            },
        )
    }

    /// Of the rows of this number one is said to hold.
    pub fn cover(&mut self, id: DefinitionId) {
        let definition = &mut self.program.definitions[usize::from(id.0)];
        if let Rule::Number { covered, .. } = &mut definition.rule {
            *covered = true;
        }
    }

    pub fn grade(
        &mut self,
        name: &str,
        outcomes: &[&str],
        arms: Vec<(Cond, Index)>,
        otherwise: Option<Index>,
    ) -> DefinitionId {
        let outcomes = outcomes
            .iter()
            .map(|name| Outcome {
                name: (*name).to_owned(),
                label: format!("《{name}》"),
            })
            .collect();
        self.define(
            name,
            Rule::Grade {
                outcomes,
                arms,
                otherwise,
                covered: false,
            },
        )
    }

    /// Categories with their conditions and whether they are eligible; `none` is added last.
    pub fn judgement(&mut self, name: &str, categories: Vec<(&str, Cond, bool)>) -> JudgementId {
        let id = JudgementId(self.program.judgements.len().try_into().unwrap());
        let category = |name: &str, when: Option<Cond>, eligible: bool| Category {
            name: name.to_owned(),
            label: format!("【{name}】"),
            cites: None,
            when,
            eligible,
        };
        let mut all: Vec<Category> = categories
            .into_iter()
            .map(|(name, when, eligible)| category(name, Some(when), eligible))
            .collect();
        all.push(category("none", None, false));
        self.program.judgements.push(Judgement {
            name: name.to_owned(),
            label: name.to_owned(),
            cites: None,
            ordered: false,
            categories: all,
            eligible_cites: None,
        });
        id
    }

    /// A diagnosis that is eligible when this holds.
    pub fn diagnosis(&mut self, condition: Cond) -> JudgementId {
        self.judgement("diagnosis", vec![("definite", condition, true)])
    }

    /// A severity that is eligible when this holds.
    pub fn severity(&mut self, condition: Cond) -> JudgementId {
        self.judgement("severity", vec![("severe", condition, true)])
    }

    /// 小児慢性特定疾病: nothing remains below the severity threshold.
    pub fn shoman(&mut self) {
        self.program.programme = Programme::Shoman;
    }

    pub fn check(&mut self, id: &str, at: FieldId, violated: Cond) -> &mut Check {
        self.program.checks.push(Check {
            id: id.to_owned(),
            level: Level::Warning,
            message: format!("{id} に反しています"),
            help: None,
            at: vec![at],
            only: None,
            violated,
        });
        self.program.checks.last_mut().unwrap()
    }

    pub fn form(self) -> Form {
        Form::new(self.program).unwrap()
    }
}

pub fn cond(kind: CondKind) -> Cond {
    let text = match &kind {
        CondKind::Code { field, codes } => format!("f{}∈{codes:?}", field.0),
        CondKind::All(_) => "次のすべてを満たす".to_owned(),
        CondKind::Any(_) => "次のいずれかを満たす".to_owned(),
        CondKind::Not(inner) => format!("{}ではない", inner.text),
        other => name_of(other),
    };
    Cond { kind, text }
}

fn name_of(kind: &CondKind) -> String {
    let debug = format!("{kind:?}");
    debug
        .split(['(', ' '])
        .next()
        .unwrap_or_default()
        .to_owned()
}

pub fn num(kind: NumberKind) -> Number {
    let text = match &kind {
        NumberKind::Points(field) | NumberKind::Field(field) => format!("f{}", field.0),
        NumberKind::Const(number) => number.to_string(),
        _ => "値".to_owned(),
    };
    Number { kind, text }
}

pub fn is(field: FieldId, code: Index) -> Cond {
    cond(CondKind::Code {
        field,
        codes: vec![code],
    })
}

pub fn present(field: FieldId) -> Cond {
    is(field, PRESENT)
}

pub fn not(condition: Cond) -> Cond {
    cond(CondKind::Not(Box::new(condition)))
}

pub fn all_of(conditions: impl Into<Vec<Cond>>) -> Cond {
    cond(CondKind::All(conditions.into()))
}

pub fn any_of(conditions: impl Into<Vec<Cond>>) -> Cond {
    cond(CondKind::Any(conditions.into()))
}

pub fn count(of: impl Into<Vec<Cond>>, op: CountOp, n: u32) -> Cond {
    cond(CondKind::Count {
        of: of.into(),
        op,
        n,
    })
}

pub fn at_least(n: u32, of: impl Into<Vec<Cond>>) -> Cond {
    count(of, CountOp::AtLeast, n)
}

pub fn criterion(id: DefinitionId) -> Cond {
    cond(CondKind::Criterion(id))
}

pub fn answered(field: FieldId) -> Cond {
    cond(CondKind::Answered(field))
}

pub fn treat(condition: Cond, as_yes: bool) -> Cond {
    cond(CondKind::TreatUnknown {
        condition: Box::new(condition),
        as_yes,
    })
}

pub fn if_shown(fields: impl Into<Vec<FieldId>>, condition: Cond, otherwise: bool) -> Cond {
    cond(CondKind::IfShown {
        fields: fields.into(),
        condition: Box::new(condition),
        otherwise,
    })
}

pub fn compare(left: Number, op: CompareOp, right: Number) -> Cond {
    cond(CondKind::compare(left, op, right))
}

pub fn reaches(left: Number, threshold: &str) -> Cond {
    compare(left, CompareOp::GreaterEqual, constant(threshold))
}

pub fn constant(text: &str) -> Number {
    num(NumberKind::Const(dec(text)))
}

pub fn value(field: FieldId) -> Number {
    num(NumberKind::Field(field))
}

pub fn points(field: FieldId) -> Number {
    num(NumberKind::Points(field))
}

pub fn sum(numbers: impl Into<Vec<Number>>) -> Number {
    num(NumberKind::Sum(numbers.into()))
}

pub fn calculate(left: Number, op: ArithmeticOp, right: Number) -> Number {
    num(NumberKind::Arithmetic {
        left: Box::new(left),
        op,
        right: Box::new(right),
    })
}

pub fn call(function: Function, arguments: impl Into<Vec<Number>>) -> Number {
    num(NumberKind::Call {
        function,
        arguments: arguments.into(),
    })
}

pub fn when(amount: &str, condition: Cond) -> Number {
    num(NumberKind::When {
        amount: Box::new(constant(amount)),
        condition: Box::new(condition),
    })
}

pub fn dates(left: Moment, op: CompareOp, right: Moment) -> Cond {
    cond(CondKind::CompareDates { left, op, right })
}

/// Wire values by name: `"tremor=1 gfr=35.2"`; a name may come several times.
pub fn raw(text: &str) -> RawAnswers {
    let mut raw = RawAnswers::new();
    for (name, value) in text
        .split_whitespace()
        .map(|pair| pair.split_once('=').unwrap())
    {
        raw.entry(name.to_owned())
            .or_default()
            .push(value.to_owned());
    }
    raw
}

pub fn answers(form: &Form, text: &str) -> Answers {
    let (answers, findings) = read(form, &raw(text));
    assert!(findings.is_empty(), "{findings:?}");
    answers
}

pub fn verdict(form: &Form, text: &str) -> Verdict {
    judge(form, &answers(form, text), &context())
}

pub fn outcome(form: &Form, text: &str) -> kohyo_engine::Outcome {
    evaluate(form, &answers(form, text), &context())
}

/// What three-valued logic says about a condition.
pub fn truth(build: Build, condition: Cond, text: &str) -> Tri {
    truth_in(build, condition, text, &context())
}

pub fn truth_in(mut build: Build, condition: Cond, text: &str, context: &Context) -> Tri {
    build.criterion("under_test", condition);
    let form = build.form();
    let outcome = evaluate(&form, &answers(&form, text), context);
    match outcome.values.last().unwrap().value.as_deref() {
        Some("true") => Tri::True,
        Some("false") => Tri::False,
        _ => Tri::Unknown,
    }
}

/// The text of a calculated value: `8.5`, `4〜12`, `不明`.
pub fn calculated(mut build: Build, number: Number, fraction: Option<u8>, text: &str) -> String {
    build.value("under_test", number, fraction);
    outcome(&build.form(), text).values.pop().unwrap().text
}
