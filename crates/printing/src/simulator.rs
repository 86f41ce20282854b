//! A printer without paper: an IPP server on a loopback port, for tests and for the demo hall.
//!
//! It is a real server, so that whoever prints on it has printed through the real client. It keeps every document it takes,
//! byte for byte, and behaves as its [`Condition`] says, which may change at any time:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use yichuang_printing::{Job, JobState, Printer, Trouble, simulator::{Condition, SimulatedPrinter}};
//!
//! let simulated = SimulatedPrinter::start().await?;
//! let printer = Printer::at(simulated.uri())?;
//!
//! simulated.set(Condition::PaperOut);
//! let id = printer.submit(Job::new("受理通知书 A0123", &b"%PDF-1.7"[..])).await?;
//! assert_eq!(printer.job(id).await?, JobState::Processing { trouble: Some(Trouble::PaperOut) });
//!
//! simulated.set(Condition::Ready);
//! assert_eq!(printer.job(id).await?, JobState::Completed);
//! assert_eq!(simulated.printed()[0].bytes, "%PDF-1.7");
//! # Ok(())
//! # }
//! ```

mod desk;

use std::{
    fmt, io,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use tokio::{net::TcpListener, task::AbortHandle};

use crate::{A4, JobId};
use desk::Desk;

/// How long a job takes under `slow`, when [`Condition`] is read from text.
pub const SLOW_JOB: Duration = Duration::from_secs(3);

/// Paper the simulated printer has.
pub const MEDIA: [&str; 4] = [A4, "iso_a5_148x210mm", "iso_a3_297x420mm", "om_queue-ticket_80x98mm"];

/// How the simulated printer behaves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Condition {
    /// Every job is printed at once, also those that waited.
    #[default]
    Ready,
    /// Jobs are taken and stay in processing, as on many printers; they go on after the refill.
    PaperOut,
    /// Jobs are taken and stop (processing-stopped), as on other printers; they go on when the door is shut.
    DoorOpen,
    /// Jobs are taken and aborted, those in the printer too.
    Jam,
    /// Every connection is closed without a word; jobs in the printer wait.
    Offline,
    /// No job is taken: the paper it asks for is not supported.
    RefusesMedia,
    /// No job is taken now.
    NotAccepting,
    /// Each job stays in processing for so long.
    Slow(Duration),
    /// Print-Job is carried out and the connection dropped before the answer; all else is answered.
    LosesAnswer,
    /// Print-Job is read to the end, thrown away, and the connection dropped; all else is answered.
    LosesJob,
    /// Requests are read and never answered.
    Silent,
    /// Every answer is noise.
    Garbled,
}

impl Condition {
    /// Jobs that are in the printer come out.
    fn prints(self) -> bool {
        match self {
            Self::Ready | Self::RefusesMedia | Self::NotAccepting | Self::LosesAnswer | Self::LosesJob => true,
            Self::PaperOut | Self::DoorOpen | Self::Jam | Self::Offline => false,
            Self::Slow(_) | Self::Silent | Self::Garbled => false,
        }
    }

    fn printer_reason(self) -> &'static str {
        match self {
            Self::PaperOut => "media-empty-error",
            Self::DoorOpen => "cover-open-error",
            Self::Jam => "media-jam-error",
            _ => "none",
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ready => "ready",
            Self::PaperOut => "paper-out",
            Self::DoorOpen => "door-open",
            Self::Jam => "jam",
            Self::Offline => "offline",
            Self::RefusesMedia => "refuses-media",
            Self::NotAccepting => "not-accepting",
            Self::Slow(_) => "slow",
            Self::LosesAnswer => "loses-answer",
            Self::LosesJob => "loses-job",
            Self::Silent => "silent",
            Self::Garbled => "garbled",
        })
    }
}

impl FromStr for Condition {
    type Err = UnknownCondition;

