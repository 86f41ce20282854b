//! What windows have half done.

use super::stage::{Stage, at, id};
use crate::{Confirmed, DraftKey, DraftRow, NewDraft, Store, StoreError};
use uuid::Uuid;

pub(super) fn draft(owner: Uuid) -> NewDraft {
    NewDraft {
        id: id(),
        owner,
        window: "03".into(),
        title: "食品经营许可 陈*远".into(),
        body: br#"{ "applicant": "..." }"#.to_vec(),
        files: vec![],
    }
}

pub(super) async fn put(store: &Store, draft: &NewDraft, seen: u64, now: i64) -> Result<u64, StoreError> {
    let draft = draft.clone();
    store.write(async move |tx| tx.put_draft(&draft, seen, at(now)).await).await
}

async fn remove(store: &Store, draft: Uuid) -> bool {
    store.write(async move |tx| tx.remove_draft(draft).await).await.unwrap()
}

pub(super) async fn a_draft_is_kept_in_versions(stage: &Stage) {
    let store = stage.hall().await;
    let first = draft(id());
    assert_eq!(put(&store, &first, 0, 1).await.unwrap(), 1);
    assert_eq!(put(&store, &first, 0, 2).await.unwrap_err().code(), "stale");
    let second = NewDraft {
        owner: id(),
        window: "04".into(),
        title: "食品经营许可 王*".into(),
        body: br#"{ "applicant": ".." }"#.to_vec(),
        ..first.clone()
    };
    assert_eq!(put(&store, &second, 1, 3).await.unwrap(), 2);
    assert_eq!(put(&store, &first, 1, 4).await.unwrap_err().code(), "stale");
    assert_eq!(put(&store, &first, 3, 4).await.unwrap_err().code(), "stale");

    let kept = store.read().await.unwrap().draft(first.id).await.unwrap().unwrap();
    assert_eq!(kept.body, second.body);
    let row = DraftRow {
        id: first.id,
        owner: second.owner,
        window: "04".into(),
        title: second.title.clone(),
        version: 2,
        confirmed: None,
        created_at: at(1),
        updated_at: at(3),
    };
    assert_eq!(kept.row, row);

    assert!(remove(&store, first.id).await);
    assert!(!remove(&store, first.id).await);
    assert_eq!(store.read().await.unwrap().draft(first.id).await.unwrap(), None);
    assert_eq!(put(&store, &second, 2, 5).await.unwrap_err().code(), "stale");
}

pub(super) async fn a_draft_that_is_too_long_is_refused(stage: &Stage) {
    let store = stage.hall().await;
    let longest = NewDraft { body: vec![b' '; NewDraft::LONGEST], ..draft(id()) };
    put(&store, &longest, 0, 1).await.unwrap();
    let longer = NewDraft { body: vec![b' '; NewDraft::LONGEST + 1], ..longest };
    assert_eq!(put(&store, &longer, 1, 2).await.unwrap_err().code(), "database");
}

pub(super) async fn drafts_of_somebody_come_newest_first(stage: &Stage) {
    let store = stage.hall().await;
    let owner = id();
    let mut drafts = vec![];
    // Two were kept in one moment.
    for now in [1, 2, 2, 3] {
        let draft = draft(owner);
        put(&store, &draft, 0, now).await.unwrap();
        drafts.push(draft);
    }
    put(&store, &draft(id()), 0, 4).await.unwrap();
    put(&store, &drafts[0], 1, 5).await.unwrap();
    let mut seen: Vec<DraftRow> = vec![];
    let mut after: Option<DraftKey> = None;
    loop {
        let page = store.read().await.unwrap().drafts_of(owner, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.key());
        seen.extend(page);
    }
    let expected = [0, 3, 2, 1].map(|n: usize| drafts[n].id);
    assert_eq!(seen.iter().map(|row| row.id).collect::<Vec<_>>(), expected);
}

pub(super) async fn only_the_newest_version_is_confirmed(stage: &Stage) {
    let store = stage.hall().await;
    let draft = draft(id());
    let confirmed = Confirmed { at: at(2), digest: [7; 32] };
    let confirm = async |version| {
        let draft = draft.id;
        store.write(async move |tx| tx.confirm_draft(draft, version, confirmed).await).await
    };
    let kept = async || store.read().await.unwrap().draft(draft.id).await.unwrap().unwrap().row;
    assert_eq!(confirm(1).await.unwrap_err().code(), "stale");
    put(&store, &draft, 0, 1).await.unwrap();
    confirm(1).await.unwrap();
    let row = kept().await;
    assert_eq!((row.version, row.confirmed, row.updated_at), (1, Some(confirmed), at(1)));

    put(&store, &draft, 1, 3).await.unwrap();
    assert_eq!(kept().await.confirmed, Some(confirmed), "a put leaves it to its caller");
    assert_eq!(confirm(1).await.unwrap_err().code(), "stale");
}

pub(super) async fn a_window_shows_one_draft(stage: &Stage) {
    let store = stage.hall().await;
    let (first, second) = (draft(id()), draft(id()));
    let show = async |window: &'static str, draft: Uuid, now| {
        store.write(async move |tx| tx.show_draft(window, draft, at(now)).await).await.unwrap()
    };
    let hide = async |window: &'static str| store.write(async move |tx| tx.hide_draft(window).await).await.unwrap();
    let shown = async |window| {
        let shown = store.read().await.unwrap().shown_draft(window).await.unwrap();
        shown.map(|shown| (shown.draft, shown.version, shown.since))
    };
    assert!(!show("03", first.id, 1).await, "there is no such draft");
    for draft in [&first, &second] {
        put(&store, draft, 0, 1).await.unwrap();
    }
    assert_eq!(shown("03").await, None);
    assert!(show("03", first.id, 2).await);
    assert!(show("03", first.id, 3).await);
    put(&store, &first, 1, 4).await.unwrap();
    assert_eq!(shown("03").await, Some((first.id, 2, at(2))));
    assert!(show("03", second.id, 5).await);
    assert!(show("04", second.id, 6).await);
    assert_eq!(shown("03").await, Some((second.id, 1, at(5))));
    assert!(hide("04").await);
    assert!(!hide("04").await);
    assert_eq!(shown("04").await, None);
    remove(&store, second.id).await;
    assert_eq!(shown("03").await, None);
    assert!(!hide("03").await, "a draft that is gone is shown nowhere");
}
