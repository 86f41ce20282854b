//! Files.

use super::stage::{Stage, at};
use crate::{Files, StoreError};
use std::path::PathBuf;
use uuid::Uuid;

pub(super) async fn a_file_is_known_once(stage: &Stage) {
    let store = stage.hall().await;
    let keep = async || store.write(async |tx| tx.keep_file([1; 32], 7, "image/png", at(1)).await).await.unwrap();
    assert_eq!((keep().await, keep().await), (true, false));
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

pub(super) async fn bytes_come_back_and_are_checked(_: &Stage) {
    let folder = Folder(std::env::temp_dir().join(format!("yichuang-files-{}", Uuid::now_v7().simple())));
    let files = Files::open(&folder.0).unwrap();
    let kept = files.put(b"%PDF".to_vec()).await.unwrap();
    assert_eq!(files.put(b"%PDF".to_vec()).await.unwrap(), kept);
    assert_eq!(kept.size, 4);
    assert!(files.exists(kept.sha256).await.unwrap());
    assert_eq!(files.get(kept.sha256).await.unwrap().unwrap(), b"%PDF");
    assert!(!files.exists([0; 32]).await.unwrap());
    assert_eq!(files.get([0; 32]).await.unwrap(), None);

    let name = hex::encode(kept.sha256);
    let path = folder.0.join(&name[..2]).join(&name);
    std::fs::write(path, b"%PDX").unwrap();
    assert!(matches!(files.get(kept.sha256).await, Err(StoreError::Corrupt { table: "file", .. })));
}
