//! Takes what a department says of a case.

use domain::{
    case::{
        Acceptance, AcceptedBy, Case, Certificate, Command, Context, Decision, DepartmentReceipt, Enquiry,
        EnquiryAnswer, Outcome, Progress, Rejection, RejectionGround, SupplementNotice, decide,
    },
    clock::hall_date,
    ids::{CaseId, DepartmentId},
    item::{ItemPapers, Seat},
    paper::{NumberedPaper, PaperKind},
};
use jiff::{SignedDuration, Timestamp};
use protocol::{Event, Message, Party};
use serde_json::json;
use store::{Content, PaperRow, PaperState, Stamp, Tx};
use uuid::Uuid;
use web::ProblemField;

use crate::{
    Hall, HallError, News,
    records::{
        self, AllowanceRecord, EnquiryRecord, NoticeRecord, OfficerRecord, ProgressRecord, ReceiptFieldsRecord,
        RejectionRecord,
    },
    take_filing::sha256_of,
};

/// What an event of a department asks of its case, with the content that goes with it.
struct Asked {
    command: Command,
    contents: Vec<Content>,
    papers: Vec<(PaperKind, String, NumberedPaper)>,
    occurred_at: Timestamp,
}

impl Hall {
    /// Does what a department's event says, once, and in the order of its case.
    ///
    /// # Errors
    /// [`courier::Refused`], with everything a department can do wrong.
    pub async fn receive_event(
        &self,
        headers: &http::HeaderMap,
        body: &[u8],
    ) -> Result<courier::Handed, courier::Refused<HallError>> {
        let event = courier::take_request(headers, body, |party| self.secrets_of(party), self.0.clock.wall())?;
        let (hall, case) = (self.clone(), event.case_id());
        let now = self.0.clock.now();
        let ids = [self.new_id(), self.new_id()];
        let handed = courier::take_in(&self.0.store, event, body, now, async move |tx, event| {
            hall.carry_out(tx, event, ids, now).await
        })
        .await?;
        self.0.wake.fetcher.notify_one();
        self.0.wake.courier.notify_one();
        self.tell(News::Case(case));
        Ok(handed)
    }

    pub(crate) fn secrets_of(&self, party: Party) -> Option<&[protocol::Secret]> {
        let Party::Department(id) = party else { return None };
        let department = self.0.config.departments.get(&DepartmentId(id))?;
        Some(&department.secrets)
    }

    async fn carry_out(&self, tx: &mut Tx, event: &Event, ids: [Uuid; 2], now: Timestamp) -> Result<(), HallError> {
        let case = tx.load_case(CaseId(event.case_id())).await?;
        let intake = case.intake().cloned().ok_or_else(HallError::no_case)?;
        if event.source != Party::Department(intake.department.0) {
            return Err(HallError::no_case());
        }
        let entry = self.version_of(&intake.item)?;
        let forms = &entry.item.papers;
        let [content_id, second_id] = ids;
        let asked = match &event.message {
            Message::TaskReceived(received) => received_command(received, content_id),
            Message::TaskProgressed(progressed) => progressed_command(progressed, content_id),
            Message::TaskSupplementAsked(asked) => supplement_command(asked, [content_id, second_id], forms),
            Message::TaskRejected(rejected) => rejected_command(rejected, content_id, forms),
            Message::TaskAccepted(accepted) => accepted_command(accepted, content_id, forms),
            Message::TaskDecided(decided) => decided_command(decided, content_id, forms)?,
            Message::EnquiryAsked(asked) => asked_command(asked, content_id),
            Message::EnquiryAnswered(answered) => answered_command(answered, content_id),
            Message::PaperIssued(issued) => return expect_paper(tx, &case, issued).await,
            other => return Err(HallError::NotForHalls(other.event_type())),
        };
        let Asked { command, contents, papers, occurred_at } = asked;
        believe(&command, &case, intake.received_at, now)?;
        // What the department did after its limit was over found the case accepted already.
        // Our date counts, since its clock may be ahead; but what it accepted in time is no silence, however late we hear of it.
        let today = hall_date(now);
        let on = match command {
            Command::RecordAcceptance(_) | Command::AskSupplement(_) | Command::Reject(_) => {
                hall_date(occurred_at).min(today)
            }
            _ => today,
        };
        let case = self.after_silence(tx, case, &entry, on, now).await?;

        let (events, contents, papers) = match overtaken(&case, &command) {
            Some(overtaken) => {
                let kept = progressed_command(&overtaken.told(occurred_at, &event.message), content_id);
                (decide(&case, kept.command, &Context::of(&entry.item))?, kept.contents, vec![])
            }
            None => (decide(&case, command, &Context::of(&entry.item))?, contents, papers),
        };
        for content in &contents {
            content.keep(tx, case.id.0, now).await?;
        }
        let writer = format!("department:{}", intake.department);
        let stamp = Stamp { occurred_at, recorded_at: now, writer: &writer };
        let case = tx.append_to_case(case, events, stamp).await?;
        for (kind, title, paper) in papers {
            let id = paper.id.0;
            let row = PaperRow {
                id,
                case: case.id.0,
                kind: kind.name().to_owned(),
                title,
                number: paper.number,
                state: PaperState::Announced,
                sha256: None,
                size: None,
                model: None,
                created_at: now,
            };
            if !tx.put_paper(&row).await? {
                return Err(HallError::id_taken(pointer_to(kind), id));
            }
        }
        self.refresh_row(tx, &case, now).await
    }

