//! Lists tasks and reads what belongs to one. Every read applies the same right.

use std::collections::BTreeMap;

use domain::{
    case::{Enquiry, EnquiryAnswer, first_due},
    clock::{ClockKind, LightDays},
    identity::{mask_number, mask_person, mask_phone},
    ids::CaseId,
    number::CaseNumber,
    rights::{Right, may},
    task::{Task, TaskAcceptedBy, TaskEvent},
};
use jiff::Timestamp;
use protocol::{ApplicantKind, TaskAssigned};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use store::{PaperState, StoreError, TaskCounts, TaskKey, TaskRow, Tx, events::read_task_event};
use uuid::Uuid;
use web::{
    Actor, ProblemCode, ProblemField,
    page::{Limit, Page},
    view::{
        ActorKind, ActorView, ClockExplanation, ClockName, ClockView, DeliveryView, Download, OutcomeName,
        PaperKindName, PaperStateName, TimelineEntry, in_order,
    },
};

use crate::{
    Department, DepartmentError,
    receive_event::rule,
    records::RowRecord,
    step_views,
    views::{
        AgentView, AnswerView, ApplicantView, ClaimerView, FailedDeliveryView, OpinionView, PapersToComeView,
        PointView, ResultView, TaskCountsView, TaskFilter, TaskLimitView, TaskMaterialView, TaskPaperView, TaskRowView,
        TaskStateName, TaskView, TextsView, outcome_named,
    },
};

/// The largest file that is fetched from a hall, in bytes.
const LARGEST_FILE: u64 = 32 * 1024 * 1024;

/// How far the tasks of a list are counted.
const MOST_COUNTED: u32 = 1_000;

impl Department {
    /// Refuses who has no right in this department, or works in another.
    pub(crate) fn demand(&self, actor: &Actor, right: Right) -> Result<(), DepartmentError> {
        if actor.department() == Some(self.0.profile.id.0) && may(&actor.grants(), right, None, self.0.clock.today()) {
            return Ok(());
        }
        tracing::info!(account.id = %actor.account(), ?right, "denied");
        Err(DepartmentError::Forbidden)
    }

    /// A task with what the hall sent of it.
    pub(crate) async fn load(&self, tx: &mut Tx, id: CaseId) -> Result<(Task, TaskAssigned), DepartmentError> {
        let task = tx.load_task(id).await?;
        let assignment = task.assignment().ok_or_else(DepartmentError::no_task)?;
        let assigned: Option<TaskAssigned> = read(tx, assignment.content.record.0).await?;
        Ok((task, assigned.ok_or_else(DepartmentError::no_task)?))
    }

    /// The row that lists show of a task after its newest event.
    pub(crate) fn row(&self, task: &Task, assigned: &TaskAssigned, now: Timestamp) -> Option<TaskRow> {
        let assignment = task.assignment()?;
        Some(TaskRow {
            id: task.case.0,
            hall: assignment.hall.0,
            hall_name: assigned.hall.name.clone(),
            number: assigned.number.clone(),
            official_number: Some(assigned.official_number.clone()),
            item_name: assigned.item.name.clone(),
            department: assignment.department.0,
            applicant_masked: match assigned.applicant.kind {
                ApplicantKind::Person => mask_person(&assigned.applicant.name),
                ApplicantKind::Organisation => assigned.applicant.name.clone(),
            },
            state: task.state.name().to_owned(),
            deemed_accepted: task.accepted().is_some_and(TaskAcceptedBy::is_silence),
            outcome: task.outcome().map(|outcome| outcome.name().to_owned()),
            claimed_by: task.claimed_by.map(|by| by.0),
            notices: u32::try_from(assigned.notices.len() + task.notices.len()).unwrap_or(u32::MAX),
            open_enquiries: u32::try_from(task.open_enquiries()).unwrap_or(u32::MAX),
            open: task.state.is_open(),
            assigned_at: assignment.assigned_at,
            due_at: first_due(&task.clocks(), &self.0.calendar, self.0.hours),
            lights: LightDays::of(&task.clocks(), &self.0.calendar),
            version: task.revision,
            updated_at: now,
        })
    }

