//! Sends as a hall does, and as no hall does.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};
use jiff::{SignedDuration, Timestamp};
use protocol::{
    EVENT_MEDIA_TYPE, EVENTS_PATH, Event, FILES_PATH, HEADER_ID, HEADER_SIGNATURE, HEADER_SOURCE, HEADER_TIMESTAMP,
    MessageId, Party, Peer, ProblemAnswer, Secret, sign,
};
use web::source::wall;

use crate::CheckError;

/// Sends to the endpoint.
pub(crate) struct Sender {
    client: reqwest::Client,
    base: String,
    ours: Party,
    secret: Secret,
    peer: Peer,
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) problem: Option<ProblemAnswer>,
    pub(crate) body: Bytes,
}

/// How a letter is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signed {
    /// As it is written.
    Right,
    /// With another key.
    OtherKey,
    /// With one character of the signature changed.
    Spoilt,
    /// Not at all.
    Not,
    /// So many seconds from now.
    At(i64),
}

impl Answer {
    pub(crate) fn taken(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(crate) fn code(&self) -> Option<&str> {
        self.problem.as_ref().map(|problem| problem.code.as_str())
    }

    /// The answer in words.
    pub(crate) fn said(&self) -> String {
        match self.code() {
            Some(code) => format!("{} {code}", self.status),
            None => format!("{} without a problem document", self.status),
        }
    }
}

impl Sender {
    pub(crate) fn new(url: &str, ours: Party, secret: Secret, answer: Duration) -> Result<Self, CheckError> {
        let wrong = || CheckError::Address(url.to_owned());
        let client = protocol::Client::new().map_err(|_| wrong())?;
        let peer = Peer::new(&client, url, ours, vec![secret.clone()]).map_err(|_| wrong())?;
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(answer)
            .build()?;
        Ok(Self { client, base: url.trim_end_matches('/').to_owned(), ours, secret, peer })
    }

    /// An event as a hall sends it.
    pub(crate) async fn event(&self, event: &Event) -> Result<Answer, String> {
        self.bytes(&event.id, event.to_bytes(), Signed::Right).await
    }

    /// Any bytes, signed in any way.
    pub(crate) async fn bytes(&self, id: &MessageId, body: Vec<u8>, signed: Signed) -> Result<Answer, String> {
        let headers = self.headers(id, &body, signed);
        self.post(headers, body).await
    }

    /// A body under the signature of another one.
    pub(crate) async fn exchanged(&self, event: &Event, sent: Vec<u8>) -> Result<Answer, String> {
        let headers = self.headers(&event.id, &event.to_bytes(), Signed::Right);
        self.post(headers, sent).await
    }

    /// The same under the name of another hall.
    pub(crate) async fn named(&self, event: &Event, source: Party) -> Result<Answer, String> {
        let body = event.to_bytes();
        let mut headers = self.headers(&event.id, &body, Signed::Right);
        headers.insert(HEADER_SOURCE, text(&source.to_string()));
        self.post(headers, body).await
    }

    /// Asks for a file without a signature, as a stranger does.
    pub(crate) async fn file_as_stranger(&self, sha256: &str) -> Result<Answer, String> {
        answered(self.client.get(format!("{}{FILES_PATH}/{sha256}", self.base))).await
    }

    /// Fetches a paper, and checks its hash.
    pub(crate) async fn paper(&self, sha256: &str, size: u64) -> Result<Bytes, String> {
        self.peer.fetch_file(sha256, size, wall()).await.map_err(|error| error.to_string())
    }

    fn headers(&self, id: &MessageId, body: &[u8], signed: Signed) -> HeaderMap {
        let other = Secret::generate([0x5a; 32]);
        let (secret, at) = match signed {
            Signed::OtherKey => (&other, wall()),
            Signed::At(seconds) => (&self.secret, shifted(wall(), seconds)),
            Signed::Right | Signed::Spoilt | Signed::Not => (&self.secret, wall()),
        };
        let mut headers = sign(std::slice::from_ref(secret), id, at, body).expect("text is signed");
        match signed {
            Signed::Not => [HEADER_ID, HEADER_TIMESTAMP, HEADER_SIGNATURE].iter().for_each(|name| {
                headers.remove(name);
            }),
            Signed::Spoilt => {
                let spoilt = spoil(headers[HEADER_SIGNATURE].to_str().unwrap_or_default());
                headers.insert(HEADER_SIGNATURE, text(&spoilt));
            }
            _ => {}
        }
        headers.insert(HEADER_SOURCE, text(&self.ours.to_string()));
        headers
    }

    async fn post(&self, mut headers: HeaderMap, body: Vec<u8>) -> Result<Answer, String> {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(EVENT_MEDIA_TYPE));
        answered(self.client.post(format!("{}{EVENTS_PATH}", self.base)).headers(headers).body(body)).await
    }
}

async fn answered(request: reqwest::RequestBuilder) -> Result<Answer, String> {
    let failed = |error: reqwest::Error| match error.is_timeout() {
        true => "no answer came in time".to_owned(),
        false => "no connection, or it broke".to_owned(),
    };
    let response = request.send().await.map_err(failed)?;
    let status = response.status().as_u16();
    let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_problem = media_type.starts_with("application/problem+json");
    let body = response.bytes().await.map_err(failed)?;
    let problem = if is_problem { serde_json::from_slice(&body).ok() } else { None };
    Ok(Answer { status, problem, body })
}

fn shifted(at: Timestamp, seconds: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(at)
}

/// The signature with its first character after the version exchanged.
fn spoil(signature: &str) -> String {
    let (version, rest) = signature.split_at(3);
    let first = if rest.starts_with('A') { "B" } else { "A" };
    format!("{version}{first}{}", rest.get(1..).unwrap_or_default())
}

fn text(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).expect("headers of the protocol are plain")
}
