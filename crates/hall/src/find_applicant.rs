//! Finds who applies by one number (一号申请): their data, what they need not bring again, and their cases.

use std::cmp::Reverse;

use domain::{identity::Warning, ids::CaseId, rights::Right};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use serde_json::json;
use store::{ApplicantMaterial, ApplicantRow, CertificateKey, CertificateRow, Digest, MaterialKey, StoreError, Tx};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{
    Actor, ProblemField,
    page::{Limit, Page},
    text::is_hidden,
};

use crate::{
    Hall, HallError,
    deliver_case::agent_of,
    records::{AgentRecord, ApplicantKind, ApplicantRecord},
    remember::{ID_NUMBERS, Numbered},
    take_filing::sha256_of,
    views::CaseRowView,
};

/// How many of each list come with an applicant; more are asked for with the list's own `next`.
const SHORT: Limit = Limit(10);

/// An applicant that is known (申请人), numbers whole: the next filing is made of them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KnownApplicant)]
pub struct ApplicantView {
    /// The applicant, for more of the lists.
    pub id: Uuid,
    /// The newest data.
    pub applicant: ApplicantRecord,
    /// When that was given.
    pub updated_at: Timestamp,
    /// What a person should look at, such as `unknown-province`; no reason to refuse.
    pub warnings: Vec<ProblemField>,
    /// What was handed in before and is still good today; more under `/applicants/{id}/materials`.
    pub materials: Page<ReusableMaterialView>,
    /// The certificates issued here that are valid today; more under `/applicants/{id}/certificates`.
    pub certificates: Page<OwnCertificateView>,
    /// The newest cases; more under `/applicants/{id}/cases`.
    pub cases: Page<CaseRowView>,
}

/// Somebody who acts for others (代理人), as known from before. What they may do is said anew each time: it is of one applicant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KnownAgent)]
pub struct AgentView {
    /// Full name.
    pub name: String,
    /// Mobile or landline.
    pub phone: String,
    /// When that was given.
    pub updated_at: Timestamp,
}

/// A file that was handed in before and is still good (可复用材料).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReusableMaterial)]
pub struct ReusableMaterialView {
    /// What it is in any item.
    pub kind: String,
    /// What the item called it.
    pub name: String,
    /// What its file was called.
    pub file_name: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// What its bytes are.
    pub media_type: String,
    /// How many bytes.
    pub size: u64,
    /// The date on it.
    #[schema(required)]
    pub dated: Option<Date>,
    /// The last day on which it is good.
    #[schema(required)]
    pub valid_until: Option<Date>,
    /// The case with which it was handed in, for `reused_from`.
    pub case_id: Uuid,
    /// That case's short number.
    #[schema(required)]
    pub case_number: Option<String>,
    /// When it was handed in.
    pub handed_at: Timestamp,
}

/// A certificate that was issued here and is valid (证照).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnCertificate)]
pub struct OwnCertificateView {
    /// Its paper, for `reused_from`.
    pub paper_id: Uuid,
    /// What it is where it is a material; null where it is none.
    #[schema(required)]
    pub kind: Option<String>,
    /// Its title.
    pub title: String,
    /// Its number (证照编号).
    pub number: String,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day; null for an unlimited one.
    #[schema(required)]
    pub valid_until: Option<Date>,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// The case it came of.
    pub case_id: Uuid,
    /// When it was issued.
    pub issued_at: Timestamp,
}

impl Hall {
    /// The applicant with a number.
    ///
    /// # Errors
    /// [`HallError::Invalid`] when it is no such number, [`HallError::NoApplicant`] when nobody with it has applied here.
    pub async fn applicant(
        &self,
        actor: &Actor,
        kind: ApplicantKind,
        id_number: &str,
    ) -> Result<ApplicantView, HallError> {
        self.demand(actor, Right::TakeCase, None)?;
        let (number, warnings) = self.numbered(kind, id_number)?;
        let mut tx = self.0.store.read().await?;
        let Some(row) = number.applicant(&mut tx).await? else {
            tracing::info!(account.id = %actor.account(), "an applicant was asked for who is not known");
            return Err(HallError::NoApplicant(warnings));
        };
        log_read(actor, row.id, "data");
        Ok(ApplicantView {
            id: row.id,
            applicant: applicant_in(&row)?,
            updated_at: row.updated_at,
            warnings,
            materials: self.materials_in(&mut tx, row.id, None, SHORT).await?,
            certificates: self.certificates_in(&mut tx, row.id, None, SHORT).await?,
            cases: self.cases_of_in(&mut tx, actor, &row, None, SHORT).await?,
        })
    }

