//! Accepting and deciding: once, by whoever may, with papers that can be printed.

use domain::rights::Role;
use http::Method;
use std::{
    collections::BTreeMap,
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    stage::{Office, until},
    test_department::{TestDepartment, assigned, granted},
};

crate::on_both_databases! { TestDepartment::open:
    a_task_is_accepted_and_granted_with_three_papers
    an_opinion_has_at_most_a_thousand_characters_that_can_be_printed
    a_decision_and_its_certificate_agree
    an_item_of_another_kind_has_papers_of_its_own
    what_a_grant_results_in_is_on_the_paper_of_the_item
    a_task_is_changed_from_the_version_that_was_seen
    a_repeated_decision_is_answered_as_the_first
    every_role_has_its_addresses
}

async fn accepted_task(department: &TestDepartment, approver: &Office) -> String {
    let id = department.task(1).await.to_string();
    let accepted = approver.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(1).send().await.done();
    assert_eq!(accepted["state"], "accepted");
    id
}

async fn a_task_is_accepted_and_granted_with_three_papers(department: TestDepartment) {
    let workers = department.departments.start();
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    let id = department.task(1).await;
    let body = json!({ "opinion": "材料齐全，符合法定形式。" });
    approver.posting(&format!("/tasks/{id}/accept"), &body).seen(1).send().await.done();
    let ready = async |count: usize| {
        let task = delegate.get(&format!("/tasks/{id}")).await.done();
        let papers = task["papers"].as_array().unwrap();
        (papers.len() == count && papers.iter().all(|paper| paper["state"] == "ready")).then_some(task)
    };
    let task = until("the notice", || ready(1)).await;
    let version = task["version"].as_u64().unwrap();
    delegate.posting(&format!("/tasks/{id}/decide"), &granted()).seen(version).send().await.done();
    let task = until("the papers of the decision", || ready(3)).await;
    let numbers: Vec<_> = task["papers"].as_array().unwrap().iter().map(|paper| paper["number"].clone()).collect();
    assert_eq!(numbers, ["安市监许受〔2026〕1号", "安市监许决〔2026〕1号", "安市监食证〔2026〕1号"]);
    for paper in task["papers"].as_array().unwrap() {
        let bytes = delegate.get(&format!("/papers/{}", paper["id"].as_str().unwrap())).await;
        assert!(bytes.bytes.starts_with(b"%PDF-"), "{}", bytes.text());
    }
    let opinions: Vec<_> = task["opinions"].as_array().unwrap().iter().map(|opinion| opinion["text"].clone()).collect();
    assert_eq!(opinions, ["材料齐全，符合法定形式。", "符合法定条件、标准。"]);
    let opinions_by: Vec<_> =
        task["opinions"].as_array().unwrap().iter().map(|opinion| opinion["by"].clone()).collect();

    let timeline = approver.get(&format!("/tasks/{id}/timeline")).await.done();
    let filed = timeline["items"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "task.paper-filed");
    let used: BTreeMap<_, _> = filed
        .map(|entry| &entry["facts"])
        .map(|facts| (facts["kind"].as_str().unwrap(), (&facts["sealed_by"], facts["seal"].as_str().unwrap())))
        .collect();
    let [approver, delegate] = [&opinions_by[0], &opinions_by[1]];
    assert!(approver != delegate && approver.is_string());
    let seal = "安澜市市场监督管理局行政许可专用章";
    let expected = [("acceptance-notice", approver), ("certificate", delegate), ("decision", delegate)];
    assert_eq!(used, BTreeMap::from(expected.map(|(kind, by)| (kind, (by, seal)))));
    workers.stop().await;
    assert!(department.department.store().verify_journal(|_| ()).await.unwrap().faults.is_empty());
}

