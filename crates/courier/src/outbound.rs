//! Out of the outbox.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use protocol::{DeliveryError, KeptEvent, Message, MessageId, Party, Peer, RawJson, next_try};
use serde::{Deserialize, Serialize};
use store::{Claimed, DeliveryState, FailedTry, OutboxEntry, Store, StoreError, Tx};
use tokio::{
    sync::{Notify, mpsc},
    task::{AbortHandle, JoinError, JoinSet},
};
use uuid::Uuid;
use web::{
    Clock, Problem, ProblemCode,
    source::Chance,
    workers::{Stop, stopped},
};

/// How many messages one recipient is sent at the same time. A slow department takes no more of the hall than that.
const AT_ONCE: u32 = 8;

/// How long a claimed message stays claimed; longer than a try may last.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// A recipient that cannot be reached is tried again this soon, however long it was away.
const LONGEST_SILENCE: Duration = Duration::from_secs(5 * 60);

/// The shortest the courier sleeps.
const SHORTEST_SLEEP: Duration = Duration::from_millis(200);

/// How long nothing is tried after the store has failed, or the courier itself: it may fail again at once.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// How long tries under way may last when the program ends. A department that does not answer must not hold it up: the lease
/// covers what is cut off, and the receiver knows by its id what it has had.
const LAST_TRIES: Duration = Duration::from_secs(3);

/// The longest the courier sleeps, so that a clock that was set is noticed.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Whom messages go to, by the id that the outbox knows them by.
pub type Peers = BTreeMap<Uuid, Peer>;

/// A message to be sent.
#[derive(Debug)]
pub struct Dispatch<'a> {
    /// The message's id, handed in.
    pub id: Uuid,
    /// To whom.
    pub recipient: Uuid,
    /// The version of the case or task that it tells of.
    pub version: u64,
    /// The short number of the case.
    pub subject: &'a str,
    /// What it says.
    pub message: &'a Message,
    /// Now, in business time: what the message says of itself.
    pub at: Timestamp,
    /// Now, in real time: when it is tried first.
    pub wall: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Document {
    subject: String,
    data: RawJson,
}

/// Puts a message into the outbox, in the write that makes it true.
///
/// # Errors
/// [`StoreError`], as any write.
pub async fn post(tx: &mut Tx, dispatch: Dispatch<'_>) -> Result<(), StoreError> {
    let Dispatch { id, recipient, version, subject, message, at, wall } = dispatch;
    let document = Document { subject: subject.to_owned(), data: message.data() };
    let bytes = serde_json::to_vec(&document).expect("a document has only text keys");
    let stream = message.case_id();
    tx.outbox_document(stream, version, &bytes).await?;
    let kind = message.event_type().to_owned();
    let entry = OutboxEntry { id, stream, recipient, kind, document_version: version, queued_at: at, due_at: wall };
    tx.send(&entry).await?;
    Ok(())
}

/// Why a message is not sent again.
#[derive(Debug, thiserror::Error)]
pub enum NotSentAgain {
    /// There is none of this id about this case.
    #[error("there is no such message about this case")]
    NoSuchMessage,
    /// It is on its way, or has arrived.
    #[error("a message that is {state} is not sent again")]
    NotGivenUp {
        /// How it stands.
        state: &'static str,
    },
    /// Nothing could be read or saved.
    #[error("the message could not be read or saved")]
    Store(#[from] StoreError),
}

/// Sends a message about a case again that was given up, because a person says so. Those behind it follow.
///
/// # Errors
/// [`NotSentAgain`].
pub async fn send_again(tx: &mut Tx, case: Uuid, message: Uuid, wall: Timestamp) -> Result<(), NotSentAgain> {
    let deliveries = tx.deliveries(case).await?;
    let delivery = deliveries.iter().find(|delivery| delivery.id == message).ok_or(NotSentAgain::NoSuchMessage)?;
    match delivery.state {
        DeliveryState::Pending => Err(NotSentAgain::NotGivenUp { state: "waiting" }),
        DeliveryState::Delivered => Err(NotSentAgain::NotGivenUp { state: "delivered" }),
        DeliveryState::Dead => {
            tx.replay_dead(message, wall).await?;
            Ok(())
        }
    }
}

impl From<NotSentAgain> for Problem {
    fn from(error: NotSentAgain) -> Self {
        match error {
            NotSentAgain::NoSuchMessage => Problem::new(ProblemCode::MessageNotFound),
            NotSentAgain::NotGivenUp { state } => Problem::not_now("send-again", state),
            NotSentAgain::Store(error) => error.into(),
        }
    }
}

/// Sends what is in an outbox.
pub struct Courier {
    store: Store,
    clock: Arc<dyn Clock>,
    chance: Chance,
    ours: Party,
    peers: Arc<Peers>,
    wake: Arc<Notify>,
    changed: mpsc::UnboundedSender<Uuid>,
}

/// The round of a recipient that is being sent to.
struct Round {
    more: Arc<Notify>,
    task: AbortHandle,
}

impl Courier {
    /// A courier of `ours`. `wake` tells it that something was posted; it tells `changed` which stream's delivery has news.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        chance: Chance,
        ours: Party,
        peers: Peers,
        wake: Arc<Notify>,
        changed: mpsc::UnboundedSender<Uuid>,
    ) -> Self {
        Self { store, clock, chance, ours, peers: Arc::new(peers), wake, changed }
    }

