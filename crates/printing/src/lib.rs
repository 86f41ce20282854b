//! Puts bytes on paper through IPP and reports what became of the job.
//!
//! Knows bytes, not cases: it never renders, never keeps a queue and never tries again by itself. Whoever holds the print
//! ledger decides that, and can, because every failure of [`Printer::submit`] says whether the printer may have the job:
//! only [`PrintError::OutcomeUnknown`] leaves it open, and [`Printer::find_job`] then asks the printer by the job's name.
//!
//! It speaks `ipp://` to a printer, to CUPS (`ipp://localhost:631/printers/…`) and to the [`simulator`]. A printer that wants
//! TLS or a password is reached through a CUPS queue. Requests never go through a proxy and never follow a redirect.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod error;
mod job;
mod printer;
pub mod simulator;
mod status;
mod wire;

pub use error::PrintError;
pub use job::{A4, Job, JobId, JobState, MAX_NAME_BYTES, Reason, Sides};
pub use printer::{CONNECT_TIMEOUT, Printer, QUERY_TIMEOUT, REQUESTING_USER, SUBMIT_TIMEOUT, Timeouts};
pub use status::{PrinterState, PrinterStatus, Trouble};
