//! Why a use case was not carried out. One place turns it into problem documents.

use std::error::Error;

use domain::{case::Refusal, filing::FilingError};
use serde_json::json;
use store::StoreError;
use web::{Problem, ProblemCode, ProblemField, idempotency::OnceError};

/// Why a use case was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum HallError {
    /// Who asks may not do it.
    #[error("the right is missing")]
    Forbidden,
    /// There is no such thing, or not for these eyes.
    #[error("there is nothing to be found")]
    NotFound(ProblemCode),
    /// What was given is wrong, field by field.
    #[error("{} fields are wrong", .0.len())]
    Invalid(Vec<ProblemField>),
    /// The life of a case does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The cases make no filing.
    #[error(transparent)]
    Filing(#[from] FilingError),
    /// The id belongs to something else.
    #[error("the id is taken")]
    IdTaken,
    /// It was changed since it was seen.
    #[error("it was changed meanwhile; it is version {present} now")]
    Changed {
        /// The version seen.
        seen: u64,
        /// The present one.
        present: u64,
    },
    /// The key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// A further print needs a reason.
    #[error("a further print needs a reason")]
    ReasonMissing,
    /// The numbers of a window are used up for the day.
    #[error("window {window} has used up its numbers for today")]
    NumbersUsedUp {
        /// The window.
        window: String,
    },
    /// A file that is not taken.
    #[error("the file is not taken")]
    File(Box<Problem>),
    /// The print is in a state that does not allow it.
    #[error("a print that is {state} cannot be changed so")]
    PrintNotNow {
        /// The state's word.
        state: &'static str,
    },
    /// No printer is set up, or not this one.
    #[error("there is no such printer")]
    NoPrinter,
    /// A paper could not be rendered.
    #[error("the paper could not be rendered")]
    Document(#[from] documents::DocumentError),
    /// The client for departments could not be set up.
    #[error("the department's address cannot be used")]
    Network(#[source] Box<dyn Error + Send + Sync>),
    /// Nothing could be read or saved.
    #[error("the case could not be read or saved")]
    Store(#[from] StoreError),
}

impl HallError {
    pub(crate) fn network(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Network(Box::new(error))
    }

    pub(crate) fn no_case() -> Self {
        Self::NotFound(ProblemCode::CaseNotFound)
    }
}

impl From<OnceError> for HallError {
    fn from(error: OnceError) -> Self {
        match error {
            OnceError::Reused => Self::KeyReused,
            OnceError::Store(error) => error.into(),
        }
    }
}

impl From<HallError> for Problem {
    fn from(error: HallError) -> Self {
        match error {
            HallError::Forbidden => Problem::new(ProblemCode::Forbidden),
            HallError::NotFound(code) => Problem::new(code),
            HallError::Invalid(fields) => Problem::invalid(fields),
            HallError::Refused(refusal) => refused(&refusal),
            HallError::Filing(error) => Problem::invalid_field(
                ProblemField::new("/cases", "not-allowed").params(json!({ "why": error.to_string() })),
            ),
            HallError::IdTaken => Problem::new(ProblemCode::IdTaken),
            HallError::Changed { seen, present } => Problem::changed(seen, present),
            HallError::KeyReused => Problem::new(ProblemCode::IdempotencyKeyReused),
            HallError::ReasonMissing => {
                Problem::new(ProblemCode::ReprintReasonMissing).field(ProblemField::new("/reason", "required"))
            }
            HallError::NumbersUsedUp { window } => {
                Problem::new(ProblemCode::NumbersUsedUp).field(ProblemField::new("/window", "used-up").value(window))
            }
            HallError::File(problem) => *problem,
            HallError::PrintNotNow { state } => Problem::not_now("change-print", state),
            HallError::NoPrinter => Problem::new(ProblemCode::PrinterNotFound),
            HallError::Store(error) => error.into(),
            HallError::Document(documents::DocumentError::MissingGlyphs { characters, text }) => {
                let characters: Vec<_> =
                    characters.iter().map(|missing| format!("{missing} U+{:04X}", u32::from(*missing))).collect();
                Problem::invalid_field(
                    ProblemField::new("", "missing-glyphs").value(text).params(json!({ "characters": characters })),
                )
            }
            HallError::Document(error) => Problem::internal(&error),
            HallError::Network(_) => Problem::internal(&error),
        }
    }
}

fn refused(refusal: &Refusal) -> Problem {
    match refusal {
        Refusal::NotNow { from, command } => Problem::not_now(command, from),
        Refusal::ItemVersion { given, known } => Problem::new(ProblemCode::ItemVersionChanged)
            .field(ProblemField::new("/item_version", "changed").value(*given).params(json!({ "version": known }))),
        Refusal::MaterialMissing { code } => Problem::new(ProblemCode::MaterialMissing)
            .field(ProblemField::new("/materials", "required").value(code.as_str())),
        Refusal::MaterialUnknown { code } => {
            Problem::invalid_field(ProblemField::new("/materials", "unknown").value(code.as_str()))
        }
        Refusal::CertificateMismatch { outcome } => {
            Problem::invalid_field(ProblemField::new("/data/certificate", "contradiction").value(*outcome))
        }
        Refusal::NoSuchPaper { .. } => Problem::new(ProblemCode::PaperNotFound),
        Refusal::PaperNotReady { number } => {
            Problem::new(ProblemCode::PaperNotReady).field(ProblemField::new("", "not-ready").value(number.as_str()))
        }
        Refusal::PaperDiffers { number } => {
            Problem::new(ProblemCode::IdTaken).field(ProblemField::new("", "differs").value(number.as_str()))
        }
        Refusal::PaperNotPrinted { number } => Problem::new(ProblemCode::PaperNotPrinted)
            .field(ProblemField::new("", "not-printed").value(number.as_str())),
    }
}
