//! The catalogue (事项库): items as TOML files, read whole or not at all.

use std::collections::BTreeMap;

use domain::{
    clock::{Article, Budget, ClockKind, ClockRule, SilenceEffect, StartRule},
    ids::DepartmentId,
    item::{
        DecisionForm, Fee, Item, ItemKind, ItemPapers, Material, NoticeForm, ProcedureProfile, ResultDocument,
        ResultRow,
    },
    number::ImplementationCode,
};
use serde::Deserialize;
use uuid::Uuid;

/// The longest title or ruling of a paper, in characters.
const MOST_WORDS: usize = 100;

/// The items a hall takes, by code.
#[derive(Debug, Default)]
pub struct Catalogue {
    items: BTreeMap<String, CatalogueItem>,
}

/// An item with what is made of its form once.
#[derive(Debug)]
pub struct CatalogueItem {
    /// The item.
    pub item: Item,
    /// Its form, as JSON.
    pub schema: serde_json::Value,
    /// The form's order and widgets, as JSON.
    pub layout: serde_json::Value,
    validator: jsonschema::Validator,
}

impl CatalogueItem {
    /// Everything that is wrong with a filled-in form, by JSON pointer.
    pub fn faults<'a>(
        &'a self,
        form: &'a serde_json::Value,
    ) -> impl Iterator<Item = jsonschema::ValidationError<'a>> + 'a {
        self.validator.iter_errors(form)
    }
}

/// Why an item file was refused. Nothing of a refused catalogue is used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The file is no such TOML; the parser names line and field.
    #[error("{file} is not an item")]
    Malformed {
        /// The file.
        file: String,
        /// What the parser said, with line and column.
        #[source]
        source: toml::de::Error,
    },
    /// A field holds what it may not.
    #[error("{file}: {field} cannot be {value:?}: {why}")]
    Field {
        /// The file.
        file: String,
        /// The field.
        field: String,
        /// The value.
        value: String,
        /// Why not.
        why: String,
    },
    /// Two files hold the same item.
    #[error("{file}: the item {code} is in the catalogue twice")]
    Twice {
        /// The second file.
        file: String,
        /// The item's code.
        code: String,
    },
}

