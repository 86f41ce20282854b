//! The client: one printer, asked one thing at a time.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use ipp::{
    model::{DelimiterTag, Operation},
    parser::IppParseError,
    value::IppValue,
};
use tokio::{net::TcpStream, task::JoinSet, time::timeout};

use crate::{
    Job, JobId, JobState, PrintError, PrinterState, PrinterStatus, Reason, Sides,
    wire::{self, Draft, Group, Message},
};

/// How long a printer may take to accept a connection.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a printer may take to answer a question.
pub const QUERY_TIMEOUT: Duration = Duration::from_secs(15);

/// How long a printer may take to read a document and answer. Small printers read no faster than they print.
pub const SUBMIT_TIMEOUT: Duration = Duration::from_secs(120);

/// In whose name is printed. Always the same: CUPS shows the names of jobs only to the user who sent them.
pub const REQUESTING_USER: &str = "yichuang";

/// The port of `ipp://` addresses without one.
const IPP_PORT: u16 = 631;

/// No sensible answer is bigger; only attributes that were asked for should be in it.
const MAX_ANSWER_BYTES: usize = 4 * 1024 * 1024;

/// How long to wait for a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection; [`CONNECT_TIMEOUT`].
    pub connect: Duration,
    /// For the answer to a question; [`QUERY_TIMEOUT`].
    pub query: Duration,
    /// For a document to be read and answered; [`SUBMIT_TIMEOUT`].
    pub submit: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: CONNECT_TIMEOUT, query: QUERY_TIMEOUT, submit: SUBMIT_TIMEOUT }
    }
}

/// A printer, or a queue of a print server, at an `ipp://` address. Holds no connection; cloning is cheap.
#[derive(Debug, Clone)]
pub struct Printer {
    uri: String,
    host: String,
    port: u16,
    path: String,
    timeouts: Timeouts,
}

