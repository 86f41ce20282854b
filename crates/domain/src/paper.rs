//! Papers (文书): what applicants carry away.

use crate::ids::PaperId;

/// What a paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PaperKind {
    /// Receipt of materials (收件凭证), 行政许可法 art. 32.
    IntakeReceipt,
    /// Notice of everything that is missing (补正告知书), 行政许可法 art. 32(4).
    SupplementNotice,
    /// Receipt of what was handed in upon it (补正材料收件凭证).
    SupplementReceipt,
    /// Decision not to accept (不予受理决定书), 行政许可法 art. 32.
    Rejection,
    /// Acceptance notice (受理通知书), 行政许可法 art. 32(5).
    AcceptanceNotice,
    /// Decision to grant or deny (准予 / 不予行政许可决定书), 行政许可法 art. 38.
    Decision,
    /// Certificate (证照), 行政许可法 art. 39.
    Certificate,
    /// Confirmation that the application was taken back (撤回申请确认书).
    Withdrawal,
    /// Proof of service (送达回证).
    DeliveryProof,
}

impl PaperKind {
    /// Every kind, in the order in which a case produces them.
    pub const ALL: [Self; 9] = [
        Self::IntakeReceipt,
        Self::SupplementNotice,
        Self::SupplementReceipt,
        Self::Rejection,
        Self::AcceptanceNotice,
        Self::Decision,
        Self::Certificate,
        Self::Withdrawal,
        Self::DeliveryProof,
    ];

    /// The kind's stable name in stores and interfaces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::IntakeReceipt => "intake-receipt",
            Self::SupplementNotice => "supplement-notice",
            Self::SupplementReceipt => "supplement-receipt",
            Self::Rejection => "rejection",
            Self::AcceptanceNotice => "acceptance-notice",
            Self::Decision => "decision",
            Self::Certificate => "certificate",
            Self::Withdrawal => "withdrawal",
            Self::DeliveryProof => "delivery-proof",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A paper that has its number; its bytes are made, or fetched, afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedPaper {
    /// The paper.
    pub id: PaperId,
    /// Its number (文号 or 证照编号), unique within the authority that issues it.
    pub number: String,
}
