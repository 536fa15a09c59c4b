//! Whether an artefact says of records what the engine says of them.

use crate::dice::Dice;
use crate::records::{self, Pool, Sample};
use crate::{kits, programs, random, values};
use kohyo_compiler::emit::{Residue, check_spec};
use kohyo_engine::program::{Application, Member, Outcome, Rule};
use kohyo_engine::{
    Form, Known, Program, Scratch, findings_with, observe_with, read, read_lenient, written,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A form with records of it.
pub type Trial = (Arc<Form>, Vec<Sample>);

/// Random programs that are tried.
const PROGRAMS: u64 = 60;

/// How many records of each form, and of how many forms.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// The first form that is tried …
    pub first: usize,
    /// … and every so many after it; all of them with `KOHYO_AGREEMENT_ALL` set.
    pub one_form_in: usize,
    /// Its cases, at most; all of them with `KOHYO_AGREEMENT_ALL` set.
    pub cases: usize,
    /// Contradictory records.
    pub contradictory: u64,
    /// Plausible records.
    pub plausible: usize,
}

/// The forms of the library.
///
/// # Panics
/// If a form cannot be loaded.
pub fn of_forms(extent: Extent) -> Vec<Trial> {
    let Extent {
        first,
        one_form_in,
        cases,
        contradictory,
        plausible,
    } = extent;
    let all = std::env::var_os("KOHYO_AGREEMENT_ALL").is_some();
    let (first, step, cases) = if all {
        (0, 1, usize::MAX)
    } else {
        (first, one_form_in, cases)
    };
    let forms = programs::with_paths().into_iter().skip(first).step_by(step);
    forms
        .map(|(path, program)| {
            let form = Form::new(program).unwrap();
            let mut samples = records::of_cases(&form, &path);
            samples.truncate(cases);
            let pool = Pool::new(&form);
            samples.extend((0..contradictory).map(|seed| pool.contradictory(seed)));
            samples.extend((0..plausible).map(|seed| pool.plausible(seed)));
            (Arc::new(form), samples)
        })
        .collect()
}

/// The kits of these forms ([`kits::subjects`]), one legal record in so many.
///
/// # Panics
/// If a form cannot be loaded.
pub fn of_kits(usual: &str, one_record_in: usize) -> Vec<Trial> {
    let subjects = kits::subjects(usual).into_iter();
    subjects
        .map(|subject| {
            let samples = kits::legal_samples(&subject.form, &subject.kit());
            let samples = samples.into_iter().step_by(one_record_in).collect();
            (subject.form, samples)
        })
        .collect()
}

/// Every operator and every state of the answers: the rows of `docs/language/values.md`, each
/// program prepared before it is tried.
///
/// # Panics
/// If the page has not many rows.
pub fn of_the_table_of_values(prepare: fn(&mut Program)) -> Vec<Trial> {
    let mut trials = Vec::new();
    for row in values::rows() {
        let files = row.files();
        let Some(mut program) = kohyo_compiler::compile(&files, values::PATH).program else {
            continue;
        };
        prepare(&mut program);
        let form = Form::new(program).unwrap();
        let raw = row.answers.iter().cloned().collect();
        let (answers, _) = read_lenient(&form, &raw);
        let raw = written(&form, &answers);
        let mut heading = records::heading(Application::New);
        heading.written = values::TODAY.parse().ok();
        trials.push((Arc::new(form), vec![Sample { heading, raw }]));
    }
    assert!(trials.len() > 200, "only {} rows", trials.len());
    trials
}

/// Small programs with every kind of rule, which nobody would write, each prepared before it is tried.
///
/// # Panics
/// If a program is malformed.
pub fn of_random_programs(prepare: fn(&mut Program)) -> Vec<Trial> {
    let trial = |seed| {
        let mut program = random::program(seed);
        prepare(&mut program);
        let form = Form::new(program).unwrap();
        let mut dice = Dice::new(seed);
        let samples = (0..8).map(|turn| {
            let raw = random::answers(form.program(), &mut dice);
            let (answers, _) = read(&form, &raw);
            Sample {
                heading: records::heading(records::application(turn)),
                raw: written(&form, &answers),
            }
        });
        let samples = samples.collect();
        (Arc::new(form), samples)
    };
    (0..PROGRAMS).map(trial).collect()
}

/// What is said of a record, by the engine or by an artefact.
#[derive(Clone, Debug)]
pub struct Said {
    /// Ids of the checks that find something.
    pub findings: BTreeSet<String>,
    /// The values that the form shows, where they are known, by `value.NAME`.
    pub values: BTreeMap<String, String>,
}

