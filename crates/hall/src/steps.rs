//! The steps of a case that are taken at a window: what each asks of the case, keeps, prints and tells the department. They
//! are taken at the sitting in which the case is taken, or later.

use catalogue::CatalogueItem;
use domain::{
    case::{
        Acceptance, Case, Certificate, Command, Context, Decision, Outcome, Reached, Rejection, RejectionGround,
        Reviewed, SupplementNotice, Withdrawal, decide, first_due, running_clocks,
    },
    clock::{Article, ClockKind, ClockRule, hall_date},
    item::{Item, ItemKind, Seat},
    number::PaperNumber,
    paper::{NumberedPaper, PaperKind},
};
use jiff::Timestamp;
use protocol::{Message, MissingPoint, TaskAssigned};
use serde::{Deserialize, Serialize};
use store::{Content, PaperRow, PaperState, Stamp, Tx};
use utoipa::ToSchema;
use web::{Actor, ProblemField};

use crate::{
    Hall, HallError,
    delegation::{Act, Delegation},
    faults::Faults,
    paper_models::{PaperModel, PointModel, RowModel},
    records::{self, AllowanceRecord, NoticeRecord, OfficerRecord, RejectionRecord, WithdrawalRecord},
};

/// The longest reason that a person writes, in characters.
const LONGEST_REASON: usize = 1000;

/// That an application is not accepted (不予受理).
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RejectCase)]
pub struct NewRejection {
    /// `not-needed`, `not-competent` or `other`.
    pub ground: GroundName,
    /// Why, in the words of the document, at most 1,000 characters.
    pub reason: String,
    /// Which authority is competent; required for `not-competent`.
    #[serde(default)]
    pub competent_authority: Option<String>,
}

/// On what ground an application is not accepted, 行政许可法 art. 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = RejectionGround)]
pub enum GroundName {
    /// 依法不需要取得行政许可.
    NotNeeded,
    /// 依法不属于本行政机关职权范围.
    NotCompetent,
    /// Something else that the law names.
    Other,
}

/// The mark of what is not accepted: 安市监许受窗 makes 安市监许不受窗.
fn not_accepted(mark: &str) -> String {
    match mark.rsplit_once('受') {
        Some((before, after)) => format!("{before}不受{after}"),
        None => format!("{mark}不受"),
    }
}

impl GroundName {
    fn ground(self) -> RejectionGround {
        match self {
            Self::NotNeeded => RejectionGround::NotNeeded,
            Self::NotCompetent => RejectionGround::NotCompetent,
            Self::Other => RejectionGround::Other,
        }
    }
}

/// A decision at the window (当场决定).
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DecideCase)]
pub struct NewDecision {
    /// Granted or denied.
    pub outcome: web::view::OutcomeName,
    /// Why, in the words of the decision, at most 1,000 characters.
    pub reason: String,
}

/// A notice of what is missing that is to be given.
pub(crate) struct NewNotice {
    /// Which of the case it is, from 1.
    pub(crate) nth: usize,
    pub(crate) points: Vec<MissingPoint>,
    /// By whom and why there is another than the first.
    pub(crate) allowed: Option<AllowanceRecord>,
}

/// What a step asks of a case, and what goes with it.
pub(crate) struct Step {
    pub(crate) command: Command,
    pub(crate) contents: Vec<Content>,
    pub(crate) papers: Vec<OrderedPaper>,
    pub(crate) message: Option<Message>,
}

/// A paper of the hall that has its number and is to be rendered.
pub(crate) struct OrderedPaper {
    kind: PaperKind,
    title: String,
    paper: NumberedPaper,
    model: Content,
}

impl Faults {
    /// What somebody writes on a paper.
    pub(crate) fn reason(&mut self, pointer: &str, text: &str) {
        self.lines(pointer, text, 1, LONGEST_REASON);
    }

