//! Records of a hospital: drafts, confirmed versions, access keys.

use crate::store::{Db, Tx, change, on_read, on_tx};

/// A record as its hospital sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) hospital: String,
    pub(crate) form_key: String,
    pub(crate) form_edition: String,
    pub(crate) application: String,
    /// Counts every change of the draft; [`UNTOUCHED`] until somebody saves the first one.
    pub(crate) version: i64,
    /// Number of the last confirmed version, 0 if there is none.
    pub(crate) confirmed: i64,
    /// The record of an earlier year that this renewal was made from, and its version.
    pub(crate) renewed_from: Option<String>,
    pub(crate) renewed_version: Option<i64>,
}

/// Sealed answers being worked on.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Draft {
    pub(crate) version: i64,
    pub(crate) sealed_answers: Vec<u8>,
    pub(crate) edited_by: String,
    pub(crate) edited_by_name: String,
    pub(crate) edited_at: i64,
}

/// Sealed answers a physician confirmed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Version {
    pub(crate) number: i64,
    pub(crate) draft_version: i64,
    pub(crate) sealed_answers: Vec<u8>,
    pub(crate) form_key: String,
    pub(crate) form_edition: String,
    pub(crate) judged_on: String,
    pub(crate) confirmed_by: String,
    pub(crate) confirmed_by_name: String,
    pub(crate) entered_by_name: String,
    pub(crate) confirmed_at: i64,
}

/// One line of a hospital's list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) form_key: String,
    pub(crate) form_edition: String,
    pub(crate) application: String,
    pub(crate) confirmed: i64,
    pub(crate) updated_at: i64,
    pub(crate) result: Option<String>,
    pub(crate) draft_version: Option<i64>,
    pub(crate) draft_patient: Option<Vec<u8>>,
    pub(crate) draft_by: Option<String>,
    pub(crate) version_patient: Option<Vec<u8>>,
}

/// A confirmed record that a renewal can be made from.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct ConfirmedLine {
    pub(crate) id: String,
    pub(crate) confirmed: i64,
    pub(crate) application: String,
    pub(crate) result: String,
    pub(crate) confirmed_at: i64,
    pub(crate) sealed_patient: Vec<u8>,
}

/// The version of a draft in which nobody has written anything yet: a form that was only looked at.
/// No list shows it.
pub(crate) const UNTOUCHED: i64 = 0;

/// A new record with its first draft.
pub(crate) struct NewRecord<'a> {
    pub(crate) id: &'a str,
    pub(crate) version: i64,
    pub(crate) hospital: &'a str,
    pub(crate) form_key: &'a str,
    pub(crate) form_edition: &'a str,
    pub(crate) application: &'a str,
    /// The record and version that a renewal is made from.
    pub(crate) renewed_from: Option<(&'a str, i64)>,
    pub(crate) by: &'a str,
    pub(crate) at: i64,
}

/// The sealed contents of a draft.
pub(crate) struct Sealed<'a> {
    pub(crate) answers: &'a [u8],
    pub(crate) patient: &'a [u8],
    pub(crate) kana_index: Option<&'a [u8]>,
}

/// A version to be written.
pub(crate) struct NewVersion<'a> {
    pub(crate) record: &'a Record,
    pub(crate) number: i64,
    pub(crate) draft_version: i64,
    pub(crate) sealed: Sealed<'a>,
    pub(crate) judged_on: &'a str,
    pub(crate) result: &'static str,
    pub(crate) entered_by: &'a str,
    pub(crate) confirmed_by: &'a str,
    pub(crate) at: i64,
}

const RECORD: &str = "select id, hospital, form_key, form_edition, application, version, confirmed,
       renewed_from, renewed_version
     from record where id = $1 and deleted = 0";

/// A record, whoever it belongs to; the caller compares the hospital.
pub(crate) async fn find(db: &Db, id: &str) -> Result<Option<Record>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(RECORD).bind(id).fetch_optional(pool))
}

