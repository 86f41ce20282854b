//! A job: what is asked of the printer, and what became of it.

use std::fmt;

use bytes::Bytes;

use crate::{PrintError, Trouble};

/// A4 paper, as IPP names it.
pub const A4: &str = "iso_a4_210x297mm";

/// The longest job name IPP knows, in UTF-8 bytes. Some printers cut earlier: put the unique part first and keep it short.
pub const MAX_NAME_BYTES: usize = 255;

/// One document to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Shown at the printer, and the key of [`Printer::find_job`](crate::Printer::find_job): unique for each attempt.
    pub name: String,
    /// The document, sent as it is.
    pub pdf: Bytes,
    /// How many, at least one.
    pub copies: u16,
    /// The paper, by its PWG name as [`A4`].
    pub media: String,
    /// Which sides are printed on; `None` leaves it to the printer's own setting.
    pub sides: Option<Sides>,
}

impl Job {
    /// One copy on A4, sides as the printer is set.
    pub fn new(name: impl Into<String>, pdf: impl Into<Bytes>) -> Self {
        Self { name: name.into(), pdf: pdf.into(), copies: 1, media: A4.to_owned(), sides: None }
    }

    /// This job in so many copies.
    pub fn copies(self, copies: u16) -> Self {
        Self { copies, ..self }
    }

    /// This job on other paper.
    pub fn media(self, media: impl Into<String>) -> Self {
        Self { media: media.into(), ..self }
    }

    /// This job on these sides of the sheet, whatever the printer is set to.
    pub fn sides(self, sides: Sides) -> Self {
        Self { sides: Some(sides), ..self }
    }

    pub(crate) fn check(&self) -> Result<(), PrintError> {
        if self.name.trim().is_empty() {
            return Err(PrintError::BadJob("it has no name"));
        }
        if self.name.len() > MAX_NAME_BYTES {
            return Err(PrintError::BadJob("its name is longer than 255 bytes"));
        }
        if self.name.chars().any(char::is_control) {
            return Err(PrintError::BadJob("its name has a control character"));
        }
        if self.pdf.is_empty() {
            return Err(PrintError::BadJob("its document is empty"));
        }
        if self.copies == 0 {
            return Err(PrintError::BadJob("it asks for no copies"));
        }
        if self.media.is_empty() || self.media.len() > 255 {
            return Err(PrintError::BadJob("it names no paper"));
        }
        Ok(())
    }
}

/// Which sides of the sheet are printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// The front only.
    OneSided,
    /// Both, turned like the page of a book.
    TwoSidedLongEdge,
    /// Both, turned like the sheet of a calendar.
    TwoSidedShortEdge,
}

impl Sides {
    pub(crate) fn keyword(self) -> &'static str {
        match self {
            Self::OneSided => "one-sided",
            Self::TwoSidedLongEdge => "two-sided-long-edge",
            Self::TwoSidedShortEdge => "two-sided-short-edge",
        }
    }
}

/// The number a printer gave a job. Unique at that printer only, and only until it forgets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(i32);

impl JobId {
    /// The id with this number, for a ledger that kept [`get`](Self::get).
    pub fn new(number: i32) -> Self {
        Self(number)
    }

    /// The number.
    pub fn get(self) -> i32 {
        self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where a job is, as its printer tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobState {
    /// Waits for its turn.
    Pending,
    /// Waits for somebody to release it.
    Held {
        /// Why.
        reason: Reason,
    },
    /// Is being printed; some printers stay here even while the paper is out.
    Processing {
        /// What keeps the printer from going on, if it says so.
        trouble: Option<Trouble>,
    },
    /// Cannot go on until somebody does something: at the printer, and then it goes on by itself, or at the print server,
    /// where CUPS leaves a document it could not read.
    Stopped {
        /// Why.
        reason: Reason,
        /// What keeps the printer from going on, if it says so.
        trouble: Option<Trouble>,
    },
    /// Somebody canceled it; sheets may have come out.
    Canceled {
        /// Why.
        reason: Reason,
    },
    /// The printer gave it up; sheets may have come out.
    Aborted {
        /// Why.
        reason: Reason,
    },
    /// Printed, as far as the printer can tell.
    Completed,
}

impl JobState {
    /// True when nothing more happens to the job.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Canceled { .. } | Self::Aborted { .. } | Self::Completed => true,
            Self::Pending | Self::Held { .. } | Self::Processing { .. } | Self::Stopped { .. } => false,
        }
    }

    /// What somebody has to mend at the printer before the job goes on.
    pub fn trouble(&self) -> Option<&Trouble> {
        match self {
            Self::Processing { trouble } | Self::Stopped { trouble, .. } => trouble.as_ref(),
            _ => None,
        }
    }
}

/// A printer's reasons for the state of a job: its keywords, and its own words if it has any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reason {
    /// `job-state-reasons` without `none`, as `aborted-by-system`.
    pub keywords: Vec<String>,
    /// `job-state-message`, in whatever language the printer speaks; often empty.
    pub message: String,
}

impl Reason {
    pub(crate) fn has(&self, keyword: &str) -> bool {
        self.keywords.iter().any(|has| has == keyword)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.keywords.join(", "))?;
        if !self.keywords.is_empty() && !self.message.is_empty() {
            f.write_str(": ")?;
        }
        f.write_str(&self.message)
    }
}
