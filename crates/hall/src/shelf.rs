//! The items that were published, as the hall works with them: read once, and again when something was published or
//! withdrawn, by whichever program.

use std::{collections::BTreeMap, error::Error, sync::Arc, time::Duration};

use catalogue::{Catalogue, CatalogueItem, Fault, read_item};
use domain::{ids::DepartmentId, item::ItemKey};
use store::{CaseRow, ItemVersion, Store, StoreError, Tx};
use tokio::sync::{Mutex, watch};
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
    /// Held while it is read anew, so that what was read earlier never takes the place of what was read later.
    reading: Mutex<()>,
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
        let _alone = self.reading.lock().await;
        let known = self.items.borrow().clone();
        let mut tx = store.read().await?;
        let mark = tx.catalogue_mark().await?;
        if mark == known.mark {
            return Ok(false);
        }
        let versions = all_versions(&mut tx).await?;
        drop(tx);
        let departments = departments.clone();
        let read = tokio::task::spawn_blocking(move || catalogue_of(versions, &known.catalogue, &departments));
        // It ends early only when it panics, or when the program ends.
        let Ok(catalogue) = read.await else { return Ok(false) };
        self.items.send_replace(Items { catalogue: Arc::new(catalogue), mark });
        Ok(true)
    }
}

/// Everything that was published.
pub(crate) async fn all_versions(tx: &mut Tx) -> Result<Vec<ItemVersion>, StoreError> {
    let mut versions: Vec<ItemVersion> = vec![];
    loop {
        let last = versions.last().map(|last| (last.row.code.clone(), last.row.version));
        let page =
            tx.all_item_versions(last.as_ref().map(|(code, version)| (code.as_str(), *version)), AT_ONCE).await?;
        if page.is_empty() {
            return Ok(versions);
        }
        versions.extend(page);
    }
}

/// A published text as it is read now, whether or not its department is still one of the hall's.
pub(crate) fn read_version(
    ItemVersion { row, text }: &ItemVersion,
    departments: &BTreeMap<DepartmentId, String>,
) -> Result<CatalogueItem, Vec<Fault>> {
    let (name, text) = (format!("{} version {}", row.code, row.version), String::from_utf8_lossy(text));
    let mut departments = departments.clone();
    departments.entry(DepartmentId(row.department)).or_insert_with(|| row.department.to_string());
    read_item(&name, &text, &departments)
}

/// The catalogue of these versions, of which those that are known are not read again.
fn catalogue_of(
    versions: Vec<ItemVersion>,
    known: &Catalogue,
    departments: &BTreeMap<DepartmentId, String>,
) -> Catalogue {
    let mut catalogue = Catalogue::default();
    for version in versions {
        let row = &version.row;
        if let Some(item) = known.version(&row.code, row.version) {
            catalogue.add(item.clone(), row.withdrawn.is_some());
            continue;
        }
        // The cases of a department that is no longer one of the hall's go on; nothing more is taken for it.
        let gone = !departments.contains_key(&DepartmentId(row.department));
        match read_version(&version, departments) {
            Ok(item) => catalogue.add(Arc::new(item), gone || row.withdrawn.is_some()),
            Err(faults) => {
                for fault in faults {
                    tracing::error!(%fault, "a published item cannot be read, and nothing is taken by it");
                }
                catalogue.add_unreadable(row.code.clone(), row.version);
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
        self.version(&row.item_code, row.item_version)
    }

    /// The item of a case, by the key that its journal has.
    pub(crate) fn version_of(&self, ItemKey { code, version }: &ItemKey) -> Result<Arc<CatalogueItem>, HallError> {
        self.version(&code.to_string(), *version)
    }

    fn version(&self, code: &str, version: u32) -> Result<Arc<CatalogueItem>, HallError> {
        self.catalogue().version(code, version).cloned().ok_or_else(|| {
            let key = format!("{code} version {version}");
            StoreError::Corrupt { table: "item_version", key, what: "an item that is not there or cannot be read" }
                .into()
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::DepartmentId;
    use store::{ItemVersion, ItemVersionRow};

    use super::*;

    #[test]
    fn cases_of_a_department_that_is_gone_go_on_and_nothing_more_is_taken_for_it() {
        let text = include_str!("../tests/files/food.toml");
        let department = uuid::Uuid::from_u128(0x0193b000_0000_7000_8000_000000000031);
        let row = ItemVersionRow {
            code: "11990100MB000131013000131901001".to_owned(),
            version: 1,
            sha256: [0; 32],
            name: "食品经营许可（新办）".to_owned(),
            department,
            published_at: jiff::Timestamp::UNIX_EPOCH,
            published_by: "admin".to_owned(),
            withdrawn: None,
        };
        let read = |departments: &BTreeMap<DepartmentId, String>| {
            let versions = vec![ItemVersion { row: row.clone(), text: text.as_bytes().to_vec() }];
            catalogue_of(versions, &Catalogue::default(), departments)
        };
        let known = BTreeMap::from([(DepartmentId(department), "安澜市市场监督管理局".to_owned())]);
        assert_eq!(read(&known).items().count(), 1);
        let gone = read(&BTreeMap::new());
        assert_eq!(gone.items().count(), 0);
        assert!(gone.version(&row.code, 1).is_some());
    }
}
