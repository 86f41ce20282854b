//! Review and decision by two persons, or by one where the item allows it.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::test_department::{TestDepartment, assigned, granted};

crate::on_both_databases! { TestDepartment::open:
    whoever_reviewed_a_task_does_not_decide_it
    where_one_person_may_do_both_a_task_is_decided_directly
    a_review_needs_an_opinion
}

async fn for_two_persons(department: &TestDepartment) -> Uuid {
    let mut task = assigned(1);
    task.item.review_and_decision_in_one = false;
    let id = department.assign(task).await;
    let approver = department.desk("approver").await;
    approver.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(1).send().await.done();
    id
}

fn reviewed() -> Value {
    json!({ "proposal": "granted", "opinion": "现场核查符合要求，拟准予。" })
}

async fn whoever_reviewed_a_task_does_not_decide_it(department: TestDepartment) {
    let id = for_two_persons(&department).await;
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    let second = department.desk("second").await;
    let decide = format!("/tasks/{id}/decide");
    assert_eq!(department.refusal(delegate.posting(&decide, &granted()).seen(2)).await, "409 not-reviewed");
    second.posting(&format!("/tasks/{id}/claim"), &json!({})).seen(2).send().await.done();
    let review = format!("/tasks/{id}/review");
    assert_eq!(department.refusal(approver.posting(&review, &reviewed()).seen(3)).await, "409 claimed");
    department.told().await;

    let task = second.posting(&review, &reviewed()).seen(3).send().await.done();
    assert_eq!(
        (&task["state"], &task["claimed_by"]),
        (&json!("reviewed"), &Value::Null),
        "it waits for another person"
    );
    let [(kind, progressed)] = &department.told().await[..] else { panic!("one message") };
    assert_eq!((kind.as_str(), &progressed["step"]), ("task.progressed", &json!("审核")));
    assert!(!progressed.to_string().contains("拟准予"), "what is proposed stays in the department");

    assert_eq!(department.refusal(second.posting(&decide, &granted()).seen(4)).await, "409 same-person");
    let again = department.refusal(second.posting(&review, &reviewed()).seen(4)).await;
    assert!(again.starts_with("409 not-now"), "{again}");
    let denied = json!({ "outcome": "denied", "opinion": "复核不符合条件。" });
    let task = delegate.posting(&decide, &denied).seen(4).send().await.done();
    let steps: Vec<_> = task["opinions"].as_array().unwrap().iter().map(|opinion| &opinion["step"]).collect();
    assert_eq!(steps, ["accept", "review", "decide"]);
    let review = &task["opinions"][1];
    assert_eq!((&review["by"], &review["outcome"]), (&json!("韩立群"), &json!("granted")));
    assert_eq!(task["outcome"], "denied", "whoever decides is not bound by the proposal");
}

async fn where_one_person_may_do_both_a_task_is_decided_directly(department: TestDepartment) {
    let id = department.task(1).await;
    let second = department.desk("second").await;
    second.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(1).send().await.done();
    second.posting(&format!("/tasks/{id}/review"), &reviewed()).seen(2).send().await.done();
    let decided = second.posting(&format!("/tasks/{id}/decide"), &granted()).seen(3).send().await.done();
    assert_eq!(decided["state"], "decided", "a review does no harm either");
}

async fn a_review_needs_an_opinion(department: TestDepartment) {
    let id = for_two_persons(&department).await;
    let approver = department.desk("approver").await;
    let wrong = [
        ("missing", json!({ "proposal": "granted" })),
        ("of blanks", json!({ "proposal": "granted", "opinion": " \n　" })),
        ("too long", json!({ "proposal": "granted", "opinion": "长".repeat(1001) })),
        ("that turns", json!({ "proposal": "granted", "opinion": "符合\u{202e}条件" })),
        ("without proposal", json!({ "opinion": "符合条件。" })),
        ("with another proposal", json!({ "proposal": "perhaps", "opinion": "符合条件。" })),
    ];
    let mut lines = vec![];
    for (label, body) in wrong {
        let ask = approver.posting(&format!("/tasks/{id}/review"), &body).seen(2);
        lines.push(format!("{label}\n    -> {}", department.refusal(ask).await));
    }
    insta::assert_snapshot!("a_review_needs_an_opinion", lines.join("\n"));
}
