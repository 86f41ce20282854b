//! One origin: pages, a service here, a service elsewhere.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{any, get, post};
use futures_util::StreamExt;
use http::StatusCode;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use yichuang_web::feed::{self, Told};
use yichuang_web::gateway::{Backend, CONTENT_SECURITY, Gateway, Remote};
use yichuang_web::server::{Health, Metrics, framed, serve};
use yichuang_web::source::Chance;

/// A service that says what it was asked.
fn service(news: Arc<broadcast::Sender<u64>>) -> Router {
    Router::new()
        .route(
            "/api/hall/echo",
            any(async |request: Request| {
                let (parts, body) = request.into_parts();
                let body = body.collect().await.unwrap().to_bytes();
                let headers: Vec<_> =
                    parts.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
                axum::Json(json!({
                    "method": parts.method.as_str(),
                    "path": parts.uri.path_and_query().unwrap().as_str(),
                    "headers": headers,
                    "body": String::from_utf8_lossy(&body),
                }))
            }),
        )
        .route(
            "/api/hall/cookie",
            get(async || {
                let headers = [("set-cookie", "a=1"), ("connection", "x-private"), ("x-private", "1"), ("x-kept", "1")];
                (StatusCode::CREATED, axum::response::AppendHeaders(headers), "made")
            }),
        )
        .route("/api/hall/moved", get(async || (StatusCode::FOUND, [("location", "http://127.0.0.1:1/")])))
        .route("/api/hall/size", post(async |body: Body| body.collect().await.unwrap().to_bytes().len().to_string()))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .route(
            "/api/hall/events",
            get(async move || {
                feed::stream(news.subscribe(), |case| {
                    (case != 13).then(|| Told { name: "case", data: json!({ "case_id": case }) })
                })
            }),
        )
}

fn news() -> Arc<broadcast::Sender<u64>> {
    Arc::new(broadcast::channel(4).0)
}

async fn listening(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, router, std::future::pending()));
    address
}

async fn local() -> Gateway {
    Gateway::new().hall(Backend::Local(service(news())))
}

async fn remote() -> Gateway {
    let base = listening(service(news())).await;
    Gateway::new().hall(Backend::Remote(Remote::new(&base).unwrap()))
}

fn request(method: &str, path: &str) -> http::request::Builder {
    Request::builder().method(method).uri(path)
}

async fn answer(gateway: &Gateway, builder: http::request::Builder, body: impl Into<Body>) -> Response {
    gateway.answer(builder.body(body.into()).unwrap()).await
}

async fn json_of(response: Response) -> Value {
    serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

fn has(echo: &Value, header: &str) -> bool {
    echo["headers"].as_array().unwrap().iter().any(|found| found.as_str().unwrap().starts_with(&format!("{header}: ")))
}

#[tokio::test]
async fn a_request_arrives_whole_here_and_elsewhere() {
    for gateway in [local().await, remote().await] {
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
            let body = if method == "GET" { "" } else { "正文" };
            let asked = request(method, "/api/hall/echo?q=%E5%AE%89&x=1")
                .header("cookie", "yichuang-hall=abc")
                .header("if-match", "\"7\"");
            let response = answer(&gateway, asked, body).await;
            assert_eq!(response.headers()["x-content-type-options"], "nosniff");
            let echo = json_of(response).await;
            assert_eq!(echo["method"], method);
            assert_eq!(echo["path"], "/api/hall/echo?q=%E5%AE%89&x=1");
            assert_eq!(echo["body"], body);
            assert!(has(&echo, "cookie") && has(&echo, "if-match"));
        }
    }
}

#[tokio::test]
async fn the_answer_comes_back_whole() {
    for gateway in [local().await, remote().await] {
        let response = answer(&gateway, request("GET", "/api/hall/cookie"), "").await;
        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(response.headers()["set-cookie"], "a=1");
        assert_eq!(response.headers()["x-kept"], "1");
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "made");

        let moved = answer(&gateway, request("GET", "/api/hall/moved"), "").await;
        assert_eq!(
            (moved.status(), &moved.headers()["location"]),
            (StatusCode::FOUND, &"http://127.0.0.1:1/".parse().unwrap())
        );
    }
}

#[tokio::test]
async fn what_concerns_one_connection_is_not_forwarded() {
    let asked = request("POST", "/api/hall/echo")
        .header("connection", "close, x-private")
        .header("x-private", "1")
        .header("keep-alive", "timeout=5")
        .header("te", "trailers")
        .header("origin", "hall://localhost")
        .header("referer", "hall://localhost/cases/1")
        .header("host", "hall")
        .header("content-length", "999")
        .header("x-window-label", "main");
    let gateway = remote().await;
    let echo = json_of(answer(&gateway, asked, "body").await).await;
    for header in ["x-private", "keep-alive", "te", "origin", "referer", "x-window-label"] {
        assert!(!has(&echo, header), "{header} in {echo}");
    }
    assert_eq!(echo["body"], "body");
    let response = answer(&gateway, request("GET", "/api/hall/cookie"), "").await;
    assert!(!response.headers().contains_key("x-private"));
}

