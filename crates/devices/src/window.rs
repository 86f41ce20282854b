//! What the pages of a window are given: its devices by kind, below `/api/devices`. Addresses and tokens stay here.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use bytes::Bytes;
use serde::Serialize;
use tokio::sync::Mutex;

use crate::{
    Bridge, DeviceSettings, IdCard, Patience, Scan, Scanner, Source, Trouble,
    contract::{self, Device},
    escl::StopScan,
};

/// A scan that is neither read to its end nor cancelled goes when so many newer ones have begun.
const SCANS_KEPT: usize = 4;

/// The devices of a window. Clones share them.
#[derive(Clone)]
pub struct WindowDevices(Arc<Inner>);

struct Inner {
    bridge: Option<Bridge>,
    card_reader: Option<String>,
    camera: Option<String>,
    scanner: Option<Scanner>,
    scans: Mutex<BTreeMap<u64, Scanning>>,
    last_scan: AtomicU64,
}

struct Scanning {
    scan: Arc<Mutex<Scan>>,
    stop: StopScan,
}

/// A kind of device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceKind {
    /// 读卡器.
    CardReader,
    /// 高拍仪.
    Camera,
    /// 扫描仪.
    Scanner,
    /// The bridge itself, named only while it does not answer: what is behind it is not known then.
    Bridge,
}

/// A device of the window, and how it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceView {
    /// What it is.
    pub kind: DeviceKind,
    /// What people call it.
    pub name: String,
    /// [`Trouble::code`] of what keeps it from working.
    pub trouble: Option<&'static str>,
}

/// All devices of the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DevicesView {
    /// At most one of each kind.
    pub devices: Vec<DeviceView>,
}

/// A scan that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScanView {
    /// Names it in paths.
    pub id: u64,
    /// Where the paper lies.
    pub source: Source,
}

impl WindowDevices {
    /// The devices that the settings name.
    pub fn new(settings: DeviceSettings) -> Self {
        Self::with_patience(settings, Patience::default())
    }

    /// The same, with another patience.
    pub fn with_patience(settings: DeviceSettings, patience: Patience) -> Self {
        let DeviceSettings { bridge, scanner } = settings;
        Self(Arc::new(Inner {
            card_reader: bridge.as_ref().and_then(|bridge| bridge.card_reader.clone()),
            camera: bridge.as_ref().and_then(|bridge| bridge.camera.clone()),
            bridge: bridge.map(|bridge| Bridge::with_patience(&bridge, patience)),
            scanner: scanner.map(|scanner| Scanner::with_patience(scanner, patience)),
            scans: Mutex::default(),
            last_scan: AtomicU64::default(),
        }))
    }

    /// The interface for the pages, at whole paths.
    pub fn routes(&self) -> Router {
        Router::new()
            .route("/api/devices", get(list))
            .route("/api/devices/card", post(read_card))
            .route("/api/devices/picture", post(take_picture))
            .route("/api/devices/scans", post(begin_scan))
            .route("/api/devices/scans/{id}", delete(cancel_scan))
            .route("/api/devices/scans/{id}/pages", post(next_page))
            .with_state(self.clone())
    }

    /// Every device, with what keeps it from working.
    pub async fn list(&self) -> DevicesView {
        let (behind, scanner) = tokio::join!(self.behind_bridge(), self.scanner());
        DevicesView { devices: behind.into_iter().chain(scanner).collect() }
    }

    /// Reads the card on the reader.
    ///
    /// # Errors
    /// [`Trouble`]
    pub async fn card(&self) -> Result<IdCard, Trouble> {
        let (bridge, reader) = self.chosen(contract::Kind::CardReader).await?;
        bridge.card(&reader).await
    }

    /// Takes a picture; JPEG.
    ///
    /// # Errors
    /// [`Trouble`]
    pub async fn picture(&self) -> Result<Bytes, Trouble> {
        let (bridge, camera) = self.chosen(contract::Kind::Camera).await?;
        bridge.picture(&camera).await
    }

    /// Starts a scan.
    ///
    /// # Errors
    /// [`Trouble`]
    pub async fn begin_scan(&self) -> Result<ScanView, Trouble> {
        let scan = self.0.scanner.as_ref().ok_or(Trouble::NotConfigured)?.begin().await?;
        let view = ScanView { id: self.0.last_scan.fetch_add(1, Ordering::Relaxed) + 1, source: scan.source() };
        let mut scans = self.0.scans.lock().await;
        let stop = scan.stop();
        scans.insert(view.id, Scanning { scan: Arc::new(Mutex::new(scan)), stop });
        while scans.len() > SCANS_KEPT {
            if let Some((_, Scanning { stop, .. })) = scans.pop_first() {
                stop.stop_soon();
            }
        }
        Ok(view)
    }

