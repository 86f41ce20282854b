//! Why a use case was not carried out. One place turns it into problem documents.

use std::error::Error;

use domain::task::TaskRefusal;
use serde_json::json;
use store::StoreError;
use web::{Problem, ProblemCode, ProblemField, idempotency::OnceError, text::code_point};

/// Why a use case was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum DepartmentError {
    /// Who asks may not do it.
    #[error("the right is missing")]
    Forbidden,
    /// There is no such thing, or not for these eyes.
    #[error("there is nothing to be found")]
    NotFound(ProblemCode),
    /// What was given is wrong, field by field.
    #[error("{} fields are wrong", .0.len())]
    Invalid(Vec<ProblemField>),
    /// The life of a task does not allow it.
    #[error(transparent)]
    Refused(#[from] TaskRefusal),
    /// A parameter of a list is wrong.
    #[error("a parameter is wrong")]
    Query(Box<ProblemField>),
    /// Departments are not told such a thing.
    #[error("a department takes no {0}")]
    NotForDepartments(&'static str),
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
    /// The numbers of the year are used up.
    #[error("{mark} has used up its numbers for this year")]
    NumbersUsedUp {
        /// The mark of the numbers.
        mark: String,
    },
    /// The service was told of no department.
    #[error("a department service serves at least one department")]
    NoDepartment,
    /// Two departments have what one of them alone can have.
    #[error("{what} {value} is there for two departments")]
    Twice {
        /// An id, or the mark of numbers.
        what: &'static str,
        /// Which.
        value: String,
    },
    /// The message is not sent again.
    #[error(transparent)]
    NotSentAgain(#[from] courier::NotSentAgain),
    /// A paper could not be rendered.
    #[error("the paper could not be rendered")]
    Document(#[from] documents::DocumentError),
    /// The hall cannot be asked for a file.
    #[error("the hall did not give the file")]
    Network(#[source] Box<dyn Error + Send + Sync>),
    /// Nothing could be read or saved.
    #[error("the task could not be read or saved")]
    Store(#[from] StoreError),
}

impl DepartmentError {
    pub(crate) fn network(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Network(Box::new(error))
    }

    pub(crate) fn no_task() -> Self {
        Self::NotFound(ProblemCode::TaskNotFound)
    }
}

impl From<OnceError> for DepartmentError {
    fn from(error: OnceError) -> Self {
        match error {
            OnceError::Reused => Self::KeyReused,
            OnceError::Store(error) => error.into(),
        }
    }
}

impl From<DepartmentError> for Problem {
    fn from(error: DepartmentError) -> Self {
        match error {
            DepartmentError::Forbidden => Problem::new(ProblemCode::Forbidden),
            DepartmentError::NotFound(code) => Problem::new(code),
            DepartmentError::Invalid(fields) => Problem::invalid(fields),
            DepartmentError::Refused(refusal) => refused(&refusal),
            DepartmentError::Changed { seen, present } => Problem::changed(seen, present),
            DepartmentError::KeyReused => Problem::key_reused(),
            DepartmentError::Query(field) => Problem::new(ProblemCode::RequestMalformed).field(*field),
            DepartmentError::NotForDepartments(kind) => {
                Problem::new(ProblemCode::EventTypeUnknown).field(ProblemField::new("/type", "not-allowed").value(kind))
            }
            DepartmentError::NumbersUsedUp { mark } => {
                Problem::new(ProblemCode::NumbersUsedUp).field(ProblemField::new("", "used-up").value(mark))
            }
            DepartmentError::NotSentAgain(error) => error.into(),
            DepartmentError::Store(error) => error.into(),
            DepartmentError::Network(error) => {
                tracing::warn!(error = %web::problem::chain(&*error), "the hall did not give a file");
                Problem::new(ProblemCode::BackendUnreachable)
            }
            DepartmentError::Document(documents::DocumentError::MissingGlyphs { characters, text }) => {
                let characters: Vec<_> =
                    characters.iter().map(|missing| format!("{missing} {}", code_point(*missing))).collect();
                let field = ProblemField::new("", "missing-glyphs").value(text);
                Problem::invalid_field(field.params(json!({ "characters": characters })))
            }
            DepartmentError::Document(_) | DepartmentError::NoDepartment | DepartmentError::Twice { .. } => {
                Problem::internal(&error)
            }
        }
    }
}

fn refused(refusal: &TaskRefusal) -> Problem {
    match refusal {
        TaskRefusal::NotNow { from, command } => Problem::not_now(command, from),
        TaskRefusal::SilenceMeansNothing => Problem::invalid_field(ProblemField::new("/type", "contradiction")),
        TaskRefusal::CertificateMismatch { outcome } => {
            Problem::invalid_field(ProblemField::new("/certificate", "contradiction").value(*outcome))
        }
        TaskRefusal::ValidityReversed { from, until } => Problem::invalid_field(
            ProblemField::new("/certificate/valid_until", "before-start")
                .value(until.to_string())
                .params(json!({ "from": from.to_string() })),
        ),
        TaskRefusal::SamePerson => Problem::new(ProblemCode::SamePerson),
        TaskRefusal::NotReviewed => Problem::new(ProblemCode::NotReviewed),
        TaskRefusal::Claimed { .. } => Problem::new(ProblemCode::Claimed),
        TaskRefusal::NoticeGiven { given } => {
            Problem::new(ProblemCode::NoticeGiven).field(ProblemField::new("/allowed", "required").value(*given))
        }
        TaskRefusal::NoSuchEnquiry { enquiry } => Problem::new(ProblemCode::EnquiryNotFound)
            .field(ProblemField::new("/enquiry", "unknown").value(enquiry.to_string())),
        TaskRefusal::EnquiryTwice { enquiry } => Problem::new(ProblemCode::IdTaken)
            .field(ProblemField::new("/data/enquiry_id", "twice").value(enquiry.to_string())),
        TaskRefusal::NoSuchPaper { .. } => Problem::new(ProblemCode::PaperNotFound),
        TaskRefusal::PaperDiffers { number } => {
            Problem::new(ProblemCode::IdTaken).field(ProblemField::new("", "differs").value(number.as_str()))
        }
    }
}
