//! What both interfaces show alike: clocks, papers, deliveries, what happened, and bytes.

use axum::response::{IntoResponse, Response};
use domain::calendar::{DayKind, WorkCalendar};
use domain::case::Outcome;
use domain::clock::{Budget, Clock, ClockKind, Light, OfficeHours, Why};
use domain::paper::PaperKind;
use http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{
    Deserialize, Serialize,
    de::{self, IntoDeserializer as _},
};
use serde_json::Value;
use store::{Delivery, DeliveryState, PaperRow, PaperState};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ClockKind)]
pub enum ClockName {
    /// 收件后受理时限.
    Intake,
    /// 法定办结时限.
    Statutory,
    /// 承诺办结时限.
    Promised,
}

impl From<ClockKind> for ClockName {
    fn from(kind: ClockKind) -> Self {
        match kind {
            ClockKind::Intake => Self::Intake,
            ClockKind::Statutory => Self::Statutory,
            ClockKind::Promised => Self::Promised,
        }
    }
}

impl From<ClockName> for ClockKind {
    fn from(name: ClockName) -> Self {
        match name {
            ClockName::Intake => Self::Intake,
            ClockName::Statutory => Self::Statutory,
            ClockName::Promised => Self::Promised,
        }
    }
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Outcome)]
pub enum OutcomeName {
    /// 准予.
    Granted,
    /// 不予.
    Denied,
}

impl From<Outcome> for OutcomeName {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Granted => Self::Granted,
            Outcome::Denied => Self::Denied,
        }
    }
}

/// How it stands with a clock (亮灯).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Light)]
pub enum LightName {
    /// In time.
    Normal,
    /// Nearly over.
    Warning,
    /// Over the promised limit.
    Yellow,
    /// Over a limit of the law.
    Red,
}

impl From<Light> for LightName {
    fn from(light: Light) -> Self {
        match light {
            Light::Normal => Self::Normal,
            Light::Warning => Self::Warning,
            Light::Yellow => Self::Yellow,
            Light::Red => Self::Red,
        }
    }
}

/// How long something may take.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = Budget)]
pub struct BudgetView {
    /// How many days.
    pub days: u16,
    /// Which days are counted.
    pub unit: DayUnit,
}

/// Which days a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DayUnit {
    /// 工作日.
    Working,
    /// 自然日.
    Natural,
}

impl From<Budget> for BudgetView {
    fn from(budget: Budget) -> Self {
        let unit = match budget {
            Budget::WorkingDays(_) => DayUnit::Working,
            Budget::NaturalDays(_) => DayUnit::Natural,
        };
        Self { days: budget.days(), unit }
    }
}

/// A clock of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockView {
    /// Which clock.
    pub kind: ClockName,
    /// How long it may run.
    pub budget: BudgetView,
    /// The law, or promise.
    pub law: String,
    /// The article.
    pub article: String,
    /// False for 待核对.
    pub verified: bool,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it was stopped.
    #[schema(required)]
    pub stopped_at: Option<Timestamp>,
    /// Its last day. Null when the calendar does not reach that far back.
    #[schema(required)]
    pub due: Option<Date>,
    /// Whether the last day lies past the calendar's last known year.
    pub provisional: bool,
    /// How it stands.
    pub light: LightName,
}

/// A clock, day by day.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockExplanation {
    /// The clock.
    #[serde(flatten)]
    pub clock: ClockView,
    /// The version of the calendar.
    pub calendar: String,
    /// Every day from the start to the last day.
    pub days: Vec<ClockDay>,
}

/// One day of a clock.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockDay {
    /// The day.
    pub date: Date,
    /// What kind of day it is.
    pub kind: DayKindName,
    /// Its name in the calendar, such as 春节.
    #[schema(required)]
    pub name: Option<String>,
    /// Which day of the budget it is.
    #[schema(required)]
    pub counted: Option<u16>,
    /// Why it counts or does not.
    pub why: DayReason,
}

/// What kind of day it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = DayKind)]
pub enum DayKindName {
    /// 工作日.
    Working,
    /// 调休上班.
    MakeUp,
    /// 休息日.
    Rest,
    /// 法定节假日.
    StatutoryHoliday,
}

/// Why a day counts or does not.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DayReason {
    /// The day of the event, which is not counted.
    DayOfEvent,
    /// A day of the budget.
    Counted,
    /// The last day of the budget.
    LastDay,
    /// A day that is not worked.
    NotWorked,
    /// The clock stands still.
    Paused,
    /// The last day is not worked and moves on.
    MovedOn,
    /// After the last day.
    Overdue,
    /// What was limited is done.
    Stopped,
}

