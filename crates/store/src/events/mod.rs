//! The stored form of events: versioned records of their own, not derived from domain types.
//!
//! Stored bytes never change. A change of form gets a new version here, and an upcaster that reads the old one; fixtures of
//! every release are read in the tests.

mod case;
mod life;
mod steps;
mod task;

use domain::{
    ids::{RecordId, Sealed},
    paper::NumberedPaper,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::{
    case::{read_case_event, write_case_event},
    life::{Content, Stamp},
    task::{read_task_event, write_task_event},
};

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its type.
    pub kind: &'static str,
    /// The version of its form.
    pub version: u16,
    /// Its exact bytes.
    pub body: Vec<u8>,
}

/// Why stored bytes make no event.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableEvent {
    /// This program does not know the type or the version of its form.
    #[error("the event {kind} of version {version} is not known to this program")]
    Unknown {
        /// The type.
        kind: String,
        /// The version.
        version: u16,
    },
    /// The bytes are no such record.
    #[error("the bytes are not a stored {kind}")]
    Malformed {
        /// The type.
        kind: String,
        /// What the parser said.
        #[source]
        source: serde_json::Error,
    },
    /// A field holds a value that its type does not allow.
    #[error("{value} is no {field}")]
    Value {
        /// The field.
        field: &'static str,
        /// The value.
        value: String,
    },
}

fn parse<T: serde::de::DeserializeOwned>(kind: &str, body: &[u8]) -> Result<T, UnreadableEvent> {
    serde_json::from_slice(body).map_err(|source| UnreadableEvent::Malformed { kind: kind.to_owned(), source })
}

fn written(kind: &'static str, form: &impl Serialize) -> Written {
    written_as(kind, 1, form)
}

fn written_as(kind: &'static str, version: u16, form: &impl Serialize) -> Written {
    Written {
        kind,
        version,
        body: serde_json::to_vec(form).expect("stored forms have string keys and no custom failures"),
    }
}

fn value<T, E>(field: &'static str, text: &str, parsed: Result<T, E>) -> Result<T, UnreadableEvent> {
    parsed.map_err(|_| UnreadableEvent::Value { field, value: text.to_owned() })
}

fn moment(field: &'static str, micros: i64) -> Result<Timestamp, UnreadableEvent> {
    value(field, &micros.to_string(), Timestamp::from_microsecond(micros))
}

#[derive(Serialize, Deserialize)]
struct StoredSeal {
    record: Uuid,
    digest: String,
}

impl From<&Sealed> for StoredSeal {
    fn from(Sealed { record, digest }: &Sealed) -> Self {
        Self { record: record.0, digest: hex(digest) }
    }
}

impl StoredSeal {
    fn read(self) -> Result<Sealed, UnreadableEvent> {
        Ok(Sealed { record: RecordId(self.record), digest: unhex(&self.digest)? })
    }
}

#[derive(Serialize, Deserialize)]
struct DeemedAcceptedV1 {
    deemed_at: i64,
}

impl DeemedAcceptedV1 {
    fn read(self) -> Result<Timestamp, UnreadableEvent> {
        moment("deemed_at", self.deemed_at)
    }
}

#[derive(Serialize, Deserialize)]
struct StoredPaper {
    id: Uuid,
    number: String,
}

impl From<&NumberedPaper> for StoredPaper {
    fn from(NumberedPaper { id, number }: &NumberedPaper) -> Self {
        Self { id: id.0, number: number.clone() }
    }
}

impl StoredPaper {
    fn read(self) -> NumberedPaper {
        NumberedPaper { id: self.id.into(), number: self.number }
    }
}

fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Result<[u8; 32], UnreadableEvent> {
    let mut bytes = [0; 32];
    let wrong = || UnreadableEvent::Value { field: "digest", value: text.to_owned() };
    if text.len() != 64 || !text.is_ascii() {
        return Err(wrong());
    }
    for (n, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * n..2 * n + 2], 16).map_err(|_| wrong())?;
    }
    Ok(bytes)
}