    /// The tasks of a list: those that are open, the first due first; those that are done, newest first. With a text, those of
    /// the list that have it in number or applicant, newest first.
    ///
    /// # Errors
    /// [`DepartmentError::Forbidden`].
    pub async fn tasks(
        &self,
        actor: &Actor,
        filter: TaskFilter,
        search: Option<&str>,
        after: Option<Value>,
        limit: Limit,
    ) -> Result<Page<TaskRowView>, DepartmentError> {
        self.demand(actor, Right::ReadTask)?;
        let mut tx = self.0.store.read().await?;
        let (department, me) = (self.0.profile.id.0, actor.account());
        let search = search.map(str::trim).filter(|text| !text.is_empty());
        let most = limit.and_one();
        let page = match (search, filter) {
            (Some(text), filter) => {
                let after = key_of::<Uuid>(after)?;
                let rows = tx.tasks_found(department, filter.list_of(me), text, after, most).await?;
                Page::of(rows, limit, |row| row.id)
            }
            (None, TaskFilter::Done) => {
                let after = key_of::<Uuid>(after)?;
                let rows = tx.done_tasks(department, after, most).await?;
                Page::of(rows, limit, |row| row.id)
            }
            (None, filter) => {
                let after = key_of::<(Option<i64>, Uuid)>(after)?;
                let after = after.map(|(due, id)| TaskKey {
                    due_at: due.and_then(|micros| Timestamp::from_microsecond(micros).ok()),
                    id,
                });
                let rows = match filter {
                    TaskFilter::Mine => tx.claimed_tasks(department, me, after, most).await?,
                    TaskFilter::Unclaimed => tx.unclaimed_tasks(department, after, most).await?,
                    TaskFilter::Waiting => tx.waiting_tasks(department, after, most).await?,
                    TaskFilter::Open | TaskFilter::Done => tx.open_tasks(department, after, most).await?,
                };
                Page::of(rows, limit, |row| (row.due_at.map(Timestamp::as_microsecond), row.id))
            }
        };
        let mut names = Names::default();
        let mut items = vec![];
        for row in page.items {
            items.push(self.row_view(&mut tx, &mut names, row).await?);
        }
        Ok(Page { items, next: page.next })
    }

    /// How many tasks are in each list, for its tab.
    ///
    /// # Errors
    /// [`DepartmentError::Forbidden`].
    pub async fn task_counts(&self, actor: &Actor) -> Result<TaskCountsView, DepartmentError> {
        self.demand(actor, Right::ReadTask)?;
        let mut tx = self.0.store.read().await?;
        let counts = tx.task_counts(self.0.profile.id.0, actor.account(), MOST_COUNTED).await?;
        let TaskCounts { open, claimed, unclaimed, waiting, done } = counts;
        Ok(TaskCountsView { open, mine: claimed, unclaimed, waiting, done, most: MOST_COUNTED })
    }

    /// The messages to halls that were given up, the oldest first, each with its task.
    ///
    /// # Errors
    /// [`DepartmentError::Forbidden`].
    pub async fn failed_deliveries(
        &self,
        actor: &Actor,
        after: Option<Uuid>,
        limit: Limit,
    ) -> Result<Page<FailedDeliveryView>, DepartmentError> {
        self.demand(actor, Right::ReadTask)?;
        let mut tx = self.0.store.read().await?;
        let dead = tx.dead_messages(after, limit.and_one()).await?;
        let page = Page::of(dead, limit, |delivery| delivery.id);
        let mut names = Names::default();
        let mut items = vec![];
        for delivery in page.items {
            let row = tx.task(delivery.stream).await?.ok_or_else(DepartmentError::no_task)?;
            let task = self.row_view(&mut tx, &mut names, row).await?;
            items.push(FailedDeliveryView { task, delivery: DeliveryView::of(&delivery, &*self.0.clock) });
        }
        Ok(Page { items, next: page.next })
    }

    fn papers_to_come(&self, assigned: &TaskAssigned) -> PapersToComeView {
        let (papers, profile) = (&assigned.item.papers, &self.0.profile);
        PapersToComeView {
            supplement_notice: papers.supplement_notice.title.clone(),
            rejection: papers.refusal.title.clone(),
            granted: papers.granted.title.clone(),
            denied: papers.denied.title.clone(),
            authority: profile.name.clone(),
            seal: profile.seal.clone(),
            remedies: profile.remedies.clone(),
            remedies_verified: profile.remedies_verified,
        }
    }

