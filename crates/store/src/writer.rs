//! The thread that writes.
//!
//! Closures need not be `Send` while they run: they run on one thread, "store-writer". On SQLite it takes all writes that
//! wait, up to [`GROUP`], into one durable commit; a savepoint for each keeps a failed one from touching the others. On
//! PostgreSQL they run side by side, each its own transaction; one that met another is run again with no other of this
//! program beside it, so that only other programs can make it fail a second time.

use crate::StoreError;
use crate::engine::{Connection, Trouble, Tx, Whose, postgres_pool, sqlite_writer};
use crate::random::jitter;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Executor, PgPool, SqlitePool};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{RwLock, Semaphore, mpsc, oneshot};
use tokio::task::LocalSet;

/// Most writes in one commit of SQLite.
const GROUP: usize = 64;

/// How often a write is run on PostgreSQL before its failure is reported.
const RUNS: u32 = 6;

/// How many writes may wait before callers wait to put more.
const WAITING: usize = 1024;

/// A write whose types only its caller knows.
pub(crate) trait Job: Send {
    /// Whose rows it is about.
    fn whose(&self) -> Whose;

    /// Runs the closure and keeps its outcome.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, Verdict>;

    /// Answers with the kept outcome.
    fn answer(self: Box<Self>);

    /// Answers with an error of the store instead.
    fn fail(self: Box<Self>, error: StoreError);
}

/// What is to become of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Commit,
    Refused,
    /// Refused, and a statement failed in a way that another run may not meet.
    Again,
    Panicked,
}

/// A closure, its outcome, and who waits for it.
pub(crate) struct Write<F, T, E> {
    whose: Whose,
    closure: F,
    outcome: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Write<F, T, E> {
    pub(crate) fn new(whose: Whose, closure: F) -> (Box<Self>, oneshot::Receiver<Result<T, E>>) {
        let (caller, answer) = oneshot::channel();
        (Box::new(Self { whose, closure, outcome: None, caller }), answer)
    }
}

impl<F, T, E> Job for Write<F, T, E>
where
    F: AsyncFn(&mut Tx) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn whose(&self) -> Whose {
        self.whose
    }

    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, Verdict> {
        Box::pin(async move {
            tx.begin(self.whose);
            let Ok(outcome) = AssertUnwindSafe((self.closure)(tx)).catch_unwind().await else {
                return Verdict::Panicked;
            };
            let (outcome, verdict) = match (outcome, tx.trouble) {
                (Ok(value), None) => (Ok(value), Verdict::Commit),
                (outcome, Some(Trouble::Passing)) => (outcome.and_then(|_| Err(swallowed())), Verdict::Again),
                (outcome, Some(Trouble::Lasting)) => (outcome.and_then(|_| Err(swallowed())), Verdict::Refused),
                (Err(error), None) => (Err(error), Verdict::Refused),
            };
            self.outcome = Some(outcome);
            verdict
        })
    }

    fn answer(self: Box<Self>) {
        // Nobody waits any more: the write is kept all the same.
        if let Some(outcome) = self.outcome {
            let _ = self.caller.send(outcome);
        }
    }

    fn fail(self: Box<Self>, error: StoreError) {
        let _ = self.caller.send(Err(error.into()));
    }
}

/// A closure that goes on after a failed statement cannot be kept: PostgreSQL would silently undo it.
fn swallowed<E: From<StoreError>>() -> E {
    StoreError::Database("a statement of this write had failed".into()).into()
}

fn panicked() -> StoreError {
    StoreError::Database("the write panicked".into())
}

/// The way to the writing thread.
pub(crate) struct Writer {
    jobs: Mutex<Option<mpsc::Sender<Box<dyn Job>>>>,
    ended: Mutex<Option<oneshot::Receiver<()>>>,
}

impl Writer {
    pub(crate) async fn sqlite(options: SqliteConnectOptions) -> Result<Self, StoreError> {
        Self::start(async move || {
            let pool = sqlite_writer(&options).await?;
            Ok(async move |jobs| OneFile { options, pool }.work(jobs).await)
        })
        .await
    }