#[tokio::test]
async fn a_window_label_is_believed_inside_the_shell_and_not_over_tcp() {
    let asked = request("GET", "/api/hall/echo").header("x-window-label", "applicant");
    assert!(has(&json_of(answer(&local().await, asked, "").await).await, "x-window-label"));

    let base = listening(local().await.router()).await;
    with_a_provider();
    let echo: Value = reqwest::Client::new()
        .get(format!("{base}/api/hall/echo"))
        .header("x-window-label", "main")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert!(!has(&echo, "x-window-label"));
}

#[tokio::test]
async fn twenty_megabytes_go_through_in_pieces() {
    let piece = vec![7_u8; 64 * 1024];
    for gateway in [local().await, remote().await] {
        let pieces =
            futures_util::stream::iter((0..320).map(|_| Ok::<_, std::io::Error>(piece.clone())).collect::<Vec<_>>());
        let response = answer(&gateway, request("POST", "/api/hall/size"), Body::from_stream(pieces)).await;
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), (320 * 64 * 1024).to_string());
    }
}

/// Each event is seen before the next one is sent: nothing is collected on the way.
#[tokio::test]
async fn events_come_through_while_they_happen() {
    let sender = news();
    let here = Gateway::new().hall(Backend::Local(service(sender.clone())));
    let base = listening(service(sender.clone())).await;
    let elsewhere = Gateway::new().hall(Backend::Remote(Remote::new(&base).unwrap()));
    for gateway in [here, elsewhere] {
        let response = answer(&gateway, request("GET", "/api/hall/events"), "").await;
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut pieces = response.into_body().into_data_stream();
        assert_eq!(next(&mut pieces).await, "id: 1\nevent: ready\ndata: {}\n\n");
        for (id, case) in [(2, 7), (3, 8)] {
            sender.send(13).unwrap();
            sender.send(case).unwrap();
            let expected = format!("id: {id}\nevent: case\ndata: {{\"case_id\":{case}}}\n\n");
            assert_eq!(next(&mut pieces).await, expected);
        }
        for case in 20..30 {
            sender.send(case).unwrap();
        }
        assert!(next(&mut pieces).await.contains("event: resync\ndata: {\"missed\":"), "who is slow is told");
    }
}

async fn next(pieces: &mut axum::body::BodyDataStream) -> String {
    let piece = tokio::time::timeout(Duration::from_secs(5), pieces.next()).await.unwrap().unwrap().unwrap();
    String::from_utf8(piece.to_vec()).unwrap()
}

#[tokio::test]
async fn a_server_that_is_away_is_a_problem() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let gateway = Gateway::new().hall(Backend::Remote(Remote::new(&base).unwrap()));
    let response = answer(&gateway, request("GET", "/api/hall/session"), "").await;
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
    let document = json_of(response).await;
    assert_eq!(document["code"], "backend-unreachable");
    assert!(!document.to_string().contains("127.0.0.1"));
}

#[tokio::test]
async fn an_address_of_nobody_is_a_problem_and_never_a_page() {
    let gateway = local().await;
    for path in ["/api/department/session", "/api", "/api/other", "/protocol/v1/events", "/api/hall/none"] {
        let response = answer(&gateway, request("GET", path), "").await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
    }
    // A page may begin with the same letters.
    assert_eq!(answer(&gateway, request("GET", "/apiary"), "").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn every_address_of_the_pages_is_the_same_page_under_the_same_rules() {
    let gateway = local().await;
    for path in ["/", "/index.html", "/cases/0198", "/window?tab=1"] {
        let response = answer(&gateway, request("GET", path), "").await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let headers = response.headers();
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(headers["content-security-policy"], CONTENT_SECURITY);
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cache-control"], "no-cache");
        let known = headers["etag"].clone();
        let again = answer(&gateway, request("GET", path).header("if-none-match", known), "").await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }
    for path in ["/assets/none-123.js", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/none.css"] {
        let status = answer(&gateway, request("GET", path), "").await.status();
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(answer(&gateway, request("POST", "/"), "").await.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_service_and_the_pages_share_a_port() {
    let healthy = Health::new(async || Ok(()));
    let department = Router::new().route("/api/department/welcome", get(async || "department"));
    let pages = Gateway::new().department(Backend::Local(department));
    let router = framed(service(news()), healthy, Metrics::new(), Chance::system()).fallback_service(pages.router());
    let base = listening(router).await;
    with_a_provider();
    let text = async |path: &str| reqwest::get(format!("{base}{path}")).await.unwrap().text().await.unwrap();
    assert!(text("/healthz").await.contains("ok"));
    assert!(text("/metrics").await.contains("http_request_duration_seconds"));
    assert!(text("/api/hall/echo").await.contains("\"method\":\"GET\""));
    assert_eq!(text("/api/department/welcome").await, "department");
    assert!(text("/api/hall/none").await.contains("not-found"));
    assert!(text("/cases/7").await.to_lowercase().contains("<!doctype html>"));
}

#[test]
fn a_server_has_a_plain_address() {
    for wrong in
        ["", "hall", "ftp://hall", "http://me:pw@hall", "http://hall?a=b", "http://hall#x", "file:///etc/passwd"]
    {
        assert!(Remote::new(wrong).is_err(), "{wrong}");
    }
    assert!(Remote::new("https://hall.example/city/").is_ok());
}

/// The tests' own client has no provider of cryptography but the one that is installed.
fn with_a_provider() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
