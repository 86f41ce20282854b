//! `Idempotency-Key`: a request that is repeated is carried out once.
//!
//! The key, the hash of the request and the answer are kept in the write that has the effect ([`Once`]).

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderName, Method, StatusCode};
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::{Answered, StoreError, Tx};
use uuid::Uuid;

use crate::json::{self, JsonLimit};
use crate::problem::{Problem, ProblemCode, ProblemField};

/// The header.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

const LONGEST: usize = 200;

/// The key of a change: 1 to 200 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        let value = values.next().ok_or_else(|| {
            Problem::new(ProblemCode::IdempotencyKeyMissing).field(ProblemField::new("idempotency-key:", "required"))
        })?;
        let key = value.as_bytes();
        let readable = (1..=LONGEST).contains(&key.len()) && key.iter().all(u8::is_ascii_graphic);
        if !readable || values.next().is_some() {
            let found = ProblemField::new("idempotency-key:", "not-allowed").value(String::from_utf8_lossy(key));
            return Err(Problem::new(ProblemCode::IdempotencyKeyMalformed)
                .detail("1 to 200 visible ASCII characters, once.")
                .field(found.params(serde_json::json!({ "max": LONGEST }))));
        }
        Ok(IdempotencyKey(String::from_utf8_lossy(key).into_owned()))
    }
}

/// What tells one request from another: SHA-256 over method, path with query, and body bytes.
///
/// As an extractor it takes the body, for requests that have none worth reading; [`json::Body`] brings it along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestHash(pub [u8; 32]);

impl RequestHash {
    /// The hash of a request.
    pub fn of(method: &Method, path_and_query: &str, body: &[u8]) -> Self {
        let digest = Sha256::new()
            .chain_update(method.as_str())
            .chain_update([0])
            .chain_update(path_and_query)
            .chain_update([0])
            .chain_update(body)
            .finalize();
        RequestHash(digest.into())
    }

    pub(crate) fn of_parts(parts: &Parts, body: &[u8]) -> Self {
        let path = parts.uri.path_and_query().map_or(parts.uri.path(), |path| path.as_str());
        RequestHash::of(&parts.method, path, body)
    }
}

impl<S: Send + Sync> FromRequest<S> for RequestHash {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = json::read(&parts, body, JsonLimit::of(&parts)).await?;
        Ok(RequestHash::of_parts(&parts, &bytes))
    }
}

/// One request under its key, within one account. Asked at the start of the write that has the effect, and told the
/// answer at its end.
#[derive(Debug, Clone)]
pub struct Once {
    scope: Uuid,
    key: IdempotencyKey,
    request: RequestHash,
    at: Timestamp,
}

/// An answer that is kept with its effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The status.
    pub status: u16,
    /// JSON, in exactly these bytes.
    pub body: Vec<u8>,
}

/// Why a request under a key was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum OnceError {
    /// The key was used for another request.
    #[error("the idempotency key was used for another request")]
    Reused,
    /// The answer could not be read or kept.
    #[error("the answer could not be read or kept")]
    Store(#[from] StoreError),
}

impl Once {
    /// A request of an account.
    pub fn new(scope: Uuid, key: IdempotencyKey, request: RequestHash, at: Timestamp) -> Self {
        Once { scope, key, request, at }
    }

    /// What was answered to it before.
    ///
    /// # Errors
    /// [`OnceError::Reused`], when another request had this key.
    pub async fn earlier(&self, tx: &mut Tx) -> Result<Option<Kept>, OnceError> {
        match tx.answered(self.scope, self.key.as_str(), self.request.0).await? {
            None => Ok(None),
            Some(Answered::Same { status, body }) => Ok(Some(Kept { status, body })),
            Some(Answered::Different) => Err(OnceError::Reused),
        }
    }

    /// Keeps what is answered now.
    ///
    /// # Errors
    /// [`OnceError::Store`], as any write.
    pub async fn keep(&self, tx: &mut Tx, status: u16, view: &impl Serialize) -> Result<Kept, OnceError> {
        let body = serde_json::to_vec(view).expect("views have string keys and no custom failures");
        tx.remember(self.scope, self.key.as_str(), self.request.0, status, &body, self.at).await?;
        Ok(Kept { status, body })
    }
}

impl IntoResponse for Kept {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        (status, [(CONTENT_TYPE, "application/json")], self.body).into_response()
    }
}
