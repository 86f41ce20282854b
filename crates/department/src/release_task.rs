//! Lets go of a task that one has taken up (退回).

use domain::{ids::CaseId, rights::Right, task::TaskCommand};
use web::{
    Actor,
    idempotency::{Kept, Once},
};

use crate::{Department, DepartmentError, step::Step};

impl Department {
    /// Lets go of a task, so that somebody else may take it up.
    ///
    /// # Errors
    /// [`DepartmentError::Refused`] when somebody else has taken it up, or nobody has; or what a write can fail with.
    pub async fn release_task(
        &self,
        actor: &Actor,
        once: Once,
        id: CaseId,
        seen: u64,
    ) -> Result<Kept, DepartmentError> {
        self.demand(actor, Right::ClaimTask)?;
        let (department, by) = (self.clone(), actor.clone());
        let step = Step { actor: actor.clone(), right: Right::ClaimTask, once, task: id, seen: Some(seen) };
        self.take_step(step, async move |tx, found| {
            let now = found.now;
            let command = TaskCommand::Release { by: by.account().into() };
            department.append_step(tx, found, command, now, &by).await?;
            Ok(())
        })
        .await
    }
}
