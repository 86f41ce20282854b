//! Into the inbox.

use http::{HeaderMap, header::CONTENT_TYPE};
use jiff::Timestamp;
use protocol::{
    EVENT_MEDIA_TYPE, Event, EventError, Party, ReceiveError, Secret, SignatureError, claimed_source, get_text,
    receive, verify,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::{Answer, Arrival, Received, Store, StoreError, Tx};
use web::{Problem, ProblemCode, ProblemField};

/// What became of a message.
#[derive(Debug, PartialEq, Eq)]
pub enum Handed {
    /// It was new; what it says is done.
    Done,
    /// It was done before. It is answered as it was then.
    Again {
        /// The status of the first answer.
        status: u16,
    },
}

/// Why a message or request was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Refused<E> {
    /// Nobody we know.
    #[error("the sender is not known here")]
    UnknownSender,
    /// Not signed by whom it says, or no event of the protocol.
    #[error(transparent)]
    Unreadable(#[from] ReceiveError),
    /// Not sent as an event of the protocol.
    #[error("a message is {EVENT_MEDIA_TYPE}")]
    MediaType,
    /// An earlier message about the case has not arrived. Nothing was kept.
    #[error("message {expected} about this case is expected first")]
    OutOfOrder {
        /// The sequence that is expected.
        expected: u64,
        /// The one that came.
        found: u64,
    },
    /// The id was used for another message. Nothing was kept.
    #[error("the message id was used for another message")]
    OtherMessage,
    /// What the message says cannot be done. Nothing was kept.
    #[error("the message cannot be carried out")]
    Effect(#[source] E),
}

/// Takes a request with an event: who sent it, and whether it is believed.
///
/// # Errors
/// [`Refused::UnknownSender`], [`Refused::Unreadable`] and [`Refused::MediaType`].
pub fn take_request<'s, E>(
    headers: &HeaderMap,
    body: &[u8],
    secrets: impl FnOnce(Party) -> Option<&'s [Secret]>,
    wall: Timestamp,
) -> Result<Event, Refused<E>> {
    let from = claimed_source(headers).ok_or(Refused::UnknownSender)?;
    let secrets = secrets(from).ok_or(Refused::UnknownSender)?;
    let event = receive(headers, body, from, secrets, wall)?;
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(EVENT_MEDIA_TYPE) { Ok(event) } else { Err(Refused::MediaType) }
}

/// Who asks for a file, if the request is believed.
///
/// # Errors
/// [`Refused::UnknownSender`] and [`Refused::Unreadable`].
pub fn take_file_request<'s, E>(
    headers: &HeaderMap,
    path: &str,
    secrets: impl FnOnce(Party) -> Option<&'s [Secret]>,
    wall: Timestamp,
) -> Result<Party, Refused<E>> {
    let from = claimed_source(headers).ok_or(Refused::UnknownSender)?;
    let secrets = secrets(from).ok_or(Refused::UnknownSender)?;
    let believed: Result<_, SignatureError> = verify(headers, get_text(path).as_bytes(), secrets, wall);
    believed.map_err(ReceiveError::Signature)?;
    Ok(from)
}

/// Does what an event says, once, and in the order of its case: the effect, the inbox row and the answer are one write.
///
/// # Errors
/// [`Refused::OutOfOrder`], [`Refused::OtherMessage`], or what `effect` refuses with.
pub async fn take_in<E, F>(
    store: &Store,
    event: Event,
    body: &[u8],
    now: Timestamp,
    effect: F,
) -> Result<Handed, Refused<E>>
where
    E: From<StoreError> + Send + 'static,
    F: AsyncFn(&mut Tx, &Event) -> Result<(), E> + Send + 'static,
{
    let (Party::Hall(source) | Party::Department(source)) = event.source;
    let digest: [u8; 32] = Sha256::digest(body).into();
    store
        .write(async move |tx| {
            let message_id = event.id.as_str();
            let arrival = Arrival { source, message_id, stream: event.case_id(), sequence: event.sequence, digest };
            match tx.receive(arrival, now).await.map_err(E::from).map_err(Refused::Effect)? {
                Received::New => {}
                Received::Duplicate { answer } => {
                    let status = answer.map_or(204, |answer| answer.status);
                    return Ok(Handed::Again { status });
                }
                Received::Gap { expected } => return Err(Refused::OutOfOrder { expected, found: event.sequence }),
                Received::Different => return Err(Refused::OtherMessage),
            }
            effect(tx, &event).await.map_err(Refused::Effect)?;
            let answer = Answer { status: 204, body: vec![] };
            tx.answer(source, message_id, &answer).await.map_err(E::from).map_err(Refused::Effect)?;
            Ok(Handed::Done)
        })
        .await
}

