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
use tokio::{net::TcpListener, sync::Notify, time::timeout};
use uuid::Uuid;
use web::source::wall;

/// The hall that is played.
pub(crate) struct Listener {
    department: Party,
    secret: Secret,
    noted: Mutex<Noted>,
    news: Notify,
}

/// What was heard and asked for.
#[derive(Default)]
struct Noted {
    letters: Vec<Letter>,
    files: BTreeMap<String, Vec<u8>>,
    spoilt_once: BTreeSet<String>,
    asked: Vec<Asked>,
    refuse_once: BTreeSet<Uuid>,
}

/// One attempt of the department to hand over a message.
#[derive(Clone)]
pub(crate) struct Letter {
    pub(crate) id: String,
    pub(crate) believed: Result<(), String>,
    pub(crate) event: Result<Event, String>,
    pub(crate) body: Bytes,
    /// Whether it was put off on purpose.
    pub(crate) put_off: bool,
}

/// A request for a file.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) sha256: String,
    pub(crate) believed: Result<(), String>,
}

impl Listener {
    pub(crate) fn new(department: Party, secret: Secret) -> Self {
        Self { department, secret, noted: Mutex::default(), news: Notify::new() }
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

    /// Gives this file from now on; the first time with other bytes, if it is `spoilt`.
    pub(crate) fn put_file(&self, sha256: &str, bytes: Vec<u8>, spoilt: bool) {
        let mut noted = self.noted();
        noted.files.insert(sha256.to_owned(), bytes);
        if spoilt {
            noted.spoilt_once.insert(sha256.to_owned());
        }
    }

    /// Puts off the first message about this case, to see it again.
    pub(crate) fn refuse_once(&self, case: Uuid) {
        self.noted().refuse_once.insert(case);
    }

    pub(crate) fn letters(&self) -> Vec<Letter> {
        self.noted().letters.clone()
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.noted().asked.clone()
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
    let put_off = event.as_ref().is_ok_and(|event| noted.refuse_once.remove(&event.case_id()));
    noted.letters.push(Letter { id, believed, event, body, put_off });
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
    noted.asked.push(Asked { sha256: sha256.clone(), believed });
    let spoilt = noted.spoilt_once.remove(&sha256);
    let bytes = noted.files.get(&sha256).cloned();
    drop(noted);
    hall.news.notify_waiters();
    match bytes {
        Some(mut bytes) => {
            if let (true, Some(last)) = (spoilt, bytes.last_mut()) {
                *last ^= 1;
            }
            bytes.into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
