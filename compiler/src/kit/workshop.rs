//! Where the records of a kit are made: sound records to start from, and the shelf of those that
//! are finished.

use super::expect::{Expected, expect};
use super::index::Purpose;
use super::written::{Tweak, Written, document};
use super::{Gap, Record, Side, Values};
use crate::emit::samples::day;
use crate::emit::wire;
use crate::prove::{Demand, Found, Nearest, Patient};
use kohyo_engine::program::{Application, FieldId};
use kohyo_engine::{
    Answers, Context, Form, Lineage, Program, Question, RawAnswers, Scratch, Tri, written,
};
use std::collections::{BTreeMap, HashMap};

/// What a record must show, or it is not handed out.
#[derive(Clone, Copy, Debug)]
pub(super) enum Claim<'c> {
    /// No error is found, nor anything by this check.
    Clean(&'c str),
    /// This check finds something.
    Finds(&'c str),
    /// This check finds nothing, others may.
    Silent(&'c str),
    /// The engine decides.
    Any,
}

impl Claim<'_> {
    fn holds(self, expected: &Expected) -> bool {
        match self {
            Self::Clean(check) => !expected.has_errors() && !expected.finds(check),
            Self::Finds(check) => expected.finds(check),
            Self::Silent(check) => !expected.finds(check),
            Self::Any => true,
        }
    }
}

/// Why there is no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// Proven by the solver.
    Impossible,
    /// None was found within the budget.
    NotFound,
}

pub(super) struct Workshop<'a> {
    pub(super) form: &'a Form,
    previous: Option<&'a Lineage>,
    pub(super) nearest: Nearest<'a>,
    scratch: Scratch,
    bases: [Option<Patient>; 2],
    hosts: BTreeMap<FieldId, Result<Patient, Why>>,
    records: Vec<Record>,
    by_content: HashMap<Vec<u8>, usize>,
    gaps: Vec<Gap>,
}

impl<'a> Workshop<'a> {
    pub(super) fn new(form: &'a Form, previous: Option<&'a Lineage>, budget: u64) -> Self {
        let mut nearest = Nearest::new(form, budget);
        let today = day(form.program());
        let bases = [Application::New, Application::Renewal].map(|application| {
            match nearest.base(Context { today, application }) {
                Found::Example(patient) => Some(*patient),
                Found::Nobody | Found::Unsettled => None,
            }
        });
        Self {
            form,
            previous,
            nearest,
            scratch: Scratch::default(),
            bases,
            hosts: BTreeMap::new(),
            records: Vec::new(),
            by_content: HashMap::new(),
            gaps: Vec::new(),
        }
    }

