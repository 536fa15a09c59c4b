//! Demonstration users and records. Their passwords are public: never on a real installation.

use crate::access_key::AccessKey;
use crate::assess::{self, Assessed, assess};
use crate::config::Config;
use crate::error::Error;
use crate::handlers::records::{draft_place, json, key_mac, version_place};
use crate::keys::hex;
use crate::password;
use crate::seal::{self, Place};
use crate::start::{App, StartError};
use crate::store::Tx;
use crate::store::accounts::{self, NewAccount, NewOrganisation, Role};
use crate::store::audit::{self, Actor, Event};
use crate::store::municipal;
use crate::store::records::{self, NewRecord, NewVersion, Record, Sealed};
use crate::summary::Patient;
use kohyo_engine::program::{Application, DatePrecision, Field, FieldType, Level};
use kohyo_engine::{Date, ExplainNode, Form, RawAnswers, ResultKind, Tri};
use kohyo_exchange::Library;
use std::cmp::Reverse;
use std::sync::Arc;

const HOSPITAL: &str = "demo-hospital";
const MUNICIPALITY: &str = "demo-municipality";
const PHYSICIAN: &str = "demo-yamada";

/// What a demonstration holds.
#[derive(Clone, Debug)]
pub struct Demo {
    /// Who can sign in.
    pub accounts: Vec<DemoAccount>,
    /// Which records there are.
    pub records: Vec<DemoRecord>,
}

/// Somebody who can sign in.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// `指定医`, `医療クラーク`, `自治体担当者`.
    pub role: &'static str,
    /// Name of the person.
    pub name: &'static str,
    /// Name of the hospital or municipality.
    pub organisation: &'static str,
    /// Log-in name.
    pub login: &'static str,
    /// Password.
    pub password: &'static str,
}

/// A record of the demonstration.
#[derive(Clone, Debug)]
pub struct DemoRecord {
    /// Name of the disease.
    pub title: String,
    /// Name of the patient.
    pub patient: &'static str,
    /// Its address on the server, for the hospital.
    pub path: String,
    /// The access key, while it is in force; nothing for a draft.
    pub access_key: Option<String>,
}

/// Why a demonstration could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The installation cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A record or account could not be written.
    #[error("デモ用のデータを作れません: {0}")]
    Write(String),
}

impl From<Error> for DemoError {
    fn from(error: Error) -> Self {
        Self::Write(error.cause())
    }
}

impl From<sqlx::Error> for DemoError {
    fn from(error: sqlx::Error) -> Self {
        Self::Write(error.to_string())
    }
}

const ACCOUNTS: [DemoAccount; 4] = [
    DemoAccount {
        role: "指定医",
        name: "山田 太郎",
        organisation: "みなと中央病院",
        login: "yamada",
        password: "demo-shiteii-2026",
    },
    DemoAccount {
        role: "指定医",
        name: "鈴木 一郎",
        organisation: "青葉総合病院",
        login: "suzuki",
        password: "demo-shiteii-2026",
    },
    DemoAccount {
        role: "医療クラーク",
        name: "佐藤 花子",
        organisation: "みなと中央病院",
        login: "sato",
        password: "demo-clerk-2026",
    },
    DemoAccount {
        role: "自治体担当者",
        name: "高橋 直子",
        organisation: "さくら県 難病担当",
        login: "takahashi",
        password: "demo-jichitai-2026",
    },
];

/// A made-up patient.
struct Person {
    family: &'static str,
    given: &'static str,
    family_kana: &'static str,
    given_kana: &'static str,
    full: &'static str,
    born: &'static str,
    sex: &'static str,
}

const PATIENTS: [Person; 4] = [
    Person {
        family: "港",
        given: "一子",
        family_kana: "みなと",
        given_kana: "いちこ",
        full: "港 一子",
        born: "1958-04-12",
        sex: "2",
    },
    Person {
        family: "桜井",
        given: "次郎",
        family_kana: "さくらい",
        given_kana: "じろう",
        full: "桜井 次郎",
        born: "1971-09-30",
        sex: "1",
    },
    Person {
        family: "青木",
        given: "三恵",
        family_kana: "あおき",
        given_kana: "みえ",
        full: "青木 三恵",
        born: "1985-01-08",
        sex: "2",
    },
    Person {
        family: "川村",
        given: "四郎",
        family_kana: "かわむら",
        given_kana: "しろう",
        full: "川村 四郎",
        born: "1964-12-03",
        sex: "1",
    },
];

/// Makes demonstration users and, from the forms at hand, some records. What is there stays.
///
/// # Errors
/// The installation cannot be opened or written to.
pub async fn seed_demo(config: &Config, library: &Library) -> Result<Demo, DemoError> {
    let app = App::open(config, library.clone()).await?;
    let demo = seed(&app).await;
    app.db.close().await;
    demo
}

