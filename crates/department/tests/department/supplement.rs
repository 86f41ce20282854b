//! What is missing is told once, and comes.

use jiff::{SignedDuration, Timestamp};
use protocol::{CheckedPoint, GivenNotice, Message, RawJson, TaskDeemedAccepted, TaskSupplemented};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    accept_and_decide::text_of,
    stage::{MORNING, until},
    test_department::{TestDepartment, assigned},
};

crate::on_both_databases! { TestDepartment::open:
    everything_missing_is_told_comes_and_is_accepted
    a_second_notice_needs_the_reason_of_who_may_allow_it
    what_the_window_has_told_was_the_first_notice
    a_notice_names_what_the_task_has
    what_came_twice_is_taken_once_and_what_came_unasked_too
    silence_after_a_supplement_counts_from_it
    silence_counts_from_what_came_before_the_department_had_the_task
}

fn point(met: bool) -> CheckedPoint {
    CheckedPoint {
        code: "signed".to_owned(),
        material: Some("application".to_owned()),
        text: "申请书已签字".to_owned(),
        reason: "申请书没有签字，请签字后重新提交。".to_owned(),
        blocking: true,
        by_machine: false,
        met,
        open: false,
    }
}

async fn pointed(department: &TestDepartment) -> Uuid {
    let mut task = assigned(1);
    task.points = vec![point(false)];
    department.assign(task).await
}

fn missing() -> Value {
    json!({ "points": [
        { "code": "signed", "reason": "申请书没有签字，请签字后重新提交。" },
        { "reason": "请补充经营场所平面图。" },
    ] })
}

fn after(hours: i64) -> Timestamp {
    MORNING.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hours)
}

fn supplied(task: Uuid, hours: i64) -> Message {
    let mut materials = assigned(1).materials;
    let mut plan = materials[0].clone();
    (plan.index, plan.code, plan.name) = (1, "floor-plan".to_owned(), "经营场所平面图".to_owned());
    materials.push(plan);
    Message::TaskSupplemented(Box::new(TaskSupplemented {
        case_id: task,
        received_at: after(hours),
        form: RawJson::from(&json!({ "premises": "安澜市桂花街14号" })),
        materials,
        points: vec![point(true)],
    }))
}

async fn everything_missing_is_told_comes_and_is_accepted(department: TestDepartment) {
    let id = pointed(&department).await;
    let approver = department.desk("approver").await;
    let ask = || approver.posting(&format!("/tasks/{id}/ask-supplement"), &missing()).seen(1).key("asked");
    let asked = ask().send().await.done();
    assert_eq!(ask().send().await.done(), asked, "a repeated request gets the first answer");
    assert_eq!(
        (&asked["state"], &asked["notices_given"], &asked["due"]),
        (&json!("supplement-asked"), &json!(1), &Value::Null)
    );
    let notice = &asked["notices"][0];
    assert_eq!((&notice["officer"], &notice["number"]), (&json!("方一鸣"), &json!("安市监许补〔2026〕1号")));
    assert_eq!(
        notice["points"][0],
        json!({
            "code": "signed", "material": "application", "reason": "申请书没有签字，请签字后重新提交。",
        })
    );
    assert_eq!(asked["clocks"][0]["stopped_at"], MORNING, "the limit of the intake waits for the applicant");
    let [(kind, told)] = &department.told().await[..] else { panic!("one message") };
    assert_eq!((kind.as_str(), told["points"].as_array().unwrap().len()), ("task.supplement-asked", 2));
    assert!(told.get("allowed").is_none());

    let workers = department.departments.start();
    until("the notice", async || {
        let task = approver.get(&format!("/tasks/{id}")).await.done();
        (task["papers"][0]["state"] == "ready").then_some(())
    })
    .await;
    workers.stop().await;
    let mut tx = department.department.store().read().await.unwrap();
    let issued = tx.deliveries(id).await.unwrap();
    assert_eq!(issued.last().unwrap().kind, "yichuang.paper.issued");
    drop(tx);
    let early = department.refusal(approver.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(2)).await;
    assert!(early.starts_with("409 not-now"), "{early}");

    department.clock.move_to(after(50));
    department.hear(2, supplied(id, 49)).await;
    let approver = department.desk("approver").await;
    let task = approver.get(&format!("/tasks/{id}")).await.done();
    assert_eq!((&task["state"], &task["received_at"]), (&json!("assigned"), &json!(after(49).to_string())));
    assert_eq!((&task["form"]["premises"], &task["points"][0]["met"]), (&json!("安澜市桂花街14号"), &json!(true)));
    assert_eq!(task["materials"][1]["code"], "floor-plan");
    assert_eq!(task["clocks"][0]["started_at"], json!(after(49).to_string()), "the limit runs anew");
    assert_eq!(task["notices"].as_array().unwrap().len(), 1, "what was told stays");
    let version = task["version"].as_u64().unwrap();
    let accepted = approver.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(version).send().await.done();
    assert_eq!(accepted["state"], "accepted");
    assert!(department.department.store().verify_journal(|_| ()).await.unwrap().faults.is_empty());
}

