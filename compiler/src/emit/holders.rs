//! Which target holds which rule of a form, so that nobody looks for a rule where it is not.
//!
//! Every target claims the checks that its language can say (`claims` in its module) and names the
//! rules that it leaves out all the same (its residue). What is claimed and not left out is held.

use super::check_spec::{self, CheckRow, Layer};
use super::sheet::{Column, Sheet, column};
use super::{Residue, Target, fhir, javascript, json_schema, rules, schematron, xsd};
use kohyo_engine::Program;
use std::collections::BTreeMap;

/// Who can look after a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// XML Schema.
    Xsd,
    /// Schematron.
    Schematron,
    /// JSON Schema.
    JsonSchema,
    /// FHIR Questionnaire.
    Fhir,
    /// JavaScript.
    JavaScript,
    /// `kohyo check-records`, and whatever else checks records with the engine.
    Records,
}

impl Holder {
    /// All of them, in the order of the pages.
    pub const ALL: [Self; 6] = [
        Self::Xsd,
        Self::Schematron,
        Self::JsonSchema,
        Self::Fhir,
        Self::JavaScript,
        Self::Records,
    ];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Xsd => "XSD",
            Self::Schematron => "Schematron",
            Self::JsonSchema => "JSON Schema",
            Self::Fhir => "FHIR",
            Self::JavaScript => "JavaScript",
            Self::Records => "kohyo check-records",
        }
    }

    /// The holder that a target makes; none if it holds no rules.
    pub fn of(target: Target) -> Option<Self> {
        match target {
            Target::Xsd => Some(Self::Xsd),
            Target::Schematron => Some(Self::Schematron),
            Target::JsonSchema => Some(Self::JsonSchema),
            Target::Fhir => Some(Self::Fhir),
            Target::JavaScript => Some(Self::JavaScript),
            Target::Documents | Target::CsvLayout | Target::Samples | Target::Program => None,
        }
    }

    fn claims(self, row: &CheckRow) -> bool {
        // What only the screen can meet is not in a record.
        row.places.tool
            && match self {
                Self::Xsd => xsd::claims(row),
                Self::Schematron => schematron::claims(row),
                Self::JsonSchema => json_schema::claims(row),
                Self::Fhir => fhir::claims(row),
                Self::JavaScript => javascript::claims(row),
                Self::Records => true,
            }
    }

    /// What it leaves out of what it claims, with the reason.
    fn left_out(self, program: &Program) -> Vec<Residue> {
        match self {
            Self::Xsd => xsd::residue(program),
            Self::Schematron => schematron::schematron(program).residue,
            Self::JsonSchema => json_schema::json_schema(program).residue,
            Self::Fhir => fhir::questionnaire(program).residue,
            Self::JavaScript => javascript::residue(program),
            Self::Records => Vec::new(),
        }
    }
}

/// What a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A check of this layer.
    Check(Layer),
    /// A calculated value that the form shows.
    Value,
    /// A judgement.
    Judgement,
}

impl Kind {
    /// `R 必須・記入条件`, `計算値`, `判定`.
    pub fn label(self) -> String {
        match self {
            Self::Check(layer) => format!("{} {}", layer.letter(), layer.label()),
            Self::Value => "計算値".to_owned(),
            Self::Judgement => "判定".to_owned(),
        }
    }
}

/// A rule and who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// `R012`, `required.tremor`, `value.score`, `judgement.diagnosis`.
    pub rule: String,
    /// What it is.
    pub kind: Kind,
    /// What it is called, if it is no check.
    pub label: String,
    /// Whether all forms have it.
    pub common: bool,
    /// Whether a record can fail it; only the screen meets the others.
    pub of_records: bool,
    /// Who holds it.
    pub by: Vec<Holder>,
    /// Why others do not, in their own words.
    pub reasons: Vec<(Holder, String)>,
}

