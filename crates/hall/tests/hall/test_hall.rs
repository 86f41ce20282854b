//! A whole hall on a database of its own, with a clock that stands still.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Arc, Mutex},
};

use axum::Router;
use domain::{
    calendar::WorkCalendar,
    identity::DivisionPrefix,
    ids::{DepartmentId, HallId},
    number::{HallNumber, WindowNumber},
};
use printing::simulator::SimulatedPrinter;
use protocol::Secret;
use serde_json::{Value, json};
use store::{Kind, Store, StoreError};
use uuid::{ContextV7, Uuid};
use web::{
    StillClock,
    server::{Health, Metrics, framed},
    session::{SessionCookie, Sessions},
    source::Chance,
};
use yichuang_hall::{
    Delegation, DepartmentPeer, Hall, HallConfig, ItemFile, Parts, PublishedItem, Publisher, Workers, publish_items,
};

use crate::stage::{Answer, Ask, MORNING, Office, Place, encoded, open_accounts};

pub(crate) const ITEM: &str = "11990100MB000131013000131901001";
pub(crate) const HALL: Uuid = Uuid::from_u128(0x0193b000_0000_7000_8000_000000000001);
pub(crate) const DEPARTMENT: Uuid = Uuid::from_u128(0x0193b000_0000_7000_8000_000000000031);
/// It is known to the hall and decides none of its items.
pub(crate) const OTHER_DEPARTMENT: Uuid = Uuid::from_u128(0x0193b000_0000_7000_8000_000000000032);

/// A small PDF; what is in it does not matter.
pub(crate) const PDF: &[u8] =
    b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj << /Type /Catalog >> endobj\ntrailer << >>\n%%EOF\n";

pub(crate) const ITEM_FILE: &str = include_str!("../files/food.toml");
pub(crate) const CALENDAR: &str = include_str!("../../../../catalogue/calendar.txt");

pub(crate) struct TestHall {
    pub(crate) hall: Hall,
    pub(crate) clock: StillClock,
    pub(crate) secret: Secret,
    pub(crate) other_secret: Secret,
    router: Router,
    // Last, so that the database is let go of before it is removed.
    pub(crate) place: Arc<Place>,
}

/// What a hall is opened with besides its place.
pub(crate) struct Setup {
    pub(crate) department_url: String,
    pub(crate) printer: Option<String>,
    pub(crate) item_version: u32,
    /// What the file of the item is changed to.
    pub(crate) item: fn(String) -> String,
    /// What the department has left to the windows.
    pub(crate) delegation: Option<Delegation>,
    pub(crate) calendar: String,
    /// The city's own divisions.
    pub(crate) divisions: Vec<DivisionPrefix>,
    /// Two halls on one place may not make the same ids.
    pub(crate) seed: u64,
}

impl Default for Setup {
    fn default() -> Self {
        // Nobody is at port 9: what is sent there waits.
        Self {
            department_url: "http://127.0.0.1:9".to_owned(),
            printer: None,
            item_version: 1,
            item: |item| item,
            delegation: None,
            calendar: CALENDAR.to_owned(),
            divisions: vec![],
            seed: 7,
        }
    }
}

impl TestHall {
    /// With accounts, and with no worker running.
    pub(crate) async fn open(place: Place) -> Self {
        Self::open_with(Arc::new(place), Setup::default()).await
    }

    pub(crate) async fn open_with(place: Arc<Place>, setup: Setup) -> Self {
        let store = Store::open(&place.store_config(), Kind::Hall, HALL).await.unwrap();
        open_accounts(&store, None).await;
        let clock = StillClock::at(MORNING.parse().unwrap());
        let chance = Chance::seeded(setup.seed);
        let (secret, other_secret) = (Secret::generate([1; 32]), Secret::generate([2; 32]));
        let config = config(&place, &setup, &secret, &other_secret);
        let names = config.departments.iter().map(|(id, peer)| (*id, peer.name.clone())).collect();
        let item = ITEM_FILE.replacen("version = 1", &format!("version = {}", setup.item_version), 1);
        let item = (setup.item)(item);
        publish(&store, &names, &item).await;
        let parts = Parts {
            store: store.clone(),
            clock: Arc::new(clock.clone()),
            chance: chance.clone(),
            calendar: WorkCalendar::parse(&setup.calendar).unwrap(),
        };
        let hall = Hall::open(config, parts).await.unwrap();
        let cookie = SessionCookie { name: "yichuang-hall", path: "/api/hall", secure: false };
        let sessions = Sessions::new(store.clone(), Arc::new(clock.clone()), chance.clone(), cookie);
        let routes = yichuang_hall::routes(hall.clone(), sessions, None);
        let routes = routes.merge(yichuang_hall::protocol_routes(hall.clone()));
        let router = framed(routes, Health::of_store(store), Metrics::new(), chance.clone());
        Self { hall, clock, secret, other_secret, router, place }
    }

