//! What the desks see of items, cases, papers and prints.

use catalogue::{CatalogueItem, Finding};
use domain::{
    case::{Case, DeliveryWay, Outcome},
    clock::{Article, ArticleStatus, Clock, ClockKind},
    identity::{mask_number, mask_phone},
    ids::CaseId,
    item::{Choice, Faq, Item, Original, Question, ReviewPoint, Subject, Validity},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use store::{CaseRow, PaperRow, PrintRow, StoreError, Tx};
use utoipa::ToSchema;
use uuid::Uuid;
use web::view::{
    BudgetView, ClockName, ClockView, DeliveryView, LightName, OutcomeName, PaperKindName, PaperStateName, in_order,
};

use crate::{
    Hall, HallError,
    assignment::{answers, points},
    delegation::Act,
    records::{
        AgentRecord, ApplicantKind, ApplicantRecord, CheckedRecord, CollectorRecord, MaterialRecord, OfficerRecord,
        PostRecord, ReusedRecord,
    },
    review::FeeLineView,
    step_views::{
        self, DepartmentReceiptView, EnquiryView, NoticeView, OriginalView, ProgressView, RejectionView, WithdrawalView,
    },
};

/// A file that was kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileView {
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// What it is, by its content.
    pub media_type: String,
    /// The name it came with.
    pub name: String,
}

/// An item in the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemRow {
    /// Implementation code (实施编码).
    pub code: String,
    /// Version of the entry.
    pub version: u32,
    /// Name.
    pub name: String,
    /// Everyday names.
    pub aliases: Vec<String>,
    /// The department that decides.
    pub department_name: String,
    /// Kind of power (事项类型).
    pub kind: &'static str,
    /// Promised limit.
    #[schema(required)]
    pub promised: Option<BudgetView>,
    /// Statutory limit.
    #[schema(required)]
    pub statutory: Option<BudgetView>,
    /// Decided at one sitting (即办件).
    pub immediate: bool,
    /// Who may apply (服务对象).
    pub subjects: Vec<ApplicantKind>,
    /// Whether something legal in it is marked 待核对.
    pub unverified: bool,
}

/// An item, whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemView {
    /// As in the list.
    #[serde(flatten)]
    pub row: ItemRow,
    /// On what law it stands.
    pub legal_basis: Vec<ArticleView>,
    /// Its clocks.
    pub limits: Vec<LimitView>,
    /// What is charged.
    pub fee: FeeView,
    /// JSON Schema of the form.
    #[schema(value_type = Object)]
    pub form_schema: Value,
    /// Order and widgets of the form.
    #[schema(value_type = Object)]
    pub ui_schema: Value,
    /// What must be handed in.
    pub materials: Vec<ItemMaterialView>,
    /// What comes out.
    pub result: ItemResultView,
    /// Situations (情形): questions that select materials and points.
    pub questions: Vec<QuestionView>,
    /// Review points (审查要点) that belong to no material.
    pub points: Vec<ReviewPointView>,
    /// Who accepts (受理).
    pub accepts: SeatName,
    /// Who decides.
    pub decides: SeatName,
    /// What the department has left to the window today (委托): `accept`, `decide`.
    pub delegated: Vec<Act>,
    /// On what conditions it is accepted (受理条件).
    pub conditions: Vec<String>,
    /// Cautions for the clerk.
    pub cautions: Vec<String>,
    /// What people ask (常见问题).
    pub faq: Vec<FaqView>,
    /// From what a decision's text starts.
    pub decision_texts: DecisionTextsView,
    /// A made-up application that is valid, to practise with.
    pub example: ExampleView,
}

/// From what a decision's text starts (决定文书正文). `{/pointer}` is what the application says there: pointers lead into
/// `{"applicant": …, "agent": …, "answers": …, "form": …}`, and `{/item/name}` is the item.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecisionTexts)]
pub struct DecisionTextsView {
    /// For granting (准予).
    pub grant: String,
    /// For denying (不予).
    pub refuse: String,
}

