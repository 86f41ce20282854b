//! What is missing, asked for and handed in.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bounds::{CODE, NAME, NUMBER, POINT, TEXT};
use super::material::{AssignedMaterial, check_materials};
use super::paper::PaperRef;
use super::point::{CheckedPoint, check_points};
use super::raw_json::{RawJson, raw};
use crate::fault::{Check, FaultCode};

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

impl TaskSupplemented {
    pub(super) fn check(&self, check: &mut Check) {
        let TaskSupplemented { case_id: _, received_at: _, form, materials, points } = self;
        raw(check, "form", form);
        check_materials(check, materials);
        check_points(check, points);
    }
}

impl TaskSupplementAsked {
    pub(super) fn check(&self, check: &mut Check) {
        let TaskSupplementAsked { case_id: _, asked_at: _, officer, points, notice, allowed } = self;
        check.line("officer", officer, NAME);
        if points.is_empty() {
            check.fault("points", FaultCode::Empty, None, None);
        }
        check_missing(check, points);
        check.within("notice", |check| check.line("number", &notice.number, NUMBER));
        if let Some(Allowance { manager, reason }) = allowed {
            check.within("allowed", |check| {
                check.line("manager", manager, NAME);
                check.lines("reason", reason, TEXT);
            });
        }
    }
}

pub(super) fn check_missing(check: &mut Check, points: &[MissingPoint]) {
    check.list("points", points, 100, |check, MissingPoint { code, material, reason }| {
        check.optional_line("code", code.as_deref(), CODE);
        check.optional_line("material", material.as_deref(), CODE);
        check.line("reason", reason, POINT);
    });
}
