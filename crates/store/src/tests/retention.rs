//! What goes with time, and what stays.

use super::drafts;
use super::messages::{claim, deliver, receive, send};
use super::stage::{Stage, at, id};
use crate::{Answered, LoginFailures, NewDraft, OldArrival, OldDelivery, Received, SessionRow, Store};
use std::collections::BTreeSet;
use uuid::Uuid;

pub(super) async fn answers_go_by_age_and_few_at_a_time(stage: &Stage) {
    let store = stage.hall().await;
    let account = id();
    for (key, now) in [("a", 1), ("b", 2), ("c", 3), ("d", 9)] {
        store.write(async move |tx| tx.remember(account, key, [1; 32], 201, b"{}", at(now)).await).await.unwrap();
    }
    let forget = async || store.write(async |tx| tx.forget_answers(at(9), 2).await).await.unwrap();
    assert_eq!((forget().await, forget().await, forget().await), (2, 1, 0));
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.answered(account, "c", [1; 32]).await.unwrap(), None);
    assert!(matches!(tx.answered(account, "d", [1; 32]).await.unwrap(), Some(Answered::Same { .. })));
}

pub(super) async fn a_session_goes_some_time_after_its_end(stage: &Stage) {
    let store = stage.hall().await;
    for (token, end) in [(1, 10), (2, 20), (3, 30)] {
        let session = SessionRow {
            token_hash: [token; 32],
            account: id(),
            window: None,
            created_at: at(0),
            seen_at: at(0),
            expires_at: at(end),
        };
        store.write(async move |tx| tx.open_session(&session).await).await.unwrap();
    }
    let forget = async |limit| store.write(async move |tx| tx.forget_sessions(at(30), limit).await).await.unwrap();
    assert_eq!((forget(1).await, forget(9).await), (1, 1));
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.session([1; 32]).await.unwrap(), None);
    assert_eq!(tx.session([2; 32]).await.unwrap(), None);
    assert!(tx.session([3; 32]).await.unwrap().is_some());
}

pub(super) async fn a_failure_stays_while_its_login_is_locked(stage: &Stage) {
    let store = stage.hall().await;
    for (login, locked_until, now) in [("old", None, 1), ("locked", Some(20), 1), ("new", None, 10)] {
        let failures = LoginFailures { failed: 1, locked_until: locked_until.map(at) };
        store.write(async move |tx| tx.put_login_failures(login, failures, at(now)).await).await.unwrap();
    }
    let forget =
        async |before| store.write(async move |tx| tx.forget_login_failures(at(before), 9).await).await.unwrap();
    assert_eq!(forget(10).await, 1);
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.login_failures("old").await.unwrap().failed, 0);
    assert_eq!(tx.login_failures("locked").await.unwrap().failed, 1);
    drop(tx);
    assert_eq!(forget(21).await, 2);
}

pub(super) async fn the_newest_arrival_of_a_sender_stays(stage: &Stage) {
    let store = stage.department().await;
    let (hall, stream) = (id(), id());
    for (message, sequence) in [("a", 1), ("b", 2), ("c", 3)] {
        assert_eq!(receive(&store, message, hall, stream, sequence, 1).await, Received::New);
    }
    let outdated = async |before, after, limit| {
        let mut tx = store.read().await.unwrap();
        tx.outdated_arrivals(at(before), after, limit).await.unwrap()
    };
    let old = |message: &str| OldArrival { received_at: at(1), source: hall, message_id: message.to_owned() };
    assert!(outdated(1, None, 9).await.is_empty());
    assert_eq!(outdated(2, None, 1).await, [old("a")]);
    assert_eq!(outdated(2, Some(old("a")), 9).await, [old("b")]);
    assert!(outdated(2, Some(old("b")), 9).await.is_empty());
    assert_eq!(outdated(2, None, 9).await, [old("a"), old("b")]);
    for message in ["a", "b"] {
        store.write(async move |tx| tx.forget_arrival(hall, message).await).await.unwrap();
    }
    assert!(outdated(2, None, 9).await.is_empty());
    assert_eq!(receive(&store, "c", hall, stream, 3, 1).await, Received::Duplicate { answer: None });
    assert_eq!(receive(&store, "b", hall, stream, 2, 1).await, Received::Gap { expected: 4 });
    assert_eq!(receive(&store, "d", hall, stream, 4, 1).await, Received::New);
}

