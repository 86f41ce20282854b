//! Asks through the router, as a page does.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{Router, body::Body};
use http::{HeaderValue, Method, Request};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Answer, PASSWORD};

/// Somebody at a desk.
#[derive(Clone)]
pub(crate) struct Office {
    router: Router,
    base: &'static str,
    cookie: Option<String>,
}

impl Office {
    /// Nobody yet. `base` is `/api/hall` or `/api/department`.
    pub(crate) fn visitor(router: Router, base: &'static str) -> Self {
        Self { router, base, cookie: None }
    }

    /// Signs in through the front door.
    pub(crate) async fn signed_in(&self, login: &str, window: Option<&str>) -> Self {
        let wish = json!({ "login": login, "password": PASSWORD, "window": window });
        let answer = self.ask(Method::POST, "/sessions").json(&wish).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        Self { cookie: Some(cookie), ..self.clone() }
    }

    /// The same desk with this cookie instead.
    pub(crate) fn with_cookie(&self, cookie: &str) -> Self {
        Self { cookie: Some(cookie.to_owned()), ..self.clone() }
    }

    pub(crate) fn cookie(&self) -> &str {
        self.cookie.as_deref().unwrap_or_default()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).send().await
    }

    /// With an `Idempotency-Key` of its own.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.posting(path, body).send().await
    }

    pub(crate) async fn put(&self, path: &str, bytes: impl Into<Vec<u8>>) -> Answer {
        self.ask(Method::PUT, path).bytes("application/octet-stream", bytes).send().await
    }

    pub(crate) fn posting(&self, path: &str, body: &Value) -> Ask {
        self.ask(Method::POST, path).key(&new_key()).json(body)
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> Ask {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = format!("{}{path}", self.base).parse().unwrap();
        let mut ask = Ask { router: self.router.clone(), request, bytes: vec![] };
        if let Some(cookie) = &self.cookie {
            ask = ask.header("cookie", cookie);
        }
        ask
    }
}

fn new_key() -> String {
    static KEYS: AtomicU64 = AtomicU64::new(1);
    format!("key-{}", KEYS.fetch_add(1, Ordering::Relaxed))
}

/// A request that can still be changed.
pub(crate) struct Ask {
    router: Router,
    request: Request<Body>,
    bytes: Vec<u8>,
}

impl Ask {
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.request.headers_mut().insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        self
    }

    pub(crate) fn headers(mut self, headers: http::HeaderMap) -> Self {
        self.request.headers_mut().extend(headers);
        self
    }

    pub(crate) fn without(mut self, name: &'static str) -> Self {
        self.request.headers_mut().remove(name);
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub(crate) fn seen(self, version: u64) -> Self {
        self.header("if-match", &format!("\"{version}\""))
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.bytes("application/json", body.to_string())
    }

    pub(crate) fn bytes(mut self, media_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.bytes = bytes.into();
        self.header("content-type", media_type)
    }

    pub(crate) async fn send(self) -> Answer {
        let Self { router, mut request, bytes } = self;
        request.headers_mut().insert("content-length", HeaderValue::from(bytes.len()));
        *request.body_mut() = Body::from(bytes);
        let response = router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }
}
