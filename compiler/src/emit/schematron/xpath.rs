//! XPath 2.0 over a record, as a language of the walk (`emit/certain`).
//!
//! XPath has two truth values: a condition becomes a pair of boolean expressions ([`Truth`]). Variables
//! (`$…`) hold what is written as texts, numbers as decimals, days as `xs:date`; the empty sequence is
//! that nothing is known.

mod logic;
mod record;
mod arithmetic;
mod calendar;

pub(super) use logic::{Truth, text};

use crate::emit::certain::{End, Naming, Subject, Variable, Variables, View};
use kohyo_engine::program::Program;
use std::collections::BTreeMap;

/// What has been said in XPath about a form, and where its answers lie.
pub(super) struct XPath {
    /// The element of a field, by its position.
    paths: BTreeMap<u16, String>,
    variables: Variables,
}

impl XPath {
    pub(super) fn new(program: &Program, view: View) -> Self {
        let mut paths = BTreeMap::new();
        for section in crate::emit::wire::sections(program) {
            for placed in section.fields {
                let path = format!("f:{}/f:{}", section.section.name, placed.field.name);
                paths.insert(placed.id.0, path);
            }
        }
        Self {
            paths,
            variables: Variables::new(view),
        }
    }

    /// The variables, each declared before it is used.
    pub(super) fn declared(&self) -> &[Variable] {
        self.variables.declared()
    }

    /// Declares a variable of this name and gives its reference.
    fn declare_own(&mut self, name: &str, expression: String) -> String {
        self.variables.declare(Variable {
            name: name.to_owned(),
            expression,
            label: None,
        });
        Self::reference(name)
    }
}

impl Naming for XPath {
    const NOTHING: &'static str = "()";

    fn variables(&mut self) -> &mut Variables {
        &mut self.variables
    }

    fn name(&mut self, subject: Subject<'_>, end: End) -> String {
        let end = match end {
            End::Only => "",
            End::Low => ".low",
            End::High => ".high",
        };
        let (kind, name) = match subject {
            Subject::Shown(field) => ("shown", &field.name),
            Subject::Value(field) => ("value", &field.name),
            Subject::Number(field) => ("number", &field.name),
            Subject::Points(field) => ("points", &field.name),
            Subject::Day(field) => ("date", &field.name),
            Subject::Criterion(definition)
            | Subject::Score(definition)
            | Subject::Grade(definition) => ("rule", &definition.name),
            Subject::Judgement(judgement) => ("judgement", &judgement.name),
            Subject::Condition(number) => return format!("is{number}{end}"),
            Subject::Amount(number) => return format!("n{number}{end}"),
        };
        match self.variables.view() {
            View::Now => format!("{kind}.{name}{end}"),
            View::Completions => format!("c_{kind}.{name}{end}"),
        }
    }

    /// A `sch:let` has no place for one.
    fn label(_: Subject<'_>, _: End) -> Option<String> {
        None
    }

    fn reference(name: &str) -> String {
        format!("${name}")
    }

    fn is_reference(expression: &str) -> bool {
        let part_of_a_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        let name = expression.strip_prefix('$');
        name.is_some_and(|name| name.chars().all(part_of_a_name))
    }
}

/// Several values as one sequence.
fn sequence(items: &[String]) -> String {
    match items {
        [one] => one.clone(),
        several => format!("({})", several.join(", ")),
    }
}
