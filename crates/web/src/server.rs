//! Standing at a port: limits, traces without personal data, health and numbers.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::future::Future;
use std::io;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures_util::FutureExt;
use futures_util::future::join_all;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderName, HeaderValue, Method};
use serde_json::json;
use store::StoreError;
use tokio::net::TcpListener;

use crate::gateway::WINDOW_LABEL;
use crate::problem::{self, Problem, ProblemCode};
use crate::source::{self, Chance};

/// Names a request in log and answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// No body is larger, whatever its handler would take.
pub const MAX_BODY: u64 = 32 * 1024 * 1024;
/// Until an answer has to begin. A stream may then go on.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(120);
/// How long open requests are waited for when the program ends.
pub const GRACE: Duration = Duration::from_secs(10);
/// How long the numbers of a service are waited for: those of the others are wanted most while its store is away.
const GAUGES_TIMEOUT: Duration = Duration::from_secs(2);

/// Serves a router until `shutdown` is done, and then what is still open for at most [`GRACE`].
///
/// What comes over TCP cannot say which window of a desktop it is from: that header is taken off.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (ending, mut ended) = tokio::sync::watch::channel(false);
    let signal = async move {
        shutdown.await;
        let _ = ending.send(true);
    };
    let router = router.layer(middleware::map_request(without_window_label));
    let serving = axum::serve(listener, router).with_graceful_shutdown(signal);
    let impatience = async move {
        // An error means that serving has ended by itself.
        if ended.wait_for(|ending| *ending).await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        outcome = serving => outcome,
        () = impatience => {
            tracing::info!("streams that were still open were cut");
            Ok(())
        }
    }
}

async fn without_window_label(mut request: Request) -> Request {
    request.headers_mut().remove(WINDOW_LABEL);
    request
}

/// Puts limits, request ids, traces, counts, problem documents, `/healthz` and `/metrics` around the routes of a
/// service. Fallbacks of the router are replaced by problems; to have the pages at the same port, add
/// `.fallback_service(gateway.router())` to the result.
pub fn framed(router: Router, health: Health, metrics: Metrics, chance: Chance) -> Router {
    let frame = Frame { metrics: metrics.clone(), chance };
    router
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .route("/healthz", get(move || health.clone().answer()))
        .route("/metrics", get(move || metrics.clone().answer()))
        .layer(middleware::from_fn(limits))
        .layer(middleware::from_fn(problem::layer))
        .layer(middleware::from_fn_with_state(frame, watch))
}

#[derive(Clone)]
struct Frame {
    metrics: Metrics,
    chance: Chance,
}

async fn limits(request: Request, next: Next) -> Response {
    let announced =
        request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok()).unwrap_or(0);
    if announced > MAX_BODY {
        return Problem::new(ProblemCode::BodyTooLarge).into_response();
    }
    match tokio::time::timeout(ANSWER_TIMEOUT, AssertUnwindSafe(next.run(request)).catch_unwind()).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => {
            tracing::error!(panic = panic_text(&*panic), "a request failed: the program has a fault");
            Problem::new(ProblemCode::Internal).into_response()
        }
        Err(_) => Problem::new(ProblemCode::TimedOut).retry_after(5).into_response(),
    }
}

/// One line and one count per request. The route is noted, not the path or the query, which may name people.
async fn watch(State(frame): State<Frame>, mut request: Request, next: Next) -> Response {
    let started = source::instant();
    let method = request.method().clone();
    let route =
        request.extensions().get::<MatchedPath>().map_or("unmatched".to_owned(), |path| path.as_str().to_owned());
    let id = hex::encode(frame.chance.bytes::<8>());
    let id = HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("0"));
    request.headers_mut().insert(REQUEST_ID, id.clone());

    let mut response = next.run(request).await;
    let took = started.elapsed();
    let status = response.status().as_u16();
    frame.metrics.count(&method, &route, status, took);
    tracing::debug!(
        request.id = id.to_str().unwrap_or_default(),
        http.method = %method,
        http.route = route,
        http.status = status,
        took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
    response.headers_mut().insert(REQUEST_ID, id);
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no text")
}

type Asked<T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send>>;

/// Says whether a service can work.
#[derive(Clone)]
pub struct Health(Arc<dyn Fn() -> Asked<()> + Send + Sync>);

impl Health {
    /// With a check, such as one read from the store.
    pub fn new<F, Fut>(check: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), StoreError>> + Send + 'static,
    {
        Health(Arc::new(move || Box::pin(check())))
    }

