//! Takes a filing at a window (收件).

use std::{collections::BTreeMap, sync::Arc};

use catalogue::CatalogueItem;
use domain::{
    case::{Case, Command, Context, HandedMaterial, Intake, Reviewed, decide},
    clock::ClockKind,
    filing::Filing,
    identity::CitizenId,
    ids::{CaseId, FilingId, Sealed},
    item::{Item, Original},
    number::{CaseNumber, OfficialNumber, PaperNumber, WindowNumber},
    paper::{NumberedPaper, PaperKind},
    rights::Right,
};
use jiff::{Timestamp, civil::Date};
use protocol::{Message, MissingPoint, TaskAssigned};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use store::{Content, PaperRow, PaperState, Stamp, Tx};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{
    Actor, ProblemField,
    idempotency::{Kept, Once},
};

use crate::{
    Hall, HallError, News,
    assignment::{HandedIn, assignment},
    delegation::Act,
    faults::Faults,
    press::{LISTED, statement},
    records::{
        self, AgentInput, AgentRecord, ApplicantInput, ApplicantRecord, CheckedRecord, MaterialRecord, ReceiptModel,
        ReusedRecord,
    },
    review,
    rows::masked_name,
    steps::{NewDecision, NewNotice, NewRejection, Step},
    views::{FilingView, read},
    window_steps::open_points,
};

/// More copies of one material are a mistyped number.
const MOST_COPIES: u16 = 100;

/// A filing as a window hands it in (申办). The ids were made there, so that a repeated submit is the same filing.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TakeFiling)]
pub struct NewFiling {
    /// The filing's id (UUIDv7).
    pub id: Uuid,
    /// Who applies.
    #[serde(deserialize_with = "ApplicantInput::deserialize")]
    pub applicant: ApplicantRecord,
    /// Who acts for the applicant, if somebody does.
    #[serde(default, deserialize_with = "agent_input", skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentRecord>,
    /// What is applied for.
    #[schema(min_items = 1, max_items = 20)]
    pub cases: Vec<NewCase>,
}

/// One case of a filing.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCase {
    /// The case's id (UUIDv7), which was its draft's.
    pub id: Uuid,
    /// Implementation code of the item.
    pub item_code: String,
    /// The version of the item whose form was filled in.
    pub item_version: u32,
    /// The code of the chosen option by the code of the question (情形).
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// The filled-in form.
    #[schema(value_type = Object)]
    pub form: Value,
    /// What was handed in.
    pub materials: Vec<NewMaterial>,
    /// The codes of the review points (审查要点) that the clerk has found met.
    #[serde(default)]
    pub ticked: Vec<String>,
    /// The codes of those that the clerk has found not met, each with what is wrong in the clerk's own words, one line of
    /// at most 500 characters; empty where the item's words say it. What is in neither was not looked at.
    #[serde(default)]
    pub unmet: BTreeMap<String, String>,
    /// What is done with it at the same sitting; by itself a case is taken, and sent to its department
    /// unless that has left acceptance to the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<Then>,
}

/// What is done with a case at the sitting in which it is taken (当场办理).
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Then {
    /// The applicant is told everything that is open (一次性告知); the department is sent the case when it is whole, or, where it has left
    /// acceptance to the window, accepted.
    AskSupplement,
    /// It is not accepted (不予受理), by the department's delegation.
    Reject(NewRejection),
    /// It is accepted (受理), by the department's delegation.
    Accept,
    /// It is accepted and decided (即办), by the department's delegation.
    Decide(NewDecision),
}