    pub(super) fn program(&self) -> &'a Program {
        self.form.program()
    }

    pub(super) fn is_spent(&self) -> bool {
        self.nearest.is_spent()
    }

    pub(super) fn finish(self) -> (Vec<Record>, Vec<Gap>) {
        (self.records, self.gaps)
    }

    // ---- where to start from

    /// The smallest sound record of this kind.
    pub(super) fn base(&self, application: Application) -> Option<&Patient> {
        let [new, renewal] = &self.bases;
        match application {
            Application::New => new.as_ref(),
            Application::Renewal => renewal.as_ref(),
        }
    }

    /// The smallest sound records, of new applications first.
    pub(super) fn bases(&self) -> Vec<Patient> {
        self.bases.iter().flatten().cloned().collect()
    }

    /// A sound record that shows this, close to the first of these that has one.
    pub(super) fn find(
        &mut self,
        near: &[Patient],
        demands: &[Demand<'_>],
        allowed: &[&str],
    ) -> Result<Patient, Why> {
        self.first(near, |nearest, near| nearest.find(near, demands, allowed))
    }

    /// A record that shows this, in which other checks find as little as possible.
    pub(super) fn find_among_others(
        &mut self,
        near: &[Patient],
        demands: &[Demand<'_>],
        allowed: &[&str],
    ) -> Result<Patient, Why> {
        self.first(near, |nearest, near| {
            nearest.find_among_others(near, demands, allowed)
        })
    }

    /// What is found close to the first of these that has something.
    fn first(
        &mut self,
        near: &[Patient],
        mut look: impl FnMut(&mut Nearest<'a>, &Patient) -> Found,
    ) -> Result<Patient, Why> {
        let mut why = Why::Impossible;
        for near in near {
            match look(&mut self.nearest, near) {
                Found::Example(patient) => return Ok(*patient),
                Found::Nobody => {}
                Found::Unsettled => why = Why::NotFound,
            }
        }
        Err(why)
    }

    /// The checks that find something about a patient.
    pub(super) fn found(&mut self, patient: &Patient) -> Vec<String> {
        let record = self.written(patient);
        let findings = self.expected(&record).findings;
        findings.into_iter().map(|finding| finding.check).collect()
    }

    /// A sound record in which the field is answered.
    pub(super) fn host(&mut self, field: FieldId) -> Result<Patient, Why> {
        if let Some(known) = self.hosts.get(&field) {
            return known.clone();
        }
        let bases = self.bases();
        let ready = bases
            .iter()
            .find(|base| !base.answers.get(field).is_missing())
            .cloned();
        let found = match ready {
            Some(base) => Ok(base),
            // Where an answer is required, a sound record holds one; the search may find its way by
            // the condition when it does not find it by the answer.
            None => match self.find(&bases, &[Demand::Answered(field, true)], &[]) {
                Err(Why::NotFound) => {
                    let required = Demand::Is(Question::Required(field), Tri::True);
                    self.find(&bases, &[required], &[])
                        .map_err(|_| Why::NotFound)
                }
                found => found,
            },
        };
        self.hosts.insert(field, found.clone());
        found
    }

    // ---- what comes out

    /// The patient's record as it is written.
    pub(super) fn written(&self, patient: &Patient) -> Written {
        Written {
            context: patient.context,
            raw: self.raw(&patient.answers),
            tweak: Tweak::None,
        }
    }

    fn raw(&self, answers: &Answers) -> RawAnswers {
        written(self.form, answers)
    }

    /// What must be said of a record.
    pub(super) fn expected(&mut self, record: &Written) -> Expected {
        expect(self.form, self.previous, &mut self.scratch, record)
    }

    /// Puts a record on the shelf if it shows what it was made for.
    pub(super) fn add(
        &mut self,
        record: &Written,
        check: &str,
        side: Side,
        purpose: impl Into<String>,
        claim: Claim<'_>,
    ) -> bool {
        let expected = self.expected(record);
        if !claim.holds(&expected) {
            return false;
        }
        let document = document(self.form, record).into_bytes();
        let made = (document, record.values());
        self.shelve(made, expected, check, side, purpose.into());
        true
    }

    /// The same for a patient.
    pub(super) fn add_patient(
        &mut self,
        patient: &Patient,
        check: &str,
        side: Side,
        purpose: impl Into<String>,
        claim: Claim<'_>,
    ) -> bool {
        let record = self.written(patient);
        self.add(&record, check, side, purpose, claim)
    }

    /// Puts a document on the shelf, with the values that are all that it says; one that lies there already gets another purpose.
    pub(super) fn shelve(
        &mut self,
        (document, values): (Vec<u8>, Option<Values>),
        expected: Expected,
        check: &str,
        side: Side,
        purpose: String,
    ) {
        let purpose = Purpose {
            check: check.to_owned(),
            side,
            purpose,
        };
        if let Some(record) = self
            .by_content
            .get(&document)
            .and_then(|index| self.records.get_mut(*index))
        {
            if !record.purposes.contains(&purpose) {
                record.purposes.push(purpose);
            }
            return;
        }
        let number = self.records.len() + 1;
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        };
        let name: String = check.chars().map(plain).take(48).collect();
        self.by_content.insert(document.clone(), self.records.len());
        self.records.push(Record {
            file: format!("{number:04}-{name}.xml"),
            document,
            values,
            purposes: vec![purpose],
            expected,
        });
    }

    /// Says that there is no record.
    pub(super) fn gap(&mut self, check: &str, reason: impl Into<String>) {
        let gap = Gap {
            check: check.to_owned(),
            reason: reason.into(),
        };
        if !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }

    /// The same with what the solver said.
    pub(super) fn gap_why(&mut self, check: &str, what: &str, why: Why) {
        let why = match why {
            Why::Impossible => "そのような記録はないことを確かめました",
            Why::NotFound => "探索の範囲では見つかりませんでした",
        };
        self.gap(check, format!("{what}: {why}"));
    }

    /// The fields that stand in the record, in its order.
    pub(super) fn fields(&self) -> Vec<FieldId> {
        wire::sections(self.program())
            .iter()
            .flat_map(|section| section.fields.iter().map(|placed| placed.id))
            .collect()
    }
}
