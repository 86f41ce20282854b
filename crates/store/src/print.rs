//! The print ledger: every attempt to put a paper on paper.

use crate::sql::run;
use crate::value::{Place, micros};
use crate::{StoreError, Tx};
use jiff::Timestamp;
use uuid::Uuid;

/// A print that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPrint {
    /// The print.
    pub id: Uuid,
    /// Which paper.
    pub paper: Uuid,
    /// Why again, for all but the first.
    pub reason: Option<String>,
    /// Which station is to print it; any, when none is named.
    pub station: Option<String>,
    /// Which printer is to print it; the station's own, when none is named.
    pub printer: Option<String>,
    /// Who asked.
    pub requested_by: String,
    /// When.
    pub requested_at: Timestamp,
}

/// A print and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintRow {
    /// The print.
    pub id: Uuid,
    /// Which paper.
    pub paper: Uuid,
    /// The how-manieth of its paper, from 1.
    pub nth: u32,
    /// Why again.
    pub reason: Option<String>,
    /// How it stands.
    pub state: PrintState,
    /// The station that is to print it or has claimed it.
    pub station: Option<String>,
    /// The printer.
    pub printer: Option<String>,
    /// The printer's own number of the job.
    pub ipp_job: Option<i32>,
    /// What keeps it.
    pub trouble: Option<String>,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// Who asked.
    pub requested_by: String,
    /// When its state last changed.
    pub updated_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// How often a station has claimed it.
    pub attempts: u32,
}

/// How a print stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrintState {
    /// Waits for a station.
    Queued,
    /// A station has it and has not sent it yet.
    Claimed,
    /// A printer has it.
    Sent,
    /// It is being printed.
    Printing,
    /// The printer waits for a person.
    Held,
    /// Printed.
    Done,
    /// Not printed, and not tried any more.
    Failed,
    /// Called off.
    Cancelled,
}

/// A change of a print, allowed only from an expected state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintChange {
    /// The state it has to be in.
    pub from: PrintState,
    /// Its new state. Back to `Queued` it is free for any station that may have it.
    pub to: PrintState,
    /// The printer, when it is known now; otherwise it stays.
    pub printer: Option<String>,
    /// The printer's number of the job, when it is known now; otherwise it stays.
    pub ipp_job: Option<i32>,
    /// What keeps it now; nothing, when none.
    pub trouble: Option<String>,
}

impl PrintChange {
    /// A change of state with nothing more to say.
    #[must_use]
    pub fn new(from: PrintState, to: PrintState) -> Self {
        Self { from, to, printer: None, ipp_job: None, trouble: None }
    }
}

