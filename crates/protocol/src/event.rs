//! The envelope: CloudEvents 1.0 in structured mode, with `caseid` and `sequence` as extension attributes.

use std::fmt;
use std::str::FromStr;

use http::HeaderMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::fault::{Check, FaultCode, FieldFault, pointer_of, shortened};
use crate::message::{Message, RawJson};
use crate::party::Party;
use crate::signature::{Secret, SignatureError, verify};

/// No event is larger.
pub const MAX_EVENT_BYTES: usize = 1024 * 1024;

const SPECVERSION: &str = "1.0";
const DATA_MEDIA_TYPE: &str = "application/json";
const SUBJECT: usize = 64;

/// The name of a message: id of the event, `webhook-id` of every attempt, id in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(String);

impl MessageId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Uuid> for MessageId {
    fn from(id: Uuid) -> Self {
        MessageId(id.to_string())
    }
}

impl FromStr for MessageId {
    type Err = FaultCode;

    /// 1 to 128 of the characters `A-Z a-z 0-9 _ -`: a point would make the signed string ambiguous.
    fn from_str(text: &str) -> Result<Self, FaultCode> {
        match text.len() {
            0 => Err(FaultCode::Empty),
            1..=128 if text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')) => {
                Ok(MessageId(text.to_owned()))
            }
            1..=128 => Err(FaultCode::NotAllowed),
            _ => Err(FaultCode::TooLong),
        }
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One event between a hall and a department.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Constant over all attempts.
    pub id: MessageId,
    /// Who says it.
    pub source: Party,
    /// When it happened.
    pub time: Timestamp,
    /// The short number of the case.
    pub subject: String,
    /// 1, 2, 3 … per case and direction.
    pub sequence: u64,
    /// What is said.
    pub message: Message,
}

/// Why bytes are no event.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// Not JSON, or not an object.
    #[error("the event is not JSON: line {line}, column {column}")]
    Malformed {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A type that this version does not know. Nothing was looked at beyond it.
    #[error("there is no event type {0:?}")]
    UnknownType(String),
    /// Fields are wrong.
    #[error("{} fields of the event are wrong", .0.len())]
    Invalid(Vec<FieldFault>),
    /// Larger than [`MAX_EVENT_BYTES`].
    #[error("the event has {0} bytes, at most {MAX_EVENT_BYTES} are allowed")]
    TooLarge(usize),
}

/// Why a request with an event is refused.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Not signed by whom it says.
    #[error("the request is not believed")]
    Signature(#[from] SignatureError),
    /// No event in it.
    #[error("the body is no event of this protocol")]
    Event(#[from] EventError),
}

/// Takes a request: first the signature over the raw bytes, then the event, then whether headers and event agree.
///
/// `from` is the party whose secrets were looked up with [`crate::claimed_source`].
pub fn receive(
    headers: &HeaderMap,
    body: &[u8],
    from: Party,
    secrets: &[Secret],
    now: Timestamp,
) -> Result<Event, ReceiveError> {
    if body.len() > MAX_EVENT_BYTES {
        return Err(EventError::TooLarge(body.len()).into());
    }
    let verified = verify(headers, body, secrets, now)?;
    let event = Event::parse(body)?;

    let mut check = Check::at("");
    if event.id != verified.message_id {
        check.fault("id", FaultCode::Contradiction, Value::from(event.id.as_str()), None);
    }
    if event.source != from {
        check.fault("source", FaultCode::Contradiction, Value::from(event.source.to_string()), None);
    }
    match check.finish() {
        faults if faults.is_empty() => Ok(event),
        faults => Err(EventError::Invalid(faults).into()),
    }
}

impl Event {
    /// The case it is about.
    pub fn case_id(&self) -> Uuid {
        self.message.case_id()
    }

    /// The bytes to keep, sign and send. They are made once; every attempt sends the same.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Event { id, source, time, subject, sequence, message } = self;
        let document = EventDocument {
            specversion: SPECVERSION,
            id: id.as_str(),
            source: source.to_string(),
            time: *time,
            subject,
            datacontenttype: DATA_MEDIA_TYPE,
            caseid: message.case_id(),
            sequence: sequence.to_string(),
            message,
        };
        serde_json::to_vec(&document).expect("an event has only text keys and finite numbers")
    }

    /// Reads an event and checks every field. Attributes and members that are not known are passed over, so that a
    /// newer sender is understood.
    pub fn parse(bytes: &[u8]) -> Result<Self, EventError> {
        if bytes.len() > MAX_EVENT_BYTES {
            return Err(EventError::TooLarge(bytes.len()));
        }
        let envelope: Envelope<'_> = read(bytes, "")?;
        let type_name = envelope.type_name.as_str();
        let data = envelope.data.get().as_bytes();
        let message = match type_name {
            "yichuang.task.assigned" => Message::TaskAssigned(read(data, "/data")?),
            "yichuang.task.supplemented" => Message::TaskSupplemented(read(data, "/data")?),
            "yichuang.task.accepted-at-window" => Message::TaskAcceptedAtWindow(read(data, "/data")?),
            "yichuang.task.decided-at-window" => Message::TaskDecidedAtWindow(read(data, "/data")?),
            "yichuang.task.deemed-accepted" => Message::TaskDeemedAccepted(read(data, "/data")?),
            "yichuang.task.withdrawn" => Message::TaskWithdrawn(read(data, "/data")?),
            "yichuang.task.received" => Message::TaskReceived(read(data, "/data")?),
            "yichuang.task.progressed" => Message::TaskProgressed(read(data, "/data")?),
            "yichuang.task.supplement-asked" => Message::TaskSupplementAsked(read(data, "/data")?),
            "yichuang.task.rejected" => Message::TaskRejected(read(data, "/data")?),
            "yichuang.task.accepted" => Message::TaskAccepted(read(data, "/data")?),
            "yichuang.task.decided" => Message::TaskDecided(read(data, "/data")?),
            "yichuang.paper.issued" => Message::PaperIssued(read(data, "/data")?),
            "yichuang.enquiry.asked" => Message::EnquiryAsked(read(data, "/data")?),
            "yichuang.enquiry.answered" => Message::EnquiryAnswered(read(data, "/data")?),
            _ => {
                return Err(EventError::UnknownType(type_name.chars().take(200).collect()));
            }
        };
        envelope.into_event(message)
    }
}

