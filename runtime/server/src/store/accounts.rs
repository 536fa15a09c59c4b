//! Accounts and the organisations they belong to.

use crate::store::{Db, Tx, change, for_update, on_read, on_tx};

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// 指定医: drafts and confirms.
    Physician,
    /// 医療クラーク: drafts, never confirms.
    Clerk,
    /// 自治体の担当者: reads by access key, fills the administrative fields.
    Officer,
}

impl Role {
    /// The word in the database and the audit trail.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Physician => "physician",
            Self::Clerk => "clerk",
            Self::Officer => "officer",
        }
    }

    /// The word people read.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Physician => "指定医",
            Self::Clerk => "医療クラーク",
            Self::Officer => "自治体担当者",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Physician, Self::Clerk, Self::Officer]
            .into_iter()
            .find(|role| role.name() == name)
    }
}

/// A person with the organisation they work for.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) organisation: String,
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) doctor_number: String,
    pub(crate) department: String,
    pub(crate) organisation_name: String,
    pub(crate) organisation_address: String,
    pub(crate) organisation_phone: String,
    /// 医療機関番号, as keys and containers have it; empty for a municipality.
    pub(crate) organisation_number: String,
    /// 1 for the 責任者 of the organisation.
    pub(crate) manager: i64,
}

/// What signing in needs to know.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Credentials {
    pub(crate) id: String,
    pub(crate) organisation: String,
    pub(crate) role: String,
    pub(crate) password_hash: String,
    pub(crate) misses: i64,
    pub(crate) locked_until: i64,
    pub(crate) disabled: i64,
}

impl Credentials {
    /// Whether somebody may sign in now, with the right password.
    pub(crate) fn is_open(&self, now: i64) -> bool {
        self.disabled == 0 && self.locked_until <= now
    }
}

const CREDENTIALS: &str =
    "select id, organisation, role, password_hash, misses, locked_until, disabled
     from account where login = $1";

/// Finds what signing in needs by log-in name.
pub(crate) async fn credentials(db: &Db, login: &str) -> Result<Option<Credentials>, sqlx::Error> {
    on_read!(db, pool => sqlx::query_as(CREDENTIALS).bind(login).fetch_optional(pool))
}

/// The same inside a transaction, locked against others until it ends.
pub(crate) async fn credentials_in(
    tx: &mut Tx,
    login: &str,
) -> Result<Option<Credentials>, sqlx::Error> {
    let sql = format!("{CREDENTIALS}{}", for_update(tx));
    on_tx!(tx, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(login).fetch_optional(c))
}

/// Counts a wrong password; from the fifth on the account is locked until `until`.
pub(crate) async fn miss(
    tx: &mut Tx,
    account: &str,
    most: i64,
    until: i64,
) -> Result<(), sqlx::Error> {
    change!(
        tx,
        sqlx::query(
            "update account set misses = misses + 1,
           locked_until = case when misses + 1 >= $2 then $3 else locked_until end
         where id = $1",
        )
        .bind(account)
        .bind(most)
        .bind(until)
    )?;
    Ok(())
}

/// Forgets wrong passwords after a right one.
pub(crate) async fn forgive(tx: &mut Tx, account: &str) -> Result<(), sqlx::Error> {
    change!(
        tx,
        sqlx::query("update account set misses = 0, locked_until = 0 where id = $1").bind(account)
    )?;
    Ok(())
}

/// A new organisation.
pub(crate) struct NewOrganisation<'a> {
    pub(crate) id: &'a str,
    pub(crate) kind: &'static str,
    pub(crate) name: &'a str,
    pub(crate) address: &'a str,
    pub(crate) phone: &'a str,
    /// 医療機関番号.
    pub(crate) number: &'a str,
}

/// Adds an organisation unless its id is there.
pub(crate) async fn add_organisation(
    tx: &mut Tx,
    new: &NewOrganisation<'_>,
) -> Result<(), sqlx::Error> {
    change!(
        tx,
        sqlx::query(
            "insert into organisation (id, kind, name, address, phone, number) values ($1, $2, $3, $4, $5, $6)
         on conflict (id) do nothing",
        )
        .bind(new.id)
        .bind(new.kind)
        .bind(new.name)
        .bind(new.address)
        .bind(new.phone)
        .bind(new.number)
    )?;
    Ok(())
}

/// A new account.
pub(crate) struct NewAccount<'a> {
    pub(crate) id: &'a str,
    pub(crate) login: &'a str,
    pub(crate) organisation: &'a str,
    pub(crate) role: Role,
    pub(crate) name: &'a str,
    pub(crate) doctor_number: &'a str,
    pub(crate) department: &'a str,
    pub(crate) password_hash: &'a str,
    /// Whether this is the 責任者.
    pub(crate) manager: bool,
}

/// Adds an account; false if the log-in name is taken.
pub(crate) async fn add_account(tx: &mut Tx, new: &NewAccount<'_>) -> Result<bool, sqlx::Error> {
    let added = change!(tx, sqlx::query(
        "insert into account (id, login, organisation, role, name, doctor_number, department, password_hash, manager)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (login) do nothing",
    ).bind(new.id).bind(new.login).bind(new.organisation).bind(new.role.name()).bind(new.name)
    .bind(new.doctor_number).bind(new.department).bind(new.password_hash).bind(i64::from(new.manager)))?;
    Ok(added > 0)
}
