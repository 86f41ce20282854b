//! Stored form of the events of a task.

use domain::{
    case::Outcome,
    clock::{Article, ArticleStatus, Budget, ClockKind, ClockRule, SilenceEffect, StartRule},
    ids::{DepartmentId, HallId, StaffId},
    number::CaseNumber,
    task::{
        Assignment, SealUse, TaskAcceptance, TaskCertificate, TaskDecision, TaskEvent, TaskRejection, TaskReview,
        TaskSupplementNotice, WindowDecision,
    },
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    DeemedAcceptedV1, StoredPaper, StoredSeal, UnreadableEvent, Written,
    case::date,
    hex, moment, parse,
    steps::{AnsweredV1, AskedV1, ContentAtV1, ground},
    unhex, value, written, written_as,
};

/// A task's event as bytes.
pub fn write_task_event(event: &TaskEvent) -> Written {
    match event {
        TaskEvent::Assigned(assignment) => {
            let form = AssignedV3::from(assignment);
            // Without another day of receipt the same bytes as before.
            written_as("task.assigned", if form.received_at.is_some() { 3 } else { 2 }, &form)
        }
        TaskEvent::Accepted(acceptance) => written("task.accepted", &AcceptedV1::from(acceptance)),
        TaskEvent::DeemedAccepted { deemed_at } => {
            written("task.deemed-accepted", &DeemedAcceptedV1 { deemed_at: deemed_at.as_microsecond() })
        }
        TaskEvent::AcceptanceConfirmed(acceptance) => {
            written("task.acceptance-confirmed", &AcceptedV1::from(acceptance))
        }
        TaskEvent::Claimed { by } => written("task.claimed", &ByV1 { by: by.0 }),
        TaskEvent::Released { by } => written("task.released", &ByV1 { by: by.0 }),
        TaskEvent::SupplementAsked(notice) => written("task.supplement-asked", &SupplementAskedV1::from(notice)),
        TaskEvent::Supplemented { received_at, content } => {
            written("task.supplemented", &ContentAtV1::of(*received_at, content))
        }
        TaskEvent::Rejected(rejection) => written("task.rejected", &RejectedV1::from(rejection)),
        TaskEvent::AcceptedAtWindow { accepted_at, content } => {
            written("task.accepted-at-window", &ContentAtV1::of(*accepted_at, content))
        }
        TaskEvent::DecidedAtWindow(decision) => written("task.decided-at-window", &DecidedAtWindowV1::from(decision)),
        TaskEvent::Reviewed(review) => written("task.reviewed", &ReviewedV1::from(review)),
        TaskEvent::Withdrawn { withdrawn_at, content } => {
            written("task.withdrawn", &ContentAtV1::of(*withdrawn_at, content))
        }
        TaskEvent::Asked(enquiry) => written("task.asked", &AskedV1::from(enquiry)),
        TaskEvent::Answered(answer) => written("task.answered", &AnsweredV1::from(answer)),
        TaskEvent::Decided(decision) => written("task.decided", &DecidedV1::from(decision)),
        TaskEvent::PaperFiled { paper, digest, seal: None } => {
            written("task.paper-filed", &PaperFiledV1 { paper: paper.0, digest: hex(digest) })
        }
        TaskEvent::PaperFiled { paper, digest, seal: Some(SealUse { authority, seal, by }) } => {
            let (authority, seal) = (authority.clone(), seal.clone());
            let form = PaperFiledV2 { paper: paper.0, digest: hex(digest), authority, seal, sealed_by: by.0 };
            written_as("task.paper-filed", 2, &form)
        }
    }
}

