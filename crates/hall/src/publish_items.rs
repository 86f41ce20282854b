//! Publishes items (发布) and withdraws them (停用). A version never changes: what is to be otherwise is a new version.

use std::{collections::BTreeMap, panic::resume_unwind};

use catalogue::{CatalogueItem, Fault, read_item};
use domain::ids::DepartmentId;
use jiff::Timestamp;
use store::{ItemVersionRow, NewItemVersion, Store, StoreError, Tx};

use crate::shelf::{all_versions, read_version};

/// A file of the catalogue: its name, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemFile {
    /// Its name, for whoever has to mend it.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// Who publishes or withdraws, and when.
#[derive(Debug, Clone)]
pub struct Publisher {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What became of the item of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedItem {
    /// Its code.
    pub code: String,
    /// The version in the file.
    pub version: u32,
    /// Its name.
    pub name: String,
    /// What became of it.
    pub outcome: Publication,
}

/// What publishing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publication {
    /// The hall had no item of this code.
    New,
    /// The hall had earlier versions of it.
    NewVersion {
        /// The newest of them.
        after: u32,
    },
    /// This version was published before, with the same text.
    Unchanged,
    /// The same, and it was withdrawn since, which it stays.
    Withdrawn,
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// What is wrong with the files.
    #[error("{} things are wrong with the items", .0.len())]
    Refused(Vec<Fault>),
    /// Nothing could be read or saved.
    #[error("the items could not be read or saved")]
    Store(#[from] StoreError),
}

struct Read {
    file: ItemFile,
    item: CatalogueItem,
}

/// Publishes the items of these files as far as they are not published yet: all of them, or none.
///
/// # Errors
/// [`PublishError::Refused`] with everything that is wrong with any file: with its text, with its department, which has to be
/// one of these, or with its version, when that was published with another text or a newer one was.
pub async fn publish_items(
    store: &Store,
    departments: &BTreeMap<DepartmentId, String>,
    files: Vec<ItemFile>,
    publisher: Publisher,
) -> Result<Vec<PublishedItem>, PublishError> {
    let read = read_all(files, departments)?;
    let marks = marks_before(store, &read, departments).await?;
    store
        .write(async move |tx| {
            let (mut published, mut faults) = (vec![], vec![]);
            for read in &read {
                match publish(tx, read, &marks, &publisher).await? {
                    Ok(item) => published.push(item),
                    Err(fault) => faults.push(fault),
                }
            }
            if faults.is_empty() { Ok(published) } else { Err(PublishError::Refused(faults)) }
        })
        .await
}

/// The items of these files, by code and version.
fn read_all(files: Vec<ItemFile>, departments: &BTreeMap<DepartmentId, String>) -> Result<Vec<Read>, PublishError> {
    let (mut read, mut faults): (BTreeMap<_, Read>, _) = (BTreeMap::new(), vec![]);
    for file in files {
        let item = match read_item(&file.name, &file.text, departments) {
            Ok(item) => item,
            Err(found) => {
                faults.extend(found);
                continue;
            }
        };
        let key = (item.item.code.to_string(), item.item.version);
        match read.get(&key) {
            Some(Read { file: other, .. }) => {
                let why = format!("is in {} too, in the same version", other.name);
                faults.push(Fault::of(&file.name, &file.text, "/code", &key.0, why));
            }
            None => {
                read.insert(key, Read { file, item });
            }
        }
    }
    faults.extend(shared_marks(&read));
    if faults.is_empty() { Ok(read.into_values().collect()) } else { Err(PublishError::Refused(faults)) }
}

/// The marks (字号) that items of two departments have: each department counts by itself, and a number would come twice.
fn shared_marks(read: &BTreeMap<(String, u32), Read>) -> Vec<Fault> {
    let mut owners: BTreeMap<&str, &Read> = BTreeMap::new();
    let mut faults = vec![];
    for one in read.values() {
        let Some(mark) = &one.item.item.result.mark else { continue };
        let owner = *owners.entry(mark).or_insert(one);
        if owner.item.item.department != one.item.item.department {
            let why = format!("is the mark of another department's item, in {}", owner.file.name);
            faults.push(Fault::of(&one.file.name, &one.file.text, "/result/mark", mark, why));
        }
    }
    faults
}

/// The marks of what was published before, each with the departments that count by it, and one item of each.
type Marks = BTreeMap<String, BTreeMap<DepartmentId, String>>;

/// Read before anything is written, since it takes long, and only where any of these items has a mark. Two people who
/// publish in the same moment are not held against each other.
async fn marks_before(
    store: &Store,
    read: &[Read],
    departments: &BTreeMap<DepartmentId, String>,
) -> Result<Marks, StoreError> {
    if read.iter().all(|read| read.item.item.result.mark.is_none()) {
        return Ok(Marks::new());
    }
    let versions = all_versions(&mut store.read().await?).await?;
    let departments = departments.clone();
    let marks = tokio::task::spawn_blocking(move || {
        let mut marks = Marks::new();
        for version in versions {
            // What cannot be read any more issues nothing.
            let Ok(CatalogueItem { item, .. }) = read_version(&version, &departments) else { continue };
            if let Some(mark) = item.result.mark {
                marks.entry(mark).or_default().insert(item.department, item.name);
            }
        }
        marks
    });
    // It ends early only when it panics: then nothing is published.
    Ok(marks.await.unwrap_or_else(|error| resume_unwind(error.into_panic())))
}

async fn publish(
    tx: &mut Tx,
    Read { file, item }: &Read,
    marks: &Marks,
    Publisher { by, at }: &Publisher,
) -> Result<Result<PublishedItem, Fault>, StoreError> {
    let item = &item.item;
    let (code, version) = (item.code.to_string(), item.version);
    let fault = |why| Fault::of(&file.name, &file.text, "/version", version, why);
    let newest = tx.item_versions(&code, None, 1).await?.pop();
    let outcome = match (tx.item_version(&code, version).await?, newest) {
        (Some(known), _) if known.text == file.text.as_bytes() => match known.row.withdrawn {
            None => Publication::Unchanged,
            Some(_) => Publication::Withdrawn,
        },
        (Some(_), newest) => {
            let next = newest.map_or(version, |newest| newest.version).saturating_add(1);
            return Ok(Err(fault(format!("was published with another text; what is changed is version {next}"))));
        }
        (None, Some(newest)) if newest.version > version => {
            return Ok(Err(fault(format!("is older than version {}, which was published", newest.version))));
        }
        (None, Some(newest)) => Publication::NewVersion { after: newest.version },
        (None, None) => Publication::New,
    };
    if matches!(outcome, Publication::New | Publication::NewVersion { .. }) {
        let counted_by = item.result.mark.as_ref().and_then(|mark| Some((mark, marks.get(mark)?)));
        let known = counted_by.filter(|(_, owners)| !owners.contains_key(&item.department));
        if let Some((mark, other)) = known.and_then(|(mark, owners)| Some((mark, owners.values().next()?))) {
            let why = format!("is the mark of another department's item, {other}, which was published");
            return Ok(Err(Fault::of(&file.name, &file.text, "/result/mark", mark, why)));
        }
        let new = NewItemVersion {
            code: code.clone(),
            version,
            name: item.name.clone(),
            department: item.department.0,
            published_at: *at,
            published_by: by.clone(),
            text: file.text.clone().into_bytes(),
        };
        tx.publish_item(&new).await?;
    }
    Ok(Ok(PublishedItem { code, version, name: item.name.clone(), outcome }))
}

/// Withdraws an item (停用): nothing new is taken by it until a new version is published. Its newest version as it stood
/// before; none when there is no such item.
///
/// # Errors
/// When nothing can be read or saved.
pub async fn withdraw_item(
    store: &Store,
    code: String,
    Publisher { by, at }: Publisher,
) -> Result<Option<ItemVersionRow>, StoreError> {
    store
        .write(async move |tx| {
            let newest = tx.item_versions(&code, None, 1).await?.pop();
            if let Some(newest) = &newest {
                tx.withdraw_item(&code, newest.version, at, &by).await?;
            }
            Ok(newest)
        })
        .await
}