    fn from_str(word: &str) -> Result<Self, UnknownCondition> {
        Ok(match word {
            "ready" => Self::Ready,
            "paper-out" => Self::PaperOut,
            "door-open" => Self::DoorOpen,
            "jam" => Self::Jam,
            "offline" => Self::Offline,
            "refuses-media" => Self::RefusesMedia,
            "not-accepting" => Self::NotAccepting,
            "slow" => Self::Slow(SLOW_JOB),
            "loses-answer" => Self::LosesAnswer,
            "loses-job" => Self::LosesJob,
            "silent" => Self::Silent,
            "garbled" => Self::Garbled,
            _ => return Err(UnknownCondition(word.to_owned())),
        })
    }
}

/// A word that names no [`Condition`].
#[derive(Debug, thiserror::Error)]
#[error("a simulated printer is never {0:?}")]
pub struct UnknownCondition(String);

/// How a simulated printer is set up.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Its `printer-name`.
    pub name: String,
    /// The loopback port; 0 takes a free one.
    pub port: u16,
    /// Where each document is also written, as `{job id}-{job name}.pdf`. Made if missing. Ids go on after the files that
    /// are there, so that none is overwritten.
    pub folder: Option<PathBuf>,
}

impl Default for Setup {
    fn default() -> Self {
        Self { name: "Simulated printer".to_owned(), port: 0, folder: None }
    }
}

/// A document the simulated printer took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The number it gave the job.
    pub id: JobId,
    /// The job's name.
    pub name: String,
    /// The document as it came.
    pub bytes: Bytes,
    /// How many copies were asked for.
    pub copies: u16,
    /// The paper that was asked for, if any.
    pub media: Option<String>,
    /// The sides that were asked for, if any, as IPP keyword.
    pub sides: Option<String>,
    /// True once it came out: the job is completed.
    pub printed: bool,
}

/// A running simulated printer; dropping it switches it off.
#[derive(Debug)]
pub struct SimulatedPrinter {
    desk: Arc<Desk>,
    serving: AbortHandle,
}

impl SimulatedPrinter {
    /// Starts one on a free port, with its documents in memory only.
    pub async fn start() -> io::Result<Self> {
        Self::start_with(Setup::default()).await
    }

    /// Starts one with a name, a port or a folder of its own.
    pub async fn start_with(setup: Setup) -> io::Result<Self> {
        let last_id = match &setup.folder {
            Some(folder) => last_id_in(folder).await?,
            None => 0,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, setup.port)).await?;
        let desk = Arc::new(Desk::new(listener.local_addr()?, setup, last_id));
        let serving = tokio::spawn(desk::serve(listener, desk.clone())).abort_handle();
        Ok(Self { desk, serving })
    }

    /// Its address, for [`Printer::at`](crate::Printer::at).
    pub fn uri(&self) -> &str {
        self.desk.uri()
    }

    /// How it behaves now.
    pub fn condition(&self) -> Condition {
        self.desk.condition()
    }

    /// Changes how it behaves; jobs in the printer go on, stop or are aborted before this returns.
    pub fn set(&self, condition: Condition) {
        self.desk.set(condition);
    }

    /// Every document it took so far, in order.
    pub fn received(&self) -> Vec<Received> {
        self.desk.received()
    }

    /// Every document that came out, in order of their jobs.
    pub fn printed(&self) -> Vec<Received> {
        self.received().into_iter().filter(|document| document.printed).collect()
    }

    /// Waits until it took `n` documents since its start, however long that takes, and returns all.
    pub async fn wait_for(&self, n: usize) -> Vec<Received> {
        self.desk.wait_for(n).await;
        self.received()
    }
}

impl Drop for SimulatedPrinter {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn last_id_in(folder: &Path) -> io::Result<i32> {
    tokio::fs::create_dir_all(folder).await?;
    let mut last = 0;
    let mut entries = tokio::fs::read_dir(folder).await?;
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.split_once('-')).and_then(|(id, _)| id.parse().ok());
        last = last.max(id.unwrap_or(0));
    }
    Ok(last)
}
