//! Cases (办件): one item for one applicant, from intake to delivery.
//!
//! [`decide`] is the whole life of a case; what is not listed there is not allowed. [`evolve`] cannot fail: an event has
//! happened.

mod facts;
mod refusal;

use jiff::{Timestamp, civil::Date};

pub use self::{facts::*, refusal::Refusal};
use crate::{
    calendar::{OutOfCalendar, WorkCalendar},
    clock::{Clock, ClockKind, ClockRule, OfficeHours, SilenceEffect, StartRule, hall_date},
    ids::{CaseId, EnquiryId, PaperId, PrintId},
    item::{Item, Seat},
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
    /// The notices of what was missing, with what was handed in upon each, oldest first.
    pub notices: Vec<(SupplementNotice, Option<Supplement>)>,
    /// The originals that the hall has taken (原件).
    pub originals: Vec<HeldOriginal>,
    /// The questions between window and department, with their answers, oldest first.
    pub enquiries: Vec<(Enquiry, Option<EnquiryAnswer>)>,
    /// How far the department said it has come, oldest first.
    pub progress: Vec<Progress>,
    /// What the department said it has taken over, newest.
    pub received: Option<DepartmentReceipt>,
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
    /// The applicant was told what is missing (补正): the last of the case's notices.
    SupplementAsked {
        /// What was taken.
        intake: Intake,
    },
    /// Not accepted (不予受理); the document is to be handed over.
    Rejected {
        /// What was taken.
        intake: Intake,
        /// Why.
        rejection: Rejection,
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
    /// Taken back by the applicant (撤回申请); originals are still at the hall.
    Withdrawn {
        /// What was taken.
        intake: Intake,
        /// How it had been accepted, if it was.
        accepted: Option<AcceptedBy>,
        /// When, and why.
        withdrawal: Withdrawal,
    },
    /// Delivered (送达); originals are still at the hall.
    Delivered {
        /// What was taken.
        intake: Intake,
        /// How it ended.
        ending: Ending,
        /// To whom it was handed over.
        delivery: Delivery,
    },
    /// Closed (办结).
    Closed {
        /// What was taken.
        intake: Intake,
        /// How it ended.
        ending: Ending,
        /// To whom the result was handed over; none where there was none.
        delivery: Option<Delivery>,
    },
}

impl CaseState {
    /// The state's stable name in stores and interfaces.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Taken { .. } => "taken",
            Self::SupplementAsked { .. } => "supplement-asked",
            Self::Rejected { .. } => "rejected",
            Self::Accepted { .. } => "accepted",
            Self::Decided { .. } => "decided",
            Self::Issued { .. } => "issued",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Delivered { .. } => "delivered",
            Self::Closed { .. } => "closed",
        }
    }
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
#[allow(clippy::large_enum_variant, reason = "there is one intake in the life of a case, and none is kept in a list")]
pub enum Command {
    /// A window clerk takes the case (收件).
    Take(Intake),
    /// A window clerk takes the case, and at the same sitting asks, rejects, accepts or decides.
    TakeAnd(Intake, Vec<Command>),
    /// The applicant is told everything that is missing (一次性告知, 补正).
    AskSupplement(SupplementNotice),
    /// The applicant hands in what was missing.
    ReceiveSupplement(Supplement),
    /// The application is not accepted (不予受理).
    Reject(Rejection),
    /// The application is accepted (受理): by the department, or at the window by its delegation.
    RecordAcceptance(Acceptance),
    /// The limit for acceptance is over, and the department was silent (视为受理).
    DeemAccepted {
        /// When the limit was over.
        deemed_at: Timestamp,
    },
    /// The case is decided (决定): by the department, or at the window by its delegation.
    RecordDecision(Decision),
    /// The applicant takes the application back (撤回申请).
    Withdraw(Withdrawal),
    /// The department says how far it has come.
    RecordProgress(Progress),
    /// The department says what it has taken over.
    RecordReceipt(DepartmentReceipt),
    /// Window or department asks the other (前后台咨询).
    Ask(Enquiry),
    /// The other one answers.
    Answer(EnquiryAnswer),
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
    /// The result is handed over (送达), with originals where some were held.
    Deliver(Delivery, Option<OriginalsAccount>),
    /// It is said what became of originals (原件退还、归档).
    AccountOriginals(OriginalsAccount),
}