impl Printer {
    /// The printer at an address such as `ipp://192.0.2.7/ipp/print`; nothing is sent yet.
    pub fn at(uri: &str) -> Result<Self, PrintError> {
        let bad = |why| PrintError::BadAddress { uri: uri.to_owned(), why };
        let parsed: Uri = uri.parse().map_err(|_| bad("it is not a URI"))?;
        match parsed.scheme_str() {
            Some("ipp") => {}
            Some("ipps") => return Err(bad("ipps is not spoken here, use a CUPS queue")),
            _ => return Err(bad("it does not begin with ipp://")),
        }
        let authority = parsed.authority().ok_or_else(|| bad("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(bad("passwords are not used here"));
        }
        let host = authority.host();
        if host.is_empty() {
            return Err(bad("it has no host"));
        }
        let after_host = authority.as_str().strip_prefix(host).unwrap_or_default();
        let port = match after_host.strip_prefix(':') {
            Some(port) => port.parse().map_err(|_| bad("its port is not a port"))?,
            None => IPP_PORT,
        };
        let path = parsed.path().to_owned();
        let uri = format!("ipp://{host}:{port}{path}");
        if uri.len() > 1023 {
            return Err(bad("it is longer than 1023 bytes"));
        }
        Ok(Self { uri, host: host.to_owned(), port, path, timeouts: Timeouts::default() })
    }

    /// The same printer with other patience.
    pub fn with_timeouts(self, timeouts: Timeouts) -> Self {
        Self { timeouts, ..self }
    }

    /// The address, with its port.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// How the printer is.
    pub async fn status(&self) -> Result<PrinterStatus, PrintError> {
        const WANTED: [&str; 5] = [
            "printer-name",
            "printer-state",
            "printer-state-reasons",
            "printer-state-message",
            "printer-is-accepting-jobs",
        ];
        let request =
            made(|| self.request(Operation::GetPrinterAttributes)?.with("requested-attributes", keywords(WANTED)?));
        let answer = settled(self.ask(request?).await?)?;
        let printer = answer
            .groups(DelimiterTag::PrinterAttributes)
            .next()
            .ok_or_else(|| PrintError::BadAnswer("it says nothing about the printer".into()))?;
        let state = match printer.number("printer-state") {
            Some(3) => PrinterState::Idle,
            Some(4) => PrinterState::Processing,
            Some(5) => PrinterState::Stopped,
            other => return Err(PrintError::BadAnswer(format!("printer-state {other:?}"))),
        };
        Ok(PrinterStatus {
            name: printer.text("printer-name").unwrap_or_default(),
            state,
            reasons: printer.keywords("printer-state-reasons"),
            message: printer.text("printer-state-message").unwrap_or_default(),
            accepting: printer.value("printer-is-accepting-jobs").and_then(wire::truth).unwrap_or(true),
        })
    }

    /// Hands a job to the printer.
    ///
    /// The printer is first asked what it has, because CUPS prints on other paper without a word, and then whether it would
    /// take the job (Validate-Job). So paper it does not have is an error and not a substitution, and a big document is not
    /// sent in vain. Then the document is sent, once.
    ///
    /// [`PrintError::OutcomeUnknown`] means that the printer may have the job, and so does dropping this future before it is
    /// done. After every other error the printer has not taken it.
    pub async fn submit(&self, job: Job) -> Result<JobId, PrintError> {
        job.check()?;
        self.compare(&job).await?;
        self.validate(&job).await?;

        let request = made(|| self.job_request(Operation::PrintJob, &job))?.bytes(&job.pdf);
        let connection = self.connect().await?;
        let answer = timeout(self.timeouts.submit, connection.exchange(request))
            .await
            .map_err(|_| PrintError::TimedOut)
            .flatten()
            .and_then(settled)
            .map_err(unless_plain)?;
        let id = answer.groups(DelimiterTag::JobAttributes).find_map(|group| group.number("job-id"));
        let id = id.ok_or_else(|| unless_plain(PrintError::BadAnswer("it took the job and gave no number".into())))?;
        tracing::debug!(printer = self.uri, job.id = id, "the printer took a job");
        Ok(JobId::new(id))
    }

    /// Where a job is.
    ///
    /// For a job that is being printed the printer itself is asked too, because many printers say only there that the paper
    /// is out.
    pub async fn job(&self, id: JobId) -> Result<JobState, PrintError> {
        const WANTED: [&str; 4] = ["job-state", "job-state-reasons", "job-state-message", "job-printer-state-message"];
        let request = made(|| {
            let request = self.request(Operation::GetJobAttributes)?.with("job-id", IppValue::Integer(id.get()))?;
            asker(request)?.with("requested-attributes", keywords(WANTED)?)
        });
        let answer = settled_for(id, self.ask(request?).await?)?;
        let job = answer
            .groups(DelimiterTag::JobAttributes)
            .next()
            .ok_or_else(|| PrintError::BadAnswer("it says nothing about the job".into()))?;
        let reason = reason(job);
        match job.number("job-state") {
            // A queue that CUPS stopped after a failure leaves its jobs waiting.
            Some(3) if reason.has("printer-stopped") => {
                Ok(JobState::Stopped { reason, trouble: self.status().await?.trouble() })
            }
            Some(3) => Ok(JobState::Pending),
            Some(4) => Ok(JobState::Held { reason }),
            Some(5) => Ok(JobState::Processing { trouble: self.status().await?.trouble() }),
            Some(6) => Ok(JobState::Stopped { reason, trouble: self.status().await?.trouble() }),
            Some(7) => Ok(JobState::Canceled { reason }),
            Some(8) => Ok(JobState::Aborted { reason }),
            Some(9) => Ok(JobState::Completed),
            other => Err(PrintError::BadAnswer(format!("job-state {other:?}"))),
        }
    }

    /// Asks the printer to give a job up. It refuses for a job that is done; what came of a job that was being printed,
    /// [`job`](Self::job) tells.
    pub async fn cancel(&self, id: JobId) -> Result<(), PrintError> {
        let request = made(|| asker(self.request(Operation::CancelJob)?.with("job-id", IppValue::Integer(id.get()))?));
        settled_for(id, self.ask(request?).await?)?;
        Ok(())
    }

    /// The newest job with exactly this name, finished or not: the question after [`PrintError::OutcomeUnknown`].
    ///
    /// `None` is no proof that nothing was printed: a printer forgets finished jobs, some after a minute. Ask soon, and let
    /// a person look at the output tray when the answer is `None` and matters.
    pub async fn find_job(&self, name: &str) -> Result<Option<JobId>, PrintError> {
        let mut newest = None;
        // In this order a job that is finished meanwhile is not missed. `all` is not known to every printer.
        for which in ["not-completed", "completed"] {
            let request = made(|| {
                asker(self.request(Operation::GetJobs)?)?
                    .with("which-jobs", IppValue::new_keyword(which)?)?
                    .with("requested-attributes", keywords(["job-id", "job-name"])?)
            });
            let answer = settled(self.ask(request?).await?)?;
            let found = answer
                .groups(DelimiterTag::JobAttributes)
                .filter(|job| job.text("job-name").as_deref() == Some(name))
                .filter_map(|job| job.number("job-id"))
                .max();
            newest = newest.max(found);
        }
        Ok(newest.map(JobId::new))
    }

    /// Compares the job with what the printer says it has; what it does not say is left to Validate-Job.
    async fn compare(&self, job: &Job) -> Result<(), PrintError> {
        const WANTED: [&str; 3] = ["media-supported", "sides-supported", "copies-supported"];
        let request =
            made(|| self.request(Operation::GetPrinterAttributes)?.with("requested-attributes", keywords(WANTED)?));
        let answer = settled(self.ask(request?).await?)?;
        let value = |name| answer.value(DelimiterTag::PrinterAttributes, name);
        let names = |name| value(name).map(wire::texts).unwrap_or_default();

        let mut lacking = Vec::new();
        let media = names("media-supported");
        // With custom sizes the names do not say everything.
        let complete = !media.is_empty() && !media.iter().any(|name| name.starts_with("custom_"));
        if complete && !media.contains(&job.media) {
            lacking.push("media");
        }
        let sides = names("sides-supported");
        let wanted = job.sides.map(Sides::keyword);
        if wanted.is_some_and(|wanted| !sides.is_empty() && !sides.iter().any(|has| has == wanted)) {
            lacking.push("sides");
        }
        if let Some(IppValue::RangeOfInteger { max, .. }) = value("copies-supported")
            && i32::from(job.copies) > *max
        {
            lacking.push("copies");
        }
        unless_lacking(job, lacking.into_iter().map(str::to_owned))
    }

    async fn validate(&self, job: &Job) -> Result<(), PrintError> {
        let request = made(|| self.job_request(Operation::ValidateJob, job))?;
        let answer = match settled(self.ask(request).await?) {
            Err(PrintError::Refused { status, .. }) if status == "server-error-operation-not-supported" => {
                return Ok(());
            }
            other => other?,
        };
        // What is accepted but would be ignored or substituted.
        unless_lacking(job, unsupported(&answer))
    }

    fn job_request(&self, operation: Operation, job: &Job) -> Result<Draft, IppParseError> {
        let mut attributes = vec![
            ("copies", IppValue::Integer(job.copies.into())),
            ("media", IppValue::new_keyword(job.media.as_str())?),
        ];
        if let Some(sides) = job.sides {
            attributes.push(("sides", IppValue::new_keyword(sides.keyword())?));
        }
        asker(self.request(operation)?)?
            .with("job-name", IppValue::new_name_without_language(job.name.as_str())?)?
            .with("document-format", IppValue::new_mime_media_type("application/pdf")?)?
            .group(DelimiterTag::JobAttributes, attributes)
    }

    fn request(&self, operation: Operation) -> Result<Draft, IppParseError> {
        Draft::request(operation)?.with("printer-uri", IppValue::new_uri(self.uri.as_str())?)
    }

    async fn ask(&self, request: Draft) -> Result<Message, PrintError> {
        let connection = self.connect().await?;
        timeout(self.timeouts.query, connection.exchange(request.bytes(&[]))).await.map_err(|_| PrintError::TimedOut)?
    }

    async fn connect(&self) -> Result<Connection<'_>, PrintError> {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let stream = timeout(self.timeouts.connect, TcpStream::connect((host, self.port)))
            .await
            .map_err(PrintError::unreachable)?
            .map_err(PrintError::unreachable)?;
        let (sender, driver) = http1::handshake(TokioIo::new(stream)).await.map_err(PrintError::unreachable)?;
        let mut driving = JoinSet::new();
        driving.spawn(driver);
        Ok(Connection { printer: self, sender, _driving: driving })
    }
}

