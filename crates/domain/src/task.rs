//! Tasks (办理任务): a department's part of a case. The hall owns the case; the department owns its task.

use jiff::{Timestamp, civil::Date};

use crate::{
    case::{Outcome, Reached, running_clocks},
    clock::{Clock, ClockKind, ClockRule, SilenceEffect},
    ids::{CaseId, DepartmentId, HallId, PaperId, Sealed, StaffId},
    number::CaseNumber,
    paper::{NumberedPaper, PaperKind},
};

/// A task (办理任务). It has the id of the case it is part of.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The case it is part of.
    pub case: CaseId,
    /// How many events it has.
    pub version: u64,
    /// The version of its newest event that people decide by, which is what `If-Match` is held against.
    pub revision: u64,
    /// Where it stands.
    pub state: TaskState,
    /// The papers the department has numbered, and whether their bytes are made.
    pub papers: Vec<TaskPaper>,
}

/// Where a task stands, with exactly the facts that are true there.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "few tasks are in memory at a time, and most are decided")]
pub enum TaskState {
    /// Nothing has come from the hall yet.
    Unknown,
    /// The hall has assigned it (已派发).
    Assigned {
        /// What the hall sent.
        assignment: Assignment,
    },
    /// Accepted (受理), under review.
    Accepted {
        /// What the hall sent.
        assignment: Assignment,
        /// How it was accepted, and when.
        accepted: TaskAcceptedBy,
    },
    /// Decided (准予 / 不予).
    Decided {
        /// What the hall sent.
        assignment: Assignment,
        /// How it was accepted, and when.
        accepted: TaskAcceptedBy,
        /// What was decided.
        decision: TaskDecision,
    },
}

impl TaskState {
    /// The state's stable name in stores and interfaces.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Assigned { .. } => "assigned",
            Self::Accepted { .. } => "accepted",
            Self::Decided { .. } => "decided",
        }
    }
}

/// What the hall sent (派发).
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The hall it comes from.
    pub hall: HallId,
    /// The department it is for.
    pub department: DepartmentId,
    /// Short number of the case (办件短号).
    pub number: CaseNumber,
    /// When the hall took the case (收件时间).
    pub taken_at: Timestamp,
    /// When the department had it.
    pub assigned_at: Timestamp,
    /// The clocks of the item.
    pub limits: Vec<ClockRule>,
    /// Whether one person may review and decide (审核合一).
    pub review_and_decision_in_one: bool,
    /// The whole message, with applicant, form and materials.
    pub content: Sealed,
}

/// How a task came to be accepted (受理).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskAcceptedBy {
    /// An approver accepted it.
    Approver(TaskAcceptance),
    /// Nobody did until the limit was over, and the hall said so (视为受理): it counts as accepted from the receipt on.
    Silence {
        /// When the hall had received the materials.
        accepted_at: Timestamp,
        /// When the limit was over.
        deemed_at: Timestamp,
        /// What an approver had said before the hall's message came, too late. It changes no date.
        confirmed: Option<TaskAcceptance>,
    },
}

impl TaskAcceptedBy {
    /// From when the clocks of the decision run (受理时间).
    pub fn accepted_at(&self) -> Timestamp {
        match self {
            Self::Approver(TaskAcceptance { accepted_at, .. }) | Self::Silence { accepted_at, .. } => *accepted_at,
        }
    }

    /// When the clock of the intake ended: with acceptance in time, or because it had run out.
    pub fn intake_ended_at(&self) -> Timestamp {
        match self {
            Self::Approver(TaskAcceptance { accepted_at, .. }) => *accepted_at,
            Self::Silence { deemed_at, .. } => *deemed_at,
        }
    }

    /// Whether it was silence that accepted (视为受理).
    pub fn is_silence(&self) -> bool {
        matches!(self, Self::Silence { .. })
    }

    /// What an approver said, if one did.
    pub fn said(&self) -> Option<&TaskAcceptance> {
        match self {
            Self::Approver(acceptance) => Some(acceptance),
            Self::Silence { confirmed, .. } => confirmed.as_ref(),
        }
    }

