//! Papers (文书): what applicants carry away.

use crate::ids::PaperId;

/// What a paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PaperKind {
    /// Receipt of materials (收件凭证), 行政许可法 art. 32.
    IntakeReceipt,
    /// Acceptance notice (受理通知书), 行政许可法 art. 32(5).
    AcceptanceNotice,
    /// Decision to grant or deny (准予 / 不予行政许可决定书), 行政许可法 art. 38.
    Decision,
    /// Certificate (证照), 行政许可法 art. 39.
    Certificate,
}

impl PaperKind {
    /// Every kind, in the order in which a case produces them.
    pub const ALL: [Self; 4] = [Self::IntakeReceipt, Self::AcceptanceNotice, Self::Decision, Self::Certificate];

    /// The kind's stable name in stores and interfaces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::IntakeReceipt => "intake-receipt",
            Self::AcceptanceNotice => "acceptance-notice",
            Self::Decision => "decision",
            Self::Certificate => "certificate",
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
