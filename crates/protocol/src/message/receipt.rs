//! What a department has taken over, and how far it has come.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bounds::{LONG_TEXT, NAME, NUMBER, POINT, TEXT};
use crate::fault::Check;

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

impl TaskReceived {
    pub(super) fn check(&self, check: &mut Check) {
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
    pub(super) fn check(&self, check: &mut Check) {
        let TaskProgressed { case_id: _, at: _, step, officer, note } = self;
        check.line("step", step, NAME);
        check.optional_line("officer", officer.as_deref(), NAME);
        if let Some(note) = note {
            check.lines("note", note, TEXT);
        }
    }
}