/// An event whose data was kept as JSON text, once for all its recipients.
#[derive(Debug)]
pub struct KeptEvent<'a> {
    /// Constant over all attempts.
    pub id: &'a MessageId,
    /// Who says it.
    pub source: Party,
    /// Its type, as [`Message::event_type`] had it.
    pub type_name: &'a str,
    /// When it happened.
    pub time: Timestamp,
    /// The short number of the case.
    pub subject: &'a str,
    /// The case.
    pub case_id: Uuid,
    /// 1, 2, 3 … per case and direction.
    pub sequence: u64,
    /// What [`Message::data`] made.
    pub data: &'a RawJson,
}

impl KeptEvent<'_> {
    /// The bytes to sign and send: the same for the same event, however often they are made.
    pub fn to_bytes(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Document<'a> {
            specversion: &'static str,
            id: &'a str,
            source: String,
            #[serde(rename = "type")]
            type_name: &'a str,
            time: Timestamp,
            subject: &'a str,
            datacontenttype: &'static str,
            caseid: Uuid,
            sequence: String,
            data: &'a RawJson,
        }
        let KeptEvent { id, source, type_name, time, subject, case_id, sequence, data } = *self;
        let document = Document {
            specversion: SPECVERSION,
            id: id.as_str(),
            source: source.to_string(),
            type_name,
            time,
            subject,
            datacontenttype: DATA_MEDIA_TYPE,
            caseid: case_id,
            sequence: sequence.to_string(),
            data,
        };
        serde_json::to_vec(&document).expect("an event has only text keys and finite numbers")
    }
}

/// CloudEvents 1.0 in structured mode. `type` says what is in `data`.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
pub(crate) struct EventDocument<'a> {
    /// Always `1.0`.
    #[schema(pattern = "^1\\.0$")]
    specversion: &'static str,
    /// Constant over all attempts; also the header `webhook-id`.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,128}$")]
    id: &'a str,
    /// `urn:yichuang:hall:<uuid>` or `urn:yichuang:department:<uuid>`; also the header `yichuang-source`.
    #[schema(pattern = "^urn:yichuang:(hall|department):[0-9a-f-]{36}$")]
    source: String,
    /// When it happened.
    time: Timestamp,
    /// The short number of the case.
    #[schema(min_length = 1, max_length = 64)]
    subject: &'a str,
    /// Always `application/json`.
    #[schema(pattern = "^application/json$")]
    datacontenttype: &'static str,
    /// The case; the same as in the data.
    caseid: Uuid,
    /// 1, 2, 3 … per case and direction, as decimal text. A gap is answered with 409 `out-of-order`.
    #[schema(pattern = "^[1-9][0-9]{0,17}$")]
    sequence: String,
    #[serde(flatten)]
    message: &'a Message,
}

