//! What is the same at every start: a hall, a department service, each with its workers, standing at an address.

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, extract::Request, routing::any};
use department::{DepartmentConfig, Departments};
use domain::calendar::WorkCalendar;
use hall::{Hall, HallConfig, ItemFile};
use jiff::Timestamp;
use store::{Kind, OutboxCounts, Store, StoreConfig, StoreError, Tx};
use tokio::net::TcpListener;
use tower::ServiceExt as _;
use web::{
    Clock,
    desk::DemoAccount,
    server::{Gauge, Health, Metrics, framed},
    session::{SessionCookie, Sessions},
    source::Chance,
};

use crate::{ServerError, demo, first_start};

const HALL: &str = "the hall";
const DEPARTMENT: &str = "the department service";

/// What both services are given.
pub(crate) struct Surroundings {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Chance,
    pub(crate) calendar: WorkCalendar,
    pub(crate) metrics: Metrics,
    /// Whether cookies go over HTTPS only.
    pub(crate) https: bool,
}

/// A hall that works.
pub(crate) struct HallService {
    hall: Hall,
    workers: hall::Workers,
    sessions: Sessions,
    accounts: Option<Vec<DemoAccount>>,
    surroundings: Surroundings,
}

impl HallService {
    /// Opens the memory and starts the workers. At the first start the hall takes these items; what it takes later is
    /// imported.
    pub(crate) async fn start(
        config: HallConfig,
        items: Vec<ItemFile>,
        database: &StoreConfig,
        surroundings: Surroundings,
    ) -> Result<Self, ServerError> {
        let store = Store::open(database, Kind::Hall, config.id.0).await;
        let store = store.map_err(ServerError::store(HALL))?;
        let Surroundings { clock, chance, calendar, metrics, https } = &surroundings;
        let (read, time) = (store.clone(), clock.clone());
        metrics.gauges("hall", move || hall_gauges(read.clone(), time.now()));
        let accounts = config.demo.then(demo::hall_accounts);
        if let Some(accounts) = &accounts {
            demo::open_accounts(HALL, &store, accounts, chance).await?;
        }
        let names = config.department_names();
        first_start::publish(&store, &names, items, clock.now(), config.demo).await?;
        first_start::say_what_is_missing(&store).await.map_err(ServerError::store(HALL))?;
        let cookie = SessionCookie { name: "yichuang-hall", path: "/api/hall", secure: *https };
        let sessions = Sessions::new(store.clone(), clock.clone(), chance.clone(), cookie);
        let parts = hall::Parts { store, clock: clock.clone(), chance: chance.clone(), calendar: calendar.clone() };
        let hall = Hall::open(config, parts).await?;
        let workers = hall.start();
        Ok(Self { hall, workers, sessions, accounts, surroundings })
    }

    /// The interface for people, with `/healthz` and `/metrics`.
    pub(crate) fn desks(&self) -> Router {
        self.framed(hall::routes(self.hall.clone(), self.sessions.clone(), self.accounts.clone()))
    }

    /// The interface for departments.
    pub(crate) fn protocol(&self) -> Router {
        self.framed(hall::protocol_routes(self.hall.clone()))
    }

    /// Both in one.
    pub(crate) fn whole(&self) -> Router {
        let desks = hall::routes(self.hall.clone(), self.sessions.clone(), self.accounts.clone());
        self.framed(desks.merge(hall::protocol_routes(self.hall.clone())))
    }

    fn framed(&self, router: Router) -> Router {
        let Surroundings { metrics, chance, .. } = &self.surroundings;
        framed(router, Health::of_store(self.hall.store().clone()), metrics.clone(), chance.clone())
    }

    /// Ends the workers and lets go of the memory.
    pub(crate) async fn stop(self) {
        self.workers.stop().await;
        self.hall.store().close().await;
    }
}

/// A department service that works.
pub(crate) struct DepartmentService {
    departments: Departments,
    workers: department::Workers,
    sessions: Sessions,
    accounts: Option<Vec<DemoAccount>>,
    surroundings: Surroundings,
}

