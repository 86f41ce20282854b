//! Finds cases: by scan, by search, in lists; and reads what belongs to one. Every read applies the same right.

use domain::{
    clock::{ClockKind, hall_date},
    identity::{CitizenId, CreditCode, Phone},
    ids::CaseId,
    number::{CaseNumber, ImplementationCode, OfficialNumber},
    rights::{Right, may},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{CaseRow, PaperState, StoreError, Tx, events::read_case_event};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::{
    Actor, ProblemCode, ProblemField,
    page::{Limit, Page},
    retention::DRAFTS,
    text::is_hidden,
    view::{ActorKind, ActorView, ClockExplanation, ClockName, DeliveryView, Download, TimelineEntry},
};

use crate::{
    Hall, HallError,
    delegation::Act,
    deliver_case::traced,
    records::{MaterialRecord, OfficerRecord},
    remember::{ID_NUMBERS, PHONES, TRACKING_NUMBER},
    take_filing::sha256_of,
    views::{CaseRowView, CaseStateName, CaseView, FailedDeliveryView, ItemRow, ItemView, PrintView, read},
};

/// Which cases are listed.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CaseFilter {
    /// Part of a name; or a whole number: of the case, of a paper, of a parcel, of the document or the phone of applicant or agent.
    pub q: Option<String>,
    /// Only cases that stand there.
    pub state: Option<CaseStateName>,
    /// Only cases that one's own window took, without `q`.
    #[param(inline)]
    pub window: Option<WindowFilter>,
    /// Only cases that somebody must look at for this reason, without `q`, `state` and `window`.
    #[param(inline)]
    pub attention: Option<Attention>,
    /// With `window`, only those taken on this day or later; today when left out.
    pub since: Option<Date>,
}

/// Of which window cases are listed.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WindowFilter {
    /// That at which one sits.
    Mine,
}

/// Why somebody must look at a case.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Attention {
    /// Its department waits for an answer of the window.
    Asked,
    /// It is the window's to accept or refuse (委托受理), and no department has it yet.
    WithWindow,
    /// The applicant was told more than once what is missing, which the law does not provide for (行政许可法 art. 32).
    ToldAgain,
}

/// A case that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Found)]
pub struct FoundCase {
    /// The case.
    pub id: Uuid,
    /// Whether the text means others too, of which this one is the newest: `GET /cases?q=` lists them.
    pub several: bool,
}

impl Hall {
    /// Refuses who has no right on an item, or (none) on what belongs to no item.
    pub(crate) fn demand(
        &self,
        actor: &Actor,
        right: Right,
        item: Option<&ImplementationCode>,
    ) -> Result<(), HallError> {
        if may(&actor.grants(), right, item, self.0.clock.today()) {
            return Ok(());
        }
        tracing::info!(account.id = %actor.account(), ?right, "denied");
        Err(HallError::Forbidden)
    }

    /// Refuses who has no right on a case.
    pub(crate) fn demand_on_row(&self, actor: &Actor, right: Right, row: &CaseRow) -> Result<(), HallError> {
        // By the code alone: what becomes of the catalogue hides no case.
        let code = ImplementationCode::parse(&row.item_code).map_err(|_| HallError::no_case())?;
        self.demand(actor, right, Some(&code))
    }

    fn sees(&self, actor: &Actor, row: &CaseRow) -> bool {
        self.demand_on_row(actor, Right::ReadCase, row).is_ok()
    }

    /// The items somebody may read, by code.
    ///
    /// # Errors
    /// [`HallError::Forbidden`].
    pub fn items(&self, actor: &Actor, after: Option<&str>, limit: Limit) -> Result<Page<ItemRow>, HallError> {
        self.demand(actor, Right::ReadItem, None)?;
        let catalogue = self.catalogue();
        let items = catalogue.items_after(after).take(limit.and_one() as usize);
        let rows = items.map(|entry| ItemRow::of(&entry.item)).collect();
        Ok(Page::of(rows, limit, |row: &ItemRow| row.code.clone()))
    }

