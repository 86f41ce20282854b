//! What a department issues.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bounds::{FILE_SIZE, NUMBER};
use crate::fault::Check;

/// A paper that is announced before its bytes are there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PaperRef {
    /// The paper.
    pub paper_id: Uuid,
    /// 文号.
    #[schema(min_length = 1, max_length = 64)]
    pub number: String,
}

/// The bytes of a paper can be fetched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PaperIssued {
    /// The case.
    pub case_id: Uuid,
    /// The paper.
    pub paper_id: Uuid,
    /// What it is.
    pub kind: PaperKind,
    /// 文号 or 证照编号.
    #[schema(min_length = 1, max_length = 64)]
    pub number: String,
    /// By which the bytes are fetched.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub sha256: String,
    /// How many bytes.
    #[schema(minimum = 1)]
    pub size: u64,
}

/// What a department issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PaperKind {
    /// 补正告知书.
    SupplementNotice,
    /// 不予受理决定书.
    Rejection,
    /// 受理通知书.
    AcceptanceNotice,
    /// 决定书.
    Decision,
    /// 证照.
    Certificate,
}

impl PaperIssued {
    pub(super) fn check(&self, check: &mut Check) {
        let PaperIssued { case_id: _, paper_id: _, kind: _, number, sha256, size } = self;
        check.line("number", number, NUMBER);
        check.sha256("sha256", sha256);
        check.number("size", *size, 1, FILE_SIZE);
    }
}
