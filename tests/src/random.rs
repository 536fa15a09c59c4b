//! Random small programs with every kind of rule, and random answers to them.
//!
//! Small enough that the search for completions mostly comes to an end; nothing in them makes sense.

use crate::dice::Dice;
use kohyo_engine::program::{
    Application, ArithmeticOp, Carry, Category, Check, Code, CodeTable, CompareOp, Cond, CondKind,
    CountOp, DatePrecision, Definition, DefinitionId, ElapsedUnit, FORMAT, Field, FieldId,
    FieldType, Function, Index, Judgement, JudgementId, Level, Member, Moment, Number, NumberKind,
    Outcome, Program, Programme, Rule, Section, Status,
};
use kohyo_engine::{Decimal, RawAnswers};

/// A program. The same seed gives the same.
pub fn program(seed: u64) -> Program {
    let mut random = Random {
        dice: Dice::new(seed),
        program: empty(seed),
    };
    random.fields();
    random.definitions();
    random.judgements();
    random.checks();
    random.program
}

/// Written values: most of them legal, some of them unknown, partial, out of range or nonsense.
pub fn answers(program: &Program, dice: &mut Dice) -> RawAnswers {
    let mut raw = RawAnswers::new();
    for field in &program.fields {
        if dice.chance(45) {
            let values = written(program, field, dice);
            raw.insert(field.name.clone(), values);
        }
    }
    raw
}

fn written(program: &Program, field: &Field, dice: &mut Dice) -> Vec<String> {
    let codes = |table: u16| &program.code_tables[usize::from(table)].codes;
    if dice.chance(3) {
        return vec![
            (*dice.pick(&["", " ", "x", "９", "-", "99999", "1.5", "2025-13"])).to_owned(),
        ];
    }
    let one = match &field.ty {
        FieldType::Choice { table } => dice.pick(codes(*table)).value.clone(),
        FieldType::Choices { table } => {
            let chosen = codes(*table).iter().filter(|_| dice.chance(40));
            return chosen.map(|code| code.value.clone()).collect();
        }
        FieldType::Number { fraction, .. } => {
            let steps = dice.below(100) as i64 - 20;
            Decimal::new(
                if *fraction == 0 { steps / 10 } else { steps },
                u32::from(*fraction),
            )
            .to_string()
        }
        FieldType::Date { precision } => {
            let all = [
                "2025-06-01",
                "2025-05-31",
                "2024-02-29",
                "2026-01-15",
                "2020-08-31",
            ];
            let day = *dice.pick(&all);
            let shorter = if dice.chance(30) { 3 } else { 0 };
            let most = match precision {
                DatePrecision::Year => 4,
                DatePrecision::Month => 7,
                DatePrecision::Day => 10,
            };
            day[..(10 - shorter).min(most)].to_owned()
        }
        _ => "あ".to_owned(),
    };
    vec![one]
}

fn empty(seed: u64) -> Program {
    Program {
        format: FORMAT,
        key: format!("shitei-9{seed:05}"),
        edition: "2024".to_owned(),
        valid_from: "2024-04-01".parse().unwrap(),
        valid_to: None,
        title: "試験病".to_owned(),
        programme: if seed.is_multiple_of(2) {
            Programme::Shitei
        } else {
            Programme::Shoman
        },
        status: Status::Draft,
        source: "試験".to_owned(),
        notes: Vec::new(),
        fallback: None,
        migrations: Vec::new(),
        exceptions: Vec::new(),
        functions: Vec::new(),
        code_tables: tables().into_iter().map(Into::into).collect(),
        fields: Vec::new(),
        sections: vec![Section {
            name: "all".to_owned(),
            label: "全項目".to_owned(),
            members: Vec::new(),
        }],
        definitions: Vec::new(),
        judgements: Vec::new(),
        checks: Vec::new(),
    }
}

const FINDING: u16 = 0;
const POINTS: u16 = 1;

fn tables() -> Vec<CodeTable> {
    let table = |name: &str, codes: &[(&str, Option<i64>, bool)]| CodeTable {
        name: name.to_owned(),
        label: format!("表{name}"),
        codes: codes
            .iter()
            .enumerate()
            .map(|(position, (name, points, unknown))| Code {
                value: (position + 1).to_string(),
                name: (*name).to_owned(),
                label: format!("〔{name}〕"),
                points: points.map(|points| Decimal::new(points, 1)),
                unknown: *unknown,
            })
            .collect(),
    };
    vec![
        table(
            "finding",
            &[
                ("present", None, false),
                ("absent", None, false),
                ("unclear", None, true),
                ("not_done", None, true),
            ],
        ),
        table(
            "points",
            &[
                ("none", Some(0), false),
                ("some", Some(15), false),
                ("full", Some(-20), false),
                ("unclear", Some(70), true),
            ],
        ),
    ]
}

