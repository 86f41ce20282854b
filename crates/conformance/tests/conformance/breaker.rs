//! A line between hall and department that breaks one thing, so that the department behind it looks broken.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};
use jiff::Timestamp;
use protocol::{
    EVENTS_PATH, FILES_PATH, HEADER_ID, HEADER_SIGNATURE, HEADER_SOURCE, HEADER_TIMESTAMP, MessageId, Secret, get_text,
    sign,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

/// What is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breaks {
    NeverAnswers,
    BelievesAnySignature,
    BelievesTheUnsigned,
    BelievesTheStale,
    AppliesTwice,
    RefusesRepeats,
    TakesOtherBody,
    Forgets,
    TakesUnknownTypes,
    RefusesUnknownFields,
    TakesGaps,
    ShowsFilesToStrangers,
    /// Keeps the bytes that came first, whatever they are.
    IgnoresHash,
    /// Fetches a file whenever it is opened, and shows whatever comes.
    ShowsAnyBytes,
    DecidesUnaccepted,
    SendsUnsigned,
    SkipsSequence,
    SendsMalformed,
    LosesField,
    GivesOtherPaper,
    RenamesOnRetry,
}

#[derive(Clone)]
pub(crate) struct Line(Arc<Inner>);

struct Inner {
    department: String,
    hall: String,
    secret: Secret,
    breaks: Option<Breaks>,
    client: reqwest::Client,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// Bodies from the hall by id.
    letters: BTreeMap<String, Bytes>,
    /// Files of the hall as they came first.
    files: BTreeMap<String, Bytes>,
    /// The last receipt of each case.
    receipts: BTreeMap<String, Value>,
    /// By how much the numbers of a case are pushed on.
    pushed: BTreeMap<String, u64>,
    /// What the hall put off.
    put_off: Vec<String>,
    malformed: bool,
}

type Sent = (StatusCode, HeaderMap, Bytes);

impl Line {
    pub(crate) fn new(department: String, hall: String, secret: Secret, breaks: Option<Breaks>) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self(Arc::new(Inner { department, hall, secret, breaks, client, seen: Mutex::default() }))
    }

    pub(crate) async fn serve(self, listener: TcpListener) {
        let router = Router::new()
            .route(&format!("/to-department{EVENTS_PATH}"), post(to_department))
            .route(&format!("/to-department{FILES_PATH}/{{sha256}}"), get(file_of_department))
            .route(&format!("/to-hall{EVENTS_PATH}"), post(to_hall))
            .route(&format!("/to-hall{FILES_PATH}/{{sha256}}"), get(file_of_hall))
            .layer(axum::extract::DefaultBodyLimit::max(8 << 20))
            .with_state(self);
        axum::serve(listener, router).await.unwrap();
    }

    fn breaks(&self, what: Breaks) -> bool {
        self.0.breaks == Some(what)
    }

    /// The headers of the same letter, rightly signed.
    fn signed(&self, headers: &HeaderMap, id: &str, at: Timestamp, text: &[u8]) -> HeaderMap {
        let id: MessageId = id.parse().unwrap();
        let mut signed = headers.clone();
        for (name, value) in sign(std::slice::from_ref(&self.0.secret), &id, at, text).unwrap() {
            signed.insert(name.unwrap(), value);
        }
        signed
    }

    async fn forward(&self, url: String, headers: HeaderMap, body: Option<Bytes>) -> Sent {
        let request = match body {
            Some(body) => self.0.client.post(url).body(body),
            None => self.0.client.get(url),
        };
        let kept = [CONTENT_TYPE, HEADER_ID, HEADER_TIMESTAMP, HEADER_SIGNATURE, "yichuang-source".parse().unwrap()];
        let mut passed = HeaderMap::new();
        for name in kept {
            if let Some(value) = headers.get(&name) {
                passed.insert(name, value.clone());
            }
        }
        let Ok(response) = request.headers(passed).send().await else {
            return (StatusCode::BAD_GATEWAY, HeaderMap::new(), Bytes::new());
        };
        let status = response.status();
        let mut headers = HeaderMap::new();
        for name in ["content-type", "retry-after"] {
            if let Some(value) = response.headers().get(name) {
                headers.insert(name, value.clone());
            }
        }
        (status, headers, response.bytes().await.unwrap_or_default())
    }

    /// Sends the hall something more, in the name of the department.
    async fn say(&self, headers: &HeaderMap, event: &Value) -> Sent {
        self.say_bytes(headers, event["id"].as_str().unwrap(), event.to_string().into()).await
    }

    async fn say_bytes(&self, headers: &HeaderMap, id: &str, body: Bytes) -> Sent {
        let headers = self.signed(headers, id, web::source::wall(), &body);
        self.forward(format!("{}{EVENTS_PATH}", self.0.hall), headers, Some(body)).await
    }
}