impl Command {
    /// The command's stable name in refusals.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Take(_) | Self::TakeAnd(..) => "take",
            Self::AskSupplement(_) => "ask-supplement",
            Self::ReceiveSupplement(_) => "receive-supplement",
            Self::Reject(_) => "reject",
            Self::RecordAcceptance(_) => "record-acceptance",
            Self::DeemAccepted { .. } => "deem-accepted",
            Self::RecordDecision(_) => "record-decision",
            Self::Withdraw(_) => "withdraw",
            Self::RecordProgress(_) => "record-progress",
            Self::RecordReceipt(_) => "record-receipt",
            Self::Ask(_) => "ask",
            Self::Answer(_) => "answer",
            Self::FilePaper { .. } => "file-paper",
            Self::RecordPrint { .. } => "record-print",
            Self::Deliver(..) => "deliver",
            Self::AccountOriginals(_) => "account-originals",
        }
    }
}

/// What happened to a case.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "there is one intake in the life of a case, and none is kept in a list")]
pub enum Event {
    /// It was taken (收件).
    Taken(Intake),
    /// The applicant was told what is missing (补正).
    SupplementAsked(SupplementNotice),
    /// The applicant handed in what was missing.
    Supplemented(Supplement),
    /// It was not accepted (不予受理).
    Rejected(Rejection),
    /// It was accepted (受理).
    Accepted(Acceptance),
    /// It counts as accepted, because the department was silent (视为受理).
    DeemedAccepted {
        /// When the limit was over.
        deemed_at: Timestamp,
    },
    /// The department accepted what its silence had accepted already.
    AcceptanceConfirmed(Acceptance),
    /// The department had accepted within the limit, and was heard only when its silence had been written down: what it said
    /// takes the place of the silence.
    AcceptedInTime(Acceptance),
    /// It was decided (决定).
    Decided(Decision),
    /// The applicant took it back (撤回申请).
    Withdrawn(Withdrawal),
    /// The department said how far it has come.
    Progressed(Progress),
    /// The department said what it has taken over.
    ReceivedByDepartment(DepartmentReceipt),
    /// Window or department asked the other.
    Asked(Enquiry),
    /// The other one answered.
    Answered(EnquiryAnswer),
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
    /// Originals were given back or filed.
    OriginalsAccounted(OriginalsAccount),
    /// Nothing is left to do (办结).
    Closed,
}

impl Event {
    /// Whether people decide by it. What the program does by itself, and what is said beside the matter, is not.
    fn is_decided_by(&self) -> bool {
        !matches!(
            self,
            Self::PaperFiled { .. }
                | Self::PaperPrinted { .. }
                | Self::Progressed(_)
                | Self::ReceivedByDepartment(_)
                | Self::Asked(_)
                | Self::Answered(_)
        )
    }
}

/// What [`decide`] may know of the world.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The item, in the version of the case.
    pub item: &'a Item,
    /// What was found when the application was looked at.
    pub reviewed: Reviewed<'a>,
}

impl<'a> Context<'a> {
    /// A context in which no application is looked at.
    pub fn of(item: &'a Item) -> Self {
        Self { item, reviewed: Reviewed::default() }
    }
}

/// What was found when an application was looked at (审查).
#[derive(Clone, Copy, Debug, Default)]
pub struct Reviewed<'a> {
    /// The codes of the materials that this application is asked for.
    pub asked_for: &'a [&'a str],
    /// The codes of the blocking points that are not met.
    pub open: &'a [&'a str],
}