    /// An item.
    ///
    /// # Errors
    /// [`ProblemCode::ItemNotFound`].
    pub fn item(&self, actor: &Actor, code: &str) -> Result<ItemView, HallError> {
        self.demand(actor, Right::ReadItem, None)?;
        let catalogue = self.catalogue();
        let found = catalogue.item(code);
        found
            .map(|entry| ItemView::of(entry, self.delegated(&entry.item)))
            .ok_or(HallError::NotFound(ProblemCode::ItemNotFound))
    }

    /// Cases, newest first: all, those of a filter, or those that a text finds.
    ///
    /// # Errors
    /// [`HallError::Invalid`] for a filter that contradicts itself.
    pub async fn cases(
        &self,
        actor: &Actor,
        filter: &CaseFilter,
        after: Option<Uuid>,
        limit: Limit,
    ) -> Result<Page<CaseRowView>, HallError> {
        self.demand(actor, Right::ReadCase, None)?;
        if let (None, Some(since)) = (filter.window, filter.since) {
            return Err(not_together("?since", &since.to_string()));
        }
        let search = filter.q.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let state = filter.state.map(CaseStateName::name);
        let mut tx = self.0.store.read().await?;
        if let Some(attention) = filter.attention {
            let other = search.map(|text| ("?q", text)).or(state.map(|state| ("?state", state)));
            if let Some((parameter, value)) = other.or(filter.window.map(|_| ("?window", "mine"))) {
                return Err(not_together(parameter, value));
            }
            let rows = match attention {
                Attention::Asked => tx.cases_asked(after, limit.and_one()).await?,
                Attention::WithWindow => tx.cases_with_window(after, limit.and_one()).await?,
                Attention::ToldAgain => tx.cases_told_again(after, limit.and_one()).await?,
            };
            return self.seen_page(actor, rows, limit);
        }
        let rows = match (filter.window, search) {
            (Some(_), Some(text)) => return Err(not_together("?q", text)),
            (Some(WindowFilter::Mine), None) => {
                let window = self.window_of(actor)?.to_string();
                let since = filter.since.unwrap_or(self.0.clock.today());
                taken_since(&mut tx, &window, since, state, after, limit.and_one()).await?
            }
            (None, Some(text)) => self.searched(&mut tx, text, state, after, limit).await?,
            (None, None) => match state {
                Some(state) => tx.cases_in(state, after, limit.and_one()).await?,
                None => tx.cases(after, limit.and_one()).await?,
            },
        };
        self.seen_page(actor, rows, limit)
    }

    /// The cases that a text finds: the one whose number it is, all whose results went in the parcel with it, all of the person
    /// or phone whose number it is, or those with it in a name.
    async fn searched(
        &self,
        tx: &mut Tx,
        text: &str,
        state: Option<&str>,
        after: Option<Uuid>,
        limit: Limit,
    ) -> Result<Vec<CaseRow>, HallError> {
        if let Some(row) = self.scanned(tx, text).await? {
            return Ok(Some(row).filter(|row| state.is_none_or(|state| row.state == state)).into_iter().collect());
        }
        if !sent_in(tx, text, None, None, 1).await?.is_empty() {
            return sent_in(tx, text, state, after, limit.and_one()).await;
        }
        if let Some((fields, number)) = whole_number(text, self.0.clock.today()) {
            return Ok(tx.cases_by_key(fields, &number, state, after, limit.and_one()).await?);
        }
        Ok(tx.cases_found(text, state, after, limit.and_one()).await?)
    }

    /// A page of those cases that are for these eyes.
    pub(crate) fn seen_page(
        &self,
        actor: &Actor,
        rows: Vec<CaseRow>,
        limit: Limit,
    ) -> Result<Page<CaseRowView>, HallError> {
        let page = Page::of(rows, limit, |row| row.id);
        let seen = page.items.into_iter().filter(|row| self.sees(actor, row));
        Ok(Page { items: seen.map(|row| self.row_view(row)).collect::<Result<_, _>>()?, next: page.next })
    }

