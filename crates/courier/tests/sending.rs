//! The courier on an outbox of its own, whatever the clock does.

#![allow(clippy::unwrap_used, reason = "these are tests, with their helpers")]

use std::{
    path::PathBuf,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use protocol::{Client, Message, PaperRef, Party, Peer, Secret, TaskAccepted};
use store::{Delivery, DeliveryState, Kind, Store, StoreConfig, StoreError};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, mpsc, watch},
    task::{self, JoinHandle},
};
use uuid::Uuid;
use web::{
    Clock, ShiftedClock, SystemClock,
    source::{self, Chance},
};
use yichuang_courier::{Courier, Dispatch, Peers, post};

const OFFICE: Uuid = Uuid::from_u128(1);
/// Where nobody knows it, every try fails at once, and is tried again later.
const RECIPIENT: Uuid = Uuid::from_u128(2);
/// How many messages one recipient is sent at the same time.
const AT_ONCE: usize = 8;

struct Outbox {
    store: Store,
    folder: PathBuf,
    stop: watch::Sender<bool>,
}

impl Outbox {
    async fn open() -> Self {
        let folder = std::env::temp_dir().join(format!("courier-{}", new_id().simple()));
        std::fs::create_dir_all(&folder).unwrap();
        let store = Store::open(&StoreConfig::file(&folder.join("hall.db")), Kind::Hall, OFFICE).await.unwrap();
        Self { store, folder, stop: watch::channel(false).0 }
    }

    /// A message, given to the courier at a moment.
    async fn with_message(&self, at: Timestamp) -> Uuid {
        let case = new_id();
        let message = Message::TaskAccepted(TaskAccepted {
            case_id: case,
            accepted_at: at,
            officer: "王建国".to_owned(),
            notice: PaperRef { paper_id: new_id(), number: "安市监许受〔2026〕1号".to_owned() },
        });
        let (id, recipient) = (new_id(), RECIPIENT);
        let posted: Result<(), StoreError> = self
            .store
            .write(async move |tx| {
                let wall = source::wall();
                post(tx, Dispatch { id, recipient, version: 1, subject: "1", message: &message, at, wall }).await
            })
            .await;
        posted.unwrap();
        case
    }

    /// Messages about as many cases.
    async fn with_messages(&self, many: usize) -> Vec<Uuid> {
        let mut cases = vec![];
        for _ in 0..many {
            cases.push(self.with_message(source::wall()).await);
        }
        cases
    }

    fn send(&self, clock: Arc<dyn Clock>) -> JoinHandle<()> {
        self.send_to(Peers::new(), clock)
    }

    fn send_to(&self, peers: Peers, clock: Arc<dyn Clock>) -> JoinHandle<()> {
        let courier = Courier::new(
            self.store.clone(),
            clock,
            Chance::system(),
            Party::Hall(OFFICE),
            peers,
            Arc::new(Notify::new()),
            mpsc::unbounded_channel().0,
        );
        tokio::spawn(courier.run(self.stop.subscribe()))
    }

    /// The message about a case once a try of it was noted.
    async fn tried(&self, case: Uuid) -> Delivery {
        for _ in 0..1000 {
            let delivery = self.store.read().await.unwrap().deliveries(case).await.unwrap().remove(0);
            if delivery.last_error.is_some() {
                return delivery;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the message was not tried within ten seconds");
    }
}

/// A department that takes what it is sent and does not answer yet.
struct Slow(TcpListener);

impl Slow {
    async fn open() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    fn peers(&self) -> Peers {
        let url = format!("http://{}", self.0.local_addr().unwrap());
        let secrets = vec![Secret::generate([7; 32])];
        let peer = Peer::new(&Client::new().unwrap(), &url, Party::Hall(OFFICE), secrets).unwrap();
        Peers::from([(RECIPIENT, peer)])
    }

    async fn take(&self, tries: usize) -> Vec<TcpStream> {
        let mut taken = vec![];
        while taken.len() < tries {
            taken.push(self.0.accept().await.unwrap().0);
        }
        taken
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn new_id() -> Uuid {
    Chance::system().id(source::wall())
}

/// A clock on which the first to ask in another task than the courier's own falls: its first round.
#[derive(Debug, Default)]
struct Stumbling {
    courier: OnceLock<task::Id>,
    fell: AtomicBool,
}

impl Clock for Stumbling {
    fn now(&self) -> Timestamp {
        self.wall()
    }

    fn wall(&self) -> Timestamp {
        let in_round = task::try_id() != self.courier.get().copied();
        assert!(!in_round || self.fell.swap(true, Ordering::SeqCst), "the first round falls");
        source::wall()
    }
}

#[tokio::test]
async fn a_message_of_a_demo_that_was_moved_back_is_sent() {
    let outbox = Outbox::open().await;
    let clock = ShiftedClock::starting_at("2099-06-15T01:00:00Z".parse().unwrap());
    let case = outbox.with_message(clock.now()).await;
    clock.move_to("2026-06-15T01:00:00Z".parse().unwrap());
    let courier = outbox.send(Arc::new(clock));
    assert_eq!(outbox.tried(case).await.attempts, 1);
    outbox.stop.send(true).unwrap();
    courier.await.unwrap();
}

#[tokio::test]
async fn a_round_that_panics_is_followed_by_another() {
    let outbox = Outbox::open().await;
    let case = outbox.with_message(source::wall()).await;
    let clock = Arc::new(Stumbling::default());
    let courier = outbox.send(clock.clone());
    clock.courier.set(courier.id()).unwrap();
    assert_eq!(outbox.tried(case).await.attempts, 1);
    assert!(clock.fell.load(Ordering::SeqCst));
    outbox.stop.send(true).unwrap();
    courier.await.unwrap();
}

#[tokio::test]
async fn what_is_under_way_when_the_courier_is_stopped_arrives_and_nothing_else_is_sent() {
    let (outbox, slow) = (Outbox::open().await, Slow::open().await);
    let cases = outbox.with_messages(3 * AT_ONCE).await;
    let courier = outbox.send_to(slow.peers(), Arc::new(SystemClock));
    let taken = slow.take(AT_ONCE).await;
    outbox.stop.send(true).unwrap();
    for stream in &taken {
        stream.writable().await.unwrap();
        stream.try_write(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
    }
    courier.await.unwrap();
    let mut tx = outbox.store.read().await.unwrap();
    let mut sent = vec![];
    for case in cases {
        let delivery = tx.deliveries(case).await.unwrap().remove(0);
        sent.push((delivery.state, delivery.attempts));
    }
    let count = |state, attempts| sent.iter().filter(|found| **found == (state, attempts)).count();
    assert_eq!((count(DeliveryState::Delivered, 1), count(DeliveryState::Pending, 0)), (AT_ONCE, 2 * AT_ONCE));
}

#[tokio::test]
async fn a_department_that_does_not_answer_does_not_hold_up_the_end() {
    let (outbox, slow) = (Outbox::open().await, Slow::open().await);
    outbox.with_messages(3 * AT_ONCE).await;
    let courier = outbox.send_to(slow.peers(), Arc::new(SystemClock));
    let _taken = slow.take(AT_ONCE).await;
    outbox.stop.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(8), courier).await.unwrap().unwrap();
}
