//! Path and query, refused as problems.

use std::error::Error as _;

use axum::extract::FromRequestParts;
use axum::extract::rejection::QueryRejection;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::json;
use crate::problem::{Problem, ProblemCode, ProblemField};

/// The variables of the path.
///
/// A value that cannot be read leads nowhere, so it is answered with 404 like an id that does not exist.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let axum::extract::Path(value) = axum::extract::Path::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::new(ProblemCode::NotFound))?;
        Ok(Path(value))
    }
}

/// The query.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let axum::extract::Query(value) = axum::extract::Query::from_request_parts(parts, state)
            .await
            .map_err(|rejection| refused_query(parts, &rejection))?;
        Ok(Query(value))
    }
}

pub(crate) fn refused_query(parts: &Parts, rejection: &QueryRejection) -> Problem {
    let why = rejection.source().map(ToString::to_string).unwrap_or_default();
    Problem::new(ProblemCode::RequestMalformed).field(wrong_parameter(parts, &why))
}

/// The parameter that a reader of queries complains of, as `state: unknown variant …` or `missing field …`.
fn wrong_parameter(parts: &Parts, why: &str) -> ProblemField {
    if let Some(name) = json::quoted_after(why, "missing field `") {
        return ProblemField::new(format!("?{name}"), "required");
    }
    if let Some(name) = json::quoted_after(why, "duplicate field `") {
        return ProblemField::new(format!("?{name}"), "duplicate-field");
    }
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
    let pairs = pairs.map(|axum::extract::Query(pairs)| pairs).unwrap_or_default();
    let name = why.split(": ").next().unwrap_or_default();
    match pairs.into_iter().find(|(found, _)| found == name) {
        Some((name, value)) => {
            let code = if why.contains("unknown variant") { "not-allowed" } else { "wrong-type" };
            ProblemField::new(format!("?{name}"), code).value(value)
        }
        None => ProblemField::new("?", "wrong-type").value(parts.uri.query().unwrap_or_default()),
    }
}