struct Random {
    dice: Dice,
    program: Program,
}

const OPERATORS: [CompareOp; 6] = [
    CompareOp::Less,
    CompareOp::LessEqual,
    CompareOp::Equal,
    CompareOp::NotEqual,
    CompareOp::GreaterEqual,
    CompareOp::Greater,
];
const UNITS: [ElapsedUnit; 3] = [ElapsedUnit::Years, ElapsedUnit::Months, ElapsedUnit::Days];

/// A condition of which a question that is shown for certain does not show: what
/// [`Field::hidden_when`] says where it is open whether it is.
fn unless_shown(condition: Cond, shown: &Cond) -> Cond {
    let untitled = |kind| Cond {
        kind,
        text: String::new(),
    };
    let not_shown = untitled(CondKind::Not(Box::new(shown.clone())));
    let perhaps_not = untitled(CondKind::TreatUnknown {
        condition: Box::new(not_shown),
        as_yes: true,
    });
    untitled(CondKind::All(vec![condition, perhaps_not]))
}

impl Random {
    fn fields(&mut self) {
        let count = 4 + self.dice.below(4);
        for position in 0..count {
            let ty = self.field_type(position);
            let required = self.dice.chance(20);
            let required_when = self.dice.chance(10).then(|| self.condition(1));
            let shown_when = self.dice.chance(25).then(|| self.condition(1));
            let hidden_when = match &shown_when {
                Some(shown) if self.dice.chance(40) => Some(unless_shown(self.condition(1), shown)),
                _ => None,
            };
            let only = self.dice.chance(8).then_some(Application::New);
            self.program.fields.push(Field {
                name: format!("f{position}"),
                label: format!("項目{position}"),
                ty,
                required,
                required_when: required_when.map(Box::new),
                shown_when: shown_when.map(Box::new),
                hidden_when: hidden_when.map(Box::new),
                only,
                carry: Carry::Copy,
                privacy: None,
                help: None,
                cites: None,
                first_answer: None,
            });
            let id = FieldId(position as u16);
            self.program.sections[0].members.push(Member::Field(id));
        }
    }

    /// The first is a choice, so that a condition finds something to ask.
    fn field_type(&mut self, position: usize) -> FieldType {
        let kind = if position == 0 { 0 } else { self.dice.below(8) };
        match kind {
            0 | 1 => FieldType::Choice { table: FINDING },
            2 => FieldType::Choice { table: POINTS },
            3 => FieldType::Choices { table: FINDING },
            4 | 5 => FieldType::Number {
                digits: 2,
                fraction: self.dice.below(2) as u8,
                unit: (self.dice.chance(50)).then(|| "mg/dL".to_owned()),
                min: self.dice.chance(70).then(|| Decimal::new(-2, 0)),
                max: Some(Decimal::new(6, 0)),
            },
            6 => FieldType::Date {
                precision: *self.dice.pick(&[
                    DatePrecision::Day,
                    DatePrecision::Day,
                    DatePrecision::Month,
                    DatePrecision::Year,
                ]),
            },
            _ => FieldType::Text { chars: 5, lines: 1 },
        }
    }

    fn definitions(&mut self) {
        for position in 0..self.dice.below(5) {
            let rule = match self.dice.below(4) {
                0 | 1 => Rule::Criterion(self.condition(3)),
                2 => Rule::Number {
                    number: self.number(3),
                    unit: self.dice.chance(50).then(|| "点".to_owned()),
                    fraction: self.dice.chance(50).then(|| self.dice.below(3) as u8),
                    covered: self.dice.chance(30),
                },
                _ => {
                    let arms = 1 + self.dice.below(3);
                    Rule::Grade {
                        outcomes: ["low", "mid", "high"]
                            .map(|name| Outcome {
                                name: name.to_owned(),
                                label: format!("《{name}》"),
                            })
                            .into(),
                        arms: (0..arms)
                            .map(|_| (self.condition(2), self.dice.below(3) as Index))
                            .collect(),
                        otherwise: self.dice.chance(60).then(|| self.dice.below(3) as Index),
                        covered: self.dice.chance(30),
                    }
                }
            };
            self.program.definitions.push(Definition {
                name: format!("m.d{position}"),
                label: format!("規則{position}"),
                cites: None,
                rule,
            });
        }
    }

    fn judgements(&mut self) {
        for name in ["diagnosis", "severity", "other"] {
            if name != "diagnosis" && self.dice.chance(30) {
                continue;
            }
            let count = 1 + self.dice.below(3);
            let mut categories: Vec<Category> = (0..count)
                .map(|position| Category {
                    name: format!("c{position}"),
                    label: format!("【{position}】"),
                    cites: None,
                    when: Some(self.condition(3)),
                    eligible: self.dice.chance(50),
                })
                .collect();
            categories.push(Category {
                name: "none".to_owned(),
                label: "非該当".to_owned(),
                cites: None,
                when: None,
                eligible: self.dice.chance(20),
            });
            self.program.judgements.push(Judgement {
                name: name.to_owned(),
                label: name.to_owned(),
                cites: None,
                ordered: true,
                categories,
                eligible_cites: None,
            });
        }
    }

