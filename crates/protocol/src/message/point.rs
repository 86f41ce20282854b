//! What was looked at when it was handed in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bounds::{CODE, POINT};
use crate::fault::Check;

/// A review point (审查要点) that was looked at when the case was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CheckedPoint {
    /// Its code within the item.
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
    /// The code of the material under which it stands, if it stands under one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub material: Option<String>,
    /// What must be so.
    #[schema(min_length = 1, max_length = 500)]
    pub text: String,
    /// What a notice says when it is not so.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
    /// Whether nothing is accepted while it is not so.
    pub blocking: bool,
    /// Whether the machine has looked; otherwise the clerk has.
    pub by_machine: bool,
    /// Whether it was found so.
    pub met: bool,
    /// Whether nothing was found: nobody has looked, or what the rule needs was not said. Only a point that does not block
    /// is handed on like that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
}

pub(super) fn check_points(check: &mut Check, points: &[CheckedPoint]) {
    check.list("points", points, 500, |check, point| {
        let CheckedPoint { code, material, text, reason, blocking: _, by_machine: _, met: _, open: _ } = point;
        check.line("code", code, CODE);
        check.optional_line("material", material.as_deref(), CODE);
        check.line("text", text, POINT);
        check.line("reason", reason, POINT);
    });
}
