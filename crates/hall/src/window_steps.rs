//! What a window does with a case after it was taken: tells what is missing, takes what was missing, rejects, accepts,
//! decides, withdraws, and talks with the department.

use std::collections::BTreeMap;

use catalogue::{CatalogueItem, Finding};
use domain::{
    case::{Case, Command, Enquiry, EnquiryAnswer, HandedMaterial, OriginalsAccount, Reviewed, Supplement},
    clock::{ClockKind, hall_date},
    ids::CaseId,
    item::{DecisionTexts, Item, Seat},
    paper::PaperKind,
    rights::Right,
};
use jiff::{Timestamp, civil::Date};
use protocol::{Message, MissingPoint, TaskAssigned};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{CaseRow, Content, Tx};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{
    Actor, ProblemField,
    idempotency::{Kept, Once},
};

use crate::{
    Hall, HallError, News,
    assignment::{HandedIn, assignment},
    deliver_case::collector_input,
    faults::{Faults, below},
    paper_models::PaperModel,
    press::{LISTED, statement},
    records::{
        self, AgentRecord, AllowanceRecord, ApplicantRecord, CheckedRecord, CollectorRecord, EnquiryRecord,
        MaterialRecord, NoticeRecord,
    },
    review,
    steps::{NewDecision, NewNotice, NewRejection, Step},
    take_filing::{NewCase, NewMaterial, is_kept_here, sha256_of},
    views::{DecisionTextsView, read},
};

/// The longest question or answer, in characters.
const LONGEST_ENQUIRY: usize = 1000;

/// That the applicant is told what is missing (一次性告知).
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskSupplement {
    /// The codes of the review points that are open.
    #[serde(default)]
    pub points: Vec<String>,
    /// The codes of the materials that are missing.
    #[serde(default)]
    pub materials: Vec<String>,
    /// What is wrong with a point in the clerk's own words, by its code; one line of at most 500 characters each. The item's
    /// words say it otherwise.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
    /// Why the applicant is told again, by a manager; at most 1,000 characters. Not for the first notice.
    #[serde(default)]
    pub allowed: Option<String>,
}

/// What was handed in upon a notice (补正).
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandInSupplement {
    /// The materials that are new, or in place of earlier ones.
    #[serde(default)]
    pub materials: Vec<NewMaterial>,
    /// The form, where it was changed.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub form: Option<Value>,
    /// The codes of the review points that the clerk has found met, the earlier ones too.
    #[serde(default)]
    pub ticked: Vec<String>,
}

/// What became of originals (原件去向), and to whom those that are given back went.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AccountOriginals {
    /// The codes of the materials whose originals are given back (退还).
    pub returned: Vec<String>,
    /// The codes of those that stay in the file (归档).
    pub archived: Vec<String>,
    /// Who takes what is given back (领回人); required when something is.
    #[serde(deserialize_with = "collector_input", skip_serializing_if = "Option::is_none")]
    pub receiver: Option<CollectorRecord>,
}

impl Faults {
    /// What is said on a notice, as typed.
    fn notice(&mut self, AskSupplement { points, words, allowed, .. }: &AskSupplement) {
        for (code, words) in words {
            let pointer = below("/words", code);
            if points.contains(code) {
                self.own_words(&pointer, words);
            } else {
                self.add(ProblemField::new(pointer, "unknown").value(code.as_str()));
            }
        }
        if let Some(reason) = allowed {
            self.reason("/allowed", reason);
        }
    }

    /// What became of originals, as typed.
    fn originals(&mut self, originals: &AccountOriginals, today: Date) {
        match &originals.receiver {
            Some(receiver) => self.collector("/receiver", receiver, today),
            None if !originals.returned.is_empty() => self.add(ProblemField::new("/receiver", "required")),
            None => {}
        }
    }
}

/// Words of a person.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// 1 to 1,000 characters.
    pub text: String,
}