/// A connection for one request. Until `exchange` nothing has been sent on it.
struct Connection<'a> {
    printer: &'a Printer,
    sender: http1::SendRequest<Full<Bytes>>,
    /// Ends with the connection.
    _driving: JoinSet<hyper::Result<()>>,
}

impl Connection<'_> {
    async fn exchange(mut self, request: Bytes) -> Result<Message, PrintError> {
        let request = Request::post(self.printer.path.as_str())
            .header(header::HOST, format!("{}:{}", self.printer.host, self.printer.port))
            .header(header::USER_AGENT, concat!("yichuang/", env!("CARGO_PKG_VERSION")))
            .header(header::CONTENT_TYPE, "application/ipp")
            .header(header::CONNECTION, "close")
            .body(Full::new(request))
            .map_err(PrintError::unreachable)?;
        let response = self.sender.send_request(request).await.map_err(lost_or_noise)?;
        let status = response.status();
        if status != StatusCode::OK {
            return Err(http_refusal(status));
        }
        let body = Limited::new(response.into_body(), MAX_ANSWER_BYTES).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                PrintError::BadAnswer("it does not end".into())
            } else {
                PrintError::Unreachable(error)
            }
        })?;
        Message::read(&body.to_bytes()).map_err(|malformed| PrintError::BadAnswer(malformed.to_string()))
    }
}

