//! Items (事项): what can be applied for, and by which procedure.

use crate::{
    clock::{Article, ClockKind, ClockRule},
    ids::DepartmentId,
    number::ImplementationCode,
};

/// An item of the catalogue (事项) in one published version. Running cases keep the version they were taken under.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Implementation code (实施编码).
    pub code: ImplementationCode,
    /// Version, from 1.
    pub version: u32,
    /// Name (事项名称), at most 200 characters (GB/T 39046 table 4).
    pub name: String,
    /// Everyday names under which people ask for it.
    pub aliases: Vec<String>,
    /// Kind of power (事项类型).
    pub kind: ItemKind,
    /// The department that decides.
    pub department: DepartmentId,
    /// That department's name.
    pub department_name: String,
    /// Who may apply (服务对象).
    pub subjects: Vec<Subject>,
    /// Immediate item (即办件): decided at one sitting.
    pub immediate: bool,
    /// Who accepts (受理).
    pub accepts: Seat,
    /// Who decides (决定).
    pub decides: Seat,
    /// On what conditions an application is accepted (受理条件), for the guide.
    pub conditions: Vec<String>,
    /// On what law it stands (设定依据).
    pub basis: Vec<Article>,
    /// How it is handled (办理程序).
    pub profile: ProcedureProfile,
    /// What is charged (收费).
    pub fee: Fee,
    /// The form (申请表) as the text of a JSON Schema.
    pub form: String,
    /// Order and widgets of the form, as the text of a JSON object.
    pub form_layout: String,
    /// Situations (情形): at most four questions that select materials and review points.
    pub questions: Vec<Question>,
    /// What must be handed in (申请材料).
    pub materials: Vec<Material>,
    /// Review points (审查要点) that belong to no material.
    pub points: Vec<ReviewPoint>,
    /// What comes out (审批结果).
    pub result: ResultDocument,
    /// What its papers are called, and on what they rest (文书).
    pub papers: ItemPapers,
    /// Cautions for the clerk (注意事项).
    pub cautions: Vec<String>,
    /// What people ask (常见问题).
    pub faq: Vec<Faq>,
    /// Texts from which an approver starts (决定文书模板).
    pub decision: DecisionTexts,
    /// The fields of the department's own system, in the order of its screen.
    pub department_fields: Vec<DepartmentField>,
}

impl Item {
    /// Every review point, with the code of the material it stands under.
    pub fn all_points(&self) -> impl Iterator<Item = (Option<&str>, &ReviewPoint)> {
        let of_materials = self
            .materials
            .iter()
            .flat_map(|material| material.points.iter().map(|point| (Some(material.code.as_str()), point)));
        self.points.iter().map(|point| (None, point)).chain(of_materials)
    }

    /// The item and version that a case refers to.
    pub fn key(&self) -> ItemKey {
        ItemKey { code: self.code.clone(), version: self.version }
    }

    /// What is marked 待核对: every legal entry that nobody has held against the law yet.
    pub fn unverified(&self) -> Vec<String> {
        let limits = self.profile.limits.iter().map(|rule| &rule.article);
        let articles = self.basis.iter().chain(limits).chain(self.papers.articles());
        let mut notes: Vec<String> = vec![];
        for note in articles.filter(|article| !article.is_sourced()).map(Article::to_string) {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        if !self.fee.sourced {
            notes.push(format!("收费：{}", self.fee.text));
        }
        let materials = self.materials.iter().filter(|material| !material.sourced);
        notes.extend(materials.map(|material| format!("材料：{}", material.name)));
        let points = self.all_points().filter(|(_, point)| !point.sourced);
        notes.extend(points.map(|(_, point)| format!("审查要点：{}", point.text)));
        if !self.result.sourced {
            notes.push(format!("结果：{}", self.result.certificate_title));
        }
        notes
    }
}

/// An item in one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemKey {
    /// Implementation code (实施编码).
    pub code: ImplementationCode,
    /// Version, from 1.
    pub version: u32,
}

/// Kind of power (事项类型), GB/T 39046-2020 annex A.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// Administrative licence (行政许可), 01.
    Licence,
    /// Benefit (行政给付), 05.
    Benefit,
    /// Confirmation (行政确认), 07.
    Confirmation,
    /// Other power (其他行政权力), 10.
    Other,
    /// Public service (公共服务), 20.
    PublicService,
}

