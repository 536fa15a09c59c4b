//! One import from its bytes to its receipt.
//!
//! Twice through the file: first everything is checked and nothing is written, then, knowing what
//! will become of it, every record is staged in small transactions, so that nobody has to wait
//! behind a large file. One transaction at the end makes all of it visible. The process may end
//! at any point: whoever comes next finds the import queued and goes on after what is staged.

use super::outcome::{findings_place, incoming, state_of};
use super::spool::Reading;
use super::{Mode, Progress, State};
use crate::error::Error;
use crate::handlers::records::{draft_place, json};
use crate::keys::fresh_id;
use crate::seal;
use crate::start::App;
use crate::store::audit::{self, Actor, Event};
use crate::store::hospital_keys;
use crate::store::imports::{self, Import, NewDraft, NewEntry};
use crate::summary::Patient;
use kohyo_engine::Date;
use kohyo_engine::program::{Application, Level};
use kohyo_exchange::seal::{BoxError, Certificate, Refusal, Register, SealedBox};
use kohyo_exchange::{
    Budget, Checker, Delivery, DeliveryError, DeliveryKind, RecordFinding, RecordReport, Summary,
};
use std::io::{Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Records written in one transaction.
const BATCH: usize = 50;
/// When the database or the disk fails, a run is tried again after so long, then given up.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::ZERO,
];

/// Goes on with everything that the last process left, and removes files nobody waits for.
pub(crate) async fn resume(app: &App) -> Result<(), crate::store::DatabaseError> {
    for import in app.imports.spool.list() {
        let open = imports::find(&app.db, &import)
            .await?
            .is_some_and(|import| matches!(import.state.as_str(), "receiving" | "queued"));
        if !open {
            app.imports.spool.discard(&import);
        }
    }
    for import in imports::in_state(&app.db, State::Queued.name()).await? {
        wake(app, &import);
    }
    Ok(())
}

/// Begins to run an import, unless it is running.
pub(crate) fn wake(app: &App, import: &str) {
    if !app.imports.start(import) {
        return;
    }
    let (app, import) = (app.clone(), import.to_owned());
    tokio::spawn(async move {
        let running = Running {
            app: app.clone(),
            import: import.clone(),
        };
        for pause in PAUSES {
            let Err(error) = run(&app, &import).await else {
                break;
            };
            // It stays queued; asking for its state later wakes it again.
            tracing::error!(
                import,
                cause = error.cause(),
                "import did not come to its end"
            );
            tokio::time::sleep(pause).await;
        }
        drop(running);
    });
}

/// Says that nobody runs the import any more, even if running it panics.
struct Running {
    app: App,
    import: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.app.imports.end(&self.import);
    }
}

async fn run(app: &App, id: &str) -> Result<(), Error> {
    let slot = app.imports.slots.acquire().await;
    let Some(import) = imports::find(&app.db, id).await? else {
        return Ok(());
    };
    if state_of(&import)? != State::Queued {
        return Ok(());
    }
    let Some(claim) = imports::claim(&app.db, id).await? else {
        return Ok(());
    };
    let Ok(file) = app.imports.spool.open(&app.keys, &incoming(&import)) else {
        let mut tx = app.db.begin().await?;
        imports::lost(&mut tx, id, app.clock.now()).await?;
        let event = Event::done("import.lost", id, 0);
        audit::append(&mut tx, app.clock.now(), &actor(&import), event).await?;
        tx.commit().await?;
        return Ok(());
    };
    let until = Instant::now() + Duration::from_secs(app.imports.limits.seconds);
    match deal_with(app, &import, file, until).await {
        Ok(()) => {}
        Err(Trouble::Refused(why)) => refuse(app, &import, &why, true).await?,
        Err(Trouble::Failed(error)) => return Err(error),
    }
    drop((claim, slot));
    // Refused a moment ago, it may be on its way again.
    let _pen = app.imports.take_pen(id).await;
    let now = imports::find(&app.db, id).await?;
    if now.is_none_or(|now| !matches!(now.state.as_str(), "receiving" | "queued")) {
        app.imports.spool.discard(id);
    }
    Ok(())
}

