//! The harness of the end-to-end tests: a screen of their own, real windows, hands on a real keyboard.
//!
//! Nothing here sleeps for a fixed time; every wait asks again until what it waits for is there, and says what was missing.

pub mod accessibility;
pub mod demo;
pub mod display;
pub mod driver;
pub mod journey;
pub mod keyboard;
pub mod wait;

use std::path::{Path, PathBuf};

/// What the harness itself could not do.
#[derive(Debug, thiserror::Error)]
pub enum HarnessError {
    /// A program is missing or did not start.
    #[error("`{0}` could not be started; `scripts/needs test` says what is missing")]
    Start(String, #[source] std::io::Error),

    /// A program ended with a failure.
    #[error("`{0}` failed: {1}")]
    Failed(String, String),

    /// Something did not come about in time.
    #[error("waited in vain: {0}")]
    InVain(String),

    /// The driver does not answer as it should.
    #[error("the driver cannot be reached")]
    Connect(#[from] fantoccini::error::NewSessionError),

    /// A command to the page failed.
    #[error("the page did not do as it was told")]
    Page(#[from] fantoccini::error::CmdError),

    /// A file could not be written.
    #[error("a file could not be read or written")]
    File(#[from] std::io::Error),
}

/// What the harness answers with.
pub type Result<T> = std::result::Result<T, HarnessError>;

/// A program that was built beside this test.
///
/// # Panics
/// Where the test's own path cannot be known.
#[must_use]
pub fn built(program: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    let beside = test.ancestors().nth(2).expect("a test lies in target/<profile>/deps");
    beside.join(program)
}

/// The root of the workspace.
#[must_use]
pub fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Where pictures and logs of a run are left.
///
/// # Errors
/// Where the folder cannot be made.
pub fn traces() -> Result<PathBuf> {
    let folder = workspace().join("target/e2e");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
