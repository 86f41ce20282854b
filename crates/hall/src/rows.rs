//! The row of a case, as lists and searches show it.

use catalogue::CatalogueItem;
use domain::{
    case::{AcceptedBy, Case},
    clock::LightDays,
    identity::mask_person,
};
use jiff::Timestamp;
use store::CaseRow;

use crate::{
    Hall,
    records::{ApplicantKind, ApplicantRecord},
};

impl Hall {
    /// The row that lists show of a case after its newest event.
    pub(crate) fn row(
        &self,
        case: &Case,
        item: &CatalogueItem,
        applicant_masked: String,
        now: Timestamp,
    ) -> Option<CaseRow> {
        let intake = case.intake()?;
        let item = &item.item;
        Some(CaseRow {
            id: case.id.0,
            number: intake.number.to_string(),
            official_number: Some(intake.official.to_string()),
            filing: intake.filing.0,
            item_code: item.code.to_string(),
            item_version: item.version,
            item_name: item.name.clone(),
            department: item.department.0,
            department_name: item.department_name.clone(),
            applicant_masked,
            state: case.state.name().to_owned(),
            deemed_accepted: case.accepted().is_some_and(AcceptedBy::is_silence),
            outcome: case.decision().map(|decision| decision.outcome.name().to_owned()),
            window: intake.window.to_string(),
            taken_at: intake.taken_at,
            due_at: case.next_due(item, &self.0.calendar, self.0.hours),
            lights: LightDays::of(&case.clocks(item), &self.0.calendar),
            silent_from: case.silent_from(item, &self.0.calendar).ok().flatten(),
            asked_at: case.asked_at(),
            told_again_at: case.told_again_at(),
            version: case.revision,
            updated_at: now,
        })
    }
}

/// A name as lists show it: a person's given name hidden, an organisation's whole (it is public).
pub(crate) fn masked_name(applicant: &ApplicantRecord) -> String {
    match applicant.kind {
        ApplicantKind::Organisation => applicant.name.clone(),
        ApplicantKind::Person => mask_person(&applicant.name),
    }
}
