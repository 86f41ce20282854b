//! Why a use case was not carried out. One place turns it into problem documents.

use std::error::Error;

use domain::{
    case::Refusal,
    filing::{FilingError, MOST_CASES},
};
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
    /// The form was filled in for another version of the item.
    #[error("case {case} is of item version {given}, the item is version {known}")]
    ItemVersion {
        /// Its place in the filing, from 0.
        case: usize,
        /// The version in the filing.
        given: u32,
        /// The present one.
        known: u32,
    },
    /// The id belongs to something else.
    #[error("the id is taken")]
    IdTaken(Box<ProblemField>),
    /// The department has not left this to the window.
    #[error("the window may not {act} for the department")]
    NotDelegated {
        /// What it may not do.
        act: &'static str,
    },
    /// The department has the case.
    #[error("the department has the case")]
    WithDepartment,
    /// The department does not have the case yet.
    #[error("the department does not have the case")]
    NotWithDepartment,
    /// Halls are not told such a thing.
    #[error("a hall takes no {0}")]
    NotForHalls(&'static str),
    /// It was changed since it was seen.
    #[error("it was changed meanwhile; it is version {present} now")]
    Changed {
        /// The version seen.
        seen: u64,
        /// The present one.
        present: u64,
    },
    /// Nobody with this number is known; what is odd about the number comes with it.
    #[error("no such applicant is known")]
    NoApplicant(Vec<ProblemField>),
    /// What the applicant sees is no longer what was to be confirmed.
    #[error("what is shown was changed meanwhile")]
    ScreenChanged {
        /// The digest that was to be confirmed.
        seen: String,
        /// That of what is shown.
        present: String,
    },
    /// The content is larger than allowed.
    #[error("the content is larger than {most} bytes")]
    TooLarge {
        /// The most that is taken, in bytes.
        most: usize,
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
    /// The message is not sent again.
    #[error(transparent)]
    NotSentAgain(#[from] courier::NotSentAgain),
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

    pub(crate) fn id_taken(pointer: impl Into<String>, id: impl std::fmt::Display) -> Self {
        Self::IdTaken(Box::new(ProblemField::new(pointer, "taken").value(id.to_string())))
    }

    pub(crate) fn no_case() -> Self {
        Self::NotFound(ProblemCode::CaseNotFound)
    }

    pub(crate) fn no_draft() -> Self {
        Self::NotFound(ProblemCode::DraftNotFound)
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
            HallError::Filing(error) => Problem::invalid_field(no_filing(&error)),
            HallError::ItemVersion { case, given, known } => {
                item_version(format!("/cases/{case}/item_version"), given, known)
            }
            HallError::NotDelegated { act } => not_delegated(act),
            HallError::WithDepartment => Problem::new(ProblemCode::WithDepartment),
            HallError::NotWithDepartment => Problem::new(ProblemCode::NotWithDepartment),
            HallError::IdTaken(field) => Problem::new(ProblemCode::IdTaken).field(*field),
            HallError::NotForHalls(kind) => {
                Problem::new(ProblemCode::EventTypeUnknown).field(ProblemField::new("/type", "not-allowed").value(kind))
            }
            HallError::Changed { seen, present } => Problem::changed(seen, present),
            HallError::NoApplicant(warnings) => Problem::new(ProblemCode::ApplicantNotFound).fields(warnings),
            HallError::ScreenChanged { seen, present } => Problem::new(ProblemCode::PreconditionFailed)
                .field(ProblemField::new("/digest", "changed").value(seen).params(json!({ "digest": present }))),
            HallError::TooLarge { most } => Problem::new(ProblemCode::BodyTooLarge)
                .field(ProblemField::new("/content", "too-large").params(json!({ "max": most }))),
            HallError::KeyReused => Problem::key_reused(),
            HallError::ReasonMissing => {
                Problem::new(ProblemCode::ReprintReasonMissing).field(ProblemField::new("/reason", "required"))
            }
            HallError::NumbersUsedUp { window } => {
                Problem::new(ProblemCode::NumbersUsedUp).field(ProblemField::new("/window", "used-up").value(window))
            }
            HallError::File(problem) => *problem,
            HallError::PrintNotNow { state } => Problem::not_now("change-print", state),
            HallError::NoPrinter => Problem::new(ProblemCode::PrinterNotFound),
            HallError::NotSentAgain(error) => error.into(),
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

fn no_filing(error: &FilingError) -> ProblemField {
    match error {
        FilingError::Empty => ProblemField::new("/cases", "required"),
        FilingError::TooMany { cases } => {
            ProblemField::new("/cases", "too-many").value(*cases).params(json!({ "max": MOST_CASES }))
        }
        FilingError::Twice { case } => ProblemField::new("/cases", "twice").value(case.to_string()),
    }
}

fn item_version(pointer: String, given: u32, known: u32) -> Problem {
    Problem::new(ProblemCode::ItemVersionChanged)
        .field(ProblemField::new(pointer, "changed").value(given).params(json!({ "version": known })))
}

fn not_delegated(act: &str) -> Problem {
    Problem::new(ProblemCode::NotDelegated).field(ProblemField::new("", "not-allowed").value(act))
}

fn refused(refusal: &Refusal) -> Problem {
    match refusal {
        Refusal::NotNow { from, command } => Problem::not_now(command, from),
        Refusal::ItemVersion { given, known } => item_version("/item_version".to_owned(), *given, *known),
        Refusal::MaterialMissing { code } => Problem::new(ProblemCode::MaterialMissing)
            .field(ProblemField::new("/materials", "required").value(code.as_str())),
        Refusal::PointOpen { code } => {
            Problem::invalid_field(ProblemField::new("/points", "point-open").value(code.as_str()))
        }
        Refusal::MaterialUnknown { code } => {
            Problem::invalid_field(ProblemField::new("/materials", "unknown").value(code.as_str()))
        }
        Refusal::NothingMissing => Problem::invalid_field(ProblemField::new("/points", "nothing-missing")),
        Refusal::NoticeGiven { given } => {
            Problem::new(ProblemCode::NoticeGiven).field(ProblemField::new("/allowed", "required").value(*given))
        }
        Refusal::NotDelegated { act } => not_delegated(act),
        Refusal::NoSuchEnquiry { enquiry } => Problem::new(ProblemCode::EnquiryNotFound)
            .field(ProblemField::new("/enquiry", "unknown").value(enquiry.to_string())),
        Refusal::NotHeld { code } => {
            Problem::invalid_field(ProblemField::new("/originals", "not-held").value(code.as_str()))
        }
        Refusal::SilenceMeansNothing => Problem::not_now("deem-accepted", "taken"),
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