/// The same inside a transaction, locked against others until it ends.
pub(crate) async fn find_for_update(tx: &mut Tx, id: &str) -> Result<Option<Record>, sqlx::Error> {
    match tx {
        // A SQLite transaction that writes is alone.
        Tx::Sqlite(tx) => {
            sqlx::query_as(RECORD)
                .bind(id)
                .fetch_optional(&mut **tx)
                .await
        }
        Tx::Postgres(tx) => {
            sqlx::query_as(
                "select id, hospital, form_key, form_edition, application, version, confirmed,
                   renewed_from, renewed_version
                 from record where id = $1 and deleted = 0 for update",
            )
            .bind(id)
            .fetch_optional(&mut **tx)
            .await
        }
    }
}

/// Adds a record without a draft.
pub(crate) async fn add(tx: &mut Tx, new: &NewRecord<'_>) -> Result<(), sqlx::Error> {
    change!(tx, sqlx::query(
        "insert into record (id, hospital, form_key, form_edition, application, version, created_by, created_at,
           updated_at, renewed_from, renewed_version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)",
    ).bind(new.id).bind(new.hospital).bind(new.form_key).bind(new.form_edition)
    .bind(new.application).bind(new.version).bind(new.by).bind(new.at)
    .bind(new.renewed_from.map(|(record, _)| record)).bind(new.renewed_from.map(|(_, version)| version)))?;
    Ok(())
}

/// An untouched draft of the same form that the same person began before `before`.
pub(crate) async fn untouched(
    tx: &mut Tx,
    new: &NewRecord<'_>,
    before: i64,
) -> Result<Option<String>, sqlx::Error> {
    on_tx!(tx, c => sqlx::query_scalar(
        "select r.id from record r join record_draft d on d.record = r.id
         where r.hospital = $1 and r.form_key = $2 and r.form_edition = $3 and r.application = $4
           and r.created_by = $5 and r.version = $6 and r.deleted = 0 and d.edited_at < $7
         order by d.edited_at limit 1",
    ).bind(new.hospital).bind(new.form_key).bind(new.form_edition).bind(new.application)
    .bind(new.by).bind(UNTOUCHED).bind(before).fetch_optional(c))
}

/// The draft of a renewal that was already made from a version.
pub(crate) async fn renewal_of(
    tx: &mut Tx,
    record: &str,
    version: i64,
) -> Result<Option<String>, sqlx::Error> {
    on_tx!(tx, c => sqlx::query_scalar(
        "select r.id from record r join record_draft d on d.record = r.id
         where r.renewed_from = $1 and r.renewed_version = $2 and r.deleted = 0 and r.confirmed = 0
         order by r.created_at desc limit 1",
    ).bind(record).bind(version).fetch_optional(c))
}

/// The confirmed records of a hospital for one disease, the last confirmed first; with a kana index
/// only those it fits.
pub(crate) async fn confirmed_of(
    db: &Db,
    hospital: &str,
    form_key: &str,
    kana_index: Option<&[u8]>,
) -> Result<Vec<ConfirmedLine>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(
        "select r.id, r.confirmed, r.application, v.result, v.confirmed_at, v.sealed_patient
         from record r join record_version v on v.record = r.id and v.number = r.confirmed
         where r.hospital = $1 and r.form_key = $2 and r.deleted = 0
           and (cast($3 as bytea) is null or v.kana_index = $3)
         order by v.confirmed_at desc, r.id limit 100",
    ).bind(hospital).bind(form_key).bind(kana_index).fetch_all(pool))
}

/// Writes the draft that belongs to the current version of a record.
pub(crate) async fn put_draft(
    tx: &mut Tx,
    record: &str,
    version: i64,
    sealed: &Sealed<'_>,
    by: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    change!(tx, sqlx::query(
        "insert into record_draft (record, version, sealed_answers, sealed_patient, kana_index, edited_by, edited_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (record) do update set version = excluded.version,
           sealed_answers = excluded.sealed_answers, sealed_patient = excluded.sealed_patient,
           kana_index = excluded.kana_index, edited_by = excluded.edited_by, edited_at = excluded.edited_at",
    ).bind(record).bind(version).bind(sealed.answers).bind(sealed.patient).bind(sealed.kana_index)
    .bind(by).bind(at))?;
    Ok(())
}

