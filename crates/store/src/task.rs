//! The rows of tasks that lists show. What they say is derived from the journal.

use crate::search::{Sought, has_gram_from, has_gram_where, has_text_from, has_text_where};
use crate::sql::run;
use crate::value::{Place, big, micros, text};
use crate::{StoreError, Tx};
use domain::clock::LightDays;
use jiff::Timestamp;
use uuid::Uuid;

/// A task in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// The task, which is also its stream and its case.
    pub id: Uuid,
    /// The hall that sent it.
    pub hall: Uuid,
    /// What that is called.
    pub hall_name: String,
    /// The short number of the case.
    pub number: String,
    /// The official number of the case.
    pub official_number: Option<String>,
    /// What the item is called.
    pub item_name: String,
    /// Whose task it is.
    pub department: Uuid,
    /// Who applies, masked.
    pub applicant_masked: String,
    /// Where it stands, as the domain names it.
    pub state: String,
    /// Whether it was the department's silence that accepted it (视为受理).
    pub deemed_accepted: bool,
    /// `granted` or `denied`.
    pub outcome: Option<String>,
    /// Who has taken it up (认领).
    pub claimed_by: Option<Uuid>,
    /// How often the applicant was told what is missing (补正).
    pub notices: u32,
    /// How many of its questions wait for an answer.
    pub open_enquiries: u32,
    /// Whether it waits for the department.
    pub open: bool,
    /// When it came.
    pub assigned_at: Timestamp,
    /// When it is due. What is never due comes last.
    pub due_at: Option<Timestamp>,
    /// From which day on it shows which light.
    pub lights: LightDays,
    /// The version of its stream.
    pub version: u64,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A list of the tasks of a department.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskList {
    /// Those that wait for the department.
    Open,
    /// Those of them that somebody has taken up.
    Claimed(Uuid),
    /// Those of them that nobody has, and that do not wait for the applicant.
    Unclaimed,
    /// Those of them that wait for what the applicant hands in.
    Waiting,
    /// Those that the department is done with.
    Done,
}

impl TaskList {
    fn binds(self) -> (&'static str, Option<Uuid>) {
        match self {
            Self::Open => ("open", None),
            Self::Claimed(by) => ("claimed", Some(by)),
            Self::Unclaimed => ("unclaimed", None),
            Self::Waiting => ("waiting", None),
            Self::Done => ("done", None),
        }
    }
}

/// How many tasks there are in each list, counted no further than was asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TaskCounts {
    /// Those that wait for the department.
    pub open: u64,
    /// Those of them that somebody has taken up.
    pub claimed: u64,
    /// Those of them that nobody has.
    pub unclaimed: u64,
    /// Those of them that wait for what the applicant hands in.
    pub waiting: u64,
    /// Those that the department is done with.
    pub done: u64,
}

/// Where a page of open tasks ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskKey {
    /// When the last task shown is due.
    pub due_at: Option<Timestamp>,
    /// The last task shown.
    pub id: Uuid,
}

impl TaskRow {
    /// Where a page ends that ends with this task.
    #[must_use]
    pub fn key(&self) -> TaskKey {
        TaskKey { due_at: self.due_at, id: self.id }
    }
}

/// The column of what is never due, so that it comes last on both databases.
const NEVER: i64 = i64::MAX;

/// What is read of a task; no table that is joined with it has columns of these names.
macro_rules! task_columns {
    () => {
        "id, hall_id, hall_name, number, official_number, item_name, department_id, applicant_masked, state,
         deemed_accepted, outcome, claimed_by, notices, open_enquiries, open, assigned_at, due_at,
         warning_on, yellow_on, red_on, version, updated_at"
    };
}

#[derive(sqlx::FromRow)]
struct TaskColumns {
    id: Uuid,
    hall_id: Uuid,
    hall_name: String,
    number: String,
    official_number: Option<String>,
    item_name: String,
    department_id: Uuid,
    applicant_masked: String,
    state: String,
    deemed_accepted: bool,
    outcome: Option<String>,
    claimed_by: Option<Uuid>,
    notices: i64,
    open_enquiries: i64,
    open: bool,
    assigned_at: i64,
    due_at: i64,
    warning_on: Option<String>,
    yellow_on: Option<String>,
    red_on: Option<String>,
    version: i64,
    updated_at: i64,
}