pub(super) async fn the_newest_delivery_to_a_recipient_stays(stage: &Stage) {
    let store = stage.hall().await;
    let (stream, recipient, other) = (id(), id(), id());
    let (first, _) = send(&store, stream, recipient, 1).await;
    let (second, _) = send(&store, stream, recipient, 2).await;
    let (apart, _) = send(&store, stream, other, 2).await;
    let (of_another, _) = send(&store, id(), recipient, 2).await;
    let outdated = async |before, after| {
        let mut tx = store.read().await.unwrap();
        tx.outdated_deliveries(at(before), after, 9).await.unwrap()
    };
    let old = |id, seconds| OldDelivery { delivered_at: at(seconds), id };
    let left = async || {
        let left = store.read().await.unwrap().deliveries(stream).await.unwrap();
        left.into_iter().map(|delivery| delivery.id).collect::<BTreeSet<_>>()
    };
    deliver(&store, first, 10).await;
    assert!(outdated(10, None).await.is_empty());
    assert_eq!(outdated(11, None).await, [old(first, 10)]);
    for message in [second, apart, of_another] {
        deliver(&store, message, 11).await;
    }
    assert_eq!(outdated(99, None).await, [old(first, 10)]);
    let (third, sequence) = send(&store, stream, recipient, 3).await;
    assert_eq!(sequence, 3);
    assert_eq!(outdated(99, None).await, [old(first, 10), old(second, 11)]);
    assert_eq!(outdated(99, Some(old(first, 10))).await, [old(second, 11)]);
    assert!(outdated(99, Some(old(second, 11))).await.is_empty());
    store.write(async move |tx| tx.purge_delivered(first).await).await.unwrap();
    assert_eq!(left().await, BTreeSet::from([second, apart, third]));
    let claimed = claim(&store, recipient, 20).await;
    assert_eq!(claimed.iter().map(|message| message.id).collect::<Vec<_>>(), [third]);
    // What has not arrived is not purged, whoever asks.
    store.write(async move |tx| tx.purge_delivered(third).await).await.unwrap();
    assert_eq!(left().await, BTreeSet::from([second, apart, third]));
}

async fn documents(store: &Store, before: i64, after: Option<(Uuid, u64)>) -> Vec<(Uuid, u64)> {
    store.read().await.unwrap().outdated_documents(at(before), after, 9).await.unwrap()
}

pub(super) async fn a_document_goes_when_it_has_arrived_everywhere(stage: &Stage) {
    let store = stage.hall().await;
    let (stream, one, other) = (id(), id(), id());
    let (first, _) = send(&store, stream, one, 1).await;
    let (second, _) = send(&store, stream, other, 1).await;
    deliver(&store, first, 10).await;
    assert_eq!(documents(&store, 99, None).await, []);
    // Somebody waits for it: it stays.
    store.write(async move |tx| tx.purge_document(stream, 1).await).await.unwrap();
    assert_eq!(claim(&store, other, 20).await[0].document, b"document 1");
    deliver(&store, second, 30).await;
    let (third, _) = send(&store, stream, one, 2).await;
    deliver(&store, third, 40).await;
    assert_eq!(documents(&store, 30, None).await, []);
    assert_eq!(documents(&store, 31, None).await, [(stream, 1)]);
    assert_eq!(documents(&store, 41, None).await, [(stream, 1), (stream, 2)]);
    assert_eq!(documents(&store, 41, Some((stream, 1))).await, [(stream, 2)]);
    store.write(async move |tx| tx.purge_document(stream, 1).await).await.unwrap();
    assert_eq!(documents(&store, 99, None).await, [(stream, 2)]);
    let left = store.read().await.unwrap().deliveries(stream).await.unwrap();
    let left: BTreeSet<_> = left.into_iter().map(|delivery| (delivery.id, delivery.delivered_at)).collect();
    let expected = [(first, 10), (second, 30), (third, 40)].map(|(message, seconds)| (message, Some(at(seconds))));
    assert_eq!(left, BTreeSet::from(expected));
}

