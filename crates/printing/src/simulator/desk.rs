//! What the simulated printer does behind its port: connections, jobs, answers.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode as HttpStatus, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use ipp::{
    model::{DelimiterTag, JobState as Stage, Operation, StatusCode},
    parser::IppParseError,
    value::IppValue,
};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Handle,
    sync::watch,
    task::JoinSet,
};

use super::{Condition, MEDIA, Received, Setup};
use crate::{
    A4, JobId,
    wire::{self, Draft, Message},
};

const PATH: &str = "/ipp/print";
const SIDES: [&str; 3] = ["one-sided", "two-sided-long-edge", "two-sided-short-edge"];
const OPERATIONS: [Operation; 6] = [
    Operation::PrintJob,
    Operation::ValidateJob,
    Operation::CancelJob,
    Operation::GetJobAttributes,
    Operation::GetJobs,
    Operation::GetPrinterAttributes,
];
const MAX_COPIES: i32 = 999;
const MAX_REQUEST_BYTES: usize = 128 * 1024 * 1024;

/// Serves connections until it is aborted, and cuts them then.
pub(super) async fn serve(listener: TcpListener, desk: Arc<Desk>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(converse(stream, desk.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "the simulated printer could not accept a connection");
                tokio::task::yield_now().await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

/// One request on one connection, cut when the printer goes offline.
async fn converse(stream: TcpStream, desk: Arc<Desk>) {
    let mut condition = desk.condition.subscribe();
    let service = service_fn(move |request| answer(desk.clone(), request));
    let conversation = http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        biased;
        _ = condition.wait_for(|condition| *condition == Condition::Offline) => {}
        // A connection that ends early is the business of the other side.
        _ = conversation => {}
    }
}

/// The connection is dropped without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the simulated printer hung up")]
struct HungUp;

async fn answer(desk: Arc<Desk>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, HungUp> {
    if request.method() != Method::POST {
        return Ok(plain(HttpStatus::METHOD_NOT_ALLOWED));
    }
    if request.uri().path() != PATH {
        return Ok(plain(HttpStatus::NOT_FOUND));
    }
    let body = Limited::new(request.into_body(), MAX_REQUEST_BYTES).collect().await.map_err(|_| HungUp)?.to_bytes();
    let Ok(request) = Message::read(&body) else {
        return Ok(plain(HttpStatus::BAD_REQUEST));
    };

    let condition = desk.condition();
    let prints = request.header.operation_or_status == Operation::PrintJob as i16;
    match condition {
        Condition::Silent => std::future::pending().await,
        Condition::Garbled => {
            return Ok(ipp(Bytes::from_static(b"\x01\x01\x00\x00\x00\x00\x00\x01\x02\x36\x00\x01n\x00\x04\xff\xff")));
        }
        Condition::LosesJob if prints => return Err(HungUp),
        _ => {}
    }
    let answer = desk.answer(&request, condition).await.map_err(|_| HungUp)?;
    if condition == Condition::LosesAnswer && prints {
        return Err(HungUp);
    }
    Ok(ipp(answer.bytes(&[])))
}

fn plain(status: HttpStatus) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}

fn ipp(bytes: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/ipp"));
    response
}

type Made = Result<Draft, IppParseError>;
type Attributes = Vec<(&'static str, IppValue)>;

/// What the printer knows, behind its port.
#[derive(Debug)]
pub(super) struct Desk {
    uri: String,
    name: String,
    folder: Option<PathBuf>,
    condition: watch::Sender<Condition>,
    /// How many documents were taken.
    received: watch::Sender<usize>,
    jobs: Mutex<Jobs>,
    /// Where slow jobs take their time.
    runtime: Handle,
}

#[derive(Debug)]
struct Jobs {
    last_id: i32,
    all: Vec<SimulatedJob>,
}

#[derive(Debug)]
struct SimulatedJob {
    id: i32,
    name: String,
    user: String,
    copies: u16,
    media: Option<String>,
    sides: Option<String>,
    bytes: Bytes,
    stage: Stage,
    reason: &'static str,
    message: &'static str,
}

impl SimulatedJob {
    fn received(&self) -> Received {
        Received {
            id: JobId::new(self.id),
            name: self.name.clone(),
            bytes: self.bytes.clone(),
            copies: self.copies,
            media: self.media.clone(),
            sides: self.sides.clone(),
            printed: self.stage == Stage::Completed,
        }
    }

    fn is_open(&self) -> bool {
        !matches!(self.stage, Stage::Canceled | Stage::Aborted | Stage::Completed)
    }

    fn becomes(&mut self, stage: Stage, reason: &'static str, message: &'static str) {
        (self.stage, self.reason, self.message) = (stage, reason, message);
    }
}

impl Desk {
    pub(super) fn new(address: SocketAddr, setup: Setup, last_id: i32) -> Self {
        Self {
            uri: format!("ipp://{address}{PATH}"),
            name: setup.name,
            folder: setup.folder,
            condition: watch::Sender::new(Condition::Ready),
            received: watch::Sender::new(0),
            jobs: Mutex::new(Jobs { last_id, all: Vec::new() }),
            runtime: Handle::current(),
        }
    }

    pub(super) fn uri(&self) -> &str {
        &self.uri
    }

    pub(super) fn condition(&self) -> Condition {
        *self.condition.borrow()
    }

    pub(super) fn set(self: &Arc<Self>, condition: Condition) {
        let mut jobs = self.jobs();
        self.condition.send_replace(condition);
        for job in &mut jobs.all {
            self.proceed(job, condition);
        }
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.jobs().all.iter().map(SimulatedJob::received).collect()
    }

    pub(super) async fn wait_for(&self, n: usize) {
        // Cannot fail: the sender lives as long as `self`.
        let _ = self.received.subscribe().wait_for(|count| *count >= n).await;
    }

    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(self: &Arc<Self>, request: &Message, condition: Condition) -> Made {
        let header = &request.header;
        if !matches!(header.version.0 >> 8, 1 | 2) {
            return Draft::answer(header, StatusCode::ServerErrorVersionNotSupported);
        }
        if !is_well_opened(request) {
            return Draft::answer(header, StatusCode::ClientErrorBadRequest);
        }
        let asked = OPERATIONS.into_iter().find(|operation| *operation as i16 == header.operation_or_status);
        match asked {
            Some(Operation::GetPrinterAttributes) => self.printer_attributes(request, condition),
            Some(Operation::ValidateJob) => match self.objection(request, condition) {
                Some(refusal) => refusal,
                None => Draft::answer(header, StatusCode::SuccessfulOk),
            },
            Some(Operation::PrintJob) => match self.objection(request, condition) {
                Some(refusal) => refusal,
                None => self.print(request).await,
            },
            Some(Operation::GetJobAttributes) => self.job_attributes(request),
            Some(Operation::GetJobs) => self.list(request),
            Some(Operation::CancelJob) => self.cancel(request),
            _ => Draft::answer(header, StatusCode::ServerErrorOperationNotSupported),
        }
    }

    /// Why this job cannot be taken.
    fn objection(&self, request: &Message, condition: Condition) -> Option<Made> {
        let header = &request.header;
        if condition == Condition::NotAccepting {
            return Some(Draft::answer(header, StatusCode::ServerErrorNotAcceptingJobs));
        }
        let format = request.text(DelimiterTag::OperationAttributes, "document-format");
        if format.is_some_and(|format| format != "application/pdf" && format != "application/octet-stream") {
            return Some(Draft::answer(header, StatusCode::ClientErrorDocumentFormatNotSupported));
        }

        let value = |name| request.value(DelimiterTag::JobAttributes, name);
        let mut unsupported = Attributes::new();
        if let Some(media) = value("media") {
            let known = wire::text(media).is_some_and(|media| MEDIA.contains(&media.as_str()));
            if !known || condition == Condition::RefusesMedia {
                unsupported.push(("media", media.clone()));
            }
        }
        if let Some(sides) = value("sides")
            && !wire::text(sides).is_some_and(|sides| SIDES.contains(&sides.as_str()))
        {
            unsupported.push(("sides", sides.clone()));
        }
        if let Some(copies) = value("copies")
            && !wire::number(copies).is_some_and(|copies| (1..=MAX_COPIES).contains(&copies))
        {
            unsupported.push(("copies", copies.clone()));
        }
        if unsupported.is_empty() {
            return None;
        }
        let refusal = Draft::answer(header, StatusCode::ClientErrorAttributesOrValuesNotSupported);
        Some(refusal.and_then(|draft| draft.group(DelimiterTag::UnsupportedAttributes, unsupported)))
    }

    async fn print(self: &Arc<Self>, request: &Message) -> Made {
        let operation = |name| request.text(DelimiterTag::OperationAttributes, name);
        let value = |name| request.value(DelimiterTag::JobAttributes, name);
        let copies = value("copies").and_then(wire::number).and_then(|copies| copies.try_into().ok());
        let mut job = SimulatedJob {
            id: self.next_id(),
            name: operation("job-name").unwrap_or_else(|| "untitled".to_owned()),
            user: operation("requesting-user-name").unwrap_or_else(|| "anonymous".to_owned()),
            copies: copies.unwrap_or(1),
            media: value("media").and_then(wire::text),
            sides: value("sides").and_then(wire::text),
            bytes: request.document.clone(),
            stage: Stage::Pending,
            reason: "none",
            message: "",
        };
        if let Some(folder) = &self.folder {
            let file = folder.join(file_name(job.id, &job.name));
            if let Err(error) = tokio::fs::write(&file, &job.bytes).await {
                tracing::warn!(%error, file = %file.display(), "the simulated printer could not keep a document");
                return Draft::answer(&request.header, StatusCode::ServerErrorInternalError);
            }
        }

        let attributes = {
            let mut jobs = self.jobs();
            let condition = self.condition();
            self.proceed(&mut job, condition);
            let attributes = self.attributes_of(&job)?;
            jobs.all.push(job);
            attributes
        };
        self.received.send_modify(|count| *count += 1);
        let told = ["job-id", "job-uri", "job-state", "job-state-reasons", "job-state-message"];
        Draft::answer(&request.header, StatusCode::SuccessfulOk)?
            .group(DelimiterTag::JobAttributes, only(&told.map(str::to_owned), attributes))
    }

    fn next_id(&self) -> i32 {
        let mut jobs = self.jobs();
        jobs.last_id += 1;
        jobs.last_id
    }

    /// What a condition makes of a job that is in the printer.
    fn proceed(self: &Arc<Self>, job: &mut SimulatedJob, condition: Condition) {
        if !job.is_open() {
            return;
        }
        match condition {
            _ if condition.prints() => job.becomes(Stage::Completed, "job-completed-successfully", ""),
            Condition::PaperOut => job.becomes(Stage::Processing, "job-printing", ""),
            Condition::DoorOpen => job.becomes(Stage::ProcessingStopped, "printer-stopped", ""),
            Condition::Jam => job.becomes(Stage::Aborted, "aborted-by-system", "simulated jam"),
            Condition::Slow(each) => {
                job.becomes(Stage::Processing, "job-printing", "");
                self.finish_later(job.id, each);
            }
            _ => {}
        }
    }

    fn finish_later(self: &Arc<Self>, id: i32, after: Duration) {
        let desk = Arc::downgrade(self);
        self.runtime.spawn(async move {
            tokio::time::sleep(after).await;
            let Some(desk) = desk.upgrade() else { return };
            let mut jobs = desk.jobs();
            // After any other condition the job has gone its way, or waits for it.
            let still = matches!(desk.condition(), Condition::Slow(_));
            if let Some(job) = jobs.all.iter_mut().find(|job| job.id == id && job.is_open() && still) {
                job.becomes(Stage::Completed, "job-completed-successfully", "");
            }
        });
    }

    fn cancel(&self, request: &Message) -> Made {
        let mut jobs = self.jobs();
        let id = self.job_asked_for(request);
        let status = match jobs.all.iter_mut().find(|job| Some(job.id) == id) {
            Some(job) if job.is_open() => {
                job.becomes(Stage::Canceled, "job-canceled-by-user", "");
                StatusCode::SuccessfulOk
            }
            Some(_) => StatusCode::ClientErrorNotPossible,
            None => StatusCode::ClientErrorNotFound,
        };
        Draft::answer(&request.header, status)
    }

    fn job_attributes(&self, request: &Message) -> Made {
        let jobs = self.jobs();
        let id = self.job_asked_for(request);
        let Some(job) = jobs.all.iter().find(|job| Some(job.id) == id) else {
            return Draft::answer(&request.header, StatusCode::ClientErrorNotFound);
        };
        Draft::answer(&request.header, StatusCode::SuccessfulOk)?
            .group(DelimiterTag::JobAttributes, only(&wanted(request), self.attributes_of(job)?))
    }

    /// Unfinished jobs oldest first, finished ones newest first, as IPP wants it.
    fn list(&self, request: &Message) -> Made {
        let which = request.text(DelimiterTag::OperationAttributes, "which-jobs");
        let (open, done) = match which.as_deref() {
            None | Some("not-completed") => (true, false),
            Some("completed") => (false, true),
            Some("all") => (true, true),
            Some(_) => {
                return Draft::answer(&request.header, StatusCode::ClientErrorAttributesOrValuesNotSupported);
            }
        };
        let value = |name| request.value(DelimiterTag::OperationAttributes, name);
        let user = request.text(DelimiterTag::OperationAttributes, "requesting-user-name");
        let mine = value("my-jobs").and_then(wire::truth).unwrap_or(false);
        let limit = value("limit").and_then(wire::number).and_then(|limit| limit.try_into().ok());
        let mut wanted = wanted(request);
        if wanted.is_empty() {
            wanted = vec!["job-id".to_owned(), "job-uri".to_owned()];
        }

        let jobs = self.jobs();
        let unfinished = jobs.all.iter().filter(|job| open && job.is_open());
        let finished = jobs.all.iter().rev().filter(|job| done && !job.is_open());
        unfinished
            .chain(finished)
            .filter(|job| !mine || Some(&job.user) == user.as_ref())
            .take(limit.unwrap_or(usize::MAX))
            .try_fold(Draft::answer(&request.header, StatusCode::SuccessfulOk)?, |draft, job| {
                draft.group(DelimiterTag::JobAttributes, only(&wanted, self.attributes_of(job)?))
            })
    }

    /// By `job-id`, or by the last part of `job-uri`.
    fn job_asked_for(&self, request: &Message) -> Option<i32> {
        let value = |name| request.value(DelimiterTag::OperationAttributes, name);
        value("job-id").and_then(wire::number).or_else(|| {
            let uri = value("job-uri").and_then(wire::text)?;
            uri.strip_prefix(&format!("{}/", self.uri))?.parse().ok()
        })
    }

    fn attributes_of(&self, job: &SimulatedJob) -> Result<Attributes, IppParseError> {
        let mut attributes = vec![
            ("job-id", IppValue::Integer(job.id)),
            ("job-uri", IppValue::new_uri(format!("{}/{}", self.uri, job.id))?),
            ("job-printer-uri", IppValue::new_uri(self.uri.as_str())?),
            ("job-name", IppValue::new_name_without_language(job.name.as_str())?),
            ("job-originating-user-name", IppValue::new_name_without_language(job.user.as_str())?),
            ("job-state", IppValue::Enum(job.stage as i32)),
            ("job-state-reasons", IppValue::new_keyword(job.reason)?),
            ("copies", IppValue::Integer(job.copies.into())),
        ];
        if !job.message.is_empty() {
            attributes.push(("job-state-message", IppValue::new_text_without_language(job.message)?));
        }
        if let Some(media) = &job.media {
            attributes.push(("media", IppValue::new_keyword(media.as_str())?));
        }
        if let Some(sides) = &job.sides {
            attributes.push(("sides", IppValue::new_keyword(sides.as_str())?));
        }
        Ok(attributes)
    }

    fn printer_attributes(&self, request: &Message, condition: Condition) -> Made {
        let open = self.jobs().all.iter().filter(|job| job.is_open()).count();
        let state = match condition {
            Condition::DoorOpen | Condition::Jam => 5,
            _ if open > 0 => 4,
            _ => 3,
        };
        let keyword = |keyword: &str| IppValue::new_keyword(keyword);
        let all = vec![
            ("printer-uri-supported", IppValue::new_uri(self.uri.as_str())?),
            ("uri-security-supported", keyword("none")?),
            ("uri-authentication-supported", keyword("requesting-user-name")?),
            ("printer-name", IppValue::new_name_without_language(self.name.as_str())?),
            ("printer-make-and-model", IppValue::new_text_without_language("Yichuang simulated printer")?),
            ("printer-state", IppValue::Enum(state)),
            ("printer-state-reasons", keyword(condition.printer_reason())?),
            ("printer-is-accepting-jobs", IppValue::Boolean(condition != Condition::NotAccepting)),
            ("printer-up-time", IppValue::Integer(1)),
            ("queued-job-count", IppValue::Integer(open.try_into().unwrap_or(i32::MAX))),
            ("ipp-versions-supported", IppValue::Array(vec![keyword("1.1")?, keyword("2.0")?])),
            (
                "operations-supported",
                IppValue::Array(OPERATIONS.iter().map(|operation| IppValue::Enum(*operation as i32)).collect()),
            ),
            ("charset-configured", IppValue::new_charset("utf-8")?),
            ("charset-supported", IppValue::new_charset("utf-8")?),
            ("natural-language-configured", IppValue::new_natural_language("en")?),
            ("generated-natural-language-supported", IppValue::new_natural_language("en")?),
            ("document-format-default", IppValue::new_mime_media_type("application/pdf")?),
            ("document-format-supported", IppValue::new_mime_media_type("application/pdf")?),
            ("pdl-override-supported", keyword("attempted")?),
            ("compression-supported", keyword("none")?),
            ("media-default", keyword(A4)?),
            ("media-supported", keywords(&MEDIA)?),
            ("media-ready", keywords(&MEDIA)?),
            ("copies-default", IppValue::Integer(1)),
            ("copies-supported", IppValue::RangeOfInteger { min: 1, max: MAX_COPIES }),
            ("sides-default", keyword(SIDES[0])?),
            ("sides-supported", keywords(&SIDES)?),
            ("which-jobs-supported", keywords(&["completed", "not-completed", "all"])?),
        ];
        Draft::answer(&request.header, StatusCode::SuccessfulOk)?
            .group(DelimiterTag::PrinterAttributes, only(&wanted(request), all))
    }
}

/// Whether a request begins as every IPP request must: charset, language, and whom it is for.
fn is_well_opened(request: &Message) -> bool {
    let mut operation = request.groups(DelimiterTag::OperationAttributes);
    let names: Vec<&str> = operation.next().map(|group| group.names().collect()).unwrap_or_default();
    request.header.request_id > 0
        && names.starts_with(&["attributes-charset", "attributes-natural-language"])
        && (names.contains(&"printer-uri") || names.contains(&"job-uri"))
}

fn keywords(words: &[&str]) -> Result<IppValue, IppParseError> {
    words.iter().map(|word| IppValue::new_keyword(*word)).collect::<Result<_, _>>().map(IppValue::Array)
}

/// `requested-attributes`; empty means all.
fn wanted(request: &Message) -> Vec<String> {
    const GROUPS: [&str; 4] = ["all", "printer-description", "job-description", "job-template"];
    let names = request.value(DelimiterTag::OperationAttributes, "requested-attributes").map(wire::texts);
    names.filter(|names| !names.iter().any(|name| GROUPS.contains(&name.as_str()))).unwrap_or_default()
}

fn only(wanted: &[String], attributes: Attributes) -> Attributes {
    attributes.into_iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name)).collect()
}

/// Letters of any script, digits, `-` and `_`; sixty at most, so that three bytes each fit every file system.
fn file_name(id: i32, name: &str) -> String {
    let kept = |letter: char| {
        if letter.is_alphanumeric() || letter == '-' { letter } else { '_' }
    };
    let name: String = name.chars().map(kept).take(60).collect();
    format!("{id}-{name}.pdf")
}