    /// That an application is not accepted, as typed.
    pub(crate) fn rejection(&mut self, at: &str, rejection: &NewRejection) {
        let NewRejection { ground, reason, competent_authority } = rejection;
        self.reason(&format!("{at}/reason"), reason);
        match competent_authority {
            Some(authority) => self.lines(&format!("{at}/competent_authority"), authority, 1, 200),
            None if *ground == GroundName::NotCompetent => {
                self.add(ProblemField::new(format!("{at}/competent_authority"), "required"));
            }
            None => {}
        }
    }
}

impl Hall {
    /// The next number under a mark: 安政服补〔2026〕1号.
    pub(crate) async fn next_number(&self, tx: &mut Tx, mark: &str, year: i16) -> Result<NumberedPaper, HallError> {
        let sequence = tx.next(&format!("paper/{mark}/{year}")).await?;
        let used_up = || HallError::NumbersUsedUp { window: mark.to_owned() };
        let sequence = u32::try_from(sequence).map_err(|_| used_up())?;
        let number = PaperNumber::new(mark, year, sequence).map_err(|_| used_up())?;
        Ok(NumberedPaper { id: self.new_id().into(), number: number.to_string() })
    }

    /// The mark of another kind of the hall's own papers: 安政服收 and 补 make 安政服补.
    pub(crate) fn own_mark(&self, word: &str) -> String {
        let mark = &self.0.config.receipt_mark;
        format!("{}{word}", mark.strip_suffix('收').unwrap_or(mark))
    }

    /// A paper of the hall, to be made once its step is kept.
    pub(crate) fn ordered(
        &self,
        kind: PaperKind,
        title: &str,
        paper: &NumberedPaper,
        model: &PaperModel,
    ) -> OrderedPaper {
        let model = Content::new(self.new_id(), "paper-model", records::bytes(model));
        OrderedPaper { kind, title: title.to_owned(), paper: paper.clone(), model }
    }

    fn kept(&self, kind: &'static str, record: &impl Serialize) -> Content {
        Content::new(self.new_id(), kind, records::bytes(record))
    }

    /// Tells the applicant everything that is missing (一次性告知).
    pub(crate) async fn tell_missing(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        item: &Item,
        notice: NewNotice,
        now: Timestamp,
    ) -> Result<Step, HallError> {
        let NewNotice { nth, points, allowed } = notice;
        let delegation = self.delegation(item, Act::Accept).ok();
        let config = &self.0.config;
        let year = hall_date(now).year();
        let paper = self.next_number(tx, &self.own_mark("补"), year).await?;
        let form = &item.papers.supplement_notice;
        // Without a delegation the hall tells what is missing in its own name.
        let (title, authority, seal) = match delegation {
            Some(delegation) => (form.title.as_str(), item.department_name.as_str(), Some(delegation.seal.clone())),
            None => ("一次性告知书", config.name.as_str(), None),
        };
        let name_of = |code: &str| {
            let known = item.materials.iter().find(|material| material.code == code);
            known.map_or_else(|| code.to_owned(), |material| material.name.clone())
        };
        let printed = points.iter().map(|point| PointModel {
            material: point.material.as_deref().map(name_of).unwrap_or_default(),
            reason: point.reason.clone(),
        });
        let model = PaperModel::SupplementNotice {
            number: paper.number.clone(),
            title: title.to_owned(),
            authority: authority.to_owned(),
            seal,
            points: printed.collect(),
            basis: cited(&form.basis),
            place: config.name.clone(),
            phone: delegation.map(|delegation| delegation.contact.clone()).unwrap_or_default(),
            nth,
            second_because: allowed.as_ref().map(|allowed| allowed.reason.clone()),
            asked_at: now,
        };
        let content = self.kept("notice", &NoticeRecord { officer: actor.name().to_owned(), points });
        let allowed = allowed.map(|allowed| self.kept("allowance", &allowed));
        Ok(Step {
            command: Command::AskSupplement(SupplementNotice {
                asked_at: now,
                by: Seat::Window,
                content: content.sealed(),
                paper: paper.clone(),
                allowed: allowed.as_ref().map(Content::sealed),
            }),
            contents: std::iter::once(content).chain(allowed).collect(),
            papers: vec![self.ordered(PaperKind::SupplementNotice, title, &paper, &model)],
            message: None,
        })
    }

