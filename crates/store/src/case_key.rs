//! Finding cases by what is known as a whole (查询键): the number of a document, of a phone, of a certificate.
//!
//! The values are personal content: they go when a case is erased. They are compared as they are; making two spellings of
//! one number the same is up to whoever adds and asks.

use crate::case::{CaseColumns, CaseRow, case_columns};
use crate::sql::run;
use crate::{Engine, StoreError, Tx};
use std::cmp::Reverse;
use uuid::Uuid;

impl Tx {
    /// Lets a case be found by values of fields (`id_number`, `phone`, `agent_id_number`, …), beside those it is found by.
    pub async fn add_case_keys(&mut self, case: Uuid, keys: &[(&str, &str)]) -> Result<(), StoreError> {
        const SQLITE: &str = "
            INSERT INTO case_key (office_id, field, value, case_id)
            SELECT $1, value ->> 0, value ->> 1, $2 FROM json_each($3) WHERE true
            ON CONFLICT DO NOTHING";
        const POSTGRES: &str = "
            INSERT INTO case_key (office_id, field, value, case_id)
            SELECT $1, value ->> 0, value ->> 1, $2 FROM json_array_elements($3::json) AS value
            ON CONFLICT DO NOTHING";
        let sql = match self.engine() {
            Engine::Sqlite => SQLITE,
            Engine::Postgres => POSTGRES,
        };
        let list = serde_json::json!(keys).to_string();
        run!(self.execute(sql, self.office, case, list))?;
        Ok(())
    }

    /// Forgets what a case is found by, and returns how much that was.
    pub async fn forget_case_keys(&mut self, case: Uuid) -> Result<u64, StoreError> {
        const SQL: &str = "
            DELETE FROM case_key
             WHERE office_id = $1 AND case_id = $2";
        run!(self.execute(SQL, self.office, case))
    }

    /// The cases with a value in one of some fields, perhaps only those in a state; newest first, older than `after`.
    pub async fn cases_by_key(
        &mut self,
        fields: &[&str],
        value: &str,
        state: Option<&str>,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<CaseRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            case_columns!(),
            "
              FROM case_key AS k
              JOIN case_row AS c ON c.office_id = k.office_id AND c.id = k.case_id
             WHERE k.office_id = $1 AND k.field = $2 AND k.value = $3 AND k.case_id < $4
               AND c.state = COALESCE($5, c.state)
             ORDER BY k.case_id DESC
             LIMIT $6"
        );
        let after = after.unwrap_or(Uuid::max());
        // The newest of all are among the newest of each.
        let mut found: Vec<CaseRow> = Vec::new();
        for field in fields {
            let rows: Vec<CaseColumns> =
                run!(self.fetch_all(SQL, self.office, *field, value, after, state, i64::from(limit)))?;
            for row in rows {
                found.push(row.of()?);
            }
        }
        found.sort_by_key(|case| Reverse(case.id));
        found.dedup_by_key(|case| case.id);
        found.truncate(limit as usize);
        Ok(found)
    }
}
