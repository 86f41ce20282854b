//! The custom scheme that pages and interfaces come from.
//!
//! A web view hands a request over whole and wants its answer whole: bodies are capped, and streams are refused here and
//! go through [`crate::events`].

use axum::Router;
use axum::body::Body;
use axum::response::IntoResponse;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Limited};
use tauri::{Url, WebviewUrl};

use crate::gateway::Gateway;

/// The scheme's name: `yichuang://localhost/…`, on Windows `http://yichuang.localhost/…`.
pub(crate) const NAME: &str = "yichuang";

/// The largest body in either direction: a file of 20 MB with room to spare.
const LARGEST_BODY: usize = 25 * 1024 * 1024;

/// A page, by its path; a desk starts at the empty one.
pub(crate) fn page(path: &'static str) -> WebviewUrl {
    let origin = if cfg!(windows) { "http://yichuang.localhost/" } else { "yichuang://localhost/" };
    WebviewUrl::CustomProtocol(Url::parse(&format!("{origin}{path}")).expect("the address is a constant"))
}

/// Whether an address is one of ours: the scheme, what a page made itself, or the web view's own PDF viewer.
pub(crate) fn is_inside(url: &Url) -> bool {
    match url.scheme() {
        NAME => url.host_str() == Some("localhost"),
        "http" => cfg!(windows) && url.host_str() == Some("yichuang.localhost"),
        "blob" => {
            url.path().starts_with("yichuang://localhost/") || url.path().starts_with("http://yichuang.localhost/")
        }
        "about" => url.path() == "blank",
        "webkit-pdfjs-viewer" => true,
        _ => false,
    }
}

/// Answers a request that a page of a window made over the scheme.
pub(crate) async fn answer(gateway: &Gateway, window: &str, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    let (mut parts, body) = request.into_parts();
    if body.len() > LARGEST_BODY {
        return problem(StatusCode::PAYLOAD_TOO_LARGE, "file-too-large", "The body is larger than 25 MB");
    }
    parts.uri = path_only(&parts.uri);
    parts.headers.remove(CONTENT_LENGTH);

    let (parts, body) = gateway.call(window, Request::from_parts(parts, Body::from(body))).await.into_parts();
    let streams = parts.headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    if streams {
        return problem(
            StatusCode::NOT_ACCEPTABLE,
            "events-by-channel",
            "In a window, events come through `subscribe`",
        );
    }
    match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => Response::from_parts(parts, body.to_bytes().to_vec()),
        Err(error) => {
            tracing::error!(error, path = parts.status.as_str(), "an answer broke off or was too large");
            problem(StatusCode::BAD_GATEWAY, "answer-broken", "The answer broke off or was larger than 25 MB")
        }
    }
}

/// The address as a router wants it, without scheme and host.
fn path_only(uri: &Uri) -> Uri {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    path.parse().unwrap_or_else(|_| Uri::from_static("/"))
}

fn problem(status: StatusCode, code: &str, title: &str) -> Response<Vec<u8>> {
    let body = serde_json::json!({
        "type": format!("/problems/{code}"), "title": title, "status": status.as_u16(), "code": code, "errors": [],
    });
    let mut response = Response::new(body.to_string().into_bytes());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("application/problem+json"));
    response
}

/// What the window shows when hall and department could not start.
pub(crate) fn failure_page(error: &dyn std::error::Error) -> Router {
    let mut reasons = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        reasons.push_str(&format!("<li>{}</li>", escaped(&error.to_string())));
        next = error.source();
    }
    let page = include_str!("failure.html").replace("{reasons}", &reasons);
    Router::new().fallback(move || {
        let page = page.clone();
        async move { (StatusCode::SERVICE_UNAVAILABLE, axum::response::Html(page)).into_response() }
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use axum::response::sse::{Event, Sse};
    use axum::routing::{get, put};
    use futures_util::stream;

    use super::*;

    fn gateway() -> Gateway {
        let endless = || async { Sse::new(stream::pending::<Result<Event, std::convert::Infallible>>()) };
        let gateway = Gateway::default();
        gateway.open(
            Router::new()
                .route("/api/hall/events", get(endless))
                .route("/api/hall/files", put(|body: axum::body::Bytes| async move { body.len().to_string() }))
                .layer(axum::extract::DefaultBodyLimit::disable()),
        );
        gateway
    }

    fn request(method: &str, url: &str, body: Vec<u8>) -> Request<Vec<u8>> {
        Request::builder().method(method).uri(url).body(body).expect("a request")
    }

    #[tokio::test]
    async fn a_stream_of_events_is_refused_at_once() {
        let answer = answer(&gateway(), "desk-1", request("GET", "yichuang://localhost/api/hall/events", vec![])).await;
        assert_eq!(answer.status(), StatusCode::NOT_ACCEPTABLE);
    }

    #[tokio::test]
    async fn a_body_passes_whole_up_to_the_limit() {
        let put = |length| request("PUT", "yichuang://localhost/api/hall/files?name=%E4%B8%80.pdf", vec![7; length]);
        let taken = answer(&gateway(), "desk-1", put(LARGEST_BODY)).await;
        assert_eq!(taken.body(), LARGEST_BODY.to_string().as_bytes());
        let refused = answer(&gateway(), "desk-1", put(LARGEST_BODY + 1)).await;
        assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[test]
    fn only_our_own_pages_are_inside() {
        let is_inside = |url: &str| is_inside(&Url::parse(url).expect("an address"));
        assert!(is_inside("yichuang://localhost/cases/1"));
        assert!(is_inside("blob:yichuang://localhost/3f"));
        assert!(is_inside("about:blank"));
        for outside in [
            "https://example.org/",
            "http://127.0.0.1/",
            "file:///etc/passwd",
            "yichuang://elsewhere/",
            "data:text/html,x",
        ] {
            assert!(!is_inside(outside), "{outside}");
        }
    }
}