/// Moves a record on to its next version if it still has the one expected.
pub(crate) async fn advance(
    tx: &mut Tx,
    record: &str,
    expected: i64,
    at: i64,
) -> Result<bool, sqlx::Error> {
    let moved = change!(
        tx,
        sqlx::query(
            "update record set version = version + 1, updated_at = $3
         where id = $1 and version = $2 and deleted = 0",
        )
        .bind(record)
        .bind(expected)
        .bind(at)
    )?;
    Ok(moved == 1)
}

/// The draft of a record.
pub(crate) async fn draft(db: &Db, record: &str) -> Result<Option<Draft>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(
        "select d.version, d.sealed_answers, d.edited_by, a.name as edited_by_name, d.edited_at
         from record_draft d join account a on a.id = d.edited_by where d.record = $1",
    ).bind(record).fetch_optional(pool))
}

/// The draft of a record inside a transaction.
pub(crate) async fn draft_in(tx: &mut Tx, record: &str) -> Result<Option<Draft>, sqlx::Error> {
    on_tx!(tx, c => sqlx::query_as(
        "select d.version, d.sealed_answers, d.edited_by, a.name as edited_by_name, d.edited_at
         from record_draft d join account a on a.id = d.edited_by where d.record = $1",
    ).bind(record).fetch_optional(c))
}

/// Removes the draft of a record.
pub(crate) async fn drop_draft(tx: &mut Tx, record: &str) -> Result<(), sqlx::Error> {
    change!(
        tx,
        sqlx::query("delete from record_draft where record = $1").bind(record)
    )?;
    Ok(())
}

/// Takes a record that was never confirmed out of every list.
pub(crate) async fn bury(tx: &mut Tx, record: &str) -> Result<(), sqlx::Error> {
    change!(
        tx,
        sqlx::query("update record set deleted = 1 where id = $1 and confirmed = 0").bind(record)
    )?;
    Ok(())
}

/// Writes a confirmed version and makes it the record's last.
pub(crate) async fn add_version(tx: &mut Tx, new: &NewVersion<'_>) -> Result<(), sqlx::Error> {
    change!(tx, sqlx::query(
        "insert into record_version (record, number, draft_version, sealed_answers, sealed_patient, kana_index,
           form_key, form_edition, judged_on, result, entered_by, confirmed_by, confirmed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    ).bind(&new.record.id).bind(new.number).bind(new.draft_version).bind(new.sealed.answers)
    .bind(new.sealed.patient).bind(new.sealed.kana_index).bind(&new.record.form_key)
    .bind(&new.record.form_edition).bind(new.judged_on).bind(new.result).bind(new.entered_by)
    .bind(new.confirmed_by).bind(new.at))?;
    change!(
        tx,
        sqlx::query("update record set confirmed = $2, updated_at = $3 where id = $1")
            .bind(&new.record.id)
            .bind(new.number)
            .bind(new.at)
    )?;
    Ok(())
}

const VERSION: &str = "select v.number, v.draft_version, v.sealed_answers, v.form_key, v.form_edition, v.judged_on,
       v.confirmed_by, c.name as confirmed_by_name, e.name as entered_by_name, v.confirmed_at
     from record_version v join account c on c.id = v.confirmed_by join account e on e.id = v.entered_by
     where v.record = $1 and v.number = $2";

/// A confirmed version.
pub(crate) async fn version(
    db: &Db,
    record: &str,
    number: i64,
) -> Result<Option<Version>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(VERSION).bind(record).bind(number).fetch_optional(pool))
}

/// A confirmed version inside a transaction.
pub(crate) async fn version_in(
    tx: &mut Tx,
    record: &str,
    number: i64,
) -> Result<Option<Version>, sqlx::Error> {
    on_tx!(tx, c => sqlx::query_as(VERSION).bind(record).bind(number).fetch_optional(c))
}

