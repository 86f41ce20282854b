//! What a department does wrong: refused, and nothing changed.

use http::Method;
use protocol::{Event, Message, MessageId, Party, Secret};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    fake_department::{Told, accepted, case_id, event, granted, posted, signed},
    stage::Office,
    test_hall::{DEPARTMENT, OTHER_DEPARTMENT, TestHall},
};

crate::on_both_databases! { TestHall::open:
    who_does_not_prove_to_be_a_department_is_refused
    an_event_of_another_department_or_case_is_refused
    an_event_that_is_none_is_refused
    wrong_data_in_an_event_is_named
    events_come_in_order_and_once
    what_the_state_does_not_allow_is_refused
    a_paper_is_the_one_that_was_announced
    a_file_is_given_to_a_department_that_signs
}

async fn taken(hall: &TestHall) -> Uuid {
    case_id(&hall.taken_case(&hall.clerk().await).await)
}

/// An event with one thing wrong in its document, signed all the same.
fn spoiled(hall: &TestHall, event: &Event, spoil: impl FnOnce(&mut Value)) -> crate::stage::Ask {
    let mut document: Value = serde_json::from_slice(&event.to_bytes()).unwrap();
    spoil(&mut document);
    posted(hall, event.source, &hall.secret, &event.id, document.to_string().as_bytes())
}

async fn who_does_not_prove_to_be_a_department_is_refused(hall: TestHall) {
    let case = taken(&hall).await;
    let event = event(&hall, 1, accepted(&hall, case));
    let bytes = event.to_bytes();
    let mut lines = vec![];
    let mut refuse = async |label: &str, ask| {
        let line = hall.refusal(ask).await;
        lines.push(format!("{label}\n    -> {line}"));
    };
    let bare = Office::visitor(hall.router(), "").ask(Method::POST, protocol::EVENTS_PATH);
    refuse("unsigned", bare.bytes(protocol::EVENT_MEDIA_TYPE, bytes.clone())).await;
    refuse("no sender", signed(&hall, &event).without(protocol::HEADER_SOURCE)).await;
    refuse("a sender that is none", signed(&hall, &event).header(protocol::HEADER_SOURCE, "urn:x")).await;
    let stranger = Party::Department(Uuid::from_u128(9)).to_string();
    refuse("an unknown sender", signed(&hall, &event).header(protocol::HEADER_SOURCE, &stranger)).await;
    let a_hall = Party::Hall(DEPARTMENT).to_string();
    refuse("a hall as sender", signed(&hall, &event).header(protocol::HEADER_SOURCE, &a_hall)).await;
    let wrong = Secret::generate([9; 32]);
    refuse("a wrong secret", posted(&hall, event.source, &wrong, &event.id, &bytes)).await;
    refuse("the secret of another", posted(&hall, event.source, &hall.other_secret, &event.id, &bytes)).await;
    refuse("no signature", signed(&hall, &event).without("webhook-signature")).await;
    refuse("a garbled signature", signed(&hall, &event).header("webhook-signature", "v1,AAAA")).await;
    refuse("a garbled time", signed(&hall, &event).header("webhook-timestamp", "yesterday")).await;
    refuse("another id", signed(&hall, &event).header("webhook-id", "other")).await;
    refuse(
        "a changed body",
        signed(&hall, &event).bytes(protocol::EVENT_MEDIA_TYPE, [bytes.as_slice(), b" "].concat()),
    )
    .await;
    let now = web::Clock::now(&hall.clock);
    let old = signed(&hall, &event);
    hall.clock.advance(std::time::Duration::from_secs(301));
    refuse("signed too long ago", old).await;
    hall.clock.move_to("2026-06-15T02:00:00Z".parse().unwrap());
    let early = signed(&hall, &event);
    hall.clock.move_to(now);
    refuse("signed in the future", early).await;
    insta::assert_snapshot!("who_does_not_prove_to_be_a_department_is_refused", lines.join("\n"));
    let plain = signed(&hall, &event).bytes("application/json", bytes.clone());
    assert!(hall.refusal(plain).await.starts_with("415 media-type | content-type: not-allowed "));
    assert_eq!(signed(&hall, &event).send().await.status, 204, "the same event, signed rightly, is taken");
}

