//! The audit trail: append only, each row carrying the hash of the one before it.
//!
//! `hash = SHA-256("kohyo/audit/v1" ‖ prev_hash ‖ each field with its length)`. A row changed,
//! removed, inserted or moved breaks the chain at that place; [`verify`] says where.

use crate::config::Config;
use crate::start::StartError;
use crate::store::{Db, Tx, change, on_read, on_tx};
use sha2::{Digest, Sha256};

/// Who acts. Names and answers never stand here.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    pub(crate) account: String,
    pub(crate) role: &'static str,
    pub(crate) organisation: String,
}

impl Actor {
    /// Somebody who is not signed in.
    pub(crate) fn nobody() -> Self {
        Self {
            account: String::new(),
            role: "anonymous",
            organisation: String::new(),
        }
    }
}

/// One event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event<'a> {
    /// `record.confirm`, `session.start`, …
    pub(crate) action: &'static str,
    /// What it is about: a record id, an account id, or nothing.
    pub(crate) object: &'a str,
    /// Its version, 0 if it has none.
    pub(crate) version: i64,
    /// `ok`, `denied`, `failed`.
    pub(crate) result: &'static str,
    /// More, from a fixed vocabulary.
    pub(crate) detail: &'a str,
}

impl<'a> Event<'a> {
    /// Something done to an object.
    pub(crate) fn done(action: &'static str, object: &'a str, version: i64) -> Self {
        Self {
            action,
            object,
            version,
            result: "ok",
            detail: "",
        }
    }

    /// Something refused.
    pub(crate) fn denied(action: &'static str, object: &'a str, detail: &'a str) -> Self {
        Self {
            action,
            object,
            version: 0,
            result: "denied",
            detail,
        }
    }
}

/// One row as stored.
#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    at: i64,
    actor: String,
    role: String,
    organisation: String,
    action: String,
    object: String,
    version: i64,
    result: String,
    detail: String,
    prev_hash: Vec<u8>,
    hash: Vec<u8>,
}

/// Appends an event inside the transaction of what it tells of.
pub(crate) async fn append(
    tx: &mut Tx,
    now: i64,
    actor: &Actor,
    event: Event<'_>,
) -> Result<(), sqlx::Error> {
    // SQLite has one writer anyway; PostgreSQL queues here until the transaction ends.
    if let Tx::Postgres(tx) = tx {
        sqlx::query("select pg_advisory_xact_lock(1263489113)")
            .execute(&mut **tx)
            .await?;
    }
    let last: Option<(i64, Vec<u8>)> = on_tx!(tx, c => sqlx::query_as(
        "select seq, hash from audit order by seq desc limit 1",
    ).fetch_optional(c))?;
    let (seq, prev_hash) = last.map_or((1, vec![0; 32]), |(seq, hash)| (seq + 1, hash));
    let row = Row {
        seq,
        at: now,
        actor: actor.account.clone(),
        role: actor.role.to_owned(),
        organisation: actor.organisation.clone(),
        action: event.action.to_owned(),
        object: event.object.to_owned(),
        version: event.version,
        result: event.result.to_owned(),
        detail: event.detail.to_owned(),
        prev_hash,
        hash: Vec::new(),
    };
    let hash = row.digest();
    change!(tx, sqlx::query(
        "insert into audit (seq, at, actor, role, organisation, action, object, version, result, detail, prev_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(row.seq).bind(row.at).bind(&row.actor).bind(&row.role).bind(&row.organisation)
    .bind(&row.action).bind(&row.object).bind(row.version).bind(&row.result).bind(&row.detail)
    .bind(&row.prev_hash).bind(&hash))?;
    Ok(())
}

/// Appends one event in a transaction of its own: reads and refusals.
pub(crate) async fn note(
    db: &Db,
    now: i64,
    actor: &Actor,
    event: Event<'_>,
) -> Result<(), sqlx::Error> {
    let mut tx = db.begin().await?;
    append(&mut tx, now, actor, event).await?;
    tx.commit().await
}

/// How many events the trail of an installation holds, if its chain is whole.
///
/// # Errors
/// The database cannot be opened, or the chain is broken at the event that is named.
pub async fn verify(config: &Config) -> Result<u64, StartError> {
    let db = Db::open(&config.database).await?;
    let result = verify_db(&db).await;
    db.close().await;
    result
}

pub(crate) async fn verify_db(db: &Db) -> Result<u64, StartError> {
    let mut expected = vec![0; 32];
    let mut seq = 0;
    loop {
        let rows: Vec<Row> = on_read!(db, pool => sqlx::query_as(
            "select seq, at, actor, role, organisation, action, object, version, result, detail, prev_hash, hash
             from audit where seq > $1 order by seq limit 1000",
        ).bind(seq).fetch_all(pool))
        .map_err(crate::store::DatabaseError::from)?;
        if rows.is_empty() {
            return Ok(u64::try_from(seq).unwrap_or(0));
        }
        for row in rows {
            if row.seq != seq + 1 || row.prev_hash != expected || row.hash != row.digest() {
                return Err(StartError::AuditBroken { seq: seq + 1 });
            }
            seq = row.seq;
            expected = row.hash;
        }
    }
}

impl Row {
    fn digest(&self) -> Vec<u8> {
        let mut hasher = Sha256::new();
        hasher.update(b"kohyo/audit/v1");
        hasher.update(&self.prev_hash);
        for number in [self.seq, self.at, self.version] {
            hasher.update(number.to_be_bytes());
        }
        for text in [
            &self.actor,
            &self.role,
            &self.organisation,
            &self.action,
            &self.object,
            &self.result,
            &self.detail,
        ] {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.finalize().to_vec()
    }
}
