//! The journal: what happened, in order, per stream (a case or a task). Stored bytes never change.
//!
//! Each stream has its own chain: an event's hash covers all its columns and the hash before it, in a canonical
//! length-prefixed encoding. The head row holds version and hash of the newest event, so that a tail cut off shows. Somebody
//! who can rewrite events *and* head can forge a chain: nothing signs the heads yet.

use crate::sql::run;
use crate::value::{Place, big, micros};
use crate::{Digest, Store, StoreError, Tx};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The algorithm of the chains written now.
const ALGORITHM: &str = "sha256-1";

/// The hash before the first event.
const BEGINNING: Digest = [0; 32];

/// An event to be appended. The stored form of its body is the caller's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// What happened, `case.accepted`.
    pub kind: String,
    /// The version of the body's form.
    pub version: u16,
    /// When it happened; microseconds are kept.
    pub occurred_at: Timestamp,
    /// Who wrote it: an account, a window, a department.
    pub writer: String,
    /// Exact bytes.
    pub body: Vec<u8>,
}

impl NewEvent {
    /// An event to be appended.
    #[must_use]
    pub fn new(
        kind: impl Into<String>,
        version: u16,
        occurred_at: Timestamp,
        writer: impl Into<String>,
        body: Vec<u8>,
    ) -> Self {
        Self { kind: kind.into(), version, occurred_at, writer: writer.into(), body }
    }
}

/// An event of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its stream.
    pub stream: Uuid,
    /// Its place in the stream, from 1, without gaps.
    pub seq: u64,
    /// What happened.
    pub kind: String,
    /// The version of the body's form.
    pub version: u16,
    /// Who wrote it.
    pub writer: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was kept.
    pub recorded_at: Timestamp,
    /// Exact bytes.
    pub body: Vec<u8>,
    /// Its link of the chain.
    pub hash: Digest,
}

/// The newest version of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The number of its events.
    pub version: u64,
    /// The hash of its newest event.
    pub hash: Digest,
}

/// Where and how a stream is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainFault {
    /// The stream.
    pub stream: Uuid,
    /// The first place where it shows.
    pub seq: u64,
    /// What shows there.
    pub what: Fault,
}

/// What is wrong with a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// An event is not what was hashed, or does not follow the one before.
    Changed,
    /// An event is missing, in the middle or at the end.
    Missing,
    /// There are more events than the head knows.
    Inserted,
    /// All events follow each other, but the head names another hash, or is gone.
    HeadDiffers,
}

/// How far [`Store::verify_journal`] has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JournalProgress {
    /// Streams verified.
    pub streams: u64,
    /// Events verified.
    pub events: u64,
    /// Faults found.
    pub faults: u64,
}

/// What [`Store::verify_journal`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalReport {
    /// Streams verified.
    pub streams: u64,
    /// Events verified.
    pub events: u64,
    /// The first fault of each stream that has one.
    pub faults: Vec<ChainFault>,
}

#[derive(sqlx::FromRow)]
struct EventColumns {
    seq: i64,
    kind: String,
    version: i64,
    writer: String,
    occurred_at: i64,
    recorded_at: i64,
    body: Vec<u8>,
    hash: Vec<u8>,
}

impl EventColumns {
    fn of(self, stream: Uuid) -> Result<StoredEvent, StoreError> {
        let Self { seq, kind, version, writer, occurred_at, recorded_at, body, hash } = self;
        let place = Place::new("event", &stream);
        Ok(StoredEvent {
            stream,
            seq: place.number(seq)?,
            kind,
            version: place.number(version)?,
            writer,
            occurred_at: place.at(occurred_at)?,
            recorded_at: place.at(recorded_at)?,
            body,
            hash: place.digest(&hash)?,
        })
    }
}

impl Tx {
    /// Appends events to a stream that has `expected` of them, and returns its new version.
    ///
    /// # Errors
    /// `Stale` when the stream has another version.
    pub async fn append(
        &mut self,
        stream: Uuid,
        expected: u64,
        events: &[NewEvent],
        recorded_at: Timestamp,
    ) -> Result<u64, StoreError> {
        // A new stream needs no look: its head row will not go in twice.
        let before = if expected == 0 && !events.is_empty() { None } else { self.head(stream).await? };
        if before.map_or(0, |head| head.version) != expected {
            return Err(StoreError::Stale);
        }
        let mut previous = before.map_or(BEGINNING, |head| head.hash);
        let mut hashes = Vec::with_capacity(events.len());
        for (seq, event) in (expected + 1..).zip(events) {
            previous = link(self.office, stream, seq, event, recorded_at, &previous);
            hashes.push(previous);
        }
        if hashes.is_empty() {
            return Ok(expected);
        }
        let version = expected + hashes.len() as u64;
        self.move_head(stream, expected, Head { version, hash: previous }).await?;
        for ((seq, event), hash) in (expected + 1..).zip(events).zip(hashes) {
            self.insert_event(stream, seq, event, recorded_at, hash).await?;
        }
        Ok(version)
    }

