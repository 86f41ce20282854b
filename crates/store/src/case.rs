//! The rows of cases that lists show. What they say is derived from the journal.

use crate::search::{Sought, has_gram_from, has_gram_where, has_text_from, has_text_where};
use crate::sql::run;
use crate::value::{Place, big, micros, text};
use crate::{StoreError, Tx};
use domain::clock::LightDays;
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// The case, which is also its stream.
    pub id: Uuid,
    /// The short number, digits only; one case each.
    pub number: String,
    /// The official number 办件编号; one case each.
    pub official_number: Option<String>,
    /// The filing it belongs to.
    pub filing: Uuid,
    /// Which item.
    pub item_code: String,
    /// Which version of it.
    pub item_version: u32,
    /// What it is called.
    pub item_name: String,
    /// Who decides.
    pub department: Uuid,
    /// What that is called.
    pub department_name: String,
    /// Who applies, masked.
    pub applicant_masked: String,
    /// `taken`, `accepted`, `decided`, …
    pub state: String,
    /// Whether it was the department's silence that accepted it (视为受理).
    pub deemed_accepted: bool,
    /// `granted` or `denied`.
    pub outcome: Option<String>,
    /// At which window it was taken.
    pub window: String,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// From which day on it shows which light.
    pub lights: LightDays,
    /// The first day on which silence accepts it, while it waits for acceptance.
    pub silent_from: Option<Date>,
    /// Since when its department waits for an answer of the window.
    pub asked_at: Option<Timestamp>,
    /// Since when the applicant has been told again what is missing, as long as it is open.
    pub told_again_at: Option<Timestamp>,
    /// The version of its stream.
    pub version: u64,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A case that silence has accepted, and where a page of them ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SilentCase {
    /// The first day on which silence accepts it.
    pub silent_from: Date,
    /// The case.
    pub id: Uuid,
}

/// What is read of a case; no table that is joined with it has columns of these names.
macro_rules! case_columns {
    () => {
        "id, number, official_number, filing_id, item_code, item_version, item_name, department_id, department_name,
         applicant_masked, state, deemed_accepted, outcome, at_window, taken_at, due_at, warning_on, yellow_on,
         red_on, silent_from, asked_at, told_again_at, version, updated_at"
    };
}

pub(crate) use case_columns;

#[derive(sqlx::FromRow)]
pub(crate) struct CaseColumns {
    id: Uuid,
    number: String,
    official_number: Option<String>,
    filing_id: Uuid,
    item_code: String,
    item_version: i64,
    item_name: String,
    department_id: Uuid,
    department_name: String,
    applicant_masked: String,
    state: String,
    deemed_accepted: bool,
    outcome: Option<String>,
    at_window: String,
    taken_at: i64,
    due_at: Option<i64>,
    warning_on: Option<String>,
    yellow_on: Option<String>,
    red_on: Option<String>,
    silent_from: Option<String>,
    asked_at: Option<i64>,
    told_again_at: Option<i64>,
    version: i64,
    updated_at: i64,
}

impl CaseColumns {
    pub(crate) fn of(self) -> Result<CaseRow, StoreError> {
        let place = Place::new("case_row", &self.id);
        Ok(CaseRow {
            id: self.id,
            item_version: place.number(self.item_version)?,
            taken_at: place.at(self.taken_at)?,
            due_at: place.maybe_at(self.due_at)?,
            lights: LightDays {
                warning: place.maybe_date(self.warning_on)?,
                yellow: place.maybe_date(self.yellow_on)?,
                red: place.maybe_date(self.red_on)?,
            },
            silent_from: place.maybe_date(self.silent_from)?,
            asked_at: place.maybe_at(self.asked_at)?,
            told_again_at: place.maybe_at(self.told_again_at)?,
            version: place.number(self.version)?,
            updated_at: place.at(self.updated_at)?,
            number: self.number,
            official_number: self.official_number,
            filing: self.filing_id,
            item_code: self.item_code,
            item_name: self.item_name,
            department: self.department_id,
            department_name: self.department_name,
            applicant_masked: self.applicant_masked,
            state: self.state,
            deemed_accepted: self.deemed_accepted,
            outcome: self.outcome,
            window: self.at_window,
        })
    }
}

