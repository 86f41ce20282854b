//! Drafts (暂存件): what a window has half done, the uploads that live as long as it, and what the applicant sees of it.

use crate::sql::run;
use crate::value::{Place, big, micros};
use crate::{Digest, StoreError, Tx};
use jiff::Timestamp;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What a window has half done, to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDraft {
    /// The draft, and the filing that it is to become.
    pub id: Uuid,
    /// Whose it is: the account.
    pub owner: Uuid,
    /// At which window it is done.
    pub window: String,
    /// What a list calls it: the item, and who applies, masked.
    pub title: String,
    /// All of it: exact bytes, at most [`NewDraft::LONGEST`].
    pub body: Vec<u8>,
    /// The files that it mentions.
    pub files: Vec<Digest>,
}

/// A draft in a list (暂存件).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// The draft, and the filing that it is to become.
    pub id: Uuid,
    /// Whose it is: the account.
    pub owner: Uuid,
    /// At which window it is done.
    pub window: String,
    /// What a list calls it: the item, and who applies, masked.
    pub title: String,
    /// How often it was kept.
    pub version: u64,
    /// What the applicant confirmed of it (确认), if it was.
    pub confirmed: Option<Confirmed>,
    /// When it was first kept.
    pub created_at: Timestamp,
    /// When it was last kept.
    pub updated_at: Timestamp,
}

/// A draft with all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What a list shows.
    pub row: DraftRow,
    /// Exact bytes.
    pub body: Vec<u8>,
}

/// What an applicant confirmed on the second screen (确认).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmed {
    /// When.
    pub at: Timestamp,
    /// SHA-256 of what was shown.
    pub digest: Digest,
}

/// Where a page of drafts ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DraftKey {
    /// When the last draft of the page was kept.
    pub updated_at: Timestamp,
    /// The last draft of the page.
    pub id: Uuid,
}

/// The draft that the applicant sees at a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownDraft {
    /// The draft.
    pub draft: Uuid,
    /// Its version now.
    pub version: u64,
    /// Since when it is shown.
    pub since: Timestamp,
}

impl NewDraft {
    /// The longest body, in bytes. The database refuses longer ones.
    pub const LONGEST: usize = 1 << 20;
}

impl DraftRow {
    /// Where a page ends that ends with this draft.
    #[must_use]
    pub fn key(&self) -> DraftKey {
        DraftKey { updated_at: self.updated_at, id: self.id }
    }
}

#[derive(sqlx::FromRow)]
struct DraftColumns {
    id: Uuid,
    owner_id: Uuid,
    at_window: String,
    title: String,
    version: i64,
    confirmed_at: Option<i64>,
    confirmed_digest: Option<Vec<u8>>,
    created_at: i64,
    updated_at: i64,
}

impl DraftColumns {
    fn of(self) -> Result<DraftRow, StoreError> {
        let place = Place::new("draft", &self.id);
        let confirmed = match (self.confirmed_at, self.confirmed_digest) {
            (Some(at), Some(digest)) => Some(Confirmed { at: place.at(at)?, digest: place.digest(&digest)? }),
            (None, None) => None,
            _ => return Err(place.corrupt("half a confirmation")),
        };
        Ok(DraftRow {
            id: self.id,
            version: place.number(self.version)?,
            confirmed,
            created_at: place.at(self.created_at)?,
            updated_at: place.at(self.updated_at)?,
            owner: self.owner_id,
            window: self.at_window,
            title: self.title,
        })
    }
}

