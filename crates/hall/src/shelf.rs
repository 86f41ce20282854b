//! The items that were published, as the hall works with them: read once, and again when something was published or
//! withdrawn, by whichever program.

use std::{collections::BTreeMap, error::Error, sync::Arc, time::Duration};

use catalogue::{Catalogue, read_item};
use domain::ids::DepartmentId;
use store::{CaseRow, ItemVersion, Store, StoreError};
use tokio::sync::watch;
use web::workers::{Stop, work};

use crate::{Hall, HallError, News};

/// How many versions are read at a time.
const AT_ONCE: u32 = 200;

/// How soon it is looked again whether something was published: one row is read for it.
const AGAIN: Duration = Duration::from_secs(1);

/// The items that were published.
#[derive(Default)]
pub(crate) struct Shelf {
    items: watch::Sender<Items>,
}

#[derive(Clone, Default)]
struct Items {
    catalogue: Arc<Catalogue>,
    /// How often the catalogue had changed when it was read.
    mark: u64,
}

pub(crate) async fn run(hall: Hall, stop: Stop) {
    let round = || async {
        if let Err(error) = hall.refresh_catalogue().await {
            tracing::warn!(error = &error as &dyn Error, "it could not be read whether an item was published");
        }
        AGAIN
    };
    work(stop, &hall.0.wake.shelf, round).await;
}

impl Shelf {
    pub(crate) fn catalogue(&self) -> Arc<Catalogue> {
        self.items.borrow().catalogue.clone()
    }

    /// Reads anew what was published, if anything was since; whether it did.
    pub(crate) async fn refresh(
        &self,
        store: &Store,
        departments: &BTreeMap<DepartmentId, String>,
    ) -> Result<bool, StoreError> {
        let known = self.items.borrow().clone();
        let mut tx = store.read().await?;
        let mark = tx.catalogue_mark().await?;
        if mark == known.mark {
            return Ok(false);
        }
        let (mut versions, mut after): (Vec<ItemVersion>, Option<(String, u32)>) = (vec![], None);
        loop {
            let last = after.as_ref().map(|(code, version)| (code.as_str(), *version));
            let page = tx.all_item_versions(last, AT_ONCE).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.row.code.clone(), last.row.version));
            versions.extend(page);
        }
        drop(tx);
        let departments = departments.clone();
        let read = tokio::task::spawn_blocking(move || catalogue_of(versions, &known.catalogue, &departments));
        // It ends early only when it panics, or when the program ends.
        let Ok(catalogue) = read.await else { return Ok(false) };
        self.items.send_replace(Items { catalogue: Arc::new(catalogue), mark });
        Ok(true)
    }
}

/// The catalogue of these versions, of which those that are known are not read again.
fn catalogue_of(
    versions: Vec<ItemVersion>,
    known: &Catalogue,
    departments: &BTreeMap<DepartmentId, String>,
) -> Catalogue {
    let mut catalogue = Catalogue::default();
    for ItemVersion { row, text } in versions {
        if let Some(item) = known.version(&row.code, row.version) {
            catalogue.add(item.clone(), row.withdrawn.is_some());
            continue;
        }
        let (name, text) = (format!("{} version {}", row.code, row.version), String::from_utf8_lossy(&text));
        match read_item(&name, &text, departments) {
            Ok(item) => catalogue.add(Arc::new(item), row.withdrawn.is_some()),
            Err(faults) => {
                for fault in faults {
                    tracing::error!(%fault, "a published item cannot be read, and nothing is taken by it");
                }
                catalogue.add_unreadable(row.code, row.version);
            }
        }
    }
    catalogue
}

impl Hall {
    /// What can be applied for, and what could be before.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.0.shelf.catalogue()
    }

    /// Takes over what was published or withdrawn since.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn refresh_catalogue(&self) -> Result<(), HallError> {
        if self.0.shelf.refresh(&self.0.store, &self.0.config.department_names()).await? {
            tracing::info!(items = self.catalogue().items().count(), "the catalogue was read");
            self.tell(News::Catalogue);
        }
        Ok(())
    }

    /// The item of a case, in the version that the case was taken by.
    pub(crate) fn item_of(&self, row: &CaseRow) -> Result<Arc<catalogue::CatalogueItem>, HallError> {
        let catalogue = self.catalogue();
        catalogue.version(&row.item_code, row.item_version).cloned().ok_or_else(HallError::no_case)
    }
}
