//! Scanners in the network by eSCL (AirScan), as the Mopria Alliance publishes it: the device's own HTTP interface, without
//! a driver. Pages come as JPEG, which every such scanner can; what becomes of several pages is the pages' business.

pub(crate) mod wire;

use std::time::Duration;

use bytes::Bytes;
use http::{StatusCode, header};
use reqwest::{Client, Method, RequestBuilder, Url};

use crate::{
    Patience, ScannerSettings, Trouble,
    contract::LARGEST_PICTURE,
    http_client::{Answer, ask, client, jpeg},
};
use wire::{Abilities, Feeder, Status};

const LARGEST_TEXT: usize = 1024 * 1024;

/// Between two questions whether a page is there.
const PAUSE: Duration = Duration::from_millis(500);

/// Where the paper lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// 自动进纸器: all sheets, one after the other.
    Feeder,
    /// 平板: one page.
    Platen,
}

/// A scanner at an address. Holds no connection while nothing is asked.
#[derive(Clone)]
pub struct Scanner {
    client: Client,
    settings: ScannerSettings,
    patience: Patience,
}

/// How a scanner is, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) name: String,
    pub(crate) trouble: Option<Trouble>,
}

impl Scanner {
    /// The scanner that the settings name; nothing is sent yet.
    pub fn new(settings: ScannerSettings) -> Self {
        Self::with_patience(settings, Patience::default())
    }

    /// The same, with another patience.
    pub fn with_patience(settings: ScannerSettings, patience: Patience) -> Self {
        Self { client: client(patience), settings, patience }
    }

    /// The name in the settings, if there is one.
    pub(crate) fn name(&self) -> &str {
        self.settings.name.as_deref().unwrap_or_default()
    }

    /// Its name and what keeps it from scanning.
    pub(crate) async fn look(&self) -> Result<Seen, Trouble> {
        let status = self.status().await?;
        let name = match &self.settings.name {
            Some(name) => name.clone(),
            None => self.abilities().await?.name,
        };
        Ok(Seen { name, trouble: status.trouble().or(status.busy.then_some(Trouble::Busy)) })
    }

    /// Starts a scan: from the feeder when there is paper in it, otherwise from the glass.
    ///
    /// # Errors
    /// When the scanner is not there, is busy, or needs a hand.
    pub async fn begin(&self) -> Result<Scan, Trouble> {
        let (abilities, status) = (self.abilities().await?, self.status().await?);
        if let Some(trouble) = status.trouble() {
            return Err(trouble);
        }
        let source = match (abilities.feeder, abilities.platen) {
            (true, _) if status.feeder == Some(Feeder::Loaded) => Source::Feeder,
            (_, true) => Source::Platen,
            (true, false) => return Err(Trouble::FeederEmpty),
            (false, false) => return Err(Trouble::BadAnswer("it has neither feeder nor glass".into())),
        };
        let area = abilities.area(source);
        let settings = wire::scan_settings(source, area, self.settings.resolution, self.settings.colour);
        let request = self.request(Method::POST, "ScanJobs").header(header::CONTENT_TYPE, "text/xml").body(settings);
        let answer = ask(request, self.patience.state, LARGEST_TEXT).await?;
        if answer.status != StatusCode::CREATED {
            return Err(self.why(answer.status).await);
        }
        Ok(Scan { scanner: self.clone(), job: self.job(&answer)?, source, pages: 0, ended: false })
    }