/// A made-up application (示例).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Example)]
pub struct ExampleView {
    /// Who applies: `kind`, `name` and `id_number`.
    #[schema(value_type = Object)]
    pub applicant: Value,
    /// The chosen options.
    #[schema(value_type = Object)]
    pub answers: Value,
    /// The form.
    #[schema(value_type = Object)]
    pub form: Value,
    /// What is handed in, by code, where a date or a number of copies matters.
    #[schema(value_type = Object)]
    pub materials: Value,
}

/// Where a step is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Seat)]
pub enum SeatName {
    /// In the department.
    Department,
    /// At the window, by the department's delegation.
    Window,
}

/// A question about the situation (情形).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Question)]
pub struct QuestionView {
    /// Code within the item.
    pub code: String,
    /// The question.
    pub text: String,
    /// Its answers.
    pub options: Vec<ChoiceView>,
}

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Choice)]
pub struct ChoiceView {
    /// Code within the question.
    pub code: String,
    /// The answer.
    pub label: String,
}

/// A review point (审查要点).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReviewPoint)]
pub struct ReviewPointView {
    /// Code within the item.
    pub code: String,
    /// What must be so.
    pub text: String,
    /// What the one-time notice says when it is not so.
    pub reason: String,
    /// Whether nothing is accepted while it is open.
    pub blocking: bool,
    /// Whether the machine checks it; otherwise the clerk ticks it.
    pub by_machine: bool,
    /// Whether it was held against its source.
    pub status: StatusView,
}

/// How a review point stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Finding)]
pub enum FindingName {
    /// It is so.
    Met,
    /// It is not so.
    Violated,
    /// Nobody has looked yet, or what it needs has not been said.
    Open,
}

impl FindingName {
    pub(crate) fn of(finding: Finding) -> Self {
        match finding {
            Finding::Met => Self::Met,
            Finding::Violated => Self::Violated,
            Finding::Open => Self::Open,
        }
    }
}

/// What people ask, and the answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Faq)]
pub struct FaqView {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// An article of a law.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleView {
    /// The law.
    pub law: String,
    /// The article.
    pub article: String,
    /// `sourced`, or `unverified` for 待核对.
    pub status: StatusView,
    /// Where it was read.
    #[schema(required)]
    pub source: Option<String>,
}

/// Whether an entry was held against its source.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = SourceStatus)]
pub enum StatusView {
    /// It was.
    Sourced,
    /// It was not: 待核对.
    Unverified,
}

impl StatusView {
    fn of(sourced: bool) -> Self {
        if sourced { Self::Sourced } else { Self::Unverified }
    }
}

/// A clock that an item has.
#[derive(Debug, Serialize, ToSchema)]
pub struct LimitView {
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

/// What is charged.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeeView {
    /// In words.
    pub text: String,
    /// The tariff; empty when nothing is charged or the words say it all.
    pub lines: Vec<FeeLineView>,
    /// Whether it was held against its source.
    pub status: StatusView,
}

/// A material that an item asks for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ItemMaterial)]
pub struct ItemMaterialView {
    /// Code within the item.
    pub code: String,
    /// Name.
    pub name: String,
    /// Who issues it.
    pub source: String,
    /// Copies asked for.
    pub copies: u16,
    /// What it is in any item, so that it can be used again; null for what is only of this item.
    #[schema(required)]
    pub kind: Option<String>,
    /// What happens to the original.
    pub original: OriginalName,
    /// Whether it must be there, where it is asked for.
    pub required: bool,
    /// Key material (主要材料).
    pub key: bool,
    /// For how many days after its date it can be used again; null: as long as it is valid.
    #[schema(required)]
    pub valid_days: Option<u16>,
    /// What a clerk looks at on it.
    pub points: Vec<ReviewPointView>,
    /// What it must look like (受理标准).
    pub standard: String,
    /// Media types of files that are taken.
    pub accepts: Vec<&'static str>,
    /// Whether the entry was held against its source.
    pub status: StatusView,
}

