//! Hands the result over (送达): at the counter or by post, with a proof of service (送达回证) for the file.

use domain::{
    case::{Case, Command, Context, Delivery, DeliveryWay, OriginalsAccount, decide},
    clock::hall_date,
    ids::CaseId,
    item::Item,
    paper::{NumberedPaper, PaperKind},
    rights::Right,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Content, Digest, NewPrint, Stamp, Tx};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{
    Actor, ProblemField,
    idempotency::{Kept, Once},
};

use crate::{
    Hall, HallError, News,
    collector::unentitled,
    faults::Faults,
    paper_models::{PaperModel, ServedModel},
    records::{self, AgentRecord, ApplicantRecord, CollectorInput, CollectorRecord, PostInput, PostRecord},
    remember::TRACKING_NUMBER,
    station::STATION,
    step_views::originals,
    take_filing::sha256_of,
    views::read,
};

/// The largest picture of a signature, in bytes.
const LARGEST_SIGNATURE: u64 = 512 * 1024;

/// How the result is handed over: to somebody who collects it, or by post.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeliverCase)]
pub struct HandOver {
    /// The person at the desk; none for the post.
    #[serde(default, deserialize_with = "collector_input", skip_serializing_if = "Option::is_none")]
    pub collector: Option<CollectorRecord>,
    /// How it was sent (邮寄送达), when nobody collects it.
    #[serde(default, deserialize_with = "post_input", skip_serializing_if = "Option::is_none")]
    pub post: Option<PostRecord>,
    /// The uploaded PNG of the collector's signature; without one the proof has a blank to be signed by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// What becomes of originals that the hall holds (原件); the case is closed once all are accounted for.
    #[serde(default)]
    pub originals: Option<Originals>,
    /// Whether the proof is printed as soon as it is made.
    #[serde(default)]
    pub print_proof: bool,
}

/// What becomes of originals (原件去向).
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Originals {
    /// The codes of the materials whose originals are given back (退还).
    pub returned: Vec<String>,
    /// The codes of those that stay in the file (归档).
    pub archived: Vec<String>,
}