    /// Sends until `stop` turns true, then gives the tries under way a moment to end.
    pub async fn run(self, mut stop: Stop) {
        let (courier, stop_rounds) = (Arc::new(self), stop.clone());
        let mut rounds = JoinSet::new();
        tokio::select! {
            () = stopped(&mut stop) => {}
            () = courier.send_all(&mut rounds, &stop_rounds) => {}
        }
        let end = async {
            while let Some(ended) = rounds.join_next().await {
                report(&ended);
            }
        };
        if tokio::time::timeout(LAST_TRIES, end).await.is_err() {
            tracing::info!("tries under way were cut off");
            rounds.shutdown().await;
        }
    }

    /// Has a round for every recipient that something is due to, for ever.
    async fn send_all(self: &Arc<Self>, rounds: &mut JoinSet<()>, stop: &Stop) {
        self.end_leases().await;
        let mut under_way: HashMap<Uuid, Round> = HashMap::new();
        loop {
            // Also what has panicked has ended.
            under_way.retain(|_, round| !round.task.is_finished());
            match self.waiting().await {
                Ok(waiting) => {
                    for recipient in waiting {
                        if let Some(round) = under_way.get(&recipient) {
                            round.more.notify_one();
                            continue;
                        }
                        let (courier, stop, more) = (self.clone(), stop.clone(), Arc::new(Notify::new()));
                        let told = more.clone();
                        let task = rounds.spawn(async move { courier.round(recipient, &told, stop).await });
                        under_way.insert(recipient, Round { more, task });
                    }
                }
                Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the outbox could not be read"),
            }
            let sleep = self.until_due().await;
            tokio::select! {
                () = self.wake.notified() => {}
                // What a round was told at its very end it has not heard: the next look tells another.
                Some(ended) = rounds.join_next() => {
                    report(&ended);
                    if ended.is_err() {
                        tokio::time::sleep(AFTER_FAILURE).await;
                    }
                }
                () = tokio::time::sleep(sleep) => {}
            }
        }
    }

    /// What was under way when the program was killed is sent again at once; the receiver knows it by its id.
    async fn end_leases(&self) {
        if let Err(error) = self.store.end_leases().await {
            tracing::warn!(error = error as &dyn std::error::Error, "leases run on until they end by themselves");
        }
    }

    async fn waiting(&self) -> Result<Vec<Uuid>, StoreError> {
        self.store.read().await?.recipients_waiting(self.clock.wall()).await
    }

    async fn until_due(&self) -> Duration {
        let due = match self.store.read().await {
            Ok(mut tx) => tx.next_due().await.ok().flatten(),
            Err(_) => None,
        };
        let wait = due.map(|due| Duration::try_from(due.duration_since(self.clock.wall())).unwrap_or_default());
        // What is due now is under way; its end wakes the courier.
        wait.map_or(LONGEST_SLEEP, |wait| wait.clamp(SHORTEST_SLEEP, LONGEST_SLEEP))
    }

    /// Sends all that is due to one recipient, also what becomes due meanwhile (`more`), until it is to `stop`.
    /// A department that is slow or down holds up nobody else, and a case that it does not answer for no other case.
    async fn round(self: &Arc<Self>, recipient: Uuid, more: &Notify, mut stop: Stop) {
        let mut tries = JoinSet::new();
        while !*stop.borrow() {
            let free = AT_ONCE.saturating_sub(u32::try_from(tries.len()).unwrap_or(AT_ONCE));
            let claimed = if free == 0 { vec![] } else { self.claim(recipient, free).await };
            for message in claimed {
                let courier = self.clone();
                tries.spawn(async move { courier.attempt(message).await });
            }
            tokio::select! {
                tried = tries.join_next() => match tried {
                    Some(tried) => report(&tried),
                    None => return,
                },
                () = more.notified() => {}
                () = stopped(&mut stop) => break,
            }
        }
        while let Some(tried) = tries.join_next().await {
            report(&tried);
        }
    }