/// The document as it is read: the data stays raw until the type is known.
#[derive(Deserialize)]
struct Envelope<'a> {
    specversion: String,
    id: String,
    source: String,
    #[serde(rename = "type")]
    type_name: String,
    time: Timestamp,
    subject: String,
    datacontenttype: Option<String>,
    caseid: Uuid,
    sequence: String,
    #[serde(borrow)]
    data: &'a RawValue,
}

impl Envelope<'_> {
    fn into_event(self, message: Message) -> Result<Event, EventError> {
        let mut check = Check::at("");
        if self.specversion != SPECVERSION {
            check.fault("specversion", FaultCode::NotAllowed, Value::from(self.specversion.as_str()), None);
        }
        if self.datacontenttype.as_deref().is_some_and(|media_type| media_type != DATA_MEDIA_TYPE) {
            check.fault("datacontenttype", FaultCode::NotAllowed, self.datacontenttype.map(Value::from), None);
        }
        let id = self.id.parse::<MessageId>();
        if let Err(code) = &id {
            check.fault("id", *code, Value::from(self.id.as_str()), None);
        }
        let source = self.source.parse::<Party>();
        if source.is_err() {
            check.fault("source", FaultCode::NotAllowed, Value::from(self.source.as_str()), None);
        }
        let sequence = sequence_of(&self.sequence);
        if sequence.is_none() {
            check.fault("sequence", FaultCode::NotAllowed, Value::from(self.sequence.as_str()), None);
        }
        check.line("subject", &self.subject, SUBJECT);
        if self.caseid != message.case_id() {
            check.fault("caseid", FaultCode::Contradiction, Value::from(self.caseid.to_string()), None);
        }
        let mut faults = check.finish();
        faults.extend(message.faults());

        match (id, source, sequence) {
            (Ok(id), Ok(source), Some(sequence)) if faults.is_empty() => {
                Ok(Event { id, source, time: self.time, subject: self.subject, sequence, message })
            }
            _ => Err(EventError::Invalid(faults)),
        }
    }
}

/// 1 to 18 digits without a leading zero, which every database can hold.
fn sequence_of(text: &str) -> Option<u64> {
    let digits = (1..=18).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if digits && !text.starts_with('0') { text.parse().ok() } else { None }
}

fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8], base: &str) -> Result<T, EventError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| wrong(bytes, base, &error))?;
    json.end().map_err(|error| EventError::Malformed { line: error.line(), column: error.column() })?;
    Ok(value)
}

fn wrong(bytes: &[u8], base: &str, error: &serde_path_to_error::Error<serde_json::Error>) -> EventError {
    let inner = error.inner();
    let Ok(document) = serde_json::from_slice::<Value>(bytes) else {
        return EventError::Malformed { line: inner.line(), column: inner.column() };
    };
    let pointer = pointer_of("", error.path());
    let value = document.pointer(&pointer).cloned().map(shortened);
    EventError::Invalid(vec![FieldFault {
        pointer: format!("{base}{pointer}"),
        code: FaultCode::WrongType,
        value,
        limit: None,
    }])
}

#[cfg(test)]
mod kept_tests {
    use super::*;
    use crate::message::{PaperRef, TaskAccepted};

    #[test]
    fn a_kept_event_is_read_as_the_event_it_was() {
        let message = Message::TaskAccepted(TaskAccepted {
            case_id: Uuid::from_u128(7),
            accepted_at: Timestamp::UNIX_EPOCH,
            officer: "王建国".into(),
            notice: PaperRef { paper_id: Uuid::from_u128(8), number: "安市监许受〔2026〕1号".into() },
        });
        let event = Event {
            id: Uuid::from_u128(1).into(),
            source: Party::Department(Uuid::from_u128(2)),
            time: Timestamp::UNIX_EPOCH,
            subject: "0001260615030017".into(),
            sequence: 3,
            message,
        };
        let kept = KeptEvent {
            id: &event.id,
            source: event.source,
            type_name: event.message.event_type(),
            time: event.time,
            subject: &event.subject,
            case_id: event.case_id(),
            sequence: event.sequence,
            data: &event.message.data(),
        };
        assert_eq!(Event::parse(&kept.to_bytes()).unwrap(), event);
    }
}