    fn by_silence(self, taken_at: Timestamp, deemed_at: Timestamp) -> Self {
        let confirmed = self.said().cloned();
        Self::Silence { accepted_at: taken_at, deemed_at, confirmed }
    }
}

/// Acceptance by an approver (受理).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskAcceptance {
    /// Who.
    pub by: StaffId,
    /// When (受理时间).
    pub accepted_at: Timestamp,
    /// The opinion, where one was given.
    pub opinion: Option<Sealed>,
    /// The notice (受理通知书).
    pub notice: NumberedPaper,
}

/// Decision by an entitled person (决定).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskDecision {
    /// Who.
    pub by: StaffId,
    /// When (决定时间).
    pub decided_at: Timestamp,
    /// Granted or denied.
    pub outcome: Outcome,
    /// The opinion. A bare signature is no opinion (案卷评查).
    pub opinion: Sealed,
    /// The decision document (决定书).
    pub document: NumberedPaper,
    /// The certificate (证照) of a granted task.
    pub certificate: Option<TaskCertificate>,
}

/// The certificate (证照) of a granted task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskCertificate {
    /// The paper, with the certificate's number (证照编号).
    pub paper: NumberedPaper,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity, inclusive; none for an unlimited one.
    pub valid_until: Option<Date>,
    /// What its rows say.
    pub rows: Sealed,
}

/// A paper the department makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskPaper {
    /// The paper and its number.
    pub paper: NumberedPaper,
    /// What it is.
    pub kind: PaperKind,
    /// SHA-256 of its salted bytes, once they are made.
    pub made: Option<[u8; 32]>,
}

/// What the hall and the approvers ask of a task.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskCommand {
    /// The hall assigns it.
    Assign(Assignment),
    /// An approver accepts (受理).
    Accept(TaskAcceptance),
    /// The hall says that the limit for acceptance is over (视为受理).
    DeemAccepted {
        /// When it was over.
        deemed_at: Timestamp,
    },
    /// An entitled person decides (决定).
    Decide(TaskDecision),
    /// The bytes of a paper have been made.
    FilePaper {
        /// The paper.
        paper: PaperId,
        /// SHA-256 of its salted bytes.
        digest: [u8; 32],
    },
}

impl TaskCommand {
    /// The command's stable name in refusals.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Assign(_) => "assign",
            Self::Accept(_) => "accept",
            Self::DeemAccepted { .. } => "deem-accepted",
            Self::Decide(_) => "decide",
            Self::FilePaper { .. } => "file-paper",
        }
    }
}

/// What happened to a task.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskEvent {
    /// The hall assigned it.
    Assigned(Assignment),
    /// It was accepted (受理).
    Accepted(TaskAcceptance),
    /// It counts as accepted, because nobody had accepted it in time (视为受理).
    DeemedAccepted {
        /// When the limit was over.
        deemed_at: Timestamp,
    },
    /// It was decided (决定).
    Decided(TaskDecision),
    /// A paper's bytes were made, and the seal used on it.
    PaperFiled {
        /// The paper.
        paper: PaperId,
        /// SHA-256 of its salted bytes.
        digest: [u8; 32],
    },
}

/// Why a command may not be given now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaskRefusal {
    /// The life of a task has no such arrow.
    #[error("a task that is {from} cannot {command}")]
    NotNow {
        /// The state it is in.
        from: &'static str,
        /// The command's name.
        command: &'static str,
    },
    /// The limits of the task give silence no meaning.
    #[error("the task says nothing of silence")]
    SilenceMeansNothing,
    /// A granted task needs a certificate, a denied one has none.
    #[error("a decision that is {outcome} has the wrong papers")]
    CertificateMismatch {
        /// The outcome's name.
        outcome: &'static str,
    },
    /// The certificate would end before it begins.
    #[error("a certificate cannot be valid from {from} until {until}")]
    ValidityReversed {
        /// First day.
        from: Date,
        /// Last day.
        until: Date,
    },
    /// The item wants review and decision by two persons.
    #[error("whoever accepted the task may not decide it too")]
    SamePerson,
    /// The paper is not of this task.
    #[error("the task has no paper {paper}")]
    NoSuchPaper {
        /// The paper.
        paper: PaperId,
    },
    /// The paper was made already, with other content.
    #[error("the paper {number} was made with other content")]
    PaperDiffers {
        /// The paper's number.
        number: String,
    },
}

