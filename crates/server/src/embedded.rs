//! Hall and departments in one program: the demo, and the desktop. Pages call them without a network; between each other
//! they speak the department protocol over loopback, as everywhere.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use axum::Router;
use department::{DepartmentConfig, DepartmentProfile, HallPeer, protocol_path};
use devices::{WindowDevices, simulator::SimulatedDevices};
use hall::{DepartmentPeer, HallConfig};
use printing::simulator::{Setup, SimulatedPrinter};
use protocol::Secret;
use store::StoreConfig;
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use web::{
    Clock, ShiftedClock, SystemClock,
    gateway::{Backend, Gateway},
    server::{Metrics, serve},
    source::Chance,
};

use crate::{
    City, CityDepartment, DemoDate, ServerError,
    demo::{self, PRINTER, PUBLIC_URL},
    folder::DataFolder,
    secrets::shared_secret,
    service::{DepartmentService, HallService, Surroundings, beside, listen},
};

/// How hall and department are started in one program.
#[derive(Debug, Clone)]
pub struct EmbeddedConfig {
    /// The folder of everything they keep; made if there is none.
    pub data_dir: PathBuf,
    /// The demo hall of the fictional city. Otherwise the hall that `catalogue/city.toml` in the data folder describes.
    pub demo: bool,
    /// Where the demo's date is moved to, when it was not moved there before.
    pub demo_date: Option<DemoDate>,
}

impl EmbeddedConfig {
    /// The demo hall, on its own date.
    pub fn demo(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), demo: true, demo_date: None }
    }
}

/// Hall and department at work. Dropped without [`Embedded::shutdown`] they end as in a crash, which loses nothing.
pub struct Embedded {
    /// Pages, `/api/hall`, `/api/department`, `/healthz` and `/metrics`; in the demo also `/api/devices`.
    pub gateway: Router,
    /// Where the hall takes the departments' events.
    pub hall_protocol: SocketAddr,
    /// Where the departments take the hall's events, each below a path of its own.
    pub department_protocol: SocketAddr,
    /// The demo's printer: each document it gets is also a file in `printer` of the data folder.
    pub printer: Option<SimulatedPrinter>,
    /// The demo's card reader, camera and scanner. The devices of a real window are at its own computer.
    pub devices: Option<SimulatedDevices>,
    /// The demo's time, which can be moved.
    pub demo_clock: Option<ShiftedClock>,
    hall: HallService,
    department: DepartmentService,
    end: watch::Sender<bool>,
    protocols: JoinSet<()>,
    _folder: DataFolder,
}

/// Starts hall and department.
///
/// # Errors
/// When the data folder is in use, open to others where it may not be, or cannot be used; or when a service cannot start.
pub async fn start(config: EmbeddedConfig) -> Result<Embedded, ServerError> {
    let EmbeddedConfig { data_dir, demo, demo_date } = config;
    let folder = DataFolder::take(&data_dir).await?;
    let city = if demo { City::anlan()? } else { City::read(&folder.join("catalogue"))? };
    let chance = Chance::system();
    let secret = shared_secret(&folder, &chance)?;
    let demo_clock = if demo { Some(demo::clock(&folder, demo_date)?) } else { None };
    let clock: Arc<dyn Clock> = match &demo_clock {
        Some(clock) => Arc::new(clock.clone()),
        None => Arc::new(SystemClock),
    };
    let printer = if demo { Some(start_printer(&folder).await?) } else { None };
    let devices = if demo { Some(start_devices(&chance).await?) } else { None };

    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let (hall_listener, hall_protocol) = listen(anywhere).await?;
    let (department_listener, department_protocol) = listen(anywhere).await?;

    let metrics = Metrics::new();
    let calendar = city.files.calendar()?;
    let surroundings = || Surroundings {
        clock: clock.clone(),
        chance: chance.clone(),
        calendar: calendar.clone(),
        metrics: metrics.clone(),
        https: false,
    };
    let hall_config = HallConfig {
        files: folder.join("hall-files"),
        departments: city.departments.iter().map(|it| peer(it, department_protocol, &secret)).collect(),
        printers: printer.iter().map(|printer| (PRINTER.to_owned(), printer.uri().to_owned())).collect(),
        ..hall_of(&city, demo)
    };
    let department_config = DepartmentConfig {
        id: city.department_service,
        name: format!("{}后台", city.hall.name),
        departments: city.departments.iter().cloned().map(DepartmentProfile::from).collect(),
        halls: BTreeMap::from([(
            city.hall.id,
            HallPeer {
                name: city.hall.name.clone(),
                url: format!("http://{hall_protocol}"),
                secrets: vec![secret.clone()],
            },
        )]),
        files: folder.join("department-files"),
        demo,
    };

    let department_database = StoreConfig::file(&folder.join("department.db"));
    let department = DepartmentService::start(department_config, &department_database, surroundings()).await?;
    let hall_database = StoreConfig::file(&folder.join("hall.db"));
    let hall = HallService::start(hall_config, city.files.items(), &hall_database, surroundings()).await?;

    let (end, ended) = watch::channel(false);
    let mut protocols = JoinSet::new();
    protocols.spawn(serve_protocol(hall_listener, hall.protocol(), ended.clone()));
    protocols.spawn(serve_protocol(department_listener, department.protocol(), ended));
    tracing::info!(hall.protocol = %hall_protocol, department.protocol = %department_protocol, demo, "hall and department have started");

    let desks = hall.desks();
    let gateway =
        Gateway::new().hall(Backend::Local(desks.clone())).department(Backend::Local(department.desks())).router();
    let mut gateway = beside(gateway, &["/healthz", "/metrics"], &desks);
    if let Some(devices) = &devices {
        gateway = gateway.merge(WindowDevices::new(devices.settings()).routes());
    }
    Ok(Embedded {
        gateway,
        hall_protocol,
        department_protocol,
        printer,
        devices,
        demo_clock,
        hall,
        department,
        end,
        protocols,
        _folder: folder,
    })
}

