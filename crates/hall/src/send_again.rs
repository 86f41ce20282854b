//! Sends a message to the department again that was given up (重新发送).

use domain::{ids::CaseId, rights::Right};
use uuid::Uuid;
use web::{
    Actor,
    idempotency::{Kept, Once},
};

use crate::{Hall, HallError, News};

impl Hall {
    /// Sends a message about a case again that was given up, once what the department refused it for is mended.
    ///
    /// # Errors
    /// [`courier::NotSentAgain`] when there is no such message, or it is on its way or has arrived.
    pub async fn send_again(&self, actor: &Actor, once: Once, case: CaseId, message: Uuid) -> Result<Kept, HallError> {
        let (hall, by, wall) = (self.clone(), actor.clone(), self.0.clock.wall());
        let (kept, queued) = self
            .0
            .store
            .write(async move |tx| {
                let row = tx.case(case.0).await?.ok_or_else(HallError::no_case)?;
                hall.demand_on_row(&by, Right::SendToDepartmentAgain, &row)?;
                if let Some(kept) = once.earlier(tx).await? {
                    return Ok::<_, HallError>((kept, false));
                }
                courier::send_again(tx, case.0, message, wall).await?;
                let view = hall.case_view_in(tx, case).await?;
                Ok((once.keep(tx, 200, &view).await?, true))
            })
            .await?;
        if queued {
            tracing::info!(account.id = %actor.account(), message.id = %message, "to be sent again");
            self.0.wake.courier.notify_one();
            self.tell(News::Case(case.0));
        }
        Ok(kept)
    }
}