    async fn row_view(&self, tx: &mut Tx, names: &mut Names, row: TaskRow) -> Result<TaskRowView, DepartmentError> {
        let corrupt = || StoreError::Corrupt { table: "task", key: row.id.to_string(), what: "a state or number" };
        let number = CaseNumber::parse(&row.number).map_err(|_| corrupt())?;
        Ok(TaskRowView {
            state: TaskStateName::named(&row.state).ok_or_else(corrupt)?,
            id: row.id,
            number_spoken: number.spoken(),
            number: row.number,
            hall_name: row.hall_name,
            item_name: row.item_name,
            applicant_masked: row.applicant_masked,
            deemed_accepted: row.deemed_accepted,
            outcome: row.outcome.as_deref().and_then(outcome_named),
            claimed_by: match row.claimed_by {
                Some(id) => Some(ClaimerView { id, name: names.of(tx, id).await? }),
                None => None,
            },
            notices_given: row.notices,
            open_enquiries: row.open_enquiries,
            assigned_at: row.assigned_at,
            due: row.due_at,
            light: row.lights.on(self.0.clock.today()).into(),
            version: row.version,
        })
    }

    /// A task with everything about it.
    ///
    /// # Errors
    /// [`ProblemCode::TaskNotFound`], [`DepartmentError::Forbidden`].
    pub async fn task(&self, actor: &Actor, id: CaseId) -> Result<TaskView, DepartmentError> {
        self.demand(actor, Right::ReadTask)?;
        self.task_view_in(&mut self.0.store.read().await?, id).await
    }

    pub(crate) async fn task_view_in(&self, tx: &mut Tx, id: CaseId) -> Result<TaskView, DepartmentError> {
        let row = tx.task(id.0).await?.ok_or_else(DepartmentError::no_task)?;
        let (task, assigned) = self.load(tx, id).await?;
        let assignment = task.assignment().ok_or_else(DepartmentError::no_task)?;
        let (today, mut names) = (self.0.clock.today(), Names::default());
        let papers = in_order(tx.papers(id.0).await?);
        let deliveries = tx.deliveries(id.0).await?;
        let clocks = task.clocks();
        let view = |clock| ClockView::of(clock, today, &self.0.calendar, self.0.hours);
        Ok(TaskView {
            official_number: assigned.official_number.clone(),
            applicant: ApplicantView {
                kind: assigned.applicant.kind,
                name: assigned.applicant.name.clone(),
                id_number: mask_number(&assigned.applicant.id_number),
                phone: mask_phone(&assigned.applicant.phone),
                address: assigned.applicant.address.clone(),
                legal_representative: assigned.applicant.legal_representative.clone(),
                contact: assigned.applicant.contact.clone(),
            },
            agent: assigned.agent.as_ref().map(|agent| AgentView {
                name: agent.name.clone(),
                id_number: mask_number(&agent.id_number),
                phone: mask_phone(&agent.phone),
                authority: agent.authority.clone(),
                until: agent.until,
            }),
            answers: assigned
                .answers
                .iter()
                .map(|answer| AnswerView { question: answer.text.clone(), answer: answer.label.clone() })
                .collect(),
            points: assigned.points.iter().map(PointView::of).collect(),
            texts: texts(&assigned),
            papers_to_come: self.papers_to_come(&assigned),
            form: assigned.form.to_value().unwrap_or_default(),
            form_schema: assigned.item.form_schema.to_value().unwrap_or_default(),
            ui_schema: assigned
                .item
                .form_layout
                .as_ref()
                .map_or_else(|| json!({}), |layout| layout.to_value().unwrap_or_default()),
            materials: materials(&assigned),
            limits: limits(&assigned),
            clocks: clocks.iter().map(view).collect(),
            result: result(&assigned, today),
            review_and_decision_in_one: assigned.item.review_and_decision_in_one,
            has_transcription_card: !assigned.item.department_fields.is_empty(),
            papers: papers
                .into_iter()
                .map(|paper| TaskPaperView {
                    state: PaperStateName::of(&paper),
                    id: paper.id,
                    kind: PaperKindName::named(&paper.kind),
                    title: paper.title,
                    number: paper.number,
                })
                .collect(),
            opinions: opinions(tx, &mut names, &task).await?,
            delivery_to_hall: DeliveryView::of_all(&deliveries, &*self.0.clock),
            unverified_notes: assigned.item.unverified_notes.clone(),
            received_at: assignment.received_at,
            notices: step_views::notices(tx, &mut names, &task, &assigned).await?,
            rejection: step_views::rejection(tx, &task).await?,
            enquiries: step_views::enquiries(tx, &task).await?,
            window_acceptance: step_views::window_acceptance(tx, &task).await?,
            window_decision: step_views::window_decision(tx, &task).await?,
            withdrawal: step_views::withdrawal(tx, &task).await?,
            row: self.row_view(tx, &mut names, row).await?,
        })
    }

