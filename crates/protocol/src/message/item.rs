//! What is applied for.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bounds::{CODE, LONG_TEXT, MARK, NAME};
use super::forms::ItemPapers;
use super::limit::Limit;
use super::raw_json::{RawJson, raw};
use crate::fault::Check;

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
    /// How the form stands on the desk: `ui:order` is the order of its fields. Absent from a hall before this field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Value>)]
    pub form_layout: Option<RawJson>,
    /// What the catalogue marks as 待核对.
    #[schema(max_items = 200)]
    pub unverified_notes: Vec<String>,
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

/// What a granted case results in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemResult {
    /// The title of the certificate, if there is one.
    #[schema(min_length = 1, max_length = 200)]
    pub certificate_title: Option<String>,
    /// The mark of its numbers (字号), letters only, where it is not the department's for all its certificates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 20)]
    pub mark: Option<String>,
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

impl AssignedItem {
    pub(super) fn check(&self, check: &mut Check) {
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
            form_layout,
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
            let ItemResult { certificate_title, mark, validity_years, validity_months, valid_until, template: _, rows } =
                result;
            check.optional_line("certificate_title", certificate_title.as_deref(), NAME);
            if let Some(mark) = mark {
                check.letters("mark", mark, MARK);
            }
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
        if let Some(layout) = form_layout {
            raw(check, "form_layout", layout);
        }
        check.list("unverified_notes", unverified_notes, 200, |_, _| {});
        check.within("unverified_notes", |check| {
            for (index, note) in unverified_notes.iter().enumerate().take(200) {
                check.lines(&index.to_string(), note, 1_000);
            }
        });
    }
}
