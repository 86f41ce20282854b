//! The papers of the hall and the departments, each with the model of what it says.

mod acceptance_notice;
mod approval;
mod card_receipt;
mod certificate;
mod closing;
mod dates;
mod decision;
mod delivery_proof;
mod guide;
mod intake_receipt;
mod opening;
mod registration;
mod rejection;
mod rows;
mod sections;
mod supplement_notice;
mod supplement_receipt;
mod tables;
mod transcription_card;
mod withdrawal;

pub use acceptance_notice::AcceptanceNotice;
pub use approval::Approval;
pub use card_receipt::CardReceipt;
pub use certificate::Certificate;
pub use decision::{DecisionDocument, Outcome};
pub use delivery_proof::{Collector, DeliveredDocument, DeliveryProof, Posting};
pub use guide::{Guide, GuideLimit, GuideMaterial, GuideQuestion, OriginalAsked, Stated};
pub use intake_receipt::IntakeReceipt;
pub use registration::Registration;
pub use rejection::Rejection;
pub use rows::CertificateRow;
pub use supplement_notice::{Again, SupplementNotice, SupplementPoint};
pub use supplement_receipt::SupplementReceipt;
pub use transcription_card::{TranscriptionCard, TranscriptionField};
pub use withdrawal::{Agent, WithdrawalConfirmation};

/// A material on a list (材料).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// What it is called in the catalogue.
    pub name: String,
    /// How many were handed in.
    pub copies: u32,
    /// In which form.
    pub form: MaterialForm,
}

/// The form in which a material was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaterialForm {
    /// 原件
    Original,
    /// 复印件
    Copy,
    /// 原件和复印件: the original was seen and given back, the copy kept.
    OriginalAndCopy,
    /// 电子件
    Electronic,
}

impl MaterialForm {
    fn word(self) -> &'static str {
        match self {
            Self::Original => "原件",
            Self::Copy => "复印件",
            Self::OriginalAndCopy => "原件和复印件",
            Self::Electronic => "电子件",
        }
    }
}

/// An original that the hall held (原件), and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// What it is called.
    pub name: String,
    /// How many.
    pub copies: u32,
    /// What becomes of it.
    pub fate: OriginalFate,
}

/// What becomes of an original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OriginalFate {
    /// 已退还: handed over with this paper.
    Returned,
    /// 待退还: still to be fetched or sent.
    ToBeReturned,
    /// 归档: it stays in the file.
    Archived,
}

impl OriginalFate {
    fn word(self) -> &'static str {
        match self {
            Self::Returned => "已退还",
            Self::ToBeReturned => "待退还",
            Self::Archived => "归档",
        }
    }
}