fn agent_input<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<AgentRecord>, D::Error> {
    #[derive(Deserialize)]
    struct Typed(#[serde(with = "AgentInput")] AgentRecord);
    Ok(Option::<Typed>::deserialize(deserializer)?.map(|Typed(agent)| agent))
}

/// One material as it is handed in.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MaterialInput)]
pub struct NewMaterial {
    /// Its code within the item.
    pub code: String,
    /// The uploaded file; none for a material on paper alone.
    pub sha256: Option<String>,
    /// The name the file had.
    pub file_name: Option<String>,
    /// Copies handed in.
    pub copies: u16,
    /// Whether the original was handed in.
    pub original: bool,
    /// The date on it (出具日期), where that matters.
    #[serde(default)]
    pub dated: Option<Date>,
    /// The case with which the applicant handed this file in before, or the paper that is a certificate of theirs
    /// (材料复用). Date and name of the file are then those of before.
    #[serde(default)]
    pub reused_from: Option<Uuid>,
    /// What `reused_from` was found to be.
    #[serde(skip)]
    pub(crate) reused: Option<ReusedRecord>,
}

impl NewMaterial {
    /// A material that was handed in before.
    pub(crate) fn of(record: &MaterialRecord) -> Self {
        Self {
            code: record.code.clone(),
            sha256: record.sha256.clone(),
            file_name: record.file_name.clone(),
            copies: record.copies,
            original: record.original,
            dated: record.dated,
            reused_from: None,
            reused: record.reused_from.clone(),
        }
    }
}

/// A case that nothing is wrong with, and what was found.
struct Checked {
    materials: Vec<MaterialRecord>,
    record: CheckedRecord,
    asked_for: Vec<String>,
    /// What is open: what the applicant would be told.
    missing: Vec<MissingPoint>,
}

/// A case with all that its write needs.
struct Prepared {
    case: CaseId,
    item: Arc<CatalogueItem>,
    applicant: Content,
    agent: Option<Content>,
    form: Content,
    checked: Content,
    found: Checked,
    materials: Vec<(String, bool, Content)>,
    form_value: Value,
    /// The applicant's id, if it is not known yet.
    stranger: Uuid,
    receipt: Uuid,
    receipt_model: Uuid,
    then: Option<Then>,
}

impl Hall {
    /// Takes every case of a filing, or none.
    ///
    /// # Errors
    /// [`HallError::Invalid`] with every wrong field, [`HallError::Refused`], or what a write can fail with.
    pub async fn take_filing(&self, actor: &Actor, once: Once, filing: NewFiling) -> Result<Kept, HallError> {
        // Whoever repeats a request gets its answer, even if it would be refused by now: item and clock move on.
        if let Some(kept) = once.earlier(&mut self.0.store.read().await?).await? {
            return Ok(kept);
        }
        self.demand(actor, Right::TakeCase, None)?;
        let window = self.window_of(actor)?;
        check_ids(&filing)?;
        // What was published a moment ago holds from now on.
        self.refresh_catalogue().await?;
        let (catalogue, mut wanted) = (self.catalogue(), vec![]);
        for (n, case) in filing.cases.iter().enumerate() {
            let found = catalogue.item(&case.item_code).cloned();
            let not_there = || {
                let at = format!("/cases/{n}/item_code");
                let field = match catalogue.is_withdrawn(&case.item_code) {
                    true => ProblemField::new(at, "withdrawn"),
                    false => ProblemField::new(at, "unknown"),
                };
                HallError::Invalid(vec![field.value(case.item_code.as_str())])
            };
            let item = found.ok_or_else(not_there)?;
            self.demand(actor, Right::TakeCase, Some(&item.item.code))?;
            if item.item.version != case.item_version {
                let (given, known) = (case.item_version, item.item.version);
                return Err(HallError::ItemVersion { case: n, given, known });
            }
            wanted.push(item);
        }
        let cases = filing.cases.iter().map(|case| CaseId(case.id)).collect();
        let sitting = Filing::of(FilingId(filing.id), cases)?;
        let mut faults = Faults::default();
        let filing = self.reuse_materials(filing, &wanted, &mut faults).await?;
        let checked = self.check(faults, &filing, &wanted).await?;

        let prepared = self.prepare(&filing, &wanted, checked);
        let ids: Vec<Uuid> = filing.cases.iter().map(|case| case.id).collect();
        let (hall, actor) = (self.clone(), actor.clone());
        let answer = self
            .0
            .store
            .write(async move |tx| {
                if let Some(answer) = once.earlier(tx).await? {
                    return Ok::<_, HallError>(answer);
                }
                hall.demand_free_filing(tx, &sitting).await?;
                for (n, case) in prepared.iter().enumerate() {
                    if hall.is_taken_already(tx, n, &sitting, &filing, case).await? {
                        continue;
                    }
                    hall.take_case(tx, &actor, window, &sitting, &filing, case).await?;
                }
                tx.remove_draft(sitting.id().0).await?;
                let mut views = vec![];
                for case in sitting.cases() {
                    views.push(hall.case_view_in(tx, *case).await?);
                }
                Ok(once.keep(tx, 201, &FilingView { id: sitting.id().0, cases: views }).await?)
            })
            .await?;
        self.0.wake.courier.notify_one();
        self.0.wake.press.notify_one();
        for id in ids {
            self.tell(News::Case(id));
        }
        self.tell(News::Screen(window));
        Ok(answer)
    }

    /// The window of this hall at which somebody sits.
    pub(crate) fn window_of(&self, actor: &Actor) -> Result<WindowNumber, HallError> {
        let text = actor.window().unwrap_or_default();
        let window = WindowNumber::parse(text).ok().filter(|window| self.0.config.windows.contains(window));
        let code = if text.is_empty() { "required" } else { "unknown" };
        window.ok_or_else(|| HallError::Invalid(vec![ProblemField::new("/window", code).value(text)]))
    }

    /// The materials and findings of each case as they will be kept, once nothing is wrong with the filing.
    async fn check(
        &self,
        mut faults: Faults,
        filing: &NewFiling,
        items: &[Arc<CatalogueItem>],
    ) -> Result<Vec<Checked>, HallError> {
        let today = self.0.clock.today();
        let NewFiling { id: _, applicant, agent, cases } = filing;
        faults.applicant("/applicant", applicant, today);
        if let Some(agent) = agent {
            faults.agent("/agent", agent, today);
            let same = |number: CitizenId| CitizenId::parse(&applicant.id_number, today).is_ok_and(|own| own == number);
            if CitizenId::parse(&agent.id_number, today).is_ok_and(same) {
                faults.add(ProblemField::new("/agent/id_number", "is-applicant").value(agent.id_number.as_str()));
            }
        }
        let mut checked = vec![];
        for (n, (case, item)) in cases.iter().zip(items).enumerate() {
            faults.subject("/applicant/kind", &item.item, applicant.kind);
            faults.form(&format!("/cases/{n}/form"), item, &case.form);
            let review = self.review_case(item, applicant, agent.as_ref(), case);
            faults.answers(&format!("/cases/{n}/answers"), &item.item, &review, &case.answers);
            let at = format!("/cases/{n}/materials");
            let records = self.check_materials(&mut faults, &at, &case.materials, &item.item).await?;
            faults.unmet(&format!("/cases/{n}"), &item.item, case);
            let missing = open_points(&item.item, &review, &records, &case.unmet)?;
            match &case.then {
                Some(Then::AskSupplement) if missing.is_empty() => {
                    faults.add(ProblemField::new(format!("/cases/{n}/then"), "nothing-missing"));
                }
                // The applicant is told everything at once: so everything was looked at.
                Some(Then::AskSupplement) => {
                    faults.not_looked_at(&format!("/cases/{n}/points"), &item.item, &review, &missing);
                }
                Some(Then::Reject(rejection)) => {
                    self.delegation(&item.item, Act::Accept)?;
                    faults.rejection(&format!("/cases/{n}/then"), rejection);
                }
                then => {
                    if let Some(then) = then {
                        self.delegation(&item.item, Act::Accept)?;
                        if let Then::Decide(decision) = then {
                            self.delegation(&item.item, Act::Decide)?;
                            faults.reason(&format!("/cases/{n}/then/reason"), &decision.reason);
                        }
                    }
                    faults.materials(&format!("/cases/{n}/materials"), &item.item, &review, &records);
                    faults.points(&format!("/cases/{n}/points"), &item.item, &review);
                }
            }
            let owned = |codes: Vec<&str>| codes.into_iter().map(str::to_owned).collect();
            checked.push(Checked {
                materials: records,
                record: review::checked(&item.item, &review, &case.answers),
                asked_for: owned(review.materials.clone()),
                missing,
            });
        }
        let fields = faults.into_fields();
        if fields.is_empty() { Ok(checked) } else { Err(HallError::Invalid(fields)) }
    }

    /// Materials as they will be kept.
    pub(crate) async fn check_materials(
        &self,
        faults: &mut Faults,
        at: &str,
        materials: &[NewMaterial],
        item: &Item,
    ) -> Result<Vec<MaterialRecord>, HallError> {
        let mut records = vec![];
        for (m, material) in materials.iter().enumerate() {
            let at = format!("{at}/{m}");
            if materials[..m].iter().any(|earlier| earlier.code == material.code) {
                faults.add(ProblemField::new(format!("{at}/code"), "twice").value(material.code.as_str()));
            }
            records.push(self.check_material(faults, &at, material, item).await?);
        }
        Ok(records)
    }

    async fn check_material(
        &self,
        faults: &mut Faults,
        at: &str,
        material: &NewMaterial,
        item: &Item,
    ) -> Result<MaterialRecord, HallError> {
        let at = |field: &str| format!("{at}/{field}");
        let known = item.materials.iter().find(|known| known.code == material.code);
        if known.is_none() {
            faults.add(ProblemField::new(at("code"), "unknown").value(material.code.as_str()));
        }
        if material.copies > MOST_COPIES {
            let params = json!({ "max": MOST_COPIES });
            faults.add(ProblemField::new(at("copies"), "too-large").value(material.copies).params(params));
        }
        let file = match &material.sha256 {
            None => None,
            Some(text) => {
                faults.file_name(&at("file_name"), material.file_name.as_deref().unwrap_or_default());
                let file = match sha256_of(text) {
                    Some(sha256) => self.0.store.read().await?.file(sha256).await?,
                    None => None,
                };
                if file.is_none() {
                    faults.add(ProblemField::new(at("sha256"), "file-missing").value(text.as_str()));
                }
                file
            }
        };
        Ok(MaterialRecord {
            code: material.code.clone(),
            name: known.map_or_else(|| material.code.clone(), |known| known.name.clone()),
            file_name: file.as_ref().and(material.file_name.clone()),
            media_type: file.as_ref().map(|file| file.media_type.clone()),
            size: file.as_ref().map(|file| file.size),
            sha256: file.as_ref().map(|file| hex::encode(file.sha256)),
            copies: material.copies,
            original: material.original,
            dated: material.dated,
            reused_from: material.reused.clone(),
        })
    }

    fn prepare(&self, filing: &NewFiling, items: &[Arc<CatalogueItem>], checked: Vec<Checked>) -> Vec<Prepared> {
        let cases = filing.cases.iter().zip(items).zip(checked);
        cases
            .map(|((case, item), checked)| {
                let contents = checked.materials.iter().map(|record| {
                    let content = Content::new(self.new_id(), "material", records::bytes(record));
                    (record.code.clone(), is_kept_here(&item.item, record), content)
                });
                Prepared {
                    case: CaseId(case.id),
                    item: item.clone(),
                    applicant: Content::new(self.new_id(), "applicant", records::bytes(&filing.applicant)),
                    agent: filing
                        .agent
                        .as_ref()
                        .map(|agent| Content::new(self.new_id(), "agent", records::bytes(agent))),
                    form: Content::new(self.new_id(), "form", records::bytes(&case.form)),
                    checked: Content::new(self.new_id(), "checked", records::bytes(&checked.record)),
                    materials: contents.collect(),
                    found: checked,
                    form_value: case.form.clone(),
                    stranger: self.new_id(),
                    receipt: self.new_id(),
                    receipt_model: self.new_id(),
                    then: case.then.clone(),
                }
            })
            .collect()
    }

    async fn take_case(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        window: WindowNumber,
        sitting: &Filing,
        filing: &NewFiling,
        prepared: &Prepared,
    ) -> Result<(), HallError> {
        let applicant = &filing.applicant;
        let item = &*prepared.item;
        let case = tx.load_case(prepared.case).await?;
        let now = self.0.clock.now();
        for sha256 in prepared.found.materials.iter().filter_map(|record| sha256_of(record.sha256.as_deref()?)) {
            tx.take_file(sha256).await?;
        }
        let mut materials = vec![];
        for (code, kept, content) in &prepared.materials {
            content.keep(tx, case.id.0, now).await?;
            materials.push(HandedMaterial { code: code.clone(), file: content.sealed(), kept: *kept });
        }
        prepared.applicant.keep(tx, case.id.0, now).await?;
        prepared.form.keep(tx, case.id.0, now).await?;
        prepared.checked.keep(tx, case.id.0, now).await?;
        if let Some(agent) = &prepared.agent {
            agent.keep(tx, case.id.0, now).await?;
        }
        let intake = self.number(tx, window, sitting, item, prepared, materials).await?;

        let asked_for: Vec<&str> = prepared.found.asked_for.iter().map(String::as_str).collect();
        let open =
            prepared.found.missing.iter().filter_map(|point| point.code.as_deref().or(point.material.as_deref()));
        let open: Vec<&str> = open.collect();
        let reviewed = Reviewed { asked_for: &asked_for, open: &open };
        let handed_in = HandedIn {
            applicant,
            agent: filing.agent.as_ref(),
            checked: &prepared.found.record,
            form: &prepared.form_value,
            materials: &prepared.found.materials,
            notices: &[],
        };
        let application = assignment(self, case.id, &intake, item, handed_in);
        let steps = self.steps_of_sitting(tx, actor, &item.item, &application, prepared, now).await?;
        let (commands, kept): (Vec<_>, Vec<_>) =
            steps.into_iter().map(|step| (step.command, (step.contents, step.papers, step.message))).unzip();
        let command = match commands.is_empty() {
            true => Command::Take(intake.clone()),
            false => Command::TakeAnd(intake.clone(), commands),
        };
        let events = decide(&case, command, &Context { item: &item.item, reviewed })?;
        let writer = format!("staff:{}", actor.account());
        let case =
            tx.append_to_case(case, events, Stamp { occurred_at: now, recorded_at: now, writer: &writer }).await?;
        self.keep_row(tx, &case, item, masked_name(applicant), now).await?;
        let agent = filing.agent.as_ref();
        let names = [
            ("applicant", Some(&applicant.name)),
            ("contact", applicant.contact.as_ref()),
            ("agent", agent.map(|agent| &agent.name)),
        ];
        for (field, text) in names {
            if let Some(text) = text {
                tx.index_name(case.id.0, field, text).await?;
            }
        }
        self.remember_intake(tx, prepared.stranger, filing, &case, &item.item, &prepared.found.materials).await?;
        self.order_receipt(tx, actor, &case, &intake, item, filing, prepared).await?;
        // The department is told of the taking as the first event of the case, and of each further step as the next.
        let mut version = 1;
        let referred = match prepared.then {
            None => !self.is_left_to_window(&item.item),
            Some(Then::AskSupplement | Then::Reject(_)) => false,
            Some(Then::Accept | Then::Decide(_)) => true,
        };
        if referred {
            self.tell_department(tx, &case, version, &Message::TaskAssigned(Box::new(application)), now).await?;
        }
        for (contents, papers, message) in kept {
            self.keep_of_step(tx, &case, contents, papers, now).await?;
            version += 1;
            if let Some(message) = message.as_ref().filter(|_| referred) {
                self.tell_department(tx, &case, version, message, now).await?;
            }
        }
        Ok(())
    }

    /// What is done at the same sitting.
    async fn steps_of_sitting(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        item: &Item,
        application: &TaskAssigned,
        prepared: &Prepared,
        now: Timestamp,
    ) -> Result<Vec<Step>, HallError> {
        Ok(match &prepared.then {
            None => vec![],
            Some(Then::AskSupplement) => {
                let notice = NewNotice { nth: 1, points: prepared.found.missing.clone(), allowed: None };
                vec![self.tell_missing(tx, actor, item, notice, now).await?]
            }
            Some(Then::Reject(rejection)) => vec![self.reject_step(tx, actor, item, rejection, now).await?],
            Some(Then::Accept) => vec![self.accept_step(tx, actor, item, prepared.case.0, now).await?],
            Some(Then::Decide(decision)) => vec![
                self.accept_step(tx, actor, item, prepared.case.0, now).await?,
                self.decide_step(tx, actor, item, application, decision, now).await?,
            ],
        })
    }

    /// A filing is taken whole: under its id there are its cases, or none.
    async fn demand_free_filing(&self, tx: &mut Tx, sitting: &Filing) -> Result<(), HallError> {
        let taken = tx.cases_of_filing(sitting.id().0).await?;
        let same = taken.len() == sitting.cases().len()
            && taken.iter().all(|row| sitting.cases().iter().any(|case| case.0 == row.id));
        if taken.is_empty() || same { Ok(()) } else { Err(HallError::id_taken("/id", sitting.id())) }
    }

    /// Whether a submit is repeated after a lost answer, under another key. Other content under the same id is no repetition.
    async fn is_taken_already(
        &self,
        tx: &mut Tx,
        n: usize,
        sitting: &Filing,
        filing: &NewFiling,
        prepared: &Prepared,
    ) -> Result<bool, HallError> {
        let case = tx.load_case(prepared.case).await?;
        let Some(intake) = case.intake() else { return Ok(false) };
        let mut same = intake.filing == sitting.id()
            && intake.item.code == prepared.item.item.code
            && intake.materials.len() == prepared.found.materials.len()
            && intake.agent.is_some() == filing.agent.is_some()
            && is_kept(tx, intake.applicant, &filing.applicant).await?
            && is_kept(tx, intake.form, &prepared.form_value).await?;
        if let (Some(kept), Some(agent)) = (intake.agent, &filing.agent) {
            same = same && is_kept(tx, kept, agent).await?;
        }
        if let Some(checked) = intake.checked {
            same = same && is_kept(tx, checked, &prepared.found.record).await?;
        }
        for (handed, record) in intake.materials.iter().zip(&prepared.found.materials) {
            same = same && is_kept(tx, handed.file, record).await?;
        }
        if same { Ok(true) } else { Err(HallError::id_taken(format!("/cases/{n}/id"), prepared.case)) }
    }

    async fn number(
        &self,
        tx: &mut Tx,
        window: WindowNumber,
        sitting: &Filing,
        item: &CatalogueItem,
        prepared: &Prepared,
        materials: Vec<HandedMaterial>,
    ) -> Result<Intake, HallError> {
        let (taken_at, today) = (self.0.clock.now(), self.0.clock.today());
        let item = &item.item;
        let used_up = || HallError::NumbersUsedUp { window: window.to_string() };
        let sequence = tx.next(&format!("case/{window}/{today}")).await?;
        let sequence = u16::try_from(sequence).map_err(|_| used_up())?;
        let number = CaseNumber::new(self.0.config.number, today, window, sequence).map_err(|_| used_up())?;
        let sequence = tx.next(&format!("official/{}/{today}", item.code)).await?;
        let sequence = u16::try_from(sequence).map_err(|_| used_up())?;
        let official = OfficialNumber::new(item.code.clone(), today, sequence).map_err(|_| used_up())?;
        Ok(Intake {
            filing: sitting.id(),
            number,
            official,
            item: item.key(),
            department: item.department,
            window,
            taken_at,
            received_at: taken_at,
            applicant: prepared.applicant.sealed(),
            agent: prepared.agent.as_ref().map(Content::sealed),
            form: prepared.form.sealed(),
            checked: Some(prepared.checked.sealed()),
            materials,
            receipt: self.next_receipt(tx, prepared.receipt, today.year()).await?,
        })
    }

    async fn next_receipt(&self, tx: &mut Tx, id: Uuid, year: i16) -> Result<NumberedPaper, HallError> {
        let mark = &self.0.config.receipt_mark;
        let sequence = tx.next(&format!("paper/{mark}/{year}")).await?;
        let used_up = || HallError::NumbersUsedUp { window: mark.clone() };
        let sequence = u32::try_from(sequence).map_err(|_| used_up())?;
        let number = PaperNumber::new(mark, year, sequence).map_err(|_| used_up())?;
        Ok(NumberedPaper { id: id.into(), number: number.to_string() })
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one receipt, used once")]
    async fn order_receipt(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        case: &Case,
        intake: &Intake,
        item: &CatalogueItem,
        filing: &NewFiling,
        prepared: &Prepared,
    ) -> Result<(), HallError> {
        let model = ReceiptModel {
            receipt_number: intake.receipt.number.clone(),
            number: intake.number.to_string(),
            window: intake.window.to_string(),
            clerk: actor.name().to_owned(),
            applicant: filing.applicant.clone(),
            agent: filing.agent.as_ref().map(|agent| agent.name.clone()),
            item: item.item.name.clone(),
            materials: prepared.found.materials.clone(),
            taken_at: intake.taken_at,
            statement: Some(statement(LISTED, item.item.profile.limit(ClockKind::Intake))),
            unverified: item.item.unverified(),
        };
        let content = Content::new(prepared.receipt_model, "receipt-model", records::bytes(&model));
        content.keep(tx, case.id.0, intake.taken_at).await?;
        tx.put_paper(&PaperRow {
            id: intake.receipt.id.0,
            case: case.id.0,
            kind: PaperKind::IntakeReceipt.name().to_owned(),
            title: "收件凭证".to_owned(),
            number: intake.receipt.number.clone(),
            state: PaperState::Pending,
            sha256: None,
            size: None,
            model: Some(prepared.receipt_model),
            created_at: intake.taken_at,
        })
        .await?;
        Ok(())
    }

    pub(crate) async fn keep_row(
        &self,
        tx: &mut Tx,
        case: &Case,
        item: &CatalogueItem,
        applicant_masked: String,
        now: Timestamp,
    ) -> Result<(), HallError> {
        if let Some(row) = self.row(case, item, applicant_masked, now) {
            tx.put_case(&row).await?;
        }
        Ok(())
    }
}

/// Whether the hall holds the original of a material and has to account for it.
pub(crate) fn is_kept_here(item: &Item, record: &MaterialRecord) -> bool {
    let known = item.materials.iter().find(|known| known.code == record.code);
    record.original && known.is_some_and(|known| known.original == Original::Kept)
}

/// Whether a record holds this; once erased nobody can say no.
async fn is_kept<T: PartialEq + DeserializeOwned>(tx: &mut Tx, sealed: Sealed, given: &T) -> Result<bool, HallError> {
    Ok(read::<T>(tx, sealed.record.0).await?.is_none_or(|kept| kept == *given))
}

/// Ids are made by the caller; the first and the last of all are the ends of lists and made by nobody.
fn check_ids(filing: &NewFiling) -> Result<(), HallError> {
    let cases = filing.cases.iter().enumerate().map(|(n, case)| (format!("/cases/{n}/id"), case.id));
    let ids = std::iter::once(("/id".to_owned(), filing.id)).chain(cases);
    let wrong = ids.filter(|(_, id)| id.is_nil() || id.is_max());
    let fields: Vec<_> =
        wrong.map(|(pointer, id)| ProblemField::new(pointer, "not-allowed").value(id.to_string())).collect();
    if fields.is_empty() { Ok(()) } else { Err(HallError::Invalid(fields)) }
}

pub(crate) fn sha256_of(text: &str) -> Option<[u8; 32]> {
    hex::decode(text).ok()?.try_into().ok()
}