    fn checks(&mut self) {
        for position in 0..self.dice.below(3) {
            let at = FieldId(self.dice.below(self.program.fields.len()) as u16);
            let violated = self.condition(2);
            self.program.checks.push(Check {
                id: format!("R{position}"),
                level: *self
                    .dice
                    .pick(&[Level::Error, Level::Warning, Level::Information]),
                message: format!("点検{position}"),
                help: self.dice.chance(50).then(|| "確かめてください".to_owned()),
                at: vec![at],
                only: self.dice.chance(30).then_some(Application::Renewal),
                violated,
            });
        }
    }

    /// A field of this kind that stands already.
    fn known(&mut self, fits: impl Fn(&FieldType) -> bool) -> Option<FieldId> {
        let ids: Vec<FieldId> = (0..)
            .map(FieldId)
            .zip(&self.program.fields)
            .filter(|(_, field)| fits(&field.ty))
            .map(|(id, _)| id)
            .collect();
        (!ids.is_empty()).then(|| *self.dice.pick(&ids))
    }

    fn any_field(&mut self) -> Option<FieldId> {
        self.known(|_| true)
    }

    /// A definition of this kind that stands already.
    fn defined(&mut self, fits: impl Fn(&Rule) -> bool) -> Option<DefinitionId> {
        let ids: Vec<DefinitionId> = (0..)
            .map(DefinitionId)
            .zip(&self.program.definitions)
            .filter(|(_, definition)| fits(&definition.rule))
            .map(|(id, _)| id)
            .collect();
        (!ids.is_empty()).then(|| *self.dice.pick(&ids))
    }

    fn condition(&mut self, depth: usize) -> Cond {
        let kind = loop {
            if let Some(kind) = self.condition_kind(depth) {
                break kind;
            }
        };
        let text = format!("条件{}", self.dice.below(100));
        Cond { kind, text }
    }

    fn conditions(&mut self, depth: usize) -> Vec<Cond> {
        (0..1 + self.dice.below(3))
            .map(|_| self.condition(depth))
            .collect()
    }

    /// Nothing if the form has nothing of the kind that was thrown.
    fn condition_kind(&mut self, depth: usize) -> Option<CondKind> {
        let leaf = depth == 0 || self.dice.chance(35);
        if self.program.fields.is_empty() {
            return Some(CondKind::Const(self.dice.chance(50)));
        }
        Some(if leaf {
            match self.dice.below(12) {
                0..=4 => {
                    let field = self.known(|ty| matches!(ty, FieldType::Choice { .. }))?;
                    let codes: Vec<Index> = (0..4).filter(|_| self.dice.chance(35)).collect();
                    CondKind::Code { field, codes }
                }
                5 => CondKind::Includes {
                    field: self.known(|ty| matches!(ty, FieldType::Choices { .. }))?,
                    code: self.dice.below(4) as Index,
                },
                6 => CondKind::Answered(self.any_field()?),
                7 => CondKind::Criterion(self.defined(|rule| matches!(rule, Rule::Criterion(_)))?),
                8 => CondKind::Grade {
                    definition: self.defined(|rule| matches!(rule, Rule::Grade { .. }))?,
                    outcomes: (0..3).filter(|_| self.dice.chance(50)).collect(),
                },
                9 => {
                    let count = self.program.judgements.len();
                    if count == 0 {
                        return None;
                    }
                    let judgement = self.dice.below(count);
                    let categories = self.program.judgements[judgement].categories.len() as Index;
                    CondKind::Category {
                        judgement: JudgementId(judgement as u16),
                        categories: (0..categories).filter(|_| self.dice.chance(50)).collect(),
                    }
                }
                10 => CondKind::Application(Application::Renewal),
                _ => CondKind::Const(self.dice.chance(50)),
            }
        } else {
            let inside = depth - 1;
            match self.dice.below(12) {
                0 => CondKind::Not(Box::new(self.condition(inside))),
                1 => CondKind::All(self.conditions(inside)),
                2 => CondKind::Any(self.conditions(inside)),
                3 => CondKind::Count {
                    of: self.conditions(inside),
                    op: *self
                        .dice
                        .pick(&[CountOp::AtLeast, CountOp::AtMost, CountOp::Exactly]),
                    n: self.dice.below(4) as u32,
                },
                4..=6 => CondKind::compare(
                    self.number(inside),
                    *self.dice.pick(&OPERATORS),
                    self.number(inside.min(1)),
                ),
                7 | 8 => CondKind::CompareDates {
                    left: self.moment()?,
                    op: *self.dice.pick(&OPERATORS),
                    right: self.moment()?,
                },
                9 => CondKind::If(
                    Box::new(self.condition(inside)),
                    Box::new(self.condition(inside)),
                    Box::new(self.condition(inside)),
                ),
                10 => CondKind::TreatUnknown {
                    condition: Box::new(self.condition(inside)),
                    as_yes: self.dice.chance(50),
                },
                _ => CondKind::IfShown {
                    fields: vec![self.any_field()?],
                    condition: Box::new(self.condition(inside)),
                    otherwise: self.dice.chance(50),
                },
            }
        })
    }

