//! Files.

use super::stage::{Stage, at};
use crate::{Digest, Files, StoreError};
use jiff::{SignedDuration, Timestamp};
use std::path::{Path, PathBuf};
use uuid::Uuid;

pub(super) async fn a_file_is_known_once(stage: &Stage) {
    let store = stage.hall().await;
    for now in [1, 2] {
        store.write(async move |tx| tx.keep_file([1; 32], 7, "image/png", at(now)).await).await.unwrap();
    }
    let mut tx = store.read().await.unwrap();
    let row = tx.file([1; 32]).await.unwrap().unwrap();
    assert_eq!((row.size, row.media_type.as_str(), row.kept_at), (7, "image/png", at(1)));
    assert_eq!(tx.file([2; 32]).await.unwrap(), None);
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Folder {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("yichuang-files-{}", Uuid::now_v7().simple())))
    }

    fn path(&self, sha256: Digest) -> PathBuf {
        let name = hex::encode(sha256);
        self.0.join(&name[..2]).join(&name)
    }
}

fn set_put_at(path: &Path, put_at: Timestamp) {
    let file = std::fs::File::options().append(true).open(path).unwrap();
    file.set_modified(put_at.into()).unwrap();
}

pub(super) async fn a_file_goes_unless_it_was_put_just_now(_: &Stage) {
    let folder = Folder::new();
    let files = Files::open(&folder.0).unwrap();
    let sha256 = files.put(b"%PDF".to_vec()).await.unwrap().sha256;
    let put_at: Timestamp = std::fs::metadata(folder.path(sha256)).unwrap().modified().unwrap().try_into().unwrap();
    let hour = SignedDuration::from_hours(1);
    assert!(!files.remove(sha256, put_at - hour).await.unwrap());
    assert!(files.exists(sha256).await.unwrap());

    set_put_at(&folder.path(sha256), put_at - hour * 2);
    // Put again, it is as new.
    files.put(b"%PDF".to_vec()).await.unwrap();
    assert!(!files.remove(sha256, put_at - hour).await.unwrap());

    assert!(files.remove(sha256, put_at + hour).await.unwrap());
    assert!(!files.exists(sha256).await.unwrap());
    assert!(files.remove(sha256, put_at + hour).await.unwrap(), "what is gone already needs no removing");
}

pub(super) async fn bytes_come_back_and_are_checked(_: &Stage) {
    let folder = Folder::new();
    let files = Files::open(&folder.0).unwrap();
    let kept = files.put(b"%PDF".to_vec()).await.unwrap();
    assert_eq!(files.put(b"%PDF".to_vec()).await.unwrap(), kept);
    assert_eq!(kept.size, 4);
    assert!(files.exists(kept.sha256).await.unwrap());
    assert_eq!(files.get(kept.sha256).await.unwrap().unwrap(), b"%PDF");
    assert!(!files.exists([0; 32]).await.unwrap());
    assert_eq!(files.get([0; 32]).await.unwrap(), None);

    std::fs::write(folder.path(kept.sha256), b"%PDX").unwrap();
    assert!(matches!(files.get(kept.sha256).await, Err(StoreError::Corrupt { table: "file", .. })));
}

pub(super) async fn what_was_put_long_ago_is_found_whole_or_in_part(stage: &Stage) {
    let (store, folder) = (stage.hall().await, Folder::new());
    let files = Files::open(&folder.0).unwrap();
    let sha256 = files.put(b"%PDF".to_vec()).await.unwrap().sha256;
    let first = sha256[0];
    let (old_part, new_part) =
        (folder.path(sha256).with_extension("part"), folder.path(sha256).with_extension("1.part"));
    for part in [&old_part, &new_part] {
        std::fs::write(part, b"%P").unwrap();
    }
    assert_eq!(files.put_before(first, at(1)).await.unwrap(), [[0; 32]; 0]);
    set_put_at(&folder.path(sha256), at(0));
    set_put_at(&old_part, at(0));
    set_put_at(&new_part, at(1));

    assert_eq!(files.put_before(first, at(1)).await.unwrap(), [sha256]);
    assert_eq!(files.put_before(first.wrapping_add(1), at(1)).await.unwrap(), [[0; 32]; 0]);
    assert_eq!(files.remove_parts(first, at(1)).await.unwrap(), 1);
    assert_eq!((old_part.exists(), new_part.exists()), (false, true));
    assert!(files.exists(sha256).await.unwrap());

    store.write(async |tx| tx.keep_file([1; 32], 7, "image/png", at(1)).await).await.unwrap();
    let unknown = store.read().await.unwrap().unknown_files(&[sha256, [1; 32]]).await.unwrap();
    assert_eq!(unknown, [sha256]);
}
