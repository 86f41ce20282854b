//! JSON bodies, refused with the field and the value that are wrong.

use std::collections::HashSet;
use std::fmt;

use axum::body::{Body as RawBody, Bytes};
use axum::extract::{FromRequest, Request};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::idempotency::RequestHash;
use crate::problem::{Problem, ProblemCode, ProblemField, chain};

/// How large a JSON body may be; 1 MiB unless a request extension says otherwise
/// (`router.layer(axum::Extension(JsonLimit(…)))`).
#[derive(Debug, Clone, Copy)]
pub struct JsonLimit(pub usize);

impl Default for JsonLimit {
    fn default() -> Self {
        JsonLimit(1024 * 1024)
    }
}

impl JsonLimit {
    pub(crate) fn of(parts: &Parts) -> Self {
        parts.extensions.get().copied().unwrap_or_default()
    }
}

/// A JSON body, and the hash of its request for [`crate::idempotency`].
#[derive(Debug, Clone)]
pub struct Body<T>(pub T, pub RequestHash);

impl<T, S> FromRequest<S> for Body<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        demand_json(&parts)?;
        let bytes = read(&parts, body, JsonLimit::of(&parts)).await?;
        Ok(Body(parse_fields(&bytes)?, RequestHash::of_parts(&parts, &bytes)))
    }
}

/// A JSON body that may be left out, and the hash of its request.
#[derive(Debug, Clone)]
pub struct OptionalBody<T>(pub T, pub RequestHash);

impl<T, S> FromRequest<S> for OptionalBody<T>
where
    T: DeserializeOwned + Default,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = read(&parts, body, JsonLimit::of(&parts)).await?;
        let hash = RequestHash::of_parts(&parts, &bytes);
        if bytes.is_empty() {
            return Ok(OptionalBody(T::default(), hash));
        }
        demand_json(&parts)?;
        Ok(OptionalBody(parse_fields(&bytes)?, hash))
    }
}

/// Reads JSON. What is wrong is named by pointer, code and value.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| wrong(bytes, &error))?;
    json.end().map_err(|error| malformed(&error))?;
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let _: Unambiguous = serde_path_to_error::deserialize(&mut json).map_err(|error| wrong(bytes, &error))?;
    Ok(value)
}

/// Reads what has named fields; without names, by place, they would be taken too.
fn parse_fields<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value = parse(bytes)?;
    match serde_json::from_slice::<Value>(bytes) {
        Ok(list @ Value::Array(_)) => Err(Problem::invalid_field(ProblemField::new("", "wrong-type").value(list))),
        _ => Ok(value),
    }
}

/// JSON in which no object has a name twice, however deep: nobody could say which of the two was meant.
struct Unambiguous;

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(Unambiguous)
    }
}

impl<'de> Visitor<'de> for Unambiguous {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Self, A::Error> {
        while entries.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = fields.next_key::<String>()? {
            if names.contains(&name) {
                return Err(serde::de::Error::custom(format_args!("duplicate field `{name}`")));
            }
            fields.next_value::<Self>()?;
            names.insert(name);
        }
        Ok(self)
    }
}

/// Reads a body up to a limit.
pub(crate) async fn read(parts: &Parts, body: RawBody, JsonLimit(limit): JsonLimit) -> Result<Bytes, Problem> {
    let too_large = || {
        Problem::new(ProblemCode::BodyTooLarge)
            .field(ProblemField::new("", "too-large").params(serde_json::json!({ "max": limit })))
    };
    let announced = parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(error) => {
            tracing::debug!(error = %chain(&*error), "a body broke off");
            Err(Problem::new(ProblemCode::RequestMalformed).detail("The body broke off."))
        }
    }
}

fn demand_json(parts: &Parts) -> Result<(), Problem> {
    let given = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_json = essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"));
    if is_json {
        return Ok(());
    }
    Err(Problem::new(ProblemCode::MediaType).field(
        ProblemField::new("content-type:", "not-allowed")
            .value(given)
            .params(serde_json::json!({ "allowed": ["application/json"] })),
    ))
}

fn malformed(error: &serde_json::Error) -> Problem {
    let place = serde_json::json!({ "line": error.line(), "column": error.column() });
    Problem::new(ProblemCode::JsonMalformed)
        .detail(format!("Line {}, column {}.", error.line(), error.column()))
        .field(ProblemField::new("", "malformed").params(place))
}

fn wrong(bytes: &[u8], error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let inner = error.inner();
    // A body that is JSON but not what was wanted has its faults in fields.
    let Ok(document) = serde_json::from_slice::<Value>(bytes) else {
        return malformed(inner);
    };
    let message = inner.to_string();
    let pointer = pointer_of(error.path());
    if let Some(missing) = quoted_after(&message, "missing field `") {
        return Problem::invalid_field(ProblemField::new(format!("{pointer}/{}", escaped(missing)), "required"));
    }
    let code = match &message {
        text if text.starts_with("unknown field") => "unknown-field",
        text if text.starts_with("unknown variant") => "not-allowed",
        text if text.starts_with("duplicate field") => "duplicate-field",
        _ => "wrong-type",
    };
    let mut field = ProblemField::new(&pointer, code);
    if let Some(value) = document.pointer(&pointer) {
        field = field.value(value.clone());
    }
    Problem::invalid_field(field)
}

pub(crate) fn quoted_after<'a>(message: &'a str, start: &str) -> Option<&'a str> {
    message.strip_prefix(start)?.split('`').next()
}

fn pointer_of(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", escaped(key))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

fn escaped(field: &str) -> String {
    field.replace('~', "~0").replace('/', "~1")
}
