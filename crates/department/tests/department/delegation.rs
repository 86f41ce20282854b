//! What the hall says of a case that its window accepted and decided by delegation, and of one that was taken back.

use jiff::{SignedDuration, Timestamp};
use protocol::{Event, Message, PaperRef, Party, TaskAcceptedAtWindow, TaskDecidedAtWindow, TaskWithdrawn};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    stage::MORNING,
    test_department::{OTHER_HALL, TestDepartment, granted},
};

crate::on_both_databases! { TestDepartment::open:
    what_the_window_accepted_and_decided_is_kept_for_the_files
    what_was_accepted_at_the_window_is_decided_here
    what_was_taken_back_is_decided_no_more
    what_the_window_decided_is_not_taken_back
    another_hall_says_nothing_of_a_task
}

fn after(minutes: i64) -> Timestamp {
    MORNING.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

fn paper(number: &str) -> PaperRef {
    PaperRef { paper_id: Uuid::now_v7(), number: number.to_owned() }
}

fn accepted(case_id: Uuid) -> Message {
    Message::TaskAcceptedAtWindow(TaskAcceptedAtWindow {
        case_id,
        accepted_at: after(1),
        officer: "陈思远".to_owned(),
        agreement: "安市监委〔2026〕3号".to_owned(),
        notice: paper("安政服受〔2026〕8号"),
    })
}

fn decided(case_id: Uuid) -> Message {
    Message::TaskDecidedAtWindow(TaskDecidedAtWindow {
        case_id,
        decided_at: after(2),
        officer: "陈思远".to_owned(),
        agreement: "安市监委〔2026〕3号".to_owned(),
        outcome: protocol::Outcome::Granted,
        reason: "材料齐全。".to_owned(),
        decision: paper("安政服决〔2026〕8号"),
        certificate: Some(protocol::Certificate {
            paper_id: Uuid::now_v7(),
            number: "安政服证〔2026〕8号".to_owned(),
            title: "食品经营许可证".to_owned(),
            holder: "欧阳晓岚".to_owned(),
            valid_from: "2026-06-15".parse().unwrap(),
            valid_until: None,
        }),
    })
}

fn withdrawn(case_id: Uuid) -> Message {
    Message::TaskWithdrawn(TaskWithdrawn { case_id, withdrawn_at: after(3), reason: "不再经营。".to_owned() })
}

async fn what_the_window_accepted_and_decided_is_kept_for_the_files(department: TestDepartment) {
    let id = department.task(1).await;
    let early = department.refusal(department.signed(&department.word(2, decided(id)))).await;
    assert!(early.starts_with("409 not-now"), "{early}");
    department.hear(2, accepted(id)).await;
    department.hear(3, decided(id)).await;
    let delegate = department.desk("delegate").await;
    let task = delegate.get(&format!("/tasks/{id}")).await.done();
    assert_eq!((&task["state"], &task["outcome"]), (&json!("decided-at-window"), &json!("granted")));
    let acceptance = &task["window_acceptance"];
    assert_eq!((&acceptance["officer"], &acceptance["notice"]), (&json!("陈思远"), &json!("安政服受〔2026〕8号")));
    let decision = &task["window_decision"];
    assert_eq!(
        (&decision["agreement"], &decision["decision"]),
        (&json!("安市监委〔2026〕3号"), &json!("安政服决〔2026〕8号"))
    );
    assert_eq!(decision["certificate"]["number"], "安政服证〔2026〕8号");
    assert!(task["papers"].as_array().unwrap().is_empty(), "the hall made them");
    let statutory = &task["clocks"][1];
    let moments = (&statutory["started_at"], &statutory["stopped_at"]);
    assert_eq!(moments, (&json!(after(1).to_string()), &json!(after(2).to_string())));
    assert_eq!(delegate.get("/tasks?state=done").await.done()["items"].as_array().unwrap().len(), 1);
    let late = department.refusal(delegate.posting(&format!("/tasks/{id}/decide"), &granted()).seen(3)).await;
    assert!(late.starts_with("409 not-now"), "{late}");
}

async fn what_was_accepted_at_the_window_is_decided_here(department: TestDepartment) {
    let id = department.task(1).await;
    department.hear(2, accepted(id)).await;
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    let again = department.refusal(approver.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(2)).await;
    assert!(again.starts_with("409 not-now"), "{again}");
    let task = delegate.posting(&format!("/tasks/{id}/decide"), &granted()).seen(2).send().await.done();
    assert_eq!((&task["state"], &task["window_acceptance"]["officer"]), (&json!("decided"), &json!("陈思远")));
}

async fn what_was_taken_back_is_decided_no_more(department: TestDepartment) {
    let id = department.task(1).await;
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    let seen =
        approver.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(1).send().await.done()["version"].clone();
    department.hear(2, withdrawn(id)).await;
    // The page of whoever decides still shows the task as it was.
    let decide = |seen| delegate.posting(&format!("/tasks/{id}/decide"), &granted()).seen(seen);
    let outdated = department.refusal(decide(seen.as_u64().unwrap())).await;
    assert!(outdated.starts_with("412 precondition-failed"), "{outdated}");
    let late = department.refusal(decide(3)).await;
    assert!(late.starts_with("409 not-now"), "{late}");
    let task = delegate.get(&format!("/tasks/{id}")).await.done();
    assert_eq!((&task["state"], &task["withdrawal"]["reason"]), (&json!("withdrawn"), &json!("不再经营。")));
    assert!(task["clocks"].as_array().unwrap().iter().all(|clock| clock["stopped_at"] != Value::Null));
}

async fn what_the_window_decided_is_not_taken_back(department: TestDepartment) {
    let id = department.task(1).await;
    department.hear(2, accepted(id)).await;
    department.hear(3, decided(id)).await;
    let late = department.refusal(department.signed(&department.word(4, withdrawn(id)))).await;
    assert!(late.starts_with("409 not-now"), "{late}");
}

async fn another_hall_says_nothing_of_a_task(department: TestDepartment) {
    let id = department.task(1).await;
    for message in [accepted(id), withdrawn(id)] {
        let stolen = Event { source: Party::Hall(OTHER_HALL), ..department.word(1, message) };
        assert_eq!(department.refusal(department.signed(&stolen)).await, "404 task-not-found");
    }
}
