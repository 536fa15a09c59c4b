//! A small form for the tests of this crate.

use crate::check::{Checker, RecordReport};
use crate::library::Library;
use crate::record::Record;
use kohyo_engine::program::{
    Application, Carried, Carry, Category, Check, Code, CodeTable, CompareOp, Cond, CondKind,
    DatePrecision, FORMAT, Field, FieldId, FieldType, Judgement, Layout, Level, MappedCode, Member,
    Migration, Moment, Number, NumberKind, Program, Programme, Section, Status,
};
use kohyo_engine::{Form, RawAnswers, ResultKind};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The small form.
pub(crate) fn form() -> Arc<Form> {
    form_with(|_| {})
}

/// The small form, changed.
pub(crate) fn form_with(change: impl FnOnce(&mut Program)) -> Arc<Form> {
    let mut program = program();
    change(&mut program);
    Arc::new(Form::new(program).unwrap())
}

/// Editions of the small form (`0000`, `0001`, …), and how often one was loaded.
pub(crate) struct Editions {
    pub(crate) places: Vec<(String, String)>,
    loads: Arc<AtomicU64>,
}

impl Editions {
    pub(crate) fn new(many: usize) -> Self {
        let places = (0..many).map(|number| ("shitei-006".to_owned(), format!("{number:04}")));
        Self {
            places: places.collect(),
            loads: Arc::default(),
        }
    }

    /// What a library loads them with.
    pub(crate) fn load(
        &self,
    ) -> impl Fn(&str, &str) -> Result<Arc<Form>, String> + Send + Sync + use<> {
        let loads = Arc::clone(&self.loads);
        move |_, edition| {
            loads.fetch_add(1, Ordering::Relaxed);
            Ok(form_with(|program| program.edition = edition.into()))
        }
    }

    pub(crate) fn loads(&self) -> u64 {
        self.loads.load(Ordering::Relaxed)
    }
}

/// The small form as the only one at hand.
pub(crate) fn library() -> Library {
    Library::new([form()]).unwrap()
}

/// Every report, with its record, of what `check` has a checker read on 2026-07-01.
pub(crate) fn reports(
    check: impl FnOnce(&mut Checker, &mut dyn FnMut(RecordReport) -> ControlFlow<()>),
) -> Vec<RecordReport> {
    let mut checker = Checker::new(library(), "2026-07-01".parse().unwrap()).keeping_records();
    let mut reports = Vec::new();
    check(&mut checker, &mut |report| {
        reports.push(report);
        ControlFlow::Continue(())
    });
    reports
}

/// Each record with its result and findings.
pub(crate) fn told(reports: &[RecordReport]) -> String {
    let mut out = String::new();
    for report in reports {
        let result = report.result.map_or("判定なし", ResultKind::name);
        out += &format!("個票{}: {result}\n", report.number);
        for finding in &report.findings {
            out += &format!("  {} [{}] {finding}\n", finding.check, finding.item);
        }
    }
    out
}

/// What must be the same whatever a record came as: its result, itself, how much was found.
pub(crate) fn essence(
    reports: Vec<RecordReport>,
) -> Vec<(Option<ResultKind>, Option<Box<Record>>, usize)> {
    reports
        .into_iter()
        .map(|report| (report.result, report.record, report.findings.len()))
        .collect()
}

/// Written values by name.
pub(crate) fn raw(values: &[(&str, &[&str])]) -> RawAnswers {
    values
        .iter()
        .map(|(name, values)| {
            (
                (*name).to_owned(),
                values.iter().map(|v| (*v).to_owned()).collect(),
            )
        })
        .collect()
}

/// A record of the small form with every field answered, eligible.
pub(crate) fn full() -> RawAnswers {
    raw(&[
        ("name", &["山田 太郎"]),
        ("name_kana", &["やまだ たろう"]),
        ("postal_code", &["1008916"]),
        ("birth_date", &["1950-04-01"]),
        ("tremor", &["1"]),
        ("tremor_from", &["2019"]),
        ("signs", &["1", "3"]),
        ("igg4", &["135.5"]),
        ("stage", &["3"]),
        ("remarks", &["一行目\n二行目 <&>"]),
    ])
}

fn cond(kind: CondKind, text: &str) -> Cond {
    Cond {
        kind,
        text: text.to_owned(),
    }
}

fn number(kind: NumberKind, text: &str) -> Number {
    Number {
        kind,
        text: text.to_owned(),
    }
}

fn field(name: &str, label: &str, ty: FieldType) -> Field {
    Field {
        name: name.to_owned(),
        label: label.to_owned(),
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
    }
}

fn code(value: &str, name: &str, label: &str, unknown: bool) -> Code {
    Code {
        value: value.into(),
        name: name.into(),
        label: label.into(),
        points: None,
        unknown,
    }
}