/// Why a file is not registered.
struct Why {
    check: &'static str,
    message: String,
    help: &'static str,
}

impl Why {
    fn finding(&self) -> RecordFinding {
        RecordFinding {
            check: self.check.into(),
            level: Level::Error,
            place: kohyo_exchange::Place::default(),
            item: String::new(),
            value: None,
            message: self.message.clone(),
            help: Some(self.help.to_owned()),
        }
    }
}

enum Trouble {
    /// The file is to blame.
    Refused(Why),
    /// We are.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl From<DeliveryError> for Why {
    fn from(error: DeliveryError) -> Self {
        Self {
            check: error.check(),
            message: error.to_string(),
            help: error.help(),
        }
    }
}

fn refused(error: impl Into<DeliveryError>) -> Trouble {
    match error.into() {
        // Our own disk failed, not the file.
        DeliveryError::Io(error) | DeliveryError::Sealed(BoxError::Io(error)) => {
            Trouble::Failed(Error::Internal(format!("the spool: {error}")))
        }
        error => Trouble::Refused(error.into()),
    }
}

async fn deal_with(
    app: &App,
    import: &Import,
    file: Reading,
    until: Instant,
) -> Result<(), Trouble> {
    note(app, import, "verifying", 0, 0);
    let delivery = open(app, import, file).await?;
    let sender = delivery.header().map(|header| {
        let container: String = header.container.map(|byte| format!("{byte:02x}")).concat();
        (header.kid.to_string(), container)
    });
    let (checked, delivery) = check(app, import, delivery, until).await?;
    let mode = Mode::parse(&import.mode).unwrap_or(Mode::All);
    let verdict = verdict(mode, &checked);
    let release = app.release();
    let mut tx = app.db.begin().await?;
    let sender = sender
        .as_ref()
        .map(|(kid, container)| (kid.as_str(), container.as_str()));
    let staged = imports::begin_staging(&mut tx, import, &release, sender).await?;
    let event = Event {
        version: i64::try_from(checked.summary.records).unwrap_or(i64::MAX),
        ..Event::done("import.check", &import.id, 0)
    };
    audit::append(&mut tx, app.clock.now(), &actor(import), event).await?;
    tx.commit().await?;
    let all = checked.summary.records;
    stage(app, import, delivery, verdict.is_none(), staged, all, until).await?;
    match verdict {
        Some(why) => refuse(app, import, &why, false).await?,
        None => publish(app, import).await?,
    }
    Ok(())
}

fn note(app: &App, import: &Import, phase: &'static str, records: u64, of: u64) {
    let progress = Progress { phase, records, of };
    app.imports.note(&import.id, progress);
}