    /// Brings the row of a case up to its newest event.
    pub(crate) async fn refresh_row(&self, tx: &mut Tx, case: &Case, now: Timestamp) -> Result<(), HallError> {
        let row = tx.case(case.id.0).await?.ok_or_else(HallError::no_case)?;
        let entry = self.item_of(&row)?;
        self.keep_row(tx, case, &entry, row.applicant_masked, now).await
    }
}

/// What a department said before it knew what had become of the case: it is kept with the case, and changes nothing.
enum Overtaken {
    /// By the applicant, who has taken the application back (撤回申请).
    ByWithdrawal,
    /// By the end of the limit for acceptance (视为受理).
    BySilence,
}

/// By what a command was overtaken on its way, if it was.
fn overtaken(case: &Case, command: &Command) -> Option<Overtaken> {
    let (asks, ends) = match command {
        Command::AskSupplement(notice) => (Some(notice.asked_at), true),
        Command::Reject(rejection) => (Some(rejection.rejected_at), true),
        Command::RecordAcceptance(_) | Command::RecordDecision(_) => (None, true),
        _ => (None, false),
    };
    if ends && case.is_withdrawn() {
        return Some(Overtaken::ByWithdrawal);
    }
    match case.accepted() {
        Some(AcceptedBy::Silence { deemed_at, .. }) => {
            asks.filter(|at| hall_date(*at) >= hall_date(*deemed_at)).map(|_| Overtaken::BySilence)
        }
        _ => None,
    }
}

impl Overtaken {
    /// What is kept of it with the case.
    fn told(&self, at: Timestamp, message: &Message) -> protocol::TaskProgressed {
        let (what, officer) = match message {
            Message::TaskSupplementAsked(asked) => ("补正告知", Some(&asked.officer)),
            Message::TaskRejected(rejected) => ("不予受理", Some(&rejected.officer)),
            Message::TaskAccepted(accepted) => ("受理", Some(&accepted.officer)),
            Message::TaskDecided(decided) => ("决定", Some(&decided.officer)),
            _ => ("消息", None),
        };
        let why = match self {
            Self::ByWithdrawal => "收到时申请已撤回。",
            Self::BySilence => "收到时已视为受理。",
        };
        protocol::TaskProgressed {
            case_id: message.case_id(),
            at,
            step: format!("{what}（不生效）"),
            officer: officer.cloned(),
            note: Some(why.to_owned()),
        }
    }
}

