//! Outbox, inbox and answers.

use super::stage::{Stage, at, id};
use crate::{Answer, Answered, Arrival, Claimed, DeliveryState, FailedTry, OutboxEntry, Received, Store, StoreError};
use std::collections::BTreeSet;
use uuid::Uuid;

pub(super) async fn send(store: &Store, stream: Uuid, recipient: Uuid, version: u64) -> (Uuid, u64) {
    let entry = OutboxEntry {
        id: id(),
        stream,
        recipient,
        kind: "yichuang.task.assigned".into(),
        document_version: version,
        queued_at: at(version.try_into().unwrap()),
        due_at: at(version.try_into().unwrap()),
    };
    let message = entry.id;
    let sequence = store
        .write(async move |tx| {
            tx.outbox_document(stream, version, format!("document {version}").as_bytes()).await?;
            tx.send(&entry).await
        })
        .await
        .unwrap();
    (message, sequence)
}

pub(super) async fn claim(store: &Store, recipient: Uuid, now: i64) -> Vec<Claimed> {
    store.write(async move |tx| tx.claim(recipient, at(now), 10, at(now + 60)).await).await.unwrap()
}

pub(super) async fn deliver(store: &Store, message: Uuid, now: i64) -> bool {
    store.write(async move |tx| tx.delivered(message, at(now), 204).await).await.unwrap()
}

/// Fails to be tried again, or (none) for good.
async fn fail(store: &Store, message: Uuid, now: i64, next: Option<i64>) -> bool {
    let failed = FailedTry { code: "refused", error: "refused with 422", next_at: next.map(at) };
    store.write(async move |tx| tx.failed(message, at(now), failed).await).await.unwrap()
}

fn ids(claimed: &[Claimed]) -> Vec<Uuid> {
    claimed.iter().map(|message| message.id).collect()
}

pub(super) async fn messages_leave_in_order_per_stream(stage: &Stage) {
    let store = stage.hall().await;
    let (recipient, one, other) = (id(), id(), id());
    let (first, n1) = send(&store, one, recipient, 1).await;
    let (second, n2) = send(&store, one, recipient, 2).await;
    let (apart, n3) = send(&store, other, recipient, 3).await;
    assert_eq!((n1, n2, n3), (1, 2, 1));

    let claimed = claim(&store, recipient, 10).await;
    assert_eq!(ids(&claimed), [first, apart]);
    assert_eq!((claimed[0].document.as_slice(), claimed[0].sequence, claimed[0].attempts), (&b"document 1"[..], 1, 1));
    assert_eq!((claimed[0].stream, claimed[0].recipient, claimed[0].queued_at), (one, recipient, at(1)));
    assert!(claim(&store, recipient, 10).await.is_empty());

    assert!(deliver(&store, first, 11).await);
    assert!(!deliver(&store, first, 11).await);
    assert_eq!(ids(&claim(&store, recipient, 12).await), [second]);
}

pub(super) async fn a_failed_message_is_tried_again_and_a_dead_one_waits_for_a_person(stage: &Stage) {
    let store = stage.hall().await;
    let (recipient, stream) = (id(), id());
    let (message, _) = send(&store, stream, recipient, 1).await;
    let (behind, _) = send(&store, stream, recipient, 2).await;
    claim(&store, recipient, 10).await;
    assert!(fail(&store, message, 11, Some(30)).await);
    assert!(claim(&store, recipient, 29).await.is_empty());
    let again = claim(&store, recipient, 30).await;
    assert_eq!((ids(&again), again[0].attempts), (vec![message], 2));

    assert!(fail(&store, message, 31, None).await);
    assert!(!fail(&store, message, 31, None).await);
    assert!(claim(&store, recipient, 100).await.is_empty());
    let mut tx = store.read().await.unwrap();
    let counts = tx.outbox_counts().await.unwrap();
    assert_eq!((counts.pending, counts.dead), (1, 1));
    let deliveries = tx.deliveries(stream).await.unwrap();
    assert_eq!(deliveries.len(), 2);
    assert_eq!((deliveries[0].state, deliveries[0].attempts), (DeliveryState::Dead, 2));
    let dead = &deliveries[0];
    assert_eq!(
        (dead.last_error_code.as_deref(), dead.last_error.as_deref()),
        (Some("refused"), Some("refused with 422"))
    );
    assert_eq!(dead.next_at, None);
    assert_eq!(tx.dead_messages(None, 9).await.unwrap(), std::slice::from_ref(dead));
    assert!(tx.dead_messages(Some(message), 9).await.unwrap().is_empty());
    drop(tx);

    let replay = async || store.write(async move |tx| tx.replay_dead(message, at(200)).await).await.unwrap();
    assert_eq!((replay().await, replay().await), (true, false));
    assert!(store.read().await.unwrap().dead_messages(None, 9).await.unwrap().is_empty());
    let again = claim(&store, recipient, 200).await;
    assert_eq!((ids(&again), again[0].attempts), (vec![message], 1));
    deliver(&store, message, 201).await;
    assert_eq!(ids(&claim(&store, recipient, 202).await), [behind]);
}

