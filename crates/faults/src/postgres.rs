//! A PostgreSQL that can be stopped and started again behind one address.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use sqlx::{Connection as _, PgConnection};
use tokio::{
    net::{TcpListener, TcpStream},
    process::Command,
    task::AbortHandle,
};

use crate::{Outcome, town::Databases};

/// A private PostgreSQL. Dropped, it is stopped.
pub struct Postgres {
    folder: tempfile::TempDir,
    url: String,
    address: SocketAddr,
    behind: Arc<Mutex<Option<SocketAddr>>>,
    carrying: AbortHandle,
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres")
}

impl Postgres {
    /// Starts one with `scripts/postgres`.
    ///
    /// # Errors
    /// When no PostgreSQL is installed, or it does not start.
    pub async fn start() -> Outcome<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let behind = Arc::new(Mutex::new(None));
        let carrying = tokio::spawn(carry(listener, behind.clone())).abort_handle();
        let folder = tempfile::tempdir()?;
        let mut postgres = Self { folder, url: String::new(), address, behind, carrying };
        postgres.start_again().await?;
        Ok(postgres)
    }

    /// Starts it again, with everything it had.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start_again(&mut self) -> Outcome<()> {
        let url = self.run_start().await?;
        let (before, rest) = url.split_once('@').ok_or("an address without a user")?;
        let (at, database) = rest.split_once('/').ok_or("an address without a database")?;
        *self.behind.lock().unwrap_or_else(PoisonError::into_inner) = Some(at.parse()?);
        self.url = format!("{before}@{}/{database}", self.address);
        Ok(())
    }

    /// Stops it: connections end, and there are no new ones.
    ///
    /// # Errors
    /// When it does not stop.
    pub async fn stop(&self) -> Outcome<()> {
        self.run("stop").await.map(drop)
    }

    /// Its address, which stays.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Starts it, at another port when somebody took the first one meanwhile.
    async fn run_start(&self) -> Outcome<String> {
        for _ in 0..2 {
            if let Ok(url) = self.run("start").await {
                return Ok(url);
            }
        }
        self.run("start").await
    }

    async fn run(&self, command: &str) -> Outcome<String> {
        let output = Command::new(script())
            .arg(command)
            .arg(self.folder.path())
            .env("POSTGRES_OPTIONS", "-c fsync=off")
            .output()
            .await?;
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout)?.trim().to_owned());
        }
        let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        let log = tokio::fs::read_to_string(self.folder.path().join("data/server.log")).await.unwrap_or_default();
        let last: Vec<_> = log.lines().rev().take(5).collect();
        Err(format!("scripts/postgres {command} (the fault tests need a PostgreSQL server): {words} {last:?}").into())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.carrying.abort();
        // One that does not stop is no worse than one that runs.
        let _ = std::process::Command::new(script()).arg("stop").arg(self.folder.path()).output();
    }
}

/// Carries every connection to where the database is now.
async fn carry(listener: TcpListener, behind: Arc<Mutex<Option<SocketAddr>>>) {
    while let Ok((mut near, _)) = listener.accept().await {
        let behind = *behind.lock().unwrap_or_else(PoisonError::into_inner);
        tokio::spawn(async move {
            let Some(behind) = behind else { return };
            let Ok(mut far) = TcpStream::connect(behind).await else { return };
            // Ended by either side.
            let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
        });
    }
}

/// Two schemas of their own in a PostgreSQL database.
///
/// # Errors
/// When they cannot be made.
pub async fn schemas(url: &str) -> Outcome<Databases> {
    let mut connection = PgConnection::connect(url).await?;
    let name = crate::desk::new_id().simple().to_string();
    let mut urls = vec![];
    for whose in ["hall", "department"] {
        let schema = format!("faults_{whose}_{name}");
        sqlx::query(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).execute(&mut connection).await?;
        let sign = if url.contains('?') { '&' } else { '?' };
        urls.push(format!("{url}{sign}options=-c%20search_path%3D{schema}"));
    }
    connection.close().await?;
    let department = urls.pop().unwrap_or_default();
    Ok(Databases { hall: urls.pop().unwrap_or_default(), department })
}
