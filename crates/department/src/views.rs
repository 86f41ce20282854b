//! What the approver's desk sees of a task.

use domain::case::Outcome;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use web::view::{
    BudgetView, ClockName, ClockView, DeliveryView, LightName, OutcomeName, PaperKindName, PaperStateName,
};

use crate::records::RowRecord;

/// A task in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = TaskRow)]
pub struct TaskRowView {
    /// The task, which is also the case.
    pub id: Uuid,
    /// Short number of the case, 16 digits.
    pub number: String,
    /// The same, grouped as it is said.
    pub number_spoken: String,
    /// The hall that took the case.
    pub hall_name: String,
    /// The item's name.
    pub item_name: String,
    /// The applicant's name, a person's masked.
    pub applicant_masked: String,
    /// Where it stands.
    pub state: TaskStateName,
    /// Whether it counts as accepted because nobody had accepted it in time (视为受理).
    pub deemed_accepted: bool,
    /// What was decided.
    #[schema(required)]
    pub outcome: Option<OutcomeName>,
    /// When it came.
    pub assigned_at: Timestamp,
    /// When the first of its running clocks ends.
    #[schema(required)]
    pub due: Option<Timestamp>,
    /// The worst light of its running clocks.
    pub light: LightName,
    /// Its version, for `If-Match`.
    pub version: u64,
}

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = TaskState)]
pub enum TaskStateName {
    /// 已派发.
    Assigned,
    /// 受理.
    Accepted,
    /// 已决定.
    Decided,
}

impl TaskStateName {
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "assigned" => Some(Self::Assigned),
            "accepted" => Some(Self::Accepted),
            "decided" => Some(Self::Decided),
            _ => None,
        }
    }
}

pub(crate) fn outcome_named(name: &str) -> Option<OutcomeName> {
    Outcome::named(name).map(OutcomeName::from)
}

/// Which tasks are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TaskFilter {
    /// Those that wait for the department, the first due first.
    #[default]
    Open,
    /// Those that are decided, newest first.
    Done,
}

/// A task, whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskView {
    /// As in the list.
    #[serde(flatten)]
    pub row: TaskRowView,
    /// Official number of the case (办件编号).
    pub official_number: String,
    /// Who applies; numbers masked.
    pub applicant: ApplicantView,
    /// What the form says.
    #[schema(value_type = Object)]
    pub form: Value,
    /// JSON Schema of the form, for its titles.
    #[schema(value_type = Object)]
    pub form_schema: Value,
    /// What was handed in.
    pub materials: Vec<TaskMaterialView>,
    /// The limits of the item.
    pub limits: Vec<TaskLimitView>,
    /// Its clocks.
    pub clocks: Vec<ClockView>,
    /// What a grant results in.
    pub result: ResultView,
    /// Whether one person may review and decide (审核合一).
    pub review_and_decision_in_one: bool,
    /// The department's papers, oldest first.
    pub papers: Vec<TaskPaperView>,
    /// The opinions given, oldest first.
    pub opinions: Vec<OpinionView>,
    /// How the last message to the hall stands.
    #[schema(required)]
    pub delivery_to_hall: Option<DeliveryView>,
    /// What is marked 待核对.
    pub unverified_notes: Vec<String>,
}

/// Who applies.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicantView {
    /// `person` or `organisation`.
    #[schema(value_type = String)]
    pub kind: protocol::ApplicantKind,
    /// Full name.
    pub name: String,
    /// Number, masked.
    pub id_number: String,
    /// Phone, masked.
    pub phone: String,
    /// 通讯地址.
    #[schema(required)]
    pub address: Option<String>,
    /// 法定代表人.
    #[schema(required)]
    pub legal_representative: Option<String>,
    /// 联系人.
    #[schema(required)]
    pub contact: Option<String>,
}

/// A material of a task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MaterialView)]
pub struct TaskMaterialView {
    /// Its place in the case, from 0.
    pub index: usize,
    /// Code within the item.
    pub code: String,
    /// Name.
    pub name: String,
    /// The name of the file.
    #[schema(required)]
    pub file_name: Option<String>,
    /// What the file is.
    #[schema(required)]
    pub media_type: Option<String>,
    /// Its size in bytes.
    #[schema(required)]
    pub size: Option<u64>,
    /// Whether there is a file.
    pub has_file: bool,
    /// Copies handed in.
    pub copies: u32,
    /// Whether the original was handed in.
    pub original: bool,
}

/// A limit of the item.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LimitView)]
pub struct TaskLimitView {
    /// Which clock.
    pub clock: ClockName,
    /// How long it may run.
    pub budget: BudgetView,
    /// The law, or promise.
    pub law: String,
    /// The article.
    pub article: String,
    /// False for 待核对.
    pub verified: bool,
}

/// What a grant results in, filled from the application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskResult)]
pub struct ResultView {
    /// Title of the certificate.
    #[schema(required)]
    pub certificate_title: Option<String>,
    /// Its rows.
    pub rows: Vec<RowRecord>,
    /// Years of validity; null for an unlimited one.
    #[schema(required)]
    pub validity_years: Option<u32>,
    /// First day, if decided today.
    pub valid_from: Date,
    /// Last day, if decided today; null for an unlimited one.
    #[schema(required)]
    pub valid_until: Option<Date>,
}

/// A paper of a task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaperView)]
pub struct TaskPaperView {
    /// The paper.
    pub id: Uuid,
    /// What it is.
    pub kind: PaperKindName,
    /// Its title.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Whether it is rendered.
    pub state: PaperStateName,
}

/// An opinion.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpinionView {
    /// At which step: `accept` or `decide`.
    pub step: String,
    /// Who gave it.
    #[schema(required)]
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
    /// What was decided.
    #[schema(required)]
    pub outcome: Option<OutcomeName>,
    /// The opinion. Null where none was given, or once erased.
    #[schema(required)]
    pub text: Option<String>,
}