async fn an_event_of_another_department_or_case_is_refused(hall: TestHall) {
    let case = taken(&hall).await;
    let mut lines = vec![];
    let mut other = event(&hall, 1, accepted(&hall, case));
    other.source = Party::Department(OTHER_DEPARTMENT);
    let ask = posted(&hall, other.source, &hall.other_secret, &other.id, &other.to_bytes());
    lines.push(format!("another department's case\n    -> {}", hall.refusal(ask).await));
    let mut lying = event(&hall, 1, accepted(&hall, case));
    lying.source = Party::Department(OTHER_DEPARTMENT);
    let ask = posted(&hall, Party::Department(DEPARTMENT), &hall.secret, &lying.id, &lying.to_bytes());
    lines.push(format!("another source than the sender\n    -> {}", hall.refusal(ask).await));
    let unknown = event(&hall, 1, accepted(&hall, Uuid::from_u128(7)));
    lines.push(format!("a case that there is not\n    -> {}", hall.refusal(signed(&hall, &unknown)).await));
    insta::assert_snapshot!("an_event_of_another_department_or_case_is_refused", lines.join("\n"));
}

async fn an_event_that_is_none_is_refused(hall: TestHall) {
    let case = taken(&hall).await;
    let good = event(&hall, 1, accepted(&hall, case));
    let mut lines = vec![];
    let from = Party::Department(DEPARTMENT);
    let deep = format!(r#"{{"data":{}1{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let big = format!(r#"{{"data":"{}"}}"#, "x".repeat(1 << 20));
    for (label, body) in [
        ("nothing", String::new()),
        ("no JSON", "accept!".into()),
        ("a list", "[]".into()),
        ("10,000 lists", deep),
        ("more than 1 MiB", big),
    ] {
        let ask = posted(&hall, from, &hall.secret, &good.id, body.as_bytes());
        lines.push(format!("{label}\n    -> {}", hall.refusal(ask).await));
    }
    type Spoil = Box<dyn FnOnce(&mut Value) + Send>;
    let set = |field: &'static str, value: Value| -> Spoil { Box::new(move |event| event[field] = value) };
    let cases: Vec<(&str, Spoil)> = vec![
        ("specversion", set("specversion", json!("0.3"))),
        ("no id", Box::new(|event| drop(event.as_object_mut().unwrap().remove("id")))),
        ("id of another message", set("id", json!("another"))),
        ("type unknown", set("type", json!("yichuang.task.burned"))),
        ("type with NUL", set("type", json!("yichuang\0"))),
        ("type a number", set("type", json!(7))),
        ("source no party", set("source", json!("urn:yichuang:court:1"))),
        ("time no time", set("time", json!("soon"))),
        ("sequence a number", set("sequence", json!(1))),
        ("sequence 0", set("sequence", json!("0"))),
        ("sequence beyond all", set("sequence", json!("9999999999999999999"))),
        ("case id of another case", set("caseid", json!(Uuid::from_u128(5)))),
        ("case id none", set("caseid", json!("5"))),
        ("data none", set("data", json!(null))),
        ("subject too long", set("subject", json!("x".repeat(65)))),
    ];
    for (label, spoil) in cases {
        lines.push(format!("{label}\n    -> {}", hall.refusal(spoiled(&hall, &good, spoil)).await));
    }
    insta::assert_snapshot!("an_event_that_is_none_is_refused", lines.join("\n"));
}

async fn wrong_data_in_an_event_is_named(hall: TestHall) {
    let case = taken(&hall).await;
    let mut told = Told::default();
    let good = event(&hall, 1, accepted(&hall, case));
    let mut lines = vec![];
    let wrong = [
        ("/accepted_at", json!("today")),
        ("/officer", json!("")),
        ("/officer", json!("长".repeat(201))),
        ("/officer", json!("诸葛\0明远")),
        ("/officer", json!(null)),
        ("/notice", json!({})),
        ("/notice/paper_id", json!("7")),
        ("/notice/number", json!("")),
        ("/notice/number", json!("x".repeat(65))),
    ];
    for (pointer, value) in wrong {
        let label = format!("accepted {pointer} {:.30}", value.to_string());
        let ask = spoiled(&hall, &good, |event| *event["data"].pointer_mut(pointer).unwrap() = value);
        lines.push(format!("{label}\n    -> {}", hall.refusal(ask).await));
    }
    told.tell(&hall, accepted(&hall, case)).await;
    let good = told.next(&hall, Message::TaskDecided(granted(&hall, case)));
    let receipt = {
        let mut tx = hall.hall.store().read().await.unwrap();
        tx.papers(case).await.unwrap()[0].id
    };
    let wrong = [
        ("/outcome", json!("perhaps")),
        ("/reason", json!("")),
        ("/reason", json!("长".repeat(4001))),
        ("/reason", json!("符合\u{7}")),
        ("/certificate", json!(null)),
        ("/certificate/valid_from", json!("2026-02-30")),
        ("/certificate/valid_until", json!("2026-06-14")),
        ("/certificate/holder", json!("")),
        ("/certificate/title", json!("长".repeat(201))),
        ("/decision/number", json!("安市监\n许决")),
        ("/decision/paper_id", json!(receipt)),
        ("/certificate/paper_id", json!(receipt)),
    ];
    for (pointer, value) in wrong {
        let label = format!("decided {pointer} {:.30}", value.to_string().replace(&receipt.to_string(), "{receipt}"));
        let ask = spoiled(&hall, &good, |event| *event["data"].pointer_mut(pointer).unwrap() = value);
        let line = hall.refusal(ask).await.replace(&receipt.to_string(), "{receipt}");
        lines.push(format!("{label}\n    -> {line}"));
    }
    let ask = spoiled(&hall, &good, |event| event["data"]["outcome"] = json!("denied"));
    lines.push(format!("denied with a certificate\n    -> {}", hall.refusal(ask).await));
    let ask = spoiled(&hall, &good, |event| {
        event["data"]["certificate"]["paper_id"] = event["data"]["decision"]["paper_id"].clone()
    });
    let line = hall.refusal(ask).await;
    let line = line.replace(&granted_id(&good), "{decision}");
    lines.push(format!("one paper for both\n    -> {line}"));
    insta::assert_snapshot!("wrong_data_in_an_event_is_named", lines.join("\n"));
    assert_eq!(signed(&hall, &good).send().await.status, 204);

    // Another case's paper cannot be taken for one of its own.
    let other = taken(&hall).await;
    let mut told = Told::default();
    let Message::TaskDecided(decided) = &good.message else { unreachable!() };
    let stolen = Message::TaskAccepted(protocol::TaskAccepted {
        case_id: other,
        accepted_at: web::Clock::now(&hall.clock),
        officer: "诸葛明远".to_owned(),
        notice: decided.decision.clone(),
    });
    let event = told.next(&hall, stolen);
    let refused = hall.refusal(signed(&hall, &event)).await;
    assert!(refused.starts_with("409 id-taken | /data/notice/paper_id taken"), "{refused}");
}

fn granted_id(event: &Event) -> String {
    let Message::TaskDecided(decided) = &event.message else { unreachable!() };
    decided.decision.paper_id.to_string()
}

async fn events_come_in_order_and_once(hall: TestHall) {
    let case = taken(&hall).await;
    let mut told = Told::default();
    let first = told.next(&hall, accepted(&hall, case));
    let second = told.next(&hall, Message::TaskDecided(granted(&hall, case)));
    let gap = hall.refusal(signed(&hall, &second)).await;
    assert_eq!(gap, r#"409 out-of-order | /sequence out-of-order = "2" {"expected":1}"#);
    assert_eq!(signed(&hall, &first).send().await.status, 204);

    let before = hall.memory().await;
    let again = signed(&hall, &first).send().await;
    assert_eq!((again.status, again.bytes.len()), (204, 0), "a duplicate is answered as the first was");
    assert_eq!(before, hall.memory().await);

    let same_place = Event { id: MessageId::from(hall.new_id()), ..first.clone() };
    let refused = hall.refusal(signed(&hall, &same_place)).await;
    assert_eq!(refused, r#"409 out-of-order | /sequence out-of-order = "1" {"expected":2}"#);

    let conflicting = Event { message: accepted(&hall, case), ..first.clone() };
    assert_eq!(hall.refusal(signed(&hall, &conflicting)).await, "409 id-taken | /id twice");
    let elsewhere = Event { sequence: 2, ..first };
    assert_eq!(hall.refusal(signed(&hall, &elsewhere)).await, "409 id-taken | /id twice");

    // Sixteen times at once, as after a broken connection.
    let sends: Vec<_> = (0..16).map(|_| tokio::spawn(signed(&hall, &second).send())).collect();
    for send in sends {
        let answer = send.await.unwrap();
        assert_eq!(answer.status, 204, "{}", answer.text());
    }
    let view = hall.clerk().await.get(&format!("/cases/{case}")).await.done();
    assert_eq!(view["state"], "decided");
    assert_eq!(view["version"], 3);
}

async fn what_the_state_does_not_allow_is_refused(hall: TestHall) {
    let case = taken(&hall).await;
    let decided = event(&hall, 1, Message::TaskDecided(granted(&hall, case)));
    let mut lines = vec![format!("decided before accepted\n    -> {}", hall.refusal(signed(&hall, &decided)).await)];
    let mut told = Told::default();
    told.tell(&hall, accepted(&hall, case)).await;
    let twice = told.next(&hall, accepted(&hall, case));
    lines.push(format!("accepted twice\n    -> {}", hall.refusal(signed(&hall, &twice)).await));
    let assigned = Message::PaperIssued(protocol::PaperIssued {
        case_id: case,
        paper_id: Uuid::from_u128(3),
        kind: protocol::PaperKind::Decision,
        number: "1".into(),
        sha256: "ab".repeat(32),
        size: 1,
    });
    let unknown = Event { message: assigned, ..twice };
    lines.push(format!("a paper nobody announced\n    -> {}", hall.refusal(signed(&hall, &unknown)).await));
    insta::assert_snapshot!("what_the_state_does_not_allow_is_refused", lines.join("\n"));
}

async fn a_paper_is_the_one_that_was_announced(hall: TestHall) {
    let case = taken(&hall).await;
    let mut told = Told::default();
    let message = accepted(&hall, case);
    let Message::TaskAccepted(acceptance) = &message else { unreachable!() };
    let notice = acceptance.notice.clone();
    told.tell(&hall, message).await;
    let issued = protocol::PaperIssued {
        case_id: case,
        paper_id: notice.paper_id,
        kind: protocol::PaperKind::AcceptanceNotice,
        number: notice.number,
        sha256: "ab".repeat(32),
        size: 10,
    };
    let good = told.next(&hall, Message::PaperIssued(issued.clone()));
    let mut lines = vec![];
    let wrong = [
        ("/number", json!("安市监许受〔2026〕2号")),
        ("/sha256", json!("ab")),
        ("/sha256", json!("AB".repeat(32))),
        ("/size", json!(0)),
        ("/size", json!(-1)),
        ("/size", json!(1_u64 << 40)),
        ("/kind", json!("poem")),
        ("/kind", json!("certificate")),
    ];
    for (pointer, value) in wrong {
        let label = format!("{pointer} {:.30}", value.to_string());
        let ask = spoiled(&hall, &good, |event| *event["data"].pointer_mut(pointer).unwrap() = value);
        lines.push(format!("{label}\n    -> {}", hall.refusal(ask).await));
    }
    assert_eq!(signed(&hall, &good).send().await.status, 204);
    let other = told.next(&hall, Message::PaperIssued(protocol::PaperIssued { sha256: "cd".repeat(32), ..issued }));
    lines.push(format!("other bytes than announced before\n    -> {}", hall.refusal(signed(&hall, &other)).await));
    insta::assert_snapshot!("a_paper_is_the_one_that_was_announced", lines.join("\n"));
}

async fn a_file_is_given_to_a_department_that_signs(hall: TestHall) {
    let clerk = hall.clerk().await;
    let file = clerk.put("/files?name=a.pdf", crate::test_hall::PDF).await.done();
    let path = format!("{}/{}", protocol::FILES_PATH, file["sha256"].as_str().unwrap());
    let ask = |path: &str, signed_path: &str, secret: &Secret| {
        let id = MessageId::from(hall.new_id());
        let now = web::Clock::wall(&hall.clock);
        let text = protocol::get_text(signed_path);
        let headers = protocol::sign(std::slice::from_ref(secret), &id, now, text.as_bytes()).unwrap();
        let source = Party::Department(DEPARTMENT).to_string();
        let office = Office::visitor(hall.router(), "");
        office.ask(Method::GET, path).header(protocol::HEADER_SOURCE, &source).headers(headers)
    };
    let given = ask(&path, &path, &hall.secret).send().await;
    assert_eq!((given.status, given.bytes.as_slice()), (200, crate::test_hall::PDF));
    let nothing = format!("{}/{}", protocol::FILES_PATH, "ab".repeat(32));
    assert_eq!(hall.refusal(ask(&nothing, &nothing, &hall.secret)).await, "404 file-not-found");
    let climbing = format!("{}/..%2F..%2Fetc%2Fpasswd", protocol::FILES_PATH);
    assert!(hall.refusal(ask(&climbing, &climbing, &hall.secret)).await.starts_with("40"));
    assert_eq!(hall.refusal(ask(&path, &nothing, &hall.secret)).await, "401 signature-invalid");
    assert_eq!(hall.refusal(ask(&path, &path, &hall.other_secret)).await, "401 signature-invalid");
    let unsigned = Office::visitor(hall.router(), "").ask(Method::GET, &path);
    assert_eq!(hall.refusal(unsigned).await, "401 signature-invalid");
    // A clerk's session is not for this door.
    let clerk = clerk.ask(Method::GET, "/session");
    assert_eq!(clerk.send().await.status, 200);
}
