//! What passes between the hall and a department about a case: the assignment out, acceptance, decision and papers in.

use domain::{
    case::{Acceptance, AcceptedBy, Case, Certificate, Command, Context, Decision, Intake, Outcome, decide},
    clock::{Article, Budget, ClockKind, ClockRule, SilenceEffect, StartRule, hall_date},
    ids::{CaseId, DepartmentId},
    item::{DecisionForm, ItemPapers},
    paper::{NumberedPaper, PaperKind},
};
use jiff::{SignedDuration, Timestamp};
use protocol::{Event, Message, Party};
use serde_json::{Value, json};
use store::{Content, PaperRow, PaperState, Stamp, Tx};
use web::ProblemField;

use crate::{
    Hall, HallError, News,
    catalogue::CatalogueItem,
    records::{self, ApplicantKind, ApplicantRecord, MaterialRecord, OfficerRecord},
    take_filing::sha256_of,
};

/// What the department is told of a case it is to decide.
pub(crate) fn assignment(
    hall: &Hall,
    case: &Case,
    intake: &Intake,
    entry: &CatalogueItem,
    applicant: &ApplicantRecord,
    form: &Value,
    materials: &[MaterialRecord],
) -> Message {
    let item = &entry.item;
    let number = intake.number.to_string();
    Message::TaskAssigned(Box::new(protocol::TaskAssigned {
        case_id: case.id.0,
        progress_url: hall.0.config.progress_url(&number),
        number,
        official_number: intake.official.to_string(),
        filing_id: intake.filing.0,
        department_id: item.department.0,
        hall: protocol::HallName { id: hall.0.config.id.0, name: hall.0.config.name.clone() },
        window: intake.window.to_string(),
        taken_at: intake.taken_at,
        item: protocol::AssignedItem {
            code: item.code.to_string(),
            version: item.version,
            name: item.name.clone(),
            kind: item.kind.term().to_owned(),
            limits: item.profile.limits.iter().map(limit).collect(),
            review_and_decision_in_one: item.profile.review_and_decision_in_one,
            result: protocol::ItemResult {
                certificate_title: Some(item.result.certificate_title.clone()),
                validity_years: item.result.validity_years.map(u32::from),
                rows: item
                    .result
                    .rows
                    .iter()
                    .map(|row| protocol::ResultRow { label: row.label.clone(), pointer: row.pointer.clone() })
                    .collect(),
            },
            papers: papers(&item.papers),
            form_schema: protocol::RawJson::from(&entry.schema),
            unverified_notes: item.unverified(),
        },
        applicant: protocol::Applicant {
            kind: match applicant.kind {
                ApplicantKind::Person => protocol::ApplicantKind::Person,
                ApplicantKind::Organisation => protocol::ApplicantKind::Organisation,
            },
            name: applicant.name.clone(),
            id_kind: match applicant.kind {
                ApplicantKind::Person => "resident-id".to_owned(),
                ApplicantKind::Organisation => "uscc".to_owned(),
            },
            id_number: applicant.id_number.clone(),
            phone: applicant.phone.clone(),
            address: applicant.address.clone(),
            legal_representative: applicant.legal_representative.clone(),
            contact: applicant.contact.clone(),
        },
        form: protocol::RawJson::from(form),
        materials: materials
            .iter()
            .zip(0..)
            .map(|(material, index)| protocol::AssignedMaterial {
                index,
                code: material.code.clone(),
                name: material.name.clone(),
                file_name: material.file_name.clone(),
                media_type: material.media_type.clone(),
                size: material.size,
                sha256: material.sha256.clone(),
                copies: u32::from(material.copies),
                original: material.original,
            })
            .collect(),
    }))
}

fn papers(ItemPapers { acceptance_notice, granted, denied }: &ItemPapers) -> protocol::ItemPapers {
    let decision = |DecisionForm { title, ruling, basis }: &DecisionForm| protocol::DecisionForm {
        title: title.clone(),
        ruling: ruling.clone(),
        basis: basis.iter().map(article).collect(),
    };
    protocol::ItemPapers {
        acceptance_notice: protocol::NoticeForm {
            title: acceptance_notice.title.clone(),
            basis: acceptance_notice.basis.iter().map(article).collect(),
        },
        granted: decision(granted),
        denied: decision(denied),
    }
}

fn article(article: &Article) -> protocol::Article {
    protocol::Article { law: article.law.clone(), article: article.article.clone(), verified: article.is_sourced() }
}

fn limit(rule: &ClockRule) -> protocol::Limit {
    let ClockRule { kind, budget, start, article, silence } = rule;
    protocol::Limit {
        clock: match kind {
            ClockKind::Intake => protocol::ClockKind::Intake,
            ClockKind::Statutory => protocol::ClockKind::Statutory,
            ClockKind::Promised => protocol::ClockKind::Promised,
        },
        days: budget.days(),
        unit: match budget {
            Budget::WorkingDays(_) => protocol::DayUnit::Working,
            Budget::NaturalDays(_) => protocol::DayUnit::Natural,
        },
        start: match start {
            StartRule::DayAfterReceipt => protocol::LimitStart::Receipt,
            StartRule::DayAfterAcceptance => protocol::LimitStart::Acceptance,
        },
        law: article.law.clone(),
        article: article.article.clone(),
        verified: article.is_sourced(),
        silence: silence.map(|SilenceEffect::DeemedAccepted| protocol::Silence::DeemedAccepted),
    }
}