/// What happens to an original (原件).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Original)]
pub enum OriginalName {
    /// A copy is enough.
    No,
    /// Shown, and given back at once (核验后退回).
    Shown,
    /// Kept with the case (收取).
    Kept,
}

/// What comes out of an item.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ItemResult)]
pub struct ItemResultView {
    /// Title of the certificate.
    pub certificate_title: String,
    /// What kind of paper: `certificate`, `approval`, `registration` or `card-receipt`.
    pub template: &'static str,
    /// Years of validity. With neither years, months nor a field it is unlimited.
    #[schema(required)]
    pub validity_years: Option<u16>,
    /// Months of validity.
    #[schema(required)]
    pub validity_months: Option<u16>,
    /// The field of the application that has the last day, as a JSON pointer.
    #[schema(required)]
    pub valid_until: Option<String>,
    /// Whether it was held against its source.
    pub status: StatusView,
}

/// A filing that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FilingView {
    /// Its id.
    pub id: Uuid,
    /// Its cases.
    pub cases: Vec<CaseView>,
}

/// A case in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CaseRow)]
pub struct CaseRowView {
    /// The case.
    pub id: Uuid,
    /// Short number, 16 digits.
    pub number: String,
    /// The same, grouped as it is said.
    pub number_spoken: String,
    /// The item's name.
    pub item_name: String,
    /// The applicant's name, a person's masked.
    pub applicant_masked: String,
    /// Where it stands.
    pub state: CaseStateName,
    /// Whether it was the department's silence that accepted it (视为受理).
    pub deemed_accepted: bool,
    /// What was decided.
    #[schema(required)]
    pub outcome: Option<OutcomeName>,
    /// The department that decides.
    pub department_name: String,
    /// The window that took it.
    pub window: String,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// When the first of its running clocks ends.
    #[schema(required)]
    pub due: Option<Timestamp>,
    /// The worst light of its running clocks.
    pub light: LightName,
    /// Since when its department waits for an answer of the window.
    #[schema(required)]
    pub asked_at: Option<Timestamp>,
    /// Since when the applicant has been told again what is missing, as long as the case is open.
    #[schema(required)]
    pub told_again_at: Option<Timestamp>,
    /// Its version, for `If-Match`.
    pub version: u64,
}

/// A message to a department that is not sent any more until somebody sends it again.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FailedDelivery)]
pub struct FailedDeliveryView {
    /// The case that it is about.
    pub case: CaseRowView,
    /// The message, and why it was given up.
    pub delivery: DeliveryView,
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = CaseState)]
pub enum CaseStateName {
    /// 收件.
    Taken,
    /// 待补正.
    SupplementAsked,
    /// 不予受理.
    Rejected,
    /// 受理.
    Accepted,
    /// 已决定.
    Decided,
    /// 出证.
    Issued,
    /// 已撤回.
    Withdrawn,
    /// 送达.
    Delivered,
    /// 办结.
    Closed,
}

