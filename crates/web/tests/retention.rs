//! What a killed program left among the files.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use store::{Files, Kind, Store, StoreConfig};
use uuid::Uuid;
use yichuang_web::retention::{PARTS, Retention, Swept, UNKNOWN};
use yichuang_web::source::{self, Chance};
use yichuang_web::{Clock, SystemClock};

const OFFICE: Uuid = Uuid::from_u128(0x11);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

struct Office {
    store: Store,
    files: Files,
    folder: PathBuf,
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Office {
    async fn open(kind: Kind) -> Self {
        let folder = std::env::temp_dir().join(format!("retention-{}", Chance::system().id(source::wall()).simple()));
        fs::create_dir_all(&folder).unwrap();
        let store = Store::open(&StoreConfig::file(&folder.join("office.db")), kind, OFFICE).await.unwrap();
        Self { store, files: Files::open(folder.join("files")).unwrap(), folder }
    }

    /// Puts a file as if it had been this long ago.
    async fn put(&self, text: &str, age: SignedDuration) -> PathBuf {
        let name = hex::encode(self.files.put(text).await.unwrap().sha256);
        let path = self.folder.join("files").join(&name[..2]).join(name);
        make_old(&path, age);
        path
    }

    fn retention(&self) -> Retention {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Retention::new(self.store.clone(), self.files.clone(), clock)
    }

    async fn sweep(&self) -> Swept {
        self.retention().sweep().await.unwrap()
    }
}

fn make_old(path: &Path, age: SignedDuration) {
    let put_at: Timestamp = source::wall() - age;
    File::options().append(true).open(path).unwrap().set_modified(put_at.into()).unwrap();
}

#[tokio::test]
async fn files_that_no_row_knows_are_counted_and_stay() {
    let hall = Office::open(Kind::Hall).await;
    let (known, unknown) = (hall.put("known", UNKNOWN + MINUTE).await, hall.put("unknown", UNKNOWN + MINUTE).await);
    let recent = hall.put("recent", UNKNOWN - MINUTE).await;
    let kept = hex::decode(known.file_name().unwrap().to_str().unwrap()).unwrap().try_into().unwrap();
    let keep = hall.store.write(async move |tx| tx.keep_file(kept, 5, "text/plain", source::wall()).await).await;
    keep.unwrap();
    assert_eq!(hall.sweep().await, Swept { parts: 0, unknown: 1 });
    assert_eq!([known, unknown, recent].map(|path| path.exists()), [true, true, true]);
}

#[tokio::test]
async fn materials_that_a_department_fetched_stay() {
    let department = Office::open(Kind::Department).await;
    let material = department.put("material", UNKNOWN + MINUTE).await;
    assert_eq!(department.sweep().await, Swept::default());
    assert!(material.exists());
}

#[tokio::test]
async fn bytes_that_were_half_put_go_after_a_day() {
    for kind in [Kind::Hall, Kind::Department] {
        let office = Office::open(kind).await;
        let file = office.put("file", MINUTE).await;
        let (old, recent) = (file.with_file_name("old.part"), file.with_file_name("recent.part"));
        for (part, age) in [(&old, PARTS + MINUTE), (&recent, PARTS - MINUTE)] {
            fs::write(part, "half").unwrap();
            make_old(part, age);
        }
        assert_eq!(office.sweep().await, Swept { parts: 1, unknown: 0 });
        assert_eq!([file, old, recent].map(|path| path.exists()), [true, false, true]);
    }
}

#[tokio::test]
async fn both_kinds_of_office_tidy_up() {
    for kind in [Kind::Hall, Kind::Department] {
        Office::open(kind).await.retention().round().await.unwrap();
    }
}
