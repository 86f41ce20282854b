//! Reckons the days of open tasks anew when the service starts: its calendar may know more than when their rows were written.

use std::error::Error;

use domain::ids::CaseId;
use store::TaskRow;
use web::workers::{Stop, stopped};

use crate::{Department, DepartmentError};

/// How many rows are read at a time.
const AT_ONCE: u32 = 100;

pub(crate) async fn run(department: Department, mut stop: Stop) {
    let reckoned = tokio::select! {
        () = stopped(&mut stop) => return,
        reckoned = department.reckon_all_days() => reckoned,
    };
    if let Err(error) = reckoned {
        tracing::warn!(error = &error as &dyn Error, "the days of open tasks could not be reckoned anew");
    }
}

impl Department {
    async fn reckon_all_days(&self) -> Result<(), DepartmentError> {
        // All are read first: a row that gets another last day changes its place in the list.
        let mut rows: Vec<TaskRow> = vec![];
        loop {
            let after = rows.last().map(TaskRow::key);
            let page = self.0.store.read().await?.open_tasks(self.0.profile.id.0, after, AT_ONCE).await?;
            if page.is_empty() {
                break;
            }
            rows.extend(page);
        }
        for row in rows {
            let id = row.id;
            if let Err(error) = self.reckon_days(row).await {
                tracing::warn!(task.id = %id, error = &error as &dyn Error, "its days could not be reckoned anew");
            }
        }
        Ok(())
    }

    async fn reckon_days(&self, row: TaskRow) -> Result<(), DepartmentError> {
        let id = CaseId(row.id);
        let (task, assigned) = self.load(&mut self.0.store.read().await?, id).await?;
        let days = |row: &TaskRow| (row.due_at, row.lights);
        if self.row(&task, &assigned, row.updated_at).is_none_or(|anew| days(&anew) == days(&row)) {
            return Ok(());
        }
        let (department, now) = (self.clone(), self.0.clock.now());
        let write = self.0.store.write(async move |tx| {
            let (task, assigned) = department.load(tx, id).await?;
            department.keep_row(tx, &task, &assigned, now).await
        });
        write.await?;
        self.tell(row.id);
        Ok(())
    }
}