pub(crate) fn collector_input<'de, D: serde::Deserializer<'de>>(
    source: D,
) -> Result<Option<CollectorRecord>, D::Error> {
    #[derive(Deserialize)]
    struct Typed(#[serde(with = "CollectorInput")] CollectorRecord);
    Ok(Option::<Typed>::deserialize(source)?.map(|Typed(collector)| collector))
}

fn post_input<'de, D: serde::Deserializer<'de>>(source: D) -> Result<Option<PostRecord>, D::Error> {
    #[derive(Deserialize)]
    struct Typed(#[serde(with = "PostInput")] PostRecord);
    Ok(Option::<Typed>::deserialize(source)?.map(|Typed(post)| post))
}

/// A hand-over in which nothing is wrong by itself.
enum Way {
    Counter(CollectorRecord, Option<Digest>),
    Post(PostRecord),
}

impl Hall {
    /// Hands the result of an issued and printed case over, and closes it once every original is accounted for.
    ///
    /// # Errors
    /// [`HallError::Invalid`] when the collector is not who may collect, [`HallError::Refused`] when the case is not issued
    /// or its result not printed.
    pub async fn deliver_case(
        &self,
        actor: &Actor,
        once: Once,
        case: CaseId,
        seen: u64,
        hand_over: HandOver,
    ) -> Result<Kept, HallError> {
        // Who may not hand over learns nothing else, and has nothing worked out.
        let row = self.0.store.read().await?.case(case.0).await?.ok_or_else(HallError::no_case)?;
        self.demand_on_row(actor, Right::DeliverCase, &row)?;
        let HandOver { collector, post, signature, originals, print_proof } = hand_over;
        let way = self.checked_way(collector, post, signature).await?;
        let content = match &way {
            Way::Counter(collector, _) => Content::new(self.new_id(), "collector", records::bytes(collector)),
            Way::Post(post) => Content::new(self.new_id(), "post", records::bytes(post)),
        };
        let (hall, actor, now) = (self.clone(), actor.clone(), self.0.clock.now());
        let kept = self
            .0
            .store
            .write(async move |tx| {
                let row = tx.case(case.0).await?.ok_or_else(HallError::no_case)?;
                hall.demand_on_row(&actor, Right::DeliverCase, &row)?;
                if let Some(kept) = once.earlier(tx).await? {
                    return Ok(kept);
                }
                let entry = hall.item_of(&row)?;
                let loaded = tx.load_case(case).await?;
                if loaded.revision != seen {
                    return Err(HallError::Changed { seen, present: loaded.revision });
                }
                if let Way::Counter(collector, _) = &way {
                    hall.demand_entitled(tx, &loaded, "/collector", collector).await?;
                }
                let account = originals.clone().map(|Originals { returned, archived }| OriginalsAccount {
                    at: now,
                    returned,
                    archived,
                    receiver: None,
                });
                let proof = hall.next_number(tx, &hall.own_mark("送"), hall_date(now).year()).await?;
                let delivery = Delivery {
                    delivered_at: now,
                    collector: content.sealed(),
                    way: match &way {
                        Way::Counter(..) => DeliveryWay::Counter,
                        Way::Post(_) => DeliveryWay::Post,
                    },
                    proof: Some(proof.clone()),
                };
                let events = decide(&loaded, Command::Deliver(delivery, account), &Context::of(&entry.item))?;
                let model =
                    hall.proof(tx, &actor, &loaded, &entry.item, &way, &originals, &proof, print_proof, now).await?;
                let paper = hall.ordered(PaperKind::DeliveryProof, "送达回证", &proof, &model);
                let writer = format!("staff:{}", actor.account());
                let stamp = Stamp { occurred_at: now, recorded_at: now, writer: &writer };
                let loaded = tx.append_to_case(loaded, events, stamp).await?;
                match &way {
                    Way::Counter(_, Some(signature)) => tx.take_file(*signature).await?,
                    Way::Counter(_, None) => {}
                    Way::Post(post) => tx.add_case_keys(case.0, &[(TRACKING_NUMBER, &post.tracking_number)]).await?,
                }
                hall.keep_of_step(tx, &loaded, vec![content.clone()], vec![paper], now).await?;
                hall.refresh_row(tx, &loaded, now).await?;
                let view = hall.case_view_in(tx, case).await?;
                Ok(once.keep(tx, 200, &view).await?)
            })
            .await?;
        self.0.wake.press.notify_one();
        self.tell(News::Case(case.0));
        Ok(kept)
    }

    /// The hand-over as it will be kept, once nothing is wrong with what was typed.
    async fn checked_way(
        &self,
        collector: Option<CollectorRecord>,
        post: Option<PostRecord>,
        signature: Option<String>,
    ) -> Result<Way, HallError> {
        let mut faults = Faults::default();
        match (&collector, &post) {
            (Some(collector), None) => faults.collector("/collector", collector, self.0.clock.today()),
            (None, Some(post)) => faults.post("/post", post),
            (None, None) => faults.add(ProblemField::new("/collector", "required")),
            (Some(_), Some(_)) => faults.add(ProblemField::new("/post", "not-allowed")),
        }
        let mut signed = None;
        if let Some(text) = &signature {
            let refused = |code| ProblemField::new("/signature", code).value(text.as_str());
            match self.signature(text).await? {
                _ if post.is_some() => faults.add(refused("not-allowed")),
                Ok(sha256) => signed = Some(sha256),
                Err("too-large") => {
                    faults.add(refused("too-large").params(json!({ "max": LARGEST_SIGNATURE })));
                }
                Err(code) => faults.add(refused(code)),
            }
        }
        faults.check()?;
        Ok(match (collector, post) {
            (Some(collector), _) => Way::Counter(collector, signed),
            (None, Some(post)) => Way::Post(PostRecord { tracking_number: traced(&post.tracking_number), ..post }),
            (None, None) => unreachable!("one of them was demanded"),
        })
    }

    /// An uploaded signature that can be put on a paper; otherwise why it cannot.
    async fn signature(&self, text: &str) -> Result<Result<Digest, &'static str>, HallError> {
        let Some(sha256) = sha256_of(text) else { return Ok(Err("file-missing")) };
        let Some(file) = self.0.store.read().await?.file(sha256).await? else { return Ok(Err("file-missing")) };
        if file.media_type != "image/png" {
            return Ok(Err("refused"));
        }
        if file.size > LARGEST_SIGNATURE {
            return Ok(Err("too-large"));
        }
        let Some(png) = self.0.files.get(sha256).await? else { return Ok(Err("file-missing")) };
        let inked = tokio::task::spawn_blocking(move || documents::has_ink(&png)).await.map_err(HallError::network)?;
        Ok(match inked {
            Ok(true) => Ok(sha256),
            Ok(false) => Err("no-ink"),
            Err(_) => Err("refused"),
        })
    }

    /// Refuses who may not take something for the applicant of a case.
    pub(crate) async fn demand_entitled(
        &self,
        tx: &mut Tx,
        case: &Case,
        at: &str,
        collector: &CollectorRecord,
    ) -> Result<(), HallError> {
        let intake = case.intake().ok_or_else(HallError::no_case)?;
        // Of an applicant who was erased nothing is known any more that could be compared.
        let Some(applicant) = read::<ApplicantRecord>(tx, intake.applicant.record.0).await? else { return Ok(()) };
        let agent = agent_of(tx, case).await?;
        match unentitled(&applicant, agent.as_ref(), collector, at, self.0.clock.today()) {
            Some(field) => Err(HallError::Invalid(vec![field])),
            None => Ok(()),
        }
    }

    /// What the proof says.
    #[expect(clippy::too_many_arguments, reason = "the parts of one paper")]
    async fn proof(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        case: &Case,
        item: &Item,
        way: &Way,
        accounted: &Option<Originals>,
        proof: &NumberedPaper,
        print: bool,
        now: Timestamp,
    ) -> Result<PaperModel, HallError> {
        let returned = accounted.as_ref().map(|accounted| accounted.returned.as_slice()).unwrap_or_default();
        let originals = originals(case, item).into_iter().filter(|original| returned.contains(&original.code));
        let place = match actor.window() {
            Some(window) => format!("{}{window}号窗口", self.0.config.name),
            None => self.0.config.name.clone(),
        };
        let collector = match way {
            Way::Counter(collector, _) => Some(self.with_authority(tx, case, collector).await?),
            Way::Post(_) => None,
        };
        let (post, signature) = match way {
            Way::Counter(_, signature) => (None, *signature),
            Way::Post(post) => (Some(post.clone()), None),
        };
        Ok(PaperModel::DeliveryProof {
            number: proof.number.clone(),
            authority: item.department_name.clone(),
            documents: served(tx, case).await?,
            place,
            collector: collector.map(Box::new),
            post: post.map(Box::new),
            returned: originals.map(|original| original.name).collect(),
            signature: signature.map(hex::encode),
            deliverer: actor.name().to_owned(),
            delivered_at: now,
            print_for: print.then(|| actor.account()),
        })
    }

    /// A collector with what they may do: that of the case's agent is known.
    async fn with_authority(
        &self,
        tx: &mut Tx,
        case: &Case,
        collector: &CollectorRecord,
    ) -> Result<CollectorRecord, HallError> {
        let agent = agent_of(tx, case).await?;
        let known = agent.filter(|agent| agent.id_number.eq_ignore_ascii_case(&collector.id_number));
        let authority = collector.authority.clone().or(known.map(|agent| agent.authority));
        Ok(CollectorRecord { authority, ..collector.clone() })
    }

    /// Queues the print of a proof that was just made, for whoever handed over; nothing happens for other papers.
    pub(crate) async fn print_proof(&self, tx: &mut Tx, paper: Uuid, now: Timestamp) -> Result<bool, HallError> {
        let Some(row) = tx.paper(paper).await? else { return Ok(false) };
        let Some(model) = row.model.filter(|_| row.kind == PaperKind::DeliveryProof.name()) else { return Ok(false) };
        let Some(PaperModel::DeliveryProof { print_for: Some(account), .. }) = read(tx, model).await? else {
            return Ok(false);
        };
        if self.0.config.printers.is_empty() {
            return Ok(false);
        }
        let print = NewPrint {
            id: self.new_id(),
            paper,
            reason: None,
            station: Some(STATION.to_owned()),
            printer: None,
            requested_by: format!("staff:{account}"),
            requested_at: now,
        };
        tx.queue_print(&print).await?;
        Ok(true)
    }
}

pub(crate) async fn agent_of(tx: &mut Tx, case: &Case) -> Result<Option<AgentRecord>, HallError> {
    match case.intake().and_then(|intake| intake.agent) {
        Some(agent) => read(tx, agent.record.0).await,
        None => Ok(None),
    }
}

/// The documents by which a case ended, as they are called.
async fn served(tx: &mut Tx, case: &Case) -> Result<Vec<ServedModel>, HallError> {
    let decided = case.decision().into_iter().flat_map(|decision| decision.papers().map(|(_, paper)| paper));
    let papers: Vec<_> = decided.chain(case.rejection().map(|rejection| &rejection.paper)).collect();
    let mut served = vec![];
    for paper in papers {
        let title = tx.paper(paper.id.0).await?.map(|row| row.title).unwrap_or_default();
        served.push(ServedModel { title, number: paper.number.clone() });
    }
    Ok(served)
}

/// The number of a parcel as it is kept and looked for: capitals, without the gaps it is printed with.
pub(crate) fn traced(text: &str) -> String {
    text.chars().filter(|found| !matches!(found, ' ' | '-')).collect::<String>().to_ascii_uppercase()
}