    /// What happened to a task, oldest first.
    ///
    /// # Errors
    /// [`ProblemCode::TaskNotFound`], [`DepartmentError::Forbidden`].
    pub async fn timeline(
        &self,
        actor: &Actor,
        id: CaseId,
        after: Option<u64>,
        limit: Limit,
    ) -> Result<Page<TimelineEntry>, DepartmentError> {
        self.demand(actor, Right::ReadTask)?;
        let mut tx = self.0.store.read().await?;
        let (_, assigned) = self.load(&mut tx, id).await?;
        let (mut entries, mut names) = (vec![], Names::default());
        for stored in tx.events_after(id.0, after.unwrap_or(0), limit.and_one()).await? {
            let event = read_task_event(&stored.kind, stored.version, &stored.body).map_err(|_| {
                StoreError::Corrupt { table: "journal", key: id.to_string(), what: "an event that cannot be read" }
            })?;
            let actor = match stored.writer.split_once(':') {
                Some(("staff", staff)) => {
                    let name = match Uuid::try_parse(staff) {
                        Ok(id) => names.of(&mut tx, id).await?,
                        Err(_) => None,
                    };
                    ActorView::new(ActorKind::Staff, name)
                }
                Some(("hall", _)) => ActorView::new(ActorKind::Hall, Some(assigned.hall.name.clone())),
                _ => ActorView::new(ActorKind::System, None),
            };
            entries.push(TimelineEntry {
                sequence: stored.seq,
                occurred_at: stored.occurred_at,
                recorded_at: stored.recorded_at,
                kind: stored.kind,
                actor,
                facts: facts(&mut tx, &mut names, &event).await?,
            });
        }
        Ok(Page::of(entries, limit, |entry| entry.sequence))
    }

    /// A clock of a task, day by day.
    ///
    /// # Errors
    /// [`ProblemCode::TaskNotFound`], also when the clock has not been started.
    pub async fn clock_explained(
        &self,
        actor: &Actor,
        id: CaseId,
        clock: ClockName,
    ) -> Result<ClockExplanation, DepartmentError> {
        self.demand(actor, Right::ReadTask)?;
        let task = self.0.store.read().await?.load_task(id).await?;
        let clocks = task.clocks();
        let found = clocks.iter().find(|running| running.rule.kind == ClockKind::from(clock));
        let clock = found.ok_or_else(DepartmentError::no_task)?;
        let explained = ClockExplanation::of(clock, self.0.clock.today(), &self.0.calendar, self.0.hours);
        explained.map_err(|_| DepartmentError::no_task())
    }

    /// The file of a material: kept here once it was fetched from the hall.
    ///
    /// # Errors
    /// [`ProblemCode::MaterialNotFound`], or [`DepartmentError::Network`] when the hall does not give it.
    pub async fn material(&self, actor: &Actor, id: CaseId, index: usize) -> Result<Download, DepartmentError> {
        self.demand(actor, Right::ReadTask)?;
        let none = || DepartmentError::NotFound(ProblemCode::MaterialNotFound);
        let (task, assigned) = self.load(&mut self.0.store.read().await?, id).await?;
        let material = assigned.materials.get(index).ok_or_else(none)?;
        let sha256 = material.sha256.clone().ok_or_else(none)?;
        let digest: [u8; 32] = hex::decode(&sha256).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(none)?;
        let bytes = match self.0.files.get(digest).await? {
            Some(bytes) => bytes,
            None => {
                let hall = task.assignment().ok_or_else(DepartmentError::no_task)?.hall;
                let peer = self.0.peers.get(&hall).ok_or_else(none)?;
                let most = material.size.unwrap_or(LARGEST_FILE).min(LARGEST_FILE);
                let fetched = peer.fetch_file(&sha256, most, self.0.clock.wall()).await;
                let bytes = fetched.map_err(DepartmentError::network)?.to_vec();
                self.0.files.put(bytes.clone()).await?;
                bytes
            }
        };
        Ok(Download {
            bytes,
            media_type: material.media_type.clone().unwrap_or_else(|| "application/octet-stream".to_owned()),
            name: material.file_name.clone().unwrap_or_else(|| material.name.clone()),
            sha256,
        })
    }

