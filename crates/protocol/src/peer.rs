//! Talks to the other party: one attempt at a time, and what became of it.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use reqwest::{RequestBuilder, Response, Url};
use sha2::{Digest, Sha256};

use crate::answer::ProblemAnswer;
use crate::event::MessageId;
use crate::fault::is_sha256;
use crate::party::Party;
use crate::signature::{Secret, SignatureError, get_text, sign};
use crate::{EVENT_MEDIA_TYPE, EVENTS_PATH, FILES_PATH, HEADER_SOURCE};

/// To reach the other party at all.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// For one attempt to hand over an event.
pub const TOTAL_TIMEOUT: Duration = Duration::from_secs(15);
/// To fetch one file; between two pieces never more than [`TOTAL_TIMEOUT`].
pub const FETCH_TIMEOUT: Duration = Duration::from_secs(120);
/// How much of an answer is read.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// The shortest wait a receiver can ask for.
pub const RETRY_AFTER_MIN: Duration = Duration::from_secs(1);
/// The longest wait a receiver can ask for.
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(60 * 60);

/// The connections to all peers. Made once per program; clones share them.
#[derive(Debug, Clone)]
pub struct Client(reqwest::Client);

/// The connections could not be prepared.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be made")]
pub struct ClientError(#[source] reqwest::Error);

impl Client {
    /// Prepares connections: no redirects, no proxy, no cookies. Trusts the computer's certificates.
    pub fn new() -> Result<Self, ClientError> {
        // There is one provider in the program; if somebody installed it already, that is the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .connect_timeout(CONNECT_TIMEOUT)
                .read_timeout(TOTAL_TIMEOUT)
                .user_agent(concat!("yichuang/", env!("CARGO_PKG_VERSION")))
        };
        match builder().build() {
            Ok(client) => Ok(Client(client)),
            // A bare computer has no certificates to trust; a department on the same computer needs none.
            Err(error) => {
                tracing::warn!(error = %chain(&error), "no trusted certificates: only plain HTTP will work");
                builder().tls_certs_only([]).build().map(Client).map_err(ClientError)
            }
        }
    }
}

/// The other party: where it is, what we share with it, and who we are.
#[derive(Debug, Clone)]
pub struct Peer {
    client: Client,
    base: Url,
    ours: Party,
    secrets: Vec<Secret>,
}

/// The settings describe no peer.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// Not an address.
    #[error("{0:?} is not an http or https address without query, fragment and password")]
    BadAddress(String),
    /// Nothing to sign with.
    #[error("there is no secret for this peer")]
    NoSecret,
}

/// An event was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivered {
    /// 2xx.
    pub status: u16,
}

/// Why an event was not taken. The text can be shown to a clerk; it has no address and no personal data in it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DeliveryError {
    /// The receiver cannot take it now.
    #[error("the receiver could not take it now: {reason}")]
    Retry {
        /// What the receiver asked for, within [`RETRY_AFTER_MIN`] and [`RETRY_AFTER_MAX`].
        after: Option<Duration>,
        /// Status, and the receiver's problem code.
        reason: String,
    },
    /// The receiver will never take it: a dead letter, for a person to look at.
    #[error("the receiver refused it with {status}{}", named(.problem.as_deref()))]
    Refused {
        /// 4xx.
        status: u16,
        /// What the receiver says.
        problem: Option<Box<ProblemAnswer>>,
    },
    /// An earlier event of the case has not arrived there.
    #[error("the receiver waits for number {expected} of this case first")]
    OutOfOrder {
        /// Send this one next.
        expected: u64,
    },
    /// The receiver wants no more events (410): stop sending to it.
    #[error("the receiver takes no more events")]
    Gone,
    /// No connection, or it broke.
    #[error("the receiver cannot be reached: {0}")]
    Unreachable(String),
    /// No answer in time.
    #[error("the receiver did not answer in time")]
    Timeout,
    /// We cannot sign this.
    #[error("the request could not be signed")]
    Unsigned,
}

impl DeliveryError {
    /// Whether a later attempt makes sense.
    pub fn is_final(&self) -> bool {
        matches!(self, DeliveryError::Refused { .. } | DeliveryError::Gone | DeliveryError::Unsigned)
    }

    /// What programs act on; the text is for people.
    pub fn code(&self) -> &'static str {
        match self {
            DeliveryError::Retry { .. } => "unavailable",
            DeliveryError::Refused { .. } => "refused",
            DeliveryError::OutOfOrder { .. } => "out-of-order",
            DeliveryError::Gone => "gone",
            DeliveryError::Unreachable(_) => "unreachable",
            DeliveryError::Timeout => "timed-out",
            DeliveryError::Unsigned => "unsigned",
        }
    }

    /// The wait that the receiver asked for.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            DeliveryError::Retry { after, .. } => *after,
            _ => None,
        }
    }
}

impl From<SignatureError> for DeliveryError {
    fn from(_: SignatureError) -> Self {
        DeliveryError::Unsigned
    }
}

/// Why a file was not fetched.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FetchError {
    /// The request failed.
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    /// Not a hash to ask for.
    #[error("{0:?} is not a sha256")]
    NotAHash(String),
    /// More bytes than allowed.
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    /// Other bytes than asked for.
    #[error("the bytes that came do not have the hash that was asked for")]
    WrongHash,
}

impl FetchError {
    /// Whether a later attempt makes sense. Wrong bytes may be repaired over there.
    pub fn is_final(&self) -> bool {
        match self {
            FetchError::Delivery(error) => error.is_final(),
            FetchError::NotAHash(_) | FetchError::TooLarge(_) => true,
            FetchError::WrongHash => false,
        }
    }
}