impl TaskColumns {
    fn of(self) -> Result<TaskRow, StoreError> {
        let place = Place::new("task_row", &self.id);
        Ok(TaskRow {
            id: self.id,
            assigned_at: place.at(self.assigned_at)?,
            due_at: if self.due_at == NEVER { None } else { Some(place.at(self.due_at)?) },
            lights: LightDays {
                warning: place.maybe_date(self.warning_on)?,
                yellow: place.maybe_date(self.yellow_on)?,
                red: place.maybe_date(self.red_on)?,
            },
            notices: place.number(self.notices)?,
            open_enquiries: place.number(self.open_enquiries)?,
            version: place.number(self.version)?,
            updated_at: place.at(self.updated_at)?,
            hall: self.hall_id,
            hall_name: self.hall_name,
            number: self.number,
            official_number: self.official_number,
            item_name: self.item_name,
            department: self.department_id,
            applicant_masked: self.applicant_masked,
            state: self.state,
            deemed_accepted: self.deemed_accepted,
            outcome: self.outcome,
            claimed_by: self.claimed_by,
            open: self.open,
        })
    }
}

impl Tx {
    /// Adds a task or changes all of its row.
    pub async fn put_task(&mut self, task: &TaskRow) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO task_row (office_id, id, hall_id, hall_name, number, official_number, item_name, department_id,
                                  applicant_masked, state, deemed_accepted, outcome, claimed_by, notices, open_enquiries,
                                  open, assigned_at, due_at, warning_on, yellow_on, red_on, version, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                    $23)
            ON CONFLICT (office_id, id) DO UPDATE
               SET hall_id = excluded.hall_id, hall_name = excluded.hall_name, number = excluded.number,
                   official_number = excluded.official_number, item_name = excluded.item_name,
                   department_id = excluded.department_id, applicant_masked = excluded.applicant_masked,
                   state = excluded.state, deemed_accepted = excluded.deemed_accepted,
                   outcome = excluded.outcome, claimed_by = excluded.claimed_by, notices = excluded.notices,
                   open_enquiries = excluded.open_enquiries, open = excluded.open,
                   assigned_at = excluded.assigned_at, due_at = excluded.due_at, warning_on = excluded.warning_on,
                   yellow_on = excluded.yellow_on, red_on = excluded.red_on, version = excluded.version,
                   updated_at = excluded.updated_at";
        let TaskRow {
            id,
            hall,
            hall_name,
            number,
            official_number,
            item_name,
            department,
            applicant_masked,
            state,
            deemed_accepted,
            outcome,
            claimed_by,
            notices,
            open_enquiries,
            open,
            assigned_at,
            due_at,
            lights: LightDays { warning, yellow, red },
            version,
            updated_at,
        } = task;
        run!(self.execute(
            SQL,
            self.office,
            *id,
            *hall,
            hall_name.as_str(),
            number.as_str(),
            official_number.as_deref(),
            item_name.as_str(),
            *department,
            applicant_masked.as_str(),
            state.as_str(),
            *deemed_accepted,
            outcome.as_deref(),
            *claimed_by,
            i64::from(*notices),
            i64::from(*open_enquiries),
            *open,
            micros(*assigned_at),
            due_at.map_or(NEVER, micros),
            warning.map(text),
            yellow.map(text),
            red.map(text),
            big(*version),
            micros(*updated_at),
        ))?;
        Ok(())
    }

    /// The row of a task.
    pub async fn task(&mut self, id: Uuid) -> Result<Option<TaskRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            task_columns!(),
            "
              FROM task_row
             WHERE office_id = $1 AND id = $2"
        );
        let row: Option<TaskColumns> = run!(self.fetch_optional(SQL, self.office, id))?;
        row.map(TaskColumns::of).transpose()
    }

    /// The tasks of a department that are due first, after the last one shown.
    pub async fn open_tasks(
        &mut self,
        department: Uuid,
        after: Option<TaskKey>,
        limit: u32,
    ) -> Result<Vec<TaskRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            task_columns!(),
            "
              FROM task_row
             WHERE office_id = $1 AND department_id = $2 AND open
               AND (due_at, id) > ($3, $4)
             ORDER BY due_at, id
             LIMIT $5"
        );
        let (due_at, id) = beginning(after);
        let rows: Vec<TaskColumns> = run!(self.fetch_all(SQL, self.office, department, due_at, id, i64::from(limit)))?;
        rows.into_iter().map(TaskColumns::of).collect()
    }

    /// The open tasks of a department that somebody has taken up and that are due first, after the last one shown.
    pub async fn claimed_tasks(
        &mut self,
        department: Uuid,
        by: Uuid,
        after: Option<TaskKey>,
        limit: u32,
    ) -> Result<Vec<TaskRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            task_columns!(),
            "
              FROM task_row
             WHERE office_id = $1 AND department_id = $2 AND open AND claimed_by = $3
               AND (due_at, id) > ($4, $5)
             ORDER BY due_at, id
             LIMIT $6"
        );
        let ((due_at, id), limit) = (beginning(after), i64::from(limit));
        let rows: Vec<TaskColumns> = run!(self.fetch_all(SQL, self.office, department, by, due_at, id, limit))?;
        rows.into_iter().map(TaskColumns::of).collect()
    }

    /// The tasks of a department that nobody has taken up and that do not wait for the applicant; those due first, after the
    /// last one shown.
    pub async fn unclaimed_tasks(
        &mut self,
        department: Uuid,
        after: Option<TaskKey>,
        limit: u32,
    ) -> Result<Vec<TaskRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            task_columns!(),
            "
              FROM task_row
             WHERE office_id = $1 AND department_id = $2 AND open AND claimed_by IS NULL AND state <> 'supplement-asked'
               AND (due_at, id) > ($3, $4)
             ORDER BY due_at, id
             LIMIT $5"
        );
        let (due_at, id) = beginning(after);
        let rows: Vec<TaskColumns> = run!(self.fetch_all(SQL, self.office, department, due_at, id, i64::from(limit)))?;
        rows.into_iter().map(TaskColumns::of).collect()
    }

    /// The tasks of a department that wait for what the applicant hands in, after the last one shown.
    pub async fn waiting_tasks(
        &mut self,
        department: Uuid,
        after: Option<TaskKey>,
        limit: u32,
    ) -> Result<Vec<TaskRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            task_columns!(),
            "
              FROM task_row
             WHERE office_id = $1 AND department_id = $2 AND state = 'supplement-asked'
               AND (due_at, id) > ($3, $4)
             ORDER BY due_at, id
             LIMIT $5"
        );
        let (due_at, id) = beginning(after);
        let rows: Vec<TaskColumns> = run!(self.fetch_all(SQL, self.office, department, due_at, id, i64::from(limit)))?;
        rows.into_iter().map(TaskColumns::of).collect()
    }

    /// How many tasks of a department are in each list, and how many of the open ones `by` has taken up. Nothing is counted
    /// beyond `most`: what a department has done in years is not gone through for a number on a tab.
    pub async fn task_counts(&mut self, department: Uuid, by: Uuid, most: u32) -> Result<TaskCounts, StoreError> {
        const SQL: &str = "
            SELECT 'open', COUNT(*) FROM (SELECT 1 FROM task_row
             WHERE office_id = $1 AND department_id = $2 AND open LIMIT $4) AS probe
            UNION ALL
            SELECT 'claimed', COUNT(*) FROM (SELECT 1 FROM task_row
             WHERE office_id = $1 AND department_id = $2 AND open AND claimed_by = $3 LIMIT $4) AS probe
            UNION ALL
            SELECT 'unclaimed', COUNT(*) FROM (SELECT 1 FROM task_row
             WHERE office_id = $1 AND department_id = $2 AND open AND claimed_by IS NULL
               AND state <> 'supplement-asked' LIMIT $4) AS probe
            UNION ALL
            SELECT 'waiting', COUNT(*) FROM (SELECT 1 FROM task_row
             WHERE office_id = $1 AND department_id = $2 AND state = 'supplement-asked' LIMIT $4) AS probe
            UNION ALL
            SELECT 'done', COUNT(*) FROM (SELECT 1 FROM task_row
             WHERE office_id = $1 AND department_id = $2 AND NOT open LIMIT $4) AS probe";
        let rows: Vec<(String, i64)> = run!(self.fetch_all(SQL, self.office, department, by, i64::from(most)))?;
        let mut counts = TaskCounts::default();
        for (list, count) in rows {
            let count = Place::new("task_row", &department).number(count)?;
            match list.as_str() {
                "open" => counts.open = count,
                "claimed" => counts.claimed = count,
                "unclaimed" => counts.unclaimed = count,
                "waiting" => counts.waiting = count,
                _ => counts.done = count,
            }
        }
        Ok(counts)
    }

    /// The tasks that a department is done with, newest first, older than `after`.
    pub async fn done_tasks(
        &mut self,
        department: Uuid,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<TaskRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            task_columns!(),
            "
              FROM task_row
             WHERE office_id = $1 AND department_id = $2 AND NOT open AND id < $3
             ORDER BY id DESC
             LIMIT $4"
        );
        let after = after.unwrap_or(Uuid::max());
        let rows: Vec<TaskColumns> = run!(self.fetch_all(SQL, self.office, department, after, i64::from(limit)))?;
        rows.into_iter().map(TaskColumns::of).collect()
    }

    /// The tasks of a list of a department with `text` in one of their indexed texts; newest first, older than `after`.
    pub async fn tasks_found(
        &mut self,
        department: Uuid,
        list: TaskList,
        text: &str,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<TaskRow>, StoreError> {
        const GRAM: &str = concat!(
            "SELECT ",
            task_columns!(),
            has_gram_from!(),
            " JOIN task_row AS t ON t.office_id = a.office_id AND t.id = a.stream_id",
            has_gram_where!(),
            "
               AND t.department_id = $4
               AND CASE $5 WHEN 'open' THEN t.open
                            WHEN 'claimed' THEN t.open AND t.claimed_by = $6
                            WHEN 'unclaimed' THEN t.open AND t.claimed_by IS NULL AND t.state <> 'supplement-asked'
                            WHEN 'waiting' THEN t.state = 'supplement-asked'
                            ELSE NOT t.open END
             ORDER BY a.stream_id DESC
             LIMIT $7"
        );
        const TEXT: &str = concat!(
            "SELECT ",
            task_columns!(),
            has_text_from!(),
            " JOIN task_row AS t ON t.office_id = a.office_id AND t.id = a.stream_id",
            has_text_where!(),
            "
               AND t.department_id = $6
               AND CASE $7 WHEN 'open' THEN t.open
                            WHEN 'claimed' THEN t.open AND t.claimed_by = $8
                            WHEN 'unclaimed' THEN t.open AND t.claimed_by IS NULL AND t.state <> 'supplement-asked'
                            WHEN 'waiting' THEN t.state = 'supplement-asked'
                            ELSE NOT t.open END
             ORDER BY a.stream_id DESC
             LIMIT $9"
        );
        let (after, limit) = (after.unwrap_or(Uuid::max()), i64::from(limit));
        let (list, by) = list.binds();
        let rows: Vec<TaskColumns> = match self.sought(text).await? {
            Sought::Nothing => return Ok(Vec::new()),
            Sought::Gram(gram) => run!(self.fetch_all(GRAM, self.office, gram, after, department, list, by, limit))?,
            Sought::Text { rarest, second, whole } => {
                run!(self.fetch_all(TEXT, self.office, rarest, second, after, whole, department, list, by, limit))?
            }
        };
        rows.into_iter().map(TaskColumns::of).collect()
    }
}

/// The place behind which a page begins.
fn beginning(after: Option<TaskKey>) -> (i64, Uuid) {
    after.map_or((i64::MIN, Uuid::nil()), |key| (key.due_at.map_or(NEVER, micros), key.id))
}
