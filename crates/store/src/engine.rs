//! Opening, reading and closing. Writes are in [`crate::writer`].

use crate::StoreError;
use crate::writer::{Job, Write, Writer};
use sqlx::error::DatabaseError;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Whose memory it is: which tables there are beside those that both have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A hall: its cases and prints.
    Hall,
    /// A department service: the tasks of its departments.
    Department,
}

/// The database behind a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file, one writer.
    Sqlite,
    /// A server, several writers.
    Postgres,
}

impl Engine {
    /// Whether only one program at a time has the database: a SQLite file is locked with its folder.
    #[must_use]
    pub fn is_for_one_program(self) -> bool {
        self == Self::Sqlite
    }
}

/// Where the memory is.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// `sqlite:///path/to/file.db` or `postgres://user:password@host/database`.
    pub url: String,
    /// Connections for reading.
    pub readers: u32,
    /// Connections for writing; SQLite always has one.
    pub writers: u32,
}

impl StoreConfig {
    /// The usual number of connections to this database.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), readers: 4, writers: 8 }
    }

    /// A SQLite file, whatever its folder is called. The folder has to be there.
    #[must_use]
    pub fn file(path: &Path) -> Self {
        let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3F");
        Self::new(format!("sqlite://{path}"))
    }
}

/// The memory of one office. Clones share it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    database: Arc<Database>,
    whose: Whose,
    leases_ended: OnceCell<Result<(), StoreError>>,
}

/// What the offices of a program share.
struct Database {
    kind: Kind,
    readers: Readers,
    writer: Writer,
}

/// Whose rows are read and written. The departments of a service have their people in common, and nothing else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whose {
    pub(crate) office: Uuid,
    /// The office of the accounts and sessions.
    pub(crate) people: Uuid,
}

enum Readers {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// One transaction: the only way to the rows. Dropped, it leaves nothing behind.
pub struct Tx {
    pub(crate) office: Uuid,
    pub(crate) people: Uuid,
    pub(crate) connection: Connection,
    pub(crate) trouble: Option<Trouble>,
}

pub(crate) enum Connection {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// What a failed statement means for the write around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Run again, it may well succeed.
    Passing,
    /// It cannot be committed.
    Lasting,
}

impl Store {
    /// Opens the memory, creates the file if there is none, and brings the tables up to date.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached, `Database` when its tables cannot be brought up to date.
    pub async fn open(config: &StoreConfig, kind: Kind, office: Uuid) -> Result<Self, StoreError> {
        let (readers, writer) = if config.url.starts_with("sqlite:") {
            let options = sqlite_options(&config.url)?;
            migrate_sqlite(&options, kind).await?;
            let writer = Writer::sqlite(options.clone()).await?;
            let readers = connect(sqlite_readers(config.readers), &options.read_only(true)).await?;
            (Readers::Sqlite(readers), writer)
        } else {
            let options = postgres_options(&config.url)?;
            let pool = postgres_pool(config.readers).connect_with(options.clone()).await.map_err(StoreError::of)?;
            migrate_postgres(&pool, kind).await?;
            (Readers::Postgres(pool), Writer::postgres(options, config.writers).await?)
        };
        let whose = Whose { office, people: office };
        Ok(Self::of(Arc::new(Database { kind, readers, writer }), whose))
    }

    fn of(database: Arc<Database>, whose: Whose) -> Self {
        Self(Arc::new(Inner { database, whose, leases_ended: OnceCell::new() }))
    }

    /// The memory of another office in the same database, with the same people: a department of the service that this was
    /// opened for. Once for each, since what it says of leases is its own.
    #[must_use]
    pub fn for_office(&self, office: Uuid) -> Self {
        Self::of(self.0.database.clone(), Whose { office, ..self.0.whose })
    }

    /// Whose memory it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.database.kind
    }

    /// The hall, department service or department whose rows these are.
    #[must_use]
    pub fn office(&self) -> Uuid {
        self.0.whose.office
    }

