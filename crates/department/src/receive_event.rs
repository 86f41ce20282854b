//! Takes what a hall assigns.

use domain::{
    clock::{Article, Budget, ClockKind, ClockRule, SilenceEffect, StartRule},
    ids::{CaseId, DepartmentId, HallId},
    number::CaseNumber,
    task::{Assignment, Task, TaskCommand, decide_task},
};
use jiff::Timestamp;
use protocol::{Event, Message, Party, TaskAssigned, TaskDeemedAccepted};
use store::{Content, Stamp, Tx};
use web::ProblemField;

use crate::{Department, DepartmentError, records};

impl Department {
    /// Does what a hall's event says, once, and in the order of its case.
    ///
    /// # Errors
    /// [`courier::Refused`], with everything a hall can do wrong.
    pub async fn receive_event(
        &self,
        headers: &http::HeaderMap,
        body: &[u8],
    ) -> Result<courier::Handed, courier::Refused<DepartmentError>> {
        let event = courier::take_request(headers, body, |party| self.secrets_of(party), self.0.clock.wall())?;
        let (department, task) = (self.clone(), event.case_id());
        let (now, content_id) = (self.0.clock.now(), self.new_id());
        let handed = courier::take_in(&self.0.store, event, body, now, async move |tx, event| {
            department.carry_out(tx, event, content_id, now).await
        })
        .await?;
        self.tell(task);
        Ok(handed)
    }

    pub(crate) fn secrets_of(&self, party: Party) -> Option<&[protocol::Secret]> {
        let Party::Hall(id) = party else { return None };
        let hall = self.0.config.halls.get(&HallId(id))?;
        Some(&hall.secrets)
    }

    async fn carry_out(
        &self,
        tx: &mut Tx,
        event: &Event,
        content_id: uuid::Uuid,
        now: Timestamp,
    ) -> Result<(), DepartmentError> {
        let Party::Hall(hall) = event.source else { return Err(DepartmentError::no_task()) };
        match &event.message {
            Message::TaskAssigned(assigned) => self.assign(tx, hall, assigned, content_id, now).await,
            Message::TaskDeemedAccepted(deemed) => self.deem_accepted(tx, hall, deemed, now).await,
            other => Err(DepartmentError::NotForDepartments(other.event_type())),
        }
    }

    async fn assign(
        &self,
        tx: &mut Tx,
        hall: uuid::Uuid,
        assigned: &TaskAssigned,
        content_id: uuid::Uuid,
        now: Timestamp,
    ) -> Result<(), DepartmentError> {
        if assigned.department_id != self.0.profile.id.0 {
            let field = ProblemField::new("/data/department_id", "unknown");
            return Err(DepartmentError::Invalid(vec![field.value(assigned.department_id.to_string())]));
        }
        let wrong_number = |_| {
            let field = ProblemField::new("/data/number", "not-allowed").value(assigned.number.as_str());
            DepartmentError::Invalid(vec![field])
        };
        let content = Content::new(content_id, "assignment", records::bytes(assigned));
        let assignment = Assignment {
            hall: HallId(hall),
            department: DepartmentId(assigned.department_id),
            number: CaseNumber::parse(&assigned.number).map_err(wrong_number)?,
            taken_at: assigned.taken_at,
            received_at: assigned.taken_at,
            assigned_at: now,
            limits: assigned.item.limits.iter().map(rule).collect(),
            review_and_decision_in_one: assigned.item.review_and_decision_in_one,
            content: content.sealed(),
        };
        let task = tx.load_task(CaseId(assigned.case_id)).await?;
        let events = decide_task(&task, TaskCommand::Assign(assignment))?;
        content.keep(tx, task.case.0, now).await?;
        let writer = format!("hall:{hall}");
        let stamp = Stamp { occurred_at: assigned.taken_at, recorded_at: now, writer: &writer };
        let task = tx.append_to_task(task, events, stamp).await?;
        tx.index_name(task.case.0, "applicant", &assigned.applicant.name).await?;
        tx.index_name(task.case.0, "number", &assigned.number).await?;
        self.keep_row(tx, &task, assigned, now).await
    }

    /// Takes the hall's word that the limit for acceptance is over (视为受理).
    async fn deem_accepted(
        &self,
        tx: &mut Tx,
        hall: uuid::Uuid,
        deemed: &TaskDeemedAccepted,
        now: Timestamp,
    ) -> Result<(), DepartmentError> {
        let TaskDeemedAccepted { case_id, accepted_at, deemed_at } = deemed;
        let (task, assigned) = self.load(tx, CaseId(*case_id)).await?;
        let assignment = task.assignment().filter(|assignment| assignment.hall.0 == hall);
        let assignment = assignment.ok_or_else(DepartmentError::no_task)?;
        if *accepted_at != assignment.taken_at {
            let field = ProblemField::new("/data/accepted_at", "contradiction").value(accepted_at.to_string());
            return Err(DepartmentError::Invalid(vec![field]));
        }
        let events = decide_task(&task, TaskCommand::DeemAccepted { deemed_at: *deemed_at })?;
        let writer = format!("hall:{hall}");
        let stamp = Stamp { occurred_at: *deemed_at, recorded_at: now, writer: &writer };
        let task = tx.append_to_task(task, events, stamp).await?;
        self.keep_row(tx, &task, &assigned, now).await
    }

    /// Brings the row of a task up to its newest event.
    pub(crate) async fn keep_row(
        &self,
        tx: &mut Tx,
        task: &Task,
        assigned: &TaskAssigned,
        now: Timestamp,
    ) -> Result<(), DepartmentError> {
        if let Some(row) = self.row(task, assigned, now) {
            tx.put_task(&row).await?;
        }
        Ok(())
    }
}

/// A limit of the protocol as the rule of a clock.
pub(crate) fn rule(limit: &protocol::Limit) -> ClockRule {
    let protocol::Limit { clock, days, unit, start, law, article, verified, silence } = limit;
    ClockRule {
        kind: match clock {
            protocol::ClockKind::Intake => ClockKind::Intake,
            protocol::ClockKind::Statutory => ClockKind::Statutory,
            protocol::ClockKind::Promised => ClockKind::Promised,
        },
        budget: match unit {
            protocol::DayUnit::Working => Budget::WorkingDays(*days),
            protocol::DayUnit::Natural => Budget::NaturalDays(*days),
        },
        start: match start {
            protocol::LimitStart::Receipt => StartRule::DayAfterReceipt,
            protocol::LimitStart::Acceptance => StartRule::DayAfterAcceptance,
        },
        article: if *verified {
            Article::sourced(law.clone(), article.clone(), "派发大厅的事项目录")
        } else {
            Article::unverified(law.clone(), article.clone())
        },
        silence: silence.map(|protocol::Silence::DeemedAccepted| SilenceEffect::DeemedAccepted),
    }
}
