//! Lists in pages, by key and not by number, so that nothing is shown twice while things change.

use axum::extract::FromRequestParts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::extract::refused_query;
use crate::problem::{Problem, ProblemCode, ProblemField};

/// The most entries in a page.
pub const MAX_LIMIT: u32 = 100;
/// The entries in a page when nobody says how many.
pub const DEFAULT_LIMIT: u32 = 50;
/// No cursor of ours is longer.
const LONGEST_CURSOR: usize = 1024;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// What to ask for `after` to see more; null at the end.
    #[schema(required)]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page from up to `limit + 1` entries; the one too many only shows that there is a next page.
    pub fn of<K: Serialize>(mut items: Vec<T>, limit: Limit, key: impl Fn(&T) -> K) -> Self {
        let most = limit.0 as usize;
        let more = items.len() > most;
        items.truncate(most);
        let next = if more { items.last().map(|last| cursor(&key(last))) } else { None };
        Page { items, next }
    }

    /// A list that fits into one page.
    pub fn whole(items: Vec<T>) -> Self {
        Page { items, next: None }
    }

    /// The same page with other entries.
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(each).collect(), next: self.next }
    }
}

/// The key of the last entry shown, as the cursor `after` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After<K>(pub Option<K>);

impl<K, S> FromRequestParts<S> for After<K>
where
    K: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match parameters(parts)?.after.as_deref() {
            None | Some("") => Ok(After(None)),
            Some(text) => read_cursor(text).map(|key| After(Some(key))).ok_or_else(|| {
                Problem::new(ProblemCode::RequestMalformed)
                    .field(ProblemField::new("?after", "not-allowed").value(text))
            }),
        }
    }
}

/// How many entries are wanted: `limit`, 1 to 100, else 50.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(pub u32);

impl Limit {
    /// How many to read, to know whether there are more.
    pub fn and_one(self) -> u32 {
        self.0 + 1
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Limit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(text) = parameters(parts)?.limit else {
            return Ok(Limit(DEFAULT_LIMIT));
        };
        text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit)).map(Limit).ok_or_else(|| {
            Problem::new(ProblemCode::RequestMalformed).field(
                ProblemField::new("?limit", "not-allowed")
                    .value(text)
                    .params(serde_json::json!({ "min": 1, "max": MAX_LIMIT })),
            )
        })
    }
}

/// The two parameters, for `params(PageParams)` in a description.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// `next` of the page before.
    pub after: Option<String>,
    /// 1 to 100; 50 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    pub limit: Option<String>,
}

/// A key as an opaque cursor.
pub fn cursor<K: Serialize>(key: &K) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

/// The key of a cursor, if it is one of ours.
pub fn read_cursor<K: DeserializeOwned>(text: &str) -> Option<K> {
    if text.len() > LONGEST_CURSOR {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

fn parameters(parts: &Parts) -> Result<PageParams, Problem> {
    // Other parameters are for other extractors.
    let found = axum::extract::Query::try_from_uri(&parts.uri);
    found.map(|axum::extract::Query(found)| found).map_err(|rejection| refused_query(parts, &rejection))
}