    /// Which database it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.0.database.readers {
            Readers::Sqlite(_) => Engine::Sqlite,
            Readers::Postgres(_) => Engine::Postgres,
        }
    }

    /// Begins to read: everything read through one `Tx` is of the same moment.
    ///
    /// # Errors
    /// `Unavailable` when no connection can be had.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        let connection = match &self.0.database.readers {
            Readers::Sqlite(pool) => pool.begin().await.map(Connection::Sqlite),
            Readers::Postgres(pool) => {
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map(Connection::Postgres)
            }
        };
        Ok(Tx::new(self.0.whose, connection.map_err(StoreError::of)?))
    }

    /// Keeps all that the closure writes, or nothing when it fails.
    ///
    /// The closure may be run again and may share its commit with others, so it does nothing but read and write through
    /// the `Tx`, and quickly. The answer comes after the commit. When the caller stops waiting, the write happens anyway.
    ///
    /// # Errors
    /// The closure's own, or a `StoreError`: `Unavailable` when nothing was kept, `Unknown` when that cannot be said.
    pub async fn write<F, T, E>(&self, closure: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, answer) = Write::new(self.0.whose, closure);
        self.0.database.writer.put(job as Box<dyn Job>).await?;
        match answer.await {
            Ok(answer) => answer,
            // The writer is gone, or the closure panicked.
            Err(_) => Err(StoreError::Unknown(None).into()),
        }
    }

    /// Ends the leases that a program left when it was killed, so that what was under way is taken up at once. Once, however
    /// often it is called: whoever is about to claim calls it first. Where another program may hold a lease it does nothing,
    /// and leases run out by themselves.
    ///
    /// # Errors
    /// As any write; then, too, leases run out by themselves.
    pub async fn end_leases(&self) -> Result<(), &StoreError> {
        if !self.engine().is_for_one_program() {
            return Ok(());
        }
        let kind = self.kind();
        let end = || {
            self.write(async move |tx| {
                tx.end_message_leases().await?;
                if kind == Kind::Hall {
                    tx.end_print_leases().await?;
                }
                Ok(())
            })
        };
        self.0.leases_ended.get_or_init(end).await.as_ref().copied()
    }

    /// Finishes the writes that wait, and lets go of the database, for all offices that share it. Later reads and writes are `Unavailable`.
    pub async fn close(&self) {
        self.0.database.writer.close().await;
        match &self.0.database.readers {
            Readers::Sqlite(pool) => pool.close().await,
            Readers::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    pub(crate) fn new(Whose { office, people }: Whose, connection: Connection) -> Self {
        Self { office, people, connection, trouble: None }
    }

    /// Goes on for another write, which may be another office's.
    pub(crate) fn begin(&mut self, Whose { office, people }: Whose) {
        (self.office, self.people, self.trouble) = (office, people, None);
    }

    /// The hall, department service or department whose rows these are.
    #[must_use]
    pub fn office(&self) -> Uuid {
        self.office
    }

    /// Which database it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.connection {
            Connection::Sqlite(_) => Engine::Sqlite,
            Connection::Postgres(_) => Engine::Postgres,
        }
    }

    /// Remembers what a failed statement means, whatever the closure makes of its error.
    pub(crate) fn noted<T>(&mut self, outcome: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        outcome.map_err(|error| {
            if self.trouble != Some(Trouble::Passing) {
                self.trouble = Some(Trouble::of(&error));
            }
            StoreError::of(error)
        })
    }
}

impl Trouble {
    pub(crate) fn of(error: &sqlx::Error) -> Self {
        let passing = match error {
            // Serialization failure, deadlock; and a row that appeared since the snapshot, which a second run will see.
            sqlx::Error::Database(error) => {
                matches!(error.code().as_deref(), Some("40001" | "40P01")) || error.is_unique_violation()
            }
            sqlx::Error::Io(_) => true,
            _ => false,
        };
        if passing { Self::Passing } else { Self::Lasting }
    }
}

fn sqlite_options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    Ok(SqliteConnectOptions::from_str(url)
        .map_err(StoreError::of)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-65536")
        .statement_cache_capacity(256))
}

fn sqlite_readers(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

/// The one connection that writes.
pub(crate) async fn sqlite_writer(options: &SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    connect(sqlite_readers(1), options).await
}

/// A new file is busy for those who open it while another makes it a WAL; SQLite does not wait there by itself.
async fn connect(pool: SqlitePoolOptions, options: &SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    const TRIES: u32 = 500;
    for _ in 0..TRIES {
        match pool.clone().connect_with(options.clone()).await {
            Err(sqlx::Error::Database(error)) if is_busy(error.as_ref()) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            connected => return connected.map_err(StoreError::of),
        }
    }
    pool.connect_with(options.clone()).await.map_err(StoreError::of)
}

/// `SQLITE_BUSY` and its extended codes, whose lowest byte it is.
fn is_busy(error: &dyn DatabaseError) -> bool {
    error.code().and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 5)
}

fn postgres_options(url: &str) -> Result<PgConnectOptions, StoreError> {
    Ok(PgConnectOptions::from_str(url)
        .map_err(StoreError::of)?
        .application_name("yichuang")
        .statement_cache_capacity(256))
}

pub(crate) fn postgres_pool(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new().max_connections(connections).acquire_timeout(Duration::from_secs(10))
}

/// All in one write, since SQLite's migrations lock nothing: another program may be opening the same new file.
async fn migrate_sqlite(options: &SqliteConnectOptions, kind: Kind) -> Result<(), StoreError> {
    let pool = sqlite_writer(options).await?;
    let own = match kind {
        Kind::Hall => sqlx::migrate!("../../migrations/hall/sqlite"),
        Kind::Department => sqlx::migrate!("../../migrations/department/sqlite"),
    };
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.map_err(StoreError::of)?;
    for mut migrator in [sqlx::migrate!("../../migrations/core/sqlite"), own] {
        // `run` takes only what a future that goes to another thread cannot hold.
        migrator.set_ignore_missing(true).run_direct(None, &mut *tx, false).await.map_err(not_migrated)?;
    }
    tx.commit().await.map_err(StoreError::of)?;
    pool.close().await;
    Ok(())
}

async fn migrate_postgres(pool: &PgPool, kind: Kind) -> Result<(), StoreError> {
    let own: Migrator = match kind {
        Kind::Hall => sqlx::migrate!("../../migrations/hall/postgres"),
        Kind::Department => sqlx::migrate!("../../migrations/department/postgres"),
    };
    for mut migrator in [sqlx::migrate!("../../migrations/core/postgres"), own] {
        migrator.set_ignore_missing(true).run(pool).await.map_err(not_migrated)?;
    }
    Ok(())
}

fn not_migrated(error: sqlx::migrate::MigrateError) -> StoreError {
    StoreError::Database(Box::new(error))
}
