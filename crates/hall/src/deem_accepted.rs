//! Accepts by silence (视为受理): what a department has not answered when its limit was over counts as accepted.

use std::{
    error::Error,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use catalogue::CatalogueItem;
use domain::{
    case::{Case, Command, Context, decide},
    clock::hall_moment,
    ids::CaseId,
};
use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use protocol::{Message, TaskDeemedAccepted};
use store::{SilentCase, Stamp, Tx};
use uuid::Uuid;
use web::workers::{Stop, work};

use crate::{Hall, HallError, News, window_steps::Loaded};

/// How many cases are looked for at a time.
const AT_ONCE: u32 = 50;

/// How soon it is looked again whether a limit is over. Limits end with a day, so that nothing is urgent.
const AGAIN: Duration = Duration::from_secs(60);

pub(crate) async fn run(hall: Hall, stop: Stop) {
    // Until then rows say by an older calendar, or not at all, when silence accepts.
    let reckoned = AtomicBool::new(false);
    let round = || async {
        if !reckoned.load(Ordering::Relaxed) {
            match hall.reckon_all_days().await {
                Ok(()) => reckoned.store(true, Ordering::Relaxed),
                Err(error) => {
                    tracing::warn!(error = &error as &dyn Error, "the days of open cases could not be reckoned anew");
                }
            }
        }
        if let Err(error) = hall.deem_all_accepted().await {
            tracing::warn!(error = &error as &dyn Error, "silent cases could not be read");
        }
        if let Err(error) = hall.refer_lapsed().await {
            tracing::warn!(error = &error as &dyn Error, "cases of an ended agreement could not be read");
        }
        AGAIN
    };
    work(stop, &hall.0.wake.silence, round).await;
}

impl Hall {
    async fn deem_all_accepted(&self) -> Result<(), HallError> {
        let (today, mut after) = (self.0.clock.today(), None);
        loop {
            let silent = self.0.store.read().await?.silent_cases(today, after, AT_ONCE).await?;
            after = silent.last().copied();
            // Those that fail stay in the list, and are passed over until the next round.
            if after.is_none() {
                return Ok(());
            }
            for SilentCase { id, .. } in silent {
                if let Err(error) = self.deem_accepted(id).await {
                    tracing::error!(case.id = %id, error = &error as &dyn Error, "silence could not be written down");
                }
            }
        }
    }

    async fn deem_accepted(&self, id: Uuid) -> Result<(), HallError> {
        let (hall, now, today) = (self.clone(), self.0.clock.now(), self.0.clock.today());
        self.0
            .store
            .write(async move |tx| {
                let row = tx.case(id).await?.ok_or_else(HallError::no_case)?;
                let entry = hall.item_of(&row)?;
                let case = tx.load_case(CaseId(id)).await?;
                let case = hall.after_silence(tx, case, &entry, today, now).await?;
                // Also where it is not silent after all, by a calendar that has changed: it is not looked for again then.
                hall.refresh_row(tx, &case, now).await
            })
            .await?;
        self.0.wake.courier.notify_one();
        self.tell(News::Case(id));
        Ok(())
    }

    /// Writes down that silence has accepted a case, where the worker has not looked since: before somebody acts upon it.
    pub(crate) async fn heed_silence(&self, id: CaseId) -> Result<(), HallError> {
        let mut tx = self.0.store.read().await?;
        let Some(row) = tx.case(id.0).await? else { return Ok(()) };
        let (entry, case) = (self.item_of(&row)?, tx.load_case(id).await?);
        drop(tx);
        match self.silent_since(&case, &entry, self.0.clock.today()) {
            Some(_) => self.deem_accepted(id.0).await,
            None => Ok(()),
        }
    }

    /// Since when silence has accepted a case, if by a day it has. What the calendar does not reach is not known to be over.
    fn silent_since(&self, case: &Case, entry: &CatalogueItem, on: Date) -> Option<Timestamp> {
        let over = case.silent_from(&entry.item, &self.0.calendar).ok().flatten();
        over.filter(|over| *over <= on).and_then(|over| hall_moment(over, Time::midnight()).ok())
    }

    /// The case as the law has it on a day: accepted, and the department told so, if its silence has accepted it by then.
    pub(crate) async fn after_silence(
        &self,
        tx: &mut Tx,
        case: Case,
        entry: &CatalogueItem,
        on: Date,
        now: Timestamp,
    ) -> Result<Case, HallError> {
        let over = self.silent_since(&case, entry, on);
        let (Some(deemed_at), Some(intake)) = (over, case.intake().cloned()) else { return Ok(case) };
        // Silence accepts where the window should have, too: then the department has it.
        if !self.is_with_department(tx, &case).await? {
            let application = Loaded::read(tx, case.id).await?.application(self, entry)?;
            self.refer(tx, &case, application, now).await?;
        }
        let events = decide(&case, Command::DeemAccepted { deemed_at }, &Context::of(&entry.item))?;
        let stamp = Stamp { occurred_at: deemed_at, recorded_at: now, writer: "system" };
        let case = tx.append_to_case(case, events, stamp).await?;
        let told = TaskDeemedAccepted { case_id: case.id.0, accepted_at: intake.received_at, deemed_at };
        self.tell_department(tx, &case, case.version, &Message::TaskDeemedAccepted(told), now).await?;
        Ok(case)
    }
}
