//! What a municipality may see, and what it writes.

use crate::store::{Db, Tx, change, on_read, on_tx};

/// A record redeemed by a municipality.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Linked {
    pub(crate) record: String,
    pub(crate) number: i64,
    pub(crate) hospital: String,
    pub(crate) hospital_name: String,
    pub(crate) application: String,
    pub(crate) form_key: String,
    pub(crate) form_edition: String,
    pub(crate) sealed_patient: Vec<u8>,
    pub(crate) result: String,
    pub(crate) linked_at: i64,
    /// Number of the newest confirmed version.
    pub(crate) newest: i64,
    pub(crate) decision: Option<String>,
}

/// Administrative fields of a record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Entry {
    pub(crate) version: i64,
    pub(crate) decision: String,
    pub(crate) decided_on: String,
    pub(crate) sealed_entry: Vec<u8>,
    pub(crate) entered_by_name: String,
    pub(crate) entered_at: i64,
}

/// Administrative fields to be written.
pub(crate) struct NewEntry<'a> {
    pub(crate) municipality: &'a str,
    pub(crate) record: &'a str,
    /// The version it replaces, 0 for the first.
    pub(crate) replaces: i64,
    pub(crate) decision: &'a str,
    pub(crate) decided_on: &'a str,
    pub(crate) sealed_entry: &'a [u8],
    pub(crate) by: &'a str,
    pub(crate) at: i64,
}

/// The record and version a key opens, if it is in force.
pub(crate) async fn key_target(
    tx: &mut Tx,
    mac: &[u8],
) -> Result<Option<(String, i64)>, sqlx::Error> {
    on_tx!(tx, c => sqlx::query_as(
        "select record, number from access_key where mac = $1 and revoked_at is null",
    ).bind(mac).fetch_optional(c))
}

/// Links a record to a municipality; a newer version replaces an older one.
pub(crate) async fn link(
    tx: &mut Tx,
    municipality: &str,
    record: &str,
    number: i64,
    by: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    change!(tx, sqlx::query(
        "insert into municipality_record (municipality, record, number, linked_by, linked_at)
         values ($1, $2, $3, $4, $5)
         on conflict (municipality, record) do update
           set number = excluded.number, linked_by = excluded.linked_by, linked_at = excluded.linked_at
           where municipality_record.number < excluded.number",
    ).bind(municipality).bind(record).bind(number).bind(by).bind(at))?;
    Ok(())
}

/// A key typed that opens nothing. What was typed until `since` counts no more and is forgotten.
pub(crate) async fn add_miss(
    tx: &mut Tx,
    account: &str,
    at: i64,
    since: i64,
) -> Result<(), sqlx::Error> {
    change!(
        tx,
        sqlx::query("delete from key_miss where at <= $1").bind(since)
    )?;
    change!(
        tx,
        sqlx::query("insert into key_miss (account, at) values ($1, $2)")
            .bind(account)
            .bind(at)
    )?;
    Ok(())
}

/// How many such keys an account has typed since a moment.
pub(crate) async fn misses(tx: &mut Tx, account: &str, since: i64) -> Result<i64, sqlx::Error> {
    on_tx!(tx, c => sqlx::query_scalar("select count(*) from key_miss where account = $1 and at > $2")
        .bind(account).bind(since).fetch_one(c))
}

/// A record this municipality has redeemed.
pub(crate) async fn find(
    db: &Db,
    municipality: &str,
    record: &str,
) -> Result<Option<Linked>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(
        "select m.record, m.number, r.hospital, h.name as hospital_name, r.application, v.form_key, v.form_edition,
                v.sealed_patient, v.result, m.linked_at, r.confirmed as newest, e.decision
         from municipality_record m
         join record r on r.id = m.record
         join organisation h on h.id = r.hospital
         join record_version v on v.record = m.record and v.number = m.number
         left join municipal_entry e on e.municipality = m.municipality and e.record = m.record
         where m.municipality = $1 and m.record = $2",
    ).bind(municipality).bind(record).fetch_optional(pool))
}

