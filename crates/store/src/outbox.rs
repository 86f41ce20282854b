//! What has to be told to others: written with the events, delivered later by the courier, in order per stream.
//!
//! A message names a document, which is kept once per stream and version however many recipients it has. A message that
//! is dead keeps those behind it waiting until a person replays it.
//!
//! Leases and next tries are in real time, which a demo does not move; what people are told of is in business time.

use crate::sql::run;
use crate::value::{Place, big, micros};
use crate::{StoreError, Tx};
use jiff::Timestamp;
use std::collections::HashMap;
use uuid::Uuid;

/// A message to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// The id of the message, the same over all tries.
    pub id: Uuid,
    /// The case or task it is about.
    pub stream: Uuid,
    /// To whom.
    pub recipient: Uuid,
    /// What it says, `yichuang.task.assigned`.
    pub kind: String,
    /// The version of the document it carries.
    pub document_version: u64,
    /// When it was given to the courier.
    pub queued_at: Timestamp,
    /// When it is tried first, in real time.
    pub due_at: Timestamp,
}

/// A message claimed for one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The id of the message.
    pub id: Uuid,
    /// The case or task it is about.
    pub stream: Uuid,
    /// To whom.
    pub recipient: Uuid,
    /// Its place among the messages about this stream to this recipient, from 1.
    pub sequence: u64,
    /// What it says.
    pub kind: String,
    /// The version of the document.
    pub document_version: u64,
    /// Exact bytes of the document.
    pub document: Vec<u8>,
    /// Which try this is, from 1.
    pub attempts: u32,
    /// When it was given to the courier.
    pub queued_at: Timestamp,
}

/// How the delivery of a message stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The id of the message.
    pub id: Uuid,
    /// The case or task it is about.
    pub stream: Uuid,
    /// To whom.
    pub recipient: Uuid,
    /// Its place among the messages about this stream to this recipient.
    pub sequence: u64,
    /// What it says.
    pub kind: String,
    /// How it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last failed try failed, for programs.
    pub last_error_code: Option<String>,
    /// The same for people.
    pub last_error: Option<String>,
    /// The HTTP status of the answer that delivered it.
    pub status: Option<u16>,
    /// When it is tried next, while it waits; in real time.
    pub next_at: Option<Timestamp>,
    /// When it was given to the courier.
    pub queued_at: Timestamp,
    /// When it arrived.
    pub delivered_at: Option<Timestamp>,
}

/// A try that failed, and what is to become of its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailedTry<'a> {
    /// Why, for programs.
    pub code: &'a str,
    /// The same for people.
    pub error: &'a str,
    /// When the message is tried next, in real time; none when it is dead.
    pub next_at: Option<Timestamp>,
}

/// A message that arrived, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OldDelivery {
    /// When it arrived.
    pub delivered_at: Timestamp,
    /// The id of the message.
    pub id: Uuid,
}

/// How a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is tried until it arrives.
    Pending,
    /// It arrived.
    Delivered,
    /// It is not tried any more: a person has to look.
    Dead,
}

/// How many messages are where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutboxCounts {
    /// Messages that wait or are on the way.
    pub pending: u64,
    /// Messages that wait for a person.
    pub dead: u64,
}

#[derive(sqlx::FromRow)]
struct ClaimedColumns {
    id: Uuid,
    stream_id: Uuid,
    sequence: i64,
    kind: String,
    document_version: i64,
    attempts: i64,
    queued_at: i64,
}