    /// The person with a number, as somebody who acts: their newest data, whether they acted or applied.
    ///
    /// # Errors
    /// [`HallError::Invalid`] when it is no such number, [`HallError::NoApplicant`] when nobody with it acted or applied here.
    pub async fn agent(&self, actor: &Actor, id_number: &str) -> Result<AgentView, HallError> {
        self.demand(actor, Right::TakeCase, None)?;
        let (number, warnings) = self.numbered(ApplicantKind::Person, id_number)?;
        let mut tx = self.0.store.read().await?;
        let applied = number.applicant(&mut tx).await?;
        let acted = self.newest_agent(&mut tx, &number.number).await?;
        let of_applicant = |row: ApplicantRow| -> Result<(Uuid, AgentView), HallError> {
            let ApplicantRecord { name, phone, .. } = applicant_in(&row)?;
            Ok((row.id, AgentView { name, phone, updated_at: row.updated_at }))
        };
        let applied = applied.map(of_applicant).transpose()?;
        let Some((of, agent)) = applied.into_iter().chain(acted).max_by_key(|(_, agent)| agent.updated_at) else {
            tracing::info!(account.id = %actor.account(), "an agent was asked for who is not known");
            return Err(HallError::NoApplicant(warnings));
        };
        tracing::info!(account.id = %actor.account(), found.id = %of, "an agent was looked at");
        Ok(agent)
    }

    /// As whom they acted last, and in which case. What was erased says nothing. A case's id was made with its draft, which
    /// may have waited.
    async fn newest_agent(&self, tx: &mut Tx, id_number: &str) -> Result<Option<(Uuid, AgentView)>, HallError> {
        let mut rows = tx.cases_by_key(&ID_NUMBERS[1..], id_number, None, None, SHORT.0).await?;
        rows.sort_by_key(|row| Reverse(row.taken_at));
        for row in rows {
            let case = tx.load_case(CaseId(row.id)).await?;
            if let Some(AgentRecord { name, phone, .. }) = agent_of(tx, &case).await? {
                return Ok(Some((row.id, AgentView { name, phone, updated_at: row.taken_at })));
            }
        }
        Ok(None)
    }

    /// A number with what a person should look at in it.
    fn numbered(&self, kind: ApplicantKind, id_number: &str) -> Result<(Numbered, Vec<ProblemField>), HallError> {
        let wrong = |error: domain::identity::IdentityError| {
            let params = json!({ "why": error.to_string() });
            HallError::Invalid(vec![ProblemField::new("?id_number", error.code()).value(id_number).params(params)])
        };
        let mut number = Numbered::parse(kind, id_number, self.0.clock.today()).map_err(wrong)?;
        let known = self.0.config.divisions.iter().any(|division| division.contains(&number.division));
        let warnings = number.warning.take().filter(|_| !known).into_iter().map(warning).collect();
        Ok((number, warnings))
    }

    /// What an applicant handed in before and is still good today, kind by kind, of each the newest first.
    ///
    /// # Errors
    /// [`HallError::NoApplicant`].
    pub async fn applicant_materials(
        &self,
        actor: &Actor,
        applicant: Uuid,
        after: Option<MaterialCursor>,
        limit: Limit,
    ) -> Result<Page<ReusableMaterialView>, HallError> {
        let (mut tx, row) = self.known_applicant(actor, applicant, "materials").await?;
        self.materials_in(&mut tx, row.id, after.map(material_key).transpose()?, limit).await
    }

    /// The certificates of an applicant that are valid today, newest first.
    ///
    /// # Errors
    /// [`HallError::NoApplicant`].
    pub async fn applicant_certificates(
        &self,
        actor: &Actor,
        applicant: Uuid,
        after: Option<(Timestamp, Uuid)>,
        limit: Limit,
    ) -> Result<Page<OwnCertificateView>, HallError> {
        let (mut tx, row) = self.known_applicant(actor, applicant, "certificates").await?;
        let after = after.map(|(issued_at, paper)| CertificateKey { issued_at, paper });
        self.certificates_in(&mut tx, row.id, after, limit).await
    }

