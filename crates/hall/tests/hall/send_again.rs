//! A message that the department refused waits for a person, who sends it again.

use http::Method;
use serde_json::{Value, json};
use store::{FailedTry, StoreError};
use uuid::Uuid;
use web::Clock as _;

use crate::{
    fake_department::{FakeDepartment, case_id},
    stage::until,
    test_hall::{Setup, TestHall},
};

crate::on_both_databases! { TestHall::open:
    only_what_was_given_up_is_sent_again
    a_repeated_wish_is_answered_as_the_first
    what_is_sent_again_arrives
}

fn path(case: &Value) -> String {
    let message = case["delivery_to_department"]["id"].as_str().unwrap();
    format!("/cases/{}/deliveries/{message}/send-again", case_id(case))
}

/// Has the department refuse the message about a case.
async fn refuse(hall: &TestHall, case: &Value) {
    let message: Uuid = case["delivery_to_department"]["id"].as_str().unwrap().parse().unwrap();
    let now = hall.clock.now();
    let refused = FailedTry { code: "refused", error: "the receiver refused it with 422", next_at: None };
    let noted: Result<bool, StoreError> =
        hall.hall.store().write(async move |tx| tx.failed(message, now, refused).await).await;
    assert!(noted.unwrap());
}

async fn only_what_was_given_up_is_sent_again(hall: TestHall) {
    let clerk = hall.clerk().await;
    let case = hall.taken_case(&clerk).await;
    let other = hall.taken_case(&clerk).await;
    let send_again = path(&case);
    let message = case["delivery_to_department"]["id"].as_str().unwrap();
    let nobody = "0193b000-0000-7000-8000-00000000dead";
    let mut lines = vec![];
    lines.push(format!("while it waits\n    -> {}", hall.refusal(clerk.posting(&send_again, &json!({}))).await));
    let failed = async || clerk.get("/deliveries/failed").await.done()["items"].as_array().unwrap().clone();
    assert!(failed().await.is_empty());
    refuse(&hall, &case).await;
    let shown: Vec<_> = failed().await.iter().map(|it| (it["case"]["id"].clone(), it["delivery"].clone())).collect();
    assert!(matches!(&shown[..], [(id, delivery)] if *id == case["id"] && delivery["id"] == *message), "{shown:?}");
    assert_eq!((&shown[0].1["state"], &shown[0].1["last_error_code"]), (&json!("failed"), &json!("refused")));
    let administrator = hall.desk("administrator").await;
    lines.push(format!(
        "the list, by who may not\n    -> {}",
        hall.refusal(administrator.ask(Method::GET, "/deliveries/failed")).await
    ));
    let output = hall.desk("output_clerk").await;
    let wrong = [
        ("by who may not", output.posting(&send_again, &json!({}))),
        ("by who may at a department", hall.desk("approver").await.posting(&send_again, &json!({}))),
        ("by nobody", hall.visitor().posting(&send_again, &json!({}))),
        ("without key", clerk.posting(&send_again, &json!({})).without("idempotency-key")),
        ("as DELETE", clerk.ask(Method::DELETE, &send_again).key("delete")),
        ("no such message", clerk.posting(&send_again.replace(message, nobody), &json!({}))),
        ("no id of a message", clerk.posting(&send_again.replace(message, "first"), &json!({}))),
        ("no such case", clerk.posting(&format!("/cases/{nobody}/deliveries/{message}/send-again"), &json!({}))),
        (
            "the message of another case",
            clerk.posting(&format!("/cases/{}/deliveries/{message}/send-again", case_id(&other)), &json!({})),
        ),
    ];
    for (label, ask) in wrong {
        lines.push(format!("{label}\n    -> {}", hall.refusal(ask).await));
    }
    let view = clerk.post(&send_again, &json!({})).await.done();
    let delivery = &view["delivery_to_department"];
    assert_eq!((&delivery["state"], &delivery["attempts"]), (&json!("waiting"), &json!(0)));
    // Until there is another, the last error stays where people look for it.
    assert_eq!(delivery["last_error_code"], "refused");
    assert!(failed().await.is_empty());
    lines.push(format!("a second time\n    -> {}", hall.refusal(clerk.posting(&send_again, &json!({}))).await));

    let (id, now) = (message.parse().unwrap(), hall.clock.now());
    let arrived: Result<bool, StoreError> =
        hall.hall.store().write(async move |tx| tx.delivered(id, now, 204).await).await;
    assert!(arrived.unwrap());
    lines.push(format!("once it has arrived\n    -> {}", hall.refusal(clerk.posting(&send_again, &json!({}))).await));
    insta::assert_snapshot!("only_what_was_given_up_is_sent_again", lines.join("\n"));
}

async fn a_repeated_wish_is_answered_as_the_first(hall: TestHall) {
    let clerk = hall.clerk().await;
    let case = hall.taken_case(&clerk).await;
    refuse(&hall, &case).await;
    let first = clerk.posting(&path(&case), &json!({})).key("again").send().await;
    assert_eq!(first.status, 200, "{}", first.text());
    refuse(&hall, &case).await;
    let before = hall.memory().await;
    let repeated = clerk.posting(&path(&case), &json!({})).key("again").send().await;
    assert_eq!((repeated.status, &repeated.bytes), (200, &first.bytes));
    assert_eq!(before, hall.memory().await, "the same wish sent it a second time");
    let other = hall.taken_case(&clerk).await;
    let reused = hall.refusal(clerk.posting(&path(&other), &json!({})).key("again")).await;
    assert_eq!(reused, "422 idempotency-key-reused | idempotency-key: twice");
}

async fn what_is_sent_again_arrives(hall: TestHall) {
    let clerk = hall.clerk().await;
    let case = hall.taken_case(&clerk).await;
    refuse(&hall, &case).await;
    let department = FakeDepartment::start().await;
    let place = hall.place.clone();
    hall.hall.store().close().await;
    let setup = Setup { department_url: department.url.clone(), seed: 8, ..Setup::default() };
    let hall = TestHall::open_with(place, setup).await;
    let workers = hall.start();
    let supervisor = hall.desk("supervisor").await;
    supervisor.post(&path(&case), &json!({})).await.done();
    until("the department has the task", async || (department.assigned().len() == 1).then_some(())).await;
    workers.stop().await;
    let view = supervisor.get(&format!("/cases/{}", case_id(&case))).await.done();
    let delivery = &view["delivery_to_department"];
    assert_eq!((&delivery["state"], &delivery["attempts"]), (&json!("delivered"), &json!(1)));
}