impl CaseStateName {
    const ALL: [Self; 9] = [
        Self::Taken,
        Self::SupplementAsked,
        Self::Rejected,
        Self::Accepted,
        Self::Decided,
        Self::Issued,
        Self::Withdrawn,
        Self::Delivered,
        Self::Closed,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::SupplementAsked => "supplement-asked",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Accepted => "accepted",
            Self::Decided => "decided",
            Self::Issued => "issued",
            Self::Delivered => "delivered",
            Self::Closed => "closed",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A case, whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseView {
    /// As in the list.
    #[serde(flatten)]
    pub row: CaseRowView,
    /// The filing it belongs to.
    pub filing_id: Uuid,
    /// Implementation code of its item (实施编码).
    pub item_code: String,
    /// Official number (办件编号).
    pub official_number: String,
    /// Who applies; numbers masked. Null once erased.
    #[schema(required)]
    pub applicant: Option<ApplicantRecord>,
    /// Who acts for the applicant; number and phone masked.
    #[schema(required)]
    pub agent: Option<AgentRecord>,
    /// What was answered about the situation, in words.
    pub answers: Vec<AnswerView>,
    /// What was looked at when it was taken, and what was found.
    pub points: Vec<CheckedPointView>,
    /// What the form says. Null once erased.
    #[schema(required, value_type = Option<Object>)]
    pub form: Option<Value>,
    /// JSON Schema of the form, for its titles.
    #[schema(value_type = Object)]
    pub form_schema: Value,
    /// What was handed in.
    pub materials: Vec<MaterialView>,
    /// Its clocks.
    pub clocks: Vec<ClockView>,
    /// Its papers, oldest first.
    pub papers: Vec<PaperView>,
    /// How the message to the department stands.
    #[schema(required)]
    pub delivery_to_department: Option<DeliveryView>,
    /// The acceptance.
    #[schema(required)]
    pub acceptance: Option<AcceptanceView>,
    /// The decision.
    #[schema(required)]
    pub decision: Option<DecisionView>,
    /// The notices of what was missing (补正), oldest first.
    pub notices: Vec<NoticeView>,
    /// That it was not accepted.
    #[schema(required)]
    pub rejection: Option<RejectionView>,
    /// That the applicant took it back.
    #[schema(required)]
    pub withdrawal: Option<WithdrawalView>,
    /// The questions between window and department, oldest first.
    pub enquiries: Vec<EnquiryView>,
    /// How far the department said it has come, oldest first.
    pub progress: Vec<ProgressView>,
    /// What the department said it has taken over.
    #[schema(required)]
    pub department_receipt: Option<DepartmentReceiptView>,
    /// The originals that the hall has taken.
    pub originals: Vec<OriginalView>,
    /// Who collected the result; number masked.
    #[schema(required)]
    pub collector: Option<CollectorRecord>,
    /// How the result was sent, where nobody collected it; phone masked.
    #[schema(required)]
    pub post: Option<PostRecord>,
    /// When it was handed over, or posted.
    #[schema(required)]
    pub handed_over_at: Option<Timestamp>,
    /// What is marked 待核对.
    pub unverified_notes: Vec<String>,
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
pub struct CheckedPointView {
    /// Code within the item.
    pub code: String,
    /// The code of the material under which it stands.
    #[schema(required)]
    pub material: Option<String>,
    /// What must be so.
    pub text: String,
    /// Whether nothing is accepted while it is open.
    pub blocking: bool,
    /// Whether the machine looked; otherwise the clerk did.
    pub by_machine: bool,
    /// Whether it was found so.
    pub met: bool,
    /// Whether nothing was found: nobody has looked, or what the rule needs was not said.
    pub open: bool,
}

/// A material of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct MaterialView {
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
    pub copies: u16,
    /// Whether the original was handed in.
    pub original: bool,
    /// The date on it (出具日期).
    pub dated: Option<Date>,
    /// Where its file was here already, when nobody had to bring it (材料复用).
    pub reused_from: Option<ReusedRecord>,
}

/// A paper of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperView {
    /// The paper.
    pub id: Uuid,
    /// What it is.
    pub kind: PaperKindName,
    /// Its title.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Whether its bytes are here.
    pub state: PaperStateName,
    /// Its prints, first to last.
    pub prints: Vec<PrintView>,
}

/// One attempt to put a paper on paper.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PrintView {
    /// The print.
    pub id: Uuid,
    /// The paper.
    pub paper_id: Uuid,
    /// The how-manieth print of the paper, from 1.
    pub nth: u32,
    /// Why again.
    #[schema(required)]
    pub reason: Option<String>,
    /// How it stands.
    pub state: PrintStateName,
    /// What keeps it, such as `paper-out`.
    #[schema(required)]
    pub trouble: Option<String>,
    /// The printer.
    #[schema(required)]
    pub printer: Option<String>,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When it ended.
    #[schema(required)]
    pub finished_at: Option<Timestamp>,
}

