//! Applicants (申请人), by the number of a document. What is here is personal content, and erasable.

use crate::sql::run;
use crate::value::{Place, micros};
use crate::{StoreError, Tx};
use jiff::Timestamp;
use uuid::Uuid;

/// Somebody who applies (申请人): a person or an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicantRow {
    /// The applicant.
    pub id: Uuid,
    /// Which kind of number it is known by (证件类型): `resident-id`, `uscc`, …
    pub id_kind: String,
    /// That number (证件号码), as it is compared: one applicant each.
    pub id_number: String,
    /// Name, phone, address and the like: exact bytes.
    pub body: Vec<u8>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct ApplicantColumns {
    id: Uuid,
    id_kind: String,
    id_number: String,
    updated_at: i64,
    body: Vec<u8>,
}

impl ApplicantColumns {
    fn of(self) -> Result<ApplicantRow, StoreError> {
        let Self { id, id_kind, id_number, updated_at, body } = self;
        let updated_at = Place::new("applicant", &id).at(updated_at)?;
        Ok(ApplicantRow { id, id_kind, id_number, body, updated_at })
    }
}

impl Tx {
    /// Adds an applicant, or changes what is known of the one with this number; returns its id, which then is the old one.
    ///
    /// # Errors
    /// `Database` when an applicant with another number has the id.
    pub async fn put_applicant(&mut self, applicant: &ApplicantRow) -> Result<Uuid, StoreError> {
        const SQL: &str = "
            INSERT INTO applicant (office_id, id, id_kind, id_number, updated_at, body)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (office_id, id_kind, id_number) DO UPDATE
               SET updated_at = excluded.updated_at, body = excluded.body
            RETURNING id";
        let ApplicantRow { id, id_kind, id_number, body, updated_at } = applicant;
        let (id,): (Uuid,) = run!(self.fetch_one(
            SQL,
            self.office,
            *id,
            id_kind.as_str(),
            id_number.as_str(),
            micros(*updated_at),
            body.as_slice(),
        ))?;
        Ok(id)
    }

    /// An applicant.
    pub async fn applicant(&mut self, id: Uuid) -> Result<Option<ApplicantRow>, StoreError> {
        const SQL: &str = "
            SELECT id, id_kind, id_number, updated_at, body FROM applicant
             WHERE office_id = $1 AND id = $2";
        let row: Option<ApplicantColumns> = run!(self.fetch_optional(SQL, self.office, id))?;
        row.map(ApplicantColumns::of).transpose()
    }

    /// The applicant with a number.
    pub async fn applicant_by_number(
        &mut self,
        id_kind: &str,
        id_number: &str,
    ) -> Result<Option<ApplicantRow>, StoreError> {
        const SQL: &str = "
            SELECT id, id_kind, id_number, updated_at, body FROM applicant
             WHERE office_id = $1 AND id_kind = $2 AND id_number = $3";
        let row: Option<ApplicantColumns> = run!(self.fetch_optional(SQL, self.office, id_kind, id_number))?;
        row.map(ApplicantColumns::of).transpose()
    }

    /// Erases an applicant and the list of what it handed in; false when there was nothing to erase. Its certificates stay,
    /// under an id that says nothing any more.
    pub async fn erase_applicant(&mut self, id: Uuid) -> Result<bool, StoreError> {
        const SQL: &str = "
            DELETE FROM applicant
             WHERE office_id = $1 AND id = $2";
        let materials = self.forget_applicant_materials(id).await?;
        let applicants = run!(self.execute(SQL, self.office, id))?;
        Ok(materials + applicants > 0)
    }
}
