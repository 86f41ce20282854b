//! That a case is not accepted.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bounds::{LONG_TEXT, NAME, NUMBER};
use super::paper::PaperRef;
use crate::fault::{Check, FaultCode};

/// The application is not accepted (不予受理).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskRejected {
    /// The case.
    pub case_id: Uuid,
    /// When.
    pub rejected_at: Timestamp,
    /// Who signed.
    #[schema(min_length = 1, max_length = 200)]
    pub officer: String,
    /// On what ground.
    pub ground: RejectionGround,
    /// Why, in the words of the document.
    #[schema(min_length = 1, max_length = 4000)]
    pub reason: String,
    /// Which authority is competent, where another one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200)]
    pub competent_authority: Option<String>,
    /// 不予受理决定书.
    pub document: PaperRef,
}

/// On what ground an application is not accepted, 行政许可法 art. 32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RejectionGround {
    /// 依法不需要取得行政许可.
    NotNeeded,
    /// 依法不属于本行政机关职权范围.
    NotCompetent,
    /// Something else that the law names.
    Other,
}

impl TaskRejected {
    pub(super) fn check(&self, check: &mut Check) {
        let TaskRejected { case_id: _, rejected_at: _, officer, ground, reason, competent_authority, document } = self;
        check.line("officer", officer, NAME);
        check.lines("reason", reason, LONG_TEXT);
        check.optional_line("competent_authority", competent_authority.as_deref(), NAME);
        if *ground == RejectionGround::NotCompetent && competent_authority.is_none() {
            check.fault("competent_authority", FaultCode::Empty, None, None);
        }
        check.within("document", |check| check.line("number", &document.number, NUMBER));
    }
}
