//! What hall and department tell each other about a case.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::fault::{Check, FaultCode, FieldFault};

const NAME: usize = 200;
const NUMBER: usize = 64;
const CODE: usize = 100;
const POINT: usize = 500;
const TEXT: usize = 1_000;
const LONG_TEXT: usize = 4_000;
const RAW_JSON: u64 = 256 * 1024;
/// Nothing that is printed or fetched is larger.
const FILE_SIZE: u64 = 1 << 30;

/// A message, named by the type of its event.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Message {
    /// Hall to department: here is a case to decide.
    #[serde(rename = "yichuang.task.assigned")]
    TaskAssigned(Box<TaskAssigned>),
    /// Hall to department: the applicant has handed in what was missing (补正).
    #[serde(rename = "yichuang.task.supplemented")]
    TaskSupplemented(Box<TaskSupplemented>),
    /// Hall to department: the window has accepted the case by the department's delegation (委托受理).
    #[serde(rename = "yichuang.task.accepted-at-window")]
    TaskAcceptedAtWindow(TaskAcceptedAtWindow),
    /// Hall to department: the window has decided the case by the department's delegation.
    #[serde(rename = "yichuang.task.decided-at-window")]
    TaskDecidedAtWindow(TaskDecidedAtWindow),
    /// Hall to department: nobody has accepted the case in time, so it counts as accepted (视为受理).
    #[serde(rename = "yichuang.task.deemed-accepted")]
    TaskDeemedAccepted(TaskDeemedAccepted),
    /// Hall to department: the applicant has taken the application back (撤回申请).
    #[serde(rename = "yichuang.task.withdrawn")]
    TaskWithdrawn(TaskWithdrawn),
    /// Department to hall: what has been taken into the department's own system, field by field (接收回执).
    #[serde(rename = "yichuang.task.received")]
    TaskReceived(TaskReceived),
    /// Department to hall: how far it has come (办理进展).
    #[serde(rename = "yichuang.task.progressed")]
    TaskProgressed(TaskProgressed),
    /// Department to hall: the applicant is told everything that is missing (补正告知).
    #[serde(rename = "yichuang.task.supplement-asked")]
    TaskSupplementAsked(TaskSupplementAsked),
    /// Department to hall: the application is not accepted (不予受理).
    #[serde(rename = "yichuang.task.rejected")]
    TaskRejected(TaskRejected),
    /// Department to hall: the case is accepted (受理).
    #[serde(rename = "yichuang.task.accepted")]
    TaskAccepted(TaskAccepted),
    /// Department to hall: the case is decided.
    #[serde(rename = "yichuang.task.decided")]
    TaskDecided(TaskDecided),
    /// Department to hall: a paper can be fetched.
    #[serde(rename = "yichuang.paper.issued")]
    PaperIssued(PaperIssued),
    /// Either to the other: a question about the case (前后台咨询).
    #[serde(rename = "yichuang.enquiry.asked")]
    EnquiryAsked(EnquiryAsked),
    /// Either to the other: the answer to its question.
    #[serde(rename = "yichuang.enquiry.answered")]
    EnquiryAnswered(EnquiryAnswered),
}

/// Does the same with the data of a message, whatever it is.
macro_rules! each {
    ($message:expr, $data:ident => $does:expr) => {
        match $message {
            Message::TaskAssigned($data) => $does,
            Message::TaskSupplemented($data) => $does,
            Message::TaskAcceptedAtWindow($data) => $does,
            Message::TaskDecidedAtWindow($data) => $does,
            Message::TaskDeemedAccepted($data) => $does,
            Message::TaskWithdrawn($data) => $does,
            Message::TaskReceived($data) => $does,
            Message::TaskProgressed($data) => $does,
            Message::TaskSupplementAsked($data) => $does,
            Message::TaskRejected($data) => $does,
            Message::TaskAccepted($data) => $does,
            Message::TaskDecided($data) => $does,
            Message::PaperIssued($data) => $does,
            Message::EnquiryAsked($data) => $does,
            Message::EnquiryAnswered($data) => $does,
        }
    };
}

impl Message {
    /// Every type there is: from the hall, from a department, from either.
    pub const TYPES: [&'static str; 15] = [
        "yichuang.task.assigned",
        "yichuang.task.supplemented",
        "yichuang.task.accepted-at-window",
        "yichuang.task.decided-at-window",
        "yichuang.task.deemed-accepted",
        "yichuang.task.withdrawn",
        "yichuang.task.received",
        "yichuang.task.progressed",
        "yichuang.task.supplement-asked",
        "yichuang.task.rejected",
        "yichuang.task.accepted",
        "yichuang.task.decided",
        "yichuang.paper.issued",
        "yichuang.enquiry.asked",
        "yichuang.enquiry.answered",
    ];

