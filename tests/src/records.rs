//! Records to put to engines that must agree: cases, plausible ones, contradictory ones, broken ones.

use crate::dice::Dice;
use kohyo_compiler::cases;
use kohyo_engine::program::{Application, FieldId, FieldType};
use kohyo_engine::{Answer, Context, Date, Form, RawAnswers, read, read_lenient, written};
use kohyo_exchange::Heading;
use kohyo_exchange::generate::generate_for;
use std::path::{Path, PathBuf};

/// A record before it is written.
#[derive(Clone, Debug)]
pub struct Sample {
    /// New application or renewal, and the day.
    pub heading: Heading,
    /// Values as written.
    pub raw: RawAnswers,
}

impl Sample {
    /// What it is judged by.
    ///
    /// # Panics
    /// If it has no day.
    pub fn context(&self) -> Context {
        Context {
            today: self.heading.written.unwrap(),
            application: self.heading.application,
        }
    }
}

/// The heading of made records.
pub fn heading(application: Application) -> Heading {
    Heading {
        application,
        written: Date::day(2026, 6, 1),
    }
}

/// New applications and renewals in turn.
pub fn application(seed: u64) -> Application {
    if seed.is_multiple_of(2) {
        Application::New
    } else {
        Application::Renewal
    }
}

/// The patients of the cases beside a definition, as they are written on the wire; none if no case
/// file lies there.
///
/// # Panics
/// If the file is no case file, or a case has no day.
pub fn of_cases(form: &Form, path: &str) -> Vec<Sample> {
    of_file(form, &crate::root().join("forms").join(cases::beside(path)))
}

/// The patients that second readers wrote or drew for a disease (`tests/patients/KEY.yaml`,
/// `KEY.….yaml`), as they are written on the wire.
///
/// # Panics
/// If a file is no case file, or a case has no day.
pub fn of_patients(form: &Form) -> Vec<Sample> {
    let own = format!("{}.", form.program().key);
    let folder = std::fs::read_dir(crate::root().join("tests/patients")).unwrap();
    let files = folder.map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files
        .filter(|file| {
            file.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with(&own)
        })
        .collect();
    files.sort();
    files.iter().flat_map(|file| of_file(form, file)).collect()
}

fn of_file(form: &Form, path: &Path) -> Vec<Sample> {
    let Ok(yaml) = std::fs::read_to_string(path) else {
        return Vec::new();
    };
    let file = cases::parse(&yaml).unwrap();
    let sample = |case| {
        let context = cases::context(case).unwrap();
        let (answers, _) = read_lenient(form, &cases::answers(form, &file, case));
        Sample {
            heading: Heading {
                application: context.application,
                written: Some(context.today),
            },
            raw: written(form, &answers),
        }
    };
    file.cases.iter().map(sample).collect()
}

/// Plausible records of a form, and contradictory ones made of them.
pub struct Pool<'f> {
    form: &'f Form,
    plausible: Vec<(Application, RawAnswers)>,
}

impl<'f> Pool<'f> {
    /// A few plausible records, which are costly to make.
    pub fn new(form: &'f Form) -> Self {
        let plausible = (0..6).map(|seed| {
            let application = application(seed);
            let heading = heading(application);
            let context = Context {
                today: heading.written.unwrap(),
                application,
            };
            (application, generate_for(form, &context, seed))
        });
        Self {
            form,
            plausible: plausible.collect(),
        }
    }

    /// A plausible record as it is.
    pub fn plausible(&self, seed: usize) -> Sample {
        let (application, raw) = &self.plausible[seed % self.plausible.len()];
        Sample {
            heading: heading(*application),
            raw: raw.clone(),
        }
    }

    /// A plausible record in which some answers have been taken away, put where none belongs, or
    /// exchanged for others, so that checks have something to find. Every value by itself is legal.
    pub fn contradictory(&self, seed: u64) -> Sample {
        let mut dice = Dice::new(seed);
        let mut sample = self.plausible(dice.below(usize::MAX));
        let fields = &self.form.program().fields;
        let changes = match dice.below(3) {
            0 => 1,
            1 => 4,
            _ => fields.len() / 2,
        };
        for _ in 0..changes {
            self.change(&mut sample.raw, &dice.pick(fields).name, &mut dice);
        }
        let (_, findings) = read(self.form, &sample.raw);
        assert_eq!(findings, [], "legal values");
        sample
    }

    /// Takes an answer away, or gives another legal one.
    fn change(&self, raw: &mut RawAnswers, field: &str, dice: &mut Dice) {
        let (_, donor) = dice.pick(&self.plausible);
        match donor.get(field) {
            Some(values) if dice.chance(40) => {
                raw.insert(field.to_owned(), values.clone());
            }
            _ if dice.chance(25) => {
                raw.remove(field);
            }
            _ => {
                if let Some(values) = legal(self.form, field, dice) {
                    raw.insert(field.to_owned(), values);
                }
            }
        }
    }
}

/// Some legal values of a field.
fn legal(form: &Form, name: &str, dice: &mut Dice) -> Option<Vec<String>> {
    let id = form.field_id(name)?;
    let codes = form.codes(id);
    let candidates: Vec<String> = match form.field(id)?.ty {
        FieldType::Choice { .. } | FieldType::Choices { .. } => {
            codes.iter().map(|code| code.value.clone()).collect()
        }
        _ => VALUES.iter().map(|value| (*value).to_owned()).collect(),
    };
    let start = dice.below(candidates.len());
    let mut turned = candidates.iter().cycle().skip(start).take(candidates.len());
    turned
        .find(|value| is_legal(form, id, value))
        .map(|value| vec![value.clone()])
}

fn is_legal(form: &Form, id: FieldId, value: &str) -> bool {
    matches!(kohyo_engine::read_one(form, id, &[value]), Ok(answer) if answer != Answer::Missing)
}

/// Values that many fields refuse.
pub const VALUES: [&str; 60] = [
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "9",
    "10",
    "11",
    "99",
    "123",
    "1234",
    "99999",
    "-1",
    "-0",
    "007",
    "1.",
    ".5",
    "+1",
    "1e3",
    "1.0",
    "1.5",
    "12.34",
    "1.000",
    "1,000",
    "１",
    "0.01",
    "NaN",
    "2024",
    "2024-02",
    "2024-02-29",
    "1850",
    "1899-12-31",
    "1990-05-20",
    "2019-12-01",
    "2025-01",
    "2025-12-31",
    "2026-06-02",
    "2027-01-01",
    "2023-02-29",
    "2024-13",
    "0000",
    "1900-02-29",
    "2000-02-29",
    "9999-12-31",
    "24-02-29",
    "1990/5/20",
    "平成2年5月20日",
    "あ い",
    "ア",
    "abc",
    "a\nb",
    "3 mg",
    "12345678",
    "1234567",
    "03-1234-5678",
    "---",
    "a\u{85}b",
    "99999999999999999999999999999999",
    "長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章長い文章",
];
