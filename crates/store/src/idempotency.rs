//! Answers to requests that may be sent again under the same key.

use crate::sql::run;
use crate::value::{Place, micros};
use crate::{Digest, StoreError, Tx};
use jiff::Timestamp;
use uuid::Uuid;

/// What was answered under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// The same request: this is its answer.
    Same {
        /// The HTTP status.
        status: u16,
        /// Exact bytes.
        body: Vec<u8>,
    },
    /// The key was used for another request.
    Different,
}

impl Tx {
    /// What was answered to `key` within `scope` (an account), if anything.
    pub async fn answered(&mut self, scope: Uuid, key: &str, request: Digest) -> Result<Option<Answered>, StoreError> {
        const SQL: &str = "
            SELECT request_hash, status, body FROM answered
             WHERE office_id = $1 AND scope = $2 AND key = $3";
        let row: Option<(Vec<u8>, i64, Vec<u8>)> = run!(self.fetch_optional(SQL, self.office, scope, key))?;
        let Some((hash, status, body)) = row else {
            return Ok(None);
        };
        if hash != request {
            return Ok(Some(Answered::Different));
        }
        Ok(Some(Answered::Same { status: Place::new("answered", &key).number(status)?, body }))
    }

    /// Keeps the answer to a request, in the write that did what it asked.
    ///
    /// # Errors
    /// `Stale` when somebody answered under this key meanwhile.
    pub async fn remember(
        &mut self,
        scope: Uuid,
        key: &str,
        request: Digest,
        status: u16,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO answered (office_id, scope, key, request_hash, status, body, answered_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT DO NOTHING";
        let kept =
            run!(self.execute(SQL, self.office, scope, key, request.to_vec(), i64::from(status), body, micros(now),))?;
        if kept == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Forgets answers from before a moment, at most `limit` of them, and returns how many.
    pub async fn forget_answers(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        const SQL: &str = "
            DELETE FROM answered
             WHERE office_id = $1
               AND (scope, key) IN (SELECT a.scope, a.key FROM answered AS a
                                     WHERE a.office_id = $1 AND a.answered_at < $2
                                     ORDER BY a.answered_at
                                     LIMIT $3)";
        run!(self.execute(SQL, self.office, micros(before), i64::from(limit)))
    }
}