    /// Healthy when the store can be read.
    pub fn of_store(store: store::Store) -> Self {
        Health::new(move || {
            let store = store.clone();
            async move { store.read().await.map(drop) }
        })
    }

    async fn answer(self) -> Result<Response, Problem> {
        (self.0)().await?;
        Ok(Json(json!({ "status": "ok" })).into_response())
    }
}

/// The upper bounds of the buckets of durations, in seconds.
const BUCKETS: [f64; 8] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// Counts, in the text form of Prometheus. Clones share them.
#[derive(Clone, Default)]
pub struct Metrics(Arc<Counts>);

#[derive(Default)]
struct Counts {
    requests: Mutex<BTreeMap<(&'static str, String, u16), Durations>>,
    gauges: Mutex<Vec<Arc<Gauges>>>,
}

#[derive(Default)]
struct Durations {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

/// A number as it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gauge {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub help: &'static str,
    /// The number.
    pub value: f64,
}

struct Gauges {
    service: &'static str,
    read: Box<dyn Fn() -> Asked<Vec<Gauge>> + Send + Sync>,
}

impl Metrics {
    /// Nothing counted yet.
    pub fn new() -> Self {
        Metrics::default()
    }

    /// Adds numbers of a service that are read when somebody asks. Two services in one program have the same ones.
    pub fn gauges<F, Fut>(&self, service: &'static str, read: F)
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Vec<Gauge>, StoreError>> + Send + 'static,
    {
        let mut gauges = self.0.gauges.lock().unwrap_or_else(PoisonError::into_inner);
        gauges.push(Arc::new(Gauges { service, read: Box::new(move || Box::pin(read())) }));
    }

    /// The text.
    pub async fn text(&self) -> String {
        let mut text = self.durations();
        let mut last = "";
        for (service, Gauge { name, help, value }) in self.read_gauges().await {
            if name != last {
                let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
                last = name;
            }
            let _ = writeln!(text, "{name}{{service=\"{service}\"}} {value}");
        }
        text
    }

    /// By name. Those that cannot be read now are missing.
    async fn read_gauges(&self) -> Vec<(&'static str, Gauge)> {
        let services = self.0.gauges.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let read = services.iter().map(|gauges| tokio::time::timeout(GAUGES_TIMEOUT, (gauges.read)()));
        let mut all = vec![];
        for (Gauges { service, .. }, read) in services.iter().map(Arc::as_ref).zip(join_all(read).await) {
            match read {
                Ok(Ok(read)) => all.extend(read.into_iter().map(|gauge| (*service, gauge))),
                Ok(Err(error)) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(service, error, "the numbers of a service could not be read");
                }
                Err(_) => tracing::warn!(service, "the numbers of a service could not be read in time"),
            }
        }
        all.sort_by_key(|(service, gauge)| (gauge.name, *service));
        all
    }

    fn durations(&self) -> String {
        let mut text = String::from(
            "# HELP http_request_duration_seconds Time until the answer begins.\n\
             # TYPE http_request_duration_seconds histogram\n",
        );
        let requests = self.0.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for ((method, route, status), durations) in requests.iter() {
            durations.write(&mut text, &format!("method=\"{method}\",route=\"{route}\",status=\"{status}\""));
        }
        text
    }

    fn count(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let mut requests = self.0.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.entry((known(method), route.to_owned(), status)).or_default().add(took.as_secs_f64());
    }

    async fn answer(self) -> Response {
        let media_type = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
        ([(CONTENT_TYPE, media_type)], self.text().await).into_response()
    }
}

impl Durations {
    fn add(&mut self, seconds: f64) {
        for (bucket, bound) in self.buckets.iter_mut().zip(BUCKETS) {
            *bucket += u64::from(seconds <= bound);
        }
        self.count += 1;
        self.seconds += seconds;
    }

    fn write(&self, text: &mut String, labels: &str) {
        let name = "http_request_duration_seconds";
        for (count, bound) in self.buckets.iter().zip(BUCKETS) {
            let _ = writeln!(text, "{name}_bucket{{{labels},le=\"{bound}\"}} {count}");
        }
        let _ = writeln!(text, "{name}_bucket{{{labels},le=\"+Inf\"}} {}", self.count);
        let _ = writeln!(text, "{name}_sum{{{labels}}} {}", self.seconds);
        let _ = writeln!(text, "{name}_count{{{labels}}} {}", self.count);
    }
}

/// Methods that anybody can invent do not become labels.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
