//! Cases and tasks, out of the journal and into it.

use domain::{
    case::{self, Case},
    ids::{CaseId, RecordId, Sealed},
    task::{Task, TaskEvent, evolve_task},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Written, read_case_event, read_task_event, write_case_event, write_task_event};
use crate::{NewEvent, Salt, StoreError, Tx, seal};

/// Personal content that an event will refer to, sealed before the write that keeps it.
#[derive(Clone, Debug)]
pub struct Content {
    id: RecordId,
    kind: &'static str,
    bytes: Vec<u8>,
    salt: Salt,
}

impl Content {
    /// Content under a new id.
    #[must_use]
    pub fn new(id: Uuid, kind: &'static str, bytes: Vec<u8>) -> Self {
        Self { id: id.into(), kind, bytes, salt: Salt::random() }
    }

    /// What an event says of it.
    #[must_use]
    pub fn sealed(&self) -> Sealed {
        Sealed { record: self.id, digest: seal(&self.bytes, self.salt) }
    }

    /// Keeps it, in the write that appends the event.
    ///
    /// # Errors
    /// As any write.
    pub async fn keep(&self, tx: &mut Tx, stream: Uuid, now: Timestamp) -> Result<(), StoreError> {
        tx.keep_record(self.id.0, stream, self.kind, &self.bytes, self.salt, now).await?;
        Ok(())
    }
}

/// When an event happened, when it is written, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Now.
    pub recorded_at: Timestamp,
    /// Who writes it: `staff:<id>`, `department:<id>`, `hall:<id>` or `system`.
    pub writer: &'a str,
}

impl Tx {
    /// A case as its journal tells it; a draft when nothing happened yet.
    ///
    /// # Errors
    /// `Corrupt` when an event cannot be read.
    pub async fn load_case(&mut self, id: CaseId) -> Result<Case, StoreError> {
        let mut case = Case::draft(id);
        for event in self.load(id.0).await? {
            let event = read_case_event(&event.kind, event.version, &event.body)
                .map_err(|_| StoreError::corrupt("journal", id, "an event that cannot be read"))?;
            case = case::evolve(case, event);
        }
        Ok(case)
    }

    /// Appends what follows from a command to a case, and returns the case after it.
    ///
    /// # Errors
    /// `Stale` when the case has changed since it was loaded.
    pub async fn append_to_case(
        &mut self,
        case: Case,
        events: Vec<case::Event>,
        stamp: Stamp<'_>,
    ) -> Result<Case, StoreError> {
        let written = events.iter().map(|event| new_event(write_case_event(event), stamp));
        let written: Vec<_> = written.collect();
        self.append(case.id.0, case.version, &written, stamp.recorded_at).await?;
        Ok(events.into_iter().fold(case, case::evolve))
    }

    /// A task as its journal tells it; an unknown one when nothing came yet.
    ///
    /// # Errors
    /// `Corrupt` when an event cannot be read.
    pub async fn load_task(&mut self, id: CaseId) -> Result<Task, StoreError> {
        let mut task = Task::unknown(id);
        for event in self.load(id.0).await? {
            let event = read_task_event(&event.kind, event.version, &event.body)
                .map_err(|_| StoreError::corrupt("journal", id, "an event that cannot be read"))?;
            task = evolve_task(task, event);
        }
        Ok(task)
    }

    /// Appends what follows from a command to a task, and returns the task after it.
    ///
    /// # Errors
    /// `Stale` when the task has changed since it was loaded.
    pub async fn append_to_task(
        &mut self,
        task: Task,
        events: Vec<TaskEvent>,
        stamp: Stamp<'_>,
    ) -> Result<Task, StoreError> {
        let written = events.iter().map(|event| new_event(write_task_event(event), stamp));
        let written: Vec<_> = written.collect();
        self.append(task.case.0, task.version, &written, stamp.recorded_at).await?;
        Ok(events.into_iter().fold(task, evolve_task))
    }
}

fn new_event(Written { kind, version, body }: Written, stamp: Stamp<'_>) -> NewEvent {
    NewEvent::new(kind, version, stamp.occurred_at, stamp.writer, body)
}
