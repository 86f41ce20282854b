//! The department protocol: signed CloudEvents between a hall and its departments.
//!
//! Both parties offer the same two addresses ([`EVENTS_PATH`] and [`FILES_PATH`]) and both sign with Standard Webhooks
//! headers, so that one description ([`openapi`]) serves both directions. Time and randomness are handed in.
//! This crate never knows a database, a screen or the life of a case.

mod answer;
mod application;
mod event;
mod fault;
mod message;
mod openapi;
mod party;
mod peer;
mod retry;
mod signature;

pub use answer::{ProblemAnswer, ProblemEntry};
pub use event::{Event, EventError, KeptEvent, MAX_EVENT_BYTES, MessageId, ReceiveError, receive};
pub use fault::{FaultCode, FieldFault};
pub use message::{
    Agent, Allowance, Answer, Applicant, ApplicantKind, Article, AssignedItem, AssignedMaterial, Certificate,
    CheckedPoint, ClockKind, DayUnit, DecisionForm, DecisionTexts, DepartmentField, EnquiryAnswered, EnquiryAsked,
    GivenNotice, HallName, ItemPapers, ItemResult, Limit, LimitStart, Message, MissingPoint, NoticeForm, Outcome,
    PaperIssued, PaperKind, PaperRef, RawJson, ReceivedField, RejectionGround, ResultRow, ResultTemplate, Silence,
    TaskAccepted, TaskAcceptedAtWindow, TaskAssigned, TaskDecided, TaskDecidedAtWindow, TaskDeemedAccepted,
    TaskProgressed, TaskReceived, TaskRejected, TaskSupplementAsked, TaskSupplemented, TaskWithdrawn,
};
pub use openapi::openapi;
pub use party::{Party, PartyError};
pub use peer::{
    CONNECT_TIMEOUT, Client, ClientError, Delivered, DeliveryError, FETCH_TIMEOUT, FetchError, MAX_ANSWER_BYTES, Peer,
    PeerError, RETRY_AFTER_MAX, RETRY_AFTER_MIN, TOTAL_TIMEOUT,
};
pub use retry::{SCHEDULE, next_try};
pub use signature::{
    HEADER_ID, HEADER_SIGNATURE, HEADER_TIMESTAMP, Secret, SecretError, SignatureError, TOLERANCE, Verified, get_text,
    sign, verify,
};

/// Where a party takes events: `POST {base}/protocol/v1/events`.
pub const EVENTS_PATH: &str = "/protocol/v1/events";

/// Where a party hands out files: `GET {base}/protocol/v1/files/{sha256}`.
pub const FILES_PATH: &str = "/protocol/v1/files";

/// The header that names the sender, so that the receiver knows which secret to check with.
pub const HEADER_SOURCE: &str = "yichuang-source";

/// The media type of an event in structured mode.
pub const EVENT_MEDIA_TYPE: &str = "application/cloudevents+json";

/// The party that a request says it comes from. Believed only once the signature was checked with that party's secret.
pub fn claimed_source(headers: &http::HeaderMap) -> Option<Party> {
    headers.get(HEADER_SOURCE)?.to_str().ok()?.parse().ok()
}
