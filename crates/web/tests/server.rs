//! Limits, health, numbers and the end of a service.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use store::StoreError;
use tokio::net::TcpListener;
use tower::ServiceExt;
use yichuang_web::server::{Gauge, Health, MAX_BODY, Metrics, framed, serve};
use yichuang_web::source::Chance;

fn router(metrics: &Metrics, healthy: bool) -> Router {
    let health = Health::new(move || async move { if healthy { Ok(()) } else { Err(StoreError::Unavailable(None)) } });
    let routes = Router::new()
        .route("/cases/{id}", get(async || "case"))
        .route("/panic", get(async || -> &'static str { panic!("a fault with a name: 陈思远") }))
        .route("/files", post(async |body: axum::body::Bytes| body.len().to_string()));
    framed(routes, health, metrics.clone(), Chance::seeded(1))
}

async fn ask(metrics: &Metrics, request: Request<Body>) -> Response<Body> {
    router(metrics, true).oneshot(request).await.unwrap()
}

fn request(method: &str, path: &str) -> Request<Body> {
    Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
}

async fn text_of(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

async fn code_of(response: Response<Body>) -> String {
    let document: Value = serde_json::from_str(&text_of(response).await).unwrap();
    document["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn health_is_whether_the_store_answers() {
    let metrics = Metrics::new();
    let healthy = router(&metrics, true).oneshot(request("GET", "/healthz")).await.unwrap();
    assert_eq!((healthy.status(), text_of(healthy).await.as_str()), (StatusCode::OK, "{\"status\":\"ok\"}"));
    let ill = router(&metrics, false).oneshot(request("GET", "/healthz")).await.unwrap();
    assert_eq!(ill.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(code_of(ill).await, "store-unavailable");
}

#[tokio::test]
async fn requests_are_counted_by_route_and_never_by_path() {
    let metrics = Metrics::new();
    for id in ["7", "%E9%99%88%E6%80%9D%E8%BF%9C"] {
        let response = ask(&metrics, request("GET", &format!("/cases/{id}?q=name"))).await;
        assert!(response.headers().contains_key("x-request-id"));
    }
    ask(&metrics, request("GET", "/nowhere/13800000000")).await;
    ask(&metrics, request("BREW", "/cases/7")).await;
    let response = ask(&metrics, request("GET", "/metrics")).await;
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    let text = text_of(response).await;
    for line in [
        "http_request_duration_seconds_count{method=\"GET\",route=\"/cases/{id}\",status=\"200\"} 2\n",
        "http_request_duration_seconds_bucket{method=\"GET\",route=\"/cases/{id}\",status=\"200\",le=\"+Inf\"} 2\n",
        "http_request_duration_seconds_count{method=\"GET\",route=\"unmatched\",status=\"404\"} 1\n",
        "http_request_duration_seconds_count{method=\"other\",route=\"/cases/{id}\",status=\"405\"} 1\n",
    ] {
        assert!(text.contains(line), "{line}{text}");
    }
    assert!(!text.contains("%E9") && !text.contains("138"));
}

#[tokio::test]
async fn numbers_of_services_are_read_when_they_are_asked_for() {
    let metrics = Metrics::new();
    let gauge = |name, value| Gauge { name, help: "Something.", value };
    metrics.gauges("hall", move || async move { Ok(vec![gauge("waiting", 3.0), gauge("age_seconds", 1.5)]) });
    metrics.gauges("department", move || async move { Ok(vec![gauge("waiting", 0.0)]) });
    metrics.gauges("broken", || async { Err(StoreError::Unavailable(None)) });
    let text = text_of(ask(&metrics, request("GET", "/metrics")).await).await;
    let gauges = text.split_once("# HELP age_seconds").unwrap().1;
    let expected = " Something.\n# TYPE age_seconds gauge\nage_seconds{service=\"hall\"} 1.5\n\
        # HELP waiting Something.\n# TYPE waiting gauge\n\
        waiting{service=\"department\"} 0\nwaiting{service=\"hall\"} 3\n";
    assert_eq!(gauges, expected);
}

#[tokio::test]
async fn services_that_do_not_answer_hold_up_the_numbers_of_the_others_once_and_shortly() {
    let metrics = Metrics::new();
    metrics.gauges("hall", std::future::pending);
    metrics.gauges("department", async || Ok(vec![Gauge { name: "waiting", help: "Something.", value: 2.0 }]));
    metrics.gauges("another", std::future::pending);
    let text = tokio::time::timeout(Duration::from_secs(3), metrics.text()).await.unwrap();
    assert!(text.ends_with("\nwaiting{service=\"department\"} 2\n"), "{text}");
}

#[tokio::test]
async fn every_refusal_of_the_frame_is_a_problem() {
    let metrics = Metrics::new();
    assert_eq!(code_of(ask(&metrics, request("GET", "/nowhere")).await).await, "not-found");
    assert_eq!(code_of(ask(&metrics, request("PUT", "/cases/7")).await).await, "method");
    let huge = Request::post("/files").header("content-length", MAX_BODY + 1).body(Body::empty()).unwrap();
    assert_eq!(code_of(ask(&metrics, huge).await).await, "body-too-large");
}

#[tokio::test]
async fn a_fault_of_the_program_is_answered_without_its_text() {
    let response = ask(&Metrics::new(), request("GET", "/panic")).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let text = text_of(response).await;
    assert!(text.contains("\"internal\"") && !text.contains("fault"), "{text}");
}

#[tokio::test]
async fn a_service_ends_when_told_and_finishes_what_it_began() {
    let (entered, mut inside) = tokio::sync::mpsc::channel::<()>(1);
    let (end, ending) = tokio::sync::oneshot::channel::<()>();
    let (finish, finished) = tokio::sync::watch::channel(false);
    let slow = Router::new().route(
        "/slow",
        get(async move || {
            entered.send(()).await.unwrap();
            finished.clone().wait_for(|finished| *finished).await.unwrap();
            "done"
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(serve(listener, slow, async move {
        let _ = ending.await;
    }));
    let address = format!("{base}/slow");
    let asked = tokio::spawn(async move {
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::get(address).await.unwrap().text().await.unwrap()
    });
    inside.recv().await.unwrap();
    end.send(()).unwrap();
    finish.send(true).unwrap();
    assert_eq!(asked.await.unwrap(), "done");
    serving.await.unwrap().unwrap();
}