#[derive(sqlx::FromRow)]
struct DeliveryColumns {
    id: Uuid,
    recipient: Uuid,
    sequence: i64,
    kind: String,
    state: String,
    attempts: i64,
    last_error_code: Option<String>,
    last_error: Option<String>,
    status: Option<i64>,
    next_at: i64,
    queued_at: i64,
    delivered_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct DeadColumns {
    stream_id: Uuid,
    #[sqlx(flatten)]
    message: DeliveryColumns,
}

impl DeliveryColumns {
    fn of(self, stream: Uuid) -> Result<Delivery, StoreError> {
        let Self {
            id,
            recipient,
            sequence,
            kind,
            state,
            attempts,
            last_error_code,
            last_error,
            status,
            next_at,
            queued_at,
            delivered_at,
        } = self;
        let place = Place::new("outbox", &id);
        let state = match state.as_str() {
            "pending" => DeliveryState::Pending,
            "delivered" => DeliveryState::Delivered,
            "dead" => DeliveryState::Dead,
            _ => return Err(place.corrupt("an unknown state")),
        };
        let next_at = if state == DeliveryState::Pending { Some(place.at(next_at)?) } else { None };
        Ok(Delivery {
            id,
            stream,
            recipient,
            sequence: place.number(sequence)?,
            kind,
            state,
            attempts: place.number(attempts)?,
            last_error_code,
            last_error,
            status: status.map(|status| place.number(status)).transpose()?,
            next_at,
            queued_at: place.at(queued_at)?,
            delivered_at: place.maybe_at(delivered_at)?,
        })
    }
}

impl Tx {
    /// Keeps a document to be sent. The same version again must be the same bytes.
    ///
    /// # Errors
    /// `Stale` when this version was kept with other bytes.
    pub async fn outbox_document(&mut self, stream: Uuid, version: u64, bytes: &[u8]) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO outbox_document (office_id, stream_id, version, bytes)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING";
        let kept = run!(self.execute(SQL, self.office, stream, big(version), bytes))?;
        if kept == 1 || self.document(stream, version).await? == bytes { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Gives a message to the courier, behind all others about its stream to its recipient; returns its sequence.
    pub async fn send(&mut self, entry: &OutboxEntry) -> Result<u64, StoreError> {
        const NEXT: &str = "
            INSERT INTO outbox_sequence (office_id, recipient, stream_id, last)
            VALUES ($1, $2, $3, 1)
            ON CONFLICT (office_id, recipient, stream_id) DO UPDATE SET last = outbox_sequence.last + 1
            RETURNING last";
        const SEND: &str = "
            INSERT INTO outbox (office_id, id, stream_id, recipient, sequence, kind, document_version,
                                state, attempts, next_at, queued_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', 0, $8, $9)";
        let OutboxEntry { id, stream, recipient, kind, document_version, queued_at, due_at } = entry;
        let (sequence,): (i64,) = run!(self.fetch_one(NEXT, self.office, *recipient, *stream))?;
        run!(self.execute(
            SEND,
            self.office,
            *id,
            *stream,
            *recipient,
            sequence,
            kind.as_str(),
            big(*document_version),
            micros(*due_at),
            micros(*queued_at),
        ))?;
        Place::new("outbox_sequence", stream).number(sequence)
    }

    /// Claims messages to a recipient that are due, for one try each, until `lease_until`: of every stream only the first
    /// that has not arrived. The longest due come first.
    pub async fn claim(
        &mut self,
        recipient: Uuid,
        now: Timestamp,
        limit: u32,
        lease_until: Timestamp,
    ) -> Result<Vec<Claimed>, StoreError> {
        // The outer conditions matter when two couriers claim at once.
        const SQL: &str = "
            UPDATE outbox SET lease_until = $4, attempts = attempts + 1
             WHERE office_id = $1 AND state = 'pending' AND (lease_until IS NULL OR lease_until <= $3)
               AND id IN (
                   SELECT o.id FROM outbox AS o
                    WHERE o.office_id = $1 AND o.recipient = $2 AND o.state = 'pending' AND o.next_at <= $3
                      AND (o.lease_until IS NULL OR o.lease_until <= $3)
                      AND NOT EXISTS (SELECT 1 FROM outbox AS earlier
                                       WHERE earlier.office_id = o.office_id AND earlier.recipient = o.recipient
                                         AND earlier.stream_id = o.stream_id AND earlier.sequence < o.sequence
                                         AND earlier.state <> 'delivered')
                    ORDER BY o.next_at, o.id
                    LIMIT $5)
            RETURNING id, stream_id, sequence, kind, document_version, attempts, queued_at";
        let mut rows: Vec<ClaimedColumns> =
            run!(self.fetch_all(SQL, self.office, recipient, micros(now), micros(lease_until), i64::from(limit)))?;
        rows.sort_by_key(|row| (row.queued_at, row.id));

        let mut documents: HashMap<(Uuid, i64), Vec<u8>> = HashMap::new();
        let mut claimed = Vec::with_capacity(rows.len());
        for row in rows {
            let ClaimedColumns { id, stream_id, sequence, kind, document_version, attempts, queued_at } = row;
            let place = Place::new("outbox", &id);
            let version: u64 = place.number(document_version)?;
            let document = match documents.get(&(stream_id, document_version)) {
                Some(known) => known.clone(),
                None => self.document(stream_id, version).await?,
            };
            documents.insert((stream_id, document_version), document.clone());
            claimed.push(Claimed {
                id,
                stream: stream_id,
                recipient,
                sequence: place.number(sequence)?,
                kind,
                document_version: version,
                document,
                attempts: place.number(attempts)?,
                queued_at: place.at(queued_at)?,
            });
        }
        Ok(claimed)
    }

    /// Ends all leases of messages, when nobody is left who took them.
    pub(crate) async fn end_message_leases(&mut self) -> Result<u64, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET lease_until = NULL
             WHERE office_id = $1 AND state = 'pending' AND lease_until IS NOT NULL";
        run!(self.execute(SQL, self.office))
    }

    /// Notes that a message arrived, with the HTTP status of the answer; false when that was known.
    pub async fn delivered(&mut self, id: Uuid, now: Timestamp, status: u16) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET state = 'delivered', delivered_at = $3, status = $4, lease_until = NULL
             WHERE office_id = $1 AND id = $2 AND state <> 'delivered'";
        Ok(run!(self.execute(SQL, self.office, id, micros(now), i64::from(status)))? == 1)
    }