/// A case with its contents, as they stand.
pub(crate) struct Loaded {
    pub(crate) case: Case,
    pub(crate) row: CaseRow,
    applicant: ApplicantRecord,
    agent: Option<AgentRecord>,
    checked: CheckedRecord,
    form: Value,
    materials: Vec<MaterialRecord>,
    /// What the window has told the applicant.
    notices: Vec<protocol::GivenNotice>,
}

impl Loaded {
    pub(crate) async fn read(tx: &mut Tx, id: CaseId) -> Result<Self, HallError> {
        let row = tx.case(id.0).await?.ok_or_else(HallError::no_case)?;
        let case = tx.load_case(id).await?;
        let intake = case.intake().cloned().ok_or_else(HallError::no_case)?;
        let erased = HallError::no_case;
        let mut materials = vec![];
        for handed in &intake.materials {
            materials.push(read(tx, handed.file.record.0).await?.ok_or_else(erased)?);
        }
        let mut notices = vec![];
        for (notice, _) in case.notices.iter().filter(|(notice, _)| notice.by == Seat::Window) {
            let record: Option<NoticeRecord> = read(tx, notice.content.record.0).await?;
            notices.extend(record.map(|NoticeRecord { officer, points }| protocol::GivenNotice {
                asked_at: notice.asked_at,
                officer,
                number: notice.paper.number.clone(),
                points,
            }));
        }
        Ok(Self {
            notices,
            applicant: read(tx, intake.applicant.record.0).await?.ok_or_else(erased)?,
            agent: match intake.agent {
                Some(agent) => read(tx, agent.record.0).await?,
                None => None,
            },
            checked: match intake.checked {
                Some(checked) => read(tx, checked.record.0).await?.unwrap_or_default(),
                None => CheckedRecord::default(),
            },
            form: read(tx, intake.form.record.0).await?.ok_or_else(erased)?,
            materials,
            case,
            row,
        })
    }

    /// The whole application, in the words of the protocol.
    pub(crate) fn application(&self, hall: &Hall, entry: &CatalogueItem) -> Result<TaskAssigned, HallError> {
        let intake = self.case.intake().ok_or_else(HallError::no_case)?;
        let handed_in = HandedIn {
            applicant: &self.applicant,
            agent: self.agent.as_ref(),
            checked: &self.checked,
            form: &self.form,
            materials: &self.materials,
            notices: &self.notices,
        };
        Ok(assignment(hall, self.case.id, intake, entry, handed_in))
    }
}

/// A step that a person wants taken.
enum Wanted {
    Ask(AskSupplement),
    Supplement(HandInSupplement),
    Reject(NewRejection),
    Accept,
    Decide(NewDecision),
    Withdraw(Words),
    Enquire(Words),
    Answer(Uuid, Words),
    Originals(AccountOriginals),
}

impl Wanted {
    /// Whether it is for the desk that accepts the case, and for no other.
    fn is_of_who_accepts(&self) -> bool {
        matches!(self, Wanted::Ask(_) | Wanted::Reject(_) | Wanted::Accept | Wanted::Decide(_))
    }

    /// What one must be allowed to do. A second notice is a manager's.
    fn right(&self, case: &Case) -> Right {
        match self {
            Self::Ask(_) if !case.notices.is_empty() => Right::AllowSecondNotice,
            Self::Reject(_) | Self::Accept | Self::Decide(_) => Right::ActForDepartment,
            Self::Enquire(_) | Self::Answer(..) => Right::Enquire,
            Self::Originals(_) => Right::DeliverCase,
            Self::Ask(_) | Self::Supplement(_) | Self::Withdraw(_) => Right::TakeCase,
        }
    }
}

impl Hall {
    /// Tells the applicant what is missing (一次性告知, 补正).
    ///
    /// # Errors
    /// [`HallError::Invalid`], [`HallError::Refused`], [`HallError::Forbidden`], or what a write can fail with.
    pub async fn ask_supplement(
        &self,
        actor: &Actor,
        once: Once,
        case: CaseId,
        seen: u64,
        ask: AskSupplement,
    ) -> Result<Kept, HallError> {
        self.step(actor, once, case, Some(seen), Wanted::Ask(ask)).await
    }