/// What an event of a department asks of its case, with the content that goes with it.
struct Asked {
    command: Command,
    content: Content,
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
        let content_id = self.new_id();
        let handed = courier::take_in(&self.0.store, event, body, now, async move |tx, event| {
            hall.carry_out(tx, event, content_id, now).await
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

    async fn carry_out(
        &self,
        tx: &mut Tx,
        event: &Event,
        content_id: uuid::Uuid,
        now: Timestamp,
    ) -> Result<(), HallError> {
        let case = tx.load_case(CaseId(event.case_id())).await?;
        let intake = case.intake().cloned().ok_or_else(HallError::no_case)?;
        if event.source != Party::Department(intake.department.0) {
            return Err(HallError::no_case());
        }
        let entry = self.0.catalogue.item(&intake.item.code.to_string()).ok_or_else(HallError::no_case)?;
        let forms = &entry.item.papers;
        let asked = match &event.message {
            Message::TaskAccepted(accepted) => accepted_command(accepted, content_id, forms),
            Message::TaskDecided(decided) => decided_command(decided, content_id, forms)?,
            Message::PaperIssued(issued) => return expect_paper(tx, &case, issued).await,
            other @ (Message::TaskAssigned(_) | Message::TaskDeemedAccepted(_)) => {
                return Err(HallError::NotForHalls(other.event_type()));
            }
        };
        let Asked { command, content, papers, occurred_at } = asked;
        believe(&command, &case, intake.taken_at, now)?;
        // What the department did after its limit was over found the case accepted already.
        let case = self.after_silence(tx, case, &entry.item, hall_date(occurred_at), now).await?;

        let events = decide(&case, command, &Context { item: &entry.item })?;
        content.keep(tx, case.id.0, now).await?;
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
        let entry = self.0.catalogue.item(&row.item_code).ok_or_else(HallError::no_case)?;
        self.keep_row(tx, case, entry, row.applicant_masked, now).await
    }
}

/// Refuses a moment that the department cannot mean: ahead of our clock, or before what it follows. Its clock and ours may
/// differ by what the protocol tolerates, and ours may have been set back since.
fn believe(command: &Command, case: &Case, taken_at: Timestamp, now: Timestamp) -> Result<(), HallError> {
    let tolerance = SignedDuration::from_secs(protocol::TOLERANCE);
    let (pointer, at, said) = match command {
        Command::RecordAcceptance(acceptance) => ("/data/accepted_at", acceptance.accepted_at, None),
        Command::RecordDecision(decision) => {
            ("/data/decided_at", decision.decided_at, case.accepted().and_then(AcceptedBy::said))
        }
        _ => return Ok(()),
    };
    // The acceptance is by the department's clock, like the decision.
    let (follows, earliest) = match said {
        Some(Acceptance { accepted_at, .. }) => (*accepted_at, *accepted_at),
        None => (taken_at, taken_at.saturating_sub(tolerance).unwrap_or(taken_at)),
    };
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
        PaperKind::AcceptanceNotice | PaperKind::IntakeReceipt => "/data/notice/paper_id",
    }
}

fn accepted_command(accepted: &protocol::TaskAccepted, content_id: uuid::Uuid, forms: &ItemPapers) -> Asked {
    let protocol::TaskAccepted { case_id: _, accepted_at, officer, notice } = accepted;
    let record = OfficerRecord { officer: officer.clone(), reason: None, holder: None };
    let content = Content::new(content_id, "officer", records::bytes(&record));
    let notice = numbered(notice);
    Asked {
        command: Command::RecordAcceptance(Acceptance {
            accepted_at: *accepted_at,
            officer: content.sealed(),
            notice: notice.clone(),
        }),
        content,
        papers: vec![(PaperKind::AcceptanceNotice, forms.acceptance_notice.title.clone(), notice)],
        occurred_at: *accepted_at,
    }
}

fn decided_command(
    decided: &protocol::TaskDecided,
    content_id: uuid::Uuid,
    forms: &ItemPapers,
) -> Result<Asked, HallError> {
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
        }),
        content,
        papers,
        occurred_at: *decided_at,
    })
}

fn numbered(paper: &protocol::PaperRef) -> NumberedPaper {
    NumberedPaper { id: paper.paper_id.into(), number: paper.number.clone() }
}

/// Notes where the bytes of an announced paper can be fetched.
async fn expect_paper(tx: &mut Tx, case: &Case, issued: &protocol::PaperIssued) -> Result<(), HallError> {
    let protocol::PaperIssued { case_id: _, paper_id, kind, number, sha256, size } = issued;
    let announced = case.paper((*paper_id).into())?;
    if announced.paper.number != *number {
        let field = ProblemField::new("/data/number", "contradiction").value(number.as_str());
        return Err(HallError::Invalid(vec![field]));
    }
    let (kind, word) = match kind {
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
