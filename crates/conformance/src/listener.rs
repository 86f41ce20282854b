//! Where the department sends its messages: takes everything, and notes what is wrong with it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderMap, StatusCode, header::RETRY_AFTER};
use protocol::{
    EVENTS_PATH, Event, FILES_PATH, HEADER_ID, MAX_EVENT_BYTES, Party, Secret, claimed_source, get_text, verify,
};
use sha2::{Digest as _, Sha256};
use tokio::{net::TcpListener, sync::Notify, time::timeout};
use uuid::Uuid;
use web::source::wall;

/// Of what comes from the department so much is kept: far more than a check asks for.
const ROOM: Room = Room { letters: 5_000, bytes: 64 * 1024 * 1024 };

/// Of what is not believed, from whomever it may be.
const ROOM_FOR_STRANGERS: Room = Room { letters: 1_000, bytes: 16 * 1024 * 1024 };

/// So many requests for one file.
const ASKED_KEPT: usize = 1_000;

/// The hall that is played.
pub(crate) struct Listener {
    department: Party,
    secret: Secret,
    noted: Mutex<Noted>,
    news: Notify,
}

/// What was heard and asked for.
struct Noted {
    letters: Vec<Letter>,
    room: Room,
    room_for_strangers: Room,
    files: BTreeMap<String, Offered>,
    refuse_once: BTreeSet<Uuid>,
}

/// How much may still be kept.
struct Room {
    letters: usize,
    bytes: usize,
}

impl Room {
    /// Whether there is room for one more, which then is taken.
    fn take(&mut self, bytes: usize) -> bool {
        let left = self.letters.checked_sub(1).zip(self.bytes.checked_sub(bytes));
        left.map(|(letters, bytes)| *self = Self { letters, bytes }).is_some()
    }
}

/// A file that can be fetched.
struct Offered {
    bytes: Vec<u8>,
    /// Whether other bytes are given.
    spoilt: bool,
    /// Each request for it.
    asked: Vec<Result<(), String>>,
}

/// One attempt of the department to hand over a message.
#[derive(Clone)]
pub(crate) struct Letter {
    pub(crate) id: String,
    pub(crate) believed: Result<(), String>,
    pub(crate) event: Result<Event, String>,
    /// SHA-256 of its bytes.
    pub(crate) body: [u8; 32],
    /// Whether it was put off on purpose.
    pub(crate) put_off: bool,
}

impl Listener {
    pub(crate) fn new(department: Party, secret: Secret) -> Self {
        let noted = Noted {
            letters: vec![],
            room: ROOM,
            room_for_strangers: ROOM_FOR_STRANGERS,
            files: BTreeMap::new(),
            refuse_once: BTreeSet::new(),
        };
        Self { department, secret, noted: Mutex::new(noted), news: Notify::new() }
    }