/// The event that these bytes hold.
///
/// # Errors
/// [`UnreadableEvent`], when the type, its version or the bytes are not known here.
pub fn read_task_event(kind: &str, version: u16, body: &[u8]) -> Result<TaskEvent, UnreadableEvent> {
    match (kind, version) {
        ("task.assigned", 1) => parse::<AssignedV3>(kind, body)?.of_before().read(),
        ("task.assigned", 2 | 3) => parse::<AssignedV3>(kind, body)?.read(),
        ("task.accepted", 1) => Ok(TaskEvent::Accepted(parse::<AcceptedV1>(kind, body)?.read()?)),
        ("task.deemed-accepted", 1) => {
            parse::<DeemedAcceptedV1>(kind, body)?.read().map(|deemed_at| TaskEvent::DeemedAccepted { deemed_at })
        }
        ("task.acceptance-confirmed", 1) => {
            Ok(TaskEvent::AcceptanceConfirmed(parse::<AcceptedV1>(kind, body)?.read()?))
        }
        ("task.claimed", 1) => parse::<ByV1>(kind, body).map(|by| TaskEvent::Claimed { by: StaffId(by.by) }),
        ("task.released", 1) => parse::<ByV1>(kind, body).map(|by| TaskEvent::Released { by: StaffId(by.by) }),
        ("task.supplement-asked", 1) => parse::<SupplementAskedV1>(kind, body)?.read(),
        ("task.supplemented", 1) => {
            let (received_at, content) = parse::<ContentAtV1>(kind, body)?.read()?;
            Ok(TaskEvent::Supplemented { received_at, content })
        }
        ("task.rejected", 1) => parse::<RejectedV1>(kind, body)?.read(),
        ("task.accepted-at-window", 1) => {
            let (accepted_at, content) = parse::<ContentAtV1>(kind, body)?.read()?;
            Ok(TaskEvent::AcceptedAtWindow { accepted_at, content })
        }
        ("task.decided-at-window", 1) => parse::<DecidedAtWindowV1>(kind, body)?.read(),
        ("task.reviewed", 1) => parse::<ReviewedV1>(kind, body)?.read(),
        ("task.withdrawn", 1) => {
            let (withdrawn_at, content) = parse::<ContentAtV1>(kind, body)?.read()?;
            Ok(TaskEvent::Withdrawn { withdrawn_at, content })
        }
        ("task.asked", 1) => Ok(TaskEvent::Asked(parse::<AskedV1>(kind, body)?.read()?)),
        ("task.answered", 1) => Ok(TaskEvent::Answered(parse::<AnsweredV1>(kind, body)?.read()?)),
        ("task.decided", 1) => parse::<DecidedV1>(kind, body)?.read(),
        ("task.paper-filed", 1) => {
            let PaperFiledV1 { paper, digest } = parse(kind, body)?;
            Ok(TaskEvent::PaperFiled { paper: paper.into(), digest: unhex(&digest)?, seal: None })
        }
        ("task.paper-filed", 2) => {
            let PaperFiledV2 { paper, digest, authority, seal, sealed_by } = parse(kind, body)?;
            let seal = Some(SealUse { authority, seal, by: StaffId(sealed_by) });
            Ok(TaskEvent::PaperFiled { paper: paper.into(), digest: unhex(&digest)?, seal })
        }
        _ => Err(UnreadableEvent::Unknown { kind: kind.to_owned(), version }),
    }
}

#[derive(Serialize, Deserialize)]
struct PaperFiledV1 {
    paper: Uuid,
    digest: String,
}

#[derive(Serialize, Deserialize)]
struct PaperFiledV2 {
    paper: Uuid,
    digest: String,
    authority: String,
    seal: String,
    sealed_by: Uuid,
}

/// The fields of versions 1 and 2 too: 1 did not know of silence, 2 of another day of receipt.
#[derive(Serialize, Deserialize)]
struct AssignedV3 {
    hall: Uuid,
    department: Uuid,
    number: String,
    taken_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    received_at: Option<i64>,
    assigned_at: i64,
    limits: Vec<LimitV1>,
    review_and_decision_in_one: bool,
    content: StoredSeal,
}

#[derive(Serialize, Deserialize)]
struct LimitV1 {
    clock: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    working_days: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    natural_days: Option<u16>,
    start: String,
    law: String,
    article: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    silence: Option<String>,
}

impl From<&Assignment> for AssignedV3 {
    fn from(assignment: &Assignment) -> Self {
        let Assignment {
            hall,
            department,
            number,
            taken_at,
            received_at,
            assigned_at,
            limits,
            review_and_decision_in_one,
            content,
        } = assignment;
        Self {
            hall: hall.0,
            department: department.0,
            number: number.to_string(),
            taken_at: taken_at.as_microsecond(),
            received_at: (received_at != taken_at).then(|| received_at.as_microsecond()),
            assigned_at: assigned_at.as_microsecond(),
            limits: limits.iter().map(LimitV1::from).collect(),
            review_and_decision_in_one: *review_and_decision_in_one,
            content: content.into(),
        }
    }
}

impl AssignedV3 {
    /// Halls did not tell what silence means: it is what they say when the limit is over.
    fn of_before(mut self) -> Self {
        let told = SilenceEffect::DeemedAccepted.name();
        for intake in self.limits.iter_mut().filter(|limit| limit.clock == ClockKind::Intake.name()) {
            intake.silence = Some(told.to_owned());
        }
        self
    }