/// What follows from a command, or why it may not be given now.
///
/// # Errors
/// [`Refusal`], when the life of a case has no such arrow or the command lacks something.
pub fn decide(case: &Case, command: Command, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    use {CaseState as S, Command as C};

    match (&case.state, command) {
        (S::Draft, C::Take(intake)) => {
            demand_nothing_open(context)?;
            take(intake, context, true)
        }
        (S::Draft, C::TakeAnd(intake, then)) => take_and(case, intake, then, context),
        (S::Taken { .. }, C::AskSupplement(notice)) => ask_supplement(case, notice, context),
        (S::SupplementAsked { .. }, C::ReceiveSupplement(supplement)) => receive_supplement(supplement, context),
        (S::Taken { .. }, C::Reject(rejection)) => {
            demand_delegation(rejection.by == Seat::Window, context.item.accepts, "reject")?;
            Ok(vec![Event::Rejected(rejection)])
        }
        (S::Taken { .. }, C::RecordAcceptance(acceptance)) => {
            demand_delegation(acceptance.agreement.is_some(), context.item.accepts, "accept")?;
            Ok(vec![Event::Accepted(acceptance)])
        }
        (S::Taken { .. }, C::DeemAccepted { deemed_at }) => deem_accepted(deemed_at, context.item),
        (
            S::Accepted { accepted: AcceptedBy::Silence { deemed_at, confirmed: None, .. }, .. },
            C::RecordAcceptance(acceptance),
        ) => Ok(vec![match in_time(acceptance.accepted_at, *deemed_at) {
            true => Event::AcceptedInTime(acceptance),
            false => Event::AcceptanceConfirmed(acceptance),
        }]),
        // What the department asked for or refused in time was no silence, however late it is heard of.
        (
            S::Accepted { accepted: AcceptedBy::Silence { deemed_at, confirmed: None, .. }, .. },
            C::AskSupplement(notice),
        ) if notice.by == Seat::Department && in_time(notice.asked_at, *deemed_at) => {
            ask_supplement(case, notice, context)
        }
        (
            S::Accepted { accepted: AcceptedBy::Silence { deemed_at, confirmed: None, .. }, .. },
            C::Reject(rejection),
        ) if rejection.by == Seat::Department && in_time(rejection.rejected_at, *deemed_at) => {
            Ok(vec![Event::Rejected(rejection)])
        }
        (S::Accepted { .. }, C::RecordDecision(decision)) => record_decision(decision, context.item),
        (S::Taken { .. } | S::SupplementAsked { .. } | S::Accepted { .. }, C::Withdraw(withdrawal)) => {
            let withdrawn = Event::Withdrawn(withdrawal);
            Ok(if case.holds_originals() { vec![withdrawn] } else { vec![withdrawn, Event::Closed] })
        }
        (from, C::FilePaper { paper, digest }) if !matches!(from, S::Draft) => file_paper(case, paper, digest),
        (from, C::RecordPrint { paper, print }) if !matches!(from, S::Draft) => record_print(case, paper, print),
        (from, C::RecordProgress(progress)) if !matches!(from, S::Draft) => Ok(vec![Event::Progressed(progress)]),
        (from, C::RecordReceipt(receipt)) if !matches!(from, S::Draft) => {
            Ok(vec![Event::ReceivedByDepartment(receipt)])
        }
        (from, C::Ask(enquiry)) if !matches!(from, S::Draft) => Ok(vec![Event::Asked(enquiry)]),
        (from, C::Answer(answer)) if !matches!(from, S::Draft) => answer_enquiry(case, answer),
        (S::Issued { decision, .. }, C::Deliver(delivery, originals)) => {
            demand_printed(case, decision.papers().map(|(_, paper)| paper))?;
            deliver(case, delivery, originals)
        }
        (S::Rejected { rejection, .. }, C::Deliver(delivery, originals)) => {
            demand_printed(case, std::iter::once(&rejection.paper))?;
            deliver(case, delivery, originals)
        }
        (from, C::AccountOriginals(account)) if !matches!(from, S::Draft | S::Closed { .. }) => {
            account_originals(case, account)
        }
        (_, command) => Err(Refusal::not_now(case, &command)),
    }
}

fn take(intake: Intake, &Context { item, reviewed }: &Context<'_>, whole: bool) -> Result<Vec<Event>, Refusal> {
    if intake.item != item.key() {
        return Err(Refusal::ItemVersion { given: intake.item.version, known: item.version });
    }
    let handed_in = |code: &str| intake.materials.iter().any(|handed| handed.code == code);
    let mut asked_for = item.materials.iter().filter(|material| reviewed.asked_for.contains(&material.code.as_str()));
    if let Some(missing) = asked_for.find(|material| whole && material.required && !handed_in(&material.code)) {
        return Err(Refusal::MaterialMissing { code: missing.code.clone() });
    }
    demand_known(&intake.materials, item)?;
    Ok(vec![Event::Taken(intake)])
}

/// Takes, and does the rest of the sitting. What is open does not keep a case from being taken when it is just what the
/// applicant is told, or when the application is rejected whatever is there.
fn take_and(case: &Case, intake: Intake, then: Vec<Command>, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let whole = !matches!(then.first(), Some(Command::AskSupplement(_) | Command::Reject(_)));
    if whole {
        demand_nothing_open(context)?;
    }
    let mut events = take(intake, context, whole)?;
    let mut after = events.iter().cloned().fold(case.clone(), evolve);
    for command in then {
        let more = decide(&after, command, context)?;
        after = more.iter().cloned().fold(after, evolve);
        events.extend(more);
    }
    Ok(events)
}

