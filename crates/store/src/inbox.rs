//! What others told: every message once, and in order per sender and stream.

use crate::sql::run;
use crate::value::{Place, big, micros};
use crate::{Digest, StoreError, Tx};
use jiff::Timestamp;
use uuid::Uuid;

/// A message that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival<'a> {
    /// Who sent it.
    pub source: Uuid,
    /// Its id, as the sender gave it.
    pub message_id: &'a str,
    /// The case or task it is about.
    pub stream: Uuid,
    /// Its place among the sender's messages about this stream, from 1.
    pub sequence: u64,
    /// SHA-256 of its body.
    pub digest: Digest,
}

/// What is to be done with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// It is new and the next: do what it says, in this write, and keep the answer.
    New,
    /// It was received before: give the same answer again. Without one it was received and not answered for.
    Duplicate {
        /// What was answered.
        answer: Option<Answer>,
    },
    /// It is not the next one. Nothing was kept.
    Gap {
        /// The sequence that is expected next.
        expected: u64,
    },
    /// There was another message with this id: another stream, sequence or body. Nothing was kept.
    Different,
}

/// A message that came, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldArrival {
    /// When it came.
    pub received_at: Timestamp,
    /// Who sent it.
    pub source: Uuid,
    /// Its id, as the sender gave it.
    pub message_id: String,
}

/// What was answered to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, perhaps empty.
    pub body: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct InboxColumns {
    stream_id: Uuid,
    sequence: i64,
    digest: Vec<u8>,
    status: Option<i64>,
    answer: Option<Vec<u8>>,
}

impl Tx {
    /// Takes a message in, unless it was taken in before or is not the next.
    pub async fn receive(&mut self, arrival: Arrival<'_>, now: Timestamp) -> Result<Received, StoreError> {
        const NEXT: &str = "
            INSERT INTO inbox_sequence (office_id, source, stream_id, last)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT (office_id, source, stream_id) DO UPDATE SET last = excluded.last";
        const KEEP: &str = "
            INSERT INTO inbox (office_id, source, message_id, stream_id, sequence, digest, received_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let Arrival { source, message_id, stream, sequence, digest } = arrival;
        if let Some(before) = self.received(arrival).await? {
            return Ok(before);
        }
        let expected = self.last_received(source, stream).await? + 1;
        if sequence != expected {
            return Ok(Received::Gap { expected });
        }
        run!(self.execute(NEXT, self.office, source, stream, big(sequence)))?;
        run!(
            self.execute(KEEP, self.office, source, message_id, stream, big(sequence), digest.to_vec(), micros(now),)
        )?;
        Ok(Received::New)
    }

    /// Keeps what is answered to a message that was new in this write.
    ///
    /// # Errors
    /// `NotThere` when there is no such message.
    pub async fn answer(&mut self, source: Uuid, message_id: &str, answer: &Answer) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE inbox SET status = $4, answer = $5
             WHERE office_id = $1 AND source = $2 AND message_id = $3";
        let Answer { status, body } = answer;
        let kept = run!(self.execute(SQL, self.office, source, message_id, i64::from(*status), body.as_slice()))?;
        if kept == 1 { Ok(()) } else { Err(StoreError::not_there("inbox", message_id)) }
    }

    /// The sequence of the newest message of a sender about a stream, 0 when there was none.
    pub async fn last_received(&mut self, source: Uuid, stream: Uuid) -> Result<u64, StoreError> {
        const SQL: &str = "
            SELECT last FROM inbox_sequence
             WHERE office_id = $1 AND source = $2 AND stream_id = $3";
        let row: Option<(i64,)> = run!(self.fetch_optional(SQL, self.office, source, stream))?;
        row.map_or(Ok(0), |(last,)| Place::new("inbox_sequence", &stream).number(last))
    }

    /// Messages that came before a moment and were followed by another from the same sender about the same stream, oldest
    /// first, behind the last one seen. Who sends in order sends them no more; the newest can come again however long ago it
    /// came.
    pub async fn outdated_arrivals(
        &mut self,
        before: Timestamp,
        after: Option<OldArrival>,
        limit: u32,
    ) -> Result<Vec<OldArrival>, StoreError> {
        const SQL: &str = "
            SELECT i.received_at, i.source, i.message_id
              FROM inbox AS i
              JOIN inbox_sequence AS s
                ON s.office_id = i.office_id AND s.source = i.source AND s.stream_id = i.stream_id
             WHERE i.office_id = $1 AND i.received_at < $2 AND i.sequence < s.last
               AND (i.received_at, i.source, i.message_id) > ($3, $4, $5)
             ORDER BY i.received_at, i.source, i.message_id
             LIMIT $6";
        let first = || OldArrival { received_at: Timestamp::MIN, source: Uuid::nil(), message_id: String::new() };
        let OldArrival { received_at, source, message_id } = after.unwrap_or_else(first);
        let rows: Vec<(i64, Uuid, String)> = run!(self.fetch_all(
            SQL,
            self.office,
            micros(before),
            micros(received_at),
            source,
            message_id.as_str(),
            i64::from(limit)
        ))?;
        rows.into_iter()
            .map(|(received_at, source, message_id)| {
                let received_at = Place::new("inbox", &message_id).at(received_at)?;
                Ok(OldArrival { received_at, source, message_id })
            })
            .collect()
    }

    /// Forgets a message that came. The sequence of its sender goes on.
    pub async fn forget_arrival(&mut self, source: Uuid, message_id: &str) -> Result<(), StoreError> {
        const SQL: &str = "
            DELETE FROM inbox
             WHERE office_id = $1 AND source = $2 AND message_id = $3";
        run!(self.execute(SQL, self.office, source, message_id))?;
        Ok(())
    }

    async fn received(&mut self, arrival: Arrival<'_>) -> Result<Option<Received>, StoreError> {
        const SQL: &str = "
            SELECT stream_id, sequence, digest, status, answer FROM inbox
             WHERE office_id = $1 AND source = $2 AND message_id = $3";
        let Arrival { source, message_id, stream, sequence, digest } = arrival;
        let row: Option<InboxColumns> = run!(self.fetch_optional(SQL, self.office, source, message_id))?;
        let Some(row) = row else { return Ok(None) };
        if (row.stream_id, row.sequence, row.digest.as_slice()) != (stream, big(sequence), digest.as_slice()) {
            return Ok(Some(Received::Different));
        }
        let place = Place::new("inbox", &message_id);
        let answer = match (row.status, row.answer) {
            (Some(status), Some(body)) => Some(Answer { status: place.number(status)?, body }),
            _ => None,
        };
        Ok(Some(Received::Duplicate { answer }))
    }
}
