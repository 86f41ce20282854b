//! The hall: takes cases, sends them to departments, keeps what they decide, prints and hands over.
//!
//! Each use case is a method of [`Hall`] in a file of its name. A use case checks the right, prepares what needs the world
//! (ids, salts, files), and does the rest in one write. What follows later is done by workers that may do it twice
//! without harm: the courier, the press (renders receipts), the fetcher (fetches papers) and the print station.

mod api;
mod assignment;
mod collector;
mod config;
mod deem_accepted;
mod delegation;
mod deliver_case;
mod error;
mod faults;
mod fetcher;
mod find_applicant;
mod find_case;
mod find_draft;
mod keep_draft;
mod paper_models;
mod press;
mod print_guide;
mod print_paper;
mod publish_items;
mod receive_event;
mod reckon_days;
mod records;
mod refer_case;
mod remember;
mod reuse_material;
mod review;
mod rows;
mod send_again;
mod shelf;
mod show_draft;
mod station;
mod step_views;
mod steps;
mod take_filing;
mod upload_file;
mod views;
mod window_steps;
mod workers;

use std::{collections::BTreeMap, sync::Arc};

use domain::{calendar::WorkCalendar, clock::OfficeHours, ids::DepartmentId, number::WindowNumber};
use store::{Files, Store};
use tokio::sync::{Notify, broadcast};
use uuid::Uuid;
use web::{Clock, source::Chance};

use self::shelf::Shelf;
pub use self::{
    api::{HallDesk, openapi, protocol_routes, routes},
    config::{DepartmentPeer, HallConfig},
    delegation::Delegation,
    error::HallError,
    publish_items::{ItemFile, Publication, PublishError, PublishedItem, Publisher, publish_items, withdraw_item},
    workers::Workers,
};

/// A hall (政务服务中心). Clones share it.
#[derive(Clone)]
pub struct Hall(Arc<Inner>);

struct Inner {
    config: HallConfig,
    store: Store,
    files: Files,
    clock: Arc<dyn Clock>,
    chance: Chance,
    shelf: Shelf,
    calendar: WorkCalendar,
    hours: OfficeHours,
    peers: BTreeMap<DepartmentId, protocol::Peer>,
    wake: Wake,
    news: broadcast::Sender<News>,
}

/// What workers wait for.
#[derive(Clone, Default)]
struct Wake {
    courier: Arc<Notify>,
    press: Arc<Notify>,
    fetcher: Arc<Notify>,
    station: Arc<Notify>,
    silence: Arc<Notify>,
    shelf: Arc<Notify>,
}

/// Something changed that a desk may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// A case, its papers or its delivery to the department.
    Case(Uuid),
    /// A print, of the case with this id.
    Print(Uuid),
    /// What the applicant sees at this window, or confirmed of it.
    Screen(WindowNumber),
    /// What can be applied for.
    Catalogue,
}

/// What a hall is made of besides its configuration.
pub struct Parts {
    /// Its memory.
    pub store: Store,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids and randomness.
    pub chance: Chance,
    /// Which days are worked.
    pub calendar: WorkCalendar,
}

impl Hall {
    /// A hall on its memory, with the items that were published there.
    ///
    /// # Errors
    /// When the folder of files cannot be opened, a department's address or secret cannot be used, or nothing can be read.
    pub async fn open(config: HallConfig, parts: Parts) -> Result<Self, HallError> {
        let Parts { store, clock, chance, calendar } = parts;
        let client = protocol::Client::new().map_err(HallError::network)?;
        let ours = protocol::Party::Hall(config.id.0);
        let mut peers = BTreeMap::new();
        for (id, department) in &config.departments {
            let peer = protocol::Peer::new(&client, &department.url, ours, department.secrets.clone());
            peers.insert(*id, peer.map_err(HallError::network)?);
        }
        let shelf = Shelf::default();
        shelf.refresh(&store, &config.department_names()).await?;
        Ok(Self(Arc::new(Inner {
            files: Files::open(&config.files)?,
            config,
            store,
            clock,
            chance,
            shelf,
            calendar,
            hours: OfficeHours::USUAL,
            peers,
            wake: Wake::default(),
            news: broadcast::channel(1024).0,
        })))
    }

    /// What the hall was told when it started.
    pub fn config(&self) -> &HallConfig {
        &self.0.config
    }

    /// Its memory.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Its time.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// What changes, from now on.
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.0.news.subscribe()
    }

    /// Has all workers look for work now: after the clock was moved, for instance.
    pub fn look_again(&self) {
        let Wake { courier, press, fetcher, station, silence, shelf } = &self.0.wake;
        for worker in [courier, press, fetcher, station, silence, shelf] {
            worker.notify_one();
        }
    }

    fn new_id(&self) -> Uuid {
        self.0.chance.id(self.0.clock.now())
    }

    fn tell(&self, news: News) {
        // Nobody listening is no failure.
        let _ = self.0.news.send(news);
    }
}
