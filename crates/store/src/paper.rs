//! Papers: made with their case or task, filled with bytes later.

use crate::sql::run;
use crate::value::{Place, big, micros};
use crate::{Digest, StoreError, Tx};
use jiff::Timestamp;
use uuid::Uuid;

/// A paper of a case or task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperRow {
    /// The paper.
    pub id: Uuid,
    /// Its case or task.
    pub case: Uuid,
    /// `intake-receipt`, `acceptance-notice`, `decision`, `certificate`.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Whether its bytes are here.
    pub state: PaperState,
    /// Hash of its bytes, once known.
    pub sha256: Option<Digest>,
    /// How many bytes, once known.
    pub size: Option<u64>,
    /// The record with the model it is rendered from, when it is rendered here.
    pub model: Option<Uuid>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Whether the bytes of a paper are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperState {
    /// To be rendered here.
    Pending,
    /// Rendered elsewhere; its hash is not known yet.
    Announced,
    /// Rendered elsewhere; its hash is known and its bytes are to be fetched.
    Expected,
    /// Here.
    Ready,
}

/// A file to be fetched from whoever rendered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedFile {
    /// The paper.
    pub paper: Uuid,
    /// Its case.
    pub case: Uuid,
    /// Hash of its bytes.
    pub sha256: Digest,
    /// How many bytes.
    pub size: u64,
}

#[derive(sqlx::FromRow)]
struct PaperColumns {
    id: Uuid,
    case_id: Uuid,
    kind: String,
    title: String,
    number: String,
    state: String,
    sha256: Option<Vec<u8>>,
    size: Option<i64>,
    model_id: Option<Uuid>,
    created_at: i64,
}

impl PaperColumns {
    fn of(self) -> Result<PaperRow, StoreError> {
        let Self { id, case_id, kind, title, number, state, sha256, size, model_id, created_at } = self;
        let place = Place::new("paper", &id);
        Ok(PaperRow {
            id,
            case: case_id,
            kind,
            title,
            number,
            state: PaperState::of(&state).ok_or_else(|| place.corrupt("an unknown state"))?,
            sha256: sha256.map(|sha256| place.digest(&sha256)).transpose()?,
            size: size.map(|size| place.number(size)).transpose()?,
            model: model_id,
            created_at: place.at(created_at)?,
        })
    }
}

impl PaperState {
    fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Announced => "announced",
            Self::Expected => "expected",
            Self::Ready => "ready",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::Pending, Self::Announced, Self::Expected, Self::Ready].into_iter().find(|state| state.word() == word)
    }
}

impl Tx {
    /// Adds a paper. The same id again changes nothing; false then.
    pub async fn put_paper(&mut self, paper: &PaperRow) -> Result<bool, StoreError> {
        const SQL: &str = "
            INSERT INTO paper (office_id, id, case_id, kind, title, number, state, sha256, size, model_id, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT DO NOTHING";
        let PaperRow { id, case, kind, title, number, state, sha256, size, model, created_at } = paper;
        let added = run!(self.execute(
            SQL,
            self.office,
            *id,
            *case,
            kind.as_str(),
            title.as_str(),
            number.as_str(),
            state.word(),
            sha256.map(|sha256| sha256.to_vec()),
            size.map(big),
            *model,
            micros(*created_at),
        ))?;
        Ok(added == 1)
    }

    /// A paper.
    pub async fn paper(&mut self, id: Uuid) -> Result<Option<PaperRow>, StoreError> {
        const SQL: &str = "
            SELECT id, case_id, kind, title, number, state, sha256, size, model_id, created_at FROM paper
             WHERE office_id = $1 AND id = $2";
        let row: Option<PaperColumns> = run!(self.fetch_optional(SQL, self.office, id))?;
        row.map(PaperColumns::of).transpose()
    }

    /// The newest paper with a number: numbers are unique per authority, not over all.
    pub async fn paper_by_number(&mut self, number: &str) -> Result<Option<PaperRow>, StoreError> {
        const SQL: &str = "
            SELECT id, case_id, kind, title, number, state, sha256, size, model_id, created_at FROM paper
             WHERE office_id = $1 AND number = $2
             ORDER BY id DESC
             LIMIT 1";
        let row: Option<PaperColumns> = run!(self.fetch_optional(SQL, self.office, number))?;
        row.map(PaperColumns::of).transpose()
    }

    /// The papers of a case or task, oldest first.
    pub async fn papers(&mut self, case: Uuid) -> Result<Vec<PaperRow>, StoreError> {
        const SQL: &str = "
            SELECT id, case_id, kind, title, number, state, sha256, size, model_id, created_at FROM paper
             WHERE office_id = $1 AND case_id = $2
             ORDER BY created_at, id";
        let rows: Vec<PaperColumns> = run!(self.fetch_all(SQL, self.office, case))?;
        rows.into_iter().map(PaperColumns::of).collect()
    }

    /// Papers to be rendered here, oldest first.
    pub async fn pending_papers(&mut self, limit: u32) -> Result<Vec<PaperRow>, StoreError> {
        const SQL: &str = "
            SELECT id, case_id, kind, title, number, state, sha256, size, model_id, created_at FROM paper
             WHERE office_id = $1 AND state = 'pending'
             ORDER BY id
             LIMIT $2";
        let rows: Vec<PaperColumns> = run!(self.fetch_all(SQL, self.office, i64::from(limit)))?;
        rows.into_iter().map(PaperColumns::of).collect()
    }

    /// Files to be fetched, oldest paper first.
    pub async fn expected_files(&mut self, limit: u32) -> Result<Vec<ExpectedFile>, StoreError> {
        const SQL: &str = "
            SELECT id, case_id, sha256, size FROM paper
             WHERE office_id = $1 AND state = 'expected'
             ORDER BY id
             LIMIT $2";
        let rows: Vec<(Uuid, Uuid, Vec<u8>, i64)> = run!(self.fetch_all(SQL, self.office, i64::from(limit)))?;
        rows.into_iter()
            .map(|(paper, case, sha256, size)| {
                let place = Place::new("paper", &paper);
                Ok(ExpectedFile { paper, case, sha256: place.digest(&sha256)?, size: place.number(size)? })
            })
            .collect()
    }

    /// Notes the hash of a paper that was announced; false when it is not waiting for one.
    pub async fn paper_expected(&mut self, id: Uuid, sha256: Digest, size: u64) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE paper SET state = 'expected', sha256 = $3, size = $4
             WHERE office_id = $1 AND id = $2 AND state = 'announced'";
        Ok(run!(self.execute(SQL, self.office, id, sha256.to_vec(), big(size)))? == 1)
    }

    /// Notes that the bytes of a paper are here; false when they were, or are not the expected ones.
    pub async fn paper_ready(&mut self, id: Uuid, sha256: Digest, size: u64) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE paper SET state = 'ready', sha256 = $3, size = $4
             WHERE office_id = $1 AND id = $2
               AND (state = 'pending' OR state = 'expected' AND sha256 = $3 AND size = $4)";
        Ok(run!(self.execute(SQL, self.office, id, sha256.to_vec(), big(size)))? == 1)
    }
}