    /// The type of the event that carries it.
    pub fn event_type(&self) -> &'static str {
        match self {
            Message::TaskAssigned(_) => "yichuang.task.assigned",
            Message::TaskSupplemented(_) => "yichuang.task.supplemented",
            Message::TaskAcceptedAtWindow(_) => "yichuang.task.accepted-at-window",
            Message::TaskDecidedAtWindow(_) => "yichuang.task.decided-at-window",
            Message::TaskDeemedAccepted(_) => "yichuang.task.deemed-accepted",
            Message::TaskWithdrawn(_) => "yichuang.task.withdrawn",
            Message::TaskReceived(_) => "yichuang.task.received",
            Message::TaskProgressed(_) => "yichuang.task.progressed",
            Message::TaskSupplementAsked(_) => "yichuang.task.supplement-asked",
            Message::TaskRejected(_) => "yichuang.task.rejected",
            Message::TaskAccepted(_) => "yichuang.task.accepted",
            Message::TaskDecided(_) => "yichuang.task.decided",
            Message::PaperIssued(_) => "yichuang.paper.issued",
            Message::EnquiryAsked(_) => "yichuang.enquiry.asked",
            Message::EnquiryAnswered(_) => "yichuang.enquiry.answered",
        }
    }

    /// The case it is about.
    pub fn case_id(&self) -> Uuid {
        each!(self, data => data.case_id)
    }

    /// The data alone, as JSON text to be kept until it is sent.
    pub fn data(&self) -> RawJson {
        let text = each!(self, data => serde_json::to_string(data));
        let raw = text.and_then(RawJson::parse);
        raw.expect("messages have only text keys and finite numbers")
    }

    /// What is wrong with the data, with pointers below `/data`.
    pub(crate) fn faults(&self) -> Vec<FieldFault> {
        let mut check = Check::at("/data");
        each!(self, data => data.check(&mut check));
        check.finish()
    }
}

/// JSON that is passed on byte for byte: forms and their schemas belong to the item, not to the protocol.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// Takes text that is JSON.
    pub fn parse(text: String) -> Result<Self, serde_json::Error> {
        RawValue::from_string(text).map(RawJson)
    }

    /// The text exactly as it came.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// The value of the text.
    pub fn to_value(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_str(self.0.get())
    }
}

impl From<&Value> for RawJson {
    fn from(value: &Value) -> Self {
        RawJson(RawValue::from_string(value.to_string()).expect("a JSON value prints as JSON"))
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl fmt::Debug for RawJson {
    /// Forms are people's data: only the length is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.as_str().len())
    }
}

/// A case to decide, with all that the department needs to do so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskAssigned {
    /// The case; also the id of the task.
    pub case_id: Uuid,
    /// The short number of digits that is said aloud at the window.
    #[schema(min_length = 1, max_length = 64)]
    pub number: String,
    /// 办件编号.
    #[schema(min_length = 1, max_length = 64)]
    pub official_number: String,
    /// The sitting at the window that the case belongs to.
    pub filing_id: Uuid,
    /// The department that is to decide; one address may serve several.
    pub department_id: Uuid,
    /// The hall that took the case.
    pub hall: HallName,
    /// The window where it was taken.
    #[schema(min_length = 1, max_length = 100)]
    pub window: String,
    /// When the hall took it (收件).
    pub taken_at: Timestamp,
    /// Where the applicant can look up the progress.
    #[schema(min_length = 1, max_length = 2000)]
    pub progress_url: String,
    /// The item, as the hall's catalogue had it when the case was taken.
    pub item: AssignedItem,
    /// Who applies.
    pub applicant: Applicant,
    /// Who acts for the applicant (代理人), if somebody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Agent>,
    /// What the applicant was asked about the situation (情形), and answered.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub answers: Vec<Answer>,
    /// The answers, in the shape of `item.form_schema`.
    #[schema(value_type = Value)]
    pub form: RawJson,
    /// The materials; their bytes are fetched by hash.
    #[schema(max_items = 500)]
    pub materials: Vec<AssignedMaterial>,
    /// What was looked at when the case was taken (审查要点), and what was found.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub points: Vec<CheckedPoint>,
}

