//! A year goes by: what was kept for a time goes, and what is still needed stays.

use std::{
    fs::File,
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime},
};

use jiff::SignedDuration;
use protocol::{Message, SCHEDULE};
use serde_json::{Value, json};
use store::{Answered, Files, NewDraft};
use uuid::Uuid;
use web::{Clock as _, retention, retention::Retention};

use crate::{
    fake_department::{Told, accepted, case_id, granted, signed},
    stage::Office,
    test_hall::{DEPARTMENT, PDF, TestHall, filing_with},
};

crate::on_both_databases! { TestHall::open:
    the_page_of_a_case_says_the_same_after_a_year
    an_upload_goes_when_no_case_took_it
    an_upload_goes_with_the_draft_that_mentions_it
    a_session_and_wrong_passwords_go
    an_answer_goes_after_the_longest_holiday
    a_message_that_comes_again_is_known_as_long_as_it_can_come
}

async fn tidy(hall: &TestHall) {
    let files = Files::open(&hall.hall.config().files).unwrap();
    Retention::new(hall.hall.store().clone(), files, Arc::new(hall.clock.clone())).round().await.unwrap();
}

fn go_on(hall: &TestHall, by: SignedDuration) {
    hall.clock.advance(by.unsigned_abs());
}

const YEAR: SignedDuration = SignedDuration::from_hours(24 * 365);
const MOMENT: SignedDuration = SignedDuration::from_secs(1);

async fn deliver_all(hall: &TestHall, case: Uuid) {
    let deliveries = hall.hall.store().read().await.unwrap().deliveries(case).await.unwrap();
    for delivery in deliveries {
        let now = hall.clock.now();
        hall.hall.store().write(async move |tx| tx.delivered(delivery.id, now, 204).await).await.unwrap();
    }
}

async fn the_page_of_a_case_says_the_same_after_a_year(hall: TestHall) {
    let clerk = hall.clerk().await;
    let case = case_id(&hall.taken_case(&clerk).await);
    let waiting = case_id(&hall.taken_case(&clerk).await);
    deliver_all(&hall, case).await;
    let mut told = Told::default();
    told.tell(&hall, accepted(&hall, case)).await;
    told.tell(&hall, Message::TaskDecided(granted(&hall, case))).await;
    let page = async |case| {
        let clerk = hall.clerk().await;
        let page = clerk.get(&format!("/cases/{case}")).await.done();
        let material = clerk.get(&format!("/cases/{case}/materials/0")).await;
        (page["delivery_to_department"].clone(), page["papers"].clone(), page["state"].clone(), material.bytes)
    };
    let before = (page(case).await, page(waiting).await);
    assert_eq!((&before.0.0["state"], before.0.3.as_slice()), (&json!("delivered"), PDF));
    assert_eq!(before.1.0["state"], "waiting");

    go_on(&hall, YEAR);
    tidy(&hall).await;
    assert_eq!((page(case).await, page(waiting).await), before);
    let now = hall.clock.now();
    let sent = async || {
        let store = hall.hall.store();
        store.write(async move |tx| tx.claim(DEPARTMENT, now, 9, now + MOMENT).await).await.unwrap()
    };
    let sent = sent().await;
    assert_eq!(sent.iter().map(|message| message.stream).collect::<Vec<_>>(), [waiting]);
    assert!(!sent[0].document.is_empty(), "what waits is still there to be sent");
    let mut tx = hall.hall.store().read().await.unwrap();
    assert!(
        tx.outdated_documents(now, None, 9).await.unwrap().is_empty(),
        "what was delivered says no more what it said"
    );
}

/// As if the file had been put long ago, by the computer's clock.
fn make_old(hall: &TestHall, sha256: &str) -> PathBuf {
    let path = hall.hall.config().files.join(&sha256[..2]).join(sha256);
    let file = File::options().append(true).open(&path).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1)).unwrap();
    path
}

async fn upload(desk: &Office, more: &str) -> String {
    let bytes = [PDF, more.as_bytes()].concat();
    let file: Value = desk.put("/files?name=a.pdf", bytes).await.done();
    file["sha256"].as_str().unwrap().to_owned()
}

