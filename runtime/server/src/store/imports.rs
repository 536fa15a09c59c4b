//! Imports: files of hospitals and what came of their records.

use crate::store::{Db, Tx, change, for_update, on_read, on_tx};

/// A file of a hospital.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Import {
    pub(crate) id: String,
    pub(crate) hospital: String,
    pub(crate) sha256: String,
    pub(crate) size: i64,
    pub(crate) mode: String,
    pub(crate) state: String,
    pub(crate) sealed_name: Vec<u8>,
    pub(crate) sent_by: String,
    pub(crate) created_at: i64,
    pub(crate) received_at: Option<i64>,
    pub(crate) judged_on: Option<String>,
    pub(crate) kid: Option<String>,
    pub(crate) container: Option<String>,
    pub(crate) release: Option<String>,
    pub(crate) finished_at: Option<i64>,
    pub(crate) reason: String,
    pub(crate) message: String,
    pub(crate) records: i64,
    pub(crate) registered: i64,
    pub(crate) duplicates: i64,
}

const COLUMNS: &str = "select id, hospital, sha256, size, mode, state, sealed_name, sent_by, created_at, received_at,
     judged_on, kid, container, release, finished_at, reason, message, records, registered, duplicates from import";

/// A file about to be received.
pub(crate) struct NewImport<'a> {
    pub(crate) id: &'a str,
    pub(crate) hospital: &'a str,
    pub(crate) sha256: &'a str,
    pub(crate) size: i64,
    pub(crate) mode: &'static str,
    pub(crate) sealed_name: &'a [u8],
    pub(crate) sent_by: &'a str,
    pub(crate) at: i64,
}

/// An import, whoever it belongs to; the caller compares the hospital.
pub(crate) async fn find(db: &Db, id: &str) -> Result<Option<Import>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS} where id = $1")))
        .bind(id).fetch_optional(pool))
}

/// The same inside a transaction, locked against others until it ends.
pub(crate) async fn find_for_update(tx: &mut Tx, id: &str) -> Result<Option<Import>, sqlx::Error> {
    let lock = for_update(tx);
    on_tx!(tx, c => sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS} where id = $1{lock}")))
        .bind(id).fetch_optional(c))
}

/// The import of some bytes, locked.
pub(crate) async fn by_hash(
    tx: &mut Tx,
    hospital: &str,
    sha256: &str,
) -> Result<Option<Import>, sqlx::Error> {
    let lock = for_update(tx);
    let sql = format!("{COLUMNS} where hospital = $1 and sha256 = $2{lock}");
    on_tx!(tx, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(hospital).bind(sha256).fetch_optional(c))
}

/// The last imports of a hospital, or those of one of its keys.
pub(crate) async fn list(
    db: &Db,
    hospital: &str,
    kid: Option<&str>,
) -> Result<Vec<Import>, sqlx::Error> {
    let sql = format!(
        "{COLUMNS} where hospital = $1 and (cast($2 as text) is null or kid = $2) order by created_at desc, id limit 200"
    );
    on_read!(db, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(hospital).bind(kid).fetch_all(pool))
}

/// Imports in a state, oldest first.
pub(crate) async fn in_state(db: &Db, state: &str) -> Result<Vec<String>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_scalar(
        "select id from import where state = $1 order by received_at, created_at, id",
    ).bind(state).fetch_all(pool))
}

/// Imports of a hospital that are not at their end.
pub(crate) async fn open_count(tx: &mut Tx, hospital: &str) -> Result<i64, sqlx::Error> {
    on_tx!(tx, c => sqlx::query_scalar(
        "select count(*) from import where hospital = $1 and state in ('receiving', 'queued')",
    ).bind(hospital).fetch_one(c))
}

/// Ends what has not been touched since a moment; gives the imports.
pub(crate) async fn expire(tx: &mut Tx, before: i64) -> Result<Vec<String>, sqlx::Error> {
    let ids: Vec<String> = on_tx!(tx, c => sqlx::query_scalar(
        "select id from import where state = 'receiving' and touched_at < $1",
    ).bind(before).fetch_all(c))?;
    for id in &ids {
        change!(
            tx,
            sqlx::query("update import set state = 'expired' where id = $1").bind(id)
        )?;
    }
    Ok(ids)
}