    /// Notes that a try failed; false when the message is not pending.
    pub async fn failed(&mut self, id: Uuid, now: Timestamp, failed: FailedTry<'_>) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET state = $4, next_at = COALESCE($5, next_at), last_error_code = $6, last_error = $7,
                              failed_at = $3, lease_until = NULL
             WHERE office_id = $1 AND id = $2 AND state = 'pending'";
        let FailedTry { code, error, next_at } = failed;
        let state = if next_at.is_some() { "pending" } else { "dead" };
        Ok(run!(self.execute(SQL, self.office, id, micros(now), state, next_at.map(micros), code, error))? == 1)
    }

    /// For whom there is something to claim now.
    pub async fn recipients_waiting(&mut self, now: Timestamp) -> Result<Vec<Uuid>, StoreError> {
        const SQL: &str = "
            SELECT DISTINCT o.recipient FROM outbox AS o
             WHERE o.office_id = $1 AND o.state = 'pending' AND o.next_at <= $2
               AND (o.lease_until IS NULL OR o.lease_until <= $2)
               AND NOT EXISTS (SELECT 1 FROM outbox AS earlier
                                WHERE earlier.office_id = o.office_id AND earlier.recipient = o.recipient
                                  AND earlier.stream_id = o.stream_id AND earlier.sequence < o.sequence
                                  AND earlier.state <> 'delivered')
             ORDER BY o.recipient";
        let rows: Vec<(Uuid,)> = run!(self.fetch_all(SQL, self.office, micros(now)))?;
        Ok(rows.into_iter().map(|(recipient,)| recipient).collect())
    }

