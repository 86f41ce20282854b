//! Hands the result over (送达).

use domain::{
    case::{Command, Context, Delivery, DeliveryWay, OriginalsAccount, decide},
    ids::CaseId,
    rights::Right,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Content, Stamp};
use utoipa::ToSchema;
use web::{
    Actor, ProblemField,
    idempotency::{Kept, Once},
};

use crate::{
    Hall, HallError, News,
    faults::Faults,
    records::{self, ApplicantKind, ApplicantRecord, CollectorInput, CollectorRecord, Relation},
    views::read,
};

/// Who collects the result.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeliverCase)]
pub struct HandOver {
    /// The person at the desk.
    #[serde(deserialize_with = "CollectorInput::deserialize")]
    pub collector: CollectorRecord,
    /// What becomes of originals that the hall holds (原件); the case is closed once all are accounted for.
    #[serde(default)]
    pub originals: Option<Originals>,
}

/// What becomes of originals (原件去向).
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Originals {
    /// The codes of the materials whose originals are given back (退还).
    pub returned: Vec<String>,
    /// The codes of those that stay in the file (归档).
    pub archived: Vec<String>,
}

impl Hall {
    /// Hands the result of an issued and printed case over, and closes it.
    ///
    /// # Errors
    /// [`HallError::Invalid`] when the collector is not who may collect, [`HallError::Refused`] when the case is not issued
    /// or its result not printed.
    pub async fn deliver_case(
        &self,
        actor: &Actor,
        once: Once,
        case: CaseId,
        seen: u64,
        hand_over: HandOver,
    ) -> Result<Kept, HallError> {
        let mut faults = Faults::default();
        faults.collector("/collector", &hand_over.collector, self.0.clock.today());
        let fields = faults.into_fields();
        if !fields.is_empty() {
            // Who may not hand over learns nothing else.
            let row = self.0.store.read().await?.case(case.0).await?.ok_or_else(HallError::no_case)?;
            self.demand_on_row(actor, Right::DeliverCase, &row)?;
            return Err(HallError::Invalid(fields));
        }
        let content = Content::new(self.new_id(), "collector", records::bytes(&hand_over.collector));
        let (hall, actor, now) = (self.clone(), actor.clone(), self.0.clock.now());
        let kept = self
            .0
            .store
            .write(async move |tx| {
                let row = tx.case(case.0).await?.ok_or_else(HallError::no_case)?;
                hall.demand_on_row(&actor, Right::DeliverCase, &row)?;
                if let Some(kept) = once.earlier(tx).await? {
                    return Ok(kept);
                }
                let entry = hall.item_of(&row)?;
                let loaded = tx.load_case(case).await?;
                if loaded.revision != seen {
                    return Err(HallError::Changed { seen, present: loaded.revision });
                }
                let intake = loaded.intake().ok_or_else(HallError::no_case)?;
                let applicant: Option<ApplicantRecord> = read(tx, intake.applicant.record.0).await?;
                demand_own_number(applicant.as_ref(), &hand_over.collector)?;

                let delivery =
                    Delivery { delivered_at: now, collector: content.sealed(), way: DeliveryWay::Counter, proof: None };
                let originals = hand_over.originals.clone();
                let account =
                    originals.map(|Originals { returned, archived }| OriginalsAccount { at: now, returned, archived });
                let events = decide(&loaded, Command::Deliver(delivery, account), &Context::of(&entry.item))?;
                content.keep(tx, case.0, now).await?;
                let writer = format!("staff:{}", actor.account());
                let stamp = Stamp { occurred_at: now, recorded_at: now, writer: &writer };
                let loaded = tx.append_to_case(loaded, events, stamp).await?;
                hall.refresh_row(tx, &loaded, now).await?;
                let view = hall.case_view_in(tx, case).await?;
                Ok(once.keep(tx, 200, &view).await?)
            })
            .await?;
        self.tell(News::Case(case.0));
        Ok(kept)
    }
}

/// A person who collects for oneself shows the number that the application has.
fn demand_own_number(applicant: Option<&ApplicantRecord>, collector: &CollectorRecord) -> Result<(), HallError> {
    let Some(applicant) = applicant.filter(|applicant| applicant.kind == ApplicantKind::Person) else { return Ok(()) };
    if collector.relation != Relation::Oneself || collector.id_number.eq_ignore_ascii_case(&applicant.id_number) {
        return Ok(());
    }
    let field = ProblemField::new("/collector/id_number", "not-the-applicant");
    Err(HallError::Invalid(vec![field.value(collector.id_number.as_str()).params(json!({ "relation": "self" }))]))
}
