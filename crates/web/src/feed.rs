//! What changes, as server-sent events.
//!
//! A stream says only that something changed; what it is now is asked for with the rights of who asks. So nothing is
//! kept for those who were away: whoever hears `ready` or `resync` asks again for what is on the screen.

use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use http::HeaderValue;
use http::header::CACHE_CONTROL;
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// A stream ends after this long, so that a session that has ended is noticed; browsers come back by themselves.
pub const LONGEST: Duration = Duration::from_secs(15 * 60);
/// A sign of life, for proxies that cut silent connections.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// One thing to tell: the name of the event and its data.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// `case`, `print` …
    pub name: &'static str,
    /// JSON.
    pub data: Value,
}

/// Streams what `tell` makes of each piece of news. The ids count up from 1; the first event is `ready`.
///
/// Take [`crate::session::Listener`] as the extractor of the handler.
pub fn stream<T, F>(news: Receiver<T>, tell: F) -> Response
where
    T: Clone + Send + 'static,
    F: Fn(T) -> Option<Told> + Send + 'static,
{
    let ready = stream::once(async { Told { name: "ready", data: json!({}) } });
    let changes = stream::unfold((news, tell), |(mut news, tell)| async move {
        loop {
            let told = match news.recv().await {
                Ok(piece) => tell(piece),
                Err(RecvError::Lagged(missed)) => Some(Told { name: "resync", data: json!({ "missed": missed }) }),
                Err(RecvError::Closed) => return None,
            };
            if let Some(told) = told {
                return Some((told, (news, tell)));
            }
        }
    });
    let events = ready
        .chain(changes)
        .enumerate()
        .map(|(index, Told { name, data })| {
            Event::default().id((index + 1).to_string()).event(name).data(data.to_string())
        })
        .map(Ok::<_, std::convert::Infallible>)
        .take_until(Box::pin(tokio::time::sleep(LONGEST)));
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    // Proxies would hold the events back otherwise.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}