pub(super) async fn a_claim_is_leased(stage: &Stage) {
    let store = stage.hall().await;
    let recipient = id();
    let (message, _) = send(&store, id(), recipient, 1).await;
    let mut tx = store.read().await.unwrap();
    assert!(tx.recipients_waiting(at(0)).await.unwrap().is_empty());
    assert_eq!(tx.recipients_waiting(at(1)).await.unwrap(), [recipient]);
    assert_eq!(tx.next_due().await.unwrap(), Some(at(1)));
    assert_eq!(tx.oldest_waiting().await.unwrap(), Some(at(1)));
    drop(tx);

    claim(&store, recipient, 10).await;
    let mut tx = store.read().await.unwrap();
    assert!(tx.recipients_waiting(at(69)).await.unwrap().is_empty());
    assert_eq!(tx.next_due().await.unwrap(), Some(at(70)));
    drop(tx);
    // The courier died: another takes over.
    let again = claim(&store, recipient, 70).await;
    assert_eq!((ids(&again), again[0].attempts), (vec![message], 2));
    let ended = store.write(async |tx| tx.end_message_leases().await).await.unwrap();
    assert_eq!((ended, ids(&claim(&store, recipient, 70).await)), (1, vec![message]));
    deliver(&store, message, 71).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!((tx.next_due().await.unwrap(), tx.oldest_waiting().await.unwrap()), (None, None));
}

pub(super) async fn what_waits_behind_another_message_is_not_due(stage: &Stage) {
    let store = stage.hall().await;
    let (recipient, stream) = (id(), id());
    let (first, _) = send(&store, stream, recipient, 1).await;
    send(&store, stream, recipient, 2).await;
    let waiting = async |now| store.read().await.unwrap().recipients_waiting(at(now)).await.unwrap();
    let next_due = async || store.read().await.unwrap().next_due().await.unwrap();

    claim(&store, recipient, 10).await;
    assert_eq!((waiting(69).await, next_due().await), (vec![], Some(at(70))));
    fail(&store, first, 11, Some(500)).await;
    assert_eq!((waiting(499).await, next_due().await), (vec![], Some(at(500))));
    claim(&store, recipient, 500).await;
    assert_eq!(next_due().await, Some(at(560)));

    fail(&store, first, 501, None).await;
    assert_eq!((waiting(1000).await, next_due().await), (vec![], None));
    let (elsewhere, _) = send(&store, id(), recipient, 3).await;
    assert_eq!((waiting(1000).await, next_due().await), (vec![recipient], Some(at(3))));
    deliver(&store, elsewhere, 1001).await;
    store.write(async move |tx| tx.replay_dead(first, at(2000)).await).await.unwrap();
    assert_eq!((waiting(1999).await, waiting(2000).await, next_due().await), (vec![], vec![recipient], Some(at(2000))));
    deliver(&store, first, 2001).await;
    assert_eq!((waiting(2001).await, next_due().await), (vec![recipient], Some(at(2))));
}

pub(super) async fn one_document_serves_many_recipients(stage: &Stage) {
    let store = stage.hall().await;
    let (stream, one, other) = (id(), id(), id());
    send(&store, stream, one, 1).await;
    send(&store, stream, other, 1).await;
    assert_eq!(claim(&store, one, 10).await[0].document, claim(&store, other, 10).await[0].document);

    let changed: Result<(), StoreError> =
        store.write(async move |tx| tx.outbox_document(stream, 1, b"another").await).await;
    assert!(matches!(changed, Err(StoreError::Stale)));
}

