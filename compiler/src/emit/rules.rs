//! 計算と判定の規則: what checks and judgements are made of, each with its reading and pseudo-code.

use super::pseudo;
use super::sheet::{Column, Sheet, column};
use kohyo_engine::Program;
use kohyo_engine::outline;
use kohyo_engine::program::{DefinitionId, Judgement, Member, Rule};
use std::collections::BTreeSet;

/// A definition or judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRow {
    /// 基準, 値, 区分, 判定, 関数, 結果.
    pub kind: &'static str,
    /// How pseudo-code calls it.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What it says in Japanese, line by line.
    pub reading: String,
    /// The same as pseudo-code.
    pub pseudo: String,
    /// Names of the eligible categories of a judgement.
    pub eligible: Vec<String>,
    /// Unit of a value.
    pub unit: String,
    /// Whether the form shows its value.
    pub displayed: bool,
    /// The official sentence.
    pub cites: String,
}

/// The rules of a form, each after everything it reads.
pub fn rows(program: &Program) -> Vec<RuleRow> {
    let displayed = displayed(program);
    let functions = program.functions.iter().map(|function| RuleRow {
        kind: "関数",
        name: function.name.clone(),
        label: function.label.clone(),
        reading: format!(
            "Rhai で書いた関数（小数点以下{}桁に四捨五入）。引数に不明があれば結果も不明",
            function.fraction
        ),
        pseudo: function.script.trim_matches('\n').to_owned(),
        eligible: Vec::new(),
        unit: function.unit.clone().unwrap_or_default(),
        displayed: false,
        cites: function.cites.clone().unwrap_or_default(),
    });
    let definitions = program.definitions.iter().zip((0..).map(DefinitionId));
    let definitions = definitions.map(|(definition, id)| RuleRow {
        kind: match definition.rule {
            Rule::Criterion(_) => "基準",
            Rule::Number { .. } => "値",
            Rule::Grade { .. } => "区分",
        },
        name: definition.name.clone(),
        label: definition.label.clone(),
        reading: outline::rule(&definition.rule).trim_end().to_owned(),
        pseudo: pseudo::rule(program, &definition.rule),
        eligible: Vec::new(),
        unit: match &definition.rule {
            Rule::Number { unit, .. } => unit.clone().unwrap_or_default(),
            Rule::Criterion(_) | Rule::Grade { .. } => String::new(),
        },
        displayed: displayed.contains(&id),
        cites: definition.cites.clone().unwrap_or_default(),
    });
    let judgements = program.judgements.iter().map(|judgement| RuleRow {
        kind: "判定",
        name: judgement.name.clone(),
        label: judgement.label.clone(),
        reading: categories(judgement),
        pseudo: pseudo::judgement(program, judgement),
        eligible: {
            let eligible = judgement.categories.iter().filter(|it| it.eligible);
            eligible.map(|category| category.name.clone()).collect()
        },
        unit: String::new(),
        displayed: true,
        cites: judgement.cites.clone().unwrap_or_default(),
    });
    let result = RuleRow {
        kind: "結果",
        name: "RESULT".to_owned(),
        label: "判定の結果".to_owned(),
        reading: result(program),
        pseudo: pseudo::result(program),
        eligible: Vec::new(),
        unit: String::new(),
        displayed: true,
        cites: String::new(),
    };
    let rules = functions.chain(definitions).chain(judgements);
    rules.chain([result]).collect()
}

/// What the result follows from, in Japanese.
fn result(program: &Program) -> String {
    let deciding = program.judgements.iter().filter(|it| program.decides(it));
    let deciding: Vec<String> = deciding.map(|it| format!("「{}」", it.label)).collect();
    if deciding.is_empty() {
        return "診断・重症度の判定がないため、いつも判定不能（undetermined）".to_owned();
    }
    format!(
        "{}の区分から決まる。いくつかの結果があり得るときは判定不能（undetermined）",
        deciding.join("と")
    )
}

/// The rows as a table.
pub fn sheet(rows: &[RuleRow]) -> Sheet {
    const COLUMNS: &[Column] = &[
        column("種別", 8),
        column("規則ID", 28),
        column("名称", 34),
        column("内容", 60),
        column("疑似コード", 60),
        column("対象の区分", 30),
        column("単位", 10),
        column("画面に表示", 10),
        column("引用", 40),
    ];
    let cells = |row: &RuleRow| {
        vec![
            row.kind.to_owned(),
            row.name.clone(),
            row.label.clone(),
            row.reading.clone(),
            row.pseudo.clone(),
            row.eligible.join(" "),
            row.unit.clone(),
            if row.displayed { "○" } else { "" }.to_owned(),
            row.cites.clone(),
        ]
    };
    Sheet {
        name: "計算・判定の規則",
        columns: COLUMNS,
        rows: rows.iter().map(cells).collect(),
    }
}

/// The definitions whose values the form shows.
pub(super) fn displayed(program: &Program) -> BTreeSet<DefinitionId> {
    fn walk(members: &[Member], into: &mut BTreeSet<DefinitionId>) {
        for member in members {
            match member {
                Member::Display(id) => {
                    into.insert(*id);
                }
                Member::Group { members, .. } => walk(members, into),
                Member::Field(_) | Member::Note(_) => {}
            }
        }
    }
    let mut displayed = BTreeSet::new();
    for section in &program.sections {
        walk(&section.members, &mut displayed);
    }
    displayed
}

/// `Definite［対象］: 次のすべてを満たす …`, one category after the other.
fn categories(judgement: &Judgement) -> String {
    let mut lines = Vec::new();
    for category in &judgement.categories {
        let mark = if category.eligible {
            "［対象］"
        } else {
            "［対象外］"
        };
        match &category.when {
            None => lines.push(format!("{}{mark}: それ以外", category.label)),
            Some(when) => {
                let reading = outline::condition(when);
                lines.push(format!("{}{mark}: {}", category.label, reading.trim_end()));
            }
        }
    }
    lines.join("\n")
}
