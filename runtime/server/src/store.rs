//! The only place with SQL.
//!
//! One SQL text serves SQLite and PostgreSQL; the few that differ say so. Every write goes
//! through [`Tx`], together with its audit event, so that neither exists without the other.

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use std::str::FromStr;
use std::time::Duration;

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod hospital_keys;
pub(crate) mod imports;
pub(crate) mod municipal;
pub(crate) mod records;
pub(crate) mod sessions;

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// SQLite before this version can corrupt a database in WAL mode under a rare race.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// The database.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    /// Embedded: one connection writes, several read.
    Sqlite { write: SqlitePool, read: SqlitePool },
    /// The production engine.
    Postgres(PgPool),
}

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// It cannot be opened, reached or brought up to date.
    #[error("データベースを開けません: {0}")]
    Open(#[from] sqlx::Error),
    /// A migration failed.
    #[error("データベースを更新できません: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// An address of another kind.
    #[error(
        "データベースの指定「{0}」は使えません。sqlite:// または postgres:// で指定してください"
    )]
    Address(String),
    /// The SQLite in this binary is too old.
    #[error("SQLite {0} は古すぎます（3.51.3 以降が必要です）")]
    SqliteVersion(String),
}

/// Runs one query on whichever database it is, outside a transaction.
macro_rules! on_read {
    ($db:expr, $pool:ident => $query:expr) => {
        match $db {
            $crate::store::Db::Sqlite { read: $pool, .. } => $query.await,
            $crate::store::Db::Postgres($pool) => $query.await,
        }
    };
}

/// Runs one query inside a transaction.
macro_rules! on_tx {
    ($tx:expr, $connection:ident => $query:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                let $connection = &mut **tx;
                $query.await
            }
            $crate::store::Tx::Postgres(tx) => {
                let $connection = &mut **tx;
                $query.await
            }
        }
    };
}

/// Runs one statement that changes rows, and says how many it changed.
macro_rules! change {
    ($tx:expr, $query:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => $query
                .execute(&mut **tx)
                .await
                .map(|done| done.rows_affected()),
            $crate::store::Tx::Postgres(tx) => $query
                .execute(&mut **tx)
                .await
                .map(|done| done.rows_affected()),
        }
    };
}

pub(crate) use {change, on_read, on_tx};

/// One transaction. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub(crate) enum Tx {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Db {
    /// Opens a database and brings it up to date.
    pub(crate) async fn open(address: &str) -> Result<Self, DatabaseError> {
        if address.starts_with("sqlite:") {
            Self::open_sqlite(address).await
        } else if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            Self::open_postgres(address).await
        } else {
            // The address may hold a password: only its kind is repeated.
            let kind = address.split(':').next().unwrap_or_default();
            Err(DatabaseError::Address(kind.to_owned()))
        }
    }

    async fn open_sqlite(address: &str) -> Result<Self, DatabaseError> {
        let options = SqliteConnectOptions::from_str(address)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("secure_delete", "on")
            .busy_timeout(Duration::from_secs(5));
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        let version: String = sqlx::query_scalar("select sqlite_version()")
            .fetch_one(&write)
            .await?;
        if sqlite_version(&version) < OLDEST_SQLITE {
            return Err(DatabaseError::SqliteVersion(version));
        }
        SQLITE.run(&write).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self::Sqlite { write, read })
    }

    async fn open_postgres(address: &str) -> Result<Self, DatabaseError> {
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(Duration::from_secs(10))
            .connect(address)
            .await?;
        POSTGRES.run(&pool).await?;
        Ok(Self::Postgres(pool))
    }

    /// Begins a transaction that may write.
    pub(crate) async fn begin(&self) -> Result<Tx, sqlx::Error> {
        match self {
            // A deferred transaction could fail halfway when another process writes first.
            Self::Sqlite { write, .. } => write.begin_with("begin immediate").await.map(Tx::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        }
    }

    /// Whether the database answers.
    pub(crate) async fn answers(&self) -> bool {
        let one: Result<i64, _> =
            on_read!(self, pool => sqlx::query_scalar("select count(*) from meta").fetch_one(pool));
        one.is_ok()
    }

    /// Remembers the key this database is sealed with, or compares it.
    ///
    /// False means that the database was sealed with another key.
    pub(crate) async fn fits_key(&self, fingerprint: &[u8]) -> Result<bool, sqlx::Error> {
        let mut tx = self.begin().await?;
        change!(
            &mut tx,
            sqlx::query(
                "insert into meta (name, value) values ('key', $1) on conflict (name) do nothing",
            )
            .bind(fingerprint)
        )?;
        let stored: Vec<u8> = on_tx!(&mut tx, c => sqlx::query_scalar(
            "select value from meta where name = 'key'",
        ).fetch_one(c))?;
        tx.commit().await?;
        Ok(stored == fingerprint)
    }

    /// Closes every connection; what was committed stays.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes it happen.
    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}

/// What ends a query whose rows stay locked until the transaction does. A SQLite transaction that
/// writes is alone.
fn for_update(tx: &Tx) -> &'static str {
    match tx {
        Tx::Sqlite(_) => "",
        Tx::Postgres(_) => " for update",
    }
}

fn sqlite_version(text: &str) -> (u32, u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_versions_are_compared_by_number() {
        assert!(sqlite_version("3.51.3") >= OLDEST_SQLITE);
        assert!(sqlite_version("3.100.0") > OLDEST_SQLITE);
        assert!(sqlite_version("3.51.2") < OLDEST_SQLITE);
    }

    #[tokio::test]
    async fn an_unknown_kind_of_database_is_refused_without_its_password() {
        let error = Db::open("mysql://user:secret@host/db").await.unwrap_err();
        assert!(error.to_string().contains("mysql"));
        assert!(!error.to_string().contains("secret"));
    }
}
