//! What is kept only for a time (留存): how long, why that long, and that it goes.
//!
//! Cases, their journal, records and papers are none of it. Everything here serves a repetition or a question that nobody
//! can have any more. It goes few at a time, so that the writes of the desks never wait long for it.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use store::{Digest, DroppedFile, Files, Kind, OldArrival, OldDelivery, Store, StoreError, Tx};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::clock::Clock;
use crate::source;
use crate::workers::{Stop, work};

/// Answers to requests with a key: a desk that was left with a request unanswered may ask again after the longest public
/// holiday, which is nine days with its weekends.
pub const ANSWERS: SignedDuration = days(15);

/// Uploaded files that no case took and no draft mentions: as long as a desk may be left with a filing half done.
pub const UPLOADS: SignedDuration = days(15);

/// Drafts (暂存件) since they were last kept, with the uploads that they mention: an applicant who was sent home for a paper is
/// back within a month, or begins anew.
pub const DRAFTS: SignedDuration = days(30);

/// Sessions after their end, in real time: who comes back the next morning is told that the session has expired, and not
/// that there was none.
pub const SESSIONS: SignedDuration = days(1);

/// Wrong passwords since the last one, in real time: long after a lock is over, so that it is never forgotten early.
pub const LOGIN_FAILURES: SignedDuration = days(1);

/// Messages that arrived, and what they said: as long as people ask each other what was sent. The newest message to a
/// recipient about a case stays with the case, whose page shows it.
pub const DELIVERED: SignedDuration = days(30);

/// Messages that were received: longer than any sender follows its schedule. The newest of a sender about a case stays with
/// the case, since it alone can be sent again however late: the one after it is sent only once it has arrived.
pub const RECEIVED: SignedDuration = days(90);

/// Bytes of a file that was put this recently, in real time, stay: a file is put first and known afterwards.
const PUT_JUST_NOW: SignedDuration = SignedDuration::from_hours(1);

/// Files that no row knows are counted once they are older than this, by real time. As long as an upload.
pub const UNKNOWN: SignedDuration = UPLOADS;

/// Bytes that were not put as a whole, by real time: longer than anything is being put.
pub const PARTS: SignedDuration = days(1);

/// What was found in the folder of files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files half put, which were removed.
    pub parts: u64,
    /// Whole files that no row knows, which stay.
    pub unknown: usize,
}

/// How often it is looked at what is in the folder of files.
const SWEEP_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// How often it is looked at what has to go.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// How much goes in one write.
const AT_ONCE: u32 = 200;

const fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

/// The worker that removes what was kept long enough. Clones share what it works on.
#[derive(Clone)]
pub struct Retention {
    store: Store,
    files: Files,
    clock: Arc<dyn Clock>,
}

impl Retention {
    /// The worker of an office.
    pub fn new(store: Store, files: Files, clock: Arc<dyn Clock>) -> Self {
        Self { store, files, clock }
    }

    /// Removes what has to go, now and every hour, and what a killed program left among the files, now and every day.
    pub async fn run(self, stop: Stop) {
        let round = || async {
            noted(self.round().await);
            EVERY
        };
        let sweep = || async {
            noted(self.sweep().await.map(drop));
            SWEEP_EVERY
        };
        let nobody = Notify::new();
        tokio::join!(work(stop.clone(), &nobody, round), work(stop, &nobody, sweep));
    }

    /// Removes all whose time is over.
    ///
    /// # Errors
    /// As any write, or when the disk refuses to remove a file. The rest goes in a later round.
    pub async fn round(&self) -> Result<(), StoreError> {
        let (now, wall) = (self.clock.now(), self.clock.wall());
        let (sessions, failures) = (before(wall, SESSIONS), before(wall, LOGIN_FAILURES));
        let (answers, uploads) = (before(now, ANSWERS), before(now, UPLOADS));
        let (received, delivered) = (before(now, RECEIVED), before(now, DELIVERED));
        // Departments of a service have these two in common: the first that comes removes them.
        self.forget("sessions", async move |tx| tx.forget_sessions(sessions, AT_ONCE).await).await?;
        self.forget("login failures", async move |tx| tx.forget_login_failures(failures, AT_ONCE).await).await?;
        self.forget("answers", async move |tx| tx.forget_answers(answers, AT_ONCE).await).await?;
        walk("messages received", |after| self.forget_arrivals(received, after)).await?;
        walk("messages delivered", |after| self.purge_deliveries(delivered, after)).await?;
        walk("documents delivered", |after| self.purge_documents(delivered, after)).await?;
        // A department takes no uploads. Drafts go first, so that theirs go with them.
        if self.store.kind() == Kind::Hall {
            let drafts = before(now, DRAFTS);
            self.forget("drafts", async move |tx| tx.remove_drafts_before(drafts, AT_ONCE).await).await?;
            self.forget("uploads", async move |tx| tx.forget_uploads(uploads, AT_ONCE).await).await?;
        }
        self.remove_dropped().await
    }

