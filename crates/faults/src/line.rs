//! The line between two parties, on which every request may meet a fault.

use std::{
    collections::HashMap,
    convert::Infallible,
    fmt,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Either, Full, StreamBody, combinators::BoxBody};
use hyper::{
    body::{Frame, Incoming},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
    task::{AbortHandle, JoinSet},
};

use crate::{
    Outcome,
    wire::{self, Answer},
};

/// Longer than anybody waits for an answer.
const FOR_EVER: Duration = Duration::from_secs(3600);

/// How long the line itself waits for the other end.
const PATIENCE: Duration = Duration::from_secs(30);

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The connection ends; the request goes nowhere.
    Refuse,
    /// No answer ever; the request goes nowhere.
    Hang,
    /// This status; the request goes nowhere.
    FailBefore(u16),
    /// The request is carried out, but answered with this status.
    FailAfter(u16),
    /// The request is carried out, and the connection ends without an answer.
    LoseAnswer,
    /// The request is carried out, but what comes back is not HTTP.
    Garble,
    /// The request is carried out twice.
    Twice,
    /// The request is given up with 504, and arrives so many milliseconds later, behind what was sent after it.
    Late(u64),
    /// 503 with `Retry-After` of so many seconds; the request goes nowhere.
    Busy(u32),
    /// 302 to somewhere else; the request goes nowhere.
    Moved,
    /// The connection ends in the middle of the answer.
    Cut,
    /// One byte of the answer is another.
    Wrong,
}

impl Fault {
    /// All kinds that a message can meet, with usual numbers. [`Fault::Hang`] is last, because it takes real time.
    pub const OF_MESSAGES: [Self; 12] = [
        Self::Refuse,
        Self::FailBefore(500),
        Self::FailAfter(500),
        Self::LoseAnswer,
        Self::Garble,
        Self::Twice,
        Self::Late(30),
        Self::Late(400),
        Self::Busy(20),
        Self::Moved,
        Self::FailAfter(429),
        Self::Hang,
    ];

    /// All kinds that a file can meet.
    pub const OF_FILES: [Self; 6] =
        [Self::Refuse, Self::FailBefore(500), Self::LoseAnswer, Self::Cut, Self::Wrong, Self::FailBefore(503)];

    /// Its name in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Refuse => "refused",
            Self::Hang => "hangs",
            Self::FailBefore(_) => "fails before the effect",
            Self::FailAfter(_) => "fails after the effect",
            Self::LoseAnswer => "answer lost",
            Self::Garble => "answer garbled",
            Self::Twice => "twice",
            Self::Late(_) => "overtaken",
            Self::Busy(_) => "busy, with Retry-After",
            Self::Moved => "redirected",
            Self::Cut => "answer cut",
            Self::Wrong => "wrong bytes",
        }
    }
}

/// A request on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passing {
    /// Whether it fetches a file; otherwise it brings a message.
    pub file: bool,
    /// The message's id, or the file's hash.
    pub id: String,
    /// The short number of the message's case.
    pub number: String,
    /// What the message says, such as `cn.yichuang.task.assigned.v1`.
    pub kind: String,
    /// The message's place among those of its case.
    pub sequence: u64,
    /// The how-manieth try it is, from 1.
    pub attempt: u32,
}

/// What happened to a request that passed.
#[derive(Debug, Clone)]
pub struct Passed {
    /// The request.
    pub passing: Passing,
    /// Its fault, if it met one.
    pub fault: Option<Fault>,
}

type Plan = Arc<dyn Fn(&Passing) -> Option<Fault> + Send + Sync>;

/// A line from whoever sends to [`Line::address`] to one other end. Dropped, it is cut.
pub struct Line {
    address: SocketAddr,
    shared: Arc<Shared>,
    standing: Mutex<Option<AbortHandle>>,
}

