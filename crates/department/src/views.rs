//! What the approver's desk sees of a task.

use domain::case::Outcome;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize, de, de::IntoDeserializer as _};
use serde_json::Value;
use store::TaskList;
use utoipa::ToSchema;
use uuid::Uuid;
use web::view::{
    BudgetView, ClockName, ClockView, DeliveryView, LightName, OutcomeName, PaperKindName, PaperStateName,
};

use crate::{
    records::RowRecord,
    step_views::{EnquiryView, NoticeView, RejectionView, WindowAcceptanceView, WindowDecisionView, WithdrawalView},
};

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
    /// Who has taken it up (认领); null: anybody entitled may.
    #[schema(required)]
    pub claimed_by: Option<ClaimerView>,
    /// How often the applicant was told what is missing (补正).
    pub notices_given: u32,
    /// How many questions between window and department wait for an answer.
    pub open_enquiries: u32,
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

/// Who has taken a task up.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Claimer)]
pub struct ClaimerView {
    /// The account.
    pub id: Uuid,
    /// The name. Null when the account is gone.
    #[schema(required)]
    pub name: Option<String>,
}

/// How many tasks are in each list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = TaskCounts)]
pub struct TaskCountsView {
    /// Of `open`.
    pub open: u64,
    /// Of `mine`.
    pub mine: u64,
    /// Of `unclaimed`.
    pub unclaimed: u64,
    /// Of `waiting`.
    pub waiting: u64,
    /// Of `done`.
    pub done: u64,
    /// Nothing is counted further than this: a count that is as great may be greater.
    pub most: u32,
}

/// A message to the hall that is not sent any more until somebody sends it again.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FailedDelivery)]
pub struct FailedDeliveryView {
    /// The task that it is about.
    pub task: TaskRowView,
    /// The message, and why it was given up.
    pub delivery: DeliveryView,
}

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = TaskState)]
pub enum TaskStateName {
    /// 已派发.
    Assigned,
    /// 待补正.
    SupplementAsked,
    /// 不予受理.
    Rejected,
    /// 受理.
    Accepted,
    /// 已审核.
    Reviewed,
    /// 已决定.
    Decided,
    /// 窗口已决定.
    DecidedAtWindow,
    /// 已撤回.
    Withdrawn,
}

impl TaskStateName {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::deserialize(name.into_deserializer()).map_err(|_: de::value::Error| ()).ok()
    }
}

pub(crate) fn outcome_named(name: &str) -> Option<OutcomeName> {
    Outcome::named(name).map(OutcomeName::from)
}

/// Which tasks are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TaskFilter {
    /// Those that are not done, the first due first.
    #[default]
    Open,
    /// Those of them that who asks has taken up.
    Mine,
    /// Those of them that nobody has taken up and that do not wait for the applicant.
    Unclaimed,
    /// Those of them that wait for what the applicant hands in (待补正).
    Waiting,
    /// Those that are decided, rejected or withdrawn, newest first.
    Done,
}

