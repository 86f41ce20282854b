//! Cases (办件): one item for one applicant, from intake to delivery.
//!
//! [`decide`] is the whole life of a case; what is not listed there is not allowed. [`evolve`] cannot fail: an event has
//! happened.

use jiff::{Timestamp, civil::Date};

use crate::{
    calendar::{OutOfCalendar, WorkCalendar},
    clock::{Clock, ClockKind, ClockRule, OfficeHours, SilenceEffect, StartRule},
    ids::{CaseId, DepartmentId, FilingId, PaperId, PrintId, Sealed},
    item::{Item, ItemKey},
    number::{CaseNumber, OfficialNumber, WindowNumber},
    paper::{NumberedPaper, PaperKind},
};

/// A case (办件).
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The case's id, which was its draft's.
    pub id: CaseId,
    /// How many events it has.
    pub version: u64,
    /// The version of its newest event that people decide by, which is what `If-Match` is held against: a paper that the
    /// program has filed or a printer has printed meanwhile takes nobody by surprise.
    pub revision: u64,
    /// Where it stands.
    pub state: CaseState,
    /// Its papers, in the order in which they were numbered.
    pub papers: Vec<CasePaper>,
}

/// Where a case stands (办件状态), with exactly the facts that are true there.
#[derive(Clone, Debug, PartialEq)]
pub enum CaseState {
    /// Not handed in yet (暂存).
    Draft,
    /// Materials received (收件).
    Taken {
        /// What was taken.
        intake: Intake,
    },
    /// Accepted (受理); the department reviews.
    Accepted {
        /// What was taken.
        intake: Intake,
        /// How it was accepted, and when.
        accepted: AcceptedBy,
    },
    /// Decided (准予 / 不予); the papers of the decision are on their way.
    Decided {
        /// What was taken.
        intake: Intake,
        /// How it was accepted, and when.
        accepted: AcceptedBy,
        /// What was decided.
        decision: Decision,
    },
    /// Issued (出证): every paper of the decision is at the hall.
    Issued {
        /// What was taken.
        intake: Intake,
        /// How it was accepted, and when.
        accepted: AcceptedBy,
        /// What was decided.
        decision: Decision,
    },
    /// Delivered (送达).
    Delivered {
        /// What was taken.
        intake: Intake,
        /// How it was accepted, and when.
        accepted: AcceptedBy,
        /// What was decided.
        decision: Decision,
        /// To whom it was handed over.
        delivery: Delivery,
    },
    /// Closed (办结).
    Closed {
        /// What was taken.
        intake: Intake,
        /// How it was accepted, and when.
        accepted: AcceptedBy,
        /// What was decided.
        decision: Decision,
        /// To whom it was handed over.
        delivery: Delivery,
    },
}

impl CaseState {
    /// The state's stable name in stores and interfaces.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Taken { .. } => "taken",
            Self::Accepted { .. } => "accepted",
            Self::Decided { .. } => "decided",
            Self::Issued { .. } => "issued",
            Self::Delivered { .. } => "delivered",
            Self::Closed { .. } => "closed",
        }
    }
}

/// What was taken at the window (收件).
#[derive(Clone, Debug, PartialEq)]
pub struct Intake {
    /// The filing it belongs to.
    pub filing: FilingId,
    /// Short number (办件短号).
    pub number: CaseNumber,
    /// Official number (办件编号).
    pub official: OfficialNumber,
    /// The item, in the version it was taken under.
    pub item: ItemKey,
    /// The department that decides.
    pub department: DepartmentId,
    /// The window that took it.
    pub window: WindowNumber,
    /// When (收件时间).
    pub taken_at: Timestamp,
    /// Who applies.
    pub applicant: Sealed,
    /// What the form says.
    pub form: Sealed,
    /// What was handed in.
    pub materials: Vec<HandedMaterial>,
    /// The receipt (收件凭证).
    pub receipt: NumberedPaper,
}

/// A material as it was handed in (已收材料).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedMaterial {
    /// Its code within the item.
    pub code: String,
    /// The file's name, type, size and content hash.
    pub file: Sealed,
}

