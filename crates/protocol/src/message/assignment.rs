//! A case for a department.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::applicant::{Agent, Applicant};
use super::bounds::{CODE, NAME, NUMBER, POINT};
use super::item::AssignedItem;
use super::material::{AssignedMaterial, check_materials};
use super::point::{CheckedPoint, check_points};
use super::raw_json::{RawJson, raw};
use super::supplement::{MissingPoint, check_missing};
use crate::fault::{Check, FaultCode};

/// A case to decide, with all that the department needs to do so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskAssigned {
    /// The case; also the id of the task.
    pub case_id: Uuid,
    /// The short number of digits that is said aloud at the window.
    #[schema(min_length = 1, max_length = 64)]
    pub number: String,
    /// 办件编号.
    #[schema(min_length = 1, max_length = 64)]
    pub official_number: String,
    /// The sitting at the window that the case belongs to.
    pub filing_id: Uuid,
    /// The department that is to decide; one address may serve several.
    pub department_id: Uuid,
    /// The hall that took the case.
    pub hall: HallName,
    /// The window where it was taken.
    #[schema(min_length = 1, max_length = 100)]
    pub window: String,
    /// When the hall took it (收件).
    pub taken_at: Timestamp,
    /// When what the window had told the applicant was missing came (补正), where the department is sent the case only after
    /// that. Absent: nothing was missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// Where the applicant can look up the progress.
    #[schema(min_length = 1, max_length = 2000)]
    pub progress_url: String,
    /// The item, as the hall's catalogue had it when the case was taken.
    pub item: AssignedItem,
    /// Who applies.
    pub applicant: Applicant,
    /// Who acts for the applicant (代理人), if somebody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Agent>,
    /// What the applicant was asked about the situation (情形), and answered.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub answers: Vec<Answer>,
    /// The answers, in the shape of `item.form_schema`.
    #[schema(value_type = Value)]
    pub form: RawJson,
    /// The materials; their bytes are fetched by hash.
    #[schema(max_items = 500)]
    pub materials: Vec<AssignedMaterial>,
    /// What was looked at when the case was taken (审查要点), and what was found.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub points: Vec<CheckedPoint>,
    /// What the window has told the applicant already is missing (补正告知), first to last: a further notice is not the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub notices: Vec<GivenNotice>,
}

/// A notice of what was missing that a window gave (补正告知), before the department had the case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GivenNotice {
    /// When.
    pub asked_at: Timestamp,
    /// Who gave it.
    #[schema(min_length = 1, max_length = 200)]
    pub officer: String,
    /// Its number.
    #[schema(min_length = 1, max_length = 64)]
    pub number: String,
    /// Each thing that was missing.
    #[schema(max_items = 100)]
    pub points: Vec<MissingPoint>,
}

/// A hall, for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HallName {
    /// As in the source of the event.
    pub id: Uuid,
    /// 安澜市政务服务中心.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
}

/// An answer to a question about the situation (情形).
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    /// The question's code within the item.
    #[schema(min_length = 1, max_length = 100)]
    pub question: String,
    /// The question as it was asked.
    #[schema(min_length = 1, max_length = 500)]
    pub text: String,
    /// The answer's code within the question.
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
    /// The answer in words.
    #[schema(min_length = 1, max_length = 500)]
    pub label: String,
}

impl fmt::Debug for Answer {
    /// What people answer stays out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("question", &self.question).finish_non_exhaustive()
    }
}

impl TaskAssigned {
    /// From when the limit for acceptance runs: it begins the day after (收件, or 补正).
    pub fn limit_from(&self) -> Timestamp {
        self.received_at.unwrap_or(self.taken_at)
    }

    pub(super) fn check(&self, check: &mut Check) {
        let TaskAssigned {
            case_id: _,
            number,
            official_number,
            filing_id: _,
            department_id: _,
            hall,
            window,
            taken_at,
            received_at,
            progress_url,
            item,
            applicant,
            agent,
            answers,
            form,
            materials,
            points,
            notices,
        } = self;
        check.line("number", number, NUMBER);
        check.line("official_number", official_number, NUMBER);
        check.within("hall", |check| check.line("name", &hall.name, NAME));
        check.line("window", window, CODE);
        if let Some(received_at) = received_at.filter(|received_at| received_at < taken_at) {
            check.fault("received_at", FaultCode::Contradiction, Value::from(received_at.to_string()), None);
        }
        check.line("progress_url", progress_url, 2_000);
        if !progress_url.starts_with("https://") && !progress_url.starts_with("http://") {
            check.fault("progress_url", FaultCode::NotAllowed, Value::from(progress_url.as_str()), None);
        }
        check.within("item", |check| item.check(check));
        check.within("applicant", |check| applicant.check(check));
        if let Some(agent) = agent {
            check.within("agent", |check| agent.check(check));
        }
        check.list("answers", answers, 20, |check, Answer { question, text, code, label }| {
            check.line("question", question, CODE);
            check.line("text", text, POINT);
            check.line("code", code, CODE);
            check.line("label", label, POINT);
        });
        raw(check, "form", form);
        check_points(check, points);
        check_materials(check, materials);
        check.list("notices", notices, 20, |check, GivenNotice { asked_at: _, officer, number, points }| {
            check.line("officer", officer, NAME);
            check.line("number", number, NUMBER);
            check_missing(check, points);
        });
    }
}
