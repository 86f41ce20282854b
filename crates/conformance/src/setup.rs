//! What is checked, and from where.

use std::{sync::Arc, time::Duration};

use protocol::{Party, Secret};
use tokio::{net::TcpListener, task::JoinHandle};
use uuid::Uuid;

use crate::{
    Operator, Report,
    checks::{self, Desk},
    listener::Listener,
    sample::Samples,
    sender::Sender,
};

/// The endpoint, and the hall that is played.
pub struct Setup {
    /// The base address of the department, to which the protocol's paths are appended.
    pub url: String,
    /// The department.
    pub department: Uuid,
    /// The hall, as the department knows it.
    pub hall: Uuid,
    /// What the two share.
    pub secret: Secret,
    /// Where the department reaches the hall.
    pub listener: TcpListener,
    /// How long is waited.
    pub waits: Waits,
    /// Whether somebody is there to do what only people do.
    pub operated: bool,
}

/// How long is waited.
#[derive(Debug, Clone, Copy)]
pub struct Waits {
    /// For the answer to one request.
    pub answer: Duration,
    /// For a message that the department sends by itself.
    pub message: Duration,
    /// For what a person at the department is asked to do.
    pub person: Duration,
    /// In which a second effect of a repeated message would be seen.
    pub settle: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Waits {
            answer: Duration::from_secs(15),
            message: Duration::from_secs(30),
            person: Duration::from_secs(5 * 60),
            settle: Duration::from_secs(3),
        }
    }
}

/// Nothing could be checked.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// Not an address.
    #[error("{0:?} is not an http or https address")]
    Address(String),
    /// No requests can be made.
    #[error("requests cannot be made")]
    Client(#[from] reqwest::Error),
}

/// Checks an endpoint.
///
/// # Errors
/// [`CheckError`], when nothing could be sent at all. What the endpoint does wrong is in the report.
pub async fn check(setup: Setup, operator: &dyn Operator) -> Result<Report, CheckError> {
    let Setup { url, department, hall, secret, listener, waits, operated } = setup;
    // An error means that it is installed already.
    let _ = protocol::Client::new();
    let sender = Sender::new(&url, Party::Hall(hall), secret.clone(), waits.answer)?;
    let heard = Arc::new(Listener::new(Party::Department(department), secret));
    let served = Served(tokio::spawn(heard.clone().serve(listener)));
    let samples = Samples::new(hall, department);
    let report = checks::run(&Desk { sender, heard, samples, operator, waits, operated }).await;
    drop(served);
    Ok(report)
}

/// Ends with the check.
struct Served(JoinHandle<()>);

impl Drop for Served {
    fn drop(&mut self) {
        self.0.abort();
    }
}
