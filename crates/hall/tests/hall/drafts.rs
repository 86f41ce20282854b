//! What a window has half done is kept, found again by whoever did it, and becomes a filing.

use http::Method;
use serde_json::{Value, json};
use store::Account;
use uuid::Uuid;
use web::Clock as _;

use crate::{
    stage::{Answer, Office, encoded},
    test_hall::{ITEM, PDF, TestHall},
};

crate::on_both_databases! { TestHall::open:
    a_draft_comes_back_as_it_was_kept
    a_draft_follows_the_version_that_was_seen
    what_is_kept_twice_is_one_version
    drafts_are_listed_newest_first_and_masked
    nobody_sees_the_draft_of_a_colleague
    taking_a_filing_removes_its_draft_and_a_late_one_is_refused
    wrong_drafts_are_refused_by_field
}

/// A colleague of the same role.
pub(crate) async fn colleague(hall: &TestHall, window: &str) -> Office {
    let store = hall.hall.store();
    let clerk = store.read().await.unwrap().account_by_login("window_clerk").await.unwrap().unwrap();
    let account = Account {
        id: Uuid::from_u128(0xacc9),
        login: "second".into(),
        name: "丁二".into(),
        department: None,
        password_hash: clerk.password_hash,
        roles: vec!["window_clerk".into()],
        active: true,
    };
    store.write(async move |tx| tx.put_account(&account).await).await.unwrap();
    hall.visitor().signed_in("second", Some(window)).await
}

pub(crate) fn draft_of(name: &str) -> Value {
    json!({
        "title": { "item_name": "食品经营许可（新办）", "applicant_kind": "person", "applicant_name": name },
        "content": { "step": 2, "typed": { "name": name, "note": "第一行\n第二行\u{0}" } },
    })
}

pub(crate) async fn keep(desk: &Office, id: Uuid, seen: u64, draft: &Value) -> Answer {
    let ask = desk.ask(Method::PUT, &format!("/drafts/{id}")).json(draft);
    if seen == 0 { ask.send().await } else { ask.seen(seen).send().await }
}

async fn read(desk: &Office, id: Uuid) -> Answer {
    desk.get(&format!("/drafts/{id}")).await
}

async fn a_draft_comes_back_as_it_was_kept(hall: TestHall) {
    let (clerk, id) = (hall.clerk().await, hall.new_id());
    let kept = keep(&clerk, id, 0, &draft_of("欧阳晓岚")).await;
    assert_eq!(kept.header("etag"), "\"1\"");
    assert_eq!(kept.done()["title"], "食品经营许可（新办） 欧**岚");
    let answer = read(&clerk, id).await;
    assert_eq!(answer.header("etag"), "\"1\"");
    let draft = answer.done();
    assert_eq!(draft["content"], draft_of("欧阳晓岚")["content"]);
    assert_eq!((&draft["version"], &draft["window"], &draft["confirmed"]), (&json!(1), &json!("01"), &Value::Null));
    // Nothing is known yet: that is kept too.
    let empty = hall.new_id();
    assert_eq!(keep(&clerk, empty, 0, &json!({ "content": {} })).await.done()["title"], "");

    assert_eq!(clerk.ask(Method::DELETE, &format!("/drafts/{id}")).send().await.status, 204);
    assert_eq!(read(&clerk, id).await.refusal(), "404 draft-not-found");
    assert_eq!(clerk.ask(Method::DELETE, &format!("/drafts/{id}")).send().await.refusal(), "404 draft-not-found");
    assert_eq!(keep(&clerk, id, 1, &draft_of("欧阳晓岚")).await.refusal(), "404 draft-not-found");
}

async fn a_draft_follows_the_version_that_was_seen(hall: TestHall) {
    let (clerk, id) = (hall.clerk().await, hall.new_id());
    let at = format!("/drafts/{id}");
    // With a star it is new too.
    let new = clerk.ask(Method::PUT, &at).header("if-match", "*").json(&draft_of("甲一"));
    assert_eq!(new.send().await.done()["version"], 1);
    assert_eq!(keep(&clerk, id, 1, &draft_of("甲一二")).await.done()["version"], 2);
    for seen in [0, 1, 3, u64::MAX] {
        let refused = keep(&clerk, id, seen, &draft_of("乙")).await.refusal();
        let expected = format!("412 precondition-failed | if-match: changed = {seen} {{\"version\":2}}");
        assert_eq!(refused, expected);
    }
    let wrong = clerk.ask(Method::PUT, &at).header("if-match", "2").json(&draft_of("乙")).send().await;
    assert!(wrong.refusal().starts_with("400 precondition-malformed"));
    assert_eq!(read(&clerk, id).await.done()["content"], draft_of("甲一二")["content"]);
}

async fn what_is_kept_twice_is_one_version(hall: TestHall) {
    let (clerk, id) = (hall.clerk().await, hall.new_id());
    let first = keep(&clerk, id, 0, &draft_of("甲一")).await.done();
    hall.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(keep(&clerk, id, 0, &draft_of("甲一")).await.done(), first, "the answer was lost");
    let second = keep(&clerk, id, 1, &draft_of("甲二")).await.done();
    assert_eq!(second["version"], 2);
    assert_eq!(keep(&clerk, id, 1, &draft_of("甲二")).await.done(), second);
}