impl ItemKind {
    /// The two-digit code of annex A.1.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Licence => "01",
            Self::Benefit => "05",
            Self::Confirmation => "07",
            Self::Other => "10",
            Self::PublicService => "20",
        }
    }

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Licence => "行政许可",
            Self::Benefit => "行政给付",
            Self::Confirmation => "行政确认",
            Self::Other => "其他行政权力",
            Self::PublicService => "公共服务",
        }
    }

    /// The kind with that Chinese term.
    pub fn of_term(term: &str) -> Option<Self> {
        [Self::Licence, Self::Benefit, Self::Confirmation, Self::Other, Self::PublicService]
            .into_iter()
            .find(|kind| kind.term() == term)
    }
}

/// By which rules an item is handled (办理程序). Nothing here is global: each item names its own clocks and articles.
#[derive(Clone, Debug, PartialEq)]
pub struct ProcedureProfile {
    /// The clocks that watch a case of this item.
    pub limits: Vec<ClockRule>,
    /// Whether one person may review and decide (审核合一).
    pub review_and_decision_in_one: bool,
}

impl ProcedureProfile {
    /// The rule of one clock, if this procedure has it.
    pub fn limit(&self, kind: ClockKind) -> Option<&ClockRule> {
        self.limits.iter().find(|rule| rule.kind == kind)
    }
}

/// Where a step is done: by the department, or at the window by its recorded delegation (委托受理, 授权决定).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Seat {
    /// The department's back office.
    Department,
    /// The window.
    Window,
}

impl Seat {
    /// The seat's stable name in stores and interfaces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Department => "department",
            Self::Window => "window",
        }
    }

    /// The seat of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Department, Self::Window].into_iter().find(|seat| seat.name() == name)
    }
}

/// Who may apply (服务对象), GB/T 39046-2020 annex A.4 in two classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A natural person (自然人).
    Person,
    /// A body with a credit code (法人和其他组织).
    Organisation,
}

/// An expression that is true or false about an application, as its text. The catalogue's format says what it sees.
pub type RuleText = String;

/// A question that selects materials and points (情形).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Code within the item, lowercase ASCII.
    pub code: String,
    /// The question as it is asked.
    pub text: String,
    /// Its answers, at least two.
    pub options: Vec<Choice>,
    /// Asked only when this holds; none: always.
    pub when: Option<RuleText>,
}

/// An answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Code within the question, lowercase ASCII.
    pub code: String,
    /// The answer in words.
    pub label: String,
}

/// What a clerk looks at before taking (审查要点).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewPoint {
    /// Code within the item, lowercase ASCII.
    pub code: String,
    /// What must be so.
    pub text: String,
    /// What the one-time notice says when it is not so, with the standard that must be met.
    pub reason: String,
    /// Whether nothing is accepted while it is open.
    pub blocking: bool,
    /// Checked by the machine; none: ticked by the clerk.
    pub rule: Option<RuleText>,
    /// Looked at only when this holds; none: always.
    pub when: Option<RuleText>,
    /// Whether the entry was held against its source.
    pub sourced: bool,
}

/// A question that people ask, and its answer (常见问题).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faq {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// Texts from which an approver starts; `{/pointer}` stands for a value of the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionTexts {
    /// For granting (准予).
    pub grant: String,
    /// For refusing (不予).
    pub refuse: String,
}

/// A field of the department's own system, and where its value stands in the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentField {
    /// The field's name there.
    pub name: String,
    /// What its screen says.
    pub label: String,
    /// JSON pointer into `{"applicant": …, "agent": …, "answers": …, "form": …}`.
    pub pointer: String,
}

/// What is charged (收费).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fee {
    /// In words, for the guide; 无 when nothing is charged.
    pub text: String,
    /// The tariff: the first line whose rule holds is charged. Empty when nothing is charged or the words say it all.
    pub lines: Vec<FeeLine>,
    /// Whether the entry was held against its source.
    pub sourced: bool,
}

/// One line of a tariff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeLine {
    /// For what.
    pub label: String,
    /// How much, in fen (分).
    pub fen: u64,
    /// When this line is charged; none: always.
    pub when: Option<RuleText>,
}

