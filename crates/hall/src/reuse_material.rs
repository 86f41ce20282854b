//! Uses again what an applicant handed in before, or was issued here (材料复用): nobody brings what the office has.

use std::sync::Arc;

use catalogue::CatalogueItem;
use domain::item::{Item, Material};
use jiff::civil::Date;
use store::{ApplicantRow, CertificateRow, CertificateState, Tx};
use uuid::Uuid;
use web::{ProblemField, text::is_hidden};

use crate::{
    Hall, HallError,
    faults::Faults,
    records::{ApplicantRecord, ReusedRecord, ReusedSource},
    remember::{ID_NUMBERS, Numbered, good_until},
    take_filing::{NewFiling, NewMaterial, sha256_of},
};

/// A file that is here already.
struct Found {
    file_name: String,
    dated: Option<Date>,
    valid_until: Option<Date>,
    from: ReusedRecord,
}

/// Why a file is not used again, as the code of a field.
type Refused = &'static str;

impl Hall {
    /// The filing with name and date of each file that is used again as they were before; what may not be is a fault.
    pub(crate) async fn reuse_materials(
        &self,
        mut filing: NewFiling,
        items: &[Arc<CatalogueItem>],
        faults: &mut Faults,
    ) -> Result<NewFiling, HallError> {
        for (n, (case, entry)) in filing.cases.iter_mut().zip(items).enumerate() {
            let at = format!("/cases/{n}/materials");
            self.reuse_of(&filing.applicant, &entry.item, &at, &mut case.materials, faults).await?;
        }
        Ok(filing)
    }

    /// The same for the materials of one case.
    pub(crate) async fn reuse_of(
        &self,
        applicant: &ApplicantRecord,
        item: &Item,
        at: &str,
        materials: &mut [NewMaterial],
        faults: &mut Faults,
    ) -> Result<(), HallError> {
        // A number that is none is reported by itself.
        let Ok(number) = Numbered::parse(applicant.kind, &applicant.id_number, self.0.clock.today()) else {
            return Ok(());
        };
        for (m, material) in materials.iter_mut().enumerate() {
            let Some(from) = material.reused_from else { continue };
            let known = item.materials.iter().find(|known| known.code == material.code);
            match self.reusable(&number, known, material, from).await? {
                Ok(Found { file_name, dated, from, .. }) => {
                    (material.file_name, material.dated) = (Some(file_name), dated);
                    material.reused = Some(from);
                }
                Err(code) => {
                    let field = ProblemField::new(format!("{at}/{m}/reused_from"), code);
                    faults.add(field.value(from.to_string()));
                }
            }
        }
        Ok(())
    }

    async fn reusable(
        &self,
        number: &Numbered,
        known: Option<&Material>,
        material: &NewMaterial,
        from: Uuid,
    ) -> Result<Result<Found, Refused>, HallError> {
        let mut tx = self.0.store.read().await?;
        let applicant = number.applicant(&mut tx).await?;
        let today = self.0.clock.today();
        let found = match tx.certificate(from).await? {
            Some(certificate) => of_certificate(certificate, applicant.as_ref(), known, material, today),
            None => of_case(&mut tx, number, applicant.as_ref(), known, material, from).await?,
        };
        Ok(found.and_then(|found| still_good(found, known, today)))
    }
}

/// Within its own days, and within those that the item allows after its date.
fn still_good(found: Found, known: Option<&Material>, today: Date) -> Result<Found, Refused> {
    let by_item = known.map_or(Ok(None), |known| good_until(known, found.dated)).map_err(|_| "undated")?;
    let over = [found.valid_until, by_item].into_iter().flatten().any(|until| until < today);
    if over { Err("expired") } else { Ok(found) }
}

fn of_certificate(
    certificate: CertificateRow,
    applicant: Option<&ApplicantRow>,
    known: Option<&Material>,
    material: &NewMaterial,
    today: Date,
) -> Result<Found, Refused> {
    if applicant.is_none_or(|applicant| applicant.id != certificate.applicant) {
        return Err("not-yours");
    }
    let kind = known.and_then(|known| known.kind.as_ref());
    if kind.is_none() || kind != certificate.kind.as_ref() || digest_of(material) != Some(certificate.sha256) {
        return Err("unknown");
    }
    if certificate.state == CertificateState::Void || certificate.valid_from > today {
        return Err("expired");
    }
    let CertificateRow { paper, title, number, valid_from, valid_until, .. } = certificate;
    // Title and number are the department's; a slash in a number is none of a folder.
    let name: String = format!("{title} {number}").chars().filter(|found| !is_hidden(*found)).take(200).collect();
    let file_name = format!("{}.pdf", name.replace(['/', '\\'], "-"));
    let from = ReusedRecord { source: ReusedSource::Certificate, id: paper, number };
    Ok(Found { file_name, dated: Some(valid_from), valid_until, from })
}

async fn of_case(
    tx: &mut Tx,
    number: &Numbered,
    applicant: Option<&ApplicantRow>,
    known: Option<&Material>,
    material: &NewMaterial,
    from: Uuid,
) -> Result<Result<Found, Refused>, HallError> {
    if tx.case(from).await?.is_none() {
        return Ok(Err("unknown"));
    }
    // The newest case of the applicant that is not newer than this one is this one, or it is somebody else's.
    let behind = Uuid::from_u128(from.as_u128().saturating_add(1));
    let theirs = tx.cases_by_key(&ID_NUMBERS[..1], &number.number, None, Some(behind), 1).await?;
    if theirs.first().is_none_or(|case| case.id != from) {
        return Ok(Err("not-yours"));
    }
    let kind = known.and_then(|known| known.kind.as_deref());
    let (Some(applicant), Some(kind), Some(sha256)) = (applicant, kind, digest_of(material)) else {
        return Ok(Err("unknown"));
    };
    let Some(handed) = tx.applicant_material(applicant.id, kind, sha256).await? else { return Ok(Err("unknown")) };
    // Perhaps it was handed in again since the page looked: that is where it is from now.
    let Some(case) = tx.case(handed.case).await? else { return Ok(Err("unknown")) };
    let from = ReusedRecord { source: ReusedSource::Case, id: case.id, number: case.number };
    let (file_name, dated, valid_until) = (handed.file_name, handed.dated, handed.valid_until);
    Ok(Ok(Found { file_name, dated, valid_until, from }))
}

fn digest_of(material: &NewMaterial) -> Option<store::Digest> {
    sha256_of(material.sha256.as_deref()?)
}