    pub(crate) async fn postgres(options: PgConnectOptions, writers: u32) -> Result<Self, StoreError> {
        Self::start(async move || {
            let pool = postgres_pool(writers).connect_with(options).await.map_err(StoreError::of)?;
            Ok(async move |jobs| side_by_side(pool, writers, jobs).await)
        })
        .await
    }

    /// Starts the thread and waits until it has its connection.
    async fn start<C, W>(connect: C) -> Result<Self, StoreError>
    where
        C: AsyncFnOnce() -> Result<W, StoreError> + Send + 'static,
        W: AsyncFnOnce(mpsc::Receiver<Box<dyn Job>>),
    {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let (ready, connected) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| StoreError::Unavailable(Some(Box::new(error))))?;
        std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || {
                LocalSet::new().block_on(&runtime, async move {
                    match connect().await {
                        Ok(work) => {
                            let _ = ready.send(Ok(()));
                            work(waiting).await;
                        }
                        Err(error) => {
                            let _ = ready.send(Err(error));
                        }
                    }
                });
                let _ = end.send(());
            })
            .map_err(|error| StoreError::Unavailable(Some(Box::new(error))))?;
        connected.await.map_err(|_| StoreError::Unavailable(None))??;
        Ok(Self { jobs: Mutex::new(Some(jobs)), ended: Mutex::new(Some(ended)) })
    }

    pub(crate) async fn put(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let jobs = jobs.ok_or(StoreError::Unavailable(None))?;
        jobs.send(job).await.map_err(|_| StoreError::Unavailable(None))
    }

    pub(crate) async fn close(&self) {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(ended) = ended {
            let _ = ended.await;
        }
    }
}

/// The writer of a SQLite file.
struct OneFile {
    options: SqliteConnectOptions,
    pool: SqlitePool,
}

impl OneFile {
    async fn work(mut self, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
        while let Some(first) = jobs.recv().await {
            let mut group = Vec::new();
            match self.commit(first, &mut jobs, &mut group).await {
                Ok(()) => group.into_iter().for_each(Job::answer),
                Err(failed) => {
                    tracing::error!(
                        error = &failed.error as &dyn std::error::Error,
                        writes = group.len(),
                        "a group of writes was not committed"
                    );
                    for job in group {
                        job.fail(failed.again());
                    }
                    self.reopen().await;
                }
            }
        }
        if let Ok(mut connection) = self.pool.acquire().await {
            // Leaves the whole database in its one file. No `PRAGMA optimize`: without statistics the
            // plans are those that the tests have seen.
            let _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
        }
        self.pool.close().await;
    }

    /// Runs the first write and those that wait or come meanwhile, then commits them together.
    async fn commit(
        &self,
        first: Box<dyn Job>,
        jobs: &mut mpsc::Receiver<Box<dyn Job>>,
        group: &mut Vec<Box<dyn Job>>,
    ) -> Result<(), Failed> {
        let whose = first.whose();
        let mut next = Some(first);
        let begun = self.pool.begin_with("BEGIN IMMEDIATE").await;
        let begun = match begun {
            Ok(begun) => begun,
            Err(error) => {
                group.extend(next);
                return Err(Failed { error, committing: false });
            }
        };
        let mut tx = Tx::new(whose, Connection::Sqlite(begun));
        while let Some(mut job) = next {
            let done = one_of_group(job.as_mut(), &mut tx).await;
            match done {
                Ok(Verdict::Panicked) => job.fail(panicked()),
                Ok(_) => group.push(job),
                Err(error) => {
                    group.push(job);
                    return Err(Failed { error, committing: false });
                }
            }
            next = if group.len() < GROUP { jobs.try_recv().ok() } else { None };
        }
        let Connection::Sqlite(tx) = tx.connection else { unreachable!("a SQLite writer has a SQLite connection") };
        tx.commit().await.map_err(|error| Failed { error, committing: true })
    }