/// How a case came to be accepted (受理).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcceptedBy {
    /// The department said so.
    Department(Acceptance),
    /// The department said nothing until the limit was over (视为受理): the case counts as accepted from the receipt on.
    Silence {
        /// When the materials were received.
        accepted_at: Timestamp,
        /// When the limit was over.
        deemed_at: Timestamp,
        /// What the department said afterwards. It changes no date.
        confirmed: Option<Acceptance>,
    },
}

impl AcceptedBy {
    /// From when the clocks of the decision run (受理时间).
    pub fn accepted_at(&self) -> Timestamp {
        match self {
            Self::Department(Acceptance { accepted_at, .. }) | Self::Silence { accepted_at, .. } => *accepted_at,
        }
    }

    /// When the clock of the intake ended: with acceptance in time, or because it had run out.
    pub fn intake_ended_at(&self) -> Timestamp {
        match self {
            Self::Department(Acceptance { accepted_at, .. }) => *accepted_at,
            Self::Silence { deemed_at, .. } => *deemed_at,
        }
    }

    /// Whether it was silence that accepted (视为受理).
    pub fn is_silence(&self) -> bool {
        matches!(self, Self::Silence { .. })
    }

    /// What the department said, if it did.
    pub fn said(&self) -> Option<&Acceptance> {
        match self {
            Self::Department(acceptance) => Some(acceptance),
            Self::Silence { confirmed, .. } => confirmed.as_ref(),
        }
    }
}

/// The department's acceptance (受理).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// When (受理时间).
    pub accepted_at: Timestamp,
    /// Who, as the department names them.
    pub officer: Sealed,
    /// The acceptance notice (受理通知书).
    pub notice: NumberedPaper,
}

/// The department's decision (决定).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When (决定时间).
    pub decided_at: Timestamp,
    /// Granted or denied.
    pub outcome: Outcome,
    /// Who decided, with the reason.
    pub reason: Sealed,
    /// The decision document (决定书).
    pub document: NumberedPaper,
    /// The certificate (证照) of a granted case.
    pub certificate: Option<Certificate>,
}

impl Decision {
    fn papers(&self) -> impl Iterator<Item = (PaperKind, &NumberedPaper)> {
        let certificate = self.certificate.iter();
        std::iter::once((PaperKind::Decision, &self.document))
            .chain(certificate.map(|certificate| (PaperKind::Certificate, &certificate.paper)))
    }
}

/// What a department decided (办理结果).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// 准予.
    Granted,
    /// 不予.
    Denied,
}

impl Outcome {
    /// The outcome's stable name in stores and interfaces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Denied => "denied",
        }
    }

    /// The outcome of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Granted, Self::Denied].into_iter().find(|outcome| outcome.name() == name)
    }
}

/// A certificate (证照) that a granted case produced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The paper, with the certificate's number (证照编号).
    pub paper: NumberedPaper,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity; none for an unlimited one.
    pub valid_until: Option<Date>,
}

/// The hand-over of the result (送达).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// When (送达时间).
    pub delivered_at: Timestamp,
    /// Who collected it (领取人).
    pub collector: Sealed,
}

/// A paper of a case (文书).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePaper {
    /// The paper and its number.
    pub paper: NumberedPaper,
    /// What it is.
    pub kind: PaperKind,
    /// SHA-256 of its salted bytes, once they are at the hall.
    pub filed: Option<[u8; 32]>,
    /// How often it was printed.
    pub prints: u32,
}

/// What people and departments ask of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// A window clerk takes the case (收件).
    Take(Intake),
    /// The department has accepted (受理).
    RecordAcceptance(Acceptance),
    /// The limit for acceptance is over, and the department was silent (视为受理).
    DeemAccepted {
        /// When the limit was over.
        deemed_at: Timestamp,
    },
    /// The department has decided (决定).
    RecordDecision(Decision),
    /// The bytes of a paper have been made or fetched.
    FilePaper {
        /// The paper.
        paper: PaperId,
        /// SHA-256 of its salted bytes.
        digest: [u8; 32],
    },
    /// A printer has put a paper on paper (打印).
    RecordPrint {
        /// The paper.
        paper: PaperId,
        /// The attempt that succeeded.
        print: PrintId,
    },
    /// The result is handed over (送达).
    Deliver(Delivery),
}

