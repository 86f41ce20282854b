//! How much time the department has.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(from = "LimitForm")]
pub struct Limit {
    /// Which clock it bounds.
    pub clock: ClockKind,
    /// The budget.
    #[schema(maximum = 1000)]
    pub days: u16,
    /// Which days are counted.
    pub unit: DayUnit,
    /// From which event on; the day after it is day 1.
    pub start: LimitStart,
    /// The law, or the promise, that sets it.
    #[schema(min_length = 1, max_length = 200)]
    pub law: String,
    /// The article.
    #[schema(min_length = 1, max_length = 200)]
    pub article: String,
    /// Whether somebody has checked it against the text of the law.
    pub verified: bool,
    /// What the law makes of silence until the end of the limit, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silence: Option<Silence>,
}

/// A limit as it comes, or was kept; also in the form of before units were told.
#[derive(Deserialize)]
struct LimitForm {
    clock: ClockKind,
    #[serde(alias = "working_days")]
    days: u16,
    unit: Option<DayUnit>,
    start: LimitStart,
    law: String,
    article: String,
    verified: bool,
    silence: Option<Silence>,
}

impl From<LimitForm> for Limit {
    fn from(LimitForm { clock, days, unit, start, law, article, verified, silence }: LimitForm) -> Self {
        let (unit, silence) = match unit {
            Some(unit) => (unit, silence),
            // What silence means was not told then either: it is what the hall says when the limit is over.
            None => (DayUnit::Working, (clock == ClockKind::Intake).then_some(Silence::DeemedAccepted)),
        };
        Self { clock, days, unit, start, law, article, verified, silence }
    }
}

/// Which days a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DayUnit {
    /// 工作日.
    Working,
    /// 自然日; a last day that is not worked moves on.
    Natural,
}

/// What silence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Silence {
    /// 视为受理: the application counts as accepted from the day of receipt.
    DeemedAccepted,
}

/// The event that starts a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LimitStart {
    /// 收件.
    Receipt,
    /// 受理.
    Acceptance,
}

/// A clock of the department.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClockKind {
    /// 收件后受理时限.
    Intake,
    /// 法定办结时限.
    Statutory,
    /// 承诺办结时限.
    Promised,
}