    /// Does not accept (不予受理), by the department's delegation.
    pub(crate) async fn reject_step(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        item: &Item,
        rejection: &NewRejection,
        now: Timestamp,
    ) -> Result<Step, HallError> {
        let delegation = self.delegation(item, Act::Accept)?;
        let NewRejection { ground, reason, competent_authority } = rejection;
        let mark = not_accepted(&delegation.notice_mark);
        let paper = self.next_number(tx, &mark, hall_date(now).year()).await?;
        let form = &item.papers.refusal;
        let model = PaperModel::Rejection {
            number: paper.number.clone(),
            title: form.title.clone(),
            authority: item.department_name.clone(),
            seal: delegation.seal.clone(),
            ground: ground.ground().in_words(item.kind == ItemKind::Licence).to_owned(),
            reason: reason.clone(),
            competent_authority: competent_authority.clone().unwrap_or_default(),
            basis: cited(&form.basis),
            remedies: delegation.remedies.clone(),
            remedies_verified: delegation.remedies_verified,
            rejected_at: now,
        };
        let record = RejectionRecord {
            officer: actor.name().to_owned(),
            reason: reason.clone(),
            competent_authority: competent_authority.clone(),
        };
        let content = self.kept("rejection", &record);
        Ok(Step {
            command: Command::Reject(Rejection {
                rejected_at: now,
                by: Seat::Window,
                ground: ground.ground(),
                content: content.sealed(),
                paper: paper.clone(),
            }),
            contents: vec![content],
            papers: vec![self.ordered(PaperKind::Rejection, &form.title, &paper, &model)],
            message: None,
        })
    }

    /// Accepts (受理), by the department's delegation.
    pub(crate) async fn accept_step(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        item: &Item,
        case: uuid::Uuid,
        now: Timestamp,
    ) -> Result<Step, HallError> {
        let delegation = self.delegation(item, Act::Accept)?;
        let Delegation { agreement, seal, contact, notice_mark, .. } = delegation;
        let paper = self.next_number(tx, notice_mark, hall_date(now).year()).await?;
        let form = &item.papers.acceptance_notice;
        let reached = Reached { accepted: Some(now), ..Reached::default() };
        let clocks = running_clocks(item.profile.limits.iter(), reached);
        let model = PaperModel::AcceptanceNotice {
            number: paper.number.clone(),
            title: form.title.clone(),
            authority: item.department_name.clone(),
            seal: seal.clone(),
            basis: cited(&form.basis),
            statutory_limit: limit(item, ClockKind::Statutory),
            promised_limit: limit(item, ClockKind::Promised),
            contact: contact.clone(),
            accepted_at: now,
            decision_by: first_due(&clocks, &self.0.calendar, self.0.hours).map(hall_date),
        };
        let officer = actor.name().to_owned();
        let record = OfficerRecord { officer: officer.clone(), reason: None, holder: None };
        let content = self.kept("officer", &record);
        let told = protocol::TaskAcceptedAtWindow {
            case_id: case,
            accepted_at: now,
            officer,
            agreement: agreement.clone(),
            notice: protocol::PaperRef { paper_id: paper.id.0, number: paper.number.clone() },
        };
        Ok(Step {
            command: Command::RecordAcceptance(Acceptance {
                accepted_at: now,
                officer: content.sealed(),
                notice: paper.clone(),
                agreement: Some(agreement.clone()),
            }),
            contents: vec![content],
            papers: vec![self.ordered(PaperKind::AcceptanceNotice, &form.title, &paper, &model)],
            message: Some(Message::TaskAcceptedAtWindow(told)),
        })
    }