impl PrintState {
    const ALL: [Self; 8] = [
        Self::Queued,
        Self::Claimed,
        Self::Sent,
        Self::Printing,
        Self::Held,
        Self::Done,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The word it is kept as.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Claimed => "claimed",
            Self::Sent => "sent",
            Self::Printing => "printing",
            Self::Held => "held",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more happens to it by itself.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

#[derive(sqlx::FromRow)]
struct PrintColumns {
    id: Uuid,
    paper_id: Uuid,
    nth: i64,
    reason: Option<String>,
    state: String,
    station: Option<String>,
    printer: Option<String>,
    ipp_job: Option<i64>,
    trouble: Option<String>,
    requested_at: i64,
    requested_by: String,
    updated_at: i64,
    finished_at: Option<i64>,
    attempts: i64,
}

impl PrintColumns {
    fn of(self) -> Result<PrintRow, StoreError> {
        let Self {
            id,
            paper_id,
            nth,
            reason,
            state,
            station,
            printer,
            ipp_job,
            trouble,
            requested_at,
            requested_by,
            updated_at,
            finished_at,
            attempts,
        } = self;
        let place = Place::new("print", &id);
        Ok(PrintRow {
            id,
            paper: paper_id,
            nth: place.number(nth)?,
            reason,
            state: PrintState::of(&state).ok_or_else(|| place.corrupt("an unknown state"))?,
            station,
            printer,
            ipp_job: ipp_job.map(|job| place.number(job)).transpose()?,
            trouble,
            requested_at: place.at(requested_at)?,
            requested_by,
            updated_at: place.at(updated_at)?,
            finished_at: place.maybe_at(finished_at)?,
            attempts: place.number(attempts)?,
        })
    }
}

impl Tx {
    /// Queues a print behind those of its paper, and says the how-manieth it is.
    pub async fn queue_print(&mut self, print: &NewPrint) -> Result<u32, StoreError> {
        const SQL: &str = "
            INSERT INTO print (office_id, id, paper_id, nth, reason, state, station, wanted_station, printer,
                               requested_at, requested_by, updated_at, attempts)
            SELECT $1, $2, $3, COALESCE(MAX(nth), 0) + 1, $4, 'queued', $5, $5, $6, $7, $8, $7, 0
              FROM print
             WHERE office_id = $1 AND paper_id = $3
            RETURNING nth";
        let NewPrint { id, paper, reason, station, printer, requested_by, requested_at } = print;
        let (nth,): (i64,) = run!(self.fetch_one(
            SQL,
            self.office,
            *id,
            *paper,
            reason.as_deref(),
            station.as_deref(),
            printer.as_deref(),
            micros(*requested_at),
            requested_by.as_str(),
        ))?;
        Place::new("print", id).number(nth)
    }

    /// Gives a station the print that waits longest, until `lease_until`; this and `wall` are real time. A print whose
    /// lease ended before it was sent is given out again, with more `attempts`: the station then asks the printer whether
    /// it has it.
    pub async fn claim_print(
        &mut self,
        station: &str,
        now: Timestamp,
        wall: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<PrintRow>, StoreError> {
        // The outer conditions matter when two stations claim at once.
        const SQL: &str = "
            UPDATE print
               SET state = 'claimed', station = $2, lease_until = $4, updated_at = $3, attempts = attempts + 1
             WHERE office_id = $1 AND (state = 'queued' OR state = 'claimed' AND lease_until <= $5)
               AND id = (SELECT p.id FROM print AS p
                          WHERE p.office_id = $1 AND p.state IN ('queued', 'claimed')
                            AND (p.state = 'queued' OR p.lease_until <= $5)
                            AND (p.wanted_station IS NULL OR p.wanted_station = $2)
                          ORDER BY p.requested_at, p.id
                          LIMIT 1)
            RETURNING id, paper_id, nth, reason, state, station, printer, ipp_job, trouble,
                      requested_at, requested_by, updated_at, finished_at, attempts";
        let row: Option<PrintColumns> =
            run!(self.fetch_optional(SQL, self.office, station, micros(now), micros(lease_until), micros(wall)))?;
        row.map(PrintColumns::of).transpose()
    }

    /// Ends all leases of prints, when nobody is left who took them.
    pub(crate) async fn end_print_leases(&mut self) -> Result<u64, StoreError> {
        // The index is of both states, though only what is claimed has a lease.
        const SQL: &str = "
            UPDATE print SET lease_until = 0
             WHERE office_id = $1 AND state IN ('queued', 'claimed') AND lease_until > 0";
        run!(self.execute(SQL, self.office))
    }

    /// Changes the state of a print, if it is in the expected one; false when it is not.
    pub async fn change_print(&mut self, id: Uuid, change: &PrintChange, now: Timestamp) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE print
               SET state = $4, updated_at = $5, finished_at = $6, trouble = $7, lease_until = NULL,
                   printer = COALESCE($8, printer), ipp_job = COALESCE($9, ipp_job),
                   station = CASE WHEN $4 = 'queued' THEN wanted_station ELSE station END
             WHERE office_id = $1 AND id = $2 AND state = $3";
        let PrintChange { from, to, printer, ipp_job, trouble } = change;
        let changed = run!(self.execute(
            SQL,
            self.office,
            id,
            from.word(),
            to.word(),
            micros(now),
            to.is_final().then_some(micros(now)),
            trouble.as_deref(),
            printer.as_deref(),
            ipp_job.map(i64::from),
        ))?;
        Ok(changed == 1)
    }

    /// A print.
    pub async fn print(&mut self, id: Uuid) -> Result<Option<PrintRow>, StoreError> {
        const SQL: &str = "
            SELECT id, paper_id, nth, reason, state, station, printer, ipp_job, trouble,
                   requested_at, requested_by, updated_at, finished_at, attempts
              FROM print
             WHERE office_id = $1 AND id = $2";
        let row: Option<PrintColumns> = run!(self.fetch_optional(SQL, self.office, id))?;
        row.map(PrintColumns::of).transpose()
    }

    /// The prints of a paper, first to last.
    pub async fn prints(&mut self, paper: Uuid) -> Result<Vec<PrintRow>, StoreError> {
        const SQL: &str = "
            SELECT id, paper_id, nth, reason, state, station, printer, ipp_job, trouble,
                   requested_at, requested_by, updated_at, finished_at, attempts
              FROM print
             WHERE office_id = $1 AND paper_id = $2
             ORDER BY nth";
        let rows: Vec<PrintColumns> = run!(self.fetch_all(SQL, self.office, paper))?;
        rows.into_iter().map(PrintColumns::of).collect()
    }

    /// All prints, newest first, older than `after`.
    pub async fn prints_after(&mut self, after: Option<Uuid>, limit: u32) -> Result<Vec<PrintRow>, StoreError> {
        const SQL: &str = "
            SELECT id, paper_id, nth, reason, state, station, printer, ipp_job, trouble,
                   requested_at, requested_by, updated_at, finished_at, attempts
              FROM print
             WHERE office_id = $1 AND id < $2
             ORDER BY id DESC
             LIMIT $3";
        let after = after.unwrap_or(Uuid::max());
        let rows: Vec<PrintColumns> = run!(self.fetch_all(SQL, self.office, after, i64::from(limit)))?;
        rows.into_iter().map(PrintColumns::of).collect()
    }

    /// How many prints wait for a station, or for somebody at the printer.
    pub async fn prints_waiting(&mut self) -> Result<u64, StoreError> {
        // What is held is found in the index of what a printer has, whose condition has to stand here word for word.
        const SQL: &str = "
            SELECT COUNT(*) FROM print WHERE office_id = $1 AND state IN ('queued', 'claimed')
            UNION ALL
            SELECT COUNT(*) FROM print
             WHERE office_id = $1 AND state IN ('sent', 'printing', 'held') AND state = 'held'";
        let counts: Vec<(i64,)> = run!(self.fetch_all(SQL, self.office))?;
        Place::new("print", &"waiting").number(counts.into_iter().map(|(count,)| count).sum())
    }

    /// The prints of a station that a printer has, oldest first: what a station asks its printers about.
    pub async fn prints_under_way(&mut self, station: &str) -> Result<Vec<PrintRow>, StoreError> {
        const SQL: &str = "
            SELECT id, paper_id, nth, reason, state, station, printer, ipp_job, trouble,
                   requested_at, requested_by, updated_at, finished_at, attempts
              FROM print
             WHERE office_id = $1 AND station = $2 AND state IN ('sent', 'printing', 'held')
             ORDER BY requested_at, id";
        let rows: Vec<PrintColumns> = run!(self.fetch_all(SQL, self.office, station))?;
        rows.into_iter().map(PrintColumns::of).collect()
    }
}
