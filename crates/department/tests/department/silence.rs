//! What the hall says of a task that nobody accepted in time (视为受理).

use jiff::{SignedDuration, Timestamp};
use protocol::{Event, Message, MessageId, TaskDeemedAccepted};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    stage::{MORNING, until},
    test_department::{TestDepartment, assigned, granted},
};

crate::on_both_databases! { TestDepartment::open:
    a_task_accepted_by_silence_is_decided_without_an_acceptance
    after_silence_the_notice_is_issued_and_changes_no_date
    where_two_persons_are_wanted_silence_is_no_review
    an_acceptance_that_crossed_the_halls_word_changes_no_date
    an_acceptance_in_time_stands_whatever_the_hall_wrote_down_meanwhile
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

async fn a_task_accepted_by_silence_is_decided_without_an_acceptance(department: TestDepartment) {
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

    let delegate = department.desk("delegate").await;
    let decided = delegate.posting(&format!("/tasks/{id}/decide"), &granted()).seen(2).send().await.done();
    assert_eq!((&decided["state"], &decided["deemed_accepted"]), (&json!("decided"), &json!(true)));
    let timeline = delegate.get(&format!("/tasks/{id}/timeline")).await.done();
    let kinds: Vec<_> = timeline["items"].as_array().unwrap().iter().map(|entry| &entry["kind"]).collect();
    assert_eq!(kinds, ["task.assigned", "task.deemed-accepted", "task.decided"]);
}

async fn after_silence_the_notice_is_issued_and_changes_no_date(department: TestDepartment) {
    let id = department.task(1).await;
    let day = morning() + SignedDuration::from_hours(24 * 9);
    department.clock.move_to(day);
    tell(&department, id).await;
    let workers = department.departments.start();
    let approver = department.desk("approver").await;
    let before = approver.get(&format!("/tasks/{id}")).await.done();
    let accept = || approver.posting(&format!("/tasks/{id}/accept"), &json!({ "opinion": "补发通知书。" }));
    let confirmed = accept().seen(2).send().await.done();
    assert_eq!((&confirmed["state"], &confirmed["deemed_accepted"]), (&json!("accepted"), &json!(true)));
    assert_eq!(confirmed["clocks"], before["clocks"]);
    assert_eq!(confirmed["opinions"][0]["text"], "补发通知书。");
    let task = until("the notice is sealed", async || {
        let task = approver.get(&format!("/tasks/{id}")).await.done();
        (task["papers"][0]["state"] == "ready").then_some(task)
    })
    .await;
    let notice = &task["papers"][0];
    assert_eq!((&notice["kind"], &notice["number"]), (&json!("acceptance-notice"), &json!("安市监许受〔2026〕1号")));
    workers.stop().await;

    let mut tx = department.department.store().read().await.unwrap();
    let told: Vec<_> = tx.deliveries(id).await.unwrap().into_iter().map(|told| told.kind).collect();
    assert_eq!(told, ["yichuang.task.accepted", "yichuang.paper.issued"]);
    let timeline = approver.get(&format!("/tasks/{id}/timeline")).await.done();
    let kinds: Vec<_> = timeline["items"].as_array().unwrap().iter().map(|entry| &entry["kind"]).collect();
    assert_eq!(kinds, ["task.assigned", "task.deemed-accepted", "task.acceptance-confirmed", "task.paper-filed"]);
    let again = accept().seen(task["version"].as_u64().unwrap());
    assert!(department.refusal(again).await.starts_with("409 not-now"));
}

async fn where_two_persons_are_wanted_silence_is_no_review(department: TestDepartment) {
    let mut task = assigned(1);
    task.item.review_and_decision_in_one = false;
    let id = task.case_id;
    assert_eq!(department.signed(&department.event(task)).send().await.status, 204);
    // The department's clock is behind the hall's: an approver is not made to have confirmed before the limit was over.
    department.clock.move_to("2026-06-23T15:58:00Z".parse().unwrap());
    tell(&department, id).await;
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    let decide = |seen| delegate.posting(&format!("/tasks/{id}/decide"), &granted()).seen(seen);
    assert_eq!(department.refusal(decide(2)).await, "409 not-reviewed");
    let confirmed = approver.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(2).send().await.done();
    assert_eq!(confirmed["opinions"][0]["at"], "2026-06-23T16:00:00Z");
    assert_eq!(department.refusal(decide(3)).await, "409 not-reviewed");
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

async fn an_acceptance_in_time_stands_whatever_the_hall_wrote_down_meanwhile(department: TestDepartment) {
    let (first, second) = (department.task(1).await, department.task(2).await);
    // The second before midnight in the hall.
    let last_moment: Timestamp = "2026-06-23T15:59:59Z".parse().unwrap();
    department.clock.move_to(last_moment);
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    for id in [first, second] {
        assert_eq!(approver.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(1).send().await.status, 200);
    }
    let decided = delegate.posting(&format!("/tasks/{second}/decide"), &granted()).seen(2);
    assert_eq!(decided.send().await.status, 200);
    for id in [first, second] {
        let before = approver.get(&format!("/tasks/{id}")).await.done();
        tell(&department, id).await;
        let after = approver.get(&format!("/tasks/{id}")).await.done();
        assert_eq!(after, before);
        assert_eq!(after["deemed_accepted"], false);
        assert_eq!(after["clocks"][0]["stopped_at"], json!(last_moment));
        let row = department.department.store().read().await.unwrap().task(id).await.unwrap().unwrap();
        assert!(!row.deemed_accepted);
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