async fn drafts_are_listed_newest_first_and_masked(hall: TestHall) {
    let clerk = hall.clerk().await;
    let ids: Vec<Uuid> = (0..5).map(|_| hall.new_id()).collect();
    for id in &ids {
        keep(&clerk, *id, 0, &draft_of("欧阳晓岚")).await.done();
        hall.clock.advance(std::time::Duration::from_secs(1));
    }
    // The oldest is gone on with.
    keep(&clerk, ids[0], 1, &draft_of("欧阳晓")).await.done();
    let mut shop = draft_of("安澜市桂花小吃店");
    shop["title"]["applicant_kind"] = json!("organisation");
    keep(&clerk, ids[4], 1, &shop).await.done();

    let (mut seen, mut after) = (vec![], String::new());
    loop {
        let page = clerk.get(&format!("/drafts?limit=2{after}")).await.done();
        assert!(!page.to_string().contains("阳晓"), "{page}");
        seen.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    let mut found: Vec<Uuid> = seen.iter().map(|row| row["id"].as_str().unwrap().parse().unwrap()).collect();
    found[..2].sort();
    assert_eq!(found, [ids[0], ids[4], ids[3], ids[2], ids[1]]);
    let titles: Vec<_> = seen.iter().map(|row| row["title"].as_str().unwrap()).collect();
    assert!(titles.contains(&"食品经营许可（新办） 安澜市桂花小吃店"), "{titles:?}");
    assert!(titles.contains(&"食品经营许可（新办） 欧*晓"), "{titles:?}");
}

async fn nobody_sees_the_draft_of_a_colleague(hall: TestHall) {
    let (clerk, id) = (hall.clerk().await, hall.new_id());
    keep(&clerk, id, 0, &draft_of("甲一")).await.done();
    let other = colleague(&hall, "01").await;
    assert_eq!(read(&other, id).await.refusal(), "404 draft-not-found");
    for seen in [0, 1] {
        assert_eq!(keep(&other, id, seen, &draft_of("乙")).await.refusal(), "404 draft-not-found");
    }
    assert_eq!(other.ask(Method::DELETE, &format!("/drafts/{id}")).send().await.refusal(), "404 draft-not-found");
    assert_eq!(other.get("/drafts").await.done(), json!({ "items": [], "next": null }));
    assert_eq!(read(&clerk, id).await.done()["content"], draft_of("甲一")["content"]);
}

async fn taking_a_filing_removes_its_draft_and_a_late_one_is_refused(hall: TestHall) {
    let clerk = hall.clerk().await;
    let mut filing = hall.filing(&clerk).await;
    let id: Uuid = filing["id"].as_str().unwrap().parse().unwrap();
    let mut draft = draft_of("欧阳晓岚");
    draft["files"] = json!([filing["cases"][0]["materials"][0]["sha256"]]);
    keep(&clerk, id, 0, &draft).await.done();
    // Refused: nothing goes.
    let good = filing["applicant"]["phone"].take();
    filing["applicant"]["phone"] = json!("1");
    assert_eq!(clerk.post("/filings", &filing).await.status, 422);
    assert_eq!(read(&clerk, id).await.status, 200);

    filing["applicant"]["phone"] = good;
    clerk.post("/filings", &filing).await.done();
    assert_eq!(read(&clerk, id).await.refusal(), "404 draft-not-found");
    for seen in [0, 1] {
        let late = keep(&clerk, id, seen, &draft).await.refusal();
        assert_eq!(late, format!("409 id-taken |  taken = \"{id}\""));
    }
    assert_eq!(clerk.get("/drafts").await.done()["items"], json!([]));
}

async fn wrong_drafts_are_refused_by_field(hall: TestHall) {
    let (clerk, id) = (hall.clerk().await, hall.new_id());
    let with = |pointer: &str, value: Value| {
        let mut draft = draft_of("甲一");
        draft["files"] = json!(["ab".repeat(32)]);
        draft["shown"] = json!({ "item_code": ITEM });
        *draft.pointer_mut(pointer).unwrap() = value;
        draft
    };
    let mut lines = vec![];
    let wrong = [
        ("/title/applicant_name", json!("甲\u{0}一")),
        ("/title/applicant_name", json!("长".repeat(101))),
        ("/title/item_name", json!("食品\n经营")),
        ("/title/applicant_kind", json!("ghost")),
        ("/files/0", json!("ab")),
        ("/files", json!(vec!["ab".repeat(32); 501])),
        ("/shown", json!({ "applicant": { "age": 7 } })),
        ("/shown", json!({ "materials": [{ "code": "a", "copies": "two" }] })),
        ("/content", json!({ "text": "长".repeat(400_000) })),
    ];
    for (pointer, value) in wrong {
        let answer = keep(&clerk, id, 0, &with(pointer, value)).await;
        lines.push(answer.refusal());
    }
    // Short as it is sent, and long as it is kept.
    let numbers = format!("{{\"content\":{{\"numbers\":[{}]}}}}", vec!["1e15"; 60_000].join(","));
    let ask = clerk.ask(Method::PUT, &format!("/drafts/{id}")).bytes("application/json", numbers);
    lines.push(ask.send().await.refusal());
    let nil = keep(&clerk, Uuid::nil(), 0, &draft_of("甲一")).await;
    lines.push(nil.refusal());
    lines.push(keep(&clerk, id, 0, &json!({})).await.refusal());
    lines.push(clerk.get("/drafts?after=x").await.refusal());
    insta::assert_snapshot!("wrong_drafts_are_refused_by_field", lines.join("\n"));
    assert_eq!(read(&clerk, id).await.refusal(), "404 draft-not-found");
    let file = clerk.put(&format!("/files?name={}", encoded("a.pdf")), PDF).await.done();
    let good = with("/files/0", file["sha256"].clone());
    assert_eq!(keep(&clerk, id, 0, &good).await.status, 200);
    let tx = &mut hall.hall.store().read().await.unwrap();
    assert_eq!(tx.draft(id).await.unwrap().unwrap().row.updated_at, hall.clock.now());
}