/// A hall, for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HallName {
    /// As in the source of the event.
    pub id: Uuid,
    /// 安澜市政务服务中心.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
}

/// The item of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AssignedItem {
    /// Its code in the catalogue.
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
    /// The version of the catalogue entry.
    #[schema(minimum = 1)]
    pub version: u32,
    /// 食品经营许可.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What law it stands under: licence, confirmation, benefit, registration …
    #[schema(min_length = 1, max_length = 100)]
    pub kind: String,
    /// The time the department has.
    #[schema(max_items = 20)]
    pub limits: Vec<Limit>,
    /// Whether one person may review and decide (审核合一).
    pub review_and_decision_in_one: bool,
    /// What comes out of it.
    pub result: ItemResult,
    /// What the papers of the department are called, and on what they rest.
    #[serde(default = "ItemPapers::of_before")]
    #[schema(required)]
    pub papers: ItemPapers,
    /// Texts from which an approver starts; `{/pointer}` is filled in from the application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_texts: Option<DecisionTexts>,
    /// The fields of the department's own system, in the order of its screen.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub department_fields: Vec<DepartmentField>,
    /// JSON Schema of the form.
    #[schema(value_type = Value)]
    pub form_schema: RawJson,
    /// What the catalogue marks as 待核对.
    #[schema(max_items = 200)]
    pub unverified_notes: Vec<String>,
}

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

/// Texts from which an approver starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DecisionTexts {
    /// For granting (准予).
    #[schema(min_length = 1, max_length = 4000)]
    pub grant: String,
    /// For refusing (不予).
    #[schema(min_length = 1, max_length = 4000)]
    pub refuse: String,
}

/// A field of the department's own system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DepartmentField {
    /// Its name there.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What its screen says.
    #[schema(min_length = 1, max_length = 200)]
    pub label: String,
    /// JSON pointer into `{"applicant": …, "agent": …, "answers": …, "form": …}`.
    #[schema(min_length = 1, max_length = 500)]
    pub pointer: String,
}

/// What the papers of the department are called, and on what they rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemPapers {
    /// 受理通知书.
    pub acceptance_notice: NoticeForm,
    /// 补正告知书.
    #[serde(default = "NoticeForm::supplement")]
    pub supplement_notice: NoticeForm,
    /// 不予受理决定书.
    #[serde(default = "NoticeForm::refusal")]
    pub refusal: NoticeForm,
    /// The decision that grants.
    pub granted: DecisionForm,
    /// The decision that denies.
    pub denied: DecisionForm,
}

impl ItemPapers {
    /// The papers of every item, before they were told: those of a licence, as departments then printed them.
    fn of_before() -> Self {
        let basis = |article: &str, verified| {
            vec![Article {
                law: "中华人民共和国行政许可法".to_owned(), article: article.to_owned(), verified
            }]
        };
        let decision = |ruling: &str| DecisionForm {
            title: format!("{ruling}决定书"),
            ruling: ruling.to_owned(),
            basis: basis("第三十八条", false),
        };
        Self {
            acceptance_notice: NoticeForm {
                title: "行政许可申请受理通知书".to_owned(),
                basis: basis("第三十二条", true),
            },
            supplement_notice: NoticeForm::supplement(),
            refusal: NoticeForm::refusal(),
            granted: decision("准予行政许可"),
            denied: decision("不予行政许可"),
        }
    }
}

/// The form of a notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NoticeForm {
    /// 行政许可申请受理通知书.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// The articles it rests on.
    #[schema(max_items = 20)]
    pub basis: Vec<Article>,
}

impl NoticeForm {
    /// What halls of before the supplement had a form meant.
    fn supplement() -> Self {
        Self { title: "申请材料补正告知书".to_owned(), basis: vec![] }
    }

    /// What halls of before the refusal had a form meant.
    fn refusal() -> Self {
        Self { title: "不予受理决定书".to_owned(), basis: vec![] }
    }
}

/// The form of a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DecisionForm {
    /// 准予行政许可决定书.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// What is decided, in its words (决定主文): 准予行政许可.
    #[schema(min_length = 1, max_length = 200)]
    pub ruling: String,
    /// The articles it rests on.
    #[schema(max_items = 20)]
    pub basis: Vec<Article>,
}

/// An article of a law.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Article {
    /// The law, without book-title marks.
    #[schema(min_length = 1, max_length = 200)]
    pub law: String,
    /// The article.
    #[schema(min_length = 1, max_length = 200)]
    pub article: String,
    /// Whether somebody has checked it against the text of the law.
    pub verified: bool,
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