impl TaskFilter {
    /// The list of somebody, as the statements have it.
    pub(crate) fn list_of(self, me: Uuid) -> TaskList {
        match self {
            Self::Open => TaskList::Open,
            Self::Mine => TaskList::Claimed(me),
            Self::Unclaimed => TaskList::Unclaimed,
            Self::Waiting => TaskList::Waiting,
            Self::Done => TaskList::Done,
        }
    }
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
    /// Who acts for the applicant; numbers masked.
    #[schema(required)]
    pub agent: Option<AgentView>,
    /// What was answered about the situation, in words.
    pub answers: Vec<AnswerView>,
    /// What was looked at when the case was taken, and what was found.
    pub points: Vec<PointView>,
    /// Texts from which a decision starts.
    #[schema(required)]
    pub texts: Option<TextsView>,
    /// What stands on the papers of the next steps.
    pub papers_to_come: PapersToComeView,
    /// What the form says.
    #[schema(value_type = Object)]
    pub form: Value,
    /// JSON Schema of the form, for its titles.
    #[schema(value_type = Object)]
    pub form_schema: Value,
    /// How the form stands on the desk, for the order of its fields; empty where the hall did not say.
    #[schema(value_type = Object)]
    pub ui_schema: Value,
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
    /// Whether the item names the fields of the department's own system (转录卡).
    pub has_transcription_card: bool,
    /// The opinions given, oldest first.
    pub opinions: Vec<OpinionView>,
    /// From when the limit for acceptance runs: when the hall had taken it, or the last supplement.
    pub received_at: Timestamp,
    /// The notices of what was missing, oldest first.
    pub notices: Vec<NoticeView>,
    /// That it was not accepted.
    #[schema(required)]
    pub rejection: Option<RejectionView>,
    /// The questions between window and department, oldest first.
    pub enquiries: Vec<EnquiryView>,
    /// That the window accepted it by the department's delegation.
    #[schema(required)]
    pub window_acceptance: Option<WindowAcceptanceView>,
    /// That the window decided it by the department's delegation.
    #[schema(required)]
    pub window_decision: Option<WindowDecisionView>,
    /// That the applicant took the application back.
    #[schema(required)]
    pub withdrawal: Option<WithdrawalView>,
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

/// Who acts for the applicant (代理人).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Agent)]
pub struct AgentView {
    /// Full name.
    pub name: String,
    /// Number, masked.
    pub id_number: String,
    /// Phone, masked.
    pub phone: String,
    /// What the agent may do (代理权限).
    pub authority: String,
    /// Last day of the authority.
    #[schema(required)]
    pub until: Option<Date>,
}

/// An answer about the situation (情形).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Answer)]
pub struct AnswerView {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// A review point (审查要点) as it stood when the case was taken.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CheckedPoint)]
pub struct PointView {
    /// Code within the item.
    pub code: String,
    /// The code of the material under which it stands.
    #[schema(required)]
    pub material: Option<String>,
    /// What must be so.
    pub text: String,
    /// What a notice says when it is not so.
    pub reason: String,
    /// Whether nothing is accepted while it is open.
    pub blocking: bool,
    /// Whether the machine looked; otherwise the clerk did.
    pub by_machine: bool,
    /// Whether it was found so.
    pub met: bool,
    /// Whether nothing was found: nobody has looked, or what the rule needs was not said.
    pub open: bool,
}

impl PointView {
    pub(crate) fn of(point: &protocol::CheckedPoint) -> Self {
        let protocol::CheckedPoint { code, material, text, reason, blocking, by_machine, met, open } = point;
        Self {
            code: code.clone(),
            material: material.clone(),
            text: text.clone(),
            reason: reason.clone(),
            blocking: *blocking,
            by_machine: *by_machine,
            met: *met,
            open: *open,
        }
    }
}

/// Texts from which a decision starts, filled from the application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecisionTexts)]
pub struct TextsView {
    /// For granting.
    pub grant: String,
    /// For refusing.
    pub refuse: String,
}

/// What stands on the papers that a step makes, beside what its officer writes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PapersToCome)]
pub struct PapersToComeView {
    /// The title of a notice of what is missing.
    pub supplement_notice: String,
    /// The title of what says that an application is not accepted.
    pub rejection: String,
    /// The title of a decision that grants.
    pub granted: String,
    /// The title of a decision that denies.
    pub denied: String,
    /// The department whose seal they bear.
    pub authority: String,
    /// What the seal says below the name.
    pub seal: String,
    /// Where and how long it may be challenged.
    pub remedies: String,
    /// Whether that was held against the law; 待核对 otherwise.
    pub remedies_verified: bool,
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
    /// What kind of paper it is: `certificate`, `approval`, `registration` or `card-receipt`.
    #[schema(value_type = String)]
    pub template: protocol::ResultTemplate,
    /// Its rows.
    pub rows: Vec<RowRecord>,
    /// Years of validity. With neither years nor months nor a last day it is unlimited.
    #[schema(required)]
    pub validity_years: Option<u32>,
    /// Months of validity.
    #[schema(required)]
    pub validity_months: Option<u32>,
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
    /// At which step: `accept`, `review` or `decide`.
    pub step: String,
    /// Who gave it.
    #[schema(required)]
    pub by: Option<String>,
    /// The account of who gave it.
    pub by_account: Uuid,
    /// When.
    pub at: Timestamp,
    /// What was proposed or decided.
    #[schema(required)]
    pub outcome: Option<OutcomeName>,
    /// The opinion. Null where none was given, or once erased.
    #[schema(required)]
    pub text: Option<String>,
}