impl Tx {
    /// Adds a case or changes all of its row.
    ///
    /// # Errors
    /// `Database` when another case has one of its numbers.
    pub async fn put_case(&mut self, case: &CaseRow) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO case_row (office_id, id, number, official_number, filing_id, item_code, item_version, item_name,
                                  department_id, department_name, applicant_masked, state, deemed_accepted, outcome,
                                  at_window, taken_at, due_at, warning_on, yellow_on, red_on, silent_from, asked_at,
                                  told_again_at, version, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                    $23, $24, $25)
            ON CONFLICT (office_id, id) DO UPDATE
               SET number = excluded.number, official_number = excluded.official_number, filing_id = excluded.filing_id,
                   item_code = excluded.item_code, item_version = excluded.item_version, item_name = excluded.item_name,
                   department_id = excluded.department_id, department_name = excluded.department_name,
                   applicant_masked = excluded.applicant_masked, state = excluded.state,
                   deemed_accepted = excluded.deemed_accepted, outcome = excluded.outcome,
                   at_window = excluded.at_window, taken_at = excluded.taken_at, due_at = excluded.due_at,
                   warning_on = excluded.warning_on, yellow_on = excluded.yellow_on, red_on = excluded.red_on,
                   silent_from = excluded.silent_from, asked_at = excluded.asked_at,
                   told_again_at = excluded.told_again_at, version = excluded.version, updated_at = excluded.updated_at";
        let CaseRow {
            id,
            number,
            official_number,
            filing,
            item_code,
            item_version,
            item_name,
            department,
            department_name,
            applicant_masked,
            state,
            deemed_accepted,
            outcome,
            window,
            taken_at,
            due_at,
            lights: LightDays { warning, yellow, red },
            silent_from,
            asked_at,
            told_again_at,
            version,
            updated_at,
        } = case;
        run!(self.execute(
            SQL,
            self.office,
            *id,
            number.as_str(),
            official_number.as_deref(),
            *filing,
            item_code.as_str(),
            i64::from(*item_version),
            item_name.as_str(),
            *department,
            department_name.as_str(),
            applicant_masked.as_str(),
            state.as_str(),
            *deemed_accepted,
            outcome.as_deref(),
            window.as_str(),
            micros(*taken_at),
            due_at.map(micros),
            warning.map(text),
            yellow.map(text),
            red.map(text),
            silent_from.map(text),
            asked_at.map(micros),
            told_again_at.map(micros),
            big(*version),
            micros(*updated_at),
        ))?;
        Ok(())
    }

    /// The row of a case.
    pub async fn case(&mut self, id: Uuid) -> Result<Option<CaseRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            case_columns!(),
            "
              FROM case_row
             WHERE office_id = $1 AND id = $2"
        );
        let row: Option<CaseColumns> = run!(self.fetch_optional(SQL, self.office, id))?;
        row.map(CaseColumns::of).transpose()
    }

    /// The case with a short number.
    pub async fn case_by_number(&mut self, number: &str) -> Result<Option<CaseRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            case_columns!(),
            "
              FROM case_row
             WHERE office_id = $1 AND number = $2"
        );
        let row: Option<CaseColumns> = run!(self.fetch_optional(SQL, self.office, number))?;
        row.map(CaseColumns::of).transpose()
    }

    /// The case with an official number.
    pub async fn case_by_official(&mut self, official_number: &str) -> Result<Option<CaseRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            case_columns!(),
            "
              FROM case_row
             WHERE office_id = $1 AND official_number = $2"
        );
        let row: Option<CaseColumns> = run!(self.fetch_optional(SQL, self.office, official_number))?;
        row.map(CaseColumns::of).transpose()
    }

    /// The cases of a filing, oldest first.
    pub async fn cases_of_filing(&mut self, filing: Uuid) -> Result<Vec<CaseRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            case_columns!(),
            "
              FROM case_row
             WHERE office_id = $1 AND filing_id = $2
             ORDER BY id"
        );
        let rows: Vec<CaseColumns> = run!(self.fetch_all(SQL, self.office, filing))?;
        rows.into_iter().map(CaseColumns::of).collect()
    }

    /// All cases, newest first, older than `after`.
    pub async fn cases(&mut self, after: Option<Uuid>, limit: u32) -> Result<Vec<CaseRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            case_columns!(),
            "
              FROM case_row
             WHERE office_id = $1 AND id < $2
             ORDER BY id DESC
             LIMIT $3"
        );
        let after = after.unwrap_or(Uuid::max());
        let rows: Vec<CaseColumns> = run!(self.fetch_all(SQL, self.office, after, i64::from(limit)))?;
        rows.into_iter().map(CaseColumns::of).collect()
    }

    /// The cases in a state, newest first, older than `after`. `issued` are those that wait to be handed over.
    pub async fn cases_in(&mut self, state: &str, after: Option<Uuid>, limit: u32) -> Result<Vec<CaseRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            case_columns!(),
            "
              FROM case_row
             WHERE office_id = $1 AND state = $2 AND id < $3
             ORDER BY id DESC
             LIMIT $4"
        );
        let after = after.unwrap_or(Uuid::max());
        let rows: Vec<CaseColumns> = run!(self.fetch_all(SQL, self.office, state, after, i64::from(limit)))?;
        rows.into_iter().map(CaseColumns::of).collect()
    }

    /// The cases that a window took, newest first, older than `after`.
    pub async fn cases_at(
        &mut self,
        window: &str,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<CaseRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            case_columns!(),
            "
              FROM case_row
             WHERE office_id = $1 AND at_window = $2 AND id < $3
             ORDER BY id DESC
             LIMIT $4"
        );
        let after = after.unwrap_or(Uuid::max());
        let rows: Vec<CaseColumns> = run!(self.fetch_all(SQL, self.office, window, after, i64::from(limit)))?;
        rows.into_iter().map(CaseColumns::of).collect()
    }

    /// The cases whose department waits for an answer of the window, newest first, older than `after`.
    pub async fn cases_asked(&mut self, after: Option<Uuid>, limit: u32) -> Result<Vec<CaseRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            case_columns!(),
            "
              FROM case_row
             WHERE office_id = $1 AND asked_at IS NOT NULL AND id < $2
             ORDER BY id DESC
             LIMIT $3"
        );
        let after = after.unwrap_or(Uuid::max());
        let rows: Vec<CaseColumns> = run!(self.fetch_all(SQL, self.office, after, i64::from(limit)))?;
        rows.into_iter().map(CaseColumns::of).collect()
    }

    /// The cases that were taken and that no department has been sent, newest first, older than `after`.
    pub async fn cases_with_window(&mut self, after: Option<Uuid>, limit: u32) -> Result<Vec<CaseRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            case_columns!(),
            "
              FROM case_row AS c
             WHERE c.office_id = $1 AND c.state = 'taken' AND c.id < $2
               AND NOT EXISTS (SELECT 1 FROM outbox_sequence AS s
                                WHERE s.office_id = c.office_id AND s.recipient = c.department_id AND s.stream_id = c.id)
             ORDER BY c.id DESC
             LIMIT $3"
        );
        let after = after.unwrap_or(Uuid::max());
        let rows: Vec<CaseColumns> = run!(self.fetch_all(SQL, self.office, after, i64::from(limit)))?;
        rows.into_iter().map(CaseColumns::of).collect()
    }

    /// The open cases whose applicant was told again what is missing, newest first, older than `after`.
    pub async fn cases_told_again(&mut self, after: Option<Uuid>, limit: u32) -> Result<Vec<CaseRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            case_columns!(),
            "
              FROM case_row
             WHERE office_id = $1 AND told_again_at IS NOT NULL AND id < $2
             ORDER BY id DESC
             LIMIT $3"
        );
        let after = after.unwrap_or(Uuid::max());
        let rows: Vec<CaseColumns> = run!(self.fetch_all(SQL, self.office, after, i64::from(limit)))?;
        rows.into_iter().map(CaseColumns::of).collect()
    }

    /// The cases that a department decides, newest first, older than `after`.
    pub async fn cases_of_department(
        &mut self,
        department: Uuid,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<CaseRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            case_columns!(),
            "
              FROM case_row
             WHERE office_id = $1 AND department_id = $2 AND id < $3
             ORDER BY id DESC
             LIMIT $4"
        );
        let after = after.unwrap_or(Uuid::max());
        let rows: Vec<CaseColumns> = run!(self.fetch_all(SQL, self.office, department, after, i64::from(limit)))?;
        rows.into_iter().map(CaseColumns::of).collect()
    }

    /// The cases that silence has accepted by a day without its being written yet, the longest silent first, behind the last
    /// one seen.
    pub async fn silent_cases(
        &mut self,
        today: Date,
        after: Option<SilentCase>,
        limit: u32,
    ) -> Result<Vec<SilentCase>, StoreError> {
        const SQL: &str = "
            SELECT silent_from, id
              FROM case_row
             WHERE office_id = $1 AND silent_from <= $2
               AND (silent_from, id) > ($3, $4)
             ORDER BY silent_from, id
             LIMIT $5";
        let (from, last) = after.map_or((String::new(), Uuid::nil()), |seen| (text(seen.silent_from), seen.id));
        let rows: Vec<(String, Uuid)> =
            run!(self.fetch_all(SQL, self.office, text(today), from.as_str(), last, i64::from(limit)))?;
        let silent = |(from, id): (String, Uuid)| {
            let silent_from = Place::new("case_row", &id).date(&from)?;
            Ok(SilentCase { silent_from, id })
        };
        rows.into_iter().map(silent).collect()
    }

    /// The cases with `text` in one of their indexed texts, perhaps only those in a state; newest first, older than `after`.
    pub async fn cases_found(
        &mut self,
        text: &str,
        state: Option<&str>,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<CaseRow>, StoreError> {
        const GRAM: &str = concat!(
            "SELECT ",
            case_columns!(),
            has_gram_from!(),
            " JOIN case_row AS c ON c.office_id = a.office_id AND c.id = a.stream_id",
            has_gram_where!(),
            "
               AND c.state = COALESCE($4, c.state)
             ORDER BY a.stream_id DESC
             LIMIT $5"
        );
        const TEXT: &str = concat!(
            "SELECT ",
            case_columns!(),
            has_text_from!(),
            " JOIN case_row AS c ON c.office_id = a.office_id AND c.id = a.stream_id",
            has_text_where!(),
            "
               AND c.state = COALESCE($6, c.state)
             ORDER BY a.stream_id DESC
             LIMIT $7"
        );
        let (after, limit) = (after.unwrap_or(Uuid::max()), i64::from(limit));
        let rows: Vec<CaseColumns> = match self.sought(text).await? {
            Sought::Nothing => return Ok(Vec::new()),
            Sought::Gram(gram) => run!(self.fetch_all(GRAM, self.office, gram, after, state, limit))?,
            Sought::Text { rarest, second, whole } => {
                run!(self.fetch_all(TEXT, self.office, rarest, second, after, whole, state, limit))?
            }
        };
        rows.into_iter().map(CaseColumns::of).collect()
    }
}