/// The text of a PDF, without the spaces between.
pub(crate) fn text_of(pdf: &[u8]) -> String {
    let mut reader = Command::new("pdftotext");
    let mut reader = reader.args(["-layout", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let text = String::from_utf8(reader.wait_with_output().unwrap().stdout).unwrap();
    text.chars().filter(|found| !found.is_whitespace()).collect()
}

async fn an_item_of_another_kind_has_papers_of_its_own(department: TestDepartment) {
    let workers = department.departments.start();
    let mut task = assigned(1);
    let (id, papers) = (task.case_id, &mut task.item.papers);
    task.item.kind = "行政确认".to_owned();
    papers.acceptance_notice.title = "行政确认申请受理通知书".to_owned();
    papers.granted.title = "行政确认书".to_owned();
    papers.granted.ruling = "予以确认".to_owned();
    papers.granted.basis =
        vec![protocol::Article { law: "某登记办法".to_owned(), article: "第十条".to_owned(), verified: false }];
    task.item.limits.clear();
    task.item.result.mark = Some("安市监照".to_owned());
    let answer = department.signed(&department.event(task)).send().await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    approver.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(1).send().await.done();
    let version = approver.get(&format!("/tasks/{id}")).await.done()["version"].as_u64().unwrap();
    delegate.posting(&format!("/tasks/{id}/decide"), &granted()).seen(version).send().await.done();
    let papers = until("the papers", async || {
        let task = delegate.get(&format!("/tasks/{id}")).await.done();
        let papers = task["papers"].as_array().unwrap().clone();
        (papers.len() == 3 && papers.iter().all(|paper| paper["state"] == "ready")).then_some(papers)
    })
    .await;
    let titles: Vec<_> = papers.iter().map(|paper| paper["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["行政确认申请受理通知书", "行政确认书", "食品经营许可证"]);
    assert_eq!(papers[2]["number"], "安市监照〔2026〕1号");
    let notice = delegate.get(&format!("/papers/{}", papers[0]["id"].as_str().unwrap())).await;
    let text = text_of(&notice.bytes);
    assert!(text.contains("受理日期") && !text.contains("办结时限"), "{text}");
    workers.stop().await;
}

async fn an_opinion_has_at_most_a_thousand_characters_that_can_be_printed(department: TestDepartment) {
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    let waiting = department.task(2).await;
    let id = accepted_task(&department, &approver).await;
    let wrong = [
        ("missing", json!(null)),
        ("empty", json!("")),
        ("of blanks", json!(" \n　")),
        ("too long", json!("长".repeat(1001))),
        ("a number", json!(7)),
        ("with NUL", json!("符合\0条件")),
        ("with a bell", json!("符合\u{7}条件")),
        ("that turns", json!("符合\u{202e}条件")),
        ("that cannot be printed", json!("符合😀条件")),
        ("of 10,000 emoji", json!("😀".repeat(10_000))),
    ];
    let mut lines = vec![];
    for (label, opinion) in wrong {
        let optional = matches!(label, "missing" | "empty" | "of blanks");
        if !optional {
            let body = json!({ "opinion": opinion });
            let ask = approver.posting(&format!("/tasks/{waiting}/accept"), &body).seen(1);
            lines.push(format!("accept, {label}\n    -> {}", department.refusal(ask).await));
        }
        let mut body = granted();
        body["opinion"] = opinion;
        let ask = delegate.posting(&format!("/tasks/{id}/decide"), &body).seen(2);
        lines.push(format!("decide, {label}\n    -> {}", department.refusal(ask).await));
    }
    insta::assert_snapshot!("an_opinion_has_at_most_a_thousand_characters_that_can_be_printed", lines.join("\n"));
    let mut body = granted();
    body["opinion"] = json!(format!("{}\n\t第二行", "长".repeat(990)));
    delegate.posting(&format!("/tasks/{id}/decide"), &body).seen(2).send().await.done();
}

async fn a_decision_and_its_certificate_agree(department: TestDepartment) {
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    let id = accepted_task(&department, &approver).await;
    let row = |label: &str, value: &str| json!([{ "label": label, "value": value }]);
    let many: Vec<Value> = (0..51).map(|n| json!({ "label": format!("第{n}行"), "value": "有" })).collect();
    let wrong = [
        ("outcome unknown", "/outcome", json!("perhaps")),
        ("outcome null", "/outcome", json!(null)),
        ("granted without certificate", "/certificate", json!(null)),
        ("denied with certificate", "/outcome", json!("denied")),
        ("rows missing", "/certificate", json!({ "valid_from": "2026-06-15", "valid_until": null })),
        ("51 rows", "/certificate/rows", json!(many)),
        ("a label empty", "/certificate/rows", row("", "有")),
        ("a label too long", "/certificate/rows", row(&"长".repeat(201), "有")),
        ("a value too long", "/certificate/rows", row("经营者名称", &"长".repeat(501))),
        ("a value with NUL", "/certificate/rows", row("经营者名称", "欧阳\0")),
        ("a value that cannot be printed", "/certificate/rows", row("经营者名称", "欧阳😀")),
        ("a row's field that there is not", "/certificate/rows", json!([{ "label": "x", "value": "y", "size": 1 }])),
        ("validity that ends before it begins", "/certificate/valid_until", json!("2026-06-14")),
        ("a day that there is not", "/certificate/valid_from", json!("2026-02-30")),
        ("a field that there is not", "/seal", json!("x")),
    ];
    let mut lines = vec![];
    for (label, pointer, value) in wrong {
        let mut body = granted();
        match body.pointer_mut(pointer) {
            Some(place) => *place = value,
            None => body["seal"] = value,
        }
        let ask = delegate.posting(&format!("/tasks/{id}/decide"), &body).seen(2);
        lines.push(format!("{label}\n    -> {}", department.refusal(ask).await));
    }
    insta::assert_snapshot!("a_decision_and_its_certificate_agree", lines.join("\n"));
    let denied = json!({ "outcome": "denied", "opinion": "不符合条件。" });
    let task = delegate.posting(&format!("/tasks/{id}/decide"), &denied).seen(2).send().await.done();
    assert_eq!((&task["state"], &task["outcome"]), (&json!("decided"), &json!("denied")));
}

async fn a_task_is_changed_from_the_version_that_was_seen(department: TestDepartment) {
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    let id = department.task(1).await;
    let mut lines = vec![];
    let accept = || approver.posting(&format!("/tasks/{id}/accept"), &json!({}));
    let decide = || delegate.posting(&format!("/tasks/{id}/decide"), &granted());
    lines.push(format!("accept without If-Match\n    -> {}", department.refusal(accept()).await));
    lines.push(format!("accept of no version\n    -> {}", department.refusal(accept().header("if-match", "1")).await));
    lines.push(format!("accept of an old version\n    -> {}", department.refusal(accept().seen(0)).await));
    lines.push(format!("decide before acceptance\n    -> {}", department.refusal(decide().seen(1)).await));
    accept().seen(1).send().await.done();
    lines.push(format!("accept again\n    -> {}", department.refusal(accept().seen(2)).await));
    lines.push(format!("decide of the version before\n    -> {}", department.refusal(decide().seen(1)).await));
    let without = decide().seen(2).without("idempotency-key");
    lines.push(format!("decide without key\n    -> {}", department.refusal(without).await));
    decide().seen(2).send().await.done();
    lines.push(format!("decide again\n    -> {}", department.refusal(decide().seen(3)).await));
    insta::assert_snapshot!("a_task_is_changed_from_the_version_that_was_seen", lines.join("\n"));
}

async fn a_repeated_decision_is_answered_as_the_first(department: TestDepartment) {
    let (approver, delegate) = (department.desk("approver").await, department.desk("delegate").await);
    let id = accepted_task(&department, &approver).await;
    let decide = || delegate.posting(&format!("/tasks/{id}/decide"), &granted()).seen(2).key("decided");
    let decisions: Vec<_> = (0..16).map(|_| tokio::spawn(decide().send())).collect();
    let mut answers = vec![];
    for decision in decisions {
        answers.push(decision.await.unwrap());
    }
    for answer in &answers {
        assert_eq!((answer.status, &answer.bytes), (200, &answers[0].bytes), "{}", answer.text());
    }
    let papers = delegate.get(&format!("/tasks/{id}")).await.done()["papers"].as_array().unwrap().len();
    assert_eq!(papers, 3);
    let mut other = granted();
    other["opinion"] = json!("另一意见。");
    let reused = delegate.posting(&format!("/tasks/{id}/decide"), &other).seen(2).key("decided");
    assert!(department.refusal(reused).await.starts_with("422 idempotency-key-reused"));
}

async fn every_role_has_its_addresses(department: TestDepartment) {
    let mut lines = vec![];
    let missing = json!({ "points": [{ "reason": "缺件" }] });
    let again = json!({ "points": [{ "reason": "缺件" }], "allowed": "漏告知一项。" });
    let reject = json!({ "ground": "not-needed", "reason": "依法不需要取得许可。" });
    let review = json!({ "proposal": "denied", "opinion": "不符合条件。" });
    for (nth, role) in (1..).zip(Role::ALL) {
        lines.push(format!("{}:", role.name()));
        let desk = department.desk(role.name()).await;
        let id = department.task(nth).await;
        let asks = [
            ("tasks", desk.ask(Method::GET, "/tasks")),
            ("a task", desk.ask(Method::GET, &format!("/tasks/{id}"))),
            ("counts", desk.ask(Method::GET, "/tasks/counts")),
            ("its timeline", desk.ask(Method::GET, &format!("/tasks/{id}/timeline"))),
            ("its clock", desk.ask(Method::GET, &format!("/tasks/{id}/clocks/intake"))),
            ("its material", desk.ask(Method::GET, &format!("/tasks/{id}/materials/0"))),
            ("a paper", desk.ask(Method::GET, &format!("/papers/{id}"))),
            ("claim", desk.posting(&format!("/tasks/{id}/claim"), &json!({})).seen(1)),
            ("ask", desk.posting(&format!("/tasks/{id}/enquiries"), &json!({ "text": "可以吗？" }))),
            ("answer", desk.posting(&format!("/tasks/{id}/enquiries/{id}/answer"), &json!({ "text": "可以。" }))),
            ("release", desk.posting(&format!("/tasks/{id}/release"), &json!({})).seen(2)),
            ("accept", desk.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(4)),
            ("ask for a supplement", desk.posting(&format!("/tasks/{id}/ask-supplement"), &missing).seen(5)),
            ("ask for a second one", desk.posting(&format!("/tasks/{id}/ask-supplement"), &again).seen(5)),
            ("reject", desk.posting(&format!("/tasks/{id}/reject"), &reject).seen(5)),
            ("review", desk.posting(&format!("/tasks/{id}/review"), &review).seen(5)),
            ("decide", desk.posting(&format!("/tasks/{id}/decide"), &granted()).seen(2)),
            ("send again", desk.posting(&format!("/tasks/{id}/deliveries/{id}/send-again"), &json!({}))),
            // The right comes before what was sent.
            (
                "decide nonsense",
                desk.posting(&format!("/tasks/{id}/decide"), &json!({ "outcome": "granted", "opinion": "" })).seen(2),
            ),
        ];
        for (what, ask) in asks {
            let answer = ask.send().await;
            let outcome = match answer.status {
                200..300 => "yes".to_owned(),
                // The hall has no such file; who may read it gets that far.
                502 => "502 backend-unreachable".to_owned(),
                status => format!("{status} {}", answer.code()),
            };
            lines.push(format!("    {what}: {outcome}"));
        }
    }
    insta::assert_snapshot!("every_role_has_its_addresses", lines.join("\n"));
}

async fn what_a_grant_results_in_is_on_the_paper_of_the_item(department: TestDepartment) {
    let workers = department.departments.start();
    let second = department.desk("second").await;
    for (nth, template) in (1..).zip([
        protocol::ResultTemplate::Certificate,
        protocol::ResultTemplate::Approval,
        protocol::ResultTemplate::Registration,
        protocol::ResultTemplate::CardReceipt,
    ]) {
        let mut task = assigned(nth);
        task.item.result.template = template;
        let id = department.assign(task).await;
        second.posting(&format!("/tasks/{id}/accept"), &json!({})).seen(1).send().await.done();
        let version = second.get(&format!("/tasks/{id}")).await.done()["version"].as_u64().unwrap();
        let decided = second.posting(&format!("/tasks/{id}/decide"), &granted()).seen(version).send().await.done();
        assert_eq!(decided["result"]["template"], json!(template));
        until("the paper", async || {
            let task = second.get(&format!("/tasks/{id}")).await.done();
            (task["papers"][2]["state"] == "ready").then_some(())
        })
        .await;
    }
    workers.stop().await;
}