impl TaskRefusal {
    /// The short name on which callers act.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotNow { .. } => "not-now",
            Self::SilenceMeansNothing => "silence-means-nothing",
            Self::CertificateMismatch { .. } => "certificate-mismatch",
            Self::ValidityReversed { .. } => "validity-reversed",
            Self::SamePerson => "same-person",
            Self::NoSuchPaper { .. } => "no-such-paper",
            Self::PaperDiffers { .. } => "paper-differs",
        }
    }
}

/// What follows from a command, or why it may not be given now.
///
/// # Errors
/// [`TaskRefusal`], when the life of a task has no such arrow or the command lacks something.
pub fn decide_task(task: &Task, command: TaskCommand) -> Result<Vec<TaskEvent>, TaskRefusal> {
    use {TaskCommand as C, TaskState as S};

    match (&task.state, command) {
        (S::Unknown, C::Assign(assignment)) => Ok(vec![TaskEvent::Assigned(assignment)]),
        (S::Assigned { .. }, C::Accept(acceptance)) => Ok(vec![TaskEvent::Accepted(acceptance)]),
        // An approver's acceptance and the hall's message may have crossed on the way.
        (
            S::Assigned { assignment }
            | S::Accepted { assignment, accepted: TaskAcceptedBy::Approver(_) }
            | S::Decided { assignment, accepted: TaskAcceptedBy::Approver(_), .. },
            C::DeemAccepted { deemed_at },
        ) => deem_accepted(assignment, deemed_at),
        (S::Accepted { assignment, accepted }, C::Decide(decision)) => decide_on(assignment, accepted, decision),
        (from, C::FilePaper { paper, digest }) if !matches!(from, S::Unknown) => file_paper(task, paper, digest),
        (from, command) => Err(TaskRefusal::NotNow { from: from.name(), command: command.name() }),
    }
}

fn deem_accepted(assignment: &Assignment, deemed_at: Timestamp) -> Result<Vec<TaskEvent>, TaskRefusal> {
    let intake = assignment.limits.iter().find(|rule| rule.kind == ClockKind::Intake);
    let silence = intake.and_then(|rule| rule.silence);
    let SilenceEffect::DeemedAccepted = silence.ok_or(TaskRefusal::SilenceMeansNothing)?;
    Ok(vec![TaskEvent::DeemedAccepted { deemed_at }])
}

fn decide_on(
    assignment: &Assignment,
    accepted: &TaskAcceptedBy,
    decision: TaskDecision,
) -> Result<Vec<TaskEvent>, TaskRefusal> {
    let same_person = accepted.said().is_some_and(|acceptance| acceptance.by == decision.by);
    if !assignment.review_and_decision_in_one && same_person {
        return Err(TaskRefusal::SamePerson);
    }
    if (decision.outcome == Outcome::Granted) != decision.certificate.is_some() {
        return Err(TaskRefusal::CertificateMismatch { outcome: decision.outcome.name() });
    }
    if let Some(TaskCertificate { valid_from: from, valid_until: Some(until), .. }) = decision.certificate
        && until < from
    {
        return Err(TaskRefusal::ValidityReversed { from, until });
    }
    Ok(vec![TaskEvent::Decided(decision)])
}

fn file_paper(task: &Task, paper: PaperId, digest: [u8; 32]) -> Result<Vec<TaskEvent>, TaskRefusal> {
    let found = task.papers.iter().find(|known| known.paper.id == paper).ok_or(TaskRefusal::NoSuchPaper { paper })?;
    match found.made {
        Some(before) if before == digest => Ok(vec![]),
        Some(_) => Err(TaskRefusal::PaperDiffers { number: found.paper.number.clone() }),
        None => Ok(vec![TaskEvent::PaperFiled { paper, digest }]),
    }
}