/// Adds an import; false if these bytes are known already.
pub(crate) async fn add(tx: &mut Tx, new: &NewImport<'_>) -> Result<bool, sqlx::Error> {
    let added = change!(tx, sqlx::query(
        "insert into import (id, hospital, sha256, size, mode, state, sealed_name, sent_by, created_at, touched_at)
         values ($1, $2, $3, $4, $5, 'receiving', $6, $7, $8, $8) on conflict (hospital, sha256) do nothing",
    ).bind(new.id).bind(new.hospital).bind(new.sha256).bind(new.size).bind(new.mode)
    .bind(new.sealed_name).bind(new.sent_by).bind(new.at))?;
    Ok(added > 0)
}

/// Receives a file once more of which nothing was registered, by the name that it has now.
pub(crate) async fn begin_again(
    tx: &mut Tx,
    id: &str,
    new: &NewImport<'_>,
) -> Result<(), sqlx::Error> {
    unstage(tx, id).await?;
    change!(
        tx,
        sqlx::query("delete from import_record where import = $1").bind(id)
    )?;
    change!(tx, sqlx::query(
        "update import set state = 'receiving', mode = $2, sent_by = $3, touched_at = $4, sealed_name = $5, received_at = null,
           judged_on = null, kid = null, container = null, release = null, finished_at = null, reason = '',
           message = '', records = 0, registered = 0, duplicates = 0
         where id = $1",
    ).bind(id).bind(new.mode).bind(new.sent_by).bind(new.at).bind(new.sealed_name))?;
    Ok(())
}

/// Notes that bytes came in.
pub(crate) async fn touch(tx: &mut Tx, id: &str, now: i64) -> Result<(), sqlx::Error> {
    change!(
        tx,
        sqlx::query("update import set touched_at = $2 where id = $1 and state = 'receiving'")
            .bind(id)
            .bind(now)
    )?;
    Ok(())
}

/// Notes that it was asked for once more, and in which mode it is to be taken now.
pub(crate) async fn ask_again(
    tx: &mut Tx,
    id: &str,
    mode: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    change!(
        tx,
        sqlx::query(
            "update import set touched_at = $3, mode = $2 where id = $1 and state = 'receiving'",
        )
        .bind(id)
        .bind(mode)
        .bind(now)
    )?;
    Ok(())
}

/// All bytes are there.
pub(crate) async fn queue(
    tx: &mut Tx,
    id: &str,
    judged_on: &str,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let changed =
        change!(tx, sqlx::query(
        "update import set state = 'queued', received_at = $3, judged_on = $2, touched_at = $3
         where id = $1 and state = 'receiving'",
    ).bind(id).bind(judged_on).bind(now))?;
    Ok(changed > 0)
}

/// The bytes are gone: they have to come again.
pub(crate) async fn lost(tx: &mut Tx, id: &str, now: i64) -> Result<(), sqlx::Error> {
    change!(
        tx,
        sqlx::query(
            "update import set state = 'receiving', touched_at = $2 where id = $1 and state = 'queued'"
        )
        .bind(id)
        .bind(now)
    )?;
    Ok(())
}

/// Notes what checks an import, and forgets what was staged with anything else. Gives how many
/// entries are kept.
pub(crate) async fn begin_staging(
    tx: &mut Tx,
    import: &Import,
    release: &str,
    sender: Option<(&str, &str)>,
) -> Result<i64, sqlx::Error> {
    if import.release.as_deref() != Some(release) {
        unstage(tx, &import.id).await?;
        change!(
            tx,
            sqlx::query("delete from import_record where import = $1").bind(&import.id)
        )?;
    }
    let (kid, container) = sender.unzip();
    change!(
        tx,
        sqlx::query("update import set release = $2, kid = $3, container = $4 where id = $1")
            .bind(&import.id)
            .bind(release)
            .bind(kid)
            .bind(container)
    )?;
    on_tx!(tx, c => sqlx::query_scalar(
        "select coalesce(max(seq), 0) from import_record where import = $1",
    ).bind(&import.id).fetch_one(c))
}

/// What came of one record, ready to be written.
pub(crate) struct NewEntry {
    pub(crate) seq: i64,
    pub(crate) number: i64,
    pub(crate) outcome: &'static str,
    pub(crate) form_key: String,
    pub(crate) form_edition: String,
    pub(crate) result: Option<&'static str>,
    pub(crate) previous: Option<&'static str>,
    /// Whether reading the file ended here.
    pub(crate) stopped: bool,
    pub(crate) sealed_findings: Option<Vec<u8>>,
    /// The record to register.
    pub(crate) draft: Option<NewDraft>,
}

