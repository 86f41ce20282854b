//! Files by the hash of their content: rows say what there is, [`Files`] has the bytes.

use crate::sql::run;
use crate::value::{Place, big, micros};
use crate::{Digest, StoreError, Tx};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

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

/// A file that is no longer known, or is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DroppedFile {
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Whether it was kept again meanwhile, so that its bytes stay.
    pub known_again: bool,
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
    /// Notes a file that something refers to from now on, and whose bytes [`Files`] has.
    pub async fn keep_file(
        &mut self,
        sha256: Digest,
        size: u64,
        media_type: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO file (office_id, sha256, size, media_type, kept_at)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (office_id, sha256) DO UPDATE SET waits_since = NULL";
        run!(self.execute(SQL, self.office, sha256.to_vec(), big(size), media_type, micros(now)))?;
        Ok(())
    }

    /// Notes a file that waits from now on until a case takes it, and whose bytes [`Files`] has. One that something refers
    /// to does not wait.
    pub async fn keep_upload(
        &mut self,
        sha256: Digest,
        size: u64,
        media_type: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO file (office_id, sha256, size, media_type, kept_at, waits_since)
            VALUES ($1, $2, $3, $4, $5, $5)
            ON CONFLICT (office_id, sha256) DO UPDATE SET waits_since = excluded.waits_since
             WHERE file.waits_since IS NOT NULL";
        run!(self.execute(SQL, self.office, sha256.to_vec(), big(size), media_type, micros(now)))?;
        Ok(())
    }

    /// Has an uploaded file stay, in the write that refers to it.
    ///
    /// # Errors
    /// `Stale` when it is not known any more.
    pub async fn take_file(&mut self, sha256: Digest) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE file SET waits_since = NULL
             WHERE office_id = $1 AND sha256 = $2";
        let taken = run!(self.execute(SQL, self.office, sha256.to_vec()))?;
        if taken == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Forgets uploads of a hall that have waited since before a moment and that no draft mentions, at most `limit` of them,
    /// and returns how many. Their bytes are to be removed afterwards: [`Tx::dropped_files`].
    pub async fn forget_uploads(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        const FORGET: &str = "
            DELETE FROM file
             WHERE office_id = $1
               AND sha256 IN (SELECT f.sha256 FROM file AS f
                               WHERE f.office_id = $1 AND f.waits_since < $2
                                 AND NOT EXISTS (SELECT 1 FROM draft_file AS d
                                                  WHERE d.office_id = f.office_id AND d.sha256 = f.sha256)
                               ORDER BY f.waits_since
                               LIMIT $3)
            RETURNING sha256";
        const DROP: &str = "
            INSERT INTO dropped_file (office_id, sha256)
            VALUES ($1, $2)
            ON CONFLICT DO NOTHING";
        let forgotten: Vec<(Vec<u8>,)> = run!(self.fetch_all(FORGET, self.office, micros(before), i64::from(limit)))?;
        let count = forgotten.len() as u64;
        for (sha256,) in forgotten {
            run!(self.execute(DROP, self.office, sha256))?;
        }
        Ok(count)
    }

    /// Files whose bytes are to be removed, by hash, after the last one seen.
    pub async fn dropped_files(&mut self, after: Option<Digest>, limit: u32) -> Result<Vec<DroppedFile>, StoreError> {
        const SQL: &str = "
            SELECT d.sha256, f.sha256 IS NOT NULL
              FROM dropped_file AS d
              LEFT JOIN file AS f ON f.office_id = d.office_id AND f.sha256 = d.sha256
             WHERE d.office_id = $1 AND d.sha256 > $2
             ORDER BY d.sha256
             LIMIT $3";
        let after = after.unwrap_or_default().to_vec();
        let rows: Vec<(Vec<u8>, bool)> = run!(self.fetch_all(SQL, self.office, after, i64::from(limit)))?;
        rows.into_iter()
            .map(|(sha256, known_again)| {
                let place = Place::new("dropped_file", &"sha256");
                Ok(DroppedFile { sha256: place.digest(&sha256)?, known_again })
            })
            .collect()
    }

    /// Notes that nothing is to be removed of a file any more.
    pub async fn clear_dropped(&mut self, sha256: Digest) -> Result<(), StoreError> {
        const SQL: &str = "
            DELETE FROM dropped_file
             WHERE office_id = $1 AND sha256 = $2";
        run!(self.execute(SQL, self.office, sha256.to_vec()))?;
        Ok(())
    }

    /// Those of some files that nothing is known of.
    pub async fn unknown_files(&mut self, files: &[Digest]) -> Result<Vec<Digest>, StoreError> {
        let mut unknown = vec![];
        for sha256 in files {
            if self.file(*sha256).await?.is_none() {
                unknown.push(*sha256);
            }
        }
        Ok(unknown)
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

/// A directory of files named by their hash, in a folder per first byte. A file is there whole and flushed, or not at all.
#[derive(Debug, Clone)]
pub struct Files(Arc<Inner>);

/// What the name of a file ends with until it is whole.
const PART: &str = "part";

#[derive(Debug)]
struct Inner {
    directory: PathBuf,
    /// Held while a file gets its name or goes, so that none goes that was put just now.
    naming: Mutex<()>,
}

impl Files {
    /// Opens the directory, making it if needed.
    ///
    /// # Errors
    /// `File` when it cannot be made.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let directory = directory.into();
        fs::create_dir_all(&directory).map_err(StoreError::File)?;
        Ok(Self(Arc::new(Inner { directory, naming: Mutex::default() })))
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

    /// Removes a file, unless it was put after a moment of the computer's clock; false then. One that is put is not known
    /// yet for a little while: `put_before` has to be longer ago than that.
    ///
    /// # Errors
    /// `File` when the disk refuses.
    pub async fn remove(&self, sha256: Digest, put_before: Timestamp) -> Result<bool, StoreError> {
        let files = self.clone();
        off_thread(move || files.remove_now(&sha256, put_before.into())).await
    }

    /// The files of a folder that were last put before a moment of the computer's clock.
    ///
    /// # Errors
    /// `File` when the disk refuses.
    pub async fn put_before(&self, folder: u8, moment: Timestamp) -> Result<Vec<Digest>, StoreError> {
        let files = self.clone();
        let paths = off_thread(move || files.old(folder, moment.into())).await?;
        Ok(paths.iter().filter_map(|path| digest(path)).collect())
    }

    /// Removes from a folder what was being put before a moment of the computer's clock, when a program was killed; returns how
    /// many.
    ///
    /// # Errors
    /// `File` when the disk refuses.
    pub async fn remove_parts(&self, folder: u8, begun_before: Timestamp) -> Result<u64, StoreError> {
        let files = self.clone();
        off_thread(move || {
            let mut parts = files.old(folder, begun_before.into())?;
            parts.retain(|path| path.extension().is_some_and(|extension| extension == PART));
            parts.iter().try_for_each(fs::remove_file)?;
            Ok(parts.len() as u64)
        })
        .await
    }

    /// Also a file that is there already is written, so that its age says when it was last put.
    fn put_now(&self, bytes: &[u8]) -> io::Result<KeptFile> {
        let kept = KeptFile { sha256: hash(bytes), size: bytes.len() as u64 };
        let path = self.path(&kept.sha256);
        let folder = path.parent().unwrap_or(&self.0.directory);
        fs::create_dir_all(folder)?;
        let temporary = folder.join(temporary_name());
        let written = write_flushed(&temporary, bytes).and_then(|()| {
            let _naming = self.naming();
            fs::rename(&temporary, &path)
        });
        if let Err(error) = written {
            let _ = fs::remove_file(&temporary);
            return Err(error);
        }
        flush_directory(folder)?;
        flush_directory(&self.0.directory)?;
        Ok(kept)
    }

    fn remove_now(&self, sha256: &Digest, put_before: SystemTime) -> io::Result<bool> {
        let path = self.path(sha256);
        let _naming = self.naming();
        match fs::metadata(&path).and_then(|about| about.modified()) {
            Ok(put_at) if put_at >= put_before => Ok(false),
            Ok(_) => fs::remove_file(&path).map(|()| true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
            Err(error) => Err(error),
        }
    }

    fn old(&self, folder: u8, before: SystemTime) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(self.folder(folder)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(vec![]),
            entries => entries?,
        };
        let mut old = vec![];
        for entry in entries {
            let entry = entry?;
            match entry.metadata().and_then(|about| about.modified()) {
                Ok(put_at) if put_at < before => old.push(entry.path()),
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                // It is younger, or has gone or got its name meanwhile.
                _ => {}
            }
        }
        Ok(old)
    }

    fn naming(&self) -> MutexGuard<'_, ()> {
        self.0.naming.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, sha256: &Digest) -> PathBuf {
        self.folder(sha256[0]).join(name(sha256))
    }

    fn folder(&self, first: u8) -> PathBuf {
        self.0.directory.join(hex::encode([first]))
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
    format!("{random}-{}.{PART}", COUNT.fetch_add(1, Ordering::Relaxed))
}

fn hash(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

fn name(sha256: &Digest) -> String {
    hex::encode(sha256)
}

fn digest(path: &Path) -> Option<Digest> {
    hex::decode(path.file_name()?.to_str()?).ok()?.try_into().ok()
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(StoreError::File),
        Err(error) => Err(StoreError::File(io::Error::other(error))),
    }
}