fn demand_nothing_open(context: &Context<'_>) -> Result<(), Refusal> {
    match context.reviewed.open.first() {
        Some(&open) => Err(Refusal::PointOpen { code: open.to_owned() }),
        None => Ok(()),
    }
}

fn demand_known(materials: &[HandedMaterial], item: &Item) -> Result<(), Refusal> {
    let known = |code: &str| item.materials.iter().any(|material| material.code == code);
    match materials.iter().find(|handed| !known(&handed.code)) {
        Some(stranger) => Err(Refusal::MaterialUnknown { code: stranger.code.clone() }),
        None => Ok(()),
    }
}

fn demand_delegation(at_window: bool, seat: Seat, act: &'static str) -> Result<(), Refusal> {
    if at_window && seat != Seat::Window { Err(Refusal::NotDelegated { act }) } else { Ok(()) }
}

fn ask_supplement(case: &Case, notice: SupplementNotice, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if notice.by == Seat::Window && context.reviewed.open.is_empty() {
        return Err(Refusal::NothingMissing);
    }
    // A department that tells for the first time has not told before, whatever the window had: what it has issued holds.
    let counts = |earlier: &SupplementNotice| notice.by == Seat::Window || earlier.by == Seat::Department;
    let given = case.notices.iter().filter(|(earlier, _)| counts(earlier)).count();
    if notice.allowed.is_none() && given > 0 {
        return Err(Refusal::NoticeGiven { given });
    }
    Ok(vec![Event::SupplementAsked(notice)])
}

fn receive_supplement(supplement: Supplement, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    demand_nothing_open(context)?;
    demand_known(&supplement.materials, context.item)?;
    Ok(vec![Event::Supplemented(supplement)])
}

fn deem_accepted(deemed_at: Timestamp, item: &Item) -> Result<Vec<Event>, Refusal> {
    let silence = item.profile.limit(ClockKind::Intake).and_then(|rule| rule.silence);
    let SilenceEffect::DeemedAccepted = silence.ok_or(Refusal::SilenceMeansNothing)?;
    Ok(vec![Event::DeemedAccepted { deemed_at }])
}

/// Whether an acceptance came before the limit was over. Limits end with a day: the dates in the hall are compared.
pub(crate) fn in_time(accepted_at: Timestamp, over: Timestamp) -> bool {
    hall_date(accepted_at) < hall_date(over)
}

fn record_decision(decision: Decision, item: &Item) -> Result<Vec<Event>, Refusal> {
    demand_delegation(decision.agreement.is_some(), item.decides, "decide")?;
    if (decision.outcome == Outcome::Granted) != decision.certificate.is_some() {
        return Err(Refusal::CertificateMismatch { outcome: decision.outcome.name() });
    }
    Ok(vec![Event::Decided(decision)])
}

fn answer_enquiry(case: &Case, answer: EnquiryAnswer) -> Result<Vec<Event>, Refusal> {
    let asked = case.enquiries.iter().find(|(enquiry, answered)| enquiry.id == answer.enquiry && answered.is_none());
    match asked {
        Some((enquiry, _)) if enquiry.by != answer.by => Ok(vec![Event::Answered(answer)]),
        _ => Err(Refusal::NoSuchEnquiry { enquiry: answer.enquiry }),
    }
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

fn demand_printed<'a>(case: &Case, papers: impl Iterator<Item = &'a NumberedPaper>) -> Result<(), Refusal> {
    for paper in papers {
        if case.paper(paper.id)?.prints == 0 {
            return Err(Refusal::PaperNotPrinted { number: paper.number.clone() });
        }
    }
    Ok(())
}

/// A case is closed once its result is handed over and every original is accounted for.
fn deliver(case: &Case, delivery: Delivery, originals: Option<OriginalsAccount>) -> Result<Vec<Event>, Refusal> {
    let mut events = vec![Event::Delivered(delivery)];
    match originals {
        Some(account) => {
            let after = events.iter().cloned().fold(case.clone(), evolve);
            events.extend(account_originals(&after, account)?);
        }
        None if !case.holds_originals() => events.push(Event::Closed),
        None => {}
    }
    Ok(events)
}