/// A record to register.
pub(crate) struct NewDraft {
    pub(crate) record: String,
    pub(crate) identity: Vec<u8>,
    pub(crate) application: &'static str,
    pub(crate) sealed_answers: Vec<u8>,
    pub(crate) sealed_patient: Vec<u8>,
    pub(crate) kana_index: Option<Vec<u8>>,
}

/// Writes what came of a record; a record to register is written as well, seen by nobody.
pub(crate) async fn stage(
    tx: &mut Tx,
    import: &Import,
    entry: &NewEntry,
    now: i64,
) -> Result<(), sqlx::Error> {
    let draft = entry.draft.as_ref();
    if let Some(draft) = draft {
        change!(tx, sqlx::query(
            "insert into record (id, hospital, form_key, form_edition, application, version, deleted, created_by, created_at, updated_at)
             values ($1, $2, $3, $4, $5, 1, 1, $6, $7, $7)",
        ).bind(&draft.record).bind(&import.hospital).bind(&entry.form_key).bind(&entry.form_edition)
        .bind(draft.application).bind(&import.sent_by).bind(now))?;
        let sealed = crate::store::records::Sealed {
            answers: &draft.sealed_answers,
            patient: &draft.sealed_patient,
            kana_index: draft.kana_index.as_deref(),
        };
        crate::store::records::put_draft(tx, &draft.record, 1, &sealed, &import.sent_by, now)
            .await?;
    }
    change!(tx, sqlx::query(
        "insert into import_record (import, seq, number, outcome, identity, record, form_key, form_edition, result, previous, stopped, sealed_findings)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    ).bind(&import.id).bind(entry.seq).bind(entry.number).bind(entry.outcome)
    .bind(draft.map(|draft| draft.identity.as_slice())).bind(draft.map(|draft| draft.record.as_str()))
    .bind(&entry.form_key).bind(&entry.form_edition).bind(entry.result).bind(entry.previous)
    .bind(i64::from(entry.stopped)).bind(entry.sealed_findings.as_deref()))?;
    Ok(())
}

/// Makes every staged record of an import visible, unless the hospital has one that says the same;
/// gives how many.
pub(crate) async fn publish(tx: &mut Tx, import: &Import, now: i64) -> Result<i64, sqlx::Error> {
    let id = &import.id;
    let hospital = &import.hospital;
    // What says the same as a record that somebody deleted is registered anew.
    change!(tx, sqlx::query(
        "delete from import_identity where hospital = $1
           and identity in (select identity from import_record where import = $2 and outcome = 'staged')
           and exists (select 1 from record where record.id = import_identity.record and record.deleted = 1)",
    ).bind(hospital).bind(id))?;
    // In the order of the identities, so that two imports never wait for each other.
    change!(tx, sqlx::query(
        "insert into import_identity (hospital, identity, record)
         select $1, identity, record from import_record where import = $2 and outcome = 'staged' order by identity, seq
         on conflict (hospital, identity) do nothing",
    ).bind(hospital).bind(id))?;
    change!(tx, sqlx::query(
        "update import_record set outcome = 'registered' where import = $2 and outcome = 'staged'
           and record in (select record from import_identity where hospital = $1
             and import_identity.identity = import_record.identity)",
    ).bind(hospital).bind(id))?;
    // What is still staged says the same as another record: that one is the record.
    let staged: Vec<(i64, String)> = on_tx!(tx, c => sqlx::query_as(
        "select seq, record from import_record where import = $1 and outcome = 'staged' order by seq",
    ).bind(id).fetch_all(c))?;
    change!(tx, sqlx::query(
        "update import_record set outcome = 'duplicate', record = (select d.record from import_identity d
             where d.hospital = $1 and d.identity = import_record.identity)
         where import = $2 and outcome = 'staged'",
    ).bind(hospital).bind(id))?;
    for (_, record) in &staged {
        forget(tx, record).await?;
    }
    change!(
        tx,
        sqlx::query(
            "update record set deleted = 0, updated_at = $2 where id in
           (select record from import_record where import = $1 and outcome = 'registered')",
        )
        .bind(id)
        .bind(now)
    )?;
    change!(tx, sqlx::query(
        "update import set state = 'done', finished_at = $2, touched_at = $2,
           records = (select count(*) from import_record where import = $1 and number > 0),
           registered = (select count(*) from import_record where import = $1 and outcome = 'registered'),
           duplicates = (select count(*) from import_record where import = $1 and outcome = 'duplicate')
         where id = $1",
    ).bind(id).bind(now))?;
    on_tx!(tx, c => sqlx::query_scalar("select registered from import where id = $1").bind(id).fetch_one(c))
}