async fn a_second_notice_needs_the_reason_of_who_may_allow_it(department: TestDepartment) {
    let id = pointed(&department).await;
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    let path = format!("/tasks/{id}/ask-supplement");
    let again = |reason: &str| {
        let mut body = missing();
        body["allowed"] = json!(reason);
        body
    };
    let mut lines = vec![];
    let first = department.refusal(delegate.posting(&path, &again("漏告知一项。")).seen(1)).await;
    lines.push(format!("allowed at first\n    -> {first}"));
    let not_an_approver = department.refusal(delegate.posting(&path, &missing()).seen(1)).await;
    lines.push(format!("the first by the delegate\n    -> {not_an_approver}"));
    approver.posting(&path, &missing()).seen(1).send().await.done();
    let waiting = department.refusal(delegate.posting(&path, &again("漏告知一项。")).seen(2)).await;
    lines.push(format!("while the first waits\n    -> {waiting}"));
    department.clock.move_to(after(2));
    department.hear(2, supplied(id, 1)).await;
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    for (label, desk, body) in [
        ("without a reason", &approver, missing()),
        ("by the approver", &approver, again("漏告知一项。")),
        ("with an empty reason", &delegate, again(" ")),
    ] {
        lines.push(format!("{label}\n    -> {}", department.refusal(desk.posting(&path, &body).seen(3)).await));
    }
    insta::assert_snapshot!("a_second_notice_needs_the_reason_of_who_may_allow_it", lines.join("\n"));

    department.told().await;
    let task = delegate.posting(&path, &again("漏告知一项。")).seen(3).send().await.done();
    let notice = &task["notices"][1];
    assert_eq!((&notice["officer"], &notice["allowed_because"]), (&json!("沈若溪"), &json!("漏告知一项。")));
    assert_eq!((&notice["number"], &task["notices_given"]), (&json!("安市监许补〔2026〕2号"), &json!(2)));
    let [(_, told)] = &department.told().await[..] else { panic!("one message") };
    assert_eq!(told["allowed"], json!({ "manager": "沈若溪", "reason": "漏告知一项。" }));
}

async fn silence_counts_from_what_came_before_the_department_had_the_task(department: TestDepartment) {
    let mut task = assigned(1);
    task.received_at = Some(after(49));
    let id = department.assign(task).await;
    department.clock.move_to(after(24 * 12));
    let word = |accepted_at| {
        Message::TaskDeemedAccepted(TaskDeemedAccepted { case_id: id, accepted_at, deemed_at: after(24 * 11) })
    };
    let of_before = department.refusal(department.signed(&department.word(2, word(after(0))))).await;
    assert!(of_before.starts_with("422 validation-failed | /data/accepted_at contradiction"), "{of_before}");
    department.hear(2, word(after(49))).await;
    let task = department.desk("approver").await.get(&format!("/tasks/{id}")).await.done();
    assert_eq!((&task["state"], &task["deemed_accepted"]), (&json!("accepted"), &json!(true)));
    assert_eq!(task["clocks"][1]["started_at"], json!(after(49).to_string()));
}