    /// The messages to departments that were given up, the oldest first, each with its case.
    ///
    /// # Errors
    /// [`HallError::Forbidden`].
    pub async fn failed_deliveries(
        &self,
        actor: &Actor,
        after: Option<Uuid>,
        limit: Limit,
    ) -> Result<Page<FailedDeliveryView>, HallError> {
        self.demand(actor, Right::ReadCase, None)?;
        let mut tx = self.0.store.read().await?;
        let page = Page::of(tx.dead_messages(after, limit.and_one()).await?, limit, |delivery| delivery.id);
        let mut items = vec![];
        for delivery in page.items {
            let row = tx.case(delivery.stream).await?.filter(|row| self.sees(actor, row));
            if let Some(row) = row {
                let delivery = DeliveryView::of(&delivery, &*self.0.clock);
                items.push(FailedDeliveryView { case: self.row_view(row)?, delivery });
            }
        }
        Ok(Page { items, next: page.next })
    }

    /// The case that a scanned or typed text means: short number, official number, link of a QR code, number of a paper, or of
    /// the parcel in which its result was sent. A parcel may mean several: the newest, and that there are more, which
    /// [`Hall::cases`] lists.
    ///
    /// # Errors
    /// [`ProblemCode::CaseNotFound`].
    pub async fn find_case(&self, actor: &Actor, scan: &str) -> Result<FoundCase, HallError> {
        let mut tx = self.0.store.read().await?;
        let rows = match self.scanned(&mut tx, scan).await? {
            Some(row) => vec![row],
            None => sent_in(&mut tx, scan, None, None, LOOKED_AT).await?,
        };
        let mut seen = rows.into_iter().filter(|row| self.sees(actor, row));
        let id = seen.next().map(|row| row.id).ok_or_else(HallError::no_case)?;
        Ok(FoundCase { id, several: seen.next().is_some() })
    }

    async fn scanned(&self, tx: &mut Tx, scan: &str) -> Result<Option<CaseRow>, HallError> {
        let text = scan.trim().trim_end_matches('/');
        // No number has such characters, and not every database takes them.
        if text.chars().any(is_hidden) {
            return Ok(None);
        }
        let last = text.rsplit('/').next().unwrap_or(text);
        if let Ok(number) = CaseNumber::parse(last) {
            return Ok(tx.case_by_number(&number.to_string()).await?);
        }
        if let Ok(number) = OfficialNumber::parse(last) {
            return Ok(tx.case_by_official(&number.to_string()).await?);
        }
        match tx.paper_by_number(text).await? {
            Some(paper) => Ok(tx.case(paper.case).await?),
            None => Ok(None),
        }
    }

    /// A case with everything about it.
    ///
    /// # Errors
    /// [`ProblemCode::CaseNotFound`], also when the case is not for these eyes.
    pub async fn case(&self, actor: &Actor, id: CaseId) -> Result<CaseView, HallError> {
        let mut tx = self.0.store.read().await?;
        self.readable(&mut tx, actor, id).await?;
        self.case_view_in(&mut tx, id).await
    }

    /// The item of a case, in the version that it was taken by; for who may decide it, its texts are filled in from the
    /// application.
    ///
    /// # Errors
    /// [`ProblemCode::CaseNotFound`].
    pub async fn item_of_case(&self, actor: &Actor, id: CaseId) -> Result<ItemView, HallError> {
        let mut tx = self.0.store.read().await?;
        let row = self.readable(&mut tx, actor, id).await?;
        let entry = self.item_of(&row)?;
        let mut view = ItemView::of(&entry, self.delegated(&entry.item));
        let decides =
            view.delegated.contains(&Act::Decide) && self.demand(actor, Right::ActForDepartment, None).is_ok();
        if decides && let Some(texts) = self.decision_texts(&mut tx, id, &entry).await? {
            view.decision_texts = texts;
        }
        Ok(view)
    }