/// What a granted case results in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemResult {
    /// The title of the certificate, if there is one.
    #[schema(min_length = 1, max_length = 200)]
    pub certificate_title: Option<String>,
    /// For how many years a certificate holds. With none of the three it holds for good.
    #[schema(maximum = 200)]
    pub validity_years: Option<u32>,
    /// For how many months it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 2400)]
    pub validity_months: Option<u32>,
    /// JSON pointer to the last day, in the application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500)]
    pub valid_until: Option<String>,
    /// What kind of paper it is.
    #[serde(default)]
    pub template: ResultTemplate,
    /// What stands on the certificate, and where in the form it comes from.
    #[schema(max_items = 100)]
    pub rows: Vec<ResultRow>,
}

/// What kind of paper a result is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ResultTemplate {
    /// 证照, with number, validity and code.
    #[default]
    Certificate,
    /// 批准文件.
    Approval,
    /// 登记证明.
    Registration,
    /// 领卡凭证, for a card that is made elsewhere.
    CardReceipt,
}

/// One row of a certificate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ResultRow {
    /// 经营场所.
    #[schema(min_length = 1, max_length = 200)]
    pub label: String,
    /// JSON pointer into `{"applicant": …, "form": …}`.
    #[schema(min_length = 1, max_length = 500)]
    pub pointer: String,
}

/// Who applies.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Applicant {
    /// A person or an organisation.
    pub kind: ApplicantKind,
    /// The name on the identity document.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Which number it is, such as `resident-id` or `uscc`.
    #[schema(min_length = 1, max_length = 100)]
    pub id_kind: String,
    /// The number itself, in full.
    #[schema(min_length = 1, max_length = 64)]
    pub id_number: String,
    /// Where decisions are announced.
    #[schema(min_length = 1, max_length = 64)]
    pub phone: String,
    /// Where papers may be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500)]
    pub address: Option<String>,
    /// 法定代表人, for an organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200)]
    pub legal_representative: Option<String>,
    /// 联系人 or 经办人.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200)]
    pub contact: Option<String>,
}

impl fmt::Debug for Applicant {
    /// People's data stays out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Applicant").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Who acts for the applicant (代理人).
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Agent {
    /// The name on the identity document.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// 公民身份号码, in full.
    #[schema(min_length = 1, max_length = 64)]
    pub id_number: String,
    /// Where the agent is reached.
    #[schema(min_length = 1, max_length = 64)]
    pub phone: String,
    /// What the agent may do (代理权限).
    #[schema(min_length = 1, max_length = 500)]
    pub authority: String,
    /// The last day of the authority; null where the paper names none.
    pub until: Option<Date>,
}

impl fmt::Debug for Agent {
    /// People's data stays out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agent").finish_non_exhaustive()
    }
}

/// An answer to a question about the situation (情形).
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    /// The question's code within the item.
    #[schema(min_length = 1, max_length = 100)]
    pub question: String,
    /// The question as it was asked.
    #[schema(min_length = 1, max_length = 500)]
    pub text: String,
    /// The answer's code within the question.
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
    /// The answer in words.
    #[schema(min_length = 1, max_length = 500)]
    pub label: String,
}

impl fmt::Debug for Answer {
    /// What people answer stays out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("question", &self.question).finish_non_exhaustive()
    }
}

/// A review point (审查要点) that was looked at when the case was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CheckedPoint {
    /// Its code within the item.
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
    /// The code of the material under which it stands, if it stands under one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub material: Option<String>,
    /// What must be so.
    #[schema(min_length = 1, max_length = 500)]
    pub text: String,
    /// What a notice says when it is not so.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
    /// Whether nothing is accepted while it is not so.
    pub blocking: bool,
    /// Whether the machine has looked; otherwise the clerk has.
    pub by_machine: bool,
    /// Whether it was found so.
    pub met: bool,
}

/// What an applicant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicantKind {
    /// 自然人.
    Person,
    /// 法人或其他组织.
    Organisation,
}

/// One material of the case.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AssignedMaterial {
    /// Its place in the case, from 0.
    pub index: u32,
    /// Its code in the item.
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
    /// What the item calls it.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The name of the file, if there is a file; a sheet of paper has none.
    #[schema(min_length = 1, max_length = 255)]
    pub file_name: Option<String>,
    /// `application/pdf`, `image/png` or `image/jpeg`.
    #[schema(min_length = 1, max_length = 100)]
    pub media_type: Option<String>,
    /// How many bytes.
    pub size: Option<u64>,
    /// By which the bytes are fetched.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub sha256: Option<String>,
    /// How many copies were handed in.
    #[schema(maximum = 1000)]
    pub copies: u32,
    /// Whether the original was handed in.
    pub original: bool,
}

