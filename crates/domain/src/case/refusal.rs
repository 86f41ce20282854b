//! Why a command to a case is refused.

use super::{Case, Command};
use crate::ids::{EnquiryId, PaperId};

/// Why a command may not be given now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The life of a case has no such arrow.
    #[error("a case that is {from} cannot {command}")]
    NotNow {
        /// The state it is in.
        from: &'static str,
        /// The command's name.
        command: &'static str,
    },
    /// The item has changed since the form was opened.
    #[error("the case is of item version {given}, the item at hand is version {known}")]
    ItemVersion {
        /// The version in the command.
        given: u32,
        /// The version in the context.
        known: u32,
    },
    /// A material that the item asks for is not there.
    #[error("the material {code} is missing")]
    MaterialMissing {
        /// The material's code.
        code: String,
    },
    /// A blocking review point (审查要点) is not met.
    #[error("the review point {code} is open")]
    PointOpen {
        /// The point's code.
        code: String,
    },
    /// A material that the item does not know.
    #[error("the item knows no material {code}")]
    MaterialUnknown {
        /// The material's code.
        code: String,
    },
    /// Everything is there and in order: there is nothing to ask for.
    #[error("nothing is missing")]
    NothingMissing,
    /// Everything missing is told once (一次性告知). Whoever asks again needs a manager's reason.
    #[error("the applicant has been told {given} times what is missing")]
    NoticeGiven {
        /// How often.
        given: usize,
    },
    /// The item leaves this step to the department.
    #[error("the window may not {act} for the department")]
    NotDelegated {
        /// What it may not do.
        act: &'static str,
    },
    /// The case has no such question, or it has been answered.
    #[error("the case has no open question {enquiry}")]
    NoSuchEnquiry {
        /// The question.
        enquiry: EnquiryId,
    },
    /// The hall holds no such original.
    #[error("the hall holds no original of {code}")]
    NotHeld {
        /// The code of the material.
        code: String,
    },
    /// The item gives silence no meaning.
    #[error("the item says nothing of silence")]
    SilenceMeansNothing,
    /// A granted case needs a certificate, a denied one has none.
    #[error("a decision that is {outcome} has the wrong papers")]
    CertificateMismatch {
        /// The outcome's name.
        outcome: &'static str,
    },
    /// The paper is not of this case.
    #[error("the case has no paper {paper}")]
    NoSuchPaper {
        /// The paper.
        paper: PaperId,
    },
    /// The paper's bytes are not there yet.
    #[error("the paper {number} is not ready")]
    PaperNotReady {
        /// The paper's number.
        number: String,
    },
    /// The paper's bytes are there already, and are others.
    #[error("the paper {number} was filed with other content")]
    PaperDiffers {
        /// The paper's number.
        number: String,
    },
    /// The result must be on paper before it can be handed over.
    #[error("the paper {number} has not been printed")]
    PaperNotPrinted {
        /// The paper's number.
        number: String,
    },
}

impl Refusal {
    /// The short name on which callers act.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotNow { .. } => "not-now",
            Self::ItemVersion { .. } => "item-version-changed",
            Self::MaterialMissing { .. } => "material-missing",
            Self::PointOpen { .. } => "point-open",
            Self::MaterialUnknown { .. } => "material-unknown",
            Self::NothingMissing => "nothing-missing",
            Self::NoticeGiven { .. } => "notice-given",
            Self::NotDelegated { .. } => "not-delegated",
            Self::NoSuchEnquiry { .. } => "no-such-enquiry",
            Self::NotHeld { .. } => "not-held",
            Self::SilenceMeansNothing => "silence-means-nothing",
            Self::CertificateMismatch { .. } => "certificate-mismatch",
            Self::NoSuchPaper { .. } => "no-such-paper",
            Self::PaperNotReady { .. } => "paper-not-ready",
            Self::PaperDiffers { .. } => "paper-differs",
            Self::PaperNotPrinted { .. } => "paper-not-printed",
        }
    }

    pub(super) fn not_now(case: &Case, command: &Command) -> Self {
        Self::NotNow { from: case.state.name(), command: command.name() }
    }
}