impl Tx {
    /// Keeps a draft, and has the uploads that it mentions stay as long as it does; returns its version now. `seen` is the
    /// version it follows, 0 for a new one. What the applicant confirmed is left as it is.
    ///
    /// # Errors
    /// `Stale` when another version is the newest, or the draft is gone.
    pub async fn put_draft(&mut self, draft: &NewDraft, seen: u64, now: Timestamp) -> Result<u64, StoreError> {
        const ADD: &str = "
            INSERT INTO draft (office_id, id, owner_id, at_window, title, version, created_at, updated_at, body)
            VALUES ($1, $2, $3, $4, $5, 1, $6, $6, $7)
            ON CONFLICT DO NOTHING";
        const CHANGE: &str = "
            UPDATE draft SET owner_id = $3, at_window = $4, title = $5, version = version + 1, updated_at = $6, body = $7
             WHERE office_id = $1 AND id = $2 AND version = $8";
        let NewDraft { id, owner, window, title, body, files } = draft;
        let (window, title, body, at) = (window.as_str(), title.as_str(), body.as_slice(), micros(now));
        let kept = if seen == 0 {
            run!(self.execute(ADD, self.office, *id, *owner, window, title, at, body))?
        } else {
            run!(self.execute(CHANGE, self.office, *id, *owner, window, title, at, body, big(seen)))?
        };
        if kept == 0 {
            return Err(StoreError::Stale);
        }
        self.put_draft_files(*id, files, now).await?;
        Ok(seen + 1)
    }

    /// A draft with all of it.
    pub async fn draft(&mut self, id: Uuid) -> Result<Option<Draft>, StoreError> {
        const SQL: &str = "
            SELECT id, owner_id, at_window, title, version, confirmed_at, confirmed_digest, created_at, updated_at, body
              FROM draft
             WHERE office_id = $1 AND id = $2";
        #[derive(sqlx::FromRow)]
        struct Columns {
            #[sqlx(flatten)]
            row: DraftColumns,
            body: Vec<u8>,
        }
        let row: Option<Columns> = run!(self.fetch_optional(SQL, self.office, id))?;
        row.map(|Columns { row, body }| Ok(Draft { row: row.of()?, body })).transpose()
    }

    /// The drafts of somebody, the one kept last first, behind the last one seen.
    pub async fn drafts_of(
        &mut self,
        owner: Uuid,
        after: Option<DraftKey>,
        limit: u32,
    ) -> Result<Vec<DraftRow>, StoreError> {
        const SQL: &str = "
            SELECT id, owner_id, at_window, title, version, confirmed_at, confirmed_digest, created_at, updated_at
              FROM draft
             WHERE office_id = $1 AND owner_id = $2 AND (updated_at, id) < ($3, $4)
             ORDER BY updated_at DESC, id DESC
             LIMIT $5";
        let (updated_at, id) = after.map_or((i64::MAX, Uuid::max()), |key| (micros(key.updated_at), key.id));
        let rows: Vec<DraftColumns> = run!(self.fetch_all(SQL, self.office, owner, updated_at, id, i64::from(limit)))?;
        rows.into_iter().map(DraftColumns::of).collect()
    }

    /// Notes that the applicant confirmed a version of a draft (确认). That is no new version.
    ///
    /// # Errors
    /// `Stale` when another version is the newest, or the draft is gone.
    pub async fn confirm_draft(&mut self, id: Uuid, version: u64, confirmed: Confirmed) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE draft SET confirmed_at = $4, confirmed_digest = $5
             WHERE office_id = $1 AND id = $2 AND version = $3";
        let Confirmed { at, digest } = confirmed;
        let noted = run!(self.execute(SQL, self.office, id, big(version), micros(at), digest.to_vec()))?;
        if noted == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Removes a draft, and from the second screens; false when it is gone. Uploads that no case took wait on by themselves.
    pub async fn remove_draft(&mut self, id: Uuid) -> Result<bool, StoreError> {
        const SQL: &str = "
            DELETE FROM draft
             WHERE office_id = $1 AND id = $2";
        let removed = run!(self.execute(SQL, self.office, id))? == 1;
        self.forget_what_hangs_on(id).await?;
        Ok(removed)
    }

    /// Removes drafts that were last kept before a moment, at most `limit` of them, and returns how many.
    pub async fn remove_drafts_before(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        const SQL: &str = "
            DELETE FROM draft
             WHERE office_id = $1
               AND id IN (SELECT d.id FROM draft AS d
                           WHERE d.office_id = $1 AND d.updated_at < $2
                           ORDER BY d.updated_at
                           LIMIT $3)
            RETURNING id";
        let removed: Vec<(Uuid,)> = run!(self.fetch_all(SQL, self.office, micros(before), i64::from(limit)))?;
        for (id,) in &removed {
            self.forget_what_hangs_on(*id).await?;
        }
        Ok(removed.len() as u64)
    }