    pub(crate) async fn serve(self: Arc<Self>, listener: TcpListener) {
        let router = Router::new()
            .route(EVENTS_PATH, post(take))
            .route(&format!("{FILES_PATH}/{{sha256}}"), get(give))
            .layer(DefaultBodyLimit::max(MAX_EVENT_BYTES))
            .with_state(self);
        // It is served until the check is over.
        let _ = axum::serve(listener, router).await;
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Gives this file from now on, or other bytes in its place until it is mended.
    pub(crate) fn put_file(&self, sha256: &str, bytes: Vec<u8>, spoilt: bool) {
        self.noted().files.insert(sha256.to_owned(), Offered { bytes, spoilt, asked: vec![] });
    }

    /// Gives the right bytes of a file from now on.
    pub(crate) fn mend_file(&self, sha256: &str) {
        if let Some(file) = self.noted().files.get_mut(sha256) {
            file.spoilt = false;
        }
    }

    /// Puts off the first message about this case, to see it again.
    pub(crate) fn refuse_once(&self, case: Uuid) {
        self.noted().refuse_once.insert(case);
    }

    pub(crate) fn letters(&self) -> Vec<Letter> {
        self.noted().letters.clone()
    }

    /// The requests for a file, each with whether it was believed.
    pub(crate) fn asked(&self, sha256: &str) -> Vec<Result<(), String>> {
        self.noted().files.get(sha256).map(|file| file.asked.clone()).unwrap_or_default()
    }

    /// Whether the department sent more than is kept.
    pub(crate) fn is_full(&self) -> bool {
        let Room { letters, bytes } = self.noted().room;
        letters == 0 || bytes < MAX_EVENT_BYTES
    }

    /// The messages about a case that were not put off, each id once, as they came.
    pub(crate) fn events(&self, case: Uuid) -> Vec<Event> {
        let mut seen = BTreeSet::new();
        let letters = self.letters().into_iter().filter(|letter| !letter.put_off);
        let events = letters.filter_map(|letter| letter.event.ok());
        events.filter(|event| event.case_id() == case && seen.insert(event.id.clone())).collect()
    }

    /// Waits until something is found in what was noted.
    pub(crate) async fn until<T>(&self, longest: Duration, mut find: impl FnMut() -> Option<T>) -> Option<T> {
        let look = async {
            loop {
                let news = self.news.notified();
                if let Some(found) = find() {
                    return found;
                }
                // A note may fall between looking and waiting.
                let _ = timeout(Duration::from_millis(200), news).await;
            }
        };
        timeout(longest, look).await.ok()
    }

    fn believed(&self, headers: &HeaderMap, signed: &[u8]) -> Result<String, String> {
        match claimed_source(headers) {
            Some(source) if source == self.department => {}
            Some(source) => return Err(format!("the header yichuang-source says {source}")),
            None => return Err("the header yichuang-source is missing or cannot be read".to_owned()),
        }
        let verified = verify(headers, signed, std::slice::from_ref(&self.secret), wall());
        verified.map(|verified| verified.message_id.to_string()).map_err(|error| error.to_string())
    }
}

async fn take(State(hall): State<Arc<Listener>>, headers: HeaderMap, body: Bytes) -> Response {
    let verified = hall.believed(&headers, &body);
    let event = Event::parse(&body).map_err(|error| match error {
        protocol::EventError::Invalid(faults) => {
            let at: Vec<_> = faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.code.as_str())).collect();
            format!("fields are wrong: {}", at.join(", "))
        }
        other => other.to_string(),
    });
    let named = headers.get(HEADER_ID).and_then(|id| id.to_str().ok()).map(str::to_owned);
    let id = event.as_ref().map(|event| event.id.to_string()).ok().or(named).unwrap_or_default();
    let believed = match &verified {
        Ok(header) if *header != id => Err(format!("webhook-id is {header}, the id of the event {id}")),
        Ok(_) => Ok(()),
        Err(why) => Err(why.clone()),
    };
    let mut noted = hall.noted();
    let room = if verified.is_ok() { &mut noted.room } else { &mut noted.room_for_strangers };
    if !room.take(body.len()) {
        return (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "3600")]).into_response();
    }
    let put_off = event.as_ref().is_ok_and(|event| noted.refuse_once.remove(&event.case_id()));
    noted.letters.push(Letter { id, believed, event, body: Sha256::digest(&body).into(), put_off });
    drop(noted);
    hall.news.notify_waiters();
    match put_off {
        true => (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")]).into_response(),
        false => StatusCode::NO_CONTENT.into_response(),
    }
}

async fn give(State(hall): State<Arc<Listener>>, Path(sha256): Path<String>, headers: HeaderMap) -> Response {
    let path = format!("{FILES_PATH}/{sha256}");
    let believed = hall.believed(&headers, get_text(&path).as_bytes()).map(drop);
    let mut noted = hall.noted();
    let Some(file) = noted.files.get_mut(&sha256) else { return StatusCode::NOT_FOUND.into_response() };
    if file.asked.len() < ASKED_KEPT {
        file.asked.push(believed);
    }
    let mut bytes = file.bytes.clone();
    if let (true, Some(last)) = (file.spoilt, bytes.last_mut()) {
        *last ^= 1;
    }
    drop(noted);
    hall.news.notify_waiters();
    bytes.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_more_is_kept_than_there_is_room_for() {
        let department = Party::Department(Uuid::from_u128(1));
        let hall = Arc::new(Listener::new(department, Secret::generate([7; 32])));
        let send = async |bytes: usize| {
            take(State(hall.clone()), HeaderMap::new(), Bytes::from(vec![b' '; bytes])).await.status().as_u16()
        };
        for _ in 0..16 {
            assert_eq!(send(MAX_EVENT_BYTES).await, 204);
        }
        assert_eq!(send(MAX_EVENT_BYTES).await, 503, "by bytes");
        assert_eq!(hall.letters().len(), 16);
        assert!(!hall.is_full(), "strangers take no room from the department");

        hall.noted().room_for_strangers = ROOM_FOR_STRANGERS;
        for _ in 0..1_000 {
            assert_eq!(send(1).await, 204);
        }
        assert_eq!(send(1).await, 503, "by number");

        let ask = async |sha256: &str| {
            give(State(hall.clone()), Path(sha256.to_owned()), HeaderMap::new()).await.status().as_u16()
        };
        hall.put_file("known", vec![1], false);
        for _ in 0..1_001 {
            assert_eq!((ask("known").await, ask("unknown").await), (200, 404));
        }
        assert_eq!((hall.asked("known").len(), hall.asked("unknown").len()), (1_000, 0));
    }
}