struct Shared {
    to: Mutex<Option<SocketAddr>>,
    plan: Mutex<Plan>,
    seen: Mutex<HashMap<String, u32>>,
    log: Mutex<Vec<Passed>>,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Line {
    /// A line that leads nowhere yet, without faults.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn open() -> Outcome<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            to: Mutex::new(None),
            plan: Mutex::new(Arc::new(|_| None)),
            seen: Mutex::default(),
            log: Mutex::default(),
        });
        let standing = Mutex::new(Some(stand(listener, shared.clone())));
        Ok(Self { address, shared, standing })
    }

    /// Where its near end is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it leads.
    pub fn lead_to(&self, to: SocketAddr) {
        *locked(&self.shared.to) = Some(to);
    }

    /// Which request meets which fault, from now on.
    pub fn meet(&self, plan: impl Fn(&Passing) -> Option<Fault> + Send + Sync + 'static) {
        *locked(&self.shared.plan) = Arc::new(plan);
    }

    /// The first tries of every request meet these faults, one after the other.
    pub fn meet_first(&self, faults: &[Fault]) {
        let faults = faults.to_vec();
        self.meet(move |passing| faults.get(passing.attempt as usize - 1).copied());
    }

    /// No faults any more.
    pub fn calm(&self) {
        self.meet(|_| None);
    }

    /// Cuts the line: connections end, and new ones are refused.
    pub fn cut(&self) {
        if let Some(standing) = locked(&self.standing).take() {
            standing.abort();
        }
    }

    /// Mends a line that was cut.
    ///
    /// # Errors
    /// When somebody else has its port meanwhile.
    pub async fn mend(&self) -> Outcome<()> {
        self.cut();
        let mut tries = 0;
        let listener = loop {
            match TcpListener::bind(self.address).await {
                Ok(listener) => break listener,
                Err(error) if tries == 50 => return Err(error.into()),
                // The listener that was aborted goes a moment later.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
            tries += 1;
        };
        *locked(&self.standing) = Some(stand(listener, self.shared.clone()));
        Ok(())
    }

    /// Everything that passed.
    pub fn log(&self) -> Vec<Passed> {
        locked(&self.shared.log).clone()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.cut();
    }
}

fn stand(listener: TcpListener, shared: Arc<Shared>) -> AbortHandle {
    let standing = async move {
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            connections.spawn(connection(stream, shared.clone()));
            while connections.try_join_next().is_some() {}
        }
    };
    tokio::spawn(standing).abort_handle()
}

type Body = Either<Full<Bytes>, BoxBody<Bytes, Broken>>;

/// The connection is to end here.
#[derive(Debug)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the line broke")
    }
}

impl std::error::Error for Broken {}

impl From<Infallible> for Broken {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    let Ok(stream) = stream.into_std() else { return };
    // A second handle on the same connection, for what is not HTTP.
    let (Ok(raw), Ok(stream)) = (stream.try_clone(), TcpStream::from_std(stream)) else { return };
    let Ok(raw) = TcpStream::from_std(raw) else { return };
    let raw = Arc::new(tokio::sync::Mutex::new(raw));
    let service = service_fn(move |request: Request<Incoming>| {
        let (shared, raw) = (shared.clone(), raw.clone());
        async move {
            let answer = shared.pass(request).await?;
            if let Passage::Garbage = answer {
                // Whether the other side still listens does not matter.
                let _ = raw.lock().await.write_all(b"\x16\x03\x01 this is not HTTP\r\n\r\n").await;
                return Err(Broken);
            }
            answer.response()
        }
    });
    // Ended by us, by them, or by a fault.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// What goes back to the sender.
enum Passage {
    Whole(Answer),
    Half(Answer),
    Garbage,
}

impl Passage {
    fn plain(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::Whole(Answer { status, headers: HeaderMap::new(), body: Bytes::from_static(b"a fault on purpose") })
    }