/// The task after an event.
pub fn evolve_task(mut task: Task, event: TaskEvent) -> Task {
    use TaskState as S;

    task.version += 1;
    if !matches!(event, TaskEvent::PaperFiled { .. }) {
        task.revision = task.version;
    }
    match &event {
        TaskEvent::Assigned(_) | TaskEvent::DeemedAccepted { .. } => {}
        TaskEvent::Accepted(acceptance) => {
            task.expect_paper(PaperKind::AcceptanceNotice, &acceptance.notice);
        }
        TaskEvent::Decided(decision) => {
            task.expect_paper(PaperKind::Decision, &decision.document);
            if let Some(certificate) = &decision.certificate {
                task.expect_paper(PaperKind::Certificate, &certificate.paper);
            }
        }
        TaskEvent::PaperFiled { paper, digest } => {
            let mut papers = task.papers.iter_mut();
            if let Some(known) = papers.find(|known| known.paper.id == *paper) {
                known.made = Some(*digest);
            }
        }
    }
    task.state = match (task.state, event) {
        (S::Unknown, TaskEvent::Assigned(assignment)) => S::Assigned { assignment },
        (S::Assigned { assignment }, TaskEvent::Accepted(acceptance)) => {
            S::Accepted { assignment, accepted: TaskAcceptedBy::Approver(acceptance) }
        }
        (S::Assigned { assignment }, TaskEvent::DeemedAccepted { deemed_at }) => {
            let accepted_at = assignment.taken_at;
            let accepted = TaskAcceptedBy::Silence { accepted_at, deemed_at, confirmed: None };
            S::Accepted { assignment, accepted }
        }
        (S::Accepted { assignment, accepted }, TaskEvent::DeemedAccepted { deemed_at }) => {
            let accepted = accepted.by_silence(assignment.taken_at, deemed_at);
            S::Accepted { assignment, accepted }
        }
        (S::Decided { assignment, accepted, decision }, TaskEvent::DeemedAccepted { deemed_at }) => {
            let accepted = accepted.by_silence(assignment.taken_at, deemed_at);
            S::Decided { assignment, accepted, decision }
        }
        (S::Accepted { assignment, accepted }, TaskEvent::Decided(decision)) => {
            S::Decided { assignment, accepted, decision }
        }
        (state, _) => state,
    };
    task
}

impl Task {
    /// A task of which nothing is known yet.
    pub fn unknown(case: CaseId) -> Self {
        Self { case, version: 0, revision: 0, state: TaskState::Unknown, papers: vec![] }
    }

    /// The task that these events make.
    pub fn replay(case: CaseId, events: impl IntoIterator<Item = TaskEvent>) -> Self {
        events.into_iter().fold(Self::unknown(case), evolve_task)
    }

    /// What the hall sent, once it has.
    pub fn assignment(&self) -> Option<&Assignment> {
        use TaskState as S;
        match &self.state {
            S::Unknown => None,
            S::Assigned { assignment } | S::Accepted { assignment, .. } | S::Decided { assignment, .. } => {
                Some(assignment)
            }
        }
    }

    /// How it was accepted, once it was.
    pub fn accepted(&self) -> Option<&TaskAcceptedBy> {
        match &self.state {
            TaskState::Accepted { accepted, .. } | TaskState::Decided { accepted, .. } => Some(accepted),
            TaskState::Unknown | TaskState::Assigned { .. } => None,
        }
    }

    /// The decision, once there is one.
    pub fn decision(&self) -> Option<&TaskDecision> {
        match &self.state {
            TaskState::Decided { decision, .. } => Some(decision),
            _ => None,
        }
    }

    /// The clocks that have been started.
    pub fn clocks(&self) -> Vec<Clock> {
        let Some(assignment) = self.assignment() else {
            return vec![];
        };
        let reached = Reached {
            taken: Some(assignment.taken_at),
            intake_ended: self.accepted().map(TaskAcceptedBy::intake_ended_at),
            accepted: self.accepted().map(TaskAcceptedBy::accepted_at),
            decided: self.decision().map(|decision| decision.decided_at),
        };
        running_clocks(assignment.limits.iter(), reached)
    }

    fn expect_paper(&mut self, kind: PaperKind, paper: &NumberedPaper) {
        self.papers.push(TaskPaper { paper: paper.clone(), kind, made: None });
    }
}