/// The file as a delivery: for a container, every byte of it verified.
async fn open(app: &App, import: &Import, mut file: Reading) -> Result<Delivery<Reading>, Trouble> {
    let begun = blocking(move || {
        let mut start = [0; DeliveryKind::START];
        let mut got = 0;
        while let Some(room) = start.get_mut(got..).filter(|room| !room.is_empty()) {
            match file.read(room)? {
                0 => break,
                more => got += more,
            }
        }
        file.seek(SeekFrom::Start(0))?;
        match DeliveryKind::of(start.get(..got).unwrap_or_default())? {
            DeliveryKind::Plain => Ok::<_, DeliveryError>(Err(file)),
            DeliveryKind::Sealed => Ok(Ok(SealedBox::begin(file)?)),
        }
    })
    .await?
    .map_err(refused)?;
    let container = match begun {
        Ok(container) => container,
        Err(file) if app.private => return Ok(Delivery::plain(file)),
        Err(_) => {
            return Err(Trouble::Refused(Why {
                check: "import.not_sealed",
                message: "封緘していないファイルは、暗号化された通信（https）でだけ受け付けます"
                    .to_owned(),
                help: "点検ツールの「封緘」で封緘ファイル（.kohyo-box）にして送ってください",
            }));
        }
    };
    let kid = container.claims().kid.to_string();
    let key = hospital_keys::find(&app.db, &kid).await?;
    let platform = app.platform.keys(&app.keys).await?;
    let mut register = Register::default();
    if let Some(key) = key {
        if key.hospital != import.hospital {
            return Err(Trouble::Refused(Why {
                check: "import.other_hospital",
                message: format!("鍵{kid}は、送信した医療機関の鍵ではありません"),
                help: "自院の鍵で封緘し直してください。ほかの医療機関の封緘ファイルは、その医療機関が送ります",
            }));
        }
        let certificate = Certificate::parse(&key.certificate, platform.public())
            .map_err(|error| Error::Internal(format!("certificate {kid}: {error}")))?;
        register.set(certificate, state(&key));
    }
    let received = u64::try_from(import.received_at.unwrap_or(0)).unwrap_or(0);
    blocking(move || Delivery::sealed(container, &platform, &register, received))
        .await?
        .map_err(refused)
}

/// What has become of a key, as the rules of acceptance know it.
fn state(key: &hospital_keys::Key) -> kohyo_exchange::seal::State {
    use kohyo_exchange::seal::State::{Active, Compromised, Reissued};
    let at = u64::try_from(key.changed_at).unwrap_or(0);
    match key.state.as_str() {
        "active" => Active,
        "reissued" => Reissued(at),
        _ => Compromised(at),
    }
}

/// What was found in the first reading.
struct Checked {
    summary: Summary,
    acceptable: u64,
}

async fn check(
    app: &App,
    import: &Import,
    mut delivery: Delivery<Reading>,
    until: Instant,
) -> Result<(Checked, Delivery<Reading>), Trouble> {
    let mut checker = checker(app, import)?;
    let budget = budget(app);
    let (at, noting) = (app.clone(), import.clone());
    let known = delivery
        .header()
        .map_or(0, |header| u64::from(header.records));
    let (outcome, delivery) = blocking(move || {
        let mut acceptable = 0;
        let outcome = delivery.check(&mut checker, budget, &mut |report| {
            acceptable += u64::from(report.is_acceptable());
            note(&at, &noting, "checking", report.number, known);
            in_time(until)
        });
        let outcome = outcome.map(|summary| Checked {
            summary,
            acceptable,
        });
        (outcome, delivery)
    })
    .await?;
    Ok((outcome.map_err(|error| late(app, error))?, delivery))
}

fn in_time(until: Instant) -> ControlFlow<()> {
    if Instant::now() < until {
        ControlFlow::Continue(())
    } else {
        ControlFlow::Break(())
    }
}

fn late(app: &App, error: DeliveryError) -> Trouble {
    match error {
        DeliveryError::Stopped => Trouble::Refused(Why {
            check: "import.too_slow",
            message: format!(
                "点検と登録が{}秒で終わらなかったため、打ち切りました",
                app.imports.limits.seconds
            ),
            help: "いくつかのファイルに分けて送ってください",
        }),
        other => refused(other),
    }
}

fn checker(app: &App, import: &Import) -> Result<Checker, Error> {
    let day: Option<Date> = import.judged_on.as_deref().and_then(|day| day.parse().ok());
    let today = day.ok_or_else(|| Error::Internal("an import without a day".to_owned()))?;
    Ok(Checker::new(app.library(), today))
}

fn budget(app: &App) -> Budget {
    Budget {
        records: app.imports.limits.records,
        findings: app.imports.limits.findings,
    }
}

