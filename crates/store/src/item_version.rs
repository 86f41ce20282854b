//! The published items (事项), every version with its exact text. A version never changes; it can be withdrawn.

use crate::sql::run;
use crate::value::{Place, micros};
use crate::{Digest, StoreError, Tx};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A version of an item, to be published (发布).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewItemVersion {
    /// Which item.
    pub code: String,
    /// Which version of it.
    pub version: u32,
    /// What it is called.
    pub name: String,
    /// Who decides.
    pub department: Uuid,
    /// When it is published.
    pub published_at: Timestamp,
    /// By whom.
    pub published_by: String,
    /// What it says: exact bytes.
    pub text: Vec<u8>,
}

/// A version of an item in a list (事项版本).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemVersionRow {
    /// Which item.
    pub code: String,
    /// Which version of it.
    pub version: u32,
    /// SHA-256 of what it says.
    pub sha256: Digest,
    /// What it is called.
    pub name: String,
    /// Who decides.
    pub department: Uuid,
    /// When it was published.
    pub published_at: Timestamp,
    /// By whom.
    pub published_by: String,
    /// When it was withdrawn and by whom (停用), if it was.
    pub withdrawn: Option<(Timestamp, String)>,
}

/// A version of an item with all that it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemVersion {
    /// What a list shows.
    pub row: ItemVersionRow,
    /// What it says: exact bytes.
    pub text: Vec<u8>,
}

/// The counter of changes of the catalogue.
const CHANGES: &str = "catalogue";

#[derive(sqlx::FromRow)]
struct RowColumns {
    code: String,
    version: i64,
    sha256: Vec<u8>,
    name: String,
    department_id: Uuid,
    state: String,
    published_at: i64,
    published_by: String,
    withdrawn_at: Option<i64>,
    withdrawn_by: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Columns {
    #[sqlx(flatten)]
    row: RowColumns,
    text: Vec<u8>,
}

impl RowColumns {
    fn of(self) -> Result<ItemVersionRow, StoreError> {
        let place = Place::new("item_version", &self.code);
        let withdrawn = match (self.state.as_str(), self.withdrawn_at, self.withdrawn_by) {
            ("published", None, None) => None,
            ("withdrawn", Some(at), Some(by)) => Some((place.at(at)?, by)),
            _ => return Err(place.corrupt("an unknown state")),
        };
        Ok(ItemVersionRow {
            version: place.number(self.version)?,
            sha256: place.digest(&self.sha256)?,
            published_at: place.at(self.published_at)?,
            withdrawn,
            name: self.name,
            department: self.department_id,
            published_by: self.published_by,
            code: self.code,
        })
    }
}

impl Columns {
    fn of(self) -> Result<ItemVersion, StoreError> {
        let version = ItemVersion { row: self.row.of()?, text: self.text };
        if sha256(&version.text) == version.row.sha256 {
            Ok(version)
        } else {
            Err(StoreError::corrupt("item_version", version.row.code, "a text that does not have its hash"))
        }
    }
}

fn sha256(text: &[u8]) -> Digest {
    Sha256::digest(text).into()
}

impl Tx {
    /// Publishes a version of an item (发布). The same with the same text again changes nothing, also when it was withdrawn
    /// meanwhile; false then.
    ///
    /// # Errors
    /// `Different` when this version was published with another text.
    pub async fn publish_item(&mut self, item: &NewItemVersion) -> Result<bool, StoreError> {
        const SQL: &str = "
            INSERT INTO item_version (office_id, code, version, sha256, name, department_id, state, published_at, published_by,
                                      text)
            VALUES ($1, $2, $3, $4, $5, $6, 'published', $7, $8, $9)
            ON CONFLICT DO NOTHING";
        let NewItemVersion { code, version, name, department, published_at, published_by, text } = item;
        let added = run!(self.execute(
            SQL,
            self.office,
            code.as_str(),
            i64::from(*version),
            sha256(text).to_vec(),
            name.as_str(),
            *department,
            micros(*published_at),
            published_by.as_str(),
            text.as_slice(),
        ))?;
        if added == 1 {
            self.next(CHANGES).await?;
            return Ok(true);
        }
        match self.item_version(code, *version).await? {
            Some(known) if known.text == *text => Ok(false),
            _ => Err(StoreError::different("item_version", format!("{code} {version}"))),
        }
    }

    /// Withdraws a version of an item (停用): nothing new is taken by it. False when it is not there or was withdrawn.
    pub async fn withdraw_item(
        &mut self,
        code: &str,
        version: u32,
        now: Timestamp,
        by: &str,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE item_version SET state = 'withdrawn', withdrawn_at = $4, withdrawn_by = $5
             WHERE office_id = $1 AND code = $2 AND version = $3 AND state = 'published'";
        let withdrawn = run!(self.execute(SQL, self.office, code, i64::from(version), micros(now), by))? == 1;
        if withdrawn {
            self.next(CHANGES).await?;
        }
        Ok(withdrawn)
    }

    /// A version of an item, withdrawn or not.
    pub async fn item_version(&mut self, code: &str, version: u32) -> Result<Option<ItemVersion>, StoreError> {
        const SQL: &str = "
            SELECT code, version, sha256, name, department_id, state, published_at, published_by, withdrawn_at, withdrawn_by,
                   text
              FROM item_version
             WHERE office_id = $1 AND code = $2 AND version = $3";
        let row: Option<Columns> = run!(self.fetch_optional(SQL, self.office, code, i64::from(version)))?;
        row.map(Columns::of).transpose()
    }

    /// All versions of all items, withdrawn ones too, by code and version, behind the last one seen.
    pub async fn all_item_versions(
        &mut self,
        after: Option<(&str, u32)>,
        limit: u32,
    ) -> Result<Vec<ItemVersion>, StoreError> {
        const SQL: &str = "
            SELECT code, version, sha256, name, department_id, state, published_at, published_by, withdrawn_at, withdrawn_by,
                   text
              FROM item_version
             WHERE office_id = $1 AND (code, version) > ($2, $3)
             ORDER BY code, version
             LIMIT $4";
        let (code, version) = after.map_or(("", -1), |(code, version)| (code, i64::from(version)));
        let rows: Vec<Columns> = run!(self.fetch_all(SQL, self.office, code, version, i64::from(limit)))?;
        rows.into_iter().map(Columns::of).collect()
    }

    /// The versions of an item, withdrawn ones too, newest first, older than `after`.
    pub async fn item_versions(
        &mut self,
        code: &str,
        after: Option<u32>,
        limit: u32,
    ) -> Result<Vec<ItemVersionRow>, StoreError> {
        const SQL: &str = "
            SELECT code, version, sha256, name, department_id, state, published_at, published_by, withdrawn_at, withdrawn_by
              FROM item_version
             WHERE office_id = $1 AND code = $2 AND version < $3
             ORDER BY version DESC
             LIMIT $4";
        let after = after.map_or(i64::MAX, i64::from);
        let rows: Vec<RowColumns> = run!(self.fetch_all(SQL, self.office, code, after, i64::from(limit)))?;
        rows.into_iter().map(RowColumns::of).collect()
    }

    /// How often the catalogue changed: another one than before means that something was published or withdrawn meanwhile.
    pub async fn catalogue_mark(&mut self) -> Result<u64, StoreError> {
        self.last(CHANGES).await
    }
}