pub(super) async fn two_couriers_never_claim_the_same(stage: &Stage) {
    let store = stage.hall().await;
    let recipient = id();
    for _ in 0..20 {
        send(&store, id(), recipient, 1).await;
    }
    let couriers = (0..4).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut mine = Vec::new();
            loop {
                let claimed = store.write(async move |tx| tx.claim(recipient, at(10), 3, at(70)).await).await.unwrap();
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(ids(&claimed));
            }
        })
    });
    let mut all = Vec::new();
    for mine in futures_util::future::join_all(couriers).await {
        all.extend(mine.unwrap());
    }
    assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (20, 20));
}

pub(super) async fn receive(
    store: &Store,
    message_id: &'static str,
    source: Uuid,
    stream: Uuid,
    sequence: u64,
    body: u8,
) -> Received {
    let arrival = Arrival { source, message_id, stream, sequence, digest: [body; 32] };
    store.write(async move |tx| tx.receive(arrival, at(1)).await as Result<_, StoreError>).await.unwrap()
}

pub(super) async fn a_message_is_received_once_and_in_order(stage: &Stage) {
    let store = stage.department().await;
    let (hall, stream) = (id(), id());
    assert_eq!(receive(&store, "b", hall, stream, 2, 2).await, Received::Gap { expected: 1 });
    assert_eq!(receive(&store, "a", hall, stream, 1, 1).await, Received::New);
    assert_eq!(receive(&store, "a", hall, stream, 1, 1).await, Received::Duplicate { answer: None });
    assert_eq!(receive(&store, "a", hall, stream, 1, 9).await, Received::Different);
    assert_eq!(receive(&store, "a", hall, stream, 2, 1).await, Received::Different);
    assert_eq!(receive(&store, "a", hall, id(), 1, 1).await, Received::Different);
    assert_eq!(receive(&store, "c", hall, stream, 1, 1).await, Received::Gap { expected: 2 });
    assert_eq!(receive(&store, "b", hall, stream, 2, 2).await, Received::New);
    // Another hall may use the same ids.
    assert_eq!(receive(&store, "a", id(), stream, 1, 1).await, Received::New);
    assert_eq!(store.read().await.unwrap().last_received(hall, stream).await.unwrap(), 2);

    // A message that came twice at once is new once.
    let twice = (0..8).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { receive(&store, "d", hall, stream, 3, 3).await })
    });
    let outcomes = futures_util::future::join_all(twice).await;
    let new = outcomes.iter().filter(|outcome| *outcome.as_ref().unwrap() == Received::New).count();
    assert_eq!(new, 1);
}

pub(super) async fn an_answer_is_given_again(stage: &Stage) {
    let store = stage.department().await;
    let (hall, stream) = (id(), id());
    receive(&store, "a", hall, stream, 1, 1).await;
    let answer = Answer { status: 200, body: b"{}".to_vec() };
    let kept = answer.clone();
    store.write(async move |tx| tx.answer(hall, "a", &kept).await).await.unwrap();
    assert_eq!(receive(&store, "a", hall, stream, 1, 1).await, Received::Duplicate { answer: Some(answer.clone()) });
    let unknown = store.write(async move |tx| tx.answer(hall, "b", &answer).await).await;
    assert_eq!(unknown.unwrap_err().code(), "not-there");

    let account = id();
    store.write(async move |tx| tx.remember(account, "k", [1; 32], 201, b"done", at(5)).await).await.unwrap();
    let twice = store.write(async move |tx| tx.remember(account, "k", [1; 32], 201, b"done", at(5)).await).await;
    assert!(matches!(twice, Err(StoreError::Stale)));
    let mut tx = store.read().await.unwrap();
    let same = Answered::Same { status: 201, body: b"done".to_vec() };
    assert_eq!(tx.answered(account, "k", [1; 32]).await.unwrap(), Some(same));
    assert_eq!(tx.answered(account, "k", [2; 32]).await.unwrap(), Some(Answered::Different));
    assert_eq!(tx.answered(id(), "k", [1; 32]).await.unwrap(), None);
}
