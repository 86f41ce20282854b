//! That a case is taken back.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bounds::TEXT;
use crate::fault::Check;

/// The applicant has taken the application back (撤回申请). The department stops; what it has made is void.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskWithdrawn {
    /// The case.
    pub case_id: Uuid,
    /// When.
    pub withdrawn_at: Timestamp,
    /// Why, in the applicant's words.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

impl fmt::Debug for TaskWithdrawn {
    /// An applicant's words stay out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskWithdrawn").field("case_id", &self.case_id).finish_non_exhaustive()
    }
}

impl TaskWithdrawn {
    pub(super) fn check(&self, check: &mut Check) {
        let TaskWithdrawn { case_id: _, withdrawn_at: _, reason } = self;
        check.lines("reason", reason, TEXT);
    }
}