    async fn claim(&self, recipient: Uuid, most: u32) -> Vec<Claimed> {
        let wall = self.clock.wall();
        let claimed = self.store.write(async move |tx| tx.claim(recipient, wall, most, wall + LEASE).await).await;
        match claimed {
            Ok(claimed) => claimed,
            Err::<_, StoreError>(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "messages could not be claimed");
                tokio::time::sleep(AFTER_FAILURE).await;
                vec![]
            }
        }
    }

    async fn attempt(&self, message: Claimed) {
        let (id, stream, attempts) = (message.id, message.stream, message.attempts);
        let outcome = self.deliver(&message).await;
        let now = self.clock.now();
        let kept: Result<(), StoreError> = match outcome {
            Ok(status) => {
                tracing::info!(message.id = %id, message.kind = message.kind, attempts, "delivered");
                self.store.write(async move |tx| tx.delivered(id, now, status).await.map(drop)).await
            }
            Err(error) => {
                tracing::warn!(message.id = %id, message.kind = message.kind, attempts, reason = %error, "not delivered");
                let next = next_attempt(attempts, &error, self.chance.number());
                let next_at = next.map(|wait| self.clock.wall() + wait);
                let (code, text) = (error.code(), error.to_string());
                self.store
                    .write(async move |tx| {
                        tx.failed(id, now, FailedTry { code, error: &text, next_at }).await.map(drop)
                    })
                    .await
            }
        };
        if let Err(error) = kept {
            // The lease runs out and the message is sent again; the receiver knows it by its id.
            tracing::warn!(message.id = %id, error = &error as &dyn std::error::Error, "the delivery could not be noted");
        }
        // Nobody listening is no failure: the next reader sees the row.
        let _ = self.changed.send(stream);
    }

    async fn deliver(&self, message: &Claimed) -> Result<u16, DeliveryError> {
        let Some(peer) = self.peers.get(&message.recipient) else {
            return Err(DeliveryError::Unreachable("the recipient is not configured here".into()));
        };
        let document: Document = serde_json::from_slice(&message.document).map_err(|_| DeliveryError::Unsigned)?;
        let id = MessageId::from(message.id);
        let body = KeptEvent {
            id: &id,
            source: self.ours,
            type_name: &message.kind,
            time: message.queued_at,
            subject: &document.subject,
            case_id: message.stream,
            sequence: message.sequence,
            data: &document.data,
        }
        .to_bytes();
        let delivered = peer.post_event(&Bytes::from(body), &id, self.clock.wall()).await?;
        Ok(delivered.status)
    }
}

/// Tells of a round or a try that panicked. Its message is tried again when its lease is over.
fn report(ended: &Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(error = error as &dyn std::error::Error, "sending broke off: the program has a fault");
    }
}

/// How long to wait after a failed try; none for a dead letter.
fn next_attempt(attempts: u32, error: &DeliveryError, random: u64) -> Option<Duration> {
    if error.is_final() {
        return None;
    }
    let planned = next_try(attempts as usize, error.retry_after(), random);
    match error {
        // Silence says nothing about the message: it is tried for as long as it takes.
        DeliveryError::Unreachable(_) | DeliveryError::Timeout => {
            Some(planned.unwrap_or(LONGEST_SILENCE).min(LONGEST_SILENCE))
        }
        DeliveryError::OutOfOrder { .. } => Some(planned.unwrap_or(LONGEST_SILENCE)),
        _ => planned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_never_makes_a_dead_letter() {
        for attempts in [1, 8, 500] {
            let wait = next_attempt(attempts, &DeliveryError::Timeout, 7).unwrap();
            assert!(wait <= LONGEST_SILENCE, "{wait:?}");
        }
    }

    #[test]
    fn every_error_has_a_name_in_the_views() {
        let errors = [
            DeliveryError::Retry { after: None, reason: "503".to_owned() },
            DeliveryError::Refused { status: 422, problem: None },
            DeliveryError::OutOfOrder { expected: 1 },
            DeliveryError::Gone,
            DeliveryError::Unreachable("refused".to_owned()),
            DeliveryError::Timeout,
            DeliveryError::Unsigned,
        ];
        for error in errors {
            let named = web::view::DeliveryErrorName::named(error.code());
            assert_eq!(serde_json::to_value(named).unwrap(), error.code());
        }
    }

    #[test]
    fn a_refusal_is_a_dead_letter_at_once() {
        assert_eq!(next_attempt(1, &DeliveryError::Refused { status: 422, problem: None }, 7), None);
    }
}
