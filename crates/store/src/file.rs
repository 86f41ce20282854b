//! Files by the hash of their content: rows say what there is, [`Files`] has the bytes.

use crate::sql::run;
use crate::value::{Place, big, micros};
use crate::{Digest, StoreError, Tx};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// How many bytes.
    pub size: u64,
    /// What they are, by their content.
    pub media_type: String,
    /// Since when it is kept.
    pub kept_at: Timestamp,
}

/// A file that is on the disk for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptFile {
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// How many bytes.
    pub size: u64,
}

impl Tx {
    /// Notes a file whose bytes [`Files`] has; false when it was known.
    pub async fn keep_file(
        &mut self,
        sha256: Digest,
        size: u64,
        media_type: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "
            INSERT INTO file (office_id, sha256, size, media_type, kept_at)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING";
        Ok(run!(self.execute(SQL, self.office, sha256.to_vec(), big(size), media_type, micros(now)))? == 1)
    }

    /// What is known of a file.
    pub async fn file(&mut self, sha256: Digest) -> Result<Option<FileRow>, StoreError> {
        const SQL: &str = "
            SELECT size, media_type, kept_at FROM file
             WHERE office_id = $1 AND sha256 = $2";
        let row: Option<(i64, String, i64)> = run!(self.fetch_optional(SQL, self.office, sha256.to_vec()))?;
        row.map(|(size, media_type, kept_at)| {
            let name = name(&sha256);
            let place = Place::new("file", &name);
            Ok(FileRow { sha256, size: place.number(size)?, media_type, kept_at: place.at(kept_at)? })
        })
        .transpose()
    }
}

/// A directory of files named by their hash. A file is there whole and flushed, or not at all.
#[derive(Debug, Clone)]
pub struct Files(Arc<Path>);

impl Files {
    /// Opens the directory, making it if needed.
    ///
    /// # Errors
    /// `File` when it cannot be made.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let directory = directory.into();
        fs::create_dir_all(&directory).map_err(StoreError::File)?;
        Ok(Self(directory.into()))
    }

    /// Keeps bytes; when this returns, they survive a power cut.
    ///
    /// # Errors
    /// `File` when the disk refuses.
    pub async fn put(&self, bytes: impl Into<Vec<u8>>) -> Result<KeptFile, StoreError> {
        let (files, bytes) = (self.clone(), bytes.into());
        off_thread(move || files.put_now(&bytes)).await
    }

    /// The bytes of a file; `None` when it is not here.
    ///
    /// # Errors
    /// `Corrupt` when they are not what their name says, `File` when they cannot be read.
    pub async fn get(&self, sha256: Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(&sha256);
        let bytes = match off_thread(move || fs::read(path)).await {
            Ok(bytes) => bytes,
            Err(StoreError::File(error)) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if hash(&bytes) == sha256 {
            Ok(Some(bytes))
        } else {
            Err(StoreError::corrupt("file", name(&sha256), "bytes that do not have this hash"))
        }
    }

    /// Whether a file is here.
    ///
    /// # Errors
    /// `File` when that cannot be said.
    pub async fn exists(&self, sha256: Digest) -> Result<bool, StoreError> {
        let path = self.path(&sha256);
        off_thread(move || path.try_exists()).await
    }

    fn put_now(&self, bytes: &[u8]) -> io::Result<KeptFile> {
        let kept = KeptFile { sha256: hash(bytes), size: bytes.len() as u64 };
        let path = self.path(&kept.sha256);
        if fs::metadata(&path).is_ok_and(|there| there.len() == kept.size) {
            return Ok(kept);
        }
        let folder = path.parent().unwrap_or(&self.0);
        fs::create_dir_all(folder)?;
        let temporary = folder.join(temporary_name());
        let written = write_flushed(&temporary, bytes).and_then(|()| fs::rename(&temporary, &path));
        if let Err(error) = written {
            let _ = fs::remove_file(&temporary);
            return Err(error);
        }
        flush_directory(folder)?;
        flush_directory(&self.0)?;
        Ok(kept)
    }

    fn path(&self, sha256: &Digest) -> PathBuf {
        let name = name(sha256);
        self.0.join(&name[..2]).join(name)
    }
}

fn write_flushed(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A new name in a directory lasts only when the directory is flushed too; Windows has no such thing.
fn flush_directory(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

fn temporary_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let random = uuid::Uuid::from_bytes(crate::Salt::random().0).simple();
    format!("{random}-{}.part", COUNT.fetch_add(1, Ordering::Relaxed))
}

fn hash(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

fn name(sha256: &Digest) -> String {
    hex::encode(sha256)
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(StoreError::File),
        Err(error) => Err(StoreError::File(io::Error::other(error))),
    }
}