    /// The address of a job, which some scanners give whole and others without their name; believed only on the same scanner.
    fn job(&self, answer: &Answer) -> Result<Url, Trouble> {
        let bad = || Trouble::BadAnswer("the scanner does not say where its job is".into());
        let location = answer.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).ok_or_else(bad)?;
        let there = self.settings.url.join(location).map_err(|_| bad())?;
        let mut job = self.settings.url.clone();
        job.set_path(there.path().trim_end_matches('/'));
        Ok(job)
    }

    async fn abilities(&self) -> Result<Abilities, Trouble> {
        Abilities::read(&self.text("ScannerCapabilities").await?).map_err(Trouble::BadAnswer)
    }

    async fn status(&self) -> Result<Status, Trouble> {
        Status::read(&self.text("ScannerStatus").await?).map_err(Trouble::BadAnswer)
    }

    async fn text(&self, of: &str) -> Result<String, Trouble> {
        let answer = ask(self.request(Method::GET, of), self.patience.state, LARGEST_TEXT).await?;
        match answer.status {
            StatusCode::OK => Ok(String::from_utf8_lossy(&answer.body).into_owned()),
            StatusCode::SERVICE_UNAVAILABLE => Err(Trouble::Busy),
            status => Err(Trouble::BadAnswer(format!("{of} has status {}", status.as_u16()))),
        }
    }

    /// The trouble behind a refused request, which the status of the scanner tells better than that of the answer.
    async fn why(&self, refused: StatusCode) -> Trouble {
        let status = match self.status().await {
            Ok(status) => status,
            Err(trouble) => return trouble,
        };
        match status.trouble() {
            Some(trouble) => trouble,
            None if status.busy || refused == StatusCode::SERVICE_UNAVAILABLE => Trouble::Busy,
            None if status.feeder == Some(Feeder::Empty) => Trouble::FeederEmpty,
            None => Trouble::Failed(format!("status {}", refused.as_u16())),
        }
    }

    fn request(&self, method: Method, of: &str) -> RequestBuilder {
        let mut url = self.settings.url.clone();
        url.set_path(&format!("{}/{of}", self.settings.url.path().trim_end_matches('/')));
        self.client.request(method, url)
    }
}

/// A scan under way.
pub struct Scan {
    scanner: Scanner,
    job: Url,
    source: Source,
    pages: u32,
    ended: bool,
}

impl Scan {
    /// Where the paper lies.
    pub fn source(&self) -> Source {
        self.source
    }

    /// The next page as JPEG; none when there are no more.
    ///
    /// # Errors
    /// When paper is stuck, or the scanner does not answer any more.
    pub async fn next_page(&mut self) -> Result<Option<Bytes>, Trouble> {
        // Some scanners would scan the glass again and again.
        if self.ended || self.source == Source::Platen && self.pages > 0 {
            return Ok(None);
        }
        let patience = self.scanner.patience.work;
        let page = match tokio::time::timeout(patience, self.wait_for_page()).await {
            Ok(page) => page,
            Err(_) => Err(Trouble::Silent),
        };
        match &page {
            Ok(Some(_)) => self.pages += 1,
            Ok(None) | Err(_) => self.ended = true,
        }
        // A scanner that is not told keeps the job, and is busy for everybody else.
        let nothing_more_wanted = match &page {
            Ok(Some(_)) => self.source == Source::Platen,
            Ok(None) => false,
            Err(_) => true,
        };
        if nothing_more_wanted {
            self.stop().stop_soon();
        }
        page
    }

    async fn wait_for_page(&self) -> Result<Option<Bytes>, Trouble> {
        let mut next = self.job.clone();
        next.set_path(&format!("{}/NextDocument", self.job.path()));
        loop {
            let request = self.scanner.client.get(next.clone());
            let answer = ask(request, self.scanner.patience.work, LARGEST_PICTURE).await?;
            match answer.status {
                StatusCode::OK => return jpeg(answer.body).map(Some),
                // Warms up, or the sheet is still on its way.
                StatusCode::SERVICE_UNAVAILABLE => match self.scanner.status().await?.trouble() {
                    Some(trouble) => return Err(trouble),
                    None => tokio::time::sleep(PAUSE).await,
                },
                // The end, and for some scanners also a jam.
                StatusCode::NOT_FOUND | StatusCode::GONE => {
                    return match self.scanner.status().await?.trouble() {
                        Some(trouble) => Err(trouble),
                        None if self.pages == 0 => Err(Trouble::FeederEmpty),
                        None => Ok(None),
                    };
                }
                status => return Err(self.scanner.why(status).await),
            }
        }
    }

    /// What stops this scan, also while its next page is waited for.
    pub(crate) fn stop(&self) -> StopScan {
        StopScan { scanner: self.scanner.clone(), job: self.job.clone() }
    }
}

/// Stops a scan under way.
#[derive(Clone)]
pub(crate) struct StopScan {
    scanner: Scanner,
    job: Url,
}

impl StopScan {
    /// Tells the scanner that no more pages are wanted.
    pub(crate) async fn stop(self) {
        let request = self.scanner.client.delete(self.job);
        if let Err(trouble) = ask(request, self.scanner.patience.state, LARGEST_TEXT).await {
            tracing::debug!(error = &trouble as &dyn std::error::Error, "a scan could not be stopped");
        }
    }

    /// The same, where nobody is to wait for it.
    pub(crate) fn stop_soon(self) {
        tokio::spawn(self.stop());
    }
}
