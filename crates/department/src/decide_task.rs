//! Decides a task (准予 / 不予), under the department's seal.

use domain::{
    case::Outcome,
    clock::hall_date,
    ids::CaseId,
    paper::{NumberedPaper, PaperKind},
    rights::Right,
    task::{Task, TaskAcceptedBy, TaskCertificate, TaskCommand, TaskDecision},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Content;
use utoipa::ToSchema;
use web::{
    Actor, ProblemField,
    idempotency::{Kept, Once},
    view::OutcomeName,
};

use crate::{
    Department, DepartmentError,
    accept_task::{LONGEST_OPINION, Ordered, not_before, order_paper},
    faults::{fault_of, missing},
    records::{self, PaperModel, RowRecord},
    step::{Found, Step},
};

/// A decision on a task.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DecideTask)]
pub struct Decide {
    /// Granted or denied.
    pub outcome: OutcomeName,
    /// The opinion, 1 to 1,000 characters; it becomes the reason on the decision.
    pub opinion: String,
    /// What the certificate says. Needed when granted, not allowed when denied.
    #[serde(default)]
    pub certificate: Option<CertificateWish>,
}

/// What a certificate is to say.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CertificateInput)]
pub struct CertificateWish {
    /// Its rows, as the item has them.
    #[schema(max_items = 50)]
    pub rows: Vec<RowRecord>,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day; null for an unlimited one.
    pub valid_until: Option<Date>,
}

/// The most rows of a certificate.
const MOST_ROWS: usize = 50;

/// The longest label of a certificate's row, in characters.
const LONGEST_LABEL: usize = 200;

/// The longest value of a certificate's row, in characters.
const LONGEST_VALUE: usize = 500;

impl Department {
    /// Decides a task, numbers decision and certificate, and tells the hall.
    ///
    /// # Errors
    /// [`DepartmentError::Invalid`] with every wrong field, [`DepartmentError::Refused`], or what a write can fail with.
    pub async fn decide_task(
        &self,
        actor: &Actor,
        once: Once,
        id: CaseId,
        seen: u64,
        decide: Decide,
    ) -> Result<Kept, DepartmentError> {
        self.demand(actor, Right::DecideTask)?;
        check(&decide)?;
        let opinion = decide.opinion.trim().to_owned();
        let sealed_opinion = Content::new(self.new_id(), "opinion", records::bytes(&opinion));
        let rows = decide
            .certificate
            .as_ref()
            .map(|wish| Content::new(self.new_id(), "certificate-rows", records::bytes(&wish.rows)));
        let (document, document_model) = (self.new_id(), self.new_id());
        let (certificate, certificate_model) = (self.new_id(), self.new_id());
        let message = self.new_id();
        let (department, by) = (self.clone(), actor.clone());
        let step = Step { actor: actor.clone(), right: Right::DecideTask, once, task: id, seen: Some(seen) };
        self.take_step(step, async move |tx, found| {
            let now = found.now;
            let decided_at = not_before(earliest_decision(&found.task), now);
            let profile = &department.0.profile;
            let year = hall_date(decided_at).year();
            let number = department.next_number(tx, &profile.decision_mark, year).await?;
            let issued = match (&decide.certificate, &rows) {
                (Some(wish), Some(rows)) => {
                    let own = found.assigned.item.result.mark.as_ref();
                    let mark = own.unwrap_or(&profile.certificate_mark);
                    let number = department.next_number(tx, mark, year).await?;
                    Some(TaskCertificate {
                        paper: NumberedPaper { id: certificate.into(), number },
                        valid_from: wish.valid_from,
                        valid_until: wish.valid_until,
                        rows: rows.sealed(),
                    })
                }
                _ => None,
            };
            let outcome = match decide.outcome {
                OutcomeName::Granted => Outcome::Granted,
                OutcomeName::Denied => Outcome::Denied,
            };
            let decision = TaskDecision {
                by: by.account().into(),
                decided_at,
                outcome,
                opinion: sealed_opinion.sealed(),
                document: NumberedPaper { id: document.into(), number: number.clone() },
                certificate: issued.clone(),
            };
            sealed_opinion.keep(tx, id.0, now).await?;
            if let Some(rows) = &rows {
                rows.keep(tx, id.0, now).await?;
            }
            let command = TaskCommand::Decide(decision);
            let Found { task, assigned, .. } = department.append_step(tx, found, command, decided_at, &by).await?;

            let granted = outcome == Outcome::Granted;
            let papers = &assigned.item.papers;
            let title = if granted { &papers.granted.title } else { &papers.denied.title };
            let certificate_title = assigned.item.result.certificate_title.clone();
            let model = PaperModel::Decision {
                number: number.clone(),
                granted,
                reason: opinion.clone(),
                decided_at,
                certificate: issued.as_ref().and(certificate_title.clone()),
            };
            let content = Content::new(document_model, "paper-model", records::bytes(&model));
            let ordered = Ordered { kind: PaperKind::Decision, title, id: document, number: &number };
            order_paper(tx, id, ordered, content, now).await?;
            let certificate_title = certificate_title.unwrap_or_else(|| assigned.item.name.clone());
            if let (Some(issued), Some(wish)) = (&issued, &decide.certificate) {
                let model = PaperModel::Certificate {
                    number: issued.paper.number.clone(),
                    rows: wish.rows.clone(),
                    valid_from: wish.valid_from,
                    valid_until: wish.valid_until,
                    issued_at: decided_at,
                };
                let content = Content::new(certificate_model, "paper-model", records::bytes(&model));
                let ordered = Ordered {
                    kind: PaperKind::Certificate,
                    title: &certificate_title,
                    id: certificate,
                    number: &issued.paper.number,
                };
                order_paper(tx, id, ordered, content, now).await?;
            }
            let told = protocol::Message::TaskDecided(protocol::TaskDecided {
                case_id: id.0,
                decided_at,
                officer: by.name().to_owned(),
                outcome: if granted { protocol::Outcome::Granted } else { protocol::Outcome::Denied },
                reason: opinion.clone(),
                decision: protocol::PaperRef { paper_id: document, number },
                certificate: issued.map(|issued| protocol::Certificate {
                    paper_id: certificate,
                    number: issued.paper.number,
                    title: certificate_title,
                    holder: assigned.applicant.name.clone(),
                    valid_from: issued.valid_from,
                    valid_until: issued.valid_until,
                }),
            });
            department.tell_hall(tx, &task, message, &told, now).await
        })
        .await
    }
}

/// When the department said that it accepted; by silence, from when on it counts as accepted.
pub(crate) fn said_at(accepted: &TaskAcceptedBy) -> Timestamp {
    accepted.said().map_or(accepted.accepted_at(), |acceptance| acceptance.accepted_at)
}

/// Before what nothing is decided: that it was accepted, and reviewed.
fn earliest_decision(task: &Task) -> Option<Timestamp> {
    task.review().map(|review| review.reviewed_at).or(task.accepted().map(said_at))
}

/// What can be said of a decision before looking at its task.
fn check(decide: &Decide) -> Result<(), DepartmentError> {
    let opinion = decide.opinion.trim();
    if let Some(field) = missing("/opinion", &decide.opinion) {
        return Err(DepartmentError::Invalid(vec![field]));
    }
    let mut faults = vec![];
    faults.extend(fault_of("/opinion".to_owned(), opinion, LONGEST_OPINION));
    let rows = decide.certificate.as_ref().map_or(&[] as &[RowRecord], |wish| &wish.rows);
    if rows.len() > MOST_ROWS {
        let field = ProblemField::new("/certificate/rows", "too-many").value(rows.len());
        faults.push(field.params(json!({ "max": MOST_ROWS })));
    }
    for (n, RowRecord { label, value }) in rows.iter().enumerate().take(MOST_ROWS) {
        let at = |field: &str| format!("/certificate/rows/{n}/{field}");
        faults.extend(missing(&at("label"), label));
        faults.extend(fault_of(at("label"), label, LONGEST_LABEL));
        faults.extend(fault_of(at("value"), value, LONGEST_VALUE));
    }
    if faults.is_empty() { Ok(()) } else { Err(DepartmentError::Invalid(faults)) }
}
