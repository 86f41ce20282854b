//! The reference back office of departments: takes tasks from halls, accepts and decides them, and makes the papers.
//!
//! A department with a system of its own needs none of this: it speaks the protocol. One service hosts many departments
//! ([`Departments`]). Each use case is a method of [`Department`] in a file of its name.

mod accept_task;
mod answer_hall;
mod api;
mod ask_hall;
mod ask_supplement;
mod claim_task;
mod config;
mod decide_task;
mod departments;
mod error;
mod faults;
mod find_task;
mod press;
mod receive_event;
mod reckon_days;
mod records;
mod reject_task;
mod release_task;
mod review_task;
mod send_again;
mod step;
mod step_views;
mod transcription_card;
mod views;
mod workers;

use std::{collections::BTreeMap, sync::Arc};

use domain::{calendar::WorkCalendar, clock::OfficeHours, ids::HallId};
use store::{Files, Store};
use tokio::sync::{Notify, broadcast};
use uuid::Uuid;
use web::{Clock, source::Chance};

pub use self::{
    api::{DepartmentDesk, openapi, protocol_path, protocol_routes, routes},
    config::{DepartmentConfig, DepartmentProfile, HallPeer},
    departments::Departments,
    error::DepartmentError,
    workers::Workers,
};

/// A department of a service. Clones share it.
#[derive(Clone)]
pub struct Department(Arc<Inner>);

struct Inner {
    config: Arc<DepartmentConfig>,
    profile: DepartmentProfile,
    store: Store,
    files: Files,
    clock: Arc<dyn Clock>,
    chance: Chance,
    calendar: WorkCalendar,
    hours: OfficeHours,
    peers: BTreeMap<HallId, protocol::Peer>,
    wake: Wake,
    news: broadcast::Sender<News>,
}

/// What workers wait for.
#[derive(Clone, Default)]
struct Wake {
    courier: Arc<Notify>,
    press: Arc<Notify>,
}

/// A task, its papers or its delivery changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News(pub Uuid);

/// What a department service is made of besides its configuration.
pub struct Parts {
    /// Its memory, opened for the service.
    pub store: Store,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids and randomness.
    pub chance: Chance,
    /// Which days are worked.
    pub calendar: WorkCalendar,
}

impl Department {
    fn open(
        profile: &DepartmentProfile,
        config: &Arc<DepartmentConfig>,
        parts: &Parts,
        client: &protocol::Client,
    ) -> Result<Self, DepartmentError> {
        let Parts { store, clock, chance, calendar } = parts;
        let ours = protocol::Party::Department(profile.id.0);
        let mut peers = BTreeMap::new();
        for (id, hall) in &config.halls {
            let peer = protocol::Peer::new(client, &hall.url, ours, hall.secrets.clone());
            peers.insert(*id, peer.map_err(DepartmentError::network)?);
        }
        Ok(Self(Arc::new(Inner {
            files: Files::open(config.files.join(profile.id.to_string()))?,
            profile: profile.clone(),
            config: config.clone(),
            store: store.for_office(profile.id.0),
            clock: clock.clone(),
            chance: chance.clone(),
            calendar: calendar.clone(),
            hours: OfficeHours::USUAL,
            peers,
            wake: Wake::default(),
            news: broadcast::channel(1024).0,
        })))
    }

    /// What its papers say of it.
    pub fn profile(&self) -> &DepartmentProfile {
        &self.0.profile
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
        let Wake { courier, press } = &self.0.wake;
        for worker in [courier, press] {
            worker.notify_one();
        }
    }

    fn new_id(&self) -> Uuid {
        self.0.chance.id(self.0.clock.now())
    }

    fn tell(&self, task: Uuid) {
        // Nobody listening is no failure.
        let _ = self.0.news.send(News(task));
    }
}
