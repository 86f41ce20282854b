//! Takes what a hall says: what it assigns, what the applicant handed in later, what its windows did by delegation, what it
//! asks and answers.

use domain::{
    case::{Enquiry, EnquiryAnswer, Outcome},
    clock::{Article, Budget, ClockKind, ClockRule, SilenceEffect, StartRule},
    ids::{CaseId, DepartmentId, HallId},
    item::Seat,
    number::CaseNumber,
    task::{Assignment, Task, TaskCommand, WindowDecision, decide_task},
};
use jiff::Timestamp;
use protocol::{Event, Message, Party, TaskAssigned, TaskDeemedAccepted, TaskReceived, TaskSupplemented};
use store::{Content, Stamp, Tx};
use uuid::Uuid;
use web::ProblemField;

use crate::{Department, DepartmentError, accept_task::received_at, records};

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
        let (now, ids) = (self.0.clock.now(), [self.new_id(), self.new_id()]);
        let handed = courier::take_in(&self.0.store, event, body, now, async move |tx, event| {
            department.carry_out(tx, event, ids, now).await
        })
        .await?;
        self.0.wake.courier.notify_one();
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
        ids: [Uuid; 2],
        now: Timestamp,
    ) -> Result<(), DepartmentError> {
        let Party::Hall(hall) = event.source else { return Err(DepartmentError::no_task()) };
        let [content_id, message_id] = ids;
        let case = CaseId(event.case_id());
        let told = match &event.message {
            Message::TaskAssigned(assigned) => {
                let task = self.assign(tx, hall, assigned, content_id, now).await?;
                return self.confirm_fields(tx, &task, assigned, message_id, now).await;
            }
            Message::TaskSupplemented(supplemented) => {
                let (task, assigned) = self.supplement(tx, hall, supplemented, content_id, now).await?;
                return self.confirm_fields(tx, &task, &assigned, message_id, now).await;
            }
            Message::TaskDeemedAccepted(deemed) => {
                let task = self.load_from(tx, hall, case).await?.0;
                Told { command: deemed_command(&task, deemed)?, content: None, occurred_at: deemed.deemed_at }
            }
            Message::TaskAcceptedAtWindow(accepted) => {
                let content = Content::new(content_id, "window-acceptance", records::bytes(accepted));
                let protocol::TaskAcceptedAtWindow { accepted_at, .. } = *accepted;
                let command = TaskCommand::AcceptAtWindow { accepted_at, content: content.sealed() };
                Told { command, content: Some(content), occurred_at: accepted_at }
            }
            Message::TaskDecidedAtWindow(decided) => {
                let content = Content::new(content_id, "window-decision", records::bytes(decided));
                let decision = WindowDecision {
                    decided_at: decided.decided_at,
                    outcome: match decided.outcome {
                        protocol::Outcome::Granted => Outcome::Granted,
                        protocol::Outcome::Denied => Outcome::Denied,
                    },
                    content: content.sealed(),
                };
                let command = TaskCommand::DecideAtWindow(decision);
                Told { command, content: Some(content), occurred_at: decided.decided_at }
            }
            Message::TaskWithdrawn(withdrawn) => {
                let content = Content::new(content_id, "withdrawal", records::bytes(withdrawn));
                let protocol::TaskWithdrawn { withdrawn_at, .. } = *withdrawn;
                let command = TaskCommand::Withdraw { withdrawn_at, content: content.sealed() };
                Told { command, content: Some(content), occurred_at: withdrawn_at }
            }
            Message::EnquiryAsked(asked) => {
                let content = Content::new(content_id, "enquiry", records::bytes(asked));
                let protocol::EnquiryAsked { enquiry_id, asked_at, .. } = *asked;
                let enquiry = Enquiry { id: enquiry_id.into(), asked_at, by: Seat::Window, content: content.sealed() };
                Told { command: TaskCommand::Ask(enquiry), content: Some(content), occurred_at: asked_at }
            }
            Message::EnquiryAnswered(answered) => {
                let content = Content::new(content_id, "enquiry-answer", records::bytes(answered));
                let protocol::EnquiryAnswered { enquiry_id, answered_at, .. } = *answered;
                let enquiry = enquiry_id.into();
                let answer = EnquiryAnswer { enquiry, answered_at, by: Seat::Window, content: content.sealed() };
                Told { command: TaskCommand::Answer(answer), content: Some(content), occurred_at: answered_at }
            }
            other => return Err(DepartmentError::NotForDepartments(other.event_type())),
        };
        let (task, assigned) = self.load_from(tx, hall, case).await?;
        self.append_told(tx, task, &assigned, told, now).await?;
        Ok(())
    }

    /// A task with what the hall sent of it. What another hall sent is none of this one's.
    async fn load_from(&self, tx: &mut Tx, hall: Uuid, case: CaseId) -> Result<(Task, TaskAssigned), DepartmentError> {
        let (task, assigned) = self.load(tx, case).await?;
        let sender = task.assignment().map(|assignment| assignment.hall.0);
        if sender == Some(hall) { Ok((task, assigned)) } else { Err(DepartmentError::no_task()) }
    }

    /// Does what a hall has said, and brings the row of the task up to it.
    async fn append_told(
        &self,
        tx: &mut Tx,
        task: Task,
        assigned: &TaskAssigned,
        told: Told,
        now: Timestamp,
    ) -> Result<Task, DepartmentError> {
        let Told { command, content, occurred_at } = told;
        let events = decide_task(&task, command)?;
        if let Some(content) = content {
            content.keep(tx, task.case.0, now).await?;
        }
        let writer = format!("hall:{}", assigned.hall.id);
        let stamp = Stamp { occurred_at, recorded_at: now, writer: &writer };
        let task = tx.append_to_task(task, events, stamp).await?;
        self.keep_row(tx, &task, assigned, now).await?;
        Ok(task)
    }

    async fn assign(
        &self,
        tx: &mut Tx,
        hall: Uuid,
        assigned: &TaskAssigned,
        content_id: Uuid,
        now: Timestamp,
    ) -> Result<Task, DepartmentError> {
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
            received_at: assigned.limit_from(),
            assigned_at: now,
            limits: assigned.item.limits.iter().map(rule).collect(),
            review_and_decision_in_one: assigned.item.review_and_decision_in_one,
            content: content.sealed(),
        };
        let task = tx.load_task(CaseId(assigned.case_id)).await?;
        let command = TaskCommand::Assign(assignment);
        let told = Told { command, content: Some(content), occurred_at: assigned.taken_at };
        let task = self.append_told(tx, task, assigned, told, now).await?;
        tx.index_name(task.case.0, "applicant", &assigned.applicant.name).await?;
        tx.index_name(task.case.0, "number", &assigned.number).await?;
        Ok(task)
    }

    /// Takes what was handed in upon a notice: the assignment is kept anew, with form, materials and points as they are now.
    async fn supplement(
        &self,
        tx: &mut Tx,
        hall: Uuid,
        supplemented: &TaskSupplemented,
        content_id: Uuid,
        now: Timestamp,
    ) -> Result<(Task, TaskAssigned), DepartmentError> {
        let TaskSupplemented { case_id, received_at, form, materials, points } = supplemented;
        let (task, assigned) = self.load_from(tx, hall, CaseId(*case_id)).await?;
        if task.assignment().is_some_and(|assignment| *received_at < assignment.received_at) {
            let field = ProblemField::new("/data/received_at", "contradiction").value(received_at.to_string());
            return Err(DepartmentError::Invalid(vec![field]));
        }
        let assigned =
            TaskAssigned { form: form.clone(), materials: materials.clone(), points: points.clone(), ..assigned };
        let content = Content::new(content_id, "assignment", records::bytes(&assigned));
        let command = TaskCommand::TakeSupplement { received_at: *received_at, content: content.sealed() };
        let told = Told { command, content: Some(content), occurred_at: *received_at };
        let task = self.append_told(tx, task, &assigned, told, now).await?;
        Ok((task, assigned))
    }

    /// Tells the hall field by field what stands in the department's own system (接收回执), where the item names its fields.
    async fn confirm_fields(
        &self,
        tx: &mut Tx,
        task: &Task,
        assigned: &TaskAssigned,
        message_id: Uuid,
        now: Timestamp,
    ) -> Result<(), DepartmentError> {
        if assigned.item.department_fields.is_empty() {
            return Ok(());
        }
        let received = Message::TaskReceived(TaskReceived {
            case_id: task.case.0,
            received_at: now,
            department_number: None,
            fields: records::received_fields(assigned),
        });
        self.tell_hall(tx, task, message_id, &received, now).await
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

/// What a hall has said, as a command.
struct Told {
    command: TaskCommand,
    content: Option<Content>,
    occurred_at: Timestamp,
}

/// The hall's word that the limit for acceptance is over (视为受理).
fn deemed_command(task: &Task, deemed: &TaskDeemedAccepted) -> Result<TaskCommand, DepartmentError> {
    let TaskDeemedAccepted { case_id: _, accepted_at, deemed_at } = deemed;
    if received_at(task) != Some(*accepted_at) {
        let field = ProblemField::new("/data/accepted_at", "contradiction").value(accepted_at.to_string());
        return Err(DepartmentError::Invalid(vec![field]));
    }
    Ok(TaskCommand::DeemAccepted { deemed_at: *deemed_at })
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
