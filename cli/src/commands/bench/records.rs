//! Records to measure on: the same on every machine.
//!
//! The generator of the exchange fills any form. For timing, its records are made into those of
//! patients with lupus, of whom most have few findings and some lack an answer or have one
//! mistyped. For the comparison of both sides, half of them are made to contradict themselves.

use super::Subject;
use super::spoil;
use crate::disk::Failure;
use kohyo_engine::program::{Application, DatePrecision, FieldId, FieldType};
use kohyo_engine::{Context, Dice, RawAnswers, judge, read};
use kohyo_exchange::generate::generate;
use kohyo_exchange::{Heading, write_record};

/// How many records are timed.
pub const TIMED: u64 = 10_000;
/// How many of them are also judged alone.
pub const JUDGED: usize = 2_000;
/// How many records with faults are compared.
pub const SPOILED: u64 = 1_500;

/// A record as a document of its own.
#[derive(Clone)]
pub struct TestRecord {
    pub xml: Vec<u8>,
    /// What it is, for a message about it.
    pub what: String,
}

/// Records as they come in: of twenty, one lacks answers and one has a mistyped value.
pub fn mixed(subject: &Subject, count: u64) -> Result<Vec<TestRecord>, Failure> {
    let record = |seed| {
        let mut raw = raw(subject, seed);
        let mut dice = Dice::new(seed);
        let what = match seed % 20 {
            7 => spoil::forget(&mut raw, &mut dice),
            14 => spoil::mistype(&mut raw, &mut dice),
            _ => "整った個票".to_owned(),
        };
        written(subject, seed, heading(subject), &raw, what)
    };
    (0..count).map(record).collect()
}

/// Plausible records and wild ones, with every kind of fault.
pub fn spoiled(subject: &Subject, count: u64) -> Result<Vec<TestRecord>, Failure> {
    let record = |seed| {
        let mut dice = Dice::new(seed);
        let mut raw = match dice.chance(50) {
            true => raw(subject, seed),
            false => wild(subject, seed),
        };
        let mut what = spoil::mistype(&mut raw, &mut dice);
        if dice.chance(50) {
            what = format!("{what}、{}", spoil::forget(&mut raw, &mut dice));
        }
        let application = if dice.chance(30) {
            Application::Renewal
        } else {
            Application::New
        };
        let heading = Heading {
            application,
            ..heading(subject)
        };
        let mut record = written(subject, seed, heading, &raw, what)?;
        if dice.chance(70) {
            spoil::structure(&mut record, &mut dice);
        }
        Ok(record)
    };
    (0..count).map(record).collect()
}

/// New applications, all written on the same day.
pub fn heading(subject: &Subject) -> Heading {
    Heading {
        application: Application::New,
        written: Some(subject.written),
    }
}

fn written(
    subject: &Subject,
    seed: u64,
    heading: Heading,
    raw: &RawAnswers,
    what: String,
) -> Result<TestRecord, Failure> {
    let mut xml = Vec::new();
    write_record(&subject.form, heading, raw, &mut xml)
        .map_err(|e| Failure::Other(format!("計測用の個票を作れません: {e}")))?;
    Ok(TestRecord {
        xml,
        what: format!("{seed} 番の{what}"),
    })
}

/// A plausible record: most patients have few findings, and what is measured fits them.
pub fn raw(subject: &Subject, seed: u64) -> RawAnswers {
    let mut patient = Patient {
        raw: generate(&subject.form, seed),
        dice: Dice::new(!seed),
    };
    patient.dates();
    patient.person();
    patient.criteria();
    patient.sledai();
    patient.treatment();
    patient.tick(subject);
    patient.raw
}

/// A record that contradicts itself: half its dates, numbers and codes are drawn anew.
fn wild(subject: &Subject, seed: u64) -> RawAnswers {
    let mut raw = generate(&subject.form, seed);
    let mut dice = Dice::new(!seed);
    let fields = &subject.form.program().fields;
    for (id, field) in (0..=u16::MAX).map(FieldId).zip(fields) {
        let Some(values) = raw.get_mut(&field.name).filter(|_| dice.chance(50)) else {
            continue;
        };
        let (year, month) = (dice.between(2015, 2027), dice.between(1, 13));
        let value = match &field.ty {
            FieldType::Choice { .. } => {
                let codes: Vec<&str> = subject.form.codes(id).iter().map(|c| &*c.value).collect();
                dice.pick(&codes).map(|code| (*code).to_owned())
            }
            FieldType::Number { min, max, .. } => dice
                .pick(&[*min, *max])
                .copied()
                .flatten()
                .map(|number| number.to_string()),
            FieldType::Date { precision } => Some(match precision {
                DatePrecision::Day => format!("{year}-{month:02}-15"),
                DatePrecision::Month => format!("{year}-{month:02}"),
                DatePrecision::Year => year.to_string(),
            }),
            FieldType::Text { .. }
            | FieldType::Kana { .. }
            | FieldType::Digits { .. }
            | FieldType::PostalCode
            | FieldType::Phone
            | FieldType::Choices { .. } => None,
        };
        if let Some(value) = value {
            *values = vec![value];
        }
    }
    raw
}

struct Patient {
    raw: RawAnswers,
    dice: Dice,
}

impl Patient {
    fn set(&mut self, name: &str, value: impl ToString) {
        self.raw.insert(name.to_owned(), vec![value.to_string()]);
    }

