//! What a hall does by itself.

use courier::{Courier, Peers};
use tokio::sync::mpsc;
pub use web::workers::Workers;
use web::{retention::Retention, workers::Stop};

use crate::{Hall, News, deem_accepted, fetcher, press, shelf, station};

impl Hall {
    /// Starts the courier, the press, the fetcher, the print station, what removes what was kept long enough, and who accepts
    /// by silence, and who looks for what was published.
    pub fn start(&self) -> Workers {
        let mut workers = Workers::default();
        let hall = self.clone();
        workers.start("courier", move |stop| hall.clone().carry(stop));
        let hall = self.clone();
        workers.start("press", move |stop| press::run(hall.clone(), stop));
        let hall = self.clone();
        workers.start("fetcher", move |stop| fetcher::run(hall.clone(), stop));
        let hall = self.clone();
        workers.start("station", move |stop| station::run(hall.clone(), stop));
        let retention = Retention::new(self.0.store.clone(), self.0.files.clone(), self.0.clock.clone());
        workers.start("retention", move |stop| retention.clone().run(stop));
        let hall = self.clone();
        workers.start("silence", move |stop| deem_accepted::run(hall.clone(), stop));
        let hall = self.clone();
        workers.start("shelf", move |stop| shelf::run(hall.clone(), stop));
        workers
    }

    async fn carry(self, stop: Stop) {
        let (changed, mut changes) = mpsc::unbounded_channel();
        let peers: Peers = self.0.peers.iter().map(|(id, peer)| (id.0, peer.clone())).collect();
        let courier = Courier::new(
            self.0.store.clone(),
            self.0.clock.clone(),
            self.0.chance.clone(),
            protocol::Party::Hall(self.0.config.id.0),
            peers,
            self.0.wake.courier.clone(),
            changed,
        );
        let tell = async {
            while let Some(case) = changes.recv().await {
                self.tell(News::Case(case));
            }
        };
        tokio::join!(courier.run(stop), tell);
    }
}