impl DepartmentService {
    /// Opens the memory and starts the workers.
    pub(crate) async fn start(
        config: DepartmentConfig,
        database: &StoreConfig,
        surroundings: Surroundings,
    ) -> Result<Self, ServerError> {
        let store = Store::open(database, Kind::Department, config.id).await;
        let store = store.map_err(ServerError::store(DEPARTMENT))?;
        let Surroundings { clock, chance, calendar, metrics, https } = &surroundings;
        let accounts = config.demo.then(|| demo::department_accounts(&config.departments));
        if let Some(accounts) = &accounts {
            demo::open_accounts(DEPARTMENT, &store, accounts, chance).await?;
        }
        let cookie = SessionCookie { name: "yichuang-department", path: "/api/department", secure: *https };
        let sessions = Sessions::new(store.clone(), clock.clone(), chance.clone(), cookie);
        let parts =
            department::Parts { store, clock: clock.clone(), chance: chance.clone(), calendar: calendar.clone() };
        let departments = Departments::open(config, parts).map_err(|error| ServerError::Department(Box::new(error)))?;
        let (read, time) = (departments.clone(), clock.clone());
        metrics.gauges("department", move || department_gauges(read.clone(), time.now()));
        let workers = departments.start();
        Ok(Self { departments, workers, sessions, accounts, surroundings })
    }

    /// The interface for people, with `/healthz` and `/metrics`.
    pub(crate) fn desks(&self) -> Router {
        self.framed(department::routes(self.departments.clone(), self.sessions.clone(), self.accounts.clone()))
    }

    /// The interface for halls.
    pub(crate) fn protocol(&self) -> Router {
        self.framed(department::protocol_routes(&self.departments))
    }

    /// Both in one.
    pub(crate) fn whole(&self) -> Router {
        let desks = department::routes(self.departments.clone(), self.sessions.clone(), self.accounts.clone());
        self.framed(desks.merge(department::protocol_routes(&self.departments)))
    }

    fn framed(&self, router: Router) -> Router {
        let Surroundings { metrics, chance, .. } = &self.surroundings;
        framed(router, Health::of_store(self.departments.store().clone()), metrics.clone(), chance.clone())
    }

    /// Ends the workers and lets go of the memory.
    pub(crate) async fn stop(self) {
        self.workers.stop().await;
        self.departments.store().close().await;
    }
}

async fn hall_gauges(store: Store, now: Timestamp) -> Result<Vec<Gauge>, StoreError> {
    let mut tx = store.read().await?;
    let mut outbox = Outbox::default();
    outbox.add(&mut tx).await?;
    let mut gauges = outbox.gauges(now);
    gauges.push(Gauge {
        name: "prints_waiting",
        help: "Prints that wait for a station, or for somebody at the printer.",
        value: tx.prints_waiting().await? as f64,
    });
    Ok(gauges)
}

async fn department_gauges(departments: Departments, now: Timestamp) -> Result<Vec<Gauge>, StoreError> {
    let mut outbox = Outbox::default();
    for department in departments.iter() {
        outbox.add(&mut department.store().read().await?).await?;
    }
    Ok(outbox.gauges(now))
}

/// What the offices of a service have to send.
#[derive(Default)]
struct Outbox {
    pending: u64,
    dead: u64,
    oldest: Option<Timestamp>,
}

impl Outbox {
    async fn add(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let OutboxCounts { pending, dead } = tx.outbox_counts().await?;
        self.pending += pending;
        self.dead += dead;
        self.oldest = self.oldest.into_iter().chain(tx.oldest_waiting().await?).min();
        Ok(())
    }

    fn gauges(self, now: Timestamp) -> Vec<Gauge> {
        let Self { pending, dead, oldest } = self;
        let age = oldest.map_or(0.0, |since| now.duration_since(since).as_secs_f64().max(0.0));
        vec![
            Gauge { name: "outbox_pending", help: "Messages that wait or are on the way.", value: pending as f64 },
            Gauge { name: "outbox_dead", help: "Messages that wait for a person.", value: dead as f64 },
            Gauge {
                name: "outbox_oldest_seconds",
                help: "How long the oldest pending message has waited.",
                value: age,
            },
        ]
    }
}

/// Takes an address.
pub(crate) async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServerError> {
    let failed = |error| ServerError::Listen(address, error);
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let taken = listener.local_addr().map_err(failed)?;
    Ok((listener, taken))
}

/// The pages with some paths of a service beside them, which the gateway leaves out.
pub(crate) fn beside(mut pages: Router, paths: &[&str], service: &Router) -> Router {
    for path in paths {
        let service = service.clone();
        let answer = move |mut request: Request| {
            // What the outer router noted about the path would stand in the counts of the inner one.
            request.extensions_mut().clear();
            service.clone().oneshot(request)
        };
        pages = pages.route(path, any(answer));
    }
    pages
}
