//! FHIRPath over a QuestionnaireResponse, as a language of the walk (`emit/certain`).
//!
//! A condition is one expression that is true, false or empty: FHIRPath's `and`, `or` and `not()` are
//! those of the engine, with empty as the third truth value. Variables (`%…`) hold truth values, numbers
//! and texts only, since processors disagree about what becomes of other things in them: a date is
//! its text, a choice its code.

mod logic;
mod record;
mod arithmetic;
mod calendar;

pub(super) use logic::{Truth, text, unknown_as};
pub(super) use record::quoted;

use super::names::Names;
use super::tree::Tree;
use crate::emit::certain::{End, Memory, Naming, Subject, Variable, Variables, View};
use kohyo_engine::program::Program;
use std::collections::{BTreeMap, BTreeSet};

/// What has been said in FHIRPath about a form, and where its answers lie.
pub(super) struct FhirPath {
    /// Answers of a field, by its position.
    paths: BTreeMap<u16, String>,
    variables: Variables,
    names: Names,
    memory: Memory<Truth>,
}

impl FhirPath {
    pub(super) fn new(program: &Program, tree: &Tree<'_>) -> Self {
        let paths = tree.parents().into_iter().filter_map(|(id, parents)| {
            let field = program.fields.get(usize::from(id.0))?;
            let mut path = String::from("%resource");
            for link in parents.iter().chain([&field.name]) {
                path.push_str(&format!(".item.where(linkId = {})", quoted(link)));
            }
            path.push_str(".answer");
            Some((id.0, path))
        });
        Self {
            paths: paths.collect(),
            variables: Variables::new(View::Now),
            names: Names::default(),
            memory: Memory::default(),
        }
    }

    /// The variables that these expressions need, in an order in which each stands before it is used.
    pub(super) fn needed<'e>(&self, expressions: impl Iterator<Item = &'e str>) -> Vec<&Variable> {
        let mut needed: BTreeSet<String> = expressions.flat_map(mentioned).collect();
        let mut kept = Vec::new();
        for variable in self.variables.declared().iter().rev() {
            if needed.contains(&variable.name) {
                needed.extend(mentioned(&variable.expression));
                kept.push(variable);
            }
        }
        kept.reverse();
        kept
    }

    /// Declares a variable that only FHIRPath needs, once for each key, and gives its reference.
    fn declare_own(&mut self, key: &str, expression: String, label: Option<&str>) -> String {
        let name = self.name_of(key);
        let reference = Self::reference(&name);
        self.variables.declare(Variable {
            name,
            expression,
            label: label.map(str::to_owned),
        });
        reference
    }

    /// What is said in the view of the form as it stands, because it is the same in both.
    fn in_both_views(&mut self, say: impl FnOnce(&mut Self) -> String) -> String {
        let before = self.variables.look(View::Now);
        let said = say(self);
        self.variables.look(before);
        said
    }

    fn name_of(&mut self, key: &str) -> String {
        match self.variables.view() {
            View::Now => self.names.of(key),
            View::Completions => self.names.of(&format!("completed {key}")),
        }
    }
}

impl Naming for FhirPath {
    const NOTHING: &'static str = "{}";

    fn variables(&mut self) -> &mut Variables {
        &mut self.variables
    }

    fn name(&mut self, subject: Subject<'_>, end: End) -> String {
        let key = match subject {
            Subject::Shown(field) => format!("{} shown", field.name),
            Subject::Value(field) => field.name.clone(),
            Subject::Number(field) => format!("{} number", field.name),
            Subject::Points(field) => format!("{} points", field.name),
            Subject::Day(field) => format!("{} date", field.name),
            Subject::Criterion(definition) => format!("{} holds", definition.name),
            Subject::Score(definition) => format!("{} score", definition.name),
            Subject::Grade(definition) => format!("{} possible", definition.name),
            Subject::Judgement(judgement) => format!("{} judged", judgement.name),
            Subject::Condition(number) => format!("is{number}"),
            Subject::Amount(number) => format!("n{number}"),
        };
        self.name_of(&match end {
            End::Only => key,
            End::Low => format!("{key} low"),
            End::High => format!("{key} high"),
        })
    }

    fn label(subject: Subject<'_>, end: End) -> Option<String> {
        let label = match subject {
            Subject::Shown(field) => format!("「{}」を記入する", field.label),
            Subject::Value(field) => field.label.clone(),
            Subject::Criterion(definition) | Subject::Score(definition) => definition.label.clone(),
            Subject::Grade(definition) => format!("{}（ありうる区分）", definition.label),
            Subject::Judgement(judgement) => format!("{}（ありうる区分）", judgement.label),
            Subject::Number(_)
            | Subject::Points(_)
            | Subject::Day(_)
            | Subject::Condition(_)
            | Subject::Amount(_) => return None,
        };
        Some(match end {
            End::Only => label,
            End::Low => format!("{label}（最小）"),
            End::High => format!("{label}（最大）"),
        })
    }

    fn reference(name: &str) -> String {
        format!("%{name}")
    }

    fn is_reference(expression: &str) -> bool {
        let name = expression.strip_prefix('%');
        name.is_some_and(|name| name.chars().all(|c| c.is_ascii_alphanumeric()))
    }
}

/// The variables of an expression; texts in quotes name none.
fn mentioned(expression: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut quoted = false;
    let mut escaped = false;
    let mut name: Option<String> = None;
    for c in expression.chars().chain(['\n']) {
        if let Some(so_far) = &mut name {
            if c.is_ascii_alphanumeric() {
                so_far.push(c);
                continue;
            }
            names.extend(name.take());
        }
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '\'' => quoted = !quoted,
            '%' if !quoted => name = Some(String::new()),
            _ => {}
        }
    }
    names
}
