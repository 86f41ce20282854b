//! A database and a folder of its own for each test; both are gone with it.

use std::{path::PathBuf, process::Command};

use store::StoreConfig;
use uuid::Uuid;

/// Where an office keeps what it has.
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    pub(crate) database: Database,
}

/// Which database it is.
pub(crate) enum Database {
    Sqlite,
    /// A schema of its own on a server.
    Postgres {
        server: String,
        schema: String,
    },
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        Self { folder: folder(), database: Database::Sqlite }
    }

    /// None without `TEST_POSTGRES_URL`.
    pub(crate) fn postgres() -> Option<Self> {
        let server = std::env::var("TEST_POSTGRES_URL").ok()?;
        let schema = format!("office_{}", Uuid::now_v7().simple());
        administer(&server, &format!("CREATE SCHEMA {schema}"));
        Some(Self { folder: folder(), database: Database::Postgres { server, schema } })
    }

    pub(crate) fn store_config(&self) -> StoreConfig {
        match &self.database {
            Database::Sqlite => StoreConfig::file(&self.folder.join("office.db")),
            Database::Postgres { server, schema } => {
                let sign = if server.contains('?') { '&' } else { '?' };
                StoreConfig::new(format!("{server}{sign}options=-c%20search_path%3D{schema}"))
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        if let Database::Postgres { server, schema } = &self.database {
            administer(server, &format!("DROP SCHEMA {schema} CASCADE"));
        }
    }
}

fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("一窗 {}", Uuid::now_v7().simple()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Through `psql`, because only the store speaks SQL in this house.
fn administer(server: &str, statement: &str) {
    let done = Command::new("psql").args(["-q", "-v", "ON_ERROR_STOP=1", server, "-c", statement]).output();
    let done = done.expect("psql comes with PostgreSQL");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
