//! Questions between window and department, both ways.

use protocol::{EnquiryAnswered, EnquiryAsked, Message};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    stage::MORNING,
    test_department::{TestDepartment, granted},
};

crate::on_both_databases! { TestDepartment::open:
    the_window_asks_and_is_answered_while_somebody_decides
    the_department_asks_and_hears
    what_cannot_be_asked_or_answered_is_refused
}

const QUESTION: Uuid = Uuid::from_u128(0x0193_b000_0000_7000_8000_0000_0000_0071);

fn asked(case_id: Uuid) -> Message {
    Message::EnquiryAsked(EnquiryAsked {
        case_id,
        enquiry_id: QUESTION,
        asked_at: MORNING.parse().unwrap(),
        officer: "陈思远".to_owned(),
        text: "平面图可以用手绘的吗？".to_owned(),
    })
}

fn answered(case_id: Uuid, enquiry_id: Uuid) -> Message {
    Message::EnquiryAnswered(EnquiryAnswered {
        case_id,
        enquiry_id,
        answered_at: MORNING.parse().unwrap(),
        officer: "陈思远".to_owned(),
        text: "申请人说是转让。".to_owned(),
    })
}

async fn the_window_asks_and_is_answered_while_somebody_decides(department: TestDepartment) {
    let id = department.task(1).await;
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    approver.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(1).send().await.done();
    department.hear(2, asked(id)).await;
    department.told().await;
    let row = &approver.get("/tasks").await.done()["items"][0];
    assert_eq!((&row["open_enquiries"], &row["version"]), (&json!(1), &json!(2)), "nobody decides by a question");

    let path = format!("/tasks/{id}/enquiries/{QUESTION}/answer");
    let answer = || delegate.posting(&path, &json!({ "text": " 可以，须标明尺寸。\n" })).key("answered");
    let task = answer().send().await.done();
    assert_eq!(answer().send().await.done(), task, "a repeated request gets the first answer");
    assert_eq!(task["open_enquiries"], 0);
    assert_eq!(
        task["enquiries"],
        json!([{
            "id": QUESTION, "by": "window", "asked_at": MORNING, "asked_by": "陈思远", "text": "平面图可以用手绘的吗？",
            "answered_at": MORNING, "answered_by": "沈若溪", "answer": "可以，须标明尺寸。",
        }])
    );
    let [(kind, told)] = &department.told().await[..] else { panic!("one message") };
    assert_eq!((kind.as_str(), &told["text"]), ("enquiry.answered", &json!("可以，须标明尺寸。")));
    delegate.posting(&format!("/tasks/{id}/decide"), &granted()).seen(2).send().await.done();
}

async fn the_department_asks_and_hears(department: TestDepartment) {
    let id = department.task(1).await;
    let approver = department.desk("approver").await;
    let task = approver.post(&format!("/tasks/{id}/enquiries"), &json!({ "text": "是新办还是转让？" })).await.done();
    let enquiry = &task["enquiries"][0];
    assert_eq!((&enquiry["by"], &enquiry["asked_by"]), (&json!("department"), &json!("方一鸣")));
    assert_eq!((&enquiry["answer"], &task["open_enquiries"]), (&Value::Null, &json!(1)));
    let [(kind, told)] = &department.told().await[..] else { panic!("one message") };
    assert_eq!((kind.as_str(), &told["enquiry_id"]), ("enquiry.asked", &enquiry["id"]));
    let enquiry: Uuid = enquiry["id"].as_str().unwrap().parse().unwrap();
    let own = approver.posting(&format!("/tasks/{id}/enquiries/{enquiry}/answer"), &json!({ "text": "转让。" }));
    assert!(department.refusal(own).await.starts_with("404 enquiry-not-found"), "whoever asks does not answer");

    department.hear(2, answered(id, enquiry)).await;
    let task = approver.get(&format!("/tasks/{id}")).await.done();
    assert_eq!((&task["enquiries"][0]["answer"], &task["open_enquiries"]), (&json!("申请人说是转让。"), &json!(0)));
    let timeline = approver.get(&format!("/tasks/{id}/timeline")).await.done();
    let kinds: Vec<_> = timeline["items"].as_array().unwrap().iter().map(|entry| &entry["kind"]).collect();
    assert_eq!(kinds, ["task.assigned", "task.asked", "task.answered"]);
}

async fn what_cannot_be_asked_or_answered_is_refused(department: TestDepartment) {
    let id = department.task(1).await;
    department.hear(2, asked(id)).await;
    let approver = department.desk("approver").await;
    let (ask, nobody) = (format!("/tasks/{id}/enquiries"), Uuid::from_u128(7));
    let answer = |enquiry: Uuid| format!("/tasks/{id}/enquiries/{enquiry}/answer");
    let mut lines = vec![];
    for (label, path, text) in [
        ("an empty question", ask.clone(), json!(" ")),
        ("no question", ask.clone(), Value::Null),
        ("a long question", ask.clone(), json!("长".repeat(1001))),
        ("a question with NUL", ask.clone(), json!("可以\0吗")),
        ("a question about no task", format!("/tasks/{nobody}/enquiries"), json!("可以吗？")),
        ("an empty answer", answer(QUESTION), json!("")),
        ("an answer to no question", answer(nobody), json!("可以。")),
    ] {
        let refused = department.refusal(approver.posting(&path, &json!({ "text": text }))).await;
        lines.push(format!("{label}\n    -> {refused}"));
    }
    approver.post(&answer(QUESTION), &json!({ "text": "可以。" })).await.done();
    let twice = department.refusal(approver.posting(&answer(QUESTION), &json!({ "text": "不可以。" }))).await;
    lines.push(format!("a second answer\n    -> {twice}"));
    let none = department.refusal(department.signed(&department.word(3, answered(id, nobody)))).await;
    lines.push(format!("the hall's answer to no question\n    -> {none}"));
    let again = department.refusal(department.signed(&department.word(3, asked(id)))).await;
    lines.push(format!("the hall's question once more\n    -> {again}"));
    insta::assert_snapshot!("what_cannot_be_asked_or_answered_is_refused", lines.join("\n"));
}
