//! Keys hospitals seal with, and tokens their systems sign in with.

use crate::store::{Db, Tx, change, on_read, on_tx};

/// A key as registered.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Key {
    pub(crate) kid: String,
    pub(crate) hospital: String,
    pub(crate) certificate: String,
    /// `active`, `reissued`, `compromised`.
    pub(crate) state: String,
    /// When it got into this state.
    pub(crate) changed_at: i64,
    pub(crate) issued_at: i64,
    pub(crate) issued_by_name: String,
    /// Files that were received under it.
    pub(crate) imports: i64,
}

const COLUMNS: &str = "select k.kid, k.hospital, k.certificate, k.state, k.changed_at, k.issued_at,
     a.name as issued_by_name, (select count(*) from import i where i.kid = k.kid) as imports
     from hospital_key k join account a on a.id = k.issued_by";

/// A key, whoever it belongs to; the caller compares the hospital.
pub(crate) async fn find(db: &Db, kid: &str) -> Result<Option<Key>, sqlx::Error> {
    let sql = format!("{COLUMNS} where k.kid = $1");
    on_read!(db, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(kid).fetch_optional(pool))
}

/// The keys of a hospital, the newest first.
pub(crate) async fn of_hospital(db: &Db, hospital: &str) -> Result<Vec<Key>, sqlx::Error> {
    let sql = format!("{COLUMNS} where k.hospital = $1 order by k.issued_at desc, k.kid");
    on_read!(db, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(hospital).fetch_all(pool))
}

/// Registers a key; false if it is there already.
pub(crate) async fn add(
    tx: &mut Tx,
    kid: &str,
    hospital: &str,
    certificate: &str,
    by: &str,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let added = change!(tx, sqlx::query(
        "insert into hospital_key (kid, hospital, certificate, state, changed_at, issued_by, issued_at)
         values ($1, $2, $3, 'active', $4, $5, $4) on conflict (kid) do nothing",
    ).bind(kid).bind(hospital).bind(certificate).bind(now).bind(by))?;
    Ok(added > 0)
}

/// Changes the state of a hospital's key. A compromised key stays one, and the day on which a key
/// was re-issued does not change.
pub(crate) async fn set_state(
    tx: &mut Tx,
    hospital: &str,
    kid: &str,
    state: &str,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let changed = change!(
        tx,
        sqlx::query(
            "update hospital_key set state = $3, changed_at = $4
         where hospital = $1 and kid = $2 and state <> 'compromised' and state <> $3",
        )
        .bind(hospital)
        .bind(kid)
        .bind(state)
        .bind(now)
    )?;
    Ok(changed > 0)
}

/// The state of a key inside a transaction, locked until it ends.
pub(crate) async fn state_in(tx: &mut Tx, kid: &str) -> Result<Option<String>, sqlx::Error> {
    match tx {
        Tx::Sqlite(tx) => {
            sqlx::query_scalar("select state from hospital_key where kid = $1")
                .bind(kid)
                .fetch_optional(&mut **tx)
                .await
        }
        Tx::Postgres(tx) => {
            sqlx::query_scalar("select state from hospital_key where kid = $1 for share")
                .bind(kid)
                .fetch_optional(&mut **tx)
                .await
        }
    }
}

/// A token as its hospital sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Token {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) created_at: i64,
    pub(crate) created_by_name: String,
    pub(crate) revoked_at: Option<i64>,
}

/// Whom a token lets in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Bearer {
    pub(crate) id: String,
    pub(crate) hospital: String,
    /// The person who made it, in whose name it acts.
    pub(crate) account: String,
}

/// Remembers the hash of a token.
pub(crate) async fn add_token(
    tx: &mut Tx,
    id: &str,
    token_hash: &[u8],
    hospital: &str,
    label: &str,
    by: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    change!(tx, sqlx::query(
        "insert into api_token (id, token_hash, hospital, label, created_by, created_at) values ($1, $2, $3, $4, $5, $6)",
    ).bind(id).bind(token_hash).bind(hospital).bind(label).bind(by).bind(now))?;
    Ok(())
}

/// The tokens of a hospital, the newest first.
pub(crate) async fn tokens(db: &Db, hospital: &str) -> Result<Vec<Token>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(
        "select t.id, t.label, t.created_at, a.name as created_by_name, t.revoked_at
         from api_token t join account a on a.id = t.created_by
         where t.hospital = $1 order by t.created_at desc, t.id",
    ).bind(hospital).fetch_all(pool))
}

/// Makes a token let nobody in from now on.
pub(crate) async fn revoke_token(
    tx: &mut Tx,
    hospital: &str,
    id: &str,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let changed = change!(tx, sqlx::query(
        "update api_token set revoked_at = $3 where hospital = $1 and id = $2 and revoked_at is null",
    ).bind(hospital).bind(id).bind(now))?;
    Ok(changed > 0)
}

/// Whom a token lets in, unless it was revoked or its maker may not sign in any more.
pub(crate) async fn bearer(db: &Db, token_hash: &[u8]) -> Result<Option<Bearer>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(
        "select t.id, t.hospital, t.created_by as account
         from api_token t join account a on a.id = t.created_by
         where t.token_hash = $1 and t.revoked_at is null and a.disabled = 0",
    ).bind(token_hash).fetch_optional(pool))
}

/// How many keys of a hospital are in use.
pub(crate) async fn active_count(tx: &mut Tx, hospital: &str) -> Result<i64, sqlx::Error> {
    on_tx!(tx, c => sqlx::query_scalar(
        "select count(*) from hospital_key where hospital = $1 and state = 'active'",
    ).bind(hospital).fetch_one(c))
}