fn program() -> Program {
    let tremor = FieldId(4);
    let present = |field| {
        cond(
            CondKind::Code {
                field,
                codes: vec![0],
            },
            "安静時振戦が「あり」",
        )
    };
    let fields = vec![
        Field {
            required: true,
            ..field(
                "name",
                "氏名",
                FieldType::Text {
                    chars: 20,
                    lines: 1,
                },
            )
        },
        field("name_kana", "氏名（かな）", FieldType::Kana { chars: 20 }),
        field("postal_code", "郵便番号", FieldType::PostalCode),
        Field {
            required: true,
            ..field(
                "birth_date",
                "生年月日",
                FieldType::Date {
                    precision: DatePrecision::Day,
                },
            )
        },
        Field {
            required: true,
            ..field("tremor", "安静時振戦", FieldType::Choice { table: 0 })
        },
        Field {
            shown_when: Some(Box::new(present(tremor))),
            ..field(
                "tremor_from",
                "振戦の始まり",
                FieldType::Date {
                    precision: DatePrecision::Month,
                },
            )
        },
        field("signs", "その他の徴候", FieldType::Choices { table: 1 }),
        Field {
            help: Some("血清で測る".into()),
            ..field(
                "igg4",
                "IgG4",
                FieldType::Number {
                    digits: 5,
                    fraction: 1,
                    unit: Some("mg/dL".into()),
                    min: Some(0.into()),
                    max: Some(3000.into()),
                },
            )
        },
        field(
            "stage",
            "重症度分類",
            FieldType::Number {
                digits: 1,
                fraction: 0,
                unit: None,
                min: Some(0.into()),
                max: Some(5.into()),
            },
        ),
        Field {
            only: Some(Application::New),
            ..field(
                "remarks",
                "経過",
                FieldType::Text {
                    chars: 250,
                    lines: 7,
                },
            )
        },
    ];
    let members = |from: u16, to: u16| {
        (from..to)
            .map(|id| Member::Field(FieldId(id)))
            .collect::<Vec<_>>()
    };
    let mut diagnosis = members(4, 6);
    diagnosis.push(Member::Group {
        label: "B".into(),
        help: None,
        layout: Layout::Plain,
        members: members(6, 8),
    });
    diagnosis.push(Member::Note("注意".into()));
    let section = |name: &str, label: &str, members| Section {
        name: name.into(),
        label: label.into(),
        members,
    };
    let stage = |at_least: i64| {
        cond(
            CondKind::compare(
                number(NumberKind::Field(FieldId(8)), "重症度分類"),
                CompareOp::GreaterEqual,
                number(NumberKind::Const(at_least.into()), "3"),
            ),
            "重症度分類が3以上",
        )
    };
    let judgement = |name: &str, label: &str, when| Judgement {
        name: name.into(),
        label: label.into(),
        cites: None,
        categories: vec![
            Category {
                name: "met".into(),
                label: "満たす".into(),
                cites: None,
                when: Some(when),
                eligible: true,
            },
            Category {
                name: "none".into(),
                label: "満たさない".into(),
                cites: None,
                when: None,
                eligible: false,
            },
        ],
        ordered: false,
        eligible_cites: None,
    };
    Program {
        format: FORMAT,
        key: "shitei-006".into(),
        edition: "2020".into(),
        valid_from: "2017-04-01".parse().unwrap(),
        valid_to: None,
        title: "試験病".into(),
        programme: Programme::Shitei,
        status: Status::Draft,
        source: "試験".into(),
        notes: vec![],
        fallback: None,
        migrations: Vec::new(),
        exceptions: Vec::new(),
        functions: Vec::new(),
        code_tables: vec![
            Arc::new(CodeTable {
                name: "finding".into(),
                label: "所見".into(),
                codes: vec![
                    code("1", "present", "あり", false),
                    code("2", "absent", "なし", false),
                    code("3", "unclear", "不明", true),
                ],
            }),
            Arc::new(CodeTable {
                name: "signs".into(),
                label: "その他の徴候".into(),
                codes: vec![
                    code("1", "rigidity", "筋強剛", false),
                    code("2", "postural", "姿勢反射障害", false),
                    code("3", "other", "その他 <&>", false),
                ],
            }),
        ],
        fields,
        sections: vec![
            section("patient", "患者", members(0, 4)),
            section("diagnosis", "診断", diagnosis),
            section("severity", "重症度", members(8, 9)),
            section("course", "経過", members(9, 10)),
            section("notes", "備考", vec![Member::Note("記入なし".into())]),
        ],
        definitions: vec![],
        judgements: vec![
            judgement("diagnosis", "診断", present(tremor)),
            judgement("severity", "重症度", stage(3)),
        ],
        checks: vec![Check {
            id: "R001".into(),
            level: Level::Warning,
            message: "生年月日が振戦の始まりより後です".into(),
            help: Some("二つの日付を確かめてください".into()),
            at: vec![FieldId(3), FieldId(5)],
            only: None,
            violated: cond(
                CondKind::CompareDates {
                    left: Moment::Field(FieldId(3)),
                    op: CompareOp::Greater,
                    right: Moment::Field(FieldId(5)),
                },
                "",
            ),
        }],
    }
}

/// Everything carried over from an edition with the same fields.
pub(crate) fn migration(program: &Program, edition: &str) -> Migration {
    let codes = |field: &Field| match field.ty {
        FieldType::Choice { table } | FieldType::Choices { table } => program
            .code_tables
            .get(usize::from(table))
            .map_or(&[][..], |table| table.codes.as_slice()),
        _ => &[],
    };
    let carried = |(id, field): (u16, &Field)| Carried {
        old: field.name.clone(),
        new: FieldId(id),
        codes: (0..)
            .zip(codes(field))
            .map(|(index, code)| MappedCode {
                old: code.value.clone(),
                new: Some(index),
            })
            .collect(),
        where_it_fits: false,
    };
    Migration {
        edition: edition.to_owned(),
        carried: (0..).zip(&program.fields).map(carried).collect(),
        dropped: Vec::new(),
        asked: Vec::new(),
    }
}
