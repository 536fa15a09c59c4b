//! Demonstration users and records. Their passwords are public: never on a real installation.

use crate::access_key::AccessKey;
use crate::assess::{self, assess};
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
use kohyo_engine::program::{Application, Level};
use kohyo_engine::{Context, Date, Form, RawAnswers};
use kohyo_exchange::{Library, completed};
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

/// A record to make: the answers that decide it; the rest of the form is made up.
#[derive(Clone, Debug)]
pub struct DemoSample {
    /// Key of its form.
    pub form_key: String,
    /// Deciding answers as they are written on the wire.
    pub answers: RawAnswers,
    /// Confirmed, with an access key; or a draft, half filled.
    pub confirmed: bool,
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

/// Makes demonstration users and records. What is there stays.
///
/// # Errors
/// The installation cannot be opened or written to.
pub async fn seed_demo(
    config: &Config,
    library: &Library,
    samples: &[DemoSample],
) -> Result<Demo, DemoError> {
    let app = App::open(config, library.clone()).await?;
    let demo = seed(&app, samples).await;
    app.db.close().await;
    demo
}

async fn seed(app: &App, samples: &[DemoSample]) -> Result<Demo, DemoError> {
    let mut tx = app.db.begin().await?;
    add_people(&mut tx).await?;
    tx.commit().await?;
    let on = assess::today(app)?;
    let library = app.library();
    let mut made = Vec::new();
    for ((person, sample), number) in PATIENTS.iter().cycle().zip(samples).zip(1_u8..) {
        if let Some(form) = library.newest(&sample.form_key, on) {
            made.push(seed_record(app, &form, person, number, sample).await?);
        }
    }
    Ok(Demo {
        accounts: ACCOUNTS.to_vec(),
        records: made,
    })
}

async fn add_people(tx: &mut Tx) -> Result<(), DemoError> {
    for (id, kind, name, address, phone, number) in [
        (
            HOSPITAL,
            "hospital",
            "みなと中央病院",
            "東京都港区架空町1-2-3",
            "03-0000-0001",
            "1310000001",
        ),
        (
            "demo-hospital-2",
            "hospital",
            "青葉総合病院",
            "宮城県仙台市架空町4-5-6",
            "022-000-0002",
            "0410000002",
        ),
        (
            MUNICIPALITY,
            "municipality",
            "さくら県 難病担当",
            "",
            "",
            "",
        ),
    ] {
        accounts::add_organisation(
            tx,
            &NewOrganisation {
                id,
                kind,
                name,
                address,
                phone,
                number,
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
            // The first physician of a hospital is its 責任者.
            manager: role == Role::Physician,
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
    sample: &DemoSample,
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
        let on = assess::today(app)?;
        let raw = filling(form, sample, person, number, on);
        write_record(app, form, raw, &id, sample.confirmed.then_some(&key)).await?;
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
    raw: RawAnswers,
    id: &str,
    key: Option<&AccessKey>,
) -> Result<(), DemoError> {
    let (now, on) = (app.clock.now(), assess::today(app)?);
    let filled = assess(&app.library(), form, raw, Application::New, on);
    // Nothing with an error can be confirmed: such a record stays a draft.
    let key = key.filter(|_| filled.findings(Level::Error).is_empty());
    let raw = match key {
        Some(_) => filled.raw.clone(),
        None => half(form, &filled.raw),
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
        version: 1,
        hospital: HOSPITAL,
        form_key: &program.key,
        form_edition: &program.edition,
        application: "new",
        renewed_from: None,
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
        Some(key) => {
            let place = |column| version_place(HOSPITAL, id, column, 1);
            let record = Record {
                id: id.to_owned(),
                hospital: HOSPITAL.to_owned(),
                form_key: program.key.clone(),
                form_edition: program.edition.clone(),
                application: "new".to_owned(),
                version: 1,
                confirmed: 0,
                renewed_from: None,
                renewed_version: None,
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
        None => {
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

/// Who the patient is and the rest that a form requires, without an error; only the deciding
/// answers and the patient if no such filling was found.
fn filling(form: &Form, sample: &DemoSample, person: &Person, number: u8, on: Date) -> RawAnswers {
    let identity = [
        ("family_name", person.family),
        ("given_name", person.given),
        ("family_name_kana", person.family_kana),
        ("given_name_kana", person.given_kana),
        ("birth_date", person.born),
        ("sex", person.sex),
        ("address", "さくら県みなと市架空町7-8-9"),
        ("facility_name", "みなと中央病院"),
        ("facility_address", "東京都港区架空町1-2-3"),
        ("facility_phone", "03-0000-0001"),
        ("physician_name", "山田 太郎"),
    ];
    let mut fixed = sample.answers.clone();
    for (name, value) in identity {
        let asked = form.field_id(name).is_some();
        if asked && !(name == "birth_date" && fixed.contains_key(name)) {
            fixed.insert(name.to_owned(), vec![value.to_owned()]);
        }
    }
    for name in ["written_on", "severity_on"] {
        if form.field_id(name).is_some() {
            fixed.insert(name.to_owned(), vec![on.to_string()]);
        }
    }
    let context = Context {
        today: on,
        application: Application::New,
    };
    completed(form, &context, &fixed, u64::from(number)).unwrap_or(fixed)
}

/// A form left half filled: what stands in the first sections.
fn half(form: &Form, raw: &RawAnswers) -> RawAnswers {
    let fields = &form.program().fields;
    fields
        .iter()
        .take(fields.len() / 2)
        .filter_map(|field| Some((field.name.clone(), raw.get(&field.name)?.clone())))
        .collect()
}