/// Why nothing of a file is registered; nothing if something is.
fn verdict(mode: Mode, checked: &Checked) -> Option<Why> {
    let Summary { records, .. } = checked.summary;
    if checked.acceptable == 0 {
        return Some(Why {
            check: "import.nothing",
            message: "登録できる個票が一件もありません".to_owned(),
            help: "エラーリストの内容を直し、書き出し直してから送ってください",
        });
    }
    let whole = checked.acceptable == records && checked.summary.errors == 0;
    (mode == Mode::All && !whole).then(|| Why {
        check: "import.all_or_nothing",
        message: format!(
            "エラーのある個票があるため、{records}件のどれも登録していません（「すべての個票にエラーがないときだけ登録する」が指定されています）"
        ),
        help: "エラーリストの内容を直し、書き出し直してから送ってください",
    })
}

/// Writes what came of every record after the first `staged`; records to register with their
/// answers, seen by nobody yet.
async fn stage(
    app: &App,
    import: &Import,
    mut delivery: Delivery<Reading>,
    register: bool,
    staged: i64,
    all: u64,
    until: Instant,
) -> Result<(), Trouble> {
    let (give, mut take) = mpsc::channel::<Vec<NewEntry>>(2);
    let mut checker = checker(app, import)?.keeping_records();
    let budget = budget(app);
    let (reading, of) = (app.clone(), import.clone());
    let reader = tokio::task::spawn_blocking(move || {
        let mut batch = Vec::new();
        let mut seq = 0;
        let mut failed = None;
        let outcome = delivery.check(&mut checker, budget, &mut |report| {
            seq += 1;
            if seq <= staged {
                return in_time(until);
            }
            match entry(&reading, &of, seq, &report, register) {
                Ok(entry) => batch.push(entry),
                Err(error) => {
                    failed = Some(error);
                    return ControlFlow::Break(());
                }
            }
            if batch.len() == BATCH && give.blocking_send(std::mem::take(&mut batch)).is_err() {
                return ControlFlow::Break(());
            }
            in_time(until)
        });
        match (failed, outcome) {
            (Some(error), _) => Err(Trouble::Failed(error)),
            (None, Err(error)) => Err(late(&reading, error)),
            (None, Ok(_)) => {
                // Whether anybody listens is found out below.
                let _ = give.blocking_send(batch);
                Ok(())
            }
        }
    });
    while let Some(batch) = take.recv().await {
        write(app, import, &batch).await?;
        let number = batch.last().map_or(0, |entry| entry.number);
        note(
            app,
            import,
            "registering",
            u64::try_from(number).unwrap_or(0),
            all,
        );
    }
    reader
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
}

/// What becomes of one record.
fn entry(
    app: &App,
    import: &Import,
    seq: i64,
    report: &RecordReport,
    register: bool,
) -> Result<NewEntry, Error> {
    let findings = if report.findings.is_empty() {
        None
    } else {
        let place = findings_place(&import.hospital, &import.id, seq);
        Some(seal::seal(&app.keys, place, &json(&report.findings)?)?)
    };
    let acceptable = report.is_acceptable();
    let form = report.of.as_ref();
    Ok(NewEntry {
        seq,
        number: i64::try_from(report.number).unwrap_or(i64::MAX),
        outcome: match (report.number, acceptable, register) {
            (0, _, _) => "file",
            (_, false, _) => "refused",
            (_, true, false) => "held",
            (_, true, true) => "staged",
        },
        form_key: form.map(|form| form.key.clone()).unwrap_or_default(),
        form_edition: form.map(|form| form.edition.clone()).unwrap_or_default(),
        result: report.result.map(kohyo_engine::ResultKind::name),
        previous: report.previous.map(kohyo_engine::ResultKind::name),
        stopped: report.stopped,
        sealed_findings: findings,
        draft: (acceptable && register)
            .then(|| draft(app, import, report))
            .transpose()?,
    })
}