    /// Version and hash of a stream; `None` when nothing was ever appended.
    pub async fn head(&mut self, stream: Uuid) -> Result<Option<Head>, StoreError> {
        const SQL: &str = "
            SELECT version, hash FROM stream_head
             WHERE office_id = $1 AND stream_id = $2";
        let row: Option<(i64, Vec<u8>)> = run!(self.fetch_optional(SQL, self.office, stream))?;
        let place = Place::new("stream_head", &stream);
        row.map(|(version, hash)| Ok(Head { version: place.number(version)?, hash: place.digest(&hash)? })).transpose()
    }

    /// All events of a stream, in order.
    pub async fn load(&mut self, stream: Uuid) -> Result<Vec<StoredEvent>, StoreError> {
        self.events_after(stream, 0, u32::MAX).await
    }

    /// The events of a stream behind `seq`, in order.
    pub async fn events_after(&mut self, stream: Uuid, seq: u64, limit: u32) -> Result<Vec<StoredEvent>, StoreError> {
        const SQL: &str = "
            SELECT seq, kind, version, writer, occurred_at, recorded_at, body, hash FROM event
             WHERE office_id = $1 AND stream_id = $2 AND seq > $3
             ORDER BY seq
             LIMIT $4";
        let rows: Vec<EventColumns> = run!(self.fetch_all(SQL, self.office, stream, big(seq), i64::from(limit)))?;
        rows.into_iter().map(|row| row.of(stream)).collect()
    }

    /// The first fault of a stream's chain; `None` when it is as it was written.
    pub async fn verify(&mut self, stream: Uuid) -> Result<Option<ChainFault>, StoreError> {
        Ok(self.verify_counting(stream).await?.1)
    }

    async fn verify_counting(&mut self, stream: Uuid) -> Result<(u64, Option<ChainFault>), StoreError> {
        let head = self.head(stream).await?;
        let mut chain = Chain::new(self.office, stream);
        loop {
            let events = self.events_after(stream, chain.seq, 1000).await?;
            if events.is_empty() {
                let fault = chain.end(head);
                return Ok((chain.seq, fault));
            }
            for event in &events {
                if let Some(fault) = chain.next(event, head) {
                    return Ok((chain.seq, Some(fault)));
                }
            }
        }
    }

