//! Does not accept an application (不予受理), under the department's seal.

use domain::{
    case::RejectionGround,
    clock::hall_date,
    ids::CaseId,
    paper::{NumberedPaper, PaperKind},
    rights::Right,
    task::{TaskCommand, TaskRejection},
};
use serde::{Deserialize, Serialize};
use store::Content;
use utoipa::ToSchema;
use web::{
    Actor, ProblemField,
    idempotency::{Kept, Once},
};

use crate::{
    Department, DepartmentError,
    accept_task::{LONGEST_OPINION, Ordered, not_before, order_paper, received_at},
    faults::{fault_of, fault_of_line, missing},
    records::{self, PaperModel},
    step::{Found, Step},
};

/// That a task is not accepted.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RejectTask)]
pub struct Reject {
    /// On what ground: `not-needed`, `not-competent` or `other`.
    #[schema(value_type = String)]
    pub ground: protocol::RejectionGround,
    /// Why, 1 to 1,000 characters; it becomes the reason on the document.
    pub reason: String,
    /// Which authority is competent, at most 200 characters. Needed where this one is not, not allowed otherwise.
    #[serde(default)]
    pub competent_authority: Option<String>,
}

/// The longest name of an authority, in characters.
const LONGEST_AUTHORITY: usize = 200;

impl Department {
    /// Does not accept a task, numbers the document, and tells the hall.
    ///
    /// # Errors
    /// [`DepartmentError::Invalid`] with every wrong field, [`DepartmentError::Refused`], or what a write can fail with.
    pub async fn reject_task(
        &self,
        actor: &Actor,
        once: Once,
        id: CaseId,
        seen: u64,
        reject: Reject,
    ) -> Result<Kept, DepartmentError> {
        self.demand(actor, Right::RejectTask)?;
        let Reject { ground, reason, competent_authority } = checked(reject)?;
        let (content_id, model_id) = (self.new_id(), self.new_id());
        let (document, message) = (self.new_id(), self.new_id());
        let (department, by) = (self.clone(), actor.clone());
        let step = Step { actor: actor.clone(), right: Right::RejectTask, once, task: id, seen: Some(seen) };
        self.take_step(step, async move |tx, found| {
            let now = found.now;
            let rejected_at = not_before(received_at(&found.task), now);
            let year = hall_date(rejected_at).year();
            let number = department.next_number(tx, &department.0.profile.rejection_mark, year).await?;
            let told = protocol::TaskRejected {
                case_id: id.0,
                rejected_at,
                officer: by.name().to_owned(),
                ground,
                reason: reason.clone(),
                competent_authority: competent_authority.clone(),
                document: protocol::PaperRef { paper_id: document, number: number.clone() },
            };
            let content = Content::new(content_id, "rejection", records::bytes(&told));
            content.keep(tx, id.0, now).await?;
            let rejection = TaskRejection {
                by: by.account().into(),
                rejected_at,
                ground: domain_ground(ground),
                content: content.sealed(),
                paper: NumberedPaper { id: document.into(), number: number.clone() },
            };
            let command = TaskCommand::Reject(rejection);
            let Found { task, assigned, .. } = department.append_step(tx, found, command, rejected_at, &by).await?;

            let model = PaperModel::Rejection {
                number: number.clone(),
                ground,
                reason: reason.clone(),
                competent_authority: competent_authority.clone(),
                rejected_at,
            };
            let title = &assigned.item.papers.refusal.title;
            let ordered = Ordered { kind: PaperKind::Rejection, title, id: document, number: &number };
            order_paper(tx, id, ordered, Content::new(model_id, "paper-model", records::bytes(&model)), now).await?;
            department.tell_hall(tx, &task, message, &protocol::Message::TaskRejected(told), now).await
        })
        .await
    }
}

/// What can be said of it before looking at its task.
fn checked(reject: Reject) -> Result<Reject, DepartmentError> {
    let Reject { ground, reason, competent_authority } = reject;
    let competent_authority = competent_authority.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let pointer = "/competent_authority";
    let mut faults = vec![];
    faults
        .extend(missing("/reason", &reason).or_else(|| fault_of("/reason".to_owned(), reason.trim(), LONGEST_OPINION)));
    match (&competent_authority, ground) {
        (None, protocol::RejectionGround::NotCompetent) => faults.push(ProblemField::new(pointer, "required")),
        (Some(name), protocol::RejectionGround::NotCompetent) => {
            faults.extend(fault_of_line(pointer.to_owned(), name, LONGEST_AUTHORITY));
        }
        (Some(name), _) => faults.push(ProblemField::new(pointer, "contradiction").value(name.as_str())),
        (None, _) => {}
    }
    if faults.is_empty() {
        Ok(Reject { ground, reason: reason.trim().to_owned(), competent_authority })
    } else {
        Err(DepartmentError::Invalid(faults))
    }
}

pub(crate) const fn domain_ground(ground: protocol::RejectionGround) -> RejectionGround {
    match ground {
        protocol::RejectionGround::NotNeeded => RejectionGround::NotNeeded,
        protocol::RejectionGround::NotCompetent => RejectionGround::NotCompetent,
        protocol::RejectionGround::Other => RejectionGround::Other,
    }
}