impl Command {
    /// The command's stable name in refusals.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Take(_) => "take",
            Self::RecordAcceptance(_) => "record-acceptance",
            Self::DeemAccepted { .. } => "deem-accepted",
            Self::RecordDecision(_) => "record-decision",
            Self::FilePaper { .. } => "file-paper",
            Self::RecordPrint { .. } => "record-print",
            Self::Deliver(_) => "deliver",
        }
    }
}

/// What happened to a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It was taken (收件).
    Taken(Intake),
    /// The department accepted it (受理).
    Accepted(Acceptance),
    /// It counts as accepted, because the department was silent (视为受理).
    DeemedAccepted {
        /// When the limit was over.
        deemed_at: Timestamp,
    },
    /// The department accepted what its silence had accepted already.
    AcceptanceConfirmed(Acceptance),
    /// The department decided (决定).
    Decided(Decision),
    /// A paper's bytes are at the hall.
    PaperFiled {
        /// The paper.
        paper: PaperId,
        /// SHA-256 of its salted bytes.
        digest: [u8; 32],
    },
    /// A paper was printed (打印).
    PaperPrinted {
        /// The paper.
        paper: PaperId,
        /// The attempt that succeeded.
        print: PrintId,
        /// Which print of this paper it was: 1 is the original, later ones are copies.
        nth: u32,
    },
    /// Every paper of the decision is at the hall (出证).
    Issued,
    /// The result was handed over (送达).
    Delivered(Delivery),
    /// Nothing is left to do (办结).
    Closed,
}

/// What [`decide`] may know of the world.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The item, in the version of the case.
    pub item: &'a Item,
}

/// Why a command may not be given now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The life of a case has no such arrow.
    #[error("a case that is {from} cannot {command}")]
    NotNow {
        /// The state it is in.
        from: &'static str,
        /// The command's name.
        command: &'static str,
    },
    /// The item has changed since the form was opened.
    #[error("the case is of item version {given}, the item at hand is version {known}")]
    ItemVersion {
        /// The version in the command.
        given: u32,
        /// The version in the context.
        known: u32,
    },
    /// A material that the item asks for is not there.
    #[error("the material {code} is missing")]
    MaterialMissing {
        /// The material's code.
        code: String,
    },
    /// A material that the item does not know.
    #[error("the item knows no material {code}")]
    MaterialUnknown {
        /// The material's code.
        code: String,
    },
    /// The item gives silence no meaning.
    #[error("the item says nothing of silence")]
    SilenceMeansNothing,
    /// A granted case needs a certificate, a denied one has none.
    #[error("a decision that is {outcome} has the wrong papers")]
    CertificateMismatch {
        /// The outcome's name.
        outcome: &'static str,
    },
    /// The paper is not of this case.
    #[error("the case has no paper {paper}")]
    NoSuchPaper {
        /// The paper.
        paper: PaperId,
    },
    /// The paper's bytes are not there yet.
    #[error("the paper {number} is not ready")]
    PaperNotReady {
        /// The paper's number.
        number: String,
    },
    /// The paper's bytes are there already, and are others.
    #[error("the paper {number} was filed with other content")]
    PaperDiffers {
        /// The paper's number.
        number: String,
    },
    /// The result must be on paper before it can be handed over.
    #[error("the paper {number} has not been printed")]
    PaperNotPrinted {
        /// The paper's number.
        number: String,
    },
}

impl Refusal {
    /// The short name on which callers act.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotNow { .. } => "not-now",
            Self::ItemVersion { .. } => "item-version-changed",
            Self::MaterialMissing { .. } => "material-missing",
            Self::MaterialUnknown { .. } => "material-unknown",
            Self::SilenceMeansNothing => "silence-means-nothing",
            Self::CertificateMismatch { .. } => "certificate-mismatch",
            Self::NoSuchPaper { .. } => "no-such-paper",
            Self::PaperNotReady { .. } => "paper-not-ready",
            Self::PaperDiffers { .. } => "paper-differs",
            Self::PaperNotPrinted { .. } => "paper-not-printed",
        }
    }

    fn not_now(case: &Case, command: &Command) -> Self {
        Self::NotNow { from: case.state.name(), command: command.name() }
    }
}