/// How a print stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = PrintState)]
pub enum PrintStateName {
    /// Waits for the print station.
    Queued,
    /// The station has it.
    Claimed,
    /// The printer has it.
    Sent,
    /// It is being printed.
    Printing,
    /// The printer waits for a person.
    Held,
    /// Printed.
    Done,
    /// Not printed.
    Failed,
    /// Called off.
    Cancelled,
}

/// An acceptance.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcceptanceView {
    /// From when the limits of the decision run; by silence, when the materials were received.
    pub accepted_at: Timestamp,
    /// When the limit was over, if it was the department's silence that accepted (视为受理).
    #[schema(required)]
    pub deemed_at: Option<Timestamp>,
    /// When the department said so: null while it is silent.
    #[schema(required)]
    pub said_at: Option<Timestamp>,
    /// Who, as the department names them.
    #[schema(required)]
    pub officer: Option<String>,
}

/// A decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionView {
    /// Granted or denied.
    pub outcome: OutcomeName,
    /// Why. Null once erased.
    #[schema(required)]
    pub reason: Option<String>,
    /// Who decided, as the department names them.
    #[schema(required)]
    pub officer: Option<String>,
    /// When.
    pub decided_at: Timestamp,
    /// The certificate.
    #[schema(required)]
    pub certificate: Option<CertificateView>,
}

/// A certificate.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertificateView {
    /// Its title.
    pub title: String,
    /// Its number.
    pub number: String,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day; null for an unlimited one.
    #[schema(required)]
    pub valid_until: Option<Date>,
}

impl ItemRow {
    pub(crate) fn of(item: &Item) -> Self {
        let budget = |kind| item.profile.limit(kind).map(|rule| rule.budget.into());
        Self {
            code: item.code.to_string(),
            version: item.version,
            name: item.name.clone(),
            aliases: item.aliases.clone(),
            department_name: item.department_name.clone(),
            kind: item.kind.term(),
            promised: budget(ClockKind::Promised),
            statutory: budget(ClockKind::Statutory),
            immediate: item.immediate,
            subjects: item
                .subjects
                .iter()
                .map(|subject| match subject {
                    Subject::Person => ApplicantKind::Person,
                    Subject::Organisation => ApplicantKind::Organisation,
                })
                .collect(),
            unverified: !item.unverified().is_empty(),
        }
    }
}