/// Refuses a moment that the department cannot mean: ahead of our clock, or before what it follows. Its clock and ours may
/// differ by what the protocol tolerates, and ours may have been set back since.
fn believe(command: &Command, case: &Case, received_at: Timestamp, now: Timestamp) -> Result<(), HallError> {
    let tolerance = SignedDuration::from_secs(protocol::TOLERANCE);
    // What is told while a case goes on follows nothing: it may have been put off by what was said between.
    let (pointer, at, follows) = match command {
        Command::RecordAcceptance(acceptance) => ("/data/accepted_at", acceptance.accepted_at, received_at),
        Command::RecordDecision(decision) => {
            let said = case.accepted().and_then(AcceptedBy::said);
            ("/data/decided_at", decision.decided_at, said.map_or(received_at, |acceptance| acceptance.accepted_at))
        }
        Command::AskSupplement(notice) => ("/data/asked_at", notice.asked_at, received_at),
        Command::Reject(rejection) => ("/data/rejected_at", rejection.rejected_at, received_at),
        Command::RecordProgress(progress) => ("/data/at", progress.at, Timestamp::MIN),
        Command::RecordReceipt(receipt) => ("/data/received_at", receipt.at, Timestamp::MIN),
        Command::Ask(enquiry) => ("/data/asked_at", enquiry.asked_at, Timestamp::MIN),
        Command::Answer(answer) => ("/data/answered_at", answer.answered_at, Timestamp::MIN),
        _ => return Ok(()),
    };
    let earliest = follows.saturating_sub(tolerance).unwrap_or(follows);
    let latest = now.saturating_add(tolerance).unwrap_or(now).max(follows);
    let field = |code| ProblemField::new(pointer, code).value(at.to_string());
    let wrong = if at > latest {
        field("in-future").params(json!({ "latest": latest.to_string() }))
    } else if at < earliest {
        field("too-early").params(json!({ "earliest": earliest.to_string() }))
    } else {
        return Ok(());
    };
    Err(HallError::Invalid(vec![wrong]))
}

/// Where the event that announces a paper has its id.
fn pointer_to(kind: PaperKind) -> &'static str {
    match kind {
        PaperKind::Decision => "/data/decision/paper_id",
        PaperKind::Certificate => "/data/certificate/paper_id",
        PaperKind::Rejection => "/data/document/paper_id",
        _ => "/data/notice/paper_id",
    }
}

fn accepted_command(accepted: &protocol::TaskAccepted, content_id: Uuid, forms: &ItemPapers) -> Asked {
    let protocol::TaskAccepted { case_id: _, accepted_at, officer, notice } = accepted;
    let record = OfficerRecord { officer: officer.clone(), reason: None, holder: None };
    let content = Content::new(content_id, "officer", records::bytes(&record));
    let notice = numbered(notice);
    Asked {
        command: Command::RecordAcceptance(Acceptance {
            accepted_at: *accepted_at,
            officer: content.sealed(),
            notice: notice.clone(),
            agreement: None,
        }),
        contents: vec![content],
        papers: vec![(PaperKind::AcceptanceNotice, forms.acceptance_notice.title.clone(), notice)],
        occurred_at: *accepted_at,
    }
}