/// Numbers, times and names of every confirmed version, newest first.
pub(crate) async fn history(db: &Db, record: &str) -> Result<Vec<(i64, i64, String)>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(
        "select v.number, v.confirmed_at, a.name from record_version v join account a on a.id = v.confirmed_by
         where v.record = $1 order by v.number desc",
    ).bind(record).fetch_all(pool))
}

/// The forms of the records that a person began, the last begun first; each form once.
pub(crate) async fn recent_forms(
    db: &Db,
    hospital: &str,
    by: &str,
) -> Result<Vec<String>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_scalar(
        "select form_key from record
         where hospital = $1 and created_by = $2 and deleted = 0 and version <> $3
         group by form_key order by max(created_at) desc, form_key limit 6",
    ).bind(hospital).bind(by).bind(UNTOUCHED).fetch_all(pool))
}

/// The records of a hospital that somebody has written in, the last changed first; with a kana index only those it fits.
pub(crate) async fn list(
    db: &Db,
    hospital: &str,
    kana_index: Option<&[u8]>,
) -> Result<Vec<Line>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(
        "select r.id, r.form_key, r.form_edition, r.application, r.confirmed, r.updated_at, v.result,
                d.version as draft_version, d.sealed_patient as draft_patient, a.name as draft_by,
                v.sealed_patient as version_patient
         from record r
         left join record_draft d on d.record = r.id
         left join account a on a.id = d.edited_by
         left join record_version v on v.record = r.id and v.number = r.confirmed
         where r.hospital = $1 and r.deleted = 0 and r.version <> $3
           and (cast($2 as bytea) is null or d.kana_index = $2 or v.kana_index = $2)
         order by r.updated_at desc, r.id limit 200",
    ).bind(hospital).bind(kana_index).bind(UNTOUCHED).fetch_all(pool))
}

/// Remembers the hash of a key.
pub(crate) async fn add_key(
    tx: &mut Tx,
    mac: &[u8],
    record: &str,
    number: i64,
    by: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    change!(tx, sqlx::query(
        "insert into access_key (mac, record, number, issued_by, issued_at) values ($1, $2, $3, $4, $5)",
    ).bind(mac).bind(record).bind(number).bind(by).bind(at))?;
    Ok(())
}

/// Makes every key of a record open nothing from now on.
pub(crate) async fn revoke_keys(tx: &mut Tx, record: &str, at: i64) -> Result<(), sqlx::Error> {
    change!(
        tx,
        sqlx::query(
            "update access_key set revoked_at = $2 where record = $1 and revoked_at is null"
        )
        .bind(record)
        .bind(at)
    )?;
    Ok(())
}

/// Keeps a key for the browser it was issued to.
pub(crate) async fn show_key(
    tx: &mut Tx,
    token_hash: &[u8],
    record: &str,
    sealed: &[u8],
    until: i64,
) -> Result<(), sqlx::Error> {
    change!(tx, sqlx::query(
        "insert into key_display (token_hash, record, sealed_key, until) values ($1, $2, $3, $4)
         on conflict (token_hash, record) do update set sealed_key = excluded.sealed_key, until = excluded.until",
    ).bind(token_hash).bind(record).bind(sealed).bind(until))?;
    Ok(())
}

/// The key kept for a browser, while it may still be shown.
pub(crate) async fn shown_key(
    db: &Db,
    token_hash: &[u8],
    record: &str,
    now: i64,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_scalar(
        "select sealed_key from key_display where token_hash = $1 and record = $2 and until > $3",
    ).bind(token_hash).bind(record).bind(now).fetch_optional(pool))
}

/// Removes keys that are no longer shown.
pub(crate) async fn sweep_shown_keys(tx: &mut Tx, now: i64) -> Result<(), sqlx::Error> {
    change!(
        tx,
        sqlx::query("delete from key_display where until <= $1").bind(now)
    )?;
    Ok(())
}
