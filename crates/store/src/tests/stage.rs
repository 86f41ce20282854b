//! A database of its own for each test.

use crate::{Kind, Store, StoreConfig};
use jiff::{SignedDuration, Timestamp};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::PathBuf;
use uuid::Uuid;

pub(super) struct Stage {
    url: String,
    office: Uuid,
    place: Place,
}

enum Place {
    Folder(PathBuf),
    Schema { server: String, name: String },
}

impl Stage {
    pub(super) fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("一窗 100%? {}", Uuid::now_v7().simple()));
        std::fs::create_dir_all(&folder).unwrap();
        let StoreConfig { url, .. } = StoreConfig::file(&folder.join("office.db"));
        Self { url, office: Uuid::now_v7(), place: Place::Folder(folder) }
    }

    pub(super) async fn postgres() -> Option<Self> {
        let server = std::env::var("TEST_POSTGRES_URL").ok()?;
        let name = format!("store_{}", Uuid::now_v7().simple());
        administer(&server, format!("CREATE SCHEMA {name}")).await;
        let sign = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{sign}options=-c%20search_path%3D{name}");
        Some(Self { url, office: Uuid::now_v7(), place: Place::Schema { server, name } })
    }

    pub(super) async fn clear(self) {
        if let Place::Schema { server, name } = &self.place {
            administer(server, format!("DROP SCHEMA {name} CASCADE")).await;
        }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn another_office(&mut self) {
        self.office = Uuid::now_v7();
    }

    pub(super) async fn hall(&self) -> Store {
        self.store(Kind::Hall, self.office).await
    }

    pub(super) async fn department(&self) -> Store {
        self.store(Kind::Department, self.office).await
    }

    pub(super) async fn store(&self, kind: Kind, office: Uuid) -> Store {
        Store::open(&StoreConfig::new(&self.url), kind, office).await.unwrap()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Place::Folder(folder) = &self.place {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

async fn administer(server: &str, statement: String) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Seconds after a fixed moment.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_790_000_000 + seconds)
}

pub(super) fn id() -> Uuid {
    Uuid::now_v7()
}
