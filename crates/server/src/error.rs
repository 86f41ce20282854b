//! Why a service does not start.

use std::{io, net::SocketAddr, path::PathBuf};

use catalogue::Fault;
use hall::{HallError, PublishError};
use store::StoreError;

/// Why a service does not start, or did not end well.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The data folder cannot be made or opened.
    #[error("the data folder {0} cannot be used")]
    Folder(PathBuf, #[source] io::Error),
    /// Another program has the data folder.
    #[error("the data folder {0} is in use by another program")]
    FolderInUse(PathBuf),
    /// A file cannot be read or written.
    #[error("{0} cannot be read or written")]
    File(PathBuf, #[source] io::Error),
    /// A file with secrets is open to others.
    #[error("{file} holds secrets and is open to others (mode {mode:o}); after `chmod 600` it is used again")]
    OpenToOthers {
        /// The file.
        file: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// A file is not what it should be; the parser names line and field.
    #[error("{0} is not in order")]
    Malformed(PathBuf, #[source] toml::de::Error),
    /// A value is not what it should be.
    #[error("{place}: {field} cannot be {value:?}: {why}")]
    Value {
        /// The file.
        place: String,
        /// The field.
        field: &'static str,
        /// The value; never a secret.
        value: String,
        /// Why not.
        why: String,
    },
    /// A secret is none. It is not shown.
    #[error("{0} holds no secret (whsec_ followed by 24 to 64 bytes in base64)")]
    NoSecret(String),
    /// An item of the catalogue was refused.
    #[error("the catalogue is not in order, and nothing of it is used:\n{}", lines(.0))]
    Catalogue(Vec<Fault>),
    /// There is no item where one was looked for.
    #[error("there is no item file (*.toml) in {0}")]
    NoItems(PathBuf),
    /// The database of a hall is made by the hall.
    #[error("there is no database {0}; the hall makes it when it starts for the first time")]
    NoDatabase(PathBuf),
    /// There is no such item.
    #[error("the hall has no item {0}")]
    NoItem(String),
    /// The address is taken or not ours.
    #[error("nothing can be served at {0}")]
    Listen(SocketAddr, #[source] io::Error),
    /// The simulated printer does not start.
    #[error("the simulated printer does not start")]
    Printer(#[source] io::Error),
    /// The simulated devices of the window do not start.
    #[error("the simulated devices of the window do not start")]
    Devices(#[source] io::Error),
    /// The database cannot be opened or used.
    #[error("the database of {whose} cannot be used")]
    Store {
        /// The hall or the department service.
        whose: &'static str,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// A password is too short or too long.
    #[error("the password was refused")]
    Password(#[from] web::session::PasswordError),
    /// The hall cannot be opened.
    #[error("the hall cannot be opened")]
    Hall(#[from] HallError),
    /// The department service cannot be opened.
    #[error("the department service cannot be opened")]
    Department(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The department service's address cannot be forwarded to.
    #[error("the department service cannot be forwarded to")]
    Remote(#[from] web::gateway::RemoteError),
    /// Serving ended by itself.
    #[error("serving ended")]
    Serving(#[source] io::Error),
}

/// One fault a line.
fn lines(faults: &[Fault]) -> String {
    faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n")
}

impl From<PublishError> for ServerError {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Refused(faults) => Self::Catalogue(faults),
            PublishError::Store(source) => Self::Store { whose: "the hall", source },
        }
    }
}

impl ServerError {
    /// A failure of somebody's database.
    pub(crate) fn store(whose: &'static str) -> impl FnOnce(StoreError) -> Self {
        move |source| Self::Store { whose, source }
    }
}
