//! Who applies, and who acts for them.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bounds::{CODE, NAME, NUMBER, POINT};
use crate::fault::Check;

/// Who applies.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Applicant {
    /// A person or an organisation.
    pub kind: ApplicantKind,
    /// The name on the identity document.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Which number it is, such as `resident-id` or `uscc`.
    #[schema(min_length = 1, max_length = 100)]
    pub id_kind: String,
    /// The number itself, in full.
    #[schema(min_length = 1, max_length = 64)]
    pub id_number: String,
    /// Where decisions are announced.
    #[schema(min_length = 1, max_length = 64)]
    pub phone: String,
    /// Where papers may be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500)]
    pub address: Option<String>,
    /// 法定代表人, for an organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200)]
    pub legal_representative: Option<String>,
    /// 联系人 or 经办人.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200)]
    pub contact: Option<String>,
}

impl fmt::Debug for Applicant {
    /// People's data stays out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Applicant").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Who acts for the applicant (代理人).
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Agent {
    /// The name on the identity document.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// 公民身份号码, in full.
    #[schema(min_length = 1, max_length = 64)]
    pub id_number: String,
    /// Where the agent is reached.
    #[schema(min_length = 1, max_length = 64)]
    pub phone: String,
    /// What the agent may do (代理权限).
    #[schema(min_length = 1, max_length = 500)]
    pub authority: String,
    /// The last day of the authority; null where the paper names none.
    pub until: Option<Date>,
}

impl fmt::Debug for Agent {
    /// People's data stays out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agent").finish_non_exhaustive()
    }
}

/// What an applicant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicantKind {
    /// 自然人.
    Person,
    /// 法人或其他组织.
    Organisation,
}

impl Applicant {
    pub(super) fn check(&self, check: &mut Check) {
        let Applicant { kind: _, name, id_kind, id_number, phone, address, legal_representative, contact } = self;
        check.line("name", name, NAME);
        check.line("id_kind", id_kind, CODE);
        check.line("id_number", id_number, NUMBER);
        check.line("phone", phone, 64);
        check.optional_line("address", address.as_deref(), 500);
        check.optional_line("legal_representative", legal_representative.as_deref(), NAME);
        check.optional_line("contact", contact.as_deref(), NAME);
    }
}

impl Agent {
    pub(super) fn check(&self, check: &mut Check) {
        let Agent { name, id_number, phone, authority, until: _ } = self;
        check.line("name", name, NAME);
        check.line("id_number", id_number, NUMBER);
        check.line("phone", phone, 64);
        check.line("authority", authority, POINT);
    }
}
