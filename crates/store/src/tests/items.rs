//! Published items.

use super::stage::{Stage, at, id};
use crate::{ItemVersion, NewItemVersion, Store, StoreError};
use sha2::{Digest as _, Sha256};

fn item(code: &str, version: u32) -> NewItemVersion {
    NewItemVersion {
        code: code.into(),
        version,
        name: "食品经营许可".into(),
        department: id(),
        published_at: at(1),
        published_by: "admin".into(),
        text: format!("code = \"{code}\"\nversion = {version}\n").into_bytes(),
    }
}

async fn publish(store: &Store, item: &NewItemVersion) -> Result<bool, StoreError> {
    let item = item.clone();
    store.write(async move |tx| tx.publish_item(&item).await).await
}

async fn mark(store: &Store) -> u64 {
    store.read().await.unwrap().catalogue_mark().await.unwrap()
}

pub(super) async fn a_version_is_published_once(stage: &Stage) {
    let store = stage.hall().await;
    let food = item("food", 1);
    assert!(publish(&store, &food).await.unwrap());
    assert!(!publish(&store, &NewItemVersion { published_at: at(2), ..food.clone() }).await.unwrap());
    let other = NewItemVersion { text: b"version = 1".to_vec(), ..food.clone() };
    let refused = publish(&store, &other).await.unwrap_err();
    assert_eq!(refused.code(), "different");
    assert_eq!(refused.to_string(), "food 1 in item_version is kept already, with other content");

    let ItemVersion { row, text } = store.read().await.unwrap().item_version("food", 1).await.unwrap().unwrap();
    assert_eq!(text, food.text);
    assert_eq!(row.sha256, <[u8; 32]>::from(Sha256::digest(&food.text)));
    assert_eq!((row.code.as_str(), row.version, row.name, row.department), ("food", 1, food.name, food.department));
    assert_eq!((row.published_at, row.published_by.as_str(), row.withdrawn), (at(1), "admin", None));
    assert_eq!(store.read().await.unwrap().item_version("food", 2).await.unwrap(), None);
}

pub(super) async fn a_version_is_withdrawn_for_good(stage: &Stage) {
    let store = stage.hall().await;
    let food = item("food", 1);
    let withdraw =
        async |now| store.write(async move |tx| tx.withdraw_item("food", 1, at(now), "admin").await).await.unwrap();
    assert!(!withdraw(1).await);
    publish(&store, &food).await.unwrap();
    assert!(withdraw(2).await);
    assert!(!withdraw(3).await);
    assert!(!publish(&store, &food).await.unwrap());
    let kept = store.read().await.unwrap().item_version("food", 1).await.unwrap().unwrap();
    assert_eq!(kept.row.withdrawn, Some((at(2), "admin".into())));
    assert_eq!(kept.text, food.text, "cases that were taken by it still need it");
}

pub(super) async fn the_mark_changes_with_the_catalogue(stage: &Stage) {
    let store = stage.hall().await;
    assert_eq!(mark(&store).await, 0);
    let food = item("food", 1);
    let mut marks = vec![mark(&store).await];
    // All in one moment.
    publish(&store, &food).await.unwrap();
    marks.push(mark(&store).await);
    publish(&store, &item("food", 2)).await.unwrap();
    marks.push(mark(&store).await);
    store.write(async |tx| tx.withdraw_item("food", 1, at(1), "admin").await).await.unwrap();
    marks.push(mark(&store).await);
    assert!(marks.is_sorted_by(|one, next| one < next), "{marks:?}");
    // What changes nothing does not.
    publish(&store, &food).await.unwrap();
    publish(&store, &NewItemVersion { text: vec![], ..food }).await.unwrap_err();
    store.write(async |tx| tx.withdraw_item("food", 1, at(2), "admin").await).await.unwrap();
    assert_eq!(Some(&mark(&store).await), marks.last());
}

pub(super) async fn versions_come_in_order_a_page_at_a_time(stage: &Stage) {
    let store = stage.hall().await;
    for (code, version) in [("lease", 1), ("food", 2), ("food", 10), ("food", 1)] {
        publish(&store, &item(code, version)).await.unwrap();
    }
    store.write(async |tx| tx.withdraw_item("food", 1, at(2), "admin").await).await.unwrap();
    let (mut seen, mut after): (Vec<ItemVersion>, Option<(String, u32)>) = (vec![], None);
    loop {
        let last = after.as_ref().map(|(code, version)| (code.as_str(), *version));
        let page = store.read().await.unwrap().all_item_versions(last, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.row.code.clone(), last.row.version));
        seen.extend(page);
    }
    let seen: Vec<_> = seen.iter().map(|item| (item.row.code.as_str(), item.row.version)).collect();
    assert_eq!(seen, [("food", 1), ("food", 2), ("food", 10), ("lease", 1)]);

    let mut tx = store.read().await.unwrap();
    let page = tx.item_versions("food", None, 2).await.unwrap();
    assert_eq!(page.iter().map(|row| row.version).collect::<Vec<_>>(), [10, 2]);
    let rest = tx.item_versions("food", Some(2), 9).await.unwrap();
    assert_eq!(rest.iter().map(|row| (row.version, row.withdrawn.is_some())).collect::<Vec<_>>(), [(1, true)]);
}