fn draft(app: &App, import: &Import, report: &RecordReport) -> Result<NewDraft, Error> {
    let (Some(record), Some(form)) = (&report.record, &report.form) else {
        return Err(Error::Internal("a judged record was not kept".to_owned()));
    };
    let said = record
        .said(form)
        .map_err(|error| Error::Internal(error.to_string()))?;
    let hospital = &import.hospital;
    let raw = record.raw(form);
    let patient = Patient::of(&raw);
    let id = fresh_id();
    let place = |column| draft_place(hospital, &id, column, 1);
    Ok(NewDraft {
        identity: app
            .keys
            .mac(
                "import/identity",
                &[hospital.as_bytes(), b"\0", said.as_bytes()].concat(),
            )
            .to_vec(),
        application: match record.application {
            Application::New => "new",
            Application::Renewal => "renewal",
        },
        sealed_answers: seal::seal(&app.keys, place("sealed_answers"), &json(&raw)?)?,
        sealed_patient: seal::seal(&app.keys, place("sealed_patient"), &json(&patient)?)?,
        kana_index: patient.kana_index(&app.keys, hospital),
        record: id,
    })
}

async fn write(app: &App, import: &Import, batch: &[NewEntry]) -> Result<(), Error> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    still_queued(&mut tx, import).await?;
    for entry in batch {
        imports::stage(&mut tx, import, entry, now).await?;
        if let Some(draft) = &entry.draft {
            let event = Event {
                detail: &import.id,
                ..Event::done("record.stage", &draft.record, 1)
            };
            audit::append(&mut tx, now, &actor(import), event).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn still_queued(tx: &mut crate::store::Tx, import: &Import) -> Result<(), Error> {
    match imports::find_for_update(tx, &import.id).await? {
        Some(now) if now.state == State::Queued.name() && now.created_at == import.created_at => {
            Ok(())
        }
        _ => Err(Error::Internal(
            "another process ended the import".to_owned(),
        )),
    }
}

/// Makes everything staged visible, unless the key has become known to others in the meantime.
async fn publish(app: &App, import: &Import) -> Result<(), Error> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    still_queued(&mut tx, import).await?;
    let current = imports::find_for_update(&mut tx, &import.id).await?;
    if let Some(kid) = current.and_then(|import| import.kid)
        && hospital_keys::state_in(&mut tx, &kid).await?.as_deref() == Some("compromised")
    {
        drop(tx);
        let error = BoxError::Refused(Refusal::Compromised);
        return refuse(app, import, &DeliveryError::Sealed(error).into(), false).await;
    }
    let registered = imports::publish(&mut tx, import, now).await?;
    let event = Event::done("import.register", &import.id, registered);
    audit::append(&mut tx, now, &actor(import), event).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends an import of which nothing is registered. `listed` puts the reason into its error list.
async fn refuse(app: &App, import: &Import, why: &Why, listed: bool) -> Result<(), Error> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    still_queued(&mut tx, import).await?;
    if listed {
        let seq = imports::begin_staging(&mut tx, import, "", None).await? + 1;
        let place = findings_place(&import.hospital, &import.id, seq);
        let entry = NewEntry {
            seq,
            number: 0,
            outcome: "file",
            form_key: String::new(),
            form_edition: String::new(),
            result: None,
            previous: None,
            stopped: true,
            sealed_findings: Some(seal::seal(&app.keys, place, &json(&[why.finding()])?)?),
            draft: None,
        };
        imports::stage(&mut tx, import, &entry, now).await?;
    }
    let message = format!("{}。{}。", why.message, why.help);
    imports::refuse(&mut tx, &import.id, why.check, &message, now).await?;
    let event = Event::denied("import.register", &import.id, why.check);
    audit::append(&mut tx, now, &actor(import), event).await?;
    tx.commit().await?;
    Ok(())
}

/// The platform acts, in the name of whoever sent the file.
fn actor(import: &Import) -> Actor {
    Actor {
        account: import.sent_by.clone(),
        role: "import",
        organisation: import.hospital.clone(),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Internal(error.to_string()))
}
