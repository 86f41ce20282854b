//! A whole service with two departments on a database of its own, and a hall that is nothing but its events and files.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    routing::get,
};
use domain::{
    calendar::WorkCalendar,
    ids::{DepartmentId, HallId},
    rights::Role,
};
use futures_util::{Stream, StreamExt as _};
use http::{Method, Request, StatusCode};
use protocol::{Event, Message, MessageId, Party, Secret, TaskAssigned};
use serde_json::{Value, json};
use store::{Kind, Store};
use tower::ServiceExt as _;
use uuid::Uuid;
use web::{
    Clock, StillClock,
    server::{Health, Metrics, framed},
    session::{SessionCookie, Sessions},
    source::Chance,
};
use yichuang_department::{
    Department, DepartmentConfig, DepartmentProfile, Departments, HallPeer, Parts, protocol_path,
};

use crate::stage::{Ask, MORNING, Office, Place, account, open_account, open_accounts};

pub(crate) const HALL: Uuid = Uuid::from_u128(0x0193b000_0000_7000_8000_000000000001);
pub(crate) const OTHER_HALL: Uuid = Uuid::from_u128(0x0193b000_0000_7000_8000_000000000002);
pub(crate) const SERVICE: Uuid = Uuid::from_u128(0x0193b000_0000_7000_8000_000000000021);
pub(crate) const DEPARTMENT: Uuid = Uuid::from_u128(0x0193b000_0000_7000_8000_000000000031);
pub(crate) const OTHER_DEPARTMENT: Uuid = Uuid::from_u128(0x0193b000_0000_7000_8000_000000000032);

pub(crate) const CALENDAR: &str = include_str!("../../../../catalogue/calendar.txt");

pub(crate) struct TestDepartment {
    pub(crate) departments: Departments,
    /// The first of them, which all requests are about that do not say otherwise.
    pub(crate) department: Department,
    pub(crate) clock: StillClock,
    pub(crate) secret: Secret,
    pub(crate) hall_files: HallFiles,
    router: Router,
    _place: Place,
}