    async fn move_head(&mut self, stream: Uuid, expected: u64, head: Head) -> Result<(), StoreError> {
        const FIRST: &str = "
            INSERT INTO stream_head (office_id, stream_id, version, algorithm, hash)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING";
        const NEXT: &str = "
            UPDATE stream_head SET version = $3, algorithm = $4, hash = $5
             WHERE office_id = $1 AND stream_id = $2 AND version = $6";
        let (version, hash) = (big(head.version), head.hash.to_vec());
        let moved = if expected == 0 {
            run!(self.execute(FIRST, self.office, stream, version, ALGORITHM, hash))?
        } else {
            run!(self.execute(NEXT, self.office, stream, version, ALGORITHM, hash, big(expected)))?
        };
        if moved == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    async fn insert_event(
        &mut self,
        stream: Uuid,
        seq: u64,
        event: &NewEvent,
        recorded_at: Timestamp,
        hash: Digest,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO event (office_id, stream_id, seq, kind, version, writer, occurred_at, recorded_at, body, algorithm, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let NewEvent { kind, version, occurred_at, writer, body } = event;
        run!(self.execute(
            SQL,
            self.office,
            stream,
            big(seq),
            kind.as_str(),
            i64::from(*version),
            writer.as_str(),
            micros(*occurred_at),
            micros(recorded_at),
            body.as_slice(),
            ALGORITHM,
            hash.to_vec(),
        ))?;
        Ok(())
    }

    async fn streams_after(&mut self, after: Uuid) -> Result<Vec<Uuid>, StoreError> {
        const SQL: &str = "
            SELECT stream_id FROM stream_head
             WHERE office_id = $1 AND stream_id > $2
             ORDER BY stream_id
             LIMIT 500";
        let rows: Vec<(Uuid,)> = run!(self.fetch_all(SQL, self.office, after))?;
        Ok(rows.into_iter().map(|(stream,)| stream).collect())
    }

    /// Streams that have events and no head.
    async fn headless_streams(&mut self) -> Result<Vec<Uuid>, StoreError> {
        const SQL: &str = "
            SELECT DISTINCT stream_id FROM event AS e
             WHERE office_id = $1
               AND NOT EXISTS (SELECT 1 FROM stream_head AS h
                                WHERE h.office_id = e.office_id AND h.stream_id = e.stream_id)
             ORDER BY stream_id";
        let rows: Vec<(Uuid,)> = run!(self.fetch_all(SQL, self.office))?;
        Ok(rows.into_iter().map(|(stream,)| stream).collect())
    }
}

impl Store {
    /// Verifies the chains of all streams of the office, telling from time to time how far it has come.
    ///
    /// A stream that was removed with its head is not missed here: only signed heads could tell of it.
    pub async fn verify_journal(
        &self,
        mut progress: impl FnMut(JournalProgress) + Send,
    ) -> Result<JournalReport, StoreError> {
        let mut report = JournalReport::default();
        let mut after = Uuid::nil();
        loop {
            // A page is one moment: what is appended meanwhile is seen whole or not at all.
            let mut tx = self.read().await?;
            let streams = tx.streams_after(after).await?;
            let Some(&last) = streams.last() else { break };
            report.verify(&mut tx, &streams).await?;
            progress(report.progress());
            after = last;
        }
        let mut tx = self.read().await?;
        let headless = tx.headless_streams().await?;
        report.verify(&mut tx, &headless).await?;
        progress(report.progress());
        Ok(report)
    }
}

impl JournalReport {
    async fn verify(&mut self, tx: &mut Tx, streams: &[Uuid]) -> Result<(), StoreError> {
        for stream in streams {
            let (events, fault) = tx.verify_counting(*stream).await?;
            self.streams += 1;
            self.events += events;
            self.faults.extend(fault);
        }
        Ok(())
    }

    fn progress(&self) -> JournalProgress {
        JournalProgress { streams: self.streams, events: self.events, faults: self.faults.len() as u64 }
    }
}

/// Follows the links of one stream.
struct Chain {
    office: Uuid,
    stream: Uuid,
    seq: u64,
    hash: Digest,
}

impl Chain {
    fn new(office: Uuid, stream: Uuid) -> Self {
        Self { office, stream, seq: 0, hash: BEGINNING }
    }

    fn next(&mut self, event: &StoredEvent, head: Option<Head>) -> Option<ChainFault> {
        let expected = self.seq + 1;
        if head.is_some_and(|head| event.seq > head.version) {
            let what = if event.seq == expected { Fault::Inserted } else { Fault::Missing };
            return self.fault(expected, what);
        }
        if event.seq != expected {
            return self.fault(expected, Fault::Missing);
        }
        let StoredEvent { stream, seq, kind, version, writer, occurred_at, recorded_at, body, hash } = event;
        let as_new = NewEvent::new(kind, *version, *occurred_at, writer, body.clone());
        if link(self.office, *stream, *seq, &as_new, *recorded_at, &self.hash) != *hash {
            return self.fault(expected, Fault::Changed);
        }
        self.seq = expected;
        self.hash = *hash;
        None
    }

    fn end(&self, head: Option<Head>) -> Option<ChainFault> {
        match head {
            None if self.seq == 0 => None,
            None => self.fault(self.seq, Fault::HeadDiffers),
            Some(head) if head.version > self.seq => self.fault(self.seq + 1, Fault::Missing),
            Some(head) if head.hash != self.hash => self.fault(self.seq, Fault::HeadDiffers),
            Some(_) => None,
        }
    }

    fn fault(&self, seq: u64, what: Fault) -> Option<ChainFault> {
        Some(ChainFault { stream: self.stream, seq, what })
    }
}

/// The hash of an event: all its columns, what varies in length behind its length, and the hash before it.
fn link(office: Uuid, stream: Uuid, seq: u64, event: &NewEvent, recorded_at: Timestamp, previous: &Digest) -> Digest {
    let NewEvent { kind, version, occurred_at, writer, body } = event;
    let mut hash = Sha256::new();
    for part in [
        ALGORITHM.as_bytes(),
        office.as_bytes(),
        stream.as_bytes(),
        &seq.to_be_bytes(),
        kind.as_bytes(),
        &version.to_be_bytes(),
        writer.as_bytes(),
        &micros(*occurred_at).to_be_bytes(),
        &micros(recorded_at).to_be_bytes(),
        body,
        previous,
    ] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
