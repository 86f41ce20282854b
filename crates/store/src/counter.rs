//! Numbers without gaps: taken inside the write that uses them.

use crate::sql::run;
use crate::value::Place;
use crate::{StoreError, Tx};

impl Tx {
    /// The next number of a counter, from 1. When the write fails, the number was not taken.
    pub async fn next(&mut self, counter: &str) -> Result<u64, StoreError> {
        const SQL: &str = "
            INSERT INTO counter (office_id, name, last)
            VALUES ($1, $2, 1)
            ON CONFLICT (office_id, name) DO UPDATE SET last = counter.last + 1
            RETURNING last";
        let (last,): (i64,) = run!(self.fetch_one(SQL, self.office, counter))?;
        Place::new("counter", &counter).number(last)
    }

    /// The number that a counter gave last, 0 when it gave none.
    pub(crate) async fn last(&mut self, counter: &str) -> Result<u64, StoreError> {
        const SQL: &str = "
            SELECT last FROM counter
             WHERE office_id = $1 AND name = $2";
        let row: Option<(i64,)> = run!(self.fetch_optional(SQL, self.office, counter))?;
        row.map_or(Ok(0), |(last,)| Place::new("counter", &counter).number(last))
    }
}
