//! Accepts a task (受理).

use domain::{
    case::first_due,
    clock::hall_date,
    ids::CaseId,
    number::PaperNumber,
    paper::{NumberedPaper, PaperKind},
    rights::Right,
    task::{Task, TaskAcceptance, TaskAcceptedBy, TaskCommand},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Content, PaperRow, PaperState, Tx};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{
    Actor,
    idempotency::{Kept, Once},
};

use crate::{
    Department, DepartmentError,
    faults::fault_of,
    records::{self, PaperModel},
    step::{Found, Step},
};

/// Acceptance of a task.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AcceptTask)]
pub struct Accept {
    /// The opinion, at most 1,000 characters (GB/T 39046 table 7).
    #[serde(default)]
    pub opinion: Option<String>,
}

/// The longest opinion, in characters.
pub(crate) const LONGEST_OPINION: usize = 1000;

impl Department {
    /// Accepts a task, numbers the notice, and tells the hall. What silence has accepted is confirmed, and gets its notice
    /// too.
    ///
    /// # Errors
    /// [`DepartmentError::Refused`] when somebody has accepted it already, or what a write can fail with.
    pub async fn accept_task(
        &self,
        actor: &Actor,
        once: Once,
        id: CaseId,
        seen: u64,
        accept: Accept,
    ) -> Result<Kept, DepartmentError> {
        let opinion = accept.opinion.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        self.demand(actor, Right::AcceptTask)?;
        if let Some(fault) = opinion.as_ref().and_then(|text| fault_of("/opinion".to_owned(), text, LONGEST_OPINION)) {
            return Err(DepartmentError::Invalid(vec![fault]));
        }
        let opinion = opinion.map(|text| Content::new(self.new_id(), "opinion", records::bytes(&text)));
        let (notice, model_id, message) = (self.new_id(), self.new_id(), self.new_id());
        let (department, by) = (self.clone(), actor.clone());
        let step = Step { actor: actor.clone(), right: Right::AcceptTask, once, task: id, seen: Some(seen) };
        self.take_step(step, async move |tx, found| {
            let now = found.now;
            let silent_until = found.task.accepted().map(TaskAcceptedBy::intake_ended_at);
            let accepted_at = not_before(silent_until.or(received_at(&found.task)), now);
            let year = hall_date(accepted_at).year();
            let number = department.next_number(tx, &department.0.profile.notice_mark, year).await?;
            let acceptance = TaskAcceptance {
                by: by.account().into(),
                accepted_at,
                opinion: opinion.as_ref().map(Content::sealed),
                notice: NumberedPaper { id: notice.into(), number: number.clone() },
            };
            if let Some(opinion) = &opinion {
                opinion.keep(tx, id.0, now).await?;
            }
            let command = TaskCommand::Accept(acceptance);
            let Found { task, assigned, .. } = department.append_step(tx, found, command, accepted_at, &by).await?;

            let due = first_due(&task.clocks(), &department.0.calendar, department.0.hours);
            let silence = task.accepted().filter(|accepted| accepted.is_silence());
            let model = PaperModel::Notice {
                number: number.clone(),
                accepted_at: silence.map_or(accepted_at, TaskAcceptedBy::accepted_at),
                confirmed_at: silence.map(|_| accepted_at),
                decision_by: due.map(hall_date),
            };
            let title = &assigned.item.papers.acceptance_notice.title;
            let ordered = Ordered { kind: PaperKind::AcceptanceNotice, title, id: notice, number: &number };
            order_paper(tx, id, ordered, Content::new(model_id, "paper-model", records::bytes(&model)), now).await?;
            let told = protocol::Message::TaskAccepted(protocol::TaskAccepted {
                case_id: id.0,
                accepted_at,
                officer: by.name().to_owned(),
                notice: protocol::PaperRef { paper_id: notice, number },
            });
            department.tell_hall(tx, &task, message, &told, now).await
        })
        .await
    }

    /// The next number under a mark: 安市监许受〔2026〕1号.
    pub(crate) async fn next_number(&self, tx: &mut Tx, mark: &str, year: i16) -> Result<String, DepartmentError> {
        let sequence = tx.next(&format!("paper/{mark}/{year}")).await?;
        let used_up = || DepartmentError::NumbersUsedUp { mark: mark.to_owned() };
        let sequence = u32::try_from(sequence).map_err(|_| used_up())?;
        Ok(PaperNumber::new(mark, year, sequence).map_err(|_| used_up())?.to_string())
    }

    /// Puts a message for the hall that assigned a task into the outbox.
    pub(crate) async fn tell_hall(
        &self,
        tx: &mut Tx,
        task: &Task,
        id: Uuid,
        message: &protocol::Message,
        now: Timestamp,
    ) -> Result<(), DepartmentError> {
        let assignment = task.assignment().ok_or_else(DepartmentError::no_task)?;
        let dispatch = courier::Dispatch {
            id,
            recipient: assignment.hall.0,
            version: task.version,
            subject: &assignment.number.to_string(),
            message,
            at: now,
            wall: self.0.clock.wall(),
        };
        Ok(courier::post(tx, dispatch).await?)
    }
}

/// Now, but not before what it follows: our clock and the hall's may differ, and either may have been set back.
pub(crate) fn not_before(earlier: Option<Timestamp>, now: Timestamp) -> Timestamp {
    earlier.map_or(now, |earlier| earlier.max(now))
}

/// When the hall had received what is to be looked at.
pub(crate) fn received_at(task: &Task) -> Option<Timestamp> {
    task.assignment().map(|assignment| assignment.received_at)
}

/// A paper that has its number and is to be rendered.
pub(crate) struct Ordered<'a> {
    pub(crate) kind: PaperKind,
    pub(crate) title: &'a str,
    pub(crate) id: Uuid,
    pub(crate) number: &'a str,
}

pub(crate) async fn order_paper(
    tx: &mut Tx,
    task: CaseId,
    ordered: Ordered<'_>,
    model: Content,
    now: Timestamp,
) -> Result<(), DepartmentError> {
    model.keep(tx, task.0, now).await?;
    tx.put_paper(&PaperRow {
        id: ordered.id,
        case: task.0,
        kind: ordered.kind.name().to_owned(),
        title: ordered.title.to_owned(),
        number: ordered.number.to_owned(),
        state: PaperState::Pending,
        sha256: None,
        size: None,
        model: Some(model.sealed().record.0),
        created_at: now,
    })
    .await?;
    Ok(())
}