    /// Decides (决定), by the department's delegation; the certificate is filled in from the application.
    pub(crate) async fn decide_step(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        item: &Item,
        application: &TaskAssigned,
        decision: &NewDecision,
        now: Timestamp,
    ) -> Result<Step, HallError> {
        let delegation = self.delegation(item, Act::Decide)?;
        let Delegation { agreement, seal, contact, .. } = delegation;
        let NewDecision { outcome, reason } = decision;
        let granted = *outcome == web::view::OutcomeName::Granted;
        let form = if granted { &item.papers.granted } else { &item.papers.denied };
        let year = hall_date(now).year();
        let document = self.next_number(tx, &delegation.decision_mark, year).await?;
        let title = &item.result.certificate_title;
        let authority = &item.department_name;
        let model = PaperModel::Decision {
            number: document.number.clone(),
            title: form.title.clone(),
            ruling: form.ruling.clone(),
            granted,
            authority: authority.clone(),
            seal: seal.clone(),
            reason: reason.clone(),
            basis: cited(&form.basis),
            certificate: granted.then(|| title.clone()),
            remedies: delegation.remedies.clone(),
            remedies_verified: delegation.remedies_verified,
            decided_at: now,
        };
        let mut papers = vec![self.ordered(PaperKind::Decision, &form.title, &document, &model)];
        let (officer, holder) = (actor.name().to_owned(), granted.then(|| application.applicant.name.clone()));
        let certificate = if granted {
            // What the department issues itself under the item's mark is counted there.
            let own = item.result.mark.as_ref().map(|mark| format!("{mark}窗"));
            let paper = self.next_number(tx, own.as_ref().unwrap_or(&delegation.certificate_mark), year).await?;
            let valid_from = hall_date(now);
            let valid_until = application.last_valid_day(valid_from);
            let rows = item.result.rows.iter();
            let model = PaperModel::Certificate {
                number: paper.number.clone(),
                title: title.clone(),
                template: item.result.template.name().to_owned(),
                authority: authority.clone(),
                seal: seal.clone(),
                contact: contact.clone(),
                rows: rows
                    .map(|row| RowModel { label: row.label.clone(), value: application.words_at(&row.pointer) })
                    .collect(),
                valid_from,
                valid_until,
                issued_at: now,
            };
            papers.push(self.ordered(PaperKind::Certificate, title, &paper, &model));
            Some(Certificate { paper, valid_from, valid_until })
        } else {
            None
        };
        let record = OfficerRecord { officer: officer.clone(), reason: Some(reason.clone()), holder: holder.clone() };
        let content = self.kept("officer", &record);
        let told = protocol::TaskDecidedAtWindow {
            case_id: application.case_id,
            decided_at: now,
            officer,
            agreement: agreement.clone(),
            outcome: if granted { protocol::Outcome::Granted } else { protocol::Outcome::Denied },
            reason: reason.clone(),
            decision: protocol::PaperRef { paper_id: document.id.0, number: document.number.clone() },
            certificate: certificate.as_ref().zip(holder).map(|(certificate, holder)| protocol::Certificate {
                paper_id: certificate.paper.id.0,
                number: certificate.paper.number.clone(),
                title: title.clone(),
                holder,
                valid_from: certificate.valid_from,
                valid_until: certificate.valid_until,
            }),
        };
        Ok(Step {
            command: Command::RecordDecision(Decision {
                decided_at: now,
                outcome: if granted { Outcome::Granted } else { Outcome::Denied },
                reason: content.sealed(),
                document,
                certificate,
                agreement: Some(agreement.clone()),
            }),
            contents: vec![content],
            papers,
            message: Some(Message::TaskDecidedAtWindow(told)),
        })
    }