    fn read(self) -> Result<TaskEvent, UnreadableEvent> {
        let limits = self.limits.into_iter().map(LimitV1::read);
        Ok(TaskEvent::Assigned(Assignment {
            hall: HallId(self.hall),
            department: DepartmentId(self.department),
            number: value("number", &self.number, CaseNumber::parse(&self.number))?,
            taken_at: moment("taken_at", self.taken_at)?,
            received_at: moment("received_at", self.received_at.unwrap_or(self.taken_at))?,
            assigned_at: moment("assigned_at", self.assigned_at)?,
            limits: limits.collect::<Result<_, _>>()?,
            review_and_decision_in_one: self.review_and_decision_in_one,
            content: self.content.read()?,
        }))
    }
}

impl From<&ClockRule> for LimitV1 {
    fn from(rule: &ClockRule) -> Self {
        let ClockRule { kind, budget, start, article: Article { law, article, status }, silence } = rule;
        Self {
            clock: kind.name().to_owned(),
            working_days: match budget {
                Budget::WorkingDays(days) => Some(*days),
                Budget::NaturalDays(_) => None,
            },
            natural_days: match budget {
                Budget::WorkingDays(_) => None,
                Budget::NaturalDays(days) => Some(*days),
            },
            start: start.name().to_owned(),
            law: law.clone(),
            article: article.clone(),
            source: match status {
                ArticleStatus::Sourced { source } => Some(source.clone()),
                ArticleStatus::Unverified => None,
            },
            silence: silence.map(|effect| effect.name().to_owned()),
        }
    }
}

