//! The data folder: for one program at a time, and for one person's eyes.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use crate::ServerError;

/// How long a folder is waited for that another program has: one that ends puts things down for so long at most.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How often it is looked whether the folder is free.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The file whose lock says that the folder is in use.
const LOCK: &str = "lock";

/// A data folder that no other program has, until this is dropped.
#[derive(Debug)]
pub(crate) struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Makes the folder if there is none, and takes it. After a quick restart the former program may still have it.
    pub(crate) async fn take(path: &Path) -> Result<Self, ServerError> {
        let waiting = tokio::time::timeout(LONGEST_WAIT, async {
            loop {
                match Self::take_now(path) {
                    Err(ServerError::FolderInUse(_)) => tokio::time::sleep(LOOK_AGAIN).await,
                    taken => return taken,
                }
            }
        });
        waiting.await.unwrap_or_else(|_| Self::take_now(path))
    }

    /// Takes the folder if nobody has it.
    pub(crate) fn take_now(path: &Path) -> Result<Self, ServerError> {
        let unusable = |error| ServerError::Folder(path.to_owned(), error);
        make(path).map_err(unusable)?;
        // The address of a database is not relative to anything.
        let path = path.canonicalize().map_err(unusable)?;
        let file = path.join(LOCK);
        let lock = OpenOptions::new().write(true).create(true).truncate(false).open(&file).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(ServerError::FolderInUse(path)),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }

    /// A file or folder in it.
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

#[cfg(unix)]
fn make(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// The text of a file; none when there is no such file.
pub(crate) fn read_if_there(file: &Path) -> Result<Option<String>, ServerError> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ServerError::File(file.to_owned(), error)),
    }
}

/// Writes a file that only its owner can read: whole, or as it was.
pub(crate) fn write_private(file: &Path, text: &str) -> Result<(), ServerError> {
    let failed = |error| ServerError::File(file.to_owned(), error);
    let beside = file.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    // One that was left by a crash may have another mode.
    let _ = fs::remove_file(&beside);
    let mut written = options.open(&beside).map_err(failed)?;
    written.write_all(text.as_bytes()).and_then(|()| written.sync_all()).map_err(failed)?;
    fs::rename(&beside, file).map_err(failed)
}

/// The mode of a file that others than its owner can open; none when they cannot.
#[cfg(unix)]
pub(crate) fn open_to_others(file: &Path) -> Result<Option<u32>, ServerError> {
    use std::os::unix::fs::PermissionsExt as _;
    let about = fs::metadata(file).map_err(|error| ServerError::File(file.to_owned(), error))?;
    let mode = about.permissions().mode() & 0o777;
    Ok((mode & 0o077 != 0).then_some(mode))
}

/// Elsewhere the folder of the person says who may read.
#[cfg(not(unix))]
pub(crate) fn open_to_others(_: &Path) -> Result<Option<u32>, ServerError> {
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_for_one_program_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let taken = DataFolder::take_now(folder.path()).unwrap();
        let refused = DataFolder::take_now(folder.path()).unwrap_err().to_string();
        let expected = format!("the data folder {} is in use by another program", folder.path().display());
        assert_eq!(refused, expected);
        drop(taken);
        DataFolder::take_now(folder.path()).unwrap();
    }
}