    /// Takes what was missing (补正材料).
    ///
    /// # Errors
    /// As [`Hall::ask_supplement`].
    pub async fn receive_supplement(
        &self,
        actor: &Actor,
        once: Once,
        case: CaseId,
        seen: u64,
        supplement: HandInSupplement,
    ) -> Result<Kept, HallError> {
        self.step(actor, once, case, Some(seen), Wanted::Supplement(supplement)).await
    }

    /// Does not accept (不予受理), by the department's delegation.
    ///
    /// # Errors
    /// As [`Hall::ask_supplement`].
    pub async fn reject_case(
        &self,
        actor: &Actor,
        once: Once,
        case: CaseId,
        seen: u64,
        rejection: NewRejection,
    ) -> Result<Kept, HallError> {
        self.step(actor, once, case, Some(seen), Wanted::Reject(rejection)).await
    }

    /// Accepts (受理), by the department's delegation.
    ///
    /// # Errors
    /// As [`Hall::ask_supplement`].
    pub async fn accept_case(&self, actor: &Actor, once: Once, case: CaseId, seen: u64) -> Result<Kept, HallError> {
        self.step(actor, once, case, Some(seen), Wanted::Accept).await
    }

    /// Decides (当场决定), by the department's delegation.
    ///
    /// # Errors
    /// As [`Hall::ask_supplement`].
    pub async fn decide_case(
        &self,
        actor: &Actor,
        once: Once,
        case: CaseId,
        seen: u64,
        decision: NewDecision,
    ) -> Result<Kept, HallError> {
        self.step(actor, once, case, Some(seen), Wanted::Decide(decision)).await
    }

    /// Notes that the applicant takes the application back (撤回申请).
    ///
    /// # Errors
    /// As [`Hall::ask_supplement`].
    pub async fn withdraw_case(
        &self,
        actor: &Actor,
        once: Once,
        case: CaseId,
        seen: u64,
        reason: Words,
    ) -> Result<Kept, HallError> {
        self.step(actor, once, case, Some(seen), Wanted::Withdraw(reason)).await
    }

    /// Asks the department (前台求助).
    ///
    /// # Errors
    /// As [`Hall::ask_supplement`].
    pub async fn enquire(&self, actor: &Actor, once: Once, case: CaseId, question: Words) -> Result<Kept, HallError> {
        self.step(actor, once, case, None, Wanted::Enquire(question)).await
    }

    /// Answers the department.
    ///
    /// # Errors
    /// As [`Hall::ask_supplement`].
    pub async fn answer_enquiry(
        &self,
        actor: &Actor,
        once: Once,
        case: CaseId,
        enquiry: Uuid,
        answer: Words,
    ) -> Result<Kept, HallError> {
        self.step(actor, once, case, None, Wanted::Answer(enquiry, answer)).await
    }

    /// Says what became of originals (原件退还、归档).
    ///
    /// # Errors
    /// As [`Hall::ask_supplement`].
    pub async fn account_originals(
        &self,
        actor: &Actor,
        once: Once,
        case: CaseId,
        seen: u64,
        originals: AccountOriginals,
    ) -> Result<Kept, HallError> {
        self.step(actor, once, case, Some(seen), Wanted::Originals(originals)).await
    }

