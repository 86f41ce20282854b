//! What the desks see of the steps of a case beside acceptance and decision: notices, rejection, withdrawal, questions,
//! progress, the department's receipt, originals.

use domain::{
    case::{Case, EnquiryAnswer, OriginalFate, Supplement, SupplementNotice},
    item::{Item, Seat},
};
use jiff::Timestamp;
use serde::Serialize;
use store::Tx;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    HallError,
    records::{
        AllowanceRecord, CollectorRecord, EnquiryRecord, NoticeRecord, ProgressRecord, ReceiptFieldsRecord,
        RejectionRecord, WithdrawalRecord,
    },
    views::{SeatName, read},
};

/// A notice of what is missing (补正告知).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notice)]
pub struct NoticeView {
    /// When it was given.
    pub asked_at: Timestamp,
    /// The window, or the department.
    pub by: SeatName,
    /// Who gave it. Null once erased.
    #[schema(required)]
    pub officer: Option<String>,
    /// Its number.
    pub number: String,
    /// Each thing that is missing.
    pub points: Vec<MissingPointView>,
    /// Who allowed it, where it is not the first.
    #[schema(required)]
    pub allowed_by: Option<String>,
    /// Why it was allowed.
    #[schema(required)]
    pub allowed_because: Option<String>,
    /// When the applicant handed in what was missing.
    #[schema(required)]
    pub supplied_at: Option<Timestamp>,
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

/// That an application was not accepted (不予受理).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rejection)]
pub struct RejectionView {
    /// When.
    pub rejected_at: Timestamp,
    /// The window, or the department.
    pub by: SeatName,
    /// `not-needed`, `not-competent` or `other`.
    pub ground: &'static str,
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

/// A question between window and department (前后台咨询).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Enquiry)]
pub struct EnquiryView {
    /// The question.
    pub id: Uuid,
    /// Who asks: the window, or the department.
    pub by: SeatName,
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

/// How far the department has come (办理进展).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Progress)]
pub struct ProgressView {
    /// When.
    pub at: Timestamp,
    /// The step. Null once erased.
    #[schema(required)]
    pub step: Option<String>,
    /// Who is at it.
    #[schema(required)]
    pub officer: Option<String>,
    /// What is to be said of it.
    #[schema(required)]
    pub note: Option<String>,
}

/// What the department has taken into its own system (接收回执).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DepartmentReceipt)]
pub struct DepartmentReceiptView {
    /// When.
    pub at: Timestamp,
    /// The department's own number of the case.
    #[schema(required)]
    pub department_number: Option<String>,
    /// Field by field, in the order of the department's screen.
    pub fields: Vec<ReceivedFieldView>,
}

/// A field of the department's system.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReceivedField)]
pub struct ReceivedFieldView {
    /// Its name there.
    pub name: String,
    /// What its screen says.
    pub label: String,
    /// What stands in it now.
    #[schema(required)]
    pub value: Option<String>,
    /// Whether it was taken as it was sent.
    pub taken: bool,
    /// Why not, or as what.
    #[schema(required)]
    pub note: Option<String>,
}

/// An original that the hall has taken (原件).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HeldOriginal)]
pub struct OriginalView {
    /// The code of its material.
    pub code: String,
    /// The material's name.
    pub name: String,
    /// `returned`, `archived`; null while the hall holds it.
    #[schema(required)]
    pub fate: Option<&'static str>,
    /// Who took it, where it was not who collected the result. Null once erased.
    #[schema(required)]
    pub receiver: Option<String>,
}

pub(crate) async fn notices(tx: &mut Tx, case: &Case) -> Result<Vec<NoticeView>, HallError> {
    let mut views = vec![];
    for (notice, supplied) in &case.notices {
        views.push(notice_view(tx, notice, supplied.as_ref()).await?);
    }
    Ok(views)
}

async fn notice_view(
    tx: &mut Tx,
    notice: &SupplementNotice,
    supplied: Option<&Supplement>,
) -> Result<NoticeView, HallError> {
    let record: Option<NoticeRecord> = read(tx, notice.content.record.0).await?;
    let allowed: Option<AllowanceRecord> = match notice.allowed {
        Some(allowed) => read(tx, allowed.record.0).await?,
        None => None,
    };
    let (officer, points) = record.map_or((None, vec![]), |record| (Some(record.officer), record.points));
    let points = points.into_iter().map(|protocol::MissingPoint { code, material, reason }| MissingPointView {
        code,
        material,
        reason,
    });
    let (allowed_by, allowed_because) =
        allowed.map_or((None, None), |allowed| (Some(allowed.manager), Some(allowed.reason)));
    Ok(NoticeView {
        asked_at: notice.asked_at,
        by: SeatName::of(notice.by),
        officer,
        number: notice.paper.number.clone(),
        points: points.collect(),
        allowed_by,
        allowed_because,
        supplied_at: supplied.map(|supplement| supplement.received_at),
    })
}

pub(crate) async fn rejection(tx: &mut Tx, case: &Case) -> Result<Option<RejectionView>, HallError> {
    let Some(rejection) = case.rejection() else { return Ok(None) };
    let record: Option<RejectionRecord> = read(tx, rejection.content.record.0).await?;
    let (officer, reason, competent_authority) = record
        .map_or((None, None, None), |record| (Some(record.officer), Some(record.reason), record.competent_authority));
    Ok(Some(RejectionView {
        rejected_at: rejection.rejected_at,
        by: SeatName::of(rejection.by),
        ground: rejection.ground.name(),
        officer,
        reason,
        competent_authority,
    }))
}

pub(crate) async fn withdrawal(tx: &mut Tx, case: &Case) -> Result<Option<WithdrawalView>, HallError> {
    let Some(withdrawal) = case.withdrawal() else { return Ok(None) };
    let record: Option<WithdrawalRecord> = read(tx, withdrawal.content.record.0).await?;
    Ok(Some(WithdrawalView { withdrawn_at: withdrawal.withdrawn_at, reason: record.map(|record| record.reason) }))
}

pub(crate) async fn enquiries(tx: &mut Tx, case: &Case) -> Result<Vec<EnquiryView>, HallError> {
    let mut views = vec![];
    for (enquiry, answer) in &case.enquiries {
        let asked: Option<EnquiryRecord> = read(tx, enquiry.content.record.0).await?;
        let answered: Option<EnquiryRecord> = match answer {
            Some(EnquiryAnswer { content, .. }) => read(tx, content.record.0).await?,
            None => None,
        };
        let words = |record: Option<EnquiryRecord>| record.map_or((None, None), |it| (Some(it.by), Some(it.text)));
        let (asked_by, text) = words(asked);
        let (answered_by, answer_text) = words(answered);
        views.push(EnquiryView {
            id: enquiry.id.0,
            by: SeatName::of(enquiry.by),
            asked_at: enquiry.asked_at,
            asked_by,
            text,
            answered_at: answer.as_ref().map(|answer| answer.answered_at),
            answered_by,
            answer: answer_text,
        });
    }
    Ok(views)
}

pub(crate) async fn progress(tx: &mut Tx, case: &Case) -> Result<Vec<ProgressView>, HallError> {
    let mut views = vec![];
    for progress in &case.progress {
        let record: Option<ProgressRecord> = read(tx, progress.content.record.0).await?;
        let (step, officer, note) =
            record.map_or((None, None, None), |record| (Some(record.step), record.officer, record.note));
        views.push(ProgressView { at: progress.at, step, officer, note });
    }
    Ok(views)
}

pub(crate) async fn department_receipt(tx: &mut Tx, case: &Case) -> Result<Option<DepartmentReceiptView>, HallError> {
    let Some(receipt) = &case.received else { return Ok(None) };
    let record: Option<ReceiptFieldsRecord> = read(tx, receipt.content.record.0).await?;
    let (department_number, fields) = record.map_or((None, vec![]), |record| (record.department_number, record.fields));
    let fields = fields.into_iter().map(|protocol::ReceivedField { name, label, value, taken, note }| {
        ReceivedFieldView { name, label, value, taken, note }
    });
    Ok(Some(DepartmentReceiptView { at: receipt.at, department_number, fields: fields.collect() }))
}

/// The originals with the names of those who took them.
pub(crate) async fn accounted(tx: &mut Tx, case: &Case, item: &Item) -> Result<Vec<OriginalView>, HallError> {
    let mut views = originals(case, item);
    for (view, original) in views.iter_mut().zip(&case.originals) {
        if let Some(receiver) = original.receiver {
            view.receiver = read::<CollectorRecord>(tx, receiver.record.0).await?.map(|receiver| receiver.name);
        }
    }
    Ok(views)
}

pub(crate) fn originals(case: &Case, item: &Item) -> Vec<OriginalView> {
    let name = |code: &str| {
        let known = item.materials.iter().find(|material| material.code == code);
        known.map_or_else(|| code.to_owned(), |material| material.name.clone())
    };
    let views = case.originals.iter().map(|original| OriginalView {
        code: original.code.clone(),
        name: name(&original.code),
        fate: original.fate.map(|fate| match fate {
            OriginalFate::Returned => "returned",
            OriginalFate::Archived => "archived",
        }),
        receiver: None,
    });
    views.collect()
}

impl SeatName {
    pub(crate) fn of(seat: Seat) -> Self {
        match seat {
            Seat::Department => Self::Department,
            Seat::Window => Self::Window,
        }
    }
}
