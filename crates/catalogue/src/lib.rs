//! The catalogue (事项库): items read from files, their situations, materials and review points.
//!
//! `docs/catalogue.md` describes the files. A catalogue is read whole or not at all.

mod entry;
mod mentions;
mod place;
mod read;
mod review;
mod rules;

use std::collections::BTreeMap;

use domain::{ids::DepartmentId, item::Item};

pub use read::Fault;
pub use review::{Finding, ItemRules, PointFinding, Review};
pub use rules::{Application, Facts, NAMES, Rule, RuleError};

/// The items a hall takes, by code.
#[derive(Debug, Default)]
pub struct Catalogue {
    items: BTreeMap<String, CatalogueItem>,
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
            match read::read_item(file, text, departments) {
                Err(found) => faults.extend(found),
                Ok(entry) => {
                    let code = entry.item.code.to_string();
                    if catalogue.items.insert(code.clone(), entry).is_some() {
                        faults.push(Fault {
                            file: file.to_owned(),
                            line: 1,
                            field: "/code".to_owned(),
                            value: code,
                            why: "is in the catalogue twice".to_owned(),
                        });
                    }
                }
            }
        }
        if faults.is_empty() { Ok(catalogue) } else { Err(faults) }
    }

    /// The item of that code.
    pub fn item(&self, code: &str) -> Option<&CatalogueItem> {
        self.items.get(code)
    }

    /// The items behind a code, by code.
    pub fn items_after(&self, code: Option<&str>) -> impl Iterator<Item = &CatalogueItem> {
        use std::ops::Bound::{Excluded, Unbounded};
        let from = code.map_or(Unbounded, Excluded);
        self.items.range::<str, _>((from, Unbounded)).map(|(_, item)| item)
    }

    /// All items, by code.
    pub fn items(&self) -> impl Iterator<Item = &CatalogueItem> {
        self.items.values()
    }
}
