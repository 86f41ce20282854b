//! Into the inbox.

use http::HeaderMap;
use jiff::Timestamp;
use protocol::{
    Event, EventError, Party, ReceiveError, Secret, SignatureError, claimed_source, get_text, receive, verify,
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
/// [`Refused::UnknownSender`] and [`Refused::Unreadable`].
pub fn take_request<'s, E>(
    headers: &HeaderMap,
    body: &[u8],
    secrets: impl FnOnce(Party) -> Option<&'s [Secret]>,
    wall: Timestamp,
) -> Result<Event, Refused<E>> {
    let from = claimed_source(headers).ok_or(Refused::UnknownSender)?;
    let secrets = secrets(from).ok_or(Refused::UnknownSender)?;
    Ok(receive(headers, body, from, secrets, wall)?)
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

/// The answer to a message or request that was not taken.
pub fn problem<E: Into<Problem>>(refused: Refused<E>) -> Problem {
    match refused {
        Refused::UnknownSender | Refused::Unreadable(ReceiveError::Signature(_)) => {
            Problem::new(ProblemCode::SignatureInvalid)
        }
        Refused::Unreadable(ReceiveError::Event(error)) => unreadable(error),
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