fn decided_command(decided: &protocol::TaskDecided, content_id: Uuid, forms: &ItemPapers) -> Result<Asked, HallError> {
    let protocol::TaskDecided { case_id: _, decided_at, officer, outcome, reason, decision, certificate } = decided;
    let (outcome, form) = match outcome {
        protocol::Outcome::Granted => (Outcome::Granted, &forms.granted),
        protocol::Outcome::Denied => (Outcome::Denied, &forms.denied),
    };
    let holder = certificate.as_ref().map(|certificate| certificate.holder.clone());
    let record = OfficerRecord { officer: officer.clone(), reason: Some(reason.clone()), holder };
    let content = Content::new(content_id, "officer", records::bytes(&record));
    let document = numbered(decision);
    let mut papers = vec![(PaperKind::Decision, form.title.clone(), document.clone())];
    let certificate = certificate.as_ref().map(|certificate| {
        let paper = NumberedPaper { id: certificate.paper_id.into(), number: certificate.number.clone() };
        papers.push((PaperKind::Certificate, certificate.title.clone(), paper.clone()));
        Certificate { paper, valid_from: certificate.valid_from, valid_until: certificate.valid_until }
    });
    for (n, (_, _, paper)) in papers.iter().enumerate() {
        if papers[..n].iter().any(|(_, _, earlier)| earlier.id == paper.id) {
            let field = ProblemField::new("/data/certificate/paper_id", "twice").value(paper.id.to_string());
            return Err(HallError::Invalid(vec![field]));
        }
    }
    Ok(Asked {
        command: Command::RecordDecision(Decision {
            decided_at: *decided_at,
            outcome,
            reason: content.sealed(),
            document,
            certificate,
            agreement: None,
        }),
        contents: vec![content],
        papers,
        occurred_at: *decided_at,
    })
}

fn received_command(received: &protocol::TaskReceived, content_id: Uuid) -> Asked {
    let protocol::TaskReceived { case_id: _, received_at, department_number, fields } = received;
    let record = ReceiptFieldsRecord { department_number: department_number.clone(), fields: fields.clone() };
    let content = Content::new(content_id, "department-receipt", records::bytes(&record));
    Asked {
        command: Command::RecordReceipt(DepartmentReceipt { at: *received_at, content: content.sealed() }),
        contents: vec![content],
        papers: vec![],
        occurred_at: *received_at,
    }
}

fn progressed_command(progressed: &protocol::TaskProgressed, content_id: Uuid) -> Asked {
    let protocol::TaskProgressed { case_id: _, at, step, officer, note } = progressed;
    let record = ProgressRecord { step: step.clone(), officer: officer.clone(), note: note.clone() };
    let content = Content::new(content_id, "progress", records::bytes(&record));
    Asked {
        command: Command::RecordProgress(Progress { at: *at, content: content.sealed() }),
        contents: vec![content],
        papers: vec![],
        occurred_at: *at,
    }
}

fn supplement_command(asked: &protocol::TaskSupplementAsked, ids: [Uuid; 2], forms: &ItemPapers) -> Asked {
    let protocol::TaskSupplementAsked { case_id: _, asked_at, officer, points, notice, allowed } = asked;
    let [content_id, allowed_id] = ids;
    let record = NoticeRecord { officer: officer.clone(), points: points.clone() };
    let content = Content::new(content_id, "notice", records::bytes(&record));
    let allowed = allowed.as_ref().map(|protocol::Allowance { manager, reason }| {
        let record = AllowanceRecord { manager: manager.clone(), reason: reason.clone() };
        Content::new(allowed_id, "allowance", records::bytes(&record))
    });
    let paper = numbered(notice);
    Asked {
        command: Command::AskSupplement(SupplementNotice {
            asked_at: *asked_at,
            by: Seat::Department,
            content: content.sealed(),
            paper: paper.clone(),
            allowed: allowed.as_ref().map(Content::sealed),
        }),
        contents: std::iter::once(content).chain(allowed).collect(),
        papers: vec![(PaperKind::SupplementNotice, forms.supplement_notice.title.clone(), paper)],
        occurred_at: *asked_at,
    }
}

fn rejected_command(rejected: &protocol::TaskRejected, content_id: Uuid, forms: &ItemPapers) -> Asked {
    let protocol::TaskRejected { case_id: _, rejected_at, officer, ground, reason, competent_authority, document } =
        rejected;
    let record = RejectionRecord {
        officer: officer.clone(),
        reason: reason.clone(),
        competent_authority: competent_authority.clone(),
    };
    let content = Content::new(content_id, "rejection", records::bytes(&record));
    let paper = numbered(document);
    Asked {
        command: Command::Reject(Rejection {
            rejected_at: *rejected_at,
            by: Seat::Department,
            ground: match ground {
                protocol::RejectionGround::NotNeeded => RejectionGround::NotNeeded,
                protocol::RejectionGround::NotCompetent => RejectionGround::NotCompetent,
                protocol::RejectionGround::Other => RejectionGround::Other,
            },
            content: content.sealed(),
            paper: paper.clone(),
        }),
        contents: vec![content],
        papers: vec![(PaperKind::Rejection, forms.refusal.title.clone(), paper)],
        occurred_at: *rejected_at,
    }
}