    /// Notes that the applicant takes the application back (撤回申请).
    pub(crate) async fn withdraw_step(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        case: &Case,
        reason: String,
        now: Timestamp,
    ) -> Result<Step, HallError> {
        let paper = self.next_number(tx, &self.own_mark("撤"), hall_date(now).year()).await?;
        let model = PaperModel::Withdrawal {
            number: paper.number.clone(),
            window: actor.window().unwrap_or_default().to_owned(),
            clerk: actor.name().to_owned(),
            reason: reason.clone(),
            withdrawn_at: now,
        };
        let content =
            self.kept("withdrawal", &WithdrawalRecord { clerk: actor.name().to_owned(), reason: reason.clone() });
        let told = protocol::TaskWithdrawn { case_id: case.id.0, withdrawn_at: now, reason };
        Ok(Step {
            command: Command::Withdraw(Withdrawal {
                withdrawn_at: now,
                content: content.sealed(),
                paper: paper.clone(),
            }),
            contents: vec![content],
            papers: vec![self.ordered(PaperKind::Withdrawal, "撤回申请确认书", &paper, &model)],
            message: Some(Message::TaskWithdrawn(told)),
        })
    }

    /// Takes a step: its events, contents, papers, and what the department is told, if it has the case.
    #[expect(clippy::too_many_arguments, reason = "the parts of one step")]
    pub(crate) async fn take_step(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        case: Case,
        entry: &CatalogueItem,
        reviewed: Reviewed<'_>,
        step: Step,
        now: Timestamp,
    ) -> Result<Case, HallError> {
        let Step { command, contents, papers, message } = step;
        let events = decide(&case, command, &Context { item: &entry.item, reviewed })?;
        let writer = format!("staff:{}", actor.account());
        let case =
            tx.append_to_case(case, events, Stamp { occurred_at: now, recorded_at: now, writer: &writer }).await?;
        self.keep_of_step(tx, &case, contents, papers, now).await?;
        if let Some(message) = &message
            && self.is_with_department(tx, &case).await?
        {
            self.tell_department(tx, &case, case.version, message, now).await?;
        }
        self.refresh_row(tx, &case, now).await?;
        Ok(case)
    }

    /// Keeps the contents of a step and orders its papers.
    pub(crate) async fn keep_of_step(
        &self,
        tx: &mut Tx,
        case: &Case,
        contents: Vec<Content>,
        papers: Vec<OrderedPaper>,
        now: Timestamp,
    ) -> Result<(), HallError> {
        for content in &contents {
            content.keep(tx, case.id.0, now).await?;
        }
        for OrderedPaper { kind, title, paper, model } in papers {
            model.keep(tx, case.id.0, now).await?;
            tx.put_paper(&PaperRow {
                id: paper.id.0,
                case: case.id.0,
                kind: kind.name().to_owned(),
                title,
                number: paper.number,
                state: PaperState::Pending,
                sha256: None,
                size: None,
                model: Some(model.sealed().record.0),
                created_at: now,
            })
            .await?;
        }
        Ok(())
    }

    /// Puts a message for the department of a case into the outbox.
    pub(crate) async fn tell_department(
        &self,
        tx: &mut Tx,
        case: &Case,
        version: u64,
        message: &Message,
        now: Timestamp,
    ) -> Result<(), HallError> {
        let intake = case.intake().ok_or_else(HallError::no_case)?;
        let dispatch = courier::Dispatch {
            id: self.new_id(),
            recipient: intake.department.0,
            version,
            subject: &intake.number.to_string(),
            message,
            at: now,
            wall: self.0.clock.wall(),
        };
        Ok(courier::post(tx, dispatch).await?)
    }
}

/// The articles as a paper cites them.
pub(crate) fn cited(articles: &[Article]) -> String {
    let cited = articles.iter().map(|article| format!("《{}》{}", article.law, article.article));
    cited.collect::<Vec<_>>().join("、")
}

/// A limit as a paper says it; empty where the item has none, of which the paper then says nothing.
fn limit(item: &Item, kind: ClockKind) -> String {
    item.profile.limit(kind).map(ClockRule::in_words).unwrap_or_default()
}