/// What follows from a command, or why it may not be given now.
///
/// # Errors
/// [`Refusal`], when the life of a case has no such arrow or the command lacks something.
pub fn decide(case: &Case, command: Command, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    use {CaseState as S, Command as C};

    match (&case.state, command) {
        (S::Draft, C::Take(intake)) => take(intake, context.item),
        (S::Taken { .. }, C::RecordAcceptance(acceptance)) => Ok(vec![Event::Accepted(acceptance)]),
        (S::Taken { .. }, C::DeemAccepted { deemed_at }) => deem_accepted(deemed_at, context.item),
        (
            S::Accepted { accepted: AcceptedBy::Silence { confirmed: None, .. }, .. },
            C::RecordAcceptance(acceptance),
        ) => Ok(vec![Event::AcceptanceConfirmed(acceptance)]),
        (S::Accepted { .. }, C::RecordDecision(decision)) => record_decision(decision),
        (from, C::FilePaper { paper, digest }) if !matches!(from, S::Draft) => file_paper(case, paper, digest),
        (from, C::RecordPrint { paper, print }) if !matches!(from, S::Draft) => record_print(case, paper, print),
        (S::Issued { decision, .. }, C::Deliver(delivery)) => deliver(case, decision, delivery),
        (_, command) => Err(Refusal::not_now(case, &command)),
    }
}

fn take(intake: Intake, item: &Item) -> Result<Vec<Event>, Refusal> {
    if intake.item != item.key() {
        return Err(Refusal::ItemVersion { given: intake.item.version, known: item.version });
    }
    let handed_in = |code: &str| intake.materials.iter().any(|handed| handed.code == code);
    if let Some(missing) = item.materials.iter().find(|material| material.required && !handed_in(&material.code)) {
        return Err(Refusal::MaterialMissing { code: missing.code.clone() });
    }
    let known = |code: &str| item.materials.iter().any(|material| material.code == code);
    if let Some(stranger) = intake.materials.iter().find(|handed| !known(&handed.code)) {
        return Err(Refusal::MaterialUnknown { code: stranger.code.clone() });
    }
    Ok(vec![Event::Taken(intake)])
}

fn deem_accepted(deemed_at: Timestamp, item: &Item) -> Result<Vec<Event>, Refusal> {
    let silence = item.profile.limit(ClockKind::Intake).and_then(|rule| rule.silence);
    let SilenceEffect::DeemedAccepted = silence.ok_or(Refusal::SilenceMeansNothing)?;
    Ok(vec![Event::DeemedAccepted { deemed_at }])
}

fn record_decision(decision: Decision) -> Result<Vec<Event>, Refusal> {
    if (decision.outcome == Outcome::Granted) != decision.certificate.is_some() {
        return Err(Refusal::CertificateMismatch { outcome: decision.outcome.name() });
    }
    Ok(vec![Event::Decided(decision)])
}

fn file_paper(case: &Case, paper: PaperId, digest: [u8; 32]) -> Result<Vec<Event>, Refusal> {
    let found = case.paper(paper)?;
    match found.filed {
        Some(before) if before == digest => return Ok(vec![]),
        Some(_) => {
            return Err(Refusal::PaperDiffers { number: found.paper.number.clone() });
        }
        None => {}
    }
    let filed = Event::PaperFiled { paper, digest };
    let CaseState::Decided { decision, .. } = &case.state else {
        return Ok(vec![filed]);
    };
    let waiting = decision.papers().any(|(_, of_decision)| {
        of_decision.id != paper && case.paper(of_decision.id).is_ok_and(|paper| paper.filed.is_none())
    });
    let is_of_decision = decision.papers().any(|(_, of_decision)| of_decision.id == paper);
    if waiting || !is_of_decision {
        return Ok(vec![filed]);
    }
    Ok(vec![filed, Event::Issued])
}

fn record_print(case: &Case, paper: PaperId, print: PrintId) -> Result<Vec<Event>, Refusal> {
    let found = case.paper(paper)?;
    if found.filed.is_none() {
        return Err(Refusal::PaperNotReady { number: found.paper.number.clone() });
    }
    let nth = found.prints + 1;
    Ok(vec![Event::PaperPrinted { paper, print, nth }])
}

