//! Personal content of a case, as it is kept apart from the events.

use std::collections::BTreeMap;

use catalogue::{Finding, PointFinding};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who applies (申请人).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Applicant)]
pub struct ApplicantRecord {
    /// A person or an organisation.
    pub kind: ApplicantKind,
    /// Full name, 2 to 100 characters.
    pub name: String,
    /// 公民身份号码 of a person, 统一社会信用代码 of an organisation.
    pub id_number: String,
    /// Mobile or landline.
    pub phone: String,
    /// 通讯地址, at most 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// 法定代表人 of an organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_representative: Option<String>,
    /// 联系人.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// An applicant as typed, where a misspelt field is a fault; what was kept may have fields of a later release.
#[derive(Deserialize)]
#[serde(remote = "ApplicantRecord", deny_unknown_fields)]
pub(crate) struct ApplicantInput {
    kind: ApplicantKind,
    name: String,
    id_number: String,
    phone: String,
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    legal_representative: Option<String>,
    #[serde(default)]
    contact: Option<String>,
}

/// Who acts for the applicant (代理人).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Agent)]
pub struct AgentRecord {
    /// Full name, 2 to 100 characters.
    pub name: String,
    /// 公民身份号码.
    pub id_number: String,
    /// Mobile or landline.
    pub phone: String,
    /// What the agent may do (代理权限), at most 200 characters.
    pub authority: String,
    /// Last day of the authority; none when the paper names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// An agent as typed, where a misspelt field is a fault.
#[derive(Deserialize)]
#[serde(remote = "AgentRecord", deny_unknown_fields)]
pub(crate) struct AgentInput {
    name: String,
    id_number: String,
    phone: String,
    authority: String,
    #[serde(default)]
    until: Option<Date>,
}

/// What was asked about the situation and what was looked at when a case was taken (情形与审查要点).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CheckedRecord {
    /// The code of the chosen option by the code of the question.
    pub answers: BTreeMap<String, String>,
    /// How each point stood.
    pub points: Vec<PointRecord>,
}

/// How a review point stood when the case was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PointRecord {
    /// Its code within the item.
    pub code: String,
    /// Whether the machine looked; otherwise the clerk did.
    pub by_machine: bool,
    /// Whether it was found so.
    pub met: bool,
    /// Nobody has looked, or what its rule needs was not said: then it was not found otherwise either. The records of
    /// before do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    open: Option<bool>,
}

impl PointRecord {
    /// How a point stands.
    pub(crate) fn of(point: &PointFinding<'_>) -> Self {
        Self {
            code: point.code.to_owned(),
            by_machine: point.by_machine,
            met: point.finding == Finding::Met,
            open: Some(point.finding == Finding::Open),
        }
    }

    /// Whether nothing was found.
    pub(crate) fn is_open(&self) -> bool {
        self.open.unwrap_or(!self.met && !self.by_machine)
    }
}

/// What an applicant is (申请人类型).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ApplicantKind {
    /// 自然人.
    Person,
    /// 法人或者其他组织.
    Organisation,
}

/// A material as it was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MaterialRecord {
    /// Its code within the item.
    pub code: String,
    /// What the item calls it.
    pub name: String,
    /// The name the file had, when there is one.
    pub file_name: Option<String>,
    /// What the file is.
    pub media_type: Option<String>,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// SHA-256 of its bytes.
    pub sha256: Option<String>,
    /// Copies handed in.
    pub copies: u16,
    /// Whether the original was handed in.
    pub original: bool,
    /// The date on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated: Option<Date>,
    /// Where its file was here already, when nobody had to bring it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reused_from: Option<ReusedRecord>,
}

/// Where the file of a material was here already (材料复用).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Reused)]
pub struct ReusedRecord {
    /// What it was.
    pub source: ReusedSource,
    /// The case with which it was handed in, or the paper that is the certificate.
    pub id: Uuid,
    /// The case's short number, or the certificate's number.
    pub number: String,
}

/// What a reused file was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReusedSource {
    /// A material of an earlier case.
    Case,
    /// A certificate that was issued here.
    Certificate,
}

/// Who acted at the department, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OfficerRecord {
    /// The officer's name, as the department gives it.
    pub officer: String,
    /// The reason, of a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// To whom the certificate was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
}

