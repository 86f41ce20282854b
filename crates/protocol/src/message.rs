//! What hall and department tell each other about a case.

mod acceptance;
mod applicant;
mod assignment;
mod bounds;
mod decision;
mod enquiry;
mod forms;
mod item;
mod limit;
mod material;
mod paper;
mod point;
mod raw_json;
mod receipt;
mod rejection;
mod supplement;
mod withdrawal;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub use acceptance::{TaskAccepted, TaskAcceptedAtWindow, TaskDeemedAccepted};
pub use applicant::{Agent, Applicant, ApplicantKind};
pub use assignment::{Answer, GivenNotice, HallName, TaskAssigned};
pub use decision::{Certificate, Outcome, TaskDecided, TaskDecidedAtWindow};
pub use enquiry::{EnquiryAnswered, EnquiryAsked};
pub use forms::{Article, DecisionForm, ItemPapers, NoticeForm};
pub use item::{AssignedItem, DecisionTexts, DepartmentField, ItemResult, ResultRow, ResultTemplate};
pub use limit::{ClockKind, DayUnit, Limit, LimitStart, Silence};
pub use material::AssignedMaterial;
pub use paper::{PaperIssued, PaperKind, PaperRef};
pub use point::CheckedPoint;
pub use raw_json::RawJson;
pub use receipt::{ReceivedField, TaskProgressed, TaskReceived};
pub use rejection::{RejectionGround, TaskRejected};
pub use supplement::{Allowance, MissingPoint, TaskSupplementAsked, TaskSupplemented};
pub use withdrawal::TaskWithdrawn;

use crate::fault::{Check, FieldFault};

/// A message, named by the type of its event.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Message {
    /// Hall to department: here is a case to decide.
    #[serde(rename = "yichuang.task.assigned")]
    TaskAssigned(Box<TaskAssigned>),
    /// Hall to department: the applicant has handed in what was missing (补正).
    #[serde(rename = "yichuang.task.supplemented")]
    TaskSupplemented(Box<TaskSupplemented>),
    /// Hall to department: the window has accepted the case by the department's delegation (委托受理).
    #[serde(rename = "yichuang.task.accepted-at-window")]
    TaskAcceptedAtWindow(TaskAcceptedAtWindow),
    /// Hall to department: the window has decided the case by the department's delegation.
    #[serde(rename = "yichuang.task.decided-at-window")]
    TaskDecidedAtWindow(TaskDecidedAtWindow),
    /// Hall to department: nobody has accepted the case in time, so it counts as accepted (视为受理).
    #[serde(rename = "yichuang.task.deemed-accepted")]
    TaskDeemedAccepted(TaskDeemedAccepted),
    /// Hall to department: the applicant has taken the application back (撤回申请).
    #[serde(rename = "yichuang.task.withdrawn")]
    TaskWithdrawn(TaskWithdrawn),
    /// Department to hall: what has been taken into the department's own system, field by field (接收回执).
    #[serde(rename = "yichuang.task.received")]
    TaskReceived(TaskReceived),
    /// Department to hall: how far it has come (办理进展).
    #[serde(rename = "yichuang.task.progressed")]
    TaskProgressed(TaskProgressed),
    /// Department to hall: the applicant is told everything that is missing (补正告知).
    #[serde(rename = "yichuang.task.supplement-asked")]
    TaskSupplementAsked(TaskSupplementAsked),
    /// Department to hall: the application is not accepted (不予受理).
    #[serde(rename = "yichuang.task.rejected")]
    TaskRejected(TaskRejected),
    /// Department to hall: the case is accepted (受理).
    #[serde(rename = "yichuang.task.accepted")]
    TaskAccepted(TaskAccepted),
    /// Department to hall: the case is decided.
    #[serde(rename = "yichuang.task.decided")]
    TaskDecided(TaskDecided),
    /// Department to hall: a paper can be fetched.
    #[serde(rename = "yichuang.paper.issued")]
    PaperIssued(PaperIssued),
    /// Either to the other: a question about the case (前后台咨询).
    #[serde(rename = "yichuang.enquiry.asked")]
    EnquiryAsked(EnquiryAsked),
    /// Either to the other: the answer to its question.
    #[serde(rename = "yichuang.enquiry.answered")]
    EnquiryAnswered(EnquiryAnswered),
}

