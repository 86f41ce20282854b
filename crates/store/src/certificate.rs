//! Certificates that were issued (证照库), so that nobody has to bring what the office gave out itself.

use crate::sql::run;
use crate::value::{Place, micros, text};
use crate::{Digest, StoreError, Tx};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

/// A certificate that was issued (证照).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRow {
    /// Its paper, whose bytes are kept with it.
    pub paper: Uuid,
    /// The case it came of.
    pub case: Uuid,
    /// Whose it is.
    pub applicant: Uuid,
    /// What it is where it is a material, over all items: `business-licence`, …
    pub kind: Option<String>,
    /// What it is called.
    pub title: String,
    /// Its number (证照编号): unique per authority, not over all.
    pub number: String,
    /// The first day on which it is valid.
    pub valid_from: Date,
    /// The last day on which it is valid, if there is one (有效期至).
    pub valid_until: Option<Date>,
    /// Whether it still is worth something.
    pub state: CertificateState,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// When it was issued.
    pub issued_at: Timestamp,
}

/// Whether a certificate is worth something, within its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateState {
    /// It is (有效).
    Valid,
    /// It was taken back or replaced (失效).
    Void,
}

/// Where a page of certificates ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CertificateKey {
    /// When the last one of the page was issued.
    pub issued_at: Timestamp,
    /// Its paper.
    pub paper: Uuid,
}

impl CertificateRow {
    /// Where a page ends that ends with this certificate.
    #[must_use]
    pub fn key(&self) -> CertificateKey {
        CertificateKey { issued_at: self.issued_at, paper: self.paper }
    }
}

impl CertificateState {
    fn word(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Void => "void",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::Valid, Self::Void].into_iter().find(|state| state.word() == word)
    }
}

/// The columns before which a page begins.
fn before(after: Option<CertificateKey>) -> (i64, Uuid) {
    after.map_or((i64::MAX, Uuid::max()), |key| (micros(key.issued_at), key.paper))
}

#[derive(sqlx::FromRow)]
struct CertificateColumns {
    paper_id: Uuid,
    case_id: Uuid,
    applicant_id: Uuid,
    kind: Option<String>,
    title: String,
    number: String,
    valid_from: String,
    valid_until: Option<String>,
    state: String,
    sha256: Vec<u8>,
    issued_at: i64,
}

impl CertificateColumns {
    fn of(self) -> Result<CertificateRow, StoreError> {
        let place = Place::new("certificate", &self.paper_id);
        Ok(CertificateRow {
            paper: self.paper_id,
            valid_from: place.date(&self.valid_from)?,
            valid_until: place.maybe_date(self.valid_until)?,
            state: CertificateState::of(&self.state).ok_or_else(|| place.corrupt("an unknown state"))?,
            sha256: place.digest(&self.sha256)?,
            issued_at: place.at(self.issued_at)?,
            case: self.case_id,
            applicant: self.applicant_id,
            kind: self.kind,
            title: self.title,
            number: self.number,
        })
    }
}

impl Tx {
    /// Adds a certificate. The same paper again changes nothing; false then. Two with one number are both kept.
    pub async fn put_certificate(&mut self, certificate: &CertificateRow) -> Result<bool, StoreError> {
        const SQL: &str = "
            INSERT INTO certificate (office_id, paper_id, case_id, applicant_id, kind, title, number, valid_from, valid_until,
                                     state, sha256, issued_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT DO NOTHING";
        let CertificateRow {
            paper,
            case,
            applicant,
            kind,
            title,
            number,
            valid_from,
            valid_until,
            state,
            sha256,
            issued_at,
        } = certificate;
        let added = run!(self.execute(
            SQL,
            self.office,
            *paper,
            *case,
            *applicant,
            kind.as_deref(),
            title.as_str(),
            number.as_str(),
            text(*valid_from),
            valid_until.map(text),
            state.word(),
            sha256.to_vec(),
            micros(*issued_at),
        ))?;
        Ok(added == 1)
    }

    /// Notes that a certificate is worth nothing any more (失效); false when it was not there or void already.
    pub async fn void_certificate(&mut self, paper: Uuid) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE certificate SET state = 'void'
             WHERE office_id = $1 AND paper_id = $2 AND state = 'valid'";
        Ok(run!(self.execute(SQL, self.office, paper))? == 1)
    }

    /// The certificate that a paper is.
    pub async fn certificate(&mut self, paper: Uuid) -> Result<Option<CertificateRow>, StoreError> {
        const SQL: &str = "
            SELECT paper_id, case_id, applicant_id, kind, title, number, valid_from, valid_until, state, sha256, issued_at
              FROM certificate
             WHERE office_id = $1 AND paper_id = $2";
        let row: Option<CertificateColumns> = run!(self.fetch_optional(SQL, self.office, paper))?;
        row.map(CertificateColumns::of).transpose()
    }

    /// All certificates of an applicant, newest first, behind the last one seen.
    pub async fn certificates_of(
        &mut self,
        applicant: Uuid,
        after: Option<CertificateKey>,
        limit: u32,
    ) -> Result<Vec<CertificateRow>, StoreError> {
        const SQL: &str = "
            SELECT paper_id, case_id, applicant_id, kind, title, number, valid_from, valid_until, state, sha256, issued_at
              FROM certificate
             WHERE office_id = $1 AND applicant_id = $2 AND (issued_at, paper_id) < ($3, $4)
             ORDER BY issued_at DESC, paper_id DESC
             LIMIT $5";
        let (issued_at, paper) = before(after);
        let rows: Vec<CertificateColumns> =
            run!(self.fetch_all(SQL, self.office, applicant, issued_at, paper, i64::from(limit)))?;
        rows.into_iter().map(CertificateColumns::of).collect()
    }

    /// The same, only those that are valid on a day.
    pub async fn valid_certificates_of(
        &mut self,
        applicant: Uuid,
        day: Date,
        after: Option<CertificateKey>,
        limit: u32,
    ) -> Result<Vec<CertificateRow>, StoreError> {
        const SQL: &str = "
            SELECT paper_id, case_id, applicant_id, kind, title, number, valid_from, valid_until, state, sha256, issued_at
              FROM certificate
             WHERE office_id = $1 AND applicant_id = $2 AND (issued_at, paper_id) < ($3, $4)
               AND state = 'valid' AND valid_from <= $5 AND (valid_until IS NULL OR valid_until >= $5)
             ORDER BY issued_at DESC, paper_id DESC
             LIMIT $6";
        let (issued_at, paper) = before(after);
        let rows: Vec<CertificateColumns> =
            run!(self.fetch_all(SQL, self.office, applicant, issued_at, paper, text(day), i64::from(limit)))?;
        rows.into_iter().map(CertificateColumns::of).collect()
    }

    /// The certificates with a number, newest first, behind the last one seen.
    pub async fn certificates_by_number(
        &mut self,
        number: &str,
        after: Option<CertificateKey>,
        limit: u32,
    ) -> Result<Vec<CertificateRow>, StoreError> {
        const SQL: &str = "
            SELECT paper_id, case_id, applicant_id, kind, title, number, valid_from, valid_until, state, sha256, issued_at
              FROM certificate
             WHERE office_id = $1 AND number = $2 AND (issued_at, paper_id) < ($3, $4)
             ORDER BY issued_at DESC, paper_id DESC
             LIMIT $5";
        let (issued_at, paper) = before(after);
        let rows: Vec<CertificateColumns> =
            run!(self.fetch_all(SQL, self.office, number, issued_at, paper, i64::from(limit)))?;
        rows.into_iter().map(CertificateColumns::of).collect()
    }
}