/// What a notice of what is missing says (补正告知).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct NoticeRecord {
    /// Who gave it.
    pub officer: String,
    /// Each thing that is missing.
    pub points: Vec<protocol::MissingPoint>,
}

/// Who allowed a second notice, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AllowanceRecord {
    /// Who.
    pub manager: String,
    /// Why.
    pub reason: String,
}

/// Why an application was not accepted (不予受理).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RejectionRecord {
    /// Who said so.
    pub officer: String,
    /// Why.
    pub reason: String,
    /// Which authority is competent, where another one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competent_authority: Option<String>,
}

/// Why the applicant took the application back (撤回申请).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WithdrawalRecord {
    /// The clerk.
    pub clerk: String,
    /// Why.
    pub reason: String,
}

/// How far the department has come (办理进展).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProgressRecord {
    /// The step.
    pub step: String,
    /// Who is at it.
    pub officer: Option<String>,
    /// What is to be said of it.
    pub note: Option<String>,
}

/// What the department has taken into its own system (接收回执).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReceiptFieldsRecord {
    /// The department's own number of the case.
    pub department_number: Option<String>,
    /// Field by field.
    pub fields: Vec<protocol::ReceivedField>,
}

/// A question between window and department, or its answer (前后台咨询).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EnquiryRecord {
    /// Who asks or answers.
    pub by: String,
    /// What.
    pub text: String,
}

/// Who collected the result (领取人).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Collector)]
pub struct CollectorRecord {
    /// Full name.
    pub name: String,
    /// 公民身份号码.
    pub id_number: String,
    /// In person, or for somebody else.
    pub relation: Relation,
    /// By which paper somebody else may (代理权限、授权委托书), at most 200 characters. Needed unless it is the case's agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Anything to be remembered, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A collector as typed, where a misspelt field is a fault.
#[derive(Deserialize)]
#[serde(remote = "CollectorRecord", deny_unknown_fields)]
pub(crate) struct CollectorInput {
    name: String,
    id_number: String,
    relation: Relation,
    #[serde(default)]
    authority: Option<String>,
    #[serde(default)]
    note: Option<String>,
}

/// How a result was sent (邮寄送达).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Post)]
pub struct PostRecord {
    /// Who carries it (寄递企业), such as EMS, at most 50 characters.
    pub carrier: String,
    /// The number by which it can be traced (邮件号码): 8 to 30 letters and digits.
    pub tracking_number: String,
    /// To whom it is addressed.
    pub addressee: String,
    /// Where to, at most 200 characters.
    pub address: String,
    /// The phone on the parcel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Anything to be remembered, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How a result was sent, as typed.
#[derive(Deserialize)]
#[serde(remote = "PostRecord", deny_unknown_fields)]
pub(crate) struct PostInput {
    carrier: String,
    tracking_number: String,
    addressee: String,
    address: String,
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    note: Option<String>,
}

/// For whom somebody collects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = CollectorRelation)]
pub enum Relation {
    /// 本人.
    #[serde(rename = "self")]
    Oneself,
    /// 法定代表人或者主要负责人 of an organisation.
    Representative,
    /// 代领人.
    Agent,
}

impl Relation {
    /// What papers call it.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Oneself => "本人",
            Self::Representative => "法定代表人（主要负责人）",
            Self::Agent => "代领人",
        }
    }
}

/// What a receipt is rendered from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ReceiptModel {
    /// The receipt's own number (文号).
    pub receipt_number: String,
    /// Short number of the case.
    pub number: String,
    /// The window.
    pub window: String,
    /// The clerk's name.
    pub clerk: String,
    /// Who applies.
    pub applicant: ApplicantRecord,
    /// Who acts for the applicant (代理人), by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The item's name.
    pub item: String,
    /// What was handed in.
    pub materials: Vec<MaterialRecord>,
    /// When.
    pub taken_at: jiff::Timestamp,
    /// What the applicant is told of the time until acceptance. Models of before it was kept have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// What is marked 待核对.
    pub unverified: Vec<String>,
}

/// The bytes of a record.
pub(crate) fn bytes(record: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(record).expect("records have string keys and no custom failures")
}
