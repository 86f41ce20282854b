//! Puts papers on paper (打印): asks for a print, cancels one, tries one again, and records what became of it.

use domain::{
    case::{Command, Context, Refusal, decide},
    ids::{CaseId, PrintId},
    rights::Right,
};
use store::{NewPrint, PaperRow, PaperState, PrintChange, PrintRow, PrintState, Stamp, Tx};
use uuid::Uuid;
use web::{
    Actor, ProblemCode,
    idempotency::{Kept, Once},
};

use crate::{Hall, HallError, News, faults::Faults, print_guide::OF_NO_CASE, station::STATION, views::PrintView};

/// The longest reason for a further print, in characters.
const LONGEST_REASON: usize = 200;

/// Whoever prints what was printed, or is about to be, says why.
async fn demand_reason(tx: &mut Tx, paper: Uuid, reason: &Option<String>) -> Result<(), HallError> {
    let counts = |print: &PrintRow| !matches!(print.state, PrintState::Failed | PrintState::Cancelled);
    match reason.is_none() && tx.prints(paper).await?.iter().any(counts) {
        true => Err(HallError::ReasonMissing),
        false => Ok(()),
    }
}

impl Hall {
    /// Asks for a print of a paper. Every print after the first needs a reason, and is a copy.
    ///
    /// # Errors
    /// [`HallError::ReasonMissing`], or [`Refusal::PaperNotReady`] while the bytes are not here.
    pub async fn print_paper(
        &self,
        actor: &Actor,
        once: Once,
        paper: Uuid,
        reason: Option<String>,
    ) -> Result<Kept, HallError> {
        let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        let mut faults = Faults::default();
        if let Some(reason) = &reason {
            faults.line("/reason", reason, 1, LONGEST_REASON);
        }
        let fields = faults.into_fields();
        if !fields.is_empty() {
            // Who may not print learns nothing else.
            self.paper_for(&mut self.0.store.read().await?, actor, paper, Right::PrintPaper).await?;
            return Err(HallError::Invalid(fields));
        }
        let print = NewPrint {
            id: self.new_id(),
            paper,
            reason,
            station: Some(STATION.to_owned()),
            printer: None,
            requested_by: format!("staff:{}", actor.account()),
            requested_at: self.0.clock.now(),
        };
        let (hall, actor) = (self.clone(), actor.clone());
        let (kept, case) = self
            .0
            .store
            .write(async move |tx| {
                let paper = hall.paper_for(tx, &actor, paper, Right::PrintPaper).await?;
                if let Some(kept) = once.earlier(tx).await? {
                    return Ok((kept, paper.case));
                }
                if hall.0.config.printers.is_empty() {
                    return Err(HallError::NoPrinter);
                }
                if paper.state != PaperState::Ready {
                    return Err(Refusal::PaperNotReady { number: paper.number }.into());
                }
                demand_reason(tx, paper.id, &print.reason).await?;
                tx.queue_print(&print).await?;
                let row = tx.print(print.id).await?.ok_or(HallError::NotFound(ProblemCode::PrintNotFound))?;
                Ok((once.keep(tx, 201, &PrintView::of(row)).await?, paper.case))
            })
            .await?;
        self.0.wake.station.notify_one();
        self.tell(News::Print(case));
        Ok(kept)
    }

    /// A print, and how it stands.
    ///
    /// # Errors
    /// [`ProblemCode::PrintNotFound`].
    pub async fn print(&self, actor: &Actor, print: Uuid) -> Result<PrintView, HallError> {
        self.demand(actor, Right::PrintPaper, None)?;
        let row = self.0.store.read().await?.print(print).await?;
        row.map(PrintView::of).ok_or(HallError::NotFound(ProblemCode::PrintNotFound))
    }