impl ItemView {
    pub(crate) fn of(entry: &CatalogueItem, delegated: Vec<Act>) -> Self {
        let item = &entry.item;
        let limits = item.profile.limits.iter().map(|rule| LimitView {
            clock: rule.kind.into(),
            budget: rule.budget.into(),
            law: rule.article.law.clone(),
            article: rule.article.article.clone(),
            verified: rule.article.is_sourced(),
        });
        let materials = item.materials.iter().map(|material| ItemMaterialView {
            code: material.code.clone(),
            name: material.name.clone(),
            source: material.source.clone(),
            copies: material.copies,
            kind: material.kind.clone(),
            original: match material.original {
                Original::No => OriginalName::No,
                Original::Shown => OriginalName::Shown,
                Original::Kept => OriginalName::Kept,
            },
            required: material.required,
            key: material.key,
            valid_days: material.valid_days,
            points: material.points.iter().map(ReviewPointView::of).collect(),
            standard: material.standard.clone(),
            accepts: crate::upload_file::TAKEN.to_vec(),
            status: StatusView::of(material.sourced),
        });
        Self {
            row: ItemRow::of(item),
            legal_basis: item.basis.iter().map(ArticleView::of).collect(),
            limits: limits.collect(),
            fee: FeeView {
                text: item.fee.text.clone(),
                lines: item.fee.lines.iter().map(FeeLineView::of).collect(),
                status: StatusView::of(item.fee.sourced),
            },
            form_schema: entry.schema.clone(),
            ui_schema: entry.layout.clone(),
            materials: materials.collect(),
            result: ItemResultView {
                certificate_title: item.result.certificate_title.clone(),
                template: item.result.template.name(),
                validity_years: match item.result.validity {
                    Validity::Years(years) => Some(years),
                    _ => None,
                },
                validity_months: match item.result.validity {
                    Validity::Months(months) => Some(months),
                    _ => None,
                },
                valid_until: match &item.result.validity {
                    Validity::Until(pointer) => Some(pointer.clone()),
                    _ => None,
                },
                status: StatusView::of(item.result.sourced),
            },
            questions: item.questions.iter().map(QuestionView::of).collect(),
            points: item.points.iter().map(ReviewPointView::of).collect(),
            accepts: SeatName::of(item.accepts),
            decides: SeatName::of(item.decides),
            delegated,
            conditions: item.conditions.clone(),
            cautions: item.cautions.clone(),
            faq: item
                .faq
                .iter()
                .map(|Faq { question, answer }| FaqView { question: question.clone(), answer: answer.clone() })
                .collect(),
            decision_texts: DecisionTextsView {
                grant: item.decision.grant.clone(),
                refuse: item.decision.refuse.clone(),
            },
            example: ExampleView {
                applicant: entry.example.applicant.clone(),
                answers: entry.example.answers.clone(),
                form: entry.example.form.clone(),
                materials: entry.example.materials.clone(),
            },
        }
    }
}

impl QuestionView {
    fn of(Question { code, text, options, when: _ }: &Question) -> Self {
        let options =
            options.iter().map(|Choice { code, label }| ChoiceView { code: code.clone(), label: label.clone() });
        Self { code: code.clone(), text: text.clone(), options: options.collect() }
    }
}

impl ReviewPointView {
    fn of(point: &ReviewPoint) -> Self {
        Self {
            code: point.code.clone(),
            text: point.text.clone(),
            reason: point.reason.clone(),
            blocking: point.blocking,
            by_machine: point.rule.is_some(),
            status: StatusView::of(point.sourced),
        }
    }
}

impl ArticleView {
    fn of(article: &Article) -> Self {
        let source = match &article.status {
            ArticleStatus::Sourced { source } => Some(source.clone()),
            ArticleStatus::Unverified => None,
        };
        Self {
            law: article.law.clone(),
            article: article.article.clone(),
            status: StatusView::of(source.is_some()),
            source,
        }
    }
}

impl PrintView {
    pub(crate) fn of(row: PrintRow) -> Self {
        use {PrintStateName as Name, store::PrintState as State};
        let PrintRow { id, paper, nth, reason, state, printer, trouble, requested_at, finished_at, .. } = row;
        Self {
            id,
            paper_id: paper,
            nth,
            reason,
            state: match state {
                State::Queued => Name::Queued,
                State::Claimed => Name::Claimed,
                State::Sent => Name::Sent,
                State::Printing => Name::Printing,
                State::Held => Name::Held,
                State::Done => Name::Done,
                State::Failed => Name::Failed,
                State::Cancelled => Name::Cancelled,
            },
            trouble,
            printer,
            requested_at,
            finished_at,
        }
    }
}

impl Hall {
    pub(crate) fn row_view(&self, row: CaseRow) -> Result<CaseRowView, HallError> {
        let corrupt = || HallError::from(StoreError::NotThere { table: "case_file", key: row.id.to_string() });
        let number = domain::number::CaseNumber::parse(&row.number).map_err(|_| corrupt())?;
        Ok(CaseRowView {
            id: row.id,
            number: row.number.clone(),
            number_spoken: number.spoken(),
            item_name: row.item_name.clone(),
            applicant_masked: row.applicant_masked.clone(),
            state: CaseStateName::named(&row.state).ok_or_else(corrupt)?,
            deemed_accepted: row.deemed_accepted,
            outcome: row.outcome.as_deref().and_then(Outcome::named).map(OutcomeName::from),
            department_name: row.department_name.clone(),
            window: row.window.clone(),
            taken_at: row.taken_at,
            due: row.due_at,
            light: row.lights.on(self.0.clock.today()).into(),
            asked_at: row.asked_at,
            told_again_at: row.told_again_at,
            version: row.version,
        })
    }

