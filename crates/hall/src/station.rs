//! The print station: claims prints, gives them to a printer, and follows each until the printer says what became of it.

use std::{
    collections::{BTreeMap, HashMap},
    error::Error,
    time::Duration,
};

use jiff::SignedDuration;
use printing::{Job, JobId, JobState, PrintError, Printer, PrinterState};
use serde::Serialize;
use store::{PrintChange, PrintRow, PrintState, StoreError};
use tokio::{
    sync::watch,
    task::{Id, JoinSet},
};
use utoipa::ToSchema;
use uuid::Uuid;
use web::Actor;

use domain::rights::Right;

use crate::{Hall, HallError, News};

/// The name of the station that runs with the hall.
pub(crate) const STATION: &str = "hall";

/// How long a claim holds before somebody else may take the print: longer than handing a paper to a printer takes.
const LEASE: SignedDuration = SignedDuration::from_mins(10);

/// How often a printer is asked about a job.
const ASK_AGAIN: Duration = Duration::from_millis(300);

/// How often while the printer waits for a person, or cannot be reached.
const ASK_AGAIN_IN_TROUBLE: Duration = Duration::from_secs(2);

/// How long the station sleeps when nobody wakes it.
const IDLE: Duration = Duration::from_secs(10);

/// A printer as the desks see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrinterView {
    /// Its name.
    pub name: String,
    /// How it stands.
    pub state: PrinterStateName,
    /// What is wrong with it, such as `paper-out`.
    #[schema(required)]
    pub trouble: Option<String>,
}

/// How a printer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = PrinterState)]
pub enum PrinterStateName {
    /// Ready.
    Idle,
    /// Printing.
    Processing,
    /// Waits for a person.
    Stopped,
    /// Cannot be reached.
    Offline,
}

pub(crate) async fn run(hall: Hall, mut stop: watch::Receiver<bool>) {
    let printers = printers(&hall);
    end_leases(&hall).await;
    let mut followed: HashMap<Id, Uuid> = HashMap::new();
    let mut following = JoinSet::new();
    while !*stop.borrow() {
        let mut found = vec![];
        while let Some(print) = claim(&hall).await {
            found.push(print);
        }
        match prints_under_way(&hall).await {
            // What a printer has is asked about again, never sent again: after a restart, and after a database that was away.
            Ok(prints) => found.extend(prints),
            Err(error) => tracing::warn!(error = &error as &dyn Error, "prints under way could not be read"),
        }
        for print in found {
            if !followed.values().any(|known| *known == print.id) {
                let id = print.id;
                let follower = following.spawn(follow(hall.clone(), printers.clone(), print, stop.clone()));
                followed.insert(follower.id(), id);
            }
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = hall.0.wake.station.notified() => {}
            Some(ended) = following.join_next_with_id() => {
                followed.remove(&ended.map_or_else(|error| error.id(), |(id, ())| id));
            }
            () = tokio::time::sleep(IDLE) => {}
        }
    }
    following.shutdown().await;
}

fn printers(hall: &Hall) -> BTreeMap<String, Printer> {
    let mut printers = BTreeMap::new();
    for (name, uri) in &hall.0.config.printers {
        match Printer::at(uri) {
            Ok(printer) => {
                printers.insert(name.clone(), printer);
            }
            Err(error) => tracing::error!(printer = name, error = &error as &dyn Error, "the printer cannot be used"),
        }
    }
    printers
}

async fn prints_under_way(hall: &Hall) -> Result<Vec<PrintRow>, StoreError> {
    hall.0.store.read().await?.prints_under_way(STATION).await
}

/// What was being handed over when the program was killed is taken up again at once; the printer is asked whether it has it.
async fn end_leases(hall: &Hall) {
    if let Err(error) = hall.0.store.end_leases().await {
        tracing::warn!(error = error as &dyn Error, "claims of prints run on until they end by themselves");
    }
}

