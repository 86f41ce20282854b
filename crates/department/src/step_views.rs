//! What the approver's desk sees of the steps beside acceptance, review and decision: notices, rejection, questions, what the
//! window did by delegation, withdrawal.

use domain::{
    item::Seat,
    task::{Task, TaskAcceptedBy, TaskState, TaskSupplementNotice},
};
use jiff::{Timestamp, civil::Date};
use protocol::TaskAssigned;
use serde::Serialize;
use store::Tx;
use utoipa::ToSchema;
use uuid::Uuid;
use web::view::OutcomeName;

use crate::{
    DepartmentError,
    find_task::{Names, read},
};

/// A notice of what is missing (补正告知).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notice)]
pub struct NoticeView {
    /// Who gave it: `department`, or `window`, before the department had the case.
    pub by: &'static str,
    /// When it was given.
    pub asked_at: Timestamp,
    /// Who gave it.
    #[schema(required)]
    pub officer: Option<String>,
    /// Its number.
    pub number: String,
    /// Each thing that is missing. None once erased.
    pub points: Vec<MissingPointView>,
    /// Why it was allowed, where it is not the first; whoever gave it allowed it.
    #[schema(required)]
    pub allowed_because: Option<String>,
}

/// A thing that is missing or wrong.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MissingPoint)]
pub struct MissingPointView {
    /// The code of the review point, where it is one of the item's.
    #[schema(required)]
    pub code: Option<String>,
    /// The code of the material it is about.
    #[schema(required)]
    pub material: Option<String>,
    /// What is missing or wrong, and what it has to be.
    pub reason: String,
}

/// That the application was not accepted (不予受理).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rejection)]
pub struct RejectionView {
    /// When.
    pub rejected_at: Timestamp,
    /// `not-needed`, `not-competent` or `other`.
    pub ground: &'static str,
    /// The number of the document.
    pub number: String,
    /// Who said so. Null once erased.
    #[schema(required)]
    pub officer: Option<String>,
    /// Why. Null once erased.
    #[schema(required)]
    pub reason: Option<String>,
    /// Which authority is competent.
    #[schema(required)]
    pub competent_authority: Option<String>,
}

/// A question between window and department (前后台咨询).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Enquiry)]
pub struct EnquiryView {
    /// The question.
    pub id: Uuid,
    /// Who asks, `window` or `department`; the other one answers.
    pub by: &'static str,
    /// When.
    pub asked_at: Timestamp,
    /// Whose words. Null once erased.
    #[schema(required)]
    pub asked_by: Option<String>,
    /// The question. Null once erased.
    #[schema(required)]
    pub text: Option<String>,
    /// When it was answered.
    #[schema(required)]
    pub answered_at: Option<Timestamp>,
    /// Whose words.
    #[schema(required)]
    pub answered_by: Option<String>,
    /// The answer.
    #[schema(required)]
    pub answer: Option<String>,
}

/// That the window accepted it by the department's delegation (委托受理).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WindowAcceptance)]
pub struct WindowAcceptanceView {
    /// When.
    pub accepted_at: Timestamp,
    /// Who. Null once erased, as what follows.
    #[schema(required)]
    pub officer: Option<String>,
    /// By which agreement.
    #[schema(required)]
    pub agreement: Option<String>,
    /// The number of the notice.
    #[schema(required)]
    pub notice: Option<String>,
}

/// That the window decided it by the department's delegation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WindowDecision)]
pub struct WindowDecisionView {
    /// When.
    pub decided_at: Timestamp,
    /// Granted or denied.
    pub outcome: OutcomeName,
    /// Who. Null once erased, as what follows.
    #[schema(required)]
    pub officer: Option<String>,
    /// By which agreement.
    #[schema(required)]
    pub agreement: Option<String>,
    /// Why.
    #[schema(required)]
    pub reason: Option<String>,
    /// The number of the decision.
    #[schema(required)]
    pub decision: Option<String>,
    /// The certificate of a granted case.
    #[schema(required)]
    pub certificate: Option<WindowCertificateView>,
}

/// A certificate that the window issued.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WindowCertificate)]
pub struct WindowCertificateView {
    /// Its title.
    pub title: String,
    /// Its number.
    pub number: String,
    /// The first day.
    pub valid_from: Date,
    /// The last day; null for an unlimited one.
    #[schema(required)]
    pub valid_until: Option<Date>,
}

/// That the applicant took the application back (撤回申请).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Withdrawal)]
pub struct WithdrawalView {
    /// When.
    pub withdrawn_at: Timestamp,
    /// Why. Null once erased.
    #[schema(required)]
    pub reason: Option<String>,
}

