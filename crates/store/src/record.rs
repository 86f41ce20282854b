//! Personal content: kept beside the journal, referenced by it, and erasable.
//!
//! An event names a record and its salted digest. Erasing takes content and salt, so that the digest in the journal stays
//! true and tells nothing.

use crate::sql::run;
use crate::value::{Place, micros};
use crate::{Digest, Salt, StoreError, Tx};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// What an event says of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// The record.
    pub record: Uuid,
    /// SHA-256 over salt and content.
    pub digest: Digest,
}

/// What there is of a record, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// The record.
    pub id: Uuid,
    /// What it holds: `applicant`, `form`, `opinion`.
    pub kind: String,
    /// When it was kept.
    pub kept_at: Timestamp,
    /// When its content was erased.
    pub erased_at: Option<Timestamp>,
}

/// Whether a record is what an event says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordCheck {
    /// It is.
    Matches,
    /// It is not.
    Differs,
    /// It was erased: nothing is left to compare.
    Erased,
}

/// The digest under which content is sealed.
#[must_use]
pub fn seal(content: &[u8], salt: Salt) -> Digest {
    let mut hash = Sha256::new();
    hash.update(b"record-sha256-1");
    hash.update(salt.0);
    hash.update((content.len() as u64).to_be_bytes());
    hash.update(content);
    hash.finalize().into()
}

impl Tx {
    /// Keeps personal content of a stream under a digest salted with `salt` ([`Salt::random`], made before the write).
    ///
    /// # Errors
    /// `Database` when there is a record with this id.
    pub async fn keep_record(
        &mut self,
        id: Uuid,
        stream: Uuid,
        kind: &str,
        content: &[u8],
        salt: Salt,
        now: Timestamp,
    ) -> Result<Sealed, StoreError> {
        const SQL: &str = "
            INSERT INTO record (office_id, id, stream_id, kind, salt, digest, content, kept_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let digest = seal(content, salt);
        run!(
            self.execute(SQL, self.office, id, stream, kind, salt.0.to_vec(), digest.to_vec(), content, micros(now),)
        )?;
        Ok(Sealed { record: id, digest })
    }

    /// The content of a record; `None` when there is none or it was erased.
    pub async fn record(&mut self, id: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
        const SQL: &str = "
            SELECT content FROM record
             WHERE office_id = $1 AND id = $2 AND content IS NOT NULL";
        let row: Option<(Vec<u8>,)> = run!(self.fetch_optional(SQL, self.office, id))?;
        Ok(row.map(|(content,)| content))
    }

    /// The records of a stream, oldest id first.
    pub async fn records(&mut self, stream: Uuid) -> Result<Vec<RecordRow>, StoreError> {
        const SQL: &str = "
            SELECT id, kind, kept_at, erased_at FROM record
             WHERE office_id = $1 AND stream_id = $2
             ORDER BY id";
        let rows: Vec<(Uuid, String, i64, Option<i64>)> = run!(self.fetch_all(SQL, self.office, stream))?;
        rows.into_iter()
            .map(|(id, kind, kept_at, erased_at)| {
                let place = Place::new("record", &id);
                Ok(RecordRow { id, kind, kept_at: place.at(kept_at)?, erased_at: place.maybe_at(erased_at)? })
            })
            .collect()
    }

    /// Erases content and salt of a record; false when there was nothing to erase.
    pub async fn erase_record(&mut self, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE record SET content = NULL, salt = NULL, erased_at = $3
             WHERE office_id = $1 AND id = $2 AND content IS NOT NULL";
        Ok(run!(self.execute(SQL, self.office, id, micros(now)))? == 1)
    }

    /// Compares a record with the digest an event has of it.
    ///
    /// # Errors
    /// `NotThere` when there never was such a record.
    pub async fn record_matches(&mut self, id: Uuid, digest: Digest) -> Result<RecordCheck, StoreError> {
        const SQL: &str = "
            SELECT salt, content FROM record
             WHERE office_id = $1 AND id = $2";
        type Row = (Option<Vec<u8>>, Option<Vec<u8>>);
        let row: Option<Row> = run!(self.fetch_optional(SQL, self.office, id))?;
        let (salt, content) = row.ok_or_else(|| StoreError::not_there("record", id))?;
        let (Some(salt), Some(content)) = (salt, content) else {
            return Ok(RecordCheck::Erased);
        };
        let salt = salt.try_into().map_err(|_| StoreError::corrupt("record", id, "a salt that is not 16 bytes"))?;
        Ok(if seal(&content, Salt(salt)) == digest { RecordCheck::Matches } else { RecordCheck::Differs })
    }
}