    /// When there is next something to claim, if nothing happens meanwhile: the courier may sleep until then.
    pub async fn next_due(&mut self) -> Result<Option<Timestamp>, StoreError> {
        const SQL: &str = "
            SELECT MIN(CASE WHEN o.lease_until > o.next_at THEN o.lease_until ELSE o.next_at END)
              FROM outbox AS o
             WHERE o.office_id = $1 AND o.state = 'pending'
               AND NOT EXISTS (SELECT 1 FROM outbox AS earlier
                                WHERE earlier.office_id = o.office_id AND earlier.recipient = o.recipient
                                  AND earlier.stream_id = o.stream_id AND earlier.sequence < o.sequence
                                  AND earlier.state <> 'delivered')";
        let (due,): (Option<i64>,) = run!(self.fetch_one(SQL, self.office))?;
        Place::new("outbox", &"next_at").maybe_at(due)
    }

    /// How the messages about a stream stand, oldest first.
    pub async fn deliveries(&mut self, stream: Uuid) -> Result<Vec<Delivery>, StoreError> {
        const SQL: &str = "
            SELECT id, recipient, sequence, kind, state, attempts, last_error_code, last_error, status, next_at,
                   queued_at, delivered_at
              FROM outbox
             WHERE office_id = $1 AND stream_id = $2
             ORDER BY queued_at, recipient, sequence";
        let rows: Vec<DeliveryColumns> = run!(self.fetch_all(SQL, self.office, stream))?;
        rows.into_iter().map(|row| row.of(stream)).collect()
    }

    /// The messages that are not tried any more, the oldest first, behind the last one seen.
    pub async fn dead_messages(&mut self, after: Option<Uuid>, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        const SQL: &str = "
            SELECT stream_id, id, recipient, sequence, kind, state, attempts, last_error_code, last_error, status, next_at,
                   queued_at, delivered_at
              FROM outbox
             WHERE office_id = $1 AND state = 'dead' AND id > $2
             ORDER BY id
             LIMIT $3";
        let rows: Vec<DeadColumns> =
            run!(self.fetch_all(SQL, self.office, after.unwrap_or_default(), i64::from(limit)))?;
        rows.into_iter().map(|row| row.message.of(row.stream_id)).collect()
    }

    /// Lets a dead message be tried again, as often as a new one; false when it is not dead.
    pub async fn replay_dead(&mut self, id: Uuid, due_at: Timestamp) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET state = 'pending', attempts = 0, next_at = $3
             WHERE office_id = $1 AND id = $2 AND state = 'dead'";
        Ok(run!(self.execute(SQL, self.office, id, micros(due_at)))? == 1)
    }

    /// Messages that arrived before a moment and were followed by another to the same recipient about the same stream,
    /// oldest first, behind the last one seen. The newest says how it stands with the recipient.
    pub async fn outdated_deliveries(
        &mut self,
        before: Timestamp,
        after: Option<OldDelivery>,
        limit: u32,
    ) -> Result<Vec<OldDelivery>, StoreError> {
        const SQL: &str = "
            SELECT o.delivered_at, o.id
              FROM outbox AS o
              JOIN outbox_sequence AS s
                ON s.office_id = o.office_id AND s.recipient = o.recipient AND s.stream_id = o.stream_id
             WHERE o.office_id = $1 AND o.state = 'delivered' AND o.delivered_at < $2 AND o.sequence < s.last
               AND (o.delivered_at, o.id) > ($3, $4)
             ORDER BY o.delivered_at, o.id
             LIMIT $5";
        let OldDelivery { delivered_at, id } =
            after.unwrap_or(OldDelivery { delivered_at: Timestamp::MIN, id: Uuid::nil() });
        let rows: Vec<(i64, Uuid)> =
            run!(self.fetch_all(SQL, self.office, micros(before), micros(delivered_at), id, i64::from(limit)))?;
        rows.into_iter()
            .map(|(delivered_at, id)| Ok(OldDelivery { delivered_at: Place::new("outbox", &id).at(delivered_at)?, id }))
            .collect()
    }

