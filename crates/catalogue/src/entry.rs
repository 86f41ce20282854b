//! An item file as it is written. Its shape is held against `catalogue/item.schema.json` before it is read.

use domain::{
    clock::{Article, Budget, ClockKind, ClockRule, SilenceEffect, StartRule},
    ids::DepartmentId,
    item::{
        Choice, DecisionForm, DecisionTexts, DepartmentField, Faq, Fee, FeeLine, Item, ItemKind, ItemPapers, Material,
        NoticeForm, Original, ProcedureProfile, Question, ResultDocument, ResultRow, ResultTemplate, ReviewPoint, Seat,
        Subject, Validity,
    },
    number::ImplementationCode,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

#[derive(Deserialize)]
pub(crate) struct ItemEntry {
    pub(crate) code: String,
    version: u32,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    kind: String,
    pub(crate) department: Uuid,
    subjects: Vec<SubjectEntry>,
    immediate: bool,
    accepts: SeatEntry,
    decides: SeatEntry,
    review_and_decision_in_one: bool,
    #[serde(default)]
    conditions: Vec<String>,
    #[serde(default)]
    cautions: Vec<String>,
    basis: Vec<BasisEntry>,
    limits: Vec<LimitEntry>,
    fee: FeeEntry,
    #[serde(default)]
    questions: Vec<QuestionEntry>,
    pub(crate) materials: Vec<MaterialEntry>,
    #[serde(default)]
    pub(crate) points: Vec<PointEntry>,
    #[serde(default)]
    faq: Vec<FaqEntry>,
    decision: DecisionEntry,
    result: ResultEntry,
    papers: PapersEntry,
    #[serde(default)]
    department_fields: Vec<DepartmentFieldEntry>,
    pub(crate) form: FormEntry,
    pub(crate) example: ExampleEntry,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum SubjectEntry {
    Person,
    Organisation,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum SeatEntry {
    Department,
    Window,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Status {
    Sourced,
    Unverified,
}

#[derive(Deserialize)]
struct BasisEntry {
    law: String,
    article: String,
    status: Status,
    source: Option<String>,
}

#[derive(Deserialize)]
struct LimitEntry {
    clock: String,
    working_days: Option<u16>,
    natural_days: Option<u16>,
    start: String,
    silence: Option<String>,
    #[serde(flatten)]
    article: BasisEntry,
}

#[derive(Deserialize)]
struct FeeEntry {
    text: String,
    status: Status,
    #[serde(default)]
    lines: Vec<FeeLineEntry>,
}

#[derive(Deserialize)]
struct FeeLineEntry {
    label: String,
    yuan: String,
    when: Option<String>,
}

#[derive(Deserialize)]
struct QuestionEntry {
    code: String,
    text: String,
    options: Vec<ChoiceEntry>,
    when: Option<String>,
}

#[derive(Deserialize)]
struct ChoiceEntry {
    code: String,
    label: String,
}

#[derive(Deserialize)]
pub(crate) struct MaterialEntry {
    code: String,
    kind: Option<String>,
    name: String,
    source: String,
    copies: u16,
    original: OriginalEntry,
    required: bool,
    key: bool,
    when: Option<String>,
    standard: String,
    valid_days: Option<u16>,
    status: Status,
    #[serde(default)]
    pub(crate) points: Vec<PointEntry>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum OriginalEntry {
    No,
    Shown,
    Kept,
}

#[derive(Deserialize)]
pub(crate) struct PointEntry {
    code: String,
    text: String,
    reason: String,
    blocking: bool,
    rule: Option<String>,
    when: Option<String>,
    #[serde(default)]
    pub(crate) violated_by: Map<String, Value>,
    status: Status,
}

#[derive(Deserialize)]
struct FaqEntry {
    question: String,
    answer: String,
}

#[derive(Deserialize)]
struct DecisionEntry {
    grant: String,
    refuse: String,
}

#[derive(Deserialize)]
struct PapersEntry {
    acceptance_notice: NoticeEntry,
    supplement_notice: NoticeEntry,
    refusal: NoticeEntry,
    granted: RulingEntry,
    denied: RulingEntry,
}

#[derive(Deserialize)]
struct NoticeEntry {
    title: String,
    basis: Vec<BasisEntry>,
}

#[derive(Deserialize)]
struct RulingEntry {
    title: String,
    ruling: String,
    basis: Vec<BasisEntry>,
}

#[derive(Deserialize)]
struct ResultEntry {
    certificate_title: String,
    mark: Option<String>,
    kind: Option<String>,
    template: String,
    validity: Option<ValidityEntry>,
    status: Status,
    rows: Vec<RowEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum ValidityEntry {
    Years(u16),
    Months(u16),
    Until(String),
}

#[derive(Deserialize)]
struct RowEntry {
    label: String,
    pointer: String,
}

#[derive(Deserialize)]
struct DepartmentFieldEntry {
    name: String,
    label: String,
    pointer: String,
}

#[derive(Deserialize)]
pub(crate) struct FormEntry {
    pub(crate) schema: String,
    pub(crate) layout: String,
}

#[derive(Deserialize)]
pub(crate) struct ExampleEntry {
    pub(crate) applicant: String,
    pub(crate) name: Option<String>,
    pub(crate) id_number: Option<String>,
    #[serde(default)]
    pub(crate) answers: Map<String, Value>,
    #[serde(default)]
    pub(crate) materials: Map<String, Value>,
    pub(crate) form: Map<String, Value>,
}

impl ItemEntry {
    /// The item; `None` when a word is none of the schema's, which has been refused before.
    pub(crate) fn item(&self, code: ImplementationCode, department_name: &str) -> Option<Item> {
        Some(Item {
            code,
            version: self.version,
            name: self.name.clone(),
            aliases: self.aliases.clone(),
            kind: ItemKind::of_term(&self.kind)?,
            department: DepartmentId(self.department),
            department_name: department_name.to_owned(),
            subjects: self.subjects.iter().map(|subject| subject.read()).collect(),
            immediate: self.immediate,
            accepts: self.accepts.read(),
            decides: self.decides.read(),
            conditions: self.conditions.clone(),
            basis: self.basis.iter().map(BasisEntry::read).collect(),
            profile: ProcedureProfile {
                limits: self.limits.iter().map(LimitEntry::read).collect::<Option<_>>()?,
                review_and_decision_in_one: self.review_and_decision_in_one,
            },
            fee: self.fee.read()?,
            form: self.form.schema.clone(),
            form_layout: self.form.layout.clone(),
            questions: self.questions.iter().map(QuestionEntry::read).collect(),
            materials: self.materials.iter().map(MaterialEntry::read).collect(),
            points: self.points.iter().map(PointEntry::read).collect(),
            result: self.result.read()?,
            papers: self.papers.read(),
            cautions: self.cautions.clone(),
            faq: self
                .faq
                .iter()
                .map(|FaqEntry { question, answer }| Faq { question: question.clone(), answer: answer.clone() })
                .collect(),
            decision: DecisionTexts { grant: self.decision.grant.clone(), refuse: self.decision.refuse.clone() },
            department_fields: self.department_fields.iter().map(DepartmentFieldEntry::read).collect(),
        })
    }

    /// Every point, with where it stands in the file.
    pub(crate) fn all_points(&self) -> impl Iterator<Item = (String, &PointEntry)> {
        let own = self.points.iter().enumerate().map(|(n, point)| (format!("/points/{n}"), point));
        let of_materials = self.materials.iter().enumerate().flat_map(|(m, material)| {
            material.points.iter().enumerate().map(move |(n, point)| (format!("/materials/{m}/points/{n}"), point))
        });
        own.chain(of_materials)
    }
}

impl PointEntry {
    pub(crate) fn code(&self) -> &str {
        &self.code
    }

    fn read(&self) -> ReviewPoint {
        ReviewPoint {
            code: self.code.clone(),
            text: self.text.clone(),
            reason: self.reason.clone(),
            blocking: self.blocking,
            rule: self.rule.clone(),
            when: self.when.clone(),
            sourced: self.status == Status::Sourced,
        }
    }
}

impl SubjectEntry {
    fn read(self) -> Subject {
        match self {
            Self::Person => Subject::Person,
            Self::Organisation => Subject::Organisation,
        }
    }
}

impl SeatEntry {
    fn read(self) -> Seat {
        match self {
            Self::Department => Seat::Department,
            Self::Window => Seat::Window,
        }
    }
}

impl BasisEntry {
    fn read(&self) -> Article {
        match (self.status, &self.source) {
            (Status::Sourced, Some(source)) => Article::sourced(&self.law, &self.article, source),
            _ => Article::unverified(&self.law, &self.article),
        }
    }
}

impl LimitEntry {
    fn read(&self) -> Option<ClockRule> {
        let budget = match (self.working_days, self.natural_days) {
            (Some(days), _) => Budget::WorkingDays(days),
            (None, days) => Budget::NaturalDays(days?),
        };
        Some(ClockRule {
            kind: ClockKind::named(&self.clock)?,
            budget,
            start: StartRule::named(&self.start)?,
            article: self.article.read(),
            silence: match &self.silence {
                Some(name) => Some(SilenceEffect::named(name)?),
                None => None,
            },
        })
    }
}

impl FeeEntry {
    fn read(&self) -> Option<Fee> {
        let lines = self.lines.iter().map(|FeeLineEntry { label, yuan, when }| {
            let fen = yuan.replace('.', "").parse().ok()?;
            Some(FeeLine { label: label.clone(), fen, when: when.clone() })
        });
        Some(Fee {
            text: self.text.clone(),
            lines: lines.collect::<Option<_>>()?,
            sourced: self.status == Status::Sourced,
        })
    }
}

impl QuestionEntry {
    fn read(&self) -> Question {
        let options =
            self.options.iter().map(|ChoiceEntry { code, label }| Choice { code: code.clone(), label: label.clone() });
        Question {
            code: self.code.clone(),
            text: self.text.clone(),
            options: options.collect(),
            when: self.when.clone(),
        }
    }
}

impl MaterialEntry {
    fn read(&self) -> Material {
        Material {
            code: self.code.clone(),
            kind: self.kind.clone(),
            name: self.name.clone(),
            source: self.source.clone(),
            copies: self.copies,
            original: match self.original {
                OriginalEntry::No => Original::No,
                OriginalEntry::Shown => Original::Shown,
                OriginalEntry::Kept => Original::Kept,
            },
            required: self.required,
            key: self.key,
            when: self.when.clone(),
            standard: self.standard.clone(),
            valid_days: self.valid_days,
            points: self.points.iter().map(PointEntry::read).collect(),
            sourced: self.status == Status::Sourced,
        }
    }
}

impl PapersEntry {
    fn read(&self) -> ItemPapers {
        let articles = |basis: &[BasisEntry]| basis.iter().map(BasisEntry::read).collect();
        let notice =
            |NoticeEntry { title, basis }: &NoticeEntry| NoticeForm { title: title.clone(), basis: articles(basis) };
        let decision = |RulingEntry { title, ruling, basis }: &RulingEntry| DecisionForm {
            title: title.clone(),
            ruling: ruling.clone(),
            basis: articles(basis),
        };
        ItemPapers {
            acceptance_notice: notice(&self.acceptance_notice),
            supplement_notice: notice(&self.supplement_notice),
            refusal: notice(&self.refusal),
            granted: decision(&self.granted),
            denied: decision(&self.denied),
        }
    }
}

impl ResultEntry {
    fn read(&self) -> Option<ResultDocument> {
        Some(ResultDocument {
            certificate_title: self.certificate_title.clone(),
            mark: self.mark.clone(),
            kind: self.kind.clone(),
            template: ResultTemplate::ALL.into_iter().find(|template| template.name() == self.template)?,
            validity: match &self.validity {
                None => Validity::Unlimited,
                Some(ValidityEntry::Years(years)) => Validity::Years(*years),
                Some(ValidityEntry::Months(months)) => Validity::Months(*months),
                Some(ValidityEntry::Until(pointer)) => Validity::Until(pointer.clone()),
            },
            rows: self.rows.iter().map(RowEntry::read).collect(),
            sourced: self.status == Status::Sourced,
        })
    }
}

impl RowEntry {
    fn read(&self) -> ResultRow {
        ResultRow { label: self.label.clone(), pointer: self.pointer.clone() }
    }
}

impl DepartmentFieldEntry {
    fn read(&self) -> DepartmentField {
        DepartmentField { name: self.name.clone(), label: self.label.clone(), pointer: self.pointer.clone() }
    }
}