    async fn readable(&self, tx: &mut Tx, actor: &Actor, id: CaseId) -> Result<CaseRow, HallError> {
        let row = tx.case(id.0).await?.ok_or_else(HallError::no_case)?;
        if self.sees(actor, &row) { Ok(row) } else { Err(HallError::no_case()) }
    }

    /// What happened to a case, oldest first.
    ///
    /// # Errors
    /// [`ProblemCode::CaseNotFound`].
    pub async fn timeline(
        &self,
        actor: &Actor,
        id: CaseId,
        after: Option<u64>,
        limit: Limit,
    ) -> Result<Page<TimelineEntry>, HallError> {
        let mut tx = self.0.store.read().await?;
        let row = self.readable(&mut tx, actor, id).await?;
        let events = tx.events_after(id.0, after.unwrap_or(0), limit.and_one()).await?;
        let mut entries = vec![];
        for stored in events {
            let event = read_case_event(&stored.kind, stored.version, &stored.body).map_err(|_| {
                StoreError::Corrupt { table: "journal", key: id.to_string(), what: "an event that cannot be read" }
            })?;
            entries.push(TimelineEntry {
                sequence: stored.seq,
                occurred_at: stored.occurred_at,
                recorded_at: stored.recorded_at,
                kind: stored.kind,
                actor: self.actor_view(&mut tx, &stored.writer, &row).await?,
                facts: facts(&mut tx, &event).await?,
            });
        }
        Ok(Page::of(entries, limit, |entry| entry.sequence))
    }

    async fn actor_view(&self, tx: &mut Tx, writer: &str, row: &CaseRow) -> Result<ActorView, HallError> {
        Ok(match writer.split_once(':') {
            Some(("staff", id)) => {
                let account = match Uuid::try_parse(id) {
                    Ok(id) => tx.account(id).await?,
                    Err(_) => None,
                };
                ActorView::new(ActorKind::Staff, account.map(|account| account.name))
            }
            Some(("department", _)) => ActorView::new(ActorKind::Department, Some(row.department_name.clone())),
            _ => ActorView::new(ActorKind::System, None),
        })
    }

    /// A clock of a case, day by day.
    ///
    /// # Errors
    /// [`ProblemCode::CaseNotFound`], also when the clock has not been started.
    pub async fn clock_explained(
        &self,
        actor: &Actor,
        id: CaseId,
        clock: ClockName,
    ) -> Result<ClockExplanation, HallError> {
        let mut tx = self.0.store.read().await?;
        let row = self.readable(&mut tx, actor, id).await?;
        let entry = self.item_of(&row)?;
        let case = tx.load_case(id).await?;
        let clocks = case.clocks(&entry.item);
        let found = clocks.iter().find(|running| running.rule.kind == ClockKind::from(clock));
        let clock = found.ok_or_else(HallError::no_case)?;
        let explained = ClockExplanation::of(clock, self.0.clock.today(), &self.0.calendar, self.0.hours);
        explained.map_err(|_| HallError::no_case())
    }

    /// The file of a material.
    ///
    /// # Errors
    /// [`ProblemCode::MaterialNotFound`] when there is none, or it was erased.
    pub async fn material(&self, actor: &Actor, id: CaseId, index: usize) -> Result<Download, HallError> {
        let none = || HallError::NotFound(ProblemCode::MaterialNotFound);
        let record = {
            let mut tx = self.0.store.read().await?;
            self.readable(&mut tx, actor, id).await?;
            let case = tx.load_case(id).await?;
            let handed = case.intake().and_then(|intake| intake.materials.get(index)).ok_or_else(none)?;
            read::<MaterialRecord>(&mut tx, handed.file.record.0).await?.ok_or_else(none)?
        };
        let sha256 = record.sha256.ok_or_else(none)?;
        self.download(&sha256, record.media_type, record.file_name.unwrap_or_else(|| record.code.clone())).await
    }

