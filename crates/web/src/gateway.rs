//! One origin for the pages: the pages themselves, and below `/api/hall` and `/api/department` the two services,
//! either in this program or on a server.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HOST, IF_NONE_MATCH,
    ORIGIN, REFERER, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use rust_embed::RustEmbed;
use tower::ServiceExt;

use crate::problem::{Problem, ProblemCode, chain};

/// The header by which the desktop shell says which of its windows is asking. Believed only inside the shell; taken off
/// everything that comes over TCP ([`crate::server::serve`]) or goes to a server.
pub const WINDOW_LABEL: HeaderName = HeaderName::from_static("x-window-label");

/// What pages may load and reach: only what comes from here.
pub const CONTENT_SECURITY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    connect-src 'self' ipc: http://ipc.localhost; img-src 'self' data: blob:; font-src 'self' data:; \
    worker-src 'self' blob:; frame-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'self'";

/// To reach a server.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Until a server begins to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// Headers that concern one connection only (RFC 9110, 7.6.1).
const HOP_BY_HOP: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    http::header::PROXY_AUTHENTICATE,
    http::header::PROXY_AUTHORIZATION,
    http::header::TE,
    http::header::TRANSFER_ENCODING,
    http::header::UPGRADE,
];

/// Where a service is.
#[derive(Debug, Clone)]
pub enum Backend {
    /// In this program. The router has the whole paths, `/api/hall/…`.
    Local(Router),
    /// On a server.
    Remote(Remote),
}

/// A server that requests are forwarded to.
#[derive(Debug, Clone)]
pub struct Remote {
    client: reqwest::Client,
    base: String,
}

/// The server cannot be forwarded to.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// Not an address.
    #[error("{0:?} is not an http or https address without query and password")]
    BadAddress(String),
    /// No connections.
    #[error("the HTTP client could not be made")]
    Client(#[source] reqwest::Error),
}

impl Remote {
    /// A server at `base`, to which `/api/hall/…` is appended.
    pub fn new(base: &str) -> Result<Self, RemoteError> {
        let bad = || RemoteError::BadAddress(base.chars().take(200).collect());
        let base = base.trim_end_matches('/');
        let url = reqwest::Url::parse(base).map_err(|_| bad())?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !plain {
            return Err(bad());
        }
        // There is one provider in the program; if somebody installed it already, that is the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .connect_timeout(CONNECT_TIMEOUT)
        };
        // A bare computer has no certificates to trust, and a server on its own network may need none.
        let client = match builder().build() {
            Ok(client) => client,
            Err(error) => {
                tracing::warn!(error = %chain(&error), "no trusted certificates: only plain HTTP will work");
                builder().tls_certs_only([]).build().map_err(RemoteError::Client)?
            }
        };
        Ok(Remote { client, base: base.to_owned() })
    }

    async fn forward(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut headers = parts.headers;
        strip_hop_by_hop(&mut headers);
        for name in [HOST, ORIGIN, REFERER, CONTENT_LENGTH, WINDOW_LABEL] {
            headers.remove(name);
        }
        let mut forwarded = self.client.request(parts.method, format!("{}{path}", self.base));
        match body.size_hint().exact() {
            Some(0) => {}
            Some(length) => {
                headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
                forwarded = forwarded.body(reqwest::Body::wrap_stream(body.into_data_stream()));
            }
            None => forwarded = forwarded.body(reqwest::Body::wrap_stream(body.into_data_stream())),
        }
        match tokio::time::timeout(ANSWER_TIMEOUT, forwarded.headers(headers).send()).await {
            Ok(Ok(answer)) => backward(answer),
            Ok(Err(error)) => {
                tracing::warn!(error = %chain(&error.without_url()), "a server cannot be reached");
                Problem::new(ProblemCode::BackendUnreachable).into_response()
            }
            Err(_) => Problem::new(ProblemCode::BackendUnreachable).into_response(),
        }
    }
}

/// The answer of a server, piece by piece as it comes, so that event streams stay alive.
fn backward(answer: reqwest::Response) -> Response {
    let status = answer.status();
    let mut headers = answer.headers().clone();
    strip_hop_by_hop(&mut headers);
    let mut response = Response::new(Body::from_stream(answer.bytes_stream()));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn strip_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|names| names.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}

/// The one origin. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Gateway {
    hall: Option<Backend>,
    department: Option<Backend>,
}

impl Gateway {
    /// The pages, and no service yet.
    pub fn new() -> Self {
        Gateway::default()
    }

    /// With the hall below `/api/hall/`.
    #[must_use]
    pub fn hall(mut self, backend: Backend) -> Self {
        self.hall = Some(backend);
        self
    }

    /// With the department below `/api/department/`.
    #[must_use]
    pub fn department(mut self, backend: Backend) -> Self {
        self.department = Some(backend);
        self
    }

    /// The answer to one request. For the shell, which has no socket.
    pub async fn answer(&self, request: Request) -> Response {
        let path = request.uri().path();
        let backend = if below(path, "/api/hall") {
            &self.hall
        } else if below(path, "/api/department") {
            &self.department
        } else if below(path, "/api") || below(path, "/protocol") {
            &None
        } else {
            return page(request.method(), request.uri(), request.headers());
        };
        let mut response = match backend {
            Some(Backend::Local(router)) => match router.clone().oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            },
            Some(Backend::Remote(remote)) => remote.forward(request).await,
            None => Problem::new(ProblemCode::NotFound).into_response(),
        };
        response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        response
    }

    /// The same as a router. Everything is its fallback: put it behind a service with `fallback_service`, or merge it with
    /// routes that have no fallback of their own.
    pub fn router(self) -> Router {
        Router::new().fallback(async move |request: Request| self.answer(request).await)
    }
}

const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Pages;

/// Shown while the pages have not been built.
const NO_PAGES: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>一窗</title>\
    <p>界面尚未构建。 The pages have not been built: <code>npm --prefix ui run build</code>.";

/// A file of the pages; an address of the pages' own router gets `index.html`.
fn page(method: &Method, uri: &Uri, asked: &HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return Problem::new(ProblemCode::Method).into_response();
    }
    let path = uri.path().trim_start_matches('/');
    if let Some(file) = Pages::get(path).filter(|_| path != "index.html" && !path.is_empty()) {
        let caching = if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
        let media_type = mime_guess::from_path(path).first_or_octet_stream();
        return sent(file.data, media_type.as_ref(), caching, asked);
    }
    // A file that is not there is an error, or a stale page would read HTML as a script.
    if path.rsplit('/').next().is_some_and(|name| name.contains('.') && name != "index.html") {
        return Problem::new(ProblemCode::NotFound).into_response();
    }
    let index = Pages::get("index.html").map_or(NO_PAGES.as_bytes().into(), |file| file.data);
    sent(index, "text/html; charset=utf-8", "no-cache", asked)
}

fn sent(data: std::borrow::Cow<'static, [u8]>, media_type: &str, caching: &'static str, asked: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", hex::encode(&sha256(&data)[..16]));
    let known = asked.get(IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes());
    let body = match data {
        _ if known => Bytes::new(),
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let status = if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    for (name, value) in [(CONTENT_TYPE, media_type), (ETAG, &etag)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}

/// Vite puts files under names with a hash into `assets/`.
fn is_hashed(path: &str) -> bool {
    path.starts_with("assets/")
}

fn below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
