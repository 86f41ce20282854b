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
    /// Immediate item (即办件): decided at one sitting.
    pub immediate: bool,
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
    /// What must be handed in (申请材料).
    pub materials: Vec<Material>,
    /// What comes out (审批结果).
    pub result: ResultDocument,
    /// What its papers are called, and on what they rest (文书).
    pub papers: ItemPapers,
    /// Cautions for the clerk (注意事项).
    pub cautions: Vec<String>,
}

impl Item {
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

/// What is charged (收费).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fee {
    /// In words, for the guide; 无 when nothing is charged.
    pub text: String,
    /// Whether the entry was held against its source.
    pub sourced: bool,
}

/// A material that must be handed in (申请材料).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    /// Code within the item, lowercase ASCII.
    pub code: String,
    /// Name (材料名称).
    pub name: String,
    /// Who issues it (来源渠道).
    pub source: String,
    /// Copies asked for (份数).
    pub copies: u16,
    /// Whether the original must be shown or handed in (原件).
    pub original: bool,
    /// Whether it is asked for in every case (是否必备).
    pub required: bool,
    /// What it must look like (受理标准).
    pub standard: String,
    /// Whether the entry was held against its source.
    pub sourced: bool,
}

/// What a granted case produces (审批结果).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultDocument {
    /// Title of the certificate (证照名称).
    pub certificate_title: String,
    /// Years of validity; none for an unlimited one.
    pub validity_years: Option<u16>,
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
    /// The decision that grants (准予).
    pub granted: DecisionForm,
    /// The decision that denies (不予).
    pub denied: DecisionForm,
}

impl ItemPapers {
    fn articles(&self) -> impl Iterator<Item = &Article> {
        let Self { acceptance_notice, granted, denied } = self;
        acceptance_notice.basis.iter().chain(&granted.basis).chain(&denied.basis)
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

/// One row of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultRow {
    /// The printed label.
    pub label: String,
    /// JSON pointer into `{"applicant": …, "form": …}`.
    pub pointer: String,
}
