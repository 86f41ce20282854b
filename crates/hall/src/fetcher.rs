//! Fetches the papers that departments have issued, by hash, and files them.

use std::{
    collections::{HashMap, HashSet},
    error::Error,
    time::Duration,
};

use domain::{
    case::{Command, Context, decide},
    ids::{CaseId, DepartmentId},
};
use jiff::{SignedDuration, Timestamp};
use store::{Content, ExpectedFile, Stamp, StoreError};
use tokio::{sync::watch, task::JoinSet};
use uuid::Uuid;

use crate::{Hall, HallError, News};

/// The waits after the first, second, … failed try, in real time; the last one is kept.
const WAITS: [SignedDuration; 5] = [
    SignedDuration::from_secs(1),
    SignedDuration::from_secs(5),
    SignedDuration::from_secs(30),
    SignedDuration::from_secs(60),
    SignedDuration::from_secs(300),
];

/// How many papers one department is asked for at the same time. A slow department holds up no other.
const AT_ONCE: usize = 4;

/// How many papers are looked at, besides those that are fetched or wait for another try.
const LOOKED_AT: usize = 500;

/// The shortest and longest sleep; the longest so that a clock that was set is noticed.
const SLEEPS: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(30));

/// A paper that could not be fetched.
struct Failed {
    times: usize,
    next_at: Timestamp,
}

/// What is fetched now, and what is fetched again later.
#[derive(Default)]
struct Round {
    failed: HashMap<Uuid, Failed>,
    under_way: HashMap<Uuid, DepartmentId>,
    fetching: JoinSet<(Uuid, Result<(), HallError>)>,
}

pub(crate) async fn run(hall: Hall, mut stop: watch::Receiver<bool>) {
    let mut round = Round::default();
    while !*stop.borrow() {
        if let Err(error) = round.begin(&hall).await {
            tracing::warn!(error = &error as &dyn Error, "expected papers could not be read");
        }
        let sleep = round.sleep(hall.0.clock.wall());
        tokio::select! {
            _ = stop.changed() => {}
            () = hall.0.wake.fetcher.notified() => {}
            Some(done) = round.fetching.join_next() => {
                match done {
                    Ok((paper, outcome)) => round.note(paper, outcome, hall.0.clock.wall()),
                    // One that panicked does not say which it was; to fetch the others twice does no harm.
                    Err(_) => round.under_way.clear(),
                }
            }
            () = tokio::time::sleep(sleep) => {}
        }
    }
    // What is half fetched is fetched again.
    round.fetching.shutdown().await;
}

impl Round {
    /// Begins to fetch what is expected, and due, of departments that are not busy with it already.
    async fn begin(&mut self, hall: &Hall) -> Result<(), StoreError> {
        let most = u32::try_from(LOOKED_AT + self.failed.len() + self.under_way.len()).unwrap_or(u32::MAX);
        let wall = hall.0.clock.wall();
        let mut tx = hall.0.store.read().await?;
        let expected = tx.expected_files(most).await?;
        let papers: HashSet<Uuid> = expected.iter().map(|file| file.paper).collect();
        self.failed.retain(|paper, _| papers.contains(paper));
        for file in expected {
            let waits = self.failed.get(&file.paper).is_some_and(|failed| failed.next_at > wall);
            if waits || self.under_way.contains_key(&file.paper) {
                continue;
            }
            let Some(row) = tx.case(file.case).await? else { continue };
            let department = DepartmentId::from(row.department);
            if self.under_way.values().filter(|busy| **busy == department).count() >= AT_ONCE {
                continue;
            }
            self.under_way.insert(file.paper, department);
            let hall = hall.clone();
            self.fetching.spawn(async move { (file.paper, hall.fetch_paper(file, department).await) });
        }
        Ok(())
    }

    fn note(&mut self, paper: Uuid, outcome: Result<(), HallError>, wall: Timestamp) {
        self.under_way.remove(&paper);
        let Err(error) = outcome else {
            self.failed.remove(&paper);
            return;
        };
        let failed = self.failed.entry(paper).or_insert(Failed { times: 0, next_at: wall });
        failed.next_at = wall + WAITS[failed.times.min(WAITS.len() - 1)];
        failed.times += 1;
        tracing::warn!(paper.id = %paper, error = &error as &dyn Error, "a paper could not be fetched");
    }

    fn sleep(&self, wall: Timestamp) -> Duration {
        let waiting = self.failed.iter().filter(|(paper, _)| !self.under_way.contains_key(*paper));
        let next = waiting.map(|(_, failed)| failed.next_at).min();
        let (shortest, longest) = SLEEPS;
        next.map_or(longest, |next| {
            Duration::try_from(next.duration_since(wall)).unwrap_or_default().clamp(shortest, longest)
        })
    }
}

impl Hall {
    async fn fetch_paper(&self, file: ExpectedFile, department: DepartmentId) -> Result<(), HallError> {
        let peer = self.0.peers.get(&department).ok_or_else(HallError::no_case)?;
        let fetched = peer.fetch_file(&hex::encode(file.sha256), file.size, self.0.clock.wall()).await;
        let bytes = fetched.map_err(HallError::network)?;
        self.file_paper(file.paper, file.case, bytes.to_vec()).await
    }

    /// Files the bytes of a paper: on the disk first, then in the journal. Doing it twice does no harm.
    pub(crate) async fn file_paper(&self, paper: Uuid, case: Uuid, bytes: Vec<u8>) -> Result<(), HallError> {
        let kept = self.0.files.put(bytes).await?;
        let hash = Content::new(self.new_id(), "paper-hash", kept.sha256.to_vec());
        let (hall, now) = (self.clone(), self.0.clock.now());
        let to_print = self
            .0
            .store
            .write(async move |tx| {
                let loaded = tx.load_case(CaseId(case)).await?;
                let digest = hash.sealed().digest;
                let row = tx.case(case).await?.ok_or_else(HallError::no_case)?;
                let entry = hall.item_of(&row)?;
                if loaded.paper(paper.into())?.filed.is_some() {
                    return Ok(false);
                }
                let command = Command::FilePaper { paper: paper.into(), digest };
                let events = decide(&loaded, command, &Context::of(&entry.item))?;
                hash.keep(tx, case, now).await?;
                let stamp = Stamp { occurred_at: now, recorded_at: now, writer: "system" };
                let loaded = tx.append_to_case(loaded, events, stamp).await?;
                tx.keep_file(kept.sha256, kept.size, "application/pdf", now).await?;
                tx.paper_ready(paper, kept.sha256, kept.size).await?;
                hall.remember_certificate(tx, &loaded, &entry.item, paper).await?;
                let to_print = hall.print_proof(tx, paper, now).await?;
                hall.refresh_row(tx, &loaded, now).await?;
                Ok::<_, HallError>(to_print)
            })
            .await?;
        if to_print {
            self.0.wake.station.notify_one();
        }
        self.tell(News::Case(case));
        Ok(())
    }
}
