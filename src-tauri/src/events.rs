//! Events of the services for the pages. A custom scheme cannot stream, so the shell reads the stream and passes each event
//! on through a channel of the window.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use futures_util::StreamExt;
use http::header::ACCEPT;
use http::{HeaderValue, Request, StatusCode};
use serde::Serialize;
use serde_json::Value;
use tauri::ipc::Channel;
use tauri::{State, WebviewWindow};
use tokio::task::AbortHandle;

use crate::Shell;
use crate::gateway::Gateway;
use crate::sessions::Service;

/// Between the end of a stream and the next attempt.
const PAUSE: Duration = Duration::from_secs(2);

/// What goes through the channel: an event of the service, or `missed` for everything that may have happened while
/// nobody listened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct News {
    event: String,
    data: Value,
}

impl News {
    fn of(event: String, data: &str) -> Self {
        // A service says `ready` when it begins to listen and `resync` when it has lost count.
        let event = if matches!(event.as_str(), "ready" | "resync") { "missed".to_owned() } else { event };
        Self { event, data: serde_json::from_str(data).unwrap_or_default() }
    }
}

/// Passes the events of a service on to a channel of the calling window, until the page leaves or calls [`unsubscribe`].
/// Refused with the HTTP status of the service's answer.
#[tauri::command]
pub(crate) async fn subscribe(
    window: WebviewWindow,
    shell: State<'_, Shell>,
    service: Service,
    channel: Channel<News>,
) -> Result<u32, u16> {
    let response = listen(&shell.gateway, window.label(), service).await?;
    let (gateway, subscriptions) = (Arc::clone(&shell.gateway), Arc::clone(&shell.subscriptions));
    let label = window.label().to_owned();
    Ok(shell.subscriptions.begin(window.label(), |id| async move {
        pass_on_and_on(&gateway, &label, service, response, &channel).await;
        subscriptions.end(id);
    }))
}

/// Ends a subscription of the calling window.
#[tauri::command]
pub(crate) async fn unsubscribe(window: WebviewWindow, shell: State<'_, Shell>, id: u32) -> Result<(), ()> {
    shell.subscriptions.end_of(window.label(), id);
    Ok(())
}

/// Opens the stream of a service.
async fn listen(gateway: &Gateway, window: &str, service: Service) -> Result<Response, u16> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = service.events_path();
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
    let response = gateway.call(window, request).await;
    match response.status() {
        StatusCode::OK => Ok(response),
        status => Err(status.as_u16()),
    }
}

/// Opens the stream again when it ends, until the window is gone or may not listen any more.
async fn pass_on_and_on(gateway: &Gateway, window: &str, service: Service, first: Response, channel: &Channel<News>) {
    let mut response = Some(first);
    loop {
        if let Some(response) = response.take()
            && pass_on(response.into_body(), channel).await.is_err()
        {
            return;
        }
        tokio::time::sleep(PAUSE).await;
        match listen(gateway, window, service).await {
            Ok(next) => response = Some(next),
            Err(401 | 403) => return,
            Err(status) => tracing::debug!(status, "a service does not tell its events"),
        }
    }
}

async fn pass_on(body: Body, channel: &Channel<News>) -> tauri::Result<()> {
    let mut frames = Frames::default();
    let mut body = body.into_data_stream();
    while let Some(Ok(bytes)) = body.next().await {
        for news in frames.take(&bytes) {
            channel.send(news)?;
        }
    }
    Ok(())
}

/// The running subscriptions of all windows.
#[derive(Default)]
pub(crate) struct Subscriptions {
    running: Mutex<Running>,
}

#[derive(Default)]
struct Running {
    last: u32,
    tasks: BTreeMap<u32, (String, AbortHandle)>,
}

impl Subscriptions {
    fn begin<F>(&self, window: &str, task: impl FnOnce(u32) -> F) -> u32
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut running = self.running();
        running.last += 1;
        let id = running.last;
        let task = tokio::spawn(task(id));
        running.tasks.insert(id, (window.to_owned(), task.abort_handle()));
        id
    }

    fn end(&self, id: u32) {
        self.running().tasks.remove(&id);
    }

    fn end_of(&self, window: &str, id: u32) {
        self.end_where(|of, task| of == window && task == id);
    }

    /// Ends all subscriptions of a window whose page is left or which has closed.
    pub(crate) fn end_all(&self, window: &str) {
        self.end_where(|of, _| of == window);
    }

    fn end_where(&self, ends: impl Fn(&str, u32) -> bool) {
        self.running().tasks.retain(|id, (window, task)| {
            let ends = ends(window, *id);
            if ends {
                task.abort();
            }
            !ends
        });
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Cuts a `text/event-stream` into events, however its bytes arrive.
#[derive(Default)]
struct Frames {
    line: Vec<u8>,
    event: String,
    data: Vec<String>,
}

impl Frames {
    fn take(&mut self, bytes: &[u8]) -> Vec<News> {
        let mut news = Vec::new();
        for byte in bytes {
            if *byte == b'\n' {
                let line = std::mem::take(&mut self.line);
                let line = String::from_utf8_lossy(&line);
                news.extend(self.line_ended(line.trim_end_matches('\r')));
            } else {
                self.line.push(*byte);
            }
        }
        news
    }

    fn line_ended(&mut self, line: &str) -> Option<News> {
        if line.is_empty() {
            return self.event_ended();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value).to_owned();
        match field {
            "event" => self.event = value,
            "data" => self.data.push(value),
            // Comments keep the line warm; ids and delays do not concern us: nothing is kept for who was away.
            _ => {}
        }
        None
    }

    fn event_ended(&mut self) -> Option<News> {
        let event = std::mem::take(&mut self.event);
        let data = std::mem::take(&mut self.data);
        if data.is_empty() {
            return None;
        }
        let event = if event.is_empty() { "message".to_owned() } else { event };
        Some(News::of(event, &data.join("\n")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = ": warm\n\nid: 1\nevent: ready\ndata: {}\n\nid: 7\r\nevent: case\r\ndata: {\"name\":\r\ndata: \"食品\"}\r\n\r\nretry: 5\n\n";

    #[test]
    fn events_come_out_the_same_however_the_bytes_arrive() {
        let whole = Frames::default().take(STREAM.as_bytes());
        let case = News { event: "case".into(), data: serde_json::json!({ "name": "食品" }) };
        assert_eq!(whole, [News { event: "missed".into(), data: serde_json::json!({}) }, case]);

        let mut frames = Frames::default();
        let bytewise: Vec<_> = STREAM.as_bytes().chunks(1).flat_map(|byte| frames.take(byte)).collect();
        assert_eq!(bytewise, whole);
    }

    #[tokio::test]
    async fn a_window_ends_its_own_subscriptions_only() {
        let subscriptions = Subscriptions::default();
        let first = subscriptions.begin("desk-1", |_| std::future::pending());
        let second = subscriptions.begin("desk-2", |_| std::future::pending());
        subscriptions.end_of("desk-1", second);
        assert_eq!(subscriptions.running().tasks.len(), 2);
        subscriptions.end_all("desk-2");
        assert_eq!(subscriptions.running().tasks.keys().copied().collect::<Vec<_>>(), [first]);
    }
}
