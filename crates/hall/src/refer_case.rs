//! Sends a case to its department (移交). A case lies with one desk at a time: where the department has left acceptance to
//! the window (委托受理), with the window until that has accepted it; otherwise with the department as soon as it is whole.

use std::error::Error;

use domain::{
    case::{Case, CaseState},
    ids::CaseId,
    item::Item,
};
use jiff::Timestamp;
use protocol::{Message, TaskAssigned};
use store::Tx;
use uuid::Uuid;

use crate::{Hall, HallError, News, delegation::Act, window_steps::Loaded};

/// How many cases are looked at in one read.
const AT_ONCE: u32 = 200;

impl Hall {
    /// Whether a case of this item is the window's until that has accepted it.
    pub(crate) fn is_left_to_window(&self, item: &Item) -> bool {
        self.delegation(item, Act::Accept).is_ok()
    }

    /// Whether the department has been sent the case.
    pub(crate) async fn is_with_department(&self, tx: &mut Tx, case: &Case) -> Result<bool, HallError> {
        Ok(!tx.deliveries(case.id.0).await?.is_empty())
    }

    /// What lies with the department is not for the window to tell, accept, refuse or decide.
    pub(crate) async fn demand_at_window(&self, tx: &mut Tx, case: &Case) -> Result<(), HallError> {
        if self.is_with_department(tx, case).await? { Err(HallError::WithDepartment) } else { Ok(()) }
    }

    /// Sends the department the case, unless it has it.
    pub(crate) async fn refer(
        &self,
        tx: &mut Tx,
        case: &Case,
        application: TaskAssigned,
        now: Timestamp,
    ) -> Result<(), HallError> {
        if self.is_with_department(tx, case).await? {
            return Ok(());
        }
        let message = Message::TaskAssigned(Box::new(application));
        self.tell_department(tx, case, case.version, &message, now).await
    }

    /// Sends what the window may no longer accept, since the agreement ended (委托期满).
    pub(crate) async fn refer_lapsed(&self) -> Result<(), HallError> {
        let mut after = None;
        loop {
            let mut tx = self.0.store.read().await?;
            let rows = tx.cases_with_window(after, AT_ONCE).await?;
            drop(tx);
            after = rows.last().map(|row| row.id);
            if after.is_none() {
                return Ok(());
            }
            for row in rows {
                if self.item_of(&row).is_ok_and(|entry| self.is_left_to_window(&entry.item)) {
                    continue;
                }
                // Those that fail stay in the list, and are passed over until the next round.
                if let Err(error) = self.refer_one(row.id).await {
                    let error = &error as &dyn Error;
                    tracing::error!(case.id = %row.id, error, "a case could not be sent to its department");
                }
            }
        }
    }

    async fn refer_one(&self, id: Uuid) -> Result<(), HallError> {
        let (hall, now) = (self.clone(), self.0.clock.now());
        self.0
            .store
            .write(async move |tx| {
                let loaded = Loaded::read(tx, CaseId(id)).await?;
                if !matches!(loaded.case.state, CaseState::Taken { .. }) {
                    return Ok::<_, HallError>(());
                }
                let entry = hall.item_of(&loaded.row)?;
                let application = loaded.application(&hall, &entry)?;
                hall.refer(tx, &loaded.case, application, now).await
            })
            .await?;
        self.0.wake.courier.notify_one();
        self.tell(News::Case(id));
        Ok(())
    }
}
