//! A message that the hall refused waits for a person, who sends it again.

use http::Method;
use serde_json::{Value, json};
use store::{FailedTry, StoreError};
use uuid::Uuid;
use web::Clock as _;

use crate::{stage::Office, test_department::TestDepartment};

crate::on_both_databases! { TestDepartment::open:
    only_what_was_given_up_is_sent_again
    a_repeated_wish_is_answered_as_the_first
}

/// An accepted task, whose message to the hall waits.
async fn accepted(department: &TestDepartment, approver: &Office, nth: u16) -> Value {
    let id = department.task(nth).await;
    approver.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(1).send().await.done()
}

fn path(task: &Value) -> String {
    let (id, message) = (task["id"].as_str().unwrap(), task["delivery_to_hall"]["id"].as_str().unwrap());
    format!("/tasks/{id}/deliveries/{message}/send-again")
}

/// Has the hall refuse the message about a task.
async fn refuse(department: &TestDepartment, task: &Value) {
    let message: Uuid = task["delivery_to_hall"]["id"].as_str().unwrap().parse().unwrap();
    let now = department.clock.now();
    let refused = FailedTry { code: "refused", error: "the receiver refused it with 422", next_at: None };
    let noted: Result<bool, StoreError> =
        department.department.store().write(async move |tx| tx.failed(message, now, refused).await).await;
    assert!(noted.unwrap());
}

async fn only_what_was_given_up_is_sent_again(department: TestDepartment) {
    let approver = department.desk("approver").await;
    let task = accepted(&department, &approver, 1).await;
    let other = accepted(&department, &approver, 2).await;
    let (send_again, id) = (path(&task), task["id"].as_str().unwrap());
    let message = task["delivery_to_hall"]["id"].as_str().unwrap();
    let nobody = "0193b000-0000-7000-8000-00000000dead";
    let mut lines = vec![];
    lines.push(format!(
        "while it waits\n    -> {}",
        department.refusal(approver.posting(&send_again, &json!({}))).await
    ));
    let failed = async || approver.get("/deliveries/failed").await.done()["items"].as_array().unwrap().clone();
    assert!(failed().await.is_empty());
    refuse(&department, &task).await;
    let shown = failed().await;
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!((&shown[0]["task"]["id"], &shown[0]["delivery"]["id"]), (&task["id"], &json!(message)));
    assert_eq!(
        (&shown[0]["delivery"]["state"], &shown[0]["delivery"]["last_error_code"]),
        (&json!("failed"), &json!("refused"))
    );
    let administrator = department.desk("administrator").await;
    let wrong = [
        ("by who may not", administrator.posting(&send_again, &json!({}))),
        ("the list, by who may not", administrator.ask(Method::GET, "/deliveries/failed")),
        ("by nobody", department.visitor().posting(&send_again, &json!({}))),
        ("without key", approver.posting(&send_again, &json!({})).without("idempotency-key")),
        ("no such message", approver.posting(&send_again.replace(message, nobody), &json!({}))),
        ("no id of a message", approver.posting(&send_again.replace(message, "first"), &json!({}))),
        ("no such task", approver.posting(&send_again.replace(id, nobody), &json!({}))),
        (
            "the message of another task",
            approver.posting(&path(&other).replace(other["id"].as_str().unwrap(), id), &json!({})),
        ),
    ];
    for (label, ask) in wrong {
        lines.push(format!("{label}\n    -> {}", department.refusal(ask).await));
    }
    let view = approver.post(&send_again, &json!({})).await.done();
    let delivery = &view["delivery_to_hall"];
    assert_eq!((&delivery["state"], &delivery["attempts"]), (&json!("waiting"), &json!(0)));
    assert!(failed().await.is_empty());
    lines
        .push(format!("a second time\n    -> {}", department.refusal(approver.posting(&send_again, &json!({}))).await));
    insta::assert_snapshot!("only_what_was_given_up_is_sent_again", lines.join("\n"));
}

async fn a_repeated_wish_is_answered_as_the_first(department: TestDepartment) {
    let delegate = department.desk("delegate").await;
    let task = accepted(&department, &department.desk("approver").await, 1).await;
    refuse(&department, &task).await;
    let first = delegate.posting(&path(&task), &json!({})).key("again").send().await;
    assert_eq!(first.status, 200, "{}", first.text());
    refuse(&department, &task).await;
    let before = department.memory().await;
    let repeated = delegate.posting(&path(&task), &json!({})).key("again").send().await;
    assert_eq!((repeated.status, &repeated.bytes), (200, &first.bytes));
    assert_eq!(before, department.memory().await, "the same wish sent it a second time");
}
