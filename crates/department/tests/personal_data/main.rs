//! People's data is in records alone: not in the journal, not in the log. A program of its own, because the log is the
//! process's.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may, and makes its own ids")]

#[path = "../../../hall/tests/stage/mod.rs"]
mod stage;
#[path = "../department/test_department.rs"]
#[allow(dead_code, reason = "used in part")]
mod test_department;

use std::{
    io,
    sync::{Arc, Mutex},
};

use protocol::{EnquiryAsked, Message, RawJson, TaskSupplemented, TaskWithdrawn};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;
use uuid::Uuid;

use crate::{
    stage::{MORNING, PASSWORD, Place, encoded, until},
    test_department::{TestDepartment, assigned, granted},
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

/// What is about people in the steps below.
const PERSONAL: [&str; 14] = [
    "欧阳晓岚",
    "11010519900307283X",
    "13800138000",
    "桂花街",
    "申请书.pdf",
    "没有签字",
    "漏告知",
    "手绘的",
    "须标明尺寸",
    "是转让",
    "拟准予",
    "符合法定条件",
    "不再经营",
    PASSWORD,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_steps_of_a_task_leave_no_personal_data_in_journal_or_log() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing_subscriber::filter::LevelFilter::TRACE);
    subscriber.with_ansi(false).with_writer(log.clone()).init();
    steps(Place::sqlite(), &log).await;
    if let Some(place) = Place::postgres() {
        steps(place, &log).await;
    }
}

fn supplied(task: Uuid) -> Message {
    Message::TaskSupplemented(Box::new(TaskSupplemented {
        case_id: task,
        received_at: MORNING.parse().unwrap(),
        form: RawJson::from(&json!({ "premises": "安澜市桂花街14号" })),
        materials: assigned(1).materials,
        points: vec![],
    }))
}

async fn steps(place: Place, log: &Log) {
    let department = TestDepartment::open(place).await;
    let workers = department.departments.start();
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    let (first, second, third) = (department.task(1).await, department.task(2).await, department.task(3).await);
    let path = |task: Uuid, what: &str| format!("/tasks/{task}/{what}");
    let version = async |task: Uuid| approver.get(&format!("/tasks/{task}")).await.done()["version"].as_u64().unwrap();

    // What is refused is logged too, if at all.
    let wrong = json!({ "points": [{ "reason": "申请书没有签字\0" }] });
    assert_eq!(approver.posting(&path(first, "ask-supplement"), &wrong).seen(1).send().await.status, 422);
    approver.get(&format!("/tasks?q={}", encoded("欧阳晓岚"))).await.done();

    approver.posting(&path(first, "claim"), &json!({})).seen(1).send().await.done();
    let missing = json!({ "points": [{ "reason": "申请书没有签字。" }] });
    approver.posting(&path(first, "ask-supplement"), &missing).seen(2).send().await.done();
    department.hear(2, supplied(first)).await;
    let seen = version(first).await;
    approver.posting(&path(first, "release"), &json!({})).seen(seen).send().await.done();
    let again = json!({ "points": [{ "reason": "申请书没有签字。" }], "allowed": "漏告知一项。" });
    let seen = version(first).await;
    delegate.posting(&path(first, "ask-supplement"), &again).seen(seen).send().await.done();
    department.hear(3, supplied(first)).await;
    let enquiry_id = Uuid::now_v7();
    let asked = EnquiryAsked {
        case_id: first,
        enquiry_id,
        asked_at: MORNING.parse().unwrap(),
        officer: "陈思远".to_owned(),
        text: "可以用手绘的吗？".to_owned(),
    };
    department.hear(4, Message::EnquiryAsked(asked)).await;
    let answer = json!({ "text": "可以，须标明尺寸。" });
    approver.post(&path(first, &format!("enquiries/{enquiry_id}/answer")), &answer).await.done();
    approver.post(&path(first, "enquiries"), &json!({ "text": "是转让吗？" })).await.done();
    let seen = version(first).await;
    approver.posting(&path(first, "accept"), &json!({ "opinion": "符合法定条件。" })).seen(seen).send().await.done();
    let seen = version(first).await;
    let review = json!({ "proposal": "granted", "opinion": "拟准予。" });
    approver.posting(&path(first, "review"), &review).seen(seen).send().await.done();
    let seen = version(first).await;
    delegate.posting(&path(first, "decide"), &granted()).seen(seen).send().await.done();

    let reject = json!({ "ground": "other", "reason": "申请书没有签字，且是转让。" });
    approver.posting(&path(second, "reject"), &reject).seen(1).send().await.done();
    let withdrawn_at = MORNING.parse().unwrap();
    let withdrawn = TaskWithdrawn { case_id: third, withdrawn_at, reason: "不再经营。".to_owned() };
    department.hear(2, Message::TaskWithdrawn(withdrawn)).await;
    until("all papers", async || {
        let task = approver.get(&format!("/tasks/{first}")).await.done();
        let papers = task["papers"].as_array().unwrap().clone();
        (papers.len() == 5 && papers.iter().all(|paper| paper["state"] == "ready")).then_some(())
    })
    .await;
    workers.stop().await;

    let mut tx = department.department.store().read().await.unwrap();
    let mut journal = String::new();
    for task in [first, second, third] {
        for event in tx.load(task).await.unwrap() {
            journal += &format!("{event:?} {}\n", String::from_utf8_lossy(&event.body));
        }
    }
    assert!(journal.contains("task.reviewed") && journal.contains("task.rejected"), "all steps are there");
    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(!logged.is_empty(), "the log is written");
    for personal in PERSONAL {
        assert!(!journal.contains(personal), "the journal has {personal}: {journal}");
        for spelled in [personal.to_owned(), encoded(personal), personal.escape_unicode().to_string()] {
            let line = logged.lines().find(|line| line.contains(&spelled));
            assert!(line.is_none(), "the log has {spelled}: {line:?}");
        }
    }
}
