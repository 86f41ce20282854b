//! What is remembered of a sitting so that nothing known is brought or typed again (一号申请、材料复用): who applied, what was
//! handed in, by what the case is found, and what was issued.

use domain::{
    case::Case,
    identity::{CitizenId, CreditCode, IdentityError, Phone, Warning},
    item::{Item, Material},
};
use jiff::{Timestamp, ToSpan, civil::Date};
use store::{ApplicantMaterial, ApplicantRow, CertificateRow, CertificateState, Tx};
use uuid::Uuid;

use crate::{
    Hall, HallError,
    records::{self, ApplicantKind, ApplicantRecord, MaterialRecord},
    take_filing::{NewFiling, sha256_of},
    views::read,
};

/// The fields under which a case is found by the number of a document.
pub(crate) const ID_NUMBERS: [&str; 2] = ["id_number", "agent_id_number"];
/// That under which it is found by the number of the parcel in which its result was sent.
pub(crate) const TRACKING_NUMBER: &str = "tracking_number";
/// Those under which it is found by a phone.
pub(crate) const PHONES: [&str; 2] = ["phone", "agent_phone"];

/// The number of an applicant's document (证件号码), as it is kept and compared.
pub(crate) struct Numbered {
    /// Which kind of number it is.
    pub(crate) kind: &'static str,
    /// The number in capitals.
    pub(crate) number: String,
    /// The division in it (行政区划代码).
    pub(crate) division: String,
    /// What a person should look at.
    pub(crate) warning: Option<Warning>,
}

impl Numbered {
    pub(crate) fn parse(kind: ApplicantKind, text: &str, today: Date) -> Result<Self, IdentityError> {
        Ok(match kind {
            ApplicantKind::Person => {
                let id = CitizenId::parse(text, today)?;
                Self {
                    kind: "resident-id",
                    division: id.division().to_owned(),
                    warning: id.warning(),
                    number: id.as_str().to_owned(),
                }
            }
            ApplicantKind::Organisation => {
                let code = CreditCode::parse(text)?;
                Self {
                    kind: "uscc",
                    division: code.division().to_owned(),
                    warning: code.warning(),
                    number: code.as_str().to_owned(),
                }
            }
        })
    }

    /// Who is known under it.
    pub(crate) async fn applicant(&self, tx: &mut Tx) -> Result<Option<ApplicantRow>, HallError> {
        Ok(tx.applicant_by_number(self.kind, &self.number).await?)
    }
}

/// The last day on which a material can be used again, if there is one; an error when nobody can say, since it has no date.
pub(crate) fn good_until(material: &Material, dated: Option<Date>) -> Result<Option<Date>, Undated> {
    let Some(days) = material.valid_days else { return Ok(None) };
    let dated = dated.ok_or(Undated)?;
    Ok(Some(dated.saturating_add(i64::from(days).days())))
}

/// It is good for some days after its date, and has none.
pub(crate) struct Undated;

impl Hall {
    /// Remembers the applicant's newest data, what the case is found by, and what was handed in that may be used again.
    /// `stranger` is the applicant's id if the number is not known yet.
    pub(crate) async fn remember_intake(
        &self,
        tx: &mut Tx,
        stranger: Uuid,
        filing: &NewFiling,
        case: &Case,
        item: &Item,
        materials: &[MaterialRecord],
    ) -> Result<(), HallError> {
        let (now, today) = (self.0.clock.now(), self.0.clock.today());
        let NewFiling { applicant, agent, .. } = filing;
        let Ok(known) = Numbered::parse(applicant.kind, &applicant.id_number, today) else { return Ok(()) };
        let newest = ApplicantRecord { id_number: known.number.clone(), ..applicant.clone() };
        let row = ApplicantRow {
            id: stranger,
            id_kind: known.kind.to_owned(),
            id_number: known.number.clone(),
            body: records::bytes(&newest),
            updated_at: now,
        };
        let applicant_id = tx.put_applicant(&row).await?;

        let phone = |text: &str| Phone::parse(text).ok().map(|phone| phone.as_str().to_owned());
        let agent_number = |text: &str| CitizenId::parse(text, today).ok().map(|id| id.as_str().to_owned());
        let agent = agent.as_ref();
        let keys = [
            (ID_NUMBERS[0], Some(known.number)),
            (ID_NUMBERS[1], agent.and_then(|agent| agent_number(&agent.id_number))),
            (PHONES[0], phone(&applicant.phone)),
            (PHONES[1], agent.and_then(|agent| phone(&agent.phone))),
        ];
        let keys: Vec<(&str, &str)> =
            keys.iter().filter_map(|(field, value)| Some((*field, value.as_deref()?))).collect();
        tx.add_case_keys(case.id.0, &keys).await?;

        put_materials(tx, applicant_id, case, item, materials, now).await
    }