async fn an_upload_goes_when_no_case_took_it(hall: TestHall) {
    let clerk = hall.clerk().await;
    let (never, later, again) = (upload(&clerk, "1").await, upload(&clerk, "2").await, upload(&clerk, "3").await);
    let paths = [&never, &later, &again].map(|sha256| make_old(&hall, sha256));
    let there = || paths.each_ref().map(|path| path.exists());

    go_on(&hall, retention::UPLOADS);
    tidy(&hall).await;
    assert_eq!(there(), [true; 3]);
    let clerk = hall.clerk().await;
    let filing = filing_with(&[hall.new_id()], hall.new_id(), &later);
    assert_eq!(clerk.post("/filings", &filing).await.status, 201);

    // Put again by the last desk in a moment in which it is no longer known.
    go_on(&hall, MOMENT);
    hall.hall.store().write(async |tx| tx.forget_uploads(jiff::Timestamp::MAX, 9).await).await.unwrap();
    assert_eq!(upload(&clerk, "3").await, again);
    tidy(&hall).await;
    assert_eq!(there(), [false, true, true]);
    let filing = filing_with(&[hall.new_id()], hall.new_id(), &never);
    let refused = clerk.post("/filings", &filing).await;
    assert!(refused.refusal().contains("file-missing"), "{}", refused.text());
}

async fn an_upload_goes_with_the_draft_that_mentions_it(hall: TestHall) {
    let clerk = hall.clerk().await;
    let (sha256, now) = (upload(&clerk, "1").await, hall.clock.now());
    let path = make_old(&hall, &sha256);
    let draft = NewDraft {
        id: hall.new_id(),
        owner: hall.new_id(),
        window: "03".into(),
        title: "食品经营许可 陈*远".into(),
        body: b"{}".to_vec(),
        files: vec![hex::decode(&sha256).unwrap().try_into().unwrap()],
    };
    let id = draft.id;
    let store = hall.hall.store();
    store.write(async move |tx| tx.put_draft(&draft, 0, now).await).await.unwrap();
    let there = async || (store.read().await.unwrap().draft(id).await.unwrap().is_some(), path.exists());

    go_on(&hall, retention::DRAFTS);
    tidy(&hall).await;
    assert_eq!(there().await, (true, true));
    go_on(&hall, MOMENT);
    tidy(&hall).await;
    assert_eq!(there().await, (false, false));
}

async fn a_session_and_wrong_passwords_go(hall: TestHall) {
    let clerk = hall.clerk().await;
    let wrong = json!({ "login": "nobody", "password": "wrong-password" });
    hall.visitor().ask(http::Method::POST, "/sessions").json(&wrong).send().await;
    let failed = async || {
        let mut tx = hall.hall.store().read().await.unwrap();
        tx.login_failures("nobody").await.unwrap().failed
    };
    let told = async || clerk.get("/session").await.refusal();

    go_on(&hall, retention::LOGIN_FAILURES);
    tidy(&hall).await;
    assert!(told().await.contains("session-expired"));
    assert_eq!(failed().await, 1);
    go_on(&hall, SignedDuration::from_hours(1));
    tidy(&hall).await;
    assert!(told().await.contains("no-session"));
    assert_eq!(failed().await, 0);
}

async fn an_answer_goes_after_the_longest_holiday(hall: TestHall) {
    let (account, at) = (hall.new_id(), hall.clock.now());
    let store = hall.hall.store();
    store.write(async move |tx| tx.remember(account, "key", [1; 32], 201, b"{}", at).await).await.unwrap();
    let answered = async || store.read().await.unwrap().answered(account, "key", [1; 32]).await.unwrap();
    go_on(&hall, retention::ANSWERS);
    tidy(&hall).await;
    assert!(matches!(answered().await, Some(Answered::Same { status: 201, .. })));
    go_on(&hall, MOMENT);
    tidy(&hall).await;
    assert_eq!(answered().await, None);
}

async fn a_message_that_comes_again_is_known_as_long_as_it_can_come(hall: TestHall) {
    let case = case_id(&hall.taken_case(&hall.clerk().await).await);
    let mut told = Told::default();
    let first = told.next(&hall, accepted(&hall, case));
    let second = told.next(&hall, Message::TaskDecided(granted(&hall, case)));
    for event in [&first, &second] {
        assert_eq!(signed(&hall, event).send().await.status, 204);
    }
    let longest = SCHEDULE.iter().sum::<Duration>().mul_f64(1.2);
    assert!(retention::RECEIVED.unsigned_abs() > 10 * longest);

    go_on(&hall, retention::RECEIVED);
    tidy(&hall).await;
    assert_eq!(signed(&hall, &first).send().await.status, 204);
    go_on(&hall, YEAR);
    tidy(&hall).await;
    assert_eq!(signed(&hall, &second).send().await.status, 204, "the newest may come again however late");
    let late = signed(&hall, &first).send().await;
    assert!(late.refusal().contains("409"), "{}", late.text());
}
