//! Takes a task up (认领).

use domain::{ids::CaseId, rights::Right, task::TaskCommand};
use web::{
    Actor,
    idempotency::{Kept, Once},
};

use crate::{
    Department, DepartmentError,
    step::{Found, Step},
};

/// What the hall is told of a task that somebody works on.
const STEP: &str = "办理";

impl Department {
    /// Takes a task up, so that nobody else does, and tells the hall who is at it.
    ///
    /// # Errors
    /// [`DepartmentError::Refused`] when somebody else has taken it up or it is done, or what a write can fail with.
    pub async fn claim_task(&self, actor: &Actor, once: Once, id: CaseId, seen: u64) -> Result<Kept, DepartmentError> {
        self.demand(actor, Right::ClaimTask)?;
        let (department, by, message) = (self.clone(), actor.clone(), self.new_id());
        let step = Step { actor: actor.clone(), right: Right::ClaimTask, once, task: id, seen: Some(seen) };
        self.take_step(step, async move |tx, found| {
            let (now, before) = (found.now, found.task.version);
            let command = TaskCommand::Claim { by: by.account().into() };
            let Found { task, .. } = department.append_step(tx, found, command, now, &by).await?;
            if task.version == before {
                return Ok(());
            }
            let told = protocol::Message::TaskProgressed(protocol::TaskProgressed {
                case_id: id.0,
                at: now,
                step: STEP.to_owned(),
                officer: Some(by.name().to_owned()),
                note: None,
            });
            department.tell_hall(tx, &task, message, &told, now).await
        })
        .await
    }
}