    /// Remembers what was handed in upon a notice. Nothing happens for an applicant who was erased.
    pub(crate) async fn remember_supplement(
        &self,
        tx: &mut Tx,
        applicant: &ApplicantRecord,
        case: &Case,
        item: &Item,
        materials: &[MaterialRecord],
    ) -> Result<(), HallError> {
        let (now, today) = (self.0.clock.now(), self.0.clock.today());
        let Ok(known) = Numbered::parse(applicant.kind, &applicant.id_number, today) else { return Ok(()) };
        match known.applicant(tx).await? {
            Some(row) => put_materials(tx, row.id, case, item, materials, now).await,
            None => Ok(()),
        }
    }

    /// Puts a certificate of a case into the library (证照库) once its paper is here. Nothing happens for other papers, nor for
    /// an applicant who was erased.
    pub(crate) async fn remember_certificate(
        &self,
        tx: &mut Tx,
        case: &Case,
        item: &Item,
        paper: Uuid,
    ) -> Result<(), HallError> {
        let decision = case.decision();
        let issued = decision.and_then(|decision| Some((decision, decision.certificate.as_ref()?)));
        let Some((decision, certificate)) = issued.filter(|(_, certificate)| certificate.paper.id.0 == paper) else {
            return Ok(());
        };
        let Some(intake) = case.intake() else { return Ok(()) };
        let Some(applicant) = read::<ApplicantRecord>(tx, intake.applicant.record.0).await? else { return Ok(()) };
        let Ok(known) = Numbered::parse(applicant.kind, &applicant.id_number, self.0.clock.today()) else {
            return Ok(());
        };
        let Some(applicant) = known.applicant(tx).await? else { return Ok(()) };
        let Some(row) = tx.paper(paper).await? else { return Ok(()) };
        let Some(sha256) = row.sha256 else { return Ok(()) };
        tx.put_certificate(&CertificateRow {
            paper,
            case: case.id.0,
            applicant: applicant.id,
            kind: item.result.kind.clone(),
            title: row.title,
            number: certificate.paper.number.clone(),
            valid_from: certificate.valid_from,
            valid_until: certificate.valid_until,
            state: CertificateState::Valid,
            sha256,
            issued_at: decision.decided_at,
        })
        .await?;
        Ok(())
    }
}

async fn put_materials(
    tx: &mut Tx,
    applicant: Uuid,
    case: &Case,
    item: &Item,
    materials: &[MaterialRecord],
    now: Timestamp,
) -> Result<(), HallError> {
    for record in materials {
        let known = item.materials.iter().find(|known| known.code == record.code);
        if let Some(known) = known
            && let Some(material) = reusable(known, record, applicant, case, now)
        {
            tx.put_applicant_material(&material).await?;
        }
    }
    Ok(())
}

/// A material as it is kept for the next time. What was itself reused is remembered already; what has no kind is of this item
/// alone, and what has no file is not here.
fn reusable(
    known: &Material,
    record: &MaterialRecord,
    applicant: Uuid,
    case: &Case,
    handed_at: Timestamp,
) -> Option<ApplicantMaterial> {
    if record.reused_from.is_some() {
        return None;
    }
    Some(ApplicantMaterial {
        applicant,
        kind: known.kind.clone()?,
        sha256: sha256_of(record.sha256.as_deref()?)?,
        name: record.name.clone(),
        file_name: record.file_name.clone()?,
        media_type: record.media_type.clone()?,
        size: record.size?,
        dated: record.dated,
        valid_until: good_until(known, record.dated).ok()?,
        case: case.id.0,
        handed_at,
    })
}