/// The records of a municipality, the last redeemed first.
pub(crate) async fn list(db: &Db, municipality: &str) -> Result<Vec<Linked>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(
        "select m.record, m.number, r.hospital, h.name as hospital_name, r.application, v.form_key, v.form_edition,
                v.sealed_patient, v.result, m.linked_at, r.confirmed as newest, e.decision
         from municipality_record m
         join record r on r.id = m.record
         join organisation h on h.id = r.hospital
         join record_version v on v.record = m.record and v.number = m.number
         left join municipal_entry e on e.municipality = m.municipality and e.record = m.record
         where m.municipality = $1 order by m.linked_at desc, m.record limit 200",
    ).bind(municipality).fetch_all(pool))
}

/// The administrative fields of a record.
pub(crate) async fn entry(
    db: &Db,
    municipality: &str,
    record: &str,
) -> Result<Option<Entry>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(
        "select e.version, e.decision, e.decided_on, e.sealed_entry, a.name as entered_by_name, e.entered_at
         from municipal_entry e join account a on a.id = e.entered_by
         where e.municipality = $1 and e.record = $2",
    ).bind(municipality).bind(record).fetch_optional(pool))
}

/// Writes the administrative fields unless somebody else has in the meantime.
pub(crate) async fn put_entry(tx: &mut Tx, new: &NewEntry<'_>) -> Result<bool, sqlx::Error> {
    let written = change!(tx, sqlx::query(
        "insert into municipal_entry (municipality, record, version, decision, decided_on, sealed_entry, entered_by, entered_at)
         values ($1, $2, $3 + 1, $4, $5, $6, $7, $8)
         on conflict (municipality, record) do update set version = excluded.version,
           decision = excluded.decision, decided_on = excluded.decided_on, sealed_entry = excluded.sealed_entry,
           entered_by = excluded.entered_by, entered_at = excluded.entered_at
           where municipal_entry.version = $3",
    ).bind(new.municipality).bind(new.record).bind(new.replaces).bind(new.decision).bind(new.decided_on)
    .bind(new.sealed_entry).bind(new.by).bind(new.at))?;
    Ok(written == 1)
}

/// A form of the programme, filled in beside a record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Filled {
    pub(crate) form_edition: String,
    pub(crate) version: i64,
    pub(crate) judged_on: String,
    pub(crate) result: String,
    pub(crate) sealed_answers: Vec<u8>,
    pub(crate) entered_by_name: String,
    pub(crate) entered_at: i64,
}

/// Such a form to be written.
pub(crate) struct NewFilled<'a> {
    pub(crate) municipality: &'a str,
    pub(crate) record: &'a str,
    pub(crate) form_key: &'a str,
    pub(crate) form_edition: &'a str,
    /// The version it replaces, 0 for the first.
    pub(crate) replaces: i64,
    pub(crate) judged_on: &'a str,
    pub(crate) result: &'a str,
    pub(crate) sealed_answers: &'a [u8],
    pub(crate) by: &'a str,
    pub(crate) at: i64,
}

/// A form of the programme beside a record, if it has been filled in.
pub(crate) async fn filled(
    db: &Db,
    municipality: &str,
    record: &str,
    form_key: &str,
) -> Result<Option<Filled>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(
        "select f.form_edition, f.version, f.judged_on, f.result, f.sealed_answers, a.name as entered_by_name, f.entered_at
         from municipal_form f join account a on a.id = f.entered_by
         where f.municipality = $1 and f.record = $2 and f.form_key = $3",
    ).bind(municipality).bind(record).bind(form_key).fetch_optional(pool))
}

/// Writes a form of the programme unless somebody else has in the meantime.
pub(crate) async fn put_filled(tx: &mut Tx, new: &NewFilled<'_>) -> Result<bool, sqlx::Error> {
    let written = change!(tx, sqlx::query(
        "insert into municipal_form (municipality, record, form_key, form_edition, version, judged_on, result, sealed_answers, entered_by, entered_at)
         values ($1, $2, $3, $4, $5 + 1, $6, $7, $8, $9, $10)
         on conflict (municipality, record, form_key) do update set version = excluded.version,
           form_edition = excluded.form_edition, judged_on = excluded.judged_on, result = excluded.result,
           sealed_answers = excluded.sealed_answers, entered_by = excluded.entered_by, entered_at = excluded.entered_at
           where municipal_form.version = $5",
    ).bind(new.municipality).bind(new.record).bind(new.form_key).bind(new.form_edition).bind(new.replaces)
    .bind(new.judged_on).bind(new.result).bind(new.sealed_answers).bind(new.by).bind(new.at))?;
    Ok(written == 1)
}