impl Embedded {
    /// Ends both: open protocol requests are answered, the workers put down what they are about, and the folder is free.
    pub async fn shutdown(mut self) {
        // Nobody listening any more is what is wanted.
        let _ = self.end.send(true);
        tokio::join!(self.hall.stop(), self.department.stop());
        while self.protocols.join_next().await.is_some() {}
        tracing::info!("hall and department have ended");
    }
}

async fn start_printer(folder: &DataFolder) -> Result<SimulatedPrinter, ServerError> {
    let setup = Setup { name: PRINTER.to_owned(), port: 0, folder: Some(folder.join("printer")) };
    SimulatedPrinter::start_with(setup).await.map_err(ServerError::Printer)
}

/// The token is made anew at every start: nobody else has to know it.
async fn start_devices(chance: &Chance) -> Result<SimulatedDevices, ServerError> {
    let token: String = chance.bytes::<24>().iter().map(|byte| format!("{byte:02x}")).collect();
    SimulatedDevices::start(&token).await.map_err(ServerError::Devices)
}

async fn serve_protocol(listener: TcpListener, router: Router, mut ended: watch::Receiver<bool>) {
    let shutdown = async move {
        // A sender that is gone has ended too.
        let _ = ended.wait_for(|ended| *ended).await;
    };
    if let Err(error) = serve(listener, router, shutdown).await {
        tracing::error!(error = &error as &dyn std::error::Error, "the department protocol is no longer served");
    }
}

/// The hall of a city, without its surroundings.
fn hall_of(city: &City, demo: bool) -> HallConfig {
    HallConfig {
        id: city.hall.id,
        name: city.hall.name.clone(),
        address: city.hall.address.clone(),
        phone: city.hall.phone.clone(),
        divisions: city.hall.divisions.clone(),
        number: city.hall.number,
        receipt_mark: city.hall.receipt_mark.clone(),
        windows: city.hall.windows.clone(),
        public_url: PUBLIC_URL.to_owned(),
        files: PathBuf::new(),
        departments: BTreeMap::new(),
        printers: BTreeMap::new(),
        demo,
    }
}

fn peer(
    department: &CityDepartment,
    protocol: SocketAddr,
    secret: &Secret,
) -> (domain::ids::DepartmentId, DepartmentPeer) {
    let (name, url) = (department.name.clone(), format!("http://{protocol}{}", protocol_path(department.id)));
    let delegation = department.delegation.clone();
    (department.id, DepartmentPeer { name, url, secrets: vec![secret.clone()], delegation })
}

impl From<CityDepartment> for DepartmentProfile {
    fn from(department: CityDepartment) -> Self {
        let CityDepartment {
            id,
            name,
            notice_mark,
            supplement_mark,
            rejection_mark,
            decision_mark,
            certificate_mark,
            seal,
            contact,
            remedies,
            remedies_verified,
            delegation: _,
        } = department;
        Self {
            id,
            name,
            notice_mark,
            supplement_mark,
            rejection_mark,
            decision_mark,
            certificate_mark,
            seal,
            contact,
            remedies,
            remedies_verified,
        }
    }
}