    /// Calls off a print that no printer has yet.
    ///
    /// # Errors
    /// [`ProblemCode::NotNow`] when a printer has it, or it has ended.
    pub async fn cancel_print(&self, actor: &Actor, once: Once, print: Uuid) -> Result<Kept, HallError> {
        self.change_print(actor, once, print, &[PrintState::Queued], PrintState::Cancelled).await
    }

    /// Tries a failed print again.
    ///
    /// # Errors
    /// [`ProblemCode::NotNow`] when it has not failed.
    pub async fn retry_print(&self, actor: &Actor, once: Once, print: Uuid) -> Result<Kept, HallError> {
        self.change_print(actor, once, print, &[PrintState::Failed], PrintState::Queued).await
    }

    async fn change_print(
        &self,
        actor: &Actor,
        once: Once,
        print: Uuid,
        from: &'static [PrintState],
        to: PrintState,
    ) -> Result<Kept, HallError> {
        let (hall, actor, now) = (self.clone(), actor.clone(), self.0.clock.now());
        let (kept, case) = self
            .0
            .store
            .write(async move |tx| {
                let none = || HallError::NotFound(ProblemCode::PrintNotFound);
                let row = tx.print(print).await?.ok_or_else(none)?;
                let paper = hall.paper_for(tx, &actor, row.paper, Right::PrintPaper).await?;
                if let Some(kept) = once.earlier(tx).await? {
                    return Ok((kept, paper.case));
                }
                let allowed = from.contains(&row.state);
                if allowed && to == PrintState::Queued {
                    demand_reason(tx, row.paper, &row.reason).await?;
                }
                if !allowed || !tx.change_print(print, &PrintChange::new(row.state, to), now).await? {
                    return Err(HallError::PrintNotNow { state: row.state.word() });
                }
                let row = tx.print(print).await?.ok_or_else(none)?;
                Ok((once.keep(tx, 200, &PrintView::of(row)).await?, paper.case))
            })
            .await?;
        self.0.wake.station.notify_one();
        self.tell(News::Print(case));
        Ok(kept)
    }

    /// A paper, for somebody who has a right on its case.
    pub(crate) async fn paper_for(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        paper: Uuid,
        right: Right,
    ) -> Result<PaperRow, HallError> {
        let none = || HallError::NotFound(ProblemCode::PaperNotFound);
        let paper = tx.paper(paper).await?.ok_or_else(none)?;
        if paper.case == OF_NO_CASE {
            self.demand(actor, right, None)?;
            return Ok(paper);
        }
        let case = tx.case(paper.case).await?.ok_or_else(none)?;
        self.demand_on_row(actor, right, &case)?;
        Ok(paper)
    }

    /// Records that a printer has printed: only now does the print count.
    pub(crate) async fn record_print(&self, print: &PrintRow) -> Result<(), HallError> {
        let (hall, now, print) = (self.clone(), self.0.clock.now(), print.clone());
        let case = self
            .0
            .store
            .write(async move |tx| {
                let none = || HallError::NotFound(ProblemCode::PaperNotFound);
                let paper = tx.paper(print.paper).await?.ok_or_else(none)?;
                let done = tx.change_print(print.id, &PrintChange::new(print.state, PrintState::Done), now).await?;
                if !done || paper.case == OF_NO_CASE {
                    return Ok(paper.case);
                }
                let row = tx.case(paper.case).await?.ok_or_else(none)?;
                let entry = hall.item_of(&row)?;
                let case = tx.load_case(CaseId(paper.case)).await?;
                let command = Command::RecordPrint { paper: paper.id.into(), print: PrintId(print.id) };
                let events = decide(&case, command, &Context::of(&entry.item))?;
                let stamp = Stamp { occurred_at: now, recorded_at: now, writer: &print.requested_by };
                let case = tx.append_to_case(case, events, stamp).await?;
                hall.refresh_row(tx, &case, now).await?;
                Ok::<_, HallError>(paper.case)
            })
            .await?;
        self.tell(News::Case(case));
        self.tell(News::Print(case));
        Ok(())
    }
}