/// What a paper is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = PaperKind)]
pub enum PaperKindName {
    /// 收件凭证.
    IntakeReceipt,
    /// 补正告知书.
    SupplementNotice,
    /// 补正材料收件凭证.
    SupplementReceipt,
    /// 不予受理决定书.
    Rejection,
    /// 受理通知书.
    AcceptanceNotice,
    /// 决定书.
    Decision,
    /// 证照.
    Certificate,
    /// 撤回申请确认书.
    Withdrawal,
    /// 送达回证.
    DeliveryProof,
}

impl PaperKindName {
    /// The kind of that name; what is not known is taken for a receipt.
    pub fn named(name: &str) -> Self {
        match PaperKind::named(name) {
            Some(PaperKind::SupplementNotice) => Self::SupplementNotice,
            Some(PaperKind::SupplementReceipt) => Self::SupplementReceipt,
            Some(PaperKind::Rejection) => Self::Rejection,
            Some(PaperKind::Withdrawal) => Self::Withdrawal,
            Some(PaperKind::DeliveryProof) => Self::DeliveryProof,
            Some(PaperKind::AcceptanceNotice) => Self::AcceptanceNotice,
            Some(PaperKind::Decision) => Self::Decision,
            Some(PaperKind::Certificate) => Self::Certificate,
            Some(PaperKind::IntakeReceipt) | None => Self::IntakeReceipt,
        }
    }
}

/// Whether a paper's bytes are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = PaperState)]
pub enum PaperStateName {
    /// Being made or fetched.
    Pending,
    /// Here.
    Ready,
}

/// How a message to the other side stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryView {
    /// The message.
    pub id: Uuid,
    /// What it says, such as `yichuang.task.assigned`.
    pub kind: String,
    /// When it was given to the courier.
    pub queued_at: Timestamp,
    /// How it stands.
    pub state: DeliveryStateName,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last failed try failed.
    #[schema(required)]
    pub last_error_code: Option<DeliveryErrorName>,
    /// Why the last failed try failed, in words for people who integrate.
    #[schema(required)]
    pub last_error: Option<String>,
    /// When it is tried next.
    #[schema(required)]
    pub next_at: Option<Timestamp>,
    /// When it arrived.
    #[schema(required)]
    pub delivered_at: Option<Timestamp>,
}

/// How a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DeliveryState)]
pub enum DeliveryStateName {
    /// Tried until it arrives.
    Waiting,
    /// Arrived.
    Delivered,
    /// Not tried any more: a person has to look.
    Failed,
}

/// Why a message was not delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = DeliveryError)]
pub enum DeliveryErrorName {
    /// The receiver cannot take it now.
    Unavailable,
    /// The receiver will never take it.
    Refused,
    /// The receiver waits for another message first.
    OutOfOrder,
    /// The receiver wants no more messages.
    Gone,
    /// No connection, or it broke.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// It cannot be signed here.
    Unsigned,
}

/// Something that happened to a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// Its place, from 1.
    pub sequence: u64,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When the hall recorded it.
    pub recorded_at: Timestamp,
    /// What happened, such as `case.taken`.
    pub kind: String,
    /// Who did it.
    pub actor: ActorView,
    /// Facts for the words.
    #[schema(value_type = Object)]
    pub facts: Value,
}

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActorView {
    /// Whether it was a person of the hall, a department, or the program.
    pub kind: ActorKind,
    /// The name, where there is one.
    #[schema(required)]
    pub name: Option<String>,
}

/// What an actor is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// Somebody of this office.
    Staff,
    /// A hall.
    Hall,
    /// A department.
    Department,
    /// The program.
    System,
}

/// Bytes to be shown or downloaded.
pub struct Download {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// What they are.
    pub media_type: String,
    /// The name to save them under.
    pub name: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

impl DeliveryView {
    /// How it stands with messages, oldest first: the first that has not arrived, since the others wait behind it; else the
    /// last.
    pub fn of_all(deliveries: &[Delivery], clock: &dyn crate::Clock) -> Option<Self> {
        let waiting = deliveries.iter().find(|delivery| delivery.state != DeliveryState::Delivered);
        waiting.or(deliveries.last()).map(|delivery| Self::of(delivery, clock))
    }