    /// After a failed flush nothing this connection believes can be trusted.
    async fn reopen(&mut self) {
        self.pool.close().await;
        loop {
            match sqlite_writer(&self.options).await {
                Ok(pool) => {
                    self.pool = pool;
                    return;
                }
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "the database could not be opened again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }
}

/// Runs one write of a group inside its own savepoint.
async fn one_of_group(job: &mut dyn Job, tx: &mut Tx) -> Result<Verdict, sqlx::Error> {
    savepoint(tx, "SAVEPOINT one").await?;
    let verdict = job.run(tx).await;
    if verdict != Verdict::Commit {
        savepoint(tx, "ROLLBACK TO one").await?;
    }
    savepoint(tx, "RELEASE one").await?;
    Ok(verdict)
}

async fn savepoint(tx: &mut Tx, statement: &'static str) -> Result<(), sqlx::Error> {
    match &mut tx.connection {
        Connection::Sqlite(db) => sqlx::query(statement).execute(&mut **db).await.map(drop),
        Connection::Postgres(db) => sqlx::query(statement).execute(&mut **db).await.map(drop),
    }
}

/// Why a whole group was not committed.
struct Failed {
    error: sqlx::Error,
    committing: bool,
}

impl Failed {
    /// The error for one more of its writes.
    fn again(&self) -> StoreError {
        let words = Some(self.error.to_string().into());
        if self.committing { StoreError::Unknown(words) } else { StoreError::Unavailable(words) }
    }
}

/// The writers of a PostgreSQL database.
async fn side_by_side(pool: PgPool, writers: u32, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let places = Arc::new(Semaphore::new(writers as usize));
    let beside = Arc::new(RwLock::new(()));
    while let Some(job) = jobs.recv().await {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            break;
        };
        let (pool, beside) = (pool.clone(), Arc::clone(&beside));
        tokio::task::spawn_local(async move {
            let run_once = beside.read().await;
            if let Some(job) = run(&pool, job, 1).await {
                drop(run_once);
                run_alone(&pool, job, &beside).await;
            }
            drop(place);
        });
    }
    let _all_done = places.acquire_many(writers).await;
    pool.close().await;
}

/// Runs a write that met another until it is committed, refused, or has met other programs too often.
async fn run_alone(pool: &PgPool, mut job: Box<dyn Job>, beside: &RwLock<()>) {
    let _alone = beside.write().await;
    for nth in 2..=RUNS {
        match run(pool, job, nth).await {
            Some(again) => job = again,
            None => return,
        }
        tokio::time::sleep(jitter(4 << nth)).await;
    }
}

/// Runs a write for the nth time and answers; returns it when it should be run again.
async fn run(pool: &PgPool, mut job: Box<dyn Job>, nth: u32) -> Option<Box<dyn Job>> {
    match attempt(pool, job.as_mut()).await {
        End::Again(_) if nth < RUNS => return Some(job),
        End::Answer | End::Again(None) => job.answer(),
        End::Fail(error) | End::Again(Some(error)) => job.fail(error),
    }
    None
}

/// How one run of a write on PostgreSQL ended.
enum End {
    Answer,
    Fail(StoreError),
    /// It met another: in a statement, whose error is the job's, or in its commit.
    Again(Option<StoreError>),
}

async fn attempt(pool: &PgPool, job: &mut dyn Job) -> End {
    let begun = match pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await {
        Ok(begun) => begun,
        Err(error) => return End::Fail(StoreError::of(error)),
    };
    let mut tx = Tx::new(job.whose(), Connection::Postgres(begun));
    let verdict = job.run(&mut tx).await;
    let Connection::Postgres(tx) = tx.connection else { unreachable!("a PostgreSQL writer has its connection") };
    if verdict == Verdict::Commit {
        return committed(tx.commit().await);
    }
    // When this fails the connection is broken, and the server rolls back by itself.
    let _ = tx.rollback().await;
    match verdict {
        Verdict::Again => End::Again(None),
        Verdict::Panicked => End::Fail(panicked()),
        Verdict::Commit | Verdict::Refused => End::Answer,
    }
}

fn committed(outcome: Result<(), sqlx::Error>) -> End {
    match outcome {
        Ok(()) => End::Answer,
        // The server has said no; without a word of it nobody knows.
        Err(error @ sqlx::Error::Database(_)) if Trouble::of(&error) == Trouble::Passing => {
            End::Again(Some(StoreError::of(error)))
        }
        Err(error @ sqlx::Error::Database(_)) => End::Fail(StoreError::of(error)),
        Err(error) => End::Fail(StoreError::Unknown(Some(Box::new(error)))),
    }
}
