//! Sends a message to the hall again that was given up (重新发送).

use domain::{ids::CaseId, rights::Right};
use uuid::Uuid;
use web::{
    Actor,
    idempotency::{Kept, Once},
};

use crate::{Department, DepartmentError};

impl Department {
    /// Sends a message about a task again that was given up, once what the hall refused it for is mended.
    ///
    /// # Errors
    /// [`courier::NotSentAgain`] when there is no such message, or it is on its way or has arrived.
    pub async fn send_again(
        &self,
        actor: &Actor,
        once: Once,
        task: CaseId,
        message: Uuid,
    ) -> Result<Kept, DepartmentError> {
        let (department, by, wall) = (self.clone(), actor.clone(), self.0.clock.wall());
        let (kept, queued) = self
            .0
            .store
            .write(async move |tx| {
                department.demand(&by, Right::SendToHallAgain)?;
                if let Some(kept) = once.earlier(tx).await? {
                    return Ok::<_, DepartmentError>((kept, false));
                }
                tx.task(task.0).await?.ok_or_else(DepartmentError::no_task)?;
                courier::send_again(tx, task.0, message, wall).await?;
                let view = department.task_view_in(tx, task).await?;
                Ok((once.keep(tx, 200, &view).await?, true))
            })
            .await?;
        if queued {
            tracing::info!(account.id = %actor.account(), message.id = %message, "to be sent again");
            self.0.wake.courier.notify_one();
            self.tell(task.0);
        }
        Ok(kept)
    }
}