/// What the hall gives under a hash, right or wrong.
#[derive(Clone, Default)]
pub(crate) struct HallFiles(Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

impl HallFiles {
    pub(crate) fn put(&self, sha256: &str, bytes: &[u8]) {
        self.0.lock().unwrap().insert(sha256.to_owned(), bytes.to_vec());
    }

    async fn serve(&self) -> String {
        async fn give(State(files): State<HallFiles>, Path(sha256): Path<String>) -> Result<Vec<u8>, StatusCode> {
            files.0.lock().unwrap().get(&sha256).cloned().ok_or(StatusCode::NOT_FOUND)
        }
        let path = format!("{}/{{sha256}}", protocol::FILES_PATH);
        let router = Router::new().route(&path, get(give)).with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        url
    }
}

impl TestDepartment {
    pub(crate) async fn open(place: Place) -> Self {
        let store = Store::open(&place.store_config(), Kind::Department, SERVICE).await.unwrap();
        open_accounts(&store, Some(DEPARTMENT)).await;
        let both = [Role::Approver, Role::Delegate];
        let moved = Uuid::from_u128(3);
        for (id, login, name, department) in [
            (0xacd1, "other", "冯远征", OTHER_DEPARTMENT),
            (0xacd2, "moved", "冯远征", moved),
            (0xacd3, "second", "韩立群", DEPARTMENT),
        ] {
            open_account(&store, account(id, login, name, &both, Some(department))).await;
        }
        let (clock, chance) = (StillClock::at(MORNING.parse().unwrap()), Chance::seeded(7));
        let secret = Secret::generate([1; 32]);
        let hall_files = HallFiles::default();
        let config = config(&place, hall_files.serve().await, &secret);
        let parts = Parts {
            store: store.clone(),
            clock: Arc::new(clock.clone()),
            chance: chance.clone(),
            calendar: WorkCalendar::parse(CALENDAR).unwrap(),
        };
        let departments = Departments::open(config, parts).unwrap();
        let department = departments.get(DEPARTMENT).unwrap().clone();
        let cookie = SessionCookie { name: "yichuang-department", path: "/api/department", secure: false };
        let sessions = Sessions::new(store.clone(), Arc::new(clock.clone()), chance.clone(), cookie);
        let routes = yichuang_department::routes(departments.clone(), sessions, None);
        let routes = routes.merge(yichuang_department::protocol_routes(&departments));
        let router = framed(routes, Health::of_store(store), Metrics::new(), chance);
        Self { departments, department, clock, secret, hall_files, router, _place: place }
    }

    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    pub(crate) fn visitor(&self) -> Office {
        Office::visitor(self.router.clone(), "/api/department")
    }

    pub(crate) async fn desk(&self, role: &str) -> Office {
        self.visitor().signed_in(role, None).await
    }

    /// A request with an event of a hall, signed as that hall does.
    pub(crate) fn signed(&self, event: &Event) -> Ask {
        self.signed_at(&protocol_path(DepartmentId(DEPARTMENT)), event)
    }

    /// The same at any address.
    pub(crate) fn signed_at(&self, base: &str, event: &Event) -> Ask {
        let bytes = event.to_bytes();
        let secret = std::slice::from_ref(&self.secret);
        let headers = protocol::sign(secret, &event.id, self.clock.wall(), &bytes).unwrap();
        Office::visitor(self.router.clone(), "")
            .ask(Method::POST, &format!("{base}{}", protocol::EVENTS_PATH))
            .bytes(protocol::EVENT_MEDIA_TYPE, bytes)
            .header(protocol::HEADER_SOURCE, &event.source.to_string())
            .headers(headers)
    }

    /// A request of the hall for a file of a department.
    pub(crate) fn file_request(&self, department: Uuid, sha256: &str) -> Ask {
        let path = format!("{}/{sha256}", protocol::FILES_PATH);
        let (secret, id) = (std::slice::from_ref(&self.secret), sha256.parse().unwrap());
        let text = protocol::get_text(&path);
        let headers = protocol::sign(secret, &id, self.clock.wall(), text.as_bytes()).unwrap();
        Office::visitor(self.router.clone(), "")
            .ask(Method::GET, &format!("{}{path}", protocol_path(DepartmentId(department))))
            .header(protocol::HEADER_SOURCE, &Party::Hall(HALL).to_string())
            .headers(headers)
    }

    /// What somebody hears from now on, event by event.
    pub(crate) async fn listen(&self, desk: &Office) -> impl Stream<Item = String> + Unpin + use<> {
        let request = Request::get("/api/department/events").header("cookie", desk.cookie());
        let response = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.into_body().into_data_stream().map(|piece| String::from_utf8(piece.unwrap().to_vec()).unwrap())
    }

    pub(crate) fn event(&self, assigned: TaskAssigned) -> Event {
        Event {
            id: MessageId::from(Uuid::now_v7()),
            source: Party::Hall(HALL),
            time: self.clock.now(),
            subject: assigned.number.clone(),
            sequence: 1,
            message: Message::TaskAssigned(Box::new(assigned)),
        }
    }

    /// The hall's message of that place about a task.
    pub(crate) fn word(&self, sequence: u64, message: Message) -> Event {
        Event { id: MessageId::from(Uuid::now_v7()), sequence, message, ..self.event(assigned(1)) }
    }

    /// Takes the hall's message of that place about a task.
    pub(crate) async fn hear(&self, sequence: u64, message: Message) {
        let answer = self.signed(&self.word(sequence, message)).send().await;
        assert_eq!(answer.status, 204, "{}", answer.text());
    }

    /// What the hall was told since it was last asked, in order: the kinds without what all begin with, and the data.
    pub(crate) async fn told(&self) -> Vec<(String, Value)> {
        let mut told = vec![];
        let wall = self.clock.wall();
        loop {
            let store = self.department.store();
            let claimed = store.write(async move |tx| {
                let claimed = tx.claim(HALL, wall, 8, wall).await?;
                for message in &claimed {
                    tx.delivered(message.id, wall, 204).await?;
                }
                Ok::<_, store::StoreError>(claimed)
            });
            let claimed = claimed.await.unwrap();
            if claimed.is_empty() {
                return told;
            }
            told.extend(claimed.into_iter().map(|message| {
                let document: Value = serde_json::from_slice(&message.document).unwrap();
                (message.kind.replace("yichuang.", ""), document["data"].clone())
            }));
        }
    }

    /// A task that the hall has assigned; the `nth` of the day.
    pub(crate) async fn task(&self, nth: u16) -> Uuid {
        self.assign(assigned(nth)).await
    }

    /// A task as the hall has assigned it.
    pub(crate) async fn assign(&self, assigned: TaskAssigned) -> Uuid {
        let id = assigned.case_id;
        let answer = self.signed(&self.event(assigned)).send().await;
        assert_eq!(answer.status, 204, "{}", answer.text());
        id
    }

    pub(crate) async fn memory(&self) -> String {
        let mut text = String::new();
        let mut tx = self.department.store().read().await.unwrap();
        let mut tasks = tx.open_tasks(DEPARTMENT, None, 1000).await.unwrap();
        tasks.extend(tx.done_tasks(DEPARTMENT, None, 1000).await.unwrap());
        for row in tasks {
            writeln!(text, "{row:?}").unwrap();
            for event in tx.load(row.id).await.unwrap() {
                writeln!(text, "  {} {} {}", event.seq, event.kind, event.writer).unwrap();
            }
            writeln!(text, "  {} records", tx.records(row.id).await.unwrap().len()).unwrap();
            writeln!(text, "  {:?}", tx.papers(row.id).await.unwrap()).unwrap();
            writeln!(text, "  {:?}", tx.deliveries(row.id).await.unwrap()).unwrap();
            writeln!(text, "  received {}", tx.last_received(HALL, row.id).await.unwrap()).unwrap();
        }
        writeln!(text, "{:?}", tx.outbox_counts().await.unwrap()).unwrap();
        text
    }

    /// A refusal as a line, after which nothing is changed.
    pub(crate) async fn refusal(&self, ask: Ask) -> String {
        let before = self.memory().await;
        let answer = ask.send().await;
        let line = answer.refusal();
        assert_eq!(before, self.memory().await, "a refused request changed something: {line}");
        line
    }
}

/// What the hall assigns: the `nth` case of the day at window 01, as its numbers say.
pub(crate) fn assigned(nth: u16) -> TaskAssigned {
    let hall = domain::number::HallNumber::parse("0001").unwrap();
    let window = domain::number::WindowNumber::parse("01").unwrap();
    let number = domain::number::CaseNumber::new(hall, "2026-06-15".parse().unwrap(), window, nth).unwrap();
    serde_json::from_value(json!({
        "case_id": Uuid::now_v7(),
        "number": number.to_string(),
        "official_number": format!("11990100MB00013101300013190100120260615{nth:04}"),
        "filing_id": Uuid::now_v7(),
        "department_id": DEPARTMENT,
        "hall": { "id": HALL, "name": "安澜市政务服务中心" },
        "window": "01",
        "taken_at": MORNING,
        "progress_url": format!("https://banshi.example/c/{number}"),
        "item": {
            "code": "11990100MB000131013000131901001",
            "version": 1,
            "name": "食品经营许可（新办）",
            "kind": "行政许可",
            "limits": [
                { "clock": "intake", "days": 5, "unit": "working", "start": "receipt", "law": "中华人民共和国行政许可法",
                  "article": "第三十二条", "verified": true, "silence": "deemed-accepted" },
                { "clock": "statutory", "days": 10, "unit": "working", "start": "acceptance", "law": "食品经营许可和备案管理办法",
                  "article": "许可审查期限", "verified": false },
                { "clock": "promised", "days": 5, "unit": "working", "start": "acceptance", "law": "安澜市政务服务承诺",
                  "article": "食品经营许可（新办）", "verified": false },
            ],
            "review_and_decision_in_one": true,
            "result": {
                "certificate_title": "食品经营许可证", "validity_years": 5,
                "rows": [{ "label": "经营者名称", "pointer": "/applicant/name" }],
            },
            "papers": {
                "acceptance_notice": {
                    "title": "行政许可申请受理通知书",
                    "basis": [{ "law": "中华人民共和国行政许可法", "article": "第三十二条", "verified": true }],
                },
                "granted": { "title": "准予行政许可决定书", "ruling": "准予行政许可", "basis": [] },
                "denied": { "title": "不予行政许可决定书", "ruling": "不予行政许可", "basis": [] },
            },
            "form_schema": { "type": "object" },
            "unverified_notes": [],
        },
        "applicant": {
            "kind": "person", "name": "欧阳晓岚", "id_kind": "resident-id", "id_number": "11010519900307283X",
            "phone": "13800138000",
        },
        "form": { "premises": "安澜市桂花街12号" },
        "materials": [{
            "index": 0, "code": "application", "name": "食品经营许可申请书", "file_name": "申请书.pdf",
            "media_type": "application/pdf", "size": 5, "sha256": sha256(b"%PDF-"), "copies": 1, "original": true,
        }],
    }))
    .unwrap()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    hex::encode(sha2::Sha256::digest(bytes))
}

pub(crate) fn granted() -> Value {
    json!({
        "outcome": "granted",
        "opinion": "符合法定条件、标准。",
        "certificate": {
            "rows": [{ "label": "经营者名称", "value": "欧阳晓岚" }],
            "valid_from": "2026-06-15",
            "valid_until": "2031-06-14",
        },
    })
}

fn profile(id: Uuid, name: &str, mark: &str) -> DepartmentProfile {
    DepartmentProfile {
        id: DepartmentId(id),
        name: name.to_owned(),
        notice_mark: format!("{mark}许受"),
        supplement_mark: format!("{mark}许补"),
        rejection_mark: format!("{mark}许不受"),
        decision_mark: format!("{mark}许决"),
        certificate_mark: format!("{mark}食证"),
        seal: "行政许可专用章".to_owned(),
        contact: "安澜市澜江路1号，0990-8000031".to_owned(),
        remedies: "可以申请行政复议。".to_owned(),
        remedies_verified: false,
    }
}

pub(crate) fn config(place: &Place, hall_url: String, secret: &Secret) -> DepartmentConfig {
    let peer = |name: &str| HallPeer { name: name.to_owned(), url: hall_url.clone(), secrets: vec![secret.clone()] };
    DepartmentConfig {
        id: SERVICE,
        name: "安澜市政务服务中心后台".to_owned(),
        departments: vec![
            profile(DEPARTMENT, "安澜市市场监督管理局", "安市监"),
            profile(OTHER_DEPARTMENT, "安澜市卫生健康委员会", "安卫"),
        ],
        halls: BTreeMap::from([
            (HallId(HALL), peer("安澜市政务服务中心")),
            (HallId(OTHER_HALL), peer("安澜市政务服务中心分中心")),
        ]),
        files: place.folder.join("files"),
        demo: false,
    }
}
