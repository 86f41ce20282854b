//! What a service does by itself, beside answering requests.
//!
//! A worker may be stopped at any moment and goes on where it was: what it has to do is in rows, and doing it twice does no
//! harm. So one that panics is started again, and the others do not notice.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::server::panic_text;

/// How long a worker that panicked stays away, so that a lasting fault does not fill the log.
const PAUSE: Duration = if cfg!(test) { Duration::from_millis(20) } else { Duration::from_secs(5) };

/// Turns true when a worker is to end.
pub type Stop = watch::Receiver<bool>;

/// The workers of a service, until they are stopped.
pub struct Workers {
    stop: watch::Sender<bool>,
    running: JoinSet<()>,
}

impl Default for Workers {
    fn default() -> Self {
        Self { stop: watch::channel(false).0, running: JoinSet::new() }
    }
}

impl Workers {
    /// Starts a worker, which ends when its [`Stop`] turns true. After a panic it is started again.
    pub fn start<W, F>(&mut self, name: &'static str, worker: W)
    where
        W: Fn(Stop) -> F + Send + 'static,
        F: Future<Output = ()> + Send,
    {
        let mut stop = self.stop.subscribe();
        self.running.spawn(async move {
            while let Err(panic) = AssertUnwindSafe(worker(stop.clone())).catch_unwind().await {
                tracing::error!(worker = name, panic = panic_text(&*panic), "a worker failed: the program has a fault");
                tokio::select! {
                    _ = stopped(&mut stop) => return,
                    () = tokio::time::sleep(PAUSE) => {}
                }
            }
        });
    }

    /// Stops all of them, and waits until what they were about is ended or put down.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.running.join_next().await.is_some() {}
    }
}

/// Works until it is stopped, also in the middle of a round. A round does all that is due, and says how long the worker may
/// then sleep if nobody wakes it.
pub async fn work<F>(mut stop: Stop, wake: &Notify, round: impl Fn() -> F)
where
    F: Future<Output = Duration>,
{
    let working = async {
        loop {
            let sleep = round().await;
            tokio::select! {
                () = wake.notified() => {}
                () = tokio::time::sleep(sleep) => {}
            }
        }
    };
    tokio::select! {
        () = stopped(&mut stop) => {}
        () = working => {}
    }
}

/// Done when a worker is to end; also when nobody is left who could say so.
pub async fn stopped(stop: &mut Stop) {
    let _ = stop.wait_for(|stop| *stop).await;
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::mpsc;

    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    /// A worker that counts its rounds, and what it says of each.
    fn counting(workers: &mut Workers, wake: &Arc<Notify>, fails_at: u32) -> mpsc::UnboundedReceiver<u32> {
        let (said, heard) = mpsc::unbounded_channel();
        let (count, wake) = (Arc::new(AtomicU32::new(0)), Arc::clone(wake));
        workers.start("counting", move |stop| {
            let (said, count, wake) = (said.clone(), Arc::clone(&count), Arc::clone(&wake));
            async move {
                let round = || async {
                    let nth = count.fetch_add(1, Ordering::SeqCst) + 1;
                    assert_ne!(nth, fails_at, "as the test wants");
                    said.send(nth).unwrap();
                    LONG
                };
                work(stop, &wake, round).await;
            }
        });
        heard
    }

    #[tokio::test]
    async fn a_worker_works_when_it_is_woken() {
        let (mut workers, wake) = (Workers::default(), Arc::default());
        let mut heard = counting(&mut workers, &wake, 0);
        assert_eq!(heard.recv().await, Some(1));
        wake.notify_one();
        assert_eq!(heard.recv().await, Some(2));
        workers.stop().await;
        assert_eq!(heard.recv().await, None);
    }

    #[tokio::test]
    async fn a_worker_that_panics_is_started_again_and_hurts_no_other() {
        let (mut workers, wake) = (Workers::default(), Arc::default());
        let (other_wake, mut heard) = (Arc::default(), counting(&mut workers, &wake, 2));
        let mut other = counting(&mut workers, &other_wake, 0);
        assert_eq!((heard.recv().await, other.recv().await), (Some(1), Some(1)));
        wake.notify_one();
        assert_eq!(heard.recv().await, Some(3));
        other_wake.notify_one();
        assert_eq!(other.recv().await, Some(2));
        workers.stop().await;
    }

    #[tokio::test]
    async fn a_worker_ends_in_the_middle_of_its_round() {
        let mut workers = Workers::default();
        let (begun, mut beginning) = mpsc::unbounded_channel();
        workers.start("stuck", move |stop| {
            let begun = begun.clone();
            async move {
                let round = || async {
                    begun.send(()).unwrap();
                    std::future::pending().await
                };
                work(stop, &Notify::new(), round).await;
            }
        });
        beginning.recv().await.unwrap();
        workers.stop().await;
    }
}