    pub(crate) fn clock_view(&self, clock: &Clock) -> ClockView {
        ClockView::of(clock, self.0.clock.today(), &self.0.calendar, self.0.hours)
    }

    /// A case with everything about it, as the desks of the hall see it.
    pub(crate) async fn case_view_in(&self, tx: &mut Tx, id: CaseId) -> Result<CaseView, HallError> {
        let row = tx.case(id.0).await?.ok_or_else(HallError::no_case)?;
        let case = tx.load_case(id).await?;
        let entry = self.item_of(&row)?;
        let intake = case.intake().ok_or_else(HallError::no_case)?;

        let applicant: Option<ApplicantRecord> = read(tx, intake.applicant.record.0).await?;
        let agent: Option<AgentRecord> = match intake.agent {
            Some(agent) => read(tx, agent.record.0).await?,
            None => None,
        };
        let checked: CheckedRecord = match intake.checked {
            Some(checked) => read(tx, checked.record.0).await?.unwrap_or_default(),
            None => CheckedRecord::default(),
        };
        let mut materials = vec![];
        for (index, handed) in intake.materials.iter().enumerate() {
            let record: Option<MaterialRecord> = read(tx, handed.file.record.0).await?;
            materials.push(material_view(index, &handed.code, record));
        }
        let mut papers = vec![];
        for paper in in_order(tx.papers(id.0).await?) {
            papers.push(paper_view(tx, paper).await?);
        }
        let deliveries = tx.deliveries(id.0).await?;
        Ok(CaseView {
            filing_id: row.filing,
            item_code: row.item_code.clone(),
            official_number: intake.official.to_string(),
            applicant: applicant.map(|applicant| ApplicantRecord {
                id_number: mask_number(&applicant.id_number),
                phone: mask_phone(&applicant.phone),
                ..applicant
            }),
            agent: agent.map(|agent| AgentRecord {
                id_number: mask_number(&agent.id_number),
                phone: mask_phone(&agent.phone),
                ..agent
            }),
            answers: answers(&entry.item, &checked)
                .into_iter()
                .map(|answer| AnswerView { question: answer.text, answer: answer.label })
                .collect(),
            points: points(&entry.item, &checked).into_iter().map(CheckedPointView::of).collect(),
            form: read(tx, intake.form.record.0).await?,
            form_schema: entry.schema.clone(),
            materials,
            clocks: case.clocks(&entry.item).iter().map(|clock| self.clock_view(clock)).collect(),
            papers,
            delivery_to_department: DeliveryView::of_all(&deliveries, &*self.0.clock),
            acceptance: acceptance_view(tx, &case).await?,
            decision: decision_view(tx, &case).await?,
            notices: step_views::notices(tx, &case).await?,
            rejection: step_views::rejection(tx, &case).await?,
            withdrawal: step_views::withdrawal(tx, &case).await?,
            enquiries: step_views::enquiries(tx, &case).await?,
            progress: step_views::progress(tx, &case).await?,
            department_receipt: step_views::department_receipt(tx, &case).await?,
            originals: step_views::accounted(tx, &case, &entry.item).await?,
            collector: match case.delivery().filter(|delivery| delivery.way == DeliveryWay::Counter) {
                Some(delivery) => read::<CollectorRecord>(tx, delivery.collector.record.0)
                    .await?
                    .map(|collector| CollectorRecord { id_number: mask_number(&collector.id_number), ..collector }),
                None => None,
            },
            post: match case.delivery().filter(|delivery| delivery.way == DeliveryWay::Post) {
                Some(delivery) => read::<PostRecord>(tx, delivery.collector.record.0)
                    .await?
                    .map(|post| PostRecord { phone: post.phone.as_deref().map(mask_phone), ..post }),
                None => None,
            },
            handed_over_at: case.delivery().map(|delivery| delivery.delivered_at),
            unverified_notes: entry.item.unverified(),
            row: self.row_view(row)?,
        })
    }
}