    fn number(&mut self, depth: usize) -> Number {
        let kind = loop {
            if let Some(kind) = self.number_kind(depth) {
                break kind;
            }
        };
        let text = format!("数{}", self.dice.below(100));
        Number { kind, text }
    }

    fn numbers(&mut self, depth: usize) -> Vec<Number> {
        (0..1 + self.dice.below(3))
            .map(|_| self.number(depth))
            .collect()
    }

    fn constant(&mut self) -> Decimal {
        Decimal::new(self.dice.below(80) as i64 - 20, 1)
    }

    fn number_kind(&mut self, depth: usize) -> Option<NumberKind> {
        let leaf = depth == 0 || self.dice.chance(40);
        Some(if leaf {
            match self.dice.below(10) {
                0..=2 => NumberKind::Const(self.constant()),
                3 => NumberKind::Const(Decimal::new(self.dice.below(4) as i64, 0)),
                4 | 5 => {
                    NumberKind::Field(self.known(|ty| matches!(ty, FieldType::Number { .. }))?)
                }
                6 | 7 => NumberKind::Points(
                    self.known(|ty| matches!(ty, FieldType::Choice { table: POINTS }))?,
                ),
                8 => NumberKind::Definition(
                    self.defined(|rule| matches!(rule, Rule::Number { .. }))?,
                ),
                _ => NumberKind::Nothing,
            }
        } else {
            let inside = depth - 1;
            match self.dice.below(12) {
                0 | 1 => NumberKind::Sum(self.numbers(inside)),
                2 => NumberKind::Max(self.numbers(inside)),
                3 => NumberKind::Min(self.numbers(inside)),
                4 => NumberKind::Count(self.conditions(inside)),
                5 => NumberKind::When {
                    amount: Box::new(self.number(inside)),
                    condition: Box::new(self.condition(inside)),
                },
                6 => NumberKind::If(
                    Box::new(self.condition(inside)),
                    Box::new(self.number(inside)),
                    Box::new(self.number(inside)),
                ),
                7 | 8 => NumberKind::Arithmetic {
                    left: Box::new(self.number(inside)),
                    op: *self.dice.pick(&[
                        ArithmeticOp::Add,
                        ArithmeticOp::Subtract,
                        ArithmeticOp::Multiply,
                        ArithmeticOp::Divide,
                    ]),
                    right: Box::new(self.number(inside)),
                },
                9 => self.call(inside),
                10 => NumberKind::Elapsed {
                    unit: *self.dice.pick(&UNITS),
                    from: self.moment()?,
                    to: self.moment()?,
                },
                _ => NumberKind::IfShown {
                    fields: vec![self.any_field()?],
                    number: Box::new(self.number(inside)),
                    otherwise: self.constant(),
                },
            }
        })
    }

    fn call(&mut self, depth: usize) -> NumberKind {
        let function = *self.dice.pick(&[
            Function::Abs,
            Function::Round,
            Function::Floor,
            Function::Ceiling,
            Function::Sqrt,
            Function::Ln,
            Function::Exp,
            Function::Power,
        ]);
        let mut arguments = vec![self.number(depth)];
        match function {
            Function::Round => arguments.push(Number {
                kind: NumberKind::Const(Decimal::new(self.dice.below(3) as i64, 0)),
                text: "桁".to_owned(),
            }),
            Function::Power => arguments.push(self.number(0)),
            _ => {}
        }
        NumberKind::Call {
            function,
            arguments,
        }
    }

    fn moment(&mut self) -> Option<Moment> {
        let plain = match self.dice.below(4) {
            0 => Moment::Const(
                self.dice
                    .pick(&["2025-06-01", "2024-12", "2020"])
                    .parse()
                    .unwrap(),
            ),
            1 => Moment::Today,
            _ => Moment::Field(self.known(|ty| matches!(ty, FieldType::Date { .. }))?),
        };
        Some(if self.dice.chance(25) {
            Moment::Shifted {
                moment: Box::new(plain),
                by: self.dice.below(30) as i32 - 10,
                unit: *self.dice.pick(&UNITS),
            }
        } else {
            plain
        })
    }
}