async fn seed(app: &App) -> Result<Demo, DemoError> {
    let mut tx = app.db.begin().await?;
    add_people(&mut tx).await?;
    tx.commit().await?;
    let on = assess::today(app)?;
    let mut keys: Vec<&str> = app
        .library
        .iter()
        .map(|form| form.program().key.as_str())
        .collect();
    keys.dedup();
    let forms: Vec<&Arc<Form>> = keys
        .iter()
        .filter_map(|key| app.library.newest(key, on))
        .collect();
    let mut made = Vec::new();
    let wishes = [
        (0, true, ResultKind::Eligible),
        (1, true, ResultKind::NotMet),
        (2, false, ResultKind::Eligible),
        (0, false, ResultKind::Eligible),
    ];
    for ((person, (place, confirmed, wish)), number) in PATIENTS.iter().zip(wishes).zip(1_u8..) {
        let Some(form) = forms.get(place).or_else(|| forms.first()) else {
            continue;
        };
        made.push(seed_record(app, form, person, number, confirmed, wish).await?);
    }
    Ok(Demo {
        accounts: ACCOUNTS.to_vec(),
        records: made,
    })
}

async fn add_people(tx: &mut Tx) -> Result<(), DemoError> {
    for (id, kind, name, address, phone) in [
        (
            HOSPITAL,
            "hospital",
            "みなと中央病院",
            "東京都港区架空町1-2-3",
            "03-0000-0001",
        ),
        (
            "demo-hospital-2",
            "hospital",
            "青葉総合病院",
            "宮城県仙台市架空町4-5-6",
            "022-000-0002",
        ),
        (MUNICIPALITY, "municipality", "さくら県 難病担当", "", ""),
    ] {
        accounts::add_organisation(
            tx,
            &NewOrganisation {
                id,
                kind,
                name,
                address,
                phone,
            },
        )
        .await?;
    }
    for account in ACCOUNTS {
        let (id, organisation, role, doctor_number, department) = match account.login {
            "yamada" => (
                PHYSICIAN,
                HOSPITAL,
                Role::Physician,
                "1300000001",
                "脳神経内科",
            ),
            "suzuki" => (
                "demo-suzuki",
                "demo-hospital-2",
                Role::Physician,
                "0400000002",
                "内科",
            ),
            "sato" => ("demo-sato", HOSPITAL, Role::Clerk, "", ""),
            _ => ("demo-takahashi", MUNICIPALITY, Role::Officer, "", ""),
        };
        let password_hash = password::hash(account.password.to_owned())
            .await
            .ok_or_else(|| DemoError::Write("password".to_owned()))?;
        let new = NewAccount {
            id,
            login: account.login,
            organisation,
            role,
            name: account.name,
            doctor_number,
            department,
            password_hash: &password_hash,
        };
        accounts::add_account(tx, &new).await?;
    }
    Ok(())
}

async fn seed_record(
    app: &App,
    form: &Arc<Form>,
    person: &Person,
    number: u8,
    confirmed: bool,
    wish: ResultKind,
) -> Result<DemoRecord, DemoError> {
    let id: String = hex(&app.keys.mac("demo/record", &[number]))
        .chars()
        .take(32)
        .collect();
    let mut bytes = [0; 24];
    for (byte, from) in bytes.iter_mut().zip(app.keys.mac("demo/key", &[number])) {
        *byte = from;
    }
    let key = AccessKey::from_bytes(bytes);
    if records::find(&app.db, &id).await?.is_none() {
        write_record(app, form, person, &id, confirmed.then_some(&key), wish).await?;
    }
    let mut tx = app.db.begin().await?;
    let in_force = municipal::key_target(&mut tx, &key_mac(app, &key))
        .await?
        .is_some();
    Ok(DemoRecord {
        title: form.program().title.clone(),
        patient: person.full,
        path: format!("/records/{id}"),
        access_key: in_force.then(|| key.grouped()),
    })
}