impl fmt::Debug for AssignedMaterial {
    /// A file's name may name a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssignedMaterial")
            .field("index", &self.index)
            .field("code", &self.code)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// What the applicant has handed in upon a notice: the materials, form and points as they are now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskSupplemented {
    /// The case.
    pub case_id: Uuid,
    /// When the hall received it: from then on the limit for acceptance runs anew.
    pub received_at: Timestamp,
    /// The answers of the form, in the shape of `item.form_schema`.
    #[schema(value_type = Value)]
    pub form: RawJson,
    /// All materials, the earlier ones too.
    #[schema(max_items = 500)]
    pub materials: Vec<AssignedMaterial>,
    /// What was looked at, and what was found.
    #[schema(max_items = 500)]
    pub points: Vec<CheckedPoint>,
}

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

/// The applicant has taken the application back (撤回申请). The department stops; what it has made is void.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskWithdrawn {
    /// The case.
    pub case_id: Uuid,
    /// When.
    pub withdrawn_at: Timestamp,
    /// Why, in the applicant's words.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

impl fmt::Debug for TaskWithdrawn {
    /// An applicant's words stay out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskWithdrawn").field("case_id", &self.case_id).finish_non_exhaustive()
    }
}

/// What the department has taken into its own system (接收回执). It may come again; the newest holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskReceived {
    /// The case.
    pub case_id: Uuid,
    /// When.
    pub received_at: Timestamp,
    /// The department's own number of the case, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 64)]
    pub department_number: Option<String>,
    /// Each field of the department's system, in the order of its screen.
    #[schema(max_items = 200)]
    pub fields: Vec<ReceivedField>,
}

/// A field of the department's system.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReceivedField {
    /// Its name there.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What its screen says.
    #[schema(min_length = 1, max_length = 200)]
    pub label: String,
    /// What stands in it now; null when nothing does.
    #[schema(max_length = 4000)]
    pub value: Option<String>,
    /// Whether it was taken as it was sent.
    pub taken: bool,
    /// Why not, or as what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<String>,
}

impl fmt::Debug for ReceivedField {
    /// People's data stays out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedField").field("name", &self.name).field("taken", &self.taken).finish_non_exhaustive()
    }
}

/// How far the department has come (办理进展). It changes nothing by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskProgressed {
    /// The case.
    pub case_id: Uuid,
    /// When.
    pub at: Timestamp,
    /// The step: 审核, 现场核查, 专家评审 …
    #[schema(min_length = 1, max_length = 200)]
    pub step: String,
    /// Who is at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200)]
    pub officer: Option<String>,
    /// What is to be said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 1000)]
    pub note: Option<String>,
}

/// The applicant is told everything that is missing, once (一次性告知). A second notice for the same case needs the reason of
/// a manager.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskSupplementAsked {
    /// The case.
    pub case_id: Uuid,
    /// When.
    pub asked_at: Timestamp,
    /// Who asks.
    #[schema(min_length = 1, max_length = 200)]
    pub officer: String,
    /// Each thing that is missing.
    #[schema(min_items = 1, max_items = 100)]
    pub points: Vec<MissingPoint>,
    /// 补正告知书.
    pub notice: PaperRef,
    /// Who allowed it and why, where it is not the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Allowance>,
}

/// A thing that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MissingPoint {
    /// The code of the review point, where it is one of the item's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub code: Option<String>,
    /// The code of the material it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub material: Option<String>,
    /// What is missing or wrong, and what it has to be.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// That a manager has allowed a second notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Allowance {
    /// Who.
    #[schema(min_length = 1, max_length = 200)]
    pub manager: String,
    /// Why.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

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

/// A question about the case (前后台咨询).
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EnquiryAsked {
    /// The case.
    pub case_id: Uuid,
    /// The question, made by who asks.
    pub enquiry_id: Uuid,
    /// When.
    pub asked_at: Timestamp,
    /// Who asks.
    #[schema(min_length = 1, max_length = 200)]
    pub officer: String,
    /// The question.
    #[schema(min_length = 1, max_length = 1000)]
    pub text: String,
}

