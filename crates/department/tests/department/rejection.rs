//! What is not accepted.

use serde_json::{Value, json};

use crate::{
    stage::until,
    test_department::{TestDepartment, assigned},
};

crate::on_both_databases! { TestDepartment::open:
    an_application_is_not_accepted_under_the_seal
    a_rejection_has_a_ground_and_a_reason
}

fn elsewhere() -> Value {
    json!({
        "ground": "not-competent",
        "reason": "经营场所不在本市辖区。",
        "competent_authority": "安澜县市场监督管理局",
    })
}

async fn an_application_is_not_accepted_under_the_seal(department: TestDepartment) {
    let mut task = assigned(1);
    task.item.papers.refusal.title = "行政许可申请不予受理决定书".to_owned();
    let id = department.assign(task).await;
    let approver = department.desk("approver").await;
    let reject = || approver.posting(&format!("/tasks/{id}/reject"), &elsewhere()).seen(1).key("rejected");
    let task = reject().send().await.done();
    assert_eq!(reject().send().await.done(), task, "a repeated request gets the first answer");
    assert_eq!((&task["state"], &task["outcome"]), (&json!("rejected"), &Value::Null));
    let rejection = &task["rejection"];
    assert_eq!((&rejection["ground"], &rejection["officer"]), (&json!("not-competent"), &json!("方一鸣")));
    assert_eq!(rejection["competent_authority"], "安澜县市场监督管理局");
    assert_eq!(rejection["number"], "安市监许不受〔2026〕1号");
    assert!(task["clocks"].as_array().unwrap().iter().all(|clock| !clock["stopped_at"].is_null()));
    let done = approver.get("/tasks?state=done").await.done();
    assert_eq!(done["items"][0]["state"], "rejected");
    let [(kind, told)] = &department.told().await[..] else { panic!("one message") };
    assert_eq!((kind.as_str(), &told["reason"]), ("task.rejected", &json!("经营场所不在本市辖区。")));

    let workers = department.departments.start();
    let paper = until("the document", async || {
        let task = approver.get(&format!("/tasks/{id}")).await.done();
        (task["papers"][0]["state"] == "ready").then(|| task["papers"][0].clone())
    })
    .await;
    workers.stop().await;
    assert_eq!((&paper["kind"], &paper["title"]), (&json!("rejection"), &json!("行政许可申请不予受理决定书")));
    for what in ["accept", "claim", "ask-supplement"] {
        let body = if what == "ask-supplement" { json!({ "points": [{ "reason": "缺件" }] }) } else { json!({}) };
        let late = department.refusal(approver.posting(&format!("/tasks/{id}/{what}"), &body).seen(2)).await;
        assert!(late.starts_with("409 not-now"), "{what}: {late}");
    }
}

async fn a_rejection_has_a_ground_and_a_reason(department: TestDepartment) {
    let id = department.task(1).await;
    let approver = department.desk("approver").await;
    let wrong = [
        ("no ground", "/ground", Value::Null),
        ("an unknown ground", "/ground", json!("too-late")),
        ("no reason", "/reason", json!("")),
        ("a reason too long", "/reason", json!("长".repeat(1001))),
        ("a reason that cannot be printed", "/reason", json!("不在😀")),
        ("nobody competent", "/competent_authority", json!(" ")),
        ("an authority of two lines", "/competent_authority", json!("安澜县\n市场监督管理局")),
        ("an authority where none is needed", "/ground", json!("not-needed")),
    ];
    let mut lines = vec![];
    for (label, pointer, value) in wrong {
        let mut body = elsewhere();
        *body.pointer_mut(pointer).unwrap() = value;
        let ask = approver.posting(&format!("/tasks/{id}/reject"), &body).seen(1);
        lines.push(format!("{label}\n    -> {}", department.refusal(ask).await));
    }
    insta::assert_snapshot!("a_rejection_has_a_ground_and_a_reason", lines.join("\n"));
}
