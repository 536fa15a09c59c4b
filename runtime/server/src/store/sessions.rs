//! Signed-in browsers, by the hash of their token.

use crate::store::accounts::Account;
use crate::store::{Db, Tx, change, on_read};

/// Signed out after so many seconds without a request.
pub(crate) const IDLE: i64 = 30 * 60;
/// Signed out after so many seconds in any case.
pub(crate) const ABSOLUTE: i64 = 12 * 60 * 60;

/// A session still good at some moment.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Live {
    pub(crate) csrf: String,
    pub(crate) seen_at: i64,
    #[sqlx(flatten)]
    pub(crate) account: Account,
}

/// Begins a session.
pub(crate) async fn start(
    tx: &mut Tx,
    token_hash: &[u8],
    account: &str,
    csrf: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    change!(tx, sqlx::query(
        "insert into session (token_hash, account, csrf, created_at, seen_at) values ($1, $2, $3, $4, $4)",
    ).bind(token_hash).bind(account).bind(csrf).bind(now))?;
    Ok(())
}

/// The session of a token, unless it has ended or its account is disabled.
pub(crate) async fn live(
    db: &Db,
    token_hash: &[u8],
    now: i64,
) -> Result<Option<Live>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(
        "select s.csrf, s.seen_at, a.id, a.organisation, a.role, a.name, a.doctor_number, a.department, a.manager,
                o.name as organisation_name, o.address as organisation_address, o.phone as organisation_phone,
                o.number as organisation_number
         from session s join account a on a.id = s.account join organisation o on o.id = a.organisation
         where s.token_hash = $1 and s.seen_at > $2 and s.created_at > $3 and a.disabled = 0",
    ).bind(token_hash).bind(now - IDLE).bind(now - ABSOLUTE).fetch_optional(pool))
}

/// Notes that a session was used.
pub(crate) async fn seen(tx: &mut Tx, token_hash: &[u8], now: i64) -> Result<(), sqlx::Error> {
    change!(
        tx,
        sqlx::query("update session set seen_at = $2 where token_hash = $1")
            .bind(token_hash)
            .bind(now)
    )?;
    Ok(())
}

/// Ends a session.
pub(crate) async fn end(tx: &mut Tx, token_hash: &[u8]) -> Result<(), sqlx::Error> {
    change!(
        tx,
        sqlx::query("delete from session where token_hash = $1").bind(token_hash)
    )?;
    Ok(())
}

/// Removes sessions that have ended by themselves.
pub(crate) async fn sweep(tx: &mut Tx, now: i64) -> Result<(), sqlx::Error> {
    change!(
        tx,
        sqlx::query("delete from session where seen_at <= $1 or created_at <= $2")
            .bind(now - IDLE)
            .bind(now - ABSOLUTE)
    )?;
    Ok(())
}