    /// The bytes of a paper: the same for preview, print and archive.
    ///
    /// # Errors
    /// [`ProblemCode::PaperNotFound`], [`ProblemCode::PaperNotReady`].
    pub async fn paper(&self, actor: &Actor, id: Uuid) -> Result<Download, HallError> {
        let paper = {
            let mut tx = self.0.store.read().await?;
            let none = |_| HallError::NotFound(ProblemCode::PaperNotFound);
            self.paper_for(&mut tx, actor, id, Right::ReadCase).await.map_err(none)?
        };
        let sha256 = paper.sha256.filter(|_| paper.state == PaperState::Ready);
        let sha256 = sha256.ok_or(HallError::NotFound(ProblemCode::PaperNotReady))?;
        let name = format!("{} {}.pdf", paper.title, paper.number);
        self.download(&hex::encode(sha256), Some("application/pdf".to_owned()), name).await
    }

    /// The bytes of a file, for a department that can name its hash: it was told of it, or has the bytes already.
    ///
    /// # Errors
    /// [`ProblemCode::FileNotFound`].
    pub async fn file_for_department(&self, sha256: &str) -> Result<Download, HallError> {
        let none = || HallError::NotFound(ProblemCode::FileNotFound);
        let digest = sha256_of(sha256).ok_or_else(none)?;
        let file = self.0.store.read().await?.file(digest).await?.ok_or_else(none)?;
        self.download(sha256, Some(file.media_type), sha256.to_owned()).await
    }

    async fn download(&self, sha256: &str, media_type: Option<String>, name: String) -> Result<Download, HallError> {
        let none = || HallError::NotFound(ProblemCode::FileNotFound);
        let digest = sha256_of(sha256).ok_or_else(none)?;
        let bytes = self.0.files.get(digest).await?.ok_or_else(none)?;
        let media_type = media_type.unwrap_or_else(|| "application/octet-stream".to_owned());
        Ok(Download { bytes, media_type, name, sha256: sha256.to_owned() })
    }

    /// Prints, newest first.
    ///
    /// # Errors
    /// [`HallError::Forbidden`].
    pub async fn prints(&self, actor: &Actor, after: Option<Uuid>, limit: Limit) -> Result<Page<PrintView>, HallError> {
        self.demand(actor, Right::PrintPaper, None)?;
        let rows = self.0.store.read().await?.prints_after(after, limit.and_one()).await?;
        Ok(Page::of(rows, limit, |row| row.id).map(PrintView::of))
    }
}

/// The cases whose results were sent in one parcel, by its number.
async fn sent_in(
    tx: &mut Tx,
    text: &str,
    state: Option<&str>,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Vec<CaseRow>, HallError> {
    if text.chars().any(is_hidden) {
        return Ok(vec![]);
    }
    Ok(tx.cases_by_key(&[TRACKING_NUMBER], &traced(text.trim()), state, after, limit).await?)
}

/// The fields and the value by which the whole number of a document or phone finds cases.
fn whole_number(text: &str, today: Date) -> Option<(&'static [&'static str], String)> {
    if let Ok(id) = CitizenId::parse(text, today) {
        return Some((&ID_NUMBERS, id.as_str().to_owned()));
    }
    if let Ok(code) = CreditCode::parse(text) {
        return Some((&ID_NUMBERS, code.as_str().to_owned()));
    }
    Phone::parse(text).ok().map(|phone| (PHONES.as_slice(), phone.as_str().to_owned()))
}

fn not_together(parameter: &str, value: &str) -> HallError {
    HallError::Invalid(vec![ProblemField::new(parameter, "not-allowed").value(value)])
}

/// How many rows of a window are looked at at once.
const LOOKED_AT: u32 = 200;

