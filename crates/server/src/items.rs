//! The items of a hall, from the command line: imported, listed, withdrawn. A hall that is running notices it by itself.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use domain::ids::DepartmentId;
use hall::{ItemFile, PublishedItem, Publisher, publish_items, withdraw_item};
use store::{ItemVersionRow, Kind, Store, StoreConfig};
use web::source;

use crate::{
    City, ServerError,
    city::{items_folder, read_item, read_items},
    demo,
    settings::HallSettings,
};

/// How many versions are read at a time.
const AT_ONCE: u32 = 200;

/// The items of catalogue folders and of files of single items.
///
/// # Errors
/// When one cannot be read, or a folder has none.
pub fn read_paths(paths: &[PathBuf]) -> Result<Vec<ItemFile>, ServerError> {
    let mut files = vec![];
    for path in paths {
        if !path.is_dir() {
            files.push(read_item(path)?);
            continue;
        }
        let folder = items_folder(path);
        let found = if folder.exists() { read_items(&folder)? } else { vec![] };
        if found.is_empty() {
            return Err(ServerError::NoItems(folder));
        }
        files.extend(found);
    }
    Ok(files)
}

/// The items of a hall.
pub struct HallItems {
    store: Store,
    departments: BTreeMap<DepartmentId, String>,
}

impl HallItems {
    /// Those of the hall with these settings, which may be running.
    ///
    /// # Errors
    /// When its database is not there yet, or cannot be used.
    pub async fn of(settings: &HallSettings) -> Result<Self, ServerError> {
        let file = settings.data.join("hall.db");
        let (file, config) = match &settings.database {
            Some(database) => (database.file(), StoreConfig::new(database.url())),
            None => (Some(file.clone()), StoreConfig::file(&absolute(&file)?)),
        };
        if let Some(file) = file.filter(|file| !file.exists()) {
            return Err(ServerError::NoDatabase(file));
        }
        let store = Store::open(&config, Kind::Hall, settings.id.0).await.map_err(ServerError::store("the hall"))?;
        let departments = settings.departments.iter().map(|(id, peer)| (*id, peer.name.clone())).collect();
        Ok(Self { store, departments })
    }

    /// Those of the hall that a desktop keeps in a folder, which may be running.
    ///
    /// # Errors
    /// When it has not been started yet, its city cannot be read, or its database cannot be used.
    pub async fn of_desktop(folder: &Path) -> Result<Self, ServerError> {
        let file = folder.join("hall.db");
        if !file.exists() {
            return Err(ServerError::NoDatabase(file));
        }
        let city = if demo::is_in(folder) { City::anlan()? } else { City::read(&folder.join("catalogue"))? };
        let store = Store::open(&StoreConfig::file(&absolute(&file)?), Kind::Hall, city.hall.id.0).await;
        Ok(Self { store: store.map_err(ServerError::store("the hall"))?, departments: city.department_names() })
    }

    /// Publishes the items of these files as far as they are new: all of them, or none.
    ///
    /// # Errors
    /// [`ServerError::Catalogue`] with everything that is wrong, or when the database cannot be used.
    pub async fn import(&self, files: Vec<ItemFile>, by: String) -> Result<Vec<PublishedItem>, ServerError> {
        Ok(publish_items(&self.store, &self.departments, files, publisher(by)).await?)
    }

    /// Withdraws an item (停用), and says how its newest version stood before.
    ///
    /// # Errors
    /// [`ServerError::NoItem`], or when the database cannot be used.
    pub async fn withdraw(&self, code: String, by: String) -> Result<ItemVersionRow, ServerError> {
        let before = withdraw_item(&self.store, code.clone(), publisher(by)).await;
        before.map_err(ServerError::store("the hall"))?.ok_or(ServerError::NoItem(code))
    }

    /// Every version of every item, by code and version.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn list(&self) -> Result<Vec<ItemVersionRow>, ServerError> {
        let failed = |error| ServerError::Store { whose: "the hall", source: error };
        let mut tx = self.store.read().await.map_err(failed)?;
        let mut rows: Vec<ItemVersionRow> = vec![];
        loop {
            let last = rows.last().map(|row| (row.code.as_str(), row.version));
            let page = tx.all_item_versions(last, AT_ONCE).await.map_err(failed)?;
            if page.is_empty() {
                return Ok(rows);
            }
            rows.extend(page.into_iter().map(|version| version.row));
        }
    }

    /// Lets go of the database.
    pub async fn close(self) {
        self.store.close().await;
    }
}

fn publisher(by: String) -> Publisher {
    Publisher { by, at: source::wall() }
}

fn absolute(file: &Path) -> Result<PathBuf, ServerError> {
    std::path::absolute(file).map_err(|error| ServerError::File(file.to_owned(), error))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_catalogue_folder_without_items_is_named_and_its_city_is_no_item() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("city.toml"), "[hall]").unwrap();
        let items = folder.path().join("items");
        let expected = format!("there is no item file (*.toml) in {}", items.display());
        let refused = || read_paths(&[folder.path().to_owned()]).unwrap_err().to_string();
        assert_eq!(refused(), expected);
        fs::create_dir(&items).unwrap();
        assert_eq!(refused(), expected);
        fs::write(items.join("one.toml"), "code = 1").unwrap();
        assert_eq!(read_paths(&[folder.path().to_owned()]).unwrap().len(), 1);
        assert_eq!(read_paths(std::slice::from_ref(&items)).unwrap().len(), 1, "the folder of the items itself");
    }
}