    /// A delivery as it stands.
    pub fn of(delivery: &Delivery, clock: &dyn crate::Clock) -> Self {
        Self {
            id: delivery.id,
            kind: delivery.kind.clone(),
            queued_at: delivery.queued_at,
            state: match delivery.state {
                DeliveryState::Pending => DeliveryStateName::Waiting,
                DeliveryState::Delivered => DeliveryStateName::Delivered,
                DeliveryState::Dead => DeliveryStateName::Failed,
            },
            attempts: delivery.attempts,
            last_error_code: delivery.last_error_code.as_deref().and_then(DeliveryErrorName::named),
            last_error: delivery.last_error.clone(),
            next_at: delivery.next_at.map(|next_at| clock.shown(next_at)),
            delivered_at: delivery.delivered_at,
        }
    }
}

impl DeliveryErrorName {
    /// The error of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::deserialize(name.into_deserializer()).map_err(|_: de::value::Error| ()).ok()
    }
}

impl PaperStateName {
    /// Whether the bytes of a paper are here.
    pub fn of(paper: &PaperRow) -> Self {
        if paper.state == PaperState::Ready { Self::Ready } else { Self::Pending }
    }
}

/// Papers oldest first, and those of one moment as a case produces them.
pub fn in_order(mut papers: Vec<PaperRow>) -> Vec<PaperRow> {
    let place = |paper: &PaperRow| PaperKind::ALL.iter().position(|kind| kind.name() == paper.kind);
    papers.sort_by_key(|paper| (paper.created_at, place(paper)));
    papers
}

impl ClockView {
    /// A clock as it stands on a day.
    pub fn of(clock: &Clock, today: Date, calendar: &WorkCalendar, hours: OfficeHours) -> Self {
        let due = clock.due(calendar, hours).ok();
        let article = &clock.rule.article;
        Self {
            kind: clock.rule.kind.into(),
            budget: clock.rule.budget.into(),
            law: article.law.clone(),
            article: article.article.clone(),
            verified: article.is_sourced(),
            started_at: clock.started_at,
            stopped_at: clock.stopped_at,
            due: due.map(|due| due.date),
            provisional: due.is_some_and(|due| due.provisional),
            light: clock.light(today, calendar).unwrap_or_default().into(),
        }
    }
}

impl ClockExplanation {
    /// A clock day by day, to its last day or, when that is over, to today (at most 30 days later).
    pub fn of(
        clock: &Clock,
        today: Date,
        calendar: &WorkCalendar,
        hours: OfficeHours,
    ) -> Result<Self, domain::calendar::OutOfCalendar> {
        let due = clock.due(calendar, hours)?.date;
        let until = due.max(today.min(due.saturating_add(jiff::Span::new().days(30))));
        let days = clock.explain(calendar, until)?.into_iter().map(|day| ClockDay {
            date: day.date,
            kind: match day.kind {
                DayKind::Working => DayKindName::Working,
                DayKind::MakeUp => DayKindName::MakeUp,
                DayKind::Rest => DayKindName::Rest,
                DayKind::StatutoryHoliday => DayKindName::StatutoryHoliday,
            },
            name: day.name,
            counted: day.counted,
            why: match day.why {
                Why::DayOfEvent => DayReason::DayOfEvent,
                Why::Counted => DayReason::Counted,
                Why::LastDay => DayReason::LastDay,
                Why::NotWorked => DayReason::NotWorked,
                Why::Paused { .. } => DayReason::Paused,
                Why::MovedOn => DayReason::MovedOn,
                Why::Overdue => DayReason::Overdue,
                Why::Stopped => DayReason::Stopped,
            },
        });
        Ok(Self {
            days: days.collect(),
            clock: ClockView::of(clock, today, calendar, hours),
            calendar: calendar.version().to_owned(),
        })
    }
}

impl ActorView {
    /// Somebody, or something, that did something.
    pub fn new(kind: ActorKind, name: Option<String>) -> Self {
        Self { kind, name }
    }
}

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        let Self { bytes, media_type, name, sha256 } = self;
        let mut headers = HeaderMap::new();
        let value =
            |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("application/octet-stream"));
        headers.insert(header::CONTENT_TYPE, value(&media_type));
        headers.insert(header::ETAG, value(&format!("\"{sha256}\"")));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=0, must-revalidate"));
        headers.insert(header::CONTENT_DISPOSITION, value(&format!("inline; filename*=UTF-8''{}", percent(&name))));
        (headers, bytes).into_response()
    }
}

/// RFC 5987: everything but letters, digits and a few signs as percent codes.
fn percent(text: &str) -> String {
    let mut coded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            coded.push(char::from(byte));
        } else {
            coded.push_str(&format!("%{byte:02X}"));
        }
    }
    coded
}