/// Ends an import of which nothing is registered.
pub(crate) async fn refuse(
    tx: &mut Tx,
    id: &str,
    reason: &str,
    message: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    unstage(tx, id).await?;
    change!(
        tx,
        sqlx::query(
            "update import_record set outcome = 'held', record = null where import = $1 and outcome = 'staged'"
        )
        .bind(id)
    )?;
    change!(tx, sqlx::query(
        "update import set state = 'refused', finished_at = $4, touched_at = $4, reason = $2, message = $3,
           records = (select count(*) from import_record where import = $1 and number > 0)
         where id = $1",
    ).bind(id).bind(reason).bind(message).bind(now))?;
    Ok(())
}

/// Removes the records of an import that nobody has seen yet.
async fn unstage(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    for sql in [
        "delete from record_draft where record in
           (select record from import_record where import = $1 and outcome = 'staged')",
        "delete from record where deleted = 1 and id in
           (select record from import_record where import = $1 and outcome = 'staged')",
    ] {
        change!(tx, sqlx::query(sql).bind(id))?;
    }
    Ok(())
}

async fn forget(tx: &mut Tx, record: &str) -> Result<(), sqlx::Error> {
    change!(
        tx,
        sqlx::query("delete from record_draft where record = $1").bind(record)
    )?;
    change!(
        tx,
        sqlx::query("delete from record where id = $1 and deleted = 1").bind(record)
    )?;
    Ok(())
}

/// What came of one record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Entry {
    pub(crate) seq: i64,
    pub(crate) number: i64,
    pub(crate) outcome: String,
    pub(crate) record: Option<String>,
    pub(crate) form_key: String,
    pub(crate) form_edition: String,
    pub(crate) result: Option<String>,
    pub(crate) previous: Option<String>,
    pub(crate) stopped: i64,
    pub(crate) sealed_findings: Option<Vec<u8>>,
}

/// Some of what came of the records, in the order of the file, after entry `after`.
pub(crate) async fn entries(
    db: &Db,
    id: &str,
    after: i64,
    most: i64,
) -> Result<Vec<Entry>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(
        "select seq, number, outcome, record, form_key, form_edition, result, previous, stopped, sealed_findings
         from import_record where import = $1 and seq > $2 order by seq limit $3",
    ).bind(id).bind(after).bind(most).fetch_all(pool))
}

/// A record of an import that nobody has confirmed yet.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Waiting {
    pub(crate) seq: i64,
    pub(crate) number: i64,
    pub(crate) record: String,
}

/// Some of the registered records that wait for a physician, in the order of the file, after entry
/// `after`.
pub(crate) async fn waiting(
    db: &Db,
    id: &str,
    after: i64,
    most: i64,
) -> Result<Vec<Waiting>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(
        "select m.seq, m.number, r.id as record from import_record m
           join record r on r.id = m.record join record_draft d on d.record = r.id
         where m.import = $1 and m.outcome = 'registered' and r.deleted = 0 and r.confirmed = 0 and m.seq > $2
         order by m.seq limit $3",
    ).bind(id).bind(after).bind(most).fetch_all(pool))
}

/// Held by whoever runs an import: on PostgreSQL it keeps the other servers from doing the same.
pub(crate) struct Claim {
    _connection: Option<sqlx::PgConnection>,
}

/// Claims an import; nothing if another server has it. The claim ends with the process.
pub(crate) async fn claim(db: &Db, id: &str) -> Result<Option<Claim>, sqlx::Error> {
    let pool = match db {
        Db::Sqlite { .. } => return Ok(Some(Claim { _connection: None })),
        Db::Postgres(pool) => pool,
    };
    // A connection of its own: the lock ends when it closes, however that happens.
    let mut connection = pool.acquire().await?.detach();
    let got: bool =
        sqlx::query_scalar("select pg_try_advisory_lock(hashtextextended($1, 1263489113))")
            .bind(id)
            .fetch_one(&mut connection)
            .await?;
    Ok(got.then_some(Claim {
        _connection: Some(connection),
    }))
}