    async fn step(
        &self,
        actor: &Actor,
        once: Once,
        id: CaseId,
        seen: Option<u64>,
        wanted: Wanted,
    ) -> Result<Kept, HallError> {
        if wanted.is_of_who_accepts() {
            self.heed_silence(id).await?;
        }
        let (hall, by) = (self.clone(), actor.clone());
        let kept = self
            .0
            .store
            .write(async move |tx| {
                // Asked first: by the step that it answers, another right may be needed now.
                if let Some(kept) = once.earlier(tx).await? {
                    return Ok::<_, HallError>(kept);
                }
                let loaded = Loaded::read(tx, id).await?;
                hall.demand_on_row(&by, wanted.right(&loaded.case), &loaded.row)?;
                let present = loaded.case.revision;
                if let Some(seen) = seen.filter(|seen| *seen != present) {
                    return Err(HallError::Changed { seen, present });
                }
                hall.take_wanted(tx, &by, loaded, &wanted).await?;
                let view = hall.case_view_in(tx, id).await?;
                Ok(once.keep(tx, 200, &view).await?)
            })
            .await?;
        self.0.wake.courier.notify_one();
        self.0.wake.press.notify_one();
        self.tell(News::Case(id.0));
        Ok(kept)
    }

    async fn take_wanted(&self, tx: &mut Tx, actor: &Actor, loaded: Loaded, wanted: &Wanted) -> Result<(), HallError> {
        let entry = &self.item_of(&loaded.row)?;
        let (item, now) = (&entry.item, self.0.clock.now());
        let mut faults = Faults::default();
        match wanted {
            Wanted::Ask(ask) => faults.notice(ask),
            Wanted::Reject(rejection) => faults.rejection("", rejection),
            Wanted::Decide(decision) => faults.reason("/reason", &decision.reason),
            Wanted::Withdraw(words) => faults.reason("/text", &words.text),
            Wanted::Originals(originals) => faults.originals(originals, self.0.clock.today()),
            Wanted::Enquire(words) | Wanted::Answer(_, words) => {
                faults.lines("/text", &words.text, 1, LONGEST_ENQUIRY);
            }
            _ => {}
        }
        faults.check()?;
        match wanted {
            _ if wanted.is_of_who_accepts() => self.demand_at_window(tx, &loaded.case).await?,
            Wanted::Enquire(_) if !self.is_with_department(tx, &loaded.case).await? => {
                return Err(HallError::NotWithDepartment);
            }
            _ => {}
        }
        let mut open = vec![];
        let step = match wanted {
            Wanted::Ask(ask) => {
                let points = missing_points(item, &ask.points, &ask.materials, &ask.words)?;
                open = points.iter().filter_map(|point| point.code.clone().or(point.material.clone())).collect();
                let allowed = ask
                    .allowed
                    .as_ref()
                    .map(|reason| AllowanceRecord { manager: actor.name().to_owned(), reason: reason.clone() });
                let nth = loaded.case.notices.len() + 1;
                self.tell_missing(tx, actor, item, NewNotice { nth, points, allowed }, now).await?
            }
            Wanted::Supplement(supplement) => {
                return self.take_supplement(tx, actor, loaded, entry, supplement, now).await;
            }
            Wanted::Reject(rejection) => self.reject_step(tx, actor, item, rejection, now).await?,
            Wanted::Accept => {
                self.accept_at_window(tx, actor, &loaded, entry, now).await?;
                return Ok(());
            }
            Wanted::Decide(decision) => {
                let accepted = self.accept_at_window(tx, actor, &loaded, entry, now).await?;
                let application = loaded.application(self, entry)?;
                let step = self.decide_step(tx, actor, item, &application, decision, now).await?;
                self.take_step(tx, actor, accepted, entry, Reviewed::default(), step, now).await?;
                return Ok(());
            }
            Wanted::Withdraw(words) => self.withdraw_step(tx, actor, &loaded.case, words.text.clone(), now).await?,
            Wanted::Enquire(words) => self.enquire_step(actor, loaded.case.id, &words.text, now),
            Wanted::Answer(enquiry, words) => self.answer_step(actor, loaded.case.id, *enquiry, &words.text, now),
            Wanted::Originals(originals) => {
                if let Some(receiver) = &originals.receiver {
                    self.demand_entitled(tx, &loaded.case, "/receiver", receiver).await?;
                }
                self.originals_step(originals, now)
            }
        };
        let open: Vec<&str> = open.iter().map(String::as_str).collect();
        let reviewed = Reviewed { asked_for: &[], open: &open };
        self.take_step(tx, actor, loaded.case, entry, reviewed, step, now).await?;
        Ok(())
    }

