//! Tasks (办理任务): a department's part of a case. The hall owns the case; the department owns its task.

use jiff::{Timestamp, civil::Date};

use crate::{
    case::{Enquiry, EnquiryAnswer, Outcome, Reached, RejectionGround, in_time, running_clocks},
    clock::{Clock, ClockKind, ClockRule, SilenceEffect},
    ids::{CaseId, DepartmentId, EnquiryId, HallId, PaperId, Sealed, StaffId},
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
    /// Who has taken it up (认领); none: anybody entitled may.
    pub claimed_by: Option<StaffId>,
    /// The notices of what was missing, oldest first.
    pub notices: Vec<TaskSupplementNotice>,
    /// The questions between window and department, with their answers, oldest first.
    pub enquiries: Vec<(Enquiry, Option<EnquiryAnswer>)>,
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
    /// The applicant was told what is missing (补正): the last of the task's notices.
    SupplementAsked {
        /// What the hall sent.
        assignment: Assignment,
    },
    /// Not accepted (不予受理).
    Rejected {
        /// What the hall sent.
        assignment: Assignment,
        /// Why.
        rejection: TaskRejection,
    },
    /// Accepted (受理), under review.
    Accepted {
        /// What the hall sent.
        assignment: Assignment,
        /// How it was accepted, and when.
        accepted: TaskAcceptedBy,
    },
    /// Reviewed (审核), to be decided by an entitled person.
    Reviewed {
        /// What the hall sent.
        assignment: Assignment,
        /// How it was accepted, and when.
        accepted: TaskAcceptedBy,
        /// What the reviewer found.
        review: TaskReview,
    },
    /// Decided (准予 / 不予).
    Decided {
        /// What the hall sent.
        assignment: Assignment,
        /// How it was accepted, and when.
        accepted: TaskAcceptedBy,
        /// What was reviewed, where somebody had.
        review: Option<TaskReview>,
        /// What was decided.
        decision: TaskDecision,
    },
    /// Decided at the window, by the department's delegation; known here for the files.
    DecidedAtWindow {
        /// What the hall sent.
        assignment: Assignment,
        /// How it was accepted, and when.
        accepted: TaskAcceptedBy,
        /// What the window decided.
        decision: WindowDecision,
    },
    /// The applicant has taken the application back (撤回申请).
    Withdrawn {
        /// What the hall sent.
        assignment: Assignment,
        /// How it had been accepted, if it was.
        accepted: Option<TaskAcceptedBy>,
        /// When.
        withdrawn_at: Timestamp,
        /// Why.
        content: Sealed,
    },
}

impl TaskState {
    /// The state's stable name in stores and interfaces.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Assigned { .. } => "assigned",
            Self::SupplementAsked { .. } => "supplement-asked",
            Self::Rejected { .. } => "rejected",
            Self::Accepted { .. } => "accepted",
            Self::Reviewed { .. } => "reviewed",
            Self::Decided { .. } => "decided",
            Self::DecidedAtWindow { .. } => "decided-at-window",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

impl TaskState {
    /// Whether the department still has something to do.
    pub const fn is_open(&self) -> bool {
        matches!(
            self,
            Self::Assigned { .. } | Self::SupplementAsked { .. } | Self::Accepted { .. } | Self::Reviewed { .. }
        )
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
    /// From when the limit for acceptance runs: when it was taken, or supplemented last.
    pub received_at: Timestamp,
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
        /// What an approver said after the limit: before the hall's message came, or to issue the notice. It changes no date.
        confirmed: Option<TaskAcceptance>,
    },
    /// The window did, by the department's delegation (委托受理).
    Window {
        /// When.
        accepted_at: Timestamp,
        /// Who, and under which agreement.
        content: Sealed,
    },
}

impl TaskAcceptedBy {
    /// From when the clocks of the decision run (受理时间).
    pub fn accepted_at(&self) -> Timestamp {
        match self {
            Self::Approver(TaskAcceptance { accepted_at, .. })
            | Self::Silence { accepted_at, .. }
            | Self::Window { accepted_at, .. } => *accepted_at,
        }
    }

    /// When the clock of the intake ended: with acceptance in time, or because it had run out.
    pub fn intake_ended_at(&self) -> Timestamp {
        match self {
            Self::Approver(TaskAcceptance { accepted_at, .. }) | Self::Window { accepted_at, .. } => *accepted_at,
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
            Self::Window { .. } => None,
        }
    }