impl LimitV1 {
    fn read(self) -> Result<ClockRule, UnreadableEvent> {
        let budget = match (self.working_days, self.natural_days) {
            (Some(days), None) => Ok(Budget::WorkingDays(days)),
            (None, Some(days)) => Ok(Budget::NaturalDays(days)),
            _ => Err(()),
        };
        let silence = match self.silence.as_deref() {
            None => Ok(None),
            Some(name) => SilenceEffect::named(name).map(Some).ok_or(()),
        };
        Ok(ClockRule {
            kind: value("clock", &self.clock, ClockKind::named(&self.clock).ok_or(()))?,
            budget: value("budget", "both units or none", budget)?,
            start: value("start", &self.start, StartRule::named(&self.start).ok_or(()))?,
            article: match self.source {
                Some(source) => Article::sourced(self.law, self.article, source),
                None => Article::unverified(self.law, self.article),
            },
            silence: value("silence", self.silence.as_deref().unwrap_or_default(), silence)?,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct AcceptedV1 {
    by: Uuid,
    accepted_at: i64,
    opinion: Option<StoredSeal>,
    notice: StoredPaper,
}

impl From<&TaskAcceptance> for AcceptedV1 {
    fn from(TaskAcceptance { by, accepted_at, opinion, notice }: &TaskAcceptance) -> Self {
        Self {
            by: by.0,
            accepted_at: accepted_at.as_microsecond(),
            opinion: opinion.as_ref().map(StoredSeal::from),
            notice: notice.into(),
        }
    }
}

impl AcceptedV1 {
    fn read(self) -> Result<TaskAcceptance, UnreadableEvent> {
        Ok(TaskAcceptance {
            by: StaffId(self.by),
            accepted_at: moment("accepted_at", self.accepted_at)?,
            opinion: self.opinion.map(StoredSeal::read).transpose()?,
            notice: self.notice.read(),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct DecidedV1 {
    by: Uuid,
    decided_at: i64,
    outcome: String,
    opinion: StoredSeal,
    document: StoredPaper,
    certificate: Option<CertificateV1>,
}

#[derive(Serialize, Deserialize)]
struct CertificateV1 {
    paper: StoredPaper,
    valid_from: String,
    valid_until: Option<String>,
    rows: StoredSeal,
}

impl From<&TaskDecision> for DecidedV1 {
    fn from(TaskDecision { by, decided_at, outcome, opinion, document, certificate }: &TaskDecision) -> Self {
        Self {
            by: by.0,
            decided_at: decided_at.as_microsecond(),
            outcome: outcome.name().to_owned(),
            opinion: opinion.into(),
            document: document.into(),
            certificate: certificate.as_ref().map(|TaskCertificate { paper, valid_from, valid_until, rows }| {
                CertificateV1 {
                    paper: paper.into(),
                    valid_from: valid_from.to_string(),
                    valid_until: valid_until.map(|until| until.to_string()),
                    rows: rows.into(),
                }
            }),
        }
    }
}

impl DecidedV1 {
    fn read(self) -> Result<TaskEvent, UnreadableEvent> {
        let outcome = Outcome::named(&self.outcome).ok_or(());
        Ok(TaskEvent::Decided(TaskDecision {
            by: StaffId(self.by),
            decided_at: moment("decided_at", self.decided_at)?,
            outcome: value("outcome", &self.outcome, outcome)?,
            opinion: self.opinion.read()?,
            document: self.document.read(),
            certificate: self.certificate.map(CertificateV1::read).transpose()?,
        }))
    }
}

impl CertificateV1 {
    fn read(self) -> Result<TaskCertificate, UnreadableEvent> {
        let until = self.valid_until.map(|text| date("valid_until", &text));
        Ok(TaskCertificate {
            paper: self.paper.read(),
            valid_from: date("valid_from", &self.valid_from)?,
            valid_until: until.transpose()?,
            rows: self.rows.read()?,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct ByV1 {
    by: Uuid,
}

#[derive(Serialize, Deserialize)]
struct SupplementAskedV1 {
    by: Uuid,
    asked_at: i64,
    content: StoredSeal,
    paper: StoredPaper,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    allowed: Option<StoredSeal>,
}

impl From<&TaskSupplementNotice> for SupplementAskedV1 {
    fn from(TaskSupplementNotice { by, asked_at, content, paper, allowed }: &TaskSupplementNotice) -> Self {
        Self {
            by: by.0,
            asked_at: asked_at.as_microsecond(),
            content: content.into(),
            paper: paper.into(),
            allowed: allowed.as_ref().map(StoredSeal::from),
        }
    }
}

impl SupplementAskedV1 {
    fn read(self) -> Result<TaskEvent, UnreadableEvent> {
        Ok(TaskEvent::SupplementAsked(TaskSupplementNotice {
            by: StaffId(self.by),
            asked_at: moment("asked_at", self.asked_at)?,
            content: self.content.read()?,
            paper: self.paper.read(),
            allowed: self.allowed.map(StoredSeal::read).transpose()?,
        }))
    }
}

#[derive(Serialize, Deserialize)]
struct RejectedV1 {
    by: Uuid,
    rejected_at: i64,
    ground: String,
    content: StoredSeal,
    paper: StoredPaper,
}

impl From<&TaskRejection> for RejectedV1 {
    fn from(TaskRejection { by, rejected_at, ground, content, paper }: &TaskRejection) -> Self {
        Self {
            by: by.0,
            rejected_at: rejected_at.as_microsecond(),
            ground: ground.name().to_owned(),
            content: content.into(),
            paper: paper.into(),
        }
    }
}

impl RejectedV1 {
    fn read(self) -> Result<TaskEvent, UnreadableEvent> {
        Ok(TaskEvent::Rejected(TaskRejection {
            by: StaffId(self.by),
            rejected_at: moment("rejected_at", self.rejected_at)?,
            ground: ground(&self.ground)?,
            content: self.content.read()?,
            paper: self.paper.read(),
        }))
    }
}

#[derive(Serialize, Deserialize)]
struct ReviewedV1 {
    by: Uuid,
    reviewed_at: i64,
    proposal: String,
    opinion: StoredSeal,
}

impl From<&TaskReview> for ReviewedV1 {
    fn from(TaskReview { by, reviewed_at, proposal, opinion }: &TaskReview) -> Self {
        Self {
            by: by.0,
            reviewed_at: reviewed_at.as_microsecond(),
            proposal: proposal.name().to_owned(),
            opinion: opinion.into(),
        }
    }
}

impl ReviewedV1 {
    fn read(self) -> Result<TaskEvent, UnreadableEvent> {
        Ok(TaskEvent::Reviewed(TaskReview {
            by: StaffId(self.by),
            reviewed_at: moment("reviewed_at", self.reviewed_at)?,
            proposal: value("proposal", &self.proposal, Outcome::named(&self.proposal).ok_or(()))?,
            opinion: self.opinion.read()?,
        }))
    }
}

#[derive(Serialize, Deserialize)]
struct DecidedAtWindowV1 {
    decided_at: i64,
    outcome: String,
    content: StoredSeal,
}

impl From<&WindowDecision> for DecidedAtWindowV1 {
    fn from(WindowDecision { decided_at, outcome, content }: &WindowDecision) -> Self {
        Self { decided_at: decided_at.as_microsecond(), outcome: outcome.name().to_owned(), content: content.into() }
    }
}

impl DecidedAtWindowV1 {
    fn read(self) -> Result<TaskEvent, UnreadableEvent> {
        Ok(TaskEvent::DecidedAtWindow(WindowDecision {
            decided_at: moment("decided_at", self.decided_at)?,
            outcome: value("outcome", &self.outcome, Outcome::named(&self.outcome).ok_or(()))?,
            content: self.content.read()?,
        }))
    }
}
