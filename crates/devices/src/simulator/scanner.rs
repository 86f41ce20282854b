//! An eSCL scanner with a feeder of two sheets and a glass.

use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use reqwest::Url;
use tokio::task::AbortHandle;

use super::{Condition, serve};
use crate::escl::wire::Ordered;

/// What lies in the feeder; the first page also lies on the glass. Drawn for this purpose.
const SHEETS: [&[u8]; 2] = [include_bytes!("pictures/page-1.jpg"), include_bytes!("pictures/page-2.jpg")];

const NAMESPACES: &str = "xmlns:scan=\"http://schemas.hp.com/imaging/escl/2011/05/03\" \
                          xmlns:pwg=\"http://www.pwg.org/schemas/2010/12/sm\"";

/// A running simulated scanner; dropping it switches it off. Its feeder is filled again after every scan.
#[derive(Debug)]
pub struct SimulatedScanner {
    desk: Arc<Desk>,
    address: SocketAddr,
    serving: AbortHandle,
}

#[derive(Debug, Default)]
struct Desk {
    now: Mutex<Now>,
}

#[derive(Debug, Default)]
struct Now {
    condition: Condition,
    jobs: BTreeMap<u32, Job>,
    last: u32,
}

#[derive(Debug)]
struct Job {
    pages: usize,
    taken: usize,
    asked: usize,
    cancelled: bool,
}

impl SimulatedScanner {
    /// Starts one on a port, 0 for a free one.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start(port: u16) -> io::Result<Self> {
        let desk = Arc::<Desk>::default();
        let router = Router::new()
            .route("/eSCL/ScannerCapabilities", get(abilities))
            .route("/eSCL/ScannerStatus", get(status))
            .route("/eSCL/ScanJobs", post(begin))
            .route("/eSCL/ScanJobs/{job}", delete(cancel))
            .route("/eSCL/ScanJobs/{job}/NextDocument", get(next))
            .with_state(desk.clone());
        let (address, serving) = serve(port, router).await?;
        Ok(Self { desk, address, serving })
    }

    /// Where its eSCL begins.
    pub fn url(&self) -> Url {
        Url::parse(&format!("http://{}/eSCL", self.address)).expect("an address is one")
    }

    /// Changes how it behaves.
    pub fn set(&self, condition: Condition) {
        self.desk.now().condition = condition;
    }

    /// How many scans were cancelled.
    pub fn cancelled(&self) -> usize {
        self.desk.now().jobs.values().filter(|job| job.cancelled).count()
    }
}

impl Drop for SimulatedScanner {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Desk {
    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn xml(body: String) -> Response {
    let document = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{body}");
    ([(header::CONTENT_TYPE, "text/xml")], document).into_response()
}

async fn abilities() -> Response {
    let profile = "<scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth>\
                   <scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>3508</scan:MaxHeight>";
    xml(format!(
        "<scan:ScannerCapabilities {NAMESPACES}><pwg:Version>2.63</pwg:Version>\
         <pwg:MakeAndModel>演示扫描仪</pwg:MakeAndModel>\
         <scan:Platen><scan:PlatenInputCaps>{profile}</scan:PlatenInputCaps></scan:Platen>\
         <scan:Adf><scan:AdfSimplexInputCaps>{profile}</scan:AdfSimplexInputCaps>\
         <scan:FeederCapacity>50</scan:FeederCapacity></scan:Adf></scan:ScannerCapabilities>"
    ))
}

async fn status(State(desk): State<Arc<Desk>>) -> Response {
    let now = desk.now();
    let stuck = now.jobs.last_key_value().is_some_and(|(_, job)| job.taken > 0);
    let (state, feeder) = match now.condition {
        Condition::Busy => ("Processing", "ScannerAdfLoaded"),
        Condition::FeederEmpty => ("Idle", "ScannerAdfEmpty"),
        Condition::CoverOpen => ("Stopped", "ScannerAdfHatchOpen"),
        Condition::Jam if stuck => ("Stopped", "ScannerAdfJam"),
        _ => ("Idle", "ScannerAdfLoaded"),
    };
    xml(format!(
        "<scan:ScannerStatus {NAMESPACES}><pwg:Version>2.63</pwg:Version><pwg:State>{state}</pwg:State>\
         <scan:AdfState>{feeder}</scan:AdfState></scan:ScannerStatus>"
    ))
}

async fn begin(State(desk): State<Arc<Desk>>, order: String) -> Response {
    let mut now = desk.now();
    let condition = now.condition;
    let Ok(Ordered { source, format, .. }) = Ordered::read(&order) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let pages = match (source.as_str(), condition) {
        _ if format != "image/jpeg" => return StatusCode::CONFLICT.into_response(),
        (_, Condition::Busy) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        (_, Condition::CoverOpen) | ("Feeder", Condition::FeederEmpty) => return StatusCode::CONFLICT.into_response(),
        ("Feeder", _) => SHEETS.len(),
        ("Platen", _) => 1,
        _ => return StatusCode::CONFLICT.into_response(),
    };
    now.last += 1;
    let id = now.last;
    now.jobs.insert(id, Job { pages, taken: 0, asked: 0, cancelled: false });
    (StatusCode::CREATED, [(header::LOCATION, format!("/eSCL/ScanJobs/{id}"))]).into_response()
}

async fn next(State(desk): State<Arc<Desk>>, Path(id): Path<u32>) -> Response {
    if desk.now().condition == Condition::Silent {
        return std::future::pending().await;
    }
    let mut now = desk.now();
    let condition = now.condition;
    let Some(job) = now.jobs.get_mut(&id) else { return StatusCode::NOT_FOUND.into_response() };
    job.asked += 1;
    if job.cancelled || job.taken == job.pages {
        return StatusCode::NOT_FOUND.into_response();
    }
    match condition {
        Condition::Slow if job.asked == 1 => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Condition::Jam if job.taken == 1 => return StatusCode::CONFLICT.into_response(),
        Condition::Garbled => return ([(header::CONTENT_TYPE, "image/jpeg")], "no picture").into_response(),
        _ => {}
    }
    job.taken += 1;
    ([(header::CONTENT_TYPE, "image/jpeg")], SHEETS[job.taken - 1]).into_response()
}

async fn cancel(State(desk): State<Arc<Desk>>, Path(id): Path<u32>) -> StatusCode {
    match desk.now().jobs.get_mut(&id) {
        Some(job) => {
            job.cancelled = true;
            StatusCode::OK
        }
        None => StatusCode::NOT_FOUND,
    }
}
