//! People's data is in records alone: not in the journal, not in the log. A program of its own, because the log is the
//! process's.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may, and makes its own ids")]

#[path = "../hall/fake_department.rs"]
#[allow(dead_code, reason = "used in part")]
mod fake_department;
#[path = "../stage/mod.rs"]
mod stage;
#[path = "../hall/test_hall.rs"]
#[allow(dead_code, reason = "used in part")]
mod test_hall;

use std::{
    io,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::{
    fake_department::{FakeDepartment, OFFICER, case_id, issue},
    stage::{PASSWORD, Place, encoded, until},
    test_hall::with_printer,
};

/// Everything that was logged, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// What is about people in the journey below.
const PERSONAL: [&str; 12] = [
    "欧阳晓岚",
    "11010519900307283X",
    "13800138000",
    "桂花街",
    "司马青",
    "申请书.pdf",
    "李代办",
    "11010519491231002X",
    "持委托书",
    OFFICER,
    "符合法定条件",
    PASSWORD,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_journey_leaves_no_personal_data_in_journal_or_log() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing_subscriber::filter::LevelFilter::TRACE);
    subscriber.with_ansi(false).with_writer(log.clone()).init();
    journey(Place::sqlite(), &log).await;
    if let Some(place) = Place::postgres() {
        journey(place, &log).await;
    }
}

async fn journey(place: Place, log: &Log) {
    let department = FakeDepartment::start().await;
    let (hall, _printer) = with_printer(place, Some(department.url.clone())).await;
    let workers = hall.start();
    let (clerk, desk) = (hall.clerk().await, hall.desk("output_clerk").await);

    // What is refused is logged too, if at all.
    let mut wrong = hall.filing(&clerk).await;
    wrong["applicant"]["id_number"] = json!("110105199003072831");
    assert_eq!(clerk.post("/filings", &wrong).await.status, 422);
    for query in ["/cases?q=", "/cases/find?scan="] {
        clerk.get(&format!("{query}{}", encoded("欧阳晓岚"))).await;
    }
    let guess = json!({ "login": "window_clerk", "password": "anlan-2026!" });
    assert_eq!(hall.visitor().post("/sessions", &guess).await.status, 401);

    let draft = format!("/drafts/{}", hall.new_id());
    let shown = json!({ "applicant": wrong["applicant"], "form": wrong["cases"][0]["form"] });
    let title = json!({ "applicant_name": "欧阳晓岚" });
    let draft_put = clerk.ask(http::Method::PUT, &draft);
    let kept = draft_put.json(&json!({ "title": title, "content": wrong, "shown": shown })).send().await.done();
    let show = clerk.ask(http::Method::PUT, "/window/screen").json(&json!({ "draft_id": kept["id"] }));
    let screen = show.send().await.done();
    let confirmed = json!({ "digest": screen["draft"]["digest"] });
    clerk.ask(http::Method::POST, "/window/screen/confirm").json(&confirmed).send().await.done();
    let one_number =
        async |number: &str| clerk.get(&format!("/applicants?kind=person&id_number={number}")).await.status;
    assert_eq!(one_number("110105199003072831").await, 422);
    assert_eq!(one_number("11010519900307283X").await, 404);
    assert_eq!(desk.get("/applicants?kind=person&id_number=11010519900307283X").await.status, 403);

    let case = hall.taken_case(&clerk).await;
    let id = case_id(&case);
    assert_eq!(one_number("11010519900307283X").await, 200);
    let case = issue(&hall, &department, &desk, id).await;
    for kind in ["decision", "certificate"] {
        let paper = paper(&case, kind)["id"].as_str().unwrap();
        let print = desk.post(&format!("/papers/{paper}/prints"), &json!({})).await.done();
        until("the print", async || {
            let prints = desk.get("/prints").await.done();
            let found = prints["items"].as_array().unwrap().iter().find(|found| found["id"] == print["id"]).cloned();
            found.filter(|print| print["state"] == "done")
        })
        .await;
    }
    let case = until("the receipt", async || {
        let case = desk.get(&format!("/cases/{id}")).await.done();
        (paper(&case, "intake-receipt")["state"] == "ready").then_some(case)
    })
    .await;
    let agent =
        json!({ "name": "李代办", "id_number": "11010519491231002X", "relation": "agent", "authority": "授权委托书" });
    let deliver = desk.posting(&format!("/cases/{id}/deliver"), &json!({ "collector": agent }));
    deliver.seen(case["version"].as_u64().unwrap()).send().await.done();
    workers.stop().await;

    let mut tx = hall.hall.store().read().await.unwrap();
    let events = tx.load(id).await.unwrap();
    assert!(events.len() >= 8, "the whole journey is there: {}", events.len());
    let journal: String =
        events.iter().map(|event| format!("{event:?} {}\n", String::from_utf8_lossy(&event.body))).collect();
    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(logged.contains("delivered"), "the log is written");
    assert!(logged.contains("an applicant was looked at"), "who has looked is written");
    for personal in PERSONAL {
        assert!(!journal.contains(personal), "the journal has {personal}: {journal}");
        for spelled in [personal.to_owned(), encoded(personal), personal.escape_unicode().to_string()] {
            let line = logged.lines().find(|line| line.contains(&spelled));
            assert!(line.is_none(), "the log has {spelled}: {line:?}");
        }
    }
}

fn paper<'a>(case: &'a Value, kind: &str) -> &'a Value {
    case["papers"].as_array().unwrap().iter().find(|paper| paper["kind"] == kind).unwrap()
}
