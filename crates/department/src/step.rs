//! What all steps of people have in common: the right, one answer per key, the version that was seen, one write.

use domain::{
    ids::CaseId,
    rights::Right,
    task::{Task, TaskCommand, decide_task},
};
use jiff::Timestamp;
use protocol::TaskAssigned;
use store::{Stamp, Tx};
use web::{
    Actor,
    idempotency::{Kept, Once},
};

use crate::{Department, DepartmentError};

/// Who takes a step, and on what.
pub(crate) struct Step {
    pub(crate) actor: Actor,
    /// What they need to be allowed.
    pub(crate) right: Right,
    pub(crate) once: Once,
    pub(crate) task: CaseId,
    /// The revision they decide by; none where a step changes nothing that people decide by.
    pub(crate) seen: Option<u64>,
}

/// A task as a step finds it, or leaves it.
pub(crate) struct Found {
    pub(crate) task: Task,
    pub(crate) assigned: TaskAssigned,
    pub(crate) now: Timestamp,
}

impl Department {
    /// Takes a step in one write, and answers with the task as it then is.
    ///
    /// # Errors
    /// [`DepartmentError::Forbidden`], [`DepartmentError::Changed`], those of the step, or what a write can fail with.
    pub(crate) async fn take_step<F>(&self, step: Step, take: F) -> Result<Kept, DepartmentError>
    where
        F: AsyncFn(&mut Tx, Found) -> Result<(), DepartmentError> + Send + 'static,
    {
        let (department, now, id) = (self.clone(), self.0.clock.now(), step.task);
        let kept = self
            .0
            .store
            .write(async move |tx| {
                let Step { actor, right, once, task: id, seen } = &step;
                department.demand(actor, *right)?;
                if let Some(kept) = once.earlier(tx).await? {
                    return Ok(kept);
                }
                let (task, assigned) = department.load(tx, *id).await?;
                if let Some(seen) = seen.filter(|seen| *seen != task.revision) {
                    return Err(DepartmentError::Changed { seen, present: task.revision });
                }
                take(tx, Found { task, assigned, now }).await?;
                let view = department.task_view_in(tx, *id).await?;
                Ok(once.keep(tx, 200, &view).await?)
            })
            .await?;
        self.0.wake.courier.notify_one();
        self.0.wake.press.notify_one();
        self.tell(id.0);
        Ok(kept)
    }

    /// Does what a person asks of a task, and brings its row up to it.
    pub(crate) async fn append_step(
        &self,
        tx: &mut Tx,
        found: Found,
        command: TaskCommand,
        at: Timestamp,
        by: &Actor,
    ) -> Result<Found, DepartmentError> {
        let Found { task, assigned, now } = found;
        let events = decide_task(&task, command)?;
        let writer = format!("staff:{}", by.account());
        let stamp = Stamp { occurred_at: at, recorded_at: now, writer: &writer };
        let task = tx.append_to_task(task, events, stamp).await?;
        self.keep_row(tx, &task, &assigned, now).await?;
        Ok(Found { task, assigned, now })
    }
}