impl Catalogue {
    /// The catalogue of these files, each a name and its text.
    ///
    /// # Errors
    /// [`CatalogueError`] of the first file that is refused.
    pub fn read<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
        departments: &BTreeMap<DepartmentId, String>,
    ) -> Result<Self, CatalogueError> {
        let mut catalogue = Self::default();
        for (file, text) in files {
            let entry = read_item(file, text, departments)?;
            let code = entry.item.code.to_string();
            if catalogue.items.insert(code.clone(), entry).is_some() {
                let file = file.to_owned();
                return Err(CatalogueError::Twice { file, code });
            }
        }
        Ok(catalogue)
    }

    /// The item of that code.
    pub fn item(&self, code: &str) -> Option<&CatalogueItem> {
        self.items.get(code)
    }

    /// The items behind a code, by code.
    pub fn items_after(&self, code: Option<&str>) -> impl Iterator<Item = &CatalogueItem> {
        use std::ops::Bound::{Excluded, Unbounded};
        let from = code.map_or(Unbounded, Excluded);
        self.items.range::<str, _>((from, Unbounded)).map(|(_, item)| item)
    }

    /// All items, by code.
    pub fn items(&self) -> impl Iterator<Item = &CatalogueItem> {
        self.items.values()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemFile {
    code: String,
    version: u32,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    kind: String,
    department: Uuid,
    immediate: bool,
    review_and_decision_in_one: bool,
    #[serde(default)]
    cautions: Vec<String>,
    basis: Vec<ArticleEntry>,
    limits: Vec<LimitEntry>,
    fee: FeeEntry,
    result: ResultEntry,
    papers: PapersEntry,
    materials: Vec<MaterialEntry>,
    form: FormEntry,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Status {
    Sourced,
    Unverified,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArticleEntry {
    law: String,
    article: String,
    status: Status,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitEntry {
    clock: String,
    working_days: Option<u16>,
    natural_days: Option<u16>,
    start: String,
    law: String,
    article: String,
    status: Status,
    source: Option<String>,
    silence: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeeEntry {
    text: String,
    status: Status,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResultEntry {
    certificate_title: String,
    validity_years: Option<u16>,
    status: Status,
    rows: Vec<RowEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowEntry {
    label: String,
    pointer: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PapersEntry {
    acceptance_notice: NoticeEntry,
    granted: DecisionEntry,
    denied: DecisionEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoticeEntry {
    title: String,
    basis: Vec<ArticleEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DecisionEntry {
    title: String,
    ruling: String,
    basis: Vec<ArticleEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MaterialEntry {
    code: String,
    name: String,
    source: String,
    copies: u16,
    original: bool,
    required: bool,
    standard: String,
    status: Status,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormEntry {
    schema: String,
    layout: String,
}

fn read_item(
    file: &str,
    text: &str,
    departments: &BTreeMap<DepartmentId, String>,
) -> Result<CatalogueItem, CatalogueError> {
    let entry: ItemFile =
        toml::from_str(text).map_err(|source| CatalogueError::Malformed { file: file.to_owned(), source })?;
    let wrong = |field: &str, value: &str, why: &str| CatalogueError::Field {
        file: file.to_owned(),
        field: field.to_owned(),
        value: value.chars().take(200).collect(),
        why: why.to_owned(),
    };

    let code =
        ImplementationCode::parse(&entry.code).map_err(|error| wrong("code", &entry.code, &error.to_string()))?;
    let kind = ItemKind::of_term(&entry.kind).ok_or_else(|| wrong("kind", &entry.kind, "no such 事项类型"))?;
    let department = DepartmentId(entry.department);
    let department_name = departments
        .get(&department)
        .ok_or_else(|| wrong("department", &entry.department.to_string(), "no such department"))?;
    if entry.name.is_empty() || entry.name.chars().count() > 200 {
        return Err(wrong("name", &entry.name, "1 to 200 characters"));
    }
    let mut limits = vec![];
    for limit in entry.limits {
        limits.push(limit.read(&wrong)?);
    }
    let (schema, layout) =
        (json("form.schema", &entry.form.schema, &wrong)?, json("form.layout", &entry.form.layout, &wrong)?);
    let validator = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .map_err(|error| wrong("form.schema", &entry.form.schema, &error.to_string()))?;

    let item = Item {
        code,
        version: entry.version,
        name: entry.name,
        aliases: entry.aliases,
        kind,
        department,
        department_name: department_name.clone(),
        immediate: entry.immediate,
        basis: articles(entry.basis, &wrong)?,
        profile: ProcedureProfile { limits, review_and_decision_in_one: entry.review_and_decision_in_one },
        fee: Fee { text: entry.fee.text, sourced: entry.fee.status == Status::Sourced },
        form: entry.form.schema,
        form_layout: entry.form.layout,
        materials: entry.materials.into_iter().map(Material::from).collect(),
        result: entry.result.into(),
        papers: entry.papers.read(&wrong)?,
        cautions: entry.cautions,
    };
    Ok(CatalogueItem { item, schema, layout, validator })
}

fn json(
    field: &str,
    text: &str,
    wrong: &impl Fn(&str, &str, &str) -> CatalogueError,
) -> Result<serde_json::Value, CatalogueError> {
    serde_json::from_str(text).map_err(|error| wrong(field, text, &error.to_string()))
}

fn articles(
    entries: Vec<ArticleEntry>,
    wrong: &impl Fn(&str, &str, &str) -> CatalogueError,
) -> Result<Vec<Article>, CatalogueError> {
    let read = |ArticleEntry { law, article: number, status, source }| article(law, number, status, source, wrong);
    entries.into_iter().map(read).collect()
}

impl PapersEntry {
    fn read(self, wrong: &impl Fn(&str, &str, &str) -> CatalogueError) -> Result<ItemPapers, CatalogueError> {
        let words = |field: &str, text: String| match text.chars().count() {
            1..=MOST_WORDS if !text.trim().is_empty() => Ok(text),
            _ => Err(wrong(&format!("papers.{field}"), &text, "1 to 100 characters")),
        };
        let decision = |field: &str, DecisionEntry { title, ruling, basis }| {
            Ok(DecisionForm {
                title: words(&format!("{field}.title"), title)?,
                ruling: words(&format!("{field}.ruling"), ruling)?,
                basis: articles(basis, wrong)?,
            })
        };
        let NoticeEntry { title, basis } = self.acceptance_notice;
        Ok(ItemPapers {
            acceptance_notice: NoticeForm {
                title: words("acceptance_notice.title", title)?,
                basis: articles(basis, wrong)?,
            },
            granted: decision("granted", self.granted)?,
            denied: decision("denied", self.denied)?,
        })
    }
}

impl LimitEntry {
    fn read(self, wrong: &impl Fn(&str, &str, &str) -> CatalogueError) -> Result<ClockRule, CatalogueError> {
        let budget = match (self.working_days, self.natural_days) {
            (Some(days), None) => Budget::WorkingDays(days),
            (None, Some(days)) => Budget::NaturalDays(days),
            _ => return Err(wrong("limits", &self.clock, "one of working_days, natural_days")),
        };
        let silence = match &self.silence {
            None => None,
            Some(name) => {
                Some(SilenceEffect::named(name).ok_or_else(|| wrong("limits.silence", name, "no such effect"))?)
            }
        };
        let kind = ClockKind::named(&self.clock).ok_or_else(|| wrong("limits.clock", &self.clock, "no such clock"))?;
        if let Some(name) = self.silence.as_deref().filter(|_| kind != ClockKind::Intake) {
            return Err(wrong("limits.silence", name, "only the intake clock knows it"));
        }
        Ok(ClockRule {
            kind,
            budget,
            start: StartRule::named(&self.start).ok_or_else(|| wrong("limits.start", &self.start, "no such start"))?,
            article: article(self.law, self.article, self.status, self.source, wrong)?,
            silence,
        })
    }
}

fn article(
    law: String,
    article: String,
    status: Status,
    source: Option<String>,
    wrong: &impl Fn(&str, &str, &str) -> CatalogueError,
) -> Result<Article, CatalogueError> {
    match (status, source) {
        (Status::Sourced, Some(source)) => Ok(Article::sourced(law, article, source)),
        (Status::Sourced, None) => Err(wrong("source", &law, "a sourced entry names its source")),
        (Status::Unverified, _) => Ok(Article::unverified(law, article)),
    }
}

impl From<MaterialEntry> for Material {
    fn from(entry: MaterialEntry) -> Self {
        let MaterialEntry { code, name, source, copies, original, required, standard, status } = entry;
        Self { code, name, source, copies, original, required, standard, sourced: status == Status::Sourced }
    }
}

impl From<ResultEntry> for ResultDocument {
    fn from(entry: ResultEntry) -> Self {
        let ResultEntry { certificate_title, validity_years, status, rows } = entry;
        Self {
            certificate_title,
            validity_years,
            rows: rows.into_iter().map(|RowEntry { label, pointer }| ResultRow { label, pointer }).collect(),
            sourced: status == Status::Sourced,
        }
    }
}
