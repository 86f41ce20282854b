//! `ETag` and `If-Match`: nobody overwrites what they have not seen.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponseParts, ResponseParts};
use http::HeaderValue;
use http::header::{ETAG, IF_MATCH};
use http::request::Parts;

use crate::problem::{Problem, ProblemCode, ProblemField};

/// The version that a change was decided on: `If-Match: "7"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub u64);

impl IfMatch {
    /// Refuses when the version seen is not the present one.
    pub fn demand(self, present: u64) -> Result<(), Problem> {
        if self.0 == present {
            return Ok(());
        }
        Err(Problem::changed(self.0, present))
    }
}

/// The version that is to be replaced, or 0 for what is to be new: without `If-Match`, or with `If-Match: *`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatchOrNew(pub u64);

impl<S: Send + Sync> FromRequestParts<S> for IfMatchOrNew {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(IF_MATCH).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(IfMatchOrNew(0)),
            (Some(any), None) if any == "*" => Ok(IfMatchOrNew(0)),
            _ => IfMatch::from_request_parts(parts, state).await.map(|IfMatch(seen)| IfMatchOrNew(seen)),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(IF_MATCH).iter();
        let value = values.next().ok_or_else(|| {
            Problem::new(ProblemCode::PreconditionRequired).field(ProblemField::new("if-match:", "required"))
        })?;
        let version = value.to_str().ok().and_then(version_of).filter(|_| values.next().is_none());
        version.map(IfMatch).ok_or_else(|| {
            let found = String::from_utf8_lossy(value.as_bytes());
            Problem::new(ProblemCode::PreconditionMalformed)
                .field(ProblemField::new("if-match:", "wrong-type").value(found.as_ref()))
        })
    }
}

/// The version of what is answered: `ETag: "7"`. Put it into the tuple of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Etag(pub u64);

impl IntoResponseParts for Etag {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Self::Error> {
        let value = HeaderValue::from_str(&format!("\"{}\"", self.0)).expect("digits and quotes are a header");
        response.headers_mut().insert(ETAG, value);
        Ok(response)
    }
}

fn version_of(text: &str) -> Option<u64> {
    let digits = text.strip_prefix('"')?.strip_suffix('"')?;
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}
