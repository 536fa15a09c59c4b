//! A small form by hand, so that pages and server are tested without a compiler.

use kohyo_engine::program::*;
use kohyo_engine::{Decimal, Form, Program};
use std::sync::Arc;

/// The form, ready for use.
pub fn form() -> Arc<Form> {
    Arc::new(Form::new(program()).expect("the sample is sound"))
}

/// A shortened パーキンソン病: every type of question, a hidden group, a calculated value, two
/// judgements, checks of both levels.
pub fn program() -> Program {
    let mut build = Build::default();
    let finding = build.table(
        "finding",
        "所見",
        &[
            ("1", "present", "あり"),
            ("2", "absent", "なし"),
            ("3", "unknown", "不明"),
        ],
    );
    let yes_no = build.table(
        "yes_no",
        "有無",
        &[("1", "yes", "あり"), ("2", "no", "なし")],
    );
    let sex = build.table("sex", "性別", &[("1", "male", "男"), ("2", "female", "女")]);
    let relative = build.table(
        "relative",
        "続柄",
        &[
            ("1", "father", "父"),
            ("2", "mother", "母"),
            ("3", "child", "子"),
            ("4", "other", "その他"),
        ],
    );
    let stage = build.table(
        "stage",
        "Hoehn-Yahr重症度分類",
        &[
            ("0", "s0", "0度"),
            ("1", "s1", "1度"),
            ("2", "s2", "2度"),
            ("3", "s3", "3度"),
            ("4", "s4", "4度"),
            ("5", "s5", "5度"),
            ("9", "unknown", "評価不能"),
        ],
    );

    let text = |chars| FieldType::Text { chars, lines: 1 };
    let name = |field: Field| Field {
        privacy: Some(Privacy::Identifying),
        ..field
    };
    let required = |field: Field| Field {
        required: true,
        ..field
    };

    let family_kana = build.field(name(required(field(
        "family_name_kana",
        "姓（かな）",
        FieldType::Kana { chars: 40 },
    ))));
    let given_kana = build.field(name(required(field(
        "given_name_kana",
        "名（かな）",
        FieldType::Kana { chars: 40 },
    ))));
    let family = build.field(name(required(field("family_name", "姓（漢字）", text(40)))));
    let given = build.field(name(required(field("given_name", "名（漢字）", text(40)))));
    let day = FieldType::Date {
        precision: DatePrecision::Day,
    };
    let month = FieldType::Date {
        precision: DatePrecision::Month,
    };
    let birth = build.field(Field {
        privacy: Some(Privacy::Quasi),
        help: Some("西暦で記入する。".into()),
        ..required(field("birth_date", "生年月日", day.clone()))
    });
    let sex = build.field(required(field(
        "sex",
        "性別",
        FieldType::Choice { table: sex },
    )));
    let onset = build.field(field("onset", "発症年月", month));
    let history = build.field(field(
        "family_history",
        "家族歴",
        FieldType::Choice { table: yes_no },
    ));
    let relatives = build.field(Field {
        shown_when: Some(Box::new(is(history, "家族歴", &[0], "あり"))),
        required: true,
        ..field(
            "relatives",
            "発症者続柄",
            FieldType::Choices { table: relative },
        )
    });
    let tremor = build.field(required(field(
        "tremor",
        "左右差のある安静時振戦",
        FieldType::Choice { table: finding },
    )));
    let rigidity = build.field(required(field(
        "rigidity",
        "歯車様強剛",
        FieldType::Choice { table: finding },
    )));
    let slow = build.field(required(field(
        "bradykinesia",
        "動作緩慢",
        FieldType::Choice { table: finding },
    )));
    let course = build.field(field(
        "course",
        "症状の概要、経過、特記すべき事項など",
        FieldType::Text {
            chars: 250,
            lines: 7,
        },
    ));
    let stage = build.field(required(field(
        "stage",
        "Hoehn-Yahr重症度分類",
        FieldType::Choice { table: stage },
    )));
    let number = |digits, fraction, unit: &str, max: i64| FieldType::Number {
        digits,
        fraction,
        unit: Some(unit.into()),
        min: Some(Decimal::ZERO),
        max: Some(Decimal::from(max)),
    };
    let height = build.field(field("height", "身長", number(4, 1, "cm", 250)));
    let weight = build.field(field("weight", "体重", number(4, 1, "kg", 300)));
    let facility = build.field(Field {
        privacy: Some(Privacy::Quasi),
        ..required(field("facility_name", "医療機関名", text(60)))
    });
    let doctor = build.field(name(required(field(
        "physician_name",
        "医師の氏名",
        text(40),
    ))));
    let written = build.field(required(field("written_on", "記載年月日", day)));

    let two_of = cond(
        "次のうち２項目以上を満たす",
        CondKind::Count {
            of: vec![
                is(tremor, "安静時振戦", &[0], "あり"),
                is(rigidity, "歯車様強剛", &[0], "あり"),
                is(slow, "動作緩慢", &[0], "あり"),
            ],
            op: CountOp::AtLeast,
            n: 2,
        },
    );
    let parkinsonism = build.define(
        "parkinsonism",
        "パーキンソニズムがある",
        Some("※１"),
        Rule::Criterion(two_of),
    );
    let centimetres = num("身長", NumberKind::Field(height));
    let metres = arithmetic(centimetres, ArithmeticOp::Divide, constant(100));
    let bmi = build.define(
        "bmi",
        "BMI",
        None,
        Rule::Number {
            number: arithmetic(
                arithmetic(
                    num("体重", NumberKind::Field(weight)),
                    ArithmeticOp::Divide,
                    metres.clone(),
                ),
                ArithmeticOp::Divide,
                metres,
            ),
            unit: Some("kg/m2".into()),
            fraction: Some(1),
            covered: false,
        },
    );

    let members = |fields: &[FieldId]| {
        fields
            .iter()
            .map(|id| Member::Field(*id))
            .collect::<Vec<_>>()
    };
    for field in &mut build.fields {
        field.carry = match field.name.as_str() {
            "tremor" | "rigidity" => Carry::Confirm,
            "weight" | "stage" => Carry::Never,
            _ => Carry::Copy,
        };
    }
    Program {
        format: FORMAT,
        key: "shitei-006".into(),
        edition: "2020".into(),
        valid_from: "2017-04-01".parse().expect("a date"),
        valid_to: None,
        title: "パーキンソン病".into(),
        programme: Programme::Shitei,
        status: Status::Draft,
        source: "健発1112第1号 別紙 006".into(),
        notes: Vec::new(),
        fallback: None,
        migrations: Vec::new(),
        exceptions: Vec::new(),
        functions: Vec::new(),
        code_tables: build.tables.into_iter().map(Into::into).collect(),
        fields: build.fields,
        sections: vec![
            section("patient", "患者情報", {
                let mut all = vec![Member::Group {
                    label: "氏名".into(),
                    help: None,
                    layout: Layout::Plain,
                    members: members(&[family_kana, given_kana, family, given]),
                }];
                all.extend(members(&[birth, sex]));
                all
            }),
            section("basics", "基本情報", members(&[onset, history, relatives])),
            section("findings", "診断基準に関する事項", {
                let mut all = vec![Member::Group {
                    label: "A 主要所見".into(),
                    help: Some("診察時の所見を記入する。".into()),
                    layout: Layout::Plain,
                    members: members(&[tremor, rigidity, slow]),
                }];
                all.extend(members(&[course]));
                all
            }),
            section("grade", "重症度分類に関する事項", {
                let mut all = vec![Member::Note("直近6か月間で最も悪い状態を記入する。".into())];
                all.extend(members(&[stage, height, weight]));
                all.push(Member::Display(bmi));
                all
            }),
            section(
                "physician",
                "医療機関情報",
                members(&[facility, doctor, written]),
            ),
        ],
        definitions: build.definitions,
        judgements: vec![
            judgement(
                "diagnosis",
                "診断のカテゴリー",
                cond("パーキンソニズムがある", CondKind::Criterion(parkinsonism)),
                "Definite",
                "いずれにも該当しない",
            ),
            judgement(
                "severity",
                "重症度",
                is(stage, "Hoehn-Yahr重症度分類", &[3, 4, 5], "3度、4度、5度"),
                "対象",
                "対象外",
            ),
        ],
        checks: vec![
            Check {
                id: "R012".into(),
                level: Level::Error,
                message: "発症年月が生年月日より前です".into(),
                help: Some("年を確かめてください。".into()),
                at: vec![onset, birth],
                only: None,
                violated: cond(
                    "",
                    CondKind::CompareDates {
                        left: Moment::Field(onset),
                        op: CompareOp::Less,
                        right: Moment::Field(birth),
                    },
                ),
            },
            Check {
                id: "R020".into(),
                level: Level::Warning,
                message: "体重が300gから150kgの範囲を外れています".into(),
                help: Some("値を確かめてください。".into()),
                at: vec![weight],
                only: None,
                violated: cond(
                    "",
                    CondKind::compare(
                        num("体重", NumberKind::Field(weight)),
                        CompareOp::Greater,
                        constant(150),
                    ),
                ),
            },
        ],
    }
}