    /// The cases of an applicant, newest first.
    ///
    /// # Errors
    /// [`HallError::NoApplicant`].
    pub async fn applicant_cases(
        &self,
        actor: &Actor,
        applicant: Uuid,
        after: Option<Uuid>,
        limit: Limit,
    ) -> Result<Page<CaseRowView>, HallError> {
        let (mut tx, row) = self.known_applicant(actor, applicant, "cases").await?;
        self.cases_of_in(&mut tx, actor, &row, after, limit).await
    }

    async fn known_applicant(
        &self,
        actor: &Actor,
        applicant: Uuid,
        what: &'static str,
    ) -> Result<(Tx, ApplicantRow), HallError> {
        self.demand(actor, Right::TakeCase, None)?;
        let mut tx = self.0.store.read().await?;
        let row = tx.applicant(applicant).await?.ok_or_else(|| HallError::NoApplicant(vec![]))?;
        log_read(actor, row.id, what);
        Ok((tx, row))
    }

    async fn materials_in(
        &self,
        tx: &mut Tx,
        applicant: Uuid,
        after: Option<MaterialKey>,
        limit: Limit,
    ) -> Result<Page<ReusableMaterialView>, HallError> {
        let today = self.0.clock.today();
        let rows = tx.valid_applicant_materials(applicant, today, after.as_ref(), limit.and_one()).await?;
        let Page { items, next } =
            Page::of(rows, limit, |row| (row.kind.clone(), row.handed_at, hex::encode(row.sha256)));
        let mut views = vec![];
        for row in items {
            let case = tx.case(row.case).await?;
            views.push(material_view(row, case.map(|case| case.number)));
        }
        Ok(Page { items: views, next })
    }

    async fn certificates_in(
        &self,
        tx: &mut Tx,
        applicant: Uuid,
        after: Option<CertificateKey>,
        limit: Limit,
    ) -> Result<Page<OwnCertificateView>, HallError> {
        let rows = tx.valid_certificates_of(applicant, self.0.clock.today(), after, limit.and_one()).await?;
        Ok(Page::of(rows, limit, |row| (row.issued_at, row.paper)).map(certificate_view))
    }

    async fn cases_of_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        applicant: &ApplicantRow,
        after: Option<Uuid>,
        limit: Limit,
    ) -> Result<Page<CaseRowView>, HallError> {
        let own = &ID_NUMBERS[..1];
        let rows = tx.cases_by_key(own, &applicant.id_number, None, after, limit.and_one()).await?;
        self.seen_page(actor, rows, limit)
    }
}

/// The last material of a page: kind, when it was handed in, hash.
pub(crate) type MaterialCursor = (String, Timestamp, String);

fn material_key((kind, handed_at, sha256): MaterialCursor) -> Result<MaterialKey, HallError> {
    let digest: Option<Digest> = sha256_of(&sha256).filter(|_| !kind.chars().any(is_hidden));
    let sha256 = digest.ok_or_else(|| HallError::Invalid(vec![ProblemField::new("?after", "not-allowed")]))?;
    Ok(MaterialKey { kind, handed_at, sha256 })
}

/// Who has looked at whom; numbers and names are not for the log.
fn log_read(actor: &Actor, applicant: Uuid, what: &'static str) {
    tracing::info!(account.id = %actor.account(), applicant.id = %applicant, what, "an applicant was looked at");
}

fn applicant_in(row: &ApplicantRow) -> Result<ApplicantRecord, StoreError> {
    let unreadable = |_| StoreError::Corrupt { table: "applicant", key: row.id.to_string(), what: "not an applicant" };
    serde_json::from_slice(&row.body).map_err(unreadable)
}

fn warning(warning: Warning) -> ProblemField {
    match warning {
        Warning::UnknownProvince { code } => {
            ProblemField::new("?id_number", "unknown-province").value(format!("{code:02}"))
        }
    }
}

fn material_view(row: ApplicantMaterial, case_number: Option<String>) -> ReusableMaterialView {
    let ApplicantMaterial {
        applicant: _,
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
    } = row;
    ReusableMaterialView {
        kind,
        name,
        file_name,
        sha256: hex::encode(sha256),
        media_type,
        size,
        dated,
        valid_until,
        case_id: case,
        case_number,
        handed_at,
    }
}

fn certificate_view(row: CertificateRow) -> OwnCertificateView {
    let CertificateRow { paper, case, kind, title, number, valid_from, valid_until, sha256, issued_at, .. } = row;
    OwnCertificateView {
        paper_id: paper,
        kind,
        title,
        number,
        valid_from,
        valid_until,
        sha256: hex::encode(sha256),
        case_id: case,
        issued_at,
    }
}