    /// Accepts by the department's delegation, and hands the case over.
    async fn accept_at_window(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        loaded: &Loaded,
        entry: &CatalogueItem,
        now: Timestamp,
    ) -> Result<Case, HallError> {
        let step = self.accept_step(tx, actor, &entry.item, loaded.case.id.0, now).await?;
        self.refer(tx, &loaded.case, loaded.application(self, entry)?, now).await?;
        self.take_step(tx, actor, loaded.case.clone(), entry, Reviewed::default(), step, now).await
    }

    /// From what a decision on a case starts; none when its content was erased.
    pub(crate) async fn decision_texts(
        &self,
        tx: &mut Tx,
        id: CaseId,
        entry: &CatalogueItem,
    ) -> Result<Option<DecisionTextsView>, HallError> {
        let loaded = match Loaded::read(tx, id).await {
            Ok(loaded) => loaded,
            Err(HallError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let application = loaded.application(self, entry)?;
        let DecisionTexts { grant, refuse } = &entry.item.decision;
        Ok(Some(DecisionTextsView { grant: application.filled(grant), refuse: application.filled(refuse) }))
    }

    fn originals_step(&self, originals: &AccountOriginals, now: Timestamp) -> Step {
        let AccountOriginals { returned, archived, receiver } = originals;
        let receiver =
            receiver.as_ref().map(|receiver| Content::new(self.new_id(), "receiver", records::bytes(receiver)));
        Step {
            command: Command::AccountOriginals(OriginalsAccount {
                at: now,
                returned: returned.clone(),
                archived: archived.clone(),
                receiver: receiver.as_ref().map(Content::sealed),
            }),
            contents: receiver.into_iter().collect(),
            papers: vec![],
            message: None,
        }
    }

    fn enquire_step(&self, actor: &Actor, case: CaseId, text: &str, now: Timestamp) -> Step {
        let (id, officer) = (self.new_id(), actor.name().to_owned());
        let record = EnquiryRecord { by: officer.clone(), text: text.to_owned() };
        let content = Content::new(self.new_id(), "enquiry", records::bytes(&record));
        let told =
            protocol::EnquiryAsked { case_id: case.0, enquiry_id: id, asked_at: now, officer, text: text.to_owned() };
        let asked = Enquiry { id: id.into(), asked_at: now, by: Seat::Window, content: content.sealed() };
        Step {
            command: Command::Ask(asked),
            contents: vec![content],
            papers: vec![],
            message: Some(Message::EnquiryAsked(told)),
        }
    }

    fn answer_step(&self, actor: &Actor, case: CaseId, enquiry: Uuid, text: &str, now: Timestamp) -> Step {
        let officer = actor.name().to_owned();
        let record = EnquiryRecord { by: officer.clone(), text: text.to_owned() };
        let content = Content::new(self.new_id(), "enquiry-answer", records::bytes(&record));
        let told = protocol::EnquiryAnswered {
            case_id: case.0,
            enquiry_id: enquiry,
            answered_at: now,
            officer,
            text: text.to_owned(),
        };
        Step {
            command: Command::Answer(EnquiryAnswer {
                enquiry: enquiry.into(),
                answered_at: now,
                by: Seat::Window,
                content: content.sealed(),
            }),
            contents: vec![content],
            papers: vec![],
            message: Some(Message::EnquiryAnswered(told)),
        }
    }

    /// Takes what was missing, once nothing that the applicant was told is open any more. A department that does not have
    /// the case is sent it now, unless it has left acceptance to the window.
    async fn take_supplement(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        mut loaded: Loaded,
        entry: &CatalogueItem,
        supplement: &HandInSupplement,
        now: Timestamp,
    ) -> Result<(), HallError> {
        let item = &entry.item;
        let HandInSupplement { materials, form, ticked } = supplement;
        let mut faults = Faults::default();
        let mut materials = materials.clone();
        self.reuse_of(&loaded.applicant, item, "/materials", &mut materials, &mut faults).await?;
        let records = self.check_materials(&mut faults, "/materials", &materials, item).await?;
        if let Some(form) = form {
            faults.form("/form", entry, form);
            loaded.form = form.clone();
        }
        for record in &records {
            match loaded.materials.iter_mut().find(|earlier| earlier.code == record.code) {
                Some(earlier) => *earlier = record.clone(),
                None => loaded.materials.push(record.clone()),
            }
        }
        // What was found met before stays so.
        let met = loaded.checked.points.iter().filter(|point| point.met).map(|point| point.code.clone());
        let told = self.told(tx, &loaded.case).await?;
        let ticked: Vec<String> = ticked.iter().cloned().chain(met.filter(|code| !told.contains(code))).collect();
        // What was found not to be so, and keeps nothing, stays so until somebody finds otherwise.
        let unmet = loaded.checked.points.iter().filter(|point| !point.met && !point.is_open() && !point.by_machine);
        let unmet = unmet.filter(|point| !ticked.contains(&point.code) && !told.contains(&point.code));
        let unmet = unmet.map(|point| (point.code.clone(), String::new())).collect();
        let case = NewCase {
            id: loaded.case.id.0,
            item_code: item.code.to_string(),
            item_version: item.version,
            answers: loaded.checked.answers.clone(),
            form: loaded.form.clone(),
            materials: loaded.materials.iter().map(NewMaterial::of).collect(),
            ticked,
            unmet,
            then: None,
        };
        let review = self.review_case(entry, &loaded.applicant, loaded.agent.as_ref(), &case);
        faults.points("/points", item, &review);
        faults.told_points("/points", item, &review, &told);
        faults.materials("/materials", item, &review, &loaded.materials);
        // What a department asked for in its own words is ticked by its number.
        let free = told.iter().filter(|code| code.starts_with(FREE) && !supplement.ticked.contains(code));
        for code in free {
            faults.add(ProblemField::new(format!("/points/{code}"), "point-open"));
        }
        faults.check()?;

        for sha256 in records.iter().filter_map(|record| sha256_of(record.sha256.as_deref()?)) {
            tx.take_file(sha256).await?;
        }
        let mut contents = vec![];
        let mut handed = vec![];
        for record in &records {
            let content = Content::new(self.new_id(), "material", records::bytes(record));
            let kept = is_kept_here(item, record);
            handed.push(HandedMaterial { code: record.code.clone(), file: content.sealed(), kept });
            contents.push(content);
        }
        let form = form.as_ref().map(|form| Content::new(self.new_id(), "form", records::bytes(form)));
        loaded.checked = review::checked(item, &review, &loaded.checked.answers);
        let checked = Content::new(self.new_id(), "checked", records::bytes(&loaded.checked));
        let receipt = self.next_number(tx, &self.0.config.receipt_mark, hall_date(now).year()).await?;
        let notice_number = loaded.case.open_notice().map(|notice| notice.paper.number.clone()).unwrap_or_default();
        let received = if records.is_empty() { "已收到补正" } else { LISTED };
        let model = PaperModel::SupplementReceipt {
            number: receipt.number.clone(),
            notice_number,
            window: actor.window().unwrap_or_default().to_owned(),
            clerk: actor.name().to_owned(),
            materials: records.clone(),
            received_at: now,
            statement: statement(received, item.profile.limit(ClockKind::Intake)),
        };
        let paper = self.ordered(PaperKind::SupplementReceipt, "补正材料收件凭证", &receipt, &model);
        let command = Command::ReceiveSupplement(Supplement {
            received_at: now,
            materials: handed,
            form: form.as_ref().map(Content::sealed),
            checked: checked.sealed(),
            receipt,
        });
        contents.extend(form);
        contents.push(checked);
        self.remember_supplement(tx, &loaded.applicant, &loaded.case, item, &records).await?;
        let referred = self.is_with_department(tx, &loaded.case).await?;
        let step = Step { command, contents, papers: vec![paper], message: None };
        let reviewed = Reviewed { asked_for: &[], open: &[] };
        loaded.case = self.take_step(tx, actor, loaded.case, entry, reviewed, step, now).await?;
        // As it is now: its limit runs from what came.
        let (application, case) = (loaded.application(self, entry)?, loaded.case);
        if !referred {
            return match self.is_left_to_window(item) {
                true => Ok(()),
                false => self.refer(tx, &case, application, now).await,
            };
        }
        let TaskAssigned { form, materials, points, .. } = application;
        let message = Message::TaskSupplemented(Box::new(protocol::TaskSupplemented {
            case_id: case.id.0,
            received_at: now,
            form,
            materials,
            points,
        }));
        self.tell_department(tx, &case, case.version, &message, now).await
    }

    /// The codes of what the applicant was told last; what a department said in its own words has a code made of its place.
    async fn told(&self, tx: &mut Tx, case: &Case) -> Result<Vec<String>, HallError> {
        let Some(notice) = case.open_notice() else { return Ok(vec![]) };
        let record: Option<NoticeRecord> = read(tx, notice.content.record.0).await?;
        let points = record.map(|record| record.points).unwrap_or_default();
        Ok(points.into_iter().enumerate().map(|(n, point)| point.code.unwrap_or(format!("{FREE}{n}"))).collect())
    }
}

/// How the code of a point begins that is none of the item's.
const FREE: &str = "told-";

/// The points of a notice, in the item's own words or the clerk's: those that are open, and a required material that is
/// not there.
pub(crate) fn missing_points(
    item: &Item,
    points: &[String],
    materials: &[String],
    words: &BTreeMap<String, String>,
) -> Result<Vec<MissingPoint>, HallError> {
    let mut missing = vec![];
    let mut fields = vec![];
    for code in materials {
        match item.materials.iter().find(|material| material.code == *code) {
            Some(material) => missing.push(MissingPoint {
                code: None,
                material: Some(material.code.clone()),
                reason: lacking(&material.name, &material.standard),
            }),
            None => fields.push(ProblemField::new("/materials", "unknown").value(code.as_str())),
        }
    }
    for code in points {
        match item.all_points().find(|(_, point)| point.code == *code) {
            Some((material, point)) => missing.push(MissingPoint {
                code: Some(point.code.clone()),
                material: material.map(str::to_owned),
                reason: words
                    .get(code)
                    .map(|words| words.trim())
                    .filter(|words| !words.is_empty())
                    .unwrap_or(&point.reason)
                    .to_owned(),
            }),
            None => fields.push(ProblemField::new("/points", "unknown").value(code.as_str())),
        }
    }
    if fields.is_empty() { Ok(missing) } else { Err(HallError::Invalid(fields)) }
}

fn lacking(name: &str, standard: &str) -> String {
    let sentence = format!("缺少“{name}”，请提交。{standard}");
    sentence.chars().take(500).collect()
}

/// The points and materials that an application lacks: exactly what the applicant is told.
pub(crate) fn open_points(
    item: &Item,
    review: &catalogue::Review<'_>,
    handed: &[MaterialRecord],
    words: &BTreeMap<String, String>,
) -> Result<Vec<MissingPoint>, HallError> {
    let there = |code: &str| handed.iter().any(|record| record.code == code);
    let asked_for = item.materials.iter().filter(|it| it.required && review.materials.contains(&it.code.as_str()));
    let materials: Vec<String> =
        asked_for.filter(|material| !there(&material.code)).map(|material| material.code.clone()).collect();
    // What stands under a material that is not there is told with it.
    let open = review.points.iter().filter(|point| point.blocking && point.finding != Finding::Met);
    let open = open.filter(|point| point.material.is_none_or(|code| !materials.iter().any(|missing| missing == code)));
    let points: Vec<String> = open.map(|point| point.code.to_owned()).collect();
    missing_points(item, &points, &materials, words)
}
