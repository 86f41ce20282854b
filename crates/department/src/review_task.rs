//! Reviews a task before somebody else decides it (审核).

use domain::{
    case::Outcome,
    ids::CaseId,
    rights::Right,
    task::{TaskCommand, TaskReview},
};
use serde::{Deserialize, Serialize};
use store::Content;
use utoipa::ToSchema;
use web::{
    Actor,
    idempotency::{Kept, Once},
    view::OutcomeName,
};

use crate::{
    Department, DepartmentError,
    accept_task::{LONGEST_OPINION, not_before},
    decide_task::said_at,
    faults::{fault_of, missing},
    records,
    step::{Found, Step},
};

/// A review of a task.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReviewTask)]
pub struct Review {
    /// What the reviewer proposes.
    pub proposal: OutcomeName,
    /// The opinion, 1 to 1,000 characters. A bare signature is none.
    pub opinion: String,
}

/// What the hall is told of it.
const STEP: &str = "审核";

impl Department {
    /// Reviews a task, and tells the hall that it waits for the decision. What the reviewer proposes stays in the department.
    ///
    /// # Errors
    /// [`DepartmentError::Invalid`], [`DepartmentError::Refused`], or what a write can fail with.
    pub async fn review_task(
        &self,
        actor: &Actor,
        once: Once,
        id: CaseId,
        seen: u64,
        review: Review,
    ) -> Result<Kept, DepartmentError> {
        self.demand(actor, Right::ReviewTask)?;
        let opinion = review.opinion.trim().to_owned();
        let fault = || fault_of("/opinion".to_owned(), &opinion, LONGEST_OPINION);
        if let Some(fault) = missing("/opinion", &review.opinion).or_else(fault) {
            return Err(DepartmentError::Invalid(vec![fault]));
        }
        let opinion = Content::new(self.new_id(), "opinion", records::bytes(&opinion));
        let (department, by, message) = (self.clone(), actor.clone(), self.new_id());
        let step = Step { actor: actor.clone(), right: Right::ReviewTask, once, task: id, seen: Some(seen) };
        self.take_step(step, async move |tx, found| {
            let now = found.now;
            let reviewed_at = not_before(found.task.accepted().map(said_at), now);
            let reviewed = TaskReview {
                by: by.account().into(),
                reviewed_at,
                proposal: match review.proposal {
                    OutcomeName::Granted => Outcome::Granted,
                    OutcomeName::Denied => Outcome::Denied,
                },
                opinion: opinion.sealed(),
            };
            opinion.keep(tx, id.0, now).await?;
            let command = TaskCommand::Review(reviewed);
            let Found { task, .. } = department.append_step(tx, found, command, reviewed_at, &by).await?;
            let told = protocol::Message::TaskProgressed(protocol::TaskProgressed {
                case_id: id.0,
                at: reviewed_at,
                step: STEP.to_owned(),
                officer: Some(by.name().to_owned()),
                note: None,
            });
            department.tell_hall(tx, &task, message, &told, now).await
        })
        .await
    }
}
