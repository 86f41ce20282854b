//! What each extractor takes, and the problem with which it refuses.

#![allow(clippy::unwrap_used, reason = "a test may")]

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;
use yichuang_web::idempotency::{IdempotencyKey, RequestHash};
use yichuang_web::json::{self, JsonLimit};
use yichuang_web::page::{After, Limit, Page};
use yichuang_web::precondition::{Etag, IfMatch};
use yichuang_web::{Path, Problem, ProblemCode, ProblemField, Query, problem};

#[derive(Deserialize, Serialize, Default)]
#[serde(deny_unknown_fields)]
struct Form {
    name: String,
    #[serde(default)]
    rows: Vec<Row>,
}

#[derive(Deserialize, Serialize)]
struct Row {
    #[serde(rename = "a/b")]
    number: u8,
    kind: Kind,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Person,
}

#[derive(Deserialize)]
struct Search {
    count: Option<u8>,
}

fn router() -> Router {
    Router::new()
        .route("/form", post(async |json::Body(form, _): json::Body<Form>| axum::Json(form)))
        .route("/maybe", post(async |json::OptionalBody(form, _): json::OptionalBody<Form>| axum::Json(form)))
        .route("/key", post(async |key: IdempotencyKey| key.as_str().to_owned()))
        .route("/hash", post(async |hash: RequestHash| hex::encode(hash.0)))
        .route("/change", post(async |seen: IfMatch| seen.demand(7).map(|()| (Etag(8), "changed"))))
        .route("/search", get(async |Query(search): Query<Search>| axum::Json(search.count)))
        .route("/cases/{id}", get(async |Path(id): Path<Uuid>| id.to_string()))
        .route(
            "/list",
            get(async |After(after): After<(i64, String)>, limit: Limit| {
                let first = after.map_or(0, |(last, _)| last + 1);
                let found = (first..12).take(limit.and_one() as usize).collect();
                axum::Json(Page::of(found, limit, |number| (*number, "键".to_owned())))
            }),
        )
        .route("/raw", post(async |text: String| text))
        .layer(axum::middleware::from_fn(problem::layer))
}

async fn ask(request: http::request::Builder, body: impl Into<Body>) -> Response<Body> {
    router().oneshot(request.body(body.into()).unwrap()).await.unwrap()
}

async fn json_of(response: Response<Body>) -> Value {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&bytes).unwrap()
}

/// Status, code and fields of a refusal.
async fn refusal(response: Response<Body>) -> (u16, Value, Value) {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let status = response.status().as_u16();
    let document = json_of(response).await;
    assert_eq!(document["status"], status);
    assert_eq!(document["type"], format!("/problems/{}", document["code"].as_str().unwrap()));
    (status, document["code"].clone(), document["errors"].clone())
}

fn post_json(path: &str) -> http::request::Builder {
    Request::post(path).header("content-type", "application/json")
}

