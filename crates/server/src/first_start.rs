//! The first start of a hall: what it takes from the beginning, and what somebody has to do before anybody can be served.

use std::collections::BTreeMap;

use domain::ids::DepartmentId;
use hall::{ItemFile, PublishError, Publisher, publish_items};
use jiff::Timestamp;
use store::{Store, StoreError};

use crate::ServerError;

/// Publishes these items, if nothing ever was: later starts keep what was imported meanwhile. A demo takes up what is new
/// in a later program, too.
pub(crate) async fn publish(
    store: &Store,
    departments: &BTreeMap<DepartmentId, String>,
    items: Vec<ItemFile>,
    at: Timestamp,
    demo: bool,
) -> Result<(), ServerError> {
    let failed = |error| ServerError::Store { whose: "the hall", source: error };
    let mark = async || store.read().await?.catalogue_mark().await;
    let first = mark().await.map_err(failed)? == 0;
    if items.is_empty() || !(first || demo) {
        return Ok(());
    }
    let by = if first { "first start" } else { "later start" }.to_owned();
    match publish_items(store, departments, items, Publisher { by, at }).await {
        Ok(published) => tracing::info!(items = published.len(), first, "the catalogue is published"),
        // Its cases keep their versions, as everywhere; with a folder of its own it begins anew.
        Err(PublishError::Refused(faults)) if !first => {
            for fault in faults {
                tracing::warn!(%fault, "the demo keeps the items that it has");
            }
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// A hall without people or items says how it gets them.
pub(crate) async fn say_what_is_missing(store: &Store) -> Result<(), StoreError> {
    let mut tx = store.read().await?;
    if tx.accounts().await?.is_empty() {
        tracing::warn!(
            "nobody can sign in yet; the first account: yichuang-server accounts add --kind hall --office {} \
             --database URL --login LOGIN --name NAME --roles administrator",
            store.office()
        );
    }
    if tx.all_item_versions(None, 1).await?.is_empty() {
        tracing::warn!(
            "nothing can be applied for yet; items are imported: yichuang-server import catalogue --config FILE PATH"
        );
    }
    Ok(())
}
