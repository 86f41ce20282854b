//! What a department does by itself.

use courier::{Courier, Peers};
use tokio::sync::mpsc;
pub use web::workers::Workers;
use web::{retention::Retention, workers::Stop};

use crate::{Department, press, reckon_days};

impl Department {
    /// Starts the courier, the press, what removes what was kept long enough, and what reckons the days of open tasks anew.
    pub(crate) fn start(&self, workers: &mut Workers) {
        let department = self.clone();
        workers.start("courier", move |stop| department.clone().carry(stop));
        let department = self.clone();
        workers.start("press", move |stop| press::run(department.clone(), stop));
        let retention = Retention::new(self.0.store.clone(), self.0.files.clone(), self.0.clock.clone());
        workers.start("retention", move |stop| retention.clone().run(stop));
        let department = self.clone();
        workers.start("days", move |stop| reckon_days::run(department.clone(), stop));
    }

    async fn carry(self, stop: Stop) {
        let (changed, mut changes) = mpsc::unbounded_channel();
        let peers: Peers = self.0.peers.iter().map(|(id, peer)| (id.0, peer.clone())).collect();
        let courier = Courier::new(
            self.0.store.clone(),
            self.0.clock.clone(),
            self.0.chance.clone(),
            protocol::Party::Department(self.0.profile.id.0),
            peers,
            self.0.wake.courier.clone(),
            changed,
        );
        let tell = async {
            while let Some(task) = changes.recv().await {
                self.tell(task);
            }
        };
        tokio::join!(courier.run(stop), tell);
    }
}
