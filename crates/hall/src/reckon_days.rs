//! Reckons the days of open cases anew when the hall starts: its calendar may know more than when their rows were written.

use std::error::Error;

use domain::ids::CaseId;
use store::CaseRow;

use crate::{Hall, HallError, News, views::CaseStateName};

/// How many rows are read at a time.
const AT_ONCE: u32 = 100;

impl Hall {
    pub(crate) async fn reckon_all_days(&self) -> Result<(), HallError> {
        for state in [CaseStateName::Taken, CaseStateName::SupplementAsked, CaseStateName::Accepted] {
            let mut after = None;
            loop {
                let rows = self.0.store.read().await?.cases_in(state.name(), after, AT_ONCE).await?;
                let Some(last) = rows.last() else { break };
                after = Some(last.id);
                for row in rows {
                    let id = row.id;
                    if let Err(error) = self.reckon_days(row).await {
                        tracing::warn!(case.id = %id, error = &error as &dyn Error, "its days could not be reckoned anew");
                    }
                }
            }
        }
        Ok(())
    }

    async fn reckon_days(&self, row: CaseRow) -> Result<(), HallError> {
        let Ok(entry) = self.item_of(&row) else { return Ok(()) };
        let case = self.0.store.read().await?.load_case(CaseId(row.id)).await?;
        let anew = self.row(&case, &entry, row.applicant_masked.clone(), row.updated_at);
        let derived = |row: &CaseRow| (row.due_at, row.lights, row.silent_from, row.asked_at, row.told_again_at);
        if anew.is_none_or(|anew| derived(&anew) == derived(&row)) {
            return Ok(());
        }
        let (hall, now) = (self.clone(), self.0.clock.now());
        let write = self.0.store.write(async move |tx| {
            let case = tx.load_case(CaseId(row.id)).await?;
            hall.refresh_row(tx, &case, now).await
        });
        write.await?;
        self.tell(News::Case(row.id));
        Ok(())
    }
}