    /// The bytes of a paper.
    ///
    /// # Errors
    /// [`ProblemCode::PaperNotFound`], [`ProblemCode::PaperNotReady`].
    pub async fn paper(&self, actor: &Actor, id: Uuid) -> Result<Download, DepartmentError> {
        self.demand(actor, Right::ReadTask)?;
        let none = || DepartmentError::NotFound(ProblemCode::PaperNotFound);
        let paper = self.0.store.read().await?.paper(id).await?.ok_or_else(none)?;
        let sha256 = paper.sha256.filter(|_| paper.state == PaperState::Ready);
        let sha256 = sha256.ok_or(DepartmentError::NotFound(ProblemCode::PaperNotReady))?;
        let bytes = self.0.files.get(sha256).await?.ok_or_else(none)?;
        Ok(Download {
            bytes,
            media_type: "application/pdf".to_owned(),
            name: format!("{} {}.pdf", paper.title, paper.number),
            sha256: hex::encode(sha256),
        })
    }

    /// The bytes of a paper, for a hall that was told its hash.
    ///
    /// # Errors
    /// [`ProblemCode::FileNotFound`].
    pub async fn file_for_hall(&self, sha256: &str) -> Result<Download, DepartmentError> {
        let none = || DepartmentError::NotFound(ProblemCode::FileNotFound);
        let digest: [u8; 32] = hex::decode(sha256).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(none)?;
        let file = self.0.store.read().await?.file(digest).await?.ok_or_else(none)?;
        let bytes = self.0.files.get(digest).await?.ok_or_else(none)?;
        Ok(Download { bytes, media_type: file.media_type, name: sha256.to_owned(), sha256: sha256.to_owned() })
    }
}

/// The key of a cursor, which has to be one of this list.
fn key_of<K: DeserializeOwned>(cursor: Option<Value>) -> Result<Option<K>, DepartmentError> {
    let Some(key) = cursor else { return Ok(None) };
    let given = web::page::cursor(&key);
    let wrong = |_| DepartmentError::Query(Box::new(ProblemField::new("?after", "not-allowed").value(given)));
    serde_json::from_value(key).map(Some).map_err(wrong)
}

/// The content of a record; none once erased.
pub(crate) async fn read<T: DeserializeOwned>(tx: &mut Tx, record: Uuid) -> Result<Option<T>, DepartmentError> {
    let Some(bytes) = tx.record(record).await? else { return Ok(None) };
    let unreadable =
        |_| StoreError::Corrupt { table: "record", key: record.to_string(), what: "not what its kind says" };
    Ok(Some(serde_json::from_slice(&bytes).map_err(unreadable)?))
}

/// The names of people, each asked for once.
#[derive(Default)]
pub(crate) struct Names(BTreeMap<Uuid, Option<String>>);

impl Names {
    /// The name of somebody who has, or had, an account.
    pub(crate) async fn of(&mut self, tx: &mut Tx, id: Uuid) -> Result<Option<String>, DepartmentError> {
        if let Some(name) = self.0.get(&id) {
            return Ok(name.clone());
        }
        let name = tx.account(id).await?.map(|account| account.name);
        self.0.insert(id, name.clone());
        Ok(name)
    }
}

fn materials(assigned: &TaskAssigned) -> Vec<TaskMaterialView> {
    let materials = assigned.materials.iter().enumerate().map(|(index, material)| TaskMaterialView {
        index,
        code: material.code.clone(),
        name: material.name.clone(),
        file_name: material.file_name.clone(),
        media_type: material.media_type.clone(),
        size: material.size,
        has_file: material.sha256.is_some(),
        copies: material.copies,
        original: material.original,
    });
    materials.collect()
}

/// The texts from which an approver starts, with what the application says in its places.
fn texts(assigned: &TaskAssigned) -> Option<TextsView> {
    let protocol::DecisionTexts { grant, refuse } = assigned.item.decision_texts.as_ref()?;
    Some(TextsView { grant: assigned.filled(grant), refuse: assigned.filled(refuse) })
}