impl<E: From<StoreError>> From<StoreError> for Refused<E> {
    fn from(error: StoreError) -> Self {
        Self::Effect(error.into())
    }
}

/// Everything that a message, or a request for a file, is refused with: `docs/protocol.md` 4.2 has no more and no less.
pub const REFUSALS: &[ProblemCode] = &[
    ProblemCode::JsonMalformed,
    ProblemCode::SignatureInvalid,
    ProblemCode::CaseNotFound,
    ProblemCode::TaskNotFound,
    ProblemCode::EnquiryNotFound,
    ProblemCode::PaperNotFound,
    ProblemCode::FileNotFound,
    ProblemCode::NotFound,
    ProblemCode::OutOfOrder,
    ProblemCode::IdTaken,
    ProblemCode::NotNow,
    ProblemCode::NoticeGiven,
    ProblemCode::BodyTooLarge,
    ProblemCode::MediaType,
    ProblemCode::ValidationFailed,
    ProblemCode::EventTypeUnknown,
    ProblemCode::Internal,
    ProblemCode::StoreUnavailable,
    ProblemCode::TimedOut,
];

/// The answer to a message or request that was not taken.
pub fn problem<E: Into<Problem>>(refused: Refused<E>) -> Problem {
    let problem = problem_of(refused);
    debug_assert!(REFUSALS.contains(&problem.code()), "{:?} is no code of the protocol", problem.code());
    problem
}

fn problem_of<E: Into<Problem>>(refused: Refused<E>) -> Problem {
    match refused {
        Refused::UnknownSender | Refused::Unreadable(ReceiveError::Signature(_)) => {
            Problem::new(ProblemCode::SignatureInvalid)
        }
        Refused::Unreadable(ReceiveError::Event(error)) => unreadable(error),
        Refused::MediaType => Problem::new(ProblemCode::MediaType)
            .field(ProblemField::new("content-type:", "not-allowed").params(json!({ "allowed": [EVENT_MEDIA_TYPE] }))),
        Refused::OutOfOrder { expected, found } => Problem::out_of_order(expected, found),
        Refused::OtherMessage => Problem::new(ProblemCode::IdTaken).field(ProblemField::new("/id", "twice")),
        Refused::Effect(error) => error.into(),
    }
}

fn unreadable(error: EventError) -> Problem {
    match error {
        EventError::Malformed { line, column } => Problem::new(ProblemCode::JsonMalformed)
            .field(ProblemField::new("", "malformed").params(json!({ "line": line, "column": column }))),
        EventError::UnknownType(name) => {
            Problem::new(ProblemCode::EventTypeUnknown).field(ProblemField::new("/type", "unknown").value(name))
        }
        EventError::Invalid(faults) => Problem::invalid(faults.into_iter().map(|fault| {
            let mut field = ProblemField::new(fault.pointer, fault.code.as_str());
            if let Some(value) = fault.value {
                field = field.value(value);
            }
            match fault.limit {
                Some(limit) => field.params(json!({ "limit": limit })),
                None => field,
            }
        })),
        EventError::TooLarge(size) => Problem::new(ProblemCode::BodyTooLarge)
            .field(ProblemField::new("", "too-large").value(size).params(json!({ "max": protocol::MAX_EVENT_BYTES }))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_of_the_protocol_has_every_code_with_its_status_and_no_other() {
        let document = include_str!("../../../docs/protocol.md");
        let paragraph = document.split("\n### 4.2 ").nth(1).unwrap().split("\n### ").next().unwrap();
        let rows = paragraph.lines().filter_map(|line| {
            let [status, code] = line.strip_prefix("| ")?.split(" | ").take(2).collect::<Vec<_>>().try_into().ok()?;
            let code = code.strip_prefix('`')?.strip_suffix('`')?;
            Some((status.parse::<u16>().ok()?, code))
        });
        let mut told: Vec<_> = rows.collect();
        let mut ours: Vec<_> = REFUSALS.iter().map(|code| (code.status(), code.as_str())).collect();
        told.sort_unstable();
        ours.sort_unstable();
        assert_eq!(told, ours);
    }
}
