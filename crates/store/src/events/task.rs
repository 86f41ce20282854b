//! Stored form of the events of a task.

use domain::{
    case::Outcome,
    clock::{Article, ArticleStatus, Budget, ClockKind, ClockRule, SilenceEffect, StartRule},
    ids::{DepartmentId, HallId, StaffId},
    number::CaseNumber,
    task::{Assignment, TaskAcceptance, TaskCertificate, TaskDecision, TaskEvent},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    DeemedAcceptedV1, StoredPaper, StoredSeal, UnreadableEvent, Written, case::date, hex, moment, parse, unhex, value,
    written,
};

/// A task's event as bytes.
pub fn write_task_event(event: &TaskEvent) -> Written {
    match event {
        TaskEvent::Assigned(assignment) => written("task.assigned", &AssignedV1::from(assignment)),
        TaskEvent::Accepted(acceptance) => written("task.accepted", &AcceptedV1::from(acceptance)),
        TaskEvent::DeemedAccepted { deemed_at } => {
            written("task.deemed-accepted", &DeemedAcceptedV1 { deemed_at: deemed_at.as_microsecond() })
        }
        TaskEvent::Decided(decision) => written("task.decided", &DecidedV1::from(decision)),
        TaskEvent::PaperFiled { paper, digest } => {
            written("task.paper-filed", &PaperFiledV1 { paper: paper.0, digest: hex(digest) })
        }
    }
}

/// The event that these bytes hold.
///
/// # Errors
/// [`UnreadableEvent`], when the type, its version or the bytes are not known here.
pub fn read_task_event(kind: &str, version: u16, body: &[u8]) -> Result<TaskEvent, UnreadableEvent> {
    match (kind, version) {
        ("task.assigned", 1) => parse::<AssignedV1>(kind, body)?.read(),
        ("task.accepted", 1) => parse::<AcceptedV1>(kind, body)?.read(),
        ("task.deemed-accepted", 1) => {
            parse::<DeemedAcceptedV1>(kind, body)?.read().map(|deemed_at| TaskEvent::DeemedAccepted { deemed_at })
        }
        ("task.decided", 1) => parse::<DecidedV1>(kind, body)?.read(),
        ("task.paper-filed", 1) => {
            let PaperFiledV1 { paper, digest } = parse(kind, body)?;
            Ok(TaskEvent::PaperFiled { paper: paper.into(), digest: unhex(&digest)? })
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
struct AssignedV1 {
    hall: Uuid,
    department: Uuid,
    number: String,
    taken_at: i64,
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

impl From<&Assignment> for AssignedV1 {
    fn from(assignment: &Assignment) -> Self {
        let Assignment { hall, department, number, taken_at, assigned_at, limits, review_and_decision_in_one, content } =
            assignment;
        Self {
            hall: hall.0,
            department: department.0,
            number: number.to_string(),
            taken_at: taken_at.as_microsecond(),
            assigned_at: assigned_at.as_microsecond(),
            limits: limits.iter().map(LimitV1::from).collect(),
            review_and_decision_in_one: *review_and_decision_in_one,
            content: content.into(),
        }
    }
}

impl AssignedV1 {
    fn read(self) -> Result<TaskEvent, UnreadableEvent> {
        let limits = self.limits.into_iter().map(LimitV1::read);
        Ok(TaskEvent::Assigned(Assignment {
            hall: HallId(self.hall),
            department: DepartmentId(self.department),
            number: value("number", &self.number, CaseNumber::parse(&self.number))?,
            taken_at: moment("taken_at", self.taken_at)?,
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
    fn read(self) -> Result<TaskEvent, UnreadableEvent> {
        Ok(TaskEvent::Accepted(TaskAcceptance {
            by: StaffId(self.by),
            accepted_at: moment("accepted_at", self.accepted_at)?,
            opinion: self.opinion.map(StoredSeal::read).transpose()?,
            notice: self.notice.read(),
        }))
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