fn account_originals(case: &Case, account: OriginalsAccount) -> Result<Vec<Event>, Refusal> {
    let codes = account.returned.iter().chain(&account.archived);
    for (n, code) in codes.clone().enumerate() {
        let held = case.originals.iter().any(|original| original.code == *code && original.fate.is_none());
        if !held || codes.clone().take(n).any(|earlier| earlier == code) {
            return Err(Refusal::NotHeld { code: code.clone() });
        }
    }
    let ended = matches!(case.state, CaseState::Delivered { .. } | CaseState::Withdrawn { .. });
    let accounted = Event::OriginalsAccounted(account);
    let after = evolve(case.clone(), accounted.clone());
    Ok(if ended && !after.holds_originals() { vec![accounted, Event::Closed] } else { vec![accounted] })
}

/// The case after an event.
pub fn evolve(mut case: Case, event: Event) -> Case {
    case.version += 1;
    if event.is_decided_by() {
        case.revision = case.version;
    }
    case.note(&event);
    case.state = next_state(case.state, event);
    case
}

/// Where a case stands after an event; an event that changes nothing of it leaves it where it is.
fn next_state(state: CaseState, event: Event) -> CaseState {
    use CaseState as S;

    match (state, event) {
        (S::Draft, Event::Taken(intake)) => S::Taken { intake },
        (S::Taken { intake } | S::Accepted { intake, .. }, Event::SupplementAsked(_)) => S::SupplementAsked { intake },
        (S::SupplementAsked { intake }, Event::Supplemented(supplement)) => {
            S::Taken { intake: intake.supplemented(supplement) }
        }
        (S::Taken { intake } | S::Accepted { intake, .. }, Event::Rejected(rejection)) => {
            S::Rejected { intake, rejection }
        }
        (S::Taken { intake }, Event::Accepted(acceptance)) => {
            S::Accepted { intake, accepted: AcceptedBy::Department(acceptance) }
        }
        (S::Taken { intake }, Event::DeemedAccepted { deemed_at }) => {
            let accepted = AcceptedBy::Silence { accepted_at: intake.received_at, deemed_at, confirmed: None };
            S::Accepted { intake, accepted }
        }
        (
            S::Accepted { intake, accepted: AcceptedBy::Silence { accepted_at, deemed_at, .. } },
            Event::AcceptanceConfirmed(acceptance),
        ) => {
            let accepted = AcceptedBy::Silence { accepted_at, deemed_at, confirmed: Some(acceptance) };
            S::Accepted { intake, accepted }
        }
        (S::Accepted { intake, .. }, Event::AcceptedInTime(acceptance)) => {
            S::Accepted { intake, accepted: AcceptedBy::Department(acceptance) }
        }
        (S::Accepted { intake, accepted }, Event::Decided(decision)) => S::Decided { intake, accepted, decision },
        (S::Decided { intake, accepted, decision }, Event::Issued) => S::Issued { intake, accepted, decision },
        (S::Taken { intake } | S::SupplementAsked { intake }, Event::Withdrawn(withdrawal)) => {
            S::Withdrawn { intake, accepted: None, withdrawal }
        }
        (S::Accepted { intake, accepted }, Event::Withdrawn(withdrawal)) => {
            S::Withdrawn { intake, accepted: Some(accepted), withdrawal }
        }
        (S::Issued { intake, accepted, decision }, Event::Delivered(delivery)) => {
            S::Delivered { intake, ending: Ending::Decided { accepted, decision }, delivery }
        }
        (S::Rejected { intake, rejection }, Event::Delivered(delivery)) => {
            S::Delivered { intake, ending: Ending::Rejected(rejection), delivery }
        }
        (S::Delivered { intake, ending, delivery }, Event::Closed) => {
            S::Closed { intake, ending, delivery: Some(delivery) }
        }
        (S::Withdrawn { intake, accepted, withdrawal }, Event::Closed) => {
            S::Closed { intake, ending: Ending::Withdrawn { accepted, withdrawal }, delivery: None }
        }
        (state, _) => state,
    }
}

impl Case {
    /// A case of which nothing has happened yet.
    pub fn draft(id: CaseId) -> Self {
        Self {
            id,
            version: 0,
            revision: 0,
            state: CaseState::Draft,
            papers: vec![],
            notices: vec![],
            originals: vec![],
            enquiries: vec![],
            progress: vec![],
            received: None,
        }
    }

