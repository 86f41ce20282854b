//! A department that speaks the protocol and is nothing else: it takes tasks, sends signed events, and serves papers.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    routing::{get, post},
};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use protocol::{Event, Message, MessageId, Party, Secret, TaskAssigned, TaskDeemedAccepted};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    stage::{Answer, Ask, Office, until},
    test_hall::{DEPARTMENT, HALL, PDF, TestHall},
};

pub(crate) const OFFICER: &str = "诸葛明远";

/// At an address of its own, until it is dropped.
pub(crate) struct FakeDepartment {
    pub(crate) url: String,
    desk: Arc<Desk>,
    serving: tokio::task::AbortHandle,
}

#[derive(Default)]
struct Desk {
    assigned: Mutex<Vec<TaskAssigned>>,
    silence: Mutex<Vec<TaskDeemedAccepted>>,
    told: Mutex<Vec<Message>>,
    papers: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl FakeDepartment {
    pub(crate) async fn start() -> Self {
        let desk = Arc::new(Desk::default());
        let router = Router::new()
            .route(protocol::EVENTS_PATH, post(take))
            .route(&format!("{}/{{sha256}}", protocol::FILES_PATH), get(give))
            .with_state(desk.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }).abort_handle();
        Self { url, desk, serving }
    }

    pub(crate) fn assigned(&self) -> Vec<TaskAssigned> {
        self.desk.assigned.lock().unwrap().clone()
    }

    /// The cases it was told that its silence has accepted.
    pub(crate) fn told_silence(&self) -> Vec<TaskDeemedAccepted> {
        self.desk.silence.lock().unwrap().clone()
    }

    /// What else the hall has said, in the order in which it came.
    pub(crate) fn told(&self) -> Vec<Message> {
        self.desk.told.lock().unwrap().clone()
    }

    /// Keeps a paper and says what the hall is told of it.
    pub(crate) fn paper(&self, case: Uuid, paper_id: Uuid, kind: protocol::PaperKind, number: &str) -> Message {
        let mut bytes = PDF.to_vec();
        bytes.extend_from_slice(number.as_bytes());
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let size = bytes.len() as u64;
        self.desk.papers.lock().unwrap().insert(sha256.clone(), bytes);
        Message::PaperIssued(protocol::PaperIssued {
            case_id: case,
            paper_id,
            kind,
            number: number.to_owned(),
            sha256,
            size,
        })
    }
}

impl Drop for FakeDepartment {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn take(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signed = headers.get("webhook-timestamp").unwrap().to_str().unwrap().parse().unwrap();
    let now = Timestamp::from_second(signed).unwrap();
    let event = protocol::receive(&headers, &body, Party::Hall(HALL), &[Secret::generate([1; 32])], now).unwrap();
    match event.message {
        Message::TaskAssigned(assigned) => desk.assigned.lock().unwrap().push(*assigned),
        Message::TaskDeemedAccepted(silence) => desk.silence.lock().unwrap().push(silence),
        other => desk.told.lock().unwrap().push(other),
    }
    StatusCode::NO_CONTENT
}

async fn give(State(desk): State<Arc<Desk>>, Path(sha256): Path<String>) -> Result<Vec<u8>, StatusCode> {
    desk.papers.lock().unwrap().get(&sha256).cloned().ok_or(StatusCode::NOT_FOUND)
}

/// Events about cases, numbered as they go out.
#[derive(Default)]
pub(crate) struct Told {
    sequences: HashMap<Uuid, u64>,
}

impl Told {
    /// The next event about a case.
    pub(crate) fn next(&mut self, hall: &TestHall, message: Message) -> Event {
        let last = self.sequences.entry(message.case_id()).or_default();
        *last += 1;
        event(hall, *last, message)
    }