impl Said {
    /// What the engine says, without what an artefact leaves to others; it has a word for each outcome
    /// of a grade.
    ///
    /// # Panics
    /// If the record holds illegal values.
    pub fn by_the_engine(
        form: &Form,
        sample: &Sample,
        residue: &BTreeSet<String>,
        word: fn(&Outcome) -> &str,
    ) -> Self {
        let (answers, unread) = read(form, &sample.raw);
        assert_eq!(unread, [], "records are legal");
        let context = sample.context();
        let findings = findings_with(&mut Scratch::default(), form, &answers, &context);
        let seen = observe_with(&mut Scratch::default(), form, &answers, &context);
        let displayed = displayed(form.program());
        let values = (0..).zip(&form.program().definitions).zip(seen.values);
        let values = values
            .filter(|((id, _), _)| displayed.contains(id))
            .filter_map(|((_, definition), value)| {
                let value = match (value, &definition.rule) {
                    (Known::Truth(holds), _) => holds.to_string(),
                    (Known::Number(number), _) => number.normalize().to_string(),
                    (Known::Outcome(index), Rule::Grade { outcomes, .. }) => {
                        word(&outcomes[usize::from(index)]).to_owned()
                    }
                    _ => return None,
                };
                Some((format!("value.{}", definition.name), value))
            });
        let checks = findings.into_iter().map(|finding| finding.check);
        Self {
            findings: checks.filter(|id| !residue.contains(id)).collect(),
            values: values.filter(|(id, _)| !residue.contains(id)).collect(),
        }
    }

    /// What an artefact says otherwise than the engine, one line for each; `same` compares two values.
    pub fn differences(&self, theirs: &Self, same: fn(&str, &str) -> bool) -> Vec<String> {
        let mut lines = Vec::new();
        lines.extend(difference("found", &self.findings, &theirs.findings));
        let names: BTreeSet<&String> = self.values.keys().chain(theirs.values.keys()).collect();
        for name in names {
            let (ours, theirs) = (self.values.get(name), theirs.values.get(name));
            let agree = match (ours, theirs) {
                (Some(ours), Some(theirs)) => ours == theirs || same(ours, theirs),
                (ours, theirs) => ours == theirs,
            };
            if !agree {
                lines.push(format!(
                    "{name}: the artefact {theirs:?}, the engine {ours:?}"
                ));
            }
        }
        lines
    }
}

/// What only one of the two says, if there is such a thing.
pub fn difference(
    what: &str,
    ours: &BTreeSet<String>,
    theirs: &BTreeSet<String>,
) -> Option<String> {
    let more: Vec<&String> = theirs.difference(ours).collect();
    let less: Vec<&String> = ours.difference(theirs).collect();
    let differ = !more.is_empty() || !less.is_empty();
    differ.then(|| format!("{what} only by the artefact: {more:?}, only by the engine: {less:?}"))
}

/// The definitions whose values the form shows, by their position.
pub fn displayed(program: &Program) -> BTreeSet<u16> {
    fn walk(members: &[Member], into: &mut BTreeSet<u16>) {
        for member in members {
            match member {
                Member::Display(id) => {
                    into.insert(id.0);
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

/// An artefact leaves out checks, calculated values and these others, each once.
///
/// # Panics
/// If it leaves out something else, or something twice.
pub fn check_residue(program: &Program, residue: &[Residue], others: impl Iterator<Item = String>) {
    let checks = check_spec::rows(program).into_iter().map(|row| row.id);
    let definitions = program.definitions.iter();
    let values = definitions.map(|definition| format!("value.{}", definition.name));
    let ids: BTreeSet<String> = checks.chain(values).chain(others).collect();
    let left_out: BTreeSet<&String> = residue.iter().map(|rest| &rest.rule).collect();
    assert_eq!(left_out.len(), residue.len(), "{}", program.key);
    for id in left_out {
        assert!(ids.contains(id), "{}: {id}", program.key);
    }
}

/// There are no disagreements.
///
/// # Panics
/// With the first of them, if there are.
pub fn refuse(disagreements: &[String]) {
    assert!(
        disagreements.is_empty(),
        "{} disagreements, the first:\n{}",
        disagreements.len(),
        disagreements[..disagreements.len().min(3)].join("\n")
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(findings: &[&str], values: &[(&str, &str)]) -> Said {
        let pairs = values.iter();
        Said {
            findings: findings.iter().map(|id| (*id).to_owned()).collect(),
            values: pairs
                .map(|(id, value)| ((*id).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    #[test]
    fn whatever_only_one_of_the_two_says_is_a_difference() {
        let ours = said(&["R001"], &[("value.age", "5"), ("value.stage", "mild")]);
        let same_length = |one: &str, other: &str| one.len() == other.len();
        assert_eq!(ours.differences(&ours, |_, _| false), [] as [&str; 0]);
        let theirs = said(&["R001"], &[("value.age", "6"), ("value.stage", "mild")]);
        assert_eq!(ours.differences(&theirs, same_length), [] as [&str; 0]);
        let theirs = said(&["R002"], &[("value.age", "6"), ("value.score", "1")]);
        assert_eq!(ours.differences(&theirs, |_, _| false).len(), 4);
    }
}