    pub(crate) fn start(&self) -> Workers {
        self.hall.start()
    }

    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    pub(crate) fn visitor(&self) -> Office {
        Office::visitor(self.router.clone(), "/api/hall")
    }

    /// Somebody of a role, at a window if the role has one.
    pub(crate) async fn desk(&self, role: &str) -> Office {
        let window = match role {
            "window_clerk" => Some("01"),
            "output_clerk" => Some("09"),
            _ => None,
        };
        self.visitor().signed_in(role, window).await
    }

    pub(crate) async fn clerk(&self) -> Office {
        self.desk("window_clerk").await
    }

    /// What was written, as text: rows, journal, records, papers, prints, outbox, counters and files.
    pub(crate) async fn memory(&self) -> String {
        let mut text = String::new();
        let mut tx = self.hall.store().read().await.unwrap();
        for row in tx.cases(None, 1000).await.unwrap() {
            writeln!(text, "{row:?}").unwrap();
            for event in tx.load(row.id).await.unwrap() {
                writeln!(text, "  {} {} {}", event.seq, event.kind, event.writer).unwrap();
            }
            writeln!(text, "  {} records", tx.records(row.id).await.unwrap().len()).unwrap();
            writeln!(text, "  {:?}", tx.papers(row.id).await.unwrap()).unwrap();
            writeln!(text, "  {:?}", tx.deliveries(row.id).await.unwrap()).unwrap();
            for source in [DEPARTMENT, OTHER_DEPARTMENT] {
                writeln!(text, "  received {}", tx.last_received(source, row.id).await.unwrap()).unwrap();
            }
        }
        writeln!(text, "{:?}", tx.prints_after(None, 1000).await.unwrap()).unwrap();
        writeln!(text, "{:?}", tx.outbox_counts().await.unwrap()).unwrap();
        drop(tx);
        for counter in ["case/01/2026-06-15", &format!("official/{ITEM}/2026-06-15"), "paper/安政服收/2026"] {
            writeln!(text, "{counter} {}", self.next(counter).await).unwrap();
        }
        let files = std::fs::read_dir(&self.hall.config().files).unwrap().count();
        writeln!(text, "{files} files").unwrap();
        text
    }

    /// The number that a counter would give, which it then does not.
    async fn next(&self, counter: &str) -> u64 {
        enum Undone {
            Would(u64),
            Store(StoreError),
        }
        impl From<StoreError> for Undone {
            fn from(error: StoreError) -> Self {
                Self::Store(error)
            }
        }
        let name = counter.to_owned();
        let undone = self.hall.store().write(async move |tx| Err::<(), _>(Undone::Would(tx.next(&name).await?))).await;
        match undone {
            Err(Undone::Would(number)) => number,
            Err(Undone::Store(error)) => panic!("{error}"),
            Ok(()) => unreachable!("the write was given up"),
        }
    }

    /// A refusal as a line, after which nothing is changed.
    pub(crate) async fn refusal(&self, ask: Ask) -> String {
        let before = self.memory().await;
        let answer = ask.send().await;
        let line = answer.refusal();
        assert_eq!(before, self.memory().await, "a refused request changed something: {line}");
        line
    }

    /// A filing that would be taken, with a case of this item for each id.
    pub(crate) async fn filing(&self, clerk: &Office) -> Value {
        let file = clerk.put(&format!("/files?name={}", encoded("申请书.pdf")), PDF).await.done();
        filing_with(&[self.new_id()], self.new_id(), file["sha256"].as_str().unwrap())
    }

    /// A taken case, as the answer shows it.
    pub(crate) async fn taken_case(&self, clerk: &Office) -> Value {
        let filing = self.filing(clerk).await;
        let answer: Answer = clerk.post("/filings", &filing).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["cases"][0].clone()
    }