    /// Removes a message that arrived. The sequence to its recipient goes on.
    pub async fn purge_delivered(&mut self, id: Uuid) -> Result<(), StoreError> {
        const SQL: &str = "
            DELETE FROM outbox
             WHERE office_id = $1 AND id = $2 AND state = 'delivered'";
        run!(self.execute(SQL, self.office, id))?;
        Ok(())
    }

    /// Streams and versions of documents that arrived with all who got them before a moment, behind the last one seen.
    pub async fn outdated_documents(
        &mut self,
        before: Timestamp,
        after: Option<(Uuid, u64)>,
        limit: u32,
    ) -> Result<Vec<(Uuid, u64)>, StoreError> {
        const SQL: &str = "
            SELECT d.stream_id, d.version FROM outbox_document AS d
             WHERE d.office_id = $1
               AND NOT EXISTS (SELECT 1 FROM outbox AS o
                                WHERE o.office_id = d.office_id AND o.stream_id = d.stream_id
                                  AND o.document_version = d.version
                                  AND (o.state <> 'delivered' OR o.delivered_at >= $2))
               AND (d.stream_id, d.version) > ($3, $4)
             ORDER BY d.stream_id, d.version
             LIMIT $5";
        let (stream, version) = after.unwrap_or_default();
        let rows: Vec<(Uuid, i64)> =
            run!(self.fetch_all(SQL, self.office, micros(before), stream, big(version), i64::from(limit)))?;
        rows.into_iter()
            .map(|(stream, version)| Ok((stream, Place::new("outbox_document", &stream).number(version)?)))
            .collect()
    }

    /// Removes a document that nobody waits for any more.
    pub async fn purge_document(&mut self, stream: Uuid, version: u64) -> Result<(), StoreError> {
        const SQL: &str = "
            DELETE FROM outbox_document
             WHERE office_id = $1 AND stream_id = $2 AND version = $3
               AND NOT EXISTS (SELECT 1 FROM outbox AS o
                                WHERE o.office_id = $1 AND o.stream_id = $2 AND o.document_version = $3
                                  AND o.state <> 'delivered')";
        run!(self.execute(SQL, self.office, stream, big(version)))?;
        Ok(())
    }

    /// Since when the message waits that waits longest.
    pub async fn oldest_waiting(&mut self) -> Result<Option<Timestamp>, StoreError> {
        const SQL: &str = "
            SELECT MIN(queued_at) FROM outbox
             WHERE office_id = $1 AND state = 'pending'";
        let (oldest,): (Option<i64>,) = run!(self.fetch_one(SQL, self.office))?;
        Place::new("outbox", &"queued_at").maybe_at(oldest)
    }

    /// How many messages wait, and how many wait for a person.
    pub async fn outbox_counts(&mut self) -> Result<OutboxCounts, StoreError> {
        const SQL: &str = "
            SELECT 'pending', COUNT(*) FROM outbox WHERE office_id = $1 AND state = 'pending'
            UNION ALL
            SELECT 'dead', COUNT(*) FROM outbox WHERE office_id = $1 AND state = 'dead'";
        let rows: Vec<(String, i64)> = run!(self.fetch_all(SQL, self.office))?;
        let mut counts = OutboxCounts::default();
        for (state, count) in rows {
            let count = Place::new("outbox", &state).number(count)?;
            match state.as_str() {
                "pending" => counts.pending = count,
                "dead" => counts.dead = count,
                _ => return Err(StoreError::corrupt("outbox", state, "an unknown state")),
            }
        }
        Ok(counts)
    }

    async fn document(&mut self, stream: Uuid, version: u64) -> Result<Vec<u8>, StoreError> {
        const SQL: &str = "
            SELECT bytes FROM outbox_document
             WHERE office_id = $1 AND stream_id = $2 AND version = $3";
        let row: Option<(Vec<u8>,)> = run!(self.fetch_optional(SQL, self.office, stream, big(version)))?;
        row.map(|(bytes,)| bytes).ok_or_else(|| StoreError::not_there("outbox_document", stream))
    }
}