async fn claim(hall: &Hall) -> Option<PrintRow> {
    let (now, wall) = (hall.0.clock.now(), hall.0.clock.wall());
    let claimed: Result<_, StoreError> =
        hall.0.store.write(async move |tx| tx.claim_print(STATION, now, wall, wall + LEASE).await).await;
    claimed.unwrap_or_else(|error| {
        tracing::warn!(error = &error as &dyn Error, "prints could not be claimed");
        None
    })
}

/// Sees one print through.
async fn follow(hall: Hall, printers: BTreeMap<String, Printer>, print: PrintRow, mut stop: watch::Receiver<bool>) {
    let id = print.id;
    tokio::select! {
        _ = stop.wait_for(|stop| *stop) => {}
        outcome = see_through(&hall, &printers, print) => {
            if let Err(error) = outcome {
                tracing::error!(print.id = %id, error = &error as &dyn Error, "a print was given up");
            }
        }
    }
}

async fn see_through(hall: &Hall, printers: &BTreeMap<String, Printer>, mut print: PrintRow) -> Result<(), HallError> {
    let named = print.printer.as_ref().and_then(|name| printers.get_key_value(name));
    // A job is known to the printer that has it, and to no other.
    let any = printers.first_key_value().filter(|_| print.ipp_job.is_none() || print.state == PrintState::Claimed);
    let Some((name, printer)) = named.or(any) else {
        return change(hall, &mut print, PrintState::Failed, Some("no-printer"), None).await;
    };
    // One that was claimed just now has no job but that of an earlier try.
    let job = match print.ipp_job.filter(|_| print.state != PrintState::Claimed) {
        Some(job) => JobId::new(job),
        None => match hand_over(hall, printer, name, &mut print).await? {
            Some(job) => job,
            None => return Ok(()),
        },
    };
    loop {
        let wait = match printer.job(job).await {
            Ok(JobState::Completed) => return hall.record_print(&print).await,
            Ok(state) if state.is_final() => {
                let trouble = state.trouble().map_or("aborted", |trouble| trouble.code()).to_owned();
                return change(hall, &mut print, PrintState::Failed, Some(&trouble), None).await;
            }
            Ok(state) => match state.trouble() {
                Some(trouble) => {
                    let trouble = trouble.code().to_owned();
                    change(hall, &mut print, PrintState::Held, Some(&trouble), None).await?;
                    ASK_AGAIN_IN_TROUBLE
                }
                None => {
                    change(hall, &mut print, PrintState::Printing, None, None).await?;
                    ASK_AGAIN
                }
            },
            Err(PrintError::NoSuchJob(_)) => {
                return change(hall, &mut print, PrintState::Failed, Some("job-forgotten"), None).await;
            }
            Err(error) => {
                change(hall, &mut print, PrintState::Held, Some(error.code()), None).await?;
                ASK_AGAIN_IN_TROUBLE
            }
        };
        tokio::time::sleep(wait).await;
    }
}

/// Gives a print to the printer, once. When the printer's answer was lost it is asked whether it has the job, so that nothing
/// is printed twice unnoticed.
async fn hand_over(
    hall: &Hall,
    printer: &Printer,
    name: &str,
    print: &mut PrintRow,
) -> Result<Option<JobId>, HallError> {
    let (bytes, job_name) = paper_of(hall, print).await?;
    // One that was held up when the program ended is not known to be still with us.
    let mut perhaps_there = print.attempts > 1 || print.state != PrintState::Claimed;
    loop {
        if perhaps_there {
            // The job of a try that failed is known, and is not the one that was perhaps taken.
            match printer.find_job(&job_name).await.map(|job| job.filter(|job| Some(job.get()) != print.ipp_job)) {
                Ok(Some(job)) => {
                    change(hall, print, PrintState::Sent, None, Some((name, job))).await?;
                    return Ok(Some(job));
                }
                Ok(None) => perhaps_there = false,
                Err(error) => {
                    trouble(hall, print, error.code()).await?;
                    continue;
                }
            }
        }
        match printer.submit(Job::new(job_name.clone(), bytes.clone())).await {
            Ok(job) => {
                change(hall, print, PrintState::Sent, None, Some((name, job))).await?;
                return Ok(Some(job));
            }
            Err(PrintError::OutcomeUnknown(_)) => perhaps_there = true,
            Err(error @ (PrintError::Unreachable(_) | PrintError::TimedOut | PrintError::NotNow { .. })) => {
                trouble(hall, print, error.code()).await?
            }
            Err(error) => {
                change(hall, print, PrintState::Failed, Some(error.code()), None).await?;
                return Ok(None);
            }
        }
    }
}

