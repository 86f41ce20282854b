//! What an applicant handed in and need not hand in again (申请人材料).

use crate::sql::run;
use crate::value::{Place, big, micros, text};
use crate::{Digest, StoreError, Tx};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

/// A file that an applicant handed in with a case (申请人材料). The same file of a kind is one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicantMaterial {
    /// Whose it is.
    pub applicant: Uuid,
    /// What it is, over all items: `id-card`, `lease`, …
    pub kind: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// What the item called it.
    pub name: String,
    /// What its file was called.
    pub file_name: String,
    /// What its bytes are.
    pub media_type: String,
    /// How many bytes.
    pub size: u64,
    /// The date on it, if it has one.
    pub dated: Option<Date>,
    /// The last day on which it is good, if there is one (有效期至).
    pub valid_until: Option<Date>,
    /// The case that it last came with.
    pub case: Uuid,
    /// When it was last handed in.
    pub handed_at: Timestamp,
}

/// Where a page of an applicant's materials ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaterialKey {
    /// The kind of the last one of the page.
    pub kind: String,
    /// When that was handed in.
    pub handed_at: Timestamp,
    /// Its hash.
    pub sha256: Digest,
}

impl ApplicantMaterial {
    /// Where a page ends that ends with this material.
    #[must_use]
    pub fn key(&self) -> MaterialKey {
        MaterialKey { kind: self.kind.clone(), handed_at: self.handed_at, sha256: self.sha256 }
    }
}

/// Behind every kind, in the order of both databases.
const BEHIND_ALL: &str = "\u{10ffff}";

/// The columns before which a page begins.
fn before(after: Option<&MaterialKey>) -> (&str, i64, Vec<u8>) {
    after.map_or((BEHIND_ALL, i64::MAX, vec![]), |key| (key.kind.as_str(), micros(key.handed_at), key.sha256.to_vec()))
}

#[derive(sqlx::FromRow)]
struct MaterialColumns {
    applicant_id: Uuid,
    kind: String,
    sha256: Vec<u8>,
    name: String,
    file_name: String,
    media_type: String,
    size: i64,
    dated: Option<String>,
    valid_until: Option<String>,
    case_id: Uuid,
    handed_at: i64,
}

impl MaterialColumns {
    fn of(self) -> Result<ApplicantMaterial, StoreError> {
        let place = Place::new("applicant_material", &self.applicant_id);
        Ok(ApplicantMaterial {
            applicant: self.applicant_id,
            sha256: place.digest(&self.sha256)?,
            size: place.number(self.size)?,
            dated: place.maybe_date(self.dated)?,
            valid_until: place.maybe_date(self.valid_until)?,
            handed_at: place.at(self.handed_at)?,
            kind: self.kind,
            name: self.name,
            file_name: self.file_name,
            media_type: self.media_type,
            case: self.case_id,
        })
    }
}

impl Tx {
    /// Notes what an applicant handed in, and has its file stay. The same file of the same kind again is the same row, with
    /// what is said of it now.
    ///
    /// # Errors
    /// `Stale` when the file is not known any more.
    pub async fn put_applicant_material(&mut self, material: &ApplicantMaterial) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO applicant_material (office_id, applicant_id, kind, sha256, name, file_name, media_type, size, dated,
                                            valid_until, case_id, handed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (office_id, applicant_id, kind, sha256) DO UPDATE
               SET name = excluded.name, file_name = excluded.file_name, media_type = excluded.media_type,
                   size = excluded.size, dated = excluded.dated, valid_until = excluded.valid_until,
                   case_id = excluded.case_id, handed_at = excluded.handed_at";
        let ApplicantMaterial {
            applicant,
            kind,
            sha256,
            name,
            file_name,
            media_type,
            size,
            dated,
            valid_until,
            case,
            handed_at,
        } = material;
        self.take_file(*sha256).await?;
        run!(self.execute(
            SQL,
            self.office,
            *applicant,
            kind.as_str(),
            sha256.to_vec(),
            name.as_str(),
            file_name.as_str(),
            media_type.as_str(),
            big(*size),
            dated.map(text),
            valid_until.map(text),
            *case,
            micros(*handed_at),
        ))?;
        Ok(())
    }

    /// What an applicant handed in as a kind, by its hash.
    pub async fn applicant_material(
        &mut self,
        applicant: Uuid,
        kind: &str,
        sha256: Digest,
    ) -> Result<Option<ApplicantMaterial>, StoreError> {
        const SQL: &str = "
            SELECT applicant_id, kind, sha256, name, file_name, media_type, size, dated, valid_until, case_id, handed_at
              FROM applicant_material
             WHERE office_id = $1 AND applicant_id = $2 AND kind = $3 AND sha256 = $4";
        let row: Option<MaterialColumns> =
            run!(self.fetch_optional(SQL, self.office, applicant, kind, sha256.to_vec()))?;
        row.map(MaterialColumns::of).transpose()
    }

    /// All that an applicant handed in, kind by kind, of each the newest first, behind the last one seen.
    pub async fn applicant_materials(
        &mut self,
        applicant: Uuid,
        after: Option<&MaterialKey>,
        limit: u32,
    ) -> Result<Vec<ApplicantMaterial>, StoreError> {
        const SQL: &str = "
            SELECT applicant_id, kind, sha256, name, file_name, media_type, size, dated, valid_until, case_id, handed_at
              FROM applicant_material
             WHERE office_id = $1 AND applicant_id = $2 AND (kind, handed_at, sha256) < ($3, $4, $5)
             ORDER BY kind DESC, handed_at DESC, sha256 DESC
             LIMIT $6";
        let (kind, handed_at, sha256) = before(after);
        let rows: Vec<MaterialColumns> =
            run!(self.fetch_all(SQL, self.office, applicant, kind, handed_at, sha256, i64::from(limit)))?;
        rows.into_iter().map(MaterialColumns::of).collect()
    }

    /// The same, only what is still good on a day.
    pub async fn valid_applicant_materials(
        &mut self,
        applicant: Uuid,
        day: Date,
        after: Option<&MaterialKey>,
        limit: u32,
    ) -> Result<Vec<ApplicantMaterial>, StoreError> {
        const SQL: &str = "
            SELECT applicant_id, kind, sha256, name, file_name, media_type, size, dated, valid_until, case_id, handed_at
              FROM applicant_material
             WHERE office_id = $1 AND applicant_id = $2 AND (kind, handed_at, sha256) < ($3, $4, $5)
               AND (valid_until IS NULL OR valid_until >= $6)
             ORDER BY kind DESC, handed_at DESC, sha256 DESC
             LIMIT $7";
        let (kind, handed_at, sha256) = before(after);
        let rows: Vec<MaterialColumns> =
            run!(self.fetch_all(SQL, self.office, applicant, kind, handed_at, sha256, text(day), i64::from(limit)))?;
        rows.into_iter().map(MaterialColumns::of).collect()
    }

    /// Forgets what an applicant handed in, and returns how much that was. The files stay with their cases.
    pub async fn forget_applicant_materials(&mut self, applicant: Uuid) -> Result<u64, StoreError> {
        const SQL: &str = "
            DELETE FROM applicant_material
             WHERE office_id = $1 AND applicant_id = $2";
        run!(self.execute(SQL, self.office, applicant))
    }
}
