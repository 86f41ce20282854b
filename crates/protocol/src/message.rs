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
    /// Hall to department: nobody has accepted the case in time, so it counts as accepted (视为受理).
    #[serde(rename = "yichuang.task.deemed-accepted")]
    TaskDeemedAccepted(TaskDeemedAccepted),
    /// Department to hall: the case is accepted (受理).
    #[serde(rename = "yichuang.task.accepted")]
    TaskAccepted(TaskAccepted),
    /// Department to hall: the case is decided.
    #[serde(rename = "yichuang.task.decided")]
    TaskDecided(TaskDecided),
    /// Department to hall: a paper can be fetched.
    #[serde(rename = "yichuang.paper.issued")]
    PaperIssued(PaperIssued),
}

impl Message {
    /// Every type there is, in the order of a case.
    pub const TYPES: [&'static str; 5] = [
        "yichuang.task.assigned",
        "yichuang.task.deemed-accepted",
        "yichuang.task.accepted",
        "yichuang.task.decided",
        "yichuang.paper.issued",
    ];

    /// The type of the event that carries it.
    pub fn event_type(&self) -> &'static str {
        match self {
            Message::TaskAssigned(_) => Self::TYPES[0],
            Message::TaskDeemedAccepted(_) => Self::TYPES[1],
            Message::TaskAccepted(_) => Self::TYPES[2],
            Message::TaskDecided(_) => Self::TYPES[3],
            Message::PaperIssued(_) => Self::TYPES[4],
        }
    }

    /// The case it is about.
    pub fn case_id(&self) -> Uuid {
        match self {
            Message::TaskAssigned(data) => data.case_id,
            Message::TaskDeemedAccepted(data) => data.case_id,
            Message::TaskAccepted(data) => data.case_id,
            Message::TaskDecided(data) => data.case_id,
            Message::PaperIssued(data) => data.case_id,
        }
    }

    /// The data alone, as JSON text to be kept until it is sent.
    pub fn data(&self) -> RawJson {
        let text = match self {
            Message::TaskAssigned(data) => serde_json::to_string(data),
            Message::TaskDeemedAccepted(data) => serde_json::to_string(data),
            Message::TaskAccepted(data) => serde_json::to_string(data),
            Message::TaskDecided(data) => serde_json::to_string(data),
            Message::PaperIssued(data) => serde_json::to_string(data),
        };
        let raw = text.and_then(RawJson::parse);
        raw.expect("messages have only text keys and finite numbers")
    }

    /// What is wrong with the data, with pointers below `/data`.
    pub(crate) fn faults(&self) -> Vec<FieldFault> {
        let mut check = Check::at("/data");
        match self {
            Message::TaskAssigned(data) => data.check(&mut check),
            Message::TaskDeemedAccepted(data) => data.check(&mut check),
            Message::TaskAccepted(data) => data.check(&mut check),
            Message::TaskDecided(data) => data.check(&mut check),
            Message::PaperIssued(data) => data.check(&mut check),
        }
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
    /// The answers, in the shape of `item.form_schema`.
    #[schema(value_type = Value)]
    pub form: RawJson,
    /// The materials; their bytes are fetched by hash.
    #[schema(max_items = 500)]
    pub materials: Vec<AssignedMaterial>,
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
    pub papers: ItemPapers,
    /// JSON Schema of the form.
    #[schema(value_type = Value)]
    pub form_schema: RawJson,
    /// What the catalogue marks as 待核对.
    #[schema(max_items = 200)]
    pub unverified_notes: Vec<String>,
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
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

/// What the papers of the department are called, and on what they rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemPapers {
    /// 受理通知书.
    pub acceptance_notice: NoticeForm,
    /// The decision that grants.
    pub granted: DecisionForm,
    /// The decision that denies.
    pub denied: DecisionForm,
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
    /// How long a certificate holds; null is for good.
    #[schema(maximum = 200)]
    pub validity_years: Option<u32>,
    /// What stands on the certificate, and where in the form it comes from.
    #[schema(max_items = 100)]
    pub rows: Vec<ResultRow>,
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

/// The limit for acceptance is over and the department has been silent: by law the case is accepted, and can only be
/// decided. An acceptance that the department sends all the same, because the two crossed, is kept and changes no date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskDeemedAccepted {
    /// The case.
    pub case_id: Uuid,
    /// From when the clocks of the department run: when the hall took the case, as `taken_at` said.
    pub accepted_at: Timestamp,
    /// When the limit was over.
    pub deemed_at: Timestamp,
}

/// The department accepts the case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskAccepted {
    /// The case.
    pub case_id: Uuid,
    /// From when the clocks of the department run: not before the hall took the case, and not in the future.
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
    /// When: not before the acceptance, and not in the future.
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
            form,
            materials,
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
        raw(check, "form", form);
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
            let ItemResult { certificate_title, validity_years, rows } = result;
            check.optional_line("certificate_title", certificate_title.as_deref(), NAME);
            if let Some(years) = validity_years {
                check.number("validity_years", u64::from(*years), 1, 200);
            }
            check.list("rows", rows, 100, |check, ResultRow { label, pointer }| {
                check.line("label", label, NAME);
                check.line("pointer", pointer, 500);
            });
        });
        check.within("papers", |check| papers.check(check));
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
        let ItemPapers { acceptance_notice: NoticeForm { title, basis }, granted, denied } = self;
        check.within("acceptance_notice", |check| {
            check.line("title", title, NAME);
            articles(check, basis);
        });
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
        if let Some(certificate) = certificate {
            if *outcome == Outcome::Denied {
                check.fault("certificate", FaultCode::Contradiction, None, None);
            }
            check.within("certificate", |check| certificate.check(check));
        }
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