fn asked_command(asked: &protocol::EnquiryAsked, content_id: Uuid) -> Asked {
    let protocol::EnquiryAsked { case_id: _, enquiry_id, asked_at, officer, text } = asked;
    let record = EnquiryRecord { by: officer.clone(), text: text.clone() };
    let content = Content::new(content_id, "enquiry", records::bytes(&record));
    let id = (*enquiry_id).into();
    Asked {
        command: Command::Ask(Enquiry { id, asked_at: *asked_at, by: Seat::Department, content: content.sealed() }),
        contents: vec![content],
        papers: vec![],
        occurred_at: *asked_at,
    }
}

fn answered_command(answered: &protocol::EnquiryAnswered, content_id: Uuid) -> Asked {
    let protocol::EnquiryAnswered { case_id: _, enquiry_id, answered_at, officer, text } = answered;
    let record = EnquiryRecord { by: officer.clone(), text: text.clone() };
    let content = Content::new(content_id, "enquiry-answer", records::bytes(&record));
    Asked {
        command: Command::Answer(EnquiryAnswer {
            enquiry: (*enquiry_id).into(),
            answered_at: *answered_at,
            by: Seat::Department,
            content: content.sealed(),
        }),
        contents: vec![content],
        papers: vec![],
        occurred_at: *answered_at,
    }
}

fn numbered(paper: &protocol::PaperRef) -> NumberedPaper {
    NumberedPaper { id: paper.paper_id.into(), number: paper.number.clone() }
}

/// Notes where the bytes of an announced paper can be fetched.
async fn expect_paper(tx: &mut Tx, case: &Case, issued: &protocol::PaperIssued) -> Result<(), HallError> {
    let protocol::PaperIssued { case_id: _, paper_id, kind, number, sha256, size } = issued;
    let announced = match case.paper((*paper_id).into()) {
        Ok(announced) => announced,
        // What announced it was overtaken: nobody is given this paper.
        Err(_) if case.is_withdrawn() => return Ok(()),
        Err(_)
            if matches!(kind, protocol::PaperKind::SupplementNotice | protocol::PaperKind::Rejection)
                && case.accepted().is_some_and(AcceptedBy::is_silence) =>
        {
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    if announced.paper.number != *number {
        let field = ProblemField::new("/data/number", "contradiction").value(number.as_str());
        return Err(HallError::Invalid(vec![field]));
    }
    let (kind, word) = match kind {
        protocol::PaperKind::SupplementNotice => (PaperKind::SupplementNotice, "supplement-notice"),
        protocol::PaperKind::Rejection => (PaperKind::Rejection, "rejection"),
        protocol::PaperKind::AcceptanceNotice => (PaperKind::AcceptanceNotice, "acceptance-notice"),
        protocol::PaperKind::Decision => (PaperKind::Decision, "decision"),
        protocol::PaperKind::Certificate => (PaperKind::Certificate, "certificate"),
    };
    if announced.kind != kind {
        return Err(HallError::Invalid(vec![ProblemField::new("/data/kind", "contradiction").value(word)]));
    }
    let wrong = || HallError::Invalid(vec![ProblemField::new("/data/sha256", "wrong-type").value(sha256.as_str())]);
    let sha256 = sha256_of(sha256).ok_or_else(wrong)?;
    if !tx.paper_expected(*paper_id, sha256, *size).await? {
        let known = tx.paper(*paper_id).await?;
        if known.and_then(|paper| paper.sha256) != Some(sha256) {
            return Err(HallError::id_taken("/data/sha256", hex::encode(sha256)));
        }
    }
    Ok(())
}