/// What happens to an original (原件).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Original {
    /// A copy is enough.
    No,
    /// Shown, and given back at once (核验后退回).
    Shown,
    /// Kept with the case (收取).
    Kept,
}

/// A material that must be handed in (申请材料).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    /// Code within the item, lowercase ASCII.
    pub code: String,
    /// What it is in any item (`id-card`), so that it can be handed in once for all; none: only for this item.
    pub kind: Option<String>,
    /// Name (材料名称).
    pub name: String,
    /// Who issues it (来源渠道).
    pub source: String,
    /// Copies asked for (份数).
    pub copies: u16,
    /// What happens to the original.
    pub original: Original,
    /// Whether it must be there, where it is asked for (是否必备).
    pub required: bool,
    /// Key material (主要材料): no tolerance (容缺) without it.
    pub key: bool,
    /// Asked for only when this holds; none: always.
    pub when: Option<RuleText>,
    /// What it must look like (受理标准).
    pub standard: String,
    /// For how many days after its date it can be used again; none: as long as it is valid.
    pub valid_days: Option<u16>,
    /// What a clerk looks at on it.
    pub points: Vec<ReviewPoint>,
    /// Whether the entry was held against its source.
    pub sourced: bool,
}

/// What a granted case produces (审批结果).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultDocument {
    /// Title of the certificate (证照名称).
    pub certificate_title: String,
    /// The mark of its numbers (字号, 安市监照), where it is not the department's for all its certificates.
    pub mark: Option<String>,
    /// What it is as a material of any item (`business-licence`), so that it need not be handed in again; none: nowhere.
    pub kind: Option<String>,
    /// What kind of paper it is.
    pub template: ResultTemplate,
    /// For how long it is valid.
    pub validity: Validity,
    /// The certificate's rows: a label, and where its value stands in the application.
    pub rows: Vec<ResultRow>,
    /// Whether title and validity were held against their source.
    pub sourced: bool,
}

/// What the papers of an item are called, and on what they rest (文书): those of a licence are not those of a confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemPapers {
    /// 受理通知书.
    pub acceptance_notice: NoticeForm,
    /// 补正告知书.
    pub supplement_notice: NoticeForm,
    /// 不予受理决定书.
    pub refusal: NoticeForm,
    /// The decision that grants (准予).
    pub granted: DecisionForm,
    /// The decision that denies (不予).
    pub denied: DecisionForm,
}

impl ItemPapers {
    fn articles(&self) -> impl Iterator<Item = &Article> {
        let Self { acceptance_notice, supplement_notice, refusal, granted, denied } = self;
        let notices = [acceptance_notice, supplement_notice, refusal].into_iter().flat_map(|form| &form.basis);
        notices.chain(&granted.basis).chain(&denied.basis)
    }
}

/// The form of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeForm {
    /// Its title, such as 行政许可申请受理通知书.
    pub title: String,
    /// The articles it rests on.
    pub basis: Vec<Article>,
}

/// The form of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionForm {
    /// Its title, such as 准予行政许可决定书.
    pub title: String,
    /// What is decided, in the words of the decision (决定主文): 准予行政许可.
    pub ruling: String,
    /// The articles it rests on.
    pub basis: Vec<Article>,
}

/// What kind of paper comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResultTemplate {
    /// A licence or certificate with number, validity and code (证照).
    Certificate,
    /// A written approval (批准文件).
    Approval,
    /// A certificate of an entry in a register (登记证明).
    Registration,
    /// A receipt for a card that is made elsewhere (领卡凭证).
    CardReceipt,
}

impl ResultTemplate {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Certificate, Self::Approval, Self::Registration, Self::CardReceipt];

    /// Its stable name in catalogue files and interfaces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Approval => "approval",
            Self::Registration => "registration",
            Self::CardReceipt => "card-receipt",
        }
    }
}

/// How long a result is valid (有效期限), from the day of the decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Validity {
    /// Without end (长期).
    Unlimited,
    /// So many years.
    Years(u16),
    /// So many months.
    Months(u16),
    /// Until the date that stands there in the application.
    Until(String),
}

/// One row of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultRow {
    /// The printed label.
    pub label: String,
    /// JSON pointer into `{"applicant": …, "form": …}`.
    pub pointer: String,
}