pub(crate) async fn notices(
    tx: &mut Tx,
    names: &mut Names,
    task: &Task,
    assigned: &TaskAssigned,
) -> Result<Vec<NoticeView>, DepartmentError> {
    let before = assigned.notices.iter().map(|notice| NoticeView {
        by: Seat::Window.name(),
        asked_at: notice.asked_at,
        officer: Some(notice.officer.clone()),
        number: notice.number.clone(),
        points: missing_views(notice.points.clone()),
        allowed_because: None,
    });
    let mut views: Vec<NoticeView> = before.collect();
    for TaskSupplementNotice { by, asked_at, content, paper, allowed } in &task.notices {
        let points: Option<Vec<protocol::MissingPoint>> = read(tx, content.record.0).await?;
        views.push(NoticeView {
            by: Seat::Department.name(),
            asked_at: *asked_at,
            officer: names.of(tx, by.0).await?,
            number: paper.number.clone(),
            points: missing_views(points.unwrap_or_default()),
            allowed_because: match allowed {
                Some(allowed) => read(tx, allowed.record.0).await?,
                None => None,
            },
        });
    }
    Ok(views)
}

fn missing_views(points: Vec<protocol::MissingPoint>) -> Vec<MissingPointView> {
    let points = points.into_iter();
    points
        .map(|protocol::MissingPoint { code, material, reason }| MissingPointView { code, material, reason })
        .collect()
}

pub(crate) async fn rejection(tx: &mut Tx, task: &Task) -> Result<Option<RejectionView>, DepartmentError> {
    let Some(rejection) = task.rejection() else { return Ok(None) };
    let told: Option<protocol::TaskRejected> = read(tx, rejection.content.record.0).await?;
    let (officer, reason, competent_authority) =
        told.map_or((None, None, None), |told| (Some(told.officer), Some(told.reason), told.competent_authority));
    Ok(Some(RejectionView {
        rejected_at: rejection.rejected_at,
        ground: rejection.ground.name(),
        number: rejection.paper.number.clone(),
        officer,
        reason,
        competent_authority,
    }))
}

pub(crate) async fn enquiries(tx: &mut Tx, task: &Task) -> Result<Vec<EnquiryView>, DepartmentError> {
    let mut views = vec![];
    for (enquiry, answer) in &task.enquiries {
        let asked: Option<protocol::EnquiryAsked> = read(tx, enquiry.content.record.0).await?;
        let answered: Option<protocol::EnquiryAnswered> = match answer {
            Some(answer) => read(tx, answer.content.record.0).await?,
            None => None,
        };
        let (asked_by, text) = asked.map_or((None, None), |asked| (Some(asked.officer), Some(asked.text)));
        let (answered_by, words) =
            answered.map_or((None, None), |answered| (Some(answered.officer), Some(answered.text)));
        views.push(EnquiryView {
            id: enquiry.id.0,
            by: enquiry.by.name(),
            asked_at: enquiry.asked_at,
            asked_by,
            text,
            answered_at: answer.as_ref().map(|answer| answer.answered_at),
            answered_by,
            answer: words,
        });
    }
    Ok(views)
}

pub(crate) async fn window_acceptance(
    tx: &mut Tx,
    task: &Task,
) -> Result<Option<WindowAcceptanceView>, DepartmentError> {
    let Some(TaskAcceptedBy::Window { accepted_at, content }) = task.accepted() else { return Ok(None) };
    let told: Option<protocol::TaskAcceptedAtWindow> = read(tx, content.record.0).await?;
    let (officer, agreement, notice) =
        told.map_or((None, None, None), |told| (Some(told.officer), Some(told.agreement), Some(told.notice.number)));
    Ok(Some(WindowAcceptanceView { accepted_at: *accepted_at, officer, agreement, notice }))
}

pub(crate) async fn window_decision(tx: &mut Tx, task: &Task) -> Result<Option<WindowDecisionView>, DepartmentError> {
    let Some(decision) = task.window_decision() else { return Ok(None) };
    let told: Option<protocol::TaskDecidedAtWindow> = read(tx, decision.content.record.0).await?;
    let mut view = WindowDecisionView {
        decided_at: decision.decided_at,
        outcome: OutcomeName::from(decision.outcome),
        officer: None,
        agreement: None,
        reason: None,
        decision: None,
        certificate: None,
    };
    if let Some(told) = told {
        view.officer = Some(told.officer);
        view.agreement = Some(told.agreement);
        view.reason = Some(told.reason);
        view.decision = Some(told.decision.number);
        view.certificate = told.certificate.map(|certificate| WindowCertificateView {
            title: certificate.title,
            number: certificate.number,
            valid_from: certificate.valid_from,
            valid_until: certificate.valid_until,
        });
    }
    Ok(Some(view))
}

pub(crate) async fn withdrawal(tx: &mut Tx, task: &Task) -> Result<Option<WithdrawalView>, DepartmentError> {
    let TaskState::Withdrawn { withdrawn_at, content, .. } = &task.state else { return Ok(None) };
    let told: Option<protocol::TaskWithdrawn> = read(tx, content.record.0).await?;
    Ok(Some(WithdrawalView { withdrawn_at: *withdrawn_at, reason: told.map(|told| told.reason) }))
}