/// Does the same with the data of a message, whatever it is.
macro_rules! each {
    ($message:expr, $data:ident => $does:expr) => {
        match $message {
            Message::TaskAssigned($data) => $does,
            Message::TaskSupplemented($data) => $does,
            Message::TaskAcceptedAtWindow($data) => $does,
            Message::TaskDecidedAtWindow($data) => $does,
            Message::TaskDeemedAccepted($data) => $does,
            Message::TaskWithdrawn($data) => $does,
            Message::TaskReceived($data) => $does,
            Message::TaskProgressed($data) => $does,
            Message::TaskSupplementAsked($data) => $does,
            Message::TaskRejected($data) => $does,
            Message::TaskAccepted($data) => $does,
            Message::TaskDecided($data) => $does,
            Message::PaperIssued($data) => $does,
            Message::EnquiryAsked($data) => $does,
            Message::EnquiryAnswered($data) => $does,
        }
    };
}

impl Message {
    /// Every type there is: from the hall, from a department, from either.
    pub const TYPES: [&'static str; 15] = [
        "yichuang.task.assigned",
        "yichuang.task.supplemented",
        "yichuang.task.accepted-at-window",
        "yichuang.task.decided-at-window",
        "yichuang.task.deemed-accepted",
        "yichuang.task.withdrawn",
        "yichuang.task.received",
        "yichuang.task.progressed",
        "yichuang.task.supplement-asked",
        "yichuang.task.rejected",
        "yichuang.task.accepted",
        "yichuang.task.decided",
        "yichuang.paper.issued",
        "yichuang.enquiry.asked",
        "yichuang.enquiry.answered",
    ];

    /// The type of the event that carries it.
    pub fn event_type(&self) -> &'static str {
        match self {
            Message::TaskAssigned(_) => "yichuang.task.assigned",
            Message::TaskSupplemented(_) => "yichuang.task.supplemented",
            Message::TaskAcceptedAtWindow(_) => "yichuang.task.accepted-at-window",
            Message::TaskDecidedAtWindow(_) => "yichuang.task.decided-at-window",
            Message::TaskDeemedAccepted(_) => "yichuang.task.deemed-accepted",
            Message::TaskWithdrawn(_) => "yichuang.task.withdrawn",
            Message::TaskReceived(_) => "yichuang.task.received",
            Message::TaskProgressed(_) => "yichuang.task.progressed",
            Message::TaskSupplementAsked(_) => "yichuang.task.supplement-asked",
            Message::TaskRejected(_) => "yichuang.task.rejected",
            Message::TaskAccepted(_) => "yichuang.task.accepted",
            Message::TaskDecided(_) => "yichuang.task.decided",
            Message::PaperIssued(_) => "yichuang.paper.issued",
            Message::EnquiryAsked(_) => "yichuang.enquiry.asked",
            Message::EnquiryAnswered(_) => "yichuang.enquiry.answered",
        }
    }

    /// The case it is about.
    pub fn case_id(&self) -> Uuid {
        each!(self, data => data.case_id)
    }

    /// The data alone, as JSON text to be kept until it is sent.
    pub fn data(&self) -> RawJson {
        let text = each!(self, data => serde_json::to_string(data));
        let raw = text.and_then(RawJson::parse);
        raw.expect("messages have only text keys and finite numbers")
    }

    /// What is wrong with the data, with pointers below `/data`.
    pub(crate) fn faults(&self) -> Vec<FieldFault> {
        let mut check = Check::at("/data");
        each!(self, data => data.check(&mut check));
        check.finish()
    }
}