fn deliver(case: &Case, decision: &Decision, delivery: Delivery) -> Result<Vec<Event>, Refusal> {
    for (_, of_decision) in decision.papers() {
        if case.paper(of_decision.id)?.prints == 0 {
            return Err(Refusal::PaperNotPrinted { number: of_decision.number.clone() });
        }
    }
    // No original is held back yet, so nothing is left to do once the result is handed over.
    Ok(vec![Event::Delivered(delivery), Event::Closed])
}

/// The case after an event.
pub fn evolve(mut case: Case, event: Event) -> Case {
    use CaseState as S;

    case.version += 1;
    if !matches!(event, Event::PaperFiled { .. } | Event::PaperPrinted { .. }) {
        case.revision = case.version;
    }
    match &event {
        Event::Taken(intake) => case.expect_paper(PaperKind::IntakeReceipt, &intake.receipt),
        Event::Accepted(acceptance) | Event::AcceptanceConfirmed(acceptance) => {
            case.expect_paper(PaperKind::AcceptanceNotice, &acceptance.notice);
        }
        Event::Decided(decision) => {
            for (kind, paper) in decision.papers() {
                case.expect_paper(kind, paper);
            }
        }
        Event::PaperFiled { paper, digest } => {
            case.change_paper(*paper, |paper| paper.filed = Some(*digest));
        }
        Event::PaperPrinted { paper, nth, .. } => {
            case.change_paper(*paper, |paper| paper.prints = *nth);
        }
        Event::DeemedAccepted { .. } | Event::Issued | Event::Delivered(_) | Event::Closed => {}
    }
    case.state = match (case.state, event) {
        (S::Draft, Event::Taken(intake)) => S::Taken { intake },
        (S::Taken { intake }, Event::Accepted(acceptance)) => {
            S::Accepted { intake, accepted: AcceptedBy::Department(acceptance) }
        }
        (S::Taken { intake }, Event::DeemedAccepted { deemed_at }) => {
            let accepted = AcceptedBy::Silence { accepted_at: intake.taken_at, deemed_at, confirmed: None };
            S::Accepted { intake, accepted }
        }
        (
            S::Accepted { intake, accepted: AcceptedBy::Silence { accepted_at, deemed_at, .. } },
            Event::AcceptanceConfirmed(acceptance),
        ) => {
            let accepted = AcceptedBy::Silence { accepted_at, deemed_at, confirmed: Some(acceptance) };
            S::Accepted { intake, accepted }
        }
        (S::Accepted { intake, accepted }, Event::Decided(decision)) => S::Decided { intake, accepted, decision },
        (S::Decided { intake, accepted, decision }, Event::Issued) => S::Issued { intake, accepted, decision },
        (S::Issued { intake, accepted, decision }, Event::Delivered(delivery)) => {
            S::Delivered { intake, accepted, decision, delivery }
        }
        (S::Delivered { intake, accepted, decision, delivery }, Event::Closed) => {
            S::Closed { intake, accepted, decision, delivery }
        }
        (state, _) => state,
    };
    case
}

impl Case {
    /// A case of which nothing has happened yet.
    pub fn draft(id: CaseId) -> Self {
        Self { id, version: 0, revision: 0, state: CaseState::Draft, papers: vec![] }
    }

    /// The case that these events make.
    pub fn replay(id: CaseId, events: impl IntoIterator<Item = Event>) -> Self {
        events.into_iter().fold(Self::draft(id), evolve)
    }

    /// What was taken, once something was.
    pub fn intake(&self) -> Option<&Intake> {
        use CaseState as S;
        match &self.state {
            S::Draft => None,
            S::Taken { intake }
            | S::Accepted { intake, .. }
            | S::Decided { intake, .. }
            | S::Issued { intake, .. }
            | S::Delivered { intake, .. }
            | S::Closed { intake, .. } => Some(intake),
        }
    }

    /// How it was accepted, once it was.
    pub fn accepted(&self) -> Option<&AcceptedBy> {
        use CaseState as S;
        match &self.state {
            S::Draft | S::Taken { .. } => None,
            S::Accepted { accepted, .. }
            | S::Decided { accepted, .. }
            | S::Issued { accepted, .. }
            | S::Delivered { accepted, .. }
            | S::Closed { accepted, .. } => Some(accepted),
        }
    }

