//! A bridge by the contract: what a vendor's programmer has to serve, with made-up cards and one picture.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    extract::{Path, Request, State as Shared},
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use reqwest::Url;
use tokio::task::AbortHandle;

use super::{Condition, people, serve};
use crate::{
    IdCard,
    contract::{Device, Devices, Kind, ROOT, Refusal, RefusalCode, State},
};

/// What lies under the camera. Drawn for this purpose.
const PICTURE: &[u8] = include_bytes!("pictures/desk.jpg");

const READER: &str = "reader-1";
const CAMERA: &str = "camera-1";

/// A running simulated bridge; dropping it switches it off.
#[derive(Debug)]
pub struct SimulatedBridge {
    desk: Arc<Desk>,
    address: SocketAddr,
    serving: AbortHandle,
}

#[derive(Debug)]
struct Desk {
    token: String,
    now: Mutex<Now>,
}

#[derive(Debug)]
struct Now {
    reader: Condition,
    camera: Condition,
    cards: Vec<IdCard>,
    next: usize,
}

impl SimulatedBridge {
    /// Starts one on a port, 0 for a free one.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start(port: u16, token: &str) -> io::Result<Self> {
        let (reader, camera) = (Condition::Ready, Condition::Ready);
        let now = Mutex::new(Now { reader, camera, cards: people(), next: 0 });
        let desk = Arc::new(Desk { token: token.to_owned(), now });
        let (address, serving) = serve(port, routes(desk.clone())).await?;
        Ok(Self { desk, address, serving })
    }

    /// Where it listens.
    pub fn url(&self) -> Url {
        Url::parse(&format!("http://{}", self.address)).expect("an address is one")
    }

    /// What it wants to see.
    pub fn token(&self) -> &str {
        &self.desk.token
    }

    /// Changes how the reader behaves.
    pub fn set_reader(&self, condition: Condition) {
        self.desk.now().reader = condition;
    }

    /// Changes how the camera behaves.
    pub fn set_camera(&self, condition: Condition) {
        self.desk.now().camera = condition;
    }

    /// Puts other cards beside the reader, which finds them in turn, and after the last the first again.
    pub fn set_cards(&self, cards: Vec<IdCard>) {
        let mut now = self.desk.now();
        (now.cards, now.next) = (cards, 0);
    }
}

impl Drop for SimulatedBridge {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Desk {
    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn condition(&self, id: &str, kind: Kind) -> Result<Condition, Refused> {
        let now = self.now();
        match (id, kind) {
            (READER, Kind::CardReader) => Ok(now.reader),
            (CAMERA, Kind::Camera) => Ok(now.camera),
            _ => Err(Refused(RefusalCode::NotFound)),
        }
    }
}

fn routes(desk: Arc<Desk>) -> Router {
    let devices = Router::new()
        .route("/devices", get(devices))
        .route("/devices/{id}/card", post(card))
        .route("/devices/{id}/picture", post(picture))
        .fallback(async || Refused(RefusalCode::NotFound));
    Router::new().nest(ROOT, devices).layer(middleware::from_fn_with_state(desk.clone(), guard)).with_state(desk)
}

struct Refused(RefusalCode);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let message = "simulated".to_owned();
        (status, Json(Refusal { code: self.0, message })).into_response()
    }
}

/// Lets in who has the token, and no page of a browser whatever it knows.
async fn guard(Shared(desk): Shared<Arc<Desk>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if headers.contains_key(header::ORIGIN) || !is_loopback(headers) {
        return Refused(RefusalCode::Origin).into_response();
    }
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if !same(shown.as_bytes(), desk.token.as_bytes()) {
        return Refused(RefusalCode::Token).into_response();
    }
    next.run(request).await
}

/// A name that a foreign name server has pointed at this computer is not loopback's.
fn is_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let by_number = host.parse::<SocketAddr>().map(|address| address.ip()).or_else(|_| host.parse::<IpAddr>());
    by_number.is_ok_and(|address| address.is_loopback())
}

/// Without telling by the time it takes how much was right.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

async fn devices(Shared(desk): Shared<Arc<Desk>>) -> Json<Devices> {
    let now = desk.now();
    let device = |id: &str, kind, name: &str, condition| {
        let state = match condition {
            Condition::Unplugged => State::Unplugged,
            Condition::Busy => State::Busy,
            _ => State::Ready,
        };
        Device { id: id.to_owned(), kind, name: name.to_owned(), state }
    };
    Json(Devices {
        devices: vec![
            device(READER, Kind::CardReader, "演示读卡器", now.reader),
            device(CAMERA, Kind::Camera, "演示高拍仪", now.camera),
        ],
    })
}

async fn card(Shared(desk): Shared<Arc<Desk>>, Path(id): Path<String>) -> Result<Json<IdCard>, Refused> {
    let condition = desk.condition(&id, Kind::CardReader)?;
    refused(condition, RefusalCode::ReadFailed).await?;
    let mut now = desk.now();
    if now.cards.is_empty() {
        return Err(Refused(RefusalCode::NoCard));
    }
    let mut card = now.cards[now.next % now.cards.len()].clone();
    now.next += 1;
    if condition == Condition::Garbled {
        let last = if card.number.ends_with('0') { '1' } else { '0' };
        card.number.replace_range(17.., &last.to_string());
    }
    Ok(Json(card))
}

async fn picture(Shared(desk): Shared<Arc<Desk>>, Path(id): Path<String>) -> Result<Response, Refused> {
    let condition = desk.condition(&id, Kind::Camera)?;
    refused(condition, RefusalCode::Failed).await?;
    let bytes = if condition == Condition::Garbled { b"no picture".as_slice() } else { PICTURE };
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response())
}

async fn refused(condition: Condition, fails: RefusalCode) -> Result<(), Refused> {
    match condition {
        Condition::NoCard => Err(Refused(RefusalCode::NoCard)),
        Condition::Busy => Err(Refused(RefusalCode::Busy)),
        Condition::Unplugged => Err(Refused(RefusalCode::Unplugged)),
        Condition::Fails => Err(Refused(fails)),
        Condition::Silent => std::future::pending().await,
        _ => Ok(()),
    }
}
