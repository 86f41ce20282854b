//! Questions between window and department.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bounds::{NAME, TEXT};
use crate::fault::Check;

/// A question about the case (前后台咨询).
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EnquiryAsked {
    /// The case.
    pub case_id: Uuid,
    /// The question, made by who asks.
    pub enquiry_id: Uuid,
    /// When.
    pub asked_at: Timestamp,
    /// Who asks.
    #[schema(min_length = 1, max_length = 200)]
    pub officer: String,
    /// The question.
    #[schema(min_length = 1, max_length = 1000)]
    pub text: String,
}

impl fmt::Debug for EnquiryAsked {
    /// What is asked about people stays out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnquiryAsked").field("enquiry_id", &self.enquiry_id).finish_non_exhaustive()
    }
}

/// The answer to a question.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EnquiryAnswered {
    /// The case.
    pub case_id: Uuid,
    /// The question.
    pub enquiry_id: Uuid,
    /// When.
    pub answered_at: Timestamp,
    /// Who answers.
    #[schema(min_length = 1, max_length = 200)]
    pub officer: String,
    /// The answer.
    #[schema(min_length = 1, max_length = 1000)]
    pub text: String,
}

impl fmt::Debug for EnquiryAnswered {
    /// What is answered about people stays out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnquiryAnswered").field("enquiry_id", &self.enquiry_id).finish_non_exhaustive()
    }
}

impl EnquiryAsked {
    pub(super) fn check(&self, check: &mut Check) {
        let EnquiryAsked { case_id: _, enquiry_id: _, asked_at: _, officer, text } = self;
        check.line("officer", officer, NAME);
        check.lines("text", text, TEXT);
    }
}

impl EnquiryAnswered {
    pub(super) fn check(&self, check: &mut Check) {
        let EnquiryAnswered { case_id: _, enquiry_id: _, answered_at: _, officer, text } = self;
        check.line("officer", officer, NAME);
        check.lines("text", text, TEXT);
    }
}