    /// Tells the hall, which has to take it.
    pub(crate) async fn tell(&mut self, hall: &TestHall, message: Message) {
        let event = self.next(hall, message);
        let answer = signed(hall, &event).send().await;
        assert_eq!(answer.status, 204, "{}", answer.text());
    }
}

pub(crate) fn event(hall: &TestHall, sequence: u64, message: Message) -> Event {
    Event {
        id: MessageId::from(hall.new_id()),
        source: Party::Department(DEPARTMENT),
        time: web::Clock::now(&hall.clock),
        subject: "case".to_owned(),
        sequence,
        message,
    }
}

/// A request with an event, signed as the department does.
pub(crate) fn signed(hall: &TestHall, event: &Event) -> Ask {
    posted(hall, event.source, &hall.secret, &event.id, &event.to_bytes())
}

/// Any bytes, signed.
pub(crate) fn posted(hall: &TestHall, from: Party, secret: &Secret, id: &MessageId, bytes: &[u8]) -> Ask {
    let now = web::Clock::wall(&hall.clock);
    let headers = protocol::sign(std::slice::from_ref(secret), id, now, bytes).unwrap();
    Office::visitor(hall.router(), "")
        .ask(http::Method::POST, protocol::EVENTS_PATH)
        .bytes(protocol::EVENT_MEDIA_TYPE, bytes)
        .header(protocol::HEADER_SOURCE, &from.to_string())
        .headers(headers)
}

pub(crate) fn case_id(case: &Value) -> Uuid {
    case["id"].as_str().unwrap().parse().unwrap()
}

pub(crate) fn accepted(hall: &TestHall, case: Uuid) -> Message {
    Message::TaskAccepted(protocol::TaskAccepted {
        case_id: case,
        accepted_at: web::Clock::now(&hall.clock),
        officer: OFFICER.to_owned(),
        notice: protocol::PaperRef { paper_id: hall.new_id(), number: "安市监许受〔2026〕1号".to_owned() },
    })
}

pub(crate) fn granted(hall: &TestHall, case: Uuid) -> protocol::TaskDecided {
    protocol::TaskDecided {
        case_id: case,
        decided_at: web::Clock::now(&hall.clock),
        officer: OFFICER.to_owned(),
        outcome: protocol::Outcome::Granted,
        reason: "符合法定条件、标准。".to_owned(),
        decision: protocol::PaperRef { paper_id: hall.new_id(), number: "安市监许决〔2026〕1号".to_owned() },
        certificate: Some(protocol::Certificate {
            paper_id: hall.new_id(),
            number: "JY29901000000001".to_owned(),
            title: "食品经营许可证".to_owned(),
            holder: "欧阳晓岚".to_owned(),
            valid_from: "2026-06-15".parse().unwrap(),
            valid_until: Some("2031-06-14".parse().unwrap()),
        }),
    }
}

/// Brings a case from taken to issued: accepts, decides, issues the papers, and waits for the hall to have them.
pub(crate) async fn issue(hall: &TestHall, department: &FakeDepartment, desk: &Office, case: Uuid) -> Value {
    let mut told = Told::default();
    told.tell(hall, accepted(hall, case)).await;
    let decided = granted(hall, case);
    let (decision, certificate) = (decided.decision.clone(), decided.certificate.clone().unwrap());
    told.tell(hall, Message::TaskDecided(decided)).await;
    let paper = department.paper(case, decision.paper_id, protocol::PaperKind::Decision, &decision.number);
    told.tell(hall, paper).await;
    let paper = department.paper(case, certificate.paper_id, protocol::PaperKind::Certificate, &certificate.number);
    told.tell(hall, paper).await;
    case_when(desk, case, "issued").await
}

/// The case once it stands there.
pub(crate) async fn case_when(desk: &Office, case: Uuid, state: &str) -> Value {
    until(&format!("{case} {state}"), async || {
        let answer: Answer = desk.get(&format!("/cases/{case}")).await;
        let view = answer.done();
        (view["state"] == state).then_some(view)
    })
    .await
}