    /// Removes what a program was putting when it was killed, and says how many whole files no row knows. Those stay: a database
    /// that was restored from yesterday knows none of today's files.
    ///
    /// # Errors
    /// As any reading, or when the disk refuses. The rest goes another day.
    pub async fn sweep(&self) -> Result<Swept, StoreError> {
        // By the clock that dates files, whatever that of the office says.
        let (begun, put) = (before(source::wall(), PARTS), before(source::wall(), UNKNOWN));
        let mut swept = Swept::default();
        for folder in 0..=u8::MAX {
            swept.parts += self.files.remove_parts(folder, begun).await?;
            // A department has materials that it fetched from a hall: only its tasks know them.
            if self.store.kind() == Kind::Department {
                continue;
            }
            for files in self.files.put_before(folder, put).await?.chunks(AT_ONCE as usize) {
                swept.unknown += self.store.read().await?.unknown_files(files).await?.len();
            }
        }
        report("files half put", swept.parts);
        if swept.unknown > 0 {
            tracing::warn!(files = swept.unknown, "the folder has files that the database does not know");
        }
        Ok(swept)
    }

    async fn forget<F>(&self, what: &'static str, part: F) -> Result<(), StoreError>
    where
        F: AsyncFn(&mut Tx) -> Result<u64, StoreError> + Copy + Send + 'static,
    {
        in_parts(what, || self.store.write(part)).await
    }

    // These three are found by reading: what stays is among them, and to pass it by would hold up the desks' writes.

    async fn forget_arrivals(
        &self,
        before: Timestamp,
        after: Option<OldArrival>,
    ) -> Result<Vec<OldArrival>, StoreError> {
        let outdated = self.store.read().await?.outdated_arrivals(before, after, AT_ONCE).await?;
        let forget = async |tx: &mut Tx, old: &OldArrival| tx.forget_arrival(old.source, &old.message_id).await;
        self.remove(outdated, forget).await
    }

    async fn purge_deliveries(
        &self,
        before: Timestamp,
        after: Option<OldDelivery>,
    ) -> Result<Vec<OldDelivery>, StoreError> {
        let outdated = self.store.read().await?.outdated_deliveries(before, after, AT_ONCE).await?;
        self.remove(outdated, async |tx: &mut Tx, old: &OldDelivery| tx.purge_delivered(old.id).await).await
    }

    async fn purge_documents(
        &self,
        before: Timestamp,
        after: Option<(Uuid, u64)>,
    ) -> Result<Vec<(Uuid, u64)>, StoreError> {
        let outdated = self.store.read().await?.outdated_documents(before, after, AT_ONCE).await?;
        let purge = async |tx: &mut Tx, (stream, version): &(Uuid, u64)| tx.purge_document(*stream, *version).await;
        self.remove(outdated, purge).await
    }

    async fn remove<T, F>(&self, outdated: Vec<T>, remove: F) -> Result<Vec<T>, StoreError>
    where
        T: Clone + Send + Sync + 'static,
        F: AsyncFn(&mut Tx, &T) -> Result<(), StoreError> + Send + 'static,
    {
        let going = outdated.clone();
        let removed = async move |tx: &mut Tx| {
            for old in &going {
                remove(tx, old).await?;
            }
            Ok::<_, StoreError>(())
        };
        self.store.write(removed).await?;
        Ok(outdated)
    }

    /// Removes the bytes of files that are no longer known.
    async fn remove_dropped(&self) -> Result<(), StoreError> {
        let mut after: Option<Digest> = None;
        loop {
            let dropped = self.store.read().await?.dropped_files(after, AT_ONCE).await?;
            let Some(last) = dropped.last() else { return Ok(()) };
            after = Some(last.sha256);
            for DroppedFile { sha256, known_again } in dropped {
                // By the clock that dates files, whatever that of the office says.
                if known_again || self.files.remove(sha256, before(source::wall(), PUT_JUST_NOW)).await? {
                    self.store.write(async move |tx| tx.clear_dropped(sha256).await).await?;
                }
            }
        }
    }
}

fn noted(outcome: Result<(), StoreError>) {
    if let Err(error) = outcome {
        tracing::warn!(error = &error as &dyn std::error::Error, "what was kept long enough could not be removed");
    }
}

/// Does a part again and again until it was not a full one.
async fn in_parts<F>(what: &'static str, part: impl Fn() -> F) -> Result<(), StoreError>
where
    F: Future<Output = Result<u64, StoreError>>,
{
    let mut gone = 0;
    loop {
        let count = part().await?;
        gone += count;
        if count < u64::from(AT_ONCE) {
            break;
        }
    }
    report(what, gone);
    Ok(())
}

/// The same where each part goes on behind the last one that went, so that what stays is passed by once in a round.
async fn walk<T, F>(what: &'static str, part: impl Fn(Option<T>) -> F) -> Result<(), StoreError>
where
    F: Future<Output = Result<Vec<T>, StoreError>>,
{
    let (mut gone, mut after) = (0, None);
    loop {
        let mut went = part(after).await?;
        let count = went.len() as u64;
        gone += count;
        if count < u64::from(AT_ONCE) {
            break;
        }
        after = went.pop();
    }
    report(what, gone);
    Ok(())
}

fn report(what: &'static str, gone: u64) {
    if gone > 0 {
        tracing::info!(what, gone, "what was kept long enough was removed");
    }
}

fn before(now: Timestamp, period: SignedDuration) -> Timestamp {
    now.saturating_sub(period).unwrap_or(Timestamp::MIN)
}
