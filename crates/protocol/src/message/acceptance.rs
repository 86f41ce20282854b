//! That a case is accepted: by the department, by the window in its name, or by silence.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bounds::{NAME, NUMBER};
use super::paper::PaperRef;
use crate::fault::{Check, FaultCode};

/// The window has accepted the case by the department's delegation (委托受理).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskAcceptedAtWindow {
    /// The case.
    pub case_id: Uuid,
    /// From when the clocks of the department run.
    pub accepted_at: Timestamp,
    /// Who accepted.
    #[schema(min_length = 1, max_length = 200)]
    pub officer: String,
    /// The agreement by which (委托受理协议).
    #[schema(min_length = 1, max_length = 200)]
    pub agreement: String,
    /// 受理通知书.
    pub notice: PaperRef,
}

/// The limit for acceptance is over and nothing was heard of the department: by law the case is accepted.
///
/// An acceptance with a later day than the limit's last one, in the zone of the hall, may still be sent, once: it brings the
/// notice, is kept as a confirmation, and changes no date. One within the limit whose message was late takes the place of
/// the silence, at the hall and at the department: clocks run from its `accepted_at`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskDeemedAccepted {
    /// The case.
    pub case_id: Uuid,
    /// From when the clocks of the department run: when the hall took the case, as `taken_at` said, or received what was
    /// missing.
    pub accepted_at: Timestamp,
    /// When the limit was over: the midnight after its last day.
    pub deemed_at: Timestamp,
}

/// The department accepts the case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskAccepted {
    /// The case.
    pub case_id: Uuid,
    /// From when the clocks of the department run: not before the hall took the case, and not in the future, but for five
    /// minutes.
    pub accepted_at: Timestamp,
    /// Who accepted.
    #[schema(min_length = 1, max_length = 200)]
    pub officer: String,
    /// 受理通知书.
    pub notice: PaperRef,
}

impl TaskAcceptedAtWindow {
    pub(super) fn check(&self, check: &mut Check) {
        let TaskAcceptedAtWindow { case_id: _, accepted_at: _, officer, agreement, notice } = self;
        check.line("officer", officer, NAME);
        check.line("agreement", agreement, NAME);
        check.within("notice", |check| check.line("number", &notice.number, NUMBER));
    }
}

impl TaskDeemedAccepted {
    pub(super) fn check(&self, check: &mut Check) {
        let TaskDeemedAccepted { case_id: _, accepted_at, deemed_at } = self;
        if deemed_at <= accepted_at {
            check.fault("deemed_at", FaultCode::Contradiction, Value::from(deemed_at.to_string()), None);
        }
    }
}

impl TaskAccepted {
    pub(super) fn check(&self, check: &mut Check) {
        let TaskAccepted { case_id: _, accepted_at: _, officer, notice } = self;
        check.line("officer", officer, NAME);
        check.within("notice", |check| check.line("number", &notice.number, NUMBER));
    }
}