    pub(crate) fn new_id(&self) -> Uuid {
        // A stream of its own, so that the hall's ids do not depend on how many the test made.
        static IDS: Mutex<ContextV7> = Mutex::new(ContextV7::new());
        let seconds = web::Clock::now(&self.clock).as_second().unsigned_abs();
        Uuid::new_v7(uuid::Timestamp::from_unix(&*IDS.lock().unwrap(), seconds, 0))
    }
}

pub(crate) fn filing_with(cases: &[Uuid], filing: Uuid, sha256: &str) -> Value {
    let cases: Vec<Value> = cases.iter().map(|id| case_with(*id, sha256)).collect();
    json!({ "id": filing, "applicant": applicant(), "cases": cases })
}

pub(crate) fn case_with(id: Uuid, sha256: &str) -> Value {
    json!({
        "id": id,
        "item_code": ITEM,
        "item_version": 1,
        "form": form(),
        "materials": [{
            "code": "application", "sha256": sha256, "file_name": "申请书.pdf", "copies": 1, "original": true,
        }],
    })
}

pub(crate) fn applicant() -> Value {
    json!({
        "kind": "person",
        "name": "欧阳晓岚",
        "id_number": "11010519900307283X",
        "phone": "13800138000",
        "address": "安澜市桂花街12号",
    })
}

pub(crate) fn organisation() -> Value {
    json!({
        "kind": "organisation",
        "name": "安澜市桂花小吃店",
        "id_number": "91990100MA0001234F",
        "phone": "0990-8000001",
        "legal_representative": "欧阳晓岚",
        "contact": "司马青",
    })
}

fn form() -> Value {
    json!({
        "person_in_charge": "欧阳晓岚",
        "premises": "安澜市桂花街12号",
        "area": 46.5,
        "business_type": "餐饮服务经营者",
        "scope": ["热食类食品制售", "自制饮品制售"],
        "staff": 4,
        "safety_officer": "司马青",
    })
}

/// What the hall takes from now on.
pub(crate) async fn publish(store: &Store, names: &BTreeMap<DepartmentId, String>, item: &str) -> PublishedItem {
    let file = ItemFile { name: "food-operation-licence.toml".to_owned(), text: item.to_owned() };
    let publisher = Publisher { by: "admin".to_owned(), at: MORNING.parse().unwrap() };
    publish_items(store, names, vec![file], publisher).await.unwrap().remove(0)
}

fn config(place: &Place, setup: &Setup, secret: &Secret, other_secret: &Secret) -> HallConfig {
    let peer = |name: &str, secret: &Secret| DepartmentPeer {
        name: name.to_owned(),
        url: setup.department_url.clone(),
        secrets: vec![secret.clone()],
        delegation: setup.delegation.clone(),
    };
    HallConfig {
        id: HallId(HALL),
        name: "安澜市政务服务中心".to_owned(),
        address: "安澜市澜江路1号".to_owned(),
        phone: "0990-8000001".to_owned(),
        divisions: setup.divisions.clone(),
        number: HallNumber::parse("0001").unwrap(),
        receipt_mark: "安政服收".to_owned(),
        windows: ["01", "02", "03", "09"].map(|window| WindowNumber::parse(window).unwrap()).to_vec(),
        public_url: "https://banshi.example".to_owned(),
        files: place.folder.join("files"),
        departments: BTreeMap::from([
            (DepartmentId(DEPARTMENT), peer("安澜市市场监督管理局", secret)),
            (DepartmentId(OTHER_DEPARTMENT), peer("安澜市文化旅游局", other_secret)),
        ]),
        printers: setup.printer.iter().map(|uri| ("出证打印机".to_owned(), uri.clone())).collect(),
        demo: false,
    }
}

/// A hall with a simulated printer.
pub(crate) async fn with_printer(place: Place, department_url: Option<String>) -> (TestHall, SimulatedPrinter) {
    let printer = SimulatedPrinter::start().await.unwrap();
    let mut setup = Setup { printer: Some(printer.uri().to_owned()), ..Setup::default() };
    if let Some(url) = department_url {
        setup.department_url = url;
    }
    (TestHall::open_with(Arc::new(place), setup).await, printer)
}