fn header<'h>(headers: &'h HeaderMap, name: &http::HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

async fn to_department(State(line): State<Line>, headers: HeaderMap, body: Bytes) -> Response {
    if line.breaks(Breaks::NeverAnswers) {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    let id = header(&headers, &HEADER_ID).unwrap_or_default().to_owned();
    let event: Value = serde_json::from_slice(&body).unwrap_or_default();
    let kind = event["type"].as_str().unwrap_or_default();
    let before = line.0.seen.lock().unwrap().letters.insert(id.clone(), body.clone());
    // What was refused before is no repeat.
    let repeated = before.as_ref() == Some(&body) && kind == "yichuang.task.assigned";
    let other = before.is_some_and(|before| before != body);
    let taken = || StatusCode::NO_CONTENT.into_response();
    match line.0.breaks {
        Some(Breaks::RefusesRepeats) if repeated => return StatusCode::CONFLICT.into_response(),
        Some(Breaks::TakesOtherBody) if other => return taken(),
        Some(Breaks::Forgets) if kind == "yichuang.task.withdrawn" => return taken(),
        Some(Breaks::TakesUnknownTypes) if kind == "yichuang.task.praised" => return taken(),
        Some(Breaks::RefusesUnknownFields) if event.get("traceparent").is_some() => {
            return StatusCode::UNPROCESSABLE_ENTITY.into_response();
        }
        _ => {}
    }
    let signed_at =
        header(&headers, &HEADER_TIMESTAMP).and_then(|text| Timestamp::from_second(text.parse().ok()?).ok());
    let old = signed_at.is_some_and(|at| at < web::source::wall() - jiff::SignedDuration::from_secs(300));
    let headers = match (line.0.breaks, signed_at) {
        (Some(Breaks::BelievesAnySignature), Some(at)) => line.signed(&headers, &id, at, &body),
        (Some(Breaks::BelievesTheStale), Some(_)) if old => line.signed(&headers, &id, web::source::wall(), &body),
        (Some(Breaks::BelievesTheUnsigned), None) => {
            line.signed(&headers, event["id"].as_str().unwrap(), web::source::wall(), &body)
        }
        _ => headers,
    };
    let url = format!("{}{EVENTS_PATH}", line.0.department);
    let answer = line.forward(url, headers.clone(), Some(body)).await;
    if line.breaks(Breaks::TakesGaps) && answer.2.windows(12).any(|part| part == b"out-of-order") {
        return taken();
    }
    if line.breaks(Breaks::AppliesTwice) && repeated {
        let receipt = line.0.seen.lock().unwrap().receipts.get(event["caseid"].as_str().unwrap()).cloned();
        if let Some((headers, mut second)) = receipt.map(|receipt| (of_department(&receipt), receipt)) {
            second["id"] = json!(Uuid::now_v7());
            second["sequence"] = json!("2");
            line.say(&headers, &second).await;
        }
    }
    answer.into_response()
}

/// The headers that every message of the department has.
fn of_department(event: &Value) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(HEADER_SOURCE, HeaderValue::from_str(event["source"].as_str().unwrap()).unwrap());
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(protocol::EVENT_MEDIA_TYPE));
    headers
}