pub(super) async fn an_upload_waits_until_a_case_takes_it(stage: &Stage) {
    let store = stage.hall().await;
    let upload = async |file, now| {
        store.write(async move |tx| tx.keep_upload([file; 32], 7, "image/png", at(now)).await).await.unwrap();
    };
    let forget = async |before| store.write(async move |tx| tx.forget_uploads(at(before), 9).await).await.unwrap();
    let take = async |file| store.write(async move |tx| tx.take_file([file; 32]).await).await;
    for file in 1..=4 {
        upload(file, 1).await;
    }
    take(2).await.unwrap();
    // A paper with the same bytes refers to it.
    store.write(async |tx| tx.keep_file([3; 32], 7, "image/png", at(1)).await).await.unwrap();
    // Uploaded again, one that waits waits anew, and one that is taken is still taken.
    upload(4, 50).await;
    upload(2, 50).await;

    assert_eq!(forget(50).await, 1);
    assert_eq!(take(1).await.unwrap_err().code(), "stale");
    assert_eq!(forget(51).await, 1);
    let mut tx = store.read().await.unwrap();
    for (file, known) in [(1, false), (2, true), (3, true), (4, false)] {
        assert_eq!(tx.file([file; 32]).await.unwrap().is_some(), known, "{file}");
    }
    drop(tx);

    upload(4, 60).await;
    let dropped = async |after, limit| {
        let mut tx = store.read().await.unwrap();
        let dropped = tx.dropped_files(after, limit).await.unwrap();
        dropped.into_iter().map(|file| (file.sha256[0], file.known_again)).collect::<Vec<_>>()
    };
    assert_eq!(dropped(None, 9).await, [(1, false), (4, true)]);
    assert_eq!(dropped(None, 1).await, [(1, false)]);
    assert_eq!(dropped(Some([1; 32]), 9).await, [(4, true)]);
    store.write(async |tx| tx.clear_dropped([1; 32]).await).await.unwrap();
    assert_eq!(dropped(None, 9).await, [(4, true)]);
}

pub(super) async fn a_draft_goes_when_nobody_touches_it(stage: &Stage) {
    let store = stage.hall().await;
    let owner = id();
    let mut ids = vec![];
    for now in [1, 2, 3, 9] {
        let draft = NewDraft { files: vec![[1; 32]], ..drafts::draft(owner) };
        drafts::put(&store, &draft, 0, now).await.unwrap();
        ids.push(draft.id);
        let window = if now == 9 { "04" } else { "03" };
        assert!(store.write(async move |tx| tx.show_draft(window, draft.id, at(now)).await).await.unwrap());
    }
    let remove = async |limit| store.write(async move |tx| tx.remove_drafts_before(at(9), limit).await).await.unwrap();
    assert_eq!(remove(2).await, 2);
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.draft(ids[1]).await.unwrap(), None);
    assert_eq!(tx.shown_draft("03").await.unwrap().map(|shown| shown.draft), Some(ids[2]));
    drop(tx);
    assert_eq!((remove(9).await, remove(9).await), (1, 0));
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.shown_draft("03").await.unwrap(), None);
    assert_eq!(tx.shown_draft("04").await.unwrap().map(|shown| shown.draft), Some(ids[3]));
    let left: Vec<_> = tx.drafts_of(owner, None, 9).await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(left, [ids[3]]);
}

pub(super) async fn an_upload_stays_while_a_draft_mentions_it(stage: &Stage) {
    let store = stage.hall().await;
    for file in 1..=4 {
        store.write(async move |tx| tx.keep_upload([file; 32], 7, "image/png", at(1)).await).await.unwrap();
    }
    let forget = async |before| store.write(async move |tx| tx.forget_uploads(at(before), 9).await).await.unwrap();
    let there = async || {
        let unknown = store.read().await.unwrap().unknown_files(&[[1; 32], [2; 32], [3; 32], [4; 32]]).await.unwrap();
        let unknown: Vec<_> = unknown.iter().map(|sha256| sha256[0]).collect();
        (1..=4).filter(|file| !unknown.contains(file)).collect::<Vec<u8>>()
    };
    let mentions = |files: &[u8]| files.iter().map(|file| [*file; 32]).collect::<Vec<_>>();
    let first = NewDraft { files: mentions(&[1, 2, 2]), ..drafts::draft(id()) };
    let second = NewDraft { files: mentions(&[2, 3]), ..drafts::draft(id()) };
    drafts::put(&store, &first, 0, 2).await.unwrap();
    drafts::put(&store, &second, 0, 2).await.unwrap();
    assert_eq!(forget(99).await, 1);
    assert_eq!(there().await, [1, 2, 3]);

    // What is mentioned no more waits since it was mentioned first.
    drafts::put(&store, &NewDraft { files: mentions(&[2]), ..first.clone() }, 1, 50).await.unwrap();
    assert_eq!(forget(2).await, 0);
    assert_eq!(forget(3).await, 1);
    assert_eq!(there().await, [2, 3]);

    // What a case took stays without the draft.
    store.write(async |tx| tx.take_file([3; 32]).await).await.unwrap();
    store.write(async move |tx| tx.remove_draft(second.id).await).await.unwrap();
    assert_eq!(forget(99).await, 0);
    assert_eq!(there().await, [2, 3]);
    assert_eq!(store.write(async |tx| tx.remove_drafts_before(at(51), 9).await).await.unwrap(), 1);
    assert_eq!(forget(99).await, 1);
    assert_eq!(there().await, [3]);
}
