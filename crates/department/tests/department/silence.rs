//! What the hall says of a task that nobody accepted in time (视为受理).

use jiff::{SignedDuration, Timestamp};
use protocol::{Event, Message, MessageId, TaskDeemedAccepted};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    stage::MORNING,
    test_department::{TestDepartment, assigned, granted},
};

crate::on_both_databases! { TestDepartment::open:
    a_task_accepted_by_silence_can_only_be_decided
    an_acceptance_that_crossed_the_halls_word_changes_no_date
    what_the_hall_cannot_mean_is_refused
    limits_come_with_their_unit_and_what_silence_means
}

fn morning() -> Timestamp {
    MORNING.parse().unwrap()
}

fn deemed(department: &TestDepartment, task: Uuid) -> Event {
    let deemed_at = "2026-06-23T16:00:00Z".parse().unwrap();
    let told = TaskDeemedAccepted { case_id: task, accepted_at: morning(), deemed_at };
    Event {
        id: MessageId::from(Uuid::now_v7()),
        sequence: 2,
        message: Message::TaskDeemedAccepted(told),
        ..department.event(assigned(1))
    }
}

async fn tell(department: &TestDepartment, task: Uuid) {
    let answer = department.signed(&deemed(department, task)).send().await;
    assert_eq!(answer.status, 204, "{}", answer.text());
}

fn started(task: &Value) -> Vec<&str> {
    task["clocks"].as_array().unwrap().iter().map(|clock| clock["started_at"].as_str().unwrap()).collect()
}

async fn a_task_accepted_by_silence_can_only_be_decided(department: TestDepartment) {
    let id = department.task(1).await;
    department.clock.move_to(morning() + SignedDuration::from_hours(24 * 9));
    tell(&department, id).await;
    let approver = department.desk("approver").await;
    let task = approver.get(&format!("/tasks/{id}")).await.done();
    assert_eq!((&task["state"], &task["deemed_accepted"]), (&json!("accepted"), &json!(true)));
    assert_eq!(started(&task), [MORNING; 3], "all limits run from the receipt");
    assert_eq!(task["light"], "yellow", "the promise is over, the limit of the law is not");
    assert!(task["papers"].as_array().unwrap().is_empty() && task["opinions"].as_array().unwrap().is_empty());
    let row = &approver.get("/tasks").await.done()["items"][0];
    assert_eq!((&row["deemed_accepted"], &row["light"]), (&json!(true), &json!("yellow")));

    let accept = approver.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(2);
    assert!(department.refusal(accept).await.starts_with("409 not-now"));
    let delegate = department.desk("delegate").await;
    let decided = delegate.posting(&format!("/tasks/{id}/decide"), &granted()).seen(2).send().await.done();
    assert_eq!((&decided["state"], &decided["deemed_accepted"]), (&json!("decided"), &json!(true)));
    let timeline = delegate.get(&format!("/tasks/{id}/timeline")).await.done();
    let kinds: Vec<_> = timeline["items"].as_array().unwrap().iter().map(|entry| &entry["kind"]).collect();
    assert_eq!(kinds, ["task.assigned", "task.deemed-accepted", "task.decided"]);
}

async fn an_acceptance_that_crossed_the_halls_word_changes_no_date(department: TestDepartment) {
    let (first, second) = (department.task(1).await, department.task(2).await);
    department.clock.move_to(morning() + SignedDuration::from_hours(24 * 9));
    let approver = department.desk("approver").await;
    for id in [first, second] {
        let accepted = approver.posting(&format!("/tasks/{id}/accept"), &json!({ "opinion": "材料齐全。" })).seen(1);
        assert_eq!(accepted.send().await.status, 200);
    }
    let delegate = department.desk("delegate").await;
    let decided = delegate.posting(&format!("/tasks/{second}/decide"), &granted()).seen(2);
    assert_eq!(decided.send().await.status, 200);
    for (id, state) in [(first, "accepted"), (second, "decided")] {
        tell(&department, id).await;
        let task = approver.get(&format!("/tasks/{id}")).await.done();
        assert_eq!((&task["state"], &task["deemed_accepted"]), (&json!(state), &json!(true)));
        assert_eq!(started(&task), [MORNING; 3]);
        assert_eq!(task["opinions"][0]["text"], "材料齐全。");
    }
}

async fn what_the_hall_cannot_mean_is_refused(department: TestDepartment) {
    let id = department.task(1).await;
    let good = deemed(&department, id);
    let Message::TaskDeemedAccepted(told) = good.message.clone() else { unreachable!() };
    let with = |told: TaskDeemedAccepted| {
        department.signed(&Event { message: Message::TaskDeemedAccepted(told), ..good.clone() })
    };
    let mut lines = vec![];
    let later = TaskDeemedAccepted { accepted_at: morning() + SignedDuration::from_hours(1), ..told.clone() };
    lines.push(department.refusal(with(later)).await);
    let before = TaskDeemedAccepted { deemed_at: morning(), ..told.clone() };
    lines.push(department.refusal(with(before)).await);
    let unknown = Uuid::from_u128(7);
    let event = Event {
        sequence: 1,
        message: Message::TaskDeemedAccepted(TaskDeemedAccepted { case_id: unknown, ..told }),
        ..good.clone()
    };
    lines.push(department.refusal(department.signed(&event)).await);
    tell(&department, id).await;
    let twice = Event { id: MessageId::from(Uuid::now_v7()), sequence: 3, ..good };
    lines.push(department.refusal(department.signed(&twice)).await);
    insta::assert_snapshot!(lines.join("\n"), @r#"
    422 validation-failed | /data/accepted_at contradiction = "2026-06-15T02:00:00Z"
    422 validation-failed | /data/deemed_at contradiction = "2026-06-15T01:00:00Z"
    404 task-not-found
    409 not-now |  not-now {"command":"deem-accepted","state":"accepted"}
    "#);
}

async fn limits_come_with_their_unit_and_what_silence_means(department: TestDepartment) {
    let mut task = assigned(1);
    let intake = &mut task.item.limits[0];
    (intake.days, intake.unit, intake.silence) = (7, protocol::DayUnit::Natural, None);
    let id = task.case_id;
    let event = department.event(task);
    assert_eq!(department.signed(&event).send().await.status, 204);
    let approver = department.desk("approver").await;
    let task = approver.get(&format!("/tasks/{id}")).await.done();
    assert_eq!(task["limits"][0]["budget"], json!({ "days": 7, "unit": "natural" }));
    assert_eq!(task["clocks"][0]["due"], "2026-06-22", "the seventh day, which is worked");
    let quiet = department.refusal(department.signed(&deemed(&department, id))).await;
    assert_eq!(quiet, "422 validation-failed | /type contradiction");
}