    /// The next page of a scan as JPEG; none after the last, and then the scan is gone.
    ///
    /// # Errors
    /// [`Trouble`], and then the scan is gone too.
    pub async fn next_page(&self, id: u64) -> Result<Option<Bytes>, Trouble> {
        let scans = self.0.scans.lock().await;
        let scan = scans.get(&id).map(|scanning| scanning.scan.clone()).ok_or(Trouble::NoSuchScan)?;
        drop(scans);
        let page = scan.lock().await.next_page().await;
        if !matches!(page, Ok(Some(_))) {
            self.0.scans.lock().await.remove(&id);
        }
        page
    }

    /// Stops a scan. One that has ended is none.
    pub async fn cancel_scan(&self, id: u64) {
        let scanning = self.0.scans.lock().await.remove(&id);
        if let Some(Scanning { stop, .. }) = scanning {
            stop.stop().await;
        }
    }

    /// What this window uses of a kind, now: a bridge may have been restarted with other devices.
    async fn chosen(&self, kind: contract::Kind) -> Result<(&Bridge, String), Trouble> {
        let bridge = self.0.bridge.as_ref().ok_or(Trouble::NotConfigured)?;
        let devices = bridge.devices().await?;
        let device = self.of_kind(&devices, kind).ok_or(Trouble::NotConfigured)?;
        Ok((bridge, device.id.clone()))
    }

    fn of_kind<'a>(&self, devices: &'a [Device], kind: contract::Kind) -> Option<&'a Device> {
        let wanted = match kind {
            contract::Kind::CardReader => &self.0.card_reader,
            contract::Kind::Camera => &self.0.camera,
            contract::Kind::Other => return None,
        };
        devices.iter().find(|device| device.kind == kind && wanted.as_ref().is_none_or(|wanted| *wanted == device.id))
    }

    async fn behind_bridge(&self) -> Vec<DeviceView> {
        let Some(bridge) = &self.0.bridge else { return vec![] };
        let devices = match bridge.devices().await {
            Ok(devices) => devices,
            Err(trouble) => {
                tracing::debug!(error = &trouble as &dyn std::error::Error, "the device bridge cannot be used");
                let trouble = Some(trouble.code());
                return vec![DeviceView { kind: DeviceKind::Bridge, name: String::new(), trouble }];
            }
        };
        let kinds =
            [(contract::Kind::CardReader, DeviceKind::CardReader), (contract::Kind::Camera, DeviceKind::Camera)];
        let found = kinds.into_iter().filter_map(|(of, kind)| Some((kind, self.of_kind(&devices, of)?)));
        found
            .map(|(kind, Device { name, state, .. })| DeviceView { kind, name: name.clone(), trouble: code(*state) })
            .collect()
    }

    async fn scanner(&self) -> Option<DeviceView> {
        let scanner = self.0.scanner.as_ref()?;
        let (name, trouble) = match scanner.look().await {
            Ok(seen) => (seen.name, seen.trouble),
            Err(trouble) => (scanner.name().to_owned(), Some(trouble)),
        };
        Some(DeviceView { kind: DeviceKind::Scanner, name, trouble: trouble.map(|trouble| trouble.code()) })
    }
}

fn code(state: contract::State) -> Option<&'static str> {
    let trouble = match state {
        contract::State::Ready => return None,
        contract::State::Busy => Trouble::Busy,
        contract::State::Unplugged => Trouble::Unplugged,
        contract::State::Failed => Trouble::Failed(String::new()),
    };
    Some(trouble.code())
}

/// Nothing that a device says is kept by a web view.
const UNKEPT: (header::HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

async fn list(State(devices): State<WindowDevices>) -> Response {
    ([UNKEPT], Json(devices.list().await)).into_response()
}

async fn read_card(State(devices): State<WindowDevices>) -> Result<Response, Trouble> {
    Ok(([UNKEPT], Json(devices.card().await?)).into_response())
}

async fn take_picture(State(devices): State<WindowDevices>) -> Result<Response, Trouble> {
    Ok(picture(devices.picture().await?))
}

async fn begin_scan(State(devices): State<WindowDevices>) -> Result<Response, Trouble> {
    Ok((StatusCode::CREATED, [UNKEPT], Json(devices.begin_scan().await?)).into_response())
}

async fn next_page(State(devices): State<WindowDevices>, Path(id): Path<u64>) -> Result<Response, Trouble> {
    Ok(devices.next_page(id).await?.map_or_else(|| StatusCode::NO_CONTENT.into_response(), picture))
}

async fn cancel_scan(State(devices): State<WindowDevices>, Path(id): Path<u64>) -> StatusCode {
    devices.cancel_scan(id).await;
    StatusCode::NO_CONTENT
}

fn picture(jpeg: Bytes) -> Response {
    ([UNKEPT, (header::CONTENT_TYPE, "image/jpeg")], jpeg).into_response()
}