#[tokio::test]
async fn json_is_read_from_its_media_types_only() {
    for media_type in ["application/json", "application/json; charset=utf-8", "application/cloudevents+json"] {
        let request = Request::post("/form").header("content-type", media_type);
        assert_eq!(ask(request, r#"{"name":"安"}"#).await.status(), StatusCode::OK, "{media_type}");
    }
    for media_type in ["text/plain", "", "application/jsonx", "text/x+json"] {
        let request = Request::post("/form").header("content-type", media_type);
        let (status, code, errors) = refusal(ask(request, "{}").await).await;
        assert_eq!((status, code), (415, json!("media-type")));
        assert_eq!(errors[0]["value"], media_type);
    }
    assert_eq!(ask(Request::post("/form"), "{}").await.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn what_is_no_json_is_malformed() {
    for body in ["", "{", "{}x", "{\"name\":\"a\"}{}", "\u{feff}{}"] {
        let (status, code, errors) = refusal(ask(post_json("/form"), body).await).await;
        assert_eq!((status, code), (400, json!("json-malformed")), "{body}");
        assert_eq!((&errors[0]["pointer"], &errors[0]["code"]), (&json!(""), &json!("malformed")), "{body}");
    }
}

#[tokio::test]
async fn a_wrong_field_is_named_with_its_value() {
    let long = "长".repeat(300);
    let deep = json!({ "name": "a", "rows": [{ "a/b": 1, "kind": "person" }, { "a/b": 256, "kind": "person" }] });
    for (body, expected) in [
        (json!({}), json!({ "pointer": "/name", "code": "required" })),
        (json!({ "name": 7 }), json!({ "pointer": "/name", "code": "wrong-type", "value": 7 })),
        (json!({ "name": { "a": 1 } }), json!({ "pointer": "/name", "code": "wrong-type", "value": "{1 fields}" })),
        (deep, json!({ "pointer": "/rows/1/a~1b", "code": "wrong-type", "value": 256 })),
        (
            json!({ "name": "a", "rows": [{ "a/b": 1, "kind": long }] }),
            json!({ "pointer": "/rows/0/kind", "code": "not-allowed", "value": "长".repeat(200) }),
        ),
        (
            json!({ "name": "a", "rows": [{ "kind": "person" }] }),
            json!({ "pointer": "/rows/0/a~1b", "code": "required" }),
        ),
        (json!({ "name": "a", "more": 1 }), json!({ "pointer": "/more", "code": "unknown-field", "value": 1 })),
    ] {
        let response = ask(post_json("/form"), body.to_string()).await;
        let (status, code, errors) = refusal(response).await;
        assert_eq!((status, code, errors), (422, json!("validation-failed"), json!([expected])), "{body}");
    }
}

#[tokio::test]
async fn a_large_body_is_refused_whether_or_not_it_says_so() {
    let body = format!("{{\"name\":\"{}\"}}", "x".repeat(1024 * 1024));
    let announced = post_json("/form").header("content-length", body.len());
    assert_eq!(refusal(ask(announced, body.clone()).await).await.1, "body-too-large");

    let pieces = futures_util::stream::iter(
        body.into_bytes().chunks(1000).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect::<Vec<_>>(),
    );
    assert_eq!(refusal(ask(post_json("/form"), Body::from_stream(pieces)).await).await.0, 413);

    let limited = router().layer(axum::Extension(JsonLimit(10)));
    let request = post_json("/form").body(Body::from(r#"{"name":"ab"}"#)).unwrap();
    assert_eq!(limited.oneshot(request).await.unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_malformed() {
    let pieces = vec![Ok("{\"name\"".to_owned()), Err(std::io::Error::other("gone"))];
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    assert_eq!(refusal(ask(post_json("/form"), body).await).await.1, "request-malformed");
}

#[tokio::test]
async fn an_optional_body_may_be_left_out_but_not_be_wrong() {
    assert_eq!(json_of(ask(Request::post("/maybe"), "").await).await["name"], "");
    assert_eq!(json_of(ask(post_json("/maybe"), r#"{"name":"a"}"#).await).await["name"], "a");
    assert_eq!(refusal(ask(Request::post("/maybe"), "{}").await).await.0, 415);
    assert_eq!(refusal(ask(post_json("/maybe"), "{").await).await.0, 400);
}

#[tokio::test]
async fn an_idempotency_key_is_1_to_200_visible_characters() {
    let with = |key: &str| Request::post("/key").header("idempotency-key", key);
    let longest = "k".repeat(200);
    assert_eq!(ask(with(&longest), "").await.status(), StatusCode::OK);
    assert_eq!(refusal(ask(Request::post("/key"), "").await).await.1, "idempotency-key-missing");
    for wrong in ["", "a b", &"k".repeat(201)] {
        assert_eq!(refusal(ask(with(wrong), "").await).await.1, "idempotency-key-malformed", "{wrong}");
    }
    let twice = with("a").header("idempotency-key", "b");
    assert_eq!(refusal(ask(twice, "").await).await.0, 400);
    let foreign = Request::post("/key").header("idempotency-key", "钥匙".as_bytes());
    assert_eq!(refusal(ask(foreign, "").await).await.0, 400);
}

#[tokio::test]
async fn requests_are_told_apart_by_method_path_query_and_body() {
    use http::Method;
    let hash = RequestHash::of(&Method::POST, "/a?b=1", b"{}");
    assert_eq!(hash, RequestHash::of(&Method::POST, "/a?b=1", b"{}"));
    for other in [
        RequestHash::of(&Method::PUT, "/a?b=1", b"{}"),
        RequestHash::of(&Method::POST, "/a?b=2", b"{}"),
        RequestHash::of(&Method::POST, "/a", b"{}"),
        RequestHash::of(&Method::POST, "/a?b=1", b"{ }"),
        RequestHash::of(&Method::POST, "/a?b=1{}", b""),
    ] {
        assert_ne!(hash, other);
    }
    let text = ask(Request::post("/hash?x=1"), "body").await.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(text, hex::encode(RequestHash::of(&Method::POST, "/hash?x=1", b"body").0));
}

#[tokio::test]
async fn a_change_says_which_version_it_saw() {
    let with = |seen: &str| Request::post("/change").header("if-match", seen);
    let changed = ask(with("\"7\""), "").await;
    assert_eq!((changed.status(), changed.headers()["etag"].to_str().unwrap()), (StatusCode::OK, "\"8\""));

    assert_eq!(refusal(ask(Request::post("/change"), "").await).await.0, 428);
    let (status, code, errors) = refusal(ask(with("\"6\""), "").await).await;
    assert_eq!((status, code), (412, json!("precondition-failed")));
    assert_eq!(errors[0]["params"]["version"], 7);
    for wrong in ["7", "*", "W/\"7\"", "\"\"", "\"+7\"", "\"7\", \"8\"", "\"99999999999999999999\""] {
        assert_eq!(refusal(ask(with(wrong), "").await).await.1, "precondition-malformed", "{wrong}");
    }
}

#[tokio::test]
async fn a_list_is_walked_page_by_page_without_a_gap() {
    let (mut seen, mut path) = (Vec::new(), "/list?limit=5".to_owned());
    loop {
        let page = json_of(ask(Request::get(&path), "").await).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item.as_i64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/list?limit=5&after={next}");
    }
    assert_eq!(seen, (0..12).collect::<Vec<_>>());
    let whole = json_of(ask(Request::get("/list?limit=12&after="), "").await).await;
    assert_eq!((whole["items"].as_array().unwrap().len(), &whole["next"]), (12, &Value::Null));
}

#[tokio::test]
async fn a_cursor_and_a_limit_are_ours_or_refused() {
    for wrong in [
        "after=x",
        "after=e30",
        "after=%20",
        &format!("after={}", "A".repeat(2000)),
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=ten",
        "limit=",
    ] {
        let (status, code, errors) = refusal(ask(Request::get(format!("/list?{wrong}")), "").await).await;
        assert_eq!((status, code), (400, json!("request-malformed")), "{wrong}");
        assert_eq!(errors[0]["pointer"], format!("?{}", wrong.split('=').next().unwrap()));
    }
}

#[tokio::test]
async fn paths_and_queries_that_cannot_be_read_are_problems() {
    assert_eq!(refusal(ask(Request::get("/cases/seven"), "").await).await.1, "not-found");
    assert_eq!(refusal(ask(Request::get("/search?count=300"), "").await).await.1, "request-malformed");
    assert_eq!(refusal(ask(Request::get("/nowhere"), "").await).await.0, 404);
    let response = ask(Request::delete("/search"), "").await;
    assert_eq!(response.headers()["allow"], "GET,HEAD");
    assert_eq!(refusal(response).await.1, "method");
    // An extractor of axum itself.
    let body = Body::from(vec![b'x'; 3 * 1024 * 1024]);
    assert_eq!(refusal(ask(Request::post("/raw"), body).await).await.1, "body-too-large");
    assert_eq!(refusal(ask(Request::post("/raw"), &b"\xff"[..]).await).await.1, "request-malformed");
}

#[tokio::test]
async fn a_problem_repeats_200_characters_and_hides_what_went_wrong_inside() {
    let field = ProblemField::new("/name", "too-long").value("长".repeat(300)).params(json!({ "max": 200 }));
    assert_eq!(field.value, Some(json!("长".repeat(200))));

    let secret = std::io::Error::other("password=hunter2 at 10.0.0.7");
    let response = axum::response::IntoResponse::into_response(Problem::internal(&secret));
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let text = json_of(response).await.to_string();
    assert!(!text.contains("hunter2"), "{text}");

    let refused = Problem::from(store::StoreError::Unavailable(Some("disk /dev/sda1".into())));
    let response = axum::response::IntoResponse::into_response(refused);
    assert_eq!((response.status().as_u16(), response.headers()["retry-after"].to_str().unwrap()), (503, "1"));
    assert!(!json_of(response).await.to_string().contains("sda1"));
    assert_eq!(Problem::from(store::StoreError::Stale).code(), ProblemCode::PreconditionFailed);
}

#[test]
fn every_code_is_a_word_of_its_own_and_one_error_status() {
    let mut seen = std::collections::BTreeSet::new();
    for code in ProblemCode::ALL {
        assert!(seen.insert(code.as_str()), "{}", code.as_str());
        assert!(code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        assert!((400..600).contains(&code.status()));
        assert!(code.title().ends_with('.'));
    }
}

#[test]
fn a_gap_tells_the_sender_what_is_expected() {
    let document = serde_json::to_value(Problem::out_of_order(3, 7).document()).unwrap();
    assert_eq!(document["code"], "out-of-order");
    assert_eq!(document["errors"][0]["params"]["expected"], 3);
}