    /// The decision, once there is one.
    pub fn decision(&self) -> Option<&Decision> {
        use CaseState as S;
        match &self.state {
            S::Draft | S::Taken { .. } | S::Accepted { .. } => None,
            S::Decided { decision, .. }
            | S::Issued { decision, .. }
            | S::Delivered { decision, .. }
            | S::Closed { decision, .. } => Some(decision),
        }
    }

    /// The hand-over, once there was one.
    pub fn delivery(&self) -> Option<&Delivery> {
        match &self.state {
            CaseState::Delivered { delivery, .. } | CaseState::Closed { delivery, .. } => Some(delivery),
            _ => None,
        }
    }

    /// The clocks that have been started, by the rules of the case's item.
    pub fn clocks(&self, item: &Item) -> Vec<Clock> {
        let reached = Reached {
            taken: self.intake().map(|intake| intake.taken_at),
            intake_ended: self.accepted().map(AcceptedBy::intake_ended_at),
            accepted: self.accepted().map(AcceptedBy::accepted_at),
            decided: self.decision().map(|decision| decision.decided_at),
        };
        running_clocks(item.profile.limits.iter(), reached)
    }

    /// The first day on which the department's silence accepts the case (视为受理), if it goes on.
    ///
    /// # Errors
    /// [`OutOfCalendar`], when the calendar does not reach that far back.
    pub fn silent_from(&self, item: &Item, calendar: &WorkCalendar) -> Result<Option<Date>, OutOfCalendar> {
        let clocks = self.clocks(item);
        let intake = clocks.iter().find(|clock| clock.rule.kind == ClockKind::Intake);
        intake.map_or(Ok(None), |clock| clock.silent_from(calendar))
    }

    /// Which running clock is due first, and when.
    pub fn next_due(&self, item: &Item, calendar: &WorkCalendar, hours: OfficeHours) -> Option<Timestamp> {
        first_due(&self.clocks(item), calendar, hours)
    }

    /// One of the case's papers.
    ///
    /// # Errors
    /// [`Refusal::NoSuchPaper`], when it is not of this case.
    pub fn paper(&self, id: PaperId) -> Result<&CasePaper, Refusal> {
        self.papers.iter().find(|paper| paper.paper.id == id).ok_or(Refusal::NoSuchPaper { paper: id })
    }

    fn expect_paper(&mut self, kind: PaperKind, paper: &NumberedPaper) {
        self.papers.push(CasePaper { paper: paper.clone(), kind, filed: None, prints: 0 });
    }

    fn change_paper(&mut self, id: PaperId, change: impl FnOnce(&mut CasePaper)) {
        if let Some(paper) = self.papers.iter_mut().find(|paper| paper.paper.id == id) {
            change(paper);
        }
    }
}

/// What has been reached of the way, and when.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reached {
    /// The materials were received.
    pub taken: Option<Timestamp>,
    /// The clock of the intake ended.
    pub intake_ended: Option<Timestamp>,
    /// From when on the application counts as accepted.
    pub accepted: Option<Timestamp>,
    /// It was decided.
    pub decided: Option<Timestamp>,
}

/// The clocks that rules start on the way. A clock stops with the event that fulfils it.
pub fn running_clocks<'a>(rules: impl Iterator<Item = &'a ClockRule>, reached: Reached) -> Vec<Clock> {
    rules
        .filter_map(|rule| {
            let started = match rule.start {
                StartRule::DayAfterReceipt => reached.taken,
                StartRule::DayAfterAcceptance => reached.accepted,
            };
            let stopped = match rule.kind {
                ClockKind::Intake => reached.intake_ended,
                ClockKind::Statutory | ClockKind::Promised => reached.decided,
            };
            let mut clock = Clock::start(rule.clone(), started?);
            clock.stopped_at = stopped;
            Some(clock)
        })
        .collect()
}

/// When the first of the clocks that still run is due.
pub fn first_due(clocks: &[Clock], calendar: &WorkCalendar, hours: OfficeHours) -> Option<Timestamp> {
    let running = clocks.iter().filter(|clock| clock.stopped_at.is_none());
    running.filter_map(|clock| clock.due(calendar, hours).ok()).map(|deadline| deadline.at).min()
}
