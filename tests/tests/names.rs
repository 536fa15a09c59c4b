//! The same finding has the same name, type and code table in every form.

use kohyo_compiler::{compile, diseases};
use kohyo_engine::Program;
use kohyo_engine::program::{Field, FieldId, FieldType};
use kohyo_engine::{Read, reads_through};
use std::collections::{BTreeMap, BTreeSet};

/// Names that may differ between diseases, each with the reason.
///
/// What is listed here is read together with the number of the disease; everything else can be
/// compared over the whole register.
const DIFFERENT: [(&str, &str); 9] = [
    (
        "ticked",
        "診断のカテゴリーは疾病ごとに定められている (each notice has its own categories)",
    ),
    (
        "severity_ticked",
        "重症度の区分は疾病ごとに定められている (each notice has its own grades)",
    ),
    (
        "disease_type",
        "病型は疾病ごとに異なる (each disease has its own types)",
    ),
    (
        "gene",
        "変異を認めた遺伝子の一覧は疾病ごとに異なる (each disease has its own list of genes)",
    ),
    (
        "deficient_enzyme",
        "欠損した酵素の一覧は019の枝番ごとに異なる (each branch of 019 has its own enzymes)",
    ),
    (
        "discovery",
        "発見の契機となる検査は疾病ごとに異なる (what leads to the diagnosis differs)",
    ),
    (
        "initial_symptom",
        "初発症状の一覧は疾病ごとに異なる (each disease begins in its own ways)",
    ),
    (
        "initial_symptoms",
        "初発症状の一覧は疾病ごとに異なる (each disease begins in its own ways)",
    ),
    (
        "sex",
        "医療意見書には「性別未決定」がある (the paediatric form has a third code)",
    ),
];

/// Differential diagnoses that are asked and decide nothing, each for a reason of decision 0027.
const NO_CONDITION: [&str; 9] = [
    "shitei-019 excluded_others",
    "shitei-046 differential_excluded",
    "shitei-066 excluded_urological",
    "shitei-078 gh_confounders",
    "shitei-107 excluded_others",
    "shitei-257 excluded_cirrhosis",
    "shitei-257 excluded_fbpase",
    "shitei-257 excluded_floppy",
    "shitei-257 excluded_others",
];

/// Units that are one: the notices write blood counts either way, and a form keeps the spelling
/// of its notice.
const SAME_UNIT: [(&str, &str); 1] = [("/mm3", "/µL")];

#[test]
fn a_name_means_the_same_in_every_form() {
    let mut meanings: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (_, program) in programs() {
        for field in &program.fields {
            let own = meanings.entry(field.name.clone()).or_default();
            let keys = own.entry(meaning(&program, field)).or_default();
            keys.insert(program.key.clone());
        }
    }
    assert!(meanings.len() > 2_000, "{} names", meanings.len());
    // Two editions of one disease may differ: their migration says how.
    meanings.retain(|_, own| {
        own.len() > 1 && own.values().flatten().collect::<BTreeSet<_>>().len() > 1
    });
    let mut wrong = Vec::new();
    for (name, _) in DIFFERENT {
        if meanings.remove(name).is_none() {
            wrong.push(format!("{name}: the same everywhere; take it off the list"));
        }
    }
    for (name, own) in meanings {
        wrong.push(format!("{name}:"));
        for (meaning, keys) in own {
            let keys: Vec<_> = keys.into_iter().collect();
            wrong.push(format!("    {meaning}  <- {}", keys.join(" ")));
        }
    }
    assert!(
        wrong.is_empty(),
        "the same finding needs the same type and codes, another finding another name:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_form_shows_the_diagnosis_before_the_severity() {
    let mut turned = Vec::new();
    for (path, program) in programs() {
        let place = |name: &str| program.judgements.iter().position(|j| j.name == name);
        if let (Some(diagnosis), Some(severity)) = (place("diagnosis"), place("severity"))
            && severity < diagnosis
        {
            turned.push(path);
        }
    }
    assert!(
        turned.is_empty(),
        "`use` the module with the severity after the diagnosis: {turned:?}"
    );
}

#[test]
fn a_differential_diagnosis_is_a_condition_unless_decision_0027_says_why_not() {
    let mut unread = BTreeSet::new();
    for (_, program) in programs() {
        let categories = program.judgements.iter().flat_map(|j| &j.categories);
        let reads: BTreeSet<_> = categories
            .filter_map(|category| category.when.as_ref())
            .flat_map(|when| reads_through(&program, when))
            .collect();
        let disease = program.key.split("-b").next().unwrap_or_default();
        for (id, field) in (0..).map(FieldId).zip(&program.fields) {
            let FieldType::Choice { table } = field.ty else {
                continue;
            };
            let asks = program.code_tables[usize::from(table)].name == "exclusion";
            if asks && !reads.contains(&Read::Field(id)) {
                unread.insert(format!("{disease} {}", field.name));
            }
        }
    }
    assert!(unread.iter().eq(NO_CONDITION), "{unread:#?}");
}

fn programs() -> Vec<(String, Program)> {
    let files = tests::forms();
    diseases(&files)
        .into_iter()
        .map(|d| {
            let program = compile(&files, &d.path).program.expect("it compiles");
            (d.path, program)
        })
        .collect()
}

/// What an answer can be. Labels and points may differ: they are words of a notice, and how it
/// counts.
fn meaning(program: &Program, field: &Field) -> String {
    let codes = |table: u16| {
        let table = &program.code_tables[usize::from(table)];
        let code = |c: &kohyo_engine::program::Code| {
            let unknown = if c.unknown { " unknown" } else { "" };
            format!("{} {}{unknown}", c.value, c.name)
        };
        table.codes.iter().map(code).collect::<Vec<_>>().join(", ")
    };
    match &field.ty {
        FieldType::Choice { table } => format!("one of {}", codes(*table)),
        FieldType::Choices { table } => format!("any of {}", codes(*table)),
        FieldType::Number { unit, .. } => {
            let mut ty = field.ty.clone();
            if let FieldType::Number { unit: own, .. } = &mut ty {
                *own = unit.as_ref().map(|unit| {
                    let same = SAME_UNIT.iter().find(|(one, _)| one == unit);
                    same.map_or_else(|| unit.clone(), |(_, other)| (*other).to_owned())
                });
            }
            format!("{ty:?}")
        }
        other => format!("{other:?}"),
    }
}