    /// The case that these events make.
    pub fn replay(id: CaseId, events: impl IntoIterator<Item = Event>) -> Self {
        events.into_iter().fold(Self::draft(id), evolve)
    }

    /// What was taken, once something was, with everything that was supplemented.
    pub fn intake(&self) -> Option<&Intake> {
        use CaseState as S;
        match &self.state {
            S::Draft => None,
            S::Taken { intake }
            | S::SupplementAsked { intake }
            | S::Rejected { intake, .. }
            | S::Accepted { intake, .. }
            | S::Decided { intake, .. }
            | S::Issued { intake, .. }
            | S::Withdrawn { intake, .. }
            | S::Delivered { intake, .. }
            | S::Closed { intake, .. } => Some(intake),
        }
    }

    /// How it was accepted, once it was.
    pub fn accepted(&self) -> Option<&AcceptedBy> {
        use CaseState as S;
        match &self.state {
            S::Draft | S::Taken { .. } | S::SupplementAsked { .. } | S::Rejected { .. } => None,
            S::Accepted { accepted, .. } | S::Decided { accepted, .. } | S::Issued { accepted, .. } => Some(accepted),
            S::Withdrawn { accepted, .. } => accepted.as_ref(),
            S::Delivered { ending, .. } | S::Closed { ending, .. } => match ending {
                Ending::Decided { accepted, .. } => Some(accepted),
                Ending::Rejected(_) => None,
                Ending::Withdrawn { accepted, .. } => accepted.as_ref(),
            },
        }
    }

    /// Whether the applicant has taken it back (撤回申请).
    pub fn is_withdrawn(&self) -> bool {
        matches!(self.state, CaseState::Withdrawn { .. } | CaseState::Closed { ending: Ending::Withdrawn { .. }, .. })
    }

    /// The decision, once there is one.
    pub fn decision(&self) -> Option<&Decision> {
        use CaseState as S;
        match &self.state {
            S::Decided { decision, .. }
            | S::Issued { decision, .. }
            | S::Delivered { ending: Ending::Decided { decision, .. }, .. }
            | S::Closed { ending: Ending::Decided { decision, .. }, .. } => Some(decision),
            _ => None,
        }
    }

    /// That it was not accepted, if it was not.
    pub fn rejection(&self) -> Option<&Rejection> {
        use CaseState as S;
        match &self.state {
            S::Rejected { rejection, .. }
            | S::Delivered { ending: Ending::Rejected(rejection), .. }
            | S::Closed { ending: Ending::Rejected(rejection), .. } => Some(rejection),
            _ => None,
        }
    }

    /// That the applicant took it back, if that was so.
    pub fn withdrawal(&self) -> Option<&Withdrawal> {
        use CaseState as S;
        match &self.state {
            S::Withdrawn { withdrawal, .. }
            | S::Delivered { ending: Ending::Withdrawn { withdrawal, .. }, .. }
            | S::Closed { ending: Ending::Withdrawn { withdrawal, .. }, .. } => Some(withdrawal),
            _ => None,
        }
    }

    /// The hand-over, once there was one.
    pub fn delivery(&self) -> Option<&Delivery> {
        match &self.state {
            CaseState::Delivered { delivery, .. } => Some(delivery),
            CaseState::Closed { delivery, .. } => delivery.as_ref(),
            _ => None,
        }
    }

    /// The notice that the applicant has not answered yet, while the case waits for it.
    pub fn open_notice(&self) -> Option<&SupplementNotice> {
        let waits = matches!(self.state, CaseState::SupplementAsked { .. });
        self.notices.last().filter(|_| waits).map(|(notice, _)| notice)
    }

    /// Whether the hall still holds an original.
    pub fn holds_originals(&self) -> bool {
        self.originals.iter().any(|original| original.fate.is_none())
    }

    /// The question of that id.
    pub fn enquiry(&self, id: EnquiryId) -> Option<&(Enquiry, Option<EnquiryAnswer>)> {
        self.enquiries.iter().find(|(enquiry, _)| enquiry.id == id)
    }

    /// Since when the department waits for an answer of the window; nobody waits at a closed case.
    pub fn asked_at(&self) -> Option<Timestamp> {
        if matches!(self.state, CaseState::Closed { .. }) {
            return None;
        }
        let open = self.enquiries.iter().filter(|(enquiry, answer)| enquiry.by == Seat::Department && answer.is_none());
        open.map(|(enquiry, _)| enquiry.asked_at).min()
    }

