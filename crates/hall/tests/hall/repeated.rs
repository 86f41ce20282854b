//! A submit repeated after a lost answer is one case.

use std::{future::poll_fn, sync::Arc, task::Poll};

use serde_json::json;

use crate::{
    stage::{Place, until},
    test_hall::{Setup, TestHall},
};

crate::on_both_databases! { TestHall::open:
    sixteen_submits_at_once_under_one_key_are_one_case
    sixteen_submits_at_once_under_other_keys_are_one_case
    a_submit_under_another_key_is_the_same_case
    a_submit_whose_answer_was_lost_is_answered_when_repeated
    a_key_is_used_for_one_request_of_one_person
    other_content_under_the_same_ids_is_refused
    a_filing_taken_before_the_item_changed_is_answered_as_before
}

async fn cases(hall: &TestHall) -> usize {
    hall.hall.store().read().await.unwrap().cases(None, 1000).await.unwrap().len()
}

async fn sixteen_submits_at_once_under_one_key_are_one_case(hall: TestHall) {
    let clerk = hall.clerk().await;
    let filing = hall.filing(&clerk).await;
    let submits = (0..16).map(|_| tokio::spawn(clerk.posting("/filings", &filing).key("the-one").send()));
    let mut answers = vec![];
    for submit in submits.collect::<Vec<_>>() {
        answers.push(submit.await.unwrap());
    }
    for answer in &answers {
        assert_eq!(answer.status, 201, "{}", answer.text());
        assert_eq!(answer.bytes, answers[0].bytes);
    }
    assert_eq!(cases(&hall).await, 1);
    let again = clerk.posting("/filings", &filing).key("the-one").send().await;
    assert_eq!(again.bytes, answers[0].bytes);
}

async fn sixteen_submits_at_once_under_other_keys_are_one_case(hall: TestHall) {
    let clerk = hall.clerk().await;
    let filing = hall.filing(&clerk).await;
    let submits = (0..16).map(|n| tokio::spawn(clerk.posting("/filings", &filing).key(&format!("try-{n}")).send()));
    let mut numbers = vec![];
    for submit in submits.collect::<Vec<_>>() {
        numbers.push(submit.await.unwrap().done()["cases"][0]["number"].clone());
    }
    numbers.dedup();
    assert_eq!(numbers.len(), 1);
    assert_eq!(cases(&hall).await, 1);
    let case = hall.taken_case(&clerk).await;
    assert_eq!(&case["number"].as_str().unwrap()[12..15], "002", "no number was lost");
}

async fn a_submit_under_another_key_is_the_same_case(hall: TestHall) {
    let clerk = hall.clerk().await;
    let filing = hall.filing(&clerk).await;
    let first = clerk.post("/filings", &filing).await.done();
    let before = hall.memory().await;
    let again = clerk.post("/filings", &filing).await.done();
    assert_eq!(first["cases"][0]["number"], again["cases"][0]["number"]);
    assert_eq!(first["cases"][0]["version"], again["cases"][0]["version"]);
    assert_eq!(before, hall.memory().await);
}

async fn a_submit_whose_answer_was_lost_is_answered_when_repeated(hall: TestHall) {
    let clerk = hall.clerk().await;
    let filing = hall.filing(&clerk).await;
    // The client goes away at every point of the way: polled so often, then dropped.
    for polls in [1, 2, 3, 5, 8, 13] {
        let mut submit = Box::pin(clerk.posting("/filings", &filing).key("lost").send());
        for _ in 0..polls {
            if poll_fn(|context| Poll::Ready(submit.as_mut().poll(context).is_ready())).await {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    let answer = clerk.posting("/filings", &filing).key("lost").send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(cases(&hall).await, 1);
    until("the last lost write", async || (cases(&hall).await == 1).then_some(())).await;
    let again = clerk.posting("/filings", &filing).key("lost").send().await;
    assert_eq!(again.bytes, answer.bytes);
}

async fn a_key_is_used_for_one_request_of_one_person(hall: TestHall) {
    let clerk = hall.clerk().await;
    let filing = hall.filing(&clerk).await;
    assert_eq!(clerk.posting("/filings", &filing).key("once").send().await.status, 201);
    let mut other = hall.filing(&clerk).await;
    let refused = hall.refusal(clerk.posting("/filings", &other).key("once")).await;
    assert!(refused.starts_with("422 idempotency-key-reused"), "{refused}");
    // Not even when the other filing is wrong in itself.
    other["applicant"]["name"] = json!("");
    let refused = hall.refusal(clerk.posting("/filings", &other).key("once")).await;
    assert!(refused.starts_with("422 idempotency-key-reused"), "{refused}");
    // Keys are each person's own.
    let account = store::Account {
        id: uuid::Uuid::from_u128(0xacc9),
        login: "second".into(),
        name: "丁二".into(),
        password_hash: hall
            .hall
            .store()
            .read()
            .await
            .unwrap()
            .account_by_login("window_clerk")
            .await
            .unwrap()
            .unwrap()
            .password_hash,
        roles: vec!["window_clerk".into()],
        active: true,
        department: None,
    };
    hall.hall.store().write(async move |tx| tx.put_account(&account).await).await.unwrap();
    let second = hall.visitor().signed_in("second", Some("02")).await;
    let filing = hall.filing(&second).await;
    assert_eq!(second.posting("/filings", &filing).key("once").send().await.status, 201);
}

async fn other_content_under_the_same_ids_is_refused(hall: TestHall) {
    let clerk = hall.clerk().await;
    let filing = hall.filing(&clerk).await;
    clerk.post("/filings", &filing).await.done();
    for (pointer, value) in [
        ("/applicant/name", json!("司马青")),
        ("/cases/0/form/area", json!(47)),
        ("/cases/0/materials/0/copies", json!(2)),
    ] {
        let mut other = filing.clone();
        *other.pointer_mut(pointer).unwrap() = value;
        let refused = hall.refusal(clerk.posting("/filings", &other)).await;
        assert!(refused.starts_with("409 id-taken | /cases/0/id taken"), "{refused}");
    }
}

async fn a_filing_taken_before_the_item_changed_is_answered_as_before(hall: TestHall) {
    let clerk = hall.clerk().await;
    let filing = hall.filing(&clerk).await;
    let first = clerk.posting("/filings", &filing).key("before").send().await;
    assert_eq!(first.status, 201);
    let place: Arc<Place> = hall.place.clone();
    drop(hall);

    let hall = TestHall::open_with(place, Setup { item_version: 2, seed: 8, ..Setup::default() }).await;
    let clerk = hall.clerk().await;
    let again = clerk.posting("/filings", &filing).key("before").send().await;
    assert_eq!((again.status, again.text()), (201, first.text()));
    let other = hall.filing(&clerk).await;
    insta::assert_snapshot!("an_older_item_version_is_refused", hall.refusal(clerk.posting("/filings", &other)).await);
}