impl fmt::Debug for EnquiryAsked {
    /// What is asked about people stays out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnquiryAsked").field("enquiry_id", &self.enquiry_id).finish_non_exhaustive()
    }
}

/// The answer to a question.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EnquiryAnswered {
    /// The case.
    pub case_id: Uuid,
    /// The question.
    pub enquiry_id: Uuid,
    /// When.
    pub answered_at: Timestamp,
    /// Who answers.
    #[schema(min_length = 1, max_length = 200)]
    pub officer: String,
    /// The answer.
    #[schema(min_length = 1, max_length = 1000)]
    pub text: String,
}

impl fmt::Debug for EnquiryAnswered {
    /// What is answered about people stays out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnquiryAnswered").field("enquiry_id", &self.enquiry_id).finish_non_exhaustive()
    }
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

/// A paper that is announced before its bytes are there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PaperRef {
    /// The paper.
    pub paper_id: Uuid,
    /// 文号.
    #[schema(min_length = 1, max_length = 64)]
    pub number: String,
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

impl TaskAssigned {
    fn check(&self, check: &mut Check) {
        let TaskAssigned {
            case_id: _,
            number,
            official_number,
            filing_id: _,
            department_id: _,
            hall,
            window,
            taken_at: _,
            progress_url,
            item,
            applicant,
            agent,
            answers,
            form,
            materials,
            points,
        } = self;
        check.line("number", number, NUMBER);
        check.line("official_number", official_number, NUMBER);
        check.within("hall", |check| check.line("name", &hall.name, NAME));
        check.line("window", window, CODE);
        check.line("progress_url", progress_url, 2_000);
        if !progress_url.starts_with("https://") && !progress_url.starts_with("http://") {
            check.fault("progress_url", FaultCode::NotAllowed, Value::from(progress_url.as_str()), None);
        }
        check.within("item", |check| item.check(check));
        check.within("applicant", |check| applicant.check(check));
        if let Some(agent) = agent {
            check.within("agent", |check| agent.check(check));
        }
        check.list("answers", answers, 20, |check, Answer { question, text, code, label }| {
            check.line("question", question, CODE);
            check.line("text", text, POINT);
            check.line("code", code, CODE);
            check.line("label", label, POINT);
        });
        raw(check, "form", form);
        check_points(check, points);
        check_materials(check, materials);
    }
}

fn check_materials(check: &mut Check, materials: &[AssignedMaterial]) {
    check.list("materials", materials, 500, |check, material| material.check(check));
    for (place, material) in materials.iter().enumerate() {
        if material.index as usize != place {
            check.within("materials", |check| {
                check.within(&place.to_string(), |check| {
                    check.fault("index", FaultCode::Contradiction, Value::from(material.index), None);
                });
            });
        }
    }
}

fn check_points(check: &mut Check, points: &[CheckedPoint]) {
    check.list("points", points, 500, |check, point| {
        let CheckedPoint { code, material, text, reason, blocking: _, by_machine: _, met: _ } = point;
        check.line("code", code, CODE);
        check.optional_line("material", material.as_deref(), CODE);
        check.line("text", text, POINT);
        check.line("reason", reason, POINT);
    });
}

fn check_certificate(check: &mut Check, outcome: Outcome, certificate: Option<&Certificate>) {
    if let Some(certificate) = certificate {
        if outcome == Outcome::Denied {
            check.fault("certificate", FaultCode::Contradiction, None, None);
        }
        check.within("certificate", |check| certificate.check(check));
    }
}