#[derive(Default)]
struct Build {
    tables: Vec<CodeTable>,
    fields: Vec<Field>,
    definitions: Vec<Definition>,
}

impl Build {
    fn table(&mut self, name: &str, label: &str, codes: &[(&str, &str, &str)]) -> u16 {
        self.tables.push(CodeTable {
            name: name.into(),
            label: label.into(),
            codes: codes
                .iter()
                .map(|(value, name, label)| Code {
                    value: (*value).into(),
                    name: (*name).into(),
                    label: (*label).into(),
                    points: None,
                    unknown: *name == "unknown",
                })
                .collect(),
        });
        u16::try_from(self.tables.len() - 1).expect("few tables")
    }

    fn field(&mut self, field: Field) -> FieldId {
        self.fields.push(field);
        FieldId(u16::try_from(self.fields.len() - 1).expect("few fields"))
    }

    fn define(&mut self, name: &str, label: &str, cites: Option<&str>, rule: Rule) -> DefinitionId {
        self.definitions.push(Definition {
            name: name.into(),
            label: label.into(),
            cites: cites.map(Into::into),
            rule,
        });
        DefinitionId(u16::try_from(self.definitions.len() - 1).expect("few definitions"))
    }
}

fn field(name: &str, label: &str, ty: FieldType) -> Field {
    Field {
        name: name.into(),
        label: label.into(),
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

fn section(name: &str, label: &str, members: Vec<Member>) -> Section {
    Section {
        name: name.into(),
        label: label.into(),
        members,
    }
}

fn cond(text: &str, kind: CondKind) -> Cond {
    Cond {
        kind,
        text: text.into(),
    }
}

fn is(field: FieldId, label: &str, codes: &[Index], words: &str) -> Cond {
    cond(
        &format!("{label}が「{words}」"),
        CondKind::Code {
            field,
            codes: codes.to_vec(),
        },
    )
}

fn num(text: &str, kind: NumberKind) -> Number {
    Number {
        kind,
        text: text.into(),
    }
}

fn constant(value: i64) -> Number {
    num(&value.to_string(), NumberKind::Const(Decimal::from(value)))
}

fn arithmetic(left: Number, op: ArithmeticOp, right: Number) -> Number {
    num(
        "計算",
        NumberKind::Arithmetic {
            left: Box::new(left),
            op,
            right: Box::new(right),
        },
    )
}

fn judgement(name: &str, label: &str, when: Cond, yes: &str, no: &str) -> Judgement {
    Judgement {
        name: name.into(),
        label: label.into(),
        cites: None,
        categories: vec![
            Category {
                name: "yes".into(),
                label: yes.into(),
                cites: Some("公式の文".into()),
                when: Some(when),
                eligible: true,
            },
            Category {
                name: "no".into(),
                label: no.into(),
                cites: None,
                when: None,
                eligible: false,
            },
        ],
        ordered: false,
        eligible_cites: None,
    }
}