/// Says what keeps a print, and waits a little. It is held from now on and no longer claimed: a claim ends, while this may
/// last as long as the printer is away, and also longer than the program runs.
async fn trouble(hall: &Hall, print: &mut PrintRow, code: &str) -> Result<(), HallError> {
    change(hall, print, PrintState::Held, Some(code), None).await?;
    tokio::time::sleep(ASK_AGAIN_IN_TROUBLE).await;
    Ok(())
}

async fn paper_of(hall: &Hall, print: &PrintRow) -> Result<(bytes::Bytes, String), HallError> {
    let none = || HallError::NotFound(web::ProblemCode::PaperNotFound);
    let paper = hall.0.store.read().await?.paper(print.paper).await?.ok_or_else(none)?;
    let sha256 = paper.sha256.ok_or_else(none)?;
    let bytes = hall.0.files.get(sha256).await?.ok_or_else(none)?;
    // The id makes the name unique, so that a job can be found again by it; first, since some printers cut names.
    Ok((bytes.into(), format!("{} {} {}", print.id, paper.title, paper.number)))
}

async fn change(
    hall: &Hall,
    print: &mut PrintRow,
    to: PrintState,
    trouble: Option<&str>,
    sent: Option<(&str, JobId)>,
) -> Result<(), HallError> {
    if print.state == to && print.trouble.as_deref() == trouble && sent.is_none() {
        return Ok(());
    }
    let change = PrintChange {
        from: print.state,
        to,
        printer: sent.map(|(name, _)| name.to_owned()),
        ipp_job: sent.map(|(_, job)| job.get()),
        trouble: trouble.map(str::to_owned),
    };
    let (id, now) = (print.id, hall.0.clock.now());
    let changed: bool = hall.0.store.write(async move |tx| tx.change_print(id, &change, now).await).await?;
    if !changed {
        return Err(StoreError::Stale.into());
    }
    print.state = to;
    print.trouble = trouble.map(str::to_owned);
    if let Some((name, job)) = sent {
        print.printer = Some(name.to_owned());
        print.ipp_job = Some(job.get());
    }
    hall.tell(News::Print(case_of(hall, print.paper).await?));
    Ok(())
}

async fn case_of(hall: &Hall, paper: Uuid) -> Result<Uuid, HallError> {
    let none = || HallError::NotFound(web::ProblemCode::PaperNotFound);
    Ok(hall.0.store.read().await?.paper(paper).await?.ok_or_else(none)?.case)
}

impl Hall {
    /// The printers of the station, asked now.
    ///
    /// # Errors
    /// [`HallError::Forbidden`].
    pub async fn printers(&self, actor: &Actor) -> Result<Vec<PrinterView>, HallError> {
        self.demand(actor, Right::PrintPaper, None)?;
        let mut asked = JoinSet::new();
        for (name, printer) in printers(self) {
            asked.spawn(async move { (name, printer.status().await) });
        }
        let mut views: Vec<_> =
            asked.join_all().await.into_iter().map(|(name, status)| printer_view(name, status)).collect();
        views.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(views)
    }
}

fn printer_view(name: String, status: Result<printing::PrinterStatus, PrintError>) -> PrinterView {
    match status {
        Ok(status) => PrinterView {
            name,
            trouble: status.trouble().map(|trouble| trouble.code().to_owned()),
            state: match status.state {
                PrinterState::Idle => PrinterStateName::Idle,
                PrinterState::Processing => PrinterStateName::Processing,
                PrinterState::Stopped => PrinterStateName::Stopped,
            },
        },
        Err(error) => PrinterView { name, state: PrinterStateName::Offline, trouble: Some(error.code().to_owned()) },
    }
}