    fn by_silence(self, received_at: Timestamp, deemed_at: Timestamp) -> Self {
        let confirmed = self.said().cloned();
        Self::Silence { accepted_at: received_at, deemed_at, confirmed }
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

/// A notice of everything that is missing (补正告知), 行政许可法 art. 32(4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskSupplementNotice {
    /// Who gave it.
    pub by: StaffId,
    /// When.
    pub asked_at: Timestamp,
    /// Each thing that is missing, with its reason.
    pub content: Sealed,
    /// The notice (补正告知书).
    pub paper: NumberedPaper,
    /// Who allowed it and why, where it is not the first.
    pub allowed: Option<Sealed>,
}

/// That an application is not accepted (不予受理).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskRejection {
    /// Who said so.
    pub by: StaffId,
    /// When.
    pub rejected_at: Timestamp,
    /// On what ground.
    pub ground: RejectionGround,
    /// Why, and who is competent.
    pub content: Sealed,
    /// The document (不予受理决定书).
    pub paper: NumberedPaper,
}

/// Review before the decision (审核).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskReview {
    /// Who.
    pub by: StaffId,
    /// When.
    pub reviewed_at: Timestamp,
    /// What the reviewer proposes.
    pub proposal: Outcome,
    /// The opinion. A bare signature is no opinion (案卷评查).
    pub opinion: Sealed,
}

/// What the window decided by the department's delegation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowDecision {
    /// When.
    pub decided_at: Timestamp,
    /// Granted or denied.
    pub outcome: Outcome,
    /// Who, under which agreement, and by which papers.
    pub content: Sealed,
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
    /// Who took the step that it says, and under whose hand the seal is set on it.
    pub by: StaffId,
    /// SHA-256 of its salted bytes, once they are made.
    pub made: Option<[u8; 32]>,
}

/// A use of a department's seal on a paper (用印).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealUse {
    /// Whose seal it is.
    pub authority: String,
    /// Which of its seals.
    pub seal: String,
    /// The officer who took the step that the paper says.
    pub by: StaffId,
}

/// What the hall and the approvers ask of a task.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskCommand {
    /// The hall assigns it.
    Assign(Assignment),
    /// An approver accepts (受理), or confirms what silence has accepted.
    Accept(TaskAcceptance),
    /// The hall says that the limit for acceptance is over (视为受理).
    DeemAccepted {
        /// When it was over.
        deemed_at: Timestamp,
    },
    /// Somebody takes the task up (认领).
    Claim {
        /// Who.
        by: StaffId,
    },
    /// Whoever took it up lets go of it (退回).
    Release {
        /// Who.
        by: StaffId,
    },
    /// An approver tells everything that is missing (补正).
    AskSupplement(TaskSupplementNotice),
    /// The hall sends what was handed in upon a notice.
    TakeSupplement {
        /// When the hall received it.
        received_at: Timestamp,
        /// The whole message as it stands now.
        content: Sealed,
    },
    /// An approver does not accept (不予受理).
    Reject(TaskRejection),
    /// The window has accepted for the department (委托受理).
    AcceptAtWindow {
        /// When.
        accepted_at: Timestamp,
        /// Who, and under which agreement.
        content: Sealed,
    },
    /// The window has decided for the department.
    DecideAtWindow(WindowDecision),
    /// A reviewer gives an opinion (审核).
    Review(TaskReview),
    /// An entitled person decides (决定).
    Decide(TaskDecision),
    /// The applicant has taken the application back (撤回申请).
    Withdraw {
        /// When.
        withdrawn_at: Timestamp,
        /// Why.
        content: Sealed,
    },
    /// Window or department asks the other (前后台咨询).
    Ask(Enquiry),
    /// The other one answers.
    Answer(EnquiryAnswer),
    /// The bytes of a paper have been made.
    FilePaper {
        /// The paper.
        paper: PaperId,
        /// SHA-256 of its salted bytes.
        digest: [u8; 32],
        /// Whose seal is on it.
        authority: String,
        /// Which of its seals.
        seal: String,
    },
}