async fn what_the_window_has_told_was_the_first_notice(department: TestDepartment) {
    let mut task = assigned(1);
    task.points = vec![point(true)];
    task.notices = vec![GivenNotice {
        asked_at: after(0),
        officer: "陈思远".to_owned(),
        number: "安政服补〔2026〕1号".to_owned(),
        points: vec![],
    }];
    let id = department.assign(task).await;
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    let path = format!("/tasks/{id}/ask-supplement");
    let view = approver.get(&format!("/tasks/{id}")).await.done();
    let notice = &view["notices"][0];
    assert_eq!(
        (&notice["by"], &notice["officer"], &view["notices_given"]),
        (&json!("window"), &json!("陈思远"), &json!(1))
    );
    let refused = department.refusal(approver.posting(&path, &missing()).seen(1)).await;
    assert!(refused.starts_with("409 notice-given"), "{refused}");
    let mut allowed = missing();
    allowed["allowed"] = json!("窗口漏告知一项。");
    let view = delegate.posting(&path, &allowed).seen(1).send().await.done();
    assert_eq!((&view["notices"][1]["by"], &view["notices_given"]), (&json!("department"), &json!(2)));
    let workers = department.departments.start();
    let paper = until("the notice", async || {
        let paper = approver.get(&format!("/tasks/{id}")).await.done()["papers"][0].clone();
        (paper["state"] == "ready").then_some(paper)
    })
    .await;
    let text = text_of(&approver.get(&format!("/papers/{}", paper["id"].as_str().unwrap())).await.bytes);
    assert!(text.contains("本次为第二次告知，理由：窗口漏告知一项。"), "{text}");
    workers.stop().await;
}

async fn a_notice_names_what_the_task_has(department: TestDepartment) {
    let id = pointed(&department).await;
    let approver = department.desk("approver").await;
    let many: Vec<_> = (0..101).map(|n| json!({ "reason": format!("第{n}项") })).collect();
    let wrong = [
        ("nothing", json!([])),
        ("101 points", json!(many)),
        ("no reason", json!([{ "code": "signed", "reason": " " }])),
        ("a reason of two lines", json!([{ "reason": "第一行\n第二行" }])),
        ("a reason too long", json!([{ "reason": "长".repeat(501) }])),
        ("a point that there is not", json!([{ "reason": "缺件" }, { "code": "sealed", "reason": "没有盖章" }])),
        ("a material that there is not", json!([{ "material": "passport", "reason": "缺护照" }])),
        ("a field that there is not", json!([{ "reason": "缺件", "blocking": true }])),
    ];
    let mut lines = vec![];
    for (label, points) in wrong {
        let body = json!({ "points": points });
        let ask = approver.posting(&format!("/tasks/{id}/ask-supplement"), &body).seen(1);
        lines.push(format!("{label}\n    -> {}", department.refusal(ask).await));
    }
    insta::assert_snapshot!("a_notice_names_what_the_task_has", lines.join("\n"));
}

async fn what_came_twice_is_taken_once_and_what_came_unasked_too(department: TestDepartment) {
    let id = pointed(&department).await;
    let event = department.word(2, supplied(id, 1));
    for _ in 0..2 {
        assert_eq!(department.signed(&event).send().await.status, 204);
    }
    // The window has told what was missing; the department had not asked.
    department.hear(3, supplied(id, 2)).await;
    let approver = department.desk("approver").await;
    let task = approver.get(&format!("/tasks/{id}")).await.done();
    assert_eq!((&task["state"], &task["version"]), (&json!("assigned"), &json!(3)));
    let back = department.refusal(department.signed(&department.word(4, supplied(id, 1)))).await;
    assert!(back.starts_with("422 validation-failed | /data/received_at contradiction"), "{back}");
    approver.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(3).send().await.done();
    let late = department.refusal(department.signed(&department.word(4, supplied(id, 3)))).await;
    assert!(late.starts_with("409 not-now"), "{late}");
    let unknown = department.refusal(department.signed(&department.word(1, supplied(Uuid::from_u128(7), 3)))).await;
    assert_eq!(unknown, "404 task-not-found");
}

async fn silence_after_a_supplement_counts_from_it(department: TestDepartment) {
    let id = pointed(&department).await;
    department.hear(2, supplied(id, 49)).await;
    department.clock.move_to(after(24 * 12));
    let deemed_at = after(24 * 11);
    let word = |accepted_at| Message::TaskDeemedAccepted(TaskDeemedAccepted { case_id: id, accepted_at, deemed_at });
    let of_before = department.refusal(department.signed(&department.word(3, word(after(0))))).await;
    assert!(of_before.starts_with("422 validation-failed | /data/accepted_at contradiction"), "{of_before}");
    department.hear(3, word(after(49))).await;
    let task = department.desk("approver").await.get(&format!("/tasks/{id}")).await.done();
    assert_eq!((&task["state"], &task["deemed_accepted"]), (&json!("accepted"), &json!(true)));
    assert_eq!(task["clocks"][1]["started_at"], json!(after(49).to_string()));
}
