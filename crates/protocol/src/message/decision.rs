//! How a case ends.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bounds::{LONG_TEXT, NAME, NUMBER};
use super::paper::PaperRef;
use crate::fault::{Check, FaultCode};

/// The window has decided the case by the department's delegation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskDecidedAtWindow {
    /// The case.
    pub case_id: Uuid,
    /// When.
    pub decided_at: Timestamp,
    /// Who decided.
    #[schema(min_length = 1, max_length = 200)]
    pub officer: String,
    /// The agreement by which.
    #[schema(min_length = 1, max_length = 200)]
    pub agreement: String,
    /// Granted or denied.
    pub outcome: Outcome,
    /// Why.
    #[schema(min_length = 1, max_length = 4000)]
    pub reason: String,
    /// 决定书.
    pub decision: PaperRef,
    /// The certificate of a granted case.
    pub certificate: Option<Certificate>,
}

/// The department has decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskDecided {
    /// The case.
    pub case_id: Uuid,
    /// When: not before the acceptance, and not in the future, but for five minutes.
    pub decided_at: Timestamp,
    /// Who signed.
    #[schema(min_length = 1, max_length = 200)]
    pub officer: String,
    /// Granted or denied.
    pub outcome: Outcome,
    /// Why, in the words of the decision.
    #[schema(min_length = 1, max_length = 4000)]
    pub reason: String,
    /// 决定书.
    pub decision: PaperRef,
    /// The certificate, if one is issued. A denied case has none.
    pub certificate: Option<Certificate>,
}

/// How a case ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// 准予.
    Granted,
    /// 不予.
    Denied,
}

/// A certificate of a decision.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Certificate {
    /// Its paper.
    pub paper_id: Uuid,
    /// 证照编号.
    #[schema(min_length = 1, max_length = 64)]
    pub number: String,
    /// 食品经营许可证.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// 持证主体.
    #[schema(min_length = 1, max_length = 200)]
    pub holder: String,
    /// The first day.
    pub valid_from: Date,
    /// The last day; null is for good.
    pub valid_until: Option<Date>,
}

impl fmt::Debug for Certificate {
    /// The holder may be a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("paper_id", &self.paper_id).finish_non_exhaustive()
    }
}

fn check_certificate(check: &mut Check, outcome: Outcome, certificate: Option<&Certificate>) {
    if let Some(certificate) = certificate {
        if outcome == Outcome::Denied {
            check.fault("certificate", FaultCode::Contradiction, None, None);
        }
        check.within("certificate", |check| certificate.check(check));
    }
}

impl TaskDecidedAtWindow {
    pub(super) fn check(&self, check: &mut Check) {
        let TaskDecidedAtWindow {
            case_id: _,
            decided_at: _,
            officer,
            agreement,
            outcome,
            reason,
            decision,
            certificate,
        } = self;
        check.line("officer", officer, NAME);
        check.line("agreement", agreement, NAME);
        check.lines("reason", reason, LONG_TEXT);
        check.within("decision", |check| check.line("number", &decision.number, NUMBER));
        check_certificate(check, *outcome, certificate.as_ref());
    }
}

impl TaskDecided {
    pub(super) fn check(&self, check: &mut Check) {
        let TaskDecided { case_id: _, decided_at: _, officer, outcome, reason, decision, certificate } = self;
        check.line("officer", officer, NAME);
        check.lines("reason", reason, LONG_TEXT);
        check.within("decision", |check| check.line("number", &decision.number, NUMBER));
        check_certificate(check, *outcome, certificate.as_ref());
    }
}

impl Certificate {
    pub(super) fn check(&self, check: &mut Check) {
        let Certificate { paper_id: _, number, title, holder, valid_from, valid_until } = self;
        check.line("number", number, NUMBER);
        check.line("title", title, NAME);
        check.line("holder", holder, NAME);
        if let Some(until) = valid_until
            && until < valid_from
        {
            check.fault("valid_until", FaultCode::Contradiction, Value::from(until.to_string()), None);
        }
    }
}