    /// When the applicant was told for a second time what is missing, as long as nothing is decided.
    pub fn told_again_at(&self) -> Option<Timestamp> {
        let open = matches!(
            self.state,
            CaseState::Taken { .. } | CaseState::SupplementAsked { .. } | CaseState::Accepted { .. }
        );
        self.notices.get(1).filter(|_| open).map(|(notice, _)| notice.asked_at)
    }

    /// The clocks that have been started, by the rules of the case's item.
    pub fn clocks(&self, item: &Item) -> Vec<Clock> {
        let ended = self.rejection().map(|rejection| rejection.rejected_at);
        let ended = ended.or_else(|| self.withdrawal().map(|withdrawal| withdrawal.withdrawn_at));
        let asked = self.open_notice().map(|notice| notice.asked_at);
        let reached = Reached {
            taken: self.intake().map(|intake| intake.received_at),
            intake_ended: self.accepted().map(AcceptedBy::intake_ended_at).or(asked).or(ended),
            accepted: self.accepted().map(AcceptedBy::accepted_at),
            decided: self.decision().map(|decision| decision.decided_at).or(ended),
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

    /// Notes what an event says that is true in every state.
    fn note(&mut self, event: &Event) {
        match event {
            Event::Taken(intake) => {
                self.expect_paper(PaperKind::IntakeReceipt, &intake.receipt);
                self.hold_originals(&intake.materials);
            }
            Event::SupplementAsked(notice) => {
                self.expect_paper(PaperKind::SupplementNotice, &notice.paper);
                self.notices.push((notice.clone(), None));
            }
            Event::Supplemented(supplement) => {
                self.expect_paper(PaperKind::SupplementReceipt, &supplement.receipt);
                self.hold_originals(&supplement.materials);
                if let Some((_, answer)) = self.notices.last_mut() {
                    *answer = Some(supplement.clone());
                }
            }
            Event::Rejected(rejection) => self.expect_paper(PaperKind::Rejection, &rejection.paper),
            Event::Accepted(acceptance)
            | Event::AcceptanceConfirmed(acceptance)
            | Event::AcceptedInTime(acceptance) => {
                self.expect_paper(PaperKind::AcceptanceNotice, &acceptance.notice);
            }
            Event::Decided(decision) => {
                for (kind, paper) in decision.papers() {
                    self.expect_paper(kind, paper);
                }
            }
            Event::Withdrawn(withdrawal) => self.expect_paper(PaperKind::Withdrawal, &withdrawal.paper),
            Event::Delivered(delivery) => {
                if let Some(proof) = &delivery.proof {
                    self.expect_paper(PaperKind::DeliveryProof, proof);
                }
            }
            Event::PaperFiled { paper, digest } => self.change_paper(*paper, |paper| paper.filed = Some(*digest)),
            Event::PaperPrinted { paper, nth, .. } => self.change_paper(*paper, |paper| paper.prints = *nth),
            Event::OriginalsAccounted(OriginalsAccount { at: _, returned, archived, receiver }) => {
                for original in self.originals.iter_mut().filter(|original| original.fate.is_none()) {
                    if returned.contains(&original.code) {
                        (original.fate, original.receiver) = (Some(OriginalFate::Returned), *receiver);
                    } else if archived.contains(&original.code) {
                        original.fate = Some(OriginalFate::Archived);
                    }
                }
            }
            Event::Progressed(progress) => self.progress.push(progress.clone()),
            Event::ReceivedByDepartment(receipt) => self.received = Some(receipt.clone()),
            Event::Asked(enquiry) => self.enquiries.push((enquiry.clone(), None)),
            Event::Answered(answer) => {
                let mut asked = self.enquiries.iter_mut();
                if let Some((_, answered)) = asked.find(|(enquiry, _)| enquiry.id == answer.enquiry) {
                    *answered = Some(answer.clone());
                }
            }
            Event::DeemedAccepted { .. } | Event::Issued | Event::Closed => {}
        }
    }

    fn hold_originals(&mut self, materials: &[HandedMaterial]) {
        let kept = materials.iter().filter(|handed| handed.kept);
        self.originals.extend(kept.map(|handed| HeldOriginal {
            code: handed.code.clone(),
            fate: None,
            receiver: None,
        }));
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
