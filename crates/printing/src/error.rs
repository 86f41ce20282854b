//! What can go wrong between the bytes and the paper.

use crate::JobId;

/// Why a printer did not do, or did not say, what was asked.
///
/// After [`Printer::submit`](crate::Printer::submit) only [`OutcomeUnknown`](Self::OutcomeUnknown) means that the printer may
/// have the job; every other variant means that it does not.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The printer's address cannot be used.
    #[error("{uri} is not the address of a printer: {why}")]
    BadAddress {
        /// The address as given.
        uri: String,
        /// What is wrong with it.
        why: &'static str,
    },

    /// The job was not offered to the printer, because no printer could take it.
    #[error("the job cannot be offered to a printer: {0}")]
    BadJob(&'static str),

    /// No connection, or the printer closed it before it answered a question.
    #[error("the printer cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),

    /// The printer took the connection and then did not answer a question in time.
    #[error("the printer did not answer in time")]
    TimedOut,

    /// The printer takes no jobs at the moment; the same job may be welcome later.
    #[error("the printer takes no job now: {status} {message}")]
    NotNow {
        /// The IPP status, as `server-error-busy`, or `http-503`.
        status: String,
        /// The printer's own words, often empty.
        message: String,
    },

    /// This printer cannot print the job as it is: the paper size, the format or another attribute.
    #[error("the printer does not support {attributes:?}")]
    Unsupported {
        /// Names of the attributes it named, as `media`; never empty.
        attributes: Vec<String>,
    },

    /// The printer said no.
    #[error("the printer refused: {status} {message}")]
    Refused {
        /// The IPP status, as `client-error-not-possible`, or `http-401`.
        status: String,
        /// The printer's own words, often empty.
        message: String,
    },

    /// The printer knows no such job; a finished one may have left its history.
    #[error("the printer has no job {0}")]
    NoSuchJob(JobId),

    /// What came back is not an answer.
    #[error("the printer's answer makes no sense: {0}")]
    BadAnswer(String),

    /// The job was on its way and no usable answer came: it may or may not be printed. Ask
    /// [`Printer::find_job`](crate::Printer::find_job) before it is sent again.
    #[error("the printer may or may not have taken the job")]
    OutcomeUnknown(#[source] Box<PrintError>),
}

impl PrintError {
    /// The short word that callers act on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadAddress { .. } => "bad-address",
            Self::BadJob(_) => "bad-job",
            Self::Unreachable(_) => "unreachable",
            Self::TimedOut => "timed-out",
            Self::NotNow { .. } => "not-now",
            Self::Unsupported { .. } => "unsupported",
            Self::Refused { .. } => "refused",
            Self::NoSuchJob(_) => "no-such-job",
            Self::BadAnswer(_) => "bad-answer",
            Self::OutcomeUnknown(_) => "outcome-unknown",
        }
    }

    pub(crate) fn unreachable(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Unreachable(Box::new(cause))
    }
}