async fn to_hall(State(line): State<Line>, headers: HeaderMap, body: Bytes) -> Response {
    let mut event: Value = serde_json::from_slice(&body).unwrap();
    let (id, case) = (event["id"].as_str().unwrap().to_owned(), event["caseid"].as_str().unwrap().to_owned());
    let kind = event["type"].as_str().unwrap().to_owned();
    let is = |name: &str| kind == format!("yichuang.{name}");
    if is("task.received") {
        line.0.seen.lock().unwrap().receipts.insert(case.clone(), event.clone());
    }
    if line.breaks(Breaks::SendsMalformed) && is("task.rejected") {
        let first = !std::mem::replace(&mut line.0.seen.lock().unwrap().malformed, true);
        if first {
            let text = event.to_string();
            let half = Bytes::from(text[..text.len() / 3].trim_end().to_owned());
            line.say_bytes(&headers, &Uuid::now_v7().to_string(), half).await;
        }
    }
    let answer = match line.0.breaks {
        Some(Breaks::SendsUnsigned) => {
            let mut headers = headers.clone();
            headers.remove(HEADER_SIGNATURE);
            line.forward(format!("{}{EVENTS_PATH}", line.0.hall), headers, Some(body)).await
        }
        Some(Breaks::SkipsSequence) if is("task.rejected") => {
            event["sequence"] = json!("7");
            line.say(&headers, &event).await
        }
        Some(Breaks::LosesField) if is("task.received") => {
            event["data"]["fields"].as_array_mut().unwrap().pop();
            line.say(&headers, &event).await
        }
        Some(Breaks::RenamesOnRetry) if line.0.seen.lock().unwrap().put_off.contains(&id) => {
            event["id"] = json!(Uuid::now_v7());
            line.say(&headers, &event).await
        }
        Some(Breaks::DecidesUnaccepted) => {
            let pushed = line.0.seen.lock().unwrap().pushed.get(&case).copied().unwrap_or_default();
            let sequence: u64 = event["sequence"].as_str().unwrap().parse().unwrap();
            event["sequence"] = json!((sequence + pushed).to_string());
            line.say(&headers, &event).await
        }
        _ => line.forward(format!("{}{EVENTS_PATH}", line.0.hall), headers.clone(), Some(body.clone())).await,
    };
    if answer.0 == StatusCode::SERVICE_UNAVAILABLE {
        line.0.seen.lock().unwrap().put_off.push(id);
    }
    if line.breaks(Breaks::DecidesUnaccepted) && is("task.supplement-asked") {
        decide(&line, &headers, &event, &case).await;
    }
    answer.into_response()
}

/// A decision out of the blue, after which the numbers of the case go on.
async fn decide(line: &Line, headers: &HeaderMap, event: &Value, case: &str) {
    let sequence: u64 = event["sequence"].as_str().unwrap().parse().unwrap();
    let mut decided = event.clone();
    decided["id"] = json!(Uuid::now_v7());
    decided["sequence"] = json!((sequence + 1).to_string());
    decided["type"] = json!("yichuang.task.decided");
    decided["data"] = json!({
        "case_id": case, "decided_at": event["time"], "officer": "王建国", "outcome": "denied", "reason": "不符合条件。",
        "decision": { "paper_id": Uuid::now_v7(), "number": "安市监许决〔2026〕99号" }, "certificate": null,
    });
    line.0.seen.lock().unwrap().pushed.insert(case.to_owned(), 1);
    line.say(headers, &decided).await;
}

async fn file_of_department(State(line): State<Line>, Path(sha256): Path<String>, headers: HeaderMap) -> Response {
    let path = format!("{FILES_PATH}/{sha256}");
    let headers = match header(&headers, &HEADER_SIGNATURE) {
        None if line.breaks(Breaks::ShowsFilesToStrangers) => {
            let mut headers = headers.clone();
            let hall = "urn:yichuang:hall:0193b000-0000-7000-8000-000000000001";
            headers.insert(HEADER_SOURCE, HeaderValue::from_static(hall));
            line.signed(&headers, &sha256, web::source::wall(), get_text(&path).as_bytes())
        }
        _ => headers,
    };
    let (status, headers, mut bytes) = line.forward(format!("{}{path}", line.0.department), headers, None).await;
    if line.breaks(Breaks::GivesOtherPaper) && status.is_success() {
        let mut changed = bytes.to_vec();
        changed[100] ^= 1;
        bytes = changed.into();
    }
    (status, headers, bytes).into_response()
}

async fn file_of_hall(State(line): State<Line>, Path(sha256): Path<String>, headers: HeaderMap) -> Response {
    let kept = line.0.seen.lock().unwrap().files.get(&sha256).cloned();
    if let (Some(kept), true) = (kept, line.breaks(Breaks::IgnoresHash)) {
        return kept.into_response();
    }
    let answer = line.forward(format!("{}{FILES_PATH}/{sha256}", line.0.hall), headers, None).await;
    line.0.seen.lock().unwrap().files.insert(sha256, answer.2.clone());
    answer.into_response()
}