    fn remove(&mut self, names: &[&str]) {
        for name in names {
            self.raw.remove(*name);
        }
    }

    /// Sets あり in so many of a hundred cases, now and then 不明 or 未実施, else なし; true for あり.
    fn finding(&mut self, name: &str, percent: u64) -> bool {
        let present = self.dice.chance(percent);
        let code = match present {
            true => 1,
            false if self.dice.chance(3) => 3,
            false => 2,
        };
        self.set(name, code);
        present
    }

    fn dates(&mut self) {
        let birth = self.dice.between(1940, 2000);
        let onset = self.dice.between(birth + 10, 2025);
        let (month, day) = (self.dice.between(1, 13), self.dice.between(1, 32));
        self.set("birth_date", format!("{birth}-04-15"));
        self.set("onset", format!("{onset}-{month:02}"));
        self.set("diagnosed_on", format!("{}-03-10", onset + 1));
        self.set("severity_on", format!("2023-05-{day:02}"));
        self.set("written_on", "2023-06-01");
        self.remove(&["insurance_from"]);
    }

    fn person(&mut self) {
        self.set("care", 3);
        self.set("vent_use", 2);
        self.set("physician_kind", 1);
        self.raw
            .retain(|name, _| !name.starts_with("vent_") || name == "vent_use");
        self.remove(&["care_level", "support_level"]);
    }

    fn criteria(&mut self) {
        for name in [
            "malar_rash",
            "discoid_rash",
            "photosensitivity",
            "oral_ulcer",
            "arthritis",
        ] {
            self.finding(name, 40);
        }
        for name in [
            "pleuritis",
            "pericarditis",
            "cellular_casts",
            "hemolytic_anemia",
        ] {
            self.finding(name, 12);
        }
        for name in [
            "anti_sm",
            "anticardiolipin",
            "lupus_anticoagulant",
            "false_positive_syphilis",
        ] {
            self.finding(name, 20);
        }
        self.set("urine_protein_test", 1);
        let protein = self.dice.between(0, 200);
        self.set(
            "urine_protein",
            format!("{}.{:02}", protein / 100, protein % 100),
        );
        self.set("urine_protein_date", "2023-04-20");
        self.set("proteinuria_persistent", if protein >= 50 { 1 } else { 2 });
        self.set("blood_test", 1);
        let white = self.dice.between(2_500, 9_000);
        self.set("wbc", white);
        self.set("lymphocytes", white / 4);
        let platelets = self.dice.between(80, 350) * 1_000;
        self.set("platelets", platelets);
        self.set("blood_test_date", "2023-04-20");
        if !self.finding("anti_dsdna", 70) {
            self.remove(&["anti_dsdna_titer"]);
        }
        if !self.finding("ana", 95) {
            self.remove(&["ana_titer", "ana_pattern"]);
        }
    }

    fn sledai(&mut self) {
        for name in ["seizure", "psychosis"] {
            let ever = self.finding(name, 6);
            self.finding(&format!("sledai_{name}"), if ever { 50 } else { 0 });
        }
        for name in [
            "organic_brain",
            "visual",
            "cranial_nerve",
            "lupus_headache",
            "cva",
        ] {
            self.finding(&format!("sledai_{name}"), 3);
        }
        for name in [
            "vasculitis",
            "arthritis",
            "myositis",
            "urinary_casts",
            "rash",
            "alopecia",
        ] {
            self.finding(&format!("sledai_{name}"), 12);
        }
        for name in ["mucosal_ulcer", "pleurisy", "pericarditis"] {
            self.finding(&format!("sledai_{name}"), 12);
        }
        for name in ["low_complement", "dna_binding"] {
            self.finding(&format!("sledai_{name}"), 35);
        }
        let measured = [
            ("fever", "temperature", "38.5", "36.4"),
            ("thrombocytopenia", "platelets", "82000", "210000"),
            ("leukopenia", "wbc", "2400", "6100"),
            ("proteinuria", "urine_protein", "1.25", "0.12"),
            ("hematuria", "urine_rbc", "24", "2"),
            ("pyuria", "urine_wbc", "18", "3"),
        ];
        for (finding, item, present, absent) in measured {
            let value = if self.finding(&format!("sledai_{finding}"), 15) {
                present
            } else {
                absent
            };
            self.set(&format!("sledai_{item}"), value);
        }
    }

    fn treatment(&mut self) {
        self.set("steroid", 1);
        let (dose, more) = (self.dice.between(2, 20), self.dice.between(0, 50));
        self.set("steroid_dose", dose);
        self.set("steroid_max_dose", dose + more);
        self.set("dialysis", 2);
        self.remove(&["dialysis_start"]);
    }

    /// The physician ticks what the criteria say, and gives a day of diagnosis if the severity
    /// does; some give one anyway.
    fn tick(&mut self, subject: &Subject) {
        let (answers, _) = read(&subject.form, &self.raw);
        let context = Context {
            today: subject.written,
            application: Application::New,
        };
        let verdict = judge(&subject.form, &answers, &context);
        let [diagnosis, severity] = [0, 1].map(|judgement| {
            let category = verdict.categories.as_slice().get(judgement);
            category.copied().flatten().unwrap_or(0)
        });
        self.set("ticked", diagnosis + 1);
        if severity > 0 && self.dice.chance(85) {
            self.remove(&["diagnosed_on"]);
        }
    }
}