impl Peer {
    /// A peer at `base`, to which the protocol's paths are appended. Signs with all `secrets`.
    pub fn new(client: &Client, base: &str, ours: Party, secrets: Vec<Secret>) -> Result<Self, PeerError> {
        let bad = || PeerError::BadAddress(base.chars().take(200).collect());
        let url = Url::parse(base.trim_end_matches('/')).map_err(|_| bad())?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !plain {
            return Err(bad());
        }
        if secrets.is_empty() {
            return Err(PeerError::NoSecret);
        }
        Ok(Peer { client: client.clone(), base: url, ours, secrets })
    }

    /// One attempt to hand over an event. `body` is what [`crate::Event::to_bytes`] made, the same in every attempt.
    /// `now` is real time, not a demo's.
    pub async fn post_event(
        &self,
        body: &Bytes,
        message_id: &MessageId,
        now: Timestamp,
    ) -> Result<Delivered, DeliveryError> {
        let mut headers = sign(&self.secrets, message_id, now, body)?;
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(EVENT_MEDIA_TYPE));
        let request = self.client.0.post(self.url(EVENTS_PATH)).timeout(TOTAL_TIMEOUT).body(body.clone());
        let response = self.send(request, headers).await?;
        Ok(Delivered { status: response.status().as_u16() })
    }

    /// Fetches a file by its hash and checks the bytes. `now` is real time, not a demo's.
    pub async fn fetch_file(&self, sha256: &str, max_size: u64, now: Timestamp) -> Result<Bytes, FetchError> {
        if !is_sha256(sha256) {
            return Err(FetchError::NotAHash(sha256.chars().take(80).collect()));
        }
        let path = format!("{FILES_PATH}/{sha256}");
        let message_id = sha256.parse().map_err(|_| DeliveryError::Unsigned)?;
        let headers = sign(&self.secrets, &message_id, now, get_text(&path).as_bytes()).map_err(DeliveryError::from)?;
        let request = self.client.0.get(self.url(&path)).timeout(FETCH_TIMEOUT);
        let response = self.send(request, headers).await?;

        if response.content_length().is_some_and(|length| length > max_size) {
            return Err(FetchError::TooLarge(max_size));
        }
        let limit = usize::try_from(max_size).unwrap_or(usize::MAX);
        let (bytes, whole) = read_up_to(response, limit).await.map_err(|error| failed(&error))?;
        if !whole {
            return Err(FetchError::TooLarge(max_size));
        }
        if hex::encode(Sha256::digest(&bytes)) != sha256 {
            return Err(FetchError::WrongHash);
        }
        Ok(bytes)
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url
    }

    async fn send(&self, request: RequestBuilder, mut headers: HeaderMap) -> Result<Response, DeliveryError> {
        let source = HeaderValue::from_str(&self.ours.to_string()).map_err(|_| DeliveryError::Unsigned)?;
        headers.insert(HEADER_SOURCE, source);
        let response = request.headers(headers).send().await.map_err(|error| failed(&error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(refused(response).await)
    }
}

async fn refused(response: Response) -> DeliveryError {
    let status = response.status();
    let after = response.headers().get(RETRY_AFTER).and_then(asked_wait);
    let is_problem = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/problem+json"));
    let problem: Option<ProblemAnswer> = match is_problem {
        true => {
            read_up_to(response, MAX_ANSWER_BYTES).await.ok().and_then(|(bytes, _)| serde_json::from_slice(&bytes).ok())
        }
        false => None,
    };
    classify(status, after, problem)
}

fn classify(status: StatusCode, after: Option<Duration>, problem: Option<ProblemAnswer>) -> DeliveryError {
    let retry = |problem: Option<ProblemAnswer>| DeliveryError::Retry {
        after,
        reason: format!("{}{}", status.as_u16(), named(problem.as_ref())),
    };
    match status {
        StatusCode::GONE => DeliveryError::Gone,
        StatusCode::CONFLICT => match problem.as_ref().and_then(ProblemAnswer::expected_sequence) {
            Some(expected) => DeliveryError::OutOfOrder { expected },
            None => retry(problem),
        },
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS => retry(problem),
        // Not about what is said: a secret that changes, a clock that is wrong, a proxy during a deployment.
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => retry(problem),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED if problem.is_none() => retry(problem),
        _ if status.is_client_error() => {
            DeliveryError::Refused { status: status.as_u16(), problem: problem.map(Box::new) }
        }
        // 3xx is a failure: an address that moved is changed by a person.
        _ => retry(problem),
    }
}

/// The code of a problem, as far as it is one.
fn named(problem: Option<&ProblemAnswer>) -> String {
    match problem.map(|problem| problem.code.as_str()) {
        Some(code) if !code.is_empty() => {
            format!(" {}", code.chars().filter(|c| !c.is_control()).take(100).collect::<String>())
        }
        _ => String::new(),
    }
}

/// `Retry-After` in seconds, within bounds. The form with a date is not used between our parties.
fn asked_wait(value: &HeaderValue) -> Option<Duration> {
    let seconds: u64 = value.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).clamp(RETRY_AFTER_MIN, RETRY_AFTER_MAX))
}

/// Reads at most `limit` bytes, and says whether that was all.
async fn read_up_to(mut response: Response, limit: usize) -> Result<(Bytes, bool), reqwest::Error> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if chunk.len() > limit - bytes.len() {
            return Ok((bytes.freeze(), false));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok((bytes.freeze(), true))
}

fn failed(error: &reqwest::Error) -> DeliveryError {
    if error.is_timeout() { DeliveryError::Timeout } else { DeliveryError::Unreachable(cause(error)) }
}

/// The innermost cause: the outer ones repeat the address.
fn cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}