/// Every rule of a form: its checks, the values it shows, its judgements.
pub fn holders(program: &Program) -> Vec<Held> {
    let left_out: Vec<(Holder, BTreeMap<String, String>)> = Holder::ALL
        .into_iter()
        .map(|holder| {
            let rest = holder.left_out(program).into_iter();
            (holder, rest.map(|rest| (rest.rule, rest.reason)).collect())
        })
        .collect();
    let held = |rule: String, kind: Kind, claimed: &dyn Fn(Holder) -> bool| {
        let mut by = Vec::new();
        let mut reasons = Vec::new();
        for (holder, rest) in &left_out {
            match rest.get(&rule) {
                Some(reason) => reasons.push((*holder, reason.clone())),
                None if claimed(*holder) => by.push(*holder),
                None => {}
            }
        }
        Held {
            rule,
            kind,
            label: String::new(),
            common: false,
            of_records: true,
            by,
            reasons,
        }
    };
    let mut all: Vec<Held> = check_spec::rows(program)
        .into_iter()
        .map(|row| Held {
            common: row.edition.is_empty(),
            of_records: row.places.tool,
            ..held(row.id.clone(), Kind::Check(row.layer), &|holder| {
                holder.claims(&row)
            })
        })
        .collect();
    for id in rules::displayed(program) {
        let Some(definition) = program.definitions.get(usize::from(id.0)) else {
            continue;
        };
        // The checker of records prints findings and verdicts, no values.
        let claimed = |holder| {
            matches!(
                holder,
                Holder::Schematron | Holder::Fhir | Holder::JavaScript
            )
        };
        let rule = format!("value.{}", definition.name);
        all.push(Held {
            label: definition.label.clone(),
            ..held(rule, Kind::Value, &claimed)
        });
    }
    for judgement in &program.judgements {
        let claimed = |holder| matches!(holder, Holder::JavaScript | Holder::Records);
        let rule = format!("judgement.{}", judgement.name);
        all.push(Held {
            label: judgement.label.clone(),
            ..held(rule, Kind::Judgement, &claimed)
        });
    }
    all
}

impl Held {
    /// Who holds it, for people.
    pub fn by_whom(&self) -> String {
        let names: Vec<&str> = self.by.iter().map(|holder| holder.name()).collect();
        match names.is_empty() {
            true if self.of_records => "なし".to_owned(),
            true => "入力の画面".to_owned(),
            false => names.join("、"),
        }
    }

    /// Why this one does not hold it, and who does; nothing if it does.
    pub fn missing_in(&self, holder: Holder) -> Option<Residue> {
        if self.by.contains(&holder) {
            return None;
        }
        let own = self.reasons.iter().find(|(other, _)| *other == holder);
        let reason = match own {
            Some((_, reason)) => reason.clone(),
            None => format!(
                "{}は{}に含まない",
                match self.kind {
                    Kind::Check(layer) => format!("{}のチェック", layer.label()),
                    Kind::Value => format!("計算値「{}」", self.label),
                    Kind::Judgement => format!("判定「{}」", self.label),
                },
                holder.name()
            ),
        };
        Some(Residue {
            rule: self.rule.clone(),
            reason: format!("{reason}。受け持つもの: {}", self.by_whom()),
        })
    }
}

/// What a target does not hold of a form, of whose rules these are the holders: each rule with the
/// reason and with those who hold it, then what the target said besides.
pub fn residue(all: &[Held], target: Target, said: Vec<Residue>) -> Vec<Residue> {
    let Some(holder) = Holder::of(target) else {
        return said;
    };
    let rules = all.iter().filter_map(|held| held.missing_in(holder));
    let mut residue: Vec<Residue> = rules.collect();
    let others = said
        .into_iter()
        .filter(|rest| !all.iter().any(|held| held.rule == rest.rule));
    residue.extend(others);
    residue
}

/// The table of rules and holders.
pub(super) fn sheet(all: &[Held]) -> Sheet {
    const COLUMNS: &[Column] = &[
        column("規則", 28),
        column("種別", 18),
        column("XSD", 8),
        column("Schematron", 12),
        column("JSON Schema", 12),
        column("FHIR", 8),
        column("JavaScript", 11),
        column("kohyo check-records", 20),
        column("含まない理由", 70),
    ];
    let cells = |held: &Held| {
        let mut cells = vec![held.rule.clone(), held.kind.label()];
        cells.extend(Holder::ALL.map(|holder| {
            let mark = if held.by.contains(&holder) {
                "○"
            } else {
                "−"
            };
            mark.to_owned()
        }));
        let reasons = held.reasons.iter();
        let reasons = reasons.map(|(holder, reason)| format!("{}: {reason}", holder.name()));
        cells.push(if held.of_records {
            reasons.collect::<Vec<_>>().join("\n")
        } else {
            "入力の画面だけで起こる".to_owned()
        });
        cells
    };
    Sheet {
        name: "受け持つ成果物",
        columns: COLUMNS,
        rows: all.iter().map(cells).collect(),
    }
}