    fn response(self) -> Result<Response<Body>, Broken> {
        let (answer, half) = match self {
            Self::Whole(answer) => (answer, false),
            Self::Half(answer) => (answer, true),
            Self::Garbage => return Err(Broken),
        };
        let Answer { status, mut headers, body } = answer;
        headers.remove(header::TRANSFER_ENCODING);
        headers.remove(header::CONNECTION);
        let body = if half {
            headers.insert(header::CONTENT_LENGTH, body.len().into());
            let begun = body.slice(..body.len() / 2);
            let pieces = stream::iter([Ok(Frame::data(begun)), Err(Broken)]);
            Either::Right(StreamBody::new(pieces).boxed())
        } else {
            headers.remove(header::CONTENT_LENGTH);
            Either::Left(Full::new(body))
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

impl Shared {
    async fn pass(&self, request: Request<Incoming>) -> Result<Passage, Broken> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map_err(|_| Broken)?.to_bytes();
        let request = Request::from_parts(parts, body);
        let passing = self.note(&request);
        let plan = locked(&self.plan).clone();
        let fault = plan(&passing);
        locked(&self.log).push(Passed { passing, fault });
        match fault {
            None => self.forward(&request).await.map(Passage::Whole),
            Some(Fault::Refuse) => Err(Broken),
            Some(Fault::Hang) => {
                tokio::time::sleep(FOR_EVER).await;
                Err(Broken)
            }
            Some(Fault::FailBefore(status)) => Ok(Passage::plain(status)),
            Some(Fault::FailAfter(status)) => self.forward(&request).await.map(|_| Passage::plain(status)),
            Some(Fault::LoseAnswer) => self.forward(&request).await.and(Err(Broken)),
            Some(Fault::Garble) => self.forward(&request).await.map(|_| Passage::Garbage),
            Some(Fault::Twice) => {
                self.forward(&request).await?;
                self.forward(&request).await.map(Passage::Whole)
            }
            Some(Fault::Late(milliseconds)) => {
                let to = *locked(&self.to);
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                    // Nobody waits for this answer.
                    let _ = forward(to, &request).await;
                });
                Ok(Passage::plain(504))
            }
            Some(Fault::Busy(seconds)) => {
                let mut headers = HeaderMap::new();
                headers.insert(header::RETRY_AFTER, seconds.into());
                Ok(Passage::Whole(Answer { status: StatusCode::SERVICE_UNAVAILABLE, headers, body: Bytes::new() }))
            }
            Some(Fault::Moved) => {
                let mut headers = HeaderMap::new();
                headers.insert(header::LOCATION, header::HeaderValue::from_static("http://127.0.0.1:9/"));
                Ok(Passage::Whole(Answer { status: StatusCode::FOUND, headers, body: Bytes::new() }))
            }
            Some(Fault::Cut) => self.forward(&request).await.map(Passage::Half),
            Some(Fault::Wrong) => self.forward(&request).await.map(|answer| {
                let mut bytes = answer.body.to_vec();
                let middle = bytes.len() / 2;
                if let Some(byte) = bytes.get_mut(middle) {
                    *byte ^= 0x20;
                }
                Passage::Whole(Answer { body: bytes.into(), ..answer })
            }),
        }
    }

    fn note(&self, request: &Request<Bytes>) -> Passing {
        let file = request.method() == Method::GET;
        let event: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let text = |field: &str| event[field].as_str().unwrap_or_default().to_owned();
        let id = if file { request.uri().path().rsplit('/').next().unwrap_or_default().to_owned() } else { text("id") };
        let mut seen = locked(&self.seen);
        let attempt = seen.entry(id.clone()).or_default();
        *attempt += 1;
        let sequence = &event["sequence"];
        let sequence = sequence.as_u64().or_else(|| sequence.as_str()?.parse().ok()).unwrap_or_default();
        Passing { file, id, number: text("subject"), kind: text("type"), sequence, attempt: *attempt }
    }

    async fn forward(&self, request: &Request<Bytes>) -> Result<Answer, Broken> {
        let to = *locked(&self.to);
        forward(to, request).await
    }
}

async fn forward(to: Option<SocketAddr>, request: &Request<Bytes>) -> Result<Answer, Broken> {
    let to = to.ok_or(Broken)?;
    let mut copy = Request::new(Full::new(request.body().clone()));
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    copy.headers_mut().remove(header::CONNECTION);
    wire::send(to, copy, PATIENCE).await.map_err(|_| Broken)
}