impl AssignedItem {
    fn check(&self, check: &mut Check) {
        let AssignedItem {
            code,
            version,
            name,
            kind,
            limits,
            review_and_decision_in_one: _,
            result,
            papers,
            decision_texts,
            department_fields,
            form_schema,
            unverified_notes,
        } = self;
        check.line("code", code, CODE);
        check.number("version", u64::from(*version), 1, u64::from(u32::MAX));
        check.line("name", name, NAME);
        check.line("kind", kind, CODE);
        check.list("limits", limits, 20, |check, limit| {
            let Limit { clock: _, days, unit: _, start: _, law, article, verified: _, silence: _ } = limit;
            check.number("days", u64::from(*days), 0, 1_000);
            check.line("law", law, NAME);
            check.line("article", article, NAME);
        });
        check.within("result", |check| {
            let ItemResult { certificate_title, validity_years, validity_months, valid_until, template: _, rows } =
                result;
            check.optional_line("certificate_title", certificate_title.as_deref(), NAME);
            if let Some(years) = validity_years {
                check.number("validity_years", u64::from(*years), 1, 200);
            }
            if let Some(months) = validity_months {
                check.number("validity_months", u64::from(*months), 1, 2_400);
            }
            check.optional_line("valid_until", valid_until.as_deref(), 500);
            check.list("rows", rows, 100, |check, ResultRow { label, pointer }| {
                check.line("label", label, NAME);
                check.line("pointer", pointer, 500);
            });
        });
        check.within("papers", |check| papers.check(check));
        if let Some(DecisionTexts { grant, refuse }) = decision_texts {
            check.within("decision_texts", |check| {
                check.lines("grant", grant, LONG_TEXT);
                check.lines("refuse", refuse, LONG_TEXT);
            });
        }
        check.list("department_fields", department_fields, 200, |check, DepartmentField { name, label, pointer }| {
            check.line("name", name, NAME);
            check.line("label", label, NAME);
            check.line("pointer", pointer, 500);
        });
        raw(check, "form_schema", form_schema);
        check.list("unverified_notes", unverified_notes, 200, |_, _| {});
        check.within("unverified_notes", |check| {
            for (index, note) in unverified_notes.iter().enumerate().take(200) {
                check.lines(&index.to_string(), note, 1_000);
            }
        });
    }
}

impl ItemPapers {
    fn check(&self, check: &mut Check) {
        let ItemPapers { acceptance_notice, supplement_notice, refusal, granted, denied } = self;
        let notices =
            [("acceptance_notice", acceptance_notice), ("supplement_notice", supplement_notice), ("refusal", refusal)];
        for (field, NoticeForm { title, basis }) in notices {
            check.within(field, |check| {
                check.line("title", title, NAME);
                articles(check, basis);
            });
        }
        for (field, DecisionForm { title, ruling, basis }) in [("granted", granted), ("denied", denied)] {
            check.within(field, |check| {
                check.line("title", title, NAME);
                check.line("ruling", ruling, NAME);
                articles(check, basis);
            });
        }
    }
}

fn articles(check: &mut Check, basis: &[Article]) {
    check.list("basis", basis, 20, |check, Article { law, article, verified: _ }| {
        check.line("law", law, NAME);
        check.line("article", article, NAME);
    });
}

impl Applicant {
    fn check(&self, check: &mut Check) {
        let Applicant { kind: _, name, id_kind, id_number, phone, address, legal_representative, contact } = self;
        check.line("name", name, NAME);
        check.line("id_kind", id_kind, CODE);
        check.line("id_number", id_number, NUMBER);
        check.line("phone", phone, 64);
        check.optional_line("address", address.as_deref(), 500);
        check.optional_line("legal_representative", legal_representative.as_deref(), NAME);
        check.optional_line("contact", contact.as_deref(), NAME);
    }
}

impl Agent {
    fn check(&self, check: &mut Check) {
        let Agent { name, id_number, phone, authority, until: _ } = self;
        check.line("name", name, NAME);
        check.line("id_number", id_number, NUMBER);
        check.line("phone", phone, 64);
        check.line("authority", authority, POINT);
    }
}

impl AssignedMaterial {
    fn check(&self, check: &mut Check) {
        let AssignedMaterial { index: _, code, name, file_name, media_type, size, sha256, copies, original: _ } = self;
        check.line("code", code, CODE);
        check.line("name", name, NAME);
        check.optional_line("file_name", file_name.as_deref(), 255);
        check.optional_line("media_type", media_type.as_deref(), 100);
        check.number("copies", u64::from(*copies), 0, 1_000);
        if let Some(size) = size {
            check.number("size", *size, 1, FILE_SIZE);
        }
        if let Some(sha256) = sha256 {
            check.sha256("sha256", sha256);
        }
        if sha256.is_some() && (size.is_none() || media_type.is_none()) {
            check.fault("sha256", FaultCode::Contradiction, None, None);
        }
    }
}

impl TaskSupplemented {
    fn check(&self, check: &mut Check) {
        let TaskSupplemented { case_id: _, received_at: _, form, materials, points } = self;
        raw(check, "form", form);
        check_materials(check, materials);
        check_points(check, points);
    }
}

impl TaskAcceptedAtWindow {
    fn check(&self, check: &mut Check) {
        let TaskAcceptedAtWindow { case_id: _, accepted_at: _, officer, agreement, notice } = self;
        check.line("officer", officer, NAME);
        check.line("agreement", agreement, NAME);
        check.within("notice", |check| check.line("number", &notice.number, NUMBER));
    }
}