impl CheckedPointView {
    fn of(point: protocol::CheckedPoint) -> Self {
        let protocol::CheckedPoint { code, material, text, reason: _, blocking, by_machine, met, open } = point;
        Self { code, material, text, blocking, by_machine, met, open }
    }
}

/// The content of a record; none once erased.
pub(crate) async fn read<T: DeserializeOwned>(tx: &mut Tx, record: Uuid) -> Result<Option<T>, HallError> {
    let Some(bytes) = tx.record(record).await? else { return Ok(None) };
    let unreadable =
        |_| StoreError::Corrupt { table: "record", key: record.to_string(), what: "not what its kind says" };
    Ok(Some(serde_json::from_slice(&bytes).map_err(unreadable)?))
}

fn material_view(index: usize, code: &str, record: Option<MaterialRecord>) -> MaterialView {
    match record {
        Some(record) => MaterialView {
            index,
            code: record.code,
            name: record.name,
            file_name: record.file_name,
            media_type: record.media_type,
            size: record.size,
            has_file: record.sha256.is_some(),
            copies: record.copies,
            original: record.original,
            dated: record.dated,
            reused_from: record.reused_from,
        },
        None => MaterialView {
            index,
            code: code.to_owned(),
            name: code.to_owned(),
            file_name: None,
            media_type: None,
            size: None,
            has_file: false,
            copies: 0,
            original: false,
            dated: None,
            reused_from: None,
        },
    }
}

pub(crate) async fn paper_view(tx: &mut Tx, paper: PaperRow) -> Result<PaperView, HallError> {
    let prints = tx.prints(paper.id).await?;
    Ok(PaperView {
        state: PaperStateName::of(&paper),
        id: paper.id,
        kind: PaperKindName::named(&paper.kind),
        title: paper.title,
        number: paper.number,
        prints: prints.into_iter().map(PrintView::of).collect(),
    })
}

async fn acceptance_view(tx: &mut Tx, case: &Case) -> Result<Option<AcceptanceView>, HallError> {
    let Some(accepted) = case.accepted() else { return Ok(None) };
    let said = accepted.said();
    let record: Option<OfficerRecord> = match said {
        Some(acceptance) => read(tx, acceptance.officer.record.0).await?,
        None => None,
    };
    Ok(Some(AcceptanceView {
        accepted_at: accepted.accepted_at(),
        deemed_at: accepted.is_silence().then(|| accepted.intake_ended_at()),
        said_at: said.map(|acceptance| acceptance.accepted_at),
        officer: record.map(|record| record.officer),
    }))
}

async fn decision_view(tx: &mut Tx, case: &Case) -> Result<Option<DecisionView>, HallError> {
    let Some(decision) = case.decision() else { return Ok(None) };
    let record: Option<OfficerRecord> = read(tx, decision.reason.record.0).await?;
    let certificate = decision.certificate.as_ref().map(|certificate| certificate.paper.id.0);
    let title = match certificate {
        Some(id) => tx.paper(id).await?.map_or_else(String::new, |paper| paper.title),
        None => String::new(),
    };
    let (officer, reason) = record.map_or((None, None), |record| (Some(record.officer), record.reason));
    Ok(Some(DecisionView {
        outcome: decision.outcome.into(),
        reason,
        officer,
        decided_at: decision.decided_at,
        certificate: decision.certificate.as_ref().map(|certificate| CertificateView {
            title: title.clone(),
            number: certificate.paper.number.clone(),
            valid_from: certificate.valid_from,
            valid_until: certificate.valid_until,
        }),
    }))
}
