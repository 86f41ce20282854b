//! Fetches the papers that departments have issued, by hash, and files them.

use std::{collections::HashMap, error::Error, time::Duration};

use domain::{
    case::{Command, Context, decide},
    ids::CaseId,
};
use store::{Content, ExpectedFile, Stamp};
use tokio::sync::watch;
use uuid::Uuid;

use crate::{Hall, HallError, News};

/// The waits after the first, second, … failed try; the last one is kept.
const WAITS: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(60),
    Duration::from_secs(300),
];

/// How many papers are looked for at once.
const AT_ONCE: u32 = 50;

pub(crate) async fn run(hall: Hall, mut stop: watch::Receiver<bool>) {
    let mut failed: HashMap<Uuid, usize> = HashMap::new();
    while !*stop.borrow() {
        let wait = round(&hall, &mut failed).await;
        tokio::select! {
            _ = stop.changed() => {}
            () = hall.0.wake.fetcher.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Fetches what is expected; says when to look again.
async fn round(hall: &Hall, failed: &mut HashMap<Uuid, usize>) -> Duration {
    let expected = match expected_files(hall).await {
        Ok(expected) => expected,
        Err(error) => {
            tracing::warn!(error = &error as &dyn Error, "expected papers could not be read");
            return WAITS[1];
        }
    };
    let mut wait = WAITS[4];
    for file in expected {
        match hall.fetch_paper(file).await {
            Ok(()) => {
                failed.remove(&file.paper);
            }
            Err(error) => {
                let times = failed.entry(file.paper).or_default();
                let next = WAITS[(*times).min(WAITS.len() - 1)];
                *times += 1;
                wait = wait.min(next);
                tracing::warn!(paper.id = %file.paper, error = &error as &dyn Error, "a paper could not be fetched");
            }
        }
    }
    wait
}

async fn expected_files(hall: &Hall) -> Result<Vec<ExpectedFile>, HallError> {
    Ok(hall.0.store.read().await?.expected_files(AT_ONCE).await?)
}

impl Hall {
    async fn fetch_paper(&self, file: ExpectedFile) -> Result<(), HallError> {
        let row = self.0.store.read().await?.case(file.case).await?.ok_or_else(HallError::no_case)?;
        let peer = self.0.peers.get(&row.department.into()).ok_or_else(HallError::no_case)?;
        let fetched = peer.fetch_file(&hex::encode(file.sha256), file.size, self.0.clock.wall()).await;
        let bytes = fetched.map_err(HallError::network)?;
        self.file_paper(file.paper, file.case, bytes.to_vec()).await
    }

    /// Files the bytes of a paper: on the disk first, then in the journal. Doing it twice does no harm.
    pub(crate) async fn file_paper(&self, paper: Uuid, case: Uuid, bytes: Vec<u8>) -> Result<(), HallError> {
        let kept = self.0.files.put(bytes).await?;
        let hash = Content::new(self.new_id(), "paper-hash", kept.sha256.to_vec());
        let (hall, now) = (self.clone(), self.0.clock.now());
        self.0
            .store
            .write(async move |tx| {
                let loaded = tx.load_case(CaseId(case)).await?;
                let digest = hash.sealed().digest;
                let row = tx.case(case).await?.ok_or_else(HallError::no_case)?;
                let entry = hall.0.catalogue.item(&row.item_code).ok_or_else(HallError::no_case)?;
                if loaded.paper(paper.into())?.filed.is_some() {
                    return Ok(());
                }
                let command = Command::FilePaper { paper: paper.into(), digest };
                let events = decide(&loaded, command, &Context { item: &entry.item })?;
                hash.keep(tx, case, now).await?;
                let stamp = Stamp { occurred_at: now, recorded_at: now, writer: "system" };
                let loaded = tx.append_to_case(loaded, events, stamp).await?;
                tx.keep_file(kept.sha256, kept.size, "application/pdf", now).await?;
                tx.paper_ready(paper, kept.sha256, kept.size).await?;
                hall.refresh_row(tx, &loaded, now).await
            })
            .await?;
        self.tell(News::Case(case));
        Ok(())
    }
}
