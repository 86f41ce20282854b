//! The catalogue (事项库): items read from files, their situations, materials and review points.
//!
//! `docs/catalogue.md` describes the files. A catalogue is read whole or not at all.

mod entry;
mod mentions;
mod place;
mod read;
mod review;
mod rules;

use std::{collections::BTreeMap, sync::Arc};

use domain::{ids::DepartmentId, item::Item};

pub use read::{Fault, read_item};
pub use review::{Finding, ItemRules, Looked, PointFinding, Review};
pub use rules::{Application, Facts, NAMES, Rule, RuleError};

/// The items of a hall, in every version that it ever took.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    items: BTreeMap<String, BTreeMap<u32, Version>>,
}

/// A version of an item (事项版本).
#[derive(Debug, Clone)]
struct Version {
    /// None where its text can no longer be read.
    item: Option<Arc<CatalogueItem>>,
    withdrawn: bool,
}

/// An item with what is made of its texts once.
#[derive(Debug)]
pub struct CatalogueItem {
    /// The item.
    pub item: Item,
    /// Its form, as JSON.
    pub schema: serde_json::Value,
    /// The form's order and widgets, as JSON.
    pub layout: serde_json::Value,
    /// Its rules.
    pub rules: ItemRules,
    /// A valid application.
    pub example: Application,
    validator: jsonschema::Validator,
}

impl CatalogueItem {
    /// Everything that is wrong with a filled-in form, by JSON pointer.
    pub fn faults<'a>(
        &'a self,
        form: &'a serde_json::Value,
    ) -> impl Iterator<Item = jsonschema::ValidationError<'a>> + 'a {
        self.validator.iter_errors(form)
    }
}

impl Catalogue {
    /// The catalogue of these files, each a name and its text.
    ///
    /// # Errors
    /// Everything that is wrong with any of them; then nothing of them is used.
    pub fn read<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
        departments: &BTreeMap<DepartmentId, String>,
    ) -> Result<Self, Vec<Fault>> {
        let (mut catalogue, mut faults) = (Self::default(), vec![]);
        for (file, text) in files {
            match read_item(file, text, departments) {
                Err(found) => faults.extend(found),
                Ok(item) if catalogue.version(&item.item.code.to_string(), item.item.version).is_some() => {
                    faults.push(Fault::of(file, text, "/code", &item.item.code, "is in the catalogue twice"));
                }
                Ok(item) => catalogue.add(Arc::new(item), false),
            }
        }
        if faults.is_empty() { Ok(catalogue) } else { Err(faults) }
    }

    /// Adds a version of an item; a withdrawn one (停用) is for the cases that were taken by it.
    pub fn add(&mut self, item: Arc<CatalogueItem>, withdrawn: bool) {
        let (code, version) = (item.item.code.to_string(), item.item.version);
        self.put(code, version, Version { item: Some(item), withdrawn });
    }

    /// Adds a version whose text can no longer be read: nothing is taken by it, nor by those before it.
    pub fn add_unreadable(&mut self, code: String, version: u32) {
        self.put(code, version, Version { item: None, withdrawn: false });
    }

    fn put(&mut self, code: String, number: u32, version: Version) {
        self.items.entry(code).or_default().insert(number, version);
    }

    /// The item of that code, as cases are taken by it now: in its newest version, unless that was withdrawn.
    pub fn item(&self, code: &str) -> Option<&Arc<CatalogueItem>> {
        newest(self.items.get(code)?)
    }

    /// A version of an item, also one that nothing is taken by any more.
    pub fn version(&self, code: &str, version: u32) -> Option<&Arc<CatalogueItem>> {
        self.items.get(code)?.get(&version)?.item.as_ref()
    }

    /// Whether an item was withdrawn (停用), and not published anew since.
    pub fn is_withdrawn(&self, code: &str) -> bool {
        let newest = self.items.get(code).and_then(BTreeMap::last_key_value);
        newest.is_some_and(|(_, version)| version.withdrawn)
    }

    /// The items behind a code that can be applied for, by code.
    pub fn items_after(&self, code: Option<&str>) -> impl Iterator<Item = &Arc<CatalogueItem>> {
        use std::ops::Bound::{Excluded, Unbounded};
        let from = code.map_or(Unbounded, Excluded);
        self.items.range::<str, _>((from, Unbounded)).filter_map(|(_, versions)| newest(versions))
    }

    /// All items that can be applied for, by code.
    pub fn items(&self) -> impl Iterator<Item = &Arc<CatalogueItem>> {
        self.items_after(None)
    }
}

fn newest(versions: &BTreeMap<u32, Version>) -> Option<&Arc<CatalogueItem>> {
    let (_, Version { item, withdrawn }) = versions.last_key_value()?;
    item.as_ref().filter(|_| !withdrawn)
}
