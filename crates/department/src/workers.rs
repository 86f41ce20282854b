//! What a department service does by itself. Each worker may be stopped at any moment and goes on where it was.

use courier::{Courier, Peers};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};

use crate::{Department, press};

/// The workers of a department service, until they are stopped.
pub struct Workers {
    stop: watch::Sender<bool>,
    running: JoinSet<()>,
}

impl Department {
    /// Starts the courier and the press.
    pub fn start(&self) -> Workers {
        let (stop, stopped) = watch::channel(false);
        let mut running = JoinSet::new();
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
        running.spawn(courier.run(stopped.clone()));
        running.spawn(press::run(self.clone(), stopped));
        let department = self.clone();
        running.spawn(async move {
            while let Some(task) = changes.recv().await {
                department.tell(task);
            }
        });
        Workers { stop, running }
    }
}

impl Workers {
    /// Stops all of them, and waits until what they were about is ended or put down.
    pub async fn stop(mut self) {
        // No worker listening any more is what is wanted.
        let _ = self.stop.send(true);
        while self.running.join_next().await.is_some() {}
    }
}
