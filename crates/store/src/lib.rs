//! The memory of a hall or a department: journal, queries, outbox, print ledger, on SQLite and PostgreSQL.
//!
//! One text of every statement serves both databases. What has to happen together happens in one [`Store::write`]: a
//! closure that does no I/O of its own and may be run again. This crate keeps and finds rows and bytes; it knows no rule of
//! the office, never reads the clock, and never tells the world anything.
//!
//! ```no_run
//! # use yichuang_store as store;
//! # async fn example(office: uuid::Uuid, case: uuid::Uuid, now: jiff::Timestamp) -> Result<(), store::StoreError> {
//! use store::{Kind, NewEvent, Store, StoreConfig, StoreError};
//!
//! let store = Store::open(&StoreConfig::new("sqlite:///var/lib/yichuang/hall.db"), Kind::Hall, office).await?;
//!
//! // Captured values are lent to the closure, not given: it may be run again.
//! let version = store
//!     .write(async move |tx| {
//!         let seen = tx.head(case).await?.map_or(0, |head| head.version);
//!         let accepted = NewEvent::new("case.accepted", 1, now, "window:03", b"{}".to_vec());
//!         tx.append(case, seen, &[accepted], now).await
//!     })
//!     .await?;
//!
//! let events = store.read().await?.load(case).await?;
//! assert_eq!(events.len() as u64, version);
//! # Ok(())
//! # }
//! ```
//!
//! `write` is generic over the error, so that a use case can return its own: any `E: From<StoreError>`.

mod account;
mod applicant;
mod applicant_material;
mod case;
mod case_key;
mod certificate;
mod counter;
mod draft;
mod engine;
mod error;
pub mod events;
mod file;
mod idempotency;
mod inbox;
mod item_version;
mod journal;
mod outbox;
mod paper;
mod print;
mod random;
mod record;
mod search;
mod sql;
mod task;
#[cfg(test)]
mod tests;
mod value;
mod writer;

pub use account::{Account, LoginFailures, SessionRow};
pub use applicant::ApplicantRow;
pub use applicant_material::{ApplicantMaterial, MaterialKey};
pub use case::{CaseRow, SilentCase};
pub use certificate::{CertificateKey, CertificateRow, CertificateState};
pub use draft::{Confirmed, Draft, DraftKey, DraftRow, NewDraft, ShownDraft};
pub use engine::{Engine, Kind, Store, StoreConfig, Tx};
pub use error::StoreError;
pub use events::{Content, Stamp};
pub use file::{DroppedFile, FileRow, Files, KeptFile};
pub use idempotency::Answered;
pub use inbox::{Answer, Arrival, OldArrival, Received};
pub use item_version::{ItemVersion, ItemVersionRow, NewItemVersion};
pub use journal::{ChainFault, Fault, Head, JournalProgress, JournalReport, NewEvent, StoredEvent};
pub use outbox::{Claimed, Delivery, DeliveryState, FailedTry, OldDelivery, OutboxCounts, OutboxEntry};
pub use paper::{ExpectedFile, PaperRow, PaperState};
pub use print::{NewPrint, PrintChange, PrintRow, PrintState};
pub use random::Salt;
pub use record::{RecordCheck, RecordRow, Sealed, seal};
pub use search::fold;
pub use task::{TaskCounts, TaskKey, TaskList, TaskRow};

/// A SHA-256.
pub type Digest = [u8; 32];
