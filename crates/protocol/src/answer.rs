//! The problem documents of RFC 9457 as a sender reads them.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A refusal in `application/problem+json`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemAnswer {
    /// `/problems/<code>`.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// What the code means, for people who integrate.
    #[serde(default)]
    pub title: String,
    /// The status once more.
    #[serde(default)]
    pub status: u16,
    /// What happened this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What programs act on, such as `out-of-order`, `signature-invalid`, `validation-failed`.
    pub code: String,
    /// The fields concerned.
    #[serde(default)]
    pub errors: Vec<ProblemEntry>,
}

/// One field of a refusal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProblemField)]
pub struct ProblemEntry {
    /// JSON pointer into the event.
    #[serde(default)]
    pub pointer: String,
    /// What is wrong there.
    #[serde(default)]
    pub code: String,
    /// The value found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Facts, such as `{"expected": 3}` with `out-of-order`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<Value>,
}

impl ProblemAnswer {
    /// The sequence the receiver waits for, if this is `out-of-order`.
    pub fn expected_sequence(&self) -> Option<u64> {
        if self.code != "out-of-order" {
            return None;
        }
        self.errors.iter().find_map(|entry| entry.params.as_ref()?.get("expected")?.as_u64())
    }
}