/// The cases that a window took on a day or later. The newest of them need not be the one taken last: its id may have been
/// made with a draft, so those are looked at too whose ids are older by as long as a draft is kept.
async fn taken_since(
    tx: &mut Tx,
    window: &str,
    since: Date,
    state: Option<&str>,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Vec<CaseRow>, HallError> {
    let oldest = since.saturating_sub(DRAFTS);
    let (mut found, mut after) = (vec![], after);
    loop {
        let rows = tx.cases_at(window, after, LOOKED_AT).await?;
        let more = rows.len() == LOOKED_AT as usize;
        after = rows.last().map(|row| row.id);
        let too_old = rows.last().and_then(|row| made_on(row.id)).is_some_and(|made| made < oldest);
        let wanted = |row: &CaseRow| hall_date(row.taken_at) >= since && state.is_none_or(|state| row.state == state);
        found.extend(rows.into_iter().filter(wanted));
        if !more || too_old || found.len() >= limit as usize {
            found.truncate(limit as usize);
            return Ok(found);
        }
    }
}

/// The day on which an id was made, if it says so.
fn made_on(id: Uuid) -> Option<Date> {
    let (seconds, _) = id.get_timestamp()?.to_unix();
    Timestamp::from_second(i64::try_from(seconds).ok()?).ok().map(hall_date)
}

/// What the timeline says of an event besides its kind.
async fn facts(tx: &mut Tx, event: &domain::case::Event) -> Result<Value, HallError> {
    use domain::case::{Enquiry, EnquiryAnswer, Event};

    Ok(match event {
        Event::Taken(intake) => json!({
            "number": intake.number.to_string(),
            "window": intake.window.to_string(),
            "materials": intake.materials.len(),
            "receipt": intake.receipt.number,
        }),
        Event::Accepted(acceptance) | Event::AcceptanceConfirmed(acceptance) | Event::AcceptedInTime(acceptance) => {
            let officer: Option<OfficerRecord> = read(tx, acceptance.officer.record.0).await?;
            json!({ "notice": acceptance.notice.number, "officer": officer.map(|record| record.officer) })
        }
        Event::Decided(decision) => {
            let officer: Option<OfficerRecord> = read(tx, decision.reason.record.0).await?;
            json!({
                "outcome": decision.outcome.name(),
                "decision": decision.document.number,
                "certificate": decision.certificate.as_ref().map(|certificate| certificate.paper.number.clone()),
                "officer": officer.map(|record| record.officer),
            })
        }
        Event::PaperFiled { paper, .. } => paper_facts(tx, paper.0).await?,
        Event::PaperPrinted { paper, nth, print } => {
            let mut facts = paper_facts(tx, paper.0).await?;
            let row = tx.print(print.0).await?;
            facts["nth"] = json!(nth);
            facts["printer"] = json!(row.as_ref().and_then(|row| row.printer.clone()));
            facts["reason"] = json!(row.and_then(|row| row.reason));
            facts
        }
        Event::SupplementAsked(notice) => json!({ "by": notice.by.name(), "notice": notice.paper.number }),
        Event::Supplemented(supplement) => {
            json!({ "receipt": supplement.receipt.number, "materials": supplement.materials.len() })
        }
        Event::Rejected(rejection) => json!({
            "by": rejection.by.name(),
            "ground": rejection.ground.name(),
            "document": rejection.paper.number,
        }),
        Event::Withdrawn(withdrawal) => json!({ "document": withdrawal.paper.number }),
        Event::Asked(Enquiry { by, .. }) | Event::Answered(EnquiryAnswer { by, .. }) => json!({ "by": by.name() }),
        Event::OriginalsAccounted(account) => {
            json!({ "returned": account.returned, "archived": account.archived })
        }
        Event::Delivered(delivery) => json!({
            "way": delivery.way.name(),
            "proof": delivery.proof.as_ref().map(|proof| proof.number.clone()),
        }),
        Event::DeemedAccepted { .. }
        | Event::Progressed(_)
        | Event::ReceivedByDepartment(_)
        | Event::Issued
        | Event::Closed => json!({}),
    })
}

async fn paper_facts(tx: &mut Tx, paper: Uuid) -> Result<Value, HallError> {
    let row = tx.paper(paper).await?;
    Ok(row.map_or_else(|| json!({}), |row| json!({ "title": row.title, "number": row.number, "kind": row.kind })))
}
