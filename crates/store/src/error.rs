//! Why something could not be read or kept.

use std::error::Error;
use std::io;

/// Why something could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row that has to be there is not.
    #[error("there is no {key} in {table}")]
    NotThere {
        /// The table without the row.
        table: &'static str,
        /// The key asked for.
        key: String,
    },

    /// Somebody else was first: the version seen is no longer the newest.
    #[error("it was changed meanwhile")]
    Stale,

    /// What is to be kept is kept already, and is something else.
    #[error("{key} in {table} is kept already, with other content")]
    Different {
        /// The table of the row.
        table: &'static str,
        /// The key of the row.
        key: String,
    },

    /// A row that this program cannot have written.
    #[error("{key} in {table} makes no sense: {what}")]
    Corrupt {
        /// The table of the row.
        table: &'static str,
        /// The key of the row.
        key: String,
        /// What does not make sense.
        what: &'static str,
    },

    /// The database cannot be reached, is closed or too busy. Nothing was kept; trying again later may help.
    #[error("the database cannot be reached")]
    Unavailable(#[source] Option<Box<dyn Error + Send + Sync>>),

    /// The write may or may not have been kept: read back by id before trying again.
    #[error("it is not known whether the write was kept")]
    Unknown(#[source] Option<Box<dyn Error + Send + Sync>>),

    /// The database refused a statement. Nothing was kept.
    #[error("the database refused a statement")]
    Database(#[source] Box<dyn Error + Send + Sync>),

    /// A content-addressed file could not be written or read.
    #[error("the file could not be written or read")]
    File(#[source] io::Error),
}

impl StoreError {
    /// The short word that callers act on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotThere { .. } => "not-there",
            Self::Stale => "stale",
            Self::Different { .. } => "different",
            Self::Corrupt { .. } => "corrupt",
            Self::Unavailable(_) => "unavailable",
            Self::Unknown(_) => "unknown",
            Self::Database(_) => "database",
            Self::File(_) => "file",
        }
    }

    /// The error of a row that makes no sense.
    pub(crate) fn corrupt(table: &'static str, key: impl ToString, what: &'static str) -> Self {
        Self::Corrupt { table, key: key.to_string(), what }
    }

    /// The error of a row that is there with other content.
    pub(crate) fn different(table: &'static str, key: impl ToString) -> Self {
        Self::Different { table, key: key.to_string() }
    }

    /// The error of a row that has to be there and is not.
    pub(crate) fn not_there(table: &'static str, key: impl ToString) -> Self {
        Self::NotThere { table, key: key.to_string() }
    }

    /// A failure of the driver before anything was committed.
    pub(crate) fn of(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match error {
            E::PoolClosed => Self::Unavailable(None),
            E::Io(_) | E::Tls(_) | E::Protocol(_) | E::PoolTimedOut | E::WorkerCrashed => {
                Self::Unavailable(Some(Box::new(error)))
            }
            E::Database(ref refusal) if is_absence(refusal.code().as_deref()) => {
                Self::Unavailable(Some(Box::new(error)))
            }
            other => Self::Database(Box::new(other)),
        }
    }
}

/// Whether a database says that it is going away, full or busy, and not that a statement is wrong: of PostgreSQL the classes
/// 08 (connection), 53 (resources) and 57P (operator), of SQLite 5 (busy).
fn is_absence(code: Option<&str>) -> bool {
    code.is_some_and(|code| {
        code == "5" || code.len() == 5 && (code.starts_with("08") || code.starts_with("53") || code.starts_with("57P"))
    })
}
