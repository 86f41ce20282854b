//! Edits the file of a journal, as somebody would who has the disk and no conscience.

use std::path::Path;

use sqlx::{ConnectOptions as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::Outcome;

/// What is done to one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tampering {
    /// One byte in the body of an event is another.
    ChangeByte,
    /// An event in the middle is gone, and those behind it move up.
    Delete,
    /// An event stands in the middle a second time, and those behind it move down.
    Insert,
    /// The last event is gone.
    CutTail,
    /// Two events have changed places.
    Swap,
    /// An event happened at another time.
    Redate,
    /// The whole stream is gone, but for its head.
    DeleteAll,
}

impl Tampering {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::ChangeByte, Self::Delete, Self::Insert, Self::CutTail, Self::Swap, Self::Redate, Self::DeleteAll];

    /// Does it to the longest stream of a database that nobody has open.
    ///
    /// # Errors
    /// When the file cannot be edited.
    pub async fn of(self, file: &Path) -> Outcome<()> {
        let mut db = SqliteConnectOptions::new().filename(file).connect().await?;
        let changed = self.edit(&mut db).await?;
        if changed == 0 { Err(format!("{self:?} changed nothing").into()) } else { Ok(()) }
    }

    async fn edit(self, db: &mut SqliteConnection) -> Outcome<u64> {
        const LONGEST: &str = "CREATE TEMP TABLE victim AS
            SELECT office_id, stream_id, MAX(seq) AS last FROM event GROUP BY office_id, stream_id ORDER BY last DESC LIMIT 1";
        const OF_VICTIM: &str = "(office_id, stream_id) = (SELECT office_id, stream_id FROM victim)";
        sqlx::query(LONGEST).execute(&mut *db).await?;
        let steps: &[&str] = match self {
            Self::ChangeByte => &[
                "UPDATE event SET body = CAST(substr(body, 1, 5) || x'7e' || substr(body, 7) AS BLOB) WHERE seq = 1 AND ",
            ],
            Self::Delete => &[
                "DELETE FROM event WHERE seq = 2 AND ",
                // Unique keys are checked row by row: by way of numbers that nobody has.
                "UPDATE event SET seq = -(seq - 1) WHERE seq > 2 AND ",
                "UPDATE event SET seq = -seq WHERE seq < 0 AND ",
            ],
            Self::Insert => &[
                "UPDATE event SET seq = -(seq + 1) WHERE seq > 2 AND ",
                "UPDATE event SET seq = -seq WHERE seq < 0 AND ",
                "INSERT INTO event SELECT office_id, stream_id, 3, kind, version, writer, occurred_at, recorded_at, body, \
                 algorithm, hash FROM event WHERE seq = 2 AND ",
            ],
            Self::CutTail => &["DELETE FROM event WHERE seq = (SELECT last FROM victim) AND "],
            Self::Swap => &[
                "UPDATE event SET seq = -2 WHERE seq = 2 AND ",
                "UPDATE event SET seq = 2 WHERE seq = 3 AND ",
                "UPDATE event SET seq = 3 WHERE seq = -2 AND ",
            ],
            Self::Redate => &["UPDATE event SET occurred_at = occurred_at - 1 WHERE seq = 2 AND "],
            Self::DeleteAll => &["DELETE FROM event WHERE "],
        };
        let mut changed = 0;
        for step in steps {
            let sql = sqlx::AssertSqlSafe(format!("{step}{OF_VICTIM}"));
            changed += sqlx::query(sql).execute(&mut *db).await?.rows_affected();
        }
        Ok(changed)
    }
}