async fn write_record(
    app: &App,
    form: &Arc<Form>,
    person: &Person,
    id: &str,
    key: Option<&AccessKey>,
    wish: ResultKind,
) -> Result<(), DemoError> {
    let (now, on) = (app.clock.now(), assess::today(app)?);
    let filled = fill(form, person, on, wish);
    // Answers found by trial may still break a rule of the form: such a record stays a draft.
    let sound = filled.findings(Level::Error).is_empty();
    let raw = if key.is_some() {
        filled.raw.clone()
    } else {
        half(&filled)
    };
    let program = form.program();
    let actor = Actor {
        account: PHYSICIAN.to_owned(),
        role: Role::Physician.name(),
        organisation: HOSPITAL.to_owned(),
    };
    let mut tx = app.db.begin().await?;
    let new = NewRecord {
        id,
        hospital: HOSPITAL,
        form_key: &program.key,
        form_edition: &program.edition,
        application: "new",
        by: PHYSICIAN,
        at: now,
    };
    records::add(&mut tx, &new).await?;
    audit::append(&mut tx, now, &actor, Event::done("record.create", id, 1)).await?;
    let patient = Patient::of(&raw);
    let index = patient.kana_index(&app.keys, HOSPITAL);
    let sealed = |place: Place<'_>, plain: Vec<u8>| {
        seal::seal(&app.keys, place, &plain).map_err(Error::from)
    };
    match key {
        Some(key) if sound => {
            let place = |column| version_place(HOSPITAL, id, column, 1);
            let record = Record {
                id: id.to_owned(),
                hospital: HOSPITAL.to_owned(),
                form_key: program.key.clone(),
                form_edition: program.edition.clone(),
                application: "new".to_owned(),
                version: 1,
                confirmed: 0,
            };
            let version = NewVersion {
                record: &record,
                number: 1,
                draft_version: 1,
                sealed: Sealed {
                    answers: &sealed(place("sealed_answers"), json(&raw)?)?,
                    patient: &sealed(place("sealed_patient"), json(&patient)?)?,
                    kana_index: index.as_deref(),
                },
                judged_on: &on.to_string(),
                result: filled.outcome.result.name(),
                entered_by: PHYSICIAN,
                confirmed_by: PHYSICIAN,
                at: now,
            };
            records::add_version(&mut tx, &version).await?;
            audit::append(&mut tx, now, &actor, Event::done("record.confirm", id, 1)).await?;
            records::add_key(&mut tx, &key_mac(app, key), id, 1, PHYSICIAN, now).await?;
            audit::append(&mut tx, now, &actor, Event::done("access_key.issue", id, 1)).await?;
        }
        _ => {
            let place = |column| draft_place(HOSPITAL, id, column, 1);
            let draft = Sealed {
                answers: &sealed(place("sealed_answers"), json(&raw)?)?,
                patient: &sealed(place("sealed_patient"), json(&patient)?)?,
                kana_index: index.as_deref(),
            };
            records::put_draft(&mut tx, id, 1, &draft, PHYSICIAN, now).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

// Answers by trial: the server knows no disease, only what a form accepts.

/// How many changes are tried until a filling has no error and the result wished for.
const STEPS: u32 = 600;

fn fill(form: &Arc<Form>, person: &Person, on: Date, wish: ResultKind) -> Assessed {
    let mut dice = Dice(1);
    let mut best = attempt(form, person, on, &mut dice);
    for _ in 0..STEPS {
        let at = improvable(&best, wish);
        if at.is_empty() {
            break;
        }
        let next = change(&best, &at, person, on, &mut dice);
        if rank(&next, wish) >= rank(&best, wish) {
            best = next;
        }
    }
    best
}

/// Fewer errors first, then nearer to the result wished for, then fewer warnings.
fn rank(assessed: &Assessed, wish: ResultKind) -> (Reverse<usize>, usize, Reverse<usize>) {
    let eligible = wish == ResultKind::Eligible;
    let near = assessed.outcome.judgements.iter().map(|judgement| {
        let settled = judgement
            .category
            .as_ref()
            .map(|category| category.eligible);
        if settled == Some(eligible) {
            return 1_000;
        }
        // The first category is the strictest: each of its conditions that holds is a step.
        let first = judgement
            .explanation
            .first()
            .and_then(|node| node.children.first());
        let steps = first.map_or(0, |node| {
            node.children
                .iter()
                .filter(|child| child.holds == Tri::True)
                .count()
        });
        if eligible { steps } else { 0 }
    });
    let found = |level| Reverse(assessed.findings(level).len());
    (found(Level::Error), near.sum(), found(Level::Warning))
}

/// The questions to try next: where errors are, else what the verdict hangs on, else where
/// warnings are. None if nothing is left to wish for.
fn improvable(assessed: &Assessed, wish: ResultKind) -> Vec<String> {
    let names = |level| -> Vec<String> {
        let lines = assessed.findings(level);
        lines.into_iter().map(|line| line.field).collect()
    };
    let errors = names(Level::Error);
    if !errors.is_empty() {
        return errors;
    }
    if assessed.outcome.result == wish {
        return names(Level::Warning);
    }
    let mut read = Vec::new();
    for judgement in &assessed.outcome.judgements {
        judgement
            .explanation
            .iter()
            .for_each(|node| leaves(node, &mut read));
    }
    read
}

fn leaves(node: &ExplainNode, found: &mut Vec<String>) {
    found.extend(node.field.clone());
    for child in &node.children {
        leaves(child, found);
    }
}

/// Another answer to one question: mostly one of these, now and then any.
fn change(from: &Assessed, at: &[String], person: &Person, on: Date, dice: &mut Dice) -> Assessed {
    let form = &from.form;
    let fields = &form.program().fields;
    let name = (dice.below(4) > 0).then(|| dice.pick(at)).flatten();
    let field = name
        .and_then(|name| form.field_id(name))
        .and_then(|id| form.field(id));
    let field = field.or_else(|| dice.pick(fields));
    let mut raw = from.raw.clone();
    if let Some(field) = field {
        if !field.required && dice.below(3) == 0 {
            raw.remove(&field.name);
        } else if field.only != Some(Application::Renewal) {
            raw.insert(
                field.name.clone(),
                vec![answer(form, field, person, on, dice)],
            );
        }
    }
    let next = assess::without_hidden(
        assess(form, raw, Application::New, on),
        Application::New,
        on,
    );
    let mut raw = next.raw.clone();
    for open in next
        .findings(Level::Error)
        .iter()
        .filter(|error| error.check.starts_with("required."))
    {
        if let Some(field) = form.field_id(&open.field).and_then(|id| form.field(id)) {
            raw.insert(
                field.name.clone(),
                vec![answer(form, field, person, on, dice)],
            );
        }
    }
    if raw.len() == next.raw.len() {
        return next;
    }
    assess::without_hidden(
        assess(form, raw, Application::New, on),
        Application::New,
        on,
    )
}

/// Answers everything that can be required, then forgets what turns out to be hidden.
///
/// Beginning with every question answered leaves nothing unknown, and so nothing to search.
fn attempt(form: &Arc<Form>, person: &Person, on: Date, dice: &mut Dice) -> Assessed {
    let raw = form
        .program()
        .fields
        .iter()
        .filter(|field| field.only != Some(Application::Renewal))
        .filter(|field| {
            let choice = matches!(field.ty, FieldType::Choice { .. });
            choice || field.required || field.required_when.is_some()
        })
        .map(|field| {
            (
                field.name.clone(),
                vec![answer(form, field, person, on, dice)],
            )
        })
        .collect();
    let assessed = assess(form, raw, Application::New, on);
    assess::without_hidden(assessed, Application::New, on)
}

fn answer(form: &Form, field: &Field, person: &Person, on: Date, dice: &mut Dice) -> String {
    let known = match field.name.as_str() {
        "family_name" => person.family,
        "given_name" => person.given,
        "family_name_kana" => person.family_kana,
        "given_name_kana" => person.given_kana,
        "birth_date" => person.born,
        "sex" => person.sex,
        "address" => "さくら県みなと市架空町7-8-9",
        "facility_name" => "みなと中央病院",
        "facility_address" => "東京都港区架空町1-2-3",
        "facility_phone" => "03-0000-0001",
        "physician_name" => "山田 太郎",
        "physician_number" => "1300000001",
        "written_on" => return on.to_string(),
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    match &field.ty {
        FieldType::Text { .. } => "記載例".to_owned(),
        FieldType::Kana { .. } => "きさいれい".to_owned(),
        FieldType::Digits { count } => (1..=*count).map(|digit| (digit % 10).to_string()).collect(),
        FieldType::PostalCode => "1000001".to_owned(),
        FieldType::Phone => "03-0000-0000".to_owned(),
        FieldType::Number {
            fraction, min, max, ..
        } => {
            let low = min.unwrap_or_default();
            let high = max.unwrap_or_else(|| low + kohyo_engine::Decimal::from(100));
            let part =
                kohyo_engine::Decimal::from(dice.below(101)) / kohyo_engine::Decimal::from(100);
            let number = low + (high - low) * part;
            number
                .round_dp(u32::from(*fraction))
                .normalize()
                .to_string()
        }
        FieldType::Date { precision } => {
            let month = dice.below(12) + 1;
            match precision {
                DatePrecision::Year => "2023".to_owned(),
                DatePrecision::Month => format!("2023-{month:02}"),
                DatePrecision::Day => format!("2023-{month:02}-15"),
            }
        }
        FieldType::Choice { .. } | FieldType::Choices { .. } => {
            let codes = form
                .field_id(&field.name)
                .map(|id| form.codes(id))
                .unwrap_or_default();
            let certain: Vec<_> = codes.iter().filter(|code| !code.unknown).collect();
            dice.pick(&certain)
                .map(|code| code.value.clone())
                .unwrap_or_default()
        }
    }
}

/// A form left half filled: what stands in the first sections.
fn half(assessed: &Assessed) -> RawAnswers {
    let fields = &assessed.form.program().fields;
    fields
        .iter()
        .take(fields.len() / 2)
        .filter_map(|field| Some((field.name.clone(), assessed.raw.get(&field.name)?.clone())))
        .collect()
}

/// The same throws for the same seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let place = self.below(from.len() as u64);
        from.get(usize::try_from(place).unwrap_or(0))
    }

    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)).checked_rem(sides).unwrap_or(0)
    }
}
