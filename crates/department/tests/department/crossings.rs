//! What a hall says before it knows what the department has done meanwhile.

use jiff::Timestamp;
use protocol::{Message, TaskDeemedAccepted, TaskWithdrawn};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    stage::{MORNING, Office},
    test_department::{TestDepartment, granted},
};

crate::on_both_databases! { TestDepartment::open:
    a_notice_in_time_stands_whatever_silence_the_hall_wrote_down
    a_notice_after_the_limit_finds_the_task_accepted_by_silence
    a_rejection_in_time_stands_whatever_silence_the_hall_wrote_down
    a_withdrawal_that_crosses_a_decision_holds
    a_withdrawal_that_crosses_a_rejection_holds
}

fn silence(case_id: Uuid, deemed_at: &str) -> Message {
    let (accepted_at, deemed_at) = (MORNING.parse().unwrap(), deemed_at.parse().unwrap());
    Message::TaskDeemedAccepted(TaskDeemedAccepted { case_id, accepted_at, deemed_at })
}

fn withdrawn(case_id: Uuid, withdrawn_at: Timestamp) -> Message {
    Message::TaskWithdrawn(TaskWithdrawn { case_id, withdrawn_at, reason: "不再经营。".to_owned() })
}

async fn step(desk: &Office, task: Uuid, what: &str, body: Value) -> Value {
    let seen = desk.get(&format!("/tasks/{task}")).await.header("etag").to_owned();
    let ask = desk.posting(&format!("/tasks/{task}/{what}"), &body).header("if-match", &seen);
    ask.send().await.done()
}

async fn state(desk: &Office, task: Uuid) -> Value {
    let view = desk.get(&format!("/tasks/{task}")).await.done();
    json!([view["state"], view["deemed_accepted"]])
}

fn missing() -> Value {
    json!({ "points": [{ "reason": "请补充租赁合同。" }] })
}

async fn a_notice_in_time_stands_whatever_silence_the_hall_wrote_down(department: TestDepartment) {
    let (id, approver) = (department.task(1).await, department.desk("approver").await);
    step(&approver, id, "ask-supplement", missing()).await;
    department.hear(2, silence(id, "2026-06-23T16:00:00Z")).await;
    assert_eq!(state(&approver, id).await, json!(["supplement-asked", false]));
}

async fn a_notice_after_the_limit_finds_the_task_accepted_by_silence(department: TestDepartment) {
    let id = department.task(1).await;
    department.clock.move_to("2026-06-24T01:00:00Z".parse().unwrap());
    let approver = department.desk("approver").await;
    step(&approver, id, "ask-supplement", missing()).await;
    department.hear(2, silence(id, "2026-06-23T16:00:00Z")).await;
    assert_eq!(state(&approver, id).await, json!(["accepted", true]));
    let delegate = department.desk("delegate").await;
    assert_eq!(step(&delegate, id, "decide", granted()).await["state"], "decided");
}

async fn a_rejection_in_time_stands_whatever_silence_the_hall_wrote_down(department: TestDepartment) {
    let (id, approver) = (department.task(1).await, department.desk("approver").await);
    step(&approver, id, "reject", json!({ "ground": "not-needed", "reason": "不需要许可。" })).await;
    department.hear(2, silence(id, "2026-06-23T16:00:00Z")).await;
    assert_eq!(state(&approver, id).await, json!(["rejected", false]));
}

async fn a_withdrawal_that_crosses_a_decision_holds(department: TestDepartment) {
    let (id, delegate) = (department.task(1).await, department.desk("delegate").await);
    step(&department.desk("approver").await, id, "accept", json!({})).await;
    step(&delegate, id, "decide", granted()).await;
    department.hear(2, withdrawn(id, web::Clock::now(&department.clock))).await;
    let task = delegate.get(&format!("/tasks/{id}")).await.done();
    assert_eq!((&task["state"], &task["outcome"]), (&json!("withdrawn"), &Value::Null));
    let timeline = delegate.get(&format!("/tasks/{id}/timeline")).await.done();
    let kinds: Vec<_> = timeline["items"].as_array().unwrap().iter().map(|entry| entry["kind"].clone()).collect();
    assert_eq!(kinds, ["task.assigned", "task.accepted", "task.decided", "task.withdrawn"]);
}

async fn a_withdrawal_that_crosses_a_rejection_holds(department: TestDepartment) {
    let (id, approver) = (department.task(1).await, department.desk("approver").await);
    step(&approver, id, "reject", json!({ "ground": "not-needed", "reason": "不需要许可。" })).await;
    department.hear(2, withdrawn(id, web::Clock::now(&department.clock))).await;
    assert_eq!(state(&approver, id).await[0], "withdrawn");
}