impl TaskDecidedAtWindow {
    fn check(&self, check: &mut Check) {
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

impl TaskWithdrawn {
    fn check(&self, check: &mut Check) {
        let TaskWithdrawn { case_id: _, withdrawn_at: _, reason } = self;
        check.lines("reason", reason, TEXT);
    }
}

impl TaskReceived {
    fn check(&self, check: &mut Check) {
        let TaskReceived { case_id: _, received_at: _, department_number, fields } = self;
        check.optional_line("department_number", department_number.as_deref(), NUMBER);
        check.list("fields", fields, 200, |check, ReceivedField { name, label, value, taken: _, note }| {
            check.line("name", name, NAME);
            check.line("label", label, NAME);
            if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
                check.lines("value", value, LONG_TEXT);
            }
            check.optional_line("note", note.as_deref(), POINT);
        });
    }
}

impl TaskProgressed {
    fn check(&self, check: &mut Check) {
        let TaskProgressed { case_id: _, at: _, step, officer, note } = self;
        check.line("step", step, NAME);
        check.optional_line("officer", officer.as_deref(), NAME);
        if let Some(note) = note {
            check.lines("note", note, TEXT);
        }
    }
}

impl TaskSupplementAsked {
    fn check(&self, check: &mut Check) {
        let TaskSupplementAsked { case_id: _, asked_at: _, officer, points, notice, allowed } = self;
        check.line("officer", officer, NAME);
        if points.is_empty() {
            check.fault("points", FaultCode::Empty, None, None);
        }
        check.list("points", points, 100, |check, MissingPoint { code, material, reason }| {
            check.optional_line("code", code.as_deref(), CODE);
            check.optional_line("material", material.as_deref(), CODE);
            check.line("reason", reason, POINT);
        });
        check.within("notice", |check| check.line("number", &notice.number, NUMBER));
        if let Some(Allowance { manager, reason }) = allowed {
            check.within("allowed", |check| {
                check.line("manager", manager, NAME);
                check.lines("reason", reason, TEXT);
            });
        }
    }
}

impl TaskRejected {
    fn check(&self, check: &mut Check) {
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

impl EnquiryAsked {
    fn check(&self, check: &mut Check) {
        let EnquiryAsked { case_id: _, enquiry_id: _, asked_at: _, officer, text } = self;
        check.line("officer", officer, NAME);
        check.lines("text", text, TEXT);
    }
}

impl EnquiryAnswered {
    fn check(&self, check: &mut Check) {
        let EnquiryAnswered { case_id: _, enquiry_id: _, answered_at: _, officer, text } = self;
        check.line("officer", officer, NAME);
        check.lines("text", text, TEXT);
    }
}

impl TaskDeemedAccepted {
    fn check(&self, check: &mut Check) {
        let TaskDeemedAccepted { case_id: _, accepted_at, deemed_at } = self;
        if deemed_at <= accepted_at {
            check.fault("deemed_at", FaultCode::Contradiction, Value::from(deemed_at.to_string()), None);
        }
    }
}

impl TaskAccepted {
    fn check(&self, check: &mut Check) {
        let TaskAccepted { case_id: _, accepted_at: _, officer, notice } = self;
        check.line("officer", officer, NAME);
        check.within("notice", |check| check.line("number", &notice.number, NUMBER));
    }
}

impl TaskDecided {
    fn check(&self, check: &mut Check) {
        let TaskDecided { case_id: _, decided_at: _, officer, outcome, reason, decision, certificate } = self;
        check.line("officer", officer, NAME);
        check.lines("reason", reason, LONG_TEXT);
        check.within("decision", |check| check.line("number", &decision.number, NUMBER));
        check_certificate(check, *outcome, certificate.as_ref());
    }
}

impl Certificate {
    fn check(&self, check: &mut Check) {
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

impl PaperIssued {
    fn check(&self, check: &mut Check) {
        let PaperIssued { case_id: _, paper_id: _, kind: _, number, sha256, size } = self;
        check.line("number", number, NUMBER);
        check.sha256("sha256", sha256);
        check.number("size", *size, 1, FILE_SIZE);
    }
}

fn raw(check: &mut Check, field: &str, json: &RawJson) {
    if json.as_str().len() as u64 > RAW_JSON {
        check.fault(field, FaultCode::TooLong, None, Some(RAW_JSON));
    } else if !json.as_str().starts_with('{') {
        check.fault(field, FaultCode::WrongType, None, None);
    }
}