fn limits(assigned: &TaskAssigned) -> Vec<TaskLimitView> {
    let limits = assigned.item.limits.iter().map(rule).map(|rule| TaskLimitView {
        clock: rule.kind.into(),
        budget: rule.budget.into(),
        verified: rule.article.is_sourced(),
        law: rule.article.law,
        article: rule.article.article,
    });
    limits.collect()
}

fn result(assigned: &TaskAssigned, today: jiff::civil::Date) -> ResultView {
    let result = &assigned.item.result;
    ResultView {
        certificate_title: result.certificate_title.clone(),
        template: result.template,
        rows: result
            .rows
            .iter()
            .map(|row| RowRecord { label: row.label.clone(), value: assigned.words_at(&row.pointer) })
            .collect(),
        validity_years: result.validity_years,
        validity_months: result.validity_months,
        valid_from: today,
        valid_until: assigned.last_valid_day(today),
    }
}

async fn opinions(tx: &mut Tx, names: &mut Names, task: &Task) -> Result<Vec<OpinionView>, DepartmentError> {
    let mut opinions = vec![];
    if let Some(acceptance) = task.accepted().and_then(TaskAcceptedBy::said) {
        opinions.push(OpinionView {
            step: "accept".to_owned(),
            by: names.of(tx, acceptance.by.0).await?,
            by_account: acceptance.by.0,
            at: acceptance.accepted_at,
            outcome: None,
            text: match &acceptance.opinion {
                Some(opinion) => read(tx, opinion.record.0).await?,
                None => None,
            },
        });
    }
    if let Some(review) = task.review() {
        opinions.push(OpinionView {
            step: "review".to_owned(),
            by: names.of(tx, review.by.0).await?,
            by_account: review.by.0,
            at: review.reviewed_at,
            outcome: Some(OutcomeName::from(review.proposal)),
            text: read(tx, review.opinion.record.0).await?,
        });
    }
    if let Some(decision) = task.decision() {
        opinions.push(OpinionView {
            step: "decide".to_owned(),
            by: names.of(tx, decision.by.0).await?,
            by_account: decision.by.0,
            at: decision.decided_at,
            outcome: Some(OutcomeName::from(decision.outcome)),
            text: read(tx, decision.opinion.record.0).await?,
        });
    }
    Ok(opinions)
}

/// What the timeline says of an event besides its kind.
async fn facts(tx: &mut Tx, names: &mut Names, event: &TaskEvent) -> Result<Value, DepartmentError> {
    Ok(match event {
        TaskEvent::Assigned(assignment) => json!({ "number": assignment.number.to_string() }),
        TaskEvent::Accepted(acceptance) | TaskEvent::AcceptanceConfirmed(acceptance) => {
            json!({ "notice": acceptance.notice.number })
        }
        TaskEvent::SupplementAsked(notice) => json!({ "notice": notice.paper.number }),
        TaskEvent::Rejected(rejection) => {
            json!({ "ground": rejection.ground.name(), "document": rejection.paper.number })
        }
        TaskEvent::Reviewed(review) => json!({ "proposal": review.proposal.name() }),
        TaskEvent::DecidedAtWindow(decision) => json!({ "outcome": decision.outcome.name() }),
        TaskEvent::Asked(Enquiry { by, .. }) | TaskEvent::Answered(EnquiryAnswer { by, .. }) => {
            json!({ "by": by.name() })
        }
        TaskEvent::Claimed { .. }
        | TaskEvent::Released { .. }
        | TaskEvent::Supplemented { .. }
        | TaskEvent::AcceptedAtWindow { .. }
        | TaskEvent::Withdrawn { .. }
        | TaskEvent::DeemedAccepted { .. } => json!({}),
        TaskEvent::Decided(decision) => json!({
            "outcome": decision.outcome.name(),
            "decision": decision.document.number,
            "certificate": decision.certificate.as_ref().map(|certificate| certificate.paper.number.clone()),
        }),
        TaskEvent::PaperFiled { paper, digest: _, seal } => {
            let sealed_by = match seal {
                Some(seal) => names.of(tx, seal.by.0).await?,
                None => None,
            };
            let seal = seal.as_ref().map(|seal| format!("{}{}", seal.authority, seal.seal));
            match tx.paper(paper.0).await? {
                Some(row) => json!({
                    "title": row.title, "number": row.number, "kind": row.kind, "seal": seal, "sealed_by": sealed_by,
                }),
                None => json!({ "seal": seal, "sealed_by": sealed_by }),
            }
        }
    })
}