    /// Shows a draft to the applicant at a window, instead of what was shown there; false when there is no such draft.
    pub async fn show_draft(&mut self, window: &str, draft: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        const SQL: &str = "
            INSERT INTO draft_shown (office_id, at_window, draft_id, since)
            SELECT office_id, $3, id, $4 FROM draft
             WHERE office_id = $1 AND id = $2
            ON CONFLICT (office_id, at_window) DO UPDATE
               SET draft_id = excluded.draft_id,
                   since = CASE WHEN draft_shown.draft_id = excluded.draft_id THEN draft_shown.since
                                ELSE excluded.since END";
        Ok(run!(self.execute(SQL, self.office, draft, window, micros(now)))? == 1)
    }

    /// Shows nothing at a window; false when nothing was shown.
    pub async fn hide_draft(&mut self, window: &str) -> Result<bool, StoreError> {
        const SQL: &str = "
            DELETE FROM draft_shown
             WHERE office_id = $1 AND at_window = $2";
        Ok(run!(self.execute(SQL, self.office, window))? == 1)
    }

    /// The draft that the applicant sees at a window.
    pub async fn shown_draft(&mut self, window: &str) -> Result<Option<ShownDraft>, StoreError> {
        const SQL: &str = "
            SELECT d.id, d.version, s.since
              FROM draft_shown AS s
              JOIN draft AS d ON d.office_id = s.office_id AND d.id = s.draft_id
             WHERE s.office_id = $1 AND s.at_window = $2";
        let row: Option<(Uuid, i64, i64)> = run!(self.fetch_optional(SQL, self.office, window))?;
        row.map(|(draft, version, since)| {
            let place = Place::new("draft_shown", &draft);
            Ok(ShownDraft { draft, version: place.number(version)?, since: place.at(since)? })
        })
        .transpose()
    }

    /// A file that is mentioned for the first time begins to wait anew: on PostgreSQL, that row is what this write and one that
    /// forgets uploads in the same moment meet at.
    async fn put_draft_files(&mut self, draft: Uuid, files: &[Digest], now: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "
            SELECT sha256 FROM draft_file
             WHERE office_id = $1 AND draft_id = $2";
        const ADD: &str = "
            INSERT INTO draft_file (office_id, draft_id, sha256)
            VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING";
        const WAIT: &str = "
            UPDATE file SET waits_since = $3
             WHERE office_id = $1 AND sha256 = $2 AND waits_since IS NOT NULL";
        const DROP: &str = "
            DELETE FROM draft_file
             WHERE office_id = $1 AND draft_id = $2 AND sha256 = $3";
        let before: Vec<(Vec<u8>,)> = run!(self.fetch_all(SQL, self.office, draft))?;
        let before: BTreeSet<Vec<u8>> = before.into_iter().map(|(sha256,)| sha256).collect();
        let after: BTreeSet<Vec<u8>> = files.iter().map(|sha256| sha256.to_vec()).collect();
        for sha256 in after.difference(&before) {
            run!(self.execute(ADD, self.office, draft, sha256.as_slice()))?;
            run!(self.execute(WAIT, self.office, sha256.as_slice(), micros(now)))?;
        }
        for sha256 in before.difference(&after) {
            run!(self.execute(DROP, self.office, draft, sha256.as_slice()))?;
        }
        Ok(())
    }

    async fn forget_what_hangs_on(&mut self, draft: Uuid) -> Result<(), StoreError> {
        const FILES: &str = "
            DELETE FROM draft_file
             WHERE office_id = $1 AND draft_id = $2";
        const SHOWN: &str = "
            DELETE FROM draft_shown
             WHERE office_id = $1 AND draft_id = $2";
        run!(self.execute(FILES, self.office, draft))?;
        run!(self.execute(SHOWN, self.office, draft))?;
        Ok(())
    }
}