fn lost_or_noise(error: hyper::Error) -> PrintError {
    if error.is_parse() { PrintError::BadAnswer("it is not HTTP".into()) } else { PrintError::unreachable(error) }
}

fn http_refusal(status: StatusCode) -> PrintError {
    let keyword = format!("http-{}", status.as_u16());
    let message = status.canonical_reason().unwrap_or_default().to_owned();
    match status {
        StatusCode::SERVICE_UNAVAILABLE => PrintError::NotNow { status: keyword, message },
        _ if status.is_client_error() || status.is_redirection() => PrintError::Refused { status: keyword, message },
        _ => PrintError::BadAnswer(keyword),
    }
}

/// After the document was sent, only a plain no means that the printer does not have it.
fn unless_plain(error: PrintError) -> PrintError {
    match error {
        PrintError::NotNow { .. } | PrintError::Unsupported { .. } | PrintError::Refused { .. } => error,
        unclear => PrintError::OutcomeUnknown(Box::new(unclear)),
    }
}

/// The answer, if its status is success.
fn settled(answer: Message) -> Result<Message, PrintError> {
    let status = answer.status();
    if status & 0xff00 == 0 {
        return Ok(answer);
    }
    let keyword = answer.status_keyword();
    let message = answer.text(DelimiterTag::OperationAttributes, "status-message").unwrap_or_default();
    match keyword.as_str() {
        "client-error-attributes-or-values-not-supported" => {
            let attributes: Vec<String> = unsupported(&answer).collect();
            if attributes.is_empty() {
                return Err(PrintError::Refused { status: keyword, message });
            }
            Err(PrintError::Unsupported { attributes })
        }
        "client-error-document-format-not-supported" => {
            Err(PrintError::Unsupported { attributes: vec!["document-format".to_owned()] })
        }
        "server-error-busy"
        | "server-error-not-accepting-jobs"
        | "server-error-temporary-error"
        | "server-error-service-unavailable" => Err(PrintError::NotNow { status: keyword, message }),
        _ if matches!(status >> 8, 0x04 | 0x05) => Err(PrintError::Refused { status: keyword, message }),
        _ => Err(PrintError::BadAnswer(keyword)),
    }
}

fn settled_for(id: JobId, answer: Message) -> Result<Message, PrintError> {
    settled(answer).map_err(|error| match error {
        PrintError::Refused { ref status, .. }
            if status == "client-error-not-found" || status == "client-error-gone" =>
        {
            PrintError::NoSuchJob(id)
        }
        other => other,
    })
}

fn unsupported(answer: &Message) -> impl Iterator<Item = String> {
    answer.groups(DelimiterTag::UnsupportedAttributes).flat_map(Group::names).map(str::to_owned)
}

/// Refuses the job for those of the attributes that matter to it.
fn unless_lacking(job: &Job, attributes: impl Iterator<Item = String>) -> Result<(), PrintError> {
    let attributes: Vec<String> = attributes.filter(|name| matters(job, name)).collect();
    if attributes.is_empty() {
        return Ok(());
    }
    Err(PrintError::Unsupported { attributes })
}

/// Whether the paper would come out wrong without this attribute.
fn matters(job: &Job, attribute: &str) -> bool {
    match attribute {
        "media" | "document-format" => true,
        "copies" => job.copies > 1,
        "sides" => job.sides.is_some_and(|sides| sides != Sides::OneSided),
        _ => false,
    }
}

fn reason(job: Group<'_>) -> Reason {
    let keywords = job.keywords("job-state-reasons");
    let message = ["job-state-message", "job-printer-state-message"]
        .into_iter()
        .filter_map(|name| job.text(name))
        .map(|message| message.trim().to_owned())
        .find(|message| !message.is_empty())
        .unwrap_or_default();
    Reason { keywords, message }
}

/// Adds who asks.
fn asker(request: Draft) -> Result<Draft, IppParseError> {
    request.with("requesting-user-name", IppValue::new_name_without_language(REQUESTING_USER)?)
}

fn keywords<const N: usize>(names: [&str; N]) -> Result<IppValue, IppParseError> {
    names.into_iter().map(IppValue::new_keyword).collect::<Result<_, _>>().map(IppValue::Array)
}

/// A request whose values were checked before: only a length that IPP does not know could fail.
fn made(request: impl FnOnce() -> Result<Draft, IppParseError>) -> Result<Draft, PrintError> {
    request().map_err(|_| PrintError::BadJob("a value is longer than IPP allows"))
}