impl TaskCommand {
    /// The command's stable name in refusals.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Assign(_) => "assign",
            Self::Accept(_) => "accept",
            Self::DeemAccepted { .. } => "deem-accepted",
            Self::Claim { .. } => "claim",
            Self::Release { .. } => "release",
            Self::AskSupplement(_) => "ask-supplement",
            Self::TakeSupplement { .. } => "take-supplement",
            Self::Reject(_) => "reject",
            Self::AcceptAtWindow { .. } => "accept-at-window",
            Self::DecideAtWindow(_) => "decide-at-window",
            Self::Review(_) => "review",
            Self::Decide(_) => "decide",
            Self::Withdraw { .. } => "withdraw",
            Self::Ask(_) => "ask",
            Self::Answer(_) => "answer",
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
    /// An approver accepted what silence had accepted already.
    AcceptanceConfirmed(TaskAcceptance),
    /// Somebody took it up (认领).
    Claimed {
        /// Who.
        by: StaffId,
    },
    /// It was let go of (退回).
    Released {
        /// By whom.
        by: StaffId,
    },
    /// The applicant was told what is missing (补正).
    SupplementAsked(TaskSupplementNotice),
    /// What was missing has come.
    Supplemented {
        /// When the hall received it.
        received_at: Timestamp,
        /// The whole message as it stands now.
        content: Sealed,
    },
    /// It was not accepted (不予受理).
    Rejected(TaskRejection),
    /// The window accepted it (委托受理).
    AcceptedAtWindow {
        /// When.
        accepted_at: Timestamp,
        /// Who, and under which agreement.
        content: Sealed,
    },
    /// The window decided it.
    DecidedAtWindow(WindowDecision),
    /// It was reviewed (审核).
    Reviewed(TaskReview),
    /// It was decided (决定).
    Decided(TaskDecision),
    /// The applicant took the application back (撤回申请).
    Withdrawn {
        /// When.
        withdrawn_at: Timestamp,
        /// Why.
        content: Sealed,
    },
    /// Window or department asked the other.
    Asked(Enquiry),
    /// The other one answered.
    Answered(EnquiryAnswer),
    /// A paper's bytes were made, and the seal used on it.
    PaperFiled {
        /// The paper.
        paper: PaperId,
        /// SHA-256 of its salted bytes.
        digest: [u8; 32],
        /// Whose seal was used, by whom; none in what was written before it was noted.
        seal: Option<SealUse>,
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
    #[error("whoever reviewed the task may not decide it too")]
    SamePerson,
    /// The item wants review and decision by two persons, and nobody has reviewed the task yet.
    #[error("nobody has reviewed the task yet")]
    NotReviewed,
    /// Somebody else has taken the task up.
    #[error("the task has been taken up by {by}")]
    Claimed {
        /// Who.
        by: StaffId,
    },
    /// Everything missing is told once (一次性告知). Whoever asks again needs a manager's reason.
    #[error("the applicant has been told {given} times what is missing")]
    NoticeGiven {
        /// How often.
        given: usize,
    },
    /// The task has no such question, or it has been answered.
    #[error("the task has no open question {enquiry}")]
    NoSuchEnquiry {
        /// The question.
        enquiry: EnquiryId,
    },
    /// Another question of the task has that id.
    #[error("the question {enquiry} has been asked already")]
    EnquiryTwice {
        /// The question.
        enquiry: EnquiryId,
    },
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
            Self::NotReviewed => "not-reviewed",
            Self::Claimed { .. } => "claimed",
            Self::NoticeGiven { .. } => "notice-given",
            Self::NoSuchEnquiry { .. } => "no-such-enquiry",
            Self::EnquiryTwice { .. } => "enquiry-twice",
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

    demand_unclaimed(task, &command)?;
    match (&task.state, command) {
        (S::Unknown, C::Assign(assignment)) => Ok(vec![TaskEvent::Assigned(assignment)]),
        (from, C::Claim { by }) if from.is_open() => Ok(match task.claimed_by {
            Some(_) => vec![],
            None => vec![TaskEvent::Claimed { by }],
        }),
        (_, C::Release { by }) if task.claimed_by.is_some() => Ok(vec![TaskEvent::Released { by }]),
        (S::Assigned { .. }, C::AskSupplement(notice)) => match task.notices.len() {
            given if given > 0 && notice.allowed.is_none() => Err(TaskRefusal::NoticeGiven { given }),
            _ => Ok(vec![TaskEvent::SupplementAsked(notice)]),
        },
        (S::Assigned { .. } | S::SupplementAsked { .. }, C::TakeSupplement { received_at, content }) => {
            Ok(vec![TaskEvent::Supplemented { received_at, content }])
        }
        (S::Assigned { .. }, C::Reject(rejection)) => Ok(vec![TaskEvent::Rejected(rejection)]),
        (S::Assigned { .. }, C::AcceptAtWindow { accepted_at, content }) => {
            Ok(vec![TaskEvent::AcceptedAtWindow { accepted_at, content }])
        }
        (S::Accepted { .. }, C::DecideAtWindow(decision)) => Ok(vec![TaskEvent::DecidedAtWindow(decision)]),
        (S::Assigned { .. }, C::Accept(acceptance)) => Ok(vec![TaskEvent::Accepted(acceptance)]),
        (S::Accepted { accepted: TaskAcceptedBy::Silence { confirmed: None, .. }, .. }, C::Accept(acceptance)) => {
            Ok(vec![TaskEvent::AcceptanceConfirmed(acceptance)])
        }
        // An approver's acceptance and the hall's message may have crossed on the way. One in time stands, whatever the hall
        // wrote down meanwhile: it will hear of it.
        (
            S::Assigned { assignment }
            | S::Accepted { assignment, accepted: TaskAcceptedBy::Approver(_) }
            | S::Reviewed { assignment, accepted: TaskAcceptedBy::Approver(_), .. }
            | S::Decided { assignment, accepted: TaskAcceptedBy::Approver(_), .. },
            C::DeemAccepted { deemed_at },
        ) => deem_accepted(assignment, task.accepted().map(TaskAcceptedBy::accepted_at), deemed_at),
        // A notice or a rejection that crossed it, likewise.
        (S::SupplementAsked { assignment }, C::DeemAccepted { deemed_at }) => {
            deem_accepted(assignment, task.notices.last().map(|notice| notice.asked_at), deemed_at)
        }
        (S::Rejected { assignment, rejection }, C::DeemAccepted { deemed_at }) => {
            deem_accepted(assignment, Some(rejection.rejected_at), deemed_at)
        }
        (S::Accepted { .. }, C::Review(review)) => Ok(vec![TaskEvent::Reviewed(review)]),
        (S::Accepted { assignment, .. }, C::Decide(decision)) => decide_on(assignment, None, decision),
        (S::Reviewed { assignment, review, .. }, C::Decide(decision)) => decide_on(assignment, Some(review), decision),
        // The hall takes a withdrawal only while it has not heard of the end: what crossed it is void.
        (from, C::Withdraw { withdrawn_at, content })
            if from.is_open() || matches!(from, S::Decided { .. } | S::Rejected { .. }) =>
        {
            Ok(vec![TaskEvent::Withdrawn { withdrawn_at, content }])
        }
        (from, C::Ask(enquiry)) if !matches!(from, S::Unknown) => match task.enquiry(enquiry.id) {
            Some(_) => Err(TaskRefusal::EnquiryTwice { enquiry: enquiry.id }),
            None => Ok(vec![TaskEvent::Asked(enquiry)]),
        },
        (from, C::Answer(answer)) if !matches!(from, S::Unknown) => answer_enquiry(task, answer),
        (from, C::FilePaper { paper, digest, authority, seal }) if !matches!(from, S::Unknown) => {
            file_paper(task, paper, digest, |by| SealUse { authority, seal, by })
        }
        (from, command) => Err(TaskRefusal::NotNow { from: from.name(), command: command.name() }),
    }
}

/// What somebody has taken up is not done by somebody else; an entitled person may decide all the same.
fn demand_unclaimed(task: &Task, command: &TaskCommand) -> Result<(), TaskRefusal> {
    use TaskCommand as C;
    let by = match command {
        C::Claim { by } | C::Release { by } => by,
        C::AskSupplement(TaskSupplementNotice { by, .. })
        | C::Reject(TaskRejection { by, .. })
        | C::Accept(TaskAcceptance { by, .. })
        | C::Review(TaskReview { by, .. }) => by,
        _ => return Ok(()),
    };
    match task.claimed_by {
        Some(claimer) if claimer != *by => Err(TaskRefusal::Claimed { by: claimer }),
        _ => Ok(()),
    }
}

fn answer_enquiry(task: &Task, answer: EnquiryAnswer) -> Result<Vec<TaskEvent>, TaskRefusal> {
    let asked = task.enquiries.iter().find(|(enquiry, answered)| enquiry.id == answer.enquiry && answered.is_none());
    match asked {
        Some((enquiry, _)) if enquiry.by != answer.by => Ok(vec![TaskEvent::Answered(answer)]),
        _ => Err(TaskRefusal::NoSuchEnquiry { enquiry: answer.enquiry }),
    }
}

fn deem_accepted(
    assignment: &Assignment,
    said_at: Option<Timestamp>,
    deemed_at: Timestamp,
) -> Result<Vec<TaskEvent>, TaskRefusal> {
    let intake = assignment.limits.iter().find(|rule| rule.kind == ClockKind::Intake);
    let silence = intake.and_then(|rule| rule.silence);
    let SilenceEffect::DeemedAccepted = silence.ok_or(TaskRefusal::SilenceMeansNothing)?;
    if said_at.is_some_and(|said_at| in_time(said_at, deemed_at)) {
        return Ok(vec![]);
    }
    Ok(vec![TaskEvent::DeemedAccepted { deemed_at }])
}

fn decide_on(
    assignment: &Assignment,
    review: Option<&TaskReview>,
    decision: TaskDecision,
) -> Result<Vec<TaskEvent>, TaskRefusal> {
    if !assignment.review_and_decision_in_one {
        let review = review.ok_or(TaskRefusal::NotReviewed)?;
        if review.by == decision.by {
            return Err(TaskRefusal::SamePerson);
        }
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

fn file_paper(
    task: &Task,
    paper: PaperId,
    digest: [u8; 32],
    seal: impl FnOnce(StaffId) -> SealUse,
) -> Result<Vec<TaskEvent>, TaskRefusal> {
    let found = task.papers.iter().find(|known| known.paper.id == paper).ok_or(TaskRefusal::NoSuchPaper { paper })?;
    match found.made {
        Some(before) if before == digest => Ok(vec![]),
        Some(_) => Err(TaskRefusal::PaperDiffers { number: found.paper.number.clone() }),
        None => Ok(vec![TaskEvent::PaperFiled { paper, digest, seal: Some(seal(found.by)) }]),
    }
}

/// The task after an event.
pub fn evolve_task(mut task: Task, event: TaskEvent) -> Task {
    task.version += 1;
    let beside = matches!(event, TaskEvent::PaperFiled { .. } | TaskEvent::Asked(_) | TaskEvent::Answered(_));
    if !beside {
        task.revision = task.version;
    }
    task.note(&event);
    task.state = next_state(task.state, event);
    task
}

/// Where a task stands after an event; an event that changes nothing of it leaves it where it is.
fn next_state(state: TaskState, event: TaskEvent) -> TaskState {
    use TaskState as S;

    match (state, event) {
        (S::Unknown, TaskEvent::Assigned(assignment)) => S::Assigned { assignment },
        (S::Assigned { assignment }, TaskEvent::SupplementAsked(_)) => S::SupplementAsked { assignment },
        (
            S::Assigned { assignment } | S::SupplementAsked { assignment },
            TaskEvent::Supplemented { received_at, content },
        ) => S::Assigned { assignment: Assignment { received_at, content, ..assignment } },
        (S::Assigned { assignment }, TaskEvent::Rejected(rejection)) => S::Rejected { assignment, rejection },
        (S::Assigned { assignment }, TaskEvent::Accepted(acceptance)) => {
            S::Accepted { assignment, accepted: TaskAcceptedBy::Approver(acceptance) }
        }
        (S::Assigned { assignment }, TaskEvent::AcceptedAtWindow { accepted_at, content }) => {
            S::Accepted { assignment, accepted: TaskAcceptedBy::Window { accepted_at, content } }
        }
        (
            S::Assigned { assignment } | S::SupplementAsked { assignment } | S::Rejected { assignment, .. },
            TaskEvent::DeemedAccepted { deemed_at },
        ) => {
            let accepted_at = assignment.received_at;
            let accepted = TaskAcceptedBy::Silence { accepted_at, deemed_at, confirmed: None };
            S::Accepted { assignment, accepted }
        }
        (S::Accepted { assignment, accepted }, TaskEvent::DeemedAccepted { deemed_at }) => {
            let accepted = accepted.by_silence(assignment.received_at, deemed_at);
            S::Accepted { assignment, accepted }
        }
        (S::Reviewed { assignment, accepted, review }, TaskEvent::DeemedAccepted { deemed_at }) => {
            let accepted = accepted.by_silence(assignment.received_at, deemed_at);
            S::Reviewed { assignment, accepted, review }
        }
        (S::Decided { assignment, accepted, review, decision }, TaskEvent::DeemedAccepted { deemed_at }) => {
            let accepted = accepted.by_silence(assignment.received_at, deemed_at);
            S::Decided { assignment, accepted, review, decision }
        }
        (
            S::Accepted { assignment, accepted: TaskAcceptedBy::Silence { accepted_at, deemed_at, .. } },
            TaskEvent::AcceptanceConfirmed(acceptance),
        ) => {
            let accepted = TaskAcceptedBy::Silence { accepted_at, deemed_at, confirmed: Some(acceptance) };
            S::Accepted { assignment, accepted }
        }
        (S::Accepted { assignment, accepted }, TaskEvent::Reviewed(review)) => {
            S::Reviewed { assignment, accepted, review }
        }
        (S::Accepted { assignment, accepted }, TaskEvent::Decided(decision)) => {
            S::Decided { assignment, accepted, review: None, decision }
        }
        (S::Reviewed { assignment, accepted, review }, TaskEvent::Decided(decision)) => {
            S::Decided { assignment, accepted, review: Some(review), decision }
        }
        (S::Accepted { assignment, accepted }, TaskEvent::DecidedAtWindow(decision)) => {
            S::DecidedAtWindow { assignment, accepted, decision }
        }
        (
            S::Assigned { assignment } | S::SupplementAsked { assignment } | S::Rejected { assignment, .. },
            TaskEvent::Withdrawn { withdrawn_at, content },
        ) => S::Withdrawn { assignment, accepted: None, withdrawn_at, content },
        (
            S::Accepted { assignment, accepted }
            | S::Reviewed { assignment, accepted, .. }
            | S::Decided { assignment, accepted, .. },
            TaskEvent::Withdrawn { withdrawn_at, content },
        ) => S::Withdrawn { assignment, accepted: Some(accepted), withdrawn_at, content },
        (state, _) => state,
    }
}

impl Task {
    /// A task of which nothing is known yet.
    pub fn unknown(case: CaseId) -> Self {
        Self {
            case,
            version: 0,
            revision: 0,
            state: TaskState::Unknown,
            papers: vec![],
            claimed_by: None,
            notices: vec![],
            enquiries: vec![],
        }
    }

    /// The task that these events make.
    pub fn replay(case: CaseId, events: impl IntoIterator<Item = TaskEvent>) -> Self {
        events.into_iter().fold(Self::unknown(case), evolve_task)
    }

    /// What the hall sent, once it has, as it stands after every supplement.
    pub fn assignment(&self) -> Option<&Assignment> {
        use TaskState as S;
        match &self.state {
            S::Unknown => None,
            S::Assigned { assignment }
            | S::SupplementAsked { assignment }
            | S::Rejected { assignment, .. }
            | S::Accepted { assignment, .. }
            | S::Reviewed { assignment, .. }
            | S::Decided { assignment, .. }
            | S::DecidedAtWindow { assignment, .. }
            | S::Withdrawn { assignment, .. } => Some(assignment),
        }
    }

    /// How it was accepted, once it was.
    pub fn accepted(&self) -> Option<&TaskAcceptedBy> {
        match &self.state {
            TaskState::Accepted { accepted, .. }
            | TaskState::Reviewed { accepted, .. }
            | TaskState::Decided { accepted, .. }
            | TaskState::DecidedAtWindow { accepted, .. } => Some(accepted),
            TaskState::Withdrawn { accepted, .. } => accepted.as_ref(),
            _ => None,
        }
    }

    /// What was reviewed, once it was.
    pub fn review(&self) -> Option<&TaskReview> {
        match &self.state {
            TaskState::Reviewed { review, .. } => Some(review),
            TaskState::Decided { review, .. } => review.as_ref(),
            _ => None,
        }
    }

    /// The decision, once there is one.
    pub fn decision(&self) -> Option<&TaskDecision> {
        match &self.state {
            TaskState::Decided { decision, .. } => Some(decision),
            _ => None,
        }
    }

    /// What the window decided by the department's delegation, if it did.
    pub fn window_decision(&self) -> Option<&WindowDecision> {
        match &self.state {
            TaskState::DecidedAtWindow { decision, .. } => Some(decision),
            _ => None,
        }
    }

    /// What was decided, here or at the window, once it was.
    pub fn outcome(&self) -> Option<Outcome> {
        let at_window = self.window_decision().map(|decision| decision.outcome);
        self.decision().map(|decision| decision.outcome).or(at_window)
    }

    /// That it was not accepted, if it was not.
    pub fn rejection(&self) -> Option<&TaskRejection> {
        match &self.state {
            TaskState::Rejected { rejection, .. } => Some(rejection),
            _ => None,
        }
    }

    /// When the department's work on it ended, if it did.
    fn ended_at(&self) -> Option<Timestamp> {
        match &self.state {
            TaskState::Rejected { rejection, .. } => Some(rejection.rejected_at),
            TaskState::Decided { decision, .. } => Some(decision.decided_at),
            TaskState::DecidedAtWindow { decision, .. } => Some(decision.decided_at),
            TaskState::Withdrawn { withdrawn_at, .. } => Some(*withdrawn_at),
            _ => None,
        }
    }

    /// How many questions wait for an answer, of either side.
    pub fn open_enquiries(&self) -> usize {
        self.enquiries.iter().filter(|(_, answer)| answer.is_none()).count()
    }

    /// The question of that id.
    pub fn enquiry(&self, id: EnquiryId) -> Option<&(Enquiry, Option<EnquiryAnswer>)> {
        self.enquiries.iter().find(|(enquiry, _)| enquiry.id == id)
    }

    /// The clocks that have been started.
    pub fn clocks(&self) -> Vec<Clock> {
        let Some(assignment) = self.assignment() else {
            return vec![];
        };
        let waits = matches!(self.state, TaskState::SupplementAsked { .. });
        let asked = self.notices.last().filter(|_| waits).map(|notice| notice.asked_at);
        let reached = Reached {
            taken: Some(assignment.received_at),
            intake_ended: self.accepted().map(TaskAcceptedBy::intake_ended_at).or(asked).or(self.ended_at()),
            accepted: self.accepted().map(TaskAcceptedBy::accepted_at),
            decided: self.ended_at(),
        };
        running_clocks(assignment.limits.iter(), reached)
    }

    /// Notes what an event says that is true in every state.
    fn note(&mut self, event: &TaskEvent) {
        match event {
            TaskEvent::Claimed { by } => self.claimed_by = Some(*by),
            // What was reviewed waits for another person.
            TaskEvent::Released { .. } | TaskEvent::Reviewed(_) => self.claimed_by = None,
            TaskEvent::SupplementAsked(notice) => {
                self.expect_paper(PaperKind::SupplementNotice, &notice.paper, notice.by);
                self.notices.push(notice.clone());
            }
            TaskEvent::Rejected(rejection) => {
                self.expect_paper(PaperKind::Rejection, &rejection.paper, rejection.by);
            }
            TaskEvent::Accepted(acceptance) | TaskEvent::AcceptanceConfirmed(acceptance) => {
                self.expect_paper(PaperKind::AcceptanceNotice, &acceptance.notice, acceptance.by);
            }
            TaskEvent::Decided(decision) => {
                self.expect_paper(PaperKind::Decision, &decision.document, decision.by);
                if let Some(certificate) = &decision.certificate {
                    self.expect_paper(PaperKind::Certificate, &certificate.paper, decision.by);
                }
            }
            TaskEvent::PaperFiled { paper, digest, seal: _ } => {
                let mut papers = self.papers.iter_mut();
                if let Some(known) = papers.find(|known| known.paper.id == *paper) {
                    known.made = Some(*digest);
                }
            }
            TaskEvent::Asked(enquiry) => self.enquiries.push((enquiry.clone(), None)),
            TaskEvent::Answered(answer) => {
                let mut asked = self.enquiries.iter_mut();
                if let Some((_, answered)) = asked.find(|(enquiry, _)| enquiry.id == answer.enquiry) {
                    *answered = Some(answer.clone());
                }
            }
            TaskEvent::Assigned(_)
            | TaskEvent::Supplemented { .. }
            | TaskEvent::AcceptedAtWindow { .. }
            | TaskEvent::DecidedAtWindow(_)
            | TaskEvent::DeemedAccepted { .. }
            | TaskEvent::Withdrawn { .. } => {}
        }
    }

    fn expect_paper(&mut self, kind: PaperKind, paper: &NumberedPaper, by: StaffId) {
        self.papers.push(TaskPaper { paper: paper.clone(), kind, by, made: None });
    }
}
